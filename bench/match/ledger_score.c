/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "clock.h"
#include "ledger_score.h"

#include <stdio.h>
#include <stdlib.h>

#define LATENCIES 20000u
#define LATENCIES_A_DAY 500u

static void
need(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

int
ledger_score_open(struct ledger_score *score, const struct ledger *ledger)
{
    o2c_heap_bytes(ledger->heap, &score->heap);
    score->score = score_new();
    score->latency_ns = malloc(LATENCIES * sizeof *score->latency_ns);
    o2c__sha256_init(&score->sha);
    bool made = keys_make(&score->keys, &ledger->items->key, sizeof(o2c_open_item), ledger->items_count, score->heap.ptr, NULL) == 0;
    return made && score->score && score->latency_ns ? 0 : -1;
}

/* Each text cites its items: none has a twin. */
static uint64_t
no_twin(const void *self, uint32_t item)
{
    return 0;
}

void
ledger_score_day(struct ledger_score *score, const struct ledger *ledger, const struct day *day, const o2c_match_solution *solution)
{
    const struct take_items items = { &score->keys, no_twin, NULL };
    struct take take;
    struct score_case *cases = calloc(day->count + 1, sizeof *cases);
    struct score_line *lines = calloc((uint64_t)day->count * SET_MAX + 1, sizeof *lines);
    need(cases && lines && take_solution(solution, 0, &items, &take) == 0, "no memory for the answers");
    for (uint32_t i = 0; i < day->count; i++) {
        struct score_line *line = &lines[(uint64_t)i * SET_MAX];
        cases[i] = (struct score_case){ .payment = i, .label = SCORE_IDENT, .p_star_ppm = 999999, .amount_minor = day->payments[i].amount_minor,
                                        .lines = line, .count = day->truth[i].count };
        for (uint32_t k = 0; k < day->truth[i].count; k++) {
            uint32_t item = day->truth[i].items[k];
            line[k] = (struct score_line){ .item = item, .paid_minor = ledger->items[item].open_minor, .cited = 1 };
        }
    }
    need(score_day(score->score, cases, day->count, take.answers, take.count) == 0, "no memory for the score");
    take_digest(solution, &score->sha);
    take_free(&take);
    free(cases);
    free(lines);
}

void
ledger_score_latency(struct ledger_score *score, const o2c_match_pool *pool, const o2c_match_model *model, const o2c_payments *payments)
{
    for (uint64_t i = 0; i < payments->count && i < LATENCIES_A_DAY && score->latency_count < LATENCIES; i++) {
        o2c_payments one = *payments;
        o2c_match_solution *solution = NULL;
        one.rows += i;
        one.count = 1;
        o2c_match_request request = { .struct_size = sizeof request, .payments = &one };
        uint64_t start = clock_now_ns();
        need(o2c_match_solve(NULL, pool, model, &request, &solution, NULL) == O2C_OK, "a payment alone was not solved");
        o2c_match_solution_free(solution);
        uint64_t spent = clock_now_ns() - start;
        score->latency_ns[score->latency_count++] = spent < UINT32_MAX ? (uint32_t)spent : UINT32_MAX;
    }
}

static int
by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

void
ledger_score_end(const struct ledger_score *score, struct line *line)
{
    static const uint64_t per_mille[3] = { 500, 990, 999 };
    o2c__sha256 sha = score->sha;
    if (score->latency_count)
        qsort(score->latency_ns, score->latency_count, sizeof *score->latency_ns, by_value);
    for (int i = 0; i < 3 && score->latency_count; i++)
        line->latency_ns[i] = score->latency_ns[score->latency_count * per_mille[i] / 1000];
    line->score = score->score;
    o2c__sha256_end(&sha, line->sha);
}

void
ledger_score_close(struct ledger_score *score)
{
    score_free(score->score);
    keys_free(&score->keys);
    free(score->latency_ns);
    *score = (struct ledger_score){ 0 };
}

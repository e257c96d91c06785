/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MEASURE_DAYS 7   /* ranges, fill rates and frequencies are measured once a week */
#define ADVICE_DAYS 10   /* advices of so many days before a payment are handed in with it, as the policy's link window */
#define BILLION UINT64_C(1000000000)

static uint64_t
clock_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (uint64_t)now.tv_sec * BILLION + (uint64_t)now.tv_nsec;
}

uint64_t
replay_cpu_ns(void)
{
    return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t
replay_wall_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

void
replay_must(o2c_status status, const o2c_error *err, const char *what)
{
    if (status == O2C_OK)
        return;
    fprintf(stderr, "bench: %s: %s: %s (%s, row %llu)\n", what, o2c_status_name(status), err->message, err->field, (unsigned long long)err->row);
    exit(1);
}

static void
need(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* ---- the pool follows the books */
static void
put_master(struct replay *replay)
{
    const o2c_master *master = &replay->market->master;
    o2c_match_pool_options options = { .struct_size = sizeof options, .items_hint = master->items_count };
    o2c_error err = { 0 };
    replay_must(o2c_match_pool_new(NULL, &options, &replay->pool, &err), &err, "pool");
    replay_must(o2c_match_pool_put_accounts(replay->pool, master->accounts, master->accounts_count, &master->heap, &err), &err, "accounts");
    replay_must(o2c_match_pool_put_aliases(replay->pool, master->aliases, master->aliases_count, &master->heap, &err), &err, "aliases");
    replay_must(o2c_match_pool_put_bank_accounts(replay->pool, master->bank_accounts, master->bank_accounts_count, &master->heap, &err), &err,
                "bank accounts");
    replay_must(o2c_match_pool_put_ties(replay->pool, master->ties, master->ties_count, &master->heap, &err), &err, "ties");
}

static void
put_day(struct replay *replay, int32_t day)
{
    struct books *books = &replay->books;
    const o2c_str *heap = &replay->market->master.heap;
    o2c_error err = { 0 };
    need(books_advance(books, day), "no memory for the books");
    uint64_t start = replay_cpu_ns();
    replay_must(o2c_match_pool_put_items(replay->pool, books->rows, books->rows_count, heap, &err), &err, "items");
    replay_must(o2c_match_pool_put_references(replay->pool, books->new_references, books->new_references_count, heap, &err), &err, "references");
    replay_must(o2c_match_pool_freeze(replay->pool, &err), &err, "freeze");
    uint64_t spent = replay_cpu_ns() - start;
    bool first = replay->build_rows == 0;
    *(first ? &replay->build_rows : &replay->update_rows) += books->rows_count;
    *(first ? &replay->build_ns : &replay->update_ns) += spent;
    uint64_t matched, echoed, count = o2c_match_pool_count(replay->pool);
    o2c_match_pool_bytes(replay->pool, &matched, &echoed);
    if (count > replay->items_max) {
        replay->items_max = count;
        replay->bytes_max = matched;
    }
}

static void
measure(struct replay *replay)
{
    o2c_match_model *next = NULL;
    o2c_error err = { 0 };
    uint64_t start = replay_cpu_ns();
    replay_must(o2c_match_model_measure(replay->model, replay->pool, &next, &err), &err, "measure");
    replay->measure_ns += replay_cpu_ns() - start;
    o2c_match_model_free(replay->model);
    replay->model = next;
}

/* ---- the day's payments */

/* Advices are in the order of their days, or nearly: the slice that holds all of the window, and nothing of the future. */
static o2c_remittances
advices(const struct replay *replay, int32_t day, o2c_remittance **out_rows)
{
    const o2c_remittances *all = &replay->market->remittances;
    o2c_remittances out = *all;
    uint64_t count = 0;
    *out_rows = malloc((all->count + 1) * sizeof **out_rows);
    need(*out_rows != NULL, "no memory for advices");
    for (uint64_t i = 0; i < all->count; i++) {
        if (all->rows[i].day <= day && all->rows[i].day + ADVICE_DAYS >= day)
            (*out_rows)[count++] = all->rows[i];
    }
    out.rows = *out_rows;
    out.count = count;
    return out;
}

static uint64_t
hash_ref(uint64_t hash, o2c_ref ref, o2c_str heap)
{
    return keys_hash(hash, heap.ptr + ref.at, ref.len);
}

/* Equal for payments of one day that nobody can tell apart. */
static uint64_t
payment_twin(const struct market *market, const o2c_payment *row)
{
    o2c_str heap = market->payments.heap;
    uint64_t hash = hash_ref(3, row->payer_account, heap);
    hash = hash_ref(hash, row->payer_name, heap);
    hash = hash_ref(hash, row->customer_number, heap);
    hash = hash_ref(hash, row->end_to_end_id, heap);
    hash = hash_ref(hash, row->company, heap);
    hash = keys_hash(hash, row->currency, 4);
    hash = keys_hash(hash, &row->amount_minor, sizeof row->amount_minor);
    for (uint32_t i = 0; i < row->texts_count; i++)
        hash = hash_ref(hash, market->payments.texts[row->texts_at + i].text, heap);
    for (uint32_t i = 0; i < row->structured_count; i++)
        hash = hash_ref(hash, market->payments.texts[row->structured_at + i].text, heap);
    return hash | 1;
}

static struct score_case
case_of(const struct replay *replay, uint32_t payment, struct score_line *lines)
{
    static const int32_t labels[] = { [MARKET_LABEL_UNKNOWN] = SCORE_UNKNOWN, [MARKET_LABEL_IDENT] = SCORE_IDENT,
                                      [MARKET_LABEL_LIKELY] = SCORE_LIKELY, [MARKET_LABEL_AMBIGUOUS] = SCORE_AMBIGUOUS,
                                      [MARKET_LABEL_NOTHING] = SCORE_NONE };
    const struct market *market = replay->market;
    const struct market_truth *truth = &market->truth[payment];
    const o2c_payment *row = &market->payments.rows[payment];
    struct score_case out = { .payment = payment, .group = payment_twin(market, row), .scenario = truth->scenario, .label = labels[truth->label],
                              .p_star_ppm = truth->p_star_ppm, .pool = truth->pool, .amount_minor = row->amount_minor, .lines = lines,
                              .count = truth->lines_count };
    for (uint32_t i = 0; i < truth->lines_count; i++) {
        const struct market_line *line = &market->lines[truth->lines_at + i];
        lines[i] = (struct score_line){ .item = line->item, .twin = books_twin(&replay->books, line->item), .paid_minor = line->paid_minor,
                                        .cited = (truth->flags & MARKET_CITED) != 0 };
        lines[i].allowed_minor = line->discount_minor + line->charge_minor + line->withholding_minor;
        lines[i].rest_minor = line->short_minor + line->tolerance_minor;
    }
    return out;
}

static void
write_answers(const o2c_match_solution *solution, FILE *out)
{
    const o2c_line *lines;
    const o2c_proposal *proposals;
    uint64_t count, proposals_count;
    o2c_str heap;
    o2c_match_solution_lines(solution, &lines, &count);
    o2c_match_solution_proposals(solution, &proposals, &proposals_count);
    o2c_match_solution_heap(solution, &heap);
    for (uint64_t i = 0; out && i < count; i++) {
        o2c_ref payment = proposals[lines[i].proposal].payment;
        fprintf(out, "%.*s,%.*s,%lld,%d\n", (int)payment.len, heap.ptr + payment.at, (int)lines[i].item.len, heap.ptr + lines[i].item.at,
                (long long)lines[i].paid_minor, proposals[lines[i].proposal].band == O2C_BAND_AUTO);
    }
}

static void
judge(struct replay *replay, uint32_t from, uint32_t to, const o2c_match_solution *solution)
{
    const struct market *market = replay->market;
    const struct take_items items = { &replay->books.keys, books_twin, &replay->books };
    struct take take;
    uint64_t lines = 0;
    for (uint32_t i = from; i < to; i++)
        lines += market->truth[i].lines_count;
    struct score_case *cases = malloc((to - from + 1) * sizeof *cases);
    struct score_line *truth = malloc((lines + 1) * sizeof *truth), *next = truth;
    need(cases && truth && take_solution(solution, from, &items, &take) == 0, "no memory for the answers");
    for (uint32_t i = from; i < to; i++) {
        cases[i - from] = case_of(replay, i, next);
        next += market->truth[i].lines_count;
    }
    need(score_day(replay->score, cases, to - from, take.answers, take.count) == 0, "no memory for the score");
    take_digest(solution, &replay->sha);
    write_answers(solution, replay->options.answers);
    take_free(&take);
    free(cases);
    free(truth);
}

static o2c_match_solution *
solve(struct replay *replay, uint32_t from, uint32_t to, const o2c_remittances *remittances)
{
    const struct market *market = replay->market;
    o2c_payments payments = market->payments;
    o2c_match_solution *solution = NULL;
    o2c_error err = { 0 };
    payments.rows += from;
    payments.count = to - from;
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = remittances, .rules = replay->rules,
                                  .executor = replay->options.executor };
    replay_must(o2c_match_solve(NULL, replay->pool, replay->model, &request, &solution, &err), &err, "solve");
    return solution;
}

/* One payment, one call: what a caller waits who has nothing to batch. Evenly spread over the day. */
static void
time_singles(struct replay *replay, uint32_t from, uint32_t to, const o2c_remittances *remittances, uint64_t wanted)
{
    uint64_t step = wanted && to - from > wanted ? (to - from) / wanted : 1;
    for (uint64_t i = from; i < to && replay->latency_count < replay->options.latency_max; i += step) {
        uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        o2c_match_solution *solution = solve(replay, (uint32_t)i, (uint32_t)i + 1, remittances);
        o2c_match_solution_free(solution);
        uint64_t spent = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
        replay->latency_ns[replay->latency_count++] = spent < UINT32_MAX ? (uint32_t)spent : UINT32_MAX;
    }
}

static void
score_the_day(struct replay *replay, int32_t day, int32_t days_left)
{
    uint32_t from, to;
    o2c_remittance *rows;
    market_day(replay->market, day, &from, &to);
    if (from == to)
        return;
    o2c_remittances remittances = advices(replay, day, &rows);
    uint64_t start = replay_cpu_ns(), wall = replay_wall_ns();
    o2c_match_solution *solution = solve(replay, from, to, &remittances);
    replay->solve_ns += replay_cpu_ns() - start;
    replay->solve_wall_ns += replay_wall_ns() - wall;
    replay->payments += to - from;
    judge(replay, from, to, solution);
    o2c_match_solution_free(solution);
    uint64_t left = replay->options.latency_max - replay->latency_count;
    if (left)
        time_singles(replay, from, to, &remittances, left / (uint64_t)(days_left > 0 ? days_left : 1) + 1);
    free(rows);
}

static int
by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void
open_replay(struct replay *replay, const struct replay_options *options)
{
    const struct market *market = options->market;
    o2c_error err = { 0 };
    *replay = (struct replay){ .market = market, .options = *options };
    replay->scored_from = market->first_day + (int32_t)((int64_t)market->days * options->history_ppm / 1000000);
    replay->score = score_new();
    replay->latency_ns = malloc(((uint64_t)options->latency_max + 1) * sizeof *replay->latency_ns);
    need(replay->score && replay->latency_ns && books_open(&replay->books, market), "no memory, or a key that stands twice");
    o2c__sha256_init(&replay->sha);
    replay_must(o2c_match_model_new(NULL, &replay->model, &err), &err, "model");
    put_master(replay);
    replay_history(replay);
    if (options->answers)
        fputs("payment,item,applied,auto\n", options->answers);
}

void
replay_run(struct replay *replay, const struct replay_options *options)
{
    open_replay(replay, options);
    const struct market *market = replay->market;
    int32_t last = market->first_day + market->days - 1;
    for (int32_t day = replay->scored_from; day <= last; day++) {
        if (options->payments_max && replay->payments >= options->payments_max)
            break;
        put_day(replay, day);
        if ((day - replay->scored_from) % MEASURE_DAYS == 0)
            measure(replay);
        score_the_day(replay, day, last - day + 1);
    }
    qsort(replay->latency_ns, replay->latency_count, sizeof *replay->latency_ns, by_value);
}

void
replay_free(struct replay *replay)
{
    o2c_match_pool_free(replay->pool);
    o2c_match_model_free(replay->model);
    o2c_match_rules_free(replay->rules);
    books_close(&replay->books);
    score_free(replay->score);
    free(replay->latency_ns);
    *replay = (struct replay){ 0 };
}

uint32_t
replay_latency(const struct replay *replay, uint32_t per_mille)
{
    uint64_t at = replay->latency_count * per_mille / 1000;
    return replay->latency_count ? replay->latency_ns[at < replay->latency_count ? at : replay->latency_count - 1] : 0;
}

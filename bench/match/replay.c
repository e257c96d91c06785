/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cases.h"

#define MEASURE_DAYS 7   /* ranges, fill rates and frequencies are measured once a week */
#define ADVICE_DAYS 10   /* advices of so many days before a payment are handed in with it, as the policy's link window */
#define BAR_PPM 995000u  /* the default of the policy; the replay sets no other */
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
        int64_t paid = lines[i].paid_minor, size = paid < 0 ? -paid : paid;
        fprintf(out, "%.*s,%.*s,%s%lld.%02lld,%d\n", (int)payment.len, heap.ptr + payment.at, (int)lines[i].item.len,
                heap.ptr + lines[i].item.at, paid < 0 ? "-" : "", (long long)(size / 100), (long long)(size % 100),
                proposals[lines[i].proposal].band == O2C_BAND_AUTO);
    }
}

static void
write_lines(const struct replay *replay, const char *who, const struct score_line *lines, uint32_t count, FILE *out)
{
    const o2c_master *master = &replay->market->master;
    for (uint32_t i = 0; i < count; i++) {
        o2c_ref key = lines[i].item < master->items_count ? master->items[lines[i].item].key : (o2c_ref){ 0, 0 };
        fprintf(out, "    %s %.*s paid %lld, allowed %lld, rest %lld", who, (int)key.len, master->heap.ptr + key.at, (long long)lines[i].paid_minor,
                (long long)lines[i].allowed_minor, (long long)lines[i].rest_minor);
        if (lines[i].line_class)
            fprintf(out, ", class %08x, confidence %u", lines[i].line_class, lines[i].confidence_ppm);
        fputc('\n', out);
    }
}

/* For people who look for the reason: the payment, what we said, what is true. */
static void
write_wrong(const struct replay *replay, const struct cases *cases, const struct take *take, const o2c_match_solution *solution)
{
    FILE *out = replay->options.wrong;
    const o2c_payments *payments = &replay->market->payments;
    for (uint64_t i = 0; out && i < take->count; i++) {
        const struct score_answer *answer = &take->answers[i];
        const struct score_case *one = &cases->rows[answer->payment - cases->rows[0].payment];
        const o2c_payment *row = &payments->rows[answer->payment];
        struct score_verdict verdict;
        char said[600] = "";
        size_t needed;
        if (answer->band != SCORE_BAND_AUTO || !score_compare(one, answer, NULL, &verdict) || verdict.right)
            continue;
        (void)o2c_match_say(solution, i, said, sizeof said, &needed, NULL);
        fprintf(out, "%.*s S%02d label %d p* %u, %lld %s, day %d: %s\n", (int)row->key.len, payments->heap.ptr + row->key.at, one->scenario,
                one->label, one->p_star_ppm, (long long)row->amount_minor, row->currency, row->value_day, said);
        for (uint32_t k = 0; k < row->texts_count; k++) {
            o2c_ref text = payments->texts[row->texts_at + k].text;
            fprintf(out, "    | %.*s\n", (int)text.len, payments->heap.ptr + text.at);
        }
        write_lines(replay, "ours", answer->lines, answer->count, out);
        write_lines(replay, "true", one->lines, one->count, out);
    }
}

/* Identifiable payments that did not post themselves, by what held them. */
static void
count_held(struct replay *replay, const struct cases *cases, const struct take *take, const o2c_match_solution *solution)
{
    const struct held_host host = { replay->released, replay->released_count, BAR_PPM };
    const o2c_line *lines;
    const o2c_proposal *proposals;
    uint64_t lines_count, proposals_count;
    o2c_match_solution_lines(solution, &lines, &lines_count);
    o2c_match_solution_proposals(solution, &proposals, &proposals_count);
    for (uint64_t i = 0; i < take->count; i++) {
        const struct score_answer *answer = &take->answers[i];
        const struct score_case *one = &cases->rows[answer->payment - cases->rows[0].payment];
        struct score_verdict verdict;
        if (one->label != SCORE_IDENT || answer->band == SCORE_BAND_AUTO)
            continue;
        need(score_compare(one, answer, NULL, &verdict), "no memory for the score");
        held_add(&replay->held, &host, one->scenario, &proposals[i], lines + proposals[i].lines_at, verdict.right);
    }
}

static void
judge(struct replay *replay, uint32_t from, uint32_t to, const o2c_match_solution *solution)
{
    const struct market *market = replay->market;
    const struct take_items items = { &replay->books.keys, books_twin, &replay->books };
    struct take take;
    struct cases cases;
    need(cases_make(&cases, market, &replay->books, from, to) && take_solution(solution, from, &items, &take) == 0, "no memory for the answers");
    need(score_day(replay->score, cases.rows, cases.count, take.answers, take.count) == 0, "no memory for the score");
    write_wrong(replay, &cases, &take, solution);
    count_held(replay, &cases, &take, solution);
    take_digest(solution, &replay->sha);
    write_answers(solution, replay->options.answers);
    take_free(&take);
    cases_free(&cases);
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

static bool
same(o2c_ref a, o2c_str a_heap, o2c_ref b, o2c_str b_heap)
{
    return a.len && a.len == b.len && memcmp(a_heap.ptr + a.at, b_heap.ptr + b.at, a.len) == 0;
}

/* By what any host can look advices up: the payment's key; for those on their own the trace, the payer as given, the announced total. */
static bool
may_concern(const o2c_remittance *row, o2c_str heap, const o2c_payment *payment, o2c_str paid)
{
    if (row->payment.len)
        return same(row->payment, heap, payment->key, paid);
    return same(row->payment_reference, heap, payment->end_to_end_id, paid) || same(row->payment_reference, heap, payment->bank_ref, paid) ||
           same(row->payer, heap, payment->customer_number, paid) || same(row->payer, heap, payment->payer_name, paid) ||
           row->total_minor == 0 || row->total_minor == payment->amount_minor;
}

/* What a caller hands in with one payment: the advices that name it, and those that name no payment but its trace, payer or total. */
static o2c_remittances
advices_of(const struct replay *replay, const o2c_payment *payment, const o2c_remittances *day, o2c_remittance *rows)
{
    o2c_remittances out = *day;
    out.rows = rows;
    out.count = 0;
    for (uint64_t i = 0; i < day->count; i++)
        if (may_concern(&day->rows[i], out.heap, payment, replay->market->payments.heap))
            rows[out.count++] = day->rows[i];
    return out;
}

/* One payment, one call: what a caller waits who has nothing to batch. Evenly spread over the day. */
static void
time_singles(struct replay *replay, uint32_t from, uint32_t to, const o2c_remittances *remittances, uint64_t wanted)
{
    uint64_t step = wanted && to - from > wanted ? (to - from) / wanted : 1;
    o2c_remittance *rows = malloc((remittances->count + 1) * sizeof *rows);
    need(rows != NULL, "no memory for advices");
    for (uint64_t i = from; i < to && replay->latency_count < replay->options.latency_max; i += step) {
        o2c_remittances own = advices_of(replay, &replay->market->payments.rows[i], remittances, rows);
        uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        o2c_match_solution *solution = solve(replay, (uint32_t)i, (uint32_t)i + 1, &own);
        o2c_match_solution_free(solution);
        uint64_t spent = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
        replay->latency_ns[replay->latency_count++] = spent < UINT32_MAX ? (uint32_t)spent : UINT32_MAX;
    }
    free(rows);
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
    free(replay->released);
    free(replay->history_classes);
    *replay = (struct replay){ 0 };
}

uint32_t
replay_latency(const struct replay *replay, uint32_t per_mille)
{
    uint64_t at = replay->latency_count * per_mille / 1000;
    return replay->latency_count ? replay->latency_ns[at < replay->latency_count ? at : replay->latency_count - 1] : 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of a back-test may fail: no crash, no leak, no other answer. */
#include <string.h>

#include "match/past.h"
#include "support/faulty.h"
#include "support/tap.h"

static struct faulty_result
replay_all(const o2c_env *env, void *self)
{
    struct past *past = self;
    struct desk *desk = &past->desk;
    struct faulty_result result = { 0, 0 };
    o2c_match_report *report = NULL;
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    o2c_master master = { sizeof master,  0,
                          desk->items,    desk->items_count,    desk->references,    desk->references_count,
                          desk->accounts, desk->accounts_count, desk->aliases,       desk->aliases_count,
                          desk->bank_accounts, desk->bank_accounts_count, desk->ties, desk->ties_count, heap };
    o2c_payments payments = { sizeof payments, 0, desk->payments, desk->payments_count, desk->texts, desk->texts_count, heap };
    o2c_match_history history = { .struct_size = sizeof history, .master = &master, .payments = &payments, .rows = past->rows,
                                  .count = past->count, .heap = heap };
    result.status = o2c_match_backtest(env, &history, NULL, &past->options, &report, NULL);
    if (result.status == O2C_OK) {
        const o2c_match_rate *rates;
        const o2c_match_answer_line *lines;
        uint64_t count;
        o2c_match_report_header header = { .struct_size = sizeof header };
        o2c_match_report_header_read(report, &header);
        o2c_match_report_rates(report, &rates, &count);
        result.digest = faulty_digest(0, rates, count * sizeof *rates);
        o2c_match_report_lines(report, &lines, &count);
        result.digest = faulty_digest(result.digest, lines, count * sizeof *lines);
        result.digest = faulty_digest(result.digest, header.answers_hash, sizeof header.answers_hash);
        result.digest = faulty_digest(result.digest, header.last_model_hash, sizeof header.last_model_hash);
    }
    o2c_match_report_free(report);
    return result;
}

static void
backtest__every_allocation_may_fail(void)
{
    static struct past past;
    static o2c_judgment judgments[DESK_ROWS_MAX];
    past_make(&past, 5, 12);
    for (uint32_t i = 0; i < past.desk.payments_count; i++) /* a judgment of what we agree on is passed over */
        judgments[i] = (o2c_judgment){ .payment = past.desk.payments[i].key, .verdict = O2C_POSSIBLE_OURS };
    past.options.judgments = judgments;
    past.options.judgments_count = past.desk.payments_count;
    o2c_heap_bytes(past.desk.heap, &past.options.judgments_heap);
    struct faulty_plan plan = { .name = "backtest", .scenario = replay_all, .self = &past, .points_max = 300 };
    faulty_sweep_plan(&plan);
    past_close(&past);
}

static void
run_in_turn(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    (void)self;
    for (uint64_t i = 0; i < count; i++)
        job(arg, i);
}

/* Of two pools, one is made ahead while the other one is solved with. */
static void
backtest__every_allocation_may_fail_where_books_are_made_ahead(void)
{
    static struct past past;
    const o2c_match_executor executor = { .struct_size = sizeof executor, .run = run_in_turn };
    past_make(&past, 6, 60);
    for (uint32_t i = 0; i < past.desk.payments_count; i++)
        past.desk.payments[i].booking_day -= past.desk.payments[i].booking_day % 45;
    past.options.executor = &executor;
    struct faulty_plan plan = { .name = "backtest ahead", .scenario = replay_all, .self = &past, .points_max = 200 };
    faulty_sweep_plan(&plan);
    past_close(&past);
}

static const struct tap_test tests[] = {
    { "backtest__every_allocation_may_fail", backtest__every_allocation_may_fail },
    { "backtest__every_allocation_may_fail_where_books_are_made_ahead", backtest__every_allocation_may_fail_where_books_are_made_ahead },
};

int
main(void)
{
    return tap_run("match/faults_backtest", tests, TAP_COUNT(tests));
}

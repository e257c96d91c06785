/* SPDX-License-Identifier: Apache-2.0 */
/* What a host knows before the first scored day: its policy, and what the back-test of its history has proved. */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include <o2c/backtest.h>

#define RELEASED_MAX 1024u /* as many as a policy takes */

/*
 * The fees and rates this market knows, as a host would list them; customers of it take their discount up to three days late, and
 * what the bank says of an amount ordered in another currency may be relied on.
 */
static const int64_t fees[] = { 500, 1000, 1500, 2500, 3500 };
static const uint32_t withholding[] = { 50000, 100000, 150000 };

/* No sample key: the audit sample is off. */
static void
make_rules(struct replay *replay)
{
    o2c_match_policy policy = { .struct_size = sizeof policy };
    const o2c_match_policy *layers[] = { &policy };
    o2c_error err = { 0 };
    policy.present = O2C_POLICY_MATCH_FEES | O2C_POLICY_MATCH_WITHHOLDING_PPM | O2C_POLICY_MATCH_DISCOUNT_GRACE_DAYS |
                     O2C_POLICY_MATCH_CROSS_CURRENCY;
    policy.discount_grace_days = 3;
    policy.cross_currency = 1;
    policy.fees = fees;
    policy.fees_count = sizeof fees / sizeof fees[0];
    policy.withholding_ppm = withholding;
    policy.withholding_ppm_count = sizeof withholding / sizeof withholding[0];
    if (replay->options.max_error_ppm) {
        policy.present |= O2C_POLICY_MATCH_MAX_ERROR_PPM;
        policy.max_error_ppm = replay->options.max_error_ppm;
    }
    if (replay->released_count) {
        policy.present |= O2C_POLICY_MATCH_RELEASED;
        policy.released = replay->released;
        policy.released_count = replay->released_count;
    }
    o2c_match_rules_free(replay->rules);
    replay->rules = NULL;
    replay_must(o2c_match_rules_new(NULL, layers, 1, &replay->rules, &err), &err, "rules");
}

/* Clearings that were known before the first scored day. */
static o2c_clearing *
clearings(const struct replay *replay, uint64_t *out_count)
{
    const struct market *market = replay->market;
    uint64_t count = books_clearing_from(&replay->books, replay->scored_from);
    o2c_clearing *rows = calloc(count + 1, sizeof *rows);
    for (uint64_t i = 0; rows && i < count; i++)
        rows[i] = market->cleared[replay->books.clearing_by_day[i]];
    *out_count = count;
    return rows;
}

/* The model goes through its bytes, as it does at a host. */
static void
take_model(struct replay *replay, const o2c_match_report *report)
{
    const o2c_match_model *model = o2c_match_report_model(report);
    o2c_error err = { 0 };
    size_t needed = 0;
    (void)o2c_match_model_write(model, NULL, 0, &needed, NULL);
    char *bytes = malloc(needed + 1);
    if (!bytes)
        exit(1);
    replay_must(o2c_match_model_write(model, bytes, needed, &needed, &err), &err, "model");
    o2c_match_model_free(replay->model);
    replay->model = NULL;
    replay_must(o2c_match_model_read(NULL, &(o2c_str){ bytes, needed }, &replay->model, &err), &err, "model");
    replay->model_bytes = needed;
    free(bytes);
}

static void
take_classes(struct replay *replay, const o2c_match_report *report)
{
    const o2c_match_class_result *rows;
    uint64_t count;
    o2c_match_report_header header = { .struct_size = sizeof header };
    o2c_match_report_header_read(report, &header);
    replay->max_error_ppm = header.max_error_ppm;
    o2c_match_report_classes(report, &rows, &count);
    replay->history_classes = malloc((count + 1) * sizeof *rows);
    if (!replay->history_classes)
        exit(1);
    memcpy(replay->history_classes, rows, count * sizeof *rows);
    replay->history_classes_count = count;
    for (uint64_t i = 0; i < count && replay->released_count < RELEASED_MAX; i++) {
        if (rows[i].verdict == O2C_RELEASE_RELEASABLE && !rows[i].released)
            replay->released[replay->released_count++] = rows[i].line_class;
    }
}

void
replay_history(struct replay *replay)
{
    const struct market *market = replay->market;
    uint32_t from, to;
    o2c_error err = { 0 };
    o2c_match_report *report = NULL;
    make_rules(replay);
    market_day(market, replay->scored_from, &from, &to);
    if (from == 0)
        return;
    o2c_payments payments = market->payments;
    payments.count = from;
    o2c_match_history history = { .struct_size = sizeof history, .master = &market->master, .payments = &payments,
                                  .remittances = &market->remittances, .heap = market->master.heap };
    o2c_match_backtest_options options = { .struct_size = sizeof options, .same_day_items = 1, .executor = replay->options.executor };
    o2c_clearing *rows = clearings(replay, &history.count);
    replay->released = malloc(RELEASED_MAX * sizeof *replay->released);
    if (!rows || !replay->released)
        exit(1);
    history.rows = rows;
    uint64_t start = replay_cpu_ns();
    replay_must(o2c_match_backtest(NULL, &history, replay->rules, &options, &report, &err), &err, "back-test");
    replay->history_ns = replay_cpu_ns() - start;
    replay->history_payments = from;
    take_model(replay, report);
    take_classes(replay, report);
    o2c_match_report_free(report);
    free(rows);
    make_rules(replay);
}

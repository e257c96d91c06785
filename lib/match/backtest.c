/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The back-test: days in order. Before the bank file of a day the books, the model and its measures take in what was known before; then
 * the payments of the day are solved and compared. What they teach is learned on the day it was known.
 */
#include "match/backtest.h"

/* ---- one day */
static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a day of the back-test");
}

static bool
gather_payments(struct o2c__replay *replay, uint64_t first, uint64_t count)
{
    o2c_payment *to;
    replay->day_payments.count = 0;
    if (!(to = o2c__vector_add_many(&replay->day_payments, (size_t)count)))
        return false;
    for (uint64_t i = 0; i < count; i++)
        to[i] = replay->payments.rows[replay->payment_order[first + i]];
    return true;
}

/* The row of the first advice of a day or later. */
static uint64_t
advice_from(const struct o2c__replay *replay, int32_t day)
{
    uint64_t low = 0, high = replay->remittances.count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (replay->remittance_day[replay->remittance_order[middle]] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
add_advices(struct o2c__replay *replay, int32_t from, int32_t to, int32_t day)
{
    for (uint64_t i = advice_from(replay, from), last = advice_from(replay, to + 1); i < last; i++) {
        const o2c_remittance *row = &replay->remittances.rows[replay->remittance_order[i]];
        bool own = row->payment.len > 0; /* it came with a payment: only on its day */
        if (own && replay->remittance_day[replay->remittance_order[i]] != day)
            continue;
        o2c_remittance *at = o2c__vector_add_many(&replay->day_remittances, 1);
        if (!at)
            return false;
        *at = *row;
    }
    return true;
}

/* Those of the day, those without a day, and those on their own that the policy still links. Advices of later days are not known. */
static bool
gather_remittances(struct o2c__replay *replay, int32_t day)
{
    int32_t link = (int32_t)replay->rules->policy.advice_link_days, from = day > link ? day - link : 1;
    replay->day_remittances.count = 0;
    return !replay->history.remittances || (add_advices(replay, 0, 0, day) && add_advices(replay, from, day, day));
}

static o2c_status
show(struct o2c__replay *replay, int32_t day, const o2c_payments *payments, const o2c_match_solution *solution, o2c_error *err)
{
    if (!replay->options.sink)
        return O2C_OK;
    size_t first = replay->report->answers.count - (size_t)payments->count;
    o2c_match_backtest_day shown = { sizeof shown, day, payments, solution, &O2C__AT(&replay->report->answers, o2c_match_answer, first),
                                     payments->count };
    return replay->options.sink(replay->options.self, &shown) == O2C_SINK_DAY_TAKEN
               ? O2C_OK
               : o2c__fail(err, O2C_E_CANCELED, NULL, "the sink did not take the day");
}

static o2c_status
solve_day(struct o2c__replay *replay, int32_t day, uint64_t first, uint64_t count, o2c_error *err)
{
    int32_t next_day = first + count < replay->payments.count ? replay->paid[replay->payment_order[first + count]].day : 0;
    o2c_payments payments = replay->payments;
    o2c_remittances remittances = replay->remittances;
    o2c_match_solution *solution = NULL;
    if (!gather_payments(replay, first, count) || !gather_remittances(replay, day))
        return no_memory(err);
    payments.rows = replay->day_payments.rows;
    payments.count = count;
    remittances.rows = replay->day_remittances.rows;
    remittances.count = replay->day_remittances.count;
    o2c_match_request request = { .struct_size = sizeof request,
                                  .as_of = day,
                                  .payments = &payments,
                                  .remittances = remittances.count ? &remittances : NULL,
                                  .rules = replay->rules,
                                  .executor = replay->options.executor };
    o2c__replay_stand(replay, first, count);
    o2c_status status = o2c__replay_solve(replay, &request, next_day, &solution, err);
    if (!status)
        status = o2c__replay_compare(replay, first, count, solution, err);
    if (!status)
        status = show(replay, day, &payments, solution, err);
    o2c_match_solution_free(solution);
    return status;
}

/* The pool as it stood before the bank file of a day; it may be ready. */
static o2c_status
open_day(struct o2c__replay *replay, int32_t day, o2c_error *err)
{
    o2c_status status = replay->ahead ? O2C_OK : o2c__replay_books(replay, day, err);
    replay->ahead = false;
    replay->at = (replay->at + 1) % replay->books_count;
    replay->pool = replay->books[replay->at].pool;
    return status;
}

static o2c_status
walk_days(struct o2c__replay *replay, o2c_error *err)
{
    uint64_t n = replay->payments.count, last;
    o2c_match_report_header *header = &replay->report->header;
    for (uint64_t first = 0; first < n; first = last) {
        int32_t day = replay->paid[replay->payment_order[first]].day;
        for (last = first + 1; last < n && replay->paid[replay->payment_order[last]].day == day; last++)
            ;
        if (o2c__canceled(&replay->context))
            return o2c__fail(err, O2C_E_CANCELED, NULL, "canceled by the host");
        o2c_status status = open_day(replay, day, err);
        if (!status)
            status = o2c__replay_learn(replay, day, err);
        if (!status)
            status = o2c__replay_measure(replay, day, err);
        if (!status && first == 0)
            memcpy(header->first_model_hash, replay->model->hash, sizeof header->first_model_hash);
        if (!status)
            status = solve_day(replay, day, first, last - first, err);
        if (status)
            return status;
        header->first_day = header->first_day ? header->first_day : day;
        header->last_day = day;
        header->days++;
    }
    return O2C_OK;
}

/* Behind the last bank file: everything that was ever known, so that the model and the books are those of the morning after. */
static o2c_status
close_books(struct o2c__replay *replay, o2c_error *err)
{
    int32_t end = O2C_DAY_MAX + O2C__BACKTEST_WAIT_DAYS + 2;
    o2c_status status = open_day(replay, end, err);
    if (!status)
        status = o2c__replay_learn(replay, end, err);
    replay->measured_count = 0;
    return status ? status : o2c__replay_measure(replay, end, err);
}

/* ---- begin and end */
static o2c_status
read_history(struct o2c__replay *replay, const o2c_match_history *history, const o2c_match_backtest_options *options, o2c_error *err)
{
    o2c_match_history *in = &replay->history;
    o2c_status status = o2c__options_read(history, in, sizeof *in, sizeof *in, "history", err);
    if (!status)
        status = o2c__options_read(options, &replay->options, sizeof replay->options, sizeof replay->options, "options", err);
    if (!status && (!in->master || !in->payments || (in->count && !in->rows)))
        status = o2c__fail(err, O2C_E_MISUSE, "history", "a history has items, payments and clearings");
    if (!status)
        status = o2c__options_read(in->master, &replay->master, sizeof replay->master, sizeof replay->master, "master", err);
    if (!status)
        status = o2c__options_read(in->payments, &replay->payments, sizeof replay->payments, sizeof replay->payments, "payments", err);
    replay->who = replay->master;
    if (!status && in->customers)
        status = o2c__options_read(in->customers, &replay->who, sizeof replay->who, sizeof replay->who, "customers", err);
    if (!status && in->remittances)
        status = o2c__options_read(in->remittances, &replay->remittances, sizeof replay->remittances, sizeof replay->remittances,
                                   "remittances", err);
    return status;
}

static void
init_vectors(struct o2c__replay *replay)
{
    o2c__memory *memory = &replay->context.memory;
    for (uint32_t i = 0; i < 2; i++)
        o2c__vector_init(&replay->books[i].changed, memory, sizeof(uint32_t));
    o2c__vector_init(&replay->taught, memory, sizeof(uint8_t));
    o2c__vector_init(&replay->rows, memory, sizeof(o2c_open_item));
    o2c__vector_init(&replay->references, memory, sizeof(o2c_reference));
    o2c__vector_init(&replay->day_payments, memory, sizeof(o2c_payment));
    o2c__vector_init(&replay->day_remittances, memory, sizeof(o2c_remittance));
    o2c__vector_init(&replay->feedback, memory, sizeof(o2c_feedback));
    o2c__text_heap_init(&replay->text, memory);
    o2c__map_init(&replay->judgments, memory, replay->context.key);
    o2c__arena_init(&replay->arena, memory, 0);
}

static void
free_replay(struct o2c__replay *replay)
{
    o2c__vector *vectors[] = { &replay->books[0].changed, &replay->books[1].changed, &replay->taught,   &replay->rows, &replay->references,
                               &replay->day_payments,     &replay->day_remittances,  &replay->feedback };
    for (size_t i = 0; i < O2C__COUNT(vectors); i++)
        o2c__vector_free(vectors[i]);
    o2c__text_heap_free(&replay->text);
    o2c__arena_free(&replay->arena);
    o2c__replay_unload(replay);
    o2c__map_free(&replay->judgments);
    for (uint32_t i = 0; i < 2; i++)
        o2c_match_pool_free(replay->books[i].pool);
    o2c_match_model_free(replay->measured);
    o2c_match_model_free(replay->model);
    o2c_match_rules_free(replay->own_rules);
}

static o2c_status
prepare(struct o2c__replay *replay, o2c_error *err)
{
    o2c_status status = o2c__replay_judgments(replay, err);
    if (status)
        return status;
    if (!replay->rules) {
        status = o2c_match_rules_new(replay->env, NULL, 0, &replay->own_rules, err);
        replay->rules = replay->own_rules;
    }
    replay->books_count = replay->options.executor ? 2 : 1;
    for (uint32_t i = 0; !status && i < replay->books_count; i++)
        status = o2c_match_pool_new(replay->env, NULL, &replay->books[i].pool, err);
    replay->pool = replay->books[0].pool;
    if (!status && !replay->options.model)
        status = o2c_match_model_new(replay->env, &replay->model, err);
    if (!status)
        status = o2c__replay_load(replay, err);
    if (!status)
        o2c__report_currency(replay);
    return status ? status : o2c__replay_open(replay, err);
}

static o2c_status
run(struct o2c__replay *replay, o2c_match_report **out_report, o2c_error *err)
{
    o2c_status status = o2c__report_new(&replay->context, &replay->report, err);
    if (status)
        return status;
    init_vectors(replay);
    status = prepare(replay, err);
    if (!status)
        status = walk_days(replay, err);
    if (!status)
        status = close_books(replay, err);
    if (!status)
        status = o2c__report_build(replay, err);
    free_replay(replay);
    if (status)
        o2c_match_report_free(replay->report);
    else
        *out_report = replay->report;
    return status;
}

o2c_status
o2c_match_backtest(const o2c_env *env, const o2c_match_history *history, const o2c_match_rules *rules,
                   const o2c_match_backtest_options *options, o2c_match_report **out_report, o2c_error *err)
{
    struct o2c__replay replay;
    memset(&replay, 0, sizeof replay);
    if (!history || !out_report)
        return o2c__fail(err, O2C_E_MISUSE, NULL, "history or out_report is NULL");
    o2c_status status = o2c__context_init(&replay.context, env, UINT64_MAX, err);
    if (!status)
        status = read_history(&replay, history, options, err);
    replay.env = env;
    replay.rules = rules;
    return status ? status : run(&replay, out_report, err);
}

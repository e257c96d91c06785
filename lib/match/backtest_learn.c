/* SPDX-License-Identifier: Apache-2.0 */
/* What people cleared becomes feedback of verdict HISTORY on the day it was known; the model's measures follow the pool. */
#include "match/backtest.h"
#include "match/model.h"

#define NAME_MAX 512u

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for what a day teaches");
}

/* The model that stands: the one handed in until the replay has one of its own. */
static const o2c_match_model *
current(const struct o2c__replay *replay)
{
    return replay->model ? replay->model : replay->options.model;
}

static void
take_model(struct o2c__replay *replay, o2c_match_model *next)
{
    o2c_match_model_free(replay->model);
    replay->model = next;
}

static bool
add_text(struct o2c__replay *replay, o2c_str text, o2c_ref *out)
{
    return o2c__text_heap_add(&replay->text, text.ptr, text.len, out);
}

o2c_feedback *
o2c__replay_row(struct o2c__replay *replay, uint32_t payment, o2c_ref key, uint32_t account)
{
    const struct o2c__past_payment *paid = &replay->paid[payment];
    o2c_feedback *row = o2c__vector_add(&replay->feedback);
    if (!row || !add_text(replay, o2c__past_account(replay, account), &row->account))
        return NULL;
    row->payment = key;
    row->verdict = O2C_VERDICT_HISTORY;
    row->source = O2C_FEEDBACK_HISTORY;
    row->day = paid->learn_day < O2C_DAY_MAX ? paid->learn_day : O2C_DAY_MAX;
    row->tier = account == O2C__NONE ? 0 : O2C__AT(&replay->tiers, int32_t, account);
    return row;
}

static bool
teach_lines(struct o2c__replay *replay, uint32_t payment, o2c_ref key)
{
    const struct o2c__past_payment *paid = &replay->paid[payment];
    const o2c_match_answer *answer = &O2C__AT(&replay->report->answers, o2c_match_answer, paid->answer);
    for (uint32_t i = answer->lines_at; i < answer->lines_at + answer->lines_count; i++) {
        const o2c_match_answer_line *line = &O2C__AT(&replay->report->lines, o2c_match_answer_line, i);
        uint8_t taught = O2C__AT(&replay->taught, uint8_t, i);
        if (taught == O2C__TAUGHT_NOTHING)
            continue;
        uint32_t account = paid->payer != O2C__NONE ? paid->payer : replay->items[line->item].account;
        o2c_feedback *row = o2c__replay_row(replay, payment, key, account);
        if (!row || !add_text(replay, o2c__ref_str(replay->master.items[line->item].key, replay->master.heap), &row->item))
            return false;
        row->right = taught == O2C__TAUGHT_RIGHT;
        row->line_class = line->line_class;
        row->error_ppb = line->error_ppb;
        row->confidence_ppm = line->confidence_ppm;
        row->would_auto = line->would_auto;
    }
    return true;
}

/*
 * The payment as a whole teaches how its customer pays and by what name and account. When our evidence names another payer than whose
 * documents were cleared, somebody paid for somebody else, and neither name nor account is theirs.
 */
static bool
teach_payment(struct o2c__replay *replay, uint32_t payment, o2c_ref key)
{
    const struct o2c__past_payment *paid = &replay->paid[payment];
    const o2c_payment *from = &replay->payments.rows[payment];
    o2c_str heap = replay->payments.heap;
    struct o2c__difference difference;
    if (paid->account == O2C__NONE || from->route != O2C_ROUTE_CUSTOMER)
        return true;
    o2c_feedback *row = o2c__replay_row(replay, payment, key, paid->account);
    if (!row)
        return false;
    row->right = 1;
    row->pool_count = paid->pool_count;
    row->set_count = paid->set_count;
    row->runs = paid->runs;
    row->oldest = paid->oldest;
    if (o2c__replay_difference(replay, payment, &difference)) {
        row->owed_minor = difference.owed;
        row->differed_minor = difference.differed;
        row->ended = difference.ended;
        memcpy(row->currency, from->currency, sizeof row->currency);
    }
    if (paid->payer != O2C__NONE && paid->payer != paid->account)
        return true;
    o2c_str name = o2c__ref_str(from->payer_name, heap);
    return add_text(replay, o2c__ref_str(from->payer_account, heap), &row->bank_account) &&
           (name.len > NAME_MAX || add_text(replay, name, &row->name)) && o2c__replay_shapes(replay, payment, key);
}

o2c_status
o2c__replay_learn(struct o2c__replay *replay, int32_t day, o2c_error *err)
{
    o2c_match_model *next = NULL;
    replay->feedback.count = 0;
    o2c__replay_text_reset(replay);
    for (; replay->learn_next < replay->learn_count; replay->learn_next++) {
        uint32_t payment = replay->learn_order[replay->learn_next];
        o2c_ref key;
        if (replay->paid[payment].learn_day >= day)
            break;
        if (replay->paid[payment].answer == O2C__NONE)
            continue;
        if (!add_text(replay, o2c__ref_str(replay->payments.rows[payment].key, replay->payments.heap), &key) ||
            !teach_lines(replay, payment, key) || !teach_payment(replay, payment, key))
            return no_memory(err);
    }
    if (replay->options.frozen_model || replay->feedback.count == 0)
        return O2C_OK;
    o2c_str heap = o2c__text_heap_str(&replay->text);
    o2c_status status = o2c_match_learn(current(replay), replay->rules, replay->feedback.rows, replay->feedback.count, &heap, &next, NULL,
                                        err);
    if (!status)
        take_model(replay, next);
    return status;
}

/*
 * Number ranges move slowly: they are measured on the first day, again when the items known have grown by an eighth, and at least every
 * seventh day. Only what was known before decides, so that no later row can move a measure.
 */
bool
o2c__replay_measure_due(const struct o2c__replay *replay, int32_t day)
{
    bool grown = replay->items_next >= replay->measured_count + replay->measured_count / O2C__BACKTEST_MEASURE_GROWTH + 1;
    return !replay->model || !replay->measured_day || grown || day >= replay->measured_day + O2C__BACKTEST_MEASURE_DAYS;
}

o2c_status
o2c__replay_measure(struct o2c__replay *replay, int32_t day, o2c_error *err)
{
    o2c_match_model *next = NULL;
    if (!o2c__replay_measure_due(replay, day))
        return O2C_OK;
    o2c_status status = replay->measured ? o2c__model_take_series(current(replay), replay->measured, &next, err)
                                         : o2c_match_model_measure(current(replay), replay->pool, &next, err);
    o2c_match_model_free(replay->measured);
    replay->measured = NULL;
    if (status)
        return status;
    take_model(replay, next);
    replay->measured_day = day;
    replay->measured_count = replay->items_next;
    replay->report->header.measured++;
    return O2C_OK;
}

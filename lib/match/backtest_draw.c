/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People's answers are no truth either, and nobody judges hundreds of disagreements: a part of them is drawn by a keyed hash, and what
 * a person says of the drawn ones speaks for all (MATCHER 15.2). Only the first of the draw count, up to the first that nobody judged:
 * who judges cannot pick.
 */
#include "match/backtest.h"
#include "match/learn.h"

struct drawing {
    const struct o2c__replay *replay;
    uint64_t *hashes; /* by disagreement */
};

static o2c_str
payment_key(const struct o2c__replay *replay, uint32_t disagreement)
{
    const o2c_match_report *report = replay->report;
    uint32_t answer = O2C__AT(&report->disagreements, o2c_match_disagreement, disagreement).answer;
    uint32_t payment = O2C__AT(&report->answers, o2c_match_answer, answer).payment;
    return o2c__ref_str(replay->payments.rows[payment].key, replay->payments.heap);
}

static int
compare_draw(const void *self, uint32_t a, uint32_t b)
{
    const struct drawing *drawing = self;
    if (drawing->hashes[a] != drawing->hashes[b])
        return drawing->hashes[a] < drawing->hashes[b] ? -1 : 1;
    return o2c__str_compare(payment_key(drawing->replay, a), payment_key(drawing->replay, b));
}

/* Disagreements in the order of the draw; NULL = no memory. */
static uint32_t *
draw(struct o2c__replay *replay, uint32_t count)
{
    static const uint64_t open_key[2] = { 0, 0 };
    const o2c_match_policy *policy = &replay->rules->policy;
    const uint64_t *key = policy->sample_key_count == 2 ? policy->sample_key : open_key;
    struct drawing drawing = { replay, o2c__arena_alloc(&replay->arena, (count + 1) * sizeof(uint64_t)) };
    uint32_t *order = o2c__arena_alloc(&replay->arena, 2 * ((size_t)count + 1) * sizeof *order);
    if (!drawing.hashes || !order)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        o2c_str payment = payment_key(replay, i);
        drawing.hashes[i] = o2c__siphash24(key, payment.ptr, payment.len);
        order[i] = i;
    }
    o2c__sort(order, order + count, count, compare_draw, &drawing);
    for (uint32_t i = 0; i < count; i++)
        O2C__AT(&replay->report->disagreements, o2c_match_disagreement, order[i]).draw = i + 1;
    return order;
}

/* How many payments would have posted themselves and were cleared differently. */
static uint64_t
count_differing(const o2c_match_report *report)
{
    uint64_t count = 0;
    for (size_t i = 0; i < report->answers.count; i++) {
        const o2c_match_answer *answer = &O2C__AT(&report->answers, o2c_match_answer, i);
        count += answer->would_auto && answer->agreement == O2C_AGREEMENT_DIFFERENT;
    }
    return count;
}

static void
count_judgments(struct o2c__replay *replay, const uint32_t *order, uint32_t count)
{
    o2c_match_report_header *header = &replay->report->header;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = o2c__map_get(&replay->judgments, payment_key(replay, order[i]));
        if (at == O2C__MAP_NONE)
            return;
        header->drawn++;
        header->against += replay->options.judgments[at].verdict != O2C_POSSIBLE_OURS;
    }
}

o2c_status
o2c__report_draw(struct o2c__replay *replay, o2c_error *err)
{
    o2c_match_report_header *header = &replay->report->header;
    uint32_t count = (uint32_t)replay->report->disagreements.count; /* at most O2C__BACKTEST_TOLD_MAX */
    o2c__arena_reset(&replay->arena);
    uint32_t *order = draw(replay, count);
    if (!order)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a draw");
    header->differing = count_differing(replay->report);
    header->against_bound_ppm = 1000000;
    if (header->differing == count) /* of more than a report tells the first ones alone would be drawn from */
        count_judgments(replay, order, count);
    if (header->drawn == 0)
        return O2C_OK;
    header->against_bound_ppm = o2c__bound_against_ppm(header->against, header->drawn);
    return o2c__model_judged(replay->model, header->against_bound_ppm, err);
}

static o2c_status
take_judgment(struct o2c__replay *replay, uint64_t at, o2c_error *err)
{
    const o2c_judgment *row = &replay->options.judgments[at];
    o2c_str payment = o2c__ref_str(row->payment, replay->options.judgments_heap);
    if (row->payment.at + (uint64_t)row->payment.len > replay->options.judgments_heap.len || payment.len == 0)
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "judgment.payment", at, "a judgment names no payment");
    if (row->verdict < O2C_POSSIBLE_OURS || row->verdict > O2C_POSSIBLE_NEITHER)
        return o2c__fail_row(err, O2C_E_ARG, "judgment.verdict", at, "a judgment says ours, theirs, both or neither");
    if (o2c__map_get(&replay->judgments, payment) != O2C__MAP_NONE)
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "judgment.payment", at, "a payment is judged twice");
    if (!o2c__map_put(&replay->judgments, payment, (uint32_t)at, NULL))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for judgments");
    return O2C_OK;
}

o2c_status
o2c__replay_judgments(struct o2c__replay *replay, o2c_error *err)
{
    o2c_status status = O2C_OK;
    uint64_t count = replay->options.judgments_count;
    if (count && !replay->options.judgments)
        return o2c__fail(err, O2C_E_MISUSE, "judgments", "judgments is NULL");
    if (count >= O2C__MAP_NONE)
        return o2c__fail(err, O2C_E_LIMIT, "judgments", "too many judgments");
    for (uint64_t i = 0; !status && i < count; i++)
        status = take_judgment(replay, i, err);
    return status;
}

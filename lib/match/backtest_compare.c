/* SPDX-License-Identifier: Apache-2.0 */
/* The answers of one day become rows of the report: what would have been automatic, what people cleared, and what a person would learn. */
#include "match/backtest.h"

/* Reasons that hold a line whatever its number and its class. */
#define HOLDS ((1u << O2C_REASON_CONTESTED) | (1u << O2C_REASON_PINNED))

struct day {
    struct o2c__replay *replay;
    o2c_match_solution *solution;
    uint32_t *reasons; /* of each line of the solution: bit n = reason n */
    uint8_t *verdicts, *lessons;
};

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the answers of a day");
}

/* Reasons of the whole proposal hold for each of its lines. */
static bool
gather_reasons(struct day *day)
{
    const o2c_match_solution *solution = day->solution;
    size_t lines = solution->lines.count;
    day->reasons = o2c__arena_alloc(&day->replay->arena, (lines + 1) * sizeof *day->reasons);
    if (!day->reasons)
        return false;
    memset(day->reasons, 0, (lines + 1) * sizeof *day->reasons);
    for (size_t i = 0; i < solution->reasons.count; i++) {
        const o2c_match_reason *row = &O2C__AT(&solution->reasons, o2c_match_reason, i);
        const o2c_proposal *p = &O2C__AT(&solution->proposals, o2c_proposal, row->proposal);
        if (row->reason <= 0 || row->reason >= 32)
            continue;
        if (row->line != O2C__NONE)
            day->reasons[row->line] |= 1u << row->reason;
        for (uint32_t k = 0; row->line == O2C__NONE && k < p->lines_count; k++)
            day->reasons[p->lines_at + k] |= 1u << row->reason;
    }
    return true;
}

bool
o2c__replay_may(const struct o2c__replay *replay, int32_t kind, uint32_t line_class, uint32_t gates, uint32_t reasons)
{
    uint32_t certificate = line_class >> 24;
    bool picked = certificate == O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE && !replay->rules->policy.interchangeable_auto;
    return kind == O2C_KIND_APPLY && !gates && !(reasons & HOLDS) && !picked && certificate != O2C_CERTIFICATE_SEARCH_CUT_SHORT;
}

static void
set_would_auto(const struct day *day, const o2c_proposal *p, const o2c_line *lines, o2c_match_answer *answer, o2c_match_answer_line *rows)
{
    const o2c_match_policy *policy = &day->replay->rules->policy;
    bool whole = p->lines_count > 0, sum_alone = p->lines_count > 0;
    for (uint32_t i = 0; i < p->lines_count; i++) {
        bool may = o2c__replay_may(day->replay, p->kind, lines[i].line_class, lines[i].gates, rows[i].reasons);
        rows[i].would_auto = may && lines[i].confidence_ppm >= policy->auto_ppm;
        whole = whole && rows[i].would_auto;
        sum_alone = sum_alone && o2c__class_naked(lines[i].line_class);
    }
    for (uint32_t i = 0; sum_alone && !whole && !policy->split_naked && i < p->lines_count; i++)
        rows[i].would_auto = 0;
    answer->would_auto = whole;
}

static void
write_line(const struct day *day, uint32_t answer, const o2c_line *line, uint32_t at, o2c_match_answer_line *to)
{
    *to = (o2c_match_answer_line){ .answer = answer,
                                   .item = (uint32_t)line->host_ref,
                                   .paid_minor = line->paid_minor,
                                   .cleared_minor = line->cleared_minor,
                                   .line_class = line->line_class,
                                   .band = line->band,
                                   .error_ppb = line->error_ppb,
                                   .confidence_ppm = line->confidence_ppm,
                                   .gates = line->gates,
                                   .reasons = day->reasons[at] };
}

/* The same money of the same payer on the same day: which of the two paid and which one is the double is a matter of taste. */
static bool
equal_payments(const struct o2c__replay *replay, uint32_t x, uint32_t y)
{
    const o2c_payments *all = &replay->payments;
    const o2c_payment *a = &all->rows[x], *b = &all->rows[y];
    return replay->paid[x].day == replay->paid[y].day && a->amount_minor == b->amount_minor && memcmp(a->currency, b->currency, 4) == 0 &&
           o2c__str_equal(o2c__ref_str(a->payer_account, all->heap), o2c__ref_str(b->payer_account, all->heap)) &&
           o2c__str_equal(o2c__ref_str(a->payer_name, all->heap), o2c__ref_str(b->payer_name, all->heap));
}

/*
 * People cleared nothing with this payment. A line is wrong when its document was cleared with another one, unless the two payments are
 * equal; else nobody knows.
 */
static void
judge_unspoken(const struct o2c__replay *replay, uint32_t payment, o2c_match_answer *answer, o2c_match_answer_line *rows)
{
    uint32_t wrong = 0, twins = 0;
    for (uint32_t i = 0; i < answer->lines_count; i++) {
        uint32_t other = replay->items[rows[i].item].cleared_with;
        bool twin = other != O2C__NONE && equal_payments(replay, payment, other);
        rows[i].agreement = other == O2C__NONE ? O2C_AGREEMENT_NOT_CLEARED : twin ? O2C_AGREEMENT_INTERCHANGEABLE : O2C_AGREEMENT_DIFFERENT;
        wrong += other != O2C__NONE && !twin;
        twins += twin;
    }
    answer->agreement = wrong ? O2C_AGREEMENT_DIFFERENT : twins ? O2C_AGREEMENT_INTERCHANGEABLE : O2C_AGREEMENT_NOT_CLEARED;
}

static int32_t
possible(const struct o2c__replay *replay, uint32_t payment, const o2c_line *lines, uint32_t count, uint32_t truths)
{
    bool ours = count > 0 && o2c__named(lines[0].arithmetic), theirs = truths > 0 && o2c__replay_theirs_possible(replay, payment);
    if (ours)
        return theirs ? O2C_POSSIBLE_BOTH : O2C_POSSIBLE_OURS;
    return theirs ? O2C_POSSIBLE_THEIRS : O2C_POSSIBLE_NEITHER;
}

static bool
judge(struct day *day, uint32_t payment, const o2c_line *lines, o2c_match_answer *answer, o2c_match_answer_line *rows)
{
    struct o2c__judged judged;
    if (!o2c__replay_judge(day->replay, payment, lines, answer->lines_count, INT32_MAX, day->verdicts, &judged))
        return false;
    answer->cleared_count = judged.truths;
    answer->lines_right = judged.right;
    if (judged.truths == 0) {
        judge_unspoken(day->replay, payment, answer, rows);
    } else {
        for (uint32_t i = 0; i < answer->lines_count; i++)
            rows[i].agreement = day->verdicts[i];
        answer->agreement = answer->lines_count == 0 ? O2C_AGREEMENT_NO_ANSWER
                            : !judged.whole          ? O2C_AGREEMENT_DIFFERENT
                            : judged.left_open       ? O2C_AGREEMENT_LEFT_OPEN
                            : judged.twins           ? O2C_AGREEMENT_INTERCHANGEABLE
                                                     : O2C_AGREEMENT_SAME;
    }
    if (answer->agreement == O2C_AGREEMENT_DIFFERENT)
        answer->possible = possible(day->replay, payment, lines, answer->lines_count, judged.truths);
    return true;
}

/* What the lines will teach, by the clearings that are known on the day they are learned. */
static bool
prepare_lessons(struct day *day, uint32_t payment, const o2c_line *lines, uint32_t count)
{
    struct o2c__replay *replay = day->replay;
    struct o2c__judged judged;
    uint8_t *to = o2c__vector_add_many(&replay->taught, count);
    if (!to)
        return false;
    memset(to, O2C__TAUGHT_NOTHING, count);
    int32_t learned = replay->paid[payment].learn_day;
    if (!learned)
        return true;
    if (!o2c__replay_judge(replay, payment, lines, count, learned, day->lessons, &judged))
        return false;
    for (uint32_t i = 0; i < count; i++)
        to[i] = day->lessons[i] == O2C_AGREEMENT_DIFFERENT ? O2C__TAUGHT_WRONG : O2C__TAUGHT_RIGHT;
    o2c__replay_habits(replay, payment);
    return true;
}

/* How what people cleared stood when its payment was solved. */
static void
mark_truth(struct o2c__replay *replay, uint32_t payment)
{
    for (uint32_t i = replay->truth_at[payment]; i < replay->truth_at[payment + 1]; i++) {
        struct o2c__truth *truth = &replay->truth[i];
        bool open = truth->item != O2C__NONE && replay->items[truth->item].state == O2C__PAST_OPEN;
        truth->stood = open;
        truth->open = open ? replay->items[truth->item].open : 0;
    }
}

void
o2c__replay_stand(struct o2c__replay *replay, uint64_t first, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        mark_truth(replay, replay->payment_order[first + i]);
}

static bool
tell(struct day *day, uint32_t payment, uint32_t answer_index, uint64_t proposal)
{
    struct o2c__replay *replay = day->replay;
    o2c_match_report *report = replay->report;
    const o2c_match_answer *answer = &O2C__AT(&report->answers, o2c_match_answer, answer_index);
    char said[512];
    size_t needed = 0;
    if (report->disagreements.count >= O2C__BACKTEST_TOLD_MAX)
        return true;
    o2c_match_disagreement *to = o2c__vector_add(&report->disagreements);
    if (!to)
        return false;
    *to = (o2c_match_disagreement){ .answer = answer_index, .possible = answer->possible, .theirs_at = (uint32_t)report->theirs.count };
    for (uint32_t i = 0; i < answer->lines_count; i++) {
        const o2c_match_answer_line *line = &O2C__AT(&report->lines, o2c_match_answer_line, answer->lines_at + i);
        if (line->agreement == O2C_AGREEMENT_DIFFERENT && !to->line_class)
            to->line_class = line->line_class;
    }
    if (o2c_match_say(day->solution, proposal, said, sizeof said, &needed, NULL) == O2C_OK &&
        !o2c__text_heap_add(&report->heap, said, needed, &to->said))
        return false;
    for (uint32_t i = replay->truth_at[payment]; i < replay->truth_at[payment + 1]; i++) {
        const struct o2c__truth *truth = &replay->truth[i];
        o2c_match_theirs *row = o2c__vector_add(&report->theirs);
        if (!row)
            return false;
        *row = (o2c_match_theirs){ truth->item, (int32_t)truth->stood, truth->applied, truth->discount, 0 };
        to->theirs_count++;
    }
    return true;
}

/* What the lines give away, by type, in the currency of the header. */
static void
add_differences(struct o2c__replay *replay, const o2c_line *line)
{
    o2c_match_differences *sums = &replay->report->differences;
    if (memcmp(line->currency, replay->report->header.currency, 4) != 0)
        return;
    for (int i = line->band == O2C_BAND_AUTO ? 0 : 1; i < 2; i++) {
        o2c__report_add(&sums->discount_minor[i], line->discount_minor);
        o2c__report_add(&sums->discount_tolerance_minor[i], line->discount_tolerance_minor);
        o2c__report_add(&sums->tolerance_minor[i], line->tolerance_minor);
        o2c__report_add(&sums->charge_minor[i], line->charge_minor);
        o2c__report_add(&sums->withholding_minor[i], line->withholding_minor);
        o2c__report_add(&sums->rounding_minor[i], line->rounding_minor);
        o2c__report_add(&sums->deduction_minor[i], line->deduction_minor);
    }
}

static void
write_answer(const struct o2c__replay *replay, uint32_t payment, const o2c_proposal *p, o2c_match_answer *to)
{
    *to = (o2c_match_answer){ .payment = payment,
                              .day = replay->paid[payment].day,
                              .kind = p->kind,
                              .band = p->band,
                              .lines_at = (uint32_t)replay->report->lines.count,
                              .lines_count = p->lines_count,
                              .confidence_ppm = p->confidence_ppm,
                              .amount_minor = p->amount_minor };
    memcpy(to->currency, p->currency, 4);
}

static bool
compare_one(struct day *day, uint32_t payment, uint64_t proposal)
{
    struct o2c__replay *replay = day->replay;
    o2c_match_report *report = replay->report;
    const o2c_proposal *p = &O2C__AT(&day->solution->proposals, o2c_proposal, proposal);
    o2c_line *lines = p->lines_count ? &O2C__AT(&day->solution->lines, o2c_line, p->lines_at) : NULL;
    uint32_t index = (uint32_t)report->answers.count;
    o2c_match_answer answer;
    write_answer(replay, payment, p, &answer);
    o2c_match_answer_line *rows = o2c__vector_add_many(&report->lines, p->lines_count);
    if (!rows)
        return false;
    for (uint32_t i = 0; i < p->lines_count; i++)
        write_line(day, index, &lines[i], p->lines_at + i, &rows[i]), add_differences(replay, &lines[i]);
    set_would_auto(day, p, lines, &answer, rows);
    if (!judge(day, payment, lines, &answer, rows) || !prepare_lessons(day, payment, lines, p->lines_count))
        return false;
    o2c_str payer = o2c__ref_str(p->account, o2c__text_heap_str(&day->solution->heap));
    replay->paid[payment].payer = payer.len ? o2c__map_get(&replay->account_numbers, payer) : O2C__NONE;
    replay->paid[payment].answer = index;
    o2c_match_answer *to = o2c__vector_add(&report->answers);
    if (!to)
        return false;
    *to = answer;
    for (uint32_t i = 0; i < p->lines_count; i++) /* the sink sees the host's own number again */
        lines[i].host_ref = replay->master.items[lines[i].host_ref].host_ref;
    return !(answer.would_auto && answer.agreement == O2C_AGREEMENT_DIFFERENT) || tell(day, payment, index, proposal);
}

o2c_status
o2c__replay_compare(struct o2c__replay *replay, uint64_t first, uint64_t count, o2c_match_solution *solution, o2c_error *err)
{
    struct day day = { .replay = replay, .solution = solution };
    size_t lines = solution->lines.count;
    o2c__arena_reset(&replay->arena);
    day.verdicts = o2c__arena_alloc(&replay->arena, 2 * (lines + 1));
    if (!day.verdicts || !gather_reasons(&day))
        return no_memory(err);
    day.lessons = day.verdicts + lines + 1;
    if (replay->report->lines.count + lines >= O2C__NONE)
        return o2c__fail(err, O2C_E_LIMIT, "lines", "a report holds at most %u lines", O2C__NONE - 1);
    for (uint64_t i = 0; i < count; i++)
        if (!compare_one(&day, replay->payment_order[first + i], i))
            return no_memory(err);
    return O2C_OK;
}

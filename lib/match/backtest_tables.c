/* SPDX-License-Identifier: Apache-2.0 */
/* From answers to the tables of a report: classes, what was held back, calibration. */
#include "match/backtest.h"

#define NEEDED_MAX (UINT64_C(1) << 40) /* right lines; more is never asked for */
#define BINS 32u

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the tables of a report");
}

static bool
judged(const o2c_match_answer_line *line)
{
    return line->agreement != O2C_AGREEMENT_NOT_CLEARED;
}

/* ---- classes */
static o2c_match_class_result *
class_row(o2c_match_report *report, uint32_t line_class)
{
    for (size_t i = 0; i < report->classes.count; i++)
        if (O2C__AT(&report->classes, o2c_match_class_result, i).line_class == line_class)
            return &O2C__AT(&report->classes, o2c_match_class_result, i);
    o2c_match_class_result *row = o2c__vector_add(&report->classes);
    if (row)
        row->line_class = line_class;
    return row;
}

static void
count_line(const o2c_match_answer *answer, const o2c_match_answer_line *line, o2c_match_class_result *row)
{
    row->proposed++;
    if (!line->would_auto)
        return;
    row->lines += judged(line);
    row->same += line->agreement == O2C_AGREEMENT_SAME;
    row->left_open += line->agreement == O2C_AGREEMENT_LEFT_OPEN;
    row->interchangeable += line->agreement == O2C_AGREEMENT_INTERCHANGEABLE;
    row->not_cleared += !judged(line);
    if (line->agreement != O2C_AGREEMENT_DIFFERENT)
        return;
    row->different++;
    row->ours += answer->possible == O2C_POSSIBLE_OURS;
    row->theirs += answer->possible == O2C_POSSIBLE_THEIRS;
    row->both += answer->possible == O2C_POSSIBLE_BOTH;
    row->neither += answer->possible == O2C_POSSIBLE_NEITHER || answer->possible == O2C_POSSIBLE_NONE;
}

static uint64_t
lines_needed(const o2c_match_class_result *row, const o2c_match_report_header *header)
{
    uint64_t low = 0, high = NEEDED_MAX;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (o2c_match_judged_bound_ppm(row->different, row->lines + middle, header->against, header->drawn) <= header->max_error_ppm)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* More often wrong than allowed, counted as far as people have judged what differs. */
static bool
never(const o2c_match_class_result *row, const o2c_match_report_header *header)
{
    int32_t label = o2c__class_label(row->line_class);
    if (row->line_class >> 24 == O2C_CERTIFICATE_SEARCH_CUT_SHORT || label >= O2C_LABEL_M20)
        return true;
    uint64_t wrong = o2c__muldiv_floor(row->different, header->against_bound_ppm, 1000000);
    return row->different > 0 && wrong * UINT64_C(1000000) > row->lines * (uint64_t)header->max_error_ppm;
}

static void
judge_class(const struct o2c__replay *replay, o2c_match_class_result *row)
{
    const o2c_match_policy *policy = &replay->rules->policy;
    const o2c_match_report_header *header = &replay->report->header;
    row->bound_ppm = o2c_match_judged_bound_ppm(row->different, row->lines, header->against, header->drawn);
    row->released = o2c__class_listed(policy, row->line_class);
    row->verdict = never(row, header)                           ? O2C_RELEASE_NEVER
                   : row->bound_ppm <= policy->max_error_ppm ? O2C_RELEASE_RELEASABLE
                                                             : O2C_RELEASE_NEEDS_MORE;
    if (row->verdict == O2C_RELEASE_NEEDS_MORE)
        row->needed = lines_needed(row, header);
}

static int
compare_classes(const o2c_match_class_result *a, const o2c_match_class_result *b)
{
    if (a->lines != b->lines)
        return a->lines > b->lines ? -1 : 1;
    if (a->proposed != b->proposed)
        return a->proposed > b->proposed ? -1 : 1;
    return a->line_class < b->line_class ? -1 : a->line_class > b->line_class;
}

static bool
build_classes(struct o2c__replay *replay)
{
    o2c_match_report *report = replay->report;
    for (size_t i = 0; i < report->lines.count; i++) {
        const o2c_match_answer_line *line = &O2C__AT(&report->lines, o2c_match_answer_line, i);
        o2c_match_class_result *row = class_row(report, line->line_class);
        if (!row)
            return false;
        count_line(&O2C__AT(&report->answers, o2c_match_answer, line->answer), line, row);
    }
    o2c_match_class_result *rows = report->classes.rows;
    for (size_t i = 0; i < report->classes.count; i++)
        judge_class(replay, &rows[i]);
    for (size_t i = 1; i < report->classes.count; i++) {
        o2c_match_class_result row = rows[i];
        size_t at = i;
        for (; at > 0 && compare_classes(&rows[at - 1], &row) > 0; at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
    return true;
}

/* ---- what reasons and gates held back */
static o2c_match_held *
held_row(o2c_match_report *report, int32_t reason, uint32_t gate)
{
    for (size_t i = 0; i < report->held.count; i++) {
        o2c_match_held *row = &O2C__AT(&report->held, o2c_match_held, i);
        if (row->reason == reason && row->gate == gate)
            return row;
    }
    return NULL;
}

/* BELOW_BAR comes with the part that was largest: the two are one cause. */
static bool
alone(const o2c_match_answer_line *line, int32_t reason, uint32_t gate)
{
    uint32_t parts = 1u << O2C_REASON_AMBIGUOUS | 1u << O2C_REASON_SHORT | 1u << O2C_REASON_SOMEONE_ELSE | 1u << O2C_REASON_UNENUMERATED |
                     1u << O2C_REASON_CLASS_ERROR | 1u << O2C_REASON_BELOW_BAR;
    uint32_t others = line->reasons & ~(reason ? 1u << reason : 0u);
    if (reason && (parts >> reason & 1))
        others &= ~parts;
    return others == 0 && (line->gates & ~gate) == 0;
}

static void
hold(o2c_match_report *report, const o2c_match_answer_line *line, bool money, int32_t reason, uint32_t gate)
{
    o2c_match_held *row = held_row(report, reason, gate);
    if (!row)
        return;
    row->lines++;
    if (money)
        o2c__report_add(&row->money_minor, line->paid_minor);
    if (!alone(line, reason, gate))
        return;
    row->alone++;
    row->alone_wrong += line->agreement == O2C_AGREEMENT_DIFFERENT;
}

static bool
add_held_rows(o2c_match_report *report)
{
    for (uint32_t i = 0; i < 64; i++) {
        o2c_match_held *row = o2c__vector_add(&report->held);
        if (!row)
            return false;
        row->reason = i < 32 ? (int32_t)i : 0;
        row->gate = i < 32 ? 0 : 1u << (i - 32);
    }
    return true;
}

static bool
build_held(struct o2c__replay *replay)
{
    o2c_match_report *report = replay->report;
    size_t kept = 0;
    if (!add_held_rows(report))
        return false;
    for (size_t i = 0; i < report->lines.count; i++) {
        const o2c_match_answer_line *line = &O2C__AT(&report->lines, o2c_match_answer_line, i);
        const o2c_match_answer *answer = &O2C__AT(&report->answers, o2c_match_answer, line->answer);
        bool money = memcmp(answer->currency, report->header.currency, 4) == 0;
        if (line->band == O2C_BAND_AUTO)
            continue;
        for (int32_t bit = 0; bit < 32; bit++) {
            if (line->reasons >> bit & 1)
                hold(report, line, money, bit, 0);
            if (line->gates >> bit & 1)
                hold(report, line, money, 0, 1u << bit);
        }
    }
    for (size_t i = 0; i < report->held.count; i++)
        if (O2C__AT(&report->held, o2c_match_held, i).lines)
            O2C__AT(&report->held, o2c_match_held, kept++) = O2C__AT(&report->held, o2c_match_held, i);
    report->held.count = kept;
    return true;
}

/* ---- calibration: bin b holds what leaves 2^−(b+1)/2 … 2^−b/2 of doubt; the last one all that leaves less */

/* 10^6 · 2^(−b ÷ 2), rounded up: the largest doubt of bin b. Whole powers by shifts, the halves by 707,107 ÷ 10^6. */
static uint32_t
doubt_of(uint32_t bin)
{
    uint64_t full = bin % 2 ? UINT64_C(707107) : UINT64_C(1000000);
    return (uint32_t)((full + (UINT64_C(1) << bin / 2) - 1) >> bin / 2);
}

static uint32_t
bin_of(uint32_t confidence_ppm)
{
    uint32_t doubt = 1000000 - confidence_ppm, bin = 0;
    while (bin + 1 < BINS && doubt < doubt_of(bin + 1))
        bin++;
    return bin;
}

static void
finish_calibration(o2c_match_report *report, const uint64_t sums[BINS])
{
    uint64_t lines = 0, error = 0;
    for (uint32_t bin = 0; bin < BINS; bin++) {
        o2c_match_calibration *row = &O2C__AT(&report->calibration, o2c_match_calibration, bin);
        row->low_ppm = bin ? 1000000 - doubt_of(bin) + 1 : 0;
        row->high_ppm = bin + 1 < BINS ? 1000000 - doubt_of(bin + 1) + 1 : 1000001;
        uint64_t right = row->right * UINT64_C(1000000);
        lines += row->lines;
        error += sums[bin] > right ? sums[bin] - right : right - sums[bin];
        row->mean_ppm = row->lines ? (uint32_t)(sums[bin] / row->lines) : 0;
        row->observed_ppm = row->lines ? (uint32_t)(right / row->lines) : 0;
    }
    report->calibration_error_ppm = lines ? (uint32_t)(error / lines) : 0;
}

static bool
build_calibration(o2c_match_report *report)
{
    uint64_t sums[BINS] = { 0 };
    for (uint32_t bin = 0; bin < BINS; bin++)
        if (!o2c__vector_add(&report->calibration))
            return false;
    for (size_t i = 0; i < report->lines.count; i++) {
        const o2c_match_answer_line *line = &O2C__AT(&report->lines, o2c_match_answer_line, i);
        uint32_t bin = bin_of(line->confidence_ppm);
        if (!judged(line))
            continue;
        o2c_match_calibration *row = &O2C__AT(&report->calibration, o2c_match_calibration, bin);
        row->lines++;
        row->right += line->agreement != O2C_AGREEMENT_DIFFERENT;
        sums[bin] += line->confidence_ppm;
    }
    finish_calibration(report, sums);
    return true;
}

o2c_status
o2c__report_tables(struct o2c__replay *replay, o2c_error *err)
{
    bool whole = build_classes(replay) && build_held(replay) && build_calibration(replay->report);
    return whole ? O2C_OK : no_memory(err);
}

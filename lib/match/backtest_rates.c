/* SPDX-License-Identifier: Apache-2.0 */
/* Rates of a report: how much would have posted itself under three lists and at 21 bars, and how much of that was wrong. */
#include "match/backtest.h"

/* Doubt falls by steps that people read: halves above, then tenths, hundredths, thousandths. */
static const uint32_t bars[21] = { 500000, 600000, 700000, 800000, 900000, 950000, 960000, 970000, 980000, 990000, 995000,
                                   996000, 997000, 998000, 999000, 999500, 999800, 999900, 999950, 999990, 1000000 };

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the rates of a report");
}

/* The shipped list holds until history speaks against a class. */
static bool
in_releasable(const o2c_match_report *report, uint32_t line_class)
{
    for (size_t i = 0; i < report->classes.count; i++) {
        const o2c_match_class_result *row = &O2C__AT(&report->classes, o2c_match_class_result, i);
        if (row->line_class == line_class)
            return row->verdict == O2C_RELEASE_RELEASABLE || (row->verdict != O2C_RELEASE_NEVER && o2c__class_shipped(line_class));
    }
    return false;
}

static bool
line_counts(const struct o2c__replay *replay, const o2c_match_answer *answer, const o2c_match_answer_line *line, const o2c_match_rate *rate)
{
    if (rate->list == O2C_RATE_POLICY)
        return line->band == O2C_BAND_AUTO;
    if (rate->list == O2C_RATE_SHIPPED)
        return line->would_auto && o2c__class_shipped(line->line_class);
    if (rate->list == O2C_RATE_RELEASABLE)
        return line->would_auto && in_releasable(replay->report, line->line_class);
    return line->confidence_ppm >= rate->bar_ppm && o2c__replay_may(replay, answer->kind, line->line_class, line->gates, line->reasons);
}

struct tally {
    uint64_t automatic, judged, wrong;
    int64_t paid, paid_wrong;
    bool whole, sum_alone;
};

static void
tally_lines(const struct o2c__replay *replay, const o2c_match_answer *answer, const o2c_match_rate *rate, struct tally *tally)
{
    *tally = (struct tally){ .whole = answer->lines_count > 0, .sum_alone = answer->lines_count > 0 };
    for (uint32_t i = 0; i < answer->lines_count; i++) {
        const o2c_match_answer_line *line = &O2C__AT(&replay->report->lines, o2c_match_answer_line, answer->lines_at + i);
        bool counts = line_counts(replay, answer, line, rate), wrong = line->agreement == O2C_AGREEMENT_DIFFERENT;
        tally->whole = tally->whole && counts;
        tally->sum_alone = tally->sum_alone && o2c__class_naked(line->line_class);
        if (!counts)
            continue;
        tally->automatic++;
        tally->judged += line->agreement != O2C_AGREEMENT_NOT_CLEARED;
        tally->wrong += wrong;
        o2c__report_add(&tally->paid, line->paid_minor);
        if (wrong)
            o2c__report_add(&tally->paid_wrong, line->paid_minor);
    }
}

static void
add_answer(const struct o2c__replay *replay, const o2c_match_answer *answer, o2c_match_rate *rate)
{
    struct tally tally;
    tally_lines(replay, answer, rate, &tally);
    rate->payments++;
    rate->lines += answer->cleared_count ? answer->cleared_count : answer->lines_count;
    bool money = memcmp(answer->currency, replay->report->header.currency, 4) == 0;
    if (money)
        o2c__report_add(&rate->money_minor, answer->amount_minor);
    if (tally.sum_alone && !tally.whole && !replay->rules->policy.split_naked)
        return;
    rate->payments_auto += tally.whole;
    rate->payments_wrong += tally.whole && answer->agreement == O2C_AGREEMENT_DIFFERENT;
    rate->lines_auto += tally.automatic;
    rate->lines_judged += tally.judged;
    rate->lines_wrong += tally.wrong;
    if (money) {
        o2c__report_add(&rate->money_auto_minor, tally.paid);
        o2c__report_add(&rate->money_wrong_minor, tally.paid_wrong);
    }
}

/* First day of the month a day stands in. */
static int32_t
month_of(int32_t day)
{
    char text[11];
    int32_t first = day;
    if (o2c_date_write(day, text, NULL))
        return day;
    memcpy(text + 8, "01", 2);
    o2c_str str = { text, 10 };
    return o2c_date_read(&str, &first, NULL) ? day : first;
}

static o2c_match_rate *
add_rate(o2c__vector *rates, int32_t list, int32_t month, uint32_t bar_ppm)
{
    o2c_match_rate *row = o2c__vector_add(rates);
    if (row) {
        row->list = list;
        row->month = month;
        row->bar_ppm = bar_ppm;
    }
    return row;
}

static bool
customer(const struct o2c__replay *replay, const o2c_match_answer *answer)
{
    return replay->payments.rows[answer->payment].route == O2C_ROUTE_CUSTOMER;
}

/* Three rows for the whole time, then three for each month in which payments came. */
static bool
build_lists(struct o2c__replay *replay)
{
    o2c_match_report *report = replay->report;
    o2c__vector *rates = &report->rates;
    int32_t month = 0, month_ends = 0;
    for (int32_t list = O2C_RATE_SHIPPED; list <= O2C_RATE_RELEASABLE; list++)
        if (!add_rate(rates, list, 0, 0))
            return false;
    for (size_t i = 0; i < report->answers.count; i++) {
        const o2c_match_answer *answer = &O2C__AT(&report->answers, o2c_match_answer, i);
        if (!customer(replay, answer))
            continue;
        if (answer->day >= month_ends) {
            month = month_of(answer->day);
            month_ends = answer->day + 1;
            while (month_of(month_ends) == month && month_ends < month + 31)
                month_ends++;
            for (int32_t list = O2C_RATE_SHIPPED; list <= O2C_RATE_RELEASABLE; list++)
                if (!add_rate(rates, list, month, 0))
                    return false;
        }
        for (size_t k = 0; k < 3; k++) {
            add_answer(replay, answer, &O2C__AT(rates, o2c_match_rate, k));
            add_answer(replay, answer, &O2C__AT(rates, o2c_match_rate, rates->count - 3 + k));
        }
    }
    return true;
}

static bool
build_curve(struct o2c__replay *replay)
{
    o2c_match_report *report = replay->report;
    for (size_t i = 0; i < O2C__COUNT(bars); i++)
        if (!add_rate(&report->curve, O2C_RATE_BAR, 0, bars[i]))
            return false;
    for (size_t i = 0; i < report->answers.count; i++) {
        const o2c_match_answer *answer = &O2C__AT(&report->answers, o2c_match_answer, i);
        for (size_t k = 0; customer(replay, answer) && k < report->curve.count; k++)
            add_answer(replay, answer, &O2C__AT(&report->curve, o2c_match_rate, k));
    }
    return true;
}

static void
set_bounds(o2c__vector *rates, const o2c_match_report_header *header)
{
    for (size_t i = 0; i < rates->count; i++) {
        o2c_match_rate *row = &O2C__AT(rates, o2c_match_rate, i);
        row->bound_ppm = o2c_match_judged_bound_ppm(row->lines_wrong, row->lines_judged, header->against, header->drawn);
    }
}

o2c_status
o2c__report_rates(struct o2c__replay *replay, o2c_error *err)
{
    if (!build_lists(replay) || !build_curve(replay))
        return no_memory(err);
    set_bounds(&replay->report->rates, &replay->report->header);
    set_bounds(&replay->report->curve, &replay->report->header);
    return O2C_OK;
}

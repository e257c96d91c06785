/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For and against the release of a class. A bound is counted on lines that would have posted themselves, and only where nobody saw our
 * answer first: the replay of history, and the audit sample. Corrections stop a class, they never prove one.
 */
#include "match/learning.h"

static uint32_t *
counter(uint32_t periods[O2C__PERIODS], uint32_t period)
{
    static const uint32_t full = UINT32_MAX;
    return period < O2C__PERIODS && periods[period] != full ? &periods[period] : NULL;
}

static void
count_up(uint32_t periods[O2C__PERIODS], uint32_t period)
{
    uint32_t *at = counter(periods, period);
    if (at)
        ++*at;
}

bool
o2c__learn_release(struct o2c__learning *learning, const o2c_feedback *row)
{
    bool wrong = o2c__judged_wrong(row), correction = o2c__corrects(row);
    if (!row->would_auto && !correction)
        return true;
    struct o2c__release_row *to = o2c__release_put(&learning->next->learned->releases, &learning->next->context.memory, row->line_class);
    if (!to)
        return false;
    uint32_t period = o2c__release_period(to, row->day);
    to->touched = 1;
    if (correction)
        count_up(to->corrections, period);
    if (row->verdict == O2C_VERDICT_HISTORY) {
        to->history_lines++;
        to->history_wrong += wrong;
    } else if (row->source == O2C_FEEDBACK_BLIND && !correction) {
        count_up(to->sample_lines, period);
        if (wrong)
            count_up(to->sample_wrong, period);
    } else {
        count_up(to->posted, period);
    }
    return true;
}

/* How many corrections a class may have: the maximum error of the lines that are known, and always one. */
static uint64_t
corrections_allowed(const struct o2c__release_row *row, uint32_t max_error_ppm)
{
    uint64_t known = row->history_lines + o2c__release_sum(row->posted) + o2c__release_sum(row->sample_lines);
    uint64_t allowed = o2c__muldiv_floor(known, max_error_ppm, 1000000);
    return allowed > 1 ? allowed : 1;
}

static bool
suspend(struct o2c__learning *learning, struct o2c__release_row *row)
{
    uint32_t max = learning->policy->max_error_ppm;
    uint64_t corrections = o2c__release_sum(row->corrections), wrong = o2c__release_sum(row->sample_wrong);
    uint64_t known = row->history_lines + o2c__release_sum(row->posted) + o2c__release_sum(row->sample_lines);
    o2c__release_bounds(row);
    if (row->suspended || !o2c__class_listed(learning->policy, row->line_class))
        return true;
    bool by_sample = wrong > 0 && row->sample_bound_ppm > max;
    if (!by_sample && corrections <= corrections_allowed(row, max))
        return true;
    row->suspended = 1;
    uint64_t rate = known > corrections ? o2c__muldiv_floor(corrections, 1000000, known) : 1000000;
    return o2c__change_class(learning, O2C_CHANGE_SUSPENDED, row->line_class, by_sample ? row->sample_bound_ppm : (uint32_t)rate);
}

bool
o2c__learn_suspend(struct o2c__learning *learning)
{
    struct o2c__release_table *table = &learning->next->learned->releases;
    for (uint32_t i = 0; i < table->count; i++) {
        if (!table->rows[i].touched)
            continue;
        table->rows[i].touched = 0;
        if (!suspend(learning, &table->rows[i]))
            return false;
    }
    return true;
}

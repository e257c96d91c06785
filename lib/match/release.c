/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which classes may post themselves: the shipped list and what a person released in the policy, less what the model has suspended
 * (MATCHER 11.5). What speaks for a class is counted in periods of four weeks, so that a year later it no longer does.
 */
#include "match/decide.h"
#include "match/learn.h"

static uint32_t
place(const struct o2c__release_table *table, uint32_t line_class)
{
    uint32_t low = 0, high = table->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table->rows[middle].line_class < line_class)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct o2c__release_row *
o2c__release_find(const struct o2c__release_table *table, uint32_t line_class)
{
    uint32_t at = place(table, line_class);
    return at < table->count && table->rows[at].line_class == line_class ? &table->rows[at] : NULL;
}

struct o2c__release_row *
o2c__release_put(struct o2c__release_table *table, o2c__memory *memory, uint32_t line_class)
{
    uint32_t at = place(table, line_class);
    if (at < table->count && table->rows[at].line_class == line_class)
        return &table->rows[at];
    if (table->count == table->room) {
        uint32_t room = table->room ? table->room * 2 : 16;
        void *rows = room < UINT32_MAX / sizeof *table->rows ? o2c__resize(memory, table->rows, table->room * sizeof *table->rows,
                                                                           room * sizeof *table->rows)
                                                             : NULL;
        if (!rows)
            return NULL;
        table->rows = rows;
        table->room = room;
    }
    memmove(&table->rows[at + 1], &table->rows[at], (table->count - at) * sizeof *table->rows);
    table->count++;
    memset(&table->rows[at], 0, sizeof table->rows[at]);
    table->rows[at].line_class = line_class;
    table->rows[at].sample_bound_ppm = table->rows[at].history_bound_ppm = 1000000;
    return &table->rows[at];
}

static void
shift(uint32_t periods[O2C__PERIODS], uint32_t by)
{
    for (uint32_t i = O2C__PERIODS; i-- > 0;)
        periods[i] = i >= by ? periods[i - by] : 0;
}

uint32_t
o2c__release_period(struct o2c__release_row *row, int32_t day)
{
    int32_t period = day / O2C__PERIOD_DAYS;
    if (period <= row->period)
        return (uint32_t)(row->period - period);
    int64_t by = (int64_t)period - row->period;
    uint32_t steps = by < O2C__PERIODS ? (uint32_t)by : O2C__PERIODS;
    shift(row->sample_lines, steps);
    shift(row->sample_wrong, steps);
    shift(row->corrections, steps);
    shift(row->posted, steps);
    row->period = period;
    return 0;
}

uint64_t
o2c__release_sum(const uint32_t periods[O2C__PERIODS])
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < O2C__PERIODS; i++)
        sum += periods[i];
    return sum;
}

void
o2c__release_bounds(struct o2c__release_row *row)
{
    row->sample_bound_ppm = o2c_match_bound_ppm(o2c__release_sum(row->sample_wrong), o2c__release_sum(row->sample_lines));
    row->history_bound_ppm = o2c_match_bound_ppm(row->history_wrong, row->history_lines);
}

bool
o2c__class_listed(const o2c_match_policy *policy, uint32_t line_class)
{
    int32_t certificate = (int32_t)(line_class >> 24);
    uint64_t low = 0, high = policy->released_count;
    if (certificate == O2C_CERTIFICATE_SEARCH_CUT_SHORT)
        return false;
    if (o2c__released((int32_t)(line_class & 255), (int32_t)(line_class >> 8 & 255), (int32_t)(line_class >> 16 & 255), certificate))
        return true;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (policy->released[middle] < line_class)
            low = middle + 1;
        else
            high = middle;
    }
    return low < policy->released_count && policy->released[low] == line_class;
}

bool
o2c__class_open(const o2c_match_model *model, const o2c_match_policy *policy, uint32_t line_class)
{
    if (!o2c__class_listed(policy, line_class))
        return false;
    const struct o2c__release_row *row = model->learned ? o2c__release_find(&model->learned->releases, line_class) : NULL;
    return !row || !row->suspended;
}

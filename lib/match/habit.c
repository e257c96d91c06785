/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the customers of a host pay: how many items of a pool, in how many runs, with the oldest or without. The counters stand beside
 * the cold default of prior.c, which has the weight of 20 payments (prior_learned.c).
 */
#include "match/learning.h"

uint32_t
o2c__pool_bin(uint32_t n)
{
    static const uint32_t last[] = { 1, 3, 6, 10, 16, 25, 38, 60, 100 };
    uint32_t bin = 0;
    while (bin < O2C__COUNT(last) && n > last[bin])
        bin++;
    return bin;
}

static void
count_up(uint32_t *counter)
{
    *counter += *counter < UINT32_MAX;
}

/* Half is forgotten at every boundary of 180 days: counters are whole, and a day has no order. */
void
o2c__habits_age(struct o2c__habits *habits, int32_t from, int32_t to)
{
    int32_t times = to / O2C__HALF_LIFE - from / O2C__HALF_LIFE;
    uint32_t shift = times < 0 ? 0 : times < 31 ? (uint32_t)times : 31;
    for (uint32_t pool = 0; pool < O2C__HABIT_POOLS && shift; pool++) {
        habits->oldest[pool][0] >>= shift;
        habits->oldest[pool][1] >>= shift;
        for (uint32_t size = 0; size < O2C__HABIT_SIZES; size++) {
            habits->sizes[pool][size] >>= shift;
            for (uint32_t runs = 0; runs < O2C__HABIT_SIZES; runs++)
                habits->runs[pool][size][runs] >>= shift;
        }
    }
}

void
o2c__learn_habit(struct o2c__habits *habits, const o2c_feedback *row)
{
    uint32_t pool = o2c__pool_bin((uint32_t)row->pool_count), size = o2c__size_bin((uint32_t)row->set_count);
    uint32_t runs = o2c__size_bin((uint32_t)row->runs);
    count_up(&habits->sizes[pool][size]);
    count_up(&habits->runs[pool][size][runs]);
    if (row->set_count < row->pool_count)
        count_up(&habits->oldest[pool][row->oldest]);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the customers of a host pay: how many items of a pool, in how many runs, with the oldest or without. The counters stand beside
 * the cold default of prior.c, which has the weight of 20 payments (MATCHER 5.4).
 */
#include "match/learning.h"

static uint32_t
pool_bin(uint32_t n)
{
    static const uint32_t last[] = { 1, 3, 6, 10, 16, 25, 38, 60, 100 };
    uint32_t bin = 0;
    while (bin < O2C__COUNT(last) && n > last[bin])
        bin++;
    return bin;
}

static uint32_t
size_bin(uint32_t k)
{
    return k <= 6 ? k - 1 : k <= 12 ? 6 : k <= 25 ? 7 : 8;
}

static void
count_up(uint32_t *counter)
{
    *counter += *counter < UINT32_MAX;
}

void
o2c__learn_habit(struct o2c__habits *habits, const o2c_feedback *row)
{
    uint32_t pool = pool_bin((uint32_t)row->pool_count), size = size_bin((uint32_t)row->set_count), runs = size_bin((uint32_t)row->runs);
    count_up(&habits->sizes[pool][size]);
    count_up(&habits->runs[pool][size][runs]);
    if (row->set_count < row->pool_count)
        count_up(&habits->oldest[pool][row->oldest]);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * May a posterior be believed? Judged lines in 32 bins of half a power of two of what the posterior left, and a monotone table through
 * them by pooling neighbors that stand in the wrong order (MATCHER 11.3). Until 2,000 lines are judged a posterior is taken at its word.
 */
#include "match/learn.h"

#define LINES_MIN 2000u
#define PSEUDO 20u /* lines by which each bin starts at its own upper edge: an empty bin believes the posterior */

/* Upper edge of each bin in ppb: floor(10^9 · 2^(−bin ÷ 2)); the last one reaches down to zero. */
static const uint32_t edges[O2C__CAL_BINS] = {
    1000000000, 707106781, 500000000, 353553390, 250000000, 176776695, 125000000, 88388347,
    62500000, 44194173, 31250000, 22097086, 15625000, 11048543, 7812500, 5524271,
    3906250, 2762135, 1953125, 1381067, 976562, 690533, 488281, 345266,
    244140, 172633, 122070, 86316, 61035, 43158, 30517, 21579,
};

uint32_t
o2c__cal_bin(uint32_t error_ppb)
{
    uint32_t low = 0, high = O2C__CAL_BINS - 1; /* the last bin whose edge is not below */
    while (low < high) {
        uint32_t middle = (low + high + 1) / 2;
        if (edges[middle] >= error_ppb)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

void
o2c__cal_age(struct o2c__calibration *cal, int32_t day)
{
    if (day <= cal->day)
        return;
    for (uint32_t i = 0; i < O2C__CAL_BINS; i++) {
        cal->judged[i] = o2c__decay(cal->judged[i], (int64_t)day - cal->day);
        cal->wrong[i] = o2c__decay(cal->wrong[i], (int64_t)day - cal->day);
    }
    cal->day = day;
}

/* Neighbors that were pooled. */
struct block {
    uint64_t wrong, judged;
    uint32_t bins;
};

static bool
higher(const struct block *a, const struct block *b)
{
    uint64_t high[2], low[2];
    o2c__multiply_wide(a->wrong, b->judged, &high[0], &low[0]);
    o2c__multiply_wide(b->wrong, a->judged, &high[1], &low[1]);
    return high[0] != high[1] ? high[0] > high[1] : low[0] > low[1];
}

static uint32_t
rate_up(const struct block *block)
{
    uint64_t rate = o2c__muldiv_floor(block->wrong, O2C__LINE_UNIT, block->judged);
    if (rate >= O2C__LINE_UNIT)
        return (uint32_t)O2C__LINE_UNIT;
    return (uint32_t)(rate + (rate * block->judged != block->wrong * O2C__LINE_UNIT));
}

void
o2c__cal_fit(struct o2c__calibration *cal)
{
    struct block blocks[O2C__CAL_BINS];
    uint32_t count = 0, bin = 0;
    uint64_t judged = 0;
    for (uint32_t i = 0; i < O2C__CAL_BINS; i++)
        judged += cal->judged[i];
    cal->fitted = judged >= LINES_MIN * O2C__LINE_UNIT;
    memset(cal->q_ppb, 0, sizeof cal->q_ppb);
    if (!cal->fitted)
        return;
    for (uint32_t i = 0; i < O2C__CAL_BINS; i++) {
        blocks[count++] = (struct block){ cal->wrong[i] + (uint64_t)PSEUDO * edges[i], cal->judged[i] + PSEUDO * O2C__LINE_UNIT, 1 };
        for (; count > 1 && higher(&blocks[count - 1], &blocks[count - 2]); count--) {
            blocks[count - 2].wrong += blocks[count - 1].wrong;
            blocks[count - 2].judged += blocks[count - 1].judged;
            blocks[count - 2].bins += blocks[count - 1].bins;
        }
    }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < blocks[i].bins; k++)
            cal->q_ppb[bin++] = rate_up(&blocks[i]);
}

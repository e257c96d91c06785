/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two ascending lists: for which sums of the one is there a sum of the other, so that both together lie between two amounts? One walk up
 * the one and down the other. Which of the two moves is a toss-up that no processor foresees, so nothing branches on it, and four
 * stretches of equal length are walked side by side: each waits for memory and sums of its own.
 */
#include "match/explain.h"

#define LANES 4u

struct lane {
    const int64_t *low, *low_end, *high; /* high: the one to try next, or what stands before the first */
};

/* How many of the high list stay at or below the amount together with this low sum. */
static uint32_t
count_below(const struct o2c__lists *lists, uint32_t at, int64_t most)
{
    uint32_t low = 0, high = lists->high_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (lists->low[at] + lists->high[middle] > most)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The low sum at which so many steps are done: one for every low sum passed, one for every high sum dropped. */
static uint32_t
after_steps(const struct o2c__lists *lists, int64_t most, uint64_t steps)
{
    uint32_t low = 0, high = lists->low_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if ((uint64_t)middle + lists->high_count - count_below(lists, middle, most) < steps)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
cut(const struct o2c__lists *lists, int64_t most, struct lane lanes[LANES])
{
    uint64_t steps = (uint64_t)lists->low_count + lists->high_count - count_below(lists, lists->low_count - 1, most);
    uint32_t at = 0;
    for (uint32_t i = 0; i < LANES; i++) {
        uint32_t end = i + 1 < LANES ? after_steps(lists, most, steps * (i + 1) / LANES) : lists->low_count;
        uint32_t below = at < lists->low_count ? count_below(lists, at, most) : 0;
        end = end < at ? at : end;
        lanes[i] = (struct lane){ lists->low + at, lists->low + end, lists->high + below - 1 };
        at = end;
    }
}

/* A low sum whose largest partner is between the amounts is noted: one comparison, nearly always false. What stands before the first
 * high sum is lower than any amount. */
#define STEP(lane, n)                                                              \
    do {                                                                           \
        int64_t both = *(lane).low + *(lane).high;                                 \
        ptrdiff_t above = both > most;                                             \
        if ((uint64_t)both - (uint64_t)least <= width) {                           \
            if (found[n] == O2C__SCAN_ROOM)                                        \
                return O2C__NONE;                                                  \
            out[(n)*O2C__SCAN_ROOM + found[n]++] = pair_at(lists, &(lane));        \
        }                                                                          \
        (lane).high -= above;                                                      \
        (lane).low += 1 - above;                                                   \
    } while (0)

static struct o2c__pair
pair_at(const struct o2c__lists *lists, const struct lane *lane)
{
    return (struct o2c__pair){ (uint32_t)(lane->low - lists->low), (uint32_t)(lane->high - lists->high) };
}

static uint64_t
left(const struct lane *lane)
{
    return (uint64_t)(lane->low_end - lane->low);
}

uint32_t
o2c__scan(const struct o2c__lists *lists, int64_t least, int64_t most, struct o2c__pair out[O2C__SCAN_PAIRS])
{
    struct lane lanes[LANES];
    uint32_t found[LANES] = { 0 };
    uint64_t width = (uint64_t)most - (uint64_t)least;
    if (lists->low_count == 0 || lists->high_count == 0 || least > most)
        return 0;
    cut(lists, most, lanes);
    struct lane a = lanes[0], b = lanes[1], c = lanes[2], d = lanes[3];
    for (uint64_t steps; (steps = left(&a)) > 0 && left(&b) > 0 && left(&c) > 0 && left(&d) > 0;) {
        steps = left(&b) < steps ? left(&b) : steps;
        steps = left(&c) < steps ? left(&c) : steps;
        steps = left(&d) < steps ? left(&d) : steps;
        for (; steps > 0; steps--) {
            STEP(a, 0);
            STEP(b, 1);
            STEP(c, 2);
            STEP(d, 3);
        }
    }
    while (left(&a) > 0)
        STEP(a, 0);
    while (left(&b) > 0)
        STEP(b, 1);
    while (left(&c) > 0)
        STEP(c, 2);
    while (left(&d) > 0)
        STEP(d, 3);
    for (uint32_t i = 1; i < LANES; i++) {
        memmove(out + found[0], out + i * O2C__SCAN_ROOM, found[i] * sizeof *out);
        found[0] += found[i];
    }
    return found[0];
}

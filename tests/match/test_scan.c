/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of two ascending lists between two amounts: the walk in four lanes finds what looking at every pair finds. */
#include <string.h>

#include "match/explain.h"
#include "support/tap.h"

#define SUMS_MAX 3000u

static uint64_t
draw(uint64_t *state, uint64_t below)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % below;
}

/* Ascending from zero, as sums of sets are; equal ones stand side by side. */
static void
fill(int64_t *sums, uint32_t count, uint64_t step, uint64_t *state)
{
    sums[-1] = O2C__SCAN_BEFORE;
    sums[0] = 0;
    for (uint32_t i = 1; i < count; i++)
        sums[i] = sums[i - 1] + (int64_t)draw(state, step);
}

static uint32_t
look_at_all(const struct o2c__lists *lists, int64_t least, int64_t most, struct o2c__pair *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < lists->low_count; i++)
        for (uint32_t k = lists->high_count; k > 0; k--) {
            int64_t both = lists->low[i] + lists->high[k - 1];
            if (both > most)
                continue;
            if (both >= least)
                out[count++] = (struct o2c__pair){ i, k - 1 };
            break;
        }
    return count;
}

static void
scan__finds_what_looking_at_every_pair_finds(void)
{
    static int64_t low[SUMS_MAX + 1], high[SUMS_MAX + 1];
    static struct o2c__pair expected[SUMS_MAX], found[O2C__SCAN_PAIRS];
    uint64_t state = 71;
    uint32_t full = 0, some = 0;
    for (uint32_t round = 0; round < 600; round++) {
        struct o2c__lists lists = { low + 1, high + 1, 1 + (uint32_t)draw(&state, round % 2 ? 9 : SUMS_MAX),
                                    1 + (uint32_t)draw(&state, round % 3 ? 9 : SUMS_MAX) };
        uint64_t step = 1 + draw(&state, 400);
        fill(low + 1, lists.low_count, step, &state);
        fill(high + 1, lists.high_count, step, &state);
        int64_t all = lists.low[lists.low_count - 1] + lists.high[lists.high_count - 1];
        int64_t least = (int64_t)draw(&state, (uint64_t)all + 20) - 10, most = least + (int64_t)draw(&state, round % 5 ? 4 : 400);
        uint32_t count = look_at_all(&lists, least, most, expected), ours = o2c__scan(&lists, least, most, found);
        if (ours == O2C__NONE) {
            full++;
            CU_ASSERT(count > O2C__SCAN_ROOM);
            continue;
        }
        some += ours > 0;
        CU_ASSERT_EQUAL_FATAL(ours, count);
        CU_ASSERT(memcmp(expected, found, count * sizeof *found) == 0);
    }
    CU_ASSERT(full > 5 && some > 100);
}

static void
scan__bounds_that_nothing_reaches_find_nothing(void)
{
    int64_t low[] = { O2C__SCAN_BEFORE, 0, 5, 9 }, high[] = { O2C__SCAN_BEFORE, 0, 7 };
    const struct o2c__lists lists = { low + 1, high + 1, 3, 2 };
    struct o2c__pair found[O2C__SCAN_PAIRS];
    CU_ASSERT_EQUAL(o2c__scan(&lists, -9, -1, found), 0);
    CU_ASSERT_EQUAL(o2c__scan(&lists, 17, 99, found), 0);
    CU_ASSERT_EQUAL(o2c__scan(&lists, 6, 5, found), 0);
    CU_ASSERT_EQUAL_FATAL(o2c__scan(&lists, 16, 16, found), 1);
    CU_ASSERT(found[0].low == 2 && found[0].high == 1);
}

static const struct tap_test tests[] = {
    { "scan__finds_what_looking_at_every_pair_finds", scan__finds_what_looking_at_every_pair_finds },
    { "scan__bounds_that_nothing_reaches_find_nothing", scan__bounds_that_nothing_reaches_find_nothing },
};

int
main(void)
{
    return tap_run("match/scan", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each stretch asks a table for stretches before it that have the rest of the amount. From left to right: a stretch enters the table when
 * the second one can begin behind it, one item apart. What stands in the table depends on the amounts alone.
 */
#include "match/runs.h"

#define FREE INT64_C(0) /* no stretch adds up to nothing */

static uint32_t
slot_of(const struct o2c__runs *runs, int64_t sum)
{
    return (uint32_t)(o2c__mix((uint64_t)sum, UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (runs->room - 1);
}

uint64_t
o2c__stretches_below(const int64_t *prefix, uint32_t count, int64_t target)
{
    uint64_t stretches = 0;
    for (uint32_t first = 0, end = 0; first < count; first++) {
        end = end > first ? end : first;
        while (end < count && prefix[end + 1] - prefix[first] < target)
            end++;
        stretches += end - first;
    }
    return stretches;
}

/* All stretches that end before item `end`. */
static bool
enter(struct o2c__runs *runs, uint32_t end)
{
    for (uint32_t first = end; first-- > 0 && runs->prefix[end] - runs->prefix[first] < runs->target;) {
        uint32_t at = slot_of(runs, runs->prefix[end] - runs->prefix[first]);
        while (runs->sums[at] != FREE) {
            at = (at + 1) & (runs->room - 1);
            runs->steps++;
        }
        runs->sums[at] = runs->prefix[end] - runs->prefix[first];
        runs->stretches[at] = first << 16 | end;
        if (++runs->steps > runs->steps_max)
            return false;
    }
    return true;
}

/* All pairs whose second stretch begins with item `first`. */
static bool
ask(struct o2c__runs *runs, uint32_t first)
{
    for (uint32_t end = first + 1; end <= runs->count && runs->prefix[end] - runs->prefix[first] < runs->target; end++) {
        int64_t rest = runs->target - (runs->prefix[end] - runs->prefix[first]);
        for (uint32_t at = slot_of(runs, rest); runs->sums[at] != FREE; at = (at + 1) & (runs->room - 1)) {
            const uint32_t pair[4] = { runs->stretches[at] >> 16, runs->stretches[at] & 0xFFFF, first, end };
            if (++runs->steps > runs->steps_max || (runs->sums[at] == rest && !runs->found(runs->self, pair)))
                return false;
        }
        if (++runs->steps > runs->steps_max)
            return false;
    }
    return true;
}

bool
o2c__two_runs(struct o2c__runs *runs)
{
    memset(runs->sums, 0, runs->room * sizeof *runs->sums);
    for (uint32_t first = 2; first < runs->count; first++)
        if (!enter(runs, first - 1) || !ask(runs, first))
            return false;
    return true;
}

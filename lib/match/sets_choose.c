/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a search costs is known before it begins: rows of both halves for meeting in the middle, words of the tables for reachable
 * sums, steps of both streams for the quarters. Branch and bound over a few items costs what it costs; it is asked last
 * (sets_scattered.c).
 */
#include "match/sets_choose.h"

#include "match/quarters.h"
#include "match/sums.h"

/* Lists grow by merging, twice their last length in all, and are walked once for each window. */
static uint64_t
cost_of_halves(const struct o2c__ask *ask)
{
    uint64_t larger = ask->low > ask->high ? ask->low : ask->high;
    if (ask->items > O2C__HALVES_ITEMS || larger > O2C__HALVES_ROWS)
        return UINT64_MAX;
    return o2c__halves_step(larger) * (2 + ask->windows) * (ask->low + ask->high);
}

static uint64_t
cost_of_sums(const struct o2c__ask *ask)
{
    uint64_t units = (uint64_t)(ask->most / ask->unit);
    if (ask->items > O2C__SUMS_ITEMS || units >= O2C__SUMS_BITS ||
        o2c__sums_bytes(ask->items, ask->most, ask->unit, O2C__HITS_MAX) > O2C__SUMS_BYTES)
        return UINT64_MAX;
    return o2c__sums_words(ask->items, ask->most, ask->unit) / O2C__SUMS_PER_OPERATION +
           o2c__sums_bytes(ask->items, ask->most, ask->unit, 0) / sizeof(uint64_t) + 64 * (uint64_t)ask->items;
}

static uint64_t
cost_of_quarters(const struct o2c__ask *ask)
{
    if (ask->items > O2C__QUARTERS_ITEMS)
        return UINT64_MAX;
    return O2C__QUARTERS_STEP * ask->windows * (ask->low + ask->high);
}

/* An estimate: what is four times too many is most likely too many. */
static bool
too_many(const struct o2c__ask *ask)
{
    return ask->sets > 4 * (uint64_t)O2C__HITS_MAX;
}

enum o2c__way
o2c__sets_choose(const struct o2c__ask *ask, uint64_t *out_operations)
{
    const struct {
        enum o2c__way way;
        uint64_t (*cost)(const struct o2c__ask *ask);
    } ways[] = { { O2C__WAY_HALVES, cost_of_halves }, { O2C__WAY_SUMS, cost_of_sums }, { O2C__WAY_QUARTERS, cost_of_quarters } };
    enum o2c__way best = O2C__WAY_NONE;
    uint64_t least = ask->operations;
    for (size_t i = 0; i < O2C__COUNT(ways) && !too_many(ask); i++) {
        uint64_t cost = ways[i].cost(ask);
        if (cost < least) {
            best = ways[i].way;
            least = cost;
        }
    }
    *out_operations = best == O2C__WAY_NONE ? 0 : least;
    return best;
}

int64_t
o2c__unit_of(const int64_t *amounts, uint32_t count)
{
    int64_t unit = 0;
    for (uint32_t i = 0; i < count && unit != 1; i++)
        for (int64_t rest = amounts[i]; rest;) {
            int64_t next = unit % rest;
            unit = rest;
            rest = next;
        }
    return unit ? unit : 1;
}

bool
o2c__may_add_up(const int64_t *amounts, uint32_t count, int64_t unit, int64_t low, int64_t high)
{
    uint64_t rests = 1;
    int64_t first = ((low > 0 ? low : 0) + unit - 1) / unit;
    for (uint32_t i = 0; i < count && rests != UINT64_MAX; i++) {
        uint32_t by = (uint32_t)(amounts[i] / unit % 64);
        rests |= by ? rests << by | rests >> (64 - by) : rests;
    }
    for (int64_t sum = first; sum < first + 64 && sum * unit <= high; sum++)
        if (rests >> (sum % 64) & 1)
            return true;
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Branch and bound over items in the order of their amounts, the largest of a set first; the last two are found by two pointers. An item is
 * left out when even the smallest items beside it are too much, and a branch ends when even the largest are too little.
 */
#include "match/few.h"

struct branch {
    uint32_t at[O2C__FEW_WIDTH];
    int64_t sum[O2C__FEW_WIDTH + 1]; /* of the items before this one */
};

/* First row below `end` whose amount is `least` or more; no step of it depends on a guess. */
static uint32_t
first_from(const struct o2c__few *few, uint32_t end, int64_t least)
{
    uint32_t low = 0;
    while (end > 1) {
        uint32_t half = end / 2;
        low += few->amounts[low + half - 1] < least ? half : 0;
        end -= half;
    }
    return end ? low + (few->amounts[low] < least) : 0;
}

static bool
last_one(struct o2c__few *few)
{
    for (uint32_t i = first_from(few, few->count, few->least); i < few->count && few->amounts[i] <= few->most; i++)
        if (++few->steps > few->steps_max || !few->found(few->self, &i, 1, few->amounts[i]))
            return false;
    few->steps += 4;
    return few->steps <= few->steps_max;
}

/* Two pointers of one branch: rows below `high`, and the sum of the pair that is looked at. */
struct chain {
    const struct branch *branch;
    uint32_t depth, at; /* the item before the last two; without one depth is 0 */
    int64_t sum, least, most;
    uint32_t low, high;
};

static void
chain_start(struct o2c__few *few, struct chain *chain, const struct branch *branch, uint32_t depth, uint32_t end)
{
    chain->branch = branch;
    chain->depth = depth;
    chain->at = end;
    chain->sum = depth ? branch->sum[depth - 1] + few->amounts[end] : 0;
    chain->least = few->least - chain->sum;
    chain->most = few->most - chain->sum;
    chain->high = end < 2 ? 0 : first_from(few, end, chain->most - few->amounts[0] + 1);
    chain->low = chain->high ? first_from(few, chain->high, chain->least - few->amounts[chain->high - 1]) : 0;
    few->steps += chain->high > chain->low ? chain->high - chain->low + 4 : 4;
}

/* All pairs of this smaller one: equal amounts stand side by side, and a window is wider than one amount. */
static bool
report_pairs(struct o2c__few *few, const struct chain *chain, uint32_t low, uint32_t high)
{
    uint32_t at[O2C__FEW_WIDTH];
    for (uint32_t i = 0; i + 1 < chain->depth; i++)
        at[i] = chain->branch->at[i];
    if (chain->depth)
        at[chain->depth - 1] = chain->at;
    at[chain->depth + 1] = low;
    for (uint32_t k = high; k > low + 1 && few->amounts[low] + few->amounts[k - 1] >= chain->least; k--) {
        int64_t sum = chain->sum + few->amounts[low] + few->amounts[k - 1];
        at[chain->depth] = k - 1;
        if (++few->steps > few->steps_max || !few->found(few->self, at, chain->depth + 2, sum))
            return false;
    }
    return true;
}

/* The larger one moves down where the pair is too much, else the smaller one moves up: nobody asks for a pair twice. No branch depends on
 * which of them moves. */
#define CHAIN_STEP(few, chain, low, high)                                                                                                  \
    do {                                                                                                                                   \
        int64_t pair = (few)->amounts[low] + (few)->amounts[(high) - 1];                                                                   \
        bool above = pair > (chain)->most;                                                                                                 \
        bool inside = (uint64_t)pair - (uint64_t)(chain)->least <= (uint64_t)(few)->most - (uint64_t)(few)->least;                         \
        if (O2C__UNLIKELY(inside) && !report_pairs(few, chain, low, high))                                                                 \
            return false;                                                                                                                  \
        (high) -= above;                                                                                                                   \
        (low) += !above;                                                                                                                   \
    } while (0)

static bool
chain_finish(struct o2c__few *few, const struct chain *chain, uint32_t low, uint32_t high)
{
    while (low + 1 < high)
        CHAIN_STEP(few, chain, low, high);
    return few->steps <= few->steps_max;
}

/* Each step waits for the one before it, so two branches walk side by side. */
static bool
chain_both(struct o2c__few *few, const struct chain *a, const struct chain *b)
{
    uint32_t a_low = a->low, a_high = a->high, b_low = b->low, b_high = b->high;
    if (few->steps > few->steps_max)
        return false;
    while (a_low + 1 < a_high && b_low + 1 < b_high) {
        CHAIN_STEP(few, a, a_low, a_high);
        CHAIN_STEP(few, b, b_low, b_high);
    }
    return chain_finish(few, a, a_low, a_high) && chain_finish(few, b, b_low, b_high);
}

/* All pairs below each item from `low` to before `next`. */
static bool
last_three(struct o2c__few *few, const struct branch *branch, uint32_t depth, uint32_t low, uint32_t next)
{
    struct chain a, b;
    for (; next > low + 1; next -= 2) {
        chain_start(few, &a, branch, depth + 1, next - 1);
        chain_start(few, &b, branch, depth + 1, next - 2);
        if (!chain_both(few, &a, &b))
            return false;
    }
    if (next <= low)
        return true;
    chain_start(few, &a, branch, depth + 1, next - 1);
    return chain_finish(few, &a, a.low, a.high);
}

/* Rows of the next item of a branch that still needs `left` items below row `end`: from the smallest that suffices. */
static uint32_t
lowest(const struct o2c__few *few, int64_t sum, uint32_t left, uint32_t end)
{
    uint32_t low = left - 1, high = end; /* the left − 1 others stand below it */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (sum + few->prefix[middle + 1] - few->prefix[middle + 1 - left] < few->least)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t
highest(const struct o2c__few *few, int64_t sum, uint32_t left, uint32_t end)
{
    return first_from(few, end, few->most - sum - few->prefix[left - 1] + 1);
}

static bool
last_two(struct o2c__few *few)
{
    struct chain chain;
    struct branch none = { .sum = { 0 } };
    chain_start(few, &chain, &none, 0, few->count);
    return chain_finish(few, &chain, chain.low, chain.high);
}

bool
o2c__few_sets(struct o2c__few *few, uint32_t width)
{
    struct branch branch = { .sum = { 0 } };
    uint32_t low[O2C__FEW_WIDTH], next[O2C__FEW_WIDTH], depth = 0;
    if (width == 0 || width > O2C__FEW_WIDTH || width > few->count)
        return true;
    if (width <= 2)
        return width == 1 ? last_one(few) : last_two(few);
    low[0] = lowest(few, 0, width, few->count);
    next[0] = highest(few, 0, width, few->count);
    while (true) {
        few->steps += 8;
        uint32_t left = width - depth;
        bool done = next[depth] <= low[depth];
        if (left == 3 && !last_three(few, &branch, depth, low[depth], next[depth]))
            return false;
        if (left == 3 || done) {
            if (depth-- == 0)
                return true;
            continue;
        }
        uint32_t at = --next[depth];
        branch.at[depth] = at;
        branch.sum[depth + 1] = branch.sum[depth] + few->amounts[at];
        depth++;
        low[depth] = lowest(few, branch.sum[depth], left - 1, at);
        next[depth] = highest(few, branch.sum[depth], left - 1, at);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items that no posting can tell apart (MATCHER 5.7): one item account, offered amount, discount tiers, dimension set, flags and
 * kind. Their due days may differ.
 */
#include "match/index.h"
#include "match/pool.h"

static int
compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int64_t
offered(const o2c_match_pool *pool, uint32_t item)
{
    int64_t held = o2c__pool_earmarked(pool, item);
    return pool->open[item] < 0 ? pool->open[item] + held : pool->open[item] - held;
}

/* Zero for items that are interchangeable. The original amount counts where a discount is a share of it. */
static int
compare_items(const void *self, uint32_t a, uint32_t b)
{
    const o2c_match_pool *pool = self;
    int64_t x = offered(pool, a), y = offered(pool, b);
    if (x != y)
        return x < y ? -1 : 1;
    int order = compare_u64(pool->discount[a], pool->discount[b]);
    if (!order && pool->discount[a])
        order = compare_u64((uint64_t)pool->original[a], (uint64_t)pool->original[b]);
    if (!order)
        order = compare_u64(pool->flags[a], pool->flags[b]);
    if (!order)
        order = compare_u64(pool->kind[a], pool->kind[b]);
    return order ? order : compare_u64(pool->echo[a].dimension_set, pool->echo[b].dimension_set);
}

#define AHEAD 16u /* items in the order of amounts stand anywhere: they are asked for before they are needed */

static inline void
ask_ahead(const o2c_match_pool *pool, uint32_t at)
{
    if (at + AHEAD >= pool->open_count)
        return;
    uint32_t item = pool->index->amounts[at + AHEAD];
    o2c__ask(&pool->open[item]);
    o2c__ask(&pool->item_account[item]);
}

/* Members get the number of their first item: the lowest column, as the sort is stable. */
static void
number_classes(o2c_match_pool *pool, const uint32_t *sorted, uint32_t n)
{
    for (uint32_t first = 0, last; first < n; first = last) {
        for (last = first + 1; last < n && compare_items(pool, sorted[first], sorted[last]) == 0; last++)
            ;
        for (uint32_t i = first; last - first > 1 && i < last; i++)
            pool->interchange[sorted[i]] = sorted[first];
    }
}

static void
number_sorted(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t n)
{
    o2c__sort(freezer->numbers, freezer->scratch, n, compare_items, pool);
    number_classes(pool, freezer->numbers, n);
}

/* Where amounts are earmarked, items of unlike open amounts may be offered alike: every account is sorted. */
static void
classes_of_accounts(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    for (uint32_t i = 0; i < pool->item_accounts_count; i++) {
        const struct o2c__item_account *in = &pool->item_accounts[i];
        for (uint32_t k = 0; k < in->count; k++)
            freezer->numbers[k] = in->first + k;
        if (in->count > 1)
            number_sorted(pool, freezer, in->count);
    }
}

/* Else the index of amounts has equal ones side by side, and in it those of one account: few are left to compare. */
static void
classes_of_amounts(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    const uint32_t *amounts = pool->index->amounts;
    for (uint32_t first = 0, last; first < pool->open_count; first = last) {
        uint32_t home = pool->item_account[amounts[first]];
        int64_t open = pool->open[amounts[first]];
        ask_ahead(pool, first);
        for (last = first + 1; last < pool->open_count; last++)
            if (pool->open[amounts[last]] != open || pool->item_account[amounts[last]] != home)
                break;
        if (last - first < 2)
            continue;
        memcpy(freezer->numbers, amounts + first, (last - first) * sizeof *amounts);
        number_sorted(pool, freezer, last - first);
    }
}

/* The same where the amounts stand beside their columns in that order: only equal ones are looked up. */
static void
classes_of_narrow(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    const uint64_t *rows = freezer->amounts;
    for (uint32_t first = 0, last; first < pool->open_count; first = last) {
        for (last = first + 1; last < pool->open_count && rows[last] >> 32 == rows[first] >> 32; last++)
            if (pool->item_account[(uint32_t)rows[last]] != pool->item_account[(uint32_t)rows[first]])
                break;
        if (last - first < 2)
            continue;
        memcpy(freezer->numbers, pool->index->amounts + first, (last - first) * sizeof *freezer->numbers);
        number_sorted(pool, freezer, last - first);
    }
}

#define NO_AMOUNT 0x80000000u /* no narrow amount: is_narrow left it out */

static void
measure_narrow(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    const uint64_t *rows = freezer->amounts;
    uint32_t *before = freezer->numbers;
    for (uint32_t i = 0; i < pool->item_accounts_count; i++)
        before[i] = NO_AMOUNT;
    for (uint32_t i = 0; i < pool->open_count; i++) {
        uint32_t at = pool->item_account[(uint32_t)rows[i]], amount = (uint32_t)(rows[i] >> 32);
        if (i + AHEAD < pool->open_count)
            o2c__ask(&pool->item_account[(uint32_t)rows[i + AHEAD]]);
        int64_t step = before[at] == NO_AMOUNT ? INT64_MAX : (int64_t)(int32_t)amount - (int32_t)before[at];
        if (step < pool->item_accounts[at].gap)
            pool->item_accounts[at].gap = step;
        before[at] = amount;
    }
}

/* In the index of amounts the items of one account ascend: the smallest step between two of them is its gap. */
static void
measure_gaps(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    uint32_t *before = freezer->numbers;
    memset(before, 0xFF, pool->item_accounts_count * sizeof *before);
    for (uint32_t i = 0; i < pool->open_count; i++) {
        uint32_t item = pool->index->amounts[i], at = pool->item_account[item];
        ask_ahead(pool, i);
        int64_t step = before[at] == O2C__NONE ? INT64_MAX : pool->open[item] - pool->open[before[at]];
        if (step < pool->item_accounts[at].gap)
            pool->item_accounts[at].gap = step;
        before[at] = item;
    }
}

void
o2c__freeze_classes(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    if (freezer->amounts)
        measure_narrow(pool, freezer);
    else
        measure_gaps(pool, freezer);
    if (pool->earmarks_count)
        classes_of_accounts(pool, freezer);
    else if (freezer->amounts)
        classes_of_narrow(pool, freezer);
    else
        classes_of_amounts(pool, freezer);
}

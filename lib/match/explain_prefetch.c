/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns of a whole batch on their way before the first explanation reads one: each step waits for memory once, not per payment. What
 * a payment will cite is asked for, and of its pool only what explaining a pool of plain debits reads.
 */
#include "match/quick.h"

static uint32_t
hits_of(const struct o2c__case *one)
{
    return one->hits_count < O2C__QUICK_HITS ? one->hits_count : O2C__QUICK_HITS;
}

/* What is read of a cited item, and echoed in its line. */
static void
ask_for_items(const o2c_match_pool *pool, const struct o2c__case *one)
{
    for (uint32_t h = 0; h < hits_of(one); h++) {
        uint32_t item = one->hits[h].item;
        if (item >= pool->open_count)
            continue;
        o2c__ask_row(&pool->echo[item], offsetof(struct o2c__echo, earmarked_by));
        o2c__ask_row(&pool->item_accounts[pool->item_account[item]], sizeof *pool->item_accounts);
        o2c__ask(&pool->flags[item]);
        o2c__ask(&pool->discount[item]);
        o2c__ask(&pool->open[item]);
    }
}

static const struct o2c__item_account *
first_home(const o2c_match_pool *pool, const struct o2c__case *one)
{
    if (one->hits_count == 0 || one->hits[0].item >= pool->open_count)
        return NULL;
    return &pool->item_accounts[pool->item_account[one->hits[0].item]];
}

/* One item alone of plain debits is explained by what is known of the pool; several are compared with each other item. */
static void
ask_for_pool(const o2c_match_pool *pool, const struct o2c__case *one, const struct o2c__item_account *home)
{
    uint32_t last = home->first + (home->count < 64 ? home->count : 64) - 1;
    o2c__ask_row(&pool->accounts[home->account], sizeof *pool->accounts);
    if (!home->marks && one->hits_count == 1)
        return;
    for (uint32_t item = home->first; item <= last; item += 8)
        o2c__ask(&pool->open[item]);
    o2c__ask(&pool->open[last]);
    if (!home->marks)
        return;
    for (uint32_t item = home->first; item <= last; item += 32)
        o2c__ask(&pool->kind[item]);
    for (uint32_t item = home->first; item <= last; item += 16)
        o2c__ask(&pool->discount[item]);
}

static void
ask_for_strings(const o2c_match_pool *pool, const struct o2c__case *one, const struct o2c__item_account *home)
{
    const char *heap = pool->heap.bytes.rows;
    o2c__ask(heap + pool->accounts[home->account].key.at);
    for (uint32_t h = 0; h < hits_of(one); h++)
        if (one->hits[h].item < pool->open_count) {
            o2c_ref key = pool->echo[one->hits[h].item].key;
            o2c__ask(heap + key.at);
            o2c__ask(heap + key.at + key.len);
        }
}

void
o2c__explain_prefetch(const struct o2c__solve *solve, const struct o2c__case *cases, uint32_t count)
{
    const o2c_match_pool *pool = solve->pool;
    for (uint32_t i = 0; i < count; i++)
        ask_for_items(pool, &cases[i]);
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__item_account *home = first_home(pool, &cases[i]);
        if (home)
            ask_for_pool(pool, &cases[i], home);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__item_account *home = first_home(pool, &cases[i]);
        if (home)
            ask_for_strings(pool, &cases[i], home);
    }
}

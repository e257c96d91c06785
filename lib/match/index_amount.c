/* SPDX-License-Identifier: Apache-2.0 */
/* Open items by amount: who could a payer be whose amount fits exactly one item? */
#include "match/index.h"
#include "match/pool.h"

/* All open amounts in 32 bits each, signs included: their low halves have the order of the whole ones. */
static bool
is_narrow(const o2c_match_pool *pool)
{
    int64_t most = 0, least = 0;
    for (uint32_t i = 0; i < pool->open_count; i++) {
        most = pool->open[i] > most ? pool->open[i] : most;
        least = pool->open[i] < least ? pool->open[i] : least;
    }
    return most <= INT32_MAX && least > INT32_MIN;
}

static void
sort_narrow(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    uint64_t *rows = (uint64_t *)(void *)freezer->keys;
    for (uint32_t i = 0; i < pool->open_count; i++)
        rows[i] = (uint64_t)(uint32_t)pool->open[i] << 32 | i;
    rows = o2c__sort_narrow(rows, (uint64_t *)(void *)freezer->spare, pool->open_count);
    for (uint32_t i = 0; i < pool->open_count; i++)
        pool->index->amounts[i] = (uint32_t)rows[i];
    freezer->amounts = rows;
}

static void
sort_wide(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    for (uint32_t i = 0; i < pool->open_count; i++)
        freezer->keys[i] = (struct o2c__sort_row){ (uint64_t)pool->open[i], i, 0 };
    o2c__sort_keys(&freezer->keys, &freezer->spare, pool->open_count);
    for (uint32_t i = 0; i < pool->open_count; i++)
        pool->index->amounts[i] = freezer->keys[i].row;
}

o2c_status
o2c__index_amounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    size_t n = pool->open_count;
    if (n == 0)
        return O2C_OK;
    pool->index->amounts = o2c__alloc_array(&pool->context.memory, n, sizeof *pool->index->amounts);
    if (!pool->index->amounts)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the index of amounts");
    /* The order of rows stands: their keys make room. Credits come behind all that is owed: only equality is ever asked for. */
    if (is_narrow(pool))
        sort_narrow(pool, freezer);
    else
        sort_wide(pool, freezer);
    return O2C_OK;
}

static uint32_t
first_at_least(const o2c_match_pool *pool, uint64_t amount)
{
    uint32_t low = 0, high = pool->open_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if ((uint64_t)pool->open[pool->index->amounts[middle]] < amount)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t
o2c__index_amount(const o2c_match_pool *pool, int64_t amount, uint32_t *out_count)
{
    uint32_t first = first_at_least(pool, (uint64_t)amount);
    *out_count = first_at_least(pool, (uint64_t)amount + 1) - first;
    return first;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Open items by amount: who could a payer be whose amount fits exactly one item? */
#include "match/index.h"
#include "match/pool.h"

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
    for (uint32_t i = 0; i < n; i++)
        freezer->keys[i] = (struct o2c__sort_row){ (uint64_t)pool->open[i], i, 0 };
    o2c__sort_keys(&freezer->keys, &freezer->spare, n);
    for (uint32_t i = 0; i < n; i++)
        pool->index->amounts[i] = freezer->keys[i].row;
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

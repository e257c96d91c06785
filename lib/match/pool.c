/* SPDX-License-Identifier: Apache-2.0 */
/* A pool of open items: made, counted, freed. */
#include "match/index.h"
#include "match/pool.h"

static void
rows_init(o2c_match_pool *pool, struct o2c__pool_rows *rows)
{
    o2c__memory *memory = &pool->context.memory;
    memset(rows, 0, sizeof *rows);
    o2c__text_heap_init(&rows->side, memory);
    o2c__text_heap_init(&rows->heap, memory);
    o2c__vector_init(&rows->items, memory, sizeof(struct o2c__item_row));
    o2c__vector_init(&rows->accounts.refs, memory, sizeof(o2c_ref));
    o2c__vector_init(&rows->combos.refs, memory, sizeof(o2c_ref));
    o2c__vector_init(&rows->discounts.refs, memory, sizeof(o2c_ref));
    o2c__vector_init(&rows->groups.refs, memory, sizeof(o2c_ref));
    o2c__vector_init(&rows->references, memory, sizeof(o2c_reference));
    o2c__vector_init(&rows->accounts_put, memory, sizeof(o2c_account));
    o2c__vector_init(&rows->aliases, memory, sizeof(o2c_alias));
    o2c__vector_init(&rows->bank_accounts, memory, sizeof(o2c_bank_account));
    o2c__vector_init(&rows->expected, memory, sizeof(struct o2c__expected_row));
    o2c__vector_init(&rows->ties, memory, sizeof(o2c_tie));
}

o2c_status
o2c_match_pool_new(const o2c_env *env, const o2c_match_pool_options *options, o2c_match_pool **out_pool, o2c_error *err)
{
    o2c__context context;
    o2c_match_pool_options read;
    if (!out_pool)
        return o2c__fail(err, O2C_E_MISUSE, "out_pool", "out_pool is NULL");
    o2c_status status = o2c__context_init(&context, env, UINT64_MAX, err);
    if (!status)
        status = o2c__options_read(options, &read, sizeof read, sizeof read, "pool_options", err);
    if (status)
        return status;
    if (read.reserved)
        return o2c__fail(err, O2C_E_ABI, "pool_options.reserved", "a reserved field is not zero");
    o2c_match_pool *pool = o2c__alloc_zero(&context.memory, 1, sizeof *pool);
    struct o2c__pool_rows *rows = pool ? o2c__alloc(&context.memory, sizeof *rows) : NULL;
    if (!rows) {
        o2c__release(&context.memory, pool, sizeof *pool);
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a pool");
    }
    pool->context = context;
    pool->rows = rows;
    rows_init(pool, rows);
    rows->items_hint = read.items_hint < O2C__POOL_ITEMS_MAX ? read.items_hint : O2C__POOL_ITEMS_MAX;
    *out_pool = pool;
    return O2C_OK;
}

void
o2c_match_pool_free(o2c_match_pool *pool)
{
    if (!pool)
        return;
    o2c__pool_columns_free(pool);
    o2c__pool_rows_free(pool, pool->rows);
    /* The accountant stands in the block that goes last. */
    o2c__memory memory = pool->context.memory;
    o2c__release(&memory, pool, sizeof *pool);
}

uint64_t
o2c_match_pool_count(const o2c_match_pool *pool)
{
    return !pool ? 0 : pool->frozen ? pool->count : pool->rows->live;
}

void
o2c_match_pool_bytes(const o2c_match_pool *pool, uint64_t *out_matched, uint64_t *out_echoed)
{
    uint64_t matched = pool && pool->frozen ? o2c__index_matched_bytes(pool) : 0;
    if (out_matched)
        *out_matched = matched;
    if (out_echoed)
        *out_echoed = pool ? pool->context.memory.used - matched : 0;
}

int64_t
o2c__pool_earmarked(const o2c_match_pool *pool, uint32_t item)
{
    if (!pool->earmark_bits || !(pool->earmark_bits[item / 64] >> item % 64 & 1))
        return 0;
    uint32_t low = 0, high = pool->earmarks_count; /* it is there */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (pool->earmark_items[middle] <= item)
            low = middle;
        else
            high = middle;
    }
    return pool->earmarked[low];
}

/* Company × currency of a closed item, which belongs to no item account. */
static o2c_str
closed_combo(const o2c_match_pool *pool, uint32_t item)
{
    return o2c__interned_str(pool, &pool->rows->combos, pool->rows->closed_combo[item - pool->open_count]);
}

o2c_str
o2c__pool_currency(const o2c_match_pool *pool, uint32_t item)
{
    if (item < pool->open_count)
        return (o2c_str){ pool->item_accounts[pool->item_account[item]].currency, 3 };
    return (o2c_str){ closed_combo(pool, item).ptr, 3 };
}

o2c_str
o2c__pool_company(const o2c_match_pool *pool, uint32_t item)
{
    if (item < pool->open_count)
        return o2c__pool_str(pool, pool->companies[pool->item_accounts[pool->item_account[item]].company]);
    o2c_str combo = closed_combo(pool, item);
    return (o2c_str){ combo.ptr + 4, combo.len - 4 };
}

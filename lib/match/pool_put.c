/* SPDX-License-Identifier: Apache-2.0 */
/* The public puts: rows are checked, the pool thaws, the rows go in, and a failure takes all of it back. */
#include "match/pool.h"

static o2c_status
put_all(o2c_match_pool *pool, const o2c_master *master, o2c_error *err)
{
    o2c_status status = o2c__put_accounts(pool, master->accounts, master->accounts_count, master->heap, err);
    if (!status && master->items_count)
        status = o2c__put_items(pool, master->items, master->items_count, master->heap, err);
    if (!status)
        status = o2c__put_references(pool, master->references, master->references_count, master->heap, err);
    if (!status)
        status = o2c__put_aliases(pool, master->aliases, master->aliases_count, master->heap, err);
    if (!status)
        status = o2c__put_bank_accounts(pool, master->bank_accounts, master->bank_accounts_count, master->heap, err);
    return status ? status : o2c__put_ties(pool, master->ties, master->ties_count, master->heap, err);
}

/* Items are checked before the pool thaws, so that a bad row costs nothing; everything is taken back when a row is refused later. */
static o2c_status
put(o2c_match_pool *pool, const o2c_master *master, o2c_error *err)
{
    for (uint64_t i = 0; i < master->items_count; i++) {
        o2c_status status = o2c__check_item(pool, &master->items[i], i, master->heap, err);
        if (status)
            return status;
    }
    bool frozen = pool->frozen;
    o2c_status status = o2c__pool_thaw(pool, err);
    if (status)
        return status;
    struct o2c__pool_mark mark = o2c__pool_mark(pool);
    if (master->accounts_count || master->aliases_count || master->bank_accounts_count || master->ties_count)
        pool->rows->side_changed = true;
    status = put_all(pool, master, err);
    if (!status) {
        o2c__pool_thawed(pool);
        return O2C_OK;
    }
    o2c__pool_back(pool, &mark);
    if (frozen)
        o2c__pool_thaw_undo(pool);
    return status;
}

static bool
whole(const void *rows, uint64_t count, const o2c_str *heap)
{
    return count == 0 || (rows && heap && (heap->ptr || heap->len == 0));
}

static o2c_status
misuse(o2c_error *err, const o2c_match_pool *pool)
{
    return o2c__fail(err, O2C_E_MISUSE, pool ? "rows" : "pool", "a pointer is NULL");
}

static o2c_str
heap_of(const o2c_str *heap)
{
    return heap ? *heap : (o2c_str){ "", 0 };
}

o2c_status
o2c_match_pool_put_items(o2c_match_pool *pool, const o2c_open_item *rows, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(rows, count, heap))
        return misuse(err, pool);
    return put(pool, &(o2c_master){ .items = rows, .items_count = count, .heap = heap_of(heap) }, err);
}

o2c_status
o2c_match_pool_put_references(o2c_match_pool *pool, const o2c_reference *rows, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(rows, count, heap))
        return misuse(err, pool);
    return put(pool, &(o2c_master){ .references = rows, .references_count = count, .heap = heap_of(heap) }, err);
}

o2c_status
o2c_match_pool_put_accounts(o2c_match_pool *pool, const o2c_account *rows, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(rows, count, heap))
        return misuse(err, pool);
    return put(pool, &(o2c_master){ .accounts = rows, .accounts_count = count, .heap = heap_of(heap) }, err);
}

o2c_status
o2c_match_pool_put_aliases(o2c_match_pool *pool, const o2c_alias *rows, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(rows, count, heap))
        return misuse(err, pool);
    return put(pool, &(o2c_master){ .aliases = rows, .aliases_count = count, .heap = heap_of(heap) }, err);
}

o2c_status
o2c_match_pool_put_bank_accounts(o2c_match_pool *pool, const o2c_bank_account *rows, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(rows, count, heap))
        return misuse(err, pool);
    return put(pool, &(o2c_master){ .bank_accounts = rows, .bank_accounts_count = count, .heap = heap_of(heap) }, err);
}

o2c_status
o2c_match_pool_put_ties(o2c_match_pool *pool, const o2c_tie *rows, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(rows, count, heap))
        return misuse(err, pool);
    return put(pool, &(o2c_master){ .ties = rows, .ties_count = count, .heap = heap_of(heap) }, err);
}

/* Nothing of the indexes depends on what is expected, so they are carried over. */
static o2c_status
put_or_drop_expected(o2c_match_pool *pool, const o2c_expected *rows, const o2c_ref *gone, uint64_t count, o2c_str heap, o2c_error *err)
{
    bool frozen = pool->frozen;
    o2c_status status = o2c__pool_thaw(pool, err);
    if (status)
        return status;
    struct o2c__pool_mark mark = o2c__pool_mark(pool);
    status = rows ? o2c__put_expected(pool, rows, count, heap, err) : o2c__drop_expected(pool, gone, count, heap, err);
    if (!status) {
        o2c__pool_thawed(pool);
        return O2C_OK;
    }
    o2c__pool_back(pool, &mark);
    if (frozen)
        o2c__pool_thaw_undo(pool);
    return status;
}

o2c_status
o2c_match_pool_put_expected(o2c_match_pool *pool, const o2c_expected *rows, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(rows, count, heap))
        return misuse(err, pool);
    return count == 0 ? O2C_OK : put_or_drop_expected(pool, rows, NULL, count, heap_of(heap), err);
}

o2c_status
o2c_match_pool_drop_expected(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || !whole(keys, count, heap))
        return misuse(err, pool);
    return count == 0 ? O2C_OK : put_or_drop_expected(pool, NULL, keys, count, heap_of(heap), err);
}

o2c_status
o2c_match_pool_put(o2c_match_pool *pool, const o2c_master *master, o2c_error *err)
{
    o2c_master copy;
    if (!pool || !master)
        return misuse(err, pool);
    o2c_status status = o2c__options_read(master, &copy, sizeof copy, sizeof copy, "master", err);
    if (status)
        return status;
    const o2c_str *heap = &copy.heap;
    if (!whole(copy.items, copy.items_count, heap) || !whole(copy.references, copy.references_count, heap) ||
        !whole(copy.accounts, copy.accounts_count, heap) || !whole(copy.aliases, copy.aliases_count, heap) ||
        !whole(copy.bank_accounts, copy.bank_accounts_count, heap) || !whole(copy.ties, copy.ties_count, heap))
        return misuse(err, pool);
    return put(pool, &copy, err);
}

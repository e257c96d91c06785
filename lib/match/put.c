/* SPDX-License-Identifier: Apache-2.0 */
/* Items into a pool and out of it, by key. What fails leaves the pool as it was. */
#include "match/pool.h"

#define AHEAD 16u /* keys asked for before they are needed */

static o2c_str
part(o2c_ref ref, o2c_str heap)
{
    return o2c__ref_str(ref, heap);
}

static bool
copy(o2c_match_pool *pool, o2c_ref from, o2c_str heap, o2c_ref *out)
{
    o2c_str text = part(from, heap);
    return o2c__text_heap_add(&pool->rows->heap, text.ptr, text.len, out);
}

static bool
intern_groups(o2c_match_pool *pool, const o2c_open_item *from, struct o2c__item_row *row)
{
    const uint32_t three[3] = { from->terms_group, from->order_group, from->statement_group };
    if (from->kind == O2C_ITEM_CLOSED || !(three[0] || three[1] || three[2]))
        return true;
    if (!o2c__intern(pool, &pool->rows->groups, (o2c_str){ (const char *)three, sizeof three }, &row->groups))
        return false;
    row->groups++;
    return true;
}

/* Account, company × currency and discount tiers as numbers; the row before has the same ones more often than not. */
static bool
intern_parts(o2c_match_pool *pool, const o2c_open_item *from, o2c_str heap, struct o2c__item_row *row)
{
    struct o2c__pool_rows *rows = pool->rows;
    o2c_str company = part(from->company, heap);
    char combo[12];
    memcpy(combo, from->currency, 4);
    if (company.len)
        memcpy(combo + 4, company.ptr, company.len);
    if (!o2c__intern(pool, &rows->accounts, part(from->account, heap), &row->account) ||
        !o2c__intern(pool, &rows->combos, (o2c_str){ combo, 4 + company.len }, &row->combo))
        return false;
    if (!intern_groups(pool, from, row))
        return false;
    if (from->discount[0].set == O2C_DISCOUNT_NONE && from->discount[1].set == O2C_DISCOUNT_NONE)
        return true;
    if (!o2c__intern(pool, &rows->discounts, (o2c_str){ (const char *)from->discount, sizeof from->discount }, &row->discount))
        return false;
    row->discount++;
    return true;
}

static void
copy_numbers(const o2c_open_item *from, struct o2c__item_row *row)
{
    row->host_ref = from->host_ref;
    row->version = from->version;
    row->dimension_set = from->dimension_set;
    row->open = from->open_minor;
    row->original = from->original_minor ? from->original_minor : from->open_minor;
    row->earmarked = from->earmarked_minor;
    row->document_day = from->document_day;
    row->due_day = from->due_day;
    row->closed_day = from->closed_day;
    row->kind = (uint16_t)from->kind;
    row->flags = (uint16_t)from->flags;
}

/* Rows of one call: the number of the first, and their strings. */
struct putting {
    uint32_t first;
    o2c_str heap;
};

/* Takes the place of a row with its key; a second row with that key in this call is refused. */
static o2c_status
take_place(o2c_match_pool *pool, uint32_t row, const struct putting *putting, uint64_t index, o2c_str key, uint64_t hash, o2c_error *err)
{
    struct o2c__item_row *now = o2c__pool_item_row(pool, row);
    uint32_t old;
    if (!o2c__pool_key_take(pool, key, hash, row, putting->first, &old))
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "open_item.key", index, "the key stands twice in these rows");
    if (old != O2C__NONE && !o2c__pool_row_dead(pool, old)) {
        o2c__pool_row_bury(pool, old, true);
        now->replaces = old;
    } else {
        pool->rows->live++;
    }
    return O2C_OK;
}

static o2c_status
put_item(o2c_match_pool *pool, const o2c_open_item *from, const struct putting *putting, uint64_t index, uint64_t hash, o2c_error *err)
{
    o2c_str heap = putting->heap;
    struct o2c__pool_rows *rows = pool->rows;
    struct o2c__item_row row = { .replaces = O2C__NONE };
    copy_numbers(from, &row);
    if (!intern_parts(pool, from, heap, &row) || !copy(pool, from->key, heap, &row.key) ||
        !copy(pool, from->document, heap, &row.document) || !copy(pool, from->earmarked_by, heap, &row.earmarked_by) ||
        !copy(pool, from->cleared_by, heap, &row.cleared_by))
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the items");
    struct o2c__item_row *to = o2c__vector_add_many(&rows->items, 1);
    if (!to)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the items");
    *to = row;
    return take_place(pool, o2c__pool_rows_count(pool) - 1, putting, index, part(from->key, heap), hash, err);
}

/* A row is some cache lines long, and they are read in no order that a machine foresees. */
static inline void
ask_for_row(const o2c_open_item *row)
{
    for (size_t at = 0; at < sizeof *row; at += 64)
        o2c__ask((const char *)row + at);
}

o2c_status
o2c__put_items(o2c_match_pool *pool, const o2c_open_item *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    const struct putting putting = { o2c__pool_rows_count(pool), heap };
    uint64_t hashes[AHEAD]; /* of the keys that were asked for */
    if (count > O2C__POOL_ITEMS_MAX - putting.first)
        return o2c__fail(err, O2C_E_LIMIT, "items", "a pool holds at most %u rows of items", O2C__POOL_ITEMS_MAX);
    if (!o2c__vector_reserve(&pool->rows->items, (size_t)count) || !o2c__pool_keys_reserve(pool, count))
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the items");
    for (uint64_t i = 0; i < AHEAD && i < count; i++)
        hashes[i] = o2c__pool_key_ask(pool, part(rows[i].key, heap));
    for (uint64_t i = 0; i < count; i++) {
        o2c_status status = put_item(pool, &rows[i], &putting, i, hashes[i % AHEAD], err);
        if (status)
            return status;
        if (i + AHEAD < count)
            hashes[i % AHEAD] = o2c__pool_key_ask(pool, part(rows[i + AHEAD].key, heap));
        if (i + 2 * AHEAD < count)
            ask_for_row(&rows[i + 2 * AHEAD]);
    }
    return O2C_OK;
}

/* ---- drop: a row is marked first, and every mark is taken back when one key is not there */
static void
revive(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, o2c_str heap)
{
    for (uint64_t i = 0; i < count; i++) {
        o2c__pool_row_bury(pool, o2c__pool_row(pool, part(keys[i], heap)), false);
        pool->rows->live++;
    }
}

static o2c_status
drop_items(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, o2c_str heap, o2c_error *err)
{
    for (uint64_t i = 0; i < count; i++) {
        uint32_t row = o2c__ref_inside(keys[i], heap) ? o2c__pool_row(pool, part(keys[i], heap)) : O2C__NONE;
        if (row == O2C__NONE || o2c__pool_row_dead(pool, row)) {
            revive(pool, keys, i, heap);
            return o2c__fail_row(err, O2C_E_MATCH_KEY, "keys", i, "the pool has no such item, or the key stands twice");
        }
        o2c__pool_row_bury(pool, row, true);
        pool->rows->live--;
    }
    return O2C_OK;
}

o2c_status
o2c_match_pool_drop_items(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, const o2c_str *heap, o2c_error *err)
{
    if (!pool || (count > 0 && (!keys || !heap)))
        return o2c__fail(err, O2C_E_MISUSE, pool ? "keys" : "pool", "a pointer is NULL");
    if (count == 0)
        return O2C_OK;
    bool frozen = pool->frozen;
    o2c_status status = o2c__pool_thaw(pool, err);
    if (status)
        return status;
    status = drop_items(pool, keys, count, *heap, err);
    if (!status)
        o2c__pool_thawed(pool);
    else if (frozen)
        o2c__pool_thaw_undo(pool);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Rows gathered into columns. */
#include "match/index.h"
#include "match/pool.h"

#define AHEAD 12u /* rows are read in a random order: ask for them before they are needed */

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
}

bool
o2c__columns_new(o2c_match_pool *pool)
{
    o2c__memory *memory = &pool->context.memory;
    size_t n = pool->count, closed = n - pool->open_count;
    if (n > 0) {
        pool->open = o2c__alloc_array(memory, n, sizeof *pool->open);
        pool->original = o2c__alloc_array(memory, n, sizeof *pool->original);
        pool->due = o2c__alloc_array(memory, n, sizeof *pool->due);
        pool->document_day = o2c__alloc_array(memory, n, sizeof *pool->document_day);
        pool->item_account = o2c__alloc_array(memory, n, sizeof *pool->item_account);
        pool->kind = o2c__alloc_array(memory, n, sizeof *pool->kind);
        pool->flags = o2c__alloc_array(memory, n, sizeof *pool->flags);
        pool->discount = o2c__alloc_array(memory, n, sizeof *pool->discount);
        pool->interchange = o2c__alloc_array(memory, n, sizeof *pool->interchange);
        pool->echo = o2c__alloc_array(memory, n, sizeof *pool->echo);
    }
    if (closed > 0) {
        pool->closed_day = o2c__alloc_array(memory, closed, sizeof *pool->closed_day);
        pool->rows->closed_combo = o2c__alloc_array(memory, closed, sizeof *pool->rows->closed_combo);
    }
    bool open = n == 0 || (pool->open && pool->original && pool->due && pool->document_day && pool->item_account && pool->kind &&
                           pool->flags && pool->discount && pool->interchange && pool->echo);
    return open && (closed == 0 || (pool->closed_day && pool->rows->closed_combo));
}

/* A string of a row, behind those that the heap of the columns has already. */
static inline bool
gather_text(o2c_match_pool *pool, const struct o2c__freezer *freezer, o2c_ref from, o2c_ref *to)
{
    *to = from;
    if (freezer->patch || from.len == 0)
        return true;
    return o2c__text_heap_add(&pool->heap, (const char *)pool->rows->heap.bytes.rows + from.at, from.len, to);
}

static bool
gather_echo(o2c_match_pool *pool, const struct o2c__freezer *freezer, const struct o2c__item_row *row, struct o2c__echo *echo)
{
    if (!gather_text(pool, freezer, row->key, &echo->key) || !gather_text(pool, freezer, row->document, &echo->document) ||
        !gather_text(pool, freezer, row->earmarked_by, &echo->earmarked_by) ||
        !gather_text(pool, freezer, row->cleared_by, &echo->cleared_by))
        return false;
    echo->host_ref = row->host_ref;
    echo->version = row->version;
    echo->dimension_set = row->dimension_set;
    return true;
}

static void
gather(o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t item, const struct o2c__item_row *row)
{
    pool->open[item] = row->open;
    pool->original[item] = row->original;
    pool->due[item] = row->due_day ? row->due_day : row->document_day;
    pool->document_day[item] = row->document_day;
    pool->kind[item] = row->kind;
    pool->flags[item] = row->flags;
    pool->discount[item] = row->discount;
    pool->interchange[item] = O2C__NONE;
    pool->item_account[item] = freezer->account_of[row->account];
    freezer->scratch[item] = row->combo; /* of each column, until its item account is known */
    if (item >= pool->open_count) {
        pool->closed_day[item - pool->open_count] = row->closed_day;
        pool->rows->closed_combo[item - pool->open_count] = row->combo;
    }
}

bool
o2c__columns_gather(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t item, const struct o2c__item_row *row)
{
    gather(pool, freezer, item, row);
    freezer->document_bytes += row->document.len;
    return gather_echo(pool, freezer, row, &pool->echo[item]);
}

static o2c_status
gather_items(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    const struct o2c__item_row *rows = pool->rows->items.rows;
    if (!o2c__vector_reserve(&pool->heap.bytes, pool->rows->heap.bytes.count + 1))
        return no_memory(err);
    for (uint32_t item = 0; item < pool->count; item++) {
        const struct o2c__item_row *row = &rows[freezer->order[item]];
        if (item + AHEAD < pool->count) {
            o2c__ask(&rows[freezer->order[item + AHEAD]]);
            o2c__ask((const char *)&rows[freezer->order[item + AHEAD]] + 64);
        }
        if (!o2c__columns_gather(pool, freezer, item, row))
            return no_memory(err);
        pool->earmarks_count += row->earmarked != 0;
    }
    return O2C_OK;
}

static o2c_status
gather_earmarks(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    o2c__memory *memory = &pool->context.memory;
    const struct o2c__item_row *rows = pool->rows->items.rows;
    uint32_t n = pool->earmarks_count, count = 0;
    if (n == 0)
        return O2C_OK;
    pool->earmark_bits = o2c__alloc_zero(memory, o2c__bit_words(pool->count), sizeof *pool->earmark_bits);
    pool->earmark_items = o2c__alloc_array(memory, n, sizeof *pool->earmark_items);
    pool->earmarked = o2c__alloc_array(memory, n, sizeof *pool->earmarked);
    if (!pool->earmark_bits || !pool->earmark_items || !pool->earmarked)
        return no_memory(err);
    for (uint32_t item = 0; item < pool->count && count < n; item++) {
        int64_t earmarked = rows[freezer->order[item]].earmarked;
        if (earmarked == 0)
            continue;
        pool->earmark_bits[item / 64] |= UINT64_C(1) << item % 64;
        pool->earmark_items[count] = item;
        pool->earmarked[count++] = earmarked;
    }
    return O2C_OK;
}

/* Every pair of tiers that was ever put: few, and their numbers stay those of the rows. */
o2c_status
o2c__columns_discounts(o2c_match_pool *pool, o2c_error *err)
{
    const struct o2c__interner *pairs = &pool->rows->discounts;
    size_t n = pairs->refs.count;
    if (n == 0)
        return O2C_OK;
    o2c_discount(*to)[2] = o2c__alloc_array(&pool->context.memory, n, sizeof *to);
    if (!to)
        return no_memory(err);
    for (uint32_t i = 0; i < n; i++)
        memcpy(to[i], o2c__interned_str(pool, pairs, i).ptr, sizeof *to);
    memcpy(&pool->discounts, &to, sizeof to);
    pool->rows->discounts_frozen = (uint32_t)n;
    return O2C_OK;
}

o2c_status
o2c__freeze_columns(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    if (!o2c__columns_new(pool))
        return no_memory(err);
    o2c_status status = gather_items(pool, freezer, err);
    if (!status)
        status = gather_earmarks(pool, freezer, err);
    if (!status)
        status = o2c__freeze_groups(pool, freezer, err);
    return status ? status : o2c__columns_discounts(pool, err);
}

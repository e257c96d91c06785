/* SPDX-License-Identifier: Apache-2.0 */
/* A frozen pool that is put into or dropped from: its columns are its rows, until a freeze needs rows of their own. */
#include "match/index.h"
#include "match/pool.h"

static void
item_numbers(const o2c_match_pool *pool, uint32_t item, struct o2c__item_row *row)
{
    const struct o2c__echo *echo = &pool->echo[item];
    *row = (struct o2c__item_row){ .key = echo->key,
                                   .document = echo->document,
                                   .earmarked_by = echo->earmarked_by,
                                   .cleared_by = echo->cleared_by,
                                   .host_ref = echo->host_ref,
                                   .version = echo->version,
                                   .dimension_set = echo->dimension_set,
                                   .open = pool->open[item],
                                   .original = pool->original[item],
                                   .earmarked = o2c__pool_earmarked(pool, item),
                                   .document_day = pool->document_day[item],
                                   .due_day = pool->due[item],
                                   .discount = pool->discount[item],
                                   .kind = pool->kind[item],
                                   .flags = pool->flags[item],
                                   .replaces = O2C__NONE };
}

static uint32_t
interned_account(const o2c_match_pool *pool, uint32_t account)
{
    return o2c__interned(pool, &pool->rows->accounts, o2c__pool_str(pool, pool->accounts[account].key));
}

static uint32_t
interned_combo(const o2c_match_pool *pool, const struct o2c__item_account *in)
{
    char combo[12];
    o2c_str company = o2c__pool_str(pool, pool->companies[in->company]);
    memcpy(combo, in->currency, 4);
    if (company.len)
        memcpy(combo + 4, company.ptr, company.len);
    return o2c__interned(pool, &pool->rows->combos, (o2c_str){ combo, 4 + company.len });
}

/* What was put is interned for as long as the pool lives. */
static void
fill_groups(const o2c_match_pool *pool, struct o2c__item_row *rows)
{
    for (uint32_t i = 0; i < pool->groups_count; i++) {
        const struct o2c__groups *from = &pool->groups[i];
        const uint32_t three[3] = { from->terms, from->order, from->statement };
        rows[from->item].groups = 1 + o2c__interned(pool, &pool->rows->groups, (o2c_str){ (const char *)three, sizeof three });
    }
}

static void
fill_open(const o2c_match_pool *pool, struct o2c__item_row *rows)
{
    for (uint32_t i = 0; i < pool->item_accounts_count; i++) {
        const struct o2c__item_account *in = &pool->item_accounts[i];
        uint32_t account = interned_account(pool, in->account), combo = interned_combo(pool, in);
        for (uint32_t item = in->first; item < in->first + in->count; item++) {
            item_numbers(pool, item, &rows[item]);
            rows[item].account = account;
            rows[item].combo = combo;
        }
    }
}

static void
fill_closed(const o2c_match_pool *pool, struct o2c__item_row *rows)
{
    uint32_t before = O2C__NONE, account = O2C__NONE; /* those of one account stand side by side */
    for (uint32_t item = pool->open_count; item < pool->count; item++) {
        item_numbers(pool, item, &rows[item]);
        if (pool->item_account[item] != before)
            account = interned_account(pool, before = pool->item_account[item]);
        rows[item].account = account;
        rows[item].combo = pool->rows->closed_combo[item - pool->open_count];
        rows[item].closed_day = pool->closed_day[item - pool->open_count];
    }
}

o2c_status
o2c__pool_thaw(o2c_match_pool *pool, o2c_error *err)
{
    struct o2c__pool_rows *rows = pool->rows;
    if (!pool->frozen)
        return O2C_OK;
    rows->base_dead = o2c__alloc_zero(&pool->context.memory, o2c__bit_words(pool->count) + 1, sizeof *rows->base_dead);
    if (!rows->base_dead)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory to thaw the pool");
    rows->base = pool->count;
    rows->base_echo = pool->echo;
    o2c__strings_swap(pool);
    if (!o2c__pool_keys_reserve(pool, 0)) {
        o2c__pool_thaw_undo(pool);
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory to thaw the pool");
    }
    rows->live = pool->count;
    return O2C_OK;
}

void
o2c__pool_base_free(o2c_match_pool *pool)
{
    struct o2c__pool_rows *rows = pool->rows;
    if (rows->base_dead)
        o2c__release(&pool->context.memory, rows->base_dead, (o2c__bit_words(rows->base) + 1) * sizeof *rows->base_dead);
    rows->base_dead = NULL;
    rows->base_echo = NULL;
    rows->base = 0;
}

void
o2c__pool_thaw_undo(o2c_match_pool *pool)
{
    o2c__strings_swap(pool);
    o2c__pool_items_free(pool);
}

void
o2c__pool_thawed(o2c_match_pool *pool)
{
    struct o2c__pool_rows *rows = pool->rows;
    if (!pool->frozen)
        return;
    rows->thawed_once = true;
    rows->kept = pool->index;
    rows->kept_count = pool->count;
    rows->kept_open = pool->open_count;
    pool->index = NULL;
    pool->frozen = false;
}

/* The refs of columns point into the strings, which are those of the rows by now. */
static void
fill_rows(o2c_match_pool *pool, struct o2c__item_row *items)
{
    o2c__strings_swap(pool);
    fill_open(pool, items);
    fill_closed(pool, items);
    fill_groups(pool, items);
    o2c__strings_swap(pool);
    for (uint32_t i = 0; i < pool->rows->base; i++)
        items[i].dead = o2c__pool_row_dead(pool, i);
}

o2c_status
o2c__pool_whole(o2c_match_pool *pool, o2c_error *err)
{
    struct o2c__pool_rows *rows = pool->rows;
    size_t put = rows->items.count;
    if (!rows->base_dead)
        return O2C_OK;
    if (rows->base && !o2c__vector_add_many(&rows->items, rows->base))
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory to thaw the pool");
    struct o2c__item_row *items = rows->items.rows;
    if (rows->base && put)
        memmove(items + rows->base, items, put * sizeof *items);
    if (rows->base)
        fill_rows(pool, items);
    rows->kept_names = pool->accounts;
    pool->accounts = NULL;
    o2c__pool_base_free(pool);
    o2c__pool_columns_free(pool);
    return O2C_OK;
}

static void
column_free(o2c_match_pool *pool, void *column, size_t count, size_t size)
{
    o2c__release(&pool->context.memory, column, count * size);
}

void
o2c__pool_columns_free(o2c_match_pool *pool)
{
    size_t n = pool->count, closed = pool->count - pool->open_count;
    o2c__index_free(pool);
    column_free(pool, pool->open, n, sizeof *pool->open);
    column_free(pool, pool->original, n, sizeof *pool->original);
    column_free(pool, pool->due, n, sizeof *pool->due);
    column_free(pool, pool->document_day, n, sizeof *pool->document_day);
    column_free(pool, pool->item_account, n, sizeof *pool->item_account);
    column_free(pool, pool->kind, n, sizeof *pool->kind);
    column_free(pool, pool->flags, n, sizeof *pool->flags);
    column_free(pool, pool->discount, n, sizeof *pool->discount);
    column_free(pool, pool->interchange, n, sizeof *pool->interchange);
    column_free(pool, pool->echo, n, sizeof *pool->echo);
    column_free(pool, pool->closed_day, closed, sizeof *pool->closed_day);
    column_free(pool, pool->rows->closed_combo, closed, sizeof *pool->rows->closed_combo);
    void *discounts = NULL;
    memcpy(&discounts, &pool->discounts, sizeof discounts);
    column_free(pool, discounts, pool->rows->discounts_frozen, sizeof *pool->discounts);
    column_free(pool, pool->earmark_bits, o2c__bit_words(n), sizeof *pool->earmark_bits);
    column_free(pool, pool->earmark_items, pool->earmarks_count, sizeof *pool->earmark_items);
    column_free(pool, pool->earmarked, pool->earmarks_count, sizeof *pool->earmarked);
    column_free(pool, pool->groups, pool->groups_count, sizeof *pool->groups);
    column_free(pool, pool->item_accounts, pool->item_accounts_count, sizeof *pool->item_accounts);
    column_free(pool, pool->accounts, pool->accounts_count, sizeof *pool->accounts);
    column_free(pool, pool->relatives, pool->rows->relatives_count, sizeof *pool->relatives);
    column_free(pool, pool->companies, pool->companies_count, sizeof *pool->companies);
    if (pool->expected.memory)
        o2c__vector_free(&pool->expected);
    if (pool->expected_items.memory)
        o2c__vector_free(&pool->expected_items);
    if (pool->heap.bytes.memory)
        o2c__text_heap_free(&pool->heap);
    o2c__context context = pool->context;
    struct o2c__pool_rows *rows = pool->rows;
    rows->closed_combo = NULL;
    rows->discounts_frozen = rows->relatives_count = 0;
    memset(pool, 0, sizeof *pool);
    pool->context = context;
    pool->rows = rows;
}

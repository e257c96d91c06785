/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Freezing by what changed: columns of the last freeze stay in their order, so rows that are new find their place among them by halving,
 * and what lies between two changes is copied in one go, column by column. Nothing that stayed is looked at item by item but open items,
 * whose accounts are summed again. The bytes are those of a pool that is built anew; strings alone stand elsewhere.
 *
 * The columns that were stay until everything stands: a failure leaves the pool thawed and whole. Indexes that were begun are spoiled by
 * then, and the next freeze builds anew.
 */
#include "match/freeze_patch.h"
#include "match/index.h"
#include "match/pool.h"

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
}

/* ------------------------------------------------------------------ what is used still */

static uint32_t
count_dead(const struct o2c__pool_rows *rows)
{
    uint32_t n = 0;
    for (size_t i = 0; i < o2c__bit_words(rows->base); i++)
        n += (uint32_t)__builtin_popcountll(rows->base_dead[i]);
    return n;
}

static uint32_t
combo_of(const o2c_match_pool *pool, const struct o2c_match_pool *was, const struct o2c__item_account *in)
{
    char combo[12];
    o2c_str company = o2c__ref_str(was->companies[in->company], o2c__item_strings(pool));
    memcpy(combo, in->currency, 4);
    if (company.len)
        memcpy(combo + 4, company.ptr, company.len);
    return o2c__interned(pool, &pool->rows->combos, (o2c_str){ combo, 4 + company.len });
}

static void
mark_open(struct o2c__patch *patch)
{
    const struct o2c_match_pool *was = &patch->was;
    struct o2c__freezer *freezer = patch->freezer;
    const uint64_t *dead = patch->pool->rows->base_dead;
    for (uint32_t i = 0; i < was->item_accounts_count; i++) {
        const struct o2c__item_account *in = &was->item_accounts[i];
        uint32_t end = in->first + in->count, at = in->first;
        while (at < end && o2c__next_dead(dead, at, at + 1) == at)
            at++;
        if (at == end)
            continue; /* none of its items lives */
        freezer->account_of[patch->pool->rows->kept_accounts[in->account]] = 1;
        freezer->combo_rank[patch->combo_of[i]] = 1;
    }
}

static void
mark_closed(struct o2c__patch *patch)
{
    const struct o2c_match_pool *was = &patch->was;
    struct o2c__freezer *freezer = patch->freezer;
    const uint64_t *dead = patch->pool->rows->base_dead;
    for (uint32_t at = was->open_count, end; at < was->count; at = end + 1) {
        end = o2c__next_dead(dead, at, was->count);
        for (uint32_t i = at; i < end; i++) {
            freezer->account_of[patch->pool->rows->kept_accounts[was->item_account[i]]] = 1;
            freezer->combo_rank[patch->closed_combo[i - was->open_count]] = 1;
        }
    }
}

/* Columns stand by the ranks of the last freeze: a pair of company and currency that nothing has any more would have none. */
static bool
all_ranked(const struct o2c__patch *patch)
{
    for (uint32_t i = 0; i < patch->was.item_accounts_count; i++)
        if (!patch->freezer->combo_rank[patch->combo_of[i]])
            return false;
    return true;
}

static o2c_status
mark(struct o2c__patch *patch, bool *out_may, o2c_error *err)
{
    const struct o2c_match_pool *was = &patch->was;
    patch->combo_of = o2c__alloc_array(&patch->pool->context.memory, was->item_accounts_count + 1u, sizeof *patch->combo_of);
    if (!patch->combo_of)
        return no_memory(err);
    for (uint32_t i = 0; i < was->item_accounts_count; i++)
        patch->combo_of[i] = combo_of(patch->pool, was, &was->item_accounts[i]);
    o2c__freeze_mark(patch->pool, patch->freezer);
    mark_open(patch);
    mark_closed(patch);
    o2c_status status = o2c__freeze_order_accounts(patch->pool, patch->freezer, err);
    *out_may = !status && all_ranked(patch) && o2c__index_may_patch(patch->pool, patch->freezer);
    return status;
}

/* ------------------------------------------------------------------ where everything goes */

/* As sort_key of freeze_order.c has it for a row. */
static uint64_t
column_key(const struct o2c__patch *patch, uint32_t column)
{
    const struct o2c_match_pool *was = &patch->was;
    uint32_t home = was->item_account[column];
    if (column >= was->open_count)
        return UINT64_C(1) << 63 | (uint64_t)home << 34;
    return (uint64_t)was->item_accounts[home].account << 34 | (uint64_t)patch->freezer->combo_rank[patch->combo_of[home]] << 17 |
           (uint32_t)was->due[column];
}

static bool
stands_before(const struct o2c__patch *patch, uint32_t column, uint64_t key, uint32_t row)
{
    uint64_t here = column_key(patch, column);
    o2c_str heap = o2c__item_strings(patch->pool);
    if (here != key)
        return here < key;
    return o2c__str_compare(o2c__ref_str(patch->was.echo[column].key, heap),
                            o2c__ref_str(o2c__pool_item_row(patch->pool, row)->key, heap)) < 0;
}

/* Columns at or behind this one that stand before a row that is new; dead ones have their place as well. */
static uint32_t
place_of(const struct o2c__patch *patch, uint32_t low, uint64_t key, uint32_t row)
{
    uint32_t high = patch->was.count, step = 64;
    while (low + step < high && stands_before(patch, low + step, key, row)) {
        low += step;
        step *= 2;
    }
    high = low + step < high ? low + step : high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (stands_before(patch, middle, key, row))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Columns from … end that live go to where the next column is. */
static void
add_runs(struct o2c__patch *patch, uint32_t from, uint32_t end)
{
    const struct o2c__pool_rows *rows = patch->pool->rows;
    uint32_t *column = patch->freezer->column, last;
    for (; from < end; from = last + 1) {
        last = o2c__next_dead(rows->base_dead, from, end);
        for (uint32_t i = from; i < last; i++)
            column[i] = patch->pool->count + (i - from);
        if (last < end)
            column[last] = O2C__NONE;
        if (last == from)
            continue;
        patch->runs[patch->runs_count++] = (struct o2c__run){ from, patch->pool->count, last - from };
        patch->pool->count += last - from;
        patch->pool->open_count += from < patch->was.open_count ? last - from : 0;
    }
}

/* The same, and no run reaches from open to closed columns. */
static void
move_columns(struct o2c__patch *patch, uint32_t from, uint32_t end)
{
    uint32_t open = patch->was.open_count, middle = open < from ? from : open > end ? end : open;
    add_runs(patch, from, middle);
    add_runs(patch, middle, end);
}

static bool
plan(struct o2c__patch *patch)
{
    struct o2c__freezer *freezer = patch->freezer;
    struct o2c__pool_rows *rows = patch->pool->rows;
    patch->added = o2c__freeze_order_rows(patch->pool, freezer);
    patch->runs_room = count_dead(rows) + patch->added + 3;
    patch->runs = o2c__alloc_array(&patch->pool->context.memory, patch->runs_room, sizeof *patch->runs);
    if (!patch->runs)
        return false;
    for (uint32_t i = rows->base; i < freezer->rows_count; i++)
        freezer->column[i] = O2C__NONE;
    patch->pool->count = patch->pool->open_count = 0;
    uint32_t at = 0;
    for (uint32_t i = 0; i < patch->added; i++) {
        uint32_t row = freezer->order[i], place = place_of(patch, at, freezer->keys[i].key, row);
        move_columns(patch, at, place);
        freezer->column[row] = patch->pool->count++;
        patch->pool->open_count += o2c__pool_item_row(patch->pool, row)->kind != O2C_ITEM_CLOSED;
        at = place;
    }
    move_columns(patch, at, patch->was.count);
    return true;
}

/* ------------------------------------------------------------------ one after another */

static o2c_status
build(struct o2c__patch *patch, o2c_error *err)
{
    o2c_match_pool *pool = patch->pool;
    struct o2c__freezer *freezer = patch->freezer;
    o2c_status status = o2c__freeze_order_combos(pool, freezer, err);
    if (!status && (!plan(patch) || !o2c__index_moves(pool, freezer) || !o2c__merge_columns(patch)))
        status = no_memory(err);
    if (!status)
        status = o2c__merge_earmarks(patch, err);
    if (!status)
        status = o2c__merge_groups(patch, err);
    if (!status)
        status = o2c__columns_discounts(pool, err);
    if (!status)
        status = o2c__freeze_sides(pool, freezer, err);
    if (!status && !o2c__index_patch(pool, freezer))
        status = o2c__fail(err, O2C_E_NOMEM, "", "no memory for the indexes");
    return status ? status : o2c__freeze_expected(pool, freezer, err);
}

/* The columns of the pool and those that were change places; what counts memory stays where it is. */
static void
exchange(struct o2c__patch *patch)
{
    o2c_match_pool *pool = patch->pool, hold = *pool;
    struct o2c__pool_rows *rows = pool->rows;
    uint32_t *closed_combo = rows->closed_combo, discounts_frozen = rows->discounts_frozen, relatives_count = rows->relatives_count;
    *pool = patch->was;
    pool->context = hold.context;
    patch->was = hold;
    rows->closed_combo = patch->closed_combo;
    rows->discounts_frozen = patch->discounts_frozen;
    rows->relatives_count = patch->relatives_count;
    patch->closed_combo = closed_combo;
    patch->discounts_frozen = discounts_frozen;
    patch->relatives_count = relatives_count;
}

/* Columns are empty, strings are those of the rows; names of accounts are handed over. */
static void
begin(struct o2c__patch *patch, o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    memset(patch, 0, sizeof *patch);
    patch->pool = pool;
    patch->freezer = freezer;
    patch->was.context = pool->context;
    patch->was.rows = pool->rows;
    exchange(patch);
    o2c__text_heap_init(&pool->heap, &pool->context.memory);
    freezer->strings = pool->rows->heap.bytes.count;
    o2c__strings_swap(pool);
    pool->rows->strings_moved = true;
    pool->rows->kept_names = patch->was.accounts;
    patch->was.accounts = NULL;
}

static void
end(struct o2c__patch *patch, bool done)
{
    o2c_match_pool *pool = patch->pool;
    o2c__release(&pool->context.memory, patch->combo_of, (patch->was.item_accounts_count + 1u) * sizeof *patch->combo_of);
    o2c__release(&pool->context.memory, patch->runs, patch->runs_room * sizeof *patch->runs);
    pool->rows->strings_moved = false;
    if (!done) {
        pool->heap.bytes.count = patch->freezer->strings;
        o2c__strings_swap(pool);
        patch->was.accounts = pool->rows->kept_names;
        pool->rows->kept_names = NULL;
        o2c__pool_columns_free(pool);
        exchange(patch);
        return;
    }
    o2c__pool_base_free(pool);
    exchange(patch);
    o2c__pool_columns_free(pool);
    exchange(patch);
}

o2c_status
o2c__freeze_patch(o2c_match_pool *pool, bool *out_done, o2c_error *err)
{
    struct o2c__freezer freezer;
    struct o2c__patch patch;
    *out_done = false;
    if (!pool->rows->kept || pool->rows->side_changed)
        return O2C_OK;
    o2c_status status = o2c__freezer_new(pool, &freezer, pool->rows->base, (uint32_t)pool->rows->items.count, err);
    begin(&patch, pool, &freezer);
    bool may = false;
    if (!status)
        status = mark(&patch, &may, err);
    freezer.patch = may;
    if (may)
        status = build(&patch, err);
    *out_done = may && !status;
    if (*out_done)
        o2c__freezer_keep(pool, &freezer);
    end(&patch, *out_done);
    o2c__freezer_free(pool, &freezer);
    return status;
}

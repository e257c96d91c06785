/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Freezing: rows become columns in an order that only keys decide, then the indexes are built. The rows are freed last, so that a
 * failure leaves the pool thawed and whole. Where columns of an earlier freeze stand, freeze_patch.c is asked first.
 */
#include "match/index.h"
#include "match/pool.h"

static uint32_t
largest(const o2c_match_pool *pool, uint32_t live)
{
    const struct o2c__pool_rows *rows = pool->rows;
    size_t most = live;
    size_t others[] = { rows->accounts.refs.count, rows->combos.refs.count, rows->references.count };
    for (size_t i = 0; i < O2C__COUNT(others); i++)
        most = others[i] > most ? others[i] : most;
    return (uint32_t)(most + 1);
}

o2c_status
o2c__freezer_new(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t first, uint32_t sorted, o2c_error *err)
{
    o2c__memory *memory = &pool->context.memory;
    const struct o2c__pool_rows *rows = pool->rows;
    memset(freezer, 0, sizeof *freezer);
    freezer->first = first;
    freezer->live = (uint32_t)rows->live;
    freezer->rows_count = o2c__pool_rows_count(pool);
    freezer->heads_room = freezer->rows_count - first + 1;
    freezer->order_room = sorted + 1;
    freezer->accounts_interned = (uint32_t)rows->accounts.refs.count;
    freezer->combos_interned = (uint32_t)rows->combos.refs.count;
    freezer->scratch_count = largest(pool, freezer->live);
    freezer->references_room = (uint32_t)rows->references.count + 1;
    freezer->heads = o2c__alloc_array(memory, freezer->heads_room, sizeof *freezer->heads);
    freezer->order = o2c__alloc_array(memory, freezer->order_room, sizeof(uint32_t));
    freezer->column = o2c__alloc_array(memory, freezer->rows_count + 1u, sizeof(uint32_t));
    freezer->account_of = o2c__alloc_array(memory, freezer->accounts_interned + 1u, sizeof(uint32_t));
    freezer->account_order = o2c__alloc_array(memory, freezer->accounts_interned + 1u, sizeof(uint32_t));
    freezer->combo_rank = o2c__alloc_array(memory, freezer->combos_interned + 1u, sizeof(uint32_t));
    freezer->combo_company = o2c__alloc_array(memory, freezer->combos_interned + 1u, sizeof(uint32_t));
    freezer->keys = o2c__alloc_array(memory, freezer->order_room, sizeof(struct o2c__sort_row));
    freezer->spare = o2c__alloc_array(memory, freezer->order_room, sizeof(struct o2c__sort_row));
    freezer->scratch = o2c__alloc_array(memory, freezer->scratch_count, sizeof(uint32_t));
    freezer->numbers = o2c__alloc_array(memory, freezer->scratch_count, sizeof(uint32_t));
    freezer->references = o2c__alloc_array(memory, freezer->references_room, sizeof *freezer->references);
    bool whole = freezer->heads && freezer->order && freezer->column && freezer->account_of && freezer->account_order &&
                 freezer->combo_rank && freezer->combo_company &&
                 freezer->keys && freezer->spare && freezer->scratch && freezer->numbers && freezer->references;
    return whole ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
}

void
o2c__freezer_free(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    o2c__memory *memory = &pool->context.memory;
    o2c__release(memory, freezer->heads, freezer->heads_room * sizeof *freezer->heads);
    o2c__release(memory, freezer->order, freezer->order_room * sizeof(uint32_t));
    o2c__release(memory, freezer->column, (freezer->rows_count + 1u) * sizeof(uint32_t));
    o2c__release(memory, freezer->account_of, (freezer->accounts_interned + 1u) * sizeof(uint32_t));
    o2c__release(memory, freezer->account_order, (freezer->accounts_interned + 1u) * sizeof(uint32_t));
    o2c__release(memory, freezer->combo_rank, (freezer->combos_interned + 1u) * sizeof(uint32_t));
    o2c__release(memory, freezer->combo_company, (freezer->combos_interned + 1u) * sizeof(uint32_t));
    o2c__release(memory, freezer->keys, freezer->order_room * sizeof(struct o2c__sort_row));
    o2c__release(memory, freezer->spare, freezer->order_room * sizeof(struct o2c__sort_row));
    o2c__release(memory, freezer->scratch, freezer->scratch_count * sizeof(uint32_t));
    o2c__release(memory, freezer->numbers, freezer->scratch_count * sizeof(uint32_t));
    o2c__release(memory, freezer->references, freezer->references_room * sizeof *freezer->references);
    o2c__release(memory, freezer->reference_column, freezer->reference_columns * sizeof *freezer->reference_column);
    o2c__release(memory, freezer->moved, (freezer->moved_count + 1u) * sizeof *freezer->moved);
    o2c__release(memory, freezer->moved_document, (freezer->moved_count + 1u) * sizeof *freezer->moved_document);
}

o2c_status
o2c__freeze_sides(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    o2c_status status = o2c__freeze_accounts(pool, freezer, err);
    if (!status && o2c__canceled(&pool->context))
        status = o2c__fail(err, O2C_E_CANCELED, "", "freezing was canceled");
    if (!status)
        status = o2c__freeze_relatives(pool, freezer, err);
    return status ? status : o2c__freeze_references(pool, freezer, err);
}

static o2c_status
build_columns(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    o2c_status status = o2c__freeze_order(pool, freezer, err);
    if (!status)
        status = o2c__freeze_columns(pool, freezer, err);
    if (!status)
        status = o2c__freeze_sides(pool, freezer, err);
    return status;
}

static o2c_status
build_index(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    o2c_status status = o2c__index_new(pool, err);
    if (!status)
        status = o2c__index_numbers(pool, err);
    if (!status)
        status = o2c__index_references(pool, freezer->references, freezer->references_count, err);
    if (!status && o2c__canceled(&pool->context))
        status = o2c__fail(err, O2C_E_CANCELED, "", "freezing was canceled");
    if (!status)
        status = o2c__index_banks(pool, err);
    if (!status)
        status = o2c__index_names(pool, err);
    return status ? status : o2c__index_amounts(pool, freezer, err);
}

/* A pool that was changed once will be changed again: its table of keys stays, and the room that its rows stood in. */
static void
free_rows(o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    if (!pool->rows->thawed_once) {
        o2c__pool_items_free(pool);
        return;
    }
    o2c__pool_keys_move(pool, freezer->column);
    pool->rows->items.count = pool->rows->heap.bytes.count = 0;
    pool->rows->live = 0;
}

void
o2c__freezer_keep(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    struct o2c__pool_rows *rows = pool->rows;
    rows->patches = freezer->patch ? rows->patches + 1 : 0;
    if (!freezer->patch)
        rows->kept_heap = pool->heap.bytes.count;
    o2c__index_drop_kept(pool);
    rows->kept_accounts = freezer->account_order;
    rows->kept_accounts_count = pool->accounts_count;
    rows->kept_accounts_room = freezer->accounts_interned + 1u;
    freezer->account_order = NULL;
    o2c__freeze_keep_references(pool, freezer); /* reads the scratch that the next one uses */
    o2c__freeze_classes(pool, freezer);
    free_rows(pool, freezer);
    rows->side_changed = false;
    pool->frozen = true;
}

/* All rows become columns. */
static o2c_status
freeze_rows(o2c_match_pool *pool, o2c_error *err)
{
    struct o2c__freezer freezer;
    o2c_status status = o2c__freezer_new(pool, &freezer, 0, (uint32_t)pool->rows->live, err);
    if (!status)
        status = build_columns(pool, &freezer, err);
    if (!status)
        status = build_index(pool, &freezer, err);
    if (!status)
        status = o2c__freeze_expected(pool, &freezer, err);
    if (!status)
        o2c__freezer_keep(pool, &freezer);
    else
        o2c__pool_columns_free(pool);
    o2c__freezer_free(pool, &freezer);
    return status;
}

o2c_status
o2c_match_pool_freeze(o2c_match_pool *pool, o2c_error *err)
{
    bool done = false;
    if (!pool)
        return o2c__fail(err, O2C_E_MISUSE, "pool", "the pool is NULL");
    if (pool->frozen)
        return O2C_OK;
    o2c_status status = pool->rows->base_dead ? o2c__freeze_patch(pool, &done, err) : O2C_OK;
    if (!status && !done)
        status = o2c__pool_whole(pool, err);
    return status || done ? status : freeze_rows(pool, err);
}

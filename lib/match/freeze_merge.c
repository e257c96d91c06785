/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of the last freeze and rows that are new become one set of columns: by runs, so that time goes with bytes and not with items. */
#include "match/freeze_patch.h"
#include "match/pool.h"

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
}

/* ------------------------------------------------------------------ columns */

static void
copy_runs(const struct o2c__patch *patch, void *to, const void *from, size_t size)
{
    for (uint32_t i = 0; i < patch->runs_count; i++) {
        const struct o2c__run *run = &patch->runs[i];
        memcpy((char *)to + run->to * size, (const char *)from + run->from * size, run->count * size);
    }
}

/* An open item has its account and, until it is known whose item account it is in, its pair of company and currency. */
static void
copy_homes(struct o2c__patch *patch)
{
    const struct o2c_match_pool *was = &patch->was;
    o2c_match_pool *pool = patch->pool;
    for (uint32_t i = 0; i < patch->runs_count; i++) {
        const struct o2c__run *run = &patch->runs[i];
        if (run->from >= was->open_count) {
            uint32_t to = run->to - pool->open_count, from = run->from - was->open_count;
            memcpy(pool->item_account + run->to, was->item_account + run->from, run->count * sizeof *pool->item_account);
            memcpy(pool->closed_day + to, was->closed_day + from, run->count * sizeof *pool->closed_day);
            memcpy(pool->rows->closed_combo + to, patch->closed_combo + from, run->count * sizeof *patch->closed_combo);
            continue;
        }
        for (uint32_t k = 0; k < run->count; k++) {
            uint32_t home = was->item_account[run->from + k];
            pool->item_account[run->to + k] = was->item_accounts[home].account;
            patch->freezer->scratch[run->to + k] = patch->combo_of[home];
        }
    }
}

static void
leave_dead(struct o2c__patch *patch)
{
    const struct o2c__pool_rows *rows = patch->pool->rows;
    patch->freezer->document_bytes = rows->kept->document_bytes;
    for (uint32_t at = 0; (at = o2c__next_dead(rows->base_dead, at, rows->base)) < rows->base; at++)
        patch->freezer->document_bytes -= rows->base_echo[at].document.len;
}

bool
o2c__merge_columns(struct o2c__patch *patch)
{
    o2c_match_pool *pool = patch->pool;
    const struct o2c_match_pool *was = &patch->was;
    if (!o2c__columns_new(pool))
        return false;
    copy_runs(patch, pool->open, was->open, sizeof *pool->open);
    copy_runs(patch, pool->original, was->original, sizeof *pool->original);
    copy_runs(patch, pool->due, was->due, sizeof *pool->due);
    copy_runs(patch, pool->document_day, was->document_day, sizeof *pool->document_day);
    copy_runs(patch, pool->kind, was->kind, sizeof *pool->kind);
    copy_runs(patch, pool->flags, was->flags, sizeof *pool->flags);
    copy_runs(patch, pool->discount, was->discount, sizeof *pool->discount);
    copy_runs(patch, pool->echo, was->echo, sizeof *pool->echo);
    if (pool->count)
        memset(pool->interchange, 0xFF, pool->count * sizeof *pool->interchange);
    copy_homes(patch);
    leave_dead(patch);
    for (uint32_t i = 0; i < patch->added; i++) {
        uint32_t row = patch->freezer->order[i];
        if (!o2c__columns_gather(pool, patch->freezer, patch->freezer->column[row], o2c__pool_item_row(pool, row)))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ what few items have */

/* Of a column that is gone nothing stays, and it may be passed over. */
static bool
stays_before(uint32_t column, uint32_t added)
{
    return column == O2C__NONE || column < added;
}

static uint32_t
count_earmarks(const struct o2c__patch *patch)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < patch->was.earmarks_count; i++)
        n += patch->freezer->column[patch->was.earmark_items[i]] != O2C__NONE;
    for (uint32_t i = 0; i < patch->added; i++)
        n += o2c__pool_item_row(patch->pool, patch->freezer->order[i])->earmarked != 0;
    return n;
}

static void
add_earmark(o2c_match_pool *pool, uint32_t *count, uint32_t item, int64_t amount)
{
    if (item == O2C__NONE || amount == 0)
        return;
    pool->earmark_bits[item / 64] |= UINT64_C(1) << item % 64;
    pool->earmark_items[*count] = item;
    pool->earmarked[(*count)++] = amount;
}

o2c_status
o2c__merge_earmarks(struct o2c__patch *patch, o2c_error *err)
{
    o2c_match_pool *pool = patch->pool;
    const struct o2c_match_pool *was = &patch->was;
    const uint32_t *column = patch->freezer->column, *order = patch->freezer->order;
    uint32_t count = 0, at = 0;
    if (!(pool->earmarks_count = count_earmarks(patch)))
        return O2C_OK;
    pool->earmark_bits = o2c__alloc_zero(&pool->context.memory, o2c__bit_words(pool->count), sizeof *pool->earmark_bits);
    pool->earmark_items = o2c__alloc_array(&pool->context.memory, pool->earmarks_count, sizeof *pool->earmark_items);
    pool->earmarked = o2c__alloc_array(&pool->context.memory, pool->earmarks_count, sizeof *pool->earmarked);
    if (!pool->earmark_bits || !pool->earmark_items || !pool->earmarked)
        return no_memory(err);
    for (uint32_t i = 0; i < patch->added; i++) {
        for (; at < was->earmarks_count && stays_before(column[was->earmark_items[at]], column[order[i]]); at++)
            add_earmark(pool, &count, column[was->earmark_items[at]], was->earmarked[at]);
        add_earmark(pool, &count, column[order[i]], o2c__pool_item_row(pool, order[i])->earmarked);
    }
    for (; at < was->earmarks_count; at++)
        add_earmark(pool, &count, column[was->earmark_items[at]], was->earmarked[at]);
    return O2C_OK;
}

static void
add_group_of(struct o2c__patch *patch, uint32_t row)
{
    o2c_match_pool *pool = patch->pool;
    uint32_t number = o2c__pool_item_row(pool, row)->groups;
    if (number == 0)
        return;
    struct o2c__groups *to = &pool->groups[pool->groups_count++];
    to->item = patch->freezer->column[row];
    o2c__groups_read(pool, number - 1, to);
}

static void
add_group(struct o2c__patch *patch, const struct o2c__groups *from)
{
    uint32_t item = patch->freezer->column[from->item];
    if (item == O2C__NONE)
        return;
    struct o2c__groups *to = &patch->pool->groups[patch->pool->groups_count++];
    *to = *from;
    to->item = item;
}

o2c_status
o2c__merge_groups(struct o2c__patch *patch, o2c_error *err)
{
    o2c_match_pool *pool = patch->pool;
    const struct o2c_match_pool *was = &patch->was;
    const uint32_t *column = patch->freezer->column, *order = patch->freezer->order;
    uint32_t n = 0, at = 0;
    for (uint32_t i = 0; i < was->groups_count; i++)
        n += column[was->groups[i].item] != O2C__NONE;
    for (uint32_t i = 0; i < patch->added; i++)
        n += o2c__pool_item_row(pool, order[i])->groups != 0;
    if (n == 0)
        return O2C_OK;
    pool->groups = o2c__alloc_array(&pool->context.memory, n, sizeof *pool->groups);
    if (!pool->groups)
        return no_memory(err);
    for (uint32_t i = 0; i < patch->added; i++) {
        for (; at < was->groups_count && stays_before(column[was->groups[at].item], column[order[i]]); at++)
            add_group(patch, &was->groups[at]);
        add_group_of(patch, order[i]);
    }
    for (; at < was->groups_count; at++)
        add_group(patch, &was->groups[at]);
    return O2C_OK;
}

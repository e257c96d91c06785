/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expected payments by account, with the columns of their items. One that names no account or no open item of the pool does not wait:
 * items come and go by the day, and that is no mistake of whoever expects money for them.
 */
#include "match/index.h"
#include "match/pool.h"

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the expected payments");
}

static struct o2c__expected_row *
row_at(const o2c_match_pool *pool, size_t row)
{
    return &O2C__AT(&pool->rows->expected, struct o2c__expected_row, row);
}

static o2c_str
side(const o2c_match_pool *pool, o2c_ref ref)
{
    return o2c__ref_str(ref, o2c__text_heap_str(&pool->rows->side));
}

static int
by_key(const void *self, uint32_t a, uint32_t b)
{
    const o2c_match_pool *pool = self;
    return o2c__str_compare(side(pool, row_at(pool, a)->is.key), side(pool, row_at(pool, b)->is.key));
}

/* ---- of the rows of one key those of the last batch, in order of arrival; what is dropped goes for good */

static bool
same_key(const o2c_match_pool *pool, uint32_t a, uint32_t b)
{
    return by_key(pool, a, b) == 0;
}

static uint32_t
keep_living(const o2c_match_pool *pool, const uint32_t *order, uint32_t n, struct o2c__expected_row *out)
{
    uint32_t kept = 0;
    for (uint32_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && same_key(pool, order[first], order[end]);)
            end++;
        uint32_t last = row_at(pool, order[end - 1])->batch;
        for (uint32_t i = first; i < end; i++) {
            const struct o2c__expected_row *row = row_at(pool, order[i]);
            if (row->batch == last && row->is.amount_minor > 0)
                out[kept++] = *row;
        }
    }
    return kept;
}

static bool
compact(o2c_match_pool *pool)
{
    o2c__memory *memory = &pool->context.memory;
    uint32_t n = (uint32_t)pool->rows->expected.count;
    uint32_t *order = o2c__alloc_array(memory, n, 2 * sizeof *order);
    struct o2c__expected_row *rows = o2c__alloc_array(memory, n, sizeof *rows);
    bool whole = order && rows;
    for (uint32_t i = 0; whole && i < n; i++)
        order[i] = i;
    if (whole) {
        o2c__sort(order, order + n, n, by_key, pool);
        uint32_t kept = keep_living(pool, order, n, rows);
        memcpy(pool->rows->expected.rows, rows, kept * sizeof *rows);
        pool->rows->expected.count = kept;
    }
    o2c__release(memory, order, n * 2 * sizeof *order);
    o2c__release(memory, rows, n * sizeof *rows);
    return whole;
}

/* ---- the items of one expected payment */

static bool
add_item(o2c_match_pool *pool, uint32_t from, uint32_t item)
{
    o2c__vector *items = &pool->expected_items;
    uint32_t *to = o2c__vector_add_many(items, 1);
    if (!to)
        return false;
    uint32_t *rows = items->rows, at = (uint32_t)items->count - 1;
    for (; at > from && rows[at - 1] > item; at--)
        rows[at] = rows[at - 1];
    rows[at] = item;
    if (at > from && rows[at - 1] == item) {
        memmove(rows + at, rows + at + 1, (items->count - 1 - at) * sizeof *rows);
        items->count--;
    }
    return true;
}

static bool
add_key(o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t from, o2c_str key)
{
    uint32_t row = o2c__pool_row(pool, key);
    if (row >= freezer->rows_count || o2c__pool_row_dead(pool, row))
        return true;
    uint32_t item = freezer->column[row];
    return item >= pool->open_count || add_item(pool, from, item);
}

/* Items behind one value of the reference table that have just this text, and belong to the account. */
static bool
add_cited(o2c_match_pool *pool, uint32_t from, uint32_t account, uint32_t value, const struct o2c__forms *wanted)
{
    struct o2c__cited row = o2c__index_first(pool, value);
    for (;;) {
        struct o2c__forms forms;
        o2c__forms_plain(o2c__pool_str(pool, row.text), &forms);
        bool same = forms.full_len == wanted->full_len && memcmp(forms.full, wanted->full, wanted->full_len) == 0;
        if (same && row.kind != O2C__CITED_NUMBER && row.target < pool->open_count && o2c__pool_account(pool, row.target) == account &&
            !add_item(pool, from, row.target))
            return false;
        if (row.next == O2C__NONE || pool->expected_items.count - from >= O2C__GROUP_MAX)
            return true;
        row = O2C__AT(&pool->index->cited, struct o2c__cited, row.next);
    }
}

static bool
add_reference(o2c_match_pool *pool, uint32_t from, uint32_t account, o2c_str text)
{
    const struct o2c__slots *slots = &pool->index->references;
    struct o2c__forms forms;
    o2c__forms_plain(text, &forms);
    if (forms.full_len == 0 || slots->room == 0)
        return true;
    uint64_t hash = o2c__hash(pool->context.key, forms.full, forms.full_len);
    uint32_t at = o2c__slots_at(slots, hash), value;
    while ((value = o2c__index_next(slots, o2c__slots_tag(hash), &at)) != O2C__MAP_NONE)
        if (!add_cited(pool, from, account, value, &forms))
            return false;
    return true;
}

static bool
add_items(o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t from, uint32_t account, const o2c_expected *row)
{
    if (row->item.len && !add_key(pool, freezer, from, side(pool, row->item)))
        return false;
    return row->reference.len == 0 || add_reference(pool, from, account, side(pool, row->reference));
}

/* ---- all of them */

static uint32_t
account_of(const o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t row)
{
    uint32_t number = o2c__interned(pool, &pool->rows->accounts, side(pool, row_at(pool, row)->is.account));
    return number == O2C__NONE ? O2C__NONE : freezer->account_of[number];
}

/* Rows first … end have one key. */
static bool
add_expected(o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t first, uint32_t end)
{
    const o2c_expected *head = &row_at(pool, first)->is;
    struct o2c__expected row = { account_of(pool, freezer, first), head->origin, head->amount_minor, "", 0, 0 };
    memcpy(row.currency, head->currency, sizeof row.currency);
    row.items_at = (uint32_t)pool->expected_items.count;
    for (uint32_t i = first; i < end && row.account != O2C__NONE; i++)
        if (!add_items(pool, freezer, row.items_at, row.account, &row_at(pool, i)->is))
            return false;
    row.items_count = (uint32_t)pool->expected_items.count - row.items_at;
    if (row.items_count == 0)
        return true;
    struct o2c__expected *to = o2c__vector_add_many(&pool->expected, 1);
    if (to)
        *to = row;
    return to != NULL;
}

static int
by_account(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__expected *rows = self;
    return rows[a].account < rows[b].account ? -1 : rows[a].account > rows[b].account;
}

/* Stable: among those of an account the keys decide. */
static bool
sort_expected(o2c_match_pool *pool)
{
    o2c__memory *memory = &pool->context.memory;
    uint32_t n = (uint32_t)pool->expected.count;
    uint32_t *order = o2c__alloc_array(memory, n + 1u, 2 * sizeof *order);
    struct o2c__expected *rows = o2c__alloc_array(memory, n + 1u, sizeof *rows);
    bool whole = order && rows;
    for (uint32_t i = 0; whole && i < n; i++)
        order[i] = i;
    if (whole && n) {
        o2c__sort(order, order + n, n, by_account, pool->expected.rows);
        for (uint32_t i = 0; i < n; i++)
            rows[i] = O2C__AT(&pool->expected, struct o2c__expected, order[i]);
        memcpy(pool->expected.rows, rows, n * sizeof *rows);
    }
    o2c__release(memory, order, (n + 1u) * 2 * sizeof *order);
    o2c__release(memory, rows, (n + 1u) * sizeof *rows);
    return whole;
}

o2c_status
o2c__freeze_expected(o2c_match_pool *pool, const struct o2c__freezer *freezer, o2c_error *err)
{
    o2c__memory *memory = &pool->context.memory;
    if (pool->rows->expected.count == 0)
        return O2C_OK;
    if (!compact(pool))
        return no_memory(err);
    o2c__vector_init(&pool->expected, memory, sizeof(struct o2c__expected));
    o2c__vector_init(&pool->expected_items, memory, sizeof(uint32_t));
    uint32_t n = (uint32_t)pool->rows->expected.count;
    for (uint32_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && same_key(pool, first, end);)
            end++;
        if (!add_expected(pool, freezer, first, end))
            return no_memory(err);
    }
    return sort_expected(pool) ? O2C_OK : no_memory(err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The order of a frozen pool: accounts by key, item accounts by (account, company, currency), items by (due day, key), closed behind. */
#include "match/index.h"
#include "match/pool.h"

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
}

static int
compare_accounts(const void *self, uint32_t a, uint32_t b)
{
    const o2c_match_pool *pool = self;
    return o2c__str_compare(o2c__interned_str(pool, &pool->rows->accounts, a), o2c__interned_str(pool, &pool->rows->accounts, b));
}

/* One walk over the rows, for their heads: accounts and pairs of company and currency that a living item names; accounts that were put. */
void
o2c__freeze_mark(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    const struct o2c__pool_rows *rows = pool->rows;
    memset(freezer->account_of, 0, freezer->accounts_interned * sizeof(uint32_t));
    memset(freezer->combo_rank, 0, freezer->combos_interned * sizeof(uint32_t));
    for (uint32_t i = freezer->first; i < freezer->rows_count; i++) {
        const struct o2c__item_row *row = o2c__pool_item_row(pool, i);
        uint32_t due = (uint32_t)(row->due_day ? row->due_day : row->document_day);
        freezer->heads[i - freezer->first] = (struct o2c__row_head){ row->account, row->combo, due, row->kind, row->dead };
        if (row->dead)
            continue;
        freezer->account_of[row->account] = 1;
        freezer->combo_rank[row->combo] = 1;
    }
    for (size_t i = 0; i < rows->accounts_put.count; i++) {
        o2c_str key = o2c__ref_str(O2C__AT(&rows->accounts_put, o2c_account, i).key, o2c__text_heap_str(&rows->side));
        freezer->account_of[o2c__interned(pool, &rows->accounts, key)] = 1;
    }
}

/* True when the accounts are those of the last freeze: then they have their order. */
static bool
same_accounts(const o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t count)
{
    const struct o2c__pool_rows *rows = pool->rows;
    bool same = rows->kept && rows->kept_accounts_count == count;
    for (uint32_t i = 0; same && i < count; i++)
        same = freezer->account_of[rows->kept_accounts[i]] == 1;
    if (same && count)
        memcpy(freezer->account_order, rows->kept_accounts, count * sizeof *freezer->account_order);
    return same;
}

/* Accounts that were put or that an item names, by key. */
o2c_status
o2c__freeze_order_accounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < freezer->accounts_interned; i++) {
        if (freezer->account_of[i])
            freezer->account_order[count++] = i;
    }
    if (count >= O2C__POOL_ACCOUNTS_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "accounts", "a pool holds at most %u accounts", O2C__POOL_ACCOUNTS_MAX);
    if (!same_accounts(pool, freezer, count))
        o2c__sort(freezer->account_order, freezer->scratch, count, compare_accounts, pool);
    memset(freezer->account_of, 0xFF, freezer->accounts_interned * sizeof(uint32_t));
    for (uint32_t i = 0; i < count; i++)
        freezer->account_of[freezer->account_order[i]] = i;
    pool->accounts_count = count;
    return O2C_OK;
}

/* Company first, then currency; interned as currency and company. */
static int
compare_combos(const void *self, uint32_t a, uint32_t b)
{
    const o2c_match_pool *pool = self;
    o2c_str x = o2c__interned_str(pool, &pool->rows->combos, a), y = o2c__interned_str(pool, &pool->rows->combos, b);
    int order = o2c__str_compare((o2c_str){ x.ptr + 4, x.len - 4 }, (o2c_str){ y.ptr + 4, y.len - 4 });
    return order ? order : memcmp(x.ptr, y.ptr, 4);
}

/* Pairs of company and currency that a living item has, in their order; answers how many. */
static uint32_t
used_combos(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < freezer->combos_interned; i++) {
        if (freezer->combo_rank[i])
            freezer->numbers[used++] = i;
    }
    o2c__sort(freezer->numbers, freezer->scratch, used, compare_combos, pool);
    return used;
}

o2c_status
o2c__freeze_order_combos(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    uint32_t n = used_combos(pool, freezer), companies = 0;
    if (n >= O2C__POOL_COMBOS_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "companies", "a pool holds at most %u pairs of company and currency", O2C__POOL_COMBOS_MAX);
    pool->companies_count = n;
    pool->companies = n ? o2c__alloc_array(&pool->context.memory, n, sizeof *pool->companies) : NULL;
    if (n && !pool->companies)
        return no_memory(err);
    o2c_str before = { "", 0 };
    for (uint32_t i = 0; i < n; i++) {
        uint32_t number = freezer->numbers[i];
        o2c_str combo = o2c__interned_str(pool, &pool->rows->combos, number), company = { combo.ptr + 4, combo.len - 4 };
        bool again = companies > 0 && o2c__str_equal(before, company);
        if (!again && !o2c__text_heap_add(&pool->heap, company.ptr, company.len, &pool->companies[companies++]))
            return no_memory(err);
        before = company;
        freezer->combo_rank[number] = i;
        freezer->combo_company[number] = companies - 1;
    }
    if (companies == n)
        return O2C_OK;
    void *shorter = o2c__resize(&pool->context.memory, pool->companies, n * sizeof *pool->companies, companies * sizeof *pool->companies);
    if (!shorter)
        return no_memory(err);
    pool->companies = shorter;
    pool->companies_count = companies;
    return O2C_OK;
}

/* closed 1 bit, account 29, company × currency 17, due day 17: all of the order but the key. */
static uint64_t
sort_key(const struct o2c__freezer *freezer, uint32_t row)
{
    const struct o2c__row_head *head = &freezer->heads[row - freezer->first];
    uint64_t account = (uint64_t)freezer->account_of[head->account] << 34;
    if (head->kind == O2C_ITEM_CLOSED)
        return UINT64_C(1) << 63 | account;
    return account | (uint64_t)freezer->combo_rank[head->combo] << 17 | head->due;
}

static int
compare_keys(const void *self, uint32_t a, uint32_t b)
{
    const o2c_match_pool *pool = self;
    o2c_str heap = o2c__item_strings(pool);
    return o2c__str_compare(o2c__ref_str(o2c__pool_item_row(pool, a)->key, heap), o2c__ref_str(o2c__pool_item_row(pool, b)->key, heap));
}

#define AHEAD 16u /* rows that will be compared stand anywhere: they are asked for before they are needed */

static inline void
ask_tie(const o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t at, uint32_t n)
{
    if (at + 1 < n && freezer->keys[at].key == freezer->keys[at + 1].key) {
        o2c__ask(&o2c__pool_item_row(pool, freezer->keys[at].row)->key);
        o2c__ask(&o2c__pool_item_row(pool, freezer->keys[at + 1].row)->key);
    }
}

/* Equal so far: the key decides. */
static void
order_ties(const o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t *order, uint32_t n)
{
    for (uint32_t first = 0, last; first < n; first = last) {
        for (last = first + 1; last < n && freezer->keys[last].key == freezer->keys[first].key; last++)
            ask_tie(pool, freezer, last + AHEAD, n);
        ask_tie(pool, freezer, first + AHEAD, n);
        if (last - first > 1)
            o2c__sort(order + first, freezer->scratch, last - first, compare_keys, pool);
    }
}

/* Rows from this one on, sorted into order; answers how many of them live. keys are theirs. */
static uint32_t
sort_rows(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t from, uint32_t *order)
{
    uint32_t n = 0;
    for (uint32_t i = from; i < freezer->rows_count; i++) {
        if (!freezer->heads[i - freezer->first].dead)
            freezer->keys[n++] = (struct o2c__sort_row){ sort_key(freezer, i), i, 0 };
    }
    o2c__sort_keys(&freezer->keys, &freezer->spare, n);
    for (uint32_t i = 0; i < n; i++)
        order[i] = freezer->keys[i].row;
    order_ties(pool, freezer, order, n);
    return n;
}

uint32_t
o2c__freeze_order_rows(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    return sort_rows(pool, freezer, freezer->first, freezer->order);
}

/* Rows that came from columns stand in their order still: those behind them are merged in. numbers holds the new ones. */
static uint32_t
merge_rows(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t known, const uint32_t *added, uint32_t n)
{
    uint32_t to = 0, at = 0;
    for (uint32_t i = 0; i < known; i++) {
        if (freezer->heads[i].dead)
            continue;
        uint64_t key = sort_key(freezer, i);
        while (at < n && (freezer->keys[at].key < key || (freezer->keys[at].key == key && compare_keys(pool, added[at], i) < 0)))
            freezer->order[to++] = added[at++];
        freezer->order[to++] = i;
    }
    while (at < n)
        freezer->order[to++] = added[at++];
    return to;
}

/* Closed items stand behind all open ones. */
static uint32_t
first_closed(const o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    uint32_t low = 0, high = pool->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (o2c__pool_item_row(pool, freezer->order[middle])->kind == O2C_ITEM_CLOSED)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void
order_items(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    uint32_t known = pool->rows->kept ? pool->rows->kept_count : 0;
    if (known)
        pool->count = merge_rows(pool, freezer, known, freezer->numbers, sort_rows(pool, freezer, known, freezer->numbers));
    else
        pool->count = sort_rows(pool, freezer, 0, freezer->order);
    memset(freezer->column, 0xFF, freezer->rows_count * sizeof(uint32_t));
    for (uint32_t i = 0; i < pool->count; i++)
        freezer->column[freezer->order[i]] = i;
    pool->open_count = first_closed(pool, freezer);
}

o2c_status
o2c__freeze_order(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    o2c__text_heap_init(&pool->heap, &pool->context.memory);
    o2c__freeze_mark(pool, freezer);
    o2c_status status = o2c__freeze_order_accounts(pool, freezer, err);
    if (!status)
        status = o2c__freeze_order_combos(pool, freezer, err);
    if (status)
        return status;
    order_items(pool, freezer);
    return O2C_OK;
}

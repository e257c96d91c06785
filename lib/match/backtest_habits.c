/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How people pay: how large the pool was, how many documents were paid together, and in how many stretches of neighbors they stood. Read
 * from the pool of the day, for the documents whose clearing is known when the payment is learned.
 */
#include "match/backtest.h"

/* The first column of an item account that is not before (due day, key). */
static uint32_t
column_of(const o2c_match_pool *pool, const struct o2c__item_account *in, int32_t due, o2c_str key)
{
    uint32_t low = in->first, high = in->first + in->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool before = pool->due[middle] < due ||
                      (pool->due[middle] == due && o2c__str_compare(o2c__pool_str(pool, pool->echo[middle].key), key) < 0);
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t
account_of(const o2c_match_pool *pool, o2c_str key)
{
    uint32_t low = 0, high = pool->accounts_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (o2c__str_compare(o2c__pool_str(pool, pool->accounts[middle].key), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pool->accounts_count && o2c__str_equal(o2c__pool_str(pool, pool->accounts[low].key), key) ? low : O2C__NONE;
}

/* The item account that holds an item, and its column there; NULL when it is not in the pool as an open one. */
static const struct o2c__item_account *
find(const struct o2c__replay *replay, uint32_t item, uint32_t *out_column)
{
    const o2c_match_pool *pool = replay->pool;
    const o2c_open_item *row = &replay->master.items[item];
    o2c_str key = o2c__ref_str(row->key, replay->master.heap);
    uint32_t account = account_of(pool, o2c__past_account(replay, replay->items[item].account));
    for (uint32_t i = 0; account != O2C__NONE && i < pool->accounts[account].item_accounts_count; i++) {
        const struct o2c__item_account *in = &pool->item_accounts[pool->accounts[account].item_accounts_at + i];
        uint32_t column = column_of(pool, in, row->due_day ? row->due_day : row->document_day, key);
        if (column < in->first + in->count && o2c__str_equal(o2c__pool_str(pool, pool->echo[column].key), key)) {
            *out_column = column;
            return in;
        }
    }
    return NULL;
}

static int
compare_columns(const void *self, uint32_t a, uint32_t b)
{
    (void)self;
    return a < b ? -1 : a > b;
}

/* Stretches of neighbors, among what is owed: credits between two documents do not part them. */
static int32_t
count_runs(const o2c_match_pool *pool, const uint32_t *columns, uint32_t count)
{
    int32_t runs = count > 0;
    for (uint32_t i = 1; i < count; i++) {
        bool gap = false;
        for (uint32_t c = columns[i - 1] + 1; !gap && c < columns[i]; c++)
            gap = pool->open[c] > 0;
        runs += gap;
    }
    return runs;
}

static int32_t
count_debits(const o2c_match_pool *pool, const struct o2c__item_account *in)
{
    int32_t count = 0;
    for (uint32_t c = in->first; c < in->first + in->count; c++)
        count += pool->open[c] > 0;
    return count;
}

static uint32_t
oldest_debit(const o2c_match_pool *pool, const struct o2c__item_account *in)
{
    uint32_t c = in->first;
    while (c < in->first + in->count && pool->open[c] <= 0)
        c++;
    return c;
}

void
o2c__replay_habits(struct o2c__replay *replay, uint32_t payment)
{
    struct o2c__past_payment *paid = &replay->paid[payment];
    uint32_t first = replay->truth_at[payment], last = replay->truth_at[payment + 1], count = 0, account = O2C__NONE;
    uint32_t *columns = o2c__arena_alloc(&replay->arena, (last - first + 1) * 2 * sizeof *columns);
    const struct o2c__item_account *pool_of = NULL;
    bool one_account = true, one_pool = columns != NULL;
    for (uint32_t i = first; i < last; i++) {
        const struct o2c__truth *truth = &replay->truth[i];
        uint32_t column = 0;
        if (truth->known > paid->learn_day || truth->item == O2C__NONE || (i > first && replay->truth[i - 1].item == truth->item))
            continue;
        uint32_t owner = replay->items[truth->item].account;
        one_account = one_account && (account == O2C__NONE || account == owner);
        account = owner;
        const struct o2c__item_account *in = one_pool ? find(replay, truth->item, &column) : NULL;
        one_pool = in && (!pool_of || pool_of == in);
        pool_of = in;
        if (one_pool && replay->pool->open[column] > 0)
            columns[count++] = column;
    }
    paid->account = one_account ? account : O2C__NONE;
    if (!one_account || !one_pool || count == 0)
        return;
    o2c__sort(columns, columns + (last - first + 1), count, compare_columns, NULL);
    paid->pool_count = count_debits(replay->pool, pool_of);
    paid->set_count = (int32_t)count;
    paid->runs = count_runs(replay->pool, columns, count);
    paid->oldest = columns[0] == oldest_debit(replay->pool, pool_of);
}

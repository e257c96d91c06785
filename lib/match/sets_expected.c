/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money that somebody said would come (X11, MATCHER 5.2): at equality it explains the payment, whatever its items have open. What is more
 * than the amount stays open: a part was promised. Where the search found the same items with a cause of its own, both tell one
 * outcome: the explanation that was found takes the weight over, and nothing counts twice.
 */
#include "match/explain.h"

static const struct o2c__expected *
expected_at(const o2c_match_pool *pool, uint32_t row)
{
    return &O2C__AT(&pool->expected, struct o2c__expected, row);
}

static uint32_t
first_expected(const o2c_match_pool *pool, uint32_t account)
{
    uint32_t low = 0, high = (uint32_t)pool->expected.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (expected_at(pool, middle)->account < account)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
o2c__is_expected(const o2c_match_pool *pool, uint32_t account, int64_t amount)
{
    for (uint32_t i = first_expected(pool, account); i < pool->expected.count && expected_at(pool, i)->account == account; i++)
        if (expected_at(pool, i)->amount == amount)
            return true;
    return false;
}

static const uint32_t *
items_of(const o2c_match_pool *pool, const struct o2c__expected *row)
{
    return &O2C__AT(&pool->expected_items, uint32_t, row->items_at);
}

static bool
same_money(const struct o2c__job *job, const struct o2c__expected *row)
{
    return memcmp(row->currency, job->currency, 3) == 0;
}

/* All items among those the payer may pay; *out_side is that of all of them, O2C__NONE = of several. */
static bool
may_pay(const struct o2c__job *job, const struct o2c__view *view, const struct o2c__expected *row, uint32_t *out_side, int64_t *out_open)
{
    const o2c_match_pool *pool = job->solve->pool;
    const uint32_t *items = items_of(pool, row);
    *out_open = 0;
    for (uint32_t i = 0; i < row->items_count; i++) {
        uint32_t side = 0;
        while (side < view->sides && view->side_home[side] != pool->item_account[items[i]])
            side++;
        if (side == view->sides || o2c__is_held(job->solve, items[i]))
            return false;
        *out_side = i == 0 || *out_side == side ? side : O2C__NONE;
        *out_open += pool->open[items[i]];
    }
    return true;
}

static void
weigh_expected(struct o2c__job *job, struct o2c__view *view, const struct o2c__expected *row, uint32_t waiting)
{
    uint32_t side = 0;
    int64_t open = 0;
    if (row->amount != job->amount || row->items_count > O2C__SET_MAX || !may_pay(job, view, row, &side, &open) || open < job->amount)
        return;
    struct o2c__hypothesis parts = { .arithmetic = O2C_ARITHMETIC_X11, .ln_amount = O2C__LN_EXPECTED - o2c__ln_u64(waiting),
                                     .difference = open - job->amount, .waits = row->origin };
    parts.scope = side == 0 ? O2C_SCOPE_OWN : O2C_SCOPE_TIED;
    parts.ln_scope = side == 0 ? view->ln_own : side == O2C__NONE ? view->ln_mixed : view->ln_tied;
    o2c__special_add(job, view, items_of(job->solve->pool, row), row->items_count, parts);
}

static uint32_t
deposit_requests(const struct o2c__job *job, const struct o2c__view *view)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t waiting = 0;
    if (view->side_home[0] == O2C__NONE || !(pool->item_accounts[view->side_home[0]].marks & O2C__HOME_DEPOSITS))
        return 0;
    const struct o2c__item_account *home = &pool->item_accounts[view->side_home[0]];
    for (uint32_t item = home->first; item < home->first + home->count; item++)
        waiting += pool->kind[item] == O2C_ITEM_DEPOSIT_REQUEST;
    return waiting;
}

uint32_t
o2c__sets_expected(struct o2c__job *job, struct o2c__view *view)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t waiting = deposit_requests(job, view), first = first_expected(pool, view->account), end = first;
    for (; end < pool->expected.count && expected_at(pool, end)->account == view->account; end++)
        waiting += same_money(job, expected_at(pool, end));
    if (end == first || !o2c__work(job, end - first))
        return waiting;
    for (uint32_t i = first; i < end; i++)
        if (same_money(job, expected_at(pool, i)))
            weigh_expected(job, view, expected_at(pool, i), waiting);
    return waiting;
}

/* ---- one outcome, one row */

static struct o2c__row *
row_of(const struct o2c__job *job, uint32_t row)
{
    return &((struct o2c__row *)job->rows.rows)[row];
}

static bool
same_set(const struct o2c__job *job, const struct o2c__row *a, const struct o2c__row *b)
{
    const uint32_t *items = job->items.rows;
    return a->is.payer == b->is.payer && a->is.items_count == b->is.items_count &&
           memcmp(items + a->is.items_at, items + b->is.items_at, a->is.items_count * sizeof *items) == 0;
}

static bool
is_waiting(const struct o2c__row *row)
{
    return row->is.arithmetic == O2C_ARITHMETIC_X11 && row->is.waits;
}

static bool
has_cause(const struct o2c__row *row)
{
    return row->is.arithmetic <= O2C_ARITHMETIC_X6;
}

static bool
same_cause(const struct o2c__row *a, const struct o2c__row *b)
{
    return a->is.arithmetic == b->is.arithmetic && a->is.rate == b->is.rate && a->is.difference == b->is.difference;
}

/* The heaviest explanation of these items with a cause of its own; the first among equals has the lowest number of its cause. */
static const struct o2c__row *
find_cause(const struct o2c__job *job, const struct o2c__row *waiting)
{
    const struct o2c__row *best = NULL;
    for (uint32_t i = 0; i < job->rows.count; i++) {
        const struct o2c__row *row = row_of(job, i);
        if (!has_cause(row) || !same_set(job, row, waiting))
            continue;
        if (!best || row->is.weight > best->is.weight ||
            (row->is.weight == best->is.weight &&
             (row->is.arithmetic < best->is.arithmetic || (row->is.arithmetic == best->is.arithmetic && row->is.rate < best->is.rate))))
            best = row;
    }
    return best;
}

/* Generators overlap: every copy of that explanation gets the same, and copies are dropped later. */
static bool
join(struct o2c__job *job, const struct o2c__row *waiting)
{
    const struct o2c__row *found = find_cause(job, waiting);
    if (!found)
        return false;
    struct o2c__row cause = *found;
    int64_t more = o2c__ln_add(cause.is.weight, waiting->is.weight) - cause.is.weight;
    for (uint32_t i = 0; i < job->rows.count; i++) {
        struct o2c__row *row = row_of(job, i);
        if (!has_cause(row) || !same_set(job, row, &cause) || !same_cause(row, &cause))
            continue;
        row->is.ln_expected += (int32_t)more;
        row->is.weight += more;
        row->is.waits = waiting->is.waits;
    }
    return true;
}

void
o2c__join_expected(struct o2c__job *job)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < job->rows.count; i++) {
        struct o2c__row waiting = *row_of(job, i);
        if (!is_waiting(&waiting) || !join(job, &waiting))
            *row_of(job, kept++) = waiting;
    }
    job->rows.count = kept;
}

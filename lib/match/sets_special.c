/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items outside the ordinary pool: deposit requests (X11), documents that were paid before (X12), and cited items of another currency
 * or company, which are listed so that their gate can hold them.
 */
#include "match/explain.h"

void
o2c__special_add(struct o2c__job *job, const struct o2c__view *view, const uint32_t *items, uint32_t count, struct o2c__hypothesis parts)
{
    uint32_t cited[O2C__SET_MAX], found = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = o2c__cited_row(&view->citing, items[i]);
        if (row != O2C__NONE)
            cited[found++] = row;
    }
    parts.payer = view->payer;
    parts.ln_payer = view->ln_payer;
    parts.ln_class = o2c__ln_class[parts.arithmetic];
    parts.ln_text = (int32_t)o2c__text_ln(&view->citing, cited, found, count - found);
    parts.cited = found;
    o2c__row_add(job, view, items, count, view->side_count[0], &parts);
}

static void
deposit_requests(struct o2c__job *job, struct o2c__view *view, uint32_t waiting)
{
    const o2c_match_pool *pool = job->solve->pool;
    if (view->side_home[0] == O2C__NONE)
        return;
    const struct o2c__item_account *home = &pool->item_accounts[view->side_home[0]];
    for (uint32_t item = home->first; item < home->first + home->count && waiting; item++) {
        if (pool->kind[item] != O2C_ITEM_DEPOSIT_REQUEST || pool->open[item] != job->amount || o2c__is_held(job->solve, item))
            continue;
        o2c__special_add(job, view, &item, 1,
             (struct o2c__hypothesis){ .arithmetic = O2C_ARITHMETIC_X11, .ln_amount = O2C__LN_EXPECTED - o2c__ln_u64(waiting) });
    }
}

/* First closed document of an account: they stand behind the open items, by (account, key). */
static uint32_t
first_closed(const o2c_match_pool *pool, uint32_t account)
{
    uint32_t low = pool->open_count, high = pool->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pool->item_account[middle] < account)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
same_kind_of_money(const struct o2c__job *job, uint32_t item)
{
    const o2c_match_pool *pool = job->solve->pool;
    o2c_str company = { "", 0 };
    if (job->one->company != O2C__NONE)
        company = o2c__pool_str(pool, pool->companies[job->one->company]);
    return memcmp(o2c__pool_currency(pool, item).ptr, job->currency, 3) == 0 &&
           o2c__str_equal(o2c__pool_company(pool, item), company);
}

static bool
recent(const struct o2c__job *job, uint32_t item)
{
    int32_t closed = job->solve->pool->closed_day[item - job->solve->pool->open_count];
    return closed > 0 && closed <= job->day && job->day - closed <= (int32_t)job->solve->policy->closed_lookback_days;
}

/* One closed document of the same amount: by its number at any age, by amount alone only within the look-back. */
static void
closed_documents(struct o2c__job *job, struct o2c__view *view, uint32_t account)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t first = first_closed(pool, account), end = first, lately = 0;
    while (end < pool->count && pool->item_account[end] == account && end - first < O2C__SLOTS_MAX)
        lately += recent(job, end++);
    if (!o2c__work(job, end - first))
        return;
    for (uint32_t item = first; item < end; item++) {
        bool cited = o2c__cited_row(&view->citing, item) != O2C__NONE;
        if (pool->original[item] != job->amount || (!cited && !recent(job, item)) || !same_kind_of_money(job, item))
            continue;
        uint32_t among = cited ? end - first : lately;
        o2c__special_add(job, view, &item, 1,
             (struct o2c__hypothesis){ .arithmetic = O2C_ARITHMETIC_X12, .ln_set = -o2c__ln_u64(among),
                                       .ln_scope = account == view->account ? view->ln_own : view->ln_tied,
                                       .scope = account == view->account ? O2C_SCOPE_OWN : O2C_SCOPE_TIED });
    }
}

/* All closed documents of one account that the text names, paid once more together: as often as so many items are paid together. What is
 * counted of a host's customers is how they choose among open items. */
static void
closed_together(struct o2c__job *job, struct o2c__view *view, uint32_t account)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t items[O2C__SET_MAX], count = 0, first = first_closed(pool, account), end = first;
    int64_t sum = 0;
    for (uint32_t i = 0; i < view->citing.count && count < O2C__SET_MAX; i++) {
        uint32_t item = view->citing.items[i];
        if (item < pool->open_count || pool->item_account[item] != account || !same_kind_of_money(job, item))
            continue;
        items[count++] = item;
        sum += pool->original[item];
    }
    if (count < 2 || sum != job->amount)
        return;
    while (end < pool->count && pool->item_account[end] == account && end - first < O2C__SLOTS_MAX)
        end++;
    if (count > end - first)
        return;
    o2c__special_add(job, view, items, count,
         (struct o2c__hypothesis){ .arithmetic = O2C_ARITHMETIC_X12,
                                   .ln_set = o2c__ln_set_size(NULL, end - first, count) - o2c__ln_binomial(end - first, count),
                                   .ln_scope = account == view->account ? view->ln_own : view->ln_tied,
                                   .scope = account == view->account ? O2C_SCOPE_OWN : O2C_SCOPE_TIED });
}

/* Items that another payment of this run holds: whoever names them, or pays their amount, may well pay them once more. */
static void
held_items(struct o2c__job *job, struct o2c__view *view, uint32_t side)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t items[O2C__SET_MAX], named = 0, among = 0;
    int64_t sum = 0;
    if (view->side_home[side] == O2C__NONE)
        return;
    const struct o2c__item_account *home = &pool->item_accounts[view->side_home[side]];
    for (uint32_t item = home->first; item < home->first + home->count; item++)
        among += o2c__is_held(job->solve, item);
    struct o2c__hypothesis parts = { .arithmetic = O2C_ARITHMETIC_X12, .ln_scope = side ? view->ln_tied : view->ln_own,
                                     .scope = side ? O2C_SCOPE_TIED : O2C_SCOPE_OWN };
    for (uint32_t item = home->first; item < home->first + home->count && among; item++) {
        if (!o2c__is_held(job->solve, item))
            continue;
        bool cited = o2c__cited_row(&view->citing, item) != O2C__NONE;
        parts.ln_set = -o2c__ln_u64(among);
        if (pool->open[item] == job->amount && (cited || job->one->payers[view->payer].evidence))
            o2c__special_add(job, view, &item, 1, parts);
        if (!cited || named == O2C__SET_MAX)
            continue;
        items[named++] = item;
        sum += pool->open[item];
    }
    if (named < 2 || sum != job->amount)
        return;
    parts.ln_set = o2c__ln_set_size(NULL, among, named) - o2c__ln_binomial(among, named);
    o2c__special_add(job, view, items, named, parts);
}

static bool
ordinary(const struct o2c__view *view, const o2c_match_pool *pool, uint32_t item)
{
    for (uint32_t side = 0; side < view->sides; side++)
        if (item < pool->open_count && pool->item_account[item] == view->side_home[side])
            return true;
    return false;
}

/* Another currency with a rate is searched by itself. */
static bool
has_rate(const struct o2c__job *job, uint32_t home)
{
    for (uint32_t i = 0; i < job->monies_count; i++)
        if (memcmp(job->monies[i].currency, job->solve->pool->item_accounts[home].currency, 3) == 0)
            return true;
    return false;
}

/* Cited items of one foreign item account whose open amounts add up to the number of the payment. */
static void
foreign_items(struct o2c__job *job, struct o2c__view *view)
{
    const o2c_match_pool *pool = job->solve->pool;
    const struct o2c__citing *citing = &view->citing;
    for (uint32_t start = 0, end; start < citing->count; start = end) {
        uint32_t home = citing->items[start] < pool->open_count ? pool->item_account[citing->items[start]] : O2C__NONE;
        int64_t sum = 0;
        uint32_t runs = 0, held = 0;
        for (end = start;
             end < citing->count && citing->items[end] < pool->open_count && pool->item_account[citing->items[end]] == home;
             end++) {
            sum += pool->open[citing->items[end]];
            held += o2c__is_held(job->solve, citing->items[end]);
            runs += end == start || citing->items[end] != citing->items[end - 1] + 1;
        }
        if (home == O2C__NONE) {
            end = citing->count; /* closed ones stand last */
            continue;
        }
        uint32_t n = pool->item_accounts[home].count, count = end - start;
        if (ordinary(view, pool, citing->items[start]) || sum != job->amount || count > O2C__SET_MAX || held || has_rate(job, home))
            continue;
        int32_t prior = o2c__ln_set_prior(view->prior, n, count, runs, citing->items[start] == pool->item_accounts[home].first);
        if (prior != INT32_MIN)
            o2c__special_add(job, view, citing->items + start, count,
                 (struct o2c__hypothesis){ .arithmetic = O2C_ARITHMETIC_X0, .ln_set = prior, .ln_scope = O2C__LN_CROSS });
    }
}

void
o2c__sets_special(struct o2c__job *job, struct o2c__view *view)
{
    deposit_requests(job, view, o2c__sets_expected(job, view));
    for (uint32_t side = 0; side < view->sides; side++)
        closed_documents(job, view, view->side_account[side]);
    for (uint32_t side = 0; side < view->sides && job->solve->held; side++)
        held_items(job, view, side);
    for (uint32_t side = 0; side < view->sides && view->citing.count; side++)
        closed_together(job, view, view->side_account[side]);
    if (!job->foreign)
        foreign_items(job, view);
}

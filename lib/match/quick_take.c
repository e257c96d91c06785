/* SPDX-License-Identifier: Apache-2.0 */
/* What a payment that needs no search must cite: items of one payer, each by one token, that add up to the amount. */
#include "match/quick.h"

static struct o2c__other *
find_other(struct o2c__quick *quick, uint32_t account)
{
    for (uint32_t i = 0; i < quick->others_count; i++) {
        if (quick->others[i].account == account)
            return &quick->others[i];
    }
    return NULL;
}

/* The payer with evidence; without any, the first one whose cited items come to the amount. */
static uint32_t
find_own(const struct o2c__solve *solve, const struct o2c__case *one)
{
    const o2c_match_pool *pool = solve->pool;
    for (uint32_t i = 0; i < one->payers_count && !one->payers[0].evidence; i++) {
        int64_t sum = 0;
        for (uint32_t h = 0; h < one->hits_count; h++) {
            uint32_t item = one->hits[h].item;
            if (item < pool->open_count && o2c__pool_account(pool, item) == one->payers[i].account)
                sum += pool->open[item];
        }
        if (sum == one->payment->amount_minor)
            return i;
    }
    return 0;
}

/* One payer may have others beside him who have no evidence. */
static bool
take_payers(struct o2c__quick *quick)
{
    const struct o2c__case *one = quick->one;
    if (one->payers_count == 0 || one->payers_count > 1 + O2C__QUICK_OTHERS)
        return false;
    quick->own = one->payers_count > 1 ? find_own(quick->solve, one) : 0;
    for (uint32_t i = 0; i < one->payers_count; i++) {
        uint32_t account = one->payers[i].account;
        if (i == quick->own)
            continue;
        if (one->payers[i].evidence || quick->solve->pool->accounts[account].relatives_count)
            return false;
        quick->others[quick->others_count++] = (struct o2c__other){ .account = account, .item = O2C__NONE };
    }
    return true;
}

static bool
take_own(struct o2c__quick *quick, uint32_t h)
{
    const struct o2c__hit *hit = &quick->one->hits[h];
    uint32_t at = quick->count;
    for (; at > 0 && quick->items[at - 1] > hit->item; at--) {
        quick->items[at] = quick->items[at - 1];
        quick->hits[at] = quick->hits[at - 1];
    }
    if (at > 0 && quick->items[at - 1] == hit->item)
        return false;
    quick->items[at] = hit->item;
    quick->hits[at] = h;
    quick->count++;
    quick->ln_ratios += hit->ln_ratio;
    quick->ln_least = hit->ln_ratio < quick->ln_least ? hit->ln_ratio : quick->ln_least;
    return true;
}

/* Tokens and own items one to one, ascending by column; tokens of others apart. */
static bool
take_hits(struct o2c__quick *quick)
{
    const struct o2c__case *one = quick->one;
    const o2c_match_pool *pool = quick->solve->pool;
    if (one->hits_count == 0 || one->hits_count > O2C__QUICK_HITS || one->hits_count != one->tokens || one->stray_tokens ||
        !take_payers(quick))
        return false;
    quick->ln_least = INT64_MAX;
    for (uint32_t h = 0; h < one->hits_count; h++) {
        const struct o2c__hit *hit = &one->hits[h];
        if (hit->item >= pool->open_count || hit->ln_ratio <= 0 || (hit->line_has & (O2C_HAS_DEDUCTION | O2C_HAS_DISCOUNT)))
            return false;
        struct o2c__other *other = quick->others_count ? find_other(quick, o2c__pool_account(pool, hit->item)) : NULL;
        if (other) {
            other->item = other->cited++ ? other->item : hit->item;
            other->ln_ratios += hit->ln_ratio;
        } else if (!take_own(quick, h)) {
            return false;
        }
    }
    return quick->count > 0;
}

/* All cited items stand in one pool of the payer, in this currency and company, and add up to the amount. */
static bool
own_and_exact(struct o2c__quick *quick)
{
    const o2c_match_pool *pool = quick->solve->pool;
    const struct o2c__case *one = quick->one;
    uint32_t home = pool->item_account[quick->items[0]];
    int64_t sum = 0;
    quick->home = &pool->item_accounts[home];
    if (quick->home->account != one->payers[quick->own].account || pool->accounts[quick->home->account].relatives_count != 0 ||
        quick->home->company != one->company || memcmp(quick->home->currency, one->payment->currency, 3) != 0)
        return false;
    bool deposits = quick->home->marks & O2C__HOME_DEPOSITS;
    for (uint32_t i = 0; i < quick->count; i++) {
        if (pool->item_account[quick->items[i]] != home || (deposits && pool->kind[quick->items[i]] == O2C_ITEM_DEPOSIT_REQUEST))
            return false;
        sum += pool->open[quick->items[i]];
    }
    return sum == quick->amount;
}

bool
o2c__quick_take(struct o2c__quick *quick)
{
    return take_hits(quick) && own_and_exact(quick);
}

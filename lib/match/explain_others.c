/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much can the explanations of a payer weigh whom nothing but a number of the text brings to mind? A bound for explain_quick.c.
 *
 * No prior and no density is more than 1, so they weigh at most what the text says of his items. When the text cites one of them and his
 * other items are plain debits of one pool, less is possible: the cited item alone, or with one other, would have to come to the amount,
 * and no item does that. Sets of two others and more add up to it by accident only, each other one being missed by the text; all that is
 * left are short and over-payments (the bounds of MATCHER 5.3), and sets that the text does not speak for.
 */
#include "match/explain.h"

#define TWICE 45426 /* ln 2 */
#define EXTRA 2     /* other items that are counted; more are bounded */

static int64_t
discount_of(const struct o2c__solve *solve, const o2c_payment *payment, uint32_t item)
{
    struct o2c__discount_worth worth;
    if (solve->pool->discount[item] == 0)
        return 0;
    o2c__discount_on(solve->pool, item, payment->value_day ? payment->value_day : payment->booking_day, solve->policy->discount_grace_days,
                     &worth);
    return worth.earned > worth.unearned ? worth.earned : worth.unearned;
}

/* The only pool of the account: debits of this currency and company, none of them so small that something could hide it. */
static const struct o2c__item_account *
plain_home(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__other *other)
{
    const o2c_match_pool *pool = solve->pool;
    const struct o2c__item_account *home = &pool->item_accounts[pool->item_account[other->item]];
    bool plain = pool->accounts[other->account].item_accounts_count == 1 && home->company == one->company &&
                 memcmp(home->currency, one->payment->currency, 3) == 0 && !home->marks && home->count <= O2C__SLOTS_MAX;
    return plain ? home : NULL;
}

/* Do the cited item and at most one other come to the amount, with a difference that a named cause may hide? */
static bool
comes_near(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__other *other,
           const struct o2c__item_account *home, int64_t slack)
{
    const int64_t *open = solve->pool->open;
    int64_t cited = open[other->item], hidden = slack + discount_of(solve, one->payment, other->item);
    int64_t rest = one->payment->amount_minor - cited;
    if (rest >= -hidden && rest <= slack)
        return true;
    for (uint32_t item = home->first; item < home->first + home->count; item++) {
        if (item == other->item || open[item] < rest - slack)
            continue;
        if (open[item] - discount_of(solve, one->payment, item) <= rest + hidden)
            return true;
    }
    return false;
}

/* ln Σ P(S)·MISS^j over the sets with two others and more. */
static int64_t
ln_two_others(const struct o2c__set_prior *prior, const struct o2c__other *other, const struct o2c__item_account *home)
{
    uint32_t place = other->item - home->first;
    struct o2c__places places = { .prior = prior, .n = home->count, .taken = &place, .taken_count = 1 };
    struct o2c__supersets rows;
    o2c__ln_supersets(&places, EXTRA, &rows);
    return o2c__ln_add(rows.ln[2], o2c__ln_beyond(&places, &rows, EXTRA));
}

int64_t
o2c__ln_other_most(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__other *other, int64_t slack, bool counted)
{
    int64_t cites = O2C__LN_CITES + other->ln_ratios, amount = o2c__ln_u64((uint64_t)one->payment->amount_minor);
    const struct o2c__item_account *home = other->cited == 1 ? plain_home(solve, one, other) : NULL;
    if (!home || home->least <= slack || comes_near(solve, one, other, home, slack))
        return o2c__ln_add(O2C__LN_CITES_NOT + TWICE, cites);
    int64_t ln_short = O2C__LN_SHORT_NEAR + o2c__differs_most_at(solve, other->account);
    int64_t loose = o2c__ln_add(o2c__ln_class[O2C_ARITHMETIC_X7] + ln_short, o2c__ln_class[O2C_ARITHMETIC_X8] + O2C__LN_OVER_CAP);
    int64_t accident = amount < O2C__LN_ACCIDENT ? 0 : O2C__LN_ACCIDENT - amount;
    int64_t two = counted ? ln_two_others(o2c__prior_of(solve->model), other, home) : 2 * (int64_t)O2C__LN_MISS;
    int64_t fits = two == O2C__NEVER ? O2C__NEVER : cites + two + accident;
    int64_t ln = o2c__ln_add(O2C__LN_LITTLE_CITED + TWICE, cites + loose - amount);
    return fits == O2C__NEVER ? ln : o2c__ln_add(ln, fits);
}

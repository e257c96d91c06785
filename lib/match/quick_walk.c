/* SPDX-License-Identifier: Apache-2.0 */
/* The pool around the cited items: how large it is, in how many runs they stand, and what could take the place of one of them. */
#include "match/quick.h"

static int64_t
late_discount(const struct o2c__quick *quick, uint32_t item)
{
    const o2c_payment *payment = quick->one->payment;
    struct o2c__discount_worth worth;
    if (quick->solve->pool->discount[item] == 0)
        return 0;
    o2c__discount_on(quick->solve->pool, item, payment->value_day ? payment->value_day : payment->booking_day,
                     quick->solve->policy->discount_grace_days, &worth);
    return worth.earned > worth.unearned ? worth.earned : worth.unearned;
}

static void
count_credits(struct o2c__quick *quick)
{
    const o2c_match_pool *pool = quick->solve->pool;
    for (uint32_t item = quick->home->first; item < quick->home->first + quick->home->count; item++) {
        quick->credits += pool->open[item] < 0;
        quick->credits_sum -= pool->open[item] < 0 ? pool->open[item] : 0;
    }
}

static void
measure_slack(struct o2c__quick *quick)
{
    const o2c_match_policy *policy = quick->solve->policy;
    const o2c_payment *payment = quick->one->payment;
    int64_t discount = 0;
    quick->slack = policy->tolerance_minor;
    for (uint64_t i = 0; i < policy->fees_count; i++)
        quick->slack = policy->fees[i] > quick->slack ? policy->fees[i] : quick->slack;
    if (payment->bearer != O2C_BEARER_PAYER && payment->charges_minor > quick->slack)
        quick->slack = payment->charges_minor;
    for (uint32_t i = 0; i < quick->count; i++)
        discount += late_discount(quick, quick->items[i]);
    quick->slack = discount > quick->slack ? discount : quick->slack;
}

/* Is some discounted amount of the item within reach of this amount? */
static bool
reaches(int64_t least, int64_t open, int64_t amount, int64_t slack)
{
    return least <= amount + slack && open >= amount - slack;
}

static bool
any_reach(const struct o2c__quick *quick, int64_t least, int64_t open, int64_t slack)
{
    bool near = reaches(least, open, quick->amount, slack);
    for (uint32_t i = 0; i < quick->count; i++)
        near = near || reaches(least, open, quick->solve->pool->open[quick->items[i]], slack);
    return near;
}

/* Another item may hide beside the cited ones (0), stand in for one of them (1), or neither (2). Usual discounts are below an eighth:
 * a cheap first look. */
static int
how_far(const struct o2c__quick *quick, uint32_t item)
{
    const o2c_match_pool *pool = quick->solve->pool;
    int64_t open = pool->open[item], slack = quick->slack + quick->credits_sum, least = open;
    if (pool->discount[item]) {
        const o2c_discount *tiers = pool->discounts[pool->discount[item] - 1];
        bool usual = tiers[0].set == O2C_DISCOUNT_PPM && tiers[0].value <= 125000 &&
                     (!tiers[1].set || (tiers[1].set == O2C_DISCOUNT_PPM && tiers[1].value <= 125000));
        least = usual ? open - pool->original[item] / 8 - 1 : open - late_discount(quick, item);
        if (usual && least <= slack)
            least = open - late_discount(quick, item);
    }
    if (least <= slack)
        return 0;
    return quick->count > 1 && any_reach(quick, least, open, slack) ? 1 : 2; /* beside one cited item nothing can stand in */
}

/* A cited item or a credit so small that leaving it out goes unnoticed. */
static bool
is_small(const struct o2c__quick *quick, uint32_t item)
{
    int64_t open = quick->solve->pool->open[item];
    return open < 0 ? -open <= quick->slack : open <= quick->slack + quick->credits_sum;
}

/* ---- a pool of plain debits, none of them so small that something could hide it: most of it is known since the pool froze */

/* How often does another item have the amount of a cited one, or of the payment, within the slack? */
static uint64_t
near_between(const struct o2c__quick *quick, uint32_t from, uint32_t end)
{
    const int64_t *open = quick->solve->pool->open;
    uint64_t width = 2 * (uint64_t)quick->slack;
    /* No two items are that near: only the payment itself is left to compare with. */
    bool alone = quick->home->gap > quick->slack;
    uint64_t near = 0;
    for (uint32_t i = alone ? quick->count : 0; i <= quick->count; i++) {
        int64_t least = (i < quick->count ? open[quick->items[i]] : quick->amount) - quick->slack;
        for (uint32_t item = from; item < end; item++)
            near += (uint64_t)open[item] - (uint64_t)least <= width;
    }
    return near;
}

static int64_t
least_between(const struct o2c__quick *quick, uint32_t from, uint32_t end, int64_t least)
{
    const int64_t *open = quick->solve->pool->open;
    for (uint32_t item = from; item < end; item++)
        least = open[item] < least ? open[item] : least;
    return least;
}

static bool
cites_amount(const struct o2c__quick *quick, int64_t amount)
{
    for (uint32_t i = 0; i < quick->count; i++) {
        if (quick->solve->pool->open[quick->items[i]] == amount)
            return true;
    }
    return false;
}

/* Between the cited items: what stands near, and the smallest when that matters. */
static void
look_around(struct o2c__quick *quick)
{
    const struct o2c__item_account *home = quick->home;
    /* The smallest of all is so large that another one makes no difference, or it is none of the cited ones. */
    bool known = o2c__quick_far_short(quick, home->least) || !cites_amount(quick, home->least);
    bool none_near = home->gap > quick->slack && quick->amount - quick->slack > home->most;
    bool look = quick->count > 1 && !none_near;
    if (known)
        quick->least_other = home->least;
    for (uint32_t i = 0, from = home->first; i <= quick->count && (look || !known); i++) {
        uint32_t end = i < quick->count ? quick->items[i] : home->first + home->count;
        if (look)
            quick->near += near_between(quick, from, end);
        if (!known)
            quick->least_other = least_between(quick, from, end, quick->least_other);
        from = end + 1;
    }
}

static bool
is_plain(const struct o2c__quick *quick)
{
    const struct o2c__item_account *home = quick->home;
    return !home->marks && home->least > quick->slack && quick->slack >= 0 && home->count <= O2C__SLOTS_MAX;
}

static void
walk_plain(struct o2c__quick *quick)
{
    quick->n = quick->home->count;
    quick->oldest = quick->items[0] == quick->home->first;
    for (uint32_t i = 0; i < quick->count; i++) {
        quick->places[i] = quick->items[i] - quick->home->first;
        quick->runs += i == 0 || quick->items[i] != quick->items[i - 1] + 1;
    }
    look_around(quick);
}

/* One walk over the pool: its size, the runs, and whether anything stands too near. */
static bool
walk_pool(struct o2c__quick *quick)
{
    const o2c_match_pool *pool = quick->solve->pool;
    uint32_t at = 0;
    bool inside = false;
    for (uint32_t item = quick->home->first; item < quick->home->first + quick->home->count; item++) {
        if (pool->kind[item] == O2C_ITEM_DEPOSIT_REQUEST)
            continue;
        bool cited = at < quick->count && quick->items[at] == item;
        if (cited)
            quick->places[at++] = quick->n;
        bool credit = pool->open[item] < 0;
        int far = cited || credit ? 2 : how_far(quick, item);
        if (far == 0 || ((cited || credit) && is_small(quick, item)) || (cited && credit))
            return false;
        quick->near += far == 1 ? quick->count + 1 : 0;
        if (pool->open[item] < 0)
            continue;
        if (!cited && pool->open[item] < quick->least_other)
            quick->least_other = pool->open[item];
        quick->oldest = quick->oldest || (cited && quick->n == 0);
        quick->runs += cited && !inside;
        inside = cited;
        quick->n++;
    }
    return quick->n <= O2C__SLOTS_MAX;
}

bool
o2c__quick_walk(struct o2c__quick *quick)
{
    if (quick->home->marks & O2C__HOME_CREDITS)
        count_credits(quick);
    measure_slack(quick);
    if (!is_plain(quick))
        return walk_pool(quick);
    walk_plain(quick);
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Most payments cite their items by number and pay exactly their sum. One payer, every token cites one of his own items, no relative
 * around (or a known payer, and a token that cites somebody else by accident): then the explanation is written without a search and
 * everything else stays a bound. p can only be too low by the bounds, and they hold less than 200 ppm together, else the search runs.
 * What decides is data alone, never time.
 *
 * What else could explain the amount?
 *  - Sets that hold other items too: each costs a miss (.02). No other item, nor a cited one, is so small that a discount, fee,
 *    tolerance or credit could hide it (checked against every item of the pool), so such a set can only be short or over-paid.
 *  - Sets that lack a cited item lose that token's ratio, and to fit they need other items: two at least, unless one has nearly the
 *    amount of a cited one or of the payment: such pairs are counted, each with the largest prior of a set of that size and shape. The
 *    prior of the others is that of the nearest such sets, doubled; two that add up by accident are as likely as bound_named.c expects
 *    at most.
 *  - A payer beside this one, whom nothing but a number brings to mind: explain_others.c.
 *  - Short and over-payments: the bounds of MATCHER 5.3, times what the text leaves of them. A set that holds other items too is never
 *    over-paid, and more than 5 % short unless another item is small.
 * A second number that only a damaged reading would turn into one of ours is not read here: it could speak for a short payment of
 * more items than are cited, never for an exact one.
 */
#include "match/explain.h"

#define QUICK_HITS 8
#define QUICK_PPM 200
#define EXTRA 2        /* other items beside the cited ones that are counted; more are bounded */
#define TWICE 45426    /* ln 2 */

#define OTHERS 4 /* payers besides, whom nothing but a token of the text brings to mind */

struct quick {
    struct o2c__solve *solve;
    struct o2c__case *one;
    int64_t amount;
    uint32_t own;                        /* row of the payers: whose items add up */
    const struct o2c__item_account *home;
    uint32_t items[QUICK_HITS], hits[QUICK_HITS], places[QUICK_HITS], count;
    int64_t ln_ratios, ln_least;         /* Σ ln L, smallest ln L */
    uint32_t n, runs;                    /* debit items of the pool, runs of the cited ones */
    bool oldest;
    uint64_t near;                       /* pairs of another item and a cited one, or the payment, of nearly the same amount */
    int64_t slack;                       /* largest amount that a named cause or the credits may hide */
    int64_t credits_sum;                 /* ≥ 0 */
    int64_t least_other;                 /* smallest open amount of the other debit items */
    uint32_t credits;
    int32_t ln_set;
    struct o2c__other others[OTHERS];
    uint32_t others_count;
    int64_t ln_others;                   /* ln of the most that their explanations weigh, O2C__NEVER = there are none */
};

static struct o2c__other *
find_other(struct quick *quick, uint32_t account)
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
take_payers(struct quick *quick)
{
    const struct o2c__case *one = quick->one;
    if (one->payers_count == 0 || one->payers_count > 1 + OTHERS)
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
take_own(struct quick *quick, uint32_t h)
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
take_hits(struct quick *quick)
{
    const struct o2c__case *one = quick->one;
    const o2c_match_pool *pool = quick->solve->pool;
    if (one->hits_count == 0 || one->hits_count > QUICK_HITS || one->hits_count != one->tokens || one->stray_tokens || !take_payers(quick))
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
own_and_exact(struct quick *quick)
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

static int64_t
late_discount(const struct quick *quick, uint32_t item)
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
count_credits(struct quick *quick)
{
    const o2c_match_pool *pool = quick->solve->pool;
    for (uint32_t item = quick->home->first; item < quick->home->first + quick->home->count; item++) {
        quick->credits += pool->open[item] < 0;
        quick->credits_sum -= pool->open[item] < 0 ? pool->open[item] : 0;
    }
}

static void
measure_slack(struct quick *quick)
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
any_reach(const struct quick *quick, int64_t least, int64_t open, int64_t slack)
{
    bool near = reaches(least, open, quick->amount, slack);
    for (uint32_t i = 0; i < quick->count; i++)
        near = near || reaches(least, open, quick->solve->pool->open[quick->items[i]], slack);
    return near;
}

/* Another item may hide beside the cited ones (0), stand in for one of them (1), or neither (2). Usual discounts are below an eighth:
 * a cheap first look. */
static int
how_far(const struct quick *quick, uint32_t item)
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
is_small(const struct quick *quick, uint32_t item)
{
    int64_t open = quick->solve->pool->open[item];
    return open < 0 ? -open <= quick->slack : open <= quick->slack + quick->credits_sum;
}

/* Is it more than 5 % short to hold another item of this amount besides? */
static bool
far_short(const struct quick *quick, int64_t other)
{
    int64_t open = quick->amount + other - quick->credits_sum; /* every superset adds up to that, at least */
    return open - quick->amount > open / 20;
}

/* ---- a pool of plain debits, none of them so small that something could hide it: most of it is known since the pool froze */

/* How often does another item have the amount of a cited one, or of the payment, within the slack? */
static uint64_t
near_between(const struct quick *quick, uint32_t from, uint32_t end)
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
least_between(const struct quick *quick, uint32_t from, uint32_t end, int64_t least)
{
    const int64_t *open = quick->solve->pool->open;
    for (uint32_t item = from; item < end; item++)
        least = open[item] < least ? open[item] : least;
    return least;
}

static bool
cites_amount(const struct quick *quick, int64_t amount)
{
    for (uint32_t i = 0; i < quick->count; i++) {
        if (quick->solve->pool->open[quick->items[i]] == amount)
            return true;
    }
    return false;
}

/* Between the cited items: what stands near, and the smallest when that matters. */
static void
look_around(struct quick *quick)
{
    const struct o2c__item_account *home = quick->home;
    /* The smallest of all is so large that another one makes no difference, or it is none of the cited ones. */
    bool known = far_short(quick, home->least) || !cites_amount(quick, home->least);
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
is_plain(const struct quick *quick)
{
    const struct o2c__item_account *home = quick->home;
    return !home->marks && home->least > quick->slack && quick->slack >= 0 && home->count <= O2C__SLOTS_MAX;
}

static void
walk_plain(struct quick *quick)
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
walk_pool(struct quick *quick)
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

/* Prior that lies on the neighbors of the set: on its supersets, and on sets that lack a cited item. */
struct family {
    int64_t extended; /* ln Σ P(S)·MISS^j, j ≥ 1 */
    int64_t lacking;  /* ln of those that lack a cited item and its reference, with any others */
    int64_t swapped;  /* ln of those that lack one and hold two others or more */
    int64_t replaced; /* ln of those that lack one and hold another of nearly its amount */
};

/* No prior is more than 1: enough for most. */
static void
assume_family(const struct quick *quick, struct family *out)
{
    out->extended = O2C__LN_MISS;
    out->lacking = quick->count > 1 ? o2c__ln_u64(quick->count) - quick->ln_least + TWICE : O2C__NEVER;
    out->swapped = quick->count > 1 ? out->lacking + 2 * O2C__LN_MISS : O2C__NEVER;
    out->replaced = quick->near ? o2c__ln_u64(quick->near) - quick->ln_least + TWICE + O2C__LN_MISS : O2C__NEVER;
}

/* One gone and one come: as many items, and at most two runs more or less. */
static int64_t
ln_same_size(const struct quick *quick)
{
    int64_t most = O2C__NEVER;
    for (uint32_t r = quick->runs > 2 ? quick->runs - 2 : 1; r <= quick->runs + 2; r++)
        for (int oldest = 0; oldest < 2; oldest++) {
            int64_t ln = o2c__ln_set_prior(quick->n, quick->count, r, oldest);
            most = ln > most ? ln : most;
        }
    return most;
}

/* Many cited items of a large pool have so little prior that their neighbors must be counted. */
static void
count_family(const struct quick *quick, struct family *out)
{
    struct o2c__places places = { .n = quick->n, .taken = quick->places, .taken_count = quick->count };
    int64_t rows[EXTRA + 1];
    o2c__ln_supersets(&places, EXTRA, rows);
    int64_t beyond = o2c__ln_beyond(&places, rows, EXTRA), two = o2c__ln_add(rows[2], beyond);
    out->extended = o2c__ln_add(rows[1], two);
    if (quick->credits)
        out->extended = o2c__ln_add(out->extended, quick->ln_set + O2C__LN_MISS);
    out->lacking = out->swapped = O2C__NEVER;
    if (quick->near)
        out->replaced += ln_same_size(quick);
    if (quick->count == 1)
        return;
    int64_t near = o2c__ln_neighbor(&places, -1) + o2c__ln_u64(quick->count) - quick->ln_least + TWICE; /* two that lack weigh less again */
    out->lacking = near + (out->extended == O2C__NEVER ? 0 : o2c__ln_add(0, out->extended - rows[0]));
    if (two != O2C__NEVER)
        out->swapped = near + two - rows[0] + TWICE;
}

static void
weigh(const struct quick *quick, struct o2c__hypothesis *row)
{
    const struct o2c__payer *payer = &quick->one->payers[quick->own];
    uint64_t accounts = quick->solve->model->accounts ? quick->solve->model->accounts : 1;
    memset(row, 0, sizeof *row);
    row->ln_payer = payer->evidence && payer->chance_ppm ? o2c__ln_u64(payer->chance_ppm) - O2C__LN_MILLION
                                                         : O2C__LN_HALF - o2c__ln_u64(accounts);
    row->ln_class = o2c__ln_class[O2C_ARITHMETIC_X0];
    row->ln_set = quick->ln_set;
    row->ln_credit = o2c__ln_credit_prior(quick->credits, 0);
    row->ln_text = (int32_t)o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + quick->ln_ratios);
    row->weight = (int64_t)row->ln_payer + row->ln_class + row->ln_set + row->ln_credit + row->ln_text;
    row->payer = quick->own;
    row->items_count = row->cited = quick->count;
    row->arithmetic = O2C_ARITHMETIC_X0;
    row->scope = O2C_SCOPE_OWN;
    row->merged = 1;
}

/* Chances as explain.c gives them. */
static void
weigh_others(struct quick *quick, bool counted)
{
    const struct o2c__payer *own = &quick->one->payers[quick->own];
    uint64_t known = !own->evidence ? 0 : own->chance_ppm < 1000000 ? own->chance_ppm : 999999;
    uint64_t accounts = quick->solve->model->accounts ? quick->solve->model->accounts : 1;
    int64_t chance = o2c__ln_u64(1000000 - known) - O2C__LN_MILLION + O2C__LN_HALF - o2c__ln_u64(accounts);
    quick->ln_others = O2C__NEVER;
    for (uint32_t i = 0; i < quick->others_count; i++) {
        int64_t most = o2c__ln_other_most(quick->solve, quick->one, &quick->others[i], quick->slack, counted);
        quick->ln_others = o2c__ln_add(quick->ln_others, chance + most);
    }
}

static uint64_t
someone_ppm(const struct o2c__payer *payer)
{
    uint64_t known = payer->evidence ? payer->chance_ppm : 0;
    if (known == 0)
        return 5000 + 500000;
    return 5000 + (known < 1000000 ? 1000000 - known : 1);
}

static int64_t
plus(int64_t ln, int64_t part, int64_t more)
{
    return part == O2C__NEVER ? ln : o2c__ln_add(ln, part + more);
}

/* Bounds of everything else, relative to the explanation; false = too heavy to be left as bounds. */
static bool
bound(const struct quick *quick, const struct family *family, const struct o2c__hypothesis *row, struct o2c__explanation *out)
{
    int64_t amount = o2c__ln_u64((uint64_t)quick->amount), none = O2C__LN_CITES_NOT, all = O2C__LN_CITES + quick->ln_ratios;
    bool far = far_short(quick, quick->least_other);
    int64_t base = row->ln_payer - amount, lacking = plus(none, family->lacking, all);
    int64_t ln_short = plus(O2C__LN_SHORT_NEAR + lacking, family->extended, all + (far ? O2C__LN_SHORT_FAR : O2C__LN_SHORT_NEAR));
    int64_t ln_over = quick->credits ? plus(lacking, family->extended, all) : lacking;
    int64_t accident = amount < O2C__LN_ACCIDENT ? 0 : O2C__LN_ACCIDENT - amount;
    int64_t fits = plus(plus(O2C__LN_LITTLE_CITED, family->replaced, all), family->swapped, all + accident);
    out->ln_lump_short = base + o2c__ln_class[O2C_ARITHMETIC_X7] + ln_short;
    out->ln_lump_over = base + o2c__ln_class[O2C_ARITHMETIC_X8] + O2C__LN_OVER_CAP + ln_over;
    out->ln_on_account = base + o2c__ln_class[O2C_ARITHMETIC_X9] + O2C__LN_ANY + none;
    out->ln_someone_else = o2c__ln_u64(someone_ppm(&quick->one->payers[quick->own])) - O2C__LN_MILLION + O2C__LN_ANY - amount + none;
    out->ln_bound = o2c__ln_add(row->ln_payer + fits, quick->ln_others);
    out->lump_short = o2c__exp_q40(out->ln_lump_short - row->weight);
    out->lump_over = o2c__exp_q40(out->ln_lump_over - row->weight);
    out->on_account = o2c__exp_q40(out->ln_on_account - row->weight);
    out->someone_else = o2c__exp_q40(out->ln_someone_else - row->weight);
    out->bound = o2c__exp_q40(out->ln_bound - row->weight);
    uint64_t rest = out->lump_short + out->lump_over + out->on_account + out->someone_else + out->bound;
    out->total = (UINT64_C(1) << 40) + rest;
    return rest < (UINT64_C(1) << 40) / 1000000 * QUICK_PPM;
}

static bool
bound_all(struct quick *quick, const struct o2c__hypothesis *row, struct o2c__explanation *out)
{
    struct family family;
    assume_family(quick, &family);
    if (quick->others_count)
        weigh_others(quick, false);
    if (bound(quick, &family, row, out))
        return true;
    count_family(quick, &family);
    if (quick->others_count)
        weigh_others(quick, true);
    return bound(quick, &family, row, out);
}

/* A number that a damaged reading turns into one of the others' would speak for them: then the search weighs it. */
static bool
others_are_damaged(const struct quick *quick, o2c_status *out_status, o2c_error *err)
{
    struct o2c__case before = *quick->one;
    bool found = false;
    if (quick->one->text.len == 0)
        return false;
    for (uint32_t i = 0; i < quick->others_count && !found && !*out_status; i++) {
        const struct o2c__account *account = &quick->solve->pool->accounts[quick->others[i].account];
        for (uint32_t k = 0; k < account->item_accounts_count && !found && !*out_status; k++) {
            uint32_t home = account->item_accounts_at + k;
            *out_status = o2c__retrieve_damaged(quick->solve, quick->one, &home, 1, err);
            found = quick->one->hits_count != before.hits_count;
        }
    }
    *quick->one = before;
    return found;
}

static o2c_status
write(struct quick *quick, struct o2c__hypothesis *row, struct o2c__explanation *out, o2c_error *err)
{
    size_t items = quick->count * sizeof(uint32_t);
    char *room = o2c__arena_alloc(&quick->solve->arena, sizeof *row + 2 * items);
    if (!room)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the explanation of a payment");
    row->mass = UINT64_C(1) << 40;
    out->rows = (struct o2c__hypothesis *)(void *)room;
    out->items = (uint32_t *)(void *)(room + sizeof *row);
    out->hits = out->items + quick->count;
    *out->rows = *row;
    memcpy(out->items, quick->items, items);
    memcpy(out->hits, quick->hits, items);
    out->count = 1;
    out->items_count = quick->count;
    out->pool_count = quick->n;
    out->complete = out->bound < out->total / 1000000;
    out->operations = quick->n;
    quick->one->operations = quick->n;
    return O2C_OK;
}

bool
o2c__explain_quickly(struct o2c__solve *solve, struct o2c__case *one, struct o2c__explanation *out, o2c_status *out_status, o2c_error *err)
{
    struct quick quick = { .solve = solve, .one = one, .amount = one->payment->amount_minor, .least_other = INT64_MAX / 4 };
    struct o2c__hypothesis row;
    quick.ln_others = O2C__NEVER;
    if (solve->held || solve->policy->withholding_ppm_count || !take_hits(&quick) || !own_and_exact(&quick))
        return false;
    if (quick.home->marks & O2C__HOME_CREDITS)
        count_credits(&quick);
    measure_slack(&quick);
    if (is_plain(&quick))
        walk_plain(&quick);
    else if (!walk_pool(&quick))
        return false;
    if (solve->pool->expected.count && o2c__is_expected(solve->pool, one->payers[0].account, quick.amount))
        return false;
    quick.ln_set = o2c__ln_set_prior(quick.n, quick.count, quick.runs, quick.oldest);
    weigh(&quick, &row);
    memset(out, 0, sizeof *out);
    if (!bound_all(&quick, &row, out))
        return false;
    *out_status = O2C_OK;
    if (quick.others_count && others_are_damaged(&quick, out_status, err))
        return false;
    if (!*out_status)
        *out_status = write(&quick, &row, out, err);
    return true;
}

/* ---- columns of a whole batch on their way before the first explanation reads one: each step waits for memory once, not per payment */

static const struct o2c__item_account *
first_home(const struct o2c__solve *solve, const struct o2c__case *one)
{
    const o2c_match_pool *pool = solve->pool;
    if (one->hits_count == 0 || one->hits[0].item >= pool->open_count)
        return NULL;
    return &pool->item_accounts[pool->item_account[one->hits[0].item]];
}

static void
prefetch_columns(const o2c_match_pool *pool, const struct o2c__item_account *home)
{
    uint32_t last = home->first + (home->count < 64 ? home->count : 64) - 1;
    for (uint32_t item = home->first; item <= last; item += 8)
        __builtin_prefetch(&pool->open[item]);
    __builtin_prefetch(&pool->open[last]);
    for (uint32_t item = home->first; item <= last; item += 32)
        __builtin_prefetch(&pool->kind[item]);
    for (uint32_t item = home->first; item <= last; item += 16)
        __builtin_prefetch(&pool->discount[item]);
    __builtin_prefetch(&pool->accounts[home->account]);
}

void
o2c__explain_prefetch(const struct o2c__solve *solve, const struct o2c__case *cases, uint32_t count)
{
    const o2c_match_pool *pool = solve->pool;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t h = 0; h < cases[i].hits_count && h < QUICK_HITS; h++)
            if (cases[i].hits[h].item < pool->open_count)
                __builtin_prefetch(&pool->item_account[cases[i].hits[h].item]);
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__item_account *home = first_home(solve, &cases[i]);
        if (home)
            __builtin_prefetch(home);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__item_account *home = first_home(solve, &cases[i]);
        if (home)
            prefetch_columns(pool, home);
    }
}

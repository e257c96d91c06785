/* SPDX-License-Identifier: Apache-2.0 */
/*
 * P(T | S, x): how likely is this amount, given the items and the cause? Every cause that makes the set fit becomes a row.
 * Densities of short and over-payments: MATCHER 5.2; they never reach 1, which keeps a short payment from passing for a fit.
 */
#include "match/explain.h"

#define UNSEEN 773000 /* 11.8 nats: below that share a term no longer moves the last bit of the sum */

int64_t
o2c__ln_add(int64_t a, int64_t b)
{
    if (a == O2C__NEVER || b == O2C__NEVER)
        return a == O2C__NEVER ? b : a;
    int64_t high = a > b ? a : b, low = a > b ? b : a;
    if (high - low > UNSEEN)
        return high;
    uint64_t one = UINT64_C(1) << 40;
    uint64_t small = o2c__exp_q40(low - high);
    return small ? high + o2c__ln_ratio(one + small, one) : high;
}

/* s(T | A) = .8 ÷ (.045·A) when .5 … 5 % are missing, plus .2 ÷ A for any share. */
int64_t
o2c__ln_short(int64_t amount, int64_t open)
{
    int64_t missing = open - amount;
    bool near = missing >= open / 200 + (open % 200 != 0) && missing <= open / 20;
    return (near ? O2C__LN_SHORT_NEAR : O2C__LN_SHORT_FAR) - (int64_t)o2c__ln_u64((uint64_t)open);
}

struct o2c__kept
o2c__kept_of(const struct o2c__job *job, int64_t open)
{
    return (struct o2c__kept){ job->foreign ? NULL : job->solve->policy, job->currency, job->amount, open, job->charge };
}

int64_t
o2c__short_at(const struct o2c__job *job, const struct o2c__view *view, int64_t open)
{
    if (!view->differs.model)
        return o2c__ln_short(job->amount, open);
    struct o2c__kept kept = o2c__kept_of(job, open);
    return o2c__differs_short(&view->differs, &kept);
}

/* .5 ÷ (.05·A) up to 5 % over, plus .5 ÷ A up to 100 % over. */
int64_t
o2c__ln_over(int64_t amount, int64_t open)
{
    int64_t rest = amount - open;
    if (rest > open)
        return O2C__NEVER;
    return (rest <= open / 20 ? O2C__LN_OVER_NEAR : O2C__LN_OVER_FAR) - (int64_t)o2c__ln_u64((uint64_t)open);
}

/* What a set adds up to, and what may be missing from it. */
struct sums {
    int64_t open, early, late, coded, deducted, withholding;
    uint32_t eligible_early, eligible_late, reasons;
};

static struct sums
add_up(const struct o2c__view *view, const struct o2c__set *set)
{
    struct sums sums = { 0 };
    for (uint32_t i = 0; i < set->count; i++) {
        const struct o2c__slot *slot = &view->slots[set->slots[i]];
        sums.open += slot->open;
        sums.coded += slot->coded;
        sums.deducted += slot->deducted;
        sums.reasons += slot->reason;
        if (i >= set->debits)
            continue;
        sums.early += slot->early;
        sums.late += slot->late;
        sums.eligible_early += slot->early != 0;
        sums.eligible_late += slot->late != 0;
        sums.withholding += slot->withholding ? slot->open : 0;
    }
    return sums;
}

/* What all rows of one set share. */
struct attempt {
    struct o2c__job *job;
    const struct o2c__view *view;
    const struct o2c__set *set;
    struct o2c__prior_parts prior;
    struct sums sums;
    int32_t ln_text;
    bool predicted; /* a charge or a tax comes to just this difference */
    uint32_t cited;
};

static void
give(struct attempt *attempt, int32_t arithmetic, int64_t ln_amount, uint32_t rate)
{
    struct o2c__job *job = attempt->job;
    uint32_t items[O2C__SET_MAX];
    for (uint32_t i = 0; i < attempt->set->count; i++)
        items[i] = attempt->view->slots[attempt->set->slots[i]].item;
    struct o2c__hypothesis parts = { .payer = attempt->view->payer, .arithmetic = arithmetic, .scope = attempt->prior.scope,
                                     .ln_payer = attempt->view->ln_payer, .ln_class = o2c__ln_class[arithmetic],
                                     .ln_set = attempt->prior.ln_set, .ln_scope = attempt->prior.ln_scope,
                                     .ln_credit = attempt->prior.ln_credit, .ln_amount = (int32_t)ln_amount, .ln_text = attempt->ln_text,
                                     .rate = rate, .difference = attempt->sums.open - job->amount, .cited = attempt->cited };
    o2c__row_add(job, attempt->view, items, attempt->set->count, attempt->prior.n, &parts);
}

/* Does some other combination of the eligible items give the difference? Each that does is listed once, with its share of a tenth. */
static void
try_combinations(struct attempt *attempt, int32_t arithmetic, int64_t difference, uint32_t eligible)
{
    int64_t worth[8];
    uint32_t count = 0, found = 0, lates = 0;
    bool late = arithmetic == O2C_ARITHMETIC_X2;
    for (uint32_t i = 0; i < attempt->set->debits; i++) {
        const struct o2c__slot *slot = &attempt->view->slots[attempt->set->slots[i]];
        int64_t amount = late ? slot->late : slot->early;
        if (amount == 0)
            continue;
        lates |= (uint32_t)(slot->late != slot->early) << count;
        worth[count++] = amount;
    }
    uint32_t all = (1u << count) - 1;
    for (uint32_t mask = 1; mask < all; mask++) {
        int64_t sum = 0;
        for (uint32_t i = 0; i < count; i++)
            sum += mask >> i & 1 ? worth[i] : 0;
        found += sum == difference && (!late || (mask & lates));
    }
    o2c__work(attempt->job, all);
    if (found)
        give(attempt, arithmetic, O2C__LN_SOME_DISCOUNTED + o2c__ln_ratio(found, (1u << eligible) - 2), 0);
}

static void
try_discount(struct attempt *attempt, int32_t arithmetic, int64_t all, uint32_t eligible)
{
    int64_t difference = attempt->sums.open - attempt->job->amount;
    if (eligible == 0 || difference <= 0)
        return;
    if (difference == all) /* one eligible item has no other combination */
        give(attempt, arithmetic, eligible > 1 ? O2C__LN_ALL_DISCOUNTED : 0, 0);
    else if (eligible > 1 && eligible <= 8 && difference < all)
        try_combinations(attempt, arithmetic, difference, eligible);
}

static void
try_discounts(struct attempt *attempt)
{
    const struct sums *sums = &attempt->sums;
    try_discount(attempt, O2C_ARITHMETIC_X1, sums->early, sums->eligible_early);
    if (sums->late != sums->early)
        try_discount(attempt, O2C_ARITHMETIC_X2, sums->late, sums->eligible_late);
}

/* A charge the file states needs no list; a listed fee shares the class with the other fees of the list. */
static void
try_fees(struct attempt *attempt)
{
    const o2c_match_policy *policy = attempt->job->solve->policy;
    int64_t difference = attempt->sums.open - attempt->job->amount;
    if (difference <= 0 || attempt->job->foreign)
        return;
    if (attempt->job->charge == difference) {
        attempt->predicted = true;
        give(attempt, O2C_ARITHMETIC_X3, 0, O2C__NONE);
        return;
    }
    for (uint64_t i = 0; i < policy->fees_count; i++)
        if (policy->fees[i] == difference) {
            attempt->predicted = true;
            struct o2c__kept kept = o2c__kept_of(attempt->job, attempt->sums.open);
            give(attempt, O2C_ARITHMETIC_X3, o2c__differs_fee(&attempt->view->differs, &kept), (uint32_t)i);
        }
}

/* Σ of the tax on each document, each rounded. */
static int64_t
tax_by_item(const struct attempt *attempt, uint32_t rate)
{
    int64_t sum = 0, tax;
    for (uint32_t i = 0; i < attempt->set->debits; i++) {
        const struct o2c__slot *slot = &attempt->view->slots[attempt->set->slots[i]];
        if (slot->withholding && o2c__muldiv(slot->open, rate, 1000000, &tax))
            sum += tax;
    }
    return sum;
}

/* Tax is kept back document by document, or from the whole: where the two round apart each is as likely. */
static void
try_withholding(struct attempt *attempt)
{
    const o2c_match_policy *policy = attempt->job->solve->policy;
    int64_t difference = attempt->sums.open - attempt->job->amount, tax;
    if (attempt->sums.withholding == 0 || difference <= 0)
        return;
    for (uint64_t i = 0; i < policy->withholding_ppm_count; i++) {
        int64_t apart = attempt->set->debits; /* each rounding moves half a unit at most, and so does that of the whole */
        if (!o2c__muldiv(attempt->sums.withholding, policy->withholding_ppm[i], 1000000, &tax) || tax - difference > apart ||
            difference - tax > apart)
            continue;
        int64_t items = tax_by_item(attempt, policy->withholding_ppm[i]), ln = -(int64_t)o2c__ln_u64(policy->withholding_ppm_count);
        if (tax != difference && items != difference)
            continue;
        attempt->predicted = true;
        give(attempt, O2C_ARITHMETIC_X4, tax == items ? ln : ln - (int64_t)(O2C__LN2_Q40 >> 24), (uint32_t)i);
    }
}

static void
try_tolerance(struct attempt *attempt)
{
    const o2c_match_policy *policy = attempt->job->solve->policy;
    int64_t difference = attempt->sums.open - attempt->job->amount;
    int64_t limit;
    if (o2c__tolerated(policy, attempt->sums.open, difference, &limit))
        give(attempt, O2C_ARITHMETIC_X5, -(int64_t)o2c__ln_u64(2 * (uint64_t)limit), 0);
}

/*
 * The advice says per line what was kept back. Discounts alone that are the usual ones are X1 or X2 already. A deduction without a
 * reason says how much and not why: a charge or a tax that comes to the cent foretells the amount, a deduction of any size does not.
 */
static void
try_coded(struct attempt *attempt)
{
    const struct sums *sums = &attempt->sums;
    int64_t difference = sums->open - attempt->job->amount;
    if (sums->coded == 0 || sums->coded != difference)
        return;
    if (sums->deducted == 0 && (sums->coded == sums->early || sums->coded == sums->late))
        return;
    if (attempt->predicted && sums->deducted && !sums->reasons)
        return;
    give(attempt, O2C_ARITHMETIC_X6, 0, 0);
}

static void
try_loose(struct attempt *attempt)
{
    int64_t amount = attempt->job->amount, open = attempt->sums.open;
    int64_t ln_amount = open > amount ? o2c__short_at(attempt->job, attempt->view, open) : o2c__ln_over(amount, open);
    if (ln_amount != O2C__NEVER)
        give(attempt, open > amount ? O2C_ARITHMETIC_X7 : O2C_ARITHMETIC_X8, ln_amount, 0);
}

/* A listed fee that may have been a short payment, and what this customer is known to keep back: no lump holds what habits add. */
static void
try_habit(struct attempt *attempt)
{
    if (!attempt->view->differs.model)
        return;
    struct o2c__kept kept = o2c__kept_of(attempt->job, attempt->sums.open);
    if (o2c__differs_knows(&attempt->view->differs, &kept))
        try_loose(attempt);
}

static void
cite(struct attempt *attempt)
{
    uint32_t cited[O2C__SET_MAX], count = 0;
    for (uint32_t i = 0; i < attempt->set->count; i++) {
        uint32_t row = attempt->view->slots[attempt->set->slots[i]].cited;
        if (row != O2C__NONE)
            cited[count++] = row;
    }
    attempt->cited = count;
    attempt->ln_text = (int32_t)o2c__text_ln(&attempt->view->citing, cited, count, attempt->set->count - count);
}

void
o2c__try_set(struct o2c__job *job, struct o2c__view *view, const struct o2c__set *set, unsigned what)
{
    struct attempt attempt = { .job = job, .view = view, .set = set };
    if (!o2c__work(job, 1 + set->count / 8) || set->debits == 0)
        return;
    attempt.sums = add_up(view, set);
    if (attempt.sums.open <= 0 || !o2c__set_weigh(view, set, &attempt.prior))
        return;
    cite(&attempt);
    if (attempt.sums.open == job->amount) {
        give(&attempt, O2C_ARITHMETIC_X0, 0, 0);
        return;
    }
    if (what & O2C__TRY_NAMED) {
        try_discounts(&attempt);
        try_fees(&attempt);
        try_withholding(&attempt);
        try_tolerance(&attempt);
        try_coded(&attempt);
    }
    if (what & O2C__TRY_LOOSE)
        try_loose(&attempt);
    else
        try_habit(&attempt);
}

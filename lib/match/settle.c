/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settle: the winner says which items; here every cent of Σ open − amount gets a type, line by line (MATCHER 10).
 * The hypothesis already names its cause, so settling never searches for one; it splits. Equations L1 … L3 are asserted at the end.
 */
#include "match/decide.h"

#define O2C__COMBINATIONS_ITEMS_MAX 8 /* the same bound that explain uses for partial discounts */

/* Shares of total in proportion to the offered amounts of debit lines: largest remainder, ties to the lowest key. */
struct share {
    uint32_t part;
    int64_t floor;
    uint64_t rest;
};

static int
key_order(const struct o2c__solve *solve, uint32_t a, uint32_t b)
{
    const o2c_match_pool *pool = solve->pool;
    return o2c__str_compare(o2c__pool_str(pool, pool->echo[a].key), o2c__pool_str(pool, pool->echo[b].key));
}

static bool
more_rest(const struct o2c__solve *solve, const struct o2c__decision *d, const struct share *a, const struct share *b)
{
    if (a->rest != b->rest)
        return a->rest > b->rest;
    return key_order(solve, d->parts[a->part].item, d->parts[b->part].item) < 0;
}

static uint32_t
take_shares(const struct o2c__decision *d, int64_t total, struct share *shares, int64_t *out_left)
{
    uint32_t count = 0;
    int64_t base = 0, given = 0;
    for (uint32_t i = 0; i < d->parts_count; i++)
        if (d->parts[i].offered > 0)
            base += d->parts[i].offered;
    for (uint32_t i = 0; i < d->parts_count && base > 0; i++) {
        if (d->parts[i].offered <= 0)
            continue;
        uint64_t floor = o2c__muldiv_floor((uint64_t)total, (uint64_t)d->parts[i].offered, (uint64_t)base);
        /* total·offered mod base, exact in 64-bit wrap-around because the true remainder is below 2^63 */
        uint64_t rest = (uint64_t)total * (uint64_t)d->parts[i].offered - floor * (uint64_t)base;
        shares[count++] = (struct share){ i, (int64_t)floor, rest };
        given += (int64_t)floor;
    }
    *out_left = total - given;
    return count;
}

/* Writes the shares of |total| with its sign through set(). The number left over is below the number of lines. */
static o2c_status
split(struct o2c__solve *solve, struct o2c__decision *d, int64_t total, int64_t *out, o2c_error *err)
{
    int64_t sign = total < 0 ? -1 : 1, left = 0;
    struct share *shares = o2c__arena_alloc(&solve->arena, d->parts_count * sizeof *shares);
    if (!shares)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to split a difference");
    memset(out, 0, d->parts_count * sizeof *out);
    uint32_t count = take_shares(d, total * sign, shares, &left);
    for (uint32_t i = 0; i < count; i++)
        out[shares[i].part] = shares[i].floor * sign;
    for (; left > 0 && count > 0; left--) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < count; i++)
            if (more_rest(solve, d, &shares[i], &shares[best]))
                best = i;
        out[shares[best].part] += sign;
        shares[best] = shares[--count];
    }
    return O2C_OK;
}

static int64_t *
amounts(struct o2c__solve *solve, const struct o2c__decision *d)
{
    return o2c__arena_alloc(&solve->arena, d->parts_count * sizeof(int64_t));
}

/* A difference of one kind over all debit lines. */
static o2c_status
settle_split(struct o2c__solve *solve, struct o2c__decision *d, int64_t difference, size_t field, o2c_error *err)
{
    int64_t *part = amounts(solve, d);
    if (!part)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to split a difference");
    o2c_status status = split(solve, d, difference, part, err);
    for (uint32_t i = 0; !status && i < d->parts_count; i++)
        memcpy((char *)&d->parts[i] + field, &part[i], sizeof part[i]);
    return status;
}

/* As the lines of the advice give it, where they give all of it; else its shares. */
static o2c_status
settle_charge(struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d, int64_t difference, o2c_error *err)
{
    int64_t sum = 0;
    bool whole = true;
    for (uint32_t i = 0; i < d->parts_count && whole; i++) {
        struct o2c__part *part = &d->parts[i];
        const struct o2c__hit *hit = part->hit == O2C__NONE ? NULL : &one->hits[part->hit];
        part->charge = hit && hit->line && hit->line_has & O2C_HAS_DEDUCTION ? hit->line_deduction : 0;
        whole = o2c__add(sum, part->charge, &sum);
    }
    return whole && sum == difference ? O2C_OK : settle_split(solve, d, difference, offsetof(struct o2c__part, charge), err);
}

static bool
larger(const struct o2c__solve *solve, const struct o2c__part *a, const struct o2c__part *b)
{
    return a->offered > b->offered || (a->offered == b->offered && key_order(solve, a->item, b->item) < 0);
}

/* Tax is kept back from each document it is due on, half up; what rounding the sum leaves goes to the largest of them. */
static void
settle_withholding(const struct o2c__solve *solve, struct o2c__decision *d, int64_t difference)
{
    uint32_t rate = solve->policy->withholding_ppm[d->winner->rate];
    struct o2c__part *largest = NULL;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        struct o2c__part *part = &d->parts[i];
        if (part->offered <= 0 || !(solve->pool->flags[part->item] & O2C_ITEM_FLAG_WITHHOLDING))
            continue;
        if (!o2c__muldiv(part->offered, rate, 1000000, &part->withholding))
            part->withholding = 0;
        difference -= part->withholding;
        if (!largest || larger(solve, part, largest))
            largest = part;
    }
    if (largest)
        largest->withholding += difference;
}

struct discounts {
    uint32_t part[O2C__COMBINATIONS_ITEMS_MAX];
    struct o2c__discount_worth worth[O2C__COMBINATIONS_ITEMS_MAX];
    uint32_t count;
};

static void
give_discount(struct o2c__part *part, struct o2c__discount_worth worth)
{
    part->discount = worth.earned;
    if (worth.earned)
        return;
    part->deduction = worth.unearned;
    part->deduction_reason = worth.unearned ? O2C_DEDUCTION_DISCOUNT_UNEARNED : O2C_DEDUCTION_NONE;
}

/* Which of the eligible items were discounted? All of them as a rule; else the first combination that gives the difference. */
static uint32_t
find_combination(const struct discounts *found, int64_t difference)
{
    uint32_t all = found->count >= 32 ? UINT32_MAX : (1u << found->count) - 1;
    for (uint32_t mask = all; mask > 0; mask--) {
        int64_t sum = 0;
        for (uint32_t i = 0; i < found->count; i++)
            if (mask >> i & 1)
                sum += found->worth[i].earned ? found->worth[i].earned : found->worth[i].unearned;
        if (sum == difference)
            return mask;
    }
    return 0;
}

static void
settle_discount(const struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d, int64_t difference)
{
    int32_t day = one->payment->value_day ? one->payment->value_day : one->payment->booking_day;
    bool late = d->winner->arithmetic == O2C_ARITHMETIC_X2;
    struct discounts found = { .count = 0 };
    int64_t sum = 0;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        struct o2c__discount_worth worth;
        o2c__discount_on(solve->pool, d->parts[i].item, day, solve->policy->discount_grace_days, &worth);
        if (!late)
            worth.unearned = 0;
        if (!worth.earned && !worth.unearned)
            continue;
        give_discount(&d->parts[i], worth);
        sum += worth.earned ? worth.earned : worth.unearned;
        if (found.count < O2C__COMBINATIONS_ITEMS_MAX) {
            found.part[found.count] = i;
            found.worth[found.count++] = worth;
        }
    }
    if (sum == difference)
        return;
    uint32_t mask = find_combination(&found, difference);
    for (uint32_t i = 0; i < d->parts_count; i++)
        d->parts[i].discount = d->parts[i].deduction = 0, d->parts[i].deduction_reason = O2C_DEDUCTION_NONE;
    for (uint32_t i = 0; i < found.count; i++)
        if (mask >> i & 1)
            give_discount(&d->parts[found.part[i]], found.worth[i]);
}

static uint32_t
payer_of(const struct o2c__case *one, const struct o2c__decision *d)
{
    return one->payers[d->winner->payer].account;
}

/* The remittance says per line what was kept back, and in which words. */
static void
settle_coded(const struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d)
{
    for (uint32_t i = 0; i < d->parts_count; i++) {
        struct o2c__part *part = &d->parts[i];
        if (part->hit == O2C__NONE || one->hits[part->hit].line == 0)
            continue;
        const struct o2c__hit *hit = &one->hits[part->hit];
        if (hit->line_has & O2C_HAS_DISCOUNT)
            part->discount = hit->line_discount;
        if (!(hit->line_has & O2C_HAS_DEDUCTION) || hit->line_deduction == 0)
            continue;
        part->deduction = hit->line_deduction;
        part->deduction_reason = O2C_DEDUCTION_UNCODED;
        if (solve->remittances && hit->line_row < solve->remittances->lines_count) {
            const o2c_remittance_line *line = &solve->remittances->lines[hit->line_row];
            part->words = line->reason.len ? line->reason : line->words;
            part->deduction_reason = o2c__reason_of(solve, payer_of(one, d), o2c__ref_str(line->reason, solve->remittances->heap));
        }
    }
}

static o2c_status
settle_short(struct o2c__solve *solve, struct o2c__decision *d, int64_t difference, uint32_t how, o2c_error *err)
{
    int64_t *part = amounts(solve, d);
    if (!part)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to split a short payment");
    o2c_status status = split(solve, d, difference, part, err);
    for (uint32_t i = 0; !status && i < d->parts_count; i++) {
        if (part[i] == 0)
            continue;
        if (how == O2C_SHORT_PAY_RESIDUAL) {
            d->parts[i].deduction = part[i];
            d->parts[i].deduction_reason = O2C_DEDUCTION_UNCODED;
        } else {
            d->parts[i].offered -= part[i];
            d->parts[i].close = O2C_CLOSE_PARTIAL;
        }
    }
    if (how == O2C_SHORT_PAY_HOLD)
        d->gates |= O2C_GATE_REVIEW_REQUIRED;
    return status;
}

static void
settle_over(const struct o2c__solve *solve, struct o2c__decision *d, int64_t rest)
{
    if (solve->policy->over_pay == O2C_OVER_PAY_REFUND)
        d->refund = rest;
    else
        d->on_account = rest;
}

/* A document that was paid before: nothing is applied, the money goes on account and somebody is told. */
static void
settle_paid_before(const struct o2c__case *one, struct o2c__decision *d)
{
    for (uint32_t i = 0; i < d->parts_count; i++)
        d->parts[i].close = O2C_CLOSE_NONE;
    d->kind = O2C_KIND_ON_ACCOUNT;
    d->on_account = one->payment->amount_minor;
}

static o2c_status
settle_cause(struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d, int64_t difference, o2c_error *err)
{
    switch (d->winner->arithmetic) {
    case O2C_ARITHMETIC_X1:
    case O2C_ARITHMETIC_X2:
        settle_discount(solve, one, d, difference);
        return O2C_OK;
    case O2C_ARITHMETIC_X3:
        if (d->winner->rate == O2C__NONE) {
            d->charge_in_file = difference; /* the bank states it: it grosses the payment up */
            return O2C_OK;
        }
        return settle_charge(solve, one, d, difference, err);
    case O2C_ARITHMETIC_X4:
        settle_withholding(solve, d, difference);
        return O2C_OK;
    case O2C_ARITHMETIC_X5:
        return settle_split(solve, d, difference, offsetof(struct o2c__part, tolerance), err);
    case O2C_ARITHMETIC_X6:
        settle_coded(solve, one, d);
        return O2C_OK;
    case O2C_ARITHMETIC_X7:
        return settle_short(solve, d, difference, solve->policy->short_pay, err);
    case O2C_ARITHMETIC_X11: /* a part was expected: the rest was never in question */
        return difference > 0 ? settle_short(solve, d, difference, O2C_SHORT_PAY_PARTIAL, err) : O2C_OK;
    case O2C_ARITHMETIC_X8:
        settle_over(solve, d, -difference);
        return O2C_OK;
    default:
        return O2C_OK;
    }
}

static void
finish_part(const o2c_match_pool *pool, struct o2c__part *part)
{
    part->paid = part->offered - part->discount - part->tolerance - part->charge - part->withholding - part->deduction;
    if (part->close == O2C_CLOSE_NONE)
        part->close = part->deduction ? O2C_CLOSE_RESIDUAL : O2C_CLOSE_FULL;
    part->offered = pool->open[part->item];
}

/* ---- items of another currency */

/* What the money is in the currency of the items: as the payer ordered, else, inside the window of a rate, just what they need. */
static int64_t
in_items_currency(const struct o2c__solve *solve, const o2c_payment *payment, const char *currency, int64_t open)
{
    if (memcmp(currency, payment->currency, 3) == 0)
        return payment->amount_minor;
    if (o2c__is_ordered_in(payment, currency))
        return payment->instructed_minor;
    return o2c__rate_of(solve, currency, payment->currency) ? open : payment->amount_minor;
}

/* What arrived is divided as what it pays, in order of the lines; each share ends where the sum up to it ends, so nothing is left. */
static bool
divide_currency(const struct o2c__solve *solve, const o2c_payment *payment, const char *currency, struct o2c__decision *d)
{
    const o2c_match_exchange *rate = o2c__rate_of(solve, currency, payment->currency);
    int64_t sum = 0, before = 0;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        struct o2c__part *part = &d->parts[i];
        int64_t upto, worth;
        sum += part->paid;
        if (!o2c__muldiv(sum, d->rate_numerator, d->rate_denominator, &upto))
            return false;
        part->paid_currency = upto - before;
        before = upto;
        if (rate && !o2c__muldiv(part->paid, rate->numerator, rate->denominator, &worth))
            return false;
        part->fx = rate ? part->paid_currency - worth : 0;
    }
    return true;
}

/* An over-payment is a rest in the items' currency; it stays on account in the one that arrived. */
static o2c_status
settle_foreign(const struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d, int64_t target, o2c_error *err)
{
    const o2c_payment *payment = one->payment;
    const char *currency = o2c__pool_currency(solve->pool, d->parts[0].item).ptr;
    int64_t rest = d->on_account + d->refund, kept = 0;
    bool same = memcmp(currency, payment->currency, 3) == 0;
    if (same || (!o2c__is_ordered_in(payment, currency) && !o2c__rate_of(solve, currency, payment->currency)))
        return O2C_OK;
    if (!o2c__muldiv(rest, payment->amount_minor, target, &kept) || kept >= payment->amount_minor)
        return o2c__fail_row(err, O2C_E_INVARIANT, "proposal", one->row, "payment %u cannot be divided between two currencies", one->row);
    d->on_account = d->on_account ? kept : 0;
    d->refund = d->refund ? kept : 0;
    d->rate_numerator = payment->amount_minor - kept;
    d->rate_denominator = target - rest;
    return divide_currency(solve, payment, currency, d)
               ? O2C_OK
               : o2c__fail_row(err, O2C_E_INVARIANT, "proposal", one->row, "payment %u cannot be divided between two currencies", one->row);
}

o2c_status
o2c__settle(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why, struct o2c__decision *d,
            o2c_error *err)
{
    int64_t open = 0, paid = 0;
    (void)why;
    if (!d->winner)
        return O2C_OK;
    if (d->winner->arithmetic == O2C_ARITHMETIC_X12) {
        settle_paid_before(one, d);
        return O2C_OK;
    }
    for (uint32_t i = 0; i < d->parts_count; i++) {
        d->parts[i].offered = solve->pool->open[d->parts[i].item];
        open += d->parts[i].offered;
    }
    int64_t target = in_items_currency(solve, one->payment, o2c__pool_currency(solve->pool, d->parts[0].item).ptr, open);
    o2c_status status = settle_cause(solve, one, d, open - target, err);
    if (status)
        return status;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        finish_part(solve->pool, &d->parts[i]);
        paid += d->parts[i].paid;
    }
    if (paid + d->on_account + d->refund != target + d->charge_in_file)
        return o2c__fail_row(err, O2C_E_INVARIANT, "proposal", one->row, "the parts of payment %u do not add up to its amount", one->row);
    return settle_foreign(solve, one, d, target, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates and bands: may a line post itself? One number, one bar, a list of released classes, and hard gates that hold whatever
 * the number says (MATCHER 11.4). Branches live here; nothing here changes what a line says.
 */
#include "match/decide.h"
#include "match/learn.h"

static int
currency_differs(const o2c_match_pool *pool, const o2c_payment *payment, uint32_t item)
{
    return memcmp(pool->item_accounts[pool->item_account[item]].currency, payment->currency, 3) != 0;
}

/* The policy allows it, and the bank's file says what the payer ordered: the amount is one that he wrote himself. */
static bool
currency_allowed(const struct o2c__solve *solve, const o2c_payment *payment, uint32_t item)
{
    return solve->policy->cross_currency && o2c__is_ordered_in(payment, o2c__pool_currency(solve->pool, item).ptr);
}

/* A payment that does not say which company of ours it arrived at fits only a pool of one company. */
static bool
company_differs(const o2c_match_pool *pool, const struct o2c__case *one, uint32_t item)
{
    if (one->payment->company.len == 0)
        return pool->companies_count > 1;
    return one->company != pool->item_accounts[pool->item_account[item]].company;
}

static uint32_t
account_gates(uint32_t flags)
{
    uint32_t gates = 0;
    if (flags & (O2C_ACCOUNT_FLAG_LEGAL | O2C_ACCOUNT_FLAG_INSOLVENT | O2C_ACCOUNT_FLAG_AGENCY))
        gates |= O2C_GATE_ACCOUNT_FLAGGED;
    if (flags & O2C_ACCOUNT_FLAG_RETURN_PENDING)
        gates |= O2C_GATE_REVERSAL_PENDING;
    if (flags & O2C_ACCOUNT_FLAG_REVIEW)
        gates |= O2C_GATE_REVIEW_REQUIRED;
    return gates;
}

/* Own number, exact amount: an identity as good as a known payer. */
static bool
all_cited_exact(const struct o2c__case *one, const struct o2c__explanation *why, const struct o2c__hypothesis *winner)
{
    if (winner->arithmetic != O2C_ARITHMETIC_X0)
        return false;
    for (uint32_t i = 0; i < winner->items_count; i++) {
        uint32_t hit = o2c__row_hits(why, winner)[i];
        if (hit == O2C__NONE || one->hits[hit].error == O2C__REF_SECONDARY || one->hits[hit].pooled)
            return false;
    }
    return true;
}

/* Evidence names one account, the winner stands on another one's items without a tie. */
static bool
payer_conflict(const struct o2c__case *one, const struct o2c__hypothesis *winner)
{
    if (winner->payer < one->payers_count && one->payers[winner->payer].evidence)
        return false;
    for (uint32_t i = 0; i < one->payers_count; i++)
        if (one->payers[i].evidence)
            return true;
    return false;
}

uint32_t
o2c__payment_gates(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
              const struct o2c__decision *d)
{
    const o2c_payment *payment = one->payment;
    const o2c_match_policy *policy = solve->policy;
    uint32_t gates = d->gates;
    bool known = d->winner->payer < one->payers_count && one->payers[d->winner->payer].confirmed;
    if (!known && !all_cited_exact(one, why, d->winner))
        gates |= O2C_GATE_NO_IDENTITY;
    if (payer_conflict(one, d->winner))
        gates |= O2C_GATE_PAYER_CONFLICT;
    if (d->payer != O2C__NONE)
        gates |= account_gates(solve->pool->accounts[d->payer].flags);
    if (payment->amount_minor > policy->auto_limit_minor)
        gates |= O2C_GATE_OVER_AUTO_LIMIT;
    if (policy->open_from_day && payment->booking_day && payment->booking_day < policy->open_from_day)
        gates |= O2C_GATE_PERIOD_CLOSED;
    if (payment->stage == O2C_STAGE_PREVIEW)
        gates |= O2C_GATE_PREVIEW;
    if (why->cut_short)
        gates |= O2C_GATE_SEARCH_CUT_SHORT;
    return gates;
}

/* What holds for every item of an item account. */
uint32_t
o2c__home_gates(const struct o2c__solve *solve, const struct o2c__case *one, uint32_t item)
{
    const o2c_match_pool *pool = solve->pool;
    uint32_t gates = account_gates(pool->accounts[o2c__pool_account(pool, item)].flags);
    if (currency_differs(pool, one->payment, item) && !currency_allowed(solve, one->payment, item))
        gates |= O2C_GATE_CROSS_CURRENCY;
    if (company_differs(pool, one, item) && !solve->policy->cross_company)
        gates |= O2C_GATE_CROSS_COMPANY;
    return gates;
}

static uint32_t
item_gates(const struct o2c__solve *solve, const struct o2c__part *part)
{
    const o2c_match_pool *pool = solve->pool;
    uint32_t gates = 0, item = part->item;
    if (item >= pool->open_count)
        return 0;
    if (pool->flags[item] & (O2C_ITEM_FLAG_DISPUTED | O2C_ITEM_FLAG_BLOCKED | O2C_ITEM_FLAG_DIRECT_DEBIT))
        gates |= O2C_GATE_DISPUTED_EXCLUDED;
    if (pool->flags[item] & O2C_ITEM_FLAG_LEGAL)
        gates |= O2C_GATE_ACCOUNT_FLAGGED;
    if (o2c__pool_earmarked(pool, item) != 0)
        gates |= O2C_GATE_EARMARKED;
    if (part->deduction > solve->policy->deduction_limit_minor)
        gates |= O2C_GATE_DEDUCTION_OVER_LIMIT;
    return gates;
}

static void
gate_items(const struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d)
{
    const o2c_match_pool *pool = solve->pool;
    uint32_t home = O2C__NONE, of_home = 0;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        struct o2c__part *part = &d->parts[i];
        part->gates = item_gates(solve, part);
        if (part->item >= pool->open_count)
            continue;
        if (pool->item_account[part->item] != home) {
            home = pool->item_account[part->item];
            of_home = o2c__home_gates(solve, one, part->item);
        }
        part->gates |= of_home;
    }
}

/* The amount that another proposal holds is not offered: such a line is dropped, its item is listed as an alternative. */
static bool
held_by_another(const struct o2c__solve *solve, const struct o2c__part *part)
{
    int64_t open = solve->pool->open[part->item], held = o2c__pool_earmarked(solve->pool, part->item);
    int64_t free = open > 0 ? open - held : open + held; /* of a credit the earmark is an amount as well */
    int64_t cleared = part->paid + part->discount + part->tolerance + part->charge + part->withholding + part->deduction;
    return part->gates & O2C_GATE_EARMARKED && (open > 0 ? cleared > free : cleared < free);
}

/* Without a rate nobody knows what the money is in the item's currency: no line may say a number. */
static bool
drop_lines(const struct o2c__solve *solve, struct o2c__decision *d)
{
    bool held = false, foreign = false;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        held = held || held_by_another(solve, &d->parts[i]);
        foreign = foreign || (d->parts[i].gates & O2C_GATE_CROSS_CURRENCY && !d->rate_denominator);
    }
    if (!held && !foreign)
        return false;
    d->kind = d->payer != O2C__NONE && d->payer_evidence && d->payer_evidence != 3 ? O2C_KIND_ON_ACCOUNT : O2C_KIND_UNIDENTIFIED;
    d->parts_count = 0;
    d->on_account = d->refund = d->charge_in_file = 0;
    return foreign && !held;
}

static bool
interchangeable_held(const struct o2c__solve *solve, const struct o2c__part *part)
{
    return part->certificate == O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE && !solve->policy->interchangeable_auto;
}

/* Would it post itself if its class were released and nothing were drawn? */
static bool
would_post(const struct o2c__solve *solve, const struct o2c__decision *d, const struct o2c__part *part)
{
    return part->confidence_ppm >= solve->policy->auto_ppm && !part->gates && !d->gates && !interchangeable_held(solve, part);
}

static void
judge_release(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__decision *d, struct o2c__part *part)
{
    o2c_str payment = o2c__ref_str(one->payment->key, solve->payments->heap);
    part->line_class = o2c__line_class(part->label, d->payer_class, part->scope, part->certificate);
    bool known = part != d->parts && part->line_class == d->parts[0].line_class; /* lines of a proposal nearly always are of one class */
    part->released = known ? d->parts[0].released : o2c__class_open(solve->model, solve->policy, part->line_class);
    part->would_auto = would_post(solve, d, part);
    part->sampled = part->would_auto && solve->policy->sample_key_count &&
                    o2c__sampled(solve->model, solve->policy, part->line_class, payment,
                                 o2c__pool_str(solve->pool, solve->pool->echo[part->item].key));
}

/* A set found by its sum alone stands or falls together: the sum is its only evidence. */
static void
judge_whole(const struct o2c__solve *solve, struct o2c__decision *d)
{
    if (!d->naked || solve->policy->split_naked || d->band == O2C_BAND_AUTO)
        return;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        d->parts[i].band = O2C_BAND_PROPOSE;
        if (!d->above_naked_bar) /* one line that would not post keeps all the others */
            d->parts[i].would_auto = d->parts[i].sampled = false;
    }
}

static void
set_bands(const struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d)
{
    bool whole = true;
    d->above_naked_bar = true;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        struct o2c__part *part = &d->parts[i];
        judge_release(solve, one, d, part);
        bool may = part->would_auto && part->released && !part->sampled;
        part->band = may ? O2C_BAND_AUTO : O2C_BAND_PROPOSE;
        whole = whole && may;
        d->above_naked_bar = d->above_naked_bar && part->would_auto;
    }
    d->band = d->parts_count == 0 ? O2C_BAND_NONE : whole ? O2C_BAND_AUTO : O2C_BAND_PROPOSE;
    judge_whole(solve, d);
}

void
o2c__gate(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why, struct o2c__decision *d)
{
    if (!d->winner) {
        d->band = O2C_BAND_NONE;
        return;
    }
    d->gates = o2c__payment_gates(solve, one, why, d);
    if (d->kind != O2C_KIND_APPLY) { /* double payment: proposed, never automatic */
        d->band = O2C_BAND_PROPOSE;
        return;
    }
    gate_items(solve, one, d);
    o2c__gate_tolerance(solve, d);
    uint32_t all = 0;
    for (uint32_t i = 0; i < d->parts_count; i++)
        all |= d->parts[i].gates;
    bool proposed = drop_lines(solve, d);
    if (d->parts_count == 0)
        d->unapplied = one->payment->amount_minor;
    set_bands(solve, one, d);
    if (proposed) /* a person finds the rate */
        d->band = O2C_BAND_PROPOSE;
    for (uint32_t i = 0; i < d->parts_count; i++)
        d->parts[i].gates |= d->gates;
    d->gates |= all;
}

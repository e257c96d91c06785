/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items of another currency than the payment's. Where the file says what the payer ordered in that currency, the money is exactly that
 * much of it, and the items are searched like any others. Where only the host has a rate, the items may add up to anything inside the
 * window of the policy: what is cited, single items and the whole account are listed, everything else is bounded (MATCHER 5.2).
 */
#include "match/explain.h"

const o2c_match_exchange *
o2c__rate_of(const struct o2c__solve *solve, const char *from, const char *to)
{
    for (uint64_t i = 0; i < solve->rates_count; i++)
        if (memcmp(solve->rates[i].from, from, 3) == 0 && memcmp(solve->rates[i].to, to, 3) == 0)
            return &solve->rates[i];
    return NULL;
}

/* The payment at the host's rate, and the window around it. False = nothing can be said in numbers of this size. */
static bool
at_rate(const struct o2c__job *job, const o2c_match_exchange *rate, struct o2c__money *out)
{
    int64_t most = job->solve->context.limits.amount_max;
    if (!o2c__muldiv(job->one->payment->amount_minor, rate->denominator, rate->numerator, &out->amount) || out->amount < 1 ||
        out->amount > most)
        return false;
    int64_t away = (int64_t)o2c__muldiv_floor((uint64_t)out->amount, job->solve->policy->fx_window_ppm, 1000000);
    out->currency = rate->from;
    out->least = out->amount > away ? out->amount - away : 1;
    out->most = out->amount + away;
    out->ln_prior = O2C__LN_CROSS;
    out->window = true;
    return true;
}

/* Ordered by currency, so that the host's order decides nothing. */
static void
add_rate(struct o2c__job *job, const struct o2c__money *money, uint32_t first)
{
    uint32_t at = job->monies_count;
    for (; at > first && memcmp(job->monies[at - 1].currency, money->currency, 3) > 0; at--)
        if (at < O2C__MONIES_MAX)
            job->monies[at] = job->monies[at - 1];
    if (at == O2C__MONIES_MAX)
        return;
    job->monies[at] = *money;
    job->monies_count += job->monies_count < O2C__MONIES_MAX;
}

void
o2c__list_monies(struct o2c__job *job)
{
    const o2c_payment *payment = job->one->payment;
    uint32_t ordered = 0;
    if (payment->instructed_minor && memcmp(payment->instructed_currency, payment->currency, 3) != 0) {
        int64_t amount = payment->instructed_minor;
        job->monies[ordered++] = (struct o2c__money){ payment->instructed_currency, amount, amount, amount, O2C__LN_HALF, false };
    }
    job->monies_count = ordered;
    for (uint64_t i = 0; i < job->solve->rates_count; i++) {
        const o2c_match_exchange *rate = &job->solve->rates[i];
        struct o2c__money money;
        bool said = ordered && memcmp(rate->from, payment->instructed_currency, 3) == 0;
        if (memcmp(rate->to, payment->currency, 3) == 0 && !said && at_rate(job, rate, &money))
            add_rate(job, &money, ordered);
    }
}

void
o2c__turn_to(struct o2c__job *job, const struct o2c__view *view)
{
    const o2c_payment *payment = job->one->payment;
    job->currency = view->money.currency;
    job->amount = view->money.amount;
    job->ln_amount = o2c__ln_u64((uint64_t)job->amount);
    job->foreign = memcmp(job->currency, payment->currency, 3) != 0;
    job->charge = job->foreign || payment->bearer == O2C_BEARER_PAYER ? 0 : payment->charges_minor;
}

/* ---- sets whose sum lies in the window */

static void
add_window(struct o2c__job *job, struct o2c__view *view, const struct o2c__set *set)
{
    struct o2c__prior_parts prior;
    uint32_t items[O2C__SET_MAX];
    int64_t sum = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        items[i] = view->slots[set->slots[i]].item;
        sum += view->slots[set->slots[i]].open;
    }
    if (set->debits == 0 || sum < view->money.least || sum > view->money.most || !o2c__set_weigh(view, set, &prior))
        return;
    uint64_t width = (uint64_t)(view->money.most - view->money.least) + 1;
    struct o2c__hypothesis parts = { .arithmetic = O2C_ARITHMETIC_X0, .ln_set = prior.ln_set, .ln_scope = prior.ln_scope,
                                     .scope = prior.scope, .ln_credit = prior.ln_credit, .ln_amount = -o2c__ln_u64(width) };
    o2c__special_add(job, view, items, set->count, parts);
}

static void
list_window(struct o2c__job *job, struct o2c__view *view)
{
    struct o2c__set *set = &job->set;
    uint32_t cited = 0, all = view->debits + view->credits;
    set->count = set->debits = 0;
    for (uint32_t i = 0; i < all && set->count < O2C__SET_MAX; i++) {
        if (view->slots[i].cited == O2C__NONE)
            continue;
        set->slots[set->count++] = i;
        set->debits += i < view->debits;
    }
    cited = set->count;
    if (cited > 1)
        add_window(job, view, set);
    for (uint32_t i = 0; i < view->debits; i++) {
        set->slots[0] = i;
        set->count = set->debits = 1;
        add_window(job, view, set);
    }
    if (all < 2 || all > O2C__SET_MAX || cited == all)
        return;
    for (uint32_t i = 0; i < all; i++)
        set->slots[i] = i;
    set->count = all;
    set->debits = view->debits;
    add_window(job, view, set);
}

void
o2c__sets_window(struct o2c__job *job, struct o2c__view *view)
{
    if (!o2c__work(job, (uint64_t)view->debits + view->credits))
        return;
    list_window(job, view);
    if (view->citing.count)
        o2c__extensions(job, view);
    o2c__bound_loose(job, view);
    struct o2c__crowd crowd = o2c__crowd_of(view, O2C__NONE);
    int64_t ln = o2c__ln_accident(job, &crowd, job->amount, 0);
    int64_t text = job->cites ? o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + 2 * O2C__LN_MISS) : 0;
    if (ln != O2C__NEVER)
        o2c__pot_add(job, (uint32_t)(view - job->views), O2C__POT_BOUND, view->ln_payer + o2c__ln_class[O2C_ARITHMETIC_X0] + ln + text);
    view->skipped = true; /* nothing of it is searched deeper: it never posts itself */
}

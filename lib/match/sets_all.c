/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set of up to 500 items that fits for a named cause, where all can be found within the budget: by meeting in the middle with
 * everything above the amount cut off, by tables of reachable sums, or by quarters, whichever costs least (sets_choose.c). An amount
 * above half of the pool is searched as what is left out of it. A set that could matter becomes a row; all others are only counted
 * and added up, so that a crowd of accidents costs no memory.
 */
#include "match/sets_all.h"

int64_t
o2c__set_search_tolerance(const struct o2c__job *job)
{
    const o2c_match_policy *policy = job->solve->policy;
    int64_t share = (int64_t)o2c__muldiv_floor((uint64_t)job->amount + (uint64_t)policy->tolerance_minor, policy->tolerance_ppm, 1000000);
    return share < policy->tolerance_minor ? share : policy->tolerance_minor;
}

static void
sort_amounts(struct o2c__set_search *s)
{
    s->total = 0;
    for (uint32_t i = 0; i < s->credits; i++)
        s->amounts[s->count + i] = -s->view->slots[s->view->debits + i].open;
    for (uint32_t i = 0; i < s->all; i++) {
        uint32_t at = i;
        for (; at > 0 && s->amounts[s->order[at - 1]] < s->amounts[i]; at--)
            s->order[at] = s->order[at - 1];
        s->order[at] = i;
        s->total += s->amounts[i];
    }
}

/* ---- causes */

static bool
walk_open(struct o2c__set_search *s)
{
    const o2c_match_policy *policy = s->job->solve->policy;
    int64_t target = s->job->amount - s->selection->sum, tolerance = o2c__set_search_tolerance(s->job);
    struct o2c__sums_window windows[O2C__WINDOWS_MOST] = { { target - tolerance, target + tolerance } };
    uint32_t count = 1;
    if (s->job->charge > tolerance)
        windows[count++] = (struct o2c__sums_window){ target + s->job->charge, target + s->job->charge };
    for (uint64_t i = 0; i < policy->fees_count && count < O2C__COUNT(windows); i++)
        if (policy->fees[i] > tolerance && policy->fees[i] != s->job->charge)
            windows[count++] = (struct o2c__sums_window){ target + policy->fees[i], target + policy->fees[i] };
    return o2c__set_search_walk(s, windows, count);
}

/* Amounts less something that comes per item. */
static bool
walk_less(struct o2c__set_search *s, int64_t slack)
{
    int64_t target = s->job->amount - s->selection->sum;
    return o2c__set_search_walk(s, &(struct o2c__sums_window){ target - slack, target + slack }, 1);
}

static bool
load_discounts(struct o2c__set_search *s, int32_t cause)
{
    bool any = false;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct o2c__slot *slot = &s->view->slots[s->slots[i]];
        int64_t less = cause == O2C_ARITHMETIC_X0 ? 0 : cause == O2C_ARITHMETIC_X1 ? slot->early : slot->late;
        any = any || (cause == O2C_ARITHMETIC_X1 ? less != 0 : cause == O2C_ARITHMETIC_X2 && slot->late != slot->early);
        s->amounts[i] = slot->open - less;
    }
    s->cause = cause;
    sort_amounts(s);
    return any || cause == O2C_ARITHMETIC_X0;
}

static bool
load_withheld(struct o2c__set_search *s, uint32_t rate)
{
    bool any = false;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct o2c__slot *slot = &s->view->slots[s->slots[i]];
        int64_t tax = 0;
        any = (slot->withholding && o2c__muldiv(slot->open, rate, 1000000, &tax)) || any;
        s->amounts[i] = slot->open - tax;
    }
    s->cause = O2C_ARITHMETIC_X4;
    sort_amounts(s);
    return any;
}

static bool
walk_causes(struct o2c__set_search *s)
{
    const o2c_match_policy *policy = s->job->solve->policy;
    load_discounts(s, O2C_ARITHMETIC_X0);
    if (!walk_open(s))
        return false;
    if (load_discounts(s, O2C_ARITHMETIC_X1) && !walk_less(s, 0))
        return false;
    if (load_discounts(s, O2C_ARITHMETIC_X2) && !walk_less(s, 0))
        return false;
    for (uint64_t i = 0; i < policy->withholding_ppm_count; i++)
        if (load_withheld(s, policy->withholding_ppm[i]) && !walk_less(s, s->count / 2 + 1))
            return false;
    return true;
}

/* ---- what is light */

/* A set a million times lighter than the best explanation, or than a short payment in any case, decides nothing. */
static int64_t
floor_of(const struct o2c__job *job, const struct o2c__view *view)
{
    const struct o2c__row *rows = job->rows.rows;
    int64_t most = (int64_t)view->ln_payer + o2c__ln_class[O2C_ARITHMETIC_X7] + O2C__LN_SHORT_NEAR - job->ln_amount;
    for (uint32_t i = 0; i < job->rows.count; i++)
        most = rows[i].is.weight > most ? rows[i].is.weight : most;
    return most - O2C__LN_MILLION;
}

static void
add_light(struct o2c__set_search *s)
{
    if (s->light_count == 0)
        return;
    struct o2c__pot *pot = o2c__grow_add(s->job, &s->job->pots, 1);
    if (pot)
        *pot = (struct o2c__pot){ s->floor + O2C__LN_MILLION + o2c__ln_ratio(s->light, UINT64_C(1) << 40) + 1, O2C__POT_LIGHT,
                                  (uint32_t)(s->view - s->job->views), 0, s->light_count };
}

static bool
walk_selections(struct o2c__set_search *s, const struct o2c__selection *selections, uint32_t selected)
{
    for (uint32_t i = 0; i < selected; i++) {
        s->selection = &selections[i];
        s->ln_base = (int64_t)s->view->ln_payer + (s->side ? s->view->ln_tied : s->view->ln_own) +
                     (s->credits ? 0 : o2c__ln_credit_prior(s->view->credits, selections[i].used));
        if (!walk_causes(s))
            return false;
    }
    add_light(s);
    return true;
}

/* Many credits are items of the search, which begins with all of them used: what is left out of them comes back to the amount. */
static bool
walk_many_credits(struct o2c__set_search *s)
{
    const struct o2c__selection all = { 0, s->credits, s->view->credits_sum };
    s->view->credits_found = walk_selections(s, &all, 1);
    return s->view->credits_found;
}

bool
o2c__sets_all(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count, uint32_t room)
{
    struct o2c__set_search s = { .job = job, .view = view, .slots = slots, .count = count, .all = count, .room = room, .step = 1 };
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    bool many = view->credits > O2C__CREDITS_FULL;
    if (count == 0 || job->cites || job->operations > job->operations_max / 2)
        return false;
    if (many && (room || count <= O2C__LOOSE_SLOTS || view->credits > 64))
        return false;
    s.credits = many ? view->credits : 0;
    s.all += s.credits;
    if (s.all > (room ? O2C__HALVES_ITEMS : O2C__ALL_SLOTS))
        return false;
    s.words = (s.all + 63) / 64;
    s.side = view->slots[slots[0]].side;
    s.floor = floor_of(job, view);
    s.ceiling = job->operations + job->operations_max / 4;
    if (room && !o2c__halves_alloc(&job->solve->arena, &s.halves, room)) {
        job->no_memory = true;
        return false;
    }
    return many ? walk_many_credits(&s) : walk_selections(&s, selections, o2c__selections(view, selections));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short and over-payments of sets that are not listed. Σ P(S)·s(T|A) ≤ s̄(T) = 17.98 ÷ T and ≤ ō(T) = 11.5 ÷ T for over-payments,
 * because A ≥ T resp. A ≥ T ÷ 2 and Σ P(S) ≤ 1: one addition each, on the safe side. A text that cites is weighed by the subset
 * of cited items that a set holds: the subset itself stands among the rows, its supersets are bounded here.
 */
#include "match/explain.h"

void
o2c__bound_loose(struct o2c__job *job, struct o2c__view *view)
{
    if (view->debits == 0)
        return;
    int64_t ln_short = job->ln_none, ln_over = job->ln_none;
    if (job->cites) /* sets without any cited item miss at least once */
        ln_short = ln_over = o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + O2C__LN_MISS);
    struct o2c__extension *rows = NULL;
    uint32_t count = view->cited_debits ? o2c__extensions(job, view, 1, &rows) : 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t ln = rows[i].ln_prior == O2C__NEVER ? O2C__NEVER : O2C__LN_CITES + rows[i].ln_text + rows[i].ln_prior;
        ln_short = o2c__ln_add(ln_short, ln);
        if (rows[i].sum < job->amount) /* a superset of more than the amount is not over-paid */
            ln_over = o2c__ln_add(ln_over, ln);
    }
    int64_t base = view->ln_payer - (int64_t)job->ln_amount;
    uint32_t row = (uint32_t)(view - job->views);
    o2c__pot_add(job, row, O2C__POT_SHORT, base + o2c__ln_class[O2C_ARITHMETIC_X7] + O2C__LN_SHORT_NEAR + ln_short);
    o2c__pot_add(job, row, O2C__POT_OVER, base + o2c__ln_class[O2C_ARITHMETIC_X8] + O2C__LN_OVER_CAP + ln_over);
}

/* ---- the exact sum for small pools: every set, every credit selection */

struct weighing {
    struct o2c__job *job;
    struct o2c__view *view;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected;
    uint32_t slots[O2C__SELECTIONS_MAX][8]; /* at most 6 credits are selected one by one */
};

static int64_t
loose_weight(const struct weighing *all, const struct o2c__set *set, const struct o2c__prior_parts *prior, int64_t open, int32_t *arithmetic)
{
    const struct o2c__job *job = all->job;
    uint32_t cited[O2C__SET_MAX], count = 0;
    int64_t ln_amount = open > job->amount ? o2c__ln_short(job->amount, open) : o2c__ln_over(job->amount, open);
    if (ln_amount == O2C__NEVER)
        return O2C__NEVER;
    for (uint32_t i = 0; i < set->count; i++)
        if (all->view->slots[set->slots[i]].cited != O2C__NONE)
            cited[count++] = all->view->slots[set->slots[i]].cited;
    *arithmetic = open > job->amount ? O2C_ARITHMETIC_X7 : O2C_ARITHMETIC_X8;
    return (int64_t)all->view->ln_payer + o2c__ln_class[*arithmetic] + prior->ln_set + prior->ln_scope + prior->ln_credit + ln_amount +
           o2c__text_ln(&all->view->citing, cited, count, set->count - count);
}

/* Sets of weight become rows, the many light ones a pot: a row below a millionth of the heaviest is never shown. */
static void
weigh_set(struct weighing *all, struct o2c__set *set, int64_t floor)
{
    struct o2c__prior_parts prior;
    int64_t open = 0;
    int32_t arithmetic;
    for (uint32_t i = 0; i < set->count; i++)
        open += all->view->slots[set->slots[i]].open;
    if (open <= 0 || open == all->job->amount || !o2c__set_weigh(all->view, set, &prior))
        return;
    int64_t weight = loose_weight(all, set, &prior, open, &arithmetic);
    if (weight == O2C__NEVER)
        return;
    if (weight >= floor)
        o2c__try_set(all->job, all->view, set, O2C__TRY_LOOSE);
    else
        o2c__pot_add(all->job, (uint32_t)(all->view - all->job->views), arithmetic == O2C_ARITHMETIC_X7 ? O2C__POT_SHORT : O2C__POT_OVER, weight);
}

bool
o2c__weigh_loose(struct o2c__job *job, struct o2c__view *view, int64_t floor)
{
    struct weighing all = { .job = job, .view = view };
    struct o2c__set *set = &job->set;
    all.selected = o2c__selections(view, all.selections);
    for (uint32_t s = 0; s < all.selected; s++)
        o2c__selection_slots(view, &all.selections[s], all.slots[s], 8);
    for (uint32_t mask = 1; mask < 1u << view->debits; mask++) {
        uint32_t debits = 0;
        for (uint32_t i = 0; i < view->debits; i++)
            if (mask >> i & 1)
                set->slots[debits++] = i;
        for (uint32_t s = 0; s < all.selected; s++) {
            set->debits = debits;
            set->count = debits + all.selections[s].used;
            memcpy(set->slots + debits, all.slots[s], all.selections[s].used * sizeof *set->slots);
            if (!o2c__work(job, 4))
                return false;
            weigh_set(&all, set, floor);
        }
    }
    return !job->no_memory;
}

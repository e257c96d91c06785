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
    uint32_t count = view->citing.count ? o2c__extensions(job, view, 1, &rows) : 0;
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

static int64_t
loose_weight(const struct o2c__job *job, const struct o2c__view *view, const struct o2c__set *set, int64_t open, int32_t *arithmetic)
{
    uint32_t cited[O2C__SET_MAX], count = 0;
    struct o2c__prior_parts prior;
    int64_t ln_amount = open > job->amount ? o2c__ln_short(job->amount, open) : o2c__ln_over(job->amount, open);
    if (ln_amount == O2C__NEVER || !o2c__set_weigh(view, set, &prior))
        return O2C__NEVER;
    for (uint32_t i = 0; i < set->count; i++)
        if (view->slots[set->slots[i]].cited != O2C__NONE)
            cited[count++] = view->slots[set->slots[i]].cited;
    *arithmetic = open > job->amount ? O2C_ARITHMETIC_X7 : O2C_ARITHMETIC_X8;
    return (int64_t)view->ln_payer + o2c__ln_class[*arithmetic] + prior.ln_set + prior.ln_scope + prior.ln_credit + ln_amount +
           o2c__text_ln(&view->citing, cited, count, set->count - count);
}

static void
set_from(struct o2c__set *set, const struct o2c__view *view, uint32_t mask, const struct o2c__selection *selection)
{
    set->debits = 0;
    for (uint32_t i = 0; i < view->debits; i++)
        if (mask >> i & 1)
            set->slots[set->debits++] = i;
    set->count = set->debits + o2c__selection_slots(view, selection, set->slots + set->debits, O2C__SET_MAX - set->debits);
}

void
o2c__weigh_loose(struct o2c__job *job, struct o2c__view *view)
{
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    struct o2c__set *set = &job->set;
    uint32_t selected = o2c__selections(view, selections);
    for (uint32_t mask = 1; mask < 1u << view->debits; mask++)
        for (uint32_t s = 0; s < selected && o2c__work(job, 4); s++) {
            int64_t open = 0;
            int32_t arithmetic;
            set_from(set, view, mask, &selections[s]);
            for (uint32_t i = 0; i < set->count; i++)
                open += view->slots[set->slots[i]].open;
            if (open <= 0 || open == job->amount)
                continue;
            int64_t weight = loose_weight(job, view, set, open, &arithmetic);
            struct o2c__pot *pot = weight == O2C__NEVER ? NULL : o2c__grow_add(job, &job->pots, 1);
            if (pot)
                *pot = (struct o2c__pot){ weight, arithmetic == O2C_ARITHMETIC_X7 ? O2C__POT_SHORT : O2C__POT_OVER,
                                          (uint32_t)(view - job->views), mask, s };
        }
}

void
o2c__promote_loose(struct o2c__job *job, int64_t floor)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < job->pots.count; i++) {
        struct o2c__pot pot = ((struct o2c__pot *)job->pots.rows)[i];
        if (pot.mask == 0 || pot.weight < floor) {
            ((struct o2c__pot *)job->pots.rows)[kept++] = pot;
            continue;
        }
        struct o2c__selection selections[O2C__SELECTIONS_MAX];
        struct o2c__view *view = &job->views[pot.view];
        o2c__selections(view, selections);
        set_from(&job->set, view, pot.mask, &selections[pot.selection]);
        o2c__try_set(job, view, &job->set, O2C__TRY_LOOSE);
    }
    job->pots.count = kept;
}

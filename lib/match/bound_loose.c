/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short and over-payments of sets that are not listed. Σ P(S)·s(T|A) ≤ s̄(T) = 17.98 ÷ T and ≤ ō(T) = 11.5 ÷ T for over-payments,
 * because A ≥ T resp. A ≥ T ÷ 2 and Σ P(S) ≤ 1: one addition each, on the safe side. A text that cites is weighed by the subset
 * of cited items that a set holds: the subset itself stands among the rows, its supersets are bounded here.
 */
#include "match/explain.h"

/* Smallest debit item that the text does not cite: every superset adds at least that. */
static int64_t
least_other(const struct o2c__view *view)
{
    int64_t least = INT64_MAX / 2;
    for (uint32_t i = 0; i < view->debits; i++)
        if (view->slots[i].cited == O2C__NONE && view->slots[i].open < least)
            least = view->slots[i].open;
    return least;
}

/* s̄ of a superset: more than 5 % short unless the others are small, then only .2 ÷ A is left of the density. */
static int64_t
ln_short_of(const struct o2c__job *job, const struct o2c__extension *row, int64_t least)
{
    int64_t open = row->sum + least;
    bool far = row->sum > 0 && open > job->amount && open - job->amount > open / 20;
    return (far ? O2C__LN_SHORT_FAR : O2C__LN_SHORT_NEAR) + O2C__LN_CITES + row->ln_text + row->ln_prior;
}

void
o2c__bound_loose(struct o2c__job *job, struct o2c__view *view)
{
    if (view->debits == 0)
        return;
    int64_t none = job->ln_none;
    if (job->cites) /* sets without any cited item miss at least once */
        none = o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + O2C__LN_MISS);
    int64_t ln_short = O2C__LN_SHORT_NEAR + none, ln_over = O2C__LN_OVER_CAP + none, least = least_other(view);
    const struct o2c__extension *rows = view->extensions;
    for (uint32_t i = 0; i < view->extensions_count; i++) {
        ln_short = o2c__ln_add(ln_short, ln_short_of(job, &rows[i], least));
        if (rows[i].sum <= 0 || rows[i].sum + least < job->amount || view->credits) /* else no superset is over-paid */
            ln_over = o2c__ln_add(ln_over, O2C__LN_OVER_CAP + O2C__LN_CITES + rows[i].ln_text + rows[i].ln_prior);
    }
    int64_t base = view->ln_payer - (int64_t)job->ln_amount;
    uint32_t row = (uint32_t)(view - job->views);
    if (!view->habits_found)
        ln_short += o2c__differs_most(&view->differs);
    o2c__pot_add(job, row, O2C__POT_SHORT, base + o2c__ln_class[O2C_ARITHMETIC_X7] + ln_short);
    o2c__pot_add(job, row, O2C__POT_OVER, base + o2c__ln_class[O2C_ARITHMETIC_X8] + ln_over);
}

/* ---- the exact sum for small pools: every set, every credit selection */

static void
set_from(struct o2c__set *set, const struct o2c__view *view, uint32_t mask, const struct o2c__selection *selection)
{
    set->debits = 0;
    for (uint32_t i = 0; i < view->debits; i++)
        if (mask >> i & 1)
            set->slots[set->debits++] = i;
    set->count = set->debits + o2c__selection_slots(view, selection, set->slots + set->debits, O2C__SET_MAX - set->debits);
}

/* What a subset of the debits brings along, filled from the subset without its lowest item. */
struct subset {
    int64_t open;
    uint32_t cited;   /* bits of cited rows, of the first 32 */
};
struct weighing {
    struct o2c__job *job;
    struct o2c__view *view;
    struct subset *subsets;
    uint32_t side_masks[O2C__SIDES_MAX];
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected, selection_cited[O2C__SELECTIONS_MAX];
    int32_t uncited_ln[2 * O2C__LOOSE_SLOTS]; /* text factor of so many items, none of them cited */
};

/* Bits of one side moved together: neighbors of the side become neighbors. */
static uint32_t
compress(uint32_t mask, uint32_t side)
{
    uint32_t out = 0;
    for (uint32_t place = 0; side; side &= side - 1, place++)
        out |= (mask & side & (0 - side) ? 1u : 0u) << place;
    return out;
}

static int64_t
ln_prior_of(const struct weighing *all, uint32_t mask)
{
    const struct o2c__view *view = all->view;
    uint32_t n = view->debits, places = mask;
    int64_t scope = view->ln_mixed;
    for (uint32_t side = 0; side < view->sides; side++)
        if ((mask & ~all->side_masks[side]) == 0) {
            n = view->side_count[side];
            scope = side ? view->ln_tied : view->ln_own;
            places = n == view->debits ? mask : compress(mask, all->side_masks[side]);
            break;
        }
    uint32_t k = (uint32_t)__builtin_popcount(places), runs = (uint32_t)__builtin_popcount(places & ~(places << 1));
    int32_t prior = o2c__ln_set_prior(view->prior, n, k, runs, places & 1);
    return prior == INT32_MIN ? O2C__NEVER : prior + scope;
}

static int64_t
ln_text_of(const struct weighing *all, uint32_t cited_bits, uint32_t count)
{
    uint32_t cited[32], cited_count = 0;
    if (!all->job->cites)
        return 0;
    if (cited_bits == 0)
        return all->uncited_ln[count];
    for (uint32_t bits = cited_bits; bits; bits &= bits - 1)
        cited[cited_count++] = (uint32_t)__builtin_ctz(bits);
    return o2c__text_ln(&all->view->citing, cited, cited_count, count - cited_count);
}

static void
weigh_mask(struct weighing *all, uint32_t mask)
{
    struct o2c__job *job = all->job;
    int64_t prior = ln_prior_of(all, mask);
    uint32_t debits = (uint32_t)__builtin_popcount(mask);
    for (uint32_t s = 0; s < all->selected && prior != O2C__NEVER; s++) {
        int64_t open = all->subsets[mask].open + all->selections[s].sum;
        bool is_short = open > job->amount;
        if (open <= 0 || open == job->amount)
            continue;
        int64_t weight = is_short ? o2c__short_at(job, all->view, open) : o2c__ln_over(job->amount, open);
        if (weight == O2C__NEVER)
            continue;
        weight += (int64_t)all->view->ln_payer + o2c__ln_class[is_short ? O2C_ARITHMETIC_X7 : O2C_ARITHMETIC_X8] + prior +
                  o2c__ln_credit_prior(all->view->credits, all->selections[s].used) +
                  ln_text_of(all, all->subsets[mask].cited | all->selection_cited[s], debits + all->selections[s].used);
        struct o2c__pot *pot = o2c__grow_add(job, &job->pots, 1);
        if (pot)
            *pot = (struct o2c__pot){ weight, is_short ? O2C__POT_SHORT : O2C__POT_OVER, (uint32_t)(all->view - job->views), mask, s };
    }
}

static uint32_t
cited_bit(const struct o2c__slot *slot)
{
    return slot->cited < 32 ? 1u << slot->cited : 0;
}

static void
prepare(struct weighing *all)
{
    struct o2c__view *view = all->view;
    uint32_t credits[O2C__LOOSE_SLOTS];
    for (uint32_t i = 0; i < view->debits; i++)
        all->side_masks[view->slots[i].side] |= 1u << i;
    for (uint32_t i = 0; i < O2C__COUNT(all->uncited_ln); i++)
        all->uncited_ln[i] = (int32_t)o2c__text_ln(&view->citing, NULL, 0, i);
    all->selected = o2c__selections(view, all->selections);
    for (uint32_t s = 0; s < all->selected; s++) {
        uint32_t used = o2c__selection_slots(view, &all->selections[s], credits, O2C__LOOSE_SLOTS);
        for (uint32_t i = 0; i < used; i++)
            all->selection_cited[s] |= cited_bit(&view->slots[credits[i]]);
    }
}

void
o2c__weigh_loose(struct o2c__job *job, struct o2c__view *view)
{
    struct weighing all = { .job = job, .view = view };
    uint32_t size = 1u << view->debits;
    all.subsets = o2c__arena_alloc(&job->solve->arena, size * sizeof *all.subsets);
    if (!all.subsets) {
        job->no_memory = true;
        return;
    }
    prepare(&all);
    all.subsets[0] = (struct subset){ 0, 0 };
    for (uint32_t mask = 1; mask < size && o2c__work(job, all.selected); mask++) {
        const struct o2c__slot *slot = &view->slots[__builtin_ctz(mask)];
        const struct subset *less = &all.subsets[mask & (mask - 1)];
        all.subsets[mask] = (struct subset){ less->open + slot->open, less->cited | cited_bit(slot) };
        weigh_mask(&all, mask);
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
        o2c__turn_to(job, view);
        o2c__selections(view, selections);
        set_from(&job->set, view, pot.mask, &selections[pot.selection]);
        o2c__try_set(job, view, &job->set, O2C__TRY_LOOSE);
    }
    job->pots.count = kept;
}

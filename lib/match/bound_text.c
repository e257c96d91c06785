/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which subsets of the cited items carry the weight of the text, and how much prior lies on the sets that hold one of them and other
 * items besides? Such sets share the references, so a flat bound would drown every cited short payment in a large pool.
 */
#include "match/explain.h"

/* ---- which subsets of the cited debits carry the weight */

static int64_t
subset_ln(const struct o2c__view *view, const struct o2c__subsets *all, uint32_t mask)
{
    uint32_t cited[O2C__CITED_TABLE], count = 0;
    for (uint32_t i = 0; i < all->count; i++)
        if (mask >> i & 1)
            cited[count++] = view->slots[all->slots[i]].cited;
    return o2c__citing_ln(&view->citing, cited, count, 0);
}

/* Heaviest first, then smallest mask; what falls off the end is the bound of the rest. */
static void
keep_subset(struct o2c__subsets *all, int64_t *weights, uint32_t mask, int64_t ln)
{
    uint32_t at = all->masks_count;
    if (at == O2C__SUBSETS_MAX) {
        int64_t lost = ln > weights[at - 1] ? weights[at - 1] : ln;
        all->ln_rest = lost > all->ln_rest ? lost : all->ln_rest;
        if (ln <= weights[at - 1])
            return;
        at--;
    } else {
        all->masks_count++;
    }
    for (; at > 0 && weights[at - 1] < ln; at--) {
        weights[at] = weights[at - 1];
        all->masks[at] = all->masks[at - 1];
    }
    weights[at] = ln;
    all->masks[at] = mask;
}

void
o2c__cited_subsets(struct o2c__job *job, const struct o2c__view *view, struct o2c__subsets *out)
{
    int64_t weights[O2C__SUBSETS_MAX];
    out->count = out->masks_count = 0;
    out->ln_rest = O2C__NEVER;
    for (uint32_t i = 0; i < view->debits && out->count < O2C__SET_MAX; i++)
        if (view->slots[i].cited != O2C__NONE)
            out->slots[out->count++] = i;
    out->whole = out->count > O2C__CITED_TABLE;
    for (uint32_t mask = 0; !out->whole && mask < 1u << out->count; mask++)
        keep_subset(out, weights, mask, subset_ln(view, out, mask));
    o2c__work(job, out->whole ? 1 : 1u << out->count);
}

/* ---- their supersets, in every base that holds them, with every listed credit selection */

struct extending {
    struct o2c__job *job;
    struct o2c__view *view;
    struct o2c__subsets subsets;
    struct o2c__extension *rows;
    uint32_t rows_count, rows_room;
    uint32_t taken[O2C__SET_MAX], skipped[O2C__SET_MAX];
};

static bool
chosen(const struct extending *all, uint32_t mask, uint32_t i)
{
    return all->subsets.whole || (mask >> i & 1);
}

/* All cited items of many: those who lack one or more lose its reference and gain little prior. Asked of the cold default, which has no
 * steps, and raised by as much as habits may raise it. */
static int64_t
ln_lacking(const struct extending *all, const struct o2c__places *places, int64_t ln_extended)
{
    struct o2c__places cold = *places;
    struct o2c__extended sums;
    const struct o2c__citing *citing = &all->view->citing;
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < citing->options_count; i++) /* the first option of a token is its best */
        if ((i == 0 || citing->options[i].token != citing->options[i - 1].token) && citing->options[i].ln_ratio < least)
            least = citing->options[i].ln_ratio;
    cold.prior = NULL;
    o2c__ln_extended(&cold, &sums);
    int64_t one_less = o2c__ln_neighbor(&cold, -1);
    if (sums.itself == O2C__NEVER || one_less == O2C__NEVER)
        return ln_extended;
    int64_t ratio = one_less - sums.itself + o2c__ln_u64(places->taken_count) - least, family = o2c__ln_add(sums.itself, sums.one);
    family += ratio - O2C__LN_HALF + o2c__ln_learned_most(places->prior, places->n);
    return o2c__ln_add(ln_extended, ratio > O2C__LN_HALF ? -least : family);
}

static void
add_scope(int64_t *sum, int64_t ln, int64_t ln_scope)
{
    if (ln != O2C__NEVER)
        *sum = o2c__ln_add(*sum, ln_scope + ln);
}

static void
add_base(struct extending *all, uint32_t mask, uint32_t side, bool mixed, int64_t ln_scope, struct o2c__extension *out)
{
    const struct o2c__view *view = all->view;
    uint32_t n = mixed ? view->debits : view->side_count[side];
    struct o2c__places places = { .prior = view->prior, .n = n, .taken = all->taken, .skipped = all->skipped };
    for (uint32_t i = 0; i < all->subsets.count; i++) {
        const struct o2c__slot *slot = &view->slots[all->subsets.slots[i]];
        bool inside = mixed || slot->side == side;
        if (chosen(all, mask, i) && !inside)
            return;
        uint32_t place = mixed ? all->subsets.slots[i] : slot->place;
        if (inside && chosen(all, mask, i))
            all->taken[places.taken_count++] = place;
        else if (inside)
            all->skipped[places.skipped_count++] = place;
    }
    struct o2c__extended sums;
    o2c__ln_extended(&places, &sums);
    o2c__work(all->job, 8 * (uint64_t)(places.taken_count + places.skipped_count + 1));
    if (all->subsets.whole)
        sums.one = ln_lacking(all, &places, sums.one);
    add_scope(&out->ln_prior, sums.one, ln_scope);
    add_scope(&out->ln_two, sums.two, ln_scope);
    add_scope(&out->ln_itself, sums.itself, ln_scope);
}

static struct o2c__extension
all_bases(struct extending *all, uint32_t mask)
{
    const struct o2c__view *view = all->view;
    struct o2c__extension out = { O2C__NEVER, O2C__NEVER, O2C__NEVER, 0, 0, false };
    uint32_t sides = 0;
    for (uint32_t side = 0; side < view->sides; side++) {
        sides += view->side_count[side] > 0;
        if (view->side_count[side])
            add_base(all, mask, side, false, side ? view->ln_tied : view->ln_own, &out);
    }
    if (sides > 1)
        add_base(all, mask, 0, true, view->ln_mixed, &out);
    return out;
}

static void
add_row(struct extending *all, const struct o2c__extension *row)
{
    if (all->rows_count < all->rows_room && row->ln_prior != O2C__NEVER)
        all->rows[all->rows_count++] = *row;
}

/* Credit selections that are not listed share a tenth. They say no more than all cited credits do; with them nothing is a row. */
static void
add_unlisted(struct extending *all, struct o2c__extension row, uint32_t mask)
{
    const struct o2c__view *view = all->view;
    uint32_t cited[2 * O2C__SET_MAX], count = 0;
    for (uint32_t i = 0; i < all->subsets.count; i++)
        if (chosen(all, mask, i))
            cited[count++] = view->slots[all->subsets.slots[i]].cited;
    for (uint32_t i = 0; i < view->credits && count < 2 * O2C__SET_MAX; i++)
        if (view->slots[view->debits + i].cited != O2C__NONE)
            cited[count++] = view->slots[view->debits + i].cited;
    row.ln_two = row.ln_prior;
    row.ln_prior = o2c__ln_add(row.ln_prior, row.ln_itself);
    row.ln_text = o2c__citing_ln(&view->citing, cited, count, 0) + O2C__LN_CREDITS_SOME;
    row.sum = 0;
    row.unlisted = true;
    add_row(all, &row);
}

static void
add_subset(struct extending *all, uint32_t mask)
{
    struct o2c__view *view = all->view;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t cited[O2C__SET_MAX], credits[O2C__SET_MAX], selected = o2c__selections(view, selections), debits = 0;
    struct o2c__extension row = all_bases(all, mask);
    int64_t sum = 0;
    for (uint32_t i = 0; i < all->subsets.count; i++)
        if (chosen(all, mask, i)) {
            cited[debits++] = view->slots[all->subsets.slots[i]].cited;
            sum += view->slots[all->subsets.slots[i]].open;
        }
    for (uint32_t s = 0; s < selected; s++) {
        uint32_t used = o2c__selection_slots(view, &selections[s], credits, O2C__SET_MAX - debits), count = debits, uncited = 0;
        for (uint32_t i = 0; i < used; i++) {
            uint32_t rank = view->slots[credits[i]].cited;
            if (rank != O2C__NONE)
                cited[count++] = rank;
            else
                uncited++;
        }
        row.ln_text = o2c__citing_ln(&view->citing, cited, count, uncited) + o2c__ln_credit_prior(view->credits, used);
        row.sum = sum + selections[s].sum;
        add_row(all, &row);
    }
    if (view->credits > O2C__CREDITS_FULL)
        add_unlisted(all, row, mask);
}

/* Subsets that were not kept: no prior is more than 1, and cited credits come on top at most whole. */
static void
add_rest(struct extending *all)
{
    const struct o2c__citing *citing = &all->view->citing;
    int64_t ln_text = all->subsets.ln_rest;
    if (ln_text == O2C__NEVER)
        return;
    for (uint32_t i = 0; i < all->view->credits; i++) {
        int64_t best = 0;
        for (uint32_t k = 0; k < citing->options_count; k++)
            for (uint32_t m = 0; m < citing->options[k].count; m++)
                if (citing->option_cited[citing->options[k].at + m] == all->view->slots[all->view->debits + i].cited &&
                    citing->options[k].ln_ratio > best)
                    best = citing->options[k].ln_ratio;
        ln_text += best;
    }
    add_row(all, &(struct o2c__extension){ 0, 0, 0, ln_text, 0, false });
}

void
o2c__extensions(struct o2c__job *job, struct o2c__view *view)
{
    struct extending all;
    memset(&all, 0, sizeof all);
    all.job = job;
    all.view = view;
    o2c__cited_subsets(job, view, &all.subsets);
    all.rows_room = (O2C__SUBSETS_MAX + 1) * (O2C__SELECTIONS_MAX + 1);
    all.rows = o2c__arena_alloc(&job->solve->arena, all.rows_room * sizeof *all.rows);
    if (!all.rows) {
        job->no_memory = true;
        return;
    }
    if (all.subsets.whole)
        add_subset(&all, 0);
    for (uint32_t i = 0; i < all.subsets.masks_count; i++)
        add_subset(&all, all.subsets.masks[i]);
    add_rest(&all);
    view->extensions = all.rows;
    view->extensions_count = all.rows_count;
}

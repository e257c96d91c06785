/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much prior lies on the sets that hold the cited items and others besides? Such sets share the references, so a flat bound would
 * drown every cited short payment in a large pool. They are counted exactly by (others, runs, oldest) with a walk over the places.
 */
#include "match/explain.h"

#define EXTRA_MAX 5
#define MANY 16 /* cited items above which supersets are estimated by a series */

/* counts[(extra · (runs + 1) + runs) · 2 + inside a run] */
struct walk {
    uint64_t *now, *next;
    uint32_t extra_max, runs_max;
    size_t size;
};

static uint64_t *
cell(uint64_t *counts, const struct walk *walk, uint32_t extra, uint32_t runs, uint32_t inside)
{
    return &counts[((size_t)extra * (walk->runs_max + 1) + runs) * 2 + inside];
}

static void
step(struct walk *walk, bool may_leave, bool may_take, uint32_t cost)
{
    memset(walk->next, 0, walk->size * sizeof *walk->next);
    for (uint32_t extra = 0; extra <= walk->extra_max; extra++)
        for (uint32_t runs = 0; runs <= walk->runs_max; runs++) {
            uint64_t outside = *cell(walk->now, walk, extra, runs, 0), inside = *cell(walk->now, walk, extra, runs, 1);
            if ((outside | inside) == 0)
                continue;
            if (may_leave)
                *cell(walk->next, walk, extra, runs, 0) += outside + inside;
            if (!may_take || extra + cost > walk->extra_max)
                continue;
            *cell(walk->next, walk, extra + cost, runs, 1) += inside;
            if (runs < walk->runs_max)
                *cell(walk->next, walk, extra + cost, runs + 1, 1) += outside;
        }
    uint64_t *swap = walk->now;
    walk->now = walk->next;
    walk->next = swap;
}

static int64_t
sum_up(const struct walk *walk, uint32_t n, uint32_t taken, uint32_t extra_min, bool oldest)
{
    int64_t ln = O2C__NEVER;
    for (uint32_t extra = extra_min; extra <= walk->extra_max; extra++)
        for (uint32_t runs = 1; runs <= walk->runs_max; runs++) {
            uint64_t count = *cell(walk->now, walk, extra, runs, 0) + *cell(walk->now, walk, extra, runs, 1);
            if (count == 0)
                continue;
            int32_t prior = o2c__ln_set_prior(n, taken + extra, runs, oldest);
            if (prior != INT32_MIN)
                ln = o2c__ln_add(ln, prior + o2c__ln_u64(count) + (int64_t)extra * O2C__LN_MISS);
        }
    return ln;
}

static int64_t
walk_places(struct walk *walk, uint32_t n, const uint8_t *places, uint32_t taken, uint32_t extra_min, bool oldest)
{
    memset(walk->now, 0, walk->size * sizeof *walk->now);
    *cell(walk->now, walk, 0, 0, 0) = 1;
    for (uint32_t i = 0; i < n; i++) {
        bool take = places[i] != O2C__PLACE_SKIPPED && (i > 0 || oldest);
        bool leave = places[i] != O2C__PLACE_TAKEN && (i > 0 || !oldest);
        step(walk, leave, take, places[i] == O2C__PLACE_FREE);
    }
    return sum_up(walk, n, taken, extra_min, oldest);
}

/* ln of the largest prior of k items whose runs differ by one at most: what one item more or less can make of a set. */
static int64_t
ln_neighbor(uint32_t n, uint32_t k, uint32_t runs)
{
    int64_t best = O2C__NEVER;
    for (uint32_t r = runs > 1 ? runs - 1 : 1; r <= runs + 1; r++)
        for (int oldest = 0; oldest < 2; oldest++) {
            int32_t prior = o2c__ln_set_prior(n, k, r, oldest != 0);
            best = prior != INT32_MIN && prior > best ? prior : best;
        }
    return best;
}

/* Many cited items. One more is counted place by place; from then on each changes the prior by a ratio: a geometric series. */
static int64_t
many_extended(uint32_t n, const uint8_t *places, uint32_t taken, uint32_t free_places, uint32_t extra)
{
    uint32_t runs = 0;
    int64_t one_more = O2C__NEVER;
    for (uint32_t i = 0; i < n; i++)
        runs += places[i] == O2C__PLACE_TAKEN && (i == 0 || places[i - 1] != O2C__PLACE_TAKEN);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t beside = (i > 0 && places[i - 1] == O2C__PLACE_TAKEN) + (uint32_t)(i + 1 < n && places[i + 1] == O2C__PLACE_TAKEN);
        if (places[i] != O2C__PLACE_FREE)
            continue;
        int32_t prior = o2c__ln_set_prior(n, taken + 1, runs + 1 - beside, i == 0 || places[0] == O2C__PLACE_TAKEN);
        one_more = prior == INT32_MIN ? one_more : o2c__ln_add(one_more, prior + O2C__LN_MISS);
    }
    int64_t prior = o2c__ln_set_prior(n, taken, runs, places[0] == O2C__PLACE_TAKEN);
    int64_t best = free_places ? ln_neighbor(n, taken + 1, runs) : O2C__NEVER;
    if (best == O2C__NEVER || prior == INT32_MIN)
        return free_places ? (int64_t)extra * O2C__LN_MISS : O2C__NEVER;
    int64_t ratio = best - prior + o2c__ln_u64(free_places) + O2C__LN_MISS;
    if (ratio > O2C__LN_HALF)
        return o2c__ln_add(extra > 1 ? O2C__NEVER : one_more, (int64_t)(extra > 2 ? extra : 2) * O2C__LN_MISS);
    return (extra > 1 ? one_more + (int64_t)(extra - 1) * ratio : one_more) - O2C__LN_HALF;
}

int64_t
o2c__ln_extended(struct o2c__job *job, uint32_t n, const uint8_t *places, uint32_t extra)
{
    uint32_t taken = 0, free_places = 0;
    for (uint32_t i = 0; i < n; i++) {
        taken += places[i] == O2C__PLACE_TAKEN;
        free_places += places[i] == O2C__PLACE_FREE;
    }
    if (taken > MANY)
        return many_extended(n, places, taken, free_places, extra);
    struct walk walk = { .extra_max = n <= 64 ? EXTRA_MAX : n <= 512 ? 3 : 2 };
    bool all = free_places <= walk.extra_max;
    walk.extra_max = all ? free_places : walk.extra_max;
    walk.runs_max = taken + walk.extra_max;
    if (walk.runs_max > (n + 1) / 2)
        walk.runs_max = (n + 1) / 2;
    walk.size = (size_t)(walk.extra_max + 1) * (walk.runs_max + 1) * 2;
    walk.now = o2c__arena_alloc(&job->solve->arena, 2 * walk.size * sizeof *walk.now);
    if (!walk.now) {
        job->no_memory = true;
        return 0;
    }
    walk.next = walk.now + walk.size;
    if (!o2c__work(job, 2 * walk.size * n / 4))
        return 0;
    int64_t ln = o2c__ln_add(walk_places(&walk, n, places, taken, extra, false), walk_places(&walk, n, places, taken, extra, true));
    if (all)
        return ln;
    /* more others than were counted: each costs a miss, and the prior adds up to at most 1 */
    return o2c__ln_add(ln, (int64_t)(walk.extra_max + 1) * O2C__LN_MISS);
}

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
    uint32_t extra;
    struct o2c__extension *rows;
    uint32_t rows_count, rows_room;
    uint8_t *places;
};

static bool
chosen(const struct extending *all, uint32_t mask, uint32_t i)
{
    return all->subsets.whole || (mask >> i & 1);
}

/* All cited items of many: those who lack one or more lose its reference and gain little prior. */
static int64_t
ln_lacking(const struct extending *all, uint32_t n, int64_t ln_extended)
{
    const struct o2c__citing *citing = &all->view->citing;
    uint32_t taken = 0, runs = 0;
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < n; i++) {
        taken += all->places[i] == O2C__PLACE_TAKEN;
        runs += all->places[i] == O2C__PLACE_TAKEN && (i == 0 || all->places[i - 1] != O2C__PLACE_TAKEN);
    }
    for (uint32_t i = 0; i < citing->options_count; i++) /* the first option of a token is its best */
        if ((i == 0 || citing->options[i].token != citing->options[i - 1].token) && citing->options[i].ln_ratio < least)
            least = citing->options[i].ln_ratio;
    int64_t prior = o2c__ln_set_prior(n, taken, runs, all->places[0] == O2C__PLACE_TAKEN), one_less = ln_neighbor(n, taken - 1, runs);
    if (prior == INT32_MIN || one_less == O2C__NEVER)
        return ln_extended;
    int64_t ratio = one_less - prior + o2c__ln_u64(taken) - least, family = o2c__ln_add(prior, ln_extended);
    return o2c__ln_add(ln_extended, ratio > O2C__LN_HALF ? -least : family + ratio - O2C__LN_HALF);
}

static void
add_base(struct extending *all, uint32_t mask, uint32_t side, bool mixed, int64_t ln_scope, int64_t *ln_prior)
{
    const struct o2c__view *view = all->view;
    uint32_t n = mixed ? view->debits : view->side_count[side];
    for (uint32_t i = 0; i < all->subsets.count; i++)
        if (chosen(all, mask, i) && !mixed && view->slots[all->subsets.slots[i]].side != side)
            return;
    memset(all->places, O2C__PLACE_FREE, n);
    for (uint32_t i = 0; i < all->subsets.count; i++) {
        const struct o2c__slot *slot = &view->slots[all->subsets.slots[i]];
        if (mixed || slot->side == side)
            all->places[mixed ? all->subsets.slots[i] : slot->place] = chosen(all, mask, i) ? O2C__PLACE_TAKEN : O2C__PLACE_SKIPPED;
    }
    int64_t ln = o2c__ln_extended(all->job, n, all->places, all->extra);
    if (all->subsets.whole)
        ln = ln_lacking(all, n, ln);
    if (ln != O2C__NEVER)
        *ln_prior = o2c__ln_add(*ln_prior, ln_scope + ln);
}

static int64_t
ln_all_bases(struct extending *all, uint32_t mask)
{
    const struct o2c__view *view = all->view;
    int64_t ln_prior = O2C__NEVER;
    uint32_t sides = 0;
    for (uint32_t side = 0; side < view->sides; side++) {
        sides += view->side_count[side] > 0;
        if (view->side_count[side])
            add_base(all, mask, side, false, side ? view->ln_tied : view->ln_own, &ln_prior);
    }
    if (sides > 1)
        add_base(all, mask, 0, true, view->ln_mixed, &ln_prior);
    return ln_prior;
}

static void
add_row(struct extending *all, int64_t ln_prior, int64_t ln_text, int64_t sum)
{
    if (all->rows_count < all->rows_room && ln_prior != O2C__NEVER)
        all->rows[all->rows_count++] = (struct o2c__extension){ ln_prior, ln_text, sum };
}

static void
add_subset(struct extending *all, uint32_t mask)
{
    struct o2c__view *view = all->view;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t cited[O2C__SET_MAX], credits[O2C__SET_MAX], selected = o2c__selections(view, selections), debits = 0;
    int64_t ln_prior = ln_all_bases(all, mask), sum = 0;
    for (uint32_t i = 0; i < all->subsets.count; i++)
        if (chosen(all, mask, i)) {
            cited[debits++] = view->slots[all->subsets.slots[i]].cited;
            sum += view->slots[all->subsets.slots[i]].open;
        }
    for (uint32_t s = 0; s < selected; s++) {
        uint32_t used = o2c__selection_slots(view, &selections[s], credits, O2C__SET_MAX - debits), count = debits, uncited = 0;
        for (uint32_t i = 0; i < used; i++) {
            uint32_t row = view->slots[credits[i]].cited;
            if (row != O2C__NONE)
                cited[count++] = row;
            else
                uncited++;
        }
        int64_t ln_text = o2c__citing_ln(&view->citing, cited, count, uncited) + o2c__ln_credit_prior(view->credits, used);
        add_row(all, ln_prior, ln_text, sum + selections[s].sum);
    }
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
    add_row(all, 0, ln_text, 0);
}

uint32_t
o2c__extensions(struct o2c__job *job, struct o2c__view *view, uint32_t extra, struct o2c__extension **out)
{
    struct extending all = { .job = job, .view = view, .extra = extra };
    o2c__cited_subsets(job, view, &all.subsets);
    all.rows_room = (O2C__SUBSETS_MAX + 1) * O2C__SELECTIONS_MAX;
    all.rows = o2c__arena_alloc(&job->solve->arena, all.rows_room * sizeof *all.rows);
    all.places = o2c__arena_alloc(&job->solve->arena, (size_t)view->debits + 1);
    if (!all.rows || !all.places) {
        job->no_memory = true;
        return 0;
    }
    if (all.subsets.whole)
        add_subset(&all, 0);
    for (uint32_t i = 0; i < all.subsets.masks_count; i++)
        add_subset(&all, all.subsets.masks[i]);
    add_rest(&all);
    *out = all.rows;
    return all.rows_count;
}

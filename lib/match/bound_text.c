/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much prior lies on the sets that hold the cited items and others besides? Such sets share the references, so a flat bound would
 * drown every cited short payment in a large pool. They are counted exactly by (others, runs, oldest) with a walk over the places.
 */
#include "match/explain.h"

#define EXTRA_MAX 5

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

int64_t
o2c__ln_extended(struct o2c__job *job, uint32_t n, const uint8_t *places, uint32_t extra)
{
    uint32_t taken = 0, free_places = 0;
    for (uint32_t i = 0; i < n; i++) {
        taken += places[i] == O2C__PLACE_TAKEN;
        free_places += places[i] == O2C__PLACE_FREE;
    }
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

/* ---- subsets of the cited debits, in every base that holds them, with every listed credit selection */

struct subsets {
    struct o2c__job *job;
    struct o2c__view *view;
    uint32_t slots[O2C__SET_MAX], count; /* cited debits */
    uint32_t extra;
    struct o2c__extension *rows;
    uint32_t rows_count, rows_room;
    uint8_t *places;
};

static void
add_base(struct subsets *all, const bool *chosen, uint32_t side, bool mixed, int64_t ln_scope, int64_t *ln_prior)
{
    const struct o2c__view *view = all->view;
    uint32_t n = mixed ? view->debits : view->side_count[side];
    for (uint32_t i = 0; i < all->count; i++)
        if (chosen[i] && !mixed && view->slots[all->slots[i]].side != side)
            return;
    memset(all->places, O2C__PLACE_FREE, n);
    for (uint32_t i = 0; i < all->count; i++) {
        const struct o2c__slot *slot = &view->slots[all->slots[i]];
        if (mixed || slot->side == side)
            all->places[mixed ? all->slots[i] : slot->place] = chosen[i] ? O2C__PLACE_TAKEN : O2C__PLACE_SKIPPED;
    }
    int64_t ln = o2c__ln_extended(all->job, n, all->places, all->extra);
    if (ln != O2C__NEVER)
        *ln_prior = o2c__ln_add(*ln_prior, ln_scope + ln);
}

static void
add_subset(struct subsets *all, const bool *chosen)
{
    struct o2c__view *view = all->view;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t cited[O2C__SET_MAX], credits[O2C__SET_MAX], selected = o2c__selections(view, selections);
    int64_t ln_prior = O2C__NEVER, sum = 0;
    uint32_t debits = 0, sides = 0;
    for (uint32_t side = 0; side < view->sides; side++) {
        sides += view->side_count[side] > 0;
        if (view->side_count[side])
            add_base(all, chosen, side, false, side ? view->ln_tied : view->ln_own, &ln_prior);
    }
    if (sides > 1)
        add_base(all, chosen, 0, true, view->ln_mixed, &ln_prior);
    for (uint32_t i = 0; i < all->count; i++)
        if (chosen[i]) {
            cited[debits++] = view->slots[all->slots[i]].cited;
            sum += view->slots[all->slots[i]].open;
        }
    for (uint32_t s = 0; s < selected && all->rows_count < all->rows_room; s++) {
        uint32_t used = o2c__selection_slots(view, &selections[s], credits, O2C__SET_MAX - debits), count = debits, uncited = 0;
        for (uint32_t i = 0; i < used; i++) {
            uint32_t row = view->slots[credits[i]].cited;
            if (row != O2C__NONE)
                cited[count++] = row;
            else
                uncited++;
        }
        int64_t ln_text = o2c__citing_ln(&view->citing, cited, count, uncited) + o2c__ln_credit_prior(view->credits, used);
        all->rows[all->rows_count++] = (struct o2c__extension){ ln_prior, ln_text, sum + selections[s].sum };
    }
}

/* All subsets of few cited debits; of many the full one and those without one. What loses two references has no weight left. */
static void
add_subsets(struct subsets *all)
{
    bool chosen[O2C__SET_MAX];
    /* no cited debit but a cited credit is a subset as well */
    if (all->count <= 4) {
        for (uint32_t mask = 0; mask < 1u << all->count; mask++) {
            for (uint32_t i = 0; i < all->count; i++)
                chosen[i] = mask >> i & 1;
            add_subset(all, chosen);
        }
        return;
    }
    for (uint32_t i = 0; i < all->count; i++)
        chosen[i] = true;
    add_subset(all, chosen);
    for (uint32_t i = 0; i < all->count && all->count <= 16; i++) {
        chosen[i] = false;
        add_subset(all, chosen);
        chosen[i] = true;
    }
}

uint32_t
o2c__extensions(struct o2c__job *job, struct o2c__view *view, uint32_t extra, struct o2c__extension **out)
{
    struct subsets all = { .job = job, .view = view, .extra = extra };
    for (uint32_t i = 0; i < view->debits && all.count < O2C__SET_MAX; i++)
        if (view->slots[i].cited != O2C__NONE)
            all.slots[all.count++] = i;
    all.rows_room = 17 * O2C__SELECTIONS_MAX;
    all.rows = o2c__arena_alloc(&job->solve->arena, all.rows_room * sizeof *all.rows);
    all.places = o2c__arena_alloc(&job->solve->arena, (size_t)view->debits + 1);
    if (!all.rows || !all.places) {
        job->no_memory = true;
        return 0;
    }
    add_subsets(&all);
    *out = all.rows;
    return all.rows_count;
}

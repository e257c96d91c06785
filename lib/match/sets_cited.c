/* SPDX-License-Identifier: Apache-2.0 */
/* Sets that the text names: every subset of the cited items when they are few, else all of them and all but one. */
#include "match/explain.h"

struct cited {
    struct o2c__job *job;
    struct o2c__view *view;
    uint32_t slots[O2C__SET_MAX], debits;
};

/* The chosen debits with every credit selection that is listed. */
static void
try_chosen(struct cited *all, const bool *chosen, unsigned what)
{
    struct o2c__set *set = &all->job->set;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected = o2c__selections(all->view, selections);
    set->debits = 0;
    for (uint32_t i = 0; i < all->debits; i++)
        if (chosen[i])
            set->slots[set->debits++] = all->slots[i];
    for (uint32_t s = 0; s < selected; s++) {
        set->count = set->debits + o2c__selection_slots(all->view, &selections[s], set->slots + set->debits, O2C__SET_MAX - set->debits);
        o2c__try_set(all->job, all->view, set, what);
    }
}

/* One more item beside all cited ones: a clerk who forgot one number. */
static void
try_one_more(struct cited *all)
{
    struct o2c__view *view = all->view;
    struct o2c__set *set = &all->job->set;
    for (uint32_t more = 0; more < view->debits && all->debits + view->credits < O2C__SET_MAX; more++) {
        uint32_t at = 0;
        if (view->slots[more].cited != O2C__NONE)
            continue;
        for (; at < all->debits && all->slots[at] < more; at++)
            set->slots[at] = all->slots[at];
        set->slots[at] = more;
        memcpy(set->slots + at + 1, all->slots + at, (all->debits - at) * sizeof *all->slots);
        set->debits = set->count = all->debits + 1;
        o2c__try_set(all->job, view, set, O2C__TRY_NAMED);
        for (uint32_t i = 0; i < view->credits && view->cited_debits; i++)
            if (view->slots[view->debits + i].cited != O2C__NONE)
                set->slots[set->count++] = view->debits + i;
        if (set->count > set->debits)
            o2c__try_set(all->job, view, set, O2C__TRY_NAMED);
    }
}

void
o2c__sets_cited(struct o2c__job *job, struct o2c__view *view)
{
    struct cited all = { .job = job, .view = view };
    bool chosen[O2C__SET_MAX] = { false };
    if (view->cited_debits == 0 || view->cited_debits > O2C__SET_MAX)
        return;
    for (uint32_t i = 0; i < view->debits; i++)
        if (view->slots[i].cited != O2C__NONE)
            all.slots[all.debits++] = i;
    for (uint32_t mask = 1; all.debits <= 10 && mask < 1u << all.debits; mask++) {
        uint32_t missing = all.debits;
        for (uint32_t i = 0; i < all.debits; i++) {
            chosen[i] = mask >> i & 1;
            missing -= chosen[i];
        }
        /* loose rows for the same subsets whose supersets are bounded */
        try_chosen(&all, chosen, O2C__TRY_NAMED | (all.debits <= 4 || missing <= 1 ? O2C__TRY_LOOSE : 0));
    }
    for (uint32_t i = 0; i < all.debits; i++)
        chosen[i] = true;
    for (uint32_t i = 0; all.debits > 10 && i <= all.debits; i++) {
        if (i < all.debits)
            chosen[i] = false;
        try_chosen(&all, chosen, O2C__TRY_NAMED | (i == all.debits || all.debits <= 16 ? O2C__TRY_LOOSE : 0));
        if (i < all.debits)
            chosen[i] = true;
    }
    if (view->debits > O2C__FULL_SLOTS)
        try_one_more(&all);
}

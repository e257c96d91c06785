/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets that the text names: every subset of the cited items when they are few, else all of them and all but one. The
 * heaviest subsets are weighed as short and over-paid as well; bound_text.c bounds what holds them and others besides.
 */
#include "match/explain.h"

struct cited {
    struct o2c__job *job;
    struct o2c__view *view;
    struct o2c__subsets subsets;
};

/* The chosen debits with every credit selection that is listed. */
static void
try_chosen(struct cited *all, const bool *chosen, unsigned what)
{
    struct o2c__set *set = &all->job->set;
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected = o2c__selections(all->view, selections);
    set->debits = 0;
    for (uint32_t i = 0; i < all->subsets.count; i++)
        if (chosen[i])
            set->slots[set->debits++] = all->subsets.slots[i];
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
    const uint32_t *cited = all->subsets.slots;
    uint32_t count = all->subsets.count;
    for (uint32_t more = 0; more < view->debits && count + view->credits < O2C__SET_MAX; more++) {
        uint32_t at = 0;
        if (view->slots[more].cited != O2C__NONE)
            continue;
        for (; at < count && cited[at] < more; at++)
            set->slots[at] = cited[at];
        set->slots[at] = more;
        memcpy(set->slots + at + 1, cited + at, (count - at) * sizeof *cited);
        set->debits = set->count = count + 1;
        o2c__try_set(all->job, view, set, O2C__TRY_NAMED);
        for (uint32_t i = 0; i < view->credits; i++)
            if (view->slots[view->debits + i].cited != O2C__NONE)
                set->slots[set->count++] = view->debits + i;
        if (set->count > set->debits)
            o2c__try_set(all->job, view, set, O2C__TRY_NAMED);
    }
}

static bool
carries_weight(const struct o2c__subsets *subsets, uint32_t mask)
{
    for (uint32_t i = 0; i < subsets->masks_count; i++)
        if (subsets->masks[i] == mask)
            return true;
    return false;
}

void
o2c__sets_cited(struct o2c__job *job, struct o2c__view *view)
{
    struct cited all = { .job = job, .view = view };
    bool chosen[O2C__SET_MAX];
    if (view->cited_debits == 0)
        return;
    if (view->cited_debits > O2C__SET_MAX) {
        job->cut_short = true;
        return;
    }
    o2c__cited_subsets(job, view, &all.subsets);
    for (uint32_t mask = 1; !all.subsets.whole && mask < 1u << all.subsets.count; mask++) {
        unsigned what = O2C__TRY_NAMED | (carries_weight(&all.subsets, mask) ? O2C__TRY_LOOSE : 0);
        for (uint32_t i = 0; i < all.subsets.count; i++)
            chosen[i] = mask >> i & 1;
        if (view->debits > O2C__FULL_SLOTS || what & O2C__TRY_LOOSE)
            try_chosen(&all, chosen, what);
    }
    for (uint32_t i = 0; i < all.subsets.count; i++)
        chosen[i] = true;
    for (uint32_t i = 0; all.subsets.whole && i < all.subsets.count; i++) {
        chosen[i] = false;
        try_chosen(&all, chosen, O2C__TRY_NAMED);
        chosen[i] = true;
    }
    if (all.subsets.whole)
        try_chosen(&all, chosen, O2C__TRY_NAMED | O2C__TRY_LOOSE);
    if (view->debits > O2C__FULL_SLOTS)
        try_one_more(&all);
}

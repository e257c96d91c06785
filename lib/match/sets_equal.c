/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pool whose items no posting can tell apart: rents, installments, one price. All sets of k items are one outcome, and the prior of that
 * is P(k | n) whole. So each k is tried once, with the oldest k items, and every set is counted without looking at any.
 */
#include "match/explain.h"

static bool
all_alike(const struct o2c__job *job, const struct o2c__view *view, const uint32_t *slots, uint32_t count)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t twin = pool->interchange[view->slots[slots[0]].item];
    for (uint32_t i = 0; i < count; i++)
        if (pool->interchange[view->slots[slots[i]].item] != twin)
            return false;
    return twin != O2C__NONE;
}

/* The rows that were just added stand for every set of their size. */
static void
give_whole_prior(struct o2c__job *job, const struct o2c__view *view, uint32_t first_row, uint32_t n, uint32_t k)
{
    int32_t whole = o2c__ln_set_size(view->prior, n, k);
    for (uint32_t i = first_row; i < job->rows.count; i++) {
        struct o2c__hypothesis *row = &((struct o2c__row *)job->rows.rows)[i].is;
        row->weight += whole - row->ln_set;
        row->ln_set = whole;
        row->merged = k < n ? n : 1; /* at least so many sets */
    }
}

bool
o2c__sets_equal(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count)
{
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    struct o2c__set *set = &job->set;
    if (count < 2 || count >= O2C__SET_MAX || job->cites || view->credits > O2C__CREDITS_FULL || !all_alike(job, view, slots, count))
        return false;
    uint32_t selected = o2c__selections(view, selections);
    for (uint32_t s = 0; s < selected; s++)
        for (uint32_t k = 1; k <= count && k + selections[s].used < O2C__SET_MAX; k++) {
            uint32_t rows = job->rows.count;
            memcpy(set->slots, slots, k * sizeof *slots);
            set->debits = k;
            set->count = k + o2c__selection_slots(view, &selections[s], set->slots + k, O2C__SET_MAX - k);
            o2c__try_set(job, view, set, O2C__TRY_NAMED);
            give_whole_prior(job, view, rows, count, k);
        }
    return !job->cut_short;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where not every set was counted, accidents cluster around the truth: the same set with one or two items exchanged for one or two
 * others of the same sum. These neighbors of the heaviest explanation are listed before any share is taken (MATCHER 5.6).
 */
#include "match/explain.h"

#define KEPT_MAX 64   /* items of the set whose single items are exchanged */
#define PAIRED_MAX 16 /* the same for pairs of them */
#define FOUND_MAX 256

struct exchange {
    struct o2c__job *job;
    struct o2c__view *view;
    uint32_t inside[KEPT_MAX], inside_count; /* slots of the set, ascending */
    uint32_t *outside, outside_count;        /* the others of its side, by amount, then slot */
    uint32_t credits[O2C__SET_MAX], credits_count;
    uint32_t found;
};

static int64_t
open_of(const struct exchange *x, uint32_t at)
{
    return x->view->slots[x->outside[at]].open;
}

static void
sort_outside(struct exchange *x)
{
    const struct o2c__slot *slots = x->view->slots;
    for (uint32_t gap = x->outside_count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < x->outside_count; i++) {
            uint32_t row = x->outside[i], at = i;
            for (; at >= gap; at -= gap) {
                uint32_t other = x->outside[at - gap];
                if (slots[other].open != slots[row].open ? slots[other].open < slots[row].open : other < row)
                    break;
                x->outside[at] = other;
            }
            x->outside[at] = row;
        }
    o2c__work(x->job, (uint64_t)x->outside_count * 4);
}

/* The set without some of its items, with others in their place, ascending. */
static void
try_neighbor(struct exchange *x, const uint32_t *gone, uint32_t gone_count, const uint32_t *come, uint32_t come_count)
{
    struct o2c__set *set = &x->job->set;
    set->debits = 0;
    for (uint32_t i = 0; i < x->inside_count; i++) {
        bool kept = true;
        for (uint32_t g = 0; g < gone_count; g++)
            kept = kept && x->inside[i] != gone[g];
        if (kept)
            set->slots[set->debits++] = x->inside[i];
    }
    for (uint32_t c = 0; c < come_count; c++) {
        uint32_t at = set->debits++;
        for (; at > 0 && set->slots[at - 1] > come[c]; at--)
            set->slots[at] = set->slots[at - 1];
        set->slots[at] = come[c];
    }
    memcpy(set->slots + set->debits, x->credits, x->credits_count * sizeof *x->credits);
    set->count = set->debits + x->credits_count;
    x->found++;
    o2c__try_set(x->job, x->view, set, O2C__TRY_NAMED);
}

/* Every one and every two others that come to this sum. */
static void
others_for(struct exchange *x, int64_t sum, const uint32_t *gone, uint32_t gone_count)
{
    uint32_t end = x->outside_count;
    if (!o2c__work(x->job, x->outside_count / 2 + 1))
        return;
    for (uint32_t i = 0; i < x->outside_count && x->found < FOUND_MAX && open_of(x, i) <= sum; i++) {
        if (open_of(x, i) == sum)
            try_neighbor(x, gone, gone_count, &x->outside[i], 1);
        while (end > i + 1 && open_of(x, i) + open_of(x, end - 1) > sum)
            end--;
        for (uint32_t k = end; k > i + 1 && open_of(x, i) + open_of(x, k - 1) == sum && x->found < FOUND_MAX; k--) {
            uint32_t pair[2] = { x->outside[i], x->outside[k - 1] };
            try_neighbor(x, gone, gone_count, pair, 2);
        }
    }
}

/* False: too many items, or none of one side. */
static bool
split_sides(struct exchange *x, const struct o2c__row *row, const uint32_t *items)
{
    const struct o2c__slot *slots = x->view->slots;
    uint32_t side = O2C__NONE;
    for (uint32_t i = 0; i < x->view->debits + x->view->credits; i++)
        for (uint32_t low = 0, high = row->is.items_count; low < high;) {
            uint32_t middle = low + (high - low) / 2;
            if (items[middle] == slots[i].item) {
                if (i >= x->view->debits)
                    x->credits[x->credits_count++] = i;
                else if (x->inside_count == KEPT_MAX || (side != O2C__NONE && side != slots[i].side))
                    return false;
                else
                    x->inside[x->inside_count++] = i, side = slots[i].side;
                break;
            }
            if (items[middle] < slots[i].item)
                low = middle + 1;
            else
                high = middle;
        }
    uint32_t next = 0;
    for (uint32_t i = 0; i < x->view->debits; i++) {
        if (next < x->inside_count && x->inside[next] == i)
            next++;
        else if (slots[i].side == side)
            x->outside[x->outside_count++] = i;
    }
    return x->inside_count > 0 && x->inside_count + x->credits_count == row->is.items_count;
}

static void
exchange_all(struct exchange *x)
{
    const struct o2c__slot *slots = x->view->slots;
    for (uint32_t i = 0; i < x->inside_count; i++) {
        uint32_t gone[2] = { x->inside[i], 0 };
        others_for(x, slots[gone[0]].open, gone, 1);
        for (uint32_t k = i + 1; k < x->inside_count && x->inside_count <= PAIRED_MAX; k++) {
            gone[1] = x->inside[k];
            others_for(x, slots[gone[0]].open + slots[gone[1]].open, gone, 2);
        }
    }
}

static const struct o2c__row *
heaviest_of(const struct o2c__job *job, uint32_t view)
{
    const struct o2c__row *rows = job->rows.rows, *best = NULL;
    for (uint32_t i = 0; i < job->rows.count; i++)
        if (rows[i].view == view && !rows[i].loose && (!best || rows[i].is.weight > best->is.weight))
            best = &rows[i];
    return best;
}

void
o2c__sets_exchange(struct o2c__job *job, struct o2c__view *view)
{
    struct exchange x = { .job = job, .view = view };
    const struct o2c__row *row = heaviest_of(job, (uint32_t)(view - job->views));
    if (!row || row->is.items_count == 0 || row->is.items_count > KEPT_MAX || view->debits > O2C__SLOTS_MAX || job->cut_short)
        return;
    x.outside = o2c__arena_alloc(&job->solve->arena, view->debits * sizeof *x.outside);
    if (!x.outside) {
        job->no_memory = true;
        return;
    }
    if (!o2c__work(job, view->debits) || !split_sides(&x, row, (const uint32_t *)job->items.rows + row->is.items_at))
        return;
    sort_outside(&x);
    exchange_all(&x);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pool of more than 20 items is not searched set by set. Listed are the selections people make: one item, two items, every stretch
 * of neighbors (whole account, past due, a due date, the oldest ones are stretches), and all but one; the rest is bounded.
 */
#include "match/explain.h"

struct listing {
    struct o2c__job *job;
    struct o2c__view *view;
    const uint32_t *slots;
    uint32_t count;
    const struct o2c__selection *selection;
    int64_t *amounts, *prefix; /* prefix has count + 1 rows */
    uint32_t *order;           /* by amount */
};

static void
start_set(struct listing *list)
{
    list->job->set.debits = list->job->set.count = 0;
}

static void
take(struct listing *list, uint32_t at)
{
    struct o2c__set *set = &list->job->set;
    if (set->debits < O2C__SET_MAX)
        set->slots[set->debits] = list->slots[at];
    set->debits++;
}

static void
finish_set(struct listing *list)
{
    struct o2c__set *set = &list->job->set;
    if (set->debits == 0 || set->debits >= O2C__SET_MAX)
        return;
    set->count = set->debits + o2c__selection_slots(list->view, list->selection, set->slots + set->debits, O2C__SET_MAX - set->debits);
    o2c__try_set(list->job, list->view, set, O2C__TRY_NAMED);
}

static void
try_run(struct listing *list, uint32_t first, uint32_t end)
{
    if (end - first >= O2C__SET_MAX)
        return;
    start_set(list);
    for (uint32_t i = first; i < end; i++)
        take(list, i);
    finish_set(list);
}

/* Amounts are positive, so the prefix sums ascend and both ends only move forward. */
static void
runs_between(struct listing *list, int64_t low, int64_t high)
{
    uint32_t from = 1, to = 1;
    if (high <= 0 || !o2c__work(list->job, 2 * (uint64_t)list->count))
        return;
    for (uint32_t first = 0; first < list->count; first++) {
        from = from > first + 1 ? from : first + 1;
        to = to > from ? to : from;
        while (from <= list->count && list->prefix[from] - list->prefix[first] < low)
            from++;
        while (to <= list->count && list->prefix[to] - list->prefix[first] <= high)
            to++;
        for (uint32_t end = from; end < to && o2c__work(list->job, 1); end++)
            try_run(list, first, end);
    }
}

static void
pairs_between(struct listing *list, int64_t low, int64_t high)
{
    uint32_t end = list->count;
    if (!o2c__work(list->job, 2 * (uint64_t)list->count))
        return;
    for (uint32_t i = 0; i < list->count; i++) {
        int64_t amount = list->amounts[list->order[i]];
        while (end > 0 && amount + list->amounts[list->order[end - 1]] > high)
            end--;
        for (uint32_t k = end; k > i + 1 && amount + list->amounts[list->order[k - 1]] >= low && o2c__work(list->job, 1); k--) {
            uint32_t a = list->order[i], b = list->order[k - 1];
            start_set(list);
            take(list, a < b ? a : b);
            take(list, a < b ? b : a);
            finish_set(list);
        }
    }
}

/* All but one: the item that is missing has the amount by which the whole is too much. */
static void
all_but_one(struct listing *list, int64_t low, int64_t high)
{
    int64_t total = list->prefix[list->count];
    if (list->count >= O2C__SET_MAX || !o2c__work(list->job, list->count))
        return;
    for (uint32_t i = 0; i < list->count; i++) {
        if (total - list->amounts[i] < low || total - list->amounts[i] > high)
            continue;
        start_set(list);
        for (uint32_t k = 0; k < list->count; k++)
            if (k != i)
                take(list, k);
        finish_set(list);
    }
}

static void
structures(struct listing *list, int64_t low, int64_t high)
{
    runs_between(list, low, high); /* single items are runs of one */
    pairs_between(list, low, high);
    all_but_one(list, low, high);
}

static bool
load(struct listing *list, int variant)
{
    bool any = variant == 0;
    list->prefix[0] = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct o2c__slot *slot = &list->view->slots[list->slots[i]];
        int64_t less = variant == 0 ? 0 : variant == 1 ? slot->early : slot->late;
        any = any || (variant == 1 && slot->early) || (variant == 2 && slot->late != slot->early);
        list->amounts[i] = slot->open > less ? slot->open - less : 0;
        list->prefix[i + 1] = list->prefix[i] + list->amounts[i];
        list->order[i] = i;
    }
    return any;
}

static bool
less(const struct listing *list, uint32_t a, uint32_t b)
{
    return list->amounts[a] != list->amounts[b] ? list->amounts[a] < list->amounts[b] : a < b;
}

static void
sort_order(struct listing *list)
{
    for (uint32_t gap = list->count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < list->count; i++) {
            uint32_t row = list->order[i], at = i;
            for (; at >= gap && less(list, row, list->order[at - gap]); at -= gap)
                list->order[at] = list->order[at - gap];
            list->order[at] = row;
        }
    o2c__work(list->job, (uint64_t)list->count * 4);
}

static void
open_amounts(struct listing *list)
{
    const o2c_match_policy *policy = list->job->solve->policy;
    int64_t target = list->job->amount - list->selection->sum;
    int64_t tolerance =
        (int64_t)o2c__muldiv_floor((uint64_t)list->job->amount + (uint64_t)policy->tolerance_minor, policy->tolerance_ppm, 1000000);
    if (tolerance > policy->tolerance_minor)
        tolerance = policy->tolerance_minor;
    structures(list, target - tolerance, target + tolerance);
    if (list->job->charge > tolerance)
        structures(list, target + list->job->charge, target + list->job->charge);
    for (uint64_t i = 0; i < policy->fees_count; i++)
        if (policy->fees[i] > tolerance && policy->fees[i] != list->job->charge)
            structures(list, target + policy->fees[i], target + policy->fees[i]);
}

/* Withholding from single items; larger sets with tax are left to the bound. */
static void
withheld(struct listing *list)
{
    const o2c_match_policy *policy = list->job->solve->policy;
    for (uint32_t i = 0; i < list->count && policy->withholding_ppm_count; i++) {
        if (!list->view->slots[list->slots[i]].withholding)
            continue;
        start_set(list);
        take(list, i);
        finish_set(list);
    }
}

void
o2c__sets_listed(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count)
{
    struct listing list = { .job = job, .view = view, .slots = slots, .count = count };
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected = o2c__selections(view, selections);
    list.amounts = o2c__arena_alloc(&job->solve->arena, count * sizeof *list.amounts);
    list.prefix = o2c__arena_alloc(&job->solve->arena, ((size_t)count + 1) * sizeof *list.prefix);
    list.order = o2c__arena_alloc(&job->solve->arena, count * sizeof *list.order);
    if (!list.amounts || !list.prefix || !list.order) {
        job->no_memory = true;
        return;
    }
    for (int variant = 0; variant < 3; variant++) {
        if (!load(&list, variant))
            continue;
        sort_order(&list);
        for (uint32_t i = 0; i < selected; i++) {
            list.selection = &selections[i];
            int64_t target = job->amount - selections[i].sum;
            if (variant == 0)
                open_amounts(&list);
            else
                structures(&list, target, target);
        }
    }
    list.selection = &selections[0];
    withheld(&list);
}

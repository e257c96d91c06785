/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups that people pay together, in a pool too large for every set: what is past due of one payment term, one order, one statement.
 * Stretches of neighbors are listed elsewhere; these may lie scattered. Being a group gives a set no weight: its prior is that of any
 * set of its size and runs.
 */
#include "match/explain.h"

enum { BY_TERMS, BY_ORDER, BY_STATEMENT, BY_KINDS };

struct member {
    uint32_t group, slot;
};

static bool
belongs(const struct o2c__job *job, uint32_t item, int kind, uint32_t *out)
{
    const o2c_match_pool *pool = job->solve->pool;
    const struct o2c__groups *groups = o2c__pool_groups(pool, item);
    if (!groups || pool->flags[item] & (O2C_ITEM_FLAG_DISPUTED | O2C_ITEM_FLAG_BLOCKED))
        return false;
    *out = kind == BY_TERMS ? groups->terms : kind == BY_ORDER ? groups->order : groups->statement;
    return *out && (kind != BY_TERMS || (pool->due[item] > 0 && pool->due[item] < job->day));
}

/* Slots arrive ascending; the sort keeps them so inside a group. */
static uint32_t
gather(const struct o2c__job *job, const struct o2c__view *view, const uint32_t *slots, uint32_t count, int kind, struct member *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        out[n].slot = slots[i];
        n += belongs(job, view->slots[slots[i]].item, kind, &out[n].group);
    }
    for (uint32_t gap = n / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < n; i++) {
            struct member row = out[i];
            uint32_t at = i;
            for (; at >= gap && (out[at - gap].group > row.group || (out[at - gap].group == row.group && out[at - gap].slot > row.slot));
                 at -= gap)
                out[at] = out[at - gap];
            out[at] = row;
        }
    return n;
}

/* No discount, fee or tax takes more than half. */
static bool
may_fit(const struct o2c__job *job, int64_t sum)
{
    return sum + job->solve->policy->tolerance_minor >= job->amount && sum / 2 <= job->amount;
}

static void
try_group(struct o2c__job *job, struct o2c__view *view, const struct member *members, uint32_t count)
{
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected = o2c__selections(view, selections);
    struct o2c__set *set = &job->set;
    int64_t sum = 0;
    if (count < 2 || count >= O2C__SET_MAX || !o2c__work(job, count + selected))
        return;
    for (uint32_t i = 0; i < count; i++)
        sum += view->slots[members[i].slot].open;
    for (uint32_t s = 0; s < selected; s++) {
        if (!may_fit(job, sum + selections[s].sum) || !o2c__work(job, count))
            continue;
        for (uint32_t i = 0; i < count; i++)
            set->slots[i] = members[i].slot;
        set->debits = count;
        set->count = count + o2c__selection_slots(view, &selections[s], set->slots + count, O2C__SET_MAX - count);
        o2c__try_set(job, view, set, O2C__TRY_NAMED);
    }
}

void
o2c__sets_groups(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count)
{
    struct member *members = o2c__arena_alloc(&job->solve->arena, ((size_t)count + 1) * sizeof *members);
    if (!members) {
        job->no_memory = true;
        return;
    }
    for (int kind = 0; kind < BY_KINDS && o2c__work(job, (uint64_t)count * 4); kind++) {
        uint32_t n = gather(job, view, slots, count, kind, members);
        for (uint32_t first = 0, end; first < n; first = end) {
            for (end = first + 1; end < n && members[end].group == members[first].group;)
                end++;
            try_group(job, view, members + first, end - first);
        }
    }
}

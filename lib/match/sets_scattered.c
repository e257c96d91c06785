/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pool too large to count every set: those of a few items and those of two runs are looked for when the bound for what was not listed
 * decides (MATCHER 8.2). What was searched to its end leaves the bound; what the budget cut short does not.
 */
#include "match/explain.h"
#include "match/few.h"
#include "match/runs.h"

#define FEW_STEPS 20000 /* for all sizes together */
#define STRETCHES 4000
#define STEPS_PER_STRETCH 16
#define ROWS_MOST 256

struct scattered {
    struct o2c__job *job;
    struct o2c__view *view;
    const uint32_t *slots;
    uint32_t count, rows;
    int64_t *amounts, *prefix; /* by amount, then in the order of the pool */
    uint32_t *order;
};

static bool
take(struct scattered *s)
{
    struct o2c__set *set = &s->job->set;
    set->count = set->debits;
    o2c__try_set(s->job, s->view, set, O2C__TRY_NAMED);
    return ++s->rows < ROWS_MOST && !s->job->cut_short;
}

static bool
take_few(void *self, const uint32_t *at, uint32_t width, int64_t sum)
{
    struct scattered *s = self;
    struct o2c__set *set = &s->job->set;
    (void)sum;
    for (set->debits = 0; set->debits < width; set->debits++) {
        uint32_t slot = s->slots[s->order[at[set->debits]]], place = set->debits;
        for (; place > 0 && set->slots[place - 1] > slot; place--)
            set->slots[place] = set->slots[place - 1];
        set->slots[place] = slot;
    }
    return take(s);
}

static bool
take_runs(void *self, const uint32_t at[4])
{
    struct scattered *s = self;
    struct o2c__set *set = &s->job->set;
    if (at[1] - at[0] + at[3] - at[2] >= O2C__SET_MAX)
        return true; /* no hypothesis is so large */
    set->debits = 0;
    for (uint32_t run = 0; run < 4; run += 2)
        for (uint32_t i = at[run]; i < at[run + 1]; i++)
            set->slots[set->debits++] = s->slots[i];
    return take(s);
}

static bool
before(const struct scattered *s, uint32_t a, uint32_t b)
{
    int64_t x = s->view->slots[s->slots[a]].open, y = s->view->slots[s->slots[b]].open;
    return x != y ? x < y : a < b;
}

static void
sort_amounts(struct scattered *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        s->order[i] = i;
    for (uint32_t gap = s->count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < s->count; i++) {
            uint32_t row = s->order[i], at = i;
            for (; at >= gap && before(s, row, s->order[at - gap]); at -= gap)
                s->order[at] = s->order[at - gap];
            s->order[at] = row;
        }
    s->prefix[0] = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        s->amounts[i] = s->view->slots[s->slots[s->order[i]]].open;
        s->prefix[i + 1] = s->prefix[i] + s->amounts[i];
    }
}

/* The largest size up to which every set was found. */
static uint32_t
search_few(struct scattered *s)
{
    struct o2c__few few = { .amounts = s->amounts, .prefix = s->prefix, .count = s->count, .least = s->job->amount, .most = s->job->amount,
                            .steps_max = FEW_STEPS, .self = s, .found = take_few };
    uint32_t width = 3; /* one and two are listed */
    while (width <= O2C__FEW_WIDTH && o2c__few_sets(&few, width))
        width++;
    o2c__work(s->job, few.steps);
    return width - 1;
}

static bool
search_runs(struct scattered *s)
{
    struct o2c__runs runs = { .prefix = s->prefix, .count = s->count, .target = s->job->amount, .room = 64, .self = s, .found = take_runs };
    s->prefix[0] = 0;
    for (uint32_t i = 0; i < s->count; i++)
        s->prefix[i + 1] = s->prefix[i] + s->view->slots[s->slots[i]].open;
    uint64_t stretches = o2c__stretches_below(s->prefix, s->count, s->job->amount);
    if (stretches > STRETCHES || s->job->operations + stretches * STEPS_PER_STRETCH > s->job->operations_max / 4 * 3)
        return false;
    while (runs.room < stretches + stretches / 2)
        runs.room *= 2;
    runs.steps_max = stretches * STEPS_PER_STRETCH;
    runs.sums = o2c__arena_alloc(&s->job->solve->arena, runs.room * sizeof *runs.sums);
    runs.stretches = o2c__arena_alloc(&s->job->solve->arena, runs.room * sizeof *runs.stretches);
    s->job->no_memory = s->job->no_memory || !runs.sums || !runs.stretches;
    s->rows = 0;
    bool all = !s->job->no_memory && o2c__two_runs(&runs);
    return o2c__work(s->job, 2 * runs.steps) && all;
}

void
o2c__sets_scattered(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count, struct o2c__listed *out)
{
    struct scattered s = { .job = job, .view = view, .slots = slots, .count = count };
    s.amounts = o2c__arena_alloc(&job->solve->arena, count * sizeof *s.amounts);
    s.prefix = o2c__arena_alloc(&job->solve->arena, ((size_t)count + 1) * sizeof *s.prefix);
    s.order = o2c__arena_alloc(&job->solve->arena, count * sizeof *s.order);
    *out = (struct o2c__listed){ 2, 1 };
    if (!s.amounts || !s.prefix || !s.order) {
        job->no_memory = true;
        return;
    }
    if (job->operations + FEW_STEPS + (uint64_t)count * 8 > job->operations_max / 2 || !o2c__work(job, (uint64_t)count * 8))
        return;
    sort_amounts(&s);
    out->size = search_few(&s);
    if (!job->cut_short && search_runs(&s))
        out->runs = 2;
}

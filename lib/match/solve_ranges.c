/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Solving on the caller's threads. Payments are cut into ranges of whole batches; whoever is free takes the next one, solves it at a desk
 * of its own and, as soon as all ranges before it have their places, copies what it wrote behind them (solve_place.c). Nothing that is
 * written for one payment points at what was written for another, so the bytes are those of a solve without threads. What waits for its
 * turn stays at its desk; when every desk is taken a job comes back without work, and what is left is solved in another run: no thread
 * waits for another one, and no more than O2C__DESKS ranges stand in memory twice. Where a range is solved never decides anything.
 */
#include "match/solve_ranges.h"

#define RANGE_MAX (4u * O2C__BATCH) /* payments: what they write stays in a second-level cache until it is copied */
#define SHARES 256u                 /* ranges of a small request: the last one to end is waited for */

/* ------------------------------------------------------------------ desks */

/* What the ceiling leaves is divided: no range can use what another one was promised. */
static void
open_desk(struct o2c__wave *wave, struct o2c__desk *desk)
{
    o2c__memory share = wave->pattern.context.memory;
    share.used_max = share.used_max == UINT64_MAX ? UINT64_MAX : (share.used_max - share.used) / (4 * O2C__DESKS);
    share.used = 0;
    memset(desk, 0, sizeof *desk);
    desk->closed.allocator = share.allocator;
    desk->solve = wave->pattern;
    desk->solve.context.memory = share;
    o2c__solution_init(&desk->part, &desk->solve.context);
    desk->solve.solution = &desk->part;
    o2c__vector_init(&desk->solve.line_items, &desk->solve.context.memory, sizeof(uint32_t));
    o2c__arena_init(&desk->solve.arena, &desk->solve.context.memory, 0);
}

static void
close_desks(struct o2c__wave *wave)
{
    for (uint32_t i = 0; i < O2C__DESKS; i++) {
        if (!wave->open[i])
            continue;
        o2c__vector_init(&wave->desks[i].part.proposals, NULL, sizeof(o2c_proposal)); /* they are the whole's */
        o2c__solution_empty(&wave->desks[i].part);
        o2c__vector_free(&wave->desks[i].solve.line_items);
        o2c__arena_free(&wave->desks[i].solve.arena);
    }
}

/* The lowest one that is free, as it is warm; O2C__DESKS = none. */
static uint32_t
borrow_desk(struct o2c__wave *wave)
{
    uint32_t at = 0;
    while (at < O2C__DESKS && __atomic_exchange_n(&wave->taken[at], 1, __ATOMIC_ACQUIRE))
        at++;
    if (at < O2C__DESKS && !wave->open[at]) {
        open_desk(wave, &wave->desks[at]);
        wave->open[at] = true;
    }
    return at;
}

void
o2c__desk_leave(struct o2c__wave *wave, uint32_t desk)
{
    struct o2c__desk *left = &wave->desks[desk];
    o2c__vector *rows[] = { &left->part.lines,   &left->part.evidence,   &left->part.alternatives,  &left->part.alternative_items,
                            &left->part.reasons, &left->part.heap.bytes, &left->solve.line_items };
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        rows[i]->count = 0;
    __atomic_store_n(&wave->taken[desk], 0, __ATOMIC_RELEASE);
}

/* ------------------------------------------------------------------ ranges */

static void
note_failure(struct o2c__wave *wave, uint32_t index)
{
    uint32_t lowest = __atomic_load_n(&wave->failed, __ATOMIC_RELAXED);
    while (index < lowest && !__atomic_compare_exchange_n(&wave->failed, &lowest, index, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

static void
solve_range(struct o2c__wave *wave, uint32_t index, uint32_t at)
{
    struct o2c__desk *desk = &wave->desks[at];
    uint64_t first = wave->first + (uint64_t)index * wave->step, left = wave->whole->payments->count - first;
    uint32_t count = left < wave->step ? (uint32_t)left : wave->step;
    wave->ranges[index].desk = at;
    desk->part.proposals = wave->whole->solution->proposals;
    desk->part.proposals.memory = &desk->closed;
    desk->part.proposals.count = (size_t)first;
    desk->part.proposals.room = (size_t)first + count;
    desk->status = desk->solve.unchecked ? o2c__validate_payments(desk->solve.payments, first, count,
                                                                  desk->solve.context.limits.amount_max, &desk->err)
                                         : O2C_OK;
    if (!desk->status)
        desk->status = o2c__solve_range(&desk->solve, first, count, &desk->err);
    if (desk->status)
        note_failure(wave, index); /* the desk stays taken: its error is asked for */
    else
        o2c__place_solved(wave, index);
}

/* Ranges are taken in their own order, whatever that of the jobs. */
static void
solve_job(void *arg, uint64_t job)
{
    struct o2c__wave *wave = arg;
    if (job >= wave->count || __atomic_exchange_n(&wave->ranges[job].came, 1, __ATOMIC_RELAXED))
        return; /* a host that runs a job twice gets one range for it */
    if (__atomic_load_n(&wave->failed, __ATOMIC_RELAXED) != O2C__NONE)
        return; /* all ranges below it are taken already */
    uint32_t desk = borrow_desk(wave);
    if (desk == O2C__DESKS)
        return;
    uint32_t index = __atomic_fetch_add(&wave->next, 1, __ATOMIC_RELAXED);
    solve_range(wave, index, desk);
}

/* ------------------------------------------------------------------ runs */

static o2c_status
run_jobs(struct o2c__wave *wave, o2c_error *err)
{
    const o2c_match_executor *executor = wave->whole->executor;
    executor->run(executor->self, wave->count, solve_job, wave);
    if (wave->failed != O2C__NONE) {
        const struct o2c__desk *desk = o2c__range_desk(wave, wave->failed);
        if (err)
            *err = desk->err;
        return desk->status;
    }
    for (uint32_t i = 0; i < wave->count; i++)
        if (!wave->ranges[i].came)
            return o2c__fail(err, O2C_E_MISUSE, "executor.run", "the executor came back before every job was run");
    return o2c__place_rest(wave) ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the proposals");
}

static o2c_status
solve_waves(struct o2c__wave *wave, o2c_error *err)
{
    uint64_t count = wave->whole->payments->count;
    o2c_status status = O2C_OK;
    while (!status && wave->first < count) {
        uint64_t ranges = (count - wave->first + wave->step - 1) / wave->step;
        wave->count = ranges < O2C__RANGES_RUN ? (uint32_t)ranges : O2C__RANGES_RUN;
        wave->next = wave->turn = 0;
        memset(wave->ranges, 0, wave->count * sizeof *wave->ranges);
        status = run_jobs(wave, err);
        wave->first += (uint64_t)wave->next * wave->step;
    }
    return status;
}

/* Of several errors the one is told that a solve without threads tells: it checks everything first. */
static o2c_status
say_what_is_wrong(struct o2c__solve *solve, o2c_status status, o2c_error *err)
{
    o2c_error other = { 0 };
    o2c_status wrong = o2c__validate_request(solve->payments, NULL, &solve->context, &other);
    if (wrong && err)
        *err = other;
    return wrong ? wrong : status;
}

o2c_status
o2c__solve_ranges(struct o2c__solve *solve, o2c_error *err)
{
    o2c__memory *memory = &solve->context.memory;
    uint64_t count = solve->payments->count, step = (count / SHARES + O2C__BATCH) / O2C__BATCH * O2C__BATCH;
    struct o2c__wave wave = { .whole = solve, .failed = O2C__NONE, .step = step > RANGE_MAX ? RANGE_MAX : (uint32_t)step };
    wave.desks = o2c__alloc_array(memory, O2C__DESKS, sizeof *wave.desks);
    wave.ranges = o2c__alloc_array(memory, O2C__RANGES_RUN, sizeof *wave.ranges);
    o2c_status status = wave.desks && wave.ranges ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for ranges of payments");
    if (!status) {
        wave.pattern = *solve;
        solve->solution->proposals.count = (size_t)count; /* there is room; every range fills its own */
        status = solve_waves(&wave, err);
        if (status && solve->unchecked)
            status = say_what_is_wrong(solve, status, err);
        close_desks(&wave);
    }
    o2c__release(memory, wave.ranges, O2C__RANGES_RUN * sizeof *wave.ranges);
    o2c__release(memory, wave.desks, O2C__DESKS * sizeof *wave.desks);
    return status;
}

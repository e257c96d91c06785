/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Solving on the caller's threads. Payments are cut into ranges of whole batches; every range is solved into a solution of its own,
 * and what it wrote is copied behind what earlier ranges wrote, with indexes and refs moved along. Nothing that is written for one
 * payment points at what was written for another, so the bytes are those of a solve without threads. Ranges come in waves, so that
 * no more than one wave stands in memory twice. Where a range works never decides anything: a desk is only borrowed scratch.
 */
#include "match/decide.h"

#define RANGES 64u                 /* in one wave */
#define RANGE_MAX (8u * O2C__BATCH) /* payments */

/* An arena that one range at a time works with, warm from the range before. */
struct desk {
    o2c__memory memory;
    o2c__arena arena;
    int taken;
};

struct range {
    struct o2c__solve solve;
    o2c_match_solution part;
    o2c_error err;
    o2c_status status;
    bool done;
    uint64_t first;
    uint32_t count;
    uint32_t proposals_at, lines_at, evidence_at, alternatives_at, alternative_items_at, reasons_at, heap_at; /* in the whole */
};

struct wave {
    struct o2c__solve *whole;
    struct range *ranges;
    struct desk *desks;
    uint32_t count;  /* ranges in use */
    uint32_t failed; /* lowest range that failed so far: those behind it need not begin */
};

/* ------------------------------------------------------------------ solve */

static struct desk *
borrow_desk(struct wave *wave)
{
    uint32_t at = 0;
    while (__atomic_exchange_n(&wave->desks[at].taken, 1, __ATOMIC_ACQUIRE))
        at = at + 1 == RANGES ? 0 : at + 1; /* as many desks as ranges: one is free */
    return &wave->desks[at];
}

static void
note_failure(struct wave *wave, uint32_t index)
{
    uint32_t lowest = __atomic_load_n(&wave->failed, __ATOMIC_RELAXED);
    while (index < lowest && !__atomic_compare_exchange_n(&wave->failed, &lowest, index, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

static void
solve_job(void *arg, uint64_t index)
{
    struct wave *wave = arg;
    if (index >= wave->count || __atomic_load_n(&wave->failed, __ATOMIC_RELAXED) < index)
        return;
    struct range *range = &wave->ranges[index];
    struct desk *desk = borrow_desk(wave);
    range->solve.arena = desk->arena;
    range->status = o2c__solve_range(&range->solve, range->first, range->count, &range->err);
    desk->arena = range->solve.arena;
    __atomic_store_n(&desk->taken, 0, __ATOMIC_RELEASE);
    range->done = true;
    if (range->status)
        note_failure(wave, (uint32_t)index);
}

/* ------------------------------------------------------------------ copy */

static void
move_ref(o2c_ref *ref, uint32_t by)
{
    if (ref->len)
        ref->at += by;
}

static void
copy_proposals(const struct range *range, o2c_proposal *to)
{
    const o2c_proposal *from = range->part.proposals.rows;
    for (size_t i = 0; i < range->part.proposals.count; i++) {
        to[i] = from[i];
        move_ref(&to[i].payment, range->heap_at);
        move_ref(&to[i].account, range->heap_at);
        move_ref(&to[i].text, range->heap_at);
        to[i].lines_at += range->lines_at;
        to[i].evidence_at += range->evidence_at;
        to[i].alternatives_at += range->alternatives_at;
        to[i].reasons_at += range->reasons_at;
    }
}

static void
copy_lines(const struct range *range, o2c_line *to)
{
    const o2c_line *from = range->part.lines.rows;
    for (size_t i = 0; i < range->part.lines.count; i++) {
        to[i] = from[i];
        o2c_ref *refs[] = { &to[i].item, &to[i].document, &to[i].account, &to[i].company, &to[i].item_company, &to[i].claim, &to[i].words };
        for (size_t k = 0; k < O2C__COUNT(refs); k++)
            move_ref(refs[k], range->heap_at);
        to[i].proposal += range->proposals_at;
    }
}

static void
copy_evidence(const struct range *range, o2c_match_evidence *to)
{
    const o2c_match_evidence *from = range->part.evidence.rows;
    for (size_t i = 0; i < range->part.evidence.count; i++) {
        to[i] = from[i];
        move_ref(&to[i].item, range->heap_at);
        to[i].proposal += range->proposals_at;
        to[i].line += to[i].line == O2C__NONE ? 0 : range->lines_at;
    }
}

static void
copy_alternatives(const struct range *range, o2c_match_alternative *to, o2c_ref *keys)
{
    const o2c_match_alternative *from = range->part.alternatives.rows;
    const o2c_ref *from_keys = range->part.alternative_items.rows;
    for (size_t i = 0; i < range->part.alternatives.count; i++) {
        to[i] = from[i];
        to[i].proposal += range->proposals_at;
        to[i].items_at += range->alternative_items_at;
    }
    for (size_t i = 0; i < range->part.alternative_items.count; i++) {
        keys[i] = from_keys[i];
        move_ref(&keys[i], range->heap_at);
    }
}

static void
copy_reasons(const struct range *range, o2c_match_reason *to)
{
    const o2c_match_reason *from = range->part.reasons.rows;
    for (size_t i = 0; i < range->part.reasons.count; i++) {
        to[i] = from[i];
        move_ref(&to[i].other, range->heap_at);
        to[i].proposal += range->proposals_at;
        to[i].line += to[i].line == O2C__NONE ? 0 : range->lines_at;
    }
}

/* The heaps share the NUL that stands first. */
static void
copy_job(void *arg, uint64_t index)
{
    struct wave *wave = arg;
    if (index >= wave->count)
        return;
    struct range *range = &wave->ranges[index];
    o2c_match_solution *to = wave->whole->solution;
    const o2c__vector *heap = &range->part.heap.bytes, *items = &range->solve.line_items;
    if (items->count)
        memcpy((uint32_t *)wave->whole->line_items.rows + range->lines_at, items->rows, items->count * items->size);
    if (heap->count > 1)
        memcpy((char *)to->heap.bytes.rows + range->heap_at + 1, (const char *)heap->rows + 1, heap->count - 1);
    copy_proposals(range, (o2c_proposal *)to->proposals.rows + range->proposals_at);
    if (range->part.lines.count)
        copy_lines(range, (o2c_line *)to->lines.rows + range->lines_at);
    if (range->part.evidence.count)
        copy_evidence(range, (o2c_match_evidence *)to->evidence.rows + range->evidence_at);
    if (range->part.alternatives.count)
        copy_alternatives(range, (o2c_match_alternative *)to->alternatives.rows + range->alternatives_at,
                          (o2c_ref *)to->alternative_items.rows + range->alternative_items_at);
    if (range->part.reasons.count)
        copy_reasons(range, (o2c_match_reason *)to->reasons.rows + range->reasons_at);
    range->done = true;
}

/* ------------------------------------------------------------------ places */

/* Where the rows of a range go, and room for them; false = no memory, or more than an index can count. */
static bool
place(o2c__vector *to, const o2c__vector *from, uint32_t *out_at)
{
    *out_at = (uint32_t)to->count;
    if (from->count > O2C__NONE - 1 - to->count)
        return false;
    return from->count == 0 || o2c__vector_add_many(to, from->count);
}

static bool
place_heap(o2c__vector *to, const o2c__vector *from, uint32_t *out_at)
{
    if (from->count == 0)
        return true;
    if (to->count == 0 && !o2c__vector_add(to))
        return false;
    *out_at = (uint32_t)to->count - 1;
    if (from->count - 1 > O2C__NONE - 1 - to->count)
        return false;
    return from->count == 1 || o2c__vector_add_many(to, from->count - 1);
}

static bool
place_range(struct wave *wave, struct range *range)
{
    o2c_match_solution *to = wave->whole->solution, *from = &range->part;
    uint32_t items_at;
    return place(&to->proposals, &from->proposals, &range->proposals_at) && place(&to->lines, &from->lines, &range->lines_at) &&
           place(&wave->whole->line_items, &range->solve.line_items, &items_at) &&
           place(&to->evidence, &from->evidence, &range->evidence_at) &&
           place(&to->alternatives, &from->alternatives, &range->alternatives_at) &&
           place(&to->alternative_items, &from->alternative_items, &range->alternative_items_at) &&
           place(&to->reasons, &from->reasons, &range->reasons_at) && place_heap(&to->heap.bytes, &from->heap.bytes, &range->heap_at);
}

/* ------------------------------------------------------------------ waves */

static o2c_status
run_jobs(struct wave *wave, void (*job)(void *arg, uint64_t index), o2c_error *err)
{
    const o2c_match_executor *executor = wave->whole->executor;
    for (uint32_t i = 0; i < wave->count; i++)
        wave->ranges[i].done = false;
    executor->run(executor->self, wave->count, job, wave);
    if (wave->failed != O2C__NONE) {
        if (err)
            *err = wave->ranges[wave->failed].err;
        return wave->ranges[wave->failed].status;
    }
    for (uint32_t i = 0; i < wave->count; i++)
        if (!wave->ranges[i].done)
            return o2c__fail(err, O2C_E_MISUSE, "executor.run", "the executor came back before every job was run");
    return O2C_OK;
}

static void
empty_range(struct range *range, uint64_t first, uint32_t count)
{
    o2c__vector *rows[] = { &range->part.proposals,         &range->part.lines,   &range->part.evidence, &range->part.alternatives,
                            &range->part.alternative_items, &range->part.reasons, &range->part.heap.bytes, &range->solve.line_items };
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        rows[i]->count = 0;
    range->first = first;
    range->count = count;
}

static o2c_status
solve_wave(struct wave *wave, uint64_t *first, uint32_t step, o2c_error *err)
{
    uint64_t count = wave->whole->payments->count;
    for (wave->count = 0; wave->count < RANGES && *first < count; wave->count++) {
        uint32_t here = count - *first < step ? (uint32_t)(count - *first) : step;
        empty_range(&wave->ranges[wave->count], *first, here);
        *first += here;
    }
    o2c_status status = run_jobs(wave, solve_job, err);
    for (uint32_t i = 0; !status && i < wave->count; i++)
        if (!place_range(wave, &wave->ranges[i]))
            status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the proposals");
    return status ? status : run_jobs(wave, copy_job, err);
}

/* What the ceiling leaves is divided: no range can use what another one was promised. */
static void
open_wave(struct wave *wave)
{
    struct o2c__solve *whole = wave->whole;
    o2c__memory share = whole->context.memory;
    share.used_max = share.used_max == UINT64_MAX ? UINT64_MAX : (share.used_max - share.used) / (4 * RANGES);
    share.used = 0;
    for (uint32_t i = 0; i < RANGES; i++) {
        struct range *range = &wave->ranges[i];
        range->solve = *whole;
        range->solve.context.memory = share;
        o2c__solution_init(&range->part, &range->solve.context);
        range->solve.solution = &range->part;
        o2c__vector_init(&range->solve.line_items, &range->solve.context.memory, sizeof(uint32_t));
        wave->desks[i].memory = share;
        o2c__arena_init(&wave->desks[i].arena, &wave->desks[i].memory, 0);
    }
}

static void
close_wave(struct wave *wave)
{
    for (uint32_t i = 0; i < RANGES; i++) {
        o2c__solution_empty(&wave->ranges[i].part);
        o2c__vector_free(&wave->ranges[i].solve.line_items);
        o2c__arena_free(&wave->desks[i].arena);
    }
}

o2c_status
o2c__solve_ranges(struct o2c__solve *solve, o2c_error *err)
{
    o2c__memory *memory = &solve->context.memory;
    struct wave wave = { .whole = solve, .failed = O2C__NONE };
    uint64_t count = solve->payments->count, first = 0, step = (count / RANGES + O2C__BATCH) / O2C__BATCH * O2C__BATCH;
    wave.ranges = o2c__alloc_zero(memory, RANGES, sizeof *wave.ranges);
    wave.desks = o2c__alloc_zero(memory, RANGES, sizeof *wave.desks);
    o2c_status status = wave.ranges && wave.desks ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for ranges of payments");
    if (!status) {
        open_wave(&wave);
        while (!status && first < count)
            status = solve_wave(&wave, &first, step > RANGE_MAX ? RANGE_MAX : (uint32_t)step, err);
        close_wave(&wave);
    }
    o2c__release(memory, wave.desks, RANGES * sizeof *wave.desks);
    o2c__release(memory, wave.ranges, RANGES * sizeof *wave.ranges);
    return status;
}

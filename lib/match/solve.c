/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole decision: batches of payments walk retrieve → explain → choose → settle → gate → write; then all of them are assigned.
 * With an executor the batches are walked on the caller's threads (solve_ranges.c).
 */
#include "match/remit.h"

static o2c_status
solve_one(struct o2c__solve *solve, struct o2c__case *one, o2c_error *err)
{
    struct o2c__explanation why;
    struct o2c__decision decision;
    if (one->payment->route != O2C_ROUTE_CUSTOMER)
        return o2c__write_routed(solve, one, err);
    memset(&why, 0, sizeof why);
    bool by_lines = false;
    o2c_status status = o2c__remit(solve, one, &why, &decision, &by_lines, err);
    if (!status && !by_lines)
        status = o2c__explain(solve, one, &why, err);
    if (!status && !by_lines && o2c__plain(solve, one, &why, &status, err))
        return status;
    if (!status && !by_lines)
        status = o2c__choose(solve, one, &why, &decision, err);
    if (!status && !by_lines)
        status = o2c__settle(solve, one, &why, &decision, err);
    if (status)
        return status;
    o2c__remit_stale(solve, one, &why, &decision);
    o2c__gate(solve, one, &why, &decision);
    if (by_lines)
        o2c__remit_gate(solve, one, &decision);
    return o2c__write_decision(solve, one, &why, &decision, err);
}

/* What was written just now is still at hand: later only few requests need another look at every line. */
static void
note(struct o2c__solve *solve, size_t first)
{
    const o2c__vector *lines = &solve->solution->lines;
    for (size_t i = first; i < lines->count; i++) {
        const o2c_line *line = &O2C__AT(lines, o2c_line, i);
        if (o2c__is_beyond(solve->pool, O2C__AT(&solve->line_items, uint32_t, i), line->cleared_minor))
            solve->noted |= O2C__NOTED_BEYOND;
        if (o2c__is_gift(line))
            solve->noted |= O2C__NOTED_GIFT;
    }
}

static o2c_status
solve_batch(struct o2c__solve *solve, uint64_t first, uint32_t count, o2c_error *err)
{
    struct o2c__case cases[O2C__BATCH];
    if (o2c__canceled(&solve->context))
        return o2c__fail(err, O2C_E_CANCELED, NULL, "canceled by the host");
    size_t lines = solve->solution->lines.count;
    o2c__arena_reset(&solve->arena);
    memset(cases, 0, sizeof cases);
    o2c_status status = o2c__retrieve(solve, first, count, cases, err);
    if (!status)
        o2c__explain_prefetch(solve, cases, count);
    for (uint32_t i = 0; !status && i < count; i++)
        status = solve_one(solve, &cases[i], err);
    if (!status)
        note(solve, lines);
    return status;
}

#define STRINGS_MOST 1024u /* bytes of a payment that room is made for: a request may be a slice of a heap that holds a year */

/* Room for what a usual payment brings, so that arrays seldom move: two lines, six pieces of evidence, its strings, and keys of ours. */
static bool
reserve(struct o2c__solve *solve, uint64_t count)
{
    o2c_match_solution *solution = solve->solution;
    uint64_t all = solve->payments->count, strings = solve->payments->heap.len / (all ? all : 1);
    uint64_t heap = count * ((strings < STRINGS_MOST ? strings : STRINGS_MOST) + 160);
    heap = heap < UINT32_MAX ? heap : 0;
    return o2c__vector_reserve(&solution->proposals, count) && o2c__vector_reserve(&solution->lines, count * 2) &&
           o2c__vector_reserve(&solve->line_items, count * 2) && o2c__vector_reserve(&solution->evidence, count * 6) &&
           o2c__vector_reserve(&solution->heap.bytes, (size_t)heap);
}

o2c_status
o2c__solve_range(struct o2c__solve *solve, uint64_t first, uint64_t count, o2c_error *err)
{
    o2c_status status = reserve(solve, count) ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the proposals");
    for (uint64_t i = 0; !status && i < count; i += O2C__BATCH)
        status = solve_batch(solve, first + i, count - i < O2C__BATCH ? (uint32_t)(count - i) : O2C__BATCH, err);
    return status;
}

static o2c_status
solve_all(struct o2c__solve *solve, o2c_error *err)
{
    uint64_t count = solve->payments->count;
    o2c_status status = o2c__link(solve, err);
    if (!status && solve->executor && count > O2C__BATCH)
        status = reserve(solve, count) ? o2c__solve_ranges(solve, err) : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the proposals");
    else if (!status)
        status = o2c__solve_range(solve, 0, count, err);
    if (!status)
        status = o2c__assign(solve, err);
    return status ? status : o2c__cap_tolerance(solve, err);
}

static o2c_status
new_solution(const o2c__context *context, o2c_match_solution **out, o2c_error *err)
{
    o2c__context own = *context;
    o2c_match_solution *solution = o2c__alloc_zero(&own.memory, 1, sizeof *solution);
    if (!solution)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a solution");
    o2c__solution_init(solution, &own);
    *out = solution;
    return O2C_OK;
}

static o2c_status
run(struct o2c__solve *solve, o2c_match_solution **out, o2c_error *err)
{
    o2c_status status = new_solution(&solve->context, &solve->solution, err);
    if (status)
        return status;
    o2c__arena_init(&solve->arena, &solve->context.memory, 0);
    o2c__vector_init(&solve->line_items, &solve->context.memory, sizeof(uint32_t));
    status = solve_all(solve, err);
    o2c__link_free(solve);
    o2c__vector_free(&solve->line_items);
    o2c__arena_free(&solve->arena);
    if (status)
        o2c_match_solution_free(solve->solution);
    else
        *out = solve->solution;
    return status;
}

o2c_status
o2c_match_solve(const o2c_env *env, const o2c_match_pool *pool, const o2c_match_model *model, const o2c_match_request *request,
                o2c_match_solution **out_solution, o2c_error *err)
{
    struct o2c__inputs in;
    struct o2c__solve solve;
    if (!out_solution)
        return o2c__fail(err, O2C_E_MISUSE, "out_solution", "out_solution is NULL");
    o2c_status status = o2c__solve_open(&solve, &in, env, pool, model, request, err);
    return status ? status : run(&solve, out_solution, err);
}

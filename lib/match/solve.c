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

static o2c_status
solve_batch(struct o2c__solve *solve, uint64_t first, uint32_t count, o2c_error *err)
{
    struct o2c__case cases[O2C__BATCH];
    if (o2c__canceled(&solve->context))
        return o2c__fail(err, O2C_E_CANCELED, NULL, "canceled by the host");
    o2c__arena_reset(&solve->arena);
    memset(cases, 0, sizeof cases);
    o2c_status status = o2c__retrieve(solve, first, count, cases, err);
    if (!status)
        o2c__explain_prefetch(solve, cases, count);
    for (uint32_t i = 0; !status && i < count; i++)
        status = solve_one(solve, &cases[i], err);
    return status;
}

/* Room for what a usual payment brings, so that arrays seldom move: one line or two, five pieces of evidence, its text and keys. */
static bool
reserve(struct o2c__solve *solve, uint64_t count)
{
    o2c_match_solution *solution = solve->solution;
    return o2c__vector_reserve(&solution->proposals, count) && o2c__vector_reserve(&solution->lines, count + count / 2) &&
           o2c__vector_reserve(&solve->line_items, count + count / 2) && o2c__vector_reserve(&solution->evidence, count * 5) &&
           o2c__vector_reserve(&solution->heap.bytes, count * 192);
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
    return status ? status : o2c__assign(solve, err);
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

/* Policy of the request, or the shipped defaults. */
static o2c_status
choose_policy(struct o2c__solve *solve, const o2c_match_rules *rules, o2c_match_policy *defaults, uint8_t hash[32], o2c_error *err)
{
    if (rules) {
        solve->policy = &rules->policy;
        solve->policy_hash = rules->hash;
        return O2C_OK;
    }
    o2c__policy_defaults(defaults);
    solve->policy = defaults;
    solve->policy_hash = hash;
    return o2c__policy_hash(&solve->context.memory, defaults, hash) ? O2C_OK
                                                                    : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the policy");
}

static o2c_status
run(struct o2c__solve *solve, const o2c_match_rules *rules, o2c_match_solution **out, o2c_error *err)
{
    o2c_match_policy defaults;
    uint8_t hash[32];
    o2c_status status = choose_policy(solve, rules, &defaults, hash, err);
    if (!status)
        status = o2c__validate_request(solve->payments, solve->remittances, &solve->context, err);
    if (!status)
        status = new_solution(&solve->context, &solve->solution, err);
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

/* The structs of the request, read by the struct_size rule; the shortest of this release is the longest. */
struct inputs {
    o2c_match_request request;
    o2c_match_executor executor;
    o2c_payments payments;
    o2c_remittances remittances;
};

static o2c_status
read_executor(struct inputs *in, o2c_error *err)
{
    if (!in->request.executor)
        return O2C_OK;
    o2c_status status = o2c__options_read(in->request.executor, &in->executor, sizeof in->executor, sizeof in->executor, "executor", err);
    if (status)
        return status;
    if (in->executor.reserved)
        return o2c__fail(err, O2C_E_ABI, "executor.reserved", "a reserved field is not zero");
    return in->executor.run ? O2C_OK : o2c__fail(err, O2C_E_MISUSE, "executor.run", "the executor has no run");
}

static o2c_status
read_inputs(struct inputs *in, const o2c_match_request *request, o2c_error *err)
{
    o2c_status status = o2c__options_read(request, &in->request, sizeof in->request, sizeof in->request, "request", err);
    if (status)
        return status;
    if (!in->request.payments)
        return o2c__fail(err, O2C_E_MISUSE, "request.payments", "the request has no payments");
    status = o2c__options_read(in->request.payments, &in->payments, sizeof in->payments, sizeof in->payments, "payments", err);
    if (!status)
        status = read_executor(in, err);
    if (!status && in->request.remittances)
        status = o2c__options_read(in->request.remittances, &in->remittances, sizeof in->remittances, sizeof in->remittances,
                                   "remittances", err);
    return status;
}

o2c_status
o2c_match_solve(const o2c_env *env, const o2c_match_pool *pool, const o2c_match_model *model, const o2c_match_request *request,
                o2c_match_solution **out_solution, o2c_error *err)
{
    struct inputs in;
    struct o2c__solve solve;
    memset(&solve, 0, sizeof solve);
    memset(&in, 0, sizeof in);
    if (!pool || !model || !request || !out_solution)
        return o2c__fail(err, O2C_E_MISUSE, NULL, "pool, model, request or out_solution is NULL");
    if (!pool->frozen)
        return o2c__fail(err, O2C_E_MISUSE, "pool", "the pool is not frozen: call o2c_match_pool_freeze first");
    o2c_status status = o2c__context_init(&solve.context, env, UINT64_MAX, err);
    if (!status)
        status = read_inputs(&in, request, err);
    if (status)
        return status;
    solve.pool = pool;
    solve.model = model;
    solve.payments = &in.payments;
    solve.remittances = in.request.remittances ? &in.remittances : NULL;
    solve.executor = in.request.executor ? &in.executor : NULL;
    solve.as_of = in.request.as_of;
    return run(&solve, in.request.rules, out_solution, err);
}

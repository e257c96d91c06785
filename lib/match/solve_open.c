/* SPDX-License-Identifier: Apache-2.0 */
/* A request is read and checked before anything is solved or counted. */
#include "match/decide.h"

/* Policy of the request, or the shipped defaults. */
static o2c_status
choose_policy(struct o2c__solve *solve, struct o2c__inputs *in, o2c_error *err)
{
    const o2c_match_rules *rules = in->request.rules;
    if (rules) {
        solve->policy = &rules->policy;
        solve->policy_hash = rules->hash;
        return O2C_OK;
    }
    o2c__policy_defaults(&in->defaults);
    solve->policy = &in->defaults;
    solve->policy_hash = in->defaults_hash;
    bool hashed = o2c__policy_hash(&solve->context.memory, &in->defaults, in->defaults_hash);
    return hashed ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the policy");
}

static o2c_status
read_executor(struct o2c__inputs *in, o2c_error *err)
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
read_inputs(struct o2c__inputs *in, const o2c_match_request *request, o2c_error *err)
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

static const char *
wrong_rate(const o2c_match_exchange *rates, uint64_t row)
{
    const o2c_match_exchange *rate = &rates[row];
    const int64_t most = INT64_C(1000000000000000);
    if (!o2c__currency_given(rate->from) || !o2c__currency_given(rate->to) || memcmp(rate->from, rate->to, 4) == 0)
        return "rate.from";
    if (rate->numerator < 1 || rate->numerator > most)
        return "rate.numerator";
    if (rate->denominator < 1 || rate->denominator > most)
        return "rate.denominator";
    for (size_t i = 0; i < O2C__COUNT(rate->reserved); i++)
        if (rate->reserved[i])
            return "rate.reserved";
    for (uint64_t i = 0; i < row; i++)
        if (memcmp(rates[i].from, rate->from, 4) == 0 && memcmp(rates[i].to, rate->to, 4) == 0)
            return "rate.to";
    return NULL;
}

static o2c_status
read_rates(struct o2c__solve *solve, const o2c_match_request *request, o2c_error *err)
{
    if (request->rates_count && !request->rates)
        return o2c__fail(err, O2C_E_MISUSE, "request.rates", "an array is NULL but its count is not 0");
    if (request->rates_count > O2C_MATCH_RATES_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "request.rates", "at most %d rates in one request", O2C_MATCH_RATES_MAX);
    for (uint64_t i = 0; i < request->rates_count; i++) {
        const char *field = wrong_rate(request->rates, i);
        if (field)
            return o2c__fail_row(err, O2C_E_ARG, field, i, "rate %llu: two currencies, numbers of 1 to 10^15, and each pair once",
                                 (unsigned long long)i);
    }
    solve->rates = request->rates;
    solve->rates_count = request->rates_count;
    return O2C_OK;
}

static const char *
wrong_given(const o2c_match_request *request, uint64_t row, int64_t most)
{
    const o2c_match_given *given = &request->given[row], *before = row ? given - 1 : NULL;
    if (given->account.len == 0 || given->account.len > O2C_KEY_BYTES_MAX || !o2c__ref_inside(given->account, request->given_heap))
        return "given.account";
    if (!o2c__currency_given(given->currency))
        return "given.currency";
    if (given->given_minor < 0 || given->given_minor > most)
        return "given.given_minor";
    if (given->cap_minor < 0 || given->cap_minor > most)
        return "given.cap_minor";
    if ((given->has & ~O2C_MATCH_GIVEN_CAP) || given->reserved[0] || given->reserved[1])
        return "given.reserved";
    if (!before)
        return NULL;
    int keys = o2c__str_compare(o2c__ref_str(before->account, request->given_heap), o2c__ref_str(given->account, request->given_heap));
    return keys < 0 || (keys == 0 && memcmp(before->currency, given->currency, 3) < 0) ? NULL : "given.account";
}

static o2c_status
read_given(struct o2c__solve *solve, const o2c_match_request *request, o2c_error *err)
{
    if ((request->given_count && !request->given) || (request->given_heap.len && !request->given_heap.ptr))
        return o2c__fail(err, O2C_E_MISUSE, "request.given", "an array is NULL but its count is not 0");
    for (uint64_t i = 0; i < request->given_count; i++) {
        const char *field = wrong_given(request, i, solve->context.limits.amount_max);
        if (field)
            return o2c__fail_row(err, O2C_E_ARG, field, i, "given %llu: a key, a currency, amounts from 0 on, in byte order, each once",
                                 (unsigned long long)i);
    }
    solve->given = request->given;
    solve->given_count = request->given_count;
    solve->given_heap = request->given_heap;
    return O2C_OK;
}

o2c_status
o2c__solve_open(struct o2c__solve *solve, struct o2c__inputs *in, const o2c_env *env, const o2c_match_pool *pool,
                const o2c_match_model *model, const o2c_match_request *request, o2c_error *err)
{
    memset(solve, 0, sizeof *solve);
    memset(in, 0, sizeof *in);
    if (!pool || !model || !request)
        return o2c__fail(err, O2C_E_MISUSE, NULL, "pool, model or request is NULL");
    if (!pool->frozen)
        return o2c__fail(err, O2C_E_MISUSE, "pool", "the pool is not frozen: call o2c_match_pool_freeze first");
    o2c_status status = o2c__context_init(&solve->context, env, UINT64_MAX, err);
    if (!status)
        status = read_inputs(in, request, err);
    if (status)
        return status;
    solve->pool = pool;
    solve->model = model;
    solve->payments = &in->payments;
    solve->remittances = in->request.remittances ? &in->remittances : NULL;
    solve->executor = in->request.executor ? &in->executor : NULL;
    solve->as_of = in->request.as_of;
    status = read_rates(solve, &in->request, err);
    if (!status)
        status = read_given(solve, &in->request, err);
    if (!status)
        status = choose_policy(solve, in, err);
    if (status)
        return status;
    /* Advices are linked before any range is solved: then every payment is read before. */
    solve->unchecked = solve->executor && solve->payments->count > O2C__BATCH && (!solve->remittances || solve->remittances->count == 0);
    return solve->unchecked ? o2c__validate_arrays(solve->payments, err)
                            : o2c__validate_request(solve->payments, solve->remittances, &solve->context, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The handle of a policy that was read from JSON: one layer, and what the linter found. */
#include "formats/policy.h"

#define POLICY_BYTES ((uint64_t)1 << 20)

static o2c_status
new_policy(const o2c_env *env, o2c_formats_policy **out, o2c_error *err)
{
    o2c__context context;
    o2c_status status = o2c__context_init(&context, env, O2C__FORMATS_MEMORY, err);
    if (status)
        return status;
    o2c_formats_policy *policy = o2c__alloc_zero(&context.memory, 1, sizeof *policy);
    if (!policy)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a policy");
    policy->context = context;
    policy->match.struct_size = sizeof policy->match;
    o2c__arena_init(&policy->lists, &policy->context.memory, 4096);
    o2c__vector_init(&policy->findings, &policy->context.memory, sizeof(o2c_formats_finding));
    o2c__text_heap_init(&policy->heap, &policy->context.memory);
    *out = policy;
    return O2C_OK;
}

o2c_status
o2c_formats_read_policy(const o2c_env *env, const void *bytes, size_t size, o2c_formats_policy **out_policy, o2c_error *err)
{
    o2c_formats_policy *policy = NULL;
    if (!out_policy || (size && !bytes))
        return o2c__fail(err, O2C_E_MISUSE, !out_policy ? "out_policy" : "bytes", "a pointer is NULL");
    o2c_status status = new_policy(env, &policy, err);
    if (status)
        return status;
    uint64_t most = policy->context.limits.input_bytes_max < POLICY_BYTES ? policy->context.limits.input_bytes_max : POLICY_BYTES;
    if (size > most)
        status = o2c__fail_at(err, O2C_E_LIMIT, "input_bytes_max", most, 0, "a policy has at most %llu bytes", (unsigned long long)most);
    policy->bytes = bytes;
    policy->size = size;
    if (!status)
        status = o2c__policy_read(policy, err);
    if (!status && !o2c__policy_lint(policy))
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the findings");
    policy->bytes = NULL;
    if (status)
        o2c_formats_policy_free(policy);
    else
        *out_policy = policy;
    return status;
}

void
o2c_formats_policy_match(const o2c_formats_policy *policy, o2c_match_policy *out)
{
    o2c_match_policy none = { .struct_size = sizeof none };
    if (out)
        o2c__options_write(out, policy ? &policy->match : &none, sizeof none, sizeof none);
}

void
o2c_formats_policy_findings(const o2c_formats_policy *policy, const o2c_formats_finding **out_rows, uint64_t *out_count, o2c_str *out_heap)
{
    if (out_rows)
        *out_rows = policy ? policy->findings.rows : NULL;
    if (out_count)
        *out_count = policy ? policy->findings.count : 0;
    if (out_heap)
        *out_heap = policy ? o2c__text_heap_str(&policy->heap) : (o2c_str){ "", 0 };
}

void
o2c_formats_policy_free(o2c_formats_policy *policy)
{
    if (!policy)
        return;
    o2c__arena_free(&policy->lists);
    o2c__vector_free(&policy->findings);
    o2c__text_heap_free(&policy->heap);
    o2c__memory memory = policy->context.memory;
    o2c__release(&memory, policy, sizeof *policy);
}

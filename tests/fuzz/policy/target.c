/* SPDX-License-Identifier: Apache-2.0 */
/* A policy as JSON on arbitrary bytes: places lie inside the text, and what was read is written and read again as the same layer. */
#include "formats/policy.h"
#include "fuzz.h"

static void
demand_same(const o2c_match_policy *a, const o2c_match_policy *b)
{
    FUZZ_DEMAND(a->present == b->present);
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        if (!field->count_offset) {
            FUZZ_DEMAND(o2c__policy_get(a, field) == o2c__policy_get(b, field));
            continue;
        }
        uint64_t count = o2c__policy_count(a, field);
        FUZZ_DEMAND(count == o2c__policy_count(b, field));
        for (uint64_t k = 0; k < count; k++)
            FUZZ_DEMAND(o2c__policy_element(a, field, k) == o2c__policy_element(b, field, k));
    }
}

static void
demand_written(const o2c_match_policy *match)
{
    o2c_formats_policy *again = NULL;
    o2c_match_policy other = { .struct_size = sizeof other };
    size_t needed = 0;
    FUZZ_DEMAND(o2c_formats_write_policy(match, NULL, 0, &needed, NULL) == O2C_E_ARG);
    char *text = malloc(needed + 1);
    FUZZ_DEMAND(text && o2c_formats_write_policy(match, text, needed + 1, &needed, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_formats_read_policy(NULL, text, needed, &again, NULL) == O2C_OK);
    o2c_formats_policy_match(again, &other);
    demand_same(match, &other);
    o2c_formats_policy_free(again);
    free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    o2c_formats_policy *policy = NULL;
    o2c_match_policy match = { .struct_size = sizeof match };
    const o2c_formats_finding *rows;
    uint64_t count;
    o2c_str heap;
    o2c_error err = { 0 };
    if (o2c_formats_read_policy(NULL, data, size, &policy, &err) != O2C_OK) {
        FUZZ_DEMAND(err.status < 0 && err.message[0] && (err.offset == O2C_NOWHERE || err.offset <= size));
        return 0;
    }
    o2c_formats_policy_match(policy, &match);
    o2c_formats_policy_findings(policy, &rows, &count, &heap);
    for (uint64_t i = 0; i < count; i++)
        FUZZ_DEMAND(o2c__ref_inside(rows[i].text, heap) && (rows[i].at == O2C_NOWHERE || rows[i].at < size));
    demand_written(&match);
    o2c_formats_policy_free(policy);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Policy layers → resolved rules, field by field, from the registry's table of fields. */
#include "match/match.h"
#include "registry/registry.h"

static int64_t
field_get(const void *base, const struct o2c__policy_field *field)
{
    const char *at = (const char *)base + field->offset;
    uint32_t u32;
    int32_t i32;
    int64_t i64;
    if (field->type == O2C__FIELD_U32) {
        memcpy(&u32, at, sizeof u32);
        return u32;
    }
    if (field->type == O2C__FIELD_I32) {
        memcpy(&i32, at, sizeof i32);
        return i32;
    }
    memcpy(&i64, at, sizeof i64);
    return i64;
}

static void
field_set(void *base, const struct o2c__policy_field *field, int64_t value)
{
    char *at = (char *)base + field->offset;
    uint32_t u32 = (uint32_t)value;
    int32_t i32 = (int32_t)value;
    if (field->type == O2C__FIELD_U32)
        memcpy(at, &u32, sizeof u32);
    else if (field->type == O2C__FIELD_I32)
        memcpy(at, &i32, sizeof i32);
    else
        memcpy(at, &value, sizeof value);
}

static uint64_t
list_count(const void *base, const struct o2c__policy_field *field)
{
    uint64_t count;
    memcpy(&count, (const char *)base + field->count_offset, sizeof count);
    return count;
}

static const void *
list_rows(const void *base, const struct o2c__policy_field *field)
{
    const void *rows;
    memcpy(&rows, (const char *)base + field->offset, sizeof rows);
    return rows;
}

static size_t
field_size(const struct o2c__policy_field *field)
{
    return field->type == O2C__FIELD_U32 || field->type == O2C__FIELD_I32 ? 4 : 8;
}

static int64_t
list_get(const void *rows, const struct o2c__policy_field *field, uint64_t i)
{
    struct o2c__policy_field one = *field;
    one.offset = (size_t)i * field_size(field);
    return field_get(rows, &one);
}

void
o2c__policy_defaults(o2c_match_policy *out)
{
    memset(out, 0, sizeof *out);
    out->struct_size = sizeof *out;
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        if (!field->count_offset)
            field_set(out, field, field->fallback);
    }
}

bool
o2c__policy_hash(o2c__memory *memory, const o2c_match_policy *policy, uint8_t out[32])
{
    o2c__sha256 sha;
    o2c__writer writer;
    o2c__writer_init(&writer, memory);
    o2c__write_str(&writer, o2c__str("o2c.match.policy.1"));
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        uint64_t count = field->count_offset ? list_count(policy, field) : 0;
        o2c__write_u64(&writer, field->count_offset ? count : (uint64_t)field_get(policy, field));
        for (uint64_t k = 0; k < count; k++)
            o2c__write_u64(&writer, (uint64_t)list_get(list_rows(policy, field), field, k));
    }
    bool done = !writer.failed;
    if (done) {
        o2c__sha256_init(&sha);
        o2c__sha256_add(&sha, writer.bytes.rows, writer.bytes.count);
        o2c__sha256_end(&sha, out);
    }
    o2c__writer_free(&writer);
    return done;
}

static o2c_status
check_value(const struct o2c__policy_field *field, int64_t value, o2c_error *err)
{
    bool inside = field->type == O2C__FIELD_U64 ? (uint64_t)value >= (uint64_t)field->low && (uint64_t)value <= (uint64_t)field->high
                                                : value >= field->low && value <= field->high;
    if (inside)
        return O2C_OK;
    return o2c__fail(err, O2C_E_MATCH_POLICY, field->name, "%s is %lld, allowed are %lld to %lld", field->name, (long long)value,
                     (long long)field->low, (long long)field->high);
}

/* Copies a list into the rules' own memory, so that the host's array may go. */
static o2c_status
take_list(o2c_match_rules *rules, const void *layer, const struct o2c__policy_field *field, o2c_error *err)
{
    uint64_t count = list_count(layer, field), old = list_count(&rules->policy, field);
    const void *given = list_rows(layer, field);
    void *mine = NULL;
    if (count > field->count_max)
        return o2c__fail(err, O2C_E_MATCH_POLICY, field->name, "%s has %llu values, at most %u are allowed", field->name,
                         (unsigned long long)count, field->count_max);
    if (count && !given)
        return o2c__fail(err, O2C_E_MISUSE, field->name, "%s is NULL but its count is not 0", field->name);
    for (uint64_t i = 0; i < count; i++) {
        o2c_status status = check_value(field, list_get(given, field, i), err);
        if (status)
            return status;
    }
    if (count && !(mine = o2c__alloc_array(&rules->context.memory, count, field_size(field))))
        return o2c__fail(err, O2C_E_NOMEM, field->name, "no memory for the policy");
    if (count)
        memcpy(mine, given, count * field_size(field));
    void *before = (void *)(uintptr_t)list_rows(&rules->policy, field);
    o2c__release(&rules->context.memory, before, old * field_size(field));
    memcpy((char *)&rules->policy + field->offset, &mine, sizeof mine);
    memcpy((char *)&rules->policy + field->count_offset, &count, sizeof count);
    return O2C_OK;
}

static o2c_status
take_layer(o2c_match_rules *rules, const o2c_match_policy *given, o2c_error *err)
{
    o2c_match_policy layer;
    o2c_status status = o2c__options_read(given, &layer, sizeof layer, sizeof layer, "policy", err);
    uint64_t known = o2c__policy_match_field_count == 64 ? UINT64_MAX : (UINT64_C(1) << o2c__policy_match_field_count) - 1;
    if (status)
        return status;
    if (layer.reserved || (layer.present & ~known))
        return o2c__fail(err, O2C_E_ABI, "present", "the policy sets a field that this library does not know");
    for (uint32_t i = 0; !status && i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        if (!(layer.present >> field->bit & 1))
            continue;
        if (field->count_offset) {
            status = take_list(rules, &layer, field, err);
            continue;
        }
        status = check_value(field, field_get(&layer, field), err);
        if (!status)
            field_set(&rules->policy, field, field_get(&layer, field));
    }
    return status;
}

/* Classes by number: the order in which they were listed is no part of the policy. */
static void
sort_released(o2c_match_rules *rules)
{
    uint32_t *rows = (uint32_t *)(uintptr_t)rules->policy.released;
    for (uint64_t i = 1; i < rules->policy.released_count; i++) {
        uint32_t row = rows[i];
        uint64_t at = i;
        for (; at > 0 && rows[at - 1] > row; at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

static o2c_status
resolve(o2c_match_rules *rules, const o2c_match_policy *const *layers, uint64_t count, o2c_error *err)
{
    o2c__policy_defaults(&rules->policy);
    for (uint64_t i = 0; i < count; i++) {
        o2c_status status = take_layer(rules, layers[i], err);
        if (status)
            return status;
    }
    if (rules->policy.show_ppm >= rules->policy.auto_ppm)
        return o2c__fail(err, O2C_E_MATCH_POLICY, "show_ppm", "show_ppm %u must be below auto_ppm %u", rules->policy.show_ppm,
                         rules->policy.auto_ppm);
    if (rules->policy.sample_key_count == 1)
        return o2c__fail(err, O2C_E_MATCH_POLICY, "sample_key", "sample_key is two words, or absent");
    sort_released(rules);
    if (!o2c__policy_hash(&rules->context.memory, &rules->policy, rules->hash))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the policy");
    return O2C_OK;
}

o2c_status
o2c_match_rules_new(const o2c_env *env, const o2c_match_policy *const *layers, uint64_t count, o2c_match_rules **out_rules, o2c_error *err)
{
    o2c__context context;
    if (!out_rules || (count && !layers))
        return o2c__fail(err, O2C_E_MISUSE, "out_rules", "out_rules or layers is NULL");
    o2c_status status = o2c__context_init(&context, env, UINT64_MAX, err);
    if (status)
        return status;
    o2c_match_rules *rules = o2c__alloc_zero(&context.memory, 1, sizeof *rules);
    if (!rules)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the policy");
    rules->context = context;
    status = resolve(rules, layers, count, err);
    if (status) {
        o2c_match_rules_free(rules);
        return status;
    }
    *out_rules = rules;
    return O2C_OK;
}

void
o2c_match_rules_free(o2c_match_rules *rules)
{
    if (!rules)
        return;
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        if (field->count_offset)
            o2c__release(&rules->context.memory, (void *)(uintptr_t)list_rows(&rules->policy, field),
                         list_count(&rules->policy, field) * field_size(field));
    }
    o2c__memory memory = rules->context.memory;
    o2c__release(&memory, rules, sizeof *rules);
}

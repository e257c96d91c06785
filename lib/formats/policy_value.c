/* SPDX-License-Identifier: Apache-2.0 */
/* One field of a policy struct, by its row of the registry's table. */
#include "formats/policy.h"

static bool
is_narrow(const struct o2c__policy_field *field)
{
    return field->type == O2C__FIELD_U32 || field->type == O2C__FIELD_I32;
}

static int64_t
load(const char *at, const struct o2c__policy_field *field)
{
    uint32_t narrow;
    int64_t wide;
    if (!is_narrow(field)) {
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
    memcpy(&narrow, at, sizeof narrow);
    return field->type == O2C__FIELD_U32 ? (int64_t)narrow : (int64_t)(int32_t)narrow;
}

static void
store(char *at, const struct o2c__policy_field *field, int64_t value)
{
    uint32_t narrow = (uint32_t)value;
    if (is_narrow(field))
        memcpy(at, &narrow, sizeof narrow);
    else
        memcpy(at, &value, sizeof value);
}

int64_t
o2c__policy_get(const void *policy, const struct o2c__policy_field *field)
{
    return load((const char *)policy + field->offset, field);
}

void
o2c__policy_set(void *policy, const struct o2c__policy_field *field, int64_t value)
{
    store((char *)policy + field->offset, field, value);
}

uint64_t
o2c__policy_count(const void *policy, const struct o2c__policy_field *field)
{
    uint64_t count;
    memcpy(&count, (const char *)policy + field->count_offset, sizeof count);
    return count;
}

int64_t
o2c__policy_element(const void *policy, const struct o2c__policy_field *field, uint64_t i)
{
    const char *rows;
    memcpy(&rows, (const char *)policy + field->offset, sizeof rows);
    return load(rows + i * (is_narrow(field) ? 4 : 8), field);
}

bool
o2c__policy_set_list(struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const int64_t *values, uint64_t count)
{
    size_t size = is_narrow(field) ? 4 : 8;
    char *rows = NULL;
    if (count && !(rows = o2c__arena_alloc(&policy->lists, (size_t)count * size)))
        return false;
    for (uint64_t i = 0; i < count; i++)
        store(rows + i * size, field, values[i]);
    memcpy((char *)&policy->match + field->offset, &rows, sizeof rows);
    memcpy((char *)&policy->match + field->count_offset, &count, sizeof count);
    return true;
}

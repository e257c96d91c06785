/* SPDX-License-Identifier: Apache-2.0 */
/* A policy as readable JSON: the fields that are set, in the order of the registry. */
#include <jansson.h>

#include "formats/policy.h"

static json_t *
number_json(const struct o2c__policy_field *field, int64_t value)
{
    char name[O2C_LINE_CLASS_MAX];
    if (field->spelling == O2C__SPELL_FLAG)
        return json_boolean(value != 0);
    if (field->spelling == O2C__SPELL_CLASS) {
        o2c_line_class_write((uint32_t)value, name);
        return json_string(name);
    }
    for (uint32_t i = 0; field->spelling == O2C__SPELL_CHOICE && i < field->choices_count; i++)
        if (field->choices[i].code == value)
            return json_string(field->choices[i].name);
    return json_integer(value);
}

static json_t *
key_json(const o2c_match_policy *policy, const struct o2c__policy_field *field)
{
    static const char digits[] = "0123456789abcdef";
    char text[33];
    for (uint32_t i = 0; i < 16; i++) {
        uint64_t half = (uint64_t)o2c__policy_element(policy, field, i / 8);
        uint8_t byte = (uint8_t)(half >> i % 8 * 8);
        text[2 * i] = digits[byte >> 4];
        text[2 * i + 1] = digits[byte & 15];
    }
    text[32] = 0;
    return json_string(text);
}

static json_t *
field_json(const o2c_match_policy *policy, const struct o2c__policy_field *field)
{
    if (!field->count_offset)
        return number_json(field, o2c__policy_get(policy, field));
    uint64_t count = o2c__policy_count(policy, field);
    if (field->spelling == O2C__SPELL_KEY && count == 2)
        return key_json(policy, field);
    json_t *list = json_array();
    for (uint64_t i = 0; list && i < count; i++) {
        if (json_array_append_new(list, number_json(field, o2c__policy_element(policy, field, i)))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *
policy_json(const o2c_match_policy *policy)
{
    json_t *match = json_object(), *top = json_object();
    bool good = match && top && !json_object_set_new(top, "version", json_integer(1));
    for (uint32_t i = 0; good && i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        if (policy->present >> field->bit & 1)
            good = !json_object_set_new(match, field->name, field_json(policy, field));
    }
    good = good && !json_object_set(top, "match", match);
    json_decref(match);
    if (good)
        return top;
    json_decref(top);
    return NULL;
}

o2c_status
o2c_formats_write_policy(const o2c_match_policy *policy, char *buffer, size_t size, size_t *out_needed, o2c_error *err)
{
    o2c_match_policy all;
    if (!policy || !out_needed || (size && !buffer))
        return o2c__fail(err, O2C_E_MISUSE, !policy ? "policy" : !out_needed ? "out_needed" : "buffer", "a pointer is NULL");
    o2c_status status = o2c__options_read(policy, &all, sizeof all, sizeof all, "policy", err);
    if (status)
        return status;
    json_t *top = policy_json(&all);
    if (!top)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the text of a policy");
    size_t flags = JSON_INDENT(2) | JSON_PRESERVE_ORDER, needed = json_dumpb(top, NULL, 0, flags) + 1;
    if (needed == 1)
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the text of a policy");
    else if (needed >= size)
        status = o2c__fail(err, O2C_E_ARG, "size", "%zu bytes are needed, %zu are there", needed + 1, size);
    if (!status && json_dumpb(top, buffer, size, flags) + 1 != needed)
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the text of a policy");
    if (status != O2C_E_NOMEM)
        *out_needed = needed;
    if (!status) {
        buffer[needed - 1] = '\n';
        buffer[needed] = 0;
    }
    json_decref(top);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy as JSON: every member has a row in the registry, which says type, range and spelling. jansson reads the grammar; it has
 * no places for values, so a refusal names the byte where the member's name stands (names cannot repeat).
 */
#include <jansson.h>

#include "formats/policy.h"

#define BRACKETS_MAX 256 /* of both kinds together: a policy nests three deep, and jansson descends by recursion */
#define VALUES_MAX 1024  /* of one list */

static uint32_t
line_of(const struct o2c_formats_policy *policy, uint64_t at)
{
    uint32_t line = 1;
    for (uint64_t i = 0; i < at; i++)
        line += policy->bytes[i] == '\n';
    return line;
}

uint64_t
o2c__policy_place(const struct o2c_formats_policy *policy, const char *name, uint32_t *out_line)
{
    size_t len = strlen(name);
    *out_line = 0;
    for (size_t at = 0; at + len + 2 <= policy->size; at++) {
        const char *text = policy->bytes + at;
        if (text[0] != '"' || memcmp(text + 1, name, len) != 0 || text[len + 1] != '"')
            continue;
        size_t next = at + len + 2;
        while (next < policy->size && strchr(" \t\r\n", policy->bytes[next]) && policy->bytes[next])
            next++;
        if (next < policy->size && policy->bytes[next] == ':') {
            *out_line = line_of(policy, at);
            return at;
        }
    }
    return O2C_NOWHERE;
}

static o2c_status
refuse(const struct o2c_formats_policy *policy, const char *name, o2c_error *err, const char *why)
{
    uint32_t line;
    uint64_t at = o2c__policy_place(policy, name, &line);
    return o2c__fail_at(err, O2C_E_FORMATS_FIELD, name, at, line, "%s %s", name, why);
}

static o2c_status
refuse_range(const struct o2c_formats_policy *policy, const struct o2c__policy_field *field, long long value, o2c_error *err)
{
    uint32_t line;
    uint64_t at = o2c__policy_place(policy, field->name, &line);
    return o2c__fail_at(err, O2C_E_FORMATS_FIELD, field->name, at, line, "%s is %lld, allowed are %lld to %lld", field->name, value,
                        (long long)field->low, (long long)field->high);
}

static o2c_status
refuse_choice(const struct o2c_formats_policy *policy, const struct o2c__policy_field *field, o2c_error *err)
{
    char words[200] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < field->choices_count; i++) {
        size_t len = strlen(field->choices[i].name);
        if (used + len + 3 > sizeof words)
            break;
        if (i)
            words[used++] = ' ';
        memcpy(words + used, field->choices[i].name, len + 1);
        used += len;
    }
    uint32_t line;
    uint64_t at = o2c__policy_place(policy, field->name, &line);
    return o2c__fail_at(err, O2C_E_FORMATS_FIELD, field->name, at, line, "%s must be one of: %s", field->name, words);
}

/* ---- one value */

static o2c_status
read_number(const struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const json_t *value, int64_t *out,
            o2c_error *err)
{
    if (!json_is_integer(value))
        return refuse(policy, field->name, err, "must be a whole number, without point, exponent or quotes");
    *out = json_integer_value(value);
    return *out < field->low || *out > field->high ? refuse_range(policy, field, *out, err) : O2C_OK;
}

static o2c_status
read_choice(const struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const json_t *value, int64_t *out,
            o2c_error *err)
{
    const char *word = json_string_value(value);
    for (uint32_t i = 0; word && i < field->choices_count; i++) {
        if (strcmp(word, field->choices[i].name) == 0) {
            *out = field->choices[i].code;
            return O2C_OK;
        }
    }
    return refuse_choice(policy, field, err);
}

static o2c_status
read_class(const struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const json_t *value, int64_t *out,
           o2c_error *err)
{
    uint32_t line_class;
    o2c_str text = { json_string_value(value), json_string_length(value) };
    if (!text.ptr || o2c_line_class_read(&text, &line_class, NULL) != O2C_OK)
        return refuse(policy, field->name, err, "lists classes written as \"M13/KNOWN/OWN/ONLY_FIT\"");
    *out = line_class;
    return O2C_OK;
}

static o2c_status
read_value(const struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const json_t *value, int64_t *out,
           o2c_error *err)
{
    switch (field->spelling) {
    case O2C__SPELL_FLAG:
        *out = json_is_true(value);
        return json_is_boolean(value) ? O2C_OK : refuse(policy, field->name, err, "must be true or false");
    case O2C__SPELL_CHOICE:
        return read_choice(policy, field, value, out, err);
    case O2C__SPELL_CLASS:
        return read_class(policy, field, value, out, err);
    default:
        return read_number(policy, field, value, out, err);
    }
}

/* ---- lists */

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* 32 hexadecimal digits: 16 bytes in order, as two little-endian numbers. */
static o2c_status
read_key(struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const json_t *value, o2c_error *err)
{
    const char *text = json_string_value(value);
    uint64_t halves[2] = { 0, 0 };
    if (!text || json_string_length(value) != 32 || strspn(text, "0123456789abcdefABCDEF") != 32)
        return refuse(policy, field->name, err, "must be a string of 32 hexadecimal digits");
    for (uint32_t i = 0; i < 16; i++)
        halves[i / 8] |= (uint64_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1])) << i % 8 * 8;
    int64_t values[2];
    memcpy(values, halves, sizeof values);
    return o2c__policy_set_list(policy, field, values, 2) ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, field->name, "no memory for the policy");
}

static o2c_status
read_list(struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const json_t *value, o2c_error *err)
{
    int64_t values[VALUES_MAX];
    size_t count = json_array_size(value);
    if (field->spelling == O2C__SPELL_KEY)
        return read_key(policy, field, value, err);
    if (!json_is_array(value))
        return refuse(policy, field->name, err, "must be a list, in square brackets");
    if (count > field->count_max || count > VALUES_MAX)
        return refuse(policy, field->name, err, "lists more values than are allowed");
    for (size_t i = 0; i < count; i++) {
        o2c_status status = read_value(policy, field, json_array_get(value, i), &values[i], err);
        if (status)
            return status;
    }
    return o2c__policy_set_list(policy, field, values, count) ? O2C_OK
                                                              : o2c__fail(err, O2C_E_NOMEM, field->name, "no memory for the policy");
}

/* ---- members */

static const struct o2c__policy_field *
find_field(const char *name)
{
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++)
        if (strcmp(o2c__policy_match_fields[i].name, name) == 0)
            return &o2c__policy_match_fields[i];
    return NULL;
}

/* The known name that a mistyped one looks like most; ppm of Jaro-Winkler, at least 850,000. */
static const char *
nearest_name(const char *name)
{
    uint32_t best = 850000;
    const char *found = NULL;
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++) {
        uint32_t ppm = o2c__jaro_winkler_ppm(o2c__str(name), o2c__str(o2c__policy_match_fields[i].name));
        if (ppm > best) {
            best = ppm;
            found = o2c__policy_match_fields[i].name;
        }
    }
    return found;
}

static o2c_status
refuse_name(const struct o2c_formats_policy *policy, const char *name, o2c_error *err)
{
    uint32_t line;
    uint64_t at = o2c__policy_place(policy, name, &line);
    const char *near = nearest_name(name);
    return o2c__fail_at(err, O2C_E_FORMATS_FIELD, "match", at, line, "'%.80s' is no field of a policy%s%s%s", name,
                        near ? "; is " : "", near ? near : "", near ? " meant?" : "");
}

static o2c_status
read_member(struct o2c_formats_policy *policy, const char *name, const json_t *value, o2c_error *err)
{
    const struct o2c__policy_field *field = find_field(name);
    if (!field)
        return refuse_name(policy, name, err);
    policy->match.present |= UINT64_C(1) << field->bit;
    if (field->count_offset)
        return read_list(policy, field, value, err);
    int64_t number = 0;
    o2c_status status = read_value(policy, field, value, &number, err);
    if (!status)
        o2c__policy_set(&policy->match, field, number);
    return status;
}

static o2c_status
read_match(struct o2c_formats_policy *policy, json_t *match, o2c_error *err)
{
    const char *name;
    json_t *value;
    if (!json_is_object(match))
        return refuse(policy, "match", err, "must be an object, in braces");
    json_object_foreach (match, name, value) {
        o2c_status status = read_member(policy, name, value, err);
        if (status)
            return status;
    }
    return O2C_OK;
}

static o2c_status
read_top(struct o2c_formats_policy *policy, json_t *top, o2c_error *err)
{
    const char *name;
    json_t *value;
    json_object_foreach (top, name, value) {
        o2c_status status = O2C_OK;
        if (strcmp(name, "match") == 0)
            status = read_match(policy, value, err);
        else if (strcmp(name, "version") == 0)
            status = json_integer_value(value) == 1 ? O2C_OK : refuse(policy, name, err, "must be 1: this library reads no other");
        else if (strcmp(name, "$schema") == 0 || strcmp(name, "description") == 0)
            status = json_is_string(value) ? O2C_OK : refuse(policy, name, err, "must be a string");
        else
            status = refuse_name(policy, name, err);
        if (status)
            return status;
    }
    return O2C_OK;
}

/* ---- grammar */

static o2c_status
refuse_grammar(const json_error_t *why, o2c_error *err)
{
    enum json_error_code code = json_error_code(why);
    /* jansson is silent when it finds no memory for a value; inside a token it takes that for a syntax error */
    if (code == json_error_out_of_memory || !why->text[0])
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the policy");
    o2c_status status = code == json_error_duplicate_key       ? O2C_E_FORMATS_REPEATED
                        : code == json_error_invalid_utf8      ? O2C_E_FORMATS_ENCODING
                        : code == json_error_premature_end_of_input ? O2C_E_FORMATS_TRUNCATED
                                                                    : O2C_E_FORMATS_SYNTAX;
    return o2c__fail_at(err, status, "json", (uint64_t)why->position, (uint32_t)why->line, "%s", why->text);
}

static bool
too_many_brackets(const struct o2c_formats_policy *policy)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->size; i++)
        count += policy->bytes[i] == '{' || policy->bytes[i] == '[';
    return count > BRACKETS_MAX;
}

o2c_status
o2c__policy_read(struct o2c_formats_policy *policy, o2c_error *err)
{
    json_error_t why;
    if (policy->size >= 3 && memcmp(policy->bytes, "\xEF\xBB\xBF", 3) == 0) {
        policy->bytes += 3;
        policy->size -= 3;
    }
    if (policy->size == 0)
        return o2c__fail_at(err, O2C_E_FORMATS_EMPTY, "json", 0, 1, "the policy has no bytes");
    if (too_many_brackets(policy))
        return o2c__fail_at(err, O2C_E_LIMIT, "json", O2C_NOWHERE, 0, "more than %d brackets: this is no policy", BRACKETS_MAX);
    json_t *top = json_loadb(policy->bytes, policy->size, JSON_REJECT_DUPLICATES, &why);
    if (!top)
        return refuse_grammar(&why, err);
    o2c_status status = json_is_object(top) ? read_top(policy, top, err)
                                            : o2c__fail_at(err, O2C_E_FORMATS_SYNTAX, "json", 0, 1, "a policy is an object, in braces");
    json_decref(top);
    return status;
}

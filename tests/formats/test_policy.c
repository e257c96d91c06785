/* SPDX-License-Identifier: Apache-2.0 */
/* Policies as JSON: what is read, what is refused and where, what the linter says, and that writing gives back what was read. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/policy.h"
#include "support/faulty.h"
#include "support/tap.h"

static o2c_formats_policy *
read_text(const char *text, o2c_error *err)
{
    o2c_formats_policy *policy = NULL;
    o2c_status status = o2c_formats_read_policy(NULL, text, strlen(text), &policy, err);
    CU_ASSERT((status == O2C_OK) == (policy != NULL));
    return policy;
}

static const char full[] = "{\"version\": 1, \"description\": \"all spellings\", \"match\": {\n"
                           "  \"auto_ppm\": 990000, \"tolerance_minor\": 500,\n"
                           "  \"short_pay\": \"residual\", \"split_naked\": true, \"cross_company\": false,\n"
                           "  \"fees\": [1500, 2500], \"withholding_ppm\": [150000],\n"
                           "  \"operations_max\": 1000000\n}}";

static void
policy__every_spelling_is_read(void)
{
    o2c_match_policy match = { .struct_size = sizeof match };
    o2c_formats_policy *policy = read_text(full, NULL);
    o2c_formats_policy_match(policy, &match);
    CU_ASSERT_EQUAL(match.present, O2C_POLICY_MATCH_AUTO_PPM | O2C_POLICY_MATCH_TOLERANCE_MINOR | O2C_POLICY_MATCH_SHORT_PAY |
                                       O2C_POLICY_MATCH_SPLIT_NAKED | O2C_POLICY_MATCH_CROSS_COMPANY | O2C_POLICY_MATCH_FEES |
                                       O2C_POLICY_MATCH_WITHHOLDING_PPM | O2C_POLICY_MATCH_OPERATIONS_MAX);
    CU_ASSERT_EQUAL(match.auto_ppm, 990000);
    CU_ASSERT_EQUAL(match.tolerance_minor, 500);
    CU_ASSERT_EQUAL(match.short_pay, O2C_SHORT_PAY_RESIDUAL);
    CU_ASSERT_EQUAL(match.split_naked, 1);
    CU_ASSERT_EQUAL(match.cross_company, 0);
    CU_ASSERT_EQUAL_FATAL(match.fees_count, 2);
    CU_ASSERT(match.fees[0] == 1500 && match.fees[1] == 2500);
    CU_ASSERT_EQUAL_FATAL(match.withholding_ppm_count, 1);
    CU_ASSERT_EQUAL(match.withholding_ppm[0], 150000);
    CU_ASSERT_EQUAL(match.operations_max, 1000000);
    o2c_formats_policy_free(policy);
}

static void
policy__a_byte_order_mark_and_an_empty_layer_are_fine(void)
{
    static const char *const texts[] = { "\xEF\xBB\xBF{}", "{\"match\":{}}", " { } ", "{\"$schema\":\"policy.schema.json\"}" };
    for (size_t i = 0; i < TAP_COUNT(texts); i++) {
        o2c_match_policy match = { .struct_size = sizeof match, .auto_ppm = 7 };
        o2c_formats_policy *policy = read_text(texts[i], NULL);
        o2c_formats_policy_match(policy, &match);
        CU_ASSERT(match.present == 0 && match.auto_ppm == 0);
        o2c_formats_policy_free(policy);
    }
}

static void
policy__refuses_with_byte_line_and_field(void)
{
    static const struct {
        const char *text, *field, *says;
        o2c_status status;
        uint64_t at;
        uint32_t line;
    } rows[] = {
        { "", "json", "no bytes", O2C_E_FORMATS_EMPTY, 0, 1 },
        { "[1]", "json", "object", O2C_E_FORMATS_SYNTAX, 0, 1 },
        { "{\"match\": {\"auto_ppm\": 1}", "json", "", O2C_E_FORMATS_TRUNCATED, 25, 1 },
        { "{} x", "json", "", O2C_E_FORMATS_SYNTAX, 4, 1 },
        { "{\n\"match\": {\"auto_ppm\": 1.5}}", "auto_ppm", "whole number", O2C_E_FORMATS_FIELD, 12, 2 },
        { "{\"match\": {\"auto_ppm\": \"995000\"}}", "auto_ppm", "whole number", O2C_E_FORMATS_FIELD, 11, 1 },
        { "{\"match\": {\"auto_ppm\": 1000001}}", "auto_ppm", "500001 to 1000000", O2C_E_FORMATS_FIELD, 11, 1 },
        { "{\"match\": {\"auto_ppm\": 9223372036854775808}}", "json", "too big", O2C_E_FORMATS_SYNTAX, 42, 1 },
        { "{\"match\": {\n\"auto_pmm\": 1}}", "match", "is auto_ppm meant?", O2C_E_FORMATS_FIELD, 12, 2 },
        { "{\"match\": {\"zzz\": 1}}", "match", "no field", O2C_E_FORMATS_FIELD, 11, 1 },
        { "{\"match\": []}", "match", "object", O2C_E_FORMATS_FIELD, 1, 1 },
        { "{\"match\": {\"short_pay\": 2}}", "short_pay", "partial residual hold", O2C_E_FORMATS_FIELD, 11, 1 },
        { "{\"match\": {\"split_naked\": 1}}", "split_naked", "true or false", O2C_E_FORMATS_FIELD, 11, 1 },
        { "{\"match\": {\"fees\": 1500}}", "fees", "list", O2C_E_FORMATS_FIELD, 11, 1 },
        { "{\"match\": {\"fees\": [0]}}", "fees", "0, allowed", O2C_E_FORMATS_FIELD, 11, 1 },
        { "{\"match\": {\"fees\": [1], \"fees\": [2]}}", "json", "duplicate", O2C_E_FORMATS_REPEATED, 30, 1 },
        { "{\"version\": 2}", "version", "must be 1", O2C_E_FORMATS_FIELD, 1, 1 },
        { "{\"match\": {\"auto_ppm\": \"\xFF\"}}", "json", "", O2C_E_FORMATS_ENCODING, 24, 1 },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        o2c_error err = { 0 };
        CU_ASSERT_PTR_NULL(read_text(rows[i].text, &err));
        CU_ASSERT_EQUAL(err.status, rows[i].status);
        CU_ASSERT_STRING_EQUAL(err.field, rows[i].field);
        CU_ASSERT_EQUAL(err.offset, rows[i].at);
        CU_ASSERT_EQUAL(err.line, rows[i].line);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, rows[i].says));
        if (err.status != rows[i].status || err.offset != rows[i].at || !strstr(err.message, rows[i].says))
            fprintf(stderr, "%s: status %d at %llu, %s: %s\n", rows[i].text, err.status, (unsigned long long)err.offset, err.field, err.message);
    }
}

static void
policy__too_many_values_and_brackets_are_refused(void)
{
    char text[4096] = "{\"match\":{\"fees\":[1";
    o2c_error err = { 0 };
    for (int i = 0; i < 64; i++)
        strcat(text, ",1");
    strcat(text, "]}}");
    CU_ASSERT_PTR_NULL(read_text(text, &err));
    CU_ASSERT_EQUAL(err.status, O2C_E_FORMATS_FIELD);
    memset(text, '[', sizeof text - 1);
    text[sizeof text - 1] = 0;
    CU_ASSERT_PTR_NULL(read_text(text, &err));
    CU_ASSERT_EQUAL(err.status, O2C_E_LIMIT);
}

static bool
finds(const char *text, int32_t severity, const char *field)
{
    const o2c_formats_finding *rows;
    uint64_t count;
    o2c_str heap;
    bool found = false;
    o2c_formats_policy *policy = read_text(text, NULL);
    o2c_formats_policy_findings(policy, &rows, &count, &heap);
    for (uint64_t i = 0; i < count; i++)
        found = found || (rows[i].severity == severity && o2c__str_equal(o2c__ref_str(rows[i].field, heap), o2c__str(field)) &&
                          rows[i].text.len > 20);
    o2c_formats_policy_free(policy);
    return found;
}

static void
lint__says_what_the_author_hardly_meant(void)
{
    static const struct {
        const char *text, *field;
        int32_t severity;
    } rows[] = {
        { "{\"match\": {\"auto_ppm\": 600000}}", "auto_ppm", O2C_FINDING_ERROR },
        { "{\"match\": {\"show_ppm\": 995000}}", "show_ppm", O2C_FINDING_ERROR },
        { "{\"match\": {\"auto_ppm\": 980000}}", "auto_ppm", O2C_FINDING_WARNING },
        { "{\"match\": {\"auto_ppm\": 1000000}}", "auto_ppm", O2C_FINDING_WARNING },
        { "{\"match\": {\"max_error_ppm\": 20000}}", "max_error_ppm", O2C_FINDING_WARNING },
        { "{\"match\": {\"tolerance_minor\": 0, \"tolerance_ppm\": 100}}", "tolerance_ppm", O2C_FINDING_WARNING },
        { "{\"match\": {\"tolerance_minor\": 50, \"tolerance_ppm\": 0}}", "tolerance_minor", O2C_FINDING_WARNING },
        { "{\"match\": {\"tolerance_ppm\": 30000}}", "tolerance_ppm", O2C_FINDING_WARNING },
        { "{\"match\": {\"fees\": [100]}}", "fees", O2C_FINDING_NOTE },
        { "{\"match\": {\"fees\": [1500, 1500]}}", "fees", O2C_FINDING_WARNING },
        { "{\"match\": {\"cross_company\": true}}", "cross_company", O2C_FINDING_WARNING },
        { "{\"match\": {\"split_naked\": true}}", "split_naked", O2C_FINDING_WARNING },
        { "{\"match\": {\"auto_limit_minor\": 0}}", "auto_limit_minor", O2C_FINDING_WARNING },
        { "{\"match\": {\"operations_max\": 1000}}", "operations_max", O2C_FINDING_WARNING },
        { "{\"match\": {\"operations_max\": 1000000000}}", "operations_max", O2C_FINDING_WARNING },
        { "{\"match\": {\"short_pay\": \"partial\"}}", "short_pay", O2C_FINDING_NOTE },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        CU_ASSERT(finds(rows[i].text, rows[i].severity, rows[i].field));
        if (!finds(rows[i].text, rows[i].severity, rows[i].field))
            fprintf(stderr, "nothing about %s in %s\n", rows[i].field, rows[i].text);
    }
}

static void
lint__a_sound_policy_has_no_finding(void)
{
    const o2c_formats_finding *rows;
    uint64_t count = 1;
    o2c_formats_policy *policy = read_text("{\"match\": {\"tolerance_minor\": 200, \"fees\": [1500], \"short_pay\": \"hold\"}}", NULL);
    o2c_formats_policy_findings(policy, &rows, &count, NULL);
    CU_ASSERT_EQUAL(count, 0);
    o2c_formats_policy_free(policy);
}

static void
write__gives_back_what_was_read(void)
{
    char text[2048];
    size_t needed = 0;
    o2c_match_policy first = { .struct_size = sizeof first }, second = { .struct_size = sizeof second };
    o2c_formats_policy *policy = read_text(full, NULL);
    o2c_formats_policy_match(policy, &first);
    CU_ASSERT_EQUAL(o2c_formats_write_policy(&first, NULL, 0, &needed, NULL), O2C_E_ARG);
    memset(text, 'x', sizeof text);
    CU_ASSERT_EQUAL(o2c_formats_write_policy(&first, text, needed, &needed, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(text[0], 'x');
    CU_ASSERT_EQUAL_FATAL(o2c_formats_write_policy(&first, text, needed + 1, &needed, NULL), O2C_OK);
    CU_ASSERT_EQUAL(strlen(text), needed);
    CU_ASSERT_EQUAL(text[needed - 1], '\n');
    o2c_formats_policy *again = read_text(text, NULL);
    o2c_formats_policy_match(again, &second);
    CU_ASSERT(first.present == second.present && first.auto_ppm == second.auto_ppm && first.short_pay == second.short_pay);
    CU_ASSERT(first.fees_count == second.fees_count && memcmp(first.fees, second.fees, 2 * sizeof *first.fees) == 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"split_naked\": true"));
    o2c_formats_policy_free(again);
    o2c_formats_policy_free(policy);
}

static struct faulty_result
read_and_write(const o2c_env *env, void *self)
{
    struct faulty_result result = { 0, 0 };
    o2c_match_policy match = { .struct_size = sizeof match };
    o2c_formats_policy *policy = NULL;
    char text[2048] = "";
    size_t needed = 0;
    result.status = o2c_formats_read_policy(env, self, strlen(self), &policy, NULL);
    if (result.status == O2C_OK) {
        o2c_formats_policy_match(policy, &match);
        result.status = o2c_formats_write_policy(&match, text, sizeof text, &needed, NULL);
        result.digest = result.status ? 0 : faulty_digest(0, text, needed);
    }
    o2c_formats_policy_free(policy);
    return result;
}

static void
policy__every_allocation_may_fail(void)
{
    char text[sizeof full];
    memcpy(text, full, sizeof full);
    faulty_sweep("policy", read_and_write, text);
}

static uint32_t left;

static void *
scarce(size_t size)
{
    return left && left-- ? malloc(size) : NULL;
}

/* jansson takes its memory from malloc: from the n-th allocation on all fail, for every n. Inside a token it calls that a syntax error. */
static void
policy__every_allocation_of_jansson_may_fail(void)
{
    char text[sizeof full];
    uint32_t n = 0, refused = 0;
    memcpy(text, full, sizeof full);
    uint64_t whole = read_and_write(NULL, text).digest;
    json_set_alloc_funcs(scarce, free);
    for (struct faulty_result result = { -1, 0 }; result.status != O2C_OK && n < 10000; n++) {
        left = n;
        result = read_and_write(NULL, text);
        CU_ASSERT(result.status == O2C_E_NOMEM || result.status == O2C_E_FORMATS_SYNTAX ||
                  (result.status == O2C_OK && result.digest == whole));
        refused += result.status == O2C_E_NOMEM;
    }
    json_set_alloc_funcs(malloc, free);
    CU_ASSERT(refused > 20 && n < 10000);
}

static const struct tap_test tests[] = {
    { "policy__every_spelling_is_read", policy__every_spelling_is_read },
    { "policy__a_byte_order_mark_and_an_empty_layer_are_fine", policy__a_byte_order_mark_and_an_empty_layer_are_fine },
    { "policy__refuses_with_byte_line_and_field", policy__refuses_with_byte_line_and_field },
    { "policy__too_many_values_and_brackets_are_refused", policy__too_many_values_and_brackets_are_refused },
    { "lint__says_what_the_author_hardly_meant", lint__says_what_the_author_hardly_meant },
    { "lint__a_sound_policy_has_no_finding", lint__a_sound_policy_has_no_finding },
    { "write__gives_back_what_was_read", write__gives_back_what_was_read },
    { "policy__every_allocation_may_fail", policy__every_allocation_may_fail },
    { "policy__every_allocation_of_jansson_may_fail", policy__every_allocation_of_jansson_may_fail },
};

int
main(void)
{
    return tap_run("formats/policy", tests, TAP_COUNT(tests));
}

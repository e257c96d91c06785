/* SPDX-License-Identifier: Apache-2.0 */
/* Names and texts of statuses and codes, for known and unknown ones. */
#include "registry/registry.h"
#include "base/base.h"
#include "support/tap.h"

static bool
sentence(const char *text)
{
    return text && strlen(text) > 3 && text[strlen(text) - 1] == '.';
}

static void
statuses__have_name_text_cause_and_remedy(void)
{
    CU_ASSERT_FATAL(o2c__status_count > 20);
    for (uint32_t i = 0; i < o2c__status_count; i++) {
        o2c_status status = o2c__status_rows[i].status;
        CU_ASSERT_EQUAL(strncmp(o2c_status_name(status), "O2C_", 4), 0);
        CU_ASSERT(strlen(o2c_status_text(status)) > 3);
        CU_ASSERT(sentence(o2c_status_cause(status)) && sentence(o2c_status_remedy(status)));
        for (uint32_t j = 0; j < i; j++)
            CU_ASSERT_NOT_EQUAL(o2c__status_rows[j].status, status);
    }
    CU_ASSERT_STRING_EQUAL(o2c_status_name(O2C_OK), "O2C_OK");
    CU_ASSERT_STRING_EQUAL(o2c_status_name(O2C_E_NOMEM), "O2C_E_NOMEM");
}

static void
classes__hold_for_codes_nobody_knows_yet(void)
{
    static const struct {
        o2c_status status;
        int32_t class;
    } rows[] = {
        { 0, O2C_STATUS_CLASS_OK },         { 1, O2C_STATUS_CLASS_UNKNOWN }, { INT32_MAX, O2C_STATUS_CLASS_UNKNOWN },
        { -1, O2C_STATUS_CLASS_USAGE },     { -15, O2C_STATUS_CLASS_USAGE }, { O2C_E_ABI, O2C_STATUS_CLASS_USAGE },
        { -16, O2C_STATUS_CLASS_STORE },    { -31, O2C_STATUS_CLASS_STORE }, { -32, O2C_STATUS_CLASS_BOOK },
        { -63, O2C_STATUS_CLASS_BOOK },     { -64, O2C_STATUS_CLASS_ROOM },  { INT32_MIN, O2C_STATUS_CLASS_ROOM },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++)
        CU_ASSERT_EQUAL(o2c_status_class(rows[i].status), rows[i].class);
    CU_ASSERT_STRING_EQUAL(o2c_status_name(-9999), "O2C_E_?");
    CU_ASSERT(o2c_status_text(-9999)[0] && sentence(o2c_status_cause(-9999)) && sentence(o2c_status_remedy(-9999)));
    CU_ASSERT_EQUAL(o2c_status_retry(O2C_E_NOMEM), 1);
    CU_ASSERT_EQUAL(o2c_status_retry(-17), 1);
    CU_ASSERT_EQUAL(o2c_status_retry(O2C_E_CANCELED), 0);
    CU_ASSERT_EQUAL(o2c_status_retry(O2C_E_ABI), 0);
    CU_ASSERT_EQUAL(o2c_status_retry(O2C_OK), 0);
}

static void
codes__are_found_by_the_name_they_give(void)
{
    uint32_t seen = 0;
    CU_ASSERT_FATAL(o2c__code_table_count > 5);
    for (int32_t table = 1; table < (int32_t)o2c__code_table_count; table++) {
        for (uint32_t i = 0; i < o2c__code_tables[table].count; i++) {
            int64_t code = o2c__code_tables[table].rows[i].code, found = -77;
            CU_ASSERT_EQUAL(o2c_code_find(table, o2c_code_name(table, code), &found), O2C_OK);
            CU_ASSERT_EQUAL(found, code);
            CU_ASSERT(strlen(o2c_code_text(table, code)) > 1);
            seen++;
        }
    }
    CU_ASSERT(seen > 50);
}

static void
codes__nobody_knows_are_a_question_mark(void)
{
    int64_t found = -77;
    static const int32_t tables[] = { 0, -1, INT32_MIN, INT32_MAX, 1 };
    for (size_t i = 0; i < TAP_COUNT(tables); i++) {
        CU_ASSERT_STRING_EQUAL(o2c_code_name(tables[i], INT64_MAX), "?");
        CU_ASSERT_STRING_EQUAL(o2c_code_text(tables[i], INT64_MIN), "?");
        CU_ASSERT_EQUAL(o2c_code_find(tables[i], "no such name", &found), O2C_E_ARG);
    }
    CU_ASSERT_EQUAL(o2c_code_find(1, NULL, &found), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_code_find(1, o2c_code_name(1, o2c__code_tables[1].rows[0].code), NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(found, -77);
}

static void
policy__defaults_lie_in_their_ranges(void)
{
    CU_ASSERT_FATAL(o2c__policy_match_field_count > 3);
    for (uint32_t i = 0; i < o2c__policy_match_field_count; i++) {
        const struct o2c__policy_field *field = &o2c__policy_match_fields[i];
        CU_ASSERT_EQUAL(field->bit, i);
        CU_ASSERT((field->type == O2C__FIELD_U64 ? (uint64_t)field->low <= (uint64_t)field->high : field->low <= field->high));
        bool list = field->count_offset != 0, inside = field->low <= field->fallback && field->fallback <= field->high;
        CU_ASSERT(list ? field->count_max > 0 : inside);
    }
}

static const struct tap_test tests[] = {
    { "statuses__have_name_text_cause_and_remedy", statuses__have_name_text_cause_and_remedy },
    { "classes__hold_for_codes_nobody_knows_yet", classes__hold_for_codes_nobody_knows_yet },
    { "codes__are_found_by_the_name_they_give", codes__are_found_by_the_name_they_give },
    { "codes__nobody_knows_are_a_question_mark", codes__nobody_knows_are_a_question_mark },
    { "policy__defaults_lie_in_their_ranges", policy__defaults_lie_in_their_ranges },
};
int
main(void)
{
    return tap_run("base/registry", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "support/tap.h"

static void
fail__fills_every_field(void)
{
    o2c_error err;
    memset(&err, 0xEE, sizeof err);
    CU_ASSERT_EQUAL(o2c__fail(&err, O2C_E_ARG, "open_item.currency", "%s is no currency", "XYZ"), O2C_E_ARG);
    CU_ASSERT(err.status == O2C_E_ARG && err.native == 0 && err.flags == 0 && err.line == 0);
    CU_ASSERT(err.offset == O2C_NOWHERE && err.row == O2C_NOWHERE && err.sqlstate[0] == 0);
    CU_ASSERT_STRING_EQUAL(err.field, "open_item.currency");
    CU_ASSERT_STRING_EQUAL(err.message, "XYZ is no currency");
    for (size_t i = 0; i < sizeof err.reserved; i++)
        CU_ASSERT_EQUAL(err.reserved[i], 0);
    for (size_t i = strlen(err.message); i < sizeof err.message; i++)
        CU_ASSERT_EQUAL(err.message[i], 0);
}

static void
fail__knows_place_and_row(void)
{
    o2c_error err;
    CU_ASSERT_EQUAL(o2c__fail_at(&err, O2C_E_FORMATS_SYNTAX, "Amt", 4711, 12, "no"), O2C_E_FORMATS_SYNTAX);
    CU_ASSERT(err.offset == 4711 && err.line == 12 && err.row == O2C_NOWHERE);
    CU_ASSERT_EQUAL(o2c__fail_row(&err, O2C_E_MATCH_KEY, NULL, 3, "no"), O2C_E_MATCH_KEY);
    CU_ASSERT(err.row == 3 && err.offset == O2C_NOWHERE && err.line == 0 && err.field[0] == 0);
}

static void
fail__without_an_error_struct_still_answers(void)
{
    CU_ASSERT_EQUAL(o2c__fail(NULL, O2C_E_LIMIT, "x", "%d", 1), O2C_E_LIMIT);
    CU_ASSERT_EQUAL(o2c__fail_at(NULL, O2C_E_LIMIT, "x", 1, 1, "%d", 1), O2C_E_LIMIT);
    CU_ASSERT_EQUAL(o2c__fail_row(NULL, O2C_E_LIMIT, "x", 1, "%d", 1), O2C_E_LIMIT);
}

static void
retryable__is_what_the_registry_says(void)
{
    o2c_error err;
    o2c__fail(&err, O2C_E_NOMEM, "", "no memory");
    CU_ASSERT_EQUAL(err.flags, O2C_ERROR_RETRYABLE);
    o2c__fail(&err, O2C_E_CANCELED, "", "stopped");
    CU_ASSERT_EQUAL(err.flags, 0);
    o2c__fail(&err, O2C_E_ABI, "", "no");
    CU_ASSERT_EQUAL(err.flags, 0);
}

/* Fill, then the text: the cut falls inside the last code point and must take it away whole. */
static void
message__is_cut_at_a_code_point(void)
{
    static const struct {
        const char *last;
        size_t room; /* bytes left for it in the 399 of a message */
        size_t kept;
    } rows[] = {
        { "\xC3\xA9", 1, 0 },         { "\xC3\xA9", 2, 2 },         { "\xE2\x82\xAC", 1, 0 }, { "\xE2\x82\xAC", 2, 0 },
        { "\xE2\x82\xAC", 3, 3 },     { "\xF0\x9F\x92\xB6", 1, 0 }, { "\xF0\x9F\x92\xB6", 2, 0 }, { "\xF0\x9F\x92\xB6", 3, 0 },
        { "\xF0\x9F\x92\xB6", 4, 4 }, { "zz", 1, 1 },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        char fill[400];
        o2c_error err;
        size_t before = sizeof err.message - 1 - rows[i].room;
        memset(fill, 'x', before);
        fill[before] = 0;
        o2c__fail(&err, O2C_E_ARG, "", "%s%s%s", fill, rows[i].last, "tail that is cut");
        CU_ASSERT_EQUAL(strlen(err.message), before + rows[i].kept);
        CU_ASSERT_EQUAL(memcmp(err.message + before, rows[i].last, rows[i].kept), 0);
    }
}

static void
message__is_one_line_of_valid_utf8(void)
{
    static const struct {
        const char *given, *kept;
    } rows[] = {
        { "a\nb\tc\x7F" "d", "a b c d" },
        { "a\xFF" "b", "a?b" },
        { "\xC0\xAF", "??" },                 /* overlong slash */
        { "\xED\xA0\x80", "???" },            /* surrogate */
        { "\xF4\x90\x80\x80", "????" },       /* above U+10FFFF */
        { "\xE2\x82", "??" },                 /* torn by the caller, not by us */
        { "M\xC3\xBCller \xE2\x82\xAC", "M\xC3\xBCller \xE2\x82\xAC" },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        o2c_error err;
        o2c__fail(&err, O2C_E_ARG, "", "%s", rows[i].given);
        CU_ASSERT_STRING_EQUAL(err.message, rows[i].kept);
    }
}

static void
field__is_cut_to_its_room(void)
{
    o2c_error err;
    o2c__fail(&err, O2C_E_ARG, "a.name.that.is.much.longer.than.the.forty.bytes.of.the.field", "no");
    CU_ASSERT_EQUAL(strlen(err.field), sizeof err.field - 1);
}

static void
success__leaves_the_error_as_it_was(void)
{
    o2c_error err, before;
    o2c_heap *heap = NULL;
    o2c_ref ref;
    memset(&err, 0xEE, sizeof err);
    before = err;
    CU_ASSERT_EQUAL(o2c_heap_new(NULL, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_heap_add(heap, &(o2c_str){ "abc", 3 }, &ref, &err), O2C_OK);
    CU_ASSERT_EQUAL(memcmp(&err, &before, sizeof err), 0);
    o2c_heap_free(heap);
}

static const struct tap_test tests[] = {
    { "fail__fills_every_field", fail__fills_every_field },
    { "fail__knows_place_and_row", fail__knows_place_and_row },
    { "fail__without_an_error_struct_still_answers", fail__without_an_error_struct_still_answers },
    { "retryable__is_what_the_registry_says", retryable__is_what_the_registry_says },
    { "message__is_cut_at_a_code_point", message__is_cut_at_a_code_point },
    { "message__is_one_line_of_valid_utf8", message__is_one_line_of_valid_utf8 },
    { "field__is_cut_to_its_room", field__is_cut_to_its_room },
    { "success__leaves_the_error_as_it_was", success__leaves_the_error_as_it_was },
};
int
main(void)
{
    return tap_run("base/error", tests, TAP_COUNT(tests));
}

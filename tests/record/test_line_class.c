/* SPDX-License-Identifier: Apache-2.0 */
/* The class of a line as text and back. */
#include "record/record.h"
#include "support/tap.h"

static o2c_status
read_class(const char *text, uint32_t *out)
{
    o2c_str all = o2c__str(text);
    return o2c_line_class_read(&all, out, NULL);
}

static void
line_class__is_read_as_people_write_it(void)
{
    uint32_t found = 0;
    CU_ASSERT_EQUAL(read_class("M13/KNOWN/OWN/ONLY_FIT", &found), O2C_OK);
    CU_ASSERT_EQUAL(found, (uint32_t)O2C_LABEL_M13 | O2C_PAYER_KNOWN << 8 | O2C_SCOPE_OWN << 16 | O2C_CERTIFICATE_ONLY_FIT << 24);
    CU_ASSERT_EQUAL(read_class("m18/cited/Tied/clear_favorite", &found), O2C_OK);
    CU_ASSERT_EQUAL(found, (uint32_t)O2C_LABEL_M18 | O2C_PAYER_CITED << 8 | O2C_SCOPE_TIED << 16 | O2C_CERTIFICATE_CLEAR_FAVORITE << 24);
}

static void
line_class__every_class_comes_back(void)
{
    for (uint32_t label = O2C_LABEL_M01; label <= O2C_LABEL_M22; label++) {
        for (uint32_t payer = O2C_PAYER_NONE; payer <= O2C_PAYER_NAME; payer++) {
            for (uint32_t rest = 0; rest < 10; rest++) {
                uint32_t line_class = label | payer << 8 | rest / 5 << 16 | rest % 5 << 24, found = 0;
                char text[O2C_LINE_CLASS_MAX];
                o2c_line_class_write(line_class, text);
                CU_ASSERT_EQUAL(read_class(text, &found), O2C_OK);
                CU_ASSERT_EQUAL(found, line_class);
            }
        }
    }
}

static void
line_class__refuses_what_is_none_and_changes_nothing(void)
{
    static const char *const texts[] = { "",      "M13",           "M13/KNOWN/OWN",           "M13/KNOWN/OWN/ONLY_FIT/", "M13/KNOWN/OWN/ONLY",
                                         "////",  "M99/KNOWN/OWN/NONE", "M13 /KNOWN/OWN/ONLY_FIT", "M13/OWN/KNOWN/ONLY_FIT" };
    for (size_t i = 0; i < TAP_COUNT(texts); i++) {
        uint32_t found = 42;
        CU_ASSERT_EQUAL(read_class(texts[i], &found), O2C_E_ARG);
        CU_ASSERT_EQUAL(found, 42);
    }
    CU_ASSERT_EQUAL(o2c_line_class_read(NULL, NULL, NULL), O2C_E_MISUSE);
}

static void
line_class__a_part_nobody_knows_is_a_question_mark(void)
{
    char text[O2C_LINE_CLASS_MAX];
    o2c_line_class_write(UINT32_MAX, text);
    CU_ASSERT_STRING_EQUAL(text, "?/?/?/?");
}

static const struct tap_test tests[] = {
    { "line_class__is_read_as_people_write_it", line_class__is_read_as_people_write_it },
    { "line_class__every_class_comes_back", line_class__every_class_comes_back },
    { "line_class__refuses_what_is_none_and_changes_nothing", line_class__refuses_what_is_none_and_changes_nothing },
    { "line_class__a_part_nobody_knows_is_a_question_mark", line_class__a_part_nobody_knows_is_a_question_mark },
};

int
main(void)
{
    return tap_run("record/line_class", tests, TAP_COUNT(tests));
}

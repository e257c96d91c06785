/* SPDX-License-Identifier: Apache-2.0 */
/* Release and suspension of classes: by the sample, by corrections, lifted by a person; CA-07 through the whole matcher. */
#include <stdio.h>
#include <string.h>

#include "match/f1.h"
#include "match/learn.h"
#include "match/lessons.h"
#include "support/tap.h"

static void
add_sample(struct lessons *lessons, uint32_t right, uint32_t wrong)
{
    for (uint32_t i = 0; i < right + wrong; i++) {
        o2c_feedback *row = lessons_line(lessons, "P", "C1", 0, M13_KNOWN);
        row->source = O2C_FEEDBACK_BLIND;
        row->would_auto = 1;
        row->verdict = i < wrong ? O2C_VERDICT_MODIFIED : O2C_VERDICT_CONFIRMED;
    }
}

static o2c_match_rules *
rules_releasing(uint32_t line_class)
{
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_RELEASED, .released = &line_class, .released_count = 1 };
    const o2c_match_policy *layer = &policy;
    o2c_match_rules *rules = NULL;
    CU_ASSERT_EQUAL_FATAL(o2c_match_rules_new(NULL, &layer, 1, &rules, NULL), O2C_OK);
    return rules;
}

static o2c_match_class_record
record_of(const o2c_match_model *model, uint32_t line_class)
{
    o2c_match_class_record rows[16] = { { 0 } };
    uint64_t count = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_classes(model, rows, 16, &count, NULL), O2C_OK);
    for (uint64_t i = 0; i < count; i++)
        if (rows[i].line_class == line_class)
            return rows[i];
    return rows[15];
}

static void
suspension__by_the_sample_only_of_a_released_class(void)
{
    struct lessons lessons;
    o2c_match_rules *rules = rules_releasing(M13_KNOWN);
    lessons_open(&lessons);
    add_sample(&lessons, 500, 0);
    o2c_match_model *model = lessons_learn(&lessons, NULL, rules, NULL);
    CU_ASSERT_EQUAL(record_of(model, M13_KNOWN).suspended, 0); /* few lines prove little, but none was wrong */
    CU_ASSERT_EQUAL(record_of(model, M13_KNOWN).sample_lines, 500);
    lessons_clear(&lessons);
    add_sample(&lessons, 0, 1);
    o2c_match_model *closed = NULL, *open = NULL;
    o2c_str heap;
    o2c_heap_bytes(lessons.heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_learn(model, NULL, lessons.rows, 1, &heap, &open, NULL, NULL), O2C_OK);
    CU_ASSERT_EQUAL(record_of(open, M13_KNOWN).suspended, 0);
    CU_ASSERT_EQUAL_FATAL(o2c_match_learn(model, rules, lessons.rows, 1, &heap, &closed, NULL, NULL), O2C_OK);
    CU_ASSERT_EQUAL(record_of(closed, M13_KNOWN).suspended, 1);
    CU_ASSERT_EQUAL(record_of(closed, M13_KNOWN).sample_bound_ppm, o2c_match_bound_ppm(1, 501));
    o2c_match_model_free(open);
    o2c_match_model_free(closed);
    o2c_match_model_free(model);
    o2c_match_rules_free(rules);
    lessons_close(&lessons);
}

static void
suspension__a_proved_sample_bears_an_error(void)
{
    struct lessons lessons;
    o2c_match_rules *rules = rules_releasing(M13_KNOWN);
    lessons_open(&lessons);
    add_sample(&lessons, 4741, 1);
    o2c_match_model *model = lessons_learn(&lessons, NULL, rules, NULL);
    CU_ASSERT_EQUAL(record_of(model, M13_KNOWN).suspended, 0);
    CU_ASSERT(record_of(model, M13_KNOWN).sample_bound_ppm <= 1000);
    o2c_match_model_free(model);
    o2c_match_rules_free(rules);
    lessons_close(&lessons);
}

static void
add_history(struct lessons *lessons, uint32_t right, uint32_t wrong)
{
    for (uint32_t i = 0; i < right + wrong; i++) {
        o2c_feedback *row = lessons_line(lessons, "P", i % 2 ? "elsewhere" : "neighbor", (int32_t)(i % 2), M13_KNOWN);
        row->verdict = O2C_VERDICT_HISTORY;
        row->source = O2C_FEEDBACK_HISTORY;
        row->right = i >= wrong;
        row->would_auto = 1;
        row->error_ppb = 2000;
    }
}

static void
suspension__by_corrections_beyond_the_maximum(void)
{
    struct lessons lessons;
    o2c_match_rules *rules = rules_releasing(M13_KNOWN);
    lessons_open(&lessons);
    add_history(&lessons, 5200, 0);
    o2c_match_model *model = lessons_learn(&lessons, NULL, rules, NULL);
    for (uint32_t i = 1; i <= 6; i++) {
        lessons_clear(&lessons);
        lessons_line(&lessons, "P", "C1", 0, M13_KNOWN)->verdict = O2C_VERDICT_REVERSED;
        model = lessons_learn(&lessons, model, rules, NULL);
        CU_ASSERT_EQUAL(record_of(model, M13_KNOWN).suspended, i > 5); /* 1,000 ppm of 5,200 lines is five */
    }
    o2c_match_model_free(model);
    o2c_match_rules_free(rules);
    lessons_close(&lessons);
}

static void
suspension__only_a_person_lifts_it(void)
{
    struct lessons lessons;
    o2c_match_rules *rules = rules_releasing(M13_KNOWN);
    o2c_match_model *lifted = NULL;
    uint32_t line_class = M13_KNOWN;
    lessons_open(&lessons);
    add_sample(&lessons, 100, 2);
    o2c_match_model *model = lessons_learn(&lessons, NULL, rules, NULL);
    lessons_clear(&lessons);
    add_sample(&lessons, 3000, 0);
    lessons.rows[0].day += 1000; /* long forgotten */
    model = lessons_learn(&lessons, model, rules, NULL);
    CU_ASSERT_EQUAL(record_of(model, M13_KNOWN).suspended, 1);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_lift(model, &line_class, 1, &lifted, NULL), O2C_OK);
    CU_ASSERT_EQUAL(record_of(lifted, M13_KNOWN).suspended, 0);
    CU_ASSERT_EQUAL(record_of(lifted, M13_KNOWN).sample_lines, 0);
    CU_ASSERT_EQUAL(record_of(lifted, M13_KNOWN).wrong, record_of(model, M13_KNOWN).wrong);
    o2c_match_model_free(lifted);
    o2c_match_model_free(model);
    o2c_match_rules_free(rules);
    lessons_close(&lessons);
}

static void
sample__forgets_after_a_year(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    add_sample(&lessons, 10, 0);
    lessons.rows[0].day = 20000 - 400;
    lessons.rows[1].day = 20000 - 300;
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(record_of(model, M13_KNOWN).sample_lines, 9);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* A bound is counted on lines that would have posted themselves, judged by somebody who had not seen our answer. */
static void
release__counts_blind_lines_that_would_have_posted(void)
{
    static const struct {
        int32_t source, verdict;
        uint32_t would_auto;
        uint64_t sample, history;
    } rows[] = { { O2C_FEEDBACK_BLIND, O2C_VERDICT_CONFIRMED, 1, 1, 0 },   { O2C_FEEDBACK_BLIND, O2C_VERDICT_CONFIRMED, 0, 0, 0 },
                 { O2C_FEEDBACK_SHOWN, O2C_VERDICT_CONFIRMED, 1, 0, 0 },   { O2C_FEEDBACK_SHOWN, O2C_VERDICT_CONFIRMED, 0, 0, 0 },
                 { O2C_FEEDBACK_HISTORY, O2C_VERDICT_HISTORY, 1, 0, 1 },   { O2C_FEEDBACK_HISTORY, O2C_VERDICT_HISTORY, 0, 0, 0 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lessons lessons;
        lessons_open(&lessons);
        o2c_feedback *row = lessons_line(&lessons, "P", "C1", 0, M13_KNOWN);
        row->source = rows[i].source;
        row->verdict = rows[i].verdict;
        row->would_auto = rows[i].would_auto;
        row->right = rows[i].verdict == O2C_VERDICT_HISTORY;
        o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
        o2c_match_class_record record = record_of(model, M13_KNOWN);
        CU_ASSERT_EQUAL(record.sample_lines, rows[i].sample);
        CU_ASSERT_EQUAL(record.history_lines, rows[i].history);
        CU_ASSERT(record.judged > 0); /* every judged line counts for the class error */
        o2c_match_model_free(model);
        lessons_close(&lessons);
    }
}

/* CA-07 through the whole matcher: proposed on the first day, automatic once history and a person released its class. */
static void
ca07_is_automatic_once_released_and_stops_at_the_customer_who_corrects(void)
{
    struct lessons lessons;
    struct desk desk;
    o2c_match_rules *rules;
    f1_open(&desk);
    desk_payment(&desk, "CA-07", 25000, "2026-02-03", F1_C1_IBAN, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->confidence_ppm, 929998);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->line_class, M13_KNOWN);
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_CLASS_ERROR) && desk_has_reason(&desk, 0, O2C_REASON_CLASS_NOT_RELEASED));
    lessons_open(&lessons);
    add_history(&lessons, 5199, 1);
    rules = rules_releasing(M13_KNOWN);
    o2c_match_model *model = lessons_learn(&lessons, NULL, rules, NULL);
    CU_ASSERT_EQUAL(record_of(model, M13_KNOWN).bound_ppm, 912);
    desk.base = model;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT(desk_lines(&desk, 0)->confidence_ppm > 995000);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->band, O2C_BAND_PROPOSE);
    CU_ASSERT(!desk_has_reason(&desk, 0, O2C_REASON_CLASS_ERROR) && desk_has_reason(&desk, 0, O2C_REASON_CLASS_NOT_RELEASED));
    char sentence[1024];
    CU_ASSERT_PTR_NOT_NULL(strstr(desk_say(&desk, 0, sentence, sizeof sentence), "(5200 such lines here, error at most 0.09 %)"));
    o2c_match_rules_free(desk.rules);
    desk.rules = rules;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->band, O2C_BAND_AUTO);
    lessons_clear(&lessons);
    lessons_line(&lessons, "P", "C1", 0, M13_KNOWN)->verdict = O2C_VERDICT_REVERSED;
    model = lessons_learn(&lessons, model, rules, NULL);
    desk.base = model;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->band, O2C_BAND_PROPOSE);
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_CLASS_ERROR));
    CU_ASSERT(!desk_has_reason(&desk, 0, O2C_REASON_CLASS_NOT_RELEASED));
    desk_close(&desk);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

#define TEST(name) { #name, name }
static const struct tap_test tests[] = {
    { "release__counts_blind_lines_that_would_have_posted", release__counts_blind_lines_that_would_have_posted },
    TEST(suspension__by_the_sample_only_of_a_released_class),
    TEST(suspension__a_proved_sample_bears_an_error),
    TEST(suspension__by_corrections_beyond_the_maximum),
    TEST(suspension__only_a_person_lifts_it),
    TEST(sample__forgets_after_a_year),
    TEST(ca07_is_automatic_once_released_and_stops_at_the_customer_who_corrects),
};

int
main(void)
{
    return tap_run("match/release", tests, TAP_COUNT(tests));
}

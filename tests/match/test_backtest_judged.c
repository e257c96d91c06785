/* SPDX-License-Identifier: Apache-2.0 */
/* Clerks err too: a drawn part of the disagreements is judged by a person, and what she says of it speaks for all (MATCHER 15.2). */
#include <stdio.h>
#include <string.h>

#include "match/past.h"
#include "support/tap.h"

#define JUDGED_MAX 64

static void
matcher_15_2_bound_of_a_judged_sample(void)
{
    /* 720 of 240,000 differ: at most 3,227 ppm; 60 drawn, none against us: at most 5.96 %; the product is 192.4 ppm, rounded up */
    CU_ASSERT_EQUAL(o2c_match_judged_bound_ppm(720, 240000, 0, 60), 193);
    CU_ASSERT_EQUAL(o2c_match_judged_bound_ppm(720, 240000, 0, 0), o2c_match_bound_ppm(720, 240000));
    CU_ASSERT_EQUAL(o2c_match_judged_bound_ppm(0, 2995, 0, 60), 74);
    CU_ASSERT_EQUAL(o2c_match_judged_bound_ppm(0, 0, 0, 60), 59630);
    for (uint64_t against = 1; against <= 60; against++) {
        uint32_t less = o2c_match_judged_bound_ppm(720, 240000, against - 1, 60), more = o2c_match_judged_bound_ppm(720, 240000, against, 60);
        CU_ASSERT(less <= more);
        CU_ASSERT(more <= o2c_match_bound_ppm(720, 240000));
    }
    CU_ASSERT_EQUAL(o2c_match_judged_bound_ppm(720, 240000, 60, 60), o2c_match_bound_ppm(720, 240000));
}

static void
replay(struct past *past)
{
    CU_ASSERT_EQUAL_FATAL(past_replay(past), O2C_OK);
}

/* Two payments a day, each cites its invoice; on every other day the clerk books each on the invoice of the other, all of them in March. */
static void
open_past(struct past *past)
{
    past_open(past);
    desk_account(&past->desk, "C1", "Acme Tools GmbH");
    desk_bank_account(&past->desk, "C1", "DE02120300000000202051");
    for (uint32_t i = 0; i < 24; i++) {
        char item[16], number[16], payment[16], day[16];
        int64_t amount = 100000 + 377 * i;
        snprintf(item, sizeof item, "I%02u", i);
        snprintf(number, sizeof number, "INV-1002%02u", i);
        snprintf(payment, sizeof payment, "P%02u", i);
        snprintf(day, sizeof day, "2026-02-%02u", 3 + i / 2);
        desk_item(&past->desk, item, "C1", number, amount, "2026-01-05", "2026-02-04");
        desk_payment(&past->desk, payment, amount, day, "DE02120300000000202051", number);
        if (i / 2 % 2 == 0)
            snprintf(item, sizeof item, "I%02u", i ^ 1u);
        past_clear(past, payment, item, amount, "2026-03-20");
    }
}

static o2c_match_report_header
header_of(const struct past *past)
{
    o2c_match_report_header header = { .struct_size = sizeof header };
    o2c_match_report_header_read(past->report, &header);
    return header;
}

/* Keys of the payments to be judged, in the order of the draw. */
static uint32_t
drawn(const struct past *past, o2c_judgment judgments[JUDGED_MAX])
{
    const o2c_match_disagreement *rows;
    const o2c_match_answer *answers;
    uint64_t count, answers_count, seen = 0;
    o2c_match_report_disagreements(past->report, &rows, &count);
    o2c_match_report_answers(past->report, &answers, &answers_count);
    CU_ASSERT_FATAL(count >= 5 && count <= JUDGED_MAX);
    memset(judgments, 0, JUDGED_MAX * sizeof *judgments);
    for (uint64_t i = 0; i < count; i++) {
        CU_ASSERT_FATAL(rows[i].draw >= 1 && rows[i].draw <= count);
        seen |= UINT64_C(1) << (rows[i].draw - 1);
        judgments[rows[i].draw - 1].payment = past->desk.payments[answers[rows[i].answer].payment].key;
        judgments[rows[i].draw - 1].verdict = O2C_POSSIBLE_OURS;
    }
    CU_ASSERT_EQUAL(seen, count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1);
    return (uint32_t)count;
}

static void
judge(struct past *past, const o2c_judgment *judgments, uint32_t count)
{
    past->options.judgments = judgments;
    past->options.judgments_count = count;
    o2c_heap_bytes(past->desk.heap, &past->options.judgments_heap);
}

/* What every class together remembers as wrong. */
static uint64_t
remembered(const struct past *past, uint64_t *out_judged)
{
    static o2c_match_class_record rows[512];
    uint64_t count = 0, wrong = 0;
    *out_judged = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_classes(o2c_match_report_model(past->report), rows, 512, &count, NULL), O2C_OK);
    for (uint64_t i = 0; i < count; i++) {
        wrong += rows[i].wrong;
        *out_judged += rows[i].judged;
    }
    return wrong;
}

static void
what_is_judged_blindly_lowers_the_bounds_and_what_classes_remember(void)
{
    static struct past past;
    static o2c_judgment judgments[JUDGED_MAX];
    const o2c_match_class_result *classes;
    uint64_t classes_count, lines, lines_after;
    open_past(&past);
    replay(&past);
    o2c_match_report_header before = header_of(&past);
    uint32_t count = drawn(&past, judgments);
    uint64_t wrong = remembered(&past, &lines);
    CU_ASSERT_EQUAL(before.differing, count);
    CU_ASSERT_EQUAL(before.drawn, 0);
    CU_ASSERT_EQUAL(before.against_bound_ppm, 1000000);
    judge(&past, judgments, count);
    replay(&past);
    o2c_match_report_header after = header_of(&past);
    CU_ASSERT_EQUAL(after.drawn, count);
    CU_ASSERT_EQUAL(after.against, 0);
    CU_ASSERT(after.against_bound_ppm < 600000);
    CU_ASSERT(memcmp(after.answers_hash, before.answers_hash, 32) == 0); /* no day knows what was judged later */
    CU_ASSERT(memcmp(after.last_model_hash, before.last_model_hash, 32) != 0);
    CU_ASSERT(remembered(&past, &lines_after) < wrong);
    CU_ASSERT_EQUAL(lines_after, lines);
    o2c_match_report_classes(past.report, &classes, &classes_count);
    uint32_t lower = 0;
    for (uint64_t i = 0; i < classes_count; i++) {
        CU_ASSERT_EQUAL(classes[i].bound_ppm, o2c_match_judged_bound_ppm(classes[i].different, classes[i].lines, 0, count));
        lower += classes[i].different && classes[i].bound_ppm < o2c_match_bound_ppm(classes[i].different, classes[i].lines);
    }
    CU_ASSERT(lower > 0);
    past_close(&past);
}

static void
who_judges_cannot_pick(void)
{
    static struct past past;
    static o2c_judgment judgments[JUDGED_MAX], picked[JUDGED_MAX];
    open_past(&past);
    replay(&past);
    uint32_t count = drawn(&past, judgments);
    memcpy(picked, judgments, sizeof picked);
    picked[2] = judgments[3]; /* the third of the draw is left out */
    picked[1].verdict = O2C_POSSIBLE_BOTH;
    judge(&past, picked, 3);
    replay(&past);
    CU_ASSERT_EQUAL(header_of(&past).drawn, 2);
    CU_ASSERT_EQUAL(header_of(&past).against, 1);
    judge(&past, judgments + 1, count - 1); /* all but the first */
    replay(&past);
    CU_ASSERT_EQUAL(header_of(&past).drawn, 0);
    CU_ASSERT_EQUAL(header_of(&past).against_bound_ppm, 1000000);
    past_close(&past);
}

static void
what_is_no_judgment_is_refused_with_its_row(void)
{
    static struct past past;
    static o2c_judgment judgments[JUDGED_MAX];
    open_past(&past);
    replay(&past);
    (void)drawn(&past, judgments);
    o2c_judgment good = judgments[1];
    judge(&past, judgments, 2);
    judgments[1].verdict = 0;
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_ARG);
    CU_ASSERT_EQUAL(past.desk.err.row, 1);
    judgments[1] = judgments[0];
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MATCH_KEY);
    judgments[1] = good;
    judgments[1].payment.len = 0;
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MATCH_KEY);
    judge(&past, NULL, 2);
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MISUSE);
    past_close(&past);
}

static const struct tap_test tests[] = {
    { "matcher_15_2_bound_of_a_judged_sample", matcher_15_2_bound_of_a_judged_sample },
    { "what_is_judged_blindly_lowers_the_bounds_and_what_classes_remember", what_is_judged_blindly_lowers_the_bounds_and_what_classes_remember },
    { "who_judges_cannot_pick", who_judges_cannot_pick },
    { "what_is_no_judgment_is_refused_with_its_row", what_is_no_judgment_is_refused_with_its_row },
};

int
main(void)
{
    return tap_run("match/backtest_judged", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The audit sample: the published draw, what it does to a proposal, and that it never draws without a key. */
#include <stdio.h>
#include <string.h>

#include "match/f1.h"
#include "match/learn.h"
#include "match/lessons.h"
#include "support/tap.h"

/* bytes 00 … 0f */
static const uint64_t key[2] = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };

static o2c_match_policy
policy_of(uint32_t share_ppm)
{
    o2c_match_policy policy;
    o2c__policy_defaults(&policy);
    policy.sample_key = key;
    policy.sample_key_count = 2;
    policy.audit_sample_ppm = share_ppm;
    policy.audit_sample_proven_ppm = share_ppm < 10000 ? share_ppm : 10000;
    return policy;
}

static void
siphash__reference_vector(void)
{
    unsigned char bytes[15];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    CU_ASSERT_EQUAL(o2c__siphash24(key, bytes, sizeof bytes), UINT64_C(0xa129ca6149be45e5));
}

static bool
drawn(const o2c_match_model *model, const o2c_match_policy *policy, uint32_t line_class, uint32_t number)
{
    char payment[16];
    int len = snprintf(payment, sizeof payment, "PAY-%05u", number);
    return o2c__sampled(model, policy, line_class, (o2c_str){ payment, (size_t)len }, o2c__str("ITEM-1"));
}

static void
ca51_the_same_502_lines_on_every_run_and_shard(void)
{
    static const uint32_t first[] = { 18, 21, 76, 92, 108 };
    o2c_match_policy policy = policy_of(50000);
    o2c_match_model *model = NULL;
    uint32_t held = 0, again = 0, sum = 0, sum_again = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &model, NULL), O2C_OK);
    for (uint32_t i = 0; i < 10000; i++)
        if (drawn(model, &policy, M13_KNOWN, i)) {
            CU_ASSERT(held >= 5 || i == first[held]);
            held++;
            sum += i;
        }
    for (uint32_t shard = 0; shard < 7; shard++)
        for (uint32_t i = shard; i < 10000; i += 7)
            if (drawn(model, &policy, M03_CITED, i)) {
                again++;
                sum_again += i;
            }
    CU_ASSERT_EQUAL(held, 502);
    CU_ASSERT(again == held && sum_again == sum);
    o2c_match_model_free(model);
}

static void
sample__without_a_key_nothing_is_drawn_and_a_full_share_draws_all(void)
{
    o2c_match_policy none = policy_of(1000000), all = policy_of(1000000), zero = policy_of(0);
    o2c_match_model *model = NULL;
    none.sample_key_count = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &model, NULL), O2C_OK);
    for (uint32_t i = 0; i < 500; i++)
        CU_ASSERT(!drawn(model, &none, M13_KNOWN, i) && drawn(model, &all, M13_KNOWN, i) && !drawn(model, &zero, M13_KNOWN, i));
    o2c_match_model_free(model);
}

static void
sample__a_class_that_proved_itself_is_drawn_less(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    for (uint32_t i = 0; i < 2995; i++) {
        o2c_feedback *row = lessons_line(&lessons, "P", "a", 1, M13_KNOWN);
        row->source = O2C_FEEDBACK_BLIND;
        row->would_auto = 1;
    }
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    o2c_match_policy policy = policy_of(50000);
    uint32_t proven = 0, other = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        bool in = drawn(model, &policy, M13_KNOWN, i);
        CU_ASSERT(!in || drawn(model, &policy, M03_CITED, i)); /* the smaller draw lies in the larger one */
        proven += in;
        other += drawn(model, &policy, M03_CITED, i);
    }
    CU_ASSERT(proven > 70 && proven < 130);
    CU_ASSERT_EQUAL(other, 502);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
solve_with(struct desk *desk, uint32_t share_ppm, const uint32_t *released, uint64_t released_count)
{
    o2c_match_policy policy = { .struct_size = sizeof policy };
    policy.present = O2C_POLICY_MATCH_AUDIT_SAMPLE_PPM | O2C_POLICY_MATCH_SAMPLE_KEY | O2C_POLICY_MATCH_RELEASED;
    policy.audit_sample_ppm = share_ppm;
    policy.sample_key = key;
    policy.sample_key_count = 2;
    policy.released = released;
    policy.released_count = released_count;
    desk_policy(desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
}

static void
sample__a_drawn_line_is_proposed_and_says_so(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "CA-01", 100000, "2026-02-03", F1_C1_IBAN, "INV-100234");
    solve_with(&desk, 0, NULL, 0);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->would_auto, 1);
    CU_ASSERT(!desk_has_reason(&desk, 0, O2C_REASON_AUDIT_SAMPLE));
    solve_with(&desk, 1000000, NULL, 0);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->band, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->would_auto, 1);
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_AUDIT_SAMPLE));
    desk_close(&desk);
}

/* Cold, M18 stands far below the bar: a model with a long clean record of the class lifts it. */
static void
sample__a_naked_set_is_held_whole(void)
{
    struct desk desk;
    struct lessons lessons;
    uint32_t released[1];
    uint32_t mixed = 0;
    lessons_open(&lessons);
    f1_open(&desk);
    for (uint32_t i = 0; i < 40; i++) {
        char payment[16];
        snprintf(payment, sizeof payment, "N%u", i);
        desk.payments_count = desk.texts_count = 0;
        desk_payment(&desk, payment, 75000, "2026-02-03", F1_C1_IBAN, NULL);
        if (i == 0) {
            desk_solve(&desk);
            released[0] = desk_lines(&desk, 0)->line_class;
            for (uint32_t k = 0; k < 60000; k++)
                lessons_line(&lessons, "P", "C1", 0, released[0]);
            desk.base = lessons_learn(&lessons, NULL, NULL, NULL);
        }
        solve_with(&desk, 400000, released, 1);
        const o2c_line *line = desk_lines(&desk, 0);
        CU_ASSERT_EQUAL_FATAL(desk_proposal(&desk, 0)->lines_count, 2);
        CU_ASSERT(line[0].band == line[1].band);
        CU_ASSERT(line[0].would_auto && line[1].would_auto);
        CU_ASSERT((line[0].band == O2C_BAND_PROPOSE) == (desk_has_reason(&desk, 0, O2C_REASON_AUDIT_SAMPLE) != 0));
        mixed |= line[0].band == O2C_BAND_AUTO ? 1 : 2;
    }
    CU_ASSERT_EQUAL(mixed, 3);
    o2c_match_model_free((o2c_match_model *)(uintptr_t)desk.base);
    desk.base = NULL;
    desk_close(&desk);
    lessons_close(&lessons);
}

/* The 502 lines that were drawn, 2 of them answered otherwise; 9,498 posted, 3 of them taken back. Only the first say how precise we are. */
static void
ca51_precision_is_told_from_the_sample_alone(void)
{
    struct lessons lessons;
    o2c_match_policy policy = policy_of(50000);
    o2c_match_model *model = NULL;
    o2c_match_precision told, other;
    o2c_str heap;
    uint32_t held = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &model, NULL), O2C_OK);
    lessons_open(&lessons);
    for (uint32_t i = 0; i < 10000; i++) {
        bool blind = drawn(model, &policy, M13_KNOWN, i);
        o2c_feedback *row = lessons_line(&lessons, "P", "a", 1, M13_KNOWN);
        row->source = blind ? O2C_FEEDBACK_BLIND : O2C_FEEDBACK_SHOWN;
        row->verdict = !blind ? O2C_VERDICT_POSTED : held % 250 == 7 ? O2C_VERDICT_REJECTED : O2C_VERDICT_CONFIRMED;
        row->would_auto = 1;
        held += blind;
    }
    for (uint32_t i = 0; i < 3; i++) {
        o2c_feedback *row = lessons_line(&lessons, "P", "a", 1, M13_KNOWN);
        row->verdict = i ? O2C_VERDICT_REVERSED : O2C_VERDICT_MODIFIED;
        row->source = O2C_FEEDBACK_ERP;
    }
    o2c_heap_bytes(lessons.heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_measure_precision(lessons.rows, lessons.count, &heap, 0, &told, NULL), O2C_OK);
    CU_ASSERT(told.sample_lines == 502 && told.sample_wrong == 2);
    CU_ASSERT_EQUAL(told.precision_ppm, 996015); /* 500 of 502, rounded down */
    CU_ASSERT_EQUAL(told.bound_ppm, o2c_match_bound_ppm(2, 502));
    CU_ASSERT(told.posted == 9498 && told.corrected == 3);
    CU_ASSERT_EQUAL(told.correction_ppm, 316); /* 315.9, rounded up */
    /* what was shown, what nobody touched and what would not have posted itself moves nothing */
    for (uint32_t i = 0; i < 4000; i++) {
        o2c_feedback *row = lessons_line(&lessons, "P", "a", 1, M13_KNOWN);
        row->would_auto = i % 2;
        row->source = i % 2 ? O2C_FEEDBACK_SHOWN : O2C_FEEDBACK_BLIND;
        row->verdict = i % 4 == 3 ? O2C_VERDICT_EXPIRED : O2C_VERDICT_CONFIRMED;
    }
    o2c_heap_bytes(lessons.heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_measure_precision(lessons.rows, lessons.count, &heap, 0, &other, NULL), O2C_OK);
    CU_ASSERT_EQUAL(memcmp(&told, &other, sizeof told), 0);
    CU_ASSERT_EQUAL_FATAL(o2c_match_measure_precision(lessons.rows, lessons.count, &heap, M03_CITED, &other, NULL), O2C_OK);
    CU_ASSERT(other.sample_lines == 0 && other.precision_ppm == 0 && other.bound_ppm == 1000000 && other.line_class == M03_CITED);
    lessons.rows[17].day = 0;
    CU_ASSERT_EQUAL(o2c_match_measure_precision(lessons.rows, lessons.count, &heap, 0, &other, NULL), O2C_E_MATCH_FEEDBACK);
    CU_ASSERT_EQUAL(o2c_match_measure_precision(lessons.rows, 1, &heap, 0, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_measure_precision(NULL, 1, &heap, 0, &other, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_measure_precision(NULL, 0, NULL, 0, &other, NULL), O2C_OK);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static const struct tap_test tests[] = {
    { "ca51_precision_is_told_from_the_sample_alone", ca51_precision_is_told_from_the_sample_alone },
    { "siphash__reference_vector", siphash__reference_vector },
    { "ca51_the_same_502_lines_on_every_run_and_shard", ca51_the_same_502_lines_on_every_run_and_shard },
    { "sample__without_a_key_nothing_is_drawn_and_a_full_share_draws_all", sample__without_a_key_nothing_is_drawn_and_a_full_share_draws_all },
    { "sample__a_class_that_proved_itself_is_drawn_less", sample__a_class_that_proved_itself_is_drawn_less },
    { "sample__a_drawn_line_is_proposed_and_says_so", sample__a_drawn_line_is_proposed_and_says_so },
    { "sample__a_naked_set_is_held_whole", sample__a_naked_set_is_held_whole },
};

int
main(void)
{
    return tap_run("match/sample", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Differences are counted, forgotten, revoked and bounded; equal feedback gives equal bytes; codes of a payer find their reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/difference.h"
#include "match/learning.h"
#include "match/lessons.h"
#include "match/tables.h"
#include "support/faulty.h"
#include "support/tap.h"

#define DAY 20000
static const int64_t fees[] = { 500, 1000, 1500, 2500, 3500 };

static o2c_feedback *
differ(struct lessons *lessons, const char *account, int64_t owed, int64_t differed, int32_t ended)
{
    o2c_feedback *row = lessons_line(lessons, "P", account, 2, 0);
    row->owed_minor = owed;
    row->differed_minor = differed;
    row->ended = ended;
    memcpy(row->currency, "EUR", 4);
    return row;
}

/* How often the density of a customer's short payment is that of nobody, Q16; fee: that of a listed one. */
static int64_t
raised(const o2c_match_model *model, const char *account, int64_t owed, int64_t differed)
{
    struct o2c__differs differs;
    struct o2c__kept kept = { NULL, "EUR", owed - differed, owed, 0 };
    o2c__differs_of(model, o2c__str(account), 2, &differs);
    return o2c__differs_short(&differs, &kept) - o2c__ln_short(kept.amount, kept.open);
}

/* Weights of a listed fee and of a short payment by just that amount, with their classes. */
static void
fee_weights(const o2c_match_model *model, const char *account, int64_t owed, int64_t fee, int64_t out[2])
{
    static const o2c_match_policy policy = { .fees = fees, .fees_count = 5 };
    struct o2c__differs differs;
    struct o2c__kept kept = { &policy, "EUR", owed - fee, owed, 0 };
    o2c__differs_of(model, o2c__str(account), 2, &differs);
    out[0] = o2c__differs_fee(&differs, &kept) + o2c__ln_class[O2C_ARITHMETIC_X3];
    out[1] = o2c__differs_short(&differs, &kept) + o2c__ln_class[O2C_ARITHMETIC_X7];
}

static void
ratios__are_the_roundest_that_give_the_amount(void)
{
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(100000, 3000), 30000);
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(100000, 5000), 50000);
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(123457, 3086), 25000); /* 2.5 %, to the cent */
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(123457, 3100), 0);
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(1000, 30), 0); /* of so small a sum any amount is some per cent */
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(100000, 60000), 0);
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(0, 1), 0);
    CU_ASSERT_EQUAL(o2c__differ_ratio_key(INT64_MAX, INT64_MAX / 100), 0);
    CU_ASSERT_EQUAL(o2c__differ_amount_key("EU1", 5, 0), 0);
    CU_ASSERT_EQUAL(o2c__differ_amount_key("EUR", INT64_MAX, 0), 0);
    CU_ASSERT(o2c__differ_amount_key("EUR", 5, 0) != o2c__differ_amount_key("USD", 5, 0));
}

static void
csh_17_two_confirmations_are_full_evidence_for_the_third_payment(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    differ(&lessons, "C1", 100000, 3000, O2C_ARITHMETIC_X7);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(raised(model, "C1", 250000, 7500), 0);
    lessons_clear(&lessons);
    differ(&lessons, "C1", 180000, 5400, O2C_ARITHMETIC_X7)->day = DAY + 1;
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(raised(model, "C1", 250000, 7500), O2C__LN_DIFFER_MOST); /* the ratio, of another sum */
    CU_ASSERT_EQUAL(raised(model, "C1", 250000, 7400), 0);
    CU_ASSERT_EQUAL(raised(model, "C2", 250000, 7500), 0);
    lessons_clear(&lessons);
    o2c_feedback *row = differ(&lessons, "C1", 250000, 7500, O2C_ARITHMETIC_X7);
    row->day = DAY + 2;
    row->verdict = O2C_VERDICT_REVERSED; /* revoked: review again */
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(raised(model, "C1", 250000, 7500), 0);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* What was learned by mistake, or is no longer so, is forgotten with the half-life. */
static void
csh_17_a_habit_decays(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    differ(&lessons, "C1", 100000, 3000, O2C_ARITHMETIC_X7);
    differ(&lessons, "C1", 100000, 3000, O2C_ARITHMETIC_X7);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(raised(model, "C1", 250000, 7500), O2C__LN_DIFFER_MOST);
    lessons_clear(&lessons);
    differ(&lessons, "C1", 100000, 0, O2C_ARITHMETIC_X0)->day = DAY + 200;
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(raised(model, "C1", 250000, 7500), 0);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* Silence, a refusal and a posting teach nothing. */
static void
csh_17_silence_changes_no_byte(void)
{
    static const int32_t silent[] = { O2C_VERDICT_POSTED, O2C_VERDICT_REFUSED_TECHNICAL, O2C_VERDICT_EXPIRED };
    struct lessons lessons;
    o2c_match_model *cold = NULL, *model;
    lessons_open(&lessons);
    for (size_t i = 0; i < 3; i++)
        differ(&lessons, "C1", 100000, 3000, O2C_ARITHMETIC_X7)->verdict = silent[i];
    model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_FATAL(o2c_match_model_new(NULL, &cold, NULL) == O2C_OK);
    CU_ASSERT(lessons_same(cold, model));
    o2c_match_model_free(cold);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* The same amount as a fee at one host, and as a short payment at another. */
static void
fees__weigh_what_was_counted_of_them(void)
{
    int64_t cold[2], weights[2];
    struct lessons lessons;
    lessons_open(&lessons);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    fee_weights(model, "C1", 95000, 1000, cold);
    CU_ASSERT(cold[0] - cold[1] > 5 * 65536);
    for (int i = 0; i < 400; i++)
        differ(&lessons, "C9", 90000, i % 10 ? 0 : 1000, i % 10 ? O2C_ARITHMETIC_X0 : O2C_ARITHMETIC_X3);
    model = lessons_learn(&lessons, model, NULL, NULL);
    fee_weights(model, "C1", 95000, 1000, weights);
    CU_ASSERT(weights[0] > cold[0] + 65536 && weights[0] <= cold[0] + 90853); /* at most four times */
    CU_ASSERT(weights[1] >= cold[1] && weights[1] < cold[1] + 65536);
    lessons_clear(&lessons);
    for (int i = 0; i < 80; i++)
        differ(&lessons, "C8", 90000, 1000, O2C_ARITHMETIC_X7);
    model = lessons_learn(&lessons, model, NULL, NULL);
    fee_weights(model, "C1", 95000, 1000, weights);
    CU_ASSERT(weights[1] > weights[0] - 6554 && weights[1] <= weights[0]); /* nobody knows; the counter does not say "short" */
    fee_weights(model, "C1", 95000, 1500, weights);
    CU_ASSERT(weights[1] < weights[0] - 2 * 65536); /* another amount, as round as none of those */
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* An amount that nobody counted yet is as round as others that stay short here. */
static void
fees__of_round_short_payers_are_doubted(void)
{
    int64_t before[2], after[2];
    struct lessons lessons;
    lessons_open(&lessons);
    for (int i = 0; i < 1000; i++)
        differ(&lessons, "C9", 90000, 0, O2C_ARITHMETIC_X0);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    fee_weights(model, "C1", 95000, 1000, before);
    lessons_clear(&lessons);
    for (int i = 0; i < 50; i++)
        differ(&lessons, "C9", 90000, 1000 * (2 + i % 7), O2C_ARITHMETIC_X7);
    model = lessons_learn(&lessons, model, NULL, NULL);
    fee_weights(model, "C1", 95000, 1000, after);
    CU_ASSERT(after[0] - after[1] < before[0] - before[1] - 2 * 65536);
    CU_ASSERT(after[1] <= after[0]);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
fill_many(struct lessons *lessons, uint32_t count, bool backwards)
{
    for (uint32_t k = 0; k < count; k++) {
        uint32_t i = backwards ? count - 1 - k : k, amount = 100 + 37 * (i * i % 101);
        char account[] = { 'C', (char)('0' + i % 3), 0 };
        differ(lessons, account, 60000 + 1000 * (i % 50), amount, i % 4 ? O2C_ARITHMETIC_X7 : O2C_ARITHMETIC_X6)->day = DAY + (int32_t)(i % 5);
    }
}

static void
order__of_feedback_changes_no_byte(void)
{
    struct lessons lessons;
    o2c_match_model *models[2];
    for (int i = 0; i < 2; i++) {
        lessons_open(&lessons);
        fill_many(&lessons, 2000, i == 1);
        models[i] = lessons_learn(&lessons, NULL, NULL, NULL);
        lessons_close(&lessons);
    }
    CU_ASSERT(lessons_same(models[0], models[1]));
    o2c_match_model_free(models[0]);
    o2c_match_model_free(models[1]);
}

static void
rows__of_one_owner_are_bounded(void)
{
    struct lessons lessons;
    uint32_t rows[2] = { 0, 0 };
    lessons_open(&lessons);
    for (int32_t day = 0; day < 40; day++)
        for (uint32_t i = 0; i < 30; i++) {
            differ(&lessons, "C1", 60000, 1000 + 7 * (day * 30 + (int64_t)i), O2C_ARITHMETIC_X7)->day = DAY + day;
            if (i % 3 == 0)
                differ(&lessons, "C1", 60000, 777, O2C_ARITHMETIC_X7)->day = DAY + day;
        }
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    for (uint32_t i = 0; i < model->learned->rows.room; i++) {
        const struct o2c__habit_row *row = &model->learned->rows.slots[i];
        if (row->kind == O2C__DIFFER_AMOUNT)
            rows[row->owner >> 63]++;
    }
    CU_ASSERT(rows[1] <= O2C__DIFFER_ROOM && rows[0] <= 2 * O2C__DIFFER_MANY * O2C__DIFFER_ROOM);
    CU_ASSERT_EQUAL(raised(model, "C1", 60000, 777), O2C__LN_DIFFER_MOST); /* the one that comes again stays */
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
model__reads_differences_as_they_were_written(void)
{
    struct lessons lessons;
    o2c_match_model *again = NULL;
    size_t len;
    lessons_open(&lessons);
    fill_many(&lessons, 500, false);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    char *bytes = lessons_bytes(model, &len);
    CU_ASSERT_FATAL(o2c_match_model_read(NULL, &(o2c_str){ bytes, len }, &again, NULL) == O2C_OK);
    CU_ASSERT(lessons_same(model, again));
    CU_ASSERT_PTR_NOT_NULL_FATAL(model->differ);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again->differ);
    CU_ASSERT(model->differ->count > 0 && model->differ->count == again->differ->count);
    CU_ASSERT(memcmp(model->differ->atoms, again->differ->atoms, model->differ->count * sizeof model->differ->atoms[0]) == 0);
    free(bytes);
    o2c_match_model_free(model);
    o2c_match_model_free(again);
    lessons_close(&lessons);
}

static void
codes__of_a_payer_find_the_reason_that_people_gave(void)
{
    struct lessons lessons;
    o2c_str zq = o2c__str("Zq"), c1 = o2c__str("C1");
    lessons_open(&lessons);
    o2c_match_model *model = NULL;
    for (int32_t i = 0; i < 5; i++) {
        o2c_feedback *row = lessons_line(&lessons, "P", "C1", 2, 0);
        row->day = DAY + i;
        row->code = lessons_text(&lessons, "Zq");
        row->reason = i < 2 ? O2C_DEDUCTION_DAMAGE : O2C_DEDUCTION_FREIGHT;
        model = lessons_learn(&lessons, model, NULL, NULL);
        lessons_clear(&lessons);
        CU_ASSERT_EQUAL(o2c__differs_reason(model, c1, zq), i == 1 ? O2C_DEDUCTION_DAMAGE : O2C_DEDUCTION_NONE); /* then people disagree */
    }
    CU_ASSERT_EQUAL(o2c__differs_reason(model, o2c__str("C2"), zq), O2C_DEDUCTION_NONE);
    CU_ASSERT_EQUAL(o2c__differs_reason(model, c1, o2c__str("Zr")), O2C_DEDUCTION_NONE);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* Planted rows of every kind, with counts that make no sense: densities stay inside their limits. */
static void
planted__rows_stay_inside_the_limits(void)
{
    uint64_t state = 7;
    for (int round = 0; round < 3000; round++) {
        o2c_match_model *model = NULL;
        int64_t cold[2], weights[2];
        CU_ASSERT_FATAL(o2c_match_model_new(NULL, &model, NULL) == O2C_OK);
        fee_weights(model, "C1", 100000, 1000, cold);
        model->learned = o2c__memories_new(&model->context.memory);
        model->learned->day = DAY;
        for (int i = 0; i < 24; i++) {
            uint64_t owners[] = { O2C__OWNER_HOST, o2c__owner_segment(2), o2c__owner_customer(o2c__str("C1")) };
            uint64_t keys[] = { o2c__differ_amount_key("EUR", 1000, 0), o2c__differ_amount_key("EUR", 1000, 6), O2C__DIFFER_ALL,
                                o2c__differ_cause_key(O2C__DIFFER_ALL, 6), o2c__differ_round_key(1000, 6), 10000, 0, UINT64_MAX };
            uint64_t draw = o2c__mix(state++, 1);
            struct o2c__habit_row *row = o2c__habit_put(&model->learned->rows, &model->context.memory, owners[draw % 3],
                                                       1 + (uint32_t)(draw >> 8) % 5, keys[draw >> 16 & 7]);
            row->day = DAY - (int32_t)(draw >> 20 & 1023);
            row->seen = draw >> (2 + (draw >> 32 & 63) % 62);
            row->asked = o2c__mix(draw, 2) >> (2 + (draw >> 40 & 63) % 62);
        }
        CU_ASSERT_FATAL(o2c__differ_learn(model));
        fee_weights(model, "C1", 100000, 1000, weights);
        CU_ASSERT(weights[0] >= cold[0] - 45427 && weights[0] <= cold[0] + 90853);
        CU_ASSERT(weights[1] >= cold[1] && (weights[1] <= weights[0] || weights[1] == cold[1]));
        int64_t more = raised(model, "C1", 100000, 1000);
        CU_ASSERT(more >= 0 && more <= O2C__LN_DIFFER_MOST);
        o2c_match_model_free(model);
    }
}

static struct faulty_result
learn_many(const o2c_env *env, void *self)
{
    const struct lessons *lessons = self;
    struct faulty_result result = { O2C_OK, 0 };
    o2c_match_model *model = NULL, *next = NULL;
    o2c_str heap;
    o2c_heap_bytes(lessons->heap, &heap);
    result.status = o2c_match_model_new(env, &model, NULL);
    if (!result.status)
        result.status = o2c_match_learn(model, NULL, lessons->rows, lessons->count, &heap, &next, NULL, NULL);
    if (!result.status)
        result.digest = faulty_digest(0, next->hash, sizeof next->hash);
    o2c_match_model_free(next);
    o2c_match_model_free(model);
    return result;
}

static void
faults__learning_differences_may_fail_anywhere(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    fill_many(&lessons, 300, false);
    faulty_sweep("learn differences", learn_many, &lessons);
    lessons_close(&lessons);
}

static const struct tap_test tests[] = {
    { "ratios__are_the_roundest_that_give_the_amount", ratios__are_the_roundest_that_give_the_amount },
    { "csh_17_two_confirmations_are_full_evidence_for_the_third_payment", csh_17_two_confirmations_are_full_evidence_for_the_third_payment },
    { "csh_17_a_habit_decays", csh_17_a_habit_decays },
    { "csh_17_silence_changes_no_byte", csh_17_silence_changes_no_byte },
    { "fees__weigh_what_was_counted_of_them", fees__weigh_what_was_counted_of_them },
    { "fees__of_round_short_payers_are_doubted", fees__of_round_short_payers_are_doubted },
    { "order__of_feedback_changes_no_byte", order__of_feedback_changes_no_byte },
    { "rows__of_one_owner_are_bounded", rows__of_one_owner_are_bounded },
    { "model__reads_differences_as_they_were_written", model__reads_differences_as_they_were_written },
    { "codes__of_a_payer_find_the_reason_that_people_gave", codes__of_a_payer_find_the_reason_that_people_gave },
    { "planted__rows_stay_inside_the_limits", planted__rows_stay_inside_the_limits },
    { "faults__learning_differences_may_fail_anywhere", faults__learning_differences_may_fail_anywhere },
};

int
main(void)
{
    return tap_run("match/difference_learn", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Learning: what feedback teaches, in which order it does not matter, what silence does not teach, how it is taken back, bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "match/learn.h"
#include "match/lessons.h"
#include "support/faulty.h"
#include "support/tap.h"

static uint64_t seed = 7;

static uint32_t
draw(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % below);
}

static const uint32_t classes[] = { M13_KNOWN, M03_CITED, LINE_CLASS(O2C_LABEL_M18, O2C_PAYER_KNOWN, O2C_CERTIFICATE_ONLY_FIT) };

/* A busy day of every verdict; rows of one payment may teach the same thing twice. */
static void
mixed_day(struct lessons *lessons, uint32_t count, int32_t day)
{
    static const int32_t verdicts[] = { O2C_VERDICT_CONFIRMED, O2C_VERDICT_HISTORY, O2C_VERDICT_MODIFIED, O2C_VERDICT_REJECTED,
                                        O2C_VERDICT_ANSWER,    O2C_VERDICT_POSTED,  O2C_VERDICT_REVERSED };
    for (uint32_t i = 0; i < count; i++) {
        char payment[16], account[16], text[40];
        uint32_t who = draw(12);
        snprintf(payment, sizeof payment, "P%u", draw(40));
        snprintf(account, sizeof account, "C%u", who);
        o2c_feedback *row = lessons_line(lessons, payment, account, (int32_t)(who % 3), classes[draw(3)]);
        row->verdict = verdicts[draw(7)];
        row->right = (row->verdict == O2C_VERDICT_HISTORY || row->verdict == O2C_VERDICT_MODIFIED) && draw(4);
        row->source = row->verdict == O2C_VERDICT_HISTORY ? O2C_FEEDBACK_HISTORY : draw(3) ? O2C_FEEDBACK_SHOWN : O2C_FEEDBACK_BLIND;
        row->day = day;
        row->error_ppb = draw(2) ? draw(1000) : draw(600000000);
        row->would_auto = draw(2);
        snprintf(text, sizeof text, "DE%02u 1234 5678 %02u", who, draw(2));
        row->bank_account = lessons_text(lessons, draw(2) ? text : "");
        snprintf(text, sizeof text, "Acme M%s GmbH %u", draw(2) ? "\xc3\xbcller" : "ueller", who);
        row->name = lessons_text(lessons, draw(2) ? text : "");
        row->pool_count = draw(2) ? 1 + (int32_t)draw(50) : 0;
        row->set_count = row->pool_count ? 1 : 0;
        row->runs = row->set_count;
        row->oldest = row->pool_count ? draw(2) : 0;
    }
}

static void
shuffle(struct lessons *lessons, uint64_t first)
{
    for (uint64_t i = lessons->count - 1; i > first; i--) {
        uint64_t k = first + draw((uint32_t)(i - first + 1));
        o2c_feedback swap = lessons->rows[i];
        lessons->rows[i] = lessons->rows[k];
        lessons->rows[k] = swap;
    }
}

/* Every REVERSED row names a row that the model learned before. */
static void
name_rows(struct lessons *lessons, const o2c_match_model *model)
{
    o2c_match_learned rows[256];
    uint64_t count = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_learned(model, rows, 256, &count, NULL, NULL), O2C_OK);
    for (uint64_t i = 0; i < lessons->count; i++)
        if (lessons->rows[i].verdict == O2C_VERDICT_REVERSED && count)
            lessons->rows[i].learned_row = draw(4) ? rows[draw((uint32_t)count)].row : 77;
}

static void
learn__rows_of_a_day_have_no_order(void)
{
    struct lessons lessons;
    o2c_match_changes *changes, *other;
    lessons_open(&lessons);
    mixed_day(&lessons, 300, 20000);
    o2c_match_model *first = lessons_learn(&lessons, NULL, NULL, NULL);
    lessons_clear(&lessons);
    mixed_day(&lessons, 300, 20001);
    name_rows(&lessons, first);
    o2c_match_model *a = NULL;
    o2c_str heap;
    o2c_heap_bytes(lessons.heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_learn(first, NULL, lessons.rows, lessons.count, &heap, &a, &changes, NULL), O2C_OK);
    for (uint32_t round = 0; round < 20; round++) {
        o2c_match_model *b = NULL;
        const o2c_match_change *x, *y;
        uint64_t x_count, y_count;
        shuffle(&lessons, 0);
        CU_ASSERT_EQUAL_FATAL(o2c_match_learn(first, NULL, lessons.rows, lessons.count, &heap, &b, &other, NULL), O2C_OK);
        CU_ASSERT(lessons_same(a, b));
        o2c_match_changes_rows(changes, &x, &x_count, NULL);
        o2c_match_changes_rows(other, &y, &y_count, NULL);
        CU_ASSERT_EQUAL_FATAL(x_count, y_count);
        CU_ASSERT(x_count > 0);
        for (uint64_t i = 0; i < x_count; i++)
            CU_ASSERT(x[i].row == y[i].row && x[i].kind == y[i].kind && x[i].line_class == y[i].line_class);
        o2c_match_changes_free(other);
        o2c_match_model_free(b);
    }
    o2c_match_changes_free(changes);
    o2c_match_model_free(a);
    o2c_match_model_free(first);
    lessons_close(&lessons);
}

static void
learn__days_in_one_call_or_one_by_one(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    o2c_match_model *model = NULL;
    for (int32_t day = 20000; day < 20040; day += 4) {
        mixed_day(&lessons, 100, day);
        model = lessons_learn(&lessons, model, NULL, NULL);
        lessons_clear(&lessons);
    }
    seed = 7;
    struct lessons all;
    lessons_open(&all);
    uint64_t saved = seed;
    o2c_match_model *stepwise = NULL;
    for (int32_t day = 20000; day < 20040; day += 4) {
        lessons_clear(&lessons);
        mixed_day(&lessons, 100, day);
        stepwise = lessons_learn(&lessons, stepwise, NULL, NULL);
    }
    seed = saved;
    for (int32_t day = 20000; day < 20040; day += 4)
        mixed_day(&all, 100, day);
    shuffle(&all, 0);
    o2c_match_model *at_once = lessons_learn(&all, NULL, NULL, NULL);
    CU_ASSERT(lessons_same(stepwise, at_once));
    CU_ASSERT(!lessons_same(stepwise, model));
    o2c_match_model_free(model);
    o2c_match_model_free(stepwise);
    o2c_match_model_free(at_once);
    lessons_close(&all);
    lessons_close(&lessons);
}

static void
learn__silence_changes_no_byte(void)
{
    static const int32_t silent[] = { O2C_VERDICT_POSTED, O2C_VERDICT_REFUSED_TECHNICAL, O2C_VERDICT_EXPIRED };
    struct lessons lessons;
    lessons_open(&lessons);
    mixed_day(&lessons, 50, 20000);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL), *next = NULL, *cold = NULL, *still = NULL;
    lessons_clear(&lessons);
    mixed_day(&lessons, 200, 20500);
    for (uint64_t i = 0; i < lessons.count; i++) {
        lessons.rows[i].verdict = silent[i % 3];
        lessons.rows[i].right = 0;
    }
    o2c_str heap;
    o2c_heap_bytes(lessons.heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_learn(model, NULL, lessons.rows, lessons.count, &heap, &next, NULL, NULL), O2C_OK);
    CU_ASSERT(lessons_same(model, next));
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &cold, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_learn(cold, NULL, lessons.rows, lessons.count, &heap, &still, NULL, NULL), O2C_OK);
    CU_ASSERT(lessons_same(cold, still));
    o2c_match_model_free(cold);
    o2c_match_model_free(still);
    o2c_match_model_free(model);
    o2c_match_model_free(next);
    lessons_close(&lessons);
}

/* ---- bytes */
static o2c_match_model *
rich_model(void)
{
    struct lessons lessons;
    o2c_match_model *model = NULL;
    lessons_open(&lessons);
    for (int32_t day = 20000; day < 20100; day += 33) {
        mixed_day(&lessons, 60, day);
        model = lessons_learn(&lessons, model, NULL, NULL);
        lessons_clear(&lessons);
    }
    lessons_close(&lessons);
    return model;
}

static o2c_match_model *
measured(const o2c_match_model *model)
{
    struct desk desk;
    o2c_match_model *out = NULL;
    f1_open(&desk);
    desk.base = model;
    desk_payment(&desk, "P", 100, "2026-02-03", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_measure(model, desk.pool, &out, NULL), O2C_OK);
    desk_close(&desk);
    return out;
}

static void
model__survives_a_round_trip_and_keeps_its_name(void)
{
    o2c_match_model *learned = rich_model(), *model = measured(learned), *back = NULL, *cold = NULL;
    uint8_t a[32], b[32];
    size_t len;
    char *bytes = lessons_bytes(model, &len);
    o2c_str text = { bytes, len };
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_read(NULL, &text, &back, NULL), O2C_OK);
    CU_ASSERT(lessons_same(model, back));
    o2c_match_model_hash(model, a);
    o2c_match_model_hash(back, b);
    CU_ASSERT(memcmp(a, b, sizeof a) == 0);
    o2c_match_model_hash(learned, b);
    CU_ASSERT(memcmp(a, b, sizeof a) != 0);
    CU_ASSERT_EQUAL(o2c_match_model_write(model, bytes, len - 1, &len, NULL), O2C_E_ARG);
    free(bytes);
    o2c_match_model_free(back);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &cold, NULL), O2C_OK);
    bytes = lessons_bytes(cold, &len);
    text = (o2c_str){ bytes, len };
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_read(NULL, &text, &back, NULL), O2C_OK);
    CU_ASSERT(lessons_same(cold, back));
    free(bytes);
    o2c_match_model_free(back);
    o2c_match_model_free(cold);
    o2c_match_model_free(model);
    o2c_match_model_free(learned);
}

/* A model read back learns on as the one it was written from. */
static void
model__learns_on_after_a_round_trip(void)
{
    o2c_match_model *model = rich_model(), *back = NULL, *a = NULL, *b = NULL;
    struct lessons lessons;
    size_t len;
    char *bytes = lessons_bytes(model, &len);
    o2c_str text = { bytes, len }, heap;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_read(NULL, &text, &back, NULL), O2C_OK);
    lessons_open(&lessons);
    mixed_day(&lessons, 80, 20200);
    name_rows(&lessons, model);
    o2c_heap_bytes(lessons.heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_learn(model, NULL, lessons.rows, lessons.count, &heap, &a, NULL, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_learn(back, NULL, lessons.rows, lessons.count, &heap, &b, NULL, NULL), O2C_OK);
    CU_ASSERT(lessons_same(a, b));
    free(bytes);
    lessons_close(&lessons);
    o2c_match_model_free(a);
    o2c_match_model_free(b);
    o2c_match_model_free(back);
    o2c_match_model_free(model);
}

static void
model__no_changed_byte_and_no_cut_is_taken(void)
{
    o2c_match_model *learned = rich_model(), *model = measured(learned), *back = NULL;
    size_t len, accepted = 0;
    char *bytes = lessons_bytes(model, &len);
    for (size_t i = 0; i < len; i++) {
        o2c_str text = { bytes, len };
        bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
        accepted += o2c_match_model_read(NULL, &text, &back, NULL) != O2C_E_MATCH_MODEL;
        bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    }
    for (size_t i = 0; i < len; i += 1 + i / 50) {
        o2c_str text = { bytes, i };
        accepted += o2c_match_model_read(NULL, &text, &back, NULL) != O2C_E_MATCH_MODEL;
    }
    CU_ASSERT_EQUAL(accepted, 0);
    free(bytes);
    o2c_match_model_free(model);
    o2c_match_model_free(learned);
}

/* ---- refusals and faults */
static void
refused(const char *field, o2c_feedback row)
{
    struct lessons lessons;
    o2c_match_model *model = NULL, *next = NULL;
    o2c_error err = { 0 };
    o2c_str heap;
    lessons_open(&lessons);
    lessons_line(&lessons, "P", "C", 0, M13_KNOWN);
    row.payment = row.payment.len ? row.payment : lessons.rows[0].payment;
    lessons_line(&lessons, "P", "C", 0, M13_KNOWN);
    lessons.rows[1] = row;
    o2c_heap_bytes(lessons.heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &model, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_learn(model, NULL, lessons.rows, 2, &heap, &next, NULL, &err), O2C_E_MATCH_FEEDBACK);
    CU_ASSERT_EQUAL(err.row, 1);
    CU_ASSERT_STRING_EQUAL(err.field, field);
    CU_ASSERT_PTR_NULL(next);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
learn__refuses_rows_out_of_range(void)
{
    const o2c_feedback good = { .verdict = O2C_VERDICT_CONFIRMED, .source = O2C_FEEDBACK_SHOWN, .day = 20000, .line_class = M13_KNOWN };
    o2c_feedback row = good;
    row.payment = (o2c_ref){ 0xfffffff0u, 5 };
    refused("payment", row);
#define REFUSED(name, value) (row = good, row.name = (value), refused(#name, row))
    REFUSED(verdict, 0);
    REFUSED(verdict, 10);
    REFUSED(right, 1);
    REFUSED(source, 5);
    REFUSED(day, 0);
    REFUSED(line_class, 256);
    REFUSED(error_ppb, 1000000001);
    REFUSED(confidence_ppm, 1000001);
    REFUSED(would_auto, 2);
    REFUSED(oldest, 2);
    row = good;
    row.reserved2[4] = 1;
    refused("reserved", row);
    REFUSED(ended, 1);
    REFUSED(owed_minor, -1);
    REFUSED(differed_minor, 1);
    REFUSED(reason, 26);
    REFUSED(code, ((o2c_ref){ 0, 65 }));
    row = good;
    row.owed_minor = 5;
    row.ended = 9;
    refused("ended", row);
    row.ended = 7;
    row.differed_minor = 6;
    refused("differed_minor", row);
    row.differed_minor = 5;
    memcpy(row.currency, "EU", 2);
    refused("currency", row);
    REFUSED(set_count, 1);
    REFUSED(pool_count, -1);
    REFUSED(account, ((o2c_ref){ 0, 65 }));
    REFUSED(name, ((o2c_ref){ 0, 513 }));
    row = good;
    row.pool_count = 3;
    row.set_count = 3;
    row.runs = 2; /* all of three stand in one run */
    refused("runs", row);
}

static void
calls__refuse_null(void)
{
    o2c_match_model *model = NULL, *next = NULL;
    uint64_t count;
    size_t len;
    o2c_str none = { NULL, 4 };
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &model, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_learn(NULL, NULL, NULL, 0, NULL, &next, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_learn(model, NULL, NULL, 1, &none, &next, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_model_read(NULL, &none, &next, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_model_write(model, NULL, 1, &len, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_model_classes(model, NULL, 1, &count, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_model_learned(NULL, NULL, 0, &count, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_model_lift(model, NULL, 1, &next, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_siblings(NULL, 1, NULL, 0, NULL, 0, &count, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_learn(model, NULL, NULL, 0, NULL, &next, NULL, NULL), O2C_OK);
    CU_ASSERT(lessons_same(model, next));
    o2c_match_model_free(next);
    o2c_match_model_free(model);
    o2c_match_changes_free(NULL);
}

static o2c_status
learn_twice(const o2c_env *env, struct lessons *lessons, o2c_match_model **out, struct faulty_result *result)
{
    o2c_match_model *cold = NULL, *first = NULL;
    o2c_match_changes *changes = NULL;
    o2c_str heap;
    uint64_t half = lessons->count / 2, count = 0;
    o2c_heap_bytes(lessons->heap, &heap);
    o2c_status status = o2c_match_model_new(env, &cold, NULL);
    if (!status)
        status = o2c_match_learn(cold, NULL, lessons->rows, half, &heap, &first, NULL, NULL);
    if (!status)
        status = o2c_match_learn(first, NULL, lessons->rows + half, lessons->count - half, &heap, out, &changes, NULL);
    o2c_match_changes_rows(changes, NULL, &count, NULL);
    result->digest = faulty_digest_u64(result->digest, count);
    o2c_match_changes_free(changes);
    o2c_match_model_free(first);
    o2c_match_model_free(cold);
    return status;
}

/* Payments of the oldest two of eight items. */
static void
pay_alike(struct lessons *lessons, uint32_t count, int32_t day)
{
    for (uint32_t i = 0; i < count; i++) {
        o2c_feedback *row = lessons_line(lessons, "P", "C1", 0, 0);
        row->day = day;
        row->pool_count = 8;
        row->set_count = 2;
        row->runs = row->oldest = 1;
    }
}

/* Half of what was counted is forgotten at every boundary of 180 days, however many rows the day has and whichever call brings it. */
static void
learn__habits_are_forgotten(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    pay_alike(&lessons, 200, 179 + 180 * 100);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(model->learned->habits.sizes[3][1], 200);
    CU_ASSERT_PTR_NOT_NULL(model->prior);
    lessons_clear(&lessons);
    pay_alike(&lessons, 3, 180 * 101);
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(model->learned->habits.sizes[3][1], 103);
    CU_ASSERT_EQUAL(model->learned->habits.runs[3][1][0], 103);
    CU_ASSERT_EQUAL(model->learned->habits.oldest[3][1], 103);
    lessons_clear(&lessons);
    pay_alike(&lessons, 1, 180 * 103);
    pay_alike(&lessons, 1, 180 * 101); /* a late row counts, and nothing is forgotten twice */
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(model->learned->habits.sizes[3][1], (103 + 1) / 4 + 1);
    CU_ASSERT_PTR_NULL(model->prior);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static struct faulty_result
learn_write_read(const o2c_env *env, void *self)
{
    static char bytes[1 << 20];
    struct faulty_result result = { 0, 0 };
    o2c_match_model *model = NULL, *back = NULL, *lifted = NULL;
    o2c_match_learned learned[64];
    uint64_t count = 0;
    size_t len = 0;
    uint32_t line_class = M13_KNOWN;
    result.status = learn_twice(env, self, &model, &result);
    if (!result.status)
        result.status = o2c_match_model_write(model, bytes, sizeof bytes, &len, NULL);
    o2c_str text = { bytes, len };
    if (!result.status)
        result.status = o2c_match_model_read(env, &text, &back, NULL);
    if (!result.status)
        result.status = o2c_match_model_lift(back, &line_class, 1, &lifted, NULL);
    if (!result.status)
        result.status = o2c_match_model_learned(lifted, learned, 64, &count, NULL, NULL);
    result.digest = result.status ? 0 : faulty_digest(faulty_digest_u64(result.digest, count), bytes, len);
    o2c_match_model_free(lifted);
    o2c_match_model_free(back);
    o2c_match_model_free(model);
    return result;
}

static void
learn__every_allocation_may_fail(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    mixed_day(&lessons, 60, 20000);
    mixed_day(&lessons, 60, 20001);
    pay_alike(&lessons, 60, 20001); /* enough of them that a prior is made */
    faulty_sweep("learn", learn_write_read, &lessons);
    lessons_close(&lessons);
}

#define TEST(name) { #name, name }
static const struct tap_test tests[] = {
    TEST(learn__rows_of_a_day_have_no_order),
    TEST(learn__days_in_one_call_or_one_by_one),
    TEST(learn__silence_changes_no_byte),
    TEST(model__survives_a_round_trip_and_keeps_its_name),
    TEST(model__learns_on_after_a_round_trip),
    TEST(model__no_changed_byte_and_no_cut_is_taken),
    TEST(learn__refuses_rows_out_of_range),
    TEST(calls__refuse_null),
    TEST(learn__habits_are_forgotten),
    TEST(learn__every_allocation_may_fail),
};

int
main(void)
{
    return tap_run("match/learn", tests, TAP_COUNT(tests));
}

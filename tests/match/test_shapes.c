/* SPDX-License-Identifier: Apache-2.0 */
/* The way a customer writes our numbers: what counts as a shape, what confirms one, what it is used for, how it is taken back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/lessons.h"
#include "match/past.h"
#include "match/shape.h"
#include "support/faulty.h"
#include "support/tap.h"

#define IBAN "DE02120300000000202051"
#define TWIN 50000

/* ---- shapes and their names */

static void
shapes_of_pair(const char *seen, const char *document, char *out, size_t size)
{
    struct o2c__forms forms;
    size_t len = 0;
    out[0] = 0;
    o2c__forms_plain(o2c__str(document), &forms);
    uint32_t fit = o2c__shapes_that_fit(o2c__str(seen), &forms);
    for (uint32_t i = 0; i < O2C__SHAPES; i++)
        if (fit >> i & 1)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? "; " : "", o2c__shape_name(i).ptr);
}

static void
shape__is_what_was_left_out_or_added(void)
{
    static const struct row {
        const char *seen, *document, *shapes;
    } rows[] = {
        { "1234", "40721234", "last 4 digits" },
        { "721234", "40721234", "last 6 digits" }, /* our number without 40 */
        { "234", "40721234", "" },                 /* too short to prove anything */
        { "40721234", "40721234", "" },            /* as it is printed */
        { "40721", "40721234", "last 3 digits left out" },
        { "4072123", "40721234", "last digit left out" },
        { "00123456", "RE-2024-00123456", "last group; last 8 digits" },
        { "123456", "RE-2024-00123456", "last group without zeros; last 6 digits" },
        { "123456", "00123456", "without leading zeros; last 6 digits" },
        { "9940721234", "40721234", "2 digits before it" },
        { "407212341", "40721234", "1 digit behind it" },
        { "11234", "1234", "" }, /* a short number with digits around it is any number */
        { "40731234", "40721234", "" },
        { "1111", "111111", "last 4 digits; last 2 digits left out" },
        { "2345", "12345678901234567890", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char shapes[200];
        shapes_of_pair(rows[i].seen, rows[i].document, shapes, sizeof shapes);
        CU_ASSERT_STRING_EQUAL(shapes, rows[i].shapes);
        if (strcmp(shapes, rows[i].shapes) != 0)
            printf("# %s of %s: %s\n", rows[i].seen, rows[i].document, shapes);
    }
    for (uint32_t i = 0; i < O2C__SHAPES; i++)
        CU_ASSERT_EQUAL(o2c__shape_named(o2c__shape_name(i)), i);
    CU_ASSERT_EQUAL(o2c__shape_named(o2c__str("last 3 digits")), O2C__SHAPES);
}

/* Whatever is known of a customer: never more than the number itself, never less than an error in it. */
static void
shape__weighs_at_most_the_whole_number(void)
{
    static const char *const rows[][2] = { { "1234", "40721234" },           { "0721234", "40721234" }, { "00123456", "RE-2024-00123456" },
                                           { "123456", "RE-2024-00123456" }, { "123456", "00123456" },  { "407212", "40721234" },
                                           { "9940721234", "40721234" },     { "407212341", "40721234" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int32_t range = 0; range <= 20 << 16; range += 1 << 15) {
            struct o2c__forms forms;
            o2c__forms_plain(o2c__str(rows[i][1]), &forms);
            uint32_t fit = o2c__shapes_that_fit(o2c__str(rows[i][0]), &forms);
            CU_ASSERT_FATAL(fit != 0);
            int32_t ln = o2c__shape_ln((uint32_t)__builtin_ctz(fit), o2c__str(rows[i][0]), &forms, range);
            CU_ASSERT(ln <= -6905 + range && ln >= -6905);
        }
}

static void
written__shapes_stand_alone(void)
{
    static const struct row {
        const char *text, *document;
        uint32_t shapes;
        bool exact;
    } rows[] = {
        { "Rechnung 1234", "40721234", 1u << O2C__SHAPE_LAST, false },
        { "RE1234, danke", "40721234", 1u << O2C__SHAPE_LAST, false },
        { "1234A", "40721234", 0, false },
        { "1234/1235/1236", "40721235", 1u << O2C__SHAPE_LAST, false },
        { "40721234 1234", "40721234", 1u << O2C__SHAPE_LAST, true },
        { "RE-2026-40721234", "RE-2026-40721234", 0, true }, /* its last group is part of it */
        { "RE 2026 40721234 VOM 40721234", "RE-2026-40721234", 0, true }, /* behind "vom" stands a date */
        { "RE-2026-40721234 / 40721234", "RE-2026-40721234", 1u << O2C__SHAPE_GROUP, true },
        { "01.02.2026", "RE-0815-2026", 0, false },
        { "2026", "RE-0815-2026", 1u << O2C__SHAPE_GROUP, false },
        { "TEL 1234", "40721234", 0, false },
        { "12 34", "40721234", 0, false },
        { "1234", "A1B2", 0, false },
        { "", "40721234", 0, false },
        { "Z\xC3\xBC" "rich 1234", "40721234", 1u << O2C__SHAPE_LAST, false },
    };
    o2c__context context;
    o2c__arena arena;
    CU_ASSERT_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL) == O2C_OK);
    o2c__arena_init(&arena, &context.memory, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct o2c__written written;
        char *text = malloc(strlen(rows[i].text) + 1); /* nothing behind it may be read */
        memcpy(text, rows[i].text, strlen(rows[i].text));
        CU_ASSERT_FATAL(o2c__shapes_written(&arena, (o2c_str){ text, strlen(rows[i].text) }, o2c__str(rows[i].document), &written));
        CU_ASSERT(written.shapes == rows[i].shapes && written.exact == rows[i].exact);
        if (written.shapes != rows[i].shapes || written.exact != rows[i].exact)
            printf("# \"%s\" of %s: %x %d\n", rows[i].text, rows[i].document, written.shapes, written.exact);
        free(text);
        o2c__arena_reset(&arena);
    }
    o2c__arena_free(&arena);
}

/* ---- what confirms a shape */

static o2c_feedback *
writes(struct lessons *lessons, const char *payment, int32_t verdict, const char *text, const char *document)
{
    o2c_feedback *row = lessons_line(lessons, payment, "C1", 0, 0);
    row->item = lessons_text(lessons, document);
    row->verdict = verdict;
    row->right = verdict == O2C_VERDICT_HISTORY || verdict == O2C_VERDICT_MODIFIED;
    row->text = lessons_text(lessons, text);
    row->document = lessons_text(lessons, document);
    return row;
}

/* State of the only shape; 0 = there is none. */
static int32_t
state_of(const o2c_match_model *model, o2c_match_learned *out)
{
    o2c_match_learned rows[8];
    uint64_t count = 0;
    o2c_str heap;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_learned(model, rows, 8, &count, &heap, NULL), O2C_OK);
    CU_ASSERT_FATAL(count <= 1);
    if (count == 0)
        return 0;
    CU_ASSERT_EQUAL(rows[0].kind, O2C_LEARNED_REFERENCE_SHAPE);
    CU_ASSERT(rows[0].text.len == 13 && memcmp(heap.ptr + rows[0].text.at, "last 4 digits", 13) == 0);
    CU_ASSERT(rows[0].account.len == 2 && memcmp(heap.ptr + rows[0].account.at, "C1", 2) == 0);
    if (out)
        *out = rows[0];
    return rows[0].state;
}

static void
shape__needs_two_payments_or_one_beside_an_exact_number(void)
{
    struct lessons lessons;
    o2c_match_learned row;
    lessons_open(&lessons);
    writes(&lessons, "P1", O2C_VERDICT_HISTORY, "1234 1235", "40721234");
    writes(&lessons, "P1", O2C_VERDICT_HISTORY, "1234 1235", "40721235"); /* two lines of one payment are one lesson */
    writes(&lessons, "P2", O2C_VERDICT_HISTORY, "1299", "40721299")->right = 0;
    writes(&lessons, "P3", O2C_VERDICT_REJECTED, "1299", "40721299");
    writes(&lessons, "P4", O2C_VERDICT_POSTED, "1299", "40721299"); /* nobody looked */
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, &row), O2C_LEARNED_STATE_OBSERVED);
    CU_ASSERT(row.seen == 1 && row.persons == 0);
    lessons_clear(&lessons);
    writes(&lessons, "P5", O2C_VERDICT_CONFIRMED, "1240", "40721240");
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, &row), O2C_LEARNED_STATE_CONFIRMED);
    CU_ASSERT(row.seen == 2 && row.persons == 1);
    o2c_match_model_free(model);
    lessons_clear(&lessons);
    writes(&lessons, "P6", O2C_VERDICT_MODIFIED, "40721234 (1234)", "40721234");
    model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, NULL), O2C_LEARNED_STATE_CONFIRMED);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* ---- what it is used for: two documents of one amount, told apart by four digits */

#define M12_KNOWN LINE_CLASS(O2C_LABEL_M12, O2C_PAYER_KNOWN, O2C_CERTIFICATE_CLEAR_FAVORITE)

static struct desk *
twins(const o2c_match_model *model, const char *iban, const char *text)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    desk_account(desk, "C1", "Acme Tools GmbH");
    desk_account(desk, "C2", "Acme Parts");
    desk_bank_account(desk, "C1", IBAN);
    for (uint32_t i = 0; i < 6; i++) {
        char key[16], document[16];
        snprintf(key, sizeof key, "I%u", i);
        snprintf(document, sizeof document, "4072%u", 1230 + i);
        desk_item(desk, key, "C1", document, i < 2 ? TWIN : 71111 + 1000 * (int64_t)i, "2026-01-05", i % 2 ? "2026-02-04" : "2026-02-05");
    }
    desk->items[0].discount[0] = (o2c_discount){ desk_day("2026-01-15"), O2C_DISCOUNT_PPM, 20000 }; /* no posting may take one for the other */
    desk->base = model;
    desk_payment(desk, "P", TWIN, "2026-02-03", iban, text);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    return desk;
}

static uint64_t
row_relied_on(const struct desk *desk, int32_t code)
{
    const o2c_match_evidence *evidence;
    uint64_t count, row = 0;
    o2c_match_solution_evidence(desk->solution, &evidence, &count);
    for (uint64_t i = 0; i < count; i++)
        if (evidence[i].code == code && evidence[i].learned_row)
            row = evidence[i].learned_row;
    return row;
}

/* Posterior, in ppm, before what its class is known for. */
static uint32_t
share_of(const char *text, const o2c_match_model *model, const char *item, uint64_t *out_row)
{
    struct desk *desk = twins(model, IBAN, text);
    uint32_t share = 0;
    char lines[100];
    desk_render(desk, 0, lines, sizeof lines);
    if (strncmp(lines, item, strlen(item)) == 0)
        share = 1000000 - desk_lines(desk, 0)->error_ppb / 1000;
    *out_row = row_relied_on(desk, O2C_EVIDENCE_REF_DAMAGED);
    desk_close(desk);
    free(desk);
    return share;
}

static o2c_match_model *
who_writes_four_digits(struct lessons *lessons, uint32_t payments)
{
    lessons_open(lessons);
    writes(lessons, "A1", O2C_VERDICT_CONFIRMED, "1111", "40721111");
    writes(lessons, payments > 1 ? "A2" : "A1", O2C_VERDICT_CONFIRMED, "1112", "40721112");
    return lessons_learn(lessons, NULL, NULL, NULL);
}

static void
csh_17_after_two_confirmations_the_habit_is_full_evidence_for_the_third_payment(void)
{
    struct lessons lessons;
    uint64_t row;
    o2c_match_model *model = who_writes_four_digits(&lessons, 1);
    uint32_t before = share_of("RG 1231", model, "I1", &row);
    CU_ASSERT(before < 900000 && row == 0);
    o2c_match_model_free(model);
    lessons_close(&lessons);
    model = who_writes_four_digits(&lessons, 2);
    o2c_match_learned learned;
    CU_ASSERT_EQUAL(state_of(model, &learned), O2C_LEARNED_STATE_CONFIRMED);
    uint32_t after = share_of("RG 1231", model, "I1", &row);
    printf("# before %u, after %u\n", before, after);
    CU_ASSERT(after > 998000 && row == learned.row);
    CU_ASSERT(share_of("RG 1230", model, "I0", &row) > 995000 && row == learned.row);
    CU_ASSERT(share_of("RG 40721230", model, "I0", &row) > 999000 && row == 0); /* as printed: relies on nothing learned */
    CU_ASSERT(share_of("TEL 1230", model, "I0", &row) < after);
    (void)share_of("RG 1299", model, "I0", &row);
    CU_ASSERT_EQUAL(row, 0);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
shape__of_a_payer_whom_nothing_names_is_not_looked_for(void)
{
    struct lessons lessons;
    o2c_match_model *model = who_writes_four_digits(&lessons, 2);
    struct desk *desk = twins(model, NULL, "RG 1231");
    CU_ASSERT_EQUAL(row_relied_on(desk, O2C_EVIDENCE_REF_DAMAGED), 0);
    CU_ASSERT_NOT_EQUAL(desk_proposal(desk, 0)->band, O2C_BAND_AUTO);
    desk_close(desk);
    free(desk);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* Its class posts when it is released, not before. */
static void
shape__posts_by_its_number_and_its_class(void)
{
    struct lessons lessons;
    o2c_match_model *model = who_writes_four_digits(&lessons, 2);
    struct desk *desk = twins(model, IBAN, "RG 1231");
    uint32_t line_class = desk_lines(desk, 0)->line_class;
    CU_ASSERT_EQUAL(line_class & 255, O2C_LABEL_M12);
    CU_ASSERT_EQUAL(desk_proposal(desk, 0)->band, O2C_BAND_PROPOSE);
    desk_close(desk);
    free(desk);
    lessons_clear(&lessons);
    for (uint32_t i = 0; i < 4000; i++) {
        char payment[16];
        snprintf(payment, sizeof payment, "H%u", i);
        o2c_feedback *row = lessons_line(&lessons, payment, "C1", 0, line_class);
        row->verdict = O2C_VERDICT_HISTORY;
        row->right = 1;
        row->would_auto = 1;
    }
    model = lessons_learn(&lessons, model, NULL, NULL);
    const uint32_t released[] = { line_class };
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_RELEASED, .released = released, .released_count = 1 };
    desk = twins(model, IBAN, "RG 1231");
    desk_policy(desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    printf("# %u\n", desk_lines(desk, 0)->confidence_ppm);
    CU_ASSERT_EQUAL(desk_proposal(desk, 0)->band, O2C_BAND_AUTO);
    desk_close(desk);
    free(desk);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* ---- how it is taken back */

static void
reversal__revokes_the_shape_and_lists_the_siblings(void)
{
    struct lessons lessons;
    o2c_match_learned learned;
    uint64_t found[4], count = 0, row;
    o2c_match_model *model = who_writes_four_digits(&lessons, 2);
    CU_ASSERT_EQUAL(state_of(model, &learned), O2C_LEARNED_STATE_CONFIRMED);
    struct desk *desk = twins(model, IBAN, "RG 1231");
    desk_payment(desk, "Q", 73111, "2026-02-03", IBAN, "1232");
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    const o2c_match_evidence *evidence;
    uint64_t rows;
    o2c_match_solution_evidence(desk->solution, &evidence, &rows);
    CU_ASSERT_EQUAL(o2c_match_siblings(evidence, rows, &learned.row, 1, found, 4, &count, NULL), O2C_OK);
    CU_ASSERT_EQUAL(count, 2);
    desk_close(desk);
    free(desk);
    lessons_clear(&lessons);
    o2c_feedback *reversed = lessons_line(&lessons, "P", "C1", 0, M12_KNOWN);
    reversed->verdict = O2C_VERDICT_REVERSED;
    reversed->learned_row = learned.row;
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, NULL), O2C_LEARNED_STATE_REVOKED);
    CU_ASSERT(share_of("RG 1231", model, "I1", &row) < 900000 && row == 0);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* A person changed a line that relied on it: two payments more must show it. Nothing is revoked. */
static void
shape__decays_when_a_person_changes_a_line(void)
{
    static const int32_t verdicts[] = { O2C_VERDICT_MODIFIED, O2C_VERDICT_REJECTED };
    for (size_t i = 0; i < 2; i++) {
        struct lessons lessons;
        o2c_match_learned learned;
        o2c_match_model *model = who_writes_four_digits(&lessons, 2);
        CU_ASSERT_EQUAL(state_of(model, &learned), O2C_LEARNED_STATE_CONFIRMED);
        lessons_clear(&lessons);
        o2c_feedback *wrong = lessons_line(&lessons, "P", "C1", 0, M12_KNOWN);
        wrong->verdict = verdicts[i];
        wrong->learned_row = learned.row;
        model = lessons_learn(&lessons, model, NULL, NULL);
        CU_ASSERT_EQUAL(state_of(model, &learned), O2C_LEARNED_STATE_OBSERVED);
        CU_ASSERT_EQUAL(learned.seen, 0);
        lessons_clear(&lessons);
        writes(&lessons, "B1", O2C_VERDICT_CONFIRMED, "1240", "40721240")->day = 20001;
        model = lessons_learn(&lessons, model, NULL, NULL);
        CU_ASSERT_EQUAL(state_of(model, NULL), O2C_LEARNED_STATE_OBSERVED);
        lessons_clear(&lessons);
        writes(&lessons, "B2", O2C_VERDICT_CONFIRMED, "1241", "40721241")->day = 20002;
        model = lessons_learn(&lessons, model, NULL, NULL);
        CU_ASSERT_EQUAL(state_of(model, NULL), O2C_LEARNED_STATE_CONFIRMED);
        o2c_match_model_free(model);
        lessons_close(&lessons);
    }
}

/* Drift: what was not seen for a year is looked for no more, until it is seen again. */
static void
shape__is_forgotten_when_nobody_writes_it(void)
{
    struct lessons lessons;
    struct o2c__shapes shapes;
    o2c_match_model *model = who_writes_four_digits(&lessons, 2);
    static const struct row {
        int32_t day;
        bool writes;
        uint32_t bits;
    } rows[] = { { 20000 + O2C__SHAPE_DAYS, false, 1u << O2C__SHAPE_LAST },
                 { 20001 + O2C__SHAPE_DAYS, false, 0 },
                 { 20002 + O2C__SHAPE_DAYS, true, 1u << O2C__SHAPE_LAST } };
    for (size_t i = 0; i < 3; i++) {
        lessons_clear(&lessons);
        o2c_feedback *row = rows[i].writes ? writes(&lessons, "L", O2C_VERDICT_CONFIRMED, "1240", "40721240")
                                           : lessons_line(&lessons, "L", "C1", 0, M03_CITED);
        row->day = rows[i].day;
        model = lessons_learn(&lessons, model, NULL, NULL);
        o2c__shapes_of(model, o2c__str("C1"), &shapes);
        CU_ASSERT_EQUAL(shapes.bits, rows[i].bits);
        o2c__shapes_of(model, o2c__str("C2"), &shapes);
        CU_ASSERT_EQUAL(shapes.bits, 0);
    }
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* ---- the same bytes */

static void
shape__rows_of_a_day_have_no_order_and_models_read_back(void)
{
    static const char *const documents[] = { "40721111", "40721112", "RE-2026-00123456", "RE-2026-00123457", "00012345" };
    static const char *const texts[] = { "1111 40721111", "1112", "123456", "00123457 2026", "12345" };
    o2c_match_model *models[2];
    struct lessons lessons;
    lessons_open(&lessons);
    for (int turn = 0; turn < 2; turn++) {
        lessons_clear(&lessons);
        for (int i = 0; i < 20; i++) {
            int k = turn ? 19 - i : i;
            char payment[16], account[16];
            snprintf(payment, sizeof payment, "P%d", k);
            snprintf(account, sizeof account, "C%d", k % 3);
            o2c_feedback *row = writes(&lessons, payment, k % 7 ? O2C_VERDICT_HISTORY : O2C_VERDICT_CONFIRMED, texts[k % 5], documents[k % 5]);
            row->account = lessons_text(&lessons, account);
            row->right = row->verdict == O2C_VERDICT_HISTORY;
            row->day = 20000;
        }
        models[turn] = lessons_learn(&lessons, NULL, NULL, NULL);
    }
    CU_ASSERT(lessons_same(models[0], models[1]));
    size_t len;
    char *bytes = lessons_bytes(models[0], &len);
    o2c_str text = { bytes, len };
    o2c_match_model *back = NULL;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_read(NULL, &text, &back, NULL), O2C_OK);
    CU_ASSERT(lessons_same(models[0], back));
    uint8_t hash[2][32];
    struct o2c__shapes before, after;
    o2c_match_model_hash(models[0], hash[0]);
    o2c_match_model_hash(back, hash[1]);
    CU_ASSERT(memcmp(hash[0], hash[1], 32) == 0);
    o2c__shapes_of(models[0], o2c__str("C1"), &before);
    o2c__shapes_of(back, o2c__str("C1"), &after);
    CU_ASSERT(before.bits == after.bits && before.bits != 0);
    free(bytes);
    o2c_match_model_free(back);
    o2c_match_model_free(models[0]);
    o2c_match_model_free(models[1]);
    lessons_close(&lessons);
}

static struct faulty_result
learn_and_solve(const o2c_env *env, void *self)
{
    struct lessons *lessons = self;
    struct faulty_result result = { 0, 0 };
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_match_learned rows[4];
    uint64_t count = 0;
    o2c_str heap;
    o2c_heap_bytes(lessons->heap, &heap);
    result.status = o2c_match_model_new(env, &cold, NULL);
    if (!result.status)
        result.status = o2c_match_learn(cold, NULL, lessons->rows, lessons->count, &heap, &model, NULL, NULL);
    if (!result.status)
        result.status = o2c_match_model_learned(model, rows, 4, &count, NULL, NULL);
    uint8_t hash[32] = { 0 };
    o2c_match_model_hash(model, hash);
    result.digest = result.status ? 0 : faulty_digest_u64(faulty_digest(0, hash, sizeof hash), count);
    o2c_match_model_free(model);
    o2c_match_model_free(cold);
    return result;
}

static void
shape__every_allocation_of_learning_may_fail(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    writes(&lessons, "P1", O2C_VERDICT_CONFIRMED, "1111", "40721111");
    writes(&lessons, "P2", O2C_VERDICT_CONFIRMED, "Z\xC3\xBC" "rich 1112", "40721112");
    faulty_sweep("shapes", learn_and_solve, &lessons);
    lessons_close(&lessons);
}

/* ---- a history teaches it */

/* Always two documents of one amount; he pays the newer one, by its last four digits. */
static void
make_past(struct past *past, uint32_t payments)
{
    past_open(past);
    desk_account(&past->desk, "C1", "Acme Tools GmbH");
    desk_bank_account(&past->desk, "C1", IBAN);
    for (uint32_t i = 0; i < 8; i++) {
        char key[16], document[16], day[16], text[16], payment[16];
        snprintf(day, sizeof day, "2026-%02u-01", 1 + i);
        for (uint32_t k = 0; k < 2; k++) {
            snprintf(key, sizeof key, "I%u%u", i, k);
            snprintf(document, sizeof document, "4072%u", 1000 + 10 * i + k);
            o2c_open_item *item = desk_item(&past->desk, key, "C1", document, 50000 + 100 * i, day, NULL);
            if (k)
                item->discount[0] = (o2c_discount){ item->document_day + 1, O2C_DISCOUNT_PPM, 20000 };
        }
        if (i >= payments)
            continue;
        snprintf(text, sizeof text, "RG %u", 1000 + 10 * i + 1);
        snprintf(day, sizeof day, "2026-%02u-10", 1 + i);
        snprintf(payment, sizeof payment, "P%u", i);
        desk_payment(&past->desk, payment, 50000 + 100 * i, day, IBAN, text);
        snprintf(day, sizeof day, "2026-%02u-11", 1 + i);
        past_clear(past, payment, key, 50000 + 100 * i, day);
    }
}

static void
backtest__learns_how_a_customer_writes(void)
{
    static struct past past, before;
    make_past(&past, 8);
    CU_ASSERT_EQUAL_FATAL(past_replay(&past), O2C_OK);
    for (uint32_t i = 0; i < 8; i++) {
        char payment[16];
        snprintf(payment, sizeof payment, "P%u", i);
        const o2c_match_answer *answer = past_answer(&past, payment);
        CU_ASSERT_EQUAL(answer->agreement == O2C_AGREEMENT_SAME, i >= 2);
        CU_ASSERT(i < 2 || past_lines(&past, answer)->error_ppb < 5000000);
    }
    for (uint32_t payments = 1; payments < 8; payments++) { /* what comes later moves no day before it */
        make_past(&before, payments);
        CU_ASSERT_EQUAL_FATAL(past_replay(&before), O2C_OK);
        for (uint32_t i = 0; i < before.days_count; i++)
            CU_ASSERT_EQUAL(before.days[i], past.days[i]);
        past_close(&before);
    }
    past_close(&past);
}

/* ---- counters that somebody planted */

#define PLANTED_PAYMENTS 3000

/* Every shape confirmed for the customer, whatever he writes; and a class that was always right. */
static o2c_match_model *
plant(struct lessons *lessons, uint32_t line_class)
{
    static const char *const rows[][2] = {
        { "00123456", "RE-2026-00123456" }, { "123456", "RE-2026-00123456" }, { "12345", "00012345" },
        { "12345678", "1234567" }, { "912345678", "1234567" }, { "91234567", "1234567" },
    };
    lessons_open(lessons);
    for (uint32_t turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            writes(lessons, turn ? "X" : "Y", O2C_VERDICT_CONFIRMED, rows[i][0], rows[i][1]);
        for (uint32_t len = O2C__SHAPE_LAST_MIN; len <= O2C__SHAPE_LAST_MAX; len++)
            writes(lessons, turn ? "X" : "Y", O2C_VERDICT_CONFIRMED, &"567890123456"[12 - len], "1234567890123456");
        for (uint32_t lost = 1; lost <= O2C__SHAPE_LEFT_OUT_MAX; lost++)
            writes(lessons, turn ? "X" : "Y", O2C_VERDICT_CONFIRMED, "7654321", "76543218888")->document.len = 7 + lost;
    }
    for (uint32_t i = 0; i < 4000; i++) {
        char payment[16];
        snprintf(payment, sizeof payment, "H%u", i);
        o2c_feedback *row = lessons_line(lessons, payment, "C1", 0, line_class);
        row->verdict = O2C_VERDICT_HISTORY;
        row->right = row->would_auto = 1;
    }
    return lessons_learn(lessons, NULL, NULL, NULL);
}

/* Digits that mean nothing to us, or, every fourth time, the last five of the document that is paid. */
static void
planted_text(uint32_t *state, const char *document, char *text, size_t size)
{
    size_t len = (size_t)snprintf(text, size, "ZAHLUNG");
    if (past_random(state, 4) == 0) {
        snprintf(text + len, size - len, " %s", document + 3);
        return;
    }
    for (uint32_t i = 1 + past_random(state, 3); i > 0; i--) {
        uint32_t digits = 4 + past_random(state, 5);
        text[len++] = ' ';
        for (uint32_t d = 0; d < digits; d++)
            text[len++] = (char)('0' + past_random(state, 10));
    }
    text[len] = 0;
}

static void
planted__shapes_post_no_wrong_line(void)
{
    static struct desk desk;
    struct lessons lessons;
    struct o2c__shapes shapes;
    uint32_t state = 4711, right = 0, wrong = 0, line_class = M12_KNOWN & 0xFFFFFF;
    uint32_t released[3];
    for (uint32_t i = 0; i < 3; i++)
        released[i] = line_class | (i + 1) << 24;
    o2c_match_model *model = plant(&lessons, released[2]);
    o2c__shapes_of(model, o2c__str("C1"), &shapes);
    CU_ASSERT(__builtin_popcount(shapes.bits) >= 18);
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_RELEASED, .released = released, .released_count = 3 };
    for (uint32_t i = 0; i < PLANTED_PAYMENTS; i++) {
        char documents[12][16], text[64], lines[64];
        desk_open(&desk);
        desk_policy(&desk, &policy);
        desk.base = model;
        desk_account(&desk, "C1", NULL);
        desk_bank_account(&desk, "C1", IBAN);
        for (uint32_t k = 0; k < 12; k++) {
            char key[8];
            snprintf(key, sizeof key, "I%u", k);
            snprintf(documents[k], sizeof documents[k], "407%05u", past_random(&state, 100000));
            o2c_open_item *item = desk_item(&desk, key, "C1", documents[k], k < 2 ? TWIN : 70001 + 1237 * (int64_t)k, "2026-01-05", "2026-02-04");
            if (k)
                item->discount[0] = (o2c_discount){ item->document_day + 1, O2C_DISCOUNT_PPM, 20000 };
        }
        uint32_t paid = past_random(&state, 2);
        planted_text(&state, documents[paid], text, sizeof text);
        desk_payment(&desk, "P", TWIN, "2026-02-03", IBAN, text);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        desk_render(&desk, 0, lines, sizeof lines);
        if (desk_proposal(&desk, 0)->band == O2C_BAND_AUTO) {
            bool same = lines[0] == 'I' && lines[1] == (char)('0' + paid) && lines[2] == '=';
            right += same;
            wrong += !same;
        }
        desk_close(&desk);
    }
    printf("# %u payments: %u post themselves rightly, %u wrongly\n", PLANTED_PAYMENTS, right, wrong);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(right > PLANTED_PAYMENTS / 5);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

#define TEST(name) { #name, name }
static const struct tap_test tests[] = {
    TEST(shape__is_what_was_left_out_or_added),
    TEST(shape__weighs_at_most_the_whole_number),
    TEST(written__shapes_stand_alone),
    TEST(shape__needs_two_payments_or_one_beside_an_exact_number),
    TEST(csh_17_after_two_confirmations_the_habit_is_full_evidence_for_the_third_payment),
    TEST(shape__of_a_payer_whom_nothing_names_is_not_looked_for),
    TEST(shape__posts_by_its_number_and_its_class),
    TEST(reversal__revokes_the_shape_and_lists_the_siblings),
    TEST(shape__decays_when_a_person_changes_a_line),
    TEST(shape__is_forgotten_when_nobody_writes_it),
    TEST(shape__rows_of_a_day_have_no_order_and_models_read_back),
    TEST(shape__every_allocation_of_learning_may_fail),
    TEST(backtest__learns_how_a_customer_writes),
    TEST(planted__shapes_post_no_wrong_line),
};

int
main(void)
{
    return tap_run("match/shapes", tests, TAP_COUNT(tests));
}

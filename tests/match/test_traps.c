/* SPDX-License-Identifier: Apache-2.0 */
/* Traps: what known systems get wrong on a payment, each as a test that must pass here. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "support/tap.h"

static char shown[2048];

/* One customer, known by his bank account, with items of these amounts (0 ends the list), due day by day. */
static void
one_customer(struct desk *desk, const int64_t *amounts)
{
    char key[16], document[24], day[32];
    desk_open(desk);
    desk_account(desk, "C1", "Acme Tools GmbH");
    desk_bank_account(desk, "C1", F1_C1_IBAN);
    for (int i = 0; amounts[i]; i++) {
        snprintf(key, sizeof key, "K%02d", i);
        snprintf(document, sizeof document, "RE-77%04d", 1000 + 37 * i);
        snprintf(day, sizeof day, "2026-01-%02d", 1 + i);
        desk_item(desk, key, "C1", document, amounts[i], day, day);
    }
}

static void
solve_one(struct desk *desk, int64_t amount, const char *text)
{
    desk_payment(desk, "P", amount, "2026-02-10", F1_C1_IBAN, text);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
}

static void
trap_t01_exact_set_is_not_filled_oldest_first(void)
{
    static const int64_t amounts[] = { 1000, 5000, 10000, 0 };
    struct desk desk;
    one_customer(&desk, amounts);
    solve_one(&desk, 15000, NULL);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "K01=50.00; K02=100.00");
    desk_close(&desk);
}

static void
trap_t02_exact_set_beyond_the_first_ten_items(void)
{
    static const int64_t amounts[] = { 11031, 12077, 13129, 14243, 15361, 16487, 17599, 18713, 19841, 20963, 22093, 23209, 0 };
    struct desk desk;
    one_customer(&desk, amounts);
    solve_one(&desk, 11031 + 23209, NULL); /* the first and the twelfth */
    const o2c_proposal *p = desk_proposal(&desk, 0);
    bool found = p->lines_count == 2 && strcmp(desk_render(&desk, 0, shown, sizeof shown), "K00=110.31; K11=232.09") == 0;
    CU_ASSERT(found);
    desk_close(&desk);
}

static int64_t
alternative_ppm(const struct desk *desk, uint32_t proposal, uint32_t items)
{
    const o2c_match_alternative *rows;
    uint64_t count;
    const o2c_proposal *p = desk_proposal(desk, proposal);
    o2c_match_solution_alternatives(desk->solution, &rows, &count);
    for (uint32_t i = 0; i < p->alternatives_count; i++)
        if (rows[p->alternatives_at + i].kind == O2C_ALTERNATIVE_ITEMS && rows[p->alternatives_at + i].items_count == items)
            return rows[p->alternatives_at + i].posterior_ppm;
    return -1;
}

static void
trap_t03_two_exact_sets_are_never_posted(void)
{
    static const int64_t amounts[] = { 4000, 6000, 3000, 7000, 0 };
    struct desk desk;
    one_customer(&desk, amounts);
    solve_one(&desk, 10000, NULL); /* {40, 60} and {30, 70} */
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(p->lines_count, 2);
    CU_ASSERT(alternative_ppm(&desk, 0, 2) > 50000);
    CU_ASSERT(desk_lines(&desk, 0)->confidence_ppm < 950000); /* released or not: no class makes this one post */
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_AMBIGUOUS));
    desk_close(&desk);
}

static void
trap_t06_a_number_inside_a_longer_number_is_no_reference(void)
{
    struct desk desk;
    desk_open(&desk);
    desk_account(&desk, "C1", "Acme Tools GmbH");
    desk_item(&desk, "SHORT", "C1", "INV-1", 11100, "2026-01-05", "2026-02-04");
    desk_item(&desk, "OTHER", "C1", "INV-7351", 99900, "2026-01-06", "2026-02-05");
    desk_payment(&desk, "P", 11100, "2026-02-10", NULL, "INV-10 INV-100");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    const o2c_match_evidence *rows;
    uint64_t count;
    o2c_match_solution_evidence(desk.solution, &rows, &count);
    for (uint64_t i = 0; i < count; i++)
        CU_ASSERT_FALSE(rows[i].len > 0 && rows[i].item.len == 5); /* no span speaks of SHORT */
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
trap_t08_value_day_decides_the_discount(void)
{
    struct desk desk;
    f1_open(&desk);
    o2c_payment *payment = desk_payment(&desk, "P", 98000, "2026-01-15", F1_C1_IBAN, "INV-100234");
    payment->booking_day = desk_day("2026-01-18"); /* processed three days later */
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=980.00 d20.00");
    desk_close(&desk);
}

static void
trap_t10_overpayment_above_tolerance_is_not_absorbed(void)
{
    static const int64_t amounts[] = { 100000, 0 };
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_TOLERANCE_MINOR, .tolerance_minor = 500 };
    one_customer(&desk, amounts);
    desk_policy(&desk, &policy);
    solve_one(&desk, 101000, "RE-771000");
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "K00=1000.00");
    CU_ASSERT_EQUAL(p->on_account_minor, 1000);
    CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
trap_t29_a_payment_is_never_over_allocated(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "A", 100000, "2026-02-03", F1_C1_IBAN, "INV-100234");
    desk_payment(&desk, "B", 100000, "2026-02-03", F1_C1_IBAN, "INV-100234");
    desk_payment(&desk, "C", 125000, "2026-02-03", F1_C1_IBAN, "INV-100234 INV-100235");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    int64_t on_i1 = 0;
    for (uint32_t p = 0; p < 3; p++) {
        const o2c_proposal *proposal = desk_proposal(&desk, p);
        const o2c_line *line = desk_lines(&desk, p);
        int64_t paid = 0;
        for (uint32_t i = 0; i < proposal->lines_count; i++) {
            paid += line[i].paid_minor;
            on_i1 += line[i].expect_open_minor == 100000 ? line[i].cleared_minor : 0;
        }
        CU_ASSERT(paid <= proposal->amount_minor);
        CU_ASSERT_EQUAL(paid + proposal->on_account_minor + proposal->unapplied_minor, proposal->amount_minor);
    }
    CU_ASSERT_EQUAL(on_i1, 100000);
    desk_close(&desk);
}

static void
trap_t09_what_is_left_of_an_item_keeps_its_share_of_the_discount(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 49000, "2026-01-12", F1_C1_IBAN, "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=490.00 o510.00"); /* nothing is swallowed */
    f1_item(&desk, 0)->open_minor = 50000; /* the host cleared 490 and its share of the discount */
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=490.00 d10.00");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M04);
    desk_close(&desk);
}

static void
trap_t22_two_payments_of_one_item_keep_a_line_each(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "A", 60000, "2026-02-03", F1_C1_IBAN, "INV-100234 part 1");
    desk_payment(&desk, "B", 40000, "2026-02-03", F1_C1_IBAN, "INV-100234 part 2");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    for (uint32_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL_FATAL(desk_proposal(&desk, i)->lines_count, 1);
        CU_ASSERT_EQUAL(desk_lines(&desk, i)->cleared_minor, i ? 40000 : 60000);
        CU_ASSERT_EQUAL(desk_lines(&desk, i)->close, O2C_CLOSE_PARTIAL);
    }
    desk_close(&desk);
}

/* Ten thousand lines of a statement against a hundred thousand items: pairs would be a thousand million. */
enum { T30_ITEMS = 100000, T30_PAYMENTS = 10000 };

static o2c_ref
t30_text(o2c_heap *heap, const char *format, uint32_t number)
{
    char name[32];
    o2c_ref ref = { 0, 0 };
    snprintf(name, sizeof name, format, number);
    o2c_str text = { name, strlen(name) };
    CU_ASSERT_EQUAL_FATAL(o2c_heap_add(heap, &text, &ref, NULL), O2C_OK);
    return ref;
}

static void
t30_solve(const o2c_open_item *items, const o2c_payments *payments, const o2c_str *heap)
{
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_match_solution *solution = NULL;
    const o2c_proposal *proposals;
    uint64_t count, automatic = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_new(NULL, NULL, &pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_items(pool, items, T30_ITEMS, heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &cold, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_measure(cold, pool, &model, NULL), O2C_OK);
    o2c_match_request request = { .struct_size = sizeof request, .payments = payments };
    CU_ASSERT_EQUAL_FATAL(o2c_match_solve(NULL, pool, model, &request, &solution, NULL), O2C_OK);
    o2c_match_solution_proposals(solution, &proposals, &count);
    for (uint64_t i = 0; i < count; i++) {
        automatic += proposals[i].band == O2C_BAND_AUTO;
        CU_ASSERT(proposals[i].operations < 1000); /* and not so many items as there are */
    }
    CU_ASSERT_EQUAL(automatic, T30_PAYMENTS);
    o2c_match_solution_free(solution);
    o2c_match_model_free(model);
    o2c_match_model_free(cold);
    o2c_match_pool_free(pool);
}

static void
trap_t30_ten_thousand_lines_against_a_hundred_thousand_items(void)
{
    o2c_heap *heap = NULL;
    o2c_open_item *items = calloc(T30_ITEMS, sizeof *items);
    o2c_payment *rows = calloc(T30_PAYMENTS, sizeof *rows);
    o2c_text *texts = calloc(T30_PAYMENTS, sizeof *texts);
    o2c_str bytes;
    CU_ASSERT_FATAL(items && rows && texts && o2c_heap_new(NULL, &heap, NULL) == O2C_OK);
    for (uint32_t i = 0; i < T30_ITEMS; i++) {
        items[i].key = t30_text(heap, "K%06u", i);
        items[i].document = t30_text(heap, "INV-%07u", 1000000 + 11 * i);
        items[i].account = t30_text(heap, "C%05u", i / 20);
        items[i].kind = O2C_ITEM_INVOICE;
        memcpy(items[i].currency, "USD", 4);
        items[i].open_minor = items[i].original_minor = 5000 + i * 7919 % 900001;
        items[i].due_day = 20000 + (int32_t)(i % 90);
    }
    for (uint32_t i = 0; i < T30_PAYMENTS; i++) {
        const o2c_open_item *item = &items[i * 10 + 3];
        rows[i].key = t30_text(heap, "P%06u", i);
        memcpy(rows[i].currency, "USD", 4);
        rows[i].amount_minor = item->open_minor;
        rows[i].ordinal = i;
        rows[i].value_day = rows[i].booking_day = 20050;
        rows[i].texts_at = i;
        rows[i].texts_count = 1;
        texts[i].text = item->document;
    }
    o2c_heap_bytes(heap, &bytes);
    o2c_payments payments = { sizeof payments, 0, rows, T30_PAYMENTS, texts, T30_PAYMENTS, bytes };
    t30_solve(items, &payments, &bytes);
    o2c_heap_free(heap);
    free(items);
    free(rows);
    free(texts);
}

static const struct tap_test tests[] = {
    { "trap_t09_what_is_left_of_an_item_keeps_its_share_of_the_discount", trap_t09_what_is_left_of_an_item_keeps_its_share_of_the_discount },
    { "trap_t22_two_payments_of_one_item_keep_a_line_each", trap_t22_two_payments_of_one_item_keep_a_line_each },
    { "trap_t30_ten_thousand_lines_against_a_hundred_thousand_items", trap_t30_ten_thousand_lines_against_a_hundred_thousand_items },
    { "trap_t01_exact_set_is_not_filled_oldest_first", trap_t01_exact_set_is_not_filled_oldest_first },
    { "trap_t02_exact_set_beyond_the_first_ten_items", trap_t02_exact_set_beyond_the_first_ten_items },
    { "trap_t03_two_exact_sets_are_never_posted", trap_t03_two_exact_sets_are_never_posted },
    { "trap_t06_a_number_inside_a_longer_number_is_no_reference", trap_t06_a_number_inside_a_longer_number_is_no_reference },
    { "trap_t08_value_day_decides_the_discount", trap_t08_value_day_decides_the_discount },
    { "trap_t10_overpayment_above_tolerance_is_not_absorbed", trap_t10_overpayment_above_tolerance_is_not_absorbed },
    { "trap_t29_a_payment_is_never_over_allocated", trap_t29_a_payment_is_never_over_allocated },
};

int
main(void)
{
    return tap_run("match/traps", tests, TAP_COUNT(tests));
}

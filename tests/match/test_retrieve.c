/* SPDX-License-Identifier: Apache-2.0 */
/* Retrieval of a batch: remittance lines and their links, damaged numbers, routes, and that a batch is the sum of its payments. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "match/reading.h"
#include "match/text.h"
#include "support/tap.h"

static struct desk *
desk_new(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    f1_open(desk);
    return desk;
}

static void
desk_free(struct desk *desk)
{
    desk_close(desk);
    free(desk);
}

static void
hits_are(const struct reading *reading, uint32_t row, const char *expected)
{
    char buffer[4000];
    reading_hits(reading, row, buffer, sizeof buffer);
    CU_ASSERT_STRING_EQUAL(buffer, expected);
    if (strcmp(buffer, expected) != 0)
        printf("# %u: %s, expected %s\n", row, buffer, expected);
}

/* ---- remittance lines */
static void
lines__name_documents_with_their_amounts(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", 147000, "2026-02-03", NULL, "see advice, 100240");
    desk_remittance(desk, "R", "P");
    desk_line(desk, "INV-100234", 98000)->discount_minor = 2000;
    desk->lines[0].has |= O2C_HAS_DISCOUNT;
    desk_line(desk, "0000100235", 25000);
    desk_line(desk, "100236", 24000)->deduction_minor = 1000;
    desk_line(desk, "ST-88", 1);
    desk_line(desk, "UNKNOWN", 5);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    hits_are(&reading, 0, "I1 line 0+0 t0 #1; I2 line 0+0 t1 #2; I3 line 0+0 t2 #3; I2+I3 secondary 0+0 t3 #4; I4 exact 12+6 t4");
    CU_ASSERT_TRUE(reading.cases[0].remitted);
    const struct o2c__hit *hit = &reading.cases[0].hits[0];
    CU_ASSERT_EQUAL(hit->line_paid, 98000);
    CU_ASSERT_EQUAL(hit->line_discount, 2000);
    CU_ASSERT_EQUAL(hit->line_has, O2C_HAS_PAID | O2C_HAS_DISCOUNT);
    CU_ASSERT_EQUAL(reading.cases[0].hits[2].line_deduction, 1000);
    CU_ASSERT_EQUAL(reading.cases[0].hits[2].line_row, 2);
    reading_close(&reading);
    desk_free(desk);
}

static void
lines__what_a_line_says_the_text_does_not_say_again(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", 100000, "2026-02-03", NULL, "INV-100234 INV-100235");
    desk_remittance(desk, "R", "P");
    desk_line(desk, "INV-100234", 100000);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    hits_are(&reading, 0, "I1 line 0+0 t0 #1; I2 exact 11+10 t1");
    reading_close(&reading);
    desk_free(desk);
}

static void
lines__by_structured_reference(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", 50000, "2026-02-03", NULL, NULL);
    desk_remittance(desk, "R", "P");
    o2c_remittance_line *line = desk_line(desk, "", 50000);
    line->reference = desk_text(desk, "RF98 INV2 0260 0012 3");
    line->scheme = O2C_SCHEME_RF;
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    hits_are(&reading, 0, "I3 line 0+0 t0 #1");
    reading_close(&reading);
    desk_free(desk);
}

/* ---- links */
static o2c_remittance *
advice(struct desk *desk, const char *key, const char *document, int64_t paid, const char *day)
{
    o2c_remittance *row = desk_remittance(desk, key, NULL);
    row->day = desk_day(day);
    desk_line(desk, document, paid);
    return row;
}

static void
ca31_links__by_trace_by_payer_total_and_day(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P0", 98000, "2026-02-03", F1_C1_IBAN, NULL);
    desk_payment(desk, "P1", 98000, "2026-02-03", F1_C3_IBAN, NULL);
    desk_payment(desk, "P2", 555, "2026-02-03", NULL, NULL)->end_to_end_id = desk_text(desk, "TRACE-7");
    advice(desk, "R0", "INV-100234", 98000, "2026-02-01")->payer = desk_text(desk, "C1");
    advice(desk, "R1", "INV-200001", 98000, "2026-02-01")->payer = desk_text(desk, "Fairchild Tires");
    advice(desk, "R2", "INV-100240", 1, "2020-01-01")->payment_reference = desk_text(desk, "TRACE-7");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    hits_are(&reading, 0, "I1 line 0+0 t0 #1");
    hits_are(&reading, 1, "I5 line 0+0 t0 #1");
    hits_are(&reading, 2, "I4 line 0+0 t0 #1");
    reading_close(&reading);
    desk_free(desk);
}

static uint32_t
chance_of(const struct reading *reading, uint32_t row)
{
    const struct o2c__link *link = o2c__link_at(reading->solve.remitted, reading->solve.remitted->first[row]);
    return link ? link->chance_ppm : 0;
}

/* An amount is met by accident as often as there are payers and the smaller it is; who is not named is less likely meant. */
static void
links__an_accident_is_likelier_for_small_amounts_of_nobody(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P0", 98000, "2026-02-03", F1_C1_IBAN, NULL);
    desk_payment(desk, "P1", 100, "2026-02-03", F1_C3_IBAN, NULL);
    advice(desk, "R0", "INV-100234", 98000, "2026-02-01")->payer = desk_text(desk, "C1");
    advice(desk, "R1", "INV-200001", 100, "2026-02-01");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_EQUAL(chance_of(&reading, 0), 999999);
    CU_ASSERT_EQUAL(chance_of(&reading, 1), 963836); /* 50,000 of 50,000 + 3 accounts · 10^6 ÷ (16 · 100) + 1 */
    reading_close(&reading);
    desk_free(desk);
}

static void
links__days_are_counted_from_the_value_day(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P0", 98000, "2026-02-11", F1_C1_IBAN, NULL)->booking_day = desk_day("2026-02-12");
    desk_payment(desk, "P1", 45000, "2026-02-12", F1_C1_IBAN, NULL)->booking_day = desk_day("2026-02-11");
    advice(desk, "R0", "INV-100234", 98000, "2026-02-01")->payer = desk_text(desk, "C1");
    advice(desk, "R1", "INV-100236", 45000, "2026-02-01")->payer = desk_text(desk, "C1");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_TRUE(chance_of(&reading, 0) > 990000); /* ten days */
    CU_ASSERT_EQUAL(chance_of(&reading, 1), 0);      /* eleven */
    reading_close(&reading);
    desk_free(desk);
}

static void
links__what_fits_several_payments_is_a_hypothesis_of_each(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P0", 98000, "2026-02-03", F1_C1_IBAN, NULL);
    desk_payment(desk, "P1", 98000, "2026-02-04", F1_C1_IBAN, NULL);
    desk_payment(desk, "P2", 777, "2026-02-03", NULL, NULL)->end_to_end_id = desk_text(desk, "T");
    desk_payment(desk, "P3", 777, "2026-02-03", NULL, NULL)->end_to_end_id = desk_text(desk, "T");
    desk_payment(desk, "P4", 4444, "2026-02-03", F1_C1_IBAN, NULL);
    advice(desk, "R0", "INV-100234", 98000, "2026-02-01")->payer = desk_text(desk, "C1");
    advice(desk, "R1", "INV-100235", 5, "2026-02-01")->payment_reference = desk_text(desk, "T");
    advice(desk, "R2", "INV-100236", 4444, "2025-12-01")->payer = desk_text(desk, "C1"); /* outside the window of days */
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    for (uint32_t i = 0; i < 2; i++) { /* half the chance each: the line says half as much */
        CU_ASSERT_EQUAL_FATAL(reading.cases[i].hits_count, 1);
        CU_ASSERT_TRUE(reading.cases[i].remitted);
    }
    CU_ASSERT_EQUAL(reading.cases[0].hits[0].ln_ratio, reading.cases[1].hits[0].ln_ratio);
    for (uint32_t i = 2; i < 5; i++) {
        CU_ASSERT_EQUAL(reading.cases[i].hits_count, 0);
        CU_ASSERT_FALSE(reading.cases[i].remitted);
    }
    reading_close(&reading);
    desk_free(desk);
}

static void
links__several_advices_of_one_payment(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", 125000, "2026-02-03", NULL, NULL);
    desk_remittance(desk, "R0", "P");
    desk_line(desk, "INV-100234", 100000);
    desk_remittance(desk, "R1", "P");
    desk_line(desk, "INV-100235", 25000);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    hits_are(&reading, 0, "I1 line 0+0 t0 #1; I2 line 0+0 t1 #2");
    reading_close(&reading);
    desk_free(desk);
}

/* ---- damaged */
static int32_t
q16(long double ratio)
{
    return (int32_t)lroundl(logl(ratio) * 65536.0L);
}

static void
damaged_are(const char *text, const char *expected)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", 100000, "2026-02-03", F1_C1_IBAN, text);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    const uint32_t accounts[] = { 0, 1 }; /* C1 and C2 */
    CU_ASSERT_EQUAL(o2c__retrieve_damaged(&reading.solve, &reading.cases[0], accounts, 2, NULL), O2C_OK);
    hits_are(&reading, 0, expected);
    CU_ASSERT_EQUAL(reading.cases[0].cites, *expected != 0);
    reading_close(&reading);
    desk_free(desk);
}

static void
ca06_damaged__only_in_the_given_accounts(void)
{
    damaged_are("INV100243", "I1 damaged 3+6 t0; I4 damaged 3+6 t0");
    damaged_are("INV-200002", ""); /* I5 is one digit away, in another account */
    damaged_are("INV-10024", "I4 damaged 4+5 t0");
    damaged_are("00234", "I1 damaged 0+5 t0");
    damaged_are("thanks 2026", "");
    /* Nobody looks for errors in a number that is right. */
    damaged_are("INV-100234", "I1 exact 0+10 t0");
    damaged_are("INV-100234 100253", "I1 exact 0+10 t0; I2 damaged 11+6 t1");
}

static void
damaged__weights_follow_the_error(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", 100000, "2026-02-03", F1_C1_IBAN, "INV100243 10023");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    const uint32_t accounts[] = { 0, 1 };
    CU_ASSERT_EQUAL(o2c__retrieve_damaged(&reading.solve, &reading.cases[0], accounts, 2, NULL), O2C_OK);
    const struct o2c__hit *hits = reading.cases[0].hits;
    CU_ASSERT_TRUE(abs(hits[0].ln_ratio - q16(.004L / 5 * 99768 / .2L)) <= 3);  /* exchanged: I1 */
    CU_ASSERT_TRUE(abs(hits[1].ln_ratio - q16(.01L / 10 * 99768 / .2L)) <= 3);  /* a lost digit: I1 by "10023" */
    CU_ASSERT_EQUAL(hits[0].item, hits[1].item);
    reading_close(&reading);
    desk_free(desk);
}

/* CSH-03: RE-2024-00123 without its series and year, with its zeros or without, is still that number: among the payer's own items. */
static void
csh_03_a_number_without_its_series_is_found_among_the_payers_items(void)
{
    static const struct row {
        const char *text, *hits;
    } rows[] = {
        { "00123456", "A normalized 0+8 t0; B damaged 0+8 t0" },
        { "123456", "A normalized 0+6 t0" },
        { "00123457 RE/2024/00123456", "A exact 9+16 t0; A damaged 0+8 t1; B normalized 0+8 t1" },
        { "00123465", "A damaged 0+8 t0" },
        { "2024", "" },
        { "77001", "" }, /* another customer's */
        { "56", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk *desk = calloc(1, sizeof *desk);
        struct reading reading;
        char buffer[400];
        desk_open(desk);
        desk_account(desk, "C1", "One");
        desk_account(desk, "C2", "Two");
        desk_item(desk, "A", "C1", "RE-2024-00123456", 100000, "2026-01-05", "2026-02-04");
        desk_item(desk, "B", "C1", "RE-2024-00123457", 200000, "2026-01-05", "2026-02-04");
        desk_item(desk, "C", "C2", "RE-2024-77001", 300000, "2026-01-05", "2026-02-04");
        desk_payment(desk, "P", 100000, "2026-02-03", NULL, rows[i].text);
        CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
        const uint32_t accounts[] = { 0 };
        CU_ASSERT_EQUAL(o2c__retrieve_damaged(&reading.solve, &reading.cases[0], accounts, 1, NULL), O2C_OK);
        reading_hits(&reading, 0, buffer, sizeof buffer);
        CU_ASSERT_STRING_EQUAL(buffer, rows[i].hits);
        if (strcmp(buffer, rows[i].hits) != 0)
            printf("# \"%s\": %s, expected %s\n", rows[i].text, buffer, rows[i].hits);
        for (uint32_t k = 0; k < reading.cases[0].hits_count; k++)
            CU_ASSERT_EQUAL(reading.cases[0].hits[k].pooled, reading.cases[0].hits[k].error != O2C__REF_EXACT);
        reading_close(&reading);
        desk_close(desk);
        free(desk);
    }
}

/* ---- the batch */
static void
routes__other_than_customer_get_their_text_only(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", -100, "2026-02-03", F1_C1_IBAN, "INV-100234")->route = O2C_ROUTE_DEBIT;
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_TRUE(o2c__str_equal(reading_text(&reading, 0), o2c__str("INV-100234")));
    CU_ASSERT_EQUAL(reading.cases[0].hits_count, 0);
    CU_ASSERT_EQUAL(reading.cases[0].payers_count, 0);
    reading_close(&reading);
    desk_free(desk);
}

static void
company__is_the_payments_or_the_only_one(void)
{
    struct desk *desk = desk_new();
    struct reading reading;
    desk_payment(desk, "P", 100, "2026-02-03", NULL, "x");
    desk_payment(desk, "Q", 100, "2026-02-03", NULL, "x")->company = desk_text(desk, "2000");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_EQUAL(reading.cases[0].company, 0);
    CU_ASSERT_EQUAL(reading.cases[1].company, O2C__NONE);
    reading_close(&reading);
    for (uint32_t i = 0; i < desk->items_count; i++)
        desk->items[i].company = desk_text(desk, "2000");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_EQUAL(reading.cases[0].company, 0); /* the pool has one company, the payment says none */
    CU_ASSERT_EQUAL(reading.cases[1].company, 0);
    reading_close(&reading);
    desk_free(desk);
}

static void
batch__is_the_sum_of_its_payments(void)
{
    static const char *const texts[] = { "INV-100234", "100234 100235 CRN-7001", "INV-100234, -35, -36", "ST-88 tel 100234", "", "200001 4711 0000100240" };
    struct desk *desk = desk_new();
    struct reading reading, single;
    char all[4000], alone[4000];
    for (int i = 0; i < 100; i++)
        desk_payment(desk, "P", 100, "2026-02-03", i % 3 ? F1_C1_IBAN : NULL, texts[i % 6]);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    for (uint32_t i = 0; i < 100; i++) {
        struct desk *one = calloc(1, sizeof *one);
        f1_open(one);
        desk_payment(one, "P", 100, "2026-02-03", i % 3 ? F1_C1_IBAN : NULL, texts[i % 6]);
        CU_ASSERT_EQUAL(reading_open(&single, one, NULL), O2C_OK);
        CU_ASSERT_STRING_EQUAL(reading_hits(&reading, i, all, sizeof all), reading_hits(&single, 0, alone, sizeof alone));
        CU_ASSERT_STRING_EQUAL(reading_payers(&reading, i, all, sizeof all), reading_payers(&single, 0, alone, sizeof alone));
        CU_ASSERT_TRUE(o2c__str_equal(reading_text(&reading, i), o2c__str(texts[i % 6])));
        reading_close(&single);
        desk_free(one);
    }
    reading_close(&reading);
    desk_free(desk);
}

/* A text may be long and hold more candidates than one round looks up. */
static void
long_text__finds_every_number(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct reading reading;
    char *text = calloc(1, 20000), key[16], document[16];
    desk_open(desk);
    for (int i = 0; i < 400; i++) {
        snprintf(key, sizeof key, "I%03d", i);
        snprintf(document, sizeof document, "INV-%06d", 100000 + 3 * i);
        desk_item(desk, key, "C1", document, 100, "2026-01-05", NULL);
        snprintf(text + strlen(text), 64, "%s and %d some words ", document, 500000 + i);
    }
    desk_payment(desk, "P", 999, "2026-02-03", NULL, text);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_EQUAL(reading.cases[0].hits_count, 400);
    CU_ASSERT_EQUAL(reading.cases[0].tokens, 400);
    for (uint32_t i = 0; i < reading.cases[0].hits_count; i++) {
        const struct o2c__hit *hit = &reading.cases[0].hits[i];
        o2c_str text_of = reading_text(&reading, 0), document_of = o2c__pool_str(reading.pool, reading.pool->echo[hit->item].document);
        CU_ASSERT_TRUE(o2c__str_equal((o2c_str){ text_of.ptr + hit->at, hit->len }, document_of));
        CU_ASSERT_EQUAL(hit->token, i);
    }
    reading_close(&reading);
    free(text);
    desk_free(desk);
}

static const struct tap_test tests[] = {
    { "lines__name_documents_with_their_amounts", lines__name_documents_with_their_amounts },
    { "lines__what_a_line_says_the_text_does_not_say_again", lines__what_a_line_says_the_text_does_not_say_again },
    { "lines__by_structured_reference", lines__by_structured_reference },
    { "ca31_links__by_trace_by_payer_total_and_day", ca31_links__by_trace_by_payer_total_and_day },
    { "links__an_accident_is_likelier_for_small_amounts_of_nobody", links__an_accident_is_likelier_for_small_amounts_of_nobody },
    { "links__days_are_counted_from_the_value_day", links__days_are_counted_from_the_value_day },
    { "links__what_fits_several_payments_is_a_hypothesis_of_each", links__what_fits_several_payments_is_a_hypothesis_of_each },
    { "links__several_advices_of_one_payment", links__several_advices_of_one_payment },
    { "ca06_damaged__only_in_the_given_accounts", ca06_damaged__only_in_the_given_accounts },
    { "csh_03_a_number_without_its_series_is_found_among_the_payers_items",
      csh_03_a_number_without_its_series_is_found_among_the_payers_items },
    { "damaged__weights_follow_the_error", damaged__weights_follow_the_error },
    { "routes__other_than_customer_get_their_text_only", routes__other_than_customer_get_their_text_only },
    { "company__is_the_payments_or_the_only_one", company__is_the_payments_or_the_only_one },
    { "batch__is_the_sum_of_its_payments", batch__is_the_sum_of_its_payments },
    { "long_text__finds_every_number", long_text__finds_every_number },
};

int
main(void)
{
    return tap_run("match/retrieve", tests, TAP_COUNT(tests));
}

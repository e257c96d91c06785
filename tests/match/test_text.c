/* SPDX-License-Identifier: Apache-2.0 */
/* What a payment's text cites: error class, span in bytes of the text, tokens. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "match/index.h"
#include "match/reading.h"
#include "match/text_class.h"
#include "support/tap.h"

struct row {
    const char *text, *hits;
};

static void
check_rows(struct desk *desk, const struct row *rows, size_t count)
{
    char buffer[4000];
    for (size_t i = 0; i < count; i++) {
        reading_of(desk, rows[i].text, buffer, sizeof buffer);
        CU_ASSERT_STRING_EQUAL(buffer, rows[i].hits);
        if (strcmp(buffer, rows[i].hits) != 0)
            printf("# \"%s\": %s, expected %s\n", rows[i].text, buffer, rows[i].hits);
    }
}

static void
on_f1(const struct row *rows, size_t count)
{
    struct desk *desk = calloc(1, sizeof *desk);
    f1_open(desk);
    check_rows(desk, rows, count);
    desk_close(desk);
    free(desk);
}
#define ON_F1(rows) on_f1(rows, sizeof(rows) / sizeof((rows)[0]))

static void
exact__every_digit_stands_there(void)
{
    static const struct row rows[] = {
        { "INV-100234", "I1 exact 0+10 t0" },
        { "100234", "I1 exact 0+6 t0" },
        { "inv-100234", "I1 exact 0+10 t0" },
        { "INV100234", "I1 exact 0+9 t0" },
        { "INV 100234", "I1 exact 0+10 t0" },
        { "Inv. No. 100234.", "I1 exact 9+6 t0" },
        { "RechnungINV100234", "I1 exact 11+6 t0" },
        { "your invoice INV/100234, thanks", "I1 exact 13+10 t0" },
        { "100234 100235 CRN-7001", "I1 exact 0+6 t0; I2 exact 7+6 t1; CM1 exact 14+8 t2" },
        { "RE100234X", "I1 exact 2+6 t0" },
    };
    ON_F1(rows);
}

static void
ca05_normalized__zeros_and_separators(void)
{
    static const struct row rows[] = {
        { "0000100234", "I1 normalized 0+10 t0" },
        { "INV-0000100234", "I1 normalized 4+10 t0" },
        { "100 234", "I1 normalized 0+7 t0" },
        { "INV-100.234", "I1 normalized 0+11 t0" },
        { "1 0 0 2 3 4", "" }, /* six groups are no number */
    };
    ON_F1(rows);
}

static void
boundaries__a_number_inside_another_is_none(void)
{
    static const struct row rows[] = {
        { "1002345", "" },
        { "9100234", "" },
        { "INV-10023", "" },
        { "INV-1002340", "" },
        { "no reference at all", "" },
        { "", "" },
        { "4711000000000000000000000000000000000000000000000000000000000000000000000000100234", "" },
    };
    ON_F1(rows);
}

static void
trap_t06_a_short_number_is_not_in_a_longer_one(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    static const struct row rows[] = {
        { "INV-10 INV-100", "I10 exact 0+6 t0; I100 exact 7+7 t1" },
        { "INV-1", "I1 exact 0+5 t0" },
        { "INV-1000", "" },
        { "1 10 100", "" },
    };
    desk_open(desk);
    desk_item(desk, "I1", "C1", "INV-1", 100, "2026-01-05", NULL);
    desk_item(desk, "I10", "C1", "INV-10", 100, "2026-01-05", NULL);
    desk_item(desk, "I100", "C1", "INV-100", 100, "2026-01-05", NULL);
    check_rows(desk, rows, sizeof rows / sizeof rows[0]);
    desk_close(desk);
    free(desk);
}

static void
csh03_every_way_of_writing_one_number(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    static const struct row rows[] = {
        { "RE-2024-00123", "A exact 0+13 t0" },
        { "RE 2024/00123", "A exact 0+13 t0" },
        { "re-2024-123", "A normalized 3+8 t0" },
        { "2024 00123", "A exact 0+10 t0" },
        { "202400123", "A exact 0+9 t0" },
        { "RE202400123", "A exact 0+11 t0" },
        { "2024 0123", "A normalized 0+9 t0" },
        { "paid 2024", "" },
        { "0123", "" },
        { "5000 2024", "" },
        { "RE\u20112024\u201100123", "A exact 0+17 t0" }, /* non-breaking hyphens */
        { "\uff32\uff25\uff0d2024\uff0d00123", "A exact 0+21 t0" }, /* wide forms */
    };
    desk_open(desk);
    desk_item(desk, "A", "C1", "RE-2024-00123", 100, "2026-01-05", NULL);
    check_rows(desk, rows, sizeof rows / sizeof rows[0]);
    desk_close(desk);
    free(desk);
}

static void
spans__count_bytes_of_the_text_as_it_is(void)
{
    static const struct row rows[] = {
        { "f\u00fcr Ihre Rechnung \u201eINV-100234\u201c", "I1 exact 22+10 t0" },
        { "\u00c4\u00d6\u00dc 100235 \u20ac", "I2 exact 7+6 t0" },
    };
    ON_F1(rows);
}

static void
secondary__cites_the_whole_group_once(void)
{
    static const struct row rows[] = {
        { "ST-88", "I2+I3 secondary 0+5 t0" },
        { "PO 4711", "I3 secondary 3+4 t0" },
        { "DN-90017", "I2 secondary 0+8 t0" },
        { "90017 and ST 88", "I2 secondary 0+5 t0; I2+I3 secondary 10+5 t1" },
    };
    ON_F1(rows);
}

static void
structured__stands_whole_or_not_at_all(void)
{
    static const struct row rows[] = {
        { "RF98INV2026000123", "I3 structured 0+17 t0" },
        { "RF98 INV2 0260 0012 3", "I3 structured 0+21 t0" },
        { "RF97INV2026000123", "" },
        { "RF98INV2026000124", "" },
        { "INV2026000123", "" },
        { "2026000123", "" },
    };
    ON_F1(rows);
}

static void
ca32_lists_and_ranges(void)
{
    static const struct row rows[] = {
        { "INV-100234, -35, -36", "I1 exact 0+10 t0; I2 list 13+2 t1; I3 list 18+2 t2" },
        { "INV 100234/235", "I1 exact 0+10 t0; I2 list 11+3 t1" },
        { "100234/35/36", "I1 exact 0+6 t0; I2 list 7+2 t1; I3 list 10+2 t2" },
        { "100234/35/37", "I1 exact 0+6 t0" },            /* 100237 is not ours: none of the list counts */
        { "100234-36", "I2 list 0+9 t2; I1 exact 0+6 t0; I3 list 7+2 t1" },
        { "100234-100236", "I2 list 0+13 t2; I1 exact 0+6 t0; I3 exact 7+6 t1" },
        { "100234 bis 100236", "I2 list 0+17 t2; I1 exact 0+6 t0; I3 exact 11+6 t1" },
        { "100234-40", "I1 exact 0+6 t0" },               /* 100237 … 239 are not ours */
        { "100234 35", "I1 exact 0+6 t0" },               /* a blank makes no list */
        { "100234, 35.50", "I1 exact 0+6 t0" },           /* an amount */
        { "100236-34", "I3 exact 0+6 t0" },               /* backwards */
    };
    ON_F1(rows);
}

static void
dominance__the_longer_number_wins(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    static const struct row rows[] = {
        { "RE-2024-4711", "LONG exact 0+12 t0" },
        { "4711", "SHORT exact 0+4 t0" },
        { "4711 123456", "SHORT exact 0+4 t0; LATE exact 5+6 t1" },
        { "4711 1234", "SHORT exact 0+4 t0" },
        { "47111234", "GLUED exact 0+8 t0" },
    };
    desk_open(desk);
    desk_item(desk, "LONG", "C1", "RE-2024-4711", 100, "2026-01-05", NULL);
    desk_item(desk, "SHORT", "C1", "4711", 100, "2026-01-05", NULL);
    desk_item(desk, "LATE", "C1", "123456", 100, "2026-01-05", NULL);
    check_rows(desk, rows, 3);
    desk_item(desk, "GLUED", "C2", "47111234", 100, "2026-01-05", NULL);
    check_rows(desk, rows + 4, 1);
    desk_close(desk);
    free(desk);
}

/* Two readings of one stretch, neither clearly better: both stand, and one token counts for one of them. */
static void
overlap__shares_a_token(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    static const struct row rows[] = {
        { "1002 34567", "JOINED normalized 0+10 t0; FIRST exact 0+4 t0" },
        { "1002 34567 100235", "JOINED normalized 0+10 t0; FIRST exact 0+4 t0; OTHER exact 11+6 t1" },
    };
    desk_open(desk);
    desk_item(desk, "FIRST", "C1", "1002", 100, "2026-01-05", NULL);
    desk_item(desk, "JOINED", "C1", "100234567", 100, "2026-01-05", NULL);
    desk_item(desk, "OTHER", "C1", "100235", 100, "2026-01-05", NULL);
    check_rows(desk, rows, sizeof rows / sizeof rows[0]);
    desk_close(desk);
    free(desk);
}

/* One number, several items: an instalment plan is a group, two accounts are two readings of one token. */
static void
shared_numbers__group_in_one_account_rivals_in_two(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    static const struct row rows[] = {
        { "PLAN-1001", "A+B exact 0+9 t0" },
        { "DUP-2002", "D exact 0+8 t0; E exact 0+8 t0" },
        { "X-3003 3003", "F exact 0+6 t0; F exact 7+4 t1; G exact 7+4 t1" },
    };
    desk_open(desk);
    desk_item(desk, "A", "C1", "PLAN-1001", 100, "2026-01-05", "2026-02-05");
    desk_item(desk, "B", "C1", "PLAN-1001", 100, "2026-01-05", "2026-03-05");
    desk_item(desk, "D", "C1", "DUP-2002", 100, "2026-01-05", NULL);
    desk_item(desk, "E", "C2", "DUP-2002", 100, "2026-01-05", NULL);
    desk_item(desk, "F", "C1", "X-3003", 100, "2026-01-05", NULL);
    desk_item(desk, "G", "C1", "Y-3003", 100, "2026-01-05", NULL);
    check_rows(desk, rows, sizeof rows / sizeof rows[0]);
    desk_close(desk);
    free(desk);
}

static void
distinctive__a_number_of_too_many_accounts_says_nothing(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    char key[16], account[16], buffer[4000];
    desk_open(desk);
    for (int i = 0; i < 64; i++) {
        snprintf(key, sizeof key, "I%02d", i);
        snprintf(account, sizeof account, "C%02d", i);
        desk_item(desk, key, account, "S-9999", 100, "2026-01-05", NULL);
    }
    reading_of(desk, "S-9999", buffer, sizeof buffer);
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer, "I63 exact 0+6 t0"));
    desk_item(desk, "I64", "C64", "S-9999", 100, "2026-01-05", NULL);
    CU_ASSERT_STRING_EQUAL(reading_of(desk, "S-9999", buffer, sizeof buffer), "");
    desk_close(desk);
    free(desk);
}

/* ---- pieces */
static void
add_piece(struct desk *desk, const char *text)
{
    desk->texts[desk->texts_count++].text = desk_text(desk, text);
    desk->payments[0].texts_count++;
}

static void
pieces__a_number_may_run_over_a_line_break(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct reading reading;
    char buffer[400];
    f1_open(desk);
    desk_payment(desk, "P", 100, "2026-02-03", NULL, "thanks for INV-100");
    add_piece(desk, "234 and 100235");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    o2c_str text = reading_text(&reading, 0);
    CU_ASSERT_TRUE(o2c__str_equal(text, o2c__str("thanks for INV-100\n234 and 100235")));
    CU_ASSERT_STRING_EQUAL(reading_hits(&reading, 0, buffer, sizeof buffer), "I1 exact 11+11 t0; I2 exact 27+6 t1");
    reading_close(&reading);
    desk_close(desk);
    free(desk);
}

static void
end_to_end_id__is_text_only_where_it_hits(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct reading reading;
    char buffer[400];
    f1_open(desk);
    desk_payment(desk, "P", 100, "2026-02-03", NULL, "thanks")->end_to_end_id = desk_text(desk, "E2E/100235");
    desk_payment(desk, "Q", 100, "2026-02-03", NULL, "thanks")->end_to_end_id = desk_text(desk, "E2E/999999");
    desk_payment(desk, "R", 100, "2026-02-03", NULL, "INV-100235")->end_to_end_id = desk_text(desk, "100235");
    desk_payment(desk, "S", 100, "2026-02-03", NULL, NULL)->end_to_end_id = desk_text(desk, "100236");
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_TRUE(o2c__str_equal(reading_text(&reading, 0), o2c__str("thanks\nE2E/100235")));
    CU_ASSERT_STRING_EQUAL(reading_hits(&reading, 0, buffer, sizeof buffer), "I2 exact 11+6 t0");
    CU_ASSERT_TRUE(o2c__str_equal(reading_text(&reading, 1), o2c__str("thanks")));
    CU_ASSERT_EQUAL(reading.cases[1].hits_count, 0);
    /* One fact, one term: the number stands in the text already. */
    CU_ASSERT_TRUE(o2c__str_equal(reading_text(&reading, 2), o2c__str("INV-100235")));
    CU_ASSERT_STRING_EQUAL(reading_hits(&reading, 2, buffer, sizeof buffer), "I2 exact 0+10 t0");
    CU_ASSERT_STRING_EQUAL(reading_hits(&reading, 3, buffer, sizeof buffer), "I3 exact 0+6 t0");
    reading_close(&reading);
    desk_close(desk);
    free(desk);
}

static void
ca18_structured_row__by_its_check_digits(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct reading reading;
    char buffer[400];
    static const char *const references[] = { "RF98 INV2 0260 0012 3", "RF98INV2026000124" };
    f1_open(desk);
    for (int i = 0; i < 2; i++) {
        o2c_payment *payment = desk_payment(desk, i ? "Q" : "P", 50000, "2026-02-03", NULL, "thanks");
        payment->structured_at = desk->texts_count;
        payment->structured_count = 1;
        desk->texts[desk->texts_count].scheme = O2C_SCHEME_RF;
        desk->texts[desk->texts_count++].text = desk_text(desk, references[i]);
    }
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_STRING_EQUAL(reading_hits(&reading, 0, buffer, sizeof buffer), "I3 structured 7+21 t0");
    CU_ASSERT_TRUE(o2c__str_equal(reading_text(&reading, 0), o2c__str("thanks\nRF98 INV2 0260 0012 3")));
    CU_ASSERT_EQUAL(reading.cases[1].hits_count, 0);
    reading_close(&reading);
    desk_close(desk);
    free(desk);
}

/* ---- weights */
static int32_t
weight_of(struct desk *desk, const char *text, const char *item)
{
    struct reading reading;
    desk->payments_count = desk->texts_count = 0;
    memset(&desk->payments[0], 0, sizeof desk->payments[0]);
    desk_payment(desk, "P", 100, "2026-02-03", NULL, text);
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    const struct o2c__hit *hit = reading_hit(&reading, 0, item);
    CU_ASSERT_PTR_NOT_NULL(hit);
    int32_t weight = hit ? hit->ln_ratio : 0;
    reading_close(&reading);
    return weight;
}

static int32_t
q16(long double ratio)
{
    return (int32_t)lroundl(logl(ratio) * 65536.0L);
}

/* R of the six-digit range is 200001 − 100234 + 1 = 99,768; the numbers are those of matcher_vectors.py. */
static void
weights__are_the_ones_of_the_model(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    const long double range = 99768;
    f1_open(desk);
    CU_ASSERT_TRUE(abs(weight_of(desk, "INV-100234", "I1") - q16(.9L * range / .05L)) <= 2);
    CU_ASSERT_TRUE(abs(weight_of(desk, "100234", "I1") - q16(.9L * range / .2L)) <= 2);
    CU_ASSERT_TRUE(abs(weight_of(desk, "0000100234", "I1") - q16(.06L * range / .2L)) <= 2);
    CU_ASSERT_TRUE(abs(weight_of(desk, "100234/35", "I2") - q16(.06L * range / .2L)) <= 2);
    CU_ASSERT_TRUE(abs(weight_of(desk, "tel 100234", "I1") - q16(.09L * range / .2L)) <= 3);
    /* DN: one number of five digits, so a hundredth of 10^5 */
    CU_ASSERT_TRUE(abs(weight_of(desk, "DN-90017", "I2") - q16(.9L * 1000 / .05L)) <= 2);
    /* RF: twelve digits (98 and 2026000123), a hundredth of 10^12, check digits 97 */
    CU_ASSERT_TRUE(abs(weight_of(desk, "RF98INV2026000123", "I3") - q16(.9L * 1e10L * 97 / .05L)) <= 3);
    desk_close(desk);
    free(desk);
}

static void
ca27_decoys__make_an_accident_likelier(void)
{
    static const char *const decoys[] = {
        "tel 0049 100234", "Fax: 100234", "IBAN 100234", "date 100234", "100234,00 EUR", "VAT 100234", "KONTO 100234",
    };
    static const char *const fair[] = { "hotel 100234", "thanks 100234", "tel 555 thanks 100234", "100234, 100235" };
    struct desk *desk = calloc(1, sizeof *desk);
    f1_open(desk);
    int32_t bare = weight_of(desk, "100234", "I1");
    for (size_t i = 0; i < sizeof decoys / sizeof decoys[0]; i++) {
        int32_t lower = bare - weight_of(desk, decoys[i], "I1") - 150902; /* ln 10 */
        CU_ASSERT_TRUE(abs(lower) <= 1);
        if (abs(lower) > 1)
            printf("# %s: %d\n", decoys[i], lower);
    }
    for (size_t i = 0; i < sizeof fair / sizeof fair[0]; i++)
        CU_ASSERT_EQUAL(weight_of(desk, fair[i], "I1"), bare);
    /* Its own letters before it: no decoy. */
    CU_ASSERT_EQUAL(weight_of(desk, "tel INV-100234", "I1"), weight_of(desk, "INV-100234", "I1"));
    desk_close(desk);
    free(desk);
}

/* The same digits cut in the same way, once as something else that people write: an accident is ten times as likely. */
static void
expect_decoy(struct desk *desk, const char *item, const char *plain, const char *decoy)
{
    int32_t lower = weight_of(desk, plain, item) - weight_of(desk, decoy, item) - 150902; /* ln 10 */
    if (abs(lower) > 1)
        printf("# %s against %s: %d\n", decoy, plain, lower);
    CU_ASSERT_TRUE(abs(lower) <= 1);
}

static void
decoys__dates_amounts_and_bank_accounts(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    desk_item(desk, "D", "C1", "03022026", 100, "2026-01-05", NULL);
    desk_item(desk, "Y", "C1", "20260203", 100, "2026-01-05", NULL);
    desk_item(desk, "A", "C1", "1250000", 100, "2026-01-05", NULL);
    desk_item(desk, "B", "C1", "120300000000202051", 100, "2026-01-05", NULL);
    expect_decoy(desk, "D", "03 02 2026", "03.02.2026");
    expect_decoy(desk, "D", "03.02-2026", "03-02-2026");
    expect_decoy(desk, "Y", "2026/02-03", "2026/02/03");
    expect_decoy(desk, "A", "12 500 00", "12.500,00");
    expect_decoy(desk, "B", "1203 0000 0000 2020 51", "DE02 1203 0000 0000 2020 51");
    CU_ASSERT_TRUE(weight_of(desk, "03.02.2026", "D") > 0); /* a filter raises the chance of an accident, it does not forbid */
    int32_t alone = weight_of(desk, "1203 0000 0000 2020 51", "B");
    CU_ASSERT_EQUAL(weight_of(desk, "DE03 1203 0000 0000 2020 51", "B"), alone); /* wrong check digits: no bank account */
    desk_close(desk);
    free(desk);
}

static void
trust__below_one_lowers_the_weight(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct reading reading;
    f1_open(desk);
    desk_payment(desk, "P", 100, "2026-02-03", NULL, "INV-100234");
    desk_payment(desk, "Q", 100, "2026-02-03", NULL, "INV-100234");
    desk->texts[1].trust_ppm = 500000;
    CU_ASSERT_EQUAL(reading_open(&reading, desk, NULL), O2C_OK);
    CU_ASSERT_TRUE(abs(reading.cases[0].hits[0].ln_ratio - reading.cases[1].hits[0].ln_ratio - 45426) <= 1); /* ln 2 */
    reading_close(&reading);
    desk_close(desk);
    free(desk);
}

/* ---- tables and forms */
static void
class_table__is_the_fold_of_ascii(void)
{
    for (int byte = 0; byte < 128; byte++) {
        char in = (char)byte, out = 0;
        CU_ASSERT_EQUAL(o2c__fold_reference(&in, 1, &out, NULL), 1);
        CU_ASSERT_EQUAL(o2c__text_fold(in), out == ' ' ? 0 : out);
    }
}

static void
forms__of_a_number(void)
{
    static const struct {
        const char *text, *full, *digits, *loose;
    } rows[] = {
        { "INV-100234", "INV100234", "100234", "" }, { "RE-2024-00123", "RE202400123", "202400123", "2024123" },
        { "0000471199", "0000471199", "471199", "" }, { "A12B345678", "A12B345678", "", "" }, { "ST-88", "ST88", "", "" },
        { "12345-A", "12345A", "12345", "" },         { "\u00c4B-1234", "AB1234", "1234", "" }, { "--", "", "", "" },
        { "0000", "0000", "", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct o2c__forms forms;
        o2c__forms(o2c__str(rows[i].text), &forms);
        CU_ASSERT_TRUE(o2c__str_equal((o2c_str){ forms.full, forms.full_len }, o2c__str(rows[i].full)));
        CU_ASSERT_TRUE(o2c__str_equal(o2c__forms_digits(&forms), o2c__str(rows[i].digits)));
        CU_ASSERT_TRUE(o2c__str_equal((o2c_str){ forms.loose, forms.loose_len }, o2c__str(rows[i].loose)));
    }
}

static const struct tap_test tests[] = {
    { "exact__every_digit_stands_there", exact__every_digit_stands_there },
    { "ca05_normalized__zeros_and_separators", ca05_normalized__zeros_and_separators },
    { "boundaries__a_number_inside_another_is_none", boundaries__a_number_inside_another_is_none },
    { "trap_t06_a_short_number_is_not_in_a_longer_one", trap_t06_a_short_number_is_not_in_a_longer_one },
    { "csh03_every_way_of_writing_one_number", csh03_every_way_of_writing_one_number },
    { "spans__count_bytes_of_the_text_as_it_is", spans__count_bytes_of_the_text_as_it_is },
    { "secondary__cites_the_whole_group_once", secondary__cites_the_whole_group_once },
    { "structured__stands_whole_or_not_at_all", structured__stands_whole_or_not_at_all },
    { "ca32_lists_and_ranges", ca32_lists_and_ranges },
    { "dominance__the_longer_number_wins", dominance__the_longer_number_wins },
    { "overlap__shares_a_token", overlap__shares_a_token },
    { "shared_numbers__group_in_one_account_rivals_in_two", shared_numbers__group_in_one_account_rivals_in_two },
    { "distinctive__a_number_of_too_many_accounts_says_nothing", distinctive__a_number_of_too_many_accounts_says_nothing },
    { "pieces__a_number_may_run_over_a_line_break", pieces__a_number_may_run_over_a_line_break },
    { "end_to_end_id__is_text_only_where_it_hits", end_to_end_id__is_text_only_where_it_hits },
    { "ca18_structured_row__by_its_check_digits", ca18_structured_row__by_its_check_digits },
    { "weights__are_the_ones_of_the_model", weights__are_the_ones_of_the_model },
    { "ca27_decoys__make_an_accident_likelier", ca27_decoys__make_an_accident_likelier },
    { "decoys__dates_amounts_and_bank_accounts", decoys__dates_amounts_and_bank_accounts },
    { "trust__below_one_lowers_the_weight", trust__below_one_lowers_the_weight },
    { "class_table__is_the_fold_of_ascii", class_table__is_the_fold_of_ascii },
    { "forms__of_a_number", forms__of_a_number },
};

int
main(void)
{
    return tap_run("match/text", tests, TAP_COUNT(tests));
}

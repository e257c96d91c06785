/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixture F1 through the public API: payments in, lines out. Expected outcomes, labels, confidences: the published cases CA-01 … CA-50
 * with the cold model, audit sample off, band R = PROPOSE. Confidences are printed there to three or four digits.
 */
#include "match/f1.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "match/equations.h"
#include "support/tap.h"

struct row {
    const char *id;
    int64_t amount;
    const char *day, *iban, *text;
    /* expected */
    int32_t kind, band, label, certificate; /* certificate −1 = not stated */
    const char *lines;
    uint32_t confidence_low, confidence_high; /* ppm of the weakest line; 0, 0 = no lines */
    uint32_t gates;
};

#define C1 F1_C1_IBAN
#define APPLY O2C_KIND_APPLY
#define AUTO O2C_BAND_AUTO
#define PROPOSE O2C_BAND_PROPOSE
#define FIT O2C_CERTIFICATE_ONLY_FIT
#define CLEAR O2C_CERTIFICATE_CLEAR_FAVORITE
#define OPEN_QUESTION O2C_CERTIFICATE_NONE

static const struct row rows[] = {
    { "CA-01", 100000, "2026-02-03", C1, "INV-100234", APPLY, AUTO, O2C_LABEL_M03, CLEAR, "I1=1000.00", 997900, 998000, 0 },
    { "CA-02", 98000, "2026-01-15", C1, "INV-100234", APPLY, PROPOSE, O2C_LABEL_M04, CLEAR, "I1=980.00 d20.00", 989750, 989950, 0 },
    { "CA-03", 98000, "2026-01-16", C1, "INV-100234", APPLY, PROPOSE, O2C_LABEL_M10, CLEAR, "I1=980.00 x20.00:discount_unearned", 899300, 899600, 0 },
    { "CA-04", 115000, "2026-02-03", C1, "100234 100235 CRN-7001", APPLY, AUTO, O2C_LABEL_M03, CLEAR, "CM1=-100.00; I1=1000.00; I2=250.00", 997900, 998000, 0 },
    { "CA-05", 100000, "2026-02-03", C1, "0000100234", APPLY, PROPOSE, O2C_LABEL_M07, CLEAR, "I1=1000.00", 969900, 970000, 0 },
    { "CA-07", 25000, "2026-02-03", C1, NULL, APPLY, PROPOSE, O2C_LABEL_M13, FIT, "I2=250.00", 929990, 929999, 0 },
    { "CA-08", 100000, "2026-02-03", C1, NULL, APPLY, PROPOSE, O2C_LABEL_M13, OPEN_QUESTION, "I1=1000.00", 760500, 761400, 0 },
    { "CA-09", 165000, "2026-02-03", C1, NULL, APPLY, PROPOSE, O2C_LABEL_M14, OPEN_QUESTION, "CM1=-100.00; I1=1000.00; I2=250.00; I3=500.00", 943300, 943700, 0 },
    { "CA-10", 125000, "2026-02-07", C1, NULL, APPLY, PROPOSE, O2C_LABEL_M15, OPEN_QUESTION, "I1=1000.00; I2=250.00", 905400, 906000, 0 },
    { "CA-11", 150000, "2026-02-03", C1, NULL, APPLY, PROPOSE, O2C_LABEL_M18, OPEN_QUESTION, "I1=1000.00; I3=500.00", 828900, 829700, 0 },
    { "CA-12", 99995, "2026-02-03", C1, "100234", APPLY, PROPOSE, O2C_LABEL_M05, CLEAR, "I1=999.95 t0.05", 982600, 983300, 0 },
    { "CA-13", 97000, "2026-02-03", C1, "100234", APPLY, PROPOSE, O2C_LABEL_M10, CLEAR, "I1=970.00 o30.00", 899600, 900000, 0 },
    { "CA-15", 102000, "2026-02-03", C1, "100234", APPLY, PROPOSE, O2C_LABEL_M11, CLEAR, "I1=1000.00", 928600, 929400, 0 },
    { "CA-16", 12345, "2026-02-03", NULL, "thanks", O2C_KIND_UNIDENTIFIED, O2C_BAND_NONE, O2C_LABEL_M22, -1, "", 0, 0, 0 },
    { "CA-17", 7777, "2026-02-03", C1, NULL, O2C_KIND_ON_ACCOUNT, O2C_BAND_NONE, O2C_LABEL_M22, -1, "", 0, 0, 0 },
    { "CA-19", 749999, "2026-02-03", "GB33BUKB20201555555555", "200001", APPLY, AUTO, O2C_LABEL_M03, -1, "I5=7499.99", 997800, 998000, 0 },
    { "CA-22", 30000, "2026-02-03", C1, "SO-555", APPLY, PROPOSE, O2C_LABEL_M19, -1, "SO=300.00", 880000, 900000, 0 },
    { "CA-25", 75000, "2026-02-03", C1, "ST-88", APPLY, PROPOSE, O2C_LABEL_M06, FIT, "I2=250.00; I3=500.00", 969900, 970000, 0 },
    { "CA-26", 50000, "2026-02-03", C1, "PO 4711", APPLY, PROPOSE, O2C_LABEL_M06, FIT, "I3=500.00", 969900, 970000, 0 },
    { "CA-30", 200000, "2026-02-03", C1, NULL, APPLY, PROPOSE, O2C_LABEL_M18, FIT, "I1=1000.00; I4=1000.00", 849600, 850000, 0 },
    { "CA-32", 175000, "2026-02-03", C1, "INV-100234, -35, -36", APPLY, PROPOSE, O2C_LABEL_M07, CLEAR, "I1=1000.00; I2=250.00; I3=500.00", 969900, 970000, 0 },
    { "CA-34", 100000, "2026-02-03", F1_C3_IBAN, "INV-100234", APPLY, PROPOSE, O2C_LABEL_M03, -1, "I1=1000.00", 900000, 998000, O2C_GATE_PAYER_CONFLICT },
};

static char shown[2048];

static void
check(const struct row *row)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, row->id, row->amount, row->day, row->iban, row->text);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    const o2c_proposal *p = desk_proposal(&desk, 0);
    bool right = p->kind == row->kind && p->band == row->band && p->label == row->label &&
                 (row->certificate < 0 || p->certificate == row->certificate) && p->confidence_ppm >= row->confidence_low &&
                 p->confidence_ppm <= row->confidence_high && (p->gates & row->gates) == row->gates &&
                 strcmp(desk_render(&desk, 0, shown, sizeof shown), row->lines) == 0;
    if (!right)
        printf("# %s: kind %s band %s label %s certificate %s confidence %u gates %x lines %s, wanted lines %s\n", row->id,
               o2c_code_name(O2C_TABLE_PROPOSAL_KIND, p->kind), o2c_code_name(O2C_TABLE_BAND, p->band), o2c_code_name(O2C_TABLE_LABEL, p->label),
               o2c_code_name(O2C_TABLE_CERTIFICATE, p->certificate), p->confidence_ppm, p->gates, shown, row->lines);
    CU_ASSERT(right);
    check_equations(&desk, 0);
    desk_close(&desk);
}

static void
check_id(const char *id)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].id, id) == 0) {
            check(&rows[i]);
            return;
        }
    CU_FAIL("no such row");
}

#define CASE(name, id)      \
    static void name(void)  \
    {                       \
        check_id(id);       \
    }
CASE(ca01_exact_reference, "CA-01")
CASE(ca02_discount_on_its_last_day, "CA-02")
CASE(ca03_discount_one_day_late_is_a_deduction, "CA-03")
CASE(ca04_references_with_a_credit_memo, "CA-04")
CASE(ca05_leading_zeros, "CA-05")
CASE(ca07_one_item_without_reference, "CA-07")
CASE(ca08_two_items_of_one_amount_stay_open, "CA-08")
CASE(ca09_whole_account, "CA-09")
CASE(ca10_all_past_due, "CA-10")
CASE(ca11_a_set_that_adds_up, "CA-11")
CASE(ca12_five_cents_short_are_tolerance, "CA-12")
CASE(ca13_short_pay_stays_open_by_default, "CA-13")
CASE(ca15_too_much_goes_on_account, "CA-15")
CASE(ca16_unknown_payer_thanks, "CA-16")
CASE(ca17_known_payer_nothing_fits, "CA-17")
CASE(ca19_owner_of_the_reference_pays_from_a_new_account, "CA-19")
CASE(ca22_deposit_request_is_a_prepayment, "CA-22")
CASE(ca25_statement_number_cites_its_items, "CA-25")
CASE(ca26_purchase_order, "CA-26")
CASE(ca30_own_and_relatives_item_together, "CA-30")
CASE(ca32_list_of_suffixes, "CA-32")
CASE(ca34_account_of_one_references_of_another, "CA-34")

/* Decision 0030: the second item stands on the sum alone, so no class of the shipped list carries the pair. */
static void
label__a_cited_and_an_uncited_item_are_no_exact_reference(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 125000, "2026-02-03", C1, "INV-100234 and one more");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=1000.00; I2=250.00");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M18);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_PROPOSE);
    desk_close(&desk);
}

/* Decision 0031: what goes wrong with a fee is the fee, not the zeros before a number. */
static void
label__a_fee_is_a_class_of_its_own_however_the_number_is_written(void)
{
    static const int64_t fees[] = { 2500 };
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FEES, .fees = fees, .fees_count = 1 };
    struct desk desk;
    f1_open(&desk);
    desk_policy(&desk, &policy);
    desk_payment(&desk, "P", 97500, "2026-02-03", C1, "0000100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->charge_minor, 2500);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M05);
    desk_close(&desk);
}

/* 15 % of three documents, half up each: 8,186.29 + 1,745.69 + 988.40; the third customer item bears no tax and keeps none. */
static void
settle__tax_is_kept_back_document_by_document(void)
{
    static const uint32_t rates[] = { 150000 };
    static const int64_t open[] = { 5457529, 1163790, 658932 }, tax[] = { 818629, 174569, 98840 };
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_WITHHOLDING_PPM, .withholding_ppm = rates,
                                .withholding_ppm_count = 1 };
    struct desk desk;
    desk_open(&desk);
    desk_account(&desk, "T", "Taxed");
    desk_bank_account(&desk, "T", F1_C1_IBAN);
    desk_item(&desk, "A", "T", "RE-70034691", open[0], "2026-01-05", "2026-02-04")->flags = O2C_ITEM_FLAG_WITHHOLDING;
    desk_item(&desk, "B", "T", "RE-70034696", open[1], "2026-01-06", "2026-02-05")->flags = O2C_ITEM_FLAG_WITHHOLDING;
    desk_item(&desk, "C", "T", "RE-70034700", open[2], "2026-01-07", "2026-02-06")->flags = O2C_ITEM_FLAG_WITHHOLDING;
    desk_item(&desk, "D", "T", "RE-70034777", 30000, "2026-01-08", "2026-02-07");
    desk_policy(&desk, &policy);
    desk_payment(&desk, "P", open[0] + open[1] + open[2] + 30000 - 1092038, "2026-02-10", F1_C1_IBAN,
                 "RE-70034691 RE-70034696 RE-70034700 RE-70034777");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(desk_proposal(&desk, 0)->lines_count, 4);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(desk_lines(&desk, 0)[i].withholding_minor, tax[i]);
        CU_ASSERT_EQUAL(desk_lines(&desk, 0)[i].cleared_minor, open[i]);
    }
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[3].withholding_minor, 0);
    check_equations(&desk, 0);
    desk_close(&desk);
}

static void
ca03_grace_of_five_days_makes_it_earned(void)
{
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_DISCOUNT_GRACE_DAYS, .discount_grace_days = 5 };
    f1_open(&desk);
    desk_policy(&desk, &policy);
    desk_payment(&desk, "P", 98000, "2026-01-16", C1, "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=980.00 d20.00");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M04);
    desk_close(&desk);
}

static void
ca13_policy_residual_opens_a_deduction(void)
{
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_SHORT_PAY, .short_pay = O2C_SHORT_PAY_RESIDUAL };
    f1_open(&desk);
    desk_policy(&desk, &policy);
    desk_payment(&desk, "P", 97000, "2026-02-03", C1, "100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=970.00 x30.00:uncoded");
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->close, O2C_CLOSE_RESIDUAL);
    check_equations(&desk, 0);
    desk_close(&desk);
}

static void
ca13_policy_partial_leaves_it_open(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 97000, "2026-02-03", C1, "100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->close, O2C_CLOSE_PARTIAL);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->remaining_minor, 3000);
    desk_close(&desk);
}

static void
ca15_rest_is_on_account_or_refund_by_policy(void)
{
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_OVER_PAY, .over_pay = O2C_OVER_PAY_REFUND };
    f1_open(&desk);
    desk_payment(&desk, "P", 102000, "2026-02-03", C1, "100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->on_account_minor, 2000);
    desk_policy(&desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->refund_minor, 2000);
    desk_close(&desk);
}

static void
ca18_registered_structured_reference_is_automatic(void)
{
    struct desk desk;
    f1_open(&desk);
    o2c_payment *payment = desk_payment(&desk, "P", 50000, "2026-02-03", C1, NULL);
    payment->structured_at = desk.texts_count;
    payment->structured_count = 1;
    desk.texts[desk.texts_count] = (o2c_text){ .text = desk_text(&desk, "RF98INV2026000123"), .scheme = O2C_SCHEME_RF };
    desk.texts_count++;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I3=500.00");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M01);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, AUTO);
    desk_close(&desk);
}

static void
ca18_one_wrong_digit_falls_through(void)
{
    struct desk desk;
    f1_open(&desk);
    o2c_payment *payment = desk_payment(&desk, "P", 50000, "2026-02-03", C1, NULL);
    payment->structured_at = desk.texts_count;
    payment->structured_count = 1;
    desk.texts[desk.texts_count] = (o2c_text){ .text = desk_text(&desk, "RF98INV2026000124"), .scheme = O2C_SCHEME_RF };
    desk.texts_count++;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M13); /* found by its amount, not by the broken reference */
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, PROPOSE);
    desk_close(&desk);
}

static void
ca19_an_alias_that_agrees_does_not_lower_the_class(void)
{
    struct desk desk;
    f1_open(&desk);
    desk.aliases[desk.aliases_count++] = (o2c_alias){ .account = desk_text(&desk, "C3"), .text = desk_text(&desk, "Fairchild Automotive"),
                                                      .kind = O2C_ALIAS_LEARNED, .count = 2 };
    desk_payment(&desk, "P", 749999, "2026-02-03", "GB33BUKB20201555555555", "200001")->payer_name = desk_text(&desk, "FAIRCHILD AUTOMOTIVE");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->payer_class, O2C_PAYER_CITED);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, AUTO);
    desk_close(&desk);
}

static void
ca23_another_currency_is_held(void)
{
    struct desk desk;
    f1_open(&desk);
    memcpy(desk_payment(&desk, "P", 100000, "2026-02-03", C1, "100234")->currency, "EUR", 4);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT_EQUAL(p->band, PROPOSE);
    CU_ASSERT(p->gates & O2C_GATE_CROSS_CURRENCY);
    CU_ASSERT_EQUAL(p->lines_count, 0); /* no rate: no line may say a number in the item's currency */
    CU_ASSERT(p->alternatives_count >= 1);
    check_equations(&desk, 0);
    desk_close(&desk);
}

static void
ca24_bank_charge_from_the_fee_list(void)
{
    static const int64_t fees[] = { 2500 };
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FEES, .fees = fees, .fees_count = 1 };
    f1_open(&desk);
    desk_policy(&desk, &policy);
    desk_payment(&desk, "P", 97500, "2026-02-03", C1, "100234")->bearer = O2C_BEARER_SHARED;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=975.00 c25.00");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M05);
    CU_ASSERT(desk_proposal(&desk, 0)->confidence_ppm >= 983500 && desk_proposal(&desk, 0)->confidence_ppm <= 984500);
    check_equations(&desk, 0);
    desk_close(&desk);
}

static void
ca29_disputed_item_stays_in_the_posterior_and_is_held(void)
{
    struct desk desk;
    f1_open(&desk);
    f1_item(&desk, 0)->flags = O2C_ITEM_FLAG_DISPUTED;
    desk_payment(&desk, "P", 165000, "2026-02-03", C1, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT_EQUAL(p->label, O2C_LABEL_M18);
    CU_ASSERT_EQUAL(p->band, PROPOSE);
    CU_ASSERT(p->gates & O2C_GATE_DISPUTED_EXCLUDED);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "CM1=-100.00; I1=1000.00; I2=250.00; I3=500.00");
    CU_ASSERT(p->alternatives_count >= 1);
    desk_close(&desk);
}

static void
ca33_shared_account_narrows_the_reference_decides(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_bank_account(&desk, "C2", C1);
    desk_payment(&desk, "P", 50000, "2026-02-03", C1, "100236");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I3=500.00");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, AUTO);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->payer_class, O2C_PAYER_CITED);
    desk_close(&desk);
}

static void
ca36_equal_payments_lower_ordinal_clears(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "SECOND", 100000, "2026-02-03", C1, "100234")->ordinal = 8;
    desk_payment(&desk, "FIRST", 100000, "2026-02-03", C1, "100234")->ordinal = 7;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 1)->band, AUTO);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 1, shown, sizeof shown), "I1=1000.00");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->lines_count, 0);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M21);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->on_account_minor, 100000);
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_SECOND_OF_EQUALS));
    check_equations(&desk, 0);
    check_equations(&desk, 1);
    desk_close(&desk);
}

static void
contested_item_is_nobodys_auto(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "A", 100000, "2026-02-03", C1, "INV-100234");
    desk_payment(&desk, "B", 100000, "2026-02-03", "GB33BUKB20201555555555", "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->lines_count + desk_proposal(&desk, 1)->lines_count, 1);
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->band, AUTO);
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 1)->band, AUTO);
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_CONTESTED));
    CU_ASSERT(desk_has_reason(&desk, 1, O2C_REASON_CONTESTED));
    check_equations(&desk, 0);
    check_equations(&desk, 1);
    desk_close(&desk);
}

static void
contested_by_an_equal_amount_alone_stays_automatic(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "REAL", 749999, "2026-02-03", F1_C3_IBAN, "INV-200001");
    desk_payment(&desk, "NAKED", 749999, "2026-02-03", "GB33BUKB20201555555555", "thanks");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, AUTO);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 1)->lines_count, 0);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 1)->kind, O2C_KIND_UNIDENTIFIED);
    desk_close(&desk);
}

static void
ca50_another_companys_account(void)
{
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_CROSS_COMPANY, .cross_company = 1 };
    f1_open(&desk);
    for (uint32_t i = 0; i < desk.items_count; i++)
        desk.items[i].company = desk_text(&desk, "1000");
    desk_payment(&desk, "P", 100000, "2026-02-03", C1, "INV-100234")->company = desk_text(&desk, "2000");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, PROPOSE);
    CU_ASSERT(desk_proposal(&desk, 0)->gates & O2C_GATE_CROSS_COMPANY);
    desk_policy(&desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_FALSE(desk_proposal(&desk, 0)->gates & O2C_GATE_CROSS_COMPANY);
    CU_ASSERT_EQUAL_FATAL(desk_proposal(&desk, 0)->lines_count, 1);
    o2c_str heap;
    const o2c_line *line = desk_lines(&desk, 0);
    o2c_match_solution_heap(desk.solution, &heap);
    CU_ASSERT_NSTRING_EQUAL(heap.ptr + line->company.at, "2000", 4);
    CU_ASSERT_NSTRING_EQUAL(heap.ptr + line->item_company.at, "1000", 4);
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "ca01_exact_reference", ca01_exact_reference },
    { "ca02_discount_on_its_last_day", ca02_discount_on_its_last_day },
    { "ca03_discount_one_day_late_is_a_deduction", ca03_discount_one_day_late_is_a_deduction },
    { "label__a_cited_and_an_uncited_item_are_no_exact_reference", label__a_cited_and_an_uncited_item_are_no_exact_reference },
    { "label__a_fee_is_a_class_of_its_own_however_the_number_is_written", label__a_fee_is_a_class_of_its_own_however_the_number_is_written },
    { "settle__tax_is_kept_back_document_by_document", settle__tax_is_kept_back_document_by_document },
    { "ca03_grace_of_five_days_makes_it_earned", ca03_grace_of_five_days_makes_it_earned },
    { "ca04_references_with_a_credit_memo", ca04_references_with_a_credit_memo },
    { "ca05_leading_zeros", ca05_leading_zeros },
    { "ca07_one_item_without_reference", ca07_one_item_without_reference },
    { "ca08_two_items_of_one_amount_stay_open", ca08_two_items_of_one_amount_stay_open },
    { "ca09_whole_account", ca09_whole_account },
    { "ca10_all_past_due", ca10_all_past_due },
    { "ca11_a_set_that_adds_up", ca11_a_set_that_adds_up },
    { "ca12_five_cents_short_are_tolerance", ca12_five_cents_short_are_tolerance },
    { "ca13_short_pay_stays_open_by_default", ca13_short_pay_stays_open_by_default },
    { "ca13_policy_residual_opens_a_deduction", ca13_policy_residual_opens_a_deduction },
    { "ca13_policy_partial_leaves_it_open", ca13_policy_partial_leaves_it_open },
    { "ca15_too_much_goes_on_account", ca15_too_much_goes_on_account },
    { "ca15_rest_is_on_account_or_refund_by_policy", ca15_rest_is_on_account_or_refund_by_policy },
    { "ca16_unknown_payer_thanks", ca16_unknown_payer_thanks },
    { "ca17_known_payer_nothing_fits", ca17_known_payer_nothing_fits },
    { "ca18_registered_structured_reference_is_automatic", ca18_registered_structured_reference_is_automatic },
    { "ca18_one_wrong_digit_falls_through", ca18_one_wrong_digit_falls_through },
    { "ca19_owner_of_the_reference_pays_from_a_new_account", ca19_owner_of_the_reference_pays_from_a_new_account },
    { "ca19_an_alias_that_agrees_does_not_lower_the_class", ca19_an_alias_that_agrees_does_not_lower_the_class },
    { "ca22_deposit_request_is_a_prepayment", ca22_deposit_request_is_a_prepayment },
    { "ca23_another_currency_is_held", ca23_another_currency_is_held },
    { "ca24_bank_charge_from_the_fee_list", ca24_bank_charge_from_the_fee_list },
    { "ca25_statement_number_cites_its_items", ca25_statement_number_cites_its_items },
    { "ca26_purchase_order", ca26_purchase_order },
    { "ca29_disputed_item_stays_in_the_posterior_and_is_held", ca29_disputed_item_stays_in_the_posterior_and_is_held },
    { "ca30_own_and_relatives_item_together", ca30_own_and_relatives_item_together },
    { "ca32_list_of_suffixes", ca32_list_of_suffixes },
    { "ca33_shared_account_narrows_the_reference_decides", ca33_shared_account_narrows_the_reference_decides },
    { "ca34_account_of_one_references_of_another", ca34_account_of_one_references_of_another },
    { "ca36_equal_payments_lower_ordinal_clears", ca36_equal_payments_lower_ordinal_clears },
    { "ca50_another_companys_account", ca50_another_companys_account },
    { "contested_item_is_nobodys_auto", contested_item_is_nobodys_auto },
    { "contested_by_an_equal_amount_alone_stays_automatic", contested_by_an_equal_amount_alone_stays_automatic },
};

int
main(void)
{
    return tap_run("match/f1", tests, TAP_COUNT(tests));
}

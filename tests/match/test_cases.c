/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of fixture F1 about damaged references, advices and closed documents, through the public API. Confidences with a window of
 * two units of the last printed digit are those published for the cold model.
 */
#include "match/f1.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "match/equations.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static char shown[4096];

static void
solve(struct desk *desk)
{
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    for (uint32_t i = 0; i < desk->payments_count; i++)
        check_equations(desk, i);
}

static void
expect(const struct desk *desk, uint32_t proposal, int32_t label, int32_t band, const char *lines)
{
    const o2c_proposal *p = desk_proposal(desk, proposal);
    bool right = p->label == label && p->band == band && strcmp(desk_render(desk, proposal, shown, sizeof shown), lines) == 0;
    if (!right)
        printf("# kind %s band %s label %s confidence %u gates %x lines %s, wanted %s\n", o2c_code_name(O2C_TABLE_PROPOSAL_KIND, p->kind),
               o2c_code_name(O2C_TABLE_BAND, p->band), o2c_code_name(O2C_TABLE_LABEL, p->label), p->confidence_ppm, p->gates, shown, lines);
    CU_ASSERT(right);
}

static void
expect_confidence(const struct desk *desk, uint32_t proposal, uint32_t wanted, uint32_t unit)
{
    uint32_t ppm = desk_proposal(desk, proposal)->confidence_ppm;
    if (ppm + unit < wanted || ppm > wanted + unit)
        printf("# confidence %u, wanted %u\n", ppm, wanted);
    CU_ASSERT(ppm + unit >= wanted && ppm <= wanted + unit);
}

/* Is this item by itself among the alternatives, with such a posterior? */
static bool
alternative_is(const struct desk *desk, const char *item, uint32_t low_ppm, uint32_t high_ppm)
{
    const o2c_match_alternative *rows;
    const o2c_ref *keys;
    uint64_t count, keys_count;
    o2c_str heap;
    const o2c_proposal *p = desk_proposal(desk, 0);
    o2c_match_solution_alternatives(desk->solution, &rows, &count);
    o2c_match_solution_alternative_items(desk->solution, &keys, &keys_count);
    o2c_match_solution_heap(desk->solution, &heap);
    for (uint32_t i = p->alternatives_at; i < p->alternatives_at + p->alternatives_count; i++) {
        const o2c_ref *key = &keys[rows[i].items_at];
        if (rows[i].kind == O2C_ALTERNATIVE_ITEMS && rows[i].items_count == 1 && key->len == strlen(item) &&
            memcmp(heap.ptr + key->at, item, key->len) == 0)
            return rows[i].posterior_ppm >= low_ppm && rows[i].posterior_ppm <= high_ppm;
    }
    return false;
}

static void
ca_06_two_digits_exchanged_and_a_rival_one_digit_away(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 100000, "2026-02-03", C1, "INV100243");
    solve(&desk);
    expect(&desk, 0, O2C_LABEL_M12, O2C_BAND_PROPOSE, "I1=1000.00");
    expect_confidence(&desk, 0, 845069, 500);
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_AMBIGUOUS));
    CU_ASSERT(alternative_is(&desk, "I4", 39000, 41000)); /* the relative's item */
    desk_close(&desk);
}

static void
ca_27_a_phone_number_that_is_a_live_number(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 25000, "2026-02-03", C1, "DN-90017 tel 0049 100234");
    solve(&desk);
    expect(&desk, 0, O2C_LABEL_M06, O2C_BAND_PROPOSE, "I2=250.00");
    CU_ASSERT(desk_proposal(&desk, 0)->confidence_ppm >= 952500); /* published without the filter on "tel", which can only raise it */
    desk_close(&desk);
}

static void
ca_39_a_part_is_paid_and_the_rest_is_promised(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 60000, "2026-02-03", C1, "INV 100234 paid 600, balance next week");
    solve(&desk);
    expect(&desk, 0, O2C_LABEL_M10, O2C_BAND_PROPOSE, "I1=600.00 o400.00");
    expect_confidence(&desk, 0, 884947, 500);
    CU_ASSERT(desk_proposal(&desk, 0)->outcome_ppm >= 982770 && desk_proposal(&desk, 0)->outcome_ppm <= 983770); /* .98327 */
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->close, O2C_CLOSE_PARTIAL);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->remaining_minor, 40000);
    desk_close(&desk);
}

static void
ca_14_deduction_coded_in_the_advice(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 97000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    o2c_remittance_line *line = desk_line(&desk, "INV-100234", 97000);
    line->has |= O2C_HAS_GROSS | O2C_HAS_DEDUCTION;
    line->gross_minor = 100000;
    line->deduction_minor = 3000;
    line->reason = desk_text(&desk, "04");
    solve(&desk);
    expect(&desk, 0, O2C_LABEL_M09, O2C_BAND_PROPOSE, "I1=970.00 x30.00:damage");
    expect_confidence(&desk, 0, 959568, 500);
    desk_close(&desk);
}

static void
pay_again(struct desk *desk)
{
    f1_open(desk);
    o2c_open_item *item = f1_item(desk, 0);
    item->kind = O2C_ITEM_CLOSED;
    item->open_minor = 0;
    item->closed_day = desk_day("2026-02-03");
}

static void
ca_28_paid_five_days_ago_is_a_double_payment(void)
{
    struct desk desk;
    pay_again(&desk);
    desk_payment(&desk, "P", 100000, "2026-02-08", C1, "INV-100234");
    solve(&desk);
    expect(&desk, 0, O2C_LABEL_M21, O2C_BAND_PROPOSE, "");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->on_account_minor, 100000);
    CU_ASSERT(desk_has_reason(&desk, 0, O2C_REASON_DOUBLE_PAYMENT));
    desk_close(&desk);
}

static void
ca_28_two_years_later_the_reference_still_counts(void)
{
    struct desk desk;
    pay_again(&desk);
    desk_payment(&desk, "P", 100000, "2028-02-08", C1, "INV-100234");
    solve(&desk);
    expect(&desk, 0, O2C_LABEL_M21, O2C_BAND_PROPOSE, "");
    desk_close(&desk);
}

static void
ca_31_world(struct desk *desk, uint32_t grace)
{
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_DISCOUNT_GRACE_DAYS, .discount_grace_days = grace };
    f1_open(desk);
    desk_policy(desk, &policy);
    desk_payment(desk, "P", 98000, "2026-02-03", C1, NULL);
    o2c_remittance *advice = desk_remittance(desk, "R", NULL);
    advice->payer = desk_text(desk, "C1");
    advice->total_minor = 98000;
    advice->day = desk_day("2026-02-01");
    o2c_remittance_line *line = desk_line(desk, "INV-100234", 98000);
    line->has |= O2C_HAS_GROSS | O2C_HAS_DISCOUNT;
    line->gross_minor = 100000;
    line->discount_minor = 2000;
    solve(desk);
}

static void
ca_31_advice_on_its_own_grace_decides_the_discount(void)
{
    struct desk desk;
    ca_31_world(&desk, 0);
    expect(&desk, 0, O2C_LABEL_M10, O2C_BAND_PROPOSE, "I1=980.00 x20.00:discount_unearned");
    desk_close(&desk);
    ca_31_world(&desk, 19);
    expect(&desk, 0, O2C_LABEL_M04, O2C_BAND_PROPOSE, "I1=980.00 d20.00");
    desk_close(&desk);
}

/* Each way to damage a number, inside the payer's items, with the exact amount: proposed, and never automatic. */
static void
damaged_numbers_are_found_among_the_payers_items(void)
{
    static const char *const texts[] = {
        "INV100334 THANKS", /* one digit replaced */
        "INV102034",        /* two neighbors exchanged: 100234 */
        "INV-10023",        /* the last digit lost */
        "0234 AND THANKS",  /* the first two lost */
        "1OO234",           /* letters read for digits */
        "I00Z34",           /* the same */
        "REF 20260203100234" /* glued behind a date */
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct desk desk;
        f1_open(&desk);
        desk.ties_count = 0; /* without the relative nothing else has the amount */
        desk_payment(&desk, "P", 100000, "2026-02-03", C1, texts[i]);
        solve(&desk);
        if (desk_proposal(&desk, 0)->label != O2C_LABEL_M12)
            printf("# %s\n", texts[i]);
        expect(&desk, 0, O2C_LABEL_M12, O2C_BAND_PROPOSE, "I1=1000.00");
        desk_close(&desk);
    }
}

static void
glued_numbers_cite_both_items(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 150000, "2026-02-03", C1, "100234100236");
    solve(&desk);
    expect(&desk, 0, O2C_LABEL_M12, O2C_BAND_PROPOSE, "I1=1000.00; I3=500.00");
    CU_ASSERT(desk_lines(&desk, 0)[0].error_ppb < 5000000); /* without the text I1 or I4: .976 */
    desk_close(&desk);
}

static void
ca_45_an_earmarked_item_is_not_offered_and_its_rival_stays_a_rival(void)
{
    struct desk desk;
    f1_open(&desk);
    f1_item(&desk, 0)->earmarked_minor = 100000;
    f1_item(&desk, 0)->earmarked_by = desk_text(&desk, "HOLDER");
    desk_payment(&desk, "P", 100000, "2026-02-03", C1, NULL);
    solve(&desk);
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT_EQUAL(p->lines_count, 0);
    CU_ASSERT(p->gates & O2C_GATE_EARMARKED);
    CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
    CU_ASSERT(alternative_is(&desk, "I4", 181000, 182500));
    desk_close(&desk);
}

/* Two documents of 10.10: five percent are .51 of each and 1.01 of both. */
static void
tax_is_of_each_document_or_of_the_whole(int64_t kept, const char *lines)
{
    static const uint32_t rates[] = { 50000, 100000 };
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_WITHHOLDING_PPM, .withholding_ppm = rates,
                                .withholding_ppm_count = 2 };
    f1_open(&desk);
    desk_policy(&desk, &policy);
    desk_item(&desk, "T1", "C1", "INV-300001", 1010, "2026-01-05", "2026-02-04")->flags |= O2C_ITEM_FLAG_WITHHOLDING;
    desk_item(&desk, "T2", "C1", "INV-300002", 1010, "2026-01-05", "2026-02-04")->flags |= O2C_ITEM_FLAG_WITHHOLDING;
    desk_payment(&desk, "P", 102020 - kept, "2026-02-03", F1_C1_IBAN, "INV-100234 INV-300001 INV-300002");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    desk_render(&desk, 0, shown, sizeof shown);
    if (strcmp(shown, lines) != 0)
        printf("# %s, wanted %s\n", shown, lines);
    CU_ASSERT_STRING_EQUAL(shown, lines);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M05);
    desk_close(&desk);
}

static void
withholding_is_rounded_on_each_document_or_on_their_sum(void)
{
    tax_is_of_each_document_or_of_the_whole(102, "I1=1000.00; T1=9.59 w0.51; T2=9.59 w0.51");
    tax_is_of_each_document_or_of_the_whole(101, "I1=1000.00; T1=9.60 w0.50; T2=9.59 w0.51");
}

static const struct tap_test tests[] = {
    { "withholding_is_rounded_on_each_document_or_on_their_sum", withholding_is_rounded_on_each_document_or_on_their_sum },
    { "ca_45_an_earmarked_item_is_not_offered_and_its_rival_stays_a_rival", ca_45_an_earmarked_item_is_not_offered_and_its_rival_stays_a_rival },
    { "damaged_numbers_are_found_among_the_payers_items", damaged_numbers_are_found_among_the_payers_items },
    { "glued_numbers_cite_both_items", glued_numbers_cite_both_items },
    { "ca_06_two_digits_exchanged_and_a_rival_one_digit_away", ca_06_two_digits_exchanged_and_a_rival_one_digit_away },
    { "ca_14_deduction_coded_in_the_advice", ca_14_deduction_coded_in_the_advice },
    { "ca_27_a_phone_number_that_is_a_live_number", ca_27_a_phone_number_that_is_a_live_number },
    { "ca_28_paid_five_days_ago_is_a_double_payment", ca_28_paid_five_days_ago_is_a_double_payment },
    { "ca_28_two_years_later_the_reference_still_counts", ca_28_two_years_later_the_reference_still_counts },
    { "ca_31_advice_on_its_own_grace_decides_the_discount", ca_31_advice_on_its_own_grace_decides_the_discount },
    { "ca_39_a_part_is_paid_and_the_rest_is_promised", ca_39_a_part_is_paid_and_the_rest_is_promised },
};

int
main(void)
{
    return tap_run("match/cases", tests, TAP_COUNT(tests));
}

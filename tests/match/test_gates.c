/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each gate by itself: a payment that posts itself, the same payment with the one thing that the gate is about, and that thing only. The
 * bar is low here and the class of the line is released, so that nothing but the gate can hold it.
 */
#include "match/f1.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "match/equations.h"
#include "support/tap.h"

#define LOW_BAR 600001u

/* What a test changes of the shipped policy, besides the bar and the class that is released. */
static o2c_match_policy extra;

/* Solves twice: first to see the class of the first line, then with that class released. */
static const o2c_proposal *
solve(struct desk *desk)
{
    static uint32_t released[8];
    o2c_match_policy policy = extra;
    policy.struct_size = sizeof policy;
    policy.present |= O2C_POLICY_MATCH_AUTO_PPM;
    policy.auto_ppm = policy.auto_ppm ? policy.auto_ppm : LOW_BAR;
    desk_policy(desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    for (uint32_t i = 0; i < desk_proposal(desk, 0)->lines_count && i < 8; i++)
        released[policy.released_count++] = desk_lines(desk, 0)[i].line_class;
    policy.present |= O2C_POLICY_MATCH_RELEASED;
    policy.released = released;
    desk_policy(desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    memset(&extra, 0, sizeof extra);
    return desk_proposal(desk, 0);
}

static void
expect(struct desk *desk, int32_t band, uint32_t gates)
{
    char shown[1024];
    const o2c_proposal *p = solve(desk);
    if (p->band != band || p->gates != gates)
        printf("# band %s gates %x confidence %u lines %s\n", o2c_code_name(O2C_TABLE_BAND, p->band), p->gates, p->confidence_ppm,
               desk_render(desk, 0, shown, sizeof shown));
    CU_ASSERT_EQUAL(p->band, band);
    CU_ASSERT_EQUAL(p->gates, gates);
    CU_ASSERT(p->lines_count > 0);
    for (uint32_t i = 0; i < p->lines_count; i++) /* the gate stands at the line, and nothing else holds it */
        CU_ASSERT(desk_lines(desk, 0)[i].gates == gates && desk_lines(desk, 0)[i].confidence_ppm >= LOW_BAR);
    check_equations(desk, 0);
    desk_close(desk);
}

static o2c_payment *
cited(struct desk *desk)
{
    f1_open(desk);
    return desk_payment(desk, "P", 100000, "2026-02-03", F1_C1_IBAN, "INV-100234");
}

static void
nothing_holds_a_cited_item_of_a_known_payer(void)
{
    struct desk desk;
    cited(&desk);
    expect(&desk, O2C_BAND_AUTO, 0);
}

/* ---- who pays */

static void
no_identity_an_account_seen_but_not_confirmed_and_no_number(void)
{
    static const int32_t states[] = { O2C_BANK_ACCOUNT_CONFIRMED, O2C_BANK_ACCOUNT_OBSERVED };
    for (int i = 0; i < 2; i++) {
        struct desk desk;
        f1_open(&desk);
        desk.bank_accounts[0].state = states[i];
        desk.bank_accounts[0].count = 5;
        desk_payment(&desk, "P", 25000, "2026-02-03", F1_C1_IBAN, NULL);
        expect(&desk, i ? O2C_BAND_PROPOSE : O2C_BAND_AUTO, i ? O2C_GATE_NO_IDENTITY : 0);
    }
}

static void
no_identity_own_number_and_exact_amount_are_one(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 100000, "2026-02-03", NULL, "INV-100234");
    expect(&desk, O2C_BAND_AUTO, 0);
    f1_open(&desk); /* the number without its amount is none */
    desk_payment(&desk, "P", 97000, "2026-02-03", NULL, "INV-100234");
    expect(&desk, O2C_BAND_PROPOSE, O2C_GATE_NO_IDENTITY);
    f1_open(&desk); /* somebody else's number of it is none */
    desk_payment(&desk, "P", 25000, "2026-02-03", NULL, "DN-90017");
    expect(&desk, O2C_BAND_PROPOSE, O2C_GATE_NO_IDENTITY);
}

static void
no_identity_a_name_and_a_damaged_number_are_none(void)
{
    struct desk desk;
    f1_open(&desk);
    desk.ties_count = 0;
    desk_payment(&desk, "P", 25000, "2026-02-03", NULL, "INV-10023")->payer_name = desk_text(&desk, "Fairchild Tires");
    desk.items[5].open_minor = desk.items[5].original_minor = 25000;
    desk.items[5].document = desk_text(&desk, "INV-100230");
    desk.items_count = 6;
    expect(&desk, O2C_BAND_PROPOSE, O2C_GATE_NO_IDENTITY);
}

static void
payer_conflict_without_a_tie_only(void)
{
    for (int tied = 0; tied < 2; tied++) {
        struct desk desk;
        f1_open(&desk);
        desk_payment(&desk, "P", 100000, "2026-02-03", F1_C3_IBAN, "INV-100234");
        if (tied)
            desk_tie(&desk, "C3", "C1", O2C_TIE_ONE_WAY);
        expect(&desk, tied ? O2C_BAND_AUTO : O2C_BAND_PROPOSE, tied ? 0 : O2C_GATE_PAYER_CONFLICT);
    }
}

/* ---- flags of accounts and items */

static void
account_flags_hold_the_payer_and_who_owes(void)
{
    static const uint32_t rows[][2] = { { O2C_ACCOUNT_FLAG_LEGAL, O2C_GATE_ACCOUNT_FLAGGED },
                                        { O2C_ACCOUNT_FLAG_INSOLVENT, O2C_GATE_ACCOUNT_FLAGGED },
                                        { O2C_ACCOUNT_FLAG_AGENCY, O2C_GATE_ACCOUNT_FLAGGED },
                                        { O2C_ACCOUNT_FLAG_RETURN_PENDING, O2C_GATE_REVERSAL_PENDING },
                                        { O2C_ACCOUNT_FLAG_REVIEW, O2C_GATE_REVIEW_REQUIRED } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk desk;
        cited(&desk);
        desk.accounts[0].flags = rows[i][0];
        expect(&desk, O2C_BAND_PROPOSE, rows[i][1]);
        f1_open(&desk); /* C1 pays what C2 owes */
        desk_payment(&desk, "P", 100000, "2026-02-03", F1_C1_IBAN, "INV-100240");
        desk.accounts[1].flags = rows[i][0];
        expect(&desk, O2C_BAND_PROPOSE, rows[i][1]);
        f1_open(&desk); /* the payer himself, of what his relative owes */
        desk_payment(&desk, "P", 100000, "2026-02-03", F1_C1_IBAN, "INV-100240");
        desk.accounts[0].flags = rows[i][0];
        expect(&desk, O2C_BAND_PROPOSE, rows[i][1]);
        cited(&desk); /* a relative who has no part in it */
        desk.accounts[1].flags = rows[i][0];
        expect(&desk, O2C_BAND_AUTO, 0);
    }
}

static void
item_flags_hold_that_item(void)
{
    static const uint32_t rows[][2] = { { O2C_ITEM_FLAG_DISPUTED, O2C_GATE_DISPUTED_EXCLUDED },
                                        { O2C_ITEM_FLAG_BLOCKED, O2C_GATE_DISPUTED_EXCLUDED },
                                        { O2C_ITEM_FLAG_DIRECT_DEBIT, O2C_GATE_DISPUTED_EXCLUDED },
                                        { O2C_ITEM_FLAG_LEGAL, O2C_GATE_ACCOUNT_FLAGGED },
                                        { O2C_ITEM_FLAG_PROMISED, 0 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk desk;
        cited(&desk);
        f1_item(&desk, 0)->flags |= rows[i][0];
        expect(&desk, rows[i][1] ? O2C_BAND_PROPOSE : O2C_BAND_AUTO, rows[i][1]);
        cited(&desk);
        f1_item(&desk, 1)->flags |= rows[i][0]; /* of another item of his */
        expect(&desk, O2C_BAND_AUTO, 0);
    }
}

/* ---- the payment and the policy */

static void
amounts_above_their_limit(void)
{
    for (int64_t limit = 99999; limit <= 100000; limit++) {
        struct desk desk;
        cited(&desk);
        extra.present = O2C_POLICY_MATCH_AUTO_LIMIT_MINOR;
        extra.auto_limit_minor = limit;
        expect(&desk, limit < 100000 ? O2C_BAND_PROPOSE : O2C_BAND_AUTO, limit < 100000 ? O2C_GATE_OVER_AUTO_LIMIT : 0);
    }
}

static void
deductions_above_their_limit(void)
{
    for (int64_t limit = 2999; limit <= 3000; limit++) {
        struct desk desk;
        f1_open(&desk);
        desk_payment(&desk, "P", 97000, "2026-02-03", F1_C1_IBAN, NULL);
        desk_remittance(&desk, "R", "P");
        o2c_remittance_line *line = desk_line(&desk, "INV-100234", 97000);
        line->has |= O2C_HAS_GROSS | O2C_HAS_DEDUCTION;
        line->gross_minor = 100000;
        line->deduction_minor = 3000;
        line->reason = desk_text(&desk, "04");
        extra.present = O2C_POLICY_MATCH_DEDUCTION_LIMIT_MINOR;
        extra.deduction_limit_minor = limit;
        expect(&desk, limit < 3000 ? O2C_BAND_PROPOSE : O2C_BAND_AUTO, limit < 3000 ? O2C_GATE_DEDUCTION_OVER_LIMIT : 0);
    }
}

static void
a_closed_period_is_that_of_the_booking_day(void)
{
    for (int open = 0; open < 2; open++) {
        struct desk desk;
        o2c_payment *payment = cited(&desk);
        payment->value_day = desk_day(open ? "2026-01-31" : "2026-02-03");
        payment->booking_day = desk_day(open ? "2026-02-01" : "2026-01-31");
        extra.present = O2C_POLICY_MATCH_OPEN_FROM_DAY;
        extra.open_from_day = desk_day("2026-02-01");
        expect(&desk, open ? O2C_BAND_AUTO : O2C_BAND_PROPOSE, open ? 0 : O2C_GATE_PERIOD_CLOSED);
    }
}

static void
a_preview_waits_for_its_booking(void)
{
    struct desk desk;
    cited(&desk)->stage = O2C_STAGE_PREVIEW;
    expect(&desk, O2C_BAND_PROPOSE, O2C_GATE_PREVIEW);
}

static void
short_pay_hold_asks_for_a_person(void)
{
    for (int hold = 0; hold < 2; hold++) {
        struct desk desk;
        f1_open(&desk);
        desk_payment(&desk, "P", 97000, "2026-02-03", F1_C1_IBAN, "INV-100234");
        extra.present = O2C_POLICY_MATCH_SHORT_PAY;
        extra.short_pay = hold ? O2C_SHORT_PAY_HOLD : O2C_SHORT_PAY_PARTIAL;
        expect(&desk, hold ? O2C_BAND_PROPOSE : O2C_BAND_AUTO, hold ? O2C_GATE_REVIEW_REQUIRED : 0);
    }
}

static void
another_company_is_a_matter_of_policy(void)
{
    for (int allowed = 0; allowed < 2; allowed++) {
        struct desk desk;
        o2c_payment *payment = cited(&desk);
        for (uint32_t i = 0; i < desk.items_count; i++)
            desk.items[i].company = desk_text(&desk, "1000");
        payment->company = desk_text(&desk, "2000");
        extra.present = O2C_POLICY_MATCH_CROSS_COMPANY;
        extra.cross_company = (uint32_t)allowed;
        expect(&desk, allowed ? O2C_BAND_AUTO : O2C_BAND_PROPOSE, allowed ? 0 : O2C_GATE_CROSS_COMPANY);
    }
}

/* ---- what is no gate and holds all the same */

static void
interchangeable_items_post_by_policy(void)
{
    for (uint32_t automatic = 0; automatic < 2; automatic++) {
        struct desk desk;
        f1_open(&desk);
        desk_item(&desk, "T1", "C1", "INV-300001", 7777, "2026-01-05", "2026-02-04");
        desk_item(&desk, "T2", "C1", "INV-300002", 7777, "2026-01-06", "2026-02-05");
        desk_payment(&desk, "P", 7777, "2026-02-10", F1_C1_IBAN, NULL);
        extra.present = O2C_POLICY_MATCH_INTERCHANGEABLE_AUTO;
        extra.interchangeable_auto = automatic;
        CU_ASSERT_EQUAL(solve(&desk)->certificate, O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE);
        CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, automatic ? O2C_BAND_AUTO : O2C_BAND_PROPOSE);
        CU_ASSERT_EQUAL(desk_lines(&desk, 0)->would_auto, automatic);
        desk_close(&desk);
    }
}

/* CA-11: I3 is certain, "I1 or I4" is not; a bar between the two. */
static void
a_naked_set_is_split_by_policy_only(void)
{
    for (uint32_t split = 0; split < 2; split++) {
        struct desk desk;
        f1_open(&desk);
        desk_payment(&desk, "P", 150000, "2026-02-03", F1_C1_IBAN, NULL);
        extra.present = O2C_POLICY_MATCH_SPLIT_NAKED;
        extra.split_naked = split;
        extra.auto_ppm = 840000;
        const o2c_proposal *p = solve(&desk);
        const o2c_line *lines = desk_lines(&desk, 0);
        CU_ASSERT_EQUAL_FATAL(p->lines_count, 2);
        CU_ASSERT(lines[0].confidence_ppm < 840000 && lines[1].confidence_ppm > 840000);
        CU_ASSERT_EQUAL(p->band, O2C_BAND_PROPOSE);
        CU_ASSERT_EQUAL(lines[0].band, O2C_BAND_PROPOSE);
        CU_ASSERT_EQUAL(lines[1].band, split ? O2C_BAND_AUTO : O2C_BAND_PROPOSE);
        CU_ASSERT_EQUAL(lines[1].would_auto, split);
        desk_close(&desk);
    }
}

static const struct tap_test tests[] = {
    { "nothing_holds_a_cited_item_of_a_known_payer", nothing_holds_a_cited_item_of_a_known_payer },
    { "no_identity_an_account_seen_but_not_confirmed_and_no_number", no_identity_an_account_seen_but_not_confirmed_and_no_number },
    { "no_identity_own_number_and_exact_amount_are_one", no_identity_own_number_and_exact_amount_are_one },
    { "no_identity_a_name_and_a_damaged_number_are_none", no_identity_a_name_and_a_damaged_number_are_none },
    { "payer_conflict_without_a_tie_only", payer_conflict_without_a_tie_only },
    { "account_flags_hold_the_payer_and_who_owes", account_flags_hold_the_payer_and_who_owes },
    { "item_flags_hold_that_item", item_flags_hold_that_item },
    { "amounts_above_their_limit", amounts_above_their_limit },
    { "deductions_above_their_limit", deductions_above_their_limit },
    { "a_closed_period_is_that_of_the_booking_day", a_closed_period_is_that_of_the_booking_day },
    { "a_preview_waits_for_its_booking", a_preview_waits_for_its_booking },
    { "short_pay_hold_asks_for_a_person", short_pay_hold_asks_for_a_person },
    { "another_company_is_a_matter_of_policy", another_company_is_a_matter_of_policy },
    { "interchangeable_items_post_by_policy", interchangeable_items_post_by_policy },
    { "a_naked_set_is_split_by_policy_only", a_naked_set_is_split_by_policy_only },
};

int
main(void)
{
    return tap_run("match/gates", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One advice over several payments, and one payment over several advices: who pays which line, and when nobody can say. */
#include "match/f1.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/equations.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static char shown[8192];

/* Items N1 … of C1 with documents RE-500001 …, due in a row. */
static void
open_items(struct desk *desk, const int64_t *amounts, uint32_t count)
{
    f1_open(desk);
    for (uint32_t i = 0; i < count; i++) {
        char key[16], document[32];
        snprintf(key, sizeof key, "N%u", i + 1);
        snprintf(document, sizeof document, "RE-%u", 500001 + i * 7);
        desk_item(desk, key, "C1", document, amounts[i], "2026-01-10", "2026-02-09");
    }
}

/* An advice of C1 on its own, with these lines of the items above; 0 is no line. */
static o2c_remittance *
advise(struct desk *desk, const char *key, const int64_t *amounts, uint32_t count)
{
    o2c_remittance *advice = desk_remittance(desk, key, NULL);
    advice->payer = desk_text(desk, "C1");
    advice->day = desk_day("2026-02-02");
    for (uint32_t i = 0; i < count; i++) {
        char document[32];
        snprintf(document, sizeof document, "RE-%u", 500001 + i * 7);
        if (amounts[i])
            desk_line(desk, document, amounts[i]);
    }
    return advice;
}

static void
solve(struct desk *desk)
{
    if (desk_solve(desk))
        printf("# %d %s %s\n", desk->err.status, desk->err.field, desk->err.message);
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    for (uint32_t i = 0; i < desk->payments_count; i++)
        check_equations(desk, i);
}

static void
lines_are(const struct desk *desk, uint32_t proposal, const char *lines)
{
    desk_render(desk, proposal, shown, sizeof shown);
    if (strcmp(shown, lines) != 0)
        printf("# payment %u: %s, wanted %s\n", proposal, shown, lines);
    CU_ASSERT_STRING_EQUAL(shown, lines);
}

static bool
says(const struct desk *desk, uint32_t proposal, const char *words)
{
    desk_say(desk, proposal, shown, sizeof shown);
    if (!strstr(shown, words))
        printf("# %s, wanted: %s\n", shown, words);
    return strstr(shown, words) != NULL;
}

static bool
is_held(const struct desk *desk, uint32_t proposal)
{
    return (desk_proposal(desk, proposal)->gates & O2C_GATE_SHARED_ADVICE) != 0 && desk_proposal(desk, proposal)->band != O2C_BAND_AUTO;
}

static const int64_t six[] = { 41237, 18893, 77011, 25064, 93318, 60455 };

static void
two_payments_share_an_advice_line_by_line(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    advise(&desk, "R-17", six, 6);
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N1=412.37; N3=770.11; N6=604.55");
    lines_are(&desk, 1, "N2=188.93; N4=250.64; N5=933.18");
    for (uint32_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(desk_proposal(&desk, i)->label, O2C_LABEL_M02);
        CU_ASSERT_EQUAL(desk_proposal(&desk, i)->unapplied_minor, 0);
        CU_ASSERT_EQUAL(desk_proposal(&desk, i)->band, O2C_BAND_AUTO);
        CU_ASSERT(desk_proposal(&desk, i)->outcome_ppm < 999999); /* no stronger than the evidence: the sum may tie by accident */
    }
    CU_ASSERT(says(&desk, 0, "this payment is the first of two that pay remittance advice R-17"));
    CU_ASSERT(says(&desk, 1, "this payment is the second of two that pay remittance advice R-17"));
    desk_close(&desk);
}

static void
three_payments_share_an_advice(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    advise(&desk, "R-17", six, 6);
    desk_payment(&desk, "P1", six[4], "2026-02-05", C1, NULL);
    desk_payment(&desk, "P2", six[0] + six[1], "2026-02-03", C1, NULL);
    desk_payment(&desk, "P3", six[2] + six[3] + six[5], "2026-02-04", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N5=933.18");
    lines_are(&desk, 1, "N1=412.37; N2=188.93");
    lines_are(&desk, 2, "N3=770.11; N4=250.64; N6=604.55");
    CU_ASSERT(says(&desk, 0, "the third of three"));
    CU_ASSERT(says(&desk, 1, "the first of three"));
    desk_close(&desk);
}

static void
two_divisions_leave_it_to_a_person(void)
{
    static const int64_t amounts[] = { 10010, 20020, 30030, 70071 }; /* 300.30 is one line, or two */
    struct desk desk;
    open_items(&desk, amounts, 4);
    advise(&desk, "R-17", amounts, 4);
    desk_payment(&desk, "P1", 30030, "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", 100101, "2026-02-04", C1, NULL);
    solve(&desk);
    CU_ASSERT(is_held(&desk, 0));
    CU_ASSERT(is_held(&desk, 1));
    lines_are(&desk, 1, "N4=700.71"); /* whatever the division is, this line is its own */
    CU_ASSERT_EQUAL(desk_proposal(&desk, 1)->unapplied_minor, 30030);
    CU_ASSERT(says(&desk, 1, "(R-17)"));
    desk_close(&desk);
}

static void
lines_that_say_the_same_may_be_dealt_in_any_way(void)
{
    static const int64_t amounts[] = { 5000, 5000, 5000, 70071 };
    struct desk desk;
    open_items(&desk, amounts, 4);
    advise(&desk, "R-17", amounts, 4);
    desk_payment(&desk, "P2", 75071, "2026-02-04", C1, NULL);
    desk_payment(&desk, "P1", 10000, "2026-02-03", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N3=50.00; N4=700.71");
    lines_are(&desk, 1, "N1=50.00; N2=50.00");
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[0].certificate, O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].certificate, O2C_CERTIFICATE_ONLY_FIT);
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 1)->band, O2C_BAND_AUTO); /* until that class is released */
    desk_close(&desk);
}

static void
a_payment_of_another_payer_has_no_part_in_it(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    advise(&desk, "R-17", six, 6);
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", F1_C3_IBAN, NULL);
    solve(&desk);
    CU_ASSERT_FALSE(desk_has_reason(&desk, 0, O2C_REASON_ADVICE_SHARED));
    CU_ASSERT_FALSE(desk_has_reason(&desk, 1, O2C_REASON_ADVICE_SHARED));
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
other_currencies_companies_and_days_have_no_part_in_it(void)
{
    for (int wrong = 0; wrong < 3; wrong++) {
        struct desk desk;
        open_items(&desk, six, 6);
        advise(&desk, "R-17", six, 6);
        desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL);
        o2c_payment *other = desk_payment(&desk, "P2", six[1] + six[3] + six[4], wrong == 2 ? "2026-02-14" : "2026-02-04", C1, NULL);
        if (wrong == 0)
            memcpy(other->currency, "EUR", 4);
        if (wrong == 1)
            other->company = desk_text(&desk, "2000");
        solve(&desk);
        CU_ASSERT_FALSE(desk_has_reason(&desk, 0, O2C_REASON_ADVICE_SHARED));
        CU_ASSERT_FALSE(desk_has_reason(&desk, 1, O2C_REASON_ADVICE_SHARED));
        desk_close(&desk);
    }
}

static void
credits_and_negative_lines_are_divided_too(void)
{
    static const int64_t amounts[] = { 41237, 18893, 77011, -7007, 93318 };
    struct desk desk;
    open_items(&desk, amounts, 5);
    advise(&desk, "R-17", amounts, 5)->total_minor = 41237 + 18893 + 77011 - 7007 + 93318;
    desk_payment(&desk, "P1", 41237 + 77011 - 7007, "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", 18893 + 93318, "2026-02-04", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N1=412.37; N3=770.11; N4=-70.07");
    lines_are(&desk, 1, "N2=188.93; N5=933.18");
    desk_close(&desk);
}

static void
a_total_that_its_lines_do_not_add_up_to_divides_nothing(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    advise(&desk, "R-17", six, 6)->total_minor = 1000;
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", C1, NULL);
    solve(&desk);
    CU_ASSERT_FALSE(desk_has_reason(&desk, 0, O2C_REASON_ADVICE_SHARED));
    desk_close(&desk);
}

static void
the_first_of_two_days_is_proposed_and_the_second_follows(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    advise(&desk, "R-17", six, 6);
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N1=412.37; N3=770.11; N6=604.55");
    CU_ASSERT(is_held(&desk, 0));
    CU_ASSERT(says(&desk, 0, "it pays only a part of an advice"));
    desk_close(&desk);

    open_items(&desk, six, 6);
    for (uint32_t i = 0; i < 6; i += i == 0 ? 2 : 3) { /* what the first one paid is closed */
        desk.items[7 + i].kind = O2C_ITEM_CLOSED;
        desk.items[7 + i].open_minor = 0;
        desk.items[7 + i].original_minor = six[i];
        desk.items[7 + i].closed_day = desk_day("2026-02-03");
    }
    advise(&desk, "R-17", six, 6);
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N2=188.93; N4=250.64; N5=933.18");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
    CU_ASSERT(says(&desk, 0, "this payment pays what earlier ones left of remittance advice R-17"));
    desk_close(&desk);
}

static void
an_item_open_less_than_its_line_says_holds_itself(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    desk.items[7 + 2].open_minor = 70000;
    advise(&desk, "R-17", six, 6);
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N1=412.37; N3=700.00; N6=604.55");
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->on_account_minor, 7011);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].label, O2C_LABEL_M11);
    CU_ASSERT_NOT_EQUAL(desk_lines(&desk, 0)[1].band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[0].band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 1)->band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
a_line_of_each_payment_is_paid_once(void)
{
    struct desk desk;
    static const int64_t amounts[] = { 41237, 18893, 77011 };
    open_items(&desk, amounts, 3);
    advise(&desk, "R-17", amounts, 3);
    desk_line(&desk, "RE-500001", 41237); /* the same document twice: once for each payment */
    desk_payment(&desk, "P1", 41237 + 18893, "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", 77011 + 41237, "2026-02-04", C1, NULL);
    solve(&desk);
    int64_t cleared = 0;
    for (uint32_t i = 0; i < 2; i++)
        for (uint32_t k = 0; k < desk_proposal(&desk, i)->lines_count; k++)
            cleared += desk_lines(&desk, i)[k].cleared_minor;
    CU_ASSERT(cleared <= 41237 + 18893 + 77011);
    desk_close(&desk);
}

static void
the_payers_own_text_is_heard_first(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    advise(&desk, "R-17", six, 6);
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, "INV-100234");
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", C1, "RE-500008 RE-500022 RE-500029");
    solve(&desk);
    CU_ASSERT_FALSE(desk_has_reason(&desk, 0, O2C_REASON_ADVICE_SHARED)); /* it names something else */
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
    lines_are(&desk, 1, "N2=188.93; N4=250.64; N5=933.18");
    desk_close(&desk);
}

static void
payments_that_share_its_trace_share_the_advice(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    o2c_remittance *advice = advise(&desk, "R-17", six, 6);
    advice->payer = (o2c_ref){ 0, 0 };
    advice->payment_reference = desk_text(&desk, "E2E-9");
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL)->end_to_end_id = desk_text(&desk, "E2E-9");
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", C1, NULL)->end_to_end_id = desk_text(&desk, "E2E-9");
    desk_payment(&desk, "P3", 1234, "2026-02-04", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N1=412.37; N3=770.11; N6=604.55");
    lines_are(&desk, 1, "N2=188.93; N4=250.64; N5=933.18");
    CU_ASSERT(says(&desk, 1, "the second of two"));
    CU_ASSERT_FALSE(desk_has_reason(&desk, 2, O2C_REASON_ADVICE_SHARED));
    desk_close(&desk);
}

static void
one_payment_pays_two_advices(void)
{
    static const int64_t first[] = { 41237, 18893 }, second[] = { 0, 0, 77011, 25064 }, all[] = { 41237, 18893, 77011, 25064 };
    struct desk desk;
    open_items(&desk, all, 4);
    advise(&desk, "R-2", second, 4);
    advise(&desk, "R-1", first, 2);
    desk_payment(&desk, "P1", 41237 + 18893 + 77011 + 25064, "2026-02-03", C1, NULL);
    solve(&desk);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->lines_count, 4);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->applied_minor, 41237 + 18893 + 77011 + 25064);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M02);
    CU_ASSERT(says(&desk, 0, "this payment pays two remittance advices together: R-1 and R-2"));
    desk_close(&desk);
}

static void
an_advice_sent_again_counts_once(void)
{
    struct desk desk;
    open_items(&desk, six, 6);
    advise(&desk, "R-18", six, 6);
    advise(&desk, "R-17", six, 6)->day = desk_day("2026-02-03"); /* the later one, whatever its name */
    desk_payment(&desk, "P1", six[0] + six[2] + six[5], "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", six[1] + six[3] + six[4], "2026-02-04", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "N1=412.37; N3=770.11; N6=604.55");
    CU_ASSERT(says(&desk, 0, "two that pay remittance advice R-17"));
    CU_ASSERT_EQUAL(desk_proposal(&desk, 1)->band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
an_advice_wanted_from_both_sides_is_nobodys(void)
{
    static const int64_t first[] = { 41237, 18893 }, second[] = { 0, 0, 77011 }, all[] = { 41237, 18893, 77011 };
    struct desk desk;
    open_items(&desk, all, 3);
    advise(&desk, "R-1", first, 2);
    advise(&desk, "R-2", second, 3);
    desk_payment(&desk, "P1", 41237, "2026-02-03", C1, NULL);
    desk_payment(&desk, "P2", 18893, "2026-02-03", C1, NULL);
    desk_payment(&desk, "P3", 41237 + 18893 + 77011, "2026-02-03", C1, NULL);
    solve(&desk);
    for (uint32_t i = 0; i < 3; i++) {
        CU_ASSERT_FALSE(desk_has_reason(&desk, i, O2C_REASON_ADVICE_SHARED));
        CU_ASSERT_FALSE(desk_has_reason(&desk, i, O2C_REASON_ADVICES_TOGETHER));
        CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, i)->band, O2C_BAND_AUTO);
    }
    desk_close(&desk);
}

#define MANY 5000u

/* The lines of one advice of C1, of which the desk has the items and payments. */
static void
solve_lines(struct desk *desk, const o2c_remittance_line *lines, uint32_t count)
{
    o2c_str heap;
    o2c_remittance advice = { .key = desk_text(desk, "R-17"), .payer = desk_text(desk, "C1"), .currency = "USD", .day = desk_day("2026-02-02"),
                              .lines_count = count };
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK); /* builds the pool */
    o2c_match_solution_free(desk->solution);
    desk->solution = NULL;
    o2c_heap_bytes(desk->heap, &heap);
    o2c_payments payments = { sizeof payments, 0, desk->payments, desk->payments_count, desk->texts, desk->texts_count, heap };
    o2c_remittances advices = { sizeof advices, 0, &advice, 1, lines, count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &advices };
    CU_ASSERT_EQUAL_FATAL(o2c_match_solve(NULL, desk->pool, desk->model, &request, &desk->solution, &desk->err), O2C_OK);
}

/* Of one amount; of amounts that add up in countless ways; of amounts that never add up to the cents asked for. */
static int64_t
hostile_amount(uint32_t how, uint32_t i)
{
    return how == 0 ? 5000 : how == 1 ? 5000 + (int64_t)(i * 7919 % 251) : 2 * (5000 + (int64_t)(i * 7919 % 241));
}

static void
five_thousand_lines_over_eight_payments_end_soon(void)
{
    o2c_remittance_line *lines = calloc(MANY, sizeof *lines);
    for (uint32_t how = 0; how < 3 && lines; how++) {
        struct desk desk;
        int64_t total = 0, given = 0;
        f1_open(&desk);
        desk_item(&desk, "N1", "C1", "RE-500001", 5000, "2026-01-10", "2026-02-09");
        for (uint32_t i = 0; i < MANY; i++) {
            lines[i] = (o2c_remittance_line){ .document = desk.items[7].document, .kind = O2C_REMITTANCE_INVOICE, .has = O2C_HAS_PAID,
                                              .ordinal = i, .currency = "USD", .paid_minor = hostile_amount(how, i) };
            total += lines[i].paid_minor;
        }
        for (uint32_t i = 0; i < 8; i++) {
            char key[8];
            snprintf(key, sizeof key, "P%u", i);
            int64_t amount = i == 7 ? total - given : 5000 * (600 + (int64_t)i) + (how == 2);
            given += amount;
            desk_payment(&desk, key, amount, "2026-02-03", C1, NULL);
        }
        solve_lines(&desk, lines, MANY);
        for (uint32_t i = 0; i < 8; i++)
            CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, i)->band, O2C_BAND_AUTO);
        desk_close(&desk);
    }
    free(lines);
}

static const struct tap_test tests[] = {
    { "two_payments_share_an_advice_line_by_line", two_payments_share_an_advice_line_by_line },
    { "three_payments_share_an_advice", three_payments_share_an_advice },
    { "two_divisions_leave_it_to_a_person", two_divisions_leave_it_to_a_person },
    { "lines_that_say_the_same_may_be_dealt_in_any_way", lines_that_say_the_same_may_be_dealt_in_any_way },
    { "a_payment_of_another_payer_has_no_part_in_it", a_payment_of_another_payer_has_no_part_in_it },
    { "other_currencies_companies_and_days_have_no_part_in_it", other_currencies_companies_and_days_have_no_part_in_it },
    { "credits_and_negative_lines_are_divided_too", credits_and_negative_lines_are_divided_too },
    { "a_total_that_its_lines_do_not_add_up_to_divides_nothing", a_total_that_its_lines_do_not_add_up_to_divides_nothing },
    { "the_first_of_two_days_is_proposed_and_the_second_follows", the_first_of_two_days_is_proposed_and_the_second_follows },
    { "an_item_open_less_than_its_line_says_holds_itself", an_item_open_less_than_its_line_says_holds_itself },
    { "a_line_of_each_payment_is_paid_once", a_line_of_each_payment_is_paid_once },
    { "the_payers_own_text_is_heard_first", the_payers_own_text_is_heard_first },
    { "payments_that_share_its_trace_share_the_advice", payments_that_share_its_trace_share_the_advice },
    { "one_payment_pays_two_advices", one_payment_pays_two_advices },
    { "an_advice_sent_again_counts_once", an_advice_sent_again_counts_once },
    { "an_advice_wanted_from_both_sides_is_nobodys", an_advice_wanted_from_both_sides_is_nobodys },
    { "five_thousand_lines_over_eight_payments_end_soon", five_thousand_lines_over_eight_payments_end_soon },
};

int
main(void)
{
    return tap_run("match/several", tests, TAP_COUNT(tests));
}

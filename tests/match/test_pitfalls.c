/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong in programs that match payments, one test for each way that no other test of this room stands for. */
#include "match/f1.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/equations.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static char shown[2048];

static const o2c_proposal *
solve(struct desk *desk)
{
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    for (uint32_t i = 0; i < desk->payments_count; i++)
        check_equations(desk, i);
    return desk_proposal(desk, 0);
}

static void
lines_are(const struct desk *desk, uint32_t proposal, const char *lines)
{
    desk_render(desk, proposal, shown, sizeof shown);
    if (strcmp(shown, lines) != 0)
        printf("# %s, wanted %s\n", shown, lines);
    CU_ASSERT_STRING_EQUAL(shown, lines);
}

/* Posterior of the first alternative that is one set of so many items; 0 = none. */
static uint32_t
rival_ppm(const struct desk *desk, uint32_t items)
{
    const o2c_match_alternative *rows;
    uint64_t count;
    const o2c_proposal *p = desk_proposal(desk, 0);
    o2c_match_solution_alternatives(desk->solution, &rows, &count);
    for (uint32_t i = 0; i < p->alternatives_count; i++)
        if (rows[p->alternatives_at + i].kind == O2C_ALTERNATIVE_ITEMS && rows[p->alternatives_at + i].items_count == items)
            return rows[p->alternatives_at + i].posterior_ppm;
    return 0;
}

static void
one_customer(struct desk *desk)
{
    desk_open(desk);
    desk_account(desk, "C1", "Acme Tools GmbH");
    desk_bank_account(desk, "C1", C1);
}

static uint32_t
draw(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*state >> 33) % below);
}

/* ---- 3: within two percent of twenty items there is always a sum */
static void
a_wide_tolerance_makes_no_sum_an_explanation(void)
{
    o2c_match_policy policy = { .struct_size = sizeof policy, .tolerance_minor = 100000000, .tolerance_ppm = 20000,
                                .present = O2C_POLICY_MATCH_TOLERANCE_MINOR | O2C_POLICY_MATCH_TOLERANCE_PPM };
    uint64_t dice = 3;
    uint32_t proposed = 0;
    for (int round = 0; round < 40; round++) {
        struct desk desk;
        char key[8], document[16];
        one_customer(&desk);
        for (int i = 0; i < 20; i++) {
            snprintf(key, sizeof key, "K%02d", i);
            snprintf(document, sizeof document, "RE-77%04d", 1000 + 37 * i);
            desk_item(&desk, key, "C1", document, 50000 + draw(&dice, 900000), "2026-01-05", i % 2 ? "2026-02-04" : "2026-01-20");
        }
        desk_policy(&desk, &policy);
        desk_payment(&desk, "P", 700000 + draw(&dice, 900000), "2026-02-10", C1, NULL);
        const o2c_proposal *p = solve(&desk);
        proposed += p->lines_count > 0;
        CU_ASSERT(p->confidence_ppm < 900000);
        CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
        desk_close(&desk);
    }
    CU_ASSERT(proposed < 20);
}

/* ---- 4: one digit away from a number of somebody else */
static void
a_neighboring_number_of_another_customer_is_no_reference(void)
{
    struct desk desk;
    f1_open(&desk);
    desk.ties_count = 0;
    desk_payment(&desk, "P", 745000, "2026-02-03", C1, "INV-200002"); /* of C3 is INV-200001, a little more than this */
    desk_payment(&desk, "Q", 745000, "2026-02-03", NULL, "INV-200002");
    solve(&desk);
    for (uint32_t p = 0; p < 2; p++) {
        const o2c_match_evidence *rows;
        uint64_t count;
        o2c_match_solution_evidence(desk.solution, &rows, &count);
        for (uint64_t i = 0; i < count; i++)
            CU_ASSERT_NOT_EQUAL(rows[i].code, O2C_EVIDENCE_REF_DAMAGED);
        CU_ASSERT_EQUAL(desk_proposal(&desk, p)->lines_count, 0);
        CU_ASSERT_EQUAL(desk_proposal(&desk, p)->band, O2C_BAND_NONE);
    }
    desk_close(&desk);
}

/* ---- 5: one fact, one term */
static uint32_t
error_of(const char *text, const char *end_to_end)
{
    struct desk desk;
    f1_open(&desk);
    o2c_payment *payment = desk_payment(&desk, "P", 97000, "2026-02-03", C1, text);
    if (end_to_end)
        payment->end_to_end_id = desk_text(&desk, end_to_end);
    solve(&desk);
    uint32_t error = desk_lines(&desk, 0)->error_ppb;
    lines_are(&desk, 0, "I1=970.00 o30.00");
    desk_close(&desk);
    return error;
}

static void
a_number_said_twice_is_one_fact(void)
{
    uint32_t once = error_of("INV-100234", NULL);
    CU_ASSERT(once > 10000); /* there is something left that a second term could take away */
    CU_ASSERT_EQUAL(error_of("INV-100234 INV-100234", NULL), once);
    CU_ASSERT_EQUAL(error_of("INV-100234", "INV-100234"), once);
    CU_ASSERT(error_of("INV-100234 100234 INV100234", NULL) >= once);
}

/* ---- 7: the discount of another set fits as well */
static void
the_discount_of_another_item_stands_beside_the_exact_amount(void)
{
    struct desk desk;
    one_customer(&desk);
    desk_item(&desk, "A", "C1", "RE-771001", 98000, "2026-01-05", "2026-02-04");
    desk_item(&desk, "B", "C1", "RE-771377", 100000, "2026-01-06", "2026-02-05")->discount[0] =
        (o2c_discount){ desk_day("2026-02-15"), O2C_DISCOUNT_PPM, 20000 };
    desk_payment(&desk, "P", 98000, "2026-02-10", C1, NULL);
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, 0, "A=980.00");
    CU_ASSERT(rival_ppm(&desk, 1) > 40000); /* .06 of .80 + .06, and a little for its place */
    CU_ASSERT(p->confidence_ppm < 950000);
    desk_close(&desk);
}

/* ---- 8: a tolerance is an interval around each amount; an item may be larger than the payment */
static void
a_tolerance_ends_at_its_last_cent(void)
{
    static const struct {
        int64_t amount;
        const char *lines;
    } rows[] = { { 99900, "I1=999.00 t1.00" }, { 99899, "I1=998.99 o1.01" }, { 99901, "I1=999.01 t0.99" }, { 100100, "I1=1001.00 t-1.00" },
                 { 100101, "I1=1000.00" } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk desk;
        f1_open(&desk);
        desk_payment(&desk, "P", rows[i].amount, "2026-02-03", C1, "INV-100234");
        solve(&desk);
        lines_are(&desk, 0, rows[i].lines);
        desk_close(&desk);
    }
}

static void
an_item_larger_than_the_payment_is_paid_with_a_credit(void)
{
    struct desk desk;
    one_customer(&desk);
    desk_item(&desk, "A", "C1", "RE-771001", 31400, "2026-01-05", "2026-02-04");
    desk_item(&desk, "B", "C1", "RE-771377", 1000000, "2026-01-06", "2026-02-05");
    desk_item(&desk, "C", "C1", "GU-3301", -850000, "2026-01-07", NULL);
    desk_payment(&desk, "P", 150000, "2026-02-10", C1, NULL);
    solve(&desk);
    lines_are(&desk, 0, "C=-8500.00; B=10000.00");
    desk_close(&desk);
}

/* ---- 13: whoever comes first does not take what another one names */
static void
the_item_goes_to_the_payment_that_names_it(void)
{
    for (int turn = 0; turn < 2; turn++) {
        struct desk desk;
        f1_open(&desk);
        desk_payment(&desk, turn ? "B" : "A", 100000, "2026-02-03", C1, turn ? "INV-100234" : NULL);
        desk_payment(&desk, turn ? "A" : "B", 100000, "2026-02-03", C1, turn ? NULL : "INV-100234");
        solve(&desk);
        lines_are(&desk, turn ? 0 : 1, "I1=1000.00");
        lines_are(&desk, turn ? 1 : 0, "I4=1000.00"); /* of the relative */
        desk_close(&desk);
    }
}

/* ---- 14: the value day decides what is past due and what was closed lately, the booking day does not */
static void
past_due_is_judged_on_the_value_day(void)
{
    for (int late = 0; late < 2; late++) {
        struct desk desk;
        f1_open(&desk);
        o2c_payment *payment = desk_payment(&desk, "P", 125000, late ? "2026-02-07" : "2026-02-03", C1, NULL);
        payment->booking_day = desk_day(late ? "2026-02-03" : "2026-02-07");
        const o2c_proposal *p = solve(&desk);
        lines_are(&desk, 0, "I1=1000.00; I2=250.00");
        CU_ASSERT_EQUAL(p->label, late ? O2C_LABEL_M15 : O2C_LABEL_M17);
        desk_close(&desk);
    }
}

static void
what_was_closed_counts_by_amount_for_thirty_days_of_value(void)
{
    static const struct {
        const char *value, *booking;
        bool counts;
    } rows[] = { { "2026-03-05", "2026-03-20", true }, { "2026-03-06", "2026-03-01", false }, { "2026-02-02", "2026-03-01", false } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk desk;
        f1_open(&desk);
        o2c_open_item *old = f1_item(&desk, 1);
        old->kind = O2C_ITEM_CLOSED;
        old->open_minor = 0;
        old->closed_day = desk_day("2026-02-03");
        desk_payment(&desk, "P", 25000, rows[i].value, C1, NULL)->booking_day = desk_day(rows[i].booking);
        const o2c_proposal *p = solve(&desk);
        CU_ASSERT_EQUAL(p->label == O2C_LABEL_M21, rows[i].counts); /* nothing that is open has the amount */
        desk_close(&desk);
    }
}

static void
an_early_discount_is_judged_on_the_value_day_without_a_search(void)
{
    for (int early = 0; early < 2; early++) {
        struct desk desk;
        f1_open(&desk);
        desk.ties_count = 0; /* nothing else to look at: explained by what the text cites */
        o2c_payment *payment = desk_payment(&desk, "P", 171500, early ? "2026-01-15" : "2026-01-18", C1, "INV-100234 INV-100235 INV-100236");
        payment->booking_day = desk_day(early ? "2026-01-18" : "2026-01-15");
        const o2c_proposal *p = solve(&desk);
        lines_are(&desk, 0, early ? "I1=980.00 d20.00; I2=245.00 d5.00; I3=490.00 d10.00"
                                  : "I1=980.00 x20.00:discount_unearned; I2=245.00 x5.00:discount_unearned; I3=490.00 d10.00");
        CU_ASSERT_EQUAL(p->label, early ? O2C_LABEL_M04 : O2C_LABEL_M10);
        desk_close(&desk);
    }
}

/* ---- 22: what a line was computed on leaves with it, byte for byte */
static void
the_hosts_own_keys_come_back(void)
{
    static const char key[] = "100\x01" "0001900012342026001/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH";
    struct desk desk;
    o2c_str heap;
    f1_open(&desk);
    o2c_str bytes = { key, 64 };
    CU_ASSERT_EQUAL_FATAL(o2c_heap_add(desk.heap, &bytes, &desk.items[0].key, NULL), O2C_OK);
    desk.items[0].host_ref = UINT64_C(0xfedcba9876543210);
    desk.items[0].version = UINT64_C(0x8000000000000007);
    desk.items[0].original_minor = 130000; /* partly paid before */
    desk_payment(&desk, "P", 60000, "2026-02-03", C1, "INV-100234")->host_ref = 4711;
    const o2c_proposal *p = solve(&desk);
    const o2c_line *line = desk_lines(&desk, 0);
    o2c_match_solution_heap(desk.solution, &heap);
    CU_ASSERT_EQUAL_FATAL(p->lines_count, 1);
    CU_ASSERT(line->item.len == 64 && memcmp(heap.ptr + line->item.at, key, 64) == 0);
    CU_ASSERT_EQUAL(line->host_ref, UINT64_C(0xfedcba9876543210));
    CU_ASSERT_EQUAL(line->expect_version, UINT64_C(0x8000000000000007));
    CU_ASSERT_EQUAL(line->expect_open_minor, 100000);
    CU_ASSERT_EQUAL(line->remaining_minor, 40000);
    CU_ASSERT_EQUAL(p->host_ref, 4711);
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "a_wide_tolerance_makes_no_sum_an_explanation", a_wide_tolerance_makes_no_sum_an_explanation },
    { "a_neighboring_number_of_another_customer_is_no_reference", a_neighboring_number_of_another_customer_is_no_reference },
    { "a_number_said_twice_is_one_fact", a_number_said_twice_is_one_fact },
    { "the_discount_of_another_item_stands_beside_the_exact_amount", the_discount_of_another_item_stands_beside_the_exact_amount },
    { "a_tolerance_ends_at_its_last_cent", a_tolerance_ends_at_its_last_cent },
    { "an_item_larger_than_the_payment_is_paid_with_a_credit", an_item_larger_than_the_payment_is_paid_with_a_credit },
    { "the_item_goes_to_the_payment_that_names_it", the_item_goes_to_the_payment_that_names_it },
    { "past_due_is_judged_on_the_value_day", past_due_is_judged_on_the_value_day },
    { "what_was_closed_counts_by_amount_for_thirty_days_of_value", what_was_closed_counts_by_amount_for_thirty_days_of_value },
    { "an_early_discount_is_judged_on_the_value_day_without_a_search", an_early_discount_is_judged_on_the_value_day_without_a_search },
    { "the_hosts_own_keys_come_back", the_hosts_own_keys_come_back },
};

int
main(void)
{
    return tap_run("match/pitfalls", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Items in one currency, money in another: as the payer ordered it, at the host's rate, or with no rate at all. */
#include <stdio.h>
#include <string.h>

#include "match/f1.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static struct desk desk;
static char shown[4096];

/* 92.00 EUR for 100.00 USD. */
static const o2c_match_exchange usd_to_eur = { .from = "USD", .to = "EUR", .numerator = 92, .denominator = 100 };

/* The desk solved again with rates that the host vouches for. */
static void
solve_with(const o2c_match_exchange *rates, uint64_t count)
{
    o2c_str heap;
    o2c_match_solution *solution = NULL;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_heap_bytes(desk.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, desk.payments, desk.payments_count, desk.texts, desk.texts_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .rules = desk.rules, .rates = rates,
                                  .rates_count = count };
    CU_ASSERT_EQUAL_FATAL(o2c_match_solve(NULL, desk.pool, desk.model, &request, &solution, &desk.err), O2C_OK);
    o2c_match_solution_free(desk.solution);
    desk.solution = solution;
}

static o2c_payment *
euros(int64_t amount, int64_t ordered, const char *text)
{
    o2c_payment *row = desk_payment(&desk, "P", amount, "2026-02-03", C1, text);
    memcpy(row->currency, "EUR", 4);
    row->instructed_minor = ordered;
    if (ordered)
        memcpy(row->instructed_currency, "USD", 4);
    return row;
}

static void
allow(void)
{
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_CROSS_CURRENCY, .cross_currency = 1 };
    desk_policy(&desk, &policy);
}

/* L1, L2 in the items' currency, L3 in the payment's. */
static void
check_money(void)
{
    const o2c_proposal *p = desk_proposal(&desk, 0);
    const o2c_line *line = desk_lines(&desk, 0);
    int64_t paid = 0;
    for (uint32_t i = 0; i < p->lines_count; i++, line++) {
        CU_ASSERT_EQUAL(line->cleared_minor, line->paid_minor + line->discount_minor + line->tolerance_minor + line->charge_minor +
                                                 line->withholding_minor + line->deduction_minor);
        CU_ASSERT_EQUAL(line->remaining_minor, line->expect_open_minor - line->cleared_minor);
        paid += line->paid_currency_minor;
    }
    CU_ASSERT_EQUAL(paid, p->applied_minor);
    CU_ASSERT_EQUAL(paid + p->on_account_minor + p->refund_minor + p->unapplied_minor, p->amount_minor + p->charge_in_file_minor);
}

static void
expect(const char *lines, int32_t label, int32_t band)
{
    const o2c_proposal *p = desk_proposal(&desk, 0);
    desk_render(&desk, 0, shown, sizeof shown);
    if (strcmp(shown, lines) != 0 || p->label != label || p->band != band)
        printf("# %s, label %s, band %s, gates %u, confidence %u; wanted %s, %s, %s\n", shown, o2c_code_name(O2C_TABLE_LABEL, p->label),
               o2c_code_name(O2C_TABLE_BAND, p->band), p->gates, p->confidence_ppm, lines, o2c_code_name(O2C_TABLE_LABEL, label),
               o2c_code_name(O2C_TABLE_BAND, band));
    CU_ASSERT_STRING_EQUAL(shown, lines);
    CU_ASSERT_EQUAL(p->label, label);
    CU_ASSERT_EQUAL(p->band, band);
    check_money();
}

static void
what_the_payer_ordered_in_the_items_currency_is_the_amount(void)
{
    f1_open(&desk);
    allow();
    euros(91750, 100000, "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    expect("I1=1000.00", O2C_LABEL_M03, O2C_BAND_AUTO);
    const o2c_line *line = desk_lines(&desk, 0);
    CU_ASSERT_EQUAL(line->paid_currency_minor, 91750);
    CU_ASSERT_EQUAL(line->rate_numerator, 91750);
    CU_ASSERT_EQUAL(line->rate_denominator, 100000);
    CU_ASSERT_EQUAL(line->fx_minor, 0);
    CU_ASSERT_EQUAL(memcmp(line->currency, "USD", 4), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(desk_say(&desk, 0, shown, sizeof shown),
                                  "917.50 EUR for INV-100234 1,000.00, 1,000.00 USD at the rate of this payment"));
    desk_close(&desk);
}

static void
without_the_word_of_the_policy_its_gate_holds_it_with_all_numbers(void)
{
    f1_open(&desk);
    euros(91750, 100000, "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    expect("I1=1000.00", O2C_LABEL_M03, O2C_BAND_PROPOSE);
    CU_ASSERT(desk_lines(&desk, 0)->gates & O2C_GATE_CROSS_CURRENCY);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->paid_currency_minor, 91750);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->would_auto, 0);
    desk_close(&desk);
}

static void
several_items_share_what_arrived_to_the_cent(void)
{
    f1_open(&desk);
    allow();
    euros(105513, 115000, "100234 100235 CRN-7001");
    solve_with(&usd_to_eur, 1);
    expect("CM1=-100.00; I1=1000.00; I2=250.00", O2C_LABEL_M03, O2C_BAND_AUTO);
    int64_t fx = 0;
    for (uint32_t i = 0; i < 3; i++)
        fx += desk_lines(&desk, 0)[i].fx_minor;
    CU_ASSERT_EQUAL(fx, 105513 - 105800); /* 1,150.00 at .92 */
    desk_close(&desk);
}

static void
a_discount_is_taken_in_the_items_currency(void)
{
    f1_open(&desk);
    o2c_payment *row = euros(90160, 98000, "INV-100234");
    row->value_day = row->booking_day = desk_day("2026-01-15");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    expect("I1=980.00 d20.00", O2C_LABEL_M04, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->paid_currency_minor, 90160);
    desk_close(&desk);
}

static void
an_over_payment_stays_on_account_in_the_currency_that_arrived(void)
{
    f1_open(&desk);
    euros(93840, 102000, "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    expect("I1=1000.00", O2C_LABEL_M11, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->on_account_minor, 1840);
    desk_close(&desk);
}

static void
a_short_payment_leaves_its_rest_in_the_items_currency(void)
{
    f1_open(&desk);
    euros(89240, 97000, "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    expect("I1=970.00 o30.00", O2C_LABEL_M10, O2C_BAND_PROPOSE);
    desk_close(&desk);
}

static void
a_naked_payment_is_found_by_what_was_ordered(void)
{
    f1_open(&desk);
    allow();
    euros(22977, 25000, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    expect("I2=250.00", O2C_LABEL_M13, O2C_BAND_PROPOSE); /* its class is not released on the first day */
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->gates, 0);
    desk_close(&desk);
}

static void
the_hosts_rate_opens_a_window_and_never_posts(void)
{
    static const struct {
        int64_t amount;
        const char *lines;
    } cases[] = { { 92000, "I1=1000.00" }, { 91500, "I1=1000.00" }, { 92900, "I1=1000.00" }, { 91000, "" }, { 93100, "" } };
    for (size_t i = 0; i < TAP_COUNT(cases); i++) {
        f1_open(&desk);
        allow();
        euros(cases[i].amount, 0, "INV-100234");
        solve_with(&usd_to_eur, 1);
        desk_render(&desk, 0, shown, sizeof shown);
        CU_ASSERT_STRING_EQUAL(shown, cases[i].lines);
        CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
        check_money();
        if (*cases[i].lines) {
            CU_ASSERT(desk_lines(&desk, 0)->gates & O2C_GATE_CROSS_CURRENCY);
            CU_ASSERT_EQUAL(desk_lines(&desk, 0)->paid_currency_minor, cases[i].amount);
            CU_ASSERT_EQUAL(desk_lines(&desk, 0)->fx_minor, cases[i].amount - 92000);
        }
        desk_close(&desk);
    }
}

static void
the_window_is_the_policys(void)
{
    for (uint32_t window = 0; window <= 20000; window += 20000) {
        o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FX_WINDOW_PPM, .fx_window_ppm = window };
        f1_open(&desk);
        desk_policy(&desk, &policy);
        euros(93600, 0, "INV-100234");
        solve_with(&usd_to_eur, 1);
        CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), window ? "I1=1000.00" : "");
        desk_close(&desk);
    }
}

static void
what_was_ordered_outweighs_the_hosts_rate(void)
{
    f1_open(&desk);
    euros(92000, 97000, "INV-100234"); /* 1,000.00 at the host's rate, but 970.00 were ordered */
    solve_with(&usd_to_eur, 1);
    expect("I1=970.00 o30.00", O2C_LABEL_M10, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->fx_minor, 92000 - 89240);
    desk_close(&desk);
}

static void
an_item_of_the_payments_own_currency_is_a_rival(void)
{
    f1_open(&desk);
    allow();
    memcpy(f1_item(&desk, 1)->currency, "EUR", 4);
    f1_item(&desk, 1)->open_minor = 91750;
    euros(91750, 100000, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
    CU_ASSERT(p->alternatives_count >= 1);
    CU_ASSERT(p->outcome_ppm < 990000);
    check_money();
    desk_close(&desk);
}

static void
the_order_of_rates_changes_nothing(void)
{
    static const o2c_match_exchange rates[2][3] = {
        { { .from = "USD", .to = "EUR", .numerator = 92, .denominator = 100 }, { .from = "GBP", .to = "EUR", .numerator = 117, .denominator = 100 },
          { .from = "CHF", .to = "EUR", .numerator = 104, .denominator = 100 } },
        { { .from = "CHF", .to = "EUR", .numerator = 104, .denominator = 100 }, { .from = "USD", .to = "EUR", .numerator = 92, .denominator = 100 },
          { .from = "GBP", .to = "EUR", .numerator = 117, .denominator = 100 } }
    };
    uint32_t confidence[2];
    for (int i = 0; i < 2; i++) {
        f1_open(&desk);
        memcpy(f1_item(&desk, 1)->currency, "GBP", 4);
        euros(91750, 0, "INV-100234");
        solve_with(rates[i], 3);
        CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=1000.00");
        confidence[i] = desk_lines(&desk, 0)->error_ppb;
        desk_close(&desk);
    }
    CU_ASSERT_EQUAL(confidence[0], confidence[1]);
}

static void
a_wrong_rate_is_refused_with_its_row_and_field(void)
{
    static const struct {
        o2c_match_exchange row;
        const char *field;
    } cases[] = {
        { { .from = "USD", .to = "USD", .numerator = 1, .denominator = 1 }, "rate.from" },
        { { .from = "usd", .to = "EUR", .numerator = 1, .denominator = 1 }, "rate.from" },
        { { .from = "USD", .to = "EUR", .numerator = 0, .denominator = 1 }, "rate.numerator" },
        { { .from = "USD", .to = "EUR", .numerator = 1, .denominator = -1 }, "rate.denominator" },
        { { .from = "GBP", .to = "EUR", .numerator = 1, .denominator = 1 }, "rate.to" }, /* stands there already */
        { { .from = "USD", .to = "EUR", .numerator = 1, .denominator = 1, .reserved = { 0, 1 } }, "rate.reserved" },
    };
    f1_open(&desk);
    euros(92000, 0, "INV-100234");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_str heap;
    o2c_heap_bytes(desk.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, desk.payments, desk.payments_count, desk.texts, desk.texts_count, heap };
    for (size_t i = 0; i < TAP_COUNT(cases); i++) {
        o2c_match_exchange rates[2] = { { .from = "GBP", .to = "EUR", .numerator = 117, .denominator = 100 }, cases[i].row };
        o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .rates = rates, .rates_count = 2 };
        o2c_match_solution *solution = NULL;
        CU_ASSERT_EQUAL(o2c_match_solve(NULL, desk.pool, desk.model, &request, &solution, &desk.err), O2C_E_ARG);
        CU_ASSERT_PTR_NULL(solution);
        CU_ASSERT_EQUAL(desk.err.row, 1);
        CU_ASSERT_STRING_EQUAL(desk.err.field, cases[i].field);
    }
    desk.payments[0].instructed_minor = 5;
    CU_ASSERT_EQUAL(desk_solve(&desk), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_STRING_EQUAL(desk.err.field, "payment.instructed_currency");
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "what_the_payer_ordered_in_the_items_currency_is_the_amount", what_the_payer_ordered_in_the_items_currency_is_the_amount },
    { "without_the_word_of_the_policy_its_gate_holds_it_with_all_numbers", without_the_word_of_the_policy_its_gate_holds_it_with_all_numbers },
    { "several_items_share_what_arrived_to_the_cent", several_items_share_what_arrived_to_the_cent },
    { "a_discount_is_taken_in_the_items_currency", a_discount_is_taken_in_the_items_currency },
    { "an_over_payment_stays_on_account_in_the_currency_that_arrived", an_over_payment_stays_on_account_in_the_currency_that_arrived },
    { "a_short_payment_leaves_its_rest_in_the_items_currency", a_short_payment_leaves_its_rest_in_the_items_currency },
    { "a_naked_payment_is_found_by_what_was_ordered", a_naked_payment_is_found_by_what_was_ordered },
    { "the_hosts_rate_opens_a_window_and_never_posts", the_hosts_rate_opens_a_window_and_never_posts },
    { "the_window_is_the_policys", the_window_is_the_policys },
    { "what_was_ordered_outweighs_the_hosts_rate", what_was_ordered_outweighs_the_hosts_rate },
    { "an_item_of_the_payments_own_currency_is_a_rival", an_item_of_the_payments_own_currency_is_a_rival },
    { "the_order_of_rates_changes_nothing", the_order_of_rates_changes_nothing },
    { "a_wrong_rate_is_refused_with_its_row_and_field", a_wrong_rate_is_refused_with_its_row_and_field },
};

int
main(void)
{
    return tap_run("match/foreign", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Small differences: each side has its limit, and a customer is not let off for ever. */
#include <stdio.h>
#include <string.h>

#include "match/f1.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static struct desk desk;
static char shown[4096];

static void
run(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    (void)self;
    for (uint64_t i = 0; i < count; i++)
        job(arg, i);
}
static const o2c_match_executor executor = { .struct_size = sizeof executor, .run = run };
static const o2c_match_executor *lent; /* NULL = none */

/* What C1 was let off before, and a cap of his own when that is not negative. */
static void
solve_given(int64_t before, int64_t cap)
{
    o2c_str heap;
    o2c_match_solution *solution = NULL;
    o2c_match_given row = { .account = desk_text(&desk, "C1"), .currency = "USD", .given_minor = before };
    row.has = cap >= 0 ? O2C_MATCH_GIVEN_CAP : 0;
    row.cap_minor = cap >= 0 ? cap : 0;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_heap_bytes(desk.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, desk.payments, desk.payments_count, desk.texts, desk.texts_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .rules = desk.rules, .given = &row, .given_count = 1,
                                  .given_heap = heap, .executor = lent };
    CU_ASSERT_EQUAL_FATAL(o2c_match_solve(NULL, desk.pool, desk.model, &request, &solution, &desk.err), O2C_OK);
    o2c_match_solution_free(desk.solution);
    desk.solution = solution;
}

/* A small bar and the class released, so that nothing but the cap can hold a line. */
static void
release(int64_t month)
{
    static uint32_t released[2];
    o2c_str text = { "M05/KNOWN/OWN/CLEAR_FAVORITE", 28 }, other = { "M05/KNOWN/OWN/ONLY_FIT", 22 };
    CU_ASSERT_EQUAL(o2c_line_class_read(&text, &released[0], NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_line_class_read(&other, &released[1], NULL), O2C_OK);
    o2c_match_policy policy = { .struct_size = sizeof policy, .auto_ppm = 900000, .released = released, .released_count = 2,
                                .tolerance_month_minor = month };
    policy.present = O2C_POLICY_MATCH_AUTO_PPM | O2C_POLICY_MATCH_RELEASED | O2C_POLICY_MATCH_TOLERANCE_MONTH_MINOR;
    desk_policy(&desk, &policy);
}

static uint32_t
count_gate(uint32_t proposal)
{
    const o2c_match_reason *rows;
    uint64_t count;
    uint32_t found = 0;
    const o2c_proposal *p = desk_proposal(&desk, proposal);
    o2c_match_solution_reasons(desk.solution, &rows, &count);
    for (uint32_t i = 0; i < p->reasons_count; i++)
        found += rows[p->reasons_at + i].gate == O2C_GATE_TOLERANCE_CAP && rows[p->reasons_at + i].proposal == proposal;
    return found;
}

static void
a_small_difference_within_the_cap_posts_and_beyond_it_waits(void)
{
    static const struct {
        int64_t month, before, cap;
        int32_t band;
    } cases[] = {
        { 2500, 0, -1, O2C_BAND_AUTO },     { 2500, 2495, -1, O2C_BAND_AUTO },   { 2500, 2496, -1, O2C_BAND_PROPOSE },
        { 2500, 9000, -1, O2C_BAND_PROPOSE }, { 5, 0, -1, O2C_BAND_AUTO },       { 4, 0, -1, O2C_BAND_PROPOSE },
        { 2500, 100, 104, O2C_BAND_PROPOSE }, { 2500, 100, 105, O2C_BAND_AUTO }, { 10, 0, 9000, O2C_BAND_AUTO },
        { 4, 0, 9000, O2C_BAND_PROPOSE },
    };
    for (size_t i = 0; i < TAP_COUNT(cases); i++) {
        f1_open(&desk);
        release(cases[i].month);
        desk_payment(&desk, "P", 99995, "2026-02-03", C1, "INV-100234");
        solve_given(cases[i].before, cases[i].cap);
        CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=999.95 t0.05");
        if (desk_proposal(&desk, 0)->band != cases[i].band)
            printf("# case %zu: band %d, gates %u\n", i, desk_proposal(&desk, 0)->band, desk_proposal(&desk, 0)->gates);
        CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, cases[i].band);
        CU_ASSERT_EQUAL(count_gate(0), cases[i].band != O2C_BAND_AUTO);
        desk_close(&desk);
    }
}

static void
payments_that_pass_the_cap_together_all_wait_and_others_go_on(void)
{
    for (int both = 0; both < 2; both++) {
        f1_open(&desk);
        release(100);
        desk_payment(&desk, "P1", 99940, "2026-02-03", C1, "INV-100234");
        desk_payment(&desk, "P2", both ? 24960 : 24961, "2026-02-03", C1, "INV-100235");
        desk_payment(&desk, "P3", 50000, "2026-02-03", C1, "INV-100236");
        desk_payment(&desk, "P4", 749940, "2026-02-03", F1_C3_IBAN, "INV-200001");
        solve_given(1, -1); /* .60 + .40 or .39 + .01 from before */
        for (uint32_t p = 0; p < 2; p++) {
            CU_ASSERT_EQUAL(desk_proposal(&desk, p)->band, both ? O2C_BAND_PROPOSE : O2C_BAND_AUTO);
            CU_ASSERT_EQUAL(count_gate(p), (uint32_t)both);
            CU_ASSERT_EQUAL(desk_lines(&desk, p)->would_auto, (uint32_t)!both);
            CU_ASSERT_EQUAL(!!(desk_lines(&desk, p)->gates & O2C_GATE_TOLERANCE_CAP), both);
        }
        CU_ASSERT_EQUAL(desk_proposal(&desk, 2)->band, O2C_BAND_AUTO);
        CU_ASSERT_EQUAL(desk_proposal(&desk, 3)->band, O2C_BAND_AUTO);
        CU_ASSERT_EQUAL(count_gate(3), 0);
        desk_close(&desk);
    }
}

/* More than one range lies between them; what each gives away is known when all are solved. */
static void
payments_of_several_ranges_pass_the_cap_together(void)
{
    for (int both = 0; both < 2; both++) {
        f1_open(&desk);
        release(100);
        desk_payment(&desk, "P1", 99940, "2026-02-03", C1, "INV-100234");
        for (int i = 0; i < 70; i++) {
            char key[16];
            snprintf(key, sizeof key, "N%d", i);
            desk_payment(&desk, key, 1234567 + i, "2026-02-03", "", "");
        }
        desk_payment(&desk, "P2", both ? 24960 : 24961, "2026-02-03", C1, "INV-100235");
        lent = &executor;
        solve_given(1, -1);
        lent = NULL;
        for (uint32_t p = 0; p <= 71; p += 71) {
            CU_ASSERT_EQUAL(desk_proposal(&desk, p)->band, both ? O2C_BAND_PROPOSE : O2C_BAND_AUTO);
            CU_ASSERT_EQUAL(count_gate(p), (uint32_t)both);
        }
        desk_close(&desk);
    }
}

static void
each_side_has_its_limit_and_the_lower_one_wins(void)
{
    static const struct {
        int64_t under, over, amount;
        uint32_t ppm;
        const char *lines;
    } cases[] = {
        { 1000, 1000, 99950, 1000000, "I1=999.50 t0.50" }, { 49, 1000, 99950, 1000000, "I1=999.50 o0.50" },
        { 50, 0, 99950, 1000000, "I1=999.50 t0.50" },      { 1000, 1000, 100050, 1000000, "I1=1000.50 t-0.50" },
        { 1000, 49, 100050, 1000000, "I1=1000.00" },       { 0, 50, 100050, 1000000, "I1=1000.50 t-0.50" },
        { 1000, 1000, 99950, 499, "I1=999.50 o0.50" },     { 1000, 1000, 99950, 500, "I1=999.50 t0.50" },
        { 100000, 100000, 99850, 1000000, "I1=998.50 o1.50" }, /* the common tolerance of 1.00 */
    };
    for (size_t i = 0; i < TAP_COUNT(cases); i++) {
        o2c_match_policy policy = { .struct_size = sizeof policy, .tolerance_under_minor = cases[i].under,
                                    .tolerance_over_minor = cases[i].over, .tolerance_under_ppm = cases[i].ppm };
        policy.present = O2C_POLICY_MATCH_TOLERANCE_UNDER_MINOR | O2C_POLICY_MATCH_TOLERANCE_OVER_MINOR | O2C_POLICY_MATCH_TOLERANCE_UNDER_PPM;
        f1_open(&desk);
        desk_policy(&desk, &policy);
        desk_payment(&desk, "P", cases[i].amount, "2026-02-03", C1, "INV-100234");
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        desk_render(&desk, 0, shown, sizeof shown);
        if (strcmp(shown, cases[i].lines) != 0)
            printf("# case %zu: %s, wanted %s\n", i, shown, cases[i].lines);
        CU_ASSERT_STRING_EQUAL(shown, cases[i].lines);
        desk_close(&desk);
    }
}

static void
a_wrong_row_of_what_was_given_is_refused(void)
{
    o2c_match_given good = { .currency = "USD" };
    static const char *const fields[] = { "given.account", "given.currency", "given.given_minor", "given.cap_minor", "given.reserved",
                                          "given.account" };
    f1_open(&desk);
    desk_payment(&desk, "P", 99995, "2026-02-03", C1, "INV-100234");
    good.account = desk_text(&desk, "C1");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_str heap;
    o2c_heap_bytes(desk.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, desk.payments, desk.payments_count, desk.texts, desk.texts_count, heap };
    for (size_t i = 0; i < TAP_COUNT(fields); i++) {
        o2c_match_given rows[2] = { good, good };
        memcpy(rows[1].currency, i == 1 ? "us\0" : i == 5 ? "USD" : "USE", 4); /* the last one stands twice */
        rows[1].account.len = i == 0 ? 0 : rows[1].account.len;
        rows[1].given_minor = i == 2 ? -1 : 0;
        rows[1].cap_minor = i == 3 ? -1 : 0;
        rows[1].reserved[1] = i == 4;
        o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .given = rows, .given_count = 2,
                                      .given_heap = heap };
        o2c_match_solution *solution = NULL;
        CU_ASSERT_EQUAL(o2c_match_solve(NULL, desk.pool, desk.model, &request, &solution, &desk.err), O2C_E_ARG);
        CU_ASSERT_EQUAL(desk.err.row, 1);
        CU_ASSERT_STRING_EQUAL(desk.err.field, fields[i]);
        o2c_match_solution_free(solution);
    }
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "a_small_difference_within_the_cap_posts_and_beyond_it_waits", a_small_difference_within_the_cap_posts_and_beyond_it_waits },
    { "payments_that_pass_the_cap_together_all_wait_and_others_go_on", payments_that_pass_the_cap_together_all_wait_and_others_go_on },
    { "payments_of_several_ranges_pass_the_cap_together", payments_of_several_ranges_pass_the_cap_together },
    { "each_side_has_its_limit_and_the_lower_one_wins", each_side_has_its_limit_and_the_lower_one_wins },
    { "a_wrong_row_of_what_was_given_is_refused", a_wrong_row_of_what_was_given_is_refused },
};

int
main(void)
{
    return tap_run("match/tolerance", tests, TAP_COUNT(tests));
}

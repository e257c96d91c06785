/* SPDX-License-Identifier: Apache-2.0 */
/* Money that was promised: what it explains, what it is called, and how it comes into a pool and goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "match/match.h"
#include "support/faulty.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static struct desk desk;
static char shown[4096];

static o2c_expected
waiting(const char *key, const char *item, int64_t amount, int32_t origin)
{
    o2c_expected row = { .key = desk_text(&desk, key), .account = desk_text(&desk, "C1"), .item = desk_text(&desk, item),
                         .amount_minor = amount, .currency = "USD", .origin = origin };
    return row;
}

/* The desk as it stands, these rows put and those keys dropped, and its one payment solved. */
static o2c_match_solution *
solve(const o2c_expected *rows, uint64_t count, const char *drop)
{
    o2c_str heap;
    o2c_ref gone = drop ? desk_text(&desk, drop) : (o2c_ref){ 0, 0 };
    o2c_match_solution *solution = NULL;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_heap_bytes(desk.heap, &heap);
    CU_ASSERT_EQUAL(o2c_match_pool_put_expected(desk.pool, rows, count, &heap, &desk.err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(desk.pool, &desk.err), O2C_OK);
    if (drop) {
        CU_ASSERT_EQUAL(o2c_match_pool_drop_expected(desk.pool, &gone, 1, &heap, &desk.err), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_freeze(desk.pool, &desk.err), O2C_OK);
    }
    o2c_payments payments = { sizeof payments, 0, desk.payments, desk.payments_count, desk.texts, desk.texts_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .rules = desk.rules };
    CU_ASSERT_EQUAL_FATAL(o2c_match_solve(NULL, desk.pool, desk.model, &request, &solution, &desk.err), O2C_OK);
    o2c_match_solution_free(desk.solution);
    desk.solution = solution;
    return solution;
}

static void
expect(int32_t label, const char *lines)
{
    const o2c_proposal *p = desk_proposal(&desk, 0);
    int32_t got = p->lines_count ? desk_lines(&desk, 0)->label : p->label;
    desk_render(&desk, 0, shown, sizeof shown);
    if (got != label || strcmp(shown, lines) != 0)
        printf("# %s, label %s, confidence %u; wanted %s, %s\n", shown, o2c_code_name(O2C_TABLE_LABEL, got), p->confidence_ppm, lines,
               o2c_code_name(O2C_TABLE_LABEL, label));
    CU_ASSERT_EQUAL(got, label);
    CU_ASSERT_STRING_EQUAL(shown, lines);
    CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
}

/* Weight of the evidence that something was expected; 1 = there is none. */
static int32_t
expected_weight(void)
{
    const o2c_match_evidence *rows;
    uint64_t count;
    o2c_match_solution_evidence(desk.solution, &rows, &count);
    for (uint64_t i = 0; i < count; i++)
        if (rows[i].code == O2C_EVIDENCE_EXPECTED)
            return rows[i].weight_mnat;
    return 1;
}

#define PART 41117 /* no set of items has this sum */

/* CA-39 went before: 600.00 of I1 were paid, the balance is promised for next week. Or only a part of it. */
static void
open_balance(int64_t open, const char *text)
{
    f1_open(&desk);
    f1_item(&desk, 0)->open_minor = open;
    desk_payment(&desk, "P", open == 40000 ? open : PART, "2026-02-10", C1, text);
}

static void
m08__the_balance_that_was_promised_after_ca_39(void)
{
    static const struct {
        int32_t origin, label;
    } cases[] = { { O2C_EXPECTED_PROMISE, O2C_LABEL_M08 }, { O2C_EXPECTED_ADVICE, O2C_LABEL_M08 }, { O2C_EXPECTED_DEPOSIT, O2C_LABEL_M19 },
                  { O2C_EXPECTED_ORDER, O2C_LABEL_M19 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        open_balance(40000, NULL);
        o2c_expected row = waiting("W1", "I1", 40000, cases[i].origin);
        solve(NULL, 0, NULL);
        uint32_t before = desk_lines(&desk, 0)->error_ppb;
        expect(O2C_LABEL_M13, "I1=400.00");
        CU_ASSERT_EQUAL(expected_weight(), 1);
        solve(&row, 1, NULL);
        expect(cases[i].label, "I1=400.00");
        CU_ASSERT(desk_lines(&desk, 0)->error_ppb < before); /* both say the same */
        CU_ASSERT(expected_weight() > 0);
        desk_close(&desk);
    }
}

static void
m08__a_part_that_was_promised_leaves_the_rest_open(void)
{
    open_balance(100000, NULL);
    solve(NULL, 0, NULL);
    expect(O2C_LABEL_M22, "");
    o2c_expected row = waiting("W1", "I1", PART, O2C_EXPECTED_PROMISE);
    solve(&row, 1, NULL);
    expect(O2C_LABEL_M08, "I1=411.17 o588.83");
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->close, O2C_CLOSE_PARTIAL);
    /* X11 beside the deposit request that waits as well: 1/9 · .9 ÷ 2 = .05 */
    CU_ASSERT_EQUAL(expected_weight(), -2996);
    desk_close(&desk);
}

static void
m08__the_more_wait_the_less_each_of_them_says(void)
{
    o2c_expected rows[3];
    open_balance(100000, NULL);
    rows[0] = waiting("W1", "I1", PART, O2C_EXPECTED_PROMISE);
    rows[1] = waiting("W2", "I2", 20000, O2C_EXPECTED_PROMISE);
    rows[2] = waiting("W3", "I3", 10000, O2C_EXPECTED_PROMISE);
    memcpy(rows[2].currency, "EUR", 4); /* waits for other money */
    solve(rows, 3, NULL);
    expect(O2C_LABEL_M08, "I1=411.17 o588.83");
    CU_ASSERT_EQUAL(expected_weight(), -3401); /* ln(.1 ÷ 3) */
    desk_close(&desk);
}

static void
m08__only_what_waits_with_this_amount_and_these_items_counts(void)
{
    for (int change = 0; change < 7; change++) {
        open_balance(100000, NULL);
        o2c_expected row = waiting("W1", change == 4 ? "NOT-HERE" : "I1", PART, O2C_EXPECTED_PROMISE);
        if (change == 1)
            row.amount_minor = PART + 1;
        if (change == 2)
            memcpy(row.currency, "EUR", 4);
        if (change == 3)
            row.account = desk_text(&desk, "C3");
        if (change == 5)
            row.item = desk_text(&desk, "I5"); /* not his */
        solve(&row, 1, change == 6 ? "W1" : NULL);
        if (change == 0)
            expect(O2C_LABEL_M08, "I1=411.17 o588.83");
        else
            expect(O2C_LABEL_M22, "");
        desk_close(&desk);
    }
}

static void
m08__several_items_or_an_order_number_are_one_expected_payment(void)
{
    for (int by_order = 0; by_order < 2; by_order++) {
        o2c_expected rows[2];
        f1_open(&desk);
        desk_reference(&desk, "I1", O2C_REFERENCE_PURCHASE_ORDER, "PO-77-120");
        desk_payment(&desk, "P", 65000, "2026-02-10", C1, NULL);
        rows[0] = waiting("W1", "I2", 65000, O2C_EXPECTED_ADVICE);
        rows[1] = waiting("W1", "I3", 65000, O2C_EXPECTED_ADVICE);
        if (by_order) {
            rows[0].item = desk_text(&desk, "");
            rows[0].reference = desk_text(&desk, "po 77 120");
        }
        solve(rows, by_order ? 1 : 2, NULL);
        /* a part of 750.00 is split over both, 250 : 500 */
        expect(O2C_LABEL_M08, by_order ? "I1=650.00 o350.00" : "I2=216.67 o33.33; I3=433.33 o66.67");
        desk_close(&desk);
    }
}

static void
m03__a_reference_stays_a_reference_beside_a_promise(void)
{
    open_balance(40000, "INV-100234");
    o2c_expected row = waiting("W1", "I1", 40000, O2C_EXPECTED_PROMISE);
    solve(&row, 1, NULL);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->label, O2C_LABEL_M03);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
    CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, shown, sizeof shown), "I1=400.00");
    desk_close(&desk);
}

/* ---- into the pool and out of it */

static void
put_expected__replaces_by_key_and_lives_through_freezes(void)
{
    o2c_expected rows[2];
    o2c_str heap;
    open_balance(100000, NULL);
    rows[0] = waiting("W1", "I1", 40000, O2C_EXPECTED_PROMISE);
    rows[1] = waiting("W2", "I2", 20000, O2C_EXPECTED_ADVICE);
    o2c_ref nobody = desk_text(&desk, "NOBODY");
    solve(rows, 2, NULL);
    const struct o2c__expected *kept = desk.pool->expected.rows;
    CU_ASSERT_EQUAL_FATAL(desk.pool->expected.count, 2);
    CU_ASSERT(kept[0].amount == 40000 && kept[1].amount == 20000);
    rows[0].amount_minor = 30000;
    o2c_heap_bytes(desk.heap, &heap);
    CU_ASSERT_EQUAL(o2c_match_pool_put_expected(desk.pool, rows, 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_expected(desk.pool, &rows[1].key, 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(desk.pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(desk.pool->expected.count, 1);
    CU_ASSERT_EQUAL(O2C__AT(&desk.pool->expected, struct o2c__expected, 0).amount, 30000);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_expected(desk.pool, &rows[1].key, 1, &heap, NULL), O2C_E_MATCH_KEY);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_expected(desk.pool, &nobody, 1, &heap, NULL), O2C_E_MATCH_KEY);
    o2c_ref twice[2] = { rows[0].key, rows[0].key };
    CU_ASSERT_EQUAL(o2c_match_pool_drop_expected(desk.pool, twice, 2, &heap, NULL), O2C_E_MATCH_KEY);
    CU_ASSERT_TRUE(desk.pool->frozen);
    CU_ASSERT_EQUAL(desk.pool->expected.count, 1);
    /* Its item goes and comes back; meanwhile nothing waits. */
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(desk.pool, &f1_item(&desk, 0)->key, 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(desk.pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL(desk.pool->expected.count, 0);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(desk.pool, f1_item(&desk, 0), 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(desk.pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL(desk.pool->expected.count, 1);
    desk_close(&desk);
}

static void
put_expected__refuses_what_makes_no_sense(void)
{
    static const char *const fields[] = { "expected.key", "expected.account", "expected.item", "expected.reference", "expected.item",
                                          "expected.amount_minor", "expected.amount_minor", "expected.currency", "expected.day",
                                          "expected.origin", "expected.reserved" };
    open_balance(100000, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        o2c_expected row = waiting("W1", "I1", 40000, O2C_EXPECTED_PROMISE);
        o2c_str heap;
        o2c_error err = { 0 };
        o2c_heap_bytes(desk.heap, &heap);
        o2c_ref outside = { (uint32_t)heap.len, 9 };
        if (i < 4)
            *(i == 0 ? &row.key : i == 1 ? &row.account : i == 2 ? &row.item : &row.reference) = outside;
        row.item.len = i == 4 ? 0 : row.item.len;
        row.amount_minor = i == 5 ? 0 : i == 6 ? INT64_C(1000000000000001) : row.amount_minor;
        row.currency[0] = i == 7 ? '!' : row.currency[0];
        row.day = i == 8 ? O2C_DAY_MAX + 1 : 0;
        row.origin = i == 9 ? 5 : row.origin;
        row.reserved2[1] = i == 10;
        o2c_status status = o2c_match_pool_put_expected(desk.pool, &row, 1, &heap, &err);
        CU_ASSERT(status == O2C_E_MATCH_ITEM || status == O2C_E_MATCH_KEY);
        CU_ASSERT_STRING_EQUAL(err.field, fields[i]);
        CU_ASSERT_TRUE(desk.pool->frozen);
    }
    CU_ASSERT_EQUAL(o2c_match_pool_put_expected(NULL, NULL, 0, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_pool_put_expected(desk.pool, NULL, 1, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_expected(desk.pool, NULL, 1, NULL, NULL), O2C_E_MISUSE);
    desk_close(&desk);
}

static struct faulty_result
all_steps(const o2c_env *env, void *self)
{
    const o2c_expected *rows = self;
    struct faulty_result result = { 0, 0 };
    o2c_match_pool *pool = NULL;
    o2c_str heap;
    o2c_heap_bytes(desk.heap, &heap);
    result.status = o2c_match_pool_new(env, NULL, &pool, NULL);
    if (!result.status)
        result.status = o2c_match_pool_put_items(pool, desk.items, desk.items_count, &heap, NULL);
    if (!result.status)
        result.status = o2c_match_pool_put_expected(pool, rows, 2, &heap, NULL);
    if (!result.status)
        result.status = o2c_match_pool_freeze(pool, NULL);
    if (!result.status)
        result.status = o2c_match_pool_put_expected(pool, rows + 1, 1, &heap, NULL);
    if (!result.status)
        result.status = o2c_match_pool_drop_expected(pool, &rows[0].key, 1, &heap, NULL);
    if (!result.status)
        result.status = o2c_match_pool_freeze(pool, NULL);
    if (!result.status && pool->expected.count == 1)
        result.digest = (uint64_t)O2C__AT(&pool->expected, struct o2c__expected, 0).amount;
    o2c_match_pool_free(pool);
    return result;
}

static void
put_expected__every_allocation_may_fail(void)
{
    o2c_expected rows[2];
    open_balance(100000, NULL);
    desk.items[1].order_group = 3;
    rows[0] = waiting("W1", "I1", 40000, O2C_EXPECTED_PROMISE);
    rows[1] = waiting("W2", "", 20000, O2C_EXPECTED_ADVICE);
    rows[1].reference = desk_text(&desk, "INV-100235");
    faulty_sweep("expected", all_steps, rows);
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "m03__a_reference_stays_a_reference_beside_a_promise", m03__a_reference_stays_a_reference_beside_a_promise },
    { "m08__a_part_that_was_promised_leaves_the_rest_open", m08__a_part_that_was_promised_leaves_the_rest_open },
    { "m08__only_what_waits_with_this_amount_and_these_items_counts", m08__only_what_waits_with_this_amount_and_these_items_counts },
    { "m08__several_items_or_an_order_number_are_one_expected_payment", m08__several_items_or_an_order_number_are_one_expected_payment },
    { "m08__the_balance_that_was_promised_after_ca_39", m08__the_balance_that_was_promised_after_ca_39 },
    { "m08__the_more_wait_the_less_each_of_them_says", m08__the_more_wait_the_less_each_of_them_says },
    { "put_expected__every_allocation_may_fail", put_expected__every_allocation_may_fail },
    { "put_expected__refuses_what_makes_no_sense", put_expected__refuses_what_makes_no_sense },
    { "put_expected__replaces_by_key_and_lives_through_freezes", put_expected__replaces_by_key_and_lives_through_freezes },
};

int
main(void)
{
    return tap_run("match/expected", tests, TAP_COUNT(tests));
}

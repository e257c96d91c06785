/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The posterior on fixture F1 and on the published examples, to five decimals. Hits and payers are filled in by hand, so that this
 * suite proves the weights alone; the whole way from the text is proven elsewhere.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "match/world.h"
#include "support/tap.h"

enum { I1, I2, I3, CM1, I4, I5, SO };
#define BIT(i) (1u << (i))
#define SPAN 99768.0L /* numbers 100234 … 200001 */
#define SURE 999500

/* Days are counted from 2026-01-01 = 1: only their order and distance matter. */
#define JAN(d) (d)
#define FEB(d) (31 + (d))

static int32_t
ln_ratio(long double frequency, long double accidental)
{
    return (int32_t)lroundl(65536 * logl(frequency * SPAN / accidental));
}
#define EXACT_PREFIX ln_ratio(.90L, .05L)
#define EXACT_BARE ln_ratio(.90L, .2L)
#define NORMAL ln_ratio(.06L, .2L)
#define SECOND ln_ratio(.90L, .2L)
#define SWAPPED_DIGIT ln_ratio(.008L / 54, .2L)
#define SWAPPED_PAIR ln_ratio(.004L / 5, .2L)

static void
f1(struct naive_world *w)
{
    memset(w, 0, sizeof *w);
    w->items[I1] = (struct naive_item){ .account = 0, .open = 100000, .due = FEB(4), .until = { JAN(15) }, .ppm = { 20000 } };
    w->items[I2] = (struct naive_item){ .account = 0, .open = 25000, .due = FEB(6), .until = { JAN(17) }, .ppm = { 20000 } };
    w->items[I3] = (struct naive_item){ .account = 0, .open = 50000, .due = FEB(19), .until = { JAN(30) }, .ppm = { 20000 } };
    w->items[CM1] = (struct naive_item){ .account = 0, .open = -10000, .due = JAN(15) };
    w->items[I4] = (struct naive_item){ .account = 1, .open = 100000, .due = FEB(9), .until = { JAN(20) }, .ppm = { 20000 } };
    w->items[I5] = (struct naive_item){ .account = 2, .open = 749999, .due = FEB(1), .until = { JAN(12) }, .ppm = { 20000 } };
    w->items[SO] = (struct naive_item){ .account = 0, .open = 30000, .due = JAN(25), .deposit = true };
    w->items_count = 7;
    w->accounts_count = 3;
    w->tied[0][1] = w->tied[1][0] = true;
    w->payers[0] = (struct naive_payer){ 0, SURE };
    w->payers_count = 1;
    w->day = FEB(3);
    w->tolerance = 100;
    w->tolerance_ppm = 5000;
    w->lookback = 30;
}

static void
hit(struct naive_world *w, int token, int item, int32_t ln)
{
    w->hits[w->hits_count++] = (struct naive_hit){ .token = token, .items = { item }, .count = 1, .ln_q16 = ln };
}

/* The six-digit number of I1, I2 or I3 and what its damaged readings may be: one digit off each of the two others. */
static void
number(struct naive_world *w, int token, int item, int32_t ln)
{
    hit(w, token, item, ln);
    for (int other = I1; other <= I3; other++)
        if (other != item)
            hit(w, token, other, SWAPPED_DIGIT);
}

static void
payer_too(struct naive_world *w, int account)
{
    w->payers[w->payers_count++] = (struct naive_payer){ account, 0 };
}

struct expectation {
    const char *id;
    uint32_t items;
    int32_t arithmetic;
    long double p;
};

/* Solves, checks the winner, its share, and that the whole answer agrees with the naive matcher. */
static void
expect_within(const struct naive_world *w, uint32_t items, int32_t arithmetic, long double p, long double within)
{
    struct world world;
    CU_ASSERT_FATAL(world_open(&world, w));
    CU_ASSERT_EQUAL_FATAL(world_explain(&world), O2C_OK);
    CU_ASSERT_FATAL(world.why.count > 0);
    const struct o2c__hypothesis *row = &world.why.rows[0];
    long double share = world_share(&world, row->mass);
    if (world_items(&world, row) != items || row->arithmetic != arithmetic || fabsl(share - p) > within)
        printf("# items %x arithmetic %d p %.6Lf, expected %x %d %.5Lf\n", world_items(&world, row), row->arithmetic, share, items, arithmetic, p);
    CU_ASSERT_EQUAL(world_items(&world, row), items);
    CU_ASSERT_EQUAL(row->arithmetic, arithmetic);
    CU_ASSERT(fabsl(share - p) <= within);
    CU_ASSERT(!world.why.cut_short);
    world_close(&world);
}

static void
expect(const struct naive_world *w, uint32_t items, int32_t arithmetic, long double p)
{
    expect_within(w, items, arithmetic, p, 2e-5L);
}

static void
ca_01_exact_number_and_amount_is_certain(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 100000;
    number(&w, 0, I1, EXACT_PREFIX);
    expect(&w, BIT(I1), O2C_ARITHMETIC_X0, 1);
}

static void
ca_02_discount_of_the_tenth_day_is_earned(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 98000;
    w.day = JAN(15);
    number(&w, 0, I1, EXACT_PREFIX);
    expect(&w, BIT(I1), O2C_ARITHMETIC_X1, .99985L);
}

static void
ca_03_discount_a_day_later_is_not_earned(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 98000;
    w.day = JAN(16);
    number(&w, 0, I1, EXACT_PREFIX);
    expect(&w, BIT(I1), O2C_ARITHMETIC_X2, .99940L);
    w.grace = 5;
    expect(&w, BIT(I1), O2C_ARITHMETIC_X1, .99985L);
}

static void
ca_04_two_invoices_less_a_credit(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 115000;
    number(&w, 0, I1, EXACT_BARE);
    number(&w, 1, I2, EXACT_BARE);
    hit(&w, 2, CM1, EXACT_PREFIX);
    expect(&w, BIT(I1) | BIT(I2) | BIT(CM1), O2C_ARITHMETIC_X0, 1);
}

static void
ca_05_leading_zeros_are_normalized(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 100000;
    hit(&w, 0, I1, NORMAL);
    expect(&w, BIT(I1), O2C_ARITHMETIC_X0, 1);
}

static void
ca_06_a_damaged_number_leaves_a_rival(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 100000;
    payer_too(&w, 1);
    hit(&w, 0, I1, SWAPPED_PAIR);
    hit(&w, 0, I4, SWAPPED_DIGIT);
    expect(&w, BIT(I1), O2C_ARITHMETIC_X0, .96031L);
}

static void
naked(int64_t amount, int day, uint32_t items, int32_t arithmetic, long double p)
{
    struct naive_world w;
    f1(&w);
    w.amount = amount;
    w.day = day;
    if (amount == 100000) /* another customer has an item of this amount: he stands among the payers too */
        payer_too(&w, 1);
    expect(&w, items, arithmetic, p);
}

static void
ca_07_one_item_fits(void)
{
    naked(25000, FEB(3), BIT(I2), O2C_ARITHMETIC_X0, .99999797L);
}

static void
ca_08_a_relative_has_the_same_amount(void)
{
    naked(100000, FEB(3), BIT(I1), O2C_ARITHMETIC_X0, .81822L);
}

static void
ca_09_the_whole_account(void)
{
    naked(165000, FEB(3), BIT(I1) | BIT(I2) | BIT(I3) | BIT(CM1), O2C_ARITHMETIC_X0, .99316L);
}

static void
ca_10_all_that_is_past_due(void)
{
    naked(125000, FEB(7), BIT(I1) | BIT(I2), O2C_ARITHMETIC_X0, .98440L);
}

static void
ca_11_two_of_three(void)
{
    naked(150000, FEB(3), BIT(I1) | BIT(I3), O2C_ARITHMETIC_X0, .97564L);
}

static void
ca_30_only_with_a_relative(void)
{
    naked(200000, FEB(3), BIT(I1) | BIT(I4), O2C_ARITHMETIC_X0, .99984L);
}

static void
cited(int64_t amount, int32_t arithmetic, long double p, int64_t fee)
{
    struct naive_world w;
    f1(&w);
    w.amount = amount;
    w.fees[0] = fee;
    w.fees_count = fee != 0;
    number(&w, 0, I1, EXACT_BARE);
    expect(&w, BIT(I1), arithmetic, p);
}

static void
ca_12_small_difference(void)
{
    cited(99995, O2C_ARITHMETIC_X5, .99798L, 0);
}

static void
ca_13_short_without_reason(void)
{
    cited(97000, O2C_ARITHMETIC_X7, .99988L, 0);
}

static void
ca_15_over_paid(void)
{
    cited(102000, O2C_ARITHMETIC_X8, .99896L, 0);
}

static void
ca_24_bank_fee_of_the_list(void)
{
    cited(97500, O2C_ARITHMETIC_X3, .99910L, 2500);
}

static void
ca_14_coded_deduction_of_the_advice(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 97000;
    number(&w, 0, I1, EXACT_PREFIX);
    w.hits[0].line = 1;
    w.hits[0].line_deduction = 3000;
    expect(&w, BIT(I1), O2C_ARITHMETIC_X6, .99955L);
}

static void
ca_16_nobody_is_known(void)
{
    struct naive_world w;
    struct world world;
    f1(&w);
    w.amount = 12345;
    w.payers_count = 0;
    CU_ASSERT_FATAL(world_open(&world, &w));
    CU_ASSERT_EQUAL(world_explain(&world), O2C_OK);
    CU_ASSERT_EQUAL(world.why.count, 0);
    CU_ASSERT_EQUAL(world.why.someone_else, world.why.total);
    world_close(&world);
}

static void
ca_17_nothing_fits_and_on_account_leads(void)
{
    struct naive_world w;
    struct world world;
    f1(&w);
    w.amount = 7777;
    CU_ASSERT_FATAL(world_open(&world, &w));
    CU_ASSERT_EQUAL(world_explain(&world), O2C_OK);
    CU_ASSERT(fabsl(world_share(&world, world.why.on_account) - .35341L) < 2e-4L);
    CU_ASSERT(fabsl(world_share(&world, world.why.someone_else) - .12963L) < 2e-4L);
    for (uint32_t i = 0; i < world.why.count; i++)
        CU_ASSERT(world.why.rows[i].mass < world.why.on_account);
    world_close(&world);
}

static void
ca_18_structured_reference(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 50000;
    hit(&w, 0, I3, ln_ratio(.90L * 97, .05L));
    expect(&w, BIT(I3), O2C_ARITHMETIC_X0, 1);
}

static void
ca_19_payer_only_by_his_references(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 749999;
    w.payers_count = 0;
    payer_too(&w, 2);
    hit(&w, 0, I5, EXACT_BARE);
    expect_within(&w, BIT(I5), O2C_ARITHMETIC_X0, 1, 1e-4L);
}

static void
ca_22_deposit_request(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 30000;
    hit(&w, 0, SO, EXACT_PREFIX);
    expect_within(&w, BIT(SO), O2C_ARITHMETIC_X11, 1, 1e-4L);
}

static void
ca_25_statement_number_cites_its_group(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 75000;
    w.hits[w.hits_count++] = (struct naive_hit){ .token = 0, .items = { I2, I3 }, .count = 2, .ln_q16 = SECOND };
    expect(&w, BIT(I2) | BIT(I3), O2C_ARITHMETIC_X0, 1);
}

static void
ca_26_purchase_order(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 50000;
    hit(&w, 0, I3, SECOND);
    expect(&w, BIT(I3), O2C_ARITHMETIC_X0, 1);
}

static void
ca_27_a_phone_number_is_a_decoy(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 25000;
    hit(&w, 0, I2, SECOND);
    number(&w, 1, I1, EXACT_BARE);
    expect(&w, BIT(I2), O2C_ARITHMETIC_X0, .98202L);
}

static void
ca_28_document_paid_before(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 100000;
    w.items[I1] = (struct naive_item){ .account = 0, .original = 100000, .due = FEB(4), .closed_day = JAN(30) };
    hit(&w, 0, I1, EXACT_PREFIX);
    hit(&w, 0, I2, SWAPPED_DIGIT);
    hit(&w, 0, I3, SWAPPED_DIGIT);
    expect_within(&w, BIT(I1), O2C_ARITHMETIC_X12, 1, 2e-3L);
}

static void
ca_32_a_list_is_expanded(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 175000;
    hit(&w, 0, I1, NORMAL);
    hit(&w, 1, I2, NORMAL);
    hit(&w, 2, I3, NORMAL);
    expect(&w, BIT(I1) | BIT(I2) | BIT(I3), O2C_ARITHMETIC_X0, 1);
}

static void
ca_33_a_shared_bank_account_narrows_and_the_number_decides(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 50000;
    w.payers[0] = (struct naive_payer){ 0, SURE / 2 };
    w.payers[1] = (struct naive_payer){ 2, SURE / 2 };
    w.payers_count = 2;
    number(&w, 0, I3, EXACT_BARE);
    expect(&w, BIT(I3), O2C_ARITHMETIC_X0, 1);
}

static void
ca_34_another_customers_number(void)
{
    struct naive_world w;
    struct world world;
    f1(&w);
    w.amount = 100000;
    w.payers[0] = (struct naive_payer){ 2, SURE };
    payer_too(&w, 0);
    number(&w, 0, I1, EXACT_PREFIX);
    CU_ASSERT_FATAL(world_open(&world, &w));
    CU_ASSERT_EQUAL(world_explain(&world), O2C_OK);
    CU_ASSERT_EQUAL(world_items(&world, &world.why.rows[0]), BIT(I1));
    CU_ASSERT_EQUAL(world.why.rows[0].payer, 1);
    CU_ASSERT(world_share(&world, world.why.rows[0].mass) > .99L);
    world_close(&world);
}

static void
ca_39_partial_payment_of_a_cited_invoice(void)
{
    struct naive_world w;
    f1(&w);
    w.amount = 60000;
    number(&w, 0, I1, EXACT_BARE);
    expect(&w, BIT(I1), O2C_ARITHMETIC_X7, .98327L);
}

#define CASE(name) { #name, name }
static const struct tap_test tests[] = {
    CASE(ca_01_exact_number_and_amount_is_certain),
    CASE(ca_02_discount_of_the_tenth_day_is_earned),
    CASE(ca_03_discount_a_day_later_is_not_earned),
    CASE(ca_04_two_invoices_less_a_credit),
    CASE(ca_05_leading_zeros_are_normalized),
    CASE(ca_06_a_damaged_number_leaves_a_rival),
    CASE(ca_07_one_item_fits),
    CASE(ca_08_a_relative_has_the_same_amount),
    CASE(ca_09_the_whole_account),
    CASE(ca_10_all_that_is_past_due),
    CASE(ca_11_two_of_three),
    CASE(ca_12_small_difference),
    CASE(ca_13_short_without_reason),
    CASE(ca_14_coded_deduction_of_the_advice),
    CASE(ca_15_over_paid),
    CASE(ca_16_nobody_is_known),
    CASE(ca_17_nothing_fits_and_on_account_leads),
    CASE(ca_18_structured_reference),
    CASE(ca_19_payer_only_by_his_references),
    CASE(ca_22_deposit_request),
    CASE(ca_24_bank_fee_of_the_list),
    CASE(ca_25_statement_number_cites_its_group),
    CASE(ca_26_purchase_order),
    CASE(ca_27_a_phone_number_is_a_decoy),
    CASE(ca_28_document_paid_before),
    CASE(ca_30_only_with_a_relative),
    CASE(ca_32_a_list_is_expanded),
    CASE(ca_33_a_shared_bank_account_narrows_and_the_number_decides),
    CASE(ca_34_another_customers_number),
    CASE(ca_39_partial_payment_of_a_cited_invoice),
};

int
main(void)
{
    return tap_run("match/explain", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The integer logarithms and exponentials against long double. */
#include <math.h>
#include <stdio.h>

#include "match/explain.h"
#include "support/tap.h"

static void
weight__vectors_hold(void)
{
    CU_ASSERT_EQUAL(o2c__ln_u64(1), 0);
    CU_ASSERT_EQUAL(o2c__ln_u64(2), 45426);
    CU_ASSERT_EQUAL(o2c__ln_u64(10), 150902);
    CU_ASSERT_EQUAL(o2c__ln_u64(97), 299808);
    CU_ASSERT_EQUAL(o2c__ln_binomial(40, 5), 877984);
    CU_ASSERT_EQUAL(o2c__ln_u64(1000000), 905413);
    CU_ASSERT_EQUAL(o2c__ln_u64(UINT64_MAX), (int32_t)lroundl(65536 * 64 * logl(2)));
    CU_ASSERT_EQUAL(o2c__ln_ratio(5000, 1), 558183);
    CU_ASSERT_EQUAL(o2c__ln_ratio(1, 5000), -558183);
    for (uint32_t power = 0; power < 64; power++) { /* these go without the table */
        CU_ASSERT_EQUAL(o2c__ln_ratio(1, UINT64_C(1) << power), -o2c__ln_u64(UINT64_C(1) << power));
        CU_ASSERT_EQUAL(o2c__ln_ratio(UINT64_C(1) << power, UINT64_C(1) << power), 0);
    }
}

static void
weight__logarithms_are_rounded_to_nearest(void)
{
    uint64_t state = 1;
    long double worst = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t n = i < 70000 ? i + 1 : (state >> (state & 63)) | 1;
        long double off = fabsl(65536 * logl((long double)n) - o2c__ln_u64(n));
        worst = off > worst ? off : worst;
    }
    CU_ASSERT(worst <= .5001L);
}

static void
weight__exponentials_are_rounded_to_nearest(void)
{
    long double worst = 0;
    for (int64_t w = 0; w <= 28 * 65536; w++) {
        long double off = fabsl(expl(-(long double)w / 65536) * 1099511627776.0L - (long double)o2c__exp_q40(-w));
        worst = off > worst ? off : worst;
    }
    CU_ASSERT(worst <= .5001L);
    CU_ASSERT_EQUAL(o2c__exp_q40(0), UINT64_C(1) << 40);
    CU_ASSERT_EQUAL(o2c__exp_q40(-28 * 65536 - 1), 0);
    CU_ASSERT_EQUAL(o2c__exp_q40(INT64_MIN), 0);
}

static void
weight__binomials_follow_the_gamma_function(void)
{
    for (uint32_t n = 0; n <= 5000; n += n < 80 ? 1 : 61)
        for (uint32_t k = 0; k <= n; k += n < 80 ? 1 : 97) {
            long double want = 65536 * (lgammal(n + 1.0L) - lgammal(k + 1.0L) - lgammal(n - k + 1.0L));
            CU_ASSERT(fabsl(want - o2c__ln_binomial(n, k)) < .51L);
        }
    CU_ASSERT_EQUAL(o2c__ln_binomial(7, 0), 0);
    CU_ASSERT_EQUAL(o2c__ln_binomial(7, 7), 0);
}

static void
weight__sums_of_masses_follow_logarithms(void)
{
    for (int64_t a = -40 * 65536; a <= 0; a += 7919)
        for (int64_t b = -40 * 65536; b <= 0; b += 81799) {
            long double want = 65536 * logl(expl(a / 65536.0L) + expl(b / 65536.0L));
            CU_ASSERT(fabsl(want - (long double)o2c__ln_add(a, b)) < 1.01L);
            CU_ASSERT_EQUAL(o2c__ln_add(a, b), o2c__ln_add(b, a));
        }
    CU_ASSERT_EQUAL(o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + O2C__LN_MISS), O2C__LN_LITTLE_CITED);
    CU_ASSERT_EQUAL(o2c__ln_add(O2C__NEVER, -5), -5);
    CU_ASSERT_EQUAL(o2c__ln_add(O2C__NEVER, O2C__NEVER), O2C__NEVER);
}

static void
weight__constants_are_what_they_say(void)
{
    static const long double classes[] = { .80L, .06L, .015L, .01L, .005L, .01L, .02L, .05L, .01L, .015L, .005L, 1 / 9.0L, .002L };
    const struct {
        int32_t have;
        long double want;
    } rows[] = {
        { O2C__LN_CITES, .7L }, { O2C__LN_CITES_NOT, .3L }, { O2C__LN_MISS, .02L }, { O2C__LN_HALF, .5L }, { O2C__LN_OWN, .9L },
        { O2C__LN_TIED, .07L }, { O2C__LN_MIXED, .03L }, { O2C__LN_CREDIT_NOT, .65L }, { O2C__LN_CREDIT_USED, .35L },
        { O2C__LN_CREDITS_NOT, .6L }, { O2C__LN_CREDITS_ALL, .3L }, { O2C__LN_CREDITS_SOME, .1L }, { O2C__LN_SHORT_NEAR, .8L / .045L + .2L },
        { O2C__LN_SHORT_FAR, .2L }, { O2C__LN_OVER_NEAR, 10.5L }, { O2C__LN_OVER_FAR, .5L }, { O2C__LN_OVER_CAP, 11.5L },
        { O2C__LN_ANY, 1 / 16.1L }, { O2C__LN_2PI, 6.283185307179586476925L },
    };
    for (size_t i = 0; i < O2C__COUNT(classes); i++)
        CU_ASSERT_EQUAL(o2c__ln_class[i], (int32_t)lroundl(65536 * logl(classes[i])));
    for (size_t i = 0; i < O2C__COUNT(rows); i++)
        CU_ASSERT_EQUAL(rows[i].have, (int32_t)lroundl(65536 * logl(rows[i].want)));
}

static const struct tap_test tests[] = {
    { "weight__vectors_hold", weight__vectors_hold },
    { "weight__logarithms_are_rounded_to_nearest", weight__logarithms_are_rounded_to_nearest },
    { "weight__exponentials_are_rounded_to_nearest", weight__exponentials_are_rounded_to_nearest },
    { "weight__binomials_follow_the_gamma_function", weight__binomials_follow_the_gamma_function },
    { "weight__sums_of_masses_follow_logarithms", weight__sums_of_masses_follow_logarithms },
    { "weight__constants_are_what_they_say", weight__constants_are_what_they_say },
};

int
main(void)
{
    return tap_run("match/weight", tests, TAP_COUNT(tests));
}

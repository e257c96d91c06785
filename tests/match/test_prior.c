/* SPDX-License-Identifier: Apache-2.0 */
/* The prior of selections: it adds up to one, the published numbers hold, and both ways of computing it agree. */
#include <math.h>

#include "match/explain.h"
#include "support/tap.h"

static long double
chance(int32_t ln)
{
    return ln == INT32_MIN ? 0 : expl(ln / 65536.0L);
}

static long double
choose(uint32_t n, uint32_t k)
{
    return expl(lgammal(n + 1.0L) - lgammal(k + 1.0L) - lgammal(n - k + 1.0L));
}

static void
prior__adds_up_to_one_over_all_subsets(void)
{
    for (uint32_t n = 1; n <= 16; n++) {
        long double sum = 0;
        for (uint32_t mask = 1; mask < 1u << n; mask++)
            sum += chance(o2c__ln_set_prior(NULL, n, (uint32_t)__builtin_popcount(mask), (uint32_t)__builtin_popcount(mask & ~(mask << 1)), mask & 1));
        CU_ASSERT(fabsl(sum - 1) < 3e-5L);
    }
}

/* Larger pools by the counts of sets: C(k−1, r−1) compositions, C(n−k, r−1) or C(n−k, r) places. */
static void
prior__adds_up_to_one_in_large_pools(void)
{
    static const uint32_t sizes[] = { 19, 20, 21, 22, 38, 39, 60, 94, 95, 200 };
    for (size_t i = 0; i < O2C__COUNT(sizes); i++) {
        uint32_t n = sizes[i];
        long double sum = 0;
        for (uint32_t k = 1; k <= n; k++)
            for (uint32_t r = 1; r <= k && r <= n - k + 1; r++) {
                long double sets = choose(k - 1, r - 1);
                sum += sets * (k == n ? 1 : choose(n - k, r - 1)) * chance(o2c__ln_set_prior(NULL, n, k, r, true));
                if (r <= n - k)
                    sum += sets * choose(n - k, r) * chance(o2c__ln_set_prior(NULL, n, k, r, false));
            }
        CU_ASSERT(fabsl(sum - 1) < 1e-4L);
    }
}

/* Logarithms of run counts that are written down are those of the weights. */
static void
prior__logarithms_of_run_counts_are_those_of_their_weights(void)
{
    static const uint32_t sizes[] = { 21, 22, 37, 38, 39, 40, 95, 120 };
    for (size_t i = 0; i < O2C__COUNT(sizes); i++)
        for (uint32_t n = sizes[i], k = 1; k <= n; k++) {
            struct o2c__prior_row row;
            uint64_t total;
            o2c__prior_row_init(&row, NULL, n, k);
            (void)o2c__cold_runs(n, row.most, 1, 1, &total);
            CU_ASSERT_EQUAL(row.ln, o2c__ln_set_size(NULL, n, k) - o2c__ln_u64(total));
            for (uint32_t r = 1; r <= row.most; r++) {
                int32_t p = row.ln + o2c__ln_u64(o2c__cold_runs(n, row.most, r, r, &total)) - o2c__ln_binomial(k - 1, r - 1);
                int32_t rest = k == n ? 0 : -o2c__ln_binomial(n - k, r - 1) + (r > n - k ? 0 : O2C__LN_HALF);
                CU_ASSERT_EQUAL(o2c__prior_row_cold(&row, r, true), p + rest);
            }
        }
}

static void
prior__published_numbers_hold(void)
{
    CU_ASSERT(fabsl(chance(o2c__ln_set_size(NULL, 7, 2)) - .16376L) < 1e-5L);
    CU_ASSERT(fabsl(chance(o2c__ln_set_runs(7, 2, 1)) - .75904L) < 2e-5L);
    CU_ASSERT(fabsl(chance(o2c__ln_set_size(NULL, 7, 3)) - .06028L) < 1e-5L);
    CU_ASSERT(fabsl(chance(o2c__ln_set_runs(7, 3, 3)) - .08791L) < 2e-5L);
    CU_ASSERT(fabsl(chance(o2c__ln_set_prior(NULL, 7, 2, 1, false)) - .012430L) < 1e-6L);
    CU_ASSERT(fabsl(chance(o2c__ln_set_prior(NULL, 7, 3, 3, false)) - 6.624e-4L) < 1e-7L);
    CU_ASSERT(fabsl(chance(o2c__ln_set_prior(NULL, 20, 5, 5, false)) - 1.14e-7L) < 1e-9L);
    CU_ASSERT(fabsl(.8L * chance(o2c__ln_set_prior(NULL, 60, 5, 1, false)) - 1.2633e-4L) < 1e-7L);
}

static void
prior__impossible_sets_have_none(void)
{
    CU_ASSERT_EQUAL(o2c__ln_set_prior(NULL, 5, 0, 1, true), INT32_MIN);
    CU_ASSERT_EQUAL(o2c__ln_set_prior(NULL, 5, 6, 1, true), INT32_MIN);
    CU_ASSERT_EQUAL(o2c__ln_set_prior(NULL, 5, 5, 1, false), INT32_MIN);
    CU_ASSERT_EQUAL(o2c__ln_set_prior(NULL, 5, 3, 3, false), INT32_MIN);
    CU_ASSERT_EQUAL(o2c__ln_set_prior(NULL, 25, 13, 13, false), INT32_MIN);
    CU_ASSERT_EQUAL(o2c__ln_set_prior(NULL, 25, 13, 14, true), INT32_MIN);
    CU_ASSERT_NOT_EQUAL(o2c__ln_set_prior(NULL, 25, 13, 13, true), INT32_MIN);
    CU_ASSERT_EQUAL(o2c__ln_set_prior(NULL, 1, 1, 1, true), 0);
}

static void
prior__credits_add_up_to_one(void)
{
    CU_ASSERT_EQUAL(o2c__ln_credit_prior(0, 0), 0);
    CU_ASSERT(fabsl(chance(o2c__ln_credit_prior(1, 0)) - .65L) < 1e-5L);
    CU_ASSERT(fabsl(chance(o2c__ln_credit_prior(1, 1)) - .35L) < 1e-5L);
    for (uint32_t m = 2; m <= 70; m += 17) {
        long double some = chance(o2c__ln_credit_prior(m, 1)) * (exp2l(m) - 2);
        CU_ASSERT(fabsl(chance(o2c__ln_credit_prior(m, 0)) + chance(o2c__ln_credit_prior(m, m)) + some - 1) < 1e-4L);
    }
}

static const struct tap_test tests[] = {
    { "prior__adds_up_to_one_over_all_subsets", prior__adds_up_to_one_over_all_subsets },
    { "prior__adds_up_to_one_in_large_pools", prior__adds_up_to_one_in_large_pools },
    { "prior__logarithms_of_run_counts_are_those_of_their_weights", prior__logarithms_of_run_counts_are_those_of_their_weights },
    { "prior__published_numbers_hold", prior__published_numbers_hold },
    { "prior__impossible_sets_have_none", prior__impossible_sets_have_none },
    { "prior__credits_add_up_to_one", prior__credits_add_up_to_one },
};

int
main(void)
{
    return tap_run("match/prior", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How people pay: the prior of a selection of k items in r runs out of a pool of n, ordered by (due day, key). Cold default.
 * C(k − 1, r − 1)·C(n − k, r − 1) and C(k − 1, r − 1)·C(n − k, r) are the exact counts of such sets with and without the oldest item,
 * so that the prior adds up to 1 over all sets.
 */
#include "match/explain.h"

#define MILLION UINT64_C(1000000)

/* a_k in millionths. */
static uint64_t
size_weight(uint32_t k)
{
    static const uint32_t small[] = { 0, 629000, 163000, 60000, 44000, 34000 };
    if (k <= 5)
        return small[k];
    return k <= 10 ? 7800 : k <= 20 ? 1300 : k <= 94 ? 243 : 1;
}

/* Σ a_j for j ≤ n, n > 20. */
static uint64_t
size_total(uint32_t n)
{
    uint64_t total = 930000 + 5 * 7800 + 10 * 1300;
    if (n <= 94)
        return total + 243 * (uint64_t)(n - 20);
    return total + 243 * 74 + (n - 94);
}

/* Weights of the run counts in ten-thousandths: one table up to 38 items, another above. */
static const uint16_t runs_small[] = { 0, 6300, 2000, 800, 300, 200, 100, 100, 200 };
static const uint16_t runs_large[] = { 0, 4400, 2500, 900, 300, 150, 80, 70 };

static uint64_t
runs_weight(uint32_t n, uint32_t r)
{
    if (n <= 38)
        return r <= 8 ? runs_small[r] : 20;
    return r <= 7 ? runs_large[r] : r <= 47 ? 40 : 1;
}

static uint64_t
runs_total(uint32_t n, uint32_t most)
{
    uint64_t total = 0;
    uint32_t listed = n <= 38 ? 8 : 7;
    for (uint32_t r = 1; r <= most && r <= listed; r++)
        total += runs_weight(n, r);
    if (most <= listed)
        return total;
    if (n <= 38)
        return total + 20 * (uint64_t)(most - 8);
    if (most <= 47)
        return total + 40 * (uint64_t)(most - 7);
    return total + 40 * 40 + (most - 47);
}

/* ln of the weight of a run count, and of the sum of weights up to one, Q16: those that are asked for with nearly every payment are
 * written down. */
static int32_t
ln_runs_weight(uint32_t n, uint32_t r)
{
    static const int32_t small[] = { 0, 573329, 498133, 438083, 373803, 347231, 301804, 301804, 347231 };
    static const int32_t large[] = { 0, 549805, 512757, 445802, 373803, 328377, 287180, 278429 };
    if (n <= 38)
        return r < O2C__COUNT(small) ? small[r] : o2c__ln_u64(20);
    return r < O2C__COUNT(large) ? large[r] : o2c__ln_u64(runs_weight(n, r));
}

static int32_t
ln_runs_total(uint32_t n, uint32_t most)
{
    static const int32_t small[] = { 0, 573329, 591398, 597428, 599554, 600934, 601613, 602285, 603609 };
    static const int32_t large[] = { 0, 549805, 579291, 587326, 589799, 591002, 591634, 592182 };
    if (most < (n <= 38 ? O2C__COUNT(small) : O2C__COUNT(large)))
        return n <= 38 ? small[most] : large[most];
    return o2c__ln_u64(runs_total(n, most));
}

static uint64_t
sizes_to(uint32_t n)
{
    uint64_t total = 0;
    if (n > 20)
        return size_total(n);
    for (uint32_t j = 1; j <= n; j++)
        total += size_weight(j);
    return total;
}

static int32_t
ln_size(uint32_t n, uint32_t k)
{
    uint64_t total = sizes_to(n);
    return o2c__ln_ratio(95 * size_weight(k) + (k == n ? 5 * total : 0), 100 * total);
}

uint64_t
o2c__cold_sizes(uint32_t n, uint32_t from, uint32_t to, uint64_t *out_whole)
{
    uint64_t total = sizes_to(n);
    *out_whole = 100 * total;
    return 95 * (sizes_to(to) - sizes_to(from - 1)) + (to == n ? 5 * total : 0);
}

uint64_t
o2c__cold_runs(uint32_t n, uint32_t most, uint32_t from, uint32_t to, uint64_t *out_whole)
{
    *out_whole = runs_total(n, most);
    return runs_total(n, to) - runs_total(n, from - 1);
}

int32_t
o2c__ln_set_size(const struct o2c__set_prior *prior, uint32_t n, uint32_t k)
{
    uint64_t whole, share;
    if (!prior || !o2c__prior_knows(prior, n))
        return ln_size(n, k);
    share = o2c__learned_shapes(prior, n, k, 1, &whole);
    return ln_size(n, k) + o2c__ln_ratio(share, whole);
}

int32_t
o2c__ln_set_runs(uint32_t n, uint32_t k, uint32_t r)
{
    uint32_t most = k < n - k + 1 ? k : n - k + 1;
    return o2c__ln_ratio(runs_weight(n, r), runs_total(n, most));
}

int64_t
o2c__ln_set_beyond(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t runs_listed)
{
    uint64_t done = 0, one = UINT64_C(1) << 40, whole, share;
    uint32_t most = k < n - k + 1 ? k : n - k + 1;
    if (runs_listed == 0)
        return o2c__ln_set_size(prior, n, k);
    if (most <= runs_listed)
        return O2C__NEVER;
    if (prior && o2c__prior_knows(prior, n)) {
        share = o2c__learned_shapes(prior, n, k, runs_listed + 1, &whole);
        return ln_size(n, k) + (int64_t)o2c__ln_ratio(share, whole);
    }
    for (uint32_t r = 1; r <= runs_listed; r++)
        done += o2c__exp_q40(o2c__ln_set_runs(n, k, r));
    return done < one ? ln_size(n, k) + (int64_t)o2c__ln_ratio(one - done, one) : O2C__NEVER;
}

void
o2c__prior_row_init(struct o2c__prior_row *row, const struct o2c__set_prior *prior, uint32_t n, uint32_t k)
{
    row->prior = prior && o2c__prior_knows(prior, n) ? prior : NULL;
    row->n = n;
    row->k = k;
    row->most = k < n - k + 1 ? k : n - k + 1;
    row->ln = n > O2C__PRIOR_N ? ln_size(n, k) - ln_runs_total(n, row->most) : 0;
    bool asked = row->prior && (n > O2C__PRIOR_N || prior->ways) && !o2c__prior_remembers(prior, n, k);
    row->size_times = asked ? o2c__size_times(prior, n, k) : 0;
}

static int32_t
large_prior(const struct o2c__prior_row *row, uint32_t r, bool oldest)
{
    uint32_t rest = row->n - row->k;
    int32_t p = row->ln + ln_runs_weight(row->n, r) - o2c__ln_binomial(row->k - 1, r - 1);
    if (row->k == row->n)
        return oldest ? p : INT32_MIN;
    if (r > rest) /* so many runs fit only when the first item is among them */
        return oldest ? p - o2c__ln_binomial(rest, r - 1) : INT32_MIN;
    return p + O2C__LN_HALF - o2c__ln_binomial(rest, oldest ? r - 1 : r);
}

static uint32_t
small_at(const struct o2c__prior_row *row, uint32_t r, bool oldest)
{
    uint32_t most = (row->n + 1) / 2;
    return o2c__prior_at[row->n - 1] + ((row->k - 1) * most + (r - 1)) * 2 + oldest;
}

int32_t
o2c__prior_row_cold(const struct o2c__prior_row *row, uint32_t r, bool oldest)
{
    if (r == 0 || r > row->most)
        return INT32_MIN;
    return row->n > O2C__PRIOR_N ? large_prior(row, r, oldest) : o2c__prior[small_at(row, r, oldest)];
}

int32_t
o2c__prior_row_at(const struct o2c__prior_row *row, uint32_t r, bool oldest)
{
    if (!row->prior)
        return o2c__prior_row_cold(row, r, oldest);
    if (r == 0 || r > row->most)
        return INT32_MIN;
    if (row->n <= O2C__PRIOR_N && !row->prior->ways)
        return row->prior->host->small[small_at(row, r, oldest)];
    int32_t cold = o2c__prior_row_cold(row, r, oldest);
    return cold == INT32_MIN ? cold : cold + o2c__ln_learned(row, r, oldest);
}

int32_t
o2c__ln_set_prior(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t r, bool oldest)
{
    struct o2c__prior_row row;
    if (k == 0 || k > n)
        return INT32_MIN;
    o2c__prior_row_init(&row, prior, n, k);
    return o2c__prior_row_at(&row, r, oldest);
}

/* Credits are used all together or not at all; other selections share a tenth. */
int32_t
o2c__ln_credit_prior(uint32_t credits, uint32_t used)
{
    if (credits == 0)
        return 0;
    if (credits == 1)
        return used ? O2C__LN_CREDIT_USED : O2C__LN_CREDIT_NOT;
    if (used == 0)
        return O2C__LN_CREDITS_NOT;
    if (used == credits)
        return O2C__LN_CREDITS_ALL;
    if (credits >= 60)
        return O2C__LN_CREDITS_SOME - (int32_t)((credits * (uint64_t)O2C__LN2_Q40) >> 24);
    return O2C__LN_CREDITS_SOME - o2c__ln_u64((UINT64_C(1) << credits) - 2);
}

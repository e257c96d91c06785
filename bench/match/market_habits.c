/* SPDX-License-Identifier: Apache-2.0 */
/* How sets are chosen in this market: counters over the truth of all its payments, by size of the pool, of the set, and runs. */
#include <string.h>

#include "market_inside.h"

static const uint32_t pools[11] = { 1, 2, 4, 7, 11, 17, 26, 39, 61, 101, 0xffffffff };
static const uint32_t sizes[10] = { 1, 2, 3, 4, 5, 6, 7, 13, 26, 0xffffffff };
static const uint32_t stretches[6] = { 1, 2, 3, 4, 8, 0xffffffff };

uint64_t
market_times(uint64_t a, uint64_t b)
{
    return (uint64_t)((wide)a * b >> 60);
}

uint64_t
market_per(uint64_t part, uint64_t whole)
{
    return part >= whole ? ONE : (uint64_t)(((wide)part << 60) / whole);
}

static uint32_t
bin(const uint32_t *from, uint32_t value)
{
    uint32_t at = 0;
    while (value >= from[at + 1])
        at++;
    return at;
}

/* Values of the bin that can occur at all. */
static uint64_t
width(const uint32_t *from, uint32_t at, uint32_t most)
{
    uint32_t end = from[at + 1] > most + 1 ? most + 1 : from[at + 1];
    return end > from[at] ? end - from[at] : 1;
}

void
market_habits(const struct making *making, struct habits *habits)
{
    memset(habits, 0, sizeof *habits);
    for (size_t i = 0; i < making->pays.count; i++) {
        const struct pay *pay = (const struct pay *)making->pays.rows + i;
        if (pay->lines_count == 0 || pay->scenario == 26 || pay->scenario == 29 || pay->pool < pay->lines_count)
            continue;
        uint32_t n = bin(pools, pay->pool), k = bin(sizes, pay->lines_count), r = bin(stretches, pay->runs ? pay->runs : 1);
        habits->sets[n][k]++;
        habits->runs[n][k][r]++;
        habits->oldest[n][k][(pay->flags & MARKET_OLDEST) != 0]++;
    }
}

/* n over k, at most 2^62: beyond that no set is likely. */
static uint64_t
choose(uint64_t n, uint64_t k)
{
    wide value = 1;
    if (k > n)
        return 0;
    k = k < n - k ? k : n - k;
    for (uint64_t i = 1; i <= k; i++) {
        value = value * (n - k + i) / i;
        if (value >> 62)
            return UINT64_C(1) << 62;
    }
    return (uint64_t)value;
}

/* Chance of a bin by its counters, a fifth of a payment added to each. */
static uint64_t
smooth(const uint32_t *counts, uint32_t bins, uint32_t at)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < bins; i++)
        sum += 5 * (uint64_t)counts[i] + 1;
    return market_per(5 * (uint64_t)counts[at] + 1, sum);
}

uint64_t
market_shape_prior(const struct habits *habits, uint32_t n, uint32_t k, uint32_t r)
{
    uint32_t in = bin(pools, n), ik = bin(sizes, k), ir = bin(stretches, r), most = k < n - k + 1 ? k : n - k + 1;
    uint32_t bins = bin(sizes, n) + 1, run_bins = bin(stretches, most) + 1;
    uint64_t p = smooth(habits->sets[in], bins, ik) / width(sizes, ik, n);
    return market_times(p, smooth(habits->runs[in][ik], run_bins, ir) / width(stretches, ir, most));
}

uint64_t
market_set_prior(const struct habits *habits, uint32_t n, uint32_t k, uint32_t r, bool oldest)
{
    uint64_t p = market_shape_prior(habits, n, k, r);
    if (k == n)
        return p;
    uint64_t with = smooth(habits->oldest[bin(pools, n)][bin(sizes, k)], 2, 1);
    bool must = r > n - k;
    p = must ? p : market_times(p, oldest ? with : ONE - with);
    wide ways = (wide)choose(k - 1, r - 1) * (oldest ? choose(n - k, r - 1) : choose(n - k, r));
    return ways >> 60 ? 0 : ways ? p / (uint64_t)ways : 0;
}

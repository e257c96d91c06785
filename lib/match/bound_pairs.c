/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lattice correction of a large pool without walking over all rests for each item. The chance that the sum of a random selection has
 * the rest of the amount is Σ_j P(j items) · u_j, u_j being the share of the sets of j items whose sum has that rest. Sets of one and two
 * are counted; with N₂(x) = pairs of rest x, 3·N₃(t) ≤ Σ_i N₂(t − a_i), and 6·N₄(t) ≤ Σ_x N₂(x)·N₂(t − x) ≤ Σ_x N₂(x)² whatever t is.
 * A set of j > 4 is four items beside j − 4 others: among the n − j + 4 that are left no rest has more sets of four than that.
 * With a few hundred items the pairs cover the rests evenly, and the bound is close: about 1 + 2q ÷ n².
 */
#include "match/explain.h"

#define ROUNDED 1 /* Q16 nats by which a tabled logarithm may be too small */

static void
count_pairs(const struct o2c__rests *rests, uint32_t *pairs)
{
    const uint32_t q = rests->modulus, n = rests->count, *rest = rests->rest;
    memset(pairs, 0, q * sizeof *pairs);
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t k = 0; k < i; k++) {
            uint32_t sum = rest[i] + rest[k];
            pairs[sum >= q ? sum - q : sum]++;
        }
}

/* Sets of up to three items whose sum has the rest of the amount, at most. */
static void
count_few(const struct o2c__rests *rests, const uint32_t *pairs, uint64_t out[4])
{
    const uint32_t q = rests->modulus;
    out[0] = rests->wanted == 0;
    out[1] = out[3] = 0;
    out[2] = pairs[rests->wanted];
    for (uint32_t i = 0; i < rests->count; i++) {
        uint32_t rest = rests->rest[i];
        out[1] += rest == rests->wanted;
        out[3] += pairs[rests->wanted >= rest ? rests->wanted - rest : rests->wanted + q - rest];
    }
    out[3] = out[3] / 3 + 1;
}

int64_t
o2c__ln_pairs(const struct o2c__rests *rests, uint32_t *pairs)
{
    uint64_t few[4], squares = 0, share = 0;
    uint32_t n = rests->count;
    int64_t with = o2c__ln_ratio(rests->with, UINT64_C(1) << 32) + ROUNDED;
    int64_t without = o2c__ln_ratio((UINT64_C(1) << 32) - rests->with, UINT64_C(1) << 32) + ROUNDED;
    count_pairs(rests, pairs);
    count_few(rests, pairs, few);
    for (uint32_t x = 0; x < rests->modulus; x++)
        squares += (uint64_t)pairs[x] * pairs[x];
    int64_t ln_fours = (int64_t)o2c__ln_u64(squares / 6 + 1) + ROUNDED;
    for (uint32_t j = 0; j <= n; j++) {
        int64_t ln = j * with + (int64_t)(n - j) * without, sets = 0;
        if (j >= 4) {
            sets = ln_fours - o2c__ln_binomial(n - j + 4, 4);
            ln += (int64_t)o2c__ln_binomial(n, j) + 2 * ROUNDED + (sets < 0 ? sets : 0);
        } else if (few[j] == 0) {
            continue;
        } else {
            ln += (int64_t)o2c__ln_u64(few[j]) + ROUNDED;
        }
        share += o2c__exp_q40(ln < 0 ? ln : 0) + 1;
    }
    return (int64_t)o2c__ln_ratio(share, UINT64_C(1) << 40) + (int64_t)o2c__ln_u64(rests->modulus);
}

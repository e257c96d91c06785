/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers of the market: xoshiro256** seeded by splitmix64, and samplers in integers. One stream per customer and purpose. */
#ifndef O2C_BENCH_MATCH_MARKET_RANDOM_H
#define O2C_BENCH_MATCH_MARKET_RANDOM_H
#include <stdbool.h>
#include <stdint.h>

struct market_random {
    uint64_t state[4];
};
void market_random_seed(struct market_random *random, uint64_t seed);
uint64_t market_random_next(struct market_random *random);
/* Stream of one purpose: a hash of the seed and two numbers. */
void market_random_stream(struct market_random *random, uint64_t seed, uint64_t a, uint64_t b);
uint64_t market_mix(uint64_t a, uint64_t b);
/* 0 … n − 1. */
uint64_t market_below(struct market_random *random, uint64_t n);
/* low … high. */
int64_t market_between(struct market_random *random, int64_t low, int64_t high);
/* True in so many of a million. */
bool market_chance(struct market_random *random, uint32_t ppm);
/* Days until something that comes every mean / 1000 days on average: geometric, at least 1. */
int32_t market_wait(struct market_random *random, uint32_t mean_milli);

/* Quantiles: at[i] of 1000 lies value[i]; linear between. The first at is 0, the last 1000. */
struct market_quantile {
    uint32_t at;
    int64_t value;
};
int64_t market_quantile_draw(struct market_random *random, const struct market_quantile *table);
#endif

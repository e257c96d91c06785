/* SPDX-License-Identifier: Apache-2.0 */
#include "market_random.h"

static uint64_t
splitmix(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void
market_random_seed(struct market_random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix(&seed);
}

static uint64_t
rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t
market_random_next(struct market_random *random)
{
    uint64_t *s = random->state, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t
market_mix(uint64_t a, uint64_t b)
{
    uint64_t state = a ^ rotate(b * UINT64_C(0xD6E8FEB86659FD93), 32);
    return splitmix(&state);
}

void
market_random_stream(struct market_random *random, uint64_t seed, uint64_t a, uint64_t b)
{
    market_random_seed(random, market_mix(market_mix(seed, a), b));
}

uint64_t
market_below(struct market_random *random, uint64_t n)
{
    if (n <= UINT32_MAX)
        return (market_random_next(random) >> 32) * n >> 32;
    return market_random_next(random) % n;
}

int64_t
market_between(struct market_random *random, int64_t low, int64_t high)
{
    return low + (int64_t)market_below(random, (uint64_t)(high - low) + 1);
}

bool
market_chance(struct market_random *random, uint32_t ppm)
{
    return market_below(random, 1000000) < ppm;
}

int32_t
market_wait(struct market_random *random, uint32_t mean_milli)
{
    int32_t days = 1;
    if (mean_milli <= 1000)
        return 1;
    while (days < 2000 && market_below(random, mean_milli) >= 1000)
        days++;
    return days;
}

int64_t
market_quantile_draw(struct market_random *random, const struct market_quantile *table)
{
    uint64_t at = market_below(random, 1000);
    int i = 0;
    while (at >= table[i + 1].at)
        i++;
    return table[i].value + (int64_t)market_below(random, (uint64_t)(table[i + 1].value - table[i].value) + 1);
}

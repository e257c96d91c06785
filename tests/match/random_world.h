/* SPDX-License-Identifier: Apache-2.0 */
/* Small worlds from a seed (or from a fuzzer's bytes), and the comparison of the library's answer with the naive one. */
#ifndef O2C_TEST_RANDOM_WORLD_H
#define O2C_TEST_RANDOM_WORLD_H
#include <stddef.h>

#include "match/world.h"

/* Draws come from bytes first and from a splitmix64 stream after them. */
struct dice {
    const uint8_t *bytes;
    size_t size, at;
    uint64_t state;
};
uint32_t roll(struct dice *dice, uint32_t sides); /* 0 … sides − 1 */
void random_world(struct dice *dice, struct naive_world *out);
/* Counters of a host: a few payments or very many, spread or all alike. */
void random_habits(struct dice *dice, struct naive_habits *out);
/* Counters of one customer: never asked, little, or very much; as the host expects, or all on one side. */
void random_ways(struct dice *dice, struct naive_ways *out);

struct comparison {
    const char *what;      /* NULL = all agrees; else what does not */
    long double ours, naive;
    long double worst;     /* largest difference of a share */
};
/* Solves both ways and compares: shares of rows, of the masses without items, the winner, conservation of all masses. */
struct comparison compare_world(const struct naive_world *w);
#endif

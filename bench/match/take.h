/* SPDX-License-Identifier: Apache-2.0 */
/* What the library answered, as the scorer takes it; and the digest of it. Through the public calls alone. */
#ifndef O2C_BENCH_MATCH_TAKE_H
#define O2C_BENCH_MATCH_TAKE_H
#include <o2c/o2c.h>

#include "base/base.h"
#include "keys.h"
#include "score.h"

/* How a world tells the row of an item, and what no posting can tell apart. */
struct take_items {
    const struct keys *keys;
    uint64_t (*twin)(const void *self, uint32_t item); /* as the item stands now; 0 = like no other */
    const void *self;
};
struct take {
    struct score_answer *answers;
    uint64_t count;
    struct score_line *lines;
    struct score_alternative *alternatives;
    struct score_line *alternative_lines;
};
/* Answers of one solution; the payment of row 0 has number first. Its lines point into out. 0, or −1 = no memory. */
int take_solution(const o2c_match_solution *solution, uint64_t first, const struct take_items *items, struct take *out);
void take_free(struct take *take);
/* Adds what was answered to the digest: bands, amounts, confidences, alternatives, in the order of the payments. */
void take_digest(const o2c_match_solution *solution, o2c__sha256 *sha);
#endif

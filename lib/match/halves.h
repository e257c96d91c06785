/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meet in the middle (Horowitz and Sahni): the subset sums of half of the items, in order, each with its items as bits. Lists grow item by
 * item, by merging, so nothing is ever sorted; sums above what anybody asks for are left out as soon as they arise.
 */
#ifndef O2C__MATCH_HALVES_H
#define O2C__MATCH_HALVES_H
#include "match/explain.h"

#define O2C__NO_SUM INT64_MAX /* ends each list, so that a merge asks nothing but which is smaller */

struct o2c__half {
    int64_t *sums; /* ascending; count of them, O2C__SCAN_BEFORE before the first and O2C__NO_SUM behind the last */
    uint64_t *masks;
    uint32_t count;
};
struct o2c__halves {
    struct o2c__half low, high, spare;
    uint32_t room; /* rows that each list has room for */
    int64_t most;  /* larger sums are left out */
};
/* False = no memory. */
bool o2c__halves_alloc(o2c__arena *arena, struct o2c__halves *halves, uint32_t room);
/* Only the empty set, whose sum is 0. */
void o2c__half_start(struct o2c__half *half);
/* Adds an item. False = there is no room for so many sums, nothing changed. */
bool o2c__half_grow(struct o2c__halves *halves, struct o2c__half *half, int64_t amount, uint64_t bit);

/* Every pair of both halves with least ≤ sum ≤ most, in one order. */
struct o2c__pairs {
    int64_t least, most;
    uint32_t low, high, next, end; /* the pair that was found: rows of the lists; the rest is where the search stands */
    bool inside;                   /* `next` stands for the row `low` */
};
void o2c__pairs_start(const struct o2c__halves *halves, int64_t least, int64_t most, struct o2c__pairs *out);
/* False = there are no more. */
bool o2c__pairs_next(const struct o2c__halves *halves, struct o2c__pairs *pairs);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A world of the naive matcher as a frozen pool and one case with its hits and payers filled in by hand: explain without retrieval. */
#ifndef O2C_TEST_WORLD_H
#define O2C_TEST_WORLD_H
#include "match/match.h"
#include "match/naive.h"

struct world {
    const struct naive_world *of;
    o2c_heap *heap;
    o2c_match_pool *pool;
    o2c_match_model model;
    o2c_match_policy policy;
    o2c_payment payment;
    struct o2c__solve solve;
    struct o2c__case one;
    struct o2c__hit hits[NAIVE_HITS];
    uint32_t members[NAIVE_HITS * 4];
    struct o2c__payer payers[NAIVE_ACCOUNTS];
    uint32_t columns[NAIVE_ITEMS]; /* item of the world → column of the pool */
    struct o2c__explanation why;
};
/* 0 = the pool refused the world. */
int world_open(struct world *world, const struct naive_world *of);
o2c_status world_explain(struct world *world);
void world_close(struct world *world);
/* Items of a row as bits of the world's numbers. */
uint32_t world_items(const struct world *world, const struct o2c__hypothesis *row);
/* 1 when the row holds exactly these items of the world. */
int world_row_is(const struct world *world, const struct o2c__hypothesis *row, const int *items, uint32_t count);
/* Share of the total, in long double. */
long double world_share(const struct world *world, uint64_t mass);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set that adds up, by tables of reachable sums (Bellman): one bit a sum, one table an item. It costs items × sums, whatever
 * the number of sets, so that it is the way where amounts are few units of a common divisor. Tables answer whether; the walk back
 * counts how many, and which.
 */
#ifndef O2C__MATCH_SUMS_H
#define O2C__MATCH_SUMS_H
#include "base/base.h"

#define O2C__SUMS_ITEMS 512u                  /* items of one search */
#define O2C__SUMS_WORDS (O2C__SUMS_ITEMS / 64)
#define O2C__SUMS_BITS (UINT64_C(1) << 27)    /* sums of one table */
/* Words of 64 sums that cost as much as one step of a merge; a word that is held for the first time costs as much as a step. */
#define O2C__SUMS_PER_OPERATION 4u

struct o2c__sums_window {
    int64_t low, high; /* low ≤ sum ≤ high */
};
struct o2c__sums {
    const int64_t *amounts; /* ascending, all above 0 */
    uint32_t count;         /* at most O2C__SUMS_ITEMS */
    int64_t unit;           /* divides them all */
    const struct o2c__sums_window *windows;
    uint32_t windows_count;
    uint32_t sets_max;
    void *self;
    bool (*work)(void *self, uint64_t operations);                        /* false = stop */
    bool (*found)(void *self, const uint64_t bits[O2C__SUMS_WORDS], int64_t sum); /* rows of amounts as bits; false = stop */
};
enum o2c__sums_end { O2C__SUMS_ALL = 1, O2C__SUMS_STOPPED, O2C__SUMS_NO_MEMORY };
/* Every set once, in one order. STOPPED: there are more than sets_max of them and none was told, or a callback said so. */
enum o2c__sums_end o2c__sums_find(const struct o2c__sums *sums, o2c__memory *memory);
/* What it costs for sums up to `most`: words of all tables, built twice, and the bytes that are held at a time. */
uint64_t o2c__sums_words(uint32_t count, int64_t most, int64_t unit);
uint64_t o2c__sums_bytes(uint32_t count, int64_t most, int64_t unit, uint32_t sets_max);
#endif

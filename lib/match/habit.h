/* SPDX-License-Identifier: Apache-2.0 */
/* How the customers of a host pay, counted (habit.c): what a model keeps of it, and what the prior of sets reads (prior_learned.c). */
#ifndef O2C__MATCH_HABIT_H
#define O2C__MATCH_HABIT_H
#include "base/base.h"

#define O2C__HABIT_POOLS 10u /* 1, 2–3, 4–6, 7–10, 11–16, 17–25, 26–38, 39–60, 61–100, more */
#define O2C__HABIT_SIZES 9u  /* 1 … 6, 7–12, 13–25, more: sizes and runs alike */
struct o2c__habits {
    uint32_t sizes[O2C__HABIT_POOLS][O2C__HABIT_SIZES];
    uint32_t runs[O2C__HABIT_POOLS][O2C__HABIT_SIZES][O2C__HABIT_SIZES]; /* [pool][size][runs] */
    uint32_t oldest[O2C__HABIT_POOLS][2];                                /* without, with the oldest item */
};
uint32_t o2c__pool_bin(uint32_t n); /* 1 ≤ n */
static inline uint32_t
o2c__size_bin(uint32_t k) /* 1 ≤ k */
{
    return k <= 6 ? k - 1 : k <= 12 ? 6 : k <= 25 ? 7 : 8;
}
#endif

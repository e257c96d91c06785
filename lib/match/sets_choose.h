/* SPDX-License-Identifier: Apache-2.0 */
/* Which search finds every set, from what each would cost (MATCHER 8.2): counted, never timed, so that every machine chooses the same. */
#ifndef O2C__MATCH_SETS_CHOOSE_H
#define O2C__MATCH_SETS_CHOOSE_H
#include "base/base.h"

#define O2C__HITS_MAX 16384u              /* more sets than that are bounded, not counted */
#define O2C__HALVES_ITEMS 128u            /* 64 bits for each half */
#define O2C__HALVES_ROWS (UINT64_C(1) << 19) /* of the larger half: 24 MiB with masks and the spare list */
#define O2C__HALVES_NEAR (UINT64_C(1) << 15) /* lists up to here stay in the cache; a step in longer ones costs as much as four */
#define O2C__SUMS_BYTES (UINT64_C(1) << 28)

enum o2c__way { O2C__WAY_NONE, O2C__WAY_HALVES, O2C__WAY_SUMS, O2C__WAY_QUARTERS };

struct o2c__ask {
    uint32_t items;          /* that are not above the amount */
    uint64_t low, high;      /* sets of either half that stay below the amount, at most */
    int64_t most, unit;      /* the largest sum asked for; common divisor of the items */
    uint64_t sets;           /* that are expected to fit */
    uint32_t windows;
    uint64_t operations;     /* that may be spent */
};
/* The cheapest way that fits; NONE: none does, or so many sets are expected that they could not be told apart anyway. */
enum o2c__way o2c__sets_choose(const struct o2c__ask *ask, uint64_t *out_operations);

/* Operations of a step in lists of so many rows. */
static inline uint64_t
o2c__halves_step(uint64_t rows)
{
    return rows > O2C__HALVES_NEAR ? 2 : 1;
}

/* Greatest common divisor of the amounts, all above 0. */
int64_t o2c__unit_of(const int64_t *amounts, uint32_t count);
/* Is one of the sums from low to high a multiple of the unit whose rest by 64 units some set has? No = there is no such set. */
bool o2c__may_add_up(const int64_t *amounts, uint32_t count, int64_t unit, int64_t low, int64_t high);
#endif

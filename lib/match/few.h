/* SPDX-License-Identifier: Apache-2.0 */
/* Every set of a few items that adds up: no list of sums, no limit on the pool but the work. */
#ifndef O2C__MATCH_FEW_H
#define O2C__MATCH_FEW_H
#include "base/base.h"

#define O2C__FEW_WIDTH 8

struct o2c__few {
    const int64_t *amounts; /* ascending, all above 0 */
    const int64_t *prefix;  /* prefix[i] = sum of the first i */
    uint32_t count;
    int64_t least, most;    /* least ≤ sum ≤ most */
    uint64_t steps, steps_max;
    void *self;
    bool (*found)(void *self, const uint32_t *at, uint32_t width, int64_t sum); /* rows, descending; false = enough */
};
/* Every set of exactly `width` items, 1 … 8. False: steps_max steps were not enough, or found said so. */
bool o2c__few_sets(struct o2c__few *few, uint32_t width);
#endif

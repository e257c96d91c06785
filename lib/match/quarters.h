/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set of up to 56 items that adds up (Schroeppel and Shamir): the sums of two quarters of the items come out of a heap in
 * order, those of the other two in the opposite order, so that both halves meet without ever standing in memory. As many steps as
 * meeting in the middle, each dearer, in the memory of its root.
 */
#ifndef O2C__MATCH_QUARTERS_H
#define O2C__MATCH_QUARTERS_H
#include "base/base.h"

#define O2C__QUARTERS_ITEMS 56u
#define O2C__QUARTERS_STEP 8u        /* operations of one sum out of a heap */
#define O2C__QUARTERS_BYTES (UINT64_C(3) << 20) /* held at a time, at most */

struct o2c__quarters {
    const int64_t *amounts; /* all above 0 */
    uint32_t count;         /* at most O2C__QUARTERS_ITEMS */
    int64_t least, most;    /* least ≤ sum ≤ most, 0 < most */
    void *self;
    bool (*work)(void *self, uint64_t operations);               /* false = stop */
    bool (*found)(void *self, uint64_t bits, int64_t sum);       /* rows of amounts as bits; false = stop */
};
enum o2c__quarters_end { O2C__QUARTERS_ALL = 1, O2C__QUARTERS_STOPPED, O2C__QUARTERS_NO_MEMORY };
/* Every set once, in one order, the empty one as well where it fits. STOPPED: a callback said so, or too many sums of one half fit one of
 * the other. */
enum o2c__quarters_end o2c__quarters_find(const struct o2c__quarters *quarters, o2c__memory *memory);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Two stretches of neighbors that add up together, by a table of the sums of stretches. */
#ifndef O2C__MATCH_RUNS_H
#define O2C__MATCH_RUNS_H
#include "base/base.h"

struct o2c__runs {
    const int64_t *prefix; /* prefix[i] = sum of the first i of `count` items, all above 0; count < 65,536 */
    uint32_t count;
    int64_t target;
    int64_t *sums;         /* room rows of scratch */
    uint32_t *stretches;   /* the same */
    uint32_t room;         /* a power of two, 1.5 times o2c__stretches_below at least */
    uint64_t steps, steps_max;
    void *self;
    bool (*found)(void *self, const uint32_t at[4]); /* items at[0] … at[1] − 1 and at[2] … at[3] − 1; at least one lies between them */
};
/* How many stretches add up to less than the target. */
uint64_t o2c__stretches_below(const int64_t *prefix, uint32_t count, int64_t target);
/* Every pair of them. False: steps_max steps were not enough, or found said so. */
bool o2c__two_runs(struct o2c__runs *runs);
#endif

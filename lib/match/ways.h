/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the choices of one payer differ from those of the host's customers: what his rows and those of his segment say, ready for the prior
 * of one search (ways.c, ways_count.c, ways_view.c).
 */
#ifndef O2C__MATCH_WAYS_H
#define O2C__MATCH_WAYS_H
#include "match/prior.h"

/*
 * Two questions, each asked only where there was a choice: are several items of a pool neighbors in one run, and does one run of fewer
 * than all begin with the oldest item? A kind of rows each; key 1 = yes, 0 = no. `seen` counts the answers, `asked` adds up the chances
 * that the host gave them in those very pools, so that their ratio does not depend on how large the pools are.
 */
enum { O2C__WAY_ONE_RUN = 40, O2C__WAY_OLDEST = 41 };
#define O2C__WAYS_SIZE 12u /* larger sets are other occasions, statements and whole accounts: they say nothing of these */

/* How many times the host's chance an answer has, [no, yes], in 2^−20, before the chances of a pool are made to add up to 1 again. */
struct o2c__ways {
    uint64_t one_run[2], oldest[2];
};
struct o2c__choice {
    uint32_t n, k, r;
    bool oldest;
};
/* What such a selection gains on the host, in 2^−20: over all selections of a size the mean is 1 at most. */
uint64_t o2c__ways_times(const struct o2c__ways *ways, const struct o2c__host_prior *host, const struct o2c__choice *choice);
/* What a model knows of a payer; false = nothing, neither of him nor of his segment. */
bool o2c__ways_of(const o2c_match_model *model, int32_t tier, o2c_str account, struct o2c__ways *out);
#endif

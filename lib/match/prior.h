/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How people pay: what a selection of open items weighs before any amount is compared. Every caller is handed the prior it asks, so that
 * a payment and all that bounds it are weighed with the same one. NULL is the cold default.
 */
#ifndef O2C__MATCH_PRIOR_H
#define O2C__MATCH_PRIOR_H
#include "match/match.h"

struct o2c__set_prior;
/* What this model knows of how people pay; NULL = nothing yet. */
const struct o2c__set_prior *o2c__prior_of(const o2c_match_model *model);

int32_t o2c__ln_set_size(const struct o2c__set_prior *prior, uint32_t n, uint32_t k); /* ln P(k | n) */
int32_t o2c__ln_set_runs(uint32_t n, uint32_t k, uint32_t r);                         /* ln P(r | k, n), cold */
/* ln P(S | n); INT32_MIN = no such set */
int32_t o2c__ln_set_prior(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t r, bool oldest);
/* ln Σ P(S | n) over the sets of k items in more than so many runs, or more than that; O2C__NEVER = there are none. */
int64_t o2c__ln_set_beyond(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t runs_listed);
/* The same for one size of set and many run counts. */
struct o2c__prior_row {
    const struct o2c__set_prior *prior;
    uint32_t n, k, most;
    int32_t ln;
};
void o2c__prior_row_init(struct o2c__prior_row *row, const struct o2c__set_prior *prior, uint32_t n, uint32_t k); /* 1 ≤ k ≤ n */
int32_t o2c__prior_row_at(const struct o2c__prior_row *row, uint32_t r, bool oldest);
int32_t o2c__ln_credit_prior(uint32_t credits, uint32_t used);
#endif

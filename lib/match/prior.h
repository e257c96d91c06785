/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How people pay: what a selection of open items weighs before any amount is compared. Every caller is handed the prior it asks, so that
 * a payment and all that bounds it are weighed with the same one. NULL is the cold default; what is learned of the payer stands beside
 * what is learned of the host.
 */
#ifndef O2C__MATCH_PRIOR_H
#define O2C__MATCH_PRIOR_H
#include "match/habit.h"
#include "match/match.h"
#include "match/tables.h"

#define O2C__PRIOR_ROWS 2970

/*
 * What the counters of a host make of the cold default. A learned prior never weighs a set less than a fifth of the cold one, nor more
 * than four times as much (prior_learned.c): what bounds a cold mass bounds a learned one when it is raised by O2C__LN_LEARNED_MOST.
 */
#define O2C__LN_LEARNED_MOST 90853 /* ln 4, Q16, rounded up */
struct o2c__set_prior {
    const struct o2c__host_prior *host;
    const struct o2c__ways *ways;    /* how this payer's choices differ (ways.h); NULL = as those of the host */
    struct o2c__prior_memory *worked; /* factors that were worked out: so many sizes of pool */
    uint32_t worked_count;
};
struct o2c__host_prior {
    struct o2c__set_prior is;      /* of every payer of whom nothing is known */
    uint32_t pools;                /* bit of every size of pool that is known well enough */
    struct o2c__habits counted;    /* every row scaled down so that its sum fits 16 bits */
    int32_t small[O2C__PRIOR_ROWS]; /* as o2c__prior */
};

/* Factors of one size of pool, as they are asked: a search asks the same ones for thousands of sets. */
#define O2C__WORKED_SIZES 32u
struct o2c__prior_memory {
    uint32_t n;
    int32_t ln[O2C__WORKED_SIZES][O2C__HABIT_SIZES][2]; /* [size − 1][bin of runs][oldest]; INT32_MIN = not asked yet */
};
void o2c__prior_memory_init(struct o2c__prior_memory *memory, uint32_t n);
/* Where the factors of sets of k of n stand; NULL = nowhere. */
static inline struct o2c__prior_memory *
o2c__prior_remembers(const struct o2c__set_prior *prior, uint32_t n, uint32_t k)
{
    for (uint32_t i = 0; i < prior->worked_count && k <= O2C__WORKED_SIZES; i++)
        if (prior->worked[i].n == n)
            return &prior->worked[i];
    return NULL;
}

/* What this model knows of how people pay; NULL = nothing yet. */
static inline const struct o2c__set_prior *
o2c__prior_of(const o2c_match_model *model)
{
    return model->prior;
}

int32_t o2c__ln_set_size(const struct o2c__set_prior *prior, uint32_t n, uint32_t k); /* ln P(k | n) */
int32_t o2c__ln_set_runs(uint32_t n, uint32_t k, uint32_t r);                         /* ln P(r | k, n), cold */
/* ln P(S | n); INT32_MIN = no such set */
int32_t o2c__ln_set_prior(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t r, bool oldest);
/* ln Σ P(S | n) over the sets of k items in more than so many runs, or more than that; O2C__NEVER = there are none. */
int64_t o2c__ln_set_beyond(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t runs_listed);
/* The same for one size of set and many run counts. */
struct o2c__prior_row {
    const struct o2c__set_prior *prior; /* NULL where this pool is not known */
    uint32_t n, k, most;
    int32_t ln;
    uint64_t size_times;
};
void o2c__prior_row_init(struct o2c__prior_row *row, const struct o2c__set_prior *prior, uint32_t n, uint32_t k); /* 1 ≤ k ≤ n */
int32_t o2c__prior_row_at(const struct o2c__prior_row *row, uint32_t r, bool oldest);
int32_t o2c__prior_row_cold(const struct o2c__prior_row *row, uint32_t r, bool oldest);
int32_t o2c__ln_credit_prior(uint32_t credits, uint32_t used);

/* ---- between prior.c and prior_learned.c */

/* Cold chance of sizes from … to of a pool, and of so many runs where most can occur, as a part of *out_whole; never 0. */
uint64_t o2c__cold_sizes(uint32_t n, uint32_t from, uint32_t to, uint64_t *out_whole);
uint64_t o2c__cold_runs(uint32_t n, uint32_t most, uint32_t from, uint32_t to, uint64_t *out_whole);
/* Is this size of pool known? */
bool o2c__prior_knows(const struct o2c__set_prior *prior, uint32_t n);
/* How many times the cold chance this size of set has with the host, in 2^−20. */
uint64_t o2c__size_times(const struct o2c__set_prior *prior, uint32_t n, uint32_t k);
/* ln of how many times the cold chance a set of that shape has. */
int32_t o2c__ln_learned(const struct o2c__prior_row *row, uint32_t r, bool oldest);
/* Chance of so many runs or more among the sets of k items, times what habits make of each, as a part of *out_whole. */
uint64_t o2c__learned_shapes(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t runs, uint64_t *out_whole);
/* ln of how many times a set of such a pool may weigh what the cold default gives it, at most. */
static inline int64_t
o2c__ln_learned_most(const struct o2c__set_prior *prior, uint32_t n)
{
    return prior && o2c__prior_knows(prior, n) ? O2C__LN_LEARNED_MOST : 0;
}
/* What the counters of a model say, NULL = it has none; false = no memory. */
bool o2c__prior_learn(o2c_match_model *model, const struct o2c__habits *habits);
void o2c__prior_free(o2c_match_model *model);

/* ---- what ways.c asks of a host's counters */
#define O2C__TIMES_BITS 20
#define O2C__TIMES_ONE (UINT64_C(1) << O2C__TIMES_BITS)
/* The counters alone, without the table of small pools. */
void o2c__prior_count(struct o2c__host_prior *prior, const struct o2c__habits *habits);
/* Chance in 2^−20 that k items of n are one run; that one run of fewer than all begins with the oldest item. */
uint64_t o2c__host_one_run(const struct o2c__host_prior *prior, uint32_t n, uint32_t k);
uint64_t o2c__host_oldest(const struct o2c__host_prior *prior, uint32_t n);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Between quick_take.c, quick_walk.c and explain_quick.c: one payment that may need no search. */
#ifndef O2C__MATCH_QUICK_H
#define O2C__MATCH_QUICK_H
#include "match/explain.h"

#define O2C__QUICK_HITS 8
#define O2C__QUICK_OTHERS 4 /* payers besides, whom nothing but a token of the text brings to mind */

struct o2c__quick {
    struct o2c__solve *solve;
    struct o2c__case *one;
    const struct o2c__set_prior *prior; /* how the payer pays */
    int64_t amount;
    uint32_t own;                        /* row of the payers: whose items add up */
    const struct o2c__item_account *home;
    uint32_t items[O2C__QUICK_HITS], hits[O2C__QUICK_HITS], places[O2C__QUICK_HITS], count;
    int64_t ln_ratios, ln_least;         /* Σ ln L, smallest ln L */
    uint32_t n, runs;                    /* debit items of the pool, runs of the cited ones */
    bool oldest;
    uint64_t near;                       /* pairs of another item and a cited one, or the payment, of nearly the same amount */
    int64_t slack;                       /* largest amount that a named cause or the credits may hide */
    int64_t credits_sum;                 /* ≥ 0 */
    int64_t least_other;                 /* smallest open amount of the other debit items */
    uint32_t credits;
    int32_t ln_set;
    struct o2c__other others[O2C__QUICK_OTHERS];
    uint32_t others_count;
    int64_t ln_others;                   /* ln of the most that their explanations weigh, O2C__NEVER = there are none */
};

/* Payers, tokens and items: one to one, in one pool of the payer, and their sum is the amount. */
bool o2c__quick_take(struct o2c__quick *quick);
/* The pool around them; false = something stands too near. */
bool o2c__quick_walk(struct o2c__quick *quick);
/* Is it more than 5 % short to hold another item of this amount besides? */
static inline bool
o2c__quick_far_short(const struct o2c__quick *quick, int64_t other)
{
    int64_t open = quick->amount + other - quick->credits_sum; /* every superset adds up to that, at least */
    return open - quick->amount > open / 20;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assign.c finds out who wants what, assign_joint.c and assign_crowd.c who is served, assign_again.c explains those once more who are
 * not, and assign_rewrite.c makes the solution say so.
 */
#ifndef O2C__MATCH_ASSIGN_H
#define O2C__MATCH_ASSIGN_H
#include "match/decide.h"
#include "match/hungarian.h"

struct o2c__claimant {
    uint32_t proposal;
    uint32_t error_ppb; /* of its weakest line */
    bool suggestion;    /* an amount and nothing else: nobody names the payer, nothing is cited (payer step P7) */
    const o2c_payment *payment;
    o2c_str heap;
    uint32_t group;     /* component: the first of its claimants */
    uint32_t rival;     /* claimant it lost to, or the first it won against; O2C__NONE = none */
    bool yields;        /* the best joint solution gives it something else, or nothing */
    bool lost;          /* at least one line came too late */
    bool equal;         /* lost to an equal payment */
    bool weighed;       /* doubt is set */
    uint64_t doubt;     /* 1 ÷ (1 + e^−gap), Q40 */
};

struct o2c__assign {
    struct o2c__solve *solve;
    o2c__memory *memory;
    int64_t *claimed, *taken; /* per open item, in the direction of the item */
    uint32_t *holder;         /* first claimant that took the item */
    uint8_t *dropped;         /* per line of the first pass */
    size_t lines_count;       /* lines of the first pass; those behind were written again */
    o2c__vector claimants;    /* strongest first */
    bool contested;
    bool again;               /* some payments were explained once more */
};

/* ---------------------------------------------------- assign_joint.c, assign_crowd.c: pure, on weights and capacities alone */
#define O2C__JOINT_EXACT 16    /* members that branch and bound decides */
#define O2C__JOINT_CLAIMS 24   /* their outcomes with items; each member may also go without */
#define O2C__JOINT_NODES 20000
#define O2C__JOINT_MEMBERS 128 /* of a crowd; with more of them the strongest is served first */
#define O2C__CROWD_CLAIMS 3    /* outcomes with items of each member of a crowd */
#define O2C__LEAST INT64_MIN

struct o2c__joint_use {
    uint32_t key;   /* index of capacity */
    int64_t amount; /* > 0 */
};
struct o2c__joint_claim {
    uint32_t member;
    int64_t weight; /* Q16 nats, ≤ 0 */
    uint32_t uses_at, uses_count;
};
struct o2c__joint {
    uint32_t members, claims_count;
    struct o2c__joint_claim claims[(O2C__CROWD_CLAIMS + 1) * O2C__JOINT_MEMBERS]; /* by member, heaviest first */
    uint32_t first[O2C__JOINT_MEMBERS + 1];
    const struct o2c__joint_use *uses;
    int64_t *capacity;
    uint32_t keys;
    struct o2c__hungarian *table; /* two of them as scratch; NULL = every crowd is served by regret */
    bool independent[O2C__JOINT_MEMBERS][O2C__JOINT_MEMBERS]; /* equal payments: who of them is served casts no doubt */
    uint32_t chosen[O2C__JOINT_MEMBERS]; /* out: rows of claims */
    int64_t gap[O2C__JOINT_MEMBERS];     /* out: Q16 nats to the best solution that serves this member and another one differently */
};
/* Branch and bound. False: too many nodes, nothing is decided. */
bool o2c__joint_solve(struct o2c__joint *joint);
/* What a claim uses goes off the capacities (sign 1) or back (−1); does it still fit? */
void o2c__joint_take(const struct o2c__joint *joint, uint32_t claim, int sign);
bool o2c__joint_fits(const struct o2c__joint *joint, uint32_t claim);
/* Crowds: least-cost assignment where each outcome is one item, else by regret and exchanges. */
void o2c__joint_crowd(struct o2c__joint *joint);

/* assign.c: no posting can tell these two payments apart */
bool o2c__assign_equal(const struct o2c__assign *a, const struct o2c__claimant *x, const struct o2c__claimant *y);

/* ------------------------------------------------------------------ assign_again.c */
/* Decides one component of 2 … O2C__JOINT_MEMBERS claimants; members are rows of claimants, strongest first. */
o2c_status o2c__assign_weigh(struct o2c__assign *a, const uint32_t *members, uint32_t count, o2c_error *err);
/* Explains the payment of a claimant once more without the items that others hold; its proposal is replaced. */
o2c_status o2c__assign_again(struct o2c__assign *a, uint32_t claimant, o2c_error *err);

/* ------------------------------------------------------------------ assign_rewrite.c */
/* Lines that came too late go, bands and rests follow, reasons name the other payment. */
o2c_status o2c__assign_rewrite(struct o2c__assign *a, o2c_error *err);

/* What there is of an item, in its direction: what is earmarked for other proposals is gone. */
static inline int64_t
o2c__assign_room(const o2c_match_pool *pool, uint32_t item)
{
    int64_t open = pool->open[item], earmarked = pool->earmark_bits ? o2c__pool_earmarked(pool, item) : 0;
    return (open > 0 ? open : -open) - earmarked;
}
static inline bool
o2c__assign_dropped(const struct o2c__assign *a, size_t line)
{
    return line < a->lines_count && a->dropped[line];
}
#endif

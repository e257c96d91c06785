/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Habits of differences: what customers keep back, and what became of it. Counted at the customer, his segment and the host
 * (difference_learn.c); read by the densities of a short payment and of a listed fee (difference.c). A counter may make a certain
 * explanation uncertain; it never makes one of two rivals certain (docs/decisions/0110).
 */
#ifndef O2C__MATCH_DIFFERENCE_H
#define O2C__MATCH_DIFFERENCE_H
#include "match/habit_rows.h"
#include "match/match.h"

/*
 * Kinds of habit rows. AMOUNT, RATIO and ROUND: asked = payments that differed by it, seen = those of them that stayed open or claimed.
 * Decade: digits of what was owed; host and segment know it, a customer's rows have none.
 */
enum {
    O2C__DIFFER_CAUSE = O2C_HABIT_CAUSE,   /* key = arithmetic, or O2C__DIFFER_ALL by decade; seen = asked = payments */
    O2C__DIFFER_AMOUNT = O2C_HABIT_AMOUNT, /* key = currency and amount, by decade */
    O2C__DIFFER_RATIO = O2C_HABIT_RATIO,   /* key = share of what was owed, ppm */
    O2C__DIFFER_ROUND = O2C_HABIT_ROUND,   /* host and segment: key = how round, and the decade of what was owed */
    O2C__DIFFER_CODE = O2C_HABIT_CODE      /* key = hash of the payer's code, our reason in the low byte; seen = asked = deductions */
};
#define O2C__DIFFER_ALL 255u
#define O2C__DIFFER_TOP 8u   /* amounts and ratios of one customer that are kept, */
#define O2C__DIFFER_ROOM 24u /* once there are more than so many at the end of a day; */
#define O2C__DIFFER_MANY 8u  /* of host and segment so many times as many */
#define O2C__LN_DIFFER_MOST 150902 /* ln 10, Q16: so many times may a habit raise the density of a short payment */
#define O2C__LN_DIFFER_FEE 136279  /* ln 8, Q16, rounded up: a listed fee weighs at most 4 times its share, a short payment by it no more */

/* Keys; 0 = an amount, currency or ratio that is not counted. Decade 0 = whatever was owed. */
uint32_t o2c__differ_decade(int64_t amount);
uint64_t o2c__differ_cause_key(uint32_t cause, uint32_t decade);
uint64_t o2c__differ_amount_key(const char *currency, int64_t amount, uint32_t decade);
uint64_t o2c__differ_round_key(int64_t amount, uint32_t decade);
/* The roundest share that gives the difference to the cent; 0 = none that says anything. */
uint64_t o2c__differ_ratio_key(int64_t owed, int64_t difference);
uint64_t o2c__differ_code_key(o2c_str code, int32_t reason);

/* An amount or ratio that a customer kept back at least twice. */
struct o2c__differ_atom {
    uint64_t owner, key, asked; /* asked: of the day of the model */
    uint32_t kind, reserved;
};
/* Out of the table, made when a model is learned or read. */
struct o2c__differ {
    uint32_t count, room;
    struct o2c__differ_atom atoms[]; /* by owner, kind, key */
};
/* false = no memory. Leaves model->differ NULL when nothing was counted. */
bool o2c__differ_learn(o2c_match_model *model);
void o2c__differ_free(o2c_match_model *model);

/* How one payer differs. */
struct o2c__differs {
    const o2c_match_model *model; /* NULL = nothing is known of anybody: every density is the cold one */
    uint64_t owners[3];           /* host, segment, customer */
    const struct o2c__differ_atom *atoms;
    uint32_t count;
};
void o2c__differs_of(const o2c_match_model *model, o2c_str account, int32_t tier, struct o2c__differs *out);
/* The same of an account of the pool. */
void o2c__differs_at(const struct o2c__solve *solve, uint32_t account, struct o2c__differs *out);
/* What a density of short payments of his may be raised by, at most: 0 where nothing is known. A listed fee is not among it, since every
 * set that is short by one is looked for. */
static inline int64_t
o2c__differs_most(const struct o2c__differs *differs)
{
    return differs->count ? O2C__LN_DIFFER_MOST : 0;
}
static inline int64_t
o2c__differs_most_at(const struct o2c__solve *solve, uint32_t account)
{
    struct o2c__differs differs;
    if (!solve->model->differ || solve->model->differ->count == 0)
        return 0;
    o2c__differs_at(solve, account, &differs);
    return o2c__differs_most(&differs);
}
/* What the prior of fees may be raised by in a bound: the fees themselves, and short payments by just one. */
static inline int64_t
o2c__differs_fees(const struct o2c__differs *differs)
{
    return differs->model ? O2C__LN_DIFFER_FEE : 0;
}
struct o2c__kept {
    const o2c_match_policy *policy; /* its fees; NULL = the amount is in another currency */
    const char *currency;
    int64_t amount, open, charge; /* charge: stated in the file, 0 = none */
};
/* Is it a listed fee, or an amount or ratio of his? Then the set stands beside what else explains it. */
bool o2c__differs_knows(const struct o2c__differs *differs, const struct o2c__kept *kept);
/* What he may have kept back of some set that paid this amount: least and most of the i-th of his amounts and ratios; false = nothing. */
bool o2c__differs_window(const struct o2c__differs *differs, uint32_t i, int64_t amount, int64_t *out_least, int64_t *out_most);
/* ln P(T | A, X7), and of a listed fee ln P(T | A, X3). */
int64_t o2c__differs_short(const struct o2c__differs *differs, const struct o2c__kept *kept);
int64_t o2c__differs_fee(const struct o2c__differs *differs, const struct o2c__kept *kept);
/* Our reason for a code of this payer that was resolved alike at least twice; O2C_DEDUCTION_NONE = not known. */
int32_t o2c__differs_reason(const o2c_match_model *model, o2c_str account, o2c_str code);

/* ---- difference_learn.c */
/* One row of feedback; false = no memory. */
bool o2c__learn_difference(struct o2c__learning *learning, const o2c_feedback *row);
/* Once all rows of a day are counted: what was taken back is revoked, and only the commonest differences of an owner stay. */
bool o2c__differences_keep(struct o2c__learning *learning, const uint32_t *order, uint32_t count);
#endif

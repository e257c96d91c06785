/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The naive matcher: the posterior of MATCHER 5 written down as it reads, every payer × every set × every credit selection × every
 * cause, in long double, without a thought for speed. It shares no code with the library and is the oracle of its tests.
 */
#ifndef O2C_TEST_NAIVE_H
#define O2C_TEST_NAIVE_H
#include <stdbool.h>
#include <stdint.h>

#define NAIVE_ITEMS 64 /* naive_solve takes 14 at most; larger worlds go to the library alone */
#define NAIVE_ACCOUNTS 4
#define NAIVE_HITS 24
#define NAIVE_ROWS 200000

struct naive_item {
    int account;
    int64_t open, original; /* original 0 = as open */
    int due;                /* day; items are given in the order of (due, index) inside their account */
    int until[2];           /* discount tiers: last day, 0 = none */
    int64_t ppm[2];
    bool withholding, deposit;
    int closed_day;         /* > 0: closed, amount in original */
    int dimension;
};
struct naive_hit {
    int token;
    int items[4], count;
    int32_t ln_q16;
    int line;               /* 1 + remittance line, 0 = text */
    int64_t line_discount, line_deduction;
};
struct naive_payer {
    int account;
    int ppm;      /* 0 = no evidence */
};
/* How people pay, as counted: [size of pool], [items], [runs], in the bins of MATCHER 5.4; then without or with the oldest item. */
struct naive_habits {
    uint32_t sizes[10][9], runs[10][9][9], oldest[10][2];
};
/*
 * What a customer is known to keep back, counted so often that only the limits of MATCHER 5.2 matter: amounts and shares that weigh ten times
 * as a short payment, and listed fees that were always taken off (1) or always stayed short (2).
 */
#define NAIVE_KEPT 4
struct naive_differences {
    int count[NAIVE_ACCOUNTS];
    int64_t amount[NAIVE_ACCOUNTS][NAIVE_KEPT]; /* 0 = a share */
    int ppm[NAIVE_ACCOUNTS][NAIVE_KEPT];
    int fees[4];                                /* of the world: 0 = nothing is known of it */
};
/* How one customer answered: several items in one run; one run from the oldest item on. [no, yes] in thousandths of a payment. */
struct naive_ways {
    uint32_t run_seen[2], run_asked[2], oldest_seen[2], oldest_asked[2];
};
struct naive_world {
    const struct naive_habits *habits; /* NULL = none */
    const struct naive_differences *differences; /* NULL = none */
    const struct naive_ways *host_ways, *segment_ways, *ways[NAIVE_ACCOUNTS]; /* NULL = none; every account is of segment 0 */
    int items_count, accounts_count, hits_count, payers_count;
    struct naive_item items[NAIVE_ITEMS];
    struct naive_hit hits[NAIVE_HITS];
    struct naive_payer payers[NAIVE_ACCOUNTS];
    bool tied[NAIVE_ACCOUNTS][NAIVE_ACCOUNTS]; /* [payer][owner] */
    int64_t amount, charge;
    int day;
    int64_t tolerance, fees[4];
    int tolerance_ppm, grace, fees_count, lookback;
    uint32_t rates[3];
    int rates_count;
    int customers; /* of the whole ledger, for payers without evidence; 0 = as many as there are accounts */
};
struct naive_row {
    uint32_t items;   /* bit set */
    int cause;        /* 0 … 8, 11, 12 */
    int rate;         /* fee or rate, −1 = the charge in the file */
    long double mass;
};
struct naive_answer {
    struct naive_row *rows; /* one for each outcome; interchangeable items are not merged */
    int count;
    long double on_account, someone, total;
};
void naive_solve(const struct naive_world *world, struct naive_answer *out);
void naive_free(struct naive_answer *answer);
#endif

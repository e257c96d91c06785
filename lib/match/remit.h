/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The advice of a payment, line by line. Given that an advice belongs to a payment its lines are independent: each is weighed by
 * itself, p(line) = p(link)·p(line given link), so that one bad line costs itself and not its neighbors (MATCHER 5.1).
 *
 * An advice whose lines all lead to one open item each, and which is short, is left to the ordinary explanation: there the amount of
 * the payment speaks too, and nothing is lost.
 */
#ifndef O2C__MATCH_REMIT_H
#define O2C__MATCH_REMIT_H
#include "match/decide.h"
#include "match/hungarian.h"
#include "match/text.h"

#define O2C__REMIT_SHORT 16u      /* lines of an advice that the ordinary explanation can take */
#define O2C__REMIT_OPTIONS_MAX 64u /* items that one line may mean */
#define O2C__REMIT_TABLE O2C__HUNGARIAN_ROWS /* lines that want the same items, solved exactly */

/* One reading of a line: an item, or a group that its number cites whole. */
struct o2c__remit_option {
    uint32_t item;                  /* column; the first of the group */
    uint32_t group_at, group_count; /* rows of remit members, count 0 = the item alone */
    int32_t ln_ratio;               /* ln L of the reference, Q16 */
    int32_t arithmetic;
    int64_t weight;                 /* ln of reference and amount together, Q16 */
    uint32_t rate;
    uint8_t error;                  /* O2C__REF_… */
};

enum { O2C__REMIT_OPEN = 0, O2C__REMIT_PAYS, O2C__REMIT_CLAIM, O2C__REMIT_AGAIN, O2C__REMIT_HELD, O2C__REMIT_MERGED };
struct o2c__remit_line {
    uint32_t row;                   /* of the request's remittance lines */
    uint32_t options_at, options_count;
    uint32_t chosen;                /* row of options, O2C__NONE = none */
    int64_t paid, discount, deducted; /* with the sign of the payment: money in is positive */
    uint32_t coded_row;             /* line that gives reason and words */
    uint32_t error_ppb;             /* 1 − p(line given link) */
    uint8_t state;                  /* O2C__REMIT_… */
    bool twin;                      /* a line that says the same is another payment's */
};

struct o2c__remit {
    struct o2c__solve *solve;
    struct o2c__case *one;
    struct o2c__remit_line *lines;
    uint32_t lines_count;
    struct o2c__remit_option *options;
    uint32_t options_count, options_room;
    uint32_t *members;
    uint32_t members_count, members_room;
    uint32_t payer;                 /* row of the case's payers */
    uint32_t account;
    uint32_t pool_count;            /* items the payer may mean */
    int64_t difference;             /* Σ of the lines − amount of the payment */
    int32_t arithmetic;             /* what the difference is: X0, X3, X5, X8 */
    uint32_t link_error_ppb;
    int64_t ln_link;
    bool stale;
    bool share;                     /* one of several payments of an advice */
    bool part;                      /* and which lines are its own is not certain */
    bool plain;                     /* every line leads to one open item of its own */
    struct o2c__part *parts;
    uint32_t parts_count;
};

/* What a line pays, money in positive: a credit memo lowers the payment however its sign is written. */
int64_t o2c__remit_paid(const o2c_remittance_line *line);
/* Do the lines of this payment's advices add up to it, up to a named difference? Lines counted in *out_lines. */
bool o2c__remit_reconciles(const struct o2c__solve *solve, uint32_t payment, uint32_t *out_lines, int64_t *out_difference,
                           int32_t *out_arithmetic);
/* A charge that the file states, or one of the policy's list. */
bool o2c__remit_is_fee(const struct o2c__solve *solve, const o2c_payment *payment, int64_t difference);
static inline bool
o2c__remit_says_why(const struct o2c__remit *remit, const struct o2c__remit_line *line)
{
    return o2c__remittance_says_why(&remit->solve->remittances->lines[line->coded_row]);
}
/* Are the lines read here alone, and not as hits of the payment? */
bool o2c__remit_alone(const struct o2c__solve *solve, uint32_t payment);
/* remit_read.c: the options of every line */
bool o2c__remit_read(struct o2c__remit *remit);
bool o2c__remit_option_add(struct o2c__remit *remit, struct o2c__remit_line *line, const struct o2c__remit_option *option);
/* remit_weigh.c: the amount of each line against each of its options */
bool o2c__remit_weigh(struct o2c__remit *remit);
void o2c__remit_weigh_line(struct o2c__remit *remit, struct o2c__remit_line *line);
/* remit_assign.c: lines that want the same items */
bool o2c__remit_assign(struct o2c__remit *remit);
/* remit_settle.c: parts of the chosen lines, claims on them, the difference of the total */
o2c_status o2c__remit_settle(struct o2c__remit *remit, struct o2c__decision *decision, o2c_error *err);

/* Decides a payment by the lines of its advices. *out_taken false: the ordinary explanation is asked. */
o2c_status o2c__remit(struct o2c__solve *solve, struct o2c__case *one, struct o2c__explanation *why, struct o2c__decision *decision,
                      bool *out_taken, o2c_error *err);
/* Does the decision rest on lines of an advice? */
bool o2c__remit_rests(const struct o2c__case *one, const struct o2c__explanation *why, const struct o2c__decision *d);
/* An advice of another time than its payment holds whatever rests on it; one of which it pays nobody knows what, whatever the text does not
 * cite. */
void o2c__remit_stale(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                      struct o2c__decision *decision);
/* What the gates say of single lines, once the gates of the payment are known. */
void o2c__remit_gate(const struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *decision);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of link hand to each other: link.c, link_total.c, link_payer.c, link_several.c, link_share.c, link_together.c. */
#ifndef O2C__MATCH_LINK_H
#define O2C__MATCH_LINK_H
#include "match/divide.h"
#include "match/text.h"

struct o2c__linker {
    struct o2c__solve *solve;
    struct o2c__remitted *links;
    o2c__map keys;         /* → payment row */
    o2c__map traces;       /* → slot of the first payment that carries it: twice its row, and one more for the bank's reference */
    uint32_t *carriers;    /* slot → the next slot with the same trace, O2C__NONE = last */
    uint32_t *last;        /* payment row → its last link */
    uint8_t *spoken;       /* advice → it has a link, or so many payments fit that none is meant */
};
bool o2c__link_attach(struct o2c__linker *linker, uint32_t payment, uint32_t remittance, uint32_t chance_ppm, bool named);
/* Does the advice say which payment it belongs to? */
bool o2c__link_named(const struct o2c__linker *linker, uint32_t remittance);
/* Payment that alone carries the trace of the advice, O2C__NONE = none; of several the first slot of their chain. */
uint32_t o2c__link_traced(const struct o2c__linker *linker, const o2c_remittance *row, bool *out_several);
/* What the advice announces; 0 = nothing, or too much to count. */
int64_t o2c__link_total(const struct o2c__solve *solve, const o2c_remittance *row);
/* Are both of the same days, as far as the policy's window goes? */
bool o2c__link_day_fits(const struct o2c__linker *linker, const o2c_payment *payment, const o2c_remittance *row);
/* link_total.c: advices that came on their own; and of several that announce the same payment only the newest */
bool o2c__link_totals(struct o2c__linker *linker);
void o2c__link_newest(struct o2c__linker *linker);

/* ---- link_payer.c */
/* Account whose advice it is; O2C__NONE = not known for sure. */
uint32_t o2c__link_account(const struct o2c__solve *solve, const o2c_remittance *row);
/* Account that paid, as far as it is sure. */
uint32_t o2c__link_payer(const struct o2c__solve *solve, const o2c_payment *payment);
/* The one document of ours with exactly this number, open or closed; O2C__NONE = none, or several. */
uint32_t o2c__link_document(const o2c_match_pool *pool, o2c_str text);

struct o2c__paid_row {
    uint32_t account, payment;
};
/* Payments by payer, of the payers that are asked for. */
struct o2c__paid {
    o2c__memory *memory;
    o2c__vector rows; /* struct o2c__paid_row */
    uint32_t *order;
};
/* wanted: accounts, sorted here, with as much room behind them. False = no memory; free it all the same. */
bool o2c__paid_new(struct o2c__paid *paid, struct o2c__solve *solve, uint32_t *wanted, uint32_t count);
void o2c__paid_free(struct o2c__paid *paid);
/* First row of the order that is this account's, and how many are. */
uint32_t o2c__paid_by(const struct o2c__paid *paid, uint32_t account, uint32_t *out_count);

/* ---- link_several.c: one advice over several payments, one payment over several advices */
#define O2C__SEVERAL_SETS 131072u /* sets of payments or advices that one search looks at */
#define O2C__SEVERAL_ROWS 512u    /* more payments of one payer in the window than that: none of them is meant */

/* One reading: an advice and its payments, or a payment and its advices. */
struct o2c__several {
    uint32_t one, many[O2C__DIVIDE_PAYMENTS], count; /* payments and advices of `many` in the order of their days */
    uint32_t chance_ppm;
    bool together;              /* one is a payment, many are advices */
    uint8_t part;               /* O2C__LINK_… of every link that comes of it */
    bool named;                 /* the advice names these payments by a trace */
    bool dropped;               /* another reading wants one of its rows */
    uint32_t lines_at[O2C__DIVIDE_PAYMENTS], lines_count[O2C__DIVIDE_PAYMENTS]; /* rows of the lines of remitted */
};
/* An advice that found no payment of its own. */
struct o2c__pending {
    uint32_t remittance, account;
    uint32_t named;             /* payment that its trace names alone, O2C__NONE = none */
    uint32_t slot;              /* first of several payments that carry its trace */
    bool traced;                /* there are several */
    bool replaced;              /* a later advice says the same again */
    int64_t total;
    uint64_t says;              /* hash of its lines */
};
struct o2c__severals {
    struct o2c__linker *linker;
    struct o2c__paid paid;
    o2c__vector pending;        /* struct o2c__pending */
    o2c__vector readings;       /* struct o2c__several */
    uint32_t *order;            /* advices by (account, row), with scratch behind */
    struct o2c__divide *divide;
};
bool o2c__link_several(struct o2c__linker *linker);
/* Days, statement, place, key: the order in which people see payments. */
int o2c__link_order(const o2c_payments *payments, uint32_t a, uint32_t b);
/* First advice of the account in the order of those that are pending, and how many there are. */
uint32_t o2c__link_advices_of(const struct o2c__severals *all, uint32_t account, uint32_t *out_count);
bool o2c__link_add(struct o2c__severals *all, const struct o2c__several *reading);
/* ln of sets of `count` rows, two to eight of them or from one on, and the largest size looked at. */
int64_t o2c__link_ln_sets(uint32_t count, uint32_t from, uint32_t *out_most);
/* Common divisor of amounts (ascending) and their total: sums of round amounts tie by accident that much more often. */
uint64_t o2c__link_divisor(const int64_t *amounts, uint32_t count, int64_t total);
/* ln that the row of this amount is not the one that is meant: that one differs a little, and of `others` rows this one has the amount,
 * because it is round or because the payer has more items of it than the `own` ones. */
int64_t o2c__link_ln_stand_in(const o2c_match_pool *pool, uint32_t account, int64_t amount, uint32_t own, uint32_t others);
/* Chance of the first of these weights among all of them, ppm rounded down. */
uint32_t o2c__link_chance(const int64_t *ln, uint32_t count);
/* link_share.c: readings of one advice */
bool o2c__link_share(struct o2c__severals *all, const struct o2c__pending *pending);
/* link_together.c: readings of one payment */
bool o2c__link_together(struct o2c__severals *all);
#endif

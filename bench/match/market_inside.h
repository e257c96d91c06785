/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a market is made: (1) each customer lives a year by itself: invoices, due days, payments, what each payment settles; (2) numbers
 * are given to all documents in the order of their days, as one counter does; (3) texts are written; (4) rows are put together; (5) an
 * oracle labels every payment; (6) a clerk books. Steps 1 and 3 use one random stream per customer.
 */
#ifndef O2C_BENCH_MATCH_MARKET_INSIDE_H
#define O2C_BENCH_MATCH_MARKET_INSIDE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "market.h"
#include "market_random.h"

#define FIRST_DAY 20454 /* 2026-01-01, a Thursday */
#define DAYS 365
#define BLOCK 50000u    /* items per very large customer */

enum stream { STREAM_CUSTOMER, STREAM_LIFE, STREAM_TEXT, STREAM_NUMBER, STREAM_CLERK, STREAM_PRICE, STREAM_ORDER };

/* What is particular about a customer: decides which scenarios his payments may be. */
enum trait { TRAIT_PLAIN, TRAIT_STRUCTURED, TRAIT_DISCOUNT, TRAIT_FOREIGN, TRAIT_WITHHOLDING, TRAIT_CHILD, TRAIT_CREDITS, TRAITS };
enum style { STYLE_MT940, STYLE_CAMT, STYLE_BAI2, STYLE_ACH, STYLE_LOCKBOX, STYLE_CAMT_SHORT, STYLES };
enum language { LANGUAGE_DE, LANGUAGE_EN, LANGUAGE_FR, LANGUAGE_IT, LANGUAGE_ES, LANGUAGE_NL, LANGUAGES };
/* How document numbers of a customer's invoices look. */
enum series { SERIES_FIRST, SERIES_SECOND, SERIES_INV, SERIES_RE, SERIES_ZEROS };
/* How he pays when nothing else is said. */
enum habit { HABIT_OLDEST, HABIT_RUN, HABIT_DATES, HABIT_SCATTERED };

/* What is particular about a customer follows from the seed and his number alone, so that anyone may ask for anybody. */
struct profile {
    uint32_t number;
    uint32_t level;          /* open items he usually has when he pays */
    int32_t terms;           /* days from invoice to due */
    int32_t late;            /* days he waits beyond the due day so that more falls due */
    uint32_t burst_mean;     /* invoices of one invoice day, on average */
    uint32_t wait_milli;     /* days between invoice days */
    enum trait trait;
    enum style style;
    enum language language;
    enum series series;
    enum habit habit;
    uint32_t parent;         /* number of the customer that may pay for him; MARKET_NONE */
    uint32_t discount_ppm;   /* trait DISCOUNT */
    int32_t discount_days;
    char currency[4];
    uint32_t company;        /* 0 or 1 */
    bool large;
    bool account_unknown;    /* his bank account is not in the customer list */
    uint32_t bulk;           /* S26: invoices he pays once with one advice; 0 = he lives as others do */
    bool moves;              /* S33: his next fourteen payments come from a bank account nobody knows */
    uint32_t account_of;     /* customer whose bank account he uses: his own number, or another's when shared */
};

struct item {
    int64_t amount;          /* at birth; credits negative */
    int64_t open;            /* while he lives */
    uint32_t customer;
    int32_t day, due;
    int32_t target;          /* day on which he means to pay it */
    int32_t gone;            /* day it was cleared; 0 = open at the end */
    uint32_t paid_by;        /* payment that cleared it */
    int32_t kind;            /* O2C_ITEM_… */
    uint32_t number;         /* of its series, given in step 2 */
    uint32_t flags;          /* O2C_ITEM_FLAG_… */
    uint8_t series, cited_structured, company;
    int32_t part_day;        /* day of the last partial payment, 0 = none */
    int64_t part_open;       /* open after it */
    bool earmarked;          /* S35: another proposal holds it */
};

struct pay {
    int64_t amount;          /* in the payment's currency */
    uint32_t customer, owner;
    uint32_t sequence;       /* of his payments */
    uint32_t behind;         /* payment of the same day that this one follows in the statement: its sequence, or his own */
    int32_t day;
    int32_t scenario, kind;
    uint32_t lines_at, lines_count;
    uint32_t pool, runs, flags;
    uint32_t closed_item;
    int64_t on_account;
    int64_t ordered;         /* S18: what he ordered in his own currency, where the bank says so; 0 = it does not */
    char currency[4];
    uint8_t cites;           /* enum cite */
    uint8_t company, style, language;
    uint32_t aside;          /* the scenario's own: a reason, a stranger, a way */
};
/* What the text says of the items. */
enum cite { CITE_NOTHING, CITE_ALL, CITE_WRONG };
#define NEW_ACCOUNT 50000000u /* number of a customer's second bank account, and of strangers' accounts and names */
#define STRANGER    60000000u
#define CLAIM_DAYS  15

struct vector {
    void *rows;
    size_t count, room, size;
};
void *vector_add(struct vector *vector);
void *market_alloc(size_t count, size_t size);
void market_must(bool holds, const char *what);

/* A number that stands damaged in a text. */
struct damaged {
    uint32_t payment, item;
    char text[48];
};

/* Weights of the scenarios open to everybody, by shape of the set: one item, one run, scattered. */
struct market_fit {
    uint64_t weight[3][39];
};

struct making {
    const struct market_options *options;
    uint64_t seed;
    uint32_t customers;
    struct vector items, pays, lines; /* struct item, struct pay, struct market_line */
    struct vector profiles;           /* struct profile */
    struct vector damages;            /* struct damaged, by place of the payment */
    struct market_fit fit;
    struct market *market;
    uint32_t *first_item;             /* of each customer; one more at the end */
    uint32_t *order;                  /* place in market.payments → row of pays */
};

/* market_profile.c */
void market_profile(const struct making *making, uint32_t number, struct profile *out);
size_t market_name(const struct making *making, uint32_t number, char out[80]);
size_t market_bank_account(const struct making *making, uint32_t number, char out[40]);
/* market_life.c */
void market_live(struct making *making, uint32_t number);
/* market_scenario.c */
void market_scenario_fit(struct market_fit *fit);
int32_t market_scenario_draw(struct market_random *random, const struct making *making, const struct profile *profile, int shape);
bool market_scenario_alone(int32_t scenario, int *out_shape, enum trait *out_trait);
/* One customer's year while it is lived. */
struct life {
    struct making *making;
    struct profile profile;
    struct market_random random;
    uint32_t *pool;          /* rows of items, by (due day, row) */
    uint32_t pool_count, pool_room;
    uint32_t sequence;
    int32_t day;
    int32_t beside;          /* day of his last payment that paid nothing of what was due: at most one a day */
    uint32_t moved;          /* S33: payments from the new account that are still to come */
    uint32_t paid[32];       /* items he paid lately */
    uint32_t paid_count;
    struct {
        int32_t day;
        uint32_t item;
    } again[8];              /* S20: what he will pay a second time */
    uint32_t again_count;
};
struct item *market_item(const struct making *making, uint32_t row);
uint32_t market_issue(struct life *life, int64_t amount, int32_t day, int32_t kind);
uint32_t market_issue_usual(struct life *life);
struct pay *market_pay(struct life *life, int32_t scenario);
struct market_line *market_line(struct life *life, struct pay *pay, uint32_t item);
void market_pay_again(struct life *life);
/* market_amount.c: what the scenario does to the amount and the lines; the set is in the lines, paid in full. */
void market_settle(struct life *life, struct pay *pay);
/* market_bulk.c: one advice for thousands of invoices. */
void market_live_bulk(struct life *life);
/* market_hard.c: pools made to lead searches astray, S29. */
void market_live_hard(struct life *life);
/* market_odd.c: scenarios that change more than an amount. True = it is settled. */
bool market_odd(struct life *life, size_t at);
void market_book(struct life *life, struct pay *pay);
void market_lower(struct life *life, struct pay *pay, int64_t whole, size_t field);
/* market_number.c */
void market_number(struct making *making);
size_t market_document(const struct item *item, char out[32]);
size_t market_structured(const struct item *item, char out[40]);
/* market_damage.c: a number as a payer writes it. */
enum how { HOW_VERBATIM, HOW_RESHAPED, HOW_DROPPED, HOW_NO_PREFIX, HOW_SUBSTITUTED, HOW_TRANSPOSED, HOW_OCR, HOW_CUT_LEFT, HOW_CUT_RIGHT,
    HOWS };
size_t market_render(struct market_random *random, const char *printed, enum how how, char out[48]);
enum how market_how(struct market_random *random);
/* market_text.c: pieces of text and structured references of one payment, as the bank sends them. */
struct prose {
    struct making *making;
    const struct pay *pay;
    struct market_random *random;
    uint32_t payment, flags;
    char text[1400];
    size_t len;
};
void market_prose(struct prose *prose);
/* market_rows.c: everything becomes rows and bytes. */
void market_rows(struct making *making);
/* market_oracle.c */
void market_label(struct making *making);
/* What an observer of the payment's day sees of one customer: open items by (due day, row). */
struct sight {
    uint32_t rows[4096];
    int64_t open[4096];     /* what is asked for */
    int64_t net[4096];      /* less discount, where one may be taken that day */
    uint64_t kind[4096];    /* equal for items that no posting can tell apart */
    uint32_t count;
    bool discounts;
};
/* Probabilities are unsigned with 60 bits behind the point. */
#define ONE (UINT64_C(1) << 60)
__extension__ typedef unsigned __int128 wide;
uint64_t market_times(uint64_t a, uint64_t b);
uint64_t market_per(uint64_t part, uint64_t whole); /* part of whole as a probability */
/* market_habits.c: how sets are chosen in this market, counted over all its payments. */
struct habits {
    uint32_t sets[10][9], runs[10][9][5], oldest[10][9][2];
};
void market_habits(const struct making *making, struct habits *habits);
uint64_t market_shape_prior(const struct habits *habits, uint32_t n, uint32_t k, uint32_t r);
uint64_t market_set_prior(const struct habits *habits, uint32_t n, uint32_t k, uint32_t r, bool oldest);
/* market_sets.c: mass of all sets of the pool that add up to an amount, those like one kind apart; loose = what was not listed. */
struct masses {
    uint64_t alike, others, loose;
};
void market_sets(const struct sight *sight, const int64_t *values, int64_t target, const struct habits *habits, uint64_t kind,
    struct masses *out);
/* market_causes.c: chance that somebody who owes so much pays so much, by the reason he has. */
enum cause { CAUSE_EXACT, CAUSE_FEE, CAUSE_TAX, CAUSE_DISCOUNT, CAUSE_SHORT, CAUSE_OVER, CAUSES };
struct owed {
    int64_t full, net, taxed[3]; /* less discount; less 5, 10, 15 per cent of each line */
    enum trait trait;
};
void market_causes(const struct owed *owed, int64_t paid, uint64_t out[CAUSES]);
uint64_t market_short(int64_t full, int64_t paid);
/* market_clerk.c */
void market_clerk(struct making *making);
#endif

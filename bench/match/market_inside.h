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
    uint32_t account_of;     /* customer whose bank account he uses: his own number, or another's when shared */
    int64_t prices[8];       /* his price list, minor units */
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
    uint8_t series, cited_structured, company, reserved;
};

struct pay {
    int64_t amount;          /* in the payment's currency */
    uint32_t customer, owner;
    uint32_t sequence;       /* of his payments */
    int32_t day;
    int32_t scenario, kind;
    uint32_t lines_at, lines_count;
    uint32_t pool, runs, flags;
    uint32_t closed_item, stranger;
    int64_t on_account;
    char currency[4];
    uint8_t cites;           /* enum cite */
    uint8_t company, style, language;
    uint32_t aside;          /* scenario's own: a fee, a rate, a kind of damage */
};
/* What the text says of the items. */
enum cite { CITE_NOTHING, CITE_ALL, CITE_WRONG };

struct vector {
    void *rows;
    size_t count, room, size;
};
void *vector_add(struct vector *vector);
void *market_alloc(size_t count, size_t size);
void market_must(bool holds, const char *what);

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
};
struct item *market_item(const struct making *making, uint32_t row);
uint32_t market_issue(struct life *life, int64_t amount, int32_t day, int32_t kind);
struct pay *market_pay(struct life *life, int32_t scenario);
struct market_line *market_line(struct life *life, struct pay *pay, uint32_t item);
/* market_amount.c: what the scenario does to the amount and the lines; the set is in the lines, paid in full. */
void market_settle(struct life *life, struct pay *pay);
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
    const struct making *making;
    const struct pay *pay;
    struct market_random *random;
    uint32_t flags;
    char text[1400];
    size_t len;
};
void market_prose(struct prose *prose);
/* market_rows.c: everything becomes rows and bytes. */
void market_rows(struct making *making);
/* market_oracle.c */
void market_label(struct making *making);
/* market_clerk.c */
void market_clerk(struct making *making);
#endif

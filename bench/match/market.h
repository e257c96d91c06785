/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A year of a receivables department from one seed: customers, invoices, payments, advices, what was meant by every payment, and what
 * anyone could have known. Integers only, so that every machine makes the same bytes. bench/README.md says what is modeled and where
 * the figures come from.
 *
 *     struct market_options options = { .seed = 1, .items = 50000 };
 *     struct market *market = market_make(&options);
 *     ... market->master, market->payments, market->remittances go to the library; market->truth and market->lines judge it ...
 *     market_free(market);
 */
#ifndef O2C_BENCH_MATCH_MARKET_H
#define O2C_BENCH_MATCH_MARKET_H
#include <stdio.h>

#include <o2c/o2c.h>

#define MARKET_NONE UINT32_MAX
#define MARKET_CLOSED_SEEDS 9000 /* from this seed on nobody tunes: they are for the figures that are published */

/* What anyone could have known: the posterior p* of the true outcome under the generator's own parameters. */
enum market_label {
    MARKET_LABEL_UNKNOWN,   /* the bound is too loose, or no label was asked for */
    MARKET_LABEL_IDENT,     /* p* at least .999 */
    MARKET_LABEL_LIKELY,    /* at least .9 */
    MARKET_LABEL_AMBIGUOUS, /* below: to abstain is right */
    MARKET_LABEL_NOTHING    /* there is no item to find, or nothing says which: to abstain is right */
};

enum market_flag {
    MARKET_CITED = 1,          /* the text, a structured reference or an advice names every item paid */
    MARKET_DECOY = 2,          /* numbers stand in the text that name nothing of this payment */
    MARKET_PAYER_KNOWN = 4,    /* the bank account it came from is in the customer list */
    MARKET_ADVICE = 8,         /* an advice belongs to it */
    MARKET_ONE_RUN = 16,       /* neighbors by due day */
    MARKET_OLDEST = 32,        /* the oldest item is among them */
    MARKET_WHOLE_DATES = 64,   /* whole due days */
    MARKET_WHOLE_POOL = 128,   /* everything that was open */
    MARKET_SHARED = 256,       /* the bank account serves several customers */
    MARKET_EQUAL_OPEN = 512,   /* at least one of its items had an equal one open beside it */
    /* Whatever is known, it may not post by itself: disputed, reserved, another company, another currency without what was ordered. */
    MARKET_HELD = 1024
};

/* What a payment did to one item. cleared = paid + discount + charge + withholding + tolerance; short is what stays, or is claimed. */
struct market_line {
    uint32_t item;            /* row of master.items */
    int64_t paid_minor;       /* in the item's currency, credits negative */
    int64_t discount_minor;   /* earned or granted */
    int64_t charge_minor;
    int64_t withholding_minor;
    int64_t tolerance_minor;
    int64_t short_minor;      /* not paid: a claim or a partial payment */
};

struct market_truth {
    int32_t scenario;         /* 1 … 38: S01 … S38 of bench/README.md */
    int32_t kind;             /* O2C_KIND_APPLY, O2C_KIND_ON_ACCOUNT or O2C_KIND_DUPLICATE */
    int32_t label;            /* MARKET_LABEL_… */
    uint32_t p_star_ppm;      /* posterior of the true outcome, rounded down */
    uint32_t customer;        /* row of master.accounts: who paid; MARKET_NONE = a stranger */
    uint32_t owner;           /* row of master.accounts: who owed; MARKET_NONE = nobody */
    uint32_t lines_at, lines_count;
    uint32_t pool;            /* open items of the owner when it came */
    uint32_t runs;            /* stretches of neighbors among its items */
    uint32_t flags;           /* MARKET_… */
    uint32_t closed_item;     /* paid before: row of the item that is paid twice or claimed; MARKET_NONE = none */
    int64_t on_account_minor; /* money that settles nothing yet */
};

/* What a clerk booked: one row per payment and item. relief is discount, charge or any other amount that left the item unpaid. */
struct market_clearing {
    uint32_t payment, item;   /* rows */
    int64_t applied_minor, relief_minor;
    int32_t cleared_day, known_day;
    uint32_t wrong;           /* 1: the clerk erred */
    uint32_t reserved;
};

/* S38: what an analyst says of a payment before it is solved. */
struct market_pin {
    uint32_t payment, item;   /* rows */
    int32_t use;              /* 1: it pays this item; 0: it does not */
};

struct market_options {
    uint64_t seed;
    uint32_t items;       /* about so many: 1,000 … 10,000,000 */
    int32_t scenario;     /* 0 = the mix; 1 … 38 = that one alone */
    uint32_t clerk_ppm;   /* lines a clerk books on the wrong item; scenario 37 has 3,000 unless given */
    uint32_t no_labels;   /* 1: leave labels UNKNOWN (they take most of the time) */
};

struct market {
    struct market_options options;
    int32_t first_day, days;             /* payments come from first_day on, for so many days */
    o2c_master master;
    o2c_payments payments;               /* by (day, place in the day's statement) */
    o2c_remittances remittances;
    struct market_truth *truth;          /* one per payment */
    struct market_line *lines;           /* what each payment settled, in the order of the pool */
    uint64_t lines_count;
    struct market_clearing *clearings;   /* in the order of the payments */
    o2c_clearing *cleared;               /* the same as records: clearings_count of them; relief counts as discount */
    uint64_t clearings_count;
    struct market_pin *pins;             /* two per payment of S38 */
    uint64_t pins_count;
    o2c_heap *heap;                      /* of all arrays */
};

/* Ends the program when there is no memory. */
struct market *market_make(const struct market_options *options);
void market_free(struct market *market);
/* 1 … 38 of "S01", "s1", "mix" (0); −1 = no such scenario. */
int32_t market_scenario(const char *name);
/* First and one past the last payment of a day. */
void market_day(const struct market *market, int32_t day, uint32_t *out_from, uint32_t *out_to);
/* Writes items.csv, customers.csv, payments.csv, remittance.csv, cleared.csv, truth.csv, labels.csv; hex SHA-256 of each to report. */
int market_write(const struct market *market, const char *folder, FILE *report);
/* Prints the marginals beside the published ones; answers how many are outside their tolerance. */
uint32_t market_marginals(const struct market *market, FILE *out);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The replay of a history: what backtest.c and its parts hand to each other (MATCHER 15).
 *
 * No look-ahead: the pool, the model and the request of a day are made from rows with a known day before it, and from the payments and
 * remittances of the day. Truth is looked at only to compare, and to teach on the day it became known.
 */
#ifndef O2C__MATCH_BACKTEST_H
#define O2C__MATCH_BACKTEST_H
#include <o2c/backtest.h>

#include "match/decide.h"
#include "match/learn.h"
#include "match/pool.h"

#define O2C__BACKTEST_WAIT_DAYS 10     /* a payment that is not used up is learned so many days after its first clearing */
#define O2C__BACKTEST_MEASURE_DAYS 7   /* the model is measured at least so often, */
#define O2C__BACKTEST_MEASURE_GROWTH 8 /* and when the items known have grown by an eighth */
#define O2C__BACKTEST_TOLD_MAX 10000   /* disagreements kept with their sentences */
/* Flags that a list of today carries: nobody knows since when. */
#define O2C__STATES_OF_TODAY                                                                                                              \
    (O2C_ITEM_FLAG_DISPUTED | O2C_ITEM_FLAG_BLOCKED | O2C_ITEM_FLAG_DIRECT_DEBIT | O2C_ITEM_FLAG_PROMISED | O2C_ITEM_FLAG_LEGAL)

enum { O2C__TAUGHT_NOTHING = 0, O2C__TAUGHT_RIGHT = 1, O2C__TAUGHT_WRONG = 2 };
enum { O2C__PAST_UNKNOWN = 0, O2C__PAST_OPEN = 1, O2C__PAST_CLOSED = 2 };

/* One item of the history as the books of the replay stand. */
struct o2c__past_item {
    int64_t open;        /* sign as the item */
    int32_t known;       /* document day; 0 = from the start */
    int32_t closed_day;
    uint32_t closed_by;  /* row of the payment, O2C__NONE = not known */
    uint32_t account;    /* number of the account that owes */
    uint8_t state;       /* O2C__PAST_… */
    uint8_t listed;      /* bit b: stands in the list of changed items of books b */
    uint8_t reserved[2];
    uint32_t cleared_with; /* a payment of the history that people cleared it with, some day; O2C__NONE = none */
};

/* What people cleared of one item with one payment: one row of clearing, ordered by (payment, item). */
struct o2c__truth {
    uint32_t item; /* O2C__NONE = not in the history */
    uint32_t flags;
    int64_t applied, discount;
    int64_t open;  /* of the item when the payment was solved */
    int32_t known;
    uint32_t stood;/* 1 = it was open then */
};

/* One payment of the history. */
struct o2c__past_payment {
    int32_t day;
    int32_t learn_day;                   /* day its clearings count as whole; 0 = never */
    uint32_t answer;                     /* O2C__NONE = not solved yet */
    int32_t pool_count, set_count, runs; /* set habits on its day; 0 = teaches none */
    uint32_t oldest;                     /* 1 = the oldest document was among them */
    uint32_t account;                    /* whose money it is by what people cleared; O2C__NONE = not one account */
    uint32_t payer;                      /* the payer our answer names, O2C__NONE = none */
};

/* One row of clearing with everything resolved. */
struct o2c__past_clearing {
    int64_t applied, discount;
    int32_t known; /* 0 = never */
    uint32_t item, payment, flags;
};

struct o2c_match_report {
    o2c__context context;
    o2c_match_report_header header;
    o2c__vector answers, lines, rates, curve, classes, held, calibration, disagreements, theirs;
    o2c_match_differences differences;
    uint32_t calibration_error_ppm;
    o2c__text_heap heap;
    o2c_match_model *model;
};

/* A pool, and what it has not been told yet. */
struct o2c__books {
    o2c_match_pool *pool;
    o2c__vector changed;   /* of uint32_t: items to be put again */
    uint64_t known;        /* items it was told of: rows of item_order */
};

struct o2c__replay {
    o2c__context context;
    const o2c_env *env;
    o2c_match_history history;
    o2c_master master;
    o2c_master who; /* accounts, aliases, bank accounts and ties: of the master, or of a list of their own */
    o2c_payments payments;
    o2c_remittances remittances;
    o2c_match_backtest_options options;
    const o2c_match_rules *rules;
    o2c_match_rules *own_rules;
    o2c_match_report *report;
    o2c__arena kept;        /* everything of load */
    /* load */
    o2c__map item_rows, payment_rows, account_numbers; /* keys borrowed from the history's heaps */
    struct o2c__past_item *items;
    struct o2c__past_payment *paid;
    struct o2c__past_clearing *clearings;
    uint32_t *item_order, *payment_order, *clearing_order, *remittance_order, *learn_order; /* by day */
    int32_t *remittance_day;
    uint64_t clearings_count;
    uint32_t *truth_at, *reference_at, *reference_rows;
    struct o2c__truth *truth;
    o2c__vector accounts;   /* of o2c_str: number → key */
    o2c__vector tiers;      /* of int32_t: number → tier */
    o2c__map judgments;     /* payment → row of options.judgments */
    /* walk */
    struct o2c__books books[2]; /* with threads two: one is made ready for the next day while the other one is solved with */
    uint32_t books_count, at;   /* the day is solved with books[at] */
    o2c_match_pool *pool;       /* of books[at] */
    o2c_match_model *model; /* the one solved with: learned and measured */
    o2c_match_model *measured; /* series of the next day's pool, made ahead; NULL = none */
    bool ahead;                /* the books of the next day are closed already */
    uint64_t items_next, clearings_next, learn_next, learn_count, measured_count;
    int32_t measured_day;
    o2c__vector taught;     /* of uint8_t, parallel to the report's lines: O2C__TAUGHT_… */
    /* scratch of a day */
    o2c__vector rows, references, day_payments, day_remittances, feedback;
    o2c__text_heap text;
    o2c__arena arena;
};

static inline o2c_str
o2c__past_account(const struct o2c__replay *replay, uint32_t number)
{
    return number == O2C__NONE ? (o2c_str){ "", 0 } : O2C__AT(&replay->accounts, o2c_str, number);
}

/* backtest_load.c: keys to rows, everything ordered by day, truth by payment */
o2c_status o2c__replay_load(struct o2c__replay *replay, o2c_error *err);
void o2c__replay_unload(struct o2c__replay *replay);
/* backtest_order.c: the orders of load */
o2c_status o2c__replay_order(struct o2c__replay *replay, o2c_error *err);
/* backtest_books.c: the pool as it stood before this day's bank file */
o2c_status o2c__replay_open(struct o2c__replay *replay, o2c_error *err);
o2c_status o2c__replay_books(struct o2c__replay *replay, int32_t day, o2c_error *err);
/* backtest_ahead.c: solves, and meanwhile the executor's threads make the pool of the next day; 0 = there is none */
o2c_status o2c__replay_solve(struct o2c__replay *replay, o2c_match_request *request, int32_t next_day, o2c_match_solution **out_solution,
                             o2c_error *err);
/* The rows of a text heap that can be emptied: keeps its memory. */
void o2c__replay_text_reset(struct o2c__replay *replay);
/* backtest_learn.c: payments whose clearing is known before this day → the next model; then the measures of the pool */
o2c_status o2c__replay_learn(struct o2c__replay *replay, int32_t day, o2c_error *err);
o2c_status o2c__replay_measure(struct o2c__replay *replay, int32_t day, o2c_error *err);
bool o2c__replay_measure_due(const struct o2c__replay *replay, int32_t day);
/* backtest_compare.c: how what people cleared stands in the books, asked before the payments are solved */
void o2c__replay_stand(struct o2c__replay *replay, uint64_t first, uint64_t count);
/* The answers of a day, payments first … of the order, against what people cleared */
o2c_status o2c__replay_compare(struct o2c__replay *replay, uint64_t first, uint64_t count, o2c_match_solution *solution, o2c_error *err);
/* backtest_judge.c: lines against truth known up to a day; verdicts gets an O2C_AGREEMENT_… for each line. Answers false: no memory. */
struct o2c__judged {
    uint32_t truths;  /* documents people cleared with it */
    uint32_t right;   /* lines of ours that agree */
    uint32_t twins;   /* of them up to interchangeable documents */
    uint32_t left_open; /* of them with a rest that people took off */
    bool whole;       /* all lines agree, none is missing */
};
bool o2c__replay_judge(struct o2c__replay *replay, uint32_t payment, const o2c_line *lines, uint32_t count, int32_t limit,
                       uint8_t *verdicts, struct o2c__judged *out);
/* backtest_possible.c: does what people cleared explain the amount by a named cause? */
bool o2c__replay_theirs_possible(const struct o2c__replay *replay, uint32_t payment);
/* What it says of differences, by the clearings known on the day it is learned; false = nothing. */
struct o2c__difference {
    int64_t owed, differed, paid, off; /* off: what came off, in the books */
    int32_t ended;                     /* O2C_ARITHMETIC_X0 … X8 */
    bool closes;                       /* a rest was taken off without being named */
};
bool o2c__replay_difference(const struct o2c__replay *replay, uint32_t payment, struct o2c__difference *out);
/* backtest_habits.c: how the set people cleared stands in the pool of its day */
void o2c__replay_habits(struct o2c__replay *replay, uint32_t payment);
/* backtest_learn.c: one more row of feedback on a payment of the past; NULL = no memory */
o2c_feedback *o2c__replay_row(struct o2c__replay *replay, uint32_t payment, o2c_ref key, uint32_t account);
/* backtest_shapes.c: how the payment wrote the numbers that people cleared with it */
bool o2c__replay_shapes(struct o2c__replay *replay, uint32_t payment, o2c_ref key);
/* backtest_draw.c: judgments checked and indexed; the order in which disagreements are judged, and what the judged ones say of all */
o2c_status o2c__replay_judgments(struct o2c__replay *replay, o2c_error *err);
o2c_status o2c__report_draw(struct o2c__replay *replay, o2c_error *err);
/* backtest_report.c: made, finished */
o2c_status o2c__report_new(const o2c__context *context, o2c_match_report **out, o2c_error *err);
void o2c__report_currency(struct o2c__replay *replay);
o2c_status o2c__report_build(struct o2c__replay *replay, o2c_error *err);
/* backtest_tables.c, backtest_rates.c: from answers to tables */
o2c_status o2c__report_tables(struct o2c__replay *replay, o2c_error *err);
o2c_status o2c__report_rates(struct o2c__replay *replay, o2c_error *err);
/* Everything but the bar and the release of its class is met (backtest_compare.c). */
bool o2c__replay_may(const struct o2c__replay *replay, int32_t kind, uint32_t line_class, uint32_t gates, uint32_t reasons);
static inline int32_t
o2c__class_label(uint32_t line_class)
{
    return (int32_t)(line_class & 255);
}
/* A set found by its sum alone stands or falls together. */
static inline bool
o2c__class_naked(uint32_t line_class)
{
    return o2c__class_label(line_class) >= O2C_LABEL_M13 && o2c__class_label(line_class) <= O2C_LABEL_M18;
}
/* The shipped list. */
static inline bool
o2c__class_shipped(uint32_t line_class)
{
    return o2c__released(o2c__class_label(line_class), (int32_t)(line_class >> 8 & 255), (int32_t)(line_class >> 16 & 255),
                         (int32_t)(line_class >> 24));
}
/* Money that counts: amounts in the currency of the header; adds without wrapping. */
void o2c__report_add(int64_t *sum, int64_t amount);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explain, from inside: what prior.c, sets*.c, bound*.c and explain*.c hand to each other.
 *
 * A view is one candidate payer with everything he may pay: his own debit items and those of his relatives, merged by (due day, key),
 * and his own credits. A set is a selection of slots of a view. Every set that may explain the amount becomes a row; what is never
 * listed becomes a pot: a mass without items.
 */
#ifndef O2C__MATCH_EXPLAIN_H
#define O2C__MATCH_EXPLAIN_H
#include "match/difference.h"
#include "match/match.h"
#include "match/prior.h"
#include "match/tables.h"

#define O2C__SIDES_MAX 64      /* the payer and the relatives whose items count */
#define O2C__SLOTS_MAX 5000    /* items of one view */
#define O2C__FULL_SLOTS 20     /* every set with a named cause is found up to so many debit items */
#define O2C__ALL_SLOTS 500     /* the same where every set can be found within the budget (sets_all.c) */
#define O2C__ALL_ROOM 4096     /* sets of half the items that a first walk of them may hold */
#define O2C__ALL_CHOSEN 0      /* a second one: whichever way costs least */
#define O2C__LOOSE_SLOTS 12    /* every set is weighed as a short and an over-payment up to so many */
#define O2C__LOOSE_SETS 16384  /* sets × credit selections weighed so at most */
#define O2C__CITED_TABLE 12    /* cited items of one view that the assignment table holds */
#define O2C__TOKENS_TABLE 16
#define O2C__CANDIDATES 4096   /* rows before merging; more are a cut-short search */
#define O2C__LN_LITTLE_CITED (-75915) /* ln((1 − G) + G·MISS), Q16: the text of a set that misses one and cites none */

/* ------------------------------------------------------------------ explain_amount.c: ln P(T | S, x), without the class prior */
int64_t o2c__ln_add(int64_t a, int64_t b);            /* ln(e^a + e^b) */
struct o2c__job;
struct o2c__view;
/* What a set of this payer kept back, as habits ask for it. */
struct o2c__kept o2c__kept_of(const struct o2c__job *job, int64_t open);
/* ln P(T | A, X7) of a payer of whom something is known, or nothing; A > T. */
int64_t o2c__short_at(const struct o2c__job *job, const struct o2c__view *view, int64_t open);

/* ------------------------------------------------------------------ explain_text.c: which token cites which item */
struct o2c__option {
    uint32_t token, hit;
    int32_t ln_ratio;
    uint32_t at, count; /* cited items it stands for: rows of option_cited */
};
struct o2c__citing {
    bool any;              /* the text holds a token near a key, of whomever */
    uint32_t count;        /* cited items of this view */
    uint32_t *items;       /* their columns, ascending */
    struct o2c__option *options; /* by token */
    uint32_t options_count;
    uint32_t *option_cited;
    uint32_t tokens;       /* distinct tokens among the options */
    bool plain;            /* one token an item, one item a token: no assignment to solve */
    bool table;            /* best[] holds the assignment of every subset */
    int32_t *plain_ln;     /* plain: ln of the token's ratio, or of a miss when that is more */
    uint32_t *plain_option;
    int32_t *exact;        /* table: (tokens + 1) rows of 2^count: best Σ ln L that covers exactly this subset */
    int32_t *best;         /* table: the same with misses for what is not covered */
    uint8_t *mark;         /* scratch of the greedy assignment */
};
struct o2c__job;
struct o2c__view;
bool o2c__citing_build(struct o2c__job *job, struct o2c__view *view); /* false = no memory */
/* ln of the best assignment: cited[] are rows of citing->items, uncited items miss. Only for texts that cite. */
int64_t o2c__citing_ln(const struct o2c__citing *citing, const uint32_t *cited, uint32_t cited_count, uint32_t uncited);
/* The most that any set can get: an upper bound of o2c__citing_ln. */
int64_t o2c__citing_most(const struct o2c__citing *citing);
/* ln of (1 − G) + G·e^best, 0 when the text cites nothing at all. */
int64_t o2c__text_ln(const struct o2c__citing *citing, const uint32_t *cited, uint32_t cited_count, uint32_t uncited);
/* Row of an item among the cited ones, O2C__NONE = not cited. */
uint32_t o2c__cited_row(const struct o2c__citing *citing, uint32_t item);
/* For each item the row of the case's hits that cites it, O2C__NONE = none. Answers how many are cited. */
uint32_t o2c__citing_assign(const struct o2c__citing *citing, const uint32_t *items, uint32_t count, uint32_t *out_hits);

/* ------------------------------------------------------------------ sets.c: a view and its slots */
struct o2c__slot {
    uint32_t item;
    uint32_t side;      /* 0 = the payer's own */
    uint32_t place;     /* place among the debit items of its side */
    uint32_t cited;     /* row of citing items, O2C__NONE = not cited */
    int64_t open;
    int64_t early;      /* discount that is earned on the value day */
    int64_t late;       /* the same, or the tier that has passed */
    int64_t coded, deducted; /* remittance line: discount and deduction together; deduction alone */
    bool withholding, reason; /* reason: the line says why it was kept back */
};
#define O2C__MONIES_MAX 8 /* other currencies of one payment: the one the payer ordered in, and the first of the host's rates */
struct o2c__extension;
/* What the money is in the currency of the items that a view holds (foreign.c). */
struct o2c__money {
    const char *currency;  /* three letters */
    int64_t amount, least, most; /* least … most: what the window of the policy allows; both are amount where that is exact */
    int32_t ln_prior;      /* that a payment pays items of this currency */
    bool window;           /* by the host's rate, so that the amount is not exact */
};
struct o2c__view {
    struct o2c__money money;
    uint32_t payer;     /* row of the case's payers */
    int32_t ln_payer;
    uint32_t account;
    uint32_t sides;     /* 1 + relatives with items */
    uint32_t side_account[O2C__SIDES_MAX], side_count[O2C__SIDES_MAX];
    uint32_t side_home[O2C__SIDES_MAX]; /* item account, O2C__NONE = none */
    struct o2c__slot *slots; /* debits by (due day, key), then credits */
    uint32_t debits, credits;
    int64_t credits_sum;
    int32_t ln_own, ln_tied, ln_mixed;
    const struct o2c__set_prior *prior; /* how this payer pays (ways_view.c) */
    struct o2c__differs differs;        /* and what he keeps back */
    struct o2c__citing citing;
    uint32_t cited_debits;  /* slots among the debits that the text cites */
    bool credits_found; /* every selection of many credits was found or counted as well (sets_all.c) */
    bool habits_found;  /* every set that is short by just what this payer is known to keep back was found (sets_meet.c) */
    bool skipped;       /* cannot matter: bounded whole */
    bool side_full[O2C__SIDES_MAX]; /* every set of this side was found or counted */
    struct o2c__extension *extensions; /* what holds cited subsets and other items besides */
    uint32_t extensions_count;
};
struct o2c__set {
    uint32_t slots[O2C__SET_MAX]; /* debits ascending, then credits ascending */
    uint32_t debits, count;
};
/* item accounts of a payer and his relatives */
uint32_t o2c__view_homes(const struct o2c__job *job, uint32_t payer, uint32_t *out, uint32_t room);
o2c_status o2c__view_build(struct o2c__job *job, uint32_t payer, struct o2c__view *view, o2c_error *err); /* in the job's currency */
bool o2c__view_prior(struct o2c__job *job, struct o2c__view *view); /* its counts of sides stand; false = no memory */
struct o2c__prior_parts {
    int32_t ln_set, ln_scope, ln_credit, scope;
    uint32_t n; /* debit items of the base: n of the prior */
};
/* Prior of a set; false = its prior is zero. */
bool o2c__set_weigh(const struct o2c__view *view, const struct o2c__set *set, struct o2c__prior_parts *out);

/* ------------------------------------------------------------------ explain.c: the work on one payment */
struct o2c__row {
    struct o2c__hypothesis is;
    uint32_t view;
    uint32_t n;      /* of the set prior */
    bool loose;      /* X7 or X8, listed by itself */
    uint64_t sign;   /* of the items with interchangeable ones mapped to their class */
};
enum { O2C__POT_SHORT = 0, O2C__POT_OVER, O2C__POT_ON_ACCOUNT, O2C__POT_SOMEONE, O2C__POT_BOUND,
       O2C__POT_LIGHT, O2C__POTS }; /* light: sets that were counted, and are too light for rows */
struct o2c__pot {
    int64_t weight;
    uint32_t kind, view;
    uint32_t mask, selection; /* a set weighed by itself: its debits and its credit selection; mask 0 = a lump. Light: how many sets */
};
struct o2c__grow { /* an array in the arena; grows by copying */
    void *rows;
    uint32_t count, room;
    uint32_t size;
};
struct o2c__job {
    struct o2c__solve *solve;
    struct o2c__case *one;
    o2c_error *err;
    const char *currency;  /* of the view that is worked on: three letters */
    int64_t amount;        /* the payment in that currency */
    int32_t ln_amount;
    bool foreign;          /* it is not the payment's own: fees of the policy are in another currency */
    int32_t day;
    int64_t charge;        /* stated in the file and not borne by the payer; 0 = none */
    struct o2c__money monies[O2C__MONIES_MAX]; /* other currencies that the payment may pay, with a rate */
    uint32_t monies_count;
    int32_t ln_none;       /* text factor of a hypothesis without items */
    bool cites;
    struct o2c__view *views;
    uint32_t views_count;
    struct o2c__grow rows, items, pots;
    uint64_t operations, operations_max, asked;
    bool cut_short, canceled, no_memory;
    struct o2c__set set;   /* scratch of the generators */
};
void *o2c__grow_add(struct o2c__job *job, struct o2c__grow *grow, uint32_t more); /* NULL = no memory, job knows */
/* Counts operations; false = stop: budget spent, canceled or no memory. */
bool o2c__work(struct o2c__job *job, uint64_t operations);
void o2c__pot_add(struct o2c__job *job, uint32_t view, uint32_t kind, int64_t weight);

enum { O2C__TRY_NAMED = 1, O2C__TRY_LOOSE = 2 };
/* Adds a row for every cause that makes this set fit the amount. */
void o2c__try_set(struct o2c__job *job, struct o2c__view *view, const struct o2c__set *set, unsigned what);
/* Adds one row; items are columns. ln_amount includes nothing of the class. */
void o2c__row_add(struct o2c__job *job, const struct o2c__view *view, const uint32_t *items, uint32_t count, uint32_t n,
                  const struct o2c__hypothesis *parts);

/* ------------------------------------------------------------------ generators */
void o2c__sets_cited(struct o2c__job *job, struct o2c__view *view);
void o2c__sets_meet(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count); /* all sets of ≤ 20 slots */
void o2c__sets_listed(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count); /* structures of a large pool */
/* All sets of up to 500 slots of one side (128 in lists of so many rows; O2C__ALL_CHOSEN = in whatever way costs least); false = there are
 * too many, nothing but rows was added. */
bool o2c__sets_all(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count, uint32_t room);
/* sets_scan.c: two ascending lists, none empty; O2C__SCAN_BEFORE stands before the first of the high one. For every low sum that has a
 * partner with least ≤ both together ≤ most: its place, and the place of its largest partner. Answers how many, low sums ascending;
 * O2C__NONE = more than there is room for in a quarter of the walk. */
#define O2C__SCAN_ROOM 256u
#define O2C__SCAN_PAIRS (4 * O2C__SCAN_ROOM)
#define O2C__SCAN_BEFORE (INT64_MIN / 2)
struct o2c__lists {
    const int64_t *low, *high;
    uint32_t low_count, high_count;
};
struct o2c__pair {
    uint32_t low, high;
};
uint32_t o2c__scan(const struct o2c__lists *lists, int64_t least, int64_t most, struct o2c__pair out[O2C__SCAN_PAIRS]);
/* What was searched to its end: every set of so many items, and every set of so many runs. */
struct o2c__listed {
    uint32_t size, runs;
};
/* Sets of three to eight items, and of two runs, that have just the amount; no credits, no references. */
void o2c__sets_scattered(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count, struct o2c__listed *out);
/* Terms, order and statement groups of a side that is too large for every set. */
void o2c__sets_groups(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count);
/* Neighbors of the heaviest explanation of a view: one or two items exchanged for one or two others of the same sum. */
void o2c__sets_exchange(struct o2c__job *job, struct o2c__view *view);
/* The same for a side of items that no posting can tell apart; false = they are not, nothing was added. */
bool o2c__sets_equal(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count);
uint32_t o2c__sides_with_items(const struct o2c__view *view);
/* Slots of one side, in their order. */
uint32_t o2c__side_slots(const struct o2c__view *view, uint32_t side, uint32_t *out);
/* Expected payments of the payer that have the amount (X11); answers how many wait, of whatever amount. */
uint32_t o2c__sets_expected(struct o2c__job *job, struct o2c__view *view);
/* An explanation of just the items that an expected payment is for takes its weight over. */
void o2c__join_expected(struct o2c__job *job);
/* Does one of the payer wait with this amount? */
bool o2c__is_expected(const o2c_match_pool *pool, uint32_t account, int64_t amount);
/* Adds a row for items outside the ordinary search; payer, class and text are filled in. */
void o2c__special_add(struct o2c__job *job, const struct o2c__view *view, const uint32_t *items, uint32_t count,
                      struct o2c__hypothesis parts);
void o2c__sets_special(struct o2c__job *job, struct o2c__view *view); /* X11, X12, other currency or company */
/* explain_foreign.c: the currencies besides its own that a payment may pay */
void o2c__list_monies(struct o2c__job *job);
/* From here on the job works on this view: its currency, and the amount in it. */
void o2c__turn_to(struct o2c__job *job, const struct o2c__view *view);
/* Sets of a currency for which only the host has a rate: their sum may lie anywhere in the window. */
void o2c__sets_window(struct o2c__job *job, struct o2c__view *view);
/* Credit selections that are listed: none, all, those cited, single ones, every one when there are few. */
#define O2C__SELECTIONS_MAX 66
#define O2C__CREDITS_FULL 6 /* up to so many credits every selection is listed */
struct o2c__selection {
    uint64_t mask;  /* of the first 64 credits; all credits when everything is used */
    uint32_t used;
    int64_t sum;    /* ≤ 0 */
};
/* More credits than that, searched together with the debits: then every selection was found as well. */
static inline bool
o2c__credits_searched(const struct o2c__view *view, uint32_t debits)
{
    return view->credits > O2C__CREDITS_FULL && debits + view->credits <= O2C__FULL_SLOTS;
}
uint32_t o2c__selections(const struct o2c__view *view, struct o2c__selection *out);
uint32_t o2c__selection_slots(const struct o2c__view *view, const struct o2c__selection *selection, uint32_t *out, uint32_t room);

/* ------------------------------------------------------------------ bounds */
void o2c__bound_loose(struct o2c__job *job, struct o2c__view *view);  /* short and over-payments of what is not listed */
void o2c__bound_named(struct o2c__job *job, struct o2c__view *view);  /* sets with a named cause that were not listed */
void o2c__weigh_loose(struct o2c__job *job, struct o2c__view *view); /* every set as X7 and X8: a pot each */
void o2c__promote_loose(struct o2c__job *job, int64_t floor);        /* pots of single sets from this weight on become rows */
/*
 * Supersets of the taken places: ln[j] = ln Σ P(S)·MISS^j over sets that hold all of them, j other places, and none of the skipped;
 * ln[0] is the set itself. Places ascend. extra_max ≤ O2C__EXTRA_MAX.
 */
#define O2C__EXTRA_MAX 5
struct o2c__places {
    const struct o2c__set_prior *prior;
    uint32_t n;
    const uint32_t *taken, *skipped;
    uint32_t taken_count, skipped_count;
};
struct o2c__supersets {
    int64_t ln[O2C__EXTRA_MAX + 1];
    int64_t cold[O2C__EXTRA_MAX + 1]; /* by the cold default: equal where nothing is learned */
};
void o2c__ln_supersets(const struct o2c__places *places, uint32_t extra_max, struct o2c__supersets *out);
/* ln Σ over j > extra_max, out of the counted rows (extra_max ≥ 1). */
int64_t o2c__ln_beyond(const struct o2c__places *places, const struct o2c__supersets *rows, uint32_t extra_max);
/* ln of the set itself, Σ over j ≥ 1 and Σ over j ≥ 2, with a bound for what was not counted. */
struct o2c__extended {
    int64_t itself, one, two;
};
void o2c__ln_extended(const struct o2c__places *places, struct o2c__extended *out);
/* ln of the largest prior of a set of one item more (or less) whose runs differ by one at most. */
int64_t o2c__ln_neighbor(const struct o2c__places *places, int step);
/* The subsets of the cited debits that carry the weight: those listed as rows, whose supersets are bounded. */
#define O2C__SUBSETS_MAX 16
struct o2c__subsets {
    uint32_t slots[O2C__SET_MAX], count; /* cited debits */
    bool whole;             /* too many: all of them is the only subset */
    uint32_t masks[O2C__SUBSETS_MAX], masks_count;
    int64_t ln_rest;        /* ln of the best text of a subset that is not among them; O2C__NEVER = none */
};
void o2c__cited_subsets(struct o2c__job *job, const struct o2c__view *view, struct o2c__subsets *out);
struct o2c__extension {
    int64_t ln_prior; /* ln Σ P(S)·MISS^j·scope over the supersets with one other item or more */
    int64_t ln_two;   /* the same with two or more */
    int64_t ln_itself; /* ln P·scope of the subset itself */
    int64_t ln_text;  /* ln L of the subset itself and the credits, credits' misses and prior included */
    int64_t sum;      /* Σ open of the subset and the credits */
    bool unlisted;    /* stands for the credit selections that are not listed; their prior is in ln_text */
};
void o2c__extensions(struct o2c__job *job, struct o2c__view *view); /* fills view->extensions */
/* Debit items among which sets may add up to an amount. */
struct o2c__crowd {
    const struct o2c__set_prior *prior;
    const struct o2c__slot *slots;
    uint32_t n, side; /* O2C__NONE = of every side */
};
static inline struct o2c__crowd
o2c__crowd_of(const struct o2c__view *view, uint32_t side)
{
    return (struct o2c__crowd){ view->prior, view->slots, view->debits, side };
}
/* ln of the mass of sets that add up to the amount by accident: k ≥ size_min items in more than runs_listed runs. */
int64_t o2c__ln_accident(struct o2c__job *job, const struct o2c__crowd *crowd, int64_t amount, uint32_t runs_listed);
/* The same beyond what was listed. */
int64_t o2c__ln_accident_beyond(struct o2c__job *job, const struct o2c__crowd *crowd, int64_t amount, struct o2c__listed listed);
/* The mass of a bound of o2c__bound_named for one side without credits and references, when exact sums were listed so far. */
int64_t o2c__ln_named_beyond(struct o2c__job *job, const struct o2c__view *view, uint32_t side, struct o2c__listed listed);
/* The correction for amounts that live on a lattice, at least 0; one that is below `enough` is not looked at closer. And the largest it
 * can be, which costs no walk. */
int64_t o2c__ln_lattice_most(const struct o2c__slot *slots, uint32_t n, uint32_t side, int64_t amount);
int64_t o2c__ln_lattice(struct o2c__job *job, const struct o2c__slot *slots, uint32_t n, uint32_t side, int64_t amount, int64_t enough);
/* The same for one modulus and hundreds of items, from the pairs of their rests; `pairs` has room for a count of each rest. */
struct o2c__rests {
    const uint32_t *rest;
    uint32_t count, modulus, wanted;
    uint32_t with; /* chance of an item, Q32, at most a half */
};
int64_t o2c__ln_pairs(const struct o2c__rests *rests, uint32_t *pairs);

/* ------------------------------------------------------------------ masses */
o2c_status o2c__explain_finish(struct o2c__job *job, struct o2c__explanation *out);
/* One payer, every token cites one of his items, and they add up to the amount: decided without a search. */
bool o2c__explain_quickly(struct o2c__solve *solve, struct o2c__case *one, struct o2c__explanation *out, o2c_status *out_status,
                          o2c_error *err);

/* Another payer beside the one whose items add up: no evidence, no relatives, and a token of the text cites something of his. */
struct o2c__other {
    uint32_t account;
    uint32_t item, cited; /* the item that is cited first, how many tokens cite one */
    int64_t ln_ratios;    /* Σ ln L of these tokens */
};
#define O2C__LN_ACCIDENT 817667 /* ln 2^18: two items that add up to a third by accident, as in bound_named.c with the largest lattice */
/* ln of the most that all his explanations weigh together, his own chance left out; counted: their prior is counted, which takes longer. */
int64_t o2c__ln_other_most(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__other *other, int64_t slack,
                           bool counted);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room match (floor 2): the whole matching decision, pure.
 * Owns: pool, model, rules, prepared payments, solutions.  Reads: what is handed in.  Emits: nothing.
 * Never: posts, reads a clock, uses a float, lets table order or time decide.
 *
 * How a payment walks:  prepare → retrieve (text.c, probe.c, payer.c) → explain (prior.c, sets.c, explain.c) → assign → settle → gate → say
 * This header holds what those files hand to each other.
 */
#ifndef O2C__MATCH_H
#define O2C__MATCH_H
#include <o2c/match.h>

#include "base/base.h"
#include "record/record.h"

#define O2C__NONE UINT32_MAX
#define O2C__RULES 1u /* number of the decision tables: raise when a result could change */

/* ------------------------------------------------------------------ pool (pool.c, freeze.c) */

/* What stands among the items of an item account: without any of these its items are plain debits. */
enum { O2C__HOME_CREDITS = 1, O2C__HOME_DEPOSITS = 2, O2C__HOME_DISCOUNTS = 4 };

/* Customer × company × currency: one pool of open items, neighbors by (due day, key). */
struct o2c__item_account {
    uint32_t account;      /* index into accounts */
    uint32_t company;      /* index into companies */
    char currency[4];
    uint32_t first, count; /* open items: columns first … first + count, credits among them */
    uint32_t marks;        /* O2C__HOME_… */
    int64_t sum;           /* Σ open */
    int64_t least, most;   /* smallest and largest open amount, credits among them */
    int64_t gap;           /* smallest difference of two open amounts, or less; INT64_MAX = there is only one */
};

struct o2c__account {
    o2c_ref key, name;     /* in the pool's heap */
    uint64_t host_ref;
    uint32_t flags;        /* O2C_ACCOUNT_FLAG_… */
    int32_t tier;
    uint32_t item_accounts_at, item_accounts_count;
    uint32_t relatives_at, relatives_count; /* whom it may pay for: rows of relatives */
};

struct o2c__relative {
    uint32_t account;
    int32_t valid_from, valid_to;
    int32_t kind; /* O2C_TIE_… */
};

/* What is only echoed, or read once a line is written. */
struct o2c__echo {
    o2c_ref key, document;
    uint64_t host_ref, version, dimension_set;
    o2c_ref earmarked_by, cleared_by;
};

/* Groups that the host gave an open item: rows only for items that have one. */
struct o2c__groups {
    uint32_t item;
    uint32_t terms, order, statement; /* 0 = none */
};

/* An expected payment with at least one open item. */
struct o2c__expected {
    uint32_t account;
    int32_t origin;              /* O2C_EXPECTED_… */
    int64_t amount;
    char currency[4];
    uint32_t items_at, items_count; /* rows of expected_items, ascending, each once */
};

struct o2c_match_pool {
    o2c__context context;
    bool frozen;
    /* --- thawed: rows as put, in order of arrival (pool.c) --- */
    struct o2c__pool_rows *rows;
    /* --- frozen: columns. 0 … open_count are open items by (item account, due day, key); then closed ones by (account, key) --- */
    uint32_t open_count, count;
    int64_t *open;          /* signed */
    int64_t *original;
    int32_t *due;           /* due day, else document day, else 0 */
    int32_t *document_day;
    uint32_t *item_account; /* index into item_accounts; closed items: index into accounts */
    uint16_t *kind;         /* O2C_ITEM_… */
    uint16_t *flags;        /* O2C_ITEM_FLAG_… */
    uint32_t *discount;     /* 0 = none, else 1 + row of discounts */
    uint32_t *interchange;  /* class of interchangeable items: equal number = no posting can tell them apart; O2C__NONE = alone */
    const o2c_discount (*discounts)[2];
    struct o2c__echo *echo;
    uint64_t *earmark_bits; /* one for each item: is anything of it earmarked? NULL = of none */
    uint32_t *earmark_items;/* columns, ascending */
    int64_t *earmarked;     /* parallel to them */
    uint32_t earmarks_count;
    struct o2c__groups *groups; /* by item */
    uint32_t groups_count;
    o2c__vector expected;       /* of struct o2c__expected, by (account, key); not set up when nothing waits */
    o2c__vector expected_items; /* columns */
    int32_t *closed_day;    /* count − open_count rows */
    struct o2c__item_account *item_accounts;
    uint32_t item_accounts_count;
    struct o2c__account *accounts;
    uint32_t accounts_count;
    struct o2c__relative *relatives;
    o2c_ref *companies;
    uint32_t companies_count;
    o2c__text_heap heap;
    struct o2c__index *index; /* reference, bank account, alias, amount and name tables (index.c) */
};

static inline o2c_str
o2c__pool_str(const o2c_match_pool *pool, o2c_ref ref)
{
    return o2c__ref_str(ref, o2c__text_heap_str(&pool->heap));
}
/* Account that owes an item, open or closed. */
static inline uint32_t
o2c__pool_account(const o2c_match_pool *pool, uint32_t item)
{
    return item < pool->open_count ? pool->item_accounts[pool->item_account[item]].account : pool->item_account[item];
}
/* Words of 64 bits for so many. */
static inline size_t
o2c__bit_words(size_t bits)
{
    return (bits + 63) / 64;
}
/* Amount another proposal holds of an open item; 0 for nearly all. */
int64_t o2c__pool_earmarked(const o2c_match_pool *pool, uint32_t item);
/* Groups of an open item; NULL for nearly all. */
const struct o2c__groups *o2c__pool_groups(const o2c_match_pool *pool, uint32_t item);
/* Three letters, and our company: closed items have no item account that says it. */
o2c_str o2c__pool_currency(const o2c_match_pool *pool, uint32_t item);
o2c_str o2c__pool_company(const o2c_match_pool *pool, uint32_t item);

/* ------------------------------------------------------------------ model (model.c) */

/* A number range: documents whose letters and digit count agree. */
struct o2c__series {
    uint64_t shape;    /* hash of the letters before the digits + digit count: equal on every platform */
    uint64_t low, high;
    uint32_t open, seen;
    int32_t ln_range;  /* ln R, Q16; R = max(high − low + 1, a hundredth of the numbers of that length) */
};
struct o2c_match_model {
    o2c__context context;
    struct o2c__series *series; /* sorted by shape */
    uint32_t series_count;
    uint64_t accounts;          /* accounts of the snapshot, at least 1 */
    struct o2c__memories *learned; /* learn.h; NULL = nothing learned yet */
    struct o2c__set_prior *prior;  /* prior.h, out of what was learned; NULL = the cold default */
    struct o2c__differ *differ;    /* difference.h, out of what was learned; NULL = no difference was */
    uint8_t hash[32];           /* names the model: SHA-256 (model_hash.c) */
};
/* ln R of a shape, Q16; the floor of its digit count where the series is not known. */
int32_t o2c__model_ln_range(const o2c_match_model *model, uint64_t shape, uint32_t digits);
/* The shape of a document number: letters and digits counted after folding. */
uint64_t o2c__shape(o2c_str folded, uint32_t *out_digits);
/* The same when the digits are counted already. */
uint64_t o2c__shape_of(o2c_str folded, uint32_t digits);

/* ------------------------------------------------------------------ rules (rules.c) */
struct o2c_match_rules {
    o2c__context context;
    o2c_match_policy policy; /* every field set; lists are copies */
    uint8_t hash[32];
};
/* The shipped defaults, without lists (rules.c). */
void o2c__policy_defaults(o2c_match_policy *out);
/* SHA-256 of the canonical bytes of a resolved policy; false = no memory. */
bool o2c__policy_hash(o2c__memory *memory, const o2c_match_policy *policy, uint8_t out[32]);

/* What a discount is worth on a value day (discount.c). 0 = none. Same sign as the item. */
struct o2c__discount_worth {
    int64_t earned;   /* of the best tier whose day (+ grace) has not passed */
    int64_t unearned; /* of the best tier that has passed: what a late payer may have taken; 0 while one is earned */
};
void o2c__discount_on(const o2c_match_pool *pool, uint32_t item, int32_t day, uint32_t grace_days, struct o2c__discount_worth *out);

/* ------------------------------------------------------------------ retrieve: what one payment's text and payer bring to mind */

/* Error classes of a reference, best first (MATCHER 5.5). */
enum {
    O2C__REF_STRUCTURED = 1, /* structured creditor reference, check digits right */
    O2C__REF_LINE = 2,       /* remittance line names it */
    O2C__REF_EXACT = 3,      /* every digit of our number stands there (prefix may be gone: only tau changes) */
    O2C__REF_NORMALIZED = 4, /* zeros added or lost, letters confused by case or separators inside digits */
    O2C__REF_LIST = 5,       /* from an expanded list: counts as normalized */
    O2C__REF_SECONDARY = 6,  /* order, delivery, statement …: cites its whole group */
    O2C__REF_DAMAGED = 7     /* substitution, transposition, truncation: only inside the payer's pool */
};

/* One token that may stand for one item, or for a group of items. Hits with equal token overlap in the text: one of them counts. */
struct o2c__hit {
    uint32_t token;       /* number of the token, 0 … tokens − 1, in text order */
    uint32_t item;        /* column of the item (open or closed); O2C__NONE for a group */
    uint32_t group_at, group_count; /* rows of members, for SECONDARY and for numbers that several items share */
    uint32_t at, len;     /* bytes of the joined text */
    int32_t ln_ratio;     /* ln L, Q16 (may be negative) */
    uint8_t error;        /* O2C__REF_… */
    uint8_t scheme;
    uint16_t line;        /* 1 + remittance line it came from; 0 = text */
    int64_t line_paid;    /* remittance line: amount paid for it, valid if line_has & O2C_HAS_PAID */
    int64_t line_discount, line_deduction;
    uint32_t line_has;
    uint32_t line_row;    /* row of the request's remittance lines */
    bool pooled;          /* looked for among the items of the payers alone: it proves no identity */
    uint32_t shape;       /* 1 + learned row of the shape it is written in; 0 = it relies on none */
};

/* A code, or words of the payer: why something was kept back. Without either the line says only how much. */
static inline bool
o2c__remittance_says_why(const o2c_remittance_line *line)
{
    return line->reason.len > 0 || line->words.len > 0;
}

/* An account that may be the payer, with the chance that it is. */
struct o2c__payer {
    uint32_t account;
    uint32_t chance_ppm;    /* S_pay; 1.00 is stored as 999,500 */
    uint8_t evidence;       /* 1 … 6 = P1 … P6; 0 = only its items are cited (label P3), or its item has the amount (P7) */
    uint8_t confirmed;      /* P1, or P2 confirmed and not shared */
    uint8_t shared;         /* bank account of several customers */
    uint8_t reserved;
    uint32_t at, len;       /* P5: span of the number in the joined text */
    uint64_t learned_row;
};

/* One payment on its way through the pipeline. Arrays live in the arena of the batch. */
struct o2c__case {
    const o2c_payment *payment;
    uint32_t row;             /* in the request */
    o2c_ref text;             /* joined text, in the solution's heap */
    struct o2c__hit *hits;
    uint32_t hits_count;
    uint32_t tokens;          /* tokens with at least one hit, here or in another account */
    uint32_t *members;        /* items of groups */
    uint32_t members_count;
    struct o2c__payer *payers;/* by chance, then account key; at most O2C__PAYERS_MAX */
    uint32_t payers_count;
    uint32_t company;         /* index into pool companies, O2C__NONE = none has items */
    bool cites;               /* at least one token stood near a key of ours */
    bool remitted;            /* hits come from remittance lines */
    bool stray_tokens;        /* more accounts than O2C__PAYERS_MAX were named: not distinctive, dropped */
    uint64_t operations;
    uint64_t names_visited;   /* entries of name lists that were read: counted, not charged to the search of sets */
};
#define O2C__PAYERS_MAX 64
#define O2C__BATCH 32 /* payments retrieved together */

/* A line clears more than there is of its item; a small difference is given away. */
enum { O2C__NOTED_BEYOND = 1, O2C__NOTED_GIFT = 2 };
/*
 * Everything one solve shares. With an executor every range of payments has a copy: what stands behind a pointer is then read by several
 * threads and written by none; only solution, arena, line_items and noted are a range's own.
 */
struct o2c__solve {
    o2c__context context;
    const o2c_match_pool *pool;
    const o2c_match_model *model;
    const o2c_match_policy *policy;
    const uint8_t *policy_hash;
    const o2c_payments *payments;
    const o2c_remittances *remittances;
    const o2c_match_executor *executor; /* NULL = on the calling thread */
    int32_t as_of;
    const o2c_match_exchange *rates;    /* checked: a pair of currencies stands once */
    uint64_t rates_count;
    const o2c_match_given *given;   /* checked and sorted by (account, currency) */
    uint64_t given_count;
    o2c_str given_heap;
    struct o2c__remitted *remitted; /* payment row → its remittance (link.c); NULL = none */
    o2c_match_solution *solution;
    o2c__arena arena;               /* reset for every batch */
    o2c__vector line_items;         /* parallel to the solution's lines: column of the item (uint32_t) */
    uint32_t noted;                 /* O2C__NOTED_… of what was written: what the run as a whole need not look for */
    bool unchecked;                 /* payments are checked range by range (validate.c) */
    const int64_t *held;            /* per open item: more than 0 = another payment of this run has it; NULL = none (assign.c) */
};
/* A small difference within the limits of its side: more than 0 was kept back, less was paid too much. out_limit: both sides. */
static inline bool
o2c__tolerated(const o2c_match_policy *policy, int64_t open, int64_t difference, int64_t *out_limit)
{
    int64_t side = difference > 0 ? policy->tolerance_under_minor : policy->tolerance_over_minor;
    uint32_t side_ppm = difference > 0 ? policy->tolerance_under_ppm : policy->tolerance_over_ppm;
    int64_t size = difference < 0 ? -difference : difference;
    int64_t share = (int64_t)o2c__muldiv_floor((uint64_t)open, policy->tolerance_ppm, 1000000);
    *out_limit = share < policy->tolerance_minor ? share : policy->tolerance_minor;
    return size > 0 && size <= *out_limit && size <= side && size <= (int64_t)o2c__muldiv_floor((uint64_t)open, side_ppm, 1000000);
}
/* The file says what the payer ordered in this currency, and it is not the one that arrived. */
static inline bool
o2c__is_ordered_in(const o2c_payment *payment, const char *currency)
{
    return payment->instructed_minor && memcmp(payment->instructed_currency, currency, 3) == 0 &&
           memcmp(payment->currency, currency, 3) != 0;
}
/* The host's rate from the currency of items to that of a payment; NULL = there is none (explain_foreign.c). */
const o2c_match_exchange *o2c__rate_of(const struct o2c__solve *solve, const char *from, const char *to);
static inline bool
o2c__is_held(const struct o2c__solve *solve, uint32_t item)
{
    return solve->held && solve->held[item] > 0;
}

/*
 * Fills cases[0 … count) for payments first … first + count, of route CUSTOMER or not (others get their text only): joined text,
 * hits, payers. Pure; prefetches across the batch. O2C_OK or O2C_E_NOMEM.
 */
o2c_status o2c__retrieve(struct o2c__solve *solve, uint64_t first, uint32_t count, struct o2c__case *cases, o2c_error *err);
/*
 * Damaged references of the tokens of a case, inside the given item accounts only (rung 2). Appends hits; O2C_OK or O2C_E_NOMEM.
 */
o2c_status o2c__retrieve_damaged(struct o2c__solve *solve, struct o2c__case *one, const uint32_t *item_accounts, uint32_t count,
                                 o2c_error *err);

/* Which remittance belongs to which payment of the request: fills solve->remitted (link.c). O2C_OK or O2C_E_NOMEM. */
o2c_status o2c__link(struct o2c__solve *solve, o2c_error *err);
void o2c__link_free(struct o2c__solve *solve);

/* ------------------------------------------------------------------ weights (weight.c; tables generated into tables.c) */

int32_t o2c__ln_u64(uint64_t n);                   /* ln n, Q16, n ≥ 1; rounded to nearest */
int32_t o2c__ln_ratio(uint64_t a, uint64_t b);     /* ln(a ÷ b), Q16; a, b ≥ 1 */
uint64_t o2c__exp_q40(int64_t w);                  /* e^w in Q40 for w ≤ 0 in Q16; 0 below −28 nats */
int32_t o2c__ln_binomial(uint32_t n, uint32_t k);  /* ln C(n, k), Q16, n ≤ 5,000 */
#define O2C__NEVER INT64_MIN                       /* weight of what has no mass */
/* explain_amount.c: ln P(T | A, x) */
int64_t o2c__ln_short(int64_t amount, int64_t open); /* X7 at A = open > T = amount > 0 */
int64_t o2c__ln_over(int64_t amount, int64_t open);  /* X8 at 0 < open < amount; O2C__NEVER beyond twice */

/* ------------------------------------------------------------------ explain (explain.c, sets.c, prior.c) */

#define O2C__SET_MAX 512 /* items of one hypothesis in this release; more are never listed */

/* One explanation: payer, items, arithmetic. Items are columns of the pool, ascending. */
struct o2c__hypothesis {
    int64_t weight;          /* W, Q16 nats */
    uint64_t mass;           /* e^(W − W_max), Q40 */
    uint32_t payer;          /* index into case payers */
    uint32_t items_at, items_count; /* rows of explanation items */
    int32_t arithmetic;      /* O2C_ARITHMETIC_… */
    int32_t scope;           /* O2C_SCOPE_… */
    int32_t ln_payer, ln_class, ln_set, ln_scope, ln_credit, ln_amount, ln_text; /* parts of W, Q16 */
    int32_t ln_expected;     /* what an expected payment for just these items adds, Q16 */
    int32_t waits;           /* O2C_EXPECTED_… of that payment, or of an X11; 0 = none, or a deposit request */
    uint32_t rate;           /* X3: row of fees; X4: row of withholding rates */
    int64_t difference;      /* Σ open − amount (after charges in the file) */
    uint32_t cited;          /* items the text cites */
    uint32_t merged;         /* sets of interchangeable items that were added into this one; 1 = none */
};
#define O2C__ROWS_MAX 256 /* explanations kept as rows; lighter ones go into dropped */

struct o2c__explanation {
    struct o2c__hypothesis *rows; /* heaviest first, smallest first among equals, then keys */
    uint32_t count;
    uint32_t *items;
    uint32_t *hits;          /* parallel to items: row of the case's hits that cites it, O2C__NONE = not cited */
    uint32_t items_count;
    uint64_t total;          /* Z, Q40 relative to the heaviest of everything, rows and lumps */
    uint64_t lump_short, lump_over, on_account, someone_else, bound; /* masses in Z that are not rows */
    uint64_t dropped;        /* mass of rows beyond O2C__ROWS_MAX, in Z */
    uint32_t dropped_named;  /* how many of them had a named cause (X0 … X6) */
    int64_t ln_lump_short, ln_lump_over, ln_on_account, ln_someone_else, ln_bound; /* the same as weights, Q16; INT64_MIN = none */
    uint32_t pool_count;     /* debit items of the winner's pool (n of the set prior) */
    bool complete;           /* every set was counted, or bounded below 1 ppm */
    bool cut_short;          /* operations ended first */
    bool quick;              /* found without a search: one row, each of its items cited, and bounds */
    uint64_t operations;
};
/* Asks for the columns that explaining these cases will read first; changes nothing. */
void o2c__explain_prefetch(const struct o2c__solve *solve, const struct o2c__case *cases, uint32_t count);
/* All explanations of one payment with their masses. O2C_OK, O2C_E_NOMEM or O2C_E_CANCELED. */
o2c_status o2c__explain(struct o2c__solve *solve, struct o2c__case *one, struct o2c__explanation *out, o2c_error *err);

/* ------------------------------------------------------------------ solution (solution.c) */
struct o2c_match_solution {
    o2c__context context;
    o2c__vector proposals, lines, evidence, alternatives, alternative_items, reasons;
    o2c__text_heap heap;
};
/* Empty arrays with an accountant of their own. */
void o2c__solution_init(o2c_match_solution *solution, const o2c__context *context);
/* Frees the arrays, not the solution. */
void o2c__solution_empty(o2c_match_solution *solution);

#endif

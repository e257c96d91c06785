/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From explanations to lines: what solve.c, choose.c, label.c, settle.c, gate.c, write.c and assign.c hand to each other.
 */
#ifndef O2C__MATCH_DECIDE_H
#define O2C__MATCH_DECIDE_H
#include "match/match.h"

/* What is decided about one item of the winner, before it is written down. */
struct o2c__part {
    uint32_t item;      /* column of the pool */
    uint32_t hit;       /* row of the case's hits, or O2C__NONE */
    int64_t offered;    /* open amount it is computed on */
    int64_t paid, discount, tolerance, charge, withholding, deduction;
    int64_t paid_currency, fx; /* of an item in another currency, else 0: in the payment's currency */
    int32_t deduction_reason;
    int32_t close;
    o2c_ref words;      /* payer's words, in the remittances' heap */
    uint64_t share;     /* mass of the explanations that settle this item in the same way */
    uint32_t error_ppb, class_error_ppm, confidence_ppm;
    int32_t label, certificate, band;
    uint32_t gates;
    int32_t scope;
    uint32_t line_class; /* label, payer class, scope and certificate in one number */
    bool released;       /* its class may post itself */
    bool would_auto;     /* everything is met but the release and the draw */
    bool sampled;        /* drawn for the audit sample */
    /* of a line of an advice (remit.h); the ordinary explanation leaves them zero */
    int32_t arithmetic;
    uint32_t claim;          /* 1 + column of the document that a deduction is about, 0 = none */
    uint32_t options;        /* readings of the line */
    uint32_t line_error_ppb; /* given that the advice belongs to the payment */
    int32_t ln_ratio;
    uint8_t error;           /* O2C__REF_… */
    bool twin;               /* a line that says the same is another payment's */
};
struct o2c__remit;

static inline uint32_t
o2c__line_class(int32_t label, int32_t payer_class, int32_t scope, int32_t certificate)
{
    return (uint32_t)label | (uint32_t)payer_class << 8 | (uint32_t)scope << 16 | (uint32_t)certificate << 24;
}

/* What is decided about one payment. */
struct o2c__decision {
    const struct o2c__hypothesis *winner; /* NULL = no explanation with items is likely enough */
    struct o2c__part *parts;
    uint32_t parts_count;
    int32_t kind, band, label, certificate;
    int32_t payer_class, payer_evidence;
    uint32_t payer;          /* index into the case's payers, O2C__NONE = not known */
    uint32_t outcome_ppm, confidence_ppm;
    uint64_t rivals;         /* mass of other explanations with items and a label */
    int64_t on_account, refund, unapplied, charge_in_file;
    int64_t rate_numerator, rate_denominator; /* items of another currency: what arrived for them, and what of theirs it pays; 0 = same */
    uint32_t gates;
    bool naked;              /* the text cites none of the winner's items */
    const struct o2c__remit *remit; /* decided by the lines of its advices; NULL = as a whole */
    bool above_naked_bar;    /* a set found by its sum alone: every line of it is above the bar */
};

/* The structs of a request, read by the struct_size rule; the shortest of this release is the longest. */
struct o2c__inputs {
    o2c_match_request request;
    o2c_match_executor executor;
    o2c_payments payments;
    o2c_remittances remittances;
    o2c_match_policy defaults; /* the shipped policy, where the request brings none */
    uint8_t defaults_hash[32];
};
/* solve_open.c: reads and checks a request, all but what solve->unchecked leaves to be checked; in must live as long as solve */
o2c_status o2c__solve_open(struct o2c__solve *solve, struct o2c__inputs *in, const o2c_env *env, const o2c_match_pool *pool,
                           const o2c_match_model *model, const o2c_match_request *request, o2c_error *err);
/* solve.c: count payments from first on, one batch after the other, behind what the solution holds */
o2c_status o2c__solve_range(struct o2c__solve *solve, uint64_t first, uint64_t count, o2c_error *err);
/* solve_ranges.c: all payments, in ranges that the executor runs; the same bytes */
o2c_status o2c__solve_ranges(struct o2c__solve *solve, o2c_error *err);

/* label.c: pure */
int32_t o2c__label(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                   const struct o2c__hypothesis *row);
uint32_t o2c__label_error_ppm(int32_t label); /* starting class error e0 */
int32_t o2c__payer_class(const struct o2c__case *one, const struct o2c__hypothesis *row);
int32_t o2c__certificate(const struct o2c__solve *solve, const struct o2c__explanation *why, const struct o2c__hypothesis *winner,
                         uint32_t item, uint64_t share);
bool o2c__released(int32_t label, int32_t payer_class, int32_t scope, int32_t certificate); /* the shipped list */

/* choose.c: the winner, the share of each line, confidence */
o2c_status o2c__choose(struct o2c__solve *solve, struct o2c__case *one, const struct o2c__explanation *why, struct o2c__decision *out,
                       o2c_error *err);
/* Confidence and class error of a part whose class and posterior stand (choose.c). */
void o2c__weigh_part(const struct o2c__solve *solve, uint32_t payer, struct o2c__part *part);
/* settle.c: every cent of a difference typed, per line */
o2c_status o2c__settle(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                       struct o2c__decision *decision, o2c_error *err);
/* gate.c: gates, bands */
void o2c__gate(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
               struct o2c__decision *decision);
/* Those of the payment and the payer; those that hold for every item of an item account, of which one is given. */
uint32_t o2c__payment_gates(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                            const struct o2c__decision *d);
uint32_t o2c__home_gates(const struct o2c__solve *solve, const struct o2c__case *one, uint32_t item);
/* plain.c: an explanation without a search that posts itself is written at once; false = it goes the long way, nothing was written */
bool o2c__plain(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why, o2c_status *out_status,
                o2c_error *err);
/* cap.c: what may still be given away to a customer; the gate of one payment; the gates of all payments together */
int64_t o2c__tolerance_left(const struct o2c__solve *solve, o2c_str account, const char *currency);
void o2c__gate_tolerance(const struct o2c__solve *solve, struct o2c__decision *decision);
bool o2c__is_gift(const o2c_line *line);
o2c_status o2c__cap_tolerance(struct o2c__solve *solve, o2c_error *err);
/* write.c: proposal, lines, evidence, alternatives, reasons into the solution */
o2c_status o2c__write_decision(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                               const struct o2c__decision *decision, o2c_error *err);
/* routed.c: payments that are answered, not matched */
o2c_status o2c__write_routed(struct o2c__solve *solve, const struct o2c__case *one, o2c_error *err);
/* assign.c: items that several payments want; is more cleared of an item than there is? */
bool o2c__is_beyond(const o2c_match_pool *pool, uint32_t item, int64_t cleared);
o2c_status o2c__assign(struct o2c__solve *solve, o2c_error *err);
/* validate.c */
bool o2c__currency_given(const char currency[4]); /* three capital letters, closed by a zero */
o2c_status o2c__validate_request(const o2c_payments *payments, const o2c_remittances *remittances, o2c__context *context, o2c_error *err);
/* The same in parts: the arrays alone, then some payments with the texts that they name */
o2c_status o2c__validate_arrays(const o2c_payments *payments, o2c_error *err);
o2c_status o2c__validate_payments(const o2c_payments *payments, uint64_t first, uint64_t count, int64_t amount_max, o2c_error *err);

/* reason.c: canonical deduction reason of a payer's code: our own name, or an X12 426 code; UNMAPPED when neither, UNCODED when empty */
int32_t o2c__deduction_reason(o2c_str code);
/* The same of a payer, who may have a code of his own that people gave a reason; account: of the pool, O2C__NONE = not known. */
int32_t o2c__reason_of(const struct o2c__solve *solve, uint32_t account, o2c_str code);

/* e ÷ total in ppm, rounded down; error in ppb, rounded up */
uint32_t o2c__share_ppm(uint64_t mass, uint64_t total);
uint32_t o2c__error_ppb(uint64_t mass, uint64_t total);

static inline bool
o2c__named(int32_t arithmetic)
{
    return arithmetic >= O2C_ARITHMETIC_X0 && arithmetic <= O2C_ARITHMETIC_X6;
}
static inline const uint32_t *
o2c__row_items(const struct o2c__explanation *why, const struct o2c__hypothesis *row)
{
    return why->items + row->items_at;
}
static inline const uint32_t *
o2c__row_hits(const struct o2c__explanation *why, const struct o2c__hypothesis *row)
{
    return why->hits + row->items_at;
}
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scorer: what was answered against what is true, and against what anyone could have known.
 *
 * Owns: the counters.   Reads: cases (truth and label), answers.   Never: looks at the matcher, or at how an answer came about.
 *
 * A line is right when it names the item, the cash it gets, and what of the item stays owed; a payment is right when all its lines are,
 * and none is missing or too many. Items no posting can tell apart (same twin, not cited by the text) count as right and are counted
 * apart; so do payments of one day that nobody can tell apart, when their answers are swapped. A payment nobody answered is not automatic;
 * one that is answered again is answered wrongly.
 */
#ifndef O2C_BENCH_MATCH_SCORE_H
#define O2C_BENCH_MATCH_SCORE_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { SCORE_IDENT = 1, SCORE_LIKELY, SCORE_AMBIGUOUS, SCORE_NONE, SCORE_UNKNOWN };
enum { SCORE_BAND_NONE, SCORE_BAND_PROPOSE, SCORE_BAND_AUTO };

#define SCORE_LABELS 6
#define SCORE_SCENARIOS 64
#define SCORE_BINS 32
#define SCORE_BARS 21
#define SCORE_CLASSES 4096
#define SCORE_POOLS 10
#define SCORE_SETS 6
#define SCORE_GROUP_MAX 64 /* payments of one group that are compared crosswise; beyond it each is judged by its own truth */

/* One item and what a payment does to it. */
struct score_line {
    uint32_t item;           /* index in the world */
    uint32_t line_class;     /* answers: kind of evidence, 0 = not said */
    uint64_t twin;           /* equal for items that no posting can tell apart, as they stood that day; 0 = like no other */
    int64_t paid_minor;      /* cash */
    int64_t allowed_minor;   /* given away with a reason: discount, fee, withholding */
    int64_t rest_minor;      /* still owed afterwards, as a rest or as a deduction; a small difference written away counts as owed */
    uint32_t confidence_ppm; /* answers */
    int32_t band;            /* answers */
    uint32_t cited;          /* truth: the text names this very item, so that no twin can stand in for it */
};
struct score_case {
    uint64_t payment; /* index in the world */
    uint64_t group;   /* payments of one day with equal payer, amount and citation share a number; 0 = alone */
    int32_t scenario; /* 1 for S01 … */
    int32_t label;
    uint32_t p_star_ppm; /* the oracle's posterior of the truth */
    uint32_t pool;       /* items the payer had open; 0 = not said */
    int64_t amount_minor;
    const struct score_line *lines;
    uint32_t count;
};
struct score_alternative {
    const struct score_line *lines; /* item and twin only */
    uint32_t count;
};
struct score_answer {
    uint64_t payment;
    int32_t band;
    uint32_t confidence_ppm; /* of the weakest line; 0 = not said */
    uint32_t gated;          /* 1 = held whatever its confidence */
    uint32_t typed;          /* 1 = allowed and rest are meant; 0 = items and amounts alone are compared */
    uint64_t operations;
    const struct score_line *lines;
    uint32_t count;
    const struct score_alternative *alternatives; /* next best first */
    uint32_t alternatives_count;
};

/* Counted by payment and by line, and both by money (minor units as they stand). */
struct score_tally {
    uint64_t payments, lines, money, line_money;
};
/* One slice of the cases: all of them, one label, one scenario. */
struct score_slice {
    struct score_tally seen;        /* truth */
    struct score_tally identifiable;/* label IDENT */
    struct score_tally automatic;   /* AUTO, right or wrong */
    struct score_tally identified;  /* AUTO, right, label IDENT */
    struct score_tally wrong;       /* AUTO and wrong */
    struct score_tally lucky;       /* AUTO and right where nobody could have known: AMBIGUOUS or NONE */
    struct score_tally twins;       /* AUTO and right through an interchangeable item or payment */
    uint64_t proposed, top1, top3;  /* band PROPOSE with a truth that has items */
    uint64_t abstain_due, abstained;
};
struct score_bin {
    uint64_t lines, right, confidence; /* Σ ppm */
};
struct score_class {
    uint32_t line_class;
    uint64_t lines, wrong;
};
/* At a bar: payments that would be automatic were every class released. */
struct score_bar {
    uint64_t payments, lines, wrong, wrong_lines, identified;
};
struct score {
    struct score_slice total, label[SCORE_LABELS], scenario[SCORE_SCENARIOS];
    struct score_slice grid[SCORE_POOLS][SCORE_SETS];
    struct score_bin bins[SCORE_BINS];
    struct score_class classes[SCORE_CLASSES]; /* open addressing; lines 0 = free */
    struct score_bar bars[SCORE_BARS + 1];     /* [i] = the confidence reaches bar i − 1 and no higher one */
    uint64_t ceiling, ceiling_money;           /* payments with p* ≥ .995: what an oracle would post */
    uint64_t forgotten, twice, strangers;      /* no answer · another answer · an answer to no payment */
    uint64_t operations, operations_max;
};

struct score *score_new(void); /* NULL = no memory */
void score_free(struct score *score);
/*
 * Judges the answers of one day. cases ascend by payment; answers come in any order. Answers 0, or −1 when memory is short.
 * The score is then useless.
 */
int score_day(struct score *score, const struct score_case *cases, uint64_t cases_count, const struct score_answer *answers,
              uint64_t answers_count);

/* score_right.c: how an answer compares with a truth. flags (one byte for each answer line, may be NULL) gets SCORE_LINE_…. */
enum { SCORE_LINE_WRONG, SCORE_LINE_TWIN, SCORE_LINE_EXACT };
struct score_verdict {
    bool right;       /* all lines right, none missing */
    bool twins;       /* … and at least one through an interchangeable item */
    uint32_t matched; /* lines that are right */
};
/* false = no memory. */
bool score_compare(const struct score_case *truth, const struct score_answer *answer, uint8_t *flags, struct score_verdict *out);
/* The same items, whatever their amounts. */
bool score_same_items(const struct score_case *truth, const struct score_line *lines, uint32_t count, bool *out_same);

/* score_write.c: what the counters say. */
extern const uint32_t score_bar_ppm[SCORE_BARS];
uint32_t score_share_ppm(uint64_t part, uint64_t whole); /* rounded down; 0 of 0 = 0 */
uint32_t score_precision_ppm(uint64_t wrong, uint64_t count);
uint32_t score_precision_low_ppm(uint64_t wrong, uint64_t count);
uint32_t score_ece_ppm(const struct score *score);
uint32_t score_bin_of(uint32_t confidence_ppm);
uint32_t score_bin_from_ppm(uint32_t bin); /* least error of the bin: confidence 1 − error */
/* "identifiable":… and what follows in the JSON object of the benchmark, without braces. */
void score_write_core(const struct score *score, FILE *out);
/* Slices, classes, reliability, curve: the long half, as further members of the same object. */
void score_write_more(const struct score *score, FILE *out);
#endif

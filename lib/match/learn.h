/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a model has learned from people: how often each class of lines was right, how far a posterior may be believed, which bank
 * accounts and names belong to whom, how people pay. Counters only; every one of them can be listed, written and read back.
 */
#ifndef O2C__MATCH_LEARN_H
#define O2C__MATCH_LEARN_H
#include "match/habit.h"
#include "match/habit_rows.h"
#include "match/index_slots.h"
#include "match/match.h"

#define O2C__LINE_UNIT UINT64_C(1000000000) /* one judged line; the unit of probabilities is one of 10^9, so both add up */
#define O2C__HALF_LIFE 180                  /* days */
#define O2C__COUNT_MAX (UINT64_C(1) << 62)  /* four thousand million lines: a sum of two never overflows */

/* value · 2^(−days ÷ half-life), rounded down; days ≤ 0 leave it (class.c). */
uint64_t o2c__decay(uint64_t value, int64_t days);

/* ------------------------------------------------------------------ class counts (class.c) */

/* One class at one owner: the host, a segment, or a customer. Stands in the slot itself, so that a look-up is one walk. */
struct o2c__class_count {
    uint64_t owner;
    uint32_t line_class; /* 0 = free slot */
    int32_t day;         /* the counts are those of this day */
    uint64_t judged, wrong, expected; /* in O2C__LINE_UNIT */
    uint32_t touched, reserved;       /* touched by the call that learns: its digest is not in the sum */
};
struct o2c__class_table {
    struct o2c__class_count *slots;
    uint32_t room, count; /* room = power of two, or 0 */
};

#define O2C__OWNER_HOST UINT64_C(0)
static inline uint64_t
o2c__owner_segment(int32_t tier)
{
    return UINT64_C(1) << 32 | (uint32_t)tier;
}
/* A customer is known by a hash of his key: equal on every machine, and no key stands in the model for its counts. */
uint64_t o2c__owner_customer(o2c_str account);

const struct o2c__class_count *o2c__class_find(const struct o2c__class_table *table, uint64_t owner, uint32_t line_class);
/* The count, new if it was not there; NULL = no memory. */
struct o2c__class_count *o2c__class_put(struct o2c__class_table *table, o2c__memory *memory, uint64_t owner, uint32_t line_class);
/* Brings the counts forward to a day. */
void o2c__class_age(struct o2c__class_count *count, int32_t day);
/* Class error in ppb, rounded up, at a customer of a segment: three levels, each shrunk to the one above (MATCHER 11.3). */
uint32_t o2c__class_error_ppb(const o2c_match_model *model, uint32_t k, uint32_t line_class, int32_t tier, o2c_str account,
                              uint32_t start_ppm);
/* The same at the level of the host alone. */
uint32_t o2c__class_host_ppb(const o2c_match_model *model, uint32_t k, uint32_t line_class, uint32_t start_ppm);

/* ------------------------------------------------------------------ calibration of posteriors (calibrate.c) */
#define O2C__CAL_BINS 32u
struct o2c__calibration {
    uint64_t judged[O2C__CAL_BINS], wrong[O2C__CAL_BINS]; /* O2C__LINE_UNIT */
    int32_t day;
    uint32_t fitted;              /* 1 = the table below counts; 0 = the posterior is taken at its word */
    uint32_t q_ppb[O2C__CAL_BINS];
};
uint32_t o2c__cal_bin(uint32_t error_ppb);
/* Calibrated error of a posterior that leaves error_ppb. */
static inline uint32_t
o2c__calibrated(const struct o2c__calibration *cal, uint32_t error_ppb)
{
    return cal->fitted ? cal->q_ppb[o2c__cal_bin(error_ppb)] : error_ppb;
}
void o2c__cal_age(struct o2c__calibration *cal, int32_t day);
void o2c__cal_fit(struct o2c__calibration *cal);

/* ------------------------------------------------------------------ release (release.c) */
#define O2C__PERIOD_DAYS 28
#define O2C__PERIODS 13u /* 364 days, the running one included */

/* What speaks for and against the release of one class. Periods are kept apart, so that the sample forgets after a year. */
struct o2c__release_row {
    uint32_t line_class;
    uint32_t suspended;
    int32_t period;          /* day ÷ O2C__PERIOD_DAYS of the running period */
    uint32_t sample_bound_ppm, history_bound_ppm; /* of the sums below: kept, as solved lines ask for them */
    uint64_t history_lines, history_wrong;
    uint32_t sample_lines[O2C__PERIODS], sample_wrong[O2C__PERIODS], corrections[O2C__PERIODS], posted[O2C__PERIODS]; /* [0] = running */
    uint32_t touched, reserved; /* by the day that is learned */
};
struct o2c__release_table {
    struct o2c__release_row *rows; /* by class */
    uint32_t count, room;
};
struct o2c__release_row *o2c__release_find(const struct o2c__release_table *table, uint32_t line_class);
struct o2c__release_row *o2c__release_put(struct o2c__release_table *table, o2c__memory *memory, uint32_t line_class);
/* Moves the window to a day; a day of an earlier period changes nothing and tells which period it is in (≥ O2C__PERIODS = forgotten). */
uint32_t o2c__release_period(struct o2c__release_row *row, int32_t day);
/* Both bounds anew, from what is counted. */
void o2c__release_bounds(struct o2c__release_row *row);
uint64_t o2c__release_sum(const uint32_t periods[O2C__PERIODS]);
/* May a class post itself under this policy and model? */
bool o2c__class_open(const o2c_match_model *model, const o2c_match_policy *policy, uint32_t line_class);
/* Listed by the shipped list or by the policy, suspended or not. */
bool o2c__class_listed(const o2c_match_policy *policy, uint32_t line_class);

/* ------------------------------------------------------------------ audit sample (sample.c) */
/* Is this line drawn? */
bool o2c__sampled(const o2c_match_model *model, const o2c_match_policy *policy, uint32_t line_class, o2c_str payment, o2c_str item);

/* ------------------------------------------------------------------ learned rows (learned.c) */
struct o2c__learned {
    uint64_t row;            /* hash of kind, text and account; top bit set */
    o2c_ref account, text;   /* in the model's heap */
    uint8_t kind, state;
    uint8_t exact;           /* confirmed once beside an exact reference */
    uint8_t touched;         /* by the call that learns: its digest is not in the sum */
    uint32_t seen, persons;
    int32_t first_day, last_day, revoked_day;
};
struct o2c__learned_table {
    o2c__vector rows;
    o2c__text_heap heap;
    struct o2c__slots by_text, by_row; /* shapes are found by row alone: many customers have the same one */
    uint32_t shapes, reserved;         /* bit n: some row is of reference shape n */
};
uint64_t o2c__learned_number(int32_t kind, o2c_str text, o2c_str account);
/* Row of the table by number; O2C__NONE = none. */
uint32_t o2c__learned_by_row(const o2c_match_model *model, uint64_t row);
/* Next row with this kind and text; *at starts at O2C__NONE. O2C__NONE = no more. */
uint32_t o2c__learned_next(const o2c_match_model *model, int32_t kind, o2c_str text, uint32_t *at);
/* The row, new if it was not there; O2C__NONE = no memory. */
uint32_t o2c__learned_put(o2c_match_model *model, int32_t kind, o2c_str text, o2c_str account, int32_t day, bool *out_new);

/* ------------------------------------------------------------------ all of it */
/* A sum of row digests, 256 bits: independent of the order of rows, and kept up to date row by row (model_hash.c). */
struct o2c__digest_sum {
    uint64_t words[4];
};
struct o2c__memories {
    int32_t day; /* newest day that was learned; 0 = none */
    struct o2c__digest_sum classes_sum, learned_sum, rows_sum;
    struct o2c__class_table classes;
    struct o2c__calibration cal;
    struct o2c__release_table releases;
    struct o2c__learned_table learned;
    struct o2c__habits habits;
    struct o2c__habit_table rows;
};

/* ------------------------------------------------------------------ memories.c */
struct o2c__memories *o2c__memories_new(o2c__memory *memory);
struct o2c__memories *o2c__memories_copy(o2c__memory *memory, const struct o2c__memories *from);
void o2c__memories_free(o2c__memory *memory, struct o2c__memories *memories);

/* ------------------------------------------------------------------ model_hash.c */
void o2c__digest_class(struct o2c__digest_sum *sum, const struct o2c__class_count *row, bool plus);
void o2c__digest_habit(struct o2c__digest_sum *sum, const struct o2c__habit_row *row, bool plus);
void o2c__digest_learned(struct o2c__digest_sum *sum, const struct o2c__learned *row, o2c_str heap, bool plus);
/* Takes up what a call touched. */
void o2c__digest_touched(struct o2c__memories *memories);
bool o2c__model_hash(o2c_match_model *model);

/* ------------------------------------------------------------------ model_write.c, model_read.c */
#define O2C__MODEL_MAGIC "o2c.match.model"
#define O2C__MODEL_VERSION 1u
void o2c__write_model_series(o2c__writer *writer, const o2c_match_model *model);
void o2c__write_memories_small(o2c__writer *writer, const struct o2c__memories *memories);
/* Slots of counts or of habits, or rows learned, in canonical order; freed with o2c__order_free and the count of rows. NULL = no memory. */
uint32_t *o2c__order_counts(o2c__memory *memory, const struct o2c__class_table *table);
uint32_t *o2c__order_habits(o2c__memory *memory, const struct o2c__habit_table *table);
uint32_t *o2c__order_learned(o2c__memory *memory, const struct o2c__learned_table *table);
void o2c__order_free(o2c__memory *memory, uint32_t *order, size_t count);

/* ------------------------------------------------------------------ model.c */
/* An empty model with the context's settings; NULL = no memory. */
o2c_match_model *o2c__model_alloc(const o2c__context *context);
/* learn_judged.c: of what counts as wrong only this share is; the model gets a new hash. */
o2c_status o2c__model_judged(o2c_match_model *model, uint32_t share_ppm, o2c_error *err);
/* bound.c: 97.5 % upper bound of the share that was judged against us, in ppm. */
uint32_t o2c__bound_against_ppm(uint64_t against, uint64_t drawn);
/* Another model with the same content; NULL = no memory. */
o2c_match_model *o2c__model_copy(const o2c_match_model *model, bool with_series);
/* Of a model that is whole: its name, and the prior that it makes of habits. false = no memory. */
bool o2c__model_settle(o2c_match_model *model);
/* Names it and hands it out; frees it on failure. */
o2c_status o2c__model_finish(o2c_match_model *model, o2c_match_model **out_model, o2c_error *err);
#endif

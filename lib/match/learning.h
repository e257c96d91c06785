/* SPDX-License-Identifier: Apache-2.0 */
/* One call of o2c_match_learn: what learn.c, learn_names.c, learn_release.c and changes.c hand to each other. */
#ifndef O2C__MATCH_LEARNING_H
#define O2C__MATCH_LEARNING_H
#include "match/learn.h"

struct o2c_match_changes {
    o2c__context context;
    o2c__vector rows; /* of o2c_match_change */
    o2c__text_heap heap;
};

struct o2c__learning {
    o2c_match_model *next;
    const o2c_match_policy *policy;
    const o2c_feedback *rows;
    o2c_str heap;
    o2c_match_changes *changes; /* NULL = not asked for */
    o2c__vector lessons;        /* of one day (learn_names.c) */
    o2c__map known;             /* kind, account and text as given → row of numbers */
    o2c__vector numbers;        /* of uint64_t */
    o2c__arena words;           /* keys of known */
    o2c__arena cutting;         /* one text while it is read */
    int32_t day;                /* of the rows at hand; the model's day may be later */
    struct o2c__host_prior *host; /* how the host's customers paid before that day (ways_count.c) */
};

static inline bool
o2c__silent(int32_t verdict)
{
    return verdict == O2C_VERDICT_POSTED || verdict == O2C_VERDICT_REFUSED_TECHNICAL || verdict == O2C_VERDICT_EXPIRED;
}
/* Was the line wrong? */
static inline bool
o2c__judged_wrong(const o2c_feedback *row)
{
    bool said = row->verdict == O2C_VERDICT_MODIFIED || row->verdict == O2C_VERDICT_HISTORY;
    return row->verdict == O2C_VERDICT_REJECTED || row->verdict == O2C_VERDICT_REVERSED || (said && !row->right);
}

/* A posting that was taken back, or changed in the host's own books. */
static inline bool
o2c__corrects(const o2c_feedback *row)
{
    return row->verdict == O2C_VERDICT_REVERSED || (row->source == O2C_FEEDBACK_ERP && o2c__judged_wrong(row));
}

/* learn_check.c: every row before anything is learned */
o2c_status o2c__feedback_check(const o2c_feedback *rows, uint64_t count, o2c_str heap, o2c_error *err);
/* learn_names.c: bank accounts and names of the rows of one day; then what was taken back. false = no memory */
bool o2c__learn_names(struct o2c__learning *learning, const uint32_t *order, uint32_t count);
bool o2c__learn_revoke(struct o2c__learning *learning, const uint32_t *order, uint32_t count);
/* learn_release.c: what a row says for or against the release of its class; then suspensions */
bool o2c__learn_release(struct o2c__learning *learning, const o2c_feedback *row);
bool o2c__learn_suspend(struct o2c__learning *learning);
/* habit.c */
void o2c__learn_habit(struct o2c__habits *habits, const o2c_feedback *row);
void o2c__habits_age(struct o2c__habits *habits, int32_t from, int32_t to);
/* ways_count.c: before the rows of a day, one of them, and after the last day. false = no memory */
bool o2c__ways_day(struct o2c__learning *learning);
bool o2c__learn_ways(struct o2c__learning *learning, const o2c_feedback *row);
void o2c__ways_end(struct o2c__learning *learning);
/* changes.c: one change of the day at hand; true when nobody asked. false = no memory */
bool o2c__change_class(struct o2c__learning *learning, int32_t kind, uint32_t line_class, uint32_t bound_ppm);
bool o2c__change_learned(struct o2c__learning *learning, int32_t kind, const struct o2c__learned *row);
bool o2c__change_host_row(struct o2c__learning *learning, uint64_t row);
o2c_match_changes *o2c__changes_new(const o2c__context *context);
bool o2c__changes_sort(o2c_match_changes *changes);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Habits that are learned of one owner, customer, segment or host: how often something was seen, and how often it was looked for. A row
 * is a pair of counters under (owner, kind, key); what a key means its kind says. Rows forget with the half-life of all that is learned.
 */
#ifndef O2C__MATCH_HABIT_ROWS_H
#define O2C__MATCH_HABIT_ROWS_H
#include "base/base.h"


struct o2c__habit_row {
    uint64_t owner; /* O2C__OWNER_HOST, o2c__owner_segment(), o2c__owner_customer() */
    uint64_t key;
    uint16_t kind;    /* 0 = free slot */
    uint16_t touched; /* by the call that learns: its digest is not in the sum */
    int32_t day;      /* the counts are those of this day */
    uint64_t seen, asked; /* in O2C__LINE_UNIT */
};
struct o2c__habit_table {
    struct o2c__habit_row *slots;
    uint32_t room, count; /* room = power of two, or 0 */
};

/* One of O2C_HABIT_…? Another version may count what this one does not know. */
bool o2c__habit_known(int64_t kind);
const struct o2c__habit_row *o2c__habit_find(const struct o2c__habit_table *table, uint64_t owner, uint32_t kind, uint64_t key);
/* The row, new and all zero but for its name if it was not there; NULL = no memory. */
struct o2c__habit_row *o2c__habit_put(struct o2c__habit_table *table, o2c__memory *memory, uint64_t owner, uint32_t kind, uint64_t key);
/* Brings the counts forward to a day; an earlier one changes nothing. */
void o2c__habit_age(struct o2c__habit_row *row, int32_t day);
/* Takes a row out. Rows behind it move up, so every pointer into the table is void. */
void o2c__habit_remove(struct o2c__habit_table *table, const struct o2c__habit_row *row);

/* ------------------------------------------------------------------ in a call that learns: the digest of the table is kept up to date */
struct o2c__memories;
struct o2c__learning;
/* The row brought forward to the day of the model, new if it was not there, to be changed by the caller; NULL = no memory. */
struct o2c__habit_row *o2c__habit_touch(struct o2c__learning *learning, uint64_t owner, uint32_t kind, uint64_t key);
/* Adds what was seen and asked on a day, with the weight of its age; false = no memory. */
bool o2c__habit_count(struct o2c__learning *learning, uint64_t owner, uint32_t kind, uint64_t key, uint64_t seen, uint64_t asked,
                      int32_t day);
/* Takes a row out, with its digest; none = nothing to do. */
void o2c__habit_drop(struct o2c__memories *memories, uint64_t owner, uint32_t kind, uint64_t key);
#endif

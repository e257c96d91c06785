/* SPDX-License-Identifier: Apache-2.0 */
/* What solving in ranges (solve_ranges.c) and placing what they wrote (solve_place.c) share. */
#ifndef O2C__MATCH_SOLVE_RANGES_H
#define O2C__MATCH_SOLVE_RANGES_H
#include "match/decide.h"

#define O2C__DESKS 64u        /* ranges that may be under work or wait to be placed */
#define O2C__RANGES_RUN 1024u /* ranges of one run of the executor */

/*
 * Where one range at a time is solved: warm scratch, and rows that are not in the whole yet. Proposals are written where they stay, as
 * there is one for each payment; the vector here is a window that cannot grow.
 */
struct o2c__desk {
    struct o2c__solve solve;
    o2c_match_solution part;
    o2c__memory closed; /* gives nothing */
    o2c_error err;
    o2c_status status;
};

/* Where the rows of a range go. */
struct o2c__place {
    uint32_t lines, items, evidence, alternatives, alternative_items, reasons, heap;
};

enum { O2C__RANGE_SOLVED = 1, O2C__RANGE_TAKEN = 2 };
struct o2c__range {
    uint32_t state; /* 0 = not solved; SOLVED = waits for its turn; TAKEN = somebody places it */
    uint32_t desk;
    uint32_t came;  /* the job of this number was run */
};

/* One run of the executor over ranges that follow each other. */
struct o2c__wave {
    struct o2c__solve *whole;
    struct o2c__solve pattern; /* the whole before any range was placed: what a desk begins with */
    struct o2c__desk *desks;
    struct o2c__range *ranges;
    uint32_t taken[O2C__DESKS];
    bool open[O2C__DESKS];  /* set up; looked at only by who has the desk */
    uint64_t first;         /* payment of range 0 */
    uint32_t step;          /* payments of a range */
    uint32_t count;         /* ranges */
    uint32_t next;          /* range that is solved next */
    uint32_t turn;          /* range that is placed next */
    uint32_t failed;        /* lowest range that failed; O2C__NONE = none */
};

static inline struct o2c__desk *
o2c__range_desk(const struct o2c__wave *wave, uint32_t range)
{
    return &wave->desks[wave->ranges[range].desk];
}
/* The desk is free for another range; its memory stays. */
void o2c__desk_leave(struct o2c__wave *wave, uint32_t desk);
/* Says that a range is solved, and places all whose turn has come as long as there is room: any thread. */
void o2c__place_solved(struct o2c__wave *wave, uint32_t range);
/* The rest of a wave, when no thread works on it any more: arrays may grow. False = no memory. */
bool o2c__place_rest(struct o2c__wave *wave);
#endif

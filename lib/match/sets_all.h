/* SPDX-License-Identifier: Apache-2.0 */
/* One search for every set that fits: what is asked (sets_all.c), how it is found (sets_walk.c), what becomes of it (sets_take.c). */
#ifndef O2C__MATCH_SETS_ALL_H
#define O2C__MATCH_SETS_ALL_H
#include "match/explain.h"
#include "match/halves.h"
#include "match/sets_choose.h"
#include "match/sums.h"

#define O2C__WINDOWS_MOST (2u + 64u)

/* A set by places of the pool's order. */
struct o2c__set_bits {
    uint64_t bits[O2C__SUMS_WORDS];
};
struct o2c__set_search {
    struct o2c__job *job;
    struct o2c__view *view;
    const uint32_t *slots;
    uint32_t credits;               /* searched as items: one that is found is a credit left out; 0 = selection by selection */
    uint32_t all;                   /* debits and those credits */
    struct o2c__selection left;     /* what a set found uses of them */
    uint32_t count, side, room;     /* room 0 = the way is chosen for each walk */
    uint32_t words;                 /* of a set */
    int64_t amounts[O2C__ALL_SLOTS];
    uint32_t order[O2C__ALL_SLOTS]; /* largest amount first */
    int64_t rising[O2C__ALL_SLOTS]; /* amounts that are not above the one asked for, smallest first */
    uint32_t fitting, skip;         /* how many they are, and how many are left out */
    uint64_t step;                  /* operations of a step in the lists */
    uint64_t ceiling;               /* operations at which a search gives up and leaves its bound */
    int64_t total;
    bool turned;                    /* the sets are what is left out */
    struct o2c__halves halves;      /* bit i of a mask = the i-th item of this half */
    const struct o2c__selection *selection;
    int32_t cause;                  /* of this walk; O2C_ARITHMETIC_X0 = open amounts, whatever cause fits */
    int64_t floor, ln_base;         /* lighter sets are only added up */
    uint64_t light;                 /* their masses, Q40 relative to a million times the floor */
    uint32_t hits, rows, light_count;
};

/* Small differences that the policy takes for an amount like this. */
int64_t o2c__set_search_tolerance(const struct o2c__job *job);
/* Every set whose sum lies in one of the windows is taken. False: there was no room for all, or too little work is left. */
bool o2c__set_search_walk(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count);
/* A set that was found becomes a row or is added up. False: too many were found. */
bool o2c__set_search_take(struct o2c__set_search *s, struct o2c__set_bits *places, int64_t sum);
#endif

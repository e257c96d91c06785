/* SPDX-License-Identifier: Apache-2.0 */
/* assign.c decides who is served; assign_rewrite.c makes the solution say so. */
#ifndef O2C__MATCH_ASSIGN_H
#define O2C__MATCH_ASSIGN_H
#include "match/decide.h"

struct o2c__claimant {
    uint32_t proposal;
    uint32_t error_ppb; /* of its weakest line */
    bool suggestion;    /* an amount and nothing else: nobody names the payer, nothing is cited (payer step P7) */
    const o2c_payment *payment;
    o2c_str heap;
    uint32_t rival; /* claimant it lost to, or the first it won against; O2C__NONE = none */
    bool lost;      /* at least one line came too late */
    bool equal;     /* lost to an equal payment */
};

struct o2c__assign {
    struct o2c__solve *solve;
    o2c__memory *memory;
    int64_t *claimed, *taken; /* per open item, in the direction of the item */
    uint32_t *holder;         /* first claimant that took the item */
    uint8_t *dropped;         /* per line */
    size_t lines_count;
    o2c__vector claimants;    /* strongest first */
    bool contested;
};
/* Lines that came too late go, bands and rests follow, reasons name the other payment. */
o2c_status o2c__assign_rewrite(struct o2c__assign *a, o2c_error *err);
#endif

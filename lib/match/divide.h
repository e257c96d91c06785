/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of an advice divided over several payments, so that what each payment gets adds up to it. Lines that say the same (a kind) are
 * counted, not told apart: which of them goes where is no other division.
 */
#ifndef O2C__MATCH_DIVIDE_H
#define O2C__MATCH_DIVIDE_H
#include "base/base.h"

#define O2C__DIVIDE_PAYMENTS 8u
#define O2C__DIVIDE_KINDS 256u

typedef uint32_t o2c__dealt[O2C__DIVIDE_PAYMENTS][O2C__DIVIDE_KINDS]; /* payment, kind → lines */

struct o2c__divide {
    int64_t amounts[O2C__DIVIDE_KINDS]; /* of one line of the kind, never 0; the largest first, whatever its sign */
    uint32_t counts[O2C__DIVIDE_KINDS];
    uint32_t kinds;
    int64_t targets[O2C__DIVIDE_PAYMENTS]; /* they add up to all lines */
    bool twins[O2C__DIVIDE_PAYMENTS];      /* no posting can tell the payment from the one before it */
    uint32_t payments;
    uint32_t asked;                        /* payments whose lines are wanted: what the others get is nobody's question */
    uint64_t steps, steps_max;             /* steps grow from call to call */
    uint32_t found;                        /* out: divisions, 2 = more than one */
    bool complete;                         /* out: every division was seen, or all there is to know about them */
    o2c__dealt first;                      /* out: the first division */
    o2c__dealt least;                      /* out: what every division gives the payment, if complete */
    int64_t need[O2C__DIVIDE_PAYMENTS][O2C__DIVIDE_KINDS + 1]; /* scratch from here on */
    int64_t above[O2C__DIVIDE_PAYMENTS][O2C__DIVIDE_KINDS + 1], below[O2C__DIVIDE_PAYMENTS][O2C__DIVIDE_KINDS + 1];
    uint32_t free[O2C__DIVIDE_KINDS];
    o2c__dealt now, last;
    bool tied[O2C__DIVIDE_PAYMENTS][O2C__DIVIDE_KINDS + 1];
};
/* Do the amounts stay inside 64 bits, and do the targets add up to them? Else the division is not asked for. */
bool o2c__divide_holds(const struct o2c__divide *divide);
void o2c__divide(struct o2c__divide *divide);
/* ln of how many divisions would tie by accident, Q16: divisions that might have been × density of the sums (MATCHER 5.6). */
int64_t o2c__divide_ln_accident(const struct o2c__divide *divide);
#endif

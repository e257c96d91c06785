/* SPDX-License-Identifier: Apache-2.0 */
/* How many sets would add up by accident: the number that people understand (MATCHER 11.1). */
#ifndef O2C__MATCH_ACCIDENTS_H
#define O2C__MATCH_ACCIDENTS_H
#include "match/decide.h"

#define O2C__ACCIDENTS_MAX UINT64_C(1000000000000000000) /* in thousandths: more than anybody reads */

/* C(n, m)·(2·tolerance + 1) ÷ span in thousandths: sets of m of n items, each as likely to hit as any sum inside the span.
 * 0 < m ≤ n ≤ 5,000. */
uint64_t o2c__accidents(uint32_t n, uint32_t m, uint64_t tolerance, uint64_t span);
/* The same for what a winner pays, from the items of the accounts that it pays at. False = no memory. */
bool o2c__accidents_of(struct o2c__solve *solve, const struct o2c__explanation *why, const struct o2c__hypothesis *winner, uint64_t *out);
#endif

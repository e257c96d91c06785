/* SPDX-License-Identifier: Apache-2.0 */
/* Desks from a seed: four customers, two ties, up to 22 items and six payments; the same on every platform. */
#ifndef O2C_TEST_RANDOM_DESK_H
#define O2C_TEST_RANDOM_DESK_H
#include "support/build.h"

/* splitmix64 */
uint64_t random_draw(uint64_t *state);
uint64_t random_below(uint64_t *state, uint64_t n);
#define RANDOM_CUSTOMERS 4
extern const char *const random_accounts[RANDOM_CUSTOMERS];
extern const char *const random_ibans[RANDOM_CUSTOMERS];
/* Items of all customers, behind those that the desk has. */
void random_items(struct desk *desk, uint64_t *seed);
void random_desk(struct desk *desk, uint64_t seed);
/* Advices for some of the payments: named or on their own, of known and unknown documents, with discounts, deductions and claims. */
void random_remittances(struct desk *desk, uint64_t *seed);
/* Everything a user sees of one proposal, strings resolved. */
uint64_t random_digest(const struct desk *desk, uint32_t proposal);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Between payer.c and payer_learned.c. */
#ifndef O2C__MATCH_PAYER_H
#define O2C__MATCH_PAYER_H
#include "match/index.h"

struct o2c__payer_known {
    uint32_t account;
    bool confirmed;
    uint64_t row;
};
/* Accounts that this bank account or folded name is known for, in their order; O2C__NONE = so many that it says nothing. */
uint32_t o2c__payer_known(const struct o2c__solve *solve, int32_t kind, o2c_str text, struct o2c__payer_known out[O2C__DISTINCTIVE]);
#endif

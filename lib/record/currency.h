/* SPDX-License-Identifier: Apache-2.0 */
/* The currency table, between the generated file and its reader. */
#ifndef O2C__RECORD_CURRENCY_H
#define O2C__RECORD_CURRENCY_H
#include <stdint.h>

struct o2c__currency_row {
    char code[4];
    int8_t digits; /* -1 = no minor units */
    int8_t historic;
};
extern const struct o2c__currency_row o2c__currency_rows[]; /* by code */
extern const uint32_t o2c__currency_count;
#endif

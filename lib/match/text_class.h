/* SPDX-License-Identifier: Apache-2.0 */
/* One byte of ASCII folded: a digit, a capital, or 0 = separator. Bytes from 128 on go the slow way (o2c__fold_reference). */
#ifndef O2C__MATCH_TEXT_CLASS_H
#define O2C__MATCH_TEXT_CLASS_H
#include <stdint.h>

extern const char o2c__text_class[128];

static inline char
o2c__text_fold(char byte)
{
    return (uint8_t)byte < 128 ? o2c__text_class[(uint8_t)byte] : 0;
}
static inline int
o2c__text_is_digit(char folded)
{
    return folded >= '0' && folded <= '9';
}
#endif

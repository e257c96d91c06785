/* SPDX-License-Identifier: Apache-2.0 */
/* The folding tables, between the generated file and its reader. Code points are ascending. */
#ifndef O2C__RECORD_FOLD_H
#define O2C__RECORD_FOLD_H
#include <stdint.h>

struct o2c__fold_range {
    uint32_t first;
    int32_t delta; /* 0 = kept as it is */
    uint16_t count, stride;
};
struct o2c__fold_drop {
    uint32_t first, last;
};
struct o2c__fold_string {
    uint32_t code;
    uint16_t at, len; /* in the heap */
};
extern const struct o2c__fold_range o2c__fold_ranges[]; /* at most one begins inside another */
extern const uint32_t o2c__fold_range_count;
extern const struct o2c__fold_drop o2c__fold_drops[];
extern const uint32_t o2c__fold_drop_count;
extern const struct o2c__fold_string o2c__fold_strings[];
extern const uint32_t o2c__fold_string_count;
extern const char o2c__fold_heap[];
extern const char *const o2c__fold_words[]; /* legal forms and joiners */
extern const uint32_t o2c__fold_word_count;

#define O2C__FOLD_UMLAUT 0x308u
#define O2C__FOLD_RING 0x30Au
/* What a code point above ASCII becomes: its bytes in *out (at most 36), the length; 0 = dropped, a single blank = not a letter or
 * number. The bytes may hold U+0308 and U+030A behind a letter. */
uint32_t o2c__fold_code(uint32_t code, char out[40]);
#endif

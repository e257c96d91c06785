/* SPDX-License-Identifier: Apache-2.0 */
/* One byte of ASCII folded: a digit, a capital, or 0 = separator. Bytes from 128 on go the slow way (o2c__fold_reference). */
#ifndef O2C__MATCH_TEXT_CLASS_H
#define O2C__MATCH_TEXT_CLASS_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__) && !defined(O2C_SCALAR)
#include <emmintrin.h>
#endif

extern const char o2c__text_class[128];

static inline char
o2c__text_fold(char byte)
{
    return (uint8_t)byte < 128 ? o2c__text_class[(uint8_t)byte] : 0;
}
#define O2C__TEXT_BLOCK 64u

static inline int
o2c__text_is_digit(char folded)
{
    return folded >= '0' && folded <= '9';
}

/* 64 bytes at a time, or the first 16, 32 or 48 of them: folded bytes with zeros for separators, and a bit for every digit and every
 * letter. Answers a bit for every byte from 128 on. */
#if defined(__SSE2__) && !defined(O2C_SCALAR)
/* Bytes of v from first to last, in one comparison: the distance to first, capped, is the distance. */
static inline __m128i
o2c__text_between(__m128i v, char first, char last)
{
    __m128i distance = _mm_sub_epi8(v, _mm_set1_epi8(first)), most = _mm_set1_epi8((char)(last - first));
    return _mm_cmpeq_epi8(_mm_min_epu8(distance, most), distance);
}
static inline uint64_t
o2c__text_fold_some(const char *from, unsigned count, char *folded, uint64_t *digits, uint64_t *letters)
{
    uint64_t high = 0;
    *digits = *letters = 0;
    for (unsigned i = 0; i < count; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(from + i));
        __m128i digit = o2c__text_between(v, '0', '9'), letter = o2c__text_between(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 'z');
        __m128i out = _mm_or_si128(_mm_and_si128(v, digit), _mm_and_si128(_mm_and_si128(v, _mm_set1_epi8((char)0xDF)), letter));
        _mm_storeu_si128((__m128i *)(void *)(folded + i), out);
        *digits |= (uint64_t)(uint32_t)_mm_movemask_epi8(digit) << i;
        *letters |= (uint64_t)(uint32_t)_mm_movemask_epi8(letter) << i;
        high |= (uint64_t)(uint32_t)_mm_movemask_epi8(v) << i;
    }
    return high;
}
/* Are these bytes, 16 at least, capitals and digits? The last sixteen overlap those before them. */
static inline int
o2c__text_is_folded(const char *text, uint32_t len)
{
    int all = 0xFFFF;
    for (uint32_t at = 0; at < len; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(text + (at + 16 <= len ? at : len - 16)));
        all &= _mm_movemask_epi8(_mm_or_si128(o2c__text_between(v, '0', '9'), o2c__text_between(v, 'A', 'Z')));
    }
    return all == 0xFFFF;
}
#else
static inline int
o2c__text_is_folded(const char *text, uint32_t len)
{
    int all = 1;
    for (uint32_t at = 0; at < len; at++)
        all &= text[at] && o2c__text_fold(text[at]) == text[at];
    return all;
}
static inline uint64_t
o2c__text_fold_some(const char *from, unsigned count, char *folded, uint64_t *digits, uint64_t *letters)
{
    uint64_t high = 0;
    *digits = *letters = 0;
    for (unsigned i = 0; i < count; i++) {
        folded[i] = o2c__text_fold(from[i]);
        *digits |= (uint64_t)(o2c__text_is_digit(folded[i]) != 0) << i;
        *letters |= (uint64_t)(folded[i] >= 'A') << i;
        high |= (uint64_t)((uint8_t)from[i] >= 128) << i;
    }
    return high;
}
#endif
static inline uint64_t
o2c__text_fold_block(const char *from, char *folded, uint64_t *digits, uint64_t *letters)
{
    return o2c__text_fold_some(from, O2C__TEXT_BLOCK, folded, digits, letters);
}
/* Not a byte more than these. Keys and numbers are short: two words that overlap hold all of one, and no function is called. */
static inline void
o2c__text_copy_exact(char *to, const char *from, size_t len)
{
    uint64_t first, last;
    if (len < sizeof first || len > 2 * sizeof first) {
        memcpy(to, from, len);
        return;
    }
    memcpy(&first, from, sizeof first);
    memcpy(&last, from + len - sizeof last, sizeof last);
    memcpy(to, &first, sizeof first);
    memcpy(to + len - sizeof last, &last, sizeof last);
}
/* Sixteen bytes at a time: what is copied too much is written over by what follows, so both sides have 15 bytes to spare. */
static inline void
o2c__text_copy(char *to, const char *from, uint32_t len)
{
    uint32_t at = 0;
    do {
        memcpy(to + at, from + at, 16);
        at += 16;
    } while (at < len);
}
#endif

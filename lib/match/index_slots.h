/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open addressing in 8-byte slots: 32 bits of the hash as a tag, 32 bits of a value. The key itself stands elsewhere and the
 * caller verifies it, so a hit of the tag proves nothing. The tag also says where its walk begins, so that a table can be made wider
 * without its keys. The hash is keyed by the handle; no result depends on the order of slots.
 */
#ifndef O2C__MATCH_INDEX_SLOTS_H
#define O2C__MATCH_INDEX_SLOTS_H
#include "base/base.h"
#if defined(__SSE2__) && !defined(O2C_SCALAR)
#include <emmintrin.h>
#endif

struct o2c__slot {
    uint32_t tag, value; /* value O2C__MAP_NONE = empty */
};
struct o2c__slots {
    struct o2c__slot *rows;
    uint32_t room, count; /* room ≥ 1.5 · count, so that a walk always ends at an empty slot */
};

static inline uint64_t
o2c__load64(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}
static inline uint64_t
o2c__load32(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* A keyed multiply-and-fold hash of a short string. */
static inline uint64_t
o2c__hash(const uint64_t key[2], const char *bytes, size_t len)
{
    uint64_t a = 0, b = 0, state = key[0];
    const char *at = bytes;
    size_t rest = len;
    for (; rest > 16; rest -= 16, at += 16)
        state = o2c__mix(o2c__load64(at) ^ state, o2c__load64(at + 8) ^ key[1]);
    if (rest >= 8) {
        a = o2c__load64(at);
        b = o2c__load64(at + rest - 8);
    } else if (rest >= 4) {
        a = o2c__load32(at);
        b = o2c__load32(at + rest - 4);
    } else if (rest > 0) {
        a = (uint64_t)(uint8_t)at[0] << 16 | (uint64_t)(uint8_t)at[rest / 2] << 8 | (uint8_t)at[rest - 1];
    }
    return o2c__mix(o2c__mix(a ^ state, b ^ key[1]) ^ len, key[0]);
}
static inline uint32_t
o2c__slots_at(const struct o2c__slots *slots, uint64_t hash)
{
    return (uint32_t)(((uint64_t)(uint32_t)hash * slots->room) >> 32);
}
static inline uint32_t
o2c__slots_tag(uint64_t hash)
{
    return (uint32_t)hash;
}
static inline uint32_t
o2c__slots_next(const struct o2c__slots *slots, uint32_t at)
{
    return at + 1 == slots->room ? 0 : at + 1;
}
/* Empty slots with room for count values; false = no memory. */
bool o2c__slots_new(struct o2c__slots *slots, o2c__memory *memory, uint64_t count);
void o2c__slots_free(struct o2c__slots *slots, o2c__memory *memory);
/* First slot at or behind at that is empty or has the tag. */
static inline uint32_t
o2c__slots_find(const struct o2c__slots *slots, uint32_t at, uint32_t tag)
{
    while (slots->rows[at].value != O2C__MAP_NONE && slots->rows[at].tag != tag)
        at = o2c__slots_next(slots, at);
    return at;
}
/* Several slots at once: a bit for each that has the tag, and a bit for each that is empty. */
#define O2C__SLOTS_STEP 4u
static inline uint32_t
o2c__slots_look_plain(const struct o2c__slot *rows, uint32_t tag, uint32_t *out_empty)
{
    uint32_t found = 0, empty = 0;
    for (uint32_t i = 0; i < O2C__SLOTS_STEP; i++) {
        found |= (uint32_t)(rows[i].tag == tag) << i;
        empty |= (uint32_t)(rows[i].value == O2C__MAP_NONE) << i;
    }
    *out_empty = empty;
    return found;
}
#if defined(__SSE2__) && !defined(O2C_SCALAR)
static inline uint32_t
o2c__slots_look(const struct o2c__slot *rows, uint32_t tag, uint32_t *out_empty)
{
    __m128i two = _mm_loadu_si128((const __m128i *)(const void *)rows), more = _mm_loadu_si128((const __m128i *)(const void *)(rows + 2));
    __m128i even = _mm_unpacklo_epi32(two, more), odd = _mm_unpackhi_epi32(two, more);
    __m128i tags = _mm_cmpeq_epi32(_mm_unpacklo_epi32(even, odd), _mm_set1_epi32((int)tag));
    __m128i values = _mm_cmpeq_epi32(_mm_unpackhi_epi32(even, odd), _mm_set1_epi32((int)O2C__MAP_NONE));
    uint32_t bits = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(tags, values), _mm_setzero_si128()));
    *out_empty = bits >> 4;
    return bits & 15;
}
#else
static inline uint32_t
o2c__slots_look(const struct o2c__slot *rows, uint32_t tag, uint32_t *out_empty)
{
    return o2c__slots_look_plain(rows, tag, out_empty);
}
#endif
/* Asks memory for the slots where a walk begins: it may go on into the next line. */
static inline void
o2c__slots_ask(const struct o2c__slots *slots, uint64_t hash)
{
    const struct o2c__slot *from = &slots->rows[o2c__slots_at(slots, hash)];
    o2c__ask(from);
    o2c__ask((const char *)from + O2C__SLOTS_STEP * sizeof *from);
}
/* Puts a value that is known to be new; the caller has seen to the room. */
static inline void
o2c__slots_add(struct o2c__slots *slots, uint64_t hash, uint32_t value)
{
    uint32_t at = o2c__slots_at(slots, hash);
    while (slots->rows[at].value != O2C__MAP_NONE)
        at = o2c__slots_next(slots, at);
    slots->rows[at] = (struct o2c__slot){ o2c__slots_tag(hash), value };
    slots->count++;
}
#endif

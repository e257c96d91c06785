/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to atoms, 64 bytes at a time: a bit for every digit and every letter, and an atom between two edges. ASCII is folded on the
 * way; anything else is folded first, with a map back to its bytes.
 */
#include "match/text.h"
#include "match/text_class.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ATOM_LEN_MAX UINT16_MAX
#define BLOCK 64u

struct cutter {
    const char *source;   /* the text itself */
    uint32_t source_len;
    const uint32_t *map;  /* character → byte of the text; NULL = the same */
    uint32_t len;         /* characters */
    char *folded;         /* capitals, digits and zeros, in whole blocks and 16 bytes */
    char *canon;
    struct o2c__atom *atoms;
    uint32_t count, canon_len;
    uint32_t start;       /* of the atom that is open */
    bool open, digit;
};

#if defined(__SSE2__)
/* Bytes of v from first to last, in one comparison: the distance to first, capped, is the distance. */
static __m128i
between(__m128i v, char first, char last)
{
    __m128i distance = _mm_sub_epi8(v, _mm_set1_epi8(first)), most = _mm_set1_epi8((char)(last - first));
    return _mm_cmpeq_epi8(_mm_min_epu8(distance, most), distance);
}

static void
fold_block(const char *from, char *folded, uint64_t *digits, uint64_t *letters)
{
    *digits = *letters = 0;
    for (unsigned i = 0; i < BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(from + i));
        __m128i digit = between(v, '0', '9'), letter = between(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 'z');
        __m128i out = _mm_or_si128(_mm_and_si128(v, digit), _mm_and_si128(_mm_and_si128(v, _mm_set1_epi8((char)0xDF)), letter));
        _mm_storeu_si128((__m128i *)(void *)(folded + i), out);
        *digits |= (uint64_t)(uint32_t)_mm_movemask_epi8(digit) << i;
        *letters |= (uint64_t)(uint32_t)_mm_movemask_epi8(letter) << i;
    }
}
#else
static void
fold_block(const char *from, char *folded, uint64_t *digits, uint64_t *letters)
{
    *digits = *letters = 0;
    for (unsigned i = 0; i < BLOCK; i++) {
        folded[i] = o2c__text_fold(from[i]);
        *digits |= (uint64_t)(o2c__text_is_digit(folded[i]) != 0) << i;
        *letters |= (uint64_t)(folded[i] >= 'A') << i;
    }
}
#endif

static bool
is_ascii(o2c_str text)
{
    size_t at = 0;
    for (; at + 8 <= text.len; at += 8) {
        if (o2c__load64(text.ptr + at) & UINT64_C(0x8080808080808080))
            return false;
    }
    for (; at < text.len; at++) {
        if ((uint8_t)text.ptr[at] >= 128)
            return false;
    }
    return true;
}

static uint32_t
byte_of(const struct cutter *cutter, uint32_t at)
{
    if (!cutter->map)
        return at;
    return at < cutter->len ? cutter->map[at] : cutter->source_len;
}

static uint8_t
gap_before(const struct cutter *cutter, uint32_t at)
{
    uint32_t from = cutter->count ? cutter->atoms[cutter->count - 1].end : 0;
    if (cutter->count == 0 || at - from > 1)
        return O2C__GAP_APART;
    if (from == at)
        return O2C__GAP_NONE;
    return cutter->source[from] == '\n' ? O2C__GAP_BORDER : O2C__GAP_APART;
}

/* Sixteen bytes at a time: what is copied too much is written over by the next atom. */
static void
copy(char *to, const char *from, uint32_t len)
{
    uint32_t at = 0;
    do {
        memcpy(to + at, from + at, 16);
        at += 16;
    } while (at < len);
}

static void
close_atom(struct cutter *cutter, uint32_t end)
{
    struct o2c__atom *atom = &cutter->atoms[cutter->count];
    uint32_t len = end - cutter->start;
    copy(cutter->canon + cutter->canon_len, cutter->folded + cutter->start, len);
    atom->at = byte_of(cutter, cutter->start);
    atom->end = byte_of(cutter, end);
    atom->canon = cutter->canon_len;
    /* A longer one is no number; its exact length matters to nobody. */
    atom->len = (uint16_t)(len < ATOM_LEN_MAX ? len : ATOM_LEN_MAX);
    atom->digit = cutter->digit;
    atom->gap = gap_before(cutter, atom->at);
    cutter->canon_len += len;
    cutter->count++;
    cutter->open = false;
}

static void
cut_block(struct cutter *cutter, uint32_t base, uint64_t digits, uint64_t letters)
{
    uint64_t digit_before = cutter->open && cutter->digit, letter_before = cutter->open && !cutter->digit;
    uint64_t edges = (digits ^ (digits << 1 | digit_before)) | (letters ^ (letters << 1 | letter_before));
    for (; edges; edges &= edges - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(edges), at = base + bit;
        if (cutter->open)
            close_atom(cutter, at);
        if ((digits | letters) >> bit & 1) {
            cutter->open = true;
            cutter->digit = digits >> bit & 1;
            cutter->start = at;
        }
    }
}

static void
cut(struct cutter *cutter, const char *text)
{
    uint32_t at = 0;
    uint64_t digits, letters;
    for (; at + BLOCK <= cutter->len; at += BLOCK) {
        fold_block(text + at, cutter->folded + at, &digits, &letters);
        cut_block(cutter, at, digits, letters);
    }
    if (at < cutter->len) {
        char rest[BLOCK] = { 0 };
        memcpy(rest, text + at, cutter->len - at);
        fold_block(rest, cutter->folded + at, &digits, &letters);
        cut_block(cutter, at, digits, letters);
    }
    if (cutter->open)
        close_atom(cutter, cutter->len);
}

/* Folds what is not ASCII; answers the folded text, NULL = no memory. */
static const char *
fold(struct o2c__solve *solve, o2c_str text, struct cutter *cutter)
{
    uint32_t *map = o2c__arena_alloc(&solve->arena, text.len * sizeof *map);
    char *folded = o2c__arena_alloc(&solve->arena, text.len);
    if (!map || !folded)
        return NULL;
    cutter->len = (uint32_t)o2c__fold_reference(text.ptr, text.len, folded, map);
    cutter->map = map;
    return folded;
}

bool
o2c__text_atoms(struct o2c__solve *solve, o2c_str text, struct o2c__reading *reading)
{
    struct cutter cutter = { .source = text.ptr, .source_len = (uint32_t)text.len, .len = (uint32_t)text.len };
    reading->atoms_count = reading->pieces_atoms = 0;
    if (text.len == 0)
        return true;
    const char *from = is_ascii(text) ? text.ptr : fold(solve, text, &cutter);
    cutter.folded = from ? o2c__arena_alloc(&solve->arena, (size_t)cutter.len + BLOCK + 16) : NULL;
    cutter.canon = cutter.folded ? o2c__arena_alloc(&solve->arena, (size_t)cutter.len + 32) : NULL;
    cutter.atoms = cutter.canon ? o2c__arena_alloc(&solve->arena, cutter.len * sizeof *cutter.atoms) : NULL;
    if (!cutter.atoms)
        return false;
    memset(cutter.folded + cutter.len, 0, BLOCK + 16);
    cut(&cutter, from);
    reading->canon = cutter.canon;
    reading->atoms = cutter.atoms;
    reading->atoms_count = cutter.count;
    if (cutter.len > cutter.count + 1)
        o2c__arena_trim(&solve->arena, cutter.len * sizeof *cutter.atoms, (cutter.count + 1u) * sizeof *cutter.atoms);
    uint32_t pieces = cutter.count;
    while (pieces > 0 && cutter.atoms[pieces - 1].at >= reading->pieces_end)
        pieces--;
    reading->pieces_atoms = pieces;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to atoms, 64 bytes at a time: a bit for every digit and every letter, and an atom between two edges. ASCII is folded on the
 * way; anything else is folded first, with a map back to its bytes.
 */
#include "match/text.h"
#include "match/text_class.h"

#define ATOM_LEN_MAX UINT16_MAX
#define BLOCK O2C__TEXT_BLOCK

struct cutter {
    const char *source;   /* the text itself */
    uint32_t source_len;
    const uint32_t *map;  /* character → byte of the text; NULL = the same */
    uint32_t len;         /* characters */
    char *folded;         /* capitals, digits and zeros, in whole blocks and 16 bytes */
    char *canon;
    struct o2c__atom *atoms;
    uint32_t count, canon_len;
    uint32_t start, end;  /* of the atom that is open; of the one before it */
    bool open, digit;
};

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

/* The atom from … end. Places still count characters; the gap is what stands between it and the one before. */
static inline void
add_atom(struct cutter *cutter, struct o2c__atom *atom, uint32_t from, uint32_t end, bool digit)
{
    uint32_t len = end - from, gap = from - cutter->end;
    o2c__text_copy(cutter->canon + cutter->canon_len, cutter->folded + from, len);
    atom->at = from;
    atom->end = end;
    atom->canon = cutter->canon_len;
    /* A longer one is no number; its exact length matters to nobody. */
    atom->len = (uint16_t)(len < ATOM_LEN_MAX ? len : ATOM_LEN_MAX);
    atom->digit = digit;
    atom->gap = gap == 0 ? O2C__GAP_NONE : O2C__GAP_APART;
    if (O2C__UNLIKELY(gap == 1 && cutter->source[cutter->end] == '\n' && !cutter->map))
        atom->gap = O2C__GAP_BORDER;
    cutter->canon_len += len;
    cutter->end = end;
}

/* Ones from the lowest bit on. */
static inline uint32_t
ones(uint64_t bits)
{
    return ~bits ? (uint32_t)__builtin_ctzll(~bits) : 64;
}

/* What stood open at the end of the block before goes on for some bits; answers the bits that are done. */
static uint32_t
go_on(struct cutter *cutter, uint32_t base, uint64_t digits, uint64_t letters)
{
    uint32_t more = ones(cutter->digit ? digits : letters);
    if (more == 64)
        return 64;
    add_atom(cutter, &cutter->atoms[cutter->count++], cutter->start, base + more, cutter->digit);
    cutter->open = false;
    return more;
}

static void
cut_block(struct cutter *out, uint32_t base, uint64_t digits, uint64_t letters)
{
    struct cutter cutter = *out; /* a copy, so that stores of characters do not make the compiler read it again */
    uint32_t done = cutter.open ? go_on(&cutter, base, digits, letters) : 0;
    uint64_t left = done < 64 ? ~UINT64_C(0) << done : 0;
    uint64_t starts = ((digits & ~(digits << 1)) | (letters & ~(letters << 1))) & left;
    for (; starts; starts &= starts - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(starts);
        bool digit = digits >> bit & 1;
        uint32_t end = bit + ones((digit ? digits : letters) >> bit);
        if (end >= 64) {
            cutter.open = true;
            cutter.digit = digit;
            cutter.start = base + bit;
            break;
        }
        add_atom(&cutter, &cutter.atoms[cutter.count++], base + bit, base + end, digit);
    }
    *out = cutter;
}

/* Characters back to bytes of the text. */
static void
map_back(struct cutter *cutter)
{
    for (uint32_t i = 0; i < cutter->count; i++) {
        struct o2c__atom *atom = &cutter->atoms[i];
        atom->at = cutter->map[atom->at];
        atom->end = atom->end < cutter->len ? cutter->map[atom->end] : cutter->source_len;
        if (i > 0 && atom->gap != O2C__GAP_NONE)
            atom->gap = atom->at - atom[-1].end == 1 && cutter->source[atom[-1].end] == '\n' ? O2C__GAP_BORDER : O2C__GAP_APART;
    }
}

static void
cut(struct cutter *cutter, const char *text)
{
    uint32_t at = 0;
    uint64_t digits, letters;
    for (; at + BLOCK <= cutter->len; at += BLOCK) {
        o2c__text_fold_block(text + at, cutter->folded + at, &digits, &letters);
        cut_block(cutter, at, digits, letters);
    }
    if (at < cutter->len) {
        char rest[BLOCK] = { 0 };
        memcpy(rest, text + at, cutter->len - at);
        o2c__text_fold_block(rest, cutter->folded + at, &digits, &letters);
        cut_block(cutter, at, digits, letters);
    }
    if (cutter->open)
        add_atom(cutter, &cutter->atoms[cutter->count++], cutter->start, cutter->len, cutter->digit);
    if (cutter->count > 0)
        cutter->atoms[0].gap = O2C__GAP_APART;
    if (cutter->map)
        map_back(cutter);
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

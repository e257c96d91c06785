/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to atoms, 64 bytes at a time: a bit for every digit and every letter, and an atom between two edges. Edges are collected first,
 * starts and ends apart, because the n-th end belongs to the n-th start; then every atom is filled in. ASCII is folded on the way;
 * anything else is folded first, with a map back to its bytes.
 */
#include "match/text.h"
#include "match/text_class.h"

#define ATOM_LEN_MAX UINT16_MAX
#define BLOCK O2C__TEXT_BLOCK
#define SHORT 448u /* characters that are folded on the stack */

struct cutter {
    const char *source;   /* the text itself */
    uint32_t source_len;
    const uint32_t *map;  /* character → byte of the text; NULL = the same */
    uint32_t len;         /* characters */
    char *folded;         /* capitals, digits and zeros, in whole blocks and 16 bytes */
    char *canon;
    struct o2c__atom *atoms;
    uint32_t count, ends; /* starts and ends that are known */
    uint64_t digit, letter; /* 1: the last character of the block before is one */
    bool lines;           /* line feeds stand in the source */
};

static inline void
cut_block(struct cutter *cutter, uint32_t base, uint64_t digits, uint64_t letters)
{
    uint64_t digits_before = digits << 1 | cutter->digit, letters_before = letters << 1 | cutter->letter;
    uint64_t starts = (digits & ~digits_before) | (letters & ~letters_before);
    uint64_t ends = (digits_before & ~digits) | (letters_before & ~letters);
    struct o2c__atom *start = cutter->atoms + cutter->count, *end = cutter->atoms + cutter->ends;
    for (; starts; starts &= starts - 1)
        (start++)->at = base + (uint32_t)__builtin_ctzll(starts);
    for (; ends; ends &= ends - 1)
        (end++)->end = base + (uint32_t)__builtin_ctzll(ends);
    cutter->count = (uint32_t)(start - cutter->atoms);
    cutter->ends = (uint32_t)(end - cutter->atoms);
    cutter->digit = digits >> 63;
    cutter->letter = letters >> 63;
}

/* Edges of the whole text; false = a character is not ASCII and was not folded yet. from has a block to spare behind its end. */
static bool
find_edges(struct cutter *cutter, const char *from)
{
    for (uint32_t at = 0; at < cutter->len; at += BLOCK) {
        uint64_t digits, letters, high = o2c__text_fold_block(from + at, cutter->folded + at, &digits, &letters);
        uint32_t left = cutter->len - at;
        uint64_t inside = left < BLOCK ? (UINT64_C(1) << left) - 1 : ~UINT64_C(0);
        if (O2C__UNLIKELY((high & inside) && !cutter->map))
            return false;
        cut_block(cutter, at, digits & inside, letters & inside);
    }
    if (cutter->ends < cutter->count)
        cutter->atoms[cutter->ends++].end = cutter->len;
    return true;
}

/* A line feed alone between two atoms is the border of two pieces. */
static void
mark_borders(struct cutter *cutter)
{
    for (uint32_t i = 1; i < cutter->count; i++) {
        struct o2c__atom *atom = &cutter->atoms[i];
        if (atom->at - atom[-1].end == 1 && cutter->source[atom[-1].end] == '\n')
            atom->gap = O2C__GAP_BORDER;
    }
}

/* Letters and digits in a row; what stands between two atoms: nothing, a border of pieces, or something else. */
static void
fill_atoms(struct cutter *cutter)
{
    const char *folded = cutter->folded;
    char *canon = cutter->canon, *to = canon;
    uint32_t before = 0;
    for (struct o2c__atom *atom = cutter->atoms, *last = atom + cutter->count; atom < last; atom++) {
        uint32_t from = atom->at, len = atom->end - from;
        o2c__text_copy(to, folded + from, len);
        atom->canon = (uint32_t)(to - canon);
        /* A longer one is no number; its exact length matters to nobody. */
        atom->len = (uint16_t)(O2C__LIKELY(len < ATOM_LEN_MAX) ? len : ATOM_LEN_MAX);
        atom->digit = folded[from] <= '9';
        atom->gap = from == before ? O2C__GAP_NONE : O2C__GAP_APART;
        to += len;
        before = from + len;
    }
    if (cutter->count > 0)
        cutter->atoms[0].gap = O2C__GAP_APART;
    if (cutter->lines && !cutter->map)
        mark_borders(cutter);
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

/* Folds what is not ASCII and finds the edges of that; false = no memory. */
static bool
fold_and_find(struct o2c__solve *solve, o2c_str text, struct cutter *cutter)
{
    uint32_t *map = o2c__arena_alloc(&solve->arena, text.len * sizeof *map);
    char *folded = o2c__arena_alloc(&solve->arena, text.len + BLOCK);
    if (!map || !folded)
        return false;
    cutter->len = (uint32_t)o2c__fold_reference(text.ptr, text.len, folded, map);
    cutter->map = map;
    cutter->count = cutter->ends = 0;
    cutter->digit = cutter->letter = 0;
    memset(folded + cutter->len, 0, BLOCK);
    return find_edges(cutter, folded);
}

/* Room for canon and atoms in one piece: the atoms last, so that what they do not need goes back. */
static bool
cutter_new(struct cutter *cutter, struct o2c__solve *solve, char *stack)
{
    size_t canon = ((size_t)cutter->len + 32 + 15) / 16 * 16;
    cutter->folded = cutter->len <= SHORT ? stack : o2c__arena_alloc(&solve->arena, (size_t)cutter->len + BLOCK + 16);
    cutter->canon = o2c__arena_alloc(&solve->arena, canon + cutter->len * sizeof *cutter->atoms);
    if (!cutter->folded || !cutter->canon)
        return false;
    cutter->atoms = (struct o2c__atom *)(void *)(cutter->canon + canon);
    return true;
}

bool
o2c__text_atoms(struct o2c__solve *solve, o2c_str text, struct o2c__reading *reading)
{
    struct cutter cutter = { .source = text.ptr, .source_len = (uint32_t)text.len, .len = (uint32_t)text.len };
    cutter.lines = memchr(text.ptr, '\n', text.len) != NULL;
    char stack[SHORT + BLOCK + 16];
    reading->atoms_count = reading->pieces_atoms = 0;
    if (text.len == 0)
        return true;
    if (!cutter_new(&cutter, solve, stack))
        return false;
    size_t room = cutter.len * sizeof *cutter.atoms;
    if (find_edges(&cutter, text.ptr))
        o2c__arena_trim(&solve->arena, room, cutter.count * sizeof *cutter.atoms);
    else if (!fold_and_find(solve, text, &cutter))
        return false;
    fill_atoms(&cutter);
    if (cutter.map)
        map_back(&cutter);
    reading->canon = cutter.canon;
    reading->atoms = cutter.atoms;
    reading->atoms_count = cutter.count;
    uint32_t pieces = cutter.count;
    while (pieces > 0 && cutter.atoms[pieces - 1].at >= reading->pieces_end)
        pieces--;
    reading->pieces_atoms = pieces;
    return true;
}

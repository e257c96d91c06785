/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to atoms, 64 bytes at a time: a bit for every digit and every letter, and an atom between two edges. All blocks are folded first,
 * then atoms are cut out of the bits, each filled in at once. ASCII is folded on the way; anything else is folded first, with a map back
 * to its bytes.
 */
#include "match/text.h"
#include "match/text_class.h"

#define ATOM_LEN_MAX UINT16_MAX
#define BLOCK O2C__TEXT_BLOCK
#define SHORT 448u /* characters that are folded on the stack */

struct bits {
    uint64_t digits, letters;
};

struct cutter {
    const char *source;   /* the text itself */
    uint32_t source_len;
    const uint32_t *map;  /* character → byte of the text; NULL = the same */
    uint32_t len;         /* characters */
    char *folded;         /* capitals, digits and zeros, in whole blocks and 16 bytes */
    struct bits *bits;    /* of each block */
    char *canon;          /* letters and digits in a row */
    uint32_t place;       /* where the next ones go */
    struct o2c__atom *atoms;
    uint32_t count;
    uint32_t before;      /* end of the last atom */
    uint32_t open;        /* start of the one that has no end yet; O2C__NONE = there is none */
    bool lines;           /* line feeds stand in the source */
};

/* Folds the whole text; false = a character is not ASCII and was not folded yet. from has a block to spare behind its end. */
static bool
fold_blocks(struct cutter *cutter, const char *from)
{
    struct bits *bits = cutter->bits;
    for (uint32_t at = 0; at < cutter->len; at += BLOCK, bits++) {
        uint64_t high = o2c__text_fold_block(from + at, cutter->folded + at, &bits->digits, &bits->letters);
        uint32_t left = cutter->len - at;
        uint64_t inside = left < BLOCK ? (UINT64_C(1) << left) - 1 : ~UINT64_C(0);
        if (O2C__UNLIKELY((high & inside) && !cutter->map))
            return false;
        bits->digits &= inside;
        bits->letters &= inside;
    }
    return true;
}

/* Its letters or digits behind those of the others; what stands before it: nothing, or something else. */
static inline void
fill_atom(struct o2c__atom *atom, const char *folded, char *canon, uint32_t place, uint32_t from, uint32_t len, uint32_t before)
{
    o2c__text_copy(canon + place, folded + from, len);
    atom->at = from;
    atom->end = from + len;
    atom->canon = place;
    atom->len = (uint16_t)len;
    atom->digit = folded[from] <= '9';
    atom->gap = from == before ? O2C__GAP_NONE : O2C__GAP_APART;
}

/* One that began in a block before. A very long one is no number; its exact length matters to nobody. */
static void __attribute__((noinline))
close_atom(struct cutter *cutter, uint32_t end)
{
    struct o2c__atom *atom = &cutter->atoms[cutter->count++];
    uint32_t len = end - cutter->open;
    fill_atom(atom, cutter->folded, cutter->canon, cutter->place, cutter->open, len, cutter->before);
    if (O2C__UNLIKELY(len > ATOM_LEN_MAX))
        atom->len = ATOM_LEN_MAX;
    cutter->place += len;
    cutter->before = end;
    cutter->open = O2C__NONE;
}

/* Atoms between edges of one block: as many of both, and one more may begin. */
static void
cut_block(struct cutter *cutter, uint32_t base, uint64_t starts, uint64_t ends)
{
    const char *folded = cutter->folded;
    char *canon = cutter->canon;
    struct o2c__atom *atom = cutter->atoms + cutter->count;
    uint32_t place = cutter->place, before = cutter->before;
    for (; ends; ends &= ends - 1, starts &= starts - 1) {
        uint32_t at = (uint32_t)__builtin_ctzll(starts), len = (uint32_t)__builtin_ctzll(ends) - at;
        fill_atom(atom++, folded, canon, place, base + at, len, before);
        place += len;
        before = base + at + len;
    }
    cutter->count = (uint32_t)(atom - cutter->atoms);
    cutter->place = place;
    cutter->before = before;
    if (starts)
        cutter->open = base + (uint32_t)__builtin_ctzll(starts);
}

/* An atom stands between two edges; one that a block leaves open ends in a block behind it, or with the text. */
static void
cut_blocks(struct cutter *cutter)
{
    const struct bits *bits = cutter->bits;
    uint64_t digit = 0, letter = 0; /* 1: the last character of the block before is one */
    cutter->before = cutter->open = O2C__NONE;
    for (uint32_t base = 0; base < cutter->len; base += BLOCK, bits++) {
        uint64_t digits = bits->digits, letters = bits->letters;
        uint64_t digits_before = digits << 1 | digit, letters_before = letters << 1 | letter;
        uint64_t starts = (digits & ~digits_before) | (letters & ~letters_before);
        uint64_t ends = (digits_before & ~digits) | (letters_before & ~letters);
        if (cutter->open != O2C__NONE && ends) {
            close_atom(cutter, base + (uint32_t)__builtin_ctzll(ends));
            ends &= ends - 1;
        }
        cut_block(cutter, base, starts, ends);
        digit = digits >> 63;
        letter = letters >> 63;
    }
    if (cutter->open != O2C__NONE)
        close_atom(cutter, cutter->len);
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

/* Folds what is not ASCII, and then that; false = no memory. */
static bool
fold_twice(struct o2c__solve *solve, o2c_str text, struct cutter *cutter)
{
    uint32_t *map = o2c__arena_alloc(&solve->arena, text.len * sizeof *map);
    char *folded = o2c__arena_alloc(&solve->arena, text.len + BLOCK);
    if (!map || !folded)
        return false;
    cutter->len = (uint32_t)o2c__fold_reference(text.ptr, text.len, folded, map);
    cutter->map = map;
    memset(folded + cutter->len, 0, BLOCK);
    return fold_blocks(cutter, folded);
}

/* What a short text needs while it is read. */
struct desk {
    char folded[SHORT + BLOCK + 16];
    struct bits bits[SHORT / BLOCK];
};

/* Room for canon and atoms in one piece: the atoms last, so that what they do not need goes back. */
static bool
cutter_new(struct cutter *cutter, struct o2c__solve *solve, struct desk *desk)
{
    size_t canon = ((size_t)cutter->len + 32 + 15) / 16 * 16;
    bool small = cutter->len <= SHORT;
    cutter->folded = small ? desk->folded : o2c__arena_alloc(&solve->arena, (size_t)cutter->len + BLOCK + 16);
    cutter->bits = small ? desk->bits : o2c__arena_alloc(&solve->arena, ((size_t)cutter->len / BLOCK + 1) * sizeof *cutter->bits);
    cutter->canon = o2c__arena_alloc(&solve->arena, canon + cutter->len * sizeof *cutter->atoms);
    if (!cutter->folded || !cutter->bits || !cutter->canon)
        return false;
    cutter->atoms = (struct o2c__atom *)(void *)(cutter->canon + canon);
    return true;
}

static bool
cut_text(struct cutter *cutter, struct o2c__solve *solve, o2c_str text)
{
    size_t room = cutter->len * sizeof *cutter->atoms;
    bool plain = fold_blocks(cutter, text.ptr);
    if (!plain && !fold_twice(solve, text, cutter))
        return false;
    cut_blocks(cutter);
    if (plain)
        o2c__arena_trim(&solve->arena, room, cutter->count * sizeof *cutter->atoms);
    if (cutter->map)
        map_back(cutter);
    else if (cutter->lines)
        mark_borders(cutter);
    return true;
}

bool
o2c__text_atoms(struct o2c__solve *solve, o2c_str text, struct o2c__reading *reading)
{
    struct cutter cutter = { .source = text.ptr, .source_len = (uint32_t)text.len, .len = (uint32_t)text.len };
    struct desk desk;
    reading->atoms_count = reading->pieces_atoms = 0;
    if (text.len == 0)
        return true;
    cutter.lines = memchr(text.ptr, '\n', text.len) != NULL;
    if (!cutter_new(&cutter, solve, &desk) || !cut_text(&cutter, solve, text))
        return false;
    reading->canon = cutter.canon;
    reading->atoms = cutter.atoms;
    reading->atoms_count = cutter.count;
    uint32_t pieces = cutter.count;
    while (pieces > 0 && cutter.atoms[pieces - 1].at >= reading->pieces_end)
        pieces--;
    reading->pieces_atoms = pieces;
    return true;
}

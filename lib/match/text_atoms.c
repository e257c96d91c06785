/* SPDX-License-Identifier: Apache-2.0 */
/* Text to atoms. ASCII goes straight through a table; anything else is folded first, with a map back to its bytes. */
#include "match/text.h"
#include "match/text_class.h"

#define ATOM_LEN_MAX UINT16_MAX

struct cutter {
    const char *text;     /* folded, one byte for each character */
    size_t len;
    const uint32_t *map;  /* character → byte of the text; NULL = the same */
    const char *source;
    uint32_t source_len;
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

static uint32_t
byte_of(const struct cutter *cutter, size_t at)
{
    if (!cutter->map)
        return (uint32_t)at;
    return at < cutter->len ? cutter->map[at] : cutter->source_len;
}

static uint8_t
gap_before(const struct cutter *cutter, uint32_t from, uint32_t to)
{
    if (from == to)
        return O2C__GAP_NONE;
    return to - from == 1 && cutter->source[from] == '\n' ? O2C__GAP_BORDER : O2C__GAP_APART;
}

/* A letter or digit starts at i: writes the atom, answers the place behind it. */
static size_t
cut_atom(const struct cutter *cutter, size_t i, char *canon, struct o2c__atom *atom)
{
    size_t start = i, len = 0;
    char byte = o2c__text_fold(cutter->text[i]);
    int digit = o2c__text_is_digit(byte);
    do {
        canon[len++] = byte;
        if (++i == cutter->len)
            break;
        byte = o2c__text_fold(cutter->text[i]);
    } while (byte && o2c__text_is_digit(byte) == digit && len < ATOM_LEN_MAX);
    atom->at = byte_of(cutter, start);
    atom->end = byte_of(cutter, i);
    atom->len = (uint16_t)len;
    atom->digit = (uint8_t)digit;
    return i;
}

static uint32_t
cut(const struct cutter *cutter, char *canon, struct o2c__atom *atoms)
{
    uint32_t count = 0, canon_len = 0, end = 0;
    for (size_t i = 0; i < cutter->len;) {
        if (!o2c__text_fold(cutter->text[i])) {
            i++;
            continue;
        }
        struct o2c__atom *atom = &atoms[count++];
        i = cut_atom(cutter, i, canon + canon_len, atom);
        atom->canon = canon_len;
        atom->gap = count == 1 ? O2C__GAP_APART : gap_before(cutter, end, atom->at);
        canon_len += atom->len;
        end = atom->end;
    }
    return count;
}

static bool
fold(struct o2c__solve *solve, o2c_str text, struct cutter *cutter)
{
    uint32_t *map = o2c__arena_alloc(&solve->arena, text.len * sizeof *map);
    char *folded = o2c__arena_alloc(&solve->arena, text.len);
    if (!map || !folded)
        return false;
    cutter->len = o2c__fold_reference(text.ptr, text.len, folded, map);
    cutter->text = folded;
    cutter->map = map;
    return true;
}

bool
o2c__text_atoms(struct o2c__solve *solve, o2c_str text, struct o2c__reading *reading)
{
    struct cutter cutter = { text.ptr, text.len, NULL, text.ptr, (uint32_t)text.len };
    reading->atoms_count = reading->pieces_atoms = 0;
    if (text.len == 0)
        return true;
    if (!is_ascii(text) && !fold(solve, text, &cutter))
        return false;
    char *canon = o2c__arena_alloc(&solve->arena, text.len + 8);
    struct o2c__atom *atoms = canon ? o2c__arena_alloc(&solve->arena, cutter.len * sizeof *atoms) : NULL;
    if (!atoms)
        return false;
    reading->canon = canon;
    reading->atoms = atoms;
    reading->atoms_count = cut(&cutter, canon, atoms);
    o2c__arena_trim(&solve->arena, cutter.len * sizeof *atoms, (reading->atoms_count + 1u) * sizeof *atoms);
    while (reading->pieces_atoms < reading->atoms_count && atoms[reading->pieces_atoms].at < reading->pieces_end)
        reading->pieces_atoms++;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which shapes does a text write a number that it is known to pay? Only digits that stand alone teach: not those of the number as it is
 * printed, and none that look like a phone, a date or an amount.
 */
#include "match/shape.h"
#include "match/text.h"

#define ROOM_BEHIND 64u

struct search {
    struct o2c__reading reading;
    struct o2c__forms ours;
    o2c_str text;
    bool *taken; /* atoms that are our number as it is printed */
};

/* All our digits, from this atom on, whatever stands between them but letters. */
static void
take_exact(struct search *search, uint32_t first, struct o2c__written *out)
{
    const struct o2c__reading *reading = &search->reading;
    const char *ours = search->ours.full + search->ours.digits_at;
    uint32_t len = 0, last = first;
    for (; last < reading->atoms_count && reading->atoms[last].digit && last - first < O2C__WINDOW_ATOMS_PRINTED; last++) {
        const struct o2c__atom *atom = &reading->atoms[last];
        if (atom->len > search->ours.digits_len - len || memcmp(reading->canon + atom->canon, ours + len, atom->len) != 0)
            return;
        len += atom->len;
        if (len < search->ours.digits_len)
            continue;
        out->exact = true;
        memset(search->taken + first, 1, last - first + 1);
        return;
    }
}

static void
add_shape(struct search *search, uint32_t at, struct o2c__written *out)
{
    const struct o2c__atom *atom = &search->reading.atoms[at];
    bool letters = at + 1 < search->reading.atoms_count && !atom[1].digit && atom[1].gap == O2C__GAP_NONE;
    if (!atom->digit || search->taken[at] || letters || atom->end - atom->at != atom->len)
        return;
    uint32_t fit = o2c__shapes_that_fit((o2c_str){ search->reading.canon + atom->canon, atom->len }, &search->ours);
    if (fit && o2c__text_accident(search->text, &search->reading, at, at) == 1 && !o2c__text_in_date(search->text, &search->reading, at))
        out->shapes |= fit & (0 - fit); /* the first of them */
}

/* With room behind it, which the cutter reads; NULL = no memory. */
static char *
copy_text(o2c__arena *arena, o2c_str text)
{
    char *copy = o2c__arena_alloc(arena, text.len + ROOM_BEHIND);
    if (!copy)
        return NULL;
    memcpy(copy, text.ptr, text.len);
    memset(copy + text.len, 0, ROOM_BEHIND);
    return copy;
}

bool
o2c__shapes_written(o2c__arena *arena, o2c_str text, o2c_str document, struct o2c__written *out)
{
    struct search search = { .reading = { .pieces_end = (uint32_t)text.len }, .text = text };
    *out = (struct o2c__written){ 0, false };
    if (text.len == 0 || document.len == 0 || document.len > O2C__REFERENCE_BYTES)
        return true;
    o2c__forms_plain(document, &search.ours);
    if (search.ours.digits_len == 0)
        return true;
    search.text.ptr = copy_text(arena, text);
    struct o2c__solve solve = { .arena = *arena }; /* the cutter asks a solve for its memory */
    bool whole = search.text.ptr && o2c__text_atoms(&solve, search.text, &search.reading);
    search.taken = whole ? o2c__arena_alloc(&solve.arena, search.reading.atoms_count + 1) : NULL;
    *arena = solve.arena;
    if (!search.taken)
        return false;
    memset(search.taken, 0, search.reading.atoms_count + 1);
    for (uint32_t i = 0; i < search.reading.atoms_count; i++)
        take_exact(&search, i, out);
    for (uint32_t i = 0; i < search.reading.atoms_count; i++)
        add_shape(&search, i, out);
    return true;
}

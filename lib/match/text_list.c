/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists and ranges behind a number that is ours: "INV-100234, -35, -36", "1001/02/03", "1001-1005", "INV 100234/235". What stands
 * behind is only a part of a number, so it counts only if all of the list is live.
 */
#include "match/text.h"

enum { JOIN_NONE, JOIN_LIST, JOIN_RANGE };

/* The number in front: letters before its digits, and the digits. */
struct base {
    char key[O2C__REFERENCE_BYTES]; /* full form; its last digits are replaced */
    uint32_t len, digits;
};
struct list {
    uint32_t atoms[O2C__LIST_MAX];
    char keys[O2C__LIST_MAX][O2C__REFERENCE_BYTES];
    uint32_t count;
};

static bool
is_word(const struct o2c__reading *reading, const struct o2c__atom *atom, const char *word)
{
    return atom->len == strlen(word) && memcmp(reading->canon + atom->canon, word, atom->len) == 0;
}

/* Signs between two numbers: a comma, slash, plus … makes a list, a lone hyphen or two points a range. */
static int
join_signs(const char *from, const char *to)
{
    bool list = false, range = false;
    if (to - from > 5)
        return JOIN_NONE;
    for (const char *at = from; at < to; at++) {
        bool dash = *at == '-' || (*at == '.' && at + 1 < to && at[1] == '.') || (*at == '.' && at > from && at[-1] == '.');
        if (*at == ',' || *at == ';' || *at == '/' || *at == '+' || *at == '&')
            list = true;
        else if (dash)
            range = true;
        else if (*at != ' ' && *at != '\n')
            return JOIN_NONE;
    }
    return list ? JOIN_LIST : range ? JOIN_RANGE : JOIN_NONE;
}

/* How the atom behind at joins; *next = the atom of digits. */
static int
join(const char *text, const struct o2c__reading *reading, uint32_t at, uint32_t end, uint32_t *next)
{
    const struct o2c__atom *atoms = reading->atoms;
    if (at + 1 < end && atoms[at + 1].digit) {
        *next = at + 1;
        return join_signs(text + atoms[at].end, text + atoms[at + 1].at);
    }
    if (at + 2 >= end || !atoms[at + 2].digit)
        return JOIN_NONE;
    *next = at + 2;
    if (is_word(reading, &atoms[at + 1], "BIS") || is_word(reading, &atoms[at + 1], "TO"))
        return JOIN_RANGE;
    bool list = is_word(reading, &atoms[at + 1], "UND") || is_word(reading, &atoms[at + 1], "AND") ||
                is_word(reading, &atoms[at + 1], "ET");
    return list ? JOIN_LIST : JOIN_NONE;
}

/* Digits that begin a date or an amount are no part of a list: 35.50, 10:30 */
static bool
stands_free(const char *text, const struct o2c__reading *reading, uint32_t at, uint32_t end)
{
    if (at + 1 >= end || !reading->atoms[at + 1].digit)
        return true;
    const char *from = text + reading->atoms[at].end;
    uint32_t len = reading->atoms[at + 1].at - reading->atoms[at].end;
    return len != 1 || (*from != '.' && *from != ':');
}

static bool
base_of(const struct o2c__reader *reader, const struct o2c__raw *raw, struct base *out)
{
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(reader->solve->pool, raw->text), &forms);
    if (forms.digits_len == 0 || forms.digits_at + forms.digits_len != forms.full_len)
        return false;
    memcpy(out->key, forms.full, forms.full_len);
    out->len = forms.full_len;
    out->digits = forms.digits_len;
    return true;
}

/* The base with its last digits replaced by those of the atom. */
static bool
replace(const struct base *base, const struct o2c__reading *reading, uint32_t at, char out[O2C__REFERENCE_BYTES])
{
    const struct o2c__atom *atom = &reading->atoms[at];
    if (atom->len >= base->digits)
        return false;
    memcpy(out, base->key, base->len);
    memcpy(out + base->len - atom->len, reading->canon + atom->canon, atom->len);
    return memcmp(out, base->key, base->len) != 0;
}

static bool
is_live(const struct o2c__reader *reader, const struct base *base, const char *key)
{
    return o2c__probe_is_live(reader->solve->pool, (o2c_str){ key, base->len });
}

/* Adds the hits of one number; they count as normalized whatever stands there. */
static void
add(struct o2c__reader *reader, struct o2c__reading *reading, const struct base *base, const char *key, uint32_t at, uint32_t end, bool own)
{
    char *copy = o2c__arena_copy(&reader->solve->arena, key, base->len);
    struct o2c__probe probe = { .key = copy, .len = base->len, .kind = O2C__PROBE_CHECKED, .reading = reading, .at = at, .end = end };
    struct o2c__raw **before = reading->raws_end;
    if (!copy) {
        reader->failed = true;
        return;
    }
    probe.first = probe.last = O2C__NONE;
    probe.hash = o2c__hash(reader->solve->pool->context.key, key, base->len);
    o2c__probe_now(reader, &probe);
    for (struct o2c__raw *raw = *before; raw; raw = raw->next) {
        raw->dropped = raw->hit.error != O2C__REF_EXACT;
        raw->hit.error = O2C__REF_LIST;
        raw->bare = 1;
        raw->own_token = own;
    }
}

static bool
increment(char *key, uint32_t len, uint32_t digits)
{
    for (uint32_t i = len; i > len - digits; i--) {
        if (key[i - 1] != '9') {
            key[i - 1]++;
            return true;
        }
        key[i - 1] = '0';
    }
    return false;
}

/* Everything between the base and the last number, if all of it is live. The last one stands in the text, in full or by its end. */
static void
expand_range(struct o2c__reader *reader, struct o2c__reading *reading, const struct base *base, const struct o2c__raw *raw, uint32_t last)
{
    char key[O2C__REFERENCE_BYTES], end[O2C__REFERENCE_BYTES];
    const struct o2c__atom *atom = &reading->atoms[last];
    bool whole = atom->len == base->digits;
    uint32_t count = 0;
    memcpy(end, base->key, base->len);
    memcpy(end + base->len - atom->len, reading->canon + atom->canon, atom->len);
    memcpy(key, base->key, base->len);
    if (memcmp(end, key, base->len) <= 0)
        return;
    for (bool more = increment(key, base->len, base->digits); more && memcmp(key, end, base->len) <= 0; count++) {
        if (count >= O2C__LIST_MAX || !is_live(reader, base, key))
            return;
        more = increment(key, base->len, base->digits);
    }
    memcpy(key, base->key, base->len);
    for (uint32_t i = 0; i < count && !reader->failed; i++) {
        increment(key, base->len, base->digits);
        bool final = i + 1 == count;
        if (!final)
            add(reader, reading, base, key, raw->hit.at, atom->end, true);
        else if (!whole)
            add(reader, reading, base, key, atom->at, atom->end, false);
    }
}

/* A number that stands there by itself is not a part of another. */
static bool
is_taken(const struct o2c__reading *reading, uint32_t atom)
{
    for (const struct o2c__raw *raw = reading->raws; raw; raw = raw->next) {
        if (!raw->dropped && raw->first != O2C__NONE && raw->first <= atom && atom <= raw->last)
            return true;
    }
    return false;
}

static void
expand_list(struct o2c__reader *reader, struct o2c__reading *reading, const struct base *base, struct list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (!is_live(reader, base, list->keys[i]))
            return;
    }
    for (uint32_t i = 0; i < list->count && !reader->failed; i++) {
        const struct o2c__atom *atom = &reading->atoms[list->atoms[i]];
        add(reader, reading, base, list->keys[i], atom->at, atom->end, false);
    }
}

static void
expand(struct o2c__reader *reader, struct o2c__reading *reading, const struct o2c__raw *raw)
{
    const char *text = o2c__reading_text(reader, reading);
    uint32_t end = raw->extra ? reading->atoms_count : reading->pieces_atoms, at = raw->last, next = 0;
    struct base base;
    struct list list;
    list.count = 0;
    int how = reading->atoms[at].digit ? join(text, reading, at, end, &next) : JOIN_NONE;
    if (how == JOIN_NONE || !base_of(reader, raw, &base))
        return;
    if (how == JOIN_RANGE && reading->atoms[next].len <= base.digits && stands_free(text, reading, next, end)) {
        if (reading->atoms[next].len == base.digits || !is_taken(reading, next))
            expand_range(reader, reading, &base, raw, next);
        return;
    }
    while (how == JOIN_LIST && list.count < O2C__LIST_MAX && !is_taken(reading, next) && stands_free(text, reading, next, end) &&
           replace(&base, reading, next, list.keys[list.count])) {
        list.atoms[list.count++] = next;
        at = next;
        how = join(text, reading, at, end, &next);
    }
    expand_list(reader, reading, &base, &list);
}

/* A first look at what stands behind a number: digits behind other signs than a space, or a short word and digits. */
static bool
may_go_on(const char *text, const struct o2c__reading *reading, const struct o2c__raw *raw)
{
    uint32_t end = raw->extra ? reading->atoms_count : reading->pieces_atoms, next = raw->last + 1;
    const struct o2c__atom *atom = &reading->atoms[next];
    if (next >= end)
        return false;
    if (!atom->digit)
        return atom->len <= 3 && next + 1 < end && atom[1].digit;
    return atom->at - atom[-1].end != 1 || text[atom[-1].end] != ' ';
}

void
o2c__text_lists(struct o2c__reader *reader, struct o2c__reading *reading)
{
    const char *text = o2c__reading_text(reader, reading);
    struct o2c__raw *last = NULL;
    for (struct o2c__raw *raw = reading->raws; raw; raw = raw->next)
        last = raw;
    /* What is added goes behind the last one and is no base itself. */
    for (struct o2c__raw *raw = reading->raws; raw && !reader->failed; raw = raw == last ? NULL : raw->next) {
        bool own = raw->hit.error == O2C__REF_EXACT || raw->hit.error == O2C__REF_NORMALIZED;
        bool behind = raw->last != O2C__NONE && raw->last + 1 < reading->atoms_count && may_go_on(text, reading, raw);
        if (own && behind && !raw->dropped && raw->hit.line == 0)
            expand(reader, reading, raw);
    }
}

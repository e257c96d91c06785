/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows of neighboring atoms, filtered by the shapes that live in the pool, each a probe of the reference table. Digits in groups
 * that may have lost zeros are looked up only where nothing else was found.
 */
#include "match/text.h"

struct walk {
    struct o2c__reader *reader;
    struct o2c__reading *reading;
    const struct o2c__index *index;
    const struct o2c__atom *atoms;
    const char *canon;
    uint32_t most; /* atoms of a window */
};

static void __attribute__((noinline))
probe(const struct walk *walk, const char *key, uint32_t len, uint32_t kind, uint32_t first, uint32_t last)
{
    struct o2c__probe *to = o2c__probe_room(walk->reader);
    to->hash = o2c__hash(walk->reader->solve->pool->context.key, key, len);
    to->key = key;
    to->reading = walk->reading;
    to->len = len;
    to->first = first;
    to->last = last;
    to->kind = kind;
    o2c__probe_ask(walk->reader, to);
}

/* For later: a window of as many groups of digits as a number of ours has, the first one as long. */
static void __attribute__((noinline))
put_off(const struct walk *walk, uint32_t first, uint32_t last, uint32_t zeros)
{
    struct o2c__reading *reading = walk->reading;
    if (!reading->loose)
        reading->loose = o2c__arena_alloc(&walk->reader->solve->arena, O2C__LOOSE_MAX * sizeof *reading->loose);
    if (!reading->loose)
        walk->reader->failed = true;
    else if (reading->loose_count < O2C__LOOSE_MAX)
        reading->loose[reading->loose_count++] = (struct o2c__loose){ first, last, zeros };
}

/* Bit: counts of groups of the numbers of ours whose first group has so many digits. */
static uint32_t
groups_like(const struct walk *walk, uint32_t first, uint32_t zeros)
{
    uint32_t len = walk->atoms[first].len;
    return len > zeros && len - zeros < O2C__REFERENCE_BYTES ? walk->index->groups[len - zeros] : 0;
}

static uint32_t
zeros_before(const char *at, uint32_t len)
{
    uint32_t zeros = 0;
    while (zeros < len && at[zeros] == '0')
        zeros++;
    return zeros;
}

/* More atoms than a window has are looked at only if together they are as long as a structured reference. */
static bool
too_many(const struct walk *walk, uint32_t first, uint32_t last, uint32_t len)
{
    return last - first >= O2C__WINDOW_ATOMS && len < walk->index->structured_min;
}

/* Digits with zeros in front, which may fill whole atoms, or many atoms, or very long numbers. */
static void __attribute__((noinline))
windows_of_any_digits(const struct walk *walk, uint32_t first, uint32_t end)
{
    const char *at = walk->canon + walk->atoms[first].canon;
    uint32_t digits = 0, zeros = 0;
    for (uint32_t last = first; last < end && walk->atoms[last].digit; last++) {
        if (zeros == digits)
            zeros += zeros_before(at + digits, walk->atoms[last].len);
        digits += walk->atoms[last].len;
        uint32_t len = digits - zeros, groups = last - first + 1;
        if (digits > O2C__REFERENCE_BYTES || len > walk->index->digits_max)
            return;
        if (len < O2C__SIGNIFICANT_MIN || too_many(walk, first, last, digits))
            continue;
        if (walk->index->lengths[len] & O2C__LENGTH_NUMBER)
            probe(walk, at + zeros, len, O2C__PROBE_DIGITS, first, last);
        if (last > first && groups <= O2C__WINDOW_GROUPS && (groups_like(walk, first, zeros) >> groups & 1))
            put_off(walk, first, last, zeros);
    }
}

/* The usual ones: no zero in front, less than 64 digits, and no more atoms than a window has. */
static void __attribute__((noinline))
windows_of_digits(const struct walk *walk, const struct o2c__atom *from, const struct o2c__atom *last)
{
    const struct o2c__atom *atom = from;
    uint64_t lengths = walk->index->number_lengths;
    uint32_t digits = 0;
    uint32_t groups = from->len < O2C__REFERENCE_BYTES ? (uint32_t)walk->index->groups[from->len] >> 1 : 0;
    do {
        digits += atom->len;
        if (O2C__UNLIKELY(digits >= 64))
            return;
        if (lengths >> digits & 1)
            probe(walk, walk->canon + from->canon, digits, O2C__PROBE_DIGITS, (uint32_t)(from - walk->atoms),
                  (uint32_t)(atom - walk->atoms));
        if (O2C__UNLIKELY(groups & 1) && digits >= O2C__SIGNIFICANT_MIN && digits <= walk->index->digits_max)
            put_off(walk, (uint32_t)(from - walk->atoms), (uint32_t)(atom - walk->atoms), 0);
        groups >>= 1;
    } while (++atom < last && atom->digit);
}

static void __attribute__((noinline))
windows_of_both(const struct walk *walk, uint32_t first, uint32_t end)
{
    const char *at = walk->canon + walk->atoms[first].canon;
    uint32_t digits = 0, letters = 0;
    for (uint32_t last = first; last < end; last++) {
        const struct o2c__atom *atom = &walk->atoms[last];
        digits += atom->digit ? atom->len : 0;
        letters += atom->digit ? 0 : atom->len;
        if (letters > walk->index->letters_max || letters >= 64 || digits > walk->index->digits_max)
            return;
        bool lives = letters > 0 && (walk->index->shapes[digits] >> letters & 1);
        if (lives && digits + letters >= O2C__SIGNIFICANT_MIN && !too_many(walk, first, last, digits + letters))
            probe(walk, at, digits + letters, O2C__PROBE_FULL, first, last);
    }
}

/* ---- groups of digits without the zeros before each of them: "2024 0123" for 2024-00123, a group of zeros one zero */
static uint32_t
loosen(const struct walk *walk, const struct o2c__loose *window, char key[O2C__REFERENCE_BYTES])
{
    uint32_t len = 0;
    for (uint32_t i = window->first; i <= window->last; i++) {
        const struct o2c__atom *atom = &walk->atoms[i];
        const char *at = walk->canon + atom->canon;
        uint32_t zeros = zeros_before(at, atom->len - 1u);
        memcpy(key + len, at + zeros, atom->len - zeros);
        len += atom->len - zeros;
    }
    return len;
}

static void
probe_loose(const struct walk *walk, const struct o2c__loose *window)
{
    char key[O2C__REFERENCE_BYTES];
    const struct o2c__atom *first = &walk->atoms[window->first], *last = &walk->atoms[window->last];
    uint32_t digits = last->canon + last->len - first->canon - window->zeros, len = loosen(walk, window, key);
    /* Its own digits, if they are the loose form of a number. */
    if (walk->index->lengths[digits] == O2C__LENGTH_LOOSE)
        probe(walk, walk->canon + first->canon + window->zeros, digits, O2C__PROBE_DIGITS, window->first, window->last);
    if (len == digits || len < O2C__SIGNIFICANT_MIN || !walk->index->lengths[len])
        return;
    char *copy = o2c__arena_copy(&walk->reader->solve->arena, key, len);
    if (copy)
        probe(walk, copy, len, O2C__PROBE_LOOSE, window->first, window->last);
    else
        walk->reader->failed = true;
}

static bool
is_found(const struct o2c__reading *reading, const struct o2c__loose *window)
{
    for (const struct o2c__raw *raw = reading->raws; raw; raw = raw->next) {
        if (raw->first != O2C__NONE && raw->first <= window->last && window->first <= raw->last)
            return true;
    }
    return false;
}

static struct walk
walk_of(struct o2c__reader *reader, struct o2c__reading *reading)
{
    const struct o2c__index *index = reader->solve->pool->index;
    uint32_t most = index->structured_min ? O2C__WINDOW_ATOMS_PRINTED : O2C__WINDOW_ATOMS;
    return (struct walk){ reader, reading, index, reading->atoms, reading->canon, most };
}

void
o2c__text_loose(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct walk walk = walk_of(reader, reading);
    for (uint32_t i = 0; i < reading->loose_count && !reader->failed; i++) {
        if (!is_found(reading, &reading->loose[i]))
            probe_loose(&walk, &reading->loose[i]);
    }
}

/* Structured references of the payment itself: their own check digits, then their text like any other. */
static void
probe_structured(struct o2c__reader *reader, struct o2c__reading *reading)
{
    const o2c_payments *payments = reader->solve->payments;
    const o2c_payment *payment = reading->one->payment;
    uint32_t at = reading->pieces_end;
    for (uint32_t i = payment->structured_at; i < payment->structured_at + payment->structured_count; i++) {
        o2c_str text = o2c__ref_str(payments->texts[i].text, payments->heap);
        int32_t scheme = payments->texts[i].scheme;
        if (text.len == 0)
            continue;
        at += at > 0; /* the line feed before it */
        char *key = o2c__arena_alloc(&reader->solve->arena, 36);
        if (!key) {
            reader->failed = true;
            return;
        }
        if (scheme == O2C_SCHEME_NONE || scheme == O2C_SCHEME_OTHER)
            scheme = o2c__reference_guess(text.ptr, text.len);
        if (scheme != O2C_SCHEME_NONE && o2c__reference_canonical(scheme, text.ptr, text.len, key)) {
            struct o2c__probe probe = { .key = key, .len = (uint32_t)strlen(key), .kind = O2C__PROBE_CHECKED, .reading = reading };
            probe.first = probe.last = O2C__NONE;
            probe.at = at;
            probe.end = at + (uint32_t)text.len;
            probe.hash = o2c__hash(reader->solve->pool->context.key, key, probe.len);
            *o2c__probe_room(reader) = probe;
            o2c__probe_ask(reader, &probe);
        }
        at += (uint32_t)text.len;
    }
}

/*
 * Dates, amounts, phones: a row of digit groups, up to the next letter, that all together has fewer digits than any number of ours, and
 * no group but the last one is as long as the first of a number that may have lost zeros.
 */
static inline bool
row_is_none(const struct o2c__index *index, const struct o2c__atom *atom, const struct o2c__atom *last, const struct o2c__atom **end)
{
    uint32_t digits = atom->len, longest = 0;
    for (atom++; atom < last && atom->digit; atom++) {
        longest = atom[-1].len > longest ? atom[-1].len : longest;
        digits += atom->len;
    }
    *end = atom;
    return digits < index->number_min && longest < index->group_min;
}

/* Which of the next atoms, 64 at most, may begin a window: digits, and words that are no longer than the letters of any number of ours and
 * begin like one. Most words are not, and nobody can tell which: no branch asks. */
static uint64_t
leading_atoms(const struct walk *walk, const struct o2c__atom *from, uint32_t count)
{
    const uint8_t *starts = walk->index->starts;
    uint32_t letters_max = walk->index->letters_max;
    uint64_t leading = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__atom *atom = &from[i];
        uint32_t word = (atom->len <= letters_max) & starts[o2c__start(walk->canon + atom->canon)];
        leading |= (uint64_t)(atom->digit | word) << i;
    }
    return leading;
}

struct row {
    const struct o2c__atom *end; /* behind its last group */
    bool few;                    /* it is no number of ours */
};

/* Windows that begin at this atom; last is behind the atoms they may have. */
static void
windows_at(const struct walk *walk, const struct o2c__atom *atom, const struct o2c__atom *last, bool few)
{
    const char *at = walk->canon + atom->canon;
    bool usual = walk->most <= O2C__WINDOW_ATOMS && walk->index->digits_max < 64;
    bool both = (atom->digit || atom->len <= walk->index->letters_max) && walk->index->starts[o2c__start(at)];
    const struct o2c__atom *stop = last - atom < (ptrdiff_t)walk->most ? last : atom + walk->most;
    if (atom->digit && !few && usual && *at != '0')
        windows_of_digits(walk, atom, stop);
    else if (atom->digit && !few)
        windows_of_any_digits(walk, (uint32_t)(atom - walk->atoms), (uint32_t)(stop - walk->atoms));
    if (both)
        windows_of_both(walk, (uint32_t)(atom - walk->atoms), (uint32_t)(stop - walk->atoms));
}

/* Windows that begin at the atoms from … end and stay among them. */
static void
windows_between(const struct walk *walk, uint32_t from, uint32_t end)
{
    const struct o2c__atom *last = walk->atoms + end;
    struct row row = { walk->atoms + from, false };
    for (const struct o2c__atom *block = row.end; block < last; block += 64) {
        uint64_t leading = leading_atoms(walk, block, last - block < 64 ? (uint32_t)(last - block) : 64);
        for (; leading; leading &= leading - 1) {
            const struct o2c__atom *atom = block + __builtin_ctzll(leading);
            if (atom < row.end && row.few && !walk->index->digits_start)
                continue;
            if (atom->digit && atom >= row.end)
                row.few = row_is_none(walk->index, atom, last, &row.end);
            if (!atom->digit || !row.few || walk->index->digits_start)
                windows_at(walk, atom, last, row.few);
        }
    }
}

/* A window never crosses from the pieces into what stands behind them. */
void
o2c__text_windows(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct walk walk = walk_of(reader, reading);
    if (walk.index->references.count == 0)
        return;
    windows_between(&walk, 0, reading->pieces_atoms);
    if (reading->atoms_count > reading->pieces_atoms)
        windows_between(&walk, reading->pieces_atoms, reading->atoms_count);
    if (reading->one->payment->structured_count)
        probe_structured(reader, reading);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Windows of neighboring atoms, filtered by the shapes that live in the pool, each a probe of the reference table. */
#include "match/text.h"

/* A window while it grows to the right. */
struct window {
    struct o2c__reader *reader;
    struct o2c__reading *reading;
    uint32_t first, last;
    uint32_t digits, letters;
    uint32_t zeros;  /* at its left end */
    bool inner_zero; /* a later group of digits starts with a zero */
};

static void
probe(const struct window *window, const char *key, uint32_t len, uint32_t kind)
{
    struct o2c__probe probe = {
        .key = key, .len = len, .kind = kind, .reading = window->reading, .first = window->first, .last = window->last
    };
    probe.hash = o2c__hash(window->reader->solve->pool->context.key, key, len);
    o2c__probe(window->reader, &probe);
}

static bool
has_length(const uint64_t lengths[2], uint32_t len)
{
    return len >= O2C__SIGNIFICANT_MIN && len <= O2C__REFERENCE_BYTES && (lengths[len / 64] >> (len % 64) & 1);
}

/* The same digits, with the zeros before every group gone, a group of zeros one zero: "2024 0123" for 2024-00123. */
static void
probe_loose(const struct window *window)
{
    const struct o2c__index *index = window->reader->solve->pool->index;
    const struct o2c__reading *reading = window->reading;
    char *key = o2c__arena_alloc(&window->reader->solve->arena, O2C__REFERENCE_BYTES);
    uint32_t len = 0;
    if (!key) {
        window->reader->failed = true;
        return;
    }
    for (uint32_t i = window->first; i <= window->last; i++) {
        const struct o2c__atom *atom = &reading->atoms[i];
        uint32_t from = 0;
        while (from + 1u < atom->len && reading->canon[atom->canon + from] == '0')
            from++;
        memcpy(key + len, reading->canon + atom->canon + from, atom->len - from);
        len += atom->len - from;
    }
    if (has_length(index->lengths, len) || has_length(index->loose_lengths, len))
        probe(window, key, len, O2C__PROBE_LOOSE);
}

static void
probe_digits(const struct window *window)
{
    const char *key = window->reading->canon + window->reading->atoms[window->first].canon + window->zeros;
    const struct o2c__index *index = window->reader->solve->pool->index;
    uint32_t len = window->digits - window->zeros;
    /* Only digits in several groups can be a number that lost zeros at the start of a group. */
    if (has_length(index->lengths, len) || (window->first != window->last && has_length(index->loose_lengths, len)))
        probe(window, key, len, O2C__PROBE_DIGITS);
    if (window->inner_zero)
        probe_loose(window);
}

static void
probe_mixed(const struct window *window)
{
    const struct o2c__index *index = window->reader->solve->pool->index;
    uint32_t len = window->digits + window->letters;
    if (len >= O2C__SIGNIFICANT_MIN && (index->shapes[window->digits] >> (window->letters & 63) & 1))
        probe(window, window->reading->canon + window->reading->atoms[window->first].canon, len, O2C__PROBE_FULL);
}

static void
add_atom(struct window *window, const struct o2c__atom *atom)
{
    const char *at = window->reading->canon + atom->canon;
    if (!atom->digit) {
        window->letters += atom->len;
        return;
    }
    if (window->zeros == window->digits) {
        uint32_t zeros = 0;
        while (zeros < atom->len && at[zeros] == '0')
            zeros++;
        window->zeros += zeros;
    } else if (at[0] == '0') {
        window->inner_zero = true;
    }
    window->digits += atom->len;
}

/* A window never crosses from the pieces into what stands behind them. */
static void
windows_from(struct window *window, uint32_t first, uint32_t end)
{
    const struct o2c__index *index = window->reader->solve->pool->index;
    uint32_t most = index->structured_min ? O2C__WINDOW_ATOMS_PRINTED : O2C__WINDOW_ATOMS;
    window->first = first;
    window->digits = window->letters = window->zeros = 0;
    window->inner_zero = false;
    for (uint32_t last = first; last < end && last - first < most; last++) {
        window->last = last;
        add_atom(window, &window->reading->atoms[last]);
        if (window->letters > index->letters_max || window->letters >= 64)
            return;
        if (window->digits > O2C__REFERENCE_BYTES || (window->letters > 0 && window->digits > index->digits_max) ||
            window->digits - window->zeros > index->digits_max)
            return;
        if (last - first >= O2C__WINDOW_ATOMS && window->digits + window->letters < index->structured_min)
            continue;
        if (window->letters == 0)
            probe_digits(window);
        else
            probe_mixed(window);
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
            o2c__probe(reader, &probe);
        }
        at += (uint32_t)text.len;
    }
}

void
o2c__text_windows(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct window window = { .reader = reader, .reading = reading };
    if (reader->solve->pool->index->references.count == 0)
        return;
    for (uint32_t first = 0; first < reading->atoms_count; first++)
        windows_from(&window, first, first < reading->pieces_atoms ? reading->pieces_atoms : reading->atoms_count);
    if (reading->one->payment->structured_count)
        probe_structured(reader, reading);
}

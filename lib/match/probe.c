/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many lookups at once: slots were asked for when the probes came in; then every slot is read and its item asked for, then its text,
 * and only then a hit is verified. Memory waits once for all of them instead of once for each (MATCHER 17).
 */
#include "match/text.h"

#define CANDIDATES (2 * O2C__PROBES)

struct candidate {
    const struct o2c__probe *probe;
    uint32_t value;
};

/* ---- what a candidate proves */
static bool
same(const char *a, uint32_t a_len, const char *b, uint32_t b_len)
{
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

/* A separator inside the digits of the window where our number has none: 100 234 for 100234. The border of two pieces is none. */
static bool
split_inside(const struct o2c__probe *probe, const struct o2c__forms *forms, uint32_t shift)
{
    const struct o2c__reading *reading = probe->reading;
    uint32_t start = reading->atoms[probe->first].canon;
    for (uint32_t i = probe->first + 1; i <= probe->last; i++) {
        const struct o2c__atom *atom = &reading->atoms[i];
        uint32_t place = atom->canon - start + shift;
        bool inside = atom->digit && atom[-1].digit;
        if (inside && atom->gap == O2C__GAP_APART && !(forms->cuts >> (place & 63) & 1))
            return true;
    }
    return false;
}

/* Digits of the window against digits of the number: every digit stands there, or zeros came or went. 0 = another number. */
static uint8_t
compare_digits(const struct o2c__probe *probe, struct o2c__forms *forms)
{
    const struct o2c__reading *reading = probe->reading;
    const struct o2c__atom *first = &reading->atoms[probe->first], *last = &reading->atoms[probe->last];
    const char *digits = forms->full + forms->digits_at;
    uint32_t len = last->canon + last->len - first->canon;
    if (probe->kind == O2C__PROBE_DIGITS && same(reading->canon + first->canon, len, digits, forms->digits_len))
        return split_inside(probe, forms, forms->digits_at) ? O2C__REF_NORMALIZED : O2C__REF_EXACT;
    if (same(probe->key, probe->len, digits + forms->zeros, forms->digits_len - forms->zeros))
        return O2C__REF_NORMALIZED;
    o2c__forms_loosen(forms);
    return same(probe->key, probe->len, forms->loose, forms->loose_len) ? O2C__REF_NORMALIZED : 0;
}

static uint8_t
compare(const struct o2c__probe *probe, struct o2c__forms *forms)
{
    if (probe->kind == O2C__PROBE_CHECKED)
        return same(probe->key, probe->len, forms->full, forms->full_len) ? O2C__REF_EXACT : 0;
    if (probe->kind == O2C__PROBE_LINE) {
        o2c__forms_loosen(forms);
        bool digits = same(probe->key, probe->len, forms->full + forms->digits_at + forms->zeros, forms->digits_len - forms->zeros);
        return digits || same(probe->key, probe->len, forms->loose, forms->loose_len) ? O2C__REF_EXACT : 0;
    }
    if (probe->kind != O2C__PROBE_FULL)
        return forms->digits_len ? compare_digits(probe, forms) : 0;
    if (!same(probe->key, probe->len, forms->full, forms->full_len))
        return 0;
    return split_inside(probe, forms, 0) ? O2C__REF_NORMALIZED : O2C__REF_EXACT;
}

/* A structured reference stands whole or not at all; without right check digits it is a number like any other. */
static uint8_t
structured_error(const struct o2c__probe *probe, const struct o2c__forms *forms, const struct o2c__cited *row, o2c_str text)
{
    char canonical[36];
    bool whole = probe->kind == O2C__PROBE_FULL || probe->kind == O2C__PROBE_CHECKED;
    if (probe->kind == O2C__PROBE_DIGITS) {
        const struct o2c__atom *first = &probe->reading->atoms[probe->first], *last = &probe->reading->atoms[probe->last];
        whole = forms->letters == 0 && last->canon + last->len - first->canon == forms->full_len;
    }
    if (!whole)
        return 0;
    return o2c__reference_canonical(row->scheme, text.ptr, text.len, canonical) ? O2C__REF_STRUCTURED : O2C__REF_EXACT;
}

static uint8_t
error_class(const struct o2c__probe *probe, struct o2c__forms *forms, const struct o2c__cited *row, o2c_str text)
{
    uint8_t error = compare(probe, forms);
    if (!error || row->kind == O2C_REFERENCE_OWN)
        return error;
    return row->kind == O2C_REFERENCE_STRUCTURED ? structured_error(probe, forms, row, text) : O2C__REF_SECONDARY;
}

/* ---- hits */
/* One more at the end of the list, all zeros; NULL = no memory. */
static struct o2c__raw *
raw_new(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct o2c__raw *to = o2c__arena_alloc(&reader->solve->arena, sizeof *to);
    if (!to) {
        reader->failed = true;
        return NULL;
    }
    memset(to, 0, sizeof *to);
    reading->last = to;
    *reading->raws_end = to;
    reading->raws_end = &to->next;
    reading->raws_count++;
    return to;
}

struct o2c__raw *
o2c__raw_add(struct o2c__reader *reader, struct o2c__reading *reading, const struct o2c__raw *raw)
{
    struct o2c__raw *to = raw_new(reader, reading);
    if (to) {
        *to = *raw;
        to->next = NULL;
    }
    return to;
}

static void
span(const struct o2c__probe *probe, uint32_t *at, uint32_t *len)
{
    bool row = probe->first == O2C__NONE;
    *at = row ? probe->at : probe->reading->atoms[probe->first].at;
    *len = (row ? probe->end : probe->reading->atoms[probe->last].end) - *at;
}

static void
add_number(struct o2c__reader *reader, const struct o2c__probe *probe, uint32_t number)
{
    struct o2c__named *to = o2c__arena_alloc(&reader->solve->arena, sizeof *to);
    if (!to) {
        reader->failed = true;
        return;
    }
    to->number = number;
    span(probe, &to->at, &to->len);
    to->next = probe->reading->named;
    probe->reading->named = to;
}

/* Rows of one crowd that are one group: kind, item account and number agree. */
static uint32_t
group_end(const o2c_match_pool *pool, const struct o2c__cited *first, const struct o2c__forms *forms, uint32_t *count)
{
    const o2c__vector *cited = &pool->index->cited;
    uint32_t next = first->next;
    *count = 1;
    while (next != O2C__NONE) {
        const struct o2c__cited *row = &O2C__AT(cited, struct o2c__cited, next);
        struct o2c__forms other;
        if (row->kind != first->kind || (row->target < pool->open_count) != (first->target < pool->open_count) ||
            pool->item_account[row->target] != pool->item_account[first->target])
            break;
        o2c__forms_plain(o2c__pool_str(pool, row->text), &other);
        if (!same(forms->full, forms->full_len, other.full, other.full_len))
            break;
        ++*count;
        next = row->next;
    }
    return next;
}

static bool
copy_members(struct o2c__reader *reader, const struct o2c__cited *first, uint32_t count, struct o2c__raw *raw)
{
    const o2c__vector *cited = &reader->solve->pool->index->cited;
    const struct o2c__cited *row = first;
    raw->members = o2c__arena_alloc(&reader->solve->arena, count * sizeof(uint32_t));
    if (!raw->members) {
        reader->failed = true;
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        raw->members[i] = row->target;
        if (i + 1 < count)
            row = &O2C__AT(cited, struct o2c__cited, row->next);
    }
    raw->hit.item = O2C__NONE;
    raw->hit.group_count = count;
    return true;
}

static int32_t
ln_range(const struct o2c__solve *solve, const struct o2c__forms *forms)
{
    uint64_t shape = o2c__shape_of((o2c_str){ forms->full, forms->full_len }, forms->digits);
    return o2c__model_ln_range(solve->model, shape, forms->digits);
}

/* One row, or the group it begins; answers the row behind. */
static uint32_t
verify(struct o2c__reader *reader, const struct o2c__probe *probe, struct o2c__cited row)
{
    const o2c_match_pool *pool = reader->solve->pool;
    o2c_str text = o2c__pool_str(pool, row.kind == O2C__CITED_NUMBER
                                           ? O2C__AT(&pool->index->numbers, struct o2c__number, row.target).text
                                           : row.text);
    struct o2c__forms forms;
    uint32_t count = 1, next = row.next;
    o2c__forms_plain(text, &forms);
    uint8_t error = error_class(probe, &forms, &row, text);
    if (row.kind == O2C__CITED_NUMBER) {
        if (error == O2C__REF_SECONDARY)
            add_number(reader, probe, row.target);
        return next;
    }
    if (row.next != O2C__NONE)
        next = group_end(pool, &row, &forms, &count);
    if (!error || count > O2C__GROUP_MAX)
        return next;
    struct o2c__raw raw = { .hit = { .item = row.target, .error = error, .scheme = row.scheme },
                            .first = probe->first,
                            .last = probe->last };
    span(probe, &raw.hit.at, &raw.hit.len);
    raw.text = row.text;
    raw.ln_range = ln_range(reader->solve, &forms);
    raw.bare = probe->kind != O2C__PROBE_FULL && probe->kind != O2C__PROBE_CHECKED;
    raw.extra = raw.hit.at >= probe->reading->pieces_end;
    if (count == 1 || copy_members(reader, &row, count, &raw))
        o2c__raw_add(reader, probe->reading, &raw);
    return next;
}

/* The item stands in a longer window already, with all its digits: this reading of it could only be dominated. */
static bool
is_contained(const struct o2c__probe *probe, uint32_t item)
{
    const struct o2c__raw *last = probe->reading->last;
    return last && last->hit.item == item && last->hit.error == O2C__REF_EXACT && last->first <= probe->first && probe->last <= last->last;
}

/* The commonest of all: a number that is ours alone stands in the text as it is printed. */
static bool
verify_verbatim(struct o2c__reader *reader, const struct o2c__probe *probe, uint32_t item)
{
    const o2c_match_pool *pool = reader->solve->pool;
    o2c_ref document = pool->echo[item].document;
    const struct o2c__atom *first = &probe->reading->atoms[probe->first], *last = &probe->reading->atoms[probe->last];
    uint32_t len = last->end - first->at, digits = 0;
    if (len != document.len ||
        memcmp(o2c__reading_text(reader, probe->reading) + first->at, o2c__pool_str(pool, document).ptr, document.len) != 0)
        return false;
    struct o2c__raw *raw = raw_new(reader, probe->reading);
    if (!raw)
        return true;
    for (const struct o2c__atom *atom = first; atom <= last; atom++)
        digits += atom->digit ? atom->len : 0;
    raw->hit.item = item;
    raw->hit.error = O2C__REF_EXACT;
    raw->hit.at = first->at;
    raw->hit.len = len;
    raw->first = probe->first;
    raw->last = probe->last;
    raw->text = document;
    raw->ln_range = o2c__model_ln_range(
        reader->solve->model,
        o2c__shape_of((o2c_str){ probe->reading->canon + first->canon, last->canon + last->len - first->canon }, digits), digits);
    raw->bare = probe->kind == O2C__PROBE_DIGITS;
    raw->extra = first->at >= probe->reading->pieces_end;
    return true;
}

/* Those two, where the probe is a window and the item alone has the number. */
static bool
verify_alone(struct o2c__reader *reader, const struct candidate *candidate)
{
    const struct o2c__probe *probe = candidate->probe;
    if ((candidate->value & O2C__INDEX_CROWD) || probe->first == O2C__NONE)
        return false;
    if (is_contained(probe, candidate->value))
        return true;
    return (probe->kind == O2C__PROBE_FULL || probe->kind == O2C__PROBE_DIGITS) && verify_verbatim(reader, probe, candidate->value);
}

static void
verify_candidate(struct o2c__reader *reader, const struct candidate *candidate)
{
    const struct o2c__index *index = reader->solve->pool->index;
    struct o2c__cited row = o2c__index_first(reader->solve->pool, candidate->value);
    uint32_t groups = 1;
    if (candidate->value & O2C__INDEX_CROWD)
        groups = O2C__AT(&index->crowds, struct o2c__crowd, candidate->value & ~O2C__INDEX_CROWD).groups;
    /* Too many accounts stand behind this number for it to say anything. */
    if (groups > O2C__DISTINCTIVE)
        return;
    for (;;) {
        uint32_t next = verify(reader, candidate->probe, row);
        if (next == O2C__NONE || reader->failed)
            return;
        row = O2C__AT(&index->cited, struct o2c__cited, next);
    }
}

/* ---- the three rounds */
static void
prefetch_value(const o2c_match_pool *pool, uint32_t value)
{
    if (value & O2C__INDEX_CROWD)
        o2c__ask(&O2C__AT(&pool->index->crowds, struct o2c__crowd, value & ~O2C__INDEX_CROWD));
    else
        o2c__ask(&pool->echo[value].document);
}

/* Values behind the tag of a hash, at most room of them: a few slots at a time, since nobody can tell where a walk ends. */
static uint32_t
find_values(const struct o2c__slots *slots, uint64_t hash, uint32_t room, uint32_t *out)
{
    uint32_t tag = o2c__slots_tag(hash), at = o2c__slots_at(slots, hash), count = 0, value;
    for (; at + O2C__SLOTS_STEP <= slots->room; at += O2C__SLOTS_STEP) {
        uint32_t empty, found = o2c__slots_look(&slots->rows[at], tag, &empty);
        for (found &= (empty & -empty) - 1; found && count < room; found &= found - 1)
            out[count++] = slots->rows[at + (uint32_t)__builtin_ctz(found)].value;
        if (empty || count == room)
            return count;
    }
    /* The last slots, and the first ones behind them. */
    at = at == slots->room ? 0 : at;
    while (count < room && (value = o2c__index_next(slots, tag, &at)) != O2C__MAP_NONE)
        out[count++] = value;
    return count;
}

static uint32_t
find_candidates(const struct o2c__reader *reader, uint32_t *probe_at, struct candidate *out)
{
    const struct o2c__slots *slots = &reader->solve->pool->index->references;
    uint32_t count = 0, values[CANDIDATES];
    for (; *probe_at < reader->probes_count && count + 16 < CANDIDATES; ++*probe_at) {
        const struct o2c__probe *probe = &reader->probes[*probe_at];
        uint32_t found = find_values(slots, probe->hash, CANDIDATES - count, values);
        for (uint32_t i = 0; i < found; i++) {
            out[count++] = (struct candidate){ probe, values[i] };
            prefetch_value(reader->solve->pool, values[i]);
        }
    }
    return count;
}

static void
prefetch_texts(const o2c_match_pool *pool, const struct candidate *candidates, uint32_t count)
{
    const char *heap = pool->heap.bytes.rows;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = candidates[i].value;
        if (value & O2C__INDEX_CROWD) {
            uint32_t first = O2C__AT(&pool->index->crowds, struct o2c__crowd, value & ~O2C__INDEX_CROWD).first;
            o2c__ask(&O2C__AT(&pool->index->cited, struct o2c__cited, first));
        } else {
            o2c_ref document = pool->echo[value].document;
            o2c__ask(heap + document.at);
            o2c__ask(heap + document.at + document.len);
            o2c__ask(&pool->item_account[value]);
            o2c__ask(&pool->open[value]);
        }
    }
}

void
o2c__probes_run(struct o2c__reader *reader)
{
    struct candidate candidates[CANDIDATES];
    for (uint32_t at = 0; at < reader->probes_count && !reader->failed;) {
        uint32_t count = find_candidates(reader, &at, candidates);
        prefetch_texts(reader->solve->pool, candidates, count);
        for (uint32_t i = 0; i < count && !reader->failed; i++) {
            if (!verify_alone(reader, &candidates[i]))
                verify_candidate(reader, &candidates[i]);
        }
    }
    reader->probes_count = 0;
}

/* ---- one number at a time: lists and remittance lines */
static bool
leads_to(const o2c_match_pool *pool, uint32_t value, o2c_str full)
{
    struct o2c__cited row = o2c__index_first(pool, value);
    for (;;) {
        struct o2c__forms forms;
        o2c__forms_plain(o2c__pool_str(pool, row.text), &forms);
        if (row.kind == O2C_REFERENCE_OWN && same(forms.full, forms.full_len, full.ptr, (uint32_t)full.len))
            return true;
        if (row.next == O2C__NONE || row.kind > O2C_REFERENCE_OWN)
            return false;
        row = O2C__AT(&pool->index->cited, struct o2c__cited, row.next);
    }
}

bool
o2c__probe_is_live(const o2c_match_pool *pool, o2c_str full)
{
    const struct o2c__slots *slots = &pool->index->references;
    uint64_t hash = o2c__hash(pool->context.key, full.ptr, full.len);
    uint32_t at = o2c__slots_at(slots, hash), value;
    while ((value = o2c__index_next(slots, o2c__slots_tag(hash), &at)) != O2C__MAP_NONE) {
        if (leads_to(pool, value, full))
            return true;
    }
    return false;
}

void
o2c__probe_now(struct o2c__reader *reader, const struct o2c__probe *probe)
{
    const struct o2c__slots *slots = &reader->solve->pool->index->references;
    uint32_t at = o2c__slots_at(slots, probe->hash), value;
    while (!reader->failed && (value = o2c__index_next(slots, o2c__slots_tag(probe->hash), &at)) != O2C__MAP_NONE)
        verify_candidate(reader, &(struct candidate){ probe, value });
}

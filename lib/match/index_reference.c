/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference table: every form of every document number, reference and customer number leads to what it names.
 * Rows go in by (kind, target), so that a crowd is in that order whatever the order of puts was.
 */
#include "match/index.h"

#define AHEAD 16u       /* slots asked for before they are needed */
#define PRINTED_MIN 10u /* letters and digits of a reference that is printed in groups */

/* One form of one row on its way into the table. */
struct entry {
    uint32_t tag;      /* of its hash: a slot asks for no more */
    uint32_t target;
    uint32_t row;      /* of the references; OWN_TEXT = the item's document number, NUMBER_TEXT = a customer number */
    uint8_t kind, scheme, form;
};
#define OWN_TEXT O2C__NONE
#define NUMBER_TEXT (O2C__NONE - 1)
enum { FORM_FULL, FORM_DIGITS, FORM_LOOSE };

struct build {
    o2c_match_pool *pool;
    const struct o2c__reference_row *rows;
    o2c__vector entries;
};

static o2c_str
form_of(const struct o2c__forms *forms, uint8_t form)
{
    if (form == FORM_FULL)
        return (o2c_str){ forms->full, forms->full_len };
    return form == FORM_DIGITS ? o2c__forms_digits(forms) : (o2c_str){ forms->loose, forms->loose_len };
}

static o2c_ref
text_of(const struct build *build, const struct entry *entry)
{
    if (entry->row == OWN_TEXT)
        return build->pool->echo[entry->target].document;
    if (entry->row == NUMBER_TEXT)
        return O2C__AT(&build->pool->index->numbers, struct o2c__number, entry->target).text;
    return build->rows[entry->row].text;
}

static void
note_number(struct o2c__index *index, uint8_t form, size_t len)
{
    index->lengths[len] |= form == FORM_LOOSE ? O2C__LENGTH_LOOSE : O2C__LENGTH_NUMBER;
    if (form != FORM_LOOSE && len >= O2C__SIGNIFICANT_MIN && len < 64)
        index->number_lengths |= UINT64_C(1) << len;
    if (form != FORM_LOOSE && len >= O2C__SIGNIFICANT_MIN && len < index->number_min)
        index->number_min = (uint32_t)len;
}

/* Which counts of digits and letters live here: windows of a text that no live key has are not looked up. */
static void
note_shape(struct o2c__index *index, const struct o2c__forms *forms, uint8_t form, size_t len)
{
    if (form == FORM_FULL && forms->letters > 0 && len >= O2C__SIGNIFICANT_MIN) {
        index->shapes[forms->digits] |= UINT64_C(1) << (forms->letters & 63);
        index->starts[o2c__start(forms->full)] = 1;
        index->digits_start = index->digits_start || forms->full[0] <= '9';
        if (forms->letters > index->letters_max)
            index->letters_max = forms->letters;
    }
    if (form != FORM_FULL || forms->letters == 0)
        note_number(index, form, len);
    if (forms->digits > index->digits_max)
        index->digits_max = forms->digits;
}

/* How its digits are grouped: what lost zeros inside is looked for in groups like these only. */
static void
note_groups(struct o2c__index *index, const struct o2c__forms *forms)
{
    uint64_t all = forms->digits_len < 64 ? (UINT64_C(1) << forms->digits_len) - 1 : ~UINT64_C(0);
    uint64_t cuts = forms->cuts >> forms->digits_at & all & ~UINT64_C(1);
    uint32_t groups = 1 + (uint32_t)__builtin_popcountll(cuts);
    if (groups < 2 || groups > O2C__WINDOW_GROUPS)
        return;
    uint32_t first = (uint32_t)__builtin_ctzll(cuts);
    if (first <= forms->zeros)
        return;
    index->groups[first - forms->zeros] |= (uint8_t)(1u << groups);
    if (first - forms->zeros < index->group_min)
        index->group_min = first - forms->zeros;
}

static bool
add_form(struct build *build, const struct o2c__forms *forms, struct entry entry, uint8_t form)
{
    o2c_str key = form_of(forms, form);
    if (key.len == 0)
        return true;
    struct entry *to = o2c__vector_add_many(&build->entries, 1);
    if (!to)
        return false;
    entry.tag = o2c__slots_tag(o2c__hash(build->pool->context.key, key.ptr, key.len));
    entry.form = form;
    *to = entry;
    note_shape(build->pool->index, forms, form, key.len);
    return true;
}

/* A number of digits alone without leading zeros is its own digits form. */
static bool
add_text(struct build *build, o2c_ref text, struct entry entry)
{
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(build->pool, text), &forms);
    bool same = forms.letters == 0 && forms.zeros == 0;
    if (forms.cuts && forms.digits_len)
        note_groups(build->pool->index, &forms);
    return add_form(build, &forms, entry, FORM_FULL) && (same || add_form(build, &forms, entry, FORM_DIGITS)) &&
           add_form(build, &forms, entry, FORM_LOOSE);
}

/* A customer number is looked for in texts only if it has a digit and some length; names are words. */
static bool
add_numbers(struct build *build)
{
    const o2c__vector *numbers = &build->pool->index->numbers;
    for (uint32_t i = 0; i < numbers->count; i++) {
        struct o2c__forms forms;
        struct entry entry = { .target = i, .row = NUMBER_TEXT, .kind = O2C__CITED_NUMBER };
        o2c__forms(o2c__pool_str(build->pool, O2C__AT(numbers, struct o2c__number, i).text), &forms);
        if (forms.digits == 0 || forms.full_len < O2C__SIGNIFICANT_MIN)
            continue;
        if (!add_form(build, &forms, entry, FORM_FULL))
            return false;
    }
    return true;
}

static bool
add_documents(struct build *build)
{
    for (uint32_t item = 0; item < build->pool->count; item++) {
        struct entry entry = { .target = item, .row = OWN_TEXT, .kind = O2C_REFERENCE_OWN };
        if (build->pool->echo[item].document.len && !add_text(build, build->pool->echo[item].document, entry))
            return false;
    }
    return true;
}

/* Printed in groups, a structured reference may have more of them than a window has; short ones are not printed so. */
static void
note_structured(o2c_match_pool *pool, o2c_ref text)
{
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(pool, text), &forms);
    if (forms.full_len >= PRINTED_MIN && (pool->index->structured_min == 0 || forms.full_len < pool->index->structured_min))
        pool->index->structured_min = forms.full_len;
}

static bool
add_references(struct build *build, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__reference_row *row = &build->rows[i];
        struct entry entry = { .target = row->target, .row = i, .kind = row->kind, .scheme = row->scheme };
        if (!add_text(build, row->text, entry))
            return false;
        if (row->kind == O2C_REFERENCE_STRUCTURED)
            note_structured(build->pool, row->text);
    }
    return true;
}

/* ---- crowds */
struct o2c__cited
o2c__index_first(const o2c_match_pool *pool, uint32_t value)
{
    if (value & O2C__INDEX_CROWD) {
        const struct o2c__crowd *crowd = &O2C__AT(&pool->index->crowds, struct o2c__crowd, value & ~O2C__INDEX_CROWD);
        return O2C__AT(&pool->index->cited, struct o2c__cited, crowd->first);
    }
    return (struct o2c__cited){ .target = value, .next = O2C__NONE, .text = pool->echo[value].document, .kind = O2C_REFERENCE_OWN };
}

static bool
has_form(o2c_str text, o2c_str key)
{
    struct o2c__forms forms;
    o2c__forms(text, &forms);
    for (uint8_t form = FORM_FULL; form <= FORM_LOOSE; form++) {
        if (o2c__str_equal(form_of(&forms, form), key))
            return true;
    }
    return false;
}

/* Slot of the entry's key, or the empty slot behind: at is the first that has its tag. */
static uint32_t __attribute__((noinline))
find_key(const struct build *build, const struct entry *entry, uint32_t at)
{
    const struct o2c__slots *slots = &build->pool->index->references;
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(build->pool, text_of(build, entry)), &forms);
    for (; slots->rows[at].value != O2C__MAP_NONE; at = o2c__slots_find(slots, o2c__slots_next(slots, at), entry->tag)) {
        struct o2c__cited first = o2c__index_first(build->pool, slots->rows[at].value);
        if (has_form(o2c__pool_str(build->pool, first.text), form_of(&forms, entry->form)))
            break;
    }
    return at;
}

/* Most keys are new: they find an empty slot. */
static inline uint32_t
find_slot(const struct build *build, const struct entry *entry)
{
    const struct o2c__slots *slots = &build->pool->index->references;
    uint32_t at = o2c__slots_find(slots, o2c__slots_at(slots, entry->tag), entry->tag);
    return slots->rows[at].value == O2C__MAP_NONE ? at : find_key(build, entry, at);
}

static uint32_t
item_account(const o2c_match_pool *pool, const struct o2c__cited *row)
{
    return row->kind == O2C__CITED_NUMBER ? row->target : pool->item_account[row->target];
}

static bool
append(o2c_match_pool *pool, struct o2c__crowd *crowd, struct o2c__cited row)
{
    o2c__vector *cited = &pool->index->cited;
    const struct o2c__cited *last = crowd->count ? &O2C__AT(cited, struct o2c__cited, crowd->last) : NULL;
    if (last && last->target == row.target && last->kind == row.kind)
        return true;
    crowd->groups += !last || last->kind != row.kind || item_account(pool, last) != item_account(pool, &row);
    uint32_t at = (uint32_t)cited->count;
    row.next = O2C__NONE;
    struct o2c__cited *to = o2c__vector_add_many(cited, 1);
    if (!to)
        return false;
    *to = row;
    if (crowd->count++ == 0)
        crowd->first = at;
    else
        O2C__AT(cited, struct o2c__cited, crowd->last).next = at;
    crowd->last = at;
    return true;
}

/* The crowd behind a slot; a lone item becomes the first of one. */
static struct o2c__crowd *
crowd_at(o2c_match_pool *pool, struct o2c__slot *slot)
{
    o2c__vector *crowds = &pool->index->crowds;
    if (slot->value != O2C__MAP_NONE && (slot->value & O2C__INDEX_CROWD))
        return &O2C__AT(crowds, struct o2c__crowd, slot->value & ~O2C__INDEX_CROWD);
    struct o2c__crowd *crowd = o2c__vector_add(crowds);
    if (!crowd)
        return NULL;
    if (slot->value != O2C__MAP_NONE && !append(pool, crowd, o2c__index_first(pool, slot->value)))
        return NULL;
    slot->value = O2C__INDEX_CROWD | (uint32_t)(crowds->count - 1);
    return crowd;
}

static bool
put_entry(struct build *build, const struct entry *entry)
{
    struct o2c__slots *slots = &build->pool->index->references;
    struct o2c__slot *slot = &slots->rows[find_slot(build, entry)];
    bool is_new = slot->value == O2C__MAP_NONE;
    slot->tag = entry->tag;
    slots->count += is_new;
    if (is_new && entry->row == OWN_TEXT) {
        slot->value = entry->target;
        return true;
    }
    struct o2c__cited row = { .target = entry->target, .text = text_of(build, entry), .kind = entry->kind, .scheme = entry->scheme };
    struct o2c__crowd *crowd = crowd_at(build->pool, slot);
    return crowd && append(build->pool, crowd, row);
}

static bool
put_entries(struct build *build)
{
    const struct o2c__slots *slots = &build->pool->index->references;
    for (size_t i = 0; i < build->entries.count; i++) {
        if (i + AHEAD < build->entries.count)
            o2c__ask_to_write(&slots->rows[o2c__slots_at(slots, O2C__AT(&build->entries, struct entry, i + AHEAD).tag)]);
        if (!put_entry(build, &O2C__AT(&build->entries, struct entry, i)))
            return false;
    }
    return true;
}

o2c_status
o2c__index_references(o2c_match_pool *pool, const struct o2c__reference_row *rows, uint32_t count, o2c_error *err)
{
    struct build build = { .pool = pool, .rows = rows };
    pool->index->number_min = pool->index->group_min = O2C__REFERENCE_BYTES + 1;
    o2c__vector_init(&build.entries, &pool->context.memory, sizeof(struct entry));
    bool whole = o2c__vector_reserve(&build.entries, (size_t)pool->count * 2 + (size_t)count * 2) && add_documents(&build) &&
                 add_references(&build, count) && add_numbers(&build) &&
                 o2c__slots_new(&pool->index->references, &pool->context.memory, build.entries.count) && put_entries(&build);
    o2c__vector_free(&build.entries);
    return whole ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, "", "no memory for the reference index");
}

bool
o2c__index_put_references(o2c_match_pool *pool, const struct o2c__reference_row *rows, uint32_t count)
{
    struct build build = { .pool = pool, .rows = rows };
    o2c__vector_init(&build.entries, &pool->context.memory, sizeof(struct entry));
    bool whole = add_references(&build, count) && put_entries(&build);
    o2c__vector_free(&build.entries);
    return whole;
}

bool
o2c__index_put_documents(o2c_match_pool *pool, const uint32_t *items, uint32_t count)
{
    struct build build = { .pool = pool };
    o2c__vector_init(&build.entries, &pool->context.memory, sizeof(struct entry));
    bool whole = true;
    for (uint32_t i = 0; whole && i < count; i++) {
        struct entry entry = { .target = items[i], .row = OWN_TEXT, .kind = O2C_REFERENCE_OWN };
        whole = add_text(&build, pool->echo[items[i]].document, entry);
    }
    whole = whole && put_entries(&build);
    o2c__vector_free(&build.entries);
    return whole;
}

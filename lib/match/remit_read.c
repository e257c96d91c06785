/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the lines of an advice name. A number of ours that nothing else shares is found by its bytes; lines are looked up in blocks, so
 * that memory waits once for many. What that does not find is read like any line: by its digits, as a structured reference.
 */
#include "match/remit.h"

#define BLOCK 32u

struct lookup {
    uint64_t hash, shape;
    uint32_t digits;
    uint32_t value; /* an item that has the number for itself, O2C__NONE = read it the long way */
    o2c_str text;
};
struct read {
    struct o2c__remit *remit;
    struct o2c__reader reader;
    struct o2c__reading reading;
    uint64_t shape;    /* of the last number, and what the model said of it */
    int32_t ln_range;
    bool shaped;
};

bool
o2c__remit_option_add(struct o2c__remit *remit, struct o2c__remit_line *line, const struct o2c__remit_option *option)
{
    if (line->options_count == O2C__REMIT_OPTIONS_MAX)
        return true;
    if (remit->options_count == remit->options_room) {
        uint32_t room = remit->options_room * 2 + 64;
        struct o2c__remit_option *rows = o2c__arena_alloc(&remit->solve->arena, room * sizeof *rows);
        if (!rows)
            return false;
        if (remit->options_count)
            memcpy(rows, remit->options, remit->options_count * sizeof *rows);
        remit->options = rows;
        remit->options_room = room;
    }
    if (line->options_count == 0)
        line->options_at = remit->options_count;
    remit->options[remit->options_count++] = *option;
    line->options_count++;
    return true;
}

static bool
add_members(struct o2c__remit *remit, const uint32_t *members, uint32_t count, uint32_t *out_at)
{
    if (remit->members_room - remit->members_count < count) {
        uint32_t room = remit->members_room * 2 + count + 64, *rows = o2c__arena_alloc(&remit->solve->arena, room * sizeof *rows);
        if (!rows)
            return false;
        if (remit->members_count)
            memcpy(rows, remit->members, remit->members_count * sizeof *rows);
        remit->members = rows;
        remit->members_room = room;
    }
    memcpy(remit->members + remit->members_count, members, count * sizeof *members);
    *out_at = remit->members_count;
    remit->members_count += count;
    return true;
}

/* ---- the short way */

static void
ask(struct read *read, const struct o2c__remit_line *line, struct lookup *lookup)
{
    const o2c_match_pool *pool = read->remit->solve->pool;
    const o2c_remittances *remittances = read->remit->solve->remittances;
    struct o2c__forms forms;
    lookup->text = o2c__ref_str(remittances->lines[line->row].document, remittances->heap);
    lookup->value = O2C__NONE;
    if (lookup->text.len == 0 || lookup->text.len > O2C__REFERENCE_BYTES)
        return;
    o2c__forms_plain(lookup->text, &forms);
    if (forms.full_len == 0)
        return;
    lookup->hash = o2c__hash(pool->context.key, forms.full, forms.full_len);
    lookup->shape = o2c__shape_of((o2c_str){ forms.full, forms.full_len }, forms.digits);
    lookup->digits = forms.digits;
    lookup->value = 0;
    o2c__ask(&pool->index->references.rows[o2c__slots_at(&pool->index->references, lookup->hash)]);
}

static void
reach(const o2c_match_pool *pool, struct lookup *lookup)
{
    const struct o2c__slots *slots = &pool->index->references;
    uint32_t at = o2c__slots_at(slots, lookup->hash);
    if (lookup->value == O2C__NONE)
        return;
    uint32_t value = o2c__index_next(slots, o2c__slots_tag(lookup->hash), &at);
    lookup->value = value == O2C__MAP_NONE || (value & O2C__INDEX_CROWD) ? O2C__NONE : value;
    if (lookup->value != O2C__NONE)
        o2c__ask(&pool->echo[value].document);
}

static void
near(const o2c_match_pool *pool, const struct lookup *lookup)
{
    if (lookup->value == O2C__NONE)
        return;
    o2c__ask((const char *)pool->heap.bytes.rows + pool->echo[lookup->value].document.at);
    o2c__ask(&pool->item_account[lookup->value]);
    o2c__ask(&pool->open[lookup->value]);
    o2c__ask(&pool->discount[lookup->value]);
}

static int32_t
ln_range(struct read *read, const struct lookup *lookup)
{
    if (!read->shaped || lookup->shape != read->shape)
        read->ln_range = o2c__model_ln_range(read->remit->solve->model, lookup->shape, lookup->digits);
    read->shape = lookup->shape;
    read->shaped = true;
    return read->ln_range;
}

static bool
verbatim(struct read *read, struct o2c__remit_line *line, const struct lookup *lookup, bool *out_found)
{
    const o2c_match_pool *pool = read->remit->solve->pool;
    *out_found = false;
    if (lookup->value == O2C__NONE || !o2c__str_equal(o2c__pool_str(pool, pool->echo[lookup->value].document), lookup->text))
        return true;
    struct o2c__remit_option option = { .item = lookup->value, .error = O2C__REF_LINE };
    option.ln_ratio = o2c__text_weight(ln_range(read, lookup), O2C__REF_LINE, false, O2C_SCHEME_NONE, 1);
    *out_found = true;
    return o2c__remit_option_add(read->remit, line, &option);
}

/* ---- the long way */

static bool
add_raw(struct read *read, struct o2c__remit_line *line, const struct o2c__raw *raw)
{
    struct o2c__remit_option option = { .item = raw->hit.item, .error = raw->hit.error };
    option.ln_ratio = o2c__text_weight(raw->ln_range, raw->hit.error, raw->bare, raw->hit.scheme, 1);
    if (raw->hit.item != O2C__NONE)
        return o2c__remit_option_add(read->remit, line, &option);
    if (raw->hit.group_count > O2C__SET_MAX)
        return true;
    option.item = raw->members[0];
    option.group_count = raw->hit.group_count;
    if (!add_members(read->remit, raw->members, raw->hit.group_count, &option.group_at) ||
        !o2c__remit_option_add(read->remit, line, &option))
        return false;
    option.ln_ratio -= o2c__ln_u64(option.group_count); /* or the line means one of them */
    for (uint32_t i = 0; i < raw->hit.group_count; i++) {
        struct o2c__remit_option single = { .item = raw->members[i], .error = raw->hit.error, .ln_ratio = option.ln_ratio };
        if (!o2c__remit_option_add(read->remit, line, &single))
            return false;
    }
    return true;
}

static bool
read_long(struct read *read, struct o2c__remit_line *line)
{
    struct o2c__reading *reading = &read->reading;
    memset(reading, 0, sizeof *reading);
    reading->one = read->remit->one;
    reading->raws_end = &reading->raws;
    if (!o2c__retrieve_line(&read->reader, reading, 1, line->row))
        return false;
    for (const struct o2c__raw *raw = reading->raws; raw; raw = raw->next)
        if (!add_raw(read, line, raw))
            return false;
    return true;
}

bool
o2c__remit_read(struct o2c__remit *remit)
{
    struct read read = { .remit = remit };
    struct lookup lookups[BLOCK];
    read.reader.solve = remit->solve;
    for (uint32_t first = 0; first < remit->lines_count; first += BLOCK) {
        uint32_t count = remit->lines_count - first < BLOCK ? remit->lines_count - first : BLOCK;
        for (uint32_t i = 0; i < count; i++)
            ask(&read, &remit->lines[first + i], &lookups[i]);
        for (uint32_t i = 0; i < count; i++)
            reach(remit->solve->pool, &lookups[i]);
        for (uint32_t i = 0; i < count; i++)
            near(remit->solve->pool, &lookups[i]);
        for (uint32_t i = 0; i < count; i++) {
            bool found;
            if (!verbatim(&read, &remit->lines[first + i], &lookups[i], &found) ||
                (!found && !read_long(&read, &remit->lines[first + i])))
                return false;
        }
    }
    remit->one->operations += remit->lines_count;
    return true;
}

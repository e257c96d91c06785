/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows that a model learned of payers: this bank account, or this name, belongs to that customer. A row's number is a hash of what it
 * says, so that it does not depend on the order in which rows were learned.
 */
#include "match/learn.h"
#include "match/shape.h"

static uint64_t
text_hash(const o2c_match_model *model, int32_t kind, o2c_str text)
{
    return o2c__siphash13(model->context.key, text.ptr, text.len) + (uint64_t)kind;
}

uint64_t
o2c__learned_number(int32_t kind, o2c_str text, o2c_str account)
{
    static const uint64_t key[2] = { UINT64_C(0x6f3263206c656172), UINT64_C(0x6e656420726f7773) };
    uint64_t words[3] = { o2c__siphash24(key, text.ptr, text.len), o2c__siphash24(key, account.ptr, account.len), (uint64_t)kind };
    unsigned char bytes[24];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(words[i / 8] >> (8 * (i % 8)));
    return o2c__siphash24(key, bytes, sizeof bytes) | UINT64_C(1) << 63;
}

static o2c_str
heap_of(const o2c_match_model *model)
{
    return o2c__text_heap_str(&model->learned->learned.heap);
}

uint32_t
o2c__learned_by_row(const o2c_match_model *model, uint64_t row)
{
    const struct o2c__learned_table *table = model->learned ? &model->learned->learned : NULL;
    if (!table || table->rows.count == 0)
        return O2C__NONE;
    uint32_t at = o2c__slots_at(&table->by_row, row);
    for (;; at = o2c__slots_next(&table->by_row, at)) {
        at = o2c__slots_find(&table->by_row, at, o2c__slots_tag(row));
        uint32_t found = table->by_row.rows[at].value;
        if (found == O2C__MAP_NONE)
            return O2C__NONE;
        if (O2C__AT(&table->rows, struct o2c__learned, found).row == row)
            return found;
    }
}

uint32_t
o2c__learned_next(const o2c_match_model *model, int32_t kind, o2c_str text, uint32_t *at)
{
    const struct o2c__learned_table *table = model->learned ? &model->learned->learned : NULL;
    if (!table || table->rows.count == 0 || text.len == 0)
        return O2C__NONE;
    uint64_t hash = text_hash(model, kind, text);
    uint32_t slot = *at == O2C__NONE ? o2c__slots_at(&table->by_text, hash) : *at;
    for (;;) {
        slot = o2c__slots_find(&table->by_text, slot, o2c__slots_tag(hash));
        uint32_t found = table->by_text.rows[slot].value;
        if (found == O2C__MAP_NONE)
            return O2C__NONE;
        slot = o2c__slots_next(&table->by_text, slot);
        const struct o2c__learned *row = &O2C__AT(&table->rows, struct o2c__learned, found);
        if (row->kind == kind && o2c__str_equal(o2c__ref_str(row->text, heap_of(model)), text)) {
            *at = slot;
            return found;
        }
    }
}

/* Into both tables. */
static void
find_again(o2c_match_model *model, struct o2c__slots *by_text, struct o2c__slots *by_row, uint32_t at)
{
    struct o2c__learned_table *table = &model->learned->learned;
    const struct o2c__learned *row = &O2C__AT(&table->rows, struct o2c__learned, at);
    o2c_str text = o2c__ref_str(row->text, heap_of(model));
    o2c__slots_add(by_row, row->row, at);
    if (row->kind != O2C_LEARNED_REFERENCE_SHAPE) {
        o2c__slots_add(by_text, text_hash(model, row->kind, text), at);
        return;
    }
    uint32_t shape = o2c__shape_named(text);
    table->shapes |= shape < O2C__SHAPES ? (uint32_t)1 << shape : 0; /* the model that is read with another name is refused */
}

/* Room in both tables for one more. */
static bool
grow(o2c_match_model *model)
{
    struct o2c__learned_table *table = &model->learned->learned;
    struct o2c__slots by_text, by_row;
    o2c__memory *memory = &model->context.memory;
    if (table->by_text.room && (table->rows.count + 1) * 3ull <= table->by_text.room * 2ull)
        return true;
    if (!o2c__slots_new(&by_text, memory, table->rows.count * 2ull + 64))
        return false;
    if (!o2c__slots_new(&by_row, memory, table->rows.count * 2ull + 64)) {
        o2c__slots_free(&by_text, memory);
        return false;
    }
    for (uint32_t i = 0; i < table->rows.count; i++)
        find_again(model, &by_text, &by_row, i);
    o2c__slots_free(&table->by_text, memory);
    o2c__slots_free(&table->by_row, memory);
    table->by_text = by_text;
    table->by_row = by_row;
    return true;
}

uint32_t
o2c__learned_put(o2c_match_model *model, int32_t kind, o2c_str text, o2c_str account, int32_t day, bool *out_new)
{
    struct o2c__learned_table *table = &model->learned->learned;
    uint64_t number = o2c__learned_number(kind, text, account);
    uint32_t found = o2c__learned_by_row(model, number);
    *out_new = found == O2C__NONE;
    if (found != O2C__NONE)
        return found;
    struct o2c__learned row = {
        .row = number, .kind = (uint8_t)kind, .state = O2C_LEARNED_STATE_OBSERVED, .first_day = day, .last_day = day
    };
    found = (uint32_t)table->rows.count;
    if (!grow(model) || !o2c__text_heap_add(&table->heap, text.ptr, text.len, &row.text) ||
        !o2c__text_heap_add(&table->heap, account.ptr, account.len, &row.account))
        return O2C__NONE;
    struct o2c__learned *to = o2c__vector_add(&table->rows);
    if (!to)
        return O2C__NONE;
    *to = row;
    find_again(model, &table->by_text, &table->by_row, found);
    return found;
}

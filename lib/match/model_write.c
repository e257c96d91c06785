/* SPDX-License-Identifier: Apache-2.0 */
/* A model as bytes: one canonical little-endian string, rows in the order of their numbers, the name of the model at the end. */
#include "match/learn.h"
#include "match/pool.h"

void
o2c__write_model_series(o2c__writer *writer, const o2c_match_model *model)
{
    o2c__write_u64(writer, model->accounts);
    o2c__write_u32(writer, model->series_count);
    for (uint32_t i = 0; i < model->series_count; i++) {
        const struct o2c__series *row = &model->series[i];
        o2c__write_u64(writer, row->shape);
        o2c__write_u64(writer, row->low);
        o2c__write_u64(writer, row->high);
        o2c__write_u32(writer, row->open);
        o2c__write_u32(writer, row->seen);
        o2c__write_u32(writer, (uint32_t)row->ln_range);
    }
}

static void
write_numbers(o2c__writer *writer, const uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        o2c__write_u32(writer, numbers[i]);
}

static void
write_release(o2c__writer *writer, const struct o2c__release_row *row)
{
    o2c__write_u32(writer, row->line_class);
    o2c__write_u32(writer, row->suspended);
    o2c__write_u32(writer, (uint32_t)row->period);
    o2c__write_u64(writer, row->history_lines);
    o2c__write_u64(writer, row->history_wrong);
    write_numbers(writer, row->sample_lines, O2C__PERIODS);
    write_numbers(writer, row->sample_wrong, O2C__PERIODS);
    write_numbers(writer, row->corrections, O2C__PERIODS);
    write_numbers(writer, row->posted, O2C__PERIODS);
}

void
o2c__write_memories_small(o2c__writer *writer, const struct o2c__memories *memories)
{
    const struct o2c__habits *habits = &memories->habits;
    o2c__write_u32(writer, (uint32_t)memories->cal.day);
    for (uint32_t i = 0; i < O2C__CAL_BINS; i++) {
        o2c__write_u64(writer, memories->cal.judged[i]);
        o2c__write_u64(writer, memories->cal.wrong[i]);
    }
    write_numbers(writer, &habits->sizes[0][0], O2C__HABIT_POOLS * O2C__HABIT_SIZES);
    write_numbers(writer, &habits->runs[0][0][0], O2C__HABIT_POOLS * O2C__HABIT_SIZES * O2C__HABIT_SIZES);
    write_numbers(writer, &habits->oldest[0][0], O2C__HABIT_POOLS * 2);
    o2c__write_u32(writer, memories->releases.count);
    for (uint32_t i = 0; i < memories->releases.count; i++)
        write_release(writer, &memories->releases.rows[i]);
}

static int
compare_counts(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__class_count *x = (const struct o2c__class_count *)self + a, *y = (const struct o2c__class_count *)self + b;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    return x->line_class < y->line_class ? -1 : x->line_class > y->line_class;
}

static int
compare_habits(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__habit_row *x = (const struct o2c__habit_row *)self + a, *y = (const struct o2c__habit_row *)self + b;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int
compare_learned(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__learned *rows = self;
    return rows[a].row < rows[b].row ? -1 : rows[a].row > rows[b].row;
}

uint32_t *
o2c__order_counts(o2c__memory *memory, const struct o2c__class_table *table)
{
    uint32_t n = 0;
    uint32_t *order = o2c__alloc_array(memory, (size_t)table->count + 1, 2 * sizeof *order);
    for (uint32_t i = 0; order && i < table->room; i++)
        if (table->slots[i].line_class)
            order[n++] = i;
    if (order)
        o2c__sort(order, order + n, n, compare_counts, table->slots);
    return order;
}

uint32_t *
o2c__order_habits(o2c__memory *memory, const struct o2c__habit_table *table)
{
    uint32_t n = 0;
    uint32_t *order = o2c__alloc_array(memory, (size_t)table->count + 1, 2 * sizeof *order);
    for (uint32_t i = 0; order && i < table->room; i++)
        if (table->slots[i].kind)
            order[n++] = i;
    if (order)
        o2c__sort(order, order + n, n, compare_habits, table->slots);
    return order;
}

uint32_t *
o2c__order_learned(o2c__memory *memory, const struct o2c__learned_table *table)
{
    uint32_t n = (uint32_t)table->rows.count;
    uint32_t *order = o2c__alloc_array(memory, (size_t)n + 1, 2 * sizeof *order);
    for (uint32_t i = 0; order && i < n; i++)
        order[i] = i;
    if (order)
        o2c__sort(order, order + n, n, compare_learned, table->rows.rows);
    return order;
}

void
o2c__order_free(o2c__memory *memory, uint32_t *order, size_t count)
{
    o2c__release(memory, order, (count + 1) * 2 * sizeof *order);
}

static bool
write_counts(o2c__writer *writer, o2c__memory *memory, const struct o2c__class_table *table)
{
    uint32_t *order = o2c__order_counts(memory, table);
    if (!order)
        return false;
    o2c__write_u32(writer, table->count);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct o2c__class_count *row = &table->slots[order[i]];
        o2c__write_u64(writer, row->owner);
        o2c__write_u32(writer, row->line_class);
        o2c__write_u32(writer, (uint32_t)row->day);
        o2c__write_u64(writer, row->judged);
        o2c__write_u64(writer, row->wrong);
        o2c__write_u64(writer, row->expected);
    }
    o2c__order_free(memory, order, table->count);
    return true;
}

static bool
write_learned(o2c__writer *writer, o2c__memory *memory, const struct o2c__learned_table *table)
{
    o2c_str heap = o2c__text_heap_str(&table->heap);
    uint32_t *order = o2c__order_learned(memory, table);
    if (!order)
        return false;
    o2c__write_u32(writer, (uint32_t)table->rows.count);
    for (size_t i = 0; i < table->rows.count; i++) {
        const struct o2c__learned *row = &O2C__AT(&table->rows, struct o2c__learned, order[i]);
        o2c__write_u64(writer, row->row);
        o2c__write_u8(writer, row->kind);
        o2c__write_u8(writer, row->state);
        o2c__write_u8(writer, row->exact);
        o2c__write_u32(writer, row->seen);
        o2c__write_u32(writer, row->persons);
        o2c__write_u32(writer, (uint32_t)row->first_day);
        o2c__write_u32(writer, (uint32_t)row->last_day);
        o2c__write_u32(writer, (uint32_t)row->revoked_day);
        o2c__write_str(writer, o2c__ref_str(row->account, heap));
        o2c__write_str(writer, o2c__ref_str(row->text, heap));
    }
    o2c__order_free(memory, order, table->rows.count);
    return true;
}

static bool
write_habits(o2c__writer *writer, o2c__memory *memory, const struct o2c__habit_table *table)
{
    uint32_t *order = o2c__order_habits(memory, table);
    if (!order)
        return false;
    o2c__write_u32(writer, table->count);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct o2c__habit_row *row = &table->slots[order[i]];
        o2c__write_u64(writer, row->owner);
        o2c__write_u32(writer, row->kind);
        o2c__write_u64(writer, row->key);
        o2c__write_u32(writer, (uint32_t)row->day);
        o2c__write_u64(writer, row->seen);
        o2c__write_u64(writer, row->asked);
    }
    o2c__order_free(memory, order, table->count);
    return true;
}

static bool
write_model(o2c__writer *writer, o2c__memory *memory, const o2c_match_model *model)
{
    bool whole = true;
    o2c__write_str(writer, o2c__str(O2C__MODEL_MAGIC));
    o2c__write_u32(writer, O2C__MODEL_VERSION);
    o2c__write_u32(writer, O2C__RULES);
    o2c__write_u32(writer, O2C__FOLD_VERSION);
    o2c__write_model_series(writer, model);
    o2c__write_u8(writer, model->learned != NULL);
    if (model->learned) {
        o2c__write_u32(writer, (uint32_t)model->learned->day);
        o2c__write_memories_small(writer, model->learned);
        whole = write_counts(writer, memory, &model->learned->classes) &&
                write_learned(writer, memory, &model->learned->learned) && write_habits(writer, memory, &model->learned->rows);
    }
    for (unsigned i = 0; i < sizeof model->hash; i++)
        o2c__write_u8(writer, model->hash[i]);
    return whole && !writer->failed;
}

o2c_status
o2c_match_model_write(const o2c_match_model *model, char *buffer, size_t size, size_t *out_needed, o2c_error *err)
{
    o2c_status status = O2C_OK;
    if (!model || !out_needed || (size && !buffer))
        return o2c__fail(err, O2C_E_MISUSE, !model ? "model" : "buffer", "model, buffer or out_needed is NULL");
    o2c__memory memory = model->context.memory; /* a copy: the model is shared and stays as it is */
    o2c__writer writer;
    o2c__writer_init(&writer, &memory);
    if (!write_model(&writer, &memory, model)) {
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to write a model");
    } else {
        *out_needed = writer.bytes.count;
        if (size < writer.bytes.count)
            status = o2c__fail(err, O2C_E_ARG, "size", "the model needs %zu bytes", writer.bytes.count);
        else
            memcpy(buffer, writer.bytes.rows, writer.bytes.count);
    }
    o2c__writer_free(&writer);
    return status;
}

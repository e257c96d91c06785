/* SPDX-License-Identifier: Apache-2.0 */
/* What a model knows, listed for people: classes with their record, rows learned of payers; and the lifting of a suspension. */
#include "match/decide.h"
#include "match/learn.h"

#define K_HOST 20u /* pseudo-lines of the printed class error; a policy may say otherwise for what it decides */

static uint64_t
micro(uint64_t units)
{
    return units / 1000;
}

static void
fill_release(o2c_match_class_record *to, const struct o2c__release_row *row)
{
    to->suspended = row->suspended;
    to->history_lines = row->history_lines;
    to->history_wrong = row->history_wrong;
    to->sample_lines = o2c__release_sum(row->sample_lines);
    to->sample_wrong = o2c__release_sum(row->sample_wrong);
    to->corrections = o2c__release_sum(row->corrections);
    to->history_bound_ppm = row->history_bound_ppm;
    to->sample_bound_ppm = row->sample_bound_ppm;
}

static void
fill_record(o2c_match_class_record *to, const o2c_match_model *model, const struct o2c__class_count *count)
{
    struct o2c__class_count now = *count;
    const struct o2c__release_row *row = o2c__release_find(&model->learned->releases, count->line_class);
    o2c__class_age(&now, model->learned->day);
    memset(to, 0, sizeof *to);
    to->line_class = count->line_class;
    to->judged = micro(now.judged);
    to->wrong = micro(now.wrong);
    to->expected = micro(now.expected);
    to->history_bound_ppm = to->sample_bound_ppm = 1000000;
    uint32_t start = o2c__label_error_ppm((int32_t)(count->line_class & 255));
    to->error_ppm = (o2c__class_host_ppb(model, K_HOST, count->line_class, start) + 999) / 1000;
    if (row)
        fill_release(to, row);
    to->bound_ppm = to->history_bound_ppm < to->sample_bound_ppm ? to->history_bound_ppm : to->sample_bound_ppm;
}

/* Classes counted at the host. There are few: an insertion keeps them in order. */
static void
put_record(o2c_match_class_record *rows, uint64_t count, const o2c_match_class_record *row)
{
    for (; count > 0 && rows[count - 1].line_class > row->line_class; count--)
        rows[count] = rows[count - 1];
    rows[count] = *row;
}

o2c_status
o2c_match_model_classes(const o2c_match_model *model, o2c_match_class_record *rows, uint64_t room, uint64_t *out_count, o2c_error *err)
{
    if (!model || !out_count || (room && !rows))
        return o2c__fail(err, O2C_E_MISUSE, NULL, "model, rows or out_count is NULL");
    const struct o2c__class_table *table = model->learned ? &model->learned->classes : NULL;
    uint64_t found = 0;
    for (uint32_t i = 0; table && i < table->room; i++)
        found += table->slots[i].line_class && table->slots[i].owner == O2C__OWNER_HOST;
    *out_count = found;
    if (found > room)
        return o2c__fail(err, O2C_E_ARG, "room", "the model knows %llu classes", (unsigned long long)found);
    found = 0;
    for (uint32_t i = 0; table && i < table->room; i++) {
        o2c_match_class_record row;
        if (!table->slots[i].line_class || table->slots[i].owner != O2C__OWNER_HOST)
            continue;
        fill_record(&row, model, &table->slots[i]);
        put_record(rows, found++, &row);
    }
    return O2C_OK;
}

static void
fill_learned(o2c_match_learned *to, const struct o2c__learned *row)
{
    memset(to, 0, sizeof *to);
    to->row = row->row;
    to->kind = row->kind;
    to->state = row->state;
    to->account = row->account;
    to->text = row->text;
    to->seen = row->seen;
    to->persons = row->persons;
    to->first_day = row->first_day;
    to->last_day = row->last_day;
    to->revoked_day = row->revoked_day;
}

o2c_status
o2c_match_model_learned(const o2c_match_model *model, o2c_match_learned *rows, uint64_t room, uint64_t *out_count, o2c_str *out_heap,
                        o2c_error *err)
{
    if (!model || !out_count || (room && !rows))
        return o2c__fail(err, O2C_E_MISUSE, NULL, "model, rows or out_count is NULL");
    const struct o2c__learned_table *table = model->learned ? &model->learned->learned : NULL;
    *out_count = table ? table->rows.count : 0;
    if (out_heap)
        *out_heap = table ? o2c__text_heap_str(&table->heap) : (o2c_str){ "", 0 };
    if (*out_count > room)
        return o2c__fail(err, O2C_E_ARG, "room", "the model learned %llu rows", (unsigned long long)*out_count);
    if (*out_count == 0)
        return O2C_OK;
    o2c__memory memory = model->context.memory; /* a copy: the model is shared */
    uint32_t *order = o2c__order_learned(&memory, table);
    if (!order)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to list a model");
    for (size_t i = 0; i < table->rows.count; i++)
        fill_learned(&rows[i], &O2C__AT(&table->rows, struct o2c__learned, order[i]));
    o2c__order_free(&memory, order, table->rows.count);
    return O2C_OK;
}

static void
lift(struct o2c__release_row *row)
{
    uint32_t line_class = row->line_class;
    int32_t period = row->period;
    memset(row, 0, sizeof *row);
    row->line_class = line_class;
    row->period = period;
    row->sample_bound_ppm = row->history_bound_ppm = 1000000;
}

o2c_status
o2c_match_model_lift(const o2c_match_model *model, const uint32_t *classes, uint64_t count, o2c_match_model **out_model, o2c_error *err)
{
    if (!model || !out_model || (count && !classes))
        return o2c__fail(err, O2C_E_MISUSE, NULL, "model, classes or out_model is NULL");
    o2c_match_model *next = o2c__model_copy(model, true);
    if (!next)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a model");
    for (uint64_t i = 0; next->learned && i < count; i++) {
        struct o2c__release_row *row = o2c__release_find(&next->learned->releases, classes[i]);
        if (row && row->suspended)
            lift(row);
    }
    return o2c__model_finish(next, out_model, err);
}

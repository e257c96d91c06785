/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of habits, listed for people and taken out by them. */
#include "match/learn.h"

uint64_t
o2c_match_owner_segment(int32_t tier)
{
    return o2c__owner_segment(tier);
}

uint64_t
o2c_match_owner_customer(const o2c_str *account)
{
    return account && account->len && account->ptr ? o2c__owner_customer(*account) : O2C__OWNER_HOST;
}

static void
fill(o2c_match_habit *to, const struct o2c__habit_row *row, int32_t day)
{
    struct o2c__habit_row now = *row;
    o2c__habit_age(&now, day);
    *to = (o2c_match_habit){ .owner = row->owner, .key = row->key, .kind = row->kind, .day = row->day };
    to->seen = now.seen / 1000;
    to->asked = now.asked / 1000;
}

o2c_status
o2c_match_model_habits(const o2c_match_model *model, o2c_match_habit *rows, uint64_t room, uint64_t *out_count, o2c_error *err)
{
    if (!model || !out_count || (room && !rows))
        return o2c__fail(err, O2C_E_MISUSE, NULL, "model, rows or out_count is NULL");
    const struct o2c__habit_table *table = model->learned ? &model->learned->rows : NULL;
    *out_count = table ? table->count : 0;
    if (*out_count > room)
        return o2c__fail(err, O2C_E_ARG, "room", "the model holds %llu rows of habits", (unsigned long long)*out_count);
    if (*out_count == 0)
        return O2C_OK;
    o2c__memory memory = model->context.memory; /* a copy: the model is shared */
    uint32_t *order = o2c__order_habits(&memory, table);
    if (!order)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to list a model");
    for (uint32_t i = 0; i < table->count; i++)
        fill(&rows[i], &table->slots[order[i]], model->learned->day);
    o2c__order_free(&memory, order, table->count);
    return O2C_OK;
}

/* From the end, since a row that is taken out lets rows behind it move up. */
static void
forget_owner(struct o2c__memories *memories, uint64_t owner)
{
    struct o2c__habit_table *table = &memories->rows;
    for (uint32_t i = table->room; i > 0; i--) {
        struct o2c__habit_row *row = &table->slots[i - 1];
        while (row->kind && row->owner == owner)
            o2c__habit_drop(memories, row->owner, row->kind, row->key);
    }
}

o2c_status
o2c_match_model_forget(const o2c_match_model *model, const o2c_match_habit *rows, uint64_t count, o2c_match_model **out_model,
                       o2c_error *err)
{
    if (!model || !out_model || (count && !rows))
        return o2c__fail(err, O2C_E_MISUSE, NULL, "model, rows or out_model is NULL");
    o2c_match_model *next = o2c__model_copy(model, true);
    if (!next)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a model");
    for (uint64_t i = 0; next->learned && i < count; i++) {
        if (rows[i].kind == 0)
            forget_owner(next->learned, rows[i].owner);
        else if (o2c__habit_known(rows[i].kind))
            o2c__habit_drop(next->learned, rows[i].owner, (uint32_t)rows[i].kind, rows[i].key);
    }
    return o2c__model_finish(next, out_model, err);
}

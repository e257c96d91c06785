/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a history calls wrong is what people cleared otherwise. When a person has judged a drawn part of it, the same share scales what the
 * classes remember as wrong (MATCHER 15.2), so that the mistakes of clerks do not count as ours.
 */
#include "match/learn.h"

/* Rounded up, and never more than before. */
static uint64_t
scaled(uint64_t wrong, uint32_t share_ppm)
{
    uint64_t part = o2c__muldiv_floor(wrong, share_ppm, 1000000) + 1;
    return part < wrong ? part : wrong;
}

static void
scale_classes(struct o2c__memories *memories, uint32_t share_ppm)
{
    for (uint32_t i = 0; i < memories->classes.room; i++) {
        struct o2c__class_count *row = &memories->classes.slots[i];
        if (!row->line_class || !row->wrong)
            continue;
        o2c__digest_class(&memories->classes_sum, row, false);
        row->wrong = scaled(row->wrong, share_ppm);
        o2c__digest_class(&memories->classes_sum, row, true);
    }
}

o2c_status
o2c__model_judged(o2c_match_model *model, uint32_t share_ppm, o2c_error *err)
{
    struct o2c__memories *memories = model->learned;
    if (!memories)
        return O2C_OK;
    scale_classes(memories, share_ppm);
    for (uint32_t i = 0; i < O2C__CAL_BINS; i++)
        memories->cal.wrong[i] = scaled(memories->cal.wrong[i], share_ppm);
    o2c__cal_fit(&memories->cal);
    for (uint32_t i = 0; i < memories->releases.count; i++) {
        struct o2c__release_row *row = &memories->releases.rows[i];
        row->history_wrong = scaled(row->history_wrong, share_ppm);
        o2c__release_bounds(row);
    }
    return o2c__model_hash(model) ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a model");
}

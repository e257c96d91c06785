/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes in which one customer is known to write our numbers: confirmed rows of the model that were seen lately. */
#include "match/learn.h"
#include "match/shape.h"

static bool
stands(const struct o2c__learned *row, int32_t day)
{
    return row->state == O2C_LEARNED_STATE_CONFIRMED && day - row->last_day <= O2C__SHAPE_DAYS;
}

void
o2c__shapes_of(const o2c_match_model *model, o2c_str account, struct o2c__shapes *out)
{
    const struct o2c__memories *memories = model->learned;
    uint32_t known = memories ? memories->learned.shapes : 0;
    out->bits = 0;
    for (; known; known &= known - 1) {
        uint32_t shape = (uint32_t)__builtin_ctz(known);
        uint32_t at = o2c__learned_by_row(model, o2c__learned_number(O2C_LEARNED_REFERENCE_SHAPE, o2c__shape_name(shape), account));
        if (at == O2C__NONE || !stands(&O2C__AT(&memories->learned.rows, struct o2c__learned, at), memories->day))
            continue;
        out->bits |= (uint32_t)1 << shape;
        out->rows[shape] = at;
    }
}

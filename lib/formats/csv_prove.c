/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delimited text: day or month first? Where the profile says "prove", the bytes wait until one date has a value above 12 that
 * settles it; a file that never does is refused, for a guess would shift due dates silently.
 */
#include "formats/csv.h"

o2c_status
o2c__csv_prove(struct o2c__csv_table *table, o2c_error *err)
{
    (void)err;
    for (uint32_t i = 0; i < table->columns_count; i++) {
        if (!table->columns[i].date || !o2c__csv_given(table, i))
            continue;
        o2c_str text = o2c__csv_raw(table, i);
        int32_t proof = o2c__csv_date_proof(text.ptr, text.len);
        if (!table->day_first && !table->month_first) { /* the first proof counts; what contradicts it is refused when it comes */
            table->day_first = proof == 1;
            table->month_first = proof == 2;
        }
        if (proof == 3 && table->doubtful_line == 0) {
            table->doubtful_at = o2c__csv_cell(table, i)->at;
            table->doubtful_line = o2c__csv_cell(table, i)->line;
            table->doubtful_column = i;
        }
    }
    return O2C_OK;
}

/* The order is known: the file is read from its beginning. */
static o2c_status
settle(struct o2c__csv_table *table, o2c_error *err)
{
    table->proving = false;
    table->date_order = table->month_first ? O2C_DATE_ORDER_MDY : O2C_DATE_ORDER_DMY;
    o2c__csv_restart(table);
    o2c_status status = o2c__csv_split_push(&table->split, table->held.rows, table->held.count, err);
    o2c__vector_free(&table->held);
    return status;
}

static o2c_status
hold(struct o2c__csv_table *table, const char *bytes, size_t size, o2c_error *err)
{
    char *room = o2c__vector_add_many(&table->held, size);
    if (!room)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to hold the file until a date proves the order of day and month");
    memcpy(room, bytes, size);
    o2c_status status = o2c__csv_split_push(&table->split, bytes, size, err);
    if (status != O2C_OK || (!table->day_first && !table->month_first))
        return status;
    return settle(table, err);
}

o2c_status
o2c__csv_push(struct o2c__csv_table *table, const char *bytes, size_t size, o2c_error *err)
{
    if (size == 0)
        return O2C_OK;
    return table->proving ? hold(table, bytes, size, err) : o2c__csv_split_push(&table->split, bytes, size, err);
}

o2c_status
o2c__csv_finish(struct o2c__csv_table *table, o2c_error *err)
{
    o2c_status status = o2c__csv_split_finish(&table->split, err);
    if (status == O2C_OK && table->proving) {
        if (table->doubtful_line && !table->day_first && !table->month_first)
            return o2c__fail_at(err, O2C_E_FORMATS_UNDECIDABLE, table->columns[table->doubtful_column].name, table->doubtful_at,
                                table->doubtful_line, "this date can be read both ways and no other date of the file settles it");
        status = settle(table, err);
        if (status == O2C_OK)
            status = o2c__csv_split_finish(&table->split, err);
    }
    if (status == O2C_OK && !table->has_header)
        status = o2c__fail_at(err, O2C_E_FORMATS_EMPTY, NULL, 0, 1, "the file has no header");
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what people said of disagreements of a back-test. Columns and rules: docs/formats/csv.md. */
#include "formats/csv.h"

enum { PAYMENT, VERDICT, COLUMNS };

static const struct o2c__csv_column columns[COLUMNS] = { { "payment", true, false }, { "verdict", true, false } };

static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    struct o2c__csv_table *table = &list->table;
    o2c_judgment row = { .verdict = O2C_POSSIBLE_NONE };
    (void)record;
    o2c_status status = o2c__csv_text(table, PAYMENT, O2C_KEY_BYTES_MAX, &row.payment, err);
    if (status == O2C_OK && row.payment.len == 0)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, PAYMENT, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_code(table, VERDICT, O2C_TABLE_POSSIBLE, &row.verdict, err);
    if (status == O2C_OK && row.verdict == O2C_POSSIBLE_NONE)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, VERDICT, "is none of ours, theirs, both, neither", err);
    if (status != O2C_OK)
        return status;
    o2c_judgment *to = o2c__vector_add(&list->file->judgments);
    if (!to)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a judgment");
    *to = row;
    return O2C_OK;
}

o2c_status
o2c_formats_read_judged(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options, o2c_formats_file **out_file,
                        o2c_error *err)
{
    static const struct o2c__csv_kind kind = { columns, COLUMNS, 0, "The caller asked for a list of judgments.", take, NULL, NULL };
    return o2c__csv_list_read(env, bytes, size, options, &kind, out_file, err);
}

void
o2c_formats_file_judgments(const o2c_formats_file *file, const o2c_judgment **out_rows, uint64_t *out_count, o2c_str *out_heap)
{
    *out_rows = file ? file->judgments.rows : NULL;
    *out_count = file ? file->judgments.count : 0;
    *out_heap = file ? o2c__text_heap_str(&file->rows.heap) : (o2c_str){ "", 0 };
}

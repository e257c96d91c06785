/* SPDX-License-Identifier: Apache-2.0 */
/* The list of money that somebody said would come. Columns and rules: docs/formats/csv.md. */
#include "formats/csv.h"

enum { EXPECTED, CUSTOMER, AMOUNT, CURRENCY, ITEM, REFERENCE, DAY, ORIGIN, COLUMNS };

static const struct o2c__csv_column columns[COLUMNS] = {
    { "expected", true, false },  { "customer", true, false },   { "amount", true, false }, { "currency", true, false },
    { "item", false, false },     { "reference", false, false }, { "date", false, true },   { "origin", false, false },
};

#define REFERENCE_BYTES_MAX 64

static o2c_status
needed(struct o2c__csv_list *list, uint32_t column, o2c_ref *out, o2c_error *err)
{
    o2c_status status = o2c__csv_text(&list->table, column, O2C_KEY_BYTES_MAX, out, err);
    if (status == O2C_OK && out->len == 0)
        status = o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, column, "is empty", err);
    return status;
}

static o2c_status
amount(struct o2c__csv_list *list, o2c_expected *row, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    int32_t exponent = 0;
    o2c_status status = o2c__csv_currency(table, CURRENCY, row->currency, &exponent, err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, AMOUNT, exponent, &row->amount_minor, NULL, err);
    if (status == O2C_OK && row->amount_minor <= 0)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, AMOUNT, "must be above zero", err);
    return status;
}

static o2c_status
head(struct o2c__csv_list *list, o2c_expected *row, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    row->origin = O2C_EXPECTED_PROMISE;
    o2c_status status = needed(list, EXPECTED, &row->key, err);
    if (status == O2C_OK)
        status = needed(list, CUSTOMER, &row->account, err);
    if (status == O2C_OK)
        status = amount(list, row, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, REFERENCE, REFERENCE_BYTES_MAX, &row->reference, err);
    if (status == O2C_OK)
        status = o2c__csv_day(table, DAY, &row->day, err);
    if (status == O2C_OK)
        status = o2c__csv_code(table, ORIGIN, O2C_TABLE_EXPECTED_ORIGIN, &row->origin, err);
    if (status == O2C_OK && row->reference.len == 0 && !o2c__csv_given(table, ITEM))
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, ITEM, "is empty, and so is the reference: one of them says what is paid", err);
    return status;
}

static o2c_status
add(struct o2c__csv_list *list, const o2c_expected *row, o2c_error *err)
{
    o2c_expected *to = o2c__vector_add(&list->file->expected);
    if (!to)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for an expected payment");
    *to = *row;
    return O2C_OK;
}

/* One row of the array for each item; the key holds them together. */
static o2c_status
items(struct o2c__csv_list *list, o2c_expected *row, o2c_error *err)
{
    o2c_status status = O2C_OK;
    o2c_str text;
    if (!o2c__csv_given(&list->table, ITEM))
        return add(list, row, err);
    for (size_t at = 0; status == O2C_OK && o2c__csv_next(&list->table, ITEM, &at, &text);) {
        status = o2c__csv_string(&list->table, ITEM, text.ptr, text.len, O2C_KEY_BYTES_MAX, &row->item, err);
        if (status == O2C_OK)
            status = add(list, row, err);
    }
    return status;
}

static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    o2c_expected row = { .origin = 0 };
    (void)record;
    o2c_status status = head(list, &row, err);
    if (status != O2C_OK)
        return status;
    o2c_ref *key = o2c__vector_add(&list->more);
    if (!key || !o2c__csv_list_line(list))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for an expected payment");
    *key = row.key;
    return items(list, &row, err);
}

/* A key that stands twice would be one expected payment with two amounts. */
static o2c_status
end(struct o2c__csv_list *list, o2c_error *err)
{
    o2c__context *context = &list->file->context;
    o2c__map map;
    o2c__map_init(&map, &context->memory, context->key);
    o2c_status status = o2c__csv_list_index(list, list->more.rows, sizeof(o2c_ref), list->more.count, "expected", &map, err);
    o2c__map_free(&map);
    return status;
}

o2c_status
o2c_formats_read_expected(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                          o2c_formats_file **out_file, o2c_error *err)
{
    static const struct o2c__csv_kind kind = { columns, COLUMNS, sizeof(o2c_ref), "The caller asked for a list of expected payments.", take,
                                               end, NULL };
    return o2c__csv_list_read(env, bytes, size, options, &kind, out_file, err);
}

void
o2c_formats_file_expected(const o2c_formats_file *file, const o2c_expected **out_rows, uint64_t *out_count, o2c_str *out_heap)
{
    *out_rows = file ? file->expected.rows : NULL;
    *out_count = file ? file->expected.count : 0;
    *out_heap = file ? o2c__text_heap_str(&file->rows.heap) : (o2c_str){ "", 0 };
}

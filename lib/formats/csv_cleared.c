/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what people cleared, for a back-test. Columns and rules: docs/formats/csv.md. */
#include "formats/csv.h"

enum { PAYMENT, ITEM, APPLIED, DISCOUNT, CLEARED_ON, KNOWN_ON, CLOSES, COLUMNS };

static const struct o2c__csv_column columns[COLUMNS] = {
    { "payment", true, false },   { "item", true, false },     { "applied", true, false }, { "discount", false, false },
    { "cleared_on", false, true }, { "known_on", false, true }, { "closes", false, false },
};

/* An item nobody knows has amounts as if its currency had two decimals. */
#define EXPONENT_UNKNOWN 2

static int32_t
exponent_of(const struct o2c__csv_list *list, o2c_ref item)
{
    uint32_t digits = o2c__map_get(list->with, o2c__csv_list_str(list, item));
    return digits == O2C__MAP_NONE ? EXPONENT_UNKNOWN : (int32_t)digits;
}

static o2c_status
key(struct o2c__csv_list *list, uint32_t column, o2c_ref *out, o2c_error *err)
{
    o2c_status status = o2c__csv_text(&list->table, column, O2C_KEY_BYTES_MAX, out, err);
    if (status == O2C_OK && out->len == 0)
        status = o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, column, "is empty", err);
    return status;
}

static o2c_status
amounts(struct o2c__csv_list *list, o2c_clearing *row, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    int32_t exponent = exponent_of(list, row->item);
    if (!o2c__csv_given(table, APPLIED))
        return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, APPLIED, "is empty", err);
    if (table->cell_of[DISCOUNT] < 0)
        row->flags |= O2C_CLEARING_DISCOUNT_UNKNOWN;
    o2c_status status = o2c__csv_money(table, APPLIED, exponent, &row->applied_minor, NULL, err);
    return status == O2C_OK ? o2c__csv_money(table, DISCOUNT, exponent, &row->discount_minor, NULL, err) : status;
}

static o2c_status
rest(struct o2c__csv_list *list, o2c_clearing *row, o2c_error *err)
{
    bool closes = false;
    o2c_status status = o2c__csv_flag(&list->table, CLOSES, &closes, err);
    if (o2c__csv_given(&list->table, CLOSES))
        row->flags |= closes ? O2C_CLEARING_CLOSES : O2C_CLEARING_REST_STAYS;
    return status;
}

static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    o2c_clearing row = { .flags = 0 };
    (void)record;
    o2c_status status = key(list, PAYMENT, &row.payment, err);
    if (status == O2C_OK)
        status = key(list, ITEM, &row.item, err);
    if (status == O2C_OK)
        status = amounts(list, &row, err);
    if (status == O2C_OK)
        status = o2c__csv_day(&list->table, CLEARED_ON, &row.cleared_day, err);
    if (status == O2C_OK)
        status = o2c__csv_day(&list->table, KNOWN_ON, &row.known_day, err);
    if (status == O2C_OK)
        status = rest(list, &row, err);
    if (status != O2C_OK)
        return status;
    o2c_clearing *to = o2c__vector_add(&list->file->clearings);
    if (!to)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a clearing");
    *to = row;
    return O2C_OK;
}

/* Decimals of every item by its key: a clearing says no currency of its own. */
static o2c_status
gather_digits(const o2c_master *master, o2c__map *map, o2c_error *err)
{
    for (uint64_t i = 0; master && i < master->items_count; i++) {
        const o2c_open_item *item = &master->items[i];
        int32_t digits = EXPONENT_UNKNOWN;
        o2c_str currency = { item->currency, 3 };
        o2c_status status = o2c_currency_digits(&currency, &digits, err);
        if (status != O2C_OK)
            return status;
        if (!o2c__map_set(map, o2c__ref_str(item->key, master->heap), (uint32_t)digits))
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the keys of the items");
    }
    return O2C_OK;
}

o2c_status
o2c_formats_read_cleared(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options, const o2c_master *master,
                         o2c_formats_file **out_file, o2c_error *err)
{
    o2c_master items;
    o2c__context context;
    o2c__map map;
    o2c_status status = o2c__context_init(&context, env, O2C__FORMATS_MEMORY, err);
    if (status == O2C_OK && master)
        status = o2c__options_read(master, &items, sizeof items, sizeof items, "master", err);
    if (status != O2C_OK)
        return status;
    o2c__map_init(&map, &context.memory, context.key);
    status = gather_digits(master ? &items : NULL, &map, err);
    if (status == O2C_OK) {
        const struct o2c__csv_kind kind = { columns, COLUMNS, 0, "The caller asked for a list of clearings.", take, NULL, &map };
        status = o2c__csv_list_read(env, bytes, size, options, &kind, out_file, err);
    }
    o2c__map_free(&map);
    return status;
}

void
o2c_formats_file_clearings(const o2c_formats_file *file, const o2c_clearing **out_rows, uint64_t *out_count, o2c_str *out_heap)
{
    *out_rows = file ? file->clearings.rows : NULL;
    *out_count = file ? file->clearings.count : 0;
    *out_heap = file ? o2c__text_heap_str(&file->rows.heap) : (o2c_str){ "", 0 };
}

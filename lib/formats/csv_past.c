/* SPDX-License-Identifier: Apache-2.0 */
/* The list of payments of the past, for a back-test: rows as the matcher takes them. Columns and rules: docs/formats/csv.md. */
#include <string.h>

#include "formats/csv.h"

enum {
    PAYMENT, VALUE_DATE, CURRENCY, AMOUNT, COMPANY, CUSTOMER, PAYER_ACCOUNT, PAYER_NAME, TEXT, BOOKING_DATE, REFERENCE, END_TO_END_ID,
    OUR_ACCOUNT, ORDERED, ORDERED_CURRENCY, COLUMNS
};

static const struct o2c__csv_column columns[COLUMNS] = {
    { "payment", true, false },     { "value_date", true, true },     { "currency", true, false },   { "amount", true, false },
    { "company", false, false },    { "customer", false, false },     { "payer_account", false, false }, { "payer_name", false, false },
    { "text", false, false },       { "booking_date", false, true },  { "reference", false, false }, { "end_to_end_id", false, false },
    { "our_account", false, false }, { "instructed_amount", false, false }, { "instructed_currency", false, false },
};

#define COMPANY_BYTES_MAX 8

static o2c_status
refuse(const struct o2c__csv_list *list, uint32_t column, const char *reason, o2c_error *err)
{
    return o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, column, reason, err);
}

static o2c_status
strings(struct o2c__csv_list *list, o2c_payment *row, o2c_error *err)
{
    const struct {
        uint32_t column, most;
        o2c_ref *to;
    } given[] = { { PAYMENT, O2C_KEY_BYTES_MAX, &row->key },
                  { COMPANY, COMPANY_BYTES_MAX, &row->company },
                  { CUSTOMER, O2C_KEY_BYTES_MAX, &row->customer_number },
                  { PAYER_ACCOUNT, 0, &row->payer_account },
                  { PAYER_NAME, 0, &row->payer_name },
                  { END_TO_END_ID, 0, &row->end_to_end_id },
                  { OUR_ACCOUNT, 0, &row->our_account } };
    for (size_t i = 0; i < O2C__COUNT(given); i++) {
        o2c_status status = o2c__csv_text(&list->table, given[i].column, given[i].most, given[i].to, err);
        if (status != O2C_OK)
            return status;
    }
    return row->key.len ? O2C_OK : refuse(list, PAYMENT, "is empty", err);
}

static o2c_status
values(struct o2c__csv_list *list, o2c_payment *row, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    int32_t exponent = 0;
    o2c_status status = o2c__csv_currency(table, CURRENCY, row->currency, &exponent, err);
    if (status == O2C_OK && !o2c__csv_given(table, AMOUNT))
        status = refuse(list, AMOUNT, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, AMOUNT, exponent, &row->amount_minor, NULL, err);
    if (status == O2C_OK && !o2c__csv_given(table, VALUE_DATE))
        status = refuse(list, VALUE_DATE, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_day(table, VALUE_DATE, &row->value_day, err);
    row->booking_day = row->value_day;
    return status == O2C_OK ? o2c__csv_day(table, BOOKING_DATE, &row->booking_day, err) : status;
}

/* Ordered in the payment's own currency, or beside money out, it says nothing a matcher could use. */
static o2c_status
ordered(struct o2c__csv_list *list, o2c_payment *row, o2c_error *err)
{
    int64_t minor = 0;
    char currency[4] = "";
    o2c_status status = o2c__csv_ordered(&list->table, ORDERED, ORDERED_CURRENCY, &minor, currency, err);
    if (status != O2C_OK || row->amount_minor <= 0 || memcmp(currency, row->currency, sizeof currency) == 0)
        return status;
    row->instructed_minor = minor;
    memcpy(row->instructed_currency, currency, sizeof currency);
    return O2C_OK;
}

static o2c_status
add_text(struct o2c__csv_list *list, uint32_t column, o2c_str piece, bool structured, o2c_error *err)
{
    o2c_ref ref = { 0, 0 };
    o2c_status status = o2c__csv_string(&list->table, column, piece.ptr, piece.len, 0, &ref, err);
    if (status != O2C_OK)
        return status;
    o2c_text *row = o2c__builder_text(&list->file->rows);
    if (!row)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a text");
    row->text = ref;
    if (structured) {
        o2c_str stored = o2c__csv_list_str(list, ref);
        row->scheme = o2c__reference_guess(stored.ptr, stored.len);
        row->scheme = row->scheme ? row->scheme : O2C_SCHEME_OTHER;
    }
    return O2C_OK;
}

static o2c_status
texts(struct o2c__csv_list *list, o2c_payment *row, o2c_error *err)
{
    o2c_str piece, text = o2c__csv_raw(&list->table, TEXT);
    o2c_status status = O2C_OK;
    row->structured_at = (uint32_t)list->file->rows.texts.count;
    for (size_t at = 0; status == O2C_OK && o2c__csv_next(&list->table, REFERENCE, &at, &piece); row->structured_count++)
        status = add_text(list, REFERENCE, piece, true, err);
    row->texts_at = (uint32_t)list->file->rows.texts.count;
    for (size_t at = 0; status == O2C_OK && o2c__csv_next_line(text, &at, &piece); row->texts_count++)
        status = add_text(list, TEXT, piece, false, err);
    return status;
}

/* Money out is kept, so that the list is whole: it is answered, never matched. */
static void
route(o2c_payment *row)
{
    row->stage = O2C_STAGE_BOOKED;
    row->route = row->amount_minor > 0 ? O2C_ROUTE_CUSTOMER : row->amount_minor < 0 ? O2C_ROUTE_DEBIT : O2C_ROUTE_ZERO;
}

static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    o2c_payment payment = { .at = record->at, .span = record->span };
    if (list->file->payments.count >= list->file->context.limits.entries_max)
        return o2c__fail_at(err, O2C_E_LIMIT, "entries_max", record->at, record->line, "the file holds more than %llu payments",
                            (unsigned long long)list->file->context.limits.entries_max);
    o2c_status status = strings(list, &payment, err);
    if (status == O2C_OK)
        status = values(list, &payment, err);
    if (status == O2C_OK)
        status = ordered(list, &payment, err);
    if (status == O2C_OK)
        status = texts(list, &payment, err);
    if (status != O2C_OK)
        return status;
    payment.ordinal = (uint32_t)list->file->payments.count;
    route(&payment);
    o2c_payment *row = o2c__vector_add(&list->file->payments);
    if (!row || !o2c__csv_list_line(list))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a payment");
    *row = payment;
    return O2C_OK;
}

static o2c_status
end(struct o2c__csv_list *list, o2c_error *err)
{
    const o2c_payment *rows = list->file->payments.rows;
    o2c__context *context = &list->file->context;
    o2c__map map;
    o2c__map_init(&map, &context->memory, context->key);
    o2c_status status = list->file->payments.count == 0 ? O2C_OK
                                                        : o2c__csv_list_index(list, &rows->key, sizeof *rows, list->file->payments.count,
                                                                              columns[PAYMENT].name, &map, err);
    o2c__map_free(&map);
    return status;
}

static const struct o2c__csv_kind payments_kind = { columns, COLUMNS, 0, "The caller asked for a list of payments.", take, end, NULL };

o2c_status
o2c_formats_read_payments(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                          o2c_formats_file **out_file, o2c_error *err)
{
    return o2c__csv_list_read(env, bytes, size, options, &payments_kind, out_file, err);
}

void
o2c_formats_file_payments(const o2c_formats_file *file, o2c_payments *out)
{
    o2c_payments all = { .struct_size = sizeof all, .heap = { "", 0 } };
    if (!out)
        return;
    if (file && file->payments.count) {
        all.rows = file->payments.rows;
        all.count = file->payments.count;
        all.texts = file->rows.texts.rows;
        all.texts_count = file->rows.texts.count;
        all.heap = o2c__text_heap_str(&file->rows.heap);
    }
    o2c__options_write(out, &all, sizeof all, sizeof all);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payments as delimited text: a statement without balances. Streamed; rows of one account and currency that stand together are one
 * statement. Columns and rules: docs/formats/csv.md.
 */
#include "formats/csv.h"

enum {
    VALUE_DATE, AMOUNT, CURRENCY, PAYMENT, BOOKING_DATE, OUR_ACCOUNT, STATEMENT, PAYER_ACCOUNT, PAYER_NAME, PAYER_BANK, ULTIMATE_PAYER,
    TEXT, REFERENCE, END_TO_END_ID, BANK_REFERENCE, MANDATE, CHEQUE, CODE, CHARGES, BEARER, ORDERED,
    ORDERED_CURRENCY, COLUMNS
};

static const struct o2c__csv_column columns[COLUMNS] = {
    { "value_date", true, true },      { "amount", true, false },        { "currency", true, false },   { "payment", false, false },
    { "booking_date", false, true },   { "our_account", false, false },  { "statement", false, false }, { "payer_account", false,
                                                                                                          false },
    { "payer_name", false, false },    { "payer_bank", false, false },   { "ultimate_payer", false, false }, { "text", false,
                                                                                                               false },
    { "reference", false, false },     { "end_to_end_id", false, false }, { "bank_reference", false, false }, { "mandate", false,
                                                                                                                false },
    { "cheque", false, false },        { "code", false, false },         { "charges", false, false },   { "bearer", false, false },
    { "instructed_amount", false, false }, { "instructed_currency", false, false },
};

#define SAME_BYTES_MAX 128

struct payments {
    o2c__context *context;
    struct o2c__builder *builder;
    struct o2c__csv_table table;
    bool open; /* a statement stands open */
    uint32_t statements;
    uint64_t entries;
    char same[SAME_BYTES_MAX]; /* account and id of the open statement, cut to what tells them apart in practice */
    size_t same_len;
    char currency[4];
    uint64_t end; /* behind the last row */
};

static o2c_status take(void *self, const struct o2c__csv_record *record, o2c_error *err);

static void *
open_payments(o2c__context *context, const o2c_formats_options *options, struct o2c__builder *builder, o2c_error *err)
{
    const o2c_csv_profile *profile = options ? options->profile : NULL;
    if (profile && profile->group_mark && profile->group_mark == (profile->decimal_mark ? profile->decimal_mark : '.')) {
        o2c__fail(err, O2C_E_ARG, "csv_profile.group_mark", "the thousands sign is also the decimal mark");
        return NULL;
    }
    struct payments *self = o2c__alloc_zero(&context->memory, 1, sizeof *self);
    if (!self) {
        o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the reader");
        return NULL;
    }
    self->context = context;
    self->builder = builder;
    o2c__csv_open(&self->table, context, builder, profile, columns, COLUMNS, take, self);
    return self;
}

static void
close_payments(void *closed)
{
    struct payments *self = closed;
    o2c__csv_close(&self->table);
    o2c__release(&self->context->memory, self, sizeof *self);
}

static o2c_status
push_payments(void *self, const char *bytes, size_t size, o2c_error *err)
{
    return o2c__csv_push(&((struct payments *)self)->table, bytes, size, err);
}

/* ---- statements */

static o2c_statement *
statement_of(struct payments *self)
{
    return &O2C__AT(&self->builder->statements, o2c_statement, self->builder->statements.count - 1);
}

static o2c_status
end_statement(struct payments *self, o2c_error *err)
{
    if (!self->open)
        return O2C_OK;
    self->open = false;
    o2c_statement *row = statement_of(self);
    row->span = self->end - row->at;
    return o2c__builder_tie(self->builder, row, 0, err);
}

static size_t
identity(const struct payments *self, char out[SAME_BYTES_MAX])
{
    size_t len = 0;
    const uint32_t parts[] = { OUR_ACCOUNT, STATEMENT };
    for (size_t i = 0; i < O2C__COUNT(parts); i++) {
        o2c_str text = o2c__csv_raw(&self->table, parts[i]);
        size_t room = SAME_BYTES_MAX / 2 - 1, take_len = text.len < room ? text.len : room;
        memcpy(out + len, text.ptr, take_len);
        len += take_len;
        out[len++] = '\n';
    }
    return len;
}

static o2c_status
start_statement(struct payments *self, const char currency[4], o2c_error *err)
{
    const struct o2c__csv_record *record = self->table.record;
    if (self->statements++ >= self->context->limits.statements_max)
        return o2c__fail_at(err, O2C_E_LIMIT, "statements_max", record->at, record->line, "the file holds more than %u statements",
                            (unsigned)self->context->limits.statements_max);
    o2c_field id = { 0 }, account = { 0 };
    o2c_statement *row = o2c__builder_statement(self->builder);
    if (!row)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a statement");
    row->at = record->at;
    row->kind = O2C_STATEMENT_LIST;
    row->format = O2C_FORMAT_CSV;
    memcpy(row->currency, currency, sizeof row->currency);
    self->open = true;
    o2c_status status = o2c__csv_field(&self->table, STATEMENT, &id, err);
    if (status == O2C_OK)
        status = o2c__csv_field(&self->table, OUR_ACCOUNT, &account, err);
    statement_of(self)->id = id;
    statement_of(self)->account = account;
    return status;
}

/* Goes on with the open statement when account, id and currency are the same, else closes it and starts another. */
static o2c_status
find_statement(struct payments *self, const char currency[4], o2c_error *err)
{
    char same[SAME_BYTES_MAX];
    size_t len = identity(self, same);
    if (self->open && len == self->same_len && memcmp(same, self->same, len) == 0 && memcmp(currency, self->currency, 4) == 0)
        return O2C_OK;
    o2c_status status = end_statement(self, err);
    if (status != O2C_OK)
        return status;
    memcpy(self->same, same, len);
    self->same_len = len;
    memcpy(self->currency, currency, sizeof self->currency);
    return start_statement(self, currency, err);
}

/* ---- rows */

static uint32_t
from_row(const struct payments *self, uint32_t column)
{
    const struct o2c__csv_cell *cell = o2c__csv_cell(&self->table, column);
    return cell && cell->len ? (uint32_t)(cell->at - self->table.record->at) : 0;
}

static o2c_status
values(struct payments *self, o2c_entry *entry, o2c_error *err)
{
    struct o2c__csv_table *table = &self->table;
    int32_t exponent = 0;
    bool zeros = false;
    o2c_status status = o2c__csv_currency(table, CURRENCY, entry->currency, &exponent, err);
    if (status == O2C_OK && !o2c__csv_given(table, AMOUNT))
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, AMOUNT, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, AMOUNT, exponent, &entry->amount_minor, &zeros, err);
    if (status == O2C_OK && !o2c__csv_given(table, VALUE_DATE))
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, VALUE_DATE, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_day(table, VALUE_DATE, &entry->value_day, err);
    entry->booking_day = entry->value_day;
    if (status == O2C_OK)
        status = o2c__csv_day(table, BOOKING_DATE, &entry->booking_day, err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, CHARGES, exponent, &entry->charges_minor, NULL, err);
    if (status == O2C_OK && entry->charges_minor < 0)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, CHARGES, "is negative", err);
    if (status == O2C_OK)
        status = o2c__csv_code(table, BEARER, O2C_TABLE_BEARER, &entry->bearer, err);
    if (status == O2C_OK)
        status = o2c__csv_ordered(table, ORDERED, ORDERED_CURRENCY, &entry->instructed_minor, entry->instructed_currency, err);
    if (entry->charges_minor)
        memcpy(entry->charges_currency, entry->currency, sizeof entry->charges_currency);
    entry->flags = zeros ? O2C_ENTRY_FLAG_DIGITS : 0;
    return status;
}

static o2c_status
strings(struct payments *self, o2c_entry *entry, o2c_error *err)
{
    const struct {
        uint32_t column;
        o2c_field *field;
    } given[] = { { PAYMENT, &entry->entry_ref },
                  { BANK_REFERENCE, &entry->bank_ref },
                  { END_TO_END_ID, &entry->end_to_end_id },
                  { MANDATE, &entry->mandate },
                  { CHEQUE, &entry->cheque },
                  { CODE, &entry->code },
                  { PAYER_NAME, &entry->other_name },
                  { PAYER_ACCOUNT, &entry->other_account },
                  { PAYER_BANK, &entry->other_bank },
                  { ULTIMATE_PAYER, &entry->other_ultimate } };
    for (size_t i = 0; i < O2C__COUNT(given); i++) {
        o2c_status status = o2c__csv_field(&self->table, given[i].column, given[i].field, err);
        if (status != O2C_OK)
            return status;
    }
    return O2C_OK;
}

/* One row of the texts array from a piece of a cell. */
static o2c_status
add_text(struct payments *self, uint32_t column, o2c_str piece, bool structured, o2c_error *err)
{
    const struct o2c__csv_cell *cell = o2c__csv_cell(&self->table, column);
    o2c_ref ref = { 0, 0 };
    o2c_status status = o2c__csv_string(&self->table, column, piece.ptr, piece.len, 0, &ref, err);
    if (status != O2C_OK)
        return status;
    o2c_text *row = o2c__builder_text(self->builder);
    if (!row)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a text");
    row->text = ref;
    row->at = cell->at; /* a cell of several lines: each piece names the whole cell, for quotes inside it move the bytes */
    row->span = cell->span;
    if (cell->span == cell->len) {
        row->at += (uint64_t)(piece.ptr - (self->table.record->text + cell->from));
        row->span = (uint32_t)piece.len;
    }
    if (structured) {
        o2c_str stored = o2c__ref_str(ref, o2c__text_heap_str(&self->builder->heap));
        row->scheme = o2c__reference_guess(stored.ptr, stored.len);
        row->scheme = row->scheme ? row->scheme : O2C_SCHEME_OTHER;
    }
    return O2C_OK;
}

static o2c_status
texts(struct payments *self, o2c_entry *entry, o2c_error *err)
{
    o2c_str piece, text = o2c__csv_raw(&self->table, TEXT);
    for (size_t at = 0; o2c__csv_next(&self->table, REFERENCE, &at, &piece); entry->structured_count++) {
        o2c_status status = add_text(self, REFERENCE, piece, true, err);
        if (status != O2C_OK)
            return status;
    }
    entry->texts_at = (uint32_t)(self->builder->text_base + self->builder->texts.count);
    for (size_t at = 0; o2c__csv_next_line(text, &at, &piece); entry->texts_count++) {
        o2c_status status = add_text(self, TEXT, piece, false, err);
        if (status != O2C_OK)
            return status;
    }
    return O2C_OK;
}

static o2c_status
add_entry(struct payments *self, o2c_entry *entry, o2c_error *err)
{
    o2c_entry *row = o2c__builder_entry(self->builder);
    if (!row)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a payment");
    entry->statement = row->statement;
    entry->ordinal = row->ordinal;
    entry->texts_at = row->texts_at;
    entry->structured_at = row->structured_at;
    entry->lines_at = row->lines_at;
    o2c_status status = strings(self, entry, err);
    if (status == O2C_OK)
        status = texts(self, entry, err);
    O2C__AT(&self->builder->entries, o2c_entry, self->builder->entries.count - 1) = *entry;
    return status;
}

static o2c_status
take(void *taken, const struct o2c__csv_record *record, o2c_error *err)
{
    struct payments *self = taken;
    o2c_entry entry = { .at = record->at, .span = record->span, .level = O2C_ENTRY_BOOKED, .status = O2C_ENTRY_STATUS_BOOKED };
    if (self->entries++ >= self->context->limits.entries_max)
        return o2c__fail_at(err, O2C_E_LIMIT, "entries_max", record->at, record->line, "the file holds more than %llu payments",
                            (unsigned long long)self->context->limits.entries_max);
    o2c_status status = values(self, &entry, err);
    if (status == O2C_OK)
        status = o2c__builder_flush(self->builder, false, err);
    if (status == O2C_OK)
        status = find_statement(self, entry.currency, err);
    entry.amount_from = from_row(self, AMOUNT);
    entry.value_day_from = from_row(self, VALUE_DATE);
    entry.booking_day_from = from_row(self, BOOKING_DATE);
    if (status == O2C_OK)
        status = add_entry(self, &entry, err);
    self->end = record->at + record->span;
    return status;
}

static o2c_status
finish_payments(void *finished, o2c_error *err)
{
    struct payments *self = finished;
    o2c_status status = o2c__csv_finish(&self->table, err);
    if (status == O2C_OK)
        status = end_statement(self, err);
    return status == O2C_OK ? o2c__builder_flush(self->builder, true, err) : status;
}

const struct o2c__dialect o2c__dialect_csv_payments = { "CSV",         O2C_FORMAT_CSV,  open_payments,
                                                        push_payments, finish_payments, close_payments };

/* SPDX-License-Identifier: Apache-2.0 */
/* The list of remittance advices: rows of one id make one advice, wherever they stand. Columns and rules: docs/formats/csv.md. */
#include "formats/csv.h"

enum { REMITTANCE, DOCUMENT, PAID, PAYER, PAYMENT_REFERENCE, DATE, CURRENCY, GROSS, DISCOUNT, DEDUCTION, REASON, COLUMNS };

static const struct o2c__csv_column columns[COLUMNS] = {
    { "remittance", true, false }, { "document", true, false }, { "paid", true, false },      { "payer", false, false },
    { "payment_reference", false, false }, { "date", false, true }, { "currency", false, false }, { "gross", false, false },
    { "discount", false, false },  { "deduction", false, false }, { "reason", false, false },
};

/* A row as the file gives it, until the advices are put together. */
struct more {
    o2c_remittance head;
    o2c_remittance_line line;
    uint32_t advice; /* index of its advice */
};

/* Without a currency the amounts are those of a currency with two decimals; a currency with others must be named. */
#define EXPONENT_UNNAMED 2

static o2c_status
refuse(const struct o2c__csv_list *list, uint32_t column, const char *reason, o2c_error *err)
{
    return o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, column, reason, err);
}

static o2c_status
head(struct o2c__csv_list *list, o2c_remittance *out, int32_t *exponent, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    *exponent = EXPONENT_UNNAMED;
    o2c_status status = o2c__csv_text(table, REMITTANCE, O2C_KEY_BYTES_MAX, &out->key, err);
    if (status == O2C_OK && out->key.len == 0)
        status = refuse(list, REMITTANCE, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, PAYER, 0, &out->payer, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, PAYMENT_REFERENCE, 0, &out->payment_reference, err);
    if (status == O2C_OK)
        status = o2c__csv_day(table, DATE, &out->day, err);
    if (status == O2C_OK && o2c__csv_given(table, CURRENCY))
        status = o2c__csv_currency(table, CURRENCY, out->currency, exponent, err);
    return status;
}

/* The line's own arithmetic: gross less discount and deduction is paid. That it is not is a finding, not a failure. */
static void
check_arithmetic(o2c_remittance_line *line)
{
    int64_t rest = line->gross_minor;
    if (!(line->has & O2C_HAS_GROSS))
        return;
    bool fits = o2c__subtract(rest, line->discount_minor, &rest) && o2c__subtract(rest, line->deduction_minor, &rest);
    line->check = !fits || rest != line->paid_minor;
}

static o2c_status
money(struct o2c__csv_list *list, uint32_t column, int32_t exponent, int64_t *out, uint32_t flag, uint32_t *has, o2c_error *err)
{
    if (o2c__csv_given(&list->table, column))
        *has |= flag;
    return o2c__csv_money(&list->table, column, exponent, out, NULL, err);
}

static o2c_status
amounts(struct o2c__csv_list *list, o2c_remittance_line *line, int32_t exponent, o2c_error *err)
{
    if (!o2c__csv_given(&list->table, PAID))
        return refuse(list, PAID, "is empty", err);
    o2c_status status = money(list, PAID, exponent, &line->paid_minor, O2C_HAS_PAID, &line->has, err);
    if (status == O2C_OK)
        status = money(list, GROSS, exponent, &line->gross_minor, O2C_HAS_GROSS, &line->has, err);
    if (status == O2C_OK)
        status = money(list, DISCOUNT, exponent, &line->discount_minor, O2C_HAS_DISCOUNT, &line->has, err);
    if (status == O2C_OK)
        status = money(list, DEDUCTION, exponent, &line->deduction_minor, O2C_HAS_DEDUCTION, &line->has, err);
    if (status == O2C_OK && line->discount_minor < 0 && line->paid_minor >= 0)
        status = refuse(list, DISCOUNT, "is negative", err);
    return status;
}

static o2c_status
line(struct o2c__csv_list *list, const o2c_remittance *of, o2c_remittance_line *out, int32_t exponent, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    out->at = table->record->at;
    out->span = table->record->span;
    out->document_day = 0;
    memcpy(out->currency, of->currency, sizeof out->currency);
    o2c_status status = o2c__csv_text(table, DOCUMENT, 0, &out->document, err);
    if (status == O2C_OK && out->document.len == 0)
        status = refuse(list, DOCUMENT, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, REASON, 0, &out->reason, err);
    if (status == O2C_OK)
        status = amounts(list, out, exponent, err);
    if (status != O2C_OK)
        return status;
    o2c_str document = o2c__csv_list_str(list, out->document);
    out->scheme = o2c__reference_guess(document.ptr, document.len);
    if (out->scheme != O2C_SCHEME_NONE)
        out->reference = out->document;
    out->kind = out->paid_minor < 0 ? O2C_REMITTANCE_CREDIT_MEMO : O2C_REMITTANCE_UNKNOWN;
    check_arithmetic(out);
    return O2C_OK;
}

static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    struct more more = { 0 };
    int32_t exponent;
    (void)record;
    o2c_status status = head(list, &more.head, &exponent, err);
    if (status == O2C_OK)
        status = line(list, &more.head, &more.line, exponent, err);
    if (status != O2C_OK)
        return status;
    struct more *row = o2c__vector_add(&list->more);
    if (!row || !o2c__csv_list_line(list))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a remittance");
    *row = more;
    return O2C_OK;
}

/* ---- the end: one advice for each id, its lines together in file order */

static o2c_status
disagree(const struct o2c__csv_list *list, size_t row, uint32_t column, o2c_error *err)
{
    const struct more *more = &O2C__AT(&list->more, struct more, row);
    o2c_str key = o2c__csv_list_str(list, more->head.key);
    return o2c__fail_at(err, O2C_E_FORMATS_FIELD, columns[column].name, more->line.at, O2C__AT(&list->lines, uint32_t, row),
                        "%s is not what the other rows of remittance '%.*s' say", columns[column].name, (int)key.len, key.ptr);
}

static bool
adopt(const struct o2c__csv_list *list, o2c_ref *into, o2c_ref from)
{
    if (into->len == 0)
        *into = from;
    return from.len == 0 || o2c__str_equal(o2c__csv_list_str(list, *into), o2c__csv_list_str(list, from));
}

/* What a row says of the whole advice must not contradict the rows before it; an empty cell says nothing. */
static o2c_status
join(struct o2c__csv_list *list, o2c_remittance *advice, size_t row, o2c_error *err)
{
    const o2c_remittance *given = &O2C__AT(&list->more, struct more, row).head;
    if (!adopt(list, &advice->payer, given->payer))
        return disagree(list, row, PAYER, err);
    if (!adopt(list, &advice->payment_reference, given->payment_reference))
        return disagree(list, row, PAYMENT_REFERENCE, err);
    if (advice->day && given->day && advice->day != given->day)
        return disagree(list, row, DATE, err);
    if (memcmp(advice->currency, given->currency, sizeof advice->currency) != 0)
        return disagree(list, row, CURRENCY, err);
    advice->day = advice->day ? advice->day : given->day;
    advice->lines_count++;
    return O2C_OK;
}

static o2c_status
advices(struct o2c__csv_list *list, o2c__map *map, o2c_error *err)
{
    o2c__vector *all = &list->file->remittances;
    for (size_t i = 0; i < list->more.count; i++) {
        struct more *more = &O2C__AT(&list->more, struct more, i);
        if (!o2c__map_put(map, o2c__csv_list_str(list, more->head.key), (uint32_t)all->count, &more->advice))
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the keys of the list");
        if (more->advice == all->count) {
            o2c_remittance *advice = o2c__vector_add(all);
            if (!advice)
                return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a remittance");
            *advice = more->head;
        }
        o2c_status status = join(list, &O2C__AT(all, o2c_remittance, more->advice), i, err);
        if (status != O2C_OK)
            return status;
    }
    return O2C_OK;
}

static o2c_status
place_lines(struct o2c__csv_list *list, o2c_error *err)
{
    o2c__vector *all = &list->file->remittances;
    uint32_t at = 0;
    if (list->more.count == 0)
        return O2C_OK;
    o2c_remittance_line *lines = o2c__vector_add_many(&list->file->rows.lines, list->more.count);
    if (!lines)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a remittance");
    for (size_t i = 0; i < all->count; i++) {
        O2C__AT(all, o2c_remittance, i).lines_at = at;
        at += O2C__AT(all, o2c_remittance, i).lines_count;
        O2C__AT(all, o2c_remittance, i).lines_count = 0;
    }
    for (size_t i = 0; i < list->more.count; i++) {
        const struct more *more = &O2C__AT(&list->more, struct more, i);
        o2c_remittance *advice = &O2C__AT(all, o2c_remittance, more->advice);
        o2c_remittance_line *row = &lines[advice->lines_at + advice->lines_count];
        *row = more->line;
        row->ordinal = advice->lines_count++;
    }
    return O2C_OK;
}

static o2c_status
end(struct o2c__csv_list *list, o2c_error *err)
{
    o2c__context *context = &list->file->context;
    o2c__map map;
    o2c__map_init(&map, &context->memory, context->key);
    o2c_status status = advices(list, &map, err);
    o2c__map_free(&map);
    return status == O2C_OK ? place_lines(list, err) : status;
}

static const struct o2c__csv_kind remittances_kind = { columns, COLUMNS, sizeof(struct more),
                                                       "The caller asked for a list of remittances.",
                                                       take, end, NULL };

o2c_status
o2c_formats_read_remittances(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                             o2c_formats_file **out_file, o2c_error *err)
{
    return o2c__csv_list_read(env, bytes, size, options, &remittances_kind, out_file, err);
}

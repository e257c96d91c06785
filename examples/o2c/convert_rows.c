/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <inttypes.h>
#include <string.h>

static const char columns[] = "file,statement,account,number,ordinal,level,status,amount,currency,value_date,booking_date,name,"
                              "other_account,other_bank,end_to_end_id,bank_ref,customer_ref,mandate,code,return_reason,"
                              "structured,text,note,at";

void
convert_header(FILE *out, enum shape shape)
{
    if (shape == SHAPE_CSV)
        fprintf(out, "%s\n", columns);
}

static o2c_str
field(const struct row_of *row, o2c_field field)
{
    return ref_in(&row->batch->statements->heap, field.text);
}

/* Piece number i of a list of an entry; list indexes count from the start of the file. */
static o2c_str
piece(const struct row_of *row, uint64_t at, uint32_t i)
{
    const o2c_formats_batch *batch = row->batch;
    uint64_t index = at + i - batch->text_base;
    if (at + i < batch->text_base || index >= batch->statements->texts_count)
        return str_of(NULL);
    return ref_in(&batch->statements->heap, batch->statements->texts[index].text);
}

static void
csv_text(const struct row_of *row, o2c_str text)
{
    fputc(',', row->out);
    put_csv_text(row->out, text);
}

static void
csv_pieces(const struct row_of *row, uint64_t at, uint32_t count)
{
    if (count < 2) {
        csv_text(row, count ? piece(row, at, 0) : str_of(NULL));
        return;
    }
    fputc(',', row->out);
    for (uint32_t i = 0; i < count; i++)
        put_csv_piece(row->out, piece(row, at, i), i == 0);
    fputc('"', row->out);
}

static void
csv_day(const struct row_of *row, int32_t day)
{
    char buffer[11];
    fprintf(row->out, ",%s", day > 0 ? day_text(day, buffer) : "");
}

static void
csv_entry(const struct row_of *row, const o2c_entry *entry)
{
    char amount[32];
    put_csv_text(row->out, str_of(row->file));
    csv_text(row, field(row, row->statement->id));
    csv_text(row, field(row, row->statement->account));
    csv_text(row, field(row, row->statement->number));
    fprintf(row->out, ",%" PRIu32 ",%s,%s", entry->ordinal, o2c_code_name(O2C_TABLE_ENTRY_LEVEL, entry->level),
            o2c_code_name(O2C_TABLE_ENTRY_STATUS, entry->status));
    fprintf(row->out, ",%s,%.3s", money_plain(entry->amount_minor, entry->currency, amount), entry->currency);
    csv_day(row, entry->value_day);
    csv_day(row, entry->booking_day);
    const o2c_field fields[] = { entry->other_name, entry->other_account, entry->other_bank, entry->end_to_end_id, entry->bank_ref,
                                 entry->customer_ref, entry->mandate, entry->code, entry->return_reason };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        csv_text(row, field(row, fields[i]));
    csv_pieces(row, entry->structured_at, entry->structured_count);
    csv_pieces(row, entry->texts_at, entry->texts_count);
    csv_text(row, field(row, entry->note));
    fprintf(row->out, ",%" PRIu64 "\n", entry->at);
}

static void
json_pieces(const struct row_of *row, bool *first, const char *name, uint64_t at, uint32_t count)
{
    json_field(row->out, first, name);
    fputc('[', row->out);
    for (uint32_t i = 0; i < count; i++) {
        fputs(i ? "," : "", row->out);
        put_json(row->out, piece(row, at, i));
    }
    fputc(']', row->out);
}

static void
json_names(const struct row_of *row, bool *first, const o2c_entry *entry)
{
    const struct {
        const char *name;
        o2c_field field;
    } fields[] = {
        { "name", entry->other_name },         { "other_account", entry->other_account },
        { "other_bank", entry->other_bank },   { "end_to_end_id", entry->end_to_end_id },
        { "bank_ref", entry->bank_ref },       { "customer_ref", entry->customer_ref },
        { "mandate", entry->mandate },         { "code", entry->code },
        { "return_reason", entry->return_reason },
    };
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        json_text(row->out, first, fields[i].name, field(row, fields[i].field));
}

static void
json_entry(const struct row_of *row, const o2c_entry *entry)
{
    bool first = true;
    FILE *out = row->out;
    fputs("{\"entry\":{", out);
    json_text(out, &first, "file", str_of(row->file));
    json_text(out, &first, "statement", field(row, row->statement->id));
    json_text(out, &first, "account", field(row, row->statement->account));
    json_text(out, &first, "number", field(row, row->statement->number));
    json_number(out, &first, "ordinal", entry->ordinal);
    json_code(out, &first, "level", O2C_TABLE_ENTRY_LEVEL, entry->level);
    json_code(out, &first, "status", O2C_TABLE_ENTRY_STATUS, entry->status);
    json_money(out, &first, "amount", entry->amount_minor, entry->currency);
    json_text(out, &first, "currency", str_of(entry->currency));
    json_day(out, &first, "value_date", entry->value_day);
    json_day(out, &first, "booking_date", entry->booking_day);
    json_names(row, &first, entry);
    json_pieces(row, &first, "structured", entry->structured_at, entry->structured_count);
    json_pieces(row, &first, "text", entry->texts_at, entry->texts_count);
    json_text(out, &first, "note", field(row, entry->note));
    json_number(out, &first, "at", entry->at);
    fputs("}}\n", out);
}

void
convert_entry(const struct row_of *row, const o2c_entry *entry)
{
    if (row->options->shape == SHAPE_JSONL)
        json_entry(row, entry);
    else
        csv_entry(row, entry);
}

/* The last line after a failure: what stands above it is not true. */
void
convert_error(FILE *out, enum shape shape, const char *file, const o2c_error *err)
{
    bool first = true;
    if (shape == SHAPE_JSONL) {
        fputs("{\"error\":{", out);
        json_text(out, &first, "file", str_of(file));
        json_text(out, &first, "status", str_of(o2c_status_name(err->status)));
        json_text(out, &first, "reason", str_of(err->message));
        fputs("}}\n", out);
        return;
    }
    put_csv_text(out, str_of(file));
    fputs(",,,,,ERROR,", out);
    fputs(o2c_status_name(err->status), out);
    for (const char *at = strstr(columns, ",status,") + 1; *at; at++)
        if (*at == ',')
            fputc(',', out);
    fputc('\n', out);
}

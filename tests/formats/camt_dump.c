/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what a statement file says, one JSON line each for the file and its statements: for corpus_camt.py and for people.
 *     camt_dump FILE…
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/formats.h"

static void
put_text(o2c_str text)
{
    putchar('"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte == '"' || byte == '\\')
            printf("\\%c", byte);
        else if (byte < 0x20)
            printf("\\u%04x", byte);
        else
            putchar(byte);
    }
    putchar('"');
}

static void
put_field(const char *name, const o2c_field *field, o2c_str heap)
{
    printf(",\"%s\":", name);
    put_text(o2c__ref_str(field->text, heap));
}

static void
put_texts(const char *name, const o2c_statements *all, uint32_t at, uint32_t count)
{
    printf(",\"%s\":[", name);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            putchar(',');
        put_text(o2c__ref_str(all->texts[at + i].text, all->heap));
    }
    putchar(']');
}

static void
put_line(const o2c_statements *all, const o2c_remittance_line *line)
{
    printf("{\"document\":");
    put_text(o2c__ref_str(line->document, all->heap));
    printf(",\"reference\":");
    put_text(o2c__ref_str(line->reference, all->heap));
    printf(",\"has\":%u,\"gross\":%" PRId64 ",\"discount\":%" PRId64 ",\"deduction\":%" PRId64 ",\"paid\":%" PRId64 ",\"check\":%u}", line->has,
           line->gross_minor, line->discount_minor, line->deduction_minor, line->paid_minor, line->check);
}

static void
put_entry(const o2c_statements *all, const o2c_entry *row)
{
    printf("  {\"level\":%d,\"status\":%d,\"amount\":%" PRId64 ",\"currency\":\"%s\",\"value\":%d,\"booking\":%d,\"flags\":%u,\"details\":%u"
           ",\"charges\":%" PRId64 ",\"instructed\":%" PRId64,
           row->level, row->status, row->amount_minor, row->currency, row->value_day, row->booking_day, row->flags, row->details_count,
           row->charges_minor, row->instructed_minor);
    put_field("bank_ref", &row->bank_ref, all->heap);
    put_field("e2e", &row->end_to_end_id, all->heap);
    put_field("tx", &row->transaction_id, all->heap);
    put_field("batch", &row->batch_id, all->heap);
    put_field("code", &row->code, all->heap);
    put_field("name", &row->other_name, all->heap);
    put_field("account", &row->other_account, all->heap);
    put_field("bank", &row->other_bank, all->heap);
    put_field("return", &row->return_reason, all->heap);
    put_field("note", &row->note, all->heap);
    put_texts("texts", all, row->texts_at, row->texts_count);
    put_texts("structured", all, row->structured_at, row->structured_count);
    printf(",\"lines\":[");
    for (uint32_t i = 0; i < row->lines_count; i++) {
        if (i > 0)
            putchar(',');
        put_line(all, &all->lines[row->lines_at + i]);
    }
    printf("]}\n");
}

static void
put_statement(const o2c_statements *all, const o2c_statement *row, bool entries)
{
    printf(" {\"version\":%d,\"format\":%d,\"currency\":\"%s\",\"has\":%u,\"opening\":%" PRId64 ",\"closing\":%" PRId64 ",\"credit\":%" PRId64
           ",\"debit\":%" PRId64 ",\"tie\":%d,\"flags\":%u,\"rows\":%u,\"booked\":%u",
           row->version, row->format, row->currency, row->has, row->opening_minor, row->closing_minor, row->credit_minor, row->debit_minor,
           row->tie, row->flags, row->entries_count, row->booked_count);
    put_field("id", &row->id, all->heap);
    put_field("account", &row->account, all->heap);
    printf(",\"balances\":[");
    for (uint32_t i = 0; i < row->balances_count; i++) {
        const o2c_balance *balance = &all->balances[row->balances_at + i];
        printf("%s[\"%s\",\"%s\",%" PRId64 "]", i > 0 ? "," : "", balance->code, balance->currency, balance->minor);
    }
    printf("],\"amounts\":[");
    for (uint32_t i = 0, n = 0; i < row->entries_count; i++) {
        const o2c_entry *entry = &all->entries[row->entries_at + i];
        if (entry->level == O2C_ENTRY_BOOKED)
            printf("%s[%" PRId64 ",\"%s\"]", n++ > 0 ? "," : "", entry->amount_minor, entry->currency);
    }
    printf("]}\n");
    for (uint32_t i = 0; entries && i < row->entries_count; i++)
        put_entry(all, &all->entries[row->entries_at + i]);
}

static void
dump(const char *name, const char *bytes, size_t size, bool entries)
{
    o2c_formats_file *file = NULL;
    o2c_error err = { 0 };
    o2c_statements all = { .struct_size = sizeof all };
    o2c_status status = o2c_formats_read(NULL, bytes, size, NULL, &file, &err);

    printf("{\"file\":");
    put_text(o2c__str(name));
    if (status != O2C_OK) {
        printf(",\"status\":\"%s\",\"offset\":%" PRIu64 ",\"field\":\"%s\",\"message\":", o2c_status_name(status), err.offset, err.field);
        put_text(o2c__str(err.message));
        printf("}\n");
        return;
    }
    o2c_formats_file_statements(file, &all);
    printf(",\"status\":\"O2C_OK\",\"format\":%d,\"statements\":%" PRIu64 ",\"transactions\":%" PRIu64 "}\n", o2c_formats_file_format(file),
           all.count, file->rows.transactions);
    for (uint64_t i = 0; i < all.count; i++)
        put_statement(&all, &all.rows[i], entries);
    o2c_formats_file_free(file);
}

int
main(int count, char **words)
{
    bool entries = count > 1 && strcmp(words[1], "-e") == 0;

    for (int i = entries ? 2 : 1; i < count; i++) {
        FILE *in = fopen(words[i], "rb");
        size_t room = (size_t)64 << 20, size;
        char *bytes = malloc(room);
        if (in == NULL || bytes == NULL)
            return 1;
        size = fread(bytes, 1, room, in);
        fclose(in);
        dump(words[i], bytes, size, entries);
        free(bytes);
    }
    return 0;
}

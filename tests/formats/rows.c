/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "rows.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *
open_text(char **out, size_t *size)
{
    FILE *text = open_memstream(out, size);
    if (!text)
        abort();
    return text;
}

static void
day(FILE *to, const char *name, int32_t value)
{
    char iso[11];
    if (value && o2c_date_write(value, iso, NULL) == O2C_OK)
        fprintf(to, " %s=%s", name, iso);
}

static void
ref(FILE *to, const char *name, o2c_ref value, o2c_str heap)
{
    if (value.len)
        fprintf(to, " %s='%.*s'", name, (int)value.len, heap.ptr + value.at);
}

static void
field(FILE *to, const char *name, o2c_field value, o2c_str heap)
{
    if (value.text.len)
        fprintf(to, "    %s='%.*s' @%u+%u\n", name, (int)value.text.len, heap.ptr + value.text.at, value.from, value.span);
}

static void
number(FILE *to, const char *name, int64_t value)
{
    if (value)
        fprintf(to, " %s=%lld", name, (long long)value);
}

static void
texts(FILE *to, const char *name, const o2c_statements *rows, uint32_t at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const o2c_text *text = &rows->texts[at + i];
        fprintf(to, "    %s='%.*s' @%llu+%u", name, (int)text->text.len, rows->heap.ptr + text->text.at, (unsigned long long)text->at,
                text->span);
        number(to, "scheme", text->scheme);
        fputc('\n', to);
    }
}

static void
remittance_lines(FILE *to, const o2c_statements *rows, uint32_t at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const o2c_remittance_line *line = &rows->lines[at + i];
        fprintf(to, "    line %u has=%u", line->ordinal, line->has);
        number(to, "kind", line->kind);
        ref(to, "type", line->kind_text, rows->heap);
        ref(to, "document", line->document, rows->heap);
        day(to, "dated", line->document_day);
        ref(to, "reference", line->reference, rows->heap);
        number(to, "scheme", line->scheme);
        number(to, "gross", line->gross_minor);
        number(to, "discount", line->discount_minor);
        number(to, "deduction", line->deduction_minor);
        number(to, "credit", line->credit_minor);
        number(to, "tax", line->tax_minor);
        number(to, "paid", line->paid_minor);
        ref(to, "reason", line->reason, rows->heap);
        ref(to, "words", line->words, rows->heap);
        number(to, "check", line->check);
        fprintf(to, " %.3s @%llu+%llu\n", line->currency, (unsigned long long)line->at, (unsigned long long)line->span);
    }
}

static void
entry(FILE *to, const o2c_statements *rows, const o2c_entry *row)
{
    fprintf(to, "  entry %u level=%d status=%d %lld %.3s", row->ordinal, row->level, row->status, (long long)row->amount_minor,
            row->currency);
    day(to, "value", row->value_day);
    day(to, "booked", row->booking_day);
    number(to, "flags", row->flags);
    if (row->charges_minor)
        fprintf(to, " charges=%lld%.3s", (long long)row->charges_minor, row->charges_currency);
    if (row->instructed_minor)
        fprintf(to, " instructed=%lld%.3s", (long long)row->instructed_minor, row->instructed_currency);
    number(to, "bearer", row->bearer);
    fprintf(to, " @%llu+%llu amount@%u value@%u booked@%u\n", (unsigned long long)row->at, (unsigned long long)row->span, row->amount_from,
            row->value_day_from, row->booking_day_from);
    field(to, "entry_ref", row->entry_ref, rows->heap);
    field(to, "code", row->code, rows->heap);
    field(to, "customer_ref", row->customer_ref, rows->heap);
    field(to, "bank_ref", row->bank_ref, rows->heap);
    field(to, "end_to_end_id", row->end_to_end_id, rows->heap);
    field(to, "transaction_id", row->transaction_id, rows->heap);
    field(to, "uetr", row->uetr, rows->heap);
    field(to, "mandate", row->mandate, rows->heap);
    field(to, "cheque", row->cheque, rows->heap);
    field(to, "batch_id", row->batch_id, rows->heap);
    field(to, "name", row->other_name, rows->heap);
    field(to, "account", row->other_account, rows->heap);
    field(to, "bank", row->other_bank, rows->heap);
    field(to, "ultimate", row->other_ultimate, rows->heap);
    field(to, "return_reason", row->return_reason, rows->heap);
    field(to, "purpose", row->purpose, rows->heap);
    field(to, "note", row->note, rows->heap);
    texts(to, "structured", rows, row->structured_at, row->structured_count);
    texts(to, "text", rows, row->texts_at, row->texts_count);
    remittance_lines(to, rows, row->lines_at, row->lines_count);
}

static void
statement(FILE *to, const o2c_statements *rows, const o2c_statement *row)
{
    fprintf(to, "statement");
    ref(to, "id", row->id.text, rows->heap);
    ref(to, "account", row->account.text, rows->heap);
    ref(to, "number", row->number.text, rows->heap);
    ref(to, "message", row->message.text, rows->heap);
    number(to, "version", row->version);
    fprintf(to, " page=%u %.3s kind=%d format=%d has=%u opening=%lld sum=%lld closing=%lld tie=%d", row->page, row->currency, row->kind,
            row->format, row->has, (long long)row->opening_minor, (long long)row->sum_minor, (long long)row->closing_minor, row->tie);
    day(to, "from", row->opening_day);
    day(to, "to", row->closing_day);
    number(to, "flags", row->flags);
    fprintf(to, " entries=%u booked=%u credit=%lld debit=%lld @%llu+%llu\n", row->entries_count, row->booked_count,
            (long long)row->credit_minor, (long long)row->debit_minor, (unsigned long long)row->at, (unsigned long long)row->span);
    for (uint32_t i = 0; i < row->balances_count; i++) {
        const o2c_balance *balance = &rows->balances[row->balances_at + i];
        fprintf(to, "  balance %.8s %lld %.3s", balance->code, (long long)balance->minor, balance->currency);
        day(to, "on", balance->day);
        fprintf(to, " @%llu+%u\n", (unsigned long long)balance->at, balance->span);
    }
}

char *
rows_statements(const o2c_statements *rows)
{
    char *out = NULL;
    size_t size = 0;
    FILE *to = open_text(&out, &size);
    for (uint64_t i = 0; i < rows->count; i++) {
        const o2c_statement *row = &rows->rows[i];
        statement(to, rows, row);
        for (uint32_t j = 0; j < row->entries_count; j++)
            entry(to, rows, &rows->entries[row->entries_at + j]);
    }
    fclose(to);
    return out;
}

static void
item(FILE *to, const o2c_open_item *row, o2c_str heap)
{
    fprintf(to, "item");
    ref(to, "key", row->key, heap);
    ref(to, "document", row->document, heap);
    ref(to, "account", row->account, heap);
    ref(to, "company", row->company, heap);
    fprintf(to, " kind=%d %lld %.3s", row->kind, (long long)row->open_minor, row->currency);
    number(to, "original", row->original_minor);
    day(to, "dated", row->document_day);
    day(to, "due", row->due_day);
    day(to, "closed", row->closed_day);
    for (int i = 0; i < 2; i++) {
        if (!row->discount[i].set)
            continue;
        fprintf(to, " discount=%lldppm", (long long)row->discount[i].value);
        day(to, "until", row->discount[i].until_day);
    }
    number(to, "flags", row->flags);
    number(to, "order", row->order_group);
    number(to, "statement", row->statement_group);
    fputc('\n', to);
}

char *
rows_master(const o2c_master *rows)
{
    char *out = NULL;
    size_t size = 0;
    o2c_str heap = rows->heap;
    FILE *to = open_text(&out, &size);
    for (uint64_t i = 0; i < rows->items_count; i++)
        item(to, &rows->items[i], heap);
    for (uint64_t i = 0; i < rows->references_count; i++) {
        ref(to, "reference", rows->references[i].text, heap);
        ref(to, "item", rows->references[i].item, heap);
        fprintf(to, " kind=%d scheme=%d\n", rows->references[i].kind, rows->references[i].scheme);
    }
    for (uint64_t i = 0; i < rows->accounts_count; i++) {
        ref(to, "account", rows->accounts[i].key, heap);
        ref(to, "name", rows->accounts[i].name, heap);
        fputc('\n', to);
    }
    for (uint64_t i = 0; i < rows->aliases_count; i++) {
        ref(to, "alias", rows->aliases[i].text, heap);
        ref(to, "account", rows->aliases[i].account, heap);
        fprintf(to, " kind=%d\n", rows->aliases[i].kind);
    }
    for (uint64_t i = 0; i < rows->bank_accounts_count; i++) {
        ref(to, "bank", rows->bank_accounts[i].number, heap);
        ref(to, "account", rows->bank_accounts[i].account, heap);
        fprintf(to, " state=%d\n", rows->bank_accounts[i].state);
    }
    for (uint64_t i = 0; i < rows->ties_count; i++) {
        ref(to, "payer", rows->ties[i].payer, heap);
        ref(to, "owner", rows->ties[i].owner, heap);
        fprintf(to, " tie=%d\n", rows->ties[i].kind);
    }
    fclose(to);
    return out;
}

char *
rows_remittances(const o2c_remittances *rows)
{
    char *out = NULL;
    size_t size = 0;
    FILE *to = open_text(&out, &size);
    for (uint64_t i = 0; i < rows->count; i++) {
        const o2c_remittance *row = &rows->rows[i];
        ref(to, "remittance", row->key, rows->heap);
        ref(to, "payer", row->payer, rows->heap);
        ref(to, "payment_reference", row->payment_reference, rows->heap);
        day(to, "on", row->day);
        fprintf(to, " %.3s lines=%u\n", row->currency, row->lines_count);
        for (uint32_t j = 0; j < row->lines_count; j++) {
            const o2c_remittance_line *line = &rows->lines[row->lines_at + j];
            fprintf(to, "  %u", line->ordinal);
            ref(to, "document", line->document, rows->heap);
            ref(to, "reference", line->reference, rows->heap);
            ref(to, "reason", line->reason, rows->heap);
            fprintf(to, " kind=%d has=%u paid=%lld gross=%lld discount=%lld deduction=%lld check=%u @%llu+%llu\n", line->kind, line->has,
                    (long long)line->paid_minor, (long long)line->gross_minor, (long long)line->discount_minor,
                    (long long)line->deduction_minor, line->check, (unsigned long long)line->at, (unsigned long long)line->span);
        }
    }
    fclose(to);
    return out;
}

char *
rows_error(const o2c_error *err)
{
    char *out = NULL;
    size_t size = 0;
    FILE *to = open_text(&out, &size);
    fprintf(to, "%d @%lld line %u %s: %s\n", err->status, err->offset == O2C_NOWHERE ? -1LL : (long long)err->offset, err->line, err->field,
            err->message);
    fclose(to);
    return out;
}

char *
rows_source(const char *path)
{
    const char *root = getenv("O2C_SOURCE");
    char *out = NULL;
    size_t size = 0;
    FILE *to = open_text(&out, &size);
    fprintf(to, "%s/%s", root ? root : ".", path);
    fclose(to);
    return out;
}

char *
rows_load(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        abort();
    bytes[size] = '\0';
    fclose(file);
    *out_size = (size_t)size;
    return bytes;
}

/* ---- a sink that keeps every batch, as o2c_formats_read does */

struct collected {
    o2c_statement *statements;
    o2c_entry *entries;
    o2c_balance *balances;
    o2c_text *texts;
    o2c_remittance_line *lines;
    char *heap;
    uint64_t statement_count, entry_count, balance_count, text_count, line_count, heap_size;
};

static void *
grown(void *rows, uint64_t count, size_t size)
{
    void *more = realloc(rows, (size_t)count * size + 1);
    if (!more)
        abort();
    return more;
}

static void
shift(o2c_ref *reference, uint64_t base)
{
    if (reference->len)
        reference->at += (uint32_t)base;
}

static void
shift_entry(o2c_entry *row, uint64_t base)
{
    o2c_field *fields[] = { &row->entry_ref, &row->bank_ref, &row->customer_ref, &row->end_to_end_id, &row->transaction_id, &row->uetr,
                            &row->mandate, &row->cheque, &row->batch_id, &row->code, &row->other_name, &row->other_account,
                            &row->other_bank, &row->other_ultimate, &row->return_reason, &row->purpose, &row->note };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        shift(&fields[i]->text, base);
}

static int32_t
collect(void *self, const o2c_formats_batch *batch)
{
    struct collected *all = self;
    const o2c_statements *rows = batch->statements;
    uint64_t base = all->heap_size;
    all->heap = grown(all->heap, base + rows->heap.len, 1);
    memcpy(all->heap + base, rows->heap.ptr, rows->heap.len);
    all->heap_size += rows->heap.len;
    if (batch->entry_base != all->entry_count || batch->text_base != all->text_count || batch->statement_base > all->statement_count)
        return 0;
    all->statement_count = batch->statement_base + rows->count;
    all->statements = grown(all->statements, all->statement_count, sizeof *all->statements);
    for (uint64_t i = 0; i < rows->count; i++) {
        o2c_statement *row = &all->statements[batch->statement_base + i];
        *row = rows->rows[i];
        shift(&row->id.text, base);
        shift(&row->account.text, base);
        shift(&row->number.text, base);
        shift(&row->message.text, base);
    }
    all->entries = grown(all->entries, all->entry_count + rows->entries_count, sizeof *all->entries);
    for (uint64_t i = 0; i < rows->entries_count; i++) {
        all->entries[all->entry_count] = rows->entries[i];
        shift_entry(&all->entries[all->entry_count++], base);
    }
    all->texts = grown(all->texts, all->text_count + rows->texts_count, sizeof *all->texts);
    for (uint64_t i = 0; i < rows->texts_count; i++) {
        all->texts[all->text_count] = rows->texts[i];
        shift(&all->texts[all->text_count++].text, base);
    }
    all->lines = grown(all->lines, all->line_count + rows->lines_count, sizeof *all->lines);
    for (uint64_t i = 0; i < rows->lines_count; i++) {
        o2c_remittance_line *line = &all->lines[all->line_count++];
        *line = rows->lines[i];
        shift(&line->document, base);
        shift(&line->reference, base);
        shift(&line->reason, base);
        shift(&line->words, base);
        shift(&line->kind_text, base);
    }
    all->balances = grown(all->balances, all->balance_count + rows->balances_count, sizeof *all->balances);
    if (rows->balances_count)
        memcpy(all->balances + all->balance_count, rows->balances, rows->balances_count * sizeof *all->balances);
    all->balance_count += rows->balances_count;
    return O2C_SINK_TAKEN;
}

static size_t
next_piece(size_t piece, unsigned *seed, size_t left)
{
    if (piece == 0) {
        *seed = *seed * 1103515245u + 12345u;
        piece = 1 + (*seed >> 16) % 97;
    }
    return piece < left ? piece : left;
}

o2c_status
rows_pushed(const char *bytes, size_t size, const o2c_env *env, const o2c_formats_options *options, size_t piece, unsigned seed, char **out)
{
    struct collected all = { 0 };
    o2c_formats_reader *reader = NULL;
    o2c_error err = { 0 };
    o2c_status status = o2c_formats_reader_new(env, options, collect, &all, &reader, &err);
    for (size_t at = 0; at < size && status == O2C_OK;) {
        size_t n = next_piece(piece, &seed, size - at);
        status = o2c_formats_push(reader, bytes + at, n, &err);
        at += n;
    }
    if (status == O2C_OK)
        status = o2c_formats_finish(reader, &err);
    o2c_formats_reader_free(reader);
    o2c_statements rows = { .struct_size = sizeof rows, .rows = all.statements, .count = all.statement_count, .entries = all.entries,
                            .entries_count = all.entry_count, .balances = all.balances, .balances_count = all.balance_count,
                            .texts = all.texts, .texts_count = all.text_count, .lines = all.lines, .lines_count = all.line_count,
                            .heap = { all.heap, all.heap_size } };
    *out = status == O2C_OK ? rows_statements(&rows) : rows_error(&err);
    free(all.statements);
    free(all.entries);
    free(all.balances);
    free(all.texts);
    free(all.lines);
    free(all.heap);
    return status;
}

o2c_status
rows_read(const char *bytes, size_t size, const o2c_env *env, const o2c_formats_options *options, char **out)
{
    o2c_formats_file *file = NULL;
    o2c_error err = { 0 };
    o2c_status status = o2c_formats_read(env, bytes, size, options, &file, &err);
    o2c_statements rows = { .struct_size = sizeof rows };
    if (status == O2C_OK)
        o2c_formats_file_statements(file, &rows);
    *out = status == O2C_OK ? rows_statements(&rows) : rows_error(&err);
    o2c_formats_file_free(file);
    return status;
}

static bool
inside(o2c_field value, uint64_t at, size_t size)
{
    return value.text.len == 0 || at + value.from + value.span <= size;
}

size_t
rows_outside(const o2c_statements *rows, size_t size)
{
    size_t bad = 0;
    for (uint64_t i = 0; i < rows->count; i++) {
        const o2c_statement *row = &rows->rows[i];
        bad += row->at + row->span > size || !inside(row->id, row->at, size) || !inside(row->account, row->at, size) ||
               !inside(row->number, row->at, size);
    }
    for (uint64_t i = 0; i < rows->entries_count; i++) {
        const o2c_entry *row = &rows->entries[i];
        const o2c_field *fields[] = { &row->bank_ref, &row->customer_ref, &row->end_to_end_id, &row->mandate, &row->code, &row->other_name,
                                      &row->other_account, &row->other_bank, &row->note, &row->return_reason };
        bad += row->at + row->span > size;
        for (size_t j = 0; j < sizeof fields / sizeof *fields; j++)
            bad += !inside(*fields[j], row->at, size) || fields[j]->from > row->span;
    }
    for (uint64_t i = 0; i < rows->texts_count; i++)
        bad += rows->texts[i].at != O2C_NOWHERE && rows->texts[i].at + rows->texts[i].span > size;
    return bad;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file: the reader with a builder that keeps its rows, and what the file says of itself. */
#include "formats/reader.h"

o2c_status
o2c__file_new(const o2c_env *env, o2c_formats_file **out_file, o2c_error *err)
{
    o2c__context context;
    o2c_formats_file *file;
    o2c_status status = o2c__context_init(&context, env, O2C__FORMATS_MEMORY, err);

    if (status != O2C_OK)
        return status;
    file = o2c__alloc_zero(&context.memory, 1, sizeof *file);
    if (file == NULL)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a file");
    file->context = context;
    file->why = "Nothing was read.";
    o2c__builder_init(&file->rows, &file->context, NULL, NULL);
    o2c__vector_init(&file->items, &file->context.memory, sizeof(o2c_open_item));
    o2c__vector_init(&file->references, &file->context.memory, sizeof(o2c_reference));
    o2c__vector_init(&file->accounts, &file->context.memory, sizeof(o2c_account));
    o2c__vector_init(&file->aliases, &file->context.memory, sizeof(o2c_alias));
    o2c__vector_init(&file->bank_accounts, &file->context.memory, sizeof(o2c_bank_account));
    o2c__vector_init(&file->ties, &file->context.memory, sizeof(o2c_tie));
    o2c__vector_init(&file->remittances, &file->context.memory, sizeof(o2c_remittance));
    o2c__vector_init(&file->payments, &file->context.memory, sizeof(o2c_payment));
    o2c__vector_init(&file->clearings, &file->context.memory, sizeof(o2c_clearing));
    o2c__vector_init(&file->expected, &file->context.memory, sizeof(o2c_expected));
    o2c__vector_init(&file->judgments, &file->context.memory, sizeof(o2c_judgment));
    o2c__vector_init(&file->feedback, &file->context.memory, sizeof(o2c_feedback));
    *out_file = file;
    return O2C_OK;
}

void
o2c_formats_file_free(o2c_formats_file *file)
{
    o2c__memory memory;

    if (file == NULL)
        return;
    o2c__builder_free(&file->rows);
    o2c__vector_free(&file->items);
    o2c__vector_free(&file->references);
    o2c__vector_free(&file->accounts);
    o2c__vector_free(&file->aliases);
    o2c__vector_free(&file->bank_accounts);
    o2c__vector_free(&file->ties);
    o2c__vector_free(&file->remittances);
    o2c__vector_free(&file->payments);
    o2c__vector_free(&file->clearings);
    o2c__vector_free(&file->expected);
    o2c__vector_free(&file->judgments);
    o2c__vector_free(&file->feedback);
    memory = file->context.memory;
    o2c__release(&memory, file, sizeof *file);
}

static o2c_status
read_all(o2c_formats_file *file, const void *bytes, size_t size, const o2c_formats_options *options, o2c_error *err)
{
    struct o2c__reader reader;
    o2c_status status = o2c__reader_open(&reader, &file->context, options, &file->rows, err);

    if (status == O2C_OK && size > 0)
        status = o2c__reader_push(&reader, bytes, size, err);
    if (status == O2C_OK)
        status = o2c__reader_finish(&reader, err);
    file->why = reader.why;
    if (status == O2C_OK && file->rows.statements.count > 0)
        file->format = O2C__AT(&file->rows.statements, o2c_statement, 0).format;
    o2c__reader_close(&reader);
    return status;
}

o2c_status
o2c_formats_read(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                 o2c_formats_file **out_file, o2c_error *err)
{
    o2c_formats_file *file;
    o2c_status status;

    if (out_file == NULL || (bytes == NULL && size > 0))
        return o2c__fail(err, O2C_E_MISUSE, out_file == NULL ? "out_file" : "bytes", "a pointer is NULL");
    status = o2c__file_new(env, &file, err);
    if (status != O2C_OK)
        return status;
    status = read_all(file, bytes, size, options, err);
    if (status != O2C_OK) {
        o2c_formats_file_free(file);
        return status;
    }
    *out_file = file;
    return O2C_OK;
}

int32_t
o2c_formats_file_format(const o2c_formats_file *file)
{
    return file != NULL ? file->format : O2C_FORMAT_UNKNOWN;
}

void
o2c_formats_file_why(const o2c_formats_file *file, o2c_str *out_why)
{
    if (out_why != NULL)
        *out_why = o2c__str(file != NULL ? file->why : "");
}

void
o2c_formats_file_statements(const o2c_formats_file *file, o2c_statements *out)
{
    o2c_statements all = { .struct_size = sizeof all, .heap = { "", 0 } };

    if (out == NULL)
        return;
    o2c__options_write(out, &all, sizeof all, sizeof all);
    if (file == NULL || file->rows.statements.count == 0)
        return;
    all.rows = file->rows.statements.rows;
    all.count = file->rows.statements.count;
    all.entries = file->rows.entries.rows;
    all.entries_count = file->rows.entries.count;
    all.balances = file->rows.balances.rows;
    all.balances_count = file->rows.balances.count;
    all.texts = file->rows.texts.rows;
    all.texts_count = file->rows.texts.count;
    all.lines = file->rows.lines.rows;
    all.lines_count = file->rows.lines.count;
    all.heap = o2c__text_heap_str(&file->rows.heap);
    o2c__options_write(out, &all, sizeof all, sizeof all);
}

void
o2c_formats_file_master(const o2c_formats_file *file, o2c_master *out)
{
    o2c_master all = { .struct_size = sizeof all, .heap = { "", 0 } };

    if (out == NULL)
        return;
    o2c__options_write(out, &all, sizeof all, sizeof all);
    if (file == NULL || (file->items.count == 0 && file->accounts.count == 0))
        return;
    all.items = file->items.rows;
    all.items_count = file->items.count;
    all.references = file->references.rows;
    all.references_count = file->references.count;
    all.accounts = file->accounts.rows;
    all.accounts_count = file->accounts.count;
    all.aliases = file->aliases.rows;
    all.aliases_count = file->aliases.count;
    all.bank_accounts = file->bank_accounts.rows;
    all.bank_accounts_count = file->bank_accounts.count;
    all.ties = file->ties.rows;
    all.ties_count = file->ties.count;
    all.heap = o2c__text_heap_str(&file->rows.heap);
    o2c__options_write(out, &all, sizeof all, sizeof all);
}

void
o2c_formats_file_remittances(const o2c_formats_file *file, o2c_remittances *out)
{
    o2c_remittances all = { .struct_size = sizeof all, .heap = { "", 0 } };

    if (out == NULL)
        return;
    o2c__options_write(out, &all, sizeof all, sizeof all);
    if (file == NULL || file->remittances.count == 0)
        return;
    all.rows = file->remittances.rows;
    all.count = file->remittances.count;
    all.lines = file->rows.lines.rows;
    all.lines_count = file->rows.lines.count;
    all.heap = o2c__text_heap_str(&file->rows.heap);
    o2c__options_write(out, &all, sizeof all, sizeof all);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows under construction. Every dialect writes statements through this one file, so that batches, sums and ties come out the same
 * way whatever the format. With a sink the rows leave in batches and memory stays constant; without one they stay
 * (o2c_formats_read).
 */
#include "formats/formats.h"

/* Small enough to stay in a processor's second cache while it is filled: with 4,096 the reader took a quarter longer. */
#define BATCH_ENTRIES 256u

void
o2c__builder_init(struct o2c__builder *builder, o2c__context *context, o2c_formats_sink sink, void *self)
{
    memset(builder, 0, sizeof *builder);
    builder->context = context;
    builder->sink = sink;
    builder->self = self;
    o2c__vector_init(&builder->statements, &context->memory, sizeof(o2c_statement));
    o2c__vector_init(&builder->entries, &context->memory, sizeof(o2c_entry));
    o2c__vector_init(&builder->balances, &context->memory, sizeof(o2c_balance));
    o2c__vector_init(&builder->texts, &context->memory, sizeof(o2c_text));
    o2c__vector_init(&builder->lines, &context->memory, sizeof(o2c_remittance_line));
    o2c__text_heap_init(&builder->heap, &context->memory);
}

void
o2c__builder_free(struct o2c__builder *builder)
{
    o2c__vector_free(&builder->statements);
    o2c__vector_free(&builder->entries);
    o2c__vector_free(&builder->balances);
    o2c__vector_free(&builder->texts);
    o2c__vector_free(&builder->lines);
    o2c__text_heap_free(&builder->heap);
}

static void *
add_row(struct o2c__builder *builder, o2c__vector *vector, uint64_t base)
{
    void *row = NULL;

    if (!builder->out_of_memory && base + vector->count < UINT32_MAX) /* row numbers are 32 bits wide */
        row = o2c__vector_add(vector);
    if (row == NULL)
        builder->out_of_memory = true;
    return row;
}

o2c_statement *
o2c__builder_statement(struct o2c__builder *builder)
{
    o2c_statement *statement = add_row(builder, &builder->statements, builder->statement_base);

    if (statement == NULL)
        return NULL;
    statement->entries_at = (uint32_t)(builder->entry_base + builder->entries.count);
    statement->balances_at = (uint32_t)(builder->balance_base + builder->balances.count);
    builder->counted = builder->entries.count;
    builder->open = true;
    builder->mixed = false;
    return statement;
}

/* The open statement counts its own rows: dialects never keep ordinals or indexes themselves. */
o2c_entry *
o2c__builder_entry(struct o2c__builder *builder)
{
    o2c_entry *entry = add_row(builder, &builder->entries, builder->entry_base);
    size_t statements = builder->statements.count;

    if (entry == NULL || statements == 0)
        return entry;
    o2c_statement *statement = &O2C__AT(&builder->statements, o2c_statement, statements - 1);
    entry->statement = (uint32_t)(builder->statement_base + statements - 1);
    entry->ordinal = (uint32_t)(builder->entry_base + builder->entries.count - 1 - statement->entries_at);
    entry->texts_at = entry->structured_at = (uint32_t)(builder->text_base + builder->texts.count);
    entry->lines_at = (uint32_t)(builder->line_base + builder->lines.count);
    return entry;
}

o2c_balance *
o2c__builder_balance(struct o2c__builder *builder)
{
    o2c_balance *balance = add_row(builder, &builder->balances, builder->balance_base);

    if (balance != NULL && builder->statements.count > 0)
        O2C__AT(&builder->statements, o2c_statement, builder->statements.count - 1).balances_count++;
    return balance;
}

o2c_text *
o2c__builder_text(struct o2c__builder *builder)
{
    return add_row(builder, &builder->texts, builder->text_base);
}

o2c_remittance_line *
o2c__builder_line(struct o2c__builder *builder)
{
    return add_row(builder, &builder->lines, builder->line_base);
}

o2c_ref
o2c__builder_string(struct o2c__builder *builder, const char *bytes, size_t len)
{
    o2c_ref ref = { 0, 0 };

    if (len > 0 && !builder->out_of_memory && !o2c__text_heap_add(&builder->heap, bytes, len, &ref))
        builder->out_of_memory = true;
    return ref;
}

/* Adds one booked entry to the sums of its statement; the currencies of a sum are never mixed (I4). */
static bool
sum_entry(struct o2c__builder *builder, o2c_statement *statement, const o2c_entry *entry)
{
    if (entry->level != O2C_ENTRY_BOOKED)
        return true;
    statement->booked_count++;
    if (entry->status != O2C_ENTRY_STATUS_BOOKED)
        return true;
    if (memcmp(entry->currency, statement->currency, sizeof entry->currency) != 0) {
        builder->mixed = true;
        return true;
    }
    if (!o2c__add(statement->sum_minor, entry->amount_minor, &statement->sum_minor))
        return false;
    if (entry->amount_minor >= 0)
        return o2c__add(statement->credit_minor, entry->amount_minor, &statement->credit_minor);
    return o2c__subtract(statement->debit_minor, entry->amount_minor, &statement->debit_minor);
}

static o2c_status
sum_entries(struct o2c__builder *builder, o2c_statement *statement, o2c_error *err)
{
    for (; builder->counted < builder->entries.count; builder->counted++) {
        const o2c_entry *entry = &O2C__AT(&builder->entries, o2c_entry, builder->counted);
        statement->entries_count++;
        if (!sum_entry(builder, statement, entry))
            return o2c__fail_at(err, O2C_E_LIMIT, "amount_max", entry->at, 0,
                                "the sum of the statement's entries is beyond 64 bits");
    }
    return O2C_OK;
}

/* A page of a longer statement holds only some of the entries between the two balances: alone it proves nothing. */
static int32_t
tie_result(const struct o2c__builder *builder, const o2c_statement *statement)
{
    int64_t reached;

    if ((statement->has & 3u) != 3u || builder->mixed)
        return O2C_TIE_RESULT_NOT_CHECKABLE;
    if (!o2c__add(statement->opening_minor, statement->sum_minor, &reached))
        return O2C_TIE_RESULT_MISMATCH;
    return reached == statement->closing_minor ? O2C_TIE_RESULT_OK : O2C_TIE_RESULT_MISMATCH;
}

o2c_status
o2c__builder_tie(struct o2c__builder *builder, o2c_statement *statement, uint64_t limit, o2c_error *err)
{
    o2c_status status = sum_entries(builder, statement, err);

    if (status != O2C_OK)
        return status;
    if (limit != 0 && ((uint64_t)statement->credit_minor > limit || (uint64_t)statement->debit_minor > limit))
        return o2c__fail_at(err, O2C_E_LIMIT, "amount_max", statement->at, 0,
                            "the sum of the statement's entries passes the limit");
    statement->tie = tie_result(builder, statement);
    builder->open = false;
    return O2C_OK;
}

static int32_t
hand_over(struct o2c__builder *builder)
{
    o2c_statements rows = { .struct_size = sizeof rows };
    o2c_formats_batch batch = { .struct_size = sizeof batch, .statements = &rows };

    rows.rows = builder->statements.rows;
    rows.count = builder->statements.count;
    rows.entries = builder->entries.rows;
    rows.entries_count = builder->entries.count;
    rows.balances = builder->balances.rows;
    rows.balances_count = builder->balances.count;
    rows.texts = builder->texts.rows;
    rows.texts_count = builder->texts.count;
    rows.lines = builder->lines.rows;
    rows.lines_count = builder->lines.count;
    rows.heap = o2c__text_heap_str(&builder->heap);
    batch.statement_base = builder->statement_base;
    batch.entry_base = builder->entry_base;
    batch.text_base = builder->text_base;
    batch.line_base = builder->line_base;
    batch.balance_base = builder->balance_base;
    return builder->sink(builder->self, &batch);
}

/* The strings of the open statement move to the front of the emptied heap, in the order in which they stand in it. */
static void
carry_statement(struct o2c__builder *builder, o2c_statement *statement, size_t end)
{
    o2c_ref *refs[] = { &statement->id.text, &statement->account.text, &statement->number.text, &statement->message.text };
    bool done[O2C__COUNT(refs)] = { false };
    char *heap = builder->heap.bytes.rows;

    for (size_t round = 0; round < O2C__COUNT(refs); round++) {
        size_t next = O2C__COUNT(refs);
        for (size_t i = 0; i < O2C__COUNT(refs); i++) {
            if (!done[i] && refs[i]->len > 0 && (next == O2C__COUNT(refs) || refs[i]->at < refs[next]->at))
                next = i;
        }
        if (next == O2C__COUNT(refs))
            break;
        memmove(heap + end, heap + refs[next]->at, refs[next]->len);
        refs[next]->at = (uint32_t)end;
        end += refs[next]->len;
        done[next] = true;
    }
    builder->heap.bytes.count = end;
}

/* Bytes that an empty heap starts with. */
static size_t
heap_first(const struct o2c__builder *builder)
{
    return builder->heap.bytes.count > 0 && ((const char *)builder->heap.bytes.rows)[0] == '\0' ? 1 : 0;
}

static void
start_batch(struct o2c__builder *builder)
{
    size_t done = builder->statements.count - (builder->open ? 1 : 0);
    size_t first = heap_first(builder);

    builder->statement_base += done;
    builder->entry_base += builder->entries.count;
    builder->balance_base += builder->balances.count;
    builder->text_base += builder->texts.count;
    builder->line_base += builder->lines.count;
    builder->entries.count = builder->balances.count = builder->texts.count = builder->lines.count = builder->counted = 0;
    if (builder->open) {
        o2c_statement *rows = builder->statements.rows;
        rows[0] = rows[done];
        builder->statements.count = 1;
        carry_statement(builder, &rows[0], first);
    } else {
        builder->statements.count = 0;
        builder->heap.bytes.count = first;
    }
}

o2c_status
o2c__builder_flush(struct o2c__builder *builder, bool last, o2c_error *err)
{
    if (builder->out_of_memory)
        return o2c__fail(err, O2C_E_NOMEM, "", "out of memory while rows were added");
    if (builder->sink == NULL || (!last && builder->entries.count < BATCH_ENTRIES))
        return O2C_OK;
    if (builder->open) {
        o2c_statement *statement = &O2C__AT(&builder->statements, o2c_statement, builder->statements.count - 1);
        o2c_status status = sum_entries(builder, statement, err);
        if (status != O2C_OK)
            return status;
    }
    if (builder->statements.count + builder->entries.count == 0)
        return O2C_OK;
    if (hand_over(builder) != O2C_SINK_TAKEN)
        return o2c__fail(err, O2C_E_CANCELED, "", "the sink asked to stop");
    start_batch(builder);
    return O2C_OK;
}

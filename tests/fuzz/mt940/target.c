/* SPDX-License-Identifier: Apache-2.0 */
/* MT940 on arbitrary bytes: the same rows however it is cut, every place inside the file, sums that are the entries' sums. */
#include "formats/mt940.h"
#include "fuzz.h"

struct run {
    o2c__context context;
    struct o2c__builder builder;
    o2c_status status;
    o2c_error err;
};

static void
run_pieces(struct run *run, const char *bytes, size_t size, size_t piece, int32_t legacy)
{
    o2c_formats_options options = { .struct_size = sizeof options, .legacy_encoding = legacy };
    o2c_limits limits = { .struct_size = sizeof limits, .alloc_bytes_max = 64u << 20 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    memset(run, 0, sizeof *run);
    FUZZ_DEMAND(o2c__context_init(&run->context, &env, UINT64_MAX, NULL) == O2C_OK);
    o2c__builder_init(&run->builder, &run->context, NULL, NULL);
    void *self = o2c__dialect_mt940.open(&run->context, &options, &run->builder, &run->err);
    FUZZ_DEMAND(self);
    for (size_t at = 0; at < size && run->status == O2C_OK; at += piece)
        run->status = o2c__dialect_mt940.push(self, bytes + at, size - at < piece ? size - at : piece, &run->err);
    if (run->status == O2C_OK)
        run->status = o2c__dialect_mt940.finish(self, &run->err);
    o2c__dialect_mt940.close(self);
}

static bool
same_rows(const o2c__vector *a, const o2c__vector *b)
{
    return a->count == b->count && (a->count == 0 || memcmp(a->rows, b->rows, a->count * a->size) == 0);
}

static void
demand_same(const struct run *a, const struct run *b)
{
    FUZZ_DEMAND(a->status == b->status);
    if (a->status != O2C_OK) {
        FUZZ_DEMAND(a->err.offset == b->err.offset && a->err.line == b->err.line && strcmp(a->err.message, b->err.message) == 0);
        return;
    }
    FUZZ_DEMAND(same_rows(&a->builder.statements, &b->builder.statements));
    FUZZ_DEMAND(same_rows(&a->builder.entries, &b->builder.entries));
    FUZZ_DEMAND(same_rows(&a->builder.balances, &b->builder.balances));
    FUZZ_DEMAND(same_rows(&a->builder.texts, &b->builder.texts));
    FUZZ_DEMAND(same_rows(&a->builder.heap.bytes, &b->builder.heap.bytes));
}

static void
demand_field(const struct run *run, o2c_field field, const o2c_entry *entry)
{
    o2c_str heap = o2c__text_heap_str(&run->builder.heap);
    FUZZ_DEMAND(o2c__ref_inside(field.text, heap));
    FUZZ_DEMAND(field.text.len == 0 || (uint64_t)field.from + field.span <= entry->span);
    o2c_str text = o2c__ref_str(field.text, heap);
    FUZZ_DEMAND(o2c__utf8_bad(text.ptr, text.len) == SIZE_MAX);
}

static void
demand_rows(const struct run *run, size_t size)
{
    int64_t sum = 0;
    for (size_t i = 0; i < run->builder.entries.count; i++) {
        const o2c_entry *entry = &O2C__AT(&run->builder.entries, o2c_entry, i);
        const o2c_field fields[] = { entry->code, entry->customer_ref, entry->bank_ref, entry->end_to_end_id, entry->mandate,
                                     entry->other_name, entry->other_account, entry->other_bank, entry->other_ultimate, entry->note,
                                     entry->purpose, entry->return_reason, entry->batch_id };
        FUZZ_DEMAND(entry->at + entry->span <= size);
        FUZZ_DEMAND((size_t)entry->texts_at + entry->texts_count <= run->builder.texts.count);
        for (size_t j = 0; j < O2C__COUNT(fields); j++)
            demand_field(run, fields[j], entry);
        sum += entry->status == O2C_ENTRY_STATUS_BOOKED ? entry->amount_minor : 0;
    }
    for (size_t i = 0; i < run->builder.statements.count; i++) {
        const o2c_statement *row = &O2C__AT(&run->builder.statements, o2c_statement, i);
        FUZZ_DEMAND(row->at + row->span <= size);
        FUZZ_DEMAND(row->sum_minor == row->credit_minor - row->debit_minor);
        FUZZ_DEMAND(row->tie != O2C_TIE_RESULT_OK || row->opening_minor + row->sum_minor == row->closing_minor);
        sum -= row->sum_minor;
    }
    FUZZ_DEMAND(sum == 0);
    for (size_t i = 0; i < run->builder.texts.count; i++)
        FUZZ_DEMAND(O2C__AT(&run->builder.texts, o2c_text, i).at + O2C__AT(&run->builder.texts, o2c_text, i).span <= size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run whole, pieces;
    const char *bytes = size ? (const char *)data : "";
    size_t piece = size ? 1 + data[size - 1] % 61 : 1;
    int32_t legacy = size ? data[size / 2] % 5 : 0;
    run_pieces(&whole, bytes, size, size ? size : 1, legacy);
    run_pieces(&pieces, bytes, size, piece, legacy);
    demand_same(&whole, &pieces);
    if (whole.status == O2C_OK)
        demand_rows(&whole, size);
    o2c__builder_free(&whole.builder);
    o2c__builder_free(&pieces.builder);
    FUZZ_DEMAND(whole.context.memory.used == 0 && pieces.context.memory.used == 0);
    return 0;
}

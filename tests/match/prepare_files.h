/* SPDX-License-Identifier: Apache-2.0 */
/* Statements built by hand, as a reader would hand them over, for the tests of prepare. */
#ifndef O2C_TEST_PREPARE_FILES_H
#define O2C_TEST_PREPARE_FILES_H
#include <o2c/match.h>
#include <stdbool.h>
#include <string.h>

#include "support/tap.h"

#define OUR_IBAN "DE89370400440532013000"
#define DAY 20487 /* 2026-02-03 */

struct file {
    o2c_statements all;
    o2c_statement statements[8];
    o2c_entry entries[48];
    o2c_text texts[48];
    o2c_remittance_line lines[8];
    char heap[8192];
    size_t heap_len;
    o2c_entry *parent;
};

static inline o2c_ref
file_string(struct file *file, const char *text)
{
    o2c_ref ref = { (uint32_t)file->heap_len, (uint32_t)strlen(text) };
    if (ref.len == 0)
        return (o2c_ref){ 0, 0 };
    memcpy(file->heap + file->heap_len, text, ref.len + 1);
    file->heap_len += ref.len + 1;
    file->all.heap.len = file->heap_len;
    return ref;
}

static inline o2c_field
file_field(struct file *file, const char *text)
{
    return (o2c_field){ .text = file_string(file, text), .from = 1, .span = (uint32_t)strlen(text) };
}

static inline void
file_open(struct file *file)
{
    memset(file, 0, sizeof *file);
    file->heap_len = 1;
    file->all = (o2c_statements){ .struct_size = sizeof file->all, .rows = file->statements, .entries = file->entries, .texts = file->texts,
                                  .lines = file->lines, .heap = { file->heap, 1 } };
}

static inline o2c_statement *
file_statement(struct file *file, int32_t kind, const char *id)
{
    static const int32_t formats[] = { 0, O2C_FORMAT_CAMT053, O2C_FORMAT_CAMT052, O2C_FORMAT_CAMT054, O2C_FORMAT_CSV };
    o2c_statement *s = &file->statements[file->all.count++];
    s->kind = kind;
    s->format = formats[kind];
    s->id = file_field(file, id);
    s->account = file_field(file, OUR_IBAN);
    memcpy(s->currency, "USD", 4);
    s->entries_at = (uint32_t)file->all.entries_count;
    return s;
}

static inline o2c_entry *
file_row(struct file *file, int32_t level, int64_t amount)
{
    o2c_statement *s = &file->statements[file->all.count - 1];
    o2c_entry *e = &file->entries[file->all.entries_count++];
    e->level = level;
    e->status = O2C_ENTRY_STATUS_BOOKED;
    e->amount_minor = amount;
    e->statement = (uint32_t)file->all.count - 1;
    e->ordinal = s->entries_count++;
    e->at = 1000 + 100 * (uint64_t)e->ordinal;
    e->span = 90;
    e->booking_day = e->value_day = DAY;
    memcpy(e->currency, "USD", 4);
    return e;
}

/* An entry of its own, with a name, so that it is not bare. */
static inline o2c_entry *
file_entry(struct file *file, int64_t amount)
{
    o2c_entry *e = file_row(file, O2C_ENTRY_BOOKED, amount);
    e->other_name = file_field(file, "Acme Tools GmbH");
    return file->parent = e;
}

static inline o2c_entry *
file_detail(struct file *file, int32_t level, int64_t amount)
{
    file->parent->details_count++;
    return file_row(file, level, amount);
}

static inline void
file_text(struct file *file, o2c_entry *e, const char *text)
{
    if (e->texts_count == 0)
        e->texts_at = (uint32_t)file->all.texts_count;
    file->texts[file->all.texts_count++] = (o2c_text){ .text = file_string(file, text), .at = e->at + 50, .span = (uint32_t)strlen(text) };
    e->texts_count++;
}

/* A run of prepare and what it answered. */
struct prepared {
    o2c_match_prepared *handle;
    o2c_payments payments;
    o2c_remittances remittances;
    const o2c_match_parked *parked;
    uint64_t parked_count;
    o2c_str parked_heap;
};

static inline o2c_status
prepare_try(struct prepared *out, const o2c_match_prepare_request *request, o2c_error *err)
{
    memset(out, 0, sizeof *out);
    o2c_status status = o2c_match_prepare(NULL, request, &out->handle, err);
    out->payments.struct_size = sizeof out->payments;
    out->remittances.struct_size = sizeof out->remittances;
    o2c_match_prepared_payments(out->handle, &out->payments);
    o2c_match_prepared_remittances(out->handle, &out->remittances);
    o2c_match_prepared_parked(out->handle, &out->parked, &out->parked_count, &out->parked_heap);
    return status;
}

static inline void
prepare_files(struct prepared *out, struct file *const *files, uint64_t count, const o2c_payments *history)
{
    const o2c_statements *all[8];
    for (uint64_t i = 0; i < count; i++)
        all[i] = &files[i]->all;
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = all, .files_count = count, .history = history };
    CU_ASSERT_EQUAL_FATAL(prepare_try(out, &request, NULL), O2C_OK);
}

static inline void
prepare_one(struct prepared *out, struct file *file)
{
    prepare_files(out, &file, 1, NULL);
}

static inline int
same_text(o2c_ref ref, o2c_str heap, const char *text)
{
    return ref.len == strlen(text) && memcmp(heap.ptr + ref.at, text, ref.len) == 0;
}
#define ASSERT_TEXT(ref, heap, text) CU_ASSERT_TRUE(same_text(ref, heap, text))
#define ASSERT_SAME(prepared, a, b)                                                                                                        \
    CU_ASSERT_TRUE((a).len == (b).len && (a).len && memcmp((prepared).payments.heap.ptr + (a).at, (prepared).payments.heap.ptr + (b).at, (a).len) == 0)
#endif

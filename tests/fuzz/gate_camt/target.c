/* SPDX-License-Identifier: Apache-2.0 */
/*
 * camt on arbitrary bytes, plain or gzip: pieces do not matter, the gate does not care how it looks, what we accept libxml2 alone
 * accepts too, and whatever comes out is sound: refs inside the heap, parts that add up, ties that follow from the numbers.
 */
#include "formats/formats.h"
#include "formats/gate.h"
#include "fuzz.h"

#include <libxml/parser.h>

struct reading {
    o2c__context context;
    struct o2c__builder builder;
    o2c_status status;
    o2c_error err;
};

static void
read_pieces(struct reading *reading, const char *bytes, size_t size, size_t piece)
{
    o2c_formats_options options = { 0 };
    void *camt;

    memset(reading, 0, sizeof *reading);
    FUZZ_DEMAND(o2c__context_init(&reading->context, NULL, UINT64_MAX, NULL) == O2C_OK);
    o2c__builder_init(&reading->builder, &reading->context, NULL, NULL);
    camt = o2c__dialect_camt.open(&reading->context, &options, &reading->builder, &reading->err);
    FUZZ_DEMAND(camt != NULL);
    for (size_t at = 0; at < size && reading->status == O2C_OK; at += piece)
        reading->status = o2c__dialect_camt.push(camt, bytes + at, size - at < piece ? size - at : piece, &reading->err);
    if (reading->status == O2C_OK)
        reading->status = o2c__dialect_camt.finish(camt, &reading->err);
    o2c__dialect_camt.close(camt);
}

static bool
same_rows(const o2c__vector *a, const o2c__vector *b)
{
    return a->count == b->count && (a->count == 0 || memcmp(a->rows, b->rows, a->count * a->size) == 0);
}

static void
compare(const struct reading *a, const struct reading *b)
{
    FUZZ_DEMAND((a->status == O2C_OK) == (b->status == O2C_OK));
    if (a->status != O2C_OK)
        return;
    FUZZ_DEMAND(same_rows(&a->builder.statements, &b->builder.statements));
    FUZZ_DEMAND(same_rows(&a->builder.entries, &b->builder.entries));
    FUZZ_DEMAND(same_rows(&a->builder.balances, &b->builder.balances));
    FUZZ_DEMAND(same_rows(&a->builder.texts, &b->builder.texts));
    FUZZ_DEMAND(same_rows(&a->builder.lines, &b->builder.lines));
    FUZZ_DEMAND(same_rows(&a->builder.heap.bytes, &b->builder.heap.bytes));
}

/* ---- what came out */
static void
check_entry(const struct reading *reading, const o2c_entry *row, o2c_str heap)
{
    const o2c_field *fields = &row->entry_ref;
    size_t count = (offsetof(o2c_entry, texts_at) - offsetof(o2c_entry, entry_ref)) / sizeof *fields;

    for (size_t i = 0; i < count; i++)
        FUZZ_DEMAND(o2c__ref_inside(fields[i].text, heap));
    FUZZ_DEMAND((uint64_t)row->texts_at + row->texts_count <= reading->builder.texts.count);
    FUZZ_DEMAND((uint64_t)row->structured_at + row->structured_count <= reading->builder.texts.count);
    FUZZ_DEMAND((uint64_t)row->lines_at + row->lines_count <= reading->builder.lines.count);
}

static void
check_parts(const struct reading *reading, size_t at)
{
    const o2c_entry *rows = reading->builder.entries.rows;
    int64_t sum = 0;

    FUZZ_DEMAND(at + rows[at].details_count < reading->builder.entries.count);
    for (uint32_t i = 1; i <= rows[at].details_count; i++) {
        FUZZ_DEMAND(rows[at + i].level != O2C_ENTRY_BOOKED);
        FUZZ_DEMAND(memcmp(rows[at + i].currency, rows[at].currency, 4) == 0);
        sum += rows[at + i].amount_minor;
    }
    FUZZ_DEMAND(rows[at].details_count == 0 || sum == rows[at].amount_minor);
}

static void
check_rows(const struct reading *reading)
{
    o2c_str heap = o2c__text_heap_str(&reading->builder.heap);
    uint64_t rows = 0;

    for (size_t i = 0; i < reading->builder.entries.count; i++) {
        const o2c_entry *row = &O2C__AT(&reading->builder.entries, o2c_entry, i);
        check_entry(reading, row, heap);
        if (row->level == O2C_ENTRY_BOOKED)
            check_parts(reading, i);
    }
    for (size_t i = 0; i < reading->builder.statements.count; i++) {
        const o2c_statement *row = &O2C__AT(&reading->builder.statements, o2c_statement, i);
        FUZZ_DEMAND(row->entries_at == rows);
        rows += row->entries_count;
        FUZZ_DEMAND(row->sum_minor == row->credit_minor - row->debit_minor);
        FUZZ_DEMAND(row->tie != O2C_TIE_RESULT_OK || row->opening_minor + row->sum_minor == row->closing_minor);
        FUZZ_DEMAND(o2c__ref_inside(row->id.text, heap) && o2c__ref_inside(row->account.text, heap));
    }
    FUZZ_DEMAND(rows == reading->builder.entries.count);
}

/* ---- the oracle: libxml2 as it comes, without gate and transcoder */
static bool
libxml_accepts(const char *bytes, size_t size)
{
    xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC };
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
    bool good;

    FUZZ_DEMAND(parser != NULL);
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlParseChunk(parser, bytes, (int)size, 0);
    xmlParseChunk(parser, NULL, 0, 1);
    good = parser->wellFormed;
    xmlFreeParserCtxt(parser);
    return good;
}

static void
check_gate(const char *bytes, size_t size)
{
    static struct o2c__gate wide, narrow;
    o2c__context context;
    bool one, two;

    FUZZ_DEMAND(o2c__context_init(&context, NULL, UINT64_MAX, NULL) == O2C_OK);
    o2c__gate_init(&wide, &context.limits, true);
    o2c__gate_init(&narrow, &context.limits, false);
    one = o2c__gate_push(&wide, bytes, size) && o2c__gate_finish(&wide);
    two = o2c__gate_push(&narrow, bytes, size / 2) && o2c__gate_push(&narrow, bytes + size / 2, size - size / 2) &&
          o2c__gate_finish(&narrow);
    FUZZ_DEMAND(one == two);
    FUZZ_DEMAND(wide.status == narrow.status && (one || wide.at == narrow.at));
    FUZZ_DEMAND(!one ||
                (wide.elements == narrow.elements && wide.attributes == narrow.attributes && wide.deepest == narrow.deepest));
}

/* The whole reader, which also inflates: it must answer, and say why when it refuses. */
static void
check_reader(const char *bytes, size_t size)
{
    o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_CAMT053 };
    o2c_formats_file *file = NULL;
    o2c_error err = { 0 };
    o2c_status status = o2c_formats_read(NULL, bytes, size, &options, &file, &err);

    FUZZ_DEMAND((status == O2C_OK) == (file != NULL));
    FUZZ_DEMAND(status == O2C_OK || (err.status == status && err.message[0] != '\0'));
    o2c_formats_file_free(file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct reading whole, cut;

    if (size > 65536)
        return 0;
    check_gate(bytes, size);
    check_reader(bytes, size);
    read_pieces(&whole, bytes, size, size + 1);
    read_pieces(&cut, bytes, size, 1 + size % 61);
    compare(&whole, &cut);
    if (whole.status == O2C_OK) {
        check_rows(&whole);
        FUZZ_DEMAND(libxml_accepts(bytes, size));
    } else {
        FUZZ_DEMAND(whole.err.message[0] != '\0');
    }
    o2c__builder_free(&whole.builder);
    o2c__builder_free(&cut.builder);
    return 0;
}

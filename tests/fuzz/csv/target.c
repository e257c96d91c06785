/* SPDX-License-Identifier: Apache-2.0 */
/* Delimited text on arbitrary bytes: first byte = list and profile, the rest the file. Keys are unique, references name them. */
#include "formats/csv.h"
#include "fuzz.h"
#include <o2c/match.h>

static void
demand_ref(o2c_ref ref, o2c_str heap)
{
    FUZZ_DEMAND(o2c__ref_inside(ref, heap));
    o2c_str text = o2c__ref_str(ref, heap);
    FUZZ_DEMAND(o2c__text_is_utf8(text.ptr, text.len));
}

static void
demand_master(const o2c_formats_file *file)
{
    o2c_master rows = { .struct_size = sizeof rows };
    o2c_formats_file_master(file, &rows);
    for (uint64_t i = 0; i < rows.items_count; i++) {
        const o2c_open_item *item = &rows.items[i];
        demand_ref(item->key, rows.heap);
        demand_ref(item->document, rows.heap);
        FUZZ_DEMAND(item->key.len >= 1 && item->key.len <= O2C_KEY_BYTES_MAX && item->account.len >= 1);
        FUZZ_DEMAND((item->open_minor == 0) == (item->kind == O2C_ITEM_CLOSED));
        FUZZ_DEMAND(o2c__currency_exponent(item->currency) >= 0);
        FUZZ_DEMAND(item->discount[0].value >= item->discount[1].value && item->discount[0].value < 1000000);
        FUZZ_DEMAND(item->order_group <= rows.items_count && item->statement_group <= rows.items_count);
        for (uint64_t j = i + 1; j < rows.items_count && j < i + 40; j++)
            FUZZ_DEMAND(!o2c__str_equal(o2c__ref_str(item->key, rows.heap), o2c__ref_str(rows.items[j].key, rows.heap)));
    }
    for (uint64_t i = 0; i < rows.references_count; i++) {
        demand_ref(rows.references[i].text, rows.heap);
        FUZZ_DEMAND(rows.references[i].text.len >= 1 && rows.references[i].text.len <= 64);
        FUZZ_DEMAND((rows.references[i].kind == O2C_REFERENCE_STRUCTURED) == (rows.references[i].scheme != 0));
    }
    for (uint64_t i = 0; i < rows.ties_count; i++) {
        FUZZ_DEMAND(!o2c__str_equal(o2c__ref_str(rows.ties[i].payer, rows.heap), o2c__ref_str(rows.ties[i].owner, rows.heap)));
        FUZZ_DEMAND(rows.ties[i].kind >= O2C_TIE_ONE_WAY && rows.ties[i].kind <= O2C_TIE_PAY_BELOW);
    }
}

static void
demand_remittances(const o2c_formats_file *file)
{
    o2c_remittances rows = { .struct_size = sizeof rows };
    o2c_formats_file_remittances(file, &rows);
    uint64_t lines = 0;
    for (uint64_t i = 0; i < rows.count; i++) {
        demand_ref(rows.rows[i].key, rows.heap);
        FUZZ_DEMAND(rows.rows[i].lines_at == lines && rows.rows[i].lines_count >= 1);
        lines += rows.rows[i].lines_count;
    }
    FUZZ_DEMAND(lines == rows.lines_count);
}

static int32_t
count_rows(void *self, const o2c_formats_batch *batch)
{
    uint64_t *digest = self;
    for (uint64_t i = 0; i < batch->statements->entries_count; i++)
        *digest = *digest * 31 + (uint64_t)batch->statements->entries[i].amount_minor + batch->statements->entries[i].at;
    *digest = *digest * 31 + batch->statements->heap.len;
    return O2C_SINK_TAKEN;
}

static void
demand_past(const o2c_formats_file *file)
{
    o2c_payments payments = { .struct_size = sizeof payments };
    const o2c_clearing *rows;
    uint64_t count;
    o2c_str heap;
    o2c_formats_file_payments(file, &payments);
    for (uint64_t i = 0; i < payments.count; i++) {
        FUZZ_DEMAND(payments.rows[i].key.len > 0 && (size_t)payments.rows[i].key.at + payments.rows[i].key.len <= payments.heap.len);
        FUZZ_DEMAND(payments.rows[i].texts_at + (uint64_t)payments.rows[i].texts_count <= payments.texts_count);
        FUZZ_DEMAND(payments.rows[i].booking_day > 0);
    }
    o2c_formats_file_clearings(file, &rows, &count, &heap);
    for (uint64_t i = 0; i < count; i++) {
        FUZZ_DEMAND(rows[i].item.len > 0 && (size_t)rows[i].item.at + rows[i].item.len <= heap.len);
        FUZZ_DEMAND(rows[i].payment.len > 0 && (size_t)rows[i].payment.at + rows[i].payment.len <= heap.len);
    }
    const o2c_judgment *judgments;
    o2c_formats_file_judgments(file, &judgments, &count, &heap);
    for (uint64_t i = 0; i < count; i++) {
        FUZZ_DEMAND(judgments[i].payment.len > 0 && (size_t)judgments[i].payment.at + judgments[i].payment.len <= heap.len);
        FUZZ_DEMAND(judgments[i].verdict >= O2C_POSSIBLE_OURS && judgments[i].verdict <= O2C_POSSIBLE_NEITHER);
    }
}

static void
demand_feedback(const o2c_formats_file *file)
{
    const o2c_feedback *rows;
    o2c_match_precision precision;
    uint64_t count;
    o2c_str heap;
    o2c_formats_file_feedback(file, &rows, &count, &heap);
    FUZZ_DEMAND(o2c_match_measure_precision(rows, count, &heap, 0, &precision, NULL) == O2C_OK); /* it checks every row */
}

static void
demand_expected(const o2c_formats_file *file)
{
    const o2c_expected *rows;
    uint64_t count;
    o2c_str heap;
    o2c_formats_file_expected(file, &rows, &count, &heap);
    for (uint64_t i = 0; i < count; i++) {
        FUZZ_DEMAND(rows[i].key.len > 0 && (size_t)rows[i].key.at + rows[i].key.len <= heap.len);
        FUZZ_DEMAND(rows[i].account.len > 0 && rows[i].amount_minor > 0 && rows[i].origin >= O2C_EXPECTED_PROMISE);
        FUZZ_DEMAND(rows[i].item.len > 0 || rows[i].reference.len > 0);
    }
}

static o2c_status
payments(const char *bytes, size_t size, const o2c_formats_options *options, size_t piece, uint64_t *digest)
{
    o2c_formats_reader *reader = NULL;
    FUZZ_DEMAND(o2c_formats_reader_new(NULL, options, count_rows, digest, &reader, NULL) == O2C_OK);
    o2c_status status = O2C_OK;
    for (size_t at = 0; at < size && status == O2C_OK; at += piece)
        status = o2c_formats_push(reader, bytes + at, size - at < piece ? size - at : piece, NULL);
    if (status == O2C_OK)
        status = o2c_formats_finish(reader, NULL);
    o2c_formats_reader_free(reader);
    return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = { data, size, 0 };
    uint8_t choice = fuzz_u8(&input);
    o2c_csv_profile profile = { .struct_size = sizeof profile };
    const char *name = o2c_formats_profile_name(choice / 4 % 8);
    o2c_str given = { name, name ? strlen(name) : 0 };
    if (!name || o2c_formats_profile(&given, &profile, NULL) != O2C_OK)
        profile.date_order = O2C_DATE_ORDER_PROVE;
    o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_CSV, .profile = &profile };
    size_t len;
    const char *bytes = fuzz_rest(&input, &len);
    o2c_formats_file *file = NULL;
    if (choice & 128 && choice & 64 && choice & 2) {
        if (o2c_formats_read_feedback(NULL, bytes, len, &options, &file, NULL) == O2C_OK)
            demand_feedback(file);
    } else if (choice & 128 && choice & 64) {
        if (o2c_formats_read_judged(NULL, bytes, len, &options, &file, NULL) == O2C_OK)
            demand_past(file);
    } else if (choice & 128) {
        if (o2c_formats_read_expected(NULL, bytes, len, &options, &file, NULL) == O2C_OK)
            demand_expected(file);
    } else if (choice & 64) {
        o2c_status status = choice % 2 ? o2c_formats_read_payments(NULL, bytes, len, &options, &file, NULL)
                                       : o2c_formats_read_cleared(NULL, bytes, len, &options, NULL, &file, NULL);
        if (status == O2C_OK)
            demand_past(file);
    } else if (choice % 4 == 0) {
        uint64_t a = 0, b = 0;
        o2c_status status = payments(bytes, len, &options, len ? len : 1, &a);
        FUZZ_DEMAND(status == payments(bytes, len, &options, 3, &b) && a == b);
    } else if (choice % 4 == 1) {
        if (o2c_formats_read_items(NULL, bytes, len, &options, &file, NULL) == O2C_OK)
            demand_master(file);
    } else if (choice % 4 == 2) {
        if (o2c_formats_read_customers(NULL, bytes, len, &options, &file, NULL) == O2C_OK)
            demand_master(file);
    } else if (o2c_formats_read_remittances(NULL, bytes, len, &options, &file, NULL) == O2C_OK) {
        demand_remittances(file);
    }
    o2c_formats_file_free(file);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940, MT942, MT910: each quirk of bank files is a small file under tests/golden/mt940 with the rows it must give beside it.
 * Rewrite the expectations with O2C_GOLDEN_WRITE=1 and read the difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/mt940.h"
#include "rows.h"
#include "support/tap.h"

static const char *const golden[] = {
    "advice.fin",   "amounts.sta",  "blocks.fin", "dates.sta",    "dutch.sta", "german_sepa.sta",  "intraday.sta",
    "legacy.sta",   "mismatch.sta", "rabobank.sta", "split.sta", "tags_in_text.sta", "wrapped.sta",
};
#define GOLDEN_COUNT (sizeof golden / sizeof *golden)

static char *
load_golden(const char *name, const char *ending, size_t *size)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/mt940/%s%s", name, ending);
    char *full = rows_source(path), *bytes = rows_load(full, size);
    free(full);
    return bytes;
}

static void
write_golden(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/mt940/%s.txt", name);
    char *full = rows_source(path);
    FILE *file = fopen(full, "wb");
    free(full);
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

static void
golden__every_quirk_gives_its_rows(void)
{
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        size_t size, expected_size;
        char *bytes = load_golden(golden[i], "", &size), *rows;
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        CU_ASSERT_EQUAL(rows_read(bytes, size, NULL, NULL, &rows), O2C_OK);
        if (getenv("O2C_GOLDEN_WRITE"))
            write_golden(golden[i], rows);
        char *expected = load_golden(golden[i], ".txt", &expected_size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
        if (strcmp(rows, expected) != 0)
            printf("# %s gives\n%s", golden[i], rows);
        CU_ASSERT_STRING_EQUAL(rows, expected);
        free(expected);
        free(rows);
        free(bytes);
    }
}

static void
golden__spans_stay_inside_the_file_and_name_the_bytes(void)
{
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        size_t size;
        char *bytes = load_golden(golden[i], "", &size);
        o2c_formats_file *file = NULL;
        o2c_statements rows = { .struct_size = sizeof rows };
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        CU_ASSERT_EQUAL_FATAL(o2c_formats_read(NULL, bytes, size, NULL, &file, NULL), O2C_OK);
        o2c_formats_file_statements(file, &rows);
        CU_ASSERT_EQUAL(rows_outside(&rows, size), 0);
        for (uint64_t j = 0; j < rows.count; j++) /* an id is never joined: its bytes are those of the file */
            if (strcmp(golden[i], "legacy.sta") != 0)
                CU_ASSERT(memcmp(bytes + rows.rows[j].at + rows.rows[j].id.from, rows.heap.ptr + rows.rows[j].id.text.at,
                                 rows.rows[j].id.text.len) == 0);
        for (uint64_t j = 0; j < rows.entries_count; j++) {
            const o2c_entry *row = &rows.entries[j];
            CU_ASSERT(memcmp(bytes + row->at, row->level == O2C_ENTRY_BOOKED && bytes[row->at + 1] == '3' ? ":32A:" : ":61:",
                             4) == 0);
            CU_ASSERT(bytes[row->at + row->amount_from] >= '0' && bytes[row->at + row->amount_from] <= '9');
        }
        o2c_formats_file_free(file);
        free(bytes);
    }
}

static void
splits__whole_single_bytes_and_random_pieces_give_the_same(void)
{
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        size_t size;
        char *bytes = load_golden(golden[i], "", &size), *whole, *pieces;
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        CU_ASSERT_EQUAL(rows_read(bytes, size, NULL, NULL, &whole), O2C_OK);
        for (unsigned seed = 0; seed < 6; seed++) {
            rows_pushed(bytes, size, NULL, NULL, seed == 0 ? 1 : 0, seed, &pieces);
            CU_ASSERT_STRING_EQUAL(whole, pieces);
            free(pieces);
        }
        free(whole);
        free(bytes);
    }
}

/* The dialect alone, without the blocks the reader cuts: a line end, a tag, a character may fall between two pushes. */
static char *
straight(const char *bytes, size_t size, size_t piece)
{
    o2c__context context;
    struct o2c__builder builder;
    o2c_error err = { 0 };
    char *out;
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, O2C__FORMATS_MEMORY, NULL), O2C_OK);
    o2c__builder_init(&builder, &context, NULL, NULL);
    void *self = o2c__dialect_mt940.open(&context, NULL, &builder, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(self);
    o2c_status status = O2C_OK;
    for (size_t at = 0; at < size && status == O2C_OK; at += piece)
        status = o2c__dialect_mt940.push(self, bytes + at, size - at < piece ? size - at : piece, &err);
    if (status == O2C_OK)
        status = o2c__dialect_mt940.finish(self, &err);
    o2c__dialect_mt940.close(self);
    o2c_statements rows = { .struct_size = sizeof rows, .rows = builder.statements.rows, .count = builder.statements.count,
                            .entries = builder.entries.rows, .entries_count = builder.entries.count, .balances = builder.balances.rows,
                            .balances_count = builder.balances.count, .texts = builder.texts.rows, .texts_count = builder.texts.count,
                            .heap = o2c__text_heap_str(&builder.heap) };
    out = status == O2C_OK ? rows_statements(&rows) : rows_error(&err);
    o2c__builder_free(&builder);
    CU_ASSERT_EQUAL(context.memory.used, 0);
    return out;
}

static void
splits__the_dialect_itself_does_not_care_where_it_is_cut(void)
{
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        size_t size;
        char *bytes = load_golden(golden[i], "", &size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        char *whole = straight(bytes, size, size);
        for (size_t piece = 1; piece < 9; piece++) {
            char *pieces = straight(bytes, size, piece);
            CU_ASSERT_STRING_EQUAL(whole, pieces);
            free(pieces);
        }
        free(whole);
        free(bytes);
    }
}

/* Every LF becomes CRLF: the same rows, at other places. */
static void
line_ends__crlf_mixed_and_a_missing_last_one_are_the_same(void)
{
    static const char file[] = ":20:X\n:25:1\n:60F:C260201EUR0,\n:61:2602020202C1,NTRFONE\nnote\n:86:first\nsecond\n:62F:C260202EUR1,\n";
    char mixed[300];
    size_t count = 0;
    for (size_t i = 0; file[i]; i++) {
        if (file[i] == '\n' && i % 2)
            mixed[count++] = '\r';
        mixed[count++] = file[i];
    }
    o2c_formats_file *file_a = NULL, *file_b = NULL;
    o2c_statements a = { .struct_size = sizeof a }, b = { .struct_size = sizeof b };
    CU_ASSERT_EQUAL_FATAL(o2c_formats_read(NULL, file, sizeof file - 1, NULL, &file_a, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_formats_read(NULL, mixed, count - 1, NULL, &file_b, NULL), O2C_OK);
    o2c_formats_file_statements(file_a, &a);
    o2c_formats_file_statements(file_b, &b);
    CU_ASSERT_EQUAL(a.entries_count, 1);
    CU_ASSERT_EQUAL(b.texts_count, 2);
    CU_ASSERT_EQUAL(a.heap.len, b.heap.len);
    CU_ASSERT(memcmp(a.heap.ptr, b.heap.ptr, a.heap.len) == 0);
    CU_ASSERT_EQUAL(b.rows[0].tie, O2C_TIE_RESULT_OK);
    o2c_formats_file_free(file_a);
    o2c_formats_file_free(file_b);
}

#define HEAD ":20:X\n:25:1\n:28C:1\n:60F:C260201EUR0,\n"
static const struct {
    const char *bytes;
    const char *expected; /* start of the refusal */
} refusals[] = {
    { ":25:70050000/1\n", "-81 @0 line 1 25: a statement begins with :20:" },
    { "junk\n:61:2602020202C1,NTRF\n", "-81 @5 line 2 61: " },
    { ":86:091", "-81 @0 line 1 86: " },
    { HEAD "-\n{1:F01X}{2:I940X}{4:\n:25:1\n", "-81 @60 line 7 25: " },
    { "{1:F01X}{2:I103X}{4:\n:20:1\n", "-81 @0 line 1 message type: the block header announces an MT103" },
    { "{1:F01X}{2:I940X}{4:\n" HEAD ":62F:C260202EUR0,\n", "-84 @76 line 7 -}: the message that begins at byte 0 has no end" },
    { HEAD ":61:2602020202X1,NTRF\n", "-86 @51 line 5 entry.mark: :61: " },
    { HEAD ":61:26020202\n", "-86 @47 line 5 entry.mark: :61: " },
    { HEAD ":61:2602\n", "-86 @41 line 5 entry.value_date: :61: " },
    { HEAD ":61:2602020202CNTRF\n", "-86 @53 line 5 entry.amount: :61: no digit" },
    { HEAD ":61:2602020202C1,2,3.4NTRF\n", "-86 @5" },
    { HEAD ":61:2602020202C1,001NTRF\n",
      "-86 @56 line 5 entry.amount: :61: a digit beyond the currency's minor units is not zero" },
    { HEAD ":61:2602020202C99999999999999999999,NTRF\n", "-86 @52 line 5 entry.amount: :61: larger than the limit" },
    { ":20:X\n:60F:X260201EUR0,\n", "-86 @11 line 2 balance.mark: :60F: " },
    { ":20:X\n:60F:C2602", "-86 @12 line 2 balance.date: :60F: " },
    { ":20:X\n:60F:C260201EU0,\n", "-86 @18 line 2 balance.currency: :60F: " },
    { ":20:X\n:60F:C260201XAU0,\n", "-86 @18 line 2 balance.currency: :60F: " },
    { ":20:X\n:60F:C260201EUR\n", "-86 @21 line 2 balance.amount: :60F: no digit" },
    { ":20:X\n:61:2602020202C1,NTRF\n", "-86 @10 line 2 entry.currency: :61: stands in a statement that names no currency" },
    { ":20:X\n:32A:260202EUR1,\n", "-81 @11 line 2 message type: :32A: " },
    { ":NS:22Name\n:9:x\n", "-8" },
};

static void
refusals__name_offset_line_field_and_reason(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_MT940 };
        char *whole, *pieces;
        CU_ASSERT_NOT_EQUAL(rows_read(refusals[i].bytes, strlen(refusals[i].bytes), NULL, &options, &whole), O2C_OK);
        if (strncmp(whole, refusals[i].expected, strlen(refusals[i].expected)) != 0)
            printf("# %zu: %s#    expected %s\n", i, whole, refusals[i].expected);
        CU_ASSERT(strncmp(whole, refusals[i].expected, strlen(refusals[i].expected)) == 0);
        rows_pushed(refusals[i].bytes, strlen(refusals[i].bytes), NULL, &options, 1, 0, &pieces);
        CU_ASSERT_STRING_EQUAL(whole, pieces);
        free(whole);
        free(pieces);
    }
}

static void
encodings__bytes_that_are_not_utf8_are_read_by_the_page_named(void)
{
    static const struct {
        int32_t page;
        const char *expected;
    } pages[] = { { 0, "¥u\xC2\xA6 \xE2\x82\xAC" }, { O2C_ENCODING_LATIN9, "\xC2\xA5uŠ " }, { O2C_ENCODING_WINDOWS1250,
                                                                                              "Ąu\xC2\xA6 \xE2\x82\xAC" } };
    static const char file[] = ":20:X\n:60F:C260201EUR0,\n:61:2602020202C1,NTRF\n:86:\xA5u\xA6 \x80\n";
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        o2c_formats_options options = { .struct_size = sizeof options, .legacy_encoding = pages[i].page };
        char *rows;
        CU_ASSERT_EQUAL(rows_read(file, sizeof file - 1, NULL, &options, &rows), O2C_OK);
        CU_ASSERT_PTR_NOT_NULL(strstr(rows, pages[i].expected));
        free(rows);
    }
}

static void
year__the_entry_date_takes_the_year_nearest_to_the_value_day(void)
{
    static const struct {
        const char *dates, *booked;
    } cases[] = { { "1412310105", "booked=2015-01-05" }, { "2601011230", "booked=2025-12-30" }, { "2601020102",
                                                                                                  "booked=2026-01-02" },
                  { "2402280229", "booked=2024-02-29" }, { "2506300101", "booked=2025-01-01" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[120], *rows;
        snprintf(file, sizeof file, ":20:X\n:60F:C260201EUR0,\n:61:%sC1,NTRF\n", cases[i].dates);
        CU_ASSERT_EQUAL(rows_read(file, strlen(file), NULL, NULL, &rows), O2C_OK);
        CU_ASSERT_PTR_NOT_NULL(strstr(rows, cases[i].booked));
        free(rows);
    }
}

/* ---- limits */

static char *
with_limits(const o2c_limits *limits, const char *bytes, size_t size, o2c_status *status)
{
    o2c_env env = { .struct_size = sizeof env, .limits = limits };
    char *out;
    *status = rows_read(bytes, size, &env, NULL, &out);
    return out;
}

static void
check_limit(const o2c_limits *limits, const char *bytes, bool accepted, const char *name)
{
    o2c_status status;
    char *out = with_limits(limits, bytes, strlen(bytes), &status);
    CU_ASSERT_EQUAL(status, accepted ? O2C_OK : O2C_E_LIMIT);
    if (!accepted)
        CU_ASSERT_PTR_NOT_NULL(strstr(out, name));
    free(out);
}

static void
limits__line_bytes_max_takes_one_less_and_exactly_and_refuses_one_more(void)
{
    for (int extra = -1; extra <= 1; extra++) {
        char line[101], file[300];
        o2c_limits limits = { .struct_size = sizeof limits, .line_bytes_max = 100 };
        memset(line, 'x', sizeof line);
        memcpy(line, ":86:", 4);
        for (int crlf = 0; crlf < 2; crlf++) {
            snprintf(file, sizeof file, ":20:X\n:60F:C260201EUR0,\n:61:2602020202C1,NTRF\n%.*s%s:62F:C260202EUR1,\n", 100 + extra,
                     line,
                     crlf ? "\r\n" : "\n");
            check_limit(&limits, file, extra <= 0, "line_bytes_max");
        }
    }
}

static void
limits__fields_max_counts_the_lines_of_a_field(void)
{
    for (int extra = -1; extra <= 1; extra++) {
        char file[400] = ":20:X\n:60F:C260201EUR0,\n:61:2602020202C1,NTRF\n:86:0\n";
        o2c_limits limits = { .struct_size = sizeof limits, .fields_max = 10 };
        for (int i = 1; i < 10 + extra; i++)
            strcat(file, "x\n");
        check_limit(&limits, file, extra <= 0, "fields_max");
    }
}

static void
limits__text_statements_and_entries_are_counted(void)
{
    static const char *const lines = ":61:2602020202C1,NTRF\n";
    for (int extra = -1; extra <= 1; extra++) {
        char file[400] = "", text[60];
        for (int i = 0; i < 3 + extra; i++)
            strcat(file, ":20:X\n:60F:C260201EUR0,\n");
        o2c_limits statements = { .struct_size = sizeof statements, .statements_max = 3 };
        check_limit(&statements, file, extra <= 0, "statements_max");
        for (int i = 0; i < 3 + extra; i++)
            strcat(file, lines);
        o2c_limits entries = { .struct_size = sizeof entries, .entries_max = 3 };
        check_limit(&entries, file, extra <= 0, "entries_max");
        memset(text, 'y', sizeof text);
        snprintf(file, sizeof file, ":20:X\n:60F:C260201EUR0,\n%s:86:%.*s\n%.*s\n", lines, 25, text, 25 + extra, text);
        o2c_limits bytes = { .struct_size = sizeof bytes, .text_bytes_max = 50 };
        check_limit(&bytes, file, extra <= 0, "text_bytes_max");
    }
}

static int32_t
drop(void *self, const o2c_formats_batch *batch)
{
    (void)self;
    (void)batch;
    return O2C_SINK_TAKEN;
}

/* Bytes taken before a refusal, of an endless file that repeats unit behind head. */
static uint64_t
bytes_before_refusal(const char *head, const char *unit, o2c_status expected)
{
    o2c_limits limits = { .struct_size = sizeof limits, .alloc_bytes_max = 16u << 20 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    o2c_formats_reader *reader = NULL;
    char block[4096];
    uint64_t taken = strlen(head);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = unit[i % strlen(unit)];
    CU_ASSERT_EQUAL_FATAL(o2c_formats_reader_new(&env, NULL, drop, NULL, &reader, NULL), O2C_OK);
    o2c_status status = o2c_formats_push(reader, head, strlen(head), NULL);
    while (status == O2C_OK && taken < 100u << 20) {
        status = o2c_formats_push(reader, block, sizeof block / strlen(unit) * strlen(unit), NULL);
        taken += sizeof block / strlen(unit) * strlen(unit);
    }
    CU_ASSERT_EQUAL(status, expected);
    o2c_formats_reader_free(reader);
    return taken;
}

static void
hostile__endless_lines_and_texts_are_refused_within_a_mebibyte(void)
{
    CU_ASSERT(bytes_before_refusal(":20:X\n", "x", O2C_E_LIMIT) <= 1u << 20);
    CU_ASSERT(bytes_before_refusal(HEAD ":61:2602020202C1,NTRF\n:86:", "text\n", O2C_E_LIMIT) <= 1u << 20);
    CU_ASSERT(bytes_before_refusal(HEAD ":61:2602020202C1,NTRF\n:86:", "\n", O2C_E_LIMIT) <= 1u << 20);
    CU_ASSERT(bytes_before_refusal(HEAD ":61:2602020202C", "1", O2C_E_LIMIT) <= 1u << 20);
    CU_ASSERT(bytes_before_refusal(":20:X\n", ":20:X\n", O2C_E_LIMIT) <= 1u << 20);
}

static void
memory__a_long_statement_streams_in_constant_space(void)
{
    static const char *const line = ":61:2602020202C1,00NTRFNONREF\n:86:166?20EREF+1?21SVWZ+Rechnung 4711?32Muster\n";
    o2c_limits limits = { .struct_size = sizeof limits, .alloc_bytes_max = 8u << 20 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    o2c_formats_reader *reader = NULL;
    CU_ASSERT_EQUAL_FATAL(o2c_formats_reader_new(&env, NULL, drop, NULL, &reader, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_push(reader, HEAD, strlen(HEAD), NULL), O2C_OK);
    for (int i = 0; i < 100000; i++)
        CU_ASSERT_EQUAL_FATAL(o2c_formats_push(reader, line, strlen(line), NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_push(reader, ":62F:C260202EUR100000,00\n", 25, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_finish(reader, NULL), O2C_OK);
    o2c_formats_reader_free(reader);
}

static void
batches__a_statement_of_ten_thousand_entries_ties_over_many_batches(void)
{
    char *file = malloc(1u << 20), *whole, *pieces;
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    size_t count = (size_t)sprintf(file, HEAD);
    for (int i = 0; i < 10000; i++)
        count += (size_t)sprintf(file + count, ":61:2602020202C%d,00NTRFREF%d\n:86:text %d\n", i % 7, i, i);
    count += (size_t)sprintf(file + count, ":62F:C260202EUR29994,00\n");
    CU_ASSERT_EQUAL(rows_read(file, count, NULL, NULL, &whole), O2C_OK);
    CU_ASSERT_EQUAL(rows_pushed(file, count, NULL, NULL, 5000, 0, &pieces), O2C_OK);
    CU_ASSERT_STRING_EQUAL(whole, pieces);
    CU_ASSERT_PTR_NOT_NULL(strstr(pieces, "tie=1"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pieces, "entries=10000"));
    free(file);
    free(whole);
    free(pieces);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "golden__every_quirk_gives_its_rows", golden__every_quirk_gives_its_rows },
        { "golden__spans_stay_inside_the_file_and_name_the_bytes", golden__spans_stay_inside_the_file_and_name_the_bytes },
        { "splits__whole_single_bytes_and_random_pieces_give_the_same",
          splits__whole_single_bytes_and_random_pieces_give_the_same },
        { "splits__the_dialect_itself_does_not_care_where_it_is_cut", splits__the_dialect_itself_does_not_care_where_it_is_cut },
        { "line_ends__crlf_mixed_and_a_missing_last_one_are_the_same", line_ends__crlf_mixed_and_a_missing_last_one_are_the_same },
        { "refusals__name_offset_line_field_and_reason", refusals__name_offset_line_field_and_reason },
        { "encodings__bytes_that_are_not_utf8_are_read_by_the_page_named",
          encodings__bytes_that_are_not_utf8_are_read_by_the_page_named },
        { "year__the_entry_date_takes_the_year_nearest_to_the_value_day",
          year__the_entry_date_takes_the_year_nearest_to_the_value_day },
        { "limits__line_bytes_max_takes_one_less_and_exactly_and_refuses_one_more",
          limits__line_bytes_max_takes_one_less_and_exactly_and_refuses_one_more },
        { "limits__fields_max_counts_the_lines_of_a_field", limits__fields_max_counts_the_lines_of_a_field },
        { "limits__text_statements_and_entries_are_counted", limits__text_statements_and_entries_are_counted },
        { "hostile__endless_lines_and_texts_are_refused_within_a_mebibyte",
          hostile__endless_lines_and_texts_are_refused_within_a_mebibyte },
        { "memory__a_long_statement_streams_in_constant_space", memory__a_long_statement_streams_in_constant_space },
        { "batches__a_statement_of_ten_thousand_entries_ties_over_many_batches",
          batches__a_statement_of_ten_thousand_entries_ties_over_many_batches },
    };
    return tap_run("formats/mt940", tests, TAP_COUNT(tests));
}

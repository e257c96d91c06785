/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real MT files. They stand beside the source, not in it: without them the tests are skipped. What the manifest's own script and a
 * parser of somebody else agree on must come out the same; a file that begins with no :20: is refused with its offset.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/record.h"
#include "rows.h"
#include "support/tap.h"

#define FACTS_MAX 4096

struct fact {
    char file[160], trust[24], name[40], value[40];
};
static struct fact facts[FACTS_MAX];
static size_t facts_count;

static void
load_facts(void)
{
    char *manifest = rows_source("../shared/corpus/MANIFEST.tsv"), *script = rows_source("tests/formats/corpus_mt.py");
    FILE *there = fopen(manifest, "rb");
    if (there) {
        char command[2048], line[512];
        fclose(there);
        snprintf(command, sizeof command, "python3 '%s' '%s'", script, manifest);
        FILE *pipe = popen(command, "r");
        while (pipe && fgets(line, sizeof line, pipe) && facts_count < FACTS_MAX) {
            struct fact *fact = &facts[facts_count];
            facts_count += sscanf(line, "%159[^\t]\t%23[^\t]\t%39[^\t]\t%39[^\n]", fact->file, fact->trust, fact->name,
                                  fact->value) == 4;
        }
        if (pipe && pclose(pipe) != 0)
            facts_count = 0;
    }
    free(manifest);
    free(script);
}

static const struct fact *
find_fact(size_t first, const char *name)
{
    for (size_t i = first; i < facts_count && strcmp(facts[i].file, facts[first].file) == 0; i++)
        if (strcmp(facts[i].name, name) == 0)
            return &facts[i];
    return NULL;
}

static int64_t
minor(const char *text, const char *currency)
{
    struct o2c__decimal_style style = { .mark = '.', .sign = true };
    struct o2c__decimal_answer answer;
    int32_t exponent = currency[0] ? o2c__currency_exponent(currency) : 2;
    if (o2c__decimal_read(text, strlen(text), &style, exponent, INT64_MAX, &answer) != O2C__DECIMAL_OK)
        return INT64_MIN;
    return answer.minor;
}

static const o2c_balance *
balance_of(const o2c_statements *rows, size_t index, const char *code)
{
    for (uint32_t i = 0; i < rows->rows[index].balances_count; i++) {
        const o2c_balance *balance = &rows->balances[rows->rows[index].balances_at + i];
        if (strcmp(balance->code, code) == 0)
            return balance;
    }
    return NULL;
}

static const o2c_balance *
last_balance(const o2c_statements *rows, const char *code)
{
    for (uint64_t i = rows->balances_count; i > 0; i--)
        if (strcmp(rows->balances[i - 1].code, code) == 0)
            return &rows->balances[i - 1];
    return NULL;
}

static bool
same_peer(const o2c_statements *rows, const char *name, const char *value)
{
    const o2c_statement *first = &rows->rows[0];
    int64_t sum = 0;
    if (strcmp(name, "transactions") == 0)
        return (uint64_t)atoll(value) == rows->entries_count;
    for (uint64_t i = 0; i < rows->entries_count; i++)
        sum += rows->entries[i].amount_minor;
    if (strcmp(name, "sum") == 0)
        return minor(value, first->currency) == sum;
    if (strncmp(name, "last.", 5) == 0) {
        const o2c_balance *balance = last_balance(rows, name + 5);
        return balance && minor(value, balance->currency) == balance->minor;
    }
    uint64_t index = (uint64_t)atoll(strchr(name, '.') + 1);
    if (index >= rows->count)
        return false;
    const o2c_statement *row = &rows->rows[index];
    if (strncmp(name, "open.", 5) == 0)
        return minor(value, row->currency) == row->opening_minor;
    if (strncmp(name, "close.", 6) == 0)
        return minor(value, row->currency) == row->closing_minor;
    return (uint32_t)atoll(value) == row->entries_count;
}

static bool
same(const o2c_statements *rows, const struct fact *fact)
{
    if (strncmp(fact->name, "peer.", 5) == 0)
        return same_peer(rows, fact->name + 5, fact->value);
    if (strcmp(fact->name, "begins") == 0)
        return true;
    if (strcmp(fact->name, "count") == 0)
        return (uint64_t)atoll(fact->value) == rows->count;
    size_t index = (size_t)atoll(strchr(fact->name, '.') + 1);
    if (index >= rows->count)
        return false;
    const o2c_statement *row = &rows->rows[index];
    if (strncmp(fact->name, "entries.", 8) == 0)
        return (uint32_t)atoll(fact->value) == row->entries_count;
    if (strncmp(fact->name, "credit.", 7) == 0)
        return minor(fact->value, row->currency) == row->credit_minor;
    if (strncmp(fact->name, "debit.", 6) == 0)
        return minor(fact->value, row->currency) == row->debit_minor;
    if (strncmp(fact->name, "tie.", 4) == 0)
        return atoi(fact->value) == row->tie;
    const o2c_balance *balance = balance_of(rows, index, strrchr(fact->name, '.') + 1);
    return balance && minor(fact->value, balance->currency) == balance->minor;
}

static char *
load(const char *file, size_t *size)
{
    char path[256];
    snprintf(path, sizeof path, "../shared/corpus/%s", file);
    char *full = rows_source(path), *bytes = rows_load(full, size);
    free(full);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    return bytes;
}

static size_t
next_file(size_t first)
{
    size_t i = first;
    while (i < facts_count && strcmp(facts[i].file, facts[first].file) == 0)
        i++;
    return i;
}

static o2c_status
read_mt(const char *bytes, size_t size, o2c_formats_file **file, o2c_error *err)
{
    o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_MT940 };
    return o2c_formats_read(NULL, bytes, size, &options, file, err);
}

/* One file against its facts; answers how many hold. What the peer does not confirm is shown, not demanded. */
static void
check_file(size_t first, size_t end, size_t counts[4])
{
    size_t size;
    o2c_formats_file *file = NULL;
    o2c_error err = { 0 };
    o2c_statements rows = { .struct_size = sizeof rows };
    char *bytes = load(facts[first].file, &size);
    bool agree = strcmp(facts[first].trust, "agree") == 0;
    CU_ASSERT_EQUAL(read_mt(bytes, size, &file, &err), O2C_OK);
    if (file) {
        o2c_formats_file_statements(file, &rows);
        CU_ASSERT_EQUAL(rows_outside(&rows, size), 0);
        for (size_t i = first; i < end; i++) {
            bool holds = same(&rows, &facts[i]);
            counts[agree ? (holds ? 0 : 1) : (holds ? 2 : 3)]++;
            if (!holds)
                printf("# %s (%s): %s is not %s\n", facts[i].file, facts[i].trust, facts[i].name, facts[i].value);
            CU_ASSERT(holds || !agree);
        }
    } else {
        printf("# %s: refused: %s\n", facts[first].file, err.message);
    }
    o2c_formats_file_free(file);
    free(bytes);
}

static void
corpus__files_that_begin_a_statement_give_the_facts_two_parsers_agree_on(void)
{
    size_t counts[4] = { 0 }, files = 0;
    if (!facts_count) {
        tap_skip("the corpus is not beside the source");
        return;
    }
    for (size_t i = 0, end; i < facts_count; i = end) {
        end = next_file(i);
        if (strcmp(find_fact(i, "begins")->value, "1") != 0)
            continue;
        files++;
        check_file(i, end, counts);
    }
    printf("# %zu files begin a statement; facts confirmed by a peer: %zu hold, %zu do not; others: %zu hold, %zu do not\n", files,
           counts[0],
           counts[1], counts[2], counts[3]);
    CU_ASSERT(counts[0] > 300);
}

static void
corpus__fragments_are_refused_with_offset_and_reason(void)
{
    size_t fragments = 0;
    if (!facts_count) {
        tap_skip("the corpus is not beside the source");
        return;
    }
    for (size_t i = 0, end; i < facts_count; i = end) {
        size_t size;
        o2c_formats_file *file = NULL;
        o2c_error err = { 0 };
        end = next_file(i);
        if (strcmp(find_fact(i, "begins")->value, "0") != 0)
            continue;
        char *bytes = load(facts[i].file, &size);
        CU_ASSERT_EQUAL(read_mt(bytes, size, &file, &err), O2C_E_FORMATS_SYNTAX);
        CU_ASSERT(err.offset < size && err.line >= 1 && err.message[0] && err.field[0]);
        CU_ASSERT_PTR_NULL(file);
        printf("# %s @%llu :%s:\n", facts[i].file, (unsigned long long)err.offset, err.field);
        o2c_formats_file_free(file);
        free(bytes);
        fragments++;
    }
    CU_ASSERT(fragments > 25);
}

static void
corpus__no_cut_and_no_changed_byte_breaks_the_reader(void)
{
    if (!facts_count) {
        tap_skip("the corpus is not beside the source");
        return;
    }
    for (size_t i = 0, end; i < facts_count; i = end) {
        size_t size;
        char *whole, *pieces;
        end = next_file(i);
        char *bytes = load(facts[i].file, &size);
        o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_MT940 };
        rows_read(bytes, size, NULL, &options, &whole);
        rows_pushed(bytes, size, NULL, &options, 0, (unsigned)i, &pieces);
        CU_ASSERT_STRING_EQUAL(whole, pieces);
        free(pieces);
        for (size_t at = 0; at < size; at += size / 40 + 1) {
            o2c_formats_file *file = NULL;
            read_mt(bytes, at, &file, NULL);
            o2c_formats_file_free(file);
            file = NULL;
            bytes[at] ^= 0x55;
            read_mt(bytes, size, &file, NULL);
            o2c_formats_file_free(file);
            bytes[at] ^= 0x55;
        }
        free(whole);
        free(bytes);
    }
}

/* ---- the pairs of one statement as MT and as camt: two readers, one answer */

static const struct {
    const char *mt, *mx;
} pairs[] = {
    { "10511_c53_B_A", "c_105_1_1__CBPR+_c.105.1.1_camt.053-BtoA" },
    { "10521_c53_B_A", "c_105_2_1__CBPR+_c.105.2.1_camt.053-BtoA" },
    { "10711_c053_B_A", "c_107_1_1__CBPR+_c.107.1.1_camt.053-BtoA" },
    { "10812_c053_B_A", "c_108_1_2__CBPR+_c.108.1.2_camt.053-BtoA" },
    { "10912_B_A", "c_109_1_2__CBPR+_c.109.1.2_camt.053-BtoA" },
    { "5641_c53_D_E", "c_56_4_1__CBPR+_c.56.4.1_camt.053-DtoE" },
    { "5641_c54_D_E", "c_56_4_1__CBPR+_c.56.4.1_camt.054-DtoE" },
    { "5641_c54_E_F", "c_56_4_1__CBPR+_c.56.4.1_camt.054-EtoF" },
};

static o2c_formats_file *
read_path(const char *format, const char *name, o2c_statements *rows)
{
    char path[256];
    size_t size;
    o2c_formats_file *file = NULL;
    snprintf(path, sizeof path, format, name);
    char *bytes = load(path, &size);
    CU_ASSERT_EQUAL_FATAL(o2c_formats_read(NULL, bytes, size, NULL, &file, NULL), O2C_OK);
    o2c_formats_file_statements(file, rows);
    free(bytes);
    return file;
}

/* Both sides have the entries in the same order; details of a camt entry are left out. */
static bool
same_entries(const o2c_statements *mt, const o2c_statements *mx)
{
    uint64_t at = 0;
    for (uint64_t i = 0; i < mx->entries_count; i++) {
        const o2c_entry *entry = &mx->entries[i];
        if (entry->level != O2C_ENTRY_BOOKED)
            continue;
        if (at >= mt->entries_count || mt->entries[at].amount_minor != entry->amount_minor ||
            memcmp(mt->entries[at].currency, entry->currency, 4) != 0 ||
            (entry->value_day && mt->entries[at].value_day != entry->value_day))
            return false;
        at++;
    }
    return at == mt->entries_count;
}

static bool
same_statement(const o2c_statements *mt, const o2c_statements *mx)
{
    if (mt->count != mx->count || mt->count == 0)
        return false;
    const o2c_statement *a = &mt->rows[0], *b = &mx->rows[0];
    o2c_str x = o2c__ref_str(a->account.text, mt->heap), y = o2c__ref_str(b->account.text, mx->heap);
    bool balances = (a->has & b->has) != 3 || (a->opening_minor == b->opening_minor && a->closing_minor == b->closing_minor);
    return o2c__str_equal(x, y) && balances && a->sum_minor == b->sum_minor;
}

static void
corpus__the_same_statement_as_mt_and_as_camt_gives_the_same_rows(void)
{
    if (!facts_count) {
        tap_skip("the corpus is not beside the source");
        return;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        o2c_statements mt = { .struct_size = sizeof mt }, mx = { .struct_size = sizeof mx };
        o2c_formats_file *a = read_path("swift_mt/ballerina-plat__tests__string_finMessage_%s.fin", pairs[i].mt, &mt);
        o2c_formats_file *b = read_path("iso20022/camt/ballerina-plat__%s.xml", pairs[i].mx, &mx);
        bool equal = same_statement(&mt, &mx) && same_entries(&mt, &mx);
        if (!equal) {
            char *x = rows_statements(&mt), *y = rows_statements(&mx);
            printf("# %s\n%s\n%s\n", pairs[i].mt, x, y);
            free(x);
            free(y);
        }
        CU_ASSERT(equal);
        o2c_formats_file_free(a);
        o2c_formats_file_free(b);
    }
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "corpus__files_that_begin_a_statement_give_the_facts_two_parsers_agree_on",
          corpus__files_that_begin_a_statement_give_the_facts_two_parsers_agree_on },
        { "corpus__fragments_are_refused_with_offset_and_reason", corpus__fragments_are_refused_with_offset_and_reason },
        { "corpus__no_cut_and_no_changed_byte_breaks_the_reader", corpus__no_cut_and_no_changed_byte_breaks_the_reader },
        { "corpus__the_same_statement_as_mt_and_as_camt_gives_the_same_rows",
          corpus__the_same_statement_as_mt_and_as_camt_gives_the_same_rows },
    };
    load_facts();
    return tap_run("formats/corpus_mt", tests, TAP_COUNT(tests));
}

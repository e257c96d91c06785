/* SPDX-License-Identifier: Apache-2.0 */
/*
 * camt.052, .053, .054: one golden file for each version, and each quirk of real files as a small one made here.
 * Rewrite the golden expectations with O2C_GOLDEN_WRITE=1 and read the difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camt_text.h"
#include "formats/formats.h"
#include "rows.h"
#include "support/tap.h"

/* ---- golden files */
static char *
load_golden(int message, int version, const char *ending, size_t *size)
{
    char path[100];
    char *full, *bytes;

    snprintf(path, sizeof path, "tests/golden/camt%03d/v%02d.xml%s", message, version, ending);
    full = rows_source(path);
    bytes = rows_load(full, size);
    free(full);
    return bytes;
}

static void
write_golden(int message, int version, const char *text)
{
    char path[100];
    char *full;
    FILE *file;

    snprintf(path, sizeof path, "tests/golden/camt%03d/v%02d.xml.txt", message, version);
    full = rows_source(path);
    file = fopen(full, "wb");
    free(full);
    if (file != NULL) {
        fputs(text, file);
        fclose(file);
    }
}

static void
golden__every_version_gives_its_rows(void)
{
    for (int message = 52; message <= 54; message++) {
        for (int version = 1; version <= 13; version++) {
            size_t size, expected_size;
            char *bytes = load_golden(message, version, "", &size), *rows, *expected;
            CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
            CU_ASSERT_EQUAL(rows_read(bytes, size, NULL, NULL, &rows), O2C_OK);
            if (getenv("O2C_GOLDEN_WRITE") != NULL)
                write_golden(message, version, rows);
            expected = load_golden(message, version, ".txt", &expected_size);
            CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
            if (strcmp(rows, expected) != 0)
                printf("# camt.%03d.001.%02d gives\n%s", message, version, rows);
            CU_ASSERT_STRING_EQUAL(rows, expected);
            free(bytes);
            free(rows);
            free(expected);
        }
    }
}

static void
golden__pieces_of_any_size_give_the_same_rows(void)
{
    static const size_t pieces[] = { 1, 2, 63, 64, 65, 1000 };

    for (int version = 1; version <= 12; version += 11) {
        size_t size;
        char *bytes = load_golden(53, version, "", &size), *whole, *cut;
        CU_ASSERT_EQUAL(rows_pushed(bytes, size, NULL, NULL, size, 0, &whole), O2C_OK);
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
            CU_ASSERT_EQUAL(rows_pushed(bytes, size, NULL, NULL, pieces[i], 0, &cut), O2C_OK);
            CU_ASSERT_STRING_EQUAL(cut, whole);
            free(cut);
        }
        for (unsigned seed = 1; seed <= 20; seed++) {
            CU_ASSERT_EQUAL(rows_pushed(bytes, size, NULL, NULL, 0, seed, &cut), O2C_OK);
            CU_ASSERT_STRING_EQUAL(cut, whole);
            free(cut);
        }
        free(whole);
        free(bytes);
    }
}

/* The dialect itself, below the reader's fixed blocks: no piece may matter to transcoder, gate or walker either. */
static char *
rows_of_dialect(const char *bytes, size_t size, size_t piece, o2c_status *out_status)
{
    o2c__context context;
    struct o2c__builder builder;
    o2c_formats_options options = { 0 };
    o2c_error err = { 0 };
    o2c_statements all = { .struct_size = sizeof all };
    void *camt;
    char *text;

    CU_ASSERT_EQUAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    o2c__builder_init(&builder, &context, NULL, NULL);
    camt = o2c__dialect_camt.open(&context, &options, &builder, &err);
    *out_status = O2C_OK;
    for (size_t at = 0; at < size && *out_status == O2C_OK; at += piece)
        *out_status = o2c__dialect_camt.push(camt, bytes + at, size - at < piece ? size - at : piece, &err);
    if (*out_status == O2C_OK)
        *out_status = o2c__dialect_camt.finish(camt, &err);
    o2c__dialect_camt.close(camt);
    all.rows = builder.statements.rows;
    all.count = builder.statements.count;
    all.entries = builder.entries.rows;
    all.balances = builder.balances.rows;
    all.texts = builder.texts.rows;
    all.lines = builder.lines.rows;
    all.heap = o2c__text_heap_str(&builder.heap);
    text = *out_status == O2C_OK ? rows_statements(&all) : rows_error(&err);
    o2c__builder_free(&builder);
    return text;
}

static void
dialect__byte_by_byte_gives_the_same_rows(void)
{
    for (int message = 52; message <= 54; message++) {
        size_t size;
        char *bytes = load_golden(message, 8, "", &size), *whole, *single;
        o2c_status status;
        whole = rows_of_dialect(bytes, size, size, &status);
        CU_ASSERT_EQUAL(status, O2C_OK);
        single = rows_of_dialect(bytes, size, 1, &status);
        CU_ASSERT_EQUAL(status, O2C_OK);
        CU_ASSERT_STRING_EQUAL(single, whole);
        free(whole);
        free(single);
        free(bytes);
    }
}

/* Bytes at the offset of a field are its text, where no reference or blank stands in between. */
static void
check_field(const char *bytes, size_t size, uint64_t at, const o2c_field *field, o2c_str heap, unsigned *count)
{
    o2c_str text = o2c__ref_str(field->text, heap);

    if (field->span == 0 || field->span != text.len)
        return;
    CU_ASSERT_FATAL(at + field->from + field->span <= size);
    CU_ASSERT_EQUAL(memcmp(bytes + at + field->from, text.ptr, text.len), 0);
    ++*count;
}

static void
offsets__point_at_the_bytes_of_the_field(void)
{
    for (int version = 1; version <= 13; version++) {
        size_t size;
        char *bytes = load_golden(53, version, "", &size);
        o2c_formats_file *file = NULL;
        o2c_statements all = { .struct_size = sizeof all };
        unsigned count = 0;
        CU_ASSERT_EQUAL_FATAL(o2c_formats_read(NULL, bytes, size, NULL, &file, NULL), O2C_OK);
        o2c_formats_file_statements(file, &all);
        CU_ASSERT_EQUAL(rows_outside(&all, size), 0);
        CU_ASSERT_EQUAL(memcmp(bytes + all.rows[0].at, "<Stmt>", 6), 0);
        CU_ASSERT_EQUAL(memcmp(bytes + all.rows[0].at + all.rows[0].span - 7, "</Stmt>", 7), 0);
        check_field(bytes, size, all.rows[0].at, &all.rows[0].id, all.heap, &count);
        check_field(bytes, size, all.rows[0].at, &all.rows[0].account, all.heap, &count);
        for (uint64_t i = 0; i < all.entries_count; i++) {
            const o2c_entry *row = &all.entries[i];
            const char *tag = row->level == O2C_ENTRY_DETAIL ? "<TxDtls>" : "<Ntry>";
            CU_ASSERT_EQUAL(memcmp(bytes + row->at, tag, strlen(tag)), 0);
            CU_ASSERT_EQUAL(bytes[row->at + row->span - 1], '>');
            check_field(bytes, size, row->at, &row->end_to_end_id, all.heap, &count);
            check_field(bytes, size, row->at, &row->other_account, all.heap, &count);
            check_field(bytes, size, row->at, &row->other_bank, all.heap, &count);
            check_field(bytes, size, row->at, &row->return_reason, all.heap, &count);
            check_field(bytes, size, row->at, &row->bank_ref, all.heap, &count);
        }
        for (uint64_t i = 0; i < all.texts_count; i++) {
            const o2c_text *text = &all.texts[i];
            CU_ASSERT_EQUAL(memcmp(bytes + text->at, all.heap.ptr + text->text.at, text->text.len), 0);
            CU_ASSERT_EQUAL(text->span, text->text.len);
        }
        CU_ASSERT(count >= 11);
        o2c_formats_file_free(file);
        free(bytes);
    }
}

/* ---- quirks: a statement around entries */
struct read {
    o2c_formats_file *file;
    o2c_statements all;
    o2c_error err;
    o2c_status status;
};
static struct read
read_text(const char *text)
{
    struct read read = { 0 };

    read.status = o2c_formats_read(NULL, text, strlen(text), NULL, &read.file, &read.err);
    o2c_formats_file_statements(read.file, &read.all);
    return read;
}

static bool
is(const struct read *read, o2c_ref ref, const char *word)
{
    return o2c__str_equal(o2c__ref_str(ref, read->all.heap), o2c__str(word));
}

struct amounts_case {
    const char *name, *file;
    int64_t booked;
    unsigned details, residuals;
    int64_t residual;
};
static const struct amounts_case amounts_cases[] = {
    { "one transaction of the same amount is folded", HEAD("08") ENTRY("100.00", "CRDT", DETAILS(TX("<Amt Ccy=\"EUR\">100.00</Amt>"))) TAIL, 10000, 0, 0, 0 },
    { "one transaction without amount is folded", HEAD("02") ENTRY("100.00", "CRDT", DETAILS(TX("<Refs/>"))) TAIL, 10000, 0, 0, 0 },
    { "charges outside leave a residual",
      HEAD("04") ENTRY("1526.00", "DBIT", DETAILS(TX("<Amt Ccy=\"EUR\">1500.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>"))) TAIL, -152600, 1, 1, -2600 },
    { "two parts that add up",
      HEAD("04") ENTRY("429.56", "CRDT", DETAILS(TX("<Amt Ccy=\"EUR\">329.56</Amt>") TX("<Amt Ccy=\"EUR\">100.00</Amt>"))) TAIL, 42956, 2, 0, 0 },
    { "parts of both directions",
      HEAD("08") ENTRY("60.00", "CRDT", DETAILS(TX("<Amt Ccy=\"EUR\">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>") TX("<Amt Ccy=\"EUR\">40.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>"))) TAIL,
      6000, 2, 0, 0 },
    { "version 02: the amount stands in AmtDtls",
      HEAD("02") ENTRY("50.00", "CRDT", DETAILS(TX("<AmtDtls><TxAmt><Amt Ccy=\"EUR\">30.00</Amt></TxAmt></AmtDtls>") TX("<AmtDtls><InstdAmt><Amt Ccy=\"EUR\">20.00</Amt></InstdAmt></AmtDtls>"))) TAIL,
      5000, 2, 0, 0 },
    { "an instructed amount in another currency is none of ours",
      HEAD("02") ENTRY("50.00", "CRDT", DETAILS(TX("<AmtDtls><InstdAmt><Amt Ccy=\"USD\">55.00</Amt></InstdAmt></AmtDtls>"))) TAIL, 5000, 0, 0, 0 },
    { "several transactions without amounts leave all of it",
      HEAD("02") ENTRY("50.00", "CRDT", DETAILS(TX("<Refs/>") TX("<Refs/>"))) TAIL, 5000, 2, 1, 5000 },
    { "a reversal's transactions repeat the first direction",
      HEAD("08") ENTRY("30.00", "DBIT", "<RvslInd>true</RvslInd>" DETAILS(TX("<Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>") TX("<Amt Ccy=\"EUR\">20.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"))) TAIL,
      -3000, 2, 0, 0 },
    { "an amount without decimals", HEAD("08") ENTRY("600", "CRDT", "") TAIL, 60000, 0, 0, 0 },
    { "zeros beyond the exponent and in front", HEAD("08") ENTRY("000000000000149.8700", "CRDT", "") TAIL, 14987, 0, 0, 0 },
};

static void
amounts__parts_and_residual_add_up(void)
{
    for (size_t i = 0; i < sizeof amounts_cases / sizeof *amounts_cases; i++) {
        const struct amounts_case *want = &amounts_cases[i];
        struct read read = read_text(want->file);
        int64_t sum = 0, residual = 0;
        unsigned details = 0, residuals = 0;
        CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
        for (uint64_t j = 1; j < read.all.entries_count; j++) {
            sum += read.all.entries[j].amount_minor;
            details += read.all.entries[j].level == O2C_ENTRY_DETAIL;
            residuals += read.all.entries[j].level == O2C_ENTRY_RESIDUAL;
            residual += read.all.entries[j].level == O2C_ENTRY_RESIDUAL ? read.all.entries[j].amount_minor : 0;
        }
        if (read.all.entries[0].amount_minor != want->booked || details != want->details || residuals != want->residuals)
            printf("# %s: %lld, %u details, %u residuals\n", want->name, (long long)read.all.entries[0].amount_minor, details, residuals);
        CU_ASSERT_EQUAL(read.all.entries[0].amount_minor, want->booked);
        CU_ASSERT_EQUAL(read.all.entries[0].details_count, details + residuals);
        CU_ASSERT_EQUAL(details, want->details);
        CU_ASSERT_EQUAL(residuals, want->residuals);
        CU_ASSERT_EQUAL(residual, want->residual);
        CU_ASSERT(details == 0 || sum == want->booked);
        o2c_formats_file_free(read.file);
    }
}

struct tie_case {
    const char *name, *file;
    int32_t tie;
    uint32_t has, flags;
};
static const struct tie_case tie_cases[] = {
    { "ties", HEAD("08") BALANCE("OPBD", "10.00") BALANCE("CLBD", "15.00") ENTRY("5.00", "CRDT", "") TAIL, O2C_TIE_RESULT_OK, 3, 0 },
    { "does not tie", HEAD("08") BALANCE("OPBD", "10.00") BALANCE("CLBD", "15.01") ENTRY("5.00", "CRDT", "") TAIL, O2C_TIE_RESULT_MISMATCH, 3, 0 },
    { "previous closing opens", HEAD("08") BALANCE("PRCD", "10.00") BALANCE("CLBD", "15.00") ENTRY("5.00", "CRDT", "") TAIL, O2C_TIE_RESULT_OK, 3, 0 },
    { "OPBD beats PRCD", HEAD("08") BALANCE("PRCD", "9.00") BALANCE("OPBD", "10.00") BALANCE("CLBD", "15.00") ENTRY("5.00", "CRDT", "") TAIL,
      O2C_TIE_RESULT_OK, 3, 0 },
    { "no closing balance", HEAD("08") BALANCE("OPBD", "10.00") ENTRY("5.00", "CRDT", "") TAIL, O2C_TIE_RESULT_NOT_CHECKABLE, 1, 0 },
    { "available balances are no ends", HEAD("08") BALANCE("OPAV", "10.00") BALANCE("CLAV", "15.00") ENTRY("5.00", "CRDT", "") TAIL,
      O2C_TIE_RESULT_NOT_CHECKABLE, 0, 0 },
    { "a pending entry is not in the closing balance",
      HEAD("08") BALANCE("OPBD", "10.00") BALANCE("CLBD", "10.00") "<Ntry><Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>" TAIL,
      O2C_TIE_RESULT_OK, 3, 0 },
    { "an entry in another currency cannot be added",
      HEAD("08") BALANCE("OPBD", "10.00") BALANCE("CLBD", "10.00") "<Ntry><Amt Ccy=\"USD\">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>" TAIL,
      O2C_TIE_RESULT_NOT_CHECKABLE, 3, 0 },
    { "a page of several proves nothing",
      HEAD("08") "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>" BALANCE("OPBD", "10.00") BALANCE("CLBD", "99.00") ENTRY("5.00", "CRDT", "") TAIL,
      O2C_TIE_RESULT_NOT_CHECKABLE, 3, 0 },
    { "two interim balances are ends", HEAD("08") BALANCE("ITBD", "10.00") BALANCE("ITBD", "15.00") ENTRY("5.00", "CRDT", "") TAIL, O2C_TIE_RESULT_OK, 3, 4 },
    { "one interim balance is none", HEAD("08") BALANCE("ITBD", "10.00") ENTRY("5.00", "CRDT", "") TAIL, O2C_TIE_RESULT_NOT_CHECKABLE, 0, 0 },
    { "no entries", HEAD("08") BALANCE("OPBD", "10.00") BALANCE("CLBD", "10.00") TAIL, O2C_TIE_RESULT_OK, 3, 0 },
    { "a copy says so", HEAD("08") "<CpyDplctInd>DUPL</CpyDplctInd>" TAIL, O2C_TIE_RESULT_NOT_CHECKABLE, 0, 1 },
    { "a later version is read and marked", HEAD("14") TAIL, O2C_TIE_RESULT_NOT_CHECKABLE, 0, 2 },
};

static void
tie__says_what_the_balances_prove(void)
{
    for (size_t i = 0; i < sizeof tie_cases / sizeof *tie_cases; i++) {
        struct read read = read_text(tie_cases[i].file);
        CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
        if (read.all.rows[0].tie != tie_cases[i].tie || read.all.rows[0].has != tie_cases[i].has || read.all.rows[0].flags != tie_cases[i].flags)
            printf("# %s: tie %d has %u flags %u\n", tie_cases[i].name, read.all.rows[0].tie, read.all.rows[0].has, read.all.rows[0].flags);
        CU_ASSERT_EQUAL(read.all.rows[0].tie, tie_cases[i].tie);
        CU_ASSERT_EQUAL(read.all.rows[0].has, tie_cases[i].has);
        CU_ASSERT_EQUAL(read.all.rows[0].flags, tie_cases[i].flags);
        o2c_formats_file_free(read.file);
    }
}

/* ---- refusals: status, field, and the byte that is wrong */
struct refusal {
    const char *name, *file;
    o2c_status status;
    const char *field;
    const char *at; /* text in the file where the offset stands; NULL = not checked */
};
static const struct refusal refusals[] = {
    { "a digit too many", HEAD("08") ENTRY("1.005", "CRDT", "") TAIL, O2C_E_FORMATS_FIELD, "Ntry/Amt", "5</Amt>" },
    { "no number", HEAD("08") ENTRY("1O.00", "CRDT", "") TAIL, O2C_E_FORMATS_FIELD, "Ntry/Amt", "O.00" },
    { "a sign in the amount", HEAD("08") ENTRY("-1.00", "CRDT", "") TAIL, O2C_E_FORMATS_FIELD, "Ntry/Amt", "-1.00" },
    { "no amount", HEAD("08") "<Ntry><CdtDbtInd>CRDT</CdtDbtInd></Ntry>" TAIL, O2C_E_FORMATS_FIELD, "Ntry/Amt", "<Ntry>" },
    { "no direction", HEAD("08") "<Ntry><Amt Ccy=\"EUR\">1</Amt></Ntry>" TAIL, O2C_E_FORMATS_FIELD, "Ntry/CdtDbtInd", "<Ntry>" },
    { "no currency", HEAD("08") "<Ntry><Amt>1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>" TAIL, O2C_E_FORMATS_FIELD, "Ntry/Amt", "1</Amt>" },
    { "an unknown currency", HEAD("08") "<Ntry><Amt Ccy=\"QQQ\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>" TAIL, O2C_E_FORMATS_FIELD, "Ntry/Amt", "1</Amt>" },
    { "JPY has no cents", HEAD("08") "<Ntry><Amt Ccy=\"JPY\">1.5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>" TAIL, O2C_E_FORMATS_FIELD, "Ntry/Amt", "5</Amt>" },
    { "too much money", HEAD("08") ENTRY("99999999999999.99", "CRDT", "") TAIL, O2C_E_LIMIT, "amount_max", NULL },
    { "a balance without amount", HEAD("08") "<Bal><CdtDbtInd>CRDT</CdtDbtInd></Bal>" TAIL, O2C_E_FORMATS_FIELD, "Bal/Amt", "<Bal>" },
    { "not closed", HEAD("08") ENTRY("1", "CRDT", ""), O2C_E_FORMATS_TRUNCATED, "xml", NULL },
    { "closed crosswise", HEAD("08") "<Ntry></Stmt></Ntry>", O2C_E_FORMATS_SYNTAX, "xml", NULL },
    { "one tag of a statement", "<Ntry><Amt Ccy=\"EUR\">1</Amt></Ntry>", O2C_E_FORMATS_UNKNOWN, "Document", NULL },
    { "another message", "<Document><CstmrCdtTrfInitn/></Document>", O2C_E_FORMATS_UNKNOWN, "Document", "<CstmrCdtTrfInitn" },
    { "no statement in it", "<Document><BkToCstmrStmt><GrpHdr/></BkToCstmrStmt></Document>", O2C_E_FORMATS_EMPTY, "Document", NULL },
    { "a document type", "<!DOCTYPE Document><Document/>", O2C_E_FORMATS_DTD, "xml", "DOCTYPE" },
    { "an encoding nobody reads", "<?xml version=\"1.0\" encoding=\"UTF-7\"?><Document/>", O2C_E_FORMATS_ENCODING, "encoding", "UTF-7" },
    { "bytes that are not UTF-8", HEAD("08") "<Nm>\xE4</Nm>" TAIL, O2C_E_FORMATS_ENCODING, "xml", "\xE4" },
    { "an unknown entity", HEAD("08") "<Nm>&uuml;</Nm>" TAIL, O2C_E_FORMATS_SYNTAX, "entity", ";</Nm>" },
    { "an undeclared prefix", "<x:Document/>", O2C_E_FORMATS_SYNTAX, "xml", NULL },
};

static void
refusal__names_field_offset_and_reason(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *want = &refusals[i];
        struct read read = read_text(want->file);
        const char *at = want->at != NULL ? strstr(want->file, want->at) : NULL;
        bool there = at == NULL || read.err.offset == (uint64_t)(at - want->file);
        if (read.status != want->status || strcmp(read.err.field, want->field) != 0 || !there)
            printf("# %s: %s %s @%llu %s\n", want->name, o2c_status_name(read.status), read.err.field, (unsigned long long)read.err.offset,
                   read.err.message);
        CU_ASSERT_EQUAL(read.status, want->status);
        CU_ASSERT_STRING_EQUAL(read.err.field, want->field);
        CU_ASSERT(there);
        CU_ASSERT(read.err.message[0] != '\0');
        CU_ASSERT_PTR_NULL(read.file);
        o2c_formats_file_free(read.file);
    }
}

/* ---- roots and envelopes */
static void
root__is_found_whatever_stands_around_it(void)
{
    static const char *const files[] = {
        "<Document><BkToCstmrStmt><Stmt><Id>S</Id></Stmt></BkToCstmrStmt></Document>",
        "<n:Document xmlns:n=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.04\"><n:BkToCstmrStmt><n:Stmt><n:Id>S</n:Id></n:Stmt></n:BkToCstmrStmt></n:Document>",
        "<Envelope xmlns=\"urn:swift:xsd:envelope\"><AppHdr><Id>no</Id></AppHdr><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">"
        "<BkToCstmrStmt><Stmt><Id>S</Id></Stmt></BkToCstmrStmt></Document></Envelope>",
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><Document xmlns=\"http://www.six-interbank-clearing.com/de/camt.053.001.04.ch.02.xsd\">"
        "<BkToCstmrStmt><Stmt><Id><![CDATA[S]]></Id></Stmt></BkToCstmrStmt></Document>",
    };
    static const int32_t versions[] = { 0, 4, 8, 4 };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct read read = read_text(files[i]);
        CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
        CU_ASSERT_EQUAL(read.all.count, 1);
        CU_ASSERT(is(&read, read.all.rows[0].id.text, "S"));
        CU_ASSERT_EQUAL(read.all.rows[0].version, versions[i]);
        CU_ASSERT_EQUAL(read.all.rows[0].format, O2C_FORMAT_CAMT053);
        CU_ASSERT_EQUAL(files[i][read.all.rows[0].at + read.all.rows[0].id.from], 'S');
        o2c_formats_file_free(read.file);
    }
}

/* ---- encodings: the offset is that of the input, not of the UTF-8 */
static void
encoding__offsets_count_bytes_of_the_input(void)
{
    static const char latin[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Document><BkToCstmrStmt><Stmt><!-- \xE4\xF6\xFC\xE4\xF6\xFC --><Id>S\xFC"
                                "d</Id><ElctrncSeqNb>7</ElctrncSeqNb></Stmt></BkToCstmrStmt></Document>";
    struct read read = read_text(latin);
    char wide[2 * sizeof latin + 2];
    size_t size = 0;
    o2c_statements all = { .struct_size = sizeof all };
    o2c_formats_file *file = NULL;

    CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
    CU_ASSERT(is(&read, read.all.rows[0].id.text, "S\xC3\xBC" "d"));
    CU_ASSERT_EQUAL(latin[read.all.rows[0].at + read.all.rows[0].id.from], 'S');
    CU_ASSERT_EQUAL(read.all.rows[0].id.span, 3);
    CU_ASSERT_EQUAL(latin[read.all.rows[0].at + read.all.rows[0].number.from], '7');
    o2c_formats_file_free(read.file);
    wide[size++] = '\xFE';
    wide[size++] = '\xFF';
    for (size_t i = 0; latin[i] != '\0'; i++) {
        wide[size++] = '\0';
        wide[size++] = latin[i];
    }
    CU_ASSERT_EQUAL_FATAL(o2c_formats_read(NULL, wide, size, NULL, &file, NULL), O2C_OK);
    o2c_formats_file_statements(file, &all);
    CU_ASSERT_EQUAL(wide[all.rows[0].at + all.rows[0].id.from + 1], 'S');
    CU_ASSERT_EQUAL(all.rows[0].id.span, 6);
    CU_ASSERT_EQUAL(wide[all.rows[0].at + all.rows[0].number.from + 1], '7');
    o2c_formats_file_free(file);
}

/* ---- references and remittance */
static void
references__placeholders_and_codes_are_dropped(void)
{
    struct read read = read_text(HEAD("08") ENTRY("1", "CRDT", DETAILS(TX("<Refs><InstrId>I</InstrId><EndToEndId>NOTPROVIDED</EndToEndId><TxId>T</TxId><ChqNb>C</ChqNb>"
        "<Prtry><Tp>x</Tp><Ref>P</Ref></Prtry></Refs><RmtInf><Ustrd>first</Ustrd><Ustrd>?REJECT?0</Ustrd><Ustrd> second\n</Ustrd>"
        "<Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>210000000003139471430009017</Ref></CdtrRefInf>"
        "<AddtlRmtInf>?REJECT?0?ERROR?000</AddtlRmtInf></Strd></RmtInf><AddtlTxInf>tx</AddtlTxInf>")) "<AddtlNtryInf>entry</AddtlNtryInf>") TAIL);
    const o2c_entry *row = read.all.entries;

    CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
    CU_ASSERT_EQUAL(row->end_to_end_id.text.len, 0);
    CU_ASSERT(is(&read, row->transaction_id.text, "T"));
    CU_ASSERT(is(&read, row->cheque.text, "C"));
    CU_ASSERT(is(&read, row->customer_ref.text, "P"));
    CU_ASSERT(is(&read, row->note.text, "entry\ntx"));
    CU_ASSERT_EQUAL_FATAL(row->texts_count, 2);
    CU_ASSERT(is(&read, read.all.texts[row->texts_at].text, "first"));
    CU_ASSERT(is(&read, read.all.texts[row->texts_at + 1].text, "second"));
    CU_ASSERT_EQUAL_FATAL(row->structured_count, 1);
    CU_ASSERT_EQUAL(read.all.texts[row->structured_at].scheme, O2C_SCHEME_QRR);
    CU_ASSERT_EQUAL(row->lines_count, 0);
    o2c_formats_file_free(read.file);
}

static void
status__forms_of_every_version(void)
{
    static const struct {
        const char *file;
        int32_t status;
    } cases[] = {
        { HEAD("02") "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry>" TAIL, O2C_ENTRY_STATUS_PENDING },
        { HEAD("08") "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts> <Cd>INFO</Cd> </Sts></Ntry>" TAIL, O2C_ENTRY_STATUS_INFO },
        { HEAD("08") "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>FUTR</Cd></Sts></Ntry>" TAIL, O2C_ENTRY_STATUS_FUTURE },
        { HEAD("08") "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Prtry>later</Prtry></Sts></Ntry>" TAIL, O2C_ENTRY_STATUS_PENDING },
        { HEAD("08") "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>" TAIL, O2C_ENTRY_STATUS_BOOKED },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct read read = read_text(cases[i].file);
        CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
        CU_ASSERT_EQUAL(read.all.entries[0].status, cases[i].status);
        o2c_formats_file_free(read.file);
    }
}

static void
dates__local_day_as_written_and_impossible_days_are_doubtful(void)
{
    struct read read = read_text(HEAD("08") "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><DtTm>2026-02-28T23:59:59-05:00</DtTm></BookgDt>"
                                            "<ValDt><Dt>2026-02-29</Dt></ValDt></Ntry>" TAIL);
    char day[11];

    CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
    CU_ASSERT_EQUAL(o2c_date_write(read.all.entries[0].booking_day, day, NULL), O2C_OK);
    CU_ASSERT_STRING_EQUAL(day, "2026-02-28");
    CU_ASSERT_EQUAL(read.all.entries[0].value_day, 0);
    CU_ASSERT_EQUAL(read.all.entries[0].flags, O2C_ENTRY_FLAG_DATE_DOUBTFUL);
    o2c_formats_file_free(read.file);
}

static void
charges__total_or_records_and_who_bears_them(void)
{
    static const struct {
        const char *file;
        int64_t minor;
        int32_t bearer;
    } cases[] = {
        { HEAD("02") ENTRY("1", "CRDT", "<Chrgs><Amt Ccy=\"EUR\">2.50</Amt><Br>SHAR</Br></Chrgs><Chrgs><Amt Ccy=\"EUR\">1.00</Amt></Chrgs>") TAIL, 350, O2C_BEARER_SHARED },
        { HEAD("08") ENTRY("1", "CRDT", "<Chrgs><TtlChrgsAndTaxAmt Ccy=\"EUR\">4.00</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy=\"EUR\">3.00</Amt><Br>DEBT</Br></Rcrd></Chrgs>") TAIL, 400, O2C_BEARER_PAYER },
        { HEAD("08") ENTRY("1", "CRDT", "<Chrgs><Rcrd><Amt Ccy=\"EUR\">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Br>CRED</Br></Rcrd><Rcrd><Amt Ccy=\"EUR\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>") TAIL, 200, O2C_BEARER_PAYEE },
        { HEAD("08") ENTRY("1", "CRDT", DETAILS(TX("<Chrgs><Rcrd><Amt Ccy=\"EUR\">3.00</Amt><Br>SLEV</Br></Rcrd></Chrgs>"))) TAIL, 300, O2C_BEARER_SERVICE_LEVEL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct read read = read_text(cases[i].file);
        CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
        CU_ASSERT_EQUAL(read.all.entries[0].charges_minor, cases[i].minor);
        CU_ASSERT_STRING_EQUAL(read.all.entries[0].charges_currency, "EUR");
        CU_ASSERT_EQUAL(read.all.entries[0].bearer, cases[i].bearer);
        o2c_formats_file_free(read.file);
    }
}

static void
party__the_other_side_is_never_our_own_account(void)
{
    static const char *const files[] = {
        HEAD("08") "<Acct><Id><IBAN>OURS</IBAN></Id></Acct>" ENTRY("1", "CRDT", DETAILS(TX("<RltdPties><Dbtr><Pty><Nm>Them</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Us</Nm></Pty></Cdtr></RltdPties>"))) TAIL,
        HEAD("04") "<Acct><Id><IBAN>OURS</IBAN></Id></Acct>" ENTRY("1", "DBIT", DETAILS(TX("<RltdPties><Dbtr><Nm>Us</Nm></Dbtr><Cdtr><Nm>Them</Nm></Cdtr></RltdPties>"))) TAIL,
        HEAD("04") "<Acct><Id><IBAN>OURS</IBAN></Id></Acct>" ENTRY("1", "DBIT", DETAILS(TX("<RltdPties><Dbtr><Nm>Them</Nm></Dbtr><Cdtr><Nm>Us</Nm></Cdtr></RltdPties><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"))) TAIL,
        HEAD("04") "<Acct><Id><IBAN>OURS</IBAN></Id></Acct>" ENTRY("1", "CRDT", DETAILS(TX("<RltdPties><Dbtr><Nm>Us</Nm></Dbtr><DbtrAcct><Id><IBAN>OURS</IBAN></Id></DbtrAcct><Cdtr><Nm>Them</Nm></Cdtr></RltdPties>"))) TAIL,
        HEAD("08") ENTRY("1", "CRDT", DETAILS(TX("<RltdPties><Dbtr><Agt><FinInstnId><Nm>Them</Nm></FinInstnId></Agt></Dbtr></RltdPties>"))) TAIL,
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct read read = read_text(files[i]);
        CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
        CU_ASSERT(is(&read, read.all.entries[0].other_name.text, "Them"));
        o2c_formats_file_free(read.file);
    }
}

#define STRD(inner) HEAD("08") ENTRY("970", "CRDT", DETAILS(TX("<RmtInf><Strd>" inner "</Strd></RmtInf>"))) TAIL
#define DOCUMENT(number) "<RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>" number "</Nb></RfrdDocInf>"
struct line_case {
    const char *name, *file;
    unsigned lines, line; /* count, and which one is looked at */
    const char *document;
    uint32_t has;
    int64_t gross, deduction, paid;
    uint32_t check;
    const char *reason, *words;
};
static const struct line_case line_cases[] = {
    { "REF-03 due 1000, DBIT 30 reason 04 gives 970",
      STRD(DOCUMENT("A") "<RfrdDocAmt><DuePyblAmt Ccy=\"EUR\">1000</DuePyblAmt><AdjstmntAmtAndRsn><Amt Ccy=\"EUR\">30</Amt><CdtDbtInd>DBIT</CdtDbtInd><Rsn>04</Rsn></AdjstmntAmtAndRsn>"
           "<RmtdAmt Ccy=\"EUR\">970</RmtdAmt></RfrdDocAmt>"), 1, 0, "A", O2C_HAS_GROSS | O2C_HAS_DEDUCTION | O2C_HAS_PAID, 100000, 3000, 97000, 0, "04", "" },
    { "REF-04 arithmetic that does not hold is a finding",
      STRD(DOCUMENT("A") "<RfrdDocAmt><DuePyblAmt Ccy=\"EUR\">1000</DuePyblAmt><RmtdAmt Ccy=\"EUR\">970</RmtdAmt></RfrdDocAmt>"), 1, 0, "A",
      O2C_HAS_GROSS | O2C_HAS_PAID, 100000, 0, 97000, 1, "", "" },
    { "CRDT raises the payment",
      STRD(DOCUMENT("A") "<RfrdDocAmt><DuePyblAmt Ccy=\"EUR\">940</DuePyblAmt><AdjstmntAmtAndRsn><Amt Ccy=\"EUR\">30</Amt><CdtDbtInd>CRDT</CdtDbtInd><AddtlInf>rest</AddtlInf></AdjstmntAmtAndRsn>"
           "<RmtdAmt Ccy=\"EUR\">970</RmtdAmt></RfrdDocAmt>"), 1, 0, "A", O2C_HAS_GROSS | O2C_HAS_DEDUCTION | O2C_HAS_PAID, 94000, -3000, 97000, 0, "", "rest" },
    { "an unmapped type is kept in words",
      STRD(DOCUMENT("A") "<RfrdDocAmt><RmtAmtAndTp><Tp><Prtry>InvoiceAmount</Prtry></Tp><Amt Ccy=\"EUR\">970</Amt></RmtAmtAndTp>"
           "<RmtAmtAndTp><Tp><Prtry>Bonus</Prtry></Tp><Amt Ccy=\"EUR\">5.00</Amt></RmtAmtAndTp></RfrdDocAmt>"), 2, 1, "A", 0, 0, 0, 0, 0, "", "Bonus 5.00 EUR" },
    { "the mapped amount beside it stands on the document",
      STRD(DOCUMENT("A") "<RfrdDocAmt><RmtAmtAndTp><Tp><Prtry>InvoiceAmount</Prtry></Tp><Amt Ccy=\"EUR\">970</Amt></RmtAmtAndTp>"
           "<RmtAmtAndTp><Tp><Prtry>Bonus</Prtry></Tp><Amt Ccy=\"EUR\">5.00</Amt></RmtAmtAndTp></RfrdDocAmt>"), 2, 0, "A", O2C_HAS_GROSS, 97000, 0, 0, 0, "", "" },
    { "one amount for two documents belongs to neither",
      STRD(DOCUMENT("A") DOCUMENT("B") "<RfrdDocAmt><RmtdAmt Ccy=\"EUR\">970</RmtdAmt></RfrdDocAmt>"), 3, 2, "", O2C_HAS_PAID, 0, 0, 97000, 0, "", "" },
    { "each reason has its line",
      STRD(DOCUMENT("A") "<RfrdDocAmt><DuePyblAmt Ccy=\"EUR\">1000</DuePyblAmt><AdjstmntAmtAndRsn><Amt Ccy=\"EUR\">10</Amt><Rsn>01</Rsn></AdjstmntAmtAndRsn>"
           "<AdjstmntAmtAndRsn><Amt Ccy=\"EUR\">20</Amt><CdtDbtInd>DBIT</CdtDbtInd><Rsn>02</Rsn></AdjstmntAmtAndRsn><RmtdAmt Ccy=\"EUR\">970</RmtdAmt></RfrdDocAmt>"),
      2, 1, "A", O2C_HAS_DEDUCTION, 0, 2000, 0, 0, "02", "" },
    { "an amount in another currency is a finding",
      STRD(DOCUMENT("A") "<RfrdDocAmt><DuePyblAmt Ccy=\"USD\">1000</DuePyblAmt><RmtdAmt Ccy=\"EUR\">970</RmtdAmt></RfrdDocAmt>"), 1, 0, "A", O2C_HAS_PAID, 0, 0,
      97000, 1, "", "" },
};

static void
remittance__every_shape_is_one_line(void)
{
    for (size_t i = 0; i < sizeof line_cases / sizeof *line_cases; i++) {
        const struct line_case *want = &line_cases[i];
        struct read read = read_text(want->file);
        const o2c_remittance_line *line;
        CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
        CU_ASSERT_EQUAL_FATAL(read.all.entries[0].lines_count, want->lines);
        line = &read.all.lines[read.all.entries[0].lines_at + want->line];
        if (line->has != want->has || line->check != want->check)
            printf("# %s: has %u check %u\n", want->name, line->has, line->check);
        CU_ASSERT(is(&read, line->document, want->document));
        CU_ASSERT_EQUAL(line->has, want->has);
        CU_ASSERT_EQUAL(line->gross_minor, want->gross);
        CU_ASSERT_EQUAL(line->deduction_minor, want->deduction);
        CU_ASSERT_EQUAL(line->paid_minor, want->paid);
        CU_ASSERT_EQUAL(line->check, want->check);
        CU_ASSERT(is(&read, line->reason, want->reason));
        CU_ASSERT(is(&read, line->words, want->words));
        o2c_formats_file_free(read.file);
    }
}

static void
batch__without_details_says_so(void)
{
    struct read read = read_text(HEAD("08") ENTRY("10", "CRDT", DETAILS("<Btch><MsgId>M</MsgId><NbOfTxs>12</NbOfTxs></Btch>")) ENTRY("10", "CRDT", "") TAIL);

    CU_ASSERT_EQUAL_FATAL(read.status, O2C_OK);
    CU_ASSERT_EQUAL(read.all.entries_count, 2);
    CU_ASSERT_EQUAL(read.all.entries[0].flags, O2C_ENTRY_FLAG_BATCH);
    CU_ASSERT_EQUAL(read.all.entries[0].batch_count, 12);
    CU_ASSERT(is(&read, read.all.entries[0].batch_id.text, "M"));
    CU_ASSERT_EQUAL(read.all.entries[1].flags, 0);
    CU_ASSERT_EQUAL(read.all.entries[1].ordinal, 1);
    o2c_formats_file_free(read.file);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "golden__every_version_gives_its_rows", golden__every_version_gives_its_rows },
        { "golden__pieces_of_any_size_give_the_same_rows", golden__pieces_of_any_size_give_the_same_rows },
        { "dialect__byte_by_byte_gives_the_same_rows", dialect__byte_by_byte_gives_the_same_rows },
        { "offsets__point_at_the_bytes_of_the_field", offsets__point_at_the_bytes_of_the_field },
        { "amounts__parts_and_residual_add_up", amounts__parts_and_residual_add_up },
        { "tie__says_what_the_balances_prove", tie__says_what_the_balances_prove },
        { "refusal__names_field_offset_and_reason", refusal__names_field_offset_and_reason },
        { "root__is_found_whatever_stands_around_it", root__is_found_whatever_stands_around_it },
        { "encoding__offsets_count_bytes_of_the_input", encoding__offsets_count_bytes_of_the_input },
        { "references__placeholders_and_codes_are_dropped", references__placeholders_and_codes_are_dropped },
        { "status__forms_of_every_version", status__forms_of_every_version },
        { "dates__local_day_as_written_and_impossible_days_are_doubtful", dates__local_day_as_written_and_impossible_days_are_doubtful },
        { "charges__total_or_records_and_who_bears_them", charges__total_or_records_and_who_bears_them },
        { "party__the_other_side_is_never_our_own_account", party__the_other_side_is_never_our_own_account },
        { "remittance__every_shape_is_one_line", remittance__every_shape_is_one_line },
        { "batch__without_details_says_so", batch__without_details_says_so },
    };

    return tap_run("formats/camt", tests, TAP_COUNT(tests));
}

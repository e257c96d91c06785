/* SPDX-License-Identifier: Apache-2.0 */
/* Delimited lists and payments: golden files, refusals with their place, profiles, splits, limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/csv.h"
#include "rows.h"
#include "support/tap.h"

enum list { ITEMS, CUSTOMERS, REMITTANCES, PAYMENTS };

static o2c_csv_profile
profile_of(const char *name)
{
    o2c_csv_profile profile = { .struct_size = sizeof profile };
    o2c_str text = { name, strlen(name) };
    CU_ASSERT_EQUAL(o2c_formats_profile(&text, &profile, NULL), O2C_OK);
    return profile;
}

/* A list as text, or its refusal. */
static char *
read_list(enum list list, const char *bytes, size_t size, const o2c_env *env, const o2c_csv_profile *profile, o2c_status *status)
{
    o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_CSV, .profile = profile };
    o2c_formats_file *file = NULL;
    o2c_error err = { 0 };
    char *out = NULL;
    if (list == PAYMENTS)
        return *status = rows_read(bytes, size, env, &options, &out), out;
    *status = list == ITEMS       ? o2c_formats_read_items(env, bytes, size, &options, &file, &err)
              : list == CUSTOMERS ? o2c_formats_read_customers(env, bytes, size, &options, &file, &err)
                                  : o2c_formats_read_remittances(env, bytes, size, &options, &file, &err);
    if (*status != O2C_OK)
        return rows_error(&err);
    CU_ASSERT_EQUAL(o2c_formats_file_format(file), O2C_FORMAT_CSV);
    if (list == REMITTANCES) {
        o2c_remittances rows = { .struct_size = sizeof rows };
        o2c_formats_file_remittances(file, &rows);
        out = rows_remittances(&rows);
    } else {
        o2c_master rows = { .struct_size = sizeof rows };
        o2c_formats_file_master(file, &rows);
        out = rows_master(&rows);
    }
    o2c_formats_file_free(file);
    return out;
}

static const struct {
    enum list list;
    const char *name, *profile;
} golden[] = {
    { ITEMS, "items.csv", "default" },           { ITEMS, "items_german.csv", "german" },   { CUSTOMERS, "customers.csv",
                                                                                              "default" },
    { REMITTANCES, "remittances.csv", "default" }, { PAYMENTS, "payments.csv", "default" }, { PAYMENTS, "payments_us.csv", "us" },
};

static char *
load_golden(const char *name, const char *ending, size_t *size)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/csv/%s%s", name, ending);
    char *full = rows_source(path), *bytes = rows_load(full, size);
    free(full);
    return bytes;
}

static void
write_golden(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/csv/%s.txt", name);
    char *full = rows_source(path);
    FILE *file = fopen(full, "wb");
    free(full);
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

static void
golden__every_list_gives_its_rows(void)
{
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        size_t size, expected_size;
        o2c_status status;
        o2c_csv_profile profile = profile_of(golden[i].profile);
        char *bytes = load_golden(golden[i].name, "", &size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        char *rows = read_list(golden[i].list, bytes, size, NULL, &profile, &status);
        CU_ASSERT_EQUAL(status, O2C_OK);
        if (getenv("O2C_GOLDEN_WRITE"))
            write_golden(golden[i].name, rows);
        char *expected = load_golden(golden[i].name, ".txt", &expected_size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
        if (strcmp(rows, expected) != 0)
            printf("# %s gives\n%s", golden[i].name, rows);
        CU_ASSERT_STRING_EQUAL(rows, expected);
        free(expected);
        free(rows);
        free(bytes);
    }
}

static void
splits__payments_in_any_pieces_give_the_same(void)
{
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        size_t size;
        if (golden[i].list != PAYMENTS)
            continue;
        o2c_csv_profile profile = profile_of(golden[i].profile);
        o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_CSV, .profile = &profile };
        char *bytes = load_golden(golden[i].name, "", &size), *whole, *pieces;
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        CU_ASSERT_EQUAL(rows_read(bytes, size, NULL, &options, &whole), O2C_OK);
        for (unsigned seed = 0; seed < 5; seed++) {
            rows_pushed(bytes, size, NULL, &options, seed == 0 ? 1 : 0, seed, &pieces);
            CU_ASSERT_STRING_EQUAL(whole, pieces);
            free(pieces);
        }
        free(whole);
        free(bytes);
    }
}

/* ---- records */

struct seen {
    char text[600];
    size_t count;
};

static o2c_status
note_record(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct seen *seen = self;
    (void)err;
    for (uint32_t i = 0; i < record->count; i++) {
        const struct o2c__csv_cell *cell = &record->cells[i];
        seen->count += (size_t)snprintf(seen->text + seen->count, sizeof seen->text - seen->count, "[%.*s@%llu+%u:%u]",
                                        (int)cell->len,
                                        record->text + cell->from, (unsigned long long)cell->at, cell->span, cell->line);
    }
    seen->text[seen->count++] = ';';
    return O2C_OK;
}

static void
split_in(const char *bytes, size_t size, size_t piece, struct seen *seen)
{
    o2c__context context;
    struct o2c__csv_split split;
    o2c_error err = { 0 };
    memset(seen, 0, sizeof *seen);
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    o2c__csv_split_init(&split, &context, ',', O2C_ENCODING_WINDOWS1252, note_record, seen);
    o2c_status status = O2C_OK;
    for (size_t at = 0; at < size && status == O2C_OK; at += piece)
        status = o2c__csv_split_push(&split, bytes + at, size - at < piece ? size - at : piece, &err);
    if (status == O2C_OK)
        status = o2c__csv_split_finish(&split, &err);
    if (status != O2C_OK)
        snprintf(seen->text + seen->count, sizeof seen->text - seen->count, "!%d@%lld:%u", status, (long long)err.offset, err.line);
    o2c__csv_split_free(&split);
    CU_ASSERT_EQUAL(context.memory.used, 0);
}

static void
records__quotes_line_breaks_and_marks_at_any_cut(void)
{
    static const struct {
        const char *bytes, *expected;
    } cases[] = {
        { "a,b\nc,d", "[a@0+1:1][b@2+1:1];[c@4+1:2][d@6+1:2];" },
        { "a,b\r\n\r\nc,\r\n", "[a@0+1:1][b@2+1:1];[c@7+1:3][@9+0:3];" },
        { "\"a,\"\"b\n\",c\r\nd", "[a,\"b\n@1+6:1][c@9+1:2];[d@12+1:3];" },
        { " a ,\tb\n", "[a@1+1:1][b@5+1:1];" },
        { "5\" pipe,x\"y\n", "[5\" pipe@0+7:1][x\"y@8+3:1];" },
        { "\xEF\xBB\xBF\"a\",b\n", "[a@4+1:1][b@7+1:1];" },
        { "sep=;\na;\"b;c\"\n", "[a@6+1:2][b;c@9+3:2];" },
        { "\"\",\"\"\n", "[@1+0:1][@4+0:1];" },
        { ",\n", "[@0+0:1][@1+0:1];" },
        { "a,\"b\" c\n", "!-81@5:1" },
        { "a\n\"b\nc", "[a@0+1:1];!-84@2:2" },
        { "a,\x01\n", "!-83@2:1" },
        { "caf\xE9\n", "[caf\xE9@0+4:1];" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t piece = 1; piece < 8; piece++) {
            struct seen seen;
            split_in(cases[i].bytes, strlen(cases[i].bytes), piece, &seen);
            if (strcmp(seen.text, cases[i].expected) != 0)
                printf("# %zu in pieces of %zu: %s\n", i, piece, seen.text);
            CU_ASSERT_STRING_EQUAL(seen.text, cases[i].expected);
        }
    }
}

/* ---- refusals */

#define ITEM_HEAD "customer,document,currency,open_amount,due_date"
#define ITEM ITEM_HEAD "\nC,D,EUR,1,2026-02-03\n"
static const struct {
    enum list list;
    const char *bytes, *expected;
} refusals[] = {
    { ITEMS, "", "-90 " },
    { ITEMS, "customer,document,currency,open_amount,duedate,colour\n",
      "-87 @47 line 1 colour: column 'colour' is not known; known: customer, document, currency, open_amount, due_date, key, " },
    { ITEMS, "customer,document,Customer\n", "-87 @18 line 1 Customer: column 'Customer' stands twice in the header; known: " },
    { ITEMS, "customer,document,currency,open_amount\n",
      "-87 @0 line 1 due_date: column 'due_date' is required and not in the header" },
    { ITEMS, "customer;document;currency;open_amount;due_date\n",
      "-87 @0 line 1 customer: column 'customer' is required and not in the header (is the delimiter ';'?" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,1.005,2026-02-03\n", "-86 @56 line 2 open_amount: open_amount is no amount: a digit beyond" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,\"1,00\",2026-02-03\n", "-86 @57 line 2 open_amount: open_amount is no amount: not a character" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,,2026-02-03\n", "-86 @56 line 2 open_amount: open_amount is empty" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR\n", "-86 @48 line 2 open_amount: open_amount is empty" },
    { ITEMS, ITEM_HEAD "\nC,D,EUX,1,2026-02-03\n", "-86 @52 line 2 currency: currency is no currency" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,1,03.02.2026\n", "-86 @58 line 2 due_date: due_date is no date: YYYY-MM-DD" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,1,2026-02-30\n", "-86 @58 line 2 due_date: due_date is no date" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,1,\n", "-86 @58 line 2 due_date: due_date is empty" },
    { ITEMS, ITEM_HEAD "\n,D,EUR,1,2026-02-03\n", "-86 @48 line 2 customer: customer is empty" },
    { ITEMS, ITEM_HEAD "\nC,,EUR,1,2026-02-03\n", "-86 @50 line 2 document: document is empty, and the row has no key" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,1,2026-02-03,x\n", "-81 @69 line 2 : cell 6 holds a value" },
    { ITEMS, ITEM_HEAD "\nC,D,EUR,0,2026-02-03\n", "-86 @56 line 2 open_amount: open_amount is zero" },
    { ITEMS, ITEM_HEAD ",kind\nC,D,EUR,1,2026-02-03,credit_memo\n",
      "-86 @61 line 2 open_amount: open_amount is positive, but a credit memo" },
    { ITEMS, ITEM_HEAD ",kind\nC,D,EUR,1,2026-02-03,on_account\n", "-86 @61 line 2 open_amount: open_amount is positive" },
    { ITEMS, ITEM_HEAD ",kind\nC,D,EUR,-1,2026-02-03,invoice\n", "-86 @61 line 2 open_amount: open_amount is negative" },
    { ITEMS, ITEM_HEAD ",kind\nC,D,EUR,1,2026-02-03,closed\n", "-86 @61 line 2 open_amount: open_amount is not zero" },
    { ITEMS, ITEM_HEAD ",kind\nC,D,EUR,1,2026-02-03,bill\n", "-86 @74 line 2 kind: kind is not one of the words" },
    { ITEMS, ITEM_HEAD ",closed_on\nC,D,EUR,1,2026-02-03,2026-02-03\n", "-86 @79 line 2 closed_on: closed_on is given" },
    { ITEMS, ITEM_HEAD ",original_amount\nC,D,EUR,1,2026-02-03,-1\n",
      "-86 @85 line 2 original_amount: original_amount has not the sign" },
    { ITEMS, ITEM_HEAD ",company\nC,D,EUR,1,2026-02-03,123456789\n", "-86 @77 line 2 company: company is longer than 8 bytes" },
    { ITEMS, ITEM_HEAD ",discount1_until,discount1_percent\nC,D,EUR,1,2026-02-03,2026-02-01,2.12345\n",
      "-86 @114 line 2 discount1_percent: discount1_percent is no amount" },
    { ITEMS, ITEM_HEAD ",discount1_until,discount1_percent\nC,D,EUR,1,2026-02-03,2026-02-01,2.00000\n",
      "-86 @114 line 2 discount1_percent: discount1_percent has more than four decimals" },
    { ITEMS, ITEM_HEAD ",discount1_until,discount1_percent\nC,D,EUR,1,2026-02-03,2026-02-01,100\n",
      "-86 @114 line 2 discount1_percent: discount1_percent is not between 0 and 100" },
    { ITEMS, ITEM_HEAD ",discount1_until,discount1_percent\nC,D,EUR,1,2026-02-03,2026-02-01,\n",
      "-86 @114 line 2 discount1_percent: discount1_percent is empty" },
    { ITEMS, ITEM_HEAD ",disputed\nC,D,EUR,1,2026-02-03,maybe\n", "-86 @78 line 2 disputed: disputed is none of yes" },
    { ITEMS, ITEM "X,E,EUR,1,2026-02-03\nC,D,EUR,1,2026-02-03\n", "-88 @-1 line 4 key: key 'D' stands in line 2 and in line 4" },
    { ITEMS, ITEM "C,\xE9,EUR,1,2026-02-03\n", "-83 @71 line 3 : the row is not UTF-8" },
    { ITEMS, ITEM "C,\"E", "-84 @71 line 3 : a quoted cell has no closing quote" },
    { CUSTOMERS, "customer\nA\nB\nA\n", "-88 @-1 line 4 customer: customer 'A' stands in line 2 and in line 4" },
    { CUSTOMERS, "customer,parent\nA,\nB,Z\n", "-86 @21 line 3 parent: customer 'Z' is named here and has no row of its own" },
    { CUSTOMERS, "customer,pays_for\nA,Z\n", "-86 @20 line 2 pays_for: customer 'Z' is named here" },
    { CUSTOMERS, "customer,pays_for\nA,A\n", "-86 @20 line 2 pays_for: pays_for names the customer itself" },
    { CUSTOMERS, "customer,parent\nA,B\nB,A\n", "-86 @22 line 3 parent: two customers name each other as parent" },
    { CUSTOMERS, "customer\n\"\"\n x\n", "" },
    { REMITTANCES, "remittance,document,paid,payer\nR,D,1,A\nR,E,1,B\n", "-86 @39 line 3 payer: payer is not what the other rows" },
    { REMITTANCES, "remittance,document,paid\nR,D,\n", "-86 @29 line 2 paid: paid is empty" },
    { REMITTANCES, "remittance,document,paid,currency\nR,D,1,EUR\nR,E,1,USD\n", "-86 @44 line 3 currency: currency is not what" },
    { PAYMENTS, "value_date,amount\n", "-87 @0 line 1 currency: column 'currency' is required" },
    { PAYMENTS, "value_date,amount,currency\n2026-02-03,1,EUR\n2026-02-03,,EUR\n", "-86 @55 line 3 amount: amount is empty" },
    { PAYMENTS, "value_date,amount,currency\n,1,EUR\n", "-86 @27 line 2 value_date: value_date is empty" },
    { PAYMENTS, "value_date,amount,currency,charges\n2026-02-03,1,EUR,-1\n", "-86 @52 line 2 charges: charges is negative" },
    { PAYMENTS, "value_date,amount,currency,instructed_amount,instructed_currency\n2026-02-03,1,EUR,2,\n",
      "-86 @84 line 2 instructed_currency: instructed_currency is empty, but the other half" },
    { PAYMENTS, "value_date,amount,currency,instructed_amount,instructed_currency\n2026-02-03,1,EUR,,USD\n",
      "-86 @82 line 2 instructed_amount: instructed_amount is empty, but the other half" },
    { PAYMENTS, "value_date,amount,currency,instructed_amount,instructed_currency\n2026-02-03,1,EUR,-2,USD\n",
      "-86 @82 line 2 instructed_amount: instructed_amount must be above zero" },
    { PAYMENTS, "value_date,amount,currency,bearer\n2026-02-03,1,EUR,me\n", "-86 @51 line 2 bearer: bearer is not one of" },
};

static void
refusals__name_offset_line_column_and_reason(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        o2c_status status;
        char *text = read_list(refusals[i].list, refusals[i].bytes, strlen(refusals[i].bytes), NULL, NULL, &status);
        size_t len = strlen(refusals[i].expected);
        CU_ASSERT_EQUAL(status == O2C_OK, len == 0);
        if (strncmp(text, refusals[i].expected, len) != 0)
            printf("# %zu: %s#    expected %s\n", i, text, refusals[i].expected);
        CU_ASSERT(strncmp(text, refusals[i].expected, len) == 0);
        free(text);
    }
}

/* ---- profiles and dates */

static void
profiles__every_shipped_one_reads_its_own_way_of_writing(void)
{
    static const struct {
        const char *profile, *bytes, *expected;
    } cases[] = {
        { "default", "customer,document,currency,open_amount,due_date\nC,D,EUR,1234.50,2026-02-03\n",
          "C' kind=1 123450 EUR due=2026-02-03" },
        { "semicolon", "customer;document;currency;open_amount;due_date\nC;D;EUR;1.234,50;2026-02-03\n",
          "123450 EUR due=2026-02-03" },
        { "german", "Kunde;Beleg;Währung;Restbetrag;Fällig am\nC;D;EUR;1.234,50-;03.02.2026\n",
          "kind=3 -123450 EUR due=2026-02-03" },
        { "swiss", "KUNDE;BELEG;WÄHRUNG;OFFEN;FÄLLIGKEIT\nC;D;CHF;1'234.50;3.2.26\n", "123450 CHF due=2026-02-03" },
        { "french", "Client;Pi\xE8" "ce;Devise;Reste d\xFB;\xC9" "ch\xE9" "ance\nC;D;EUR;1\xA0" "234,50;03/02/2026\n",
          "123450 EUR due=2026-02-03" },
        { "us", "Customer No,Invoice No,Currency,Balance Due,Due Date\nC,D,USD,\"1,234.50\",2/3/26\n",
          "123450 USD due=2026-02-03" },
        { "uk", "Customer No,Invoice No,Currency,Balance Due,Due Date\nC,D,GBP,\"1,234.50\",3/2/2026\n",
          "123450 GBP due=2026-02-03" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        o2c_status status;
        o2c_csv_profile profile = profile_of(cases[i].profile);
        char *text = read_list(ITEMS, cases[i].bytes, strlen(cases[i].bytes), NULL, &profile, &status);
        if (!strstr(text, cases[i].expected))
            printf("# %s: %s", cases[i].profile, text);
        CU_ASSERT_PTR_NOT_NULL(strstr(text, cases[i].expected));
        CU_ASSERT_STRING_EQUAL(o2c_formats_profile_name((uint32_t)i), cases[i].profile);
        free(text);
    }
    CU_ASSERT_PTR_NULL(o2c_formats_profile_name(sizeof cases / sizeof *cases));
    CU_ASSERT_PTR_NULL(o2c_formats_profile_name(UINT32_MAX));
}

static void
profiles__bad_arguments_are_refused(void)
{
    o2c_csv_profile profile = { .struct_size = sizeof profile };
    o2c_str martian = { "martian", 7 }, german = { "german", 6 };
    o2c_status status;
    CU_ASSERT_EQUAL(o2c_formats_profile(&martian, &profile, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(o2c_formats_profile(NULL, &profile, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_formats_profile(&german, NULL, NULL), O2C_E_MISUSE);
    o2c_csv_profile same = { .struct_size = sizeof same, .group_mark = '.' };
    for (int list = ITEMS; list <= PAYMENTS; list++) {
        free(read_list((enum list)list, ITEM, strlen(ITEM), NULL, &same, &status));
        CU_ASSERT_EQUAL(status, O2C_E_ARG);
    }
    CU_ASSERT_EQUAL(o2c_formats_read_items(NULL, NULL, 1, NULL, NULL, NULL), O2C_E_MISUSE);
}

static void
dates__the_order_is_proven_by_the_file_or_the_file_is_refused(void)
{
    static const struct {
        const char *dates, *expected;
    } cases[] = {
        { "03.02.2026|13.02.2026", "due=2026-02-03" }, { "03/02/2026|02/13/2026", "due=2026-03-02" }, { "2026-02-03|2026-02-04",
                                                                                                        "due=2026-02-03" },
        { "05.05.2026|06/06/26", "due=2026-05-05" },   { "03.02.2026|04.02.2026", "-89 @58 line 2 due_date: " },
        { "13.02.2026|02.13.2026", "-86 @79 line 3 due_date: " },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        o2c_csv_profile profile = { .struct_size = sizeof profile, .date_order = O2C_DATE_ORDER_PROVE };
        const char *second = strchr(cases[i].dates, '|') + 1;
        o2c_status status;
        char file[200];
        snprintf(file, sizeof file, ITEM_HEAD "\nC,D,EUR,1,%.*s\nC,E,EUR,1,%s\n", (int)(second - cases[i].dates - 1),
                 cases[i].dates, second);
        char *text = read_list(ITEMS, file, strlen(file), NULL, &profile, &status);
        if (!strstr(text, cases[i].expected))
            printf("# %s: %s", cases[i].dates, text);
        CU_ASSERT_PTR_NOT_NULL(strstr(text, cases[i].expected));
        free(text);
        snprintf(file, sizeof file, "value_date,amount,currency\n%.*s,1,EUR\n%s,1,EUR\n", (int)(second - cases[i].dates - 1),
                 cases[i].dates,
                 second);
        o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_CSV, .profile = &profile };
        char *whole, *pieces;
        rows_read(file, strlen(file), NULL, &options, &whole);
        rows_pushed(file, strlen(file), NULL, &options, 1, 0, &pieces);
        CU_ASSERT_STRING_EQUAL(whole, pieces);
        free(whole);
        free(pieces);
    }
}

static void
dates__forms_of_each_order(void)
{
    static const struct {
        const char *text;
        int32_t order;
        const char *iso;
    } cases[] = {
        { "2026-02-03", O2C_DATE_ORDER_ISO, "2026-02-03" }, { "2026-02-03", O2C_DATE_ORDER_MDY, "2026-02-03" },
        { "3.2.26", O2C_DATE_ORDER_DMY, "2026-02-03" }, { "3/2/1999", O2C_DATE_ORDER_MDY, "1999-03-02" },
        { "3-2-99", O2C_DATE_ORDER_DMY, "1999-02-03" }, { "20260203", O2C_DATE_ORDER_YMD, "2026-02-03" },
        { "2026/2/3", O2C_DATE_ORDER_YMD, "2026-02-03" }, { "20260203", O2C_DATE_ORDER_DMY, "" },
        { "3.2.026", O2C_DATE_ORDER_DMY, "" }, { "31.4.2026", O2C_DATE_ORDER_DMY, "" },
        { "3.2.", O2C_DATE_ORDER_DMY, "" }, { "3.2.2026x", O2C_DATE_ORDER_DMY, "" },
        { "003.2.2026", O2C_DATE_ORDER_DMY, "" }, { "26/2/3", O2C_DATE_ORDER_YMD, "" },
        { "2026-2-3", O2C_DATE_ORDER_ISO, "" }, { "", O2C_DATE_ORDER_DMY, "" },
        { "999999999999", O2C_DATE_ORDER_YMD, "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char iso[11] = "";
        int32_t day = o2c__csv_date(cases[i].text, strlen(cases[i].text), cases[i].order);
        if (day)
            CU_ASSERT_EQUAL(o2c_date_write(day, iso, NULL), O2C_OK);
        CU_ASSERT_STRING_EQUAL(iso, cases[i].iso);
    }
}

/* ---- limits */

static void
limits__row_bytes_and_cells_take_the_limit_and_refuse_one_more(void)
{
    for (int extra = -1; extra <= 1; extra++) {
        o2c_limits limits = { .struct_size = sizeof limits, .line_bytes_max = 60, .fields_max = 12 };
        o2c_env env = { .struct_size = sizeof env, .limits = &limits };
        char file[400];
        o2c_status status;
        snprintf(file, sizeof file, ITEM_HEAD "\nC,%.*s,EUR,1,2026-02-03\r\n", 60 + extra - 19,
                 "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD");
        char *text = read_list(ITEMS, file, strlen(file), &env, NULL, &status);
        CU_ASSERT_EQUAL(status, extra <= 0 ? O2C_OK : O2C_E_LIMIT);
        CU_ASSERT(extra <= 0 || strstr(text, "line_bytes_max"));
        free(text);
        snprintf(file, sizeof file, ITEM_HEAD "\nC,D,EUR,1,2026-02-03%.*s\n", 12 + extra - 5, ",,,,,,,,,,,,,,,,");
        text = read_list(ITEMS, file, strlen(file), &env, NULL, &status);
        CU_ASSERT_EQUAL(status, extra <= 0 ? O2C_OK : O2C_E_LIMIT);
        CU_ASSERT(extra <= 0 || strstr(text, "fields_max"));
        free(text);
    }
}

static int32_t
drop(void *self, const o2c_formats_batch *batch)
{
    (void)self;
    (void)batch;
    return O2C_SINK_TAKEN;
}

static uint64_t
bytes_before_refusal(const char *head, char byte, o2c_status expected)
{
    o2c_limits limits = { .struct_size = sizeof limits, .alloc_bytes_max = 16u << 20 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    o2c_formats_reader *reader = NULL;
    static char block[4096];
    uint64_t taken = strlen(head);
    memset(block, byte, sizeof block);
    CU_ASSERT_EQUAL_FATAL(o2c_formats_reader_new(&env, NULL, drop, NULL, &reader, NULL), O2C_OK);
    o2c_status status = o2c_formats_push(reader, head, strlen(head), NULL);
    for (; status == O2C_OK && taken < 100u << 20; taken += sizeof block)
        status = o2c_formats_push(reader, block, sizeof block, NULL);
    CU_ASSERT_EQUAL(status, expected);
    o2c_formats_reader_free(reader);
    return taken;
}

static void
hostile__endless_rows_and_quotes_are_refused_within_a_mebibyte(void)
{
    CU_ASSERT(bytes_before_refusal("value_date,amount,currency\n", 'x', O2C_E_LIMIT) <= 1u << 20);
    CU_ASSERT(bytes_before_refusal("value_date,amount,currency\n\"", '\n', O2C_E_LIMIT) <= 1u << 20);
    CU_ASSERT(bytes_before_refusal("value_date,amount,currency\n", ',', O2C_E_LIMIT) <= 1u << 20);
    CU_ASSERT(bytes_before_refusal("value_date,amount,currency\n", '"', O2C_E_LIMIT) <= 1u << 20);
}

static void
memory__a_long_list_of_payments_streams_in_constant_space(void)
{
    o2c_limits limits = { .struct_size = sizeof limits, .alloc_bytes_max = 8u << 20 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    o2c_formats_reader *reader = NULL;
    static const char head[] = "value_date,amount,currency,text,payer_name\n", row[] = "2026-02-03,1.00,EUR,RE-4711 and RE-4712,Muster\n";
    CU_ASSERT_EQUAL_FATAL(o2c_formats_reader_new(&env, NULL, drop, NULL, &reader, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_push(reader, head, sizeof head - 1, NULL), O2C_OK);
    for (int i = 0; i < 100000; i++)
        CU_ASSERT_EQUAL_FATAL(o2c_formats_push(reader, row, sizeof row - 1, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_finish(reader, NULL), O2C_OK);
    o2c_formats_reader_free(reader);
}

/* ---- expected payments */

static void
expected__a_row_is_one_payment_for_several_items(void)
{
    static const char bytes[] = "expected,customer,amount,currency,item,reference,date,origin\n"
                                "W1,C1,12.50,EUR,I1|I2,,2026-02-03,advice\nW2,C2,700,JPY,,PO-7,,\n";
    o2c_formats_file *file = NULL;
    const o2c_expected *rows;
    uint64_t count;
    o2c_str heap;
    CU_ASSERT_EQUAL_FATAL(o2c_formats_read_expected(NULL, bytes, sizeof bytes - 1, NULL, &file, NULL), O2C_OK);
    o2c_formats_file_expected(file, &rows, &count, &heap);
    CU_ASSERT_EQUAL_FATAL(count, 3);
    CU_ASSERT(rows[0].key.len == 2 && memcmp(heap.ptr + rows[0].key.at, "W1", 2) == 0);
    CU_ASSERT(memcmp(heap.ptr + rows[0].item.at, "I1", 2) == 0 && memcmp(heap.ptr + rows[1].item.at, "I2", 2) == 0);
    CU_ASSERT(rows[1].key.at == rows[0].key.at && rows[1].amount_minor == 1250 && rows[1].origin == O2C_EXPECTED_ADVICE);
    CU_ASSERT(rows[0].day > 0 && rows[2].day == 0 && rows[2].origin == O2C_EXPECTED_PROMISE);
    CU_ASSERT(rows[2].item.len == 0 && rows[2].reference.len == 4 && rows[2].amount_minor == 700);
    o2c_formats_file_free(file);
    o2c_formats_file_expected(NULL, &rows, &count, &heap);
    CU_ASSERT_EQUAL(count, 0);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "expected__a_row_is_one_payment_for_several_items", expected__a_row_is_one_payment_for_several_items },
        { "golden__every_list_gives_its_rows", golden__every_list_gives_its_rows },
        { "splits__payments_in_any_pieces_give_the_same", splits__payments_in_any_pieces_give_the_same },
        { "records__quotes_line_breaks_and_marks_at_any_cut", records__quotes_line_breaks_and_marks_at_any_cut },
        { "refusals__name_offset_line_column_and_reason", refusals__name_offset_line_column_and_reason },
        { "profiles__every_shipped_one_reads_its_own_way_of_writing", profiles__every_shipped_one_reads_its_own_way_of_writing },
        { "profiles__bad_arguments_are_refused", profiles__bad_arguments_are_refused },
        { "dates__the_order_is_proven_by_the_file_or_the_file_is_refused",
          dates__the_order_is_proven_by_the_file_or_the_file_is_refused },
        { "dates__forms_of_each_order", dates__forms_of_each_order },
        { "limits__row_bytes_and_cells_take_the_limit_and_refuse_one_more",
          limits__row_bytes_and_cells_take_the_limit_and_refuse_one_more },
        { "hostile__endless_rows_and_quotes_are_refused_within_a_mebibyte",
          hostile__endless_rows_and_quotes_are_refused_within_a_mebibyte },
        { "memory__a_long_list_of_payments_streams_in_constant_space", memory__a_long_list_of_payments_streams_in_constant_space },
    };
    return tap_run("formats/csv", tests, TAP_COUNT(tests));
}

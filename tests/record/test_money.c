/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts: text to minor units and back, without rounding and with a limit. */
#include "record/record.h"
#include "support/tap.h"

#include <stdio.h>

#define LIMIT INT64_C(1000000000000000)

static o2c_status
read_money(const char *text, const char *currency, int64_t limit, o2c_money *out, o2c_error *err)
{
    o2c_str number = o2c__str(text), code = o2c__str(currency);
    return o2c_money_read(&number, &code, limit, out, err);
}

static void
money__reads_what_fits_the_currency(void)
{
    static const struct {
        const char *text, *currency;
        int64_t minor;
    } rows[] = { { "1.234", "KWD", 1234 },       { "500", "UGX", 500 },      { "18.150", "EUR", 1815 },  { "10.", "EUR", 1000 },
                 { ".5", "EUR", 50 },            { "-1234.50", "EUR", -123450 }, { "+7", "USD", 700 },   { "000000000000149.87", "EUR", 14987 },
                 { "1.00000", "USD", 100 },      { "7.0", "JPY", 7 },        { "0", "EUR", 0 },          { "-0.00", "EUR", 0 },
                 { "600", "CHF", 60000 },        { "1.2345", "CLF", 12345 }, { "0.001", "KWD", 1 },      { "000", "JPY", 0 },
                 { "00000000000000000000000000000000000001.10", "EUR", 110 } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_money money;
        CU_ASSERT_EQUAL_FATAL(read_money(rows[i].text, rows[i].currency, 0, &money, NULL), O2C_OK);
        CU_ASSERT_EQUAL(money.minor, rows[i].minor);
        CU_ASSERT_STRING_EQUAL(money.currency, rows[i].currency);
        CU_ASSERT_EQUAL(money.reserved, 0);
    }
}

static void
money__refuses_with_the_byte_that_is_wrong(void)
{
    static const struct {
        const char *text, *currency;
        uint64_t at;
    } rows[] = { { "1.5", "JPY", 2 },   { "1.005", "USD", 4 },     { "100.0000000000005", "EUR", 16 }, { "", "EUR", 0 },
                 { "-", "EUR", 1 },     { ".", "EUR", 1 },         { "1,50", "EUR", 1 },               { " 1", "EUR", 0 },
                 { "1 ", "EUR", 1 },    { "1.2.3", "EUR", 3 },     { "--1", "EUR", 1 },                { "1-", "EUR", 1 },
                 { "1e5", "EUR", 1 },   { "0x10", "EUR", 1 },      { "NaN", "EUR", 0 },                { "1'000", "EUR", 1 },
                 { "1.001x", "EUR", 5 } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_money money = { .minor = 42 };
        o2c_error err = { 0 };
        CU_ASSERT_EQUAL(read_money(rows[i].text, rows[i].currency, 0, &money, &err), O2C_E_RECORD_AMOUNT);
        CU_ASSERT_EQUAL(err.offset, rows[i].at);
        CU_ASSERT_EQUAL(money.minor, 42);
    }
}

static void
money__the_limit_holds_to_the_last_unit(void)
{
    static const struct {
        const char *text;
        int64_t limit;
        bool fits;
    } rows[] = { { "9999999999999.99", 0, true },   { "10000000000000.00", 0, true },   { "10000000000000.01", 0, false },
                 { "-10000000000000", 0, true },    { "-10000000000000.01", 0, false }, { "0.99", 100, true },
                 { "1.00", 100, true },             { "1.01", 100, false },             { "90000000000000000.00", INT64_C(9000000000000000000), true },
                 { "90000000000000000.01", INT64_C(9000000000000000000), false },       { "92233720368547758.07", INT64_MAX, true },
                 { "92233720368547758.08", INT64_MAX, false },                          { "-92233720368547758.07", INT64_MAX, true },
                 { "99999999999999999999999999999999", INT64_MAX, false },              { "184467440737095516.17", INT64_MAX, false } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_money money;
        CU_ASSERT_EQUAL(read_money(rows[i].text, "EUR", rows[i].limit, &money, NULL), rows[i].fits ? O2C_OK : O2C_E_RECORD_AMOUNT);
    }
}

static void
money__writes_what_it_reads(void)
{
    static const struct {
        int64_t minor;
        const char *currency, *text;
    } rows[] = { { 0, "EUR", "0.00" },       { 5, "EUR", "0.05" },   { -5, "EUR", "-0.05" },  { 123450, "EUR", "1234.50" },
                 { 1234, "KWD", "1.234" },   { 500, "JPY", "500" },  { 0, "JPY", "0" },       { 1, "CLF", "0.0001" },
                 { -LIMIT, "EUR", "-10000000000000.00" },            { INT64_MIN, "CLF", "-922337203685477.5808" } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        o2c_money money = { .minor = rows[i].minor }, back;
        char text[24];
        memcpy(money.currency, rows[i].currency, 4);
        CU_ASSERT_EQUAL_FATAL(o2c_money_write(&money, text, sizeof text, NULL), O2C_OK);
        CU_ASSERT_STRING_EQUAL(text, rows[i].text);
        if (rows[i].minor == INT64_MIN)
            continue;
        CU_ASSERT_EQUAL(read_money(text, rows[i].currency, INT64_MAX, &back, NULL), O2C_OK);
        CU_ASSERT_EQUAL(back.minor, rows[i].minor);
    }
}

static void
money__a_small_buffer_is_refused_and_left_alone(void)
{
    o2c_money money = { .minor = 12345, .currency = "EUR" };
    char text[24] = "untouched";
    CU_ASSERT_EQUAL(o2c_money_write(&money, text, 6, NULL), O2C_E_ARG); /* "123.45" and its NUL need seven */
    CU_ASSERT_STRING_EQUAL(text, "untouched");
    CU_ASSERT_EQUAL(o2c_money_write(&money, text, 7, NULL), O2C_OK);
    CU_ASSERT_STRING_EQUAL(text, "123.45");
    memcpy(money.currency, "XAU", 4);
    CU_ASSERT_EQUAL(o2c_money_write(&money, text, 24, NULL), O2C_E_RECORD_CURRENCY);
}

static void
money__a_null_is_misuse(void)
{
    o2c_str text = o2c__str("1"), broken = { NULL, 3 };
    o2c_money money = { 0 };
    char buffer[24];
    int32_t digits;
    CU_ASSERT_EQUAL(o2c_money_read(NULL, &text, 0, &money, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_money_read(&text, NULL, 0, &money, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_money_read(&text, &text, 0, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_money_read(&broken, &text, 0, &money, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_money_write(NULL, buffer, 24, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_money_write(&money, NULL, 24, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_currency_digits(NULL, &digits, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_currency_digits(&text, NULL, NULL), O2C_E_MISUSE);
}

static void
decimal__styles_of_files_are_read_as_said(void)
{
    static const struct o2c__decimal_style comma = { .mark = ',', .group = '.', .sign = true, .trailing = true },
                                           plain = { .mark = ',' }, swiss = { .mark = '.', .group = '\'' };
    static const struct {
        const struct o2c__decimal_style *style;
        const char *text;
        int wrong;
        int64_t minor;
    } rows[] = { { &comma, "1.234,50", O2C__DECIMAL_OK, 123450 },   { &comma, "1.234.567,5", O2C__DECIMAL_OK, 123456750 },
                 { &comma, "1.5", O2C__DECIMAL_CHARACTER, 0 },      { &comma, "1234.567,00", O2C__DECIMAL_CHARACTER, 0 },
                 { &comma, "1.2345,00", O2C__DECIMAL_CHARACTER, 0 }, { &comma, "12,50-", O2C__DECIMAL_OK, -1250 },
                 { &comma, "-12,50-", O2C__DECIMAL_CHARACTER, 0 },  { &comma, "-", O2C__DECIMAL_EMPTY, 0 },
                 { &comma, "1234,5", O2C__DECIMAL_OK, 123450 },     { &plain, "-1,00", O2C__DECIMAL_CHARACTER, 0 },
                 { &plain, "10,", O2C__DECIMAL_OK, 1000 },          { &plain, ",", O2C__DECIMAL_EMPTY, 0 },
                 { &swiss, "1'234'567.05", O2C__DECIMAL_OK, 123456705 }, { &swiss, "'123", O2C__DECIMAL_CHARACTER, 0 },
                 { &swiss, "1'", O2C__DECIMAL_CHARACTER, 0 },       { &swiss, "1''234", O2C__DECIMAL_CHARACTER, 0 } };
    for (size_t i = 0; i < O2C__COUNT(rows); i++) {
        struct o2c__decimal_answer answer;
        CU_ASSERT_EQUAL(o2c__decimal_read(rows[i].text, strlen(rows[i].text), rows[i].style, 2, LIMIT, &answer), rows[i].wrong);
        CU_ASSERT_EQUAL(answer.minor, rows[i].minor);
        CU_ASSERT(rows[i].wrong == 0 || o2c__decimal_reason(rows[i].wrong)[0]);
    }
}

static void
decimal__excess_zeros_are_flagged(void)
{
    static const struct o2c__decimal_style style = { .mark = '.' };
    struct o2c__decimal_answer answer;
    CU_ASSERT_EQUAL(o2c__decimal_read("18.150", 6, &style, 2, LIMIT, &answer), O2C__DECIMAL_OK);
    CU_ASSERT_TRUE(answer.excess_zero);
    CU_ASSERT_EQUAL(o2c__decimal_read("18.15", 5, &style, 2, LIMIT, &answer), O2C__DECIMAL_OK);
    CU_ASSERT_FALSE(answer.excess_zero);
}

static const struct tap_test tests[] = {
    { "money__reads_what_fits_the_currency", money__reads_what_fits_the_currency },
    { "money__refuses_with_the_byte_that_is_wrong", money__refuses_with_the_byte_that_is_wrong },
    { "money__the_limit_holds_to_the_last_unit", money__the_limit_holds_to_the_last_unit },
    { "money__writes_what_it_reads", money__writes_what_it_reads },
    { "money__a_small_buffer_is_refused_and_left_alone", money__a_small_buffer_is_refused_and_left_alone },
    { "money__a_null_is_misuse", money__a_null_is_misuse },
    { "decimal__styles_of_files_are_read_as_said", decimal__styles_of_files_are_read_as_said },
    { "decimal__excess_zeros_are_flagged", decimal__excess_zeros_are_flagged },
};

int
main(void)
{
    return tap_run("record/money", tests, TAP_COUNT(tests));
}

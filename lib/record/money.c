/* SPDX-License-Identifier: Apache-2.0 */
/* Public face of currency, amount and date. */
#include "record/record.h"

#define AMOUNT_MAX INT64_C(1000000000000000) /* 10^15: leaves room for 9,000 of them in a sum */

static bool
is_missing(const o2c_str *text)
{
    return !text || (!text->ptr && text->len);
}

/* Three letters of any case as capitals; false when it is anything else. */
static bool
capitals(const o2c_str *currency, char out[4])
{
    if (currency->len != 3)
        return false;
    for (int i = 0; i < 3; i++) {
        char byte = currency->ptr[i];
        out[i] = byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
    }
    out[3] = 0;
    return true;
}

static o2c_status
exponent_of(const o2c_str *currency, char code[4], int32_t *out, o2c_error *err)
{
    *out = capitals(currency, code) ? o2c__currency_exponent(code) : -1;
    if (*out < 0)
        return o2c__fail(err, O2C_E_RECORD_CURRENCY, "currency", "not a currency with minor units of ISO 4217");
    return O2C_OK;
}

o2c_status
o2c_currency_digits(const o2c_str *currency, int32_t *out_digits, o2c_error *err)
{
    char code[4];
    int32_t digits;
    if (is_missing(currency) || !out_digits)
        return o2c__fail(err, O2C_E_MISUSE, "currency", "currency or out_digits is NULL");
    o2c_status status = exponent_of(currency, code, &digits, err);
    if (status == O2C_OK)
        *out_digits = digits;
    return status;
}

int32_t
o2c_currency_historic(const o2c_str *currency)
{
    char code[4];
    return !is_missing(currency) && capitals(currency, code) && o2c__currency_is_historic(code);
}

o2c_status
o2c_money_read(const o2c_str *text, const o2c_str *currency, int64_t amount_max, o2c_money *out_money, o2c_error *err)
{
    static const struct o2c__decimal_style style = { .mark = '.', .sign = true };
    struct o2c__decimal_answer answer;
    char code[4];
    int32_t exponent;
    if (is_missing(text) || is_missing(currency) || !out_money)
        return o2c__fail(err, O2C_E_MISUSE, "money", "text, currency or out_money is NULL");
    o2c_status status = exponent_of(currency, code, &exponent, err);
    if (status != O2C_OK)
        return status;
    int wrong = o2c__decimal_read(text->ptr, text->len, &style, exponent, amount_max ? amount_max : AMOUNT_MAX, &answer);
    if (wrong)
        return o2c__fail_at(err, O2C_E_RECORD_AMOUNT, "amount", answer.at, 0, "%s", o2c__decimal_reason(wrong));
    *out_money = (o2c_money){ .minor = answer.minor };
    memcpy(out_money->currency, code, 4);
    return O2C_OK;
}

o2c_status
o2c_money_write(const o2c_money *money, char *buffer, size_t size, o2c_error *err)
{
    char code[4], text[24];
    int32_t exponent;
    if (!money || !buffer)
        return o2c__fail(err, O2C_E_MISUSE, "money", "money or buffer is NULL");
    o2c_str currency = { money->currency, 3 };
    o2c_status status = exponent_of(&currency, code, &exponent, err);
    if (status != O2C_OK)
        return status;
    size_t len = o2c__decimal_write(money->minor, exponent, text);
    if (len >= size)
        return o2c__fail(err, O2C_E_ARG, "size", "the amount needs %zu bytes and a NUL, the buffer has %zu", len, size);
    memcpy(buffer, text, len);
    buffer[len] = 0;
    return O2C_OK;
}

o2c_status
o2c_date_read(const o2c_str *text, int32_t *out_day, o2c_error *err)
{
    if (is_missing(text) || !out_day)
        return o2c__fail(err, O2C_E_MISUSE, "date", "text or out_day is NULL");
    int32_t day = text->len == 10 ? o2c__day_read_iso(text->ptr, text->len) : 0;
    if (day == 0)
        return o2c__fail(err, O2C_E_RECORD_DATE, "date", "not a date like 2026-02-03 from 1970-01-02 to 2199-12-31");
    *out_day = day;
    return O2C_OK;
}

static void
write_digits(char *out, int32_t value, int count)
{
    while (count) {
        out[--count] = (char)('0' + value % 10);
        value /= 10;
    }
}

o2c_status
o2c_date_write(int32_t day, char buffer[11], o2c_error *err)
{
    int32_t year, month, of_month;
    if (!buffer)
        return o2c__fail(err, O2C_E_MISUSE, "date", "buffer is NULL");
    if (day < 1 || day > O2C_DAY_MAX)
        return o2c__fail(err, O2C_E_RECORD_DATE, "date", "day %d is not between 1 and %d", (int)day, O2C_DAY_MAX);
    o2c__civil_from_day(day, &year, &month, &of_month);
    memcpy(buffer, "0000-00-00", 11);
    write_digits(buffer, year, 4);
    write_digits(buffer + 5, month, 2);
    write_digits(buffer + 8, of_month, 2);
    return O2C_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimal text to minor units and back. Integers only: what does not fit the currency is refused, nothing is ever rounded.
 * ISO 20022 allows 18 digits, 5 of them a fraction, whatever the currency; banks send "18.150" and "000000000000149.87".
 */
#include "record/record.h"

struct scan {
    const char *text;
    size_t len, at;
    uint64_t value;
    uint32_t first;  /* byte of the first digit */
    uint32_t digits; /* seen, before and after the mark */
    int32_t after;   /* digits kept after the mark */
    bool negative, large;
};

static bool
is_digit(const struct scan *scan)
{
    return scan->at < scan->len && scan->text[scan->at] >= '0' && scan->text[scan->at] <= '9';
}

static bool
is_byte(const struct scan *scan, char byte)
{
    return byte && scan->at < scan->len && scan->text[scan->at] == byte;
}

static void
push_digit(struct scan *scan, uint32_t digit)
{
    if (scan->value > (UINT64_MAX - 9) / 10)
        scan->large = true;
    else
        scan->value = scan->value * 10 + digit;
}

static void
take_digit(struct scan *scan)
{
    if (scan->digits++ == 0)
        scan->first = (uint32_t)scan->at;
    push_digit(scan, (uint32_t)(scan->text[scan->at++] - '0'));
}

/*
 * The integer part. A thousands sign must stand between one to three digits and groups of exactly three: "1,5" read with a
 * comma as thousands sign is refused, because it is far more often a decimal comma.
 */
static bool
take_integer(struct scan *scan, char group)
{
    size_t start = scan->at;
    while (is_digit(scan))
        take_digit(scan);
    if (!is_byte(scan, group))
        return true;
    if (scan->at - start == 0 || scan->at - start > 3)
        return false;
    while (is_byte(scan, group)) {
        scan->at++;
        for (int i = 0; i < 3; i++) {
            if (!is_digit(scan))
                return false;
            take_digit(scan);
        }
    }
    return !is_digit(scan);
}

/* The fraction. Digits beyond the exponent must be zero: 100.0000000000005 is a typing error, not a rounding task. */
static void
take_fraction(struct scan *scan, int32_t exponent, struct o2c__decimal_answer *out, size_t *excess)
{
    while (is_digit(scan)) {
        if (scan->after < exponent) {
            take_digit(scan);
            scan->after++;
            continue;
        }
        if (scan->digits++ == 0)
            scan->first = (uint32_t)scan->at;
        if (scan->text[scan->at] != '0' && *excess == SIZE_MAX)
            *excess = scan->at;
        out->excess_zero = true;
        scan->at++;
    }
}

static int
refuse(struct o2c__decimal_answer *out, int reason, size_t at)
{
    out->minor = 0;
    out->at = (uint32_t)at;
    return reason;
}

static int
settle(struct scan *scan, size_t excess, int32_t exponent, int64_t amount_max, struct o2c__decimal_answer *out)
{
    if (scan->digits == 0)
        return refuse(out, O2C__DECIMAL_EMPTY, scan->at);
    if (excess != SIZE_MAX)
        return refuse(out, O2C__DECIMAL_EXCESS, excess);
    for (; scan->after < exponent; scan->after++)
        push_digit(scan, 0);
    if (scan->large || amount_max < 0 || scan->value > (uint64_t)amount_max)
        return refuse(out, O2C__DECIMAL_LARGE, scan->first);
    out->minor = scan->negative ? -(int64_t)scan->value : (int64_t)scan->value;
    return O2C__DECIMAL_OK;
}

int
o2c__decimal_read(const char *text, size_t len, const struct o2c__decimal_style *style, int32_t exponent, int64_t amount_max,
                  struct o2c__decimal_answer *out)
{
    struct scan scan = { .text = text, .len = len };
    size_t excess = SIZE_MAX;
    *out = (struct o2c__decimal_answer){ 0 };
    if (style->sign && (is_byte(&scan, '-') || is_byte(&scan, '+')))
        scan.negative = text[scan.at++] == '-';
    bool signed_already = scan.at > 0;
    if (!take_integer(&scan, style->group))
        return refuse(out, O2C__DECIMAL_CHARACTER, scan.at);
    if (is_byte(&scan, style->mark)) {
        scan.at++;
        take_fraction(&scan, exponent, out, &excess);
    }
    if (style->trailing && !signed_already && scan.digits && is_byte(&scan, '-')) {
        scan.negative = true;
        scan.at++;
    }
    if (scan.at < len)
        return refuse(out, O2C__DECIMAL_CHARACTER, scan.at);
    return settle(&scan, excess, exponent, amount_max, out);
}

size_t
o2c__decimal_write(int64_t minor, int32_t exponent, char out[24])
{
    char digits[24];
    size_t count = 0, at = 0;
    size_t after = exponent > 0 ? (size_t)exponent : 0;
    uint64_t rest = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    while (rest || count <= after) {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (minor < 0)
        out[at++] = '-';
    while (count) {
        if (after && count == after)
            out[at++] = '.';
        out[at++] = digits[--count];
    }
    return at;
}

const char *
o2c__decimal_reason(int wrong)
{
    static const char *const reasons[] = { "", "no digit", "not a character of a number",
                                           "a digit beyond the currency's minor units is not zero",
                                           "larger than the limit for amounts" };
    return wrong > 0 && wrong < (int)O2C__COUNT(reasons) ? reasons[wrong] : "";
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structured payment references: canonical form and check digits.
 *
 *   RF     ISO 11649: "RF", two check digits, 1 … 21 letters or digits; modulo 97 as in ISO 7064. 00, 01 and 99 are refused, because
 *          they have the residues of 97, 98 and 02, which alone are ever made.
 *   QRR    Swiss QR reference, 27 digits, modulo 10 recursive.
 *   OGM    Belgian structured communication, 12 digits; the first ten modulo 97, 0 is written 97.
 *   VIITE  Finnish viitenumero, 4 … 20 digits; weights 7 3 1 from the right.
 *   KID    Norwegian, 2 … 25 digits; modulo 10 (Luhn) or modulo 11 with weights 2 … 7, where 10 is written "-".
 *   OCR    Swedish, 2 … 25 digits, Luhn.
 *
 * A reference of zeros alone has valid check digits in most schemes and proves nothing: it is refused.
 */
#include "record/record.h"

/* Strips blanks and lifts letters; false when longer than room. Answers the length in *out_len. */
static bool
squeeze(const char *text, size_t len, const char *signs, char *out, size_t room, size_t *out_len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        char byte = text[i];
        if (byte == ' ' || (byte && strchr(signs, byte)))
            continue;
        if (count == room)
            return false;
        out[count++] = byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
    }
    *out_len = count;
    return true;
}

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_letter(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

/* All digits, and not zeros alone. */
static bool
is_number(const char *text, size_t len)
{
    bool any = false;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]))
            return false;
        any = any || text[i] != '0';
    }
    return any;
}

/* The text modulo 97 behind rest, letters as 10 … 35; -1 when another byte stands in it. */
static int32_t
mod97(const char *text, size_t len, int32_t rest)
{
    for (size_t i = 0; i < len; i++) {
        if (is_digit(text[i]))
            rest = (rest * 10 + (text[i] - '0')) % 97;
        else if (is_letter(text[i]))
            rest = (rest * 100 + (text[i] - 'A' + 10)) % 97;
        else
            return -1;
    }
    return rest;
}

/* The first four characters go to the end (ISO 7064 as ISO 11649 and ISO 13616 use it). */
static int32_t
mod97_rotated(const char *text, size_t len)
{
    int32_t rest = mod97(text + 4, len - 4, 0);
    return rest < 0 ? -1 : mod97(text, 4, rest);
}

static bool
check_digits_made(const char *two)
{
    int32_t value = (two[0] - '0') * 10 + (two[1] - '0');
    return value >= 2 && value <= 98;
}

static bool
rf_valid(const char *text, size_t len)
{
    if (len < 5 || len > 25 || text[0] != 'R' || text[1] != 'F' || !is_digit(text[2]) || !is_digit(text[3]))
        return false;
    return check_digits_made(text + 2) && mod97_rotated(text, len) == 1;
}

bool
o2c__iban_valid(const char *text, size_t len)
{
    char iban[34];
    if (!squeeze(text, len, "", iban, sizeof iban, &len) || len < 15)
        return false;
    if (!is_letter(iban[0]) || !is_letter(iban[1]) || !is_digit(iban[2]) || !is_digit(iban[3]))
        return false;
    return check_digits_made(iban + 2) && mod97_rotated(iban, len) == 1;
}

/* Digit that the schemes append to a number. */
static char
recursive_digit(const char *text, size_t len)
{
    static const uint8_t carry_table[10] = { 0, 9, 4, 6, 8, 2, 7, 1, 3, 5 };
    uint32_t carry = 0;
    for (size_t i = 0; i < len; i++)
        carry = carry_table[(carry + (uint32_t)(text[i] - '0')) % 10];
    return (char)('0' + (10 - carry) % 10);
}

static char
viite_digit(const char *text, size_t len)
{
    static const uint32_t weights[3] = { 7, 3, 1 };
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += weights[i % 3] * (uint32_t)(text[len - 1 - i] - '0');
    return (char)('0' + (10 - sum % 10) % 10);
}

static char
luhn_digit(const char *text, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++) {
        uint32_t digit = (uint32_t)(text[len - 1 - i] - '0') << (i % 2 == 0);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

static char
mod11_digit(const char *text, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += (uint32_t)(2 + i % 6) * (uint32_t)(text[len - 1 - i] - '0');
    uint32_t rest = (11 - sum % 11) % 11;
    return rest == 10 ? '-' : (char)('0' + rest);
}

static void
ogm_digits(const char *text, char out[2])
{
    int32_t rest = mod97(text, 10, 0);
    rest = rest == 0 ? 97 : rest;
    out[0] = (char)('0' + rest / 10);
    out[1] = (char)('0' + rest % 10);
}

static bool
ogm_valid(const char *text, size_t len)
{
    char check[2];
    if (len != 12 || !is_number(text, 10))
        return false;
    ogm_digits(text, check);
    return memcmp(check, text + 10, 2) == 0;
}

/* A number whose last character is what digit says of the rest. */
static bool
ends_with(const char *text, size_t len, size_t shortest, size_t longest, char (*digit)(const char *text, size_t len))
{
    return len >= shortest && len <= longest && is_number(text, len - 1) && text[len - 1] == digit(text, len - 1);
}

static bool
is_valid(int32_t scheme, const char *text, size_t len)
{
    switch (scheme) {
    case O2C_SCHEME_RF:
        return rf_valid(text, len);
    case O2C_SCHEME_QRR:
        return ends_with(text, len, 27, 27, recursive_digit);
    case O2C_SCHEME_OGM:
        return ogm_valid(text, len);
    case O2C_SCHEME_VIITE:
        return ends_with(text, len, 4, 20, viite_digit);
    case O2C_SCHEME_KID:
        return ends_with(text, len, 2, 25, luhn_digit) || ends_with(text, len, 2, 25, mod11_digit);
    case O2C_SCHEME_OCR:
        return ends_with(text, len, 2, 25, luhn_digit);
    default:
        return false;
    }
}

bool
o2c__reference_canonical(int32_t scheme, const char *text, size_t len, char out[36])
{
    char bytes[35];
    const char *signs = scheme == O2C_SCHEME_OGM ? "+*/" : "";
    if (!squeeze(text, len, signs, bytes, sizeof bytes, &len) || !is_valid(scheme, bytes, len))
        return false;
    memcpy(out, bytes, len);
    out[len] = 0;
    return true;
}

int32_t
o2c__reference_guess(const char *text, size_t len)
{
    static const int32_t schemes[] = { O2C_SCHEME_RF, O2C_SCHEME_QRR, O2C_SCHEME_OGM };
    char canonical[36];
    for (size_t i = 0; i < O2C__COUNT(schemes); i++)
        if (o2c__reference_canonical(schemes[i], text, len, canonical))
            return schemes[i];
    return O2C_SCHEME_NONE;
}

/* "RF00" + body gives the check digits: 98 − (body · RF00 mod 97). */
static bool
make_rf(char *text, size_t len)
{
    char moved[25];
    if (len < 1 || len > 21)
        return false;
    memcpy(moved, text, len);
    int32_t rest = mod97(moved, len, 0);
    rest = rest < 0 ? -1 : mod97("RF00", 4, rest);
    if (rest < 0)
        return false;
    memcpy(text, "RF", 2);
    text[2] = (char)('0' + (98 - rest) / 10);
    text[3] = (char)('0' + (98 - rest) % 10);
    memcpy(text + 4, moved, len);
    return true;
}

static bool
make_ogm(char *text, size_t len)
{
    if (len != 10 || !is_number(text, len))
        return false;
    ogm_digits(text, text + 10);
    return true;
}

static bool
append(char *text, size_t len, size_t shortest, size_t longest, char (*digit)(const char *text, size_t len))
{
    if (len < shortest || len > longest || !is_number(text, len))
        return false;
    text[len] = digit(text, len);
    return true;
}

/* text holds the body and has room for four more characters; answers the new length, 0 = refused. */
static size_t
make(int32_t scheme, char *text, size_t len)
{
    switch (scheme) {
    case O2C_SCHEME_RF:
        return make_rf(text, len) ? len + 4 : 0;
    case O2C_SCHEME_QRR:
        return append(text, len, 26, 26, recursive_digit) ? len + 1 : 0;
    case O2C_SCHEME_OGM:
        return make_ogm(text, len) ? len + 2 : 0;
    case O2C_SCHEME_VIITE:
        return append(text, len, 3, 19, viite_digit) ? len + 1 : 0;
    default:
        return append(text, len, 1, 24, luhn_digit) ? len + 1 : 0;
    }
}

static bool
scheme_known(int32_t scheme)
{
    return scheme >= O2C_SCHEME_RF && scheme <= O2C_SCHEME_OCR;
}

static o2c_status
answer(const char *text, size_t len, char *buffer, size_t size, o2c_error *err)
{
    if (buffer && len >= size)
        return o2c__fail(err, O2C_E_ARG, "size", "the reference needs %zu bytes and a NUL, the buffer has %zu", len, size);
    if (buffer) {
        memcpy(buffer, text, len);
        buffer[len] = 0;
    }
    return O2C_OK;
}

o2c_status
o2c_reference_check(int32_t scheme, const o2c_str *text, char *buffer, size_t size, o2c_error *err)
{
    char canonical[36];
    if (!text || (!text->ptr && text->len))
        return o2c__fail(err, O2C_E_MISUSE, "text", "text is NULL");
    if (!scheme_known(scheme))
        return o2c__fail(err, O2C_E_ARG, "scheme", "scheme %d has no check digits", (int)scheme);
    if (!o2c__reference_canonical(scheme, text->ptr, text->len, canonical))
        return o2c__fail(err, O2C_E_RECORD_REFERENCE, "text", "shape or check digits are not those of the scheme");
    return answer(canonical, strlen(canonical), buffer, size, err);
}

o2c_status
o2c_reference_make(int32_t scheme, const o2c_str *body, char *buffer, size_t size, o2c_error *err)
{
    char text[36];
    size_t len = 0;
    if (!body || !buffer || (!body->ptr && body->len))
        return o2c__fail(err, O2C_E_MISUSE, "body", "body or buffer is NULL");
    if (!scheme_known(scheme))
        return o2c__fail(err, O2C_E_ARG, "scheme", "scheme %d has no check digits", (int)scheme);
    if (squeeze(body->ptr, body->len, scheme == O2C_SCHEME_OGM ? "+*/" : "", text, 30, &len))
        len = make(scheme, text, len);
    else
        len = 0;
    if (len == 0)
        return o2c__fail(err, O2C_E_RECORD_REFERENCE, "body", "the body has not the shape of the scheme");
    return answer(text, len, buffer, size, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Strict UTF-8 (RFC 3629): shortest form only, no surrogates, nothing above U+10FFFF. */
#include "record/record.h"

static bool
is_follower(char byte)
{
    return ((uint8_t)byte & 0xC0) == 0x80;
}

/* Length a lead byte asks for, 0 = not a lead byte. */
static uint32_t
length_of(uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2)
        return 0;
    if (lead < 0xE0)
        return 2;
    if (lead < 0xF0)
        return 3;
    return lead < 0xF5 ? 4 : 0;
}

uint32_t
o2c__utf8_decode(const char *text, size_t len, size_t at, uint32_t *out_code)
{
    static const uint8_t lead_bits[5] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    static const uint32_t lowest[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (at >= len)
        return 0;
    uint32_t size = length_of((uint8_t)text[at]);
    if (size == 0 || len - at < size)
        return 0;
    uint32_t code = (uint8_t)text[at] & lead_bits[size];
    for (uint32_t i = 1; i < size; i++) {
        if (!is_follower(text[at + i]))
            return 0;
        code = code << 6 | ((uint8_t)text[at + i] & 0x3F);
    }
    if (code < lowest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    *out_code = code;
    return size;
}

uint32_t
o2c__utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static bool
is_control(uint8_t byte)
{
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

size_t
o2c__utf8_bad(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        if ((uint8_t)text[at] < 0x80) {
            if (is_control((uint8_t)text[at]))
                return at;
            at++;
            continue;
        }
        uint32_t code, size = o2c__utf8_decode(text, len, at, &code);
        if (size == 0)
            return at;
        at += size;
    }
    return SIZE_MAX;
}

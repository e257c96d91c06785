/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodings of text files. SWIFT allows 7-bit text only; of 117 sample files 12 hold other bytes: UTF-8, Latin-1, Windows-1250.
 * Sources: the mapping tables CP1250.TXT, CP1252.TXT and 8859-15.TXT of the Unicode consortium.
 */
#include "formats/text.h"

#define REPLACEMENT 0xFFFDu

/* Windows-1252, bytes 80 … 9F; above it is Latin-1. */
static const uint16_t page_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

/* Windows-1250, bytes 80 … FF. */
static const uint16_t page_1250[128] = {
    0x20AC, 0xFFFD, 0x201A, 0xFFFD, 0x201E, 0x2026, 0x2020, 0x2021, 0xFFFD, 0x2030, 0x0160, 0x2039,
    0x015A, 0x0164, 0x017D, 0x0179, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0xFFFD, 0x2122, 0x0161, 0x203A, 0x015B, 0x0165, 0x017E, 0x017A, 0x00A0, 0x02C7, 0x02D8, 0x0141,
    0x00A4, 0x0104, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x015E, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x017B,
    0x00B0, 0x00B1, 0x02DB, 0x0142, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x0105, 0x015F, 0x00BB,
    0x013D, 0x02DD, 0x013E, 0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102, 0x00C4, 0x0139, 0x0106, 0x00C7,
    0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E, 0x0110, 0x0143, 0x0147, 0x00D3,
    0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E, 0x00DA, 0x0170, 0x00DC, 0x00DD, 0x0162, 0x00DF,
    0x0155, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7, 0x010D, 0x00E9, 0x0119, 0x00EB,
    0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3, 0x00F4, 0x0151, 0x00F6, 0x00F7,
    0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD, 0x0163, 0x02D9,
};

bool
o2c__text_is_utf8(const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len) {
        uint64_t eight;
        uint32_t code;
        while (at + sizeof eight <= len) {
            memcpy(&eight, bytes + at, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            at += sizeof eight;
        }
        if (at == len)
            break;
        uint32_t step = (unsigned char)bytes[at] < 0x80 ? 1 : o2c__utf8_decode(bytes, len, at, &code);
        if (!step)
            return false;
        at += step;
    }
    return true;
}

bool
o2c__text_is_plain(const char *bytes, size_t len)
{
    size_t at = 0;
    for (uint64_t eight; at + sizeof eight <= len; at += sizeof eight) {
        memcpy(&eight, bytes + at, sizeof eight);
        /* A byte below 0x20 borrows from its high bit, 0x7F carries into it, and one above 0x7F has it set. */
        uint64_t low = eight - UINT64_C(0x2020202020202020), high = eight + UINT64_C(0x0101010101010101);
        if ((eight | low | high) & UINT64_C(0x8080808080808080))
            break;
    }
    for (; at < len; at++)
        if ((unsigned char)bytes[at] < 0x20 || (unsigned char)bytes[at] >= 0x7F)
            return false;
    return true;
}

/* ISO-8859-15 differs from Latin-1 in eight places, the euro sign first. */
static uint32_t
latin9(unsigned char byte)
{
    switch (byte) {
    case 0xA4:
        return 0x20AC;
    case 0xA6:
        return 0x0160;
    case 0xA8:
        return 0x0161;
    case 0xB4:
        return 0x017D;
    case 0xB8:
        return 0x017E;
    case 0xBC:
        return 0x0152;
    case 0xBD:
        return 0x0153;
    case 0xBE:
        return 0x0178;
    default:
        return byte < 0xA0 ? REPLACEMENT : byte;
    }
}

uint32_t
o2c__text_legacy_code(int32_t encoding, unsigned char byte)
{
    if (byte < 0x80)
        return byte;
    if (encoding == O2C_ENCODING_WINDOWS1250)
        return page_1250[byte - 0x80];
    if (encoding == O2C_ENCODING_LATIN9)
        return latin9(byte);
    /* Files that call themselves Latin-1 and use 80 … 9F mean Windows-1252: Latin-1 has only control characters there. */
    return byte < 0xA0 ? page_1252[byte - 0x80] : byte;
}

/* One character of the input, at least one byte long; what is malformed becomes U+FFFD. */
static uint32_t
next(int32_t encoding, const char *bytes, size_t len, size_t at, uint32_t *code)
{
    if (encoding != O2C_ENCODING_UTF8) {
        *code = o2c__text_legacy_code(encoding, (unsigned char)bytes[at]);
        return 1;
    }
    uint32_t step = o2c__utf8_decode(bytes, len, at, code);
    if (!step)
        *code = REPLACEMENT;
    return step ? step : 1;
}

size_t
o2c__text_decode(int32_t encoding, const char *bytes, size_t len, char *out)
{
    size_t count = 0;
    for (size_t at = 0; at < len;) {
        uint32_t code;
        at += next(encoding, bytes, len, at, &code);
        if ((code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7F && code < 0xA0))
            code = ' ';
        count += o2c__utf8_encode(code, out + count);
    }
    return count;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Characters that XML 1.0 allows, in UTF-8 (Unicode table 3-7: well-formed byte sequences). */
#include "formats/gate.h"

#ifdef __SSE2__
#include <emmintrin.h>

/* Bytes that need a look: below blank other than TAB, LF, CR, or above ASCII. As signed bytes both are less than blank. */
static __m128i
suspicious(const char *bytes)
{
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(' '));
    __m128i blank =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\t'))),
                     _mm_cmpeq_epi8(block, _mm_set1_epi8('\r')));
    return _mm_andnot_si128(blank, low);
}

/* Plain bytes at the start, in steps of 16; stops at or before the first suspicious one. */
static size_t
plain_bytes(const char *bytes, size_t size)
{
    size_t at = 0;

    for (; size - at >= 64; at += 64) {
        __m128i any = _mm_or_si128(_mm_or_si128(suspicious(bytes + at), suspicious(bytes + at + 16)),
                                   _mm_or_si128(suspicious(bytes + at + 32), suspicious(bytes + at + 48)));
        if (_mm_movemask_epi8(any) != 0)
            break;
    }
    for (; size - at >= 16; at += 16) {
        int found = _mm_movemask_epi8(suspicious(bytes + at));
        if (found != 0)
            return at + (size_t)__builtin_ctz((unsigned)found);
    }
    return at;
}
#else
static size_t
plain_bytes(const char *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    return 0;
}
#endif

/* Lead byte: how many follow, and the range of the first of them, which shuts out overlong forms and surrogates. */
static bool
lead_byte(struct o2c__gate_utf8 *utf8, unsigned char byte)
{
    utf8->low = 0x80;
    utf8->high = 0xBF;
    if (byte >= 0xC2 && byte <= 0xDF) {
        utf8->need = 1;
        utf8->code = byte & 0x1Fu;
    } else if ((byte & 0xF0) == 0xE0) {
        utf8->need = 2;
        utf8->code = byte & 0x0Fu;
        utf8->low = byte == 0xE0 ? 0xA0 : 0x80;
        utf8->high = byte == 0xED ? 0x9F : 0xBF;
    } else if (byte >= 0xF0 && byte <= 0xF4) {
        utf8->need = 3;
        utf8->code = byte & 0x07u;
        utf8->low = byte == 0xF0 ? 0x90 : 0x80;
        utf8->high = byte == 0xF4 ? 0x8F : 0xBF;
    } else {
        return false;
    }
    return true;
}

static bool
take_byte(struct o2c__gate_utf8 *utf8, unsigned char byte)
{
    if (utf8->need == 0) {
        utf8->taken = 0;
        if (byte < 0x80)
            return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
        if (!lead_byte(utf8, byte))
            return false;
        utf8->taken = 1;
        return true;
    }
    if (byte < utf8->low || byte > utf8->high)
        return false;
    utf8->low = 0x80;
    utf8->high = 0xBF;
    utf8->code = utf8->code << 6 | (byte & 0x3Fu);
    if (--utf8->need > 0)
        utf8->taken++;
    return utf8->need > 0 || (utf8->code != 0xFFFE && utf8->code != 0xFFFF);
}

size_t
o2c__gate_characters(struct o2c__gate_utf8 *utf8, const char *bytes, size_t size)
{
    size_t at = 0;

    while (at < size) {
        if (utf8->wide && utf8->need == 0) {
            at += plain_bytes(bytes + at, size - at);
            if (at == size)
                break;
        }
        if (!take_byte(utf8, (unsigned char)bytes[at]))
            return at;
        at++;
    }
    return size;
}

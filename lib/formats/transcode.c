/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodings of XML. A byte order mark decides, else the declaration; what is declared otherwise is refused. No iconv:
 * libxml2 2.9.14 would hand any declared name to it, and UTF-7 decodes "+AGEAYg-" to "ab" behind every check (RELIABILITY 1).
 * Sources: XML 1.0 appendix F; RFC 2781 (UTF-16).
 */
#include "formats/transcode.h"

#include "formats/text.h"

#define PIECE 16384u /* input bytes of one piece; UTF-8 is at most three times as long */
#define MARKS (512u * 1024 / 64)

/* Where 64 bytes of output came from: bit i of leads = byte i starts a character, of pairs = it was a surrogate pair. */
struct o2c__transcode_mark {
    uint64_t in, leads, pairs;
};

void
o2c__transcode_init(struct o2c__transcode *transcode, o2c__context *context)
{
    memset(transcode, 0, sizeof *transcode);
    transcode->context = context;
}

void
o2c__transcode_free(struct o2c__transcode *transcode)
{
    o2c__memory *memory = &transcode->context->memory;

    if (transcode->buffer != NULL)
        o2c__release(memory, transcode->buffer, (size_t)PIECE * 3);
    if (transcode->marks != NULL)
        o2c__release(memory, transcode->marks, MARKS * sizeof *transcode->marks);
    transcode->buffer = NULL;
    transcode->marks = NULL;
}

/* ---- which encoding */
static const struct {
    const char *name;
    int32_t encoding;
    bool ascii;
} encodings[] = {
    { "UTF-8", O2C_ENCODING_UTF8, false },
    { "UTF8", O2C_ENCODING_UTF8, false },
    { "US-ASCII", O2C_ENCODING_UTF8, true },
    { "ASCII", O2C_ENCODING_UTF8, true },
    { "ISO-8859-1", O2C_ENCODING_LATIN1, false },
    { "ISO8859-1", O2C_ENCODING_LATIN1, false },
    { "LATIN1", O2C_ENCODING_LATIN1, false },
    { "ISO-8859-15", O2C_ENCODING_LATIN9, false },
    { "WINDOWS-1252", O2C_ENCODING_WINDOWS1252, false },
    { "CP1252", O2C_ENCODING_WINDOWS1252, false },
    { "WINDOWS-1250", O2C_ENCODING_WINDOWS1250, false },
    { "CP1250", O2C_ENCODING_WINDOWS1250, false },
};

static char
upper(char byte)
{
    return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

static bool
same_name(const char *text, size_t len, const char *name)
{
    size_t at = 0;

    for (; at < len && name[at] != '\0'; at++) {
        if (upper(text[at]) != name[at])
            return false;
    }
    return at == len && name[at] == '\0';
}

/* The value of encoding in <?xml … ?>; empty = not declared. */
static o2c_str
declared(const char *bytes, size_t size)
{
    static const char word[] = "encoding";
    size_t at = 5, stop = 5, first;

    if (size < 6 || memcmp(bytes, "<?xml", 5) != 0)
        return (o2c_str){ "", 0 };
    while (stop < size && bytes[stop] != '>')
        stop++;
    while (at + sizeof word < stop && memcmp(bytes + at, word, sizeof word - 1) != 0)
        at++;
    if (at + sizeof word >= stop)
        return (o2c_str){ "", 0 };
    at += sizeof word - 1;
    while (at < stop && bytes[at] != '"' && bytes[at] != '\'')
        at++;
    for (first = ++at; at < stop && bytes[at] != '"' && bytes[at] != '\'';)
        at++;
    return first < at ? (o2c_str){ bytes + first, at - first } : (o2c_str){ "", 0 };
}

static o2c_status
start_declared(struct o2c__transcode *transcode, const char *bytes, size_t size, o2c_error *err)
{
    o2c_str name = declared(bytes, size);

    transcode->kind = O2C__TRANSCODE_UTF8;
    if (name.len == 0)
        return O2C_OK;
    for (size_t i = 0; i < O2C__COUNT(encodings); i++) {
        if (!same_name(name.ptr, name.len, encodings[i].name))
            continue;
        transcode->encoding = encodings[i].encoding;
        transcode->ascii = encodings[i].ascii;
        if (transcode->encoding != O2C_ENCODING_UTF8)
            transcode->kind = O2C__TRANSCODE_LEGACY;
        return O2C_OK;
    }
    return o2c__fail_at(
        err, O2C_E_FORMATS_ENCODING, "encoding", (uint64_t)(name.ptr - bytes), 1,
        "the declared encoding is none of UTF-8, ASCII, ISO-8859-1, ISO-8859-15, Windows-1250, Windows-1252, or UTF-16 "
        "without a byte order mark");
}

static bool
need_tables(struct o2c__transcode *transcode)
{
    o2c__memory *memory = &transcode->context->memory;

    if (transcode->kind == O2C__TRANSCODE_UTF8)
        return true;
    transcode->buffer = o2c__alloc(memory, (size_t)PIECE * 3);
    transcode->marks = o2c__alloc_zero(memory, MARKS, sizeof *transcode->marks);
    return transcode->buffer != NULL && transcode->marks != NULL;
}

o2c_status
o2c__transcode_start(struct o2c__transcode *transcode, const char *bytes, size_t size, size_t *out_mark, o2c_error *err)
{
    o2c_status status = O2C_OK;

    *out_mark = 0;
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        transcode->kind = O2C__TRANSCODE_UTF8;
        *out_mark = 3;
    } else if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        transcode->kind = O2C__TRANSCODE_UTF16;
        transcode->big_endian = (unsigned char)bytes[0] == 0xFE;
        *out_mark = 2;
    } else {
        status = start_declared(transcode, bytes, size, err);
    }
    transcode->skipped = *out_mark;
    if (status == O2C_OK && !need_tables(transcode))
        status = o2c__fail(err, O2C_E_NOMEM, "", "no memory to change the encoding");
    return status;
}

/* ---- conversion */
static o2c_status
refuse(const struct o2c__transcode *transcode, const char *why, o2c_error *err)
{
    return o2c__fail_at(err, O2C_E_FORMATS_ENCODING, "encoding", transcode->skipped + transcode->in, 0, "%s", why);
}

/* One character behind *made bytes of the buffer; width = its bytes in the input. */
static void
put(struct o2c__transcode *transcode, uint32_t code, uint32_t width, size_t *made)
{
    struct o2c__transcode_mark *mark = &transcode->marks[transcode->out / 64 % MARKS];
    uint32_t len = o2c__utf8_encode(code, transcode->buffer + *made);

    if (transcode->out % 64 == 0) /* otherwise the character before has set it up */
        *mark = (struct o2c__transcode_mark){ transcode->in, 0, 0 };
    mark->leads |= (uint64_t)1 << transcode->out % 64;
    if (width == 4)
        mark->pairs |= (uint64_t)1 << transcode->out % 64;
    transcode->in += width;
    if (transcode->out % 64 + len > 64) {
        mark = &transcode->marks[(transcode->out / 64 + 1) % MARKS];
        *mark = (struct o2c__transcode_mark){ transcode->in, 0, 0 };
    }
    transcode->out += len;
    *made += len;
}

static o2c_status
legacy_piece(struct o2c__transcode *transcode, const char **bytes, size_t *size, size_t *made, o2c_error *err)
{
    size_t count = *size < PIECE ? *size : PIECE;

    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)(*bytes)[i];
        uint32_t code = byte < 0x80 ? byte : o2c__text_legacy_code(transcode->encoding, byte);
        if (code == 0xFFFD || code == 0)
            return refuse(transcode, "a byte that the declared encoding does not have", err);
        put(transcode, code, 1, made);
    }
    *bytes += count;
    *size -= count;
    return O2C_OK;
}

static uint32_t
unit_of(const struct o2c__transcode *transcode, uint32_t at)
{
    uint32_t first = transcode->held[at], second = transcode->held[at + 1];

    return transcode->big_endian ? first << 8 | second : second << 8 | first;
}

/* Bytes come one by one: a character may be cut anywhere. */
static o2c_status
utf16_piece(struct o2c__transcode *transcode, const char **bytes, size_t *size, size_t *made, o2c_error *err)
{
    size_t count = *size < PIECE ? *size : PIECE;

    for (size_t i = 0; i < count; i++) {
        uint32_t unit, second;
        transcode->held[transcode->held_count++] = (unsigned char)(*bytes)[i];
        if (transcode->held_count % 2 != 0)
            continue;
        unit = unit_of(transcode, 0);
        if (unit >= 0xD800 && unit <= 0xDBFF && transcode->held_count == 2)
            continue;
        if (transcode->held_count == 4) {
            second = unit_of(transcode, 2);
            if (second < 0xDC00 || second > 0xDFFF)
                return refuse(transcode, "half of a surrogate pair", err);
            unit = 0x10000u + ((unit - 0xD800u) << 10) + (second - 0xDC00u);
        } else if (unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) {
            return refuse(transcode, unit == 0 ? "a NUL" : "half of a surrogate pair", err);
        }
        put(transcode, unit, transcode->held_count, made);
        transcode->held_count = 0;
    }
    *bytes += count;
    *size -= count;
    return O2C_OK;
}

static o2c_status
check_ascii(struct o2c__transcode *transcode, const char *bytes, size_t size, o2c_error *err)
{
    for (size_t i = 0; transcode->ascii && i < size; i++) {
        if ((unsigned char)bytes[i] > 127) {
            transcode->in += i;
            return refuse(transcode, "a byte above 127 in a file declared ASCII", err);
        }
    }
    return O2C_OK;
}

o2c_status
o2c__transcode_next(struct o2c__transcode *transcode, const char **bytes, size_t *size, const char **out, size_t *out_size,
                    o2c_error *err)
{
    o2c_status status;

    *out_size = 0;
    *out = transcode->buffer;
    if (transcode->kind == O2C__TRANSCODE_UTF8) {
        status = check_ascii(transcode, *bytes, *size, err);
        *out = *bytes;
        *out_size = *size;
        transcode->in += *size;
        *bytes += *size;
        *size = 0;
        return status;
    }
    if (transcode->kind == O2C__TRANSCODE_LEGACY)
        return legacy_piece(transcode, bytes, size, out_size, err);
    return utf16_piece(transcode, bytes, size, out_size, err);
}

o2c_status
o2c__transcode_finish(struct o2c__transcode *transcode, o2c_error *err)
{
    if (transcode->held_count == 0)
        return O2C_OK;
    return o2c__fail_at(err, O2C_E_FORMATS_TRUNCATED, "encoding", transcode->skipped + transcode->in, 0,
                        "the file stops inside a character");
}

uint64_t
o2c__transcode_back(const struct o2c__transcode *transcode, uint64_t offset)
{
    const struct o2c__transcode_mark *mark;
    uint64_t below, count;

    if (offset >= transcode->out)
        return transcode->skipped + transcode->in;
    mark = &transcode->marks[offset / 64 % MARKS];
    below = ((uint64_t)1 << offset % 64) - 1;
    count = (uint64_t)__builtin_popcountll(mark->leads & below);
    if (transcode->kind == O2C__TRANSCODE_UTF16)
        count = 2 * count + 2 * (uint64_t)__builtin_popcountll(mark->pairs & below);
    return transcode->skipped + mark->in + count;
}

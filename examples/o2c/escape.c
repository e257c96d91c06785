/* SPDX-License-Identifier: Apache-2.0 */
/* A payer writes what he likes: escape sequences, markup, formulas, signs that turn the line around. None of it may act. */
#include "tool.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

static uint32_t
continued(const unsigned char *bytes, size_t left, uint32_t value, size_t more, uint32_t least, size_t *at)
{
    if (left <= more) {
        *at += 1;
        return REPLACEMENT;
    }
    for (size_t i = 1; i <= more; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            *at += 1;
            return REPLACEMENT;
        }
        value = value << 6 | (bytes[i] & 0x3F);
    }
    *at += 1 + more;
    return value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF) ? REPLACEMENT : value;
}

/* The code point at *at; bytes that are not UTF-8 read as U+FFFD one by one. */
uint32_t
utf8_next(const o2c_str *text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text->ptr + *at;
    size_t left = text->len - *at;
    if (bytes[0] < 0x80) {
        *at += 1;
        return bytes[0];
    }
    if (bytes[0] >= 0xC2 && bytes[0] < 0xE0)
        return continued(bytes, left, bytes[0] & 0x1F, 1, 0x80, at);
    if (bytes[0] >= 0xE0 && bytes[0] < 0xF0)
        return continued(bytes, left, bytes[0] & 0x0F, 2, 0x800, at);
    if (bytes[0] >= 0xF0 && bytes[0] < 0xF5)
        return continued(bytes, left, bytes[0] & 0x07, 3, 0x10000, at);
    *at += 1;
    return REPLACEMENT;
}

/* Controls, bidirectional marks and line separators: they move a cursor or reorder what is seen (Unicode TR 36). */
static bool
acts(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void
put_terminal(FILE *out, o2c_str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t code = utf8_next(&text, &at);
        if (code == '\n' || code == '\t' || code == '\r')
            fputc(' ', out);
        else if (acts(code) || code == REPLACEMENT)
            fputc('?', out);
        else
            fwrite(text.ptr + start, 1, at - start, out);
    }
}

void
put_html(FILE *out, o2c_str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t code = utf8_next(&text, &at);
        if (code == '<')
            fputs("&lt;", out);
        else if (code == '>')
            fputs("&gt;", out);
        else if (code == '&')
            fputs("&amp;", out);
        else if (code == '"')
            fputs("&quot;", out);
        else if (code == '\'')
            fputs("&#39;", out);
        else if (code == '\n' || code == '\t')
            fputc((int)code, out);
        else if (acts(code) || code == REPLACEMENT)
            fputs("\xEF\xBF\xBD", out);
        else
            fwrite(text.ptr + start, 1, at - start, out);
    }
}

static void
put_unit(FILE *out, uint32_t unit)
{
    fprintf(out, "\\u%04x", unit);
}

/* Writes a JSON string with its quotes. The text keeps its meaning: what acts on a screen is escaped, not dropped. */
void
put_json(FILE *out, o2c_str text)
{
    fputc('"', out);
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t code = utf8_next(&text, &at);
        if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (int)code);
        else if (code == '\n')
            fputs("\\n", out);
        else if (acts(code))
            put_unit(out, code);
        else if (code == REPLACEMENT)
            fputs("\xEF\xBF\xBD", out);
        else
            fwrite(text.ptr + start, 1, at - start, out);
    }
    fputc('"', out);
}

/* Signs that make a spreadsheet run a cell as a formula; the full-width forms are folded by some of them. */
static bool
starts_formula(const o2c_str *text)
{
    static const uint32_t signs[] = { '=', '+', '-', '@', '\t', '\r', '\n', 0, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
    if (text->len == 0)
        return false;
    size_t at = 0;
    uint32_t first = utf8_next(text, &at);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (first == signs[i])
            return true;
    return false;
}

static void
put_csv_body(FILE *out, o2c_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            fputc('"', out);
        fputc(text.ptr[i] ? text.ptr[i] : ' ', out);
    }
}

/* A text cell by RFC 4180; one that a spreadsheet would run gets an apostrophe in front. Numbers never come here. */
void
put_csv_text(FILE *out, o2c_str text)
{
    bool quote = starts_formula(&text);
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = text.ptr[i] == '"' || text.ptr[i] == ',' || text.ptr[i] == ';' || text.ptr[i] == '\n' || text.ptr[i] == '\r';
    if (quote)
        put_csv_piece(out, text, true);
    else
        put_csv_body(out, text);
    if (quote)
        fputc('"', out);
}

/* A piece of a quoted cell: the first opens it, each later one stands on a line of its own; the caller closes the quote. */
void
put_csv_piece(FILE *out, o2c_str text, bool first)
{
    fputc(first ? '"' : '\n', out);
    if (first && starts_formula(&text))
        fputc('\'', out);
    put_csv_body(out, text);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Fills o2c_error: one line of valid UTF-8 that ends at a code point, whatever the arguments of the format held. */
#include <stdio.h>

#include "base/base.h"

_Static_assert(sizeof(o2c_error) == 512, "o2c_error is frozen");

/* Length of the strict UTF-8 sequence at text, 0 when it is none (table 3-7 of the Unicode standard). */
static size_t
sequence(const unsigned char *text, size_t len)
{
    unsigned char lead = text[0];
    size_t need = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (need == 0 || need > len)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    if ((lead == 0xE0 && text[1] < 0xA0) || (lead == 0xED && text[1] > 0x9F) || (lead == 0xF0 && text[1] < 0x90) ||
        (lead == 0xF4 && text[1] > 0x8F))
        return 0;
    return need;
}

/* Where the code point begins that the cut at len may have torn; len when the last one is whole. */
static size_t
whole(const unsigned char *text, size_t len)
{
    size_t at = len;
    while (at > 0 && len - at < 3 && (text[at - 1] & 0xC0) == 0x80)
        at--;
    if (at == 0 || text[at - 1] < 0xC2)
        return len;
    return sequence(text + at - 1, len - at + 1) ? len : at - 1;
}

/* Input may be quoted in a message: what is not UTF-8 becomes '?', what would break the line becomes a blank. */
static void
clean(char *message, size_t room, bool cut)
{
    unsigned char *text = (unsigned char *)message;
    size_t len = strlen(message);
    if (cut)
        len = whole(text, len);
    memset(message + len, 0, room - len);
    for (size_t i = 0; i < len;) {
        size_t step = sequence(text + i, len - i);
        if (step == 0)
            text[i] = '?';
        else if (step == 1 && (text[i] < 0x20 || text[i] == 0x7F))
            text[i] = ' ';
        i += step ? step : 1;
    }
}

static void __attribute__((format(printf, 4, 0)))
fill(o2c_error *err, o2c_status status, const char *field, const char *format, va_list args)
{
    memset(err, 0, sizeof *err);
    err->status = status;
    err->flags = o2c_status_retry(status) ? O2C_ERROR_RETRYABLE : 0;
    err->offset = O2C_NOWHERE;
    err->row = O2C_NOWHERE;
    int length = snprintf(err->field, sizeof err->field, "%s", field ? field : "");
    clean(err->field, sizeof err->field, length < 0 || (size_t)length >= sizeof err->field);
    length = vsnprintf(err->message, sizeof err->message, format, args);
    if (length < 0)
        snprintf(err->message, sizeof err->message, "%s", o2c_status_text(status));
    clean(err->message, sizeof err->message, length < 0 || (size_t)length >= sizeof err->message);
}

o2c_status
o2c__fail(o2c_error *err, o2c_status status, const char *field, const char *format, ...)
{
    va_list args;
    if (!err)
        return status;
    va_start(args, format);
    fill(err, status, field, format, args);
    va_end(args);
    return status;
}

o2c_status
o2c__fail_at(o2c_error *err, o2c_status status, const char *field, uint64_t offset, uint32_t line, const char *format, ...)
{
    va_list args;
    if (!err)
        return status;
    va_start(args, format);
    fill(err, status, field, format, args);
    va_end(args);
    err->offset = offset;
    err->line = line;
    return status;
}

o2c_status
o2c__fail_row(o2c_error *err, o2c_status status, const char *field, uint64_t row, const char *format, ...)
{
    va_list args;
    if (!err)
        return status;
    va_start(args, format);
    fill(err, status, field, format, args);
    va_end(args);
    err->row = row;
    return status;
}

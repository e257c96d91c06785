/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodings of text files (MT, CSV). UTF-8 is taken when the bytes are UTF-8, else one named legacy page; no iconv, no locale.
 */
#ifndef O2C__FORMATS_TEXT_H
#define O2C__FORMATS_TEXT_H
#include "formats/formats.h"

/* True when every byte belongs to a well-formed UTF-8 sequence; control characters are not looked at. */
bool o2c__text_is_utf8(const char *bytes, size_t len);
/* True when the bytes are plain ASCII without control characters: they need no conversion. */
bool o2c__text_is_plain(const char *bytes, size_t len);
/* Code point of one byte of a legacy page (O2C_ENCODING_…); U+FFFD where the page has none. */
uint32_t o2c__text_legacy_code(int32_t encoding, unsigned char byte);
/* Bytes that one input byte can become. */
#define O2C__TEXT_GROWTH 3
/*
 * Converts to UTF-8, never fails: what the encoding does not have becomes U+FFFD, control characters other than TAB and LF become
 * a blank. out has room for O2C__TEXT_GROWTH · len bytes; answers the bytes written.
 */
size_t o2c__text_decode(int32_t encoding, const char *bytes, size_t len, char *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Input of an XML file → UTF-8, with the way back from an offset in the UTF-8 to the byte of the input. */
#ifndef O2C__FORMATS_TRANSCODE_H
#define O2C__FORMATS_TRANSCODE_H
#include "formats/formats.h"

/* First bytes that must be there, or the whole file, before the encoding is known: a declaration is shorter. */
#define O2C__TRANSCODE_HEAD 256u

struct o2c__transcode {
    o2c__context *context;
    enum { O2C__TRANSCODE_UNKNOWN, O2C__TRANSCODE_UTF8, O2C__TRANSCODE_LEGACY, O2C__TRANSCODE_UTF16 } kind;
    int32_t encoding; /* LEGACY: O2C_ENCODING_… */
    bool big_endian;
    bool ascii; /* declared ASCII: bytes above 127 are refused */
    uint64_t skipped;     /* byte order mark */
    uint64_t in, out;     /* bytes taken and made so far, without the mark */
    unsigned char held[4];/* UTF-16: bytes of a character that is not whole yet */
    uint32_t held_count;
    char *buffer;         /* one piece of output */
    struct o2c__transcode_mark *marks;
};

void o2c__transcode_init(struct o2c__transcode *transcode, o2c__context *context);
/* Finds the encoding in the first bytes of the file and says how many of them are a byte order mark. */
o2c_status o2c__transcode_start(struct o2c__transcode *transcode, const char *bytes, size_t size, size_t *out_mark, o2c_error *err);
/* Gives the next piece of UTF-8: all of it for UTF-8 without a copy. Takes *size down by what it used; *size 0 at return = all used. */
o2c_status o2c__transcode_next(struct o2c__transcode *transcode, const char **bytes, size_t *size, const char **out, size_t *out_size,
                               o2c_error *err);
o2c_status o2c__transcode_finish(struct o2c__transcode *transcode, o2c_error *err);
/* Byte of the input behind an offset in the UTF-8. Exact for the last 512 KiB, which is more than libxml2 lags behind. */
uint64_t o2c__transcode_back(const struct o2c__transcode *transcode, uint64_t offset);
static inline uint64_t
o2c__transcode_input(const struct o2c__transcode *transcode, uint64_t offset)
{
    if (transcode->kind <= O2C__TRANSCODE_UTF8)
        return transcode->skipped + offset;
    return o2c__transcode_back(transcode, offset);
}
void o2c__transcode_free(struct o2c__transcode *transcode);

#endif

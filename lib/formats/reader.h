/* SPDX-License-Identifier: Apache-2.0 */
/* The reader behind o2c_formats_reader and o2c_formats_read; used inside this room only. */
#ifndef O2C__FORMATS_READER_H
#define O2C__FORMATS_READER_H
#include "formats/formats.h"

/* Dialects get blocks of this size, whatever the pieces the host pushes: the answer cannot depend on them. */
#define O2C__READER_BLOCK 65536u

struct o2c__inflate;
struct o2c__reader {
    o2c__context *context;
    struct o2c__builder *builder;
    o2c_formats_options options;
    o2c_csv_profile profile;
    char *columns; /* copy of profile.columns */
    const struct o2c__dialect *dialect;
    void *self; /* of the dialect */
    const char *why;
    struct o2c__inflate *inflate; /* NULL = plain */
    unsigned char head[2];        /* first bytes, until it is known whether the file is compressed */
    uint32_t head_count;
    char *block; /* a block that is not full yet */
    size_t fill;
    uint64_t taken; /* bytes of the input, after inflating */
    enum { O2C__READER_NEW, O2C__READER_OPEN, O2C__READER_DONE, O2C__READER_FAILED } state;
};

o2c_status o2c__reader_open(struct o2c__reader *reader, o2c__context *context, const o2c_formats_options *options,
                            struct o2c__builder *builder, o2c_error *err);
o2c_status o2c__reader_push(struct o2c__reader *reader, const char *bytes, size_t size, o2c_error *err);
o2c_status o2c__reader_finish(struct o2c__reader *reader, o2c_error *err);
void o2c__reader_close(struct o2c__reader *reader);

/* ---- gzip (inflate.c): one member, limits on input and ratio, nothing behind it */
typedef o2c_status (*o2c__inflate_sink)(void *self, const char *bytes, size_t size, o2c_error *err);
struct o2c__inflate *o2c__inflate_open(o2c__context *context, o2c__inflate_sink sink, void *self);
o2c_status o2c__inflate_push(struct o2c__inflate *inflate, const char *bytes, size_t size, o2c_error *err);
o2c_status o2c__inflate_finish(struct o2c__inflate *inflate, o2c_error *err);
void o2c__inflate_close(struct o2c__inflate *inflate);

#endif

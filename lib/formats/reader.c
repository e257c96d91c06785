/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of the host → blocks of the dialect. Here stand the limits every format shares: input size, cancellation, one failure and
 * nothing after it. Blocks have a fixed size, so rows, errors and offsets do not depend on how the host cut the file.
 */
#include "formats/reader.h"

#define CSV_PROFILE_FIRST sizeof(o2c_csv_profile)
#define OPTIONS_FIRST sizeof(o2c_formats_options)

static bool
in_range(int32_t value, int32_t last)
{
    return value >= 0 && value <= last;
}

static o2c_status
check_profile(const o2c_csv_profile *profile, o2c_error *err)
{
    if (profile->delimiter != 0 &&
        (profile->delimiter < 0 || profile->delimiter > 127 || strchr(",;\t|", profile->delimiter) == NULL))
        return o2c__fail(err, O2C_E_ARG, "csv_profile.delimiter", "the delimiter is none of comma, semicolon, tab, bar");
    if (profile->decimal_mark != 0 && profile->decimal_mark != '.' && profile->decimal_mark != ',')
        return o2c__fail(err, O2C_E_ARG, "csv_profile.decimal_mark", "the decimal mark is neither point nor comma");
    if (profile->group_mark != 0 &&
        (profile->group_mark < 0 || profile->group_mark > 127 || strchr("., '", profile->group_mark) == NULL))
        return o2c__fail(err, O2C_E_ARG, "csv_profile.group_mark", "the thousands sign is none of point, comma, blank, apostrophe");
    if (!in_range(profile->date_order, O2C_DATE_ORDER_PROVE))
        return o2c__fail(err, O2C_E_ARG, "csv_profile.date_order", "no such date order");
    if (!in_range(profile->encoding, O2C_ENCODING_WINDOWS1250))
        return o2c__fail(err, O2C_E_ARG, "csv_profile.encoding", "no such encoding");
    if (profile->columns.len > 0 && profile->columns.ptr == NULL)
        return o2c__fail(err, O2C_E_ARG, "csv_profile.columns", "columns has a length and no bytes");
    return O2C_OK;
}

/* The host may free its profile after the call: the reader keeps its own. */
static o2c_status
keep_profile(struct o2c__reader *reader, const o2c_csv_profile *given, o2c_error *err)
{
    o2c_status status = o2c__options_read(given, &reader->profile, sizeof reader->profile, CSV_PROFILE_FIRST, "csv_profile", err);

    if (status == O2C_OK)
        status = check_profile(&reader->profile, err);
    if (status != O2C_OK)
        return status;
    if (reader->profile.columns.len > 0) {
        reader->columns = o2c__alloc(&reader->context->memory, reader->profile.columns.len);
        if (reader->columns == NULL)
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the column profile");
        memcpy(reader->columns, reader->profile.columns.ptr, reader->profile.columns.len);
        reader->profile.columns.ptr = reader->columns;
    }
    reader->options.profile = &reader->profile;
    return O2C_OK;
}

o2c_status
o2c__reader_open(struct o2c__reader *reader, o2c__context *context, const o2c_formats_options *options,
                 struct o2c__builder *builder, o2c_error *err)
{
    o2c_status status;

    memset(reader, 0, sizeof *reader);
    reader->context = context;
    reader->builder = builder;
    reader->why = "Nothing was read.";
    status = o2c__options_read(options, &reader->options, sizeof reader->options, OPTIONS_FIRST, "formats_options", err);
    if (status != O2C_OK)
        return status;
    if (!in_range(reader->options.format, O2C_FORMAT_CSV))
        return o2c__fail(err, O2C_E_ARG, "formats_options.format", "no such format");
    if (!in_range(reader->options.legacy_encoding, O2C_ENCODING_WINDOWS1250))
        return o2c__fail(err, O2C_E_ARG, "formats_options.legacy_encoding", "no such encoding");
    if (reader->options.profile != NULL)
        return keep_profile(reader, reader->options.profile, err);
    return O2C_OK;
}

static o2c_status
open_dialect(struct o2c__reader *reader, const char *bytes, size_t size, bool whole, o2c_error *err)
{
    o2c_error why = { 0 };

    reader->dialect = o2c__detect(bytes, size, whole, &reader->options, &reader->why);
    if (reader->dialect == NULL)
        return o2c__fail_at(err, O2C_E_FORMATS_UNKNOWN, "format", 0, 0, "neither XML nor SWIFT MT nor delimited text");
    reader->self = reader->dialect->open(reader->context, &reader->options, reader->builder, &why);
    if (reader->self != NULL)
        return O2C_OK;
    reader->dialect = NULL;
    if (why.status == O2C_OK)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a dialect");
    if (err != NULL)
        *err = why;
    return why.status;
}

static o2c_status
take_block(struct o2c__reader *reader, const char *bytes, size_t size, bool whole, o2c_error *err)
{
    uint64_t limit = reader->context->limits.input_bytes_max;
    o2c_status status = O2C_OK;

    if (o2c__canceled(reader->context))
        return o2c__fail(err, O2C_E_CANCELED, "", "the host asked to stop");
    if (reader->taken + size > limit)
        return o2c__fail_at(err, O2C_E_LIMIT, "input_bytes_max", limit, 0, "the file is larger than %llu bytes",
                            (unsigned long long)limit);
    if (reader->dialect == NULL)
        status = open_dialect(reader, bytes, size, whole, err);
    if (status == O2C_OK)
        status = reader->dialect->push(reader->self, bytes, size, err);
    reader->taken += size;
    return status;
}

static bool
need_block(struct o2c__reader *reader)
{
    if (reader->block == NULL)
        reader->block = o2c__alloc(&reader->context->memory, O2C__READER_BLOCK);
    return reader->block != NULL;
}

/* Bytes after inflating. Whole blocks go on without a copy. */
static o2c_status
take_plain(void *self, const char *bytes, size_t size, o2c_error *err)
{
    struct o2c__reader *reader = self;
    o2c_status status = O2C_OK;

    while (size > 0 && status == O2C_OK) {
        size_t piece = O2C__READER_BLOCK - reader->fill;
        if (reader->fill == 0 && size >= O2C__READER_BLOCK) {
            status = take_block(reader, bytes, O2C__READER_BLOCK, false, err);
        } else {
            if (!need_block(reader))
                return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a block of input");
            piece = piece < size ? piece : size;
            memcpy(reader->block + reader->fill, bytes, piece);
            reader->fill += piece;
            if (reader->fill == O2C__READER_BLOCK) {
                reader->fill = 0;
                status = take_block(reader, reader->block, O2C__READER_BLOCK, false, err);
            }
        }
        bytes += piece;
        size -= piece;
    }
    return status;
}

static o2c_status
take_bytes(struct o2c__reader *reader, const char *bytes, size_t size, o2c_error *err)
{
    if (reader->inflate != NULL)
        return o2c__inflate_push(reader->inflate, bytes, size, err);
    return take_plain(reader, bytes, size, err);
}

static o2c_status
start(struct o2c__reader *reader, o2c_error *err)
{
    reader->state = O2C__READER_OPEN;
    if (reader->head_count == 2 && reader->head[0] == 0x1F && reader->head[1] == 0x8B) {
        reader->inflate = o2c__inflate_open(reader->context, take_plain, reader);
        if (reader->inflate == NULL)
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory to inflate");
    }
    return take_bytes(reader, (const char *)reader->head, reader->head_count, err);
}

static o2c_status
push(struct o2c__reader *reader, const char *bytes, size_t size, o2c_error *err)
{
    while (reader->state == O2C__READER_NEW && size > 0) {
        reader->head[reader->head_count++] = (unsigned char)*bytes++;
        size--;
        if (reader->head_count == 2) {
            o2c_status status = start(reader, err);
            if (status != O2C_OK)
                return status;
        }
    }
    return size > 0 ? take_bytes(reader, bytes, size, err) : O2C_OK;
}

/* After a failure only o2c_formats_reader_free is answered. */
static o2c_status
settle(struct o2c__reader *reader, o2c_status status)
{
    if (status != O2C_OK)
        reader->state = O2C__READER_FAILED;
    return status;
}

o2c_status
o2c__reader_push(struct o2c__reader *reader, const char *bytes, size_t size, o2c_error *err)
{
    if (reader->state == O2C__READER_FAILED || reader->state == O2C__READER_DONE || (bytes == NULL && size > 0))
        return o2c__fail(err, O2C_E_MISUSE, "reader", "the reader has failed or is finished, or bytes is NULL");
    return settle(reader, push(reader, bytes, size, err));
}

static o2c_status
finish(struct o2c__reader *reader, o2c_error *err)
{
    o2c_status status = O2C_OK;

    if (reader->state == O2C__READER_NEW)
        status = start(reader, err);
    if (status == O2C_OK && reader->inflate != NULL)
        status = o2c__inflate_finish(reader->inflate, err);
    if (status != O2C_OK)
        return status;
    if (reader->taken + reader->fill == 0)
        return o2c__fail_at(err, O2C_E_FORMATS_EMPTY, "input", 0, 0, "the file is empty");
    if (reader->fill > 0)
        status = take_block(reader, reader->block, reader->fill, reader->taken == 0, err);
    if (status == O2C_OK)
        status = reader->dialect->finish(reader->self, err);
    if (status == O2C_OK)
        status = o2c__builder_flush(reader->builder, true, err);
    return status;
}

o2c_status
o2c__reader_finish(struct o2c__reader *reader, o2c_error *err)
{
    o2c_status status;

    if (reader->state == O2C__READER_FAILED || reader->state == O2C__READER_DONE)
        return o2c__fail(err, O2C_E_MISUSE, "reader", "the reader has failed or is finished");
    status = settle(reader, finish(reader, err));
    if (status == O2C_OK)
        reader->state = O2C__READER_DONE;
    return status;
}

void
o2c__reader_close(struct o2c__reader *reader)
{
    o2c__memory *memory = &reader->context->memory;

    if (reader->dialect != NULL)
        reader->dialect->close(reader->self);
    o2c__inflate_close(reader->inflate);
    if (reader->block != NULL)
        o2c__release(memory, reader->block, O2C__READER_BLOCK);
    if (reader->columns != NULL)
        o2c__release(memory, reader->columns, reader->profile.columns.len);
}

/* ---- the public reader */
struct o2c_formats_reader {
    o2c__context context;
    struct o2c__builder builder;
    struct o2c__reader reader;
};

void
o2c_formats_reader_free(o2c_formats_reader *reader)
{
    o2c__memory memory;

    if (reader == NULL)
        return;
    o2c__reader_close(&reader->reader);
    o2c__builder_free(&reader->builder);
    memory = reader->context.memory;
    o2c__release(&memory, reader, sizeof *reader);
}

o2c_status
o2c_formats_reader_new(const o2c_env *env, const o2c_formats_options *options, o2c_formats_sink sink, void *self,
                       o2c_formats_reader **out_reader, o2c_error *err)
{
    o2c__context context;
    o2c_formats_reader *reader;
    o2c_status status;

    if (sink == NULL || out_reader == NULL)
        return o2c__fail(err, O2C_E_MISUSE, sink == NULL ? "sink" : "out_reader", "a pointer is NULL");
    status = o2c__context_init(&context, env, O2C__FORMATS_MEMORY, err);
    if (status != O2C_OK)
        return status;
    reader = o2c__alloc(&context.memory, sizeof *reader);
    if (reader == NULL)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a reader");
    reader->context = context;
    o2c__builder_init(&reader->builder, &reader->context, sink, self);
    status = o2c__reader_open(&reader->reader, &reader->context, options, &reader->builder, err);
    if (status != O2C_OK) {
        o2c_formats_reader_free(reader);
        return status;
    }
    *out_reader = reader;
    return O2C_OK;
}

o2c_status
o2c_formats_push(o2c_formats_reader *reader, const void *bytes, size_t size, o2c_error *err)
{
    if (reader == NULL)
        return o2c__fail(err, O2C_E_MISUSE, "reader", "reader is NULL");
    return o2c__reader_push(&reader->reader, bytes, size, err);
}

o2c_status
o2c_formats_finish(o2c_formats_reader *reader, o2c_error *err)
{
    if (reader == NULL)
        return o2c__fail(err, O2C_E_MISUSE, "reader", "reader is NULL");
    return o2c__reader_finish(&reader->reader, err);
}

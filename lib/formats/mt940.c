/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: bytes → lines. A line is handed on from the caller's buffer when it is whole there; only a line that a push cuts in two
 * is copied. Line ends are LF or CRLF, mixed, or missing at the end of the file.
 */
#include "formats/mt940.h"

static void *
open_mt940(o2c__context *context, const o2c_formats_options *options, struct o2c__builder *builder, o2c_error *err)
{
    struct o2c__mt940 *self = o2c__alloc_zero(&context->memory, 1, sizeof *self);
    if (!self) {
        o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the MT940 reader");
        return NULL;
    }
    self->context = context;
    self->builder = builder;
    self->legacy = options && options->legacy_encoding ? options->legacy_encoding : O2C_ENCODING_WINDOWS1252;
    self->line = 1;
    self->exponent = -1;
    o2c__vector_init(&self->rest, &context->memory, 1);
    o2c__vector_init(&self->pending, &context->memory, 1);
    o2c__vector_init(&self->clean, &context->memory, 1);
    o2c__vector_init(&self->utf8, &context->memory, 1);
    o2c__mt_text_init(&self->field, &context->memory);
    o2c__mt_text_init(&self->joined, &context->memory);
    return self;
}

static void
close_mt940(void *closed)
{
    struct o2c__mt940 *self = closed;
    o2c__vector_free(&self->rest);
    o2c__vector_free(&self->pending);
    o2c__vector_free(&self->clean);
    o2c__vector_free(&self->utf8);
    o2c__mt_text_free(&self->field);
    o2c__mt_text_free(&self->joined);
    o2c__release(&self->context->memory, self, sizeof *self);
}

static o2c_status
too_long(const struct o2c__mt940 *self, o2c_error *err)
{
    return o2c__fail_at(err, O2C_E_LIMIT, "line_bytes_max", self->line_at, self->line, "a line is longer than %u bytes",
                        (unsigned)self->context->limits.line_bytes_max);
}

/* A line with its end cut off; the carriage return of CRLF does not count. Some mailers leave several. */
static o2c_status
take_line(struct o2c__mt940 *self, const char *bytes, size_t len, o2c_error *err)
{
    if (len && bytes[len - 1] == '\r')
        len--;
    if (len > self->context->limits.line_bytes_max)
        return too_long(self, err);
    while (len && bytes[len - 1] == '\r')
        len--;
    return o2c__mt_line(self, bytes, len, self->line_at, err);
}

/* Keeps the start of a line for the next push. One byte beyond the limit may be the carriage return that take_line() cuts off. */
static o2c_status
keep(struct o2c__mt940 *self, const char *bytes, size_t len, o2c_error *err)
{
    if (len == 0)
        return O2C_OK;
    if (self->rest.count + len > (size_t)self->context->limits.line_bytes_max + 1)
        return too_long(self, err);
    char *room = o2c__vector_add_many(&self->rest, len);
    if (!room)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a line");
    memcpy(room, bytes, len);
    return O2C_OK;
}

/* The line that ends at the end of bytes, joined with what was kept of it. */
static o2c_status
finish_line(struct o2c__mt940 *self, const char *bytes, size_t len, o2c_error *err)
{
    if (!self->rest.count)
        return take_line(self, bytes, len, err);
    o2c_status status = keep(self, bytes, len, err);
    if (status == O2C_OK)
        status = take_line(self, self->rest.rows, self->rest.count, err);
    self->rest.count = 0;
    return status;
}

static o2c_status
push_mt940(void *pushed, const char *bytes, size_t size, o2c_error *err)
{
    struct o2c__mt940 *self = pushed;
    size_t at = 0;
    while (at < size) {
        const char *end = memchr(bytes + at, '\n', size - at);
        if (!end) {
            o2c_status status = keep(self, bytes + at, size - at, err);
            if (status != O2C_OK)
                return status;
            break;
        }
        o2c_status status = finish_line(self, bytes + at, (size_t)(end - bytes) - at, err);
        if (status != O2C_OK)
            return status;
        at = (size_t)(end - bytes) + 1;
        self->line_at = self->offset + at;
        self->line++;
    }
    self->offset += size;
    return O2C_OK;
}

static o2c_status
finish_mt940(void *finished, o2c_error *err)
{
    struct o2c__mt940 *self = finished;
    if (self->rest.count) {
        o2c_status status = finish_line(self, NULL, 0, err);
        if (status != O2C_OK)
            return status;
    }
    o2c_status status = o2c__mt_end(self, err);
    return status == O2C_OK ? o2c__builder_flush(self->builder, true, err) : status;
}

const struct o2c__dialect o2c__dialect_mt940 = { "MT940", O2C_FORMAT_MT940, open_mt940, push_mt940, finish_mt940, close_mt940 };

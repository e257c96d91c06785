/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip (RFC 1952) through zlib, under limits. Banks send one member; a second one, or bytes behind it, is either damage or an
 * attempt to show two readers two files, so both are refused. zlib checks CRC-32 and length.
 */
#include "formats/reader.h"

#include <limits.h>
#include <zlib.h>

/* The ratio of a file that is small after inflating says nothing: a statement of one repeated entry reaches 229. */
#define RATIO_AFTER ((uint64_t)8 << 20)
#define GZIP_ONLY (15 + 16)
#define BLOCK_HEAD 16u /* keeps zlib's blocks aligned and remembers their size */

struct o2c__inflate {
    o2c__context *context;
    o2c__inflate_sink sink;
    void *self;
    z_stream stream;
    uint64_t in, out;
    bool ended;
    char buffer[O2C__READER_BLOCK];
};

static voidpf
inflate_alloc(voidpf self, uInt items, uInt size)
{
    o2c__context *context = self;
    uint64_t bytes = (uint64_t)items * size;
    char *block;

    if (bytes > UINT32_MAX)
        return Z_NULL;
    block = o2c__alloc(&context->memory, (size_t)bytes + BLOCK_HEAD);
    if (block == NULL)
        return Z_NULL;
    memcpy(block, &bytes, sizeof bytes);
    return block + BLOCK_HEAD;
}

static void
inflate_release(voidpf self, voidpf address)
{
    o2c__context *context = self;
    char *block = (char *)address - BLOCK_HEAD;
    uint64_t bytes;

    memcpy(&bytes, block, sizeof bytes);
    o2c__release(&context->memory, block, (size_t)bytes + BLOCK_HEAD);
}

struct o2c__inflate *
o2c__inflate_open(o2c__context *context, o2c__inflate_sink sink, void *self)
{
    struct o2c__inflate *gz = o2c__alloc_zero(&context->memory, 1, sizeof *gz);

    if (gz == NULL)
        return NULL;
    gz->context = context;
    gz->sink = sink;
    gz->self = self;
    gz->stream.zalloc = inflate_alloc;
    gz->stream.zfree = inflate_release;
    gz->stream.opaque = context;
    if (inflateInit2(&gz->stream, GZIP_ONLY) != Z_OK) {
        o2c__release(&context->memory, gz, sizeof *gz);
        return NULL;
    }
    return gz;
}

static o2c_status
refuse(struct o2c__inflate *gz, int native, o2c_error *err)
{
    if (native == Z_MEM_ERROR)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory to inflate");
    (void)o2c__fail_at(err, O2C_E_FORMATS_COMPRESSION, "gzip", gz->out, 0, "the compressed stream is damaged near its byte %llu",
                       (unsigned long long)gz->in);
    if (err != NULL)
        err->native = native;
    return O2C_E_FORMATS_COMPRESSION;
}

static o2c_status
check_ratio(struct o2c__inflate *gz, o2c_error *err)
{
    uint64_t ratio = gz->context->limits.inflate_ratio_max;

    if (gz->out <= RATIO_AFTER || gz->out / ratio <= gz->in)
        return O2C_OK;
    return o2c__fail_at(err, O2C_E_FORMATS_COMPRESSION, "inflate_ratio_max", gz->out, 0,
                        "%llu compressed bytes became %llu: more than %llu to one", (unsigned long long)gz->in,
                        (unsigned long long)gz->out, (unsigned long long)ratio);
}

/* One call of zlib: takes what it can of the input, gives what came out to the sink. */
static o2c_status
step(struct o2c__inflate *gz, o2c_error *err)
{
    z_stream *stream = &gz->stream;
    uInt before = stream->avail_in;
    size_t made;
    o2c_status status;
    int native;

    stream->next_out = (Bytef *)gz->buffer;
    stream->avail_out = sizeof gz->buffer;
    native = inflate(stream, Z_NO_FLUSH);
    gz->in += before - stream->avail_in;
    made = sizeof gz->buffer - stream->avail_out;
    gz->out += made;
    gz->ended = native == Z_STREAM_END;
    if (native != Z_OK && native != Z_STREAM_END && !(native == Z_BUF_ERROR && stream->avail_in == 0))
        return refuse(gz, native, err);
    status = check_ratio(gz, err);
    if (status == O2C_OK && made > 0)
        status = gz->sink(gz->self, gz->buffer, made, err);
    return status;
}

static o2c_status
trailing(struct o2c__inflate *gz, o2c_error *err)
{
    return o2c__fail_at(err, O2C_E_FORMATS_COMPRESSION, "gzip", gz->out, 0,
                        "bytes follow the end of the compressed stream at its byte %llu: one member is read, nothing behind it",
                        (unsigned long long)gz->in);
}

/* zlib wants to be asked again while it fills the whole buffer, also when no input is left. */
static o2c_status
inflate_piece(struct o2c__inflate *gz, const char *bytes, uInt size, o2c_error *err)
{
    o2c_status status = O2C_OK;

    gz->stream.next_in = (z_const Bytef *)(uintptr_t)bytes;
    gz->stream.avail_in = size;
    do {
        if (gz->ended)
            return trailing(gz, err);
        status = step(gz, err);
    } while (status == O2C_OK && (gz->stream.avail_in > 0 || (gz->stream.avail_out == 0 && !gz->ended)));
    return status;
}

o2c_status
o2c__inflate_push(struct o2c__inflate *gz, const char *bytes, size_t size, o2c_error *err)
{
    uint64_t limit = gz->context->limits.gz_input_bytes_max;

    while (size > 0) {
        uInt piece = size > INT_MAX ? (uInt)INT_MAX : (uInt)size;
        o2c_status status;
        if (gz->in + piece > limit) {
            if (gz->in >= limit)
                return o2c__fail_at(err, O2C_E_LIMIT, "gz_input_bytes_max", gz->out, 0,
                                    "the compressed file is larger than %llu bytes", (unsigned long long)limit);
            piece = (uInt)(limit - gz->in);
        }
        status = inflate_piece(gz, bytes, piece, err);
        if (status != O2C_OK)
            return status;
        bytes += piece;
        size -= piece;
    }
    return O2C_OK;
}

o2c_status
o2c__inflate_finish(struct o2c__inflate *gz, o2c_error *err)
{
    if (gz->ended)
        return O2C_OK;
    return o2c__fail_at(err, O2C_E_FORMATS_TRUNCATED, "gzip", gz->out, 0, "the compressed stream stops after %llu bytes",
                        (unsigned long long)gz->in);
}

void
o2c__inflate_close(struct o2c__inflate *gz)
{
    if (gz == NULL)
        return;
    (void)inflateEnd(&gz->stream);
    o2c__release(&gz->context->memory, gz, sizeof *gz);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian bytes, the same on every machine. A failure sticks: one look at failed at the end is enough. */
#include "base/base.h"

void
o2c__writer_init(o2c__writer *writer, o2c__memory *memory)
{
    o2c__vector_init(&writer->bytes, memory, 1);
    writer->failed = false;
}

static void
write_number(o2c__writer *writer, uint64_t value, unsigned width)
{
    unsigned char *to = writer->failed ? NULL : o2c__vector_add_many(&writer->bytes, width);
    if (!to) {
        writer->failed = true;
        return;
    }
    for (unsigned i = 0; i < width; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

void
o2c__write_u8(o2c__writer *writer, uint8_t value)
{
    write_number(writer, value, 1);
}

void
o2c__write_u32(o2c__writer *writer, uint32_t value)
{
    write_number(writer, value, 4);
}

void
o2c__write_u64(o2c__writer *writer, uint64_t value)
{
    write_number(writer, value, 8);
}

void
o2c__write_str(o2c__writer *writer, o2c_str text)
{
    if (text.len > UINT32_MAX)
        writer->failed = true;
    write_number(writer, text.len, 4);
    void *to = writer->failed ? NULL : o2c__vector_add_many(&writer->bytes, text.len);
    if (!to)
        writer->failed = true;
    else if (text.len > 0)
        memcpy(to, text.ptr, text.len);
}

void
o2c__writer_free(o2c__writer *writer)
{
    o2c__vector_free(&writer->bytes);
}

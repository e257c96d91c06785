/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: text whose bytes know where they stood in the file. A field runs over lines, a purpose over subfields; a value cut out of
 * the joined text still names the bytes it came from, so that a person can be shown them.
 */
#include "formats/mt940.h"

void
o2c__mt_text_init(struct o2c__mt_text *text, o2c__memory *memory)
{
    o2c__vector_init(&text->bytes, memory, 1);
    o2c__vector_init(&text->segments, memory, sizeof(struct o2c__mt_segment));
}

void
o2c__mt_text_free(struct o2c__mt_text *text)
{
    o2c__vector_free(&text->bytes);
    o2c__vector_free(&text->segments);
}

void
o2c__mt_text_clear(struct o2c__mt_text *text)
{
    text->bytes.count = 0;
    text->segments.count = 0;
}

bool
o2c__mt_text_add(struct o2c__mt_text *text, const char *bytes, size_t len, uint64_t file, bool hard)
{
    struct o2c__mt_segment *segment = o2c__vector_add(&text->segments);
    if (!segment)
        return false;
    *segment = (struct o2c__mt_segment){ .at = (uint32_t)text->bytes.count, .hard = hard, .file = file };
    if (len == 0)
        return true;
    char *room = o2c__vector_add_many(&text->bytes, len);
    if (!room)
        return false;
    memcpy(room, bytes, len);
    return true;
}

bool
o2c__mt_text_mark(struct o2c__mt_text *text, char mark)
{
    char *room = o2c__vector_add_many(&text->bytes, 1);
    if (!room)
        return false;
    *room = mark;
    return true;
}

/* The last segment that begins at or before byte at: several may begin there, all but the last are empty. */
static size_t
segment_of(const struct o2c__mt_text *text, size_t at)
{
    size_t low = 0, high = text->segments.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (O2C__AT(&text->segments, struct o2c__mt_segment, middle).at <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static size_t
segment_end(const struct o2c__mt_text *text, size_t segment)
{
    if (segment + 1 < text->segments.count)
        return O2C__AT(&text->segments, struct o2c__mt_segment, segment + 1).at;
    return text->bytes.count;
}

uint64_t
o2c__mt_text_file(const struct o2c__mt_text *text, size_t at)
{
    if (text->segments.count == 0)
        return 0;
    const struct o2c__mt_segment *segment = &O2C__AT(&text->segments, struct o2c__mt_segment, segment_of(text, at));
    return segment->file + (at - segment->at);
}

size_t
o2c__mt_text_line_end(const struct o2c__mt_text *text, size_t at)
{
    return text->segments.count ? segment_end(text, segment_of(text, at)) : 0;
}

bool
o2c__mt_text_copy(struct o2c__mt_text *text, const struct o2c__mt_text *source, size_t from, size_t to)
{
    while (from < to) {
        size_t end = o2c__mt_text_line_end(source, from);
        end = end < to ? end : to;
        if (!o2c__mt_text_add(text, o2c__mt_bytes(source) + from, end - from, o2c__mt_text_file(source, from), false))
            return false;
        from = end;
    }
    return true;
}

static bool
is_edge(char byte)
{
    return byte == ' ' || byte == '\t' || byte == O2C__MT_BREAK || byte == O2C__MT_RUN_ON;
}

void
o2c__mt_trim(const struct o2c__mt_text *text, size_t *from, size_t *to)
{
    const char *bytes = o2c__mt_bytes(text);
    while (*from < *to && is_edge(bytes[*from]))
        ++*from;
    while (*from < *to && is_edge(bytes[*to - 1]))
        --*to;
}

size_t
o2c__mt_match(const struct o2c__mt_text *text, size_t at, size_t to, const char *word)
{
    const char *bytes = o2c__mt_bytes(text);
    for (; *word; at++) {
        if (at >= to)
            return 0;
        if (bytes[at] == O2C__MT_BREAK || bytes[at] == O2C__MT_RUN_ON)
            continue;
        if (bytes[at] != *word)
            return 0;
        word++;
    }
    return at;
}

size_t
o2c__mt_width(const struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    const char *bytes = o2c__mt_bytes(text);
    size_t width = 0;
    for (size_t i = from; i < to; i++)
        width += self->encoding != O2C_ENCODING_UTF8 || (bytes[i] & 0xC0) != 0x80;
    return width;
}

/* The bytes without boundaries: a full line runs on, a break becomes a blank in words and nothing in an identifier. */
static const char *
clean(struct o2c__mt940 *self, const char *bytes, size_t len, enum o2c__mt_value kind, size_t *out_len)
{
    self->clean.count = 0;
    char *out = o2c__vector_add_many(&self->clean, len);
    if (!out)
        return NULL;
    size_t count = 0;
    for (size_t at = 0, end; at < len; at = end + 1) {
        for (end = at; end < len && bytes[end] != O2C__MT_BREAK && bytes[end] != O2C__MT_RUN_ON;)
            end++;
        memcpy(out + count, bytes + at, end - at);
        count += end - at;
        if (end < len && bytes[end] == O2C__MT_BREAK && kind == O2C__MT_WORDS)
            out[count++] = ' ';
    }
    *out_len = count;
    return out;
}

static o2c_ref
to_heap(struct o2c__mt940 *self, const char *bytes, size_t len, enum o2c__mt_value kind)
{
    if (o2c__text_is_plain(bytes, len))
        return o2c__builder_string(self->builder, bytes, len);
    bytes = clean(self, bytes, len, kind, &len);
    if (bytes && o2c__text_is_plain(bytes, len))
        return o2c__builder_string(self->builder, bytes, len);
    self->utf8.count = 0;
    char *out = bytes ? o2c__vector_add_many(&self->utf8, len * O2C__TEXT_GROWTH + 1) : NULL;
    if (!out) {
        self->builder->out_of_memory = true;
        return (o2c_ref){ 0, 0 };
    }
    return o2c__builder_string(self->builder, out, o2c__text_decode(self->encoding, bytes, len, out));
}

struct o2c__mt_string
o2c__mt_string(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to, enum o2c__mt_value kind)
{
    struct o2c__mt_string string = { { 0, 0 }, 0, 0 };
    o2c__mt_trim(text, &from, &to);
    if (from == to)
        return string;
    string.text = to_heap(self, o2c__mt_bytes(text) + from, to - from, kind);
    string.file = o2c__mt_text_file(text, from);
    uint64_t end = o2c__mt_text_file(text, to - 1) + 1;
    string.span = end > string.file ? (uint32_t)(end - string.file) : 0;
    return string;
}

o2c_field
o2c__mt_field(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to, enum o2c__mt_value kind,
              uint64_t record_at)
{
    struct o2c__mt_string string = o2c__mt_string(self, text, from, to, kind);
    if (string.text.len == 0)
        return (o2c_field){ { 0, 0 }, 0, 0 };
    return (o2c_field){ string.text, (uint32_t)(string.file - record_at), string.span };
}

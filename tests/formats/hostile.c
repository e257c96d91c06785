/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "hostile.h"

#include <o2c/formats.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define CAMT "<Document><BkToCstmrStmt><Stmt>"

const struct hostile hostile_files[] = {
    { "200,000 attributes", CAMT "<a", " a#=\"\"", 200000, "/>", false, O2C_E_LIMIT, "attributes_max" },
    { "200,000 attributes without quotes", CAMT "<a", " a#", 200000, "/>", false, O2C_E_LIMIT, "tag_bytes_max" },
    { "2,000,000 different element names", CAMT, "<n#/>", 2000000, "", false, O2C_E_LIMIT, "distinct_names_max" },
    { "2,000,000 different attribute names", CAMT, "<a n#=\"\"/>", 2000000, "", false, O2C_E_LIMIT, "distinct_names_max" },
    { "2,000,000 different prefixes", CAMT, "<a xmlns:n#=\"urn:x\"/>", 2000000, "", false, O2C_E_LIMIT, "distinct_names_max" },
    { "2,000,000 different namespaces", CAMT, "<a xmlns=\"urn:#\"/>", 2000000, "", false, O2C_E_LIMIT, "distinct_names_max" },
    { "2,000,000 different instructions", CAMT, "<?n#?>", 2000000, "", false, O2C_E_LIMIT, "distinct_names_max" },
    { "an attribute of 50 MB", CAMT "<a b=\"", "xxxxxxxxxxxxxxxx", 3200000, "\"/>", false, O2C_E_LIMIT, "tag_bytes_max" },
    { "a name of 50 MB", CAMT "<", "xxxxxxxxxxxxxxxx", 3200000, "/>", false, O2C_E_LIMIT, "name_bytes_max" },
    { "an instruction of 50 MB", CAMT "<?a ", "xxxxxxxxxxxxxxxx", 3200000, "?>", false, O2C_E_LIMIT, "instruction_bytes_max" },
    { "a comment of 50 MB", CAMT "<!--", "xxxxxxxxxxxxxxxx", 3200000, "-->", false, O2C_E_LIMIT, "comment_bytes_max" },
    { "a CDATA section of 100 MB", CAMT "<Id><![CDATA[", "xxxxxxxxxxxxxxxx", 6400000, "]]>", false, O2C_E_LIMIT,
      "comment_bytes_max" },
    { "2,000,000 levels", CAMT, "<a>", 2000000, "", false, O2C_E_LIMIT, "depth_max" },
    { "a text of 200 MB", CAMT "<Id>", "xxxxxxxxxxxxxxxx", 12800000, "</Id>", false, O2C_E_LIMIT, "text_bytes_max" },
    { "10,000,000 character references", CAMT "<Id>", "&#65;", 10000000, "</Id>", false, O2C_E_LIMIT, "text_bytes_max" },
    { "10,000,000 references in an attribute", CAMT "<a b=\"", "&amp;", 10000000, "\"/>", false, O2C_E_LIMIT, "tag_bytes_max" },
    { "many small CDATA sections in one text", CAMT "<Id>", "<![CDATA[xxxxxxxx]]>", 10000000, "</Id>", false, O2C_E_LIMIT,
      "text_bytes_max" },
    { "billion laughs",
      "<!DOCTYPE a [<!ENTITY l0 \"lol\"><!ENTITY l1 \"&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;\"><!ENTITY l2 "
      "\"&l1;&l1;&l1;&l1;&l1;&l1;&l1;&l1;&l1;&l1;\">]><a>&l2;",
      "", 0, "</a>", false, O2C_E_FORMATS_DTD, "xml" },
    { "an entity of quadratic size", "<!DOCTYPE a [<!ENTITY b \"", "xxxxxxxxxxxxxxxx", 4096, "\">]><a>&b;&b;&b;</a>", false,
      O2C_E_FORMATS_DTD, "xml" },
    { "an external entity", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "", 0, "", false,
      O2C_E_FORMATS_DTD, "xml" },
    { "a document type of another place", "<!DOCTYPE a SYSTEM \"http://127.0.0.1/a.dtd\"><a/>", "", 0, "", false, O2C_E_FORMATS_DTD,
      "xml" },
    { "an entity nobody declared", CAMT "<Id>&b;</Id>", "", 0, "", false, O2C_E_FORMATS_SYNTAX, "entity" },
    { "a character reference to NUL", CAMT "<Id>&#0;</Id>", "", 0, "", false, O2C_E_FORMATS_SYNTAX, "entity" },
    { "bytes that are not UTF-8", CAMT "<Id>\xC3\x28</Id>", "", 0, "", false, O2C_E_FORMATS_ENCODING, "xml" },
    { "an overlong slash", CAMT "<Id>\xC0\xAF</Id>", "", 0, "", false, O2C_E_FORMATS_ENCODING, "xml" },
    { "a control character", CAMT "<Id>\x1B[2J</Id>", "", 0, "", false, O2C_E_FORMATS_ENCODING, "xml" },
    { "UTF-7", "<?xml version=\"1.0\" encoding=\"UTF-7\"?><Document/>", "", 0, "", false, O2C_E_FORMATS_ENCODING, "encoding" },
    { "ISO-2022-CN-EXT", "<?xml version=\"1.0\" encoding=\"ISO-2022-CN-EXT\"?><Document/>", "", 0, "", false,
      O2C_E_FORMATS_ENCODING, "encoding" },
    { "a million statements", "<Document><BkToCstmrStmt>", "<Stmt/>", 1000000, "", false, O2C_E_LIMIT, "statements_max" },
    { "it just stops", CAMT "<Id>S</Id><Ntry><Amt Ccy=\"EUR\">1.0", "", 0, "", false, O2C_E_FORMATS_TRUNCATED, "xml" },
    { "1 GiB of NUL, compressed to 1 MB", "", "", 16384, "", true, O2C_E_FORMATS_UNKNOWN, "format" },
    { "1 GiB of blanks around nothing", CAMT, "                                                                ", 1u << 24, "",
      false, O2C_E_LIMIT, "text_bytes_max" },
};
const size_t hostile_count = sizeof hostile_files / sizeof *hostile_files;

/* ---- pushing */
struct stream {
    o2c_formats_reader *reader;
    o2c_error *err;
    struct hostile_cost cost;
    o2c_status status;
    char buffer[65536];
    size_t fill;
};

static int32_t
take(void *self, const o2c_formats_batch *batch)
{
    (void)self;
    (void)batch;
    return O2C_SINK_TAKEN;
}

static uint64_t
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void
flush(struct stream *stream)
{
    if (stream->status == O2C_OK && stream->fill > 0) {
        uint64_t start = now();
        stream->status = o2c_formats_push(stream->reader, stream->buffer, stream->fill, stream->err);
        stream->cost.nanoseconds += now() - start;
        stream->cost.pushed += stream->fill;
    }
    stream->fill = 0;
}

static void
put(struct stream *stream, const char *text, size_t len)
{
    for (size_t i = 0; i < len && stream->status == O2C_OK; i++) {
        stream->buffer[stream->fill++] = text[i];
        if (stream->fill == sizeof stream->buffer)
            flush(stream);
    }
}

static void
put_unit(struct stream *stream, const char *unit, uint64_t number)
{
    const char *mark = strchr(unit, '#');
    char digits[24];

    /* "&#65;" is no place for a number */
    if (mark == NULL || (mark > unit && mark[-1] == '&')) {
        put(stream, unit, strlen(unit));
        return;
    }
    put(stream, unit, (size_t)(mark - unit));
    put(stream, digits, (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number));
    put(stream, mark + 1, strlen(mark + 1));
}

static void
put_zeros(struct stream *stream, uint64_t count)
{
    static unsigned char zeros[65536], packed[65536];
    z_stream deflater = { 0 };

    if (deflateInit2(&deflater, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    for (uint64_t i = 0; i < count && stream->status == O2C_OK; i++) {
        deflater.next_in = zeros;
        deflater.avail_in = sizeof zeros;
        do {
            deflater.next_out = packed;
            deflater.avail_out = sizeof packed;
            deflate(&deflater, i + 1 == count ? Z_FINISH : Z_NO_FLUSH);
            put(stream, (char *)packed, sizeof packed - deflater.avail_out);
        } while (deflater.avail_out == 0);
    }
    deflateEnd(&deflater);
}

o2c_status
hostile_push(const struct hostile *file, const o2c_env *env, struct hostile_cost *out_cost, o2c_error *err)
{
    static struct stream stream;

    memset(&stream, 0, sizeof stream);
    stream.err = err;
    stream.status = o2c_formats_reader_new(env, NULL, take, NULL, &stream.reader, err);
    put(&stream, file->head, strlen(file->head));
    if (file->zeros)
        put_zeros(&stream, file->count);
    for (uint64_t i = 0; !file->zeros && i < file->count && stream.status == O2C_OK; i++)
        put_unit(&stream, file->unit, i);
    put(&stream, file->tail, strlen(file->tail));
    flush(&stream);
    if (stream.status == O2C_OK)
        stream.status = o2c_formats_finish(stream.reader, err);
    o2c_formats_reader_free(stream.reader);
    *out_cost = stream.cost;
    return stream.status;
}

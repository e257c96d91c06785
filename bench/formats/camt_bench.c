/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast is camt read? Everything in one run, interleaved, median of five; the rows are checked against the generator's sums
 * before anything is timed. Prints JSON lines.
 *     camt_bench [MEGABYTES, default 200]
 * raw_sax   libxml2 SAX2 push parser, empty handlers, 64 KiB chunks: the yardstick
 * gate      the lexical gate alone
 * reader    o2c_formats_reader, gate included, sink counts
 * gzip      the same file compressed
 */
#include "camt_make.h"
#include "formats/gate.h"

#include <inttypes.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK 65536u
#define ROUNDS 5
#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC)

struct bytes {
    char *at;
    size_t size, room;
};
struct sums {
    uint64_t entries, statements;
    int64_t credit, debit;
    int32_t tie;
};

static double
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time); /* of this process: neighbors on the machine do not count */
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void
die(const char *why)
{
    fprintf(stderr, "camt_bench: %s\n", why);
    exit(1);
}

static bool
append(void *self, const char *bytes, size_t size)
{
    struct bytes *all = self;

    if (all->size + size > all->room) {
        all->room = all->room + all->room / 2 + size;
        all->at = realloc(all->at, all->room);
        if (all->at == NULL)
            die("no memory");
    }
    memcpy(all->at + all->size, bytes, size);
    all->size += size;
    return true;
}

/* ---- the four ways to read */
static void
empty_start(void *self, const xmlChar *a, const xmlChar *b, const xmlChar *c, int d, const xmlChar **e, int f, int g,
            const xmlChar **h)
{
    (void)self, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h;
}

static void
empty_end(void *self, const xmlChar *a, const xmlChar *b, const xmlChar *c)
{
    (void)self, (void)a, (void)b, (void)c;
}

static void
empty_text(void *self, const xmlChar *a, int b)
{
    (void)self, (void)a, (void)b;
}

static double
raw_sax(const struct bytes *file)
{
    xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC,
                              .startElementNs = empty_start,
                              .endElementNs = empty_end,
                              .characters = empty_text,
                              .ignorableWhitespace = empty_text,
                              .cdataBlock = empty_text };
    double start = now();
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);

    xmlCtxtUseOptions(parser, OPTIONS);
    for (size_t at = 0; at < file->size; at += CHUNK)
        xmlParseChunk(parser, file->at + at, (int)(file->size - at < CHUNK ? file->size - at : CHUNK), 0);
    xmlParseChunk(parser, NULL, 0, 1);
    if (!parser->wellFormed)
        die("the generated file is not well formed");
    xmlFreeParserCtxt(parser);
    return now() - start;
}

static double
gate_alone(const struct bytes *file)
{
    static struct o2c__gate gate;
    o2c__context context;
    double start;

    if (o2c__context_init(&context, NULL, UINT64_MAX, NULL) != O2C_OK)
        die("context");
    start = now();
    o2c__gate_init(&gate, &context.limits, true);
    for (size_t at = 0; at < file->size; at += CHUNK) {
        if (!o2c__gate_push(&gate, file->at + at, file->size - at < CHUNK ? file->size - at : CHUNK))
            die(gate.why);
    }
    if (!o2c__gate_finish(&gate))
        die(gate.why);
    return now() - start;
}

static int32_t
count(void *self, const o2c_formats_batch *batch)
{
    struct sums *sums = self;

    sums->entries += batch->statements->entries_count;
    for (uint64_t i = 0; i < batch->statements->count; i++) {
        const o2c_statement *statement = &batch->statements->rows[i];
        sums->credit = statement->credit_minor;
        sums->debit = statement->debit_minor;
        sums->tie = statement->tie;
    }
    return O2C_SINK_TAKEN;
}

static o2c_formats_reader *
open_reader(struct sums *sums)
{
    o2c_formats_reader *reader = NULL;
    o2c_error err = { 0 };

    memset(sums, 0, sizeof *sums);
    if (o2c_formats_reader_new(NULL, NULL, count, sums, &reader, &err) != O2C_OK)
        die(err.message);
    return reader;
}

static void
push(o2c_formats_reader *reader, const char *bytes, size_t size)
{
    o2c_error err = { 0 };

    if (o2c_formats_push(reader, bytes, size, &err) != O2C_OK)
        die(err.message);
}

static void
finish(o2c_formats_reader *reader)
{
    o2c_error err = { 0 };

    if (o2c_formats_finish(reader, &err) != O2C_OK)
        die(err.message);
    o2c_formats_reader_free(reader);
}

static double
read_stream(const struct bytes *file, struct sums *sums)
{
    double start = now();
    o2c_formats_reader *reader = open_reader(sums);

    for (size_t at = 0; at < file->size; at += CHUNK)
        push(reader, file->at + at, file->size - at < CHUNK ? file->size - at : CHUNK);
    finish(reader);
    return now() - start;
}

/* ---- checks and memory */
static void
check(const struct sums *sums, const struct camt_make *make)
{
    if (sums->entries != make->entries || sums->credit != make->credit || sums->debit != make->debit ||
        sums->tie != O2C_TIE_RESULT_OK)
        die("the rows are not those that were generated");
}

static bool
push_piece(void *self, const char *bytes, size_t size)
{
    push(self, bytes, size);
    return true;
}

/* In a process of its own: the file is never in memory, only what the reader keeps. */
static long
peak_kib(uint64_t wanted)
{
    int report[2];
    long kib = 0;
    pid_t child;

    if (pipe(report) != 0)
        die("pipe");
    child = fork();
    if (child == 0) {
        static struct camt_make make;
        struct sums sums;
        struct rusage usage;
        o2c_formats_reader *reader = open_reader(&sums);
        make = (struct camt_make){ .seed = 1, .wanted = wanted, .sink = push_piece, .self = reader };
        camt_make(&make);
        finish(reader);
        check(&sums, &make);
        getrusage(RUSAGE_SELF, &usage);
        if (write(report[1], &usage.ru_maxrss, sizeof usage.ru_maxrss) < 0)
            _exit(1);
        _exit(0);
    }
    close(report[1]);
    if (read(report[0], &kib, sizeof kib) != (ssize_t)sizeof kib)
        die("the streaming child failed");
    close(report[0]);
    waitpid(child, NULL, 0);
    return kib;
}

static void
deflate_all(const struct bytes *file, struct bytes *out)
{
    z_stream stream = { 0 };

    out->room = file->size / 2 + 65536;
    out->at = malloc(out->room);
    if (out->at == NULL || deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        die("deflate");
    stream.next_in = (Bytef *)file->at;
    stream.avail_in = (uInt)file->size;
    stream.next_out = (Bytef *)out->at;
    stream.avail_out = (uInt)out->room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        die("deflate");
    out->size = stream.total_out;
    deflateEnd(&stream);
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double
report(const char *name, const struct bytes *file, double times[ROUNDS], double yardstick)
{
    double median;

    qsort(times, ROUNDS, sizeof times[0], by_value);
    median = times[ROUNDS / 2];
    printf("{\"bench\":\"camt\",\"way\":\"%s\",\"bytes\":%zu,\"seconds\":%.4f,\"min\":%.4f,\"max\":%.4f,\"mb_per_s\":%.1f,"
           "\"ratio\":%.3f}\n",
           name, file->size, median, times[0], times[ROUNDS - 1], (double)file->size / 1e6 / median,
           yardstick > 0 ? yardstick / median : 1.0);
    fflush(stdout);
    return median;
}

int
main(int words, char **word)
{
    uint64_t wanted = (words > 1 ? strtoull(word[1], NULL, 10) : 200) * 1000000;
    long kib = peak_kib(wanted), kib_small = peak_kib(wanted / 10);
    static struct camt_make make;
    struct bytes file = { 0 }, packed = { 0 };
    struct sums sums;
    double raw[ROUNDS], gate[ROUNDS], reader[ROUNDS], gzip[ROUNDS], yardstick, plain;

    make = (struct camt_make){ .seed = 1, .wanted = wanted, .sink = append, .self = &file };
    camt_make(&make);
    deflate_all(&file, &packed);
    read_stream(&file, &sums);
    check(&sums, &make);
    read_stream(&packed, &sums);
    check(&sums, &make);
    for (int round = 0; round < ROUNDS; round++) {
        raw[round] = raw_sax(&file);
        gate[round] = gate_alone(&file);
        reader[round] = read_stream(&file, &sums);
        gzip[round] = read_stream(&packed, &sums);
    }
    yardstick = report("raw_sax", &file, raw, 0);
    report("gate", &file, gate, yardstick);
    plain = report("reader", &file, reader, yardstick);
    report("gzip", &file, gzip, plain); /* ratio to plain */
    printf("{\"bench\":\"camt\",\"way\":\"memory\",\"entries\":%" PRIu64
           ",\"packed\":%zu,\"peak_kib\":%ld,\"peak_kib_tenth\":%ld}\n",
           make.entries, packed.size, kib, kib_small);
    free(file.at);
    free(packed.at);
    return 0;
}

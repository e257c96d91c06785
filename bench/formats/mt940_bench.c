/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast is MT940 read? A generated file of statements with German :86: fields; the rows are checked against the generator's
 * sums before anything is timed. Median of five, CPU time of this process. Prints one JSON line.
 *     mt940_bench [MEGABYTES, default 100]
 * reader   o2c_formats_reader in chunks of 64 KiB, sink counts
 * memcpy   copying the same chunks: what no reader that keeps its text can pass
 * memchr   finding the line ends: what no line reader can pass
 */
#define _DEFAULT_SOURCE
#include <inttypes.h>
#include <o2c/formats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define CHUNK 65536u
#define ROUNDS 5
#define ENTRIES_OF_STATEMENT 500
#define STATEMENT_BYTES_MAX (ENTRIES_OF_STATEMENT * 400u)

struct sums {
    uint64_t statements, entries;
    int64_t credit, debit;
    uint64_t ties;
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
    fprintf(stderr, "mt940_bench: %s\n", why);
    exit(1);
}

/* ---- the file */

static uint64_t seed = 0x9E3779B97F4A7C15u;

static uint32_t
draw(uint32_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((seed >> 33) % below);
}

static size_t
make_entry(char *out, uint32_t number, struct sums *sums, int64_t *balance)
{
    int64_t amount = 100 + draw(5000000);
    int debit = draw(10) == 0;
    char details[300];
    int len = snprintf(details, sizeof details,
                       "166?00GUTSCHRIFT?109245?20EREF+RE-2026-%06u-ZAHLU?21NG?22SVWZ+Rechnung RE-2026-%06u?23 vom 12.01.2026 abzuegl. "
                       "Sko?24nto laut Vereinbarung?30COBADEFFXXX?31DE893704004405320%05u?32Muster Maschinenbau Vertrie?33bs GmbH?34997",
                       (unsigned)number, (unsigned)number, (unsigned)draw(100000));
    size_t at = (size_t)sprintf(out, ":61:2602030203%s%" PRId64 ",%02dNTRFNONREF//26034%08u\r\n:86:", debit ? "DR" : "CR",
                                amount / 100,
                                (int)(amount % 100), (unsigned)number);
    for (int i = 0; i < len; i += 65) /* lines of 65 characters, as banks cut them */
        at += (size_t)sprintf(out + at, "%.65s\r\n", details + i);
    *balance += debit ? -amount : amount;
    sums->entries++;
    sums->credit += debit ? 0 : amount;
    sums->debit += debit ? amount : 0;
    return at;
}

static size_t
make_balance(char *out, const char *tag, int64_t balance)
{
    int64_t size = balance < 0 ? -balance : balance;
    return (size_t)sprintf(out, ":%s:%c260203EUR%" PRId64 ",%02d\r\n", tag, balance < 0 ? 'D' : 'C', size / 100, (int)(size % 100));
}

static size_t
make_statement(char *out, struct sums *sums)
{
    int64_t balance = (int64_t)draw(1000000000) - 500000000;
    size_t at = (size_t)sprintf(out, ":20:STARTUMS\r\n:25:70050000/01234%05u\r\n:28C:%05u/001\r\n",
                                (unsigned)sums->statements % 100000u,
                                (unsigned)sums->statements % 100000u);
    at += make_balance(out + at, "60F", balance);
    for (int i = 0; i < ENTRIES_OF_STATEMENT; i++)
        at += make_entry(out + at, (uint32_t)(sums->entries % 1000000), sums, &balance);
    at += make_balance(out + at, "62F", balance);
    sums->statements++;
    sums->ties++;
    return at + (size_t)sprintf(out + at, "-\r\n");
}

/* ---- reading */

static int32_t
count(void *self, const o2c_formats_batch *batch)
{
    struct sums *sums = self;
    const o2c_statements *rows = batch->statements;
    for (uint64_t i = 0; i < rows->entries_count; i++) {
        int64_t amount = rows->entries[i].amount_minor;
        sums->credit += amount > 0 ? amount : 0;
        sums->debit -= amount < 0 ? amount : 0;
        if (rows->entries[i].end_to_end_id.text.len == 0 || rows->entries[i].texts_count != 1)
            die("an entry lost its reference or its text");
    }
    sums->entries += rows->entries_count;
    for (uint64_t i = 0; i < rows->count; i++)
        sums->ties += rows->rows[i].tie == O2C_TIE_RESULT_OK;
    sums->statements = batch->statement_base + rows->count;
    return O2C_SINK_TAKEN;
}

static int32_t
skip(void *self, const o2c_formats_batch *batch)
{
    *(uint64_t *)self += batch->statements->entries_count;
    return O2C_SINK_TAKEN;
}

static void
read_all(const char *bytes, size_t size, o2c_formats_sink sink, void *self)
{
    o2c_limits limits = { .struct_size = sizeof limits, .statements_max = 1u << 24 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    o2c_formats_reader *reader = NULL;
    o2c_error err = { 0 };
    if (o2c_formats_reader_new(&env, NULL, sink, self, &reader, &err) != O2C_OK)
        die(err.message);
    for (size_t at = 0; at < size; at += CHUNK)
        if (o2c_formats_push(reader, bytes + at, size - at < CHUNK ? size - at : CHUNK, &err) != O2C_OK)
            die(err.message);
    if (o2c_formats_finish(reader, &err) != O2C_OK)
        die(err.message);
    o2c_formats_reader_free(reader);
}

static void
check(const char *bytes, size_t size, const struct sums *expected)
{
    struct sums sums = { 0 };
    read_all(bytes, size, count, &sums);
    if (sums.entries != expected->entries || sums.credit != expected->credit || sums.debit != expected->debit ||
        sums.statements != expected->statements || sums.ties != expected->ties)
        die("the rows read are not the rows written");
}

/* ---- timing */

static uint64_t sink_of_work;

static void
time_reader(const char *bytes, size_t size)
{
    read_all(bytes, size, skip, &sink_of_work);
}

static void
time_memcpy(const char *bytes, size_t size)
{
    static char chunk[CHUNK];
    for (size_t at = 0; at < size; at += CHUNK) {
        memcpy(chunk, bytes + at, size - at < CHUNK ? size - at : CHUNK);
        sink_of_work += (unsigned char)chunk[at % CHUNK];
    }
}

static void
time_memchr(const char *bytes, size_t size)
{
    for (const char *at = bytes, *end = bytes + size; at < end; sink_of_work++) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        at = line ? line + 1 : end;
    }
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
median_speed(void (*work)(const char *bytes, size_t size), const char *bytes, size_t size)
{
    double speeds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        work(bytes, size);
        speeds[i] = (double)size / 1e6 / (now() - start);
    }
    qsort(speeds, ROUNDS, sizeof *speeds, by_value);
    return speeds[ROUNDS / 2];
}

int
main(int count_of_arguments, char **arguments)
{
    size_t megabytes = count_of_arguments > 1 ? (size_t)strtoul(arguments[1], NULL,
                                                                10) : 100, wanted = megabytes * 1000000, size = 0;
    struct sums sums = { 0 };
    struct rusage usage;
    char *bytes = malloc(wanted + STATEMENT_BYTES_MAX);
    if (!bytes || megabytes == 0)
        die("usage: mt940_bench [MEGABYTES]");
    while (size < wanted)
        size += make_statement(bytes + size, &sums);
    check(bytes, size, &sums);
    double reader = median_speed(time_reader, bytes, size), copy = median_speed(time_memcpy, bytes, size),
           lines = median_speed(time_memchr, bytes, size);
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"bench\":\"mt940\",\"bytes\":%zu,\"entries\":%" PRIu64 ",\"reader_mb_s\":%.0f,\"entries_s\":%.0f,\"memcpy_mb_s\":%.0f,"
           "\"memchr_mb_s\":%.0f,\"goal_mb_s\":100,\"rss_beyond_input_kib\":%ld,\"work\":%u}\n",
           size, sums.entries, reader, reader * 1e6 / (double)size * (double)sums.entries, copy, lines,
           usage.ru_maxrss - (long)((wanted + STATEMENT_BYTES_MAX) / 1024), (unsigned)(sink_of_work & 1));
    free(bytes);
    return 0;
}

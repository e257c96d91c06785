/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backtest_bench FOLDER [--threads T] [--learn-accounts]: a year of payments from CSV files to a report, timed in two parts. Prints one JSON
 * object, and the classes behind it; chain_s is the processor time of what waits for what, reading included: what a caller would wait for
 * on a machine of his own. The folder holds items.csv, payments.csv, cleared.csv and perhaps customers.csv: o2c-match-gen --out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <o2c/formats.h>
#include <o2c/o2c.h>

#include "executor.h"

struct input {
    o2c_formats_file *items, *customers, *payments, *cleared;
    uint64_t bytes;
};

static double
seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void
must(o2c_status status, const o2c_error *err, const char *what)
{
    if (status == O2C_OK)
        return;
    fprintf(stderr, "backtest_bench: %s: %s (%s, row %llu, line %u)\n", what, err->message, err->field, (unsigned long long)err->row, err->line);
    exit(1);
}

static char *
slurp(const char *folder, const char *name, size_t *out_size)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    *out_size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*out_size + 1);
    if (!bytes || fread(bytes, 1, *out_size, file) != *out_size)
        exit(1);
    fclose(file);
    return bytes;
}

typedef o2c_status (*reader)(const o2c_env *, const void *, size_t, const o2c_formats_options *, o2c_formats_file **, o2c_error *);

static o2c_formats_file *
read_list(struct input *in, const o2c_env *env, const char *folder, const char *name, reader read, const o2c_master *master)
{
    o2c_formats_options options = { .struct_size = sizeof options, .format = O2C_FORMAT_CSV };
    o2c_formats_file *file = NULL;
    o2c_error err;
    size_t size;
    char *bytes = slurp(folder, name, &size);
    if (!bytes)
        return NULL;
    __atomic_fetch_add(&in->bytes, size, __ATOMIC_RELAXED);
    must(master ? o2c_formats_read_cleared(env, bytes, size, &options, master, &file, &err) : read(env, bytes, size, &options, &file, &err), &err,
         name);
    free(bytes);
    return file;
}

/* Items come before what was cleared of them; payments and customers may be read meanwhile. */
struct reading {
    struct input *in;
    const o2c_env *env;
    const char *folder;
    o2c_master *master;
};

static void
read_some(void *arg, uint64_t index)
{
    struct reading *reading = arg;
    struct input *in = reading->in;
    if (index == 0) {
        in->items = read_list(in, reading->env, reading->folder, "items.csv", o2c_formats_read_items, NULL);
        o2c_formats_file_master(in->items, reading->master);
        in->cleared = read_list(in, reading->env, reading->folder, "cleared.csv", NULL, reading->master);
    } else if (index == 1) {
        in->payments = read_list(in, reading->env, reading->folder, "payments.csv", o2c_formats_read_payments, NULL);
        in->customers = read_list(in, reading->env, reading->folder, "customers.csv", o2c_formats_read_customers, NULL);
    }
}

static void
print_classes(const o2c_match_report *report)
{
    const o2c_match_class_result *rows;
    uint64_t count;
    o2c_match_report_classes(report, &rows, &count);
    for (uint64_t i = 0; i < count; i++) {
        uint32_t c = rows[i].line_class;
        fprintf(stderr, "%s/%s/%s/%s proposed %llu lines %llu same %llu twins %llu different %llu (ours %llu theirs %llu both %llu) open %llu bound %u %s %llu\n",
                o2c_code_name(O2C_TABLE_LABEL, c & 255), o2c_code_name(O2C_TABLE_PAYER_CLASS, c >> 8 & 255),
                o2c_code_name(O2C_TABLE_SCOPE, c >> 16 & 255), o2c_code_name(O2C_TABLE_CERTIFICATE, c >> 24),
                (unsigned long long)rows[i].proposed, (unsigned long long)rows[i].lines, (unsigned long long)rows[i].same,
                (unsigned long long)rows[i].interchangeable, (unsigned long long)rows[i].different, (unsigned long long)rows[i].ours,
                (unsigned long long)rows[i].theirs, (unsigned long long)rows[i].both, (unsigned long long)rows[i].not_cleared, rows[i].bound_ppm,
                o2c_code_name(O2C_TABLE_RELEASE, rows[i].verdict), (unsigned long long)rows[i].needed);
    }
}

static void
print_rates(const o2c_match_report *report)
{
    const o2c_match_rate *rows;
    uint64_t count;
    o2c_match_report_rates(report, &rows, &count);
    for (uint64_t i = 0; i < count && i < 3; i++)
        printf(", \"%s\": {\"payments\": %llu, \"auto\": %llu, \"wrong\": %llu, \"lines\": %llu, \"lines_auto\": %llu, \"lines_judged\": %llu, "
               "\"lines_wrong\": %llu, \"bound_ppm\": %u}",
               o2c_code_name(O2C_TABLE_RATE, rows[i].list), (unsigned long long)rows[i].payments, (unsigned long long)rows[i].payments_auto,
               (unsigned long long)rows[i].payments_wrong, (unsigned long long)rows[i].lines, (unsigned long long)rows[i].lines_auto,
               (unsigned long long)rows[i].lines_judged, (unsigned long long)rows[i].lines_wrong, rows[i].bound_ppm);
}

int
main(int argc, char **argv)
{
    unsigned threads = 1;
    o2c_match_backtest_options options = { .struct_size = sizeof options };
    if (argc < 2)
        return fprintf(stderr, "usage: backtest_bench FOLDER [--threads T] [--learn-accounts]\n"), 64;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            threads = (unsigned)atoi(argv[++i]);
        else if (strcmp(argv[i], "--learn-accounts") == 0)
            options.learn_accounts = 1;
    }
    o2c_limits limits = { .struct_size = sizeof limits, .alloc_bytes_max = UINT64_C(1) << 34, .input_bytes_max = UINT64_C(1) << 34,
                          .entries_max = UINT64_C(1) << 31 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    struct input in = { 0 };
    o2c_master master = { .struct_size = sizeof master }, customers = { .struct_size = sizeof customers };
    double start = seconds();
    struct executor executor = { .count = 0 };
    struct reading reading = { &in, &env, argv[1], &master };
    if (threads > 1 && executor_open(&executor, threads) == 0) {
        options.executor = &executor.lent;
        executor.lent.run(executor.lent.self, 2, read_some, &reading);
    }
    for (uint64_t i = 0; !options.executor && i < 2; i++)
        read_some(&reading, i);
    if (!in.items || !in.payments || !in.cleared)
        return fprintf(stderr, "backtest_bench: a list is missing in %s\n", argv[1]), 66;
    double read = seconds();
    o2c_formats_file_master(in.customers, &customers);
    printf("{\"read_s\": %.3f, \"bytes\": %llu", read - start, (unsigned long long)in.bytes);
    o2c_payments payments = { .struct_size = sizeof payments };
    o2c_formats_file_payments(in.payments, &payments);
    o2c_match_history history = { .struct_size = sizeof history, .master = &master, .payments = &payments, .customers = in.customers ? &customers : NULL };
    o2c_formats_file_clearings(in.cleared, &history.rows, &history.count, &history.heap);
    o2c_match_report *report = NULL;
    o2c_error err;
    must(o2c_match_backtest(&env, &history, NULL, &options, &report, &err), &err, "backtest");
    double done = seconds(), chain = (double)(executor_cpu_ns() - executor.own_ns + executor.longest_ns) * 1e-9;
    if (options.executor)
        executor_close(&executor);
    o2c_match_report_header header = { .struct_size = sizeof header };
    o2c_match_report_header_read(report, &header);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf(", \"backtest_s\": %.3f, \"payments\": %llu, \"judged\": %llu, \"lines\": %llu, \"days\": %u, \"items\": %llu, \"measured\": %u, \"threads\": %u, \"rss_mb\": %ld, \"chain_s\": %.3f",
           done - read, (unsigned long long)header.payments, (unsigned long long)header.judged, (unsigned long long)header.lines, header.days,
           (unsigned long long)header.items, header.measured, threads, usage.ru_maxrss / 1024, chain);
    print_rates(report);
    printf("}\n");
    print_classes(report);
    o2c_match_report_free(report);
    o2c_formats_file_free(in.items);
    o2c_formats_file_free(in.customers);
    o2c_formats_file_free(in.payments);
    o2c_formats_file_free(in.cleared);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching on exact and free-text references: N items, N payments, one core, processor time. What is proposed is compared with the
 * truth before any speed is printed: an automatic line that is wrong ends the run.
 *
 *     match_bench [--scenario exact|free] [--items N] [--payments N] [--seed S] [--threads T] [--json] [--exact-stage] [--kept]
 *                 [--write FOLDER]
 *     match_bench --scenario mix|S01…S38 [--items N] [--payments N] [--seed S] [--threads T] [--json] [--brief] [--history PPM]
 *                 [--max-error PPM] [--write-answers FILE] [--wrong]
 *
 * The first form measures speed on a ledger that stands still; without --json it answers three lines of another shape, for comparing two
 * builds. --exact-stage times retrieval alone as well. --kept lends memory of a host that keeps it, in huge pages (lender.h; one thread).
 * --write leaves the ledger and the first 200,000 payments as text files for peers.
 * The second form replays a year of a market day by day and scores what was answered (mix_bench.h).
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "digest.h"
#include "executor.h"
#include "generate.h"
#include "ledger_score.h"
#include "lender.h"
#include "mix_bench.h"
#include "match/match.h"

#define CHUNK 32768u
#define WRITTEN_MAX 200000u

struct bench {
    struct ledger ledger;
    struct executor executor;
    struct lender lender;
    const o2c_env *env;               /* NULL = malloc as it is */
    o2c_match_pool *pool;
    o2c_match_model *model;
    double put, freeze, measure;      /* seconds */
    double solve, retrieve;
    uint64_t payments, text_bytes, operations;
    uint64_t automatic, automatic_wrong, proposed, proposed_wrong, none;
    uint64_t hits, tokens, digest;
    struct ledger_score score;        /* with --json */
    int stage;                        /* 1: retrieval alone is timed as well */
    FILE *written;
    uint32_t written_count;
};

static double
clock_seconds(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Processor time of the process: neighbors on the machine count less. */
static double
seconds(void)
{
    return clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void
must(o2c_status status, const o2c_error *err)
{
    if (status == O2C_OK)
        return;
    fprintf(stderr, "match_bench: %s: %s (%s)\n", o2c_status_name(status), err->message, err->field);
    exit(1);
}

static void
build(struct bench *bench)
{
    struct ledger *ledger = &bench->ledger;
    o2c_match_pool_options options = { .struct_size = sizeof options, .items_hint = ledger->items_count };
    o2c_match_model *cold = NULL;
    o2c_error err = { 0 };
    o2c_str heap;
    o2c_heap_bytes(ledger->heap, &heap);
    double start = seconds();
    must(o2c_match_pool_new(bench->env, &options, &bench->pool, &err), &err);
    must(o2c_match_pool_put_items(bench->pool, ledger->items, ledger->items_count, &heap, &err), &err);
    bench->put = seconds() - start;
    must(o2c_match_pool_put_accounts(bench->pool, ledger->accounts, ledger->customers_count, &heap, &err), &err);
    must(o2c_match_pool_put_bank_accounts(bench->pool, ledger->bank_accounts, ledger->customers_count, &heap, &err), &err);
    start = seconds();
    must(o2c_match_pool_freeze(bench->pool, &err), &err);
    bench->freeze = seconds() - start;
    start = seconds();
    must(o2c_match_model_new(NULL, &cold, &err), &err);
    must(o2c_match_model_measure(cold, bench->pool, &bench->model, &err), &err);
    bench->measure = seconds() - start;
    o2c_match_model_free(cold);
}

/* The proposal's items are those that were paid, no more and no less. */
static bool
is_right(const o2c_proposal *proposal, const o2c_line *lines, const struct truth *truth)
{
    if (proposal->lines_count != truth->count)
        return false;
    for (uint32_t i = 0; i < truth->count; i++) {
        bool found = false;
        for (uint32_t k = 0; k < proposal->lines_count && !found; k++)
            found = lines[proposal->lines_at + k].host_ref == truth->items[i] && lines[proposal->lines_at + k].remaining_minor == 0;
        if (!found)
            return false;
    }
    return true;
}

static void
judge(struct bench *bench, const o2c_match_solution *solution, const struct day *day)
{
    const o2c_proposal *proposals;
    const o2c_line *lines;
    uint64_t count, lines_count;
    o2c_match_solution_proposals(solution, &proposals, &count);
    o2c_match_solution_lines(solution, &lines, &lines_count);
    for (uint64_t i = 0; i < count; i++) {
        bool right = is_right(&proposals[i], lines, &day->truth[i]);
        bench->operations += proposals[i].operations;
        bench->none += proposals[i].band == O2C_BAND_NONE;
        bench->automatic += proposals[i].band == O2C_BAND_AUTO;
        bench->automatic_wrong += proposals[i].band == O2C_BAND_AUTO && !right;
        bench->proposed += proposals[i].band == O2C_BAND_PROPOSE;
        bench->proposed_wrong += proposals[i].band == O2C_BAND_PROPOSE && !right;
    }
}

/* Retrieval alone, through the inside of the library. */
static void
retrieve(struct bench *bench, const o2c_payments *payments)
{
    struct o2c__case cases[O2C__BATCH];
    o2c_match_policy policy;
    o2c_match_solution solution;
    o2c_error err = { 0 };
    memset(&solution, 0, sizeof solution);
    o2c__policy_defaults(&policy);
    struct o2c__solve solve = { .pool = bench->pool, .model = bench->model, .policy = &policy, .payments = payments, .solution = &solution };
    must(o2c__context_init(&solve.context, NULL, UINT64_MAX, &err), &err);
    o2c__text_heap_init(&solution.heap, &solve.context.memory);
    o2c__arena_init(&solve.arena, &solve.context.memory, 0);
    double start = seconds();
    for (uint64_t first = 0; first < payments->count; first += O2C__BATCH) {
        uint32_t count = payments->count - first < O2C__BATCH ? (uint32_t)(payments->count - first) : O2C__BATCH;
        o2c__arena_reset(&solve.arena);
        must(o2c__retrieve(&solve, first, count, cases, &err), &err);
        for (uint32_t i = 0; i < count; i++) {
            bench->hits += cases[i].hits_count;
            bench->tokens += cases[i].tokens;
        }
    }
    bench->retrieve += seconds() - start;
    o2c__arena_free(&solve.arena);
    o2c__text_heap_free(&solution.heap);
}

static void
write_payments(struct bench *bench, const struct day *day)
{
    o2c_str heap;
    o2c_heap_bytes(day->heap, &heap);
    for (uint32_t i = 0; bench->written && i < day->count && bench->written_count < WRITTEN_MAX; i++, bench->written_count++) {
        fprintf(bench->written, "%lld\t", (long long)day->payments[i].amount_minor);
        for (uint32_t k = 0; k < day->truth[i].count; k++)
            fprintf(bench->written, k ? ",%u" : "%u", day->truth[i].items[k]);
        fprintf(bench->written, "\t%.*s\n", (int)day->texts[i].text.len, heap.ptr + day->texts[i].text.at);
    }
}

static void
run_chunk(struct bench *bench, uint32_t count)
{
    struct day day;
    o2c_match_solution *solution = NULL;
    o2c_error err = { 0 };
    day_make(&bench->ledger, &day, count);
    o2c_payments payments = { sizeof payments, 0, day.payments, day.count, day.texts, day.count, { "", 0 } };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments };
    if (bench->executor.count)
        request.executor = &bench->executor.lent;
    o2c_heap_bytes(day.heap, &payments.heap);
    write_payments(bench, &day);
    clockid_t which = bench->executor.count ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID; /* with threads, what a caller waits */
    double start = clock_seconds(which);
    must(o2c_match_solve(bench->env, bench->pool, bench->model, &request, &solution, &err), &err);
    bench->solve += clock_seconds(which) - start;
    judge(bench, solution, &day);
    bench->digest = digest_solution(bench->digest, solution);
    if (bench->score.score) {
        ledger_score_day(&bench->score, &bench->ledger, &day, solution);
        ledger_score_latency(&bench->score, bench->pool, bench->model, &payments);
    }
    o2c_match_solution_free(solution);
    if (bench->stage)
        retrieve(bench, &payments);
    for (uint32_t i = 0; i < day.count; i++)
        bench->text_bytes += day.texts[i].text.len;
    bench->payments += count;
    day_free(&day);
}

static void
write_items(const struct bench *bench, const char *folder)
{
    char path[1000];
    o2c_str heap;
    snprintf(path, sizeof path, "%s/items.tsv", folder);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    o2c_heap_bytes(bench->ledger.heap, &heap);
    for (uint32_t i = 0; i < bench->ledger.items_count; i++) {
        const o2c_open_item *row = &bench->ledger.items[i];
        fprintf(file, "%.*s\t%lld\n", (int)row->document.len, heap.ptr + row->document.at, (long long)row->open_minor);
    }
    fclose(file);
}

static void
report(const struct bench *bench)
{
    uint64_t matched, echoed;
    double n = (double)bench->ledger.items_count, payments = (double)bench->payments;
    o2c_match_pool_bytes(bench->pool, &matched, &echoed);
    printf("{\"what\":\"build\",\"items\":%u,\"customers\":%u,\"put_s\":%.3f,\"freeze_s\":%.3f,\"measure_s\":%.3f,"
           "\"items_per_s\":%.0f,\"bytes_per_item\":%.1f,\"echoed_per_item\":%.1f}\n",
           bench->ledger.items_count, bench->ledger.customers_count, bench->put, bench->freeze, bench->measure,
           n / (bench->put + bench->freeze), (double)matched / n, (double)echoed / n);
    printf("{\"what\":\"correct\",\"payments\":%llu,\"auto\":%llu,\"auto_wrong\":%llu,\"propose\":%llu,\"propose_wrong\":%llu,"
           "\"none\":%llu,\"digest\":\"%016llx\"}\n",
           (unsigned long long)bench->payments, (unsigned long long)bench->automatic, (unsigned long long)bench->automatic_wrong,
           (unsigned long long)bench->proposed, (unsigned long long)bench->proposed_wrong, (unsigned long long)bench->none, (unsigned long long)bench->digest);
    printf("{\"what\":\"speed\",\"text_bytes\":%.1f,\"solve_per_s\":%.0f,\"solve_ns\":%.0f,\"retrieve_per_s\":%.0f,"
           "\"retrieve_ns\":%.0f,\"hits\":%.2f,\"operations\":%.1f}\n",
           (double)bench->text_bytes / payments, payments / bench->solve, bench->solve / payments * 1e9, payments / bench->retrieve,
           bench->retrieve / payments * 1e9, (double)bench->hits / payments, (double)bench->operations / payments);
}

static void
report_json(const struct bench *bench, const char *scenario, uint64_t seed, uint64_t threads)
{
    uint64_t matched;
    struct line line = { .scenario = scenario, .items = bench->ledger.items_count, .payments = bench->payments, .seed = seed, .threads = threads };
    o2c_match_pool_bytes(bench->pool, &matched, NULL);
    line.solve_ns = (uint64_t)(bench->solve * 1e9);
    line.bytes = matched;
    line.bytes_items = line.build_rows = bench->ledger.items_count;
    line.build_ns = (uint64_t)((bench->put + bench->freeze) * 1e9);
    ledger_score_end(&bench->score, &line);
    putchar('{');
    line_write(&line, stdout);
    printf(",\"text_bytes\":%.1f,\"rss_bytes\":%llu,\"digest\":\"%016llx\"", (double)bench->text_bytes / (double)bench->payments,
           (unsigned long long)line_rss_bytes(), (unsigned long long)bench->digest);
    if (bench->stage)
        printf(",\"retrieve_per_s\":%.0f,\"retrieve_ns\":%.0f", (double)bench->payments / bench->retrieve,
               bench->retrieve / (double)bench->payments * 1e9);
    puts("}");
}

/* The value behind a name, or the fallback; flags stand alone. */
static const char *
option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return i + 1 < argc ? argv[i + 1] : fallback;
    }
    return fallback;
}

static int
flag(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return 1;
    }
    return 0;
}

static int
main_of_a_market(int argc, char **argv, const char *scenario)
{
    struct mix_options options = { .scenario = scenario, .json = (uint32_t)flag(argc, argv, "--json"), .brief = (uint32_t)flag(argc, argv, "--brief") };
    options.items = strtoull(option(argc, argv, "--items", "100000"), NULL, 10);
    options.payments = strtoull(option(argc, argv, "--payments", "0"), NULL, 10);
    options.seed = strtoull(option(argc, argv, "--seed", "1"), NULL, 10);
    options.threads = (unsigned)strtoul(option(argc, argv, "--threads", "1"), NULL, 10);
    options.history_ppm = (uint32_t)strtoul(option(argc, argv, "--history", "300000"), NULL, 10);
    options.max_error_ppm = (uint32_t)strtoul(option(argc, argv, "--max-error", "0"), NULL, 10);
    options.wrong = (uint32_t)flag(argc, argv, "--wrong");
    options.write_answers = option(argc, argv, "--write-answers", NULL);
    return mix_bench(&options);
}

static int
main_of_a_ledger(struct bench *bench, int argc, char **argv, const char *scenario)
{
    uint32_t items = (uint32_t)strtoul(option(argc, argv, "--items", "1000000"), NULL, 10);
    uint32_t payments = (uint32_t)strtoul(option(argc, argv, "--payments", "1000000"), NULL, 10);
    uint64_t seed = strtoull(option(argc, argv, "--seed", "1"), NULL, 10);
    unsigned threads = (unsigned)strtoul(option(argc, argv, "--threads", "1"), NULL, 10);
    const char *folder = option(argc, argv, "--write", NULL);
    int json = flag(argc, argv, "--json");
    if (items == 0 || payments == 0 || executor_open(&bench->executor, threads) != 0)
        return 2;
    bench->stage = !json || flag(argc, argv, "--exact-stage");
    if (flag(argc, argv, "--kept") && threads == 1) {
        lender_open(&bench->lender);
        bench->env = &bench->lender.env;
    }
    bench->ledger.plain = strcmp(scenario, "exact") == 0;
    ledger_make(&bench->ledger, seed, items);
    build(bench);
    if (json && ledger_score_open(&bench->score, &bench->ledger) != 0)
        return 2;
    if (folder) {
        char path[1000];
        snprintf(path, sizeof path, "%s/payments.tsv", folder);
        bench->written = fopen(path, "w");
        write_items(bench, folder);
    }
    /* A chunk pays at most an eighth of the items: else nothing would be left to draw. */
    uint32_t chunk = items / 24 < CHUNK ? items / 24 + 1 : CHUNK;
    for (uint32_t done = 0; done < payments; done += chunk)
        run_chunk(bench, payments - done < chunk ? payments - done : chunk);
    if (json)
        report_json(bench, scenario, seed, threads);
    else
        report(bench);
    if (bench->written)
        fclose(bench->written);
    ledger_score_close(&bench->score);
    o2c_match_model_free(bench->model);
    o2c_match_pool_free(bench->pool);
    ledger_free(&bench->ledger);
    executor_close(&bench->executor);
    return bench->automatic_wrong > 0;
}

int
main(int argc, char **argv)
{
    const char *scenario = option(argc, argv, "--scenario", "free");
    if (strcmp(scenario, "exact") != 0 && strcmp(scenario, "free") != 0)
        return main_of_a_market(argc, argv, scenario);
    struct bench *bench = calloc(1, sizeof *bench);
    if (!bench)
        return 2;
    int status = main_of_a_ledger(bench, argc, argv, scenario);
    free(bench);
    return status;
}

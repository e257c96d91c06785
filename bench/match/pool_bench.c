/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pool costs: to build, and to bring up to date day by day. Every day some items are paid (they become closed), as many come
 * new, and the pool freezes. That such a pool answers what one built anew answers: tests/match/test_deltas.c. CPU time.
 *
 *     pool_bench [--items N] [--days D] [--daily N] [--seed S]
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "generate.h"
#include "match/pool.h"

static double
seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
must(o2c_status status, const o2c_error *err)
{
    if (status == O2C_OK)
        return;
    fprintf(stderr, "%s: %s\n", o2c_status_name(status), err->message);
    exit(1);
}

static uint64_t
option(int argc, char **argv, const char *name, uint64_t fallback)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0)
            return strtoull(argv[i + 1], NULL, 10);
    return fallback;
}

struct bench {
    struct ledger ledger;
    o2c_str heap;
    o2c_match_pool *pool;
    uint32_t first; /* items in the pool on the first day */
    double build, put, freeze;
};

static void
build(struct bench *bench)
{
    o2c_error err;
    const struct ledger *ledger = &bench->ledger;
    must(o2c_match_pool_new(NULL, NULL, &bench->pool, &err), &err);
    double start = seconds();
    must(o2c_match_pool_put_accounts(bench->pool, ledger->accounts, ledger->customers_count, &bench->heap, &err), &err);
    must(o2c_match_pool_put_bank_accounts(bench->pool, ledger->bank_accounts, ledger->customers_count, &bench->heap, &err), &err);
    must(o2c_match_pool_put_items(bench->pool, ledger->items, bench->first, &bench->heap, &err), &err);
    must(o2c_match_pool_freeze(bench->pool, &err), &err);
    bench->build = seconds() - start;
}

static void
live_a_day(struct bench *bench, uint32_t day, uint32_t daily)
{
    o2c_error err;
    o2c_open_item *items = bench->ledger.items;
    for (uint32_t i = 0; i < daily; i++) {
        o2c_open_item *paid = &items[random_below(&bench->ledger.random, bench->first)];
        paid->kind = O2C_ITEM_CLOSED;
        paid->open_minor = 0;
        double start = seconds();
        must(o2c_match_pool_put_items(bench->pool, paid, 1, &bench->heap, &err), &err);
        bench->put += seconds() - start;
    }
    double start = seconds();
    must(o2c_match_pool_put_items(bench->pool, items + bench->first + (uint64_t)day * daily, daily, &bench->heap, &err), &err);
    bench->put += seconds() - start;
    start = seconds();
    must(o2c_match_pool_freeze(bench->pool, &err), &err);
    bench->freeze += seconds() - start;
}

int
main(int argc, char **argv)
{
    struct bench bench = { .first = (uint32_t)option(argc, argv, "--items", 250000) };
    uint32_t days = (uint32_t)option(argc, argv, "--days", 20), daily = (uint32_t)option(argc, argv, "--daily", 1000);
    ledger_make(&bench.ledger, option(argc, argv, "--seed", 1), bench.first + days * daily);
    o2c_heap_bytes(bench.ledger.heap, &bench.heap);
    build(&bench);
    uint32_t patches = 0;
    for (uint32_t day = 0; day < days; day++) {
        live_a_day(&bench, day, daily);
        patches += bench.pool->rows->patches > 0;
    }
    printf("{\"what\":\"pool\",\"items\":%u,\"days\":%u,\"daily\":%u,\"build_items_per_s\":%.0f,\"put_ms_a_day\":%.3f,"
           "\"freeze_ms_a_day\":%.3f,\"freeze_items_per_s\":%.0f,\"carried_over\":%u}\n",
           bench.first, days, daily, bench.first / bench.build, bench.put / days * 1e3, bench.freeze / days * 1e3,
           (double)bench.first * days / bench.freeze, patches);
    o2c_match_pool_free(bench.pool);
    ledger_free(&bench.ledger);
    return 0;
}

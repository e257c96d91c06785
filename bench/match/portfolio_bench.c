/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set that adds up, by each search that can: halves, tables of sums, quarters, and branch and bound over a few items. One shape for each
 * of them; all searches of a case must find as many sets before any of them is timed.
 *
 *     portfolio_bench [--seed S]     a row a shape: nanoseconds for a case (median), 0 = this search cannot; bytes it may hold
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "generate.h"
#include "match/few.h"
#include "match/halves.h"
#include "match/quarters.h"
#include "match/sets_choose.h"
#include "match/sums.h"

#define ITEMS_MAX 200u
#define CASES_MAX 32u
enum { HALVES, SUMS, QUARTERS, FEW, WAYS };

struct shape {
    const char *name;
    uint32_t items, paid, cases;
    int64_t least, most, unit; /* amounts: least … most units */
    uint32_t ways;             /* bit for each search that can */
    uint64_t room;             /* rows of half the items, for the check */
};
static const struct shape shapes[] = {
    { "cents_30", 30, 8, 24, 7064, 16600000, 1, 1u << HALVES | 1u << QUARTERS, 1u << 15 },
    { "price_list_44", 44, 5, 24, 260, 540, 500, 1u << HALVES | 1u << SUMS | 1u << FEW, 1u << 17 },
    { "cents_42_offline", 42, 12, 3, 7064, 16600000, 1, 1u << HALVES | 1u << QUARTERS, 1u << 21 },
    { "cents_200_three", 200, 3, 4, 5000000, 6600000, 1, 1u << SUMS | 1u << FEW, 0 },
};

struct run {
    const struct shape *shape;
    int64_t amounts[ITEMS_MAX], prefix[ITEMS_MAX + 1], target;
    uint64_t sets;
    o2c__memory *memory;
};

static void
must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "portfolio_bench: %s\n", what);
    exit(1);
}

static int
ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void
make_case(struct run *run, struct random *random)
{
    const struct shape *shape = run->shape;
    run->target = 0;
    for (uint32_t i = 0; i < shape->items; i++) {
        run->amounts[i] = shape->unit * (shape->least + (int64_t)(random_next(random) % (uint64_t)(shape->most - shape->least)));
        run->target += i < shape->paid ? run->amounts[i] : 0;
    }
    qsort(run->amounts, shape->items, sizeof run->amounts[0], ascending);
    for (uint32_t i = 0; i < shape->items; i++)
        run->prefix[i + 1] = run->prefix[i] + run->amounts[i];
}

static bool
go_on(void *self, uint64_t operations)
{
    (void)self, (void)operations;
    return true;
}

static bool
count_bits(void *self, const uint64_t *bits, int64_t sum)
{
    (void)bits, (void)sum;
    ((struct run *)self)->sets++;
    return true;
}

static bool
count_mask(void *self, uint64_t bits, int64_t sum)
{
    return count_bits(self, &bits, sum);
}

static bool
count_rows(void *self, const uint32_t *at, uint32_t width, int64_t sum)
{
    (void)at, (void)width;
    return count_bits(self, NULL, sum);
}

static void
by_halves(struct run *run)
{
    struct o2c__halves halves;
    struct o2c__pairs pairs;
    o2c__arena arena;
    o2c__arena_init(&arena, run->memory, 0);
    must(o2c__halves_alloc(&arena, &halves, (uint32_t)run->shape->room), "no memory");
    halves.most = run->target;
    o2c__half_start(&halves.low);
    o2c__half_start(&halves.high);
    for (uint32_t i = run->shape->items; i-- > 0;)
        must(o2c__half_grow(&halves, i % 2 ? &halves.high : &halves.low, run->amounts[i], UINT64_C(1) << (i / 2)), "no room");
    for (o2c__pairs_start(&halves, run->target, run->target, &pairs); o2c__pairs_next(&halves, &pairs);)
        run->sets++;
    o2c__arena_free(&arena);
}

static void
by_sums(struct run *run)
{
    struct o2c__sums_window window = { run->target, run->target };
    struct o2c__sums sums = { .amounts = run->amounts, .count = run->shape->items, .unit = o2c__unit_of(run->amounts, run->shape->items),
                              .windows = &window, .windows_count = 1, .sets_max = 65536, .self = run, .work = go_on, .found = count_bits };
    must(o2c__sums_find(&sums, run->memory) == O2C__SUMS_ALL, "more sets than the tables may tell");
}

static void
by_quarters(struct run *run)
{
    struct o2c__quarters quarters = { .amounts = run->amounts, .count = run->shape->items, .least = run->target, .most = run->target,
                                      .self = run, .work = go_on, .found = count_mask };
    must(o2c__quarters_find(&quarters, run->memory) == O2C__QUARTERS_ALL, "the quarters stopped");
}

/* All sizes: none of these shapes has a set of more than eight items. */
static void
by_few(struct run *run)
{
    struct o2c__few few = { .amounts = run->amounts, .prefix = run->prefix, .count = run->shape->items, .least = run->target,
                            .most = run->target, .steps_max = UINT64_MAX, .self = run, .found = count_rows };
    for (uint32_t width = 1; width <= O2C__FEW_WIDTH; width++)
        must(o2c__few_sets(&few, width), "the search stopped");
}

static void (*const searches[WAYS])(struct run *run) = { by_halves, by_sums, by_quarters, by_few };

static void
run_shape(const struct shape *shape, uint64_t seed, o2c__memory *memory)
{
    static struct run runs[CASES_MAX];
    struct random random;
    uint64_t median[WAYS] = { 0 }, sets = 0;
    random_seed(&random, seed * 1000 + shape->items);
    for (uint32_t one = 0; one < shape->cases; one++) {
        runs[one] = (struct run){ .shape = shape, .memory = memory };
        make_case(&runs[one], &random);
        uint64_t first = UINT64_MAX;
        for (uint32_t way = 0; way < WAYS; way++) {
            if (!(shape->ways >> way & 1))
                continue;
            runs[one].sets = 0;
            searches[way](&runs[one]);
            must(runs[one].sets >= 1 && (first == UINT64_MAX || runs[one].sets == first), "two searches differ");
            first = runs[one].sets;
        }
        sets += first;
    }
    for (uint32_t way = 0; way < WAYS; way++) {
        uint64_t ns[CASES_MAX];
        for (uint32_t one = 0; one < shape->cases && shape->ways >> way & 1; one++) {
            uint64_t start = clock_now_ns();
            searches[way](&runs[one]);
            ns[one] = clock_now_ns() - start;
        }
        if (shape->ways >> way & 1) {
            qsort(ns, shape->cases, sizeof ns[0], clock_by_ns);
            median[way] = ns[shape->cases / 2];
        }
    }
    uint64_t tables = shape->ways >> SUMS & 1 ? o2c__sums_bytes(shape->items, runs[0].target, shape->unit, 65536) : 0;
    printf("{\"what\":\"portfolio\",\"shape\":\"%s\",\"items\":%" PRIu32 ",\"paid\":%" PRIu32 ",\"checked\":%" PRIu32 ",\"sets\":%" PRIu64
           ",\"halves_ns\":%" PRIu64 ",\"sums_ns\":%" PRIu64 ",\"quarters_ns\":%" PRIu64 ",\"few_ns\":%" PRIu64
           ",\"halves_bytes\":%" PRIu64 ",\"sums_bytes\":%" PRIu64 ",\"quarters_bytes\":%" PRIu64 "}\n",
           shape->name, shape->items, shape->paid, shape->cases, sets / shape->cases, median[HALVES], median[SUMS], median[QUARTERS],
           median[FEW], shape->ways >> HALVES & 1 ? 48 * shape->room : 0, tables,
           shape->ways >> QUARTERS & 1 ? (uint64_t)O2C__QUARTERS_BYTES : 0);
    fflush(stdout);
}

int
main(int argc, char **argv)
{
    uint64_t seed = 1;
    o2c__context context;
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
    must(o2c__context_init(&context, NULL, UINT64_MAX, NULL) == O2C_OK, "context");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        run_shape(&shapes[i], seed, &context.memory);
    return 0;
}

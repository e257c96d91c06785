/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The searches for every set, each against a count of all subsets and against each other: tables of reachable sums, quarters, halves, branch
 * and bound; what they do without memory and without operations; and which of them is chosen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/few.h"
#include "match/halves.h"
#include "match/quarters.h"
#include "match/sets_choose.h"
#include "match/sums.h"
#include "support/faulty.h"
#include "support/tap.h"

#define SMALL 16u
#define MOST 300u

static uint64_t
draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* What was found, without order: how many, and a sum over them that changes with any of their items. */
struct tally {
    const int64_t *amounts;
    uint64_t count, sign;
    uint64_t operations, operations_max;
    bool wrong;
};

static uint64_t
sign_of(const uint64_t *bits, uint32_t words)
{
    uint64_t sign = 0;
    for (uint32_t word = 0; word < words; word++)
        for (uint64_t left = bits[word]; left; left &= left - 1)
            sign = sign * UINT64_C(0x9E3779B97F4A7C15) + 64 * word + (uint64_t)__builtin_ctzll(left) + 1;
    return o2c__mix(sign, 7);
}

static bool
count_work(void *self, uint64_t operations)
{
    struct tally *tally = self;
    tally->operations += operations;
    return tally->operations <= tally->operations_max;
}

static bool
count_wide(void *self, const uint64_t bits[O2C__SUMS_WORDS], int64_t sum)
{
    struct tally *tally = self;
    int64_t own = 0;
    for (uint32_t word = 0; word < O2C__SUMS_WORDS; word++)
        for (uint64_t left = bits[word]; left; left &= left - 1)
            own += tally->amounts[64 * word + (uint32_t)__builtin_ctzll(left)];
    tally->wrong = tally->wrong || own != sum;
    tally->count++;
    tally->sign += sign_of(bits, O2C__SUMS_WORDS);
    return true;
}

static bool
count_narrow(void *self, uint64_t bits, int64_t sum)
{
    const uint64_t wide[O2C__SUMS_WORDS] = { bits };
    return count_wide(self, wide, sum);
}

struct pool {
    int64_t amounts[MOST]; /* ascending */
    uint32_t count;
    struct o2c__sums_window windows[3];
    uint32_t windows_count;
};

static int
ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Four kinds: cents, a grid with many equal ones, a price list, whole hundreds beside one odd amount. */
static void
make_pool(struct pool *pool, uint64_t *state, uint32_t count, uint32_t wanted)
{
    uint32_t kind = (uint32_t)(draw(state) % 4);
    int64_t sum = 0;
    pool->count = count;
    for (uint32_t i = 0; i < count; i++) {
        int64_t cents = 1 + (int64_t)(draw(state) % 90000);
        pool->amounts[i] = kind == 0 ? cents : kind == 1 ? 500 * (1 + (int64_t)(draw(state) % 12)) : 1190 * (1 + (int64_t)(draw(state) % 60));
        pool->amounts[i] = kind == 3 ? (i == 3 ? cents : 10000 * (1 + cents % 70)) : pool->amounts[i];
        sum += i < wanted ? pool->amounts[i] : 0;
    }
    qsort(pool->amounts, count, sizeof pool->amounts[0], ascending);
    int64_t wide = draw(state) % 3 ? 0 : (int64_t)(draw(state) % 120);
    pool->windows_count = 1 + (uint32_t)(draw(state) % 3);
    pool->windows[0] = (struct o2c__sums_window){ sum - wide, sum + wide };
    pool->windows[1] = (struct o2c__sums_window){ sum + 1500, sum + 1500 };
    pool->windows[2] = (struct o2c__sums_window){ sum + 2500, sum + 2500 };
}

static void
by_every_subset(const struct pool *pool, struct tally *out)
{
    for (uint64_t mask = 0; mask < UINT64_C(1) << pool->count; mask++) {
        const uint64_t bits[O2C__SUMS_WORDS] = { mask };
        int64_t sum = 0;
        bool in = false;
        for (uint32_t i = 0; i < pool->count; i++)
            sum += mask >> i & 1 ? pool->amounts[i] : 0;
        for (uint32_t w = 0; w < pool->windows_count; w++)
            in = in || (sum >= pool->windows[w].low && sum <= pool->windows[w].high);
        if (in)
            count_wide(out, bits, sum);
    }
}

static enum o2c__sums_end
by_sums(const struct pool *pool, struct tally *out, o2c__memory *memory, uint32_t sets_max)
{
    struct o2c__sums sums = { .amounts = pool->amounts, .count = pool->count, .unit = o2c__unit_of(pool->amounts, pool->count),
                              .windows = pool->windows, .windows_count = pool->windows_count, .sets_max = sets_max, .self = out,
                              .work = count_work, .found = count_wide };
    return o2c__sums_find(&sums, memory);
}

/* Windows that overlap would be told twice: the searches that take one window at a time are asked for pools without that. */
static enum o2c__quarters_end
by_quarters(const struct pool *pool, struct tally *out, o2c__memory *memory)
{
    enum o2c__quarters_end end = O2C__QUARTERS_ALL;
    for (uint32_t w = 0; w < pool->windows_count && end == O2C__QUARTERS_ALL; w++) {
        struct o2c__quarters quarters = { .amounts = pool->amounts, .count = pool->count, .least = pool->windows[w].low,
                                          .most = pool->windows[w].high, .self = out, .work = count_work, .found = count_narrow };
        end = o2c__quarters_find(&quarters, memory);
    }
    return end;
}

static void
by_halves(const struct pool *pool, struct tally *out, o2c__memory *memory, uint32_t room)
{
    struct o2c__halves halves;
    struct o2c__pairs pairs;
    o2c__arena arena;
    o2c__arena_init(&arena, memory, 0);
    CU_ASSERT_FATAL(o2c__halves_alloc(&arena, &halves, room));
    for (uint32_t w = 0; w < pool->windows_count; w++) {
        halves.most = pool->windows[w].high;
        o2c__half_start(&halves.low);
        o2c__half_start(&halves.high);
        for (uint32_t i = pool->count; i-- > 0;)
            CU_ASSERT(o2c__half_grow(&halves, i % 2 ? &halves.high : &halves.low, pool->amounts[i], UINT64_C(1) << i));
        for (o2c__pairs_start(&halves, pool->windows[w].low, pool->windows[w].high, &pairs); o2c__pairs_next(&halves, &pairs);)
            count_narrow(out, halves.low.masks[pairs.low] | halves.high.masks[pairs.high], halves.low.sums[pairs.low] + halves.high.sums[pairs.high]);
    }
    o2c__arena_free(&arena);
}

static struct tally
tally_of(const struct pool *pool)
{
    return (struct tally){ .amounts = pool->amounts, .operations_max = UINT64_MAX };
}

static void
same(const struct tally *have, const struct tally *want, const char *who)
{
    if (have->count != want->count || have->sign != want->sign || have->wrong)
        printf("# %s: %llu sets, not %llu\n", who, (unsigned long long)have->count, (unsigned long long)want->count);
    CU_ASSERT(have->count == want->count && have->sign == want->sign && !have->wrong);
}

static void
portfolio__each_search_finds_every_subset_of_small_pools(void)
{
    o2c__context context;
    uint64_t state = 11, found = 0;
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    for (uint32_t round = 0; round < 1500; round++) {
        struct pool pool;
        make_pool(&pool, &state, 1 + (uint32_t)(draw(&state) % (round % 16 ? 11 : SMALL)), (uint32_t)(draw(&state) % 7));
        struct tally want = tally_of(&pool), sums = want, quarters = want, halves = want;
        by_every_subset(&pool, &want);
        CU_ASSERT_EQUAL(by_sums(&pool, &sums, &context.memory, 1u << SMALL), O2C__SUMS_ALL);
        same(&sums, &want, "sums");
        found += want.count;
        bool apart = pool.windows[0].high < pool.windows[1].low && pool.windows[0].low >= 0;
        if (!apart)
            continue;
        CU_ASSERT_EQUAL(by_quarters(&pool, &quarters, &context.memory), O2C__QUARTERS_ALL);
        by_halves(&pool, &halves, &context.memory, 1024);
        same(&quarters, &want, "quarters");
        same(&halves, &want, "halves");
    }
    printf("# %llu sets\n", (unsigned long long)found);
    CU_ASSERT(found > 10000);
    CU_ASSERT_EQUAL(context.memory.used, 0);
}

/* A set is either told or told to be too many: never some of them. */
static void
portfolio__more_sets_than_allowed_are_none(void)
{
    o2c__context context;
    uint64_t state = 5, stopped = 0;
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    for (uint32_t round = 0; round < 300; round++) {
        struct pool pool;
        make_pool(&pool, &state, 12, 4);
        struct tally want = tally_of(&pool);
        by_every_subset(&pool, &want);
        for (uint32_t most = 1; most <= want.count + 1 && most < 40; most++) {
            struct tally have = tally_of(&pool);
            enum o2c__sums_end end = by_sums(&pool, &have, &context.memory, most);
            CU_ASSERT_EQUAL(end, want.count <= most ? O2C__SUMS_ALL : O2C__SUMS_STOPPED);
            CU_ASSERT_EQUAL(have.count, want.count <= most ? want.count : 0);
            stopped += end == O2C__SUMS_STOPPED;
        }
    }
    CU_ASSERT(stopped > 100);
}

/* Pools of 30 to 40: halves against quarters, and against tables where these fit. */
static void
portfolio__searches_agree_on_mid_pools(void)
{
    o2c__context context;
    uint64_t state = 3, found = 0;
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    for (uint32_t round = 0; round < 24; round++) {
        struct pool pool;
        make_pool(&pool, &state, 28 + round % 8, 3 + round % 3);
        pool.windows_count = 1;
        struct tally sums = tally_of(&pool), quarters = sums, halves = sums;
        by_halves(&pool, &halves, &context.memory, 1u << 18);
        CU_ASSERT_EQUAL(by_quarters(&pool, &quarters, &context.memory), O2C__QUARTERS_ALL);
        same(&quarters, &halves, "quarters");
        if (halves.count > 100000)
            continue;
        CU_ASSERT_EQUAL(by_sums(&pool, &sums, &context.memory, 100000), O2C__SUMS_ALL);
        same(&sums, &halves, "sums");
        found += halves.count;
    }
    printf("# %llu sets\n", (unsigned long long)found);
    CU_ASSERT(found > 1000);
}

/* ---- three hundred items: tables against branch and bound */

struct few_tally {
    struct tally *tally;
};

static bool
count_few(void *self, const uint32_t *at, uint32_t width, int64_t sum)
{
    struct few_tally *few = self;
    uint64_t bits[O2C__SUMS_WORDS] = { 0 };
    for (uint32_t i = 0; i < width; i++)
        bits[at[i] / 64] |= UINT64_C(1) << (at[i] % 64);
    return count_wide(few->tally, bits, sum);
}

static void
portfolio__tables_find_what_branch_and_bound_finds_in_large_pools(void)
{
    o2c__context context;
    uint64_t state = 17, found = 0;
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    for (uint32_t round = 0; round < 6; round++) {
        struct pool pool = { .count = MOST, .windows_count = 1 };
        int64_t prefix[MOST + 1] = { 0 };
        /* no four are below the amount: then three are all there are */
        for (uint32_t i = 0; i < MOST; i++)
            pool.amounts[i] = 500 * (1000 + (int64_t)(draw(&state) % 400));
        qsort(pool.amounts, MOST, sizeof pool.amounts[0], ascending);
        pool.windows[0].low = pool.windows[0].high = pool.amounts[10 + round] + pool.amounts[100] + pool.amounts[200];
        for (uint32_t i = 0; i < MOST; i++)
            prefix[i + 1] = prefix[i] + pool.amounts[i];
        struct tally sums = tally_of(&pool), few = sums;
        struct few_tally self = { &few };
        struct o2c__few by_few = { .amounts = pool.amounts, .prefix = prefix, .count = MOST, .least = pool.windows[0].low,
                                   .most = pool.windows[0].high, .steps_max = UINT64_MAX, .self = &self, .found = count_few };
        for (uint32_t width = 1; width <= 4; width++)
            CU_ASSERT(o2c__few_sets(&by_few, width));
        CU_ASSERT_EQUAL(by_sums(&pool, &sums, &context.memory, 16384), O2C__SUMS_ALL);
        same(&sums, &few, "tables of three hundred");
        found += few.count;
    }
    printf("# %llu sets\n", (unsigned long long)found);
    CU_ASSERT(found > 6);
}

/* ---- no memory, no operations */

static struct faulty_result
both_searches(const o2c_env *env, void *self)
{
    const struct pool *pool = self;
    struct faulty_result result = { O2C_E_NOMEM, 0 };
    struct tally sums = tally_of(pool), quarters = sums;
    o2c__context context;
    if (o2c__context_init(&context, env, UINT64_MAX, NULL))
        return result;
    enum o2c__sums_end end = by_sums(pool, &sums, &context.memory, 1000);
    enum o2c__quarters_end last = by_quarters(pool, &quarters, &context.memory);
    CU_ASSERT(end == O2C__SUMS_ALL || (end == O2C__SUMS_NO_MEMORY && sums.count == 0));
    CU_ASSERT(last == O2C__QUARTERS_ALL || (last == O2C__QUARTERS_NO_MEMORY && quarters.count == 0));
    CU_ASSERT_EQUAL(context.memory.used, 0);
    if (end == O2C__SUMS_NO_MEMORY || last == O2C__QUARTERS_NO_MEMORY)
        return result;
    result.status = O2C_OK;
    result.digest = faulty_digest_u64(faulty_digest_u64(0, sums.sign), quarters.sign);
    return result;
}

static void
portfolio__every_allocation_may_fail(void)
{
    struct pool pool;
    uint64_t state = 9;
    make_pool(&pool, &state, 14, 3);
    pool.windows_count = 1;
    faulty_sweep("portfolio", both_searches, &pool);
}

static void
portfolio__every_budget_stops_in_order(void)
{
    o2c__context context;
    struct pool pool;
    uint64_t state = 2;
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    make_pool(&pool, &state, 14, 3);
    pool.windows_count = 1;
    struct tally whole = tally_of(&pool), streams = whole;
    CU_ASSERT_EQUAL(by_sums(&pool, &whole, &context.memory, 1000), O2C__SUMS_ALL);
    CU_ASSERT_EQUAL(by_quarters(&pool, &streams, &context.memory), O2C__QUARTERS_ALL);
    for (uint64_t share = 0; share <= 20; share++) {
        struct tally sums = tally_of(&pool), quarters = sums;
        sums.operations_max = whole.operations * share / 20;
        quarters.operations_max = streams.operations * share / 20;
        CU_ASSERT_EQUAL(by_sums(&pool, &sums, &context.memory, 1000), share == 20 ? O2C__SUMS_ALL : O2C__SUMS_STOPPED);
        CU_ASSERT_EQUAL(by_quarters(&pool, &quarters, &context.memory), share == 20 ? O2C__QUARTERS_ALL : O2C__QUARTERS_STOPPED);
        CU_ASSERT_EQUAL(context.memory.used, 0);
    }
}

/* ---- which of them */

static void
portfolio__the_cheapest_way_that_fits_is_chosen(void)
{
    static const struct {
        const char *what;
        struct o2c__ask ask;
        enum o2c__way way;
    } rows[] = {
        { "thirty items, cents", { 30, 1 << 15, 1 << 15, 10000000, 1, 1, 1, 1500000 }, O2C__WAY_HALVES },
        { "thirty-three items, cents", { 33, 40000, 60000, 50000000, 1, 1, 1, 1500000 }, O2C__WAY_HALVES },
        { "three hundred items, units of 5.00, triples", { 300, 3000, 3000, 2000000, 500, 1, 1, 1500000 }, O2C__WAY_SUMS },
        { "forty items, units of 5.00, few small ones", { 40, 30, 25, 2000000, 500, 1, 1, 1500000 }, O2C__WAY_HALVES },
        { "the same in cents", { 300, 3000, 3000, 20000000, 1, 1, 1, 1500000 }, O2C__WAY_NONE },
        { "sixty items, units of 5.00, a fifth of the pool", { 60, 1 << 26, 1 << 26, 1000000, 500, 1000000000, 1, 1500000 }, O2C__WAY_NONE },
        { "a hundred items, units of 5.00, long halves", { 100, 400000, 400000, 400000000, 500, 1, 1, 1400000 }, O2C__WAY_SUMS },
        { "thirty-six items, cents, lists beyond the cache", { 36, 1 << 18, 1 << 18, 50000000, 1, 1, 1, 1500000 }, O2C__WAY_NONE },
        { "the same where the host allows more", { 36, 1 << 18, 1 << 18, 50000000, 1, 1, 1, 15000000 }, O2C__WAY_HALVES },
        { "forty-four items, cents, offline", { 44, 1 << 22, 1 << 22, INT64_C(4000000000000), 1, 1, 1, 200000000 }, O2C__WAY_QUARTERS },
        { "the same in the default budget", { 44, 1 << 22, 1 << 22, INT64_C(4000000000000), 1, 1, 1, 1500000 }, O2C__WAY_NONE },
        { "fifty-seven items", { 57, UINT64_C(1) << 28, UINT64_C(1) << 28, INT64_MAX / 4, 1, 1, 1, UINT64_MAX - 1 }, O2C__WAY_NONE },
    };
    for (uint32_t i = 0; i < TAP_COUNT(rows); i++) {
        uint64_t operations;
        enum o2c__way way = o2c__sets_choose(&rows[i].ask, &operations);
        if (way != rows[i].way)
            printf("# %s: %d with %llu\n", rows[i].what, (int)way, (unsigned long long)operations);
        CU_ASSERT_EQUAL(way, rows[i].way);
        CU_ASSERT(operations < rows[i].ask.operations && (operations > 0) == (way != O2C__WAY_NONE));
    }
}

static void
portfolio__divisor_and_rests_refute_what_cannot_be(void)
{
    static const int64_t grid[] = { 64000, 128000, 320000 }, mixed[] = { 500, 1500, 64000 };
    CU_ASSERT_EQUAL(o2c__unit_of(grid, 3), 64000);
    CU_ASSERT_EQUAL(o2c__unit_of(mixed, 3), 500);
    CU_ASSERT_EQUAL(o2c__unit_of(NULL, 0), 1);
    CU_ASSERT(!o2c__may_add_up(mixed, 3, 500, 1400, 1499));
    CU_ASSERT(o2c__may_add_up(mixed, 3, 500, 1400, 1500));
    CU_ASSERT(!o2c__may_add_up(grid, 3, 1000, 100000, 100000)); /* 64 units apart: only multiples of 64 */
    CU_ASSERT(o2c__may_add_up(grid, 3, 1000, 128000, 128000));
    CU_ASSERT(o2c__may_add_up(grid, 3, 1000, -5, 0));
    uint64_t state = 8;
    for (uint32_t round = 0; round < 2000; round++) { /* never against a set that there is */
        struct pool pool;
        make_pool(&pool, &state, 10, 0);
        int64_t sum = 0, unit = o2c__unit_of(pool.amounts, 10);
        for (uint64_t mask = draw(&state) % 1024; mask; mask &= mask - 1)
            sum += pool.amounts[__builtin_ctzll(mask)];
        CU_ASSERT(o2c__may_add_up(pool.amounts, 10, unit, sum, sum));
    }
}

static const struct tap_test tests[] = {
    { "portfolio__each_search_finds_every_subset_of_small_pools", portfolio__each_search_finds_every_subset_of_small_pools },
    { "portfolio__more_sets_than_allowed_are_none", portfolio__more_sets_than_allowed_are_none },
    { "portfolio__searches_agree_on_mid_pools", portfolio__searches_agree_on_mid_pools },
    { "portfolio__tables_find_what_branch_and_bound_finds_in_large_pools",
      portfolio__tables_find_what_branch_and_bound_finds_in_large_pools },
    { "portfolio__every_allocation_may_fail", portfolio__every_allocation_may_fail },
    { "portfolio__every_budget_stops_in_order", portfolio__every_budget_stops_in_order },
    { "portfolio__the_cheapest_way_that_fits_is_chosen", portfolio__the_cheapest_way_that_fits_is_chosen },
    { "portfolio__divisor_and_rests_refute_what_cannot_be", portfolio__divisor_and_rests_refute_what_cannot_be },
};

int
main(void)
{
    return tap_run("match/portfolio", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Sets that hold cited items and others besides: counted exactly, and bounded together, against brute force and a walk over all places. */
#include <math.h>
#include <stdio.h>

#include "match/explain.h"
#include "match/habit_model.h"
#include "match/random_world.h"
#include "support/tap.h"

#define BIT(i) (1u << (i))

static int64_t
pseudo(uint64_t *state, int64_t least, int64_t most)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return least + (int64_t)((*state >> 33) % (uint64_t)(most - least + 1));
}

/* Brute force over all subsets of a small pool: the counted supersets, and the bound for all of them together. */
static void
places__supersets_of_cited_items_are_counted_exactly(void)
{
    uint64_t state = 5;
    for (int round = 0; round < 300; round++) {
        uint32_t n = 2 + (uint32_t)pseudo(&state, 0, 12), taken[16], skipped[16], take = 0, skip = 0;
        long double want[O2C__EXTRA_MAX + 1] = { 0 }, all = 0;
        struct o2c__supersets rows, few, many;
        struct o2c__extended sums;
        struct o2c__places places = { .n = n, .taken = taken, .skipped = skipped };
        for (uint32_t i = 0; i < n; i++) {
            int64_t draw = pseudo(&state, 0, 5);
            if (draw <= 1)
                taken[places.taken_count++] = i, take |= BIT(i);
            else if (draw == 2)
                skipped[places.skipped_count++] = i, skip |= BIT(i);
        }
        for (uint32_t mask = 1; mask < BIT(n); mask++) {
            uint32_t extra = (uint32_t)__builtin_popcount(mask & ~take);
            int32_t prior = o2c__ln_set_prior(NULL, n, (uint32_t)__builtin_popcount(mask), (uint32_t)__builtin_popcount(mask & ~(mask << 1)), mask & 1);
            if ((mask & take) != take || (mask & skip) || prior == INT32_MIN)
                continue;
            long double mass = expl((prior + (int64_t)extra * O2C__LN_MISS) / 65536.0L);
            if (extra <= O2C__EXTRA_MAX)
                want[extra] += mass;
            all += extra ? mass : 0;
        }
        o2c__ln_supersets(&places, O2C__EXTRA_MAX, &rows);
        for (uint32_t extra = 0; extra <= O2C__EXTRA_MAX; extra++) {
            long double have = rows.ln[extra] == O2C__NEVER ? 0 : expl(rows.ln[extra] / 65536.0L);
            CU_ASSERT(fabsl(have - want[extra]) <= 3e-4L * want[extra]);
        }
        struct o2c__places unskipped = { .n = n, .taken = taken, .taken_count = places.taken_count };
        o2c__ln_supersets(&unskipped, 2, &few);
        o2c__ln_supersets(&unskipped, 3, &many);
        CU_ASSERT_EQUAL(memcmp(few.ln, many.ln, 3 * sizeof few.ln[0]), 0);
        o2c__ln_extended(&places, &sums);
        CU_ASSERT((sums.one == O2C__NEVER ? 0 : expl(sums.one / 65536.0L)) >= all * .999L);
        CU_ASSERT(sums.two <= sums.one);
        CU_ASSERT_EQUAL(sums.itself, rows.ln[0]);
    }
}

/* Every choice of taken and skipped places of a pool: what lies beyond the counted rows is not above its bound, whatever was counted. */
#define ALL_MAX 13
static long double beyond[ALL_MAX + 1][1 << ALL_MAX]; /* Σ P·MISS^size over the supersets of a mask, by their size */

static long double
chance(int64_t ln)
{
    return ln == O2C__NEVER || ln == INT32_MIN ? 0 : expl(ln / 65536.0L);
}

static void
sum_supersets(const struct o2c__set_prior *prior, uint32_t n, uint32_t skip)
{
    long double mass[ALL_MAX + 1][ALL_MAX + 1][2];
    for (uint32_t k = 1; k <= n; k++) {
        for (uint32_t r = 1; r <= k; r++)
            for (int oldest = 0; oldest < 2; oldest++)
                mass[k][r][oldest] = chance(o2c__ln_set_prior(prior, n, k, r, oldest)) * chance((int64_t)k * O2C__LN_MISS);
        for (uint32_t mask = 0; mask < BIT(n); mask++)
            beyond[k][mask] = (uint32_t)__builtin_popcount(mask) == k && !(mask & skip)
                                  ? mass[k][__builtin_popcount(mask & ~(mask << 1))][mask & 1]
                                  : 0;
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t mask = 0; mask < BIT(n); mask++)
                beyond[k][mask] += mask & BIT(i) ? 0 : beyond[k][mask | BIT(i)];
    }
}

static long double
worst_beyond(const struct o2c__set_prior *prior, uint32_t n, uint32_t take, uint32_t skip)
{
    uint32_t taken[ALL_MAX], skipped[ALL_MAX];
    struct o2c__places places = { .prior = prior, .n = n, .taken = taken, .skipped = skipped };
    long double worst = 0;
    for (uint32_t i = 0; i < n; i++)
        if (take & BIT(i))
            taken[places.taken_count++] = i;
        else if (skip & BIT(i))
            skipped[places.skipped_count++] = i;
    for (uint32_t extra = 2; extra <= O2C__EXTRA_MAX; extra++) {
        struct o2c__supersets rows;
        long double want = 0;
        for (uint32_t k = places.taken_count + extra + 1; k <= n; k++)
            want += beyond[k][take] / chance((int64_t)places.taken_count * O2C__LN_MISS);
        o2c__ln_supersets(&places, extra, &rows);
        if (want > 0)
            worst = fmaxl(worst, want / chance(o2c__ln_beyond(&places, &rows, extra)));
    }
    return worst;
}

static long double
worst_of_all(const struct o2c__set_prior *prior, uint32_t n, bool skips)
{
    long double worst = 0;
    for (uint32_t skip = 0; skip < (skips ? BIT(n) : 1); skip++) {
        sum_supersets(prior, n, skip);
        for (uint32_t take = 0; take < BIT(n); take++)
            if (!(take & skip))
                worst = fmaxl(worst, worst_beyond(prior, n, take, skip));
    }
    return worst;
}

static void
places__what_is_not_counted_is_below_its_bound_for_every_choice(void)
{
    long double worst = 0;
    for (uint32_t n = 1; n <= ALL_MAX; n++)
        worst = fmaxl(worst, worst_of_all(NULL, n, false));
    for (uint32_t n = 1; n <= 9; n++)
        worst = fmaxl(worst, worst_of_all(NULL, n, true));
    printf("# at most %.5Lf of the bound\n", worst);
    CU_ASSERT(worst <= 1.0003L);
}

/* The same with habits at random, which raise some sizes and shapes and lower others. */
static void
places__habits_do_not_lift_what_is_not_counted_above_its_bound(void)
{
    struct dice dice = { .state = 21 };
    long double worst = 0;
    for (int round = 0; round < 24; round++) {
        struct naive_habits habits;
        o2c_match_model model;
        memset(&model, 0, sizeof model);
        CU_ASSERT_FATAL(o2c__context_init(&model.context, NULL, UINT64_MAX, NULL) == O2C_OK);
        random_habits(&dice, &habits);
        habit_model_fill(&model, &habits);
        worst = fmaxl(worst, worst_of_all(model.prior, 6 + (uint32_t)round % 7, false));
        worst = fmaxl(worst, worst_of_all(model.prior, 5 + (uint32_t)round % 3, true));
        habit_model_empty(&model);
    }
    printf("# at most %.5Lf of the bound\n", worst);
    CU_ASSERT(worst <= 1.0003L);
}

/* Σ over all supersets of the taken places, by others and runs, place by place: [last is taken][others][runs]. */
#define WALK_OTHERS 48
#define WALK_RUNS   64
typedef long double walk_ways[2][2][WALK_OTHERS + 1][WALK_RUNS + 1]; /* [oldest is among them][last is taken] */

enum place { FREE, TAKEN, SKIPPED };

static void
walk_step(walk_ways *from, walk_ways *to, enum place place, bool oldest_place)
{
    memset(to, 0, sizeof *to);
    for (int oldest = 0; oldest < 2; oldest++)
        for (int last = 0; last < 2; last++)
            for (int others = 0; others <= WALK_OTHERS; others++)
                for (int runs = 0; runs <= WALK_RUNS; runs++) {
                    long double count = (*from)[oldest][last][others][runs];
                    int with = others + (place == FREE), more = runs + !last;
                    if (count == 0)
                        continue;
                    if (place != TAKEN)
                        (*to)[oldest][0][others][runs] += count;
                    if (place != SKIPPED && with <= WALK_OTHERS && more <= WALK_RUNS)
                        (*to)[oldest || oldest_place][1][with][more] += count;
                }
}

static long double
walk_supersets(const struct o2c__places *places)
{
    static walk_ways ways[2];
    long double sum = 0;
    memset(ways, 0, sizeof ways);
    ways[0][0][0][0][0] = 1;
    for (uint32_t place = 0, at = 0, skip = 0; place < places->n; place++) {
        bool taken = at < places->taken_count && places->taken[at] == place;
        bool skipped = skip < places->skipped_count && places->skipped[skip] == place;
        at += taken;
        skip += skipped;
        walk_step(&ways[place % 2], &ways[(place + 1) % 2], taken ? TAKEN : skipped ? SKIPPED : FREE, place == 0);
    }
    for (int oldest = 0; oldest < 2; oldest++)
        for (int others = 1; others <= WALK_OTHERS && places->taken_count + (uint32_t)others <= places->n; others++)
            for (int runs = 1; runs <= WALK_RUNS; runs++) {
                long double count = ways[places->n % 2][oldest][0][others][runs] + ways[places->n % 2][oldest][1][others][runs];
                int32_t prior = count > 0 ? o2c__ln_set_prior(NULL, places->n, places->taken_count + (uint32_t)others, (uint32_t)runs, oldest) : INT32_MIN;
                if (prior != INT32_MIN)
                    sum += count * expl((prior + (int64_t)others * O2C__LN_MISS) / 65536.0L);
            }
    return sum;
}

/* Gaps of a place or two between cited items: the more others, the fewer runs. The bound stays one, and stays near what it bounds. */
static void
places__lists_cited_in_large_pools_are_bounded_closely(void)
{
    uint64_t state = 11;
    long double worst = 0;
    for (int round = 0; round < 60; round++) {
        uint32_t n = 20 + (uint32_t)pseudo(&state, 0, 400), taken[12], skipped[12];
        uint32_t at = pseudo(&state, 0, 3) ? (uint32_t)pseudo(&state, 0, round % 3 ? n / 2 : 5) : 0;
        struct o2c__places places = { .n = n, .taken = taken, .skipped = skipped };
        struct o2c__extended sums;
        for (uint32_t i = 0; i < 1 + (uint32_t)round % 12 && at < n; i++) {
            taken[places.taken_count++] = at++;
            if (round % 5 == 0 && at < n && pseudo(&state, 0, 3) == 0)
                skipped[places.skipped_count++] = at++;
            at += (uint32_t)pseudo(&state, 0, 1 + round % 7);
        }
        o2c__ln_extended(&places, &sums);
        long double all = walk_supersets(&places), have = expl(sums.one / 65536.0L);
        CU_ASSERT(have >= all * .999L);
        worst = have / all > worst ? have / all : worst;
    }
    CU_ASSERT(worst < 4);
    printf("# at most %.2Lf times what it bounds\n", worst);
}

static const struct tap_test tests[] = {
    { "places__supersets_of_cited_items_are_counted_exactly", places__supersets_of_cited_items_are_counted_exactly },
    { "places__what_is_not_counted_is_below_its_bound_for_every_choice", places__what_is_not_counted_is_below_its_bound_for_every_choice },
    { "places__habits_do_not_lift_what_is_not_counted_above_its_bound", places__habits_do_not_lift_what_is_not_counted_above_its_bound },
    { "places__lists_cited_in_large_pools_are_bounded_closely", places__lists_cited_in_large_pools_are_bounded_closely },
};

int
main(void)
{
    return tap_run("match/places", tests, TAP_COUNT(tests));
}

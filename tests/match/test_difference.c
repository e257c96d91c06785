/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What customers keep back, read by the densities: the search agrees with brute force, bounds stand above what they bound, and no counter
 * makes one of two rivals certain.
 */
#include <math.h>
#include <stdio.h>

#include "match/explain.h"
#include "match/habit_model.h"
#include "match/random_world.h"
#include "support/tap.h"

#define WORLDS 1500
#define BIT(i) (1u << (i))

/* Sometimes just what is missing from some set, so that a habit has something to say. */
static int64_t
draw_amount(struct dice *dice, const struct naive_world *w)
{
    int64_t sum = -w->amount;
    for (int i = 0; i < w->items_count; i++)
        sum += roll(dice, 2) ? w->items[i].open : 0;
    sum = sum > 0 && roll(dice, 4) ? sum : 1 + (int64_t)roll(dice, 50000);
    for (int i = 0; i < w->fees_count; i++)
        if (w->fees[i] == sum) /* counts of listed fees have rows of their own */
            return sum + 1;
    return sum;
}

static void
random_differences(struct dice *dice, const struct naive_world *w, struct naive_differences *out)
{
    memset(out, 0, sizeof *out);
    for (int account = 0; account < w->accounts_count; account++) {
        out->count[account] = (int)roll(dice, NAIVE_KEPT + 1);
        for (int i = 0; i < out->count[account]; i++) {
            if (roll(dice, 2))
                out->amount[account][i] = draw_amount(dice, w);
            else
                out->ppm[account][i] = 1000 * (1 + (int)roll(dice, 100));
        }
    }
    for (int i = 0; i < w->fees_count; i++)
        out->fees[i] = (int)roll(dice, 3);
    for (int i = 0; i < w->fees_count; i++) /* a fee that is listed twice is one amount */
        for (int k = 0; k < i; k++)
            out->fees[i] = w->fees[k] == w->fees[i] ? out->fees[k] : out->fees[i];
}

static void
differences__search_agrees_with_brute_force(void)
{
    long double worst = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct dice dice = { .state = 110000 + seed };
        struct naive_differences known;
        struct naive_world w;
        random_world(&dice, &w);
        random_differences(&dice, &w, &known);
        w.differences = &known;
        struct comparison found = compare_world(&w);
        worst = found.worst > worst ? found.worst : worst;
        if (found.what)
            printf("# world %llu: %s: library %.7Lf, naive %.7Lf\n", (unsigned long long)seed, found.what, found.ours, found.naive);
        CU_ASSERT_PTR_NULL(found.what);
    }
    printf("# largest difference of a share: %.2Le\n", worst);
}

/* One customer who owes some documents, and an amount that one set of them explains whole and another one short by a habit or a fee. */
static void
rivals(struct dice *dice, struct naive_world *w, struct naive_differences *known)
{
    memset(w, 0, sizeof *w);
    memset(known, 0, sizeof *known);
    w->items_count = 2 + (int)roll(dice, 9);
    for (int i = 0; i < w->items_count; i++)
        w->items[i] = (struct naive_item){ .open = 20000 + 500 * (int64_t)roll(dice, 400), .due = 10 + i };
    w->accounts_count = w->payers_count = 1;
    w->payers[0] = (struct naive_payer){ 0, 999500 };
    w->day = 100;
    w->lookback = 30;
    w->fees_count = 3;
    w->fees[0] = 500, w->fees[1] = 1000, w->fees[2] = 2500;
    uint32_t one = 1 + roll(dice, BIT(w->items_count) - 1), two = 1 + roll(dice, BIT(w->items_count) - 1);
    int64_t whole = 0, owed = 0;
    for (int i = 0; i < w->items_count; i++) {
        whole += one >> i & 1 ? w->items[i].open : 0;
        owed += two >> i & 1 ? w->items[i].open : 0;
    }
    w->amount = whole - (roll(dice, 3) ? 0 : w->fees[roll(dice, 3)]);
    known->count[0] = owed > w->amount;
    known->amount[0][0] = owed - w->amount;
    for (int i = 0; i < 3; i++)
        known->fees[i] = (int)roll(dice, 3);
}

struct posted {
    uint32_t items;
    int32_t arithmetic;
    long double share;
};

static struct posted
solve(const struct naive_world *w)
{
    struct world world;
    struct posted posted = { 0, -1, 0 };
    CU_ASSERT_FATAL(world_open(&world, w) && world_explain(&world) == O2C_OK);
    if (world.why.count)
        posted = (struct posted){ world_items(&world, &world.why.rows[0]), world.why.rows[0].arithmetic,
                                  world_share(&world, world.why.rows[0].mass) };
    world_close(&world);
    return posted;
}

/*
 * Planted counters: whatever they say, nothing posts itself that the cold default gives less than nine tenths, and what posts itself is
 * what the cold default would have proposed first.
 */
static void
differences__planted_counters_never_decide_between_rivals(void)
{
    struct dice dice = { .state = 1110 };
    uint32_t unsure = 0, sure = 0, held = 0;
    long double surest = 0;
    for (int round = 0; round < 4000; round++) {
        struct naive_world w;
        struct naive_differences known;
        rivals(&dice, &w, &known);
        struct posted cold = solve(&w);
        w.differences = &known;
        struct posted learned = solve(&w);
        bool same = learned.items == cold.items && learned.arithmetic == cold.arithmetic;
        unsure += cold.share < .9L;
        sure += cold.share >= .995L;
        held += cold.share >= .995L && learned.share < .995L;
        surest = cold.share < .9L ? fmaxl(surest, learned.share) : surest;
        CU_ASSERT(cold.share >= .9L || learned.share < .995L);
        CU_ASSERT(learned.share < .995L || same);
    }
    printf("# %u unsure, the surest of them %.5Lf; %u sure, %u of them held back\n", unsure, surest, sure, held);
    CU_ASSERT(unsure > 500 && sure > 500 && held > 50 && surest > .9L);
}

/* A short payment that matches a habit is weighed ten times, and is a short payment still. */
static void
differences__a_short_payment_by_habit_stays_one(void)
{
    struct naive_differences known = { .count = { 1 }, .ppm = { { 30000 } } };
    struct naive_world w = { .items_count = 1, .accounts_count = 1, .payers_count = 1, .amount = 97000, .day = 100, .lookback = 30 };
    struct world world;
    w.items[0] = (struct naive_item){ .open = 100000, .due = 10 };
    w.payers[0] = (struct naive_payer){ 0, 999500 };
    w.hits_count = 1;
    w.hits[0] = (struct naive_hit){ .count = 1, .ln_q16 = 12 * 65536 };
    int64_t weights[2];
    for (int i = 0; i < 2; i++) {
        w.differences = i ? &known : NULL;
        CU_ASSERT_FATAL(world_open(&world, &w) && world_explain(&world) == O2C_OK && world.why.count > 0);
        CU_ASSERT_EQUAL(world.why.rows[0].arithmetic, O2C_ARITHMETIC_X7);
        weights[i] = world.why.rows[0].weight;
        world_close(&world);
    }
    CU_ASSERT_EQUAL(weights[1] - weights[0], O2C__LN_DIFFER_MOST);
}

static const struct tap_test tests[] = {
    { "differences__search_agrees_with_brute_force", differences__search_agrees_with_brute_force },
    { "differences__planted_counters_never_decide_between_rivals", differences__planted_counters_never_decide_between_rivals },
    { "differences__a_short_payment_by_habit_stays_one", differences__a_short_payment_by_habit_stays_one },
};

int
main(void)
{
    return tap_run("match/difference", tests, TAP_COUNT(tests));
}

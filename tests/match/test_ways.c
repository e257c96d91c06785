/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How one customer chooses what he pays: what a payment teaches of him and of his segment, how it is forgotten, and that what was learned
 * reaches the search of his payments and of nobody else's.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "match/habit_model.h"
#include "match/habit_rows.h"
#include "match/learn.h"
#include "match/lessons.h"
#include "match/random_world.h"
#include "match/ways.h"
#include "support/faulty.h"
#include "support/tap.h"

#define DAY 18000
#define POOL 10

/* One payment of a customer of segment 3. */
static o2c_feedback *
pay(struct lessons *lessons, const char *account, int32_t day, int32_t set, int32_t runs, int32_t oldest)
{
    o2c_feedback *row = lessons_line(lessons, "P", account, 3, 0);
    row->day = day;
    row->pool_count = POOL;
    row->set_count = set;
    row->runs = runs;
    row->oldest = oldest;
    return row;
}

/* A host whose customers pay two of ten documents, half of them in one run, half of those from the oldest. */
static void
teach_host(struct lessons *lessons, int32_t day)
{
    for (int i = 0; i < 400; i++)
        pay(lessons, "HOST", day, 2, 1 + (i & 1), i >> 1 & 1);
}

static struct o2c__habit_row
row_of(const o2c_match_model *model, const char *account, uint32_t kind, uint64_t key)
{
    uint64_t owner = !account ? o2c__owner_segment(3) : *account ? o2c__owner_customer(o2c__str(account)) : O2C__OWNER_HOST;
    const struct o2c__habit_row *row = o2c__habit_find(&model->learned->rows, owner, kind, key);
    return row ? *row : (struct o2c__habit_row){ 0 };
}

static long double
units(uint64_t counted)
{
    return counted / 1e9L;
}

/* Chances are those of the day before: of two documents of ten, one run in (200 ÷ .7590 + 20) ÷ 420 · .7590 of the payments. */
static void
ways__are_counted_against_what_the_host_expects(void)
{
    struct lessons lessons;
    long double cold = .63L / .83L, one_run = cold * (200 / cold + 20) / 420;
    lessons_open(&lessons);
    teach_host(&lessons, DAY);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(model->learned->rows.count, 0); /* nothing was expected yet */
    lessons_clear(&lessons);
    for (int i = 0; i < 6; i++)
        pay(&lessons, "A", DAY + 1, 2, 1, i > 1);
    for (int i = 0; i < 3; i++)
        pay(&lessons, "A", DAY + 1, 3, 3, 0);
    pay(&lessons, "B", DAY + 1, 1, 1, 1);
    model = lessons_learn(&lessons, model, NULL, NULL);
    struct o2c__habit_row yes = row_of(model, "A", O2C__WAY_ONE_RUN, 1), no = row_of(model, "A", O2C__WAY_ONE_RUN, 0);
    CU_ASSERT(units(yes.seen) == 6 && units(no.seen) == 3);
    CU_ASSERT(fabsl(units(yes.asked) - 6 * one_run - 3 * .63L / .91L) < 1e-4L);
    CU_ASSERT(fabsl(units(yes.asked) + units(no.asked) - 9) < 1e-8L);
    yes = row_of(model, "A", O2C__WAY_OLDEST, 1), no = row_of(model, "A", O2C__WAY_OLDEST, 0);
    CU_ASSERT(units(yes.seen) == 4 && units(no.seen) == 2); /* several runs were not asked */
    CU_ASSERT(fabsl(units(yes.asked) - 3) < 1e-4L && fabsl(units(no.asked) - 3) < 1e-4L);
    CU_ASSERT_EQUAL(row_of(model, "B", O2C__WAY_ONE_RUN, 1).kind, 0); /* one document is one run */
    CU_ASSERT(units(row_of(model, "B", O2C__WAY_OLDEST, 1).seen) == 1);
    for (int i = 0; i < 2; i++) /* segment and host */
        CU_ASSERT(units(row_of(model, i ? "" : NULL, O2C__WAY_OLDEST, 1).seen) == 5 &&
                  units(row_of(model, i ? "" : NULL, O2C__WAY_ONE_RUN, 0).seen) == 3);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* Everything, more than a dozen, and pools of a size of which the host knows nothing. */
static void
ways__are_not_counted_without_a_choice(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    teach_host(&lessons, DAY);
    for (int i = 0; i < 60; i++)
        pay(&lessons, "HOST", DAY, 14, 3, 1)->pool_count = 20;
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    lessons_clear(&lessons);
    pay(&lessons, "A", DAY + 1, POOL, 1, 1);
    pay(&lessons, "A", DAY + 1, 13, 1, 1)->pool_count = 20;
    pay(&lessons, "A", DAY + 1, 1, 1, 1)->pool_count = 1;
    pay(&lessons, "A", DAY + 1, 2, 1, 1)->pool_count = 5;
    pay(&lessons, "", DAY + 1, 2, 1, 1); /* nobody's: segment and host learn */
    model = lessons_learn(&lessons, model, NULL, NULL);
    for (uint32_t key = 0; key < 2; key++) {
        CU_ASSERT_EQUAL(row_of(model, "A", O2C__WAY_ONE_RUN, key).kind, 0);
        CU_ASSERT_EQUAL(row_of(model, "A", O2C__WAY_OLDEST, key).kind, 0);
        CU_ASSERT(units(row_of(model, NULL, O2C__WAY_ONE_RUN, key).seen) == key);
    }
    CU_ASSERT_EQUAL(model->learned->rows.count, 8);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* Some days of a few customers, in any order and in any number of calls. */
static void
some_days(struct lessons *lessons, int32_t first, int32_t last, bool backwards)
{
    for (int32_t at = 0; at < 40 * (last - first + 1); at++) {
        int32_t i = backwards ? 40 * (last - first + 1) - 1 - at : at, day = first + i / 40, draw = (i + 40 * (first - DAY)) * 7919 % 97;
        pay(lessons, (const char *const[]){ "A", "B", "C" }[draw % 3], day, 1 + draw % 4, draw % 4 ? 1 + draw % 2 : 1, draw / 4 % 2);
    }
}

static void
ways__of_a_day_have_no_order_and_days_no_calls(void)
{
    struct lessons lessons;
    o2c_match_model *models[3] = { NULL };
    lessons_open(&lessons);
    for (int i = 0; i < 3; i++) {
        lessons_clear(&lessons);
        some_days(&lessons, DAY, i == 2 ? DAY + 2 : DAY + 5, i == 1);
        models[i] = lessons_learn(&lessons, NULL, NULL, NULL);
    }
    lessons_clear(&lessons);
    some_days(&lessons, DAY + 3, DAY + 5, true);
    models[2] = lessons_learn(&lessons, models[2], NULL, NULL);
    CU_ASSERT(models[0]->learned->rows.count >= 12);
    CU_ASSERT(lessons_same(models[0], models[1]));
    size_t len;
    char *bytes = lessons_bytes(models[0], &len);
    o2c_match_model *read = NULL;
    CU_ASSERT_FATAL(o2c_match_model_read(NULL, &(o2c_str){ bytes, len }, &read, NULL) == O2C_OK);
    CU_ASSERT(lessons_same(models[0], read) && memcmp(models[0]->hash, read->hash, 32) == 0);
    struct o2c__ways before, after;
    CU_ASSERT(o2c__ways_of(models[0], 3, o2c__str("A"), &before) && o2c__ways_of(read, 3, o2c__str("A"), &after));
    CU_ASSERT(memcmp(&before, &after, sizeof before) == 0);
    CU_ASSERT(o2c__ways_of(models[2], 3, o2c__str("A"), &after) && memcmp(&before, &after, sizeof before) == 0);
    free(bytes);
    o2c_match_model_free(read);
    for (int i = 0; i < 3; i++)
        o2c_match_model_free(models[i]);
    lessons_close(&lessons);
}

/* A customer who pays one run, always; after he has changed it takes him as long to be believed as he was believed before. */
static void
ways__are_forgotten_when_a_customer_changes(void)
{
    struct lessons lessons;
    struct o2c__ways ways[4];
    lessons_open(&lessons);
    teach_host(&lessons, DAY);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    for (int phase = 0; phase < 4; phase++) {
        lessons_clear(&lessons);
        for (int i = 0; i < 30 && phase != 1; i++)
            pay(&lessons, "A", DAY + 1 + 180 * phase, 2, phase ? 2 : 1, 0);
        if (phase == 1)
            pay(&lessons, "B", DAY + 1 + 180 * phase, 1, 1, 0)->tier = 4; /* time passes */
        model = lessons_learn(&lessons, model, NULL, NULL);
        CU_ASSERT(o2c__ways_of(model, 9, o2c__str("A"), &ways[phase]));
    }
    for (int phase = 0; phase < 4; phase++)
        printf("# one run %.2f, several %.2f times as often\n", (double)ways[phase].one_run[1] / (double)O2C__TIMES_ONE,
               (double)ways[phase].one_run[0] / (double)O2C__TIMES_ONE);
    CU_ASSERT(ways[0].one_run[1] > O2C__TIMES_ONE * 5 / 4 && ways[0].one_run[0] < O2C__TIMES_ONE / 2);
    CU_ASSERT(ways[1].one_run[1] < ways[0].one_run[1] && ways[1].one_run[0] > ways[0].one_run[0]);
    CU_ASSERT(ways[2].one_run[1] < O2C__TIMES_ONE && ways[2].one_run[0] > O2C__TIMES_ONE);
    CU_ASSERT(ways[3].one_run[0] > ways[2].one_run[0]);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* Over all sets of a size, as the host weighs them, the mean of what a customer changes is 1: his ways move mass, they make none. */
static void
ways__move_mass_and_make_none(void)
{
    struct dice dice = { .state = 40 };
    for (int round = 0; round < 200; round++) {
        struct naive_habits habits;
        struct naive_ways counted;
        struct o2c__ways ways;
        o2c_match_model model = { 0 };
        uint32_t n = 2 + roll(&dice, round & 1 ? 18 : 80);
        CU_ASSERT_FATAL(o2c__context_init(&model.context, NULL, UINT64_MAX, NULL) == O2C_OK);
        random_habits(&dice, &habits);
        random_ways(&dice, &counted);
        habit_model_fill(&model, &habits);
        habit_model_ways(&model, "A", &counted);
        CU_ASSERT_FATAL(o2c__ways_of(&model, 0, o2c__str("A"), &ways));
        for (uint32_t k = 1; k < n && model.prior; k++) {
            const struct o2c__host_prior *host = model.prior->host;
            long double run = k > 1 ? o2c__host_one_run(host, n, k) / 1048576.0L : 1, oldest = o2c__host_oldest(host, n) / 1048576.0L;
            long double with = o2c__ways_times(&ways, host, &(struct o2c__choice){ n, k, 1, true }) / 1048576.0L;
            long double without = o2c__ways_times(&ways, host, &(struct o2c__choice){ n, k, 1, false }) / 1048576.0L;
            long double several = o2c__ways_times(&ways, host, &(struct o2c__choice){ n, k, 2, false }) / 1048576.0L;
            long double mean = run * (oldest * with + (1 - oldest) * without) + (1 - run) * several;
            CU_ASSERT(mean <= 1 + 1e-9L && (mean > .999L || with > 2000 || without > 2000 || several > 2000));
            CU_ASSERT(k <= O2C__WAYS_SIZE || (with == 1 && without == 1 && several == 1));
        }
        habit_model_empty(&model);
    }
}

/* Three equal sums: the oldest run, another run, two documents apart. */
static void
three_ways(struct naive_world *w)
{
    memset(w, 0, sizeof *w);
    w->items_count = 8;
    for (int i = 0; i < 8; i++)
        w->items[i] = (struct naive_item){ .account = i / 8, .open = 100000 + 3711 * i * i, .due = 10 + i };
    w->amount = w->items[0].open + w->items[1].open;
    w->items[4].open = w->amount - w->items[3].open;
    w->items[7].open = w->amount - w->items[5].open;
    w->accounts_count = 2;
    w->payers[w->payers_count++] = (struct naive_payer){ 0, 999500 };
    w->day = 60;
}

static long double
share_of(const struct naive_world *w, uint32_t items)
{
    struct world world;
    long double share = 0;
    CU_ASSERT_FATAL(world_open(&world, w) && world_explain(&world) == O2C_OK);
    for (uint32_t i = 0; i < world.why.count; i++)
        if (world.why.rows[i].arithmetic == O2C_ARITHMETIC_X0 && world_items(&world, &world.why.rows[i]) == items)
            share = world_share(&world, world.why.rows[i].mass);
    world_close(&world);
    return share;
}

/* The same payment of customers who differ in nothing but what they did before. */
static void
ways__of_a_customer_are_his_own(void)
{
    static const uint32_t sets[] = { 0x03, 0x18, 0xA0 }; /* the oldest run, another one, several */
    static const struct naive_ways ways[] = { { { 0, 40000 }, { 20000, 20000 }, { 0, 40000 }, { 20000, 20000 } },
                                              { { 0, 40000 }, { 20000, 20000 }, { 40000, 0 }, { 20000, 20000 } },
                                              { { 40000, 0 }, { 20000, 20000 }, { 0, 0 }, { 0, 0 } } };
    struct naive_world w;
    struct naive_habits habits = { 0 };
    habits.sizes[3][1] = 1000;
    habits.runs[3][1][0] = habits.runs[3][1][1] = 500;
    habits.oldest[3][0] = habits.oldest[3][1] = 500;
    for (int i = 0; i < 3; i++)
        for (int set = 0; set < 3; set++) {
            three_ways(&w);
            w.habits = &habits;
            long double unknown = share_of(&w, sets[set]);
            w.ways[1] = &ways[i]; /* somebody else's */
            CU_ASSERT(unknown > 0 && share_of(&w, sets[set]) == unknown);
            w.ways[0] = &ways[i];
            long double own = share_of(&w, sets[set]);
            printf("# customer %d, set %d: %.4Lf, unknown %.4Lf\n", i, set, own, unknown);
            CU_ASSERT(i == set ? own > unknown : own < unknown);
        }
}

/* One to four documents, any of them, out of a pool where many sets add up alike. */
static uint32_t
any_payment(struct dice *dice, struct naive_world *w)
{
    uint32_t paid = 0, documents = 1 + roll(dice, 4);
    for (uint32_t i = 0; i < documents; i++)
        paid |= 1u << roll(dice, POOL);
    memset(w, 0, sizeof *w);
    w->items_count = POOL;
    for (int i = 0; i < POOL; i++)
        w->items[i] = (struct naive_item){ .open = 50000 + 100 * (int64_t)roll(dice, 150), .due = 10 + i };
    w->accounts_count = w->payers_count = 1;
    w->payers[0] = (struct naive_payer){ 0, 999500 };
    w->day = 60;
    for (int i = 0; i < POOL; i++)
        w->amount += paid >> i & 1 ? w->items[i].open : 0;
    return paid;
}

static bool
alike(const struct naive_world *w, uint32_t a, uint32_t b)
{
    for (int i = 0; i < POOL; i++) {
        int count = 0;
        for (int k = 0; k < POOL; k++)
            count += w->items[k].open == w->items[i].open ? (int)(a >> k & 1) - (int)(b >> k & 1) : 0;
        if (count)
            return false;
    }
    return true;
}

/* The share of the heaviest explanation, and its items. */
static long double
best_share(const struct naive_world *w, uint32_t *out_items)
{
    struct world world;
    long double share = 0;
    *out_items = 0;
    CU_ASSERT_FATAL(world_open(&world, w) && world_explain(&world) == O2C_OK);
    if (world.why.count && world.why.rows[0].arithmetic == O2C_ARITHMETIC_X0) {
        share = world_share(&world, world.why.rows[0].mass);
        *out_items = world_items(&world, &world.why.rows[0]);
    }
    world_close(&world);
    return share;
}

/*
 * Customers who pay whatever they like, under counters of theirs and of the host that swear they never do. What is wrong and reaches the
 * bar reaches it without a counter as well, or nearly: none of it was open before.
 */
static void
ways__that_were_planted_post_nothing_wrong(void)
{
    struct dice dice = { .state = 12 };
    struct naive_habits habits;
    uint32_t sure = 0, wrong = 0, planted = 0, items, ignored;
    memset(&habits, 0, sizeof habits);
    for (int pool = 0; pool < 10; pool++) {
        habits.sizes[pool][1] = habits.oldest[pool][1] = 1000000;
        for (int size = 0; size < 9; size++)
            habits.runs[pool][size][0] = 1000000;
    }
    for (int i = 0; i < 5000; i++) {
        struct naive_world w;
        struct naive_ways ways = { { 0 }, { 2000000, 2000000 }, { 0 }, { 2000000, 2000000 } };
        uint32_t paid = any_payment(&dice, &w);
        ways.run_seen[i & 1] = ways.oldest_seen[i >> 1 & 1] = 4000000;
        w.habits = &habits;
        w.ways[0] = &ways;
        if (best_share(&w, &items) < .995L)
            continue;
        sure++;
        if (alike(&w, paid, items))
            continue;
        wrong++;
        w.habits = NULL;
        planted += best_share(&w, &ignored) < .9L;
    }
    printf("# %u of 5000 reach the bar, %u wrong, %u of them because of the counters\n", sure, wrong, planted);
    CU_ASSERT(sure > 2000 && wrong * 200 <= sure && planted == 0);
}

static struct faulty_result
learn_and_write(const o2c_env *env, void *self)
{
    static char bytes[1 << 18];
    struct lessons *lessons = self;
    struct faulty_result result = { 0, 0 };
    o2c_match_model *cold = NULL, *out = NULL;
    size_t len = 0;
    o2c_str heap;
    o2c_heap_bytes(lessons->heap, &heap);
    result.status = o2c_match_model_new(env, &cold, NULL);
    if (!result.status)
        result.status = o2c_match_learn(cold, NULL, lessons->rows, lessons->count, &heap, &out, NULL, NULL);
    if (!result.status)
        result.status = o2c_match_model_write(out, bytes, sizeof bytes, &len, NULL);
    result.digest = result.status ? 0 : faulty_digest(0, bytes, len);
    o2c_match_model_free(cold);
    o2c_match_model_free(out);
    return result;
}

static void
ways__are_learned_whole_or_not_at_all(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    teach_host(&lessons, DAY);
    for (int i = 0; i < 40; i++) {
        char account[] = { 'K', (char)('A' + i % 26), (char)('0' + i / 26), 0 };
        pay(&lessons, account, DAY + 1, 2, 1 + i % 2, i & 1);
    }
    faulty_sweep("ways", learn_and_write, &lessons);
    lessons_close(&lessons);
}

#define TEST(name) { #name, name }
static const struct tap_test tests[] = {
    TEST(ways__are_counted_against_what_the_host_expects),
    TEST(ways__are_not_counted_without_a_choice),
    TEST(ways__of_a_day_have_no_order_and_days_no_calls),
    TEST(ways__are_forgotten_when_a_customer_changes),
    TEST(ways__move_mass_and_make_none),
    TEST(ways__of_a_customer_are_his_own),
    TEST(ways__that_were_planted_post_nothing_wrong),
    TEST(ways__are_learned_whole_or_not_at_all),
};

int
main(void)
{
    return tap_run("match/ways", tests, TAP_COUNT(tests));
}

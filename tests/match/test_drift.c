/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Customers who always paid the oldest documents begin to pay any, all of them or one alone: what posted itself on the old habit must not
 * be wrong more often than its class may be. Payments say nothing but their amount, many sets add up to the same, and every answer is
 * judged and learned.
 */
#include <stdio.h>

#include "match/explain.h"
#include "match/lessons.h"
#include "match/random_world.h"
#include "match/ways.h"
#include "support/tap.h"

#define POOL 10
#define A_DAY 20
#define BAR 995000
#define CLASS LINE_CLASS(O2C_LABEL_M18, O2C_PAYER_KNOWN, O2C_CERTIFICATE_CLEAR_FAVORITE)
#define MAX_ERROR 1000

struct desk {
    struct dice dice;
    struct lessons lessons;
    o2c_match_rules *rules;
    o2c_match_model *model;
    int32_t day;
    uint32_t automatic, wrong;
};

static void
desk_open(struct desk *desk)
{
    static const uint32_t released = CLASS;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_RELEASED, .released = &released, .released_count = 1 };
    const o2c_match_policy *layer = &policy;
    memset(desk, 0, sizeof *desk);
    desk->dice.state = 30;
    desk->day = 18000;
    lessons_open(&desk->lessons);
    CU_ASSERT_FATAL(o2c_match_rules_new(NULL, &layer, 1, &desk->rules, NULL) == O2C_OK);
    CU_ASSERT_FATAL(o2c_match_model_new(NULL, &desk->model, NULL) == O2C_OK);
}

static o2c_match_class_record
record_of(const struct desk *desk)
{
    o2c_match_class_record rows[4] = { { 0 } };
    uint64_t count = 0;
    CU_ASSERT_FATAL(o2c_match_model_classes(desk->model, rows, 4, &count, NULL) == O2C_OK);
    return rows[0];
}

/* One to four documents: the oldest, or any. */
static uint32_t
pay(struct desk *desk, struct naive_world *w, bool oldest)
{
    uint32_t paid = 0, count = 1 + roll(&desk->dice, 4);
    memset(w, 0, sizeof *w);
    w->items_count = POOL;
    for (int i = 0; i < POOL; i++)
        w->items[i] = (struct naive_item){ .open = 50000 + 100 * (int64_t)roll(&desk->dice, 150), .due = 10 + i };
    w->accounts_count = w->payers_count = 1;
    w->payers[0] = (struct naive_payer){ 0, 999500 };
    w->day = 100;
    w->lookback = 30;
    for (uint32_t i = 0; i < count; i++)
        paid |= 1u << (oldest ? i : roll(&desk->dice, POOL));
    for (int i = 0; i < POOL; i++)
        w->amount += paid >> i & 1 ? w->items[i].open : 0;
    return paid;
}

/* Equal amounts are interchangeable: then it is right as well. */
static bool
same(const struct naive_world *w, uint32_t a, uint32_t b)
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

/* Solved with the model of the day before; posted ones are taken back when they are wrong, all others a person puts right. */
static void
one_payment(struct desk *desk, bool oldest, bool history)
{
    struct naive_world w;
    struct world world;
    uint32_t paid = pay(desk, &w, oldest), items = 0;
    uint64_t error_ppm = 1000000;
    o2c_match_class_record record = record_of(desk);
    CU_ASSERT_FATAL(world_open(&world, &w));
    world.solve.model = desk->model;
    CU_ASSERT_FATAL(world_explain(&world) == O2C_OK);
    if (world.why.count && world.why.rows[0].arithmetic == O2C_ARITHMETIC_X0) {
        items = world_items(&world, &world.why.rows[0]);
        error_ppm = (uint64_t)((1 - world_share(&world, world.why.rows[0].mass)) * 1000000) + 1;
    }
    world_close(&world);
    uint64_t class_ppm = history ? 0 : record.error_ppm;
    bool would = (1000000 - error_ppm) * (1000000 - class_ppm) / 1000000 >= BAR, right = same(&w, paid, items);
    bool posts = would && !history && !record.suspended;
    desk->automatic += posts;
    desk->wrong += posts && !right;
    o2c_feedback *row = lessons_line(&desk->lessons, "P", "A0", 0, CLASS);
    row->day = desk->day;
    row->would_auto = would;
    row->error_ppb = (uint32_t)error_ppm * 1000;
    row->verdict = history ? O2C_VERDICT_HISTORY : !posts ? O2C_VERDICT_MODIFIED : right ? O2C_VERDICT_POSTED : O2C_VERDICT_REVERSED;
    row->source = posts ? O2C_FEEDBACK_ERP : O2C_FEEDBACK_SHOWN;
    row->right = (history || !posts) && right;
    row->pool_count = POOL;
    row->set_count = __builtin_popcount(paid);
    row->runs = __builtin_popcount(paid & ~(paid << 1));
    row->oldest = paid & 1;
}

static void
days(struct desk *desk, uint32_t count, bool oldest, bool history)
{
    for (uint32_t i = 0; i < count; i++, desk->day++) {
        for (uint32_t k = 0; k < A_DAY; k++)
            one_payment(desk, oldest, history);
        desk->model = lessons_learn(&desk->lessons, desk->model, desk->rules, NULL);
        lessons_clear(&desk->lessons);
    }
}

/* The others of the host pay any documents all the time, and a person sees to it. */
static void
others(struct desk *desk, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct naive_world w;
        uint32_t paid = pay(desk, &w, false);
        char account[] = { 'B', (char)('A' + i), 0 };
        o2c_feedback *row = lessons_line(&desk->lessons, "P", account, 0, 0);
        row->day = desk->day;
        row->pool_count = POOL;
        row->set_count = __builtin_popcount(paid);
        row->runs = __builtin_popcount(paid & ~(paid << 1));
        row->oldest = paid & 1;
    }
}

static void
days_among_others(struct desk *desk, uint32_t count, bool oldest, bool history)
{
    for (uint32_t i = 0; i < count; i++, desk->day++) {
        for (uint32_t k = 0; k < A_DAY; k++)
            one_payment(desk, oldest, history);
        others(desk, A_DAY);
        desk->model = lessons_learn(&desk->lessons, desk->model, desk->rules, NULL);
        lessons_clear(&desk->lessons);
    }
}

/* One customer pays the oldest among others who pay any, until he does as they do. */
static void
drift__of_one_customer_costs_no_more(void)
{
    struct desk desk;
    struct o2c__ways known, forgotten;
    desk_open(&desk);
    days_among_others(&desk, 175, true, true);
    o2c_match_class_record before = record_of(&desk);
    CU_ASSERT_FATAL(o2c__ways_of(desk.model, 0, o2c__str("A0"), &known));
    printf("# one run %.2f, several %.2f times as often as the host; bound %u ppm\n", (double)known.one_run[1] / (double)O2C__TIMES_ONE,
           (double)known.one_run[0] / (double)O2C__TIMES_ONE, before.history_bound_ppm);
    CU_ASSERT(before.history_bound_ppm <= MAX_ERROR && known.one_run[1] > O2C__TIMES_ONE * 5 / 4 && known.one_run[0] < O2C__TIMES_ONE / 8);
    days_among_others(&desk, 60, true, false);
    uint32_t settled = desk.automatic, settled_wrong = desk.wrong;
    days_among_others(&desk, 60, false, false);
    o2c_match_class_record after = record_of(&desk);
    CU_ASSERT(o2c__ways_of(desk.model, 0, o2c__str("A0"), &forgotten));
    printf("# %u posted, %u wrong; since the change %u posted, %u wrong; class error %u ppm; several %.2f times as often\n", settled,
           settled_wrong, desk.automatic - settled, desk.wrong - settled_wrong, after.error_ppm,
           (double)forgotten.one_run[0] / (double)O2C__TIMES_ONE);
    CU_ASSERT(settled > 900 && forgotten.one_run[0] > 2 * known.one_run[0]);
    CU_ASSERT((uint64_t)desk.wrong * 1000000 <= (uint64_t)MAX_ERROR * (before.history_lines + desk.automatic));
    o2c_match_model_free(desk.model);
    o2c_match_rules_free(desk.rules);
    lessons_close(&desk.lessons);
}

static void
drift__costs_no_more_than_the_class_may_be_wrong(void)
{
    struct desk desk;
    desk_open(&desk);
    days(&desk, 175, true, true);
    o2c_match_class_record before = record_of(&desk);
    int64_t habit = o2c__ln_set_prior(o2c__prior_of(desk.model), POOL, 3, 1, true) - o2c__ln_set_prior(NULL, POOL, 3, 1, true);
    printf("# history %llu lines, %llu wrong, bound %u ppm; the oldest three weigh e^%.2f\n", (unsigned long long)before.history_lines,
           (unsigned long long)before.history_wrong, before.history_bound_ppm, (double)habit / 65536);
    CU_ASSERT(before.history_bound_ppm <= MAX_ERROR && !before.suspended && habit > 65536);
    days(&desk, 60, true, false);
    uint32_t settled = desk.automatic, settled_wrong = desk.wrong;
    days(&desk, 60, false, false);
    o2c_match_class_record after = record_of(&desk);
    uint64_t allowed = (before.history_lines + after.judged / 1000000) * MAX_ERROR / 1000000 + 1;
    printf("# %u posted, %u wrong; since the change %u posted, %u wrong; suspended %u, class error %u ppm\n", settled, settled_wrong,
           desk.automatic - settled, desk.wrong - settled_wrong, after.suspended, after.error_ppm);
    CU_ASSERT(settled > 900 && desk.automatic - settled < settled / 4 && after.error_ppm > 1000000 - BAR); /* the class error saw it */
    CU_ASSERT(desk.wrong <= allowed);
    CU_ASSERT((uint64_t)desk.wrong * 1000000 <= (uint64_t)MAX_ERROR * (before.history_lines + desk.automatic));
    o2c_match_model_free(desk.model);
    o2c_match_rules_free(desk.rules);
    lessons_close(&desk.lessons);
}

static const struct tap_test tests[] = {
    { "drift__costs_no_more_than_the_class_may_be_wrong", drift__costs_no_more_than_the_class_may_be_wrong },
    { "drift__of_one_customer_costs_no_more", drift__of_one_customer_costs_no_more },
};

int
main(void)
{
    return tap_run("match/drift", tests, TAP_COUNT(tests));
}

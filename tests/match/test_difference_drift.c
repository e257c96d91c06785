/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Customers who always keep the same share back, and pools in which sets add up by accident: what is learned of them keeps short payments
 * from passing as other documents paid in full. Then they change their ways.
 */
#include <stdio.h>

#include "match/difference.h"
#include "match/explain.h"
#include "match/lessons.h"
#include "match/random_world.h"
#include "support/tap.h"

#define POOL 9
#define A_DAY 10
#define BAR 995000
#define SHARE 30000 /* ppm kept back */

struct desk {
    struct dice dice;
    struct lessons lessons;
    o2c_match_model *cold, *model;
    int32_t day;
};
/* Answers at the bar: how many, and how many of them were wrong; the share of short payments that are first among the explanations. */
struct tally {
    uint32_t payments, accepted, wrong;
};

static void
desk_open(struct desk *desk)
{
    memset(desk, 0, sizeof *desk);
    desk->dice.state = 110;
    desk->day = 18000;
    lessons_open(&desk->lessons);
    CU_ASSERT_FATAL(o2c_match_model_new(NULL, &desk->cold, NULL) == O2C_OK);
    CU_ASSERT_FATAL(o2c_match_model_new(NULL, &desk->model, NULL) == O2C_OK);
}

static void
desk_close(struct desk *desk)
{
    o2c_match_model_free(desk->cold);
    o2c_match_model_free(desk->model);
    lessons_close(&desk->lessons);
}

struct paid {
    uint32_t items;
    int64_t owed;
    bool is_short;
};

/* One large document, whole or less three per cent; half of the time three scattered ones come to the same by accident. */
static struct paid
pay(struct desk *desk, struct naive_world *w, bool keeps)
{
    struct paid paid = { 0, 0, keeps };
    memset(w, 0, sizeof *w);
    w->items_count = POOL;
    for (int i = 0; i < POOL; i++)
        w->items[i] = (struct naive_item){ .open = 50000 + 100 * (int64_t)roll(&desk->dice, 400), .due = 10 + i };
    w->accounts_count = w->payers_count = 1;
    w->payers[0] = (struct naive_payer){ 0, 999500 };
    w->day = 100;
    w->lookback = 30;
    uint32_t large = 2 * roll(&desk->dice, 2);
    w->items[large].open = 250000 + 100 * (int64_t)roll(&desk->dice, 1000);
    paid.items = 1u << large;
    paid.owed = w->items[large].open;
    w->amount = keeps ? paid.owed - paid.owed * SHARE / 1000000 : paid.owed;
    if (keeps && roll(&desk->dice, 2))
        w->items[POOL - 4].open = w->amount - w->items[POOL - 1].open - w->items[POOL - 6].open;
    return paid;
}

static void
judge(struct desk *desk, const o2c_match_model *model, const struct naive_world *w, const struct paid *paid, struct tally *tally)
{
    struct world world;
    CU_ASSERT_FATAL(world_open(&world, w));
    world.solve.model = model;
    CU_ASSERT_FATAL(world_explain(&world) == O2C_OK);
    tally->payments++;
    if (world.why.count && world_share(&world, world.why.rows[0].mass) * 1000000 >= BAR && world.why.rows[0].arithmetic <= O2C_ARITHMETIC_X5) {
        tally->accepted++;
        tally->wrong += paid->is_short || world_items(&world, &world.why.rows[0]) != paid->items;
    }
    world_close(&world);
}

static void
days(struct desk *desk, uint32_t count, uint32_t keeps_of_ten, struct tally out[2])
{
    memset(out, 0, 2 * sizeof *out);
    for (uint32_t i = 0; i < count; i++, desk->day++) {
        for (uint32_t k = 0; k < A_DAY; k++) {
            struct naive_world w;
            struct paid paid = pay(desk, &w, roll(&desk->dice, 10) < keeps_of_ten);
            judge(desk, desk->cold, &w, &paid, &out[0]);
            judge(desk, desk->model, &w, &paid, &out[1]);
            o2c_feedback *row = lessons_line(&desk->lessons, "P", "A0", 0, 0);
            row->day = desk->day;
            row->owed_minor = paid.owed;
            row->differed_minor = paid.owed - w.amount;
            row->ended = paid.is_short ? O2C_ARITHMETIC_X7 : O2C_ARITHMETIC_X0;
            memcpy(row->currency, "USD", 4);
        }
        desk->model = lessons_learn(&desk->lessons, desk->model, NULL, NULL);
        lessons_clear(&desk->lessons);
    }
}

static void
print(const char *what, const struct tally tally[2])
{
    printf("# %s: %u payments; cold %u accepted, %u wrong; learned %u accepted, %u wrong\n", what, tally[0].payments, tally[0].accepted,
           tally[0].wrong, tally[1].accepted, tally[1].wrong);
}

static void
habits__of_a_customer_keep_short_payments_from_passing_and_are_left_behind(void)
{
    struct desk desk;
    struct tally began[2], keeps[2], changed[2], after[2];
    desk_open(&desk);
    days(&desk, 3, 5, began);
    days(&desk, 60, 5, keeps);
    days(&desk, 60, 0, changed);
    CU_ASSERT(desk.model->differ != NULL && desk.model->differ->count > 0);
    desk.day += 6 * 180; /* nothing for three years */
    days(&desk, 60, 0, after);
    print("half of the payments three per cent short", keeps);
    print("since nobody keeps anything back", changed);
    print("three years later", after);
    CU_ASSERT(keeps[0].wrong >= 10 && keeps[1].wrong * 4 <= keeps[0].wrong);
    CU_ASSERT(changed[1].wrong <= changed[0].wrong && after[1].wrong <= after[0].wrong); /* an old habit posts nothing */
    CU_ASSERT(changed[1].accepted * 100 >= changed[0].accepted * 90);
    CU_ASSERT(after[1].accepted * 100 >= after[0].accepted * 98);
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "habits__of_a_customer_keep_short_payments_from_passing_and_are_left_behind",
      habits__of_a_customer_keep_short_payments_from_passing_and_are_left_behind },
};

int
main(void)
{
    return tap_run("match/difference_drift", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is explained without a search is never surer than the naive matcher: everything else that it finds stands within the bounds. Two
 * payers, one of whom only a number of the text brings to mind; items of equal and of nearly equal amounts among the others.
 */
#include <stdbool.h>
#include <stdio.h>

#include "match/decide.h"
#include "match/explain.h"
#include "match/random_world.h"
#include "support/tap.h"

#define WORLDS 3000

/* What the worlds were: each kind must have come up, or nothing was tested. */
struct seen {
    uint32_t quick, without_evidence, second_payer, near;
};

static void
plain_items(struct dice *dice, struct naive_world *w)
{
    w->accounts_count = 2;
    for (uint32_t i = 0, count = 5 + roll(dice, 5); i < count; i++) {
        struct naive_item *item = &w->items[w->items_count++];
        item->account = i == 0 ? 0 : i == 1 ? 1 : (int)roll(dice, 2);
        item->open = 400000 + 977 * (int64_t)roll(dice, 40000) + (int64_t)roll(dice, 977);
        if (i > 2 && roll(dice, 3) == 0)
            item->open = w->items[roll(dice, i)].open + (int64_t)roll(dice, 3) * 40;
        item->due = 1 + (int)roll(dice, 30);
        if (roll(dice, 3) == 0) {
            item->until[0] = 1 + (int)roll(dice, 60);
            item->ppm[0] = 20000;
        }
    }
}

/* One to three items of one account are paid, all of them cited; now and then the text cites one of the other account. */
static void
paid_items(struct dice *dice, struct naive_world *w, int own)
{
    int stray = (int)roll(dice, (uint32_t)w->items_count), paid = 0;
    for (int i = 0; i < w->items_count; i++) {
        bool pays = w->items[i].account == own && paid < 3 && (paid == 0 || roll(dice, 2));
        bool strays = w->items[i].account != own && i == stray;
        if (!pays && !strays)
            continue;
        paid += pays;
        w->amount += pays ? w->items[i].open : 0;
        int32_t ln = (int32_t)(65536 * (strays ? 6 + roll(dice, 14) : 16 + roll(dice, 12)) + roll(dice, 65536));
        w->hits[w->hits_count] = (struct naive_hit){ .token = w->hits_count, .items = { i }, .count = 1, .ln_q16 = ln };
        w->hits_count++;
    }
}

static void
plain_world(struct dice *dice, struct naive_world *w)
{
    memset(w, 0, sizeof *w);
    plain_items(dice, w);
    int own = (int)roll(dice, 2), first = roll(dice, 2) ? own : 0, known = (int)roll(dice, 2);
    paid_items(dice, w, own);
    w->payers[0] = (struct naive_payer){ first, known && first == own ? 999500 : 0 };
    w->payers[1] = (struct naive_payer){ 1 - first, 0 };
    w->payers_count = 2;
    w->day = 1 + (int)roll(dice, 60);
    w->tolerance = 100;
    w->tolerance_ppm = 5000;
    w->lookback = 30;
}

/* What is not the row itself, as a share: of the naive matcher, or of the library. */
static long double
naive_rest(const struct naive_answer *answer, uint32_t items)
{
    long double mass = 0;
    for (int i = 0; i < answer->count; i++)
        if (answer->rows[i].items == items && answer->rows[i].cause == O2C_ARITHMETIC_X0)
            mass += answer->rows[i].mass;
    return (answer->total - mass) / answer->total;
}

static bool
another_is_near(const struct naive_world *w, uint32_t items)
{
    for (int i = 0; i < w->items_count; i++)
        for (int k = 0; k < w->items_count; k++)
            if ((items >> i & 1) && !(items >> k & 1) && w->items[i].account == w->items[k].account &&
                w->items[k].open - w->items[i].open <= 100 && w->items[i].open - w->items[k].open <= 100)
                return true;
    return false;
}

static void
compare_quick(const struct naive_world *w, struct seen *seen)
{
    struct world world;
    struct naive_answer answer;
    o2c_status status = O2C_OK;
    CU_ASSERT_FATAL(world_open(&world, w));
    if (o2c__explain_quickly(&world.solve, &world.one, &world.why, &status, NULL)) {
        CU_ASSERT_FATAL(status == O2C_OK && world.why.count == 1);
        const struct o2c__hypothesis *row = &world.why.rows[0];
        uint32_t items = world_items(&world, row);
        naive_solve(w, &answer);
        long double ours = 1 - world_share(&world, row->mass), naive = naive_rest(&answer, items);
        CU_ASSERT(ours >= naive * .999L - 1e-12L);
        if (ours < naive * .999L - 1e-12L)
            printf("# rest %.3Lg, bound %.3Lg\n", naive, ours);
        seen->quick++;
        seen->without_evidence += w->payers[0].ppm == 0;
        seen->second_payer += row->payer == 1;
        seen->near += row->items_count > 1 && another_is_near(w, items);
        naive_free(&answer);
    }
    world_close(&world);
}

static void
what_is_explained_quickly_is_never_surer_than_every_set_weighed(void)
{
    struct dice dice = { .state = 2026 };
    struct seen seen = { 0 };
    struct naive_world w;
    for (int i = 0; i < WORLDS; i++) {
        plain_world(&dice, &w);
        compare_quick(&w, &seen);
    }
    printf("# %u quickly, %u of them without evidence, %u for the second payer, %u with an item nearby\n", seen.quick, seen.without_evidence,
           seen.second_payer, seen.near);
    CU_ASSERT(seen.quick >= 2000 && seen.without_evidence >= 1000 && seen.second_payer >= 400 && seen.near >= 100);
}

/* The same where a host's habits were learned, however strange they are. */
static void
habits_do_not_make_the_quick_way_surer_than_every_set_weighed(void)
{
    struct dice dice = { .state = 2027 };
    struct seen seen = { 0 };
    struct naive_world w;
    for (int i = 0; i < WORLDS; i++) {
        struct naive_habits habits;
        random_habits(&dice, &habits);
        plain_world(&dice, &w);
        w.habits = &habits;
        compare_quick(&w, &seen);
    }
    printf("# %u quickly\n", seen.quick);
    CU_ASSERT(seen.quick >= 1500);
}

/* ------------------------------------------------------------------ what posts itself is written in one go */

struct written {
    o2c_match_solution solution;
    o2c__vector columns;
};

static void
begin_writing(struct world *world, struct written *to)
{
    o2c_ref ref;
    memset(&to->solution, 0, sizeof to->solution);
    o2c__solution_init(&to->solution, &world->solve.context);
    CU_ASSERT_FATAL(o2c__text_heap_add(&to->solution.heap, "DOC-4711", 8, &ref));
    world->solve.solution = &to->solution;
    o2c__vector_init(&world->solve.line_items, &world->solve.context.memory, sizeof(uint32_t));
}

static void
end_writing(struct world *world, struct written *to)
{
    to->columns = world->solve.line_items;
    world->solve.solution = NULL;
}

static bool
same_rows(const o2c__vector *a, const o2c__vector *b)
{
    return a->count == b->count && (a->count == 0 || memcmp(a->rows, b->rows, a->count * a->size) == 0);
}

static bool
same_bytes(const struct written *a, const struct written *b)
{
    const o2c_match_solution *x = &a->solution, *y = &b->solution;
    return same_rows(&x->proposals, &y->proposals) && same_rows(&x->lines, &y->lines) && same_rows(&x->evidence, &y->evidence) &&
           same_rows(&x->alternatives, &y->alternatives) && same_rows(&x->alternative_items, &y->alternative_items) &&
           same_rows(&x->reasons, &y->reasons) && same_rows(&x->heap.bytes, &y->heap.bytes) && same_rows(&a->columns, &b->columns);
}

static void
write_the_long_way(struct world *world, struct written *to)
{
    struct o2c__decision decision;
    begin_writing(world, to);
    CU_ASSERT_FATAL(o2c__choose(&world->solve, &world->one, &world->why, &decision, NULL) == O2C_OK);
    CU_ASSERT_FATAL(o2c__settle(&world->solve, &world->one, &world->why, &decision, NULL) == O2C_OK);
    o2c__gate(&world->solve, &world->one, &world->why, &decision);
    CU_ASSERT_FATAL(o2c__write_decision(&world->solve, &world->one, &world->why, &decision, NULL) == O2C_OK);
    end_writing(world, to);
}

static void
free_written(struct written *written)
{
    o2c__solution_empty(&written->solution);
    o2c__vector_free(&written->columns);
}

/* Now and then something holds the payment back: a flag of the payer or an item, a limit, a kind of reference, a draw. */
static void
hinder(struct dice *dice, struct world *world)
{
    static const uint64_t sample_key[2] = { 11, 13 };
    static const uint8_t errors[] = { O2C__REF_STRUCTURED, O2C__REF_EXACT, O2C__REF_EXACT, O2C__REF_NORMALIZED, O2C__REF_SECONDARY };
    world->policy.show_ppm = 500000;
    world->policy.auto_ppm = 990000;
    for (uint32_t h = 0; h < world->one.hits_count; h++)
        world->hits[h].error = errors[roll(dice, 3) ? 1 : roll(dice, 5)];
    if (roll(dice, 6) == 0)
        world->pool->flags[roll(dice, world->pool->count)] |= O2C_ITEM_FLAG_DISPUTED;
    if (roll(dice, 8) == 0)
        world->pool->accounts[roll(dice, world->pool->accounts_count)].flags |= O2C_ACCOUNT_FLAG_REVIEW;
    if (roll(dice, 8) == 0)
        world->policy.auto_limit_minor = world->payment.amount_minor - 1 + roll(dice, 2);
    if (roll(dice, 8) == 0)
        world->payment.stage = O2C_STAGE_PREVIEW;
    world->policy.audit_sample_ppm = 200000;
    world->policy.sample_key_count = roll(dice, 2) ? 2 : 0;
    world->policy.sample_key = sample_key;
}

static void
compare_ways(struct dice *dice, const struct naive_world *w, uint32_t seen[2])
{
    static const uint8_t hash[32] = { 7, 7, 7 };
    struct world world;
    struct written quick, slow;
    o2c_payments payments = { .struct_size = sizeof payments };
    o2c_status status = O2C_OK;
    CU_ASSERT_FATAL(world_open(&world, w));
    world.solve.payments = &payments;
    world.solve.policy_hash = hash;
    world.payment.key = world.pool->accounts[0].key;
    o2c_heap_bytes(world.heap, &payments.heap);
    hinder(dice, &world);
    memset(&world.why, 0, sizeof world.why);
    CU_ASSERT_FATAL(o2c__explain(&world.solve, &world.one, &world.why, NULL) == O2C_OK);
    begin_writing(&world, &quick);
    bool plain = o2c__plain(&world.solve, &world.one, &world.why, &status, NULL);
    end_writing(&world, &quick);
    write_the_long_way(&world, &slow);
    const o2c_proposal *proposal = slow.solution.proposals.rows;
    CU_ASSERT(status == O2C_OK && (!plain || same_bytes(&quick, &slow)));
    CU_ASSERT(!plain || proposal->band == O2C_BAND_AUTO);
    seen[plain]++;
    free_written(&quick);
    free_written(&slow);
    world_close(&world);
}

static void
what_posts_itself_without_a_search_is_written_byte_for_byte_as_the_long_way_writes_it(void)
{
    struct dice dice = { .state = 70 };
    struct naive_world w;
    uint32_t seen[2] = { 0, 0 };
    for (int i = 0; i < WORLDS; i++) {
        plain_world(&dice, &w);
        compare_ways(&dice, &w, seen);
    }
    printf("# %u in one go, %u the long way\n", seen[1], seen[0]);
    CU_ASSERT(seen[1] >= 500 && seen[0] >= 500);
}

static const struct tap_test tests[] = {
    { "habits_do_not_make_the_quick_way_surer_than_every_set_weighed", habits_do_not_make_the_quick_way_surer_than_every_set_weighed },
    { "what_posts_itself_without_a_search_is_written_byte_for_byte_as_the_long_way_writes_it",
      what_posts_itself_without_a_search_is_written_byte_for_byte_as_the_long_way_writes_it },
    { "what_is_explained_quickly_is_never_surer_than_every_set_weighed", what_is_explained_quickly_is_never_surer_than_every_set_weighed },
};

int
main(void)
{
    return tap_run("match/quick", tests, TAP_COUNT(tests));
}

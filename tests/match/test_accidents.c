/* SPDX-License-Identifier: Apache-2.0 */
/* How many sets would add up by accident: the formula, the posterior that it stands for, and where it is told. */
#include <math.h>
#include <string.h>

#include "match/accidents.h"
#include "match/explain.h"
#include "match/f1.h"
#include "match/random_world.h"
#include "support/tap.h"

static long double
by_formula(uint32_t n, uint32_t m, long double tolerance, long double span)
{
    long double sets = 1;
    for (uint32_t i = 1; i <= m; i++)
        sets = sets * (n - m + i) / i;
    return sets * (2 * tolerance + 1) / span;
}

static void
accidents__follow_their_formula_from_none_to_more_than_anybody_reads(void)
{
    static const uint64_t spans[] = { 1, 999, 5000000, 123456789012, INT64_C(4000000000000000000) };
    for (uint32_t n = 1; n <= 5000; n = n * 3 / 2 + 1)
        for (uint32_t m = 1; m <= n; m = m * 2 + 1)
            for (uint32_t s = 0; s < 5; s++)
                for (uint64_t tolerance = 0; tolerance < 300; tolerance += 100) {
                    long double want = 1000 * by_formula(n, m, tolerance, spans[s]), have = o2c__accidents(n, m, tolerance, spans[s]);
                    if (want > 0.99e18L)
                        CU_ASSERT(have > .98e18L && have <= 1e18L)
                    else
                        CU_ASSERT(fabsl(have - want) <= .51L + want * 2e-4L)
                }
    CU_ASSERT_EQUAL(o2c__accidents(40, 5, 0, 5000000), 132);
    CU_ASSERT_EQUAL(o2c__accidents(60, 6, 0, 6000000), 8344);
}

/* n items whose sums of m span just so many minor units. */
static void
spanning_world(struct naive_world *w, int n, int m, int64_t span)
{
    memset(w, 0, sizeof *w);
    w->items_count = n;
    w->accounts_count = w->payers_count = 1;
    w->payers[0] = (struct naive_payer){ 0, 999500 };
    w->day = 100;
    w->lookback = 30;
    for (int i = 0; i < n; i++) {
        int64_t open = i < m ? 1000 : i >= n - m ? 1000 + (span - 1 + (n - 1 - i)) / m : 1000 + span / m / 2 + i * 7;
        w->items[i] = (struct naive_item){ .open = open, .due = 10 + i * 37 % n };
    }
}

/*
 * Every set of m items is as likely as every other, an accident as likely as any sum, and nothing else speaks: no short payment, nobody else,
 * no habit. Masses, shares and the one number are those of every payment.
 */
static uint32_t
with_flat_priors(struct world *world, uint32_t m, uint64_t span, uint64_t *out_accidents)
{
    struct o2c__job job;
    struct o2c__view view;
    struct o2c__decision decision;
    uint32_t items[8];
    uint32_t n = (uint32_t)world->of->items_count;
    memset(&job, 0, sizeof job);
    memset(&view, 0, sizeof view);
    view.skipped = true; /* nothing is searched: what was not listed is the bound */
    job.solve = &world->solve;
    job.one = &world->one;
    job.views = &view;
    job.views_count = 1;
    job.operations_max = 2000000;
    job.asked = UINT64_MAX;
    job.currency = "USD";
    job.rows.size = sizeof(struct o2c__row);
    job.items.size = sizeof(uint32_t);
    job.pots.size = sizeof(struct o2c__pot);
    for (uint32_t i = 0; i < m; i++)
        items[i] = world->columns[2 + 7 * i];
    struct o2c__hypothesis set = { .arithmetic = O2C_ARITHMETIC_X0, .scope = O2C_SCOPE_OWN, .ln_set = -o2c__ln_binomial(n, m) };
    o2c__row_add(&job, &view, items, m, n, &set);
    o2c__pot_add(&job, 0, O2C__POT_BOUND, -(int64_t)o2c__ln_u64(span));
    CU_ASSERT_EQUAL_FATAL(o2c__explain_finish(&job, &world->why), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c__choose(&world->solve, &world->one, &world->why, &decision, NULL), O2C_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(decision.winner);
    CU_ASSERT_EQUAL(decision.label, O2C_LABEL_M18);
    CU_ASSERT_EQUAL(decision.parts[0].class_error_ppm, 150000);
    CU_ASSERT_TRUE(o2c__accidents_of(&world->solve, &world->why, decision.winner, out_accidents));
    return decision.confidence_ppm;
}

static void
flat(int n, int m, int64_t span, uint64_t accidents, long double confidence)
{
    struct naive_world w;
    struct world world;
    uint64_t found = 0;
    spanning_world(&w, n, m, span);
    w.amount = 1;
    CU_ASSERT_FATAL(world_open(&world, &w));
    world.policy.show_ppm = 1;
    uint32_t have = with_flat_priors(&world, (uint32_t)m, (uint64_t)span, &found);
    long double want = .85L / (1 + by_formula((uint32_t)n, (uint32_t)m, 0, span));
    CU_ASSERT_EQUAL(found, accidents);
    CU_ASSERT(fabsl(have / 1e6L - want) < 2e-5L);
    CU_ASSERT(fabsl(have / 1e6L - confidence) < .0005L);
    world_close(&world);
}

static void
l3_flat_priors_give_one_in_one_and_the_accidents(void)
{
    flat(40, 5, 5000000, 132, .751L);
    flat(60, 6, 6000000, 8344, .091L);
}

static const o2c_match_evidence *
accidents_of(struct desk *desk)
{
    const o2c_match_evidence *rows, *found = NULL;
    const o2c_proposal *p = desk_proposal(desk, 0);
    uint64_t count;
    o2c_match_solution_evidence(desk->solution, &rows, &count);
    for (uint32_t i = 0; i < p->evidence_count; i++)
        if (rows[p->evidence_at + i].code == O2C_EVIDENCE_ACCIDENTS)
            found = &rows[p->evidence_at + i];
    return found;
}

/* Two of three debit items by their sum alone; the credit memo and the deposit request of this customer are no part of it. */
static void
accidents__stand_beside_a_set_that_only_its_sum_names(void)
{
    struct desk desk;
    char said[1024];
    f1_open(&desk);
    f1_item(&desk, 0)->open_minor = 500;
    f1_item(&desk, 1)->open_minor = 300;
    f1_item(&desk, 2)->open_minor = 200;
    desk_payment(&desk, "P", 700, "2026-02-03", F1_C1_IBAN, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M18);
    const o2c_match_evidence *row = accidents_of(&desk);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    CU_ASSERT_EQUAL(row->number, 10); /* three pairs, whose sums span 500 … 800 */
    CU_ASSERT(row->weight_mnat == 0 && row->line == UINT32_MAX);
    CU_ASSERT_PTR_NOT_NULL(strstr(desk_say(&desk, 0, said, sizeof said), "; 2 items, and 0.01 such sets expected by accident"));
    desk_close(&desk);
    f1_open(&desk);
    desk_payment(&desk, "P", 150000, "2026-02-03", F1_C1_IBAN, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(accidents_of(&desk));
    CU_ASSERT_PTR_NOT_NULL(strstr(desk_say(&desk, 0, said, sizeof said), "; 2 items, and less than 0.01 such sets expected by accident"));
    desk.payments_count = desk.texts_count = 0;
    desk_payment(&desk, "P", 25000, "2026-02-03", F1_C1_IBAN, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->label, O2C_LABEL_M13);
    CU_ASSERT_PTR_NULL(accidents_of(&desk));
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "accidents__follow_their_formula_from_none_to_more_than_anybody_reads",
      accidents__follow_their_formula_from_none_to_more_than_anybody_reads },
    { "l3_flat_priors_give_one_in_one_and_the_accidents", l3_flat_priors_give_one_in_one_and_the_accidents },
    { "accidents__stand_beside_a_set_that_only_its_sum_names", accidents__stand_beside_a_set_that_only_its_sum_names },
};

int
main(void)
{
    return tap_run("match/accidents", tests, TAP_COUNT(tests));
}

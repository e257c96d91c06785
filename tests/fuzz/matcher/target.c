/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matcher against its oracle: the bytes become a small world (up to nine items, three accounts, ties, credits, discounts, hits),
 * explained by the library and by brute force; shares must agree. Then the same items meet payments with texts through the public
 * call: every cent has a type, no item is over-applied, no payment over-allocated.
 */
#include "fuzz.h"
#include "match/habit_model.c"
#include "match/naive.c"
#include "match/random_world.c"
#include "match/world.c"

#define PAYMENTS 3

struct statement {
    o2c_payment rows[PAYMENTS];
    o2c_text texts[PAYMENTS];
};

static void
write_payment(struct world *world, struct dice *dice, struct statement *all, int number)
{
    o2c_payment *row = &all->rows[number];
    char words[80] = "";
    int64_t amount = 0;
    for (int i = 0; i < world->of->items_count; i++)
        if (roll(dice, 3) == 0) {
            amount += world->of->items[i].open;
            if (roll(dice, 3) && strlen(words) + 12 < sizeof words)
                sprintf(words + strlen(words), "DOC-4711%02d ", i);
        }
    amount -= (int64_t)roll(dice, 4) * 1250;
    row->key = text(world, "P%d", number);
    row->statement = text(world, "ST%d", 1);
    row->ordinal = (uint32_t)number;
    memcpy(row->currency, "USD", 4);
    row->amount_minor = amount > 0 ? amount : 1 + (int64_t)roll(dice, 256) * 111;
    row->value_day = row->booking_day = world->of->day;
    row->charges_minor = roll(dice, 8) == 0 ? 2500 : 0;
    row->bearer = O2C_BEARER_SHARED;
    row->customer_number = roll(dice, 3) ? text(world, "A%d", (int)roll(dice, (uint32_t)world->of->accounts_count)) : (o2c_ref){ 0, 0 };
    row->texts_at = (uint32_t)number;
    row->texts_count = words[0] ? 1 : 0;
    o2c_str str = o2c__str(words);
    FUZZ_DEMAND(o2c_heap_add(world->heap, &str, &all->texts[number].text, NULL) == O2C_OK);
}

/* L1 and L2 for every line, L3 for every payment. */
static void
check_lines(const o2c_match_solution *solution, const o2c_proposal *proposal)
{
    const o2c_line *lines;
    uint64_t count;
    int64_t paid = 0;
    o2c_match_solution_lines(solution, &lines, &count);
    FUZZ_DEMAND(proposal->lines_at + (uint64_t)proposal->lines_count <= count);
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        const o2c_line *line = &lines[proposal->lines_at + i];
        FUZZ_DEMAND(line->cleared_minor == line->paid_minor + line->discount_minor + line->discount_tolerance_minor + line->tolerance_minor +
                                               line->charge_minor + line->withholding_minor + line->rounding_minor + line->deduction_minor);
        FUZZ_DEMAND(line->remaining_minor == line->expect_open_minor - line->cleared_minor);
        paid += line->paid_currency_minor;
    }
    FUZZ_DEMAND(paid + proposal->on_account_minor + proposal->refund_minor + proposal->unapplied_minor ==
                proposal->amount_minor + proposal->charge_in_file_minor);
}

/* Over all proposals together no item is cleared beyond its open amount. */
static void
check_items(const struct world *world, const o2c_match_solution *solution)
{
    const o2c_line *lines;
    uint64_t count;
    o2c_str heap;
    int64_t cleared[NAIVE_ITEMS] = { 0 };
    o2c_match_solution_lines(solution, &lines, &count);
    o2c_match_solution_heap(solution, &heap);
    for (uint64_t i = 0; i < count; i++) {
        o2c_str key = o2c__ref_str(lines[i].item, heap);
        FUZZ_DEMAND(key.len == 3);
        cleared[(key.ptr[1] - '0') * 10 + key.ptr[2] - '0'] += lines[i].cleared_minor;
    }
    for (int i = 0; i < world->of->items_count; i++) {
        int64_t open = world->of->items[i].open;
        FUZZ_DEMAND(open >= 0 ? cleared[i] <= open && cleared[i] >= 0 : cleared[i] >= open && cleared[i] <= 0);
    }
}

static void
solve_statement(struct world *world, struct dice *dice)
{
    struct statement all;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_match_solution *solution = NULL;
    const o2c_proposal *proposals;
    uint64_t count;
    o2c_error err = { 0 };
    memset(&all, 0, sizeof all);
    for (int i = 0; i < PAYMENTS; i++)
        write_payment(world, dice, &all, i);
    o2c_payments payments = { .struct_size = sizeof payments, .rows = all.rows, .count = PAYMENTS, .texts = all.texts, .texts_count = PAYMENTS };
    o2c_heap_bytes(world->heap, &payments.heap);
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments };
    FUZZ_DEMAND(o2c_match_model_new(NULL, &cold, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_model_measure(cold, world->pool, &model, NULL) == O2C_OK);
    o2c_status status = o2c_match_solve(NULL, world->pool, model, &request, &solution, &err);
    if (status)
        fprintf(stderr, "solve: %s\n", err.message);
    FUZZ_DEMAND(status == O2C_OK);
    o2c_match_solution_proposals(solution, &proposals, &count);
    FUZZ_DEMAND(count == PAYMENTS);
    for (uint64_t i = 0; i < count; i++)
        check_lines(solution, &proposals[i]);
    check_items(world, solution);
    o2c_match_solution_free(solution);
    o2c_match_model_free(model);
    o2c_match_model_free(cold);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dice dice = { .bytes = data, .size = size };
    struct naive_world w;
    struct world world;
    random_world(&dice, &w);
    struct comparison found = compare_world(&w);
    if (found.what)
        fprintf(stderr, "%s: library %.9Lf, naive %.9Lf\n", found.what, found.ours, found.naive);
    FUZZ_DEMAND(found.what == NULL);
    FUZZ_DEMAND(world_open(&world, &w));
    solve_statement(&world, &dice);
    world_close(&world);
    return 0;
}

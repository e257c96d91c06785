/* SPDX-License-Identifier: Apache-2.0 */
#include "match/world.h"

#include <stdio.h>

#include "match/habit_model.h"
static o2c_ref
text(struct world *world, const char *format, int number)
{
    char buffer[32];
    o2c_ref ref = { 0, 0 };
    int len = snprintf(buffer, sizeof buffer, format, number);
    o2c_str str = { buffer, (size_t)len };
    o2c_heap_add(world->heap, &str, &ref, NULL);
    return ref;
}

static void
fill_item(struct world *world, int i, o2c_open_item *row)
{
    const struct naive_item *item = &world->of->items[i];
    memset(row, 0, sizeof *row);
    row->key = text(world, "K%02d", i);
    row->document = text(world, "DOC-4711%02d", i);
    row->account = text(world, "A%d", item->account);
    memcpy(row->currency, "USD", 4);
    row->kind = item->closed_day ? O2C_ITEM_CLOSED
                : item->deposit  ? O2C_ITEM_DEPOSIT_REQUEST
                : item->open < 0 ? O2C_ITEM_CREDIT_MEMO
                                 : O2C_ITEM_INVOICE;
    row->open_minor = item->closed_day ? 0 : item->open;
    row->original_minor = item->original;
    row->document_day = 1;
    row->due_day = item->due;
    row->closed_day = item->closed_day;
    row->dimension_set = (uint64_t)item->dimension;
    row->flags = item->withholding ? O2C_ITEM_FLAG_WITHHOLDING : 0;
    for (int t = 0; t < 2 && item->until[t]; t++)
        row->discount[t] = (o2c_discount){ item->until[t], O2C_DISCOUNT_PPM, item->ppm[t] };
}

static o2c_status
fill_pool(struct world *world)
{
    const struct naive_world *of = world->of;
    o2c_open_item items[NAIVE_ITEMS];
    o2c_account accounts[NAIVE_ACCOUNTS];
    o2c_tie ties[NAIVE_ACCOUNTS * NAIVE_ACCOUNTS];
    o2c_str heap;
    uint64_t ties_count = 0;
    memset(accounts, 0, sizeof accounts);
    memset(ties, 0, sizeof ties);
    for (int i = 0; i < of->items_count; i++)
        fill_item(world, i, &items[i]);
    for (int a = 0; a < of->accounts_count; a++)
        accounts[a].key = text(world, "A%d", a);
    for (int a = 0; a < of->accounts_count; a++)
        for (int b = 0; b < of->accounts_count; b++)
            if (a != b && of->tied[a][b])
                ties[ties_count++] = (o2c_tie){ .payer = accounts[a].key, .owner = accounts[b].key, .kind = O2C_TIE_ONE_WAY };
    o2c_heap_bytes(world->heap, &heap);
    o2c_error err = { 0 };
    o2c_status status = o2c_match_pool_put_accounts(world->pool, accounts, (uint64_t)of->accounts_count, &heap, &err);
    if (!status)
        status = o2c_match_pool_put_items(world->pool, items, (uint64_t)of->items_count, &heap, &err);
    if (!status)
        status = o2c_match_pool_put_ties(world->pool, ties, ties_count, &heap, &err);
    if (!status)
        status = o2c_match_pool_freeze(world->pool, &err);
    if (status)
        printf("# the pool refused the world: %s\n", err.message);
    return status;
}

static uint32_t
account_of(const struct world *world, int number)
{
    char key[8];
    snprintf(key, sizeof key, "A%d", number);
    for (uint32_t i = 0; i < world->pool->accounts_count; i++)
        if (o2c__str_equal(o2c__pool_str(world->pool, world->pool->accounts[i].key), o2c__str(key)))
            return i;
    return O2C__NONE;
}

static void
find_columns(struct world *world)
{
    for (uint32_t column = 0; column < world->pool->count; column++) {
        o2c_str key = o2c__pool_str(world->pool, world->pool->echo[column].key);
        world->columns[(key.ptr[1] - '0') * 10 + key.ptr[2] - '0'] = column;
    }
}

static void
fill_hits(struct world *world)
{
    const struct naive_world *of = world->of;
    uint32_t members = 0, tokens = 0;
    for (int h = 0; h < of->hits_count; h++) {
        const struct naive_hit *from = &of->hits[h];
        struct o2c__hit *hit = &world->hits[h];
        bool seen = false;
        for (int k = 0; k < h; k++)
            seen = seen || of->hits[k].token == from->token;
        tokens += !seen;
        *hit = (struct o2c__hit){ .token = (uint32_t)from->token, .item = O2C__NONE, .ln_ratio = from->ln_q16, .error = O2C__REF_EXACT };
        if (from->count == 1)
            hit->item = world->columns[from->items[0]];
        hit->group_at = members;
        hit->group_count = from->count == 1 ? 0 : (uint32_t)from->count;
        for (int m = 0; m < from->count && from->count > 1; m++)
            world->members[members++] = world->columns[from->items[m]];
        hit->line = (uint16_t)from->line;
        hit->line_discount = from->line_discount;
        hit->line_deduction = from->line_deduction;
        hit->line_has = from->line ? O2C_HAS_DISCOUNT | O2C_HAS_DEDUCTION : 0;
        world->one.remitted = world->one.remitted || from->line;
    }
    world->one.hits = world->hits;
    world->one.hits_count = (uint32_t)of->hits_count;
    world->one.tokens = tokens;
    world->one.members = world->members;
    world->one.members_count = members;
    world->one.cites = of->hits_count > 0;
}

static void
fill_case(struct world *world)
{
    const struct naive_world *of = world->of;
    memcpy(world->payment.currency, "USD", 4);
    world->payment.amount_minor = of->amount;
    world->payment.charges_minor = of->charge;
    world->payment.bearer = O2C_BEARER_SHARED;
    world->payment.value_day = world->payment.booking_day = of->day;
    world->one.payment = &world->payment;
    fill_hits(world);
    for (int i = 0; i < of->payers_count; i++)
        world->payers[i] = (struct o2c__payer){ .account = account_of(world, of->payers[i].account), .chance_ppm = (uint32_t)of->payers[i].ppm,
                                                .evidence = of->payers[i].ppm ? 2 : 0, .confirmed = of->payers[i].ppm > 999000 };
    world->one.payers = world->payers;
    world->one.payers_count = (uint32_t)of->payers_count;
    world->one.company = 0;
}

static void
fill_solve(struct world *world)
{
    const struct naive_world *of = world->of;
    o2c__policy_defaults(&world->policy);
    world->policy.tolerance_minor = of->tolerance;
    world->policy.tolerance_ppm = (uint32_t)of->tolerance_ppm;
    world->policy.discount_grace_days = (uint32_t)of->grace;
    world->policy.closed_lookback_days = (uint32_t)of->lookback;
    world->policy.fees = of->fees;
    world->policy.fees_count = (uint64_t)of->fees_count;
    world->policy.withholding_ppm = of->rates;
    world->policy.withholding_ppm_count = (uint64_t)of->rates_count;
    world->model.accounts = (uint64_t)of->accounts_count;
    world->solve.pool = world->pool;
    world->solve.model = &world->model;
    world->solve.policy = &world->policy;
    world->model.context = world->solve.context;
    if (of->habits)
        habit_model_fill(&world->model, of->habits);
    if (of->differences)
        habit_model_differ(&world->model, of);
    if (of->host_ways)
        habit_model_ways_of(&world->model, 0, of->host_ways);
    if (of->segment_ways)
        habit_model_ways_of(&world->model, UINT64_C(1) << 32, of->segment_ways); /* segment 0 */
    for (int a = 0; a < of->accounts_count; a++) {
        char key[] = { 'A', (char)('0' + a), 0 };
        if (of->ways[a])
            habit_model_ways(&world->model, key, of->ways[a]);
    }
    o2c__arena_init(&world->solve.arena, &world->solve.context.memory, 0);
}

int
world_open(struct world *world, const struct naive_world *of)
{
    memset(world, 0, sizeof *world);
    world->of = of;
    if (o2c__context_init(&world->solve.context, NULL, UINT64_MAX, NULL) || o2c_heap_new(NULL, &world->heap, NULL) ||
        o2c_match_pool_new(NULL, NULL, &world->pool, NULL) || fill_pool(world))
        return 0;
    find_columns(world);
    fill_solve(world);
    fill_case(world);
    return 1;
}

o2c_status
world_explain(struct world *world)
{
    memset(&world->why, 0, sizeof world->why);
    return o2c__explain(&world->solve, &world->one, &world->why, NULL);
}

void
world_close(struct world *world)
{
    o2c__arena_free(&world->solve.arena);
    habit_model_empty(&world->model);
    o2c_match_pool_free(world->pool);
    o2c_heap_free(world->heap);
}

uint32_t
world_items(const struct world *world, const struct o2c__hypothesis *row)
{
    uint32_t bits = 0;
    for (uint32_t k = 0; k < row->items_count; k++)
        for (int i = 0; i < world->of->items_count && i < 32; i++)
            if (world->columns[i] == world->why.items[row->items_at + k])
                bits |= 1u << i;
    return bits;
}

int
world_row_is(const struct world *world, const struct o2c__hypothesis *row, const int *items, uint32_t count)
{
    uint32_t found = 0;
    for (uint32_t k = 0; k < row->items_count; k++)
        for (uint32_t i = 0; i < count; i++)
            found += world->columns[items[i]] == world->why.items[row->items_at + k];
    return row->items_count == count && found == count;
}

long double
world_share(const struct world *world, uint64_t mass)
{
    return (long double)mass / (long double)world->why.total;
}

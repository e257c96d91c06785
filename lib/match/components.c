/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Components: payments that may want one item, or that one advice may speak of, belong together. Accounts are joined through the
 * payments that name them, so payments of different components can be solved apart and every one keeps its proposal.
 */
#include "match/decide.h"
#include "match/link.h"
#include "match/pool.h"

#define SPREAD 128u /* an advice may speak of payments within this part of its total */

/* Accounts of the pool, then payments of the request: who stands for whom. */
struct forest {
    struct o2c__solve *solve;
    uint32_t *parent;
    uint32_t accounts, payments;
    uint32_t *order; /* payments by (currency, amount), with scratch behind */
    o2c__map traces; /* what a payment is known by → a payment */
};

static uint32_t
find(const struct forest *forest, uint32_t node)
{
    while (forest->parent[node] != node) {
        forest->parent[node] = forest->parent[forest->parent[node]];
        node = forest->parent[node];
    }
    return node;
}

static void
join(struct forest *forest, uint32_t a, uint32_t b)
{
    uint32_t x = find(forest, a), y = find(forest, b);
    forest->parent[x > y ? x : y] = x > y ? y : x;
}

/* ------------------------------------------------------------------ what the payments name */

static void
join_account(struct forest *forest, uint32_t payment, uint32_t account)
{
    const o2c_match_pool *pool = forest->solve->pool;
    join(forest, forest->accounts + payment, account);
    for (uint32_t i = 0; i < pool->accounts[account].relatives_count; i++)
        join(forest, account, pool->relatives[pool->accounts[account].relatives_at + i].account);
}

static void
join_case(struct forest *forest, const struct o2c__case *one)
{
    const o2c_match_pool *pool = forest->solve->pool;
    for (uint32_t i = 0; i < one->payers_count; i++)
        join_account(forest, one->row, one->payers[i].account);
    for (uint32_t i = 0; i < one->hits_count; i++) {
        const struct o2c__hit *hit = &one->hits[i];
        if (hit->item != O2C__NONE)
            join_account(forest, one->row, o2c__pool_account(pool, hit->item));
        for (uint32_t k = 0; k < hit->group_count; k++)
            join_account(forest, one->row, o2c__pool_account(pool, one->members[hit->group_at + k]));
    }
}

static o2c_status
join_named(struct forest *forest, o2c_error *err)
{
    struct o2c__solve *solve = forest->solve;
    struct o2c__case cases[O2C__BATCH];
    o2c_status status = O2C_OK;
    for (uint64_t first = 0; !status && first < forest->payments; first += O2C__BATCH) {
        uint32_t count = forest->payments - first < O2C__BATCH ? (uint32_t)(forest->payments - first) : O2C__BATCH;
        if (o2c__canceled(&solve->context))
            return o2c__fail(err, O2C_E_CANCELED, NULL, "canceled by the host");
        o2c__arena_reset(&solve->arena);
        solve->solution->heap.bytes.count = 0;
        status = o2c__retrieve(solve, first, count, cases, err);
        for (uint32_t i = 0; !status && i < count; i++)
            if (cases[i].payment->route == O2C_ROUTE_CUSTOMER)
                join_case(forest, &cases[i]);
    }
    return status;
}

/* ------------------------------------------------------------------ what the advices may speak of */

static bool
join_text(struct forest *forest, uint32_t payment, o2c_ref ref)
{
    uint32_t before;
    o2c_str text = o2c__ref_str(ref, forest->solve->payments->heap);
    if (text.len == 0)
        return true;
    if (!o2c__map_put(&forest->traces, text, payment, &before))
        return false;
    join(forest, forest->accounts + before, forest->accounts + payment);
    return true;
}

static int
by_amount(const void *self, uint32_t a, uint32_t b)
{
    const struct forest *forest = self;
    const o2c_payment *x = &forest->solve->payments->rows[a], *y = &forest->solve->payments->rows[b];
    int order = memcmp(x->currency, y->currency, 4);
    if (order)
        return order;
    return x->amount_minor < y->amount_minor ? -1 : x->amount_minor > y->amount_minor;
}

/* Everything that an advice may speak of is joined to the first of it. */
static void
join_to(struct forest *forest, uint32_t *hub, uint32_t payment)
{
    if (*hub == O2C__NONE)
        *hub = payment;
    join(forest, forest->accounts + *hub, forest->accounts + payment);
}

/* Payments of one currency and an amount near the total of an advice that came on its own. */
static void
join_near(struct forest *forest, const char currency[4], int64_t total, uint32_t *hub)
{
    const o2c_payment *rows = forest->solve->payments->rows;
    uint32_t low = 0, high = forest->payments;
    int64_t spread = total / SPREAD;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const o2c_payment *row = &rows[forest->order[middle]];
        int order = memcmp(row->currency, currency, 4);
        if (order < 0 || (order == 0 && row->amount_minor < total - spread))
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t i = low; i < forest->payments; i++) {
        const o2c_payment *next = &rows[forest->order[i]];
        if (memcmp(next->currency, currency, 4) != 0 || next->amount_minor > total + spread)
            break;
        join_to(forest, hub, forest->order[i]);
    }
}

/* Its payer's payments: several of them may pay it, and it may be one of several that a payment pays. */
static void
join_payer(struct forest *forest, const struct o2c__paid *paid, uint32_t account, uint32_t *hub)
{
    uint32_t count, first = o2c__paid_by(paid, account, &count);
    for (uint32_t i = first; i < first + count; i++)
        join_to(forest, hub, O2C__AT(&paid->rows, struct o2c__paid_row, paid->order[i]).payment);
}

static void
join_advice(struct forest *forest, const struct o2c__paid *paid, const o2c_remittance *row, uint32_t account)
{
    const struct o2c__solve *solve = forest->solve;
    int64_t total = o2c__link_total(solve, row);
    o2c_str trace = o2c__ref_str(row->payment_reference, solve->remittances->heap);
    uint32_t hub = trace.len ? o2c__map_get(&forest->traces, trace) : O2C__MAP_NONE; /* all that carry it are joined to it */
    hub = hub == O2C__MAP_NONE ? O2C__NONE : hub;
    if (total > 0)
        join_near(forest, row->currency, total, &hub);
    if (account != O2C__NONE)
        join_payer(forest, paid, account, &hub);
}

static bool
is_alone(const o2c_remittance *row)
{
    return row->payment.len == 0;
}

static bool
join_advices(struct forest *forest)
{
    struct o2c__solve *solve = forest->solve;
    const o2c_remittances *remittances = solve->remittances;
    o2c__memory *memory = &solve->context.memory;
    struct o2c__paid paid = { .memory = NULL };
    size_t rows = (size_t)remittances->count;
    uint32_t *accounts = o2c__alloc_array(memory, rows, 3 * sizeof *accounts), wanted = 0;
    for (size_t i = 0; accounts && i < rows; i++) {
        bool alone = is_alone(&remittances->rows[i]) && solve->pool->index;
        uint32_t account = alone ? o2c__link_account(solve, &remittances->rows[i]) : O2C__NONE;
        accounts[2 * rows + i] = account;
        if (account != O2C__NONE)
            accounts[wanted++] = account;
    }
    bool whole = accounts && o2c__paid_new(&paid, solve, accounts, wanted);
    for (size_t i = 0; whole && i < rows; i++)
        if (is_alone(&remittances->rows[i]))
            join_advice(forest, &paid, &remittances->rows[i], accounts[2 * rows + i]);
    if (paid.memory)
        o2c__paid_free(&paid);
    o2c__release(memory, accounts, rows * 3 * sizeof *accounts);
    return whole;
}

static o2c_status
join_advised(struct forest *forest, o2c_error *err)
{
    const o2c_remittances *remittances = forest->solve->remittances;
    if (!remittances || remittances->count == 0 || forest->payments == 0)
        return O2C_OK;
    for (uint32_t i = 0; i < forest->payments; i++) {
        const o2c_payment *row = &forest->solve->payments->rows[i];
        forest->order[i] = i;
        if (!join_text(forest, i, row->key) || !join_text(forest, i, row->end_to_end_id) || !join_text(forest, i, row->bank_ref))
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for components");
    }
    o2c__sort(forest->order, forest->order + forest->payments, forest->payments, by_amount, forest);
    return join_advices(forest) ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for components");
}

/* ------------------------------------------------------------------ */

/* Numbered by their first payment. */
static uint32_t
number(struct forest *forest, uint32_t *numbers, uint32_t *out)
{
    uint32_t count = 0;
    memset(numbers, 0xFF, ((size_t)forest->accounts + forest->payments) * sizeof *numbers);
    for (uint32_t i = 0; i < forest->payments; i++) {
        uint32_t root = find(forest, forest->accounts + i);
        if (numbers[root] == O2C__NONE)
            numbers[root] = count++;
        out[i] = numbers[root];
    }
    return count;
}

static o2c_status
join_all(struct forest *forest, uint32_t *numbers, uint32_t *out_component, uint32_t *out_count, o2c_error *err)
{
    struct o2c__solve *solve = forest->solve;
    o2c_match_solution texts;
    o2c__solution_init(&texts, &solve->context);
    solve->solution = &texts;
    o2c__arena_init(&solve->arena, &solve->context.memory, 0);
    o2c__map_init(&forest->traces, &solve->context.memory, solve->context.key);
    for (uint32_t i = 0; i < forest->accounts + forest->payments; i++)
        forest->parent[i] = i;
    o2c_status status = o2c__link(solve, err);
    if (!status)
        status = join_named(forest, err);
    if (!status)
        status = join_advised(forest, err);
    if (!status)
        *out_count = number(forest, numbers, out_component);
    o2c__link_free(solve);
    o2c__map_free(&forest->traces);
    o2c__arena_free(&solve->arena);
    o2c__solution_empty(&texts);
    return status;
}

static o2c_status
components(struct o2c__solve *solve, uint32_t *out_component, uint32_t *out_count, o2c_error *err)
{
    o2c__memory *memory = &solve->context.memory;
    struct forest forest = { .solve = solve, .accounts = solve->pool->accounts_count, .payments = (uint32_t)solve->payments->count };
    size_t nodes = (size_t)forest.accounts + forest.payments;
    if (nodes >= O2C__NONE)
        return o2c__fail(err, O2C_E_LIMIT, NULL, "at most 2^32 - 2 accounts and payments together");
    forest.parent = o2c__alloc_array(memory, nodes + 1, sizeof *forest.parent);
    forest.order = o2c__alloc_array(memory, nodes + forest.payments + 1, sizeof *forest.order);
    o2c_status status = forest.parent && forest.order ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for components");
    if (!status)
        status = join_all(&forest, forest.order, out_component, out_count, err);
    o2c__release(memory, forest.parent, (nodes + 1) * sizeof *forest.parent);
    o2c__release(memory, forest.order, (nodes + forest.payments + 1) * sizeof *forest.order);
    return status;
}

o2c_status
o2c_match_components(const o2c_env *env, const o2c_match_pool *pool, const o2c_match_model *model, const o2c_match_request *request,
                     uint32_t *out_component, uint32_t *out_count, o2c_error *err)
{
    struct o2c__inputs in;
    struct o2c__solve solve;
    if (!out_component || !out_count)
        return o2c__fail(err, O2C_E_MISUSE, out_count ? "out_component" : "out_count", "a pointer is NULL");
    o2c_status status = o2c__solve_open(&solve, &in, env, pool, model, request, err);
    if (!status && solve.unchecked) /* nothing is solved here */
        status = o2c__validate_request(solve.payments, solve.remittances, &solve.context, err);
    return status ? status : components(&solve, out_component, out_count, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Assign: items that several payments want. Every payment was explained against the same snapshot; here the batch is made to agree.
 *
 * Claims are served strongest first, whatever the input order: real ones before mere equal amounts of unknown payers, then smallest
 * error, booking day, statement, ordinal, key. Who comes
 * too late keeps no line on the item. A contested item is nobody's AUTO, except between equal payments (same payer, amount, day and
 * items), which no posting can tell apart: there the lower ordinal is served as if it were alone and the other is a second payment.
 */
#include "match/assign.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ who claims what */

static o2c_status
find_contested(struct o2c__assign *a, o2c_error *err)
{
    const o2c__vector *lines = &a->solve->solution->lines;
    const o2c_match_pool *pool = a->solve->pool;
    a->claimed = o2c__alloc_zero(a->memory, pool->open_count ? pool->open_count : 1, sizeof *a->claimed);
    a->dropped = o2c__alloc_zero(a->memory, lines->count ? lines->count : 1, sizeof *a->dropped);
    if (!a->claimed || !a->dropped)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
    for (size_t i = 0; i < lines->count; i++) {
        uint32_t item = O2C__AT(&a->solve->line_items, uint32_t, i);
        int64_t cleared = O2C__AT(lines, o2c_line, i).cleared_minor, open = pool->open[item];
        a->claimed[item] += open > 0 ? cleared : -cleared;
        if (a->claimed[item] > (open > 0 ? open : -open))
            a->contested = true;
    }
    return O2C_OK;
}

static bool
is_contested(const struct o2c__assign *a, uint32_t item)
{
    int64_t open = a->solve->pool->open[item];
    return a->claimed[item] > (open > 0 ? open : -open);
}

static o2c_status
collect_claimants(struct o2c__assign *a, o2c_error *err)
{
    const o2c__vector *proposals = &a->solve->solution->proposals;
    for (size_t p = 0; p < proposals->count; p++) {
        const o2c_proposal *proposal = &O2C__AT(proposals, o2c_proposal, p);
        uint32_t worst = 0;
        bool contested = false;
        for (uint32_t i = 0; i < proposal->lines_count; i++) {
            size_t line = (size_t)proposal->lines_at + i;
            uint32_t error = O2C__AT(&a->solve->solution->lines, o2c_line, line).error_ppb;
            worst = error > worst ? error : worst;
            contested = contested || is_contested(a, O2C__AT(&a->solve->line_items, uint32_t, line));
        }
        if (!contested)
            continue;
        struct o2c__claimant *one = o2c__vector_add(&a->claimants);
        if (!one)
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
        const o2c_payment *payment = &a->solve->payments->rows[proposal->row];
        *one = (struct o2c__claimant){ .proposal = (uint32_t)p, .error_ppb = worst, .payment = payment, .heap = a->solve->payments->heap };
        one->suggestion = proposal->payer_evidence == 0;
    }
    return O2C_OK;
}

static int
by_strength(const void *left, const void *right)
{
    const struct o2c__claimant *a = left, *b = right;
    if (a->suggestion != b->suggestion)
        return a->suggestion ? 1 : -1;
    if (a->error_ppb != b->error_ppb)
        return a->error_ppb < b->error_ppb ? -1 : 1;
    if (a->payment->booking_day != b->payment->booking_day)
        return a->payment->booking_day < b->payment->booking_day ? -1 : 1;
    int order = o2c__str_compare(o2c__ref_str(a->payment->statement, a->heap), o2c__ref_str(b->payment->statement, b->heap));
    if (order)
        return order;
    if (a->payment->ordinal != b->payment->ordinal)
        return a->payment->ordinal < b->payment->ordinal ? -1 : 1;
    return o2c__str_compare(o2c__ref_str(a->payment->key, a->heap), o2c__ref_str(b->payment->key, b->heap));
}

/* ------------------------------------------------------------------ serving */

static uint32_t
line_item(const struct o2c__assign *a, size_t line)
{
    return O2C__AT(&a->solve->line_items, uint32_t, line);
}

static bool
equal_payments(const struct o2c__assign *a, const struct o2c__claimant *x, const struct o2c__claimant *y)
{
    const o2c_proposal *p = &O2C__AT(&a->solve->solution->proposals, o2c_proposal, x->proposal);
    const o2c_proposal *q = &O2C__AT(&a->solve->solution->proposals, o2c_proposal, y->proposal);
    o2c_str heap = o2c__text_heap_str(&a->solve->solution->heap);
    if (x->payment->amount_minor != y->payment->amount_minor || memcmp(x->payment->currency, y->payment->currency, 3) != 0 ||
        x->payment->value_day != y->payment->value_day || p->lines_count != q->lines_count ||
        p->payer_evidence != q->payer_evidence || !o2c__str_equal(o2c__ref_str(p->account, heap), o2c__ref_str(q->account, heap)))
        return false;
    /* the same customer from another bank account is somebody else until a person says so: whose money is it to pay back? */
    if (!o2c__str_equal(o2c__ref_str(x->payment->payer_account, x->heap), o2c__ref_str(y->payment->payer_account, y->heap)) ||
        !o2c__str_equal(o2c__ref_str(x->payment->payer_name, x->heap), o2c__ref_str(y->payment->payer_name, y->heap)))
        return false;
    for (uint32_t i = 0; i < p->lines_count; i++)
        if (line_item(a, (size_t)p->lines_at + i) != line_item(a, (size_t)q->lines_at + i))
            return false;
    return true;
}

/* Room left on an item, in the direction of the item. */
static bool
fits(const struct o2c__assign *a, size_t line)
{
    uint32_t item = line_item(a, line);
    int64_t open = a->solve->pool->open[item], cleared = O2C__AT(&a->solve->solution->lines, o2c_line, line).cleared_minor;
    int64_t want = open > 0 ? cleared : -cleared, have = (open > 0 ? open : -open) - a->taken[item];
    return want <= have;
}

static void
take(struct o2c__assign *a, size_t line, uint32_t claimant)
{
    uint32_t item = line_item(a, line);
    int64_t cleared = O2C__AT(&a->solve->solution->lines, o2c_line, line).cleared_minor;
    a->taken[item] += a->solve->pool->open[item] > 0 ? cleared : -cleared;
    if (a->holder[item] == O2C__NONE)
        a->holder[item] = claimant;
}

/* May the proposal keep its other lines when one goes? Only exact, cited lines without credits stand on their own. */
static bool
lines_stand_alone(const struct o2c__assign *a, const o2c_proposal *proposal)
{
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        const o2c_line *line = &O2C__AT(&a->solve->solution->lines, o2c_line, (size_t)proposal->lines_at + i);
        if (line->arithmetic != O2C_ARITHMETIC_X0 || line->paid_minor <= 0 || line->label >= O2C_LABEL_M13)
            return false;
    }
    return true;
}

static void
serve(struct o2c__assign *a, uint32_t index)
{
    struct o2c__claimant *one = &O2C__AT(&a->claimants, struct o2c__claimant, index);
    const o2c_proposal *proposal = &O2C__AT(&a->solve->solution->proposals, o2c_proposal, one->proposal);
    uint32_t late = 0;
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        size_t line = (size_t)proposal->lines_at + i;
        if (fits(a, line))
            continue;
        a->dropped[line] = 1;
        late++;
        if (one->rival == O2C__NONE)
            one->rival = a->holder[line_item(a, line)];
    }
    if (late && !lines_stand_alone(a, proposal))
        memset(a->dropped + proposal->lines_at, 1, proposal->lines_count);
    one->lost = late > 0;
    for (uint32_t i = 0; i < proposal->lines_count; i++)
        if (!a->dropped[(size_t)proposal->lines_at + i])
            take(a, (size_t)proposal->lines_at + i, index);
    if (!one->lost || one->rival == O2C__NONE)
        return;
    struct o2c__claimant *rival = &O2C__AT(&a->claimants, struct o2c__claimant, one->rival);
    one->equal = equal_payments(a, rival, one);
    bool weak = one->suggestion && !rival->suggestion; /* such a claim yields, and casts no doubt on a real one */
    if (!one->equal && !weak && rival->rival == O2C__NONE)
        rival->rival = index;
}

static o2c_status
serve_all(struct o2c__assign *a, o2c_error *err)
{
    uint32_t open = a->solve->pool->open_count ? a->solve->pool->open_count : 1;
    a->taken = o2c__alloc_zero(a->memory, open, sizeof *a->taken);
    a->holder = o2c__alloc_array(a->memory, open, sizeof *a->holder);
    if (!a->taken || !a->holder)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
    memset(a->holder, 0xff, open * sizeof *a->holder);
    if (a->claimants.count) /* at least two claim a contested item */
        qsort(a->claimants.rows, a->claimants.count, a->claimants.size, by_strength);
    for (size_t i = 0; i < a->claimants.count; i++)
        O2C__AT(&a->claimants, struct o2c__claimant, i).rival = O2C__NONE;
    for (size_t i = 0; i < a->claimants.count; i++)
        serve(a, (uint32_t)i);
    return O2C_OK;
}

static void
free_assign(struct o2c__assign *a)
{
    uint32_t open = a->solve->pool->open_count ? a->solve->pool->open_count : 1;
    size_t lines = a->lines_count ? a->lines_count : 1;
    o2c__vector_free(&a->claimants);
    o2c__release(a->memory, a->claimed, open * sizeof *a->claimed);
    o2c__release(a->memory, a->taken, open * sizeof *a->taken);
    o2c__release(a->memory, a->holder, open * sizeof *a->holder);
    o2c__release(a->memory, a->dropped, lines * sizeof *a->dropped);
}

o2c_status
o2c__assign(struct o2c__solve *solve, o2c_error *err)
{
    struct o2c__assign a = { .solve = solve, .memory = &solve->context.memory, .lines_count = solve->solution->lines.count };
    o2c__vector_init(&a.claimants, a.memory, sizeof(struct o2c__claimant));
    o2c_status status = find_contested(&a, err);
    if (!status && a.contested) {
        status = collect_claimants(&a, err);
        if (!status)
            status = serve_all(&a, err);
        if (!status)
            status = o2c__assign_rewrite(&a, err);
    }
    free_assign(&a);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Assign: items that several payments want. Every payment was explained against the same snapshot; here the batch is made to agree.
 *
 * Payments that want the same item are one group. Up to sixteen of them are decided together (assign_joint.c), crowds of up to 128 nearly
 * so (assign_crowd.c); of more, the strongest is served first. Strength: real claims before mere equal amounts of unknown payers, then
 * smallest error, booking day, statement, ordinal, key. Who does not get what he wanted is explained once more without the items that
 * others hold: interchangeable ones are found that way, and the next best explanation. A conflict has no margin of its own: it enters
 * the confidence as 1 ÷ (1 + e^−gap).
 */
#include "match/assign.h"

#include <stdlib.h>

#define PAIRS 256u /* items of the pool for each line: up to here a bit for each of them is less than a table of lines */

/* ------------------------------------------------------------------ who claims what */

/* Claims of one item, at the first line on it. */
struct sums {
    uint32_t *table; /* open addressing: line + 1, 0 = empty */
    int64_t *claimed;
    size_t room;
};

/* Does one line too many stand on some item? Costs as much as there are lines, however large the pool is. */
static bool
any_contested(const struct o2c__assign *a, const struct sums *sums)
{
    const uint32_t *items = a->solve->line_items.rows;
    for (uint32_t line = 0; line < a->lines_count; line++) {
        size_t at = (size_t)o2c__mix(items[line], UINT64_C(0x9E3779B97F4A7C15)) & (sums->room - 1);
        int64_t cleared = O2C__AT(&a->solve->solution->lines, o2c_line, line).cleared_minor, open = a->solve->pool->open[items[line]];
        while (sums->table[at] && items[sums->table[at] - 1] != items[line])
            at = (at + 1) & (sums->room - 1);
        if (!sums->table[at])
            sums->table[at] = line + 1;
        sums->claimed[at] += open > 0 ? cleared : -cleared;
        if (sums->claimed[at] > o2c__assign_room(a->solve->pool, items[line]))
            return true;
    }
    return false;
}

bool
o2c__is_beyond(const o2c_match_pool *pool, uint32_t item, int64_t cleared)
{
    return (pool->open[item] > 0 ? cleared : -cleared) > o2c__assign_room(pool, item);
}

/* Where no line alone clears too much, two lines must stand on one item: a bit for each item of a pool that is not much larger. */
static o2c_status
look_for_pairs(struct o2c__assign *a, bool *out_any, o2c_error *err)
{
    const uint32_t *items = a->solve->line_items.rows;
    size_t words = o2c__bit_words(a->solve->pool->open_count);
    uint64_t *seen = o2c__alloc_zero(a->memory, words, sizeof *seen);
    if (!seen)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
    for (size_t i = 0; i < a->lines_count && !*out_any; i++) {
        uint64_t bit = UINT64_C(1) << (items[i] % 64);
        *out_any = seen[items[i] / 64] & bit;
        seen[items[i] / 64] |= bit;
    }
    o2c__release(a->memory, seen, words * sizeof *seen);
    return O2C_OK;
}

static o2c_status
look_for_contests(struct o2c__assign *a, bool *out_any, o2c_error *err)
{
    *out_any = (a->solve->noted & O2C__NOTED_BEYOND) || a->solve->pool->open_count / PAIRS > a->lines_count;
    o2c_status status = *out_any || a->lines_count == 0 ? O2C_OK : look_for_pairs(a, out_any, err);
    if (status || !*out_any)
        return status;
    struct sums sums = { NULL, NULL, 16 };
    while (sums.room < 2 * a->lines_count)
        sums.room *= 2;
    sums.table = o2c__alloc_zero(a->memory, sums.room, sizeof *sums.table);
    sums.claimed = o2c__alloc_zero(a->memory, sums.room, sizeof *sums.claimed);
    bool whole = sums.table && sums.claimed;
    *out_any = whole && any_contested(a, &sums);
    o2c__release(a->memory, sums.table, sums.room * sizeof *sums.table);
    o2c__release(a->memory, sums.claimed, sums.room * sizeof *sums.claimed);
    return whole ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
}

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
        if (a->claimed[item] > o2c__assign_room(pool, item))
            a->contested = true;
    }
    return O2C_OK;
}

static bool
is_contested(const struct o2c__assign *a, uint32_t item)
{
    return a->claimed[item] > o2c__assign_room(a->solve->pool, item);
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

bool
o2c__assign_equal(const struct o2c__assign *a, const struct o2c__claimant *x, const struct o2c__claimant *y)
{
    const o2c_proposal *p = &O2C__AT(&a->solve->solution->proposals, o2c_proposal, x->proposal);
    const o2c_proposal *q = &O2C__AT(&a->solve->solution->proposals, o2c_proposal, y->proposal);
    o2c_str heap = o2c__text_heap_str(&a->solve->solution->heap);
    if (x->payment->amount_minor != y->payment->amount_minor || memcmp(x->payment->currency, y->payment->currency, 3) != 0 ||
        x->payment->instructed_minor != y->payment->instructed_minor ||
        memcmp(x->payment->instructed_currency, y->payment->instructed_currency, 4) != 0 ||
        x->payment->value_day != y->payment->value_day || p->lines_count != q->lines_count || p->label != q->label ||
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
    return (open > 0 ? cleared : -cleared) <= o2c__assign_room(a->solve->pool, item) - a->taken[item];
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
take_lines(struct o2c__assign *a, const o2c_proposal *proposal, uint32_t claimant)
{
    for (uint32_t i = 0; i < proposal->lines_count; i++)
        if (!o2c__assign_dropped(a, (size_t)proposal->lines_at + i))
            take(a, (size_t)proposal->lines_at + i, claimant);
}

/* Lines that no longer fit; the rival is who holds the first of them. */
static uint32_t
count_late(struct o2c__assign *a, const o2c_proposal *proposal, struct o2c__claimant *one)
{
    uint32_t late = 0;
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        size_t line = (size_t)proposal->lines_at + i;
        if (fits(a, line))
            continue;
        late++;
        if (one->rival == O2C__NONE)
            one->rival = a->holder[line_item(a, line)];
    }
    return late;
}

/* Is there another item that no posting can tell from the one that is gone? */
static bool
has_twin(const struct o2c__assign *a, const o2c_proposal *proposal)
{
    const o2c_match_pool *pool = a->solve->pool;
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        size_t line = (size_t)proposal->lines_at + i;
        uint32_t item = line_item(a, line);
        if (fits(a, line) || pool->interchange[item] == O2C__NONE)
            continue;
        const struct o2c__item_account *home = &pool->item_accounts[pool->item_account[item]];
        for (uint32_t other = home->first; other < home->first + home->count; other++)
            if (pool->interchange[other] == pool->interchange[item] && a->taken[other] == 0)
                return true;
    }
    return false;
}

/* What was wanted and what was found, with interchangeable items as one. */
static uint64_t
signature(const struct o2c__assign *a, const o2c_proposal *proposal)
{
    uint64_t sum = proposal->lines_count;
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        uint32_t item = line_item(a, (size_t)proposal->lines_at + i), twin = a->solve->pool->interchange[item];
        uint64_t id = twin == O2C__NONE ? item : (UINT64_C(1) << 32) + twin;
        sum += o2c__mix(id, UINT64_C(0x9E3779B97F4A7C15));
    }
    return sum;
}

static o2c_proposal *
proposal_of(const struct o2c__assign *a, const struct o2c__claimant *one)
{
    return &O2C__AT(&a->solve->solution->proposals, o2c_proposal, one->proposal);
}

static void
drop_late(struct o2c__assign *a, const o2c_proposal *proposal, bool all)
{
    for (uint32_t i = 0; i < proposal->lines_count; i++)
        if (all || !fits(a, (size_t)proposal->lines_at + i))
            a->dropped[proposal->lines_at + i] = 1;
}

/* The holder is told; a mere equal amount of an unknown payer casts no doubt on a real claim. */
static void
tell_rival(struct o2c__assign *a, struct o2c__claimant *one, uint32_t index)
{
    struct o2c__claimant *rival = &O2C__AT(&a->claimants, struct o2c__claimant, one->rival);
    bool weak = one->suggestion && !rival->suggestion;
    if (!one->equal && !weak && rival->rival == O2C__NONE)
        rival->rival = index;
}

static o2c_status
serve(struct o2c__assign *a, uint32_t index, o2c_error *err)
{
    struct o2c__claimant *one = &O2C__AT(&a->claimants, struct o2c__claimant, index);
    uint32_t late = count_late(a, proposal_of(a, one), one);
    o2c_status status = O2C_OK;
    if (late == 0) {
        take_lines(a, proposal_of(a, one), index);
        return status;
    }
    one->lost = true;
    one->equal = one->rival != O2C__NONE && o2c__assign_equal(a, &O2C__AT(&a->claimants, struct o2c__claimant, one->rival), one);
    bool twin = has_twin(a, proposal_of(a, one));
    if (one->equal && !twin) {
        drop_late(a, proposal_of(a, one), true);
    } else if (proposal_of(a, one)->lines_count > 1 && lines_stand_alone(a, proposal_of(a, one)) && !twin) {
        drop_late(a, proposal_of(a, one), false);
    } else {
        uint64_t wanted = signature(a, proposal_of(a, one));
        status = o2c__assign_again(a, index, err);
        one->lost = one->equal = false;
        if (!status && signature(a, proposal_of(a, one)) == wanted)
            one->rival = O2C__NONE; /* nothing was lost */
    }
    if (status)
        return status;
    take_lines(a, proposal_of(a, one), index);
    if (one->rival != O2C__NONE)
        tell_rival(a, one, index);
    return O2C_OK;
}

/* ------------------------------------------------------------------ groups */

static uint32_t
group_of(const struct o2c__assign *a, uint32_t index)
{
    while (O2C__AT(&a->claimants, struct o2c__claimant, index).group != index)
        index = O2C__AT(&a->claimants, struct o2c__claimant, index).group;
    return index;
}

/* Claimants of one contested item belong together; the strongest gives the group its number. */
static void
find_groups(struct o2c__assign *a)
{
    for (uint32_t i = 0; i < a->claimants.count; i++) {
        struct o2c__claimant *one = &O2C__AT(&a->claimants, struct o2c__claimant, i);
        const o2c_proposal *proposal = proposal_of(a, one);
        one->group = i;
        for (uint32_t k = 0; k < proposal->lines_count; k++) {
            uint32_t item = line_item(a, (size_t)proposal->lines_at + k);
            if (!is_contested(a, item))
                continue;
            if (a->holder[item] == O2C__NONE)
                a->holder[item] = i;
            uint32_t x = group_of(a, a->holder[item]), y = group_of(a, i);
            O2C__AT(&a->claimants, struct o2c__claimant, x > y ? x : y).group = x < y ? x : y;
        }
    }
    for (uint32_t i = 0; i < a->claimants.count; i++)
        O2C__AT(&a->claimants, struct o2c__claimant, i).group = group_of(a, i);
}

static o2c_status
weigh_groups(struct o2c__assign *a, o2c_error *err)
{
    o2c_status status = O2C_OK;
    for (uint32_t i = 0; !status && i < a->claimants.count; i++) {
        uint32_t members[O2C__JOINT_MEMBERS + 1], count = 0;
        if (O2C__AT(&a->claimants, struct o2c__claimant, i).group != i)
            continue;
        for (uint32_t k = i; k < a->claimants.count && count <= O2C__JOINT_MEMBERS; k++)
            if (O2C__AT(&a->claimants, struct o2c__claimant, k).group == i)
                members[count++] = k;
        if (count > 1 && count <= O2C__JOINT_MEMBERS)
            status = o2c__assign_weigh(a, members, count, err);
    }
    return status;
}

/* Items of payments that contend with nobody are gone for those who are explained again. */
static void
take_uncontested(struct o2c__assign *a)
{
    const o2c__vector *lines = &a->solve->solution->lines;
    for (size_t i = 0; i < lines->count; i++) {
        uint32_t item = line_item(a, i);
        int64_t cleared = O2C__AT(lines, o2c_line, i).cleared_minor;
        a->taken[item] += a->solve->pool->open[item] > 0 ? cleared : -cleared;
    }
    for (uint32_t i = 0; i < a->claimants.count; i++) {
        const o2c_proposal *proposal = proposal_of(a, &O2C__AT(&a->claimants, struct o2c__claimant, i));
        for (uint32_t k = 0; k < proposal->lines_count; k++) {
            uint32_t item = line_item(a, (size_t)proposal->lines_at + k);
            int64_t cleared = O2C__AT(lines, o2c_line, (size_t)proposal->lines_at + k).cleared_minor;
            a->taken[item] -= a->solve->pool->open[item] > 0 ? cleared : -cleared;
        }
    }
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
    find_groups(a);
    memset(a->holder, 0xff, open * sizeof *a->holder);
    o2c_status status = weigh_groups(a, err);
    take_uncontested(a);
    for (uint32_t pass = 0; pass < 2; pass++) /* those who keep what they wanted, then the others */
        for (size_t i = 0; !status && i < a->claimants.count; i++)
            if (O2C__AT(&a->claimants, struct o2c__claimant, i).yields == (pass == 1))
                status = serve(a, (uint32_t)i, err);
    return status;
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
    bool any = false;
    o2c_status status = look_for_contests(&a, &any, err);
    if (status || !any)
        return status;
    status = find_contested(&a, err);
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

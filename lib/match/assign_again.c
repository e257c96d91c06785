/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payments that want the same items are explained once more: first to see what else each of them could be, so that the best joint
 * solution can be found; then, for those who do not get what they wanted, without the items that others hold.
 */
#include "match/assign.h"

#include <stdlib.h>

#define ITEMS_PER_CLAIM 128 /* larger sets take part with what they want most only */
#define LIGHTEST (-INT64_C(28) * 65536)
#define YIELDS (INT64_C(40) * 65536) /* an amount that nobody names gives way to any real claim */

/* ------------------------------------------------------------------ what a payment could be */

struct wanted {
    uint64_t id;     /* item, or class of interchangeable ones above 2^32 */
    uint32_t use;    /* row of uses */
    uint32_t item;
};
struct weighing {
    struct o2c__assign *a;
    struct o2c__joint joint;
    uint32_t claims_room;
    uint32_t winners[O2C__JOINT_MEMBERS];
    o2c__vector uses, wanted, capacity;
};

static uint64_t
key_of(const o2c_match_pool *pool, uint32_t item)
{
    return pool->interchange[item] == O2C__NONE ? item : (UINT64_C(1) << 32) + pool->interchange[item];
}

static bool
add_uses(struct weighing *w, const struct o2c__explanation *why, const struct o2c__hypothesis *row, int64_t amount)
{
    const o2c_match_pool *pool = w->a->solve->pool;
    for (uint32_t i = 0; i < row->items_count; i++) {
        uint32_t item = o2c__row_items(why, row)[i];
        int64_t open = pool->open[item] > 0 ? pool->open[item] : -pool->open[item];
        struct o2c__joint_use *use = o2c__vector_add(&w->uses);
        struct wanted *wanted = o2c__vector_add(&w->wanted);
        if (!use || !wanted)
            return false;
        bool part = row->arithmetic == O2C_ARITHMETIC_X7 && row->items_count == 1 && amount < open;
        *use = (struct o2c__joint_use){ 0, part ? amount : open };
        *wanted = (struct wanted){ key_of(pool, item), (uint32_t)w->uses.count - 1, item };
    }
    return true;
}

static bool
is_open_set(const o2c_match_pool *pool, const struct o2c__explanation *why, const struct o2c__hypothesis *row)
{
    for (uint32_t i = 0; i < row->items_count; i++)
        if (o2c__row_items(why, row)[i] >= pool->open_count)
            return false;
    return row->items_count > 0;
}

static int64_t
ln_share(uint64_t mass, uint64_t total)
{
    int64_t ln = mass ? o2c__ln_ratio(mass, total ? total : 1) : LIGHTEST;
    return ln < LIGHTEST ? LIGHTEST : ln > 0 ? 0 : ln;
}

/* How likely the payment wants something else: what the posterior leaves, and what goes wrong in this class beyond it. */
static uint64_t
error_mass(const struct o2c__explanation *why, const struct o2c__decision *decision)
{
    uint32_t worst = 0;
    for (uint32_t i = 0; i < decision->parts_count; i++)
        worst = decision->parts[i].class_error_ppm > worst ? decision->parts[i].class_error_ppm : worst;
    return o2c__muldiv_floor(why->total, worst, 1000000);
}

/* The outcomes of one member, heaviest first, and going without; what was written for it stays before what is as heavy. */
static bool
add_member(struct weighing *w, uint32_t member, const struct o2c__claimant *one, const struct o2c__explanation *why,
           const struct o2c__decision *decision)
{
    const struct o2c__hypothesis *winner = decision->winner;
    struct o2c__joint *joint = &w->joint;
    uint64_t rest = why->total;
    int64_t heaviest = LIGHTEST;
    uint32_t taken = 0;
    joint->first[member] = w->winners[member] = joint->claims_count;
    for (uint32_t i = 0; winner && i < why->count && taken < w->claims_room; i++) {
        const struct o2c__hypothesis *row = &why->rows[i];
        if (row < winner || !is_open_set(w->a->solve->pool, why, row) || (taken && row->items_count > ITEMS_PER_CLAIM))
            continue;
        int64_t weight = ln_share(row->mass, why->total) - (one->suggestion ? YIELDS : 0);
        struct o2c__joint_claim claim = { member, weight, (uint32_t)w->uses.count, row->items_count };
        if (!add_uses(w, why, row, one->payment->amount_minor))
            return false;
        heaviest = taken == 0 ? weight : heaviest;
        rest -= row->mass < rest ? row->mass : rest;
        joint->claims[joint->claims_count++] = claim;
        taken++;
    }
    int64_t without = ln_share(rest + error_mass(why, decision), why->total);
    struct o2c__joint_claim nothing = { member, without < heaviest ? without : heaviest - 1, 0, 0 };
    uint32_t at = joint->claims_count++;
    if (taken == 0 || one->suggestion)
        nothing.weight = without;
    for (; at > joint->first[member] && joint->claims[at - 1].weight < nothing.weight; at--)
        joint->claims[at] = joint->claims[at - 1];
    joint->claims[at] = nothing;
    w->winners[member] = taken && at == joint->first[member] ? at + 1 : joint->first[member];
    joint->first[member + 1] = joint->claims_count;
    return true;
}

static o2c_status
explain_member(struct weighing *w, uint32_t member, const struct o2c__claimant *one, o2c_error *err)
{
    struct o2c__solve *solve = w->a->solve;
    struct o2c__case again;
    struct o2c__explanation why;
    struct o2c__decision decision;
    memset(&again, 0, sizeof again);
    memset(&why, 0, sizeof why);
    o2c__arena_reset(&solve->arena);
    o2c_status status = o2c__retrieve(solve, O2C__AT(&solve->solution->proposals, o2c_proposal, one->proposal).row, 1, &again, err);
    if (!status)
        status = o2c__explain(solve, &again, &why, err);
    if (!status)
        status = o2c__choose(solve, &again, &why, &decision, err);
    if (!status && !add_member(w, member, one, &why, &decision))
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
    return status;
}

/* ------------------------------------------------------------------ what there is of an item, or of a class of them */

static int64_t
room_of_item(const struct o2c__assign *a, uint32_t item)
{
    return o2c__assign_room(a->solve->pool, item) - a->claimed[item];
}

static int64_t
room_of(const struct o2c__assign *a, const struct wanted *wanted)
{
    const o2c_match_pool *pool = a->solve->pool;
    int64_t room = 0;
    if (wanted->id < UINT64_C(1) << 32)
        return room_of_item(a, wanted->item);
    const struct o2c__item_account *home = &pool->item_accounts[pool->item_account[wanted->item]];
    for (uint32_t item = home->first; item < home->first + home->count; item++)
        room += key_of(pool, item) == wanted->id ? room_of_item(a, item) : 0;
    return room;
}

static int
by_id(const void *left, const void *right)
{
    const struct wanted *a = left, *b = right;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->use < b->use ? -1 : a->use > b->use;
}

/* Claims of the members themselves do not narrow what there is for them: they are taken off while it is counted. */
static void
count_claims(struct weighing *w, const uint32_t *members, uint32_t count, int sign)
{
    const struct o2c__assign *a = w->a;
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__claimant *one = &O2C__AT(&a->claimants, struct o2c__claimant, members[i]);
        const o2c_proposal *proposal = &O2C__AT(&a->solve->solution->proposals, o2c_proposal, one->proposal);
        for (uint32_t k = 0; k < proposal->lines_count; k++) {
            uint32_t item = O2C__AT(&a->solve->line_items, uint32_t, (size_t)proposal->lines_at + k);
            int64_t cleared = O2C__AT(&a->solve->solution->lines, o2c_line, (size_t)proposal->lines_at + k).cleared_minor;
            a->claimed[item] += sign * (a->solve->pool->open[item] > 0 ? cleared : -cleared);
        }
    }
}

static bool
number_keys(struct weighing *w)
{
    if (w->wanted.count)
        qsort(w->wanted.rows, w->wanted.count, w->wanted.size, by_id);
    for (size_t i = 0; i < w->wanted.count; i++) {
        const struct wanted *wanted = &O2C__AT(&w->wanted, struct wanted, i);
        if (i == 0 || wanted->id != O2C__AT(&w->wanted, struct wanted, i - 1).id) {
            int64_t *capacity = o2c__vector_add(&w->capacity);
            if (!capacity)
                return false;
            *capacity = room_of(w->a, wanted);
        }
        O2C__AT(&w->uses, struct o2c__joint_use, wanted->use).key = (uint32_t)w->capacity.count - 1;
    }
    return true;
}

/* 1 ÷ (1 + e^−gap) in Q40 */
static uint64_t
doubt_of(int64_t gap)
{
    uint64_t one = UINT64_C(1) << 40;
    return gap == INT64_MAX ? one : o2c__muldiv_floor(one, one, one + o2c__exp_q40(gap < 0 ? 0 : -gap));
}

static void
note_answer(struct weighing *w, const uint32_t *members, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct o2c__claimant *one = &O2C__AT(&w->a->claimants, struct o2c__claimant, members[i]);
        one->yields = w->joint.chosen[i] != w->winners[i];
        one->weighed = true;
        one->doubt = doubt_of(w->joint.gap[i]);
    }
}

static o2c_status
weigh_all(struct weighing *w, const uint32_t *members, uint32_t count, o2c_error *err)
{
    w->joint.members = count;
    w->claims_room = count <= O2C__JOINT_EXACT ? O2C__JOINT_CLAIMS / count : O2C__CROWD_CLAIMS;
    for (uint32_t i = 0; i < count; i++) {
        o2c_status status = explain_member(w, i, &O2C__AT(&w->a->claimants, struct o2c__claimant, members[i]), err);
        if (status)
            return status;
    }
    count_claims(w, members, count, -1);
    bool numbered = number_keys(w);
    count_claims(w, members, count, 1);
    if (!numbered)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
    w->joint.uses = w->uses.rows;
    w->joint.capacity = w->capacity.rows;
    w->joint.keys = (uint32_t)w->capacity.count;
    if (count > O2C__JOINT_EXACT || !o2c__joint_solve(&w->joint))
        o2c__joint_crowd(&w->joint);
    note_answer(w, members, count);
    return O2C_OK;
}

static void
mark_equals(struct weighing *w, const uint32_t *members, uint32_t count)
{
    const o2c__vector *claimants = &w->a->claimants;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < count; k++)
            w->joint.independent[i][k] = o2c__assign_equal(w->a, &O2C__AT(claimants, struct o2c__claimant, members[i]),
                                                           &O2C__AT(claimants, struct o2c__claimant, members[k]));
}

o2c_status
o2c__assign_weigh(struct o2c__assign *a, const uint32_t *members, uint32_t count, o2c_error *err)
{
    struct weighing *w = o2c__alloc_zero(a->memory, 1, sizeof *w);
    bool crowd = count > O2C__JOINT_EXACT;
    struct o2c__hungarian *table = crowd ? o2c__alloc_array(a->memory, 2, sizeof *table) : NULL;
    o2c_status status = w && (table || !crowd) ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
    if (!status) {
        w->a = a;
        w->joint.table = table;
        mark_equals(w, members, count);
        o2c__vector_init(&w->uses, a->memory, sizeof(struct o2c__joint_use));
        o2c__vector_init(&w->wanted, a->memory, sizeof(struct wanted));
        o2c__vector_init(&w->capacity, a->memory, sizeof(int64_t));
        status = weigh_all(w, members, count, err);
        o2c__vector_free(&w->uses);
        o2c__vector_free(&w->wanted);
        o2c__vector_free(&w->capacity);
    }
    if (table)
        o2c__release(a->memory, table, 2 * sizeof *table);
    if (w)
        o2c__release(a->memory, w, sizeof *w);
    return status;
}

/* ------------------------------------------------------------------ without what others hold */

o2c_status
o2c__assign_again(struct o2c__assign *a, uint32_t claimant, o2c_error *err)
{
    struct o2c__solve *solve = a->solve;
    o2c__vector *proposals = &solve->solution->proposals;
    struct o2c__claimant *one = &O2C__AT(&a->claimants, struct o2c__claimant, claimant);
    uint64_t operations = O2C__AT(proposals, o2c_proposal, one->proposal).operations;
    uint64_t row = O2C__AT(proposals, o2c_proposal, one->proposal).row;
    solve->held = a->taken;
    o2c_status status = o2c__solve_range(solve, row, 1, err);
    solve->held = NULL;
    if (status)
        return status;
    proposals->count--;
    o2c_proposal *proposal = &O2C__AT(proposals, o2c_proposal, one->proposal);
    *proposal = O2C__AT(proposals, o2c_proposal, proposals->count);
    proposal->operations += operations;
    a->again = true;
    return O2C_OK;
}

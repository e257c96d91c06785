/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Joint solutions of crowds: more members than branch and bound can decide. Where every outcome is one item, or nothing, it is the
 * least-cost assignment in exact integers, an item of a class of interchangeable ones being as many columns as there are of them. Else
 * the member with most to lose chooses first (its best outcome less its second best, of what still fits), and then pairs are exchanged
 * while that makes the whole heavier. Members stand in order of strength and a later solution must be heavier to replace an earlier one,
 * so nothing depends on the order of the input.
 */
#include "match/assign.h"

#define PASSES 8

/* ---- the member with most to lose first */

/* Its best outcome that still fits, and how much the second best is worse. Going without always fits. */
static int64_t
regret(struct o2c__joint *joint, uint32_t member, uint32_t *out_best)
{
    *out_best = O2C__NONE;
    for (uint32_t claim = joint->first[member]; claim < joint->first[member + 1]; claim++) {
        if (!o2c__joint_fits(joint, claim))
            continue;
        if (*out_best != O2C__NONE)
            return joint->claims[*out_best].weight - joint->claims[claim].weight;
        *out_best = claim;
    }
    return 0;
}

static void
serve_by_regret(struct o2c__joint *joint)
{
    for (uint32_t i = 0; i < joint->members; i++)
        joint->chosen[i] = O2C__NONE;
    for (uint32_t round = 0; round < joint->members; round++) {
        uint32_t member = O2C__NONE, claim = O2C__NONE;
        int64_t most = -1;
        for (uint32_t i = 0; i < joint->members; i++) {
            uint32_t best = O2C__NONE;
            int64_t loss = joint->chosen[i] == O2C__NONE ? regret(joint, i, &best) : -1;
            if (loss > most) {
                most = loss;
                member = i;
                claim = best;
            }
        }
        joint->chosen[member] = claim;
        o2c__joint_take(joint, claim, 1);
    }
}

/* ---- pairs */

static int64_t
weight_of_pair(const struct o2c__joint *joint, uint32_t a, uint32_t b)
{
    return joint->claims[joint->chosen[a]].weight + joint->claims[joint->chosen[b]].weight;
}

/* The heaviest outcomes of two members while all others keep theirs, above `floor`; banned: without what they have now. False = none. */
static bool
best_pair(struct o2c__joint *joint, uint32_t a, uint32_t b, bool banned, int64_t floor, uint32_t out[2], int64_t *out_weight)
{
    bool found = false;
    o2c__joint_take(joint, joint->chosen[a], -1);
    o2c__joint_take(joint, joint->chosen[b], -1);
    for (uint32_t x = joint->first[a]; x < joint->first[a + 1]; x++) {
        if ((banned && x == joint->chosen[a]) || !o2c__joint_fits(joint, x))
            continue;
        o2c__joint_take(joint, x, 1);
        for (uint32_t y = joint->first[b]; y < joint->first[b + 1]; y++) {
            int64_t weight = joint->claims[x].weight + joint->claims[y].weight;
            if (weight <= floor)
                break; /* the others are lighter still */
            if ((banned && y == joint->chosen[b]) || !o2c__joint_fits(joint, y))
                continue;
            floor = *out_weight = weight;
            out[0] = x;
            out[1] = y;
            found = true;
        }
        o2c__joint_take(joint, x, -1);
    }
    o2c__joint_take(joint, joint->chosen[a], 1);
    o2c__joint_take(joint, joint->chosen[b], 1);
    return found;
}

static bool
exchange_pairs(struct o2c__joint *joint)
{
    bool any = false;
    for (uint32_t a = 0; a < joint->members; a++)
        for (uint32_t b = a + 1; b < joint->members; b++) {
            uint32_t pair[2];
            int64_t weight, now = weight_of_pair(joint, a, b);
            bool content = joint->chosen[a] == joint->first[a] && joint->chosen[b] == joint->first[b];
            if (content || !best_pair(joint, a, b, false, now, pair, &weight))
                continue;
            o2c__joint_take(joint, joint->chosen[a], -1);
            o2c__joint_take(joint, joint->chosen[b], -1);
            joint->chosen[a] = pair[0];
            joint->chosen[b] = pair[1];
            o2c__joint_take(joint, pair[0], 1);
            o2c__joint_take(joint, pair[1], 1);
            any = true;
        }
    return any;
}

/* Two members that both have another outcome, all others as they are. */
static void
measure_pairs(struct o2c__joint *joint)
{
    for (uint32_t i = 0; i < joint->members; i++)
        joint->gap[i] = INT64_MAX;
    for (uint32_t a = 0; a < joint->members; a++)
        for (uint32_t b = a + 1; b < joint->members; b++) {
            int64_t weight, now = weight_of_pair(joint, a, b), wider = joint->gap[a] > joint->gap[b] ? joint->gap[a] : joint->gap[b];
            uint32_t pair[2];
            if (joint->independent[a][b] || !best_pair(joint, a, b, true, wider == INT64_MAX ? O2C__LEAST : now - wider, pair, &weight))
                continue;
            joint->gap[a] = now - weight < joint->gap[a] ? now - weight : joint->gap[a];
            joint->gap[b] = now - weight < joint->gap[b] ? now - weight : joint->gap[b];
        }
}

/* ---- one to one */

struct keys {
    uint32_t first[O2C__HUNGARIAN_COLUMNS]; /* key → its first column */
    uint32_t copies[O2C__HUNGARIAN_COLUMNS];
    int64_t amount[O2C__HUNGARIAN_COLUMNS]; /* that every claim of it uses; 0 = nobody claims it */
    uint32_t columns;
};

static bool
find_keys(const struct o2c__joint *joint, struct keys *keys)
{
    memset(keys, 0, sizeof *keys);
    for (uint32_t c = 0; c < joint->claims_count; c++) {
        const struct o2c__joint_claim *claim = &joint->claims[c];
        if (claim->uses_count == 0)
            continue;
        const struct o2c__joint_use *one = &joint->uses[claim->uses_at];
        if (claim->uses_count > 1 || one->key >= O2C__HUNGARIAN_COLUMNS)
            return false;
        if (keys->amount[one->key] && keys->amount[one->key] != one->amount)
            return false;
        keys->amount[one->key] = one->amount;
    }
    for (uint32_t key = 0; key < O2C__HUNGARIAN_COLUMNS && key < joint->keys; key++) {
        int64_t copies = keys->amount[key] && joint->capacity[key] > 0 ? joint->capacity[key] / keys->amount[key] : 0;
        keys->first[key] = keys->columns;
        keys->copies[key] = copies < joint->members ? (uint32_t)copies : joint->members;
        keys->columns += keys->copies[key];
        if (keys->columns + joint->members > O2C__HUNGARIAN_COLUMNS)
            return false;
    }
    return true;
}

/* Behind the items stands one column of "nothing" for each member. */
static void
fill_table(const struct o2c__joint *joint, const struct keys *keys, struct o2c__hungarian *t)
{
    t->rows = joint->members;
    t->columns = keys->columns + joint->members;
    for (uint32_t m = 0; m < joint->members; m++) {
        for (uint32_t j = 0; j < t->columns; j++)
            t->cost[m][j] = O2C__COST_NEVER;
        for (uint32_t c = joint->first[m]; c < joint->first[m + 1]; c++) {
            const struct o2c__joint_claim *claim = &joint->claims[c];
            uint32_t key = claim->uses_count ? joint->uses[claim->uses_at].key : O2C__NONE;
            uint32_t from = claim->uses_count ? keys->first[key] : keys->columns + m, copies = claim->uses_count ? keys->copies[key] : 1;
            for (uint32_t j = from; j < from + copies; j++)
                t->cost[m][j] = -claim->weight < t->cost[m][j] ? -claim->weight : t->cost[m][j];
        }
    }
}

/* The claim of a member that stands for a column; the heaviest where two do. */
static uint32_t
claim_of(const struct o2c__joint *joint, const struct keys *keys, uint32_t member, uint32_t column)
{
    for (uint32_t c = joint->first[member]; c < joint->first[member + 1]; c++) {
        const struct o2c__joint_claim *claim = &joint->claims[c];
        uint32_t key = claim->uses_count ? joint->uses[claim->uses_at].key : O2C__NONE;
        if (key == O2C__NONE ? column == keys->columns + member : column - keys->first[key] < keys->copies[key])
            return c;
    }
    return O2C__NONE;
}

/* The best solution in which the member has no copy of what it has: if someone else has something different in it, it is a gap. */
static void
measure_chain(struct o2c__joint *joint, const struct keys *keys, uint32_t member, uint32_t column, int64_t best)
{
    struct o2c__hungarian *t = joint->table, *without = joint->table + 1;
    const struct o2c__joint_claim *claim = &joint->claims[joint->chosen[member]];
    uint32_t key = claim->uses_count ? joint->uses[claim->uses_at].key : O2C__NONE;
    int64_t kept = O2C__COST_NEVER;
    bool others = false;
    for (uint32_t j = 0; key != O2C__NONE && j < keys->copies[key]; j++) {
        kept = t->cost[member][keys->first[key] + j];
        t->cost[member][keys->first[key] + j] = O2C__COST_NEVER;
    }
    int64_t cost = o2c__hungarian_without(t, member, column, without);
    for (uint32_t j = 0; key != O2C__NONE && j < keys->copies[key]; j++)
        t->cost[member][keys->first[key] + j] = kept;
    for (uint32_t j = 0; j < without->columns; j++) {
        uint32_t row = without->row_of[j + 1];
        if (row && row - 1 != member && !joint->independent[member][row - 1])
            others = others || claim_of(joint, keys, row - 1, j) != joint->chosen[row - 1];
    }
    if (others && cost < O2C__COST_NEVER && cost - best < joint->gap[member])
        joint->gap[member] = cost - best;
}

static bool
serve_one_to_one(struct o2c__joint *joint)
{
    struct keys keys;
    struct o2c__hungarian *t = joint->table;
    if (!t || joint->members > O2C__HUNGARIAN_ROWS || !find_keys(joint, &keys))
        return false;
    fill_table(joint, &keys, t);
    int64_t best = o2c__hungarian_solve(t);
    for (uint32_t j = 0; j < t->columns; j++)
        if (t->row_of[j + 1])
            joint->chosen[t->row_of[j + 1] - 1] = claim_of(joint, &keys, t->row_of[j + 1] - 1, j);
    for (uint32_t i = 0; i < joint->members; i++)
        o2c__joint_take(joint, joint->chosen[i], 1);
    measure_pairs(joint);
    for (uint32_t j = 0; j < t->columns; j++)
        if (t->row_of[j + 1])
            measure_chain(joint, &keys, t->row_of[j + 1] - 1, j, best);
    return true;
}

void
o2c__joint_crowd(struct o2c__joint *joint)
{
    if (!serve_one_to_one(joint)) {
        serve_by_regret(joint);
        for (uint32_t pass = 0; pass < PASSES && exchange_pairs(joint); pass++) {
        }
        measure_pairs(joint);
    }
    for (uint32_t i = 0; i < joint->members; i++)
        o2c__joint_take(joint, joint->chosen[i], -1);
}

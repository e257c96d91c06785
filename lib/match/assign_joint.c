/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which outcomes of several payments stand together best? Each member takes one of its outcomes, or none; no item gives more than it
 * has. Branch and bound over at most 16 members: members in order of strength, heaviest outcome first, and a later solution must be
 * heavier, not as heavy, to replace an earlier one. So nothing depends on the order of the input.
 */
#include "match/assign.h"

struct branch {
    const struct o2c__joint *joint;
    uint32_t banned[2];                        /* rows of claims that must not be taken; O2C__NONE = none */
    int64_t left[O2C__JOINT_EXACT + 1];      /* most that the members from here on can add */
    uint32_t at[O2C__JOINT_EXACT];           /* next claim to try */
    uint32_t taken[O2C__JOINT_EXACT];        /* claim in force */
    uint32_t best[O2C__JOINT_EXACT];
    int64_t best_weight;
    uint32_t nodes;
};

void
o2c__joint_take(const struct o2c__joint *joint, uint32_t claim, int sign)
{
    const struct o2c__joint_claim *row = &joint->claims[claim];
    for (uint32_t i = 0; i < row->uses_count; i++)
        joint->capacity[joint->uses[row->uses_at + i].key] -= sign * joint->uses[row->uses_at + i].amount;
}

/* A key may stand twice in a claim: all of it is used before anything is said. */
bool
o2c__joint_fits(const struct o2c__joint *joint, uint32_t claim)
{
    const struct o2c__joint_claim *row = &joint->claims[claim];
    bool fit = true;
    o2c__joint_take(joint, claim, 1);
    for (uint32_t i = 0; i < row->uses_count; i++)
        fit = fit && joint->capacity[joint->uses[row->uses_at + i].key] >= 0;
    o2c__joint_take(joint, claim, -1);
    return fit;
}

static int64_t
weight_so_far(const struct branch *b, uint32_t level)
{
    int64_t weight = 0;
    for (uint32_t i = 0; i < level; i++)
        weight += b->joint->claims[b->taken[i]].weight;
    return weight;
}

static void
keep(struct branch *b)
{
    int64_t weight = weight_so_far(b, b->joint->members);
    if (weight <= b->best_weight)
        return;
    b->best_weight = weight;
    memcpy(b->best, b->taken, b->joint->members * sizeof b->best[0]);
}

/* The next claim of this level that fits and could still lead to something heavier; O2C__NONE = go back. */
static uint32_t
next_claim(struct branch *b, uint32_t level, int64_t so_far)
{
    const struct o2c__joint *joint = b->joint;
    for (uint32_t claim = b->at[level]; claim < joint->first[level + 1]; claim++) {
        if (claim == b->banned[0] || claim == b->banned[1])
            continue;
        if (so_far + joint->claims[claim].weight + b->left[level + 1] <= b->best_weight)
            break; /* the others are lighter still */
        if (o2c__joint_fits(joint, claim))
            return claim;
    }
    return O2C__NONE;
}

/* False: too many nodes. */
static bool
walk(struct branch *b)
{
    uint32_t level = 0, members = b->joint->members;
    b->at[0] = b->joint->first[0];
    b->best_weight = O2C__LEAST;
    for (;;) {
        uint32_t claim = level < members ? next_claim(b, level, weight_so_far(b, level)) : O2C__NONE;
        if (++b->nodes > O2C__JOINT_NODES)
            break;
        if (level == members)
            keep(b);
        if (claim != O2C__NONE) {
            b->at[level] = claim + 1;
            b->taken[level] = claim;
            o2c__joint_take(b->joint, claim, 1);
            if (++level < members)
                b->at[level] = b->joint->first[level];
            continue;
        }
        if (level == 0)
            return true;
        o2c__joint_take(b->joint, b->taken[--level], -1);
    }
    while (level > 0)
        o2c__joint_take(b->joint, b->taken[--level], -1);
    return false;
}

static void
begin(struct branch *b, const struct o2c__joint *joint, uint32_t x, uint32_t y)
{
    memset(b, 0, sizeof *b);
    b->joint = joint;
    b->banned[0] = x;
    b->banned[1] = y;
    for (uint32_t i = joint->members; i > 0; i--)
        b->left[i - 1] = b->left[i] + joint->claims[joint->first[i - 1]].weight;
}

/* Doubt about a member: the best solution in which it has another outcome and so has one of the others. What the member alone might have
 * taken instead stands in its own posterior already. */
static bool
measure_gap(struct o2c__joint *joint, uint32_t member, int64_t best)
{
    joint->gap[member] = INT64_MAX;
    for (uint32_t other = 0; other < joint->members; other++) {
        struct branch b;
        if (other == member || joint->independent[member][other])
            continue;
        begin(&b, joint, joint->chosen[member], joint->chosen[other]);
        if (!walk(&b))
            return false;
        if (b.best_weight != O2C__LEAST && best - b.best_weight < joint->gap[member])
            joint->gap[member] = best - b.best_weight;
    }
    return true;
}

bool
o2c__joint_solve(struct o2c__joint *joint)
{
    struct branch b;
    begin(&b, joint, O2C__NONE, O2C__NONE);
    if (!walk(&b))
        return false;
    memcpy(joint->chosen, b.best, joint->members * sizeof joint->chosen[0]);
    for (uint32_t i = 0; i < joint->members; i++)
        if (!measure_gap(joint, i, b.best_weight))
            return false;
    return true;
}

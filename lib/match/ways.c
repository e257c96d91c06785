/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rows of a payer make of the host's prior. An answer that he gave s times, where the host expected it a times, has
 *
 *     ratio = (s + c · ratio of his segment) ÷ (a + c)
 *
 * times the host's chance. What a segment has is told against what all customers have of the same days, so that what the host has learned
 * since does not count twice. In a pool where the host gives one run the chance p the two ratios are divided by p · yes + (1 − p) · no, so
 * that the chances add up to 1 again. Only the product with the host's own factors is used, under the cap of prior_learned.c: no payer,
 * however strange, moves two sets by more than that allows.
 */
#include "match/ways.h"
#include "match/habit_rows.h"
#include "match/learn.h"

#define ONE O2C__TIMES_ONE
#define LEAST (ONE >> 6)
#define MOST (ONE << 6)
#define TIMES_MAX (ONE << 11)
/* Questions that the level above weighs. */
#define SHRINK_SEGMENT 20u
#define SHRINK_RUNS 5u
#define SHRINK_OLDEST 20u

static uint64_t
within(uint64_t ratio)
{
    return ratio < LEAST ? LEAST : ratio < MOST ? ratio : MOST;
}

/* The ratios of an owner, out of those of the level above; false = nothing was asked of him. */
static bool
shrink(const o2c_match_model *model, uint64_t owner, uint32_t kind, uint32_t weight, uint64_t ratio[2])
{
    bool any = false;
    for (uint32_t answer = 0; answer < 2; answer++) {
        const struct o2c__habit_row *found = o2c__habit_find(&model->learned->rows, owner, kind, answer);
        if (!found)
            continue;
        struct o2c__habit_row row = *found;
        o2c__habit_age(&row, model->learned->day);
        uint64_t seen = row.seen + weight * (O2C__LINE_UNIT * ratio[answer] / ONE);
        ratio[answer] = within(o2c__muldiv_floor(seen, ONE, row.asked + weight * O2C__LINE_UNIT));
        any = true;
    }
    return any;
}

struct level {
    uint64_t segment, customer;
    uint32_t kind, weight;
};

static bool
ratios(const o2c_match_model *model, const struct level *level, uint64_t out[2])
{
    uint64_t host[2] = { ONE, ONE };
    (void)shrink(model, O2C__OWNER_HOST, level->kind, SHRINK_SEGMENT, host);
    memcpy(out, host, sizeof host);
    bool any = shrink(model, level->segment, level->kind, SHRINK_SEGMENT, out);
    for (uint32_t answer = 0; answer < 2; answer++)
        out[answer] = within(out[answer] * ONE / host[answer]);
    return shrink(model, level->customer, level->kind, level->weight, out) || any;
}

bool
o2c__ways_of(const o2c_match_model *model, int32_t tier, o2c_str account, struct o2c__ways *out)
{
    if (!model->learned || model->learned->rows.count == 0)
        return false;
    struct level level = { o2c__owner_segment(tier), o2c__owner_customer(account), O2C__WAY_ONE_RUN, SHRINK_RUNS };
    bool any = ratios(model, &level, out->one_run);
    level.kind = O2C__WAY_OLDEST;
    level.weight = SHRINK_OLDEST;
    return ratios(model, &level, out->oldest) || any;
}

/* The ratio of an answer where yes has this chance: divided by the mean of both, rounded up. */
static uint64_t
part(const uint64_t ratio[2], uint64_t yes, bool answer)
{
    uint64_t mean = (yes * ratio[1] + (ONE - yes) * ratio[0] + ONE - 1) / ONE, times = ratio[answer] * ONE / mean;
    return times < TIMES_MAX ? times : TIMES_MAX;
}

uint64_t
o2c__ways_times(const struct o2c__ways *ways, const struct o2c__host_prior *host, const struct o2c__choice *choice)
{
    uint32_t n = choice->n, k = choice->k;
    uint64_t times = ONE;
    if (k == n || k > O2C__WAYS_SIZE)
        return ONE;
    if (k > 1)
        times = part(ways->one_run, o2c__host_one_run(host, n, k), choice->r == 1);
    if (choice->r == 1)
        times = times * part(ways->oldest, o2c__host_oldest(host, n), choice->oldest) / ONE;
    return times < TIMES_MAX ? times : TIMES_MAX;
}

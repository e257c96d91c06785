/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of a set that fits: one that could matter becomes a row, all others are only counted and added up, so that a crowd of
 * accidents costs no memory.
 */
#include "match/sets_all.h"

#define HIT_OPERATIONS 8
#define ROWS_MOST 512

/* What the cause can weigh at most; a row weighs it exactly. */
static int64_t
ln_cause(const struct o2c__set_search *s, int64_t sum)
{
    const struct o2c__job *job = s->job;
    const o2c_match_policy *policy = job->solve->policy;
    int64_t difference = sum + s->selection->sum - job->amount, ln = O2C__NEVER;
    if (s->cause != O2C_ARITHMETIC_X0 || difference == 0)
        return o2c__ln_class[s->cause];
    int64_t tolerance = o2c__set_search_tolerance(job);
    if (difference <= tolerance && -difference <= tolerance && tolerance > 0)
        ln = o2c__ln_class[O2C_ARITHMETIC_X5] - (int64_t)o2c__ln_u64(2 * (uint64_t)tolerance);
    bool fee = difference == job->charge;
    for (uint64_t i = 0; i < policy->fees_count; i++)
        fee = fee || policy->fees[i] == difference;
    return fee ? o2c__ln_add(ln, o2c__ln_class[O2C_ARITHMETIC_X3] + o2c__differs_fees(&s->view->differs)) : ln;
}

static void
try_rows(struct o2c__set_search *s, const struct o2c__set_bits *places)
{
    struct o2c__set *set = &s->job->set;
    set->debits = 0;
    for (uint32_t word = 0; word < s->words; word++)
        for (uint64_t bits = places->bits[word]; bits; bits &= bits - 1)
            set->slots[set->debits++] = s->slots[64 * word + (uint32_t)__builtin_ctzll(bits)];
    const struct o2c__selection *selection = s->credits ? &s->left : s->selection;
    set->count = set->debits + o2c__selection_slots(s->view, selection, set->slots + set->debits, O2C__SET_MAX - set->debits);
    o2c__try_set(s->job, s->view, set, O2C__TRY_NAMED);
    s->rows++;
}

/* Credits stand behind the debits: those that were found are left out, the others are used. */
static void
split_credits(struct o2c__set_search *s, struct o2c__set_bits *places)
{
    s->left = (struct o2c__selection){ 0, 0, 0 };
    for (uint32_t i = 0; i < s->credits; i++) {
        uint32_t at = s->count + i;
        bool out = places->bits[at / 64] >> (at % 64) & 1;
        places->bits[at / 64] &= ~(UINT64_C(1) << (at % 64));
        s->left.mask |= out ? 0 : UINT64_C(1) << i;
        s->left.used += !out;
    }
}

/* Runs, pairs and all but one are rows already (sets_listed.c); with tax only single items are. In a small pool all are (sets_meet.c). Of
 * many credits no more than none, one or all of them were used in any of these. */
static bool
is_listed(const struct o2c__set_search *s, uint32_t k, uint32_t runs)
{
    bool tax = s->cause == O2C_ARITHMETIC_X4;
    if (s->credits && s->left.used > 1 && s->left.used < s->credits)
        return false;
    if (s->count <= O2C__FULL_SLOTS)
        return true;
    if (tax && s->credits)
        return k == 1 && s->left.used == 0;
    return k == 1 || (!tax && (runs == 1 || k == 2 || k == s->count - 1));
}

/* INT32_MIN: no such set, or it stands among the rows. */
static int32_t
ln_prior(const struct o2c__set_search *s, const struct o2c__set_bits *places)
{
    uint32_t k = 0, runs = 0;
    uint64_t before = 0;
    for (uint32_t word = 0; word < s->words; word++) {
        uint64_t bits = places->bits[word];
        k += (uint32_t)__builtin_popcountll(bits);
        runs += (uint32_t)__builtin_popcountll(bits & ~(bits << 1 | before));
        before = bits >> 63;
    }
    return k && !is_listed(s, k, runs) ? o2c__ln_set_prior(s->view->prior, s->count, k, runs, places->bits[0] & 1) : INT32_MIN;
}

/* The floor follows the heaviest set: masses that were added up so far shrink with the measure. */
static void
raise_floor(struct o2c__set_search *s, int64_t weight)
{
    int64_t floor = weight - O2C__LN_MILLION;
    if (floor <= s->floor)
        return;
    s->light = o2c__muldiv_floor(s->light, o2c__exp_q40(s->floor - floor), UINT64_C(1) << 40) + (s->light > 0);
    s->floor = floor;
}

bool
o2c__set_search_take(struct o2c__set_search *s, struct o2c__set_bits *places, int64_t sum)
{
    if (++s->hits > O2C__HITS_MAX || !o2c__work(s->job, HIT_OPERATIONS))
        return false;
    split_credits(s, places);
    int64_t cause = ln_cause(s, sum);
    int32_t prior = ln_prior(s, places);
    if (cause == O2C__NEVER || prior == INT32_MIN)
        return true;
    int64_t weight = s->ln_base + prior + cause + (s->credits ? o2c__ln_credit_prior(s->credits, s->left.used) : 0);
    raise_floor(s, weight);
    if (weight >= s->floor && s->rows < ROWS_MOST) {
        try_rows(s, places);
        return true;
    }
    s->light += o2c__exp_q40(weight - s->floor - O2C__LN_MILLION) + 1;
    s->light_count++;
    return true;
}

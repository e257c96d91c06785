/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set of up to 128 items that fits for a named cause, where so few sets stay below the amount that all can be walked: meet in the
 * middle with everything above the amount cut off. An amount above half of the pool is searched as what is left out of it. A set that
 * could matter becomes a row; all others are only counted and added up, so that a crowd of accidents costs no memory.
 */
#include "match/explain.h"
#include "match/halves.h"

#define HITS_MAX 16384 /* more sets than that are bounded, not counted */
#define HIT_OPERATIONS 8
#define ROWS_MOST 512
#define STEPS 64

/* A set by places of the pool's order. */
struct places {
    uint64_t bits[2];
};
struct window {
    int64_t low, high;
};
struct search {
    struct o2c__job *job;
    struct o2c__view *view;
    const uint32_t *slots;
    uint32_t count, side, room;
    int64_t amounts[O2C__ALL_SLOTS];
    uint32_t order[O2C__ALL_SLOTS]; /* largest amount first */
    int64_t total;
    bool turned;                    /* the sets are what is left out */
    struct o2c__halves halves; /* bit i of a mask = the i-th item of this half */
    const struct o2c__selection *selection;
    int32_t cause;                  /* of this walk; O2C_ARITHMETIC_X0 = open amounts, whatever cause fits */
    int64_t floor, ln_base;         /* lighter sets are only added up */
    uint64_t light;                 /* their masses, Q40 relative to a million times the floor */
    uint32_t hits, rows, light_count;
};

static int64_t
tolerance_of(const struct o2c__job *job)
{
    const o2c_match_policy *policy = job->solve->policy;
    int64_t share = (int64_t)o2c__muldiv_floor((uint64_t)job->amount + (uint64_t)policy->tolerance_minor, policy->tolerance_ppm, 1000000);
    return share < policy->tolerance_minor ? share : policy->tolerance_minor;
}

/* ---- the lists */

static bool
half_grow(struct search *s, struct o2c__half *half, int64_t amount, uint64_t bit)
{
    return amount > 0 && o2c__half_grow(&s->halves, half, amount, bit) && o2c__work(s->job, half->count);
}

/* One more item: counts of sets by step of their sum, none of them above most. Nothing stands before the first step. */
static void
add_steps(int32_t *to, const int32_t *from, uint32_t by, int32_t most)
{
    for (uint32_t x = STEPS; x < 2 * STEPS; x++) {
        int32_t sum = from[x] + from[x - by];
        to[x] = sum < most ? sum : most;
    }
}

static uint64_t
sets_at_most(const struct search *s, uint32_t half, int64_t step)
{
    int32_t sets[2][2 * STEPS] = { { 0 } };
    uint32_t now = 0;
    uint64_t all = 0;
    sets[0][STEPS] = 1;
    for (uint32_t i = half; i < s->count; i += 2) {
        int64_t by = s->amounts[s->order[i]] / step;
        if (by >= STEPS)
            continue;
        add_steps(sets[1 - now], sets[now], by > 0 ? (uint32_t)by : 0, (int32_t)s->room);
        now = 1 - now;
    }
    for (uint32_t x = STEPS; x < 2 * STEPS; x++)
        all += (uint64_t)sets[now][x];
    return all;
}

/* How many sets of each half stay below the amount, at most: sums in steps of a part of it, rounded down. */
static bool
has_room(const struct search *s)
{
    int64_t step = s->halves.most / STEPS + 1;
    for (uint32_t half = 0; half < 2; half++)
        if (sets_at_most(s, half, step) > s->room + s->room / 2)
            return false;
    return o2c__work(s->job, (uint64_t)s->count * STEPS / 4);
}

/* Large and small items go to both halves in turn, the large ones first: so the lists stay short until the end. */
static bool
fill_halves(struct search *s)
{
    if (!has_room(s))
        return false;
    for (uint32_t half = 0; half < 2; half++) {
        struct o2c__half *list = half ? &s->halves.high : &s->halves.low;
        o2c__half_start(list);
        for (uint32_t i = half; i < s->count; i += 2)
            if (!half_grow(s, list, s->amounts[s->order[i]], UINT64_C(1) << (i / 2)))
                return false;
    }
    return true;
}

static void
sort_amounts(struct search *s)
{
    s->total = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t at = i;
        for (; at > 0 && s->amounts[s->order[at - 1]] < s->amounts[i]; at--)
            s->order[at] = s->order[at - 1];
        s->order[at] = i;
        s->total += s->amounts[i];
    }
}

/* ---- one set that fits */

/* What the cause can weigh at most; a row weighs it exactly. */
static int64_t
ln_cause(const struct search *s, int64_t sum)
{
    const struct o2c__job *job = s->job;
    const o2c_match_policy *policy = job->solve->policy;
    int64_t difference = sum + s->selection->sum - job->amount, ln = O2C__NEVER;
    if (s->cause != O2C_ARITHMETIC_X0 || difference == 0)
        return o2c__ln_class[s->cause];
    int64_t tolerance = tolerance_of(job);
    if (difference <= tolerance && -difference <= tolerance && tolerance > 0)
        ln = o2c__ln_class[O2C_ARITHMETIC_X5] - (int64_t)o2c__ln_u64(2 * (uint64_t)tolerance);
    bool fee = difference == job->charge;
    for (uint64_t i = 0; i < policy->fees_count; i++)
        fee = fee || policy->fees[i] == difference;
    return fee ? o2c__ln_add(ln, o2c__ln_class[O2C_ARITHMETIC_X3]) : ln;
}

static void
try_rows(struct search *s, const struct places *places)
{
    struct o2c__set *set = &s->job->set;
    set->debits = 0;
    for (uint32_t word = 0; word < 2; word++)
        for (uint64_t bits = places->bits[word]; bits; bits &= bits - 1)
            set->slots[set->debits++] = s->slots[64 * word + (uint32_t)__builtin_ctzll(bits)];
    set->count = set->debits + o2c__selection_slots(s->view, s->selection, set->slots + set->debits, O2C__SET_MAX - set->debits);
    o2c__try_set(s->job, s->view, set, O2C__TRY_NAMED);
    s->rows++;
}

static struct places
places_of(const struct search *s, uint64_t low, uint64_t high)
{
    struct places out = { { 0, 0 } };
    for (uint64_t bits = low; bits; bits &= bits - 1) {
        uint32_t at = s->order[2 * (uint32_t)__builtin_ctzll(bits)];
        out.bits[at / 64] |= UINT64_C(1) << (at % 64);
    }
    for (uint64_t bits = high; bits; bits &= bits - 1) {
        uint32_t at = s->order[2 * (uint32_t)__builtin_ctzll(bits) + 1];
        out.bits[at / 64] |= UINT64_C(1) << (at % 64);
    }
    if (!s->turned)
        return out;
    uint32_t upper = s->count > 64 ? s->count - 64 : 0, lower = s->count - upper;
    out.bits[0] = (lower == 64 ? UINT64_MAX : (UINT64_C(1) << lower) - 1) & ~out.bits[0];
    out.bits[1] = (upper == 64 ? UINT64_MAX : (UINT64_C(1) << upper) - 1) & ~out.bits[1];
    return out;
}

/* Runs, pairs and all but one are rows already (sets_listed.c); with tax only single items are. */
static bool
is_listed(const struct search *s, uint32_t k, uint32_t runs)
{
    return k == 1 || (s->cause != O2C_ARITHMETIC_X4 && (runs == 1 || k == 2 || k == s->count - 1));
}

/* INT32_MIN: no such set, or it stands among the rows. */
static int32_t
ln_prior(const struct search *s, const struct places *places)
{
    uint64_t low = places->bits[0], high = places->bits[1];
    uint32_t k = (uint32_t)(__builtin_popcountll(low) + __builtin_popcountll(high));
    uint32_t runs = (uint32_t)(__builtin_popcountll(low & ~(low << 1)) + __builtin_popcountll(high & ~(high << 1 | low >> 63)));
    return k && !is_listed(s, k, runs) ? o2c__ln_set_prior(s->view->prior, s->count, k, runs, low & 1) : INT32_MIN;
}

/* The floor follows the heaviest set: masses that were added up so far shrink with the measure. */
static void
raise_floor(struct search *s, int64_t weight)
{
    int64_t floor = weight - O2C__LN_MILLION;
    if (floor <= s->floor)
        return;
    s->light = o2c__muldiv_floor(s->light, o2c__exp_q40(s->floor - floor), UINT64_C(1) << 40) + (s->light > 0);
    s->floor = floor;
}

static bool
take_set(struct search *s, const struct places *places, int64_t sum)
{
    if (++s->hits > HITS_MAX || !o2c__work(s->job, HIT_OPERATIONS))
        return false;
    int64_t cause = ln_cause(s, sum);
    int32_t prior = ln_prior(s, places);
    if (cause == O2C__NEVER || prior == INT32_MIN)
        return true;
    int64_t weight = s->ln_base + prior + cause;
    raise_floor(s, weight);
    if (weight >= s->floor && s->rows < ROWS_MOST) {
        try_rows(s, places);
        return true;
    }
    s->light += o2c__exp_q40(weight - s->floor - O2C__LN_MILLION) + 1;
    s->light_count++;
    return true;
}

/* Sets with this sum of the low list and a sum of the high one, from its largest partner downward. */
static bool
take_sets(struct search *s, uint32_t low, uint32_t high, int64_t least)
{
    int64_t sum = s->halves.low.sums[low];
    for (uint32_t k = high + 1; k > 0 && sum + s->halves.high.sums[k - 1] >= least; k--) {
        struct places places = places_of(s, s->halves.low.masks[low], s->halves.high.masks[k - 1]);
        int64_t found = sum + s->halves.high.sums[k - 1];
        if (!take_set(s, &places, s->turned ? s->total - found : found))
            return false;
    }
    return true;
}

/* Every pair of halves with low ≤ sum ≤ high, in the terms of the set itself. */
static bool
find_between(struct search *s, struct window w)
{
    int64_t low = s->turned ? s->total - w.high : w.low, high = s->turned ? s->total - w.low : w.high;
    const struct o2c__lists lists = { s->halves.low.sums, s->halves.high.sums, s->halves.low.count, s->halves.high.count };
    struct o2c__pair pairs[O2C__SCAN_PAIRS];
    uint32_t end = s->halves.high.count;
    if (!o2c__work(s->job, s->halves.low.count + s->halves.high.count))
        return false;
    uint32_t found = o2c__scan(&lists, low, high, pairs);
    for (uint32_t i = 0; found != O2C__NONE && i < found; i++)
        if (!take_sets(s, pairs[i].low, pairs[i].high, low))
            return false;
    for (uint32_t i = 0; found == O2C__NONE && i < s->halves.low.count; i++) {
        while (end > 0 && s->halves.low.sums[i] + s->halves.high.sums[end - 1] > high)
            end--;
        if (end > 0 && !take_sets(s, i, end - 1, low))
            return false;
    }
    return true;
}

/* ---- the walks */

/* Lists up to the largest sum that any window asks for. */
static bool
walk(struct search *s, const struct window *windows, uint32_t count)
{
    int64_t least = windows[0].low, most = windows[0].high;
    for (uint32_t i = 1; i < count; i++) {
        least = windows[i].low < least ? windows[i].low : least;
        most = windows[i].high > most ? windows[i].high : most;
    }
    if (most <= 0 || least > s->total)
        return true;
    s->turned = least > s->total / 2;
    s->halves.most = s->turned ? s->total - least : most;
    if (!fill_halves(s))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!find_between(s, windows[i]))
            return false;
    return true;
}

static bool
walk_open(struct search *s)
{
    const o2c_match_policy *policy = s->job->solve->policy;
    int64_t target = s->job->amount - s->selection->sum, tolerance = tolerance_of(s->job);
    struct window windows[2 + 64] = { { target - tolerance, target + tolerance } };
    uint32_t count = 1;
    if (s->job->charge > tolerance)
        windows[count++] = (struct window){ target + s->job->charge, target + s->job->charge };
    for (uint64_t i = 0; i < policy->fees_count && count < O2C__COUNT(windows); i++)
        if (policy->fees[i] > tolerance && policy->fees[i] != s->job->charge)
            windows[count++] = (struct window){ target + policy->fees[i], target + policy->fees[i] };
    return walk(s, windows, count);
}

/* Amounts less something that comes per item. */
static bool
walk_less(struct search *s, int64_t slack)
{
    int64_t target = s->job->amount - s->selection->sum;
    return walk(s, &(struct window){ target - slack, target + slack }, 1);
}

static bool
load_discounts(struct search *s, int32_t cause)
{
    bool any = false;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct o2c__slot *slot = &s->view->slots[s->slots[i]];
        int64_t less = cause == O2C_ARITHMETIC_X0 ? 0 : cause == O2C_ARITHMETIC_X1 ? slot->early : slot->late;
        any = any || (cause == O2C_ARITHMETIC_X1 ? less != 0 : cause == O2C_ARITHMETIC_X2 && slot->late != slot->early);
        s->amounts[i] = slot->open - less;
    }
    s->cause = cause;
    sort_amounts(s);
    return any || cause == O2C_ARITHMETIC_X0;
}

static bool
load_withheld(struct search *s, uint32_t rate)
{
    bool any = false;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct o2c__slot *slot = &s->view->slots[s->slots[i]];
        int64_t tax = 0;
        any = (slot->withholding && o2c__muldiv(slot->open, rate, 1000000, &tax)) || any;
        s->amounts[i] = slot->open - tax;
    }
    s->cause = O2C_ARITHMETIC_X4;
    sort_amounts(s);
    return any;
}

static bool
walk_causes(struct search *s)
{
    const o2c_match_policy *policy = s->job->solve->policy;
    load_discounts(s, O2C_ARITHMETIC_X0);
    if (!walk_open(s))
        return false;
    if (load_discounts(s, O2C_ARITHMETIC_X1) && !walk_less(s, 0))
        return false;
    if (load_discounts(s, O2C_ARITHMETIC_X2) && !walk_less(s, 0))
        return false;
    for (uint64_t i = 0; i < policy->withholding_ppm_count; i++)
        if (load_withheld(s, policy->withholding_ppm[i]) && !walk_less(s, s->count / 2 + 1))
            return false;
    return true;
}

/* ---- what is light */

/* A set a million times lighter than the best explanation, or than a short payment in any case, decides nothing. */
static int64_t
floor_of(const struct o2c__job *job, const struct o2c__view *view)
{
    const struct o2c__row *rows = job->rows.rows;
    int64_t most = (int64_t)view->ln_payer + o2c__ln_class[O2C_ARITHMETIC_X7] + O2C__LN_SHORT_NEAR - job->ln_amount;
    for (uint32_t i = 0; i < job->rows.count; i++)
        most = rows[i].is.weight > most ? rows[i].is.weight : most;
    return most - O2C__LN_MILLION;
}

static void
add_light(struct search *s)
{
    if (s->light_count == 0)
        return;
    struct o2c__pot *pot = o2c__grow_add(s->job, &s->job->pots, 1);
    if (pot)
        *pot = (struct o2c__pot){ s->floor + O2C__LN_MILLION + o2c__ln_ratio(s->light, UINT64_C(1) << 40) + 1, O2C__POT_LIGHT,
                                  (uint32_t)(s->view - s->job->views), 0, s->light_count };
}

bool
o2c__sets_all(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count, uint32_t room)
{
    struct search s = { .job = job, .view = view, .slots = slots, .count = count, .room = room };
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    uint32_t selected = o2c__selections(view, selections);
    if (count == 0 || count > O2C__ALL_SLOTS || job->cites || view->credits > O2C__CREDITS_FULL ||
        job->operations > job->operations_max / 2)
        return false;
    s.side = view->slots[slots[0]].side;
    s.floor = floor_of(job, view);
    if (!o2c__halves_alloc(&job->solve->arena, &s.halves, room)) {
        job->no_memory = true;
        return false;
    }
    for (uint32_t i = 0; i < selected; i++) {
        s.selection = &selections[i];
        s.ln_base = (int64_t)view->ln_payer + (s.side ? view->ln_tied : view->ln_own) +
                    o2c__ln_credit_prior(view->credits, selections[i].used);
        if (!walk_causes(&s))
            return false;
    }
    add_light(&s);
    return true;
}

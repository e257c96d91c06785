/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set of up to 500 items that fits for a named cause, where all can be found within the budget: by meeting in the middle with
 * everything above the amount cut off, by tables of reachable sums, or by quarters, whichever costs least (sets_choose.c). An amount
 * above half of the pool is searched as what is left out of it. A set that could matter becomes a row; all others are only counted
 * and added up, so that a crowd of accidents costs no memory.
 */
#include "match/explain.h"
#include "match/halves.h"
#include "match/quarters.h"
#include "match/sets_choose.h"
#include "match/sums.h"

#define HIT_OPERATIONS 8
#define ROWS_MOST 512
#define STEPS 64
#define SETS_MOST (INT32_C(1) << 29) /* sets below a step that are told apart from more of them */
#define WINDOWS_MOST (2u + 64u)

/* A set by places of the pool's order. */
struct places {
    uint64_t bits[O2C__SUMS_WORDS];
};
struct search {
    struct o2c__job *job;
    struct o2c__view *view;
    const uint32_t *slots;
    uint32_t credits;               /* searched as items: one that is found is a credit left out; 0 = selection by selection */
    uint32_t all;                   /* debits and those credits */
    struct o2c__selection left;     /* what a set found uses of them */
    uint32_t count, side, room;     /* room 0 = the way is chosen for each walk */
    uint32_t words;                 /* of a set */
    int64_t amounts[O2C__ALL_SLOTS];
    uint32_t order[O2C__ALL_SLOTS]; /* largest amount first */
    int64_t rising[O2C__ALL_SLOTS]; /* amounts that are not above the one asked for, smallest first */
    uint32_t fitting, skip;         /* how many they are, and how many are left out */
    uint64_t step;                  /* operations of a step in the lists */
    uint64_t ceiling;               /* operations at which a search gives up and leaves its bound */
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
    return amount > 0 && o2c__half_grow(&s->halves, half, amount, bit) && o2c__work(s->job, s->step * half->count);
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

/* Sets of every stride-th item by step of their sum, at most: sums of a part are rounded down. */
static void
count_steps(const struct search *s, uint32_t first, uint32_t stride, int64_t step, int32_t out[2 * STEPS])
{
    int32_t sets[2][2 * STEPS] = { { 0 } };
    uint32_t now = 0;
    sets[0][STEPS] = 1;
    for (uint32_t i = first; i < s->all; i += stride) {
        int64_t by = s->amounts[s->order[i]] / step;
        if (by >= STEPS)
            continue;
        add_steps(sets[1 - now], sets[now], by > 0 ? (uint32_t)by : 0, s->room ? (int32_t)s->room : SETS_MOST);
        now = 1 - now;
    }
    memcpy(out, sets[now], sizeof sets[now]);
}

static uint64_t
sets_at_most(const struct search *s, uint32_t half, int64_t step)
{
    int32_t sets[2 * STEPS];
    uint64_t all = 0;
    count_steps(s, s->skip + half, 2, step, sets);
    for (uint32_t x = STEPS; x < 2 * STEPS; x++)
        all += (uint64_t)sets[x];
    return all;
}

/* How many sets may have one of so many sums near the largest: as many as have the sums of the last eighth, on average. */
static uint64_t
sets_expected(const struct search *s, int64_t step, int64_t unit, uint64_t width)
{
    int32_t sets[2 * STEPS];
    uint64_t near = 0, sums = (uint64_t)(step / unit) * (STEPS / 8) + 1;
    count_steps(s, s->skip, 1, step, sets);
    for (uint32_t x = 2 * STEPS - STEPS / 8; x < 2 * STEPS; x++)
        near += (uint64_t)sets[x];
    return width > INT32_MAX ? UINT64_MAX : near * width / sums;
}

/* How many sets of each half stay below the amount, at most: sums in steps of a part of it, rounded down. */
static bool
has_room(const struct search *s)
{
    int64_t step = s->halves.most / STEPS + 1;
    for (uint32_t half = 0; half < 2; half++)
        if (sets_at_most(s, half, step) > s->room + s->room / 2)
            return false;
    return o2c__work(s->job, (uint64_t)s->all * STEPS / 4);
}

/* Large and small items go to both halves in turn, the large ones first: so the lists stay short until the end. */
static bool
fill_halves(struct search *s)
{
    for (uint32_t half = 0; half < 2; half++) {
        struct o2c__half *list = half ? &s->halves.high : &s->halves.low;
        o2c__half_start(list);
        for (uint32_t i = half; i < s->all - s->skip; i += 2)
            if (!half_grow(s, list, s->amounts[s->order[s->skip + i]], UINT64_C(1) << (i / 2)))
                return false;
    }
    return true;
}

static void
sort_amounts(struct search *s)
{
    s->total = 0;
    for (uint32_t i = 0; i < s->credits; i++)
        s->amounts[s->count + i] = -s->view->slots[s->view->debits + i].open;
    for (uint32_t i = 0; i < s->all; i++) {
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
    return fee ? o2c__ln_add(ln, o2c__ln_class[O2C_ARITHMETIC_X3] + o2c__differs_fees(&s->view->differs)) : ln;
}

static void
try_rows(struct search *s, const struct places *places)
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

static void
set_place(struct places *places, uint32_t at)
{
    places->bits[at / 64] |= UINT64_C(1) << (at % 64);
}

/* What was found, or what it leaves out. */
static void
turn(const struct search *s, struct places *places)
{
    for (uint32_t word = 0; s->turned && word < s->words; word++) {
        uint32_t left = s->all - 64 * word;
        places->bits[word] = (left >= 64 ? UINT64_MAX : (UINT64_C(1) << left) - 1) & ~places->bits[word];
    }
}

/* Words beyond those of the pool are never looked at. */
static void
find_places(const struct search *s, uint64_t low, uint64_t high, struct places *out)
{
    for (uint32_t word = 0; word < s->words; word++)
        out->bits[word] = 0;
    for (uint64_t bits = low; bits; bits &= bits - 1)
        set_place(out, s->order[s->skip + 2 * (uint32_t)__builtin_ctzll(bits)]);
    for (uint64_t bits = high; bits; bits &= bits - 1)
        set_place(out, s->order[s->skip + 2 * (uint32_t)__builtin_ctzll(bits) + 1]);
    turn(s, out);
}

/* Credits stand behind the debits: those that were found are left out, the others are used. */
static void
split_credits(struct search *s, struct places *places)
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
is_listed(const struct search *s, uint32_t k, uint32_t runs)
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
ln_prior(const struct search *s, const struct places *places)
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
raise_floor(struct search *s, int64_t weight)
{
    int64_t floor = weight - O2C__LN_MILLION;
    if (floor <= s->floor)
        return;
    s->light = o2c__muldiv_floor(s->light, o2c__exp_q40(s->floor - floor), UINT64_C(1) << 40) + (s->light > 0);
    s->floor = floor;
}

static bool
take_set(struct search *s, struct places *places, int64_t sum)
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

/* Sets with this sum of the low list and a sum of the high one, from its largest partner downward. */
static bool
take_sets(struct search *s, uint32_t low, uint32_t high, int64_t least)
{
    int64_t sum = s->halves.low.sums[low];
    for (uint32_t k = high + 1; k > 0 && sum + s->halves.high.sums[k - 1] >= least; k--) {
        struct places places;
        find_places(s, s->halves.low.masks[low], s->halves.high.masks[k - 1], &places);
        int64_t found = sum + s->halves.high.sums[k - 1];
        if (!take_set(s, &places, s->turned ? s->total - found : found))
            return false;
    }
    return true;
}

/* Every pair of halves with low ≤ sum ≤ high, in the terms of the set itself. */
static bool
find_between(struct search *s, struct o2c__sums_window w)
{
    int64_t low = s->turned ? s->total - w.high : w.low, high = s->turned ? s->total - w.low : w.high;
    const struct o2c__lists lists = { s->halves.low.sums, s->halves.high.sums, s->halves.low.count, s->halves.high.count };
    struct o2c__pair pairs[O2C__SCAN_PAIRS];
    uint32_t end = s->halves.high.count;
    if (!o2c__work(s->job, s->step * (s->halves.low.count + s->halves.high.count)))
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
walk_halves(struct search *s, const struct o2c__sums_window *windows, uint32_t count)
{
    if (!fill_halves(s))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!find_between(s, windows[i]))
            return false;
    return true;
}

/* As much room as the estimate says, which no list can pass; given back at once. */
static bool
walk_long_halves(struct search *s, const struct o2c__sums_window *windows, uint32_t count, uint64_t rows)
{
    o2c__arena arena;
    o2c__arena_init(&arena, &s->job->solve->context.memory, 0);
    bool room = o2c__halves_alloc(&arena, &s->halves, (uint32_t)rows);
    s->step = o2c__halves_step(rows);
    s->job->no_memory = s->job->no_memory || !room;
    bool all = room && walk_halves(s, windows, count);
    o2c__arena_free(&arena);
    return all;
}

/* A search of this kind may give up and leave the bound; it never cuts the payment short. */
static bool
search_work(void *self, uint64_t operations)
{
    struct search *s = self;
    return s->job->operations + operations <= s->ceiling && o2c__work(s->job, operations);
}

static bool
take_sums(void *self, const uint64_t bits[O2C__SUMS_WORDS], int64_t sum)
{
    struct search *s = self;
    struct places places = { { 0 } };
    for (uint32_t word = 0; word < O2C__SUMS_WORDS; word++)
        for (uint64_t left = bits[word]; left; left &= left - 1)
            set_place(&places, s->order[s->all - 1 - (64 * word + (uint32_t)__builtin_ctzll(left))]);
    turn(s, &places);
    return take_set(s, &places, s->turned ? s->total - sum : sum);
}

static bool
take_quarters(void *self, uint64_t bits, int64_t sum)
{
    const uint64_t wide[O2C__SUMS_WORDS] = { bits };
    return take_sums(self, wide, sum);
}

static bool
walk_sums(struct search *s, const struct o2c__sums_window *windows, uint32_t count, int64_t unit)
{
    const struct o2c__sums sums = { .amounts = s->rising, .count = s->fitting, .unit = unit, .windows = windows, .windows_count = count,
                                    .sets_max = O2C__HITS_MAX, .self = s, .work = search_work, .found = take_sums };
    enum o2c__sums_end end = o2c__sums_find(&sums, &s->job->solve->context.memory);
    s->job->no_memory = s->job->no_memory || end == O2C__SUMS_NO_MEMORY;
    return end == O2C__SUMS_ALL;
}

static bool
walk_quarters(struct search *s, const struct o2c__sums_window *windows, uint32_t count)
{
    enum o2c__quarters_end end = O2C__QUARTERS_ALL;
    for (uint32_t i = 0; i < count && end == O2C__QUARTERS_ALL; i++) {
        const struct o2c__quarters quarters = { .amounts = s->rising, .count = s->fitting, .least = windows[i].low, .most = windows[i].high,
                                                .self = s, .work = search_work, .found = take_quarters };
        if (windows[i].high >= 0)
            end = o2c__quarters_find(&quarters, &s->job->solve->context.memory);
    }
    s->job->no_memory = s->job->no_memory || end == O2C__QUARTERS_NO_MEMORY;
    return end == O2C__QUARTERS_ALL;
}

/* Windows in the terms of what is looked for, those out without which no set can be; answers how many are left. */
static uint32_t
reduce(struct search *s, const struct o2c__sums_window *windows, uint32_t count, int64_t unit, struct o2c__sums_window *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        out[kept] = s->turned ? (struct o2c__sums_window){ s->total - windows[i].high, s->total - windows[i].low } : windows[i];
        kept += o2c__may_add_up(s->rising, s->fitting, unit, out[kept].low, out[kept].high);
    }
    return kept;
}

static void
keep_fitting(struct search *s)
{
    s->fitting = 0;
    for (uint32_t i = s->all; i > 0 && s->amounts[s->order[i - 1]] <= s->halves.most; i--)
        s->rising[s->fitting++] = s->amounts[s->order[i - 1]];
    s->skip = s->all - s->fitting;
}

static bool
walk_chosen(struct search *s, const struct o2c__sums_window *windows, uint32_t count)
{
    struct o2c__sums_window kept[WINDOWS_MOST];
    if (s->amounts[s->order[s->all - 1]] <= 0)
        return false;
    keep_fitting(s);
    int64_t unit = o2c__unit_of(s->rising, s->fitting), step = s->halves.most / STEPS + 1;
    uint32_t left = reduce(s, windows, count, unit, kept);
    if (left == 0 || !o2c__work(s->job, (uint64_t)s->all * STEPS / 4))
        return left == 0;
    struct o2c__ask ask = { .items = s->fitting, .low = sets_at_most(s, 0, step), .high = sets_at_most(s, 1, step), .most = s->halves.most,
                            .unit = unit, .windows = left };
    uint64_t width = 0;
    for (uint32_t i = 0; i < left; i++)
        width += (uint64_t)((kept[i].high - kept[i].low) / unit + 1);
    ask.sets = sets_expected(s, step, unit, width);
    ask.operations = s->ceiling > s->job->operations ? s->ceiling - s->job->operations : 0;
    uint64_t operations;
    switch (o2c__sets_choose(&ask, &operations)) {
    case O2C__WAY_HALVES:
        return walk_long_halves(s, windows, count, ask.low > ask.high ? ask.low : ask.high);
    case O2C__WAY_SUMS:
        return walk_sums(s, kept, left, unit);
    case O2C__WAY_QUARTERS:
        return walk_quarters(s, kept, left);
    default:
        return false;
    }
}

static bool
walk(struct search *s, const struct o2c__sums_window *windows, uint32_t count)
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
    return s->room ? has_room(s) && walk_halves(s, windows, count) : walk_chosen(s, windows, count);
}

static bool
walk_open(struct search *s)
{
    const o2c_match_policy *policy = s->job->solve->policy;
    int64_t target = s->job->amount - s->selection->sum, tolerance = tolerance_of(s->job);
    struct o2c__sums_window windows[WINDOWS_MOST] = { { target - tolerance, target + tolerance } };
    uint32_t count = 1;
    if (s->job->charge > tolerance)
        windows[count++] = (struct o2c__sums_window){ target + s->job->charge, target + s->job->charge };
    for (uint64_t i = 0; i < policy->fees_count && count < O2C__COUNT(windows); i++)
        if (policy->fees[i] > tolerance && policy->fees[i] != s->job->charge)
            windows[count++] = (struct o2c__sums_window){ target + policy->fees[i], target + policy->fees[i] };
    return walk(s, windows, count);
}

/* Amounts less something that comes per item. */
static bool
walk_less(struct search *s, int64_t slack)
{
    int64_t target = s->job->amount - s->selection->sum;
    return walk(s, &(struct o2c__sums_window){ target - slack, target + slack }, 1);
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

static bool
walk_selections(struct search *s, const struct o2c__selection *selections, uint32_t selected)
{
    for (uint32_t i = 0; i < selected; i++) {
        s->selection = &selections[i];
        s->ln_base = (int64_t)s->view->ln_payer + (s->side ? s->view->ln_tied : s->view->ln_own) +
                     (s->credits ? 0 : o2c__ln_credit_prior(s->view->credits, selections[i].used));
        if (!walk_causes(s))
            return false;
    }
    add_light(s);
    return true;
}

/* Many credits are items of the search, which begins with all of them used: what is left out of them comes back to the amount. */
static bool
walk_many_credits(struct search *s)
{
    const struct o2c__selection all = { 0, s->credits, s->view->credits_sum };
    s->view->credits_found = walk_selections(s, &all, 1);
    return s->view->credits_found;
}

bool
o2c__sets_all(struct o2c__job *job, struct o2c__view *view, const uint32_t *slots, uint32_t count, uint32_t room)
{
    struct search s = { .job = job, .view = view, .slots = slots, .count = count, .all = count, .room = room, .step = 1 };
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    bool many = view->credits > O2C__CREDITS_FULL;
    if (count == 0 || job->cites || job->operations > job->operations_max / 2)
        return false;
    if (many && (room || count <= O2C__LOOSE_SLOTS || view->credits > 64))
        return false;
    s.credits = many ? view->credits : 0;
    s.all += s.credits;
    if (s.all > (room ? O2C__HALVES_ITEMS : O2C__ALL_SLOTS))
        return false;
    s.words = (s.all + 63) / 64;
    s.side = view->slots[slots[0]].side;
    s.floor = floor_of(job, view);
    s.ceiling = job->operations + job->operations_max / 4;
    if (room && !o2c__halves_alloc(&job->solve->arena, &s.halves, room)) {
        job->no_memory = true;
        return false;
    }
    return many ? walk_many_credits(&s) : walk_selections(&s, selections, o2c__selections(view, selections));
}

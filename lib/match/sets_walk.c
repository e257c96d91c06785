/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How sets with sums in some windows are found: by two halves of all sets that stay below the amount, by tables of reachable sums, or by
 * quarters. In a small pool the halves have a room of their own; else what each way would cost is estimated, and the cheapest is taken.
 */
#include "match/quarters.h"
#include "match/sets_all.h"

#define STEPS 64
#define SETS_MOST (INT32_C(1) << 29) /* sets below a step that are told apart from more of them */

/* ---- the lists */

static bool
half_grow(struct o2c__set_search *s, struct o2c__half *half, int64_t amount, uint64_t bit)
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
count_steps(const struct o2c__set_search *s, uint32_t first, uint32_t stride, int64_t step, int32_t out[2 * STEPS])
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
sets_at_most(const struct o2c__set_search *s, uint32_t half, int64_t step)
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
sets_expected(const struct o2c__set_search *s, int64_t step, int64_t unit, uint64_t width)
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
has_room(const struct o2c__set_search *s)
{
    int64_t step = s->halves.most / STEPS + 1;
    for (uint32_t half = 0; half < 2; half++)
        if (sets_at_most(s, half, step) > s->room + s->room / 2)
            return false;
    return o2c__work(s->job, (uint64_t)s->all * STEPS / 4);
}

/* Large and small items go to both halves in turn, the large ones first: so the lists stay short until the end. */
static bool
fill_halves(struct o2c__set_search *s)
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

/* ---- what was found */

static void
set_place(struct o2c__set_bits *places, uint32_t at)
{
    places->bits[at / 64] |= UINT64_C(1) << (at % 64);
}

/* What was found, or what it leaves out. */
static void
turn(const struct o2c__set_search *s, struct o2c__set_bits *places)
{
    for (uint32_t word = 0; s->turned && word < s->words; word++) {
        uint32_t left = s->all - 64 * word;
        places->bits[word] = (left >= 64 ? UINT64_MAX : (UINT64_C(1) << left) - 1) & ~places->bits[word];
    }
}

/* Words beyond those of the pool are never looked at. */
static void
find_places(const struct o2c__set_search *s, uint64_t low, uint64_t high, struct o2c__set_bits *out)
{
    for (uint32_t word = 0; word < s->words; word++)
        out->bits[word] = 0;
    for (uint64_t bits = low; bits; bits &= bits - 1)
        set_place(out, s->order[s->skip + 2 * (uint32_t)__builtin_ctzll(bits)]);
    for (uint64_t bits = high; bits; bits &= bits - 1)
        set_place(out, s->order[s->skip + 2 * (uint32_t)__builtin_ctzll(bits) + 1]);
    turn(s, out);
}

/* Sets with this sum of the low list and a sum of the high one, from its largest partner downward. */
static bool
take_sets(struct o2c__set_search *s, uint32_t low, uint32_t high, int64_t least)
{
    int64_t sum = s->halves.low.sums[low];
    for (uint32_t k = high + 1; k > 0 && sum + s->halves.high.sums[k - 1] >= least; k--) {
        struct o2c__set_bits places;
        find_places(s, s->halves.low.masks[low], s->halves.high.masks[k - 1], &places);
        int64_t found = sum + s->halves.high.sums[k - 1];
        if (!o2c__set_search_take(s, &places, s->turned ? s->total - found : found))
            return false;
    }
    return true;
}

/* Every pair of halves with low ≤ sum ≤ high, in the terms of the set itself. */
static bool
find_between(struct o2c__set_search *s, struct o2c__sums_window w)
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
walk_halves(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count)
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
walk_long_halves(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count, uint64_t rows)
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
    struct o2c__set_search *s = self;
    return s->job->operations + operations <= s->ceiling && o2c__work(s->job, operations);
}

static bool
take_sums(void *self, const uint64_t bits[O2C__SUMS_WORDS], int64_t sum)
{
    struct o2c__set_search *s = self;
    struct o2c__set_bits places = { { 0 } };
    for (uint32_t word = 0; word < O2C__SUMS_WORDS; word++)
        for (uint64_t left = bits[word]; left; left &= left - 1)
            set_place(&places, s->order[s->all - 1 - (64 * word + (uint32_t)__builtin_ctzll(left))]);
    turn(s, &places);
    return o2c__set_search_take(s, &places, s->turned ? s->total - sum : sum);
}

static bool
take_quarters(void *self, uint64_t bits, int64_t sum)
{
    const uint64_t wide[O2C__SUMS_WORDS] = { bits };
    return take_sums(self, wide, sum);
}

static bool
walk_sums(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count, int64_t unit)
{
    const struct o2c__sums sums = { .amounts = s->rising, .count = s->fitting, .unit = unit, .windows = windows, .windows_count = count,
                                    .sets_max = O2C__HITS_MAX, .self = s, .work = search_work, .found = take_sums };
    enum o2c__sums_end end = o2c__sums_find(&sums, &s->job->solve->context.memory);
    s->job->no_memory = s->job->no_memory || end == O2C__SUMS_NO_MEMORY;
    return end == O2C__SUMS_ALL;
}

static bool
walk_quarters(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count)
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
reduce(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count, int64_t unit, struct o2c__sums_window *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        out[kept] = s->turned ? (struct o2c__sums_window){ s->total - windows[i].high, s->total - windows[i].low } : windows[i];
        kept += o2c__may_add_up(s->rising, s->fitting, unit, out[kept].low, out[kept].high);
    }
    return kept;
}

static void
keep_fitting(struct o2c__set_search *s)
{
    s->fitting = 0;
    for (uint32_t i = s->all; i > 0 && s->amounts[s->order[i - 1]] <= s->halves.most; i--)
        s->rising[s->fitting++] = s->amounts[s->order[i - 1]];
    s->skip = s->all - s->fitting;
}

static bool
walk_chosen(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count)
{
    struct o2c__sums_window kept[O2C__WINDOWS_MOST];
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

bool
o2c__set_search_walk(struct o2c__set_search *s, const struct o2c__sums_window *windows, uint32_t count)
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

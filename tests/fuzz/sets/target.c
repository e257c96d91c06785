/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Complete searches against counting: the bytes become one customer with 4 to 24 items on a price list, up to two credits (or seven
 * or eight, and no fee then), a fee and a tolerance. The library's mass of named explanations must be the sum over every set that
 * fits, found here by two half lists, and a search that is not complete may have less, never more. Tables of sums and quarters must
 * find as many sets as the half lists do.
 */
#include <math.h>
#include <stdlib.h>

#include "fuzz.h"
#include "match/explain.h"
#include "match/habit_model.c"
#include "match/naive.c"
#include "match/random_world.c"
#include "match/world.c"

#include "match/quarters.h"
#include "match/sets_choose.h"
#include "match/sums.h"

#define MOST 24
#define HALF (MOST / 2)
#define CREDITS 7

struct counting {
    const struct naive_world *w;
    int debits[MOST], debits_count; /* items in the order of the prior */
    int credits[CREDITS], credits_count;
    int64_t low[1 << HALF], sums[1 << HALF]; /* of the first half, of the later half */
    uint16_t next[1 << HALF], first[4096];
    int64_t wanted;                 /* what the debits must come to */
    long double mass;
};

static uint32_t
bucket(int64_t sum)
{
    return (uint32_t)((uint64_t)sum * UINT64_C(0x9E3779B97F4A7C15) >> 52);
}

static int64_t
half_sum(const struct counting *c, int from, uint32_t mask)
{
    int64_t sum = 0;
    for (int i = 0; mask >> i; i++)
        sum += mask >> i & 1 ? c->w->items[c->debits[from + i]].open : 0;
    return sum;
}

/* Mask 0 is left out of the chains: 0 ends them, and the empty half is looked at by itself. */
static void
fill_half(struct counting *c)
{
    int from = c->debits_count / 2, count = c->debits_count - from;
    memset(c->first, 0, sizeof c->first);
    for (uint32_t mask = 0; mask < 1u << from; mask++)
        c->low[mask] = half_sum(c, 0, mask);
    for (uint32_t mask = 1; mask < 1u << count; mask++) {
        uint32_t at = bucket(c->sums[mask] = half_sum(c, from, mask));
        c->next[mask] = c->first[at];
        c->first[at] = (uint16_t)mask;
    }
}

static void
add_set(struct counting *c, uint32_t mask, long double factor)
{
    uint32_t k = (uint32_t)__builtin_popcount(mask), runs = (uint32_t)__builtin_popcount(mask & ~(mask << 1));
    int32_t prior = mask ? o2c__ln_set_prior(NULL, (uint32_t)c->debits_count, k, runs, mask & 1) : INT32_MIN;
    if (prior != INT32_MIN)
        c->mass += factor * expl(prior / 65536.0L);
}

static void
count_sets(struct counting *c, int64_t wanted, long double factor)
{
    int from = c->debits_count / 2;
    for (uint32_t low = 0; low < 1u << from; low++) {
        int64_t left = wanted - c->low[low];
        if (left == 0)
            add_set(c, low, factor);
        for (uint32_t high = left > 0 ? c->first[bucket(left)] : 0; high; high = c->next[high])
            if (c->sums[high] == left)
                add_set(c, low | high << from, factor);
    }
}

/* Every cause by which a sum may differ from the amount, for one selection of credits. */
static void
count_causes(struct counting *c, int64_t credit, long double factor)
{
    const struct naive_world *w = c->w;
    int64_t most = w->amount + w->tolerance;
    count_sets(c, w->amount - credit, factor * PI[0]);
    if (w->fees_count)
        count_sets(c, w->amount + w->fees[0] - credit, factor * PI[3]);
    for (int64_t open = w->amount - w->tolerance; open <= most; open++) {
        int64_t limit = open * w->tolerance_ppm / 1000000;
        limit = limit < w->tolerance ? limit : w->tolerance;
        if (open > 0 && open != w->amount && llabs(open - w->amount) <= limit)
            count_sets(c, open - credit, factor * PI[5] / (long double)(2 * limit));
    }
}

static void
count_all(struct counting *c)
{
    long double all = credit_prior(c->credits_count, c->credits_count);
    for (uint32_t use = 0; use < 1u << c->credits_count; use++) {
        int64_t credit = 0;
        for (int i = 0; i < c->credits_count; i++)
            credit += use >> i & 1 ? c->w->items[c->credits[i]].open : 0;
        count_causes(c, credit, use + 1 == 1u << c->credits_count ? all : credit_prior(c->credits_count, bits(use)));
    }
}

static void
sets_world(struct dice *dice, struct naive_world *w)
{
    uint32_t debits = 4 + roll(dice, MOST - 3), many = roll(dice, 8), credits = many == 0 ? CREDITS : roll(dice, 3);
    uint32_t style = roll(dice, 3);
    memset(w, 0, sizeof *w);
    for (uint32_t i = 0; i < debits + credits; i++) {
        struct naive_item *item = &w->items[w->items_count++];
        item->due = 10 + (int)i;
        item->open = style == 0 ? 10000 * (1 + (int64_t)roll(dice, 8)) : style == 1 ? 500 * (1 + (int64_t)roll(dice, 200))
                                                                                     : 1000 + 977 * (int64_t)roll(dice, 256) + (int64_t)roll(dice, 256);
        item->dimension = (int)i; /* each for itself */
        if (i >= debits)
            item->open = -item->open;
    }
    w->accounts_count = w->payers_count = 1;
    w->payers[0] = (struct naive_payer){ 0, 999500 };
    w->day = 100;
    w->lookback = 30;
    w->fees_count = (int)(roll(dice, 2) && many);
    w->fees[0] = 2500;
    w->tolerance = roll(dice, 3) || many == 0 ? 0 : 2;
    w->tolerance_ppm = 5000;
    for (uint32_t i = 0; i < debits; i++)
        w->amount += roll(dice, 5) == 0 ? w->items[i].open : 0;
    for (uint32_t i = debits + 1; i < debits + credits; i++)
        w->amount += many == 0 && roll(dice, 2) ? w->items[i].open : 0;
    w->amount += (roll(dice, 2) && credits ? w->items[debits].open : 0) - (roll(dice, 6) ? 0 : 2500);
    w->amount = w->amount > 0 ? w->amount : 20000;
}

static bool
is_counted(int32_t arithmetic)
{
    return arithmetic == O2C_ARITHMETIC_X0 || arithmetic == O2C_ARITHMETIC_X3 || arithmetic == O2C_ARITHMETIC_X5;
}

static void
compare_masses(const struct naive_world *w, const struct world *world, long double want)
{
    const struct o2c__explanation *why = &world->why;
    uint64_t rows = 0, listed = 0;
    for (uint32_t i = 0; i < why->count; i++)
        rows += is_counted(why->rows[i].arithmetic) ? why->rows[i].mass : 0;
    for (uint32_t i = 0; i < why->count; i++)
        listed += why->rows[i].mass;
    FUZZ_DEMAND(listed + why->lump_short + why->lump_over + why->on_account + why->someone_else + why->bound + why->dropped == why->total);
    if (why->on_account < 10000) /* too light beside the sets to be a measure */
        return;
    /* the same payer: the ratio of the masses is that of the priors */
    long double account = PI[9] / (16.1L * (long double)w->amount), measure = account / (long double)why->on_account;
    if ((long double)rows * measure > want * 1.001L + account * 1e-3L)
        fprintf(stderr, "rows %.9Lg, every set %.9Lg\n", (long double)rows * measure, want);
    FUZZ_DEMAND((long double)rows * measure <= want * 1.001L + account * 1e-3L);
    if (!why->complete || why->cut_short || why->bound)
        return;
    if ((long double)(rows + why->dropped) * measure < want * .999L - account * 1e-3L)
        fprintf(stderr, "rows and dropped %.9Lg, every set %.9Lg\n", (long double)(rows + why->dropped) * measure, want);
    FUZZ_DEMAND((long double)(rows + why->dropped) * measure >= want * .999L - account * 1e-3L);
}

/* ---- the searches alone, on the debit items in the order of their amounts */

static bool
go_on(void *self, uint64_t operations)
{
    (void)self, (void)operations;
    return true;
}

static bool
count_wide(void *self, const uint64_t *bits, int64_t sum)
{
    (void)bits, (void)sum;
    ++*(uint64_t *)self;
    return true;
}

static bool
count_mask(void *self, uint64_t bits, int64_t sum)
{
    return count_wide(self, &bits, sum);
}

static int
ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* By two sorted half lists of its own. */
static uint64_t
count_plain(const int64_t *amounts, uint32_t count, int64_t wanted)
{
    static int64_t sums[1 << HALF];
    uint32_t low = count / 2, high = count - low;
    uint64_t sets = 0;
    for (uint32_t mask = 0; mask < 1u << high; mask++) {
        sums[mask] = 0;
        for (uint32_t i = 0; i < high; i++)
            sums[mask] += mask >> i & 1 ? amounts[low + i] : 0;
    }
    qsort(sums, (size_t)1 << high, sizeof sums[0], ascending);
    for (uint32_t mask = 0; mask < 1u << low; mask++) {
        int64_t left = wanted;
        uint32_t at = 0, end = 1u << high;
        for (uint32_t i = 0; i < low; i++)
            left -= mask >> i & 1 ? amounts[i] : 0;
        while (at < end) {
            uint32_t middle = (at + end) / 2;
            if (sums[middle] < left)
                at = middle + 1;
            else
                end = middle;
        }
        for (; at < 1u << high && sums[at] == left; at++)
            sets++;
    }
    return sets;
}

static void
compare_searches(const struct counting *c)
{
    int64_t amounts[MOST];
    uint32_t count = (uint32_t)c->debits_count;
    uint64_t by_sums = 0, by_quarters = 0;
    o2c__context context;
    for (uint32_t i = 0; i < count; i++)
        amounts[i] = c->w->items[c->debits[i]].open;
    qsort(amounts, count, sizeof amounts[0], ascending);
    FUZZ_DEMAND(o2c__context_init(&context, NULL, UINT64_MAX, NULL) == O2C_OK);
    const struct o2c__sums_window window = { c->w->amount, c->w->amount };
    const struct o2c__sums sums = { amounts, count, o2c__unit_of(amounts, count), &window, 1, O2C__HITS_MAX, &by_sums, go_on, count_wide };
    const struct o2c__quarters quarters = { amounts, count, c->w->amount, c->w->amount, &by_quarters, go_on, count_mask };
    uint64_t want = count_plain(amounts, count, c->w->amount);
    FUZZ_DEMAND(o2c__quarters_find(&quarters, &context.memory) == O2C__QUARTERS_ALL && by_quarters == want);
    enum o2c__sums_end end = o2c__sums_find(&sums, &context.memory);
    FUZZ_DEMAND(end == (want > O2C__HITS_MAX ? O2C__SUMS_STOPPED : O2C__SUMS_ALL) && by_sums == (want > O2C__HITS_MAX ? 0 : want));
    FUZZ_DEMAND(want == 0 || o2c__may_add_up(amounts, count, sums.unit, c->w->amount, c->w->amount));
    FUZZ_DEMAND(context.memory.used == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dice dice = { .bytes = data, .size = size };
    static struct counting c;
    struct naive_world w;
    struct world world;
    sets_world(&dice, &w);
    memset(&c, 0, sizeof c);
    c.w = &w;
    for (int i = 0; i < w.items_count; i++)
        if (w.items[i].open > 0)
            c.debits[c.debits_count++] = i;
        else
            c.credits[c.credits_count++] = i;
    fill_half(&c);
    count_all(&c);
    compare_searches(&c);
    FUZZ_DEMAND(world_open(&world, &w));
    FUZZ_DEMAND(world_explain(&world) == O2C_OK);
    compare_masses(&w, &world, c.mass);
    world_close(&world);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the customers of this host pay, out of the counters of habit.c. A set weighs
 *
 *     P(S | n) = cold(S | n) · (⅕ + ⅘ · min(size · runs · oldest, 19 ÷ 4))
 *
 * where each factor says how many times as often as the cold default expects it this host's payments had such a size, so many runs for
 * their size, the oldest item or not. Counts stand beside the cold default, which has the weight of 20 payments; where fewer than 50 were
 * counted the factor is 1. Inside a bin the cold default says how chances are spread, so each factor averages to 1 and the sum over all
 * sets stays at most 1. The fifth keeps every set possible; the cap keeps a habit from deciding between rivals: no two sets change their
 * ratio by more than 20, and where the cold default gives the better one less than nine tenths it stays below .995.
 */
#include "match/prior.h"
#include "match/ways.h"

#define FEW 50u     /* payments below which nothing is read */
#define SHRINK 20u  /* payments that the cold default weighs */
#define SUM_BITS 16 /* of a row of counters */
#define ONE_BITS O2C__TIMES_BITS
#define ONE O2C__TIMES_ONE
#define TIMES_MAX (ONE << 11)

static const uint32_t first_of[O2C__HABIT_SIZES + 1] = { 1, 2, 3, 4, 5, 6, 7, 13, 26, UINT32_MAX };

static uint32_t
last_of(uint32_t bin, uint32_t most)
{
    uint32_t last = first_of[bin + 1] - 1;
    return last < most ? last : most;
}

bool
o2c__prior_knows(const struct o2c__set_prior *prior, uint32_t n)
{
    return prior->host->pools >> o2c__pool_bin(n) & 1;
}

/* Payments in the bins that can occur. */
static uint64_t
seen(const uint32_t *counted, uint32_t most)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < O2C__HABIT_SIZES && first_of[i] <= most; i++)
        sum += counted[i];
    return sum;
}

/* (count ÷ cold share + 20) ÷ (sum + 20). */
static uint64_t
times(uint64_t count, uint64_t sum, uint64_t share, uint64_t whole)
{
    uint64_t x = (count * whole * ONE / share + SHRINK * ONE) / (sum + SHRINK);
    return x < TIMES_MAX ? x : TIMES_MAX;
}

uint64_t
o2c__size_times(const struct o2c__set_prior *prior, uint32_t n, uint32_t k)
{
    uint64_t whole, share;
    const uint32_t *counted = prior->host->counted.sizes[o2c__pool_bin(n)];
    uint32_t bin = o2c__size_bin(k);
    uint64_t sum = seen(counted, n);
    if (sum < FEW)
        return ONE;
    share = o2c__cold_sizes(n, first_of[bin], last_of(bin, n), &whole);
    return times(counted[bin], sum, share, whole);
}

static uint64_t
runs_times(const struct o2c__host_prior *prior, uint32_t n, uint32_t k, uint32_t r)
{
    uint64_t whole, share;
    uint32_t most = k < n - k + 1 ? k : n - k + 1, bin = o2c__size_bin(r);
    const uint32_t *counted = prior->counted.runs[o2c__pool_bin(n)][o2c__size_bin(k)];
    uint64_t sum = seen(counted, most);
    if (sum < FEW || most == 1)
        return ONE;
    share = o2c__cold_runs(n, most, first_of[bin], last_of(bin, most), &whole);
    return times(counted[bin], sum, share, whole);
}

/* Only where a set may hold the oldest item or not. */
static uint64_t
oldest_times(const struct o2c__host_prior *prior, uint32_t n, uint32_t k, uint32_t r, bool oldest)
{
    const uint32_t *counted = prior->counted.oldest[o2c__pool_bin(n)];
    uint64_t sum = (uint64_t)counted[0] + counted[1];
    return r > n - k || sum < FEW ? ONE : times(counted[oldest], sum, 1, 2);
}

static uint64_t
multiply(uint64_t a, uint64_t b)
{
    uint64_t product = a * b >> ONE_BITS;
    return product < TIMES_MAX ? product : TIMES_MAX;
}

uint64_t
o2c__host_one_run(const struct o2c__host_prior *prior, uint32_t n, uint32_t k)
{
    uint64_t whole, share = o2c__cold_runs(n, k < n - k + 1 ? k : n - k + 1, 1, 1, &whole);
    uint64_t chance = share * runs_times(prior, n, k, 1) / whole;
    return chance < ONE ? chance : ONE;
}

uint64_t
o2c__host_oldest(const struct o2c__host_prior *prior, uint32_t n)
{
    uint64_t chance = oldest_times(prior, n, 1, 1, true) / 2;
    return chance < ONE ? chance : ONE;
}

/* Host and payer, under one cap. */
static uint64_t
blended(const struct o2c__prior_row *row, uint64_t shape, uint32_t r, bool oldest)
{
    const struct o2c__set_prior *prior = row->prior;
    uint64_t x = multiply(shape, oldest_times(prior->host, row->n, row->k, r, oldest));
    if (prior->ways)
        x = multiply(x, o2c__ways_times(prior->ways, prior->host, &(struct o2c__choice){ row->n, row->k, r, oldest }));
    uint64_t blend = (4 * x + ONE) / 5;
    return blend < 4 * ONE ? blend : 4 * ONE;
}

static int32_t
work_out(const struct o2c__prior_row *row, uint32_t r, bool oldest)
{
    uint64_t size = row->size_times ? row->size_times : o2c__size_times(row->prior, row->n, row->k);
    uint64_t shape = multiply(size, runs_times(row->prior->host, row->n, row->k, r));
    return o2c__ln_ratio(blended(row, shape, r, oldest), ONE);
}

void
o2c__prior_memory_init(struct o2c__prior_memory *memory, uint32_t n)
{
    memory->n = n;
    for (uint32_t i = 0; i < O2C__WORKED_SIZES * O2C__HABIT_SIZES * 2; i++)
        (&memory->ln[0][0][0])[i] = INT32_MIN;
}

int32_t
o2c__ln_learned(const struct o2c__prior_row *row, uint32_t r, bool oldest)
{
    struct o2c__prior_memory *worked = r > row->n - row->k ? NULL : o2c__prior_remembers(row->prior, row->n, row->k);
    if (!worked)
        return work_out(row, r, oldest);
    int32_t *ln = &worked->ln[row->k - 1][o2c__size_bin(r)][oldest];
    if (*ln == INT32_MIN)
        *ln = work_out(row, r, oldest);
    return *ln;
}

/* Bin by bin, where runs were counted, and one run apart from several where the payer's ways are known: inside a stretch all shapes have
 * the same factor, but for those of so many runs that the oldest item is among them. */
uint64_t
o2c__learned_shapes(const struct o2c__set_prior *prior, uint32_t n, uint32_t k, uint32_t runs, uint64_t *out_whole)
{
    struct o2c__prior_row row = { .prior = prior, .n = n, .k = k };
    uint64_t sum = 0, whole = 1, size = o2c__size_times(prior, n, k);
    uint32_t most = k < n - k + 1 ? k : n - k + 1, rest = n - k;
    bool counted = seen(prior->host->counted.runs[o2c__pool_bin(n)][o2c__size_bin(k)], most) >= FEW;
    for (uint32_t from = runs, to; from <= most; from = to + 1) {
        to = counted ? last_of(o2c__size_bin(from), most) : prior->ways && from == 1 ? 1 : most;
        to = from <= rest && to > rest ? rest : to;
        uint64_t share = o2c__cold_runs(n, most, from, to, &whole);
        uint64_t shape = multiply(size, runs_times(prior->host, n, k, from));
        sum += share * (blended(&row, shape, from, false) + blended(&row, shape, from, true));
    }
    *out_whole = 2 * ONE * whole;
    return sum;
}

/* ---- out of the counters */

static uint64_t
sum_of(const uint32_t *counted, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += counted[i];
    return sum;
}

static void
scale(uint32_t *counted, uint32_t count)
{
    uint32_t shift = 0;
    for (uint64_t sum = sum_of(counted, count); sum >> shift >> SUM_BITS;)
        shift++;
    for (uint32_t i = 0; i < count; i++)
        counted[i] >>= shift;
}

static void
fill_small(struct o2c__host_prior *prior, uint32_t n)
{
    int32_t *to = prior->small + o2c__prior_at[n - 1];
    uint32_t most = (n + 1) / 2;
    for (uint32_t k = 1; k <= n; k++) {
        struct o2c__prior_row row = { .prior = &prior->is, .n = n, .k = k, .size_times = o2c__size_times(&prior->is, n, k) };
        for (uint32_t i = 0; i < 2 * most; i++, to++)
            if (*to != INT32_MIN)
                *to += o2c__ln_learned(&row, i / 2 + 1, i & 1);
    }
}

void
o2c__prior_count(struct o2c__host_prior *prior, const struct o2c__habits *habits)
{
    prior->is = (struct o2c__set_prior){ .host = prior };
    prior->pools = 0;
    prior->counted = *habits;
    for (uint32_t pool = 0; pool < O2C__HABIT_POOLS; pool++) {
        prior->pools |= (uint32_t)(sum_of(habits->sizes[pool], O2C__HABIT_SIZES) >= FEW) << pool;
        scale(prior->counted.sizes[pool], O2C__HABIT_SIZES);
        scale(prior->counted.oldest[pool], 2);
        for (uint32_t size = 0; size < O2C__HABIT_SIZES; size++)
            scale(prior->counted.runs[pool][size], O2C__HABIT_SIZES);
    }
}

static void
fill(struct o2c__host_prior *prior, const struct o2c__habits *habits)
{
    o2c__prior_count(prior, habits);
    memcpy(prior->small, o2c__prior, sizeof prior->small);
    for (uint32_t n = 1; n <= O2C__PRIOR_N; n++)
        if (o2c__prior_knows(&prior->is, n))
            fill_small(prior, n);
}

void
o2c__prior_free(o2c_match_model *model)
{
    if (model->prior) /* it is the head of what was allocated */
        o2c__release(&model->context.memory, model->prior, sizeof(struct o2c__host_prior));
    model->prior = NULL;
}

bool
o2c__prior_learn(o2c_match_model *model, const struct o2c__habits *habits)
{
    bool any = false;
    o2c__prior_free(model);
    for (uint32_t pool = 0; habits && pool < O2C__HABIT_POOLS; pool++)
        any = any || sum_of(habits->sizes[pool], O2C__HABIT_SIZES) >= FEW;
    if (!any)
        return true;
    struct o2c__host_prior *prior = o2c__alloc_zero(&model->context.memory, 1, sizeof *prior);
    if (!prior)
        return false;
    fill(prior, habits);
    model->prior = &prior->is;
    return true;
}

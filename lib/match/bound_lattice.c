/* SPDX-License-Identifier: Apache-2.0 */
/*
 * κ: how much denser do the sums of a pool lie at this amount than a smooth density says? List prices, round cents and equal items put
 * sums on a lattice. κ = max(1, max over q of q · Pr[A ≡ T mod q]), each item included with chance T ÷ ΣA, by an exact integer program,
 * rounded up. The chance of one rest is the meeting of two walks: up to eleven items from the rest 0, up to eleven from T backward, both
 * as lists of points, and only what lies between them walks over all rests of the modulus.
 *
 * Another item never raises the largest chance of any rest, so what the largest is after some items bounds what stands at T after all.
 * Thus the walk ends as soon as every rest is nearly as likely as the others, and where the budget ends before the items do. Where a few
 * hundred items make that long, pairs of them bound the chance (bound_pairs.c).
 */
#include "match/explain.h"
#include "match/lattice.h"

#define LATTICE_LARGEST 16381
#define POINT_ITEMS 11    /* items of each list of points: 2^11 points */
#define STRETCH 16        /* items between two looks at the largest chance */
#define EVEN 64           /* largest chance · q ≤ 1 + 1/64: even enough */
#define STEPS_PER_OPERATION 6
#define PAIRS_PER_OPERATION 2

static const uint32_t moduli[] = { 1000, 4093, LATTICE_LARGEST };

static bool
inside(const struct o2c__slot *slot, uint32_t side)
{
    return side == O2C__NONE || slot->side == side;
}

static int64_t
common_divisor(const struct o2c__slot *slots, uint32_t n, uint32_t side)
{
    int64_t divisor = 0;
    for (uint32_t i = 0; i < n && divisor != 1; i++) {
        if (!inside(&slots[i], side))
            continue;
        int64_t a = slots[i].open, b = divisor;
        while (b) {
            int64_t rest = a % b;
            a = b;
            b = rest;
        }
        divisor = a;
    }
    return divisor;
}

/* κ ≤ q for every q, and the common divisor when the amount lies on it: the correction that needs no walk. */
int64_t
o2c__ln_lattice_most(const struct o2c__slot *slots, uint32_t n, uint32_t side, int64_t amount)
{
    int64_t divisor = common_divisor(slots, n, side), ln = o2c__ln_u64(LATTICE_LARGEST);
    if (divisor > LATTICE_LARGEST && amount % divisor == 0) /* every sum lies on the lattice, and so does the amount */
        ln = o2c__ln_u64((uint64_t)divisor);
    return ln;
}

/* Chances in Q32, rounded up. */
struct walk {
    uint32_t *now, *next;
    uint32_t *points_rest, *points_chance; /* 2^POINT_ITEMS rows */
    const int64_t *opens;
    uint32_t count, modulus;
    uint64_t enough; /* largest chance · modulus that needs no further item, Q32 */
    struct o2c__chances of;
    o2c__include_stretch include;
};

static uint32_t
times(uint32_t a, uint32_t b)
{
    return (uint32_t)(((uint64_t)a * b + UINT32_MAX) >> 32);
}

/* All 2^count subsets of some items as points: rest and chance. Equal rests may stand twice. */
static uint32_t
list_points(struct walk *walk, const int64_t *opens, uint32_t count)
{
    uint32_t points = 1;
    walk->points_rest[0] = 0;
    walk->points_chance[0] = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rest = (uint32_t)(opens[i] % walk->modulus);
        for (uint32_t k = 0; k < points; k++) {
            uint32_t sum = walk->points_rest[k] + rest;
            walk->points_rest[points + k] = sum >= walk->modulus ? sum - walk->modulus : sum;
            walk->points_chance[points + k] = times(walk->points_chance[k], walk->of.with);
            walk->points_chance[k] = times(walk->points_chance[k], walk->of.without);
        }
        points *= 2;
    }
    return points;
}

static void
include_item(struct walk *walk, int64_t open)
{
    uint32_t rest = (uint32_t)(open % walk->modulus), q = walk->modulus;
    if (rest == 0)
        return;
    /* two straight stretches instead of a ring, so that several rests move at once */
    walk->include(walk->next, walk->now, walk->now + (q - rest), rest, &walk->of);
    walk->include(walk->next + rest, walk->now + rest, walk->now, q - rest, &walk->of);
    uint32_t *swap = walk->now;
    walk->now = walk->next;
    walk->next = swap;
}

static void
begin_walk(struct walk *walk, uint32_t points_items)
{
    uint32_t points = list_points(walk, walk->opens, points_items);
    memset(walk->now, 0, walk->modulus * sizeof *walk->now);
    for (uint32_t i = 0; i < points; i++) {
        uint32_t *at = &walk->now[walk->points_rest[i]];
        *at = *at > UINT32_MAX - walk->points_chance[i] ? UINT32_MAX : *at + walk->points_chance[i];
    }
}

/* Chance of the rest of the amount: the dense walk met by the points that lie behind it. */
static uint64_t
meet_points(struct walk *walk, const int64_t *opens, uint32_t count, int64_t amount)
{
    uint64_t chance = 0;
    uint32_t points = list_points(walk, opens, count), rest = (uint32_t)(amount % walk->modulus);
    for (uint32_t i = 0; i < points; i++) {
        uint32_t back = walk->points_rest[i];
        uint32_t at = rest >= back ? rest - back : rest + walk->modulus - back;
        chance += ((uint64_t)walk->now[at] * walk->points_chance[i] + UINT32_MAX) >> 32;
    }
    return chance;
}

static uint64_t
largest_chance(const struct walk *walk)
{
    uint32_t most = 0;
    for (uint32_t x = 0; x < walk->modulus; x++)
        most = walk->now[x] > most ? walk->now[x] : most;
    return most;
}

/* False: the budget ends first. With several payers in question it is for the searches, and nothing is cut short by this. */
static bool
afford(struct o2c__job *job, uint64_t steps)
{
    uint64_t operations = steps / STEPS_PER_OPERATION + 1;
    return job->operations + operations <= job->operations_max && o2c__work(job, operations);
}

/* Items until all of them, or an even spread, or the end of the budget; none = with no item at all the rest 0 keeps this chance. */
static uint32_t
walk_middle(struct o2c__job *job, struct walk *walk, uint32_t head, uint32_t middle, uint32_t none)
{
    uint32_t walked = 0;
    uint64_t enough = walk->enough / walk->modulus;
    for (uint32_t i = 0; i < head; i++)
        none = times(none, walk->of.without);
    while (walked < middle) {
        uint32_t count = middle - walked < STRETCH ? middle - walked : STRETCH;
        if (!afford(job, (uint64_t)count * walk->modulus))
            break;
        for (uint32_t i = 0; i < count; i++, walked++) {
            include_item(walk, walk->opens[head + walked]);
            none = times(none, walk->of.without);
        }
        if (none <= enough && walked < middle && largest_chance(walk) <= enough)
            break;
    }
    return walked;
}

/* Items after which the chance to have taken none of them is small enough: before that no walk ends. */
static uint64_t
steps_ahead(const struct walk *walk, uint32_t middle)
{
    uint32_t none = UINT32_MAX, items = 0;
    uint64_t enough = walk->enough / walk->modulus;
    for (; items < middle + POINT_ITEMS && none > enough; items++)
        none = times(none, walk->of.without);
    return (uint64_t)(items > POINT_ITEMS ? items - POINT_ITEMS : 0) * walk->modulus;
}

/* False: too few items for an even spread of pairs, or the walk is shorter. */
static bool
by_pairs(struct o2c__job *job, struct walk *walk, uint64_t steps, int64_t amount, int64_t *out)
{
    uint64_t pairs = (uint64_t)walk->count * (walk->count - 1) / 2;
    if (pairs < 2 * (uint64_t)walk->modulus || steps / STEPS_PER_OPERATION < pairs / PAIRS_PER_OPERATION ||
        !afford(job, pairs * STEPS_PER_OPERATION / PAIRS_PER_OPERATION))
        return false;
    for (uint32_t i = 0; i < walk->count; i++)
        walk->next[i] = (uint32_t)(walk->opens[i] % walk->modulus);
    struct o2c__rests rests = { walk->next, walk->count, walk->modulus, (uint32_t)(amount % walk->modulus), walk->of.with };
    *out = o2c__ln_pairs(&rests, walk->now);
    return true;
}

static int64_t
ln_modulus(struct o2c__job *job, struct walk *walk, uint32_t modulus, int64_t amount)
{
    uint32_t head = walk->count < POINT_ITEMS ? walk->count : POINT_ITEMS;
    uint32_t tail = walk->count - head < POINT_ITEMS ? walk->count - head : POINT_ITEMS;
    uint32_t middle = walk->count - head - tail;
    int64_t ln;
    walk->modulus = modulus;
    if (by_pairs(job, walk, steps_ahead(walk, middle), amount, &ln))
        return ln > 0 ? ln : 0;
    begin_walk(walk, head);
    bool all = walk_middle(job, walk, head, middle, UINT32_MAX) == middle;
    uint64_t share = all ? meet_points(walk, walk->opens + head + middle, tail, amount) : largest_chance(walk);
    ln = o2c__ln_u64(share + 1) + (int64_t)o2c__ln_u64(modulus) - 32 * (int64_t)(O2C__LN2_Q40 >> 24);
    return ln > 0 ? ln : 0;
}

static bool
walk_alloc(struct o2c__job *job, struct walk *walk, int64_t **opens, uint32_t n)
{
    uint32_t points = 1u << POINT_ITEMS;
    *opens = o2c__arena_alloc(&job->solve->arena, n * sizeof **opens);
    walk->now = o2c__arena_alloc(&job->solve->arena, 2 * ((size_t)LATTICE_LARGEST + points) * sizeof *walk->now);
    if (!*opens || !walk->now) {
        job->no_memory = true;
        return false;
    }
    walk->next = walk->now + LATTICE_LARGEST;
    walk->points_rest = walk->next + LATTICE_LARGEST;
    walk->points_chance = walk->points_rest + points;
    walk->opens = *opens;
    return true;
}

/* T ÷ ΣA, at least 1 ÷ n and at most a half. */
static uint32_t
chance_of(uint64_t amount, uint64_t sum, uint32_t count)
{
    uint64_t one = UINT64_C(1) << 32, chance = amount >= sum ? one / 2 : o2c__muldiv_floor(amount, one, sum);
    chance = chance < one / count ? one / count : chance;
    return (uint32_t)(chance > one / 2 ? one / 2 : chance);
}

int64_t
o2c__ln_lattice(struct o2c__job *job, const struct o2c__slot *slots, uint32_t n, uint32_t side, int64_t amount, int64_t enough)
{
    int64_t divisor = common_divisor(slots, n, side), sum = 0, ln = 0, *opens;
    struct walk walk = { 0 };
    if (amount <= 0 || n == 0 || !walk_alloc(job, &walk, &opens, n))
        return 0;
    for (uint32_t i = 0; i < n; i++)
        if (inside(&slots[i], side)) {
            opens[walk.count++] = slots[i].open;
            sum += slots[i].open;
        }
    if (walk.count == 0)
        return 0;
    if (divisor > 1 && amount % divisor == 0)
        ln = o2c__ln_u64((uint64_t)divisor);
    if (!afford(job, O2C__COUNT(moduli) * ((uint64_t)4 << POINT_ITEMS) + LATTICE_LARGEST))
        return o2c__ln_lattice_most(slots, n, side, amount);
    walk.of.with = chance_of((uint64_t)amount, (uint64_t)sum, walk.count);
    walk.of.without = (uint32_t)((UINT64_C(1) << 32) - walk.of.with);
    walk.include = o2c__include_widest();
    walk.enough = (UINT64_C(1) << 32) + (UINT64_C(1) << 32) / EVEN;
    if (enough > 0) /* at most 20 nats: far above any modulus */
        walk.enough = o2c__muldiv_floor(walk.enough, UINT64_C(1) << 40, o2c__exp_q40(enough < 20 * 65536 ? -enough : -20 * 65536));
    for (uint32_t i = 0; i < O2C__COUNT(moduli); i++) {
        int64_t other = ln_modulus(job, &walk, moduli[i], amount);
        ln = other > ln ? other : ln;
    }
    return ln;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All sets of a pool that add up: by halves up to 22 items, above that one item, one run, two runs, all but a few, pairs and triples;
 * what those leave out is bounded. Written for the generator alone: the library has its own way, and neither knows the other.
 */
#include <stdlib.h>
#include <string.h>

#include "market_inside.h"

#define HALVES_MAX 22u
#define SLOTS 65536u

struct half {
    int64_t sum;
    uint64_t kind;
    uint32_t mask, next;
};
struct run {
    int64_t sum;
    uint64_t kind;
    uint32_t from, to, next;
};
struct hunt {
    const struct sight *sight;
    const int64_t *values;
    int64_t target;
    const struct habits *habits;
    uint64_t kind;
    struct masses *out;
};

static void
found(struct hunt *hunt, uint64_t kind, uint32_t k, uint32_t r, bool oldest)
{
    uint64_t p = market_set_prior(hunt->habits, hunt->sight->count, k, r, oldest);
    if (kind == hunt->kind)
        hunt->out->alike += p;
    else
        hunt->out->others += p;
}

static uint32_t
slot_of(int64_t sum)
{
    return (uint32_t)((uint64_t)sum * UINT64_C(0x9E3779B97F4A7C15) >> 48);
}

static uint32_t
bits(uint32_t mask)
{
    uint32_t count = 0;
    for (; mask; mask &= mask - 1)
        count++;
    return count;
}

/* ---- up to 22 items: every set */
static void
fill_half(const struct hunt *hunt, uint32_t from, uint32_t count, struct half *half)
{
    half[0] = (struct half){ 0, 0, 0, 0 };
    for (uint32_t i = 0, size = 1; i < count; i++, size *= 2) {
        for (uint32_t k = 0; k < size; k++)
            half[size + k] = (struct half){ half[k].sum + hunt->values[from + i], half[k].kind + hunt->sight->kind[from + i],
                                            half[k].mask | 1u << (from + i), 0 };
    }
}

static void
by_halves(struct hunt *hunt)
{
    static struct half left[2048], right[2048];
    static uint32_t slots[4096];
    uint32_t n = hunt->sight->count, low = n / 2, high = n - low, few = 64;
    while (few < 2u << low && few < 4096)
        few *= 2;
    fill_half(hunt, 0, low, left);
    fill_half(hunt, low, high, right);
    memset(slots, 0, few * sizeof *slots);
    for (uint32_t i = 0; i < 1u << low; i++) {
        uint32_t slot = slot_of(left[i].sum) & (few - 1);
        left[i].next = slots[slot];
        slots[slot] = i + 1;
    }
    for (uint32_t i = 0; i < 1u << high; i++) {
        int64_t want = hunt->target - right[i].sum;
        for (uint32_t at = slots[slot_of(want) & (few - 1)]; at; at = left[at - 1].next) {
            uint32_t mask = left[at - 1].mask | right[i].mask;
            if (left[at - 1].sum == want && mask)
                found(hunt, left[at - 1].kind + right[i].kind, bits(mask), bits(mask & ~(mask << 1)), mask & 1);
        }
    }
}

/* ---- more: one and two runs; a long run is the rest of a short one */
static uint32_t
list_runs(const struct hunt *hunt, struct run *runs, uint32_t room, uint32_t longest)
{
    uint32_t count = 0, n = hunt->sight->count;
    for (uint32_t from = 0; from < n; from++) {
        int64_t sum = 0;
        uint64_t kind = 0;
        for (uint32_t to = from; to < n && to - from < longest && count < room; to++) {
            sum += hunt->values[to];
            kind += hunt->sight->kind[to];
            runs[count++] = (struct run){ sum, kind, from, to + 1, 0 };
        }
    }
    return count;
}

static void
one_run(struct hunt *hunt)
{
    uint32_t n = hunt->sight->count;
    for (uint32_t from = 0; from < n; from++) {
        int64_t sum = 0;
        uint64_t kind = 0;
        for (uint32_t to = from; to < n; to++) {
            sum += hunt->values[to];
            kind += hunt->sight->kind[to];
            if (sum == hunt->target)
                found(hunt, kind, to - from + 1, 1, from == 0);
        }
    }
}

static void
two_runs(struct hunt *hunt, uint32_t longest)
{
    static struct run runs[32768];
    static uint32_t slots[SLOTS];
    uint32_t count = list_runs(hunt, runs, 32768, longest);
    memset(slots, 0, sizeof slots);
    for (uint32_t i = 0; i < count; i++) {
        int64_t want = hunt->target - runs[i].sum;
        /* Only runs that began earlier are in the table: each pair is seen once, a gap between them. */
        for (uint32_t at = slots[slot_of(want)]; at; at = runs[at - 1].next) {
            const struct run *other = &runs[at - 1];
            if (other->sum == want && other->to < runs[i].from)
                found(hunt, other->kind + runs[i].kind, other->to - other->from + runs[i].to - runs[i].from, 2, other->from == 0);
        }
        uint32_t slot = slot_of(runs[i].sum);
        runs[i].next = slots[slot];
        slots[slot] = i + 1;
    }
}

static uint64_t
root(uint64_t value)
{
    uint64_t low = 0, high = UINT64_C(1) << 32;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (middle * middle <= value)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/*
 * Sets of three runs and more: as many as habits say, spread over the sums they can have. A sum of k draws is within one standard
 * deviation times root k; the highest point of that bell is below 2 / 5 of its inverse. Four times that, for bells are not exact.
 */
static void
bound(struct hunt *hunt, uint32_t longest)
{
    uint32_t n = hunt->sight->count;
    int64_t mean = 0, scale = 1;
    uint64_t spread = 0, sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        int64_t size = hunt->values[i] < 0 ? -hunt->values[i] : hunt->values[i];
        mean += hunt->values[i] / (int64_t)n;
        scale = size >> 29 >= scale ? (size >> 29) + 1 : scale; /* squares fit */
    }
    for (uint32_t i = 0; i < n; i++) {
        int64_t apart = (hunt->values[i] - mean) / scale;
        spread += (uint64_t)(apart * apart) / n;
    }
    spread = root(spread) * (uint64_t)scale + 1;
    for (uint32_t k = 2; k < n && k <= 400; k++) {
        uint64_t left = 0;
        uint32_t most = k < n - k + 1 ? k : n - k + 1;
        for (uint32_t r = k <= longest ? 3 : 2; r <= most; r++)
            left += market_shape_prior(hunt->habits, n, k, r);
        sum += left / (root((uint64_t)k * 16) * spread / 4 + 1) * 8 / 5;
    }
    hunt->out->loose += sum;
}

void
market_sets(const struct sight *sight, const int64_t *values, int64_t target, const struct habits *habits, uint64_t kind,
    struct masses *out)
{
    struct hunt hunt = { sight, values, target, habits, kind, out };
    if (sight->count == 0)
        return;
    if (sight->count <= HALVES_MAX) {
        by_halves(&hunt);
        return;
    }
    uint32_t longest = sight->count <= 100 ? 100 : 30;
    one_run(&hunt);
    two_runs(&hunt, longest);
    bound(&hunt, longest);
}

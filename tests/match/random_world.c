/* SPDX-License-Identifier: Apache-2.0 */
#include "match/random_world.h"

#include <math.h>

uint32_t
roll(struct dice *dice, uint32_t sides)
{
    if (dice->at < dice->size)
        return dice->bytes[dice->at++] % sides;
    uint64_t z = (dice->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) % sides);
}

static int64_t
random_amount(struct dice *dice, uint32_t style)
{
    if (style == 0)
        return 10000 * (1 + (int64_t)roll(dice, 8)); /* a price list */
    if (style == 1)
        return 100 * (1 + (int64_t)roll(dice, 200)) + (int64_t)roll(dice, 2) * 5000;
    return 1 + (int64_t)roll(dice, 256) * 977 + (int64_t)roll(dice, 256) * 3;
}

static void
random_item(struct dice *dice, struct naive_world *w, uint32_t style)
{
    struct naive_item *item = &w->items[w->items_count++];
    uint32_t kind = roll(dice, 20);
    item->account = (int)roll(dice, (uint32_t)w->accounts_count);
    item->open = random_amount(dice, style);
    item->due = 1 + (int)roll(dice, 30);
    item->dimension = roll(dice, 8) == 0;
    if (kind <= 1) {
        item->open = -item->open / 2 - 1;
    } else if (kind == 2) {
        item->deposit = true;
    } else if (kind == 3) {
        item->original = item->open;
        item->open = 0;
        item->closed_day = 1 + (int)roll(dice, 60);
    } else if (roll(dice, 2)) {
        item->until[0] = 1 + (int)roll(dice, 60);
        item->ppm[0] = roll(dice, 2) ? 20000 : 30000;
        if (roll(dice, 3) == 0) {
            item->until[1] = item->until[0] + 10;
            item->ppm[1] = 10000;
        }
        item->withholding = roll(dice, 4) == 0;
    }
}

/* The payer meant some set; he pays it exactly, or with one of the usual differences. */
static void
random_payment(struct dice *dice, struct naive_world *w, uint32_t chosen)
{
    int64_t sum = 0, discount = 0;
    for (int i = 0; i < w->items_count; i++)
        if (chosen >> i & 1) {
            sum += w->items[i].closed_day ? w->items[i].original : w->items[i].open;
            discount += w->items[i].open > 0 ? w->items[i].open * w->items[i].ppm[0] / 1000000 : 0;
        }
    switch (roll(dice, 10)) {
    case 0:
        sum -= discount;
        break;
    case 1:
        sum -= 2500;
        break;
    case 2:
        sum -= (int64_t)roll(dice, 60);
        break;
    case 3:
        sum -= sum * (1 + (int64_t)roll(dice, 60)) / 1000;
        break;
    case 4:
        sum += sum * (1 + (int64_t)roll(dice, 60)) / 1000;
        break;
    default:
        break;
    }
    w->amount = sum > 0 ? sum : 1 + (int64_t)roll(dice, 256) * 100;
}

static void
random_hits(struct dice *dice, struct naive_world *w, uint32_t chosen)
{
    int token = 0;
    for (int i = 0; i < w->items_count && w->hits_count + 3 < NAIVE_HITS; i++) {
        if (!(chosen >> i & 1) && roll(dice, 12))
            continue;
        int32_t ln = (int32_t)(65536 * (3 + roll(dice, 12)) + roll(dice, 256) * 256);
        w->hits[w->hits_count++] = (struct naive_hit){ .token = token, .items = { i }, .count = 1, .ln_q16 = ln };
        if (roll(dice, 3) == 0) { /* the same token may stand for a neighbor, less likely */
            int other = (int)roll(dice, (uint32_t)w->items_count);
            if (other != i)
                w->hits[w->hits_count++] = (struct naive_hit){ .token = token, .items = { other }, .count = 1, .ln_q16 = ln - 65536 * 6 };
        }
        token += roll(dice, 10) != 0;
    }
    if (w->items_count >= 2 && roll(dice, 8) == 0)
        w->hits[w->hits_count++] = (struct naive_hit){ .token = token + 1, .items = { 0, 1 }, .count = 2, .ln_q16 = 65536 * 9 };
    for (int h = 0; h < w->hits_count && roll(dice, 6) == 0; h++)
        if (w->hits[h].count == 1 && w->items[w->hits[h].items[0]].open > 0) {
            w->hits[h].line = h + 1;
            w->hits[h].line_deduction = roll(dice, 2) ? 2500 : 0;
        }
}

void
random_world(struct dice *dice, struct naive_world *w)
{
    memset(w, 0, sizeof *w);
    w->accounts_count = 1 + (int)roll(dice, 3);
    uint32_t style = roll(dice, 3), items = 1 + roll(dice, 9);
    for (uint32_t i = 0; i < items; i++)
        random_item(dice, w, style);
    for (int a = 0; a < w->accounts_count; a++)
        for (int b = 0; b < w->accounts_count; b++)
            w->tied[a][b] = a != b && roll(dice, 4) == 0;
    int known = (int)roll(dice, 3);
    for (int a = 0; a < w->accounts_count && a <= known; a++)
        w->payers[w->payers_count++] = (struct naive_payer){ a, known == 2 ? 0 : a == 0 ? (roll(dice, 2) ? 999500 : 850000) : 0 };
    w->day = 1 + (int)roll(dice, 60);
    w->tolerance = roll(dice, 3) ? 100 : 0;
    w->tolerance_ppm = 5000;
    w->grace = (int)roll(dice, 2) * 3;
    w->lookback = 30;
    w->fees_count = (int)roll(dice, 3);
    w->fees[0] = 2500;
    w->fees[1] = 1500;
    w->charge = roll(dice, 6) == 0 ? 2500 : 0;
    w->rates_count = (int)roll(dice, 2);
    w->rates[0] = 15000;
    uint32_t chosen = (1 + roll(dice, 255)) & ((1u << items) - 1);
    random_payment(dice, w, chosen);
    if (roll(dice, 2))
        random_hits(dice, w, roll(dice, 3) ? chosen : chosen & (chosen - 1));
}

/* ---- habits */

/* All in one bin, or spread; below what is read, or far beyond it. */
static void
random_counts(struct dice *dice, uint32_t *to, uint32_t bins)
{
    static const uint32_t most[] = { 30, 100, 1000, 7000 }; /* larger sums are scaled down by the library */
    uint32_t style = roll(dice, 3), size = most[roll(dice, 4)], only = roll(dice, bins);
    for (uint32_t i = 0; i < bins; i++)
        to[i] = style == 0 ? (i == only ? size : 0) : style == 1 ? roll(dice, size) / (i + 1) : roll(dice, size) / bins;
}

void
random_habits(struct dice *dice, struct naive_habits *out)
{
    for (uint32_t pool = 0; pool < 10; pool++) {
        random_counts(dice, out->sizes[pool], 9);
        random_counts(dice, out->oldest[pool], 2);
        for (uint32_t size = 0; size < 9; size++)
            random_counts(dice, out->runs[pool][size], 9);
    }
}

static void
random_answers(struct dice *dice, uint32_t seen[2], uint32_t asked[2])
{
    static const uint32_t most[] = { 1, 3000, 20000, 400000, 4000000 };
    uint32_t all = most[roll(dice, 5)], expected = roll(dice, all + 1), given = roll(dice, 2) ? roll(dice, all + 1) : roll(dice, 2) * all;
    seen[1] = given;
    seen[0] = all - given;
    asked[1] = expected;
    asked[0] = all - expected;
}

void
random_ways(struct dice *dice, struct naive_ways *out)
{
    random_answers(dice, out->run_seen, out->run_asked);
    random_answers(dice, out->oldest_seen, out->oldest_asked);
}

/* ---- comparison */

/* Items that no posting can tell apart, as MATCHER 5.7 says it. */
static bool
alike(const struct naive_world *w, int a, int b)
{
    const struct naive_item *x = &w->items[a], *y = &w->items[b];
    for (int h = 0; h < w->hits_count; h++)
        for (int m = 0; m < w->hits[h].count; m++)
            if (w->hits[h].items[m] == a || w->hits[h].items[m] == b)
                return a == b;
    return x->account == y->account && x->open == y->open && (x->original ? x->original : x->open) == (y->original ? y->original : y->open) &&
           x->dimension == y->dimension && x->withholding == y->withholding && x->deposit == y->deposit && !x->closed_day && !y->closed_day &&
           x->until[0] == y->until[0] && x->until[1] == y->until[1] && x->ppm[0] == y->ppm[0] && x->ppm[1] == y->ppm[1];
}

/* The set with every item replaced by the first that is like it: as counts. */
static void
signature(const struct naive_world *w, uint32_t items, uint8_t counts[NAIVE_ITEMS])
{
    memset(counts, 0, NAIVE_ITEMS);
    for (int i = 0; i < w->items_count; i++) {
        int first = 0;
        while (!(items >> i & 1) || !alike(w, first, i))
            if (++first >= w->items_count)
                break;
        if (items >> i & 1)
            counts[first < w->items_count ? first : i]++;
    }
}

static long double
naive_share(const struct naive_world *w, const struct naive_answer *answer, uint32_t items, int cause, int rate)
{
    uint8_t want[NAIVE_ITEMS], have[NAIVE_ITEMS];
    long double mass = 0;
    signature(w, items, want);
    for (int i = 0; i < answer->count; i++) {
        if (answer->rows[i].cause != cause || answer->rows[i].rate != rate)
            continue;
        signature(w, answer->rows[i].items, have);
        if (memcmp(want, have, sizeof want) == 0)
            mass += answer->rows[i].mass;
    }
    return mass / answer->total;
}

static int
rate_of(const struct o2c__hypothesis *row)
{
    return row->rate == O2C__NONE ? -1 : (int)row->rate;
}

static void
note(struct comparison *found, const char *what, long double library, long double naive, long double within)
{
    long double off = fabsl(library - naive);
    found->worst = off > found->worst ? off : found->worst;
    if (off <= within || found->what)
        return;
    found->what = what;
    found->ours = library;
    found->naive = naive;
}

/* Above six credits of a customer not every selection is listed: then the library may only say less. */
static bool
many_credits(const struct naive_world *w)
{
    int credits[NAIVE_ACCOUNTS] = { 0 };
    for (int i = 0; i < w->items_count; i++)
        credits[w->items[i].account] += w->items[i].open < 0;
    for (int a = 0; a < w->accounts_count; a++)
        if (credits[a] > 6)
            return true;
    return false;
}

static void
compare_rows(const struct world *world, const struct naive_answer *answer, struct comparison *found)
{
    const struct naive_world *w = world->of;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < world->why.count; i++) {
        const struct o2c__hypothesis *row = &world->why.rows[i];
        sum += row->mass;
        if (i > 0 && row->mass > world->why.rows[i - 1].mass)
            note(found, "rows are not sorted", 1, 0, 0);
        if (i >= 40)
            continue;
        long double library = world_share(world, row->mass);
        long double naive = naive_share(w, answer, world_items(world, row), row->arithmetic, rate_of(row));
        if (library > naive || !many_credits(w))
            note(found, "share of a row", library, naive, 2.5e-4L);
    }
    const struct o2c__explanation *why = &world->why;
    sum += why->lump_short + why->lump_over + why->on_account + why->someone_else + why->bound + why->dropped;
    if (sum != why->total)
        note(found, "masses do not add up to the total", (long double)sum, (long double)why->total, 0);
}

/* The heaviest outcome of the naive matcher must stand on top, or share the top with it. */
static void
compare_winner(const struct world *world, const struct naive_answer *answer, struct comparison *found)
{
    int best = -1;
    for (int i = 0; i < answer->count; i++)
        if (best < 0 || answer->rows[i].mass > answer->rows[best].mass)
            best = i;
    if (best < 0)
        return;
    long double naive = naive_share(world->of, answer, answer->rows[best].items, answer->rows[best].cause, answer->rows[best].rate);
    long double library = world->why.count ? world_share(world, world->why.rows[0].mass) : 0;
    if (naive > 1e-3L && library < naive - 2.5e-4L)
        note(found, "a heavier outcome is missing", library, naive, 0);
}

struct comparison
compare_world(const struct naive_world *w)
{
    struct comparison found = { 0 };
    struct world world;
    struct naive_answer answer;
    naive_solve(w, &answer);
    if (!world_open(&world, w)) {
        found.what = "the pool refused the world";
    } else if (world_explain(&world)) {
        found.what = "explain failed";
    } else {
        compare_rows(&world, &answer, &found);
        if (many_credits(w)) {
            world_close(&world);
            naive_free(&answer);
            return found;
        }
        compare_winner(&world, &answer, &found);
        note(&found, "share of on account", world_share(&world, world.why.on_account), answer.on_account / answer.total, 2.5e-4L);
        note(&found, "share of someone else", world_share(&world, world.why.someone_else), answer.someone / answer.total, 2.5e-4L);
    }
    world_close(&world);
    naive_free(&answer);
    return found;
}

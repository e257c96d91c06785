/* SPDX-License-Identifier: Apache-2.0 */
/* A pool of a thousand items: what the formulas of the matcher say, computed here once more in long double, is what comes out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "match/equations.h"
#include "match/explain.h"
#include "match/few.h"
#include "match/halves.h"
#include "match/lessons.h"
#include "match/runs.h"
#include "support/tap.h"

#define ITEMS 1000u
#define PAYER "DE89370400440532013000"

static uint64_t
draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Open amounts with the quantiles of a real receivables ledger, straight lines between them. */
static int64_t
ledger_amount(uint64_t *state)
{
    static const int64_t at[][2] = { { 0, 1200 },          { 1000, 7064 },      { 5000, 33331 },     { 25000, 470273 },    { 50000, 1728350 },
                                     { 75000, 4654367 },   { 95000, 11092669 }, { 99000, 16607123 }, { 100000, 24000000 } };
    int64_t share = (int64_t)(draw(state) % 100000);
    uint32_t i = 1;
    while (share >= at[i][0])
        i++;
    return at[i - 1][1] + (at[i][1] - at[i - 1][1]) * (share - at[i - 1][0]) / (at[i][0] - at[i - 1][0]);
}

/* ---- MATCHER 5.4 and 5.6 in long double */

static long double
size_share(uint32_t n, uint32_t k)
{
    static const long double few[] = { 0, .629L, .163L, .060L, .044L, .034L };
    long double total = 0, own = 0;
    for (uint32_t j = 1; j <= n; j++) {
        long double a = j <= 5 ? few[j] : j <= 10 ? .0078L : j <= 20 ? .0013L : j <= 94 ? .000243L : 1e-6L;
        total += a;
        own = j == k ? a : own;
    }
    return .95L * own / total + (k == n ? .05L : 0);
}

static long double
runs_share(uint32_t n, uint32_t k, uint32_t r)
{
    static const long double few[] = { 0, .44L, .25L, .09L, .03L, .015L, .008L, .007L };
    uint32_t most = k < n - k + 1 ? k : n - k + 1;
    long double total = 0, own = 0;
    for (uint32_t j = 1; j <= most; j++) {
        long double share = j <= 7 ? few[j] : j <= 47 ? .004L : 1e-4L;
        total += share;
        own = j == r ? share : own;
    }
    return own / total;
}

static long double
density_of(const int64_t *opens, uint32_t n, int64_t amount)
{
    long double mean = 0, variance = 0, sum = 0;
    for (uint32_t i = 0; i < n; i++)
        mean += (long double)opens[i] / n;
    for (uint32_t i = 0; i < n; i++)
        variance += ((long double)opens[i] - mean) * ((long double)opens[i] - mean) / n;
    for (uint32_t k = 3; k < n; k++) {
        long double v = k * variance * (n - k) / (n - 1), off = (long double)amount - k * mean;
        sum += size_share(n, k) * (1 - runs_share(n, k, 1)) * expl(-off * off / v / 2) / sqrtl(2 * 3.14159265358979323846L * v);
    }
    return sum;
}

static long double
lattice_of(const int64_t *opens, uint32_t n, int64_t amount, uint32_t q)
{
    long double *now = calloc(q, sizeof *now), *next = calloc(q, sizeof *next), total = 0, share;
    for (uint32_t i = 0; i < n; i++)
        total += (long double)opens[i];
    share = fminl(fmaxl((long double)amount / total, 1.0L / n), .5L);
    now[0] = 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t rest = (uint32_t)(opens[i] % q);
        for (uint32_t x = 0; x < q; x++)
            next[x] = now[x] * (1 - share) + now[x >= rest ? x - rest : x + q - rest] * share;
        long double *swap = now;
        now = next;
        next = swap;
    }
    long double found = now[amount % q] * q;
    free(now);
    free(next);
    return found;
}

static long double
lattice(const int64_t *opens, uint32_t n, int64_t amount)
{
    static const uint32_t moduli[] = { 1000, 4093, 16381 };
    long double most = 1;
    for (uint32_t i = 0; i < 3; i++)
        most = fmaxl(most, lattice_of(opens, n, amount, moduli[i]));
    return most;
}

/* One run of k in the middle of the pool; payer known, no text. Listed: as if every other set had been looked at and none fits. */
static long double
share_of_run(const int64_t *opens, uint32_t n, uint32_t k, int64_t amount, bool listed)
{
    long double t = (long double)amount, payer = .9995L, run = size_share(n, k) * runs_share(n, k, 1) * .5L / (n - k);
    long double exact = payer * .80L * run, lumps = payer * (.05L * 17.98L + .01L * 11.5L) / t;
    long double nothing = (payer * .015L + .0055L) / (16.1L * t);
    long double accident = listed ? 0 : payer * .90L * 4 * lattice(opens, n, amount) * density_of(opens, n, amount);
    if (!listed)
        printf("# exact %.4Le, short and over %.4Le, nothing %.4Le, accident %.4Le\n", exact, lumps, nothing, accident);
    return exact / (exact + lumps + nothing + accident);
}

static struct desk desk;
static const o2c_match_model *learned;
static int64_t opens[ITEMS];

static int64_t
thousand_items(uint64_t seed, uint32_t first, uint32_t count, int64_t times, uint32_t released)
{
    int64_t sum = 0;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_RELEASED, .released = &released, .released_count = 1 };
    desk_open(&desk);
    desk_account(&desk, "C1", "Acme Tools GmbH");
    desk_bank_account(&desk, "C1", PAYER);
    for (uint32_t i = 0; i < ITEMS; i++) {
        char key[16], document[16], due[16];
        snprintf(key, sizeof key, "K%04u", i);
        snprintf(document, sizeof document, "INV-%06u", 300000 + i * 21);
        snprintf(due, sizeof due, "2025-%02u-%02u", 1 + i / 84, 1 + i / 3 % 28);
        opens[i] = ledger_amount(&seed);
        opens[i] = times > 1 ? opens[i] * times + (int64_t)(draw(&seed) % (uint64_t)times) : opens[i];
        desk_item(&desk, key, "C1", document, opens[i], "2024-12-01", due);
        sum += i >= first && i < first + count ? opens[i] : 0;
    }
    desk_payment(&desk, "P", sum, "2026-02-03", PAYER, NULL);
    desk.base = learned;
    if (released)
        desk_policy(&desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    check_equations(&desk, 0);
    return sum;
}

static void
ca_40_thirty_neighbors_of_a_thousand_are_found_as_one_run(void)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        int64_t sum = thousand_items(seed, 400, 30, 1, 0);
        const o2c_proposal *p = desk_proposal(&desk, 0);
        long double want = share_of_run(opens, ITEMS, 30, sum, false), have = 1 - desk_lines(&desk, 0)[0].error_ppb / 1e9L;
        printf("# by the formulas %.6Lf, answered %.6Lf, operations %llu\n", want, have, (unsigned long long)p->operations);
        CU_ASSERT_EQUAL(p->label, O2C_LABEL_M17);
        CU_ASSERT_EQUAL(p->lines_count, 30);
        CU_ASSERT_EQUAL(p->applied_minor, sum);
        CU_ASSERT_EQUAL(p->band, O2C_BAND_PROPOSE);
        CU_ASSERT(p->operations < 2000000);
        CU_ASSERT(have > want - .001L && have < share_of_run(opens, ITEMS, 30, sum, true));
        desk_close(&desk);
    }
}

/* The bound from pairs against the exact program: never below it, and close to it where the pairs cover the rests. */
static void
pairs_bound_the_lattice(uint32_t n, uint32_t q, uint32_t expected_items, uint32_t grid)
{
    static uint32_t pairs[16381], rest[ITEMS];
    uint64_t seed = n + q + expected_items;
    int64_t total = 0;
    for (uint32_t i = 0; i < n; i++) {
        opens[i] = grid ? (1 + (int64_t)(draw(&seed) % 40)) * grid : ledger_amount(&seed);
        total += opens[i];
        rest[i] = (uint32_t)(opens[i] % q);
    }
    for (uint32_t of = 0; of < 3; of++) {
        int64_t amount = total / n * expected_items + (of == 0 ? 0 : opens[of]);
        amount = of == 1 ? opens[0] + opens[1] + opens[2] : amount;
        amount -= grid ? amount % grid : 0;
        long double share = fminl(fmaxl((long double)amount / (long double)total, 1.0L / n), .5L);
        struct o2c__rests rests = { rest, n, q, (uint32_t)(amount % q), (uint32_t)(share * 4294967296.0L) };
        long double have = expl(o2c__ln_pairs(&rests, pairs) / 65536.0L), want = lattice_of(opens, n, amount, q);
        long double loose = (1 + 1.1L * q / ((long double)n * (n - 1) / 2)) * powl(1 - (expected_items + 1.0L) / n, -4) * 1.1L;
        if (have < want * .9999L || have > fmaxl(1, want) * loose)
            printf("# %u items, modulus %u, grid %u, %u: %.4Lf, exact %.4Lf\n", n, q, grid, expected_items, have, want);
        CU_ASSERT(have >= want * .9999L);
        CU_ASSERT(have <= fmaxl(1, want) * loose);
    }
}

static void
pairs_of_rests_bound_the_lattice_from_above(void)
{
    static const uint32_t items[] = { 2, 6, 12, 30 };
    for (uint32_t i = 0; i < 4; i++) {
        pairs_bound_the_lattice(150, 1000, items[i], 0);
        pairs_bound_the_lattice(300, 16381, items[i], 0);
        pairs_bound_the_lattice(600, 4093, items[i], 0);
        pairs_bound_the_lattice(600, 1000, items[i], 50); /* a price list on a grid of twenty rests */
    }
}

/* Other sets of items that the answer tells. */
static uint32_t
sets_beside(uint32_t proposal)
{
    const o2c_match_alternative *rows;
    const o2c_proposal *p = desk_proposal(&desk, proposal);
    uint64_t count;
    uint32_t sets = 0;
    o2c_match_solution_alternatives(desk.solution, &rows, &count);
    for (uint32_t i = 0; i < p->alternatives_count; i++)
        sets += rows[p->alternatives_at + i].kind == O2C_ALTERNATIVE_ITEMS;
    return sets;
}

static o2c_match_model *
history_of(uint32_t line_class, uint32_t lines)
{
    struct lessons lessons;
    lessons_open(&lessons);
    for (uint32_t i = 0; i < lines; i++) {
        o2c_feedback *row = lessons_line(&lessons, "P", i % 2 ? "elsewhere" : "neighbor", 0, line_class);
        row->verdict = O2C_VERDICT_HISTORY;
        row->source = O2C_FEEDBACK_HISTORY;
        row->right = row->would_auto = 1;
        row->error_ppb = 2000;
    }
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    lessons_close(&lessons);
    return model;
}

/* A hundred times the amounts: then thirty of a thousand can be told from a short payment, and they post themselves once their class has a
 * record and is released. */
static void
ca_40_thirty_large_neighbors_post_themselves_once_released(void)
{
    int64_t sum = thousand_items(1, 400, 30, 100, 0);
    uint32_t line_class = desk_lines(&desk, 0)->line_class;
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT_EQUAL(p->label, O2C_LABEL_M17);
    CU_ASSERT_EQUAL(p->band, O2C_BAND_PROPOSE);
    desk_close(&desk);
    o2c_match_model *model = history_of(line_class, 5000);
    for (int released = 0; released < 2; released++) {
        learned = model;
        thousand_items(1, 400, 30, 100, released ? line_class : 0);
        p = desk_proposal(&desk, 0);
        CU_ASSERT_EQUAL(p->label, O2C_LABEL_M17);
        CU_ASSERT_EQUAL(p->lines_count, 30);
        CU_ASSERT_EQUAL(p->applied_minor, sum);
        CU_ASSERT_EQUAL(p->band, released ? O2C_BAND_AUTO : O2C_BAND_PROPOSE);
        CU_ASSERT(p->confidence_ppm > 995000);
        CU_ASSERT(p->operations < 440000); /* 427,000 for the lattice; M18 is not attempted: its scattered sets would take 20,000 more */
        CU_ASSERT_EQUAL(sets_beside(0), 0);
        desk_close(&desk);
    }
    learned = NULL;
    o2c_match_model_free(model);
}

/* ---- two hundred items of a price list in whole units of 5.00: every set is counted */

#define LISTED 200u

static void
price_list(uint64_t seed, int64_t more, uint32_t first, uint32_t count)
{
    int64_t sum = 0;
    desk_open(&desk);
    desk_account(&desk, "C1", "Acme Tools GmbH");
    desk_bank_account(&desk, "C1", PAYER);
    for (uint32_t i = 0; i < LISTED; i++) {
        char key[16], document[16], due[16];
        snprintf(key, sizeof key, "K%04u", i);
        snprintf(document, sizeof document, "INV-%06u", 300000 + i * 21);
        snprintf(due, sizeof due, "2025-%02u-%02u", 1 + i / 28, 1 + i % 28);
        opens[i] = 500 * (1000 + (int64_t)(draw(&seed) % 400));
        desk_item(&desk, key, "C1", document, opens[i], "2024-12-01", due);
        sum += i >= first && i < first + count ? opens[i] : 0;
    }
    desk_payment(&desk, "P", sum + more, "2026-02-03", PAYER, NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    check_equations(&desk, 0);
}

/* Σ P(S) over every set that has the amount; no four items are below it, and the oldest is one of them or not. */
static long double
share_of_all_sets(int64_t amount)
{
    long double all = 0, sets = 0;
    for (uint32_t i = 0; i < LISTED; i++)
        for (uint32_t k = i + 1; k < LISTED; k++)
            for (uint32_t m = k + 1; m < LISTED && opens[i] + opens[k] < amount; m++) {
                if (opens[i] + opens[k] + opens[m] != amount)
                    continue;
                uint32_t r = 3u - (k == i + 1) - (m == k + 1);
                long double cuts = r == 2 ? 2 : 1, places = LISTED - 3, inside = 1; /* C(2, r − 1); C(n − 3, r), or r − 1 with the oldest */
                for (uint32_t x = 0; x < r - (i == 0); x++)
                    inside = inside * (places - x) / (x + 1);
                all += size_share(LISTED, 3) * runs_share(LISTED, 3, r) / cuts * .5L / inside;
                sets++;
            }
    printf("# %.0Lf sets of three\n", sets);
    CU_ASSERT(sets > 500);
    return all;
}

static void
every_set_of_two_hundred_round_amounts_is_counted(void)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        price_list(seed, 0, 100, 3);
        const o2c_proposal *p = desk_proposal(&desk, 0);
        long double t = (long double)p->amount_minor, payer = .9995L, run = size_share(LISTED, 3) * runs_share(LISTED, 3, 1) * .5L / (LISTED - 3);
        long double lumps = payer * (.05L * 17.98L + .01L * 11.5L) / t + (payer * .015L + .0055L) / (16.1L * t);
        long double want = payer * .80L * run / (payer * .80L * share_of_all_sets(p->amount_minor) + lumps);
        long double have = p->lines_count ? 1 - desk_lines(&desk, 0)[0].error_ppb / 1e9L : 0;
        printf("# by the formulas %.6Lf, answered %.6Lf, operations %llu\n", want, have, (unsigned long long)p->operations);
        CU_ASSERT_EQUAL(p->label, O2C_LABEL_M17);
        CU_ASSERT(p->complete && p->bound_ppb == 0 && p->operations < 2000000);
        CU_ASSERT(have > want - .001L && have < want + .005L); /* a line stands in a few more sets than the run */
        desk_close(&desk);
    }
}

/* 1.23 beside the units of 5.00: no set can have this amount, and that takes no search. */
static void
an_amount_beside_the_units_is_refuted(void)
{
    price_list(1, 123, 100, 3);
    const o2c_proposal *p = desk_proposal(&desk, 0);
    CU_ASSERT(p->complete && p->bound_ppb == 0 && p->lines_count == 0);
    CU_ASSERT(p->operations < 50000);
    desk_close(&desk);
}

/* ---- the searches themselves, against brute force over every set of a small pool */

#define SMALL 14u

struct sets {
    uint64_t count, sign; /* sum over the sets of a mixed mask: no order, nothing twice */
    const int64_t *amounts;
    int64_t least, most;
};

static void
add_set(struct sets *sets, uint32_t mask)
{
    sets->count++;
    sets->sign += o2c__mix(mask, 77);
}

static bool
found_few(void *self, const uint32_t *at, uint32_t width, int64_t sum)
{
    struct sets *sets = self;
    uint32_t mask = 0;
    int64_t own = 0;
    for (uint32_t i = 0; i < width; i++) {
        mask |= 1u << at[i];
        own += sets->amounts[at[i]];
        CU_ASSERT(i == 0 || at[i] < at[i - 1]);
    }
    CU_ASSERT_EQUAL(own, sum);
    CU_ASSERT(sum >= sets->least && sum <= sets->most);
    add_set(sets, mask);
    return true;
}

static void
brute_sets(struct sets *sets, uint32_t count, uint32_t widest)
{
    for (uint32_t mask = 1; mask < 1u << count; mask++) {
        int64_t sum = 0;
        for (uint32_t i = 0; i < count; i++)
            sum += mask >> i & 1 ? sets->amounts[i] : 0;
        if (sum >= sets->least && sum <= sets->most && (uint32_t)__builtin_popcount(mask) <= widest)
            add_set(sets, mask);
    }
}

/* Ascending amounts of a coarse grid, so that equal ones and many sets arise. */
static uint32_t
small_pool(uint64_t *seed, int64_t *amounts, int64_t *prefix)
{
    uint32_t count = 1 + (uint32_t)(draw(seed) % SMALL);
    for (uint32_t i = 0; i < count; i++) {
        int64_t amount = 1 + (int64_t)(draw(seed) % 60);
        uint32_t at = i;
        for (; at > 0 && amounts[at - 1] > amount; at--)
            amounts[at] = amounts[at - 1];
        amounts[at] = amount;
    }
    for (uint32_t i = 0; i < count; i++)
        prefix[i + 1] = prefix[i] + amounts[i];
    return count;
}

static void
every_set_of_a_few_items_is_found_once(void)
{
    uint64_t seed = 5;
    for (uint32_t round = 0; round < 400; round++) {
        int64_t amounts[SMALL], prefix[SMALL + 1] = { 0 };
        uint32_t count = small_pool(&seed, amounts, prefix), widest = 1 + round % O2C__FEW_WIDTH;
        int64_t least = (int64_t)(draw(&seed) % 400), most = least + (round % 3 ? 0 : (int64_t)(draw(&seed) % 5));
        struct sets have = { .amounts = amounts, .least = least, .most = most }, want = have;
        struct o2c__few few = { .amounts = amounts, .prefix = prefix, .count = count, .least = least, .most = most, .steps_max = UINT64_MAX,
                                .self = &have, .found = found_few };
        for (uint32_t width = 1; width <= widest; width++)
            CU_ASSERT(o2c__few_sets(&few, width));
        brute_sets(&want, count, widest);
        CU_ASSERT_EQUAL(have.count, want.count);
        CU_ASSERT_EQUAL(have.sign, want.sign);
    }
}

static void
a_search_for_a_few_items_ends_with_its_steps(void)
{
    static int64_t amounts[200], prefix[201];
    uint64_t seed = 9;
    for (uint32_t i = 0; i < 200; i++) {
        amounts[i] = 1000000 + i * 7919 + (int64_t)(draw(&seed) % 1000);
        prefix[i + 1] = prefix[i] + amounts[i];
    }
    struct sets have = { .amounts = amounts, .least = 9000000, .most = 9000000 };
    struct o2c__few few = { .amounts = amounts, .prefix = prefix, .count = 200, .least = have.least, .most = have.most, .steps_max = 20000,
                            .self = &have, .found = found_few };
    for (uint32_t width = 3; width <= O2C__FEW_WIDTH; width++)
        if (!o2c__few_sets(&few, width))
            break;
    CU_ASSERT(few.steps > 20000 && few.steps < 21000);
}

/* One merge after another, as it is written down: equal sums keep the set without the item first. */
static uint32_t
merge_plainly(int64_t *sums, uint64_t *masks, uint32_t count, int64_t amount, uint64_t bit, int64_t most)
{
    static int64_t to_sums[1 << 12];
    static uint64_t to_masks[1 << 12];
    uint32_t with = 0, out = 0, i = 0, k = 0;
    while (with < count && sums[with] + amount <= most)
        with++;
    for (; out < count + with; out++) {
        bool plain = k == with || (i < count && sums[i] <= sums[k] + amount);
        to_sums[out] = plain ? sums[i] : sums[k] + amount;
        to_masks[out] = plain ? masks[i] : masks[k] | bit;
        i += plain;
        k += !plain;
    }
    memcpy(sums, to_sums, out * sizeof *sums);
    memcpy(masks, to_masks, out * sizeof *masks);
    return out;
}

static void
halves_grow_side_by_side_as_one_after_another(void)
{
    static int64_t sums[1 << 12];
    static uint64_t masks[1 << 12];
    uint64_t state = 3;
    for (uint32_t round = 0; round < 300; round++) {
        o2c__context context;
        struct o2c__halves halves;
        o2c__arena arena;
        CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
        o2c__arena_init(&arena, &context.memory, 0);
        CU_ASSERT_FATAL(o2c__halves_alloc(&arena, &halves, 1u << 12));
        halves.most = round % 3 ? 400 * (int64_t)round : INT64_MAX / 2;
        o2c__half_start(&halves.low);
        uint32_t count = 1;
        sums[0] = 0;
        masks[0] = 0;
        for (uint32_t i = 0; i < 1 + round % 12; i++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            int64_t amount = 1 + (int64_t)((state >> 33) % (round % 2 ? 9 : 30000)); /* many equal sums, or few */
            CU_ASSERT(o2c__half_grow(&halves, &halves.low, amount, UINT64_C(1) << i));
            count = merge_plainly(sums, masks, count, amount, UINT64_C(1) << i, halves.most);
            CU_ASSERT_EQUAL_FATAL(halves.low.count, count);
            CU_ASSERT_EQUAL(memcmp(halves.low.sums, sums, count * sizeof *sums), 0);
            CU_ASSERT_EQUAL(memcmp(halves.low.masks, masks, count * sizeof *masks), 0);
        }
        o2c__arena_free(&arena);
    }
}

static void
halves_meet_in_every_set(void)
{
    uint64_t seed = 6;
    o2c__context context;
    o2c__arena arena;
    struct o2c__halves halves;
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL), O2C_OK);
    o2c__arena_init(&arena, &context.memory, 0);
    CU_ASSERT_FATAL(o2c__halves_alloc(&arena, &halves, 1u << (SMALL + 1) / 2));
    for (uint32_t round = 0; round < 400; round++) {
        int64_t amounts[SMALL], prefix[SMALL + 1] = { 0 };
        uint32_t count = small_pool(&seed, amounts, prefix);
        struct sets have = { .amounts = amounts, .least = 1 + (int64_t)(draw(&seed) % 400) }, want;
        struct o2c__pairs pairs;
        have.most = have.least + (round % 3 ? 0 : (int64_t)(draw(&seed) % 5));
        want = have;
        halves.most = have.most;
        o2c__half_start(&halves.low);
        o2c__half_start(&halves.high);
        for (uint32_t i = 0; i < count; i++)
            CU_ASSERT(o2c__half_grow(&halves, i % 2 ? &halves.high : &halves.low, amounts[i], UINT64_C(1) << i));
        for (o2c__pairs_start(&halves, have.least, have.most, &pairs); o2c__pairs_next(&halves, &pairs);)
            add_set(&have, (uint32_t)(halves.low.masks[pairs.low] | halves.high.masks[pairs.high]));
        brute_sets(&want, count, SMALL);
        CU_ASSERT_EQUAL(have.count, want.count);
        CU_ASSERT_EQUAL(have.sign, want.sign);
    }
    halves.room = 3; /* no room: nothing changes */
    o2c__half_start(&halves.low);
    CU_ASSERT(o2c__half_grow(&halves, &halves.low, 1, 1));
    CU_ASSERT_FALSE(o2c__half_grow(&halves, &halves.low, 1, 2));
    CU_ASSERT_EQUAL(halves.low.count, 2);
    o2c__arena_free(&arena);
}

/* ---- two runs */

static bool
found_runs(void *self, const uint32_t *at)
{
    uint32_t mask = 0;
    CU_ASSERT(at[0] < at[1] && at[1] < at[2] && at[2] < at[3]);
    for (uint32_t run = 0; run < 4; run += 2)
        for (uint32_t i = at[run]; i < at[run + 1]; i++)
            mask |= 1u << i;
    add_set(self, mask);
    return true;
}

static void
every_pair_of_runs_is_found_once(void)
{
    uint64_t seed = 15;
    for (uint32_t round = 0; round < 400; round++) {
        int64_t amounts[SMALL], prefix[SMALL + 1] = { 0 }, sums[256];
        uint32_t count = small_pool(&seed, amounts, prefix), stretches[256], below = 0;
        for (uint32_t i = 0; i < count; i++) { /* out of order again */
            uint32_t other = (uint32_t)(draw(&seed) % count);
            int64_t swap = amounts[i];
            amounts[i] = amounts[other];
            amounts[other] = swap;
        }
        for (uint32_t i = 0; i < count; i++)
            prefix[i + 1] = prefix[i] + amounts[i];
        struct sets have = { .amounts = amounts, .least = 1 + (int64_t)(draw(&seed) % 300) }, want = { .amounts = amounts };
        struct o2c__runs runs = { .prefix = prefix, .count = count, .target = have.least, .sums = sums, .stretches = stretches, .room = 256,
                                  .steps_max = UINT64_MAX, .self = &have, .found = found_runs };
        CU_ASSERT(o2c__two_runs(&runs));
        for (uint32_t mask = 1; mask < 1u << count; mask++) {
            int64_t sum = 0;
            for (uint32_t i = 0; i < count; i++)
                sum += mask >> i & 1 ? amounts[i] : 0;
            int number = __builtin_popcount(mask & ~(mask << 1));
            below += number == 1 && sum < have.least;
            if (number == 2 && sum == have.least)
                add_set(&want, mask);
        }
        CU_ASSERT_EQUAL(have.count, want.count);
        CU_ASSERT_EQUAL(have.sign, want.sign);
        CU_ASSERT_EQUAL(o2c__stretches_below(prefix, count, have.least), below);
        runs.steps_max = 3;
        runs.steps = 0;
        CU_ASSERT(count < 6 || below < 10 || !o2c__two_runs(&runs));
    }
}

/* Two hundred items, too many to count every set: what was paid is found when it is three scattered items, or two runs. */
static void
scattered_items_and_two_runs_of_large_pools_are_found(void)
{
    static const uint32_t sets[][7] = { { 20, 91, 170 }, { 60, 61, 62, 63, 120, 121, 122 }, { 3, 4, 150, 151, 152 } };
    static const uint32_t counts[] = { 3, 7, 5 };
    for (uint32_t i = 0; i < 3; i++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            uint64_t state = seed;
            int64_t sum = 0;
            uint32_t right = 0;
            desk_open(&desk);
            desk_account(&desk, "C1", "Acme Tools GmbH");
            desk_bank_account(&desk, "C1", PAYER);
            for (uint32_t k = 0; k < 200; k++) {
                char key[16], due[16];
                snprintf(key, sizeof key, "K%04u", k);
                snprintf(due, sizeof due, "2025-%02u-%02u", 1 + k / 20, 1 + k % 20);
                int64_t open = 300000000 + ledger_amount(&state) * 37 + (int64_t)(draw(&state) % 37);
                desk_item(&desk, key, "C1", key, open, "2024-12-01", due);
                for (uint32_t p = 0; p < counts[i]; p++)
                    sum += sets[i][p] == k ? open : 0;
            }
            desk_payment(&desk, "P", sum, "2026-02-03", PAYER, NULL);
            CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
            check_equations(&desk, 0);
            const o2c_match_alternative *rows;
            uint64_t rows_count;
            o2c_match_solution_alternatives(desk.solution, &rows, &rows_count);
            const o2c_proposal *p = desk_proposal(&desk, 0);
            for (uint32_t k = 0; k < p->alternatives_count; k++)
                right += rows[p->alternatives_at + k].kind == O2C_ALTERNATIVE_ITEMS && rows[p->alternatives_at + k].items_count == counts[i];
            CU_ASSERT(right > 0 || p->lines_count == counts[i]);
            CU_ASSERT(p->operations < 2000000);
            desk_close(&desk);
        }
}

static const struct tap_test tests[] = {
    { "every_set_of_two_hundred_round_amounts_is_counted", every_set_of_two_hundred_round_amounts_is_counted },
    { "an_amount_beside_the_units_is_refuted", an_amount_beside_the_units_is_refuted },
    { "every_pair_of_runs_is_found_once", every_pair_of_runs_is_found_once },
    { "scattered_items_and_two_runs_of_large_pools_are_found", scattered_items_and_two_runs_of_large_pools_are_found },
    { "every_set_of_a_few_items_is_found_once", every_set_of_a_few_items_is_found_once },
    { "a_search_for_a_few_items_ends_with_its_steps", a_search_for_a_few_items_ends_with_its_steps },
    { "halves_grow_side_by_side_as_one_after_another", halves_grow_side_by_side_as_one_after_another },
    { "halves_meet_in_every_set", halves_meet_in_every_set },
    { "ca_40_thirty_large_neighbors_post_themselves_once_released", ca_40_thirty_large_neighbors_post_themselves_once_released },
    { "pairs_of_rests_bound_the_lattice_from_above", pairs_of_rests_bound_the_lattice_from_above },
    { "ca_40_thirty_neighbors_of_a_thousand_are_found_as_one_run", ca_40_thirty_neighbors_of_a_thousand_are_found_as_one_run },
};

int
main(void)
{
    return tap_run("match/large", tests, TAP_COUNT(tests));
}

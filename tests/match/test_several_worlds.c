/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random worlds of advices that several payments share: divisions against one that tries every deal, proposals against the truth they were
 * drawn from, and the same answers in any order, in parts, and on several threads.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/divide.h"
#include "match/equations.h"
#include "match/random_desk.h"
#include "match/steady.h"
#include "support/faulty.h"
#include "support/tap.h"

/* ------------------------------------------------------------------ divisions */

#define LINES 9u

struct deal {
    uint32_t of[3][LINES]; /* payment, kind → lines */
};
struct tried {
    uint32_t found;
    struct deal all[4096];
};

/* Every way to give each line to a payment, one after the other; deals that differ in lines that say the same alone are one. */
static void
try_all(const struct o2c__divide *d, struct tried *out)
{
    uint32_t kind_of[LINES], n = 0, ways = 1;
    out->found = 0;
    for (uint32_t k = 0; k < d->kinds; k++)
        for (uint32_t i = 0; i < d->counts[k]; i++)
            kind_of[n++] = k;
    for (uint32_t i = 0; i < n; i++)
        ways *= d->payments;
    for (uint32_t way = 0; way < ways; way++) {
        struct deal deal = { { { 0 } } };
        int64_t sum[3] = { 0 };
        bool fits = true, known = false;
        for (uint32_t i = 0, rest = way; i < n; i++, rest /= d->payments) {
            deal.of[rest % d->payments][kind_of[i]]++;
            sum[rest % d->payments] += d->amounts[kind_of[i]];
        }
        for (uint32_t p = 0; p < d->payments; p++)
            fits = fits && sum[p] == d->targets[p];
        for (uint32_t i = 0; i < out->found && fits && !known; i++)
            known = memcmp(&out->all[i], &deal, sizeof deal) == 0;
        if (fits && !known && out->found < 4096)
            out->all[out->found++] = deal;
    }
}

static bool
is_among(const struct tried *tried, const struct o2c__divide *d)
{
    for (uint32_t i = 0; i < tried->found; i++) {
        bool same = true;
        for (uint32_t p = 0; p < d->payments; p++)
            for (uint32_t k = 0; k < d->kinds; k++)
                same = same && tried->all[i].of[p][k] == d->first[p][k];
        if (same)
            return true;
    }
    return false;
}

/* Small amounts in half of the worlds, so that there are several divisions; some are negative. */
static bool
draw_division(struct o2c__divide *d, uint64_t *seed)
{
    uint32_t lines = 0;
    int64_t range = random_below(seed, 2) ? 12 : 100000;
    memset(d, 0, sizeof *d);
    d->payments = 2 + (uint32_t)random_below(seed, 2);
    d->kinds = 1 + (uint32_t)random_below(seed, 6);
    for (uint32_t k = 0; k < d->kinds; k++) {
        int64_t amount = 1 + (int64_t)random_below(seed, (uint64_t)range);
        d->amounts[k] = random_below(seed, 6) ? amount : -amount;
        d->counts[k] = 1 + (uint32_t)random_below(seed, 3) / 2;
        lines += d->counts[k];
        for (uint32_t i = 0; i < d->counts[k]; i++)
            d->targets[random_below(seed, d->payments)] += d->amounts[k];
    }
    if (random_below(seed, 4) == 0) { /* or nothing ties */
        d->targets[0] += 1;
        d->targets[1] -= 1;
    }
    d->asked = d->payments;
    d->steps_max = 1000000;
    return lines <= LINES;
}

static void
divisions__as_one_that_tries_every_deal(void)
{
    static struct o2c__divide d;
    static struct tried tried;
    uint64_t seed = 11;
    uint32_t several = 0, one = 0, none = 0;
    for (uint32_t world = 0; world < 10000; world++) {
        if (!draw_division(&d, &seed))
            continue;
        CU_ASSERT_FATAL(o2c__divide_holds(&d));
        o2c__divide(&d);
        try_all(&d, &tried);
        CU_ASSERT_FATAL(d.complete);
        CU_ASSERT_EQUAL_FATAL(d.found, tried.found < 2 ? tried.found : 2);
        none += d.found == 0;
        one += d.found == 1;
        several += d.found == 2;
        if (d.found == 0)
            continue;
        CU_ASSERT_FATAL(is_among(&tried, &d));
        for (uint32_t p = 0; p < d.payments; p++)
            for (uint32_t k = 0; k < d.kinds; k++) {
                uint32_t least = UINT32_MAX;
                for (uint32_t i = 0; i < tried.found; i++)
                    least = tried.all[i].of[p][k] < least ? tried.all[i].of[p][k] : least;
                CU_ASSERT_EQUAL_FATAL(d.least[p][k], least);
            }
    }
    CU_ASSERT(none > 500 && one > 500 && several > 500);
}

static void
divisions__equal_payments_are_dealt_in_one_order(void)
{
    static struct o2c__divide d;
    memset(&d, 0, sizeof d);
    d.kinds = 4;
    for (uint32_t k = 0; k < 4; k++) {
        d.amounts[k] = 400 - 100 * (int64_t)k;
        d.counts[k] = 1;
    }
    d.payments = d.asked = 2;
    d.targets[0] = d.targets[1] = 500; /* 400 + 100 and 300 + 200 */
    d.steps_max = 1000;
    o2c__divide(&d);
    CU_ASSERT_EQUAL(d.found, 2);
    d.twins[1] = true;
    o2c__divide(&d);
    CU_ASSERT_EQUAL(d.found, 1);
}

static void
divisions__a_budget_that_ends_says_so(void)
{
    static struct o2c__divide d;
    memset(&d, 0, sizeof d);
    d.kinds = 200;
    for (uint32_t k = 0; k < d.kinds; k++) {
        d.amounts[k] = 2 * (1000000 - 7919 * (int64_t)(k % 113) - k);
        d.counts[k] = 1;
        d.targets[k % 8] += d.amounts[k];
    }
    d.targets[0] += 1; /* nothing ties, and only a long search would know */
    d.targets[7] -= 1;
    d.payments = d.asked = 8;
    d.steps_max = 300000;
    o2c__divide(&d);
    CU_ASSERT_FALSE(d.complete);
    CU_ASSERT_EQUAL(d.found, 0);
    CU_ASSERT(d.steps < 310000);
}

/* ------------------------------------------------------------------ worlds */

#define PAYERS 4u
#define PAYMENTS_MAX 40u
#define ITEMS_MAX 64u

/* What was drawn: item → payment that pays it, and the advice that says so. */
struct truth {
    struct desk desk;
    uint32_t paid_by[ITEMS_MAX], advice_of[ITEMS_MAX];
    uint32_t items;
    int64_t open[ITEMS_MAX];
};
static struct truth truth;

static void
draw_item(struct truth *t, uint64_t *seed, uint32_t payer, uint32_t payment, uint32_t advice)
{
    static const int64_t prices[] = { 10000, 25000, 4990 };
    char key[16], document[24];
    int64_t amount = random_below(seed, 6) ? 100 + (int64_t)random_below(seed, 300000) : prices[random_below(seed, 3)];
    snprintf(key, sizeof key, "K%02u", t->items);
    snprintf(document, sizeof document, "RE-%u", 400000 + t->items * 17);
    desk_item(&t->desk, key, random_accounts[payer], document, amount, "2026-01-10", "2026-02-09");
    if (advice != UINT32_MAX) {
        desk_line(&t->desk, document, amount);
        t->advice_of[t->items] = advice;
        t->paid_by[t->items] = payment;
        t->desk.payments[payment].amount_minor += amount;
    } else {
        t->advice_of[t->items] = t->paid_by[t->items] = UINT32_MAX;
    }
    t->open[t->items++] = amount;
}

static uint32_t
draw_payment(struct truth *t, uint64_t *seed, uint32_t payer, int64_t amount)
{
    char key[16], day[32];
    snprintf(key, sizeof key, "P%02u", t->desk.payments_count);
    snprintf(day, sizeof day, "2026-02-%02u", 1 + (unsigned)random_below(seed, 9));
    desk_payment(&t->desk, key, amount, day, random_ibans[payer], NULL);
    return t->desk.payments_count - 1;
}

/* An advice of one to three payments, sometimes two advices of one; sometimes a part of the money has not come. */
static void
draw_advice(struct truth *t, uint64_t *seed, uint32_t payer, uint32_t together)
{
    uint32_t payments = together ? 1 : 1 + (uint32_t)random_below(seed, 3), first = t->desk.payments_count;
    uint32_t trace = (uint32_t)random_below(seed, 8);
    for (uint32_t i = 0; i < payments; i++)
        draw_payment(t, seed, payer, 0);
    for (uint32_t k = 0; k <= together; k++) {
        char key[16];
        uint32_t advice = t->desk.remittances_count, lines = payments + (uint32_t)random_below(seed, 4);
        snprintf(key, sizeof key, "R%02u", advice);
        o2c_remittance *row = desk_remittance(&t->desk, key, NULL);
        row->payer = desk_text(&t->desk, trace == 1 ? NULL : random_accounts[payer]);
        row->day = desk_day("2026-02-04");
        if (trace < 2 && !together) /* all of its payments carry it */
            row->payment_reference = desk_text(&t->desk, key);
        for (uint32_t i = 0; i < payments && trace < 2 && !together; i++)
            t->desk.payments[first + i].end_to_end_id = desk_text(&t->desk, key);
        for (uint32_t i = 0; i < lines && t->items < ITEMS_MAX; i++)
            draw_item(t, seed, payer, first + (i < payments ? i : (uint32_t)random_below(seed, payments)), advice);
    }
    if (random_below(seed, 5) == 0) /* the bank took a charge, or it is another payment altogether */
        t->desk.payments[first].amount_minor += 1 + (int64_t)random_below(seed, 700);
}

static void
draw_world(struct truth *t, uint64_t seed)
{
    t->items = 0;
    desk_open(&t->desk);
    for (uint32_t i = 0; i < PAYERS; i++) {
        desk_account(&t->desk, random_accounts[i], random_accounts[i]);
        desk_bank_account(&t->desk, random_accounts[i], random_ibans[i]);
    }
    for (uint32_t i = 0; i < PAYERS; i++) {
        for (uint32_t k = (uint32_t)random_below(&seed, 3); k < 2; k++)
            draw_advice(t, &seed, i, random_below(&seed, 4) == 0);
        for (uint32_t k = (uint32_t)random_below(&seed, 3); k > 0 && t->items < ITEMS_MAX; k--)
            draw_item(t, &seed, i, 0, UINT32_MAX);
        if (random_below(&seed, 2))
            draw_payment(t, &seed, i, 100 + (int64_t)random_below(&seed, 400000));
    }
    for (uint32_t i = 0; i < t->desk.payments_count; i++)
        t->desk.payments[i].amount_minor += t->desk.payments[i].amount_minor <= 0;
}

static uint32_t
item_of(const struct truth *t, o2c_ref key)
{
    o2c_str heap;
    o2c_match_solution_heap(t->desk.solution, &heap);
    return (uint32_t)strtoul(heap.ptr + key.at + 1, NULL, 10);
}

/* Which payment of the world a proposal is about. */
static uint32_t
payment_of(const struct truth *t, uint32_t proposal)
{
    o2c_str heap;
    o2c_match_solution_heap(t->desk.solution, &heap);
    return (uint32_t)strtoul(heap.ptr + desk_proposal(&t->desk, proposal)->payment.at + 1, NULL, 10);
}

struct seen {
    uint32_t shared, automatic, wrong, held, together, rest;
};

/* A line of an advice goes to one payment, never beyond what is open; what posts itself is what was drawn, up to equal amounts. */
static void
judge(const struct truth *t, struct seen *seen)
{
    int64_t cleared[ITEMS_MAX] = { 0 };
    for (uint32_t p = 0; p < t->desk.payments_count; p++) {
        const o2c_proposal *proposal = desk_proposal(&t->desk, p);
        bool shared = desk_has_reason(&t->desk, p, O2C_REASON_ADVICE_SHARED), right = true;
        bool together = desk_has_reason(&t->desk, p, O2C_REASON_ADVICES_TOGETHER), rest = desk_has_reason(&t->desk, p, O2C_REASON_ADVICE_REST);
        check_equations(&t->desk, p);
        seen->shared += shared;
        seen->together += together;
        seen->held += (proposal->gates & O2C_GATE_SHARED_ADVICE) != 0;
        CU_ASSERT_FALSE(proposal->gates & O2C_GATE_SHARED_ADVICE && proposal->band == O2C_BAND_AUTO);
        if (shared && proposal->on_account_minor == 0)
            CU_ASSERT_EQUAL(proposal->applied_minor + proposal->unapplied_minor, t->desk.payments[p].amount_minor);
        for (uint32_t i = 0; i < proposal->lines_count; i++) {
            uint32_t item = item_of(t, desk_lines(&t->desk, p)[i].item);
            cleared[item] += desk_lines(&t->desk, p)[i].cleared_minor;
            right = right && t->paid_by[item] == payment_of(t, p);
        }
        seen->rest += rest;
        bool automatic = (shared || together || rest) && proposal->band == O2C_BAND_AUTO;
        seen->automatic += automatic;
        seen->wrong += automatic && !right;
    }
    for (uint32_t i = 0; i < t->items; i++)
        CU_ASSERT_FATAL(cleared[i] <= t->open[i]);
}

static void
worlds__no_line_is_paid_twice_and_what_posts_itself_is_true(void)
{
    struct seen seen = { 0 };
    for (uint64_t seed = 1; seed <= 10000; seed++) {
        draw_world(&truth, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&truth.desk), O2C_OK);
        judge(&truth, &seen);
        desk_close(&truth.desk);
    }
    printf("# shared %u, automatic %u, wrong %u; together %u, held %u\n", seen.shared, seen.automatic, seen.wrong, seen.together, seen.held);
    CU_ASSERT_EQUAL(seen.wrong, 0);
    CU_ASSERT(seen.shared > 10000 && seen.automatic > 5000 && seen.together > 1000 && seen.held > 500);
}

/* Payments of the first days alone; then their lines are closed, and the others come with the same advices. */
static void
worlds__what_comes_later_pays_what_is_left(void)
{
    static o2c_payment all[PAYMENTS_MAX];
    struct seen seen = { 0 };
    for (uint64_t seed = 20001; seed <= 22000; seed++) {
        draw_world(&truth, seed);
        struct desk *desk = &truth.desk;
        uint32_t count = desk->payments_count;
        memcpy(all, desk->payments, count * sizeof *all);
        for (int later = 0; later < 2; later++) {
            desk->payments_count = 0;
            for (uint32_t i = 0; i < count; i++)
                if ((all[i].booking_day > desk_day("2026-02-04")) == later)
                    desk->payments[desk->payments_count++] = all[i];
            for (uint32_t i = 0; i < truth.items && later; i++) {
                bool paid = truth.paid_by[i] != UINT32_MAX && all[truth.paid_by[i]].booking_day <= desk_day("2026-02-04");
                desk->items[i].kind = paid ? O2C_ITEM_CLOSED : desk->items[i].kind;
                desk->items[i].original_minor = truth.open[i];
                desk->items[i].open_minor = paid ? 0 : truth.open[i];
                desk->items[i].closed_day = paid ? desk_day("2026-02-04") : 0;
            }
            CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
            judge(&truth, &seen);
        }
        desk_close(desk);
    }
    printf("# shared %u, rest %u, automatic %u, wrong %u, held %u\n", seen.shared, seen.rest, seen.automatic, seen.wrong, seen.held);
    CU_ASSERT_EQUAL(seen.wrong, 0);
    CU_ASSERT(seen.rest > 500 && seen.held > 500);
}

/* ------------------------------------------------------------------ the same answers */

/* What a payment gets, under its own key. */
struct answer {
    char key[8], lines[1024];
    int32_t band;
    uint32_t confidence_ppm, gates;
    uint64_t bytes; /* digest of all that was written for it, with the texts that its refs mean */
};

static o2c_match_solution *
solve_these(const o2c_payment *rows, uint32_t count, const o2c_match_executor *executor, uint32_t *out_component)
{
    const struct desk *desk = &truth.desk;
    o2c_match_solution *solution = NULL;
    o2c_str heap;
    uint32_t components = 0;
    o2c_heap_bytes(desk->heap, &heap);
    o2c_payments payments = { sizeof payments, 0, rows, count, desk->texts, desk->texts_count, heap };
    o2c_remittances remittances = { sizeof remittances, 0, desk->remittances, desk->remittances_count, desk->lines, desk->lines_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &remittances, .executor = executor };
    if (out_component)
        CU_ASSERT_EQUAL_FATAL(o2c_match_components(NULL, desk->pool, desk->model, &request, out_component, &components, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_solve(NULL, desk->pool, desk->model, &request, &solution, NULL), O2C_OK);
    return solution;
}

/* The answers of a solution, each where its payment stands in the world. */
static void
keep(o2c_match_solution *solution, struct answer *answers)
{
    struct desk view = truth.desk;
    const o2c_proposal *rows;
    uint64_t count;
    o2c_str heap;
    view.solution = solution;
    o2c_match_solution_proposals(solution, &rows, &count);
    o2c_match_solution_heap(solution, &heap);
    for (uint32_t i = 0; i < count; i++) {
        struct answer *to = &answers[strtoul(heap.ptr + rows[i].payment.at + 1, NULL, 10)];
        desk_render(&view, i, to->lines, sizeof to->lines);
        to->band = rows[i].band;
        to->confidence_ppm = rows[i].confidence_ppm;
        to->gates = rows[i].gates;
        to->bytes = steady_proposal(solution, i);
    }
    o2c_match_solution_free(solution);
}

static uint32_t
unlike(const struct answer *a, const struct answer *b, uint32_t count)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        if (a[i].band != b[i].band || a[i].confidence_ppm != b[i].confidence_ppm || a[i].gates != b[i].gates ||
            strcmp(a[i].lines, b[i].lines) != 0)
            found++;
    return found;
}

static uint32_t
other_bytes(const struct answer *a, const struct answer *b, uint32_t count)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        found += a[i].bytes != b[i].bytes;
    return found;
}

static void
shuffle(uint64_t *seed)
{
    struct desk *desk = &truth.desk;
    for (uint32_t i = desk->payments_count; i > 1; i--) {
        uint32_t k = (uint32_t)random_below(seed, i);
        o2c_payment hold = desk->payments[i - 1];
        desk->payments[i - 1] = desk->payments[k];
        desk->payments[k] = hold;
    }
    for (uint32_t i = desk->remittances_count; i > 1; i--) {
        uint32_t k = (uint32_t)random_below(seed, i);
        o2c_remittance hold = desk->remittances[i - 1];
        desk->remittances[i - 1] = desk->remittances[k];
        desk->remittances[k] = hold;
    }
}

static void
worlds__any_order_gives_every_payment_its_answer(void)
{
    static struct answer first[PAYMENTS_MAX], again[PAYMENTS_MAX];
    for (uint64_t seed = 1; seed <= 150; seed++) {
        draw_world(&truth, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&truth.desk), O2C_OK);
        keep(solve_these(truth.desk.payments, truth.desk.payments_count, NULL, NULL), first);
        for (uint64_t round = 0; round < 4; round++) {
            shuffle(&(uint64_t){ seed * 31 + round });
            keep(solve_these(truth.desk.payments, truth.desk.payments_count, NULL, NULL), again);
            CU_ASSERT_EQUAL(unlike(first, again, truth.desk.payments_count), 0);
        }
        desk_close(&truth.desk);
    }
}

/* Each part holds the payments of every so-manieth component; answers how many parts had any. */
static uint32_t
solve_apart(const uint32_t *component, uint32_t parts, struct answer *answers)
{
    uint32_t used = 0;
    for (uint32_t part = 0; part < parts; part++) {
        o2c_payment rows[PAYMENTS_MAX];
        uint32_t count = 0;
        for (uint32_t i = 0; i < truth.desk.payments_count; i++)
            if (component[i] % parts == part)
                rows[count++] = truth.desk.payments[i];
        if (count)
            keep(solve_these(rows, count, NULL, NULL), answers);
        used += count > 0;
    }
    return used;
}

/* With as many parts as payments every component is a part of its own. */
static void
worlds__components_solved_apart_give_the_same_bytes(void)
{
    static const uint32_t parts[] = { 1, 2, 7, 64 };
    static struct answer whole[PAYMENTS_MAX], apart[PAYMENTS_MAX];
    uint32_t component[PAYMENTS_MAX], cut = 0;
    CU_ASSERT(PAYMENTS_MAX <= 64);
    for (uint64_t seed = 1; seed <= 150; seed++) {
        draw_world(&truth, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&truth.desk), O2C_OK);
        keep(solve_these(truth.desk.payments, truth.desk.payments_count, NULL, component), whole);
        for (size_t i = 0; i < TAP_COUNT(parts); i++) {
            memset(apart, 0, sizeof apart);
            cut += solve_apart(component, parts[i], apart) - 1;
            CU_ASSERT_EQUAL(unlike(whole, apart, truth.desk.payments_count), 0);
            CU_ASSERT_EQUAL(other_bytes(whole, apart, truth.desk.payments_count), 0);
        }
        desk_close(&truth.desk);
    }
    CU_ASSERT(cut > 300);
}

/* The test above can fail: cut anywhere, payments that share an advice come apart. */
static void
worlds__other_cuts_change_answers(void)
{
    static struct answer whole[PAYMENTS_MAX], apart[PAYMENTS_MAX];
    uint32_t component[PAYMENTS_MAX], found = 0;
    for (uint32_t i = 0; i < PAYMENTS_MAX; i++)
        component[i] = i;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        draw_world(&truth, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&truth.desk), O2C_OK);
        keep(solve_these(truth.desk.payments, truth.desk.payments_count, NULL, NULL), whole);
        memset(apart, 0, sizeof apart);
        solve_apart(component, 7, apart);
        found += other_bytes(whole, apart, truth.desk.payments_count);
        desk_close(&truth.desk);
    }
    CU_ASSERT(found > 0);
}

static struct faulty_result
cut(const o2c_env *env, void *self)
{
    const struct desk *desk = self;
    uint32_t component[PAYMENTS_MAX], count = 0;
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    o2c_payments payments = { sizeof payments, 0, desk->payments, desk->payments_count, desk->texts, desk->texts_count, heap };
    o2c_remittances remittances = { sizeof remittances, 0, desk->remittances, desk->remittances_count, desk->lines, desk->lines_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &remittances };
    struct faulty_result result = { o2c_match_components(env, desk->pool, desk->model, &request, component, &count, NULL), 0 };
    if (!result.status)
        result.digest = faulty_digest(count, component, desk->payments_count * sizeof *component);
    return result;
}

static void
worlds__every_allocation_of_components_may_fail(void)
{
    draw_world(&truth, 3);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&truth.desk), O2C_OK);
    faulty_sweep("components of shared advices", cut, &truth.desk);
    desk_close(&truth.desk);
}

static void
run_backwards(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    ++*(uint32_t *)self;
    for (uint64_t i = count; i > 0; i--)
        job(arg, i - 1);
}

static void
worlds__jobs_in_any_order_change_nothing(void)
{
    static struct answer alone[PAYMENTS_MAX], lent[PAYMENTS_MAX];
    uint32_t runs = 0;
    o2c_match_executor executor = { .struct_size = sizeof executor, .self = &runs, .run = run_backwards };
    for (uint64_t seed = 1; seed <= 150; seed++) {
        draw_world(&truth, seed);
        while (truth.desk.payments_count < PAYMENTS_MAX)
            draw_payment(&truth, &(uint64_t){ seed }, truth.desk.payments_count % PAYERS, 77 + truth.desk.payments_count);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&truth.desk), O2C_OK);
        keep(solve_these(truth.desk.payments, truth.desk.payments_count, NULL, NULL), alone);
        keep(solve_these(truth.desk.payments, truth.desk.payments_count, &executor, NULL), lent);
        CU_ASSERT_EQUAL(unlike(alone, lent, truth.desk.payments_count), 0);
        CU_ASSERT_EQUAL(other_bytes(alone, lent, truth.desk.payments_count), 0);
        desk_close(&truth.desk);
    }
    CU_ASSERT(runs > 0);
}

static const struct tap_test tests[] = {
    { "divisions__as_one_that_tries_every_deal", divisions__as_one_that_tries_every_deal },
    { "divisions__equal_payments_are_dealt_in_one_order", divisions__equal_payments_are_dealt_in_one_order },
    { "divisions__a_budget_that_ends_says_so", divisions__a_budget_that_ends_says_so },
    { "worlds__no_line_is_paid_twice_and_what_posts_itself_is_true", worlds__no_line_is_paid_twice_and_what_posts_itself_is_true },
    { "worlds__what_comes_later_pays_what_is_left", worlds__what_comes_later_pays_what_is_left },
    { "worlds__any_order_gives_every_payment_its_answer", worlds__any_order_gives_every_payment_its_answer },
    { "worlds__components_solved_apart_give_the_same_bytes", worlds__components_solved_apart_give_the_same_bytes },
    { "worlds__other_cuts_change_answers", worlds__other_cuts_change_answers },
    { "worlds__every_allocation_of_components_may_fail", worlds__every_allocation_of_components_may_fail },
    { "worlds__jobs_in_any_order_change_nothing", worlds__jobs_in_any_order_change_nothing },
};

int
main(void)
{
    return tap_run("match/several_worlds", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The naive matcher on a market nobody drew by hand: texts, names, pools and prices of the generator. Retrieval is the library's; what it
 * found (payers, hits) and the items of these payers go to the naive matcher, wherever they are few enough to enumerate every set. Where
 * he is sure, the library's heaviest explanation is his; and what the library would post is never another set than his.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/books.h"
#include "match/match.h"
#include "match/naive.h"
#include "support/tap.h"

#define ITEMS_MAX 12 /* every set of them, with every selection of credits: milliseconds */
#define SURE .99L

struct court {
    struct market *market;
    struct books books;
    o2c_match_pool *pool;
    o2c_match_model *model;
    o2c_match_solution heap_only;
    o2c_match_policy policy;
    o2c_remittances none;
    struct o2c__solve solve;
    uint32_t columns[ITEMS_MAX], accounts[NAIVE_ACCOUNTS];
    uint32_t compared, sure, automatic;
};

static void
court_open(struct court *court)
{
    struct market_options options = { .seed = 21, .items = 20000, .no_labels = 1 };
    o2c_match_model *cold = NULL;
    memset(court, 0, sizeof *court);
    court->market = market_make(&options);
    CU_ASSERT_FATAL(court->market && books_open(&court->books, court->market));
    const o2c_master *master = &court->market->master;
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_new(NULL, NULL, &court->pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_accounts(court->pool, master->accounts, master->accounts_count, &master->heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_bank_accounts(court->pool, master->bank_accounts, master->bank_accounts_count, &master->heap, NULL),
                          O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_ties(court->pool, master->ties, master->ties_count, &master->heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &cold, NULL), O2C_OK);
    court->model = cold;
    court->none.struct_size = sizeof court->none;
    o2c__policy_defaults(&court->policy);
}

static void
court_close(struct court *court)
{
    o2c_match_model_free(court->model);
    o2c_match_pool_free(court->pool);
    books_close(&court->books);
    market_free(court->market);
}

static void
advance(struct court *court, int32_t day)
{
    const o2c_str *heap = &court->market->master.heap;
    CU_ASSERT_FATAL(books_advance(&court->books, day));
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_items(court->pool, court->books.rows, court->books.rows_count, heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_references(court->pool, court->books.new_references, court->books.new_references_count, heap, NULL),
                          O2C_OK);
}

/* ---- from the library's columns to the naive world */

static int
number_of(const uint32_t *rows, int count, uint32_t row)
{
    for (int i = 0; i < count; i++)
        if (rows[i] == row)
            return i;
    return -1;
}

static bool
add_account(struct court *court, struct naive_world *w, uint32_t account)
{
    if (number_of(court->accounts, w->accounts_count, account) >= 0)
        return true;
    if (w->accounts_count == NAIVE_ACCOUNTS)
        return false;
    court->accounts[w->accounts_count++] = account;
    return true;
}

static bool
add_item(struct court *court, struct naive_world *w, int account, uint32_t column)
{
    const o2c_match_pool *pool = court->pool;
    bool closed = column >= pool->open_count;
    if (w->items_count == ITEMS_MAX || (!closed && (pool->flags[column] & ~(uint32_t)O2C_ITEM_FLAG_PROMISED)))
        return false;
    struct naive_item *item = &w->items[w->items_count];
    *item = (struct naive_item){ .account = account, .open = closed ? 0 : pool->open[column], .original = pool->original[column] };
    item->due = closed ? 0 : pool->due[column];
    item->closed_day = closed ? pool->closed_day[column - pool->open_count] : 0;
    item->deposit = !closed && pool->kind[column] == O2C_ITEM_DEPOSIT_REQUEST;
    item->dimension = w->items_count;
    for (int t = 0; !closed && t < 2 && pool->discount[column]; t++) {
        const o2c_discount *tier = &pool->discounts[pool->discount[column] - 1][t];
        if (tier->set == O2C_DISCOUNT_MINOR || (tier->set && item->open != item->original))
            return false;
        item->until[t] = tier->set ? tier->until_day : 0;
        item->ppm[t] = tier->set ? tier->value : 0;
    }
    court->columns[w->items_count++] = column;
    return true;
}

/* All items of an account in its one currency and company, in the order of the pool. */
static bool
add_items(struct court *court, struct naive_world *w, int number, const o2c_payment *payment)
{
    const o2c_match_pool *pool = court->pool;
    const struct o2c__account *account = &pool->accounts[court->accounts[number]];
    bool whole = account->item_accounts_count <= 1;
    for (uint32_t k = 0; whole && k < account->item_accounts_count; k++) {
        const struct o2c__item_account *home = &pool->item_accounts[account->item_accounts_at + k];
        whole = memcmp(home->currency, payment->currency, 3) == 0;
        for (uint32_t i = home->first; whole && i < home->first + home->count; i++)
            whole = add_item(court, w, number, i);
    }
    for (uint32_t i = pool->open_count; whole && i < pool->count; i++)
        if (pool->item_account[i] == court->accounts[number])
            whole = add_item(court, w, number, i);
    return whole;
}

static bool
add_payers(struct court *court, struct naive_world *w, const struct o2c__case *one)
{
    if (one->payers_count == 0 || one->payers_count > NAIVE_ACCOUNTS || !one->payers[0].evidence)
        return false;
    for (uint32_t i = 0; i < one->payers_count; i++) {
        if (!add_account(court, w, one->payers[i].account))
            return false;
        w->payers[w->payers_count++] = (struct naive_payer){ number_of(court->accounts, w->accounts_count, one->payers[i].account),
                                                             (int)one->payers[i].chance_ppm };
    }
    for (int a = 0; a < w->payers_count; a++) {
        const struct o2c__account *account = &court->pool->accounts[one->payers[a].account];
        for (uint32_t k = 0; k < account->relatives_count; k++) {
            uint32_t relative = court->pool->relatives[account->relatives_at + k].account;
            if (!add_account(court, w, relative))
                return false;
            w->tied[w->payers[a].account][number_of(court->accounts, w->accounts_count, relative)] = true;
        }
    }
    return true;
}

static bool
add_hits(struct court *court, struct naive_world *w, const struct o2c__case *one)
{
    if (one->hits_count > NAIVE_HITS || one->cites != (one->hits_count > 0))
        return false;
    for (uint32_t h = 0; h < one->hits_count; h++) {
        const struct o2c__hit *from = &one->hits[h];
        struct naive_hit *hit = &w->hits[w->hits_count++];
        uint32_t count = from->item != O2C__NONE ? 1 : from->group_count;
        *hit = (struct naive_hit){ .token = (int)from->token, .ln_q16 = from->ln_ratio, .count = (int)count };
        for (uint32_t m = 0; m < count; m++) {
            int item = m < 4 ? number_of(court->columns, w->items_count, from->item != O2C__NONE ? from->item : one->members[from->group_at + m]) : -1;
            if (item < 0)
                return false;
            hit->items[m] = item;
        }
    }
    return true;
}

/* False: too much of it for an enumeration, or something that the naive world has no word for. */
static bool
world_of(struct court *court, const struct o2c__case *one, struct naive_world *w)
{
    const o2c_payment *payment = one->payment;
    memset(w, 0, sizeof *w);
    if (payment->charges_minor || payment->amount_minor <= 0 || !add_payers(court, w, one))
        return false;
    for (int a = 0; a < w->accounts_count; a++)
        if (!add_items(court, w, a, payment))
            return false;
    w->amount = payment->amount_minor;
    w->day = payment->value_day;
    w->tolerance = court->policy.tolerance_minor;
    w->tolerance_ppm = (int)court->policy.tolerance_ppm;
    w->customers = (int)court->model->accounts;
    w->lookback = (int)court->policy.closed_lookback_days;
    return add_hits(court, w, one);
}

/* ---- the comparison */

static uint32_t
bits_of(const struct court *court, const struct naive_world *w, const uint32_t *items, uint32_t count)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < count; i++) {
        int number = number_of(court->columns, w->items_count, items[i]);
        bits |= number >= 0 ? 1u << number : 1u << 31;
    }
    return bits;
}

static bool
is_cited(const struct naive_world *w, int item)
{
    for (int h = 0; h < w->hits_count; h++)
        for (int m = 0; m < w->hits[h].count; m++)
            if (w->hits[h].items[m] == item)
                return true;
    return false;
}

/* A set with items that no posting can tell apart counted as one: four bits for each class. */
static uint64_t
signature(const struct court *court, const struct naive_world *w, uint32_t items)
{
    const o2c_match_pool *pool = court->pool;
    uint64_t sum = 0;
    for (int i = 0; i < w->items_count; i++) {
        int first = i;
        uint32_t twin = court->columns[i] < pool->open_count ? pool->interchange[court->columns[i]] : O2C__NONE;
        for (int k = 0; k < i && twin != O2C__NONE && !is_cited(w, i) && first == i; k++)
            if (court->columns[k] < pool->open_count && pool->interchange[court->columns[k]] == twin && !is_cited(w, k))
                first = k;
        sum += items >> i & 1 ? UINT64_C(1) << (4 * first) : 0;
    }
    return sum;
}

static long double
share_of(const struct court *court, const struct naive_world *w, const struct naive_answer *answer, int row)
{
    long double mass = 0;
    uint64_t wanted = signature(court, w, answer->rows[row].items);
    for (int i = 0; i < answer->count; i++)
        if (answer->rows[i].cause == answer->rows[row].cause && signature(court, w, answer->rows[i].items) == wanted)
            mass += answer->rows[i].mass;
    return mass / answer->total;
}

static void
compare(struct court *court, const struct naive_world *w, const struct o2c__explanation *why, uint64_t payment)
{
    struct naive_answer answer;
    const struct o2c__hypothesis *row = why->count ? &why->rows[0] : NULL;
    int best = -1;
    naive_solve(w, &answer);
    for (int i = 0; i < answer.count; i++)
        if (best < 0 || answer.rows[i].mass > answer.rows[best].mass)
            best = i;
    long double naive = best < 0 ? 0 : share_of(court, w, &answer, best), share = row ? (long double)row->mass / (long double)why->total : 0;
    uint32_t ours = row ? bits_of(court, w, why->items + row->items_at, row->items_count) : 0;
    bool posts = row && row->items_count && share >= .995L; /* if its class were released and never wrong */
    bool same = best >= 0 && row && row->arithmetic == answer.rows[best].cause &&
                signature(court, w, ours) == signature(court, w, answer.rows[best].items);
    bool agrees = !(naive >= SURE || posts) || (same && fabsl(naive - share) < .01L);
    if (!agrees)
        printf("# payment %llu: naive %x cause %d %.6Lf, ours %x cause %d %.6Lf\n", (unsigned long long)payment, best < 0 ? 0 : answer.rows[best].items,
               best < 0 ? -1 : answer.rows[best].cause, naive, ours, row ? row->arithmetic : -1, share);
    CU_ASSERT(agrees);
    court->compared++;
    court->sure += naive >= SURE;
    court->automatic += posts;
    naive_free(&answer);
}

static void
judge(struct court *court, uint64_t payment)
{
    struct o2c__case one;
    struct o2c__explanation why;
    struct naive_world w;
    memset(&one, 0, sizeof one);
    memset(&why, 0, sizeof why);
    o2c__arena_reset(&court->solve.arena);
    CU_ASSERT_EQUAL_FATAL(o2c__retrieve(&court->solve, payment, 1, &one, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c__explain(&court->solve, &one, &why, NULL), O2C_OK); /* looks for damaged numbers as well */
    if (world_of(court, &one, &w))
        compare(court, &w, &why, payment);
}

static void
one_day(struct court *court, uint64_t first, uint64_t end)
{
    o2c_match_model *next = NULL;
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_freeze(court->pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_measure(court->model, court->pool, &next, NULL), O2C_OK);
    o2c_match_model_free(court->model);
    court->model = next;
    struct o2c__solve *solve = &court->solve;
    memset(solve, 0, sizeof *solve);
    CU_ASSERT_EQUAL_FATAL(o2c__context_init(&solve->context, NULL, UINT64_MAX, NULL), O2C_OK);
    solve->pool = court->pool;
    solve->model = court->model;
    solve->policy = &court->policy;
    solve->payments = &court->market->payments;
    solve->remittances = &court->none;
    solve->solution = &court->heap_only;
    o2c__text_heap_init(&court->heap_only.heap, &solve->context.memory);
    o2c__arena_init(&solve->arena, &solve->context.memory, 0);
    CU_ASSERT_EQUAL_FATAL(o2c__link(solve, NULL), O2C_OK);
    for (uint64_t i = first; i < end; i++)
        judge(court, i);
    o2c__link_free(solve);
    o2c__arena_free(&solve->arena);
    o2c__text_heap_free(&court->heap_only.heap);
}

static void
naive__agrees_on_a_market_wherever_he_is_sure(void)
{
    static struct court court;
    court_open(&court);
    const o2c_payments *payments = &court.market->payments;
    for (uint64_t at = 0, end; at < payments->count; at = end) {
        int32_t day = payments->rows[at].value_day;
        for (end = at; end < payments->count && payments->rows[end].value_day == day; end++)
            ;
        advance(&court, day);
        if (day % 2 == 0)
            one_day(&court, at, end);
    }
    printf("# %u payments enumerated, %u of them sure, %u posted if their class were released\n", court.compared, court.sure, court.automatic);
    CU_ASSERT(court.compared > 600 && court.sure > 500 && court.automatic > 500);
    court_close(&court);
}

static const struct tap_test tests[] = {
    { "naive__agrees_on_a_market_wherever_he_is_sure", naive__agrees_on_a_market_wherever_he_is_sure },
};

int
main(void)
{
    return tap_run("bench/market_naive", tests, TAP_COUNT(tests));
}

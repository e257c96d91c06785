/* SPDX-License-Identifier: Apache-2.0 */
/* A pool that lives through puts, drops and freezes answers with the bytes of a pool that is built anew from the same rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/index.h"
#include "match/pool.h"
#include "steady.h"
#include "support/faulty.h"
#include "support/tap.h"

static struct steady steady;
static uint8_t lives[STEADY_ITEMS], cited[STEADY_ITEMS]; /* by item: is it in the pool; do its references still stand there */

static o2c_str
bytes(void)
{
    o2c_str heap;
    o2c_heap_bytes(steady.heap, &heap);
    return heap;
}

static o2c_ref
text(const char *format, uint32_t number)
{
    char to[64];
    o2c_ref ref = { 0, 0 };
    snprintf(to, sizeof to, format, number);
    o2c_str str = { to, strlen(to) };
    o2c_heap_add(steady.heap, &str, &ref, NULL);
    return ref;
}

static uint32_t
item_of(const o2c_reference *row)
{
    for (uint32_t i = 0; i < STEADY_ITEMS; i++)
        if (steady.items[i].key.at == row->item.at)
            return i;
    return STEADY_ITEMS;
}

/* Items that live, with the references that were not dropped with them. */
static void
current_master(o2c_master *out, o2c_open_item *items, o2c_reference *references)
{
    uint64_t n = 0, r = 0;
    steady_master(&steady, out);
    for (uint32_t i = 0; i < STEADY_ITEMS; i++)
        if (lives[i])
            items[n++] = steady.items[i];
    for (uint32_t i = 0; i < steady.references_count; i++)
        if (cited[item_of(&steady.references[i])])
            references[r++] = steady.references[i];
    out->items = items;
    out->items_count = n;
    out->references = references;
    out->references_count = r;
}

static o2c_match_pool *
pool_anew(const o2c_env *env)
{
    static o2c_open_item items[STEADY_ITEMS];
    static o2c_reference references[STEADY_ITEMS];
    o2c_match_pool *pool = NULL;
    o2c_master master;
    o2c_error err;
    current_master(&master, items, references);
    CU_ASSERT_EQUAL(o2c_match_pool_new(env, NULL, &pool, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_put(pool, &master, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, &err), O2C_OK);
    return pool;
}

static uint64_t
answers_of(o2c_match_pool *pool)
{
    o2c_match_model *cold = NULL, *model = NULL, *hold = steady.model;
    o2c_match_pool *pool_before = steady.pool;
    CU_ASSERT_EQUAL(o2c_match_model_new(NULL, &cold, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_model_measure(cold, pool, &model, NULL), O2C_OK);
    steady.pool = pool;
    steady.model = model;
    o2c_match_solution *solution = steady_solve(&steady, steady.payments, STEADY_PAYMENTS, NULL);
    uint64_t digest = steady_digest(solution);
    steady.pool = pool_before;
    steady.model = hold;
    o2c_match_solution_free(solution);
    o2c_match_model_free(model);
    o2c_match_model_free(cold);
    return digest;
}

/* ------------------------------------------------------------------ column by column */

static bool
same_text(const o2c_match_pool *a, o2c_ref x, const o2c_match_pool *b, o2c_ref y)
{
    return o2c__str_equal(o2c__pool_str(a, x), o2c__pool_str(b, y));
}

static bool
same_item(const o2c_match_pool *a, const o2c_match_pool *b, uint32_t i)
{
    const struct o2c__echo *x = &a->echo[i], *y = &b->echo[i];
    const struct o2c__groups *own = o2c__pool_groups(a, i), *other = o2c__pool_groups(b, i);
    bool groups = own && other ? memcmp(own, other, sizeof *own) == 0 : own == other;
    bool discount = a->discount[i] && b->discount[i]
                        ? memcmp(a->discounts[a->discount[i] - 1], b->discounts[b->discount[i] - 1], sizeof a->discounts[0]) == 0
                        : a->discount[i] == b->discount[i];
    return groups && discount && same_text(a, x->key, b, y->key) && same_text(a, x->document, b, y->document) &&
           same_text(a, x->earmarked_by, b, y->earmarked_by) && same_text(a, x->cleared_by, b, y->cleared_by) &&
           x->host_ref == y->host_ref && x->version == y->version && x->dimension_set == y->dimension_set &&
           o2c__pool_earmarked(a, i) == o2c__pool_earmarked(b, i) &&
           o2c__str_equal(o2c__pool_company(a, i), o2c__pool_company(b, i)) &&
           o2c__str_equal(o2c__pool_currency(a, i), o2c__pool_currency(b, i));
}

#define SAME(column, n) ((n) == 0 || memcmp(a->column, b->column, (n) * sizeof *a->column) == 0)

/* Every column of a pool that lived through changes is that of a pool built anew, number for number; strings may stand elsewhere. */
static void
compare_columns(const o2c_match_pool *a, const o2c_match_pool *b)
{
    CU_ASSERT_FATAL(a->count == b->count && a->open_count == b->open_count);
    CU_ASSERT_FATAL(a->item_accounts_count == b->item_accounts_count && a->accounts_count == b->accounts_count);
    CU_ASSERT(a->earmarks_count == b->earmarks_count && a->groups_count == b->groups_count && a->companies_count == b->companies_count);
    size_t n = a->count;
    CU_ASSERT(SAME(open, n) && SAME(original, n) && SAME(due, n) && SAME(document_day, n) && SAME(item_account, n));
    CU_ASSERT(SAME(kind, n) && SAME(flags, n) && SAME(interchange, n) && SAME(closed_day, n - a->open_count));
    CU_ASSERT(SAME(index->amounts, a->open_count) && a->index->document_bytes == b->index->document_bytes);
    for (uint32_t i = 0; i < n; i++)
        CU_ASSERT_FATAL(same_item(a, b, i));
    for (uint32_t i = 0; i < a->item_accounts_count; i++) {
        const struct o2c__item_account *x = &a->item_accounts[i], *y = &b->item_accounts[i];
        CU_ASSERT(x->account == y->account && x->company == y->company && x->first == y->first && x->count == y->count && x->sum == y->sum);
        CU_ASSERT(x->least == y->least && x->most == y->most && x->gap == y->gap && x->marks == y->marks);
    }
    for (uint32_t i = 0; i < a->accounts_count; i++) {
        const struct o2c__account *x = &a->accounts[i], *y = &b->accounts[i];
        CU_ASSERT(same_text(a, x->key, b, y->key) && same_text(a, x->name, b, y->name) && x->relatives_count == y->relatives_count);
        CU_ASSERT(x->item_accounts_at == y->item_accounts_at && x->item_accounts_count == y->item_accounts_count);
    }
}

/* ------------------------------------------------------------------ one change */

static void
change_item(o2c_open_item *item)
{
    switch (steady_draw(&steady, 10)) {
    case 0: /* paid */
        item->kind = O2C_ITEM_CLOSED;
        item->open_minor = item->earmarked_minor = 0;
        item->earmarked_by = (o2c_ref){ 0, 0 };
        item->closed_day = 20455;
        break;
    case 1: /* paid in part, or open again */
        item->kind = O2C_ITEM_INVOICE;
        item->open_minor = 100 + (int64_t)steady_draw(&steady, 50000);
        item->original_minor = item->open_minor;
        item->earmarked_minor = item->closed_day = 0;
        break;
    case 2:
        item->due_day = 20400 + (int32_t)steady_draw(&steady, 90);
        break;
    case 3:
        item->document = text("RE-2026-%05u", 40000 + steady_draw(&steady, STEADY_ITEMS) * 3);
        break;
    case 4:
        item->account = steady.accounts[steady_draw(&steady, STEADY_ACCOUNTS)].key;
        break;
    case 6: /* part of it is held for another payment */
        item->earmarked_minor = item->open_minor > 1 ? 1 + (int64_t)steady_draw(&steady, (uint32_t)(item->open_minor / 2)) : 0;
        break;
    case 7:
        item->order_group = steady_draw(&steady, 3);
        item->statement_group = steady_draw(&steady, 2) * 7;
        break;
    case 8: /* another company of ours, seldom anybody's last one */
        item->company = text("%04u", 1000 + steady_draw(&steady, 3));
        break;
    default: /* a price that others have */
        if (item->open_minor > 0)
            item->open_minor = item->original_minor = 25000;
        item->earmarked_minor = 0;
    }
}

static void
put_one(o2c_match_pool *pool, uint32_t i)
{
    if (lives[i])
        change_item(&steady.items[i]);
    lives[i] = 1;
    o2c_str heap = bytes();
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, &steady.items[i], 1, &heap, NULL), O2C_OK);
}

static void
drop_one(o2c_match_pool *pool, uint32_t i)
{
    if (!lives[i])
        return;
    lives[i] = 0;
    o2c_str heap = bytes();
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(pool, &steady.items[i].key, 1, &heap, NULL), O2C_OK);
}

/* Numbers that few rows have, that documents have too, and that stand there already. */
static void
cite_one(o2c_match_pool *pool, uint32_t i)
{
    static const int32_t kinds[] = { O2C_REFERENCE_ORDER, O2C_REFERENCE_DELIVERY, O2C_REFERENCE_STRUCTURED };
    if (!lives[i] || !cited[i] || steady.references_count == STEADY_ITEMS)
        return;
    bool document = steady_draw(&steady, 2);
    o2c_reference *row = &steady.references[steady.references_count++];
    *row = (o2c_reference){ .item = steady.items[i].key, .kind = kinds[steady_draw(&steady, 3)] };
    row->text = document ? text("RE-2026-%05u", 40000 + steady_draw(&steady, STEADY_ITEMS) * 3) : text("PO 77%03u", steady_draw(&steady, 30));
    o2c_str heap = bytes();
    CU_ASSERT_EQUAL(o2c_match_pool_put_references(pool, row, 1, &heap, NULL), O2C_OK);
}

/* References of an item that is gone when the pool freezes are gone for good. */
static void
freeze(o2c_match_pool *pool)
{
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
    for (uint32_t i = 0; i < STEADY_ITEMS; i++)
        cited[i] = cited[i] && lives[i];
}

static void
change_some(o2c_match_pool *pool)
{
    for (uint32_t n = 1 + steady_draw(&steady, 24); n > 0; n--) {
        uint32_t i = steady_draw(&steady, STEADY_ITEMS);
        if (steady_draw(&steady, 4))
            put_one(pool, i);
        else
            drop_one(pool, i);
        if (steady_draw(&steady, 3) == 0)
            cite_one(pool, steady_draw(&steady, 40));
    }
}

static void
open_desk(uint64_t seed)
{
    steady_make(&steady, seed);
    memset(lives, 1, sizeof lives);
    memset(cited, 1, sizeof cited);
    for (uint32_t i = 0; i < STEADY_ITEMS; i += 5) /* some come later */
        lives[i] = cited[i] = 0;
}

static void
deltas__a_hundred_days_give_the_answers_of_a_pool_built_anew(void)
{
    uint32_t patched = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        open_desk(seed);
        o2c_match_pool *pool = pool_anew(NULL);
        for (uint32_t day = 0; day < 25; day++) {
            change_some(pool);
            freeze(pool);
            patched += pool->rows->patches > 0;
            o2c_match_pool *anew = pool_anew(NULL);
            CU_ASSERT_EQUAL(o2c_match_pool_count(pool), o2c_match_pool_count(anew));
            compare_columns(pool, anew);
            CU_ASSERT_EQUAL(answers_of(pool), answers_of(anew));
            o2c_match_pool_free(anew);
        }
        o2c_match_pool_free(pool);
        steady_free(&steady);
    }
    CU_ASSERT(patched > 60); /* the indexes were carried over nearly always: else this test shows nothing */
}

static void
deltas__rows_of_accounts_build_the_indexes_anew(void)
{
    open_desk(5);
    o2c_match_pool *pool = pool_anew(NULL);
    o2c_str heap = bytes();
    put_one(pool, 1);
    CU_ASSERT_EQUAL(o2c_match_pool_put_accounts(pool, &steady.accounts[3], 1, &heap, NULL), O2C_OK);
    freeze(pool);
    CU_ASSERT_EQUAL(pool->rows->patches, 0);
    put_one(pool, 2);
    freeze(pool);
    CU_ASSERT_EQUAL(pool->rows->patches, 1);
    o2c_match_pool *anew = pool_anew(NULL);
    CU_ASSERT_EQUAL(answers_of(pool), answers_of(anew));
    o2c_match_pool_free(anew);
    o2c_match_pool_free(pool);
    steady_free(&steady);
}

/* Nothing is left of the columns of a pool that was frozen while it was empty, or that was emptied. */
static void
deltas__a_pool_may_be_empty_when_it_freezes(void)
{
    struct faulty faulty;
    open_desk(10);
    faulty_open(&faulty, FAULTY_NEVER, 0);
    o2c_env env = { .struct_size = sizeof env, .allocator = &faulty.allocator };
    o2c_match_pool *pool = NULL;
    o2c_str heap = bytes();
    CU_ASSERT_EQUAL(o2c_match_pool_new(&env, NULL, &pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_put_accounts(pool, steady.accounts, 6, &heap, NULL), O2C_OK);
    for (uint32_t round = 0; round < 3; round++) {
        CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, &steady.items[1], 2, &heap, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
        CU_ASSERT_EQUAL(pool->count, 2);
        for (uint32_t i = 1; i < 3; i++)
            CU_ASSERT_EQUAL(o2c_match_pool_drop_items(pool, &steady.items[i].key, 1, &heap, NULL), O2C_OK);
    }
    o2c_match_pool_free(pool);
    CU_ASSERT_EQUAL(faulty_close(&faulty), 0);
    steady_free(&steady);
}

/* Strings of what is gone do not pile up for ever. */
static void
deltas__strings_of_the_past_are_let_go(void)
{
    open_desk(6);
    o2c_match_pool *pool = pool_anew(NULL);
    size_t most = 0, first = pool->heap.bytes.count;
    for (uint32_t day = 0; day < 400; day++) {
        put_one(pool, steady_draw(&steady, 40));
        for (uint32_t i = 0; i < 40; i++)
            put_one(pool, 40 + i);
        freeze(pool);
        most = pool->heap.bytes.count > most ? pool->heap.bytes.count : most;
    }
    CU_ASSERT(most < 4 * first);
    o2c_match_pool_free(pool);
    steady_free(&steady);
}

/* ------------------------------------------------------------------ lines of yesterday */

static uint64_t
stale_lines(const o2c_match_pool *pool, const o2c_match_solution *solution, o2c_match_freshness *out)
{
    const o2c_line *lines;
    uint64_t count, stale = 0;
    o2c_str heap;
    o2c_match_solution_lines(solution, &lines, &count);
    o2c_match_solution_heap(solution, &heap);
    CU_ASSERT_EQUAL(o2c_match_stale(pool, lines, count, &heap, out, NULL), O2C_OK);
    for (uint64_t i = 0; i < count; i++)
        stale += out[i].stale;
    return stale;
}

/* CA-46: a document that changed after its line was computed is not posted on the old number. */
static void
ca_46_a_line_whose_item_moved_is_stale_with_both_numbers(void)
{
    static o2c_match_freshness rows[STEADY_ITEMS * 2];
    const o2c_line *lines;
    uint64_t count;
    open_desk(9);
    steady_build(&steady);
    o2c_match_solution *solution = steady_solve(&steady, steady.payments, STEADY_PAYMENTS, NULL);
    o2c_match_solution_lines(solution, &lines, &count);
    CU_ASSERT_FATAL(count > 0 && count < STEADY_ITEMS * 2);
    CU_ASSERT_EQUAL(stale_lines(steady.pool, solution, rows), 0);
    o2c_open_item *item = &steady.items[lines[0].host_ref];
    o2c_str heap = bytes();
    item->open_minor += item->open_minor > 0 ? 1 : -1;
    item->version += 5;
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(steady.pool, item, 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_stale(steady.pool, lines, count, &heap, rows, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(steady.pool, NULL), O2C_OK);
    CU_ASSERT(stale_lines(steady.pool, solution, rows) >= 1);
    CU_ASSERT(rows[0].stale && rows[0].known);
    CU_ASSERT_EQUAL(rows[0].open_minor, item->open_minor);
    CU_ASSERT_EQUAL(rows[0].expect_open_minor, lines[0].expect_open_minor);
    CU_ASSERT_EQUAL(rows[0].version, rows[0].expect_version + 5);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(steady.pool, &item->key, 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(steady.pool, NULL), O2C_OK);
    stale_lines(steady.pool, solution, rows);
    CU_ASSERT(rows[0].stale && !rows[0].known && rows[0].open_minor == 0);
    o2c_match_solution_free(solution);
    steady_free(&steady);
}

/* ------------------------------------------------------------------ memory that ends */

static struct faulty_result
two_days(const o2c_env *env, void *self)
{
    static o2c_open_item items[STEADY_ITEMS];
    static o2c_reference references[STEADY_ITEMS];
    struct faulty_result result = { 0, 0 };
    o2c_match_pool *pool = NULL;
    o2c_master master;
    (void)self;
    current_master(&master, items, references);
    master.items_count = 60;
    master.references_count = 0;
    result.status = o2c_match_pool_new(env, NULL, &pool, NULL);
    if (!result.status)
        result.status = o2c_match_pool_put(pool, &master, NULL);
    if (!result.status)
        result.status = o2c_match_pool_freeze(pool, NULL);
    if (!result.status)
        result.status = o2c_match_pool_put_items(pool, items + 50, 20, &master.heap, NULL);
    if (!result.status)
        result.status = o2c_match_pool_put_references(pool, references, 2, &master.heap, NULL);
    if (!result.status)
        result.status = o2c_match_pool_drop_items(pool, &items[7].key, 1, &master.heap, NULL);
    if (!result.status)
        result.status = o2c_match_pool_freeze(pool, NULL);
    if (!result.status)
        result.digest = answers_of(pool);
    o2c_match_pool_free(pool);
    return result;
}

static void
deltas__every_allocation_may_fail(void)
{
    open_desk(7);
    faulty_sweep("deltas", two_days, NULL);
    steady_free(&steady);
}

/* A freeze that found no memory can be asked again, and gives the same pool. */
static void
deltas__a_freeze_that_failed_can_be_repeated(void)
{
    for (uint64_t at = 1; at < 40; at++) {
        struct faulty faulty;
        open_desk(8);
        faulty_open(&faulty, FAULTY_NEVER, 0);
        o2c_env env = { .struct_size = sizeof env, .allocator = &faulty.allocator };
        o2c_match_pool *pool = pool_anew(&env);
        put_one(pool, 1);
        drop_one(pool, 2);
        for (uint32_t i = 0; i < 8; i++)
            cite_one(pool, 6 + i);
        faulty.mode = FAULTY_ONCE;
        faulty.at = faulty.count + at;
        o2c_status status = o2c_match_pool_freeze(pool, NULL);
        CU_ASSERT(status == O2C_OK || status == O2C_E_NOMEM);
        faulty.mode = FAULTY_NEVER;
        freeze(pool);
        o2c_match_pool *anew = pool_anew(NULL);
        compare_columns(pool, anew);
        CU_ASSERT_EQUAL(answers_of(pool), answers_of(anew));
        o2c_match_pool_free(anew);
        o2c_match_pool_free(pool);
        CU_ASSERT_EQUAL(faulty_close(&faulty), 0);
        steady_free(&steady);
    }
}

static const struct tap_test tests[] = {
    { "deltas__a_hundred_days_give_the_answers_of_a_pool_built_anew", deltas__a_hundred_days_give_the_answers_of_a_pool_built_anew },
    { "deltas__rows_of_accounts_build_the_indexes_anew", deltas__rows_of_accounts_build_the_indexes_anew },
    { "deltas__a_pool_may_be_empty_when_it_freezes", deltas__a_pool_may_be_empty_when_it_freezes },
    { "deltas__strings_of_the_past_are_let_go", deltas__strings_of_the_past_are_let_go },
    { "ca_46_a_line_whose_item_moved_is_stale_with_both_numbers", ca_46_a_line_whose_item_moved_is_stale_with_both_numbers },
    { "deltas__every_allocation_may_fail", deltas__every_allocation_may_fail },
    { "deltas__a_freeze_that_failed_can_be_repeated", deltas__a_freeze_that_failed_can_be_repeated },
};

int
main(void)
{
    return tap_run("match/deltas", tests, TAP_COUNT(tests));
}

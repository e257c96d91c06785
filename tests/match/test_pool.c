/* SPDX-License-Identifier: Apache-2.0 */
/* A pool: what it takes and refuses, the order of its columns, thawing, and that no order of puts and no hash key shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "match/index.h"
#include "match/pool.h"
#include "match/reading.h"
#include "support/faulty.h"
#include "support/tap.h"

static o2c_str
heap_of(const struct desk *desk)
{
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    return heap;
}

static o2c_master
master_of(const struct desk *desk)
{
    return (o2c_master){ sizeof(o2c_master), 0,
                         desk->items, desk->items_count, desk->references, desk->references_count,
                         desk->accounts, desk->accounts_count, desk->aliases, desk->aliases_count,
                         desk->bank_accounts, desk->bank_accounts_count, desk->ties, desk->ties_count, heap_of(desk) };
}

static struct desk *
desk_new(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    f1_open(desk);
    return desk;
}

static void
desk_free(struct desk *desk)
{
    desk_close(desk);
    free(desk);
}

static o2c_match_pool *
pool_of(const struct desk *desk, const o2c_env *env)
{
    o2c_match_pool *pool = NULL;
    o2c_master master = master_of(desk);
    CU_ASSERT_EQUAL(o2c_match_pool_new(env, NULL, &pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_put(pool, &master, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
    return pool;
}

static uint64_t
digest_ref(uint64_t digest, const o2c_match_pool *pool, o2c_ref ref)
{
    return faulty_digest_str(digest, o2c__pool_str(pool, ref));
}

/* Everything a decision could see of the columns. */
static uint64_t
pool_digest(const o2c_match_pool *pool)
{
    uint64_t digest = faulty_digest_u64(0, pool->open_count);
    for (uint32_t i = 0; i < pool->count; i++) {
        digest = digest_ref(digest, pool, pool->echo[i].key);
        digest = digest_ref(digest, pool, pool->echo[i].document);
        digest = digest_ref(digest, pool, pool->echo[i].earmarked_by);
        digest = faulty_digest_u64(digest, pool->echo[i].version ^ pool->echo[i].host_ref << 20 ^ pool->echo[i].dimension_set << 40);
        digest = faulty_digest_u64(digest, (uint64_t)pool->open[i] ^ (uint64_t)pool->original[i] << 7);
        digest = faulty_digest_u64(digest, (uint64_t)pool->due[i] << 32 ^ (uint64_t)pool->document_day[i]);
        digest = faulty_digest_u64(digest, (uint64_t)pool->item_account[i] << 32 ^ pool->interchange[i]);
        digest = faulty_digest_u64(digest, (uint64_t)pool->kind[i] << 32 ^ pool->flags[i]);
        digest = faulty_digest_u64(digest, (uint64_t)o2c__pool_earmarked(pool, i));
        digest = faulty_digest_str(digest, o2c__pool_currency(pool, i));
        digest = faulty_digest_str(digest, o2c__pool_company(pool, i));
        if (pool->discount[i])
            digest = faulty_digest(digest, pool->discounts[pool->discount[i] - 1], sizeof pool->discounts[0]);
    }
    for (uint32_t i = 0; i < pool->accounts_count; i++) {
        digest = digest_ref(digest, pool, pool->accounts[i].key);
        digest = digest_ref(digest, pool, pool->accounts[i].name);
        digest = faulty_digest_u64(digest, (uint64_t)pool->accounts[i].item_accounts_at << 32 ^ pool->accounts[i].item_accounts_count);
        for (uint32_t k = 0; k < pool->accounts[i].relatives_count; k++)
            digest = faulty_digest(digest, &pool->relatives[pool->accounts[i].relatives_at + k], sizeof pool->relatives[0]);
    }
    return digest;
}

/* ---- order */
static void
freeze__sorts_by_account_due_day_and_key(void)
{
    static const char *const order[] = { "CM1", "SO", "I1", "I2", "I3", "I4", "I5" };
    struct desk *desk = desk_new();
    o2c_match_pool *pool = pool_of(desk, NULL);
    CU_ASSERT_EQUAL(pool->open_count, 7);
    CU_ASSERT_EQUAL(pool->item_accounts_count, 3);
    for (uint32_t i = 0; i < 7; i++)
        CU_ASSERT_TRUE(o2c__str_equal(o2c__pool_str(pool, pool->echo[i].key), o2c__str(order[i])));
    CU_ASSERT_EQUAL(pool->item_accounts[0].first, 0);
    CU_ASSERT_EQUAL(pool->item_accounts[0].count, 5);
    CU_ASSERT_EQUAL(pool->item_accounts[0].sum, 100000 + 25000 + 50000 - 10000 + 30000);
    CU_ASSERT_STRING_EQUAL(pool->item_accounts[0].currency, "USD");
    CU_ASSERT_EQUAL(pool->original[2], 100000);
    CU_ASSERT_EQUAL(pool->discounts[pool->discount[2] - 1][0].value, 20000);
    CU_ASSERT_EQUAL(pool->discount[0], 0);
    CU_ASSERT_EQUAL(o2c_match_pool_count(pool), 7);
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static void
freeze__ties_of_due_day_go_by_key_bytes(void)
{
    static const char *const keys[] = { "b", "a", "aa", "B", "10", "9" };
    static const char *const order[] = { "10", "9", "B", "a", "aa", "b" };
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    for (size_t i = 0; i < 6; i++)
        desk_item(desk, keys[i], "C1", "", 100 + (int64_t)i, "2026-01-05", "2026-02-04");
    o2c_match_pool *pool = pool_of(desk, NULL);
    for (uint32_t i = 0; i < 6; i++)
        CU_ASSERT_TRUE(o2c__str_equal(o2c__pool_str(pool, pool->echo[i].key), o2c__str(order[i])));
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static void
freeze__splits_item_accounts_by_company_and_currency(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    memcpy(desk_item(desk, "1", "C1", "", 100, "2026-01-05", NULL)->currency, "USD", 4);
    memcpy(desk_item(desk, "2", "C1", "", 100, "2026-01-04", NULL)->currency, "EUR", 4);
    desk_item(desk, "3", "C1", "", 100, "2026-01-03", NULL)->company = desk_text(desk, "2000");
    desk_item(desk, "4", "B9", "", 100, "2026-01-02", NULL)->company = desk_text(desk, "1000");
    o2c_match_pool *pool = pool_of(desk, NULL);
    CU_ASSERT_EQUAL(pool->item_accounts_count, 4);
    CU_ASSERT_EQUAL(pool->companies_count, 3);
    static const char *const keys[] = { "4", "2", "1", "3" };
    for (uint32_t i = 0; i < 4; i++)
        CU_ASSERT_TRUE(o2c__str_equal(o2c__pool_str(pool, pool->echo[i].key), o2c__str(keys[i])));
    CU_ASSERT_TRUE(o2c__str_equal(o2c__pool_company(pool, 3), o2c__str("2000")));
    CU_ASSERT_TRUE(o2c__str_equal(o2c__pool_currency(pool, 1), o2c__str("EUR")));
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static void
closed__stand_behind_and_keep_their_currency(void)
{
    struct desk *desk = desk_new();
    o2c_open_item *closed = desk_item(desk, "OLD", "C2", "INV-099999", 0, "2024-01-05", NULL);
    closed->kind = O2C_ITEM_CLOSED;
    closed->original_minor = 4200;
    closed->closed_day = desk_day("2024-12-03");
    closed->cleared_by = desk_text(desk, "PAY-1");
    o2c_match_pool *pool = pool_of(desk, NULL);
    CU_ASSERT_EQUAL(pool->open_count, 7);
    CU_ASSERT_EQUAL(pool->count, 8);
    CU_ASSERT_EQUAL(o2c__pool_account(pool, 7), 1);
    CU_ASSERT_EQUAL(pool->closed_day[0], desk_day("2024-12-03"));
    CU_ASSERT_EQUAL(pool->original[7], 4200);
    CU_ASSERT_TRUE(o2c__str_equal(o2c__pool_currency(pool, 7), o2c__str("USD")));
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static void
classes__join_only_what_no_posting_tells_apart(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    for (int i = 0; i < 11; i++) {
        char key[] = { (char)('0' + i), 0 };
        desk_item(desk, key, i == 8 ? "C2" : "C1", "", 5000, "2026-01-05", i % 2 ? "2026-02-04" : "2026-03-04");
    }
    desk->items[3].flags = O2C_ITEM_FLAG_DISPUTED;
    desk->items[4].dimension_set = 7;
    desk->items[5].discount[0] = (o2c_discount){ desk_day("2026-01-15"), O2C_DISCOUNT_PPM, 20000 };
    desk->items[6].kind = O2C_ITEM_DEBIT_MEMO;
    desk->items[7].earmarked_minor = 100;
    for (int i = 9; i < 11; i++) { /* the discount is a share of what they were once */
        desk->items[i].discount[0] = (o2c_discount){ desk_day("2026-01-15"), O2C_DISCOUNT_PPM, 30000 };
        desk->items[i].original_minor = 5000 + 100 * i;
    }
    o2c_match_pool *pool = pool_of(desk, NULL);
    uint32_t found = O2C__NONE;
    for (uint32_t i = 0; i < pool->open_count; i++) {
        o2c_str key = o2c__pool_str(pool, pool->echo[i].key);
        bool together = key.ptr[0] <= '2';
        CU_ASSERT_EQUAL(pool->interchange[i] != O2C__NONE, together);
        if (together && found == O2C__NONE)
            found = pool->interchange[i];
        CU_ASSERT_TRUE(!together || pool->interchange[i] == found);
    }
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static void
ties__reciprocal_one_way_and_below(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    static const char *const names[] = { "A", "B", "C", "D", "E" };
    for (size_t i = 0; i < 5; i++)
        desk_account(desk, names[i], NULL);
    desk_tie(desk, "A", "B", O2C_TIE_PAY_BELOW)->valid_from = desk_day("2026-01-01");
    desk_tie(desk, "B", "C", O2C_TIE_PAY_BELOW)->valid_to = desk_day("2026-12-31");
    desk_tie(desk, "C", "A", O2C_TIE_PAY_BELOW); /* a circle ends */
    desk_tie(desk, "D", "E", O2C_TIE_RECIPROCAL);
    desk_tie(desk, "D", "A", O2C_TIE_ONE_WAY);
    o2c_match_pool *pool = pool_of(desk, NULL);
    const struct o2c__account *a = &pool->accounts[0];
    CU_ASSERT_EQUAL(a->relatives_count, 2);
    CU_ASSERT_EQUAL(pool->relatives[a->relatives_at].account, 1);
    CU_ASSERT_EQUAL(pool->relatives[a->relatives_at + 1].account, 2);
    CU_ASSERT_EQUAL(pool->relatives[a->relatives_at + 1].valid_from, desk_day("2026-01-01"));
    CU_ASSERT_EQUAL(pool->relatives[a->relatives_at + 1].valid_to, desk_day("2026-12-31"));
    /* D pays for A itself, not for what A pays for below: the tie is no PAY_BELOW. */
    CU_ASSERT_EQUAL(pool->accounts[3].relatives_count, 2);
    CU_ASSERT_EQUAL(pool->relatives[pool->accounts[3].relatives_at].account, 0);
    CU_ASSERT_EQUAL(pool->relatives[pool->accounts[3].relatives_at + 1].account, 4);
    CU_ASSERT_EQUAL(pool->accounts[4].relatives_count, 1);
    CU_ASSERT_EQUAL(pool->relatives[pool->accounts[4].relatives_at].account, 3);
    o2c_match_pool_free(pool);
    desk_free(desk);
}

/* ---- what is refused */
static void
refused(void (*spoil)(struct desk *desk, o2c_open_item *item), o2c_status status, const char *name)
{
    struct desk *desk = desk_new();
    o2c_match_pool *pool = pool_of(desk, NULL);
    uint64_t before = pool_digest(pool);
    o2c_error err = { 0 };
    o2c_open_item rows[2] = { desk->items[0], desk->items[1] };
    rows[0].key = desk_text(desk, "NEW");
    spoil(desk, &rows[1]);
    o2c_str heap = heap_of(desk);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, rows, 2, &heap, &err), status);
    CU_ASSERT_EQUAL(err.row, 1);
    CU_ASSERT_STRING_EQUAL(err.field, name);
    /* The pool is as it was, and still frozen. */
    CU_ASSERT_TRUE(pool->frozen);
    CU_ASSERT_EQUAL(pool_digest(pool), before);
    o2c_match_pool_free(pool);
    desk_free(desk);
}

#define SPOIL(name, change)                            \
    static void name(struct desk *desk, o2c_open_item *item) \
    {                                                  \
        (void)desk;                                    \
        change;                                        \
    }
SPOIL(no_key, item->key.len = 0)
SPOIL(long_key, item->key = desk_text(desk, "01234567890123456789012345678901234567890123456789012345678901234"))
SPOIL(same_key, item->key = desk_text(desk, "NEW"))
SPOIL(no_account, item->account.len = 0)
SPOIL(outside, item->document.at = 1u << 30)
SPOIL(company, item->company = desk_text(desk, "123456789"))
SPOIL(kind, item->kind = 10)
SPOIL(currency, memcpy(item->currency, "XXX", 4))
SPOIL(negative, item->open_minor = -1)
SPOIL(credit, item->kind = O2C_ITEM_CREDIT_MEMO)
SPOIL(zero, item->open_minor = item->original_minor = 0)
SPOIL(large, item->open_minor = INT64_C(1000000000000001))
SPOIL(original, item->original_minor = -5)
SPOIL(earmark, item->earmarked_minor = item->open_minor + 1)
SPOIL(due, item->due_day = O2C_DAY_MAX + 1)
SPOIL(closed, item->closed_day = 20000)
SPOIL(flags, item->flags = 64)
SPOIL(tier, item->discount[1].set = 3)
SPOIL(tier_rest, item->discount[1].value = 5)
SPOIL(reserved, item->reserved2 = 1)

static void
put__refuses_a_bad_row_and_changes_nothing(void)
{
    refused(no_key, O2C_E_MATCH_KEY, "open_item.key");
    refused(long_key, O2C_E_MATCH_KEY, "open_item.key");
    refused(same_key, O2C_E_MATCH_KEY, "open_item.key");
    refused(no_account, O2C_E_MATCH_ITEM, "open_item.account");
    refused(outside, O2C_E_MATCH_ITEM, "open_item.document");
    refused(company, O2C_E_MATCH_ITEM, "open_item.company");
    refused(kind, O2C_E_MATCH_ITEM, "open_item.kind");
    refused(currency, O2C_E_MATCH_ITEM, "open_item.currency");
    refused(negative, O2C_E_MATCH_ITEM, "open_item.open_minor");
    refused(credit, O2C_E_MATCH_ITEM, "open_item.open_minor");
    refused(zero, O2C_E_MATCH_ITEM, "open_item.open_minor");
    refused(large, O2C_E_MATCH_ITEM, "open_item.open_minor");
    refused(original, O2C_E_MATCH_ITEM, "open_item.original_minor");
    refused(earmark, O2C_E_MATCH_ITEM, "open_item.earmarked_minor");
    refused(due, O2C_E_MATCH_ITEM, "open_item.due_day");
    refused(closed, O2C_E_MATCH_ITEM, "open_item.closed_day");
    refused(flags, O2C_E_MATCH_ITEM, "open_item.flags");
    refused(tier, O2C_E_MATCH_ITEM, "open_item.discount");
    refused(tier_rest, O2C_E_MATCH_ITEM, "open_item.discount");
    refused(reserved, O2C_E_MATCH_ITEM, "open_item.reserved");
}

static void
freeze__refuses_rows_that_name_nothing(void)
{
    struct desk *desk = desk_new();
    o2c_error err = { 0 };
    o2c_match_pool *pool = pool_of(desk, NULL);
    o2c_reference reference = { .item = desk_text(desk, "NOBODY"), .text = desk_text(desk, "X-1234"), .kind = O2C_REFERENCE_ORDER };
    o2c_str heap = heap_of(desk);
    CU_ASSERT_EQUAL(o2c_match_pool_put_references(pool, &reference, 1, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, &err), O2C_E_MATCH_KEY);
    CU_ASSERT_STRING_EQUAL(err.field, "reference.item");
    CU_ASSERT_EQUAL(err.row, desk->references_count);
    CU_ASSERT_EQUAL(o2c_match_pool_count(pool), 7);
    /* Once the item is there it freezes. */
    o2c_open_item item = desk->items[0];
    item.key = reference.item;
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, &item, 1, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, &err), O2C_OK);
    o2c_bank_account bank = { .account = reference.item, .number = reference.text, .state = O2C_BANK_ACCOUNT_OBSERVED };
    CU_ASSERT_EQUAL(o2c_match_pool_put_bank_accounts(pool, &bank, 1, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, &err), O2C_E_MATCH_KEY);
    CU_ASSERT_STRING_EQUAL(err.field, "bank_account.account");
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static void
misuse__is_answered(void)
{
    o2c_match_pool *pool = NULL;
    o2c_match_model *model = NULL, *measured = NULL;
    CU_ASSERT_EQUAL(o2c_match_pool_new(NULL, NULL, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_pool_new(NULL, NULL, &pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(NULL, NULL, 0, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, NULL, 1, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(pool, NULL, 1, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_model_new(NULL, &model, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_model_measure(model, pool, &measured, NULL), O2C_E_MISUSE); /* not frozen */
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK); /* an empty pool is one */
    CU_ASSERT_EQUAL(o2c_match_model_measure(model, pool, &measured, NULL), O2C_OK);
    CU_ASSERT_EQUAL(measured->accounts, 1);
    o2c_match_model_free(measured);
    o2c_match_model_free(model);
    o2c_match_model_free(NULL);
    o2c_match_pool_free(pool);
    o2c_match_pool_free(NULL);
}

/* ---- deltas */
static void
thaw__a_delta_gives_what_a_whole_load_gives(void)
{
    struct desk *desk = desk_new(), *after = desk_new();
    o2c_match_pool *pool = pool_of(desk, NULL);
    o2c_error err = { 0 };
    /* Replace I1, drop I2 and its references, add J. */
    after->items[0].open_minor = 40000;
    after->items[0].version = 8;
    after->items[0].earmarked_minor = 10;
    o2c_str heap = heap_of(after);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, after->items, 1, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(pool->frozen, false);
    o2c_open_item *added = desk_item(after, "J", "C9", "INV-300000", 777, "2026-01-05", NULL);
    heap = heap_of(after);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, added, 1, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(pool, &after->items[1].key, 1, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_count(pool), 7);
    after->items[1] = after->items[--after->items_count];
    after->references[0] = after->references[--after->references_count]; /* DN-90017 and ST-88 of I2 */
    after->references[1] = after->references[--after->references_count];
    o2c_match_pool *whole = pool_of(after, NULL);
    CU_ASSERT_EQUAL(pool_digest(pool), pool_digest(whole));
    o2c_match_pool_free(whole);
    o2c_match_pool_free(pool);
    desk_free(desk);
    desk_free(after);
}

static void
drop__of_an_unknown_key_drops_nothing(void)
{
    struct desk *desk = desk_new();
    o2c_match_pool *pool = pool_of(desk, NULL);
    uint64_t before = pool_digest(pool);
    o2c_error err = { 0 };
    o2c_ref keys[] = { desk->items[0].key, desk->items[1].key, desk_text(desk, "NOBODY") };
    o2c_ref twice[] = { desk->items[0].key, desk->items[0].key };
    o2c_str heap = heap_of(desk);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(pool, keys, 3, &heap, &err), O2C_E_MATCH_KEY);
    CU_ASSERT_EQUAL(err.row, 2);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(pool, twice, 2, &heap, &err), O2C_E_MATCH_KEY);
    CU_ASSERT_TRUE(pool->frozen);
    CU_ASSERT_EQUAL(pool_digest(pool), before);
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(pool, keys, 2, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_count(pool), 5);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(pool, desk->items, 2, &heap, &err), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, &err), O2C_OK);
    CU_ASSERT_EQUAL(pool_digest(pool), before);
    o2c_match_pool_free(pool);
    desk_free(desk);
}

/* ---- no order, no key */
static int32_t
entropy(void *self, void *out, size_t size)
{
    memset(out, *(const int *)self, size);
    return 0;
}

static void
shuffle(void *rows, size_t count, size_t size, uint32_t seed)
{
    char spare[256];
    for (size_t i = count; i > 1; i--) {
        seed = seed * 1664525u + 1013904223u;
        size_t k = (seed >> 8) % i;
        char *a = (char *)rows + (i - 1) * size, *b = (char *)rows + k * size;
        memcpy(spare, a, size);
        memmove(a, b, size);
        memcpy(b, spare, size);
    }
}

static void
order_of_puts_and_hash_keys__do_not_show(void)
{
    struct desk *desk = desk_new();
    for (int i = 0; i < 200; i++) {
        char key[16], account[16], document[16];
        snprintf(key, sizeof key, "K%03d", i);
        snprintf(account, sizeof account, "C%d", i * 7 % 23);
        snprintf(document, sizeof document, "R-%05d", i * 37 % 150);
        desk_item(desk, key, account, document, 100 + i % 5, "2026-01-05", i % 3 ? "2026-02-04" : "2026-02-05");
    }
    static const char text[] = "R-00037 R-00111, 00074/75 INV-100234 ST-88 4711 tel 00000";
    char first[4000] = "", again[4000];
    uint64_t digest = 0;
    uint8_t hash[32] = { 0 };
    for (int round = 0; round < 6; round++) {
        struct reading reading;
        int fill = round * 41 + 1;
        o2c_env env = { .struct_size = sizeof env, .entropy = entropy, .entropy_self = &fill };
        shuffle(desk->items, desk->items_count, sizeof desk->items[0], (uint32_t)round);
        shuffle(desk->references, desk->references_count, sizeof desk->references[0], (uint32_t)round + 9);
        shuffle(desk->accounts, desk->accounts_count, sizeof desk->accounts[0], (uint32_t)round + 5);
        desk->payments_count = desk->texts_count = 0;
        memset(desk->payments, 0, sizeof desk->payments[0]);
        desk_payment(desk, "P", 100, "2026-02-03", NULL, text);
        CU_ASSERT_EQUAL(reading_open(&reading, desk, &env), O2C_OK);
        reading_hits(&reading, 0, again, sizeof again);
        size_t len = strlen(again);
        reading_payers(&reading, 0, again + len, sizeof again - len);
        if (round == 0) {
            strcpy(first, again);
            digest = pool_digest(reading.pool);
            memcpy(hash, reading.model->hash, 32);
        }
        CU_ASSERT_STRING_EQUAL(first, again);
        CU_ASSERT_EQUAL(pool_digest(reading.pool), digest);
        CU_ASSERT_EQUAL(memcmp(hash, reading.model->hash, 32), 0);
        reading_close(&reading);
    }
    CU_ASSERT_TRUE(strlen(first) > 100);
    desk_free(desk);
}

/* ---- model */
static void
model__measures_ranges(void)
{
    struct desk *desk = desk_new();
    o2c_match_pool *pool = pool_of(desk, NULL);
    o2c_match_model *cold = NULL, *model = NULL;
    uint32_t digits = 0;
    CU_ASSERT_EQUAL(o2c_match_model_new(NULL, &cold, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_model_measure(cold, pool, &model, NULL), O2C_OK);
    CU_ASSERT_EQUAL(model->accounts, 3);
    uint64_t shape = o2c__shape(o2c__str("INV100234"), &digits);
    CU_ASSERT_EQUAL(digits, 6);
    CU_ASSERT_EQUAL(o2c__model_ln_range(model, shape, digits), o2c__ln_u64(99768));
    shape = o2c__shape(o2c__str("CRN7001"), &digits);
    CU_ASSERT_EQUAL(o2c__model_ln_range(model, shape, digits), o2c__ln_u64(100));
    shape = o2c__shape(o2c__str("ZZ123456"), &digits); /* never seen: a hundredth of its length */
    CU_ASSERT_EQUAL(o2c__model_ln_range(model, shape, digits), o2c__ln_u64(10000));
    CU_ASSERT_NOT_EQUAL(memcmp(cold->hash, model->hash, 32), 0);
    o2c_match_model_free(cold);
    o2c_match_model_free(model);
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static void
bytes__of_what_matching_reads_are_at_most_112_an_item(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    o2c_match_pool *pool = NULL;
    uint64_t matched = 0, echoed = 0;
    const o2c_match_pool_options options = { .struct_size = sizeof options, .items_hint = 100000 };
    desk_open(desk);
    CU_ASSERT_EQUAL(o2c_match_pool_new(NULL, &options, &pool, NULL), O2C_OK);
    for (int block = 0; block < 200; block++) {
        o2c_match_pool *put = pool;
        desk->items_count = 0;
        for (int i = 0; i < 500; i++) {
            char key[16], account[16], document[16];
            int number = block * 500 + i;
            snprintf(key, sizeof key, "K%06d", number);
            snprintf(account, sizeof account, "C%05d", number % 10000);
            snprintf(document, sizeof document, "INV-%07d", number);
            desk_item(desk, key, account, document, 1000 + number, "2026-01-05", "2026-02-04");
        }
        o2c_str heap = heap_of(desk);
        CU_ASSERT_EQUAL(o2c_match_pool_put_items(put, desk->items, 500, &heap, NULL), O2C_OK);
    }
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
    o2c_match_pool_bytes(pool, &matched, &echoed);
    CU_ASSERT_TRUE(matched / 100000 <= 112);
    CU_ASSERT_TRUE(matched > 0 && echoed > 0);
    printf("# %llu bytes an item matched, %llu echoed\n", (unsigned long long)(matched / 100000), (unsigned long long)(echoed / 100000));
    o2c_match_pool_free(pool);
    desk_free(desk);
}

static const struct tap_test tests[] = {
    { "freeze__sorts_by_account_due_day_and_key", freeze__sorts_by_account_due_day_and_key },
    { "freeze__ties_of_due_day_go_by_key_bytes", freeze__ties_of_due_day_go_by_key_bytes },
    { "freeze__splits_item_accounts_by_company_and_currency", freeze__splits_item_accounts_by_company_and_currency },
    { "closed__stand_behind_and_keep_their_currency", closed__stand_behind_and_keep_their_currency },
    { "classes__join_only_what_no_posting_tells_apart", classes__join_only_what_no_posting_tells_apart },
    { "ties__reciprocal_one_way_and_below", ties__reciprocal_one_way_and_below },
    { "put__refuses_a_bad_row_and_changes_nothing", put__refuses_a_bad_row_and_changes_nothing },
    { "freeze__refuses_rows_that_name_nothing", freeze__refuses_rows_that_name_nothing },
    { "misuse__is_answered", misuse__is_answered },
    { "thaw__a_delta_gives_what_a_whole_load_gives", thaw__a_delta_gives_what_a_whole_load_gives },
    { "drop__of_an_unknown_key_drops_nothing", drop__of_an_unknown_key_drops_nothing },
    { "order_of_puts_and_hash_keys__do_not_show", order_of_puts_and_hash_keys__do_not_show },
    { "model__measures_ranges", model__measures_ranges },
    { "bytes__of_what_matching_reads_are_at_most_112_an_item", bytes__of_what_matching_reads_are_at_most_112_an_item },
};

int
main(void)
{
    return tap_run("match/pool", tests, TAP_COUNT(tests));
}

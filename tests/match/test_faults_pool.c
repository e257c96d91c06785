/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of put, freeze, thaw, measure and retrieve may fail: no crash, no leak, no other answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/f1.h"
#include "match/match.h"
#include "support/faulty.h"
#include "support/tap.h"

static o2c_master
master_of(const struct desk *desk)
{
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    return (o2c_master){ sizeof(o2c_master), 0,
                         desk->items, desk->items_count, desk->references, desk->references_count,
                         desk->accounts, desk->accounts_count, desk->aliases, desk->aliases_count,
                         desk->bank_accounts, desk->bank_accounts_count, desk->ties, desk->ties_count, heap };
}

static uint64_t
digest_of(const o2c_match_pool *pool, const o2c_match_model *model)
{
    uint64_t digest = faulty_digest(0, model->hash, sizeof model->hash);
    for (uint32_t i = 0; i < pool->count; i++) {
        digest = faulty_digest_str(digest, o2c__pool_str(pool, pool->echo[i].key));
        digest = faulty_digest_u64(digest, (uint64_t)pool->open[i] ^ (uint64_t)pool->due[i] << 40);
    }
    return digest;
}

/* A whole load, a delta that replaces, a drop, and a model of the result. */
static o2c_status
work(const o2c_env *env, const struct desk *desk, uint64_t *digest)
{
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_master master = master_of(desk);
    o2c_status status = o2c_match_pool_new(env, NULL, &pool, NULL);
    if (!status)
        status = o2c_match_pool_put(pool, &master, NULL);
    if (!status)
        status = o2c_match_pool_freeze(pool, NULL);
    if (!status)
        status = o2c_match_pool_put_items(pool, desk->items, 3, &master.heap, NULL);
    if (!status)
        status = o2c_match_pool_freeze(pool, NULL);
    if (!status)
        status = o2c_match_pool_drop_items(pool, &desk->items[6].key, 1, &master.heap, NULL);
    if (!status)
        status = o2c_match_pool_freeze(pool, NULL);
    if (!status)
        status = o2c_match_model_new(env, &cold, NULL);
    if (!status)
        status = o2c_match_model_measure(cold, pool, &model, NULL);
    if (!status)
        *digest = digest_of(pool, model);
    o2c_match_model_free(model);
    o2c_match_model_free(cold);
    o2c_match_pool_free(pool);
    return status;
}

static struct faulty_result
load(const o2c_env *env, void *self)
{
    struct faulty_result result = { 0, 0 };
    result.status = work(env, self, &result.digest);
    return result;
}

static struct desk *
desk_new(void)
{
    struct desk *desk = calloc(1, sizeof *desk);
    f1_open(desk);
    desk_item(desk, "OLD", "C2", "INV-099999", 0, "2024-01-05", NULL)->kind = O2C_ITEM_CLOSED;
    desk->items[7].original_minor = 4200;
    desk->items[4].earmarked_minor = 100;
    desk->aliases[0] = (o2c_alias){ desk_text(desk, "C3"), desk_text(desk, "M\u00fcller & S\u00f6hne"), O2C_ALIAS_LEARNED, 1, 5 };
    desk->aliases[1] = (o2c_alias){ desk_text(desk, "C3"), desk_text(desk, "D-99/17"), O2C_ALIAS_CUSTOMER_NUMBER, 1, 6 };
    desk->aliases_count = 2;
    return desk;
}

static void
pool__every_allocation_may_fail(void)
{
    struct desk *desk = desk_new();
    faulty_sweep("pool", load, desk);
    desk_close(desk);
    free(desk);
}

/* A frozen pool whose put fails for want of memory is frozen as before, and answers as before. */
static void
put__that_fails_leaves_a_frozen_pool_frozen(void)
{
    struct desk *desk = desk_new();
    o2c_master master = master_of(desk);
    uint64_t refused = 0;
    for (uint64_t at = 0; at < 200; at++) {
        struct faulty faulty;
        faulty_open(&faulty, FAULTY_NEVER, 0);
        o2c_env env = { .struct_size = sizeof env, .allocator = &faulty.allocator };
        o2c_match_pool *pool = NULL;
        CU_ASSERT_EQUAL(o2c_match_pool_new(&env, NULL, &pool, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_put(pool, &master, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
        faulty.mode = FAULTY_ONCE;
        faulty.at = faulty.count + at;
        o2c_status status = o2c_match_pool_put(pool, &master, NULL);
        bool reached = faulty.failed > 0;
        faulty.mode = FAULTY_NEVER;
        /* A growing array asks once more for less: then the put goes on. */
        CU_ASSERT_TRUE(status == O2C_OK || (reached && status == O2C_E_NOMEM));
        CU_ASSERT_EQUAL(pool->frozen, status != O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_count(pool), 8);
        refused += status != O2C_OK;
        CU_ASSERT_EQUAL(o2c_match_pool_put(pool, &master, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
        CU_ASSERT_EQUAL(pool->open_count, 7);
        o2c_match_pool_free(pool);
        CU_ASSERT_EQUAL(faulty_close(&faulty), 0);
        if (!reached)
            break;
    }
    CU_ASSERT_TRUE(refused > 2 && refused < 200);
    desk_close(desk);
    free(desk);
}

/* The strings of items change hands when indexes are carried over: a freeze that fails gives them back. */
static void
freeze__that_fails_leaves_the_rows_and_their_strings(void)
{
    struct desk *desk = desk_new();
    o2c_master master = master_of(desk), one = { .struct_size = sizeof one, .items = master.items, .items_count = 1, .heap = master.heap };
    uint64_t refused = 0, at = 0;
    for (bool reached = true; reached && at < 300; at++) {
        struct faulty faulty;
        faulty_open(&faulty, FAULTY_NEVER, 0);
        o2c_env env = { .struct_size = sizeof env, .allocator = &faulty.allocator };
        o2c_match_pool *pool = NULL;
        CU_ASSERT_EQUAL(o2c_match_pool_new(&env, NULL, &pool, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_put(pool, &master, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_put(pool, &one, NULL), O2C_OK);
        faulty.mode = FAULTY_ONCE;
        faulty.at = faulty.count + at;
        o2c_status status = o2c_match_pool_freeze(pool, NULL);
        reached = faulty.failed > 0;
        faulty.mode = FAULTY_NEVER;
        refused += status != O2C_OK;
        CU_ASSERT_EQUAL(pool->frozen, status == O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_put(pool, &one, NULL), O2C_OK);
        CU_ASSERT_EQUAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
        CU_ASSERT_EQUAL_FATAL(pool->count, 8);
        for (uint32_t i = 0; i < desk->items_count; i++) {
            o2c_str key = o2c__ref_str(desk->items[i].key, master.heap), document = o2c__ref_str(desk->items[i].document, master.heap);
            uint32_t found = 0;
            for (uint32_t item = 0; item < pool->count; item++)
                found += o2c__str_equal(o2c__pool_str(pool, pool->echo[item].key), key) &&
                         o2c__str_equal(o2c__pool_str(pool, pool->echo[item].document), document);
            CU_ASSERT_EQUAL(found, 1);
        }
        o2c_match_pool_free(pool);
        CU_ASSERT_EQUAL(faulty_close(&faulty), 0);
    }
    CU_ASSERT_TRUE(refused > 10 && at < 300);
    desk_close(desk);
    free(desk);
}

static const struct tap_test tests[] = {
    { "pool__every_allocation_may_fail", pool__every_allocation_may_fail },
    { "put__that_fails_leaves_a_frozen_pool_frozen", put__that_fails_leaves_a_frozen_pool_frozen },
    { "freeze__that_fails_leaves_the_rows_and_their_strings", freeze__that_fails_leaves_the_rows_and_their_strings },
};

int
main(void)
{
    return tap_run("match/faults_pool", tests, TAP_COUNT(tests));
}

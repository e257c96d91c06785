/* SPDX-License-Identifier: Apache-2.0 */
#include "match/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "reading: %s\n", what);
    abort();
}

static void
freeze(struct reading *reading, const struct desk *desk, const o2c_env *env, o2c_str heap)
{
    o2c_match_model *cold = NULL;
    o2c_error err = { 0 };
    o2c_master master = { .struct_size = sizeof master, .heap = heap };
    master.items = desk->items, master.items_count = desk->items_count;
    master.references = desk->references, master.references_count = desk->references_count;
    master.accounts = desk->accounts, master.accounts_count = desk->accounts_count;
    master.aliases = desk->aliases, master.aliases_count = desk->aliases_count;
    master.bank_accounts = desk->bank_accounts, master.bank_accounts_count = desk->bank_accounts_count;
    master.ties = desk->ties, master.ties_count = desk->ties_count;
    must(o2c_match_pool_new(env, NULL, &reading->pool, &err) == O2C_OK, err.message);
    must(o2c_match_pool_put(reading->pool, &master, &err) == O2C_OK, err.message);
    must(o2c_match_pool_freeze(reading->pool, &err) == O2C_OK, err.message);
    must(o2c_match_model_new(env, &cold, &err) == O2C_OK, err.message);
    must(o2c_match_model_measure(cold, reading->pool, &reading->model, &err) == O2C_OK, err.message);
    o2c_match_model_free(cold);
}

/* All cases live as long as the reading: the arena is not reset between batches here. */
static o2c_status
retrieve(struct reading *reading)
{
    o2c_error err = { 0 };
    o2c_status status = o2c__link(&reading->solve, &err);
    for (uint32_t first = 0; !status && first < reading->count; first += O2C__BATCH) {
        uint32_t count = reading->count - first < O2C__BATCH ? reading->count - first : O2C__BATCH;
        status = o2c__retrieve(&reading->solve, first, count, reading->cases + first, &err);
    }
    return status;
}

o2c_status
reading_open(struct reading *reading, const struct desk *desk, const o2c_env *env)
{
    o2c_str heap;
    memset(reading, 0, sizeof *reading);
    o2c_heap_bytes(desk->heap, &heap);
    freeze(reading, desk, env, heap);
    reading->count = desk->payments_count;
    reading->cases = calloc(reading->count + 1, sizeof *reading->cases);
    must(reading->cases != NULL, "no memory");
    reading->payments = (o2c_payments){ sizeof reading->payments, 0, desk->payments, desk->payments_count, desk->texts, desk->texts_count, heap };
    reading->remittances = (o2c_remittances){ sizeof reading->remittances, 0, desk->remittances, desk->remittances_count, desk->lines,
                                              desk->lines_count, heap };
    o2c__policy_defaults(&reading->policy);
    struct o2c__solve *solve = &reading->solve;
    must(o2c__context_init(&solve->context, env, UINT64_MAX, NULL) == O2C_OK, "context");
    solve->pool = reading->pool;
    solve->model = reading->model;
    solve->policy = &reading->policy;
    solve->payments = &reading->payments;
    solve->remittances = &reading->remittances;
    solve->solution = &reading->solution;
    o2c__text_heap_init(&reading->solution.heap, &solve->context.memory);
    o2c__arena_init(&solve->arena, &solve->context.memory, 0);
    return retrieve(reading);
}

void
reading_close(struct reading *reading)
{
    o2c__link_free(&reading->solve);
    o2c__arena_free(&reading->solve.arena);
    o2c__text_heap_free(&reading->solution.heap);
    free(reading->cases);
    o2c_match_pool_free(reading->pool);
    o2c_match_model_free(reading->model);
}

struct page {
    char *at;
    size_t left;
};

static void
print(struct page *page, const char *text, size_t len)
{
    size_t some = len < page->left ? len : page->left - 1;
    memcpy(page->at, text, some);
    page->at += some;
    page->left -= some;
    *page->at = 0;
}

static void
print_key(struct page *page, const struct reading *reading, uint32_t item)
{
    o2c_str key = o2c__pool_str(reading->pool, reading->pool->echo[item].key);
    print(page, key.ptr, key.len);
}

static void
print_items(struct page *page, const struct reading *reading, const struct o2c__case *one, const struct o2c__hit *hit)
{
    if (hit->item != O2C__NONE) {
        print_key(page, reading, hit->item);
        return;
    }
    for (uint32_t i = 0; i < hit->group_count; i++) {
        if (i)
            print(page, "+", 1);
        print_key(page, reading, one->members[hit->group_at + i]);
    }
}

const char *
reading_hits(const struct reading *reading, uint32_t row, char *buffer, size_t size)
{
    static const char *const names[] = { "?", "structured", "line", "exact", "normalized", "list", "secondary", "damaged" };
    const struct o2c__case *one = &reading->cases[row];
    struct page page = { buffer, size };
    char text[80];
    *buffer = 0;
    for (uint32_t i = 0; i < one->hits_count; i++) {
        const struct o2c__hit *hit = &one->hits[i];
        if (i)
            print(&page, "; ", 2);
        print_items(&page, reading, one, hit);
        int len = snprintf(text, sizeof text, " %s %u+%u t%u", names[hit->error], hit->at, hit->len, hit->token);
        print(&page, text, (size_t)len);
        if (hit->line)
            print(&page, text, (size_t)snprintf(text, sizeof text, " #%u", hit->line));
    }
    return buffer;
}

const char *
reading_payers(const struct reading *reading, uint32_t row, char *buffer, size_t size)
{
    const struct o2c__case *one = &reading->cases[row];
    struct page page = { buffer, size };
    char text[80];
    *buffer = 0;
    for (uint32_t i = 0; i < one->payers_count; i++) {
        const struct o2c__payer *payer = &one->payers[i];
        o2c_str key = o2c__pool_str(reading->pool, reading->pool->accounts[payer->account].key);
        if (i)
            print(&page, "; ", 2);
        print(&page, key.ptr, key.len);
        int len = snprintf(text, sizeof text, " P%u %u%s%s", payer->evidence, payer->chance_ppm, payer->confirmed ? " confirmed" : "",
                           payer->shared ? " shared" : "");
        print(&page, text, (size_t)len);
    }
    return buffer;
}

o2c_str
reading_text(const struct reading *reading, uint32_t row)
{
    return o2c__ref_str(reading->cases[row].text, o2c__text_heap_str(&reading->solution.heap));
}

const struct o2c__hit *
reading_hit(const struct reading *reading, uint32_t row, const char *item)
{
    const struct o2c__case *one = &reading->cases[row];
    for (uint32_t i = 0; i < one->hits_count; i++) {
        uint32_t column = one->hits[i].item;
        if (column != O2C__NONE && o2c__str_equal(o2c__str(item), o2c__pool_str(reading->pool, reading->pool->echo[column].key)))
            return &one->hits[i];
    }
    return NULL;
}

const char *
reading_of(struct desk *desk, const char *text, char *buffer, size_t size)
{
    struct reading reading;
    desk->payments_count = desk->texts_count = 0;
    memset(&desk->payments[0], 0, sizeof desk->payments[0]);
    desk_payment(desk, "P", 100, "2026-02-03", NULL, text);
    must(reading_open(&reading, desk, NULL) == O2C_OK, "retrieval failed");
    reading_hits(&reading, 0, buffer, size);
    reading_close(&reading);
    return buffer;
}

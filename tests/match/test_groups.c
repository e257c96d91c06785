/* SPDX-License-Identifier: Apache-2.0 */
/* Groups that people pay together: how a set without references is called, and that a large pool lists the groups of the host. */
#include <stdio.h>
#include <string.h>

#include "match/f1.h"
#include "match/match.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static struct desk desk;

/* Amounts so large that what adds up is no accident; due on every fifth day from 2026-01-05, documents twelve days before. */
static void
open_with(uint32_t count)
{
    desk_open(&desk);
    desk_account(&desk, "C1", "Acme Tools GmbH");
    desk_bank_account(&desk, "C1", C1);
    int32_t first = desk_day("2026-01-05");
    for (uint32_t i = 0; i < count; i++) {
        char key[16];
        snprintf(key, sizeof key, "K%03u", i);
        int64_t amount = INT64_C(800000000003) + (int64_t)(o2c__mix(i, 1) % UINT64_C(990000000011));
        o2c_open_item *item = desk_item(&desk, key, "C1", "", amount, NULL, NULL);
        item->due_day = first + 5 * (int32_t)(i % 40);
        item->document_day = item->due_day - 12;
    }
}

/* One payment of the sum of these items on that day. */
static void
pay(const uint32_t *items, uint32_t count, const char *day)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += desk.items[items[i]].open_minor;
    desk_payment(&desk, "P", sum, day, C1, NULL);
}

static void
expect(uint32_t lines, int32_t label)
{
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    const o2c_proposal *p = desk_proposal(&desk, 0);
    if (p->lines_count != lines || p->label != label)
        printf("# %u lines, label %s, confidence %u; wanted %u lines, %s\n", p->lines_count, o2c_code_name(O2C_TABLE_LABEL, p->label),
               p->confidence_ppm, lines, o2c_code_name(O2C_TABLE_LABEL, label));
    CU_ASSERT_EQUAL(p->lines_count, lines);
    CU_ASSERT_EQUAL(p->label, label);
    CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
m16__past_due_of_one_payment_term_is_called_so(void)
{
    for (uint32_t change = 0; change < 4; change++) {
        const uint32_t items[] = { 0, 2, 4 };
        open_with(12);
        for (uint32_t i = 0; i < 12; i += 2)
            desk.items[i].terms_group = 7;
        if (change == 1)
            desk.items[1].terms_group = 7; /* past due as well, and not paid */
        if (change == 2)
            desk.items[4].terms_group = 8; /* paid, and of another term */
        if (change == 3)
            desk.items[1].terms_group = 8; /* another term does not matter */
        pay(items, 3, "2026-01-28"); /* items 0 … 4 are past due */
        expect(3, change == 0 || change == 3 ? O2C_LABEL_M16 : O2C_LABEL_M18);
    }
}

static void
m16__a_disputed_item_is_not_missed(void)
{
    const uint32_t items[] = { 0, 4 };
    open_with(12);
    for (uint32_t i = 0; i < 12; i += 2)
        desk.items[i].terms_group = 7;
    desk.items[2].flags = O2C_ITEM_FLAG_DISPUTED;
    pay(items, 2, "2026-01-28");
    expect(2, O2C_LABEL_M16);
}

static void
m15__all_past_due_comes_before_one_payment_term(void)
{
    const uint32_t items[] = { 0, 1, 2, 3, 4 };
    open_with(12);
    for (uint32_t i = 0; i < 12; i++)
        desk.items[i].terms_group = 7;
    pay(items, 5, "2026-01-28");
    expect(5, O2C_LABEL_M15);
}

static void
m17__one_order_or_one_statement_is_a_natural_group(void)
{
    for (uint32_t change = 0; change < 6; change++) {
        const uint32_t items[] = { 3, 6, 10 };
        open_with(16);
        for (uint32_t i = 0; i < 3; i++) {
            desk.items[items[i]].order_group = change < 3 ? 55 : 0;
            desk.items[items[i]].statement_group = change < 3 ? 0 : 55;
        }
        if (change == 1)
            desk.items[1].order_group = 55; /* of the order, and not paid */
        if (change == 4)
            desk.items[1].statement_group = 55;
        if (change == 2)
            desk.items[1].statement_group = 55; /* the number of an order is not that of a statement */
        if (change == 5)
            desk.items[1].order_group = 55;
        pay(items, 3, "2026-01-02");
        expect(3, change == 1 || change == 4 ? O2C_LABEL_M18 : O2C_LABEL_M17);
    }
}

static void
m17__documents_of_one_month_are_a_natural_group(void)
{
    for (uint32_t change = 0; change < 2; change++) {
        const uint32_t items[] = { 3, 6, 10 };
        open_with(16);
        for (uint32_t i = 0; i < 16; i++)
            desk.items[i].document_day = desk_day("2025-11-30");
        for (uint32_t i = 0; i < 3; i++)
            desk.items[items[i]].document_day = desk_day("2025-12-01") + (int32_t)i * 15;
        if (change == 1)
            desk.items[1].document_day = desk_day("2025-12-31");
        pay(items, 3, "2026-01-02");
        expect(3, change == 0 ? O2C_LABEL_M17 : O2C_LABEL_M18);
    }
}

static void
m17__a_month_without_its_disputed_item_is_a_natural_group(void)
{
    const uint32_t items[] = { 0, 1, 3, 4, 5 }; /* due 2026-01-05 … 2026-01-30 */
    open_with(16);
    desk.items[2].flags = O2C_ITEM_FLAG_DISPUTED;
    pay(items, 5, "2026-01-02");
    expect(5, O2C_LABEL_M17);
}

/* Four scattered items of a hundred and forty: no list of people's habits holds them, but the host's group does. */
static void
m17__a_large_pool_lists_the_groups_of_the_host(void)
{
    for (uint32_t change = 0; change < 4; change++) {
        const uint32_t items[] = { 20, 61, 105, 127 };
        open_with(140);
        for (uint32_t i = 0; i < 4; i++) {
            o2c_open_item *item = &desk.items[items[i]];
            *(change == 1 ? &item->order_group : change == 2 ? &item->statement_group : &item->terms_group) = change ? 9 : 0;
        }
        pay(items, 4, "2026-12-02");
        expect(change ? 4 : 0, change == 0 ? O2C_LABEL_M22 : change == 3 ? O2C_LABEL_M16 : O2C_LABEL_M17);
    }
}

static void
groups__cost_nothing_where_no_item_has_one_and_live_through_deltas(void)
{
    const uint32_t items[] = { 3, 6, 10 };
    open_with(16);
    o2c_str heap;
    uint64_t before, after;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_PTR_NULL(desk.pool->groups);
    o2c_match_pool_bytes(desk.pool, &before, NULL);
    for (uint32_t i = 0; i < 3; i++)
        desk.items[items[i]].order_group = 55 + i;
    desk.items[6].terms_group = 4;
    desk.items[6].statement_group = 5;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_match_pool_bytes(desk.pool, &after, NULL);
    CU_ASSERT_EQUAL(after, before + 3 * sizeof(struct o2c__groups));
    /* Thawed, an item in front dropped, one group changed, frozen with the indexes carried over. */
    o2c_heap_bytes(desk.heap, &heap);
    desk.items[3].order_group = 0;
    CU_ASSERT_EQUAL(o2c_match_pool_drop_items(desk.pool, &desk.items[0].key, 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_put_items(desk.pool, &desk.items[3], 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_match_pool_freeze(desk.pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(desk.pool->groups_count, 2);
    CU_ASSERT_EQUAL(desk.pool->groups[0].item, 5);
    CU_ASSERT_EQUAL(desk.pool->groups[0].terms, 4);
    CU_ASSERT_EQUAL(desk.pool->groups[0].order, 56);
    CU_ASSERT_EQUAL(desk.pool->groups[0].statement, 5);
    CU_ASSERT_EQUAL(desk.pool->groups[1].item, 9);
    CU_ASSERT_EQUAL(desk.pool->groups[1].order, 57);
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "m15__all_past_due_comes_before_one_payment_term", m15__all_past_due_comes_before_one_payment_term },
    { "m16__past_due_of_one_payment_term_is_called_so", m16__past_due_of_one_payment_term_is_called_so },
    { "m16__a_disputed_item_is_not_missed", m16__a_disputed_item_is_not_missed },
    { "m17__one_order_or_one_statement_is_a_natural_group", m17__one_order_or_one_statement_is_a_natural_group },
    { "m17__documents_of_one_month_are_a_natural_group", m17__documents_of_one_month_are_a_natural_group },
    { "m17__a_month_without_its_disputed_item_is_a_natural_group", m17__a_month_without_its_disputed_item_is_a_natural_group },
    { "m17__a_large_pool_lists_the_groups_of_the_host", m17__a_large_pool_lists_the_groups_of_the_host },
    { "groups__cost_nothing_where_no_item_has_one_and_live_through_deltas",
      groups__cost_nothing_where_no_item_has_one_and_live_through_deltas },
};

int
main(void)
{
    return tap_run("match/groups", tests, TAP_COUNT(tests));
}

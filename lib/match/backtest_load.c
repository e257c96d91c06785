/* SPDX-License-Identifier: Apache-2.0 */
/* A history is read once: keys become row numbers, every row gets the day it was known, and truth is gathered by payment. */
#include "match/backtest.h"

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the history");
}

static o2c_str
master_str(const struct o2c__replay *replay, o2c_ref ref)
{
    return o2c__ref_str(ref, replay->master.heap);
}

/* ---- accounts: numbers in order of first sight; nothing depends on the numbers themselves */
static bool
account_number(struct o2c__replay *replay, o2c_str key, uint32_t *out)
{
    uint32_t next = (uint32_t)replay->accounts.count;
    if (!o2c__map_put(&replay->account_numbers, key, next, out))
        return false;
    if (*out != next)
        return true;
    o2c_str *to = o2c__vector_add(&replay->accounts);
    int32_t *tier = o2c__vector_add(&replay->tiers);
    if (!to || !tier)
        return false;
    *to = key;
    return true;
}

static o2c_status
load_accounts(struct o2c__replay *replay, o2c_error *err)
{
    const o2c_master *master = &replay->who;
    for (uint64_t i = 0; i < master->accounts_count; i++) {
        uint32_t number;
        if (!o2c__ref_inside(master->accounts[i].key, master->heap))
            return o2c__fail_row(err, O2C_E_MATCH_KEY, "account.key", i, "the key lies outside the heap");
        if (!account_number(replay, o2c__ref_str(master->accounts[i].key, master->heap), &number))
            return no_memory(err);
        O2C__AT(&replay->tiers, int32_t, number) = master->accounts[i].tier;
    }
    return O2C_OK;
}

/* ---- items */
static o2c_status
load_item(struct o2c__replay *replay, uint64_t row, o2c_error *err)
{
    const o2c_open_item *item = &replay->master.items[row];
    struct o2c__past_item *past = &replay->items[row];
    uint32_t stands;
    o2c_status status = o2c__check_item(replay->pool, item, row, replay->master.heap, err);
    if (status)
        return status;
    if (!o2c__map_put(&replay->item_rows, master_str(replay, item->key), (uint32_t)row, &stands) ||
        !account_number(replay, master_str(replay, item->account), &past->account))
        return no_memory(err);
    if (stands != row)
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "open_item.key", row, "the key stands twice in the items");
    past->open = item->original_minor ? item->original_minor : item->open_minor;
    past->known = item->document_day;
    past->closed_by = past->cleared_with = O2C__NONE;
    replay->report->header.items_undated += item->document_day == 0;
    replay->report->header.states_dropped += (item->flags & O2C__STATES_OF_TODAY) || item->earmarked_minor;
    return O2C_OK;
}

static o2c_status
load_items(struct o2c__replay *replay, o2c_error *err)
{
    uint64_t n = replay->master.items_count;
    if (n > O2C__POOL_ITEMS_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "items", "a history holds at most %u items", O2C__POOL_ITEMS_MAX);
    replay->items = o2c__arena_alloc(&replay->kept, (n + 1) * sizeof *replay->items);
    if (!replay->items)
        return no_memory(err);
    memset(replay->items, 0, (n + 1) * sizeof *replay->items);
    replay->report->header.items = n;
    for (uint64_t i = 0; i < n; i++) {
        o2c_status status = load_item(replay, i, err);
        if (status)
            return status;
    }
    return O2C_OK;
}

/* ---- payments */
static o2c_status
load_payment(struct o2c__replay *replay, uint64_t row, o2c_error *err)
{
    const o2c_payment *payment = &replay->payments.rows[row];
    struct o2c__past_payment *past = &replay->paid[row];
    uint32_t stands;
    past->day = payment->booking_day ? payment->booking_day : payment->value_day;
    past->answer = past->account = past->payer = O2C__NONE;
    if (past->day == 0)
        return o2c__fail_row(err, O2C_E_MATCH_PAYMENT, "payment.value_day", row, "a payment of the past needs its day");
    if (!o2c__map_put(&replay->payment_rows, o2c__ref_str(payment->key, replay->payments.heap), (uint32_t)row, &stands))
        return no_memory(err);
    return stands == row ? O2C_OK : o2c__fail_row(err, O2C_E_MATCH_PAYMENT, "payment.key", row, "the key stands twice in the payments");
}

static o2c_status
load_payments(struct o2c__replay *replay, o2c_error *err)
{
    uint64_t n = replay->payments.count;
    if (n >= O2C__NONE - 1)
        return o2c__fail(err, O2C_E_LIMIT, "payments", "a history holds at most %u payments", O2C__NONE - 2);
    const o2c_remittances *remittances = replay->history.remittances ? &replay->remittances : NULL;
    o2c_status status = o2c__validate_request(&replay->payments, remittances, &replay->context, err);
    if (status)
        return status;
    replay->paid = o2c__arena_alloc(&replay->kept, (n + 1) * sizeof *replay->paid);
    if (!replay->paid)
        return no_memory(err);
    memset(replay->paid, 0, (n + 1) * sizeof *replay->paid);
    for (uint64_t i = 0; !status && i < n; i++)
        status = load_payment(replay, i, err);
    return status;
}

/* The payment whose key is lowest, so that no order of rows decides. */
static void
keep_first(const struct o2c__replay *replay, uint32_t *kept, uint32_t payment)
{
    const o2c_payment *rows = replay->payments.rows;
    o2c_str heap = replay->payments.heap;
    if (*kept == O2C__NONE || o2c__str_compare(o2c__ref_str(rows[payment].key, heap), o2c__ref_str(rows[*kept].key, heap)) < 0)
        *kept = payment;
}

/* ---- clearings: the rows handed in, then one for each item that the list itself says was closed on a day */
static o2c_status
load_clearing(struct o2c__replay *replay, uint64_t row, struct o2c__past_clearing *to, o2c_error *err)
{
    const o2c_clearing *from = &replay->history.rows[row];
    o2c_match_report_header *header = &replay->report->header;
    o2c_str heap = replay->history.heap;
    int64_t max = replay->context.limits.amount_max;
    if (!from->payment.len || !from->item.len || !o2c__ref_inside(from->payment, heap) || !o2c__ref_inside(from->item, heap))
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "clearing", row, "a clearing names its payment and its item");
    if (from->applied_minor > max || from->applied_minor < -max || from->discount_minor > max || from->discount_minor < -max)
        return o2c__fail_row(err, O2C_E_MATCH_ITEM, "clearing.applied_minor", row, "the amount is larger than the limit");
    if (from->reserved || from->reserved2[0] || from->reserved2[1])
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "clearing.reserved", row, "reserved fields must be zero");
    if (from->flags & ~(uint32_t)(O2C_CLEARING_CLOSES | O2C_CLEARING_REST_STAYS | O2C_CLEARING_DISCOUNT_UNKNOWN))
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "clearing.flags", row, "no such flag");
    to->applied = from->applied_minor;
    to->discount = from->discount_minor;
    to->flags = from->flags;
    to->payment = o2c__map_get(&replay->payment_rows, o2c__ref_str(from->payment, heap));
    to->item = o2c__map_get(&replay->item_rows, o2c__ref_str(from->item, heap));
    to->known = from->known_day ? from->known_day : from->cleared_day;
    if (to->known < 0 || to->known > O2C_DAY_MAX)
        return o2c__fail_row(err, O2C_E_MATCH_KEY, "clearing.cleared_day", row, "the day is outside the calendar");
    if (to->payment != O2C__NONE && to->known < replay->paid[to->payment].day)
        to->known = replay->paid[to->payment].day;
    if (to->item != O2C__NONE && to->payment != O2C__NONE)
        keep_first(replay, &replay->items[to->item].cleared_with, to->payment);
    header->clearings_undated += to->known == 0;
    header->clearings_foreign += to->item == O2C__NONE || to->payment == O2C__NONE;
    return O2C_OK;
}

static uint64_t
closed_by_list(const struct o2c__replay *replay, struct o2c__past_clearing *to)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < replay->master.items_count; i++) {
        const o2c_open_item *item = &replay->master.items[i];
        if (item->kind != O2C_ITEM_CLOSED || !item->closed_day)
            continue;
        if (to)
            to[count] = (struct o2c__past_clearing){ .known = item->closed_day, .item = (uint32_t)i, .payment = O2C__NONE,
                                                     .flags = O2C_CLEARING_CLOSES };
        count++;
    }
    return count;
}

static o2c_status
load_clearings(struct o2c__replay *replay, o2c_error *err)
{
    uint64_t n = replay->history.count, listed = closed_by_list(replay, NULL);
    if (n >= O2C__NONE - 1 - listed)
        return o2c__fail(err, O2C_E_LIMIT, "clearings", "a history holds at most %u clearings", O2C__NONE - 2);
    replay->clearings_count = n + listed;
    replay->clearings = o2c__arena_alloc(&replay->kept, (n + listed + 1) * sizeof *replay->clearings);
    if (!replay->clearings)
        return no_memory(err);
    replay->report->header.clearings = n;
    for (uint64_t i = 0; i < n; i++) {
        o2c_status status = load_clearing(replay, i, &replay->clearings[i], err);
        if (status)
            return status;
    }
    closed_by_list(replay, replay->clearings + n);
    return O2C_OK;
}

o2c_status
o2c__replay_load(struct o2c__replay *replay, o2c_error *err)
{
    o2c__memory *memory = &replay->context.memory;
    o2c__arena_init(&replay->kept, memory, 0);
    o2c__map_init(&replay->item_rows, memory, replay->context.key);
    o2c__map_init(&replay->payment_rows, memory, replay->context.key);
    o2c__map_init(&replay->account_numbers, memory, replay->context.key);
    o2c__vector_init(&replay->accounts, memory, sizeof(o2c_str));
    o2c__vector_init(&replay->tiers, memory, sizeof(int32_t));
    o2c_status status = load_accounts(replay, err);
    if (!status)
        status = load_items(replay, err);
    if (!status)
        status = load_payments(replay, err);
    if (!status)
        status = load_clearings(replay, err);
    return status ? status : o2c__replay_order(replay, err);
}

void
o2c__replay_unload(struct o2c__replay *replay)
{
    o2c__vector_free(&replay->accounts);
    o2c__vector_free(&replay->tiers);
    if (replay->item_rows.memory)
        o2c__map_free(&replay->item_rows);
    if (replay->payment_rows.memory)
        o2c__map_free(&replay->payment_rows);
    if (replay->account_numbers.memory)
        o2c__map_free(&replay->account_numbers);
    if (replay->kept.memory)
        o2c__arena_free(&replay->kept);
}

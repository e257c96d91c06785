/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books of the replay: what the pool holds before the bank file of a day. They follow what people cleared, never what we answered,
 * so that the books of a day can be made while the payments of the day before are solved with other ones.
 */
#include "match/backtest.h"

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the books of a day");
}

void
o2c__replay_text_reset(struct o2c__replay *replay)
{
    replay->text.bytes.count = 0;
}

/* ---- before the first day: who is who */

/* Accounts that only an alias, a bank account or a tie names: the pool must know them from the start. */
static o2c_status
put_named_accounts(struct o2c__replay *replay, o2c_match_pool *pool, o2c_error *err)
{
    const o2c_master *master = &replay->who;
    uint64_t known = master->accounts_count;
    o2c_status status = o2c_match_pool_put_accounts(pool, master->accounts, known, &master->heap, err);
    for (uint64_t i = 0; !status && i < master->aliases_count + master->bank_accounts_count + 2 * master->ties_count; i++) {
        uint64_t at = i, tie;
        o2c_ref key;
        if (at < master->aliases_count) {
            key = master->aliases[at].account;
        } else if ((at -= master->aliases_count) < master->bank_accounts_count) {
            key = master->bank_accounts[at].account;
        } else {
            at -= master->bank_accounts_count;
            tie = at / 2;
            key = at % 2 ? master->ties[tie].owner : master->ties[tie].payer;
        }
        uint32_t next = (uint32_t)replay->accounts.count, number;
        if (!key.len || !o2c__ref_inside(key, master->heap))
            continue; /* the put that follows refuses it, and names the row */
        o2c_str text = o2c__ref_str(key, master->heap), *to;
        if (!o2c__map_put(&replay->account_numbers, text, next, &number))
            return no_memory(err);
        if (number == next) {
            if (!(to = o2c__vector_add(&replay->accounts)) || !o2c__vector_add(&replay->tiers))
                return no_memory(err);
            *to = text;
        }
        /* items bring their accounts along only on their own day */
        if (number >= known)
            status = o2c_match_pool_put_accounts(pool, &(o2c_account){ .key = key }, 1, &master->heap, err);
    }
    return status;
}

static o2c_status
open_books(struct o2c__replay *replay, o2c_match_pool *pool, o2c_error *err)
{
    const o2c_master *master = &replay->who;
    o2c_status status = put_named_accounts(replay, pool, err);
    if (!status)
        status = o2c_match_pool_put_aliases(pool, master->aliases, master->aliases_count, &master->heap, err);
    if (!status && !replay->options.learn_accounts)
        status = o2c_match_pool_put_bank_accounts(pool, master->bank_accounts, master->bank_accounts_count, &master->heap, err);
    return status ? status : o2c_match_pool_put_ties(pool, master->ties, master->ties_count, &master->heap, err);
}

o2c_status
o2c__replay_open(struct o2c__replay *replay, o2c_error *err)
{
    o2c_status status = O2C_OK;
    for (uint32_t i = 0; !status && i < replay->books_count; i++)
        status = open_books(replay, replay->books[i].pool, err);
    return status;
}

/* ---- what became known */
static bool
list(struct o2c__replay *replay, uint32_t item)
{
    struct o2c__past_item *past = &replay->items[item];
    for (uint32_t i = 0; i < replay->books_count; i++) {
        if (past->listed >> i & 1)
            continue;
        uint32_t *to = o2c__vector_add(&replay->books[i].changed);
        if (!to)
            return false;
        *to = item;
        past->listed |= (uint8_t)(1u << i);
    }
    return true;
}

static bool
take_items(struct o2c__replay *replay, int32_t day)
{
    int32_t last = replay->options.same_day_items ? day : day - 1;
    for (; replay->items_next < replay->master.items_count; replay->items_next++) {
        uint32_t item = replay->item_order[replay->items_next];
        struct o2c__past_item *past = &replay->items[item];
        if (past->known > last)
            return true;
        const o2c_open_item *item_row = &replay->master.items[item];
        bool never_open = item_row->kind == O2C_ITEM_CLOSED && past->cleared_with == O2C__NONE && !item_row->closed_day;
        bool closed = past->closed_day || past->open == 0 || never_open;
        past->state = closed ? O2C__PAST_CLOSED : O2C__PAST_OPEN;
        if (!list(replay, item))
            return false;
    }
    return true;
}

/* The open amount moves; what is over-cleared stops at zero. Rows of the other sign take an earlier clearing back. */
static void
clear_item(struct o2c__replay *replay, const struct o2c__past_clearing *row)
{
    struct o2c__past_item *past = &replay->items[row->item];
    const o2c_open_item *item = &replay->master.items[row->item];
    int64_t before = item->original_minor ? item->original_minor : item->open_minor;
    int64_t open = past->open;
    o2c__report_add(&open, -row->applied);
    o2c__report_add(&open, -row->discount);
    if ((before > 0 && open < 0) || (before < 0 && open > 0)) {
        replay->report->header.clearings_beyond++;
        open = 0;
    }
    if (row->flags & O2C_CLEARING_CLOSES)
        open = 0;
    if ((before > 0 && open > before) || (before < 0 && open < before))
        open = before;
    past->open = open;
    past->closed_day = open ? 0 : row->known;
    past->closed_by = open ? O2C__NONE : row->payment;
    if (past->state != O2C__PAST_UNKNOWN)
        past->state = open ? O2C__PAST_OPEN : O2C__PAST_CLOSED;
}

static bool
take_clearings(struct o2c__replay *replay, int32_t day)
{
    for (; replay->clearings_next < replay->clearings_count; replay->clearings_next++) {
        const struct o2c__past_clearing *row = &replay->clearings[replay->clearing_order[replay->clearings_next]];
        if (row->known >= day)
            return true;
        if (row->known == 0 || row->item == O2C__NONE)
            continue;
        clear_item(replay, row);
        if (replay->items[row->item].state != O2C__PAST_UNKNOWN && !list(replay, row->item))
            return false;
    }
    return true;
}

/* ---- into the pool */
static bool
copy(struct o2c__replay *replay, o2c_str heap, o2c_ref *ref)
{
    o2c_str text = o2c__ref_str(*ref, heap);
    return o2c__text_heap_add(&replay->text, text.ptr, text.len, ref);
}

static void
known_amounts(const struct o2c__past_item *past, o2c_open_item *row)
{
    int64_t original = row->original_minor ? row->original_minor : row->open_minor;
    row->original_minor = original;
    row->open_minor = past->state == O2C__PAST_OPEN ? past->open : 0;
    row->closed_day = past->state == O2C__PAST_OPEN ? 0 : past->closed_day;
    if (past->state == O2C__PAST_CLOSED)
        row->kind = O2C_ITEM_CLOSED;
    else if (row->kind == O2C_ITEM_CLOSED)
        row->kind = original > 0 ? O2C_ITEM_INVOICE : O2C_ITEM_CREDIT_MEMO;
    row->flags &= ~(uint32_t)O2C__STATES_OF_TODAY;
    row->earmarked_minor = 0;
    row->earmarked_by = row->cleared_by = (o2c_ref){ 0, 0 };
}

static bool
add_row(struct o2c__replay *replay, uint32_t item)
{
    struct o2c__past_item *past = &replay->items[item];
    o2c_open_item row = replay->master.items[item], *to;
    o2c_str heap = replay->master.heap;
    known_amounts(past, &row);
    row.host_ref = item; /* the way back from a line; the host's own number is written over it */
    if (past->state == O2C__PAST_CLOSED && past->closed_by != O2C__NONE) {
        o2c_str by = o2c__ref_str(replay->payments.rows[past->closed_by].key, replay->payments.heap);
        if (!o2c__text_heap_add(&replay->text, by.ptr, by.len, &row.cleared_by))
            return false;
    }
    if (!copy(replay, heap, &row.key) || !copy(replay, heap, &row.document) || !copy(replay, heap, &row.account) ||
        !copy(replay, heap, &row.company) || !(to = o2c__vector_add_many(&replay->rows, 1)))
        return false;
    *to = row;
    return true;
}

static bool
add_references(struct o2c__replay *replay, uint32_t item)
{
    uint32_t first = replay->reference_at[item], count = replay->reference_at[item + 1] - first;
    o2c_reference *to = count ? o2c__vector_add_many(&replay->references, count) : NULL;
    if (count && !to)
        return false;
    for (uint32_t i = 0; i < count; i++)
        to[i] = replay->master.references[replay->reference_rows[first + i]];
    return true;
}

static o2c_status
put(struct o2c__replay *replay, o2c_match_pool *pool, o2c_error *err)
{
    o2c_status status = O2C_OK;
    if (replay->rows.count) {
        o2c_str heap = o2c__text_heap_str(&replay->text);
        status = o2c_match_pool_put_items(pool, replay->rows.rows, replay->rows.count, &heap, err);
    }
    if (!status && replay->references.count)
        status = o2c_match_pool_put_references(pool, replay->references.rows, replay->references.count, &replay->master.heap, err);
    return status;
}

/* Rows of what these books were not told yet, as everything stands now. */
static bool
gather_changes(struct o2c__replay *replay, struct o2c__books *books, uint8_t bit)
{
    for (size_t i = 0; i < books->changed.count; i++) {
        uint32_t item = O2C__AT(&books->changed, uint32_t, i);
        if (!add_row(replay, item))
            return false;
        replay->items[item].listed &= (uint8_t)~bit;
    }
    for (uint64_t i = books->known; i < replay->items_next; i++)
        if (!add_references(replay, replay->item_order[i]))
            return false;
    return true;
}

o2c_status
o2c__replay_books(struct o2c__replay *replay, int32_t day, o2c_error *err)
{
    uint32_t at = (replay->at + 1) % replay->books_count;
    struct o2c__books *books = &replay->books[at];
    replay->rows.count = replay->references.count = 0;
    o2c__replay_text_reset(replay);
    if (!take_items(replay, day) || !take_clearings(replay, day) || !gather_changes(replay, books, (uint8_t)(1u << at)))
        return no_memory(err);
    books->changed.count = 0;
    books->known = replay->items_next;
    o2c_status status = put(replay, books->pool, err);
    return status ? status : o2c_match_pool_freeze(books->pool, err);
}

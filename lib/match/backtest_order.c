/* SPDX-License-Identifier: Apache-2.0 */
/* The orders of a replay: items, clearings and advices by the day they were known, payments by (day, key), truth and references by row. */
#include "match/backtest.h"

struct sorter {
    struct o2c__sort_row *rows, *spare;
    uint64_t room;
};

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to order the history");
}

static uint32_t *
numbers(struct o2c__replay *replay, uint64_t n)
{
    return o2c__arena_alloc(&replay->kept, (n + 1) * sizeof(uint32_t));
}

/* The rows of a sorter, sorted by key, as numbers. */
static uint32_t *
sorted(struct o2c__replay *replay, struct sorter *sorter, uint64_t n)
{
    uint32_t *out = numbers(replay, n);
    if (!out)
        return NULL;
    o2c__sort_keys(&sorter->rows, &sorter->spare, (size_t)n);
    for (uint64_t i = 0; i < n; i++)
        out[i] = sorter->rows[i].row;
    return out;
}

static bool
order_items(struct o2c__replay *replay, struct sorter *sorter)
{
    uint64_t n = replay->master.items_count;
    for (uint64_t i = 0; i < n; i++)
        sorter->rows[i] = (struct o2c__sort_row){ (uint32_t)replay->items[i].known, (uint32_t)i, 0 };
    replay->item_order = sorted(replay, sorter, n);
    return replay->item_order;
}

static bool
order_clearings(struct o2c__replay *replay, struct sorter *sorter)
{
    uint64_t n = replay->clearings_count;
    for (uint64_t i = 0; i < n; i++)
        sorter->rows[i] = (struct o2c__sort_row){ (uint32_t)replay->clearings[i].known, (uint32_t)i, 0 };
    replay->clearing_order = sorted(replay, sorter, n);
    return replay->clearing_order;
}

static int
compare_payments(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__replay *replay = self;
    const o2c_payment *rows = replay->payments.rows;
    if (replay->paid[a].day != replay->paid[b].day)
        return replay->paid[a].day < replay->paid[b].day ? -1 : 1;
    return o2c__str_compare(o2c__ref_str(rows[a].key, replay->payments.heap), o2c__ref_str(rows[b].key, replay->payments.heap));
}

static bool
order_payments(struct o2c__replay *replay)
{
    uint64_t n = replay->payments.count;
    uint32_t *scratch = numbers(replay, n);
    replay->payment_order = numbers(replay, n);
    if (!scratch || !replay->payment_order)
        return false;
    for (uint64_t i = 0; i < n; i++)
        replay->payment_order[i] = (uint32_t)i;
    o2c__sort(replay->payment_order, scratch, (size_t)n, compare_payments, replay);
    return true;
}

/* An advice that came with a payment belongs to its day; one on its own to the day it says. */
static int32_t
advice_day(const struct o2c__replay *replay, const o2c_remittance *row)
{
    o2c_str key = o2c__ref_str(row->payment, replay->remittances.heap);
    uint32_t payment = row->payment.len ? o2c__map_get(&replay->payment_rows, key) : O2C__NONE;
    return payment == O2C__NONE ? row->day : replay->paid[payment].day;
}

static bool
order_remittances(struct o2c__replay *replay, struct sorter *sorter)
{
    uint64_t n = replay->history.remittances ? replay->remittances.count : 0;
    replay->remittance_day = o2c__arena_alloc(&replay->kept, (n + 1) * sizeof(int32_t));
    if (!replay->remittance_day)
        return false;
    for (uint64_t i = 0; i < n; i++) {
        replay->remittance_day[i] = advice_day(replay, &replay->remittances.rows[i]);
        sorter->rows[i] = (struct o2c__sort_row){ (uint32_t)replay->remittance_day[i], (uint32_t)i, 0 };
    }
    replay->remittance_order = sorted(replay, sorter, n);
    return replay->remittance_order;
}

/* ---- references: rows by item */
static o2c_status
gather_references(struct o2c__replay *replay, struct sorter *sorter, o2c_error *err)
{
    uint64_t n = replay->master.references_count, items = replay->master.items_count;
    replay->reference_at = numbers(replay, items + 1);
    if (!replay->reference_at)
        return no_memory(err);
    memset(replay->reference_at, 0, (items + 2) * sizeof(uint32_t));
    for (uint64_t i = 0; i < n; i++) {
        o2c_ref key = replay->master.references[i].item;
        uint32_t item = key.len && o2c__ref_inside(key, replay->master.heap)
                            ? o2c__map_get(&replay->item_rows, o2c__ref_str(key, replay->master.heap))
                            : O2C__NONE;
        if (item == O2C__NONE)
            return o2c__fail_row(err, O2C_E_MATCH_KEY, "reference.item", i, "the history has no such item");
        replay->reference_at[item + 1]++;
        sorter->rows[i] = (struct o2c__sort_row){ item, (uint32_t)i, 0 };
    }
    for (uint64_t i = 0; i < items; i++)
        replay->reference_at[i + 1] += replay->reference_at[i];
    replay->reference_rows = sorted(replay, sorter, n);
    return replay->reference_rows ? O2C_OK : no_memory(err);
}

/* ---- truth: rows by (payment, item) */
static uint64_t
truth_rows(const struct o2c__replay *replay, struct sorter *sorter, bool by_day)
{
    uint64_t kept = 0;
    for (uint64_t i = 0; i < replay->clearings_count; i++) {
        const struct o2c__past_clearing *row = &replay->clearings[i];
        uint32_t second = by_day ? (uint32_t)row->known : row->item;
        if (row->payment != O2C__NONE)
            sorter->rows[kept++] = (struct o2c__sort_row){ (uint64_t)row->payment << 32 | second, (uint32_t)i, 0 };
    }
    o2c__sort_keys(&sorter->rows, &sorter->spare, (size_t)kept);
    return kept;
}

static bool
gather_truth(struct o2c__replay *replay, struct sorter *sorter)
{
    uint64_t payments = replay->payments.count, kept = truth_rows(replay, sorter, false);
    replay->truth = o2c__arena_alloc(&replay->kept, (kept + 1) * sizeof *replay->truth);
    replay->truth_at = numbers(replay, payments + 1);
    if (!replay->truth || !replay->truth_at)
        return false;
    memset(replay->truth_at, 0, (payments + 2) * sizeof(uint32_t));
    for (uint64_t i = 0; i < kept; i++) {
        const struct o2c__past_clearing *row = &replay->clearings[sorter->rows[i].row];
        replay->truth[i] = (struct o2c__truth){ row->item, row->flags, row->applied, row->discount, 0, row->known, 0 };
        replay->truth_at[row->payment + 1]++;
    }
    for (uint64_t i = 0; i < payments; i++)
        replay->truth_at[i + 1] += replay->truth_at[i];
    return true;
}

/*
 * When may a payment teach? On the day on which what was cleared uses it up, else some days after the first clearing. Only rows known
 * by then decide: a later row can neither bring the day forward nor push it back.
 */
static void
learn_day(struct o2c__past_payment *paid, int64_t amount, const struct o2c__replay *replay, const struct o2c__sort_row *rows, uint64_t n)
{
    int64_t used = 0;
    int32_t last = replay->clearings[rows[0].row].known + O2C__BACKTEST_WAIT_DAYS;
    paid->learn_day = last;
    for (uint64_t i = 0; i < n; i++) {
        const struct o2c__past_clearing *row = &replay->clearings[rows[i].row];
        if (row->known > last)
            return;
        o2c__report_add(&used, row->applied);
        bool day_ends = i + 1 == n || replay->clearings[rows[i + 1].row].known != row->known;
        if (day_ends && used >= amount) {
            paid->learn_day = row->known;
            return;
        }
    }
}

static bool
order_lessons(struct o2c__replay *replay, struct sorter *sorter)
{
    uint64_t kept = truth_rows(replay, sorter, true), last, count = 0;
    for (uint64_t first = 0; first < kept; first = last) {
        uint32_t payment = (uint32_t)(sorter->rows[first].key >> 32);
        for (last = first + 1; last < kept && sorter->rows[last].key >> 32 == payment; last++)
            ;
        learn_day(&replay->paid[payment], replay->payments.rows[payment].amount_minor, replay, sorter->rows + first, last - first);
    }
    for (uint64_t i = 0; i < replay->payments.count; i++) {
        uint32_t payment = replay->payment_order[i];
        if (replay->paid[payment].learn_day)
            sorter->rows[count++] = (struct o2c__sort_row){ (uint32_t)replay->paid[payment].learn_day, payment, 0 };
    }
    replay->learn_count = count;
    replay->learn_order = sorted(replay, sorter, count);
    return replay->learn_order;
}

static uint64_t
longest(const struct o2c__replay *replay)
{
    uint64_t counts[] = { replay->master.items_count, replay->clearings_count, replay->master.references_count,
                          replay->history.remittances ? replay->remittances.count : 0, replay->payments.count };
    uint64_t most = 0;
    for (size_t i = 0; i < O2C__COUNT(counts); i++)
        most = counts[i] > most ? counts[i] : most;
    return most + 1;
}

o2c_status
o2c__replay_order(struct o2c__replay *replay, o2c_error *err)
{
    o2c__memory *memory = &replay->context.memory;
    struct sorter sorter = { NULL, NULL, longest(replay) };
    if (sorter.room >= O2C__NONE)
        return o2c__fail(err, O2C_E_LIMIT, "history", "a history holds at most %u rows of a kind", O2C__NONE - 2);
    sorter.rows = o2c__alloc_array(memory, (size_t)sorter.room, sizeof *sorter.rows);
    sorter.spare = o2c__alloc_array(memory, (size_t)sorter.room, sizeof *sorter.spare);
    o2c_status status = O2C_OK;
    if (!sorter.rows || !sorter.spare || !order_items(replay, &sorter) || !order_clearings(replay, &sorter) || !order_payments(replay) ||
        !order_remittances(replay, &sorter) || !gather_truth(replay, &sorter) || !order_lessons(replay, &sorter))
        status = no_memory(err);
    if (!status)
        status = gather_references(replay, &sorter, err);
    o2c__release(memory, sorter.rows, (size_t)sorter.room * sizeof *sorter.rows);
    o2c__release(memory, sorter.spare, (size_t)sorter.room * sizeof *sorter.spare);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting differences. What people cleared tells how each ended: taken off whole (a fee, a tax, a deduction that was granted), or left
 * open and claimed. Counters of a day are sums, and what is kept of them is decided when the day is whole, so rows of a day have no order.
 */
#include "match/difference.h"
#include "match/learning.h"
#include "match/pool.h"

/* Owners that a row counts at. */
static uint32_t
owners_of(const struct o2c__learning *learning, const o2c_feedback *row, uint64_t out[3])
{
    o2c_str account = o2c__ref_str(row->account, learning->heap);
    out[0] = O2C__OWNER_HOST;
    out[1] = o2c__owner_segment(row->tier);
    out[2] = account.len ? o2c__owner_customer(account) : 0;
    return account.len ? 3 : 2;
}

static bool
teaches(const o2c_feedback *row)
{
    return row->verdict == O2C_VERDICT_CONFIRMED || row->verdict == O2C_VERDICT_MODIFIED || row->verdict == O2C_VERDICT_HISTORY;
}

/* Discounts, taxes and small differences have terms, rates and limits of their own. */
static bool
is_habit(int32_t ended)
{
    return ended == O2C_ARITHMETIC_X3 || ended == O2C_ARITHMETIC_X6 || ended == O2C_ARITHMETIC_X7;
}

static bool
count_one(struct o2c__learning *learning, uint64_t owner, uint32_t kind, uint64_t key, const o2c_feedback *row)
{
    uint64_t seen = row->ended == O2C_ARITHMETIC_X7 || kind == O2C__DIFFER_CAUSE ? O2C__LINE_UNIT : 0;
    return key == 0 || o2c__habit_count(learning, owner, kind, key, seen, O2C__LINE_UNIT, row->day);
}

static bool
count_at(struct o2c__learning *learning, const o2c_feedback *row, uint64_t owner)
{
    uint32_t decade = owner >> 63 ? 0 : o2c__differ_decade(row->owed_minor);
    if (!count_one(learning, owner, O2C__DIFFER_CAUSE, o2c__differ_cause_key(O2C__DIFFER_ALL, decade), row) ||
        (decade && !count_one(learning, owner, O2C__DIFFER_CAUSE, o2c__differ_cause_key(O2C__DIFFER_ALL, 0), row)) ||
        (row->ended && !count_one(learning, owner, O2C__DIFFER_CAUSE, o2c__differ_cause_key((uint32_t)row->ended, 0), row)))
        return false;
    if (!is_habit(row->ended) || row->differed_minor <= 0)
        return true;
    return (!decade || count_one(learning, owner, O2C__DIFFER_ROUND, o2c__differ_round_key(row->differed_minor, decade), row)) &&
           count_one(learning, owner, O2C__DIFFER_AMOUNT, o2c__differ_amount_key(row->currency, row->differed_minor, decade), row) &&
           (row->ended == O2C_ARITHMETIC_X3 ||
            count_one(learning, owner, O2C__DIFFER_RATIO, o2c__differ_ratio_key(row->owed_minor, row->differed_minor), row));
}

static bool
count_code(struct o2c__learning *learning, const o2c_feedback *row, uint64_t owner)
{
    o2c_str code = o2c__ref_str(row->code, learning->heap);
    if (code.len == 0 || row->reason < O2C_DEDUCTION_PRICE)
        return true;
    return o2c__habit_count(learning, owner, O2C__DIFFER_CODE, o2c__differ_code_key(code, row->reason), O2C__LINE_UNIT, O2C__LINE_UNIT,
                            row->day);
}

bool
o2c__learn_difference(struct o2c__learning *learning, const o2c_feedback *row)
{
    uint64_t owners[3];
    if (!teaches(row) || (!row->owed_minor && !row->code.len))
        return true;
    uint32_t count = owners_of(learning, row, owners);
    for (uint32_t i = 0; row->owed_minor && i < count; i++)
        if (!count_at(learning, row, owners[i]))
            return false;
    return count < 3 || count_code(learning, row, owners[2]);
}

/* ---- what stays */

/* A posting that was taken back: what its customer is known to keep back is forgotten for this amount, and a person looks again. */
static void
revoke(struct o2c__learning *learning, const o2c_feedback *row)
{
    struct o2c__memories *memories = learning->next->learned;
    uint64_t owners[3];
    if (!o2c__corrects(row) || owners_of(learning, row, owners) < 3)
        return;
    uint64_t amount = o2c__differ_amount_key(row->currency, row->differed_minor, 0);
    uint64_t ratio = o2c__differ_ratio_key(row->owed_minor, row->differed_minor);
    o2c_str code = o2c__ref_str(row->code, learning->heap);
    if (row->owed_minor && amount)
        o2c__habit_drop(memories, owners[2], O2C__DIFFER_AMOUNT, amount);
    if (row->owed_minor && ratio)
        o2c__habit_drop(memories, owners[2], O2C__DIFFER_RATIO, ratio);
    for (int32_t reason = O2C_DEDUCTION_PRICE; code.len && reason <= O2C_DEDUCTION_OTHER; reason++)
        o2c__habit_drop(memories, owners[2], O2C__DIFFER_CODE, o2c__differ_code_key(code, reason));
}

static int
compare_rows(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__habit_row *x = (const struct o2c__habit_row *)self + a, *y = (const struct o2c__habit_row *)self + b;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->asked != y->asked)
        return x->asked > y->asked ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static bool
is_bounded(const struct o2c__habit_row *row)
{
    return row->kind == O2C__DIFFER_AMOUNT || row->kind == O2C__DIFFER_RATIO;
}

/* Rows in their order, counts as of the day: whoever has more than there is room for keeps the first ones. */
static void
drop_rest(struct o2c__memories *memories, const struct o2c__habit_row *rows, const uint32_t *order, uint32_t count)
{
    for (uint32_t from = 0, to; from < count; from = to) {
        const struct o2c__habit_row *first = &rows[order[from]];
        for (to = from + 1; to < count && rows[order[to]].owner == first->owner && rows[order[to]].kind == first->kind; to++)
            ;
        uint32_t times = first->owner >> 63 ? 1 : O2C__DIFFER_MANY;
        for (uint32_t i = from + times * O2C__DIFFER_TOP; to - from > times * O2C__DIFFER_ROOM && i < to; i++)
            o2c__habit_drop(memories, rows[order[i]].owner, rows[order[i]].kind, rows[order[i]].key);
    }
}

/* Owners for whom something was counted, as a filter: only they can have too much. A few others pass as well, and keep what they have. */
struct owners {
    uint64_t bits[1024];
};

static uint64_t *
word_of(struct owners *owners, uint64_t owner, uint64_t *out_bit)
{
    uint64_t place = o2c__mix(owner, O2C__DIFFER_ALL);
    *out_bit = UINT64_C(1) << (place & 63);
    return &owners->bits[place >> 6 & (O2C__COUNT(owners->bits) - 1)];
}

static bool
passes(struct owners *owners, const struct o2c__habit_row *row)
{
    uint64_t bit;
    return is_bounded(row) && *word_of(owners, row->owner, &bit) & bit;
}

static uint32_t
gather_owners(const struct o2c__habit_table *table, struct owners *out)
{
    uint32_t count = 0;
    uint64_t bit;
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < table->room; i++)
        if (table->slots[i].touched && is_bounded(&table->slots[i])) {
            uint64_t *word = word_of(out, table->slots[i].owner, &bit);
            *word |= bit;
        }
    for (uint32_t i = 0; i < table->room; i++)
        count += passes(out, &table->slots[i]);
    return count;
}

static bool
keep_top(struct o2c__learning *learning)
{
    struct o2c__memories *memories = learning->next->learned;
    o2c__memory *memory = &learning->next->context.memory;
    struct owners owners;
    uint32_t count = gather_owners(&memories->rows, &owners), n = 0;
    if (count <= O2C__DIFFER_ROOM)
        return true;
    struct o2c__habit_row *rows = o2c__alloc_array(memory, count, sizeof *rows);
    uint32_t *order = o2c__alloc_array(memory, count, 2 * sizeof *order);
    for (uint32_t i = 0; rows && order && i < memories->rows.room; i++)
        if (passes(&owners, &memories->rows.slots[i])) {
            rows[n] = memories->rows.slots[i];
            o2c__habit_age(&rows[n], memories->day);
            order[n] = n;
            n++;
        }
    if (rows && order) {
        o2c__sort(order, order + n, n, compare_rows, rows);
        drop_rest(memories, rows, order, n);
    }
    bool whole = rows && order;
    o2c__release(memory, rows, count * sizeof *rows);
    o2c__release(memory, order, count * 2 * sizeof *order);
    return whole;
}

bool
o2c__differences_keep(struct o2c__learning *learning, const uint32_t *order, uint32_t count)
{
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        const o2c_feedback *row = &learning->rows[order[i]];
        any = any || row->owed_minor;
        if (row->owed_minor || row->code.len)
            revoke(learning, row);
    }
    return !any || keep_top(learning);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose advice is it, and which payments are his? Only what says so for sure counts here: a bank account of one customer, a number, a name
 * equal after folding, and of an advice that names nobody the owner of all documents in it. Similar names are not asked.
 */
#include "match/link.h"
#include "match/pool.h"

#define NAME_MAX 256u

/* ---- who */

static uint32_t
by_name(const struct o2c__solve *solve, o2c_str name)
{
    char folded[3 * NAME_MAX + 1];
    uint32_t found = O2C__NONE;
    if (name.len == 0 || name.len > NAME_MAX)
        return O2C__NONE;
    for (int32_t variant = 0; variant < 2; variant++) {
        uint32_t count, len = (uint32_t)o2c__fold_name(name.ptr, name.len, variant, folded);
        uint32_t first = len ? o2c__index_name(solve->pool, (o2c_str){ folded, len }, &count) : O2C__NONE;
        for (uint32_t i = 0; first != O2C__NONE && i < count; i++) {
            uint32_t account = O2C__AT(&solve->pool->index->names, struct o2c__name, first + i).account;
            if (found != O2C__NONE && found != account)
                return O2C__NONE; /* two customers have that name */
            found = account;
        }
    }
    return found;
}

static uint32_t
by_number(const struct o2c__solve *solve, o2c_str number)
{
    uint32_t found = number.len ? o2c__index_number(solve->pool, number) : O2C__NONE;
    return found == O2C__NONE ? O2C__NONE : O2C__AT(&solve->pool->index->numbers, struct o2c__number, found).account;
}

uint32_t
o2c__link_payer(const struct o2c__solve *solve, const o2c_payment *payment)
{
    o2c_str heap = solve->payments->heap;
    const struct o2c__bank *bank = payment->payer_account.len
                                       ? o2c__index_bank(solve->pool, o2c__ref_str(payment->payer_account, heap))
                                       : NULL;
    if (bank)
        return bank->count == 1 ? O2C__AT(&solve->pool->index->bank_rows, struct o2c__bank_row, bank->first).account : O2C__NONE;
    uint32_t found = by_number(solve, o2c__ref_str(payment->customer_number, heap));
    return found != O2C__NONE ? found : by_name(solve, o2c__ref_str(payment->payer_name, heap));
}

uint32_t
o2c__link_document(const o2c_match_pool *pool, o2c_str text)
{
    const struct o2c__slots *slots = &pool->index->references;
    struct o2c__forms forms;
    if (text.len == 0 || text.len > O2C__REFERENCE_BYTES)
        return O2C__NONE;
    o2c__forms_plain(text, &forms);
    if (forms.full_len == 0)
        return O2C__NONE;
    uint64_t hash = o2c__hash(pool->context.key, forms.full, forms.full_len);
    uint32_t at = o2c__slots_at(slots, hash), value = o2c__index_next(slots, o2c__slots_tag(hash), &at);
    if (value == O2C__MAP_NONE || (value & O2C__INDEX_CROWD))
        return O2C__NONE;
    return o2c__str_equal(o2c__pool_str(pool, pool->echo[value].document), text) ? value : O2C__NONE;
}

/* Whose documents the advice names; O2C__NONE = those of several, or of nobody. */
static uint32_t
owner_of(const struct o2c__solve *solve, const o2c_remittance *row)
{
    uint32_t owner = O2C__NONE;
    for (uint32_t i = row->lines_at; i < row->lines_at + row->lines_count; i++) {
        uint32_t item = o2c__link_document(solve->pool, o2c__ref_str(solve->remittances->lines[i].document, solve->remittances->heap));
        uint32_t account = item == O2C__NONE ? O2C__NONE : o2c__pool_account(solve->pool, item);
        if (account != O2C__NONE && owner != O2C__NONE && account != owner)
            return O2C__NONE;
        owner = account == O2C__NONE ? owner : account;
    }
    return owner;
}

uint32_t
o2c__link_account(const struct o2c__solve *solve, const o2c_remittance *row)
{
    o2c_str payer = o2c__ref_str(row->payer, solve->remittances->heap);
    uint32_t found = by_number(solve, payer);
    found = found != O2C__NONE ? found : by_name(solve, payer);
    return found != O2C__NONE ? found : owner_of(solve, row);
}

/* ---- the payments of those who have an advice */

static int
by_value(const void *self, uint32_t a, uint32_t b)
{
    (void)self;
    return a < b ? -1 : a > b;
}

static bool
is_wanted(const uint32_t *wanted, uint32_t count, uint32_t account)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (wanted[middle] == account)
            return true;
        if (wanted[middle] < account)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static int
by_account(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__paid_row *rows = self;
    if (rows[a].account != rows[b].account)
        return rows[a].account < rows[b].account ? -1 : 1;
    return rows[a].payment < rows[b].payment ? -1 : rows[a].payment > rows[b].payment;
}

bool
o2c__paid_new(struct o2c__paid *paid, struct o2c__solve *solve, uint32_t *wanted, uint32_t count)
{
    o2c__memory *memory = &solve->context.memory;
    *paid = (struct o2c__paid){ .memory = memory };
    o2c__vector_init(&paid->rows, memory, sizeof(struct o2c__paid_row));
    o2c__sort(wanted, wanted + count, count, by_value, NULL);
    for (uint32_t i = 0; count && i < solve->payments->count; i++) {
        const o2c_payment *payment = &solve->payments->rows[i];
        uint32_t account = payment->route == O2C_ROUTE_CUSTOMER ? o2c__link_payer(solve, payment) : O2C__NONE;
        if (account == O2C__NONE || !is_wanted(wanted, count, account))
            continue;
        struct o2c__paid_row *row = o2c__vector_add(&paid->rows);
        if (!row)
            return false;
        *row = (struct o2c__paid_row){ account, i };
    }
    size_t rows = paid->rows.count;
    paid->order = rows ? o2c__alloc_array(memory, 2 * rows, sizeof *paid->order) : NULL;
    for (uint32_t i = 0; paid->order && i < rows; i++)
        paid->order[i] = i;
    if (paid->order)
        o2c__sort(paid->order, paid->order + rows, rows, by_account, paid->rows.rows);
    return rows == 0 || paid->order;
}

void
o2c__paid_free(struct o2c__paid *paid)
{
    o2c__release(paid->memory, paid->order, 2 * paid->rows.count * sizeof *paid->order);
    o2c__vector_free(&paid->rows);
}

uint32_t
o2c__paid_by(const struct o2c__paid *paid, uint32_t account, uint32_t *out_count)
{
    uint32_t low = 0, high = (uint32_t)paid->rows.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (O2C__AT(&paid->rows, struct o2c__paid_row, paid->order[middle]).account < account)
            low = middle + 1;
        else
            high = middle;
    }
    *out_count = 0;
    while (low + *out_count < paid->rows.count &&
           O2C__AT(&paid->rows, struct o2c__paid_row, paid->order[low + *out_count]).account == account)
        ++*out_count;
    return low;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which remittance belongs to which payment: by the payment's key, by a trace that payment and advice share, or, for an advice that
 * came on its own, by payer, total and day. What fits several payments is linked to none.
 */
#include "match/text.h"

struct linker {
    struct o2c__solve *solve;
    struct o2c__remitted *links;
    o2c__map keys, traces;   /* → payment row */
    o2c__map amounts;        /* → first payment of that amount and currency; the next ones in next_amount */
    uint32_t *next_amount;
    uint32_t *last;          /* payment row → its last remittance */
    char (*amount_keys)[12]; /* amount and currency of each payment: the map borrows its keys */
};
#define SEVERAL (O2C__MAP_NONE - 1)

static o2c_str
payment_str(const struct linker *linker, o2c_ref ref)
{
    return o2c__ref_str(ref, linker->solve->payments->heap);
}

static void
amount_key(int64_t amount, const char currency[4], char out[12])
{
    memcpy(out, &amount, sizeof amount);
    memcpy(out + sizeof amount, currency, 4);
}

/* A trace that two payments carry names neither. */
static bool
add_trace(struct linker *linker, o2c_str trace, uint32_t row)
{
    uint32_t before;
    if (trace.len == 0)
        return true;
    if (!o2c__map_put(&linker->traces, trace, row, &before))
        return false;
    return before == row || o2c__map_set(&linker->traces, trace, SEVERAL);
}

static bool
add_payment(struct linker *linker, uint32_t row)
{
    const o2c_payment *payment = &linker->solve->payments->rows[row];
    uint32_t before;
    amount_key(payment->amount_minor, payment->currency, linker->amount_keys[row]);
    linker->next_amount[row] = O2C__NONE;
    if (payment->route != O2C_ROUTE_CUSTOMER)
        return true;
    if (!o2c__map_put(&linker->keys, payment_str(linker, payment->key), row, &before))
        return false;
    if (!add_trace(linker, payment_str(linker, payment->end_to_end_id), row) ||
        !add_trace(linker, payment_str(linker, payment->bank_ref), row))
        return false;
    o2c_str amount = { linker->amount_keys[row], 12 };
    before = o2c__map_get(&linker->amounts, amount);
    linker->next_amount[row] = before == O2C__MAP_NONE ? O2C__NONE : before;
    return o2c__map_set(&linker->amounts, amount, row);
}

/* ---- an advice on its own */
static int64_t
total_of(const struct linker *linker, const o2c_remittance *row)
{
    int64_t total = row->total_minor;
    if (total)
        return total;
    for (uint32_t i = row->lines_at; i < row->lines_at + row->lines_count; i++) {
        const o2c_remittance_line *line = &linker->solve->remittances->lines[i];
        if ((line->has & O2C_HAS_PAID) && !o2c__add(total, line->paid_minor, &total))
            return 0;
    }
    return total;
}

/* Account of a payer given by key, customer number or name; O2C__NONE = not known. */
static uint32_t
account_of(struct linker *linker, o2c_str number, o2c_str name, bool *failed)
{
    uint32_t ppm, found = o2c__index_number(linker->solve->pool, number);
    uint64_t row;
    if (found != O2C__NONE)
        return O2C__AT(&linker->solve->pool->index->numbers, struct o2c__number, found).account;
    return name.len ? o2c__payer_by_name(linker->solve, name, &ppm, &row, failed) : O2C__NONE;
}

static uint32_t
payer_of(struct linker *linker, const o2c_payment *payment, bool *failed)
{
    const struct o2c__bank *bank = o2c__index_bank(linker->solve->pool, payment_str(linker, payment->payer_account));
    if (bank && bank->count == 1)
        return O2C__AT(&linker->solve->pool->index->bank_rows, struct o2c__bank_row, bank->first).account;
    return account_of(linker, payment_str(linker, payment->customer_number), payment_str(linker, payment->payer_name), failed);
}

static bool
day_fits(const struct linker *linker, const o2c_payment *payment, const o2c_remittance *row)
{
    int32_t day = payment->value_day ? payment->value_day : payment->booking_day;
    int64_t apart = day > row->day ? day - row->day : row->day - day;
    return row->day == 0 || day == 0 || apart <= (int64_t)linker->solve->policy->advice_link_days;
}

static uint32_t
by_total(struct linker *linker, const o2c_remittance *row, bool *failed)
{
    char key[12];
    uint32_t found = O2C__NONE, looked = 0;
    o2c_str payer = o2c__ref_str(row->payer, linker->solve->remittances->heap);
    uint32_t account = payer.len ? account_of(linker, payer, payer, failed) : O2C__NONE;
    int64_t total = total_of(linker, row);
    if (total <= 0 || *failed)
        return O2C__NONE;
    amount_key(total, row->currency, key);
    uint32_t at = o2c__map_get(&linker->amounts, (o2c_str){ key, sizeof key });
    for (at = at == O2C__MAP_NONE ? O2C__NONE : at; at != O2C__NONE && !*failed; at = linker->next_amount[at]) {
        const o2c_payment *payment = &linker->solve->payments->rows[at];
        if (++looked > O2C__DISTINCTIVE)
            return O2C__NONE;
        if (linker->links->first[at] != O2C__NONE || !day_fits(linker, payment, row))
            continue;
        uint32_t other = account == O2C__NONE ? O2C__NONE : payer_of(linker, payment, failed);
        if (account != O2C__NONE && other != O2C__NONE && other != account)
            continue;
        if (found != O2C__NONE)
            return O2C__NONE;
        found = at;
    }
    return found;
}

/* ---- */
static uint32_t
by_key(const struct linker *linker, const o2c_remittance *row)
{
    o2c_str heap = linker->solve->remittances->heap;
    uint32_t found = row->payment.len ? o2c__map_get(&linker->keys, o2c__ref_str(row->payment, heap)) : O2C__MAP_NONE;
    if (found == O2C__MAP_NONE && row->payment_reference.len)
        found = o2c__map_get(&linker->traces, o2c__ref_str(row->payment_reference, heap));
    return found == O2C__MAP_NONE || found == SEVERAL ? O2C__NONE : found;
}

static void
attach(struct linker *linker, uint32_t payment, uint32_t remittance)
{
    if (payment == O2C__NONE)
        return;
    if (linker->links->first[payment] == O2C__NONE)
        linker->links->first[payment] = remittance;
    else
        linker->links->next[linker->last[payment]] = remittance;
    linker->last[payment] = remittance;
}

/* What is named goes first, so that an advice on its own finds only payments that nothing else speaks of. */
static o2c_status
attach_all(struct linker *linker, o2c_error *err)
{
    const o2c_remittances *remittances = linker->solve->remittances;
    bool failed = false;
    for (uint32_t i = 0; i < remittances->count; i++)
        attach(linker, by_key(linker, &remittances->rows[i]), i);
    for (uint32_t i = 0; i < remittances->count && !failed; i++) {
        const o2c_remittance *row = &remittances->rows[i];
        if (row->payment.len == 0 && by_key(linker, row) == O2C__NONE)
            attach(linker, by_total(linker, row, &failed), i);
        if (i % 4096 == 0)
            o2c__arena_reset(&linker->solve->arena);
    }
    return failed ? o2c__fail(err, O2C_E_NOMEM, "", "no memory to link the advices") : O2C_OK;
}

static bool
linker_new(struct linker *linker)
{
    struct o2c__solve *solve = linker->solve;
    o2c__memory *memory = &solve->context.memory;
    size_t payments = (size_t)solve->payments->count, remittances = (size_t)solve->remittances->count;
    o2c__map_init(&linker->keys, memory, solve->context.key);
    o2c__map_init(&linker->traces, memory, solve->context.key);
    o2c__map_init(&linker->amounts, memory, solve->context.key);
    linker->next_amount = o2c__alloc_array(memory, payments, sizeof *linker->next_amount);
    linker->last = o2c__alloc_array(memory, payments, sizeof *linker->last);
    linker->amount_keys = o2c__alloc_array(memory, payments, sizeof *linker->amount_keys);
    linker->links = solve->remitted = o2c__alloc_zero(memory, 1, sizeof *linker->links);
    if (!linker->next_amount || !linker->last || !linker->amount_keys || !linker->links)
        return false;
    linker->links->first = o2c__alloc_array(memory, payments, sizeof *linker->links->first);
    linker->links->next = o2c__alloc_array(memory, remittances, sizeof *linker->links->next);
    if (!linker->links->first || !linker->links->next)
        return false;
    memset(linker->links->first, 0xFF, payments * sizeof *linker->links->first);
    memset(linker->links->next, 0xFF, remittances * sizeof *linker->links->next);
    for (uint32_t i = 0; i < payments; i++) {
        if (!add_payment(linker, i))
            return false;
    }
    return true;
}

static void
linker_free(struct linker *linker)
{
    o2c__memory *memory = &linker->solve->context.memory;
    size_t payments = (size_t)linker->solve->payments->count;
    o2c__map_free(&linker->keys);
    o2c__map_free(&linker->traces);
    o2c__map_free(&linker->amounts);
    o2c__release(memory, linker->next_amount, payments * sizeof *linker->next_amount);
    o2c__release(memory, linker->last, payments * sizeof *linker->last);
    o2c__release(memory, linker->amount_keys, payments * sizeof *linker->amount_keys);
}

o2c_status
o2c__link(struct o2c__solve *solve, o2c_error *err)
{
    struct linker linker = { .solve = solve };
    if (!solve->remittances || solve->remittances->count == 0 || solve->payments->count == 0)
        return O2C_OK;
    o2c_status status = linker_new(&linker) ? attach_all(&linker, err) : o2c__fail(err, O2C_E_NOMEM, "", "no memory to link the advices");
    linker_free(&linker);
    return status;
}

void
o2c__link_free(struct o2c__solve *solve)
{
    o2c__memory *memory = &solve->context.memory;
    struct o2c__remitted *links = solve->remitted;
    if (!links)
        return;
    o2c__release(memory, links->first, (size_t)solve->payments->count * sizeof *links->first);
    o2c__release(memory, links->next, (size_t)solve->remittances->count * sizeof *links->next);
    o2c__release(memory, links, sizeof *links);
    solve->remitted = NULL;
}

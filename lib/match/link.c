/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which remittance belongs to which payment: by the payment's key, by a trace that payment and advice share, or, for an advice that
 * came on its own, by payer, total and day (link_total.c). A link is a hypothesis with a weight, not a fact.
 */
#include "match/link.h"

#define CHANCE_KEY 999500u   /* it came with the payment */
#define CHANCE_TRACE 999000u /* they share a trace */

static o2c_str
payment_str(const struct o2c__linker *linker, o2c_ref ref)
{
    return o2c__ref_str(ref, linker->solve->payments->heap);
}

/* A trace that two payments carry names neither of them; both stand in a chain. */
static bool
add_trace(struct o2c__linker *linker, o2c_str trace, uint32_t slot)
{
    uint32_t before;
    linker->carriers[slot] = O2C__NONE;
    if (trace.len == 0)
        return true;
    if (!o2c__map_put(&linker->traces, trace, slot, &before))
        return false;
    if (before / 2 == slot / 2)
        return true;
    linker->carriers[slot] = linker->carriers[before];
    linker->carriers[before] = slot;
    return true;
}

static bool
add_payment(struct o2c__linker *linker, uint32_t row)
{
    const o2c_payment *payment = &linker->solve->payments->rows[row];
    uint32_t before;
    if (payment->route != O2C_ROUTE_CUSTOMER)
        return true;
    if (!o2c__map_put(&linker->keys, payment_str(linker, payment->key), row, &before))
        return false;
    return add_trace(linker, payment_str(linker, payment->end_to_end_id), 2 * row) &&
           add_trace(linker, payment_str(linker, payment->bank_ref), 2 * row + 1);
}

uint32_t
o2c__link_traced(const struct o2c__linker *linker, const o2c_remittance *row, bool *out_several)
{
    o2c_str trace = o2c__ref_str(row->payment_reference, linker->solve->remittances->heap);
    uint32_t slot = trace.len ? o2c__map_get(&linker->traces, trace) : O2C__MAP_NONE;
    *out_several = slot != O2C__MAP_NONE && linker->carriers[slot] != O2C__NONE;
    return slot == O2C__MAP_NONE ? O2C__NONE : *out_several ? slot : slot / 2;
}

static uint32_t
by_key(const struct o2c__linker *linker, const o2c_remittance *row)
{
    o2c_str heap = linker->solve->remittances->heap;
    uint32_t found = row->payment.len ? o2c__map_get(&linker->keys, o2c__ref_str(row->payment, heap)) : O2C__MAP_NONE;
    bool several = false;
    if (found == O2C__MAP_NONE && row->payment_reference.len)
        found = o2c__link_traced(linker, row, &several);
    return found == O2C__MAP_NONE || several ? O2C__NONE : found;
}

/* An advice of another time than the payment: it is read, and nothing that rests on it posts itself. */
static bool
is_stale(const struct o2c__linker *linker, const o2c_payment *payment, const o2c_remittance *row)
{
    return !o2c__link_day_fits(linker, payment, row);
}

bool
o2c__link_attach(struct o2c__linker *linker, uint32_t payment, uint32_t remittance, uint32_t chance_ppm, bool named)
{
    struct o2c__remitted *links = linker->links;
    struct o2c__link *link = o2c__vector_add(&links->rows);
    uint32_t at = (uint32_t)links->rows.count - 1;
    if (!link)
        return false;
    linker->spoken[remittance] = 1;
    *link = (struct o2c__link){ .remittance = remittance, .next = O2C__NONE, .chance_ppm = chance_ppm, .named = named };
    link->stale = is_stale(linker, &linker->solve->payments->rows[payment], &linker->solve->remittances->rows[remittance]);
    if (links->first[payment] == O2C__NONE)
        links->first[payment] = at;
    else
        O2C__AT(&links->rows, struct o2c__link, linker->last[payment]).next = at;
    linker->last[payment] = at;
    return true;
}

/* What is named goes first, so that an advice on its own finds only payments that nothing else speaks of. */
static o2c_status
attach_all(struct o2c__linker *linker, o2c_error *err)
{
    const o2c_remittances *remittances = linker->solve->remittances;
    bool whole = true, alone = false;
    for (uint32_t i = 0; i < remittances->count && whole; i++) {
        const o2c_remittance *row = &remittances->rows[i];
        uint32_t payment = by_key(linker, row);
        alone = alone || (payment == O2C__NONE && row->payment.len == 0);
        if (payment != O2C__NONE)
            whole = o2c__link_attach(linker, payment, i, row->payment.len ? CHANCE_KEY : CHANCE_TRACE, true);
    }
    if (whole && alone)
        whole = o2c__link_totals(linker);
    if (whole)
        whole = o2c__link_several(linker);
    if (whole)
        o2c__link_newest(linker);
    return whole ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, "", "no memory to link the advices");
}

bool
o2c__link_named(const struct o2c__linker *linker, uint32_t remittance)
{
    const o2c_remittance *row = &linker->solve->remittances->rows[remittance];
    return row->payment.len || by_key(linker, row) != O2C__NONE;
}

static bool
linker_new(struct o2c__linker *linker)
{
    struct o2c__solve *solve = linker->solve;
    o2c__memory *memory = &solve->context.memory;
    size_t payments = (size_t)solve->payments->count;
    o2c__map_init(&linker->keys, memory, solve->context.key);
    o2c__map_init(&linker->traces, memory, solve->context.key);
    linker->last = o2c__alloc_array(memory, payments, sizeof *linker->last);
    linker->carriers = o2c__alloc_array(memory, payments, 2 * sizeof *linker->carriers);
    linker->spoken = o2c__alloc_zero(memory, solve->remittances->count, 1);
    linker->links = solve->remitted = o2c__alloc_zero(memory, 1, sizeof *linker->links);
    if (!linker->links)
        return false;
    o2c__vector_init(&linker->links->rows, memory, sizeof(struct o2c__link));
    o2c__vector_init(&linker->links->lines, memory, sizeof(struct o2c__link_line));
    linker->links->first = o2c__alloc_array(memory, payments, sizeof *linker->links->first);
    if (!linker->links->first || !linker->last || !linker->carriers || !linker->spoken)
        return false;
    memset(linker->links->first, 0xFF, payments * sizeof *linker->links->first);
    for (uint32_t i = 0; i < payments; i++) {
        if (!add_payment(linker, i))
            return false;
    }
    return true;
}

static void
linker_free(struct o2c__linker *linker)
{
    o2c__memory *memory = &linker->solve->context.memory;
    size_t payments = (size_t)linker->solve->payments->count;
    o2c__map_free(&linker->keys);
    o2c__map_free(&linker->traces);
    o2c__release(memory, linker->last, payments * sizeof *linker->last);
    o2c__release(memory, linker->carriers, payments * 2 * sizeof *linker->carriers);
    o2c__release(memory, linker->spoken, linker->solve->remittances->count);
}

o2c_status
o2c__link(struct o2c__solve *solve, o2c_error *err)
{
    struct o2c__linker linker = { .solve = solve };
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
    o2c__vector_free(&links->rows);
    o2c__vector_free(&links->lines);
    o2c__release(memory, links, sizeof *links);
    solve->remitted = NULL;
}

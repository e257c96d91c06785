/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Advices that came on their own: payer, total within the tolerance, and days near each other. Every payment that fits is a
 * hypothesis. What else could be: that the advice belongs to none of them and the amounts agree by accident. An amount is then as
 * likely as any amount is, so that the accident weighs (payments that might have been) ÷ (16·T).
 */
#include "match/link.h"
#include "match/pool.h"

#define EXACT 1000000u  /* P(total is met to the cent), in ppm; 5 % are left for everything else, which cancels */
#define NEAR 10526u     /* .01 ÷ .95: a small difference, shared by the amounts inside the tolerance */
#define NOT_NAMED 20u   /* a payment or an advice that does not say its payer: one in so many is his */
#define LOOKED_MAX 4096u

struct totals {
    struct o2c__linker *linker;
    uint32_t *order; /* payments by (currency, amount, row) */
    uint32_t count;
    bool failed;
};
struct candidate {
    uint32_t payment;
    uint64_t weight;
};

int64_t
o2c__link_total(const struct o2c__solve *solve, const o2c_remittance *row)
{
    int64_t total = row->total_minor;
    if (total)
        return total;
    for (uint32_t i = row->lines_at; i < row->lines_at + row->lines_count; i++) {
        const o2c_remittance_line *line = &solve->remittances->lines[i];
        if ((line->has & O2C_HAS_PAID) && !o2c__add(total, line->paid_minor, &total))
            return 0;
    }
    return total;
}

static int
compare_key(const o2c_payment *payment, const char currency[4], int64_t amount)
{
    int order = memcmp(payment->currency, currency, 3);
    return order ? order : payment->amount_minor < amount ? -1 : payment->amount_minor > amount;
}

static int
by_amount(const void *self, uint32_t a, uint32_t b)
{
    const o2c_payment *rows = self;
    int order = compare_key(&rows[a], rows[b].currency, rows[b].amount_minor);
    return order ? order : a < b ? -1 : a > b;
}

/* First payment of this currency with at least this amount. */
static uint32_t
first_of(const struct totals *totals, const char currency[4], int64_t amount)
{
    const o2c_payment *rows = totals->linker->solve->payments->rows;
    uint32_t low = 0, high = totals->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_key(&rows[totals->order[middle]], currency, amount) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Account of a payer given by key, customer number or name; O2C__NONE = not known. */
static uint32_t
account_of(struct totals *totals, o2c_str number, o2c_str name)
{
    struct o2c__solve *solve = totals->linker->solve;
    uint32_t found = o2c__index_number(solve->pool, number);
    if (found != O2C__NONE)
        return O2C__AT(&solve->pool->index->numbers, struct o2c__number, found).account;
    if (name.len == 0)
        return O2C__NONE;
    struct o2c__alike alike = o2c__payer_by_name(solve, name);
    totals->failed = totals->failed || alike.failed;
    return alike.account;
}

static uint32_t
payer_of(struct totals *totals, const o2c_payment *payment)
{
    const struct o2c__solve *solve = totals->linker->solve;
    o2c_str heap = solve->payments->heap;
    const struct o2c__bank *bank = o2c__index_bank(solve->pool, o2c__ref_str(payment->payer_account, heap));
    if (bank && bank->count == 1)
        return O2C__AT(&solve->pool->index->bank_rows, struct o2c__bank_row, bank->first).account;
    return account_of(totals, o2c__ref_str(payment->customer_number, heap), o2c__ref_str(payment->payer_name, heap));
}

bool
o2c__link_day_fits(const struct o2c__linker *linker, const o2c_payment *payment, const o2c_remittance *row)
{
    int32_t day = payment->value_day ? payment->value_day : payment->booking_day;
    int64_t apart = day > row->day ? (int64_t)day - row->day : (int64_t)row->day - day;
    return row->day == 0 || day == 0 || apart <= (int64_t)linker->solve->policy->advice_link_days;
}

static int64_t
tolerance_of(const o2c_match_policy *policy, int64_t total)
{
    int64_t limit = (int64_t)o2c__muldiv_floor((uint64_t)total, policy->tolerance_ppm, 1000000);
    return limit < policy->tolerance_minor ? limit : policy->tolerance_minor;
}

/* What speaks for this payment, in parts per million of "the same payer, to the cent"; 0 = not this one. */
static uint64_t
weight_of(struct totals *totals, const o2c_remittance *row, uint32_t payer, const o2c_payment *payment, int64_t total, int64_t limit)
{
    if (!o2c__link_day_fits(totals->linker, payment, row))
        return 0;
    uint32_t other = payer == O2C__NONE ? O2C__NONE : payer_of(totals, payment);
    if (payer != O2C__NONE && other != O2C__NONE && other != payer)
        return 0;
    uint64_t weight = payment->amount_minor == total ? EXACT : limit > 0 ? NEAR / (2 * (uint64_t)limit) : 0;
    bool named = payer != O2C__NONE && other == payer;
    weight = named ? weight : weight / NOT_NAMED;
    return weight ? weight : 1;
}

/* The chance of each candidate among all of them and the accident; what holds less than one in a thousand is no link. */
static bool
attach(struct totals *totals, uint32_t remittance, const struct candidate *found, uint32_t count, int64_t total, bool named)
{
    uint64_t sum = 0, might = named ? 1 : totals->linker->solve->model->accounts;
    for (uint32_t i = 0; i < count; i++)
        sum += found[i].weight;
    uint64_t accident = might > UINT32_MAX ? UINT32_MAX : might;
    sum += accident * EXACT / (16 * (uint64_t)total) + 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t chance = (uint32_t)o2c__muldiv_floor(found[i].weight, 1000000, sum);
        if (chance >= 1000 && !o2c__link_attach(totals->linker, found[i].payment, remittance, chance, false))
            return false;
    }
    return true;
}

/* A payment that an advice names is not looked for by others; links by total do not count, or the order of advices would. */
static bool
is_named(const struct o2c__remitted *links, uint32_t payment)
{
    const struct o2c__link *link = o2c__link_at(links, links->first[payment]);
    return link && link->named;
}

static bool
link_one(struct totals *totals, uint32_t remittance)
{
    struct o2c__solve *solve = totals->linker->solve;
    const o2c_remittance *row = &solve->remittances->rows[remittance];
    struct candidate found[O2C__DISTINCTIVE];
    o2c_str payer = o2c__ref_str(row->payer, solve->remittances->heap);
    uint32_t account = payer.len ? account_of(totals, payer, payer) : O2C__NONE, count = 0, looked = 0;
    int64_t total = o2c__link_total(solve, row);
    if (total <= 0 || totals->failed)
        return !totals->failed;
    int64_t limit = tolerance_of(solve->policy, total);
    for (uint32_t at = first_of(totals, row->currency, total - limit); at < totals->count; at++) {
        const o2c_payment *payment = &solve->payments->rows[totals->order[at]];
        if (compare_key(payment, row->currency, total + limit) > 0)
            break;
        if (++looked > LOOKED_MAX) {
            totals->linker->spoken[remittance] = 1;
            return true;
        }
        if (is_named(totals->linker->links, totals->order[at]))
            continue;
        uint64_t weight = weight_of(totals, row, account, payment, total, limit);
        if (weight == 0)
            continue;
        if (count == O2C__DISTINCTIVE) { /* so many fit that none is meant */
            totals->linker->spoken[remittance] = 1;
            return true;
        }
        found[count++] = (struct candidate){ totals->order[at], weight };
    }
    return !totals->failed && attach(totals, remittance, found, count, total, account != O2C__NONE);
}

static bool
sort_payments(struct totals *totals)
{
    const o2c_payments *payments = totals->linker->solve->payments;
    for (uint32_t i = 0; i < payments->count; i++)
        if (payments->rows[i].route == O2C_ROUTE_CUSTOMER)
            totals->order[totals->count++] = i;
    o2c__sort(totals->order, totals->order + payments->count, totals->count, by_amount, payments->rows);
    return true;
}

/* Links of other advices on their own are not looked at: which of two advices a payment is meant by, its own lines must say. */
static bool
link_all(struct totals *totals)
{
    struct o2c__linker *linker = totals->linker;
    bool whole = true;
    for (uint32_t i = 0; i < linker->solve->remittances->count && whole; i++) {
        if (!o2c__link_named(linker, i))
            whole = link_one(totals, i);
        if (i % 4096 == 0)
            o2c__arena_reset(&linker->solve->arena);
    }
    return whole;
}

bool
o2c__link_totals(struct o2c__linker *linker)
{
    struct totals totals = { .linker = linker };
    size_t room = 2 * (size_t)linker->solve->payments->count;
    totals.order = o2c__alloc_array(&linker->solve->context.memory, room, sizeof *totals.order);
    bool whole = totals.order && sort_payments(&totals) && link_all(&totals);
    o2c__release(&linker->solve->context.memory, totals.order, room * sizeof *totals.order);
    return whole;
}

/* ---- an advice that was sent again: each announces the whole payment, so that only the newest can be meant */

static bool
announces_all(const struct o2c__linker *linker, uint32_t payment, const struct o2c__link *link)
{
    const o2c_remittance *row = &linker->solve->remittances->rows[link->remittance];
    return link->named && o2c__link_total(linker->solve, row) == linker->solve->payments->rows[payment].amount_minor;
}

static void
keep_newest(struct o2c__linker *linker, uint32_t payment)
{
    struct o2c__remitted *links = linker->links;
    const o2c_remittance *rows = linker->solve->remittances->rows;
    int32_t newest = 0;
    for (uint32_t at = links->first[payment]; at != O2C__NONE; at = O2C__AT(&links->rows, struct o2c__link, at).next) {
        const struct o2c__link *link = &O2C__AT(&links->rows, struct o2c__link, at);
        if (announces_all(linker, payment, link) && rows[link->remittance].day > newest)
            newest = rows[link->remittance].day;
    }
    uint32_t *to = &links->first[payment];
    while (newest && *to != O2C__NONE) {
        struct o2c__link *link = &O2C__AT(&links->rows, struct o2c__link, *to);
        int32_t day = rows[link->remittance].day;
        if (announces_all(linker, payment, link) && day && day < newest)
            *to = link->next;
        else
            to = &link->next;
    }
}

void
o2c__link_newest(struct o2c__linker *linker)
{
    for (uint32_t i = 0; i < linker->solve->payments->count; i++) {
        const struct o2c__link *link = o2c__link_at(linker->links, linker->links->first[i]);
        if (link && link->next != O2C__NONE)
            keep_newest(linker, i);
    }
}

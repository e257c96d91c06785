/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is left when every advice has looked for one payment: an advice that several payments pay together, and a payment that pays several
 * advices. Each reading is a hypothesis with a weight. Readings are found one by one, against the same snapshot, and only then compared:
 * where two of them want one payment or one advice neither is taken, so that no order decides.
 */
#include "match/link.h"
#include "match/pool.h"
#include "match/remit.h"
#include "match/tables.h"

#define ROUND 1000000u     /* as round as a sum can be */
#define EQUAL_MAX 256u     /* items of one amount that are looked at */
#define LN_SPLIT (-192982) /* ln (.05 ÷ .95): not paid as announced, Q16 */

/* ---- weights */

uint32_t
o2c__link_chance(const int64_t *ln, uint32_t count)
{
    int64_t most = ln[0];
    uint64_t sum = 0;
    for (uint32_t i = 1; i < count; i++)
        most = ln[i] != O2C__NEVER && ln[i] > most ? ln[i] : most;
    for (uint32_t i = 0; i < count; i++)
        sum += ln[i] == O2C__NEVER ? 0 : o2c__exp_q40(ln[i] - most);
    return (uint32_t)o2c__muldiv_floor(o2c__exp_q40(ln[0] - most), 1000000, sum + 1);
}

int64_t
o2c__link_ln_sets(uint32_t count, uint32_t from, uint32_t *out_most)
{
    uint64_t sets = 0, of_size = 1;
    *out_most = 0;
    for (uint32_t size = 1; size <= O2C__DIVIDE_PAYMENTS && size <= count; size++) {
        of_size = of_size * (count - size + 1) / size;
        if (sets + of_size > O2C__SEVERAL_SETS)
            break;
        sets += size < from ? 0 : of_size;
        *out_most = size;
    }
    return o2c__ln_u64(sets ? sets : 1);
}

static uint64_t
divisor_of(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* One amount alone divides itself and says nothing of a price list: there only how round it is counts. */
uint64_t
o2c__link_divisor(const int64_t *amounts, uint32_t count, int64_t total)
{
    uint64_t divisor = (uint64_t)total;
    for (uint32_t i = 0; i < count; i++)
        divisor = divisor_of(divisor, (uint64_t)amounts[i]);
    return count == 0 || amounts[0] == amounts[count - 1] ? divisor_of(divisor, ROUND) : divisor;
}

/* ln of the share of the payer's open items that have this amount, without `own` of them; O2C__NEVER = none. */
static int64_t
ln_equal_items(const o2c_match_pool *pool, uint32_t account, int64_t amount, uint32_t own)
{
    uint32_t count, items = 0, equal = 0, first = o2c__index_amount(pool, amount, &count);
    const struct o2c__account *of = &pool->accounts[account];
    for (uint32_t i = 0; i < of->item_accounts_count; i++)
        items += pool->item_accounts[of->item_accounts_at + i].count;
    for (uint32_t i = first; i < first + count && i < first + EQUAL_MAX; i++)
        equal += o2c__pool_account(pool, pool->index->amounts[i]) == account;
    return equal > own ? o2c__ln_ratio(equal - own, items) : O2C__NEVER;
}

int64_t
o2c__link_ln_stand_in(const o2c_match_pool *pool, uint32_t account, int64_t amount, uint32_t own, uint32_t others)
{
    if (others == 0 || account == O2C__NONE)
        return O2C__NEVER;
    int64_t round = o2c__ln_u64(divisor_of((uint64_t)amount, ROUND)) + O2C__LN_ANY - o2c__ln_u64((uint64_t)amount);
    int64_t equal = ln_equal_items(pool, account, amount, own);
    return LN_SPLIT + o2c__ln_u64(others) + (equal > round ? equal : round);
}

/* ---- orders that no input decides */

int
o2c__link_order(const o2c_payments *payments, uint32_t a, uint32_t b)
{
    const o2c_payment *x = &payments->rows[a], *y = &payments->rows[b];
    if (x->booking_day != y->booking_day)
        return x->booking_day < y->booking_day ? -1 : 1;
    if (x->value_day != y->value_day)
        return x->value_day < y->value_day ? -1 : 1;
    int order = o2c__str_compare(o2c__ref_str(x->statement, payments->heap), o2c__ref_str(y->statement, payments->heap));
    if (order)
        return order;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return o2c__str_compare(o2c__ref_str(x->key, payments->heap), o2c__ref_str(y->key, payments->heap));
}

static int
by_account(const void *self, uint32_t a, uint32_t b)
{
    const o2c__vector *pending = self;
    const struct o2c__pending *x = &O2C__AT(pending, struct o2c__pending, a), *y = &O2C__AT(pending, struct o2c__pending, b);
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return a < b ? -1 : a > b;
}

bool
o2c__link_add(struct o2c__severals *all, const struct o2c__several *reading)
{
    struct o2c__several *row = o2c__vector_add(&all->readings);
    if (row)
        *row = *reading;
    return row != NULL;
}

/* ---- what is still open */

uint32_t
o2c__link_advices_of(const struct o2c__severals *all, uint32_t account, uint32_t *out_count)
{
    uint32_t low = 0, high = (uint32_t)all->pending.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (O2C__AT(&all->pending, struct o2c__pending, all->order[middle]).account < account)
            low = middle + 1;
        else
            high = middle;
    }
    *out_count = 0;
    while (low + *out_count < all->pending.count &&
           O2C__AT(&all->pending, struct o2c__pending, all->order[low + *out_count]).account == account)
        ++*out_count;
    return low;
}

static uint64_t
hash_lines(const struct o2c__solve *solve, const o2c_remittance *row)
{
    uint64_t hash = row->lines_count;
    for (uint32_t i = row->lines_at; i < row->lines_at + row->lines_count; i++) {
        o2c_str document = o2c__ref_str(solve->remittances->lines[i].document, solve->remittances->heap);
        hash ^= o2c__hash(solve->context.key, document.ptr, document.len);
        hash = o2c__mix(hash, (uint64_t)o2c__remit_paid(&solve->remittances->lines[i]));
    }
    return hash;
}

static bool
add_pending(struct o2c__severals *all, uint32_t remittance)
{
    struct o2c__linker *linker = all->linker;
    const o2c_remittance *row = &linker->solve->remittances->rows[remittance];
    struct o2c__pending one = { .remittance = remittance };
    uint32_t traced = o2c__link_traced(linker, row, &one.traced);
    one.named = one.traced ? O2C__NONE : traced;
    one.slot = one.traced ? traced : O2C__NONE;
    if (row->payment.len || row->lines_count == 0 || (linker->spoken[remittance] && one.named == O2C__NONE))
        return true;
    if (one.named != O2C__NONE && linker->solve->payments->rows[one.named].amount_minor >= o2c__link_total(linker->solve, row))
        return true; /* what it names pays all of it, or more */
    one.account = o2c__link_account(linker->solve, row);
    one.total = o2c__link_total(linker->solve, row);
    one.says = hash_lines(linker->solve, row);
    if (one.account == O2C__NONE && one.named == O2C__NONE && !one.traced)
        return true;
    struct o2c__pending *to = o2c__vector_add(&all->pending);
    if (to)
        *to = one;
    return to != NULL;
}

/* Does b say what a says, line by line, and come later? Of advices that were sent again the last one counts. */
static bool
replaces(const struct o2c__solve *solve, const struct o2c__pending *a, const struct o2c__pending *b)
{
    const o2c_remittances *all = solve->remittances;
    const o2c_remittance *x = &all->rows[a->remittance], *y = &all->rows[b->remittance];
    if (a->says != b->says || a->total != b->total || x->lines_count != y->lines_count || memcmp(x->currency, y->currency, 3) != 0 ||
        (x->day != y->day ? x->day > y->day : o2c__str_compare(o2c__ref_str(x->key, all->heap), o2c__ref_str(y->key, all->heap)) >= 0))
        return false;
    for (uint32_t i = 0; i < x->lines_count; i++) {
        const o2c_remittance_line *p = &all->lines[x->lines_at + i], *q = &all->lines[y->lines_at + i];
        bool same = o2c__str_equal(o2c__ref_str(p->document, all->heap), o2c__ref_str(q->document, all->heap));
        if (!same || o2c__remit_paid(p) != o2c__remit_paid(q))
            return false;
    }
    return true;
}

static void
mark_replaced(struct o2c__severals *all)
{
    const struct o2c__solve *solve = all->linker->solve;
    for (uint32_t i = 0; i < all->pending.count; i++) {
        struct o2c__pending *one = &O2C__AT(&all->pending, struct o2c__pending, i);
        uint32_t count, first = o2c__link_advices_of(all, one->account, &count);
        for (uint32_t k = first; k < first + count && count <= O2C__SEVERAL_ROWS && !one->replaced; k++)
            one->replaced = replaces(solve, one, &O2C__AT(&all->pending, struct o2c__pending, all->order[k]));
    }
}

static bool
collect(struct o2c__severals *all)
{
    const struct o2c__solve *solve = all->linker->solve;
    for (uint32_t i = 0; i < solve->remittances->count; i++)
        if (!add_pending(all, i))
            return false;
    size_t count = all->pending.count;
    if (count == 0)
        return true;
    all->order = o2c__alloc_array(&all->linker->solve->context.memory, 2 * count, sizeof *all->order);
    uint32_t wanted = 0;
    for (uint32_t i = 0; all->order && i < count; i++)
        if (O2C__AT(&all->pending, struct o2c__pending, i).account != O2C__NONE)
            all->order[wanted++] = O2C__AT(&all->pending, struct o2c__pending, i).account;
    if (!all->order || !o2c__paid_new(&all->paid, all->linker->solve, all->order, wanted))
        return false;
    for (uint32_t i = 0; i < count; i++)
        all->order[i] = i;
    o2c__sort(all->order, all->order + count, count, by_account, &all->pending);
    mark_replaced(all);
    return true;
}

static bool
read_all(struct o2c__severals *all)
{
    all->divide = o2c__alloc(&all->linker->solve->context.memory, sizeof *all->divide);
    if (!all->divide)
        return false;
    for (uint32_t i = 0; i < all->pending.count; i++) {
        const struct o2c__pending *one = &O2C__AT(&all->pending, struct o2c__pending, i);
        if (!one->replaced && !o2c__link_share(all, one))
            return false;
    }
    return o2c__link_together(all);
}

/* ---- readings that want the same */

/* What a reading wants: payments are counted in front, advices behind. */
static uint32_t
wants(const struct o2c__severals *all, const struct o2c__several *reading, uint32_t i)
{
    uint32_t payments = (uint32_t)all->linker->solve->payments->count;
    bool payment = reading->together == (i == 0);
    uint32_t row = i == 0 ? reading->one : reading->many[i - 1];
    return payment ? row : payments + row;
}

static struct o2c__several *
reading_at(const struct o2c__severals *all, size_t i)
{
    return &O2C__AT(&all->readings, struct o2c__several, i);
}

/* Two readings of one strength that want the same are both dropped; a part alone yields to a whole. */
static void
compare_those(struct o2c__severals *all, uint8_t *wanted, bool parts)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < all->readings.count; i++) {
            struct o2c__several *reading = reading_at(all, i);
            if (reading->part == O2C__LINK_UNCLEAR || (reading->part == O2C__LINK_PART) != parts)
                continue;
            for (uint32_t k = 0; k <= reading->count; k++) {
                uint8_t *at = &wanted[wants(all, reading, k)];
                if (pass == 0)
                    *at = *at < 3 ? *at + 1 : 3;
                else
                    reading->dropped = reading->dropped || *at > 1;
            }
        }
}

/* What is dropped still says that a person should look at its payments. */
static void
compare_readings(struct o2c__severals *all, uint8_t *wanted)
{
    compare_those(all, wanted, false);
    compare_those(all, wanted, true);
    for (size_t i = 0; i < all->readings.count; i++) {
        struct o2c__several *reading = reading_at(all, i);
        if (!reading->dropped || reading->part == O2C__LINK_PART || reading->named)
            continue;
        reading->part = O2C__LINK_UNCLEAR;
        reading->dropped = false;
        memset(reading->lines_count, 0, sizeof reading->lines_count);
    }
}

/* ---- links */

static void
describe(struct o2c__several *reading, struct o2c__link *link, uint32_t place)
{
    link->part = reading->part;
    link->place = reading->part == O2C__LINK_SHARE || reading->part == O2C__LINK_TOGETHER ? (uint8_t)(place + 1) : 0;
    link->of = (uint8_t)reading->count;
    link->lines_at = reading->lines_at[place];
    link->lines_count = reading->lines_count[place];
    link->chance_ppm = reading->chance_ppm;
}

/* The link that a trace made to the whole advice becomes one to a part of it. */
static struct o2c__link *
link_of(struct o2c__linker *linker, uint32_t payment, uint32_t remittance)
{
    o2c__vector *rows = &linker->links->rows;
    for (uint32_t at = linker->links->first[payment]; at != O2C__NONE; at = O2C__AT(rows, struct o2c__link, at).next)
        if (O2C__AT(rows, struct o2c__link, at).remittance == remittance)
            return &O2C__AT(rows, struct o2c__link, at);
    return NULL;
}

static bool
attach(struct o2c__severals *all, struct o2c__several *reading)
{
    struct o2c__linker *linker = all->linker;
    for (uint32_t i = 0; i < reading->count && !reading->dropped; i++) {
        uint32_t payment = reading->together ? reading->one : reading->many[i];
        uint32_t remittance = reading->together ? reading->many[i] : reading->one;
        struct o2c__link *link = link_of(linker, payment, remittance);
        if (!link && reading->part == O2C__LINK_UNCLEAR && linker->links->first[payment] != O2C__NONE)
            continue; /* something better speaks of it */
        if (!link && !o2c__link_attach(linker, payment, remittance, reading->chance_ppm, reading->named))
            return false;
        if (!link)
            link = &O2C__AT(&linker->links->rows, struct o2c__link, linker->last[payment]);
        describe(reading, link, i);
    }
    return true;
}

static bool
attach_all(struct o2c__severals *all)
{
    const struct o2c__solve *solve = all->linker->solve;
    o2c__memory *memory = &all->linker->solve->context.memory;
    size_t rows = (size_t)solve->payments->count + solve->remittances->count;
    uint8_t *wanted = all->readings.count ? o2c__alloc_zero(memory, rows, 1) : NULL;
    bool whole = wanted || all->readings.count == 0;
    if (wanted)
        compare_readings(all, wanted);
    for (int unclear = 0; unclear < 2; unclear++) /* what is known first, then what is not */
        for (size_t i = 0; whole && i < all->readings.count; i++) {
            struct o2c__several *reading = reading_at(all, i);
            if ((reading->part == O2C__LINK_UNCLEAR) == unclear)
                whole = attach(all, reading);
        }
    o2c__release(memory, wanted, rows);
    return whole;
}

bool
o2c__link_several(struct o2c__linker *linker)
{
    struct o2c__solve *solve = linker->solve;
    struct o2c__severals all = { .linker = linker };
    if (!solve->pool->index)
        return true;
    o2c__vector_init(&all.pending, &solve->context.memory, sizeof(struct o2c__pending));
    o2c__vector_init(&all.readings, &solve->context.memory, sizeof(struct o2c__several));
    bool whole = collect(&all) && (all.pending.count == 0 || (read_all(&all) && attach_all(&all)));
    o2c__arena_reset(&solve->arena);
    if (all.paid.memory)
        o2c__paid_free(&all.paid);
    o2c__release(&solve->context.memory, all.divide, all.divide ? sizeof *all.divide : 0);
    o2c__release(&solve->context.memory, all.order, 2 * all.pending.count * sizeof *all.order);
    o2c__vector_free(&all.pending);
    o2c__vector_free(&all.readings);
    return whole;
}

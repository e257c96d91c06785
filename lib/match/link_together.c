/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One payment over several advices: advices of its payer, its currency and its days that found no payment of their own and add up to it.
 * Only where one set of them does; then each belongs to it whole, with the chance that the sum does not tie by accident.
 */
#include "match/few.h"
#include "match/link.h"
#include "match/pool.h"
#include "match/tables.h"

#define STEPS 1000000u

struct together {
    struct o2c__severals *all;
    uint32_t payment;
    uint32_t rows[O2C__SEVERAL_ROWS], count; /* advices in question, smallest first */
    int64_t amounts[O2C__SEVERAL_ROWS];
    uint32_t set[O2C__DIVIDE_PAYMENTS], size, sets;
};

static const o2c_remittance *
advice_at(const struct together *t, uint32_t row)
{
    return &t->all->linker->solve->remittances->rows[row];
}

/* By total, day and key; equal advices are told apart by nothing else. */
static int
by_total(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__solve *solve = self;
    const o2c_remittance *x = &solve->remittances->rows[a], *y = &solve->remittances->rows[b];
    int64_t p = o2c__link_total(solve, x), q = o2c__link_total(solve, y);
    if (p != q)
        return p < q ? -1 : 1;
    return o2c__str_compare(o2c__ref_str(x->key, solve->remittances->heap), o2c__ref_str(y->key, solve->remittances->heap));
}

static bool
before(const struct together *t, uint32_t a, uint32_t b)
{
    const o2c_remittance *x = advice_at(t, a), *y = advice_at(t, b);
    o2c_str heap = t->all->linker->solve->remittances->heap;
    return x->day != y->day ? x->day < y->day : o2c__str_compare(o2c__ref_str(x->key, heap), o2c__ref_str(y->key, heap)) < 0;
}

/* False = fewer than two, or so many that none is meant. */
static bool
list_advices(struct together *t, uint32_t account)
{
    const struct o2c__solve *solve = t->all->linker->solve;
    const o2c_payment *payment = &solve->payments->rows[t->payment];
    uint32_t scratch[O2C__SEVERAL_ROWS], count, first = o2c__link_advices_of(t->all, account, &count);
    t->count = 0;
    if (count > O2C__SEVERAL_ROWS)
        return false;
    for (uint32_t i = first; i < first + count; i++) {
        const struct o2c__pending *pending = &O2C__AT(&t->all->pending, struct o2c__pending, t->all->order[i]);
        const o2c_remittance *row = advice_at(t, pending->remittance);
        int64_t total = o2c__link_total(solve, row);
        bool alone = !pending->replaced && !pending->traced && pending->named == O2C__NONE;
        if (!alone || memcmp(row->currency, payment->currency, 3) != 0 || total <= 0 || total >= payment->amount_minor ||
            !o2c__link_day_fits(t->all->linker, payment, row))
            continue;
        t->rows[t->count++] = pending->remittance;
    }
    o2c__sort(t->rows, scratch, t->count, by_total, solve);
    for (uint32_t i = 0; i < t->count; i++)
        t->amounts[i] = o2c__link_total(solve, advice_at(t, t->rows[i]));
    return t->count > 1;
}

static bool
found_set(void *self, const uint32_t *at, uint32_t width, int64_t sum)
{
    struct together *t = self;
    (void)sum;
    t->size = width;
    for (uint32_t i = 0; i < width; i++)
        t->set[i] = t->rows[at[i]];
    return ++t->sets < 2;
}

static bool
find_set(struct together *t, uint32_t most)
{
    int64_t prefix[O2C__SEVERAL_ROWS + 1] = { 0 }, amount = t->all->linker->solve->payments->rows[t->payment].amount_minor;
    struct o2c__few few = { .amounts = t->amounts, .prefix = prefix, .count = t->count, .least = amount, .most = amount,
                            .steps_max = STEPS, .self = t, .found = found_set };
    t->sets = 0;
    for (uint32_t i = 0; i < t->count; i++)
        if (!o2c__add(prefix[i], t->amounts[i], &prefix[i + 1]))
            return false;
    for (uint32_t width = 2; width <= most; width++)
        if (!o2c__few_sets(&few, width))
            return false;
    return t->sets == 1;
}

static bool
add_reading(struct together *t, uint32_t account, int64_t ln_sets)
{
    const struct o2c__solve *solve = t->all->linker->solve;
    int64_t amount = solve->payments->rows[t->payment].amount_minor;
    int64_t ln[2 + O2C__DIVIDE_PAYMENTS] = { 0, ln_sets + o2c__ln_u64(o2c__link_divisor(t->amounts, t->count, amount)) + O2C__LN_ANY -
                                                    o2c__ln_u64((uint64_t)amount) };
    struct o2c__several reading = { .one = t->payment, .count = t->size, .together = true, .part = O2C__LINK_TOGETHER };
    for (uint32_t i = 0; i < t->size; i++)
        ln[2 + i] = o2c__link_ln_stand_in(solve->pool, account, o2c__link_total(solve, advice_at(t, t->set[i])),
                                          advice_at(t, t->set[i])->lines_count == 1, t->count - t->size + 1);
    reading.chance_ppm = o2c__link_chance(ln, 2 + t->size);
    for (uint32_t i = 0; i < t->size; i++) {
        uint32_t k = i;
        for (; k > 0 && before(t, t->set[i], reading.many[k - 1]); k--)
            reading.many[k] = reading.many[k - 1];
        reading.many[k] = t->set[i];
    }
    return reading.chance_ppm < solve->policy->show_ppm || o2c__link_add(t->all, &reading);
}

bool
o2c__link_together(struct o2c__severals *all)
{
    struct together t = { .all = all };
    for (size_t i = 0; i < all->paid.rows.count; i++) {
        const struct o2c__paid_row *row = &O2C__AT(&all->paid.rows, struct o2c__paid_row, i);
        uint32_t most, payments;
        t.payment = row->payment;
        o2c__paid_by(&all->paid, row->account, &payments);
        if (payments > O2C__SEVERAL_ROWS)
            continue;
        if (all->linker->links->first[row->payment] != O2C__NONE || !list_advices(&t, row->account))
            continue;
        int64_t ln_sets = o2c__link_ln_sets(t.count, 2, &most);
        if (find_set(&t, most) && !add_reading(&t, row->account, ln_sets))
            return false;
    }
    return true;
}

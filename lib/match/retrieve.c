/* SPDX-License-Identifier: Apache-2.0 */
/* Retrieve: the texts of a batch of payments are read together, looked up together, and then each payment gets hits and payers. */
#include "match/text.h"

/* The one company of the pool when the payment names none; O2C__NONE = the pool has no items of it. */
static uint32_t
company_of(const o2c_match_pool *pool, o2c_str name)
{
    for (uint32_t i = 0; i < pool->companies_count; i++) {
        if (o2c__str_equal(name, o2c__pool_str(pool, pool->companies[i])))
            return i;
    }
    return name.len == 0 && pool->companies_count == 1 ? 0 : O2C__NONE;
}

static bool
read_text(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct o2c__case *one = reading->one;
    if (!o2c__text_join(reader, reading))
        return false;
    if (one->payment->route != O2C_ROUTE_CUSTOMER)
        return true;
    one->company = company_of(reader->solve->pool, o2c__ref_str(one->payment->company, reader->solve->payments->heap));
    o2c_str text = { o2c__reading_text(reader, reading), one->text.len };
    if (!o2c__text_atoms(reader->solve, text, reading))
        return false;
    o2c__bank_start(reader->solve->pool, o2c__ref_str(one->payment->payer_account, reader->solve->payments->heap), &reading->bank);
    o2c__text_windows(reader, reading);
    return !reader->failed;
}

static bool
is_matched(const struct o2c__reading *reading)
{
    return reading->one->payment->route == O2C_ROUTE_CUSTOMER;
}

/* What the payers of a case own is read next where nothing is cited: ask for it while the other payments of the batch are decided. */
static void
prefetch_items(const o2c_match_pool *pool, const struct o2c__case *one)
{
    for (uint32_t i = 0; i < one->payers_count && i < 2 && one->hits_count == 0; i++) {
        const struct o2c__account *account = &pool->accounts[one->payers[i].account];
        if (account->item_accounts_count == 0)
            continue;
        const struct o2c__item_account *in = &pool->item_accounts[account->item_accounts_at];
        for (uint32_t item = in->first; item < in->first + in->count && item < in->first + 32; item += 8)
            o2c__ask(&pool->open[item]);
        o2c__ask(&pool->due[in->first]);
        o2c__ask(&pool->flags[in->first]);
        o2c__ask(&pool->discount[in->first]);
        o2c__ask(&pool->interchange[in->first]);
    }
}

static void
prefetch_owners(const o2c_match_pool *pool, const struct o2c__case *one)
{
    for (uint32_t i = 0; i < one->hits_count && i < 8; i++) {
        uint32_t item = one->hits[i].item;
        if (item < pool->open_count)
            o2c__ask(&pool->item_accounts[pool->item_account[item]]);
    }
}

/* One payment after the other in each step, and the steps one after the other: what a step asks memory for, the next one finds. */
static bool
decide_all(struct o2c__reader *reader, struct o2c__reading *readings, uint32_t count)
{
    const o2c_match_pool *pool = reader->solve->pool;
    bool whole = true;
    for (uint32_t i = 0; i < count; i++)
        o2c__bank_near(pool, &readings[i].bank);
    for (uint32_t i = 0; whole && i < count; i++) {
        if (!is_matched(&readings[i]))
            continue;
        whole = o2c__retrieve_lines(reader, &readings[i]) && o2c__text_hits(reader, &readings[i]);
        prefetch_owners(pool, readings[i].one);
    }
    for (uint32_t i = 0; whole && i < count; i++) {
        if (!is_matched(&readings[i]))
            continue;
        whole = o2c__payers(reader, &readings[i]);
        for (uint32_t k = 0; k < readings[i].one->payers_count && k < 2; k++)
            o2c__ask(&pool->accounts[readings[i].one->payers[k].account]);
    }
    for (uint32_t i = 0; whole && i < count; i++)
        prefetch_items(pool, readings[i].one);
    return whole;
}

static bool
reader_new(struct o2c__reader *reader, struct o2c__solve *solve, struct o2c__reading **out, uint32_t count)
{
    memset(reader, 0, sizeof *reader);
    reader->solve = solve;
    reader->probes = o2c__arena_alloc(&solve->arena, O2C__PROBES * sizeof *reader->probes);
    *out = o2c__arena_alloc(&solve->arena, count * sizeof **out);
    return reader->probes && *out;
}

o2c_status
o2c__retrieve(struct o2c__solve *solve, uint64_t first, uint32_t count, struct o2c__case *cases, o2c_error *err)
{
    struct o2c__reader reader;
    struct o2c__reading *readings;
    bool whole = reader_new(&reader, solve, &readings, count);
    for (uint32_t i = 0; whole && i < count; i++) {
        struct o2c__reading *reading = &readings[i];
        memset(reading, 0, sizeof *reading);
        reading->bank.value = O2C__NONE;
        memset(&cases[i], 0, sizeof cases[i]);
        reading->raws_end = &reading->raws;
        reading->one = &cases[i];
        cases[i].payment = &solve->payments->rows[first + i];
        cases[i].row = (uint32_t)(first + i);
        cases[i].company = O2C__NONE;
        whole = read_text(&reader, reading);
    }
    for (uint32_t i = 0; whole && i < count; i++)
        o2c__bank_reach(solve->pool, &readings[i].bank);
    if (whole)
        o2c__probes_run(&reader);
    for (uint32_t i = 0; whole && i < count; i++)
        o2c__text_loose(&reader, &readings[i]);
    if (whole)
        o2c__probes_run(&reader);
    whole = whole && !reader.failed && decide_all(&reader, readings, count);
    return whole && !reader.failed ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, "", "no memory to read a payment's text");
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expected payments into a pool and out of it. Rows are only ever added: the last batch of a key counts, and a batch that drops a key
 * is a row without an amount. So a put that fails is taken back by cutting the array.
 */
#include "match/pool.h"

static o2c_status
refuse(o2c_error *err, const char *field, uint64_t index, const char *why)
{
    return o2c__fail_row(err, O2C_E_MATCH_ITEM, field, index, "%s", why);
}

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the expected payments");
}

static o2c_status
check_names(const o2c_expected *row, uint64_t index, o2c_str heap, o2c_error *err)
{
    o2c_status status = o2c__check_key(row->key, heap, "expected.key", index, err);
    if (!status)
        status = o2c__check_key(row->account, heap, "expected.account", index, err);
    if (!status && row->item.len)
        status = o2c__check_key(row->item, heap, "expected.item", index, err);
    if (status)
        return status;
    if (row->reference.len > 64 || !o2c__ref_inside(row->reference, heap))
        return refuse(err, "expected.reference", index, "a reference has at most 64 bytes and stands in the heap");
    if (row->item.len == 0 && row->reference.len == 0)
        return refuse(err, "expected.item", index, "an expected payment names an item or a reference");
    return O2C_OK;
}

static o2c_status
check_expected(const o2c_expected *row, uint64_t index, o2c_str heap, o2c_error *err)
{
    o2c_status status = check_names(row, index, heap, err);
    if (status)
        return status;
    if (row->amount_minor <= 0 || row->amount_minor > INT64_C(1000000000000000))
        return refuse(err, "expected.amount_minor", index, "an expected amount is above 0 and at most 10^15");
    if (row->currency[3] || o2c_currency_digits(&(o2c_str){ row->currency, 3 }, &(int32_t){ 0 }, NULL))
        return refuse(err, "expected.currency", index, "no such currency");
    if (row->day < 0 || row->day > O2C_DAY_MAX)
        return refuse(err, "expected.day", index, "a day is outside the calendar");
    if (row->origin < O2C_EXPECTED_PROMISE || row->origin > O2C_EXPECTED_ORDER)
        return refuse(err, "expected.origin", index, "no such origin");
    return row->reserved || row->reserved2[0] || row->reserved2[1]
               ? refuse(err, "expected.reserved", index, "a reserved field is not zero")
               : O2C_OK;
}

static bool
add(o2c_match_pool *pool, const o2c_expected *from, o2c_str heap, uint32_t batch)
{
    o2c__text_heap *side = &pool->rows->side;
    struct o2c__expected_row row = { *from, batch };
    const o2c_ref in[] = { from->key, from->account, from->item, from->reference };
    o2c_ref *out[] = { &row.is.key, &row.is.account, &row.is.item, &row.is.reference };
    for (size_t i = 0; i < O2C__COUNT(in); i++) {
        o2c_str text = o2c__ref_str(in[i], heap);
        if (!o2c__text_heap_add(side, text.ptr, text.len, out[i]))
            return false;
    }
    struct o2c__expected_row *to = o2c__vector_add_many(&pool->rows->expected, 1);
    if (to)
        *to = row;
    return to != NULL;
}

o2c_status
o2c__put_expected(o2c_match_pool *pool, const o2c_expected *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    uint32_t batch = ++pool->rows->expected_batch;
    for (uint64_t i = 0; i < count; i++) {
        o2c_status status = check_expected(&rows[i], i, heap, err);
        if (status)
            return status;
        if (!add(pool, &rows[i], heap, batch))
            return no_memory(err);
    }
    return O2C_OK;
}

/* What the last row of the key says. */
static bool
is_there(const o2c_match_pool *pool, o2c_str key)
{
    const o2c__vector *rows = &pool->rows->expected;
    o2c_str side = o2c__text_heap_str(&pool->rows->side);
    for (size_t i = rows->count; i > 0; i--) {
        const o2c_expected *row = &O2C__AT(rows, struct o2c__expected_row, i - 1).is;
        if (o2c__str_equal(o2c__ref_str(row->key, side), key))
            return row->amount_minor > 0;
    }
    return false;
}

o2c_status
o2c__drop_expected(o2c_match_pool *pool, const o2c_ref *keys, uint64_t count, o2c_str heap, o2c_error *err)
{
    uint32_t batch = ++pool->rows->expected_batch;
    for (uint64_t i = 0; i < count; i++) {
        if (!o2c__ref_inside(keys[i], heap) || !is_there(pool, o2c__ref_str(keys[i], heap)))
            return o2c__fail_row(err, O2C_E_MATCH_KEY, "keys", i, "the pool expects no such payment, or the key stands twice");
        if (!add(pool, &(o2c_expected){ .key = keys[i] }, heap, batch))
            return no_memory(err);
    }
    return O2C_OK;
}

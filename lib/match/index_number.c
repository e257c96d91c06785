/* SPDX-License-Identifier: Apache-2.0 */
/* Customer numbers: the keys of accounts, and what else a payer writes for them. */
#include "match/index.h"
#include "match/pool.h"

#define SAME_MAX 2u /* a third account under one number changes nothing: the number decides no more */

static bool
add(o2c_match_pool *pool, o2c_str text, uint32_t account, uint64_t row)
{
    struct o2c__number *to = o2c__vector_add(&pool->index->numbers);
    if (!to)
        return false;
    to->account = account;
    to->row = row;
    return o2c__text_heap_add(&pool->heap, text.ptr, text.len, &to->text);
}

static o2c_status
add_all(o2c_match_pool *pool, o2c_error *err)
{
    o2c_str side = o2c__text_heap_str(&pool->rows->side);
    for (uint32_t i = 0; i < pool->accounts_count; i++) {
        struct o2c__number *to = o2c__vector_add(&pool->index->numbers);
        if (!to)
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory for customer numbers");
        to->account = i;
        to->text = pool->accounts[i].key;
    }
    for (size_t i = 0; i < pool->rows->aliases.count; i++) {
        const o2c_alias *row = &O2C__AT(&pool->rows->aliases, o2c_alias, i);
        uint32_t account = o2c__index_account(pool, o2c__ref_str(row->account, side));
        if (account == O2C__NONE)
            return o2c__fail_row(err, O2C_E_MATCH_KEY, "alias.account", i, "the pool has no such account");
        if (row->kind == O2C_ALIAS_CUSTOMER_NUMBER && !add(pool, o2c__ref_str(row->text, side), account, row->row))
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory for customer numbers");
    }
    return O2C_OK;
}

static bool
same(const o2c_match_pool *pool, uint32_t number, o2c_str full)
{
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(pool, O2C__AT(&pool->index->numbers, struct o2c__number, number).text), &forms);
    return o2c__str_equal(full, (o2c_str){ forms.full, forms.full_len });
}

/* Rows of numbers with this text: the lowest ones first, at most SAME_MAX of different accounts. */
static uint32_t
find(const o2c_match_pool *pool, o2c_str full, uint64_t hash, uint32_t found[SAME_MAX])
{
    const struct o2c__slots *slots = &pool->index->number_keys;
    uint32_t count = 0, at = o2c__slots_at(slots, hash), value;
    while (count < SAME_MAX && (value = o2c__index_next(slots, o2c__slots_tag(hash), &at)) != O2C__MAP_NONE) {
        if (same(pool, value, full))
            found[count++] = value;
    }
    return count;
}

o2c_status
o2c__index_numbers(o2c_match_pool *pool, o2c_error *err)
{
    o2c_status status = add_all(pool, err);
    const o2c__vector *numbers = &pool->index->numbers;
    if (status)
        return status;
    if (!o2c__slots_new(&pool->index->number_keys, &pool->context.memory, numbers->count))
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for customer numbers");
    for (uint32_t i = 0; i < numbers->count; i++) {
        struct o2c__forms forms;
        uint32_t found[SAME_MAX] = { 0 };
        const struct o2c__number *row = &O2C__AT(numbers, struct o2c__number, i);
        o2c__forms(o2c__pool_str(pool, row->text), &forms);
        if (forms.full_len == 0)
            continue;
        uint64_t hash = o2c__hash(pool->context.key, forms.full, forms.full_len);
        uint32_t count = find(pool, (o2c_str){ forms.full, forms.full_len }, hash, found);
        bool known = count == SAME_MAX || (count == 1 && O2C__AT(numbers, struct o2c__number, found[0]).account == row->account);
        if (!known)
            o2c__slots_add(&pool->index->number_keys, hash, i);
    }
    return O2C_OK;
}

uint32_t
o2c__index_number(const o2c_match_pool *pool, o2c_str text)
{
    struct o2c__forms forms;
    uint32_t found[SAME_MAX] = { 0 };
    if (text.len == 0 || text.len > O2C__REFERENCE_BYTES)
        return O2C__NONE;
    o2c__forms(text, &forms);
    if (forms.full_len == 0)
        return O2C__NONE;
    uint64_t hash = o2c__hash(pool->context.key, forms.full, forms.full_len);
    return find(pool, (o2c_str){ forms.full, forms.full_len }, hash, found) == 1 ? found[0] : O2C__NONE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* References, accounts, names, bank accounts and ties into a pool. Which account or item they name is asked at freeze. */
#include "match/pool.h"

static bool
copy(o2c_match_pool *pool, o2c_ref from, o2c_str heap, o2c_ref *out)
{
    o2c_str text = o2c__ref_str(from, heap);
    return o2c__text_heap_add(&pool->rows->side, text.ptr, text.len, out);
}

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the rows");
}

static o2c_status
refuse(o2c_error *err, const char *field, uint64_t index, const char *why)
{
    return o2c__fail_row(err, O2C_E_MATCH_ITEM, field, index, "%s", why);
}

/* ---- references */
static o2c_status
check_reference(const o2c_reference *row, uint64_t index, o2c_str heap, o2c_error *err)
{
    o2c_status status = o2c__check_key(row->item, heap, "reference.item", index, err);
    if (status)
        return status;
    if (row->text.len == 0 || row->text.len > 64 || !o2c__ref_inside(row->text, heap))
        return refuse(err, "reference.text", index, "a reference has 1 to 64 bytes and stands in the heap");
    if (row->kind < O2C_REFERENCE_OWN || row->kind > O2C_REFERENCE_CLAIM)
        return refuse(err, "reference.kind", index, "no such kind of reference");
    if (row->scheme < O2C_SCHEME_NONE || row->scheme > O2C_SCHEME_OTHER || (row->scheme && row->kind != O2C_REFERENCE_STRUCTURED))
        return refuse(err, "reference.scheme", index, "only a structured reference has a scheme, and a known one");
    return row->reserved ? refuse(err, "reference.reserved", index, "a reserved field is not zero") : O2C_OK;
}

o2c_status
o2c__put_references(o2c_match_pool *pool, const o2c_reference *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    for (uint64_t i = 0; i < count; i++) {
        o2c_status status = check_reference(&rows[i], i, heap, err);
        if (status)
            return status;
        o2c_reference row = rows[i];
        if (!copy(pool, rows[i].item, heap, &row.item) || !copy(pool, rows[i].text, heap, &row.text))
            return no_memory(err);
        o2c_reference *to = o2c__vector_add_many(&pool->rows->references, 1);
        if (!to)
            return no_memory(err);
        *to = row;
    }
    return O2C_OK;
}

/* ---- accounts */
static o2c_status
check_account(const o2c_account *row, uint64_t index, o2c_str heap, o2c_error *err)
{
    const uint32_t all = O2C_ACCOUNT_FLAG_LEGAL | O2C_ACCOUNT_FLAG_INSOLVENT | O2C_ACCOUNT_FLAG_AGENCY | O2C_ACCOUNT_FLAG_RETURN_PENDING |
                         O2C_ACCOUNT_FLAG_REVIEW;
    o2c_status status = o2c__check_key(row->key, heap, "account.key", index, err);
    if (status)
        return status;
    if (!o2c__ref_inside(row->name, heap) || !o2c__ref_inside(row->group, heap))
        return refuse(err, "account.name", index, "a string points outside the heap");
    if (row->flags & ~all)
        return refuse(err, "account.flags", index, "a flag that is not known is set");
    return row->reserved ? refuse(err, "account.reserved", index, "a reserved field is not zero") : O2C_OK;
}

static o2c_status
put_account(o2c_match_pool *pool, const o2c_account *from, o2c_str heap, o2c_error *err)
{
    o2c_account row = *from;
    uint32_t number;
    if (!copy(pool, from->key, heap, &row.key) || !copy(pool, from->name, heap, &row.name) || !copy(pool, from->group, heap, &row.group) ||
        !o2c__intern(pool, &pool->rows->accounts, o2c__ref_str(from->key, heap), &number))
        return no_memory(err);
    o2c_account *to = o2c__vector_add_many(&pool->rows->accounts_put, 1);
    if (!to)
        return no_memory(err);
    *to = row;
    return O2C_OK;
}

o2c_status
o2c__put_accounts(o2c_match_pool *pool, const o2c_account *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    o2c__map seen;
    o2c_status status = O2C_OK;
    o2c__map_init(&seen, &pool->context.memory, pool->context.key);
    for (uint64_t i = 0; i < count && !status; i++) {
        uint32_t first = 0, value = (uint32_t)(i & INT32_MAX);
        status = check_account(&rows[i], i, heap, err);
        if (status)
            break;
        if (!o2c__map_put(&seen, o2c__ref_str(rows[i].key, heap), value, &first))
            status = no_memory(err);
        else if (first != value)
            status = o2c__fail_row(err, O2C_E_MATCH_KEY, "account.key", i, "the key stands twice in these rows");
        else
            status = put_account(pool, &rows[i], heap, err);
    }
    o2c__map_free(&seen);
    return status;
}

/* ---- names and numbers of accounts */
o2c_status
o2c__put_aliases(o2c_match_pool *pool, const o2c_alias *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    for (uint64_t i = 0; i < count; i++) {
        o2c_alias row = rows[i];
        o2c_status status = o2c__check_key(row.account, heap, "alias.account", i, err);
        if (status)
            return status;
        if (row.text.len == 0 || !o2c__ref_inside(row.text, heap))
            return refuse(err, "alias.text", i, "a name or number is not empty and stands in the heap");
        if (row.kind < O2C_ALIAS_NAME || row.kind > O2C_ALIAS_CUSTOMER_NUMBER)
            return refuse(err, "alias.kind", i, "no such kind of name");
        o2c_alias *to = NULL;
        if (copy(pool, rows[i].account, heap, &row.account) && copy(pool, rows[i].text, heap, &row.text))
            to = o2c__vector_add_many(&pool->rows->aliases, 1);
        if (!to)
            return no_memory(err);
        *to = row;
    }
    return O2C_OK;
}

/* ---- bank accounts */
o2c_status
o2c__put_bank_accounts(o2c_match_pool *pool, const o2c_bank_account *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    for (uint64_t i = 0; i < count; i++) {
        o2c_bank_account row = rows[i];
        o2c_status status = o2c__check_key(row.account, heap, "bank_account.account", i, err);
        if (status)
            return status;
        if (row.number.len == 0 || row.number.len > 64 || !o2c__ref_inside(row.number, heap))
            return refuse(err, "bank_account.number", i, "a bank account has 1 to 64 bytes and stands in the heap");
        if (row.state < O2C_BANK_ACCOUNT_OBSERVED || row.state > O2C_BANK_ACCOUNT_CONFIRMED)
            return refuse(err, "bank_account.state", i, "no such state");
        o2c_bank_account *to = NULL;
        if (copy(pool, rows[i].account, heap, &row.account) && copy(pool, rows[i].number, heap, &row.number))
            to = o2c__vector_add_many(&pool->rows->bank_accounts, 1);
        if (!to)
            return no_memory(err);
        *to = row;
    }
    return O2C_OK;
}

/* ---- ties */
o2c_status
o2c__put_ties(o2c_match_pool *pool, const o2c_tie *rows, uint64_t count, o2c_str heap, o2c_error *err)
{
    for (uint64_t i = 0; i < count; i++) {
        o2c_tie row = rows[i];
        o2c_status status = o2c__check_key(row.payer, heap, "tie.payer", i, err);
        if (!status)
            status = o2c__check_key(row.owner, heap, "tie.owner", i, err);
        if (status)
            return status;
        if (row.kind < O2C_TIE_ONE_WAY || row.kind > O2C_TIE_PAY_BELOW)
            return refuse(err, "tie.kind", i, "no such kind of tie");
        if (row.valid_from < 0 || row.valid_from > O2C_DAY_MAX || row.valid_to < 0 || row.valid_to > O2C_DAY_MAX)
            return refuse(err, "tie.valid_from", i, "a day is outside the calendar");
        if (row.reserved)
            return refuse(err, "tie.reserved", i, "a reserved field is not zero");
        o2c_tie *to = NULL;
        if (copy(pool, rows[i].payer, heap, &row.payer) && copy(pool, rows[i].owner, heap, &row.owner))
            to = o2c__vector_add_many(&pool->rows->ties, 1);
        if (!to)
            return no_memory(err);
        *to = row;
    }
    return O2C_OK;
}

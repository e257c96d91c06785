/* SPDX-License-Identifier: Apache-2.0 */
/* Bank accounts of payers: blanks, signs and case do not count; one number of several customers is shared. */
#include "match/index.h"
#include "match/pool.h"
#include "match/text_class.h"

/* A bank account as put, with its account found and its number squeezed. */
struct row {
    o2c_ref number; /* in the pool's heap */
    uint32_t account, arrival;
    int32_t state;
    uint64_t host_row;
};
struct rows {
    const o2c_match_pool *pool;
    const struct row *rows;
};

static int
compare(const void *self, uint32_t a, uint32_t b)
{
    const struct rows *in = self;
    const struct row *x = &in->rows[a], *y = &in->rows[b];
    int order = o2c__str_compare(o2c__pool_str(in->pool, x->number), o2c__pool_str(in->pool, y->number));
    if (order)
        return order;
    return x->account < y->account ? -1 : x->account > y->account;
}

static o2c_status
read_rows(o2c_match_pool *pool, struct row *out, uint32_t *out_count, o2c_error *err)
{
    o2c_str side = o2c__text_heap_str(&pool->rows->side);
    for (uint32_t i = 0; i < pool->rows->bank_accounts.count; i++) {
        const o2c_bank_account *from = &O2C__AT(&pool->rows->bank_accounts, o2c_bank_account, i);
        struct o2c__forms forms;
        uint32_t account = o2c__index_account(pool, o2c__ref_str(from->account, side));
        if (account == O2C__NONE)
            return o2c__fail_row(err, O2C_E_MATCH_KEY, "bank_account.account", i, "the pool has no such account");
        o2c__forms_plain(o2c__ref_str(from->number, side), &forms);
        if (forms.full_len == 0)
            continue;
        struct row *to = &out[(*out_count)++];
        *to = (struct row){ .account = account, .arrival = i, .state = from->state, .host_row = from->row };
        if (!o2c__text_heap_add(&pool->heap, forms.full, forms.full_len, &to->number))
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory for bank accounts");
    }
    return O2C_OK;
}

/* The last row put for one number and account wins: the sort is stable. */
static bool
fill(o2c_match_pool *pool, const struct row *rows, const uint32_t *order, uint32_t n)
{
    struct rows in = { pool, rows };
    for (uint32_t i = 0; i < n; i++) {
        const struct row *row = &rows[order[i]];
        bool again = i > 0 && o2c__str_equal(o2c__pool_str(pool, rows[order[i - 1]].number), o2c__pool_str(pool, row->number));
        struct o2c__bank *bank = again ? &O2C__AT(&pool->index->banks, struct o2c__bank, pool->index->banks.count - 1)
                                       : o2c__vector_add(&pool->index->banks);
        if (!bank)
            return false;
        if (!again)
            *bank = (struct o2c__bank){ row->number, (uint32_t)pool->index->bank_rows.count, 0 };
        bool replaces = again && compare(&in, order[i - 1], order[i]) == 0;
        struct o2c__bank_row *to = replaces ? &O2C__AT(&pool->index->bank_rows, struct o2c__bank_row, pool->index->bank_rows.count - 1)
                                            : o2c__vector_add(&pool->index->bank_rows);
        if (!to)
            return false;
        *to = (struct o2c__bank_row){ row->account, row->state, row->host_row };
        bank->count += !replaces;
    }
    return true;
}

static bool
fill_keys(o2c_match_pool *pool)
{
    const o2c__vector *banks = &pool->index->banks;
    if (!o2c__slots_new(&pool->index->bank_keys, &pool->context.memory, banks->count))
        return false;
    for (uint32_t i = 0; i < banks->count; i++) {
        o2c_str number = o2c__pool_str(pool, O2C__AT(banks, struct o2c__bank, i).number);
        o2c__slots_add(&pool->index->bank_keys, o2c__hash(pool->context.key, number.ptr, number.len), i);
    }
    return true;
}

o2c_status
o2c__index_banks(o2c_match_pool *pool, o2c_error *err)
{
    o2c__memory *memory = &pool->context.memory;
    size_t n = pool->rows->bank_accounts.count + 1;
    uint32_t count = 0;
    struct row *rows = o2c__alloc_array(memory, n, sizeof *rows);
    uint32_t *order = o2c__alloc_array(memory, n, 2 * sizeof *order);
    o2c_status status = rows && order ? read_rows(pool, rows, &count, err) : o2c__fail(err, O2C_E_NOMEM, "", "no memory for bank accounts");
    if (!status) {
        for (uint32_t i = 0; i < count; i++)
            order[i] = i;
        o2c__sort(order, order + n, count, compare, &(struct rows){ pool, rows });
        if (!fill(pool, rows, order, count) || !fill_keys(pool))
            status = o2c__fail(err, O2C_E_NOMEM, "", "no memory for bank accounts");
    }
    o2c__release(memory, rows, n * sizeof *rows);
    o2c__release(memory, order, n * 2 * sizeof *order);
    return status;
}

/* ---- one lookup in steps, so that a batch of them waits for memory together */
/* Capitals and digits alone: then the text is its own full form. Shorter ones go the long way. */
static bool
is_squeezed(o2c_str number)
{
    return number.len >= 16 && o2c__text_is_folded(number.ptr, (uint32_t)number.len);
}

void
o2c__bank_start(const o2c_match_pool *pool, o2c_str number, struct o2c__bank_lookup *lookup)
{
    const struct o2c__slots *slots = &pool->index->bank_keys;
    struct o2c__forms forms;
    lookup->len = 0;
    lookup->value = O2C__NONE;
    if (number.len == 0 || number.len > O2C__REFERENCE_BYTES)
        return;
    if (!is_squeezed(number)) {
        o2c__forms_plain(number, &forms);
        number = (o2c_str){ forms.full, forms.full_len };
    }
    memcpy(lookup->key, number.ptr, number.len);
    lookup->len = (uint32_t)number.len;
    lookup->hash = o2c__hash(pool->context.key, lookup->key, lookup->len);
    o2c__slots_ask(slots, lookup->hash);
}

void
o2c__bank_reach(const o2c_match_pool *pool, struct o2c__bank_lookup *lookup)
{
    const struct o2c__slots *slots = &pool->index->bank_keys;
    if (lookup->len == 0)
        return;
    uint32_t at = o2c__slots_at(slots, lookup->hash);
    lookup->value = o2c__index_next(slots, o2c__slots_tag(lookup->hash), &at);
    if (lookup->value != O2C__MAP_NONE)
        o2c__ask(&O2C__AT(&pool->index->banks, struct o2c__bank, lookup->value));
}

void
o2c__bank_near(const o2c_match_pool *pool, const struct o2c__bank_lookup *lookup)
{
    if (lookup->value == O2C__NONE)
        return;
    const struct o2c__bank *bank = &O2C__AT(&pool->index->banks, struct o2c__bank, lookup->value);
    o2c__ask((const char *)pool->heap.bytes.rows + bank->number.at);
    o2c__ask(&O2C__AT(&pool->index->bank_rows, struct o2c__bank_row, bank->first));
}

const struct o2c__bank *
o2c__bank_end(const o2c_match_pool *pool, const struct o2c__bank_lookup *lookup)
{
    const struct o2c__slots *slots = &pool->index->bank_keys;
    if (lookup->len == 0)
        return NULL;
    uint32_t at = o2c__slots_at(slots, lookup->hash), value;
    while ((value = o2c__index_next(slots, o2c__slots_tag(lookup->hash), &at)) != O2C__MAP_NONE) {
        const struct o2c__bank *bank = &O2C__AT(&pool->index->banks, struct o2c__bank, value);
        if (o2c__str_equal(o2c__pool_str(pool, bank->number), (o2c_str){ lookup->key, lookup->len }))
            return bank;
    }
    return NULL;
}

const struct o2c__bank *
o2c__index_bank(const o2c_match_pool *pool, o2c_str number)
{
    struct o2c__bank_lookup lookup;
    o2c__bank_start(pool, number, &lookup);
    return o2c__bank_end(pool, &lookup);
}

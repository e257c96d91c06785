/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts with their names and item accounts, and whom each may pay for. */
#include "match/pool.h"

#define BELOW_MAX 4096u /* accounts that one parent pays for; farther ones are left out */

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
}

static o2c_str
side(const o2c_match_pool *pool, o2c_ref ref)
{
    return o2c__ref_str(ref, o2c__text_heap_str(&pool->rows->side));
}

/* A later row of one key wins; the rows before it are let go. */
static void
keep_last_put(o2c_match_pool *pool, struct o2c__freezer *freezer)
{
    o2c__vector *put = &pool->rows->accounts_put;
    uint32_t *last = freezer->numbers;
    size_t kept = 0;
    memset(last, 0xFF, freezer->accounts_interned * sizeof *last);
    for (size_t i = 0; i < put->count; i++)
        last[o2c__interned(pool, &pool->rows->accounts, side(pool, O2C__AT(put, o2c_account, i).key))] = (uint32_t)i;
    for (size_t i = 0; i < put->count; i++) {
        o2c_account row = O2C__AT(put, o2c_account, i);
        if (last[o2c__interned(pool, &pool->rows->accounts, side(pool, row.key))] == i)
            O2C__AT(put, o2c_account, kept++) = row;
    }
    put->count = kept;
}

/* As they stood when the pool was frozen the last time: the strings are where they were. */
static void
name_again(o2c_match_pool *pool)
{
    for (uint32_t i = 0; i < pool->accounts_count; i++) {
        const struct o2c__account *from = &pool->rows->kept_names[i];
        pool->accounts[i] = (struct o2c__account){ .key = from->key, .name = from->name, .host_ref = from->host_ref, .flags = from->flags,
                                                   .tier = from->tier };
    }
}

static o2c_status
name_accounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    if (freezer->patch) {
        name_again(pool);
        return O2C_OK;
    }
    for (uint32_t i = 0; i < pool->accounts_count; i++) {
        o2c_str key = o2c__interned_str(pool, &pool->rows->accounts, freezer->account_order[i]);
        if (!o2c__text_heap_add(&pool->heap, key.ptr, key.len, &pool->accounts[i].key))
            return no_memory(err);
    }
    for (size_t i = 0; i < pool->rows->accounts_put.count; i++) {
        const o2c_account *row = &O2C__AT(&pool->rows->accounts_put, o2c_account, i);
        uint32_t account = freezer->account_of[o2c__interned(pool, &pool->rows->accounts, side(pool, row->key))];
        struct o2c__account *to = &pool->accounts[account];
        o2c_str name = side(pool, row->name);
        to->host_ref = row->host_ref;
        to->flags = row->flags;
        to->tier = row->tier;
        if (!o2c__text_heap_add(&pool->heap, name.ptr, name.len, &to->name))
            return no_memory(err);
    }
    return O2C_OK;
}

/* True when the open item begins another item account than the one before it. Asked before item accounts are filled in. */
static bool
begins(const o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t item)
{
    return item == 0 || pool->item_account[item] != pool->item_account[item - 1] || freezer->scratch[item] != freezer->scratch[item - 1];
}

static void
fill_item_accounts(o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    struct o2c__item_account *at = pool->item_accounts - 1;
    uint32_t before = O2C__NONE;
    for (uint32_t item = 0; item < pool->open_count; item++) {
        uint32_t account = pool->item_account[item], combo = freezer->scratch[item];
        if (account != before || combo != freezer->scratch[item - 1]) {
            *++at = (struct o2c__item_account){ .account = account, .company = freezer->combo_company[combo], .first = item };
            memcpy(at->currency, o2c__interned_str(pool, &pool->rows->combos, combo).ptr, 4);
            if (pool->accounts[account].item_accounts_count++ == 0)
                pool->accounts[account].item_accounts_at = (uint32_t)(at - pool->item_accounts);
        }
        before = account;
        at->count++;
        at->sum += pool->open[item];
        pool->item_account[item] = (uint32_t)(at - pool->item_accounts);
    }
}

/* What every payment would else find out by a walk over the items. */
static void
mark_item_accounts(o2c_match_pool *pool)
{
    for (uint32_t i = 0; i < pool->item_accounts_count; i++) {
        struct o2c__item_account *home = &pool->item_accounts[i];
        home->least = INT64_MAX;
        home->most = INT64_MIN;
        home->gap = INT64_MAX; /* freeze_classes.c knows it */
        for (uint32_t item = home->first; item < home->first + home->count; item++) {
            home->least = pool->open[item] < home->least ? pool->open[item] : home->least;
            home->most = pool->open[item] > home->most ? pool->open[item] : home->most;
            home->marks |= pool->kind[item] == O2C_ITEM_DEPOSIT_REQUEST ? O2C__HOME_DEPOSITS : 0;
            home->marks |= pool->discount[item] ? O2C__HOME_DISCOUNTS : 0;
        }
        home->marks |= home->least < 0 ? O2C__HOME_CREDITS : 0;
    }
}

/* All sums of open amounts stay inside 64 bits, whatever items they take. */
static bool
sums_fit(const o2c_match_pool *pool)
{
    int64_t sum = 0;
    for (uint32_t item = 0; item < pool->open_count; item++) {
        if (!o2c__add(sum, pool->open[item] < 0 ? -pool->open[item] : pool->open[item], &sum))
            return false;
    }
    return true;
}

static o2c_status
build_item_accounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    uint32_t n = 0;
    for (uint32_t item = 0; item < pool->open_count; item++)
        n += begins(pool, freezer, item);
    if (!sums_fit(pool))
        return o2c__fail(err, O2C_E_LIMIT, "open_item.open_minor", "the items of this pool together pass 63 bits");
    if (n == 0)
        return O2C_OK;
    pool->item_accounts = o2c__alloc_array(&pool->context.memory, n, sizeof *pool->item_accounts);
    if (!pool->item_accounts)
        return no_memory(err);
    pool->item_accounts_count = n;
    fill_item_accounts(pool, freezer);
    mark_item_accounts(pool);
    return O2C_OK;
}

o2c_status
o2c__freeze_accounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    if (!freezer->patch)
        keep_last_put(pool, freezer);
    if (pool->accounts_count == 0)
        return O2C_OK;
    pool->accounts = o2c__alloc_zero(&pool->context.memory, pool->accounts_count, sizeof *pool->accounts);
    if (!pool->accounts)
        return no_memory(err);
    o2c_status status = name_accounts(pool, freezer, err);
    return status ? status : build_item_accounts(pool, freezer, err);
}

/* ---- relatives */
struct tie {
    uint32_t from, to;
    int32_t valid_from, valid_to, kind;
};
struct ties {
    o2c__vector rows;    /* of struct tie, by (from, to, kind) */
    o2c__vector found;   /* of struct o2c__relative: of one account */
    o2c__vector answers; /* of struct o2c__relative: of all */
};

static uint32_t
tie_account(const o2c_match_pool *pool, const struct o2c__freezer *freezer, o2c_ref key)
{
    uint32_t number = o2c__interned(pool, &pool->rows->accounts, side(pool, key));
    return number == O2C__NONE ? O2C__NONE : freezer->account_of[number];
}

static o2c_status
read_ties(o2c_match_pool *pool, const struct o2c__freezer *freezer, o2c__vector *out, o2c_error *err)
{
    for (size_t i = 0; i < pool->rows->ties.count; i++) {
        const o2c_tie *row = &O2C__AT(&pool->rows->ties, o2c_tie, i);
        uint32_t payer = tie_account(pool, freezer, row->payer), owner = tie_account(pool, freezer, row->owner);
        if (payer == O2C__NONE || owner == O2C__NONE)
            return o2c__fail_row(err, O2C_E_MATCH_KEY, payer == O2C__NONE ? "tie.payer" : "tie.owner", i, "the pool has no such account");
        struct tie *to = o2c__vector_add_many(out, row->kind == O2C_TIE_RECIPROCAL ? 2 : 1);
        if (!to)
            return no_memory(err);
        to[0] = (struct tie){ payer, owner, row->valid_from, row->valid_to, row->kind };
        if (row->kind == O2C_TIE_RECIPROCAL)
            to[1] = (struct tie){ owner, payer, row->valid_from, row->valid_to, row->kind };
    }
    return O2C_OK;
}

static int
compare_ties(const void *self, uint32_t a, uint32_t b)
{
    const struct tie *x = (const struct tie *)self + a, *y = (const struct tie *)self + b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static o2c_status
sort_ties(o2c_match_pool *pool, o2c__vector *rows, o2c_error *err)
{
    o2c__memory *memory = &pool->context.memory;
    size_t n = rows->count;
    uint32_t *order = o2c__alloc_array(memory, n, 2 * sizeof *order);
    struct tie *sorted = o2c__alloc_array(memory, n, sizeof *sorted);
    o2c_status status = order && sorted ? O2C_OK : no_memory(err);
    if (!status) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        o2c__sort(order, order + n, n, compare_ties, rows->rows);
        for (size_t i = 0; i < n; i++)
            sorted[i] = O2C__AT(rows, struct tie, order[i]);
        memcpy(rows->rows, sorted, n * sizeof *sorted);
    }
    o2c__release(memory, order, n * 2 * sizeof *order);
    o2c__release(memory, sorted, n * sizeof *sorted);
    return status;
}

static size_t
first_tie(const o2c__vector *rows, uint32_t from)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (O2C__AT(rows, struct tie, middle).from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
is_found(const o2c__vector *found, uint32_t account)
{
    for (size_t i = 0; i < found->count; i++) {
        if (O2C__AT(found, struct o2c__relative, i).account == account)
            return true;
    }
    return false;
}

/* Both days must hold along a way down: the narrower of the two. */
static struct o2c__relative
narrowed(const struct tie *tie, const struct o2c__relative *above)
{
    struct o2c__relative out = { tie->to, tie->valid_from, tie->valid_to, tie->kind };
    if (above && above->valid_from > out.valid_from)
        out.valid_from = above->valid_from;
    if (above && above->valid_to && (!out.valid_to || above->valid_to < out.valid_to))
        out.valid_to = above->valid_to;
    return out;
}

/* Relatives reached from one account; above = the way so far when it leads down a house. */
static bool
step(struct ties *ties, uint32_t self, uint32_t from, const struct o2c__relative *above)
{
    struct o2c__relative way = above ? *above : (struct o2c__relative){ 0 };
    for (size_t i = first_tie(&ties->rows, from); i < ties->rows.count; i++) {
        const struct tie *tie = &O2C__AT(&ties->rows, struct tie, i);
        if (tie->from != from)
            return true;
        bool wanted = tie->to != self && (!above || tie->kind == O2C_TIE_PAY_BELOW) && !is_found(&ties->found, tie->to);
        if (!wanted || ties->found.count >= BELOW_MAX)
            continue;
        struct o2c__relative *to = o2c__vector_add_many(&ties->found, 1);
        if (!to)
            return false;
        *to = narrowed(tie, above ? &way : NULL);
    }
    return true;
}

/* Breadth first: the direct ties, then down from every child that PAY_BELOW reached. */
static bool
relatives_of(o2c_match_pool *pool, struct ties *ties, uint32_t account)
{
    ties->found.count = 0;
    if (!step(ties, account, account, NULL))
        return false;
    for (size_t i = 0; i < ties->found.count; i++) {
        struct o2c__relative way = O2C__AT(&ties->found, struct o2c__relative, i);
        if (way.kind == O2C_TIE_PAY_BELOW && !step(ties, account, way.account, &way))
            return false;
    }
    pool->accounts[account].relatives_at = (uint32_t)ties->answers.count;
    pool->accounts[account].relatives_count = (uint32_t)ties->found.count;
    if (ties->found.count == 0)
        return true;
    struct o2c__relative *to = o2c__vector_add_many(&ties->answers, ties->found.count);
    if (to)
        memcpy(to, ties->found.rows, ties->found.count * sizeof *to);
    return to != NULL;
}

static o2c_status
build_relatives(o2c_match_pool *pool, struct ties *ties, o2c_error *err)
{
    for (size_t i = 0; i < ties->rows.count; i++) {
        uint32_t from = O2C__AT(&ties->rows, struct tie, i).from;
        bool again = i > 0 && O2C__AT(&ties->rows, struct tie, i - 1).from == from;
        if (!again && !relatives_of(pool, ties, from))
            return no_memory(err);
    }
    uint32_t n = (uint32_t)ties->answers.count;
    if (n == 0)
        return O2C_OK;
    pool->relatives = o2c__alloc_array(&pool->context.memory, n, sizeof *pool->relatives);
    if (!pool->relatives)
        return no_memory(err);
    memcpy(pool->relatives, ties->answers.rows, n * sizeof *pool->relatives);
    pool->rows->relatives_count = n;
    return O2C_OK;
}

o2c_status
o2c__freeze_relatives(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    struct ties ties;
    if (pool->rows->ties.count == 0)
        return O2C_OK;
    o2c__vector_init(&ties.rows, &pool->context.memory, sizeof(struct tie));
    o2c__vector_init(&ties.found, &pool->context.memory, sizeof(struct o2c__relative));
    o2c__vector_init(&ties.answers, &pool->context.memory, sizeof(struct o2c__relative));
    o2c_status status = read_ties(pool, freezer, &ties.rows, err);
    if (!status)
        status = sort_ties(pool, &ties.rows, err);
    if (!status)
        status = build_relatives(pool, &ties, err);
    o2c__vector_free(&ties.rows);
    o2c__vector_free(&ties.found);
    o2c__vector_free(&ties.answers);
    return status;
}

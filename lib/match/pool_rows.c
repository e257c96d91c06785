/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a thawed pool: interned strings, the table of item keys, and the way back when a put fails. */
#include "match/index.h"
#include "match/pool.h"

static o2c_str
side_str(const o2c_match_pool *pool, o2c_ref ref)
{
    return o2c__ref_str(ref, o2c__text_heap_str(&pool->rows->side));
}

o2c_str
o2c__interned_str(const o2c_match_pool *pool, const struct o2c__interner *interner, uint32_t number)
{
    return side_str(pool, O2C__AT(&interner->refs, o2c_ref, number));
}

o2c_str
o2c__item_strings(const o2c_match_pool *pool)
{
    return o2c__text_heap_str(pool->rows->strings_moved ? &pool->heap : &pool->rows->heap);
}

void
o2c__strings_swap(o2c_match_pool *pool)
{
    o2c__text_heap hold = pool->rows->heap;
    pool->rows->heap = pool->heap;
    pool->heap = hold;
}

static uint32_t
find_interned(const o2c_match_pool *pool, const struct o2c__interner *interner, o2c_str text, uint64_t hash)
{
    const struct o2c__slots *slots = &interner->slots;
    if (slots->room == 0)
        return O2C__NONE;
    uint32_t tag = o2c__slots_tag(hash), at = o2c__slots_find(slots, o2c__slots_at(slots, hash), tag);
    while (slots->rows[at].value != O2C__MAP_NONE) {
        if (o2c__str_equal(text, o2c__interned_str(pool, interner, slots->rows[at].value)))
            return slots->rows[at].value;
        at = o2c__slots_find(slots, o2c__slots_next(slots, at), tag);
    }
    return O2C__NONE;
}

uint32_t
o2c__interned(const o2c_match_pool *pool, const struct o2c__interner *interner, o2c_str text)
{
    return find_interned(pool, interner, text, o2c__hash(pool->context.key, text.ptr, text.len));
}

static bool
grow_interner(o2c_match_pool *pool, struct o2c__interner *interner)
{
    struct o2c__slots wider;
    if (interner->slots.room != 0 && (interner->slots.count + 1) * 3ull <= interner->slots.room * 2ull)
        return true;
    if (!o2c__slots_new(&wider, &pool->context.memory, interner->slots.count * 2ull + 16))
        return false;
    for (uint32_t i = 0; i < interner->refs.count; i++) {
        o2c_str text = o2c__interned_str(pool, interner, i);
        o2c__slots_add(&wider, o2c__hash(pool->context.key, text.ptr, text.len), i);
    }
    o2c__slots_free(&interner->slots, &pool->context.memory);
    interner->slots = wider;
    return true;
}

bool
o2c__intern(o2c_match_pool *pool, struct o2c__interner *interner, o2c_str text, uint32_t *out)
{
    o2c_ref ref;
    *out = interner->last;
    if (interner->last < interner->refs.count && o2c__str_equal(text, o2c__interned_str(pool, interner, interner->last)))
        return true;
    uint64_t hash = o2c__hash(pool->context.key, text.ptr, text.len);
    *out = find_interned(pool, interner, text, hash);
    interner->last = *out;
    if (*out != O2C__NONE)
        return true;
    if (interner->refs.count >= O2C__NONE - 1 || !grow_interner(pool, interner) || !o2c__vector_reserve(&interner->refs, 1) ||
        !o2c__text_heap_add(&pool->rows->side, text.ptr, text.len, &ref))
        return false;
    *out = (uint32_t)interner->refs.count;
    *(o2c_ref *)o2c__vector_add(&interner->refs) = ref;
    o2c__slots_add(&interner->slots, hash, *out);
    return true;
}

/* ---- the table of item keys */
static o2c_str
row_key(const o2c_match_pool *pool, uint32_t row)
{
    bool column = row < pool->rows->base;
    return o2c__ref_str(column ? pool->rows->base_echo[row].key : o2c__pool_item_row(pool, row)->key, o2c__item_strings(pool));
}

#define KEY_FORGOTTEN (O2C__MAP_NONE - 1) /* value of a slot whose row is gone: searches pass over it */

/* Slot of the key, or the empty slot where it would go. */
static uint32_t
key_slot(const o2c_match_pool *pool, o2c_str key, uint64_t hash)
{
    const struct o2c__slots *slots = &pool->rows->keys;
    uint32_t tag = o2c__slots_tag(hash), at = o2c__slots_find(slots, o2c__slots_at(slots, hash), tag);
    while (slots->rows[at].value != O2C__MAP_NONE &&
           (slots->rows[at].value == KEY_FORGOTTEN || !o2c__str_equal(key, row_key(pool, slots->rows[at].value))))
        at = o2c__slots_find(slots, o2c__slots_next(slots, at), tag);
    return at;
}

uint32_t
o2c__pool_row(const o2c_match_pool *pool, o2c_str key)
{
    if (pool->rows->keys.room == 0)
        return O2C__NONE;
    return pool->rows->keys.rows[key_slot(pool, key, o2c__hash(pool->context.key, key.ptr, key.len))].value;
}

uint64_t
o2c__pool_key_ask(const o2c_match_pool *pool, o2c_str key)
{
    const struct o2c__slots *slots = &pool->rows->keys;
    uint64_t hash = o2c__hash(pool->context.key, key.ptr, key.len);
    o2c__ask_to_write(&slots->rows[o2c__slots_at(slots, hash)]);
    return hash;
}

bool
o2c__pool_key_take(o2c_match_pool *pool, o2c_str key, uint64_t hash, uint32_t row, uint32_t first, uint32_t *out_old)
{
    struct o2c__slots *slots = &pool->rows->keys;
    struct o2c__slot *slot = &slots->rows[key_slot(pool, key, hash)];
    *out_old = slot->value;
    if (*out_old != O2C__MAP_NONE && *out_old >= first)
        return false;
    slots->count += slot->value == O2C__MAP_NONE;
    *slot = (struct o2c__slot){ o2c__slots_tag(hash), row };
    return true;
}

void
o2c__pool_keys_set(o2c_match_pool *pool, uint32_t row)
{
    struct o2c__slots *slots = &pool->rows->keys;
    o2c_str key = row_key(pool, row);
    uint64_t hash = o2c__hash(pool->context.key, key.ptr, key.len);
    uint32_t at = key_slot(pool, key, hash);
    slots->count += slots->rows[at].value == O2C__MAP_NONE;
    slots->rows[at] = (struct o2c__slot){ o2c__slots_tag(hash), row };
}

void
o2c__pool_keys_move(o2c_match_pool *pool, const uint32_t *column)
{
    struct o2c__slots *slots = &pool->rows->keys;
    for (uint32_t i = 0; i < slots->room; i++) {
        uint32_t value = slots->rows[i].value, stays = 0u - (uint32_t)(value >= KEY_FORGOTTEN);
        uint32_t to = column[value & ~stays]; /* masks and no branch: half of the slots are empty, and nothing foretells which */
        to -= to == O2C__NONE;                /* no column: forgotten */
        slots->rows[i].value = (value & stays) | (to & ~stays);
    }
}

bool
o2c__pool_keys_reserve(o2c_match_pool *pool, uint64_t more)
{
    struct o2c__pool_rows *rows = pool->rows;
    struct o2c__slots old = rows->keys;
    uint32_t count = o2c__pool_rows_count(pool);
    uint64_t need = (uint64_t)(count > old.count ? count : old.count) + more;
    if (old.room != 0 && need + need / 2 + 8 <= old.room)
        return true;
    uint64_t generous = old.room ? need + need / 2 : need > rows->items_hint ? need : rows->items_hint;
    if (!o2c__slots_new(&rows->keys, &pool->context.memory, generous))
        return false;
    for (uint32_t i = 0; i < count; i++)
        o2c__pool_keys_set(pool, i);
    o2c__slots_free(&old, &pool->context.memory);
    return true;
}

/* ---- marks */
struct o2c__pool_mark
o2c__pool_mark(const o2c_match_pool *pool)
{
    const struct o2c__pool_rows *rows = pool->rows;
    return (struct o2c__pool_mark){ .items = o2c__pool_rows_count(pool),
                                    .heap = rows->heap.bytes.count,
                                    .references = rows->references.count,
                                    .accounts_put = rows->accounts_put.count,
                                    .aliases = rows->aliases.count,
                                    .bank_accounts = rows->bank_accounts.count,
                                    .ties = rows->ties.count,
                                    .expected = rows->expected.count,
                                    .live = rows->live };
}

/* Strings that were interned meanwhile stay: a number that no row uses means nothing. */
void
o2c__pool_back(o2c_match_pool *pool, const struct o2c__pool_mark *mark)
{
    struct o2c__pool_rows *rows = pool->rows;
    bool items = o2c__pool_rows_count(pool) != mark->items;
    for (uint32_t i = o2c__pool_rows_count(pool); i > mark->items; i--) {
        uint32_t replaces = o2c__pool_item_row(pool, i - 1)->replaces;
        if (replaces != O2C__NONE)
            o2c__pool_row_bury(pool, replaces, false);
    }
    rows->items.count = mark->items - rows->base;
    rows->live = mark->live;
    if (items) {
        memset(rows->keys.rows, 0xFF, rows->keys.room * sizeof *rows->keys.rows);
        rows->keys.count = 0;
        for (uint32_t i = 0; i < mark->items; i++)
            o2c__pool_keys_set(pool, i);
    }
    rows->heap.bytes.count = mark->heap;
    rows->references.count = mark->references;
    rows->accounts_put.count = mark->accounts_put;
    rows->aliases.count = mark->aliases;
    rows->bank_accounts.count = mark->bank_accounts;
    rows->ties.count = mark->ties;
    rows->expected.count = mark->expected;
}

/* ---- release */
void
o2c__pool_items_free(o2c_match_pool *pool)
{
    o2c__pool_base_free(pool);
    o2c__vector_free(&pool->rows->items);
    o2c__slots_free(&pool->rows->keys, &pool->context.memory);
    o2c__text_heap_free(&pool->rows->heap);
    pool->rows->live = 0;
}

static void
interner_free(o2c_match_pool *pool, struct o2c__interner *interner)
{
    o2c__slots_free(&interner->slots, &pool->context.memory);
    o2c__vector_free(&interner->refs);
}

void
o2c__pool_rows_free(o2c_match_pool *pool, struct o2c__pool_rows *rows)
{
    if (!rows)
        return;
    o2c__index_drop_kept(pool);
    o2c__pool_items_free(pool);
    interner_free(pool, &rows->accounts);
    interner_free(pool, &rows->combos);
    interner_free(pool, &rows->discounts);
    interner_free(pool, &rows->groups);
    o2c__vector_free(&rows->references);
    o2c__vector_free(&rows->reference_columns);
    o2c__vector_free(&rows->accounts_put);
    o2c__vector_free(&rows->aliases);
    o2c__vector_free(&rows->bank_accounts);
    o2c__vector_free(&rows->ties);
    o2c__vector_free(&rows->expected);
    o2c__text_heap_free(&rows->side);
    o2c__release(&pool->context.memory, rows, sizeof *rows);
}

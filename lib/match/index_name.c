/* SPDX-License-Identifier: Apache-2.0 */
/* Names of accounts: by folded key in both variants, and by their words for names that are only similar. */
#include "match/index.h"
#include "match/pool.h"

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, "", "no memory for names");
}

/* Both keys of one name; the second only where umlauts make it another. */
static bool
add_name(o2c_match_pool *pool, o2c_str text, uint32_t account, int32_t kind, uint64_t row)
{
    o2c__memory *memory = &pool->context.memory;
    size_t room = 3 * text.len + 1, first = 0;
    char *folded = o2c__alloc_array(memory, room, 2);
    bool whole = folded != NULL;
    for (int32_t variant = 0; whole && variant < 2; variant++) {
        char *to = folded + (variant ? room : 0);
        size_t len = o2c__fold_name(text.ptr, text.len, variant, to);
        bool again = variant && len == first && memcmp(folded, to, len) == 0;
        first = len;
        if (len == 0 || again)
            continue;
        struct o2c__name *name = o2c__vector_add(&pool->index->names);
        whole = name && o2c__text_heap_add(&pool->heap, to, len, &name->folded);
        if (whole) {
            name->account = account;
            name->kind = kind;
            name->row = row;
        }
    }
    o2c__release(memory, folded, room * 2);
    return whole;
}

static o2c_status
add_names(o2c_match_pool *pool, o2c_error *err)
{
    o2c_str side = o2c__text_heap_str(&pool->rows->side);
    for (uint32_t i = 0; i < pool->rows->accounts_put.count; i++) {
        const o2c_account *row = &O2C__AT(&pool->rows->accounts_put, o2c_account, i);
        uint32_t account = o2c__index_account(pool, o2c__ref_str(row->key, side));
        if (row->name.len && !add_name(pool, o2c__ref_str(row->name, side), account, 0, 0))
            return no_memory(err);
    }
    for (uint32_t i = 0; i < pool->rows->aliases.count; i++) {
        const o2c_alias *row = &O2C__AT(&pool->rows->aliases, o2c_alias, i);
        uint32_t account = o2c__index_account(pool, o2c__ref_str(row->account, side));
        if (row->kind != O2C_ALIAS_CUSTOMER_NUMBER && !add_name(pool, o2c__ref_str(row->text, side), account, row->kind, row->row))
            return no_memory(err);
    }
    return O2C_OK;
}

static int
compare_names(const void *self, uint32_t a, uint32_t b)
{
    const o2c_match_pool *pool = self;
    const struct o2c__name *x = &O2C__AT(&pool->index->names, struct o2c__name, a), *y = &O2C__AT(&pool->index->names, struct o2c__name, b);
    int order = o2c__str_compare(o2c__pool_str(pool, x->folded), o2c__pool_str(pool, y->folded));
    if (order)
        return order;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Numbers 0 … n − 1 sorted, with as much scratch behind them; NULL = no memory. */
static uint32_t *
sorted(o2c_match_pool *pool, size_t n, int (*by)(const void *self, uint32_t a, uint32_t b), const void *self)
{
    uint32_t *order = o2c__alloc_array(&pool->context.memory, n + 1, 2 * sizeof *order);
    for (uint32_t i = 0; order && i < n; i++)
        order[i] = i;
    if (order)
        o2c__sort(order, order + n, n, by, self);
    return order;
}

static void
sorted_free(o2c_match_pool *pool, uint32_t *order, size_t n)
{
    o2c__release(&pool->context.memory, order, (n + 1) * 2 * sizeof *order);
}

static bool
sort_names(o2c_match_pool *pool)
{
    o2c__vector *names = &pool->index->names, ordered;
    size_t n = names->count;
    uint32_t *order = sorted(pool, n, compare_names, pool);
    o2c__vector_init(&ordered, &pool->context.memory, sizeof(struct o2c__name));
    bool whole = order && o2c__vector_reserve(&ordered, n);
    for (size_t i = 0; whole && i < n; i++)
        *(struct o2c__name *)o2c__vector_add_many(&ordered, 1) = O2C__AT(names, struct o2c__name, order[i]);
    sorted_free(pool, order, n);
    if (!whole) {
        o2c__vector_free(&ordered);
        return false;
    }
    o2c__vector_free(names);
    *names = ordered;
    return true;
}

static o2c_str
folded_at(const o2c_match_pool *pool, uint32_t name)
{
    return o2c__pool_str(pool, O2C__AT(&pool->index->names, struct o2c__name, name).folded);
}

static bool
key_names(o2c_match_pool *pool)
{
    size_t n = pool->index->names.count;
    if (!o2c__slots_new(&pool->index->name_keys, &pool->context.memory, n))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        o2c_str folded = folded_at(pool, i);
        if (i == 0 || !o2c__str_equal(folded, folded_at(pool, i - 1)))
            o2c__slots_add(&pool->index->name_keys, o2c__hash(pool->context.key, folded.ptr, folded.len), i);
    }
    return true;
}

/* ---- words */
struct word {
    o2c_ref text;
    uint32_t name;
};
struct words {
    const o2c_match_pool *pool;
    const struct word *rows;
};

static int
compare_words(const void *self, uint32_t a, uint32_t b)
{
    const struct words *in = self;
    int order = o2c__str_compare(o2c__pool_str(in->pool, in->rows[a].text), o2c__pool_str(in->pool, in->rows[b].text));
    return order ? order : in->rows[a].name < in->rows[b].name ? -1 : in->rows[a].name > in->rows[b].name;
}

static bool
split_words(o2c_match_pool *pool, o2c__vector *out)
{
    for (uint32_t i = 0; i < pool->index->names.count; i++) {
        o2c_ref folded = O2C__AT(&pool->index->names, struct o2c__name, i).folded;
        o2c_str text = o2c__pool_str(pool, folded);
        for (uint32_t at = 0, end; at < text.len; at = end + 1) {
            for (end = at; end < text.len && text.ptr[end] != ' '; end++)
                ;
            struct word *to = end > at ? o2c__vector_add_many(out, 1) : NULL;
            if (end > at && !to)
                return false;
            if (to)
                *to = (struct word){ { folded.at + at, end - at }, i };
        }
    }
    return true;
}

static bool
fill_words(o2c_match_pool *pool, const struct word *rows, const uint32_t *order, size_t n)
{
    struct o2c__index *index = pool->index;
    if (!o2c__vector_reserve(&index->word_names, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct word *row = &rows[order[i]];
        bool again = i > 0 && o2c__str_equal(o2c__pool_str(pool, rows[order[i - 1]].text), o2c__pool_str(pool, row->text));
        struct o2c__word *to = again ? &O2C__AT(&index->words, struct o2c__word, index->words.count - 1) : o2c__vector_add(&index->words);
        if (!to)
            return false;
        if (!again)
            *to = (struct o2c__word){ row->text, (uint32_t)i, 0 };
        to->count++;
        *(uint32_t *)o2c__vector_add_many(&index->word_names, 1) = row->name;
    }
    return true;
}

static bool
build_words(o2c_match_pool *pool)
{
    o2c__vector rows;
    o2c__vector_init(&rows, &pool->context.memory, sizeof(struct word));
    bool whole = split_words(pool, &rows);
    if (whole) {
        uint32_t *order = sorted(pool, rows.count, compare_words, &(struct words){ pool, rows.rows });
        whole = order && fill_words(pool, rows.rows, order, rows.count);
        sorted_free(pool, order, rows.count);
    }
    o2c__vector_free(&rows);
    return whole;
}

o2c_status
o2c__index_names(o2c_match_pool *pool, o2c_error *err)
{
    o2c_status status = add_names(pool, err);
    if (!status && (!sort_names(pool) || !key_names(pool) || !build_words(pool) || !o2c__index_grams(pool)))
        status = no_memory(err);
    return status;
}

uint32_t
o2c__index_name(const o2c_match_pool *pool, o2c_str folded, uint32_t *out_count)
{
    const struct o2c__slots *slots = &pool->index->name_keys;
    uint64_t hash = o2c__hash(pool->context.key, folded.ptr, folded.len);
    uint32_t at = o2c__slots_at(slots, hash), value, n = (uint32_t)pool->index->names.count;
    *out_count = 0;
    while ((value = o2c__index_next(slots, o2c__slots_tag(hash), &at)) != O2C__MAP_NONE) {
        if (!o2c__str_equal(folded, folded_at(pool, value)))
            continue;
        while (value + *out_count < n && *out_count <= O2C__DISTINCTIVE && o2c__str_equal(folded, folded_at(pool, value + *out_count)))
            (*out_count)++;
        return value;
    }
    return O2C__NONE;
}

const struct o2c__word *
o2c__index_word(const o2c_match_pool *pool, o2c_str word)
{
    const o2c__vector *words = &pool->index->words;
    size_t low = 0, high = words->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct o2c__word *row = &O2C__AT(words, struct o2c__word, middle);
        int order = o2c__str_compare(o2c__pool_str(pool, row->text), word);
        if (order == 0)
            return row;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

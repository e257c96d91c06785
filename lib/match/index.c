/* SPDX-License-Identifier: Apache-2.0 */
/* The indexes of a frozen pool: made empty, counted, freed. */
#include "match/index.h"
#include "match/pool.h"

o2c_status
o2c__index_new(o2c_match_pool *pool, o2c_error *err)
{
    o2c__memory *memory = &pool->context.memory;
    struct o2c__index *index = o2c__alloc_zero(memory, 1, sizeof *index);
    if (!index)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for the indexes");
    pool->index = index;
    o2c__vector_init(&index->cited, memory, sizeof(struct o2c__cited));
    o2c__vector_init(&index->crowds, memory, sizeof(struct o2c__crowd));
    o2c__vector_init(&index->numbers, memory, sizeof(struct o2c__number));
    o2c__vector_init(&index->banks, memory, sizeof(struct o2c__bank));
    o2c__vector_init(&index->bank_rows, memory, sizeof(struct o2c__bank_row));
    o2c__vector_init(&index->names, memory, sizeof(struct o2c__name));
    o2c__vector_init(&index->words, memory, sizeof(struct o2c__word));
    o2c__vector_init(&index->word_names, memory, sizeof(uint32_t));
    o2c__vector_init(&index->grams, memory, sizeof(struct o2c__gram));
    o2c__vector_init(&index->gram_names, memory, sizeof(uint32_t));
    for (uint32_t item = 0; item < pool->count; item++)
        index->document_bytes += pool->echo[item].document.len;
    return O2C_OK;
}

void
o2c__index_free(o2c_match_pool *pool)
{
    o2c__memory *memory = &pool->context.memory;
    struct o2c__index *index = pool->index;
    if (!index)
        return;
    o2c__slots_free(&index->references, memory);
    o2c__slots_free(&index->number_keys, memory);
    o2c__slots_free(&index->bank_keys, memory);
    o2c__slots_free(&index->name_keys, memory);
    o2c__vector_free(&index->cited);
    o2c__vector_free(&index->crowds);
    o2c__vector_free(&index->numbers);
    o2c__vector_free(&index->banks);
    o2c__vector_free(&index->bank_rows);
    o2c__vector_free(&index->names);
    o2c__vector_free(&index->words);
    o2c__vector_free(&index->word_names);
    o2c__vector_free(&index->grams);
    o2c__vector_free(&index->gram_names);
    o2c__release(memory, index->amounts, pool->open_count * sizeof *index->amounts);
    o2c__release(memory, index, sizeof *index);
    pool->index = NULL;
}

static uint64_t
vector_bytes(const o2c__vector *vector)
{
    return (uint64_t)vector->room * vector->size;
}

static uint64_t
column_bytes(const o2c_match_pool *pool)
{
    uint64_t row = sizeof *pool->open + sizeof *pool->original + sizeof *pool->due + sizeof *pool->document_day +
                   sizeof *pool->item_account + sizeof *pool->kind + sizeof *pool->flags + sizeof *pool->discount +
                   sizeof *pool->interchange + sizeof(o2c_ref);
    uint64_t closed = pool->count - pool->open_count;
    uint64_t earmarks = pool->earmarks_count * 12ull + (pool->earmark_bits ? o2c__bit_words(pool->count) * 8 : 0);
    return pool->count * row + closed * (sizeof *pool->closed_day + sizeof(uint32_t)) +
           pool->rows->discounts_frozen * sizeof *pool->discounts + earmarks +
           pool->groups_count * sizeof *pool->groups + vector_bytes(&pool->expected) + vector_bytes(&pool->expected_items) +
           pool->item_accounts_count * sizeof *pool->item_accounts + pool->accounts_count * sizeof *pool->accounts +
           pool->rows->relatives_count * sizeof *pool->relatives + pool->companies_count * sizeof *pool->companies;
}

/* Everything a decision reads: columns, indexes, and the document numbers that a hit is verified against. */
uint64_t
o2c__index_matched_bytes(const o2c_match_pool *pool)
{
    const struct o2c__index *index = pool->index;
    uint64_t slots = (uint64_t)index->references.room + index->number_keys.room + index->bank_keys.room + index->name_keys.room;
    return column_bytes(pool) + slots * sizeof(struct o2c__slot) + vector_bytes(&index->cited) + vector_bytes(&index->crowds) +
           vector_bytes(&index->numbers) + vector_bytes(&index->banks) + vector_bytes(&index->bank_rows) + vector_bytes(&index->names) +
           vector_bytes(&index->words) + vector_bytes(&index->word_names) + vector_bytes(&index->grams) +
           vector_bytes(&index->gram_names) + pool->open_count * sizeof *index->amounts +
           index->document_bytes + sizeof *index;
}

uint32_t
o2c__index_account(const o2c_match_pool *pool, o2c_str key)
{
    uint32_t low = 0, high = pool->accounts_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = o2c__str_compare(o2c__pool_str(pool, pool->accounts[middle].key), key);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return O2C__NONE;
}

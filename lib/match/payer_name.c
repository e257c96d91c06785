/* SPDX-License-Identifier: Apache-2.0 */
/* P6: the account whose name is alike, among those that share a rare word; and no other may be nearly as alike. */
#include "match/pool.h"
#include "match/text.h"

#define ALIKE_MIN 920000u
#define GAP_MIN 50000u
#define CANDIDATES 64u
#define WORDS_MAX 32u

struct search {
    const o2c_match_pool *pool;
    o2c_str folded[2];
    const struct o2c__word *words[WORDS_MAX];
    uint32_t words_count;
    uint32_t names[CANDIDATES];
    uint32_t names_count;
};

static void
add_word(struct search *search, const struct o2c__word *word)
{
    for (uint32_t i = 0; i < search->words_count; i++) {
        if (search->words[i] == word)
            return;
    }
    if (word->count <= CANDIDATES && search->words_count < WORDS_MAX)
        search->words[search->words_count++] = word;
}

static void
find_words(struct search *search, o2c_str folded)
{
    for (size_t at = 0, end; at < folded.len; at = end + 1) {
        for (end = at; end < folded.len && folded.ptr[end] != ' '; end++)
            ;
        const struct o2c__word *word = end > at ? o2c__index_word(search->pool, (o2c_str){ folded.ptr + at, end - at }) : NULL;
        if (word)
            add_word(search, word);
    }
}

/* Rare words first; equally rare ones by their bytes, the order in which they stand. */
static void
sort_words(struct search *search)
{
    for (uint32_t i = 1; i < search->words_count; i++) {
        const struct o2c__word *word = search->words[i];
        uint32_t at = i;
        for (; at > 0; at--) {
            const struct o2c__word *before = search->words[at - 1];
            if (before->count < word->count || (before->count == word->count && before < word))
                break;
            search->words[at] = before;
        }
        search->words[at] = word;
    }
}

static void
add_name(struct search *search, uint32_t name)
{
    for (uint32_t i = 0; i < search->names_count; i++) {
        if (search->names[i] == name)
            return;
    }
    if (search->names_count < CANDIDATES)
        search->names[search->names_count++] = name;
}

static void
find_names(struct search *search)
{
    for (int variant = 0; variant < 2; variant++) {
        uint32_t count = 0, first = o2c__index_name(search->pool, search->folded[variant], &count);
        for (uint32_t i = 0; i < count; i++)
            add_name(search, first + i);
    }
    for (uint32_t w = 0; w < search->words_count; w++) {
        const struct o2c__word *word = search->words[w];
        for (uint32_t i = 0; i < word->count; i++)
            add_name(search, O2C__AT(&search->pool->index->word_names, uint32_t, word->first + i));
    }
}

static uint32_t
alike(const struct search *search, const struct o2c__name *name)
{
    o2c_str folded = o2c__pool_str(search->pool, name->folded);
    uint32_t a = o2c__jaro_winkler_ppm(search->folded[0], folded), b = o2c__jaro_winkler_ppm(search->folded[1], folded);
    return a > b ? a : b;
}

/* The most alike account, and the most alike of the others. */
static uint32_t
choose(const struct search *search, uint32_t *out_ppm, uint64_t *out_row)
{
    uint32_t best = O2C__NONE, first = 0, second = 0;
    for (uint32_t i = 0; i < search->names_count; i++) {
        const struct o2c__name *name = &O2C__AT(&search->pool->index->names, struct o2c__name, search->names[i]);
        uint32_t here = alike(search, name);
        if (name->account == best) {
            first = here > first ? here : first;
        } else if (best == O2C__NONE || here > first || (here == first && name->account < best)) {
            second = best == O2C__NONE ? 0 : first;
            first = here;
            best = name->account;
            *out_row = name->row;
        } else {
            second = here > second ? here : second;
        }
    }
    *out_ppm = first;
    return first >= ALIKE_MIN && first - second >= GAP_MIN ? best : O2C__NONE;
}

uint32_t
o2c__payer_by_name(struct o2c__solve *solve, o2c_str name, uint32_t *out_ppm, uint64_t *out_row, bool *out_failed)
{
    struct search search = { .pool = solve->pool };
    size_t room = 3 * name.len + 1;
    if (solve->pool->index->names.count == 0)
        return O2C__NONE;
    char *folded = o2c__arena_alloc(&solve->arena, 2 * room);
    *out_failed = folded == NULL;
    if (!folded)
        return O2C__NONE;
    for (int32_t variant = 0; variant < 2; variant++) {
        char *to = folded + (variant ? room : 0);
        search.folded[variant] = (o2c_str){ to, o2c__fold_name(name.ptr, name.len, variant, to) };
    }
    if (search.folded[0].len == 0)
        return O2C__NONE;
    find_words(&search, search.folded[0]);
    find_words(&search, search.folded[1]);
    sort_words(&search);
    find_names(&search);
    return choose(&search, out_ppm, out_row);
}

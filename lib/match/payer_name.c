/* SPDX-License-Identifier: Apache-2.0 */
/* P6: the account whose name is alike, among those that share a rare word or many letters; and no other may be nearly as alike. */
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
    bool same;           /* both foldings are one */
    struct o2c__alike best;
    uint32_t second;     /* how alike the best of the other accounts is */
    uint64_t visited;
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

/* Names that share most letters in threes, beside those that share a word. */
static void
find_alike(struct search *search)
{
    uint32_t names[O2C__ALIKE_NAMES], count = o2c__index_alike(search->pool, search->folded, names, &search->visited);
    search->names_count = 0;
    for (uint32_t i = 0; i < count; i++)
        add_name(search, names[i]);
}

static uint32_t
alike(const struct search *search, const struct o2c__name *name)
{
    o2c_str folded = o2c__pool_str(search->pool, name->folded);
    uint32_t a = o2c__jaro_winkler_ppm(search->folded[0], folded);
    uint32_t b = search->same ? a : o2c__jaro_winkler_ppm(search->folded[1], folded);
    return a > b ? a : b;
}

/* The most alike account so far, and the most alike of the others; it does not matter in which order names come. */
static void
compare(struct search *search)
{
    struct o2c__alike *best = &search->best;
    for (uint32_t i = 0; i < search->names_count; i++) {
        const struct o2c__name *name = &O2C__AT(&search->pool->index->names, struct o2c__name, search->names[i]);
        uint32_t here = alike(search, name);
        bool again = name->account == best->account;
        bool first = best->account == O2C__NONE || here > best->ppm || (here == best->ppm && name->account < best->account);
        if (!again)
            search->second = first ? (best->account == O2C__NONE ? 0 : best->ppm) : here > search->second ? here : search->second;
        if (again ? here > best->ppm || (here == best->ppm && name->row < best->row) : first) {
            best->account = name->account;
            best->ppm = here;
            best->row = name->row;
        }
    }
}

static bool
decided(const struct search *search)
{
    return search->best.account != O2C__NONE && search->best.ppm >= ALIKE_MIN && search->best.ppm - search->second >= GAP_MIN;
}

/*
 * Words come first: they are rare and cheap. Letters are asked when words do not decide, unless a second account is so much alike that
 * no name could.
 */
static void
find(struct search *search)
{
    find_words(search, search->folded[0]);
    if (!search->same)
        find_words(search, search->folded[1]);
    sort_words(search);
    find_names(search);
    compare(search);
    if (decided(search) || search->second > 1000000 - GAP_MIN)
        return;
    find_alike(search);
    compare(search);
}

struct o2c__alike
o2c__payer_by_name(struct o2c__solve *solve, o2c_str name)
{
    struct search search = { .pool = solve->pool, .best = { .account = O2C__NONE } };
    size_t room = 3 * name.len + 1;
    if (solve->pool->index->names.count == 0)
        return search.best;
    char *folded = o2c__arena_alloc(&solve->arena, 2 * room);
    search.best.failed = folded == NULL;
    if (!folded)
        return search.best;
    for (int32_t variant = 0; variant < 2; variant++) {
        char *to = folded + (variant ? room : 0);
        search.folded[variant] = (o2c_str){ to, o2c__fold_name(name.ptr, name.len, variant, to) };
    }
    if (search.folded[0].len == 0)
        return search.best;
    search.same = o2c__str_equal(search.folded[0], search.folded[1]);
    find(&search);
    if (!decided(&search))
        search.best.account = O2C__NONE;
    search.best.visited = search.visited;
    return search.best;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names by what they share with another one: every three neighboring letters of a folded name lead to the names that have them.
 *
 * A search reads the rarest of its grams first and stops before the list that would pass its budget, a third of all names: common grams
 * tell little and cost most. Shared grams are added up block by block, so that a block of counters stays in the nearest cache and nothing
 * is allocated; what shares most by weight is kept. Which names are found follows from the names alone, in the order they stand in.
 */
#include "match/index.h"
#include "match/pool.h"

#define CODES 40u                    /* blank, 26 letters, 10 digits, three for every other byte */
#define GRAMS (CODES * CODES * CODES)
#define NAME_GRAMS_MAX 256u          /* longer names are found by their first bytes, as they are compared */
#define BUDGET_SHARE 3u              /* of all names: one in so many may be visited */
#define BUDGET_MIN 4096u
#define BLOCK 4096u
#define WEIGHT_SHIFT 13              /* eighths of a nat */
#define WEIGHT_MAX 127u              /* so that the weights of 256 grams fit into 16 bits with a sign */
#define GROUP 64u                    /* counters of a block that are looked at together */

struct grams {
    uint32_t gram[2 * NAME_GRAMS_MAX], count;
};

static uint32_t
code_of(char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return 1 + (uint32_t)(byte - 'A');
    if (byte >= '0' && byte <= '9')
        return 27 + (uint32_t)(byte - '0');
    return byte == ' ' ? 0 : 37 + (uint8_t)byte % 3;
}

/* The grams of one name with a blank at either end, appended as they come. */
static void
add_grams(struct grams *to, o2c_str folded)
{
    size_t len = folded.len < NAME_GRAMS_MAX ? folded.len : NAME_GRAMS_MAX;
    uint32_t gram = len ? code_of(folded.ptr[0]) : 0;
    for (size_t i = 0; i < len; i++) {
        uint32_t code = i + 1 < len ? code_of(folded.ptr[i + 1]) : 0;
        gram = (gram * CODES + code) % GRAMS;
        to->gram[to->count++] = gram;
    }
}

/* Ascending, each once. A name has few grams, and they are kept in place. */
static void
tidy_grams(struct grams *grams)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < grams->count; i++) {
        uint32_t gram = grams->gram[i], at = n;
        while (at > 0 && grams->gram[at - 1] > gram)
            at--;
        if (at > 0 && grams->gram[at - 1] == gram)
            continue;
        memmove(&grams->gram[at + 1], &grams->gram[at], (n - at) * sizeof gram);
        grams->gram[at] = gram;
        n++;
    }
    grams->count = n;
}

static void
grams_at(const o2c_match_pool *pool, uint32_t name, struct grams *out)
{
    out->count = 0;
    add_grams(out, o2c__pool_str(pool, O2C__AT(&pool->index->names, struct o2c__name, name).folded));
    tidy_grams(out);
}

/* ------------------------------------------------------------------ built */

/* counts[gram] becomes the first place of each gram, and every gram that lives gets its row. false = no memory. */
static bool
place_grams(struct o2c__index *index, uint32_t *counts)
{
    uint32_t first = 0;
    for (uint32_t gram = 0; gram < GRAMS; gram++) {
        uint32_t count = counts[gram];
        struct o2c__gram *row = count ? o2c__vector_add(&index->grams) : NULL;
        if (count && !row)
            return false;
        if (row)
            *row = (struct o2c__gram){ gram, first, count };
        counts[gram] = first;
        first += count;
    }
    return o2c__vector_reserve(&index->gram_names, first) && (first == 0 || o2c__vector_add_many(&index->gram_names, first));
}

static bool
fill_grams(o2c_match_pool *pool, uint32_t *counts)
{
    struct o2c__index *index = pool->index;
    struct grams grams;
    uint64_t all = 0;
    for (uint32_t name = 0; name < index->names.count; name++) {
        grams_at(pool, name, &grams);
        for (uint32_t i = 0; i < grams.count; i++)
            counts[grams.gram[i]]++;
        all += grams.count;
    }
    if (all > UINT32_MAX || !place_grams(index, counts))
        return false;
    for (uint32_t name = 0; name < index->names.count; name++) {
        grams_at(pool, name, &grams);
        for (uint32_t i = 0; i < grams.count; i++)
            O2C__AT(&index->gram_names, uint32_t, counts[grams.gram[i]]++) = name;
    }
    return true;
}

bool
o2c__index_grams(o2c_match_pool *pool)
{
    if (pool->index->names.count == 0)
        return true;
    uint32_t *counts = o2c__alloc_zero(&pool->context.memory, GRAMS, sizeof *counts);
    bool whole = counts && fill_grams(pool, counts);
    o2c__release(&pool->context.memory, counts, GRAMS * sizeof *counts);
    return whole;
}

/* ------------------------------------------------------------------ asked */

/* One list that is read: where it stands, and what sharing the gram weighs. */
struct list {
    const uint32_t *at, *end;
    uint32_t gram, count, weight;
};
struct lists {
    struct list list[2 * NAME_GRAMS_MAX];
    uint32_t count;
};
/* The best so far, best first; equal ones by the difference in length, then in the order of names. */
struct best {
    const o2c_match_pool *pool;
    uint32_t *names;
    uint32_t weight[O2C__ALIKE_NAMES], apart[O2C__ALIKE_NAMES];
    uint32_t count;
    uint32_t len; /* of the name that is asked for */
};

static const struct o2c__gram *
find_gram(const o2c_match_pool *pool, uint32_t gram)
{
    const o2c__vector *grams = &pool->index->grams;
    size_t low = 0, high = grams->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct o2c__gram *row = &O2C__AT(grams, struct o2c__gram, middle);
        if (row->gram == gram)
            return row;
        if (row->gram < gram)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Rare grams first, equally rare ones by their letters. */
static void
add_list(struct lists *lists, const struct list *list)
{
    uint32_t at = lists->count++;
    for (; at > 0; at--) {
        const struct list *before = &lists->list[at - 1];
        if (before->count < list->count || (before->count == list->count && before->gram < list->gram))
            break;
        lists->list[at] = *before;
    }
    lists->list[at] = *list;
}

/* The lists that the budget reaches; answers how many names they hold. */
static uint64_t
find_lists(const o2c_match_pool *pool, const struct grams *grams, struct lists *lists)
{
    const o2c__vector *names = &pool->index->gram_names;
    uint64_t n = pool->index->names.count, budget = n / BUDGET_SHARE > BUDGET_MIN ? n / BUDGET_SHARE : BUDGET_MIN, spent = 0;
    uint32_t within = 0;
    lists->count = 0;
    for (uint32_t i = 0; i < grams->count; i++) {
        const struct o2c__gram *row = find_gram(pool, grams->gram[i]);
        if (!row)
            continue;
        const uint32_t *at = &O2C__AT(names, uint32_t, row->first);
        add_list(lists, &(struct list){ at, at + row->count, row->gram, row->count, 0 });
    }
    while (within < lists->count && spent + lists->list[within].count <= budget) {
        struct list *list = &lists->list[within++];
        uint32_t weight = 1 + ((uint32_t)o2c__ln_ratio(n, list->count) >> WEIGHT_SHIFT);
        list->weight = weight < WEIGHT_MAX ? weight : WEIGHT_MAX;
        spent += list->count;
    }
    lists->count = within;
    return spent;
}

static void
offer(struct best *best, uint32_t name, uint32_t weight)
{
    uint32_t len = O2C__AT(&best->pool->index->names, struct o2c__name, name).folded.len;
    uint32_t apart = len > best->len ? len - best->len : best->len - len, at = best->count;
    while (at > 0 && (best->weight[at - 1] < weight || (best->weight[at - 1] == weight && best->apart[at - 1] > apart)))
        at--;
    if (at == O2C__ALIKE_NAMES)
        return;
    uint32_t last = best->count < O2C__ALIKE_NAMES ? best->count++ : O2C__ALIKE_NAMES - 1;
    for (; last > at; last--) {
        best->names[last] = best->names[last - 1];
        best->weight[last] = best->weight[last - 1];
        best->apart[last] = best->apart[last - 1];
    }
    best->names[at] = name;
    best->weight[at] = weight;
    best->apart[at] = apart;
}

/* What a name must weigh to be kept. */
static int32_t
least(const struct best *best)
{
    return best->count < O2C__ALIKE_NAMES ? 1 : (int32_t)best->weight[O2C__ALIKE_NAMES - 1];
}

static void
read_block(struct lists *lists, uint32_t from, int16_t weights[BLOCK])
{
    memset(weights, 0, BLOCK * sizeof *weights);
    for (uint32_t i = 0; i < lists->count; i++) {
        struct list *list = &lists->list[i];
        const uint32_t *at = list->at;
        for (; at < list->end && *at - from < BLOCK; at++)
            weights[*at - from] = (int16_t)(weights[*at - from] + (int32_t)list->weight);
        list->at = at;
    }
}

/* Most names of a block share too little: a group whose largest weight is too small is passed over as a whole. */
static void
offer_block(struct best *best, uint32_t from, const int16_t weights[BLOCK])
{
    for (uint32_t group = 0; group < BLOCK; group += GROUP) {
        int16_t most = 0;
        for (uint32_t i = 0; i < GROUP; i++)
            most = weights[group + i] > most ? weights[group + i] : most;
        for (uint32_t i = 0; most >= least(best) && i < GROUP; i++) {
            if (weights[group + i] >= least(best))
                offer(best, from + group + i, (uint32_t)weights[group + i]);
        }
    }
}

uint32_t
o2c__index_alike(const o2c_match_pool *pool, const o2c_str folded[2], uint32_t out[O2C__ALIKE_NAMES], uint64_t *out_visited)
{
    struct best best = { .pool = pool, .names = out, .len = (uint32_t)folded[0].len };
    struct grams grams = { .count = 0 };
    struct lists lists;
    int16_t weights[BLOCK];
    uint32_t n = (uint32_t)pool->index->names.count;
    add_grams(&grams, folded[0]);
    if (!o2c__str_equal(folded[0], folded[1]))
        add_grams(&grams, folded[1]);
    tidy_grams(&grams);
    *out_visited = find_lists(pool, &grams, &lists);
    for (uint32_t from = 0; lists.count && from < n; from += BLOCK) {
        read_block(&lists, from, weights);
        offer_block(&best, from, weights);
    }
    return best.count;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the text says of a set: (1 − G) + G·ΠL·ΠMISS with the best assignment of tokens to items. One token serves one item: without
 * this rule consecutive numbers cite each other, and an exact match turns into a short payment of three invoices.
 */
#include "match/explain.h"

#define NO_WAY (INT32_MIN / 2)

static bool
in_view(const struct o2c__view *view, const o2c_match_pool *pool, uint32_t item)
{
    uint32_t account = o2c__pool_account(pool, item);
    for (uint32_t i = 0; i < view->sides; i++)
        if (view->side_account[i] == account)
            return true;
    return false;
}

static uint32_t
hit_items(const struct o2c__case *one, const struct o2c__hit *hit, const uint32_t **out)
{
    *out = hit->item != O2C__NONE ? &hit->item : one->members + hit->group_at;
    return hit->item != O2C__NONE ? 1 : hit->group_count;
}

static bool
hit_in_view(const struct o2c__job *job, const struct o2c__view *view, const struct o2c__hit *hit)
{
    const uint32_t *items;
    uint32_t count = hit_items(job->one, hit, &items);
    for (uint32_t i = 0; i < count; i++)
        if (!in_view(view, job->solve->pool, items[i]))
            return false;
    return count > 0 && count <= O2C__SET_MAX;
}

uint32_t
o2c__cited_row(const struct o2c__citing *citing, uint32_t item)
{
    uint32_t low = 0, high = citing->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (citing->items[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low < citing->count && citing->items[low] == item ? low : O2C__NONE;
}

static void
sort_items(uint32_t *items, uint32_t count)
{
    for (uint32_t gap = count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < count; i++) {
            uint32_t item = items[i], at = i;
            for (; at >= gap && items[at - gap] > item; at -= gap)
                items[at] = items[at - gap];
            items[at] = item;
        }
}

/* Distinct items of the hits that fall into this view, ascending. */
static bool
collect_items(struct o2c__job *job, struct o2c__view *view, uint32_t *out_hits, uint32_t *out_members)
{
    struct o2c__case *one = job->one;
    struct o2c__citing *citing = &view->citing;
    uint32_t room = 0;
    for (uint32_t h = 0; h < one->hits_count; h++)
        room += one->hits[h].item != O2C__NONE ? 1 : one->hits[h].group_count;
    citing->items = o2c__arena_alloc(&job->solve->arena, (size_t)room * sizeof(uint32_t));
    if (!citing->items)
        return false;
    uint32_t all = 0, hits = 0;
    for (uint32_t h = 0; h < one->hits_count; h++) {
        const uint32_t *items;
        if (!hit_in_view(job, view, &one->hits[h]))
            continue;
        uint32_t count = hit_items(one, &one->hits[h], &items);
        memcpy(citing->items + all, items, count * sizeof *items);
        all += count;
        hits++;
    }
    sort_items(citing->items, all);
    for (uint32_t i = 0; i < all; i++)
        if (i == 0 || citing->items[i] != citing->items[citing->count - 1])
            citing->items[citing->count++] = citing->items[i];
    *out_hits = hits;
    *out_members = all;
    return true;
}

static bool
collect_options(struct o2c__job *job, struct o2c__view *view, uint32_t hits, uint32_t members)
{
    struct o2c__case *one = job->one;
    struct o2c__citing *citing = &view->citing;
    uint32_t used = 0;
    citing->options = o2c__arena_alloc(&job->solve->arena, hits * sizeof *citing->options);
    citing->option_cited = o2c__arena_alloc(&job->solve->arena, members * sizeof(uint32_t));
    if (!citing->options || !citing->option_cited)
        return false;
    for (uint32_t h = 0; h < one->hits_count; h++) {
        const struct o2c__hit *hit = &one->hits[h];
        const uint32_t *items;
        if (!hit_in_view(job, view, hit))
            continue;
        uint32_t count = hit_items(one, hit, &items);
        struct o2c__option *option = &citing->options[citing->options_count++];
        *option = (struct o2c__option){ hit->token, h, hit->ln_ratio, used, count };
        for (uint32_t i = 0; i < count; i++)
            citing->option_cited[used++] = o2c__cited_row(citing, items[i]);
    }
    return true;
}

static bool
before(const struct o2c__option *a, const struct o2c__option *b)
{
    if (a->token != b->token)
        return a->token < b->token;
    return a->ln_ratio != b->ln_ratio ? a->ln_ratio > b->ln_ratio : a->hit < b->hit;
}

static void
sort_options(struct o2c__citing *citing)
{
    for (uint32_t gap = citing->options_count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < citing->options_count; i++) {
            struct o2c__option option = citing->options[i];
            uint32_t at = i;
            for (; at >= gap && before(&option, &citing->options[at - gap]); at -= gap)
                citing->options[at] = citing->options[at - gap];
            citing->options[at] = option;
        }
    for (uint32_t i = 0; i < citing->options_count; i++)
        citing->tokens += i == 0 || citing->options[i].token != citing->options[i - 1].token;
}

/* One option a token and one token an item: then nothing competes and every item has its own term. */
static bool
build_plain(struct o2c__job *job, struct o2c__citing *citing)
{
    citing->plain_ln = o2c__arena_alloc(&job->solve->arena, citing->count * sizeof(int32_t));
    citing->plain_option = o2c__arena_alloc(&job->solve->arena, citing->count * sizeof(uint32_t));
    if (!citing->plain_ln || !citing->plain_option)
        return false;
    for (uint32_t i = 0; i < citing->count; i++)
        citing->plain_option[i] = O2C__NONE;
    citing->plain = citing->tokens == citing->options_count;
    for (uint32_t i = 0; citing->plain && i < citing->options_count; i++) {
        const struct o2c__option *option = &citing->options[i];
        uint32_t row = citing->option_cited[option->at];
        if (option->count != 1 || citing->plain_option[row] != O2C__NONE) {
            citing->plain = false;
            break;
        }
        citing->plain_option[row] = option->ln_ratio > O2C__LN_MISS ? i : O2C__NONE - 1;
        citing->plain_ln[row] = option->ln_ratio > O2C__LN_MISS ? option->ln_ratio : O2C__LN_MISS;
    }
    return true;
}

static uint32_t
option_bits(const struct o2c__citing *citing, const struct o2c__option *option)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < option->count; i++)
        bits |= 1u << citing->option_cited[option->at + i];
    return bits;
}

/* One token: every subset reached without it, or with it on top of a subset that it does not touch. */
static void
add_token(const struct o2c__citing *citing, uint32_t first, uint32_t last, const int32_t *old, int32_t *new)
{
    uint32_t size = 1u << citing->count;
    memcpy(new, old, size * sizeof *new);
    for (uint32_t i = first; i < last; i++) {
        uint32_t bits = option_bits(citing, &citing->options[i]);
        for (uint32_t mask = 0; mask < size; mask++) {
            if ((mask & bits) || old[mask] <= NO_WAY)
                continue;
            int32_t with = old[mask] + citing->options[i].ln_ratio;
            if (with > new[mask | bits])
                new[mask | bits] = with;
        }
    }
}

static bool
build_table(struct o2c__job *job, struct o2c__citing *citing)
{
    uint32_t size = 1u << citing->count, row = 0;
    int32_t *exact = o2c__arena_alloc(&job->solve->arena, (size_t)size * (citing->tokens + 2) * sizeof *exact);
    if (!exact)
        return false;
    citing->exact = exact;
    for (uint32_t mask = 0; mask < size; mask++)
        exact[mask] = mask ? NO_WAY : 0;
    for (uint32_t first = 0, last; first < citing->options_count; first = last, row++) {
        for (last = first + 1; last < citing->options_count && citing->options[last].token == citing->options[first].token; last++)
            ;
        add_token(citing, first, last, exact + (size_t)row * size, exact + (size_t)(row + 1) * size);
    }
    const int32_t *final = exact + (size_t)row * size;
    citing->best = exact + (size_t)(citing->tokens + 1) * size;
    for (uint32_t mask = 0; mask < size; mask++) {
        citing->best[mask] = final[mask];
        for (uint32_t i = 0; i < citing->count; i++)
            if (mask >> i & 1 && citing->best[mask ^ (1u << i)] + O2C__LN_MISS > citing->best[mask])
                citing->best[mask] = citing->best[mask ^ (1u << i)] + O2C__LN_MISS;
    }
    citing->table = true;
    o2c__work(job, (uint64_t)size * (citing->options_count + citing->count) / 8);
    return true;
}

bool
o2c__citing_build(struct o2c__job *job, struct o2c__view *view)
{
    struct o2c__citing *citing = &view->citing;
    uint32_t hits, members;
    memset(citing, 0, sizeof *citing);
    citing->any = job->cites;
    if (job->one->hits_count == 0)
        return true;
    if (!collect_items(job, view, &hits, &members))
        return false;
    if (citing->count == 0)
        return true;
    if (!collect_options(job, view, hits, members))
        return false;
    sort_options(citing);
    citing->mark = o2c__arena_alloc(&job->solve->arena, citing->count);
    if (!citing->mark || !build_plain(job, citing))
        return false;
    if (citing->plain || citing->count > O2C__CITED_TABLE || citing->tokens > O2C__TOKENS_TABLE)
        return true;
    return build_table(job, citing);
}

/* More cited items than the table holds: tokens in text order take their best option that is still free. Never above the best. */
static int64_t
greedy(const struct o2c__citing *citing, uint32_t *out_options)
{
    int64_t ln = 0;
    uint32_t token = O2C__NONE;
    for (uint32_t i = 0; i < citing->options_count; i++) {
        const struct o2c__option *option = &citing->options[i];
        bool open = option->token != token;
        for (uint32_t k = 0; open && k < option->count; k++)
            open = citing->mark[citing->option_cited[option->at + k]] == 1;
        if (!open || option->ln_ratio + (int64_t)option->count * -O2C__LN_MISS <= 0)
            continue;
        token = option->token;
        ln += option->ln_ratio;
        for (uint32_t k = 0; k < option->count; k++) {
            uint32_t row = citing->option_cited[option->at + k];
            citing->mark[row] = 2;
            if (out_options)
                out_options[row] = i;
        }
    }
    return ln;
}

static int64_t
greedy_ln(const struct o2c__citing *citing, const uint32_t *cited, uint32_t cited_count)
{
    memset(citing->mark, 0, citing->count);
    for (uint32_t i = 0; i < cited_count; i++)
        citing->mark[cited[i]] = 1;
    int64_t ln = greedy(citing, NULL);
    for (uint32_t i = 0; i < cited_count; i++)
        ln += citing->mark[cited[i]] == 1 ? O2C__LN_MISS : 0;
    return ln;
}

int64_t
o2c__citing_ln(const struct o2c__citing *citing, const uint32_t *cited, uint32_t cited_count, uint32_t uncited)
{
    int64_t ln = (int64_t)uncited * O2C__LN_MISS;
    if (cited_count == 0)
        return ln;
    if (citing->table) {
        uint32_t mask = 0;
        for (uint32_t i = 0; i < cited_count; i++)
            mask |= 1u << cited[i];
        return ln + citing->best[mask];
    }
    if (!citing->plain)
        return ln + greedy_ln(citing, cited, cited_count);
    for (uint32_t i = 0; i < cited_count; i++)
        ln += citing->plain_ln[cited[i]];
    return ln;
}

int64_t
o2c__citing_most(const struct o2c__citing *citing)
{
    int64_t ln = 0;
    for (uint32_t i = 0; i < citing->options_count; i++) /* the first option of a token is its best */
        if ((i == 0 || citing->options[i].token != citing->options[i - 1].token) && citing->options[i].ln_ratio > 0)
            ln += citing->options[i].ln_ratio;
    return ln;
}

int64_t
o2c__text_ln(const struct o2c__citing *citing, const uint32_t *cited, uint32_t cited_count, uint32_t uncited)
{
    if (!citing->any)
        return 0;
    return o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + o2c__citing_ln(citing, cited, cited_count, uncited));
}

/* Walks the table back: which subset was covered, and by which token. */
static void
trace_table(const struct o2c__citing *citing, uint32_t mask, uint32_t *out_options)
{
    uint32_t size = 1u << citing->count, token = citing->tokens;
    const int32_t *final = citing->exact + (size_t)token * size;
    for (uint32_t i = 0; i < citing->count && citing->best[mask] != final[mask]; i++)
        if (mask >> i & 1 && citing->best[mask] == citing->best[mask ^ (1u << i)] + O2C__LN_MISS) {
            mask ^= 1u << i;
            i = UINT32_MAX; /* start over with the smaller subset */
        }
    uint32_t last = citing->options_count;
    for (; token > 0; token--) {
        const int32_t *now = citing->exact + (size_t)token * size, *old = now - size;
        uint32_t first = last - 1;
        while (first > 0 && citing->options[first - 1].token == citing->options[last - 1].token)
            first--;
        for (uint32_t i = first; old[mask] != now[mask] && i < last; i++) {
            uint32_t bits = option_bits(citing, &citing->options[i]);
            if ((mask & bits) != bits || old[mask ^ bits] + citing->options[i].ln_ratio != now[mask])
                continue;
            for (uint32_t k = 0; k < citing->options[i].count; k++)
                out_options[citing->option_cited[citing->options[i].at + k]] = i;
            mask ^= bits;
            break;
        }
        last = first;
    }
}

static void
find_options(const struct o2c__citing *citing, const uint32_t *items, uint32_t count, uint32_t *out_options)
{
    uint32_t mask = 0;
    memset(citing->mark, 0, citing->count);
    for (uint32_t i = 0; i < citing->count; i++)
        out_options[i] = O2C__NONE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = o2c__cited_row(citing, items[i]);
        if (row == O2C__NONE)
            continue;
        citing->mark[row] = 1;
        mask |= citing->table ? 1u << row : 0;
        if (citing->plain && citing->plain_option[row] < citing->options_count)
            out_options[row] = citing->plain_option[row];
    }
    if (citing->table)
        trace_table(citing, mask, out_options);
    else if (!citing->plain)
        greedy(citing, out_options);
}

uint32_t
o2c__citing_assign(const struct o2c__citing *citing, const uint32_t *items, uint32_t count, uint32_t *out_hits)
{
    uint32_t cited = 0, options[O2C__SET_MAX];
    for (uint32_t i = 0; i < count; i++)
        out_hits[i] = O2C__NONE;
    if (citing->count == 0 || citing->count > O2C__SET_MAX)
        return 0;
    find_options(citing, items, count, options);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = o2c__cited_row(citing, items[i]);
        if (row == O2C__NONE || options[row] == O2C__NONE)
            continue;
        out_hits[i] = citing->options[options[row]].hit;
        cited++;
    }
    return cited;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers with an error: a digit replaced, two neighbors exchanged, digits lost at an end. Looked for only among the items of given
 * accounts: in a well filled range most numbers have a neighbor at one digit, so that anywhere else such a hit proves nothing.
 */
#include "match/pool.h"
#include "match/text.h"

#define WINDOWS_MAX 64u
#define WINDOW_ATOMS 3u
#define ITEMS_MAX 5000u

struct window {
    const char *digits;
    uint32_t len, at, end, token;
};
struct damaged {
    struct o2c__solve *solve;
    struct o2c__case *one;
    struct window windows[WINDOWS_MAX];
    uint32_t windows_count;
    struct o2c__raw *raws;
    uint32_t raws_count;
};

static bool
is_cited(const struct o2c__case *one, uint32_t at, uint32_t end)
{
    for (uint32_t i = 0; i < one->hits_count; i++) {
        const struct o2c__hit *hit = &one->hits[i];
        if (!hit->line && hit->at < end && at < hit->at + hit->len)
            return true;
    }
    return false;
}

static void
add_window(struct damaged *damaged, const struct o2c__reading *reading, uint32_t first, uint32_t last)
{
    const struct o2c__atom *a = &reading->atoms[first], *b = &reading->atoms[last];
    uint32_t len = b->canon + b->len - a->canon;
    if (damaged->windows_count == WINDOWS_MAX || len < O2C__SIGNIFICANT_MIN || len > O2C__REFERENCE_BYTES ||
        is_cited(damaged->one, a->at, b->end))
        return;
    damaged->windows[damaged->windows_count++] = (struct window){ reading->canon + a->canon, len, a->at, b->end, 0 };
}

/* Windows of digits that no hit stands in; those that overlap share a token. */
static void
find_windows(struct damaged *damaged, const struct o2c__reading *reading)
{
    uint32_t end = 0;
    for (uint32_t first = 0; first < reading->atoms_count; first++) {
        for (uint32_t last = first; last < reading->atoms_count && last - first < WINDOW_ATOMS && reading->atoms[last].digit; last++)
            add_window(damaged, reading, first, last);
    }
    for (uint32_t i = 0; i < damaged->windows_count; i++) {
        struct window *window = &damaged->windows[i];
        if (i == 0 || window->at >= end)
            damaged->one->tokens++;
        window->token = damaged->one->tokens - 1;
        end = window->end > end ? window->end : end;
    }
}

static bool
add_hit(struct damaged *damaged, const struct window *window, uint32_t item, const struct o2c__forms *forms, int32_t ln_damage)
{
    uint32_t digits;
    struct o2c__raw *raw = o2c__arena_alloc(&damaged->solve->arena, sizeof *raw);
    if (!raw)
        return false;
    uint64_t shape = o2c__shape((o2c_str){ forms->full, forms->full_len }, &digits);
    memset(raw, 0, sizeof *raw);
    raw->hit = (struct o2c__hit){ .token = window->token, .item = item, .at = window->at, .len = window->end - window->at,
                                  .error = O2C__REF_DAMAGED };
    raw->hit.ln_ratio = ln_damage + o2c__model_ln_range(damaged->solve->model, shape, digits) - O2C__LN_TAU_BARE;
    raw->next = damaged->raws;
    damaged->raws = raw;
    damaged->raws_count++;
    return true;
}

static bool
compare_item(struct damaged *damaged, uint32_t item)
{
    const o2c_match_pool *pool = damaged->solve->pool;
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(pool, pool->echo[item].document), &forms);
    o2c_str ours = { forms.full + forms.digits_at, forms.digits_len };
    damaged->one->operations += damaged->windows_count;
    for (uint32_t i = 0; forms.digits_len && i < damaged->windows_count; i++) {
        const struct window *window = &damaged->windows[i];
        int32_t ln_damage = o2c__damage((o2c_str){ window->digits, window->len }, ours);
        if (ln_damage && !add_hit(damaged, window, item, &forms, ln_damage))
            return false;
    }
    return true;
}

static bool
compare_items(struct damaged *damaged, const uint32_t *item_accounts, uint32_t count)
{
    const o2c_match_pool *pool = damaged->solve->pool;
    uint32_t looked = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__item_account *in = &pool->item_accounts[item_accounts[i]];
        for (uint32_t item = in->first; item < in->first + in->count && looked < ITEMS_MAX; item++, looked++) {
            if (!compare_item(damaged, item))
                return false;
        }
    }
    return true;
}

static bool
append(struct damaged *damaged)
{
    struct o2c__case *one = damaged->one;
    uint32_t at = one->hits_count + damaged->raws_count;
    struct o2c__hit *hits = o2c__arena_alloc(&damaged->solve->arena, at * sizeof *hits);
    if (!hits)
        return false;
    if (one->hits_count)
        memcpy(hits, one->hits, one->hits_count * sizeof *hits);
    one->hits = hits;
    one->hits_count = at;
    one->cites = at > 0;
    for (const struct o2c__raw *raw = damaged->raws; raw; raw = raw->next)
        hits[--at] = raw->hit;
    return true;
}

o2c_status
o2c__retrieve_damaged(struct o2c__solve *solve, struct o2c__case *one, const uint32_t *item_accounts, uint32_t count, o2c_error *err)
{
    struct damaged damaged = { .solve = solve, .one = one };
    struct o2c__reading reading = { .one = one, .pieces_end = one->text.len };
    uint32_t tokens = one->tokens;
    o2c_str text = o2c__ref_str(one->text, o2c__text_heap_str(&solve->solution->heap));
    bool whole = o2c__text_atoms(solve, text, &reading);
    if (whole) {
        find_windows(&damaged, &reading);
        whole = compare_items(&damaged, item_accounts, count);
    }
    if (whole && damaged.raws_count == 0)
        one->tokens = tokens;
    if (whole && damaged.raws_count > 0)
        whole = append(&damaged);
    return whole ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, "", "no memory to look for damaged references");
}

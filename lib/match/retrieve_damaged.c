/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers with an error: a digit replaced, two neighbors exchanged, digits lost at an end, letters read for digits, numbers glued
 * together. Looked for only among the items of given accounts: in a well filled range most numbers have a neighbor at one digit, so that
 * anywhere else such a hit proves nothing.
 */
#include "match/learn.h"
#include "match/pool.h"
#include "match/shape.h"
#include "match/text.h"

#define WINDOWS_MAX 64u
#define WINDOW_ATOMS 3u
#define ITEMS_MAX 5000u

struct window {
    const char *digits;
    uint32_t len, at, end, token;
    uint8_t factor; /* ten where such a number is likely an accident, else one */
    bool read;      /* letters stood for some of its digits */
    bool whole;     /* one stretch of digits: numbers may be glued in it */
    bool dated;     /* it is part of a date */
    bool hit;       /* some number was found in it */
    uint32_t alike; /* items of one account that it names in a shape of its customer */
};
#define GLUED_TOKENS 1000000u /* tokens behind the first number of a glued window, until they are numbered */

struct damaged {
    struct o2c__solve *solve;
    struct o2c__case *one;
    struct window windows[WINDOWS_MAX];
    uint32_t windows_count;
    o2c_str text;
    struct o2c__raw *raws;
    uint32_t raws_count;
    bool shaped;               /* shapes of some customer are known */
    int32_t ln_trust;          /* that the text was read right */
    struct o2c__shapes shapes; /* of the customer whose items are compared */
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
    damaged->windows[damaged->windows_count++] = (struct window){ reading->canon + a->canon, len, a->at, b->end, 0,
                                                                  (uint8_t)o2c__text_accident(damaged->text, reading, first, last), false,
                                                                  first == last && b->end - a->at == len,
                                                                  damaged->shaped && o2c__text_in_date(damaged->text, reading, first) };
}

/* The digit that a letter is read for, or reads like. */
static char
digit_of(char c)
{
    static const char pairs[] = "O0I1L1S5B8Z2";
    for (size_t i = 0; i + 1 < sizeof pairs; i += 2)
        if (pairs[i] == c)
            return pairs[i + 1];
    return c >= '0' && c <= '9' ? c : 0;
}

static bool
reads_as_digits(const struct o2c__reading *reading, const struct o2c__atom *atom)
{
    bool all = true;
    for (uint32_t i = 0; i < atom->len && !atom->digit; i++)
        all = all && digit_of(reading->canon[atom->canon + i]);
    return all;
}

/* Letters among digits, nothing between them: 1O0234. More digits than letters, or it is a word. */
static bool
add_read_window(struct damaged *damaged, const struct o2c__reading *reading, uint32_t first)
{
    const struct o2c__atom *a = &reading->atoms[first], *b = a;
    uint32_t digits = 0, last = first;
    for (uint32_t i = first; i < reading->atoms_count && i - first < 2 * WINDOW_ATOMS; i++) {
        const struct o2c__atom *atom = &reading->atoms[i];
        if ((i > first && atom->gap != O2C__GAP_NONE) || !reads_as_digits(reading, atom))
            break;
        digits += atom->digit ? atom->len : 0;
        b = atom;
        last = i;
    }
    uint32_t len = b->canon + b->len - a->canon;
    if (last == first || 2 * digits <= len || damaged->windows_count == WINDOWS_MAX || len < O2C__SIGNIFICANT_MIN ||
        len > O2C__REFERENCE_BYTES || is_cited(damaged->one, a->at, b->end))
        return true;
    char *copy = o2c__arena_alloc(&damaged->solve->arena, len);
    if (!copy)
        return false;
    for (uint32_t i = 0; i < len; i++)
        copy[i] = digit_of(reading->canon[a->canon + i]);
    damaged->windows[damaged->windows_count++] =
        (struct window){ copy, len, a->at, b->end, 0, (uint8_t)o2c__text_accident(damaged->text, reading, first, last), true, false };
    return true;
}

/* Windows of digits that no hit stands in. */
static bool
find_windows(struct damaged *damaged, const struct o2c__reading *reading)
{
    for (uint32_t first = 0; first < reading->atoms_count; first++) {
        for (uint32_t last = first; last < reading->atoms_count && last - first < WINDOW_ATOMS && reading->atoms[last].digit; last++)
            add_window(damaged, reading, first, last);
        if (!add_read_window(damaged, reading, first))
            return false;
    }
    for (uint32_t i = 0; i < damaged->windows_count; i++)
        damaged->windows[i].token = i;
    return true;
}

/*
 * Windows with hits that overlap share a token: the same digits cite one item. A window in which nothing was found says nothing, or two
 * numbers side by side would be one token because together they could have been a third one. Windows ascend by where they begin.
 */
static void
number_tokens(struct damaged *damaged, uint32_t tokens[WINDOWS_MAX])
{
    uint32_t end = 0;
    bool any = false;
    for (uint32_t i = 0; i < damaged->windows_count; i++) {
        const struct window *window = &damaged->windows[i];
        if (!window->hit)
            continue;
        if (!any || window->at >= end)
            damaged->one->tokens++;
        any = true;
        tokens[i] = damaged->one->tokens - 1;
        end = window->end > end ? window->end : end;
    }
}

static int32_t
ln_range_of(const struct damaged *damaged, const struct o2c__forms *forms)
{
    uint32_t digits;
    uint64_t shape = o2c__shape((o2c_str){ forms->full, forms->full_len }, &digits);
    return o2c__model_ln_range(damaged->solve->model, shape, digits);
}

static bool
add_hit(struct damaged *damaged, const struct window *window, uint32_t item, uint8_t error, int32_t ln)
{
    struct o2c__raw *raw = o2c__arena_alloc(&damaged->solve->arena, sizeof *raw);
    if (!raw)
        return false;
    memset(raw, 0, sizeof *raw);
    raw->hit = (struct o2c__hit){ .token = window->token, .item = item, .at = window->at, .len = window->end - window->at, .error = error,
                                  .pooled = true };
    raw->hit.ln_ratio = ln - O2C__LN_TAU_BARE - (window->factor > 1 ? o2c__ln_u64(window->factor) : 0) + damaged->ln_trust;
    raw->next = damaged->raws;
    damaged->raws = raw;
    damaged->raws_count++;
    return true;
}

/* A number glued behind others is a token of its own, with its own span. */
static bool
add_glued(struct damaged *damaged, uint32_t at, uint32_t item, const struct o2c__forms *forms)
{
    const struct window *window = &damaged->windows[at];
    struct window part = *window;
    uint32_t offset = 0;
    int32_t ln = o2c__damage_glued((o2c_str){ window->digits, window->len },
                                   (o2c_str){ forms->full + forms->digits_at, forms->digits_len }, &offset);
    if (ln == 0)
        return true;
    part.at = window->at + offset;
    part.end = part.at + forms->digits_len;
    part.token = offset ? GLUED_TOKENS + at * O2C__REFERENCE_BYTES + offset : window->token;
    damaged->windows[at].hit = true;
    return add_hit(damaged, &part, item, O2C__REF_DAMAGED, ln + ln_range_of(damaged, forms));
}

/* ---- numbers written as this customer is known to write them */

/* Only where somebody else than the text says who pays. */
static void
know_shapes(struct damaged *damaged, uint32_t account)
{
    const o2c_match_pool *pool = damaged->solve->pool;
    const struct o2c__case *one = damaged->one;
    damaged->shapes.bits = 0;
    for (uint32_t i = 0; damaged->shaped && i < one->payers_count; i++)
        if (one->payers[i].account == account && one->payers[i].evidence)
            o2c__shapes_of(damaged->solve->model, o2c__pool_str(pool, pool->accounts[account].key), &damaged->shapes);
    for (uint32_t i = 0; i < damaged->windows_count && damaged->shapes.bits; i++)
        damaged->windows[i].alike = 0;
}

/* Never less than as a number with an error in it. */
static int32_t
ln_shaped(const struct damaged *damaged, uint32_t shape, o2c_str seen, const struct o2c__forms *forms)
{
    int32_t range = ln_range_of(damaged, forms), ln = o2c__shape_ln(shape, seen, forms, range);
    int32_t error = o2c__damage(seen, (o2c_str){ forms->full + forms->digits_at, forms->digits_len });
    return error && error + range > ln ? error + range : ln;
}

/* Something in the text could be in a shape: a stretch of digits that cites nothing, or a number written otherwise. */
static bool
may_be_shaped(const struct damaged *damaged)
{
    bool may = false;
    for (uint32_t i = 0; i < damaged->windows_count; i++)
        may = may || (damaged->windows[i].whole && !damaged->windows[i].dated);
    for (uint32_t i = 0; i < damaged->one->hits_count; i++)
        may = may || damaged->one->hits[i].error == O2C__REF_NORMALIZED;
    return may;
}

static bool
add_shaped(struct damaged *damaged, struct window *window, uint32_t item, uint32_t fit, const struct o2c__forms *forms)
{
    uint32_t shape = (uint32_t)__builtin_ctz(fit);
    uint8_t error = shape <= O2C__SHAPE_PLAIN ? O2C__REF_NORMALIZED : O2C__REF_DAMAGED; /* its class is what it would be of anybody else */
    if (!add_hit(damaged, window, item, error, ln_shaped(damaged, shape, (o2c_str){ window->digits, window->len }, forms)))
        return false;
    damaged->raws->hit.shape = damaged->shapes.rows[shape] + 1;
    damaged->raws->first = (uint32_t)(window - damaged->windows);
    window->hit = true;
    window->alike++;
    return true;
}

/* Digits that name several items of one customer in his shapes tell less of each: they share one L. */
static void
share_shaped(struct damaged *damaged, const struct o2c__raw *before)
{
    for (struct o2c__raw *raw = damaged->raws; raw != before; raw = raw->next) {
        uint32_t alike = raw->hit.shape ? damaged->windows[raw->first].alike : 0;
        if (alike > 1)
            raw->hit.ln_ratio -= o2c__ln_u64(alike);
    }
}

/* What was found without the payer is written otherwise for anybody else; for this customer it is as he always writes it. */
static void
raise_known(struct damaged *damaged, const struct o2c__reading *reading, const struct o2c__item_account *in)
{
    const o2c_match_pool *pool = damaged->solve->pool;
    for (uint32_t i = 0, at = 0; i < damaged->one->hits_count; i++) {
        struct o2c__hit *hit = &damaged->one->hits[i];
        struct o2c__forms forms;
        if (hit->error != O2C__REF_NORMALIZED || hit->line || hit->shape || hit->item < in->first || hit->item >= in->first + in->count)
            continue;
        while (at > 0 && reading->atoms[at].at > hit->at)
            at--;
        while (at + 1 < reading->atoms_count && reading->atoms[at].at < hit->at)
            at++;
        const struct o2c__atom *atom = &reading->atoms[at];
        if (reading->atoms_count == 0 || atom->at != hit->at || atom->end != hit->at + hit->len || !atom->digit)
            continue;
        o2c__forms_plain(o2c__pool_str(pool, pool->echo[hit->item].document), &forms);
        uint32_t fit = o2c__shapes_that_fit((o2c_str){ reading->canon + atom->canon, atom->len }, &forms) & damaged->shapes.bits;
        if (!fit)
            continue;
        hit->shape = damaged->shapes.rows[__builtin_ctz(fit)] + 1;
        hit->ln_ratio += O2C__LN_OWN_KIND - O2C__LN_NORMALIZED;
    }
}

/* One window against one number: what is wrong with it as a whole, or that its series was left out. */
static bool
compare_window(struct damaged *damaged, struct window *window, uint32_t item, const struct o2c__forms *forms)
{
    o2c_str seen = { window->digits, window->len }, ours = { forms->full + forms->digits_at, forms->digits_len };
    int32_t ln = window->read ? o2c__damage_read(seen, ours) : o2c__damage(seen, ours), range = ln ? ln_range_of(damaged, forms) : 0;
    bool whole = false;
    if (ln == 0 && !window->read && forms->cuts)
        ln = o2c__damage_prefix(seen, forms, &whole, &range);
    window->hit |= ln != 0;
    return ln == 0 || add_hit(damaged, window, item, whole ? O2C__REF_NORMALIZED : O2C__REF_DAMAGED, ln + range);
}

/* Shapes of the customer in which the window writes this number. */
static uint32_t
fit_shapes(const struct damaged *damaged, const struct window *window, const struct o2c__forms *forms)
{
    if (!damaged->shapes.bits || !window->whole || window->dated)
        return 0;
    return o2c__shapes_that_fit((o2c_str){ window->digits, window->len }, forms) & damaged->shapes.bits;
}

static bool
compare_item(struct damaged *damaged, uint32_t item)
{
    const o2c_match_pool *pool = damaged->solve->pool;
    struct o2c__forms forms;
    o2c__forms(o2c__pool_str(pool, pool->echo[item].document), &forms);
    damaged->one->operations += damaged->windows_count;
    for (uint32_t i = 0; forms.digits_len && i < damaged->windows_count; i++) {
        struct window *window = &damaged->windows[i];
        uint32_t fit = fit_shapes(damaged, window, &forms);
        if (fit ? !add_shaped(damaged, window, item, fit, &forms)
                : !compare_window(damaged, window, item, &forms) || (window->whole && !add_glued(damaged, i, item, &forms)))
            return false;
    }
    return true;
}

static bool
compare_items(struct damaged *damaged, const struct o2c__reading *reading, const uint32_t *item_accounts, uint32_t count)
{
    const o2c_match_pool *pool = damaged->solve->pool;
    uint32_t looked = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct o2c__item_account *in = &pool->item_accounts[item_accounts[i]];
        const struct o2c__raw *before = damaged->raws;
        know_shapes(damaged, in->account);
        if (damaged->shapes.bits)
            raise_known(damaged, reading, in);
        for (uint32_t item = in->first; item < in->first + in->count && looked < ITEMS_MAX; item++, looked++) {
            if (!compare_item(damaged, item))
                return false;
        }
        if (damaged->shapes.bits)
            share_shaped(damaged, before);
    }
    return true;
}

/* Tokens of glued numbers follow those of the text, equal ones under one number. */
static void
number_glued(struct o2c__case *one, uint32_t from)
{
    for (uint32_t i = from; i < one->hits_count; i++) {
        uint32_t token = one->hits[i].token;
        if (token < GLUED_TOKENS)
            continue;
        for (uint32_t k = i; k < one->hits_count; k++)
            if (one->hits[k].token == token)
                one->hits[k].token = one->tokens;
        one->tokens++;
    }
}

static bool
append(struct damaged *damaged)
{
    struct o2c__case *one = damaged->one;
    uint32_t before = one->hits_count, at = before + damaged->raws_count, tokens[WINDOWS_MAX];
    struct o2c__hit *hits = o2c__arena_alloc(&damaged->solve->arena, at * sizeof *hits);
    if (!hits)
        return false;
    if (one->hits_count)
        memcpy(hits, one->hits, one->hits_count * sizeof *hits);
    one->hits = hits;
    one->hits_count = at;
    one->cites = at > 0;
    number_tokens(damaged, tokens);
    for (const struct o2c__raw *raw = damaged->raws; raw; raw = raw->next) {
        hits[--at] = raw->hit;
        if (raw->hit.token < GLUED_TOKENS) /* the number of its window until now */
            hits[at].token = tokens[raw->hit.token];
    }
    number_glued(one, before);
    return true;
}

o2c_status
o2c__retrieve_damaged(struct o2c__solve *solve, struct o2c__case *one, const uint32_t *item_accounts, uint32_t count, o2c_error *err)
{
    struct damaged damaged = { .solve = solve, .one = one, .windows_count = 0 };
    struct o2c__reading reading = { .one = one, .pieces_end = one->text.len };
    o2c_str text = o2c__ref_str(one->text, o2c__text_heap_str(&solve->solution->heap));
    damaged.text = text;
    damaged.shaped = solve->model->learned && solve->model->learned->learned.shapes;
    damaged.ln_trust = o2c__text_ln_trust(solve, one->payment);
    bool whole = o2c__text_atoms(solve, text, &reading) && find_windows(&damaged, &reading);
    damaged.shaped = damaged.shaped && may_be_shaped(&damaged);
    whole = whole && compare_items(&damaged, &reading, item_accounts, count);
    if (whole && damaged.raws_count > 0)
        whole = append(&damaged);
    return whole ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, "", "no memory to look for damaged references");
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From raw hits to the hits of a case: a longer one dominates what it contains, one fact counts once, and hits that overlap share
 * a token, because one token stands for one item.
 */
#include "match/pool.h"
#include "match/text.h"

#define FEW 16u
#define LOOK_BACK 256u /* hits, and bytes, in which one that contains another is looked for */

struct order {
    struct o2c__raw **raws;
};

static uint32_t
first_item(const struct o2c__raw *raw)
{
    return raw->hit.item != O2C__NONE ? raw->hit.item : raw->members[0];
}

/* Lines of an advice first, then the text from left to right, longer ones first. */
static int
compare(const void *self, uint32_t a, uint32_t b)
{
    const struct order *order = self;
    const struct o2c__raw *x = order->raws[a], *y = order->raws[b];
    if (x->hit.line_row != y->hit.line_row || (x->hit.line > 0) != (y->hit.line > 0))
        return (x->hit.line > 0) != (y->hit.line > 0) ? (x->hit.line > 0 ? -1 : 1) : x->hit.line_row < y->hit.line_row ? -1 : 1;
    if (x->hit.at != y->hit.at)
        return x->hit.at < y->hit.at ? -1 : 1;
    if (x->hit.len != y->hit.len)
        return x->hit.len > y->hit.len ? -1 : 1;
    if (x->hit.error != y->hit.error)
        return x->hit.error < y->hit.error ? -1 : 1;
    return first_item(x) < first_item(y) ? -1 : first_item(x) > first_item(y);
}

/* Few, and nearly always in order already. */
static void
sort_few(struct o2c__raw **raws, uint32_t n)
{
    struct order order = { raws };
    for (uint32_t i = 1; i < n; i++) {
        if (raws[i]->hit.at > raws[i - 1]->hit.at && !raws[i]->hit.line && !raws[i - 1]->hit.line)
            continue;
        for (uint32_t k = i; k > 0 && compare(&order, k - 1, k) > 0; k--) {
            struct o2c__raw *raw = raws[k];
            raws[k] = raws[k - 1];
            raws[k - 1] = raw;
        }
    }
}

static struct o2c__raw **
sort_many(struct o2c__reader *reader, struct o2c__raw **raws, size_t n)
{
    struct o2c__raw **out = o2c__arena_alloc(&reader->solve->arena, n * sizeof *out);
    uint32_t *numbers = o2c__arena_alloc(&reader->solve->arena, 2 * n * sizeof *numbers);
    if (!out || !numbers) {
        reader->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        numbers[i] = (uint32_t)i;
    o2c__sort(numbers, numbers + n, n, compare, &(struct order){ raws });
    for (size_t i = 0; i < n; i++)
        out[i] = raws[numbers[i]];
    return out;
}

static struct o2c__raw **
sorted(struct o2c__reader *reader, struct o2c__reading *reading)
{
    uint32_t n = reading->raws_count, i = 0;
    struct o2c__raw **raws = o2c__arena_alloc(&reader->solve->arena, n * sizeof *raws);
    if (!raws) {
        reader->failed = true;
        return NULL;
    }
    for (struct o2c__raw *raw = reading->raws; raw; raw = raw->next)
        raws[i++] = raw;
    if (n > FEW)
        return sort_many(reader, raws, n);
    sort_few(raws, n);
    return raws;
}

static bool
same_items(const struct o2c__raw *a, const struct o2c__raw *b)
{
    if (a->hit.item != O2C__NONE || b->hit.item != O2C__NONE)
        return a->hit.item == b->hit.item;
    return a->hit.group_count == b->hit.group_count && memcmp(a->members, b->members, a->hit.group_count * sizeof(uint32_t)) == 0;
}

/* How much the reading bends the text: whole, or zeros and separators in the wrong places. */
static int
bent(uint8_t error)
{
    return error == O2C__REF_NORMALIZED || error == O2C__REF_LIST;
}

static bool
dominates(const struct o2c__raw *longer, const struct o2c__raw *raw)
{
    uint32_t end = raw->hit.at + raw->hit.len;
    if (longer->dropped || longer->own_token || raw->own_token || longer->hit.at > raw->hit.at || longer->hit.at + longer->hit.len < end)
        return false;
    if (same_items(longer, raw))
        return true;
    return longer->hit.len > raw->hit.len && bent(longer->hit.error) <= bent(raw->hit.error);
}

static void
dominate(struct o2c__raw **raws, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t back = 1; back <= LOOK_BACK && back <= i && !raws[i]->dropped; back++) {
            struct o2c__raw *before = raws[i - back];
            if (before->hit.line != raws[i]->hit.line || raws[i]->hit.at - before->hit.at > LOOK_BACK)
                break;
            raws[i]->dropped = dominates(before, raws[i]);
            /* The same item, and the shorter reading bends nothing: then it is the one. */
            if (raws[i]->dropped && same_items(before, raws[i]) && bent(before->hit.error) > bent(raws[i]->hit.error)) {
                raws[i]->dropped = 0;
                before->dropped = 1;
            }
        }
    }
}

/* One fact, one term: what an advice line says, or the text itself, is not said again by the text or by the end-to-end id. */
static int
rank(const struct o2c__raw *raw)
{
    return raw->hit.line ? 0 : raw->hit.error == O2C__REF_STRUCTURED ? 1 : raw->extra ? 3 : 2;
}

static void
drop_repeats(struct o2c__raw **raws, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (raws[i]->dropped || rank(raws[i]) == 0 || (rank(raws[i]) == 2 && !raws[0]->hit.line && !raws[i]->extra))
            continue;
        for (uint32_t k = 0; k < n && !raws[i]->dropped; k++) {
            bool stronger = rank(raws[k]) < rank(raws[i]) && (rank(raws[i]) == 3 || rank(raws[k]) == 0);
            raws[i]->dropped = k != i && !raws[k]->dropped && stronger && same_items(raws[k], raws[i]);
        }
    }
}

/* Trust below one: others read the text. L' = (1 − t) + t·L, taken as t·L, which is the smaller. */
int32_t
o2c__text_ln_trust(const struct o2c__solve *solve, const o2c_payment *payment)
{
    uint32_t least = 1000000;
    for (uint32_t i = payment->texts_at; i < payment->texts_at + payment->texts_count; i++) {
        uint32_t trust = solve->payments->texts[i].trust_ppm;
        least = trust && trust < least ? trust : least;
    }
    return least < 1000000 ? o2c__ln_ratio(least, 1000000) : 0;
}

static void
weigh(const struct o2c__reader *reader, const struct o2c__reading *reading, struct o2c__raw *raw)
{
    o2c_str text = { o2c__reading_text(reader, reading), reading->one->text.len };
    bool in_text = raw->first != O2C__NONE && raw->bare && raw->hit.error != O2C__REF_STRUCTURED;
    uint32_t accident = in_text ? o2c__text_accident(text, reading, raw->first, raw->last) : 1;
    raw->hit.ln_ratio =
        o2c__text_weight(raw->ln_range, raw->hit.error, raw->bare, raw->hit.scheme, accident);
    raw->hit.ln_ratio += raw->hit.line ? raw->ln_trust : o2c__text_ln_trust(reader->solve, reading->one->payment);
}

/* Hits that overlap share a token; so do hits of one advice line; a number out of the middle of a range has one of its own. */
static void
count_tokens(struct o2c__raw **raws, uint32_t n, struct o2c__case *one)
{
    const struct o2c__raw *before = NULL;
    uint32_t end = 0;
    one->tokens = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct o2c__raw *raw = raws[i];
        if (raw->dropped || raw->own_token)
            continue;
        bool line = raw->hit.line > 0;
        bool joins = before && (line ? before->hit.line && before->hit.line_row == raw->hit.line_row
                                     : !before->hit.line && raw->hit.at < end);
        if (!joins) {
            one->tokens++;
            end = 0;
        }
        raw->hit.token = one->tokens - 1;
        end = raw->hit.at + raw->hit.len > end ? raw->hit.at + raw->hit.len : end;
        before = raw;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!raws[i]->dropped && raws[i]->own_token)
            raws[i]->hit.token = one->tokens++;
    }
}

static bool
copy_hits(struct o2c__reader *reader, struct o2c__raw **raws, uint32_t n, struct o2c__case *one)
{
    uint32_t hits = 0, members = 0;
    for (uint32_t i = 0; i < n; i++) {
        hits += !raws[i]->dropped;
        members += raws[i]->dropped ? 0 : raws[i]->hit.group_count;
    }
    one->hits = o2c__arena_alloc(&reader->solve->arena, hits * sizeof *one->hits);
    one->members = o2c__arena_alloc(&reader->solve->arena, members * sizeof *one->members);
    if (!one->hits || !one->members)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        struct o2c__hit *hit = &one->hits[one->hits_count];
        if (raws[i]->dropped)
            continue;
        *hit = raws[i]->hit;
        hit->group_at = one->members_count;
        if (hit->group_count)
            memcpy(one->members + one->members_count, raws[i]->members, hit->group_count * sizeof *one->members);
        one->members_count += hit->group_count;
        one->hits_count++;
    }
    return true;
}

/* What stands behind the pieces stays in the text only up to the last hit in it. */
static void
trim_text(struct o2c__reading *reading, struct o2c__raw **raws, uint32_t n)
{
    uint32_t end = reading->pieces_end;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t here = raws[i]->hit.at + raws[i]->hit.len;
        if (!raws[i]->dropped && !raws[i]->hit.line && here > end)
            end = here;
    }
    for (const struct o2c__named *named = reading->named; named; named = named->next)
        end = named->at + named->len > end ? named->at + named->len : end;
    reading->one->text.len = end;
    if (end == 0)
        reading->one->text.at = 0;
}

/* One behind the other and all of them in the pieces of the text: nothing dominates or repeats anything. */
static bool
stand_apart(struct o2c__raw *const *raws, uint32_t n)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct o2c__raw *raw = raws[i];
        if (raw->hit.at < end || raw->hit.line || raw->extra || raw->own_token || raw->first == O2C__NONE)
            return false;
        end = raw->hit.at + raw->hit.len;
    }
    return true;
}

/* All other texts. listed: their lists are expanded already, and what stood before stands apart. */
static bool
hits_of(struct o2c__reader *reader, struct o2c__reading *reading, bool listed)
{
    struct o2c__case *one = reading->one;
    struct o2c__raw **raws = NULL;
    uint32_t n = reading->raws_count;
    if (n > 0) {
        raws = sorted(reader, reading);
        if (!raws)
            return false;
        bool apart = !listed && stand_apart(raws, n);
        if (!listed && !apart)
            dominate(raws, n);
        if (!listed)
            o2c__text_lists(reader, reading);
        if (reading->raws_count != n && !reader->failed) {
            n = reading->raws_count;
            raws = sorted(reader, reading);
            apart = false;
        }
        if (reader->failed)
            return false;
        if (!apart)
            drop_repeats(raws, n);
        for (uint32_t i = 0; i < n; i++) {
            if (!raws[i]->dropped)
                weigh(reader, reading, raws[i]);
        }
    }
    trim_text(reading, raws, n);
    count_tokens(raws, n, one);
    if (n > 0 && !copy_hits(reader, raws, n, one))
        return false;
    one->cites = one->hits_count > 0;
    return true;
}

/* ---- the usual text: its hits are found in its order, one behind the other, each of one item */
static bool
is_usual(const struct o2c__reading *reading)
{
    uint32_t end = 0;
    for (const struct o2c__raw *raw = reading->raws; raw; raw = raw->next) {
        if (raw->hit.at < end || raw->hit.line || raw->extra || raw->first == O2C__NONE || raw->hit.item == O2C__NONE)
            return false;
        end = raw->hit.at + raw->hit.len;
    }
    return true;
}

/* Nothing dominates or repeats anything and each hit is a token of its own: what the long way answers then. */
static bool
take_usual(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct o2c__case *one = reading->one;
    one->hits = o2c__arena_alloc(&reader->solve->arena, reading->raws_count * sizeof *one->hits);
    if (!one->hits)
        return false;
    for (struct o2c__raw *raw = reading->raws; raw; raw = raw->next) {
        weigh(reader, reading, raw);
        raw->hit.token = one->hits_count;
        one->hits[one->hits_count++] = raw->hit;
    }
    one->tokens = one->hits_count;
    one->cites = true;
    trim_text(reading, NULL, 0); /* all of them stand in the pieces */
    return true;
}

bool
o2c__text_hits(struct o2c__reader *reader, struct o2c__reading *reading)
{
    if (reading->raws && is_usual(reading)) {
        uint32_t before = reading->raws_count;
        o2c__text_lists(reader, reading);
        if (reader->failed)
            return false;
        if (reading->raws_count == before)
            return take_usual(reader, reading);
        return hits_of(reader, reading, true);
    }
    return hits_of(reader, reading, false);
}

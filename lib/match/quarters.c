/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream gives the sums of one list plus another in order. For each row of the first list a heap holds the sum with the row of the
 * second list that is next; what is taken out makes room for its successor. The low half ascends, the high half descends, and what
 * of the high half fits the low sum at hand stands in a ring.
 */
#include "match/quarters.h"

#define LIST_MAX (1u << (O2C__QUARTERS_ITEMS / 4))
#define RING 65536u /* sums of the high half that fit one low sum; a window is narrow */

struct list {
    int64_t *sums; /* ascending */
    uint64_t *masks;
    uint32_t count;
};
struct head {
    int64_t sum;
    uint32_t a, b; /* rows of the lists */
};
struct stream {
    struct list a, b;
    struct head *heap;
    uint32_t count;
    int64_t most;
    bool falls;
};
struct fitting {
    int64_t sum;
    uint64_t mask;
};
struct search {
    const struct o2c__quarters *of;
    o2c__memory *memory;
    struct stream low, high;
    struct list spare;
    struct fitting *ring;
    uint32_t first, fitting;
};

static bool
list_alloc(struct search *s, struct list *list)
{
    list->sums = o2c__alloc_array(s->memory, LIST_MAX, sizeof *list->sums);
    list->masks = o2c__alloc_array(s->memory, LIST_MAX, sizeof *list->masks);
    return list->sums && list->masks;
}

static void
list_free(struct search *s, struct list *list)
{
    o2c__release(s->memory, list->sums, LIST_MAX * sizeof *list->sums);
    o2c__release(s->memory, list->masks, LIST_MAX * sizeof *list->masks);
}

/* One item more: the list with it and without it, merged. */
static void
list_grow(struct search *s, struct list *list, uint32_t row)
{
    const int64_t amount = s->of->amounts[row];
    const struct list from = *list;
    struct list to = s->spare;
    uint32_t i = 0, k = 0;
    for (to.count = 0; i < from.count || k < from.count; to.count++) {
        bool without = i < from.count && (k == from.count || from.sums[i] <= from.sums[k] + amount);
        uint32_t at = without ? i++ : k++;
        if (!without && from.sums[at] + amount > s->of->most)
            break; /* all that follow are above it too */
        to.sums[to.count] = from.sums[at] + (without ? 0 : amount);
        to.masks[to.count] = from.masks[at] | (without ? 0 : UINT64_C(1) << row);
    }
    s->spare = from;
    *list = to;
}

/* Every fourth item, so that large and small ones stand in each quarter. */
static bool
list_fill(struct search *s, struct list *list, uint32_t quarter)
{
    list->count = 1;
    list->sums[0] = 0;
    list->masks[0] = 0;
    for (uint32_t row = quarter; row < s->of->count; row += 4) {
        list_grow(s, list, row);
        if (!s->of->work(s->of->self, list->count))
            return false;
    }
    return true;
}

/* ---- a heap of heads; equal sums by rows, so that there is one order */

static bool
before(const struct stream *stream, const struct head *x, const struct head *y)
{
    if (x->sum != y->sum)
        return stream->falls ? x->sum > y->sum : x->sum < y->sum;
    return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static void
sink(struct stream *stream, uint32_t at)
{
    struct head head = stream->heap[at];
    while (2 * at + 1 < stream->count) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < stream->count && before(stream, &stream->heap[child + 1], &stream->heap[child]))
            child++;
        if (!before(stream, &stream->heap[child], &head))
            break;
        stream->heap[at] = stream->heap[child];
        at = child;
    }
    stream->heap[at] = head;
}

/* Each row of the first list with its smallest partner, or with the largest that keeps below the most. */
static void
stream_start(struct stream *stream)
{
    uint32_t b = stream->falls ? stream->b.count : 1;
    stream->count = 0;
    for (uint32_t a = 0; a < stream->a.count; a++) {
        while (b > 0 && stream->a.sums[a] + stream->b.sums[b - 1] > stream->most)
            b--;
        if (b == 0)
            break;
        stream->heap[stream->count++] = (struct head){ stream->a.sums[a] + stream->b.sums[b - 1], a, b - 1 };
    }
    for (uint32_t at = stream->count / 2; at-- > 0;)
        sink(stream, at);
}

static void
stream_next(struct stream *stream)
{
    struct head *top = &stream->heap[0];
    bool more = stream->falls ? top->b > 0 : top->b + 1 < stream->b.count;
    if (more) {
        top->b = stream->falls ? top->b - 1 : top->b + 1;
        top->sum = stream->a.sums[top->a] + stream->b.sums[top->b];
        more = top->sum <= stream->most;
    }
    if (!more)
        *top = stream->heap[--stream->count];
    if (stream->count)
        sink(stream, 0);
}

static uint64_t
mask_of(const struct stream *stream)
{
    return stream->a.masks[stream->heap[0].a] | stream->b.masks[stream->heap[0].b];
}

/* ---- both halves meet */

/* Brings what fits the low sum into the ring, and drops what has become too much. */
static bool
fit(struct search *s, int64_t low)
{
    while (s->fitting && s->ring[s->first].sum + low > s->of->most) {
        s->first = (s->first + 1) % RING;
        s->fitting--;
    }
    while (s->high.count && s->high.heap[0].sum + low >= s->of->least) {
        if (s->high.heap[0].sum + low <= s->of->most) {
            if (s->fitting == RING)
                return false;
            s->ring[(s->first + s->fitting++) % RING] = (struct fitting){ s->high.heap[0].sum, mask_of(&s->high) };
        }
        stream_next(&s->high);
        if (!s->of->work(s->of->self, O2C__QUARTERS_STEP))
            return false;
    }
    return true;
}

static bool
meet(struct search *s)
{
    while (s->low.count) {
        int64_t low = s->low.heap[0].sum;
        uint64_t mask = mask_of(&s->low);
        if (!fit(s, low) || !s->of->work(s->of->self, O2C__QUARTERS_STEP))
            return false;
        for (uint32_t i = 0; i < s->fitting; i++) {
            const struct fitting *one = &s->ring[(s->first + i) % RING];
            if (!s->of->found(s->of->self, mask | one->mask, low + one->sum))
                return false;
        }
        stream_next(&s->low);
    }
    return true;
}

static bool
stream_alloc(struct search *s, struct stream *stream, bool falls)
{
    stream->falls = falls;
    stream->most = s->of->most;
    stream->heap = o2c__alloc_array(s->memory, LIST_MAX, sizeof *stream->heap);
    bool a = list_alloc(s, &stream->a), b = list_alloc(s, &stream->b);
    return stream->heap && a && b;
}

static void
stream_free(struct search *s, struct stream *stream)
{
    list_free(s, &stream->a);
    list_free(s, &stream->b);
    o2c__release(s->memory, stream->heap, LIST_MAX * sizeof *stream->heap);
}

static enum o2c__quarters_end
find(struct search *s)
{
    bool low = stream_alloc(s, &s->low, false), high = stream_alloc(s, &s->high, true), spare = list_alloc(s, &s->spare);
    s->ring = o2c__alloc_array(s->memory, RING, sizeof *s->ring);
    if (!low || !high || !spare || !s->ring)
        return O2C__QUARTERS_NO_MEMORY;
    if (!list_fill(s, &s->low.a, 0) || !list_fill(s, &s->low.b, 1) || !list_fill(s, &s->high.a, 2) || !list_fill(s, &s->high.b, 3))
        return O2C__QUARTERS_STOPPED;
    stream_start(&s->low);
    stream_start(&s->high);
    return meet(s) ? O2C__QUARTERS_ALL : O2C__QUARTERS_STOPPED;
}

enum o2c__quarters_end
o2c__quarters_find(const struct o2c__quarters *quarters, o2c__memory *memory)
{
    struct search s = { .of = quarters, .memory = memory };
    if (quarters->count > O2C__QUARTERS_ITEMS)
        return O2C__QUARTERS_STOPPED;
    enum o2c__quarters_end end = find(&s);
    stream_free(&s, &s.low);
    stream_free(&s, &s.high);
    list_free(&s, &s.spare);
    o2c__release(memory, s.ring, RING * sizeof *s.ring);
    return end;
}

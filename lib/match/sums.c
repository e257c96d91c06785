/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Table i holds the sums of the first i items. Only every √n-th is kept on the way up; on the way down each block of items is built
 * again from the table before it, so that 2·√n tables are held and each is built twice. Down goes a front of partial sets: a sum
 * that is still to be made, and the items taken so far. A sum is followed only where the table says that the items below can make
 * it, so every one of the front becomes a set at least, and the front is never longer than the sets there are.
 */
#include "match/sums.h"

struct partial {
    int64_t left; /* units still to be made */
    int64_t sum;
    uint64_t bits[O2C__SUMS_WORDS];
};
struct tables {
    const struct o2c__sums *sums;
    o2c__memory *memory;
    uint64_t words;     /* of one table */
    uint32_t stride, kept_count;
    uint64_t *kept;     /* tables 0, stride, 2·stride … */
    uint64_t *block;    /* the tables of one block, stride + 1 of them */
    struct partial *front;
    uint32_t front_count;
    int64_t most;       /* units */
};

static uint32_t
stride_of(uint32_t count)
{
    uint32_t root = 1;
    while (root * root < count)
        root++;
    return root;
}

static uint64_t
words_of(int64_t most, int64_t unit)
{
    return (uint64_t)(most / unit) / 64 + 1;
}

uint64_t
o2c__sums_words(uint32_t count, int64_t most, int64_t unit)
{
    return 2 * (uint64_t)count * words_of(most, unit);
}

uint64_t
o2c__sums_bytes(uint32_t count, int64_t most, int64_t unit, uint32_t sets_max)
{
    uint32_t stride = stride_of(count);
    return (uint64_t)(count / stride + stride + 2) * words_of(most, unit) * sizeof(uint64_t) + (uint64_t)sets_max * sizeof(struct partial);
}

/* to = what `from` reaches, with one item more or without it. */
static void
add_item(uint64_t *restrict to, const uint64_t *restrict from, uint64_t words, uint64_t by)
{
    uint64_t whole = by / 64, part = by % 64;
    uint64_t below = whole < words ? whole : words;
    memcpy(to, from, below * sizeof *to);
    if (part == 0) {
        for (uint64_t w = below; w < words; w++)
            to[w] = from[w] | from[w - whole];
        return;
    }
    if (below < words)
        to[below] = from[below] | from[0] << part;
    for (uint64_t w = below + 1; w < words; w++)
        to[w] = from[w] | from[w - whole] << part | from[w - whole - 1] >> (64 - part);
}

static bool
has(const uint64_t *table, int64_t sum)
{
    return sum >= 0 && (table[sum / 64] >> (sum % 64) & 1);
}

/* The words that the first so many items can reach at all. */
static uint64_t
reached(const struct tables *t, int64_t sum)
{
    uint64_t words = (uint64_t)(sum < t->most ? sum : t->most) / 64 + 1;
    return words < t->words ? words : t->words;
}

static uint64_t *
block_table(const struct tables *t, uint32_t i)
{
    return t->block + i * t->words;
}

/* Tables of the items from `first` on, up to stride of them, from the one in place 0 of the block. Above what they reach all is zero. */
static bool
build_block(struct tables *t, uint32_t first, uint32_t count, int64_t before)
{
    const struct o2c__sums *sums = t->sums;
    for (uint32_t i = 0; i < count; i++) {
        int64_t by = sums->amounts[first + i] / sums->unit;
        before += by;
        uint64_t words = reached(t, before);
        add_item(block_table(t, i + 1), block_table(t, i), words, (uint64_t)by);
        memset(block_table(t, i + 1) + words, 0, (t->words - words) * sizeof(uint64_t));
        if (!sums->work(sums->self, words / O2C__SUMS_PER_OPERATION + 1))
            return false;
    }
    return true;
}

static uint32_t
block_count(const struct tables *t, uint32_t block)
{
    uint32_t first = block * t->stride, left = t->sums->count - first;
    return left < t->stride ? left : t->stride;
}

/* Units of all items before the block. */
static int64_t
units_before(const struct tables *t, uint32_t block)
{
    int64_t units = 0;
    for (uint32_t i = 0; i < block * t->stride; i++)
        units += t->sums->amounts[i] / t->sums->unit;
    return units;
}

static bool
build_up(struct tables *t)
{
    memset(t->block, 0, t->words * sizeof *t->block);
    t->block[0] = 1;
    for (uint32_t block = 0; block < t->kept_count; block++) {
        uint32_t count = block_count(t, block);
        memcpy(t->kept + block * t->words, t->block, t->words * sizeof *t->kept);
        if (!build_block(t, block * t->stride, count, units_before(t, block)))
            return false;
        memcpy(t->block, block_table(t, count), t->words * sizeof *t->block);
    }
    return true;
}

/* Sums that are wanted and can be made, all windows together, each once. */
static bool
start_front(struct tables *t)
{
    const struct o2c__sums *sums = t->sums;
    for (uint32_t w = 0; w < sums->windows_count; w++) {
        int64_t low = sums->windows[w].low < 0 ? 0 : sums->windows[w].low;
        for (int64_t sum = (low + sums->unit - 1) / sums->unit; sum <= t->most && sum * sums->unit <= sums->windows[w].high; sum++) {
            bool before = false;
            if (sum % 64 == 0 && !sums->work(sums->self, 1))
                return false;
            for (uint32_t k = 0; k < w; k++)
                before = before || (sum * sums->unit >= sums->windows[k].low && sum * sums->unit <= sums->windows[k].high);
            if (before || !has(t->block, sum))
                continue;
            if (t->front_count == sums->sets_max)
                return false;
            t->front[t->front_count++] = (struct partial){ .left = sum, .sum = sum * sums->unit };
        }
    }
    return true;
}

/* Each of the front without this item, with it, or both. `below` is the table of the items before it. */
static bool
take_item(struct tables *t, uint32_t row, const uint64_t *below)
{
    int64_t by = t->sums->amounts[row] / t->sums->unit;
    for (uint32_t i = t->front_count; i-- > 0;) {
        struct partial *one = &t->front[i];
        bool without = has(below, one->left);
        if (!has(below, one->left - by))
            continue;
        if (without) {
            if (t->front_count == t->sums->sets_max)
                return false;
            t->front[t->front_count] = *one;
            one = &t->front[t->front_count++];
        }
        one->left -= by;
        one->bits[row / 64] |= UINT64_C(1) << (row % 64);
    }
    return true;
}

static bool
walk_down(struct tables *t)
{
    for (uint32_t block = t->kept_count; block-- > 0;) {
        uint32_t count = block_count(t, block);
        memcpy(t->block, t->kept + block * t->words, t->words * sizeof *t->block);
        if (!build_block(t, block * t->stride, count, units_before(t, block)))
            return false;
        for (uint32_t i = count; i-- > 0;)
            if (!t->sums->work(t->sums->self, t->front_count) || !take_item(t, block * t->stride + i, block_table(t, i)))
                return false;
    }
    return true;
}

static bool
tables_alloc(struct tables *t)
{
    t->kept = o2c__alloc_array(t->memory, (size_t)t->kept_count * t->words, sizeof *t->kept);
    t->block = o2c__alloc_array(t->memory, ((size_t)t->stride + 1) * t->words, sizeof *t->block);
    t->front = o2c__alloc_array(t->memory, t->sums->sets_max, sizeof *t->front);
    return t->kept && t->block && t->front;
}

static void
tables_free(struct tables *t)
{
    o2c__release(t->memory, t->kept, (size_t)t->kept_count * t->words * sizeof *t->kept);
    o2c__release(t->memory, t->block, ((size_t)t->stride + 1) * t->words * sizeof *t->block);
    o2c__release(t->memory, t->front, (size_t)t->sums->sets_max * sizeof *t->front);
}

static enum o2c__sums_end
find(struct tables *t)
{
    const struct o2c__sums *sums = t->sums;
    if (!tables_alloc(t))
        return O2C__SUMS_NO_MEMORY;
    if (!sums->work(sums->self, (t->kept_count + t->stride + 1) * t->words) || !build_up(t) || !start_front(t) || !walk_down(t))
        return O2C__SUMS_STOPPED;
    for (uint32_t i = 0; i < t->front_count; i++)
        if (!sums->found(sums->self, t->front[i].bits, t->front[i].sum))
            return O2C__SUMS_STOPPED;
    return O2C__SUMS_ALL;
}

enum o2c__sums_end
o2c__sums_find(const struct o2c__sums *sums, o2c__memory *memory)
{
    struct tables t = { .sums = sums, .memory = memory };
    int64_t total = 0, most = -1;
    for (uint32_t i = 0; i < sums->count; i++)
        total += sums->amounts[i];
    for (uint32_t w = 0; w < sums->windows_count; w++)
        most = sums->windows[w].high > most ? sums->windows[w].high : most;
    if (sums->windows_count == 0 || most < 0)
        return O2C__SUMS_ALL;
    most = most < total ? most : total;
    t.most = most / sums->unit;
    t.words = words_of(most, sums->unit);
    t.stride = stride_of(sums->count);
    t.kept_count = sums->count ? (sums->count + t.stride - 1) / t.stride : 1;
    enum o2c__sums_end end = find(&t);
    tables_free(&t);
    return end;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting without recursion and without memory of its own: the C library's qsort asks malloc, which an allocator cannot see. */
#include "match/pool.h"

#define RUN 8u

static void
sort_run(uint32_t *numbers, size_t n, int (*compare)(const void *self, uint32_t a, uint32_t b), const void *self)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t number = numbers[i];
        size_t at = i;
        for (; at > 0 && compare(self, numbers[at - 1], number) > 0; at--)
            numbers[at] = numbers[at - 1];
        numbers[at] = number;
    }
}

static void
merge(const uint32_t *from, uint32_t *to, size_t left, size_t middle, size_t right,
      int (*compare)(const void *self, uint32_t a, uint32_t b), const void *self)
{
    size_t a = left, b = middle;
    for (size_t i = left; i < right; i++) {
        bool take_a = a < middle && (b >= right || compare(self, from[a], from[b]) <= 0);
        to[i] = take_a ? from[a++] : from[b++];
    }
}

void
o2c__sort(uint32_t *numbers, uint32_t *scratch, size_t n, int (*compare)(const void *self, uint32_t a, uint32_t b), const void *self)
{
    uint32_t *from = numbers, *to = scratch;
    for (size_t at = 0; at < n; at += RUN)
        sort_run(numbers + at, n - at < RUN ? n - at : RUN, compare, self);
    for (size_t width = RUN; width < n; width *= 2) {
        for (size_t left = 0; left < n; left += 2 * width) {
            size_t middle = n - left < width ? n : left + width;
            size_t right = n - left < 2 * width ? n : left + 2 * width;
            merge(from, to, left, middle, right, compare, self);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != numbers && n > 0)
        memcpy(numbers, from, n * sizeof *numbers);
}

/* ---- radix */
#define GROUP 48u /* as many rows are put in order one by one */

static void
count_digits(const struct o2c__sort_row *rows, size_t n, unsigned digits, uint32_t counts[8][256])
{
    memset(counts, 0, sizeof(uint32_t) * 256 * digits);
    for (size_t i = 0; i < n; i++)
        for (unsigned digit = 0; digit < digits; digit++)
            counts[digit][rows[i].key >> (8 * digit) & 255]++;
}

/* How many rows have each digit → where the first of them goes. */
static void
places_of(uint32_t counts[256])
{
    uint32_t at = 0;
    for (unsigned i = 0; i < 256; i++) {
        uint32_t here = counts[i];
        counts[i] = at;
        at += here;
    }
}

static void
scatter(const struct o2c__sort_row *from, struct o2c__sort_row *to, size_t n, unsigned digit, uint32_t counts[256])
{
    places_of(counts);
    for (size_t i = 0; i < n; i++)
        to[counts[from[i].key >> (8 * digit) & 255]++] = from[i];
}

/* By the lowest digits; true = the sorted rows stand in scratch. */
static bool
sort_digits(struct o2c__sort_row *rows, struct o2c__sort_row *scratch, size_t n, unsigned digits)
{
    uint32_t counts[8][256];
    bool moved = false;
    count_digits(rows, n, digits, counts);
    for (unsigned digit = 0; digit < digits; digit++) {
        /* A digit that is the same everywhere moves nothing. */
        if (counts[digit][rows[0].key >> (8 * digit) & 255] == n)
            continue;
        scatter(rows, scratch, n, digit, counts[digit]);
        struct o2c__sort_row *swap = rows;
        rows = scratch;
        scratch = swap;
        moved = !moved;
    }
    return moved;
}

static void
sort_group(struct o2c__sort_row *rows, struct o2c__sort_row *scratch, size_t n, unsigned digits)
{
    if (n > GROUP) {
        if (sort_digits(rows, scratch, n, digits))
            memcpy(rows, scratch, n * sizeof *rows);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct o2c__sort_row row = rows[i];
        size_t at = i;
        for (; at > 0 && rows[at - 1].key > row.key; at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

static unsigned
width(uint64_t bits)
{
    return bits ? 64 - (unsigned)__builtin_clzll(bits) : 0;
}

/* Bits from the lowest on that are out of order: without them no key is smaller than the one before it. groups: how often the rest changes;
 * all: bits of the largest key. */
static unsigned
bits_out_of_order(const struct o2c__sort_row *rows, size_t n, size_t *groups, unsigned *all)
{
    uint64_t wrong = 0, any = n ? rows[0].key : 0;
    for (size_t i = 1; i < n; i++) {
        wrong |= rows[i].key < rows[i - 1].key ? rows[i].key ^ rows[i - 1].key : 0;
        any |= rows[i].key;
    }
    unsigned bits = width(wrong);
    *all = width(any);
    *groups = 1;
    for (size_t i = 1; i < n && bits < *all; i++)
        *groups += rows[i].key >> bits != rows[i - 1].key >> bits;
    return bits;
}

/* Rows often come account by account: then only what stands within one is sorted. */
void
o2c__sort_keys(struct o2c__sort_row **rows, struct o2c__sort_row **scratch, size_t n)
{
    size_t groups;
    unsigned all, bits = bits_out_of_order(*rows, n, &groups, &all);
    if (bits == 0)
        return;
    if (groups < n / GROUP + 2) {
        if (sort_digits(*rows, *scratch, n, (all + 7) / 8)) {
            struct o2c__sort_row *swap = *rows;
            *rows = *scratch;
            *scratch = swap;
        }
        return;
    }
    for (size_t first = 0, last; first < n; first = last) {
        for (last = first + 1; last < n && (*rows)[last].key >> bits == (*rows)[first].key >> bits; last++)
            ;
        sort_group(*rows + first, *scratch, last - first, (bits + 7) / 8);
    }
}

/* ---- narrow rows: a key of 32 bits above the number of a row, half as many bytes to move */
static void
scatter_narrow(const uint64_t *from, uint64_t *to, size_t n, unsigned shift, uint32_t counts[256])
{
    places_of(counts);
    for (size_t i = 0; i < n; i++)
        to[counts[from[i] >> shift & 255]++] = from[i];
}

uint64_t *
o2c__sort_narrow(uint64_t *rows, uint64_t *scratch, size_t n)
{
    uint32_t counts[4][256];
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < n; i++)
        for (unsigned digit = 0; digit < 4; digit++)
            counts[digit][rows[i] >> (32 + 8 * digit) & 255]++;
    for (unsigned digit = 0; digit < 4 && n > 0; digit++) {
        unsigned shift = 32 + 8 * digit;
        if (counts[digit][rows[0] >> shift & 255] == n)
            continue;
        scatter_narrow(rows, scratch, n, shift, counts[digit]);
        uint64_t *swap = rows;
        rows = scratch;
        scratch = swap;
    }
    return rows;
}

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
static void
count_digits(const struct o2c__sort_row *rows, size_t n, uint32_t counts[8][256])
{
    memset(counts, 0, sizeof(uint32_t) * 8 * 256);
    for (size_t i = 0; i < n; i++)
        for (unsigned digit = 0; digit < 8; digit++)
            counts[digit][rows[i].key >> (8 * digit) & 255]++;
}

static void
scatter(const struct o2c__sort_row *from, struct o2c__sort_row *to, size_t n, unsigned digit, uint32_t counts[256])
{
    uint32_t at = 0;
    for (unsigned i = 0; i < 256; i++) {
        uint32_t here = counts[i];
        counts[i] = at;
        at += here;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[from[i].key >> (8 * digit) & 255]++] = from[i];
}

void
o2c__sort_keys(struct o2c__sort_row **rows, struct o2c__sort_row **scratch, size_t n)
{
    uint32_t counts[8][256];
    if (n == 0)
        return;
    count_digits(*rows, n, counts);
    for (unsigned digit = 0; digit < 8; digit++) {
        /* A digit that is the same everywhere moves nothing. */
        if (counts[digit][(*rows)[0].key >> (8 * digit) & 255] == n)
            continue;
        scatter(*rows, *scratch, n, digit, counts[digit]);
        struct o2c__sort_row *swap = *rows;
        *rows = *scratch;
        *scratch = swap;
    }
}

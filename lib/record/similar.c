/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jaro-Winkler similarity in integers (Winkler 1990): matches inside a window of ⌊longest ÷ 2⌋ − 1, t = half the matched bytes out
 * of order, J = (m/|a| + m/|b| + (m − t)/m) ÷ 3, JW = J + ℓ·0.1·(1 − J), ℓ = common prefix ≤ 4. The answer is rounded down, in ppm.
 */
#include "record/record.h"

#define NAME_BYTES_MAX 256u /* longer names are compared by their first bytes: a bound for the work and for the flags below */

struct matches {
    uint64_t a[NAME_BYTES_MAX / 64], b[NAME_BYTES_MAX / 64];
    uint32_t count;
};

static bool
is_set(const uint64_t *flags, size_t i)
{
    return flags[i / 64] >> (i % 64) & 1;
}

static void
set(uint64_t *flags, size_t i)
{
    flags[i / 64] |= UINT64_C(1) << (i % 64);
}

static void
match(o2c_str a, o2c_str b, struct matches *out)
{
    size_t longest = a.len > b.len ? a.len : b.len;
    size_t window = longest / 2 > 1 ? longest / 2 - 1 : 0;
    for (size_t i = 0; i < a.len; i++) {
        size_t from = i > window ? i - window : 0;
        size_t to = i + window + 1 < b.len ? i + window + 1 : b.len;
        for (size_t j = from; j < to; j++) {
            if (is_set(out->b, j) || a.ptr[i] != b.ptr[j])
                continue;
            set(out->a, i);
            set(out->b, j);
            out->count++;
            break;
        }
    }
}

/* Matched bytes that stand in another order: twice t. */
static uint32_t
out_of_order(o2c_str a, o2c_str b, const struct matches *matches)
{
    uint32_t count = 0;
    size_t j = 0;
    for (size_t i = 0; i < a.len; i++) {
        if (!is_set(matches->a, i))
            continue;
        while (j < b.len && !is_set(matches->b, j))
            j++;
        count += j < b.len && a.ptr[i] != b.ptr[j];
        j++;
    }
    return count;
}

/* The lowest bits … of a word; a window may begin below the first byte and end behind the last one. */
static uint64_t
bits_below(size_t count)
{
    return count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
}

/*
 * The same for names that fit into a word: every byte of b has a word of its places, so that the first free place inside the window is
 * the lowest bit of an intersection. Only the entries that a and b ask for are cleared: the table is larger than the work.
 */
static void
match_short(o2c_str a, o2c_str b, struct matches *out)
{
    uint64_t places[256];
    size_t longest = a.len > b.len ? a.len : b.len;
    size_t window = longest / 2 > 1 ? longest / 2 - 1 : 0;
    for (size_t i = 0; i < a.len; i++)
        places[(uint8_t)a.ptr[i]] = 0;
    for (size_t j = 0; j < b.len; j++)
        places[(uint8_t)b.ptr[j]] = 0;
    for (size_t j = 0; j < b.len; j++)
        places[(uint8_t)b.ptr[j]] |= UINT64_C(1) << j;
    for (size_t i = 0; i < a.len; i++) {
        uint64_t inside = bits_below(i + window + 1) & ~bits_below(i > window ? i - window : 0);
        uint64_t free = places[(uint8_t)a.ptr[i]] & inside & ~out->b[0];
        out->b[0] |= free & (0 - free);
        out->a[0] |= (uint64_t)(free != 0) << i;
        out->count += free != 0;
    }
}

static uint32_t
out_of_order_short(o2c_str a, o2c_str b, const struct matches *matches)
{
    uint64_t left = matches->a[0], right = matches->b[0];
    uint32_t count = 0;
    for (; left && right; left &= left - 1, right &= right - 1)
        count += a.ptr[__builtin_ctzll(left)] != b.ptr[__builtin_ctzll(right)];
    return count;
}

uint32_t
o2c__jaro_winkler_ppm(o2c_str a, o2c_str b)
{
    struct matches matches = { .count = 0 };
    a.len = a.len < NAME_BYTES_MAX ? a.len : NAME_BYTES_MAX;
    b.len = b.len < NAME_BYTES_MAX ? b.len : NAME_BYTES_MAX;
    bool word = a.len <= 64 && b.len <= 64;
    if (word)
        match_short(a, b, &matches);
    else
        match(a, b, &matches);
    if (matches.count == 0)
        return 0;
    uint64_t m = matches.count, prefix = 0, swapped = word ? out_of_order_short(a, b, &matches) : out_of_order(a, b, &matches);
    uint64_t over = 2 * m * m * (a.len + b.len) + (2 * m - swapped) * a.len * b.len;
    uint64_t under = 6 * m * a.len * b.len; /* J = over ÷ under */
    while (prefix < 4 && prefix < a.len && prefix < b.len && a.ptr[prefix] == b.ptr[prefix])
        prefix++;
    return (uint32_t)(1000000 * (over * 10 + prefix * (under - over)) / (10 * under));
}

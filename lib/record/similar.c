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

uint32_t
o2c__jaro_winkler_ppm(o2c_str a, o2c_str b)
{
    struct matches matches = { .count = 0 };
    a.len = a.len < NAME_BYTES_MAX ? a.len : NAME_BYTES_MAX;
    b.len = b.len < NAME_BYTES_MAX ? b.len : NAME_BYTES_MAX;
    match(a, b, &matches);
    if (matches.count == 0)
        return 0;
    uint64_t m = matches.count, prefix = 0;
    uint64_t over = 2 * m * m * (a.len + b.len) + (2 * m - out_of_order(a, b, &matches)) * a.len * b.len;
    uint64_t under = 6 * m * a.len * b.len; /* J = over ÷ under */
    while (prefix < 4 && prefix < a.len && prefix < b.len && a.ptr[prefix] == b.ptr[prefix])
        prefix++;
    return (uint32_t)(1000000 * (over * 10 + prefix * (under - over)) / (10 * under));
}

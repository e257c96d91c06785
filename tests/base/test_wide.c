/* SPDX-License-Identifier: Apache-2.0 */
/* Checked arithmetic, and both twins of the wide one against each other and against cases worked out by hand. */
#include "base/base.h"
#include "support/tap.h"

static uint64_t
next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static const int64_t edges[] = {
    0, 1, -1, 2, -2, 3, -3, 7, 10, 99, 100, 10000, INT32_MAX, INT32_MIN, INT64_C(4294967296), INT64_C(4294967295),
    INT64_C(-4294967296), INT64_C(3037000499), INT64_C(3037000500), INT64_MAX, INT64_MAX - 1, INT64_MIN, INT64_MIN + 1,
    INT64_MAX / 2, INT64_MIN / 2, INT64_C(1000000000000000), INT64_C(-999999999999999989),
};

static void
muldiv__rounds_half_away_from_zero(void)
{
    static const struct {
        int64_t a, b, c;
        bool fits;
        int64_t result;
    } rows[] = {
        { 10, 1, 4, true, 3 },   { -10, 1, 4, true, -3 },  { 10, -1, 4, true, -3 }, { 10, 1, -4, true, -3 }, { -10, -1, -4, true, -3 },
        { 9, 1, 4, true, 2 },    { -9, 1, 4, true, -2 },   { 11, 1, 4, true, 3 },   { 1, 1, 2, true, 1 },    { 1, 1, 3, true, 0 },
        { -1, 1, 2, true, -1 },  { -1, 1, 3, true, 0 },    { 5, 0, 7, true, 0 },    { 5, 7, 0, false, 0 },
        /* 2 % discount of 1,234.56: 24.6912 */
        { 123456, 20000, 1000000, true, 2469 },
        /* the product needs 128 bits, the quotient does not */
        { INT64_MAX, INT64_MAX, INT64_MAX, true, INT64_MAX },
        { INT64_MIN, INT64_MAX, INT64_MAX, true, INT64_MIN },
        { INT64_MIN, INT64_MIN, INT64_MIN, true, INT64_MIN },
        { INT64_MIN, 1, 1, true, INT64_MIN },
        { INT64_MIN, -1, 1, false, 0 },
        { INT64_MIN, 1, -1, false, 0 },
        { INT64_MAX, 2, 1, false, 0 },
        { INT64_MAX, 3, 2, false, 0 },
        { INT64_MAX, INT64_MAX, 1, false, 0 },
        { INT64_MIN, INT64_MIN, 1, false, 0 },
        /* rounding itself overflows: (2^63 - 1)·2 + 1 over 2 would be 2^63 */
        { INT64_MAX, 4294967297, 4294967296, false, 0 },
        { INT64_C(6148914691236517205), 3, 2, false, 0 },  /* 9223372036854775807.5 */
        { INT64_C(-6148914691236517205), 3, 2, true, INT64_MIN },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        int64_t one = 42, two = 42;
        CU_ASSERT_EQUAL(o2c__muldiv(rows[i].a, rows[i].b, rows[i].c, &one), rows[i].fits);
        CU_ASSERT_EQUAL(o2c__muldiv_portable(rows[i].a, rows[i].b, rows[i].c, &two), rows[i].fits);
        CU_ASSERT_EQUAL(one, rows[i].fits ? rows[i].result : 42);
        CU_ASSERT_EQUAL(two, rows[i].fits ? rows[i].result : 42);
    }
}

static void
floor__is_unsigned_and_saturates(void)
{
    static const uint64_t max = UINT64_MAX;
    const struct {
        uint64_t a, b, c, result;
    } rows[] = {
        { 10, 1, 4, 2 },        { 11, 1, 4, 2 },  { 0, max, 1, 0 },         { 5, 5, 0, max },   { max, max, max, max },
        { max, 2, 1, max },     { max, 1, 1, max }, { max, max, max - 1, max }, { max - 1, max, max, max - 1 },
        { UINT64_C(1) << 63, 2, 3, UINT64_C(6148914691236517205) }, { 1000000, UINT64_C(9223372036854775807), 1000000, INT64_MAX },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        CU_ASSERT_EQUAL(o2c__muldiv_floor(rows[i].a, rows[i].b, rows[i].c), rows[i].result);
        CU_ASSERT_EQUAL(o2c__muldiv_floor_portable(rows[i].a, rows[i].b, rows[i].c), rows[i].result);
    }
}

static unsigned
differ(int64_t a, int64_t b, int64_t c)
{
    int64_t one = 42, two = 42;
    bool fits = o2c__muldiv(a, b, c, &one), same = o2c__muldiv_portable(a, b, c, &two) == fits && one == two;
    bool floors = o2c__muldiv_floor((uint64_t)a, (uint64_t)b, (uint64_t)c) ==
                  o2c__muldiv_floor_portable((uint64_t)a, (uint64_t)b, (uint64_t)c);
    return !same || !floors;
}

static void
twins__agree_on_edges_and_at_random(void)
{
    unsigned wrong = 0;
    uint64_t state = UINT64_C(0x9E3779B97F4A7C15);
    for (size_t i = 0; i < TAP_COUNT(edges); i++)
        for (size_t j = 0; j < TAP_COUNT(edges); j++)
            for (size_t k = 0; k < TAP_COUNT(edges); k++)
                wrong += differ(edges[i], edges[j], edges[k]);
    for (int i = 0; i < 300000; i++) {
        /* Widths from 1 to 64 bits, so that quotients of every size appear. */
        uint64_t a = next(&state) >> (next(&state) % 64), b = next(&state) >> (next(&state) % 64), c = next(&state) >> (next(&state) % 64);
        wrong += differ((int64_t)a, (int64_t)b, (int64_t)c) + differ(-(int64_t)(a >> 1), (int64_t)b, (int64_t)c);
        wrong += differ((int64_t)(a * b), (int64_t)c, (int64_t)c);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void
mix__is_the_same_without_a_wide_integer(void)
{
    unsigned wrong = 0;
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < TAP_COUNT(edges); i++)
        for (size_t j = 0; j < TAP_COUNT(edges); j++)
            wrong += o2c__mix((uint64_t)edges[i], (uint64_t)edges[j]) != o2c__mix_portable((uint64_t)edges[i], (uint64_t)edges[j]);
    for (int i = 0; i < 200000; i++) {
        uint64_t a = next(&state), b = next(&state);
        wrong += o2c__mix(a, b) != o2c__mix_portable(a, b);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    /* (2^64 - 1)² = 2^128 - 2^65 + 1 */
    uint64_t high, low;
    o2c__multiply_wide(UINT64_MAX, UINT64_MAX, &high, &low);
    CU_ASSERT(high == UINT64_MAX - 1 && low == 1);
    CU_ASSERT_NOT_EQUAL(o2c__mix(1, 2), o2c__mix(2, 1));
}

static void
checked__refuses_overflow_and_leaves_the_result(void)
{
    int64_t out = 42;
    CU_ASSERT_FALSE(o2c__add(INT64_MAX, 1, &out));
    CU_ASSERT_FALSE(o2c__add(INT64_MIN, -1, &out));
    CU_ASSERT_FALSE(o2c__subtract(INT64_MIN, 1, &out));
    CU_ASSERT_FALSE(o2c__subtract(0, INT64_MIN, &out));
    CU_ASSERT_FALSE(o2c__multiply(INT64_MAX, 2, &out));
    CU_ASSERT_FALSE(o2c__multiply(INT64_MIN, -1, &out));
    CU_ASSERT_EQUAL(out, 42);
    CU_ASSERT(o2c__add(INT64_MAX - 1, 1, &out) && out == INT64_MAX);
    CU_ASSERT(o2c__subtract(-1, INT64_MAX, &out) && out == INT64_MIN);
    CU_ASSERT(o2c__multiply(-3, 7, &out) && out == -21);
}

static const struct tap_test tests[] = {
    { "muldiv__rounds_half_away_from_zero", muldiv__rounds_half_away_from_zero },
    { "floor__is_unsigned_and_saturates", floor__is_unsigned_and_saturates },
    { "twins__agree_on_edges_and_at_random", twins__agree_on_edges_and_at_random },
    { "mix__is_the_same_without_a_wide_integer", mix__is_the_same_without_a_wide_integer },
    { "checked__refuses_overflow_and_leaves_the_result", checked__refuses_overflow_and_leaves_the_result },
};
int
main(void)
{
    return tap_run("base/wide", tests, TAP_COUNT(tests));
}

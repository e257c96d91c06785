/* SPDX-License-Identifier: Apache-2.0 */
/*
 * a·b ÷ c with a product of 128 bits, twice: by the compiler's wide integer where there is one, and by two words of 64 bits.
 * Both are compiled and compared everywhere, so that a machine without the wide integer gives the same cents.
 */
#include "base/base.h"

struct ratio {
    uint64_t quotient, rest;
};

/* The quotient of high·2^64 + low by divisor, bit by bit; high < divisor, so it fits one word. */
static struct ratio
divide(uint64_t high, uint64_t low, uint64_t divisor)
{
    uint64_t quotient = 0, rest = high;
    for (int bit = 63; bit >= 0; bit--) {
        bool carry = rest >> 63;
        rest = rest << 1 | (low >> bit & 1);
        /* With a carry the rest stands above 2^64: the subtraction wraps around to the true value. */
        if (carry || rest >= divisor) {
            rest -= divisor;
            quotient |= UINT64_C(1) << bit;
        }
    }
    return (struct ratio){ quotient, rest };
}

static bool
ratio_portable(uint64_t a, uint64_t b, uint64_t c, struct ratio *out)
{
    uint64_t high, low;
    o2c__multiply_wide(a, b, &high, &low);
    if (high >= c)
        return false;
    *out = high ? divide(high, low, c) : (struct ratio){ low / c, low % c };
    return true;
}

#ifdef __SIZEOF_INT128__
static bool
ratio_wide(uint64_t a, uint64_t b, uint64_t c, struct ratio *out)
{
    o2c__u128 product = (o2c__u128)a * b;
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    if (high >= c)
        return false;
    out->quotient = high ? (uint64_t)(product / c) : low / c;
    out->rest = low - out->quotient * c;
    return true;
}
#else
#define ratio_wide ratio_portable
#endif

static uint64_t
magnitude(int64_t value)
{
    return value < 0 ? UINT64_C(0) - (uint64_t)value : (uint64_t)value;
}

/* Half away from zero, then the sign: false when it does not fit. */
static bool
round_signed(struct ratio ratio, uint64_t divisor, bool negative, int64_t *out)
{
    uint64_t up = ratio.rest >= divisor - ratio.rest ? 1 : 0;
    uint64_t max = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    if (ratio.quotient > max - up)
        return false;
    uint64_t value = ratio.quotient + up;
    /* The smallest number has no positive twin, hence the detour by one. */
    *out = !negative ? (int64_t)value : value == 0 ? 0 : -(int64_t)(value - 1) - 1;
    return true;
}

bool
o2c__muldiv(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    struct ratio ratio;
    bool negative = ((a < 0) ^ (b < 0)) != (c < 0);
    return c != 0 && ratio_wide(magnitude(a), magnitude(b), magnitude(c), &ratio) &&
           round_signed(ratio, magnitude(c), negative, out);
}

bool
o2c__muldiv_portable(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    struct ratio ratio;
    bool negative = ((a < 0) ^ (b < 0)) != (c < 0);
    return c != 0 && ratio_portable(magnitude(a), magnitude(b), magnitude(c), &ratio) &&
           round_signed(ratio, magnitude(c), negative, out);
}

uint64_t
o2c__muldiv_floor(uint64_t a, uint64_t b, uint64_t c)
{
    struct ratio ratio;
    return c != 0 && ratio_wide(a, b, c, &ratio) ? ratio.quotient : UINT64_MAX;
}

uint64_t
o2c__muldiv_floor_portable(uint64_t a, uint64_t b, uint64_t c)
{
    struct ratio ratio;
    return c != 0 && ratio_portable(a, b, c, &ratio) ? ratio.quotient : UINT64_MAX;
}

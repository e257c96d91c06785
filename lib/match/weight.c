/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weights are natural logarithms in Q16; masses are exponentials in Q40. Integers and committed tables only, so that every machine
 * computes the same posterior. Vectors: ln 2 = 45,426; ln 10 = 150,902; ln C(40, 5) = 877,984.
 */
#include "match/match.h"
#include "match/tables.h"

/* x·y ÷ 2^32, and the high word of a product: one multiplication where there is a wide type, else narrow products; the same bits. */
#ifdef __SIZEOF_INT128__
static uint64_t
multiply_shift(uint64_t x, uint64_t y)
{
    return (uint64_t)((o2c__u128)x * y >> 32);
}
static uint64_t
multiply_high(uint64_t a, uint64_t b)
{
    return (uint64_t)((o2c__u128)a * b >> 64);
}
#else
static uint64_t
multiply_shift(uint64_t x, uint64_t y)
{
    return (x >> 32) * y + (((x & 0xFFFFFFFFu) * y) >> 32);
}
static uint64_t
multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a_low = a & 0xFFFFFFFFu, a_high = a >> 32;
    uint64_t b_low = b & 0xFFFFFFFFu, b_high = b >> 32;
    uint64_t middle = a_high * b_low + ((a_low * b_low) >> 32);
    uint64_t carry = a_low * b_high + (middle & 0xFFFFFFFFu);
    return a_high * b_high + (middle >> 32) + (carry >> 32);
}
#endif

/* n = 2^e · x with 1 ≤ x < 2; the table brings x within 1/256 above 1, and the series takes three terms: error below 2^-33. */
static int64_t
ln_q40(uint64_t n)
{
    uint32_t zeros = (uint32_t)__builtin_clzll(n | 1);
    uint64_t x = n << zeros;
    uint32_t row = (uint32_t)(x >> 55) & 255;
    uint64_t inverse = o2c__ln_inverse[row];
    uint64_t near_one = multiply_shift(x, inverse);
    uint64_t r = (near_one - (UINT64_C(1) << 63)) >> 23;
    uint64_t square = (r * r) >> 40;
    uint64_t cube = (square * r) >> 40;
    return (int64_t)((63 - zeros) * O2C__LN2_Q40 + o2c__ln_step[row] + r - square / 2 + cube / 3);
}

/* Rounds to nearest, halves up, without shifting a negative number. */
static int32_t
q16_from_q40(int64_t value)
{
    int64_t half = INT64_C(1) << 23;
    if (value >= -half)
        return (int32_t)((value + half) >> 24);
    return -(int32_t)((-value + half - 1) >> 24);
}

int32_t
o2c__ln_u64(uint64_t n)
{
    return q16_from_q40(ln_q40(n));
}

/* Of a power of two the table says nothing and the series is empty: most ratios are to the one of Q40. */
static int64_t
ln_power_q40(uint64_t power)
{
    return (int64_t)((63 - (uint32_t)__builtin_clzll(power)) * O2C__LN2_Q40);
}

int32_t
o2c__ln_ratio(uint64_t a, uint64_t b)
{
    bool power = b && (b & (b - 1)) == 0;
    return q16_from_q40(ln_q40(a) - (power ? ln_power_q40(b) : ln_q40(b)));
}

uint64_t
o2c__exp_q40(int64_t w)
{
    if (w >= 0)
        return UINT64_C(1) << 40;
    if (w < -(INT64_C(28) << 16))
        return 0;
    uint32_t x = (uint32_t)-w;
    uint64_t q62 = multiply_high(o2c__exp_whole[x >> 16], o2c__exp_high[(x >> 8) & 255]);
    q62 = multiply_high(q62 << 1, o2c__exp_low[x & 255]);
    return (q62 + (UINT64_C(1) << 21)) >> 22;
}

int32_t
o2c__ln_binomial(uint32_t n, uint32_t k)
{
    if (n >= O2C__FACTORIALS)
        n = O2C__FACTORIALS - 1;
    if (k >= n)
        return 0;
    uint64_t q32 = o2c__ln_factorial[n] - o2c__ln_factorial[k] - o2c__ln_factorial[n - k];
    return (int32_t)((q32 + (1u << 15)) >> 16);
}

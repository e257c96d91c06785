/* SPDX-License-Identifier: Apache-2.0 */
#include "bound.h"

#include <stdbool.h>

__extension__ typedef unsigned __int128 wide;

/* mantissa · 2^exponent, mantissa with its top bit set; 0 is { 0, 0 }. */
struct number {
    uint64_t mantissa;
    int32_t exponent;
};
#define BILLION UINT64_C(1000000000)

/* Rounds up: what falls off the end counts as one more. */
static struct number
number_of(wide value, int32_t exponent)
{
    if (value == 0)
        return (struct number){ 0, 0 };
    bool lost = false;
    while (value >> 64) {
        lost = lost || (value & 1);
        value >>= 1;
        exponent++;
    }
    if (lost && ++value >> 64) {
        value >>= 1;
        exponent++;
    }
    while (!(value >> 63 & 1)) {
        value <<= 1;
        exponent--;
    }
    return (struct number){ (uint64_t)value, exponent };
}

static struct number
times(struct number a, struct number b)
{
    return number_of((wide)a.mantissa * b.mantissa, a.exponent + b.exponent);
}

/* a · num ÷ den, upward. */
static struct number
scaled(struct number a, uint64_t num, uint64_t den)
{
    struct number product = times(a, number_of(num, 0));
    wide shifted = (wide)product.mantissa << 62, quotient = shifted / den;
    return number_of(quotient + (quotient * den != shifted), product.exponent - 62);
}

static struct number
plus(struct number a, struct number b)
{
    if (a.mantissa == 0 || b.mantissa == 0)
        return a.mantissa ? a : b;
    if (a.exponent < b.exponent || (a.exponent == b.exponent && a.mantissa < b.mantissa)) {
        struct number swap = a;
        a = b;
        b = swap;
    }
    uint32_t gap = (uint32_t)(a.exponent - b.exponent);
    wide small = gap < 63 ? ((wide)b.mantissa << 62 >> gap) + 1 : 1;
    return number_of(((wide)a.mantissa << 62) + small, a.exponent - 62);
}

static struct number
power(struct number base, uint64_t exponent)
{
    struct number out = number_of(1, 0);
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            out = times(out, base);
        base = times(base, base);
    }
    return out;
}

/* P(at most `wrong` of `count` | share ppb) is at most 1 in 20. Σ over i of C(n,i) b^i (1−b)^(n−i), each term from the one before. */
static bool
unlikely(uint64_t wrong, uint64_t count, uint64_t ppb)
{
    struct number term = power(scaled(number_of(BILLION - ppb, 0), 1, BILLION), count);
    struct number sum = term;
    for (uint64_t i = 1; i <= wrong; i++) {
        term = scaled(scaled(term, count - i + 1, i), ppb, BILLION - ppb);
        sum = plus(sum, term);
    }
    struct number twenty = times(sum, number_of(20, 0));
    return twenty.exponent + 63 < 0 || (twenty.exponent + 63 == 0 && twenty.mantissa == UINT64_C(1) << 63);
}

uint32_t
bound_ppb(uint64_t wrong, uint64_t count)
{
    uint64_t low = 0, high = BILLION;
    if (count == 0 || wrong >= count)
        return (uint32_t)BILLION;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (unlikely(wrong, count, middle))
            high = middle;
        else
            low = middle;
    }
    return (uint32_t)high;
}

uint32_t
bound_ppm(uint64_t wrong, uint64_t count)
{
    return (bound_ppb(wrong, count) + 999) / 1000;
}

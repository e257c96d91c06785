/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The upper bound that releases a class: the smallest rate, in whole ppm, at which so few wrong lines would be seen with a chance of 5 %
 * at most (Clopper and Pearson 1934, one-sided). The chance is added up in numbers of 64 bits with an exponent, every step rounded up,
 * so that the bound is never too low.
 */
#include "match/match.h"

#define WRONG_MAX (UINT64_C(1) << 20) /* terms that are added up; above it Hoeffding's bound stands in */
#define LINES_MAX (UINT64_C(1) << 40)
#define PPM 1000000u

/* digits · 2^exponent, the top bit of digits set */
struct wide {
    uint64_t digits;
    int64_t exponent;
};

static struct wide
normal(uint64_t digits, int64_t exponent)
{
    int shift = __builtin_clzll(digits);
    return (struct wide){ digits << shift, exponent - shift };
}

/* One step up in the last digit. */
static struct wide
up(struct wide x)
{
    if (x.digits == UINT64_MAX)
        return (struct wide){ UINT64_C(1) << 63, x.exponent + 1 };
    x.digits++;
    return x;
}

static struct wide
multiply(struct wide a, struct wide b)
{
    uint64_t high, low;
    struct wide out = { 0, a.exponent + b.exponent + 64 };
    o2c__multiply_wide(a.digits, b.digits, &high, &low);
    if (!(high >> 63)) {
        high = high << 1 | low >> 63;
        low <<= 1;
        out.exponent--;
    }
    out.digits = high;
    return low ? up(out) : out;
}

/* a ÷ b, both above zero. */
static struct wide
ratio(uint64_t a, uint64_t b)
{
    struct wide x = normal(a, 0), y = normal(b, 0);
    uint64_t half = x.digits >> 1; /* below the divisor, so that the quotient fits */
    uint64_t quotient = o2c__muldiv_floor(half, UINT64_C(1) << 63, y.digits);
    return normal(quotient + 2, x.exponent - y.exponent + 1 - 63); /* one for the digit halving lost, one for the rest */
}

static struct wide
add(struct wide a, struct wide b)
{
    if (a.exponent < b.exponent) {
        struct wide swap = a;
        a = b;
        b = swap;
    }
    int64_t shift = a.exponent - b.exponent;
    if (shift >= 64)
        return up(a);
    uint64_t small = b.digits >> shift, sum = a.digits + small;
    struct wide out = { sum, a.exponent };
    if (sum < small)
        out = (struct wide){ sum >> 1 | UINT64_C(1) << 63, a.exponent + 1 };
    return up(out);
}

static struct wide
power(struct wide x, uint64_t n)
{
    struct wide out = { UINT64_C(1) << 63, -63 };
    for (; n; n >>= 1) {
        if (n & 1)
            out = multiply(out, x);
        x = multiply(x, x);
    }
    return out;
}

static bool
above_twentieth(struct wide x)
{
    const struct wide twentieth = { UINT64_C(0xCCCCCCCCCCCCCCCC), -68 };
    return x.exponent != twentieth.exponent ? x.exponent > twentieth.exponent : x.digits > twentieth.digits;
}

/* Would at most so many wrong lines be seen with a chance above 5 % if the rate were so high? */
static bool
likely(uint64_t wrong, uint64_t lines, uint32_t rate_ppm)
{
    struct wide term = power(ratio(PPM - rate_ppm, PPM), lines), sum = term;
    for (uint64_t i = 0; i < wrong && !above_twentieth(sum); i++) {
        term = multiply(term, ratio((lines - i) * rate_ppm, (i + 1) * (PPM - rate_ppm)));
        sum = add(sum, term);
    }
    return above_twentieth(sum);
}

/* wrong ÷ lines + √(ln 20 ÷ (2 · lines)), in ppm and rounded up: never below the exact bound. */
static uint32_t
hoeffding(uint64_t wrong, uint64_t lines)
{
    uint64_t share = o2c__muldiv_floor(wrong, PPM, lines) + 1;
    uint64_t square = UINT64_C(1500000000000) / lines + 1, root = 0; /* 1.5 · 10^12 ÷ lines = (ppm)² */
    for (uint64_t bit = UINT64_C(1) << 21; bit; bit >>= 1)
        if ((root | bit) * (root | bit) <= square)
            root |= bit;
    return share + root + 1 < PPM ? (uint32_t)(share + root + 1) : PPM;
}

uint32_t
o2c_match_bound_ppm(uint64_t wrong, uint64_t lines)
{
    uint32_t low = 1, high = PPM; /* high is always a bound */
    if (wrong >= lines)
        return PPM;
    if (wrong > WRONG_MAX || lines > LINES_MAX)
        return hoeffding(wrong, lines);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (likely(wrong, lines, middle))
            low = middle + 1;
        else
            high = middle;
    }
    return high;
}

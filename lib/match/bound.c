/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The upper bound that releases a class: the smallest rate, in whole ppm, at which so few wrong lines would be seen with a chance of 5 %
 * at most (Clopper and Pearson 1934, one-sided). The chance is added up in numbers of 64 bits with an exponent, every step rounded up,
 * so that the bound is never too low.
 */
#include "match/learn.h"
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

/* One-sided: 95 % leaves a chance of a twentieth, 97.5 % of a fortieth. */
struct level {
    struct wide chance;
    uint64_t square; /* ln(1 ÷ chance) ÷ 2, in ppm², rounded up */
};
static const struct level level_95 = { { UINT64_C(0xCCCCCCCCCCCCCCCC), -68 }, UINT64_C(1500000000000) };
static const struct level level_975 = { { UINT64_C(0xCCCCCCCCCCCCCCCC), -69 }, UINT64_C(1844500000000) };

static bool
above(struct wide x, struct wide y)
{
    return x.exponent != y.exponent ? x.exponent > y.exponent : x.digits > y.digits;
}

/* Would at most so many wrong lines be seen with more than that chance if the rate were so high? */
static bool
likely(uint64_t wrong, uint64_t lines, uint32_t rate_ppm, const struct level *level)
{
    struct wide term = power(ratio(PPM - rate_ppm, PPM), lines), sum = term;
    for (uint64_t i = 0; i < wrong && !above(sum, level->chance); i++) {
        term = multiply(term, ratio((lines - i) * rate_ppm, (i + 1) * (PPM - rate_ppm)));
        sum = add(sum, term);
    }
    return above(sum, level->chance);
}

/* wrong ÷ lines + √(ln(1 ÷ chance) ÷ (2 · lines)), in ppm and rounded up: never below the exact bound. */
static uint32_t
hoeffding(uint64_t wrong, uint64_t lines, const struct level *level)
{
    uint64_t share = o2c__muldiv_floor(wrong, PPM, lines) + 1;
    uint64_t square = level->square / lines + 1, root = 0;
    for (uint64_t bit = UINT64_C(1) << 21; bit; bit >>= 1)
        if ((root | bit) * (root | bit) <= square)
            root |= bit;
    return share + root + 1 < PPM ? (uint32_t)(share + root + 1) : PPM;
}

static uint32_t
bound(uint64_t wrong, uint64_t lines, const struct level *level)
{
    uint32_t low = 1, high = PPM; /* high is always a bound */
    if (wrong >= lines)
        return PPM;
    if (wrong > WRONG_MAX || lines > LINES_MAX)
        return hoeffding(wrong, lines, level);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (likely(wrong, lines, middle, level))
            low = middle + 1;
        else
            high = middle;
    }
    return high;
}

uint32_t
o2c_match_bound_ppm(uint64_t wrong, uint64_t lines)
{
    return bound(wrong, lines, &level_95);
}

/* Each factor may fail with a chance of a fortieth, so both hold together with 95 %. */
uint32_t
o2c_match_judged_bound_ppm(uint64_t different, uint64_t lines, uint64_t against, uint64_t drawn)
{
    uint32_t plain = bound(different, lines, &level_95);
    if (drawn == 0 || against > drawn)
        return plain;
    uint64_t both = (uint64_t)bound(different, lines, &level_975) * bound(against, drawn, &level_975);
    uint32_t judged = (uint32_t)((both + PPM - 1) / PPM);
    return judged < plain ? judged : plain;
}

uint32_t
o2c__bound_against_ppm(uint64_t against, uint64_t drawn)
{
    return bound(against, drawn, &level_975);
}

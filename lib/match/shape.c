/* SPDX-License-Identifier: Apache-2.0 */
/* In which shapes do digits of a text write a number of ours, and what does that weigh (MATCHER 5.5, 14)? */
#include "match/model.h"
#include "match/shape.h"
#include "match/tables.h"
#include "match/text.h"

#define LN_TEN 150902       /* ln 10, Q16 */

static bool
same(const char *a, const char *b, size_t len)
{
    return memcmp(a, b, len) == 0;
}

static uint32_t
bit(uint32_t shape)
{
    return (uint32_t)1 << shape;
}

/* Behind the last separator of our number, where there is one. */
static uint32_t
fit_group(o2c_str seen, const struct o2c__forms *ours)
{
    o2c_str group = o2c__last_group(ours);
    size_t zeros = 0;
    if (group.len >= ours->digits_len)
        return 0;
    if (seen.len == group.len && same(seen.ptr, group.ptr, seen.len))
        return bit(O2C__SHAPE_GROUP);
    while (zeros < group.len && group.ptr[zeros] == '0')
        zeros++;
    bool plain = zeros && seen.len == group.len - zeros && same(seen.ptr, group.ptr + zeros, seen.len);
    return plain ? bit(O2C__SHAPE_GROUP_PLAIN) : 0;
}

/* Shorter than ours: its end or its beginning. */
static uint32_t
fit_part(o2c_str seen, o2c_str ours, uint32_t zeros)
{
    uint32_t lost = (uint32_t)(ours.len - seen.len), len = (uint32_t)seen.len, shapes = 0;
    if (same(seen.ptr, ours.ptr + lost, len)) {
        if (lost == zeros)
            shapes |= bit(O2C__SHAPE_PLAIN);
        if (len <= O2C__SHAPE_LAST_MAX)
            shapes |= bit(O2C__SHAPE_LAST + len - O2C__SHAPE_LAST_MIN);
    }
    if (lost <= O2C__SHAPE_LEFT_OUT_MAX && same(seen.ptr, ours.ptr, len))
        shapes |= bit(O2C__SHAPE_LEFT_OUT + lost - 1);
    return shapes;
}

/* Longer than ours: digits of his own before or behind. */
static uint32_t
fit_added(o2c_str seen, o2c_str ours)
{
    uint32_t more = (uint32_t)(seen.len - ours.len), shapes = 0;
    if (ours.len < O2C__GLUED_MIN)
        return 0;
    if (more <= O2C__SHAPE_BEFORE_MAX && same(seen.ptr + more, ours.ptr, ours.len))
        shapes |= bit(O2C__SHAPE_BEFORE + more - 1);
    if (more <= O2C__SHAPE_BEHIND_MAX && same(seen.ptr, ours.ptr, ours.len))
        shapes |= bit(O2C__SHAPE_BEHIND + more - 1);
    return shapes;
}

uint32_t
o2c__shapes_that_fit(o2c_str seen, const struct o2c__forms *ours)
{
    o2c_str digits = { ours->full + ours->digits_at, ours->digits_len };
    if (digits.len == 0 || seen.len < O2C__SHAPE_LAST_MIN || seen.len == digits.len)
        return 0;
    if (seen.len > digits.len)
        return fit_added(seen, digits);
    return fit_group(seen, ours) | fit_part(seen, digits, ours->zeros);
}

/* ---- names */

static const char *const names[] = {
    "last group",          "last group without zeros", "without leading zeros", "last 4 digits",         "last 5 digits",
    "last 6 digits",       "last 7 digits",            "last 8 digits",         "last 9 digits",         "last 10 digits",
    "last 11 digits",      "last 12 digits",           "last digit left out",   "last 2 digits left out", "last 3 digits left out",
    "last 4 digits left out", "1 digit before it",     "2 digits before it",    "3 digits before it",    "4 digits before it",
    "5 digits before it",  "6 digits before it",       "1 digit behind it",     "2 digits behind it",    "3 digits behind it",
    "4 digits behind it",
};
_Static_assert(O2C__COUNT(names) == O2C__SHAPES, "every shape has a name");

o2c_str
o2c__shape_name(uint32_t shape)
{
    return o2c__str(names[shape]);
}

uint32_t
o2c__shape_named(o2c_str name)
{
    uint32_t shape = 0;
    while (shape < O2C__SHAPES && !o2c__str_equal(name, o2c__str(names[shape])))
        shape++;
    return shape;
}

/* ---- weight */

/* R of what is left of our number: never more than the number itself would prove. */
static int32_t
ln_left(uint32_t shape, o2c_str seen, const struct o2c__forms *ours, int32_t ln_range)
{
    if (shape == O2C__SHAPE_PLAIN || shape >= O2C__SHAPE_BEFORE)
        return ln_range;
    if (shape >= O2C__SHAPE_LEFT_OUT) {
        int32_t left = ln_range - (int32_t)(ours->digits_len - seen.len) * LN_TEN;
        return left > 0 ? left : 0;
    }
    uint32_t len = shape <= O2C__SHAPE_GROUP_PLAIN ? (uint32_t)o2c__last_group(ours).len : (uint32_t)seen.len;
    int32_t floor = o2c__series_ln_range(0, 0, len);
    return floor < ln_range ? floor : ln_range;
}

int32_t
o2c__shape_ln(uint32_t shape, o2c_str seen, const struct o2c__forms *ours, int32_t ln_range)
{
    return O2C__LN_OWN_KIND + ln_left(shape, seen, ours, ln_range);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way a customer writes our numbers: the last four digits, without the series, with digits of his own before them. A shape is learned
 * of a customer by name (MATCHER 14), like a bank account, and looked for among his own items only.
 */
#ifndef O2C__MATCH_SHAPE_H
#define O2C__MATCH_SHAPE_H
#include "match/index.h"
#include "match/match.h"

#define O2C__SHAPE_LAST_MIN 4u
#define O2C__SHAPE_LAST_MAX 12u
#define O2C__SHAPE_LEFT_OUT_MAX 4u
#define O2C__SHAPE_BEFORE_MAX 6u
#define O2C__SHAPE_BEHIND_MAX 4u

/* The first of several that fit is the one that is learned. */
enum {
    O2C__SHAPE_GROUP,       /* the digits behind the last separator: series and year left out */
    O2C__SHAPE_GROUP_PLAIN, /* the same without leading zeros */
    O2C__SHAPE_PLAIN,       /* all digits, without leading zeros */
    O2C__SHAPE_LAST,        /* the last 4 … 12 digits */
    O2C__SHAPE_LEFT_OUT = O2C__SHAPE_LAST + O2C__SHAPE_LAST_MAX - O2C__SHAPE_LAST_MIN + 1, /* the last 1 … 4 digits left out */
    O2C__SHAPE_BEFORE = O2C__SHAPE_LEFT_OUT + O2C__SHAPE_LEFT_OUT_MAX,                     /* 1 … 6 other digits before ours */
    O2C__SHAPE_BEHIND = O2C__SHAPE_BEFORE + O2C__SHAPE_BEFORE_MAX,                         /* 1 … 4 other digits behind ours */
    O2C__SHAPES = O2C__SHAPE_BEHIND + O2C__SHAPE_BEHIND_MAX
};
_Static_assert(O2C__SHAPES <= 32, "a set of shapes is one word");

/* ---- shape.c: digits as they stand in a text against a number of ours */
/* Shapes in which these digits write this number, a bit each; 0 = none, or the number as it is printed. */
uint32_t o2c__shapes_that_fit(o2c_str seen, const struct o2c__forms *ours);
/* What people read of it. */
o2c_str o2c__shape_name(uint32_t shape);
/* The shape of this name; O2C__SHAPES = none. */
uint32_t o2c__shape_named(o2c_str name);
/* ln m·R ÷ D of digits in a shape that the customer is known to use, Q16; ln_range is that of our number. */
int32_t o2c__shape_ln(uint32_t shape, o2c_str seen, const struct o2c__forms *ours, int32_t ln_range);

/* ---- shape_known.c: what the model knows of one customer */
#define O2C__SHAPE_DAYS 360 /* not seen for so long, a shape is no longer looked for */
struct o2c__shapes {
    uint32_t bits;              /* confirmed, not revoked, seen lately */
    uint32_t rows[O2C__SHAPES]; /* of the learned table; defined where the bit is set */
};
void o2c__shapes_of(const o2c_match_model *model, o2c_str account, struct o2c__shapes *out);

/* ---- shape_written.c: in which shapes does a text write a number? */
struct o2c__written {
    uint32_t shapes; /* a bit each */
    bool exact;      /* the number stands there as it is printed besides, with all its digits */
};
/* false = no memory; the arena gives what it needs. */
bool o2c__shapes_written(o2c__arena *arena, o2c_str text, o2c_str document, struct o2c__written *out);
#endif

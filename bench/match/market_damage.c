/* SPDX-License-Identifier: Apache-2.0 */
/* A document number as a payer writes it: as printed, reshaped, or damaged. */
#include <string.h>

#include "market_inside.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_separator(char c)
{
    return c == '-' || c == '/' || c == ' ' || c == '.';
}

/* Where the digits of the number itself begin: behind INV-2026- and the like. */
static size_t
prefix_of(const char *printed)
{
    const char *dash = strrchr(printed, '-'), *slash = strrchr(printed, '/');
    return dash ? (size_t)(dash - printed) + 1 : slash ? (size_t)(slash - printed) + 1 : 0;
}

enum how
market_how(struct market_random *random)
{
    static const enum how damages[] = { HOW_SUBSTITUTED, HOW_TRANSPOSED, HOW_OCR, HOW_CUT_LEFT, HOW_CUT_RIGHT };
    uint32_t p = (uint32_t)market_below(random, 100);
    if (p >= 95)
        return damages[market_below(random, 5)];
    return p < 60 ? HOW_VERBATIM : p < 75 ? HOW_RESHAPED : p < 85 ? HOW_DROPPED : HOW_NO_PREFIX;
}

/* Another separator or small letters; a number without any is written in groups of three or with a point. */
static size_t
reshape(struct market_random *random, const char *printed, char *out)
{
    size_t len = 0, count = strlen(printed);
    char sign = " ./"[market_below(random, 3)];
    bool plain = prefix_of(printed) == 0, small = market_below(random, 2);
    for (size_t i = 0; i < count; i++) {
        if (plain && i == (count == 10 ? 4 : count / 2))
            out[len++] = sign == '/' ? ' ' : sign;
        if (is_separator(printed[i]))
            out[len++] = sign;
        else
            out[len++] = small && printed[i] >= 'A' && printed[i] <= 'Z' ? (char)(printed[i] + 32) : printed[i];
    }
    return len;
}

static size_t
drop_separators(const char *printed, char *out)
{
    size_t len = 0;
    for (; *printed; printed++) {
        if (!is_separator(*printed))
            out[len++] = *printed;
    }
    return len;
}

/* Without letters, year and leading zeros; of a bare number nothing is a prefix but its zeros. */
static size_t
drop_prefix(const char *printed, char *out)
{
    printed += prefix_of(printed);
    while (*printed == '0')
        printed++;
    size_t len = strlen(printed);
    memcpy(out, printed, len);
    return len;
}

/* Damage falls on the digits that tell documents apart, not on the prefix. */
static size_t
damage(struct market_random *random, const char *printed, enum how how, char *out)
{
    static const char from[] = "0152868", to[] = "OISZBGB";
    size_t len = strlen(printed), start = prefix_of(printed);
    memcpy(out, printed, len + 1);
    size_t at = start + market_below(random, len - start);
    if (how == HOW_SUBSTITUTED)
        out[at] = (char)('0' + (out[at] - '0' + 1 + (int)market_below(random, 9)) % 10);
    for (size_t tries = 0; how == HOW_TRANSPOSED && tries < 12; tries++) {
        at = start + market_below(random, len - start - 1);
        if (out[at] != out[at + 1]) {
            char held = out[at];
            out[at] = out[at + 1];
            out[at + 1] = held;
            break;
        }
    }
    for (size_t tries = 0; how == HOW_OCR && tries < len; tries++) {
        const char *found = is_digit(out[at]) ? strchr(from, out[at]) : NULL;
        if (found) {
            out[at] = to[found - from];
            break;
        }
        at = at + 1 < len ? at + 1 : start;
    }
    size_t cut = 1 + market_below(random, 2);
    if (how == HOW_CUT_LEFT) {
        memmove(out, printed + start + cut, len - start - cut + 1);
        len = len - start - cut;
    }
    return how == HOW_CUT_RIGHT ? len - cut : len;
}

size_t
market_render(struct market_random *random, const char *printed, enum how how, char out[48])
{
    size_t len = strlen(printed);
    switch (how) {
    case HOW_VERBATIM:
        memcpy(out, printed, len);
        break;
    case HOW_RESHAPED:
        len = reshape(random, printed, out);
        break;
    case HOW_DROPPED:
        len = drop_separators(printed, out);
        break;
    case HOW_NO_PREFIX:
        len = drop_prefix(printed, out);
        break;
    default:
        len = damage(random, printed, how, out);
        break;
    }
    out[len] = 0;
    return len;
}

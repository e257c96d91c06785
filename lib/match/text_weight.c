/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ln L of a hit: L = m·R·B ÷ (τ·D·V) (MATCHER 5.5). m = how often a payer writes it that way, R = size of the live number range, B =
 * what check digits prove, τ = accidental tokens of this shape in a text, D and V = results that the same damage could have had.
 */
#include "match/text.h"

/* Logarithms in Q16; tests/match/test_text.c recomputes them. */
#define LN_TAU_PREFIX (-196328)   /* ln .05 */

static uint32_t
check_factor(int32_t scheme)
{
    switch (scheme) {
    case O2C_SCHEME_RF:
    case O2C_SCHEME_OGM:
        return 97;
    case O2C_SCHEME_QRR:
    case O2C_SCHEME_VIITE:
    case O2C_SCHEME_KID:
    case O2C_SCHEME_OCR:
        return 10;
    default:
        return 1;
    }
}

static int32_t
ln_frequency(uint8_t error)
{
    return error == O2C__REF_NORMALIZED || error == O2C__REF_LIST ? O2C__LN_NORMALIZED : O2C__LN_OWN_KIND;
}

int32_t
o2c__text_weight(int32_t ln_range, uint8_t error, bool bare, int32_t scheme, uint32_t accident)
{
    int32_t weight = ln_frequency(error) + ln_range - (bare ? O2C__LN_TAU_BARE : LN_TAU_PREFIX);
    uint32_t factor = error == O2C__REF_STRUCTURED || error == O2C__REF_LINE ? check_factor(scheme) : 1;
    if (factor > 1)
        weight += o2c__ln_u64(factor);
    return accident > 1 ? weight - o2c__ln_u64(accident) : weight;
}

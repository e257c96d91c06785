/* SPDX-License-Identifier: Apache-2.0 */
/* The forms under which a reference is found. */
#include "match/index.h"
#include "match/text_class.h"

/* Letters and digits in a row, and where separators stood between them; false at the first byte that is not ASCII. */
static bool
squeeze(o2c_str text, struct o2c__forms *out)
{
    uint32_t count = 0, digits = 0;
    uint64_t cuts = 0, apart = 0;
    for (size_t i = 0; i < text.len; i++) {
        if ((uint8_t)text.ptr[i] >= 128)
            return false;
        char byte = o2c__text_class[(uint8_t)text.ptr[i]];
        if (!byte) {
            apart = 1;
            continue;
        }
        cuts |= apart << count;
        apart = 0;
        digits += (uint32_t)o2c__text_is_digit(byte);
        out->full[count++] = byte;
    }
    out->cuts = cuts & ~UINT64_C(1);
    out->full_len = count;
    out->digits = digits;
    out->letters = count - digits;
    return true;
}

/* The digits stand alone only when no letter stands between them. */
static void
find_digits(struct o2c__forms *out)
{
    uint32_t at = 0;
    while (at < out->full_len && !o2c__text_is_digit(out->full[at]))
        at++;
    uint32_t end = at;
    while (end < out->full_len && o2c__text_is_digit(out->full[end]))
        end++;
    if (end - at != out->digits)
        return;
    out->digits_at = at;
    out->digits_len = end - at;
    while (out->zeros < out->digits_len && out->full[at + out->zeros] == '0')
        out->zeros++;
}

static void
loosen(struct o2c__forms *out)
{
    bool inner = false, leading = true;
    uint32_t count = 0;
    for (uint32_t i = out->digits_at + out->zeros; i < out->digits_at + out->digits_len; i++) {
        bool last = i + 1 == out->digits_at + out->digits_len || (i + 1 < 64 && (out->cuts >> (i + 1) & 1));
        leading = leading || (out->cuts >> i & 1);
        if (leading && !last && out->full[i] == '0') {
            inner = true;
            continue;
        }
        leading = false;
        out->loose[count++] = out->full[i];
    }
    out->loose_len = inner && count >= O2C__SIGNIFICANT_MIN ? count : 0;
}

void
o2c__forms(o2c_str text, struct o2c__forms *out)
{
    char folded[O2C__REFERENCE_BYTES];
    out->loose_len = out->digits_at = out->digits_len = out->zeros = 0;
    if (text.len > O2C__REFERENCE_BYTES)
        text.len = O2C__REFERENCE_BYTES;
    if (!squeeze(text, out))
        squeeze((o2c_str){ folded, o2c__fold_reference(text.ptr, text.len, folded, NULL) }, out);
    if (out->digits)
        find_digits(out);
    if (out->cuts && out->digits_len)
        loosen(out);
}

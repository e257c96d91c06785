/* SPDX-License-Identifier: Apache-2.0 */
/* The forms under which a reference is found. */
#include "match/index.h"
#include "match/text_class.h"

/* Without the processor's own instruction, which the plain x86-64 has not, the compiler would call a function. */
static uint32_t
count_bits(uint64_t bits)
{
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (uint32_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

static uint32_t
lowest(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

/* Stretches of letters and digits, one behind the other; a cut where a separator stood between two of them. */
static void
squeeze(const char folded[], uint64_t bits, struct o2c__forms *out)
{
    uint32_t count = 0;
    out->cuts = 0;
    while (bits) {
        uint32_t at = lowest(bits), len = ~(bits >> at) ? lowest(~(bits >> at)) : O2C__TEXT_BLOCK - at;
        len = len < O2C__TEXT_BLOCK - at ? len : O2C__TEXT_BLOCK - at;
        if (count > 0)
            out->cuts |= UINT64_C(1) << count;
        o2c__text_copy(out->full + count, folded + at, len);
        count += len;
        bits = at + len < O2C__TEXT_BLOCK ? bits & ~UINT64_C(0) << (at + len) : 0;
    }
    out->full_len = count;
}

/* The digits stand alone only when no letter stands between them. */
static void
find_digits(uint64_t digits, uint64_t letters, struct o2c__forms *out)
{
    uint32_t first = lowest(digits), last = O2C__TEXT_BLOCK - 1 - (uint32_t)__builtin_clzll(digits);
    uint64_t before = letters & ((UINT64_C(1) << first) - 1), between = (letters & ~before) << (O2C__TEXT_BLOCK - 1 - last);
    if (between)
        return;
    out->digits_at = count_bits(before);
    out->digits_len = out->digits;
    while (out->zeros < out->digits_len && out->full[out->digits_at + out->zeros] == '0')
        out->zeros++;
}

/* Behind this place: where the next group of digits begins, or the end of all. */
static uint32_t
next_group(const struct o2c__forms *forms, uint32_t from, uint32_t end)
{
    uint64_t behind = from + 1 < O2C__TEXT_BLOCK ? forms->cuts >> (from + 1) : 0;
    return behind && from + 1 + lowest(behind) < end ? from + 1 + lowest(behind) : end;
}

/* Group by group without the zeros before it, but of a group of zeros one stays. */
static void
loosen(struct o2c__forms *out)
{
    uint32_t count = 0, end = out->digits_at + out->digits_len, next;
    bool inner = false;
    for (uint32_t from = out->digits_at + out->zeros; from < end; from = next) {
        uint32_t first = from;
        next = next_group(out, from, end);
        while (first + 1 < next && out->full[first] == '0')
            first++;
        inner = inner || first > from;
        o2c__text_copy(out->loose + count, out->full + first, next - first);
        count += next - first;
    }
    out->loose_len = inner && count >= O2C__SIGNIFICANT_MIN ? count : 0;
}

void
o2c__forms_plain(o2c_str text, struct o2c__forms *out)
{
    char bytes[O2C__TEXT_BLOCK], folded[O2C__TEXT_BLOCK + 16];
    uint64_t digits, letters;
    uint32_t len = text.len < O2C__TEXT_BLOCK ? (uint32_t)text.len : O2C__TEXT_BLOCK, whole = (len + 15) / 16 * 16;
    for (uint32_t at = 0; at < whole; at += 16)
        memset(bytes + at, 0, 16);
    memset(folded + whole, 0, 16);
    o2c__text_copy_exact(bytes, text.ptr, len);
    if (O2C__UNLIKELY(o2c__text_fold_some(bytes, whole, folded, &digits, &letters))) {
        memset(bytes, 0, sizeof bytes);
        memset(folded + O2C__TEXT_BLOCK, 0, 16);
        o2c__fold_reference(text.ptr, len, bytes, NULL);
        o2c__text_fold_block(bytes, folded, &digits, &letters);
    }
    squeeze(folded, digits | letters, out);
    out->loose_len = out->digits_at = out->digits_len = out->zeros = 0;
    out->digits = count_bits(digits);
    out->letters = out->full_len - out->digits;
    if (digits)
        find_digits(digits, letters, out);
}

void
o2c__forms_loosen(struct o2c__forms *forms)
{
    if (forms->cuts && forms->digits_len)
        loosen(forms);
}

void
o2c__forms(o2c_str text, struct o2c__forms *out)
{
    o2c__forms_plain(text, out);
    o2c__forms_loosen(out);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes the digits a payer wrote out of the digits we printed, and how often: ln of m ÷ (V·D) (MATCHER 5.5). m is the frequency of
 * the error, V how many results it could have had, D ten for each digit that is gone.
 */
#include "match/model.h"
#include "match/text.h"

#define LN_SUBSTITUTED (-316428) /* ln .008, Q16 */
#define LN_EXCHANGED (-361854)   /* ln .004 */
#define LN_TRUNCATED (-301804)   /* ln .01 */
#define LN_READ (-361854)        /* ln .004: letters for digits */
#define LN_GLUED (-361854)       /* ln .004 */
#define LN_PREFIX_LOST (-184380) /* ln .06, as whatever else is written otherwise without an error */
#define LOST_MAX 3u              /* digits; each costs a factor of ten */
#define LOST_FEW 2u              /* more only where five digits are left: shorter ones are years and house numbers */
#define LEFT_MIN 5u

static int32_t
same_length(const char *a, const char *b, uint32_t len)
{
    uint32_t first = 0, differ = 0;
    for (uint32_t i = len; i > 0; i--) {
        if (a[i - 1] != b[i - 1]) {
            differ++;
            first = i - 1;
        }
    }
    if (differ == 1)
        return LN_SUBSTITUTED - o2c__ln_u64(9 * (uint64_t)len);
    bool exchanged = differ == 2 && a[first] == b[first + 1] && a[first + 1] == b[first];
    return exchanged ? LN_EXCHANGED - o2c__ln_u64(len - 1) : 0;
}

int32_t
o2c__damage(o2c_str seen, o2c_str ours)
{
    static const uint64_t lost_ways[LOST_MAX + 1] = { 1, 10, 100, 1000 };
    if (seen.len == ours.len)
        return same_length(seen.ptr, ours.ptr, (uint32_t)ours.len);
    if (seen.len > ours.len || ours.len - seen.len > LOST_MAX)
        return 0;
    size_t lost = ours.len - seen.len;
    if (lost > LOST_FEW && seen.len < LEFT_MIN)
        return 0;
    bool kept = memcmp(seen.ptr, ours.ptr, seen.len) == 0 || memcmp(seen.ptr, ours.ptr + lost, seen.len) == 0;
    return kept ? LN_TRUNCATED - o2c__ln_u64(lost_ways[lost]) : 0;
}

/* The digits behind the last separator of our number: 40725798 of RE/2026/40725798. len 0 = there is none among its digits. */
o2c_str
o2c__last_group(const struct o2c__forms *forms)
{
    uint32_t from = forms->digits_at, end = forms->digits_at + forms->digits_len;
    for (uint32_t i = from + 1; i < end && i < 64; i++)
        if (forms->cuts >> i & 1)
            from = i;
    return (o2c_str){ forms->full + from, from > forms->digits_at ? end - from : 0 };
}

/* The series and the year were left out, perhaps zeros with them; perhaps a digit is wrong as well. */
int32_t
o2c__damage_prefix(o2c_str seen, const struct o2c__forms *forms, bool *out_whole, int32_t *out_ln_range)
{
    o2c_str group = o2c__last_group(forms);
    size_t zeros = 0;
    *out_whole = false;
    if (seen.len < LEFT_MIN || seen.len > group.len)
        return 0;
    *out_ln_range = o2c__series_ln_range(0, 0, (uint32_t)group.len);
    while (zeros < group.len && group.ptr[zeros] == '0')
        zeros++;
    *out_whole = (seen.len == group.len || seen.len == group.len - zeros) &&
                 memcmp(seen.ptr, group.ptr + (group.len - seen.len), seen.len) == 0;
    if (*out_whole)
        return LN_PREFIX_LOST;
    int32_t ln = seen.len == group.len ? same_length(seen.ptr, group.ptr, (uint32_t)group.len) : 0;
    return ln ? ln + LN_PREFIX_LOST : 0;
}

/* V = places of our number that could have been read so. */
int32_t
o2c__damage_read(o2c_str seen, o2c_str ours)
{
    uint32_t places = 0;
    if (seen.len != ours.len || memcmp(seen.ptr, ours.ptr, ours.len) != 0)
        return 0;
    for (size_t i = 0; i < ours.len; i++)
        places += ours.ptr[i] == '0' || ours.ptr[i] == '1' || ours.ptr[i] == '2' || ours.ptr[i] == '5' || ours.ptr[i] == '8';
    return LN_READ - (places > 1 ? o2c__ln_u64(places) : 0);
}

/* Where it starts: at the front, at the end, or behind numbers of its own length. V = places where the digits could be cut. */
int32_t
o2c__damage_glued(o2c_str seen, o2c_str ours, uint32_t *out_at)
{
    if (ours.len < O2C__GLUED_MIN || seen.len < ours.len + O2C__GLUED_MIN)
        return 0;
    size_t last = seen.len - ours.len;
    for (size_t at = 0; at <= last; at++) {
        bool border = at == 0 || at == last || (at % ours.len == 0 && seen.len % ours.len == 0);
        if (!border || memcmp(seen.ptr + at, ours.ptr, ours.len) != 0)
            continue;
        *out_at = (uint32_t)at;
        return LN_GLUED - o2c__ln_u64(seen.len - 1);
    }
    return 0;
}

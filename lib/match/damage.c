/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes the digits a payer wrote out of the digits we printed, and how often: ln of m ÷ (V·D) (MATCHER 5.5). m is the frequency of
 * the error, V how many results it could have had, D ten for each digit that is gone.
 */
#include "match/text.h"

#define LN_SUBSTITUTED (-316428) /* ln .008, Q16 */
#define LN_EXCHANGED (-361854)   /* ln .004 */
#define LN_TRUNCATED (-301804)   /* ln .01 */
#define LOST_MAX 3u              /* digits; each costs a factor of ten */

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
    bool kept = memcmp(seen.ptr, ours.ptr, seen.len) == 0 || memcmp(seen.ptr, ours.ptr + lost, seen.len) == 0;
    return kept ? LN_TRUNCATED - o2c__ln_u64(lost_ways[lost]) : 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of subset sums grow by merging, and two of them meet. */
#include "match/halves.h"

#define LANES 4u /* stretches of a merge that are written side by side */

static bool
half_alloc(o2c__arena *arena, struct o2c__half *half, uint32_t room)
{
    int64_t *sums = o2c__arena_alloc(arena, ((size_t)room + 2) * sizeof *sums);
    half->masks = o2c__arena_alloc(arena, ((size_t)room + 1) * sizeof *half->masks);
    if (!sums || !half->masks)
        return false;
    sums[0] = O2C__SCAN_BEFORE;
    half->sums = sums + 1;
    return true;
}

bool
o2c__halves_alloc(o2c__arena *arena, struct o2c__halves *halves, uint32_t room)
{
    halves->room = room;
    return half_alloc(arena, &halves->low, room) && half_alloc(arena, &halves->high, room) && half_alloc(arena, &halves->spare, room);
}

void
o2c__half_start(struct o2c__half *half)
{
    half->count = 1;
    half->sums[0] = 0;
    half->masks[0] = 0;
    half->sums[1] = O2C__NO_SUM;
}

/* How many of the first `at` merged sums are without the item: where both are equal, the one without it comes first. */
static uint32_t
without_among(const struct o2c__half *from, uint32_t with, int64_t amount, uint32_t at)
{
    uint32_t low = at > with ? at - with : 0, high = at < from->count ? at : from->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (from->sums[middle] <= from->sums[at - 1 - middle] + amount)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Which of the two comes next is a toss-up, and each step waits for the one before: nothing branches on it, and lanes do not wait for
 * each other. A lane knows how many sums without the item stand before row `at`; the others are with it. */
#define STEP(plain_row, at)                                                                                            \
    do {                                                                                                               \
        uint32_t more_row = (uint32_t)(at) - (plain_row);                                                              \
        uint64_t plain = (uint64_t)sums[plain_row], more = (uint64_t)sums[more_row] + (uint64_t)amount;                \
        more = more_row < with ? more : O2C__NO_SUM;                                                                   \
        uint64_t take = 0u - (uint64_t)((int64_t)more < (int64_t)plain);                                               \
        to_sums[at] = (int64_t)(plain ^ ((plain ^ more) & take));                                                      \
        to_masks[at] = masks[(plain_row) ^ (((plain_row) ^ more_row) & (uint32_t)take)] | (bit & take);                \
        (plain_row) += 1 + (uint32_t)take;                                                                             \
    } while (0)

bool
o2c__half_grow(struct o2c__halves *halves, struct o2c__half *half, int64_t amount, uint64_t bit)
{
    const struct o2c__half from = *half;
    struct o2c__half to = halves->spare;
    const int64_t *restrict sums = from.sums;
    const uint64_t *restrict masks = from.masks;
    int64_t *restrict to_sums = to.sums;
    uint64_t *restrict to_masks = to.masks;
    uint32_t with = from.count, lanes[LANES];
    while (with > 0 && from.sums[with - 1] + amount > halves->most)
        with--;
    if (from.count + with > halves->room)
        return false;
    to.count = from.count + with;
    uint32_t steps = to.count / LANES;
    for (uint32_t i = 0; i < LANES; i++)
        lanes[i] = without_among(&from, with, amount, i * steps);
    uint32_t a = lanes[0], b = lanes[1], c = lanes[2], d = lanes[3];
    for (uint32_t at = 0; at < steps; at++) {
        STEP(a, at);
        STEP(b, at + steps);
        STEP(c, at + 2 * steps);
        STEP(d, at + 3 * steps);
    }
    for (uint32_t at = LANES * steps; at < to.count; at++)
        STEP(d, at);
    to.sums[to.count] = O2C__NO_SUM;
    halves->spare = from;
    *half = to;
    return true;
}

void
o2c__pairs_start(const struct o2c__halves *halves, int64_t least, int64_t most, struct o2c__pairs *out)
{
    *out = (struct o2c__pairs){ .least = least, .most = most, .end = halves->high.count };
}

bool
o2c__pairs_next(const struct o2c__halves *halves, struct o2c__pairs *pairs)
{
    const int64_t *sums = halves->high.sums;
    for (; pairs->low < halves->low.count; pairs->low++, pairs->inside = false) {
        int64_t sum = halves->low.sums[pairs->low];
        if (!pairs->inside) {
            while (pairs->end > 0 && sum + sums[pairs->end - 1] > pairs->most)
                pairs->end--;
            pairs->next = pairs->end;
            pairs->inside = true;
        }
        if (pairs->next > 0 && sum + sums[pairs->next - 1] >= pairs->least) {
            pairs->high = --pairs->next;
            return true;
        }
    }
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of subset sums grow by merging, and two of them meet. */
#include "match/halves.h"

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

bool
o2c__half_grow(struct o2c__halves *halves, struct o2c__half *half, int64_t amount, uint64_t bit)
{
    const struct o2c__half from = *half;
    struct o2c__half to = halves->spare;
    uint32_t i = 0, k = 0, with = from.count;
    while (with > 0 && from.sums[with - 1] + amount > halves->most)
        with--;
    if (from.count + with > halves->room)
        return false;
    to.count = from.count + with;
    for (uint32_t out = 0; out < to.count; out++) {
        int64_t without = from.sums[i], more = k < with ? from.sums[k] + amount : O2C__NO_SUM;
        bool is_without = without <= more;
        to.sums[out] = is_without ? without : more;
        to.masks[out] = is_without ? from.masks[i] : from.masks[k] | bit;
        i += is_without;
        k += !is_without;
    }
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

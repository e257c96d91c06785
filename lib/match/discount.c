/* SPDX-License-Identifier: Apache-2.0 */
/* Cash discount of one item on one day. The value day decides, never the day of processing (trap T8); what is left of an item after a
 * part payment keeps its share of the discount, not all of it and not none (trap T9). */
#include "match/match.h"

static int64_t
worth(const o2c_discount *tier, int64_t original, int64_t open)
{
    int64_t amount = original < 0 ? -tier->value : tier->value, rest = 0;
    bool part = open != original && (open > 0) == (original > 0) && (open > 0 ? open < original : open > original);
    if (tier->set != O2C_DISCOUNT_MINOR && !o2c__muldiv(original, tier->value, 1000000, &amount))
        return 0;
    return part && o2c__muldiv(amount, open, original, &rest) ? rest : amount;
}

void
o2c__discount_on(const o2c_match_pool *pool, uint32_t item, int32_t day, uint32_t grace_days, struct o2c__discount_worth *out)
{
    *out = (struct o2c__discount_worth){ 0, 0 };
    if (!pool->discount || pool->discount[item] == 0 || day <= 0)
        return;
    const o2c_discount *tiers = pool->discounts[pool->discount[item] - 1];
    for (int i = 0; i < 2 && tiers[i].set; i++) {
        int64_t amount = worth(&tiers[i], pool->original[item], pool->open[item]);
        if (day <= tiers[i].until_day + (int32_t)grace_days) {
            *out = (struct o2c__discount_worth){ amount, 0 };
            return;
        }
        if (out->unearned == 0)
            out->unearned = amount;
    }
}

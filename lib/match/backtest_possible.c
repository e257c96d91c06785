/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of two answers that differ, which one explains the amount by a named cause? Asked of what people cleared, with the open amounts of the
 * day: equal sums, a small difference, a fee or withholding rate of the policy, or the discounts of its documents.
 */
#include "match/backtest.h"

struct sums {
    int64_t open, best, earned; /* Σ open, Σ of the best tiers, Σ of the tiers that still held */
    int64_t withholding;        /* Σ open of documents that may keep tax back */
};

static int64_t
worth(const o2c_open_item *item, const o2c_discount *tier)
{
    int64_t original = item->original_minor ? item->original_minor : item->open_minor, value = 0;
    if (tier->set == O2C_DISCOUNT_PPM && o2c__muldiv(original, tier->value, 1000000, &value))
        return value;
    return tier->set == O2C_DISCOUNT_MINOR ? (original < 0 ? -tier->value : tier->value) : 0;
}

static void
add_item(const o2c_open_item *item, int64_t open, int32_t day, struct sums *sums)
{
    int64_t earned = 0;
    for (int i = 1; i >= 0; i--)
        if (item->discount[i].set && item->discount[i].until_day >= day)
            earned = worth(item, &item->discount[i]);
    o2c__report_add(&sums->open, open);
    o2c__report_add(&sums->earned, earned);
    o2c__report_add(&sums->best, worth(item, &item->discount[0]));
    if (item->flags & O2C_ITEM_FLAG_WITHHOLDING)
        o2c__report_add(&sums->withholding, open);
}

static int64_t
tolerance(const o2c_match_policy *policy, int64_t sum)
{
    int64_t share = 0;
    if (!o2c__muldiv(sum < 0 ? -sum : sum, policy->tolerance_ppm, 1000000, &share))
        share = policy->tolerance_minor;
    return share < policy->tolerance_minor ? share : policy->tolerance_minor;
}

static bool
named(const struct o2c__replay *replay, const struct sums *sums, int64_t amount)
{
    const o2c_match_policy *policy = &replay->rules->policy;
    int64_t rest = sums->open, tax, small = tolerance(policy, sums->open);
    o2c__report_add(&rest, -amount);
    if (rest >= -small && rest <= small)
        return true;
    if ((sums->earned && rest == sums->earned) || (sums->best && rest == sums->best))
        return true;
    for (uint64_t i = 0; i < policy->fees_count; i++)
        if (rest == policy->fees[i])
            return true;
    for (uint64_t i = 0; i < policy->withholding_ppm_count; i++)
        if (sums->withholding && o2c__muldiv(sums->withholding, policy->withholding_ppm[i], 1000000, &tax) && rest == tax)
            return true;
    return false;
}

bool
o2c__replay_theirs_possible(const struct o2c__replay *replay, uint32_t payment)
{
    const o2c_payment *row = &replay->payments.rows[payment];
    struct sums sums = { 0, 0, 0, 0 };
    int32_t day = row->value_day ? row->value_day : row->booking_day;
    uint32_t before = O2C__NONE;
    for (uint32_t i = replay->truth_at[payment]; i < replay->truth_at[payment + 1]; i++) {
        const struct o2c__truth *truth = &replay->truth[i];
        if (!truth->stood || memcmp(replay->master.items[truth->item].currency, row->currency, 4) != 0)
            return false;
        if (truth->item == before)
            continue;
        before = truth->item;
        add_item(&replay->master.items[truth->item], truth->open, day - (int32_t)replay->rules->policy.discount_grace_days, &sums);
    }
    int64_t amount = row->amount_minor;
    o2c__report_add(&amount, row->charges_minor);
    return named(replay, &sums, row->amount_minor) || named(replay, &sums, amount);
}

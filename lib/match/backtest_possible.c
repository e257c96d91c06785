/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What explains a difference between what was owed and what was paid? Asked where two answers differ: has the other one a named cause?
 * Asked of what people cleared, with the open amounts of the day: equal sums, a small difference, a fee or withholding rate of the
 * policy, or the discounts of its documents.
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

#define UNNAMED (-1)

/* The cause that explains what is missing (or was paid too much), O2C_ARITHMETIC_X0 … X5; UNNAMED = none. */
static int32_t
cause_of(const struct o2c__replay *replay, const struct sums *sums, int64_t rest)
{
    const o2c_match_policy *policy = &replay->rules->policy;
    int64_t tax, small = tolerance(policy, sums->open);
    if (rest >= -small && rest <= small)
        return rest ? O2C_ARITHMETIC_X5 : O2C_ARITHMETIC_X0;
    if (sums->earned && rest == sums->earned)
        return O2C_ARITHMETIC_X1;
    if (sums->best && rest == sums->best)
        return O2C_ARITHMETIC_X2;
    for (uint64_t i = 0; i < policy->fees_count; i++)
        if (rest == policy->fees[i])
            return O2C_ARITHMETIC_X3;
    for (uint64_t i = 0; i < policy->withholding_ppm_count; i++)
        if (sums->withholding && o2c__muldiv(sums->withholding, policy->withholding_ppm[i], 1000000, &tax) && rest == tax)
            return O2C_ARITHMETIC_X4;
    return UNNAMED;
}

static bool
named(const struct o2c__replay *replay, const struct sums *sums, int64_t amount)
{
    int64_t rest = sums->open;
    o2c__report_add(&rest, -amount);
    return cause_of(replay, sums, rest) != UNNAMED;
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

/* ---- what a payment teaches of differences */

/* Rows of one document stand together; all of them count, its open amount once. */
static bool
add_cleared(const struct o2c__replay *replay, uint32_t payment, struct o2c__difference *out, struct sums *sums)
{
    const o2c_payment *row = &replay->payments.rows[payment];
    int32_t day = (row->value_day ? row->value_day : row->booking_day) - (int32_t)replay->rules->policy.discount_grace_days;
    uint32_t before = O2C__NONE;
    for (uint32_t i = replay->truth_at[payment]; i < replay->truth_at[payment + 1]; i++) {
        const struct o2c__truth *truth = &replay->truth[i];
        bool known = truth->known && truth->known <= replay->paid[payment].learn_day;
        if (!known || truth->item == O2C__NONE || !truth->stood)
            return false;
        if (memcmp(replay->master.items[truth->item].currency, row->currency, 4) != 0)
            return false;
        if (truth->item != before)
            add_item(&replay->master.items[truth->item], truth->open, day, sums);
        before = truth->item;
        o2c__report_add(&out->paid, truth->applied);
        o2c__report_add(&out->off, truth->discount);
        out->closes = out->closes || truth->flags & O2C_CLEARING_CLOSES;
    }
    return before != O2C__NONE;
}

/* What came off with it was granted; what stays open, or is claimed, was not. */
bool
o2c__replay_difference(const struct o2c__replay *replay, uint32_t payment, struct o2c__difference *out)
{
    struct sums sums = { 0, 0, 0, 0 };
    memset(out, 0, sizeof *out);
    if (!add_cleared(replay, payment, out, &sums) || sums.open <= 0 || sums.open > INT64_MAX / 4 || out->paid > INT64_MAX / 4)
        return false;
    const o2c_payment *row = &replay->payments.rows[payment];
    int64_t kept_back = sums.open - out->paid;
    out->owed = sums.open;
    out->differed = kept_back;
    if (kept_back < 0 || kept_back > out->owed)
        return false;
    if (kept_back == 0)
        out->ended = row->amount_minor > out->paid ? O2C_ARITHMETIC_X8 : O2C_ARITHMETIC_X0;
    else if (kept_back > out->off && !out->closes)
        out->ended = O2C_ARITHMETIC_X7;
    else if (row->charges_minor && kept_back == row->charges_minor)
        out->ended = O2C_ARITHMETIC_X3;
    else if ((out->ended = cause_of(replay, &sums, kept_back)) == UNNAMED)
        out->ended = O2C_ARITHMETIC_X6;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payment after payment, kind after kind: how many lines of it does this payment get? A branch ends as soon as what is left of the
 * payment lies outside what the kinds behind can still add up to. The last payment gets what is left, which ties because all of it does.
 * Payments that no posting can tell apart are dealt in one order only. The walk has no recursion, and its steps are counted.
 */
#include "match/divide.h"
#include "match/match.h"

#define LN_4 90852     /* safety of the design's estimate for sums, Q16 */
#define LN_2PI 120447
#define LN_2 45426

bool
o2c__divide_holds(const struct o2c__divide *divide)
{
    const int64_t most = INT64_MAX / 4;
    int64_t size = 0, all = 0;
    if (divide->kinds == 0 || divide->kinds > O2C__DIVIDE_KINDS || divide->payments < 1 || divide->payments > O2C__DIVIDE_PAYMENTS)
        return false;
    for (uint32_t i = 0; i < divide->kinds; i++) {
        int64_t amount = divide->amounts[i], one = amount < 0 ? -amount : amount;
        if (one == 0 || (int64_t)divide->counts[i] > most / one || (size += one * divide->counts[i]) > most)
            return false;
        all += amount * divide->counts[i];
    }
    for (uint32_t i = 0; i < divide->payments; i++) {
        if (divide->targets[i] > most || divide->targets[i] < -most)
            return false;
        all -= divide->targets[i];
    }
    return all == 0;
}

/* What the kinds from each one on can add up to, of the lines that are still free. */
static void
open_payment(struct o2c__divide *d, uint32_t payment)
{
    d->above[payment][d->kinds] = d->below[payment][d->kinds] = 0;
    for (uint32_t i = d->kinds; i > 0; i--) {
        int64_t sum = d->amounts[i - 1] * d->free[i - 1];
        d->above[payment][i - 1] = d->above[payment][i] + (sum > 0 ? sum : 0);
        d->below[payment][i - 1] = d->below[payment][i] + (sum < 0 ? sum : 0);
    }
    d->need[payment][0] = d->targets[payment];
    d->tied[payment][0] = true;
}

static int64_t
floor_of(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* How many lines of this kind the payment may get: from `now` down to `last`. False = none fits. */
static bool
open_kind(struct o2c__divide *d, uint32_t payment, uint32_t kind)
{
    int64_t amount = d->amounts[kind], need = d->need[payment][kind];
    int64_t low = need - d->above[payment][kind + 1], high = need - d->below[payment][kind + 1]; /* what the kind itself must add */
    if (amount < 0) {
        int64_t was = low;
        low = -high;
        high = -was;
        amount = -amount;
    }
    int64_t least = -floor_of(-low, amount), most = floor_of(high, amount);
    least = least > 0 ? least : 0;
    most = most < (int64_t)d->free[kind] ? most : (int64_t)d->free[kind];
    if (d->twins[payment] && d->tied[payment][kind] && most > (int64_t)d->now[payment - 1][kind])
        most = d->now[payment - 1][kind];
    if (least > most)
        return false;
    d->now[payment][kind] = (uint32_t)most;
    d->last[payment][kind] = (uint32_t)least;
    d->free[kind] -= (uint32_t)most;
    return true;
}

/* The kind is dealt: what the kinds behind it are asked for. */
static void
pass_on(struct o2c__divide *d, uint32_t payment, uint32_t kind)
{
    d->need[payment][kind + 1] = d->need[payment][kind] - d->amounts[kind] * d->now[payment][kind];
    d->tied[payment][kind + 1] =
        d->twins[payment] && d->tied[payment][kind] && d->now[payment][kind] == d->now[payment - 1][kind];
}

/* The last payment gets the rest; of twins the later one never gets more of the first kind that tells them apart. */
static bool
deal_rest(struct o2c__divide *d)
{
    uint32_t payment = d->payments - 1;
    for (uint32_t i = 0; i < d->kinds; i++)
        d->now[payment][i] = d->free[i];
    for (uint32_t i = 0; d->twins[payment] && i < d->kinds; i++)
        if (d->now[payment][i] != d->now[payment - 1][i])
            return d->now[payment][i] < d->now[payment - 1][i];
    return true;
}

/* False = nothing more is to be learned. */
static bool
record(struct o2c__divide *d)
{
    bool common = false;
    if (!deal_rest(d))
        return true;
    if (d->found++ == 0) {
        memcpy(d->first, d->now, sizeof d->first);
        memcpy(d->least, d->now, sizeof d->least);
        return true;
    }
    d->found = 2;
    for (uint32_t i = 0; i < d->asked; i++)
        for (uint32_t k = 0; k < d->kinds; k++) {
            d->least[i][k] = d->least[i][k] < d->now[i][k] ? d->least[i][k] : d->now[i][k];
            common = common || d->least[i][k];
        }
    d->steps += d->kinds;
    return common;
}

/* The next choice at or before this place: one line less of the last kind that can spare one. False = there is none. */
static bool
step_back(struct o2c__divide *d, uint32_t *payment, uint32_t *kind)
{
    while (true) {
        if (*kind == 0) {
            if (*payment == 0)
                return false;
            --*payment;
            *kind = d->kinds;
        }
        uint32_t at = --*kind;
        if (d->now[*payment][at] > d->last[*payment][at]) {
            d->now[*payment][at]--;
            d->free[at]++;
            pass_on(d, *payment, at);
            ++*kind;
            return true;
        }
        d->free[at] += d->now[*payment][at];
        d->steps++;
    }
}

void
o2c__divide(struct o2c__divide *d)
{
    uint32_t payment = 0, kind = 0;
    bool more = true;
    d->found = 0;
    d->complete = false;
    memcpy(d->free, d->counts, d->kinds * sizeof *d->free);
    if (d->payments == 1) {
        record(d);
        d->complete = true;
        return;
    }
    for (open_payment(d, 0); more; d->steps++) {
        if (d->steps > d->steps_max)
            return;
        if (kind < d->kinds) {
            if (open_kind(d, payment, kind))
                pass_on(d, payment, kind++);
            else
                more = step_back(d, &payment, &kind);
        } else if (payment + 2 < d->payments) {
            open_payment(d, ++payment);
            d->steps += d->kinds;
            kind = 0;
        } else {
            d->steps += d->kinds;
            more = record(d) && step_back(d, &payment, &kind);
        }
    }
    d->complete = true;
}

/* ln of the ways to deal the lines. Many lines of one kind: bounded by (n + 1) to the number of the other payments. */
static int64_t
ln_ways(const struct o2c__divide *d)
{
    uint32_t others = d->payments - 1;
    int64_t ln = 0;
    for (uint32_t i = 0; i < d->kinds; i++)
        ln += d->counts[i] < 4096 ? o2c__ln_binomial(d->counts[i] + others, others) : (int64_t)others * o2c__ln_u64(d->counts[i] + 1u);
    return ln;
}

/* ln of the variance of what one payment gets when lines are dealt by chance, Q16. */
static int64_t
ln_variance(const struct o2c__divide *d)
{
    uint64_t sum = 0, largest = 0;
    uint32_t shift = 0;
    for (uint32_t i = 0; i < d->kinds; i++) {
        uint64_t size = (uint64_t)(d->amounts[i] < 0 ? -d->amounts[i] : d->amounts[i]);
        largest = size > largest ? size : largest;
    }
    while (largest >> shift >= UINT64_C(1) << 22)
        shift++;
    for (uint32_t i = 0; i < d->kinds; i++) {
        uint64_t size = (uint64_t)(d->amounts[i] < 0 ? -d->amounts[i] : d->amounts[i]) >> shift;
        sum += size * size * (d->counts[i] < UINT32_C(1) << 18 ? d->counts[i] : UINT32_C(1) << 18) / O2C__DIVIDE_KINDS;
    }
    return o2c__ln_u64(sum ? sum : 1) + o2c__ln_u64(O2C__DIVIDE_KINDS) + 2 * (int64_t)shift * LN_2 +
           o2c__ln_ratio(d->payments - 1, (uint64_t)d->payments * d->payments);
}

static uint64_t
common_divisor(const struct o2c__divide *d)
{
    uint64_t divisor = 0;
    for (uint32_t i = 0; i < d->kinds; i++)
        for (uint64_t a = (uint64_t)(d->amounts[i] < 0 ? -d->amounts[i] : d->amounts[i]); a;) {
            uint64_t rest = divisor % a;
            divisor = a;
            a = rest;
        }
    return divisor;
}

int64_t
o2c__divide_ln_accident(const struct o2c__divide *d)
{
    if (d->payments < 2)
        return O2C__NEVER;
    int64_t density = LN_4 + (int64_t)o2c__ln_u64(common_divisor(d)) - (LN_2PI + ln_variance(d)) / 2;
    return ln_ways(d) + (int64_t)(d->payments - 1) * (density < 0 ? density : 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Gates that concern single lines of an advice, and the one for an advice out of its time. */
#include "match/remit.h"

/* May this account pay for that one, on that day? */
static bool
may_pay_for(const o2c_match_pool *pool, uint32_t payer, uint32_t owner, int32_t day)
{
    const struct o2c__account *account = &pool->accounts[payer];
    if (payer == owner)
        return true;
    for (uint32_t i = 0; i < account->relatives_count; i++) {
        const struct o2c__relative *relative = &pool->relatives[account->relatives_at + i];
        if (relative->account == owner && (!relative->valid_from || day >= relative->valid_from) &&
            (!relative->valid_to || day <= relative->valid_to))
            return true;
    }
    return false;
}

void
o2c__remit_gate(const struct o2c__solve *solve, const struct o2c__case *one, struct o2c__decision *d)
{
    int32_t day = one->payment->value_day ? one->payment->value_day : one->payment->booking_day;
    uint32_t last = d->payer, all = 0;
    bool related = true, automatic = d->parts_count > 0;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        struct o2c__part *part = &d->parts[i];
        uint32_t owner = o2c__pool_account(solve->pool, part->item), gates = 0;
        if (owner != last)
            related = may_pay_for(solve->pool, d->payer, owner, day);
        last = owner;
        gates |= related ? 0 : O2C_GATE_PAYER_CONFLICT;
        gates |= part->arithmetic == O2C_ARITHMETIC_X7 && solve->policy->short_pay == O2C_SHORT_PAY_HOLD ? O2C_GATE_REVIEW_REQUIRED : 0;
        part->gates |= gates;
        part->band = gates && part->band == O2C_BAND_AUTO ? O2C_BAND_PROPOSE : part->band;
        automatic = automatic && part->band == O2C_BAND_AUTO;
        all |= gates;
    }
    d->gates |= all;
    if (d->parts_count)
        d->band = automatic ? O2C_BAND_AUTO : O2C_BAND_PROPOSE;
}

bool
o2c__remit_rests(const struct o2c__case *one, const struct o2c__explanation *why, const struct o2c__decision *d)
{
    if (d->remit)
        return true;
    for (uint32_t i = 0; i < d->parts_count; i++) {
        uint32_t hit = o2c__row_hits(why, d->winner)[i];
        if (hit != O2C__NONE && one->hits[hit].line)
            return true;
    }
    return false;
}

/* The payer's own text cites everything, and the amount is exact: then it does not matter what the advice says. */
static bool
stands_alone(const struct o2c__case *one, const struct o2c__explanation *why, const struct o2c__decision *d)
{
    if (d->remit || d->winner->arithmetic != O2C_ARITHMETIC_X0)
        return false;
    for (uint32_t i = 0; i < d->winner->items_count; i++) {
        uint32_t hit = o2c__row_hits(why, d->winner)[i];
        if (hit == O2C__NONE || one->hits[hit].line)
            return false;
    }
    return true;
}

void
o2c__remit_stale(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                 struct o2c__decision *d)
{
    const struct o2c__remitted *links = solve->remitted;
    bool stale = false, part = false;
    if (!links || !d->winner || links->first[one->row] == O2C__NONE)
        return;
    for (const struct o2c__link *link = o2c__link_at(links, links->first[one->row]); link; link = o2c__link_at(links, link->next)) {
        stale = stale || link->stale;
        part = part || link->part >= O2C__LINK_SOME;
    }
    if (stale && o2c__remit_rests(one, why, d))
        d->gates |= O2C_GATE_STALE_REMITTANCE;
    if (part && !stands_alone(one, why, d))
        d->gates |= O2C_GATE_SHARED_ADVICE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* S29: pools on which searches for sums go astray, one payment each. */
#include "market_inside.h"

enum hard { HARD_DENSE, HARD_EVEN, HARD_POWERS, HARD_EQUAL, HARD_UNITS, HARDS };

static int64_t
hard_amount(struct life *life, enum hard hard, uint32_t i, int64_t unit)
{
    switch (hard) {
    case HARD_DENSE: /* as many sets as there are sums */
        return market_between(&life->random, 1, INT64_C(1) << 24);
    case HARD_EVEN: /* the target is odd */
        return market_between(&life->random, 500, 4000000) * 2;
    case HARD_POWERS:
        return INT64_C(1) << i % 40;
    case HARD_EQUAL:
        return unit;
    default:
        return unit * market_between(&life->random, 1, 60);
    }
}

/* Each item is paid with the same small chance; one of the first ten always is. */
static void
choose(struct life *life, size_t at, uint32_t many)
{
    uint32_t first = (uint32_t)market_below(&life->random, 10), taken = 0;
    for (uint32_t i = 0; i < life->pool_count && taken < 24; i++) {
        if (i != first && market_below(&life->random, life->pool_count) >= many)
            continue;
        market_line(life, (struct pay *)life->making->pays.rows + at, life->pool[i]);
        taken++;
    }
}

void
market_live_hard(struct life *life)
{
    enum hard hard = (enum hard)(life->profile.number % HARDS);
    uint32_t count = hard == HARD_EQUAL ? 300 : 40 + (uint32_t)market_below(&life->random, 161);
    int64_t unit = market_between(&life->random, 100, 50000);
    int32_t day = FIRST_DAY + 40 + (int32_t)market_below(&life->random, DAYS - 50);
    size_t at = life->making->pays.count;
    life->profile.account_unknown = false;
    for (uint32_t i = 0; i < count; i++)
        market_issue(life, hard_amount(life, hard, i, unit), day - 30 + (int32_t)(i * 28 / count), O2C_ITEM_INVOICE);
    life->day = day;
    struct pay *pay = market_pay(life, 29);
    pay->cites = CITE_NOTHING;
    choose(life, at, 4);
    pay = (struct pay *)life->making->pays.rows + at;
    if (hard == HARD_EVEN) {
        life->making->lines.count = pay->lines_at;
        pay->lines_count = 0;
        pay->kind = O2C_KIND_ON_ACCOUNT;
        pay->amount |= 1;
        pay->on_account = pay->amount;
    }
    market_book(life, pay);
}

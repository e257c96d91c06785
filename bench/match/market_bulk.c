/* SPDX-License-Identifier: Apache-2.0 */
/* S26: a customer who collects invoices for weeks and pays thousands of them in one sum, with an advice. */
#include "market_inside.h"

void
market_live_bulk(struct life *life)
{
    static const int32_t weeks = 4;
    int32_t day = FIRST_DAY + 40 + (int32_t)market_below(&life->random, DAYS - 50);
    while ((day + 3) % 7 >= 5)
        day++;
    for (uint32_t i = 0; i < life->profile.bulk; i++) {
        life->day = day - weeks * 7 + (int32_t)((uint64_t)i * (uint64_t)(weeks * 7 - 2) / life->profile.bulk);
        market_issue_usual(life);
    }
    life->day = day;
    struct pay *pay = market_pay(life, 26);
    pay->runs = 1;
    pay->flags = MARKET_ONE_RUN | MARKET_OLDEST | MARKET_WHOLE_DATES | MARKET_WHOLE_POOL;
    pay->cites = CITE_ALL;
    for (uint32_t i = 0; i < life->pool_count; i++)
        market_line(life, pay, life->pool[i]);
    market_book(life, pay);
}

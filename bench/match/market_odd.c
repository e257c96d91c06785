/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios that are more than another amount: second payments, strangers, wrong numbers, claims, competing payments. */
#include <stddef.h>
#include <string.h>

#include "market_inside.h"

static struct pay *
pay_at(const struct life *life, size_t at)
{
    return (struct pay *)life->making->pays.rows + at;
}

static struct market_line *
first_line(const struct life *life, const struct pay *pay)
{
    return (struct market_line *)life->making->lines.rows + pay->lines_at;
}

/* What was chosen is not paid after all: it stays due. */
static void
drop_lines(struct life *life, struct pay *pay)
{
    life->making->lines.count = pay->lines_at;
    life->beside = life->day;
    pay->lines_count = 0;
    pay->amount = 0;
    pay->flags = 0;
    pay->runs = 0;
}

/* Money for a document that was paid before. */
static void
repeat(struct life *life, struct pay *pay, uint32_t item)
{
    drop_lines(life, pay);
    pay->kind = O2C_KIND_ON_ACCOUNT;
    pay->closed_item = item;
    pay->amount = pay->on_account = market_item(life->making, item)->amount;
    pay->cites = CITE_ALL;
}

void
market_pay_again(struct life *life)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < life->again_count; i++) {
        if (life->again[i].day > life->day)
            life->again[kept++] = life->again[i];
        else
            repeat(life, market_pay(life, 20), life->again[i].item);
    }
    life->again_count = kept;
}

/* The first time it is an ordinary payment; the second follows within ten days. */
static void
pay_twice(struct life *life, struct pay *pay)
{
    const struct item *item = market_item(life->making, first_line(life, pay)->item);
    pay->scenario = 2;
    if (life->again_count < 8 && item->amount == item->open) {
        life->again[life->again_count].day = life->day + 1 + (int32_t)market_below(&life->random, 10);
        life->again[life->again_count++].item = first_line(life, pay)->item;
    }
}

/* An item he paid at least so many days ago; MARKET_NONE = none is remembered. */
static uint32_t
paid_before(struct life *life, int32_t days)
{
    uint32_t count = life->paid_count < 32 ? life->paid_count : 32;
    for (uint32_t i = 0; i < count; i++) {
        const struct item *item = market_item(life->making, life->paid[i]);
        if (item->gone && item->gone + days <= life->day && item->amount > 0)
            return life->paid[i];
    }
    return MARKET_NONE;
}

/* A claim of ours that he pays back: a deduction item that stood open for two weeks. */
static void
pay_back(struct life *life, size_t at)
{
    int64_t amount = market_between(&life->random, 500, 90000);
    drop_lines(life, pay_at(life, at));
    uint32_t row = market_issue(life, amount, life->day - CLAIM_DAYS, O2C_ITEM_DEDUCTION);
    struct pay *pay = pay_at(life, at);
    pay->pool++;
    pay->runs = 1;
    pay->flags = MARKET_ONE_RUN;
    market_line(life, pay, row);
    market_book(life, pay);
}

static bool
closed_documents(struct life *life, size_t at)
{
    uint32_t way = (uint32_t)market_below(&life->random, 3), item = paid_before(life, 20);
    struct pay *pay = pay_at(life, at);
    if (way == 0 || item == MARKET_NONE) {
        pay_back(life, at);
        return true;
    }
    if (way == 1) {
        repeat(life, pay, item);
        return true;
    }
    /* Post-audit: something is taken back on a document that is long paid. */
    int64_t claim = market_item(life->making, item)->amount * (int64_t)market_between(&life->random, 5, 60) / 1000;
    pay->closed_item = item;
    if (claim > 0 && claim < pay->amount / 2)
        market_lower(life, pay, claim, offsetof(struct market_line, short_minor));
    else
        pay->scenario = 2, pay->closed_item = MARKET_NONE;
    return false;
}

/* Wrong number and right amount, or right number and an amount nobody can explain. */
static void
mismatch(struct life *life, struct pay *pay)
{
    if (market_below(&life->random, 2)) {
        pay->cites = CITE_WRONG;
        return;
    }
    int64_t cut = pay->amount * (int64_t)market_between(&life->random, 100, 700) / 1000 + market_between(&life->random, 1, 99);
    if (cut < pay->amount)
        market_lower(life, pay, cut, offsetof(struct market_line, short_minor));
}

/* Two payments of one day want one item: one cites it, the other has its amount and pays its twin, or pays it again. */
static void
compete(struct life *life, size_t at)
{
    struct pay *pay = pay_at(life, at);
    uint32_t item = first_line(life, pay)->item;
    const struct item *cited = market_item(life->making, item);
    bool twin = market_below(&life->random, 2);
    int64_t amount = cited->open;
    int32_t day = cited->day;
    market_book(life, pay);
    if (!twin) {
        /* Nobody can tell which of the two is the second: it is the one that stands later in the statement. */
        uint32_t before = pay->sequence;
        struct pay *second = market_pay(life, 28);
        second->behind = before;
        repeat(life, second, item);
        return;
    }
    uint32_t row = market_issue(life, amount, day, O2C_ITEM_INVOICE);
    pay_at(life, at)->pool++;
    struct pay *other = market_pay(life, 28);
    other->runs = 1;
    other->flags = MARKET_ONE_RUN | MARKET_EQUAL_OPEN;
    other->cites = CITE_NOTHING;
    market_line(life, other, row);
    market_book(life, other);
}

/* Disputed, or reserved by a proposal that is not posted: what the payer meant stays what he meant. */
static void
hold(struct life *life, struct pay *pay)
{
    struct item *item = market_item(life->making, first_line(life, pay)->item);
    if (market_below(&life->random, 2))
        item->flags |= O2C_ITEM_FLAG_DISPUTED;
    else
        item->earmarked = true;
}

bool
market_odd(struct life *life, size_t at)
{
    struct pay *pay = pay_at(life, at);
    switch (pay->scenario) {
    case 20:
        pay_twice(life, pay);
        return false;
    case 22:
        pay->customer = MARKET_NONE;
        pay->aside = (uint32_t)market_below(&life->random, 40);
        return false;
    case 27:
        mismatch(life, pay);
        return false;
    case 28:
        compete(life, at);
        return true;
    case 31:
        return closed_documents(life, at);
    case 34:
        pay->company = !pay->company;
        return false;
    case 35:
        hold(life, pay);
        pay->cites = market_chance(&life->random, 700000) ? CITE_ALL : CITE_NOTHING;
        return false;
    default:
        return false;
    }
}

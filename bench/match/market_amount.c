/* SPDX-License-Identifier: Apache-2.0 */
/* What a scenario does to a payment: the amount, the typed parts of each line, what stays open, and whether the text will cite. */
#include <string.h>

#include "market_inside.h"

static struct market_line *
lines_of(const struct life *life, const struct pay *pay)
{
    return (struct market_line *)life->making->lines.rows + pay->lines_at;
}

/* ---- amounts that belong to the whole set are split over its lines by largest remainder, earlier lines first among equals */
static void
split(struct life *life, struct pay *pay, int64_t whole, int64_t part[256])
{
    struct market_line *lines = lines_of(life, pay);
    uint32_t count = pay->lines_count;
    int64_t sum = 0, left = whole, rest[256];
    for (uint32_t i = 0; i < count; i++)
        sum += lines[i].paid_minor;
    for (uint32_t i = 0; i < count; i++) {
        /* A line is below 2^25 minor units and a payment below 2^33: the product fits. */
        part[i] = whole * lines[i].paid_minor / sum;
        rest[i] = whole * lines[i].paid_minor % sum;
        left -= part[i];
    }
    for (; left > 0; left--) {
        uint32_t most = 0;
        for (uint32_t i = 1; i < count; i++)
            most = rest[i] > rest[most] ? i : most;
        part[most]++;
        rest[most] = -1;
    }
}

void
market_lower(struct life *life, struct pay *pay, int64_t whole, size_t field)
{
    int64_t part[256];
    struct market_line *lines = lines_of(life, pay);
    split(life, pay, whole, part);
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        int64_t value;
        memcpy(&value, (char *)&lines[i] + field, sizeof value);
        value += part[i];
        memcpy((char *)&lines[i] + field, &value, sizeof value);
        lines[i].paid_minor -= part[i];
    }
    pay->amount -= whole;
}

/* A difference as people make them: never more than half of the payment. */
static int64_t
draw_short(struct life *life, struct pay *pay)
{
    struct market_random *random = &life->random;
    int64_t amount = pay->amount, cut;
    uint32_t p = (uint32_t)market_below(random, 100);
    if (p < 30)
        cut = market_between(random, 1, 60) * (amount > 1000000 ? 5000 : amount > 100000 ? 1000 : 100);
    else if (p < 70)
        cut = amount * (int64_t)market_between(random, 1, 10) * 5 / 1000;
    else
        cut = amount * (int64_t)market_between(random, 500, 5000) / 100000 + market_between(random, 0, 99);
    cut = cut < amount / 2 ? cut : amount / 2;
    return cut > 0 ? cut : 1;
}

/* What the terms let him take off the whole payment: discount within its days and the grace, or one of the rates he may withhold. */
static bool
is_granted(const struct life *life, const struct pay *pay, int64_t cut)
{
    static const int64_t rates[] = { 5, 10, 15 };
    const struct market_line *lines = lines_of(life, pay);
    int64_t discount = 0, taxes[3] = { 0, 0, 0 };
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        const struct item *item = market_item(life->making, lines[i].item);
        bool open = item->kind == O2C_ITEM_INVOICE && item->amount == item->open;
        if (open && life->day - item->day - life->profile.discount_days <= 3)
            discount += (item->open * life->profile.discount_ppm + 500000) / 1000000;
        for (int k = 0; k < 3; k++)
            taxes[k] += (lines[i].paid_minor * rates[k] + 50) / 100;
    }
    if (life->profile.trait == TRAIT_DISCOUNT)
        return cut == discount;
    return life->profile.trait == TRAIT_WITHHOLDING && (cut == taxes[0] || cut == taxes[1] || cut == taxes[2]);
}

/* Taking exactly what the terms grant is no short payment, whatever he had in mind: such a cut is drawn again. */
static int64_t
draw_ungranted(struct life *life, struct pay *pay)
{
    int64_t cut = draw_short(life, pay);
    for (int tries = 0; tries < 16 && is_granted(life, pay, cut); tries++)
        cut = draw_short(life, pay);
    return cut;
}

static void
be_short(struct life *life, struct pay *pay)
{
    if (pay->amount < 1000) {
        pay->scenario = 2;
        return;
    }
    bool reason = market_chance(&life->random, 300000);
    pay->cites = reason || market_chance(&life->random, 600000) ? CITE_ALL : CITE_NOTHING;
    pay->aside = reason ? 1 + (uint32_t)market_below(&life->random, 6) : 0;
    market_lower(life, pay, draw_ungranted(life, pay), offsetof(struct market_line, short_minor));
}

static void
be_discounted(struct life *life, struct pay *pay)
{
    struct market_line *lines = lines_of(life, pay);
    bool any = false, late = market_chance(&life->random, 120000);
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        const struct item *item = market_item(life->making, lines[i].item);
        int32_t days = life->day - item->day - life->profile.discount_days;
        if (item->amount != item->open || days > (late ? 12 : 3) || (days > 0 && !late && market_chance(&life->random, 300000)))
            continue;
        int64_t cut = (item->open * life->profile.discount_ppm + 500000) / 1000000;
        lines[i].discount_minor = cut;
        lines[i].paid_minor -= cut;
        pay->amount -= cut;
        any = true;
    }
    pay->scenario = any ? 16 : 2;
    pay->cites = !any || market_chance(&life->random, 800000) ? CITE_ALL : CITE_NOTHING;
}

static void
be_withheld(struct life *life, struct pay *pay)
{
    static const int64_t rates[] = { 5, 10, 10, 15 };
    struct market_line *lines = lines_of(life, pay);
    int64_t rate = rates[market_below(&life->random, 4)];
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        int64_t tax = (lines[i].paid_minor * rate + 50) / 100;
        lines[i].withholding_minor = tax;
        lines[i].paid_minor -= tax;
        pay->amount -= tax;
    }
}

static void
be_charged(struct life *life, struct pay *pay)
{
    static const int64_t fees[] = { 500, 1000, 1500, 2500, 3500 };
    int64_t fee = fees[market_below(&life->random, 5)];
    if (fee < pay->amount / 2)
        market_lower(life, pay, fee, offsetof(struct market_line, charge_minor));
    else
        pay->scenario = 2;
}

static void
be_over(struct life *life, struct pay *pay)
{
    int64_t more = market_chance(&life->random, 500000) ? market_between(&life->random, 1, 50) * 1000 :
                   pay->amount * (int64_t)market_between(&life->random, 100, 5000) / 100000 + 1;
    pay->on_account = more < pay->amount ? more : 1;
    pay->amount += pay->on_account;
}

/*
 * Half of foreign customers pay in their own currency, half in ours at a rate near the day's. A bank that converts says what was
 * ordered four times of five.
 */
static void
be_foreign(struct life *life, struct pay *pay)
{
    if (market_chance(&life->random, 500000))
        return;
    int64_t rate = (life->profile.currency[0] == 'U' ? 920000 : 1170000) + market_between(&life->random, -4000, 4000);
    pay->ordered = market_chance(&life->random, 800000) ? pay->amount : 0;
    pay->amount = (pay->amount * rate + 500000) / 1000000;
    memcpy(pay->currency, "EUR", 4);
}

static void
be_netted(struct life *life, struct pay *pay)
{
    int64_t credit = pay->amount * (int64_t)market_between(&life->random, 30, 400) / 1000 + market_between(&life->random, 1, 99);
    if (credit >= pay->amount)
        return;
    size_t at = (size_t)(pay - (struct pay *)life->making->pays.rows);
    uint32_t row = market_issue(life, -credit, life->day - 1 - (int32_t)market_below(&life->random, 10), O2C_ITEM_CREDIT_MEMO);
    pay = (struct pay *)life->making->pays.rows + at;
    pay->pool++;
    market_line(life, pay, row);
    pay->cites = market_chance(&life->random, 750000) ? CITE_ALL : CITE_NOTHING;
}

/* Money without an item: the items that were chosen stay due. */
static void
be_on_account(struct life *life, struct pay *pay)
{
    life->making->lines.count = pay->lines_at;
    life->beside = life->day;
    pay->lines_count = 0;
    pay->kind = O2C_KIND_ON_ACCOUNT;
    pay->amount = market_between(&life->random, 5, 400) * 10000;
    pay->on_account = pay->amount;
    pay->flags = 0;
    pay->runs = 0;
}

/* ---- items leave the books, or stay with a rest */
static void
book_line(struct life *life, const struct pay *pay, const struct market_line *line)
{
    struct item *item = market_item(life->making, line->item);
    /* A claim is granted the same evening, or the rest stays open until he pays it. */
    bool granted = line->short_minor && (pay->scenario == 31 || (pay->scenario == 15 && market_chance(&life->random, 600000)));
    int64_t left = granted ? 0 : line->short_minor;
    item->open = left;
    if (left) {
        item->part_day = life->day;
        item->part_open = left;
        item->target = life->day + 20 + (int32_t)market_below(&life->random, 20);
        return;
    }
    item->gone = life->day;
    life->paid[life->paid_count++ % 32] = line->item;
    item->paid_by = (uint32_t)(pay - (const struct pay *)life->making->pays.rows);
}

static void
shape_amount(struct life *life, struct pay *pay)
{
    switch (pay->scenario) {
    case 15:
        be_short(life, pay);
        break;
    case 16:
        be_discounted(life, pay);
        break;
    case 17:
        be_charged(life, pay);
        break;
    case 18:
        be_foreign(life, pay);
        break;
    case 19:
        be_withheld(life, pay);
        break;
    case 21:
        pay->customer = life->profile.parent;
        pay->cites = market_chance(&life->random, 700000) ? CITE_ALL : CITE_NOTHING;
        break;
    case 23:
        be_on_account(life, pay);
        break;
    case 24:
        be_netted(life, pay);
        break;
    case 25:
        be_over(life, pay);
        break;
    case 32:
        market_lower(life, pay, market_between(&life->random, 0, pay->amount > 1000 ? 99 : 0), offsetof(struct market_line,
            tolerance_minor));
        break;
    default:
        break;
    }
}

void
market_book(struct life *life, struct pay *pay)
{
    for (uint32_t i = 0; i < pay->lines_count; i++)
        book_line(life, pay, lines_of(life, pay) + i);
}

void
market_settle(struct life *life, struct pay *pay)
{
    size_t at = (size_t)(pay - (struct pay *)life->making->pays.rows);
    if ((pay->scenario == 23 || pay->scenario == 31) && life->beside == life->day)
        pay->scenario = 2;
    bool naked = pay->scenario >= 12 && pay->scenario <= 14;
    naked |= pay->scenario == 29 || pay->scenario == 30 || pay->scenario == 32 || pay->scenario == 38;
    pay->scenario = naked && life->profile.account_unknown ? 2 : pay->scenario;
    naked = (naked && pay->scenario != 2) || pay->scenario == 33;
    pay->cites = naked || pay->scenario == 23 ? CITE_NOTHING : CITE_ALL;
    if (market_odd(life, at))
        return;
    pay = (struct pay *)life->making->pays.rows + at;
    shape_amount(life, pay);
    market_book(life, (struct pay *)life->making->pays.rows + at);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One customer lives: invoices arrive on invoice days, fall due, and are paid in the way he has. Pools, runs and equal items arise. */
#include <stdlib.h>
#include <string.h>

#include "market_inside.h"

#define WARM_DAYS 150
#define LOOK_AHEAD 3 /* he pays what falls due within so many days along with what is due */

/* Amounts of a real ledger, minor units. */
static const struct market_quantile amounts[] = { { 0, 1000 },      { 10, 7064 },     { 50, 33331 },     { 250, 470273 },   { 500,
    1728350 },
                                                  { 750, 4654367 }, { 950, 11092669 }, { 990, 16607123 }, { 1000, 30000000 } };
/* Days from due day to the day he means to pay. */
static const struct market_quantile late_by[] = { { 0, -22 }, { 10, -10 }, { 50, -4 }, { 250, -2 }, { 500, 0 }, { 750, 3 }, { 950, 10 },
    { 990, 50 }, { 1000, 70 } };
/* Items per payment where there is a choice; cumulated, of 1,000. */
static const struct market_quantile counts_usual[] = { { 0, 1 },   { 435, 1 }, { 436, 2 },  { 630, 2 },  { 720, 3 },
                                                       { 790, 4 }, { 845, 5 }, { 930, 10 }, { 978, 20 }, { 1000, 48 } };
static const struct market_quantile counts_large[] = { { 0, 1 },    { 270, 1 },  { 380, 2 },  { 470, 4 },  { 570, 8 },
                                                       { 680, 14 }, { 800, 24 }, { 920, 46 }, { 1000, 94 } };

struct item *
market_item(const struct making *making, uint32_t row)
{
    return (struct item *)making->items.rows + row;
}

/* Price number so of a customer's list; of the list of all, when he is nobody. */
static int64_t
market_price(const struct making *making, uint32_t customer, uint32_t rank)
{
    struct market_random price;
    market_random_stream(&price, making->seed, STREAM_PRICE, ((uint64_t)customer << 32) + rank);
    return market_quantile_draw(&price, amounts) / 100 * 100;
}

static int64_t
draw_amount(struct life *life)
{
    uint32_t p = (uint32_t)market_below(&life->random, 1000);
    if (p < 90)
        return market_price(life->making, life->profile.number,
                            (uint32_t)market_below(&life->random, 1 + market_below(&life->random, life->profile.large ||
                                life->profile.bulk ? 200 : life->profile.level > 20 ? 12 : 5)));
    if (p < 125) {
        /* A price many customers pay: a few of them often, most of them twice or three times in a ledger of 50,000. */
        uint64_t share = market_below(&life->random, 1000), blocks = life->making->options->items / BLOCK + 1;
        uint64_t rank = share < 85 ? market_below(&life->random, 1 + market_below(&life->random, 6)) : 6 + market_below(&life->random,
            1300 * blocks);
        return market_price(life->making, MARKET_NONE, (uint32_t)rank) + 99;
    }
    return market_quantile_draw(&life->random, amounts);
}

static void
pool_insert(struct life *life, uint32_t row)
{
    if (life->pool_count == life->pool_room) {
        life->pool_room = life->pool_room ? life->pool_room * 2 : 64;
        life->pool = realloc(life->pool, life->pool_room * sizeof *life->pool);
        market_must(life->pool != NULL, "no memory");
    }
    int32_t due = market_item(life->making, row)->due;
    uint32_t at = life->pool_count++;
    while (at > 0 && market_item(life->making, life->pool[at - 1])->due > due) {
        life->pool[at] = life->pool[at - 1];
        at--;
    }
    life->pool[at] = row;
}

uint32_t
market_issue(struct life *life, int64_t amount, int32_t day, int32_t kind)
{
    const struct profile *profile = &life->profile;
    uint32_t row = (uint32_t)life->making->items.count;
    struct item *item = vector_add(&life->making->items);
    item->amount = item->open = amount;
    item->customer = profile->number;
    item->day = day;
    item->due = day + profile->terms;
    item->target = item->due;
    item->paid_by = MARKET_NONE;
    item->kind = kind;
    item->series = (uint8_t)profile->series;
    item->company = (uint8_t)profile->company;
    item->cited_structured = profile->trait == TRAIT_STRUCTURED;
    item->flags = profile->trait == TRAIT_WITHHOLDING ? O2C_ITEM_FLAG_WITHHOLDING : 0;
    pool_insert(life, row);
    return row;
}

uint32_t
market_issue_usual(struct life *life)
{
    return market_issue(life, draw_amount(life), life->day, O2C_ITEM_INVOICE);
}

static void
invoice_day(struct life *life)
{
    const struct profile *profile = &life->profile;
    uint32_t count = (uint32_t)market_between(&life->random, 1, 2 * (int64_t)profile->burst_mean - 1);
    int32_t late = life->profile.late + (int32_t)market_quantile_draw(&life->random, late_by);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = market_issue_usual(life);
        struct item *item = market_item(life->making, row);
        item->target += market_chance(&life->random, 850000) ? late : (int32_t)market_quantile_draw(&life->random, late_by);
        if (market_chance(&life->random, 3000))
            item->target += 4000; /* never paid */
    }
}

/* ---- what he pays: positions in the pool, ascending */
struct choice {
    uint32_t at[256];
    uint32_t count;
};

static uint32_t
due_count(const struct life *life)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < life->pool_count; i++)
        count += market_item(life->making, life->pool[i])->target <= life->day + LOOK_AHEAD;
    return count;
}

static uint32_t
draw_count(struct life *life, int forced)
{
    uint32_t n = life->pool_count, count, tries = 0;
    if (n == 1 || forced == 0)
        return 1;
    if (n <= 94 && market_chance(&life->random, n < 8 ? 30000 : 5000))
        return n;
    do
        count = (uint32_t)market_quantile_draw(&life->random, life->profile.large ? counts_large : counts_usual);
    while ((count >= n && ++tries < 6) || (forced > 0 && count == 1 && n > 2));
    uint32_t due = due_count(life) + 4;
    if (!life->profile.large && count > due && forced < 0)
        count = due;
    return count >= n ? n > 2 && forced > 0 ? 2 : 1 : count;
}

static void
take_run(struct choice *choice, uint32_t from, uint32_t count)
{
    choice->count = count;
    for (uint32_t i = 0; i < count; i++)
        choice->at[i] = from + i;
}

/* Count positions of the first within, without order: each is taken with the chance that is left to it. */
static void
take_scattered(struct life *life, struct choice *choice, uint32_t within, uint32_t count)
{
    choice->count = 0;
    for (uint32_t at = 0; at < within && choice->count < count; at++) {
        if (market_below(&life->random, within - at) < count - choice->count)
            choice->at[choice->count++] = at;
    }
}

static int32_t
due_at(const struct life *life, uint32_t at)
{
    return market_item(life->making, life->pool[at])->due;
}

/* The count nearest to what was drawn that ends with a due day. */
static uint32_t
whole_dates(const struct life *life, uint32_t count)
{
    uint32_t up = count, down = count;
    while (up < life->pool_count && up < 94 && due_at(life, up) == due_at(life, up - 1))
        up++;
    while (down > 1 && due_at(life, down) == due_at(life, down - 1))
        down--;
    return down > 1 && count - down < up - count ? down : up;
}

static uint32_t
runs_of(const struct choice *choice)
{
    uint32_t runs = choice->count > 0;
    for (uint32_t i = 1; i < choice->count; i++)
        runs += choice->at[i] != choice->at[i - 1] + 1;
    return runs;
}

static void
choose_one(struct life *life, struct choice *choice)
{
    uint32_t due = due_count(life), at = 0;
    if (life->pool_count > 1 && !market_chance(&life->random, 768000))
        at = 1 + (uint32_t)market_below(&life->random, due > 2 ? due - 1 : 1);
    take_run(choice, at, 1);
}

static void
choose_many(struct life *life, struct choice *choice, uint32_t count, int forced)
{
    uint32_t n = life->pool_count, within = due_count(life);
    uint32_t p = (uint32_t)market_below(&life->random, 1000);
    /* Everybody leaves his habit now and then. */
    static const uint32_t habits[4][3] = { { 330, 420, 640 }, { 120, 360, 500 }, { 80, 140, 660 }, { 40, 70, 130 } };
    static const uint32_t large[3] = { 180, 260, 270 };
    const uint32_t *habit = life->profile.large ? large : habits[life->profile.habit];
    int way = forced == 1 ? (int)(p % 2) : forced == 2 ? 3 : p < habit[0] ? 0 : p < habit[1] ? 1 : p < habit[2] ? 2 : 3;
    within = within < 2 * count + 2 ? 2 * count + 2 : within;
    within = within < n ? within : n;
    if (way == 0 || count == n)
        take_run(choice, 0, count);
    else if (way == 1)
        take_run(choice, (uint32_t)market_below(&life->random, within - count + 1), count);
    else if (way == 2)
        take_run(choice, 0, whole_dates(life, count));
    else if (market_below(&life->random, 1000) < (life->profile.large ? 500u : 667u))
        take_scattered(life, choice, count + 3 < n ? count + 1 + (uint32_t)market_below(&life->random, 3) : n, count);
    else
        take_scattered(life, choice, within, count);
    if (forced == 2 && runs_of(choice) == 1 && n > 2) {
        choice->count = 2;
        choice->at[0] = 0;
        choice->at[1] = 2 + (uint32_t)market_below(&life->random, n - 2);
    }
}

static uint32_t
flags_of(const struct life *life, const struct choice *choice)
{
    uint32_t flags = choice->at[0] == 0 ? MARKET_OLDEST : 0, inside = 0, last = choice->count - 1;
    flags |= runs_of(choice) == 1 ? MARKET_ONE_RUN : 0;
    flags |= choice->count == life->pool_count ? MARKET_WHOLE_POOL : 0;
    bool whole = true;
    for (uint32_t i = 0; i <= last && whole; i++) {
        uint32_t at = choice->at[i];
        whole = (at == 0 || due_at(life, at - 1) != due_at(life, at) || (i > 0 && choice->at[i - 1] == at - 1)) &&
                (at + 1 == life->pool_count || due_at(life, at + 1) != due_at(life, at) || (i < last && choice->at[i + 1] == at + 1));
    }
    for (uint32_t at = 0; at < life->pool_count && !(flags & MARKET_EQUAL_OPEN); at++) {
        if (inside < choice->count && choice->at[inside] == at) {
            inside++;
            continue;
        }
        for (uint32_t i = 0; i < choice->count && i < 8; i++) {
            if (market_item(life->making, life->pool[at])->open == market_item(life->making, life->pool[choice->at[i]])->open)
                flags |= MARKET_EQUAL_OPEN;
        }
    }
    return flags | (whole ? MARKET_WHOLE_DATES : 0);
}

/* ---- payments */
struct pay *
market_pay(struct life *life, int32_t scenario)
{
    const struct profile *profile = &life->profile;
    struct pay *pay = vector_add(&life->making->pays);
    pay->customer = pay->owner = profile->number;
    pay->behind = pay->sequence = life->sequence++;
    pay->day = life->day;
    pay->scenario = scenario;
    pay->kind = O2C_KIND_APPLY;
    pay->lines_at = (uint32_t)life->making->lines.count;
    pay->pool = life->pool_count;
    pay->closed_item = MARKET_NONE;
    pay->company = (uint8_t)profile->company;
    pay->style = (uint8_t)profile->style;
    pay->language = (uint8_t)profile->language;
    memcpy(pay->currency, profile->currency, 4);
    return pay;
}

struct market_line *
market_line(struct life *life, struct pay *pay, uint32_t item)
{
    struct market_line *line = vector_add(&life->making->lines);
    line->item = item;
    line->paid_minor = market_item(life->making, item)->open;
    pay->lines_count++;
    pay->amount += line->paid_minor;
    return line;
}

/* What is cleared leaves the pool; what stays open for a rest falls due again later. */
static void
leave_pool(struct life *life)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < life->pool_count; i++) {
        if (market_item(life->making, life->pool[i])->gone == 0)
            life->pool[kept++] = life->pool[i];
    }
    life->pool_count = kept;
}

static void
pay_once(struct life *life)
{
    int forced = -1;
    enum trait trait;
    struct choice choice = { .count = 0 };
    if (life->making->options->scenario && life->making->options->scenario < 36)
        market_scenario_alone(life->making->options->scenario, &forced, &trait);
    bool moved = life->moved > 0;
    forced = moved ? 0 : forced;
    uint32_t count = draw_count(life, forced);
    if (count == 1)
        choose_one(life, &choice);
    else
        choose_many(life, &choice, count, forced);
    /* The rest of what was paid in part today is not paid today. */
    for (uint32_t i = 0; i < choice.count; i++) {
        if (market_item(life->making, life->pool[choice.at[i]])->part_day == life->day)
            return;
    }
    uint32_t runs = runs_of(&choice), flags = flags_of(life, &choice);
    int shape = choice.count == 1 ? 0 : runs == 1 ? 1 : 2;
    int32_t scenario = market_scenario_draw(&life->random, life->making, &life->profile, shape);
    life->moved -= moved;
    struct pay *pay = market_pay(life, moved ? 33 : scenario);
    pay->runs = runs;
    pay->flags = flags;
    for (uint32_t i = 0; i < choice.count; i++)
        market_line(life, pay, life->pool[choice.at[i]]);
    market_settle(life, pay);
    leave_pool(life);
}

static bool
something_due(const struct life *life)
{
    for (uint32_t i = 0; i < life->pool_count; i++) {
        if (market_item(life->making, life->pool[i])->target <= life->day)
            return true;
    }
    return false;
}

/* Invoices of the time before the year that were paid before it are nobody's business. */
static void
forget_before(struct life *life, size_t items)
{
    struct making *making = life->making;
    uint32_t kept = (uint32_t)items;
    for (uint32_t i = 0; i < life->pool_count; i++) {
        struct item moved = *market_item(making, life->pool[i]);
        moved.amount = moved.open;
        life->pool[i] = kept;
        *market_item(making, kept++) = moved;
    }
    making->items.count = kept;
}

static int
by_row(const void *a, const void *b)
{
    return *(const uint32_t *)a < *(const uint32_t *)b ? -1 : *(const uint32_t *)a > *(const uint32_t *)b;
}

static void
start_year(struct life *life, size_t items, size_t pays, size_t lines)
{
    struct making *making = life->making;
    if (life->pool_count)
        qsort(life->pool, life->pool_count, sizeof *life->pool, by_row);
    forget_before(life, items);
    making->pays.count = pays;
    making->lines.count = lines;
    life->sequence = 0;
    life->paid_count = life->again_count = 0;
    life->moved = life->profile.moves ? 14 : 0;
    uint32_t count = life->pool_count;
    life->pool_count = 0;
    for (uint32_t i = 0; i < count; i++)
        pool_insert(life, (uint32_t)items + i);
}

void
market_live(struct making *making, uint32_t number)
{
    struct life life = { .making = making };
    size_t items = making->items.count, pays = making->pays.count, lines = making->lines.count;
    market_profile(making, number, &life.profile);
    market_random_stream(&life.random, making->seed, STREAM_LIFE, number);
    if (life.profile.bulk || making->options->scenario == 29) {
        if (life.profile.bulk)
            market_live_bulk(&life);
        else
            market_live_hard(&life);
        free(life.pool);
        return;
    }
    int32_t next = FIRST_DAY - WARM_DAYS + (int32_t)market_below(&life.random, life.profile.wait_milli / 1000 + 1);
    for (life.day = FIRST_DAY - WARM_DAYS; life.day < FIRST_DAY + DAYS; life.day++) {
        /* S30: at midsummer he takes up another habit. */
        if (making->options->scenario == 30 && life.day == FIRST_DAY + DAYS / 2)
            life.profile.habit = (enum habit)((life.profile.habit + 1 + life.profile.number % 3) % 4);
        if (life.day == FIRST_DAY)
            start_year(&life, items, pays, lines);
        if (life.day >= next) {
            invoice_day(&life);
            next = life.day + market_wait(&life.random, life.profile.wait_milli);
        }
        /* 1970-01-01 was a Thursday: banks rest on Saturday and Sunday. */
        if ((life.day + 3) % 7 >= 5)
            continue;
        market_pay_again(&life);
        for (uint32_t i = 0; i < 64 && something_due(&life); i++)
            pay_once(&life);
    }
    free(life.pool);
}

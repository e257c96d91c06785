/* SPDX-License-Identifier: Apache-2.0 */
/* Who a customer is: everything here follows from the seed and his number, so that anyone may ask for anybody at any time. */
#include <stdio.h>
#include <string.h>

#include "market_inside.h"

/* Pool at payment: quantiles over payments, the very large customers apart. */
static const struct market_quantile levels[] = { { 0, 1 }, { 270, 1 }, { 430, 2 }, { 600, 7 }, { 760, 21 }, { 930, 41 }, { 1000, 64 } };
/* Small pools are paid less often: so many customers of that size stand behind one payment (of 1,000). */
static const struct market_quantile rarity[] = { { 1, 1000 }, { 2, 560 }, { 3, 420 }, { 5, 320 }, { 7, 270 }, { 21, 115 }, { 41, 65 }, {
    64, 45 } };
static const int32_t terms_of[20] = { 10, 14, 14, 14, 14, 21, 30, 30, 30, 30, 30, 30, 30, 30, 30, 45, 45, 60, 60, 60 };

static uint32_t
rarity_of(uint32_t level)
{
    int i = 0;
    while (i < 6 && level > rarity[i + 1].at)
        i++;
    int64_t span = rarity[i + 1].at - rarity[i].at, drop = rarity[i].value - rarity[i + 1].value;
    return (uint32_t)(rarity[i].value - drop * (int64_t)(level - rarity[i].at) / span);
}

static uint32_t
draw_level(struct market_random *random, uint32_t least)
{
    uint32_t level;
    do
        level = (uint32_t)market_quantile_draw(random, levels);
    while (level < least || market_below(random, 1000) >= rarity_of(level));
    return level;
}

static uint32_t
large_count(const struct making *making)
{
    return making->options->items >= BLOCK ? making->options->items / BLOCK : 1;
}

static void
be_large(const struct making *making, struct profile *out)
{
    uint64_t items = making->options->items < BLOCK ? making->options->items : BLOCK;
    out->large = true;
    out->trait = TRAIT_PLAIN;
    out->terms = 11;
    out->late = 7;
    out->level = (uint32_t)(items * 240 * 18 / 365000);
    out->burst_mean = (uint32_t)(items * 240 / 365000) + 1;
    out->wait_milli = (uint32_t)((uint64_t)out->burst_mean * 365000 * 1000 / (items * 240));
}

/* S26: one payment in ten thousand has 5,000 lines, one in two hundred thousand 100,000. */
static uint32_t
bulk_lines(const struct making *making, uint32_t number)
{
    uint32_t items = making->options->items, large = large_count(making);
    uint32_t count = making->options->scenario == 26 ? items / 5000 : making->options->scenario ? 0 : items / 26000;
    if (number < large || number >= large + count)
        return 0;
    return (number - large) % 20 == 19 ? 100000 : 5000;
}

static void
be_usual(struct market_random *random, uint32_t least, struct profile *out)
{
    out->level = draw_level(random, least);
    out->terms = terms_of[market_below(random, 20)];
    uint32_t top = out->level <= 7 ? 1 : out->level <= 21 ? 3 : 6;
    out->burst_mean = 1 + (uint32_t)market_below(random, top);
    out->late = out->level > 2 ? 9 : 2;
    /* The pool is what comes within the terms, and the one that makes him pay. */
    uint64_t rate_milli = (out->level > 1 ? (out->level * 1000 - 700) : 250);
    out->wait_milli = (uint32_t)((uint64_t)out->burst_mean * (uint64_t)(out->terms + out->late + 3) * 1000000 / rate_milli);
}

static enum trait
draw_trait(struct market_random *random, uint32_t number)
{
    uint32_t p = (uint32_t)market_below(random, 1000);
    if (p < 92)
        return number % 8 ? TRAIT_CHILD : TRAIT_PLAIN;
    return p < 292 ? TRAIT_DISCOUNT : p < 442 ? TRAIT_STRUCTURED : p < 492 ? TRAIT_FOREIGN : p < 532 ? TRAIT_WITHHOLDING :
           p < 632 ? TRAIT_CREDITS : TRAIT_PLAIN;
}

static enum series
draw_series(struct market_random *random)
{
    uint32_t p = (uint32_t)market_below(random, 100);
    return p < 60 ? SERIES_FIRST : p < 80 ? SERIES_SECOND : p < 88 ? SERIES_INV : p < 94 ? SERIES_RE : SERIES_ZEROS;
}

static void
draw_ways(struct market_random *random, struct profile *out)
{
    static const enum language languages[STYLES][4] = {
        [STYLE_MT940] = { LANGUAGE_DE, LANGUAGE_DE, LANGUAGE_DE, LANGUAGE_NL }, [STYLE_CAMT] = { LANGUAGE_DE, LANGUAGE_FR, LANGUAGE_IT,
            LANGUAGE_ES },
        [STYLE_BAI2] = { LANGUAGE_EN, LANGUAGE_EN, LANGUAGE_EN, LANGUAGE_ES }, [STYLE_ACH] = { LANGUAGE_EN, LANGUAGE_EN, LANGUAGE_EN,
            LANGUAGE_EN },
        [STYLE_LOCKBOX] = { LANGUAGE_EN, LANGUAGE_EN, LANGUAGE_EN, LANGUAGE_EN }, [STYLE_CAMT_SHORT] = { LANGUAGE_EN, LANGUAGE_NL,
            LANGUAGE_FR, LANGUAGE_IT },
    };
    uint32_t p = (uint32_t)market_below(random, 100);
    out->style = p < 25 ? STYLE_MT940 : p < 55 ? STYLE_CAMT : p < 65 ? STYLE_BAI2 : p < 78 ? STYLE_ACH : p < 84 ? STYLE_LOCKBOX :
        STYLE_CAMT_SHORT;
    out->language = languages[out->style][market_below(random, 4)];
    p = (uint32_t)market_below(random, 100);
    out->habit = p < 45 ? HABIT_OLDEST : p < 60 ? HABIT_RUN : p < 75 ? HABIT_DATES : HABIT_SCATTERED;
    out->series = draw_series(random);
}

void
market_profile(const struct making *making, uint32_t number, struct profile *out)
{
    struct market_random random;
    enum trait trait = TRAITS;
    int shape = -1;
    memset(out, 0, sizeof *out);
    market_random_stream(&random, making->seed, STREAM_CUSTOMER, number);
    if (making->options->scenario)
        market_scenario_alone(making->options->scenario, &shape, &trait);
    out->number = number;
    out->trait = draw_trait(&random, number);
    draw_ways(&random, out);
    if (trait != TRAITS)
        out->trait = trait == TRAIT_CHILD && number % 8 == 0 ? TRAIT_PLAIN : trait;
    if (number < large_count(making))
        be_large(making, out);
    else
        be_usual(&random, shape > 0 ? 4 : 1, out);
    out->parent = out->trait == TRAIT_CHILD ? number - number % 8 : MARKET_NONE;
    out->discount_ppm = (uint32_t[]){ 10000, 20000, 20000, 30000 }[market_below(&random, 4)];
    out->discount_days = (int32_t[]){ 8, 10, 14 }[market_below(&random, 3)];
    if (out->trait == TRAIT_DISCOUNT && !out->large)
        out->terms = out->discount_days + 2, out->late = -2;
    memcpy(out->currency, out->trait == TRAIT_FOREIGN ? (number % 2 ? "USD" : "GBP") : "EUR", 4);
    out->account_unknown = market_chance(&random, 40000);
    out->account_of = number % 50 == 33 && !out->account_unknown ? number - 1 : number;
    out->bulk = bulk_lines(making, number);
    bool may_move = making->options->scenario == 0 || making->options->scenario == 33 || making->options->scenario == 37;
    out->moves = may_move && !out->large && !out->bulk && out->level >= 4 && market_chance(&random, making->options->scenario == 33 ?
        1000000 : 20000);
    out->company = making->options->scenario == 34 || number % 16 == 5;
}

size_t
market_name(const struct making *making, uint32_t number, char out[80])
{
    static const char *const first[] = { "Al", "Bar", "Cor", "Del", "Er", "Fal", "Gor", "Hal", "Is", "Jor", "Kal", "Lam", "Mer", "Nor",
        "Or", "Pal",
                                         "Quin", "Ros", "Sal", "Tor", "Ul", "Val", "Wes", "Yor", "Zan", "Bren", "Car", "Dun", "Es", "Fen",
                                             "Gar", "Hol" };
    static const char *const second[] = { "ba", "ci", "den", "fer", "ga", "hu", "jo", "ki", "lo", "man", "ne", "or", "pe", "qui", "ri",
        "so",
                                          "ta", "u", "vi", "wa", "xo", "ya", "zi", "ber", "co", "da", "el", "fi", "gu", "ho", "in", "ja" };
    static const char *const third[] = { "ck", "dt", "f", "ger", "hold", "k", "l", "mann", "n", "p", "r", "s", "t", "v", "witz", "x" };
    static const char *const trade[] = { "Foods", "Handel", "Logistik", "Motors", "Pharma", "Tools", "Markets", "Trading", "Stahl",
        "Papier",
                                         "Distribution", "Retail", "Medical", "Kaffee", "Textil", "Energie" };
    static const char *const legal[] = { "GmbH", "AG", "Inc.", "LLC", "Ltd", "S.A.", "SARL", "S.p.A.", "S.L.", "B.V.", "GmbH & Co. KG",
        "Corp." };
    uint64_t h = market_mix(market_mix(making->seed, 77), number);
    return (size_t)snprintf(out, 80, "%s%s%s%s %s %s", first[h & 31], second[h >> 5 & 31], second[h >> 10 & 31], third[h >> 15 & 15],
                            trade[h >> 19 & 15], legal[(h >> 23) % 12]);
}

/* A German account number with valid check digits: the number is the customer's, mixed so that neighbors do not look alike. */
size_t
market_bank_account(const struct making *making, uint32_t number, char out[40])
{
    uint64_t account = (market_mix(market_mix(making->seed, 78), number) % 100) * UINT64_C(100000000) + number;
    uint64_t bank = 10010000 + market_mix(making->seed, number % 40) % 60000000, rest = bank % 97;
    for (uint64_t unit = UINT64_C(1000000000); unit; unit /= 10)
        rest = (rest * 10 + account / unit % 10) % 97;
    rest = (rest * 1000000 + 131400) % 97;
    return (size_t)snprintf(out, 40, "DE%02u%08u%010llu", (unsigned)(98 - rest), (unsigned)bank, (unsigned long long)account);
}

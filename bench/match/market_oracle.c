/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What anyone could have known of a payment: the posterior of what was meant, under the chances the generator itself used. The observer
 * sees the payer's open items of the morning, the amount, and the text; he knows how payers choose (counted over this market), how they
 * damage numbers, and why they pay less or more. He does not know what the generator drew.
 */
#include <stdlib.h>
#include <string.h>

#include "market_inside.h"

#define SLACK (ONE / 1000000) /* accidents nobody lists: another's valid number stands there by mistake */

struct oracle {
    struct making *making;
    struct habits habits;
    struct sight sight;
    uint32_t *rate;       /* payments of each customer */
    uint32_t *children;   /* next child of the same parent + 1, by customer; first child by parent in first_child */
    uint32_t *first_child;
    size_t damage;        /* next row of damages */
};

static const struct profile *
profile_of(const struct oracle *oracle, uint32_t number)
{
    return (const struct profile *)oracle->making->profiles.rows + number;
}

static const struct market_line *
line_of(const struct oracle *oracle, const struct pay *pay, uint32_t i)
{
    return (const struct market_line *)oracle->making->lines.rows + pay->lines_at + i;
}

/* ---- what is open in the morning */
static int64_t
open_on(const struct item *item, int32_t day)
{
    if (item->day > day || (item->gone && item->gone < day))
        return 0;
    return item->part_day && item->part_day < day ? item->part_open : item->amount;
}

static void
insert(struct sight *sight, const struct oracle *oracle, uint32_t row, int64_t open)
{
    uint32_t at = sight->count++;
    int32_t due = market_item(oracle->making, row)->due;
    for (; at > 0 && market_item(oracle->making, sight->rows[at - 1])->due > due; at--) {
        sight->rows[at] = sight->rows[at - 1];
        sight->open[at] = sight->open[at - 1];
    }
    sight->rows[at] = row;
    sight->open[at] = open;
}

/* False when there is too much to see. */
static bool
look(struct oracle *oracle, uint32_t customer, int32_t day)
{
    struct sight *sight = &oracle->sight;
    const struct profile *profile = profile_of(oracle, customer);
    sight->count = 0;
    sight->discounts = false;
    for (uint32_t row = oracle->making->first_item[customer]; row < oracle->making->first_item[customer + 1]; row++) {
        int64_t open = open_on(market_item(oracle->making, row), day);
        if (open && sight->count == sizeof sight->rows / sizeof *sight->rows)
            return false;
        if (open)
            insert(sight, oracle, row, open);
    }
    for (uint32_t i = 0; i < sight->count; i++) {
        const struct item *item = market_item(oracle->making, sight->rows[i]);
        bool offered = profile->trait == TRAIT_DISCOUNT && item->kind == O2C_ITEM_INVOICE && sight->open[i] == item->amount;
        bool may = offered && day - item->day - profile->discount_days <= 3;
        sight->net[i] = sight->open[i] - (may ? (sight->open[i] * profile->discount_ppm + 500000) / 1000000 : 0);
        sight->discounts |= may;
        sight->kind[i] = market_mix(market_mix((uint64_t)sight->open[i], offered ? (uint64_t)item->day : 0), (uint64_t)item->kind << 32 |
            item->flags) | 1;
    }
    return true;
}

/* ---- nothing is cited */
struct weighed {
    uint64_t truth, others, loose;
};

/* Set of the truth in what is seen: how many runs, with the oldest, is a discount on offer for any of it? False: an item is not there. */
static bool
place(const struct oracle *oracle, const struct pay *pay, uint32_t *runs, bool *oldest, uint64_t *kind, bool *offered)
{
    const struct sight *sight = &oracle->sight;
    uint32_t before = MARKET_NONE, seen = 0;
    *runs = 0;
    *oldest = false;
    *kind = 0;
    *offered = false;
    for (uint32_t at = 0; at < sight->count; at++) {
        bool in = false;
        for (uint32_t i = 0; i < pay->lines_count && !in; i++)
            in = line_of(oracle, pay, i)->item == sight->rows[at];
        if (!in)
            continue;
        *runs += before == MARKET_NONE || before + 1 != at;
        *oldest |= at == 0;
        *kind += sight->kind[at];
        *offered |= sight->net[at] != sight->open[at];
        before = at;
        seen++;
    }
    return seen == pay->lines_count;
}

/* Short payments of one item, of a run, and of all else: that is bounded by the density of shorts above this amount. */
static uint64_t
shorts(const struct oracle *oracle, int64_t paid)
{
    const struct sight *sight = &oracle->sight;
    uint64_t sum = 0, listed = 0, n = sight->count;
    for (uint32_t from = 0; from < n; from++) {
        int64_t full = 0;
        for (uint32_t to = from; to < n && to - from < 64; to++) {
            uint64_t prior = market_set_prior(&oracle->habits, (uint32_t)n, to - from + 1, 1, from == 0);
            full += sight->open[to];
            listed += prior;
            if (full > paid && full <= paid * 2 + 2)
                sum += market_times(prior, market_short(full, paid));
        }
    }
    return sum + (listed < ONE ? market_times(ONE - listed, market_per(22, (uint64_t)paid)) : 0);
}

/* Chances of a payment that cites nothing, of one customer: exact, discounted, short; per million of all his payments. */
static void
weigh(struct oracle *oracle, const struct pay *pay, uint32_t owner, uint64_t share, struct weighed *out)
{
    struct sight *sight = &oracle->sight;
    struct masses exact = { 0, 0, 0 }, net = { 0, 0, 0 };
    uint32_t runs;
    bool oldest, offered, is_owner = owner == pay->owner;
    uint64_t kind, truth_kind, prior;
    bool seen = place(oracle, pay, &runs, &oldest, &kind, &offered) && is_owner;
    int64_t cut = 0, given = 0;
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        cut += line_of(oracle, pay, i)->short_minor;
        given += line_of(oracle, pay, i)->discount_minor;
    }
    truth_kind = seen ? kind : 0;
    prior = seen ? market_set_prior(&oracle->habits, sight->count, pay->lines_count, runs, oldest) : 0;
    market_sets(sight, sight->open, pay->amount, &oracle->habits, cut || given ? 0 : truth_kind, &exact);
    if (sight->discounts)
        market_sets(sight, sight->net, pay->amount, &oracle->habits, given || !offered ? truth_kind : 0, &net);
    uint64_t as_exact = ONE / 100 * 21, as_net = ONE / 100 * 6, as_short = ONE / 1000 * 14, lump = shorts(oracle, pay->amount);
    struct weighed here = { 0, 0, 0 };
    here.others = market_times(as_exact, exact.others) + market_times(as_net, net.others) + market_times(as_short, lump);
    here.loose = market_times(as_exact, exact.loose) + market_times(as_net, net.loose);
    if (seen && !cut && !given)
        here.truth = market_times(as_exact, exact.alike > prior ? exact.alike : prior);
    if (seen && !cut && !given && sight->discounts && !offered) /* taking what is not on offer is paying in full: one outcome */
        here.truth += market_times(as_net, net.alike > prior ? net.alike : prior);
    if (seen && given)
        here.truth = market_times(as_net, net.alike > prior ? net.alike : prior);
    if (seen && cut) {
        uint64_t own = market_times(as_short, market_times(prior, market_short(pay->amount + cut, pay->amount)));
        here.truth = own;
        here.others -= own < here.others ? own : here.others;
    }
    out->truth += market_times(here.truth, share);
    out->others += market_times(here.others, share);
    out->loose += market_times(here.loose, share);
}

/* Everybody whose payment this may be: those who share the bank account, and the children of a parent. */
static bool
weigh_all(struct oracle *oracle, const struct pay *pay, struct weighed *out)
{
    uint32_t payer = pay->customer, payers[2] = { payer, MARKET_NONE }, number = oracle->making->customers;
    const struct profile *profile = profile_of(oracle, payer);
    if (profile->account_of != payer)
        payers[1] = profile->account_of;
    else if (payer + 1 < number && profile_of(oracle, payer + 1)->account_of == payer)
        payers[1] = payer + 1;
    for (int i = 0; i < 2 && payers[i] != MARKET_NONE; i++) {
        uint32_t owner = payers[i];
        uint64_t all = (uint64_t)oracle->rate[payer] + (payers[1] != MARKET_NONE ? oracle->rate[payers[1]] : 0) + 1;
        if (!look(oracle, owner, pay->day))
            return false;
        weigh(oracle, pay, owner, market_per(oracle->rate[owner] + 1, all), out);
        for (uint32_t child = oracle->first_child[owner]; child; child = oracle->children[child - 1]) {
            /* A quarter of a child's payments come from above, three of ten without a number; a third of his own are like that. */
            if (!look(oracle, child - 1, pay->day))
                return false;
            weigh(oracle, pay, child - 1, market_per(oracle->rate[child - 1] + 1, all) / 4, out);
        }
    }
    return true;
}

static uint64_t
naked(struct oracle *oracle, const struct pay *pay, bool *loose)
{
    struct weighed all = { 0, 0, 0 };
    if (!weigh_all(oracle, pay, &all) || all.truth == 0)
        return 0;
    /* Money on account is a multiple of a hundred, as some invoices are. */
    if (pay->amount % 10000 == 0 && pay->amount >= 50000 && pay->amount <= 4000000)
        all.others += ONE / 100 * 2 / 396;
    uint64_t best = market_per(all.truth, all.truth + all.others), least = market_per(all.truth, all.truth + all.others + all.loose);
    *loose = (best >= ONE / 1000 * 999) != (least >= ONE / 1000 * 999) || (best >= ONE / 10 * 9) != (least >= ONE / 10 * 9);
    return least;
}

/* ---- something is cited */
static void
owe(const struct oracle *oracle, const struct pay *pay, struct owed *owed)
{
    static const int64_t rates[3] = { 5, 10, 15 };
    memset(owed, 0, sizeof *owed);
    owed->trait = profile_of(oracle, pay->owner)->trait;
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        const struct market_line *line = line_of(oracle, pay, i);
        int64_t open = line->paid_minor + line->discount_minor + line->charge_minor + line->withholding_minor + line->tolerance_minor +
                       line->short_minor;
        owed->full += open;
        owed->net += open - line->discount_minor;
        for (int k = 0; k < 3; k++)
            owed->taxed[k] += open - (open * rates[k] + 50) / 100;
    }
}

static enum cause
cause_of(const struct oracle *oracle, const struct pay *pay)
{
    const struct market_line *line = line_of(oracle, pay, 0);
    enum cause cause = pay->on_account ? CAUSE_OVER : CAUSE_EXACT;
    for (uint32_t i = 0; i < pay->lines_count; i++, line++)
        cause = line->charge_minor ? CAUSE_FEE : line->withholding_minor ? CAUSE_TAX : line->discount_minor ? CAUSE_DISCOUNT :
                line->short_minor ? CAUSE_SHORT : cause;
    return cause;
}

/* Letters that readers of paper take for digits may be any digit. */
static bool
same_digit(char a, char b)
{
    return a == b || !(a >= '0' && a <= '9');
}

/* Could this text be the number of that document, damaged once? */
static bool
may_be(const char *text, const struct item *item)
{
    char number[16];
    size_t len = strlen(text), want = (size_t)snprintf(number, sizeof number, "%0*u", item->series < 2 || item->series == 4 ? 10 : 8,
        (unsigned)item->number);
    const char *tail = strrchr(text, '-') ? strrchr(text, '-') + 1 : strrchr(text, '/') ? strrchr(text, '/') + 1 : text;
    len -= (size_t)(tail - text);
    if (len < want)
        return len + 2 >= want && (strncmp(tail, number, len) == 0 || strcmp(tail, number + (want - len)) == 0);
    if (len > want)
        return false;
    uint32_t wrong = 0, first = 0;
    for (uint32_t i = 0; i < want; i++) {
        first = wrong || same_digit(tail[i], number[i]) ? first : i;
        wrong += !same_digit(tail[i], number[i]);
    }
    return wrong <= 1 || (wrong == 2 && first + 1 < want && tail[first] == number[first + 1] && tail[first + 1] == number[first]);
}

static uint64_t
sum_of(const uint64_t causes[CAUSES])
{
    uint64_t sum = 0;
    for (int i = 0; i < CAUSES; i++)
        sum += causes[i];
    return sum;
}

/* Other open items of the owner that a damaged number may name as well, if the amount can be explained with them. */
static uint64_t
confused(struct oracle *oracle, const struct pay *pay, const struct damaged *damaged, const struct owed *owed)
{
    uint64_t sum = 0, kind = 0;
    int64_t own = 0;
    if (!look(oracle, pay->owner, pay->day))
        return ONE;
    struct sight *sight = &oracle->sight;
    for (uint32_t at = 0; at < sight->count; at++) {
        own = sight->rows[at] == damaged->item ? sight->open[at] : own;
        kind = sight->rows[at] == damaged->item ? sight->kind[at] : kind;
    }
    for (uint32_t at = 0; at < sight->count; at++) {
        struct owed other = *owed;
        uint64_t causes[CAUSES];
        if (sight->kind[at] == kind || !may_be(damaged->text, market_item(oracle->making, sight->rows[at])))
            continue;
        int64_t more = sight->open[at] - own;
        other.full += more;
        other.net += more;
        for (int k = 0; k < 3; k++)
            other.taxed[k] += more - (more * (5 + 5 * k) + 50) / 100;
        market_causes(&other, pay->amount, causes);
        sum += sum_of(causes);
    }
    return sum;
}

static uint64_t
cited(struct oracle *oracle, const struct pay *pay, uint32_t payment)
{
    struct owed owed;
    uint64_t causes[CAUSES], truth, all;
    enum cause cause = cause_of(oracle, pay);
    owe(oracle, pay, &owed);
    market_causes(&owed, pay->amount, causes);
    truth = causes[cause];
    all = sum_of(causes);
    /* A reason in words, a claim on a document named, another currency: the text itself says why. */
    bool told = pay->aside && pay->scenario == 15, foreign = strcmp(pay->currency, profile_of(oracle, pay->owner)->currency) != 0;
    if (told || foreign || pay->closed_item != MARKET_NONE || (pay->flags & MARKET_ADVICE))
        truth = all = ONE / 100;
    const struct damaged *damages = oracle->making->damages.rows;
    while (oracle->damage < oracle->making->damages.count && damages[oracle->damage].payment < payment)
        oracle->damage++;
    for (size_t i = oracle->damage; i < oracle->making->damages.count && damages[i].payment == payment && !told && !foreign; i++)
        all += confused(oracle, pay, &damages[i], &owed);
    return truth ? market_times(market_per(truth, all), ONE - SLACK) : 0;
}

/* ---- */
static void
families(struct oracle *oracle)
{
    uint32_t count = oracle->making->customers;
    oracle->rate = market_alloc(count, sizeof *oracle->rate);
    oracle->children = market_alloc(count, sizeof *oracle->children);
    oracle->first_child = market_alloc(count, sizeof *oracle->first_child);
    for (size_t i = 0; i < oracle->making->pays.count; i++)
        oracle->rate[((const struct pay *)oracle->making->pays.rows + i)->owner]++;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parent = profile_of(oracle, i)->parent;
        if (parent == MARKET_NONE || parent >= count)
            continue;
        oracle->children[i] = oracle->first_child[parent];
        oracle->first_child[parent] = i + 1;
    }
}

static void
judge(struct oracle *oracle, uint32_t payment)
{
    const struct pay *pay = (const struct pay *)oracle->making->pays.rows + oracle->making->order[payment];
    struct market_truth *truth = &oracle->making->market->truth[payment];
    bool loose = false;
    uint64_t p;
    if (pay->lines_count == 0) {
        truth->label = MARKET_LABEL_NOTHING;
        return;
    }
    /* Thousands of lines, some bad, are judged line by line; sums that are nearly right are another question than this oracle's. */
    if (pay->scenario == 26 || pay->scenario == 32)
        return;
    p = pay->cites == CITE_ALL ? cited(oracle, pay, payment) : naked(oracle, pay, &loose);
    truth->p_star_ppm = (uint32_t)(market_times(p, 1000000));
    truth->label = loose ? MARKET_LABEL_UNKNOWN : p >= ONE / 1000 * 999 ? MARKET_LABEL_IDENT : p >= ONE / 10 * 9 ? MARKET_LABEL_LIKELY :
                   MARKET_LABEL_AMBIGUOUS;
}

void
market_label(struct making *making)
{
    struct oracle *oracle = market_alloc(1, sizeof *oracle);
    oracle->making = making;
    market_habits(making, &oracle->habits);
    families(oracle);
    for (uint32_t i = 0; i < making->pays.count; i++)
        judge(oracle, i);
    free(oracle->rate);
    free(oracle->children);
    free(oracle->first_child);
    free(oracle);
}

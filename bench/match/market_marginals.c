/* SPDX-License-Identifier: Apache-2.0 */
/* What the market looks like beside a real ledger of 50,000 invoices. */
#include <stdlib.h>
#include <string.h>

#include "market_inside.h"

struct report {
    FILE *out;
    uint32_t off;
};

/* One figure, in thousandths where it is a share. */
static void
say(struct report *report, const char *what, int64_t wanted, int64_t got, int64_t tolerance)
{
    bool holds = got >= wanted - tolerance && got <= wanted + tolerance;
    report->off += !holds;
    if (report->out)
        fprintf(report->out, "%-44s %12lld %12lld   +- %lld%s\n", what, (long long)wanted, (long long)got, (long long)tolerance, holds ?
            "" : "   OFF");
}

static int
by_value(const void *a, const void *b)
{
    return *(const int64_t *)a < *(const int64_t *)b ? -1 : *(const int64_t *)a > *(const int64_t *)b;
}

static int64_t
share(uint64_t part, uint64_t whole)
{
    return whole ? (int64_t)((part * 1000 + whole / 2) / whole) : 0;
}

static int64_t
quantile(const int64_t *sorted, uint64_t count, uint32_t at)
{
    return count ? sorted[(count - 1) * at / 1000] : 0;
}

/* Payments the marginals speak of: those that pay items, bulk advices apart. */
static bool
counts(const struct market_truth *truth)
{
    return truth->lines_count && truth->scenario != 26 && truth->scenario != 24 && truth->scenario != 29 && truth->scenario != 32;
}

static void
say_sizes(struct report *report, const struct market *market)
{
    uint64_t payments = 0, lines = 0, upto[5] = { 0 }, many_lines = 0;
    static const uint32_t steps[5] = { 1, 2, 5, 10, 20 };
    int64_t most = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        if (!counts(truth))
            continue;
        payments++;
        lines += truth->lines_count;
        many_lines += truth->lines_count > 1 ? truth->lines_count : 0;
        most = truth->lines_count > most ? truth->lines_count : most;
        for (int k = 0; k < 5; k++)
            upto[k] += truth->lines_count <= steps[k];
    }
    say(report, "items per payment, mean x 100", 258, (int64_t)(lines * 100 / (payments ? payments : 1)), 35);
    say(report, "payments of 1 item, per mille", 629, share(upto[0], payments), 25);
    say(report, "at most 2", 792, share(upto[1], payments), 25);
    say(report, "at most 5", 930, share(upto[2], payments), 30);
    say(report, "at most 10", 969, share(upto[3], payments), 12);
    say(report, "at most 20", 982, share(upto[4], payments), 10);
    say(report, "most items of one payment", 94, most, 6);
    say(report, "invoices in multi-invoice payments", 757, share(many_lines, lines), 40);
}

static void
say_quantiles(struct report *report, const char *what, int64_t *values, uint64_t count, const int64_t (*table)[3], size_t steps)
{
    char text[64];
    qsort(values, count, sizeof *values, by_value);
    for (size_t i = 0; i < steps; i++) {
        snprintf(text, sizeof text, "%s p%lld", what, (long long)table[i][0] / 10);
        say(report, text, table[i][1], quantile(values, count, (uint32_t)table[i][0]), table[i][2]);
    }
}

static void
say_pools(struct report *report, const struct market *market, int64_t *values)
{
    static const int64_t pools[][3] = { { 100, 1, 0 }, { 250, 2, 1 }, { 500, 7, 2 }, { 750, 21, 6 }, { 900, 41, 11 }, { 950, 64, 30 },
                                       { 990, 326, 90 }, { 1000, 457, 90 } };
    uint64_t count = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        if (counts(&market->truth[i]))
            values[count++] = market->truth[i].pool;
    }
    say_quantiles(report, "pool at payment", values, count, pools, sizeof pools / sizeof *pools);
}

static void
say_shapes(struct report *report, const struct market *market)
{
    uint64_t multi = 0, single = 0, choice = 0, run = 0, prefix = 0, dates = 0, whole = 0, oldest = 0, oldest_choice = 0, equal = 0,
        all = 0;
    uint64_t big = 0, big_runs[4] = { 0 };
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        uint32_t flags = truth->flags;
        if (!counts(truth))
            continue;
        all++;
        equal += (flags & MARKET_EQUAL_OPEN) != 0;
        if (truth->lines_count == 1) {
            single++;
            oldest += (flags & MARKET_OLDEST) != 0;
            choice += truth->pool > 1;
            oldest_choice += truth->pool > 1 && (flags & MARKET_OLDEST);
            continue;
        }
        multi++;
        run += (flags & MARKET_ONE_RUN) != 0;
        prefix += (flags & MARKET_ONE_RUN) && (flags & MARKET_OLDEST);
        dates += (flags & MARKET_WHOLE_DATES) != 0;
        whole += (flags & MARKET_WHOLE_POOL) != 0;
        if (truth->pool > 38) {
            big++;
            big_runs[truth->runs >= 8 ? 3 : truth->runs == 3 ? 2 : truth->runs == 2 ? 1 : 0] += truth->runs <= 3 || truth->runs >= 8;
        }
    }
    say(report, "one run, of multi-invoice payments", 630, share(run, multi), 50);
    say(report, "oldest prefix", 441, share(prefix, multi), 60);
    say(report, "whole due dates", 611, share(dates, multi), 90);
    say(report, "whole pool", 48, share(whole, multi), 25);
    say(report, "pools over 38: 1 run", 440, share(big_runs[0], big), 80);
    say(report, "pools over 38: 2 runs", 250, share(big_runs[1], big), 60);
    say(report, "pools over 38: 3 runs", 90, share(big_runs[2], big), 40);
    say(report, "pools over 38: 8 runs and more", 160, share(big_runs[3], big), 80);
    say(report, "single is the oldest", 807, share(oldest, single), 25);
    say(report, "single is the oldest where there is a choice", 746, share(oldest_choice, choice), 25);
    say(report, "an equal item open beside it", 42, share(equal, all), 20);
}

static void
say_items(struct report *report, const struct market *market, int64_t *values)
{
    static const int64_t amounts[][3] = { { 10, 7064, 2500 }, { 50, 33331, 6000 }, { 250, 470273, 40000 }, { 500, 1728350, 100000 }, {
        750, 4654367, 200000 },
                                          { 950, 11092669, 500000 }, { 990, 16607123, 1500000 } };
    uint64_t count = 0, equal = 0, large = 0, groups = 0, tops[3] = { 0 };
    for (uint64_t i = 0; i < market->master.items_count; i++) {
        large += market->master.items[i].account.at == market->master.accounts[0].key.at;
        if (market->master.items[i].open_minor > 0)
            values[count++] = market->master.items[i].open_minor;
    }
    say_quantiles(report, "amount", values, count, amounts, sizeof amounts / sizeof *amounts);
    for (uint64_t i = 0, same; i < count; i += same) {
        for (same = 1; i + same < count && values[i + same] == values[i]; same++)
            ;
        equal += same > 1 ? same : 0;
        groups++;
        for (int k = 0; k < 3; k++) {
            if (same > tops[k]) {
                memmove(tops + k + 1, tops + k, (size_t)(2 - k) * sizeof *tops);
                tops[k] = same;
                break;
            }
        }
    }
    say(report, "invoices that share an amount", 124, share(equal, count), 30);
    say(report, "most frequent amount", 101, (int64_t)tops[0], 60);
    say(report, "third most frequent amount", 71, (int64_t)tops[2], 45);
    say(report, "share of the largest customer", 246, share(large, market->master.items_count), 25);
    if (report->out)
        fprintf(report->out, "%-44s %12d %12llu\n", "customers (base names)", 953, (unsigned long long)market->master.accounts_count);
}

static void
say_days(struct report *report, const struct market *market, int64_t *values)
{
    static const int64_t late[][3] = { { 10, -19, 10 }, { 50, -7, 6 }, { 250, -3, 4 }, { 500, 0, 3 }, { 750, 2, 2 }, { 950, 10, 4 },
                                      { 990, 50, 35 } };
    uint64_t count = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        for (uint32_t k = truth->lines_at; counts(truth) && k < truth->lines_at + truth->lines_count; k++)
            values[count++] = market->payments.rows[i].value_day - market->master.items[market->lines[k].item].due_day;
    }
    say_quantiles(report, "days late", values, count, late, sizeof late / sizeof *late);
}

static void
say_scenarios(struct report *report, const struct market *market)
{
    uint64_t count[39] = { 0 }, labels[39][5] = { { 0 } };
    for (uint64_t i = 0; i < market->payments.count; i++) {
        count[market->truth[i].scenario]++;
        labels[market->truth[i].scenario][market->truth[i].label]++;
    }
    fprintf(report->out, "%-9s %9s %9s   %9s %9s %9s %9s %9s\n", "scenario", "payments", "of 10,000", "unknown", "IDENT", "LIKELY",
        "AMBIGUOUS", "NONE");
    for (int s = 1; s < 39; s++) {
        if (!count[s])
            continue;
        fprintf(report->out, "S%02d       %9llu %9llu  ", s, (unsigned long long)count[s],
            (unsigned long long)(count[s] * 10000 / market->payments.count));
        for (int k = 0; k < 5; k++)
            fprintf(report->out, " %9llu", (unsigned long long)labels[s][k]);
        fputc('\n', report->out);
    }
}

uint32_t
market_marginals(const struct market *market, FILE *out)
{
    struct report report = { out, 0 };
    uint64_t room = market->lines_count > market->master.items_count ? market->lines_count : market->master.items_count;
    int64_t *values = market_alloc(room + market->payments.count, sizeof *values);
    if (out)
        fprintf(out, "%-44s %12s %12s\n", "marginal", "published", "here");
    say_sizes(&report, market);
    say_pools(&report, market, values);
    say_shapes(&report, market);
    say_items(&report, market, values);
    say_days(&report, market, values);
    uint64_t bytes = 0;
    for (uint64_t i = 0; i < market->payments.texts_count; i++)
        bytes += market->payments.texts[i].text.len;
    say(&report, "text bytes, mean", 115, market->payments.count ? (int64_t)(bytes / market->payments.count) : 0, 25);
    if (out)
        say_scenarios(&report, market);
    free(values);
    return report.off;
}

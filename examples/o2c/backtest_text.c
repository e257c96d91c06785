/* SPDX-License-Identifier: Apache-2.0 */
/* o2c backtest for a person: how much would have been automatic, how often wrong, which classes are proved, what to look at. */
#include "backtest.h"

#include <inttypes.h>

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define GREEN "\033[1;32m"
#define YELLOW "\033[1;33m"
#define RED "\033[1;31m"
#define PLAIN "\033[0m"

enum { CLASSES_SHOWN = 20, DISAGREEMENTS_SHOWN = 10 };

static void
paint(FILE *out, bool color, const char *code)
{
    if (color)
        fputs(code, out);
}

static const char *
counted(uint64_t number, char buffer[48])
{
    return money_grouped((int64_t)number, "JPY", buffer);
}

static void
head(FILE *out, const struct trial *trial, bool color)
{
    const o2c_match_report_header *h = &trial->header;
    char first[11], last[11], payments[48], money[48], judged[48], lines[48];
    paint(out, color, BOLD);
    if (h->days)
        fprintf(out, "Back-test of %s to %s", day_text(h->first_day, first), day_text(h->last_day, last));
    else
        fputs("Back-test of no payments", out);
    paint(out, color, PLAIN);
    fprintf(out, "\n  %s payments on %" PRIu32 " days, %s %s; people cleared %s of them on %s documents\n", counted(h->customer, payments),
            h->days, money_grouped(h->money_minor, h->currency, money), h->currency, counted(h->judged, judged), counted(h->lines, lines));
    fprintf(out, "  bank accounts of the customer list: %s\n", h->learn_accounts ? "ignored and learned day by day" : "known from the start");
}

/* What the lists left unsaid, in words: a reader must know what the figures rest on. */
static void
doubts(FILE *out, const struct trial *trial)
{
    const o2c_match_report_header *h = &trial->header;
    const struct {
        uint64_t count;
        const char *words;
    } rows[] = { { h->items_undated, "items have no document_date: known from the start, which is more than people knew" },
                 { h->clearings_undated, "clearings name no day and no payment of the list: left out" },
                 { h->clearings_foreign, "clearings name a payment or an item that is not in the lists" },
                 { h->clearings_beyond, "clearings took more than was open" },
                 { h->states_dropped, "items are disputed, blocked or reserved today: nobody knows since when, so they were not then" } };
    char number[48];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].count)
            fprintf(out, "  note: %s %s\n", counted(rows[i].count, number), rows[i].words);
}

static void
rate_line(FILE *out, const char *name, const o2c_match_rate *row, bool color)
{
    char payments[24], lines[24], money[24], wrong[48], judged[48];
    fprintf(out, "  %-26s %9s %9s %9s   ", name, rate_text(row->payments_auto, row->payments, payments),
            rate_text(row->lines_auto, row->lines, lines),
            rate_text((uint64_t)row->money_auto_minor, (uint64_t)row->money_minor, money));
    paint(out, color && row->lines_wrong, RED);
    fprintf(out, "%s of %s wrong", counted(row->lines_wrong, wrong), counted(row->lines_judged, judged));
    paint(out, color && row->lines_wrong, PLAIN);
    if (row->lines_judged)
        fprintf(out, ", at most %s", rate_text(row->bound_ppm, 1000000, payments));
    fputc('\n', out);
}

static void
rates(FILE *out, const struct trial *trial, bool color)
{
    paint(out, color, BOLD);
    fprintf(out, "\n  %-26s %9s %9s %9s   %s\n", "AUTOMATIC", "payments", "lines", "money", "wrong lines, 95 % bound");
    paint(out, color, PLAIN);
    rate_line(out, "shipped classes", trial_rate(trial, O2C_RATE_SHIPPED), color);
    rate_line(out, "the policy as it stands", trial_rate(trial, O2C_RATE_POLICY), color);
    rate_line(out, "all releasable classes", trial_rate(trial, O2C_RATE_RELEASABLE), color);
}

static void
verdict(FILE *out, const o2c_match_class_result *row, bool color)
{
    char number[48];
    paint(out, color, row->verdict == O2C_RELEASE_RELEASABLE ? GREEN : row->verdict == O2C_RELEASE_NEVER ? RED : YELLOW);
    if (row->verdict == O2C_RELEASE_NEEDS_MORE)
        fprintf(out, "needs %s more", counted(row->needed, number));
    else
        fputs(row->verdict == O2C_RELEASE_RELEASABLE ? "RELEASABLE" : "never", out);
    paint(out, color, PLAIN);
    fputs(row->released ? ", released\n" : "\n", out);
}

static void
classes(FILE *out, const struct trial *trial, bool color)
{
    const o2c_match_class_result *rows;
    uint64_t count, shown = 0;
    char words[96], lines[48], different[48], twins[48], bound[24];
    o2c_match_report_classes(trial->report, &rows, &count);
    paint(out, color, BOLD);
    fprintf(out, "\n  %-46s %9s %6s %6s %9s  %s\n", "CLASS", "lines", "differ", "twins", "bound", "verdict");
    paint(out, color, PLAIN);
    for (uint64_t i = 0; i < count && shown < CLASSES_SHOWN; i++) {
        if (rows[i].lines == 0)
            continue;
        shown++;
        fprintf(out, "  %-46s %9s %6s %6s %9s  ", class_words(rows[i].line_class, words), counted(rows[i].lines, lines),
                counted(rows[i].different, different), counted(rows[i].interchangeable, twins),
                rate_text(rows[i].bound_ppm, 1000000, bound));
        verdict(out, &rows[i], color);
    }
    if (shown == 0)
        fputs("  no line was above the bar\n", out);
    paint(out, color, DIM);
    fputs("  lines: above the bar, no gate, judged. twins: documents no posting can tell apart, counted as right.\n", out);
    paint(out, color, PLAIN);
}

static void
months(FILE *out, const struct trial *trial, bool color)
{
    const o2c_match_rate *rows;
    uint64_t count;
    char day[11], payments[24], lines[24];
    o2c_match_report_rates(trial->report, &rows, &count);
    paint(out, color, BOLD);
    fprintf(out, "\n  %-9s %9s %21s %21s\n", "MONTH", "payments", "shipped, lines", "releasable, lines");
    paint(out, color, PLAIN);
    for (uint64_t i = 3; i + 2 < count; i += 3)
        fprintf(out, "  %-9.7s %9" PRIu64 " %21s %21s\n", day_text(rows[i].month, day), rows[i].payments,
                rate_text(rows[i].lines_auto, rows[i].lines, payments), rate_text(rows[i + 2].lines_auto, rows[i + 2].lines, lines));
}

static void
theirs_write(FILE *out, const struct trial *trial, const o2c_match_disagreement *row, const char currency[4])
{
    const o2c_match_theirs *theirs;
    uint64_t count;
    char amount[48];
    o2c_match_report_theirs(trial->report, &theirs, &count);
    fputs("      people:", out);
    for (uint32_t i = 0; i < row->theirs_count && i < 8; i++) {
        fputs(i ? "; " : " ", out);
        put_terminal(out, trial_document(trial, theirs[row->theirs_at + i].item));
        fprintf(out, " %s", money_grouped(theirs[row->theirs_at + i].applied_minor, currency, amount));
        if (!theirs[row->theirs_at + i].known)
            fputs(" (not open then)", out);
    }
    fputs(row->theirs_count == 0 ? " cleared it with another payment\n" : row->theirs_count > 8 ? "; ...\n" : "\n", out);
}

/* Who judges goes through the list in this order, so that he cannot pick. */
static void
judged(FILE *out, const struct trial *trial)
{
    const o2c_match_report_header *header = &trial->header;
    char share[24];
    if (header->drawn)
        fprintf(out, "    judged: the first %" PRIu64 "; in %" PRIu64 " of them we were not right, so at most %s of what differs is our mistake\n",
                header->drawn, header->against, rate_text(header->against_bound_ppm, 1000000, share));
    else
        fputs("    nobody has judged them, so all count as our mistakes. Judge them in this order, from the first without a gap: a CSV\n"
              "    with payment,verdict (ours, theirs, both, neither), and --judged FILE\n", out);
}

static void
disagreements(FILE *out, const struct trial *trial, bool color)
{
    const o2c_match_disagreement *rows;
    const o2c_match_answer *answers;
    uint64_t count, answers_count;
    o2c_str heap;
    char day[11], amount[48];
    o2c_match_report_disagreements(trial->report, &rows, &count);
    o2c_match_report_answers(trial->report, &answers, &answers_count);
    o2c_match_report_heap(trial->report, &heap);
    if (count == 0)
        return;
    paint(out, color, BOLD);
    fprintf(out, "\n  DISAGREEMENTS: %" PRIu64 " payments would have been automatic, and people cleared them differently\n", count);
    paint(out, color, PLAIN);
    judged(out, trial);
    for (uint64_t i = 0; i < count && i < DISAGREEMENTS_SHOWN; i++) {
        const o2c_match_disagreement *row = trial_drawn(trial, i);
        const o2c_match_answer *answer = &answers[row->answer];
        fprintf(out, "%4" PRIu64 ". %s  ", i + 1, day_text(answer->day, day));
        put_terminal(out, ref_in(&trial->payments.heap, trial->payments.rows[answer->payment].key));
        fprintf(out, "  %s %s, possible: %s\n      ours:   ", money_grouped(answer->amount_minor, answer->currency, amount), answer->currency,
                o2c_code_name(O2C_TABLE_POSSIBLE, row->possible));
        put_terminal(out, ref_in(&heap, row->said));
        fputc('\n', out);
        theirs_write(out, trial, row, answer->currency);
    }
    if (count > DISAGREEMENTS_SHOWN)
        fprintf(out, "    and %" PRIu64 " more: --format json has them all\n", count - DISAGREEMENTS_SHOWN);
}

void
backtest_text(FILE *out, const struct trial *trial, bool color)
{
    head(out, trial, color);
    doubts(out, trial);
    rates(out, trial, color);
    classes(out, trial, color);
    if (trial->header.days)
        months(out, trial, color);
    disagreements(out, trial, color);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A readable block a payment, and the funnel of the day at the end. */
#include "tool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100 };

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"
static const char *const mark_colors[MARK_COLORS] = { "\033[36m", "\033[33m", "\033[35m", "\033[32m", "\033[34m", "\033[31m" };

const char *
band_words(const o2c_proposal *proposal)
{
    switch (proposal->kind) {
    case O2C_KIND_APPLY:
        return proposal->band == O2C_BAND_AUTO ? "AUTO" : "PROPOSED";
    case O2C_KIND_ON_ACCOUNT:
        return "ON ACCOUNT";
    case O2C_KIND_UNIDENTIFIED:
        return "UNIDENTIFIED";
    case O2C_KIND_DUPLICATE:
        return "DUPLICATE";
    case O2C_KIND_AWAITING_DETAIL:
        return "AWAITING DETAIL";
    default:
        return "NOT RECEIVABLE";
    }
}

const char *
band_color(const o2c_proposal *proposal)
{
    switch (funnel_of(proposal)) {
    case FUNNEL_AUTO:
        return "\033[1;32m";
    case FUNNEL_PROPOSED:
        return "\033[1;33m";
    case FUNNEL_ON_ACCOUNT:
        return "\033[1;34m";
    case FUNNEL_UNIDENTIFIED:
        return "\033[1;31m";
    default:
        return DIM;
    }
}

static const char *
mark_color(const struct mark *mark)
{
    return mark->line ? mark_colors[(mark->line - 1) % MARK_COLORS] : "\033[4m";
}

/* One line of the bank's text, from start to end, with its marks; without color they are underlined by a second line. */
static void
text_line(FILE *out, o2c_str text, uint32_t start, uint32_t end, const struct mark *marks, uint32_t count, bool color)
{
    char under[512];
    size_t column = 0, used = 0;
    uint32_t next = 0;
    fputs("      ", out);
    for (size_t at = start; at < end;) {
        while (next < count && marks[next].at + marks[next].len <= at)
            next++;
        bool inside = next < count && marks[next].at <= at;
        if (color && inside && (at == start || at == marks[next].at))
            fputs(mark_color(&marks[next]), out);
        size_t from = at;
        utf8_next(&text, &at);
        put_terminal(out, (o2c_str){ text.ptr + from, at - from });
        if (color && inside && (at >= end || at >= marks[next].at + marks[next].len))
            fputs(PLAIN, out);
        if (column < sizeof(under) - 1) {
            bool first = inside && (marks[next].at == from || from == start);
            char digit = marks[next < count ? next : 0].line % 10 ? (char)('0' + marks[next < count ? next : 0].line % 10) : '^';
            under[column++] = !inside ? ' ' : first ? digit : '^';
            used = inside ? column : used;
        }
    }
    fputc('\n', out);
    if (used && !color)
        fprintf(out, "      %.*s\n", (int)used, under);
}

void
text_bank(FILE *out, const struct job *job, uint64_t index, bool color)
{
    struct mark marks[MARKS_MAX];
    uint32_t count = marks_of(job, index, marks);
    o2c_str text = said(job, job->proposals[index].text);
    for (uint32_t start = 0; start < text.len;) {
        const char *lf = memchr(text.ptr + start, '\n', text.len - start);
        uint32_t end = lf ? (uint32_t)(lf - text.ptr) : (uint32_t)text.len;
        text_line(out, text, start, end, marks, count, color);
        start = end + 1;
    }
}

static void
part(FILE *out, const char *words, int64_t minor, const char currency[4])
{
    char buffer[48];
    if (minor)
        fprintf(out, ", %s %s", words, money_grouped(minor, currency, buffer));
}

static void
line_write(FILE *out, const struct job *job, const o2c_line *line, uint32_t number, bool color)
{
    char paid[48], left[48];
    o2c_str document = said(job, line->document), name = lookup_customer(job, said(job, line->account));
    if (color)
        fputs(mark_colors[(number - 1) % MARK_COLORS], out);
    fprintf(out, "   %2" PRIu32 " ", number);
    put_terminal(out, document.len ? document : said(job, line->item));
    fputs(color ? PLAIN "  " : "  ", out);
    put_terminal(out, name.len ? name : said(job, line->account));
    fprintf(out, "  %s %s", money_grouped(line->paid_minor, line->currency, paid), line->currency);
    if (line->rate_denominator)
        part(out, "of the payment", line->paid_currency_minor, job->proposals[line->proposal].currency);
    part(out, "discount", line->discount_minor, line->currency);
    part(out, "discount within tolerance", line->discount_tolerance_minor, line->currency);
    part(out, "bank charge", line->charge_minor, line->currency);
    part(out, "withholding", line->withholding_minor, line->currency);
    part(out, "small difference", line->tolerance_minor, line->currency);
    part(out, "rounding", line->rounding_minor, line->currency);
    part(out, "deduction", line->deduction_minor, line->currency);
    if (line->deduction_minor)
        fprintf(out, " (%s)", o2c_code_text(O2C_TABLE_DEDUCTION_REASON, line->deduction_reason));
    if (line->remaining_minor)
        fprintf(out, ", %s stays open\n", money_grouped(line->remaining_minor, line->currency, left));
    else
        fputs(line->close == O2C_CLOSE_NONE ? "\n" : ", closed\n", out);
}

static void
headline(FILE *out, const struct job *job, uint64_t index, bool color)
{
    const o2c_proposal *proposal = &job->proposals[index];
    const o2c_payment *payment = &job->payments.rows[proposal->row];
    char amount[48], day[11], percent[16];
    o2c_str payer = ref_in(&job->payments.heap, payment->payer_name);
    fprintf(out, "%s%4" PRIu64 "  %s  %s %s  ", color ? BOLD : "", index + 1, day_text(payment_day(payment), day),
            money_grouped(proposal->amount_minor, proposal->currency, amount), proposal->currency);
    put_terminal(out, payer.len ? payer : str_of("(no name)"));
    fprintf(out, "%s\n      %s%s%s", color ? PLAIN : "", color ? band_color(proposal) : "", band_words(proposal),
            color ? PLAIN : "");
    if (proposal->lines_count)
        fprintf(out, "  %s  %s", percent_text(proposal->confidence_ppm, percent), o2c_code_text(O2C_TABLE_LABEL, proposal->label));
    else if (proposal->kind == O2C_KIND_NOT_AR)
        fprintf(out, "  %s", o2c_code_text(O2C_TABLE_PAYMENT_ROUTE, payment->route));
    fputc('\n', out);
}

static void
rest(FILE *out, const char *words, int64_t minor, const char currency[4])
{
    char buffer[48];
    if (minor)
        fprintf(out, "      %s %.3s %s\n", money_grouped(minor, currency, buffer), currency, words);
}

/* Wrapped between words; what has no blanks stands on a line of its own, however long. */
void
text_sentence(FILE *out, const char *sentence, bool color)
{
    size_t column = 0;
    fputs(color ? "      " DIM : "      ", out);
    while (*sentence) {
        size_t len = strcspn(sentence, " "), wide = 0;
        for (size_t i = 0; i < len; i++)
            wide += ((unsigned char)sentence[i] & 0xC0) != 0x80;
        if (column && column + 1 + wide > WIDTH) {
            fputs("\n      ", out);
            column = 0;
        } else if (column) {
            fputc(' ', out);
            column++;
        }
        put_terminal(out, (o2c_str){ sentence, len });
        column += wide;
        sentence += len + (sentence[len] == ' ');
    }
    fputs(color ? PLAIN "\n" : "\n", out);
}

static void
block(FILE *out, const struct job *job, uint64_t index, bool color)
{
    const o2c_proposal *proposal = &job->proposals[index];
    headline(out, job, index, color);
    text_bank(out, job, index, color);
    for (uint32_t i = 0; i < proposal->lines_count; i++)
        line_write(out, job, &job->lines[proposal->lines_at + i], i + 1, color);
    if (funnel_of(proposal) != FUNNEL_NOT_AR) {
        rest(out, "on account", proposal->on_account_minor, proposal->currency);
        rest(out, "to be refunded", proposal->refund_minor, proposal->currency);
        rest(out, "not applied", proposal->unapplied_minor, proposal->currency);
    }
    char *sentence = sentence_of(job, index);
    if (sentence && proposal->kind != O2C_KIND_NOT_AR)
        text_sentence(out, sentence, color);
    free(sentence);
    fputc('\n', out);
}

static void
parked_write(FILE *out, const struct job *job, const o2c_match_parked *row, bool color)
{
    char opening[48], sum[48], closing[48], amount[48];
    fprintf(out, "%s  PARKED%s  statement ", color ? "\033[1;31m" : "", color ? PLAIN : "");
    put_terminal(out, ref_in(&job->parked_heap, row->id));
    fputs(" of account ", out);
    put_terminal(out, ref_in(&job->parked_heap, row->account));
    fprintf(out, ": %s\n", o2c_code_text(O2C_TABLE_PARK_REASON, row->reason));
    fprintf(out, "      opening %s + entries %s is not closing %s %s\n", money_grouped(row->opening_minor, row->currency, opening),
            money_grouped(row->sum_minor, row->currency, sum), money_grouped(row->closing_minor, row->currency, closing),
            row->currency);
    fprintf(out, "      %" PRIu32 " payments of %s %s wait; --accept-mismatch takes them in\n\n", row->payments,
            money_grouped(row->amount_minor, row->currency, amount), row->currency);
}

void
text_funnel(FILE *out, const struct job *job, bool color)
{
    struct summary summary;
    char amount[48], day[11];
    summary_of(job, &summary);
    uint64_t all = summary.all + summary.lines[FUNNEL_PARKED].lines;
    fprintf(out, "%sThe day%s  item list of %s, %" PRIu64 " item%s, %" PRIu64 " payment%s\n\n", color ? BOLD : "", color ? PLAIN : "",
            day_text(job->as_of, day), job->items_count, job->items_count == 1 ? "" : "s", all, all == 1 ? "" : "s");
    fprintf(out, "  %-15s %7s", "", "lines");
    for (uint32_t i = 0; i < summary.count; i++)
        fprintf(out, " %17s", summary.currencies[i].currency);
    fputc('\n', out);
    for (int funnel = 0; funnel < FUNNEL_COUNT; funnel++) {
        uint64_t lines = summary.lines[funnel].lines;
        fprintf(out, "  %-15s %7" PRIu64, funnel_words((enum funnel)funnel), lines);
        for (uint32_t i = 0; i < summary.count; i++) {
            const struct totals *totals = &summary.currencies[i];
            fprintf(out, " %17s", money_grouped(totals->funnel[funnel].amount, totals->currency, amount));
        }
        fputs("  ", out);
        for (uint64_t bar = 0; all && bar < (lines * 40 + all - 1) / all; bar++)
            fputs("\xE2\x96\x88", out);
        fputc('\n', out);
    }
}

void
text_write(FILE *out, const struct job *job, bool color)
{
    uint64_t parked = 0;
    for (uint64_t i = 0; i < job->count; i++) {
        for (; parked < job->parked_count && job->parked[parked].payments_before <= i; parked++)
            parked_write(out, job, &job->parked[parked], color);
        block(out, job, i, color);
    }
    for (; parked < job->parked_count; parked++)
        parked_write(out, job, &job->parked[parked], color);
    text_funnel(out, job, color);
}

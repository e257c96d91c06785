/* SPDX-License-Identifier: Apache-2.0 */
/* A payment card: the bank's text with marked bytes beside the items, the waterfall, the sentence, the other explanations. */
#include "tool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_SHOWN = 200, ALTERNATIVES_SHOWN = 5, SHARE_SHOWN_PPM = 100 };

/* Shares below a hundredth of a percent are noise to a reader; the list is heaviest first. */
static bool
has_rivals(const struct job *job, const o2c_proposal *proposal)
{
    return proposal->alternatives_count && job->alternatives[proposal->alternatives_at].posterior_ppm >= SHARE_SHOWN_PPM;
}

static const char *
badge_words(const o2c_proposal *proposal)
{
    switch (funnel_of(proposal)) {
    case FUNNEL_AUTO:
        return "\xE2\x9C\x93 Auto";
    case FUNNEL_PROPOSED:
        return "? Proposed";
    case FUNNEL_ON_ACCOUNT:
        return "On account";
    default:
        return "Unidentified";
    }
}

static void
card_header(FILE *out, const struct job *job, uint64_t index)
{
    const o2c_proposal *proposal = &job->proposals[index];
    const o2c_payment *payment = &job->payments.rows[proposal->row];
    o2c_str payer = ref_in(&job->payments.heap, payment->payer_name);
    char amount[48], day[11], percent[16];
    fprintf(out, "<header><h3>%" PRIu64 ". <bdi>", index + 1);
    put_html(out, payer.len ? payer : str_of("(no name)"));
    fprintf(out, "</bdi></h3><span class=\"amount num\">%s %s</span><span class=\"meta\"><span class=\"badge\">%s</span>",
            money_grouped(proposal->amount_minor, proposal->currency, amount), proposal->currency, badge_words(proposal));
    if (proposal->lines_count)
        fprintf(out, "<span>confidence %s</span><span>%s</span>", percent_text(proposal->confidence_ppm, percent),
                o2c_code_text(O2C_TABLE_LABEL, proposal->label));
    fprintf(out, "</span><span class=\"meta num\">%s</span></header>\n", day_text(payment_day(payment), day));
}

static void
bank_text(FILE *out, const struct job *job, uint64_t index)
{
    struct mark marks[MARKS_MAX];
    uint32_t count = marks_of(job, index, marks);
    o2c_str text = said(job, job->proposals[index].text);
    size_t at = 0;
    fputs("<div class=\"bank\" dir=\"ltr\">", out);
    for (uint32_t i = 0; i < count; i++) {
        const struct mark *mark = &marks[i];
        put_html(out, (o2c_str){ text.ptr + at, mark->at - at });
        if (mark->line)
            fprintf(out, "<mark class=\"c%" PRIu32 "\" title=\"%s\">", (mark->line - 1) % MARK_COLORS + 1,
                    o2c_code_text(O2C_TABLE_EVIDENCE, mark->code));
        else
            fprintf(out, "<mark title=\"%s\">", o2c_code_text(O2C_TABLE_EVIDENCE, mark->code));
        put_html(out, (o2c_str){ text.ptr + mark->at, mark->len });
        if (mark->line)
            fprintf(out, "<sup>%" PRIu32 "%s</sup>", mark->line, mark->lines > 1 ? "+" : "");
        fputs("</mark>", out);
        at = mark->at + mark->len;
    }
    if (at < text.len)
        put_html(out, (o2c_str){ text.ptr + at, text.len - at });
    fputs(text.len ? "</div>\n" : "<span class=\"soft\">(the bank gave no text)</span></div>\n", out);
}

static void
part(FILE *out, const char *words, int64_t minor, const char currency[4])
{
    char buffer[48];
    if (minor)
        fprintf(out, ", %s %s", words, money_grouped(minor, currency, buffer));
}

static void
line_parts(FILE *out, const o2c_line *line)
{
    part(out, "discount", line->discount_minor, line->currency);
    part(out, "discount within tolerance", line->discount_tolerance_minor, line->currency);
    part(out, "bank charge", line->charge_minor, line->currency);
    part(out, "withholding tax", line->withholding_minor, line->currency);
    part(out, "small difference", line->tolerance_minor, line->currency);
    part(out, "rounding", line->rounding_minor, line->currency);
    part(out, "deduction", line->deduction_minor, line->currency);
    if (line->deduction_minor)
        fprintf(out, " (%s)", o2c_code_text(O2C_TABLE_DEDUCTION_REASON, line->deduction_reason));
    if (line->remaining_minor)
        part(out, "stays open", line->remaining_minor, line->currency);
}

static void
line_item(FILE *out, const struct job *job, const o2c_line *line, uint32_t number)
{
    char paid[48], open[48], due[11];
    const o2c_master *master = NULL;
    const o2c_open_item *item = lookup_item(job, said(job, line->item), &master);
    o2c_str document = said(job, line->document), name = lookup_customer(job, said(job, line->account));
    fprintf(out, "<li><span class=\"tag c%" PRIu32 "\">%" PRIu32 "</span><span class=\"who\"><b>", (number - 1) % MARK_COLORS + 1,
            number);
    put_html(out, document.len ? document : said(job, line->item));
    fputs("</b> <bdi>", out);
    put_html(out, name.len ? name : said(job, line->account));
    fprintf(out, "</bdi></span><span class=\"num\">%s</span><span class=\"how\">%s %s open",
            money_grouped(line->paid_minor, line->currency, paid), money_grouped(line->expect_open_minor, line->currency, open),
            line->currency);
    if (item && item->due_day)
        fprintf(out, ", due %s", day_text(item->due_day, due));
    line_parts(out, line);
    fprintf(out, "</span></li>\n");
}

static void
rest_item(FILE *out, const char *words, int64_t minor, const char currency[4])
{
    char buffer[48];
    if (minor)
        fprintf(out, "<li><span class=\"tag\">&nbsp;</span><span class=\"who\">%s</span><span class=\"num\">%s</span></li>\n",
                words, money_grouped(minor, currency, buffer));
}

static void
lines(FILE *out, const struct job *job, const o2c_proposal *proposal)
{
    fputs("<ul class=\"lines\">\n", out);
    for (uint32_t i = 0; i < proposal->lines_count && i < LINES_SHOWN; i++)
        line_item(out, job, &job->lines[proposal->lines_at + i], i + 1);
    if (proposal->lines_count > LINES_SHOWN)
        fprintf(out, "<li><span></span><span class=\"who soft\">and %" PRIu32 " more lines, see the JSON</span></li>",
                proposal->lines_count - LINES_SHOWN);
    rest_item(out, "on account", proposal->on_account_minor, proposal->currency);
    rest_item(out, "to be refunded", proposal->refund_minor, proposal->currency);
    rest_item(out, "not applied", proposal->unapplied_minor, proposal->currency);
    fputs("</ul>\n", out);
}

/* 10^5 parts of the widest value; magnitudes are below 2^60, so the product needs the division first when they are large. */
static uint64_t
share(int64_t value, int64_t whole)
{
    uint64_t part = value < 0 ? (uint64_t)-value : (uint64_t)value, all = whole > 0 ? (uint64_t)whole : 1;
    return part > UINT64_MAX / 100000 ? part / (all / 100000 + 1) : part * 100000 / all;
}

static int64_t
widest(const struct step *steps, uint32_t count)
{
    int64_t level = 0, most = 1;
    for (uint32_t i = 0; i < count; i++) {
        level = steps[i].kind == 0 ? steps[i].minor : level + steps[i].minor;
        most = level > most ? level : most;
    }
    return most;
}

static void
step_write(FILE *out, const struct step *step, int64_t from, int64_t to, int64_t most, const char currency[4])
{
    static const char *const classes[] = { "minus", "sum", "plus", "open" };
    char amount[48];
    int64_t low = from < to ? from : to, high = from < to ? to : from;
    low = low < 0 ? 0 : low;
    high = high < low ? low : high;
    uint64_t left = share(low, most), width = share(high - low, most);
    fprintf(out, "<li class=\"%s\"><span>%s</span><span class=\"track\" aria-hidden=\"true\">", classes[step->kind + 1],
            step->words);
    fprintf(out, "<i style=\"left:%" PRIu64 ".%03" PRIu64 "%%;width:%" PRIu64 ".%03" PRIu64 "%%\"></i></span>", left / 1000,
            left % 1000, width / 1000, width % 1000);
    fprintf(out, "<span class=\"num\">%s%s</span></li>\n", step->kind == 1 && step->minor > 0 ? "+" : "",
            money_grouped(step->minor, currency, amount));
}

/* Only where something happened on the way: a payment that simply equals its items needs no picture. */
static void
waterfall(FILE *out, const struct job *job, uint64_t index)
{
    struct step steps[STEPS_MAX];
    uint32_t count = waterfall_of(job, index, steps);
    const char *currency = job->proposals[index].currency;
    if (count <= 2 || job->proposals[index].lines_count == 0)
        return;
    int64_t most = widest(steps, count), level = 0;
    fputs("<ul class=\"fall\">\n", out);
    for (uint32_t i = 0; i < count; i++) {
        int64_t from = steps[i].kind == 0 ? 0 : level;
        int64_t to = steps[i].kind == 0 ? steps[i].minor : level + steps[i].minor;
        step_write(out, &steps[i], from, to, most, currency);
        level = to;
    }
    fputs("</ul>\n", out);
}

static void
alternatives(FILE *out, const struct job *job, const o2c_proposal *proposal)
{
    char percent[16], words[96];
    fputs("<div><p class=\"label\">Other explanations</p><ul class=\"others\">", out);
    for (uint32_t i = 0; i < proposal->alternatives_count && i < ALTERNATIVES_SHOWN; i++) {
        const o2c_match_alternative *row = &job->alternatives[proposal->alternatives_at + i];
        if (row->posterior_ppm < SHARE_SHOWN_PPM)
            break;
        fprintf(out, "<li><span class=\"num\">%s</span><span>", share_text(row->posterior_ppm, percent));
        put_html(out, str_of(alternative_words(job, proposal, row, words)));
        for (uint32_t k = 0; k < row->items_count && k < 12; k++) {
            fputs(k ? " + " : ": ", out);
            put_html(out, lookup_document(job, said(job, job->alternative_items[row->items_at + k])));
        }
        fputs(row->items_count > 12 ? " + &hellip;</span></li>" : "</span></li>", out);
    }
    fputs("</ul></div>", out);
}

static void
chips(FILE *out, const struct job *job, const o2c_proposal *proposal)
{
    uint32_t reasons = 0, gates = 0, first = 0;
    while (first < proposal->reasons_count && !reason_holds(job->reasons[proposal->reasons_at + first].reason))
        first++;
    if (first == proposal->reasons_count)
        return;
    fputs("<p class=\"label\">Why it is not automatic</p><div class=\"chips\">", out);
    for (uint32_t i = 0; i < proposal->reasons_count; i++) {
        const o2c_match_reason *row = &job->reasons[proposal->reasons_at + i];
        bool again = row->reason ? row->reason < 32 && (reasons >> row->reason & 1) : (gates & row->gate) != 0;
        if (again || !reason_holds(row->reason))
            continue;
        reasons |= row->reason && row->reason < 32 ? UINT32_C(1) << row->reason : 0;
        gates |= row->reason ? 0 : row->gate;
        fprintf(out, "<span class=\"chip\">%s</span>",
                row->reason ? o2c_code_text(O2C_TABLE_REASON, row->reason) : o2c_code_text(O2C_TABLE_GATE, row->gate));
    }
    fputs("</div>", out);
}

void
report_card(FILE *out, const struct job *job, uint64_t index)
{
    const o2c_proposal *proposal = &job->proposals[index];
    char *sentence = sentence_of(job, index);
    fprintf(out, "<article class=\"card %s\" id=\"p%" PRIu64 "\">", funnel_name(funnel_of(proposal)), index + 1);
    card_header(out, job, index);
    fputs("<div class=\"pair\">", out);
    bank_text(out, job, index);
    lines(out, job, proposal);
    fputs("</div>\n", out);
    waterfall(out, job, index);
    fprintf(out, "<div class=\"more%s\"><div><p class=\"why\">", has_rivals(job, proposal) ? "" : " one");
    put_html(out, str_of(sentence));
    fputs("</p>", out);
    chips(out, job, proposal);
    fputs("</div>", out);
    if (has_rivals(job, proposal))
        alternatives(out, job, proposal);
    fputs("</div></article>\n", out);
    free(sentence);
}

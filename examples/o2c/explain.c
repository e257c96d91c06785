/* SPDX-License-Identifier: Apache-2.0 */
/* One payment in depth: what the bank wrote, what speaks for each line, where the cents went, and why it is not automatic. */
#include "tool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *
strong(bool color)
{
    return color ? "\033[1m" : "";
}

static const char *
plain(bool color)
{
    return color ? "\033[0m" : "";
}

static void
heading(FILE *out, const char *words, bool color)
{
    fprintf(out, "\n%s%s%s\n", strong(color), words, plain(color));
}

static void
evidence_write(FILE *out, const struct job *job, const o2c_proposal *proposal)
{
    o2c_str text = said(job, proposal->text);
    for (uint32_t i = 0; i < proposal->evidence_count; i++) {
        const o2c_match_evidence *row = &job->evidence[proposal->evidence_at + i];
        char weight[24];
        int32_t size = row->weight_mnat < 0 ? -row->weight_mnat : row->weight_mnat;
        snprintf(weight, sizeof(weight), "%c%d.%03d", row->weight_mnat < 0 ? '-' : '+', size / 1000, size % 1000);
        fprintf(out, "  %9s  ", weight);
        fputs(o2c_code_text(O2C_TABLE_EVIDENCE, row->code), out);
        if (row->item.len) {
            fputs(": ", out);
            put_terminal(out, said(job, row->item));
        }
        if (row->len && (uint64_t)row->at + row->len <= text.len) {
            fputs("  \"", out);
            put_terminal(out, (o2c_str){ text.ptr + row->at, row->len });
            fprintf(out, "\" at bytes %" PRIu32 "-%" PRIu32, row->at, row->at + row->len);
        }
        if (row->code == O2C_EVIDENCE_ACCIDENTS)
            fprintf(out, ": %" PRIu64 ".%03" PRIu64, row->number / 1000, row->number % 1000);
        fputc('\n', out);
    }
}

static void
waterfall_write(FILE *out, const struct job *job, uint64_t index)
{
    struct step steps[STEPS_MAX];
    uint32_t count = waterfall_of(job, index, steps);
    char amount[48];
    for (uint32_t i = 0; i < count; i++) {
        const char *sign = steps[i].kind == 0 ? (i ? "=" : " ") : steps[i].kind == 2 ? " " : steps[i].minor < 0 ? "-" : "+";
        bool signed_apart = steps[i].kind == 1 || steps[i].kind == -1;
        int64_t shown = signed_apart && steps[i].minor < 0 ? -steps[i].minor : steps[i].minor;
        fprintf(out, "  %s %17s  %s\n", sign, money_grouped(shown, job->proposals[index].currency, amount), steps[i].words);
    }
    if (count == 0)
        fputs("  payment and items are in different currencies\n", out);
}

static void
lines_write(FILE *out, const struct job *job, const o2c_proposal *proposal)
{
    char paid[48], open[48], percent[16], due[11];
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        const o2c_line *line = &job->lines[proposal->lines_at + i];
        const o2c_master *master = NULL;
        const o2c_open_item *item = lookup_item(job, said(job, line->item), &master);
        o2c_str name = lookup_customer(job, said(job, line->account));
        fprintf(out, "  %2" PRIu32 " ", i + 1);
        put_terminal(out, said(job, line->document));
        fputs("  ", out);
        put_terminal(out, said(job, line->account));
        fputc(' ', out);
        put_terminal(out, name);
        fprintf(out, "\n     open %s %s, due %s; paid %s; %s\n", money_grouped(line->expect_open_minor, line->currency, open),
                line->currency, day_text(item ? item->due_day : 0, due), money_grouped(line->paid_minor, line->currency, paid),
                o2c_code_text(O2C_TABLE_CLOSE, line->close));
        fprintf(out, "     confidence %s, %s; %s\n", percent_text(line->confidence_ppm, percent),
                o2c_code_text(O2C_TABLE_LABEL, line->label),
                o2c_code_text(O2C_TABLE_CERTIFICATE, line->certificate));
    }
}

static void
alternatives_write(FILE *out, const struct job *job, const o2c_proposal *proposal)
{
    char percent[16], rest[48], words[96];
    for (uint32_t i = 0; i < proposal->alternatives_count; i++) {
        const o2c_match_alternative *row = &job->alternatives[proposal->alternatives_at + i];
        fprintf(out, "  %9s  %s", share_text(row->posterior_ppm, percent), alternative_words(job, proposal, row, words));
        for (uint32_t k = 0; k < row->items_count; k++) {
            fputs(k ? " + " : ": ", out);
            put_terminal(out, lookup_document(job, said(job, job->alternative_items[row->items_at + k])));
        }
        if (row->items_count && row->rest_minor)
            fprintf(out, " (%s %s)", row->rest_minor < 0 ? "short" : "over",
                    money_grouped(row->rest_minor < 0 ? -row->rest_minor : row->rest_minor, proposal->currency, rest));
        fputc('\n', out);
    }
    if (proposal->bound_ppb)
        fprintf(out, "  sets that were not listed hold at most %" PRIu32 ".%04" PRIu32 " %%\n", proposal->bound_ppb / 10000000,
                proposal->bound_ppb % 10000000 / 1000);
}

static void
reason_words(FILE *out, const struct job *job, const o2c_proposal *proposal, const o2c_match_reason *row)
{
    char percent[16];
    fputs("  ", out);
    if (row->line != UINT32_MAX && row->line >= proposal->lines_at && proposal->lines_count > 1)
        fprintf(out, "line %" PRIu32 ": ", row->line - proposal->lines_at + 1);
    fputs(row->reason ? o2c_code_text(O2C_TABLE_REASON, row->reason) : o2c_code_text(O2C_TABLE_GATE, row->gate), out);
    if (row->reason == O2C_REASON_ROUTED)
        fprintf(out, ": %s", o2c_code_text(O2C_TABLE_PAYMENT_ROUTE, row->argument));
    if (row->share_ppm)
        fprintf(out, " (%s)", share_text(row->share_ppm, percent));
    if (row->other.len) {
        fputs(": ", out);
        put_terminal(out, said(job, row->other));
    }
    fputc('\n', out);
}

static bool
said_before(const struct job *job, const o2c_proposal *proposal, uint32_t index)
{
    const o2c_match_reason *row = &job->reasons[proposal->reasons_at + index];
    for (uint32_t i = 0; i < index; i++) {
        const o2c_match_reason *before = &job->reasons[proposal->reasons_at + i];
        if (before->reason == row->reason && before->gate == row->gate)
            return true;
    }
    return false;
}

/* Rows that hold the proposal back, or those that say what it rests on; the heading only where there is one. */
static bool
reasons_of(FILE *out, const struct job *job, const o2c_proposal *proposal, bool holds, const char *title, bool color)
{
    bool any = false;
    for (uint32_t i = 0; i < proposal->reasons_count; i++) {
        const o2c_match_reason *row = &job->reasons[proposal->reasons_at + i];
        if (reason_holds(row->reason) != holds)
            continue;
        if (!any)
            heading(out, title, color);
        any = true;
        reason_words(out, job, proposal, row);
    }
    return any;
}

static void
reasons_write(FILE *out, const struct job *job, const o2c_proposal *proposal, bool color)
{
    reasons_of(out, job, proposal, false, "What it rests on", color);
    if (!reasons_of(out, job, proposal, true, "Why it is not automatic", color) || proposal->kind == O2C_KIND_NOT_AR || proposal->kind == O2C_KIND_DUPLICATE)
        return;
    heading(out, "What would make it automatic", color);
    for (uint32_t i = 0; i < proposal->reasons_count; i++) {
        const o2c_match_reason *row = &job->reasons[proposal->reasons_at + i];
        const char *remedy = row->reason ? reason_remedy(row->reason) : gate_remedy(row->gate);
        if (remedy && !said_before(job, proposal, i))
            fprintf(out, "  %s\n", remedy);
    }
}

/* The key of the JSON, or the number of the text report. Keys win: a host may number its payments. */
static int
find(const struct job *job, const char *wanted, uint64_t *out)
{
    size_t len = strlen(wanted), digits = strspn(wanted, "0123456789");
    for (uint64_t i = 0; i < job->count; i++) {
        o2c_str key = said(job, job->proposals[i].payment);
        if (key.len == len && memcmp(key.ptr, wanted, len) == 0) {
            *out = i;
            return EXIT_DONE;
        }
    }
    uint64_t number = digits == len && digits < 10 ? strtoull(wanted, NULL, 10) : 0;
    if (number < 1 || number > job->count)
        return usage_error("no payment '%s' in these files; --payment takes a key of 'o2c match --format json', or 1 to %llu",
                           wanted, (unsigned long long)job->count);
    *out = number - 1;
    return EXIT_DONE;
}

static void
facts_write(FILE *out, const struct job *job, uint64_t index, bool color)
{
    const o2c_proposal *proposal = &job->proposals[index];
    const o2c_payment *payment = &job->payments.rows[proposal->row];
    char amount[48], day[11];
    fprintf(out, "%sPayment %" PRIu64 "%s  ", strong(color), index + 1, plain(color));
    put_terminal(out, said(job, proposal->payment));
    fprintf(out, "\n  %s %s, value %s, from ", money_grouped(proposal->amount_minor, proposal->currency, amount),
            proposal->currency, day_text(payment_day(payment), day));
    put_terminal(out, ref_in(&job->payments.heap, payment->payer_name));
    fputc(' ', out);
    put_terminal(out, ref_in(&job->payments.heap, payment->payer_account));
    if (payment->span)
        fprintf(out, "\n  bytes %" PRIu64 " to %" PRIu64 " of the file", payment->at, payment->at + payment->span);
    fprintf(out, "\n  %s%s%s", color ? band_color(proposal) : "", band_words(proposal), plain(color));
    if (proposal->account.len) {
        fputs("; account ", out);
        put_terminal(out, said(job, proposal->account));
        if (proposal->payer_evidence)
            fprintf(out, " (%s)", o2c_code_text(O2C_TABLE_EVIDENCE, proposal->payer_evidence));
    }
    fputc('\n', out);
}

int
explain_write(FILE *out, const struct job *job, bool color)
{
    uint64_t index = 0;
    int code = find(job, job->options->payment, &index);
    if (code)
        return code;
    const o2c_proposal *proposal = &job->proposals[index];
    facts_write(out, job, index, color);
    char *sentence = sentence_of(job, index);
    if (sentence)
        text_sentence(out, sentence, color);
    free(sentence);
    heading(out, "What the bank wrote", color);
    text_bank(out, job, index, color);
    if (proposal->lines_count) {
        heading(out, "What it pays", color);
        lines_write(out, job, proposal);
    }
    heading(out, "Where the money goes", color);
    waterfall_write(out, job, index);
    if (proposal->evidence_count) {
        heading(out, "Evidence, in nats", color);
        evidence_write(out, job, proposal);
    }
    if (proposal->alternatives_count) {
        heading(out, "Other explanations", color);
        alternatives_write(out, job, proposal);
    }
    reasons_write(out, job, proposal, color);
    return EXIT_DONE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The list that people fill in: a row for each proposed line, its verdict empty. 'o2c learn' takes it back. */
#include "tool.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 4096, NAME_BYTES_MAX = 512, KEY_BYTES_MAX = 64 }; /* of a row of feedback */

static bool
is_sampled(const struct job *job, const o2c_proposal *proposal, const o2c_line *line)
{
    for (uint32_t i = 0; i < proposal->reasons_count; i++) {
        const o2c_match_reason *row = &job->reasons[proposal->reasons_at + i];
        bool of_line = row->line == UINT32_MAX || &job->lines[row->line] == line;
        if (row->reason == O2C_REASON_AUDIT_SAMPLE && of_line)
            return true;
    }
    return false;
}

static void
text_cell(FILE *out, o2c_str text)
{
    fputc(',', out);
    put_csv_text(out, text);
}

/* What is longer than a row of feedback may hold teaches nothing, and is left out. */
static void
short_cell(FILE *out, o2c_str text, size_t most)
{
    text_cell(out, text.len <= most ? text : str_of(""));
}

/* Rows the line relied on: the first stands in its own row. */
static uint64_t
learned_row(const struct job *job, const o2c_proposal *proposal, uint32_t line, uint32_t *at)
{
    for (; *at < proposal->evidence_count; ++*at) {
        const o2c_match_evidence *evidence = &job->evidence[proposal->evidence_at + *at];
        uint64_t row = evidence->learned_row;
        if (row && (evidence->line == UINT32_MAX || evidence->line == line)) {
            ++*at;
            return row;
        }
    }
    return 0;
}

static void
head(FILE *out, const struct job *job, const o2c_proposal *proposal, const o2c_line *line)
{
    char day[11];
    put_csv_text(out, said(job, proposal->payment));
    text_cell(out, said(job, line->item));
    text_cell(out, said(job, proposal->account.len ? proposal->account : line->account));
    fprintf(out, ",,,%s,%s,", is_sampled(job, proposal, line) ? "blind" : "shown", day_text(job->as_of, day));
}


/* What its lines owe and lack together, when all have one cause and one currency; it teaches once a payment. */
static bool
differs(const struct job *job, const o2c_proposal *proposal, int64_t *out_owed, int64_t *out_paid)
{
    const o2c_line *lines = &job->lines[proposal->lines_at];
    *out_owed = *out_paid = 0;
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        bool same = lines[i].arithmetic == lines[0].arithmetic && memcmp(lines[i].currency, lines[0].currency, 4) == 0;
        if (!same || lines[i].arithmetic > O2C_ARITHMETIC_X8)
            return false;
        *out_owed += lines[i].expect_open_minor;
        *out_paid += lines[i].paid_minor;
    }
    return *out_owed > 0 && *out_paid > 0;
}

static void
difference(FILE *out, const struct job *job, const o2c_proposal *proposal, uint32_t index)
{
    const o2c_line *line = &job->lines[proposal->lines_at + index];
    o2c_str code = line->deduction_reason ? said(job, line->words) : str_of("");
    char owed_text[32], differed_text[32];
    int64_t owed, paid;
    if (index == 0 && differs(job, proposal, &owed, &paid))
        fprintf(out, ",%s,%s,%.3s,%s", money_plain(owed, line->currency, owed_text),
                money_plain(owed - paid, line->currency, differed_text), line->currency,
                o2c_code_name(O2C_TABLE_ARITHMETIC, line->arithmetic));
    else
        fputs(",,,,", out);
    short_cell(out, code, KEY_BYTES_MAX);
    fprintf(out, ",%s", line->deduction_reason ? o2c_code_name(O2C_TABLE_DEDUCTION_REASON, line->deduction_reason) : "");
}

/* What the payment said, as far as it is read back. */
static void
text_of_payment(FILE *out, const struct job *job, const o2c_payment *payment)
{
    uint64_t len = payment->texts_count;
    for (uint32_t i = 0; i < payment->texts_count; i++)
        len += job->payments.texts[payment->texts_at + i].text.len;
    fputc(',', out);
    if (payment->texts_count == 0 || len > TEXT_BYTES_MAX)
        return;
    if (payment->texts_count == 1) {
        put_csv_text(out, ref_in(&job->payments.heap, job->payments.texts[payment->texts_at].text));
        return;
    }
    for (uint32_t i = 0; i < payment->texts_count; i++)
        put_csv_piece(out, ref_in(&job->payments.heap, job->payments.texts[payment->texts_at + i].text), i == 0);
    fputc('"', out);
}

/* Name and account of the payer stand at the first line alone: they teach once a payment. */
static void
line_write(FILE *out, const struct job *job, const o2c_proposal *proposal, uint32_t index)
{
    const o2c_line *line = &job->lines[proposal->lines_at + index];
    const o2c_payment *payment = &job->payments.rows[proposal->row];
    char line_class[O2C_LINE_CLASS_MAX];
    uint32_t at = 0;
    uint64_t row = learned_row(job, proposal, proposal->lines_at + index, &at);
    o2c_line_class_write(line->line_class, line_class);
    head(out, job, proposal, line);
    fprintf(out, "%s,%" PRIu32 ",%" PRIu32 ",%s", line_class, line->error_ppb, line->confidence_ppm, line->would_auto ? "yes" : "no");
    short_cell(out, index ? str_of("") : ref_in(&job->payments.heap, payment->payer_account), KEY_BYTES_MAX);
    short_cell(out, index ? str_of("") : ref_in(&job->payments.heap, payment->payer_name), NAME_BYTES_MAX);
    fprintf(out, row ? ",%" PRIu64 : ",", row);
    text_of_payment(out, job, payment);
    short_cell(out, said(job, line->document), KEY_BYTES_MAX);
    difference(out, job, proposal, index);
    fputc('\n', out);
    while ((row = learned_row(job, proposal, proposal->lines_at + index, &at)) != 0) {
        head(out, job, proposal, line);
        fprintf(out, ",,,,,,%" PRIu64 ",,,,,,,,\n", row);
    }
}

int
feedback_write(const struct job *job, const char *path)
{
    FILE *out = output_open(path);
    if (!out)
        return EXIT_RESOURCES;
    fputs("payment,item,customer,verdict,right,source,date,class,error_ppb,confidence_ppm,would_auto,payer_account,payer_name,learned_row,"
          "text,document,owed,differed,currency,ended,code,reason\n",
          out);
    for (uint64_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->proposals[i].lines_count; k++)
            line_write(out, job, &job->proposals[i], k);
    int code = output_close(out, path);
    fclose(out);
    return code;
}

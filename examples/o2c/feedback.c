/* SPDX-License-Identifier: Apache-2.0 */
/* The list that people fill in: a row for each proposed line, its verdict empty. 'o2c learn' takes it back. */
#include "tool.h"

#include <inttypes.h>

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

#define TEXT_BYTES_MAX 4096u

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
    text_cell(out, index ? str_of("") : ref_in(&job->payments.heap, payment->payer_account));
    text_cell(out, index ? str_of("") : ref_in(&job->payments.heap, payment->payer_name));
    fprintf(out, row ? ",%" PRIu64 : ",", row);
    text_of_payment(out, job, payment);
    text_cell(out, said(job, line->document));
    fputc('\n', out);
    while ((row = learned_row(job, proposal, proposal->lines_at + index, &at)) != 0) {
        head(out, job, proposal, line);
        fprintf(out, ",,,,,,%" PRIu64 ",,\n", row);
    }
}

int
feedback_write(const struct job *job, const char *path)
{
    FILE *out = output_open(path);
    if (!out)
        return EXIT_RESOURCES;
    fputs("payment,item,customer,verdict,right,source,date,class,error_ppb,confidence_ppm,would_auto,payer_account,payer_name,learned_row,"
          "text,document\n",
          out);
    for (uint64_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->proposals[i].lines_count; k++)
            line_write(out, job, &job->proposals[i], k);
    int code = output_close(out, path);
    fclose(out);
    return code;
}

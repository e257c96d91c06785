/* SPDX-License-Identifier: Apache-2.0 */
/* One object a payment, in input order, each on a line of its own. Amounts are decimal strings; what is absent is null. */
#include "tool.h"

#include <inttypes.h>
#include <stdlib.h>

void
json_field(FILE *out, bool *first, const char *name)
{
    fprintf(out, "%s\"%s\":", *first ? "" : ",", name);
    *first = false;
}

void
json_text(FILE *out, bool *first, const char *name, o2c_str text)
{
    json_field(out, first, name);
    if (text.len)
        put_json(out, text);
    else
        fputs("null", out);
}

void
json_money(FILE *out, bool *first, const char *name, int64_t minor, const char currency[4])
{
    char buffer[32];
    json_field(out, first, name);
    fprintf(out, "\"%s\"", money_plain(minor, currency, buffer));
}

void
json_number(FILE *out, bool *first, const char *name, uint64_t number)
{
    json_field(out, first, name);
    fprintf(out, "%" PRIu64, number);
}

void
json_day(FILE *out, bool *first, const char *name, int32_t day)
{
    char buffer[11];
    json_text(out, first, name, day > 0 ? str_of(day_text(day, buffer)) : str_of(NULL));
}

void
json_code(FILE *out, bool *first, const char *name, int32_t table, int64_t code)
{
    char buffer[48];
    json_text(out, first, name, str_of(code_upper(table, code, buffer)));
}

static void
payment(FILE *out, const struct job *job, const o2c_proposal *proposal)
{
    const o2c_payment *row = &job->payments.rows[proposal->row];
    const o2c_str *heap = &job->payments.heap;
    o2c_str currency = str_of(proposal->currency);
    bool first = true;
    fputs("{\"payment\":{", out);
    json_text(out, &first, "key", said(job, proposal->payment));
    json_text(out, &first, "account", ref_in(heap, row->our_account));
    json_money(out, &first, "amount", proposal->amount_minor, proposal->currency);
    json_text(out, &first, "currency", currency);
    json_day(out, &first, "value_date", payment_day(row));
    json_text(out, &first, "payer", ref_in(heap, row->payer_name));
    json_field(out, &first, "text");
    put_json(out, said(job, proposal->text));
    fputc('}', out);
}

static void
line_parts(FILE *out, bool *first, const o2c_line *line, const char payment_currency[4])
{
    const char *currency = line->currency;
    json_money(out, first, "paid", line->paid_minor, currency);
    json_money(out, first, "discount", line->discount_minor, currency);
    json_money(out, first, "discount_tolerance", line->discount_tolerance_minor, currency);
    json_money(out, first, "tolerance", line->tolerance_minor, currency);
    json_money(out, first, "charge", line->charge_minor, currency);
    json_money(out, first, "withholding", line->withholding_minor, currency);
    json_money(out, first, "rounding", line->rounding_minor, currency);
    json_money(out, first, "deduction", line->deduction_minor, currency);
    if (!line->rate_denominator)
        return;
    json_text(out, first, "currency", str_of(currency));
    json_money(out, first, "paid_in_payment_currency", line->paid_currency_minor, payment_currency);
    json_money(out, first, "fx", line->fx_minor, payment_currency);
    json_number(out, first, "rate_numerator", (uint64_t)line->rate_numerator);
    json_number(out, first, "rate_denominator", (uint64_t)line->rate_denominator);
}

static void
line(FILE *out, const struct job *job, const o2c_line *line, const char payment_currency[4])
{
    o2c_str item = said(job, line->item), document = said(job, line->document);
    char line_class[O2C_LINE_CLASS_MAX];
    bool first = true;
    o2c_line_class_write(line->line_class, line_class);
    fputc('{', out);
    json_text(out, &first, "item", item.len ? item : document);
    json_text(out, &first, "document", document);
    json_text(out, &first, "customer", said(job, line->account));
    line_parts(out, &first, line, payment_currency);
    if (line->deduction_reason)
        json_code(out, &first, "reason", O2C_TABLE_DEDUCTION_REASON, line->deduction_reason);
    else
        json_text(out, &first, "reason", str_of(NULL));
    json_code(out, &first, "close", O2C_TABLE_CLOSE, line->close);
    json_money(out, &first, "cleared", line->cleared_minor, line->currency);
    json_money(out, &first, "remaining", line->remaining_minor, line->currency);
    json_number(out, &first, "confidence_ppm", line->confidence_ppm);
    json_number(out, &first, "error_ppb", line->error_ppb);
    json_number(out, &first, "class_error_ppm", line->class_error_ppm);
    json_text(out, &first, "class", str_of(line_class));
    json_code(out, &first, "band", O2C_TABLE_BAND, line->band);
    json_code(out, &first, "certificate", O2C_TABLE_CERTIFICATE, line->certificate);
    fputc('}', out);
}

static void
rest_one(FILE *out, bool *first, const char *kind, int64_t minor, const char currency[4])
{
    bool inner = true;
    if (minor == 0)
        return;
    fputs(*first ? "{" : ",{", out);
    *first = false;
    json_text(out, &inner, "kind", str_of(kind));
    json_money(out, &inner, "amount", minor, currency);
    fputc('}', out);
}

static void
rest(FILE *out, const o2c_proposal *proposal)
{
    bool first = true;
    rest_one(out, &first, "on_account", proposal->on_account_minor, proposal->currency);
    rest_one(out, &first, "refund_request", proposal->refund_minor, proposal->currency);
    rest_one(out, &first, "unapplied", proposal->unapplied_minor, proposal->currency);
}

static void
evidence(FILE *out, const struct job *job, const o2c_match_evidence *evidence)
{
    bool first = true;
    fputc('{', out);
    json_code(out, &first, "code", O2C_TABLE_EVIDENCE, evidence->code);
    json_text(out, &first, "item", said(job, evidence->item));
    json_number(out, &first, "at", evidence->at);
    json_number(out, &first, "len", evidence->len);
    json_number(out, &first, "thousandths", evidence->number);
    json_field(out, &first, "weight_mnat");
    fprintf(out, "%" PRId32 "}", evidence->weight_mnat);
}

static void
gates(FILE *out, uint32_t bits)
{
    bool first = true;
    char buffer[48];
    fputc('[', out);
    for (uint32_t bit = 1; bit && bit <= bits; bit <<= 1) {
        if (!(bits & bit))
            continue;
        fputs(first ? "" : ",", out);
        put_json(out, str_of(code_upper(O2C_TABLE_GATE, bit, buffer)));
        first = false;
    }
    fputc(']', out);
}

static void
alternative(FILE *out, const struct job *job, const o2c_proposal *proposal, const o2c_match_alternative *row)
{
    bool first = true;
    fputc('{', out);
    json_code(out, &first, "kind", O2C_TABLE_ALTERNATIVE_KIND, row->kind);
    json_number(out, &first, "posterior_ppm", row->posterior_ppm);
    json_field(out, &first, "items");
    fputc('[', out);
    for (uint32_t i = 0; i < row->items_count; i++) {
        fputs(i ? "," : "", out);
        put_json(out, said(job, job->alternative_items[row->items_at + i]));
    }
    fputc(']', out);
    json_code(out, &first, "arithmetic", O2C_TABLE_ARITHMETIC, row->arithmetic);
    json_money(out, &first, "rest", row->rest_minor, proposal->currency);
    json_field(out, &first, "gates");
    gates(out, row->gates);
    fputc('}', out);
}

static void
verdict(FILE *out, const o2c_proposal *proposal)
{
    bool first = false;
    json_code(out, &first, "band", O2C_TABLE_BAND, proposal->band);
    json_code(out, &first, "kind", O2C_TABLE_PROPOSAL_KIND, proposal->kind);
    if (proposal->lines_count) {
        json_code(out, &first, "label", O2C_TABLE_LABEL, proposal->label);
        json_number(out, &first, "confidence_ppm", proposal->confidence_ppm);
        json_code(out, &first, "certificate", O2C_TABLE_CERTIFICATE, proposal->certificate);
    } else {
        fputs(",\"label\":null,\"confidence_ppm\":null,\"certificate\":null", out);
    }
}

void
json_payment(FILE *out, const struct job *job, uint64_t index)
{
    const o2c_proposal *proposal = &job->proposals[index];
    payment(out, job, proposal);
    verdict(out, proposal);
    fputs(",\"lines\":[", out);
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        fputs(i ? "," : "", out);
        line(out, job, &job->lines[proposal->lines_at + i], proposal->currency);
    }
    fputs("],\"rest\":[", out);
    rest(out, proposal);
    fputs("],\"evidence\":[", out);
    for (uint32_t i = 0; i < proposal->evidence_count; i++) {
        fputs(i ? "," : "", out);
        evidence(out, job, &job->evidence[proposal->evidence_at + i]);
    }
    fputs("],\"alternatives\":[", out);
    for (uint32_t i = 0; i < proposal->alternatives_count; i++) {
        fputs(i ? "," : "", out);
        alternative(out, job, proposal, &job->alternatives[proposal->alternatives_at + i]);
    }
    char *sentence = sentence_of(job, index);
    bool first = false;
    fputc(']', out);
    json_text(out, &first, "sentence", str_of(sentence));
    free(sentence);
}

static void
parked_write(FILE *out, const struct job *job, const o2c_match_parked *row)
{
    bool first = true;
    fputs("{\"parked\":{", out);
    json_text(out, &first, "statement", ref_in(&job->parked_heap, row->id));
    json_text(out, &first, "account", ref_in(&job->parked_heap, row->account));
    json_code(out, &first, "reason", O2C_TABLE_PARK_REASON, row->reason);
    json_money(out, &first, "opening", row->opening_minor, row->currency);
    json_money(out, &first, "sum", row->sum_minor, row->currency);
    json_money(out, &first, "closing", row->closing_minor, row->currency);
    json_number(out, &first, "payments", row->payments);
    json_money(out, &first, "amount", row->amount_minor, row->currency);
    fputs("}}\n", out);
}

static void
total_write(FILE *out, bool *first, const char *name, const struct total *total, const char currency[4])
{
    bool inner = true;
    json_field(out, first, name);
    fputc('{', out);
    json_number(out, &inner, "payments", total->lines);
    json_money(out, &inner, "amount", total->amount, currency);
    fputc('}', out);
}

static void
totals_write(FILE *out, const struct totals *totals)
{
    bool first = true, inner = true;
    char buffer[48];
    fputc('{', out);
    json_text(out, &first, "currency", str_of(totals->currency));
    total_write(out, &first, "all", &totals->all, totals->currency);
    json_field(out, &first, "band");
    fputc('{', out);
    for (int32_t band = 0; band < BANDS; band++)
        total_write(out, &inner, code_upper(O2C_TABLE_BAND, band, buffer), &totals->band[band], totals->currency);
    fputc('}', out);
    json_field(out, &first, "kind");
    fputc('{', out);
    inner = true;
    for (int32_t kind = 1; kind < KINDS; kind++)
        total_write(out, &inner, code_upper(O2C_TABLE_PROPOSAL_KIND, kind, buffer), &totals->kind[kind], totals->currency);
    fputc('}', out);
    json_field(out, &first, "funnel");
    fputc('{', out);
    inner = true;
    for (int funnel = 0; funnel < FUNNEL_COUNT; funnel++)
        total_write(out, &inner, funnel_name((enum funnel)funnel), &totals->funnel[funnel], totals->currency);
    fputs("}}", out);
}

static void
summary_write(FILE *out, const struct job *job)
{
    struct summary summary;
    bool first = true;
    summary_of(job, &summary);
    fputs("{\"summary\":{", out);
    json_day(out, &first, "as_of", job->as_of);
    json_number(out, &first, "items", job->items_count);
    json_number(out, &first, "payments", summary.all);
    json_number(out, &first, "parked_statements", job->parked_count);
    json_field(out, &first, "currencies");
    fputc('[', out);
    for (uint32_t i = 0; i < summary.count; i++) {
        fputs(i ? "," : "", out);
        totals_write(out, &summary.currencies[i]);
    }
    fputs("]}}\n", out);
}

void
json_write(FILE *out, const struct job *job, bool with_summary)
{
    uint64_t parked = 0;
    for (uint64_t i = 0; i < job->count; i++) {
        for (; parked < job->parked_count && job->parked[parked].payments_before <= i; parked++)
            parked_write(out, job, &job->parked[parked]);
        json_payment(out, job, i);
        fputs("}\n", out);
    }
    for (; parked < job->parked_count; parked++)
        parked_write(out, job, &job->parked[parked]);
    if (with_summary)
        summary_write(out, job);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* o2c backtest as JSON: each payment as 'o2c match' says it, with what people cleared and whether both agree; then the summary. */
#include "backtest.h"

#include <inttypes.h>

/* A clearing says no currency: that of its item, of the payment where the item is unknown. */
static const char *
currency_of(const struct trial *trial, o2c_str item, const char *fallback)
{
    const o2c_master *master = NULL;
    const o2c_open_item *row = lookup_item(trial->job, item, &master);
    return row ? row->currency : fallback;
}

static void
truth(FILE *out, const struct trial *trial, const o2c_proposal *proposal)
{
    const struct cleared *rows;
    uint64_t count = trial_cleared(trial, said(trial->job, proposal->payment), &rows);
    fputs(",\"truth\":[", out);
    for (uint64_t i = 0; i < count; i++) {
        const o2c_clearing *row = &trial->history.rows[rows[i].row];
        o2c_str item = ref_in(&trial->history.heap, row->item);
        const char *currency = currency_of(trial, item, proposal->currency);
        bool first = true;
        fputs(i ? ",{" : "{", out);
        json_text(out, &first, "item", item);
        json_text(out, &first, "document", lookup_document(trial->job, item));
        json_money(out, &first, "applied", row->applied_minor, currency);
        json_money(out, &first, "discount", row->discount_minor, currency);
        json_day(out, &first, "cleared_on", row->cleared_day);
        fputc('}', out);
    }
    fputc(']', out);
}

static void
agrees(FILE *out, const o2c_match_answer *answer)
{
    bool first = false;
    bool judged = answer->agreement != O2C_AGREEMENT_NOT_CLEARED;
    bool same = answer->agreement == O2C_AGREEMENT_SAME || answer->agreement == O2C_AGREEMENT_INTERCHANGEABLE ||
                answer->agreement == O2C_AGREEMENT_LEFT_OPEN;
    json_field(out, &first, "agrees");
    fputs(!judged ? "null" : same ? "true" : "false", out);
    json_code(out, &first, "agreement", O2C_TABLE_AGREEMENT, answer->agreement);
    if (answer->possible)
        json_code(out, &first, "possible", O2C_TABLE_POSSIBLE, answer->possible);
    else
        json_text(out, &first, "possible", str_of(NULL));
    json_field(out, &first, "would_auto");
    fputs(answer->would_auto ? "true" : "false", out);
}

void
backtest_json_day(FILE *out, const struct trial *trial, const o2c_match_backtest_day *day)
{
    for (uint64_t i = 0; i < day->count; i++) {
        json_payment(out, trial->job, i);
        truth(out, trial, &trial->job->proposals[i]);
        agrees(out, &day->answers[i]);
        fputs("}\n", out);
    }
}

/* ---- summary */
static void
hex(FILE *out, bool *first, const char *name, const uint8_t hash[32])
{
    json_field(out, first, name);
    fputc('"', out);
    for (int i = 0; i < 32; i++)
        fprintf(out, "%02x", hash[i]);
    fputc('"', out);
}

static void
rate(FILE *out, const struct trial *trial, const o2c_match_rate *row)
{
    bool first = true;
    const char *currency = trial->header.currency;
    fputc('{', out);
    if (row->list == O2C_RATE_BAR)
        json_number(out, &first, "bar_ppm", row->bar_ppm);
    else
        json_code(out, &first, "list", O2C_TABLE_RATE, row->list);
    if (row->month)
        json_day(out, &first, "month", row->month);
    json_number(out, &first, "payments", row->payments);
    json_number(out, &first, "payments_auto", row->payments_auto);
    json_number(out, &first, "payments_wrong", row->payments_wrong);
    json_number(out, &first, "lines", row->lines);
    json_number(out, &first, "lines_auto", row->lines_auto);
    json_number(out, &first, "lines_judged", row->lines_judged);
    json_number(out, &first, "lines_wrong", row->lines_wrong);
    json_number(out, &first, "bound_ppm", row->bound_ppm);
    json_money(out, &first, "money", row->money_minor, currency);
    json_money(out, &first, "money_auto", row->money_auto_minor, currency);
    json_money(out, &first, "money_wrong", row->money_wrong_minor, currency);
    fputc('}', out);
}

static void
rates(FILE *out, const struct trial *trial, bool *first, const char *name, const o2c_match_rate *rows, uint64_t count, int months)
{
    bool any = false;
    json_field(out, first, name);
    fputc('[', out);
    for (uint64_t i = 0; i < count; i++) {
        if (months != (rows[i].month != 0))
            continue;
        fputs(any ? "," : "", out);
        rate(out, trial, &rows[i]);
        any = true;
    }
    fputc(']', out);
}

static void
class_row(FILE *out, const o2c_match_class_result *row)
{
    char words[96];
    bool first = true;
    fputc('{', out);
    json_text(out, &first, "class", str_of(class_words(row->line_class, words)));
    json_code(out, &first, "verdict", O2C_TABLE_RELEASE, row->verdict);
    json_number(out, &first, "proposed", row->proposed);
    json_number(out, &first, "lines", row->lines);
    json_number(out, &first, "same", row->same);
    json_number(out, &first, "interchangeable", row->interchangeable);
    json_number(out, &first, "left_open", row->left_open);
    json_number(out, &first, "different", row->different);
    json_number(out, &first, "ours_possible", row->ours);
    json_number(out, &first, "theirs_possible", row->theirs);
    json_number(out, &first, "both_possible", row->both);
    json_number(out, &first, "neither_possible", row->neither);
    json_number(out, &first, "not_cleared", row->not_cleared);
    json_number(out, &first, "bound_ppm", row->bound_ppm);
    json_number(out, &first, "needed", row->needed);
    json_field(out, &first, "released");
    fputs(row->released ? "true}" : "false}", out);
}

static void
classes(FILE *out, const struct trial *trial, bool *first)
{
    const o2c_match_class_result *rows;
    uint64_t count;
    char words[96];
    bool any = false;
    o2c_match_report_classes(trial->report, &rows, &count);
    json_field(out, first, "classes");
    fputc('[', out);
    for (uint64_t i = 0; i < count; i++) {
        fputs(i ? "," : "", out);
        class_row(out, &rows[i]);
    }
    fputc(']', out);
    json_field(out, first, "releasable");
    fputc('[', out);
    for (uint64_t i = 0; i < count; i++) {
        if (rows[i].verdict != O2C_RELEASE_RELEASABLE)
            continue;
        fputs(any ? "," : "", out);
        put_json(out, str_of(class_words(rows[i].line_class, words)));
        any = true;
    }
    fputc(']', out);
}

static void
held(FILE *out, const struct trial *trial, bool *first)
{
    const o2c_match_held *rows;
    uint64_t count;
    o2c_match_report_held(trial->report, &rows, &count);
    json_field(out, first, "held");
    fputc('[', out);
    for (uint64_t i = 0; i < count; i++) {
        bool inner = true;
        fputs(i ? ",{" : "{", out);
        json_code(out, &inner, rows[i].gate ? "gate" : "reason", rows[i].gate ? O2C_TABLE_GATE : O2C_TABLE_REASON,
                  rows[i].gate ? (int64_t)rows[i].gate : rows[i].reason);
        json_number(out, &inner, "lines", rows[i].lines);
        json_money(out, &inner, "money", rows[i].money_minor, trial->header.currency);
        json_number(out, &inner, "alone", rows[i].alone);
        json_number(out, &inner, "alone_wrong", rows[i].alone_wrong);
        fputc('}', out);
    }
    fputc(']', out);
}

#define TO_JUDGE 60

/* The next ones of the draw: sixty without one against us say that at most 5.96 % of all are. */
static void
to_judge(FILE *out, const struct trial *trial, bool *first)
{
    const o2c_match_answer *answers;
    uint64_t count, place = trial->header.drawn;
    const o2c_match_disagreement *row;
    o2c_match_report_answers(trial->report, &answers, &count);
    json_field(out, first, "to_judge");
    fputc('[', out);
    for (uint64_t i = 0; i < TO_JUDGE && (row = trial_drawn(trial, place + i)) != NULL; i++) {
        if (i)
            fputc(',', out);
        put_json(out, ref_in(&trial->payments.heap, trial->payments.rows[answers[row->answer].payment].key));
    }
    fputc(']', out);
}

static void
disagreements(FILE *out, const struct trial *trial, bool *first)
{
    const o2c_match_disagreement *rows;
    uint64_t count, by[5] = { 0 };
    o2c_match_report_disagreements(trial->report, &rows, &count);
    for (uint64_t i = 0; i < count; i++)
        by[rows[i].possible]++;
    bool inner = true;
    json_field(out, first, "disagreements");
    fputc('{', out);
    json_number(out, &inner, "payments", count);
    json_number(out, &inner, "ours_possible", by[O2C_POSSIBLE_OURS]);
    json_number(out, &inner, "theirs_possible", by[O2C_POSSIBLE_THEIRS]);
    json_number(out, &inner, "both_possible", by[O2C_POSSIBLE_BOTH]);
    json_number(out, &inner, "neither_possible", by[O2C_POSSIBLE_NEITHER]);
    json_number(out, &inner, "drawn", trial->header.drawn);
    json_number(out, &inner, "against", trial->header.against);
    json_number(out, &inner, "against_bound_ppm", trial->header.against_bound_ppm);
    to_judge(out, trial, &inner);
    fputc('}', out);
}

static void
calibration(FILE *out, const struct trial *trial, bool *first)
{
    const o2c_match_calibration *rows;
    uint64_t count;
    uint32_t error;
    bool any = false;
    o2c_match_report_calibration(trial->report, &rows, &count, &error);
    json_number(out, first, "calibration_error_ppm", error);
    json_field(out, first, "calibration");
    fputc('[', out);
    for (uint64_t i = 0; i < count; i++) {
        bool inner = true;
        if (!rows[i].lines)
            continue;
        fputs(any ? ",{" : "{", out);
        any = true;
        json_number(out, &inner, "low_ppm", rows[i].low_ppm);
        json_number(out, &inner, "high_ppm", rows[i].high_ppm);
        json_number(out, &inner, "lines", rows[i].lines);
        json_number(out, &inner, "right", rows[i].right);
        json_number(out, &inner, "mean_ppm", rows[i].mean_ppm);
        json_number(out, &inner, "observed_ppm", rows[i].observed_ppm);
        fputc('}', out);
    }
    fputc(']', out);
}

static void
differences(FILE *out, const struct trial *trial, bool *first)
{
    static const char *const names[2] = { "auto", "proposed" };
    o2c_match_differences sums = { .struct_size = sizeof sums };
    const char *currency = trial->header.currency;
    bool outer = true;
    o2c_match_report_differences(trial->report, &sums);
    json_field(out, first, "differences");
    fputc('{', out);
    for (int i = 0; i < 2; i++) {
        bool inner = true;
        json_field(out, &outer, names[i]);
        fputc('{', out);
        json_money(out, &inner, "discount", sums.discount_minor[i], currency);
        json_money(out, &inner, "discount_tolerance", sums.discount_tolerance_minor[i], currency);
        json_money(out, &inner, "tolerance", sums.tolerance_minor[i], currency);
        json_money(out, &inner, "charge", sums.charge_minor[i], currency);
        json_money(out, &inner, "withholding", sums.withholding_minor[i], currency);
        json_money(out, &inner, "rounding", sums.rounding_minor[i], currency);
        json_money(out, &inner, "deduction", sums.deduction_minor[i], currency);
        fputc('}', out);
    }
    fputc('}', out);
}

static void
header(FILE *out, const struct trial *trial, bool *first)
{
    const o2c_match_report_header *h = &trial->header;
    json_day(out, first, "first_day", h->first_day);
    json_day(out, first, "last_day", h->last_day);
    json_number(out, first, "days", h->days);
    json_number(out, first, "payments", h->payments);
    json_number(out, first, "customer_payments", h->customer);
    json_number(out, first, "judged", h->judged);
    json_number(out, first, "lines", h->lines);
    json_money(out, first, "money", h->money_minor, h->currency);
    json_text(out, first, "currency", str_of(h->currency));
    json_number(out, first, "items", h->items);
    json_number(out, first, "items_undated", h->items_undated);
    json_number(out, first, "clearings", h->clearings);
    json_number(out, first, "clearings_undated", h->clearings_undated);
    json_number(out, first, "clearings_foreign", h->clearings_foreign);
    json_number(out, first, "clearings_beyond", h->clearings_beyond);
    json_number(out, first, "states_dropped", h->states_dropped);
    json_text(out, first, "bank_accounts", str_of(h->learn_accounts ? "learned" : "known from the start"));
    json_number(out, first, "auto_ppm", h->auto_ppm);
    json_number(out, first, "max_error_ppm", h->max_error_ppm);
    hex(out, first, "policy", h->policy_hash);
    hex(out, first, "first_model", h->first_model_hash);
    hex(out, first, "last_model", h->last_model_hash);
    hex(out, first, "answers", h->answers_hash);
}

void
backtest_json_summary(FILE *out, const struct trial *trial)
{
    const o2c_match_rate *rows;
    uint64_t count;
    bool first = true;
    fputs("{\"summary\":{", out);
    header(out, trial, &first);
    o2c_match_report_rates(trial->report, &rows, &count);
    rates(out, trial, &first, "rates", rows, count, 0);
    rates(out, trial, &first, "months", rows, count, 1);
    o2c_match_report_curve(trial->report, &rows, &count);
    rates(out, trial, &first, "curve", rows, count, 0);
    classes(out, trial, &first);
    held(out, trial, &first);
    disagreements(out, trial, &first);
    calibration(out, trial, &first);
    differences(out, trial, &first);
    fputs("}}\n", out);
}

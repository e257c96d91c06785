/* SPDX-License-Identifier: Apache-2.0 */
/* o2c backtest as a page: headline rates with their bounds, the curve, classes with verdicts, months, disagreements. No script. */
#include "backtest.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { DISAGREEMENTS_SHOWN = 50, CLASSES_SHOWN = 40 };

static const char *
counted(uint64_t number, char buffer[48])
{
    return money_grouped((int64_t)number, "JPY", buffer);
}

static void
head(FILE *out, const struct trial *trial)
{
    const o2c_match_report_header *h = &trial->header;
    char first[11], last[11];
    day_text(h->first_day, first);
    day_text(h->last_day, last);
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
          "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
          "<title>Back-test of cash application</title>\n<style>", out);
    for (uint32_t i = 0; report_style[i]; i++)
        fputs(report_style[i], out);
    fputs(backtest_style, out);
    fputs("</style></head>\n<body><main>\n<h1>Back-test of cash application</h1><p class=\"soft\">", out);
    if (h->days)
        fprintf(out, "Every day from %s to %s solved with what was known the day before, then compared with what people cleared.</p>\n", first,
                last);
    else
        fputs("The list holds no payments.</p>\n", out);
}

static void
fact(FILE *out, const char *name, uint64_t number)
{
    char grouped[48];
    fprintf(out, "<div><dt>%s</dt><dd>%s</dd></div>", name, counted(number, grouped));
}

static void
facts(FILE *out, const struct trial *trial)
{
    const o2c_match_report_header *h = &trial->header;
    char money[48];
    fputs("<dl class=\"facts\">", out);
    fact(out, "Customer payments", h->customer);
    fact(out, "Cleared by people", h->judged);
    fact(out, "Documents cleared", h->lines);
    fprintf(out, "<div><dt>Money</dt><dd>%s %s</dd></div>", money_grouped(h->money_minor, h->currency, money), h->currency);
    fact(out, "Items", h->items);
    fprintf(out, "<div><dt>Bank accounts</dt><dd>%s</dd></div></dl>\n", h->learn_accounts ? "learned day by day" : "known from the start");
}

/* ---- headline */
static void
headline(FILE *out, const struct trial *trial, int32_t list, const char *name, const char *meaning)
{
    const o2c_match_rate *row = trial_rate(trial, list);
    char payments[24], lines[24], money[24], wrong[48], judged[48], bound[24];
    fprintf(out, "<div class=\"head\"><h2>%s</h2><p class=\"big\">%s</p><p class=\"soft\">of payments; lines %s, money %s</p>", name,
            rate_text(row->payments_auto, row->payments, payments), rate_text(row->lines_auto, row->lines, lines),
            rate_text((uint64_t)row->money_auto_minor, (uint64_t)row->money_minor, money));
    fprintf(out, "<p class=\"%s\">%s of %s judged lines wrong", row->lines_wrong ? "bad" : "good", counted(row->lines_wrong, wrong),
            counted(row->lines_judged, judged));
    if (row->lines_judged)
        fprintf(out, ", at most %s (95&nbsp;%%)", rate_text(row->bound_ppm, 1000000, bound));
    fprintf(out, "</p><p class=\"soft\">%s</p></div>\n", meaning);
}

static void
headlines(FILE *out, const struct trial *trial)
{
    fputs("<section class=\"panel heads\">", out);
    headline(out, trial, O2C_RATE_SHIPPED, "Shipped classes", "what posts itself on the first day");
    headline(out, trial, O2C_RATE_POLICY, "This policy", "as the rules under test stand");
    headline(out, trial, O2C_RATE_RELEASABLE, "All releasable classes", "once a second person has released them");
    fputs("</section>\n", out);
}

/* ---- curve: automatic rate over the error it costs; the axis of errors is logarithmic */
enum { WIDTH = 640, HEIGHT = 300, LEFT = 56, TOP = 16, MOST_PPM = 1000000, LEAST_PPM = 10 };

/* 256 · log2, straight between powers of two: fine enough for a picture, and the same everywhere. */
static uint32_t
logarithm(uint32_t ppm)
{
    uint32_t bits = 0;
    while (ppm >> (bits + 1))
        bits++;
    return bits * 256 + (uint32_t)(((uint64_t)(ppm - (1u << bits)) * 256) >> bits);
}

static uint32_t
x_of(uint32_t ppm)
{
    uint32_t clipped = ppm < LEAST_PPM ? LEAST_PPM : ppm;
    return LEFT + (logarithm(MOST_PPM) - logarithm(clipped)) * WIDTH / (logarithm(MOST_PPM) - logarithm(LEAST_PPM));
}

static uint32_t
y_of(uint64_t part, uint64_t whole)
{
    return TOP + HEIGHT - (whole ? (uint32_t)(part * HEIGHT / whole) : 0);
}

static void
axes(FILE *out, const struct trial *trial)
{
    static const struct {
        uint32_t ppm;
        const char *words;
    } ticks[] = { { 1000000, "100 %" }, { 100000, "10 %" }, { 10000, "1 %" }, { 1000, "0.1 %" }, { 100, "0.01 %" }, { 10, "0.001 %" } };
    for (int i = 0; i <= 4; i++) {
        uint32_t y = y_of((uint64_t)i, 4);
        fprintf(out, "<line class=\"grid\" x1=\"%d\" y1=\"%" PRIu32 "\" x2=\"%d\" y2=\"%" PRIu32 "\"/><text x=\"%d\" y=\"%" PRIu32
                     "\" text-anchor=\"end\">%d %%</text>", LEFT, y, LEFT + WIDTH, y, LEFT - 8, y + 4, i * 25);
    }
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++)
        fprintf(out, "<text x=\"%" PRIu32 "\" y=\"%d\" text-anchor=\"middle\">%s</text>", x_of(ticks[i].ppm), TOP + HEIGHT + 20,
                ticks[i].words);
    fprintf(out, "<line class=\"limit\" x1=\"%" PRIu32 "\" y1=\"%d\" x2=\"%" PRIu32 "\" y2=\"%d\"/>", x_of(trial->header.max_error_ppm), TOP,
            x_of(trial->header.max_error_ppm), TOP + HEIGHT);
}

static void
line_of(FILE *out, const o2c_match_rate *rows, uint64_t count, bool by_bound, const char *name)
{
    fprintf(out, "<polyline class=\"%s\" points=\"", name);
    for (uint64_t i = 0; i < count; i++) {
        if (!rows[i].lines_judged)
            continue;
        uint32_t wrong = (uint32_t)(rows[i].lines_wrong * UINT64_C(1000000) / rows[i].lines_judged);
        fprintf(out, "%" PRIu32 ",%" PRIu32 " ", x_of(by_bound ? rows[i].bound_ppm : wrong), y_of(rows[i].lines_auto, rows[i].lines));
    }
    fputs("\"/>", out);
}

static void
dots(FILE *out, const o2c_match_rate *rows, uint64_t count)
{
    char lines[24], bound[24];
    for (uint64_t i = 0; i < count; i++)
        if (rows[i].lines_judged)
            fprintf(out, "<circle cx=\"%" PRIu32 "\" cy=\"%" PRIu32 "\" r=\"3.5\"><title>bar %" PRIu32 ".%04" PRIu32
                         " %%: %s of lines, at most %s wrong</title></circle>",
                    x_of(rows[i].bound_ppm), y_of(rows[i].lines_auto, rows[i].lines), rows[i].bar_ppm / 10000, rows[i].bar_ppm % 10000,
                    rate_text(rows[i].lines_auto, rows[i].lines, lines), rate_text(rows[i].bound_ppm, 1000000, bound));
}

static void
curve(FILE *out, const struct trial *trial)
{
    const o2c_match_rate *rows;
    uint64_t count;
    o2c_match_report_curve(trial->report, &rows, &count);
    fprintf(out, "<section class=\"panel\"><h2>Rate against error</h2><svg class=\"curve\" viewBox=\"0 0 %d %d\" role=\"img\" "
                 "aria-label=\"Share of lines that would post themselves, over the share of them that would be wrong\">",
            LEFT + WIDTH + 24, TOP + HEIGHT + 44);
    axes(out, trial);
    line_of(out, rows, count, false, "seen");
    line_of(out, rows, count, true, "bound");
    dots(out, rows, count);
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">wrong lines (fewer to the right)</text></svg>", LEFT + WIDTH / 2,
            TOP + HEIGHT + 40);
    fputs("<p class=\"key soft\"><span><i class=\"b1\"></i>95 % upper bound</span><span><i class=\"b2\"></i>as seen</span><span>"
          "<i class=\"b3\"></i>largest error the policy allows</span></p>"
          "<p class=\"soft\">Each dot is a bar of confidence, 50 % to 100 %, with every class admitted. Further right needs more judged "
          "lines.</p></section>\n", out);
}

/* ---- classes */
static void
class_row(FILE *out, const o2c_match_class_result *row)
{
    static const char *const tones[] = { "", "good", "wait", "bad" };
    char words[96], lines[48], same[48], twins[48], left[48], different[48], bound[24], needed[48];
    fprintf(out, "<tr><td><code>%s</code></td><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td "
                 "class=\"num\">%s</td><td class=\"num\">%s",
            class_words(row->line_class, words), counted(row->lines, lines), counted(row->same, same), counted(row->interchangeable, twins),
            counted(row->left_open, left), counted(row->different, different));
    if (row->different)
        fprintf(out, " <span class=\"soft\">(%" PRIu64 " / %" PRIu64 " / %" PRIu64 " / %" PRIu64 ")</span>", row->ours, row->theirs, row->both,
                row->neither);
    fprintf(out, "</td><td class=\"num\">%s</td><td class=\"%s\">", row->lines ? rate_text(row->bound_ppm, 1000000, bound) : "-",
            tones[row->verdict]);
    if (row->verdict == O2C_RELEASE_NEEDS_MORE)
        fprintf(out, "needs %s more", counted(row->needed, needed));
    else
        fputs(row->verdict == O2C_RELEASE_RELEASABLE ? "releasable" : "never", out);
    fputs(row->released ? ", released</td></tr>\n" : "</td></tr>\n", out);
}

static void
classes(FILE *out, const struct trial *trial)
{
    const o2c_match_class_result *rows;
    uint64_t count, shown = 0, rest = 0;
    o2c_match_report_classes(trial->report, &rows, &count);
    fputs("<section class=\"panel\"><h2>Classes</h2><table><thead><tr><th>Class</th><th class=\"num\">Lines</th><th class=\"num\">Same</th>"
          "<th class=\"num\">Twins</th><th class=\"num\">Left open</th><th class=\"num\">Differ (ours / theirs / both / neither)</th><th class=\"num\">Bound</th>"
          "<th>Verdict</th></tr></thead><tbody>\n", out);
    for (uint64_t i = 0; i < count; i++) {
        if (rows[i].lines && shown < CLASSES_SHOWN)
            class_row(out, &rows[i]), shown++;
        else
            rest++;
    }
    fputs("</tbody></table><p class=\"soft\">Lines above the bar that no gate held and that people judged. Twins: documents that no posting can "
          "tell apart; they agree. Left open: a rest stays on the document that people took off; nothing was given away. Who differs is named by whose answer explains the amount; all of it counts as wrong until a person has "
          "judged.", out);
    if (rest)
        fprintf(out, " %" PRIu64 " more class%s had no line above the bar.", rest, rest == 1 ? "" : "es");
    fputs("</p></section>\n", out);
}

/* ---- months */
static void
months(FILE *out, const struct trial *trial)
{
    const o2c_match_rate *rows;
    uint64_t count;
    char day[11], payments[48], shipped[24], releasable[24], wrong[48];
    o2c_match_report_rates(trial->report, &rows, &count);
    fputs("<section class=\"panel\"><h2>Months</h2><table><thead><tr><th>Month</th><th class=\"num\">Payments</th><th class=\"num\">"
          "Shipped, lines</th><th class=\"num\">Releasable, lines</th><th class=\"num\">Wrong lines</th></tr></thead><tbody>\n", out);
    for (uint64_t i = 3; i + 2 < count; i += 3)
        fprintf(out, "<tr><td>%.7s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td></tr>\n",
                day_text(rows[i].month, day), counted(rows[i].payments, payments), rate_text(rows[i].lines_auto, rows[i].lines, shipped),
                rate_text(rows[i + 2].lines_auto, rows[i + 2].lines, releasable), counted(rows[i + 2].lines_wrong, wrong));
    fputs("</tbody></table></section>\n", out);
}

/* ---- what held lines back */
static void
held(FILE *out, const struct trial *trial)
{
    const o2c_match_held *rows;
    uint64_t count;
    char lines[48], money[48], alone[48], wrong[48];
    o2c_match_report_held(trial->report, &rows, &count);
    fputs("<section class=\"panel\"><h2>What held lines back</h2><table><thead><tr><th>Reason</th><th class=\"num\">Lines</th><th class=\"num\">"
          "Money</th><th class=\"num\">It alone</th><th class=\"num\">Of those wrong</th></tr></thead><tbody>\n", out);
    for (uint64_t i = 0; i < count; i++)
        fprintf(out, "<tr><td>%s</td><td class=\"num\">%s</td><td class=\"num\">%s %s</td><td class=\"num\">%s</td><td class=\"num\">%s</td></tr>\n",
                rows[i].gate ? o2c_code_text(O2C_TABLE_GATE, rows[i].gate) : o2c_code_text(O2C_TABLE_REASON, rows[i].reason),
                counted(rows[i].lines, lines), money_grouped(rows[i].money_minor, trial->header.currency, money), trial->header.currency,
                counted(rows[i].alone, alone), counted(rows[i].alone_wrong, wrong));
    fputs("</tbody></table></section>\n", out);
}

/* ---- disagreements */
static void
theirs(FILE *out, const struct trial *trial, const o2c_match_disagreement *row, const char currency[4])
{
    const o2c_match_theirs *rows;
    uint64_t count;
    char amount[48];
    o2c_match_report_theirs(trial->report, &rows, &count);
    for (uint32_t i = 0; i < row->theirs_count && i < 12; i++) {
        fputs(i ? "; " : "", out);
        put_html(out, trial_document(trial, rows[row->theirs_at + i].item));
        fprintf(out, " %s%s", money_grouped(rows[row->theirs_at + i].applied_minor, currency, amount),
                rows[row->theirs_at + i].known ? "" : " (not open then)");
    }
    fputs(row->theirs_count == 0 ? "cleared it with another payment" : row->theirs_count > 12 ? "; &hellip;" : "", out);
}

static void
judged(FILE *out, const struct trial *trial)
{
    const o2c_match_report_header *header = &trial->header;
    char share[24];
    if (header->drawn)
        fprintf(out, "<p>The first %" PRIu64 " were judged. In %" PRIu64 " of them we were not right, so at most %s of what differs is our mistake; "
                "bounds count it so.</p>", header->drawn, header->against, rate_text(header->against_bound_ppm, 1000000, share));
    else
        fputs("<p class=\"soft\">Nobody has judged them, so all count as our mistakes. They stand in the order of a draw: who judges them goes "
              "from the first without a gap, and hands in payment and verdict with --judged.</p>", out);
}

static void
disagreements(FILE *out, const struct trial *trial)
{
    const o2c_match_disagreement *rows;
    const o2c_match_answer *answers;
    uint64_t count, answers_count;
    o2c_str heap;
    char day[11], amount[48];
    o2c_match_report_disagreements(trial->report, &rows, &count);
    o2c_match_report_answers(trial->report, &answers, &answers_count);
    o2c_match_report_heap(trial->report, &heap);
    fprintf(out, "<section class=\"panel\"><h2>Disagreements: %" PRIu64 "</h2>", count);
    if (count == 0)
        fputs("<p class=\"soft\">No payment that would have been automatic was cleared differently.</p></section>\n", out);
    if (count == 0)
        return;
    judged(out, trial);
    fputs("<table><thead><tr><th class=\"num\">Draw</th><th>Payment</th><th class=\"num\">Amount</th><th>Ours</th><th>People</th><th>Possible</th></tr></thead><tbody>\n",
          out);
    for (uint64_t i = 0; i < count && i < DISAGREEMENTS_SHOWN; i++) {
        const o2c_match_disagreement *row = trial_drawn(trial, i);
        const o2c_match_answer *answer = &answers[row->answer];
        fprintf(out, "<tr><td class=\"num\">%" PRIu64 "</td><td>%s<br>", i + 1, day_text(answer->day, day));
        put_html(out, ref_in(&trial->payments.heap, trial->payments.rows[answer->payment].key));
        fprintf(out, "</td><td class=\"num\">%s %s</td><td>", money_grouped(answer->amount_minor, answer->currency, amount), answer->currency);
        put_html(out, ref_in(&heap, row->said));
        fputs("</td><td>", out);
        theirs(out, trial, row, answer->currency);
        fprintf(out, "</td><td>%s</td></tr>\n", o2c_code_name(O2C_TABLE_POSSIBLE, row->possible));
    }
    fputs("</tbody></table>", out);
    if (count > DISAGREEMENTS_SHOWN)
        fprintf(out, "<p class=\"soft\">The first %d; --format json has them all.</p>", DISAGREEMENTS_SHOWN);
    fputs("</section>\n", out);
}

static void
foot(FILE *out, const struct trial *trial)
{
    fprintf(out, "<footer>o2c %s. Bar %" PRIu32 ".%04" PRIu32 " %%, largest error %" PRIu32 " ppm. Answers ", o2c_version_text(),
            trial->header.auto_ppm / 10000, trial->header.auto_ppm % 10000, trial->header.max_error_ppm);
    for (int i = 0; i < 8; i++)
        fprintf(out, "%02x", trial->header.answers_hash[i]);
    fputs(". Rates are rounded down, bounds as printed by Clopper and Pearson, one-sided.</footer>\n</main></body></html>\n", out);
}

int
backtest_page(const struct trial *trial, const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return problem_plain(path, strerror(errno), "Name a file in a folder that exists and can be written.", EXIT_RESOURCES);
    head(out, trial);
    facts(out, trial);
    headlines(out, trial);
    curve(out, trial);
    classes(out, trial);
    months(out, trial);
    disagreements(out, trial);
    held(out, trial);
    foot(out, trial);
    int code = output_close(out, path);
    if (fclose(out) != 0 && !code)
        code = problem_plain(path, strerror(errno), "Make room, or write elsewhere.", EXIT_RESOURCES);
    return code;
}

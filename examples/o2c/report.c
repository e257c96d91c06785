/* SPDX-License-Identifier: Apache-2.0 */
/* The page of the day: facts, funnel, then a card a payment, what wants a person first. No script, nothing fetched. */
#include "tool.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CARDS_SHOWN = 1000 };

/* What wants a person stands first. */
static const enum funnel order[FUNNEL_COUNT] = {
    FUNNEL_PARKED, FUNNEL_PROPOSED, FUNNEL_UNIDENTIFIED, FUNNEL_ON_ACCOUNT, FUNNEL_AUTO, FUNNEL_NOT_AR,
};
static const char *const titles[FUNNEL_COUNT] = { "Not receivable", "Auto", "Proposed", "On account", "Unidentified", "Parked" };
static const char *const meanings[FUNNEL_COUNT] = {
    "fees, debits, returns, duplicates: nothing to match", "may post without a person", "a person decides",
    "the payer is known, no item fits", "nobody is named as the payer", "the statement does not tie",
};

static void
head(FILE *out, const struct job *job)
{
    char day[11];
    day_text(job->as_of, day);
    fprintf(out,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            "<title>Cash application, %s</title>\n<style>",
            day);
    for (uint32_t i = 0; report_style[i]; i++)
        fputs(report_style[i], out);
    fprintf(out,
            "</style></head>\n<body><main>\n<h1>Cash application</h1>"
            "<p class=\"soft\">Item list of %s. Proposals only: nothing has been posted.</p>\n",
            day);
}

static void
fact(FILE *out, const char *name, uint64_t number)
{
    char grouped[48];
    money_grouped((int64_t)number, "JPY", grouped);
    fprintf(out, "<div><dt>%s</dt><dd>%s</dd></div>", name, grouped);
}

static void
facts(FILE *out, const struct job *job, const struct summary *summary)
{
    const struct options *options = job->options;
    uint64_t statements = 0;
    fputs("<dl class=\"facts\"><div><dt>Bank file</dt><dd>", out);
    for (uint32_t i = 0; i < options->statements.count; i++) {
        const char *path = options->statements.values[i], *slash = strrchr(path, '/');
        fputs(i ? ", " : "", out);
        put_html(out, str_of(slash ? slash + 1 : path));
    }
    fputs("</dd></div>", out);
    for (uint32_t f = 0; f < job->files_count; f++)
        statements += job->statements[f].count;
    fact(out, "Statements", statements);
    fact(out, "Payments and other lines", summary->all + summary->lines[FUNNEL_PARKED].lines);
    fact(out, "Items in the list", job->items_count);
    fprintf(out, "<div><dt>Program</dt><dd>o2c %s</dd></div></dl>\n", o2c_version_text());
}

static void
funnel_money(FILE *out, const struct summary *summary, enum funnel funnel)
{
    char amount[48];
    fputs("<span class=\"money num\">", out);
    for (uint32_t i = 0; i < summary->count; i++) {
        const struct totals *totals = &summary->currencies[i];
        if (totals->funnel[funnel].lines || i == 0)
            fprintf(out, "<span>%s %s</span>", money_grouped(totals->funnel[funnel].amount, totals->currency, amount),
                    totals->currency);
    }
    fputs("</span>", out);
}

/* Share in permille. The money bar is of the first currency, the house's own: amounts of two currencies do not add up. */
static uint64_t
permille(uint64_t part, uint64_t whole)
{
    return whole ? (part > UINT64_MAX / 1000 ? part / (whole / 1000 + 1) : part * 1000 / whole) : 0;
}

static void
funnel_row(FILE *out, const struct summary *summary, enum funnel funnel, uint64_t all, uint64_t moved)
{
    uint64_t lines = summary->lines[funnel].lines;
    uint64_t money = summary->count ? (uint64_t)summary->currencies[0].funnel[funnel].moved : 0;
    fprintf(out, "<li class=\"%s\"><a href=\"#%s\"><span class=\"badge\">%s</span></a><span class=\"bars\" aria-hidden=\"true\">",
            funnel_name(funnel), funnel_name(funnel), titles[funnel]);
    fprintf(out, "<i style=\"width:%" PRIu64 ".%" PRIu64 "%%\"></i><i style=\"width:%" PRIu64 ".%" PRIu64 "%%\"></i></span>",
            permille(lines, all) / 10, permille(lines, all) % 10, permille(money, moved) / 10, permille(money, moved) % 10);
    fprintf(out, "<span class=\"num lines-of\">%" PRIu64 " line%s</span>", lines, lines == 1 ? "" : "s");
    funnel_money(out, summary, funnel);
    fputs("</li>\n", out);
}

static void
funnel_write(FILE *out, const struct summary *summary)
{
    uint64_t all = summary->all + summary->lines[FUNNEL_PARKED].lines, moved = 0;
    for (int funnel = 0; funnel < FUNNEL_COUNT && summary->count; funnel++)
        moved += (uint64_t)summary->currencies[0].funnel[funnel].moved;
    fputs("<section class=\"panel\"><h2>The day</h2><ul class=\"funnel\">\n", out);
    for (int funnel = 0; funnel < FUNNEL_COUNT; funnel++)
        funnel_row(out, summary, (enum funnel)funnel, all, moved);
    fputs("</ul><p class=\"key soft\"><span><i class=\"a\"></i>share of lines</span><span><i class=\"b\"></i>share of money", out);
    if (summary->count > 1)
        fprintf(out, " (%s)", summary->currencies[0].currency);
    fputs("</span></p></section>\n", out);
}

static void
navigation(FILE *out, const struct summary *summary)
{
    fputs("<nav aria-label=\"Bands\">", out);
    for (int i = 0; i < FUNNEL_COUNT; i++)
        if (summary->lines[order[i]].lines)
            fprintf(out, "<a class=\"badge %s\" href=\"#%s\">%s %" PRIu64 "</a>", funnel_name(order[i]), funnel_name(order[i]),
                    titles[order[i]], summary->lines[order[i]].lines);
    fputs("</nav>\n", out);
}

static void
parked_cards(FILE *out, const struct job *job)
{
    char opening[48], sum[48], closing[48], amount[48];
    for (uint64_t i = 0; i < job->parked_count; i++) {
        const o2c_match_parked *row = &job->parked[i];
        fputs("<article class=\"card parked\"><header><h3>Statement ", out);
        put_html(out, ref_in(&job->parked_heap, row->id));
        fprintf(out, "</h3><span class=\"amount num\">%s %s</span><span class=\"meta\"><span class=\"badge\">Parked</span>account ",
                money_grouped(row->amount_minor, row->currency, amount), row->currency);
        put_html(out, ref_in(&job->parked_heap, row->account));
        fprintf(out, "</span></header><p class=\"more one\">%s: opening %s + entries %s, closing %s. ",
                o2c_code_text(O2C_TABLE_PARK_REASON, row->reason), money_grouped(row->opening_minor, row->currency, opening),
                money_grouped(row->sum_minor, row->currency, sum), money_grouped(row->closing_minor, row->currency, closing));
        fprintf(out, "Its %" PRIu32 " payment%s wait%s.</p></article>\n", row->payments, row->payments == 1 ? "" : "s",
                row->payments == 1 ? "s" : "");
    }
}

static void
routed_table(FILE *out, const struct job *job)
{
    char amount[48], day[11];
    uint64_t shown = 0;
    fputs("<div class=\"panel\"><table><thead><tr><th>No.</th><th>Value date</th><th>Name</th><th>Why</th>"
          "<th class=\"num\">Amount</th></tr></thead><tbody>\n", out);
    for (uint64_t i = 0; i < job->count; i++) {
        const o2c_proposal *proposal = &job->proposals[i];
        const o2c_payment *payment = &job->payments.rows[proposal->row];
        if (funnel_of(proposal) != FUNNEL_NOT_AR || ++shown > CARDS_SHOWN)
            continue;
        fprintf(out, "<tr><td data-name=\"No.\">%" PRIu64 "</td><td>%s</td><td><bdi>", i + 1, day_text(payment_day(payment), day));
        put_html(out, ref_in(&job->payments.heap, payment->payer_name));
        fprintf(out, "</bdi></td><td>%s</td><td class=\"num\">%s %s</td></tr>\n",
                o2c_code_text(O2C_TABLE_PAYMENT_ROUTE, payment->route),
                money_grouped(proposal->amount_minor, proposal->currency, amount), proposal->currency);
    }
    fputs("</tbody></table></div>\n", out);
    if (shown > CARDS_SHOWN)
        fprintf(out, "<p class=\"soft\">and %" PRIu64 " more: o2c match --format json lists them all.</p>\n", shown - CARDS_SHOWN);
}

/* A page of a hundred thousand cards helps nobody: the first of each band stand here, all of them in the JSON. */
static void
cards(FILE *out, const struct job *job, enum funnel funnel)
{
    uint64_t shown = 0, more = 0;
    for (uint64_t i = 0; i < job->count; i++) {
        if (funnel_of(&job->proposals[i]) != funnel)
            continue;
        if (shown < CARDS_SHOWN) {
            report_card(out, job, i);
            shown++;
        } else {
            more++;
        }
    }
    if (more)
        fprintf(out, "<p class=\"soft\">and %" PRIu64 " more: o2c match --format json lists them all.</p>\n", more);
}

static void
section(FILE *out, const struct job *job, const struct summary *summary, enum funnel funnel)
{
    if (summary->lines[funnel].lines == 0 && !(funnel == FUNNEL_PARKED && job->parked_count))
        return;
    fprintf(out, "<details class=\"band %s\" id=\"%s\" open><summary><h2>%s</h2>", funnel_name(funnel), funnel_name(funnel),
            titles[funnel]);
    fprintf(out, "<span class=\"soft\">%" PRIu64 ", %s</span></summary>\n", summary->lines[funnel].lines, meanings[funnel]);
    if (funnel == FUNNEL_PARKED)
        parked_cards(out, job);
    else if (funnel == FUNNEL_NOT_AR)
        routed_table(out, job);
    else
        cards(out, job, funnel);
    fputs("</details>\n", out);
}

int
report_write(const struct job *job, const char *path)
{
    struct summary summary;
    FILE *out = fopen(path, "wb");
    if (!out)
        return problem_plain(path, strerror(errno), "Name a file in a folder that exists and can be written.", EXIT_RESOURCES);
    summary_of(job, &summary);
    head(out, job);
    facts(out, job, &summary);
    funnel_write(out, &summary);
    navigation(out, &summary);
    for (int i = 0; i < FUNNEL_COUNT; i++)
        section(out, job, &summary, order[i]);
    fputs("<footer>Marked bytes of a bank text and the item they speak for carry the same number and color. Confidence is a lower, "
          "never a rounded-up, number.</footer>\n</main></body></html>\n", out);
    int code = output_close(out, path);
    if (fclose(out) != 0 && !code)
        code = problem_plain(path, strerror(errno), "Make room, or write elsewhere.", EXIT_RESOURCES);
    return code;
}

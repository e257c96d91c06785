/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of any program, judged by the scorer that judges ours.
 *
 *     o2c-match-score --world FOLDER --answers FILE [--json] [--brief] [--name NAME] [--history PPM]
 *
 * FOLDER holds the files of o2c-match-gen. FILE is CSV: payment,item,applied,auto[,confidence]; one row for each item a payment is put
 * on, auto 1 = it would have been posted. A payment without rows is a payment the program abstained on. Only payments after the first
 * PPM of the days are judged (300000, as match_bench --scenario mix does). The amount may be the cash, or the cash and the discount.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "csv.h"
#include "market_read.h"

struct judge {
    struct market *market;
    struct books books;
    struct keys payments;
    struct score *score;
    struct score_line *lines;   /* of all answers, by payment */
    uint64_t *lines_at;         /* first line of a payment; one more at the end */
    uint64_t lines_count, unknown;
};

static void
need(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "o2c-match-score: %s\n", what);
    exit(2);
}

/* Rows in file order, each with its payment. */
struct row {
    struct score_line line;
    uint32_t payment, at;
};

static int
by_payment(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return x->payment != y->payment ? (x->payment < y->payment ? -1 : 1) : (x->at < y->at ? -1 : x->at > y->at);
}

static struct row *
read_rows(struct judge *judge, const char *file)
{
    struct csv_file csv;
    struct row *rows = NULL;
    uint64_t room = 0;
    csv_open(&csv, NULL, file, false);
    int payment = csv_column(&csv, "payment", true), item = csv_column(&csv, "item", true), applied = csv_column(&csv, "applied", true);
    int automatic = csv_column(&csv, "auto", true), confidence = csv_column(&csv, "confidence", false);
    while (csv_next(&csv)) {
        if (judge->lines_count == room) {
            room = room ? room * 2 : 4096;
            need((rows = realloc(rows, room * sizeof *rows)) != NULL, "no memory");
        }
        struct row *row = &rows[judge->lines_count];
        *row = (struct row){ .payment = keys_find(&judge->payments, csv_cell(&csv, payment)), .at = (uint32_t)judge->lines_count };
        row->line.item = keys_find(&judge->books.keys, csv_cell(&csv, item));
        row->line.paid_minor = csv_minor(&csv, applied);
        row->line.band = csv_number(&csv, automatic) ? SCORE_BAND_AUTO : SCORE_BAND_PROPOSE;
        row->line.confidence_ppm = (uint32_t)csv_number(&csv, confidence);
        judge->unknown += row->payment == KEYS_NONE || row->line.item == KEYS_NONE;
        judge->lines_count += row->payment != KEYS_NONE;
    }
    csv_close(&csv);
    return rows;
}

static void
read_answers(struct judge *judge, const char *file)
{
    uint64_t payments = judge->market->payments.count;
    struct row *rows = read_rows(judge, file);
    if (judge->lines_count)
        qsort(rows, judge->lines_count, sizeof *rows, by_payment);
    judge->lines = malloc((judge->lines_count + 1) * sizeof *judge->lines);
    judge->lines_at = calloc(payments + 2, sizeof *judge->lines_at);
    need(judge->lines && judge->lines_at, "no memory");
    for (uint64_t i = 0; i < judge->lines_count; i++) {
        judge->lines[i] = rows[i].line;
        judge->lines_at[rows[i].payment + 1] = i + 1;
    }
    for (uint64_t i = 1; i <= payments; i++) {
        if (judge->lines_at[i] < judge->lines_at[i - 1])
            judge->lines_at[i] = judge->lines_at[i - 1];
    }
    free(rows);
}

/* AUTO when all rows are; the confidence is that of the weakest row. */
static struct score_answer
answer_of(struct judge *judge, uint32_t payment)
{
    struct score_answer out = { .payment = payment, .lines = judge->lines + judge->lines_at[payment] };
    out.count = (uint32_t)(judge->lines_at[payment + 1] - judge->lines_at[payment]);
    out.band = out.count ? SCORE_BAND_AUTO : SCORE_BAND_NONE;
    for (uint32_t i = 0; i < out.count; i++) {
        struct score_line *line = &judge->lines[judge->lines_at[payment] + i];
        line->twin = line->item == KEYS_NONE ? 0 : books_twin(&judge->books, line->item);
        if (line->band != SCORE_BAND_AUTO)
            out.band = SCORE_BAND_PROPOSE;
        if (i == 0 || line->confidence_ppm < out.confidence_ppm)
            out.confidence_ppm = line->confidence_ppm;
    }
    return out;
}

static void
judge_day(struct judge *judge, int32_t day)
{
    uint32_t from, to;
    struct cases cases;
    market_day(judge->market, day, &from, &to);
    need(books_advance(&judge->books, day), "no memory");
    struct score_answer *answers = calloc((uint64_t)(to - from) + 1, sizeof *answers);
    need(answers && cases_make(&cases, judge->market, &judge->books, from, to), "no memory");
    for (uint32_t i = from; i < to; i++)
        answers[i - from] = answer_of(judge, i);
    need(score_day(judge->score, cases.rows, cases.count, answers, to - from) == 0, "no memory");
    cases_free(&cases);
    free(answers);
}

static void
write_text(const struct judge *judge, const char *name)
{
    const struct score_slice *all = &judge->score->total;
    printf("%s: %" PRIu64 " payments, automatic %.3f %% of identifiable, %.3f %% of all; right %.4f %% (at least %.4f), wrong %" PRIu64
           "; abstained %.3f %% of %" PRIu64 "\n", name, all->seen.payments,
           score_share_ppm(all->identified.payments, all->identifiable.payments) / 1e4,
           score_share_ppm(all->automatic.payments, all->seen.payments) / 1e4,
           score_precision_ppm(all->wrong.payments, all->automatic.payments) / 1e4,
           score_precision_low_ppm(all->wrong.payments, all->automatic.payments) / 1e4, all->wrong.payments,
           score_share_ppm(all->abstained, all->abstain_due) / 1e4, all->abstain_due);
    if (judge->unknown)
        printf("  %" PRIu64 " rows name a payment or item that is not there\n", judge->unknown);
}

static const char *
option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return i + 1 < argc ? argv[i + 1] : name;
    }
    return fallback;
}

int
main(int argc, char **argv)
{
    struct judge judge = { 0 };
    const char *folder = option(argc, argv, "--world", NULL), *file = option(argc, argv, "--answers", NULL);
    const char *name = option(argc, argv, "--name", "answers");
    int64_t history = (int64_t)strtoul(option(argc, argv, "--history", "300000"), NULL, 10);
    if (!folder || !file) {
        fputs("o2c-match-score --world FOLDER --answers FILE [--json] [--brief] [--name NAME] [--history PPM]\n", stderr);
        return 2;
    }
    judge.market = market_read(folder);
    judge.score = score_new();
    const struct market *market = judge.market;
    need(judge.score && books_open(&judge.books, market), "no memory");
    need(keys_make(&judge.payments, &market->payments.rows->key, sizeof(o2c_payment), market->payments.count, market->payments.heap.ptr, NULL) == 0,
         "no memory");
    read_answers(&judge, file);
    for (int32_t day = market->first_day + (int32_t)(market->days * history / 1000000); day < market->first_day + market->days; day++)
        judge_day(&judge, day);
    if (option(argc, argv, "--json", NULL)) {
        printf("{\"name\":\"%s\",\"items\":%" PRIu64 ",\"payments\":%" PRIu64 ",", name, market->master.items_count, judge.score->total.seen.payments);
        score_write_core(judge.score, stdout);
        printf(",\"unknown_rows\":%" PRIu64, judge.unknown);
        if (!option(argc, argv, "--brief", NULL))
            score_write_more(judge.score, stdout);
        puts("}");
    } else {
        write_text(&judge, name);
    }
    score_free(judge.score);
    books_close(&judge.books);
    keys_free(&judge.payments);
    free(judge.lines);
    free(judge.lines_at);
    market_read_free(judge.market);
    return 0;
}

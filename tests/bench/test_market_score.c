/* SPDX-License-Identifier: Apache-2.0 */
/* A small market judged from memory and from its files, by answers made from its own truth; and replayed through the library. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "match/cases.h"
#include "match/replay.h"
#include "match/market_read.h"
#include "support/tap.h"

#define ITEMS 2000u

static struct market *
make(void)
{
    struct market_options options = { .seed = 5, .items = ITEMS };
    return market_make(&options);
}

/* Every payment answered by its truth, after a change; AUTO throughout. */
static struct score *
judge_truth(const struct market *market, void (*change)(struct score_line *lines, uint32_t count, uint64_t payment))
{
    struct books books;
    struct score *score = score_new();
    CU_ASSERT_FATAL(score != NULL && books_open(&books, market));
    for (int32_t day = market->first_day; day < market->first_day + market->days; day++) {
        struct cases cases;
        uint32_t from, to;
        market_day(market, day, &from, &to);
        CU_ASSERT_FATAL(books_advance(&books, day) && cases_make(&cases, market, &books, from, to));
        struct score_answer *answers = calloc((size_t)(to - from) + 1, sizeof *answers);
        struct score_line *lines = malloc((market->lines_count + 1) * sizeof *lines), *next = lines;
        for (uint64_t i = 0; i < cases.count; i++) {
            const struct score_case *one = &cases.rows[i];
            answers[i] = (struct score_answer){ .payment = one->payment, .band = SCORE_BAND_AUTO, .typed = 1, .lines = next, .count = one->count };
            for (uint32_t k = 0; k < one->count; k++) {
                next[k] = one->lines[k];
                next[k].band = SCORE_BAND_AUTO;
            }
            if (change)
                change(next, one->count, one->payment);
            next += one->count;
        }
        CU_ASSERT_EQUAL(score_day(score, cases.rows, cases.count, answers, cases.count), 0);
        cases_free(&cases);
        free(answers);
        free(lines);
    }
    books_close(&books);
    return score;
}

static void
the_truth_of_a_market_is_right(void)
{
    struct market *market = make();
    struct score *score = judge_truth(market, NULL);
    CU_ASSERT_EQUAL(score->total.seen.payments, market->payments.count);
    CU_ASSERT_EQUAL(score->total.seen.lines, market->lines_count);
    CU_ASSERT_EQUAL(score->total.wrong.payments + score->total.wrong.lines, 0);
    CU_ASSERT_EQUAL(score->total.twins.payments, 0);
    CU_ASSERT(market->lines_count > market->payments.count);
    score_free(score);
    market_free(market);
}

/* Cash is taken for the whole of what was open: every short payment becomes a full one. */
static void
forgive(struct score_line *lines, uint32_t count, uint64_t payment)
{
    for (uint32_t i = 0; i < count; i++) {
        lines[i].allowed_minor += lines[i].rest_minor;
        lines[i].rest_minor = 0;
    }
}

static void
swap_amounts(struct score_line *lines, uint32_t count, uint64_t payment)
{
    if (count > 1) {
        int64_t paid = lines[0].paid_minor;
        lines[0].paid_minor = lines[1].paid_minor;
        lines[1].paid_minor = paid;
    }
}

static void
add_a_cent(struct score_line *lines, uint32_t count, uint64_t payment)
{
    if (count && payment % 10 == 0)
        lines[count - 1].paid_minor++;
}

static void
planted_matchers_are_caught_on_a_market(void)
{
    struct market *market = make();
    uint64_t cents = 0, swaps = 0, rests = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        const struct market_line *lines = &market->lines[truth->lines_at];
        bool rest = false;
        for (uint32_t k = 0; k < truth->lines_count; k++)
            rest = rest || lines[k].short_minor + lines[k].tolerance_minor != 0;
        rests += rest;
        cents += i % 10 == 0 && truth->lines_count > 0;
        swaps += truth->lines_count > 1 && lines[0].paid_minor != lines[1].paid_minor;
    }
    CU_ASSERT(rests > 10 && swaps > 100);
    struct score *score = judge_truth(market, forgive);
    CU_ASSERT_EQUAL(score->total.wrong.payments, rests);
    score_free(score);
    score = judge_truth(market, add_a_cent);
    CU_ASSERT_EQUAL(score->total.wrong.payments, cents);
    CU_ASSERT_EQUAL(score->total.wrong.lines, cents);
    score_free(score);
    score = judge_truth(market, swap_amounts);
    CU_ASSERT_EQUAL(score->total.wrong.payments, swaps);
    CU_ASSERT_EQUAL(score->total.wrong.lines, 2 * swaps);
    score_free(score);
    market_free(market);
}

static void
remove_folder(const char *folder)
{
    static const char *const names[] = { "items.csv", "customers.csv", "payments.csv", "remittance.csv", "cleared.csv", "truth.csv", "labels.csv",
                                         "references.csv" };
    char path[300];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* What peers read is what we judge: payments, truth, labels, clearings come back as they were written. */
static void
a_market_comes_back_from_its_files(void)
{
    char folder[] = "o2c_market_XXXXXX";
    struct market *market = make();
    CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
    CU_ASSERT_EQUAL(market_write(market, folder, NULL), 0);
    struct market *read = market_read(folder);
    CU_ASSERT_EQUAL(read->master.items_count, market->master.items_count);
    CU_ASSERT_EQUAL(read->first_day, market->payments.rows[0].value_day);
    CU_ASSERT_EQUAL_FATAL(read->payments.count, market->payments.count);
    CU_ASSERT_EQUAL_FATAL(read->lines_count, market->lines_count);
    CU_ASSERT_EQUAL(read->clearings_count, market->clearings_count);
    uint64_t other = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *a = &market->truth[i], *b = &read->truth[i];
        other += a->lines_count != b->lines_count || a->label != b->label || a->scenario != b->scenario || a->pool != b->pool ||
                 a->flags != b->flags || a->closed_item != b->closed_item || market->payments.rows[i].amount_minor != read->payments.rows[i].amount_minor;
        for (uint32_t k = 0; k < a->lines_count && k < b->lines_count; k++)
            other += memcmp(&market->lines[a->lines_at + k], &read->lines[b->lines_at + k], sizeof(struct market_line)) != 0;
    }
    CU_ASSERT_EQUAL(other, 0);
    struct score *score = judge_truth(read, NULL);
    CU_ASSERT_EQUAL(score->total.wrong.payments, 0);
    CU_ASSERT_EQUAL(score->total.seen.payments, market->payments.count);
    score_free(score);
    market_read_free(read);
    market_free(market);
    remove_folder(folder);
}

/* The whole walk: nothing automatic is wrong, and the same bytes come out twice. */
static void
a_replayed_market_posts_nothing_wrong(void)
{
    struct market *market = make();
    struct replay_options options = { .market = market, .history_ppm = 300000, .latency_max = 10 };
    struct replay first, second;
    uint8_t a[32], b[32];
    replay_run(&first, &options);
    options.latency_max = 0;
    replay_run(&second, &options);
    o2c__sha256_end(&first.sha, a);
    o2c__sha256_end(&second.sha, b);
    CU_ASSERT_EQUAL(memcmp(a, b, sizeof a), 0);
    CU_ASSERT_EQUAL(memcmp(first.score, second.score, sizeof *first.score), 0);
    CU_ASSERT(first.payments > market->payments.count / 2);
    CU_ASSERT_EQUAL(first.score->forgotten + first.score->twice + first.score->strangers, 0);
    CU_ASSERT_EQUAL(first.score->total.wrong.payments + first.score->total.wrong.lines, 0);
    CU_ASSERT(first.score->total.automatic.payments > first.payments / 4);
    replay_free(&first);
    replay_free(&second);
    market_free(market);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "the_truth_of_a_market_is_right", the_truth_of_a_market_is_right },
        { "planted_matchers_are_caught_on_a_market", planted_matchers_are_caught_on_a_market },
        { "a_market_comes_back_from_its_files", a_market_comes_back_from_its_files },
        { "a_replayed_market_posts_nothing_wrong", a_replayed_market_posts_nothing_wrong },
    };
    return tap_run("bench/market_score", tests, TAP_COUNT(tests));
}

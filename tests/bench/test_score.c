/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scorer must be able to fail. A small market with its truth, one matcher that is perfect, and planted ones that are each wrong in
 * one way: every one of them must show, and in the metric that is meant for it.
 */
#include <stdlib.h>
#include <string.h>

#include "match/bound.h"
#include "match/score.h"
#include "support/tap.h"

#define PAYMENTS 4000u
#define LINES_MAX 3u
#define POOL 5u /* items of one payer, oldest first; payer p owns items p·POOL … */

static struct score_line truth[PAYMENTS][LINES_MAX];
static struct score_case cases[PAYMENTS];
static struct score_line given[PAYMENTS + 1][LINES_MAX];
static struct score_answer answers[PAYMENTS + 1];
static uint64_t answers_count;
static struct score *score;

static int64_t
open_of(uint32_t item)
{
    return 10000 + (int64_t)(item * UINT32_C(2654435761) >> 12);
}

/* Every eighth payment is ambiguous, every eighth short by 2.00, every eighth pays three items, every eighth has nothing to find. */
static void
make_case(uint32_t i)
{
    struct score_case *one = &cases[i];
    uint32_t sort = i % 8, first = i * POOL + (sort == 1 ? 0 : i % 3);
    *one = (struct score_case){ .payment = i, .scenario = (int32_t)(1 + sort), .label = SCORE_IDENT, .p_star_ppm = 999999, .pool = POOL };
    one->lines = truth[i];
    one->count = sort == 3 ? 3 : sort == 4 ? 0 : 1;
    one->label = sort == 2 ? SCORE_AMBIGUOUS : sort == 4 ? SCORE_NONE : SCORE_IDENT;
    one->p_star_ppm = one->label == SCORE_IDENT ? 999999 : 500000;
    for (uint32_t k = 0; k < one->count; k++) {
        int64_t open = open_of(first + k), rest = sort == 5 ? 200 : 0;
        truth[i][k] = (struct score_line){ .item = first + k, .paid_minor = open - rest, .rest_minor = rest, .cited = sort == 6 };
        one->amount_minor += open - rest;
    }
    one->amount_minor = one->count ? one->amount_minor : 5000;
}

static bool
knows(const struct score_case *one)
{
    return one->label == SCORE_IDENT;
}

/* The perfect matcher: the truth where it can be known, a proposal where it cannot, and confidences that are what they say. */
static void
make_answer(uint32_t i)
{
    const struct score_case *one = &cases[i];
    struct score_answer *answer = &answers[i];
    *answer = (struct score_answer){ .payment = i, .typed = 1, .lines = given[i], .count = one->count, .operations = 10 + i };
    answer->band = one->count == 0 ? SCORE_BAND_NONE : knows(one) ? SCORE_BAND_AUTO : SCORE_BAND_PROPOSE;
    answer->confidence_ppm = one->count == 0 ? 0 : knows(one) ? 999999 : 500000;
    memcpy(given[i], truth[i], sizeof given[i]);
    for (uint32_t k = 0; k < one->count; k++) {
        given[i][k].confidence_ppm = answer->confidence_ppm;
        given[i][k].band = answer->band;
        given[i][k].line_class = 3;
        /* Half of the ambiguous proposals are wrong, as their confidence says. */
        if (!knows(one) && i / 8 % 2)
            given[i][k].item = i * POOL + 4;
    }
}

static void
market(void)
{
    memset(cases, 0, sizeof cases);
    answers_count = PAYMENTS;
    for (uint32_t i = 0; i < PAYMENTS; i++) {
        make_case(i);
        make_answer(i);
    }
}

static void
judge(void)
{
    score_free(score);
    score = score_new();
    CU_ASSERT_FATAL(score != NULL);
    CU_ASSERT_EQUAL(score_day(score, cases, PAYMENTS, answers, answers_count), 0);
}

static void
published_bounds_are_met_to_the_line(void)
{
    static const struct {
        uint64_t wrong, count;
        uint32_t ppm;
    } rows[] = {
        { 0, 2995, 1000 }, { 0, 1497, 2000 }, { 0, 598, 4998 },   { 1, 4742, 1000 }, { 1, 2371, 2000 }, { 2, 6294, 1000 },  { 3, 7752, 1000 },
        { 3, 1549, 4998 }, { 0, 300, 9937 },  { 0, 29956, 100 },  { 1, 5200, 912 },  { 0, 1, 950001 },  { 5, 5, 1000000 }, { 0, 0, 1000000 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CU_ASSERT_EQUAL(bound_ppm(rows[i].wrong, rows[i].count), rows[i].ppm);
    /* One line fewer is not enough. */
    CU_ASSERT_EQUAL(bound_ppm(0, 2994), 1001);
    CU_ASSERT_EQUAL(bound_ppm(1, 4741), 1001);
    CU_ASSERT_EQUAL(bound_ppm(2, 6293), 1001);
    CU_ASSERT_EQUAL(bound_ppm(3, 7751), 1001);
    CU_ASSERT_EQUAL(bound_ppb(0, 10000000), 300);
}

/* P(X <= wrong) at the bound is one in twenty, by the plain sum in long double. */
static void
bounds_agree_with_the_plain_sum(void)
{
    for (uint64_t count = 10; count < 400; count += 37) {
        for (uint64_t wrong = 0; wrong < 9; wrong += 2) {
            long double share = bound_ppb(wrong, count) / 1e9L, term = 1, sum;
            for (uint64_t i = 0; i < count; i++)
                term *= 1 - share;
            sum = term;
            for (uint64_t i = 1; i <= wrong; i++)
                sum += term *= (long double)(count - i + 1) / (long double)i * share / (1 - share);
            CU_ASSERT(sum <= .05L && sum > .05L - 1e-6L);
        }
    }
}

static void
a_perfect_matcher_scores_perfectly(void)
{
    market();
    judge();
    const struct score_slice *all = &score->total;
    CU_ASSERT_EQUAL(all->seen.payments, PAYMENTS);
    CU_ASSERT_EQUAL(all->seen.lines, PAYMENTS / 8 * 9);
    CU_ASSERT_EQUAL(all->identifiable.payments, PAYMENTS / 8 * 6);
    CU_ASSERT_EQUAL(all->identified.payments, PAYMENTS / 8 * 6);
    CU_ASSERT_EQUAL(all->identified.lines, PAYMENTS / 8 * 8);
    CU_ASSERT_EQUAL(all->wrong.payments + all->wrong.lines + all->lucky.payments + all->twins.payments, 0);
    CU_ASSERT_EQUAL(all->abstain_due, PAYMENTS / 8 * 2);
    CU_ASSERT_EQUAL(all->abstained, all->abstain_due);
    CU_ASSERT_EQUAL(all->proposed, PAYMENTS / 8);
    CU_ASSERT_EQUAL(all->top1, PAYMENTS / 16);
    CU_ASSERT(score_ece_ppm(score) <= 2);
    CU_ASSERT_EQUAL(score->operations_max, 10 + PAYMENTS - 1);
    CU_ASSERT_EQUAL(score->ceiling, all->identifiable.payments);
    CU_ASSERT_EQUAL(score->forgotten + score->twice + score->strangers, 0);
    CU_ASSERT_EQUAL(all->seen.money, all->automatic.money + score->label[SCORE_AMBIGUOUS].seen.money + score->label[SCORE_NONE].seen.money);
}

static void
planted_always_the_oldest_item_is_caught_by_precision(void)
{
    market();
    for (uint32_t i = 0; i < PAYMENTS; i++) {
        for (uint32_t k = 0; k < answers[i].count; k++)
            given[i][k].item = i * POOL + k;
    }
    judge();
    uint32_t precision = score_precision_ppm(score->total.wrong.payments, score->total.automatic.payments);
    CU_ASSERT(precision < 600000 && precision > 400000);
    CU_ASSERT(score->total.identified.payments < score->total.identifiable.payments);
    /* Where the truth is the oldest item it is right: S02 here. */
    CU_ASSERT_EQUAL(score->scenario[2].wrong.payments, 0);
    CU_ASSERT(score->scenario[1].wrong.payments > 0);
}

static void
planted_swapped_lines_are_caught_line_by_line(void)
{
    market();
    for (uint32_t i = 0; i < PAYMENTS; i++) {
        if (answers[i].count == 3) {
            int64_t paid = given[i][0].paid_minor;
            given[i][0].paid_minor = given[i][1].paid_minor;
            given[i][1].paid_minor = paid;
        }
    }
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, PAYMENTS / 8);
    CU_ASSERT_EQUAL(score->total.wrong.lines, PAYMENTS / 8 * 2);
    CU_ASSERT_EQUAL(score->scenario[4].wrong.payments, PAYMENTS / 8);
}

static void
planted_short_pays_posted_as_full_are_caught(void)
{
    market();
    for (uint32_t i = 5; i < PAYMENTS; i += 8) {
        given[i][0].allowed_minor = given[i][0].rest_minor;
        given[i][0].rest_minor = 0;
    }
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, PAYMENTS / 8);
    CU_ASSERT_EQUAL(score->scenario[6].wrong.lines, PAYMENTS / 8);
    CU_ASSERT_EQUAL(score_precision_ppm(score->scenario[6].wrong.payments, score->scenario[6].automatic.payments), 0);
}

static void
planted_auto_on_ambiguous_is_caught_by_abstention_and_called_lucky(void)
{
    market();
    for (uint32_t i = 2; i < PAYMENTS; i += 8)
        answers[i].band = given[i][0].band = SCORE_BAND_AUTO;
    judge();
    CU_ASSERT_EQUAL(score->total.abstained, PAYMENTS / 8);
    CU_ASSERT_EQUAL(score->total.lucky.payments, PAYMENTS / 16);
    CU_ASSERT_EQUAL(score->total.wrong.payments, PAYMENTS / 16);
    CU_ASSERT_EQUAL(score->total.identified.payments, score->total.identifiable.payments);
}

static void
planted_one_cent_is_caught(void)
{
    market();
    given[8][0].paid_minor++;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 1);
    CU_ASSERT_EQUAL(score->total.wrong.lines, 1);
    CU_ASSERT_EQUAL(score->total.wrong.money, (uint64_t)cases[8].amount_minor);
    market();
    for (uint32_t i = 0; i < PAYMENTS; i++)
        answers[i].typed = 0;
    given[8][0].paid_minor--;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 1);
}

static void
planted_forgotten_payments_lower_the_rate_and_are_counted(void)
{
    market();
    answers_count = PAYMENTS / 2;
    judge();
    CU_ASSERT_EQUAL(score->forgotten, PAYMENTS / 2);
    CU_ASSERT_EQUAL(score->total.wrong.payments, 0);
    CU_ASSERT_EQUAL(score_share_ppm(score->total.identified.payments, score->total.identifiable.payments), 500000);
}

static void
planted_second_answers_are_wrong_answers(void)
{
    market();
    memcpy(given[PAYMENTS], given[0], sizeof given[0]);
    answers[PAYMENTS] = answers[0];
    answers_count = PAYMENTS + 1;
    judge();
    CU_ASSERT_EQUAL(score->twice, 1);
    CU_ASSERT_EQUAL(score->total.wrong.payments, 1);
    CU_ASSERT_EQUAL(score->total.wrong.lines, 1);
    CU_ASSERT_EQUAL(score->total.identified.payments, score->total.identifiable.payments);
    answers[PAYMENTS].payment = PAYMENTS + 7;
    judge();
    CU_ASSERT_EQUAL(score->strangers, 1);
    CU_ASSERT_EQUAL(score->total.wrong.payments, 1);
}

static void
planted_overconfidence_is_caught_by_calibration_alone(void)
{
    market();
    for (uint32_t i = 2; i < PAYMENTS; i += 8)
        answers[i].confidence_ppm = given[i][0].confidence_ppm = 990000;
    judge();
    /* One line in nine says .99 and is right half of the time: .49 ÷ 9. */
    CU_ASSERT(score_ece_ppm(score) > 54000 && score_ece_ppm(score) < 54900);
    CU_ASSERT_EQUAL(score->total.wrong.payments, 0);
    /* The same at a bar of .985: they would be automatic, and wrong. */
    uint64_t wrong = 0;
    for (uint32_t i = 0; i <= SCORE_BARS; i++)
        wrong += i > 0 && score_bar_ppm[i - 1] >= 985000 ? score->bars[i].wrong : 0;
    CU_ASSERT_EQUAL(wrong, PAYMENTS / 16);
}

static void
planted_extra_and_missing_lines_are_wrong(void)
{
    market();
    answers[3].count = 2;
    memset(&given[0][1], 0, sizeof given[0][1]);
    given[0][1].item = 4;
    given[0][1].band = SCORE_BAND_AUTO;
    answers[0].count = 2;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 2);
    CU_ASSERT_EQUAL(score->total.wrong.lines, 1);
    CU_ASSERT_EQUAL(score->total.automatic.lines, PAYMENTS / 8 * 8);
}

static void
interchangeable_items_count_as_right_and_apart(void)
{
    market();
    truth[0][0].twin = given[0][0].twin = 77;
    given[0][0].item = 4;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 0);
    CU_ASSERT_EQUAL(score->total.twins.payments, 1);
    CU_ASSERT_EQUAL(score->total.twins.lines, 1);
    /* Another class is another item. */
    given[0][0].twin = 78;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 1);
    /* And an item that the text cites has no twin. */
    market();
    truth[6][0].twin = given[6][0].twin = 77;
    given[6][0].item = 6 * POOL + 4;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 1);
    CU_ASSERT_EQUAL(score->total.twins.payments, 0);
}

static void
equal_payments_may_be_swapped_but_not_doubled(void)
{
    market();
    cases[8].group = cases[16].group = 5;
    struct score_line swap = given[8][0];
    given[8][0] = given[16][0];
    given[16][0] = swap;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 0);
    CU_ASSERT_EQUAL(score->total.twins.payments, 2);
    cases[16].group = 0;
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 2);
    /* Both claim the item of one of them: one is right, one is wrong. */
    cases[16].group = 5;
    given[8][0] = given[16][0];
    judge();
    CU_ASSERT_EQUAL(score->total.wrong.payments, 1);
}

static void
the_second_alternative_counts_for_top_three(void)
{
    static struct score_line other[2];
    static const struct score_alternative rows[3] = { { &other[0], 1 }, { &other[1], 1 }, { truth[10], 1 } };
    market();
    other[0].item = 10 * POOL + 3;
    other[1].item = truth[10][0].item;
    answers[10].alternatives = rows;
    answers[10].alternatives_count = 3;
    judge();
    CU_ASSERT_EQUAL(score->total.top3, score->total.top1 + 1);
    other[1].item = 10 * POOL + 3;
    judge();
    CU_ASSERT_EQUAL(score->total.top3, score->total.top1);
}

/* The order of answers and days changes nothing. */
static void
order_of_answers_and_cut_of_days_do_not_matter(void)
{
    market();
    judge();
    struct score *whole = score;
    score = NULL;
    for (uint32_t i = 0; i < PAYMENTS / 2; i++) {
        struct score_answer swap = answers[i];
        answers[i] = answers[PAYMENTS - 1 - i];
        answers[PAYMENTS - 1 - i] = swap;
    }
    judge();
    CU_ASSERT_EQUAL(memcmp(whole, score, sizeof *score), 0);
    memset(score, 0, sizeof *score);
    market();
    CU_ASSERT_EQUAL(score_day(score, cases, 1000, answers, 1000), 0);
    CU_ASSERT_EQUAL(score_day(score, cases + 1000, PAYMENTS - 1000, answers + 1000, PAYMENTS - 1000), 0);
    CU_ASSERT_EQUAL(memcmp(whole, score, sizeof *score), 0);
    score_free(whole);
}

static void
bins_are_half_powers_of_two(void)
{
    for (uint32_t bin = 0; bin + 2 < SCORE_BINS; bin++) {
        long double half = (long double)score_bin_from_ppm(bin) / (long double)score_bin_from_ppm(bin + 2);
        CU_ASSERT(half > 1.95L && half < 2.07L);
        CU_ASSERT_EQUAL(score_bin_of(1000000 - score_bin_from_ppm(bin)), bin);
    }
    CU_ASSERT_EQUAL(score_bin_of(1000000), SCORE_BINS - 1);
    CU_ASSERT_EQUAL(score_bin_of(1), 0);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "published_bounds_are_met_to_the_line", published_bounds_are_met_to_the_line },
        { "bounds_agree_with_the_plain_sum", bounds_agree_with_the_plain_sum },
        { "a_perfect_matcher_scores_perfectly", a_perfect_matcher_scores_perfectly },
        { "planted_always_the_oldest_item_is_caught_by_precision", planted_always_the_oldest_item_is_caught_by_precision },
        { "planted_swapped_lines_are_caught_line_by_line", planted_swapped_lines_are_caught_line_by_line },
        { "planted_short_pays_posted_as_full_are_caught", planted_short_pays_posted_as_full_are_caught },
        { "planted_auto_on_ambiguous_is_caught_by_abstention_and_called_lucky", planted_auto_on_ambiguous_is_caught_by_abstention_and_called_lucky },
        { "planted_one_cent_is_caught", planted_one_cent_is_caught },
        { "planted_forgotten_payments_lower_the_rate_and_are_counted", planted_forgotten_payments_lower_the_rate_and_are_counted },
        { "planted_second_answers_are_wrong_answers", planted_second_answers_are_wrong_answers },
        { "planted_overconfidence_is_caught_by_calibration_alone", planted_overconfidence_is_caught_by_calibration_alone },
        { "planted_extra_and_missing_lines_are_wrong", planted_extra_and_missing_lines_are_wrong },
        { "interchangeable_items_count_as_right_and_apart", interchangeable_items_count_as_right_and_apart },
        { "equal_payments_may_be_swapped_but_not_doubled", equal_payments_may_be_swapped_but_not_doubled },
        { "the_second_alternative_counts_for_top_three", the_second_alternative_counts_for_top_three },
        { "order_of_answers_and_cut_of_days_do_not_matter", order_of_answers_and_cut_of_days_do_not_matter },
        { "bins_are_half_powers_of_two", bins_are_half_powers_of_two },
    };
    int status = tap_run("bench/score", tests, TAP_COUNT(tests));
    score_free(score);
    return status;
}

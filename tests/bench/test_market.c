/* SPDX-License-Identifier: Apache-2.0 */
/* The market: the same from the same seed, as a real ledger is, and labels that brute force confirms. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../bench/match/market_inside.h"
#include "support/tap.h"

static struct market *
make(uint64_t seed, uint32_t items, int32_t scenario)
{
    struct market_options options = { .seed = seed, .items = items, .scenario = scenario };
    return market_make(&options);
}

static void
the_random_numbers_are_the_published_ones(void)
{
    struct market_random random;
    market_random_seed(&random, 1);
    CU_ASSERT_EQUAL(market_random_next(&random), UINT64_C(0xb3f2af6d0fc710c5));
    CU_ASSERT_EQUAL(market_random_next(&random), UINT64_C(0x853b559647364cea));
    CU_ASSERT_EQUAL(market_random_next(&random), UINT64_C(0x92f89756082a4514));
}

/* Seven digests, one line each. */
static void
digests(uint64_t seed, char out[1024])
{
    const char *build = getenv("O2C_BUILD");
    char folder[1024];
    snprintf(folder, sizeof folder, "%s/market", build ? build : ".");
    mkdir(folder, 0777);
    FILE *report = tmpfile();
    struct market *market = make(seed, 2000, 0);
    market_write(market, folder, report);
    market_free(market);
    rewind(report);
    size_t len = fread(out, 1, 1023, report);
    out[len] = 0;
    fclose(report);
}

static void
one_seed_gives_the_same_files_on_every_machine(void)
{
    static const char pinned[] = "04168d693fd391a5aad108c13ccd988571660c895ff5bdd56cc4578a134342d9  items.csv\n"
                                 "56d078b86e8e8f359b4506bab54a6abc389f8548792aa505e7e947d5904665f1  customers.csv\n"
                                 "706c833329c7a1a9ad75e113631da60a994d4692f43da8ba48bbb16f32a2dd71  payments.csv\n"
                                 "51b4235fd448bc715d47b661f4ca80e19aed5b35771d04517faee07e743137a2  remittance.csv\n"
                                 "66fee8f2eee66cdf10c9a3433b4e9e993db11dedc52082bf2f96fac5071ddf89  cleared.csv\n"
                                 "6c133f955a35adfdee4003ff036c2b47bf7b134478ce6c92cd97a18cfd2376ba  truth.csv\n"
                                 "6f41d3f22adfce9a9cdbd74e987c2980d3d9092861f1df8f20db395f9a637b6e  labels.csv\n";
    char out[1024], again[1024];
    digests(11, out);
    CU_ASSERT_STRING_EQUAL(out, pinned);
    digests(12, again);
    CU_ASSERT(strcmp(out, again) != 0);
    if (strcmp(out, pinned) != 0)
        printf("# %s", out);
}

static void
the_published_marginals_are_met_within_their_tolerances(void)
{
    struct market_options options = { .seed = 1, .items = 50000, .no_labels = 1 };
    struct market *market = market_make(&options);
    CU_ASSERT_EQUAL(market_marginals(market, NULL), 0);
    market_free(market);
}

static void
a_customer_lives_the_same_year_whoever_else_there_is(void)
{
    struct market *few = make(3, 1500, 0), *many = make(3, 6000, 0);
    uint32_t compared = 0;
    /* The first is the very large one: his size follows the size of the market. */
    for (uint64_t i = 0, k = 0; i < few->master.items_count; i++) {
        const o2c_open_item *item = &few->master.items[i];
        const char *name = few->master.heap.ptr + item->account.at;
        if (memcmp(name, "C00000000", 9) == 0)
            continue;
        while (k < many->master.items_count && memcmp(many->master.heap.ptr + many->master.items[k].account.at, name, 9) != 0)
            k++;
        CU_ASSERT_FATAL(k < many->master.items_count);
        CU_ASSERT_EQUAL(item->open_minor, many->master.items[k].open_minor);
        CU_ASSERT_EQUAL(item->due_day, many->master.items[k].due_day);
        k++;
        compared++;
    }
    CU_ASSERT(compared > 500);
    market_free(few);
    market_free(many);
}

/* No cent without a line, no item paid beyond what it was. */
static void
check_books(const struct market *market)
{
    int64_t *left = calloc(market->master.items_count, sizeof *left);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < market->master.items_count; i++)
        left[i] = market->master.items[i].open_minor;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        int64_t sum = truth->on_account_minor;
        bool same = true;
        for (uint32_t k = truth->lines_at; k < truth->lines_at + truth->lines_count; k++) {
            const struct market_line *line = &market->lines[k];
            int64_t cleared = line->paid_minor + line->discount_minor + line->charge_minor + line->withholding_minor + line->tolerance_minor;
            sum += line->paid_minor;
            same &= memcmp(market->payments.rows[i].currency, market->master.items[line->item].currency, 4) == 0;
            wrong += left[line->item] != cleared + line->short_minor;
            left[line->item] -= cleared;
            wrong += market->master.items[line->item].document_day > market->payments.rows[i].value_day;
        }
        wrong += same && sum != market->payments.rows[i].amount_minor;
        wrong += market->payments.rows[i].amount_minor <= 0;
        wrong += i > 0 && market->payments.rows[i].value_day < market->payments.rows[i - 1].value_day;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(left);
}

static void
every_cent_of_every_payment_has_its_line(void)
{
    struct market *market = make(5, 20000, 0);
    check_books(market);
    market_free(market);
}

static void
every_scenario_stands_alone(void)
{
    for (int32_t s = 1; s <= 38; s++) {
        if (s == 11 || s == 36 || s == 37)
            continue;
        struct market *market = make(7, s == 26 ? 12000 : 3000, s);
        uint64_t count = 0;
        check_books(market);
        for (uint64_t i = 0; i < market->payments.count; i++)
            count += market->truth[i].scenario == s;
        uint64_t least = s == 26 ? 2 : s == 29 ? 15 : s == 33 ? 100 : 200;
        CU_ASSERT(count >= least);
        if (count < least)
            printf("# S%02d: %llu\n", (int)s, (unsigned long long)count);
        market_free(market);
    }
}

static void
clerks_err_as_often_as_they_are_told(void)
{
    struct market *market = make(8, 20000, 37);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < market->clearings_count; i++)
        wrong += market->clearings[i].wrong;
    CU_ASSERT(wrong * 1000 > market->clearings_count && wrong * 1000 < market->clearings_count * 5);
    market_free(market);
    market = make(8, 2000, 0);
    for (uint64_t i = 0; i < market->clearings_count; i++)
        CU_ASSERT_EQUAL(market->clearings[i].wrong, 0);
    market_free(market);
}

/* ---- the oracle */
static void
set_priors_of_a_pool_add_up_to_one(void)
{
    struct market *market = make(1, 5000, 0);
    struct habits habits;
    memset(&habits, 0, sizeof habits);
    for (int i = 0; i < 200; i++) {
        habits.sets[i % 6][i % 4]++;
        habits.runs[i % 6][i % 4][i % 3]++;
        habits.oldest[i % 6][i % 4][i % 2]++;
    }
    for (uint32_t n = 1; n <= 12; n++) {
        uint64_t sum = 0;
        for (uint32_t mask = 1; mask < 1u << n; mask++) {
            uint32_t k = 0, r = 0;
            for (uint32_t i = 0; i < n; i++) {
                k += mask >> i & 1;
                r += (mask >> i & 1) && (i == 0 || !(mask >> (i - 1) & 1));
            }
            sum += market_set_prior(&habits, n, k, r, mask & 1);
        }
        CU_ASSERT(sum <= ONE + ONE / 1000 && sum >= ONE - ONE / 1000);
    }
    market_free(market);
}

static void
all_sets_that_add_up_are_found(void)
{
    struct market_random random;
    struct habits habits;
    static struct sight sight;
    memset(&habits, 0, sizeof habits);
    market_random_seed(&random, 99);
    for (int round = 0; round < 200; round++) {
        struct masses out = { 0, 0, 0 };
        uint64_t others = 0, alike = 0, wanted;
        int64_t target = 0;
        sight.count = 1 + (uint32_t)market_below(&random, 14);
        uint32_t truth = 1 + (uint32_t)market_below(&random, (1u << sight.count) - 1);
        for (uint32_t i = 0; i < sight.count; i++) {
            sight.open[i] = market_between(&random, 1, 40) * (market_below(&random, 8) ? 1 : -1);
            sight.kind[i] = market_mix((uint64_t)sight.open[i], 5) | 1;
        }
        wanted = 0;
        for (uint32_t i = 0; i < sight.count; i++) {
            target += truth >> i & 1 ? sight.open[i] : 0;
            wanted += truth >> i & 1 ? sight.kind[i] : 0;
        }
        market_sets(&sight, sight.open, target, &habits, wanted, &out);
        for (uint32_t mask = 1; mask < 1u << sight.count; mask++) {
            int64_t sum = 0;
            uint64_t kind = 0;
            uint32_t k = 0, r = 0;
            for (uint32_t i = 0; i < sight.count; i++) {
                if (!(mask >> i & 1))
                    continue;
                sum += sight.open[i];
                kind += sight.kind[i];
                k++;
                r += i == 0 || !(mask >> (i - 1) & 1);
            }
            if (sum == target)
                *(kind == wanted ? &alike : &others) += market_set_prior(&habits, sight.count, k, r, mask & 1);
        }
        CU_ASSERT_EQUAL(out.alike, alike);
        CU_ASSERT_EQUAL(out.others, others);
    }
}

static void
labels_say_what_the_posterior_says(void)
{
    struct market *market = make(1, 20000, 0);
    uint64_t seen[5] = { 0 }, wrong = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        seen[truth->label]++;
        wrong += truth->label == MARKET_LABEL_IDENT && truth->p_star_ppm < 999000;
        wrong += truth->label == MARKET_LABEL_LIKELY && (truth->p_star_ppm < 900000 || truth->p_star_ppm >= 999000);
        wrong += truth->label == MARKET_LABEL_AMBIGUOUS && truth->p_star_ppm >= 900000;
        wrong += (truth->label == MARKET_LABEL_NOTHING) != (truth->lines_count == 0);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    for (int i = 0; i < 5; i++)
        CU_ASSERT(seen[i] > 0);
    market_free(market);
}

/* What the terms let a payer take off a document on that day. */
static int64_t
on_offer(const o2c_open_item *item, int32_t day)
{
    bool offered = item->discount[0].set == O2C_DISCOUNT_PPM && day <= item->discount[0].until_day + 3;
    return offered ? (item->original_minor * item->discount[0].value + 500000) / 1000000 : 0;
}

static void
a_cut_that_the_terms_grant_is_no_short_payment(void)
{
    struct market *market = make(3, 40000, 15);
    uint64_t shorts = 0, granted = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        int64_t cut = 0, offer = 0;
        for (uint32_t k = truth->lines_at; truth->scenario == 15 && k < truth->lines_at + truth->lines_count; k++) {
            const struct market_line *line = &market->lines[k];
            bool whole = line->paid_minor + line->short_minor == market->master.items[line->item].original_minor;
            cut += line->short_minor;
            offer += whole ? on_offer(&market->master.items[line->item], market->payments.rows[i].value_day) : 0;
        }
        shorts += cut > 0;
        granted += cut > 0 && cut == offer;
    }
    CU_ASSERT(shorts > 5000);
    CU_ASSERT_EQUAL(granted, 0);
    market_free(market);
}

static void
a_discount_that_is_not_on_offer_casts_no_doubt_on_a_full_payment(void)
{
    struct market *market = make(3, 40000, 12);
    uint64_t alone = 0, doubted = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        if (truth->pool != 1 || truth->lines_count != 1 || truth->flags & MARKET_SHARED)
            continue;
        const struct market_line *line = &market->lines[truth->lines_at];
        if (line->short_minor || on_offer(&market->master.items[line->item], market->payments.rows[i].value_day))
            continue;
        alone++;
        doubted += truth->p_star_ppm < 900000 && market->payments.rows[i].amount_minor % 10000;
    }
    CU_ASSERT(alone > 500);
    CU_ASSERT_EQUAL(doubted, 0);
    market_free(market);
}

/* Converted money: what was ordered is what the lines pay, four times of five; where nobody says it, the payment may not post itself. */
static void
a_bank_that_converts_says_what_was_ordered(void)
{
    struct market *market = make(3, 40000, 18);
    uint64_t converted = 0, said = 0, wrong = 0;
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        const o2c_payment *row = &market->payments.rows[i];
        const struct market_line *line = &market->lines[truth->lines_at];
        const char *owed = truth->lines_count ? market->master.items[line->item].currency : row->currency;
        bool other = memcmp(row->currency, owed, 4) != 0, ordered = row->instructed_minor != 0;
        converted += other;
        said += ordered;
        wrong += ordered && (!other || row->instructed_minor != line->paid_minor || memcmp(row->instructed_currency, owed, 4) != 0);
        wrong += other && !ordered && !(truth->flags & MARKET_HELD);
        wrong += ordered && (truth->flags & MARKET_HELD);
    }
    CU_ASSERT(converted > 5000);
    CU_ASSERT(said * 100 > converted * 78 && said * 100 < converted * 82);
    CU_ASSERT_EQUAL(wrong, 0);
    market_free(market);
}

static const struct tap_test tests[] = {
    { "a_bank_that_converts_says_what_was_ordered", a_bank_that_converts_says_what_was_ordered },
    { "a_cut_that_the_terms_grant_is_no_short_payment", a_cut_that_the_terms_grant_is_no_short_payment },
    { "a_discount_that_is_not_on_offer_casts_no_doubt_on_a_full_payment", a_discount_that_is_not_on_offer_casts_no_doubt_on_a_full_payment },
    { "the_random_numbers_are_the_published_ones", the_random_numbers_are_the_published_ones },
    { "one_seed_gives_the_same_files_on_every_machine", one_seed_gives_the_same_files_on_every_machine },
    { "the_published_marginals_are_met_within_their_tolerances", the_published_marginals_are_met_within_their_tolerances },
    { "a_customer_lives_the_same_year_whoever_else_there_is", a_customer_lives_the_same_year_whoever_else_there_is },
    { "every_cent_of_every_payment_has_its_line", every_cent_of_every_payment_has_its_line },
    { "every_scenario_stands_alone", every_scenario_stands_alone },
    { "clerks_err_as_often_as_they_are_told", clerks_err_as_often_as_they_are_told },
    { "set_priors_of_a_pool_add_up_to_one", set_priors_of_a_pool_add_up_to_one },
    { "all_sets_that_add_up_are_found", all_sets_that_add_up_are_found },
    { "labels_say_what_the_posterior_says", labels_say_what_the_posterior_says },
};

int
main(void)
{
    return tap_run("bench/market", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guarantees as properties over seeded random desks: conservation (G1, G2), determinism under shuffled rows and other hash keys (G4),
 * abstention (G5), locality (G6), gates that nothing overrules (G8, G10), bounded work (G11).
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/random_desk.h"
#include "support/tap.h"

#define SEEDS 400

static void
check_money(const struct desk *desk, uint32_t p)
{
    const o2c_proposal *proposal = desk_proposal(desk, p);
    const o2c_line *line = desk_lines(desk, p);
    int64_t paid = 0;
    for (uint32_t i = 0; i < proposal->lines_count; i++, line++) {
        int64_t cleared = line->paid_minor + line->discount_minor + line->tolerance_minor + line->charge_minor + line->withholding_minor +
                          line->deduction_minor;
        bool full = line->close == O2C_CLOSE_FULL || line->close == O2C_CLOSE_RESIDUAL;
        CU_ASSERT_EQUAL(cleared, line->cleared_minor);
        CU_ASSERT_EQUAL(line->expect_open_minor - cleared, line->remaining_minor);
        CU_ASSERT(!full || line->remaining_minor == 0);
        CU_ASSERT(line->close != O2C_CLOSE_PARTIAL || (line->remaining_minor && (line->remaining_minor > 0) == (line->expect_open_minor > 0)));
        CU_ASSERT_EQUAL(line->deduction_minor != 0, line->deduction_reason != O2C_DEDUCTION_NONE);
        paid += line->paid_minor;
    }
    CU_ASSERT_EQUAL(paid, proposal->applied_minor);
    CU_ASSERT_EQUAL(paid + proposal->on_account_minor + proposal->refund_minor + proposal->unapplied_minor,
                    proposal->amount_minor + proposal->charge_in_file_minor);
    CU_ASSERT(proposal->on_account_minor >= 0 && proposal->refund_minor >= 0 && proposal->unapplied_minor >= 0);
}

static void
g01_money_is_conserved_and_every_cent_typed(void)
{
    uint32_t on_lines = 0;
    for (uint64_t seed = 1; seed <= 2 * SEEDS; seed++) {
        struct desk desk;
        random_desk(&desk, seed);
        if (seed % 2)
            random_remittances(&desk, &(uint64_t){ seed * 5 });
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        for (uint32_t p = 0; p < desk.payments_count; p++) {
            check_money(&desk, p);
            for (uint32_t i = 0; i < desk_proposal(&desk, p)->lines_count; i++)
                on_lines += desk_lines(&desk, p)[i].label == O2C_LABEL_M02;
        }
        desk_close(&desk);
    }
    printf("# %u lines by an advice\n", on_lines);
    CU_ASSERT(on_lines > 100); /* advices must have been put to work */
}

static void
used_of_items(const struct desk *desk, int64_t used[DESK_ITEMS_MAX])
{
    const o2c_line *lines;
    uint64_t count;
    o2c_str heap, own;
    o2c_match_solution_heap(desk->solution, &heap);
    o2c_heap_bytes(desk->heap, &own);
    o2c_match_solution_lines(desk->solution, &lines, &count);
    memset(used, 0, DESK_ITEMS_MAX * sizeof *used);
    for (uint64_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < desk->items_count; k++)
            if (desk->items[k].key.len == lines[i].item.len &&
                memcmp(own.ptr + desk->items[k].key.at, heap.ptr + lines[i].item.at, lines[i].item.len) == 0)
                used[k] += lines[i].cleared_minor;
}

static void
g02_no_item_is_used_beyond_what_is_offered(void)
{
    for (uint64_t seed = 1; seed <= 2 * SEEDS; seed++) {
        struct desk desk;
        int64_t used[DESK_ITEMS_MAX];
        random_desk(&desk, seed);
        if (seed % 2)
            random_remittances(&desk, &(uint64_t){ seed * 3 });
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        used_of_items(&desk, used);
        for (uint32_t k = 0; k < desk.items_count; k++) {
            int64_t open = desk.items[k].open_minor;
            bool fits = llabs(used[k]) <= llabs(open) - desk.items[k].earmarked_minor && (used[k] == 0 || (used[k] > 0) == (open > 0));
            if (!fits)
                printf("# seed %llu: item %u, open %lld, earmarked %lld, used %lld\n", (unsigned long long)seed, k, (long long)open,
                       (long long)desk.items[k].earmarked_minor, (long long)used[k]);
            CU_ASSERT(fits);
        }
        desk_close(&desk);
    }
}

/* An advice may be sent twice, and a second payment may name the items of the first: whoever is late keeps his money, not the item. */
static void
g02_items_of_two_advices_are_given_once(void)
{
    static const int64_t paid[][2] = { { 100000, 25000 }, { 97000, 25000 }, { 100000, 24000 } };
    for (size_t i = 0; i < sizeof paid / sizeof paid[0]; i++) {
        struct desk desk;
        int64_t used[DESK_ITEMS_MAX];
        desk_open(&desk);
        desk_account(&desk, "C1", NULL);
        desk_bank_account(&desk, "C1", random_ibans[0]);
        desk_item(&desk, "A", "C1", "RE-500001", 100000, "2026-01-05", "2026-02-05");
        desk_item(&desk, "B", "C1", "RE-500033", 25000, "2026-01-06", "2026-02-06");
        for (uint32_t p = 0; p < 2; p++) {
            desk_payment(&desk, p ? "Q" : "P", paid[i][0] + paid[i][1] + 500 + p, "2026-02-03", random_ibans[0], NULL);
            desk_remittance(&desk, p ? "S" : "R", p ? "Q" : "P");
            desk_line(&desk, "RE-500001", paid[i][0]);
            desk_line(&desk, "RE-500033", paid[i][1]);
            desk_line(&desk, "QX-7777777", 500 + p);
        }
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        used_of_items(&desk, used);
        CU_ASSERT(used[0] >= paid[i][0] && used[0] <= 100000);
        CU_ASSERT(used[1] >= paid[i][1] && used[1] <= 25000);
        for (uint32_t p = 0; p < 2; p++)
            check_money(&desk, p);
        desk_close(&desk);
    }
}

static void
shuffle_rows(void *rows, size_t count, size_t size, uint64_t *seed)
{
    unsigned char hold[512];
    for (size_t i = count; i > 1; i--) {
        size_t k = random_below(seed, i);
        unsigned char *a = (unsigned char *)rows + (i - 1) * size, *b = (unsigned char *)rows + k * size;
        memcpy(hold, a, size);
        memcpy(a, b, size);
        memcpy(b, hold, size);
    }
}

/* Sum of the proposals' digests: independent of their order, sensitive to each of them. */
static uint64_t
digest_desk(const struct desk *desk)
{
    uint64_t sum = 0;
    for (uint32_t p = 0; p < desk->payments_count; p++)
        sum += random_digest(desk, p);
    return sum;
}

static void
g04_shuffled_rows_give_the_same_answer(void)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct desk desk;
        uint64_t order = seed * 977;
        random_desk(&desk, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        uint64_t want = digest_desk(&desk);
        for (int round = 0; round < 3; round++) {
            shuffle_rows(desk.items, desk.items_count, sizeof desk.items[0], &order);
            shuffle_rows(desk.payments, desk.payments_count, sizeof desk.payments[0], &order);
            shuffle_rows(desk.accounts, desk.accounts_count, sizeof desk.accounts[0], &order);
            shuffle_rows(desk.bank_accounts, desk.bank_accounts_count, sizeof desk.bank_accounts[0], &order);
            CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
            CU_ASSERT_EQUAL(digest_desk(&desk), want);
        }
        desk_close(&desk);
    }
}

static void
g05_two_items_of_one_amount_are_never_automatic_without_reference(void)
{
    for (int64_t amount = 1000; amount < 100000; amount += 7919) {
        struct desk desk;
        desk_open(&desk);
        desk_account(&desk, "C1", NULL);
        desk_bank_account(&desk, "C1", random_ibans[0]);
        desk_item(&desk, "A", "C1", "RE-500001", amount, "2026-01-05", "2026-02-05");
        desk_item(&desk, "B", "C1", "RE-500033", amount, "2026-01-06", "2026-02-06")->dimension_set = 5;
        desk_payment(&desk, "P", amount, "2026-02-03", random_ibans[0], NULL);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
        desk_close(&desk);
    }
}

static void
g06_unrelated_items_change_no_set(void)
{
    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++) {
        struct desk desk;
        char before[4096], after[4096];
        desk_open(&desk);
        desk_account(&desk, "C1", NULL);
        desk_bank_account(&desk, "C1", random_ibans[0]);
        desk_item(&desk, "A", "C1", "RE-500001", 12345, "2026-01-05", "2026-02-05");
        desk_item(&desk, "B", "C1", "RE-500033", 6789, "2026-01-06", "2026-02-06");
        desk_payment(&desk, "P", 12345, "2026-02-03", random_ibans[0], "RE-500001");
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        desk_render(&desk, 0, before, sizeof before);
        uint64_t state = seed;
        random_items(&desk, &state); /* other customers among them, also with the same amounts */
        for (uint32_t i = 2; i < desk.items_count; i++)
            desk.items[i].account = desk_text(&desk, "STRANGER");
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        CU_ASSERT_STRING_EQUAL(desk_render(&desk, 0, after, sizeof after), before);
        desk_close(&desk);
    }
}

static void
g08_g10_automatic_lines_have_identity_and_no_gate(void)
{
    uint32_t automatic = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct desk desk;
        random_desk(&desk, seed);
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        for (uint32_t p = 0; p < desk.payments_count; p++) {
            const o2c_proposal *proposal = desk_proposal(&desk, p);
            const o2c_line *line = desk_lines(&desk, p);
            for (uint32_t i = 0; i < proposal->lines_count; i++, line++) {
                if (line->band != O2C_BAND_AUTO)
                    continue;
                automatic++;
                CU_ASSERT_EQUAL(line->gates, 0);
                CU_ASSERT(line->confidence_ppm >= 995000);
                CU_ASSERT(line->label >= O2C_LABEL_M01 && line->label <= O2C_LABEL_M03);
                CU_ASSERT(proposal->payer_class == O2C_PAYER_KNOWN || proposal->payer_class == O2C_PAYER_CITED);
            }
        }
        desk_close(&desk);
    }
    CU_ASSERT(automatic > 50); /* the property must have been put to work */
}

/* A head office pays three neighbors of one of fifty shops: every side is searched, the mixed sets are bounded. */
static void
g11_fifty_relatives_are_searched_within_the_budget(void)
{
    struct desk desk;
    char shop[16], key[16], document[24], page[256];
    uint64_t seed = 7;
    int64_t amount = 0;
    desk_open(&desk);
    desk_account(&desk, "HEAD", NULL);
    desk_bank_account(&desk, "HEAD", random_ibans[0]);
    for (int s = 0; s < 50; s++) {
        snprintf(shop, sizeof shop, "S%02d", s);
        desk_account(&desk, shop, NULL);
        desk_tie(&desk, "HEAD", shop, O2C_TIE_ONE_WAY);
        for (int i = 0; i < 10; i++) {
            char due[32];
            snprintf(key, sizeof key, "I%03d", s * 10 + i);
            snprintf(document, sizeof document, "RE-7%05d", s * 970 + i * 13);
            snprintf(due, sizeof due, "2026-02-%02d", i + 1);
            desk_item(&desk, key, shop, document, 100000 + (int64_t)random_below(&seed, 9000000), "2026-01-05", due);
        }
    }
    for (int i = 230; i < 233; i++)
        amount += desk.items[i].open_minor;
    desk_payment(&desk, "P", amount, "2026-02-03", random_ibans[0], NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    const o2c_proposal *proposal = desk_proposal(&desk, 0);
    printf("# operations of fifty relatives: %llu\n", (unsigned long long)proposal->operations);
    CU_ASSERT(proposal->operations < 1000000);
    CU_ASSERT_FALSE(proposal->gates & O2C_GATE_SEARCH_CUT_SHORT);
    CU_ASSERT_EQUAL_FATAL(proposal->lines_count, 3);
    desk_render(&desk, 0, page, sizeof page);
    CU_ASSERT_EQUAL(strncmp(page, "I230=", 5), 0);
    desk_close(&desk);
}

static void
g11_work_stays_within_the_budget(void)
{
    struct desk desk;
    char key[16], document[24], day[32];
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_OPERATIONS_MAX, .operations_max = 20000 };
    desk_open(&desk);
    desk_account(&desk, "C1", NULL);
    desk_bank_account(&desk, "C1", random_ibans[0]);
    for (int i = 0; i < 300; i++) { /* equal and nearly equal items: the densest sums there are */
        snprintf(key, sizeof key, "K%03d", i);
        snprintf(document, sizeof document, "RE-%d", 500000 + i);
        snprintf(day, sizeof day, "2026-01-%02d", 1 + i % 28);
        desk_item(&desk, key, "C1", document, 1000 + i % 3, day, day);
    }
    desk_payment(&desk, "P", 150000, "2026-02-03", random_ibans[0], NULL);
    desk_policy(&desk, &policy);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT(desk_proposal(&desk, 0)->operations <= 20000 + 4096);
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "g01_money_is_conserved_and_every_cent_typed", g01_money_is_conserved_and_every_cent_typed },
    { "g02_no_item_is_used_beyond_what_is_offered", g02_no_item_is_used_beyond_what_is_offered },
    { "g02_items_of_two_advices_are_given_once", g02_items_of_two_advices_are_given_once },
    { "g04_shuffled_rows_give_the_same_answer", g04_shuffled_rows_give_the_same_answer },
    { "g05_two_items_of_one_amount_are_never_automatic_without_reference", g05_two_items_of_one_amount_are_never_automatic_without_reference },
    { "g06_unrelated_items_change_no_set", g06_unrelated_items_change_no_set },
    { "g08_g10_automatic_lines_have_identity_and_no_gate", g08_g10_automatic_lines_have_identity_and_no_gate },
    { "g11_fifty_relatives_are_searched_within_the_budget", g11_fifty_relatives_are_searched_within_the_budget },
    { "g11_work_stays_within_the_budget", g11_work_stays_within_the_budget },
};

int
main(void)
{
    return tap_run("match/properties", tests, TAP_COUNT(tests));
}

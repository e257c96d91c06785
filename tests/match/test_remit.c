/* SPDX-License-Identifier: Apache-2.0 */
/* Advices line by line: CA-41, CA-52, CA-53, and what one bad line costs. */
#include "match/f1.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/equations.h"
#include "support/tap.h"

#define C1 F1_C1_IBAN
static char shown[8192];

static const o2c_proposal *
solve(struct desk *desk)
{
    CU_ASSERT_EQUAL_FATAL(desk_solve(desk), O2C_OK);
    for (uint32_t i = 0; i < desk->payments_count; i++)
        check_equations(desk, i);
    return desk_proposal(desk, 0);
}

static void
lines_are(const struct desk *desk, const char *lines)
{
    desk_render(desk, 0, shown, sizeof shown);
    if (strcmp(shown, lines) != 0)
        printf("# %s, wanted %s\n", shown, lines);
    CU_ASSERT_STRING_EQUAL(shown, lines);
}

static uint32_t
count_reasons(const struct desk *desk, uint32_t proposal, int32_t reason)
{
    const o2c_match_reason *rows;
    uint64_t count;
    uint32_t found = 0;
    const o2c_proposal *p = desk_proposal(desk, proposal);
    o2c_match_solution_reasons(desk->solution, &rows, &count);
    for (uint32_t i = 0; i < p->reasons_count; i++)
        found += rows[p->reasons_at + i].reason == reason;
    return found;
}

static bool
key_is(const struct desk *desk, o2c_ref ref, const char *key)
{
    o2c_str heap;
    o2c_match_solution_heap(desk->solution, &heap);
    return ref.len == strlen(key) && memcmp(heap.ptr + ref.at, key, ref.len) == 0;
}

static void
ca_52_claim_on_a_document_closed_long_ago(void)
{
    struct desk desk;
    f1_open(&desk);
    o2c_open_item *old = desk_item(&desk, "OLD", "C1", "INV-098771", 0, "2024-10-01", "2024-11-01");
    old->kind = O2C_ITEM_CLOSED;
    old->original_minor = 50000;
    old->closed_day = desk_day("2024-12-03");
    desk_payment(&desk, "P", 90000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    o2c_remittance_line *claim = desk_line(&desk, "INV-098771", -10000);
    claim->reason = desk_text(&desk, "price");
    claim->words = desk_text(&desk, "price post-audit");
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "I1=900.00 x100.00:price");
    CU_ASSERT_EQUAL(p->label, O2C_LABEL_M09);
    CU_ASSERT_EQUAL(p->band, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(p->unapplied_minor, 0);
    CU_ASSERT(key_is(&desk, desk_lines(&desk, 0)->claim, "OLD"));
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)->close, O2C_CLOSE_RESIDUAL);
    CU_ASSERT(desk_lines(&desk, 0)->error_ppb < 5000000); /* automatic once the class is released */
    desk_close(&desk);
}

static void
ca_53_payback_of_our_claim_clears_the_deduction_item(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_item(&desk, "D1", "C1", NULL, 12000, "2026-01-20", "2026-02-04")->kind = O2C_ITEM_DEDUCTION;
    desk_reference(&desk, "D1", O2C_REFERENCE_CLAIM, "778812");
    desk_payment(&desk, "P", 12000, "2026-02-03", C1, "claim 778812");
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "D1=120.00");
    CU_ASSERT_EQUAL(p->label, O2C_LABEL_M06);
    CU_ASSERT_EQUAL(p->band, O2C_BAND_PROPOSE);
    desk_close(&desk);
}

static void
an_unknown_line_costs_itself(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 125500, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "XX-777777", 500);
    desk_line(&desk, "INV-100235", 25000);
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "I1=1000.00; I2=250.00");
    CU_ASSERT_EQUAL(p->band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(p->label, O2C_LABEL_M02);
    CU_ASSERT_EQUAL(p->unapplied_minor, 500);
    CU_ASSERT_EQUAL(count_reasons(&desk, 0, O2C_REASON_LINE_OPEN), 1);
    desk_close(&desk);
}

static void
lines_that_do_not_add_up_are_not_taken_one_by_one(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 91234, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "XX-777777", 500);
    const o2c_proposal *p = solve(&desk);
    CU_ASSERT_NOT_EQUAL(p->band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(count_reasons(&desk, 0, O2C_REASON_LINE_OPEN), 0);
    desk_close(&desk);
}

static void
one_line_short_holds_itself_and_not_its_neighbors(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 122500, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 97000);
    desk_line(&desk, "INV-100235", 25000);
    desk_line(&desk, "ZZ-999999", 500);
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "I1=970.00 o30.00; I2=250.00");
    CU_ASSERT_EQUAL(p->band, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[0].label, O2C_LABEL_M10);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[0].band, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].label, O2C_LABEL_M02);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
a_claim_on_an_item_of_the_same_advice_is_its_deduction(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 115000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "INV-100234", -10000)->reason = desk_text(&desk, "04");
    desk_line(&desk, "INV-100235", 25000);
    solve(&desk);
    lines_are(&desk, "I1=900.00 x100.00:damage; I2=250.00");
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
a_fee_on_the_total_is_split_to_the_cent(void)
{
    static const int64_t fees[] = { 2501 };
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FEES, .fees = fees, .fees_count = 1 };
    f1_open(&desk);
    desk_policy(&desk, &policy);
    desk_payment(&desk, "P", 100000 + 25000 + 500 - 2501, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "INV-100235", 25000);
    desk_line(&desk, "ZZ-999999", 500);
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "I1=979.99 c20.01; I2=245.00 c5.00");
    CU_ASSERT_EQUAL(p->label, O2C_LABEL_M05);
    CU_ASSERT_EQUAL(p->unapplied_minor, 500);
    desk_close(&desk);
}

/* I1 and I2 are paid less what the advice keeps back; why says the reason, other adds a line that names nothing of ours. */
static void
kept_back(int64_t first, int64_t second, const char *why, bool other, const char *lines)
{
    static const int64_t fees[] = { 1000, 2600 };
    static const uint32_t rates[] = { 50000, 100000 };
    struct desk desk;
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FEES | O2C_POLICY_MATCH_WITHHOLDING_PPM,
                                .fees = fees, .fees_count = 2, .withholding_ppm = rates, .withholding_ppm_count = 2 };
    f1_open(&desk);
    desk_policy(&desk, &policy);
    f1_item(&desk, 1)->flags |= O2C_ITEM_FLAG_WITHHOLDING;
    desk_payment(&desk, "P", 125000 - first - second + (other ? 500 : 0), "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    for (int i = 0; i < 2; i++) {
        int64_t open = i ? 25000 : 100000, kept = i ? second : first;
        o2c_remittance_line *line = desk_line(&desk, i ? "INV-100235" : "INV-100234", open - kept);
        line->has |= O2C_HAS_GROSS | O2C_HAS_DEDUCTION;
        line->gross_minor = open;
        line->deduction_minor = kept;
        if (kept && why)
            line->reason = desk_text(&desk, why);
    }
    if (other)
        desk_line(&desk, "ZZ-999999", 500);
    solve(&desk);
    lines_are(&desk, lines);
    desk_close(&desk);
}

static void
deductions_without_a_reason_that_come_to_a_charge_are_the_charge(void)
{
    for (int other = 0; other < 2; other++) {
        kept_back(1900, 700, NULL, other, "I1=981.00 c19.00; I2=243.00 c7.00");
        kept_back(1900, 700, "price", other, "I1=981.00 x19.00:price; I2=243.00 x7.00:price");
        kept_back(1900, 701, NULL, other, "I1=981.00 x19.00:uncoded; I2=242.99 x7.01:uncoded");
    }
}

static void
a_deduction_without_a_reason_that_comes_to_the_tax_is_the_tax(void)
{
    for (int other = 0; other < 2; other++) {
        kept_back(0, 1250, NULL, other, "I1=1000.00; I2=237.50 w12.50");
        kept_back(0, 1250, "price", other, "I1=1000.00; I2=237.50 x12.50:price");
        kept_back(0, 1251, NULL, other, "I1=1000.00; I2=237.49 x12.51:uncoded");
    }
}

static void
a_line_paid_before_goes_on_account(void)
{
    struct desk desk;
    f1_open(&desk);
    o2c_open_item *closed = f1_item(&desk, 0);
    closed->kind = O2C_ITEM_CLOSED;
    closed->open_minor = 0;
    closed->closed_day = desk_day("2025-02-03");
    desk_payment(&desk, "P", 125000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "INV-100235", 25000);
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "I2=250.00");
    CU_ASSERT_EQUAL(p->on_account_minor, 100000);
    CU_ASSERT_EQUAL(count_reasons(&desk, 0, O2C_REASON_DOUBLE_PAYMENT), 1);
    desk_close(&desk);
}

static void
one_number_on_two_installments_is_assigned_by_amount(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_item(&desk, "A1", "C1", "INV-300001", 4000, "2026-01-05", "2026-02-04");
    desk_item(&desk, "A2", "C1", "INV-300001", 6000, "2026-01-05", "2026-03-04");
    desk_payment(&desk, "P", 10000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-300001", 6000);
    desk_line(&desk, "INV-300001", 4000);
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "A2=60.00; A1=40.00");
    CU_ASSERT(p->confidence_ppm >= 995000);
    desk_close(&desk);
}

static void
two_equal_lines_on_two_equal_installments_settle_both(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_item(&desk, "A1", "C1", "INV-300001", 5000, "2026-01-05", "2026-02-04");
    desk_item(&desk, "A2", "C1", "INV-300001", 5000, "2026-01-05", "2026-03-04");
    desk_payment(&desk, "P", 10000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-300001", 5000);
    desk_line(&desk, "INV-300001", 5000);
    const o2c_proposal *p = solve(&desk);
    CU_ASSERT_EQUAL(p->lines_count, 2);
    CU_ASSERT_EQUAL(p->applied_minor, 10000);
    CU_ASSERT(p->confidence_ppm >= 995000);
    desk_close(&desk);
}

static void
one_line_that_may_mean_either_of_two_installments_is_nobodys_auto(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_item(&desk, "A1", "C1", "INV-300001", 5000, "2026-01-05", "2026-02-04");
    desk_item(&desk, "A2", "C1", "INV-300001", 5000, "2026-01-05", "2026-03-04")->dimension_set = 7;
    desk_payment(&desk, "P", 30000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-300001", 5000);
    desk_line(&desk, "INV-100235", 25000);
    solve(&desk);
    const o2c_line *lines = desk_lines(&desk, 0);
    CU_ASSERT_EQUAL_FATAL(desk_proposal(&desk, 0)->lines_count, 2);
    CU_ASSERT(lines[0].confidence_ppm <= 510000);
    CU_ASSERT_NOT_EQUAL(lines[0].band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(lines[1].band, O2C_BAND_AUTO);
    desk_close(&desk);
}

static void
an_advice_out_of_its_time_is_stale(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 125500, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P")->day = desk_day("2025-12-03");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "XX-777777", 500);
    desk_line(&desk, "INV-100235", 25000);
    const o2c_proposal *p = solve(&desk);
    CU_ASSERT(p->gates & O2C_GATE_STALE_REMITTANCE);
    CU_ASSERT_EQUAL(p->band, O2C_BAND_PROPOSE);
    desk_close(&desk);
}

static void
a_damaged_number_needs_its_exact_amount(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 125500, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "INV-100325", 25000); /* two digits exchanged */
    desk_line(&desk, "INV-100263", 500);   /* as damaged, but nothing of 5.00 is open */
    const o2c_proposal *p = solve(&desk);
    lines_are(&desk, "I1=1000.00; I2=250.00");
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].label, O2C_LABEL_M12);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].band, O2C_BAND_PROPOSE);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[0].band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(p->unapplied_minor, 500);
    desk_close(&desk);
}

static void
lines_of_an_unrelated_account_conflict_with_the_payer(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 125000 + 749999 + 1, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R", "P");
    desk_line(&desk, "INV-100234", 100000);
    desk_line(&desk, "INV-200001", 749999);
    desk_line(&desk, "INV-100235", 25000);
    desk_line(&desk, "ZZ-123123", 1);
    const o2c_proposal *p = solve(&desk);
    CU_ASSERT_EQUAL_FATAL(p->lines_count, 3);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[1].gates & O2C_GATE_PAYER_CONFLICT, O2C_GATE_PAYER_CONFLICT);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[0].gates & O2C_GATE_PAYER_CONFLICT, 0);
    CU_ASSERT_EQUAL(desk_lines(&desk, 0)[0].band, O2C_BAND_AUTO);
    desk_close(&desk);
}

/* A long advice is read line by line: its discounts, and whom its payer may pay for, are a matter of the value day as well. */
static void
long_advices_go_by_the_value_day(void)
{
    for (int late = 0; late < 2; late++) {
        struct desk desk;
        f1_open(&desk);
        desk.ties_count = 0;
        desk_tie(&desk, "C3", "C1", O2C_TIE_ONE_WAY)->valid_to = desk_day("2026-01-16");
        o2c_payment *payment = desk_payment(&desk, "P", 98000 + 25000 + 500, late ? "2026-01-18" : "2026-01-15", F1_C3_IBAN, NULL);
        payment->booking_day = desk_day(late ? "2026-01-15" : "2026-01-18");
        desk_remittance(&desk, "R", "P");
        desk_line(&desk, "INV-100234", 98000);
        desk_line(&desk, "INV-100235", 25000);
        desk_line(&desk, "ZZ-999999", 500);
        const o2c_proposal *p = solve(&desk);
        lines_are(&desk, late ? "I1=980.00 x20.00:discount_unearned; I2=250.00" : "I1=980.00 d20.00; I2=250.00");
        CU_ASSERT_EQUAL((p->gates & O2C_GATE_PAYER_CONFLICT) != 0, late);
        desk_close(&desk);
    }
}

static void
the_newest_of_two_advices_of_one_payment_counts(void)
{
    struct desk desk;
    f1_open(&desk);
    desk_payment(&desk, "P", 25000, "2026-02-03", C1, NULL);
    desk_remittance(&desk, "R1", "P")->day = desk_day("2026-02-01");
    desk_line(&desk, "INV-100236", 25000);
    desk_remittance(&desk, "R2", "P")->day = desk_day("2026-02-02");
    desk_line(&desk, "INV-100235", 25000);
    solve(&desk);
    lines_are(&desk, "I2=250.00");
    desk_close(&desk);
}

/* ---- CA-41: thousands of lines */
struct big {
    o2c_heap *heap;
    o2c_open_item *items;
    o2c_remittance_line *lines;
    o2c_payment payment;
    o2c_remittance advice;
    uint32_t count, unknown;
};

static o2c_ref
text(struct big *big, const char *bytes)
{
    o2c_ref ref = { 0, 0 };
    o2c_str given = { bytes, strlen(bytes) };
    CU_ASSERT_EQUAL_FATAL(o2c_heap_add(big->heap, &given, &ref, NULL), O2C_OK);
    return ref;
}

/* The total is spread over the lines: the unknown ones get their own sum. */
static int64_t
amount_of(const struct big *big, uint32_t i, int64_t known, int64_t unknown)
{
    bool is_unknown = i % (big->count / big->unknown) == 7;
    int64_t sum = is_unknown ? unknown : known, n = is_unknown ? big->unknown : big->count - big->unknown;
    return sum / n;
}

static void
big_open(struct big *big, uint32_t count, uint32_t unknown, int64_t total, int64_t unknown_total)
{
    char name[32];
    int64_t left_known = total - unknown_total, left_unknown = unknown_total;
    uint32_t known_seen = 0, unknown_seen = 0;
    memset(big, 0, sizeof *big);
    big->count = count;
    big->unknown = unknown;
    CU_ASSERT_EQUAL_FATAL(o2c_heap_new(NULL, &big->heap, NULL), O2C_OK);
    big->items = calloc(count, sizeof *big->items);
    big->lines = calloc(count, sizeof *big->lines);
    CU_ASSERT_FATAL(big->items && big->lines);
    o2c_ref account = text(big, "C1");
    for (uint32_t i = 0; i < count; i++) {
        bool is_unknown = i % (count / unknown) == 7;
        o2c_open_item *item = &big->items[i];
        snprintf(name, sizeof name, "K%06u", i);
        item->key = text(big, name);
        snprintf(name, sizeof name, "INV-%07u", 1000000 + i * 13);
        item->document = text(big, name);
        item->account = account;
        item->kind = O2C_ITEM_INVOICE;
        memcpy(item->currency, "USD", 4);
        int64_t amount = amount_of(big, i, total - unknown_total, unknown_total);
        if (is_unknown) {
            amount = ++unknown_seen == unknown ? left_unknown : amount;
            left_unknown -= amount;
        } else {
            amount += ++known_seen % 2 ? (int64_t)(known_seen % 97) : -(int64_t)((known_seen - 1) % 97);
            amount = known_seen == count - unknown ? left_known : amount;
            left_known -= amount;
        }
        item->open_minor = item->original_minor = amount;
        item->document_day = desk_day("2026-01-05");
        item->due_day = item->document_day + 30 + (int32_t)(i % 40);
        item->version = 1;
        o2c_remittance_line *line = &big->lines[i];
        snprintf(name, sizeof name, "NIX-%07u", 5000000 + i * 17);
        line->document = is_unknown ? text(big, name) : item->document;
        line->kind = O2C_REMITTANCE_INVOICE;
        line->has = O2C_HAS_PAID;
        line->paid_minor = amount;
        line->ordinal = i;
        memcpy(line->currency, "USD", 4);
    }
    big->payment.key = text(big, "P");
    memcpy(big->payment.currency, "USD", 4);
    big->payment.amount_minor = total;
    big->payment.value_day = big->payment.booking_day = desk_day("2026-02-03");
    big->payment.payer_account = text(big, C1);
    big->advice.key = text(big, "R");
    big->advice.payment = big->payment.key;
    big->advice.lines_count = count;
    memcpy(big->advice.currency, "USD", 4);
}

static void
big_solve(struct big *big, o2c_match_solution **out)
{
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_str heap;
    o2c_bank_account bank = { .account = big->items[0].account, .number = text(big, C1), .state = O2C_BANK_ACCOUNT_CONFIRMED };
    o2c_heap_bytes(big->heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_new(NULL, NULL, &pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_items(pool, big->items, big->count, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_bank_accounts(pool, &bank, 1, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_freeze(pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_new(NULL, &cold, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_measure(cold, pool, &model, NULL), O2C_OK);
    o2c_payments payments = { sizeof payments, 0, &big->payment, 1, NULL, 0, heap };
    o2c_remittances remittances = { sizeof remittances, 0, &big->advice, 1, big->lines, big->count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &remittances };
    CU_ASSERT_EQUAL_FATAL(o2c_match_solve(NULL, pool, model, &request, out, NULL), O2C_OK);
    o2c_match_model_free(cold);
    o2c_match_model_free(model);
    o2c_match_pool_free(pool);
}

static void
big_close(struct big *big, o2c_match_solution *solution)
{
    o2c_match_solution_free(solution);
    o2c_heap_free(big->heap);
    free(big->items);
    free(big->lines);
}

static void
ca_41_five_thousand_lines_fifty_of_them_unknown(void)
{
    struct big big;
    o2c_match_solution *solution = NULL;
    const o2c_proposal *p;
    const o2c_line *lines;
    const o2c_match_reason *reasons;
    uint64_t count, reasons_count, automatic = 0, open = 0, asked = 0;
    size_t needed;
    char said[1024];
    big_open(&big, 5000, 50, 481234567, 3120711);
    big_solve(&big, &solution);
    o2c_match_solution_proposals(solution, &p, &count);
    CU_ASSERT_EQUAL(p->kind, O2C_KIND_APPLY);
    CU_ASSERT_EQUAL(p->lines_count, 4950);
    CU_ASSERT_EQUAL(p->applied_minor, 478113856);
    CU_ASSERT_EQUAL(p->unapplied_minor, 3120711);
    o2c_match_solution_lines(solution, &lines, &count);
    for (uint64_t i = 0; i < count; i++)
        automatic += lines[i].band == O2C_BAND_AUTO && lines[i].label == O2C_LABEL_M02 && lines[i].remaining_minor == 0;
    CU_ASSERT_EQUAL(automatic, 4950);
    o2c_match_solution_reasons(solution, &reasons, &reasons_count);
    for (uint64_t i = 0; i < reasons_count; i++) {
        open += reasons[i].reason == O2C_REASON_LINE_OPEN && (reasons[i].argument - 1) % 100 == 7;
        asked += reasons[i].reason == O2C_REASON_ADVICE_ASKED && reasons[i].argument == 50 && reasons[i].line == UINT32_MAX;
    }
    CU_ASSERT_EQUAL(open, 50);
    CU_ASSERT_EQUAL(asked, 1);
    CU_ASSERT_EQUAL_FATAL(o2c_match_say(solution, 0, said, sizeof said, &needed, NULL), O2C_OK);
    CU_ASSERT_PTR_NOT_NULL(strstr(said, "31,207.11 stays unapplied"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(said, "; ask the payer which documents 50 lines of his advice mean (NIX-5000119, NIX-5001819, NIX-5003519 …)."));
    big_close(&big, solution);
}

static void
a_hundred_thousand_lines(void)
{
    struct big big;
    o2c_match_solution *solution = NULL;
    const o2c_proposal *p;
    uint64_t count;
    big_open(&big, 100000, 10, INT64_C(9123456789), 31207);
    big_solve(&big, &solution);
    o2c_match_solution_proposals(solution, &p, &count);
    CU_ASSERT_EQUAL(p->lines_count, 99990);
    CU_ASSERT_EQUAL(p->unapplied_minor, 31207);
    CU_ASSERT_EQUAL(p->band, O2C_BAND_AUTO);
    big_close(&big, solution);
}

static const struct tap_test tests[] = {
    { "ca_41_five_thousand_lines_fifty_of_them_unknown", ca_41_five_thousand_lines_fifty_of_them_unknown },
    { "ca_52_claim_on_a_document_closed_long_ago", ca_52_claim_on_a_document_closed_long_ago },
    { "ca_53_payback_of_our_claim_clears_the_deduction_item", ca_53_payback_of_our_claim_clears_the_deduction_item },
    { "an_unknown_line_costs_itself", an_unknown_line_costs_itself },
    { "lines_that_do_not_add_up_are_not_taken_one_by_one", lines_that_do_not_add_up_are_not_taken_one_by_one },
    { "one_line_short_holds_itself_and_not_its_neighbors", one_line_short_holds_itself_and_not_its_neighbors },
    { "a_claim_on_an_item_of_the_same_advice_is_its_deduction", a_claim_on_an_item_of_the_same_advice_is_its_deduction },
    { "a_fee_on_the_total_is_split_to_the_cent", a_fee_on_the_total_is_split_to_the_cent },
    { "deductions_without_a_reason_that_come_to_a_charge_are_the_charge", deductions_without_a_reason_that_come_to_a_charge_are_the_charge },
    { "a_deduction_without_a_reason_that_comes_to_the_tax_is_the_tax", a_deduction_without_a_reason_that_comes_to_the_tax_is_the_tax },
    { "a_line_paid_before_goes_on_account", a_line_paid_before_goes_on_account },
    { "one_number_on_two_installments_is_assigned_by_amount", one_number_on_two_installments_is_assigned_by_amount },
    { "two_equal_lines_on_two_equal_installments_settle_both", two_equal_lines_on_two_equal_installments_settle_both },
    { "one_line_that_may_mean_either_of_two_installments_is_nobodys_auto", one_line_that_may_mean_either_of_two_installments_is_nobodys_auto },
    { "an_advice_out_of_its_time_is_stale", an_advice_out_of_its_time_is_stale },
    { "a_damaged_number_needs_its_exact_amount", a_damaged_number_needs_its_exact_amount },
    { "lines_of_an_unrelated_account_conflict_with_the_payer", lines_of_an_unrelated_account_conflict_with_the_payer },
    { "long_advices_go_by_the_value_day", long_advices_go_by_the_value_day },
    { "the_newest_of_two_advices_of_one_payment_counts", the_newest_of_two_advices_of_one_payment_counts },
    { "a_hundred_thousand_lines", a_hundred_thousand_lines },
};

int
main(void)
{
    return tap_run("match/remit", tests, TAP_COUNT(tests));
}

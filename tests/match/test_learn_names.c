/* SPDX-License-Identifier: Apache-2.0 */
/* Whose bank account, whose name: what confirms a row, what it is used for, how it is taken back. */
#include <stdio.h>
#include <string.h>

#include "match/f1.h"
#include "match/learn.h"
#include "match/lessons.h"
#include "support/tap.h"

static int32_t
state_of(const o2c_match_model *model, int32_t kind, uint64_t *out_row)
{
    o2c_match_learned rows[8];
    uint64_t count = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_learned(model, rows, 8, &count, NULL, NULL), O2C_OK);
    for (uint64_t i = 0; i < count; i++)
        if (rows[i].kind == kind) {
            if (out_row)
                *out_row = rows[i].row;
            return rows[i].state;
        }
    return 0;
}

static o2c_feedback *
speaks(struct lessons *lessons, const char *payment, int32_t verdict, int32_t right)
{
    o2c_feedback *row = lessons_line(lessons, payment, "C3", 0, 0);
    row->verdict = verdict;
    row->right = right;
    row->bank_account = lessons_text(lessons, "GB33 BUKB 2020 1555 5555 55");
    row->name = lessons_text(lessons, "Fairchild Automotive");
    return row;
}

static void
names__history_needs_three_for_an_account_and_two_for_a_name(void)
{
    struct lessons lessons;
    lessons_open(&lessons);
    speaks(&lessons, "P1", O2C_VERDICT_HISTORY, 1);
    speaks(&lessons, "P1", O2C_VERDICT_HISTORY, 1); /* another line of the same payment proves nothing more */
    speaks(&lessons, "P9", O2C_VERDICT_HISTORY, 0);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_BANK_ACCOUNT, NULL), O2C_LEARNED_STATE_OBSERVED);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, NULL), O2C_LEARNED_STATE_OBSERVED);
    lessons_clear(&lessons);
    speaks(&lessons, "P2", O2C_VERDICT_HISTORY, 1);
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_BANK_ACCOUNT, NULL), O2C_LEARNED_STATE_OBSERVED);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, NULL), O2C_LEARNED_STATE_CONFIRMED);
    lessons_clear(&lessons);
    speaks(&lessons, "P3", O2C_VERDICT_HISTORY, 1);
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_BANK_ACCOUNT, NULL), O2C_LEARNED_STATE_CONFIRMED);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
names__one_person_confirms_an_account_an_exact_reference_a_name(void)
{
    struct lessons lessons;
    o2c_match_changes *changes;
    const o2c_match_change *rows;
    uint64_t count;
    lessons_open(&lessons);
    speaks(&lessons, "P1", O2C_VERDICT_CONFIRMED, 0);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, &changes);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_BANK_ACCOUNT, NULL), O2C_LEARNED_STATE_CONFIRMED);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, NULL), O2C_LEARNED_STATE_OBSERVED);
    o2c_match_changes_rows(changes, &rows, &count, NULL);
    CU_ASSERT_EQUAL(count, 3); /* two learned, one confirmed */
    o2c_match_changes_free(changes);
    lessons_clear(&lessons);
    speaks(&lessons, "P2", O2C_VERDICT_CONFIRMED, 0)->line_class = M03_CITED;
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, NULL), O2C_LEARNED_STATE_CONFIRMED);
    o2c_match_model_free(model);
    lessons_clear(&lessons);
    speaks(&lessons, "P3", O2C_VERDICT_ANSWER, 0);
    model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, NULL), O2C_LEARNED_STATE_CONFIRMED);
    o2c_match_class_record record;
    CU_ASSERT_EQUAL(o2c_match_model_classes(model, &record, 1, &count, NULL), O2C_OK);
    CU_ASSERT_EQUAL(count, 0);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* An unknown bank account pays I5 of C3 by its amount: nobody knows who it is, then the model does. */
static int32_t
payer_evidence(const o2c_match_model *model, const char *iban, const char *name, uint64_t *out_row)
{
    struct desk desk;
    const o2c_match_evidence *evidence;
    uint64_t count;
    f1_open(&desk);
    desk.base = model;
    o2c_payment *payment = desk_payment(&desk, "P", 749999, "2026-02-03", iban, NULL);
    if (name)
        payment->payer_name = desk_text(&desk, name);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    int32_t found = desk_proposal(&desk, 0)->payer_evidence;
    o2c_match_solution_evidence(desk.solution, &evidence, &count);
    *out_row = 0;
    for (uint64_t i = 0; i < count; i++)
        *out_row = evidence[i].learned_row ? evidence[i].learned_row : *out_row;
    desk_close(&desk);
    return found;
}

static void
names__a_learned_account_names_the_payer_and_a_second_owner_shares_it(void)
{
    struct lessons lessons;
    uint64_t row, learned;
    lessons_open(&lessons);
    speaks(&lessons, "P1", O2C_VERDICT_CONFIRMED, 0);
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(payer_evidence(NULL, "GB33BUKB20201555555555", NULL, &row), 0);
    CU_ASSERT_EQUAL(payer_evidence(model, "GB33BUKB20201555555555", NULL, &row), 2);
    (void)state_of(model, O2C_LEARNED_BANK_ACCOUNT, &learned);
    CU_ASSERT_EQUAL(row, learned);
    struct desk desk;
    f1_open(&desk);
    desk.base = model;
    desk_payment(&desk, "P", 749999, "2026-02-03", "GB33BUKB20201555555555", NULL);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->payer_class, O2C_PAYER_KNOWN);
    lessons_clear(&lessons);
    speaks(&lessons, "P2", O2C_VERDICT_CONFIRMED, 0)->account = lessons_text(&lessons, "C2");
    model = lessons_learn(&lessons, model, NULL, NULL);
    desk.base = model;
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_NOT_EQUAL(desk_proposal(&desk, 0)->payer_class, O2C_PAYER_KNOWN);
    desk_close(&desk);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

/* A factor pays for whoever sold him the invoice: that he once paid for C3 says nothing against C1, whose document he cites. */
static void
names__an_account_that_paid_for_three_customers_names_nobody(void)
{
    static const char *const owners[] = { "C3", "C4", "C5" };
    struct lessons lessons;
    struct desk desk;
    o2c_match_model *model = NULL;
    lessons_open(&lessons);
    f1_open(&desk);
    desk_account(&desk, "C4", "Fourth Trading");
    desk_account(&desk, "C5", "Fifth Trading");
    desk_payment(&desk, "P", 100000, "2026-02-03", "GB33BUKB20201555555555", "INV-100234");
    for (uint32_t i = 0; i < 3; i++) {
        char payment[3] = { 'P', (char)('1' + i), 0 };
        lessons_clear(&lessons);
        speaks(&lessons, payment, O2C_VERDICT_CONFIRMED, 0)->account = lessons_text(&lessons, owners[i]);
        model = lessons_learn(&lessons, model, NULL, NULL);
        desk.base = model;
        CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
        bool conflict = desk_lines(&desk, 0)->gates & O2C_GATE_PAYER_CONFLICT;
        CU_ASSERT_EQUAL(conflict, i < 2);
        CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->band, i < 2 ? O2C_BAND_PROPOSE : O2C_BAND_AUTO);
    }
    CU_ASSERT_EQUAL(desk_proposal(&desk, 0)->payer_class, O2C_PAYER_CITED);
    desk_close(&desk);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
ca49_a_reversal_revokes_the_alias_and_lists_the_siblings(void)
{
    struct lessons lessons;
    struct desk desk;
    o2c_match_changes *changes;
    const o2c_match_change *change;
    const o2c_match_evidence *evidence;
    uint64_t count, siblings[8], alias, row;
    lessons_open(&lessons);
    speaks(&lessons, "A1", O2C_VERDICT_CONFIRMED, 0)->bank_account.len = 0;
    speaks(&lessons, "A2", O2C_VERDICT_CONFIRMED, 0)->bank_account.len = 0;
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, &alias), O2C_LEARNED_STATE_CONFIRMED);
    f1_open(&desk);
    desk_item(&desk, "I6", "C3", "INV-200002", 123400, "2026-01-02", "2026-02-01");
    desk_item(&desk, "I7", "C3", "INV-200003", 432100, "2026-01-02", "2026-02-01");
    desk.base = model;
    desk_payment(&desk, "S1", 749999, "2026-02-03", NULL, "200001")->payer_name = desk_text(&desk, "FAIRCHILD AUTOMOTIVE");
    desk_payment(&desk, "S2", 123400, "2026-02-03", NULL, "200002")->payer_name = desk_text(&desk, "Fairchild Automotive");
    desk_payment(&desk, "S3", 432100, "2026-02-03", NULL, "200003")->payer_name = desk_text(&desk, "Fairchild  Automotive");
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_match_solution_evidence(desk.solution, &evidence, &count);
    CU_ASSERT_EQUAL(o2c_match_siblings(evidence, count, &alias, 1, siblings, 8, &row, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(row, 3);
    for (uint32_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(desk_proposal(&desk, i)->band, O2C_BAND_AUTO);
        CU_ASSERT_EQUAL(evidence[siblings[i]].proposal, i);
    }
    CU_ASSERT_EQUAL(o2c_match_siblings(evidence, count, &alias, 1, siblings, 2, &row, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(row, 3);
    uint32_t line_class = desk_lines(&desk, 0)->line_class, error = desk_lines(&desk, 1)->class_error_ppm;
    desk_close(&desk);
    lessons_clear(&lessons);
    o2c_feedback *reversed = lessons_line(&lessons, "S1", "C3", 0, line_class);
    reversed->verdict = O2C_VERDICT_REVERSED;
    reversed->learned_row = alias;
    model = lessons_learn(&lessons, model, NULL, &changes);
    o2c_match_changes_rows(changes, &change, &count, NULL);
    CU_ASSERT_EQUAL_FATAL(count, 1);
    CU_ASSERT(change->kind == O2C_CHANGE_REVOKED && change->row == alias && change->learned_kind == O2C_LEARNED_NAME);
    o2c_match_changes_free(changes);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, NULL), O2C_LEARNED_STATE_REVOKED);
    CU_ASSERT_NOT_EQUAL(payer_evidence(model, NULL, "Fairchild Automotive", &row), 4);
    CU_ASSERT(o2c__class_error_ppb(model, 20, line_class, 0, o2c__str("C3"), 2000) / 1000 > error);
    lessons_clear(&lessons);
    speaks(&lessons, "A3", O2C_VERDICT_CONFIRMED, 0)->bank_account.len = 0; /* the same day: not learned again */
    model = lessons_learn(&lessons, model, NULL, NULL);
    CU_ASSERT_EQUAL(state_of(model, O2C_LEARNED_NAME, NULL), O2C_LEARNED_STATE_REVOKED);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

static void
reversal__of_a_row_of_the_host_is_handed_back(void)
{
    struct lessons lessons;
    o2c_match_changes *changes;
    const o2c_match_change *change;
    uint64_t count;
    lessons_open(&lessons);
    for (uint32_t i = 0; i < 2; i++) {
        o2c_feedback *row = lessons_line(&lessons, "P", "C3", 0, M03_CITED);
        row->verdict = O2C_VERDICT_REVERSED;
        row->learned_row = 4711;
    }
    o2c_match_model *model = lessons_learn(&lessons, NULL, NULL, &changes);
    o2c_match_changes_rows(changes, &change, &count, NULL);
    CU_ASSERT(count == 2 && change[0].kind == O2C_CHANGE_REVOKED && change[0].row == 4711);
    CU_ASSERT(count == 2 && change[1].kind == O2C_CHANGE_SUSPENDED); /* two corrections of a class that nothing proves */
    o2c_match_changes_free(changes);
    o2c_match_model_free(model);
    lessons_close(&lessons);
}

#define TEST(name) { #name, name }
static const struct tap_test tests[] = {
    TEST(names__history_needs_three_for_an_account_and_two_for_a_name),
    TEST(names__one_person_confirms_an_account_an_exact_reference_a_name),
    TEST(names__a_learned_account_names_the_payer_and_a_second_owner_shares_it),
    TEST(names__an_account_that_paid_for_three_customers_names_nobody),
    TEST(ca49_a_reversal_revokes_the_alias_and_lists_the_siblings),
    TEST(reversal__of_a_row_of_the_host_is_handed_back),
};

int
main(void)
{
    return tap_run("match/learn_names", tests, TAP_COUNT(tests));
}

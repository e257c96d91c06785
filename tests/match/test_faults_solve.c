/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of a whole run (pool, model, rules, solve, say) may fail: no crash, no leak, no other answer. Hostile calls too. */
#include <stdio.h>
#include <string.h>

#include "match/f1.h"
#include "support/faulty.h"
#include "support/tap.h"

struct run {
    o2c_match_pool *pool;
    o2c_match_model *cold, *model;
    o2c_match_rules *rules;
    o2c_match_solution *solution;
};

static o2c_status
put_all(struct run *run, const o2c_env *env, const struct desk *desk, const o2c_str *heap)
{
    o2c_master master = { sizeof master,  0,
                          desk->items,    desk->items_count,    desk->references,    desk->references_count,
                          desk->accounts, desk->accounts_count, desk->aliases,       desk->aliases_count,
                          desk->bank_accounts, desk->bank_accounts_count, desk->ties, desk->ties_count, *heap };
    o2c_status status = o2c_match_pool_new(env, NULL, &run->pool, NULL);
    if (!status)
        status = o2c_match_pool_put(run->pool, &master, NULL);
    return status ? status : o2c_match_pool_freeze(run->pool, NULL);
}

static o2c_status
solve(struct run *run, const o2c_env *env, const struct desk *desk, const o2c_str *heap)
{
    static const int64_t fees[] = { 2500 };
    o2c_match_policy policy = { .struct_size = sizeof policy, .present = O2C_POLICY_MATCH_FEES, .fees = fees, .fees_count = 1 };
    const o2c_match_policy *layers[] = { &policy };
    o2c_payments payments = { sizeof payments, 0, desk->payments, desk->payments_count, desk->texts, desk->texts_count, *heap };
    o2c_remittances advices = { sizeof advices, 0, desk->remittances, desk->remittances_count, desk->lines, desk->lines_count, *heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &advices };
    o2c_status status = o2c_match_model_new(env, &run->cold, NULL);
    if (!status)
        status = o2c_match_model_measure(run->cold, run->pool, &run->model, NULL);
    if (!status)
        status = o2c_match_rules_new(env, layers, 1, &run->rules, NULL);
    request.rules = run->rules;
    return status ? status : o2c_match_solve(env, run->pool, run->model, &request, &run->solution, NULL);
}

static uint64_t
digest(const struct run *run)
{
    const o2c_proposal *rows;
    const o2c_line *lines;
    const o2c_match_evidence *evidence;
    uint64_t count, lines_count, evidence_count, digest = 0;
    o2c_str heap;
    o2c_match_solution_proposals(run->solution, &rows, &count);
    o2c_match_solution_lines(run->solution, &lines, &lines_count);
    o2c_match_solution_evidence(run->solution, &evidence, &evidence_count);
    o2c_match_solution_heap(run->solution, &heap);
    digest = faulty_digest(digest, rows, count * sizeof *rows);
    digest = faulty_digest(digest, lines, lines_count * sizeof *lines);
    digest = faulty_digest(digest, evidence, evidence_count * sizeof *evidence);
    return faulty_digest_str(digest, heap);
}

static struct faulty_result
whole_run(const o2c_env *env, void *self)
{
    const struct desk *desk = self;
    struct run run = { 0 };
    struct faulty_result result = { 0, 0 };
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    result.status = put_all(&run, env, desk, &heap);
    if (!result.status)
        result.status = solve(&run, env, desk, &heap);
    if (!result.status)
        result.digest = digest(&run);
    o2c_match_solution_free(run.solution);
    o2c_match_rules_free(run.rules);
    o2c_match_model_free(run.model);
    o2c_match_model_free(run.cold);
    o2c_match_pool_free(run.pool);
    return result;
}

static void
busy_day(struct desk *desk)
{
    f1_open(desk);
    desk_payment(desk, "P1", 100000, "2026-02-03", F1_C1_IBAN, "INV-100234");
    desk_payment(desk, "P2", 165000, "2026-02-03", F1_C1_IBAN, NULL);
    desk_payment(desk, "P3", 97500, "2026-02-03", F1_C1_IBAN, "100234 tel 0049 100235");
    desk_payment(desk, "P4", 12345, "2026-02-03", NULL, "thanks");
    desk_payment(desk, "P5", 75000, "2026-02-03", F1_C1_IBAN, "ST-88");
    desk_payment(desk, "P6", 170000, "2026-02-03", F1_C1_IBAN, "INV-100234, -35, -36");
    desk_payment(desk, "P7", 150000, "2026-02-03", F1_C1_IBAN, NULL);
    desk_remittance(desk, "R7", "P7");
    desk_line(desk, "INV-100234", 100000);
    desk_line(desk, "INV-100236", 50000);
    desk_item(desk, "A1", "C1", "INV-300001", 4000, "2026-01-05", "2026-02-04");
    desk_item(desk, "A2", "C1", "INV-300001", 6000, "2026-01-05", "2026-03-04");
    desk_payment(desk, "P9", 108500, "2026-02-03", F1_C1_IBAN, NULL);
    desk_remittance(desk, "R9", NULL)->payer = desk_text(desk, "C1"); /* on its own; lines on installments, a claim, an unknown one */
    desk_line(desk, "INV-100234", 100000);
    desk_line(desk, "INV-300001", 6000);
    desk_line(desk, "INV-300001", 4000);
    desk_line(desk, "XX-1234567", -2000);
    desk_line(desk, "XX-7777777", 500);
    desk_payment(desk, "P10", 41237, "2026-02-03", F1_C3_IBAN, NULL); /* two payments of one advice, two advices of one payment */
    desk_payment(desk, "P11", 18893, "2026-02-03", F1_C3_IBAN, NULL);
    desk_remittance(desk, "R10", NULL)->payer = desk_text(desk, "C3");
    desk_line(desk, "INV-400001", 41237);
    desk_line(desk, "INV-400002", 18893);
    desk_payment(desk, "P12", 36093, "2026-02-03", F1_C3_IBAN, NULL);
    for (uint32_t i = 0; i < 2; i++) {
        desk_remittance(desk, i ? "R12" : "R11", NULL)->payer = desk_text(desk, "C3");
        desk_line(desk, i ? "INV-400004" : "INV-400003", i ? 25064 : 11029);
    }
    for (uint32_t i = 0; i < 4; i++) {
        static const int64_t open[] = { 41237, 18893, 11029, 25064 };
        char key[8], document[16];
        snprintf(key, sizeof key, "B%u", i);
        snprintf(document, sizeof document, "INV-40000%u", i + 1);
        desk_item(desk, key, "C3", document, open[i], "2026-01-05", "2026-02-04");
    }
    desk_payment(desk, "P8", -500, "2026-02-03", NULL, "fee")->route = O2C_ROUTE_FEE;
}

static void
solve__every_allocation_may_fail(void)
{
    struct desk desk;
    busy_day(&desk);
    faulty_sweep("solve", whole_run, &desk);
    desk_close(&desk);
}

/* More payments name an item than branch and bound decides. */
static void
solve__every_allocation_of_a_crowd_may_fail(void)
{
    struct desk desk;
    f1_open(&desk);
    for (uint32_t i = 0; i < 18; i++) {
        char key[8];
        snprintf(key, sizeof key, "P%02u", i);
        desk_payment(&desk, key, 100000 + (i % 3 == 0 ? 25000 : 0), "2026-02-03", F1_C1_IBAN,
                     i % 3 ? "INV-100234" : "INV-100234 INV-100235")->ordinal = i;
    }
    faulty_sweep("crowd", whole_run, &desk);
    desk_close(&desk);
}

static o2c_status
request_status(struct desk *desk, o2c_error *err)
{
    o2c_status status = desk_solve(desk);
    *err = desk->err;
    return status;
}

static void
solve__refuses_a_payment_with_row_and_field(void)
{
    struct desk desk;
    o2c_error err;
    busy_day(&desk);
    desk.payments[2].currency[0] = 'x';
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_EQUAL(err.row, 2);
    CU_ASSERT_STRING_EQUAL(err.field, "payment.currency");
    desk.payments[2].currency[0] = 'U';
    desk.payments[1].texts_at = 9999;
    desk.payments[1].texts_count = 1;
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_STRING_EQUAL(err.field, "payment.texts_at");
    desk.payments[1].texts_count = 0;
    desk.payments[0].payer_name = (o2c_ref){ 0xfffffff0u, 64 };
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_STRING_EQUAL(err.field, "payment.payer_name");
    desk.payments[0].payer_name.len = 0;
    desk.payments[0].amount_minor = 0;
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_EQUAL(err.row, 0);
    desk_close(&desk);
}

/* A host hands in one payment with the arrays of its day: what other payments and advices name costs nothing and is not read. */
static void
solve__texts_and_lines_are_checked_where_a_row_names_them(void)
{
    struct desk desk;
    o2c_error err;
    const o2c_ref outside = { 0xfffffff0u, 64 };
    busy_day(&desk);
    desk.texts[desk.texts_count++].text = outside;
    desk_line(&desk, "", 0)->words = outside;
    uint32_t line = --desk.remittances[desk.remittances_count - 1].lines_count;
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_OK);
    desk.remittances[desk.remittances_count - 1].lines_count = line + 1;
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_STRING_EQUAL(err.field, "remittance_line");
    CU_ASSERT_EQUAL(err.row, desk.lines_count - 1);
    desk.remittances[desk.remittances_count - 1].lines_count = line;
    desk.payments[1].structured_at = desk.texts_count - 1;
    desk.payments[1].structured_count = 1;
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_STRING_EQUAL(err.field, "text.text");
    CU_ASSERT_EQUAL(err.row, desk.texts_count - 1);
    desk.payments[2].structured_count = desk.texts_count; /* so much is named that the whole array is looked at, once */
    desk.payments[1].structured_count = 0;
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_EQUAL(err.row, desk.texts_count - 1);
    desk_close(&desk);
}

static void
solve__amount_limit_at_its_edges(void)
{
    struct desk desk;
    o2c_error err;
    f1_open(&desk);
    desk_payment(&desk, "P", 1000000000000000, "2026-02-03", F1_C1_IBAN, "INV-100234");
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_OK);
    desk.payments[0].amount_minor++;
    CU_ASSERT_EQUAL(request_status(&desk, &err), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_STRING_EQUAL(err.field, "payment.amount_minor");
    desk_close(&desk);
}

static void
solve__misuse_is_said_and_nothing_is_handed_out(void)
{
    struct desk desk;
    o2c_match_pool *thawed = NULL;
    o2c_match_solution *solution = NULL;
    busy_day(&desk);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_new(NULL, NULL, &thawed, NULL), O2C_OK);
    o2c_payments none = { .struct_size = sizeof none };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &none };
    CU_ASSERT_EQUAL(o2c_match_solve(NULL, thawed, desk.model, &request, &solution, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_solve(NULL, NULL, desk.model, &request, &solution, NULL), O2C_E_MISUSE);
    request.payments = NULL;
    CU_ASSERT_EQUAL(o2c_match_solve(NULL, desk.pool, desk.model, &request, &solution, NULL), O2C_E_MISUSE);
    request.struct_size = 3;
    CU_ASSERT_EQUAL(o2c_match_solve(NULL, desk.pool, desk.model, &request, &solution, NULL), O2C_E_ABI);
    CU_ASSERT_PTR_NULL(solution);
    o2c_match_pool_free(thawed);
    desk_close(&desk);
}

static int32_t
stop(void *self)
{
    return ++*(int *)self > 0;
}

static void
solve__cancel_hands_nothing_out(void)
{
    struct desk desk;
    o2c_str heap;
    int asked = 0;
    o2c_env env = { .struct_size = sizeof env, .cancel = stop, .cancel_self = &asked };
    o2c_match_solution *solution = NULL;
    busy_day(&desk);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_heap_bytes(desk.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, desk.payments, desk.payments_count, desk.texts, desk.texts_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments };
    CU_ASSERT_EQUAL(o2c_match_solve(&env, desk.pool, desk.model, &request, &solution, NULL), O2C_E_CANCELED);
    CU_ASSERT_PTR_NULL(solution);
    CU_ASSERT(asked > 0);
    desk_close(&desk);
}

static void
say__asks_for_the_size_and_writes_whole_sentences_only(void)
{
    struct desk desk;
    char text[1024], small[8] = "kept";
    size_t needed = 0, again = 0;
    busy_day(&desk);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    for (uint32_t p = 0; p < desk.payments_count; p++) {
        CU_ASSERT_EQUAL(o2c_match_say(desk.solution, p, NULL, 0, &needed, NULL), O2C_E_ARG);
        CU_ASSERT_EQUAL(o2c_match_say(desk.solution, p, small, sizeof small, &needed, NULL), O2C_E_ARG);
        CU_ASSERT_STRING_EQUAL(small, "kept");
        CU_ASSERT_EQUAL_FATAL(o2c_match_say(desk.solution, p, text, needed + 1, &again, NULL), O2C_OK);
        CU_ASSERT_EQUAL(strlen(text), needed);
        CU_ASSERT_EQUAL(text[needed - 1], '.');
        printf("# %s\n", text);
    }
    CU_ASSERT_EQUAL(o2c_match_say(desk.solution, desk.payments_count, text, sizeof text, &needed, NULL), O2C_E_ARG);
    desk_close(&desk);
}

static void
evidence__every_line_has_some_and_spans_stay_inside(void)
{
    struct desk desk;
    const o2c_match_evidence *rows;
    uint64_t count;
    busy_day(&desk);
    CU_ASSERT_EQUAL_FATAL(desk_solve(&desk), O2C_OK);
    o2c_match_solution_evidence(desk.solution, &rows, &count);
    for (uint64_t i = 0; i < count; i++)
        CU_ASSERT(rows[i].at + rows[i].len <= desk_proposal(&desk, rows[i].proposal)->text.len);
    for (uint32_t p = 0; p < desk.payments_count; p++)
        CU_ASSERT(desk_proposal(&desk, p)->lines_count == 0 || desk_proposal(&desk, p)->evidence_count > 0);
    desk_close(&desk);
}

static const struct tap_test tests[] = {
    { "solve__every_allocation_of_a_crowd_may_fail", solve__every_allocation_of_a_crowd_may_fail },
    { "solve__every_allocation_may_fail", solve__every_allocation_may_fail },
    { "solve__refuses_a_payment_with_row_and_field", solve__refuses_a_payment_with_row_and_field },
    { "solve__texts_and_lines_are_checked_where_a_row_names_them", solve__texts_and_lines_are_checked_where_a_row_names_them },
    { "solve__amount_limit_at_its_edges", solve__amount_limit_at_its_edges },
    { "solve__misuse_is_said_and_nothing_is_handed_out", solve__misuse_is_said_and_nothing_is_handed_out },
    { "solve__cancel_hands_nothing_out", solve__cancel_hands_nothing_out },
    { "say__asks_for_the_size_and_writes_whole_sentences_only", say__asks_for_the_size_and_writes_whole_sentences_only },
    { "evidence__every_line_has_some_and_spans_stay_inside", evidence__every_line_has_some_and_spans_stay_inside },
};

int
main(void)
{
    return tap_run("match/solve", tests, TAP_COUNT(tests));
}

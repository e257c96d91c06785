/* SPDX-License-Identifier: Apache-2.0 */
/* The same bytes for any number of threads, any order of rows and any partition (G4); builds of other compilers: test_builds.py. */
#include <stdlib.h>
#include <string.h>

#include "../../bench/match/executor.h"
#include "steady.h"
#include "support/faulty.h"
#include "support/tap.h"

static struct steady steady;

static uint64_t
digest_of(const struct steady *of, const o2c_match_executor *executor)
{
    o2c_match_solution *solution = steady_solve(of, of->payments, STEADY_PAYMENTS, executor);
    uint64_t digest = steady_digest(solution);
    o2c_match_solution_free(solution);
    return digest;
}

static void
the_desk_has_all_kinds_of_answers(void)
{
    const o2c_proposal *rows;
    const o2c_match_reason *reasons;
    uint64_t count, reasons_count, bands[3] = { 0 }, contested = 0;
    steady_make(&steady, 1);
    steady_build(&steady);
    o2c_match_solution *solution = steady_solve(&steady, steady.payments, STEADY_PAYMENTS, NULL);
    o2c_match_solution_proposals(solution, &rows, &count);
    o2c_match_solution_reasons(solution, &reasons, &reasons_count);
    for (uint64_t i = 0; i < count; i++)
        bands[rows[i].band == O2C_BAND_AUTO ? 0 : rows[i].band == O2C_BAND_PROPOSE ? 1 : 2]++;
    for (uint64_t i = 0; i < reasons_count; i++)
        contested += reasons[i].reason == O2C_REASON_CONTESTED || reasons[i].reason == O2C_REASON_SECOND_OF_EQUALS;
    CU_ASSERT(count == STEADY_PAYMENTS);
    CU_ASSERT(bands[0] > 10 && bands[1] > 50 && bands[2] > 10);
    CU_ASSERT(contested > 10);
    o2c_match_solution_free(solution);
    steady_free(&steady);
}

static void
threads__the_bytes_are_those_of_one_thread(void)
{
    static const unsigned threads[] = { 1, 2, 8 };
    for (uint64_t seed = 1; seed <= 4; seed++) {
        steady_make(&steady, seed);
        steady_build(&steady);
        uint64_t alone = digest_of(&steady, NULL);
        for (size_t i = 0; i < 3; i++) {
            struct executor executor;
            CU_ASSERT_FATAL(executor_open(&executor, threads[i]) == 0);
            CU_ASSERT_EQUAL(digest_of(&steady, &executor.lent), alone);
            executor_close(&executor);
        }
        steady_free(&steady);
    }
}

/* Jobs in an order of its own, on one thread: whoever depends on the order of ranges is found without luck. */
struct backwards {
    o2c_match_executor lent;
    uint64_t runs, leave; /* leave out the last job of every run from this one on; 0 = never */
};

static void
run_backwards(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    struct backwards *backwards = self;
    backwards->runs++;
    for (uint64_t i = count; i > 0; i--)
        if (!(backwards->leave && backwards->runs >= backwards->leave && i == count))
            job(arg, i - 1);
}

static struct backwards
backwards(void)
{
    return (struct backwards){ .lent = { .struct_size = sizeof(o2c_match_executor), .run = run_backwards } };
}

static void
threads__the_order_of_jobs_changes_nothing(void)
{
    struct backwards last_first = backwards();
    last_first.lent.self = &last_first;
    steady_make(&steady, 5);
    steady_build(&steady);
    CU_ASSERT_EQUAL(digest_of(&steady, &last_first.lent), digest_of(&steady, NULL));
    CU_ASSERT_EQUAL(last_first.runs, 1);
    steady_free(&steady);
}

/*
 * Ranges that take long: while one is under work the host is asked whether it cancels, and runs other jobs before it answers. What a
 * scheduler does by chance, on one thread and always alike.
 */
struct stalling {
    o2c_match_executor lent;
    o2c_env env;
    void (*job)(void *arg, uint64_t index);
    void *arg;
    uint64_t count, at;
    uint64_t most;  /* jobs that run while one waits */
    uint32_t depth, runs;
    uint32_t lazy;  /* the run that leaves its last job out; 0 = none */
};

static void
run_stalling(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    struct stalling *stalling = self;
    stalling->runs++;
    stalling->job = job;
    stalling->arg = arg;
    stalling->count = count - (stalling->runs == stalling->lazy);
    stalling->at = 0;
    while (stalling->at < stalling->count)
        job(arg, stalling->at++);
    stalling->count = 0;
}

static int32_t
stall(void *self)
{
    struct stalling *stalling = self;
    stalling->depth++;
    for (uint64_t i = 0; stalling->depth == 1 && i < stalling->most && stalling->at < stalling->count; i++)
        stalling->job(stalling->arg, stalling->at++);
    stalling->depth--;
    return 0;
}

static void
stalling_set(struct stalling *stalling, uint64_t most)
{
    *stalling = (struct stalling){ .most = most };
    stalling->lent = (o2c_match_executor){ .struct_size = sizeof stalling->lent, .self = stalling, .run = run_stalling };
    stalling->env = (o2c_env){ .struct_size = sizeof stalling->env, .cancel_self = stalling, .cancel = stall };
}

#define MANY 3120u /* payments: more ranges than may wait at a time */

static o2c_status
solve_some(const o2c_payment *some, uint32_t count, const o2c_env *env, const o2c_match_executor *executor, o2c_match_solution **out)
{
    o2c_str heap;
    o2c_heap_bytes(steady.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, some, count, steady.texts, steady.texts_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .executor = executor };
    *out = NULL;
    return o2c_match_solve(env, steady.pool, steady.model, &request, out, NULL);
}

/* The payments of the desk again and again; nearly all want what others want. Proposals with few lines are left out when asked for. */
static void
make_many(o2c_payment *many, uint32_t lines_min)
{
    const o2c_proposal *rows;
    uint64_t count;
    uint32_t n = 0;
    o2c_match_solution *solution;
    CU_ASSERT_EQUAL_FATAL(solve_some(steady.payments, STEADY_PAYMENTS, NULL, NULL, &solution), O2C_OK);
    o2c_match_solution_proposals(solution, &rows, &count);
    for (uint64_t i = 0; n < MANY && (n || i < count); i++)
        if (rows[i % count].lines_count >= lines_min)
            many[n++] = steady.payments[i % count];
    CU_ASSERT_EQUAL_FATAL(n, MANY);
    o2c_match_solution_free(solution);
}

static o2c_status
solve_many(const o2c_payment *many, uint32_t count, const o2c_env *env, const o2c_match_executor *executor, uint64_t *out_digest)
{
    o2c_match_solution *solution;
    o2c_status status = solve_some(many, count, env, executor, &solution);
    *out_digest = status ? 0 : steady_digest(solution);
    o2c_match_solution_free(solution);
    return status;
}

static o2c_payment many[MANY];

static void
threads__ranges_that_wait_for_a_slow_one_change_nothing(void)
{
    static const uint64_t most[] = { 1, 3, 40, 1000 };
    struct stalling stalling;
    steady_make(&steady, 5);
    steady_build(&steady);
    for (uint32_t lines = 0; lines <= 3; lines += 3) {
        uint64_t alone, lent;
        make_many(many, lines);
        CU_ASSERT_EQUAL(solve_many(many, MANY, NULL, NULL, &alone), O2C_OK);
        for (size_t i = 0; i < TAP_COUNT(most); i++) {
            stalling_set(&stalling, most[i]);
            CU_ASSERT_EQUAL(solve_many(many, MANY, &stalling.env, &stalling.lent, &lent), O2C_OK);
            CU_ASSERT_EQUAL(lent, alone);
            CU_ASSERT_EQUAL(stalling.runs, most[i] == 1000 ? 2 : 1); /* no desk is left: the rest comes in another run */
        }
    }
    stalling_set(&stalling, 1000);
    stalling.lazy = 2;
    CU_ASSERT_EQUAL(solve_many(many, MANY, &stalling.env, &stalling.lent, &(uint64_t){ 0 }), O2C_E_MISUSE);
    steady_free(&steady);
}

/* ------------------------------------------------------------------ the order of rows */

static void
order__a_hundred_shuffles_change_no_byte(void)
{
    steady_make(&steady, 6);
    steady_build(&steady);
    uint64_t alone = digest_of(&steady, NULL);
    for (uint64_t seed = 1; seed <= 100; seed++) {
        steady_shuffle(&steady, seed);
        steady_build(&steady);
        CU_ASSERT_EQUAL(digest_of(&steady, NULL), alone);
    }
    steady_free(&steady);
}

static void
shuffle_payments(o2c_payment *rows, uint32_t *from)
{
    for (uint32_t i = STEADY_PAYMENTS; i > 1; i--) {
        uint32_t k = steady_draw(&steady, i), number = from[i - 1];
        o2c_payment hold = rows[i - 1];
        rows[i - 1] = rows[k];
        rows[k] = hold;
        from[i - 1] = from[k];
        from[k] = number;
    }
}

static void
order__payments_in_any_order_get_their_own_proposals(void)
{
    static o2c_payment rows[STEADY_PAYMENTS];
    uint32_t from[STEADY_PAYMENTS];
    steady_make(&steady, 7);
    steady_build(&steady);
    memcpy(rows, steady.payments, sizeof rows);
    o2c_match_solution *whole = steady_solve(&steady, rows, STEADY_PAYMENTS, NULL);
    for (uint32_t i = 0; i < STEADY_PAYMENTS; i++)
        from[i] = i;
    for (uint64_t round = 0; round < 10; round++) {
        uint32_t unlike = 0;
        shuffle_payments(rows, from);
        o2c_match_solution *again = steady_solve(&steady, rows, STEADY_PAYMENTS, NULL);
        for (uint32_t i = 0; i < STEADY_PAYMENTS; i++)
            unlike += steady_proposal(again, i) != steady_proposal(whole, from[i]);
        CU_ASSERT_EQUAL(unlike, 0);
        o2c_match_solution_free(again);
    }
    o2c_match_solution_free(whole);
    steady_free(&steady);
}

/* ------------------------------------------------------------------ partitions */

static uint32_t
components_of(const struct steady *of, uint32_t *out)
{
    uint32_t count = 0;
    o2c_str heap;
    o2c_heap_bytes(of->heap, &heap);
    o2c_payments payments = { sizeof payments, 0, of->payments, STEADY_PAYMENTS, of->texts, of->texts_count, heap };
    o2c_remittances advices = { sizeof advices, 0, of->advices, STEADY_ADVICES, of->lines, of->lines_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &advices };
    CU_ASSERT_EQUAL(o2c_match_components(NULL, of->pool, of->model, &request, out, &count, NULL), O2C_OK);
    return count;
}

static uint32_t
unlike_apart(const uint32_t *component, uint32_t parts, const o2c_match_solution *whole)
{
    static o2c_payment rows[STEADY_PAYMENTS];
    uint32_t from[STEADY_PAYMENTS], unlike = 0;
    for (uint32_t part = 0; part < parts; part++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < STEADY_PAYMENTS; i++) {
            if (component[i] % parts != part)
                continue;
            from[count] = i;
            rows[count++] = steady.payments[i];
        }
        o2c_match_solution *apart = steady_solve(&steady, rows, count, NULL);
        for (uint32_t i = 0; i < count; i++)
            unlike += steady_proposal(apart, i) != steady_proposal(whole, from[i]);
        o2c_match_solution_free(apart);
    }
    return unlike;
}

static void
partitions__components_solved_apart_get_the_same_proposals(void)
{
    static const uint32_t parts[] = { 1, 2, 7, 64 };
    uint32_t component[STEADY_PAYMENTS];
    for (uint64_t seed = 8; seed <= 12; seed++) {
        steady_make(&steady, seed);
        steady_build(&steady);
        o2c_match_solution *whole = steady_solve(&steady, steady.payments, STEADY_PAYMENTS, NULL);
        CU_ASSERT(components_of(&steady, component) > 20);
        for (size_t i = 0; i < 4; i++)
            CU_ASSERT_EQUAL(unlike_apart(component, parts[i], whole), 0);
        o2c_match_solution_free(whole);
        steady_free(&steady);
    }
}

/* The test above can fail: cut anywhere, payments that want one item come apart. */
static void
partitions__other_cuts_change_proposals(void)
{
    uint32_t component[STEADY_PAYMENTS];
    steady_make(&steady, 8);
    steady_build(&steady);
    o2c_match_solution *whole = steady_solve(&steady, steady.payments, STEADY_PAYMENTS, NULL);
    for (uint32_t i = 0; i < STEADY_PAYMENTS; i++)
        component[i] = i;
    CU_ASSERT(unlike_apart(component, 7, whole) > 0);
    o2c_match_solution_free(whole);
    steady_free(&steady);
}

/* ------------------------------------------------------------------ hosts that misbehave, and memory that ends */

static o2c_status
status_with(const o2c_env *env, const o2c_match_executor *executor, o2c_match_solution **out, o2c_error *err)
{
    o2c_str heap;
    o2c_heap_bytes(steady.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, steady.payments, 96, steady.texts, steady.texts_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .executor = executor };
    return o2c_match_solve(env, steady.pool, steady.model, &request, out, err);
}

static void
threads__an_executor_that_does_not_do_its_work_is_misuse(void)
{
    o2c_error err;
    o2c_match_solution *solution = NULL;
    struct backwards lazy = backwards();
    lazy.lent.self = &lazy;
    steady_make(&steady, 9);
    steady_build(&steady);
    lazy.leave = 1;
    CU_ASSERT_EQUAL(status_with(NULL, &lazy.lent, &solution, &err), O2C_E_MISUSE);
    CU_ASSERT_STRING_EQUAL(err.field, "executor.run");
    lazy.lent.run = NULL;
    CU_ASSERT_EQUAL(status_with(NULL, &lazy.lent, &solution, &err), O2C_E_MISUSE);
    lazy.lent.run = run_backwards;
    lazy.lent.reserved = 1;
    CU_ASSERT_EQUAL(status_with(NULL, &lazy.lent, &solution, &err), O2C_E_ABI);
    CU_ASSERT_PTR_NULL(solution);
    steady_free(&steady);
}

static int32_t
stop(void *self)
{
    return ++*(int *)self > 1000000;
}

static void
threads__a_host_that_cancels_is_heard(void)
{
    int calls = 0;
    o2c_env env = { .struct_size = sizeof env, .cancel_self = &calls, .cancel = stop };
    o2c_match_solution *solution = NULL;
    struct backwards last_first = backwards();
    last_first.lent.self = &last_first;
    steady_make(&steady, 9);
    steady_build(&steady);
    CU_ASSERT_EQUAL(status_with(&env, &last_first.lent, &solution, NULL), O2C_OK);
    o2c_match_solution_free(solution);
    solution = NULL;
    calls = 1000000;
    CU_ASSERT_EQUAL(status_with(&env, &last_first.lent, &solution, NULL), O2C_E_CANCELED);
    CU_ASSERT_PTR_NULL(solution);
    steady_free(&steady);
}

/* Rows are checked where they are solved; of several errors the one of a solve without threads is told. */
static void
threads__a_wrong_row_is_told_as_without_threads(void)
{
    struct stalling stalling;
    steady_make(&steady, 9);
    steady_build(&steady);
    for (int wrong = 1; wrong < 8; wrong++) {
        static o2c_payment rows[96];
        o2c_error errors[2] = { { 0 }, { 0 } };
        o2c_text texts[STEADY_PAYMENTS];
        memcpy(rows, steady.payments, sizeof rows);
        memcpy(texts, steady.texts, sizeof texts);
        if (wrong & 1)
            texts[rows[40].texts_at].text.at = UINT32_MAX;
        if (wrong & 2)
            rows[70].currency[0] = 'x';
        if (wrong & 4)
            rows[90].key.len = 0;
        for (int lent = 0; lent < 2; lent++) {
            o2c_str heap;
            o2c_match_solution *solution = NULL;
            stalling_set(&stalling, 1000);
            o2c_heap_bytes(steady.heap, &heap);
            o2c_payments payments = { sizeof payments, 0, rows, 96, texts, steady.texts_count, heap };
            o2c_match_request request = { .struct_size = sizeof request, .payments = &payments,
                                          .executor = lent ? &stalling.lent : NULL };
            CU_ASSERT_EQUAL(o2c_match_solve(lent ? &stalling.env : NULL, steady.pool, steady.model, &request, &solution, &errors[lent]),
                            O2C_E_MATCH_PAYMENT);
            CU_ASSERT_PTR_NULL(solution);
        }
        {
            uint32_t component[96], count;
            o2c_str heap;
            stalling_set(&stalling, 0);
            o2c_heap_bytes(steady.heap, &heap);
            o2c_payments payments = { sizeof payments, 0, rows, 96, texts, steady.texts_count, heap };
            o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .executor = &stalling.lent };
            o2c_status status = o2c_match_components(NULL, steady.pool, steady.model, &request, component, &count, NULL);
            CU_ASSERT_EQUAL(status, O2C_E_MATCH_PAYMENT);
            CU_ASSERT_EQUAL(stalling.runs, 0);
        }
        CU_ASSERT_EQUAL(errors[0].row, errors[1].row);
        CU_ASSERT_STRING_EQUAL(errors[0].field, errors[1].field);
        CU_ASSERT_STRING_EQUAL(errors[0].message, errors[1].message);
        CU_ASSERT_STRING_EQUAL(errors[0].field, wrong & 2 ? "payment.currency" : wrong & 4 ? "payment.key" : "text.text");
    }
    steady_free(&steady);
}

static struct faulty_result
solve_in_ranges(const o2c_env *env, void *self)
{
    o2c_match_solution *solution = NULL;
    struct faulty_result result = { status_with(env, self, &solution, NULL), 0 };
    if (!result.status)
        result.digest = steady_digest(solution);
    o2c_match_solution_free(solution);
    return result;
}

static void
threads__every_allocation_of_a_range_may_fail(void)
{
    struct backwards last_first = backwards();
    last_first.lent.self = &last_first;
    steady_make(&steady, 9);
    steady_build(&steady);
    faulty_sweep("ranges", solve_in_ranges, &last_first.lent);
    steady_free(&steady);
}

/* The same where all ranges but the first wait for it. */
static struct faulty_result
solve_stalled(const o2c_env *env, void *self)
{
    struct stalling *stalling = self;
    struct faulty_result result = { 0, 0 };
    stalling_set(stalling, 1000);
    stalling->env = *env;
    stalling->env.cancel_self = stalling;
    stalling->env.cancel = stall;
    result.status = solve_many(many, 96, &stalling->env, &stalling->lent, &result.digest);
    return result;
}

static void
threads__every_allocation_may_fail_while_ranges_wait(void)
{
    struct stalling stalling;
    steady_make(&steady, 5);
    steady_build(&steady);
    make_many(many, 3);
    faulty_sweep("stalled", solve_stalled, &stalling);
    steady_free(&steady);
}

static struct faulty_result
cut(const o2c_env *env, void *self)
{
    uint32_t count = 0, component[96];
    o2c_str heap;
    o2c_heap_bytes(steady.heap, &heap);
    o2c_payments payments = { sizeof payments, 0, steady.payments, 96, steady.texts, steady.texts_count, heap };
    o2c_remittances advices = { sizeof advices, 0, steady.advices, STEADY_ADVICES, steady.lines, steady.lines_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &advices };
    (void)self;
    struct faulty_result result = { o2c_match_components(env, steady.pool, steady.model, &request, component, &count, NULL), 0 };
    if (!result.status)
        result.digest = faulty_digest(count, component, sizeof component);
    return result;
}

static void
partitions__every_allocation_may_fail(void)
{
    steady_make(&steady, 9);
    steady_build(&steady);
    faulty_sweep("components", cut, NULL);
    steady_free(&steady);
}

/* Threads of a host, each with calls of its own, on one frozen pool and one model. */
#define HOST_THREADS 8

static void *
solve_alone(void *out)
{
    o2c_match_solution *solution = steady_solve(&steady, steady.payments, STEADY_PAYMENTS, NULL);
    *(uint64_t *)out = steady_digest(solution);
    o2c_match_solution_free(solution);
    return NULL;
}

static void
threads__eight_of_a_host_share_one_frozen_pool(void)
{
    pthread_t threads[HOST_THREADS];
    uint64_t digests[HOST_THREADS] = { 0 }, want = 0;
    steady_make(&steady, 4);
    steady_build(&steady);
    solve_alone(&want);
    for (int i = 0; i < HOST_THREADS; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, solve_alone, &digests[i]), 0);
    for (int i = 0; i < HOST_THREADS; i++) {
        CU_ASSERT_EQUAL(pthread_join(threads[i], NULL), 0);
        CU_ASSERT_EQUAL(digests[i], want);
    }
    steady_free(&steady);
}

static const struct tap_test tests[] = {
    { "threads__eight_of_a_host_share_one_frozen_pool", threads__eight_of_a_host_share_one_frozen_pool },
    { "determinism__the_desk_has_all_kinds_of_answers", the_desk_has_all_kinds_of_answers },
    { "threads__the_bytes_are_those_of_one_thread", threads__the_bytes_are_those_of_one_thread },
    { "threads__the_order_of_jobs_changes_nothing", threads__the_order_of_jobs_changes_nothing },
    { "threads__an_executor_that_does_not_do_its_work_is_misuse", threads__an_executor_that_does_not_do_its_work_is_misuse },
    { "threads__a_wrong_row_is_told_as_without_threads", threads__a_wrong_row_is_told_as_without_threads },
    { "threads__a_host_that_cancels_is_heard", threads__a_host_that_cancels_is_heard },
    { "threads__every_allocation_of_a_range_may_fail", threads__every_allocation_of_a_range_may_fail },
    { "threads__ranges_that_wait_for_a_slow_one_change_nothing", threads__ranges_that_wait_for_a_slow_one_change_nothing },
    { "threads__every_allocation_may_fail_while_ranges_wait", threads__every_allocation_may_fail_while_ranges_wait },
    { "order__a_hundred_shuffles_change_no_byte", order__a_hundred_shuffles_change_no_byte },
    { "order__payments_in_any_order_get_their_own_proposals", order__payments_in_any_order_get_their_own_proposals },
    { "partitions__components_solved_apart_get_the_same_proposals", partitions__components_solved_apart_get_the_same_proposals },
    { "partitions__other_cuts_change_proposals", partitions__other_cuts_change_proposals },
    { "partitions__every_allocation_may_fail", partitions__every_allocation_may_fail },
};

int
main(void)
{
    return tap_run("match/determinism", tests, TAP_COUNT(tests));
}

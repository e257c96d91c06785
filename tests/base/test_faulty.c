/* SPDX-License-Identifier: Apache-2.0 */
/* A dead alarm is an error: each fault that the faulty allocator must see is planted here once. */
#include "base/base.h"
#include "support/faulty.h"
#include "support/tap.h"

#include <o2c/status.h>

enum { CLEAN, LEAKS, LEAKS_ON_FAILURE, LIES_ON_FAILURE, WRONG_STATUS, WRITES_BEHIND, WRITES_BEFORE, WRONG_SIZE, READS_RAW, KEEPS_STATE };

static struct faulty_result
scenario(const o2c_env *env, void *self)
{
    static uint64_t state;
    int bug = *(int *)self;
    const o2c_allocator *from = env->allocator;
    struct faulty_result result = { O2C_OK, 1 };
    unsigned char *a = from->alloc(from->self, 10), *b = NULL;
    if (a)
        b = from->alloc(from->self, 20);
    if (bug == READS_RAW && b)
        result.digest += b[3];
    if (bug == KEEPS_STATE)
        result.digest += state++;
    if (bug == WRITES_BEHIND && b)
        *(volatile unsigned char *)(b + 20) = 1;
    if (bug == WRITES_BEFORE && b)
        *(volatile unsigned char *)(b - 1) = 1;
    if (!a || !b)
        result = (struct faulty_result){ bug == WRONG_STATUS ? O2C_E_ARG : bug == LIES_ON_FAILURE ? O2C_OK : O2C_E_NOMEM, 2 };
    if (a && (b || bug != LEAKS_ON_FAILURE))
        from->release(from->self, a, 10);
    if (b && bug != LEAKS)
        from->release(from->self, b, bug == WRONG_SIZE ? 21 : 20);
    return result;
}

static void
expect(int bug, const char *words)
{
    struct faulty_report report;
    struct faulty_plan plan = { .name = "planted", .scenario = scenario, .self = &bug };
    faulty_try(&plan, &report);
    if (words ? !strstr(report.complaint, words) : report.complaint[0] != 0)
        CU_assertImplementation(CU_FALSE, __LINE__, words ? words : report.complaint, report.complaint, "", CU_FALSE);
}

static void
sweep__passes_a_clean_scenario_and_counts_it(void)
{
    int bug = CLEAN;
    struct faulty_report report;
    faulty_try(&(struct faulty_plan){ .name = "clean", .scenario = scenario, .self = &bug }, &report);
    CU_ASSERT_STRING_EQUAL(report.complaint, "");
    CU_ASSERT_EQUAL(report.points, 2);
    /* one good run, two points in two modes, sixteen seeds, one good run again */
    CU_ASSERT_EQUAL(report.runs, 1 + 4 + 16 + 1);
    CU_ASSERT(report.refused >= 4);
}

static void
sweep__sees_leaks(void)
{
    expect(LEAKS, "no fault: a block was not released");
    expect(LEAKS_ON_FAILURE, "failing once at 1: a block was not released");
}

static void
sweep__sees_a_silent_change_and_a_wrong_status(void)
{
    expect(LIES_ON_FAILURE, "failing once at 0: status 0");
    expect(WRONG_STATUS, "failing once at 0: status -2");
}

static void
sweep__sees_writes_outside_a_block(void)
{
    expect(WRITES_BEHIND, "bytes behind a block");
    expect(WRITES_BEFORE, "bytes before a block");
}

static void
sweep__sees_a_release_with_another_size(void)
{
    expect(WRONG_SIZE, "a release names a size");
}

static void
sweep__sees_results_that_hang_on_raw_memory_or_earlier_runs(void)
{
    expect(READS_RAW, "digest");
    expect(KEEPS_STATE, "digest");
}

static void
resize__moves_and_may_fail_with_the_block_intact(void)
{
    struct faulty faulty;
    faulty_open(&faulty, FAULTY_ONCE, 1);
    const o2c_allocator *from = &faulty.allocator;
    char *a = from->alloc(from->self, 4);
    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    memcpy(a, "abc", 4);
    CU_ASSERT_PTR_NULL(from->resize(from->self, a, 4, 8));
    CU_ASSERT_STRING_EQUAL(a, "abc");
    char *b = from->resize(from->self, a, 4, 8);
    CU_ASSERT(b != NULL && strcmp(b, "abc") == 0 && (uintptr_t)b % 16 == 0);
    CU_ASSERT(faulty.count == 3 && faulty.failed == 1 && faulty.live == 1 && faulty.peak_bytes == 12);
    from->release(from->self, b, 8);
    CU_ASSERT_EQUAL(faulty_close(&faulty), 0);
    CU_ASSERT_STRING_EQUAL(faulty.complaint, "");
}

static const struct tap_test tests[] = {
    { "sweep__passes_a_clean_scenario_and_counts_it", sweep__passes_a_clean_scenario_and_counts_it },
    { "sweep__sees_leaks", sweep__sees_leaks },
    { "sweep__sees_a_silent_change_and_a_wrong_status", sweep__sees_a_silent_change_and_a_wrong_status },
    { "sweep__sees_writes_outside_a_block", sweep__sees_writes_outside_a_block },
    { "sweep__sees_a_release_with_another_size", sweep__sees_a_release_with_another_size },
    { "sweep__sees_results_that_hang_on_raw_memory_or_earlier_runs", sweep__sees_results_that_hang_on_raw_memory_or_earlier_runs },
    { "resize__moves_and_may_fail_with_the_block_intact", resize__moves_and_may_fail_with_the_block_intact },
};
int
main(void)
{
    return tap_run("base/faulty", tests, TAP_COUNT(tests));
}

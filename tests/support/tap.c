/* SPDX-License-Identifier: Apache-2.0 */
#include "support/tap.h"

#include <stdio.h>

static const char *skipped;
static unsigned number;

void
tap_skip(const char *why)
{
    skipped = why;
}

static void
start(const CU_pTest test, const CU_pSuite suite)
{
    (void)test;
    (void)suite;
    skipped = NULL;
}

static void
complete(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
    printf("%s %u - %s %s%s%s\n", failure ? "not ok" : "ok", ++number, suite->pName, test->pName, skipped ? " # SKIP " : "",
           skipped ? skipped : "");
    for (CU_pFailureRecord at = failure; at; at = at->pNext)
        printf("# %s:%u: %s\n", at->strFileName ? at->strFileName : "?", at->uiLineNumber, at->strCondition ? at->strCondition : "?");
    fflush(stdout);
}

int
tap_run(const char *suite, const struct tap_test *tests, size_t count)
{
    printf("1..%zu\n", count);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    CU_pSuite in = CU_add_suite(suite, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        if (!in || !CU_add_test(in, tests[i].name, tests[i].run))
            return 2;
    CU_set_test_start_handler(start);
    CU_set_test_complete_handler(complete);
    CU_run_all_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}

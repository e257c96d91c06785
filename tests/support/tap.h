/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CUnit speaks TAP: one "ok"/"not ok" a test, so that meson counts and names each of them. A suite is a table of rows.
 *
 *     static const struct tap_test tests[] = { { "a_sentence", a_sentence }, … };
 *     int main(void) { return tap_run("room/subject", tests, TAP_COUNT(tests)); }
 */
#ifndef O2C_TEST_TAP_H
#define O2C_TEST_TAP_H
#include <CUnit/CUnit.h>
#include <CUnit/TestRun.h>
#include <stddef.h>

struct tap_test {
    const char *name;
    void (*run)(void);
};
#define TAP_COUNT(tests) (sizeof(tests) / sizeof((tests)[0]))
int tap_run(const char *suite, const struct tap_test *tests, size_t count);
/* In a test: says why it did not run; the test then reads "ok … # SKIP why". */
void tap_skip(const char *why);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The equations that every proposal keeps, asserted once for all tests that solve a desk. */
#ifndef O2C_TEST_EQUATIONS_H
#define O2C_TEST_EQUATIONS_H
#include <CUnit/CUnit.h>

#include "support/build.h"

/* Every payment conserves its money; every line closes its equations. */
static inline void
check_equations(const struct desk *desk, uint32_t proposal)
{
    const o2c_proposal *p = desk_proposal(desk, proposal);
    const o2c_line *line = desk_lines(desk, proposal);
    int64_t paid = 0;
    for (uint32_t i = 0; i < p->lines_count; i++, line++) {
        int64_t cleared = line->paid_minor + line->discount_minor + line->discount_tolerance_minor + line->tolerance_minor + line->charge_minor +
                          line->withholding_minor + line->rounding_minor + line->deduction_minor;
        CU_ASSERT_EQUAL(cleared, line->cleared_minor);
        CU_ASSERT_EQUAL(line->remaining_minor, line->expect_open_minor - line->cleared_minor);
        paid += line->paid_currency_minor;
    }
    CU_ASSERT_EQUAL(paid, p->applied_minor);
    CU_ASSERT_EQUAL(paid + p->on_account_minor + p->refund_minor + p->unapplied_minor, p->amount_minor + p->charge_in_file_minor);
    CU_ASSERT(p->unapplied_minor >= 0);
}
#endif

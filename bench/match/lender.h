/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of a host that keeps what it has: large blocks come from the system in huge pages where it has them, and go back to the host,
 * not to the system. A solve after the first one finds its pages in place. For one thread.
 */
#ifndef O2C_BENCH_MATCH_LENDER_H
#define O2C_BENCH_MATCH_LENDER_H
#include <o2c/base.h>

#define LENDER_SIZES 64

struct lender {
    o2c_allocator lent;
    o2c_env env;                 /* hand its address to a call */
    void *idle[LENDER_SIZES];    /* blocks of each size that came back: the first word of one leads to the next */
};
void lender_open(struct lender *lender);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One number for everything that a solution says: strings count by their bytes, not by their place in the heap, so that two ways of
 * writing the same answer agree. For A/B runs; the published hash is another.
 */
#ifndef O2C_BENCH_MATCH_DIGEST_H
#define O2C_BENCH_MATCH_DIGEST_H
#include <o2c/o2c.h>

uint64_t digest_solution(uint64_t digest, const o2c_match_solution *solution);
#endif

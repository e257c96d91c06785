/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How wrong can it be? The one-sided 95 % upper bound of Clopper and Pearson (1934) for a share of which `wrong` in `count` were
 * seen. Integers only: numbers with a 64-bit mantissa whose every step rounds upward, so the bound is never too small and the same on
 * every machine. Written for the benchmark alone; it shares no code with the library it judges.
 */
#ifndef O2C_BENCH_MATCH_BOUND_H
#define O2C_BENCH_MATCH_BOUND_H
#include <stdint.h>

/* In parts per billion, rounded up; 10^9 when nothing was seen or all was wrong. Cost: O(30 · (wrong + log count)). */
uint32_t bound_ppb(uint64_t wrong, uint64_t count);
/* The same in parts per million, rounded up: 0 of 2,995 gives 1,000. */
uint32_t bound_ppm(uint64_t wrong, uint64_t count);
#endif

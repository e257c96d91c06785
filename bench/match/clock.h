/* SPDX-License-Identifier: Apache-2.0 */
/* Processor time of the calling thread, and the order in which such times are sorted for a median. */
#ifndef O2C_BENCH_MATCH_CLOCK_H
#define O2C_BENCH_MATCH_CLOCK_H
#include <stdint.h>
#include <time.h>

static inline uint64_t
clock_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static inline int
clock_by_ns(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}
#endif

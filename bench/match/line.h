/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON object that every run of match_bench prints with --json: one line, the same members in the same order for every scenario. */
#ifndef O2C_BENCH_MATCH_LINE_H
#define O2C_BENCH_MATCH_LINE_H
#include <stdint.h>
#include <stdio.h>

#include "score.h"

struct line {
    const char *scenario;
    uint64_t items, payments, seed, threads;
    uint64_t solve_ns;           /* of all payments, together */
    uint32_t latency_ns[3];      /* p50, p99, p99.9 of calls with one payment */
    uint64_t bytes, bytes_items; /* held for matching, and the items they hold */
    uint64_t build_rows, build_ns;
    const struct score *score;
    uint8_t sha[32];
};
/* The members of the object, without braces, so that the caller adds what is particular to it. */
void line_write(const struct line *line, FILE *out);
uint64_t line_rss_bytes(void); /* largest resident size of the process; 0 = not known */
#endif

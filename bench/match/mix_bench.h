/* SPDX-License-Identifier: Apache-2.0 */
/* The mix, or one scenario of it: a market is made, replayed, scored, and the figures printed. */
#ifndef O2C_BENCH_MATCH_MIX_BENCH_H
#define O2C_BENCH_MATCH_MIX_BENCH_H
#include <stdint.h>

struct mix_options {
    const char *scenario;      /* "mix", "S01" … */
    uint64_t items, payments;  /* payments scored at most, 0 = all */
    uint64_t seed;
    unsigned threads;
    uint32_t history_ppm;      /* share of the days that is history */
    uint32_t max_error_ppm;    /* a host's choice for releasing a class; 0 = as shipped */
    uint32_t json, brief;      /* brief: without the long tables */
    uint32_t wrong;            /* 1: automatic payments that are wrong are told on stderr */
    const char *write_answers; /* CSV of what was answered, for o2c-match-score; NULL = none */
};
/* 0 = done, 2 = no such scenario. */
int mix_bench(const struct mix_options *options);
#endif

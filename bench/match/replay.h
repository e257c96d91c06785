/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A year, day by day, through the public calls alone: what became known is put, what was cleared is closed, the pool is frozen, the
 * payments of the day are solved, and the answers are judged by the scorer. The first days are history: nothing of them is scored, and
 * what people cleared in them is learned; from then on the classes that the history proves are released.
 *
 * No look-ahead: a day sees items issued up to it and clearings known before it.
 */
#ifndef O2C_BENCH_MATCH_REPLAY_H
#define O2C_BENCH_MATCH_REPLAY_H
#include "books.h"
#include "market.h"
#include "replay_held.h"
#include "take.h"

#include <o2c/backtest.h>

struct replay_options {
    const struct market *market;
    uint32_t history_ppm;      /* share of the days that is history; 0 = none: the shipped list alone */
    uint32_t max_error_ppm;    /* what a class may err by to be released; 0 = as shipped */
    uint32_t latency_max;      /* payments that are solved once more, one by one, to time them */
    const o2c_match_executor *executor;
    uint64_t payments_max;     /* scored payments at most; 0 = all */
    FILE *wrong;               /* automatic payments that are wrong, for people; NULL = none */
    FILE *answers;             /* CSV of the lines answered: payment,item,applied,auto; NULL = none */
};
struct replay {
    const struct market *market;
    struct replay_options options;
    struct books books;
    o2c_match_pool *pool;
    o2c_match_model *model;
    o2c_match_rules *rules;
    struct score *score;
    o2c__sha256 sha;
    int32_t scored_from;                 /* first day that is scored */
    uint64_t payments, solved;           /* scored payments; payments solved in all */
    uint64_t items_max, bytes_max;       /* of the pool */
    uint64_t build_rows, build_ns;       /* the first day: everything that is known is put and frozen at once */
    uint64_t update_rows, update_ns;     /* all days after it: what changed since the day before */
    uint64_t measure_ns, solve_ns; /* processor time; solve_ns: scored days alone */
    uint64_t solve_wall_ns;
    uint32_t max_error_ppm;              /* of the report that released them */
    uint32_t *released;                  /* classes beside the shipped list */
    uint64_t released_count, model_bytes;
    o2c_match_class_result *history_classes; /* what the history proved of each class */
    uint64_t history_classes_count;
    struct held held;
    uint64_t history_payments, history_ns; /* back-tested before the first scored day */
    uint32_t *latency_ns;                /* ascending when replay_run has come back */
    uint64_t latency_count;
};
/* Ends the program when the library or the memory fails: a benchmark has nobody to tell. */
void replay_run(struct replay *replay, const struct replay_options *options);
void replay_free(struct replay *replay);
/* replay_history.c: the rules, and what the history taught. */
void replay_history(struct replay *replay);
/* The value below which so many of 1,000 latencies lie; 0 when none was taken. */
uint32_t replay_latency(const struct replay *replay, uint32_t per_mille);
uint64_t replay_cpu_ns(void);  /* processor time of the process */
uint64_t replay_wall_ns(void);
void replay_must(o2c_status status, const o2c_error *err, const char *what);
#endif

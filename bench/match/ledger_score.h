/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger that stands still, judged by the same scorer: every payment cites what it pays, so every one is identifiable. */
#ifndef O2C_BENCH_MATCH_LEDGER_SCORE_H
#define O2C_BENCH_MATCH_LEDGER_SCORE_H
#include "generate.h"
#include "line.h"
#include "take.h"

struct ledger_score {
    struct score *score; /* NULL = not wanted */
    struct keys keys;
    o2c_str heap;
    o2c__sha256 sha;
    uint32_t *latency_ns;
    uint64_t latency_count;
};
int ledger_score_open(struct ledger_score *score, const struct ledger *ledger); /* 0 = done */
void ledger_score_day(struct ledger_score *score, const struct ledger *ledger, const struct day *day, const o2c_match_solution *solution);
/* Some payments of the day once more, one by one. */
void ledger_score_latency(struct ledger_score *score, const o2c_match_pool *pool, const o2c_match_model *model, const o2c_payments *payments);
void ledger_score_end(const struct ledger_score *score, struct line *line);
void ledger_score_close(struct ledger_score *score);
#endif

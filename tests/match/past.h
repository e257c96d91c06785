/* SPDX-License-Identifier: Apache-2.0 */
/* A small past for tests of the back-test: a desk with what people cleared, replayed by the public call. */
#ifndef O2C_TEST_PAST_H
#define O2C_TEST_PAST_H
#include "support/build.h"

#define PAST_DAYS_MAX 512

struct past {
    struct desk desk;
    o2c_clearing rows[DESK_ROWS_MAX];
    uint32_t count;
    o2c_match_backtest_options options;
    o2c_match_report *report;
    uint64_t days[PAST_DAYS_MAX]; /* digest of everything a day's solution says */
    int32_t day_of[PAST_DAYS_MAX];
    uint32_t days_count;
};
void past_open(struct past *past);
void past_close(struct past *past);
/* day NULL = not said */
o2c_clearing *past_clear(struct past *past, const char *payment, const char *item, int64_t applied, const char *day);
o2c_status past_replay(struct past *past);
const o2c_match_answer *past_answer(const struct past *past, const char *payment);
const o2c_match_answer_line *past_lines(const struct past *past, const o2c_match_answer *answer);
const o2c_match_rate *past_rate(const struct past *past, int32_t list);
/* A year of a few customers from a seed: most texts cite, some are naked, some clerks err. */
void past_make(struct past *past, uint32_t seed, uint32_t days);
uint32_t past_random(uint32_t *state, uint32_t below);
#endif

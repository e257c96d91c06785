/* SPDX-License-Identifier: Apache-2.0 */
/* Payments of a market as the scorer takes them: truth, label, twins, as the books stand that day. */
#ifndef O2C_BENCH_MATCH_CASES_H
#define O2C_BENCH_MATCH_CASES_H
#include "books.h"
#include "score.h"

struct cases {
    struct score_case *rows;
    struct score_line *lines;
    uint64_t count;
};
/* Payments from … to − 1. false = no memory. */
bool cases_make(struct cases *cases, const struct market *market, const struct books *books, uint32_t from, uint32_t to);
void cases_free(struct cases *cases);
#endif

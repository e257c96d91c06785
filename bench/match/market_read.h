/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a market read back, as far as judging needs them: items, payments, what people cleared, truth and labels. So that answers
 * of any program that read the same files are judged by the same scorer.
 */
#ifndef O2C_BENCH_MATCH_MARKET_READ_H
#define O2C_BENCH_MATCH_MARKET_READ_H
#include "keys.h"
#include "market.h"

/* Ends the program, with file and line, when a file is not what the generator writes. */
struct market *market_read(const char *folder);
void market_read_free(struct market *market);
#endif

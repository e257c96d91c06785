/* SPDX-License-Identifier: Apache-2.0 */
/* S36: the payments of a market as bank files that come in pieces, early, or wrong. */
#ifndef O2C_BENCH_MATCH_MARKET_FILES_H
#define O2C_BENCH_MATCH_MARKET_FILES_H
#include "market.h"

#define MARKET_FILES_WAYS 3u
/*
 * Writes the first days with two payments or more, one way a day in turn: YYYY-MM-DD.camt053.xml without details and .camt054.xml with
 * them; .camt052.xml and .camt053.xml with the same payments; one .camt053.xml with a statement that misses a cent and one that ties. Euros and the
 * first company alone. Answers how many files; ends the program when one cannot be written.
 */
uint32_t market_files(const struct market *market, const char *folder, uint32_t days);
#endif

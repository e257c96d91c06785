/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books of a replay: which items are known on a day, what is still open of each, and the rows that the pool must be told. They
 * follow what people cleared, never what the matcher proposed.
 */
#ifndef O2C_BENCH_MATCH_BOOKS_H
#define O2C_BENCH_MATCH_BOOKS_H
#include <stdbool.h>

#include "keys.h"
#include "market.h"

struct books {
    const struct market *market;
    struct keys keys;
    int64_t *open;             /* by item */
    uint32_t *version;
    int32_t *touched;          /* last day on which the item's row changed */
    uint32_t *cleared_by;      /* payment, MARKET_NONE */
    uint32_t *by_day;          /* items by document day */
    uint32_t *clearing_by_day; /* clearings by known day */
    uint32_t *references_at;   /* first reference of an item; one more at the end */
    o2c_reference *references;
    uint64_t next_item, next_clearing;
    o2c_open_item *rows;       /* to be put */
    uint64_t rows_count, rows_room;
    o2c_reference *new_references;
    uint64_t new_references_count, new_references_room;
};
/* false = no memory, or a key of the market stands twice. */
bool books_open(struct books *books, const struct market *market);
void books_close(struct books *books);
/* Fills rows and new_references with what changed: items issued up to the day, clearings known before it. false = no memory. */
bool books_advance(struct books *books, int32_t day);
/* Equal for items that no posting can tell apart as they stand now. */
uint64_t books_twin(const void *self, uint32_t item);
/* First clearing (in by-day order) known from that day on. */
uint64_t books_clearing_from(const struct books *books, int32_t day);
#endif

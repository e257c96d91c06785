/* SPDX-License-Identifier: Apache-2.0 */
/* Retrieval alone: the desk's rows become a frozen pool, its payments become cases, and a case can be written down as text. */
#ifndef O2C_TEST_READING_H
#define O2C_TEST_READING_H
#include "match/match.h"
#include "support/build.h"

struct reading {
    o2c_match_pool *pool;
    o2c_match_model *model;
    o2c_match_solution solution; /* only its heap is used */
    o2c_match_policy policy;
    o2c_payments payments;
    o2c_remittances remittances;
    struct o2c__solve solve;
    struct o2c__case *cases;     /* one for each payment of the desk */
    uint32_t count;
};
/* Freezes, measures, links and retrieves. Aborts when the builder cannot; the status of the retrieval is answered. */
o2c_status reading_open(struct reading *reading, const struct desk *desk, const o2c_env *env);
void reading_close(struct reading *reading);
/* "INV-100234 exact 0+10 t0; …": item keys (a group with +), error class, span, token; hits in order. A line adds #line. */
const char *reading_hits(const struct reading *reading, uint32_t row, char *buffer, size_t size);
/* "C1 2 999500 confirmed; C2 0 0": account, step, chance. */
const char *reading_payers(const struct reading *reading, uint32_t row, char *buffer, size_t size);
/* The text of a case. */
o2c_str reading_text(const struct reading *reading, uint32_t row);
/* The hit that cites this item alone; NULL = none. */
const struct o2c__hit *reading_hit(const struct reading *reading, uint32_t row, const char *item);
/* One payment with this text against the items of the desk: the hits as reading_hits writes them. */
const char *reading_of(struct desk *desk, const char *text, char *buffer, size_t size);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The pen: writes one proposal into the solution; a failure sticks, so that the writers read as prose. */
#ifndef O2C__MATCH_WRITE_H
#define O2C__MATCH_WRITE_H
#include "match/decide.h"

struct o2c__pen {
    struct o2c__solve *solve;
    const struct o2c__case *one;
    uint32_t proposal; /* index of the proposal under the pen */
    bool failed;
    /* strings that stand in the solution's heap already: each is written once for a proposal */
    uint32_t account, company;
    o2c_ref account_key, company_text;
};

/* Thirty-two bytes at a time: for a row of these sizes a compiler takes instructions that are slow to begin. */
static inline void
o2c__copy_row(void *to, const void *from, size_t size)
{
    size_t at = 0;
    for (; at + 32 <= size; at += 32)
        memcpy((char *)to + at, (const char *)from + at, 32);
    memcpy((char *)to + at, (const char *)from + at, size - at);
}

#define O2C__ALTERNATIVES_MAX 8
#define O2C__ALTERNATIVE_PPM_MIN 10       /* explanations with items below this are not listed */
#define O2C__ALTERNATIVE_LUMP_PPM_MIN 100 /* neither are lumps below this */

o2c_ref o2c__write_text(struct o2c__pen *pen, o2c_str text);
void *o2c__write_row(struct o2c__pen *pen, o2c__vector *rows);
/* A piece of evidence with its weight; NULL = no memory. */
o2c_match_evidence *o2c__write_weight(struct o2c__pen *pen, uint32_t line, int32_t code, int64_t weight);
int32_t o2c__reference_code(uint8_t error);
int32_t o2c__milli_nats(int64_t weight);
/* write_remit.c: room for many lines at once; evidence of the lines of an advice; lines that found no document */
void o2c__write_reserve(struct o2c__pen *pen, const struct o2c__decision *d);
void o2c__write_advice(struct o2c__pen *pen, const struct o2c__decision *d, uint32_t first_line);
void o2c__write_open_lines(struct o2c__pen *pen, const struct o2c__decision *d);
/* The same file: that it is one of several payments of an advice, or pays several of them; key of the advice of which it pays a part */
void o2c__write_shared(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d);
o2c_ref o2c__write_shared_key(struct o2c__pen *pen);
/* The same, not zeroed: for rows that are written whole. */
static inline void *
o2c__write_room(struct o2c__pen *pen, o2c__vector *rows)
{
    if (O2C__LIKELY(rows->count < rows->room && !pen->failed))
        return (char *)rows->rows + rows->count++ * rows->size;
    return o2c__write_row(pen, rows);
}
void o2c__write_evidence(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t first_line);
void o2c__write_alternatives(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d);
void o2c__write_reasons(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t first_line);
#endif

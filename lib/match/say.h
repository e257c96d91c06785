/* SPDX-License-Identifier: Apache-2.0 */
/* The speaker: writes into a buffer of any size and counts what was needed; the sentence never comes out half. */
#ifndef O2C__MATCH_SAY_H
#define O2C__MATCH_SAY_H
#include "match/match.h"

struct o2c__sayer {
    const o2c_match_solution *solution;
    const o2c_proposal *proposal;
    char *buffer;
    size_t size, needed;
    bool clause; /* something was said since the last stop */
};

void o2c__say_bytes(struct o2c__sayer *s, o2c_str text);
void o2c__say(struct o2c__sayer *s, const char *text);
void o2c__say_number(struct o2c__sayer *s, uint64_t number);
void o2c__say_percent(struct o2c__sayer *s, uint32_t ppm);                   /* two digits, rounded down */
void o2c__say_amount(struct o2c__sayer *s, int64_t minor, const char *currency); /* 1,234.50 without the currency */
void o2c__say_ref(struct o2c__sayer *s, o2c_ref ref);                        /* a string of the solution's heap */
void o2c__say_clause(struct o2c__sayer *s);                                  /* "; " between clauses */

bool o2c__say_contested(const struct o2c__sayer *s);                           /* another payment wanted the same items */
void o2c__say_references(struct o2c__sayer *s);
void o2c__say_advice(struct o2c__sayer *s);
void o2c__say_payer(struct o2c__sayer *s);
void o2c__say_sum(struct o2c__sayer *s);
void o2c__say_certificate(struct o2c__sayer *s);
void o2c__say_accidents(struct o2c__sayer *s);
void o2c__say_question(struct o2c__sayer *s);
void o2c__say_rival(struct o2c__sayer *s);
void o2c__say_why_not(struct o2c__sayer *s);
#endif

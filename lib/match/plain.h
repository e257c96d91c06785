/* SPDX-License-Identifier: Apache-2.0 */
/* Between plain.c and plain_write.c: a payment that was explained without a search and posts itself. */
#ifndef O2C__MATCH_PLAIN_H
#define O2C__MATCH_PLAIN_H
#include "match/decide.h"

/* What every line of it says. */
struct o2c__verdict {
    int32_t label, certificate, payer_class, payer_evidence;
    uint32_t line_class, outcome_ppm, confidence_ppm, class_error_ppm, error_ppb;
};
/* Proposal, lines and evidence; O2C_OK or O2C_E_NOMEM. */
o2c_status o2c__plain_write(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                            const struct o2c__verdict *verdict, o2c_error *err);

#endif

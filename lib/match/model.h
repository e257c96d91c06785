/* SPDX-License-Identifier: Apache-2.0 */
/* Between model.c and model_measure.c. */
#ifndef O2C__MATCH_MODEL_H
#define O2C__MATCH_MODEL_H
#include "match/match.h"

/* Fills the series of a model from every document number and reference of a frozen pool. */
o2c_status o2c__measure(o2c_match_model *model, const o2c_match_pool *pool, o2c_error *err);
/* A copy of a model with the series of another one, which was measured on the same accounts. */
o2c_status o2c__model_take_series(const o2c_match_model *model, const o2c_match_model *measured, o2c_match_model **out_model,
                                  o2c_error *err);
/* ln R of a range, Q16: R = max(high − low + 1, a hundredth of the numbers of that length). */
int32_t o2c__series_ln_range(uint64_t low, uint64_t high, uint32_t digits);
#endif

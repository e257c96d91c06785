/* SPDX-License-Identifier: Apache-2.0 */
/* What a model makes of counters that a test has planted: of a host, of a segment, of customers. */
#ifndef O2C_TEST_HABIT_MODEL_H
#define O2C_TEST_HABIT_MODEL_H
#include "match/match.h"
#include "match/naive.h"

/* Gives the model the prior of these counters and nothing else; its context is set. No memory ends the program. */
void habit_model_fill(o2c_match_model *model, const struct naive_habits *habits);
/* Rows of differences as well: counts without end, of every account "A0" … and of the fees of the world at the host. */
void habit_model_differ(o2c_match_model *model, const struct naive_world *world);
/* Plants what was counted of a customer, or of an owner without a key. */
void habit_model_ways(o2c_match_model *model, const char *account, const struct naive_ways *ways);
void habit_model_ways_of(o2c_match_model *model, uint64_t owner, const struct naive_ways *ways);
void habit_model_empty(o2c_match_model *model);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What a model makes of counters that a test has planted. */
#ifndef O2C_TEST_HABIT_MODEL_H
#define O2C_TEST_HABIT_MODEL_H
#include "match/match.h"
#include "match/naive.h"

/* Gives the model the prior of these counters and nothing else; its context is set. No memory ends the program. */
void habit_model_fill(o2c_match_model *model, const struct naive_habits *habits);
/* Rows of differences as well: counts without end, of every account "A0" … and of the fees of the world at the host. */
void habit_model_differ(o2c_match_model *model, const struct naive_world *world);
void habit_model_empty(o2c_match_model *model);
#endif

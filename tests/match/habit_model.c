/* SPDX-License-Identifier: Apache-2.0 */
#include "match/habit_model.h"

#include <stdlib.h>
#include <string.h>

#include "match/prior.h"

void
habit_model_fill(o2c_match_model *model, const struct naive_habits *habits)
{
    struct o2c__habits counted;
    _Static_assert(sizeof counted == sizeof *habits, "counters stand alike");
    memcpy(&counted, habits, sizeof counted);
    if (!o2c__prior_learn(model, &counted))
        abort();
}

void
habit_model_empty(o2c_match_model *model)
{
    if (model->prior)
        o2c__release(&model->context.memory, model->prior, sizeof *model->prior);
    model->prior = NULL;
}

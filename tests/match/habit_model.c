/* SPDX-License-Identifier: Apache-2.0 */
#include "match/habit_model.h"

#include <stdlib.h>
#include <string.h>

#include "match/difference.h"
#define o2c__slot o2c__index_slot /* fuzz targets take this file in beside explain.h, which has slots of its own */
#include "match/learn.h"
#undef o2c__slot
#include "match/ways.h"

void
habit_model_fill(o2c_match_model *model, const struct naive_habits *habits)
{
    struct o2c__habits counted;
    _Static_assert(sizeof counted == sizeof *habits, "counters stand alike");
    memcpy(&counted, habits, sizeof counted);
    if (!o2c__prior_learn(model, &counted))
        abort();
}

#define DAY 20000
#define ENDLESS (O2C__COUNT_MAX / 1024)

static void
row(o2c_match_model *model, uint64_t owner, uint32_t kind, uint64_t key, bool stays)
{
    struct o2c__habit_row *to = o2c__habit_put(&model->learned->rows, &model->context.memory, owner, kind, key);
    if (!to)
        abort();
    to->day = DAY;
    to->asked = ENDLESS;
    to->seen = stays ? ENDLESS : 0;
}

static void
remember(o2c_match_model *model)
{
    if (!model->learned && !(model->learned = o2c__memories_new(&model->context.memory)))
        abort();
    model->learned->day = DAY;
}

static void
differ_customer(o2c_match_model *model, const struct naive_differences *known, int account)
{
    char name[] = { 'A', (char)('0' + account) };
    uint64_t owner = o2c__owner_customer((o2c_str){ name, sizeof name });
    for (int i = 0; i < known->count[account]; i++) {
        int64_t amount = known->amount[account][i];
        uint64_t key = amount ? o2c__differ_amount_key("USD", amount, 0) : (uint64_t)known->ppm[account][i];
        row(model, owner, amount ? O2C__DIFFER_AMOUNT : O2C__DIFFER_RATIO, key, i & 1);
    }
}

void
habit_model_differ(o2c_match_model *model, const struct naive_world *world)
{
    const struct naive_differences *known = world->differences;
    remember(model);
    for (int account = 0; account < world->accounts_count; account++)
        differ_customer(model, known, account);
    for (int i = 0; i < world->fees_count; i++)
        for (uint32_t decade = 1; known->fees[i] && decade < 20; decade++)
            row(model, O2C__OWNER_HOST, O2C__DIFFER_AMOUNT, o2c__differ_amount_key("USD", world->fees[i], decade), known->fees[i] == 2);
    if (!o2c__differ_learn(model))
        abort();
}

static void
answers(o2c_match_model *model, uint64_t owner, uint32_t kind, const uint32_t seen[2], const uint32_t asked[2])
{
    for (uint32_t key = 0; key < 2; key++) {
        struct o2c__habit_row *to = o2c__habit_put(&model->learned->rows, &model->context.memory, owner, kind, key);
        if (!to)
            abort();
        to->day = DAY;
        to->seen = seen[key] * (O2C__LINE_UNIT / 1000);
        to->asked = asked[key] * (O2C__LINE_UNIT / 1000);
    }
}

void
habit_model_ways_of(o2c_match_model *model, uint64_t owner, const struct naive_ways *ways)
{
    remember(model);
    answers(model, owner, O2C__WAY_ONE_RUN, ways->run_seen, ways->run_asked);
    answers(model, owner, O2C__WAY_OLDEST, ways->oldest_seen, ways->oldest_asked);
}

void
habit_model_ways(o2c_match_model *model, const char *account, const struct naive_ways *ways)
{
    habit_model_ways_of(model, o2c__owner_customer(o2c__str(account)), ways);
}

void
habit_model_empty(o2c_match_model *model)
{
    o2c__differ_free(model);
    o2c__memories_free(&model->context.memory, model->learned);
    model->learned = NULL;
    o2c__prior_free(model);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books of the next day follow what people cleared, and nothing that we answer today: where the host lends threads, one of them makes
 * the next day's pool while the others solve the payments of this day with the pool that stands. Nothing of today's answers can see it.
 */
#include "match/backtest.h"

/* The host's executor with one job more: the first run has it in front. */
struct beside {
    struct o2c__replay *replay;
    o2c_match_executor lent;
    int32_t day;
    bool begun, done;
    o2c_status status;
    o2c_error err;
    void (*job)(void *arg, uint64_t index);
    void *arg;
};

/* The books, and the number ranges where they are due: the model they go into is learned later. */
static o2c_status
make_ready(struct o2c__replay *replay, int32_t day, o2c_error *err)
{
    o2c_match_model *blank = NULL;
    o2c_status status = o2c__replay_books(replay, day, err);
    if (status || !o2c__replay_measure_due(replay, day))
        return status;
    const o2c_match_pool *pool = replay->books[(replay->at + 1) % replay->books_count].pool;
    status = o2c_match_model_new(replay->env, &blank, err);
    if (!status)
        status = o2c_match_model_measure(blank, pool, &replay->measured, err);
    o2c_match_model_free(blank);
    return status;
}

static void
make_job(struct beside *beside)
{
    beside->status = make_ready(beside->replay, beside->day, &beside->err);
    beside->done = true;
}

static void
either(void *arg, uint64_t index)
{
    struct beside *beside = arg;
    if (index == 0)
        make_job(beside);
    else
        beside->job(beside->arg, index - 1);
}

static void
run(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    struct beside *beside = self;
    if (beside->begun) {
        beside->lent.run(beside->lent.self, count, job, arg);
        return;
    }
    beside->begun = true;
    beside->job = job;
    beside->arg = arg;
    beside->lent.run(beside->lent.self, count + 1, either, beside);
}

/* A day of few payments is solved without threads. */
static o2c_status
finish(struct beside *beside, o2c_error *err)
{
    if (!beside->begun)
        make_job(beside);
    if (!beside->done)
        return o2c__fail(err, O2C_E_MISUSE, "executor.run", "the executor came back before every job was run");
    beside->replay->ahead = true;
    if (beside->status && err)
        *err = beside->err;
    return beside->status;
}

o2c_status
o2c__replay_solve(struct o2c__replay *replay, o2c_match_request *request, int32_t next_day, o2c_match_solution **out_solution,
                  o2c_error *err)
{
    struct beside beside = { .replay = replay, .day = next_day };
    o2c_match_executor both = { .struct_size = sizeof both, .self = &beside, .run = run };
    o2c_status status = O2C_OK;
    if (request->executor && next_day)
        status = o2c__options_read(request->executor, &beside.lent, sizeof beside.lent, sizeof beside.lent, "executor", err);
    bool ahead = !status && beside.lent.run && !beside.lent.reserved; /* else the solve says what is wrong with it */
    if (ahead)
        request->executor = &both;
    if (!status)
        status = o2c_match_solve(replay->env, replay->pool, replay->model, request, out_solution, err);
    return status || !ahead ? status : finish(&beside, err);
}

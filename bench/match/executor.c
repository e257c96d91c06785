/* SPDX-License-Identifier: Apache-2.0 */
#include "executor.h"

#include <string.h>
#include <time.h>

uint64_t
executor_cpu_ns(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (uint64_t)spent.tv_sec * 1000000000u + (uint64_t)spent.tv_nsec;
}

/* Hands out jobs one by one until none is left; answers the processor time they took. */
static uint64_t
work(struct executor *executor)
{
    uint64_t index, start = executor_cpu_ns();
    while ((index = __atomic_fetch_add(&executor->next, 1, __ATOMIC_RELAXED)) < executor->jobs)
        executor->job(executor->arg, index);
    return executor_cpu_ns() - start;
}

static void
note(struct executor *executor, uint64_t spent)
{
    executor->longest_here = spent > executor->longest_here ? spent : executor->longest_here;
}

static void *
thread(void *arg)
{
    struct executor *executor = arg;
    uint64_t seen = 0;
    pthread_mutex_lock(&executor->lock);
    for (;;) {
        while (executor->run == seen && !executor->end)
            pthread_cond_wait(&executor->work, &executor->lock);
        if (executor->end)
            break;
        seen = executor->run;
        pthread_mutex_unlock(&executor->lock);
        uint64_t spent = work(executor);
        pthread_mutex_lock(&executor->lock);
        note(executor, spent);
        if (--executor->busy == 0)
            pthread_cond_signal(&executor->idle);
    }
    pthread_mutex_unlock(&executor->lock);
    return NULL;
}

static void
run(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    struct executor *executor = self;
    pthread_mutex_lock(&executor->lock);
    executor->job = job;
    executor->arg = arg;
    executor->jobs = count;
    executor->next = 0;
    executor->busy = executor->count;
    executor->run++;
    pthread_cond_broadcast(&executor->work);
    pthread_mutex_unlock(&executor->lock);
    uint64_t spent = work(executor);
    pthread_mutex_lock(&executor->lock);
    note(executor, spent);
    while (executor->busy)
        pthread_cond_wait(&executor->idle, &executor->lock);
    executor->own_ns += spent;
    executor->longest_ns += executor->longest_here;
    executor->longest_here = 0;
    pthread_mutex_unlock(&executor->lock);
}

int
executor_open(struct executor *executor, unsigned threads)
{
    memset(executor, 0, sizeof *executor);
    if (threads == 0 || threads > EXECUTOR_MAX)
        return -1;
    executor->lent = (o2c_match_executor){ .struct_size = sizeof executor->lent, .self = executor, .run = run };
    pthread_mutex_init(&executor->lock, NULL);
    pthread_cond_init(&executor->work, NULL);
    pthread_cond_init(&executor->idle, NULL);
    for (; executor->count + 1 < threads; executor->count++) {
        if (pthread_create(&executor->threads[executor->count], NULL, thread, executor) != 0) {
            executor_close(executor);
            return -1;
        }
    }
    return 0;
}

void
executor_close(struct executor *executor)
{
    pthread_mutex_lock(&executor->lock);
    executor->end = 1;
    pthread_cond_broadcast(&executor->work);
    pthread_mutex_unlock(&executor->lock);
    for (unsigned i = 0; i < executor->count; i++)
        pthread_join(executor->threads[i], NULL);
    pthread_cond_destroy(&executor->idle);
    pthread_cond_destroy(&executor->work);
    pthread_mutex_destroy(&executor->lock);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "threads.h"

#include <string.h>

/* With the lock held: takes jobs one by one until none is left. A job is a range of payments, so that nobody waits long for the lock. */
static void
take_jobs(struct threads *threads)
{
    while (threads->next < threads->jobs) {
        uint64_t index = threads->next++;
        pthread_mutex_unlock(&threads->lock);
        threads->job(threads->arg, index);
        pthread_mutex_lock(&threads->lock);
    }
}

static void *
serve(void *self)
{
    struct threads *threads = self;
    uint64_t seen = 0;
    pthread_mutex_lock(&threads->lock);
    while (!threads->end) {
        if (threads->round == seen) {
            pthread_cond_wait(&threads->begin, &threads->lock);
            continue;
        }
        seen = threads->round;
        take_jobs(threads);
        if (--threads->busy == 0)
            pthread_cond_signal(&threads->done);
    }
    pthread_mutex_unlock(&threads->lock);
    return NULL;
}

static void
run(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    struct threads *threads = self;
    pthread_mutex_lock(&threads->lock);
    threads->job = job;
    threads->arg = arg;
    threads->next = 0;
    threads->jobs = count;
    threads->busy = threads->count;
    threads->round++;
    pthread_cond_broadcast(&threads->begin);
    take_jobs(threads);
    while (threads->busy)
        pthread_cond_wait(&threads->done, &threads->lock);
    pthread_mutex_unlock(&threads->lock);
}

const o2c_match_executor *
threads_open(struct threads *threads, uint32_t wanted)
{
    memset(threads, 0, sizeof *threads);
    if (wanted < 2)
        return NULL;
    threads->lent = (o2c_match_executor){ .struct_size = sizeof threads->lent, .self = threads, .run = run };
    pthread_mutex_init(&threads->lock, NULL);
    pthread_cond_init(&threads->begin, NULL);
    pthread_cond_init(&threads->done, NULL);
    while (threads->count + 1 < wanted && threads->count < THREADS_MAX &&
           pthread_create(&threads->rows[threads->count], NULL, serve, threads) == 0)
        threads->count++;
    return &threads->lent;
}

void
threads_close(struct threads *threads)
{
    if (!threads->lent.run)
        return;
    pthread_mutex_lock(&threads->lock);
    threads->end = true;
    pthread_cond_broadcast(&threads->begin);
    pthread_mutex_unlock(&threads->lock);
    for (uint32_t i = 0; i < threads->count; i++)
        pthread_join(threads->rows[i], NULL);
    pthread_cond_destroy(&threads->begin);
    pthread_cond_destroy(&threads->done);
    pthread_mutex_destroy(&threads->lock);
    memset(threads, 0, sizeof *threads);
}

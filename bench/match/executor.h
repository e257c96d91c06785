/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads to lend to a solve: as many as asked for, the calling one among them; they sleep between runs. What a caller would wait on a
 * machine of his own can be told on a busy one: time of the calling thread − own_ns + longest_ns.
 */
#ifndef O2C_BENCH_MATCH_EXECUTOR_H
#define O2C_BENCH_MATCH_EXECUTOR_H
#include <pthread.h>

#include <o2c/match.h>

#define EXECUTOR_MAX 64

struct executor {
    o2c_match_executor lent; /* hand its address to a request */
    pthread_t threads[EXECUTOR_MAX];
    unsigned count;          /* threads besides the calling one */
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    void (*job)(void *arg, uint64_t index);
    void *arg;
    uint64_t next, jobs;     /* jobs handed out, jobs of this run */
    uint64_t run;            /* number of the run: threads wake when it moves */
    unsigned busy;
    int end;
    /* processor time: of the calling thread inside runs; of whoever worked longest, run by run */
    uint64_t own_ns, longest_ns, longest_here;
};
/* Processor time of this thread. */
uint64_t executor_cpu_ns(void);
/* threads 1 … 64 altogether; 0 = done */
int executor_open(struct executor *executor, unsigned threads);
void executor_close(struct executor *executor);
#endif

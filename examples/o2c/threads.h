/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that the tool lends to the library; the calling one works along. They sleep between the days. */
#ifndef O2C_TOOL_THREADS_H
#define O2C_TOOL_THREADS_H
#include <pthread.h>

#include <o2c/match.h>
#include <stdbool.h>

enum { THREADS_MAX = 64 };

struct threads {
    o2c_match_executor lent;
    pthread_t rows[THREADS_MAX];
    uint32_t count;     /* besides the calling one */
    pthread_mutex_t lock;
    pthread_cond_t begin, done;
    void (*job)(void *arg, uint64_t index);
    void *arg;
    uint64_t next, jobs; /* handed out; of this round */
    uint64_t round;     /* moves when there is work */
    uint32_t busy;      /* threads that have not come back from this round */
    bool end;
};
/* As many as the system gives, at most wanted: the answers are the same bytes. NULL = the calling thread alone. */
const o2c_match_executor *threads_open(struct threads *threads, uint32_t wanted);
void threads_close(struct threads *threads);
#endif

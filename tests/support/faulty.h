/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator that fails on demand, and the sweep that fails every allocation of a scenario, one after the other.
 *
 * A scenario is one piece of work with a visible result: it makes what it needs with the env it gets, works, frees all of it,
 * and answers the status of the work and a digest of everything a user could see of the result (faulty_digest helps).
 *
 *     static struct faulty_result
 *     read_one_file(const o2c_env *env, void *self)
 *     {
 *         const struct sample *sample = self;
 *         struct faulty_result result = { 0, 0 };
 *         o2c_batch *batch = NULL;
 *         result.status = o2c_…_read(env, sample->bytes, …, &batch, NULL);
 *         if (result.status == O2C_OK)
 *             result.digest = faulty_digest(0, rows, count * sizeof *rows);
 *         o2c_…_free(batch);
 *         return result;
 *     }
 *     static void
 *     read__every_allocation_may_fail(void)
 *     {
 *         faulty_sweep("read", read_one_file, &sample);
 *     }
 *
 * The sweep runs it once without a fault: N allocations (resizes count), result R. Then for every i < N, failing the i-th once, and
 * failing all from the i-th on; then with allocations that fail at random. After each run it demands
 *   - O2C_E_NOMEM, or exactly R: never another status, never another digest (a silent change);
 *   - every block released, with the size it was asked for, its red zones untouched;
 * and at the end a run without a fault that gives R again. New blocks are filled with a byte that changes from run to run and
 * freed ones are overwritten, so a result that hangs on uninitialized or dead memory shows as another digest. A resize always
 * moves. A fault of the test is reported as a failed CUnit assertion that names the point, so rerun that one with faulty_open().
 *
 * When the allocations of libxml2 shall fail too, use faulty_xml_sweep() of faulty_xml.h.
 */
#ifndef O2C_TEST_FAULTY_H
#define O2C_TEST_FAULTY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <o2c/base.h>

enum {
    FAULTY_NEVER = 0,  /* counts only */
    FAULTY_ONCE = 1,   /* allocation number `at` (from 0) fails, the others do not */
    FAULTY_FOREVER = 2,/* allocation number `at` and all after it fail */
    FAULTY_RANDOM = 3, /* one in 32 fails, chosen by the seed `at` */
};

struct faulty_block;
struct faulty {
    o2c_allocator allocator; /* env.allocator = &faulty.allocator */
    int mode;
    uint64_t at;
    uint64_t count;          /* allocations and resizes asked for so far */
    uint64_t failed;         /* of these, refused */
    uint64_t live, live_bytes, peak_bytes;
    unsigned char fill;      /* what new blocks are filled with */
    struct faulty_block *blocks;
    char complaint[200];     /* the first broken rule, or empty */
};
void faulty_open(struct faulty *faulty, int mode, uint64_t at);
/* Frees what leaked and answers the number of leaked blocks; a leak is also a complaint. */
uint64_t faulty_close(struct faulty *faulty);

/* For allocators without a self or without sizes on release (libxml2, zlib): blocks know their owner and their size. */
void *faulty_alloc(struct faulty *faulty, size_t size);
void *faulty_resize(void *block, size_t size);
void faulty_release(void *block);

struct faulty_result {
    o2c_status status;
    uint64_t digest;
};
typedef struct faulty_result (*faulty_scenario)(const o2c_env *env, void *self);

struct faulty_plan {
    const char *name;
    faulty_scenario scenario;
    void *self;
    const o2c_env *env;              /* NULL, or what the scenario's env shall have besides the allocator */
    uint64_t points_max;             /* 0 = all; else the first half of them and the rest evenly spread over N */
    void (*aim)(struct faulty *at);  /* NULL, or called around each run with the allocator and then with NULL */
};
struct faulty_report {
    uint64_t points, runs, refused; /* N, runs made, runs that answered O2C_E_NOMEM */
    char complaint[300];            /* the first, or empty */
};
/* Runs the plan and reports, asserts nothing. */
void faulty_try(const struct faulty_plan *plan, struct faulty_report *report);
/* Runs the plan; the report's complaint is a failed assertion. */
void faulty_sweep_plan(const struct faulty_plan *plan);
void faulty_sweep(const char *name, faulty_scenario scenario, void *self);

/* FNV-1a over more bytes: start with 0, feed every result. Feed values and texts, never pointers or padding. */
uint64_t faulty_digest(uint64_t digest, const void *bytes, size_t len);
uint64_t faulty_digest_str(uint64_t digest, o2c_str text);
uint64_t faulty_digest_u64(uint64_t digest, uint64_t value);
#endif

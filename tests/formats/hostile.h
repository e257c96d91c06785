/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files made to hurt a reader, written piece by piece, never held whole: for test_hostile.c and for the milliseconds in
 * bench/formats. Each must be refused after at most 1 MiB of input and with at most 16 MiB of memory.
 */
#ifndef O2C_TEST_HOSTILE_H
#define O2C_TEST_HOSTILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <o2c/base.h>

struct hostile {
    const char *name;
    const char *head;
    const char *unit;   /* repeated count times; '#' stands for the number of the repetition */
    uint64_t count;
    const char *tail;
    bool zeros;         /* unit is 64 KiB of NUL instead, compressed */
    o2c_status status;
    const char *field;
};
extern const struct hostile hostile_files[];
extern const size_t hostile_count;

struct hostile_cost {
    uint64_t pushed;      /* bytes given until it was refused */
    uint64_t nanoseconds; /* processor time of the reader alone: writing the file is not its work */
};
/* Pushes a hostile file until it is refused. */
o2c_status hostile_push(const struct hostile *file, const o2c_env *env, struct hostile_cost *out_cost, o2c_error *err);

#endif

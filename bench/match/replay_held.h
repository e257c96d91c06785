/* SPDX-License-Identifier: Apache-2.0 */
/* Why identifiable payments did not post themselves. */
#ifndef O2C_BENCH_MATCH_REPLAY_HELD_H
#define O2C_BENCH_MATCH_REPLAY_HELD_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <o2c/o2c.h>

#define HELD_ROWS 2048u
enum { HELD_NO_LINES = 1, HELD_WRONG, HELD_GATE, HELD_POSTERIOR, HELD_CLASS_ERROR, HELD_NOT_RELEASED, HELD_OTHER, HELD_WHYS };

struct held_row {
    int32_t scenario, why;
    uint32_t detail; /* GATE: the gates; NO_LINES: the kind of the proposal; else the class of the weakest line */
    uint64_t payments;
};
struct held {
    struct held_row rows[HELD_ROWS];
    uint32_t count;
    uint64_t unlisted; /* payments beyond the room */
};
/* What the host has released, and its bar. */
struct held_host {
    const uint32_t *released;
    uint64_t released_count;
    uint32_t bar_ppm;
};
/* One identifiable payment that is not automatic; right: the lines proposed are the true ones. lines: those of the proposal. */
void held_add(struct held *held, const struct held_host *host, int32_t scenario, const o2c_proposal *proposal, const o2c_line *lines, bool right);
/* ,"held":[…],"held_unlisted":n — members of the object of the benchmark. */
void held_write(const struct held *held, FILE *out);
#endif

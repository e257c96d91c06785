/* SPDX-License-Identifier: Apache-2.0 */
/* A camt.053.001.08 of any size, the same bytes for the same seed: one statement that ties, about 920 bytes an entry. */
#ifndef O2C_BENCH_CAMT_MAKE_H
#define O2C_BENCH_CAMT_MAKE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct camt_make {
    uint64_t seed, wanted; /* bytes to make at least */
    /* what it made */
    uint64_t bytes, entries;
    int64_t credit, debit; /* minor units */
    /* where it goes: false stops */
    bool (*sink)(void *self, const char *bytes, size_t size);
    void *self;
    char buffer[65536 + 4096];
    size_t fill;
};
/* The closing balance stands before the entries, so a first round without sink finds it. */
bool camt_make(struct camt_make *make);

#endif

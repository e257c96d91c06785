/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ledger and the payments on it, from one seed: integers only, so that every machine makes the same bytes. Pools are as large as
 * those at payment in a real 50,000-invoice ledger (p10 1, p50 7, p90 41, p99 326, most 457); numbers are of three kinds; texts have
 * 140 bytes with one to six of our numbers and words, dates, amounts and customer numbers between them.
 */
#ifndef O2C_BENCH_MATCH_GENERATE_H
#define O2C_BENCH_MATCH_GENERATE_H
#include <o2c/o2c.h>

#define SET_MAX 6

struct random {
    uint64_t state[4];
};
void random_seed(struct random *random, uint64_t seed); /* splitmix64 */
uint64_t random_next(struct random *random);            /* xoshiro256** */
uint32_t random_below(struct random *random, uint32_t n);

struct customer {
    uint32_t first, count; /* items */
};
struct truth {
    uint32_t items[SET_MAX];
    uint32_t count;
};
struct ledger {
    uint64_t seed;
    struct random random;
    o2c_heap *heap;
    o2c_open_item *items;
    uint32_t items_count;
    struct customer *customers;
    uint32_t customers_count;
    o2c_account *accounts;
    o2c_bank_account *bank_accounts;
    uint32_t *used;           /* chunk in which an item was paid last */
    uint32_t chunk;
    int plain;                /* 1: texts are numbers as printed and nothing else; set before ledger_make */
};
void ledger_make(struct ledger *ledger, uint64_t seed, uint32_t items);
void ledger_free(struct ledger *ledger);

/* Payments of one chunk; each item is paid at most once in a chunk. */
struct day {
    o2c_heap *heap;
    o2c_payment *payments;
    o2c_text *texts;
    struct truth *truth;
    uint32_t count;
};
void day_make(struct ledger *ledger, struct day *day, uint32_t count);
void day_free(struct day *day);
#endif

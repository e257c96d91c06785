/* SPDX-License-Identifier: Apache-2.0 */
/* From the key of a row to its number. Keys are borrowed; open addressing, at most half full. */
#ifndef O2C_BENCH_MATCH_KEYS_H
#define O2C_BENCH_MATCH_KEYS_H
#include <stdint.h>

#include <o2c/base.h>

#define KEYS_NONE UINT32_MAX

struct keys {
    uint32_t *slots; /* row + 1; 0 = free */
    uint64_t room;
    const char *heap;
    const o2c_ref *first; /* key of row 0; the next one stands stride bytes further */
    uint64_t stride;
};
/* Rows first … count, each with its key at the same place. 0, or −1: no memory, or a key that stands twice (its row in *out_twice). */
int keys_make(struct keys *keys, const o2c_ref *first, uint64_t stride, uint64_t count, const char *heap, uint64_t *out_twice);
uint32_t keys_find(const struct keys *keys, o2c_str key);
void keys_free(struct keys *keys);
/* 64 bits that depend on all bytes; for tables and twins, not against an enemy. */
uint64_t keys_hash(uint64_t seed, const void *bytes, uint64_t len);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

static uint64_t
fold(uint64_t a, uint64_t b)
{
    wide product = (wide)(a ^ UINT64_C(0x9E3779B97F4A7C15)) * (b ^ UINT64_C(0xD6E8FEB86659FD93));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t
keys_hash(uint64_t seed, const void *bytes, uint64_t len)
{
    const unsigned char *at = bytes;
    uint64_t hash = fold(seed, len);
    for (; len >= 8; at += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = fold(hash, word);
    }
    uint64_t word = 0;
    if (len)
        memcpy(&word, at, len);
    return fold(hash, word);
}

static o2c_str
key_of(const struct keys *keys, uint64_t row)
{
    const o2c_ref *ref = (const o2c_ref *)(const void *)((const char *)keys->first + row * keys->stride);
    return (o2c_str){ keys->heap + ref->at, ref->len };
}

/* The slot where the key stands, or would. */
static uint64_t
slot_of(const struct keys *keys, o2c_str key)
{
    uint64_t at = keys_hash(1, key.ptr, key.len) & (keys->room - 1);
    for (; keys->slots[at]; at = (at + 1) & (keys->room - 1)) {
        o2c_str other = key_of(keys, keys->slots[at] - 1);
        if (other.len == key.len && memcmp(other.ptr, key.ptr, key.len) == 0)
            break;
    }
    return at;
}

int
keys_make(struct keys *keys, const o2c_ref *first, uint64_t stride, uint64_t count, const char *heap, uint64_t *out_twice)
{
    *keys = (struct keys){ .room = 16, .heap = heap, .first = first, .stride = stride };
    while (keys->room < 2 * count)
        keys->room *= 2;
    keys->slots = calloc(keys->room, sizeof *keys->slots);
    if (!keys->slots)
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = slot_of(keys, key_of(keys, i));
        if (keys->slots[at]) {
            if (out_twice)
                *out_twice = i;
            return -1;
        }
        keys->slots[at] = (uint32_t)i + 1;
    }
    return 0;
}

uint32_t
keys_find(const struct keys *keys, o2c_str key)
{
    return keys->slots ? keys->slots[slot_of(keys, key)] - 1 : KEYS_NONE;
}

void
keys_free(struct keys *keys)
{
    free(keys->slots);
    *keys = (struct keys){ 0 };
}

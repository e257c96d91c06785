/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map from byte strings to numbers: open addressing, linear probing, at most three quarters full. Keys come from files
 * that an attacker may write, hence SipHash with the key of the handle; nobody may iterate, so order cannot leak out.
 */
#include "base/base.h"

#define ROOM_FIRST 16u
#define ROOM_MAX (UINT32_C(1) << 31)

struct o2c__map_slot {
    const char *ptr; /* NULL = free; the empty key points at "" */
    size_t len;
    uint32_t hash, value;
};

void
o2c__map_init(o2c__map *map, o2c__memory *memory, const uint64_t key[2])
{
    memset(map, 0, sizeof *map);
    map->memory = memory;
    map->key[0] = key[0];
    map->key[1] = key[1];
}

static uint32_t
hash_of(const o2c__map *map, o2c_str key)
{
    uint64_t hash = o2c__siphash13(map->key, key.ptr, key.len);
    return (uint32_t)(hash ^ (hash >> 32));
}

/* The slot that holds the key, or the free one where it belongs. There is always a free one: a quarter of them. */
static struct o2c__map_slot *
probe(const o2c__map *map, o2c_str key, uint32_t hash)
{
    uint32_t mask = map->room - 1, at = hash & mask;
    for (;;) {
        struct o2c__map_slot *slot = &map->slots[at];
        if (!slot->ptr || (slot->hash == hash && o2c__str_equal((o2c_str){ slot->ptr, slot->len }, key)))
            return slot;
        at = (at + 1) & mask;
    }
}

static bool
grow(o2c__map *map)
{
    if (map->room >= ROOM_MAX)
        return false;
    o2c__map wider = *map;
    wider.room = map->room ? map->room * 2 : ROOM_FIRST;
    wider.slots = o2c__alloc_zero(map->memory, wider.room, sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (uint32_t i = 0; i < map->room; i++) {
        const struct o2c__map_slot *old = &map->slots[i];
        if (old->ptr)
            *probe(&wider, (o2c_str){ old->ptr, old->len }, old->hash) = *old;
    }
    o2c__release(map->memory, map->slots, (size_t)map->room * sizeof *map->slots);
    *map = wider;
    return true;
}

/* The slot of the key, taken if it was free; NULL = no memory. */
static struct o2c__map_slot *
claim(o2c__map *map, o2c_str key, uint32_t value)
{
    uint32_t hash = hash_of(map, key);
    struct o2c__map_slot *slot = map->room ? probe(map, key, hash) : NULL;
    if (slot && slot->ptr)
        return slot;
    if (map->count >= map->room / 4 * 3) {
        if (!grow(map))
            return NULL;
        slot = probe(map, key, hash);
    }
    *slot = (struct o2c__map_slot){ key.len ? key.ptr : "", key.len, hash, value };
    map->count++;
    return slot;
}

uint32_t
o2c__map_get(const o2c__map *map, o2c_str key)
{
    if (map->count == 0)
        return O2C__MAP_NONE;
    const struct o2c__map_slot *slot = probe(map, key, hash_of(map, key));
    return slot->ptr ? slot->value : O2C__MAP_NONE;
}

bool
o2c__map_put(o2c__map *map, o2c_str key, uint32_t value, uint32_t *out_value)
{
    const struct o2c__map_slot *slot = claim(map, key, value);
    if (!slot)
        return false;
    if (out_value)
        *out_value = slot->value;
    return true;
}

bool
o2c__map_set(o2c__map *map, o2c_str key, uint32_t value)
{
    struct o2c__map_slot *slot = claim(map, key, value);
    if (!slot)
        return false;
    slot->value = value;
    return true;
}

void
o2c__map_free(o2c__map *map)
{
    o2c__release(map->memory, map->slots, (size_t)map->room * sizeof *map->slots);
    map->slots = NULL;
    map->room = 0;
    map->count = 0;
}

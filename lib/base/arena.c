/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that live as long as one answer: a pointer moves forward, and everything is freed together. */
#include "base/base.h"

#define ALIGN O2C__ARENA_ALIGN
#define HEADER O2C__ARENA_HEADER
#define BLOCK_SIZE ((size_t)64 * 1024)

void
o2c__arena_init(o2c__arena *arena, o2c__memory *memory, size_t block_size)
{
    memset(arena, 0, sizeof *arena);
    arena->memory = memory;
    arena->block_size = block_size > 2 * HEADER ? block_size : block_size ? 2 * HEADER : BLOCK_SIZE;
}

static o2c__arena_block *
add_block(o2c__arena *arena, size_t need)
{
    size_t size = arena->block_size - HEADER;
    if (size < need)
        size = need;
    if (size > SIZE_MAX - HEADER)
        return NULL;
    o2c__arena_block *block = o2c__alloc(arena->memory, HEADER + size);
    if (!block)
        return NULL;
    block->size = size;
    block->next = arena->now ? arena->now->next : NULL;
    if (arena->now)
        arena->now->next = block;
    else
        arena->first = block;
    return block;
}

/* Moves to a block with room: one kept by a reset when the next of them is large enough, else a new one before it. */
static bool
advance(o2c__arena *arena, size_t need)
{
    o2c__arena_block *next = arena->now ? arena->now->next : arena->first;
    if (!next || next->size < need)
        next = add_block(arena, need);
    if (!next)
        return false;
    arena->now = next;
    arena->used = 0;
    return true;
}

void *
o2c__arena_more(o2c__arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGN)
        return NULL;
    size_t need = size ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    if ((!arena->now || arena->now->size - arena->used < need) && !advance(arena, need))
        return NULL;
    void *at = (char *)arena->now + HEADER + arena->used;
    arena->used += need;
    return at;
}

char *
o2c__arena_copy(o2c__arena *arena, const char *bytes, size_t len)
{
    if (len == SIZE_MAX)
        return NULL;
    char *copy = o2c__arena_alloc(arena, len + 1);
    if (!copy)
        return NULL;
    if (len > 0)
        memcpy(copy, bytes, len);
    copy[len] = 0;
    return copy;
}

void
o2c__arena_reset(o2c__arena *arena)
{
    arena->now = arena->first;
    arena->used = 0;
}

void
o2c__arena_free(o2c__arena *arena)
{
    for (o2c__arena_block *block = arena->first; block;) {
        o2c__arena_block *next = block->next;
        o2c__release(arena->memory, block, HEADER + block->size);
        block = next;
    }
    arena->first = NULL;
    arena->now = NULL;
    arena->used = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room base (floor 0): memory, strings, vectors, maps, checked arithmetic, hashes, little-endian bytes, error filling.
 * Owns: nothing.  Reads: the env.  Never: knows a business word; calls malloc outside memory.c.
 */
#ifndef O2C__BASE_H
#define O2C__BASE_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <o2c/base.h>
#include <o2c/status.h>

#define O2C__LIKELY(x) __builtin_expect(!!(x), 1)
#define O2C__UNLIKELY(x) __builtin_expect(!!(x), 0)
/*
 * Asks memory for what will be read soon, or written. A function that does no more than that has no effect a compiler need keep, and gcc
 * drops the calls of it: the empty statement is one that nobody may drop.
 */
static inline void
o2c__ask(const void *at)
{
    __builtin_prefetch(at);
    __asm__ volatile("");
}
/* The same for a row that may begin in one cache line and end in the next. */
static inline void
o2c__ask_row(const void *at, size_t size)
{
    o2c__ask(at);
    o2c__ask((const char *)at + size - 1);
}
static inline void
o2c__ask_to_write(const void *at)
{
    __builtin_prefetch(at, 1);
    __asm__ volatile("");
}
#define O2C__COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- options structs: the struct_size rule of <o2c/base.h> (options.c) */
/* Copies the caller's options of any size over zeroes. known = sizeof our struct, first = its size at first release.
 * Answers O2C_OK or O2C_E_ABI (err filled, field = name). given may be NULL: all defaults. */
o2c_status o2c__options_read(const void *given, void *out, size_t known, size_t first, const char *name, o2c_error *err);

/* Fills an options struct of the caller: at most the struct_size it finds there, never less than first = its size at first release. */
void o2c__options_write(void *out, const void *ours, size_t known, size_t first);

/* ---- errors (error.c). Every function answers the status it was given, so that callers can write: return o2c__fail(…); */
o2c_status o2c__fail(o2c_error *err, o2c_status status, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
o2c_status o2c__fail_at(o2c_error *err, o2c_status status, const char *field, uint64_t offset, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
o2c_status o2c__fail_row(o2c_error *err, o2c_status status, const char *field, uint64_t row, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* ---- memory (memory.c): one accountant per handle or call; counts bytes against limits.alloc_bytes_max */
typedef struct o2c__memory {
    o2c_allocator allocator; /* resolved: never NULL callbacks */
    uint64_t used, used_max; /* bytes now, ceiling (UINT64_MAX = none) */
} o2c__memory;
/* The env with every default filled in; a handle keeps its own copy. */
typedef struct o2c__context {
    o2c__memory memory;
    o2c_limits limits; /* every field set */
    void *cancel_self;
    int32_t (*cancel)(void *self);
    uint64_t key[2]; /* hash key of this handle */
} o2c__context;
/* Reads env (may be NULL) by the struct_size rule. ceiling = default of alloc_bytes_max for this kind of call, UINT64_MAX = none. */
o2c_status o2c__context_init(o2c__context *context, const o2c_env *env, uint64_t ceiling, o2c_error *err);
/* 1 when the host asked to stop. */
bool o2c__canceled(const o2c__context *context);

void *o2c__alloc(o2c__memory *memory, size_t size);                     /* NULL on failure; size 0 gives NULL */
void *o2c__alloc_array(o2c__memory *memory, size_t count, size_t size); /* overflow-checked, not zeroed */
void *o2c__alloc_zero(o2c__memory *memory, size_t count, size_t size);  /* overflow-checked, zeroed */
/* block NULL = alloc; on failure NULL, and the block stays valid */
void *o2c__resize(o2c__memory *memory, void *block, size_t old_size, size_t size);
void o2c__release(o2c__memory *memory, void *block, size_t size); /* NULL is harmless */

/* ---- arena (arena.c): blocks that live as long as one answer; freed together */
typedef struct o2c__arena_block o2c__arena_block;
struct o2c__arena_block {
    o2c__arena_block *next;
    size_t size; /* bytes behind the header */
};
#define O2C__ARENA_ALIGN ((size_t)16)
/* The header is padded, so that what stands behind it keeps the alignment of the block. */
#define O2C__ARENA_HEADER ((sizeof(o2c__arena_block) + O2C__ARENA_ALIGN - 1) / O2C__ARENA_ALIGN * O2C__ARENA_ALIGN)
typedef struct o2c__arena {
    o2c__memory *memory;
    o2c__arena_block *first, *now;
    size_t used; /* in now */
    size_t block_size;
} o2c__arena;
void o2c__arena_init(o2c__arena *arena, o2c__memory *memory, size_t block_size); /* block_size 0 = 64 KiB */
void *o2c__arena_more(o2c__arena *arena, size_t size);
/* 16-byte aligned, not zeroed; NULL on failure. */
static inline void *
o2c__arena_alloc(o2c__arena *arena, size_t size)
{
    size_t left = arena->now ? arena->now->size - arena->used : 0;
    if (__builtin_expect(size - 1 >= left || left - size + 1 < O2C__ARENA_ALIGN, 0)) /* 0 bytes go the long way too */
        return o2c__arena_more(arena, size);
    char *at = (char *)arena->now + O2C__ARENA_HEADER + arena->used;
    arena->used += (size + O2C__ARENA_ALIGN - 1) / O2C__ARENA_ALIGN * O2C__ARENA_ALIGN;
    return at;
}
char *o2c__arena_copy(o2c__arena *arena, const char *bytes, size_t len);         /* NUL-terminated copy */
void o2c__arena_reset(o2c__arena *arena);                                        /* keeps the blocks for reuse */
void o2c__arena_free(o2c__arena *arena);

/* ---- vector (vector.c): a typed growing array; {0} + memory is empty. Growth is amortized O(1). */
typedef struct o2c__vector {
    void *rows;
    size_t count, room;
    size_t size; /* bytes of a row */
    o2c__memory *memory;
} o2c__vector;
void o2c__vector_init(o2c__vector *vector, o2c__memory *memory, size_t row_size);
bool o2c__vector_grow(o2c__vector *vector, size_t more);    /* room for more rows behind count; false = no memory */
static inline bool
o2c__vector_reserve(o2c__vector *vector, size_t more)       /* the same where room is the rule */
{
    return vector->room - vector->count >= more || o2c__vector_grow(vector, more);
}
void *o2c__vector_add(o2c__vector *vector);                 /* one more row, zeroed; NULL on failure */
void *o2c__vector_add_many(o2c__vector *vector, size_t n);  /* n more rows, not zeroed; NULL on failure */
void o2c__vector_free(o2c__vector *vector);
#define O2C__AT(vector, type, i) (((type *)(vector)->rows)[i])

/* ---- heap of strings behind o2c_ref (heap.c) */
struct o2c_heap {
    o2c__context context;
    o2c__vector bytes; /* rows of 1 byte; the first byte is a NUL, so that {0,0} points at an empty string */
};
typedef struct o2c__text_heap {
    o2c__vector bytes;
} o2c__text_heap;
void o2c__text_heap_init(o2c__text_heap *heap, o2c__memory *memory);
/* false: no memory, or the heap would pass 4 GiB - 1 */
bool o2c__text_heap_add(o2c__text_heap *heap, const char *bytes, size_t len, o2c_ref *out_ref);
static inline o2c_str
o2c__text_heap_str(const o2c__text_heap *heap)
{
    return heap->bytes.rows ? (o2c_str){ heap->bytes.rows, heap->bytes.count } : (o2c_str){ "", 0 };
}
void o2c__text_heap_free(o2c__text_heap *heap);

/* A ref resolved against its heap; the empty string when it points outside (callers validate refs first with o2c__ref_inside). */
static inline o2c_str
o2c__ref_str(o2c_ref ref, o2c_str heap)
{
    if (ref.len == 0 || (size_t)ref.at + ref.len > heap.len)
        return (o2c_str){ "", 0 };
    return (o2c_str){ heap.ptr + ref.at, ref.len };
}
static inline bool
o2c__ref_inside(o2c_ref ref, o2c_str heap)
{
    return ref.len == 0 || (size_t)ref.at + ref.len <= heap.len;
}
static inline o2c_str
o2c__str(const char *text)
{
    return (o2c_str){ text, strlen(text) };
}
static inline bool
o2c__str_equal(o2c_str a, o2c_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
/* Order by bytes, shorter first among equals: the order of keys everywhere. */
int o2c__str_compare(o2c_str a, o2c_str b);

/* ---- blob (blob.c) */
o2c_status o2c__blob_new(const o2c_env *env, const void *bytes, size_t len, o2c_blob **out_blob, o2c_error *err);

/* ---- map from byte strings to uint32 (map.c): SipHash-1-3 keyed by the handle, open addressing; keys are borrowed */
typedef struct o2c__map {
    struct o2c__map_slot *slots;
    uint32_t room, count; /* room = power of two, or 0 */
    uint64_t key[2];
    o2c__memory *memory;
} o2c__map;
#define O2C__MAP_NONE UINT32_MAX
void o2c__map_init(o2c__map *map, o2c__memory *memory, const uint64_t key[2]);
uint32_t o2c__map_get(const o2c__map *map, o2c_str key);                  /* value, or O2C__MAP_NONE */
/* Inserts or finds. *out_value: the value that now stands (the old one if the key was there). false = no memory. */
bool o2c__map_put(o2c__map *map, o2c_str key, uint32_t value, uint32_t *out_value);
bool o2c__map_set(o2c__map *map, o2c_str key, uint32_t value);            /* inserts or replaces; false = no memory */
void o2c__map_free(o2c__map *map);

/* ---- hashes (siphash.c, sha256.c) */
uint64_t o2c__siphash24(const uint64_t key[2], const void *bytes, size_t len);
uint64_t o2c__siphash13(const uint64_t key[2], const void *bytes, size_t len);
/* The 128-bit product of two words, from four products of half words: where the compiler has no wide integer. */
static inline void
o2c__multiply_wide(uint64_t a, uint64_t b, uint64_t *high, uint64_t *low)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (uint32_t)middle;
    *high = a1 * b1 + (middle >> 32) + (other >> 32);
    *low = other << 32 | (uint32_t)(a0 * b0);
}
static inline uint64_t
o2c__mix_portable(uint64_t a, uint64_t b)
{
    uint64_t high, low;
    o2c__multiply_wide(a ^ UINT64_C(0x9E3779B97F4A7C15), b ^ UINT64_C(0xD6E8FEB86659FD93), &high, &low);
    return low ^ high;
}
/* One 64-bit multiply-and-fold: for tokens that are verified after the hit; never where an attacker could aim. */
#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 o2c__u128;
static inline uint64_t
o2c__mix(uint64_t a, uint64_t b)
{
    o2c__u128 wide = (o2c__u128)(a ^ UINT64_C(0x9E3779B97F4A7C15)) * (b ^ UINT64_C(0xD6E8FEB86659FD93));
    return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}
#else
#define o2c__mix o2c__mix_portable
#endif
typedef struct o2c__sha256 {
    uint32_t state[8];
    uint64_t count;
    uint8_t block[64];
} o2c__sha256;
void o2c__sha256_init(o2c__sha256 *sha);
void o2c__sha256_add(o2c__sha256 *sha, const void *bytes, size_t len);
void o2c__sha256_end(o2c__sha256 *sha, uint8_t out[32]);

/* ---- checked arithmetic (inline and wide.c): answers false on overflow and leaves *out */
static inline bool
o2c__add(int64_t a, int64_t b, int64_t *out)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}
static inline bool
o2c__subtract(int64_t a, int64_t b, int64_t *out)
{
    int64_t rest;
    if (__builtin_sub_overflow(a, b, &rest))
        return false;
    *out = rest;
    return true;
}
static inline bool
o2c__multiply(int64_t a, int64_t b, int64_t *out)
{
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *out = product;
    return true;
}
/* a·b ÷ c, rounded half away from zero, product in 128 bit; false when c = 0 or the result does not fit. */
bool o2c__muldiv(int64_t a, int64_t b, int64_t c, int64_t *out);
/* The same by two 64-bit words: the portable twin, compiled and tested everywhere. */
bool o2c__muldiv_portable(int64_t a, int64_t b, int64_t c, int64_t *out);
/* floor(a·b ÷ c) of unsigned numbers; UINT64_MAX when it does not fit or c = 0. */
uint64_t o2c__muldiv_floor(uint64_t a, uint64_t b, uint64_t c);
uint64_t o2c__muldiv_floor_portable(uint64_t a, uint64_t b, uint64_t c);

/* ---- little-endian bytes (bytes.c) */
typedef struct o2c__writer {
    o2c__vector bytes;
    bool failed;
} o2c__writer;
void o2c__writer_init(o2c__writer *writer, o2c__memory *memory);
void o2c__write_u8(o2c__writer *writer, uint8_t value);
void o2c__write_u32(o2c__writer *writer, uint32_t value);
void o2c__write_u64(o2c__writer *writer, uint64_t value);
void o2c__write_str(o2c__writer *writer, o2c_str text); /* u32 length, then the bytes */
void o2c__writer_free(o2c__writer *writer);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The env with its defaults filled in, and every block of memory the library asks for. */
#if defined(__linux__)
#define _DEFAULT_SOURCE /* madvise, posix_memalign */
#include <sys/mman.h>
#endif
#include <errno.h>
#include <stdlib.h>

#include "base/base.h"

#define HUGE_PAGE ((uintptr_t)2 << 20)

/*
 * Large blocks are read where nobody can foretell: in huge pages a read seldom waits for page tables, and there are few first touches.
 * No more than a wish about whole huge pages inside the block: a system that has none ignores it, and errno stays what it was. A block
 * that begins with a huge page has no small pages in front, each of them a first touch of its own.
 */
#if defined(__linux__) && defined(MADV_HUGEPAGE)
static void *
alloc_large(size_t size)
{
    void *block = NULL;
    return posix_memalign(&block, HUGE_PAGE, size) == 0 ? block : NULL;
}
#else
static void *
alloc_large(size_t size)
{
    return malloc(size);
}
#endif

static void *
wish(void *block, size_t size)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    uintptr_t from = ((uintptr_t)block + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    uintptr_t end = ((uintptr_t)block + size) / HUGE_PAGE * HUGE_PAGE;
    int before = errno;
    if (block && from < end)
        (void)madvise((char *)block + (from - (uintptr_t)block), end - from, MADV_HUGEPAGE);
    errno = before;
#endif
    return block;
}

static void *
default_alloc(void *self, size_t size)
{
    (void)self;
    return size < 2 * HUGE_PAGE ? malloc(size) : wish(alloc_large(size), size);
}

static void *
default_resize(void *self, void *block, size_t old_size, size_t size)
{
    (void)self;
    (void)old_size;
    void *moved = realloc(block, size);
    return size < 2 * HUGE_PAGE ? moved : wish(moved, size);
}

static void
default_release(void *self, void *block, size_t size)
{
    (void)self;
    (void)size;
    free(block);
}

/* ---- limits: default and maximum of each, in the order of <o2c/base.h> */
struct limit {
    const char *name;
    size_t offset, width;
    uint64_t fallback, max;
};
#define LIMIT(name, fallback, max) { "limits." #name, offsetof(o2c_limits, name), sizeof(((o2c_limits *)0)->name), fallback, max }
static const struct limit limits[] = {
    LIMIT(depth_max, 64, 256),
    LIMIT(input_bytes_max, UINT64_C(1) << 30, UINT64_C(1) << 40),
    LIMIT(gz_input_bytes_max, UINT64_C(1) << 28, UINT64_C(1) << 38),
    LIMIT(inflate_ratio_max, 200, 1100),
    LIMIT(distinct_names_max, 1024, 4096),
    LIMIT(elements_max, 50000000, UINT64_C(1) << 40),
    LIMIT(attributes_max, 32, 64),
    LIMIT(tag_bytes_max, 16384, 65536),
    LIMIT(name_bytes_max, 128, 256),
    LIMIT(text_bytes_max, 65536, 1u << 20),
    LIMIT(comment_bytes_max, 65536, 65536),
    LIMIT(instruction_bytes_max, 1024, 65536),
    LIMIT(line_bytes_max, 65536, 1u << 20),
    LIMIT(fields_max, 1024, 65536),
    LIMIT(statements_max, 10000, 1u << 24),
    LIMIT(details_max, 1000000, 1u << 24),
    LIMIT(entries_max, 10000000, UINT32_MAX),
    LIMIT(amount_max, UINT64_C(1000000000000000), UINT64_C(9000000000000000000)),
    LIMIT(alloc_bytes_max, UINT64_MAX, UINT64_C(1) << 40),
};

static uint64_t
limit_get(const o2c_limits *from, const struct limit *limit)
{
    const char *field = (const char *)from + limit->offset;
    uint32_t narrow;
    uint64_t wide;
    if (limit->width == sizeof narrow) {
        memcpy(&narrow, field, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, field, sizeof wide);
    return wide;
}

static void
limit_set(o2c_limits *to, const struct limit *limit, uint64_t value)
{
    char *field = (char *)to + limit->offset;
    uint32_t narrow = (uint32_t)value;
    if (limit->width == sizeof narrow)
        memcpy(field, &narrow, sizeof narrow);
    else
        memcpy(field, &value, sizeof value);
}

/* A negative amount_max reads as a number above every maximum and is refused with the rest. */
static o2c_status
limits_fill(o2c_limits *to, uint64_t ceiling, o2c_error *err)
{
    for (size_t i = 0; i < O2C__COUNT(limits); i++) {
        uint64_t value = limit_get(to, &limits[i]);
        if (value > limits[i].max)
            return o2c__fail(err, O2C_E_ARG, limits[i].name, "the limit is above its maximum %llu", (unsigned long long)limits[i].max);
        if (value == 0)
            limit_set(to, &limits[i], limits[i].fallback);
        if (value == 0 && limits[i].offset == offsetof(o2c_limits, alloc_bytes_max))
            to->alloc_bytes_max = ceiling;
    }
    return O2C_OK;
}

/* ---- the env */
static o2c_status
read_allocator(o2c_allocator *out, const o2c_allocator *given, o2c_error *err)
{
    o2c_status status = o2c__options_read(given, out, sizeof *out, sizeof *out, "allocator", err);
    if (status)
        return status;
    if (out->reserved != 0)
        return o2c__fail(err, O2C_E_ARG, "allocator.reserved", "a reserved field is not zero");
    if (!out->alloc && !out->resize && !out->release) {
        out->alloc = default_alloc;
        out->resize = default_resize;
        out->release = default_release;
    }
    if (!out->alloc || !out->resize || !out->release)
        return o2c__fail(err, O2C_E_ABI, "allocator", "an allocator needs alloc, resize and release, or none of them");
    return O2C_OK;
}

static o2c_status
read_key(uint64_t key[2], const o2c_env *env, o2c_error *err)
{
    /* First words of the fractional part of pi: any fixed key will do, results never depend on it. */
    key[0] = UINT64_C(0x243F6A8885A308D3);
    key[1] = UINT64_C(0x13198A2E03707344);
    if (env->entropy && env->entropy(env->entropy_self, key, 2 * sizeof key[0]) != 0)
        return o2c__fail(err, O2C_E_ARG, "env.entropy", "the entropy callback of the host gave no bytes");
    return O2C_OK;
}

o2c_status
o2c__context_init(o2c__context *context, const o2c_env *env, uint64_t ceiling, o2c_error *err)
{
    o2c_env read;
    memset(context, 0, sizeof *context);
    o2c_status status = o2c__options_read(env, &read, sizeof read, sizeof read, "env", err);
    if (status)
        return status;
    if (read.reserved != 0)
        return o2c__fail(err, O2C_E_ARG, "env.reserved", "a reserved field is not zero");
    status = read_allocator(&context->memory.allocator, read.allocator, err);
    if (status)
        return status;
    status = o2c__options_read(read.limits, &context->limits, sizeof context->limits, sizeof context->limits, "limits", err);
    if (!status)
        status = limits_fill(&context->limits, ceiling, err);
    if (!status)
        status = read_key(context->key, &read, err);
    context->memory.used_max = context->limits.alloc_bytes_max;
    context->cancel_self = read.cancel_self;
    context->cancel = read.cancel;
    return status;
}

bool
o2c__canceled(const o2c__context *context)
{
    return context->cancel && context->cancel(context->cancel_self) != 0;
}

/* ---- blocks: every one is counted against the ceiling of its handle or call */
static bool
within(const o2c__memory *memory, uint64_t used, size_t size)
{
    return size > 0 && size <= PTRDIFF_MAX && used <= memory->used_max && size <= memory->used_max - used;
}

void *
o2c__alloc(o2c__memory *memory, size_t size)
{
    if (!within(memory, memory->used, size))
        return NULL;
    void *block = memory->allocator.alloc(memory->allocator.self, size);
    if (!block)
        return NULL;
    /* A host's allocator that breaks its promise of alignment is treated as one that refused. */
    if (O2C__UNLIKELY((uintptr_t)block % _Alignof(max_align_t) != 0)) {
        memory->allocator.release(memory->allocator.self, block, size);
        return NULL;
    }
    memory->used += size;
    return block;
}

void *
o2c__alloc_array(o2c__memory *memory, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : o2c__alloc(memory, bytes);
}

void *
o2c__alloc_zero(o2c__memory *memory, size_t count, size_t size)
{
    void *block = o2c__alloc_array(memory, count, size);
    return block ? memset(block, 0, count * size) : NULL;
}

void *
o2c__resize(o2c__memory *memory, void *block, size_t old_size, size_t size)
{
    if (!block)
        return o2c__alloc(memory, size);
    uint64_t others = memory->used - old_size;
    if (!within(memory, others, size))
        return NULL;
    void *moved = memory->allocator.resize(memory->allocator.self, block, old_size, size);
    if (moved)
        memory->used = others + size;
    return moved;
}

void
o2c__release(o2c__memory *memory, void *block, size_t size)
{
    if (!block)
        return;
    memory->used -= size;
    memory->allocator.release(memory->allocator.self, block, size);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "support/faulty.h"
#include "support/tap.h"

static o2c__context context;

static void
fresh(o2c__arena *arena, size_t block_size)
{
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__arena_init(arena, &context.memory, block_size);
}

static void
pieces__are_aligned_and_apart(void)
{
    o2c__arena arena;
    unsigned char *pieces[300];
    fresh(&arena, 256);
    for (size_t i = 0; i < 300; i++) {
        pieces[i] = o2c__arena_alloc(&arena, i);
        CU_ASSERT_PTR_NOT_NULL_FATAL(pieces[i]);
        CU_ASSERT_EQUAL((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)(i % 251), i);
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t at = 0; at < i; at++)
            if (pieces[i][at] != i % 251)
                CU_FAIL("a piece was overwritten by a later one");
    o2c__arena_free(&arena);
    CU_ASSERT_EQUAL(context.memory.used, 0);
}

static void
reset__reuses_the_blocks(void)
{
    o2c__arena arena;
    fresh(&arena, 4096);
    uint64_t used = 0;
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 100; i++)
            CU_ASSERT_PTR_NOT_NULL(o2c__arena_alloc(&arena, 500));
        CU_ASSERT_PTR_NOT_NULL(o2c__arena_alloc(&arena, 20000));
        if (round > 0)
            CU_ASSERT_EQUAL(context.memory.used, used);
        used = context.memory.used;
        o2c__arena_reset(&arena);
    }
    o2c__arena_free(&arena);
    CU_ASSERT_EQUAL(context.memory.used, 0);
    CU_ASSERT_PTR_NOT_NULL(o2c__arena_alloc(&arena, 1));
    o2c__arena_free(&arena);
}

static void
copy__ends_with_a_nul(void)
{
    o2c__arena arena;
    fresh(&arena, 0);
    char *copy = o2c__arena_copy(&arena, "abcdef", 3), *empty = o2c__arena_copy(&arena, NULL, 0);
    CU_ASSERT_STRING_EQUAL(copy, "abc");
    CU_ASSERT_STRING_EQUAL(empty, "");
    CU_ASSERT_PTR_NULL(o2c__arena_copy(&arena, "x", SIZE_MAX));
    CU_ASSERT_PTR_NULL(o2c__arena_alloc(&arena, SIZE_MAX));
    CU_ASSERT_PTR_NULL(o2c__arena_alloc(&arena, SIZE_MAX - 20));
    o2c__arena_free(&arena);
}

/* The arena after a refusal serves on from what it has: earlier pieces stay, smaller ones still fit. */
static struct faulty_result
build(const o2c_env *env, void *self)
{
    o2c__context here;
    o2c__arena arena;
    struct faulty_result result = { O2C_OK, 0 };
    (void)self;
    o2c__context_init(&here, env, UINT64_MAX, NULL);
    o2c__arena_init(&arena, &here.memory, 128);
    char *first = o2c__arena_copy(&arena, "first", 5);
    for (size_t i = 1; i < 40 && !result.status; i++) {
        char *more = o2c__arena_alloc(&arena, i * 11);
        if (!more)
            result.status = O2C_E_NOMEM;
        else
            memset(more, 'm', i * 11);
    }
    if (!first)
        result.status = O2C_E_NOMEM;
    else
        result.digest = faulty_digest_str(0, o2c__str(first));
    if (result.status && first && strcmp(first, "first") != 0)
        result.status = O2C_E_INVARIANT;
    o2c__arena_free(&arena);
    if (here.memory.used != 0)
        result.status = O2C_E_INVARIANT;
    return result;
}

static void
alloc__may_fail_at_every_block(void)
{
    faulty_sweep("arena", build, NULL);
}

static const struct tap_test tests[] = {
    { "pieces__are_aligned_and_apart", pieces__are_aligned_and_apart },
    { "reset__reuses_the_blocks", reset__reuses_the_blocks },
    { "copy__ends_with_a_nul", copy__ends_with_a_nul },
    { "alloc__may_fail_at_every_block", alloc__may_fail_at_every_block },
};
int
main(void)
{
    return tap_run("base/arena", tests, TAP_COUNT(tests));
}

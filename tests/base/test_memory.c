/* SPDX-License-Identifier: Apache-2.0 */
/* The env with its defaults, the limits with their ranges, the accountant and its ceiling. */
#include "base/base.h"
#include "support/faulty.h"
#include "support/tap.h"

static void
context__has_every_default_of_the_header(void)
{
    o2c__context context;
    CU_ASSERT_EQUAL(o2c__context_init(&context, NULL, UINT64_C(1) << 28, NULL), O2C_OK);
    const o2c_limits *l = &context.limits;
    CU_ASSERT(l->depth_max == 64 && l->input_bytes_max == UINT64_C(1) << 30 && l->gz_input_bytes_max == UINT64_C(1) << 28);
    CU_ASSERT(l->inflate_ratio_max == 200 && l->distinct_names_max == 1024 && l->elements_max == 50000000);
    CU_ASSERT(l->attributes_max == 32 && l->tag_bytes_max == 16384 && l->name_bytes_max == 128 && l->text_bytes_max == 65536);
    CU_ASSERT(l->comment_bytes_max == 65536 && l->instruction_bytes_max == 1024 && l->line_bytes_max == 65536);
    CU_ASSERT(l->fields_max == 1024 && l->statements_max == 10000 && l->details_max == 1000000 && l->entries_max == 10000000);
    CU_ASSERT(l->amount_max == INT64_C(1000000000000000) && l->alloc_bytes_max == UINT64_C(1) << 28);
    CU_ASSERT_EQUAL(context.memory.used_max, UINT64_C(1) << 28);
    CU_ASSERT_EQUAL(context.memory.used, 0);
    CU_ASSERT_FALSE(o2c__canceled(&context));
    o2c__context again;
    o2c__context_init(&again, NULL, UINT64_MAX, NULL);
    CU_ASSERT(again.key[0] == context.key[0] && again.key[1] == context.key[1] && again.memory.used_max == UINT64_MAX);
}

#define ROW32(name, most) { offsetof(o2c_limits, name), 4, most, "limits." #name }
#define ROW64(name, most) { offsetof(o2c_limits, name), 8, most, "limits." #name }

static o2c_status
init_with(size_t offset, size_t width, uint64_t value, o2c__context *context, o2c_error *err)
{
    o2c_limits limits = { .struct_size = sizeof limits };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    uint32_t narrow = (uint32_t)value;
    memcpy((char *)&limits + offset, width == 4 ? (void *)&narrow : (void *)&value, width);
    return o2c__context_init(context, &env, UINT64_MAX, err);
}

/* F14: each limit at its maximum is taken, one above is refused by name. */
static void
limits__have_the_maxima_of_the_header(void)
{
    static const struct {
        size_t offset, width;
        uint64_t most;
        const char *name;
    } rows[] = {
        ROW32(depth_max, 256), ROW64(input_bytes_max, UINT64_C(1) << 40), ROW64(gz_input_bytes_max, UINT64_C(1) << 38),
        ROW32(inflate_ratio_max, 1100), ROW32(distinct_names_max, 4096), ROW64(elements_max, UINT64_C(1) << 40),
        ROW32(attributes_max, 64), ROW32(tag_bytes_max, 65536), ROW32(name_bytes_max, 256), ROW32(text_bytes_max, 1 << 20),
        ROW32(comment_bytes_max, 65536), ROW32(instruction_bytes_max, 65536), ROW32(line_bytes_max, 1 << 20),
        ROW32(fields_max, 65536), ROW32(statements_max, 1 << 24), ROW32(details_max, 1 << 24), ROW64(entries_max, UINT32_MAX),
        ROW64(amount_max, UINT64_C(9000000000000000000)), ROW64(alloc_bytes_max, UINT64_C(1) << 40),
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        o2c__context context;
        o2c_error err = { 0 };
        CU_ASSERT_EQUAL(init_with(rows[i].offset, rows[i].width, rows[i].most, &context, &err), O2C_OK);
        CU_ASSERT_EQUAL(memcmp((char *)&context.limits + rows[i].offset, &rows[i].most, rows[i].width), 0);
        CU_ASSERT_EQUAL(init_with(rows[i].offset, rows[i].width, rows[i].most + 1, &context, &err), O2C_E_ARG);
        CU_ASSERT_STRING_EQUAL(err.field, rows[i].name);
    }
}

static void
limits__refuse_a_negative_amount(void)
{
    o2c__context context;
    CU_ASSERT_EQUAL(init_with(offsetof(o2c_limits, amount_max), 8, (uint64_t)INT64_C(-1), &context, NULL), O2C_E_ARG);
}

static void
allocator__is_whole_or_absent(void)
{
    struct faulty faulty;
    faulty_open(&faulty, FAULTY_NEVER, 0);
    for (int missing = 0; missing < 3; missing++) {
        o2c__context context;
        o2c_error err = { 0 };
        o2c_allocator part = faulty.allocator;
        o2c_env env = { .struct_size = sizeof env, .allocator = &part };
        CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, NULL), O2C_OK);
        if (missing == 0)
            part.alloc = NULL;
        else if (missing == 1)
            part.resize = NULL;
        else
            part.release = NULL;
        CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, &err), O2C_E_ABI);
        CU_ASSERT_STRING_EQUAL(err.field, "allocator");
    }
    /* {0} means all defaults, also here. */
    o2c__context context;
    o2c_allocator zero = { 0 };
    o2c_env env = { .struct_size = sizeof env, .allocator = &zero };
    CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, NULL), O2C_OK);
    faulty_close(&faulty);
}

static void
reserved__must_be_zero(void)
{
    o2c__context context;
    o2c_error err = { 0 };
    o2c_env env = { .struct_size = sizeof env, .reserved = 1 };
    CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, &err), O2C_E_ARG);
    CU_ASSERT_STRING_EQUAL(err.field, "env.reserved");
    o2c_allocator allocator = { .struct_size = sizeof allocator, .reserved = 1 };
    env = (o2c_env){ .struct_size = sizeof env, .allocator = &allocator };
    CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, &err), O2C_E_ARG);
    CU_ASSERT_STRING_EQUAL(err.field, "allocator.reserved");
}

static int32_t
entropy(void *self, void *out, size_t size)
{
    memset(out, *(int *)self, size);
    return *(int *)self == 0 ? 1 : 0;
}

static void
entropy__becomes_the_key_or_fails(void)
{
    o2c__context context;
    int with = 0x21;
    o2c_env env = { .struct_size = sizeof env, .entropy_self = &with, .entropy = entropy };
    CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, NULL), O2C_OK);
    CU_ASSERT_EQUAL(context.key[0], UINT64_C(0x2121212121212121));
    CU_ASSERT_EQUAL(context.key[1], UINT64_C(0x2121212121212121));
    with = 0;
    CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, NULL), O2C_E_ARG);
}

static int32_t
cancel(void *self)
{
    return *(int32_t *)self;
}

static void
cancel__is_asked_with_its_self(void)
{
    o2c__context context;
    int32_t stop = 0;
    o2c_env env = { .struct_size = sizeof env, .cancel_self = &stop, .cancel = cancel };
    CU_ASSERT_EQUAL(o2c__context_init(&context, &env, UINT64_MAX, NULL), O2C_OK);
    CU_ASSERT_FALSE(o2c__canceled(&context));
    stop = -1;
    CU_ASSERT_TRUE(o2c__canceled(&context));
}

static void
ceiling__is_counted_to_the_byte(void)
{
    o2c__context context;
    CU_ASSERT_EQUAL(init_with(offsetof(o2c_limits, alloc_bytes_max), 8, 100, &context, NULL), O2C_OK);
    o2c__memory *memory = &context.memory;
    void *a = o2c__alloc(memory, 60), *b = o2c__alloc(memory, 40);
    CU_ASSERT(a && b && memory->used == 100);
    CU_ASSERT_PTR_NULL(o2c__alloc(memory, 1));
    CU_ASSERT_PTR_NULL(o2c__resize(memory, a, 60, 61));
    CU_ASSERT_EQUAL(memory->used, 100);
    a = o2c__resize(memory, a, 60, 10);
    CU_ASSERT(a && memory->used == 50);
    b = o2c__resize(memory, b, 40, 90);
    CU_ASSERT(b && memory->used == 100);
    o2c__release(memory, a, 10);
    o2c__release(memory, b, 90);
    o2c__release(memory, NULL, 5);
    CU_ASSERT_EQUAL(memory->used, 0);
}

static void
arrays__do_not_overflow(void)
{
    o2c__context context;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    CU_ASSERT_PTR_NULL(o2c__alloc_array(&context.memory, SIZE_MAX / 2, 3));
    CU_ASSERT_PTR_NULL(o2c__alloc_zero(&context.memory, SIZE_MAX / 4 + 1, 4));
    CU_ASSERT_PTR_NULL(o2c__alloc_array(&context.memory, SIZE_MAX, 1));
    CU_ASSERT_PTR_NULL(o2c__alloc(&context.memory, 0));
    CU_ASSERT_EQUAL(context.memory.used, 0);
    unsigned char *zeroes = o2c__alloc_zero(&context.memory, 7, 9);
    CU_ASSERT_PTR_NOT_NULL_FATAL(zeroes);
    for (size_t i = 0; i < 63; i++)
        CU_ASSERT_EQUAL(zeroes[i], 0);
    o2c__release(&context.memory, zeroes, 63);
}

/* F13: a host's allocator that breaks its promise. */
static void *
misaligned_alloc(void *self, size_t size)
{
    char *block = ((struct faulty *)self)->allocator.alloc(self, size + 1);
    return block ? block + 1 : NULL;
}

static void
misaligned_release(void *self, void *block, size_t size)
{
    ((struct faulty *)self)->allocator.release(self, (char *)block - 1, size + 1);
}

static void
misaligned_block__is_given_back_and_refused(void)
{
    struct faulty faulty;
    faulty_open(&faulty, FAULTY_NEVER, 0);
    o2c_allocator allocator = faulty.allocator;
    allocator.alloc = misaligned_alloc;
    allocator.release = misaligned_release;
    o2c_env env = { .struct_size = sizeof env, .allocator = &allocator };
    o2c_heap *heap = NULL;
    CU_ASSERT_EQUAL(o2c_heap_new(&env, &heap, NULL), O2C_E_NOMEM);
    CU_ASSERT_EQUAL(faulty_close(&faulty), 0);
    CU_ASSERT_STRING_EQUAL(faulty.complaint, "");
}

static const struct tap_test tests[] = {
    { "context__has_every_default_of_the_header", context__has_every_default_of_the_header },
    { "limits__have_the_maxima_of_the_header", limits__have_the_maxima_of_the_header },
    { "limits__refuse_a_negative_amount", limits__refuse_a_negative_amount },
    { "allocator__is_whole_or_absent", allocator__is_whole_or_absent },
    { "reserved__must_be_zero", reserved__must_be_zero },
    { "entropy__becomes_the_key_or_fails", entropy__becomes_the_key_or_fails },
    { "cancel__is_asked_with_its_self", cancel__is_asked_with_its_self },
    { "ceiling__is_counted_to_the_byte", ceiling__is_counted_to_the_byte },
    { "arrays__do_not_overflow", arrays__do_not_overflow },
    { "misaligned_block__is_given_back_and_refused", misaligned_block__is_given_back_and_refused },
};
int
main(void)
{
    return tap_run("base/memory", tests, TAP_COUNT(tests));
}

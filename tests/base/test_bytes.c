/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "support/faulty.h"
#include "support/tap.h"

static void
numbers__are_little_endian(void)
{
    static const unsigned char expected[] = { 0xAB, 0x04, 0x03, 0x02, 0x01, 8, 7, 6, 5, 4, 3, 2, 1, 3, 0, 0, 0, 'a', 0, 'c', 0, 0, 0, 0 };
    o2c__context context;
    o2c__writer writer;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__writer_init(&writer, &context.memory);
    o2c__write_u8(&writer, 0xAB);
    o2c__write_u32(&writer, 0x01020304);
    o2c__write_u64(&writer, UINT64_C(0x0102030405060708));
    o2c__write_str(&writer, (o2c_str){ "a\0c", 3 });
    o2c__write_str(&writer, (o2c_str){ NULL, 0 });
    CU_ASSERT_FALSE(writer.failed);
    CU_ASSERT_EQUAL(writer.bytes.count, sizeof expected);
    CU_ASSERT_EQUAL(memcmp(writer.bytes.rows, expected, sizeof expected), 0);
    o2c__writer_free(&writer);
    CU_ASSERT_EQUAL(context.memory.used, 0);
}

static void
text_above_four_gibibytes__fails_before_it_is_read(void)
{
    o2c__context context;
    o2c__writer writer;
    if (sizeof(size_t) <= 4) {
        tap_skip("a length above 32 bits needs a 64-bit size_t");
        return;
    }
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__writer_init(&writer, &context.memory);
    o2c__write_u8(&writer, 1);
    o2c__write_str(&writer, (o2c_str){ "x", (size_t)UINT32_MAX + 1 });
    CU_ASSERT_TRUE(writer.failed);
    o2c__write_u8(&writer, 1);
    CU_ASSERT_EQUAL(writer.bytes.count, 1);
    o2c__writer_free(&writer);
}

static struct faulty_result
write_many(const o2c_env *env, void *self)
{
    o2c__context context;
    o2c__writer writer;
    struct faulty_result result = { O2C_OK, 0 };
    (void)self;
    o2c__context_init(&context, env, UINT64_MAX, NULL);
    o2c__writer_init(&writer, &context.memory);
    for (uint32_t i = 0; i < 500; i++) {
        o2c__write_u8(&writer, (uint8_t)i);
        o2c__write_u32(&writer, i * 77);
        o2c__write_str(&writer, o2c__str("twelve bytes"));
    }
    result.status = writer.failed ? O2C_E_NOMEM : O2C_OK;
    result.digest = faulty_digest(0, writer.bytes.rows, writer.bytes.count);
    o2c__writer_free(&writer);
    return result;
}

static void
failure__sticks_and_leaks_nothing(void)
{
    faulty_sweep("writer", write_many, NULL);
}

static const struct tap_test tests[] = {
    { "numbers__are_little_endian", numbers__are_little_endian },
    { "text_above_four_gibibytes__fails_before_it_is_read", text_above_four_gibibytes__fails_before_it_is_read },
    { "failure__sticks_and_leaks_nothing", failure__sticks_and_leaks_nothing },
};
int
main(void)
{
    return tap_run("base/bytes", tests, TAP_COUNT(tests));
}

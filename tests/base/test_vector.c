/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "support/faulty.h"
#include "support/tap.h"

struct row {
    uint64_t number;
    char text[12];
};

static void
rows__keep_their_values_while_it_grows(void)
{
    o2c__context context;
    o2c__vector vector;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__vector_init(&vector, &context.memory, sizeof(struct row));
    for (uint64_t i = 0; i < 100000; i++) {
        struct row *row = o2c__vector_add(&vector);
        CU_ASSERT_PTR_NOT_NULL_FATAL(row);
        if (row->number != 0 || row->text[11] != 0)
            CU_FAIL("a new row is not zero");
        row->number = i;
    }
    CU_ASSERT_EQUAL(vector.count, 100000);
    CU_ASSERT(vector.room < 200000);
    for (uint64_t i = 0; i < 100000; i++)
        if (O2C__AT(&vector, struct row, i).number != i)
            CU_FAIL("a row lost its value");
    o2c__vector_free(&vector);
    CU_ASSERT_EQUAL(context.memory.used, 0);
    CU_ASSERT(vector.rows == NULL && vector.count == 0);
    CU_ASSERT_PTR_NOT_NULL(o2c__vector_add(&vector));
    o2c__vector_free(&vector);
}

static void
add_many__of_none_is_no_failure(void)
{
    o2c__context context;
    o2c__vector vector;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__vector_init(&vector, &context.memory, 4);
    CU_ASSERT_PTR_NOT_NULL(o2c__vector_add_many(&vector, 0));
    CU_ASSERT_EQUAL(vector.count, 0);
    CU_ASSERT_PTR_NOT_NULL(o2c__vector_add_many(&vector, 5));
    CU_ASSERT_PTR_NOT_NULL(o2c__vector_add_many(&vector, 0));
    CU_ASSERT_EQUAL(vector.count, 5);
    o2c__vector_free(&vector);
}

static void
reserve__refuses_what_cannot_be_counted(void)
{
    o2c__context context;
    o2c__vector vector;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__vector_init(&vector, &context.memory, sizeof(struct row));
    CU_ASSERT_PTR_NOT_NULL(o2c__vector_add(&vector));
    CU_ASSERT_FALSE(o2c__vector_reserve(&vector, SIZE_MAX));
    CU_ASSERT_FALSE(o2c__vector_reserve(&vector, SIZE_MAX / sizeof(struct row)));
    CU_ASSERT_PTR_NULL(o2c__vector_add_many(&vector, SIZE_MAX / 2));
    CU_ASSERT_EQUAL(vector.count, 1);
    o2c__vector_free(&vector);
}

static void
growth__takes_the_exact_size_under_a_ceiling(void)
{
    o2c__context context;
    o2c__vector vector;
    o2c__context_init(&context, NULL, 1000, NULL);
    o2c__vector_init(&vector, &context.memory, 1);
    CU_ASSERT_PTR_NOT_NULL(o2c__vector_add_many(&vector, 700));
    CU_ASSERT_PTR_NOT_NULL(o2c__vector_add_many(&vector, 300));
    CU_ASSERT_PTR_NULL(o2c__vector_add(&vector));
    CU_ASSERT_EQUAL(vector.count, 1000);
    o2c__vector_free(&vector);
}

static struct faulty_result
grow(const o2c_env *env, void *self)
{
    o2c__context context;
    o2c__vector vector;
    struct faulty_result result = { O2C_OK, 0 };
    (void)self;
    o2c__context_init(&context, env, UINT64_MAX, NULL);
    o2c__vector_init(&vector, &context.memory, sizeof(uint64_t));
    size_t made = 0;
    for (; made < 5000; made++) {
        uint64_t *row = o2c__vector_add(&vector);
        if (!row)
            break;
        *row = made;
    }
    if (made < 5000)
        result.status = O2C_E_NOMEM;
    if (vector.count != made)
        result.status = O2C_E_INVARIANT;
    for (size_t i = 0; i < made; i++)
        if (O2C__AT(&vector, uint64_t, i) != i)
            result.status = O2C_E_INVARIANT;
    result.digest = faulty_digest_u64(0, made);
    o2c__vector_free(&vector);
    return result;
}

static void
growth__may_fail_and_leaves_the_rows(void)
{
    faulty_sweep("vector", grow, NULL);
}

static const struct tap_test tests[] = {
    { "rows__keep_their_values_while_it_grows", rows__keep_their_values_while_it_grows },
    { "add_many__of_none_is_no_failure", add_many__of_none_is_no_failure },
    { "reserve__refuses_what_cannot_be_counted", reserve__refuses_what_cannot_be_counted },
    { "growth__takes_the_exact_size_under_a_ceiling", growth__takes_the_exact_size_under_a_ceiling },
    { "growth__may_fail_and_leaves_the_rows", growth__may_fail_and_leaves_the_rows },
};
int
main(void)
{
    return tap_run("base/vector", tests, TAP_COUNT(tests));
}

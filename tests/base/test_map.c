/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/base.h"
#include "support/faulty.h"
#include "support/tap.h"

static const uint64_t key[2] = { 1, 2 };

#define MANY 200000
static char names[MANY][12];

static o2c_str
name(uint32_t i)
{
    if (!names[i][0])
        snprintf(names[i], sizeof names[i], "K%u", i);
    return o2c__str(names[i]);
}

static void
many_keys__are_all_found(void)
{
    o2c__context context;
    o2c__map map;
    uint32_t wrong = 0, value;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__map_init(&map, &context.memory, key);
    CU_ASSERT_EQUAL(o2c__map_get(&map, name(0)), O2C__MAP_NONE);
    for (uint32_t i = 0; i < MANY; i++)
        wrong += !o2c__map_put(&map, name(i), i, &value) || value != i;
    for (uint32_t i = 0; i < MANY; i++)
        wrong += o2c__map_get(&map, name(i)) != i;
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(map.count, MANY);
    CU_ASSERT(map.room <= 4 * MANY && map.count <= map.room / 4 * 3);
    CU_ASSERT_EQUAL(o2c__map_get(&map, o2c__str("K")), O2C__MAP_NONE);
    CU_ASSERT_EQUAL(o2c__map_get(&map, o2c__str("K200000")), O2C__MAP_NONE);
    o2c__map_free(&map);
    CU_ASSERT_EQUAL(context.memory.used, 0);
    CU_ASSERT_EQUAL(o2c__map_get(&map, name(1)), O2C__MAP_NONE);
}

static void
put__keeps_the_first_and_set_replaces(void)
{
    o2c__context context;
    o2c__map map;
    uint32_t value = 0;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__map_init(&map, &context.memory, key);
    CU_ASSERT(o2c__map_put(&map, o2c__str("a"), 1, &value) && value == 1);
    CU_ASSERT(o2c__map_put(&map, o2c__str("a"), 2, &value) && value == 1);
    CU_ASSERT(o2c__map_put(&map, o2c__str("a"), 2, NULL));
    CU_ASSERT_EQUAL(o2c__map_get(&map, o2c__str("a")), 1);
    CU_ASSERT(o2c__map_set(&map, o2c__str("a"), 3));
    CU_ASSERT_EQUAL(o2c__map_get(&map, o2c__str("a")), 3);
    CU_ASSERT_EQUAL(map.count, 1);
    o2c__map_free(&map);
}

static void
keys__may_be_empty_or_hold_any_byte(void)
{
    o2c__context context;
    o2c__map map;
    o2c__context_init(&context, NULL, UINT64_MAX, NULL);
    o2c__map_init(&map, &context.memory, key);
    CU_ASSERT(o2c__map_set(&map, (o2c_str){ NULL, 0 }, 1));
    CU_ASSERT(o2c__map_set(&map, (o2c_str){ "\0", 1 }, 2));
    CU_ASSERT(o2c__map_set(&map, (o2c_str){ "\0\0", 2 }, 3));
    CU_ASSERT_EQUAL(o2c__map_get(&map, o2c__str("")), 1);
    CU_ASSERT_EQUAL(o2c__map_get(&map, (o2c_str){ "\0", 1 }), 2);
    CU_ASSERT_EQUAL(o2c__map_get(&map, (o2c_str){ "\0\0", 2 }), 3);
    o2c__map_free(&map);
}

static struct faulty_result
fill(const o2c_env *env, void *self)
{
    o2c__context context;
    o2c__map map;
    struct faulty_result result = { O2C_OK, 0 };
    uint32_t made = 0, value;
    (void)self;
    o2c__context_init(&context, env, UINT64_MAX, NULL);
    o2c__map_init(&map, &context.memory, key);
    while (made < 3000 && o2c__map_put(&map, name(made), made, &value))
        made++;
    if (made < 3000)
        result.status = O2C_E_NOMEM;
    for (uint32_t i = 0; i < made; i++) {
        uint32_t found = o2c__map_get(&map, name(i));
        result.digest = faulty_digest_u64(result.digest, found);
        if (found != i)
            result.status = O2C_E_INVARIANT;
    }
    o2c__map_free(&map);
    return result;
}

static void
growth__may_fail_and_keeps_every_key(void)
{
    faulty_sweep("map", fill, NULL);
}

static const struct tap_test tests[] = {
    { "many_keys__are_all_found", many_keys__are_all_found },
    { "put__keeps_the_first_and_set_replaces", put__keeps_the_first_and_set_replaces },
    { "keys__may_be_empty_or_hold_any_byte", keys__may_be_empty_or_hold_any_byte },
    { "growth__may_fail_and_keeps_every_key", growth__may_fail_and_keeps_every_key },
};
int
main(void)
{
    return tap_run("base/map", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The struct_size rule, row by row of its table, on a struct of ours and through a public call. */
#include "base/base.h"
#include "support/tap.h"

/* As this library knows it: 24 bytes, of which 16 were there at its first release. */
struct known {
    uint32_t struct_size;
    uint32_t first;
    uint64_t second;
    uint64_t third;
};
#define FIRST_SIZE offsetof(struct known, third)

struct wide {
    struct known known;
    unsigned char tail[5000];
};

static void
absent__gives_defaults(void)
{
    struct known out = { 1, 2, 3, 4 };
    CU_ASSERT_EQUAL(o2c__options_read(NULL, &out, sizeof out, FIRST_SIZE, "known", NULL), O2C_OK);
    CU_ASSERT(out.struct_size == sizeof out && out.first == 0 && out.second == 0 && out.third == 0);
}

static void
sizes__follow_the_table(void)
{
    static const struct {
        const char *what;
        uint32_t size;
        size_t set_at; /* a byte that is not zero; 0 = none */
        o2c_status status;
    } rows[] = {
        { "zero and all zero", 0, 0, O2C_OK },
        { "zero and the second field set", 0, 4, O2C_E_ABI },
        { "zero and the last byte of the first release set", 0, FIRST_SIZE - 1, O2C_E_ABI },
        { "zero, and a byte behind the first release, which nobody may read", 0, FIRST_SIZE, O2C_OK },
        { "one byte", 1, 0, O2C_E_ABI },
        { "a byte less than the first release", FIRST_SIZE - 1, 0, O2C_E_ABI },
        { "the first release", FIRST_SIZE, 0, O2C_OK },
        { "between the releases", FIRST_SIZE + 4, 0, O2C_OK },
        { "ours", sizeof(struct known), 0, O2C_OK },
        { "longer with zero tail", sizeof(struct known) + 64, 0, O2C_OK },
        { "longer, first byte of the tail set", sizeof(struct known) + 64, sizeof(struct known), O2C_E_ABI },
        { "longer, last byte of the tail set", sizeof(struct known) + 64, sizeof(struct known) + 63, O2C_E_ABI },
        { "longer, a byte behind its end set", sizeof(struct known) + 64, sizeof(struct known) + 64, O2C_OK },
        { "4096 with zero tail", 4096, 0, O2C_OK },
        { "4097 with zero tail", 4097, 0, O2C_E_ABI },
        { "wild", UINT32_MAX, 0, O2C_E_ABI },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        struct wide given = { { 0 }, { 0 } };
        struct known out;
        o2c_error err = { 0 };
        if (rows[i].set_at)
            ((unsigned char *)&given)[rows[i].set_at] = 7;
        given.known.struct_size = rows[i].size;
        o2c_status status = o2c__options_read(&given, &out, sizeof out, FIRST_SIZE, "known", &err);
        CU_assertImplementation(status == rows[i].status, __LINE__, rows[i].what, __FILE__, "", CU_FALSE);
        CU_ASSERT_EQUAL(err.status, status);
        if (status)
            CU_ASSERT_STRING_EQUAL(err.field, "known");
    }
}

static void
short_struct__keeps_what_it_has_and_defaults_the_rest(void)
{
    struct known given = { FIRST_SIZE, 11, 22, 33 }, out;
    CU_ASSERT_EQUAL(o2c__options_read(&given, &out, sizeof out, FIRST_SIZE, "known", NULL), O2C_OK);
    CU_ASSERT(out.struct_size == sizeof out && out.first == 11 && out.second == 22 && out.third == 0);
}

static void
longer_struct__is_read_up_to_what_we_know(void)
{
    struct wide given = { { sizeof(struct known) + 100, 11, 22, 33 }, { 0 } };
    struct known out[2] = { { 0 }, { 91, 92, 93, 94 } };
    CU_ASSERT_EQUAL(o2c__options_read(&given, &out[0], sizeof out[0], FIRST_SIZE, "known", NULL), O2C_OK);
    CU_ASSERT(out[0].struct_size == sizeof out[0] && out[0].first == 11 && out[0].third == 33);
    CU_ASSERT(out[1].struct_size == 91 && out[1].third == 94);
}

static void
public_call__refuses_a_forgotten_size(void)
{
    o2c_limits limits = { .depth_max = 8 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    o2c_heap *heap = NULL;
    o2c_error err = { 0 };
    CU_ASSERT_EQUAL(o2c_heap_new(&env, &heap, &err), O2C_E_ABI);
    CU_ASSERT_PTR_NULL(heap);
    CU_ASSERT_STRING_EQUAL(err.field, "limits");
    limits.struct_size = sizeof limits;
    CU_ASSERT_EQUAL(o2c_heap_new(&env, &heap, NULL), O2C_OK);
    o2c_heap_free(heap);
}

/* Outbound: what the caller has room for, at least the first release; nothing behind it; the size says what was written. */
static void
written_struct__stays_in_the_room_of_the_caller(void)
{
    static const struct {
        uint32_t room;
        uint32_t written;
    } rows[] = {
        { 0, FIRST_SIZE }, { 1, FIRST_SIZE }, { FIRST_SIZE - 1, FIRST_SIZE }, { FIRST_SIZE, FIRST_SIZE },
        { sizeof(struct known), sizeof(struct known) }, { 4000, sizeof(struct known) },
    };
    static const struct known ours = { sizeof ours, 11, 22, 33 };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        struct wide out;
        memset(&out, 0xEE, sizeof out);
        out.known.struct_size = rows[i].room;
        o2c__options_write(&out, &ours, sizeof ours, FIRST_SIZE);
        CU_ASSERT_EQUAL(out.known.struct_size, rows[i].written);
        CU_ASSERT(out.known.first == 11 && out.known.second == 22);
        CU_ASSERT_EQUAL(out.known.third, rows[i].written > FIRST_SIZE ? 33 : UINT64_C(0xEEEEEEEEEEEEEEEE));
        CU_ASSERT_EQUAL(out.tail[0], 0xEE);
    }
}

static const struct tap_test tests[] = {
    { "written_struct__stays_in_the_room_of_the_caller", written_struct__stays_in_the_room_of_the_caller },
    { "absent__gives_defaults", absent__gives_defaults },
    { "sizes__follow_the_table", sizes__follow_the_table },
    { "short_struct__keeps_what_it_has_and_defaults_the_rest", short_struct__keeps_what_it_has_and_defaults_the_rest },
    { "longer_struct__is_read_up_to_what_we_know", longer_struct__is_read_up_to_what_we_know },
    { "public_call__refuses_a_forgotten_size", public_call__refuses_a_forgotten_size },
};
int
main(void)
{
    return tap_run("base/options", tests, TAP_COUNT(tests));
}

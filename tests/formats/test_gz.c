/* SPDX-License-Identifier: Apache-2.0 */
/* gzip: one member, whole, nothing behind it, no bomb; the rows and offsets are those of the plain file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "rows.h"
#include "support/tap.h"

struct bytes {
    char *at;
    size_t size;
};

static struct bytes
pack(const char *plain, size_t size)
{
    struct bytes out = { NULL, 0 };
    z_stream stream = { 0 };
    size_t room = size + size / 1000 + 100;

    out.at = malloc(room);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out.at);
    CU_ASSERT_EQUAL_FATAL(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)plain;
    stream.avail_in = (uInt)size;
    stream.next_out = (Bytef *)out.at;
    stream.avail_out = (uInt)room;
    CU_ASSERT_EQUAL_FATAL(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.size = stream.total_out;
    deflateEnd(&stream);
    return out;
}

static char *
load(size_t *size)
{
    char *path = rows_source("tests/golden/camt053/v08.xml"), *bytes = rows_load(path, size);

    free(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    return bytes;
}

static void
packed__gives_the_rows_of_the_plain_file_in_any_pieces(void)
{
    static const size_t pieces[] = { 1, 2, 3, 17, 100, 100000 };
    size_t size;
    char *plain = load(&size), *expected, *rows;
    struct bytes packed = pack(plain, size);

    CU_ASSERT_EQUAL(rows_read(plain, size, NULL, NULL, &expected), O2C_OK);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        CU_ASSERT_EQUAL(rows_pushed(packed.at, packed.size, NULL, NULL, pieces[i], 0, &rows), O2C_OK);
        CU_ASSERT_STRING_EQUAL(rows, expected);
        free(rows);
    }
    free(expected);
    free(plain);
    free(packed.at);
}

static o2c_status
status_of(const char *bytes, size_t size, const o2c_env *env, o2c_error *err)
{
    o2c_formats_file *file = NULL;
    o2c_status status = o2c_formats_read(env, bytes, size, NULL, &file, err);

    o2c_formats_file_free(file);
    return status;
}

static void
cut__anywhere_is_truncated(void)
{
    size_t size;
    char *plain = load(&size);
    struct bytes packed = pack(plain, size);

    for (size_t cut = 2; cut < packed.size; cut++) {
        o2c_error err = { 0 };
        CU_ASSERT_EQUAL(status_of(packed.at, cut, NULL, &err), O2C_E_FORMATS_TRUNCATED);
        CU_ASSERT_STRING_EQUAL(err.field, "gzip");
    }
    free(plain);
    free(packed.at);
}

static void
damage__to_checksum_or_length_is_refused(void)
{
    size_t size;
    char *plain = load(&size);
    struct bytes packed = pack(plain, size);

    for (size_t back = 1; back <= 8; back++) { /* CRC-32 and ISIZE */
        o2c_error err = { 0 };
        packed.at[packed.size - back] ^= 1;
        CU_ASSERT_EQUAL(status_of(packed.at, packed.size, NULL, &err), O2C_E_FORMATS_COMPRESSION);
        packed.at[packed.size - back] ^= 1;
    }
    CU_ASSERT_EQUAL(status_of(packed.at, packed.size, NULL, NULL), O2C_OK);
    free(plain);
    free(packed.at);
}

static void
behind__second_member_or_trailing_bytes_are_refused(void)
{
    size_t size;
    char *plain = load(&size), *twice;
    struct bytes packed = pack(plain, size);
    o2c_error err = { 0 };

    twice = malloc(2 * packed.size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(twice);
    memcpy(twice, packed.at, packed.size);
    memcpy(twice + packed.size, packed.at, packed.size);
    CU_ASSERT_EQUAL(status_of(twice, 2 * packed.size, NULL, &err), O2C_E_FORMATS_COMPRESSION);
    CU_ASSERT_EQUAL(err.offset, size);
    twice[packed.size] = '\0';
    CU_ASSERT_EQUAL(status_of(twice, packed.size + 1, NULL, &err), O2C_E_FORMATS_COMPRESSION);
    free(twice);
    free(plain);
    free(packed.at);
}

/* A statement of one entry repeated: legal XML that shrinks beyond every honest ratio. */
static struct bytes
bomb(size_t *out_plain)
{
    static const char head[] = "<Document><BkToCstmrStmt><Stmt><Id>S</Id>", tail[] = "</Stmt></BkToCstmrStmt></Document>";
    static const char blank[] = "                                                                ";
    size_t count = ((size_t)9 << 20) / (sizeof blank - 1 + 4), size = sizeof head + sizeof tail - 2 + count * (sizeof blank - 1 + 4);
    char *plain = malloc(size), *to = plain;
    struct bytes packed;

    CU_ASSERT_PTR_NOT_NULL_FATAL(plain);
    memcpy(to, head, sizeof head - 1);
    to += sizeof head - 1;
    for (size_t i = 0; i < count; i++) {
        memcpy(to, "<x/>", 4);
        memcpy(to + 4, blank, sizeof blank - 1);
        to += sizeof blank - 1 + 4;
    }
    memcpy(to, tail, sizeof tail - 1);
    packed = pack(plain, size);
    free(plain);
    *out_plain = size;
    return packed;
}

static void
bomb__is_refused_by_its_ratio_once_8_mib_came_out(void)
{
    size_t plain;
    struct bytes packed = bomb(&plain);
    o2c_limits limits = { .struct_size = sizeof limits, .inflate_ratio_max = 1100 };
    o2c_env env = { .struct_size = sizeof env, .limits = &limits };
    o2c_error err = { 0 };

    CU_ASSERT(plain / packed.size > 200);
    CU_ASSERT_EQUAL(status_of(packed.at, packed.size, NULL, &err), O2C_E_FORMATS_COMPRESSION);
    CU_ASSERT_STRING_EQUAL(err.field, "inflate_ratio_max");
    CU_ASSERT(err.offset > (8u << 20) && err.offset <= (8u << 20) + 65536);
    CU_ASSERT_EQUAL(status_of(packed.at, packed.size, &env, NULL), O2C_OK);
    free(packed.at);
}

static void
limits__of_compressed_and_inflated_bytes_hold(void)
{
    size_t size;
    char *plain = load(&size);
    struct bytes packed = pack(plain, size);

    for (int over = -1; over <= 1; over++) {
        o2c_limits limits = { .struct_size = sizeof limits, .gz_input_bytes_max = (uint64_t)((int64_t)packed.size - over) };
        o2c_env env = { .struct_size = sizeof env, .limits = &limits };
        o2c_error err = { 0 };
        CU_ASSERT_EQUAL(status_of(packed.at, packed.size, &env, &err), over > 0 ? O2C_E_LIMIT : O2C_OK);
        CU_ASSERT(over <= 0 || strcmp(err.field, "gz_input_bytes_max") == 0);
        limits = (o2c_limits){ .struct_size = sizeof limits, .input_bytes_max = (uint64_t)((int64_t)size - over) };
        CU_ASSERT_EQUAL(status_of(packed.at, packed.size, &env, &err), over > 0 ? O2C_E_LIMIT : O2C_OK);
        CU_ASSERT(over <= 0 || strcmp(err.field, "input_bytes_max") == 0);
    }
    free(plain);
    free(packed.at);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "packed__gives_the_rows_of_the_plain_file_in_any_pieces", packed__gives_the_rows_of_the_plain_file_in_any_pieces },
        { "cut__anywhere_is_truncated", cut__anywhere_is_truncated },
        { "damage__to_checksum_or_length_is_refused", damage__to_checksum_or_length_is_refused },
        { "behind__second_member_or_trailing_bytes_are_refused", behind__second_member_or_trailing_bytes_are_refused },
        { "bomb__is_refused_by_its_ratio_once_8_mib_came_out", bomb__is_refused_by_its_ratio_once_8_mib_came_out },
        { "limits__of_compressed_and_inflated_bytes_hold", limits__of_compressed_and_inflated_bytes_hold },
    };

    return tap_run("formats/gz", tests, TAP_COUNT(tests));
}

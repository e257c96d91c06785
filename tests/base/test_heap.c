/* SPDX-License-Identifier: Apache-2.0 */
/* Heaps of strings, blobs, and the order of strings. */
#include "base/base.h"
#include "support/faulty.h"
#include "support/tap.h"

static o2c_status
add(o2c_heap *heap, const char *text, o2c_ref *out_ref)
{
    o2c_str str = o2c__str(text);
    return o2c_heap_add(heap, &str, out_ref, NULL);
}

static void
strings__come_back_with_a_nul_behind_them(void)
{
    o2c_heap *heap = NULL;
    o2c_ref a, b, empty = { 9, 9 };
    o2c_str bytes;
    CU_ASSERT_EQUAL_FATAL(o2c_heap_new(NULL, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(add(heap, "RE 4711", &a), O2C_OK);
    CU_ASSERT_EQUAL(add(heap, "", &empty), O2C_OK);
    CU_ASSERT_EQUAL(add(heap, "M\xC3\xBCller", &b), O2C_OK);
    o2c_heap_bytes(heap, &bytes);
    CU_ASSERT(empty.at == 0 && empty.len == 0 && bytes.ptr[0] == 0);
    CU_ASSERT(a.len == 7 && strcmp(bytes.ptr + a.at, "RE 4711") == 0);
    CU_ASSERT(b.len == 7 && strcmp(bytes.ptr + b.at, "M\xC3\xBCller") == 0);
    CU_ASSERT(o2c__str_equal(o2c__ref_str(a, bytes), o2c__str("RE 4711")));
    CU_ASSERT_EQUAL(o2c__ref_str(empty, bytes).len, 0);
    o2c_heap_free(heap);
}

static void
string_of_the_heap_itself__may_be_added(void)
{
    o2c_heap *heap = NULL;
    o2c_ref ref;
    o2c_str bytes;
    CU_ASSERT_EQUAL_FATAL(o2c_heap_new(NULL, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(add(heap, "0123456789abcdef", &ref), O2C_OK);
    for (int i = 0; i < 200; i++) {
        o2c_heap_bytes(heap, &bytes);
        o2c_str part = { bytes.ptr + 1, 16 };
        CU_ASSERT_EQUAL(o2c_heap_add(heap, &part, &ref, NULL), O2C_OK);
        o2c_heap_bytes(heap, &bytes);
        CU_ASSERT_EQUAL(memcmp(bytes.ptr + ref.at, "0123456789abcdef", 17), 0);
    }
    o2c_heap_free(heap);
}

static void
misuse__is_named(void)
{
    o2c_heap *heap = NULL;
    o2c_ref ref;
    o2c_error err = { 0 };
    o2c_str text = { "a", 1 }, torn = { NULL, 1 }, none = { NULL, 0 };
    CU_ASSERT_EQUAL(o2c_heap_new(NULL, NULL, &err), O2C_E_MISUSE);
    CU_ASSERT_EQUAL_FATAL(o2c_heap_new(NULL, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_heap_add(NULL, &text, &ref, &err), O2C_E_MISUSE);
    CU_ASSERT_STRING_EQUAL(err.field, "heap");
    CU_ASSERT_EQUAL(o2c_heap_add(heap, &text, NULL, &err), O2C_E_MISUSE);
    CU_ASSERT_STRING_EQUAL(err.field, "out_ref");
    CU_ASSERT_EQUAL(o2c_heap_add(heap, NULL, &ref, &err), O2C_E_MISUSE);
    CU_ASSERT_STRING_EQUAL(err.field, "text");
    CU_ASSERT_EQUAL(o2c_heap_add(heap, &torn, &ref, &err), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_heap_add(heap, &none, &ref, &err), O2C_OK);
    o2c_heap_free(heap);
    o2c_heap_free(NULL);
    o2c_str bytes = { NULL, 7 };
    o2c_heap_bytes(NULL, &bytes);
    CU_ASSERT(bytes.ptr && bytes.len == 0);
}

/* Nothing is read before the limit is looked at, so a length may stand for four real gibibytes. */
static void
heap__ends_below_four_gibibytes(void)
{
    o2c_heap *heap = NULL;
    o2c_ref ref = { 5, 5 };
    o2c_error err = { 0 };
    o2c_str most = { "x", UINT32_MAX - 1 }, wide = { "x", (size_t)UINT32_MAX + 1 };
    CU_ASSERT_EQUAL_FATAL(o2c_heap_new(NULL, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_heap_add(heap, &most, &ref, &err), O2C_E_LIMIT);
    CU_ASSERT_STRING_EQUAL(err.field, "heap");
    if (sizeof(size_t) > 4)
        CU_ASSERT_EQUAL(o2c_heap_add(heap, &wide, &ref, &err), O2C_E_LIMIT);
    CU_ASSERT(ref.at == 5 && ref.len == 5);
    o2c_heap_free(heap);
    o2c__text_heap text;
    o2c__context context;
    o2c__context_init(&context, NULL, 1 << 20, NULL);
    o2c__text_heap_init(&text, &context.memory);
    CU_ASSERT_FALSE(o2c__text_heap_add(&text, "x", UINT32_MAX - 1, &ref));
    CU_ASSERT_EQUAL(o2c__text_heap_str(&text).len, 0);
    CU_ASSERT_TRUE(o2c__text_heap_add(&text, "x", 1, &ref));
    CU_ASSERT(ref.at == 1 && ref.len == 1 && o2c__text_heap_str(&text).len == 3);
    o2c__text_heap_free(&text);
}

static void
ref__outside_its_heap_is_empty(void)
{
    o2c_str heap = { "\0abc", 4 };
    CU_ASSERT(o2c__ref_inside((o2c_ref){ 1, 3 }, heap));
    CU_ASSERT_FALSE(o2c__ref_inside((o2c_ref){ 1, 4 }, heap));
    CU_ASSERT_FALSE(o2c__ref_inside((o2c_ref){ UINT32_MAX, UINT32_MAX }, heap));
    CU_ASSERT(o2c__ref_inside((o2c_ref){ UINT32_MAX, 0 }, heap));
    CU_ASSERT_EQUAL(o2c__ref_str((o2c_ref){ UINT32_MAX, 2 }, heap).len, 0);
    CU_ASSERT_EQUAL(o2c__ref_str((o2c_ref){ 1, 3 }, heap).len, 3);
}

static void
strings__are_ordered_by_bytes_then_length(void)
{
    static const char *const order[] = { "", "A", "AA", "AB", "B", "a", "\xC3\xA4" };
    for (int i = 0; i < (int)TAP_COUNT(order); i++)
        for (int j = 0; j < (int)TAP_COUNT(order); j++)
            CU_ASSERT_EQUAL(o2c__str_compare(o2c__str(order[i]), o2c__str(order[j])), (i > j) - (i < j));
    CU_ASSERT_EQUAL(o2c__str_compare((o2c_str){ NULL, 0 }, o2c__str("")), 0);
}

static void
blob__holds_a_copy_with_a_nul_behind_it(void)
{
    char bytes[4] = { 1, 0, 3, 4 };
    o2c_blob *blob = NULL;
    o2c_str out;
    CU_ASSERT_EQUAL_FATAL(o2c__blob_new(NULL, bytes, 4, &blob, NULL), O2C_OK);
    memset(bytes, 9, sizeof bytes);
    o2c_blob_bytes(blob, &out);
    CU_ASSERT(out.len == 4 && memcmp(out.ptr, "\1\0\3\4", 5) == 0);
    o2c_blob_free(blob);
    CU_ASSERT_EQUAL_FATAL(o2c__blob_new(NULL, NULL, 0, &blob, NULL), O2C_OK);
    o2c_blob_bytes(blob, &out);
    CU_ASSERT(out.len == 0 && out.ptr[0] == 0);
    o2c_blob_free(blob);
    o2c_blob_bytes(NULL, &out);
    CU_ASSERT(out.len == 0 && out.ptr != NULL);
    o2c_blob_free(NULL);
    CU_ASSERT_EQUAL(o2c__blob_new(NULL, "x", SIZE_MAX, &blob, NULL), O2C_E_NOMEM);
}

static void
version__is_the_one_meson_installs(void)
{
    CU_ASSERT_EQUAL(o2c_version(), O2C_VERSION);
    CU_ASSERT_STRING_EQUAL(o2c_version_text(), O2C_TEST_VERSION);
}

static struct faulty_result
fill_heap(const o2c_env *env, void *self)
{
    struct faulty_result result = { O2C_OK, 0 };
    o2c_heap *heap = NULL;
    o2c_blob *blob = NULL;
    o2c_str bytes;
    (void)self;
    result.status = o2c_heap_new(env, &heap, NULL);
    for (int i = 0; i < 200 && !result.status; i++) {
        o2c_ref ref = { 77, 77 };
        o2c_str text = { "some words of a remittance", (size_t)(i % 26) + 1 }, before, after;
        o2c_heap_bytes(heap, &before);
        result.status = o2c_heap_add(heap, &text, &ref, NULL);
        o2c_heap_bytes(heap, &after);
        if (result.status && (ref.at != 77 || after.len != before.len || after.ptr != before.ptr))
            result.status = O2C_E_INVARIANT;
    }
    o2c_heap_bytes(heap, &bytes);
    if (!result.status)
        result.status = o2c__blob_new(env, bytes.ptr, bytes.len, &blob, NULL);
    if (!result.status)
        o2c_blob_bytes(blob, &bytes);
    if (!result.status)
        result.digest = faulty_digest_str(0, bytes);
    o2c_blob_free(blob);
    o2c_heap_free(heap);
    return result;
}

static void
heap_and_blob__may_fail_at_every_allocation(void)
{
    faulty_sweep("heap and blob", fill_heap, NULL);
}

static const struct tap_test tests[] = {
    { "strings__come_back_with_a_nul_behind_them", strings__come_back_with_a_nul_behind_them },
    { "string_of_the_heap_itself__may_be_added", string_of_the_heap_itself__may_be_added },
    { "misuse__is_named", misuse__is_named },
    { "heap__ends_below_four_gibibytes", heap__ends_below_four_gibibytes },
    { "ref__outside_its_heap_is_empty", ref__outside_its_heap_is_empty },
    { "strings__are_ordered_by_bytes_then_length", strings__are_ordered_by_bytes_then_length },
    { "blob__holds_a_copy_with_a_nul_behind_it", blob__holds_a_copy_with_a_nul_behind_it },
    { "version__is_the_one_meson_installs", version__is_the_one_meson_installs },
    { "heap_and_blob__may_fail_at_every_allocation", heap_and_blob__may_fail_at_every_allocation },
};
int
main(void)
{
    return tap_run("base/heap", tests, TAP_COUNT(tests));
}

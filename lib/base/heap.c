/* SPDX-License-Identifier: Apache-2.0 */
/* Heaps of strings behind o2c_ref: one growing array of bytes, a NUL first and one behind every string. */
#include "base/base.h"

_Static_assert(sizeof(o2c_ref) == 8, "o2c_ref is frozen");

/* A ref counts in 32 bits: the string, its NUL and all before them must end below 4 GiB. */
static bool
fits(const o2c__vector *bytes, size_t len)
{
    size_t start = bytes->count ? bytes->count : 1;
    return len < UINT32_MAX && start <= UINT32_MAX - 1 - len;
}

static bool
append(o2c__vector *heap, const char *bytes, size_t len, o2c_ref *out_ref)
{
    size_t first = heap->count == 0 ? 1 : 0;
    /* The text may be a part of this heap: then growth moves it, and only its distance from the start lasts. */
    uintptr_t start = (uintptr_t)heap->rows, at = (uintptr_t)bytes;
    bool own = heap->rows && at >= start && at - start < heap->count;
    char *to = o2c__vector_add_many(heap, first + len + 1);
    if (!to)
        return false;
    if (first)
        *to++ = 0;
    memcpy(to, own ? (const char *)heap->rows + (at - start) : bytes, len);
    to[len] = 0;
    out_ref->at = (uint32_t)(heap->count - len - 1);
    out_ref->len = (uint32_t)len;
    return true;
}

void
o2c__text_heap_init(o2c__text_heap *heap, o2c__memory *memory)
{
    o2c__vector_init(&heap->bytes, memory, 1);
}

bool
o2c__text_heap_add(o2c__text_heap *heap, const char *bytes, size_t len, o2c_ref *out_ref)
{
    if (len == 0) {
        *out_ref = (o2c_ref){ 0, 0 };
        return true;
    }
    return fits(&heap->bytes, len) && append(&heap->bytes, bytes, len, out_ref);
}

void
o2c__text_heap_free(o2c__text_heap *heap)
{
    o2c__vector_free(&heap->bytes);
}

int
o2c__str_compare(o2c_str a, o2c_str b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    int order = least ? memcmp(a.ptr, b.ptr, least) : 0;
    if (order != 0)
        return order < 0 ? -1 : 1;
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

/* ---- the public heap */
o2c_status
o2c_heap_new(const o2c_env *env, o2c_heap **out_heap, o2c_error *err)
{
    o2c__context context;
    if (!out_heap)
        return o2c__fail(err, O2C_E_MISUSE, "out_heap", "out_heap is NULL");
    o2c_status status = o2c__context_init(&context, env, UINT64_MAX, err);
    if (status)
        return status;
    o2c_heap *heap = o2c__alloc(&context.memory, sizeof *heap);
    if (!heap)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a heap");
    heap->context = context;
    o2c__vector_init(&heap->bytes, &heap->context.memory, 1);
    if (!o2c__vector_add(&heap->bytes)) {
        o2c__release(&context.memory, heap, sizeof *heap);
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a heap");
    }
    *out_heap = heap;
    return O2C_OK;
}

o2c_status
o2c_heap_add(o2c_heap *heap, const o2c_str *text, o2c_ref *out_ref, o2c_error *err)
{
    if (!heap || !text || !out_ref || (!text->ptr && text->len > 0))
        return o2c__fail(err, O2C_E_MISUSE, heap && out_ref ? "text" : heap ? "out_ref" : "heap", "a pointer is NULL");
    if (text->len == 0) {
        *out_ref = (o2c_ref){ 0, 0 };
        return O2C_OK;
    }
    if (!fits(&heap->bytes, text->len))
        return o2c__fail(err, O2C_E_LIMIT, "heap", "the heap would pass 4 GiB");
    if (!append(&heap->bytes, text->ptr, text->len, out_ref))
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for %zu bytes of text", text->len);
    return O2C_OK;
}

void
o2c_heap_bytes(const o2c_heap *heap, o2c_str *out_bytes)
{
    if (out_bytes)
        *out_bytes = heap ? (o2c_str){ heap->bytes.rows, heap->bytes.count } : (o2c_str){ "", 0 };
}

void
o2c_heap_free(o2c_heap *heap)
{
    if (!heap)
        return;
    /* The accountant lives in the block that is released last. */
    o2c__memory memory = heap->context.memory;
    heap->bytes.memory = &memory;
    o2c__vector_free(&heap->bytes);
    o2c__release(&memory, heap, sizeof *heap);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that leave the library: one block, its bytes behind its head, a NUL behind them. */
#include "base/base.h"

struct o2c_blob {
    o2c__memory memory;
    size_t len;
    char bytes[];
};

o2c_status
o2c__blob_new(const o2c_env *env, const void *bytes, size_t len, o2c_blob **out_blob, o2c_error *err)
{
    o2c__context context;
    o2c_status status = o2c__context_init(&context, env, UINT64_MAX, err);
    if (status)
        return status;
    o2c_blob *blob = len < PTRDIFF_MAX - sizeof *blob ? o2c__alloc(&context.memory, sizeof *blob + len + 1) : NULL;
    if (!blob)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a blob of %zu bytes", len);
    blob->memory = context.memory;
    blob->len = len;
    if (len > 0)
        memcpy(blob->bytes, bytes, len);
    blob->bytes[len] = 0;
    *out_blob = blob;
    return O2C_OK;
}

void
o2c_blob_bytes(const o2c_blob *blob, o2c_str *out_bytes)
{
    if (out_bytes)
        *out_bytes = blob ? (o2c_str){ blob->bytes, blob->len } : (o2c_str){ "", 0 };
}

void
o2c_blob_free(o2c_blob *blob)
{
    if (!blob)
        return;
    o2c__memory memory = blob->memory;
    o2c__release(&memory, blob, sizeof *blob + blob->len + 1);
}

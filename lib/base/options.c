/* SPDX-License-Identifier: Apache-2.0 */
/* The struct_size rule of options structs: how a struct of any age is read over zeroes. */
#include "base/base.h"

/* No options struct of ours comes near it; a larger number is a wild pointer or an uninitialized struct. */
#define STRUCT_SIZE_MAX 4096u

static bool
all_zero(const unsigned char *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void
take(const void *given, void *out, size_t known, size_t size)
{
    uint32_t mark = (uint32_t)known;
    if (size > 0)
        memcpy(out, given, size);
    memcpy(out, &mark, sizeof mark);
}

o2c_status
o2c__options_read(const void *given, void *out, size_t known, size_t first, const char *name, o2c_error *err)
{
    const unsigned char *bytes = given;
    uint32_t size = 0;
    memset(out, 0, known);
    if (given)
        memcpy(&size, given, sizeof size);
    if (size == 0) {
        /* {0} means all defaults. Something set without a size means the caller forgot it: silence would drop his wish. */
        if (given && !all_zero(bytes, 0, first))
            return o2c__fail(err, O2C_E_ABI, name, "struct_size is 0, but a field of the struct is set");
        take(given, out, known, 0);
        return O2C_OK;
    }
    if (size < first || size > STRUCT_SIZE_MAX)
        return o2c__fail(err, O2C_E_ABI, name, "struct_size %u lies outside %zu … %u", size, first, STRUCT_SIZE_MAX);
    if (size > known && !all_zero(bytes, known, size))
        return o2c__fail(err, O2C_E_ABI, name, "a field this library does not know is set behind byte %zu", known);
    take(given, out, known, size < known ? size : known);
    return O2C_OK;
}

void
o2c__options_write(void *out, const void *ours, size_t known, size_t first)
{
    uint32_t size;

    /* No caller has less room than the first release gave the struct; more is believed only when he says so. */
    memcpy(&size, out, sizeof size);
    if (size < first)
        size = (uint32_t)first;
    if (size > known)
        size = (uint32_t)known;
    memcpy(out, ours, size);
    memcpy(out, &size, sizeof size);
}

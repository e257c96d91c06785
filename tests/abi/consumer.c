/* SPDX-License-Identifier: Apache-2.0 */
/* A user's program: public headers only, both libraries, nothing of the source tree. */
#include <stdio.h>
#include <string.h>

#include <o2c/formats.h>
#include <o2c/o2c.h>

int
main(void)
{
    static const char bytes[] = "this is of no format that a bank sends";
    const o2c_str text = { "RE 4711", 7 };
    o2c_formats_file *file = NULL;
    o2c_heap *heap = NULL;
    o2c_error err;
    o2c_ref ref;
    o2c_str all;

    if (o2c_heap_new(NULL, &heap, &err) || o2c_heap_add(heap, &text, &ref, &err)) {
        printf("%s\n", err.message);
        return 1;
    }
    o2c_heap_bytes(heap, &all);
    printf("%s %.*s", o2c_version_text(), (int)ref.len, all.ptr + ref.at);
    o2c_heap_free(heap);
    o2c_status status = o2c_formats_read(NULL, bytes, strlen(bytes), NULL, &file, &err);
    printf(" %s\n", o2c_status_name(status));
    return status == O2C_E_FORMATS_UNKNOWN && err.status == status && o2c_version() == O2C_VERSION ? 0 : 1;
}

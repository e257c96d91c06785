/* SPDX-License-Identifier: Apache-2.0 */
/* The hostile files of RELIABILITY 7.1 and their cousins: refused early, in little memory, for the right reason. */
#include <stdio.h>
#include <string.h>

#include <o2c/status.h>

#include "hostile.h"
#include "support/faulty_xml.h"
#include "support/tap.h"

#define INPUT_MAX ((uint64_t)1 << 20)
#define MEMORY_MAX ((uint64_t)16 << 20)

/* Our allocations and libxml2's in one account. */
static void
refused__early_in_little_memory_for_the_right_reason(void)
{
    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *file = &hostile_files[i];
        struct faulty account;
        o2c_env env = { .struct_size = sizeof env };
        o2c_error err = { 0 };
        struct hostile_cost cost = { 0, 0 };
        o2c_status status;
        bool right;
        faulty_open(&account, FAULTY_NEVER, 0);
        env.allocator = &account.allocator;
        faulty_xml_aim(&account);
        status = hostile_push(file, &env, &cost, &err);
        faulty_xml_aim(NULL);
        right = status == file->status && strcmp(err.field, file->field) == 0 && cost.pushed <= INPUT_MAX && account.peak_bytes <= MEMORY_MAX;
        printf("# %s: %s %s @%llu, %llu bytes pushed, %llu KiB\n", file->name, o2c_status_name(status), err.field, (unsigned long long)err.offset,
               (unsigned long long)cost.pushed, (unsigned long long)account.peak_bytes / 1024);
        CU_ASSERT(right);
        CU_ASSERT(err.message[0] != '\0');
        CU_ASSERT_EQUAL(faulty_close(&account), 0);
        CU_ASSERT_STRING_EQUAL(account.complaint, "");
    }
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "refused__early_in_little_memory_for_the_right_reason", refused__early_in_little_memory_for_the_right_reason },
    };

    if (!faulty_xml_install())
        return 2;
    return tap_run("formats/hostile", tests, TAP_COUNT(tests));
}

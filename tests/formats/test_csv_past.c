/* SPDX-License-Identifier: Apache-2.0 */
/* Payments of the past, for a back-test: what a row becomes, and what is refused where. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <o2c/formats.h>

#include "support/tap.h"

#define HEAD "payment,value_date,currency,amount,instructed_amount,instructed_currency\n"

static o2c_status
read_past(const char *bytes, char out[512])
{
    o2c_formats_options options = { .struct_size = sizeof options };
    o2c_formats_file *file = NULL;
    o2c_error err = { 0 };
    o2c_status status = o2c_formats_read_payments(NULL, bytes, strlen(bytes), &options, &file, &err);
    out[0] = 0;
    if (status != O2C_OK) {
        snprintf(out, 512, "%s %s", err.field, err.message);
        return status;
    }
    o2c_payments all = { .struct_size = sizeof all };
    o2c_formats_file_payments(file, &all);
    if (all.count == 1)
        snprintf(out, 512, "%" PRId64 "%.3s of %" PRId64 "%.3s", all.rows[0].amount_minor, all.rows[0].currency, all.rows[0].instructed_minor,
                 all.rows[0].instructed_currency);
    o2c_formats_file_free(file);
    return status;
}

static void
ordered_amounts__are_kept_where_they_say_something(void)
{
    static const struct {
        const char *row, *expected;
    } cases[] = {
        { "P,2026-02-03,EUR,917.50,1000.00,USD\n", "91750EUR of 100000USD" },
        { "P,2026-02-03,EUR,917.50,152000,JPY\n", "91750EUR of 152000JPY" },
        { "P,2026-02-03,EUR,917.50,,\n", "91750EUR of 0" },
        { "P,2026-02-03,EUR,917.50,917.50,EUR\n", "91750EUR of 0" },
        { "P,2026-02-03,EUR,-917.50,1000.00,USD\n", "-91750EUR of 0" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[256], out[512];
        snprintf(bytes, sizeof bytes, HEAD "%s", cases[i].row);
        CU_ASSERT_EQUAL(read_past(bytes, out), O2C_OK);
        CU_ASSERT_STRING_EQUAL(out, cases[i].expected);
    }
}

static void
ordered_amounts__by_halves_or_below_zero_are_refused_at_their_cell(void)
{
    static const struct {
        const char *row, *field, *reason;
    } cases[] = {
        { "P,2026-02-03,EUR,917.50,1000.00,\n", "instructed_currency", "the other half of what was ordered is given" },
        { "P,2026-02-03,EUR,917.50,,USD\n", "instructed_amount", "the other half of what was ordered is given" },
        { "P,2026-02-03,EUR,917.50,0,USD\n", "instructed_amount", "must be above zero" },
        { "P,2026-02-03,EUR,917.50,-5,USD\n", "instructed_amount", "must be above zero" },
        { "P,2026-02-03,EUR,917.50,10.00,XQQ\n", "instructed_currency", "is no currency of ISO 4217" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[256], out[512];
        snprintf(bytes, sizeof bytes, HEAD "%s", cases[i].row);
        CU_ASSERT_EQUAL(read_past(bytes, out), O2C_E_FORMATS_FIELD);
        CU_ASSERT_EQUAL(strncmp(out, cases[i].field, strlen(cases[i].field)), 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(out, cases[i].reason));
    }
}

static const struct tap_test tests[] = {
    { "ordered_amounts__are_kept_where_they_say_something", ordered_amounts__are_kept_where_they_say_something },
    { "ordered_amounts__by_halves_or_below_zero_are_refused_at_their_cell",
      ordered_amounts__by_halves_or_below_zero_are_refused_at_their_cell },
};

int
main(void)
{
    return tap_run("formats/csv_past", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of the text formats may fail: no crash, no leak, no silent change. */
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "support/faulty.h"
#include "support/tap.h"

struct sample {
    char *bytes;
    size_t size;
    o2c_csv_profile profile;
    int list; /* 0 statement, 1 items, 2 customers, 3 remittances, 4 expected payments */
};

static uint64_t
digest_statements(const o2c_formats_file *file)
{
    o2c_statements rows = { .struct_size = sizeof rows };
    o2c_formats_file_statements(file, &rows);
    char *text = rows_statements(&rows);
    uint64_t digest = faulty_digest(0, text, strlen(text));
    free(text);
    return digest;
}

static uint64_t
digest_list(const o2c_formats_file *file)
{
    o2c_master master = { .struct_size = sizeof master };
    o2c_remittances remittances = { .struct_size = sizeof remittances };
    o2c_formats_file_master(file, &master);
    o2c_formats_file_remittances(file, &remittances);
    char *a = rows_master(&master), *b = rows_remittances(&remittances);
    uint64_t digest = faulty_digest(faulty_digest(0, a, strlen(a)), b, strlen(b));
    free(a);
    free(b);
    return digest;
}

static uint64_t
digest_expected(const o2c_formats_file *file)
{
    const o2c_expected *rows;
    uint64_t count;
    o2c_str heap;
    o2c_formats_file_expected(file, &rows, &count, &heap);
    return faulty_digest(faulty_digest(0, rows, count * sizeof *rows), heap.ptr, heap.len);
}

static uint64_t
digest_feedback(const o2c_formats_file *file)
{
    const o2c_feedback *rows;
    uint64_t count;
    o2c_str heap;
    o2c_formats_file_feedback(file, &rows, &count, &heap);
    return faulty_digest(faulty_digest(0, rows, count * sizeof *rows), heap.ptr, heap.len);
}

static struct faulty_result
read_sample(const o2c_env *env, void *self)
{
    const struct sample *sample = self;
    o2c_formats_options options = { .struct_size = sizeof options, .profile = &sample->profile };
    struct faulty_result result = { 0, 0 };
    o2c_formats_file *file = NULL;
    if (sample->list == 0)
        result.status = o2c_formats_read(env, sample->bytes, sample->size, &options, &file, NULL);
    else if (sample->list == 1)
        result.status = o2c_formats_read_items(env, sample->bytes, sample->size, &options, &file, NULL);
    else if (sample->list == 2)
        result.status = o2c_formats_read_customers(env, sample->bytes, sample->size, &options, &file, NULL);
    else if (sample->list == 4)
        result.status = o2c_formats_read_expected(env, sample->bytes, sample->size, &options, &file, NULL);
    else if (sample->list == 5)
        result.status = o2c_formats_read_feedback(env, sample->bytes, sample->size, &options, &file, NULL);
    else
        result.status = o2c_formats_read_remittances(env, sample->bytes, sample->size, &options, &file, NULL);
    if (result.status == O2C_OK)
        result.digest = sample->list == 0 ? digest_statements(file) : sample->list == 4 ? digest_expected(file) :
                        sample->list == 5 ? digest_feedback(file) : digest_list(file);
    o2c_formats_file_free(file);
    return result;
}

static void
sweep(const char *path, int list, const char *profile)
{
    struct sample sample = { .list = list, .profile = { .struct_size = sizeof sample.profile } };
    o2c_str name = { profile, strlen(profile) };
    char *full = rows_source(path);
    sample.bytes = rows_load(full, &sample.size);
    free(full);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sample.bytes);
    CU_ASSERT_EQUAL(o2c_formats_profile(&name, &sample.profile, NULL), O2C_OK);
    faulty_sweep(path, read_sample, &sample);
    free(sample.bytes);
}

static void
mt940__every_allocation_may_fail(void)
{
    sweep("tests/golden/mt940/german_sepa.sta", 0, "default");
    sweep("tests/golden/mt940/dutch.sta", 0, "default");
    sweep("tests/golden/mt940/tags_in_text.sta", 0, "default");
    sweep("tests/golden/mt940/legacy.sta", 0, "default");
    sweep("tests/golden/mt940/advice.fin", 0, "default");
    sweep("tests/golden/mt940/dates.sta", 0, "default");
}

static void
payments__every_allocation_may_fail(void)
{
    sweep("tests/golden/csv/payments.csv", 0, "default");
    sweep("tests/golden/csv/payments_us.csv", 0, "us");
}

static void
lists__every_allocation_may_fail(void)
{
    sweep("tests/golden/csv/feedback.csv", 5, "default");
    sweep("tests/golden/csv/items.csv", 1, "default");
    sweep("tests/golden/csv/items_german.csv", 1, "german");
    sweep("tests/golden/csv/customers.csv", 2, "default");
    sweep("tests/golden/csv/remittances.csv", 3, "default");
}

/* Bytes wait in memory until a date proves the order. */
static void
proof__every_allocation_may_fail(void)
{
    static char bytes[] = "customer,document,currency,open_amount,due_date\nC,D,EUR,1,03.02.2026\nC,E,EUR,1,13.02.2026\n";
    struct sample sample = { .bytes = bytes, .size = sizeof bytes - 1, .list = 1,
                             .profile = { .struct_size = sizeof sample.profile, .date_order = O2C_DATE_ORDER_PROVE } };
    faulty_sweep("proof", read_sample, &sample);
}

static void
expected__every_allocation_may_fail(void)
{
    static char bytes[] = "expected,customer,amount,currency,item,reference\nW1,C1,12.50,EUR,I1|I2,\nW2,C2,7,EUR,,PO-7\n";
    struct sample sample = { .bytes = bytes, .size = sizeof bytes - 1, .list = 4, .profile = { .struct_size = sizeof sample.profile } };
    faulty_sweep("expected", read_sample, &sample);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "mt940__every_allocation_may_fail", mt940__every_allocation_may_fail },
        { "payments__every_allocation_may_fail", payments__every_allocation_may_fail },
        { "lists__every_allocation_may_fail", lists__every_allocation_may_fail },
        { "proof__every_allocation_may_fail", proof__every_allocation_may_fail },
        { "expected__every_allocation_may_fail", expected__every_allocation_may_fail },
    };
    return tap_run("formats/faults_text", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a market are what the readers take, and say the same as its arrays. */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <o2c/o2c.h>

#include "../../bench/match/market.h"
#include "support/tap.h"

#include <o2c/formats.h>

static struct market *market;
static char folder[1024];

static char *
load(const char *name, size_t *len)
{
    char path[2048];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    CU_ASSERT_FATAL(file != NULL);
    char *bytes = malloc(1u << 24);
    *len = fread(bytes, 1, 1u << 24, file);
    fclose(file);
    return bytes;
}

typedef o2c_status reader(const o2c_env *, const void *, size_t, const o2c_formats_options *, o2c_formats_file **, o2c_error *);

static o2c_formats_file *
read_file(const char *name, reader *call)
{
    o2c_error err = { 0 };
    o2c_formats_file *file = NULL;
    size_t len;
    char *bytes = load(name, &len);
    o2c_status status = call(NULL, bytes, len, NULL, &file, &err);
    if (status != O2C_OK)
        printf("# %s: %s %s\n", name, err.message, err.field);
    CU_ASSERT_EQUAL_FATAL(status, O2C_OK);
    free(bytes);
    return file;
}

static o2c_status
read_cleared(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options, o2c_formats_file **out, o2c_error *err)
{
    return o2c_formats_read_cleared(env, bytes, size, options, &market->master, out, err);
}

static bool
same(o2c_ref a, o2c_str in, o2c_ref b)
{
    return a.len == b.len && memcmp(in.ptr + a.at, market->master.heap.ptr + b.at, a.len) == 0;
}

static void
items_and_customers_read_back(void)
{
    o2c_formats_file *file = read_file("items.csv", o2c_formats_read_items);
    o2c_master master = { .struct_size = sizeof master };
    uint64_t wrong = 0;
    o2c_formats_file_master(file, &master);
    CU_ASSERT_EQUAL_FATAL(master.items_count, market->master.items_count);
    CU_ASSERT_EQUAL(master.references_count, market->master.references_count);
    for (uint64_t i = 0; i < master.items_count; i++) {
        const o2c_open_item *a = &master.items[i], *b = &market->master.items[i];
        wrong += !same(a->key, master.heap, b->key) || !same(a->document, master.heap, b->document) || !same(a->account, master.heap,
            b->account);
        wrong += a->open_minor != b->open_minor || a->due_day != b->due_day || a->document_day != b->document_day || a->kind != b->kind;
        wrong += a->discount[0].until_day != b->discount[0].until_day || a->discount[0].value != b->discount[0].value;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    o2c_formats_file_free(file);
    file = read_file("customers.csv", o2c_formats_read_customers);
    o2c_formats_file_master(file, &master);
    CU_ASSERT_EQUAL(master.accounts_count, market->master.accounts_count);
    CU_ASSERT_EQUAL(master.bank_accounts_count, market->master.bank_accounts_count);
    CU_ASSERT_EQUAL(master.ties_count, market->master.ties_count);
    o2c_formats_file_free(file);
}

static void
payments_and_advices_read_back(void)
{
    o2c_formats_file *file = read_file("payments.csv", o2c_formats_read_payments);
    o2c_payments payments = { .struct_size = sizeof payments };
    uint64_t wrong = 0;
    o2c_formats_file_payments(file, &payments);
    CU_ASSERT_EQUAL_FATAL(payments.count, market->payments.count);
    for (uint64_t i = 0; i < payments.count; i++) {
        const o2c_payment *a = &payments.rows[i], *b = &market->payments.rows[i];
        wrong += !same(a->key, payments.heap, b->key) || !same(a->payer_account, payments.heap, b->payer_account);
        wrong += a->instructed_minor != b->instructed_minor || memcmp(a->instructed_currency, b->instructed_currency, 4) != 0;
        wrong += a->amount_minor != b->amount_minor || a->value_day != b->value_day || a->structured_count != b->structured_count;
        wrong += a->texts_count != b->texts_count || !same(a->end_to_end_id, payments.heap, b->end_to_end_id);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    o2c_formats_file_free(file);
    file = read_file("remittance.csv", o2c_formats_read_remittances);
    o2c_remittances remittances = { .struct_size = sizeof remittances };
    o2c_formats_file_remittances(file, &remittances);
    CU_ASSERT_EQUAL(remittances.count, market->remittances.count);
    CU_ASSERT_EQUAL(remittances.lines_count, market->remittances.lines_count);
    o2c_formats_file_free(file);
}

static void
clearings_read_back(void)
{
    o2c_formats_file *file = read_file("cleared.csv", read_cleared);
    const o2c_clearing *rows;
    uint64_t count, wrong = 0;
    o2c_str heap;
    o2c_formats_file_clearings(file, &rows, &count, &heap);
    CU_ASSERT_EQUAL_FATAL(count, market->clearings_count);
    for (uint64_t i = 0; i < count; i++) {
        wrong += !same(rows[i].payment, heap, market->cleared[i].payment) || !same(rows[i].item, heap, market->cleared[i].item);
        wrong += rows[i].applied_minor != market->cleared[i].applied_minor || rows[i].discount_minor != market->cleared[i].discount_minor;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    o2c_formats_file_free(file);
}

static const struct tap_test tests[] = {
    { "items_and_customers_read_back", items_and_customers_read_back },
    { "payments_and_advices_read_back", payments_and_advices_read_back },
    { "clearings_read_back", clearings_read_back },
};

int
main(void)
{
    struct market_options options = { .seed = 4, .items = 12000 };
    const char *build = getenv("O2C_BUILD");
    snprintf(folder, sizeof folder, "%s/market_files", build ? build : ".");
    mkdir(folder, 0777);
    market = market_make(&options);
    market_write(market, folder, NULL);
    int result = tap_run("bench/market_files", tests, TAP_COUNT(tests));
    market_free(market);
    return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* S36: details that come later, intraday before booked, a statement that does not tie; each through the reader and prepare, against the truth. */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <o2c/o2c.h>

#include "../../bench/match/market_files.h"
#include "support/tap.h"

#include <o2c/formats.h>

#define DAYS 30u

static struct market *market;
static char folder[1024];
static int32_t days[DAYS]; /* days with files, in their order */

struct read {
    o2c_formats_file *file[2];
    o2c_statements statements[2];
    const o2c_statements *list[2];
    o2c_match_prepared *prepared;
    o2c_payments payments;
};

static void
read_file(struct read *read, uint32_t at, int32_t day, int kind)
{
    char path[2048], date[11];
    o2c_error err = { 0 };
    CU_ASSERT_EQUAL_FATAL(o2c_date_write(day, date, NULL), O2C_OK);
    snprintf(path, sizeof path, "%s/%s.camt%03d.xml", folder, date, kind);
    FILE *in = fopen(path, "rb");
    CU_ASSERT_FATAL(in != NULL);
    char *bytes = malloc(1u << 22);
    size_t len = fread(bytes, 1, 1u << 22, in);
    fclose(in);
    o2c_status status = o2c_formats_read(NULL, bytes, len, NULL, &read->file[at], &err);
    if (status != O2C_OK)
        printf("# %s: %s %s\n", path, err.message, err.field);
    CU_ASSERT_EQUAL_FATAL(status, O2C_OK);
    free(bytes);
    read->statements[at].struct_size = sizeof read->statements[at];
    o2c_formats_file_statements(read->file[at], &read->statements[at]);
    read->list[at] = &read->statements[at];
}

static void
prepare(struct read *read, uint32_t files)
{
    o2c_error err = { 0 };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = read->list, .files_count = files };
    CU_ASSERT_EQUAL_FATAL(o2c_match_prepare(NULL, &request, &read->prepared, &err), O2C_OK);
    read->payments.struct_size = sizeof read->payments;
    o2c_match_prepared_payments(read->prepared, &read->payments);
}

static void
close_read(struct read *read)
{
    o2c_match_prepared_free(read->prepared);
    for (int i = 0; i < 2; i++)
        o2c_formats_file_free(read->file[i]);
}

/* What the market says of a day, as the files take it. */
static uint32_t
truth_of(int32_t day, int64_t *out_sum)
{
    uint32_t from, to, count = 0;
    market_day(market, day, &from, &to);
    *out_sum = 0;
    for (uint32_t i = from; i < to; i++) {
        const o2c_payment *row = &market->payments.rows[i];
        if (memcmp(row->currency, "EUR", 3) != 0 || memcmp(market->payments.heap.ptr + row->company.at, "1000", 4) != 0)
            continue;
        count++;
        *out_sum += row->amount_minor;
    }
    return count;
}

static uint32_t
of_route(const struct read *read, int32_t route, int64_t *out_sum)
{
    uint32_t count = 0;
    *out_sum = 0;
    for (uint64_t i = 0; i < read->payments.count; i++) {
        if (read->payments.rows[i].route != route)
            continue;
        count++;
        *out_sum += read->payments.rows[i].amount_minor;
    }
    return count;
}

static void
s36_details_that_come_later_are_awaited_then_joined(void)
{
    for (uint32_t at = 0; at < DAYS; at += MARKET_FILES_WAYS) {
        struct read alone = { .prepared = NULL }, both = { .prepared = NULL };
        int64_t wanted, sum;
        uint32_t count = truth_of(days[at], &wanted);
        read_file(&alone, 0, days[at], 53);
        prepare(&alone, 1);
        CU_ASSERT_EQUAL(of_route(&alone, O2C_ROUTE_AWAITING_DETAIL, &sum), 1); /* one batch, never matched as one payment */
        CU_ASSERT_EQUAL(sum, wanted);
        CU_ASSERT_EQUAL(alone.payments.count, 1);
        read_file(&both, 0, days[at], 53);
        read_file(&both, 1, days[at], 54);
        prepare(&both, 2);
        CU_ASSERT_EQUAL(of_route(&both, O2C_ROUTE_CUSTOMER, &sum), count);
        CU_ASSERT_EQUAL(sum, wanted);
        CU_ASSERT_EQUAL(of_route(&both, O2C_ROUTE_AWAITING_DETAIL, &sum), 0);
        close_read(&alone);
        close_read(&both);
    }
}

static void
s36_a_booked_payment_takes_over_the_key_of_its_preview(void)
{
    for (uint32_t at = 1; at < DAYS; at += MARKET_FILES_WAYS) {
        struct read early = { .prepared = NULL }, both = { .prepared = NULL };
        int64_t wanted, sum;
        uint32_t count = truth_of(days[at], &wanted), preview = 0, booked = 0;
        read_file(&early, 0, days[at], 52);
        prepare(&early, 1);
        CU_ASSERT_EQUAL(of_route(&early, O2C_ROUTE_CUSTOMER, &sum), count);
        CU_ASSERT_EQUAL(sum, wanted);
        read_file(&both, 0, days[at], 52);
        read_file(&both, 1, days[at], 53);
        prepare(&both, 2);
        for (uint64_t i = 0; i < early.payments.count; i++)
            preview += early.payments.rows[i].stage == O2C_STAGE_PREVIEW;
        for (uint64_t i = 0; i < both.payments.count; i++) {
            const o2c_payment *row = &both.payments.rows[i];
            bool known = false;
            for (uint64_t k = 0; k < early.payments.count && !known; k++)
                known = row->key.len == early.payments.rows[k].key.len &&
                        memcmp(both.payments.heap.ptr + row->key.at, early.payments.heap.ptr + early.payments.rows[k].key.at, row->key.len) == 0;
            booked += row->route == O2C_ROUTE_CUSTOMER && row->stage == O2C_STAGE_BOOKED && known;
        }
        CU_ASSERT_EQUAL(preview, count);
        CU_ASSERT_EQUAL(booked, count);
        CU_ASSERT_EQUAL(of_route(&both, O2C_ROUTE_CUSTOMER, &sum), count); /* none twice */
        CU_ASSERT_EQUAL(sum, wanted);
        close_read(&early);
        close_read(&both);
    }
}

static void
s36_a_statement_that_does_not_tie_is_parked_and_its_neighbor_goes_on(void)
{
    for (uint32_t at = 2; at < DAYS; at += MARKET_FILES_WAYS) {
        struct read read = { .prepared = NULL };
        const o2c_match_parked *parked;
        uint64_t parked_count;
        int64_t wanted, sum;
        uint32_t count = truth_of(days[at], &wanted);
        read_file(&read, 0, days[at], 53);
        prepare(&read, 1);
        o2c_match_prepared_parked(read.prepared, &parked, &parked_count, NULL);
        CU_ASSERT_EQUAL_FATAL(parked_count, 1);
        CU_ASSERT_EQUAL(parked[0].payments, count / 2);
        CU_ASSERT_EQUAL(parked[0].opening_minor + parked[0].sum_minor, parked[0].closing_minor + 1); /* both numbers: a cent is missing */
        CU_ASSERT_EQUAL(of_route(&read, O2C_ROUTE_CUSTOMER, &sum), count - count / 2);
        CU_ASSERT_EQUAL(sum + parked[0].amount_minor, wanted);
        close_read(&read);
    }
}

static const struct tap_test tests[] = {
    { "s36_details_that_come_later_are_awaited_then_joined", s36_details_that_come_later_are_awaited_then_joined },
    { "s36_a_booked_payment_takes_over_the_key_of_its_preview", s36_a_booked_payment_takes_over_the_key_of_its_preview },
    { "s36_a_statement_that_does_not_tie_is_parked_and_its_neighbor_goes_on", s36_a_statement_that_does_not_tie_is_parked_and_its_neighbor_goes_on },
};

int
main(void)
{
    struct market_options options = { .seed = 4, .items = 12000, .scenario = 36, .no_labels = 1 };
    const char *build = getenv("O2C_BUILD");
    uint32_t found = 0;
    int64_t sum;
    snprintf(folder, sizeof folder, "%s/market_bank", build ? build : ".");
    mkdir(folder, 0777);
    market = market_make(&options);
    for (int32_t day = market->first_day; found < DAYS && day < market->first_day + market->days; day++)
        if (truth_of(day, &sum) >= 2)
            days[found++] = day;
    if (found != DAYS || market_files(market, folder, DAYS) != DAYS / 3 * 5)
        return 1;
    int result = tap_run("bench/market_bank", tests, TAP_COUNT(tests));
    market_free(market);
    return result;
}

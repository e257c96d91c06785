/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of the reader: a statement that is longer than one goes on, and a sink may stop it. */
#include "camt_text.h"
#include "formats/formats.h"
#include "support/tap.h"

struct seen {
    uint64_t batches, entries, statements_of_last;
    int64_t sum, sum_of_last;
    int32_t tie;
    bool bases_right, ids_right;
};

static int32_t
see(void *self, const o2c_formats_batch *batch)
{
    struct seen *seen = self;
    const o2c_statements *rows = batch->statements;

    seen->bases_right = seen->bases_right && batch->entry_base == seen->entries && rows->entries_count <= 256;
    for (uint64_t i = 0; i < rows->entries_count; i++)
        seen->sum += rows->entries[i].amount_minor;
    seen->entries += rows->entries_count;
    seen->batches++;
    seen->sum_of_last = rows->rows[rows->count - 1].sum_minor;
    seen->tie = rows->rows[rows->count - 1].tie;
    seen->ids_right = seen->ids_right && o2c__str_equal(o2c__ref_str(rows->rows[0].id.text, rows->heap), o2c__str("S")) &&
                      o2c__str_equal(o2c__ref_str(rows->rows[0].account.text, rows->heap), o2c__str("ACCOUNT"));
    return O2C_SINK_TAKEN;
}

static void
batches__a_long_statement_goes_on_with_its_sums_and_strings(void)
{
    static const char head[] = HEAD("08") "<Acct><Id><IBAN>ACCOUNT</IBAN></Id></Acct>" BALANCE("OPBD", "0.00") BALANCE("CLBD", "100.00");
    static const char entry[] = ENTRY("0.01", "CRDT", DETAILS(TX("<Refs><EndToEndId>E</EndToEndId></Refs>")));
    static const char tail[] = TAIL;
    struct seen seen = { .bases_right = true, .ids_right = true };
    o2c_formats_reader *reader = NULL;

    CU_ASSERT_EQUAL_FATAL(o2c_formats_reader_new(NULL, NULL, see, &seen, &reader, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_push(reader, head, sizeof head - 1, NULL), O2C_OK);
    for (int i = 0; i < 10000; i++)
        CU_ASSERT_EQUAL_FATAL(o2c_formats_push(reader, entry, sizeof entry - 1, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_push(reader, tail, sizeof tail - 1, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_finish(reader, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_push(reader, tail, 1, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(seen.entries, 10000);
    CU_ASSERT_EQUAL(seen.batches, 40);
    CU_ASSERT_EQUAL(seen.sum, 10000);
    CU_ASSERT_EQUAL(seen.sum_of_last, 10000);
    CU_ASSERT_EQUAL(seen.tie, O2C_TIE_RESULT_OK);
    CU_ASSERT(seen.bases_right);
    CU_ASSERT(seen.ids_right);
    o2c_formats_reader_free(reader);
}

static int32_t
stop_at_once(void *self, const o2c_formats_batch *batch)
{
    (void)self;
    (void)batch;
    return 0;
}

static void
sink__that_does_not_take_stops_the_reader(void)
{
    static const char file[] = HEAD("08") TAIL;
    o2c_formats_reader *reader = NULL;

    CU_ASSERT_EQUAL_FATAL(o2c_formats_reader_new(NULL, NULL, stop_at_once, NULL, &reader, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_push(reader, file, sizeof file - 1, NULL), O2C_OK);
    CU_ASSERT_EQUAL(o2c_formats_finish(reader, NULL), O2C_E_CANCELED);
    CU_ASSERT_EQUAL(o2c_formats_finish(reader, NULL), O2C_E_MISUSE);
    o2c_formats_reader_free(reader);
}

int
main(void)
{
    static const struct tap_test tests[] = {
        { "batches__a_long_statement_goes_on_with_its_sums_and_strings", batches__a_long_statement_goes_on_with_its_sums_and_strings },
        { "sink__that_does_not_take_stops_the_reader", sink__that_does_not_take_stops_the_reader },
    };

    return tap_run("formats/camt_batches", tests, TAP_COUNT(tests));
}

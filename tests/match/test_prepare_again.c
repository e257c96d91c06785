/* SPDX-License-Identifier: Apache-2.0 */
/* Prepare: the same money in several files. Duplicates, previews, and notifications with the details of an entry. */
#include "prepare_files.h"

static struct file f, g, h;
static struct prepared p, before;

static int32_t
route(uint64_t i)
{
    return p.payments.rows[i].route;
}

static bool
key_begins(o2c_ref key, const char *text)
{
    return key.len > strlen(text) && memcmp(p.payments.heap.ptr + key.at, text, strlen(text)) == 0;
}

static void
trap_t28_the_same_file_twice_in_one_run_brings_no_new_line(void)
{
    static const int32_t kinds[] = { O2C_STATEMENT_BOOKED, O2C_STATEMENT_NOTIFICATION, O2C_STATEMENT_INTRADAY, O2C_STATEMENT_LIST };
    for (size_t kind = 0; kind < TAP_COUNT(kinds); kind++) {
        file_open(&f);
        file_statement(&f, kinds[kind], kinds[kind] == O2C_STATEMENT_LIST ? "" : "S-1");
        file_entry(&f, 100000);
        file_entry(&f, 100000); /* two equal lines are two payments */
        file_entry(&f, -200);
        prepare_files(&p, (struct file *[]){ &f, &f }, 2, NULL);
        CU_ASSERT_EQUAL_FATAL(p.payments.count, 6);
        for (uint64_t i = 0; i < 3; i++) {
            CU_ASSERT_EQUAL(route(i), i < 2 ? O2C_ROUTE_CUSTOMER : O2C_ROUTE_DEBIT);
            CU_ASSERT_EQUAL(route(3 + i), O2C_ROUTE_DUPLICATE);
            ASSERT_SAME(p, p.payments.rows[3 + i].duplicate_of, p.payments.rows[i].key);
            CU_ASSERT_FALSE(p.payments.rows[i].key.len == p.payments.rows[3 + i].key.len);
        }
        CU_ASSERT_EQUAL(p.parked_count, 0);
        o2c_match_prepared_free(p.handle);
    }
}

static void
trap_t28_the_same_statement_with_other_content_is_parked(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    file_entry(&f, 100000);
    g = f;
    g.all = f.all;
    g.all.rows = g.statements;
    g.all.entries = g.entries;
    g.all.texts = g.texts;
    g.all.heap.ptr = g.heap;
    g.entries[0].amount_minor = 90000;
    prepare_files(&p, (struct file *[]){ &f, &g }, 2, NULL);
    CU_ASSERT(p.payments.count == 1 && p.parked_count == 1);
    CU_ASSERT(p.parked[0].reason == O2C_PARK_OTHER_CONTENT && p.parked[0].file == 1 && p.parked[0].amount_minor == 90000);
    o2c_match_prepared_free(p.handle);
}

/* Banks that never change :20: are told by number and balances. */
static void
prepare__swift_statements_are_told_by_number_and_balances(void)
{
    file_open(&f);
    file_open(&g);
    for (int i = 0; i < 2; i++) {
        struct file *one = i ? &g : &f;
        o2c_statement *s = file_statement(one, O2C_STATEMENT_BOOKED, "STARTUMS");
        s->format = O2C_FORMAT_MT940;
        s->number = file_field(one, "00000");
        s->has = 3;
        s->opening_minor = i * 100;
        s->closing_minor = i * 100 + 100;
        file_entry(one, 100);
    }
    prepare_files(&p, (struct file *[]){ &f, &g, &g }, 3, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 3);
    CU_ASSERT(route(0) == O2C_ROUTE_CUSTOMER && route(1) == O2C_ROUTE_CUSTOMER && route(2) == O2C_ROUTE_DUPLICATE);
    ASSERT_SAME(p, p.payments.rows[2].duplicate_of, p.payments.rows[1].key);
    o2c_match_prepared_free(p.handle);
}

/* A bank that never changes the id: the number names the statement, and keys do not depend on what else is in the run. */
static void
prepare__keys_are_the_same_in_every_run(void)
{
    file_open(&f);
    file_open(&g);
    for (int i = 0; i < 2; i++) {
        struct file *one = i ? &g : &f;
        file_statement(one, O2C_STATEMENT_BOOKED, "STATEMENT")->number = file_field(one, i ? "2" : "1");
        file_entry(one, 100);
    }
    prepare_one(&before, &g);
    prepare_files(&p, (struct file *[]){ &f, &g }, 2, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 2);
    CU_ASSERT_TRUE(key_begins(p.payments.rows[0].key, OUR_IBAN "/STATEMENT-"));
    o2c_ref alone = before.payments.rows[0].key, together = p.payments.rows[1].key;
    CU_ASSERT(alone.len == together.len && memcmp(before.payments.heap.ptr + alone.at, p.payments.heap.ptr + together.at, alone.len) == 0);
    o2c_match_prepared_free(p.handle);
    prepare_files(&p, (struct file *[]){ &f }, 1, &before.payments); /* same id, place, amount and day: another statement, another payment */
    CU_ASSERT_EQUAL(route(0), O2C_ROUTE_CUSTOMER);
    o2c_match_prepared_free(p.handle);
    o2c_match_prepared_free(before.handle);
}

static void
one_line(struct file *file, int32_t kind, const char *statement, int64_t amount, const char *bank_ref, const char *end_to_end_id)
{
    file_open(file);
    file_statement(file, kind, statement);
    o2c_entry *e = file_entry(file, amount);
    e->bank_ref = file_field(file, bank_ref);
    e->end_to_end_id = file_field(file, end_to_end_id);
    e->other_account = file_field(file, "DE02120300000000202051");
    file_text(file, e, "INV-100234");
}

static void
ca_20__a_line_with_the_banks_identity_of_before_is_a_duplicate(void)
{
    static const struct {
        const char *bank_ref[2], *end_to_end_id[2];
        int64_t amount[2];
        bool duplicate;
    } rows[] = { { { "BR-1", "BR-1" }, { "", "" }, { 100, 100 }, true },       { { "", "" }, { "E-1", "E-1" }, { 100, 100 }, true },
                 { { "BR-1", "BR-2" }, { "", "" }, { 100, 100 }, false },      { { "BR-1", "BR-1" }, { "", "" }, { 100, 101 }, false },
                 { { "", "" }, { "", "" }, { 100, 100 }, false },              { { "", "" }, { "NOTPROVIDED", "NOTPROVIDED" }, { 100, 100 }, false },
                 { { "BR-1", "BR-2" }, { "E-1", "E-1" }, { 100, 100 }, true }, { { "", "" }, { "E-1", "E-2" }, { 100, 100 }, false } };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        one_line(&f, O2C_STATEMENT_BOOKED, "S-1", rows[i].amount[0], rows[i].bank_ref[0], rows[i].end_to_end_id[0]);
        one_line(&g, O2C_STATEMENT_BOOKED, "S-2", rows[i].amount[1], rows[i].bank_ref[1], rows[i].end_to_end_id[1]);
        prepare_files(&p, (struct file *[]){ &f, &g }, 2, NULL);
        CU_ASSERT_EQUAL_FATAL(p.payments.count, 2);
        CU_ASSERT_EQUAL(route(0), O2C_ROUTE_CUSTOMER);
        CU_ASSERT_EQUAL(route(1), rows[i].duplicate ? O2C_ROUTE_DUPLICATE : O2C_ROUTE_CUSTOMER);
        if (rows[i].duplicate)
            ASSERT_SAME(p, p.payments.rows[1].duplicate_of, p.payments.rows[0].key);
        o2c_match_prepared_free(p.handle);
    }
}

static void
ca_20__a_line_of_the_history_is_a_duplicate_and_names_it(void)
{
    for (int again = 0; again < 2; again++) { /* the same statement, and another one with the same line */
        one_line(&f, O2C_STATEMENT_BOOKED, "S-1", 100, "BR-1", "");
        prepare_one(&before, &f);
        one_line(&g, O2C_STATEMENT_BOOKED, again ? "S-2" : "S-1", 100, "BR-1", "");
        prepare_files(&p, (struct file *[]){ &g }, 1, &before.payments);
        CU_ASSERT_EQUAL(route(0), O2C_ROUTE_DUPLICATE);
        CU_ASSERT_EQUAL(p.payments.rows[0].route_rule, again ? 18 : 22);
        ASSERT_TEXT(p.payments.rows[0].duplicate_of, p.payments.heap, OUR_IBAN "/S-1/0");
        ASSERT_TEXT(p.payments.rows[0].key, p.payments.heap, again ? OUR_IBAN "/S-2/0" : OUR_IBAN "/S-1/0~2");
        o2c_match_prepared_free(p.handle);
        o2c_match_prepared_free(before.handle);
    }
}

static void
ca_36__equal_payments_of_one_delivery_are_told_apart_by_their_number(void)
{
    one_line(&f, O2C_STATEMENT_BOOKED, "S-1", 100, "BR-1", "");
    file_entry(&f, 100)->bank_ref = file_field(&f, "BR-1");
    one_line(&g, O2C_STATEMENT_BOOKED, "S-2", 100, "BR-1", "");
    file_entry(&g, 100)->bank_ref = file_field(&g, "BR-1");
    file_entry(&g, 100)->bank_ref = file_field(&g, "BR-1");
    prepare_files(&p, (struct file *[]){ &f, &g }, 2, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 5);
    CU_ASSERT(route(0) == O2C_ROUTE_CUSTOMER && route(1) == O2C_ROUTE_CUSTOMER);
    CU_ASSERT(route(2) == O2C_ROUTE_DUPLICATE && route(3) == O2C_ROUTE_DUPLICATE && route(4) == O2C_ROUTE_CUSTOMER);
    ASSERT_SAME(p, p.payments.rows[2].duplicate_of, p.payments.rows[0].key);
    ASSERT_SAME(p, p.payments.rows[3].duplicate_of, p.payments.rows[1].key);
    o2c_match_prepared_free(p.handle);
}

static void
ca_43_entry(struct file *file)
{
    file_open(file);
    file_statement(file, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(file, 150000);
    e->flags = O2C_ENTRY_FLAG_BATCH;
    e->batch_count = 3;
    e->bank_ref = file_field(file, "BR-1");
}

static void
ca_43_details(struct file *file, int64_t amount, int64_t last, const char *bank_ref)
{
    file_open(file);
    file_statement(file, O2C_STATEMENT_NOTIFICATION, "N-1");
    o2c_entry *e = file_entry(file, amount);
    e->flags = O2C_ENTRY_FLAG_BATCH;
    e->bank_ref = file_field(file, bank_ref);
    file_detail(file, O2C_ENTRY_DETAIL, 50000);
    file_detail(file, O2C_ENTRY_DETAIL, 60000);
    file_detail(file, O2C_ENTRY_DETAIL, last);
}

static void
ca_43__a_batch_without_details_waits(void)
{
    ca_43_entry(&f);
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 1);
    CU_ASSERT(route(0) == O2C_ROUTE_AWAITING_DETAIL && p.payments.rows[0].amount_minor == 150000);
    o2c_match_prepared_free(p.handle);
}

static void
ca_43__a_booked_line_that_says_nothing_waits_too(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    file_row(&f, O2C_ENTRY_BOOKED, 150000);
    file_row(&f, O2C_ENTRY_BOOKED, 150000)->note = file_field(&f, "INV-100234");
    prepare_one(&p, &f);
    CU_ASSERT(route(0) == O2C_ROUTE_AWAITING_DETAIL && route(1) == O2C_ROUTE_CUSTOMER);
    o2c_match_prepared_free(p.handle);
}

static void
ca_43__details_of_a_notification_replace_the_entry_in_either_order(void)
{
    for (int turn = 0; turn < 2; turn++) {
        int64_t sum = 0;
        ca_43_entry(&f);
        ca_43_details(&g, 150000, 40000, turn ? "BR-1" : ""); /* by reference, and by account, day and amount */
        prepare_files(&p, turn ? (struct file *[]){ &f, &g } : (struct file *[]){ &g, &f }, 2, NULL);
        CU_ASSERT_EQUAL_FATAL(p.payments.count, 3);
        for (uint64_t i = 0; i < 3; i++) {
            CU_ASSERT_EQUAL(route(i), O2C_ROUTE_CUSTOMER);
            ASSERT_TEXT(p.payments.rows[i].bank_ref, p.payments.heap, "BR-1");
            sum += p.payments.rows[i].amount_minor;
        }
        CU_ASSERT_EQUAL(sum, 150000);
        o2c_match_prepared_free(p.handle);
    }
}

static void
ca_43__what_the_details_leave_of_the_entry_is_a_rest(void)
{
    ca_43_entry(&f);
    ca_43_details(&g, 149000, 39000, "BR-1");
    prepare_files(&p, (struct file *[]){ &f, &g }, 2, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 4);
    CU_ASSERT(route(0) == O2C_ROUTE_RESIDUAL && p.payments.rows[0].amount_minor == 1000);
    CU_ASSERT(route(3) == O2C_ROUTE_CUSTOMER && p.payments.rows[3].amount_minor == 39000);
    o2c_match_prepared_free(p.handle);
}

static void
ca_43__two_entries_that_fit_a_notification_are_not_joined(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    file_entry(&f, 150000)->flags = O2C_ENTRY_FLAG_BATCH;
    file_entry(&f, 150000)->flags = O2C_ENTRY_FLAG_BATCH;
    ca_43_details(&g, 150000, 40000, "");
    prepare_files(&p, (struct file *[]){ &f, &g }, 2, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 5);
    CU_ASSERT(route(0) == O2C_ROUTE_AWAITING_DETAIL && route(1) == O2C_ROUTE_AWAITING_DETAIL && route(2) == O2C_ROUTE_CUSTOMER);
    o2c_match_prepared_free(p.handle);
}

static void
ca_43__entry_and_details_again_bring_nothing_new(void)
{
    ca_43_entry(&f);
    ca_43_details(&g, 150000, 40000, "BR-1");
    prepare_files(&p, (struct file *[]){ &f, &g, &g, &f }, 4, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 7);
    for (uint64_t i = 3; i < 7; i++) {
        CU_ASSERT_EQUAL(route(i), O2C_ROUTE_DUPLICATE);
        ASSERT_SAME(p, p.payments.rows[i].duplicate_of, p.payments.rows[i == 6 ? 0 : i - 3].key);
    }
    o2c_match_prepared_free(p.handle);
}

/* A single transfer stands in the statement and, without details, in the notification: one payment. */
static void
ca_43__a_notification_without_details_repeats_its_entry(void)
{
    one_line(&f, O2C_STATEMENT_BOOKED, "S-1", 100, "BR-1", "");
    one_line(&g, O2C_STATEMENT_NOTIFICATION, "N-1", 100, "", "");
    prepare_files(&p, (struct file *[]){ &g, &f }, 2, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 2);
    CU_ASSERT(route(0) == O2C_ROUTE_DUPLICATE && route(1) == O2C_ROUTE_CUSTOMER);
    ASSERT_SAME(p, p.payments.rows[0].duplicate_of, p.payments.rows[1].key);
    o2c_match_prepared_free(p.handle);
}

static void
ca_44__the_booked_line_takes_over_the_key_of_its_preview(void)
{
    static const char *const refs[] = { "BR-1", "" }; /* by the bank's reference; by day, amount and everything said */
    for (size_t i = 0; i < TAP_COUNT(refs); i++) {
        one_line(&f, O2C_STATEMENT_INTRADAY, "R-1", 100, refs[i], "");
        f.entries[0].booking_day = 0;
        one_line(&g, O2C_STATEMENT_BOOKED, "S-1", 100, refs[i], "");
        prepare_files(&p, (struct file *[]){ &f, &g }, 2, NULL);
        CU_ASSERT_EQUAL_FATAL(p.payments.count, 1);
        CU_ASSERT(route(0) == O2C_ROUTE_CUSTOMER && p.payments.rows[0].stage == O2C_STAGE_BOOKED);
        CU_ASSERT_TRUE(key_begins(p.payments.rows[0].key, OUR_IBAN "/R-1+"));
        ASSERT_TEXT(p.payments.rows[0].statement, p.payments.heap, "S-1");
        o2c_match_prepared_free(p.handle);
    }
}

static void
ca_44__a_preview_of_the_history_hands_its_key_over(void)
{
    one_line(&f, O2C_STATEMENT_INTRADAY, "R-1", 100, "BR-1", "");
    prepare_one(&before, &f);
    CU_ASSERT_EQUAL(before.payments.rows[0].stage, O2C_STAGE_PREVIEW);
    one_line(&g, O2C_STATEMENT_BOOKED, "S-1", 100, "BR-1", "");
    one_line(&h, O2C_STATEMENT_BOOKED, "S-2", 100, "BR-1", "");
    prepare_files(&p, (struct file *[]){ &g, &h }, 2, &before.payments);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 2);
    CU_ASSERT(route(0) == O2C_ROUTE_CUSTOMER && route(1) == O2C_ROUTE_DUPLICATE);
    CU_ASSERT_TRUE(key_begins(p.payments.rows[0].key, OUR_IBAN "/R-1+"));
    ASSERT_SAME(p, p.payments.rows[1].duplicate_of, p.payments.rows[0].key);
    o2c_match_prepared_free(p.handle);
    o2c_match_prepared_free(before.handle);
}

/* No reference at all: linked by content as a preview, known again by its place. */
static void
ca_44__a_booked_line_under_the_key_of_its_preview_is_known_again(void)
{
    one_line(&f, O2C_STATEMENT_INTRADAY, "R-1", 100, "", "");
    one_line(&g, O2C_STATEMENT_BOOKED, "S-1", 100, "", "");
    prepare_files(&before, (struct file *[]){ &f, &g }, 2, NULL);
    CU_ASSERT_EQUAL_FATAL(before.payments.count, 1);
    prepare_files(&p, (struct file *[]){ &g }, 1, &before.payments);
    CU_ASSERT_EQUAL(route(0), O2C_ROUTE_DUPLICATE);
    CU_ASSERT_TRUE(key_begins(p.payments.rows[0].duplicate_of, OUR_IBAN "/R-1+"));
    o2c_match_prepared_free(p.handle);
    o2c_match_prepared_free(before.handle);
}

static void
ca_44__reports_of_the_day_and_a_late_preview_are_not_proposed_again(void)
{
    one_line(&f, O2C_STATEMENT_INTRADAY, "R-1", 100, "", "");
    one_line(&g, O2C_STATEMENT_INTRADAY, "R-2", 100, "", "");
    one_line(&h, O2C_STATEMENT_BOOKED, "S-1", 100, "", "");
    prepare_files(&p, (struct file *[]){ &f, &g, &h, &f }, 4, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 3); /* the first preview gave way to the booked line */
    CU_ASSERT(route(0) == O2C_ROUTE_DUPLICATE && route(1) == O2C_ROUTE_CUSTOMER && route(2) == O2C_ROUTE_DUPLICATE);
    CU_ASSERT_TRUE(key_begins(p.payments.rows[1].key, OUR_IBAN "/R-1+"));
    ASSERT_SAME(p, p.payments.rows[0].duplicate_of, p.payments.rows[1].key);
    ASSERT_SAME(p, p.payments.rows[2].duplicate_of, p.payments.rows[1].key);
    o2c_match_prepared_free(p.handle);
}

static void
ca_44__two_booked_lines_need_two_previews(void)
{
    one_line(&f, O2C_STATEMENT_INTRADAY, "R-1", 100, "", "");
    one_line(&g, O2C_STATEMENT_BOOKED, "S-1", 100, "", "");
    file_entry(&g, 100)->other_account = file_field(&g, "DE02120300000000202051");
    file_text(&g, g.parent, "INV-100234");
    one_line(&h, O2C_STATEMENT_BOOKED, "S-2", 100, "", "");
    prepare_files(&p, (struct file *[]){ &f, &g, &h }, 3, NULL);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 3);
    for (uint64_t i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(route(i), O2C_ROUTE_CUSTOMER); /* between booked lines content alone never makes a duplicate */
    CU_ASSERT_TRUE(key_begins(p.payments.rows[0].key, OUR_IBAN "/R-1+"));
    ASSERT_TEXT(p.payments.rows[1].key, p.payments.heap, OUR_IBAN "/S-1/1");
    o2c_match_prepared_free(p.handle);
}

static const struct tap_test tests[] = {
    { "trap_t28_the_same_file_twice_in_one_run_brings_no_new_line", trap_t28_the_same_file_twice_in_one_run_brings_no_new_line },
    { "trap_t28_the_same_statement_with_other_content_is_parked", trap_t28_the_same_statement_with_other_content_is_parked },
    { "prepare__swift_statements_are_told_by_number_and_balances", prepare__swift_statements_are_told_by_number_and_balances },
    { "prepare__keys_are_the_same_in_every_run", prepare__keys_are_the_same_in_every_run },
    { "ca_20__a_line_with_the_banks_identity_of_before_is_a_duplicate", ca_20__a_line_with_the_banks_identity_of_before_is_a_duplicate },
    { "ca_20__a_line_of_the_history_is_a_duplicate_and_names_it", ca_20__a_line_of_the_history_is_a_duplicate_and_names_it },
    { "ca_36__equal_payments_of_one_delivery_are_told_apart_by_their_number", ca_36__equal_payments_of_one_delivery_are_told_apart_by_their_number },
    { "ca_43__a_batch_without_details_waits", ca_43__a_batch_without_details_waits },
    { "ca_43__a_booked_line_that_says_nothing_waits_too", ca_43__a_booked_line_that_says_nothing_waits_too },
    { "ca_43__details_of_a_notification_replace_the_entry_in_either_order", ca_43__details_of_a_notification_replace_the_entry_in_either_order },
    { "ca_43__what_the_details_leave_of_the_entry_is_a_rest", ca_43__what_the_details_leave_of_the_entry_is_a_rest },
    { "ca_43__two_entries_that_fit_a_notification_are_not_joined", ca_43__two_entries_that_fit_a_notification_are_not_joined },
    { "ca_43__entry_and_details_again_bring_nothing_new", ca_43__entry_and_details_again_bring_nothing_new },
    { "ca_43__a_notification_without_details_repeats_its_entry", ca_43__a_notification_without_details_repeats_its_entry },
    { "ca_44__the_booked_line_takes_over_the_key_of_its_preview", ca_44__the_booked_line_takes_over_the_key_of_its_preview },
    { "ca_44__a_preview_of_the_history_hands_its_key_over", ca_44__a_preview_of_the_history_hands_its_key_over },
    { "ca_44__a_booked_line_under_the_key_of_its_preview_is_known_again", ca_44__a_booked_line_under_the_key_of_its_preview_is_known_again },
    { "ca_44__reports_of_the_day_and_a_late_preview_are_not_proposed_again", ca_44__reports_of_the_day_and_a_late_preview_are_not_proposed_again },
    { "ca_44__two_booked_lines_need_two_previews", ca_44__two_booked_lines_need_two_previews },
};

int
main(void)
{
    return tap_run("match/prepare_again", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The back-test: the books of a replay, what counts as agreement, and that no day knows what only a later one told. */
#include <stdio.h>
#include <string.h>

#include "match/difference.h"
#include "match/learn.h"
#include "match/past.h"
#include "support/tap.h"

#define IBAN "DE02120300000000202051"

/* One customer known by his account; three documents of January. */
static void
open_small(struct past *past)
{
    past_open(past);
    desk_account(&past->desk, "C1", "Acme Tools GmbH");
    desk_bank_account(&past->desk, "C1", IBAN);
    desk_item(&past->desk, "I1", "C1", "INV-100234", 100000, "2026-01-05", "2026-02-04");
    desk_item(&past->desk, "I2", "C1", "INV-100235", 25000, "2026-01-07", "2026-02-06");
    desk_item(&past->desk, "I3", "C1", "INV-100301", 40000, "2026-01-20", "2026-02-19");
}

static void
replay(struct past *past)
{
    o2c_status status = past_replay(past);
    CU_ASSERT_EQUAL_FATAL(status, O2C_OK);
}

static void
a_payment_that_people_cleared_likewise_agrees(void)
{
    struct past past;
    open_small(&past);
    desk_payment(&past.desk, "P1", 100000, "2026-02-03", IBAN, "INV-100234");
    past_clear(&past, "P1", "I1", 100000, "2026-02-04");
    replay(&past);
    const o2c_match_answer *answer = past_answer(&past, "P1");
    CU_ASSERT_EQUAL(answer->agreement, O2C_AGREEMENT_SAME);
    CU_ASSERT_EQUAL(answer->band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(answer->lines_right, 1);
    CU_ASSERT_EQUAL(answer->cleared_count, 1);
    const o2c_match_rate *rate = past_rate(&past, O2C_RATE_POLICY);
    CU_ASSERT_EQUAL(rate->payments, 1);
    CU_ASSERT_EQUAL(rate->payments_auto, 1);
    CU_ASSERT_EQUAL(rate->lines_judged, 1);
    CU_ASSERT_EQUAL(rate->lines_wrong, 0);
    CU_ASSERT_EQUAL(rate->money_auto_minor, 100000);
    CU_ASSERT_EQUAL(rate->bound_ppm, o2c_match_bound_ppm(0, 1));
    past_close(&past);
}

static void
a_document_is_known_from_the_day_after_its_date(void)
{
    struct past past;
    open_small(&past);
    desk_payment(&past.desk, "P1", 40000, "2026-01-20", IBAN, "INV-100301");
    desk_payment(&past.desk, "P2", 40000, "2026-01-21", IBAN, "INV-100301");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->lines_count, 0);
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->lines_count, 1);
    past.options.same_day_items = 1;
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->lines_count, 1);
    past_close(&past);
}

static void
the_books_follow_what_people_cleared_not_what_we_answered(void)
{
    struct past past;
    open_small(&past);
    /* nobody cleared the first payment: the document stays open, and the second one finds it again */
    desk_payment(&past.desk, "P1", 100000, "2026-02-03", IBAN, "INV-100234");
    desk_payment(&past.desk, "P2", 100000, "2026-02-05", IBAN, "INV-100234");
    past_clear(&past, "P2", "I1", 100000, "2026-02-05");
    desk_payment(&past.desk, "P3", 100000, "2026-02-06", IBAN, "INV-100234");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->lines_count, 1);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_DIFFERENT); /* it was cleared with another payment */
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->agreement, O2C_AGREEMENT_SAME);
    CU_ASSERT_EQUAL(past_answer(&past, "P3")->lines_count, 0);                     /* cleared the day before */
    CU_ASSERT_EQUAL(past_answer(&past, "P3")->band != O2C_BAND_AUTO, 1);
    past_close(&past);
}

static void
a_part_that_was_cleared_leaves_the_rest_open(void)
{
    struct past past;
    open_small(&past);
    past_clear(&past, "EARLIER", "I1", 30000, "2026-01-30");
    desk_payment(&past.desk, "P1", 70000, "2026-02-03", IBAN, "INV-100234");
    past_clear(&past, "P1", "I1", 70000, NULL); /* no day: that of the payment */
    desk_payment(&past.desk, "P2", 70000, "2026-02-04", IBAN, "INV-100234");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_SAME);
    CU_ASSERT_EQUAL(past_lines(&past, past_answer(&past, "P1"))->cleared_minor, 70000);
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->lines_count, 0);
    past_close(&past);
}

static void
a_list_of_today_does_not_say_what_was_closed_or_disputed_then(void)
{
    struct past past;
    open_small(&past);
    o2c_open_item *item = &past.desk.items[0];
    item->kind = O2C_ITEM_CLOSED;
    item->open_minor = 0;
    item->closed_day = desk_day("2026-02-10");
    past.desk.items[1].flags = O2C_ITEM_FLAG_DISPUTED;
    desk_payment(&past.desk, "P1", 100000, "2026-02-03", IBAN, "INV-100234");
    desk_payment(&past.desk, "P2", 25000, "2026-02-04", IBAN, "INV-100235");
    desk_payment(&past.desk, "P3", 100000, "2026-02-12", IBAN, "INV-100234");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->band, O2C_BAND_AUTO);
    CU_ASSERT_EQUAL(past_answer(&past, "P3")->lines_count, 0);
    o2c_match_report_header header = { .struct_size = sizeof header };
    o2c_match_report_header_read(past.report, &header);
    CU_ASSERT_EQUAL(header.states_dropped, 1);
    past_close(&past);
}

static void
documents_that_no_posting_can_tell_apart_agree_and_are_counted_apart(void)
{
    struct past past;
    open_small(&past);
    desk_item(&past.desk, "I4", "C1", "INV-100410", 33300, "2026-01-09", "2026-02-08");
    desk_item(&past.desk, "I5", "C1", "INV-100411", 33300, "2026-01-09", "2026-02-08");
    desk_payment(&past.desk, "P1", 33300, "2026-02-03", IBAN, NULL);
    past_clear(&past, "P1", "I5", 33300, "2026-02-04");
    replay(&past);
    const o2c_match_answer *answer = past_answer(&past, "P1");
    CU_ASSERT_EQUAL_FATAL(answer->lines_count, 1);
    CU_ASSERT_EQUAL(past_lines(&past, answer)->item, 3);
    CU_ASSERT_EQUAL(answer->agreement, O2C_AGREEMENT_INTERCHANGEABLE);
    /* another discount makes them two */
    past.desk.items[4].discount[0] = (o2c_discount){ desk_day("2026-01-19"), O2C_DISCOUNT_PPM, 20000 };
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_DIFFERENT);
    past_close(&past);
}

static void
of_two_equal_payments_either_may_be_the_second(void)
{
    struct past past;
    open_small(&past);
    /* the bank lists P2 first; people took P1 for the payment and P2 for the double */
    desk_payment(&past.desk, "P2", 100000, "2026-02-03", IBAN, "INV-100234");
    desk_payment(&past.desk, "P1", 100000, "2026-02-03", IBAN, "INV-100234 thank you");
    past_clear(&past, "P1", "I1", 100000, "2026-02-04");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->lines_count + past_answer(&past, "P1")->lines_count, 1);
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->agreement, O2C_AGREEMENT_INTERCHANGEABLE);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_NO_ANSWER);
    past.desk.payments[0].payer_name = desk_text(&past.desk, "Acme");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->agreement, O2C_AGREEMENT_DIFFERENT);
    past_close(&past);
}

static void
of_two_answers_the_one_that_explains_the_amount_is_named(void)
{
    struct past past;
    open_small(&past);
    desk_item(&past.desk, "I4", "C1", "INV-100410", 60000, "2026-01-09", "2026-02-08");
    desk_item(&past.desk, "I6", "C1", "INV-100999", 100000, "2026-01-11", "2026-02-10");
    desk_payment(&past.desk, "P1", 100000, "2026-02-03", IBAN, "INV-100234"); /* ours: I1. Theirs: I3 + I4, the same sum */
    past_clear(&past, "P1", "I3", 40000, "2026-02-04");
    past_clear(&past, "P1", "I4", 60000, "2026-02-04");
    desk_payment(&past.desk, "P2", 25000, "2026-02-03", IBAN, "INV-100235"); /* theirs: a part of another document */
    past_clear(&past, "P2", "I6", 25000, "2026-02-04");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_DIFFERENT);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->possible, O2C_POSSIBLE_BOTH);
    CU_ASSERT_EQUAL(past_answer(&past, "P2")->possible, O2C_POSSIBLE_OURS);
    CU_ASSERT_EQUAL(past_rate(&past, O2C_RATE_POLICY)->lines_wrong, 2);
    CU_ASSERT_EQUAL(past_rate(&past, O2C_RATE_POLICY)->payments_wrong, 2);
    const o2c_match_disagreement *rows;
    const o2c_match_theirs *theirs;
    uint64_t count, theirs_count;
    o2c_match_report_disagreements(past.report, &rows, &count);
    o2c_match_report_theirs(past.report, &theirs, &theirs_count);
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_EQUAL(theirs_count, 3);
    CU_ASSERT_EQUAL(rows[0].theirs_count, 2);
    CU_ASSERT_EQUAL(theirs[0].known, 1);
    CU_ASSERT(rows[0].said.len > 0);
    past_close(&past);
}

static void
another_amount_or_a_missing_line_is_no_agreement(void)
{
    struct past past;
    open_small(&past);
    desk_payment(&past.desk, "P1", 125000, "2026-02-03", IBAN, "INV-100234 INV-100235");
    past_clear(&past, "P1", "I1", 100000, "2026-02-04");
    o2c_clearing *row = past_clear(&past, "P1", "I2", 24000, "2026-02-04");
    replay(&past);
    const o2c_match_answer *answer = past_answer(&past, "P1");
    CU_ASSERT_EQUAL(answer->agreement, O2C_AGREEMENT_DIFFERENT);
    CU_ASSERT_EQUAL(answer->lines_right, 1);
    row->applied_minor = 25000;
    row->flags = O2C_CLEARING_REST_STAYS; /* ours closes it */
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_DIFFERENT);
    row->flags = O2C_CLEARING_CLOSES;
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_SAME);
    past_close(&past);
}

static void
a_discount_agrees_only_when_it_is_the_same_or_was_not_told(void)
{
    struct past past;
    open_small(&past);
    past.desk.items[0].discount[0] = (o2c_discount){ desk_day("2026-01-15"), O2C_DISCOUNT_PPM, 20000 };
    desk_payment(&past.desk, "P1", 98000, "2026-01-15", IBAN, "INV-100234");
    o2c_clearing *row = past_clear(&past, "P1", "I1", 98000, "2026-01-16");
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_DIFFERENT);
    row->discount_minor = 1500;
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_DIFFERENT);
    row->discount_minor = 2000;
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_SAME);
    row->discount_minor = 0;
    row->flags = O2C_CLEARING_DISCOUNT_UNKNOWN;
    replay(&past);
    CU_ASSERT_EQUAL(past_answer(&past, "P1")->agreement, O2C_AGREEMENT_SAME);
    past_close(&past);
}

static void
a_rest_left_open_that_people_took_off_agrees_and_is_counted_apart(void)
{
    struct past past;
    open_small(&past);
    desk_payment(&past.desk, "P1", 97000, "2026-02-03", IBAN, "INV-100234");
    past_clear(&past, "P1", "I1", 97000, "2026-02-04")->discount_minor = 3000;
    replay(&past);
    const o2c_match_answer *answer = past_answer(&past, "P1");
    CU_ASSERT_EQUAL_FATAL(answer->lines_count, 1);
    CU_ASSERT_EQUAL(past_lines(&past, answer)->cleared_minor, 97000);
    CU_ASSERT_EQUAL(answer->agreement, O2C_AGREEMENT_LEFT_OPEN);
    past_close(&past);
}

static void
bank_accounts_may_be_learned_instead_of_known(void)
{
    struct past past;
    open_small(&past);
    desk_item(&past.desk, "I7", "C1", "INV-100500", 61700, "2026-01-22", "2026-02-21");
    desk_payment(&past.desk, "P1", 100000, "2026-02-03", IBAN, "INV-100234");
    past_clear(&past, "P1", "I1", 100000, "2026-02-03");
    desk_payment(&past.desk, "P2", 61700, "2026-02-10", IBAN, NULL);
    past.options.learn_accounts = 1;
    replay(&past);
    const o2c_match_answer_line *first = past_lines(&past, past_answer(&past, "P1")), *second = past_lines(&past, past_answer(&past, "P2"));
    CU_ASSERT_EQUAL(first->line_class >> 8 & 255, O2C_PAYER_CITED);
    CU_ASSERT_EQUAL_FATAL(past_answer(&past, "P2")->lines_count, 1);
    CU_ASSERT_NOT_EQUAL(second->line_class >> 8 & 255, O2C_PAYER_KNOWN);
    uint64_t learned = 0;
    o2c_match_model_learned(o2c_match_report_model(past.report), NULL, 0, &learned, NULL, NULL);
    CU_ASSERT_EQUAL(learned, 1);
    past.options.learn_accounts = 0;
    replay(&past);
    CU_ASSERT_EQUAL(past_lines(&past, past_answer(&past, "P2"))->line_class >> 8 & 255, O2C_PAYER_KNOWN);
    past_close(&past);
}

/* ---- no look-ahead */

/* Drops, moves or changes what became known on a day or later, but for the payments of that day. */
static void
change_future(struct past *past, uint32_t *state, int32_t day)
{
    struct desk *desk = &past->desk;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < past->count; i++) {
        o2c_clearing row = past->rows[i];
        if (row.cleared_day >= day) {
            if (past_random(state, 2))
                continue;
            row.item = desk->items[past_random(state, desk->items_count)].key;
            row.applied_minor = 1 + (int64_t)past_random(state, 100000);
            row.cleared_day += (int32_t)past_random(state, 9);
        }
        past->rows[kept++] = row;
    }
    past->count = kept;
    for (uint32_t i = 0; i < desk->items_count; i++)
        if (desk->items[i].document_day >= day) {
            desk->items[i].open_minor = desk->items[i].original_minor = 1 + (int64_t)past_random(state, 200000);
            desk->items[i].document_day += (int32_t)past_random(state, 5);
        }
    kept = 0;
    for (uint32_t i = 0; i < desk->payments_count; i++) {
        o2c_payment row = desk->payments[i];
        if (row.booking_day > day && past_random(state, 2))
            continue;
        if (row.booking_day > day)
            row.amount_minor = 1 + (int64_t)past_random(state, 100000);
        desk->payments[kept++] = row;
    }
    desk->payments_count = kept;
}

static void
the_future_changes_no_byte_of_the_past_at_20_random_days(void)
{
    static struct past whole, cut;
    uint32_t state = 4711, compared = 0;
    past_make(&whole, 7, 110);
    replay(&whole);
    CU_ASSERT(whole.days_count > 60);
    for (int round = 0; round < 20; round++) {
        int32_t day = whole.day_of[5 + past_random(&state, whole.days_count - 6)];
        past_make(&cut, 7, 110);
        change_future(&cut, &state, day);
        replay(&cut);
        uint32_t wrong = 0;
        for (uint32_t i = 0; i < whole.days_count && whole.day_of[i] <= day; i++, compared++)
            wrong += cut.day_of[i] != whole.day_of[i] || cut.days[i] != whole.days[i];
        CU_ASSERT_EQUAL(wrong, 0);
        past_close(&cut);
    }
    CU_ASSERT(compared > 400);
    past_close(&whole);
}

static void
what_was_known_before_does_change_a_day(void)
{
    static struct past whole, other;
    past_make(&whole, 7, 110);
    past_make(&other, 7, 110);
    other.count /= 2; /* half of the clearings, the early ones kept: the books differ from there on */
    replay(&whole);
    replay(&other);
    uint32_t differ = 0;
    for (uint32_t i = 0; i < whole.days_count; i++)
        differ += whole.days[i] != other.days[i];
    CU_ASSERT(differ > 5);
    past_close(&whole);
    past_close(&other);
}

static void
the_order_of_the_rows_does_not_matter(void)
{
    static struct past straight, turned;
    o2c_match_report_header a = { .struct_size = sizeof a }, b = { .struct_size = sizeof b };
    past_make(&straight, 11, 80);
    past_make(&turned, 11, 80);
    struct desk *desk = &turned.desk;
    for (uint32_t i = 0, k = desk->items_count - 1; i < k; i++, k--) {
        o2c_open_item swap = desk->items[i];
        desk->items[i] = desk->items[k];
        desk->items[k] = swap;
    }
    for (uint32_t i = 0, k = desk->payments_count - 1; i < k; i++, k--) {
        o2c_payment swap = desk->payments[i];
        desk->payments[i] = desk->payments[k];
        desk->payments[k] = swap;
    }
    for (uint32_t i = 0, k = turned.count - 1; i < k; i++, k--) {
        o2c_clearing swap = turned.rows[i];
        turned.rows[i] = turned.rows[k];
        turned.rows[k] = swap;
    }
    replay(&straight);
    replay(&turned);
    o2c_match_report_header_read(straight.report, &a);
    o2c_match_report_header_read(turned.report, &b);
    CU_ASSERT_EQUAL(memcmp(a.answers_hash, b.answers_hash, 32), 0);
    CU_ASSERT_EQUAL(memcmp(a.last_model_hash, b.last_model_hash, 32), 0);
    past_close(&straight);
    past_close(&turned);
}

/* ---- threads of the host: the last job first, and no job at all */
static void
run_backwards(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    *(uint64_t *)self += 1;
    for (uint64_t i = count; i > 0; i--)
        job(arg, i - 1);
}

static void
run_nothing(void *self, uint64_t count, void (*job)(void *arg, uint64_t index), void *arg)
{
    (void)self, (void)count, (void)job, (void)arg;
}

/* Payments of many days on one, so that a day is more than one range; the executor also makes the books of the day behind. */
static void
gather_days(struct past *past, int32_t days)
{
    for (uint32_t i = 0; i < past->desk.payments_count; i++)
        past->desk.payments[i].booking_day -= past->desk.payments[i].booking_day % days;
}

static void
books_made_ahead_change_no_byte(void)
{
    static struct past alone, lent;
    for (int32_t days = 1; days <= 91; days += 45) {
        uint64_t runs = 0;
        const o2c_match_executor executor = { .struct_size = sizeof executor, .self = &runs, .run = run_backwards };
        o2c_match_report_header a = { .struct_size = sizeof a }, b = { .struct_size = sizeof b };
        past_make(&alone, 12, 250);
        past_make(&lent, 12, 250);
        gather_days(&alone, days);
        gather_days(&lent, days);
        lent.options.executor = &executor;
        replay(&alone);
        replay(&lent);
        o2c_match_report_header_read(alone.report, &a);
        o2c_match_report_header_read(lent.report, &b);
        CU_ASSERT_EQUAL(alone.days_count, lent.days_count);
        CU_ASSERT_EQUAL(memcmp(alone.days, lent.days, alone.days_count * sizeof *alone.days), 0);
        CU_ASSERT_EQUAL(memcmp(&a, &b, sizeof a), 0);
        CU_ASSERT(days < 91 || runs > 1); /* else no range had the books beside it */
        past_close(&alone);
        past_close(&lent);
    }
}

static void
an_executor_that_leaves_the_books_undone_is_misuse(void)
{
    static struct past past;
    const o2c_match_executor executor = { .struct_size = sizeof executor, .run = run_nothing };
    past_make(&past, 12, 150);
    gather_days(&past, 61);
    past.options.executor = &executor;
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MISUSE);
    CU_ASSERT_STRING_EQUAL(past.desk.err.field, "executor.run");
    past_close(&past);
}

/* ---- the tables */
static void
the_tables_add_up(void)
{
    static struct past past;
    const o2c_match_rate *rates, *curve;
    const o2c_match_class_result *classes;
    const o2c_match_answer_line *lines;
    const o2c_match_calibration *bins;
    uint64_t rates_count, curve_count, classes_count, lines_count, bins_count, proposed = 0, binned = 0, judged = 0;
    uint32_t error = 0;
    past_make(&past, 3, 120);
    replay(&past);
    o2c_match_report_rates(past.report, &rates, &rates_count);
    o2c_match_report_curve(past.report, &curve, &curve_count);
    o2c_match_report_classes(past.report, &classes, &classes_count);
    o2c_match_report_lines(past.report, &lines, &lines_count);
    o2c_match_report_calibration(past.report, &bins, &bins_count, &error);
    CU_ASSERT_EQUAL(curve_count, 21);
    CU_ASSERT_EQUAL(bins_count, 32);
    for (uint64_t i = 1; i < curve_count; i++)
        CU_ASSERT(curve[i].bar_ppm > curve[i - 1].bar_ppm && curve[i].lines_auto <= curve[i - 1].lines_auto);
    for (uint64_t i = 0; i < classes_count; i++) {
        proposed += classes[i].proposed;
        CU_ASSERT_EQUAL(classes[i].lines, classes[i].same + classes[i].interchangeable + classes[i].left_open + classes[i].different);
        CU_ASSERT_EQUAL(classes[i].bound_ppm, o2c_match_bound_ppm(classes[i].different, classes[i].lines));
    }
    CU_ASSERT_EQUAL(proposed, lines_count);
    for (int k = 0; k < 3; k++) {
        uint64_t payments = 0, automatic = 0, wrong = 0;
        for (uint64_t i = 3 + (uint64_t)k; i < rates_count; i += 3) {
            payments += rates[i].payments;
            automatic += rates[i].lines_auto;
            wrong += rates[i].lines_wrong;
        }
        CU_ASSERT_EQUAL(payments, rates[k].payments);
        CU_ASSERT_EQUAL(automatic, rates[k].lines_auto);
        CU_ASSERT_EQUAL(wrong, rates[k].lines_wrong);
    }
    for (uint64_t i = 0; i < lines_count; i++)
        judged += lines[i].agreement != O2C_AGREEMENT_NOT_CLEARED;
    for (uint64_t i = 0; i < bins_count; i++) {
        binned += bins[i].lines;
        CU_ASSERT(bins[i].right <= bins[i].lines && bins[i].low_ppm < bins[i].high_ppm);
        CU_ASSERT(bins[i].lines == 0 || (bins[i].mean_ppm >= bins[i].low_ppm && bins[i].mean_ppm < bins[i].high_ppm));
    }
    CU_ASSERT_EQUAL(binned, judged);
    CU_ASSERT(past_rate(&past, O2C_RATE_POLICY)->lines_wrong > 0); /* the clerks of this past err */
    past_close(&past);
}

/* ---- refusals */
static void
what_cannot_be_a_history_is_refused_with_its_row(void)
{
    struct past past;
    o2c_match_history empty = { .struct_size = sizeof empty };
    o2c_match_report *report = NULL;
    o2c_error err;
    CU_ASSERT_EQUAL(o2c_match_backtest(NULL, NULL, NULL, NULL, &report, &err), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_backtest(NULL, &empty, NULL, NULL, &report, &err), O2C_E_MISUSE);
    open_small(&past);
    desk_payment(&past.desk, "P1", 100000, "2026-02-03", IBAN, NULL);
    desk_payment(&past.desk, "P2", 100000, "2026-02-03", IBAN, NULL)->key = past.desk.payments[0].key;
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_EQUAL(past.desk.err.row, 1);
    past.desk.payments[1].key = desk_text(&past.desk, "P2");
    past.desk.payments[1].booking_day = past.desk.payments[1].value_day = 0;
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MATCH_PAYMENT);
    CU_ASSERT_EQUAL(past.desk.err.row, 1);
    past.desk.payments_count = 1;
    past_clear(&past, "P1", "I1", 100000, NULL);
    past_clear(&past, "P1", "", 100000, NULL);
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MATCH_KEY);
    CU_ASSERT_EQUAL(past.desk.err.row, 1);
    past.rows[1].item = past.rows[0].item;
    past.rows[1].flags = 64;
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MATCH_KEY);
    past.count = 1;
    past.desk.items[2].key = past.desk.items[0].key;
    CU_ASSERT_EQUAL(past_replay(&past), O2C_E_MATCH_KEY);
    CU_ASSERT_EQUAL(past.desk.err.row, 2);
    past_close(&past);
}

/* Payments that differed by an amount at the host, and how many of them stayed short. */
static uint64_t
differed(const struct past *past, int64_t owed, int64_t amount, uint64_t *out_short)
{
    const o2c_match_model *model = o2c_match_report_model(past->report);
    uint64_t key = o2c__differ_amount_key("USD", amount, o2c__differ_decade(owed));
    const struct o2c__habit_row *row =
        model->learned ? o2c__habit_find(&model->learned->rows, O2C__OWNER_HOST, O2C__DIFFER_AMOUNT, key) : NULL;
    *out_short = row ? (row->seen + O2C__LINE_UNIT / 2) / O2C__LINE_UNIT : 0;
    return row ? (row->asked + O2C__LINE_UNIT / 2) / O2C__LINE_UNIT : 0;
}

static void
differences_are_learned_from_what_people_took_off_or_left_open(void)
{
    struct past past;
    uint64_t shorts;
    open_small(&past);
    desk_item(&past.desk, "I7", "C1", "INV-100500", 61700, "2026-01-22", "2026-02-21");
    desk_item(&past.desk, "I8", "C1", "INV-100600", 71700, "2026-01-22", "2026-02-21");
    desk_payment(&past.desk, "P1", 97500, "2026-02-03", IBAN, "INV-100234");
    past_clear(&past, "P1", "I1", 97500, "2026-02-04")->discount_minor = 2500; /* taken off */
    desk_payment(&past.desk, "P2", 59200, "2026-02-10", IBAN, "INV-100500");
    past_clear(&past, "P2", "I7", 59200, "2026-02-11"); /* left open */
    desk_payment(&past.desk, "P3", 69200, "2026-02-12", IBAN, "INV-100600");
    replay(&past);
    CU_ASSERT_EQUAL(differed(&past, 61700, 2500, &shorts), 1);
    CU_ASSERT_EQUAL(shorts, 1);
    CU_ASSERT_EQUAL(differed(&past, 100000, 2500, &shorts), 1);
    CU_ASSERT_EQUAL(shorts, 0);
    past_close(&past);
}

static void
a_history_without_payments_is_an_empty_report(void)
{
    struct past past;
    open_small(&past);
    replay(&past);
    o2c_match_report_header header = { .struct_size = sizeof header };
    o2c_match_report_header_read(past.report, &header);
    CU_ASSERT_EQUAL(header.payments, 0);
    CU_ASSERT_EQUAL(header.days, 0);
    CU_ASSERT(o2c_match_report_model(past.report) != NULL);
    past_close(&past);
}

static const struct tap_test tests[] = {
    { "differences_are_learned_from_what_people_took_off_or_left_open", differences_are_learned_from_what_people_took_off_or_left_open },
    { "a_payment_that_people_cleared_likewise_agrees", a_payment_that_people_cleared_likewise_agrees },
    { "a_document_is_known_from_the_day_after_its_date", a_document_is_known_from_the_day_after_its_date },
    { "the_books_follow_what_people_cleared_not_what_we_answered", the_books_follow_what_people_cleared_not_what_we_answered },
    { "a_part_that_was_cleared_leaves_the_rest_open", a_part_that_was_cleared_leaves_the_rest_open },
    { "a_list_of_today_does_not_say_what_was_closed_or_disputed_then", a_list_of_today_does_not_say_what_was_closed_or_disputed_then },
    { "documents_that_no_posting_can_tell_apart_agree_and_are_counted_apart",
      documents_that_no_posting_can_tell_apart_agree_and_are_counted_apart },
    { "of_two_equal_payments_either_may_be_the_second", of_two_equal_payments_either_may_be_the_second },
    { "of_two_answers_the_one_that_explains_the_amount_is_named", of_two_answers_the_one_that_explains_the_amount_is_named },
    { "another_amount_or_a_missing_line_is_no_agreement", another_amount_or_a_missing_line_is_no_agreement },
    { "a_discount_agrees_only_when_it_is_the_same_or_was_not_told", a_discount_agrees_only_when_it_is_the_same_or_was_not_told },
    { "a_rest_left_open_that_people_took_off_agrees_and_is_counted_apart",
      a_rest_left_open_that_people_took_off_agrees_and_is_counted_apart },
    { "bank_accounts_may_be_learned_instead_of_known", bank_accounts_may_be_learned_instead_of_known },
    { "the_future_changes_no_byte_of_the_past_at_20_random_days", the_future_changes_no_byte_of_the_past_at_20_random_days },
    { "what_was_known_before_does_change_a_day", what_was_known_before_does_change_a_day },
    { "the_order_of_the_rows_does_not_matter", the_order_of_the_rows_does_not_matter },
    { "books_made_ahead_change_no_byte", books_made_ahead_change_no_byte },
    { "an_executor_that_leaves_the_books_undone_is_misuse", an_executor_that_leaves_the_books_undone_is_misuse },
    { "the_tables_add_up", the_tables_add_up },
    { "what_cannot_be_a_history_is_refused_with_its_row", what_cannot_be_a_history_is_refused_with_its_row },
    { "a_history_without_payments_is_an_empty_report", a_history_without_payments_is_an_empty_report },
};

int
main(void)
{
    return tap_run("match/backtest", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Prepare: one payment for each line, what it carries, and where it is routed. */
#include "prepare_files.h"
#include "support/faulty.h"

static struct file f, g;
static struct prepared p;

static void
prepare__one_payment_for_a_line_with_what_it_says(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 100000);
    e->other_account = file_field(&f, "DE02120300000000202051");
    e->other_ultimate = file_field(&f, "Acme Holding");
    e->end_to_end_id = file_field(&f, "NotProvided");
    e->bank_ref = file_field(&f, "BR-1");
    e->code = file_field(&f, "PMNT/RCDT/ESCT");
    e->note = file_field(&f, "the bank's words");
    e->bearer = O2C_BEARER_SHARED;
    e->charges_minor = 250;
    memcpy(e->charges_currency, "USD", 4);
    file_text(&f, e, "INV-100234");
    file_text(&f, e, "thanks");
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 1);
    const o2c_payment *row = p.payments.rows;
    o2c_str heap = p.payments.heap;
    ASSERT_TEXT(row->key, heap, OUR_IBAN "/S-1/0");
    ASSERT_TEXT(row->our_account, heap, OUR_IBAN);
    ASSERT_TEXT(row->statement, heap, "S-1");
    ASSERT_TEXT(row->payer_name, heap, "Acme Tools GmbH");
    ASSERT_TEXT(row->payer_account, heap, "DE02120300000000202051");
    ASSERT_TEXT(row->ultimate_payer, heap, "Acme Holding");
    ASSERT_TEXT(row->bank_ref, heap, "BR-1");
    CU_ASSERT_EQUAL(row->end_to_end_id.len, 0);
    CU_ASSERT(row->amount_minor == 100000 && row->charges_minor == 250 && row->bearer == O2C_BEARER_SHARED);
    CU_ASSERT(row->route == O2C_ROUTE_CUSTOMER && row->stage == O2C_STAGE_BOOKED && row->route_rule == 0);
    CU_ASSERT(row->value_day == DAY && row->booking_day == DAY && row->at == 1000 && row->span == 90);
    CU_ASSERT_EQUAL_FATAL(row->texts_count, 2);
    ASSERT_TEXT(p.payments.texts[row->texts_at].text, heap, "INV-100234");
    ASSERT_TEXT(p.payments.texts[row->texts_at + 1].text, heap, "thanks");
    CU_ASSERT_EQUAL(p.payments.texts[row->texts_at].at, 1050);
    o2c_match_prepared_free(p.handle);
}

static void
prepare__the_banks_note_is_text_only_where_the_payer_left_none(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 100000);
    e->note = file_field(&f, "INV-100234");
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.rows[0].texts_count, 1);
    const o2c_text *text = &p.payments.texts[p.payments.rows[0].texts_at];
    ASSERT_TEXT(text->text, p.payments.heap, "INV-100234");
    CU_ASSERT(text->at == 1001 && text->span == 10);
    o2c_match_prepared_free(p.handle);
}

static void
prepare__charges_in_another_currency_are_not_carried(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 100000);
    e->charges_minor = 250;
    memcpy(e->charges_currency, "CHF", 4);
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL(p.payments.rows[0].charges_minor, 0);
    o2c_match_prepared_free(p.handle);
}

/* 1526 = 1500 + 26: the entry itself is no payment, its details and its rest are. */
static void
prepare__a_batch_gives_its_details_and_its_rest(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 152600);
    e->bank_ref = file_field(&f, "BR-1");
    e->code = file_field(&f, "PMNT/RCDT/ESCT");
    e->flags = O2C_ENTRY_FLAG_BATCH;
    o2c_entry *d = file_detail(&f, O2C_ENTRY_DETAIL, 100000);
    d->other_name = file_field(&f, "Beta");
    d->booking_day = d->value_day = 0;
    file_detail(&f, O2C_ENTRY_DETAIL, 50000);
    file_detail(&f, O2C_ENTRY_RESIDUAL, 2600);
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 3);
    const o2c_payment *rows = p.payments.rows;
    CU_ASSERT(rows[0].amount_minor == 100000 && rows[1].amount_minor == 50000 && rows[2].amount_minor == 2600);
    CU_ASSERT(rows[0].route == O2C_ROUTE_CUSTOMER && rows[1].route == O2C_ROUTE_CUSTOMER && rows[2].route == O2C_ROUTE_RESIDUAL);
    ASSERT_TEXT(rows[0].key, p.payments.heap, OUR_IBAN "/S-1/1");
    ASSERT_TEXT(rows[2].key, p.payments.heap, OUR_IBAN "/S-1/3");
    ASSERT_TEXT(rows[0].payer_name, p.payments.heap, "Beta");
    CU_ASSERT_EQUAL(rows[1].payer_name.len, 0); /* the entry's name is not this payer's */
    ASSERT_TEXT(rows[1].bank_ref, p.payments.heap, "BR-1");
    CU_ASSERT_EQUAL(rows[0].value_day, DAY);
    o2c_match_prepared_free(p.handle);
}

static void
prepare__an_only_detail_may_take_the_texts_of_its_entry(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 100000);
    file_text(&f, e, "INV-100234");
    file_detail(&f, O2C_ENTRY_DETAIL, 100000);
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 1);
    CU_ASSERT_EQUAL(p.payments.rows[0].texts_count, 1);
    ASSERT_TEXT(p.payments.rows[0].payer_name, p.payments.heap, "Acme Tools GmbH");
    o2c_match_prepared_free(p.handle);
}

static void
prepare__structured_lines_become_the_remittance_of_their_payment(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 97000);
    e->end_to_end_id = file_field(&f, "E2E-1");
    e->lines_count = 1;
    f.lines[0] = (o2c_remittance_line){ .document = file_string(&f, "INV-100234"), .reason = file_string(&f, "04"), .has = O2C_HAS_PAID | O2C_HAS_DEDUCTION,
                                        .paid_minor = 97000, .deduction_minor = 3000, .currency = "USD" };
    f.all.lines_count = 1;
    o2c_remittance own = { .key = { 1, 3 }, .source = { 5, 4 }, .lines_count = 0 };
    o2c_remittances advices = { .struct_size = sizeof advices, .rows = &own, .count = 1, .heap = { "\0ADV\0mail", 9 } };
    const o2c_statements *files[] = { &f.all };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = files, .files_count = 1, .remittances = &advices };
    CU_ASSERT_EQUAL_FATAL(prepare_try(&p, &request, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(p.remittances.count, 2);
    const o2c_remittance *row = p.remittances.rows;
    o2c_str heap = p.remittances.heap;
    ASSERT_SAME(p, row[0].payment, p.payments.rows[0].key);
    ASSERT_TEXT(row[0].payment_reference, heap, "E2E-1");
    CU_ASSERT_EQUAL_FATAL(row[0].lines_count, 1);
    const o2c_remittance_line *line = &p.remittances.lines[row[0].lines_at];
    ASSERT_TEXT(line->document, heap, "INV-100234");
    ASSERT_TEXT(line->reason, heap, "04");
    CU_ASSERT(line->paid_minor == 97000 && line->deduction_minor == 3000);
    ASSERT_TEXT(row[1].key, heap, "ADV");
    ASSERT_TEXT(row[1].source, heap, "mail");
    CU_ASSERT_EQUAL(row[1].payment.len, 0);
    o2c_match_prepared_free(p.handle);
}

static void
prepare__routes_by_code_sign_and_mark(void)
{
    static const struct {
        int64_t amount;
        const char *code;
        uint32_t flags;
        int32_t status, route;
    } rows[] = {
        { 100, "", 0, 1, O2C_ROUTE_CUSTOMER },
        { 100, "PMNT/RCDT/ESCT", 0, 1, O2C_ROUTE_CUSTOMER },
        { 100, "NTRF", 0, 1, O2C_ROUTE_CUSTOMER },
        { 100, "NTRF+166+9075+930", 0, 1, O2C_ROUTE_CUSTOMER },
        { 100, "PMNT/RDDT/PMDD", 0, 1, O2C_ROUTE_CUSTOMER }, /* banks use this family both ways */
        { 100, "PMNT/RCHQ/CCHQ", 0, 1, O2C_ROUTE_CUSTOMER },
        { 100, "NLBX", 0, 1, O2C_ROUTE_CUSTOMER },
        { 100, "Interest", 0, 1, O2C_ROUTE_CUSTOMER }, /* a word of one bank is no clear code */
        { 100, "XINT", 0, 1, O2C_ROUTE_CUSTOMER },
        { 100, "NTRF+8080", 0, 1, O2C_ROUTE_CUSTOMER },
        { 0, "", 0, 1, O2C_ROUTE_ZERO },
        { -100, "", 0, 1, O2C_ROUTE_DEBIT },
        { -100, "PMNT/ICDT/ESCT", 0, 1, O2C_ROUTE_DEBIT },
        { -100, "PMNT/RCDT/CHRG", 0, 1, O2C_ROUTE_FEE },
        { 100, "PMNT/MDOP/FEES", 0, 1, O2C_ROUTE_FEE },
        { -100, "NCHG", 0, 1, O2C_ROUTE_FEE },
        { -100, "NMSC+808", 0, 1, O2C_ROUTE_FEE },
        { 100, "ACMT/MCOP/INTR", 0, 1, O2C_ROUTE_INTEREST },
        { 100, "NINT", 0, 1, O2C_ROUTE_INTEREST },
        { -100, "ACMT/MDOP/TAXE", 0, 1, O2C_ROUTE_TAX },
        { 100, "PMNT/ICDT/RRTN", 0, 1, O2C_ROUTE_RETURN },
        { -100, "PMNT/IDDT/UPDD", 0, 1, O2C_ROUTE_RETURN },
        { -100, "PMNT/IDDT/PRDD", 0, 1, O2C_ROUTE_RETURN },
        { 100, "NRTI", 0, 1, O2C_ROUTE_RETURN },
        { -100, "NDDT+109+9075", 0, 1, O2C_ROUTE_RETURN },
        { 100, "NTRF+159", 0, 1, O2C_ROUTE_RETURN },
        { 100, "", O2C_ENTRY_FLAG_RETURN, 1, O2C_ROUTE_RETURN },
        { 100, "PMNT/RCDT/ESCT", O2C_ENTRY_FLAG_REVERSAL, 1, O2C_ROUTE_RETURN },
        { 100, "CAMT/ACCB/ZABA", 0, 1, O2C_ROUTE_TRANSFER },
        { -100, "CAMT/CAPL", 0, 1, O2C_ROUTE_TRANSFER },
        { 100, "NCMS", 0, 1, O2C_ROUTE_TRANSFER },
        { 100, "PMNT/RCDT/ICCT", 0, 1, O2C_ROUTE_TRANSFER },
        { 100, "PMNT/MCRD/POSP", 0, 1, O2C_ROUTE_CARD },
        { -100, "PMNT/MCRD/CHRG", 0, 1, O2C_ROUTE_FEE },
        { 100, "", 0, O2C_ENTRY_STATUS_INFO, O2C_ROUTE_NOT_BOOKED },
        { 100, "", 0, O2C_ENTRY_STATUS_FUTURE, O2C_ROUTE_NOT_BOOKED },
    };
    for (size_t i = 0; i < TAP_COUNT(rows); i++) {
        file_open(&f);
        file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
        o2c_entry *e = file_entry(&f, rows[i].amount);
        e->code = file_field(&f, rows[i].code);
        e->flags = rows[i].flags;
        e->status = rows[i].status;
        prepare_one(&p, &f);
        CU_ASSERT_EQUAL_FATAL(p.payments.count, 1);
        CU_ASSERT_EQUAL(p.payments.rows[0].route, rows[i].route);
        CU_ASSERT_EQUAL(p.payments.rows[0].route_rule == 0, rows[i].route == O2C_ROUTE_CUSTOMER);
        CU_ASSERT_EQUAL(p.payments.rows[0].amount_minor, rows[i].amount);
        o2c_match_prepared_free(p.handle);
    }
}

static void
ca_37__a_returned_debit_is_no_payment(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, -100000);
    e->return_reason = file_field(&f, "AM04");
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL(p.payments.rows[0].route, O2C_ROUTE_RETURN);
    CU_ASSERT_EQUAL(p.payments.rows[0].amount_minor, -100000);
    o2c_match_prepared_free(p.handle);
}

static void
prepare__money_between_our_own_accounts_is_a_transfer(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 100000);
    e->other_account = file_field(&f, "ch93 0076 2011 6238 5295 7");
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-2")->account = file_field(&f, "CH9300762011623852957");
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL(p.payments.rows[0].route, O2C_ROUTE_TRANSFER);
    o2c_match_prepared_free(p.handle);
}

static void
prepare__pending_and_intraday_lines_are_previews(void)
{
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    file_entry(&f, 100)->status = O2C_ENTRY_STATUS_PENDING;
    file_entry(&f, 200);
    file_statement(&f, O2C_STATEMENT_INTRADAY, "R-1");
    file_entry(&f, 300);
    file_statement(&f, O2C_STATEMENT_NOTIFICATION, "N-1");
    file_entry(&f, 400);
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 4);
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(p.payments.rows[i].stage, i % 2 == 0 ? O2C_STAGE_PREVIEW : O2C_STAGE_BOOKED);
        CU_ASSERT_EQUAL(p.payments.rows[i].route, O2C_ROUTE_CUSTOMER);
    }
    o2c_match_prepared_free(p.handle);
}

static void
prepare__an_account_of_ours_gives_the_company_or_is_parked(void)
{
    static const char heap[] = "de89 3704 0044 0532 0130 00\0" "1000";
    const o2c_match_our_account ours[] = { { .number = { 0, 27 }, .company = { 28, 4 } } };
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    file_entry(&f, 100);
    o2c_statement *s = file_statement(&f, O2C_STATEMENT_BOOKED, "S-2");
    s->account = file_field(&f, "DE00999");
    file_entry(&f, 200);
    file_entry(&f, -50);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-3");
    file_entry(&f, 300);
    const o2c_statements *files[] = { &f.all };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = files, .files_count = 1, .our_accounts = ours, .our_accounts_count = 1,
                                          .our_heap = { heap, sizeof heap } };
    CU_ASSERT_EQUAL_FATAL(prepare_try(&p, &request, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 2);
    ASSERT_TEXT(p.payments.rows[0].company, p.payments.heap, "1000");
    CU_ASSERT_EQUAL_FATAL(p.parked_count, 1);
    CU_ASSERT_EQUAL(p.parked[0].reason, O2C_PARK_ACCOUNT_UNKNOWN);
    CU_ASSERT(p.parked[0].payments == 2 && p.parked[0].amount_minor == 200 && p.parked[0].payments_before == 1 && p.parked[0].statement == 1);
    ASSERT_TEXT(p.parked[0].account, p.parked_heap, "DE00999");
    o2c_match_prepared_free(p.handle);
}

static void
ca_42_file(struct file *file)
{
    file_open(file);
    file_statement(file, O2C_STATEMENT_BOOKED, "S-1")->tie = O2C_TIE_RESULT_OK;
    file_entry(file, 100);
    o2c_statement *s = file_statement(file, O2C_STATEMENT_BOOKED, "S-2");
    s->tie = O2C_TIE_RESULT_MISMATCH;
    s->opening_minor = 1000;
    s->sum_minor = 200;
    s->closing_minor = 1300;
    s->has = 3;
    file_entry(file, 200);
    file_statement(file, O2C_STATEMENT_BOOKED, "S-3")->tie = O2C_TIE_RESULT_OK;
    file_entry(file, 300);
}

static void
ca_42__a_statement_that_does_not_tie_is_parked_and_its_neighbors_go_on(void)
{
    ca_42_file(&f);
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 2);
    CU_ASSERT(p.payments.rows[0].amount_minor == 100 && p.payments.rows[1].amount_minor == 300);
    CU_ASSERT_EQUAL_FATAL(p.parked_count, 1);
    const o2c_match_parked *row = p.parked;
    CU_ASSERT(row->reason == O2C_PARK_MISMATCH && row->opening_minor == 1000 && row->sum_minor == 200 && row->closing_minor == 1300);
    CU_ASSERT(row->payments == 1 && row->amount_minor == 200 && row->payments_before == 1 && row->file == 0 && row->statement == 1);
    ASSERT_TEXT(row->id, p.parked_heap, "S-2");
    o2c_match_prepared_free(p.handle);
}

static void
ca_42__accepted_it_is_taken_in_once(void)
{
    const o2c_statements *files[] = { &f.all };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = files, .files_count = 1, .accept_mismatch = 1 };
    ca_42_file(&f);
    CU_ASSERT_EQUAL_FATAL(prepare_try(&p, &request, NULL), O2C_OK);
    CU_ASSERT(p.payments.count == 3 && p.parked_count == 0 && p.payments.rows[1].amount_minor == 200);
    o2c_match_prepared_free(p.handle);
}

static void
prepare__keys_stay_below_64_bytes_and_apart(void)
{
    file_open(&f);
    for (int i = 0; i < 4; i++) {
        const char *id = i % 2 ? "A-STATEMENT-ID-AS-LONG-AS-THE-SCHEMA-ALLOWS" : "A-STATEMENT-ID-AS-LONG-AS-THE-SCHEMA-ALLOWT";
        o2c_statement *s = file_statement(&f, O2C_STATEMENT_BOOKED, id);
        s->from_day = i / 2 + 1; /* two periods under one id */
        file_entry(&f, 100);
        file_entry(&f, 100);
    }
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL_FATAL(p.payments.count, 8);
    for (int i = 0; i < 8; i++) {
        o2c_ref key = p.payments.rows[i].key;
        CU_ASSERT(key.len >= 1 && key.len <= O2C_KEY_BYTES_MAX);
        for (int j = 0; j < i; j++) {
            o2c_ref other = p.payments.rows[j].key;
            CU_ASSERT(key.len != other.len || memcmp(p.payments.heap.ptr + key.at, p.payments.heap.ptr + other.at, key.len) != 0);
        }
    }
    o2c_match_prepared_free(p.handle);
}

static void
prepare__an_empty_statement_and_no_file_are_fine(void)
{
    o2c_match_prepare_request request = { .struct_size = sizeof request };
    CU_ASSERT_EQUAL_FATAL(prepare_try(&p, &request, NULL), O2C_OK);
    CU_ASSERT(p.payments.count == 0 && p.remittances.count == 0 && p.parked_count == 0);
    o2c_match_prepared_free(p.handle);
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    prepare_one(&p, &f);
    CU_ASSERT_EQUAL(p.payments.count, 0);
    o2c_match_prepared_free(p.handle);
}

enum { BREAK_STRING, BREAK_TEXTS, BREAK_LINES, BREAK_ENTRIES, BREAK_DETAILS, BREAK_LEVEL, BREAK_CURRENCY, BREAK_AMOUNT, BREAK_DAY, BREAK_TEXT, BREAKS };

static void
damage(int what)
{
    o2c_entry *e = &f.entries[1];
    switch (what) {
    case BREAK_STRING: e->bank_ref.text = (o2c_ref){ UINT32_MAX, 2 }; break;
    case BREAK_TEXTS: e->texts_at = UINT32_MAX; e->texts_count = 2; break;
    case BREAK_LINES: e->lines_count = 1; break;
    case BREAK_ENTRIES: f.statements[0].entries_count = UINT32_MAX; break;
    case BREAK_DETAILS: e->details_count = UINT32_MAX; break;
    case BREAK_LEVEL: e->level = O2C_ENTRY_DETAIL; break;
    case BREAK_CURRENCY: memcpy(e->currency, "us$", 4); break;
    case BREAK_AMOUNT: e->amount_minor = INT64_MIN; break;
    case BREAK_DAY: e->value_day = O2C_DAY_MAX + 1; break;
    default: f.texts[0].text = (o2c_ref){ (uint32_t)f.heap_len, 1 }; break;
    }
}

static void
prepare__what_points_outside_is_refused_by_row_and_field(void)
{
    const o2c_statements *files[] = { &f.all };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = files, .files_count = 1 };
    for (int what = 0; what < BREAKS; what++) {
        o2c_error err = { 0 };
        file_open(&f);
        file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
        file_text(&f, file_entry(&f, 100), "x");
        file_entry(&f, 200);
        damage(what);
        CU_ASSERT_EQUAL(prepare_try(&p, &request, &err), O2C_E_MATCH_PAYMENT);
        CU_ASSERT_PTR_NULL(p.handle);
        CU_ASSERT(err.row <= 1 && err.field[0]);
    }
}

static void
prepare__misuse_is_said(void)
{
    const o2c_statements *none[] = { NULL };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = none, .files_count = 1 };
    CU_ASSERT_EQUAL(o2c_match_prepare(NULL, NULL, &p.handle, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_prepare(NULL, &request, NULL, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(prepare_try(&p, &request, NULL), O2C_E_MISUSE);
    request.files = NULL;
    CU_ASSERT_EQUAL(prepare_try(&p, &request, NULL), O2C_E_MISUSE);
    request.struct_size = 4;
    CU_ASSERT_EQUAL(prepare_try(&p, &request, NULL), O2C_E_ABI);
}

static int32_t
always(void *self)
{
    (void)self;
    return 1;
}

static void
prepare__a_canceled_call_answers_nothing(void)
{
    const o2c_statements *files[] = { &f.all };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = files, .files_count = 1 };
    o2c_env env = { .struct_size = sizeof env, .cancel = always };
    o2c_match_prepared *handle = NULL;
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    file_entry(&f, 100);
    CU_ASSERT_EQUAL(o2c_match_prepare(&env, &request, &handle, NULL), O2C_E_CANCELED);
    CU_ASSERT_PTR_NULL(handle);
}

/* ---------------------------------------------------------------- every allocation may fail */

static uint64_t
digest_payment(uint64_t digest, const o2c_payments *all, const o2c_payment *row)
{
    const o2c_ref refs[] = { row->key, row->statement, row->company, row->our_account, row->payer_account, row->payer_name, row->bank_ref, row->duplicate_of };
    for (size_t i = 0; i < TAP_COUNT(refs); i++)
        digest = faulty_digest_str(digest, (o2c_str){ all->heap.ptr + refs[i].at, refs[i].len });
    for (uint32_t i = 0; i < row->texts_count; i++)
        digest = faulty_digest_str(digest, (o2c_str){ all->heap.ptr + all->texts[row->texts_at + i].text.at, all->texts[row->texts_at + i].text.len });
    digest = faulty_digest_u64(digest, (uint64_t)row->amount_minor);
    return faulty_digest_u64(digest, (uint64_t)row->route << 32 | (uint64_t)row->stage << 16 | row->route_rule);
}

static struct faulty_result
run_prepare(const o2c_env *env, void *self)
{
    struct faulty_result result = { 0, 0 };
    struct prepared one;
    memset(&one, 0, sizeof one);
    result.status = o2c_match_prepare(env, self, &one.handle, NULL);
    o2c_match_prepared_payments(one.handle, &one.payments);
    o2c_match_prepared_remittances(one.handle, &one.remittances);
    for (uint64_t i = 0; i < one.payments.count; i++)
        result.digest = digest_payment(result.digest, &one.payments, &one.payments.rows[i]);
    result.digest = faulty_digest_u64(result.digest, one.remittances.lines_count);
    o2c_match_prepared_free(one.handle);
    return result;
}

static void
prepare__every_allocation_may_fail(void)
{
    static const char heap[] = "\0K-1\0" OUR_IBAN "\0BR-9";
    o2c_payment before = { .key = { 1, 3 }, .our_account = { 5, 22 }, .bank_ref = { 28, 4 }, .currency = "USD", .amount_minor = 900, .booking_day = DAY,
                           .stage = O2C_STAGE_PREVIEW };
    o2c_payments history = { .struct_size = sizeof history, .rows = &before, .count = 1, .heap = { heap, sizeof heap } };
    const o2c_statements *files[] = { &f.all, &g.all, &g.all };
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = files, .files_count = 3, .history = &history };
    file_open(&f);
    file_statement(&f, O2C_STATEMENT_BOOKED, "S-1");
    o2c_entry *e = file_entry(&f, 1500);
    e->bank_ref = file_field(&f, "BR-1");
    e->lines_count = 1;
    f.all.lines_count = 1;
    file_entry(&f, 900)->bank_ref = file_field(&f, "BR-9");
    file_entry(&f, 300)->flags = O2C_ENTRY_FLAG_BATCH;
    f.parent->bank_ref = file_field(&f, "BR-2");
    file_open(&g);
    file_statement(&g, O2C_STATEMENT_NOTIFICATION, "N-1");
    file_entry(&g, 290)->bank_ref = file_field(&g, "BR-2");
    file_text(&g, file_detail(&g, O2C_ENTRY_DETAIL, 290), "INV-100234");
    faulty_sweep("prepare", run_prepare, &request);
}

static const struct tap_test tests[] = {
    { "prepare__one_payment_for_a_line_with_what_it_says", prepare__one_payment_for_a_line_with_what_it_says },
    { "prepare__the_banks_note_is_text_only_where_the_payer_left_none", prepare__the_banks_note_is_text_only_where_the_payer_left_none },
    { "prepare__charges_in_another_currency_are_not_carried", prepare__charges_in_another_currency_are_not_carried },
    { "prepare__a_batch_gives_its_details_and_its_rest", prepare__a_batch_gives_its_details_and_its_rest },
    { "prepare__an_only_detail_may_take_the_texts_of_its_entry", prepare__an_only_detail_may_take_the_texts_of_its_entry },
    { "prepare__structured_lines_become_the_remittance_of_their_payment", prepare__structured_lines_become_the_remittance_of_their_payment },
    { "prepare__routes_by_code_sign_and_mark", prepare__routes_by_code_sign_and_mark },
    { "ca_37__a_returned_debit_is_no_payment", ca_37__a_returned_debit_is_no_payment },
    { "prepare__money_between_our_own_accounts_is_a_transfer", prepare__money_between_our_own_accounts_is_a_transfer },
    { "prepare__pending_and_intraday_lines_are_previews", prepare__pending_and_intraday_lines_are_previews },
    { "prepare__an_account_of_ours_gives_the_company_or_is_parked", prepare__an_account_of_ours_gives_the_company_or_is_parked },
    { "ca_42__a_statement_that_does_not_tie_is_parked_and_its_neighbors_go_on", ca_42__a_statement_that_does_not_tie_is_parked_and_its_neighbors_go_on },
    { "ca_42__accepted_it_is_taken_in_once", ca_42__accepted_it_is_taken_in_once },
    { "prepare__keys_stay_below_64_bytes_and_apart", prepare__keys_stay_below_64_bytes_and_apart },
    { "prepare__an_empty_statement_and_no_file_are_fine", prepare__an_empty_statement_and_no_file_are_fine },
    { "prepare__what_points_outside_is_refused_by_row_and_field", prepare__what_points_outside_is_refused_by_row_and_field },
    { "prepare__misuse_is_said", prepare__misuse_is_said },
    { "prepare__a_canceled_call_answers_nothing", prepare__a_canceled_call_answers_nothing },
    { "prepare__every_allocation_may_fail", prepare__every_allocation_may_fail },
};

int
main(void)
{
    return tap_run("match/prepare", tests, TAP_COUNT(tests));
}

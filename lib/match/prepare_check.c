/* SPDX-License-Identifier: Apache-2.0 */
/* Every index and every string of the request is looked at before anything is made of it. */
#include "match/prepare.h"

static o2c_status
refuse(o2c_error *err, uint64_t row, const char *field, const char *why)
{
    return o2c__fail_row(err, O2C_E_MATCH_PAYMENT, field, row, "row %llu: %s", (unsigned long long)row, why);
}

static bool
inside(uint64_t at, uint64_t count, uint64_t rows)
{
    return count == 0 || (at <= rows && count <= rows - at);
}

static bool
is_currency(const char currency[4])
{
    for (int i = 0; i < 3; i++)
        if (currency[i] < 'A' || currency[i] > 'Z')
            return false;
    return currency[3] == 0;
}

static bool
day_inside(int32_t day)
{
    return day >= 0 && day <= O2C_DAY_MAX;
}

static o2c_status
check_entry(const o2c_statements *file, uint64_t row, int64_t amount_max, o2c_error *err)
{
    const o2c_entry *e = &file->entries[row];
    const o2c_field *fields[] = { &e->entry_ref,  &e->bank_ref,      &e->customer_ref, &e->end_to_end_id,  &e->transaction_id,
                                  &e->uetr,       &e->mandate,       &e->cheque,       &e->batch_id,       &e->code,
                                  &e->other_name, &e->other_account, &e->other_bank,   &e->other_ultimate, &e->return_reason,
                                  &e->purpose,    &e->note };
    for (size_t i = 0; i < O2C__COUNT(fields); i++)
        if (!o2c__ref_inside(fields[i]->text, file->heap))
            return refuse(err, row, "entry", "a string lies outside the heap");
    if (!inside(e->texts_at, e->texts_count, file->texts_count) || !inside(e->structured_at, e->structured_count, file->texts_count))
        return refuse(err, row, "entry.texts_at", "the text pieces lie outside the array");
    if (!inside(e->lines_at, e->lines_count, file->lines_count))
        return refuse(err, row, "entry.lines_at", "the remittance lines lie outside the array");
    if (!is_currency(e->currency))
        return refuse(err, row, "entry.currency", "the currency is not three capital letters");
    if (e->amount_minor > amount_max || e->amount_minor < -amount_max || e->charges_minor < 0 || e->charges_minor > amount_max)
        return refuse(err, row, "entry.amount_minor", "the amount is larger than the limit, or the charges are negative");
    if (!day_inside(e->value_day) || !day_inside(e->booking_day))
        return refuse(err, row, "entry.value_day", "the day is outside the calendar");
    return O2C_OK;
}

/* A booked row is followed by exactly its details; none stands alone. */
static o2c_status
check_order(const o2c_statements *file, const o2c_statement *statement, o2c_error *err)
{
    uint64_t end = (uint64_t)statement->entries_at + statement->entries_count;
    for (uint64_t row = statement->entries_at; row < end; row++) {
        const o2c_entry *entry = &file->entries[row];
        if (entry->level != O2C_ENTRY_BOOKED)
            return refuse(err, row, "entry.level", "a detail stands behind no entry");
        if (entry->details_count > end - row - 1)
            return refuse(err, row, "entry.details_count", "the details lie outside the statement");
        for (uint32_t i = 0; i < entry->details_count; i++)
            if (file->entries[++row].level != O2C_ENTRY_DETAIL && file->entries[row].level != O2C_ENTRY_RESIDUAL)
                return refuse(err, row, "entry.level", "an entry stands among the details of another");
    }
    return O2C_OK;
}

static o2c_status
check_statement(const o2c_statements *file, uint64_t row, o2c_error *err)
{
    const o2c_statement *s = &file->rows[row];
    if (!o2c__ref_inside(s->id.text, file->heap) || !o2c__ref_inside(s->account.text, file->heap) ||
        !o2c__ref_inside(s->number.text, file->heap))
        return refuse(err, row, "statement", "a string lies outside the heap");
    if (!inside(s->entries_at, s->entries_count, file->entries_count))
        return refuse(err, row, "statement.entries_at", "the entries lie outside the array");
    return check_order(file, s, err);
}

static bool
is_missing(const void *rows, uint64_t count)
{
    return count && !rows;
}

static o2c_status
check_arrays(const o2c_statements *file, o2c_error *err)
{
    if (is_missing(file->rows, file->count) || is_missing(file->entries, file->entries_count) ||
        is_missing(file->texts, file->texts_count) || is_missing(file->lines, file->lines_count) ||
        is_missing(file->heap.ptr, file->heap.len))
        return o2c__fail(err, O2C_E_MISUSE, "files", "an array is NULL but its count is not 0");
    if (file->count >= O2C__NONE || file->entries_count >= O2C__PREPARE_ROWS_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "files", "more than 2^31 rows in one file");
    return O2C_OK;
}

static o2c_status
check_file(const o2c_statements *file, int64_t amount_max, o2c_error *err)
{
    o2c_status status = check_arrays(file, err);
    for (uint64_t i = 0; status == O2C_OK && i < file->texts_count; i++)
        if (!o2c__ref_inside(file->texts[i].text, file->heap))
            status = refuse(err, i, "text.text", "the string lies outside the heap");
    for (uint64_t i = 0; status == O2C_OK && i < file->lines_count; i++) {
        const o2c_remittance_line *line = &file->lines[i];
        if (!o2c__ref_inside(line->document, file->heap) || !o2c__ref_inside(line->reference, file->heap) ||
            !o2c__ref_inside(line->reason, file->heap) || !o2c__ref_inside(line->words, file->heap) ||
            !o2c__ref_inside(line->kind_text, file->heap))
            status = refuse(err, i, "remittance_line", "a string lies outside the heap");
    }
    for (uint64_t i = 0; status == O2C_OK && i < file->entries_count; i++)
        status = check_entry(file, i, amount_max, err);
    for (uint64_t i = 0; status == O2C_OK && i < file->count; i++)
        status = check_statement(file, i, err);
    return status;
}

static o2c_status
check_history_row(const o2c_payments *history, uint64_t row, o2c_error *err)
{
    const o2c_payment *p = &history->rows[row];
    const o2c_ref refs[] = { p->key, p->statement, p->our_account, p->payer_account, p->payer_name, p->end_to_end_id, p->bank_ref,
                             p->duplicate_of };
    for (size_t i = 0; i < O2C__COUNT(refs); i++)
        if (!o2c__ref_inside(refs[i], history->heap))
            return refuse(err, row, "history", "a string lies outside the heap");
    if (p->key.len == 0 || p->key.len > O2C_KEY_BYTES_MAX || p->duplicate_of.len > O2C_KEY_BYTES_MAX)
        return refuse(err, row, "history.key", "a key has 1 to 64 bytes");
    if (!inside(p->texts_at, p->texts_count, history->texts_count) || !inside(p->structured_at, p->structured_count, history->texts_count))
        return refuse(err, row, "history.texts_at", "the text pieces lie outside the array");
    return O2C_OK;
}

static o2c_status
check_history(const o2c_payments *history, o2c_error *err)
{
    if (is_missing(history->rows, history->count) || is_missing(history->texts, history->texts_count) ||
        is_missing(history->heap.ptr, history->heap.len))
        return o2c__fail(err, O2C_E_MISUSE, "history", "an array is NULL but its count is not 0");
    if (history->count >= O2C__PREPARE_ROWS_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "history", "more than 2^31 rows");
    for (uint64_t i = 0; i < history->texts_count; i++)
        if (!o2c__ref_inside(history->texts[i].text, history->heap))
            return refuse(err, i, "history.text", "the string lies outside the heap");
    for (uint64_t i = 0; i < history->count; i++) {
        o2c_status status = check_history_row(history, i, err);
        if (status)
            return status;
    }
    return O2C_OK;
}

static o2c_status
check_remittances(const o2c_remittances *given, o2c_error *err)
{
    if (is_missing(given->rows, given->count) || is_missing(given->lines, given->lines_count) ||
        is_missing(given->heap.ptr, given->heap.len))
        return o2c__fail(err, O2C_E_MISUSE, "remittances", "an array is NULL but its count is not 0");
    for (uint64_t i = 0; i < given->count; i++) {
        const o2c_remittance *r = &given->rows[i];
        if (!inside(r->lines_at, r->lines_count, given->lines_count) || !o2c__ref_inside(r->key, given->heap) ||
            !o2c__ref_inside(r->payment, given->heap) || !o2c__ref_inside(r->payment_reference, given->heap) ||
            !o2c__ref_inside(r->payer, given->heap) || !o2c__ref_inside(r->source, given->heap))
            return refuse(err, i, "remittance", "a string or the lines lie outside their array");
    }
    for (uint64_t i = 0; i < given->lines_count; i++) {
        const o2c_remittance_line *line = &given->lines[i];
        if (!o2c__ref_inside(line->document, given->heap) || !o2c__ref_inside(line->reference, given->heap) ||
            !o2c__ref_inside(line->reason, given->heap) || !o2c__ref_inside(line->words, given->heap) ||
            !o2c__ref_inside(line->kind_text, given->heap))
            return refuse(err, i, "remittance_line", "a string lies outside the heap");
    }
    return O2C_OK;
}

static o2c_status
check_ours(const o2c_match_prepare_request *request, o2c_error *err)
{
    if (is_missing(request->our_heap.ptr, request->our_heap.len))
        return o2c__fail(err, O2C_E_MISUSE, "our_heap", "our_heap is NULL but its length is not 0");
    for (uint64_t i = 0; request->our_accounts && i < request->our_accounts_count; i++) {
        const o2c_match_our_account *row = &request->our_accounts[i];
        if (!o2c__ref_inside(row->number, request->our_heap) || !o2c__ref_inside(row->company, request->our_heap))
            return refuse(err, i, "our_account", "a string lies outside the heap");
        if (row->number.len == 0 || row->company.len > 8)
            return refuse(err, i, "our_account", "the number is empty, or the company longer than 8 bytes");
    }
    return O2C_OK;
}

o2c_status
o2c__prepare_check(struct o2c__prepare *prepare, o2c_error *err)
{
    int64_t amount_max = prepare->out->context.limits.amount_max;
    o2c_status status = check_ours(&prepare->request, err);
    for (uint32_t i = 0; status == O2C_OK && i < prepare->files_count; i++)
        status = check_file(&prepare->files[i], amount_max, err);
    if (status == O2C_OK)
        status = check_history(&prepare->history, err);
    return status == O2C_OK ? check_remittances(&prepare->remittances, err) : status;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a host hands to solve is checked before anything is decided: one clear error with row and field. Text pieces and lines of advices
 * are checked where a row names them: a host may hand in one payment with the arrays of a whole day, and pays for the payment alone.
 */
#include "match/decide.h"

static o2c_status
refuse(o2c_error *err, uint64_t row, const char *field, const char *why)
{
    return o2c__fail_row(err, O2C_E_MATCH_PAYMENT, field, row, "row %llu: %s", (unsigned long long)row, why);
}

static bool
range_inside(uint64_t at, uint64_t count, uint64_t rows)
{
    return count == 0 || (at <= rows && count <= rows - at);
}

bool
o2c__currency_given(const char currency[4])
{
    for (int i = 0; i < 3; i++)
        if (currency[i] < 'A' || currency[i] > 'Z')
            return false;
    return currency[3] == 0;
}

static o2c_status
check_payment_refs(const o2c_payment *p, o2c_str heap, uint64_t row, o2c_error *err)
{
    const struct {
        o2c_ref ref;
        const char *field;
    } refs[] = { { p->key, "payment.key" },
                 { p->statement, "payment.statement" },
                 { p->company, "payment.company" },
                 { p->our_account, "payment.our_account" },
                 { p->payer_account, "payment.payer_account" },
                 { p->payer_name, "payment.payer_name" },
                 { p->ultimate_payer, "payment.ultimate_payer" },
                 { p->customer_number, "payment.customer_number" },
                 { p->mandate, "payment.mandate" },
                 { p->cheque, "payment.cheque" },
                 { p->end_to_end_id, "payment.end_to_end_id" },
                 { p->bank_ref, "payment.bank_ref" },
                 { p->batch_id, "payment.batch_id" },
                 { p->code, "payment.code" },
                 { p->duplicate_of, "payment.duplicate_of" } };
    for (size_t i = 0; i < O2C__COUNT(refs); i++)
        if (!o2c__ref_inside(refs[i].ref, heap))
            return refuse(err, row, refs[i].field, "the string lies outside the heap");
    return O2C_OK;
}

static o2c_status
check_payment(const o2c_payments *payments, uint64_t row, int64_t amount_max, o2c_error *err)
{
    const o2c_payment *p = &payments->rows[row];
    if (p->key.len == 0 || p->key.len > O2C_KEY_BYTES_MAX)
        return refuse(err, row, "payment.key", "a key has 1 to 64 bytes");
    if (!o2c__currency_given(p->currency))
        return refuse(err, row, "payment.currency", "the currency is not three capital letters");
    if (p->route < O2C_ROUTE_CUSTOMER || p->route > O2C_ROUTE_NOT_BOOKED)
        return refuse(err, row, "payment.route", "no such route");
    if (p->stage != O2C_STAGE_BOOKED && p->stage != O2C_STAGE_PREVIEW)
        return refuse(err, row, "payment.stage", "no such stage");
    if (p->amount_minor > amount_max || p->amount_minor < -amount_max)
        return refuse(err, row, "payment.amount_minor", "the amount is larger than the limit");
    if (p->route == O2C_ROUTE_CUSTOMER && p->amount_minor <= 0)
        return refuse(err, row, "payment.amount_minor", "customer money must be above zero");
    if (p->charges_minor < 0 || p->charges_minor > amount_max)
        return refuse(err, row, "payment.charges_minor", "charges must not be negative");
    if (p->value_day < 0 || p->value_day > O2C_DAY_MAX || p->booking_day < 0 || p->booking_day > O2C_DAY_MAX)
        return refuse(err, row, "payment.value_day", "the day is outside the calendar");
    if (!range_inside(p->texts_at, p->texts_count, payments->texts_count))
        return refuse(err, row, "payment.texts_at", "the text pieces lie outside the array");
    if (!range_inside(p->structured_at, p->structured_count, payments->texts_count))
        return refuse(err, row, "payment.structured_at", "the structured references lie outside the array");
    if (p->instructed_minor < 0 || p->instructed_minor > amount_max)
        return refuse(err, row, "payment.instructed_minor", "the amount ordered is negative or larger than the limit");
    if (p->instructed_minor ? !o2c__currency_given(p->instructed_currency) : p->instructed_currency[0] != 0)
        return refuse(err, row, "payment.instructed_currency", "an amount ordered and its currency stand together, three capital letters");
    for (size_t i = 0; i < O2C__COUNT(p->reserved); i++)
        if (p->reserved[i] || p->reserved2)
            return refuse(err, row, "payment.reserved", "reserved fields must be zero");
    return check_payment_refs(p, payments->heap, row, err);
}

static o2c_status
check_texts(const o2c_payments *payments, uint64_t at, uint64_t count, o2c_error *err)
{
    for (uint64_t i = at; i < at + count; i++)
        if (!o2c__ref_inside(payments->texts[i].text, payments->heap))
            return refuse(err, i, "text.text", "the string lies outside the heap");
    return O2C_OK;
}

o2c_status
o2c__validate_arrays(const o2c_payments *payments, o2c_error *err)
{
    if (payments->count > UINT32_MAX - 1 || payments->texts_count > UINT32_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "payments", "at most 2^32 - 2 payments in one call");
    if ((payments->count && !payments->rows) || (payments->texts_count && !payments->texts) || (payments->heap.len && !payments->heap.ptr))
        return o2c__fail(err, O2C_E_MISUSE, "payments", "an array is NULL but its count is not 0");
    return O2C_OK;
}

static o2c_status
check_named_texts(const o2c_payments *payments, uint64_t row, o2c_error *err)
{
    const o2c_payment *p = &payments->rows[row];
    o2c_status status = check_texts(payments, p->texts_at, p->texts_count, err);
    return status ? status : check_texts(payments, p->structured_at, p->structured_count, err);
}

o2c_status
o2c__validate_payments(const o2c_payments *payments, uint64_t first, uint64_t count, int64_t amount_max, o2c_error *err)
{
    o2c_status status = O2C_OK;
    for (uint64_t i = first; i < first + count && !status; i++) {
        status = check_payment(payments, i, amount_max, err);
        if (!status)
            status = check_named_texts(payments, i, err);
    }
    return status;
}

static o2c_status
check_payments(const o2c_payments *payments, o2c__context *context, o2c_error *err)
{
    o2c_status status = o2c__validate_arrays(payments, err);
    uint64_t named = 0;
    for (uint64_t i = 0; i < payments->count && !status; i++) {
        status = check_payment(payments, i, context->limits.amount_max, err);
        named += (uint64_t)payments->rows[i].texts_count + payments->rows[i].structured_count;
    }
    if (!status && named >= payments->texts_count) /* each once, however often it is named */
        return check_texts(payments, 0, payments->texts_count, err);
    for (uint64_t i = 0; i < payments->count && !status; i++)
        status = check_named_texts(payments, i, err);
    return status;
}

static bool
line_inside(const o2c_remittance_line *line, o2c_str heap, int64_t amount_max)
{
    const int64_t amounts[] = { line->gross_minor,  line->discount_minor, line->deduction_minor,
                                line->credit_minor, line->tax_minor,      line->paid_minor };
    for (size_t i = 0; i < O2C__COUNT(amounts); i++)
        if (amounts[i] > amount_max || amounts[i] < -amount_max)
            return false;
    return o2c__ref_inside(line->document, heap) && o2c__ref_inside(line->reference, heap) && o2c__ref_inside(line->reason, heap) &&
           o2c__ref_inside(line->words, heap) && o2c__ref_inside(line->kind_text, heap);
}

static o2c_status
check_lines(const o2c_remittances *given, uint64_t at, uint64_t count, int64_t amount_max, o2c_error *err)
{
    for (uint64_t i = at; i < at + count; i++)
        if (!line_inside(&given->lines[i], given->heap, amount_max))
            return refuse(err, i, "remittance_line", "a string lies outside the heap or an amount is larger than the limit");
    return O2C_OK;
}

static o2c_status
check_remittances(const o2c_remittances *given, o2c__context *context, o2c_error *err)
{
    if ((given->count && !given->rows) || (given->lines_count && !given->lines) || (given->heap.len && !given->heap.ptr))
        return o2c__fail(err, O2C_E_MISUSE, "remittances", "an array is NULL but its count is not 0");
    if (given->count > UINT32_MAX - 1 || given->lines_count > UINT32_MAX)
        return o2c__fail(err, O2C_E_LIMIT, "remittances", "at most 2^32 - 2 remittances in one call");
    uint64_t named = 0;
    for (uint64_t i = 0; i < given->count; i++) {
        const o2c_remittance *r = &given->rows[i];
        if (!range_inside(r->lines_at, r->lines_count, given->lines_count))
            return refuse(err, i, "remittance.lines_at", "the lines lie outside the array");
        if (!o2c__ref_inside(r->key, given->heap) || !o2c__ref_inside(r->payment, given->heap) ||
            !o2c__ref_inside(r->payment_reference, given->heap) || !o2c__ref_inside(r->payer, given->heap) ||
            !o2c__ref_inside(r->source, given->heap))
            return refuse(err, i, "remittance", "a string lies outside the heap");
        named += r->lines_count;
    }
    if (named >= given->lines_count)
        return check_lines(given, 0, given->lines_count, context->limits.amount_max, err);
    o2c_status status = O2C_OK;
    for (uint64_t i = 0; i < given->count && !status; i++)
        status = check_lines(given, given->rows[i].lines_at, given->rows[i].lines_count, context->limits.amount_max, err);
    return status;
}

o2c_status
o2c__validate_request(const o2c_payments *payments, const o2c_remittances *remittances, o2c__context *context, o2c_error *err)
{
    o2c_status status = check_payments(payments, context, err);
    if (!status && remittances)
        status = check_remittances(remittances, context, err);
    return status;
}

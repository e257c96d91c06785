/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of elements become amounts, days, signs and strings. */
#include "formats/camt.h"

/* Schemas allow 18 digits, 5 of them behind the point, and no sign: it stands in CdtDbtInd. xs:decimal allows a leading '+'. */
static const struct o2c__decimal_style style = { .mark = '.' };

bool
o2c__camt_refuse(struct o2c__camt *camt, o2c_status status, const char *field, uint64_t at, const char *why)
{
    return o2c__sax_stop(camt->sax, o2c__fail_at(o2c__sax_error(camt->sax), status, field, at, 0, "%s", why));
}

bool
o2c__camt_nomem(struct o2c__camt *camt)
{
    return o2c__sax_stop(camt->sax, o2c__fail(o2c__sax_error(camt->sax), O2C_E_NOMEM, "", "no memory for the rows of a statement"));
}

void
o2c__camt_field(o2c_field *field, const struct o2c__camt_value *value, uint64_t record_at)
{
    uint64_t from = value->at - record_at;

    field->text = value->text;
    field->from = 0;
    field->span = 0;
    if (value->at >= record_at && from <= UINT32_MAX) {
        field->from = (uint32_t)from;
        field->span = value->span;
    }
}

/* Exponent of the currency in the attribute Ccy; most files have one or two currencies, so the last one is remembered. */
static bool
find_exponent(struct o2c__camt *camt, const char *field, uint64_t at)
{
    o2c_str currency = o2c__sax_attribute(camt->sax);

    if (currency.len == 3 && memcmp(camt->exponent_currency, currency.ptr, 3) == 0)
        return true;
    if (currency.len == 0)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, field, at, "the amount has no currency");
    camt->exponent = currency.len == 3 ? o2c__currency_exponent(currency.ptr) : -1;
    if (camt->exponent < 0)
        return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, field, at, "the currency of the amount is not in the ISO 4217 list");
    memcpy(camt->exponent_currency, currency.ptr, 3);
    return true;
}

static bool
refuse_amount(struct o2c__camt *camt, int wrong, const char *field, uint64_t at)
{
    if (wrong == O2C__DECIMAL_LARGE)
        return o2c__camt_refuse(camt, O2C_E_LIMIT, "amount_max", at, "the amount is larger than the limit");
    return o2c__camt_refuse(camt, O2C_E_FORMATS_FIELD, field, at, o2c__decimal_reason(wrong));
}

bool
o2c__camt_amount(struct o2c__camt *camt, const struct o2c__camt_value *value, const char *field, struct o2c__camt_amount *out)
{
    o2c_str text = o2c__camt_text(camt, value->text);
    struct o2c__decimal_answer answer = { 0, 0, false };
    uint32_t plus = text.len > 1 && text.ptr[0] == '+' ? 1 : 0;
    int wrong;

    if (!find_exponent(camt, field, value->at))
        return false;
    wrong = o2c__decimal_read(text.ptr + plus, text.len - plus, &style, camt->exponent, camt->context->limits.amount_max, &answer);
    if (wrong != O2C__DECIMAL_OK)
        return refuse_amount(camt, wrong, field, value->at + plus + answer.at);
    out->minor = answer.minor;
    memcpy(out->currency, camt->exponent_currency, sizeof out->currency);
    out->set = true;
    out->digits = answer.excess_zero;
    out->at = value->at;
    return true;
}

bool
o2c__camt_add(struct o2c__camt *camt, struct o2c__camt_amount *a, const struct o2c__camt_amount *b)
{
    int64_t sum;

    if (!a->set) {
        *a = *b;
        return true;
    }
    if (memcmp(a->currency, b->currency, sizeof a->currency) != 0)
        return false;
    if (!o2c__add(a->minor, b->minor, &sum) || sum > camt->context->limits.amount_max || sum < -camt->context->limits.amount_max)
        return false;
    a->minor = sum;
    return true;
}

int32_t
o2c__camt_sign(const struct o2c__camt *camt, const struct o2c__camt_value *value)
{
    if (o2c__camt_is(camt, value, "CRDT"))
        return 1;
    return o2c__camt_is(camt, value, "DBIT") ? -1 : 0;
}

/* A count, at most 15 digits in the schemas; what is no number counts as not said. */
uint32_t
o2c__camt_count(const struct o2c__camt *camt, const struct o2c__camt_value *value)
{
    o2c_str text = o2c__camt_text(camt, value->text);
    uint64_t count = 0;

    if (text.len > 15)
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
        count = count * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    return count <= UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

int32_t
o2c__camt_day(const struct o2c__camt *camt, const struct o2c__camt_value *value)
{
    o2c_str text = o2c__camt_text(camt, value->text);

    return o2c__day_read_iso(text.ptr, text.len);
}

void
o2c__camt_code8(const struct o2c__camt *camt, const struct o2c__camt_value *value, char out[8])
{
    o2c_str text = o2c__camt_text(camt, value->text);
    size_t len = text.len < 7 ? text.len : 7;

    memset(out, 0, 8);
    memcpy(out, text.ptr, len);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: what stands around the entries. Each :20: is a statement of its own. A statement split over messages (62M … 60M, pages
 * of :28C:) is chained before the tie check: a page opens with what the page before closed with, so that a gap shows.
 */
#include "formats/mt940.h"

#define TAG O2C__MT_TAG

o2c_status
o2c__mt_fail(struct o2c__mt940 *self, o2c_status status, const char *field, size_t at, const char *reason, o2c_error *err)
{
    char name[4];
    o2c__mt_tag_name(self->tag, name);
    size_t len = o2c__mt_len(&self->field);
    uint64_t offset = self->field.segments.count ? o2c__mt_text_file(&self->field, at < len ? at : len) : self->field_at;
    return o2c__fail_at(err, status, field, offset, self->field_line, ":%s: %s", name, reason);
}

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t
skip_blanks(const struct o2c__mt_text *text, size_t at)
{
    const char *bytes = o2c__mt_bytes(text);
    while (at < o2c__mt_len(text) && bytes[at] == ' ')
        at++;
    return at;
}

size_t
o2c__mt_amount_end(const struct o2c__mt_text *text, size_t from)
{
    const char *bytes = o2c__mt_bytes(text);
    while (from < o2c__mt_len(text) && (is_digit(bytes[from]) || bytes[from] == ',' || bytes[from] == '.'))
        from++;
    return from;
}

/* The mark that stands last is the decimal mark; another one before it parts thousands, and so does one that stands twice. */
static struct o2c__decimal_style
style_of(const char *bytes, size_t len)
{
    struct o2c__decimal_style style = { .mark = ',' };
    int commas = 0, points = 0;
    char last = '\0';
    for (size_t i = 0; i < len; i++) {
        commas += bytes[i] == ',';
        points += bytes[i] == '.';
        last = is_digit(bytes[i]) ? last : bytes[i];
    }
    if (commas + points > 1 && (commas == 0 || points == 0))
        return (struct o2c__decimal_style){ .mark = last == ',' ? '.' : ',', .group = last };
    style.mark = last ? last : ',';
    if (commas && points)
        style.group = last == ',' ? '.' : ',';
    return style;
}

o2c_status
o2c__mt_amount(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to, int32_t exponent,
               const char *field,
               int64_t *out_minor, uint32_t *flags, o2c_error *err)
{
    struct o2c__decimal_answer answer;
    struct o2c__decimal_style style = style_of(o2c__mt_bytes(text) + from, to - from);
    int wrong = o2c__decimal_read(o2c__mt_bytes(text) + from, to - from, &style, exponent, self->context->limits.amount_max,
                                  &answer);
    if (wrong)
        return o2c__mt_fail(self, O2C_E_FORMATS_FIELD, field, from + answer.at, o2c__decimal_reason(wrong), err);
    *out_minor = answer.minor;
    if (answer.excess_zero)
        *flags |= O2C_ENTRY_FLAG_DIGITS;
    return O2C_OK;
}

o2c_status
o2c__mt_currency(struct o2c__mt940 *self, size_t from, const char *field, char out[4], int32_t *exponent, o2c_error *err)
{
    memset(out, 0, 4);
    *exponent = -1;
    if (from + 3 <= o2c__mt_len(&self->field)) {
        memcpy(out, o2c__mt_bytes(&self->field) + from, 3);
        *exponent = o2c__currency_exponent(out);
    }
    if (*exponent < 0)
        return o2c__mt_fail(self, O2C_E_FORMATS_FIELD, field, from, "holds no currency of ISO 4217 where one must stand", err);
    return O2C_OK;
}

void
o2c__mt_use_currency(struct o2c__mt940 *self, const char currency[4], int32_t exponent)
{
    if (self->exponent >= 0)
        return;
    memcpy(o2c__mt_statement(self)->currency, currency, 4);
    self->exponent = exponent;
}

/* ---- a statement begins and ends */

static o2c_status
statement_start(struct o2c__mt940 *self, o2c_error *err)
{
    if (self->statements >= self->context->limits.statements_max)
        return o2c__fail_at(err, O2C_E_LIMIT, "statements_max", self->field_at, self->field_line,
                            "the file holds more than %u statements",
                            (unsigned)self->context->limits.statements_max);
    o2c_status status = o2c__builder_flush(self->builder, false, err);
    if (status != O2C_OK)
        return status;
    o2c_statement *row = o2c__builder_statement(self->builder);
    if (!row)
        return O2C_OK; /* finish_field() sees that the builder has no memory */
    row->at = self->field_at;
    row->format = self->message == 942 ? O2C_FORMAT_MT942 : O2C_FORMAT_MT940;
    row->kind = self->message == 942   ? O2C_STATEMENT_INTRADAY
                : self->message == 910 || self->message == 900 ? O2C_STATEMENT_NOTIFICATION
                                                               : O2C_STATEMENT_BOOKED;
    o2c_field id = o2c__mt_field(self, &self->field, 0, o2c__mt_text_line_end(&self->field, 0), O2C__MT_ID, self->field_at);
    o2c__mt_statement(self)->id = id;
    self->statements++;
    self->open = true;
    self->has_entry = self->closed = false;
    self->exponent = -1;
    self->opening_letter = '\0';
    memset(self->account_currency, 0, sizeof self->account_currency);
    memset(&self->here, 0, sizeof self->here);
    return O2C_OK;
}

/* Is this the page behind the one that was closed last? Its :60M: says so, or the page number where there is none. */
static bool
goes_on(const struct o2c__mt940 *self)
{
    const struct o2c__mt_chain *chain = &self->chain, *here = &self->here;
    if (chain->key_len == 0 || here->key_len != chain->key_len || memcmp(chain->key, here->key, here->key_len) != 0)
        return false;
    bool next = here->page == chain->page + 1;
    if (!next && !(here->page == 0 && chain->page == 0))
        return false;
    return self->opening_letter == 'M' || (self->opening_letter == '\0' && next);
}

void
o2c__mt_chain_currency(struct o2c__mt940 *self)
{
    if (goes_on(self))
        o2c__mt_use_currency(self, self->chain.currency, o2c__currency_exponent(self->chain.currency));
}

/* A page that goes on opens with what the page before it closed with. What its own :60M: says stays in the balances. */
static void
continue_chain(struct o2c__mt940 *self, o2c_statement *row)
{
    o2c__mt_chain_currency(self);
    if (!goes_on(self) || memcmp(self->chain.currency, row->currency, sizeof row->currency) != 0)
        return;
    row->opening_minor = self->chain.closing_minor;
    row->has |= 1u;
}

/* Remembers where this page closed, if it is one that another may follow. */
static void
keep_chain(struct o2c__mt940 *self, const o2c_statement *row)
{
    self->chain.key_len = 0;
    bool last = (row->has & 2u) && !(row->flags & 4u);
    int64_t closing = row->closing_minor;
    if (last || self->here.key_len == 0)
        return;
    if (!(row->has & 2u) && (!(row->has & 1u) || !o2c__add(row->opening_minor, row->sum_minor, &closing)))
        return;
    self->chain = self->here;
    self->chain.closing_minor = closing;
    memcpy(self->chain.currency, row->currency, sizeof row->currency);
}

o2c_status
o2c__mt_statement_end(struct o2c__mt940 *self, o2c_error *err)
{
    if (!self->open)
        return O2C_OK;
    self->open = self->has_entry = false;
    o2c_statement *row = o2c__mt_statement(self);
    row->span = self->content_end - row->at;
    if (self->exponent < 0 && self->account_currency[0])
        memcpy(row->currency, self->account_currency, sizeof row->currency);
    continue_chain(self, row);
    o2c_status status = o2c__builder_tie(self->builder, row, 0, err);
    if (status == O2C_OK)
        keep_chain(self, row);
    return status;
}

/* ---- fields of the statement */

/*
 * A currency may close the account: "…EUR", "… EUR", "…/HUF". It counts only where no balance names one, and is no part of the
 * account, unless the whole is an IBAN (those of Mauritius and the Seychelles end so). Answers where the account ends.
 */
static size_t
account_currency(struct o2c__mt940 *self, size_t end)
{
    const char *bytes = o2c__mt_bytes(&self->field);
    char code[4] = { 0 };
    size_t from = 0;
    o2c__mt_trim(&self->field, &from, &end);
    if (end < from + 4 || (bytes[end - 4] >= 'A' && bytes[end - 4] <= 'Z') || o2c__iban_valid(bytes + from, end - from))
        return end;
    memcpy(code, bytes + end - 3, 3);
    if (o2c__currency_exponent(code) < 0)
        return end;
    memcpy(self->account_currency, code, sizeof code);
    end -= 3;
    return bytes[end - 1] == '/' ? end - 1 : end;
}

static void
chain_key(struct o2c__mt940 *self, size_t from, size_t to)
{
    struct o2c__mt_chain *here = &self->here;
    o2c__mt_trim(&self->field, &from, &to);
    size_t len = to - from;
    if (len >= O2C__MT_CHAIN_BYTES || here->key_len + len + 1 > sizeof here->key)
        return; /* longer than any bank's: not chained */
    memcpy(here->key + here->key_len, o2c__mt_bytes(&self->field) + from, len);
    here->key_len += (uint32_t)len;
    here->key[here->key_len++] = '\n';
}

static void
account(struct o2c__mt940 *self)
{
    size_t end = account_currency(self, o2c__mt_text_line_end(&self->field, 0));
    o2c_field field = o2c__mt_field(self, &self->field, 0, end, O2C__MT_ID, o2c__mt_statement(self)->at);
    o2c__mt_statement(self)->account = field;
    self->here.key_len = 0;
    chain_key(self, 0, end);
}

static void
number(struct o2c__mt940 *self)
{
    size_t end = o2c__mt_text_line_end(&self->field, 0), slash = 0;
    const char *bytes = o2c__mt_bytes(&self->field);
    o2c_field field = o2c__mt_field(self, &self->field, 0, end, O2C__MT_ID, o2c__mt_statement(self)->at);
    o2c_statement *row = o2c__mt_statement(self);
    row->number = field;
    while (slash < end && bytes[slash] != '/')
        slash++;
    chain_key(self, 0, slash);
    uint32_t page = 0;
    for (size_t i = slash + 1; i < end && is_digit(bytes[i]) && page < 100000; i++)
        page = page * 10 + (uint32_t)(bytes[i] - '0');
    row->page = self->here.page = page;
}

/* A balance that is opening or closing goes into the statement; other currencies stay in the list of balances only. */
static void
settle_balance(struct o2c__mt940 *self, const o2c_balance *balance)
{
    o2c_statement *row = o2c__mt_statement(self);
    int32_t digits = self->tag / 32;
    bool same = memcmp(balance->currency, row->currency, sizeof row->currency) == 0;
    if ((digits == 60 || digits == 62) && self->tag % 32 == 'M' - 64)
        row->flags |= 4u;
    if (digits == 60 && self->opening_letter == '\0') {
        self->opening_letter = (char)(self->tag % 32 + 64);
        row->opening_day = balance->day;
        row->opening_minor = same ? balance->minor : 0;
        row->has |= same ? 1u : 0;
    }
    if (digits == 62) {
        self->closed = true;
        self->has_entry = false; /* an :86: from here on speaks of the statement */
        row->closing_day = balance->day;
        row->closing_minor = same ? balance->minor : 0;
        row->has = (row->has & 1u) | (same ? 2u : 0);
    }
}

static o2c_status
add_balance(struct o2c__mt940 *self, const o2c_balance *given)
{
    o2c_balance *balance = o2c__builder_balance(self->builder);
    if (!balance)
        return O2C_OK; /* finish_field() sees it */
    *balance = *given;
    balance->at = self->field_at;
    balance->span = (uint32_t)(self->field_end - self->field_at);
    o2c__mt_tag_name(self->tag, balance->code);
    settle_balance(self, balance);
    return O2C_OK;
}

/* [CD] YYMMDD CCC amount. A day that no calendar has is left out. */
static o2c_status
balance(struct o2c__mt940 *self, o2c_error *err)
{
    const char *bytes = o2c__mt_bytes(&self->field);
    size_t at = skip_blanks(&self->field, 0), len = o2c__mt_len(&self->field);
    o2c_balance given = { 0 };
    int32_t exponent;
    uint32_t flags = 0;
    if (at == len || (bytes[at] != 'C' && bytes[at] != 'D'))
        return o2c__mt_fail(self, O2C_E_FORMATS_FIELD, "balance.mark", at, "must begin with C or D", err);
    bool debit = bytes[at] == 'D';
    at = skip_blanks(&self->field, at + 1);
    if (at + 6 > len)
        return o2c__mt_fail(self, O2C_E_FORMATS_FIELD, "balance.date", at, "holds no date", err);
    given.day = o2c__day_read_yymmdd(bytes + at);
    at = skip_blanks(&self->field, at + 6);
    o2c_status status = o2c__mt_currency(self, at, "balance.currency", given.currency, &exponent, err);
    if (status != O2C_OK)
        return status;
    at = skip_blanks(&self->field, at + 3);
    status = o2c__mt_amount(self, &self->field, at, o2c__mt_amount_end(&self->field, at), exponent, "balance.amount", &given.minor,
                            &flags,
                            err);
    if (status != O2C_OK)
        return status;
    given.minor = debit ? -given.minor : given.minor;
    if (self->tag / 32 == 60 || self->tag / 32 == 62)
        o2c__mt_use_currency(self, given.currency, exponent);
    return add_balance(self, &given);
}

/* :34F: floor limit of an intraday report: it names the currency and says that this is an MT942. */
static o2c_status
floor_limit(struct o2c__mt940 *self, o2c_error *err)
{
    char currency[4];
    int32_t exponent;
    o2c_status status = o2c__mt_currency(self, skip_blanks(&self->field, 0), "floor_limit.currency", currency, &exponent, err);
    if (status != O2C_OK)
        return status;
    o2c__mt_use_currency(self, currency, exponent);
    return O2C_OK;
}

/* :90D:, :90C: count, currency, sum of the debits or credits of an MT942. */
static o2c_status
control_sum(struct o2c__mt940 *self, o2c_error *err)
{
    const char *bytes = o2c__mt_bytes(&self->field);
    size_t at = skip_blanks(&self->field, 0);
    o2c_balance given = { 0 };
    int32_t exponent;
    uint32_t flags = 0;
    while (at < o2c__mt_len(&self->field) && is_digit(bytes[at]))
        at++;
    o2c_status status = o2c__mt_currency(self, at, "control_sum.currency", given.currency, &exponent, err);
    if (status != O2C_OK)
        return status;
    at = skip_blanks(&self->field, at + 3);
    status = o2c__mt_amount(self, &self->field, at, o2c__mt_amount_end(&self->field, at), exponent, "control_sum.amount",
                            &given.minor,
                            &flags, err);
    if (status != O2C_OK)
        return status;
    if (self->tag == TAG(90, 'D'))
        given.minor = -given.minor;
    self->has_entry = false;
    o2c__mt_use_currency(self, given.currency, exponent);
    return add_balance(self, &given);
}

static void
intraday(struct o2c__mt940 *self)
{
    o2c__mt_statement(self)->kind = O2C_STATEMENT_INTRADAY;
    o2c__mt_statement(self)->format = O2C_FORMAT_MT942;
}

o2c_status
o2c__mt_statement_field(struct o2c__mt940 *self, o2c_error *err)
{
    switch (self->tag / 32) {
    case 20:
        return self->tag == TAG(20, 0) ? statement_start(self, err) : O2C_OK; /* a :20X: is no beginning */
    case 25:
        account(self);
        return O2C_OK;
    case 28:
        number(self);
        return O2C_OK;
    case 34:
        intraday(self);
        return floor_limit(self, err);
    case 60:
    case 62:
    case 64:
    case 65:
        return balance(self, err);
    case 90:
        intraday(self);
        return control_sum(self, err);
    case 32:
        return o2c__mt_advice(self, err);
    case 21:
    case 50:
    case 52:
    case 72:
        return o2c__mt_advice_party(self, err);
    default:
        return O2C_OK; /* kept in the file, named by the statement's bytes */
    }
}

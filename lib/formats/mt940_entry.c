/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: the line :61:, and :32A: of an advice of credit or debit. Sources: SWIFT User Handbook category 9; the quirks are those of
 * bank files: entry dates without year or of four blanks, dates of no calendar, amounts in the next line, references of any length.
 */
#include "formats/mt940.h"

/* An entry date has no year; farther than this from the value day it is probably of another one. */
#define DOUBTFUL_DAYS 92

struct line {
    struct o2c__mt940 *self;
    const char *bytes;
    size_t len, at;
    o2c_entry entry;
    size_t date_end; /* behind the dates */
    bool bad_date;
};

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t
digits_at(const struct line *line)
{
    size_t count = 0;
    while (line->at + count < line->len && is_digit(line->bytes[line->at + count]))
        count++;
    return count;
}

static void
skip_blanks(struct line *line)
{
    while (line->at < line->len && line->bytes[line->at] == ' ')
        line->at++;
}

static uint32_t
from_record(const struct line *line, size_t at)
{
    return (uint32_t)(o2c__mt_text_file(&line->self->field, at) - line->self->field_at);
}

static int32_t
two_digits(const char *bytes)
{
    return (bytes[0] - '0') * 10 + (bytes[1] - '0');
}

/* The day of that month and day which is nearest to near, in the year before, the same or the next; 0 = no such day. */
static int32_t
nearest(const char *mmdd, int32_t near, int32_t year)
{
    int32_t best = 0, distance = INT32_MAX;
    for (int32_t y = year - 1; y <= year + 1; y++) {
        int32_t day = o2c__day_from_civil(y, two_digits(mmdd), two_digits(mmdd + 2));
        int32_t away = day > near ? day - near : near - day;
        if (day && away < distance) {
            best = day;
            distance = away;
        }
    }
    return best;
}

/* Where no calendar has the value date, its month still places the entry date. */
static int32_t
about(const char *yymmdd, int32_t *year)
{
    int32_t yy = two_digits(yymmdd), month = two_digits(yymmdd + 2);
    *year = yy < 70 ? 2000 + yy : 1900 + yy;
    month = month < 1 ? 1 : month > 12 ? 12 : month;
    return o2c__day_from_civil(*year, month, 28);
}

static void
entry_date(struct line *line, const char *yymmdd)
{
    int32_t year, near = about(yymmdd, &year);
    if (line->entry.value_day)
        near = line->entry.value_day;
    line->entry.booking_day_from = from_record(line, line->at);
    line->entry.booking_day = nearest(line->bytes + line->at, near, year);
    int32_t away = line->entry.booking_day - near;
    if (line->entry.booking_day == 0 || away > DOUBTFUL_DAYS || away < -DOUBTFUL_DAYS)
        line->bad_date = true;
    line->at += 4;
}

/* YYMMDD and perhaps MMDD. Without an entry date the value day stands for it, as from nowhere. */
static o2c_status
dates(struct line *line, o2c_error *err)
{
    skip_blanks(line);
    const char *yymmdd = line->bytes + line->at;
    if (digits_at(line) < 6)
        return o2c__mt_fail(line->self, O2C_E_FORMATS_FIELD, "entry.value_date", line->at, "must begin with a date of six digits",
                            err);
    line->entry.value_day = o2c__day_read_yymmdd(yymmdd);
    line->entry.value_day_from = from_record(line, line->at);
    line->bad_date = line->entry.value_day == 0;
    line->at += 6;
    if (digits_at(line) >= 4)
        entry_date(line, yymmdd);
    else
        line->entry.booking_day = line->entry.value_day;
    line->date_end = line->at;
    skip_blanks(line);
    if (line->bad_date)
        line->entry.flags |= O2C_ENTRY_FLAG_DATE_DOUBTFUL;
    return O2C_OK;
}

/* C, D; RC and RD reverse a credit or debit: RC takes money out, RD brings it back; EC, ED are expected ones. */
static o2c_status
mark(struct line *line, bool *debit, o2c_error *err)
{
    size_t at = line->at;
    char kind = at < line->len ? line->bytes[at] : '\0';
    bool reversal = kind == 'R', expected = kind == 'E';
    if ((reversal || expected) && at + 1 < line->len)
        kind = line->bytes[++at];
    if (kind != 'C' && kind != 'D')
        return o2c__mt_fail(line->self, O2C_E_FORMATS_FIELD, "entry.mark", line->at,
                            "holds no C, D, RC, RD, EC or ED behind its dates", err);
    *debit = (kind == 'D') != reversal;
    line->entry.flags |= reversal ? O2C_ENTRY_FLAG_REVERSAL : 0;
    line->entry.status = expected ? O2C_ENTRY_STATUS_FUTURE : O2C_ENTRY_STATUS_BOOKED;
    line->at = at + 1;
    if (line->at < line->len && line->bytes[line->at] >= 'A' && line->bytes[line->at] <= 'Z')
        line->at++; /* funds code: the third letter of the currency */
    skip_blanks(line);
    return O2C_OK;
}

static o2c_status
amount(struct line *line, bool debit, o2c_error *err)
{
    struct o2c__mt940 *self = line->self;
    if (self->exponent < 0 && self->account_currency[0])
        o2c__mt_use_currency(self, self->account_currency, o2c__currency_exponent(self->account_currency));
    if (self->exponent < 0)
        o2c__mt_chain_currency(self);
    if (self->exponent < 0)
        return o2c__mt_fail(self, O2C_E_FORMATS_FIELD, "entry.currency", 0, "stands in a statement that names no currency", err);
    memcpy(line->entry.currency, o2c__mt_statement(self)->currency, sizeof line->entry.currency);
    size_t end = o2c__mt_amount_end(&self->field, line->at);
    line->entry.amount_from = from_record(line, line->at);
    o2c_status status = o2c__mt_amount(self, &self->field, line->at, end, self->exponent, "entry.amount", &line->entry.amount_minor,
                                       &line->entry.flags, err);
    line->entry.amount_minor = debit ? -line->entry.amount_minor : line->entry.amount_minor;
    line->at = end;
    return status;
}

/* ---- references. They are written once the row stands, for they go into the batch. */

/* A bank's word for: there is none, or it stands in :86: */
static bool
says_none(const char *bytes, size_t len)
{
    static const char *const none[] = { "NONREF", "NOTPROVIDED", "NOT PROVIDED", "KREF+", "EREF+", "EREF", "NOREF" };
    if (len > 12 || (bytes[0] != 'N' && bytes[0] != 'K' && bytes[0] != 'E'))
        return false;
    for (size_t i = 0; i < O2C__COUNT(none); i++)
        if (strlen(none[i]) == len && memcmp(bytes, none[i], len) == 0)
            return true;
    return false;
}

bool
o2c__mt_set(struct o2c__mt940 *self, o2c_field *field, const struct o2c__mt_text *text, size_t from, size_t to,
            enum o2c__mt_value kind)
{
    o2c__mt_trim(text, &from, &to);
    if (field->text.len || from == to || says_none(o2c__mt_bytes(text) + from, to - from))
        return true;
    *field = o2c__mt_field(self, text, from, to, kind, o2c__mt_last(self)->at);
    return !self->builder->out_of_memory;
}

/* The old Rabobank layout pads the reference to 16 columns, at least two of them blank, and puts the other side's name behind. */
static size_t
padded_reference(const struct line *line, size_t end)
{
    if (end - line->at <= 16 || memcmp(line->bytes + line->at + 14, "  ", 2) != 0 || line->bytes[line->at + 16] == ' ')
        return end;
    return line->at + 16;
}

static size_t
find_slashes(const struct line *line, size_t end)
{
    for (size_t i = line->at; i + 1 < end; i++)
        if (line->bytes[i] == '/' && line->bytes[i + 1] == '/')
            return i;
    return end;
}

/* N, F or S and three characters, the references, and whatever the next lines hold. */
static void
references(struct line *line)
{
    struct o2c__mt940 *self = line->self;
    const struct o2c__mt_text *text = &self->field;
    skip_blanks(line);
    size_t end = line->at < line->len ? o2c__mt_text_line_end(text, line->at) : line->len;
    char type = line->at < end ? line->bytes[line->at] : '\0';
    if (type == 'N' || type == 'F' || type == 'S') {
        size_t code = line->at + 4 < end ? line->at + 4 : end;
        o2c__mt_set(self, &o2c__mt_last(self)->code, text, line->at, code, O2C__MT_ID);
        line->at = code;
    }
    size_t slashes = find_slashes(line, end), name = padded_reference(line, slashes);
    o2c__mt_set(self, &o2c__mt_last(self)->customer_ref, text, line->at, name, O2C__MT_ID);
    o2c__mt_set(self, &o2c__mt_last(self)->other_name, text, name, slashes, O2C__MT_WORDS);
    if (slashes < end)
        o2c__mt_set(self, &o2c__mt_last(self)->bank_ref, text, slashes + 2, end, O2C__MT_ID);
    line->at = end;
}

/* The note: raw dates where no calendar has them, and the supplementary lines, which may hold original amount and charges. */
static bool
note(struct line *line)
{
    struct o2c__mt940 *self = line->self;
    const struct o2c__mt_text *text = &self->field;
    o2c__mt_text_clear(&self->joined);
    if (line->bad_date && !o2c__mt_text_copy(&self->joined, text, 0, line->date_end))
        return false;
    size_t supplement = o2c__mt_len(&self->joined);
    for (size_t at = line->at; at < line->len;) {
        size_t end = o2c__mt_text_line_end(text, at);
        if (o2c__mt_len(&self->joined) && !o2c__mt_text_mark(&self->joined, O2C__MT_BREAK))
            return false;
        if (!o2c__mt_text_copy(&self->joined, text, at, end))
            return false;
        at = end;
    }
    o2c__mt_original(self, &self->joined, supplement, o2c__mt_len(&self->joined));
    return o2c__mt_set(self, &o2c__mt_last(self)->note, &self->joined, 0, o2c__mt_len(&self->joined), O2C__MT_WORDS);
}

static o2c_status
add_entry(struct o2c__mt940 *self, const o2c_entry *given, o2c_error *err)
{
    if (self->entries >= self->context->limits.entries_max)
        return o2c__fail_at(err, O2C_E_LIMIT, "entries_max", self->field_at, self->field_line,
                            "the file holds more than %llu entries",
                            (unsigned long long)self->context->limits.entries_max);
    o2c_status status = o2c__builder_flush(self->builder, false, err);
    if (status != O2C_OK)
        return status;
    o2c_entry *row = o2c__builder_entry(self->builder);
    if (!row)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for an entry");
    o2c_entry placed = *given;
    placed.statement = row->statement;
    placed.ordinal = row->ordinal;
    placed.texts_at = row->texts_at;
    placed.structured_at = row->structured_at;
    placed.lines_at = row->lines_at;
    placed.at = self->field_at;
    placed.span = self->field_end - self->field_at;
    placed.level = O2C_ENTRY_BOOKED;
    *row = placed;
    self->entries++;
    self->has_entry = true;
    return O2C_OK;
}

static struct line
line_of(struct o2c__mt940 *self)
{
    return (struct line){ .self = self, .bytes = o2c__mt_bytes(&self->field), .len = o2c__mt_len(&self->field) };
}

o2c_status
o2c__mt_entry(struct o2c__mt940 *self, o2c_error *err)
{
    struct line line = line_of(self);
    bool debit = false;
    o2c_status status = dates(&line, err);
    if (status == O2C_OK)
        status = mark(&line, &debit, err);
    if (status == O2C_OK)
        status = amount(&line, debit, err);
    if (status == O2C_OK)
        status = add_entry(self, &line.entry, err);
    if (status != O2C_OK)
        return status;
    references(&line);
    if (!note(&line))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for an entry");
    return O2C_OK;
}

/* ---- MT910, MT900: one amount, its party around it */

o2c_status
o2c__mt_advice(struct o2c__mt940 *self, o2c_error *err)
{
    struct line line = line_of(self);
    int32_t exponent;
    if (self->message != 910 && self->message != 900)
        return o2c__mt_fail(self, O2C_E_FORMATS_SYNTAX, "message type", 0,
                            "stands in a message whose header says neither MT910 nor MT900",
                            err);
    skip_blanks(&line);
    if (digits_at(&line) < 6)
        return o2c__mt_fail(self, O2C_E_FORMATS_FIELD, "entry.value_date", line.at, "must begin with a date of six digits", err);
    line.entry.value_day = line.entry.booking_day = o2c__day_read_yymmdd(line.bytes + line.at);
    line.entry.value_day_from = from_record(&line, line.at);
    line.date_end = line.at += 6;
    line.bad_date = line.entry.value_day == 0;
    line.entry.flags |= line.bad_date ? O2C_ENTRY_FLAG_DATE_DOUBTFUL : 0;
    line.entry.status = O2C_ENTRY_STATUS_BOOKED;
    o2c_status status = o2c__mt_currency(self, line.at, "entry.currency", line.entry.currency, &exponent, err);
    if (status != O2C_OK)
        return status;
    o2c__mt_use_currency(self, line.entry.currency, exponent);
    line.at += 3;
    status = amount(&line, self->message == 900, err);
    if (status == O2C_OK)
        status = add_entry(self, &line.entry, err);
    line.at = line.len;
    if (status == O2C_OK && !note(&line))
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for an entry");
    return status;
}

/* "/account" in the first line, name in the second, else the first line is the name or the bank's BIC. */
static void
party(struct o2c__mt940 *self, o2c_field *account, o2c_field *name)
{
    const struct o2c__mt_text *text = &self->field;
    size_t at = 0, end = o2c__mt_text_line_end(text, 0);
    if (end > 1 && o2c__mt_bytes(text)[0] == '/') {
        o2c__mt_set(self, account, text, 1, end, O2C__MT_ID);
        at = end;
        end = at < o2c__mt_len(text) ? o2c__mt_text_line_end(text, at) : at;
    }
    o2c__mt_set(self, name, text, at, end, O2C__MT_WORDS);
}

o2c_status
o2c__mt_advice_party(struct o2c__mt940 *self, o2c_error *err)
{
    (void)err;
    if (!self->has_entry || (self->message != 910 && self->message != 900))
        return O2C_OK;
    o2c_entry *entry = o2c__mt_last(self);
    entry->span = self->field_end - entry->at;
    if (self->tag / 32 == 50)
        party(self, &entry->other_account, &entry->other_name);
    else if (self->tag / 32 == 52)
        party(self, &entry->other_account, &entry->other_bank);
    else
        o2c__mt_piece(self, &self->field, 0, o2c__mt_len(&self->field));
    return O2C_OK;
}

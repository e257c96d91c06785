/* SPDX-License-Identifier: Apache-2.0 */
/* Delimited text: values of a row. Every refusal names the line, the byte and the column. */
#include <stdio.h>

#include "formats/csv.h"

const struct o2c__csv_cell *
o2c__csv_cell(const struct o2c__csv_table *table, uint32_t column)
{
    int32_t cell = table->cell_of[column];
    return cell >= 0 && (uint32_t)cell < table->record->count ? &table->record->cells[cell] : NULL;
}

bool
o2c__csv_given(const struct o2c__csv_table *table, uint32_t column)
{
    const struct o2c__csv_cell *cell = o2c__csv_cell(table, column);
    return cell && cell->len;
}

o2c_str
o2c__csv_raw(const struct o2c__csv_table *table, uint32_t column)
{
    const struct o2c__csv_cell *cell = o2c__csv_cell(table, column);
    if (!cell)
        return (o2c_str){ "", 0 };
    const char *text = table->record->text + cell->from;
    size_t len = cell->len;
    while (len && (*text == ' ' || *text == '\t')) {
        text++;
        len--;
    }
    while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        len--;
    return (o2c_str){ text, len };
}

o2c_status
o2c__csv_fail(const struct o2c__csv_table *table, o2c_status status, uint32_t column, const char *reason, o2c_error *err)
{
    const struct o2c__csv_cell *cell = o2c__csv_cell(table, column);
    const char *name = table->columns[column].name;
    uint64_t at = cell ? cell->at : table->record->at;
    uint32_t line = cell ? cell->line : table->record->line;
    return o2c__fail_at(err, status, name, at, line, "%s %s", name, reason);
}

/* Programs put an apostrophe before numbers that are text, and before what a table program would take for a formula. */
static o2c_str
without_apostrophe(o2c_str text)
{
    if (text.len < 2 || text.ptr[0] != '\'')
        return text;
    char next = text.ptr[1];
    if ((next >= '0' && next <= '9') || next == '=' || next == '+' || next == '-' || next == '@')
        return (o2c_str){ text.ptr + 1, text.len - 1 };
    return text;
}

o2c_status
o2c__csv_string(struct o2c__csv_table *table, uint32_t column, const char *bytes, size_t len, uint32_t bytes_max, o2c_ref *out,
                o2c_error *err)
{
    o2c_str text = without_apostrophe((o2c_str){ bytes, len });
    if (!o2c__text_is_plain(text.ptr, text.len)) {
        table->scratch.count = 0;
        char *room = o2c__vector_add_many(&table->scratch, text.len * O2C__TEXT_GROWTH + 1);
        if (!room)
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a cell");
        text = (o2c_str){ room, o2c__text_decode(table->record->encoding, text.ptr, text.len, room) };
    }
    if (bytes_max && text.len > bytes_max) {
        char reason[48];
        snprintf(reason, sizeof reason, "is longer than %u bytes", (unsigned)bytes_max);
        return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, column, reason, err);
    }
    *out = o2c__builder_string(table->builder, text.ptr, text.len);
    return table->builder->out_of_memory ? o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a cell") : O2C_OK;
}

o2c_status
o2c__csv_text(struct o2c__csv_table *table, uint32_t column, uint32_t bytes_max, o2c_ref *out, o2c_error *err)
{
    o2c_str text = o2c__csv_raw(table, column);
    return text.len ? o2c__csv_string(table, column, text.ptr, text.len, bytes_max, out, err) : O2C_OK;
}

o2c_status
o2c__csv_field(struct o2c__csv_table *table, uint32_t column, o2c_field *out, o2c_error *err)
{
    if (!o2c__csv_given(table, column))
        return O2C_OK;
    const struct o2c__csv_cell *cell = o2c__csv_cell(table, column);
    out->from = (uint32_t)(cell->at - table->record->at);
    out->span = cell->span;
    return o2c__csv_text(table, column, 0, &out->text, err);
}

o2c_status
o2c__csv_currency(struct o2c__csv_table *table, uint32_t column, char out[4], int32_t *exponent, o2c_error *err)
{
    o2c_str text = o2c__csv_raw(table, column);
    char code[4] = { 0 };
    for (size_t i = 0; i < 3 && text.len == 3; i++)
        code[i] = text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] - 32) : text.ptr[i];
    int32_t digits = text.len == 3 ? o2c__currency_exponent(code) : -1;
    if (digits < 0)
        return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, column, "is no currency of ISO 4217", err);
    memcpy(out, code, sizeof code);
    *exponent = digits;
    return O2C_OK;
}

/* A blank as thousands sign may be any of the blanks that do not break: U+00A0, U+2009, U+202F. */
static size_t
narrow_blanks(int32_t encoding, o2c_str text, char *out, size_t room)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len && count < room;) {
        uint32_t code, step = 1;
        if (encoding == O2C_ENCODING_UTF8)
            step = o2c__utf8_decode(text.ptr, text.len, at, &code);
        else
            code = o2c__text_legacy_code(encoding, (unsigned char)text.ptr[at]);
        if (!step)
            return 0;
        at += step;
        code = code == 0xA0 || code == 0x2009 || code == 0x202F ? ' ' : code == 0x2212 ? '-' : code;
        out[count++] = code < 0x80 ? (char)code : '?';
    }
    return count;
}

o2c_status
o2c__csv_money(struct o2c__csv_table *table, uint32_t column, int32_t exponent, int64_t *out, bool *excess_zero, o2c_error *err)
{
    char number[80], reason[96];
    o2c_str text = without_apostrophe(o2c__csv_raw(table, column));
    if (text.len == 0)
        return O2C_OK;
    struct o2c__decimal_style style = { .mark = table->profile->decimal_mark ? (char)table->profile->decimal_mark : '.',
                                        .group = (char)table->profile->group_mark, .sign = true, .trailing = true };
    struct o2c__decimal_answer answer;
    size_t len = narrow_blanks(table->record->encoding, text, number, sizeof number);
    int wrong = O2C__DECIMAL_CHARACTER;
    if (len && len < sizeof number)
        wrong = o2c__decimal_read(number, len, &style, exponent, table->context->limits.amount_max, &answer);
    if (wrong) {
        snprintf(reason, sizeof reason, "is no amount: %s", o2c__decimal_reason(wrong));
        return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, column, reason, err);
    }
    *out = answer.minor;
    if (excess_zero)
        *excess_zero = answer.excess_zero;
    return O2C_OK;
}

o2c_status
o2c__csv_ordered(struct o2c__csv_table *table, uint32_t amount, uint32_t currency, int64_t *out, char out_currency[4], o2c_error *err)
{
    int32_t exponent = 0;
    bool given = o2c__csv_given(table, amount);
    if (given != o2c__csv_given(table, currency))
        return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, given ? currency : amount,
                             "is empty, but the other half of what was ordered is given", err);
    if (!given)
        return O2C_OK;
    o2c_status status = o2c__csv_currency(table, currency, out_currency, &exponent, err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, amount, exponent, out, NULL, err);
    if (status == O2C_OK && *out <= 0)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, amount, "must be above zero", err);
    return status;
}

/* ---- dates */

struct parts {
    int32_t number[3];
    size_t digits[3];
};

/* Three numbers with '.', '/' or '-' between, or eight digits as one; false = something else. */
static bool
parts_of(const char *text, size_t len, struct parts *parts)
{
    size_t at = 0;
    memset(parts, 0, sizeof *parts);
    for (int i = 0; i < 3; i++) {
        while (at < len && text[at] >= '0' && text[at] <= '9' && parts->digits[i] < 8) {
            parts->number[i] = parts->number[i] * 10 + (text[at++] - '0');
            parts->digits[i]++;
        }
        if (parts->digits[i] == 0)
            return false;
        if (i == 0 && at == len)
            return true;
        if (i < 2 && (at >= len || !strchr("./-", text[at++])))
            return false;
    }
    return at == len;
}

/* The three numbers in an order; a year has two or four digits, 70 … 99 are of the last century. */
static int32_t
civil(const struct parts *parts, int year_at, int month_at, int day_at)
{
    int32_t year = parts->number[year_at];
    if (parts->digits[month_at] > 2 || parts->digits[day_at] > 2)
        return 0;
    if (parts->digits[year_at] == 2)
        year += year < 70 ? 2000 : 1900;
    else if (parts->digits[year_at] != 4)
        return 0;
    return o2c__day_from_civil(year, parts->number[month_at], parts->number[day_at]);
}

int32_t
o2c__csv_date(const char *text, size_t len, int32_t order)
{
    struct parts parts;
    if (len == 10 && text[4] == '-')
        return o2c__day_read_iso(text, len); /* ISO is never doubtful: it is taken under every order */
    if (!parts_of(text, len, &parts))
        return 0;
    if (parts.digits[0] == len) {
        struct parts cut = { { parts.number[0] / 10000, parts.number[0] / 100 % 100, parts.number[0] % 100 }, { 4, 2, 2 } };
        return order == O2C_DATE_ORDER_YMD && len == 8 ? civil(&cut, 0, 1, 2) : 0;
    }
    switch (order) {
    case O2C_DATE_ORDER_DMY:
        return civil(&parts, 2, 1, 0);
    case O2C_DATE_ORDER_MDY:
        return civil(&parts, 2, 0, 1);
    case O2C_DATE_ORDER_YMD:
        return parts.digits[0] == 4 ? civil(&parts, 0, 1, 2) : 0;
    default:
        return 0;
    }
}

int32_t
o2c__csv_date_proof(const char *text, size_t len)
{
    if (len == 10 && text[4] == '-')
        return 0;
    int32_t day_first = o2c__csv_date(text, len, O2C_DATE_ORDER_DMY), month_first = o2c__csv_date(text, len, O2C_DATE_ORDER_MDY);
    if (day_first == month_first)
        return 0;
    return day_first && month_first ? 3 : day_first ? 1 : 2;
}

o2c_status
o2c__csv_day(struct o2c__csv_table *table, uint32_t column, int32_t *out, o2c_error *err)
{
    static const char *const reasons[] = { "is no date: YYYY-MM-DD expected", "is no date: day, month, year expected",
                                           "is no date: month, day, year expected", "is no date: year, month, day expected" };
    o2c_str text = o2c__csv_raw(table, column);
    if (text.len == 0)
        return O2C_OK;
    int32_t day = o2c__csv_date(text.ptr, text.len, table->date_order);
    if (!day)
        return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, column, reasons[table->date_order & 3], err);
    *out = day;
    return O2C_OK;
}

/* ---- words */

static bool
is_word(o2c_str text, const char *word)
{
    size_t len = strlen(word);
    if (text.len != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        char byte = text.ptr[i];
        byte = byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
        if (byte != word[i])
            return false;
    }
    return true;
}

o2c_status
o2c__csv_flag(struct o2c__csv_table *table, uint32_t column, bool *out, o2c_error *err)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = { { "yes", true }, { "true", true }, { "1", true }, { "x", true }, { "no", false }, { "false", false }, { "0",
                                                                                                                          false } };
    o2c_str text = o2c__csv_raw(table, column);
    if (text.len == 0)
        return O2C_OK;
    for (size_t i = 0; i < O2C__COUNT(words); i++) {
        if (is_word(text, words[i].word)) {
            *out = words[i].value;
            return O2C_OK;
        }
    }
    return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, column, "is none of yes, no, true, false, 1, 0, x", err);
}

o2c_status
o2c__csv_code(struct o2c__csv_table *table, uint32_t column, int32_t codes, int32_t *out, o2c_error *err)
{
    o2c_str text = o2c__csv_raw(table, column);
    char word[32] = { 0 };
    int64_t code = 0;
    if (text.len == 0)
        return O2C_OK;
    for (size_t i = 0; i < text.len && i < sizeof word - 1; i++) {
        char byte = text.ptr[i];
        word[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte == ' ' || byte == '-' ? '_' : byte;
    }
    if (text.len >= sizeof word || o2c_code_find(codes, word, &code) != O2C_OK)
        return o2c__csv_fail(table, O2C_E_FORMATS_FIELD, column, "is not one of the words known for it", err);
    *out = (int32_t)code;
    return O2C_OK;
}

bool
o2c__csv_next(const struct o2c__csv_table *table, uint32_t column, size_t *at, o2c_str *out)
{
    o2c_str text = o2c__csv_raw(table, column);
    while (*at < text.len) {
        size_t from = *at, to = from;
        while (to < text.len && text.ptr[to] != '|')
            to++;
        *at = to + 1;
        while (from < to && text.ptr[from] == ' ')
            from++;
        while (from < to && text.ptr[to - 1] == ' ')
            to--;
        if (from < to) {
            *out = (o2c_str){ text.ptr + from, to - from };
            return true;
        }
    }
    return false;
}

bool
o2c__csv_next_line(o2c_str text, size_t *at, o2c_str *out)
{
    while (*at < text.len) {
        size_t from = *at, to = from;
        while (to < text.len && text.ptr[to] != '\n')
            to++;
        *at = to + 1;
        while (to > from && (text.ptr[to - 1] == '\r' || text.ptr[to - 1] == ' '))
            to--;
        *out = (o2c_str){ text.ptr + from, to - from };
        if (out->len)
            return true;
    }
    return false;
}

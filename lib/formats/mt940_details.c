/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: the :86: of an entry. Three dialects: German subfields (?20 …), slashed keywords (/TRTP/ …, Dutch banks), free text;
 * the SEPA keywords (EREF+ …) may stand in the first and the last.
 */
#include "formats/mt940.h"

/* Width of a line of :86:. A line that fills it runs on into the next without a blank; a shorter one ends a piece. */
#define LINE_WIDTH 65

bool
o2c__mt_piece(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    struct o2c__mt_string string = o2c__mt_string(self, text, from, to, O2C__MT_WORDS);
    if (string.text.len == 0)
        return !self->builder->out_of_memory;
    o2c_text *piece = o2c__builder_text(self->builder);
    if (!piece)
        return false;
    piece->text = string.text;
    piece->at = string.file;
    piece->span = string.span;
    o2c__mt_last(self)->texts_count++;
    return true;
}

bool
o2c__mt_pieces(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    const char *bytes = o2c__mt_bytes(text);
    while (from < to) {
        size_t end = from;
        while (end < to && bytes[end] != O2C__MT_BREAK)
            end++;
        if (!o2c__mt_piece(self, text, from, end))
            return false;
        from = end + 1;
    }
    return true;
}

/* ---- original amount and charges: /OCMT/EUR11,85//CHGS/EUR0,50/ */

bool
o2c__mt_side_amount(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to, int64_t *out_minor,
                    char currency[4])
{
    const char *bytes = o2c__mt_bytes(text);
    char code[4] = { 0 };
    struct o2c__decimal_answer answer;
    struct o2c__decimal_style style = { .mark = ',' };
    o2c__mt_trim(text, &from, &to);
    memcpy(code, o2c__mt_last(self)->currency, sizeof code);
    if (to - from > 3 && bytes[from] >= 'A' && bytes[from] <= 'Z') {
        memcpy(code, bytes + from, 3);
        from += 3;
    }
    int32_t exponent = o2c__currency_exponent(code);
    size_t end = o2c__mt_amount_end(text, from);
    end = end < to ? end : to;
    for (size_t i = from; i < end; i++)
        style.mark = bytes[i] == '.' ? '.' : style.mark;
    if (exponent < 0 || end == from)
        return false;
    if (o2c__decimal_read(bytes + from, end - from, &style, exponent, self->context->limits.amount_max, &answer))
        return false; /* said beside the booking: not worth refusing a file for */
    *out_minor = answer.minor;
    memcpy(currency, code, sizeof code);
    return true;
}

static size_t
find_word(const struct o2c__mt_text *text, size_t from, size_t to, const char *word, size_t len)
{
    const char *bytes = o2c__mt_bytes(text);
    for (size_t i = from; i + len <= to; i++)
        if (bytes[i] == word[0] && memcmp(bytes + i, word, len) == 0)
            return i + len;
    return to;
}

void
o2c__mt_original(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    o2c_entry *entry = o2c__mt_last(self);
    size_t original = find_word(text, from, to, "/OCMT/", 6), charges = find_word(text, from, to, "/CHGS/", 6);
    if (original < to)
        o2c__mt_side_amount(self, text, original, to, &entry->instructed_minor, entry->instructed_currency);
    if (charges < to)
        o2c__mt_side_amount(self, text, charges, to, &entry->charges_minor, entry->charges_currency);
}

/* ---- which dialect */

/* "166?20…": three digits, a separator, the number of a subfield. '\0' = not the German dialect. */
static char
german_separator(const struct o2c__mt_text *text)
{
    const char *b = o2c__mt_bytes(text);
    if (o2c__mt_len(text) < 6)
        return '\0';
    for (int i = 0; i < 6; i++)
        if (i != 3 && (b[i] < '0' || b[i] > '9'))
            return '\0';
    bool letter = (b[3] >= '0' && b[3] <= '9') || (b[3] >= 'A' && b[3] <= 'Z') || (b[3] >= 'a' && b[3] <= 'z');
    if (letter || (unsigned char)b[3] >= 0x80 || strchr(" .,:-/", b[3]) || b[3] == '\0')
        return '\0';
    return (b[4] == '0' && b[5] == '0') || (b[4] == '1' && b[5] == '0') || b[4] == '2' || b[4] == '3' || (b[4] == '6' &&
                                                                                                          b[5] < '4') ? b[3]
                                                                                                                                  : '\0';
}

/* Lines of free text: a full line runs on, a new :86: never does. */
static bool
join_lines(struct o2c__mt940 *self)
{
    const struct o2c__mt_text *field = &self->field;
    o2c__mt_text_clear(&self->joined);
    for (size_t i = 0; i < field->segments.count; i++) {
        const struct o2c__mt_segment *line = &O2C__AT(&field->segments, struct o2c__mt_segment, i);
        size_t end = i + 1 < field->segments.count ? line[1].at : o2c__mt_len(field);
        if (!o2c__mt_text_copy(&self->joined, field, line->at, end))
            return false;
        if (i + 1 == field->segments.count || o2c__mt_len(&self->joined) == 0)
            continue;
        bool full = end - line->at >= LINE_WIDTH && o2c__mt_width(self, field, line->at,
                                                                  end) >= LINE_WIDTH && o2c__mt_bytes(field)[end - 1] != ' ';
        if (!o2c__mt_text_mark(&self->joined, full && !line[1].hard ? O2C__MT_RUN_ON : O2C__MT_BREAK))
            return false;
    }
    return true;
}

static bool
plain_details(struct o2c__mt940 *self)
{
    bool found = false;
    if (!join_lines(self) || !o2c__mt_slash(self, &self->joined, &found))
        return false;
    if (!found && !o2c__mt_sepa(self, &self->joined, &found))
        return false;
    return found || o2c__mt_pieces(self, &self->joined, 0, o2c__mt_len(&self->joined));
}

o2c_status
o2c__mt_details(struct o2c__mt940 *self, o2c_error *err)
{
    o2c_entry *entry = o2c__mt_last(self);
    entry->span = self->field_end - entry->at;
    char separator = german_separator(&self->field);
    if (separator)
        return o2c__mt_german(self, separator, err);
    if (!plain_details(self))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the details of an entry");
    return O2C_OK;
}

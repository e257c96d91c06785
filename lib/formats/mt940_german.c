/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: German :86: (GVC?00…?10…?20–?29 ?60–?63 purpose, ?30 bank, ?31 account, ?32–?33 name, ?34 text key). Any character may
 * stand for '?'. The purpose comes in pieces of 27 characters; SEPA keywords run over them, joined without blanks.
 * Source: Deutsche Kreditwirtschaft, DFÜ-Abkommen annex 3, MT940 field 86.
 */
#include "formats/mt940.h"

#define PIECE_WIDTH 27

struct slice {
    size_t from, to;
};
struct german {
    struct slice posting, bank, account, name[2], text_key, iban;
};

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Number of the subfield that the separator at byte at begins, −1 = it is only a character of the text. */
static int32_t
subfield_at(const struct o2c__mt_text *text, size_t at, char separator)
{
    const char *b = o2c__mt_bytes(text) + at;
    if (at + 3 > o2c__mt_len(text) || b[0] != separator || !is_digit(b[1]) || !is_digit(b[2]))
        return -1;
    int32_t number = (b[1] - '0') * 10 + (b[2] - '0');
    bool known = number == 0 || number == 10 || (number >= 20 && number <= 39) || (number >= 60 && number <= 63);
    return known ? number : -1;
}

static bool
is_purpose(int32_t number)
{
    return (number >= 20 && number <= 29) || number >= 60;
}

static void
keep(struct german *german, int32_t number, struct slice value)
{
    switch (number) {
    case 0:
        german->posting = value;
        break;
    case 30:
        german->bank = value;
        break;
    case 31:
        german->account = value;
        break;
    case 32:
    case 33:
        german->name[number - 32] = value;
        break;
    case 34:
        german->text_key = value;
        break;
    case 38:
        german->iban = value;
        break;
    default:
        break;
    }
}

/* Adds one piece of the purpose behind the others. breaks: a piece that is not full ends a line. */
static bool
add_piece(struct o2c__mt940 *self, struct slice value, bool breaks, size_t *last_width)
{
    const char *bytes = o2c__mt_bytes(&self->field);
    if (value.from == value.to)
        return true;
    bool full = *last_width >= PIECE_WIDTH;
    if (o2c__mt_len(&self->joined) && !o2c__mt_text_mark(&self->joined, breaks && !full ? O2C__MT_BREAK : O2C__MT_RUN_ON))
        return false;
    *last_width = !breaks || bytes[value.to - 1] == ' ' ? 0 : o2c__mt_width(self, &self->field, value.from, value.to);
    return o2c__mt_text_copy(&self->joined, &self->field, value.from, value.to);
}

/* Where the value that begins at byte at ends: at the next separator that begins a subfield. */
static size_t
value_end(const struct o2c__mt_text *field, size_t at, char separator)
{
    const char *bytes = o2c__mt_bytes(field), *next;
    size_t end = o2c__mt_len(field);
    for (; at < end; at = (size_t)(next - bytes) + 1) {
        next = memchr(bytes + at, separator, end - at);
        if (!next)
            return end;
        if (subfield_at(field, (size_t)(next - bytes), separator) >= 0)
            return (size_t)(next - bytes);
    }
    return end;
}

/* One walk over the subfields: the purpose is joined, the others are remembered. */
static bool
walk(struct o2c__mt940 *self, char separator, bool breaks, struct german *german)
{
    const struct o2c__mt_text *field = &self->field;
    size_t end = o2c__mt_len(field), at = 3, width = 0;
    o2c__mt_text_clear(&self->joined);
    while (at < end) {
        int32_t number = subfield_at(field, at, separator);
        struct slice value = { at + 3, value_end(field, at + 3, separator) };
        if (number >= 0 && is_purpose(number)) {
            if (!add_piece(self, value, breaks, &width))
                return false;
        } else {
            keep(german, number, value);
        }
        at = value.to;
    }
    return true;
}

static bool
set(struct o2c__mt940 *self, o2c_field *field, struct slice value, enum o2c__mt_value kind)
{
    return o2c__mt_set(self, field, &self->field, value.from, value.to, kind);
}

/* Name in two subfields of 27 characters: the second goes on where the first ends. */
static bool
name(struct o2c__mt940 *self, const struct german *german)
{
    o2c__mt_text_clear(&self->joined);
    for (int i = 0; i < 2; i++)
        if (!o2c__mt_text_copy(&self->joined, &self->field, german->name[i].from, german->name[i].to))
            return false;
    return o2c__mt_set(self, &o2c__mt_last(self)->other_name, &self->joined, 0, o2c__mt_len(&self->joined), O2C__MT_WORDS);
}

/* The type of :61: and the German number make one code, "NTRF+166": the number says more than the type. */
static void
business_code(struct o2c__mt940 *self)
{
    char code[8];
    o2c_entry *entry = o2c__mt_last(self);
    o2c_str type = o2c__ref_str(entry->code.text, o2c__text_heap_str(&self->builder->heap));
    if (type.len != 4)
        return;
    memcpy(code, type.ptr, 4);
    code[4] = '+';
    memcpy(code + 5, o2c__mt_bytes(&self->field), 3);
    entry->code.text = o2c__builder_string(self->builder, code, sizeof code);
}

/* GVC 108 and 109 are returned direct debits, 159 a returned credit transfer: ?34 then holds the reason. */
static bool
returned(struct o2c__mt940 *self, const struct german *german)
{
    const char *gvc = o2c__mt_bytes(&self->field);
    o2c_entry *entry = o2c__mt_last(self);
    if (memcmp(gvc, "108", 3) != 0 && memcmp(gvc, "109", 3) != 0 && memcmp(gvc, "159", 3) != 0)
        return true;
    entry->flags |= O2C_ENTRY_FLAG_RETURN;
    return set(self, &entry->return_reason, german->text_key, O2C__MT_ID);
}

static bool
purpose(struct o2c__mt940 *self, char separator)
{
    struct german unused = { 0 };
    bool found = false;
    if (!o2c__mt_sepa(self, &self->joined, &found))
        return false;
    if (found)
        return true;
    return walk(self, separator, true, &unused) && o2c__mt_pieces(self, &self->joined, 0, o2c__mt_len(&self->joined));
}

o2c_status
o2c__mt_german(struct o2c__mt940 *self, char separator, o2c_error *err)
{
    struct german german = { 0 };
    business_code(self);
    bool done = walk(self, separator, false, &german) && purpose(self, separator);
    o2c_entry *entry = o2c__mt_last(self);
    done = done && set(self, &entry->other_bank, german.bank, O2C__MT_ID) && set(self, &entry->other_account, german.account,
                                                                                 O2C__MT_ID) &&
           set(self, &entry->other_account, german.iban, O2C__MT_ID) && set(self, &entry->note, german.posting, O2C__MT_WORDS) &&
           name(self, &german) && returned(self, &german);
    return done ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the details of an entry");
}

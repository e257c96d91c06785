/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: slashed keywords of Dutch banks (/TRTP/SEPA OVERBOEKING/IBAN/…/BIC/…/NAME/…/REMI/…/EREF/…). A value ends where the next
 * known keyword begins; other slashes belong to it. Sources: the formats published by ABN AMRO, ING and Rabobank.
 */
#include "formats/mt940.h"

enum key {
    KEY_NONE,
    KEY_TYPE,
    KEY_ACCOUNT,
    KEY_BANK,
    KEY_NAME,
    KEY_TEXT,
    KEY_END_TO_END,
    KEY_PARTY,
    KEY_OTHER,
    KEY_MANDATE,
    KEY_BATCH,
    KEY_RETURN,
    KEY_ULTIMATE,
    KEY_PURPOSE,
    KEY_IGNORED,
};

static const struct {
    const char *word;
    enum key key;
    bool leads; /* may begin an :86: of this dialect */
} keywords[] = {
    { "/TRTP/", KEY_TYPE, true },      { "/IBAN/", KEY_ACCOUNT, true },   { "/BIC/", KEY_BANK, false },
    { "/NAME/", KEY_NAME, true },      { "/REMI/", KEY_TEXT, true },      { "/EREF/", KEY_END_TO_END, true },
    { "/CNTP/", KEY_PARTY, true },     { "/ORDP/", KEY_OTHER, true },     { "/BENM/", KEY_OTHER, true },
    { "/MARF/", KEY_MANDATE, true },   { "/PREF/", KEY_BATCH, true },     { "/RTRN/", KEY_RETURN, true },
    { "/ULTD/", KEY_ULTIMATE, false }, { "/ULTC/", KEY_ULTIMATE, false }, { "/ULTB/", KEY_ULTIMATE, false },
    { "/PURP/", KEY_PURPOSE, false },  { "/CSID/", KEY_IGNORED, false },  { "/ISDT/", KEY_IGNORED, false },
    { "/SVCL/", KEY_IGNORED, false },  { "/OCMT/", KEY_IGNORED, false },  { "/CHGS/", KEY_IGNORED, false },
    { "/EXCH/", KEY_IGNORED, false },  { "/ADDR/", KEY_IGNORED, false },  { "/ID/", KEY_IGNORED, false },
};

static bool
begins_line(const char *bytes, size_t at)
{
    return at == 0 || bytes[at - 1] == O2C__MT_BREAK || bytes[at - 1] == O2C__MT_RUN_ON;
}

static enum key
keyword_at(const struct o2c__mt_text *text, size_t at, bool leading, size_t *end)
{
    if (o2c__mt_bytes(text)[at] != '/')
        return KEY_NONE;
    for (size_t i = 0; i < O2C__COUNT(keywords); i++) {
        if (leading && !keywords[i].leads)
            continue;
        *end = o2c__mt_match(text, at, o2c__mt_len(text), keywords[i].word);
        if (*end)
            return keywords[i].key;
    }
    return KEY_NONE;
}

/* Slashes around a value belong to the notation. */
static void
trim_slashes(const struct o2c__mt_text *text, size_t *from, size_t *to)
{
    const char *bytes = o2c__mt_bytes(text);
    o2c__mt_trim(text, from, to);
    while (*from < *to && bytes[*from] == '/')
        ++*from;
    while (*from < *to && bytes[*to - 1] == '/')
        --*to;
    o2c__mt_trim(text, from, to);
}

static size_t
slash_from(const struct o2c__mt_text *text, size_t from, size_t to)
{
    while (from < to && o2c__mt_bytes(text)[from] != '/')
        from++;
    return from;
}

/* A structured reference is a row of its own; it stands before the text pieces or, when there are some already, among them. */
static bool
structured(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    o2c_entry *entry = o2c__mt_last(self);
    size_t begin = from, end = to;
    trim_slashes(text, &begin, &end);
    if (entry->texts_count)
        return o2c__mt_piece(self, text, begin, end);
    if (!o2c__mt_piece(self, text, begin, end) || entry->texts_count == 0)
        return !self->builder->out_of_memory;
    o2c_text *row = &O2C__AT(&self->builder->texts, o2c_text, self->builder->texts.count - 1);
    o2c_str reference = o2c__ref_str(row->text, o2c__text_heap_str(&self->builder->heap));
    row->scheme = o2c__reference_guess(reference.ptr, reference.len);
    row->scheme = row->scheme ? row->scheme : O2C_SCHEME_OTHER;
    entry->texts_count = 0;
    entry->structured_count++;
    entry->texts_at = (uint32_t)(self->builder->text_base + self->builder->texts.count);
    return true;
}

/* /REMI/USTD//text/ and /REMI/STRD/CUR/reference/ (ING), else plain text. */
static bool
remittance(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    size_t after = o2c__mt_match(text, from, to, "STRD/CUR/");
    if (after)
        return structured(self, text, after, to);
    after = o2c__mt_match(text, from, to, "USTD//");
    if (!after)
        return o2c__mt_piece(self, text, from, to);
    trim_slashes(text, &after, &to);
    return o2c__mt_piece(self, text, after, to);
}

/* /CNTP/account/BIC/name/city/ */
static bool
counterparty(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    o2c_entry *entry = o2c__mt_last(self);
    o2c_field *fields[] = { &entry->other_account, &entry->other_bank, &entry->other_name };
    for (size_t i = 0; i < O2C__COUNT(fields) && from < to; i++) {
        size_t end = slash_from(text, from, to);
        if (!o2c__mt_set(self, fields[i], text, from, end, i < 2 ? O2C__MT_ID : O2C__MT_WORDS))
            return false;
        from = end + 1;
    }
    return true;
}

/* /ORDP/, /BENM/ without keywords inside: the account, then lines of name and text. */
static bool
other_side(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to)
{
    const char *bytes = o2c__mt_bytes(text);
    size_t end = from;
    bool digit = false;
    while (end < to && bytes[end] != O2C__MT_BREAK && bytes[end] != ' ' && bytes[end] != '/') {
        digit = digit || (bytes[end] >= '0' && bytes[end] <= '9');
        end++;
    }
    if (digit && !o2c__mt_set(self, &o2c__mt_last(self)->other_account, text, from, end, O2C__MT_ID))
        return false;
    return o2c__mt_pieces(self, text, digit ? end : from, to);
}

static bool
take(struct o2c__mt940 *self, const struct o2c__mt_text *text, enum key key, size_t from, size_t to)
{
    o2c_entry *entry = o2c__mt_last(self);
    size_t begin = from, end = to;
    trim_slashes(text, &begin, &end);
    switch (key) {
    case KEY_TEXT:
        return remittance(self, text, from, to);
    case KEY_PARTY:
        return counterparty(self, text, from, to);
    case KEY_OTHER:
        return other_side(self, text, begin, end);
    case KEY_TYPE:
        return o2c__mt_set(self, &entry->note, text, begin, end, O2C__MT_WORDS);
    case KEY_ACCOUNT:
        return o2c__mt_set(self, &entry->other_account, text, begin, end, O2C__MT_ID);
    case KEY_BANK:
        return o2c__mt_set(self, &entry->other_bank, text, begin, end, O2C__MT_ID);
    case KEY_NAME:
        return o2c__mt_set(self, &entry->other_name, text, begin, end, O2C__MT_WORDS);
    case KEY_END_TO_END:
        return o2c__mt_set(self, &entry->end_to_end_id, text, begin, end, O2C__MT_ID);
    case KEY_MANDATE:
        return o2c__mt_set(self, &entry->mandate, text, begin, end, O2C__MT_ID);
    case KEY_BATCH:
        return o2c__mt_set(self, &entry->batch_id, text, begin, end, O2C__MT_ID);
    case KEY_ULTIMATE:
        return o2c__mt_set(self, &entry->other_ultimate, text, begin, end, O2C__MT_WORDS);
    case KEY_PURPOSE:
        begin += o2c__mt_match(text, begin, end, "CD/") ? 3 : 0;
        return o2c__mt_set(self, &entry->purpose, text, begin, end, O2C__MT_ID);
    case KEY_RETURN:
        entry->flags |= O2C_ENTRY_FLAG_RETURN;
        return o2c__mt_set(self, &entry->return_reason, text, begin, end, O2C__MT_ID);
    default:
        return true;
    }
}

bool
o2c__mt_slash(struct o2c__mt940 *self, const struct o2c__mt_text *text, bool *found)
{
    enum key key = KEY_NONE;
    size_t from = 0, len = o2c__mt_len(text), end = 0;
    *found = false;
    for (size_t at = 0; at < len; at++) {
        if (!*found && !begins_line(o2c__mt_bytes(text), at))
            continue;
        enum key next = keyword_at(text, at, !*found, &end);
        if (next == KEY_NONE)
            continue;
        if (*found ? !take(self, text, key, from, at) : !o2c__mt_pieces(self, text, 0, at))
            return false;
        *found = true;
        key = next;
        from = end;
        at = end - 1;
    }
    o2c__mt_original(self, text, 0, len);
    return !*found || take(self, text, key, from, len);
}

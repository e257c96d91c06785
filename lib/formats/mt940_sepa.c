/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: SEPA keywords in the purpose (EREF+ end-to-end id, KREF+ customer reference, MREF+ mandate, SVWZ+ purpose …). A keyword
 * begins a piece or follows a blank; it may itself be cut by the end of a piece.
 */
#include "formats/mt940.h"

enum key {
    KEY_NONE,
    KEY_END_TO_END,
    KEY_CUSTOMER,
    KEY_MANDATE,
    KEY_IGNORED,
    KEY_CHARGE,
    KEY_ORIGINAL,
    KEY_TEXT,
    KEY_ULTIMATE,
    KEY_ACCOUNT,
    KEY_BANK,
    KEY_PURPOSE,
};

static const struct {
    const char *word;
    enum key key;
} keywords[] = {
    { "EREF+", KEY_END_TO_END }, { "KREF+", KEY_CUSTOMER }, { "MREF+", KEY_MANDATE },  { "CRED+", KEY_IGNORED },
    { "DEBT+", KEY_IGNORED },    { "COAM+", KEY_CHARGE },   { "OAMT+", KEY_ORIGINAL }, { "SVWZ+", KEY_TEXT },
    { "ABWA+", KEY_ULTIMATE },   { "ABWE+", KEY_ULTIMATE }, { "IBAN+", KEY_ACCOUNT },  { "BIC+", KEY_BANK },
    { "PURP+", KEY_PURPOSE },
};

/* Every keyword ends with a plus sign: behind the last one there is none. */
static size_t
last_sign(const struct o2c__mt_text *text)
{
    size_t at = o2c__mt_len(text);
    while (at > 0 && o2c__mt_bytes(text)[at - 1] != '+')
        at--;
    return at;
}

static bool
may_begin(const char *bytes, size_t at)
{
    return at == 0 || bytes[at - 1] == ' ' || bytes[at - 1] == O2C__MT_BREAK || bytes[at - 1] == O2C__MT_RUN_ON;
}

static enum key
keyword_at(const struct o2c__mt_text *text, size_t at, size_t *end)
{
    const char *bytes = o2c__mt_bytes(text);
    if (bytes[at] < 'A' || bytes[at] > 'S')
        return KEY_NONE;
    for (size_t i = 0; i < O2C__COUNT(keywords); i++) {
        if (bytes[at] != keywords[i].word[0])
            continue;
        *end = o2c__mt_match(text, at, o2c__mt_len(text), keywords[i].word);
        if (*end)
            return keywords[i].key;
    }
    return KEY_NONE;
}

static bool
take(struct o2c__mt940 *self, const struct o2c__mt_text *text, enum key key, size_t from, size_t to)
{
    o2c_entry *entry = o2c__mt_last(self);
    switch (key) {
    case KEY_END_TO_END:
        return o2c__mt_set(self, &entry->end_to_end_id, text, from, to, O2C__MT_ID);
    case KEY_CUSTOMER:
        return o2c__mt_set(self, &entry->customer_ref, text, from, to, O2C__MT_ID);
    case KEY_MANDATE:
        return o2c__mt_set(self, &entry->mandate, text, from, to, O2C__MT_ID);
    case KEY_ULTIMATE:
        return o2c__mt_set(self, &entry->other_ultimate, text, from, to, O2C__MT_WORDS);
    case KEY_ACCOUNT:
        return o2c__mt_set(self, &entry->other_account, text, from, to, O2C__MT_ID);
    case KEY_BANK:
        return o2c__mt_set(self, &entry->other_bank, text, from, to, O2C__MT_ID);
    case KEY_PURPOSE:
        return o2c__mt_set(self, &entry->purpose, text, from, to, O2C__MT_ID);
    case KEY_CHARGE:
        o2c__mt_side_amount(self, text, from, to, &entry->charges_minor, entry->charges_currency);
        return true;
    case KEY_ORIGINAL:
        o2c__mt_side_amount(self, text, from, to, &entry->instructed_minor, entry->instructed_currency);
        return true;
    case KEY_TEXT:
        return o2c__mt_piece(self, text, from, to);
    default:
        return true; /* creditor and debtor ids: known to nobody who matches */
    }
}

bool
o2c__mt_sepa(struct o2c__mt940 *self, const struct o2c__mt_text *text, bool *found)
{
    enum key key = KEY_NONE;
    size_t from = 0, len = o2c__mt_len(text), signs = last_sign(text), end = 0;
    *found = false;
    for (size_t at = 0; at < signs; at++) {
        enum key next = may_begin(o2c__mt_bytes(text), at) ? keyword_at(text, at, &end) : KEY_NONE;
        if (next == KEY_NONE)
            continue;
        /* What stands before the first keyword is text of the bank's own. */
        if (*found ? !take(self, text, key, from, at) : !o2c__mt_pieces(self, text, 0, at))
            return false;
        *found = true;
        key = next;
        from = end;
        at = end - 1;
    }
    return !*found || take(self, text, key, from, len);
}

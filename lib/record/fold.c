/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folding of names and reference texts (PTY-05). In this order: compatibility forms, case, umlauts in two variants, the other
 * accents gone, full stops and apostrophes gone, other signs a blank; then whole tokens: a leading THE, legal forms and joiners go.
 * Two names are key-equal when they share a key; a part of a token is never evidence.
 */
#include "record/fold.h"
#include "record/record.h"

/* ASCII: itself, its capital, a blank, or 0 = dropped. */
static char
fold_ascii(uint8_t byte)
{
    if (byte >= 'a' && byte <= 'z')
        return (char)(byte - 'a' + 'A');
    if ((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9'))
        return (char)byte;
    return byte == '.' || byte == '\'' || byte == '`' ? 0 : ' ';
}

static bool
is_plain(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

/*
 * One byte for one code point. A letter that becomes two (ß, æ) gives the first; a sign that becomes several (½, ⑴) is a blank,
 * because a digit taken out of it would be another number.
 */
static char
fold_to_byte(uint32_t code)
{
    char bytes[40];
    uint32_t len = o2c__fold_code(code, bytes);
    if (len == 0 || !is_plain(bytes[0]))
        return ' ';
    bool letters = true;
    for (uint32_t i = 0; i < len; i++)
        letters = letters && (uint8_t)bytes[i] < 0x80 && bytes[i] >= 'A';
    bool marked = len == 3 && (uint8_t)bytes[1] == 0xCC; /* a letter with its umlaut or ring */
    return len == 1 || letters || marked ? bytes[0] : ' ';
}

size_t
o2c__fold_reference(const char *text, size_t len, char *out, uint32_t *map)
{
    size_t at = 0, count = 0;
    while (at < len) {
        uint32_t code, size = 1;
        char byte = ' ';
        if ((uint8_t)text[at] < 0x80) {
            byte = fold_ascii((uint8_t)text[at]);
        } else if ((size = o2c__utf8_decode(text, len, at, &code)) != 0) {
            byte = fold_to_byte(code);
        } else {
            size = 1;
        }
        if (map)
            map[count] = (uint32_t)at;
        out[count++] = byte ? byte : ' ';
        at += size;
    }
    return count;
}

/* A key on its way: whole tokens go out once they are known not to be dropped; the longest droppable word has 12 bytes. */
struct key {
    char *out;
    size_t room, count; /* count goes on behind room: bytes that would have been needed */
    char token[16];
    size_t token_len;
    bool spilled;       /* the token is longer than any word that is dropped: it goes straight out */
    int32_t variant;
    char base;          /* letter that an umlaut or ring would belong to, 0 = none */
};

static void
put(struct key *key, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++, key->count++)
        if (key->count < key->room)
            key->out[key->count] = bytes[i];
}

static void
spill(struct key *key)
{
    if (key->count)
        put(key, " ", 1);
    put(key, key->token, key->token_len);
}

static bool
is_word(const struct key *key, const char *word)
{
    /* a token has a first byte, and it decides nearly always */
    return word[0] == key->token[0] && strlen(word) == key->token_len && memcmp(word, key->token, key->token_len) == 0;
}

/* THE goes as long as no token stands before it, so that a key folds to itself. */
static bool
is_dropped_word(const struct key *key)
{
    if (key->count == 0 && is_word(key, "THE"))
        return true;
    for (uint32_t i = 0; i < o2c__fold_word_count; i++)
        if (is_word(key, o2c__fold_words[i]))
            return true;
    return false;
}

static void
end_token(struct key *key)
{
    if (key->token_len && !key->spilled && !is_dropped_word(key))
        spill(key);
    key->token_len = 0;
    key->spilled = false;
    key->base = 0;
}

static void
add_bytes(struct key *key, const char *bytes, size_t len)
{
    if (!key->spilled && key->token_len + len > sizeof key->token) {
        spill(key);
        key->spilled = true;
    }
    if (key->spilled) {
        put(key, bytes, len);
        return;
    }
    memcpy(key->token + key->token_len, bytes, len);
    key->token_len += len;
}

static void
add_plain(struct key *key, char byte)
{
    if (!key->spilled && key->token_len < sizeof key->token)
        key->token[key->token_len++] = byte;
    else
        add_bytes(key, &byte, 1);
    key->base = byte;
}

/* ä → AE, å → AA in variant 0; nothing in variant 1. */
static void
add_mark(struct key *key, uint32_t code)
{
    bool umlaut = code == O2C__FOLD_UMLAUT && (key->base == 'A' || key->base == 'O' || key->base == 'U');
    bool ring = code == O2C__FOLD_RING && key->base == 'A';
    if (!umlaut && !ring)
        return;
    if (key->variant == 0)
        add_bytes(key, umlaut ? "E" : "A", 1);
    key->base = 0;
}

static void
add_folded(struct key *key, const char *bytes, uint32_t len)
{
    uint32_t code;
    for (uint32_t at = 0, size; at < len; at += size) {
        size = o2c__utf8_decode(bytes, len, at, &code);
        if (size == 0)
            return;
        if (code == ' ') {
            end_token(key);
        } else if (code < 0x80) {
            add_plain(key, (char)code);
        } else if (code == O2C__FOLD_UMLAUT || code == O2C__FOLD_RING) {
            add_mark(key, code);
        } else {
            add_bytes(key, bytes + at, size);
            key->base = 0;
        }
    }
}

static void
add_code(struct key *key, uint32_t code)
{
    char bytes[40];
    if (code == O2C__FOLD_UMLAUT || code == O2C__FOLD_RING) {
        add_mark(key, code);
        return;
    }
    add_folded(key, bytes, o2c__fold_code(code, bytes));
}

static void
add_ascii(struct key *key, uint8_t byte)
{
    char folded = fold_ascii(byte);
    if (folded == ' ')
        end_token(key);
    else if (folded)
        add_plain(key, folded);
}

/* Bytes of the key, of which at most room are written. */
static size_t
fold_into(const char *text, size_t len, int32_t variant, char *out, size_t room)
{
    struct key key = { .out = out, .room = room, .variant = variant };
    size_t at = 0;
    while (at < len) {
        uint32_t code, size = 1;
        if ((uint8_t)text[at] < 0x80)
            add_ascii(&key, (uint8_t)text[at]);
        else if ((size = o2c__utf8_decode(text, len, at, &code)) != 0)
            add_code(&key, code);
        else
            end_token(&key);
        at += size ? size : 1;
    }
    end_token(&key);
    return key.count;
}

size_t
o2c__fold_name(const char *text, size_t len, int32_t variant, char *out)
{
    size_t count = fold_into(text, len, variant, out, 3 * len);
    out[count] = 0;
    return count;
}

o2c_status
o2c_name_fold(const o2c_str *name, int32_t variant, char *buffer, size_t size, size_t *out_len, o2c_error *err)
{
    if (!name || !out_len || (!name->ptr && name->len) || (!buffer && size))
        return o2c__fail(err, O2C_E_MISUSE, "name", "name, buffer or out_len is NULL");
    if (variant != 0 && variant != 1)
        return o2c__fail(err, O2C_E_ARG, "variant", "variant %d is neither 0 nor 1", (int)variant);
    size_t bad = o2c__utf8_bad(name->ptr, name->len);
    if (bad != SIZE_MAX)
        return o2c__fail_at(err, O2C_E_RECORD_TEXT, "name", bad, 0, "byte %zu is not UTF-8, or a control character", bad);
    size_t needed = fold_into(name->ptr, name->len, variant, NULL, 0);
    *out_len = needed;
    if (needed >= size)
        return o2c__fail(err, O2C_E_ARG, "size", "the key needs %zu bytes and a NUL, the buffer has %zu", needed, size);
    fold_into(name->ptr, name->len, variant, buffer, needed);
    buffer[needed] = 0;
    return O2C_OK;
}

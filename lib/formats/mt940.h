/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SWIFT MT940, MT942 and MT910/900 as banks deliver them, from lines to rows.
 *
 * How a line walks:  mt940.c (bytes → lines) → mt940_tag.c (lines → fields, statements) → mt940_statement.c (:20: :25: :60: …),
 * mt940_entry.c (:61:, :32A:) or mt940_details.c (:86:) → builder.  mt940_text.c keeps which byte of the file each byte came from.
 */
#ifndef O2C__FORMATS_MT940_H
#define O2C__FORMATS_MT940_H
#include "formats/formats.h"
#include "formats/text.h"

/* ---- text whose bytes know where they stood in the file (mt940_text.c) */
struct o2c__mt_segment {
    uint32_t at;       /* first byte in the text */
    uint32_t hard;     /* 1: a new :86: begins here; the line before never runs on */
    uint64_t file;     /* byte of the file */
};
struct o2c__mt_text {
    o2c__vector bytes;
    o2c__vector segments;
};
/* Boundaries that a join leaves inside a text: what was a full line runs on, after a short one a new piece begins. */
#define O2C__MT_RUN_ON '\r'
#define O2C__MT_BREAK '\n'
/* What a value may hold: an identifier loses breaks, a text keeps them as blanks. */
enum o2c__mt_value { O2C__MT_ID, O2C__MT_WORDS };

struct o2c__mt940;
void o2c__mt_text_init(struct o2c__mt_text *text, o2c__memory *memory);
void o2c__mt_text_free(struct o2c__mt_text *text);
void o2c__mt_text_clear(struct o2c__mt_text *text);
bool o2c__mt_text_add(struct o2c__mt_text *text, const char *bytes, size_t len, uint64_t file, bool hard);
/* One byte that is not from the file (a boundary). */
bool o2c__mt_text_mark(struct o2c__mt_text *text, char mark);
/* Copies bytes from … to of source to the end, with their places in the file. */
bool o2c__mt_text_copy(struct o2c__mt_text *text, const struct o2c__mt_text *source, size_t from, size_t to);
/* Byte of the file that byte at of the text came from. */
uint64_t o2c__mt_text_file(const struct o2c__mt_text *text, size_t at);
/* First byte behind the line of the file that byte at stands in. */
size_t o2c__mt_text_line_end(const struct o2c__mt_text *text, size_t at);
static inline const char *
o2c__mt_bytes(const struct o2c__mt_text *text)
{
    return text->bytes.rows ? (const char *)text->bytes.rows : "";
}
static inline size_t
o2c__mt_len(const struct o2c__mt_text *text)
{
    return text->bytes.count;
}
/* Moves from and to inwards over blanks and boundaries. */
void o2c__mt_trim(const struct o2c__mt_text *text, size_t *from, size_t *to);
/* Bytes from … to as one clean UTF-8 string of the batch, with its place. Empty when nothing is left after trimming. */
struct o2c__mt_string {
    o2c_ref text;
    uint64_t file;
    uint32_t span;
};
struct o2c__mt_string o2c__mt_string(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to,
                                     enum o2c__mt_value kind);
o2c_field o2c__mt_field(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to, enum o2c__mt_value kind,
                        uint64_t record_at);

/* ---- the reader */
enum o2c__mt_place { O2C__MT_BEFORE, O2C__MT_INSIDE, O2C__MT_ENDED };
#define O2C__MT_CHAIN_BYTES 48
struct o2c__mt_chain { /* the part of a split statement that came before */
    char key[2 * O2C__MT_CHAIN_BYTES];
    uint32_t key_len; /* 0 = none */
    uint32_t page;
    int64_t closing_minor;
    char currency[4];
};
struct o2c__mt940 {
    o2c__context *context;
    struct o2c__builder *builder;
    int32_t legacy;             /* encoding of bytes that are not UTF-8 */
    int32_t encoding;           /* of the field at hand */
    /* lines */
    o2c__vector rest;           /* start of a line whose end has not come */
    uint64_t offset;            /* byte of the file where the next push begins */
    uint64_t line_at;
    uint32_t line;              /* 1-based */
    bool seen;                  /* a line that is not blank */
    /* the message */
    enum o2c__mt_place place;
    int32_t message;            /* 940, 942, 910, … of the block header; 0 = none */
    bool in_block;              /* {4: is open */
    uint64_t block_at;
    uint32_t statements;
    uint64_t entries;
    /* a :20: inside an :86: that may be a time of day: decided by the next line */
    o2c__vector pending;
    uint64_t pending_at;
    uint32_t pending_line;
    bool has_pending;
    /* the field at hand */
    bool has_field;
    int32_t tag;
    struct o2c__mt_text field;
    uint64_t field_at, field_end; /* from the colon to behind the last line */
    uint32_t field_line;
    /* the statement at hand */
    bool open;                  /* its row is the last of the builder */
    bool has_entry;             /* its last entry may still get an :86: */
    bool closed;                /* a closing balance was seen */
    int32_t exponent;           /* of its currency; −1 = no currency yet */
    char opening_letter;        /* F or M of :60:, 0 = none yet */
    char account_currency[4];   /* "EUR" at the end of :25: */
    uint64_t content_end;       /* behind its last line */
    struct o2c__mt_chain chain, here;
    /* scratch */
    struct o2c__mt_text joined;
    o2c__vector clean, utf8;
};

/* A tag as a number: two digits and a letter (0 = none). */
#define O2C__MT_TAG(digits, letter) ((digits) * 32 + ((letter) ? (letter) - 64 : 0))
/* Name of a tag as banks write it, "60F". */
void o2c__mt_tag_name(int32_t tag, char out[4]);
/* One line of the file without its end (mt940_tag.c). */
o2c_status o2c__mt_line(struct o2c__mt940 *self, const char *bytes, size_t len, uint64_t at, o2c_error *err);
/* The file ends here. */
o2c_status o2c__mt_end(struct o2c__mt940 *self, o2c_error *err);

/* Statement level (mt940_statement.c) */
o2c_status o2c__mt_statement_end(struct o2c__mt940 *self, o2c_error *err);
o2c_status o2c__mt_statement_field(struct o2c__mt940 *self, o2c_error *err);
static inline o2c_statement *
o2c__mt_statement(struct o2c__mt940 *self)
{
    return &O2C__AT(&self->builder->statements, o2c_statement, self->builder->statements.count - 1);
}
/* Three letters at byte from of the field at hand: a currency with minor units, or a refusal. */
o2c_status o2c__mt_currency(struct o2c__mt940 *self, size_t from, const char *field, char out[4], int32_t *exponent,
                            o2c_error *err);
/* The statement's own currency, unless it has one already. */
void o2c__mt_use_currency(struct o2c__mt940 *self, const char currency[4], int32_t exponent);
/* A page that goes on without a balance of its own has the currency of the page before it. */
void o2c__mt_chain_currency(struct o2c__mt940 *self);
/* Reads an amount of the field at hand: digits, comma or point. exponent: of its currency. Sets *flags |= DIGITS. */
o2c_status o2c__mt_amount(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to, int32_t exponent,
                          const char *field, int64_t *out_minor, uint32_t *flags, o2c_error *err);
/* First byte behind the digits, commas and points at from. */
size_t o2c__mt_amount_end(const struct o2c__mt_text *text, size_t from);
o2c_status o2c__mt_fail(struct o2c__mt940 *self, o2c_status status, const char *field, size_t at, const char *reason,
                        o2c_error *err);

/* Entries (mt940_entry.c, mt940_details.c, mt940_german.c, mt940_slash.c) */
o2c_status o2c__mt_entry(struct o2c__mt940 *self, o2c_error *err);       /* :61: */
o2c_status o2c__mt_advice(struct o2c__mt940 *self, o2c_error *err);      /* :32A: of an MT910 or MT900 */
o2c_status o2c__mt_advice_party(struct o2c__mt940 *self, o2c_error *err);/* :50a:, :52a:, :72:, :21: of an MT910 */
o2c_status o2c__mt_details(struct o2c__mt940 *self, o2c_error *err);     /* :86: of the last entry */
static inline o2c_entry *
o2c__mt_last(struct o2c__mt940 *self)
{
    return &O2C__AT(&self->builder->entries, o2c_entry, self->builder->entries.count - 1);
}
/* One more text piece of the last entry; false = no memory. */
bool o2c__mt_piece(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to);
/* Every piece of a joined text, from one break to the next. */
bool o2c__mt_pieces(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to);
/* Sets the field unless it has a value, or the value says that there is none (NONREF, NOTPROVIDED). */
bool o2c__mt_set(struct o2c__mt940 *self, o2c_field *field, const struct o2c__mt_text *text, size_t from, size_t to,
                 enum o2c__mt_value kind);
/* "EUR47,11" or "47,11": an amount the bank states beside the booking; false when it is none. */
bool o2c__mt_side_amount(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to, int64_t *out_minor,
                         char currency[4]);
/* /OCMT/ and /CHGS/ in from … to. */
void o2c__mt_original(struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to);
/* Splits an :86: with ?20 … subfields; separator: the character that stands for '?'. */
o2c_status o2c__mt_german(struct o2c__mt940 *self, char separator, o2c_error *err);
/* EREF+, SVWZ+ … in a joined text; true when there was one. */
bool o2c__mt_sepa(struct o2c__mt940 *self, const struct o2c__mt_text *text, bool *found);
/* /TRTP/, /REMI/ … in a joined text. */
bool o2c__mt_slash(struct o2c__mt940 *self, const struct o2c__mt_text *text, bool *found);
/* Where a word that begins at byte at ends, boundaries inside it left out of account; 0 = it does not stand there. */
size_t o2c__mt_match(const struct o2c__mt_text *text, size_t at, size_t to, const char *word);
/* Characters (not bytes) of from … to. */
size_t o2c__mt_width(const struct o2c__mt940 *self, const struct o2c__mt_text *text, size_t from, size_t to);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a frozen pool can be asked for: references, customer numbers, bank accounts, names, amounts.
 *
 * A reference is found under up to three forms of its text: all letters and digits in a row; the digits alone without leading zeros
 * (where letters stand only before or behind them); the digits with the leading zeros of every group gone. One slot leads to one
 * key: straight to the item for a document number that nothing else shares, else to a crowd, the rows that share it.
 */
#ifndef O2C__MATCH_INDEX_H
#define O2C__MATCH_INDEX_H
#include "match/index_slots.h"
#include "match/match.h"

#define O2C__REFERENCE_BYTES 64u
#define O2C__SIGNIFICANT_MIN 4u      /* shorter tokens of a text prove nothing */
#define O2C__DISTINCTIVE 64u         /* more accounts than that under one key: the key is not distinctive */
#define O2C__GROUP_MAX 5000u         /* more items than that under one number cite nothing */
#define O2C__INDEX_CROWD 0x80000000u /* bit of a slot's value: a crowd, not an item */
#define O2C__CITED_NUMBER 64u        /* kind of a cited row that is a customer number, beside O2C_REFERENCE_… */

#define O2C__STARTS 1024u
#define O2C__WINDOW_GROUPS 5u
enum { O2C__LENGTH_NUMBER = 1, O2C__LENGTH_LOOSE = 2 };
/* Place of the first two letters or digits; some pairs share a place. */
static inline uint32_t
o2c__start(const char *full)
{
    return ((uint32_t)(uint8_t)full[0] * 37u + (uint8_t)full[1]) & (O2C__STARTS - 1);
}

/* The forms of one reference text. */
struct o2c__forms {
    char full[O2C__REFERENCE_BYTES + 16]; /* letters and digits, and room to copy into */
    char loose[O2C__REFERENCE_BYTES + 16]; /* digits, leading zeros of every group gone; only if unlike the stripped digits */
    uint32_t full_len, loose_len;
    uint32_t digits_at, digits_len;    /* in full; len 0 when letters stand between digits */
    uint32_t zeros;                    /* leading zeros among the digits */
    uint32_t digits, letters;
    uint64_t cuts;                     /* bit i: a separator stands before full[i] in the text */
};
/* index_form.c. Text of at most 64 bytes; what is behind is not read. */
void o2c__forms(o2c_str text, struct o2c__forms *out);
/* All but the loose form. */
void o2c__forms_plain(o2c_str text, struct o2c__forms *out);
void o2c__forms_loosen(struct o2c__forms *forms);
/* Digits without leading zeros; len 0 = none, or fewer than four of them. */
static inline o2c_str
o2c__forms_digits(const struct o2c__forms *forms)
{
    uint32_t len = forms->digits_len - forms->zeros;
    return len >= O2C__SIGNIFICANT_MIN ? (o2c_str){ forms->full + forms->digits_at + forms->zeros, len } : (o2c_str){ "", 0 };
}

struct o2c__cited {
    uint32_t target; /* column of an item; kind NUMBER: row of numbers */
    uint32_t next;   /* row of the next one, O2C__NONE = last */
    o2c_ref text;
    uint8_t kind, scheme;
    uint16_t reserved;
};
/* Rows under one key, by (kind, item): groups counts changes of kind or item account. */
struct o2c__crowd {
    uint32_t first, last, count, groups;
};
struct o2c__number {
    o2c_ref text;
    uint32_t account, reserved;
    uint64_t row; /* the host's learned row, 0 = none */
};
struct o2c__bank {
    o2c_ref number;        /* letters and digits */
    uint32_t first, count; /* rows of bank_rows: one for each account */
};
struct o2c__bank_row {
    uint32_t account;
    int32_t state;
    uint64_t row;
};
struct o2c__name {
    o2c_ref folded;
    uint32_t account;
    int32_t kind;  /* 0 = the account's own name, else O2C_ALIAS_… */
    uint64_t row;
};
struct o2c__word {
    o2c_ref text;
    uint32_t first, count; /* rows of word_names */
};
struct o2c__gram {
    uint32_t gram, first, count; /* rows of gram_names */
};

struct o2c__index {
    struct o2c__slots references;
    o2c__vector cited, crowds;
    uint64_t shapes[O2C__REFERENCE_BYTES + 1]; /* [digits], bit letters: full forms with letters that live here */
    uint8_t lengths[O2C__REFERENCE_BYTES + 1]; /* [n] = 1: a live number of n digits, leading zeros not counted; 2: a loose form */
    uint32_t digits_max, letters_max;
    uint32_t number_min;                       /* digits of the shortest number, at least 4; above all lengths when there is none */
    uint32_t group_min;                        /* least digits of a first group, as groups has them; above all when there is none */
    bool digits_start;                         /* a full form with letters begins with a digit */
    uint64_t number_lengths;                   /* bit n: lengths[n] is a number, 4 ≤ n < 64 */
    uint8_t groups[O2C__REFERENCE_BYTES + 1];  /* [digits of the first group without its zeros], bit: groups of digits */
    uint8_t starts[O2C__STARTS];               /* first two bytes of full forms with letters: a filter */
    uint32_t structured_min;                   /* length of the shortest structured reference; 0 = none */
    struct o2c__slots number_keys;
    o2c__vector numbers;
    struct o2c__slots bank_keys;
    o2c__vector banks, bank_rows;
    struct o2c__slots name_keys;               /* folded name → first of its rows */
    o2c__vector names;                         /* by (folded, account, kind) */
    o2c__vector words;                         /* by bytes */
    o2c__vector word_names;                    /* rows of names */
    o2c__vector grams;                         /* three letters of a folded name, ascending */
    o2c__vector gram_names;                    /* rows of names, ascending for each gram */
    uint32_t *amounts;                         /* open items by (amount, column) */
    uint64_t document_bytes;
};

/* ---- index.c */
o2c_status o2c__index_new(o2c_match_pool *pool, o2c_error *err);
void o2c__index_free(o2c_match_pool *pool);
uint64_t o2c__index_matched_bytes(const o2c_match_pool *pool);
/* Account of an interned number or key given by the host; O2C__NONE = the pool has none. */
uint32_t o2c__index_account(const o2c_match_pool *pool, o2c_str key);

/* ---- index_reference.c */
struct o2c__reference_row {
    o2c_ref text;    /* in the pool's heap */
    uint32_t target;
    uint8_t kind, scheme;
};
/* references: rows by (kind, target), without repeats. */
o2c_status o2c__index_references(o2c_match_pool *pool, const struct o2c__reference_row *rows, uint32_t count, o2c_error *err);
/* The document numbers of these items into the table that stands. false = no memory, and the table is spoiled. */
bool o2c__index_put_documents(o2c_match_pool *pool, const uint32_t *items, uint32_t count);
/* The same for references that are new. */
bool o2c__index_put_references(o2c_match_pool *pool, const struct o2c__reference_row *rows, uint32_t count);
/* Value under a key's hash behind slot *at, tag verified only; O2C__MAP_NONE = no more. *at moves on. */
static inline uint32_t
o2c__index_next(const struct o2c__slots *slots, uint32_t tag, uint32_t *at)
{
    uint32_t found = o2c__slots_find(slots, *at, tag);
    *at = o2c__slots_next(slots, found);
    return slots->rows[found].value;
}
/* First row that a value of the reference table leads to; a lone item gives a row of its own. */
struct o2c__cited o2c__index_first(const o2c_match_pool *pool, uint32_t value);

/* ---- index_number.c, index_bank.c, index_name.c, index_amount.c */
o2c_status o2c__index_numbers(o2c_match_pool *pool, o2c_error *err);
/* Row of numbers that a text names alone; O2C__NONE = none, or several accounts. */
uint32_t o2c__index_number(const o2c_match_pool *pool, o2c_str text);
o2c_status o2c__index_banks(o2c_match_pool *pool, o2c_error *err);
const struct o2c__bank *o2c__index_bank(const o2c_match_pool *pool, o2c_str number);
/* The same in steps: start asks for the slot, reach for the row, near for its text and accounts, end compares. */
struct o2c__bank_lookup {
    uint64_t hash;
    uint32_t len, value;
    char key[O2C__REFERENCE_BYTES];
};
void o2c__bank_start(const o2c_match_pool *pool, o2c_str number, struct o2c__bank_lookup *lookup);
void o2c__bank_reach(const o2c_match_pool *pool, struct o2c__bank_lookup *lookup);
void o2c__bank_near(const o2c_match_pool *pool, const struct o2c__bank_lookup *lookup);
const struct o2c__bank *o2c__bank_end(const o2c_match_pool *pool, const struct o2c__bank_lookup *lookup);
o2c_status o2c__index_names(o2c_match_pool *pool, o2c_error *err);
/* Rows of names with this folded text: first row, and how many. */
uint32_t o2c__index_name(const o2c_match_pool *pool, o2c_str folded, uint32_t *out_count);
const struct o2c__word *o2c__index_word(const o2c_match_pool *pool, o2c_str word);
/* ---- index_gram.c */
/* When the names stand; false = no memory. */
bool o2c__index_grams(o2c_match_pool *pool);
#define O2C__ALIKE_NAMES 64u
/* Rows of names that share most grams with a name in both its foldings, best first; answers how many. visited: entries of lists read. */
uint32_t o2c__index_alike(const o2c_match_pool *pool, const o2c_str folded[2], uint32_t out[O2C__ALIKE_NAMES], uint64_t *out_visited);
struct o2c__freezer;
/* In the room of the freezer's keys. */
o2c_status o2c__index_amounts(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err);
/* Range of amounts[] with this open amount. */
uint32_t o2c__index_amount(const o2c_match_pool *pool, int64_t amount, uint32_t *out_count);

/* ---- index_patch.c: from one freeze to the next */
/* Are the kept indexes worth carrying over? Asked when the accounts are in order. */
bool o2c__index_may_patch(const o2c_match_pool *pool, const struct o2c__freezer *freezer);
/* Where the columns of the last freeze went; rows inherit the documents of those they replace. false = no memory. */
bool o2c__index_moves(o2c_match_pool *pool, struct o2c__freezer *freezer);
/* The kept indexes become those of the new columns; false = no memory, and they are gone. */
bool o2c__index_patch(o2c_match_pool *pool, struct o2c__freezer *freezer);
void o2c__index_drop_kept(o2c_match_pool *pool);
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room record (floor 1): money, dates, references, text folding.
 * Owns: generated currency and folding tables.  Reads: nothing.  Never: compares a payment with an item.
 */
#ifndef O2C__RECORD_H
#define O2C__RECORD_H
#include <o2c/record.h>

#include "base/base.h"

/* ---- currency (currency.c, generated table currency_table.c) */
/* Exponent 0 … 4, or −1: unknown or without minor units. code: three capital letters. */
int32_t o2c__currency_exponent(const char code[3]);
bool o2c__currency_is_historic(const char code[3]);

/* ---- decimal text (decimal.c): no locale, no float, never rounds */
struct o2c__decimal_style {
    char mark;        /* decimal mark, '.' or ',' */
    char group;       /* thousands sign, 0 = none */
    bool sign;        /* a leading + or − is allowed */
    bool trailing;    /* a trailing − is allowed */
};
/* What is wrong with an amount; 0 = nothing. Offsets count from the text's first byte. */
enum { O2C__DECIMAL_OK = 0, O2C__DECIMAL_EMPTY, O2C__DECIMAL_CHARACTER, O2C__DECIMAL_EXCESS, O2C__DECIMAL_LARGE };
struct o2c__decimal_answer {
    int64_t minor;
    uint32_t at;      /* offending byte */
    bool excess_zero; /* digits beyond the exponent, all zero */
};
int o2c__decimal_read(const char *text, size_t len, const struct o2c__decimal_style *style, int32_t exponent, int64_t amount_max,
                      struct o2c__decimal_answer *out);
/* Writes minor with the exponent's digits; answers the length, at most 23, no NUL. */
size_t o2c__decimal_write(int64_t minor, int32_t exponent, char out[24]);
const char *o2c__decimal_reason(int wrong);

/* ---- dates (date.c): proleptic Gregorian, days since 1970-01-01; 0 = refused */
int32_t o2c__day_from_civil(int32_t year, int32_t month, int32_t day); /* 0 when no calendar has it or outside 1 … O2C_DAY_MAX */
void o2c__civil_from_day(int32_t day, int32_t *year, int32_t *month, int32_t *day_of_month);
int32_t o2c__day_read_iso(const char *text, size_t len);               /* "2026-02-03", "2026-02-03T…": the date as written */
int32_t o2c__day_read_yymmdd(const char *text);                        /* six digits; 70 … 99 = 19xx */

/* ---- UTF-8 and folding (utf8.c, fold.c, generated fold_table.c) */
#define O2C__FOLD_VERSION 1u /* part of every model hash */
/* Decodes one code point at text[at]; answers its length 1 … 4, 0 = malformed. */
uint32_t o2c__utf8_decode(const char *text, size_t len, size_t at, uint32_t *out_code);
uint32_t o2c__utf8_encode(uint32_t code, char out[4]);
/* First malformed or control byte (C0 other than TAB LF CR, DEL), or SIZE_MAX. */
size_t o2c__utf8_bad(const char *text, size_t len);
/* Folds a reference text: capitals A–Z and 0–9 stay, Latin letters with accents lose them, wide forms become narrow, every other
 * character becomes a blank. One output byte for each code point, so spans map back: map[i] = byte of the input (map may be NULL).
 * out holds len bytes; answers the count. Malformed bytes become blanks. */
size_t o2c__fold_reference(const char *text, size_t len, char *out, uint32_t *map);
/* Folds a name to its key (PTY-05): tokens in order, one blank between. variant 0: ä → AE, 1: ä → A. out holds 3·len + 1 bytes. */
size_t o2c__fold_name(const char *text, size_t len, int32_t variant, char *out);
/* Jaro-Winkler of two folded names, ppm, integers only. */
uint32_t o2c__jaro_winkler_ppm(o2c_str a, o2c_str b);

/* ---- references (reference.c) */
/* Canonical form of a structured reference; false when shape or check digits are wrong. out 36 bytes, NUL-terminated. */
bool o2c__reference_canonical(int32_t scheme, const char *text, size_t len, char out[36]);
/* Scheme that a text of unknown scheme satisfies: RF, QRR, OGM only (their check digits prove something); O2C_SCHEME_NONE otherwise. */
int32_t o2c__reference_guess(const char *text, size_t len);
bool o2c__iban_valid(const char *text, size_t len);

#endif

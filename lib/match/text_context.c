/* SPDX-License-Identifier: Apache-2.0 */
/* Where numbers stand that are not ours: phones, bank accounts, dates, amounts. The filter raises the chance of an accident; it never
 * forbids, because a real number may look like a date. */
#include "match/text.h"

#define ACCIDENT 10u
#define IBAN_MIN 15u
#define WORDS_BACK 4u /* atoms between the word and the number */

struct word {
    uint32_t len;
    const char *text;
};
/* By length. */
static const struct word words[] = {
    { 3, "BIC" }, { 3, "BLZ" }, { 3, "CHF" }, { 3, "EUR" }, { 3, "FAX" }, { 3, "FON" }, { 3, "GBP" }, { 3, "KTO" }, { 3, "PLZ" },
    { 3, "TEL" }, { 3, "TVA" }, { 3, "UHR" }, { 3, "UID" }, { 3, "USD" }, { 3, "UST" }, { 3, "VAT" }, { 3, "VOM" }, { 4, "ACCT" },
    { 4, "CRED" }, { 4, "DATE" }, { 4, "GLID" }, { 4, "IBAN" }, { 4, "MWST" }, { 4, "SORT" }, { 4, "TIME" }, { 4, "ZEIT" },
    { 5, "DATED" }, { 5, "DATUM" }, { 5, "HANDY" }, { 5, "KONTO" }, { 5, "MOBIL" }, { 5, "PHONE" }, { 5, "SIREN" },
    { 5, "SIRET" }, { 5, "SWIFT" }, { 5, "TAXID" }, { 5, "USTID" }, { 5, "VATID" }, { 6, "MANDAT" }, { 6, "MOBILE" },
    { 7, "ACCOUNT" }, { 7, "TELEFAX" }, { 7, "TELEFON" }, { 8, "STEUERNR" }, { 9, "TELEPHONE" },
};

#define SHORTEST 3u
#define LONGEST 9u
_Static_assert(O2C__COUNT(words) == 45, "rows_of counts the words of each length");
/* First row of each length, and the row behind the last. */
static const uint8_t rows_of[LONGEST + 2] = { 0, 0, 0, 0, 17, 26, 38, 40, 43, 44, 45 };

static bool
is_decoy(const char *text, uint32_t len)
{
    if (len < SHORTEST || len > LONGEST)
        return false;
    for (size_t i = rows_of[len]; i < rows_of[len + 1]; i++) {
        if (words[i].text[0] == text[0] && memcmp(words[i].text, text, len) == 0)
            return true;
    }
    return false;
}

/* The nearest word before the number, with nothing but digits between. */
static bool
after_decoy(const struct o2c__reading *reading, uint32_t first)
{
    uint32_t start = first < reading->pieces_atoms ? 0 : reading->pieces_atoms;
    for (uint32_t back = 1; back <= WORDS_BACK && first >= start + back; back++) {
        const struct o2c__atom *atom = &reading->atoms[first - back];
        if (!atom->digit)
            return is_decoy(reading->canon + atom->canon, atom->len);
    }
    return false;
}

static bool
joined_by(o2c_str text, const struct o2c__reading *reading, uint32_t left, char sign)
{
    uint32_t from = reading->atoms[left].end, to = reading->atoms[left + 1].at;
    return to - from == 1 && text.ptr[from] == sign;
}

/* 03.02.2026, 2026-02-03, 03/02/26 */
static bool
is_date(o2c_str text, const struct o2c__reading *reading, uint32_t first, uint32_t last)
{
    if (last - first != 2)
        return false;
    const struct o2c__atom *atoms = &reading->atoms[first];
    for (const char *sign = ".-/"; *sign; sign++) {
        if (joined_by(text, reading, first, *sign) && joined_by(text, reading, first + 1, *sign))
            return atoms[1].len <= 2 && ((atoms[0].len <= 2 && (atoms[2].len == 4 || atoms[2].len == 2)) ||
                                         (atoms[0].len == 4 && atoms[2].len <= 2));
    }
    return false;
}

/* The day, the month or the year of a date. */
bool
o2c__text_in_date(o2c_str text, const struct o2c__reading *reading, uint32_t at)
{
    bool in = false;
    for (uint32_t first = at < 2 ? 0 : at - 2; first <= at && first + 2 < reading->atoms_count; first++)
        in = in || is_date(text, reading, first, first + 2);
    return in;
}

/* 1.250,00 or 1,250.00 or 1250.00: the last group is two digits behind a point or comma */
static bool
is_amount(o2c_str text, const struct o2c__reading *reading, uint32_t first, uint32_t last)
{
    if (last == first || reading->atoms[last].len != 2)
        return false;
    return joined_by(text, reading, last - 1, ',') || joined_by(text, reading, last - 1, '.');
}

/* The decimals of an amount may stand behind the window: 100234,00 */
static bool
before_decimals(o2c_str text, const struct o2c__reading *reading, uint32_t last)
{
    uint32_t end = last < reading->pieces_atoms ? reading->pieces_atoms : reading->atoms_count;
    if (last + 1 >= end || !reading->atoms[last + 1].digit || reading->atoms[last + 1].len != 2)
        return false;
    bool alone = last + 2 >= end || !reading->atoms[last + 2].digit || reading->atoms[last + 2].at - reading->atoms[last + 1].end > 1;
    return alone && (joined_by(text, reading, last, ',') || joined_by(text, reading, last, '.'));
}

/* Inside a valid IBAN, printed in groups or not: it starts with two letters and two digits. */
static bool
in_iban(o2c_str text, const struct o2c__reading *reading, uint32_t first, uint32_t last)
{
    for (uint32_t back = 1; back <= 12 && first >= back; back++) {
        const struct o2c__atom *start = &reading->atoms[first - back];
        if (start->digit || start->len != 2 || !start[1].digit || start[1].gap != O2C__GAP_NONE)
            continue;
        for (uint32_t end = last; end < reading->atoms_count && end < last + 8; end++) {
            uint32_t len = reading->atoms[end].end - start->at;
            if (len >= IBAN_MIN && len <= 44 && o2c__iban_valid(text.ptr + start->at, len))
                return true;
        }
    }
    return false;
}

uint32_t
o2c__text_accident(o2c_str text, const struct o2c__reading *reading, uint32_t first, uint32_t last)
{
    bool decoy = after_decoy(reading, first) || is_date(text, reading, first, last) || is_amount(text, reading, first, last) ||
                 before_decimals(text, reading, last) || in_iban(text, reading, first, last);
    return decoy ? ACCIDENT : 1;
}

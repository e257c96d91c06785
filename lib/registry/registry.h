/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room registry (counts as floor 0): names and texts of statuses and codes, ranges of policies, as constant data.
 * Owns: the generated tables.  Reads: nothing.  Never: decides.
 */
#ifndef O2C__REGISTRY_H
#define O2C__REGISTRY_H
#include <stddef.h>
#include <stdint.h>

#include <o2c/base.h>
#include <o2c/codes.h>
#include <o2c/status.h>

struct o2c__status_row {
    o2c_status status;
    const char *name, *text, *cause, *remedy;
};
struct o2c__code_row {
    int64_t code;
    const char *name, *text;
};
struct o2c__code_table {
    const struct o2c__code_row *rows;
    uint32_t count;
};
enum { O2C__FIELD_U32 = 1, O2C__FIELD_I32 = 2, O2C__FIELD_I64 = 3, O2C__FIELD_U64 = 4 };
/* How JSON writes a field: as a number, true or false, a word of choices, a class "M13/KNOWN/OWN/ONLY_FIT", 32 hexadecimal digits. */
enum { O2C__SPELL_NUMBER = 0, O2C__SPELL_FLAG = 1, O2C__SPELL_CHOICE = 2, O2C__SPELL_CLASS = 3, O2C__SPELL_KEY = 4 };
struct o2c__policy_field {
    const char *name;
    int32_t type;
    uint32_t bit;
    size_t offset;       /* of the field, or of the pointer of a list */
    size_t count_offset; /* of the count of a list; 0 = no list */
    uint32_t count_max;
    int64_t fallback, low, high;
    int32_t spelling; /* O2C__SPELL_… */
    const struct o2c__code_row *choices;
    uint32_t choices_count;
};

extern const struct o2c__status_row o2c__status_rows[];
extern const uint32_t o2c__status_count;
extern const struct o2c__code_table o2c__code_tables[];
extern const uint32_t o2c__code_table_count;
extern const struct o2c__policy_field o2c__policy_match_fields[];
extern const uint32_t o2c__policy_match_field_count;
#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delimited text: columns by name. The header is the first row; its words are our own names or those of the column profile, in any
 * order and any case. A word that nobody knows refuses the file: a mistyped optional column would silently lose data.
 */
#include <stdio.h>

#include "formats/csv.h"

static o2c_status take_record(void *self, const struct o2c__csv_record *record, o2c_error *err);

static void
start_split(struct o2c__csv_table *table)
{
    char delimiter = table->profile->delimiter ? (char)table->profile->delimiter : ',';
    int32_t encoding = table->profile->encoding ? table->profile->encoding : O2C_ENCODING_UTF8;
    o2c__csv_split_init(&table->split, table->context, delimiter, encoding, take_record, table);
}

void
o2c__csv_open(struct o2c__csv_table *table, o2c__context *context, struct o2c__builder *builder, const o2c_csv_profile *profile,
              const struct o2c__csv_column *columns, uint32_t columns_count, o2c__csv_take take, void *self)
{
    static const o2c_csv_profile ours = { .struct_size = sizeof ours };
    memset(table, 0, sizeof *table);
    table->context = context;
    table->builder = builder;
    table->profile = profile ? profile : &ours;
    table->columns = columns;
    table->columns_count = columns_count;
    table->take = take;
    table->self = self;
    table->date_order = table->profile->date_order;
    table->proving = table->date_order == O2C_DATE_ORDER_PROVE;
    o2c__vector_init(&table->held, &context->memory, 1);
    o2c__vector_init(&table->scratch, &context->memory, 1);
    start_split(table);
}

void
o2c__csv_close(struct o2c__csv_table *table)
{
    o2c__csv_split_free(&table->split);
    o2c__vector_free(&table->held);
    o2c__vector_free(&table->scratch);
}

void
o2c__csv_restart(struct o2c__csv_table *table)
{
    o2c__csv_split_free(&table->split);
    start_split(table);
    table->has_header = false;
    table->rows = 0;
}

/* ---- header words */

/* The next letter that counts when words are compared: case, blanks, hyphens, underscores and points do not. */
static unsigned char
letter(o2c_str word, size_t *at)
{
    while (*at < word.len) {
        unsigned char byte = (unsigned char)word.ptr[(*at)++];
        if (byte == ' ' || byte == '_' || byte == '-' || byte == '.')
            continue;
        if (byte >= 'A' && byte <= 'Z')
            return (unsigned char)(byte + 32);
        bool after_c3 = *at >= 2 && (unsigned char)word.ptr[*at - 2] == 0xC3;
        return after_c3 && byte >= 0x80 && byte <= 0x9E && byte != 0x97 ? (unsigned char)(byte + 32) : byte; /* À … Þ of UTF-8 */
    }
    return 0;
}

static bool
same_word(o2c_str a, o2c_str b)
{
    size_t i = 0, j = 0;
    for (;;) {
        unsigned char x = letter(a, &i), y = letter(b, &j);
        if (x != y)
            return false;
        if (x == 0)
            return true;
    }
}

static int32_t
our_column(const struct o2c__csv_table *table, o2c_str word)
{
    for (uint32_t i = 0; i < table->columns_count; i++)
        if (same_word(word, o2c__str(table->columns[i].name)))
            return (int32_t)i;
    return -1;
}

/* One "ours=theirs" of the profile, from *at on; false = no more. */
static bool
next_pair(o2c_str text, size_t *at, o2c_str *ours, o2c_str *theirs)
{
    if (*at >= text.len)
        return false;
    size_t end = *at, sign = SIZE_MAX;
    for (; end < text.len && text.ptr[end] != ';'; end++)
        if (text.ptr[end] == '=' && sign == SIZE_MAX)
            sign = end;
    sign = sign == SIZE_MAX ? end : sign;
    *ours = (o2c_str){ text.ptr + *at, sign - *at };
    *theirs = sign < end ? (o2c_str){ text.ptr + sign + 1, end - sign - 1 } : (o2c_str){ "", 0 };
    *at = end + 1;
    return true;
}

/* Our column that a header word names; the profile may give several words for one column, also of other lists. −1 = none. */
static int32_t
column_of(const struct o2c__csv_table *table, o2c_str word)
{
    int32_t found = our_column(table, word);
    o2c_str ours, theirs;
    for (size_t at = 0; found < 0 && next_pair(table->profile->columns, &at, &ours, &theirs);)
        if (theirs.len && same_word(word, theirs))
            found = our_column(table, ours);
    return found;
}

static void
list_columns(const struct o2c__csv_table *table, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < table->columns_count && at + 1 < size; i++) {
        int written = snprintf(out + at, size - at, "%s%s", i ? ", " : "", table->columns[i].name);
        at += written > 0 ? (size_t)written : 0;
    }
}

static o2c_status
header_fail(const struct o2c__csv_table *table, const struct o2c__csv_cell *cell, o2c_str word, const char *what, o2c_error *err)
{
    char known[280], name[40];
    list_columns(table, known, sizeof known);
    snprintf(name, sizeof name, "%.*s", (int)(word.len < 39 ? word.len : 39), word.ptr);
    return o2c__fail_at(err, O2C_E_FORMATS_COLUMN, name, cell->at, cell->line, "column '%s' %s; known: %s", name, what, known);
}

static o2c_status
missing(const struct o2c__csv_table *table, uint32_t column, o2c_error *err)
{
    const struct o2c__csv_record *record = table->record;
    const char *name = table->columns[column].name, *hint = "";
    const char *text = record->text;
    if (record->count == 1 && memchr(text, ';', record->cells[0].len) && table->split.delimiter != ';')
        hint = " (is the delimiter ';'? name a column profile, or begin the file with a line sep=;)";
    else if (record->count == 1 && memchr(text, ',', record->cells[0].len) && table->split.delimiter != ',')
        hint = " (is the delimiter ','? name a column profile, or begin the file with a line sep=,)";
    return o2c__fail_at(err, O2C_E_FORMATS_COLUMN, name, record->at, record->line,
                        "column '%s' is required and not in the header%s", name,
                        hint);
}

/* A header word as UTF-8 in scratch. */
static bool
header_word(struct o2c__csv_table *table, const struct o2c__csv_cell *cell, o2c_str *out)
{
    const struct o2c__csv_record *record = table->record;
    table->scratch.count = 0;
    char *room = o2c__vector_add_many(&table->scratch, (size_t)cell->len * O2C__TEXT_GROWTH + 1);
    if (!room)
        return false;
    *out = (o2c_str){ room, o2c__text_decode(record->encoding, record->text + cell->from, cell->len, room) };
    return true;
}

static o2c_status
take_header(struct o2c__csv_table *table, o2c_error *err)
{
    const struct o2c__csv_record *record = table->record;
    o2c_str word;
    for (uint32_t i = 0; i < O2C__CSV_COLUMNS_MAX; i++)
        table->cell_of[i] = -1;
    for (uint32_t i = 0; i < record->count; i++) {
        const struct o2c__csv_cell *cell = &record->cells[i];
        if (!header_word(table, cell, &word))
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the header");
        if (word.len == 0)
            continue; /* a column without a name must stay empty; take_row() sees to it */
        int32_t column = column_of(table, word);
        if (column < 0 && record->count == 1 && (memchr(word.ptr, ';', word.len) || memchr(word.ptr, ',', word.len)))
            continue; /* another delimiter: missing() says so */
        if (column < 0)
            return header_fail(table, cell, word, "is not known", err);
        if (table->cell_of[column] >= 0)
            return header_fail(table, cell, word, "stands twice in the header", err);
        table->cell_of[column] = (int32_t)i;
    }
    for (uint32_t i = 0; i < table->columns_count; i++)
        if (table->columns[i].required && table->cell_of[i] < 0)
            return missing(table, i, err);
    table->header_cells = record->count;
    table->has_header = true;
    return O2C_OK;
}

/* ---- rows */

static bool
is_empty(const struct o2c__csv_record *record)
{
    for (uint32_t i = 0; i < record->count; i++)
        if (record->cells[i].len)
            return false;
    return true;
}

static bool
is_named(const struct o2c__csv_table *table, uint32_t cell)
{
    for (uint32_t i = 0; i < table->columns_count; i++)
        if (table->cell_of[i] == (int32_t)cell)
            return true;
    return false;
}

/* A value where the header names no column: a delimiter inside an unquoted cell has moved the row. */
static o2c_status
check_width(const struct o2c__csv_table *table, o2c_error *err)
{
    const struct o2c__csv_record *record = table->record;
    for (uint32_t i = 0; i < record->count; i++)
        if (record->cells[i].len && (i >= table->header_cells || !is_named(table, i)))
            return o2c__fail_at(err, O2C_E_FORMATS_SYNTAX, NULL, record->cells[i].at, record->cells[i].line,
                                "cell %u holds a value, but the header names no column there", (unsigned)i + 1);
    return O2C_OK;
}

static o2c_status
take_record(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_table *table = self;
    if (is_empty(record))
        return O2C_OK;
    table->record = record;
    if (!table->has_header)
        return take_header(table, err);
    o2c_status status = check_width(table, err);
    if (status != O2C_OK)
        return status;
    table->rows++;
    return table->proving ? o2c__csv_prove(table, err) : table->take(table->self, record, err);
}

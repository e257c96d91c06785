/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delimited text. Bytes → records (csv.c) → columns by name (csv_table.c) → values (csv_value.c) → payments (csv_payments.c) or
 * lists (csv_items.c, csv_customers.c, csv_remittances.c, csv_past.c, csv_cleared.c). A record is bounded by limits.line_bytes_max.
 */
#ifndef O2C__FORMATS_CSV_H
#define O2C__FORMATS_CSV_H
#include "formats/formats.h"
#include "formats/text.h"

/* A cell of a record: bytes of the record's text, and where they stood in the file. */
struct o2c__csv_cell {
    uint32_t from, len; /* in the record's text, quotes undone */
    uint64_t at;        /* byte of the file */
    uint32_t span;
    uint32_t line;
};
struct o2c__csv_record {
    const char *text;
    const struct o2c__csv_cell *cells;
    uint32_t count;
    uint32_t line;
    uint64_t at, span;
    int32_t encoding; /* O2C_ENCODING_… of the text */
};
typedef o2c_status (*o2c__csv_take)(void *self, const struct o2c__csv_record *record, o2c_error *err);

/* ---- records (csv.c): RFC 4180 with quoted line breaks, BOM, "sep=;" in the first line */
struct o2c__csv_split {
    o2c__context *context;
    char delimiter;
    int32_t encoding; /* legacy page; O2C_ENCODING_UTF8 = UTF-8 only */
    o2c__csv_take take;
    void *self;
    o2c__vector raw, text, cells; /* of the record at hand */
    uint64_t at;                  /* byte of the file where the record begins */
    uint64_t offset;              /* byte where the next push begins */
    uint32_t line, lines;         /* of the record's first byte; line breaks inside it */
    enum { O2C__CSV_START, O2C__CSV_PLAIN, O2C__CSV_QUOTED, O2C__CSV_AFTER_QUOTE } state;
    uint64_t quote_at;
    uint32_t quote_line;
    bool first;                   /* no record yet */
};
void o2c__csv_split_init(struct o2c__csv_split *split, o2c__context *context, char delimiter, int32_t encoding, o2c__csv_take take,
                         void *self);
void o2c__csv_split_free(struct o2c__csv_split *split);
o2c_status o2c__csv_split_push(struct o2c__csv_split *split, const char *bytes, size_t size, o2c_error *err);
o2c_status o2c__csv_split_finish(struct o2c__csv_split *split, o2c_error *err);

/* ---- columns by name (csv_table.c) */
#define O2C__CSV_COLUMNS_MAX 32
struct o2c__csv_column {
    const char *name;
    bool required;
    bool date;
};
struct o2c__csv_table {
    o2c__context *context;
    struct o2c__builder *builder; /* strings go into its heap */
    const o2c_csv_profile *profile;
    const struct o2c__csv_column *columns;
    uint32_t columns_count;
    o2c__csv_take take; /* one data row; the table is up to date when it is called */
    void *self;
    struct o2c__csv_split split;
    bool has_header;
    uint32_t header_cells;
    int32_t cell_of[O2C__CSV_COLUMNS_MAX]; /* −1 = not in the file */
    const struct o2c__csv_record *record;  /* at hand */
    uint64_t rows;
    o2c__vector scratch;
    /* date order proven from the file (csv_prove.c): bytes wait until the proof has come */
    int32_t date_order;
    bool proving;
    o2c__vector held;
    bool day_first, month_first;
    uint64_t doubtful_at;
    uint32_t doubtful_line, doubtful_column; /* first date that could be either; line 0 = none */
};
void o2c__csv_open(struct o2c__csv_table *table, o2c__context *context, struct o2c__builder *builder,
                   const o2c_csv_profile *profile,
                   const struct o2c__csv_column *columns, uint32_t columns_count, o2c__csv_take take, void *self);
o2c_status o2c__csv_push(struct o2c__csv_table *table, const char *bytes, size_t size, o2c_error *err);
o2c_status o2c__csv_finish(struct o2c__csv_table *table, o2c_error *err);
void o2c__csv_close(struct o2c__csv_table *table);
/* The table starts anew with the same columns. */
void o2c__csv_restart(struct o2c__csv_table *table);
/* One record while the date order is looked for. */
o2c_status o2c__csv_prove(struct o2c__csv_table *table, o2c_error *err);

/* ---- values of the row at hand (csv_value.c). column: index into the table's columns. Empty cells leave *out as it is. */
bool o2c__csv_given(const struct o2c__csv_table *table, uint32_t column);
o2c_str o2c__csv_raw(const struct o2c__csv_table *table, uint32_t column);
const struct o2c__csv_cell *o2c__csv_cell(const struct o2c__csv_table *table, uint32_t column);
o2c_status o2c__csv_fail(const struct o2c__csv_table *table, o2c_status status, uint32_t column, const char *reason,
                         o2c_error *err);
o2c_status o2c__csv_text(struct o2c__csv_table *table, uint32_t column, uint32_t bytes_max, o2c_ref *out, o2c_error *err);
o2c_status o2c__csv_field(struct o2c__csv_table *table, uint32_t column, o2c_field *out, o2c_error *err);
/* Bytes of a cell as UTF-8 in the heap. */
o2c_status o2c__csv_string(struct o2c__csv_table *table, uint32_t column, const char *bytes, size_t len, uint32_t bytes_max,
                           o2c_ref *out,
                           o2c_error *err);
o2c_status o2c__csv_currency(struct o2c__csv_table *table, uint32_t column, char out[4], int32_t *exponent, o2c_error *err);
o2c_status o2c__csv_money(struct o2c__csv_table *table, uint32_t column, int32_t exponent, int64_t *out, bool *excess_zero,
                          o2c_error *err);
/* What the payer ordered in another currency: both columns or neither; above zero. */
o2c_status o2c__csv_ordered(struct o2c__csv_table *table, uint32_t amount, uint32_t currency, int64_t *out, char out_currency[4],
                            o2c_error *err);
o2c_status o2c__csv_day(struct o2c__csv_table *table, uint32_t column, int32_t *out, o2c_error *err);
o2c_status o2c__csv_flag(struct o2c__csv_table *table, uint32_t column, bool *out, o2c_error *err);
/* A word of a registry table ("credit_memo"), any case, blanks and hyphens as underscores. */
o2c_status o2c__csv_code(struct o2c__csv_table *table, uint32_t column, int32_t codes, int32_t *out, o2c_error *err);
/* The next of several values with '|' between; false = no more. at starts at 0. */
bool o2c__csv_next(const struct o2c__csv_table *table, uint32_t column, size_t *at, o2c_str *out);
/* The day a date means under an order, 0 = none; O2C_DATE_ORDER_PROVE takes only what is the same both ways. */
int32_t o2c__csv_date(const char *text, size_t len, int32_t order);
/* Day-first or month-first? 1 = only day first, 2 = only month first, 3 = could be either, 0 = no such date. */
int32_t o2c__csv_date_proof(const char *text, size_t len);

/* ---- lists (csv_list.c) */
struct o2c__csv_list {
    o2c_formats_file *file;
    struct o2c__csv_table table;
    o2c__vector lines; /* uint32: line of each row */
    o2c__vector more;  /* what else a list remembers until its end */
    const void *with;  /* of its kind */
};
struct o2c__csv_kind {
    const struct o2c__csv_column *columns;
    uint32_t columns_count;
    uint32_t more_size;
    const char *why;
    o2c__csv_take take;                                         /* self = the list */
    /* all rows are there, the heap no longer moves; NULL = nothing is left to do */
    o2c_status (*end)(struct o2c__csv_list *list, o2c_error *err);
    const void *with;                                           /* what the caller hands to take; NULL = nothing */
};
o2c_status o2c__csv_list_read(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                              const struct o2c__csv_kind *kind, o2c_formats_file **out_file, o2c_error *err);
/* Remembers the line of the row at hand. */
bool o2c__csv_list_line(struct o2c__csv_list *list);
static inline o2c_str
o2c__csv_list_str(const struct o2c__csv_list *list, o2c_ref ref)
{
    return o2c__ref_str(ref, o2c__text_heap_str(&list->file->rows.heap));
}
/* Maps the key of every row to its index; a key that stands twice refuses the file with both lines. */
o2c_status o2c__csv_list_index(struct o2c__csv_list *list, const o2c_ref *first, size_t stride, size_t count, const char *column,
                               o2c__map *map, o2c_error *err);

/* The next line of a cell that is not empty, blanks at its end cut; false = no more. Each is a piece of a payment's text. */
bool o2c__csv_next_line(o2c_str text, size_t *at, o2c_str *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the benchmark's own CSV files: a header, comma, quotes doubled. The whole file is in memory; cells are borrowed from it. */
#ifndef O2C_BENCH_MATCH_CSV_H
#define O2C_BENCH_MATCH_CSV_H
#include <stdbool.h>
#include <stdint.h>

#include <o2c/base.h>

#define CSV_COLUMNS_MAX 64

struct csv_file {
    const char *path;
    char *bytes, *next, *end;
    o2c_str header[CSV_COLUMNS_MAX], cells[CSV_COLUMNS_MAX];
    uint32_t columns, cells_count;
    uint64_t line; /* of the row in cells, 1-based */
};
/* Reads file and header; ends the program when there is no such file. A missing file is allowed when optional: then false. */
bool csv_open(struct csv_file *csv, const char *folder, const char *name, bool optional);
bool csv_next(struct csv_file *csv); /* false = at the end */
void csv_close(struct csv_file *csv);
/* Place of a column; ends the program when a needed one is missing, answers -1 for another. */
int csv_column(const struct csv_file *csv, const char *name, bool needed);
o2c_str csv_cell(const struct csv_file *csv, int column); /* empty for column -1 */
int64_t csv_minor(const struct csv_file *csv, int column);  /* "-12.5" = -1250; two decimals; empty = 0 */
uint64_t csv_number(const struct csv_file *csv, int column);
int32_t csv_day(const struct csv_file *csv, int column);    /* ISO; empty = 0 */
_Noreturn void csv_refuse(const struct csv_file *csv, const char *why);
#endif

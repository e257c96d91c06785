/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a file as text, one fact a line: what golden expectations hold, and what two readings are compared by. */
#ifndef O2C_TEST_ROWS_H
#define O2C_TEST_ROWS_H
#include <stdbool.h>
#include <stddef.h>

#include <o2c/formats.h>

/* All of them answer a string to be freed by the caller; never NULL. */
char *rows_statements(const o2c_statements *rows);
char *rows_master(const o2c_master *rows);
char *rows_remittances(const o2c_remittances *rows);
/* "-86 @271 line 18 entry.currency: words": a refusal. */
char *rows_error(const o2c_error *err);
/* Whole file; NULL when it is not there. Followed by a NUL. */
char *rows_load(const char *path, size_t *out_size);
/* path below the source root. */
char *rows_source(const char *path);

/* Pushes bytes through a reader in pieces (0 = of random size from the seed) and collects the batches; dialect: the reader of the
 * whole library. Answers the status; *out = rows as text or the refusal. */
o2c_status rows_pushed(const char *bytes, size_t size, const o2c_env *env, const o2c_formats_options *options, size_t piece, unsigned seed,
                       char **out);
/* The same with o2c_formats_read. */
o2c_status rows_read(const char *bytes, size_t size, const o2c_env *env, const o2c_formats_options *options, char **out);
/* Every span of the rows lies inside the file; answers the number of rows that break it. */
size_t rows_outside(const o2c_statements *rows, size_t size);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room formats (floor 2): bytes → statements, items, remittances. Pure; library libo2c-formats. libxml2, zlib, jansson: named here only.
 * Owns: readers.  Reads: bytes.  Never: opens a file, matches, keeps a global, calls a process-global setter of libxml2.
 *
 * How bytes walk:  push → gz (inflate.c) → detect.c → dialect (camt: transcode.c → gate.c → sax.c → camt.c; mt940.c; csv.c) →
 * builder.c → sink
 */
#ifndef O2C__FORMATS_H
#define O2C__FORMATS_H
#include <o2c/formats.h>

#include "base/base.h"
#include "record/record.h"

/* Bytes that one reader or file may hold when the limits do not say: alloc_bytes_max. */
#define O2C__FORMATS_MEMORY ((uint64_t)1 << 28)

/* ---- builder (builder.c): rows of the batch under construction; every dialect writes through it */
struct o2c__builder {
    o2c__context *context;
    o2c__vector statements, entries, balances, texts, lines;
    o2c__text_heap heap;
    uint64_t statement_base, entry_base, balance_base, text_base, line_base; /* rows already handed to the sink */
    o2c_formats_sink sink; /* NULL = collect: nothing is handed out, the rows stay here (o2c_formats_read) */
    void *self;
    uint64_t transactions; /* of the file: what the bank calls transactions, folded ones included */
    size_t counted;        /* entries of this batch that are already in their statement's sums */
    bool open;             /* the last statement still takes entries: from o2c__builder_statement to o2c__builder_tie */
    bool mixed;            /* the open statement has a booked entry in another currency than its own */
    bool out_of_memory;
};
void o2c__builder_init(struct o2c__builder *builder, o2c__context *context, o2c_formats_sink sink, void *self);
void o2c__builder_free(struct o2c__builder *builder);
/* Rows of the batch. They move when the next one is added; index again. NULL = out of memory (sticky: builder->out_of_memory). */
o2c_statement *o2c__builder_statement(struct o2c__builder *builder);
o2c_entry *o2c__builder_entry(struct o2c__builder *builder);
o2c_balance *o2c__builder_balance(struct o2c__builder *builder);
o2c_text *o2c__builder_text(struct o2c__builder *builder);
o2c_remittance_line *o2c__builder_line(struct o2c__builder *builder);
o2c_ref o2c__builder_string(struct o2c__builder *builder, const char *bytes, size_t len);
/* Hands the batch to the sink when it holds 256 entries or last is set; an open statement goes on in the next batch.
 * O2C_OK, O2C_E_NOMEM or O2C_E_CANCELED. */
o2c_status o2c__builder_flush(struct o2c__builder *builder, bool last, o2c_error *err);
/* Sums, counts and the tie of a statement whose last entry has come: called once by every dialect. statement = row of this batch.
 * The dialect has set currency, opening, closing and has (a balance in another currency is no balance of this statement);
 * limit = largest magnitude of a sum, 0 = any that 64 bits hold. */
o2c_status o2c__builder_tie(struct o2c__builder *builder, o2c_statement *statement, uint64_t limit, o2c_error *err);

/* ---- a dialect: one table of functions a format registers in detect.c */
struct o2c__dialect {
    const char *name;
    int32_t format;
    void *(*open)(o2c__context *context, const o2c_formats_options *options, struct o2c__builder *builder, o2c_error *err);
    o2c_status (*push)(void *self, const char *bytes, size_t size, o2c_error *err); /* inflated bytes, in order */
    o2c_status (*finish)(void *self, o2c_error *err);
    void (*close)(void *self);
};
extern const struct o2c__dialect o2c__dialect_camt, o2c__dialect_mt940, o2c__dialect_csv_payments;
/* The dialect that the first bytes ask for (at least 4 KiB, or the whole file); NULL = none. why: a static sentence. */
const struct o2c__dialect *o2c__detect(const char *bytes, size_t size, bool whole, const o2c_formats_options *options, const char **why);

/* ---- a whole file (file.c) */
/* An empty file whose builder collects; free with o2c_formats_file_free. */
o2c_status o2c__file_new(const o2c_env *env, o2c_formats_file **out_file, o2c_error *err);
struct o2c_formats_file {
    o2c__context context;
    int32_t format;
    const char *why;
    struct o2c__builder rows; /* collected */
    o2c__vector items, references, accounts, aliases, bank_accounts, ties, remittances, payments, clearings, expected, judgments, feedback;
};

#endif

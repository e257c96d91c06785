/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Formats: bytes of bank files and lists become statements, items and remittances. Library libo2c-formats.
 *
 * Owns: nothing that lasts.   Reads: bytes.   Never: opens a file, looks at a clock, matches.
 * Link with libo2c as well: texts of statuses and codes live there. Threads: the words of <o2c/base.h>.
 *
 * A file is parsed whole or not at all: one clear error with byte offset, field and reason, and nothing else. A statement that
 * does not tie is not an error: it is read, and says so with both numbers (o2c_statement.tie).
 */
#ifndef O2C_FORMATS_H
#define O2C_FORMATS_H
#include <o2c/base.h>
#include <o2c/codes.h>
#include <o2c/policy.h>
#include <o2c/record.h>
#include <o2c/status.h>
O2C_BEGIN_DECLS

/**
 * How a delimited file is written. Options struct; 0 everywhere = comma, decimal point, ISO dates, UTF-8 (BOM accepted),
 * header in the first line. Named profiles: o2c_formats_profile().
 */
typedef struct o2c_csv_profile {
    uint32_t struct_size;
    int32_t delimiter;    /**< ',' ';' '\\t' '|'; 0 = ',' */
    int32_t decimal_mark; /**< '.' or ','; 0 = '.' */
    int32_t group_mark;   /**< thousands sign: '.' ',' ' ' '\\''; 0 = none */
    int32_t date_order;   /**< O2C_DATE_ORDER_…; 0 = ISO */
    int32_t encoding;     /**< O2C_ENCODING_…; 0 = UTF-8 */
    /** "customer=Debitor;document=Belegnummer": our column = word in the header, neither with = or ; in it; empty = our own
     *  names */
    o2c_str columns;
} o2c_csv_profile;
enum {
    O2C_DATE_ORDER_ISO = 0, /**< 2026-02-03 */
    O2C_DATE_ORDER_DMY = 1, /**< 03.02.2026, 3/2/26 */
    O2C_DATE_ORDER_MDY = 2, /**< 02/03/2026 */
    O2C_DATE_ORDER_YMD = 3, /**< 20260203, 2026/02/03 */
    O2C_DATE_ORDER_PROVE = 4 /**< day or month first is proven by a value above 12 in the file, else refused */
};
enum {
    O2C_ENCODING_DEFAULT = 0,     /**< what the field's own comment says */
    O2C_ENCODING_LATIN1 = 1,      /**< ISO-8859-1 */
    O2C_ENCODING_LATIN9 = 2,      /**< ISO-8859-15 */
    O2C_ENCODING_WINDOWS1252 = 3,
    O2C_ENCODING_WINDOWS1250 = 4,
    O2C_ENCODING_UTF8 = 5
};

/** How to read. Options struct; NULL or zeroes = detect the format, legacy text as Windows-1252. */
typedef struct o2c_formats_options {
    uint32_t struct_size;
    int32_t format;               /**< O2C_FORMAT_…; 0 = detect from the bytes */
    int32_t legacy_encoding;      /**< MT: O2C_ENCODING_… of bytes that are not UTF-8; 0 = Windows-1252 */
    uint32_t reserved;            /**< zero */
    const o2c_csv_profile *profile; /**< CSV: NULL = our own names */
} o2c_formats_options;

/** A batch of rows on their way out of a reader. Indexes inside the rows count from the start of the file's arrays, except where said. */
typedef struct o2c_formats_batch {
    uint32_t struct_size;
    uint32_t reserved;
    /** rows of this batch; refs point into its heap. A statement's sums and tie are final in the batch where its last entry is */
    const o2c_statements *statements;
    /** index of rows[0] among the statements of the file; a statement that goes on stands again as rows[0] of the next batch,
     *  under the same index */
    uint64_t statement_base;
    uint64_t entry_base, text_base, line_base, balance_base; /**< the same for the other arrays */
} o2c_formats_batch;

/** What a sink answers to go on. Not 0: a callback of a binding that raised answers 0, and must not look as if it had taken the rows. */
enum { O2C_SINK_TAKEN = 1 };

/**
 * Takes one batch, handed over once it holds 256 rows of entries or more: an entry and its details are never parted, so a batch holds up
 * to 255 rows and one entry with all its details (limits.details_max). Borrowed for the call. What it was given is provisional until
 * o2c_formats_finish() answers 0: a later error means: forget all of it. It may call any function, but none on this reader.
 * @return #O2C_SINK_TAKEN to go on, anything else stops the reader with #O2C_E_CANCELED
 */
typedef int32_t (*o2c_formats_sink)(void *self, const o2c_formats_batch *batch);

/** A reader of one file that is pushed in pieces; constant memory. Opaque. */
typedef struct o2c_formats_reader o2c_formats_reader;
/** A file read as a whole. Opaque. */
typedef struct o2c_formats_file o2c_formats_file;

/**
 * Makes a reader for a statement file (camt, MT940/942, payments as CSV), plain or gzip.
 * @param env       NULL = defaults
 * @param options   NULL = detect
 * @param sink      takes the batches
 * @param self      handed to @p sink
 * @param out_reader set on status 0; free with o2c_formats_reader_free()
 * @return #O2C_OK; #O2C_E_MISUSE (sink or out_reader NULL); #O2C_E_ABI; #O2C_E_ARG (format, encoding, profile); #O2C_E_NOMEM
 * Thread: per handle. Memory: constant, whatever the size of the file. @since 0.1
 */
O2C_API o2c_status o2c_formats_reader_new(const o2c_env *env, const o2c_formats_options *options, o2c_formats_sink sink, void *self,
                                          o2c_formats_reader **out_reader, o2c_error *err);
/**
 * Reads the next bytes.
 * @return #O2C_OK; #O2C_E_MISUSE (NULL, or after a failure or finish); #O2C_E_CANCELED; #O2C_E_LIMIT; #O2C_E_NOMEM; formats
 *         statuses with offset, field and reason. After any failure the reader only takes o2c_formats_reader_free().
 * Thread: per handle. Cost: O(size). @since 0.1
 */
O2C_API o2c_status o2c_formats_push(o2c_formats_reader *reader, const void *bytes, size_t size, o2c_error *err);
/** Says that the file ends here; only its 0 makes the batches true. Statuses as o2c_formats_push(), and #O2C_E_FORMATS_TRUNCATED,
 *  #O2C_E_FORMATS_EMPTY, #O2C_E_FORMATS_UNKNOWN. Thread: per handle. @since 0.1 */
O2C_API o2c_status o2c_formats_finish(o2c_formats_reader *reader, o2c_error *err);
/** Frees a reader at any time; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_formats_reader_free(o2c_formats_reader *reader);

/**
 * Reads a whole statement file. The same reader with a collecting sink; on an error nothing is handed out.
 * Its memory grows with the file: past limits.alloc_bytes_max (2^28) push the file through a reader instead.
 * @param bytes     borrowed for the call
 * @param out_file  set on status 0; free with o2c_formats_file_free()
 * @return as o2c_formats_reader_new(), o2c_formats_push(), o2c_formats_finish()
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_formats_read(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                    o2c_formats_file **out_file, o2c_error *err);
/** Reads a list of open and closed items (CSV). Columns: docs/formats/csv.md. Statuses: as o2c_formats_read(), and
 *  #O2C_E_FORMATS_COLUMN, #O2C_E_FORMATS_FIELD, #O2C_E_FORMATS_REPEATED (both lines in the message). Thread: any. @since 0.1 */
O2C_API o2c_status o2c_formats_read_items(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                          o2c_formats_file **out_file, o2c_error *err);
/** Reads a list of customers (CSV): accounts, names, bank accounts, ties. As o2c_formats_read_items(). Thread: any. @since 0.1 */
O2C_API o2c_status o2c_formats_read_customers(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                              o2c_formats_file **out_file, o2c_error *err);
/** Reads remittance advices (CSV). As o2c_formats_read_items(). Thread: any. @since 0.1 */
O2C_API o2c_status o2c_formats_read_remittances(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                                o2c_formats_file **out_file, o2c_error *err);

/** Reads a list of expected payments (CSV), for o2c_match_pool_put_expected(). Columns: docs/formats/csv.md. As
 *  o2c_formats_read_items(); one key in two rows is #O2C_E_FORMATS_REPEATED. Thread: any. @since 0.1 */
O2C_API o2c_status o2c_formats_read_expected(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                             o2c_formats_file **out_file, o2c_error *err);
/**
 * Reads payments of the past (CSV) for a back-test, as the matcher takes them. Columns: docs/formats/csv.md. As o2c_formats_read_items();
 * a payment that stands twice is #O2C_E_FORMATS_REPEATED. Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_formats_read_payments(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                             o2c_formats_file **out_file, o2c_error *err);
/**
 * Reads what people cleared (CSV) for a back-test. As o2c_formats_read_items().
 * @param master  items whose currencies say how many decimals an amount has; NULL or an item that is not among them: two
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_formats_read_cleared(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                            const o2c_master *master, o2c_formats_file **out_file, o2c_error *err);

/** Reads what people said of disagreements (CSV: payment, verdict) for a back-test. As o2c_formats_read_items(). Thread: any. @since 0.1 */
O2C_API o2c_status o2c_formats_read_judged(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                           o2c_formats_file **out_file, o2c_error *err);

/**
 * Reads what became of proposed lines (CSV), for o2c_match_learn() and o2c_match_measure_precision(). Columns: docs/formats/csv.md. A row
 * without a verdict is left out: nobody has judged it. As o2c_formats_read_items(). Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_formats_read_feedback(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                                             o2c_formats_file **out_file, o2c_error *err);

/** Format that was read, O2C_FORMAT_…. Thread: any. @since 0.1 */
O2C_API int32_t o2c_formats_file_format(const o2c_formats_file *file);
/** Why the format was chosen, one English sentence; borrowed from the file. Thread: any. @since 0.1 */
O2C_API void o2c_formats_file_why(const o2c_formats_file *file, o2c_str *out_why);
/** Sets @p out to the statements of the file, borrowed from it. The caller sets out->struct_size before (0 = the size at first
 *  release); no more is written. Empty for other lists. Thread: any. @since 0.1 */
O2C_API void o2c_formats_file_statements(const o2c_formats_file *file, o2c_statements *out);
/** Sets @p out to the items, accounts and ties of the file, borrowed from it, by the same rule. Empty for other lists. Thread:
 *  any. @since 0.1 */
O2C_API void o2c_formats_file_master(const o2c_formats_file *file, o2c_master *out);
/** Sets @p out to the remittances of the file, borrowed from it, by the same rule. Empty for other lists. Thread: any. @since 0.1 */
O2C_API void o2c_formats_file_remittances(const o2c_formats_file *file, o2c_remittances *out);
/** Sets @p out to the payments of a list of payments, borrowed from it, by the same rule. Empty for other lists. Thread: any.
 *  @since 0.1 */
O2C_API void o2c_formats_file_payments(const o2c_formats_file *file, o2c_payments *out);
/** The clearings of a list of clearings, and the heap their refs point into. Borrowed. Empty for other lists. Thread: any.
 *  @since 0.1 */
O2C_API void o2c_formats_file_clearings(const o2c_formats_file *file, const o2c_clearing **out_rows, uint64_t *out_count,
                                        o2c_str *out_heap);
/** The expected payments of such a list, and the heap their refs point into. Borrowed. Empty for other lists. Thread: any. @since 0.1 */
O2C_API void o2c_formats_file_expected(const o2c_formats_file *file, const o2c_expected **out_rows, uint64_t *out_count, o2c_str *out_heap);
/** The judgments of a list of judgments, by the same rule. Thread: any. @since 0.1 */
O2C_API void o2c_formats_file_judgments(const o2c_formats_file *file, const o2c_judgment **out_rows, uint64_t *out_count,
                                        o2c_str *out_heap);
/** The rows of a list of feedback, by the same rule. Thread: any. @since 0.1 */
O2C_API void o2c_formats_file_feedback(const o2c_formats_file *file, const o2c_feedback **out_rows, uint64_t *out_count, o2c_str *out_heap);
/** Frees a file; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_formats_file_free(o2c_formats_file *file);

/** Names the shipped column profiles, one after another: index 0, 1, …; NULL behind the last. Static. Thread: any. @since 0.1 */
O2C_API const char *o2c_formats_profile_name(uint32_t index);
/** Fills @p out_profile (struct_size as above) with the shipped profile @p name ("default", "german", "french", "us", …); its
 *  strings are static.
 *  @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ARG (no such profile). Thread: any. @since 0.1 */
O2C_API o2c_status o2c_formats_profile(const o2c_str *name, o2c_csv_profile *out_profile, o2c_error *err);

/** A policy read from JSON. Opaque and immutable. */
typedef struct o2c_formats_policy o2c_formats_policy;

/** What the linter says of a policy. Frozen record, 64 bytes. */
typedef struct o2c_formats_finding {
    uint64_t at;        /**< byte where the field's name stands; #O2C_NOWHERE = it does not (a default is part of the finding) */
    uint32_t line;      /**< 1-based, 0 = as above */
    int32_t severity;   /**< O2C_FINDING_… */
    o2c_ref field;      /**< name of the field */
    o2c_ref text;       /**< one or two English sentences */
    uint64_t reserved[4];/**< zero */
} o2c_formats_finding;

/**
 * Reads a policy from JSON (schema: docs/formats/policy.schema.json): one layer, with the presence bits of the fields that stand there.
 * A member that is not known, stands twice, has another type or is out of range refuses the whole policy.
 * @param bytes       UTF-8, at most 1 MiB; borrowed for the call
 * @param out_policy  set on status 0; free with o2c_formats_policy_free()
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_LIMIT; #O2C_E_FORMATS_EMPTY; #O2C_E_FORMATS_SYNTAX, _TRUNCATED, _ENCODING, _REPEATED (the
 *         grammar, with byte and line); #O2C_E_FORMATS_FIELD (error.field names the member, error.offset where it stands); #O2C_E_NOMEM
 * Thread: any. Memory: what jansson needs comes from malloc, not from the env. @since 0.1
 */
O2C_API o2c_status o2c_formats_read_policy(const o2c_env *env, const void *bytes, size_t size, o2c_formats_policy **out_policy,
                                           o2c_error *err);
/** Fills @p out with the layer, for o2c_match_rules_new(). The caller sets out->struct_size before (0 = the size at first release);
 *  lists are borrowed from the policy. Thread: any. @since 0.1 */
O2C_API void o2c_formats_policy_match(const o2c_formats_policy *policy, o2c_match_policy *out);
/** What the linter found, in the order of its rules; borrowed. None of it refuses a policy. Each out may be NULL. Thread: any.
 *  @since 0.1 */
O2C_API void o2c_formats_policy_findings(const o2c_formats_policy *policy, const o2c_formats_finding **out_rows, uint64_t *out_count,
                                         o2c_str *out_heap);
/** Frees it; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_formats_policy_free(o2c_formats_policy *policy);
/**
 * Writes the fields of a policy whose presence bits are set as JSON that people can read, with a NUL. Reading it gives the same layer.
 * @param buffer      @p size bytes; may be NULL with size 0 to ask
 * @param out_needed  bytes needed without the NUL; set on status 0 and on #O2C_E_ARG (buffer too small: nothing is written)
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ABI; #O2C_E_NOMEM; #O2C_E_ARG
 * Thread: any. @since 0.1
 */
O2C_API o2c_status o2c_formats_write_policy(const o2c_match_policy *policy, char *buffer, size_t size, size_t *out_needed, o2c_error *err);

O2C_END_DECLS
#endif

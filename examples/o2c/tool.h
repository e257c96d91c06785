/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command o2c: bank files and lists in, proposals out. A thin host of the public API and nothing else; whoever embeds the
 * library can read here how the calls go together: options.c → job.c (read, put, prepare, solve) → json.c, text.c, report.c.
 */
#ifndef O2C_TOOL_H
#define O2C_TOOL_H
#include <o2c/formats.h>
#include <o2c/o2c.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

/* Exit codes, documented in o2c.1. */
enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_RESOURCES = 4 };

enum verb { VERB_NONE, VERB_MATCH, VERB_EXPLAIN, VERB_CONVERT, VERB_CHECK_POLICY, VERB_BACKTEST, VERB_LEARN, VERB_VERSION, VERB_HELP };
enum shape { SHAPE_TEXT, SHAPE_JSON, SHAPE_CSV, SHAPE_JSONL };
enum { FILES_MAX = 256, FEES_MAX = 64, OUR_ACCOUNTS_MAX = 256 };

/* A repeatable option with a value. */
struct list {
    const char *values[FILES_MAX];
    uint32_t count;
};

struct options {
    enum verb verb;
    enum shape shape;
    struct list statements, items, customers, remittances, our_accounts, fees, policies, rates, expected;
    const char *payment; /* explain: key or number of one payment */
    const char *report;  /* path of the HTML report */
    const char *output;  /* convert: path, written whole or not at all */
    const char *profile; /* column profile of the CSV files */
    const char *payments, *cleared, *judged; /* backtest: lists of the past */
    const char *model, *model_out;  /* paths of model bytes */
    const char *feedback_out; /* match: path of the list that people fill in */
    const char *tolerance, *grace, *short_pay, *subject;
    int32_t as_of;
    uint32_t threads; /* backtest: 0 = one */
    bool accept_mismatch, summary, no_color, learn_accounts, same_day;
};

/* Bytes of one input. */
struct bytes {
    char *data;
    size_t size;
};

/* Progress of a long run; asked by the library through o2c_env.cancel. */
struct progress {
    const char *doing;
    pthread_t thread; /* of the run: threads that were lent ask too, and keep still */
    int64_t started, shown;
    bool terminal, visible;
};

/* A row of the index that finds items and customers by key. */
struct found {
    o2c_str key;
    const void *row;
    const o2c_master *master;
};

/* Everything of one run; the answers are borrowed from prepared and solution. */
struct job {
    const struct options *options;
    struct progress progress;
    o2c_env env;
    o2c_limits limits;
    o2c_csv_profile profile;
    o2c_formats_options formats;
    o2c_formats_file *files[FILES_MAX], *lists[2 * FILES_MAX], *advices[FILES_MAX], *expected[FILES_MAX];
    uint32_t files_count, lists_count, advices_count, expected_count;
    o2c_statements statements[FILES_MAX];
    const o2c_statements *statement_list[FILES_MAX];
    o2c_master masters[2 * FILES_MAX];
    o2c_remittances advice;       /* all remittance files as one */
    void *advice_memory[3];
    o2c_match_our_account *our;
    o2c_heap *our_heap;
    struct found *items, *accounts; /* sorted by key */
    uint64_t items_count, accounts_count;
    o2c_match_pool *pool;
    o2c_match_model *model;
    o2c_match_rules *rules;
    o2c_match_prepared *prepared;
    o2c_match_solution *solution;
    o2c_match_exchange rates[FILES_MAX];
    uint32_t rates_count;
    int32_t as_of;
    o2c_payments payments;
    const o2c_match_parked *parked;
    uint64_t parked_count;
    o2c_str parked_heap;
    const o2c_proposal *proposals;
    const o2c_line *lines;
    const o2c_match_evidence *evidence;
    const o2c_match_alternative *alternatives;
    const o2c_ref *alternative_items;
    const o2c_match_reason *reasons;
    uint64_t count, lines_count, evidence_count, alternatives_count, alternative_items_count, reasons_count;
    o2c_str heap;
};

/* ---- options.c, help.c, problem.c: 0 or an exit code */
int options_read(int argc, char **argv, struct options *out);
void help_print(FILE *out, const char *subject);
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int problem_report(const char *where, const o2c_error *err, const char *remedy);
int problem_plain(const char *where, const char *reason, const char *remedy, int code);
int problem_code(o2c_status status);
FILE *output_open(const char *path); /* NULL = it was reported */
int output_close(FILE *out, const char *name);

/* ---- input.c */
int input_read(const char *path, struct bytes *out);
void input_free(struct bytes *bytes);
FILE *input_open(const char *path);
void progress_start(struct progress *progress, const char *doing);
void progress_end(struct progress *progress);
int32_t progress_tick(void *self);

/* ---- model.c */
int model_read(struct job *job, o2c_match_model **out); /* of --model, else the shipped one */
int model_write(const o2c_match_model *model, const char *path);

/* ---- job.c, policy.c, advice.c, lookup.c */
int job_run(struct job *job, const struct options *options);
void job_free(struct job *job);
int job_read_profile(struct job *job);
void job_open(struct job *job, const struct options *options);
int job_read_lists(struct job *job); /* items, customers, remittances, policy */
void job_borrow_answers(struct job *job, const o2c_match_solution *solution);
int policy_resolve(struct job *job);
int rates_read(struct job *job); /* rates.c */
int advice_join(struct job *job);
int lookup_build(struct job *job);
const o2c_open_item *lookup_item(const struct job *job, o2c_str key, const o2c_master **out_master);
o2c_str lookup_document(const struct job *job, o2c_str key); /* number, or the key */
o2c_str lookup_customer(const struct job *job, o2c_str key); /* name, or empty */

/* ---- words.c: what people read */
o2c_str str_of(const char *text);
o2c_str ref_in(const o2c_str *heap, o2c_ref ref); /* the empty string when the ref is outside */
o2c_str said(const struct job *job, o2c_ref ref); /* of the solution */
const char *money_plain(int64_t minor, const char currency[4], char buffer[32]);
const char *money_grouped(int64_t minor, const char currency[4], char buffer[48]);
const char *day_text(int32_t day, char buffer[11]);
const char *code_upper(int32_t table, int64_t code, char buffer[48]);
const char *percent_text(uint32_t ppm, char buffer[16]);
const char *share_text(uint32_t ppm, char buffer[16]);
const char *reason_remedy(int32_t reason);
bool reason_holds(int32_t reason); /* false: it says what the proposal rests on, and keeps nothing back */
const char *gate_remedy(uint32_t gate);
const char *alternative_words(const struct job *job, const o2c_proposal *proposal, const o2c_match_alternative *row,
                              char buffer[96]);
int32_t payment_day(const o2c_payment *payment);
char *sentence_of(const struct job *job, uint64_t index); /* malloc */

/* ---- escape.c: text that payers control, on its way to a screen or a file */
uint32_t utf8_next(const o2c_str *text, size_t *at);
void put_terminal(FILE *out, o2c_str text);
void put_html(FILE *out, o2c_str text);
void put_json(FILE *out, o2c_str text);
void put_csv_text(FILE *out, o2c_str text);
void put_csv_piece(FILE *out, o2c_str text, bool first);

/* ---- marks.c: which bytes of a text speak for which line */
struct mark {
    uint32_t at, len;
    uint32_t line;     /* 1-based number of the line, 0 = the payer or another document */
    uint32_t lines;    /* how many lines it speaks for */
    int32_t code;      /* O2C_EVIDENCE_… */
};
enum { MARKS_MAX = 256, MARK_COLORS = 6 };
uint32_t marks_of(const struct job *job, uint64_t index, struct mark marks[MARKS_MAX]);

/* ---- summary.c */
enum funnel { FUNNEL_NOT_AR, FUNNEL_AUTO, FUNNEL_PROPOSED, FUNNEL_ON_ACCOUNT, FUNNEL_UNIDENTIFIED, FUNNEL_PARKED, FUNNEL_COUNT };
enum { CURRENCIES_MAX = 32, BANDS = 3, KINDS = 7 };
struct total {
    uint64_t lines;
    int64_t amount; /* signed */
    int64_t moved;  /* magnitude, for bars */
};
struct totals {
    char currency[4];
    struct total all, funnel[FUNNEL_COUNT], band[BANDS], kind[KINDS];
};
struct summary {
    struct totals currencies[CURRENCIES_MAX];
    uint32_t count;
    struct total lines[FUNNEL_COUNT]; /* of all currencies: only the counts are meant */
    uint64_t all;
};
enum funnel funnel_of(const o2c_proposal *proposal);
const char *funnel_name(enum funnel funnel);
const char *funnel_words(enum funnel funnel);
void summary_of(const struct job *job, struct summary *out);

/* A waterfall: how the amount becomes what the items lose. */
struct step {
    const char *words;
    int64_t minor;
    int32_t kind; /* 0 start or sum, 1 adds, -1 takes away, 2 stays open */
};
enum { STEPS_MAX = 16 };
uint32_t waterfall_of(const struct job *job, uint64_t index, struct step steps[STEPS_MAX]);

/* ---- writers */
void json_write(FILE *out, const struct job *job, bool with_summary);
void json_payment(FILE *out, const struct job *job, uint64_t index); /* without the closing brace */
void json_field(FILE *out, bool *first, const char *name);
void json_text(FILE *out, bool *first, const char *name, o2c_str text); /* empty = null */
void json_money(FILE *out, bool *first, const char *name, int64_t minor, const char currency[4]);
void json_number(FILE *out, bool *first, const char *name, uint64_t number);
void json_day(FILE *out, bool *first, const char *name, int32_t day); /* 0 = null */
void json_code(FILE *out, bool *first, const char *name, int32_t table, int64_t code);
void text_write(FILE *out, const struct job *job, bool color);
void text_bank(FILE *out, const struct job *job, uint64_t index, bool color);
void text_sentence(FILE *out, const char *sentence, bool color);
void text_funnel(FILE *out, const struct job *job, bool color);
const char *band_color(const o2c_proposal *proposal);
const char *band_words(const o2c_proposal *proposal);
int explain_write(FILE *out, const struct job *job, bool color);
int report_write(const struct job *job, const char *path);
void report_card(FILE *out, const struct job *job, uint64_t index);
extern const char *const report_style[]; /* pieces, NULL behind the last */
int convert_run(const struct options *options);
int feedback_write(const struct job *job, const char *path);
int learn_run(const struct options *options);
int check_policy_run(const struct options *options);
int backtest_run(const struct options *options, bool color);

/* ---- convert_rows.c: one row of a bank file */
struct row_of {
    const struct options *options;
    FILE *out;
    const char *file;
    const o2c_formats_batch *batch;
    const o2c_statement *statement;
};
void convert_header(FILE *out, enum shape shape);
void convert_entry(const struct row_of *row, const o2c_entry *entry);
void convert_error(FILE *out, enum shape shape, const char *file, const o2c_error *err);
#endif

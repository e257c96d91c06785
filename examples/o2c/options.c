/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"
#include "threads.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    int argc, at;
    char **argv;
    struct options *out;
};

enum { ON_MATCH = 1, ON_EXPLAIN = 2, ON_CONVERT = 4, ON_CHECK = 8, ON_PAST = 16, ON_LEARN = 32, ON_JOB = ON_MATCH | ON_EXPLAIN };

/* One row an option: where it is allowed, and what it sets. */
struct row {
    const char *name;
    int verbs;
    int (*set)(struct reader *reader, const char *value);
    bool wants_value;
};

static int
list_add(struct list *list, const char *name, const char *value)
{
    if (list->count == FILES_MAX)
        return usage_error("more than %d times %s", FILES_MAX, name);
    list->values[list->count++] = value;
    return EXIT_DONE;
}

#define LIST_OPTION(function, member, name)                          \
    static int function(struct reader *reader, const char *value)    \
    {                                                                \
        return list_add(&reader->out->member, name, value);          \
    }
LIST_OPTION(set_statement, statements, "--statement")
LIST_OPTION(set_items, items, "--items")
LIST_OPTION(set_customers, customers, "--customers")
LIST_OPTION(set_remittance, remittances, "--remittance")
LIST_OPTION(set_our_account, our_accounts, "--our-account")
LIST_OPTION(set_policy, policies, "--policy")
LIST_OPTION(set_rate, rates, "--rate")
LIST_OPTION(set_expected, expected, "--expected")

#define TEXT_OPTION(function, member)                                \
    static int function(struct reader *reader, const char *value)    \
    {                                                                \
        reader->out->member = value;                                 \
        return EXIT_DONE;                                            \
    }
TEXT_OPTION(set_payment, payment)
TEXT_OPTION(set_report, report)
TEXT_OPTION(set_output, output)
TEXT_OPTION(set_profile, profile)
TEXT_OPTION(set_tolerance, tolerance)
TEXT_OPTION(set_grace, grace)
TEXT_OPTION(set_short_pay, short_pay)
TEXT_OPTION(set_payments, payments)
TEXT_OPTION(set_cleared, cleared)
TEXT_OPTION(set_judged, judged)
TEXT_OPTION(set_model, model)
TEXT_OPTION(set_model_out, model_out)
TEXT_OPTION(set_feedback_out, feedback_out)

#define FLAG_OPTION(function, member)                                \
    static int function(struct reader *reader, const char *value)    \
    {                                                                \
        (void)value;                                                 \
        reader->out->member = true;                                  \
        return EXIT_DONE;                                            \
    }
FLAG_OPTION(set_accept_mismatch, accept_mismatch)
FLAG_OPTION(set_summary, summary)
FLAG_OPTION(set_no_color, no_color)
FLAG_OPTION(set_learn_accounts, learn_accounts)
FLAG_OPTION(set_same_day, same_day)

static int
set_fee(struct reader *reader, const char *value)
{
    if (reader->out->fees.count == FEES_MAX)
        return usage_error("more than %d times --fee", FEES_MAX);
    return list_add(&reader->out->fees, "--fee", value);
}

static int
set_as_of(struct reader *reader, const char *value)
{
    o2c_str text = str_of(value);
    if (o2c_date_read(&text, &reader->out->as_of, NULL) != O2C_OK)
        return usage_error("--as-of wants a date like 2026-03-02, not '%s'", value);
    return EXIT_DONE;
}

static int
set_threads(struct reader *reader, const char *value)
{
    char *end = NULL;
    unsigned long threads = value[0] >= '1' && value[0] <= '9' ? strtoul(value, &end, 10) : 0;
    if (threads < 1 || threads > THREADS_MAX || *end)
        return usage_error("--threads wants a number from 1 to %d, not '%s'", THREADS_MAX, value);
    reader->out->threads = (uint32_t)threads;
    return EXIT_DONE;
}

static int
set_format(struct reader *reader, const char *value)
{
    if (strcmp(value, "json") == 0)
        reader->out->shape = SHAPE_JSON;
    else if (strcmp(value, "text") == 0)
        reader->out->shape = SHAPE_TEXT;
    else
        return usage_error("--format wants json or text, not '%s'", value);
    return EXIT_DONE;
}

static int
set_to(struct reader *reader, const char *value)
{
    if (strcmp(value, "csv") == 0)
        reader->out->shape = SHAPE_CSV;
    else if (strcmp(value, "jsonl") == 0)
        reader->out->shape = SHAPE_JSONL;
    else
        return usage_error("--to wants csv or jsonl, not '%s'", value);
    return EXIT_DONE;
}

static const struct row rows[] = {
    { "--statement", ON_JOB, set_statement, true },
    { "--items", ON_JOB | ON_PAST, set_items, true },
    { "--customers", ON_JOB | ON_PAST, set_customers, true },
    { "--remittance", ON_JOB | ON_PAST, set_remittance, true },
    { "--expected", ON_JOB, set_expected, true },
    { "--as-of", ON_JOB, set_as_of, true },
    { "--our-account", ON_JOB, set_our_account, true },
    { "--accept-mismatch", ON_JOB, set_accept_mismatch, false },
    { "--payments", ON_PAST, set_payments, true },
    { "--cleared", ON_PAST, set_cleared, true },
    { "--judged", ON_PAST, set_judged, true },
    { "--learn-accounts", ON_PAST, set_learn_accounts, false },
    { "--same-day", ON_PAST, set_same_day, false },
    { "--threads", ON_PAST, set_threads, true },
    { "--policy", ON_JOB | ON_PAST | ON_LEARN, set_policy, true },
    { "--model", ON_JOB | ON_PAST | ON_LEARN, set_model, true },
    { "--model-out", ON_PAST | ON_LEARN, set_model_out, true },
    { "--tolerance", ON_JOB | ON_PAST, set_tolerance, true },
    { "--grace", ON_JOB | ON_PAST, set_grace, true },
    { "--short-pay", ON_JOB | ON_PAST, set_short_pay, true },
    { "--fee", ON_JOB | ON_PAST, set_fee, true },
    { "--rate", ON_JOB, set_rate, true },
    { "--profile", ON_JOB | ON_CONVERT | ON_PAST | ON_LEARN, set_profile, true },
    { "--no-color", ON_JOB | ON_CONVERT | ON_PAST, set_no_color, false },
    { "--format", ON_MATCH | ON_CHECK | ON_PAST | ON_LEARN, set_format, true },
    { "--summary", ON_MATCH, set_summary, false },
    { "--report", ON_MATCH | ON_PAST, set_report, true },
    { "--feedback-out", ON_MATCH, set_feedback_out, true },
    { "--payment", ON_EXPLAIN, set_payment, true },
    { "--to", ON_CONVERT, set_to, true },
    { "--output", ON_CONVERT, set_output, true },
};

static const struct {
    const char *name;
    enum verb verb;
    int bit;
} verbs[] = {
    { "match", VERB_MATCH, ON_MATCH },       { "explain", VERB_EXPLAIN, ON_EXPLAIN }, { "convert", VERB_CONVERT, ON_CONVERT },
    { "check-policy", VERB_CHECK_POLICY, ON_CHECK }, { "backtest", VERB_BACKTEST, ON_PAST },
    { "learn", VERB_LEARN, ON_LEARN },
    { "version", VERB_VERSION, 0 },          { "--version", VERB_VERSION, 0 },        { "help", VERB_HELP, 0 },
    { "--help", VERB_HELP, 0 },              { "-h", VERB_HELP, 0 },
};

static int
read_option(struct reader *reader, int bit)
{
    const char *word = reader->argv[reader->at], *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        if (strlen(row->name) != len || memcmp(row->name, word, len) != 0)
            continue;
        if (!(row->verbs & bit))
            return usage_error("%s does not belong to '%s'", row->name, reader->argv[1]);
        if (!row->wants_value)
            return equals ? usage_error("%s takes no value", row->name) : row->set(reader, NULL);
        const char *value = equals ? equals + 1 : reader->at + 1 < reader->argc ? reader->argv[++reader->at] : NULL;
        if (!value || !*value || (!equals && value[0] == '-' && value[1] == '-'))
            return usage_error("%s wants a value", row->name);
        return row->set(reader, value);
    }
    return usage_error("unknown option %s", word);
}

static uint32_t
stdin_count(const struct list *list)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->count; i++)
        count += strcmp(list->values[i], "-") == 0;
    return count;
}

static int
check_job(const struct options *options)
{
    if (options->items.count == 0)
        return usage_error("--items FILE is missing: the list of open items");
    if (options->statements.count == 0)
        return usage_error("--statement FILE is missing: the bank file");
    if (options->verb == VERB_EXPLAIN && !options->payment)
        return usage_error("--payment KEY is missing: which payment shall be explained?");
    if (options->summary && options->shape != SHAPE_JSON)
        return usage_error("--summary belongs to --format json; the text ends with the funnel anyway");
    if (stdin_count(&options->statements) + stdin_count(&options->items) + stdin_count(&options->customers) +
            stdin_count(&options->remittances) > 1)
        return usage_error("only one input can be '-', standard input");
    return EXIT_DONE;
}

static uint32_t
is_stdin(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static int
check_past(const struct options *options)
{
    if (options->items.count != 1)
        return usage_error("backtest wants one --items FILE: the items with their document_date");
    if (options->customers.count > 1)
        return usage_error("backtest wants at most one --customers FILE");
    if (!options->payments)
        return usage_error("--payments FILE is missing: the payments of the past");
    if (!options->cleared)
        return usage_error("--cleared FILE is missing: what people cleared with them");
    if (options->statements.count)
        return usage_error("unexpected word '%s'", options->statements.values[0]);
    if (is_stdin(options->payments) + is_stdin(options->cleared) + is_stdin(options->judged) + stdin_count(&options->items) + stdin_count(&options->customers) +
            stdin_count(&options->remittances) > 1)
        return usage_error("only one input can be '-', standard input");
    return EXIT_DONE;
}

static const char *
verb_files(enum verb verb)
{
    return verb == VERB_CONVERT ? "convert" : verb == VERB_LEARN ? "learn" : "check-policy";
}

static int
check(const struct options *options)
{
    if (options->verb == VERB_BACKTEST)
        return check_past(options);
    if (options->verb == VERB_CONVERT || options->verb == VERB_CHECK_POLICY || options->verb == VERB_LEARN) {
        if (options->statements.count == 0)
            return usage_error("%s wants at least one FILE", verb_files(options->verb));
        return stdin_count(&options->statements) > 1 ? usage_error("only one input can be '-', standard input") : EXIT_DONE;
    }
    return check_job(options);
}

static int
read_words(struct reader *reader, int bit)
{
    bool only_files = false;
    for (; reader->at < reader->argc; reader->at++) {
        char *word = reader->argv[reader->at];
        int code;
        if (!only_files && strcmp(word, "--") == 0) {
            only_files = true;
            continue;
        }
        if (!only_files && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            reader->out->subject = reader->argv[1];
            reader->out->verb = VERB_HELP;
            return EXIT_DONE;
        }
        if (!only_files && word[0] == '-' && word[1])
            code = read_option(reader, bit);
        else
            code = set_statement(reader, word); /* a bare word is one more bank file */
        if (code)
            return code;
    }
    return check(reader->out);
}

int
options_read(int argc, char **argv, struct options *out)
{
    if (argc < 2)
        return usage_error("say what to do: match, explain, backtest, learn, convert, check-policy, version or help");
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(argv[1], verbs[i].name) != 0)
            continue;
        out->verb = verbs[i].verb;
        if (out->verb == VERB_HELP)
            out->subject = argc > 2 ? argv[2] : NULL;
        if (out->verb == VERB_CONVERT)
            out->shape = SHAPE_CSV;
        struct reader reader = { argc, 2, argv, out };
        return verbs[i].bit ? read_words(&reader, verbs[i].bit) : EXIT_DONE;
    }
    return usage_error("unknown word '%s': match, explain, backtest, learn, convert, check-policy, version or help", argv[1]);
}

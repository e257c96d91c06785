/* SPDX-License-Identifier: Apache-2.0 */
/* o2c backtest: what would have been automatic in the past, and how often wrong. Reads the lists, replays, writes. */
#include "backtest.h"
#include "threads.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
compare(o2c_str a, o2c_str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int
by_payment(const void *a, const void *b)
{
    const struct cleared *left = a, *right = b;
    int order = compare(left->payment, right->payment);
    return order ? order : (left->row > right->row) - (left->row < right->row);
}

uint64_t
trial_cleared(const struct trial *trial, o2c_str payment, const struct cleared **out_first)
{
    uint64_t low = 0, high = trial->history.count, count = 0;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (compare(trial->cleared[middle].payment, payment) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *out_first = trial->cleared + low;
    while (low + count < trial->history.count && compare(trial->cleared[low + count].payment, payment) == 0)
        count++;
    return count;
}

const o2c_match_rate *
trial_rate(const struct trial *trial, int32_t list)
{
    const o2c_match_rate *rows;
    uint64_t count;
    o2c_match_report_rates(trial->report, &rows, &count);
    for (uint64_t i = 0; i < count; i++)
        if (rows[i].list == list && rows[i].month == 0)
            return &rows[i];
    return rows; /* every report has the three */
}

const o2c_match_disagreement *
trial_drawn(const struct trial *trial, uint64_t place)
{
    const o2c_match_disagreement *rows;
    uint64_t count;
    o2c_match_report_disagreements(trial->report, &rows, &count);
    for (uint64_t i = 0; i < count; i++)
        if (rows[i].draw == place + 1)
            return &rows[i];
    return NULL;
}

o2c_str
trial_document(const struct trial *trial, uint32_t item)
{
    const o2c_master *master = trial->history.master;
    if (item >= master->items_count)
        return str_of("not in the list");
    o2c_str document = ref_in(&master->heap, master->items[item].document);
    return document.len ? document : ref_in(&master->heap, master->items[item].key);
}

const char *
class_words(uint32_t line_class, char buffer[96])
{
    snprintf(buffer, 96, "%s/%s/%s/%s", o2c_code_name(O2C_TABLE_LABEL, line_class & 255),
             o2c_code_name(O2C_TABLE_PAYER_CLASS, line_class >> 8 & 255), o2c_code_name(O2C_TABLE_SCOPE, line_class >> 16 & 255),
             o2c_code_name(O2C_TABLE_CERTIFICATE, line_class >> 24));
    return buffer;
}

/* Hundredths of a percent, rounded down, so that "100.00 %" means all. */
const char *
rate_text(uint64_t part, uint64_t whole, char buffer[24])
{
    uint64_t hundredths = whole ? (part > UINT64_MAX / 10000 ? part / (whole / 10000 + 1) : part * 10000 / whole) : 0;
    if (whole == 0)
        return "-";
    snprintf(buffer, 24, "%" PRIu64 ".%02" PRIu64 " %%", hundredths / 100, hundredths % 100);
    return buffer;
}

/* ---- inputs */
typedef o2c_status (*read_call)(const o2c_env *, const void *, size_t, const o2c_formats_options *, o2c_formats_file **, o2c_error *);

static int
read_one(struct trial *trial, const char *path, const char *doing, read_call call, o2c_formats_file **out)
{
    struct job *job = trial->job;
    struct bytes bytes;
    o2c_error err = { 0 };
    progress_start(&job->progress, doing);
    int code = input_read(path, &bytes);
    if (code)
        return code;
    o2c_status status = call ? call(&job->env, bytes.data, bytes.size, &job->formats, out, &err)
                             : o2c_formats_read_cleared(&job->env, bytes.data, bytes.size, &job->formats, &job->masters[0], out, &err);
    progress_end(&job->progress);
    input_free(&bytes);
    return status ? problem_report(strcmp(path, "-") ? path : "standard input", &err, NULL) : EXIT_DONE;
}

static int
index_cleared(struct trial *trial)
{
    uint64_t count = trial->history.count;
    trial->cleared = calloc(count + 1, sizeof *trial->cleared);
    if (!trial->cleared)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    for (uint64_t i = 0; i < count; i++)
        trial->cleared[i] = (struct cleared){ ref_in(&trial->history.heap, trial->history.rows[i].payment), i };
    qsort(trial->cleared, count, sizeof *trial->cleared, by_payment);
    return EXIT_DONE;
}

static int
read_inputs(struct trial *trial)
{
    const struct options *options = trial->job->options;
    int code = job_read_lists(trial->job);
    if (!code)
        code = read_one(trial, options->payments, "reading the payments", o2c_formats_read_payments, &trial->payments_file);
    if (!code)
        code = read_one(trial, options->cleared, "reading what was cleared", NULL, &trial->cleared_file);
    if (!code && options->judged)
        code = read_one(trial, options->judged, "reading what was judged", o2c_formats_read_judged, &trial->judged_file);
    if (code)
        return code;
    struct job *job = trial->job;
    trial->payments.struct_size = sizeof trial->payments;
    o2c_formats_file_payments(trial->payments_file, &trial->payments);
    trial->history = (o2c_match_history){ .struct_size = sizeof trial->history, .master = &job->masters[0], .payments = &trial->payments };
    trial->history.customers = job->lists_count > 1 ? &job->masters[1] : NULL;
    trial->history.remittances = job->advices_count ? &job->advice : NULL;
    o2c_formats_file_clearings(trial->cleared_file, &trial->history.rows, &trial->history.count, &trial->history.heap);
    code = index_cleared(trial);
    return code || !job->options->model ? code : model_read(job, &trial->model);
}

/* ---- the run */
static int32_t
take_day(void *self, const o2c_match_backtest_day *day)
{
    struct trial *trial = self;
    struct job *job = trial->job;
    if (job->options->shape == SHAPE_JSON) {
        job->payments = *day->payments;
        job_borrow_answers(job, day->solution);
        backtest_json_day(stdout, trial, day);
    }
    return ferror(stdout) ? 0 : O2C_SINK_DAY_TAKEN;
}

static int
replay(struct trial *trial)
{
    struct job *job = trial->job;
    o2c_match_backtest_options options = { .struct_size = sizeof options,
                                           .learn_accounts = job->options->learn_accounts,
                                           .same_day_items = job->options->same_day,
                                           .model = trial->model,
                                           .sink = take_day,
                                           .self = trial };
    o2c_error err = { 0 };
    struct threads threads;
    o2c_formats_file_judgments(trial->judged_file, &options.judgments, &options.judgments_count, &options.judgments_heap);
    options.executor = threads_open(&threads, job->options->threads);
    progress_start(&job->progress, "replaying");
    o2c_status status = o2c_match_backtest(&job->env, &trial->history, job->rules, &options, &trial->report, &err);
    progress_end(&job->progress);
    threads_close(&threads);
    if (status && ferror(stdout))
        return output_close(stdout, "standard output");
    if (status)
        return problem_report("history", &err, NULL);
    trial->header.struct_size = sizeof trial->header;
    o2c_match_report_header_read(trial->report, &trial->header);
    return EXIT_DONE;
}

static int
write_all(const struct trial *trial, bool color)
{
    const struct options *options = trial->job->options;
    int code = options->report ? backtest_page(trial, options->report) : EXIT_DONE;
    if (!code && options->model_out)
        code = model_write(o2c_match_report_model(trial->report), options->model_out);
    if (code)
        return code;
    if (options->shape == SHAPE_JSON)
        backtest_json_summary(stdout, trial);
    else
        backtest_text(stdout, trial, color);
    return output_close(stdout, "standard output");
}

int
backtest_run(const struct options *options, bool color)
{
    struct trial *trial = calloc(1, sizeof *trial);
    struct job *job = calloc(1, sizeof *job);
    int code = trial && job ? EXIT_DONE : problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    if (!code) {
        trial->job = job;
        job_open(job, options);
        code = read_inputs(trial);
    }
    if (!code)
        code = replay(trial);
    if (!code)
        code = write_all(trial, color);
    if (trial) {
        o2c_match_report_free(trial->report);
        o2c_match_model_free(trial->model);
        o2c_formats_file_free(trial->payments_file);
        o2c_formats_file_free(trial->cleared_file);
        o2c_formats_file_free(trial->judged_file);
        free(trial->cleared);
    }
    if (job)
        job_free(job);
    free(job);
    free(trial);
    return code;
}

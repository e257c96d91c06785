/* SPDX-License-Identifier: Apache-2.0 */
/* The advisor: read the files, put the items, prepare, solve. Everything that comes after is writing. */
#include "tool.h"

#include <stdlib.h>
#include <string.h>

typedef o2c_status (*read_call)(const o2c_env *, const void *, size_t, const o2c_formats_options *, o2c_formats_file **,
                                o2c_error *);

static int
read_file(struct job *job, const char *path, const char *doing, read_call call, o2c_formats_file **out)
{
    struct bytes bytes;
    progress_start(&job->progress, doing);
    int code = input_read(path, &bytes);
    if (code)
        return code;
    o2c_error err = { 0 };
    o2c_status status = call(&job->env, bytes.data, bytes.size, &job->formats, out, &err);
    progress_end(&job->progress);
    input_free(&bytes);
    return status ? problem_report(strcmp(path, "-") ? path : "standard input", &err, NULL) : EXIT_DONE;
}

static int
read_lists(struct job *job, const struct list *list, const char *doing, read_call call)
{
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < list->count && !code; i++) {
        o2c_formats_file **file = &job->lists[job->lists_count];
        code = read_file(job, list->values[i], doing, call, file);
        if (!code)
            o2c_formats_file_master(*file, &job->masters[job->lists_count++]);
    }
    return code;
}

static int
read_statements(struct job *job)
{
    const struct list *list = &job->options->statements;
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < list->count && !code; i++) {
        code = read_file(job, list->values[i], "reading the bank file", o2c_formats_read, &job->files[i]);
        if (code)
            break;
        o2c_formats_file_statements(job->files[i], &job->statements[i]);
        job->statement_list[i] = &job->statements[i];
        job->files_count = i + 1;
    }
    return code;
}

static int
read_advices(struct job *job)
{
    const struct list *list = &job->options->remittances;
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < list->count && !code; i++) {
        code = read_file(job, list->values[i], "reading the remittances", o2c_formats_read_remittances, &job->advices[i]);
        job->advices_count += code == EXIT_DONE;
    }
    return code || job->advices_count == 0 ? code : advice_join(job);
}

static int
read_expected(struct job *job)
{
    const struct list *list = &job->options->expected;
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < list->count && !code; i++) {
        code = read_file(job, list->values[i], "reading the expected payments", o2c_formats_read_expected, &job->expected[i]);
        job->expected_count += code == EXIT_DONE;
    }
    return code;
}

static o2c_status
put_expected(const struct job *job, o2c_error *err)
{
    o2c_status status = O2C_OK;
    for (uint32_t i = 0; i < job->expected_count && !status; i++) {
        const o2c_expected *rows;
        uint64_t count;
        o2c_str heap;
        o2c_formats_file_expected(job->expected[i], &rows, &count, &heap);
        status = count ? o2c_match_pool_put_expected(job->pool, rows, count, &heap, err) : O2C_OK;
    }
    return status;
}

int
job_read_profile(struct job *job)
{
    job->formats = (o2c_formats_options){ .struct_size = sizeof(job->formats) };
    if (!job->options->profile)
        return EXIT_DONE;
    o2c_str name = str_of(job->options->profile);
    job->profile.struct_size = sizeof(job->profile);
    if (o2c_formats_profile(&name, &job->profile, NULL) != O2C_OK) {
        fprintf(stderr, "o2c: no column profile '%s'; there are:", job->options->profile);
        for (uint32_t i = 0; o2c_formats_profile_name(i); i++)
            fprintf(stderr, " %s", o2c_formats_profile_name(i));
        fputs("\n  remedy  Name one of them with --profile.\n", stderr);
        return EXIT_USAGE;
    }
    job->formats.profile = &job->profile;
    return EXIT_DONE;
}

int
job_read_lists(struct job *job)
{
    const struct options *options = job->options;
    int code = job_read_profile(job);
    if (!code)
        code = read_lists(job, &options->items, "reading the items", o2c_formats_read_items);
    if (!code)
        code = read_lists(job, &options->customers, "reading the customers", o2c_formats_read_customers);
    if (!code)
        code = lookup_build(job);
    if (!code)
        code = policy_resolve(job);
    if (!code)
        code = rates_read(job);
    if (!code)
        code = read_expected(job);
    return code ? code : read_advices(job);
}

/* The last booking day read, never today: the same files give the same answer next year. */
static int32_t
last_booking_day(const struct job *job)
{
    int32_t last = 0;
    for (uint32_t f = 0; f < job->files_count; f++)
        for (uint64_t i = 0; i < job->statements[f].entries_count; i++)
            if (job->statements[f].entries[i].booking_day > last)
                last = job->statements[f].entries[i].booking_day;
    return last;
}

static bool
several_companies(const struct job *job)
{
    o2c_str first = { NULL, 0 };
    for (uint64_t i = 0; i < job->items_count; i++) {
        const o2c_open_item *item = job->items[i].row;
        o2c_str company = ref_in(&job->items[i].master->heap, item->company);
        if (i == 0)
            first = company;
        else if (company.len != first.len || (company.len && memcmp(company.ptr, first.ptr, company.len) != 0))
            return true;
    }
    return false;
}

static int
add_our(struct job *job, o2c_str number, o2c_str company, uint64_t at)
{
    o2c_error err = { 0 };
    if (o2c_heap_add(job->our_heap, &number, &job->our[at].number, &err) != O2C_OK ||
        o2c_heap_add(job->our_heap, &company, &job->our[at].company, &err) != O2C_OK)
        return problem_report("--our-account", &err, NULL);
    return EXIT_DONE;
}

/* One company for all: every account of the statements is the company that the items name. */
static int
our_of_items(struct job *job, uint64_t *count)
{
    const struct found *first = job->items_count ? &job->items[0] : NULL;
    o2c_str company = first ? ref_in(&first->master->heap, ((const o2c_open_item *)first->row)->company) : str_of(NULL);
    if (company.len == 0)
        return EXIT_DONE;
    if (several_companies(job))
        return usage_error("the items name several companies: say whose each account is, --our-account NUMBER=COMPANY");
    uint64_t rows = 0;
    for (uint32_t f = 0; f < job->files_count; f++)
        rows += job->statements[f].count;
    job->our = calloc(rows + 1, sizeof(*job->our));
    int code = job->our ? EXIT_DONE : problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    for (uint32_t f = 0; f < job->files_count; f++) {
        const o2c_statements *file = &job->statements[f];
        for (uint64_t i = 0; i < file->count && !code; i++)
            code = add_our(job, ref_in(&file->heap, file->rows[i].account.text), company, (*count)++);
    }
    return code;
}

static int
our_accounts(struct job *job, uint64_t *count)
{
    const struct list *list = &job->options->our_accounts;
    o2c_error err = { 0 };
    if (o2c_heap_new(&job->env, &job->our_heap, &err) != O2C_OK)
        return problem_report("o2c", &err, NULL);
    if (list->count == 0)
        return our_of_items(job, count);
    job->our = calloc(list->count, sizeof(*job->our));
    int code = job->our ? EXIT_DONE : problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    for (uint32_t i = 0; i < list->count && !code; i++) {
        const char *equals = strchr(list->values[i], '=');
        if (!equals || equals == list->values[i] || !equals[1] || strlen(equals + 1) > 8)
            return usage_error("--our-account wants NUMBER=COMPANY (company: 1 to 8 bytes), not '%s'", list->values[i]);
        o2c_str number = { list->values[i], (size_t)(equals - list->values[i]) };
        code = add_our(job, number, str_of(equals + 1), (*count)++);
    }
    return code;
}

static int
prepare(struct job *job)
{
    uint64_t our_count = 0;
    int code = our_accounts(job, &our_count);
    if (code)
        return code;
    o2c_match_prepare_request request = {
        .struct_size = sizeof(request),
        .accept_mismatch = job->options->accept_mismatch,
        .files = job->statement_list,
        .files_count = job->files_count,
        .remittances = job->advices_count ? &job->advice : NULL,
        .our_accounts = our_count ? job->our : NULL,
        .our_accounts_count = our_count,
    };
    o2c_heap_bytes(job->our_heap, &request.our_heap);
    o2c_error err = { 0 };
    if (o2c_match_prepare(&job->env, &request, &job->prepared, &err) != O2C_OK)
        return problem_report("statements", &err, NULL);
    o2c_match_prepared_payments(job->prepared, &job->payments);
    o2c_match_prepared_parked(job->prepared, &job->parked, &job->parked_count, &job->parked_heap);
    return EXIT_DONE;
}

static int
build_pool(struct job *job)
{
    o2c_match_pool_options options = { .struct_size = sizeof(options), .items_hint = job->items_count };
    o2c_match_model *learned = NULL;
    o2c_error err = { 0 };
    int code = model_read(job, &learned);
    if (code)
        return code;
    o2c_status status = o2c_match_pool_new(&job->env, &options, &job->pool, &err);
    for (uint32_t i = 0; i < job->lists_count && !status; i++)
        status = o2c_match_pool_put(job->pool, &job->masters[i], &err);
    if (!status)
        status = put_expected(job, &err);
    if (!status)
        status = o2c_match_pool_freeze(job->pool, &err);
    if (!status)
        status = o2c_match_model_measure(learned, job->pool, &job->model, &err);
    o2c_match_model_free(learned);
    return status ? problem_report("items", &err, NULL) : EXIT_DONE;
}

void
job_borrow_answers(struct job *job, const o2c_match_solution *solution)
{
    o2c_match_solution_proposals(solution, &job->proposals, &job->count);
    o2c_match_solution_lines(solution, &job->lines, &job->lines_count);
    o2c_match_solution_evidence(solution, &job->evidence, &job->evidence_count);
    o2c_match_solution_alternatives(solution, &job->alternatives, &job->alternatives_count);
    o2c_match_solution_alternative_items(solution, &job->alternative_items, &job->alternative_items_count);
    o2c_match_solution_reasons(solution, &job->reasons, &job->reasons_count);
    o2c_match_solution_heap(solution, &job->heap);
}

static int
solve(struct job *job)
{
    o2c_remittances remittances = { .struct_size = sizeof(remittances) };
    o2c_match_prepared_remittances(job->prepared, &remittances);
    o2c_match_request request = {
        .struct_size = sizeof(request),
        .as_of = job->as_of,
        .payments = &job->payments,
        .remittances = &remittances,
        .rules = job->rules,
        .rates = job->rates,
        .rates_count = job->rates_count,
    };
    o2c_error err = { 0 };
    progress_start(&job->progress, "matching");
    o2c_status status = o2c_match_solve(&job->env, job->pool, job->model, &request, &job->solution, &err);
    progress_end(&job->progress);
    if (status)
        return problem_report("payments", &err, NULL);
    job_borrow_answers(job, job->solution);
    return EXIT_DONE;
}

void
job_open(struct job *job, const struct options *options)
{
    job->options = options;
    job->limits = (o2c_limits){ .struct_size = sizeof(job->limits), .alloc_bytes_max = UINT64_C(1) << 32 };
    job->env = (o2c_env){ .struct_size = sizeof(job->env), .limits = &job->limits };
    job->env.cancel_self = &job->progress;
    job->env.cancel = progress_tick;
}

int
job_run(struct job *job, const struct options *options)
{
    job_open(job, options);
    int code = job_read_lists(job);
    if (!code)
        code = read_statements(job);
    if (!code)
        code = build_pool(job);
    if (!code)
        code = prepare(job);
    job->as_of = options->as_of ? options->as_of : last_booking_day(job);
    return code ? code : solve(job);
}

void
job_free(struct job *job)
{
    o2c_match_solution_free(job->solution);
    o2c_match_prepared_free(job->prepared);
    o2c_match_rules_free(job->rules);
    o2c_match_model_free(job->model);
    o2c_match_pool_free(job->pool);
    o2c_heap_free(job->our_heap);
    for (uint32_t i = 0; i < FILES_MAX; i++) {
        o2c_formats_file_free(job->files[i]);
        o2c_formats_file_free(job->advices[i]);
        o2c_formats_file_free(job->expected[i]);
    }
    for (uint32_t i = 0; i < job->lists_count; i++)
        o2c_formats_file_free(job->lists[i]);
    for (uint32_t i = 0; i < 3; i++)
        free(job->advice_memory[i]);
    free(job->our);
    free(job->items);
    free(job->accounts);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* o2c learn: what people said of proposals becomes the next model; what the audit sample proves is printed beside it. */
#include "tool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One run: the rows of all files as one, the model before and after. */
struct lesson {
    struct job *job;
    o2c_formats_file *files[FILES_MAX];
    o2c_match_model *model, *next;
    o2c_match_changes *changes;
    o2c_feedback *rows;
    char *heap;
    uint64_t count, heap_len;
    o2c_match_precision precision;
};

static int
no_memory(void)
{
    return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
}

static void
move(o2c_ref *ref, uint64_t by)
{
    ref->at += (uint32_t)by;
}

/* Behind the rows there are; their refs then point into the one heap. */
static int
append(struct lesson *lesson, const o2c_formats_file *file)
{
    const o2c_feedback *rows;
    uint64_t count;
    o2c_str heap;
    o2c_formats_file_feedback(file, &rows, &count, &heap);
    if (lesson->heap_len + heap.len > UINT32_MAX)
        return problem_plain("feedback", "the files hold more than 4 GiB of text", "Give fewer files at a time.", EXIT_REFUSED);
    o2c_feedback *more = realloc(lesson->rows, (size_t)(lesson->count + count + 1) * sizeof *more);
    lesson->rows = more ? more : lesson->rows;
    char *text = realloc(lesson->heap, (size_t)(lesson->heap_len + heap.len + 1));
    lesson->heap = text ? text : lesson->heap;
    if (!more || !text)
        return no_memory();
    memcpy(text + lesson->heap_len, heap.ptr, heap.len);
    for (uint64_t i = 0; i < count; i++) {
        o2c_feedback *row = &more[lesson->count++];
        *row = rows[i];
        o2c_ref *const refs[] = { &row->payment, &row->item, &row->account, &row->bank_account, &row->name, &row->text, &row->document,
                                  &row->code };
        for (size_t k = 0; k < sizeof refs / sizeof refs[0]; k++)
            move(refs[k], lesson->heap_len);
    }
    lesson->heap_len += heap.len;
    return EXIT_DONE;
}

static int
read_feedback(struct lesson *lesson)
{
    const struct list *list = &lesson->job->options->statements;
    struct job *job = lesson->job;
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < list->count && !code; i++) {
        struct bytes bytes;
        o2c_error err = { 0 };
        code = input_read(list->values[i], &bytes);
        if (code)
            return code;
        o2c_status status = o2c_formats_read_feedback(&job->env, bytes.data, bytes.size, &job->formats, &lesson->files[i], &err);
        input_free(&bytes);
        code = status ? problem_report(list->values[i], &err, "Correct the row; docs/formats/csv.md lists the columns.")
                      : append(lesson, lesson->files[i]);
    }
    return code;
}

static int
learn(struct lesson *lesson)
{
    struct job *job = lesson->job;
    o2c_str heap = { lesson->heap, lesson->heap_len };
    o2c_error err = { 0 };
    o2c_status status = o2c_match_learn(lesson->model, job->rules, lesson->rows, lesson->count, &heap, &lesson->next, &lesson->changes, &err);
    if (!status)
        status = o2c_match_measure_precision(lesson->rows, lesson->count, &heap, 0, &lesson->precision, &err);
    return status ? problem_report("feedback", &err, NULL) : EXIT_DONE;
}

/* ---- output */
static const char *
plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void
change_text(FILE *out, const o2c_match_change *row, o2c_str heap)
{
    char line_class[O2C_LINE_CLASS_MAX], day[11];
    fprintf(out, "  %s  %s", day_text(row->day, day), o2c_code_name(O2C_TABLE_CHANGE_KIND, row->kind));
    if (row->line_class) {
        o2c_line_class_write(row->line_class, line_class);
        fprintf(out, " %s: at most %.4f %% wrong is not proved\n", line_class, row->bound_ppm / 1e4);
        return;
    }
    if (row->learned_kind)
        fprintf(out, " %s ", o2c_code_name(O2C_TABLE_LEARNED_KIND, row->learned_kind));
    put_terminal(out, ref_in(&heap, row->text));
    if (row->account.len)
        fputs(" of ", out);
    put_terminal(out, ref_in(&heap, row->account));
    if (row->row >> 63 == 0)
        fprintf(out, " row %" PRIu64 " of the host", row->row);
    fputc('\n', out);
}

static void
precision_text(FILE *out, const o2c_match_precision *p)
{
    if (p->sample_lines)
        fprintf(out, "audit sample: %" PRIu64 " of %" PRIu64 " lines right, precision %.4f %%; with 95 %% certainty at most %.4f %% are wrong\n",
                p->sample_lines - p->sample_wrong, p->sample_lines, p->precision_ppm / 1e4, p->bound_ppm / 1e4);
    else
        fputs("audit sample: none of these rows was judged blindly, so nothing is said of precision\n", out);
    if (p->posted)
        fprintf(out, "corrections:  %" PRIu64 " of %" PRIu64 " posted lines were taken back or changed, %.4f %%; that is no precision\n",
                p->corrected, p->posted, p->correction_ppm / 1e4);
}

/* Learned and confirmed by the same rows: the second says both. */
static bool
confirmed_too(const o2c_match_change *rows, uint64_t count, uint64_t at)
{
    if (rows[at].kind != O2C_CHANGE_LEARNED)
        return false;
    for (uint64_t i = at + 1; i < count && rows[i].day == rows[at].day; i++)
        if (rows[i].kind == O2C_CHANGE_CONFIRMED && rows[i].row == rows[at].row)
            return true;
    return false;
}

static void
write_text(FILE *out, const struct lesson *lesson)
{
    const o2c_match_change *rows;
    uint64_t count, said = 0;
    o2c_str heap;
    o2c_match_changes_rows(lesson->changes, &rows, &count, &heap);
    for (uint64_t i = 0; i < count; i++)
        said += !confirmed_too(rows, count, i);
    fprintf(out, "%" PRIu64 " judged row%s, %" PRIu64 " change%s\n", lesson->count, plural(lesson->count), said, plural(said));
    for (uint64_t i = 0; i < count; i++)
        if (!confirmed_too(rows, count, i))
            change_text(out, &rows[i], heap);
    precision_text(out, &lesson->precision);
}

static void
change_json(FILE *out, const o2c_match_change *row, o2c_str heap)
{
    char line_class[O2C_LINE_CLASS_MAX] = "";
    bool first = true;
    if (row->line_class)
        o2c_line_class_write(row->line_class, line_class);
    fputs("{\"change\":{", out);
    json_text(out, &first, "kind", str_of(o2c_code_name(O2C_TABLE_CHANGE_KIND, row->kind)));
    json_day(out, &first, "date", row->day);
    json_text(out, &first, "learned", str_of(row->learned_kind ? o2c_code_name(O2C_TABLE_LEARNED_KIND, row->learned_kind) : ""));
    json_text(out, &first, "customer", ref_in(&heap, row->account));
    json_text(out, &first, "text", ref_in(&heap, row->text));
    json_number(out, &first, "row", row->row);
    json_text(out, &first, "class", str_of(line_class));
    json_number(out, &first, "bound_ppm", row->bound_ppm);
    fputs("}}\n", out);
}

static void
write_json(FILE *out, const struct lesson *lesson)
{
    const o2c_match_precision *p = &lesson->precision;
    const o2c_match_change *rows;
    uint64_t count;
    o2c_str heap;
    bool first = true;
    o2c_match_changes_rows(lesson->changes, &rows, &count, &heap);
    for (uint64_t i = 0; i < count; i++)
        change_json(out, &rows[i], heap);
    fputs("{\"summary\":{", out);
    json_number(out, &first, "judged_rows", lesson->count);
    json_number(out, &first, "changes", count);
    json_number(out, &first, "sample_lines", p->sample_lines);
    json_number(out, &first, "sample_wrong", p->sample_wrong);
    json_number(out, &first, "precision_ppm", p->precision_ppm);
    json_number(out, &first, "bound_ppm", p->bound_ppm);
    json_number(out, &first, "posted", p->posted);
    json_number(out, &first, "corrected", p->corrected);
    json_number(out, &first, "correction_ppm", p->correction_ppm);
    fputs("}}\n", out);
}

static int
write_all(const struct lesson *lesson)
{
    const struct options *options = lesson->job->options;
    int code = options->model_out ? model_write(lesson->next, options->model_out) : EXIT_DONE;
    if (code)
        return code;
    if (options->shape == SHAPE_JSON)
        write_json(stdout, lesson);
    else
        write_text(stdout, lesson);
    return output_close(stdout, "standard output");
}

static int
run(struct lesson *lesson, const struct options *options)
{
    job_open(lesson->job, options);
    int code = job_read_profile(lesson->job);
    if (!code)
        code = policy_resolve(lesson->job);
    if (!code)
        code = options->model ? model_read(lesson->job, &lesson->model)
                              : o2c_match_model_new(&lesson->job->env, &lesson->model, NULL) ? no_memory() : EXIT_DONE;
    if (!code)
        code = read_feedback(lesson);
    if (!code)
        code = learn(lesson);
    return code ? code : write_all(lesson);
}

int
learn_run(const struct options *options)
{
    struct lesson *lesson = calloc(1, sizeof *lesson);
    struct job *job = calloc(1, sizeof *job);
    int code = EXIT_RESOURCES;
    if (lesson && job) {
        lesson->job = job;
        code = run(lesson, options);
        o2c_match_changes_free(lesson->changes);
        o2c_match_model_free(lesson->next);
        o2c_match_model_free(lesson->model);
        for (uint32_t i = 0; i < FILES_MAX; i++)
            o2c_formats_file_free(lesson->files[i]);
        free(lesson->rows);
        free(lesson->heap);
        job_free(job);
    } else {
        code = no_memory();
    }
    free(job);
    free(lesson);
    return code;
}

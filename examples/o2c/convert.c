/* SPDX-License-Identifier: Apache-2.0 */
/* Any bank file as CSV or JSON lines, streamed: the memory does not grow with the file. */
#define _POSIX_C_SOURCE 200809L
#include "tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 16, NAME_ROOM = 160 };

/* What outlives a batch: the statement that may go on in the next one. */
struct kept {
    o2c_statement row;
    char id[NAME_ROOM], account[NAME_ROOM], number[NAME_ROOM];
    uint64_t index; /* in the file */
    bool waits;
};

struct convert {
    const struct options *options;
    FILE *out;
    const char *file;
    struct kept kept;
    struct progress progress;
};

static void
keep_text(char to[NAME_ROOM], o2c_str text)
{
    size_t len = text.len < NAME_ROOM ? text.len : NAME_ROOM - 1;
    while (len && len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len--;
    if (len)
        memcpy(to, text.ptr, len);
    to[len] = 0;
}

static void
keep(struct convert *convert, const o2c_formats_batch *batch, uint64_t index)
{
    const o2c_statement *row = &batch->statements->rows[index - batch->statement_base];
    struct kept *kept = &convert->kept;
    kept->row = *row;
    kept->index = index;
    kept->waits = true;
    keep_text(kept->id, ref_in(&batch->statements->heap, row->id.text));
    keep_text(kept->account, ref_in(&batch->statements->heap, row->account.text));
    keep_text(kept->number, ref_in(&batch->statements->heap, row->number.text));
}

/* The statement's own line comes after its entries, when its numbers are final. JSON lines only: a CSV has one kind of row. */
static void
close_statement(struct convert *convert)
{
    struct kept *kept = &convert->kept;
    FILE *out = convert->out;
    const o2c_statement *row = &kept->row;
    if (!kept->waits)
        return;
    kept->waits = false;
    if (convert->options->shape != SHAPE_JSONL)
        return;
    bool first = true;
    fputs("{\"statement\":{", out);
    json_text(out, &first, "file", str_of(convert->file));
    json_text(out, &first, "id", str_of(kept->id));
    json_text(out, &first, "account", str_of(kept->account));
    json_text(out, &first, "number", str_of(kept->number));
    json_text(out, &first, "currency", str_of(row->currency));
    json_code(out, &first, "format", O2C_TABLE_FORMAT, row->format);
    json_code(out, &first, "kind", O2C_TABLE_STATEMENT_KIND, row->kind);
    json_code(out, &first, "tie", O2C_TABLE_TIE_RESULT, row->tie);
    if (row->has & O2C_STATEMENT_HAS_OPENING)
        json_money(out, &first, "opening", row->opening_minor, row->currency);
    else
        json_text(out, &first, "opening", str_of(NULL));
    if (row->has & O2C_STATEMENT_HAS_CLOSING)
        json_money(out, &first, "closing", row->closing_minor, row->currency);
    else
        json_text(out, &first, "closing", str_of(NULL));
    json_money(out, &first, "sum", row->sum_minor, row->currency);
    json_number(out, &first, "booked", row->booked_count);
    json_number(out, &first, "rows", row->entries_count);
    fputs("}}\n", out);
}

static void
take_statement(struct convert *convert, const o2c_formats_batch *batch, uint64_t index)
{
    if (convert->kept.waits && convert->kept.index != index)
        close_statement(convert);
    keep(convert, batch, index);
}

static int32_t
take_batch(void *self, const o2c_formats_batch *batch)
{
    struct convert *convert = self;
    const o2c_statements *rows = batch->statements;
    uint64_t entry = 0;
    for (uint64_t i = 0; i < rows->count; i++) {
        uint64_t index = batch->statement_base + i;
        struct row_of row = { convert->options, convert->out, convert->file, batch, &rows->rows[i] };
        take_statement(convert, batch, index);
        for (; entry < rows->entries_count && rows->entries[entry].statement == index; entry++)
            convert_entry(&row, &rows->entries[entry]);
    }
    return ferror(convert->out) ? 0 : O2C_SINK_TAKEN;
}

static o2c_status
push_all(struct convert *convert, FILE *in, o2c_formats_reader *reader, int *failed, o2c_error *err)
{
    char *chunk = malloc(CHUNK);
    o2c_status status = chunk ? O2C_OK : O2C_E_NOMEM;
    err->status = status;
    while (!status) {
        size_t got = fread(chunk, 1, CHUNK, in);
        if (got == 0)
            break;
        status = o2c_formats_push(reader, chunk, got, err);
    }
    free(chunk);
    if (!status && ferror(in)) {
        *failed = problem_plain(convert->file, strerror(errno), "Check that it is a file that can be read.", EXIT_REFUSED);
        return O2C_OK;
    }
    return status ? status : o2c_formats_finish(reader, err);
}

static int
read_one(struct convert *convert, const o2c_formats_options *formats, FILE *in)
{
    /* What is streamed may be long; what is damaged or hostile is refused by the other limits. */
    o2c_limits limits = { .struct_size = sizeof(limits), .input_bytes_max = UINT64_C(1) << 40, .entries_max = UINT32_MAX };
    o2c_env env = { .struct_size = sizeof(env), .limits = &limits, .cancel_self = &convert->progress, .cancel = progress_tick };
    o2c_formats_reader *reader = NULL;
    o2c_error err = { .offset = O2C_NOWHERE, .row = O2C_NOWHERE };
    int failed = EXIT_DONE;
    progress_start(&convert->progress, "converting");
    o2c_status status = o2c_formats_reader_new(&env, formats, take_batch, convert, &reader, &err);
    if (!status)
        status = push_all(convert, in, reader, &failed, &err);
    o2c_formats_reader_free(reader);
    progress_end(&convert->progress);
    if (status == O2C_E_CANCELED && ferror(convert->out))
        return output_close(convert->out, "output");
    if (status) {
        convert_error(convert->out, convert->options->shape, convert->file, &err);
        fflush(convert->out);
        return problem_report(convert->file, &err, NULL);
    }
    close_statement(convert);
    return failed;
}

static int
convert_one(struct convert *convert, const o2c_formats_options *formats, const char *path)
{
    FILE *in = input_open(path);
    convert->file = strcmp(path, "-") == 0 ? "standard input" : path;
    memset(&convert->kept, 0, sizeof(convert->kept));
    if (!in)
        return problem_plain(path, strerror(errno), "Check the path and the permissions of the file.", EXIT_REFUSED);
    int code = read_one(convert, formats, in);
    if (in != stdin)
        fclose(in);
    return code;
}

static int
convert_all(struct convert *convert)
{
    const struct options *options = convert->options;
    struct job *job = calloc(1, sizeof(*job));
    if (!job)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    job->options = options;
    int code = job_read_profile(job);
    if (!code)
        convert_header(convert->out, options->shape);
    for (uint32_t i = 0; i < options->statements.count && !code; i++)
        code = convert_one(convert, &job->formats, options->statements.values[i]);
    free(job);
    int closed = output_close(convert->out, options->output ? options->output : "standard output");
    return code ? code : closed;
}

/* Written beside the target and renamed when all is true: the target is whole or not there. */
static int
convert_to_file(struct convert *convert)
{
    const char *path = convert->options->output;
    size_t room = strlen(path) + sizeof(".part");
    char *part = malloc(room);
    if (!part)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    snprintf(part, room, "%s.part", path);
    convert->out = fopen(part, "wb");
    int code = convert->out ? convert_all(convert)
                            : problem_plain(part, strerror(errno), "Name a file in a folder that can be written.", EXIT_RESOURCES);
    if (convert->out && fclose(convert->out) != 0 && !code)
        code = problem_plain(part, strerror(errno), "Make room, or write elsewhere.", EXIT_RESOURCES);
    if (!code && rename(part, path) != 0)
        code = problem_plain(path, strerror(errno), "Name a file that can be replaced.", EXIT_RESOURCES);
    if (code && convert->out)
        remove(part);
    free(part);
    return code;
}

int
convert_run(const struct options *options)
{
    struct convert *convert = calloc(1, sizeof(*convert));
    if (!convert)
        return problem_plain("o2c", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    convert->options = options;
    convert->out = stdout;
    int code = options->output ? convert_to_file(convert) : convert_all(convert);
    free(convert);
    return code;
}

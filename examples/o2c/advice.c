/* SPDX-License-Identifier: Apache-2.0 */
/* Several remittance files become the one array that prepare takes: rows side by side, refs moved to the joined heap. */
#include "tool.h"

#include <stdlib.h>
#include <string.h>

struct joined {
    o2c_remittance *rows;
    o2c_remittance_line *lines;
    char *heap;
    uint64_t rows_count, lines_count;
    size_t heap_len;
};

static o2c_ref
moved(o2c_ref ref, size_t by)
{
    if (ref.len)
        ref.at += (uint32_t)by;
    return ref;
}

static void
append(struct joined *to, const o2c_remittances *from)
{
    for (uint64_t i = 0; i < from->count; i++) {
        o2c_remittance row = from->rows[i];
        row.key = moved(row.key, to->heap_len);
        row.payment = moved(row.payment, to->heap_len);
        row.payment_reference = moved(row.payment_reference, to->heap_len);
        row.payer = moved(row.payer, to->heap_len);
        row.source = moved(row.source, to->heap_len);
        row.lines_at += (uint32_t)to->lines_count;
        to->rows[to->rows_count++] = row;
    }
    for (uint64_t i = 0; i < from->lines_count; i++) {
        o2c_remittance_line line = from->lines[i];
        line.document = moved(line.document, to->heap_len);
        line.reference = moved(line.reference, to->heap_len);
        line.reason = moved(line.reason, to->heap_len);
        line.words = moved(line.words, to->heap_len);
        line.kind_text = moved(line.kind_text, to->heap_len);
        to->lines[to->lines_count++] = line;
    }
    if (from->heap.len)
        memcpy(to->heap + to->heap_len, from->heap.ptr, from->heap.len);
    to->heap_len += from->heap.len;
}

static int
allocate(struct job *job, struct joined *to, uint64_t rows, uint64_t lines, size_t heap)
{
    if (heap > UINT32_MAX || lines > UINT32_MAX)
        return problem_plain("--remittance", "the files together pass 4 GiB of text", "Match them in two runs.", EXIT_REFUSED);
    to->rows = calloc(rows + 1, sizeof(*to->rows));
    to->lines = calloc(lines + 1, sizeof(*to->lines));
    to->heap = malloc(heap + 1);
    job->advice_memory[0] = to->rows;
    job->advice_memory[1] = to->lines;
    job->advice_memory[2] = to->heap;
    if (!to->rows || !to->lines || !to->heap)
        return problem_plain("--remittance", "out of memory", "Give the process more memory.", EXIT_RESOURCES);
    return EXIT_DONE;
}

int
advice_join(struct job *job)
{
    uint64_t rows = 0, lines = 0;
    size_t heap = 0;
    o2c_remittances one = { .struct_size = sizeof(one) };
    for (uint32_t i = 0; i < job->advices_count; i++) {
        o2c_formats_file_remittances(job->advices[i], &one);
        rows += one.count;
        lines += one.lines_count;
        heap += one.heap.len;
    }
    struct joined to = { 0 };
    int code = allocate(job, &to, rows, lines, heap);
    for (uint32_t i = 0; i < job->advices_count && !code; i++) {
        o2c_formats_file_remittances(job->advices[i], &one);
        append(&to, &one);
    }
    job->advice = (o2c_remittances){ .struct_size = sizeof(job->advice), .rows = to.rows, .count = to.rows_count, .lines = to.lines,
                                     .lines_count = to.lines_count, .heap = { to.heap, to.heap_len } };
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes of a bank text speak for which line. Spans may lie inside each other: the shorter one is the more exact one. */
#include "tool.h"

#include <stdlib.h>
#include <string.h>

enum { SPANS_MAX = 1024 };

static bool
same(o2c_str a, o2c_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* 1-based number of the line of this evidence, 0 = none. */
static uint32_t
line_number(const struct job *job, const o2c_proposal *proposal, const o2c_match_evidence *evidence)
{
    if (evidence->line != UINT32_MAX && evidence->line >= proposal->lines_at &&
        evidence->line < proposal->lines_at + proposal->lines_count)
        return evidence->line - proposal->lines_at + 1;
    o2c_str item = said(job, evidence->item);
    for (uint32_t i = 0; item.len && i < proposal->lines_count; i++)
        if (same(said(job, job->lines[proposal->lines_at + i].item), item))
            return i + 1;
    return 0;
}

/* Evidence of one span is one mark that may speak for several lines. */
static uint32_t
add_span(struct mark *spans, uint32_t count, struct mark span)
{
    for (uint32_t i = 0; i < count; i++) {
        if (spans[i].at != span.at || spans[i].len != span.len)
            continue;
        spans[i].lines += span.line && spans[i].line && span.line != spans[i].line;
        if (!spans[i].line && span.line) {
            spans[i].line = span.line;
            spans[i].code = span.code;
        }
        return count;
    }
    if (count < SPANS_MAX)
        spans[count++] = span;
    return count;
}

static int
longest_first(const void *a, const void *b)
{
    const struct mark *left = a, *right = b;
    if (left->len != right->len)
        return left->len > right->len ? -1 : 1;
    return (left->at > right->at) - (left->at < right->at);
}

static uint32_t
collect(const struct job *job, const o2c_proposal *proposal, o2c_str text, struct mark *spans)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < proposal->evidence_count; i++) {
        const o2c_match_evidence *evidence = &job->evidence[proposal->evidence_at + i];
        if (evidence->len == 0 || (uint64_t)evidence->at + evidence->len > text.len)
            continue;
        struct mark span = { evidence->at, evidence->len, line_number(job, proposal, evidence), 1, evidence->code };
        count = add_span(spans, count, span);
    }
    qsort(spans, count, sizeof(*spans), longest_first);
    return count;
}

/* Runs of bytes with one owner, in order and apart from each other. */
static uint32_t
runs(const struct mark *spans, const uint16_t *owner, size_t len, struct mark marks[MARKS_MAX])
{
    uint32_t count = 0;
    for (size_t at = 0; at < len && count < MARKS_MAX;) {
        size_t end = at + 1;
        while (end < len && owner[end] == owner[at])
            end++;
        if (owner[at]) {
            marks[count] = spans[owner[at] - 1];
            marks[count].at = (uint32_t)at;
            marks[count++].len = (uint32_t)(end - at);
        }
        at = end;
    }
    return count;
}

/* The marked bytes of a payment's text. Without memory for it nothing is marked: a report is still a report. */
uint32_t
marks_of(const struct job *job, uint64_t index, struct mark marks[MARKS_MAX])
{
    const o2c_proposal *proposal = &job->proposals[index];
    o2c_str text = said(job, proposal->text);
    struct mark *spans = calloc(SPANS_MAX, sizeof(*spans));
    uint16_t *owner = calloc(text.len + 1, sizeof(*owner));
    uint32_t count = 0;
    if (spans && owner) {
        uint32_t spans_count = collect(job, proposal, text, spans);
        for (uint32_t i = 0; i < spans_count; i++)
            for (uint32_t k = 0; k < spans[i].len; k++)
                owner[spans[i].at + k] = (uint16_t)(i + 1);
        count = runs(spans, owner, text.len, marks);
    }
    free(owner);
    free(spans);
    return count;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <string.h>

static bool
same(o2c_str a, o2c_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* 1-based number of the line of this item, 0 = none. */
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

/* Adds a mark unless a longer one covers it. A span that speaks for several lines is one mark. */
static uint32_t
add(struct mark *marks, uint32_t count, struct mark mark)
{
    for (uint32_t i = 0; i < count; i++) {
        if (marks[i].at == mark.at && marks[i].len == mark.len) {
            marks[i].lines += mark.line && mark.line != marks[i].line;
            if (!marks[i].line && mark.line) {
                marks[i].line = mark.line;
                marks[i].code = mark.code;
            }
            return count;
        }
        bool apart = mark.at + mark.len <= marks[i].at || marks[i].at + marks[i].len <= mark.at;
        if (apart)
            continue;
        if (marks[i].len >= mark.len)
            return count;
        memmove(marks + i, marks + i + 1, (count - i - 1) * sizeof(*marks));
        count--;
        i--;
    }
    if (count == MARKS_MAX)
        return count;
    uint32_t to = count;
    while (to && marks[to - 1].at > mark.at)
        to--;
    memmove(marks + to + 1, marks + to, (count - to) * sizeof(*marks));
    marks[to] = mark;
    return count + 1;
}

/* The marked bytes of a payment's text, in order and apart from each other. */
uint32_t
marks_of(const struct job *job, uint64_t index, struct mark marks[MARKS_MAX])
{
    const o2c_proposal *proposal = &job->proposals[index];
    o2c_str text = said(job, proposal->text);
    uint32_t count = 0;
    for (uint32_t i = 0; i < proposal->evidence_count; i++) {
        const o2c_match_evidence *evidence = &job->evidence[proposal->evidence_at + i];
        if (evidence->len == 0 || (uint64_t)evidence->at + evidence->len > text.len)
            continue;
        struct mark mark = { evidence->at, evidence->len, line_number(job, proposal, evidence), 1, evidence->code };
        count = add(marks, count, mark);
    }
    return count;
}

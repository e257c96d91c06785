/* SPDX-License-Identifier: Apache-2.0 */
/* When is a line right? The same item, or one that no posting can tell from it, with the same cash and the same rest. */
#include <stdlib.h>
#include <string.h>

#include "score.h"

/* What two lines must share to be the same posting. */
struct posting {
    uint64_t key; /* twin, or the item itself */
    int64_t paid, allowed, rest;
    uint32_t item, at; /* at: place in the answer */
};

static int
by_item(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    return x->item != y->item ? (x->item < y->item ? -1 : 1) : (x->at < y->at ? -1 : x->at > y->at);
}

static int
compare_parts(const struct posting *x, const struct posting *y)
{
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->paid != y->paid)
        return x->paid < y->paid ? -1 : 1;
    if (x->allowed != y->allowed)
        return x->allowed < y->allowed ? -1 : 1;
    return x->rest != y->rest ? (x->rest < y->rest ? -1 : 1) : 0;
}

static int
by_parts(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    int order = compare_parts(x, y);
    return order ? order : by_item(a, b);
}

static uint64_t
key_alone(uint32_t item)
{
    return UINT64_MAX - item; /* twins are hashes: one that falls into these last 2^32 values costs a comparison, never more */
}

/* An answer without types says cash alone; where a discount is allowed, the whole of cash and discount is as good an answer. */
static void
fill(struct posting *row, const struct score_line *line, bool typed, uint32_t at)
{
    row->key = line->twin && !line->cited ? line->twin : key_alone(line->item);
    row->paid = line->paid_minor;
    row->allowed = typed ? line->allowed_minor : 0;
    row->rest = typed ? line->rest_minor : 0;
    row->item = line->item;
    row->at = at;
}

static struct posting *
find_item(struct posting *rows, uint32_t count, uint32_t item)
{
    struct posting want = { .item = item };
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (by_item(&rows[middle], &want) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && rows[low].item == item ? &rows[low] : NULL;
}

/* Cited items stand for themselves on both sides; an untyped amount that includes the discount is brought to the truth's cash. */
static void
fit_answers(struct posting *given, uint32_t given_count, struct posting *truth, const struct score_case *one, bool typed)
{
    for (uint32_t i = 0; i < given_count; i++) {
        struct posting *same = find_item(truth, one->count, given[i].item);
        if (!same)
            continue;
        const struct score_line *line = &one->lines[same->at];
        if (line->cited)
            given[i].key = same->key;
        if (!typed && given[i].paid == line->paid_minor + line->allowed_minor)
            given[i].paid = line->paid_minor;
    }
}

/* Both sides sorted by parts: equal stretches are paired, the very item first. */
static void
pair(struct posting *truth, uint32_t truth_count, struct posting *given, uint32_t given_count, uint8_t *flags, struct score_verdict *out)
{
    uint32_t t = 0, g = 0;
    while (t < truth_count && g < given_count) {
        int order = compare_parts(&truth[t], &given[g]);
        if (order != 0) {
            t += order < 0;
            g += order > 0;
            continue;
        }
        uint32_t t_end = t, g_end = g;
        while (t_end < truth_count && compare_parts(&truth[t_end], &truth[t]) == 0)
            t_end++;
        while (g_end < given_count && compare_parts(&given[g_end], &given[g]) == 0)
            g_end++;
        uint32_t exact = 0, room = t_end - t < g_end - g ? t_end - t : g_end - g;
        for (uint32_t a = t, b = g; a < t_end && b < g_end;) {
            if (truth[a].item == given[b].item) {
                flags[given[b++].at] = SCORE_LINE_EXACT;
                exact++;
                a++;
            } else if (truth[a].item < given[b].item) {
                a++;
            } else {
                b++;
            }
        }
        for (uint32_t b = g, left = room - exact; b < g_end && left; b++) {
            if (flags[given[b].at] == SCORE_LINE_WRONG) {
                flags[given[b].at] = SCORE_LINE_TWIN;
                out->twins = true;
                left--;
            }
        }
        out->matched += room;
        t = t_end;
        g = g_end;
    }
}

bool
score_compare(const struct score_case *truth, const struct score_answer *answer, uint8_t *flags, struct score_verdict *out)
{
    struct posting near[16], *rows = near;
    uint8_t own[8], *marks = flags;
    uint64_t count = (uint64_t)truth->count + answer->count;
    if (count > 16 && !(rows = malloc(count * sizeof *rows)))
        return false;
    if (!marks)
        marks = answer->count > 8 ? malloc(answer->count) : own;
    if (!marks) {
        free(rows == near ? NULL : rows);
        return false;
    }
    struct posting *given = rows + truth->count;
    *out = (struct score_verdict){ 0 };
    if (answer->count)
        memset(marks, SCORE_LINE_WRONG, answer->count);
    for (uint32_t i = 0; i < truth->count; i++)
        fill(&rows[i], &truth->lines[i], answer->typed, i);
    for (uint32_t i = 0; i < answer->count; i++)
        fill(&given[i], &answer->lines[i], answer->typed, i);
    qsort(rows, truth->count, sizeof *rows, by_item);
    fit_answers(given, answer->count, rows, truth, answer->typed);
    qsort(rows, truth->count, sizeof *rows, by_parts);
    qsort(given, answer->count, sizeof *given, by_parts);
    pair(rows, truth->count, given, answer->count, marks, out);
    out->right = out->matched == truth->count && out->matched == answer->count;
    if (marks != flags && marks != own)
        free(marks);
    if (rows != near)
        free(rows);
    return true;
}

bool
score_same_items(const struct score_case *truth, const struct score_line *lines, uint32_t count, bool *out_same)
{
    *out_same = false;
    if (count != truth->count)
        return true;
    struct posting *rows = malloc(2 * (size_t)(count ? count : 1) * sizeof *rows);
    if (!rows)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct score_line a = truth->lines[i], b = lines[i];
        a.paid_minor = b.paid_minor = 0;
        fill(&rows[i], &a, false, i);
        fill(&rows[count + i], &b, false, i);
    }
    qsort(rows, count, sizeof *rows, by_item);
    for (uint32_t i = 0; i < count; i++) {
        struct posting *same = find_item(rows, count, rows[count + i].item);
        if (same && truth->lines[same->at].cited)
            rows[count + i].key = same->key;
    }
    qsort(rows, count, sizeof *rows, by_parts);
    qsort(rows + count, count, sizeof *rows, by_parts);
    *out_same = true;
    for (uint32_t i = 0; i < count; i++)
        *out_same = *out_same && compare_parts(&rows[i], &rows[count + i]) == 0;
    free(rows);
    return true;
}

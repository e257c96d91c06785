/* SPDX-License-Identifier: Apache-2.0 */
#include "match/lessons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "lessons: %s\n", what);
        abort();
    }
}

void
lessons_open(struct lessons *lessons)
{
    memset(lessons, 0, sizeof *lessons);
    must(o2c_heap_new(NULL, &lessons->heap, NULL) == O2C_OK, "heap");
}

void
lessons_close(struct lessons *lessons)
{
    o2c_heap_free(lessons->heap);
    free(lessons->rows);
}

void
lessons_clear(struct lessons *lessons)
{
    lessons->count = 0;
}

o2c_ref
lessons_text(struct lessons *lessons, const char *text)
{
    o2c_ref ref = { 0, 0 };
    o2c_str bytes = { text, strlen(text) };
    if (bytes.len)
        must(o2c_heap_add(lessons->heap, &bytes, &ref, NULL) == O2C_OK, "text");
    return ref;
}

o2c_feedback *
lessons_line(struct lessons *lessons, const char *payment, const char *account, int32_t tier, uint32_t line_class)
{
    if (lessons->count == lessons->room) {
        lessons->room = lessons->room ? 2 * lessons->room : 64;
        lessons->rows = realloc(lessons->rows, lessons->room * sizeof *lessons->rows);
        must(lessons->rows != NULL, "memory");
    }
    o2c_feedback *row = &lessons->rows[lessons->count++];
    memset(row, 0, sizeof *row);
    row->payment = lessons_text(lessons, payment);
    row->account = lessons_text(lessons, account);
    row->verdict = O2C_VERDICT_CONFIRMED;
    row->source = O2C_FEEDBACK_SHOWN;
    row->day = 20000;
    row->tier = tier;
    row->line_class = line_class;
    return row;
}

o2c_match_model *
lessons_learn(struct lessons *lessons, o2c_match_model *model, const o2c_match_rules *rules, o2c_match_changes **changes)
{
    o2c_match_model *next = NULL;
    o2c_error err = { 0 };
    o2c_str heap;
    o2c_heap_bytes(lessons->heap, &heap);
    if (!model)
        must(o2c_match_model_new(NULL, &model, &err) == O2C_OK, err.message);
    must(o2c_match_learn(model, rules, lessons->rows, lessons->count, &heap, &next, changes, &err) == O2C_OK, err.message);
    o2c_match_model_free(model);
    return next;
}

char *
lessons_bytes(const o2c_match_model *model, size_t *out_len)
{
    must(o2c_match_model_write(model, NULL, 0, out_len, NULL) == O2C_E_ARG, "size of a model");
    char *bytes = malloc(*out_len);
    must(bytes && o2c_match_model_write(model, bytes, *out_len, out_len, NULL) == O2C_OK, "write");
    return bytes;
}

int
lessons_same(const o2c_match_model *a, const o2c_match_model *b)
{
    size_t a_len, b_len;
    char *x = lessons_bytes(a, &a_len), *y = lessons_bytes(b, &b_len);
    int same = a_len == b_len && memcmp(x, y, a_len) == 0;
    free(x);
    free(y);
    return same;
}

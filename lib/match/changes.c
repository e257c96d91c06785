/* SPDX-License-Identifier: Apache-2.0 */
/* What learning changed, for the host to know. */
#include "match/learning.h"
#include "match/pool.h"

o2c_match_changes *
o2c__changes_new(const o2c__context *context)
{
    o2c__context own = *context;
    own.memory.used = 0;
    o2c_match_changes *changes = o2c__alloc_zero(&own.memory, 1, sizeof *changes);
    if (!changes)
        return NULL;
    changes->context = own;
    o2c__vector_init(&changes->rows, &changes->context.memory, sizeof(o2c_match_change));
    o2c__text_heap_init(&changes->heap, &changes->context.memory);
    return changes;
}

static o2c_match_change *
add(struct o2c__learning *learning, int32_t kind)
{
    o2c_match_change *row = o2c__vector_add(&learning->changes->rows);
    if (row) {
        row->kind = kind;
        row->day = learning->day;
    }
    return row;
}

bool
o2c__change_class(struct o2c__learning *learning, int32_t kind, uint32_t line_class, uint32_t bound_ppm)
{
    o2c_match_change *row = learning->changes ? add(learning, kind) : NULL;
    if (row) {
        row->line_class = line_class;
        row->bound_ppm = bound_ppm;
    }
    return row || !learning->changes;
}

bool
o2c__change_learned(struct o2c__learning *learning, int32_t kind, const struct o2c__learned *from)
{
    if (!learning->changes)
        return true;
    o2c_str heap = o2c__text_heap_str(&learning->next->learned->learned.heap);
    o2c_match_change *row = add(learning, kind);
    if (!row)
        return false;
    row->learned_kind = from->kind;
    row->row = from->row;
    return o2c__text_heap_add(&learning->changes->heap, heap.ptr + from->account.at, from->account.len, &row->account) &&
           o2c__text_heap_add(&learning->changes->heap, heap.ptr + from->text.at, from->text.len, &row->text);
}

bool
o2c__change_host_row(struct o2c__learning *learning, uint64_t number)
{
    o2c_match_change *row = learning->changes ? add(learning, O2C_CHANGE_REVOKED) : NULL;
    if (row)
        row->row = number;
    return row || !learning->changes;
}

static int
compare(const void *self, uint32_t a, uint32_t b)
{
    const o2c_match_change *x = (const o2c_match_change *)self + a, *y = (const o2c_match_change *)self + b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x->line_class < y->line_class ? -1 : x->line_class > y->line_class;
}

/* By day, kind, row and class; what several rows said at once stands once. */
bool
o2c__changes_sort(o2c_match_changes *changes)
{
    o2c__memory *memory = &changes->context.memory;
    size_t n = changes->rows.count, kept = 0;
    if (n < 2)
        return true;
    uint32_t *order = o2c__alloc_array(memory, n, 2 * sizeof *order);
    o2c_match_change *rows = order ? o2c__alloc_array(memory, n, sizeof *rows) : NULL;
    for (uint32_t i = 0; rows && i < n; i++)
        order[i] = i;
    if (rows)
        o2c__sort(order, order + n, n, compare, changes->rows.rows);
    for (size_t i = 0; rows && i < n; i++)
        if (i == 0 || compare(changes->rows.rows, order[i - 1], order[i]) != 0)
            rows[kept++] = O2C__AT(&changes->rows, o2c_match_change, order[i]);
    if (rows)
        memcpy(changes->rows.rows, rows, kept * sizeof *rows);
    o2c__release(memory, rows, n * sizeof *rows);
    o2c__release(memory, order, n * 2 * sizeof *order);
    changes->rows.count = rows ? kept : n;
    return rows != NULL;
}

void
o2c_match_changes_rows(const o2c_match_changes *changes, const o2c_match_change **out_rows, uint64_t *out_count, o2c_str *out_heap)
{
    if (out_rows)
        *out_rows = changes ? changes->rows.rows : NULL;
    if (out_count)
        *out_count = changes ? changes->rows.count : 0;
    if (out_heap)
        *out_heap = changes ? o2c__text_heap_str(&changes->heap) : (o2c_str){ "", 0 };
}

void
o2c_match_changes_free(o2c_match_changes *changes)
{
    if (!changes)
        return;
    o2c__memory memory = changes->context.memory;
    o2c__vector_free(&changes->rows);
    o2c__text_heap_free(&changes->heap);
    o2c__release(&memory, changes, sizeof *changes);
}

o2c_status
o2c_match_siblings(const o2c_match_evidence *evidence, uint64_t count, const uint64_t *learned_rows, uint64_t rows_count,
                   uint64_t *out_found, uint64_t room, uint64_t *out_count, o2c_error *err)
{
    uint64_t found = 0;
    if ((count && !evidence) || (rows_count && !learned_rows) || (room && !out_found) || !out_count)
        return o2c__fail(err, O2C_E_MISUSE, NULL, "evidence, learned_rows, out_found or out_count is NULL");
    for (int write = 0; write < 2; write++) {
        found = 0;
        for (uint64_t i = 0; i < count; i++) {
            bool relied = false;
            for (uint64_t k = 0; evidence[i].learned_row && !relied && k < rows_count; k++)
                relied = evidence[i].learned_row == learned_rows[k];
            if (relied && write)
                out_found[found] = i;
            found += relied;
        }
        *out_count = found;
        if (found > room)
            return o2c__fail(err, O2C_E_ARG, "room", "%llu rows of evidence rely on them", (unsigned long long)found);
    }
    return O2C_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a model has learned, as one block of memory: new, copied, freed. */
#include "match/learn.h"

struct o2c__memories *
o2c__memories_new(o2c__memory *memory)
{
    struct o2c__memories *memories = o2c__alloc_zero(memory, 1, sizeof *memories);
    if (memories) {
        o2c__vector_init(&memories->learned.rows, memory, sizeof(struct o2c__learned));
        o2c__text_heap_init(&memories->learned.heap, memory);
    }
    return memories;
}

/* count rows of size, copied; an empty array is none. */
static bool
copy_array(o2c__memory *memory, void *to, const void *from, size_t count, size_t size)
{
    void *rows = NULL;
    if (count && !(rows = o2c__alloc_array(memory, count, size)))
        return false;
    if (count)
        memcpy(rows, from, count * size);
    memcpy(to, &rows, sizeof rows);
    return true;
}

static bool
copy_slots(o2c__memory *memory, struct o2c__slots *to, const struct o2c__slots *from)
{
    if (!copy_array(memory, &to->rows, from->rows, from->room, sizeof *from->rows))
        return false;
    to->room = from->room;
    to->count = from->count;
    return true;
}

static bool
copy_vector(o2c__vector *to, const o2c__vector *from)
{
    void *rows = from->count ? o2c__vector_add_many(to, from->count) : NULL;
    if (from->count && !rows)
        return false;
    if (from->count)
        memcpy(rows, from->rows, from->count * from->size);
    return true;
}

static bool
copy_tables(o2c__memory *memory, struct o2c__memories *to, const struct o2c__memories *from)
{
    if (!copy_array(memory, &to->classes.slots, from->classes.slots, from->classes.room, sizeof *from->classes.slots))
        return false;
    to->classes.room = from->classes.room;
    to->classes.count = from->classes.count;
    if (!copy_array(memory, &to->rows.slots, from->rows.slots, from->rows.room, sizeof *from->rows.slots))
        return false;
    to->rows.room = from->rows.room;
    to->rows.count = from->rows.count;
    if (!copy_array(memory, &to->releases.rows, from->releases.rows, from->releases.count, sizeof *from->releases.rows))
        return false;
    to->releases.count = to->releases.room = from->releases.count;
    to->learned.heap.bytes.count = 0; /* with its first byte */
    to->learned.shapes = from->learned.shapes;
    return copy_vector(&to->learned.rows, &from->learned.rows) && copy_vector(&to->learned.heap.bytes, &from->learned.heap.bytes) &&
           copy_slots(memory, &to->learned.by_text, &from->learned.by_text) &&
           copy_slots(memory, &to->learned.by_row, &from->learned.by_row);
}

struct o2c__memories *
o2c__memories_copy(o2c__memory *memory, const struct o2c__memories *from)
{
    struct o2c__memories *to = o2c__memories_new(memory);
    if (!to)
        return NULL;
    to->day = from->day;
    to->classes_sum = from->classes_sum;
    to->learned_sum = from->learned_sum;
    to->rows_sum = from->rows_sum;
    to->cal = from->cal;
    to->habits = from->habits;
    if (!copy_tables(memory, to, from)) {
        o2c__memories_free(memory, to);
        return NULL;
    }
    return to;
}

void
o2c__memories_free(o2c__memory *memory, struct o2c__memories *memories)
{
    if (!memories)
        return;
    o2c__release(memory, memories->classes.slots, (size_t)memories->classes.room * sizeof *memories->classes.slots);
    o2c__release(memory, memories->rows.slots, (size_t)memories->rows.room * sizeof *memories->rows.slots);
    o2c__release(memory, memories->releases.rows, memories->releases.room * sizeof *memories->releases.rows);
    o2c__slots_free(&memories->learned.by_text, memory);
    o2c__slots_free(&memories->learned.by_row, memory);
    o2c__vector_free(&memories->learned.rows);
    o2c__text_heap_free(&memories->learned.heap);
    o2c__release(memory, memories, sizeof *memories);
}

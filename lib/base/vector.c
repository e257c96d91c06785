/* SPDX-License-Identifier: Apache-2.0 */
/* A typed growing array. A failed growth leaves the rows as they were. */
#include "base/base.h"

#define FIRST_BYTES ((size_t)64)
/* Up to here room doubles; above it grows by half, so that the peak of a large array stays near its size. */
#define DOUBLE_BYTES ((size_t)1 << 20)

void
o2c__vector_init(o2c__vector *vector, o2c__memory *memory, size_t row_size)
{
    memset(vector, 0, sizeof *vector);
    vector->memory = memory;
    vector->size = row_size;
}

static size_t
grown(const o2c__vector *vector, size_t need)
{
    size_t room = vector->room;
    size_t step = room < DOUBLE_BYTES / vector->size ? room : room / 2;
    size_t more = room <= SIZE_MAX - step ? room + step : need;
    if (more < FIRST_BYTES / vector->size)
        more = FIRST_BYTES / vector->size;
    return more > need ? more : need;
}

static bool
grow_to(o2c__vector *vector, size_t room)
{
    size_t bytes;
    if (__builtin_mul_overflow(room, vector->size, &bytes))
        return false;
    void *rows = o2c__resize(vector->memory, vector->rows, vector->room * vector->size, bytes);
    if (!rows)
        return false;
    vector->rows = rows;
    vector->room = room;
    return true;
}

bool
o2c__vector_grow(o2c__vector *vector, size_t more)
{
    if (more > SIZE_MAX - vector->count)
        return false;
    size_t need = vector->count + more;
    if (need <= vector->room)
        return true;
    /* Near the ceiling the exact size may still fit where the generous one does not. */
    size_t generous = grown(vector, need);
    return grow_to(vector, generous) || (generous > need && grow_to(vector, need));
}

void *
o2c__vector_add(o2c__vector *vector)
{
    void *row = o2c__vector_add_many(vector, 1);
    return row ? memset(row, 0, vector->size) : NULL;
}

void *
o2c__vector_add_many(o2c__vector *vector, size_t n)
{
    /* Room for one row also when n is 0: NULL must mean failure and nothing else. */
    if (!o2c__vector_reserve(vector, n ? n : 1))
        return NULL;
    void *rows = (char *)vector->rows + vector->count * vector->size;
    vector->count += n;
    return rows;
}

void
o2c__vector_free(o2c__vector *vector)
{
    if (vector->rows)
        o2c__release(vector->memory, vector->rows, vector->room * vector->size);
    vector->rows = NULL;
    vector->count = 0;
    vector->room = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* References find their items: rows by (kind, item, text), each kept once; those of dropped items go with them. */
#include "match/index.h"
#include "match/pool.h"

struct resolved {
    const o2c_match_pool *pool;
    const uint32_t *column; /* parallel to the references put: column of the item, O2C__NONE = dropped */
};

static o2c_str
text_of(const o2c_match_pool *pool, uint32_t reference)
{
    return o2c__ref_str(O2C__AT(&pool->rows->references, o2c_reference, reference).text, o2c__text_heap_str(&pool->rows->side));
}

static int
compare(const void *self, uint32_t a, uint32_t b)
{
    const struct resolved *in = self;
    const o2c_reference *rows = in->pool->rows->references.rows;
    if (rows[a].kind != rows[b].kind)
        return rows[a].kind < rows[b].kind ? -1 : 1;
    if (in->column[a] != in->column[b])
        return in->column[a] < in->column[b] ? -1 : 1;
    int order = o2c__str_compare(text_of(in->pool, a), text_of(in->pool, b));
    return order ? order : rows[a].scheme < rows[b].scheme ? -1 : rows[a].scheme > rows[b].scheme;
}

/* Columns of the items that the references name. A dropped item's row is still known by its key. */
static o2c_status
resolve(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    const struct o2c__pool_rows *rows = pool->rows;
    o2c_str side = o2c__text_heap_str(&rows->side);
    size_t known = freezer->patch ? rows->reference_columns.count : 0;
    for (size_t i = 0; i < known; i++)
        freezer->reference_column[i] = freezer->moved[O2C__AT(&rows->reference_columns, uint32_t, i)];
    for (size_t i = known; i < rows->references.count; i++) {
        uint32_t row = o2c__pool_row(pool, o2c__ref_str(O2C__AT(&rows->references, o2c_reference, i).item, side));
        if (row == O2C__NONE)
            return o2c__fail_row(err, O2C_E_MATCH_KEY, "reference.item", i, "the pool has no such item");
        freezer->reference_column[i] = freezer->column[row];
    }
    return O2C_OK;
}

/* References that may repeat one another: all, or where the indexes are carried over those of items that got new ones. */
static bool
choose(o2c_match_pool *pool, struct o2c__freezer *freezer, uint32_t *out_count)
{
    uint32_t n = freezer->reference_columns, known = freezer->patch ? (uint32_t)pool->rows->reference_columns.count : 0;
    const uint32_t *column = freezer->reference_column;
    size_t room = pool->count + 1u;
    uint8_t *touched = n > known ? o2c__alloc_zero(&pool->context.memory, room, 1) : NULL;
    *out_count = 0;
    if (n == known)
        return true;
    if (!touched)
        return false;
    for (uint32_t i = known; i < n; i++)
        if (column[i] != O2C__NONE)
            touched[column[i]] = 1;
    for (uint32_t i = 0; i < n; i++)
        if (known == 0 || i >= known || (column[i] != O2C__NONE && touched[column[i]]))
            freezer->numbers[(*out_count)++] = i;
    o2c__release(&pool->context.memory, touched, room);
    return true;
}

static bool
repeats(const struct resolved *in, const uint32_t *order, uint32_t i)
{
    return i > 0 && compare(in, order[i - 1], order[i]) == 0;
}

static o2c_status
collect(o2c_match_pool *pool, struct o2c__freezer *freezer, const struct resolved *in, const uint32_t *order, uint32_t n, o2c_error *err)
{
    uint32_t known = freezer->patch ? (uint32_t)pool->rows->reference_columns.count : 0;
    for (uint32_t i = 0; i < n; i++) {
        const o2c_reference *row = &O2C__AT(&pool->rows->references, o2c_reference, order[i]);
        struct o2c__reference_row *to = &freezer->references[freezer->references_count];
        o2c_str text = text_of(pool, order[i]);
        freezer->scratch[order[i]] = repeats(in, order, i);
        if (order[i] < known || in->column[order[i]] == O2C__NONE || freezer->scratch[order[i]])
            continue;
        *to = (struct o2c__reference_row){ .target = in->column[order[i]], .kind = (uint8_t)row->kind, .scheme = (uint8_t)row->scheme };
        if (!o2c__text_heap_add(&pool->heap, text.ptr, text.len, &to->text))
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
        freezer->references_count++;
    }
    return O2C_OK;
}

o2c_status
o2c__freeze_references(o2c_match_pool *pool, struct o2c__freezer *freezer, o2c_error *err)
{
    uint32_t n = (uint32_t)pool->rows->references.count, chosen = 0;
    o2c__vector *kept = &pool->rows->reference_columns;
    if (n == 0)
        return O2C_OK;
    if (!kept->memory)
        o2c__vector_init(kept, &pool->context.memory, sizeof(uint32_t));
    freezer->reference_columns = n;
    freezer->reference_column = o2c__alloc_array(&pool->context.memory, n, sizeof *freezer->reference_column);
    if (!freezer->reference_column || (n > kept->count && !o2c__vector_reserve(kept, n - kept->count)))
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
    o2c_status status = resolve(pool, freezer, err);
    if (!status && !choose(pool, freezer, &chosen))
        status = o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
    if (status)
        return status;
    struct resolved in = { pool, freezer->reference_column };
    o2c__sort(freezer->numbers, freezer->scratch, chosen, compare, &in);
    memset(freezer->scratch, 0, n * sizeof *freezer->scratch);
    return collect(pool, freezer, &in, freezer->numbers, chosen, err);
}

/* Room for the columns was made when they were found. */
void
o2c__freeze_keep_references(o2c_match_pool *pool, const struct o2c__freezer *freezer)
{
    o2c__vector *references = &pool->rows->references, *columns = &pool->rows->reference_columns;
    uint32_t *to = columns->rows;
    size_t kept = 0;
    for (size_t i = 0; i < references->count; i++) {
        o2c_reference row = O2C__AT(references, o2c_reference, i);
        if (freezer->reference_column[i] == O2C__NONE || freezer->scratch[i])
            continue;
        O2C__AT(references, o2c_reference, kept) = row;
        to[kept++] = freezer->reference_column[i];
    }
    references->count = columns->count = kept;
}

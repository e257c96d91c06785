/* SPDX-License-Identifier: Apache-2.0 */
/* Number ranges of a whole snapshot: for every shape of number its lowest and highest, how many are open, how many were seen. */
#include "match/index.h"
#include "match/model.h"
#include "match/pool.h"

#define AHEAD 8u /* texts stand where they were put first: they are asked for before they are read */

struct measure {
    const o2c_match_pool *pool;
    o2c_match_model *model;
    struct o2c__slots slots; /* shape → row */
    o2c__vector rows;        /* of struct o2c__series; ln_range holds the digits until the end */
};

/* Value of the last 18 digits. */
static uint64_t
number_of(const struct o2c__forms *forms)
{
    const uint64_t full = UINT64_C(100000000000000000);
    uint64_t number = 0;
    for (uint32_t i = 0; i < forms->full_len; i++) {
        if (forms->full[i] < '0' || forms->full[i] > '9')
            continue;
        number = number >= full ? number % full : number;
        number = number * 10 + (uint64_t)(forms->full[i] - '0');
    }
    return number;
}

static bool
grow(struct measure *measure)
{
    struct o2c__slots wider;
    o2c__memory *memory = &measure->model->context.memory;
    if (measure->slots.room && (measure->slots.count + 1) * 3ull <= measure->slots.room * 2ull)
        return true;
    if (!o2c__slots_new(&wider, memory, measure->slots.count * 2ull + 16))
        return false;
    for (uint32_t i = 0; i < measure->rows.count; i++)
        o2c__slots_add(&wider, o2c__mix(O2C__AT(&measure->rows, struct o2c__series, i).shape, measure->pool->context.key[0]), i);
    o2c__slots_free(&measure->slots, memory);
    measure->slots = wider;
    return true;
}

static struct o2c__series *
series_of(struct measure *measure, uint64_t shape, uint32_t digits)
{
    uint64_t hash = o2c__mix(shape, measure->pool->context.key[0]);
    if (!grow(measure))
        return NULL;
    uint32_t at = o2c__slots_at(&measure->slots, hash), value;
    while ((value = o2c__index_next(&measure->slots, o2c__slots_tag(hash), &at)) != O2C__MAP_NONE) {
        if (O2C__AT(&measure->rows, struct o2c__series, value).shape == shape)
            return &O2C__AT(&measure->rows, struct o2c__series, value);
    }
    struct o2c__series *row = o2c__vector_add(&measure->rows);
    if (!row)
        return NULL;
    row->shape = shape;
    row->low = UINT64_MAX;
    row->ln_range = (int32_t)digits;
    o2c__slots_add(&measure->slots, hash, (uint32_t)(measure->rows.count - 1));
    return row;
}

static bool
add_text(struct measure *measure, o2c_str text, bool open)
{
    struct o2c__forms forms;
    uint32_t digits;
    o2c__forms_plain(text, &forms);
    if (forms.full_len == 0)
        return true;
    uint64_t shape = o2c__shape((o2c_str){ forms.full, forms.full_len }, &digits), number = number_of(&forms);
    struct o2c__series *row = series_of(measure, shape, digits);
    if (!row)
        return false;
    row->low = number < row->low ? number : row->low;
    row->high = number > row->high ? number : row->high;
    row->open += open;
    row->seen++;
    return true;
}

static o2c_status
add_all(struct measure *measure, o2c_error *err)
{
    const o2c_match_pool *pool = measure->pool;
    o2c_str side = o2c__text_heap_str(&pool->rows->side);
    for (uint32_t item = 0; item < pool->count; item++) {
        if (item % 4096 == 0 && o2c__canceled(&measure->model->context))
            return o2c__fail(err, O2C_E_CANCELED, "", "measuring was canceled");
        if (item + AHEAD < pool->count)
            o2c__ask(o2c__pool_str(pool, pool->echo[item + AHEAD].document).ptr);
        if (!add_text(measure, o2c__pool_str(pool, pool->echo[item].document), item < pool->open_count))
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory to measure the pool");
    }
    for (size_t i = 0; i < pool->rows->references.count; i++) {
        if (!add_text(measure, o2c__ref_str(O2C__AT(&pool->rows->references, o2c_reference, i).text, side), true))
            return o2c__fail(err, O2C_E_NOMEM, "", "no memory to measure the pool");
    }
    return O2C_OK;
}

static int
compare(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__series *rows = self;
    return rows[a].shape < rows[b].shape ? -1 : rows[a].shape > rows[b].shape;
}

/* Series by shape, with the logarithm of their range: the order in which they were met does not matter. */
static bool
settle(struct measure *measure)
{
    o2c__memory *memory = &measure->model->context.memory;
    size_t n = measure->rows.count;
    if (n == 0)
        return true;
    uint32_t *order = o2c__alloc_array(memory, n, 2 * sizeof *order);
    struct o2c__series *series = order ? o2c__alloc_array(memory, n, sizeof *series) : NULL;
    for (uint32_t i = 0; series && i < n; i++)
        order[i] = i;
    if (series)
        o2c__sort(order, order + n, n, compare, measure->rows.rows);
    for (size_t i = 0; series && i < n; i++) {
        series[i] = O2C__AT(&measure->rows, struct o2c__series, order[i]);
        series[i].ln_range = o2c__series_ln_range(series[i].low, series[i].high, (uint32_t)series[i].ln_range);
    }
    o2c__release(memory, order, n * 2 * sizeof *order);
    measure->model->series = series;
    measure->model->series_count = series ? (uint32_t)n : 0;
    return series != NULL;
}

o2c_status
o2c__measure(o2c_match_model *model, const o2c_match_pool *pool, o2c_error *err)
{
    struct measure measure = { .pool = pool, .model = model };
    o2c__vector_init(&measure.rows, &model->context.memory, sizeof(struct o2c__series));
    o2c_status status = add_all(&measure, err);
    if (!status && !settle(&measure))
        status = o2c__fail(err, O2C_E_NOMEM, "", "no memory to measure the pool");
    o2c__slots_free(&measure.slots, &model->context.memory);
    o2c__vector_free(&measure.rows);
    return status;
}

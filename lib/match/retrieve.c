/* SPDX-License-Identifier: Apache-2.0 */
/* Retrieve: the texts of a batch of payments are read together, looked up together, and then each payment gets hits and payers. */
#include "match/text.h"

/* The one company of the pool when the payment names none; O2C__NONE = the pool has no items of it. */
static uint32_t
company_of(const o2c_match_pool *pool, o2c_str name)
{
    for (uint32_t i = 0; i < pool->companies_count; i++) {
        if (o2c__str_equal(name, o2c__pool_str(pool, pool->companies[i])))
            return i;
    }
    return name.len == 0 && pool->companies_count == 1 ? 0 : O2C__NONE;
}

static bool
read_text(struct o2c__reader *reader, struct o2c__reading *reading)
{
    struct o2c__case *one = reading->one;
    if (!o2c__text_join(reader, reading))
        return false;
    if (one->payment->route != O2C_ROUTE_CUSTOMER)
        return true;
    one->company = company_of(reader->solve->pool, o2c__ref_str(one->payment->company, reader->solve->payments->heap));
    o2c_str text = { o2c__reading_text(reader, reading), one->text.len };
    if (!o2c__text_atoms(reader->solve, text, reading))
        return false;
    o2c__text_windows(reader, reading);
    return !reader->failed;
}

static bool
decide(struct o2c__reader *reader, struct o2c__reading *reading)
{
    if (reading->one->payment->route != O2C_ROUTE_CUSTOMER)
        return true;
    return o2c__retrieve_lines(reader, reading) && o2c__text_hits(reader, reading) && o2c__payers(reader, reading);
}

static bool
reader_new(struct o2c__reader *reader, struct o2c__solve *solve, struct o2c__reading **out, uint32_t count)
{
    memset(reader, 0, sizeof *reader);
    reader->solve = solve;
    reader->probes = o2c__arena_alloc(&solve->arena, O2C__PROBES * sizeof *reader->probes);
    *out = o2c__arena_alloc(&solve->arena, count * sizeof **out);
    return reader->probes && *out;
}

o2c_status
o2c__retrieve(struct o2c__solve *solve, uint64_t first, uint32_t count, struct o2c__case *cases, o2c_error *err)
{
    struct o2c__reader reader;
    struct o2c__reading *readings;
    bool whole = reader_new(&reader, solve, &readings, count);
    for (uint32_t i = 0; whole && i < count; i++) {
        struct o2c__reading *reading = &readings[i];
        memset(reading, 0, sizeof *reading);
        memset(&cases[i], 0, sizeof cases[i]);
        reading->raws_end = &reading->raws;
        reading->one = &cases[i];
        cases[i].payment = &solve->payments->rows[first + i];
        cases[i].row = (uint32_t)(first + i);
        cases[i].company = O2C__NONE;
        whole = read_text(&reader, reading);
    }
    if (whole)
        o2c__probes_run(&reader);
    for (uint32_t i = 0; whole && !reader.failed && i < count; i++)
        whole = decide(&reader, &readings[i]);
    return whole && !reader.failed ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, "", "no memory to read a payment's text");
}

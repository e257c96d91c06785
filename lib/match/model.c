/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model: what was measured on a whole snapshot. For a number that stands in a text by accident it says how many other numbers
 * of its kind might have stood there: the size R of its range (MATCHER 5.5).
 */
#include "match/difference.h"
#include "match/index.h"
#include "match/learn.h"
#include "match/model.h"
#include "match/prior.h"

#define DIGITS_MAX 18u /* numbers of more digits are measured by their last 18: they fit 64 bits */

/* FNV-1a: equal on every platform and for every handle, as it goes into the model's hash. */
uint64_t
o2c__shape_of(o2c_str folded, uint32_t digits)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < folded.len && (folded.ptr[i] < '0' || folded.ptr[i] > '9'); i++)
        hash = (hash ^ (uint8_t)folded.ptr[i]) * UINT64_C(0x100000001B3);
    return (hash ^ digits) * UINT64_C(0x100000001B3);
}

uint64_t
o2c__shape(o2c_str folded, uint32_t *out_digits)
{
    uint32_t digits = 0;
    for (size_t i = 0; i < folded.len; i++)
        digits += folded.ptr[i] >= '0' && folded.ptr[i] <= '9';
    *out_digits = digits;
    return o2c__shape_of(folded, digits);
}

/* A hundredth of the numbers of that length, at least one. */
static uint64_t
range_floor(uint32_t digits)
{
    uint64_t floor = 1;
    for (uint32_t i = 2; i < digits && i < DIGITS_MAX; i++)
        floor *= 10;
    return floor;
}

int32_t
o2c__model_ln_range(const o2c_match_model *model, uint64_t shape, uint32_t digits)
{
    uint32_t low = 0, high = model->series_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model->series[middle].shape < shape)
            low = middle + 1;
        else
            high = middle;
    }
    return low < model->series_count && model->series[low].shape == shape ? model->series[low].ln_range : o2c__ln_u64(range_floor(digits));
}

int32_t
o2c__series_ln_range(uint64_t low, uint64_t high, uint32_t digits)
{
    uint64_t range = high - low + 1, floor = range_floor(digits);
    return o2c__ln_u64(range > floor ? range : floor);
}

bool
o2c__model_settle(o2c_match_model *model)
{
    return o2c__model_hash(model) && o2c__prior_learn(model, model->learned ? &model->learned->habits : NULL) && o2c__differ_learn(model);
}

o2c_status
o2c__model_finish(o2c_match_model *model, o2c_match_model **out_model, o2c_error *err)
{
    if (!o2c__model_settle(model)) {
        o2c_match_model_free(model);
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a model");
    }
    *out_model = model;
    return O2C_OK;
}

o2c_match_model *
o2c__model_alloc(const o2c__context *context)
{
    o2c__context own = *context;
    own.memory.used = 0;
    o2c_match_model *model = o2c__alloc_zero(&own.memory, 1, sizeof *model);
    if (model) {
        model->context = own;
        model->accounts = 1;
    }
    return model;
}

o2c_match_model *
o2c__model_copy(const o2c_match_model *model, bool with_series)
{
    o2c_match_model *next = o2c__model_alloc(&model->context);
    bool whole = next != NULL;
    if (whole && model->learned)
        whole = (next->learned = o2c__memories_copy(&next->context.memory, model->learned)) != NULL;
    if (whole && with_series && model->series_count) {
        next->series = o2c__alloc_array(&next->context.memory, model->series_count, sizeof *model->series);
        whole = next->series != NULL;
        if (whole)
            memcpy(next->series, model->series, model->series_count * sizeof *model->series);
        next->series_count = whole ? model->series_count : 0;
    }
    if (whole && with_series)
        next->accounts = model->accounts;
    if (!whole)
        o2c_match_model_free(next);
    return whole ? next : NULL;
}

void
o2c_match_model_hash(const o2c_match_model *model, uint8_t out_hash[32])
{
    if (model && out_hash)
        memcpy(out_hash, model->hash, sizeof model->hash);
}

o2c_status
o2c_match_model_new(const o2c_env *env, o2c_match_model **out_model, o2c_error *err)
{
    o2c__context context;
    if (!out_model)
        return o2c__fail(err, O2C_E_MISUSE, "out_model", "out_model is NULL");
    o2c_status status = o2c__context_init(&context, env, UINT64_MAX, err);
    if (status)
        return status;
    o2c_match_model *model = o2c__model_alloc(&context);
    return model ? o2c__model_finish(model, out_model, err) : o2c__fail(err, O2C_E_NOMEM, "", "no memory for a model");
}

o2c_status
o2c_match_model_measure(const o2c_match_model *model, const o2c_match_pool *pool, o2c_match_model **out_model, o2c_error *err)
{
    if (!model || !pool || !out_model)
        return o2c__fail(err, O2C_E_MISUSE, !model ? "model" : !pool ? "pool" : "out_model", "a pointer is NULL");
    if (!pool->frozen)
        return o2c__fail(err, O2C_E_MISUSE, "pool", "the pool is not frozen");
    o2c_match_model *next = o2c__model_copy(model, false);
    if (!next)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a model");
    next->accounts = pool->accounts_count ? pool->accounts_count : 1;
    o2c_status status = o2c__measure(next, pool, err);
    if (status) {
        o2c_match_model_free(next);
        return status;
    }
    return o2c__model_finish(next, out_model, err);
}

o2c_status
o2c__model_take_series(const o2c_match_model *model, const o2c_match_model *measured, o2c_match_model **out_model, o2c_error *err)
{
    o2c_match_model *next = o2c__model_copy(model, false);
    size_t n = measured->series_count;
    if (next && n)
        next->series = o2c__alloc_array(&next->context.memory, n, sizeof *next->series);
    if (!next || (n && !next->series)) {
        o2c_match_model_free(next);
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory for a model");
    }
    if (n)
        memcpy(next->series, measured->series, n * sizeof *next->series);
    next->series_count = (uint32_t)n;
    next->accounts = measured->accounts;
    return o2c__model_finish(next, out_model, err);
}

void
o2c_match_model_free(o2c_match_model *model)
{
    if (!model)
        return;
    o2c__memory memory = model->context.memory;
    o2c__memories_free(&model->context.memory, model->learned);
    o2c__differ_free(model);
    o2c__prior_free(model);
    o2c__release(&memory, model->series, model->series_count * sizeof *model->series);
    o2c__release(&memory, model, sizeof *model);
}

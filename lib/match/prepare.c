/* SPDX-License-Identifier: Apache-2.0 */
/* Statements and history in, payments and everything else out: each line of the input exactly once, in input order. */
#include "match/prepare.h"

static void
open_answer(o2c_match_prepared *out)
{
    o2c__memory *memory = &out->context.memory;
    o2c__vector_init(&out->payments, memory, sizeof(o2c_payment));
    o2c__vector_init(&out->texts, memory, sizeof(o2c_text));
    o2c__vector_init(&out->remittances, memory, sizeof(o2c_remittance));
    o2c__vector_init(&out->lines, memory, sizeof(o2c_remittance_line));
    o2c__vector_init(&out->parked, memory, sizeof(o2c_match_parked));
    o2c__text_heap_init(&out->heap, memory);
}

void
o2c_match_prepared_free(o2c_match_prepared *prepared)
{
    if (!prepared)
        return;
    o2c__vector_free(&prepared->payments);
    o2c__vector_free(&prepared->texts);
    o2c__vector_free(&prepared->remittances);
    o2c__vector_free(&prepared->lines);
    o2c__vector_free(&prepared->parked);
    o2c__text_heap_free(&prepared->heap);
    o2c__memory memory = prepared->context.memory;
    o2c__release(&memory, prepared, sizeof *prepared);
}

static void
open_work(struct o2c__prepare *prepare, o2c_match_prepared *out)
{
    prepare->out = out;
    prepare->memory = &out->context.memory;
    o2c__arena_init(&prepare->arena, prepare->memory, 0);
    o2c__vector_init(&prepare->sheets, prepare->memory, sizeof(struct o2c__sheet));
    o2c__vector_init(&prepare->drafts, prepare->memory, sizeof(struct o2c__draft));
    o2c__map_init(&prepare->ours, prepare->memory, out->context.key);
    o2c__map_init(&prepare->own, prepare->memory, out->context.key);
    o2c__map_init(&prepare->prefixes, prepare->memory, out->context.key);
}

static void
close_work(struct o2c__prepare *prepare)
{
    o2c__map_free(&prepare->ours);
    o2c__map_free(&prepare->own);
    o2c__map_free(&prepare->prefixes);
    o2c__vector_free(&prepare->sheets);
    o2c__vector_free(&prepare->drafts);
    o2c__arena_free(&prepare->arena);
}

/* The structs that the request points to, read by the struct_size rule. */
static o2c_status
read_request(struct o2c__prepare *prepare, o2c_error *err)
{
    const o2c_match_prepare_request *request = &prepare->request;
    if ((request->files_count && !request->files) || request->accept_mismatch > 1)
        return o2c__fail(err, O2C_E_MISUSE, "files", "files is NULL, or accept_mismatch is neither 0 nor 1");
    if (request->files_count >= O2C__NONE)
        return o2c__fail(err, O2C_E_LIMIT, "files", "more than 2^32 - 2 files");
    prepare->files_count = (uint32_t)request->files_count;
    prepare->files = o2c__arena_alloc(&prepare->arena, prepare->files_count * sizeof *prepare->files);
    if (!prepare->files)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the files");
    for (uint32_t i = 0; i < prepare->files_count; i++) {
        if (!request->files[i])
            return o2c__fail(err, O2C_E_MISUSE, "files", "file %u is NULL", i);
        o2c_status status =
            o2c__options_read(request->files[i], &prepare->files[i], sizeof *prepare->files, sizeof *prepare->files, "files", err);
        if (status)
            return status;
    }
    o2c_status status =
        o2c__options_read(request->history, &prepare->history, sizeof prepare->history, sizeof prepare->history, "history", err);
    if (status)
        return status;
    return o2c__options_read(request->remittances, &prepare->remittances, sizeof prepare->remittances, sizeof prepare->remittances,
                             "remittances", err);
}

static o2c_status
work(struct o2c__prepare *prepare, o2c_error *err)
{
    o2c_status status = read_request(prepare, err);
    if (status == O2C_OK)
        status = o2c__prepare_check(prepare, err);
    if (status == O2C_OK)
        status = o2c__prepare_sheets(prepare, err);
    if (status == O2C_OK && !o2c__prepare_join(prepare))
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to join statements and notifications");
    if (status == O2C_OK)
        status = o2c__prepare_drafts(prepare, err);
    if (status == O2C_OK && (!o2c__prepare_duplicates(prepare) || !o2c__prepare_write(prepare)))
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the payments");
    return status;
}

o2c_status
o2c_match_prepare(const o2c_env *env, const o2c_match_prepare_request *request, o2c_match_prepared **out_prepared, o2c_error *err)
{
    o2c__context context;
    struct o2c__prepare prepare;
    memset(&prepare, 0, sizeof prepare);
    if (!request || !out_prepared)
        return o2c__fail(err, O2C_E_MISUSE, "request", "request or out_prepared is NULL");
    o2c_status status = o2c__context_init(&context, env, UINT64_MAX, err);
    if (status == O2C_OK)
        status = o2c__options_read(request, &prepare.request, sizeof prepare.request, sizeof prepare.request, "request", err);
    if (status)
        return status;
    o2c_match_prepared *out = o2c__alloc_zero(&context.memory, 1, sizeof *out);
    if (!out)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the payments");
    out->context = context;
    open_answer(out);
    open_work(&prepare, out);
    status = work(&prepare, err);
    close_work(&prepare);
    if (status) {
        o2c_match_prepared_free(out);
        return status;
    }
    *out_prepared = out;
    return O2C_OK;
}

void
o2c_match_prepared_payments(const o2c_match_prepared *prepared, o2c_payments *out)
{
    if (!prepared || !out)
        return;
    o2c_payments all = { .rows = prepared->payments.rows, .count = prepared->payments.count, .texts = prepared->texts.rows,
                         .texts_count = prepared->texts.count, .heap = o2c__text_heap_str(&prepared->heap) };
    all.struct_size = sizeof all;
    o2c__options_write(out, &all, sizeof all, sizeof all);
}

void
o2c_match_prepared_remittances(const o2c_match_prepared *prepared, o2c_remittances *out)
{
    if (!prepared || !out)
        return;
    o2c_remittances all = { .rows = prepared->remittances.rows, .count = prepared->remittances.count, .lines = prepared->lines.rows,
                            .lines_count = prepared->lines.count, .heap = o2c__text_heap_str(&prepared->heap) };
    all.struct_size = sizeof all;
    o2c__options_write(out, &all, sizeof all, sizeof all);
}

void
o2c_match_prepared_parked(const o2c_match_prepared *prepared, const o2c_match_parked **out_rows, uint64_t *out_count, o2c_str *out_heap)
{
    if (out_rows)
        *out_rows = prepared ? prepared->parked.rows : NULL;
    if (out_count)
        *out_count = prepared ? prepared->parked.count : 0;
    if (out_heap)
        *out_heap = prepared ? o2c__text_heap_str(&prepared->heap) : (o2c_str){ "", 0 };
}

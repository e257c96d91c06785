/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes → the reader of models: what it takes it writes back byte for byte. The same bytes → feedback: a model that learned it is read
 * back from its own bytes, and rows in the other order give the same ones.
 */
#include <o2c/o2c.h>

#include "fuzz.h"

static char *
written(const o2c_match_model *model, size_t *out_len)
{
    FUZZ_DEMAND(o2c_match_model_write(model, NULL, 0, out_len, NULL) == O2C_E_ARG);
    char *bytes = malloc(*out_len);
    FUZZ_DEMAND(bytes && o2c_match_model_write(model, bytes, *out_len, out_len, NULL) == O2C_OK);
    return bytes;
}

static void
read_bytes(const uint8_t *data, size_t size)
{
    o2c_str bytes = { (const char *)data, size };
    o2c_match_model *model = NULL;
    size_t len;
    if (o2c_match_model_read(NULL, &bytes, &model, NULL) != O2C_OK)
        return;
    char *again = written(model, &len);
    FUZZ_DEMAND(len == size && memcmp(again, data, size) == 0);
    free(again);
    o2c_match_model_free(model);
}

#define ROWS 24

static void
fill(struct fuzz_input *input, o2c_feedback *row, uint32_t heap_len)
{
    memset(row, 0, sizeof *row);
    row->payment = (o2c_ref){ fuzz_u8(input) % heap_len, 1 };
    row->account = (o2c_ref){ fuzz_u8(input) % 4, fuzz_u8(input) % 3 };
    row->bank_account = (o2c_ref){ fuzz_u8(input) % 8, fuzz_u8(input) % 6 };
    row->name = (o2c_ref){ fuzz_u8(input) % 8, fuzz_u8(input) % 6 };
    row->verdict = 1 + fuzz_u8(input) % 9;
    row->right = row->verdict == O2C_VERDICT_MODIFIED || row->verdict == O2C_VERDICT_HISTORY ? fuzz_u8(input) % 2 : 0;
    row->source = 1 + fuzz_u8(input) % 4;
    row->day = 100 + fuzz_u8(input) % 3;
    row->line_class = fuzz_u8(input) % 4;
    row->error_ppb = (uint32_t)(fuzz_u64(input) % 1000000001);
    row->would_auto = fuzz_u8(input) % 2;
    row->learned_row = fuzz_u8(input) % 3;
    row->text.at = fuzz_u8(input) % heap_len;
    row->text.len = fuzz_u8(input) % (heap_len - row->text.at);
    row->document.at = fuzz_u8(input) % heap_len;
    row->document.len = fuzz_u8(input) % (heap_len - row->document.at) % 64;
}

static o2c_match_model *
learned(const o2c_feedback *rows, uint64_t count, const o2c_str *heap)
{
    o2c_match_model *cold = NULL, *model = NULL;
    FUZZ_DEMAND(o2c_match_model_new(NULL, &cold, NULL) == O2C_OK);
    o2c_status status = o2c_match_learn(cold, NULL, rows, count, heap, &model, NULL, NULL);
    FUZZ_DEMAND(status == O2C_OK || status == O2C_E_MATCH_FEEDBACK);
    o2c_match_model_free(cold);
    return model;
}

static void
learn_rows(const uint8_t *data, size_t size)
{
    struct fuzz_input input = { data, size, 0 };
    o2c_feedback rows[ROWS], turned[ROWS];
    o2c_str heap = { (const char *)data, size };
    uint32_t count = size < 16 ? 0 : fuzz_u8(&input) % ROWS;
    for (uint32_t i = 0; i < count; i++) {
        fill(&input, &rows[i], (uint32_t)(size < 200 ? size : 200));
        turned[count - 1 - i] = rows[i];
    }
    o2c_match_model *a = learned(rows, count, &heap), *b = learned(turned, count, &heap);
    FUZZ_DEMAND((a == NULL) == (b == NULL));
    if (a) {
        size_t a_len, b_len;
        char *x = written(a, &a_len), *y = written(b, &b_len);
        FUZZ_DEMAND(a_len == b_len && memcmp(x, y, a_len) == 0);
        read_bytes((const uint8_t *)x, a_len);
        free(x);
        free(y);
    }
    o2c_match_model_free(a);
    o2c_match_model_free(b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    read_bytes(data, size);
    learn_rows(data, size);
    return 0;
}

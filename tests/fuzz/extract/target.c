/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts to hits: the first byte says how many pieces, each piece ends at a NUL; the last one is the end-to-end id. Spans lie inside
 * the text, what stands there is what was cited, tokens are counted, a second reading says the same.
 */
#include "fuzz.h"
#include "match/index.h"
#include "match/match.h"

#define PIECES_MAX 8

static const char *const documents[] = { "INV-100234", "INV-100235", "INV-100236", "CRN-7001", "RE-2024-00123", "4711", "0000815815",
                                         "A12B345678",  "90017",     "DN-90017",   "100234",   "PLAN-1001",     "PLAN-1001", "X-00001" };

struct desk {
    o2c_match_pool *pool;
    o2c_match_model *model;
};

static o2c_ref
add(o2c_heap *heap, const char *text)
{
    o2c_ref ref = { 0, 0 };
    o2c_str str = o2c__str(text);
    FUZZ_DEMAND(o2c_heap_add(heap, &str, &ref, NULL) == O2C_OK);
    return ref;
}

static void
put_items(struct desk *desk, o2c_heap *heap)
{
    enum { COUNT = sizeof documents / sizeof documents[0] };
    o2c_open_item items[COUNT];
    o2c_reference references[2];
    o2c_str bytes;
    memset(items, 0, sizeof items);
    memset(references, 0, sizeof references);
    for (int i = 0; i < COUNT; i++) {
        char key[8], account[8];
        snprintf(key, sizeof key, "I%d", i);
        snprintf(account, sizeof account, "C%d", i % 3);
        items[i].key = add(heap, key);
        items[i].account = add(heap, account);
        items[i].document = add(heap, documents[i]);
        memcpy(items[i].currency, "EUR", 4);
        items[i].kind = O2C_ITEM_INVOICE;
        items[i].open_minor = 1000 + i;
    }
    references[0].item = items[2].key, references[0].text = add(heap, "RF98INV2026000123");
    references[0].kind = O2C_REFERENCE_STRUCTURED, references[0].scheme = O2C_SCHEME_RF;
    references[1].item = items[1].key, references[1].text = add(heap, "PO 4711"), references[1].kind = O2C_REFERENCE_PURCHASE_ORDER;
    o2c_heap_bytes(heap, &bytes);
    FUZZ_DEMAND(o2c_match_pool_put_items(desk->pool, items, COUNT, &bytes, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_pool_put_references(desk->pool, references, 2, &bytes, NULL) == O2C_OK);
}

static void
open_desk(struct desk *desk)
{
    o2c_heap *heap = NULL;
    o2c_match_model *cold = NULL;
    FUZZ_DEMAND(o2c_heap_new(NULL, &heap, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_pool_new(NULL, NULL, &desk->pool, NULL) == O2C_OK);
    put_items(desk, heap);
    FUZZ_DEMAND(o2c_match_pool_freeze(desk->pool, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_model_new(NULL, &cold, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_model_measure(cold, desk->pool, &desk->model, NULL) == O2C_OK);
    o2c_match_model_free(cold);
    o2c_heap_free(heap);
}

/* Letters and digits of a stretch of the text. */
static size_t
squeeze(o2c_str text, char *out)
{
    size_t len = o2c__fold_reference(text.ptr, text.len, out, NULL), count = 0;
    for (size_t i = 0; i < len; i++) {
        if (out[i] != ' ')
            out[count++] = out[i];
    }
    return count;
}

/* An exact hit stands there with all its digits; a normalized one with all but zeros. */
static void
check_span(const o2c_match_pool *pool, const struct o2c__case *one, const struct o2c__hit *hit, o2c_str text)
{
    struct o2c__forms forms;
    char *span = malloc(hit->len + 1);
    size_t len = squeeze((o2c_str){ text.ptr + hit->at, hit->len }, span);
    uint32_t item = hit->item != O2C__NONE ? hit->item : one->members[hit->group_at];
    o2c__forms(o2c__pool_str(pool, pool->echo[item].document), &forms);
    o2c_str digits = { forms.full + forms.digits_at, forms.digits_len }, there = { span, len };
    if (hit->error == O2C__REF_EXACT)
        FUZZ_DEMAND(o2c__str_equal(there, digits) || o2c__str_equal(there, (o2c_str){ forms.full, forms.full_len }));
    FUZZ_DEMAND(len > 0 && span[0] != ' ');
    free(span);
}

static void
check_case(const struct o2c__solve *solve, const struct o2c__case *one)
{
    o2c_str heap = o2c__text_heap_str(&solve->solution->heap), text = o2c__ref_str(one->text, heap);
    FUZZ_DEMAND(o2c__ref_inside(one->text, heap));
    for (uint32_t i = 0; i < one->hits_count; i++) {
        const struct o2c__hit *hit = &one->hits[i];
        FUZZ_DEMAND(hit->token < one->tokens && (size_t)hit->at + hit->len <= text.len && hit->len > 0);
        FUZZ_DEMAND(hit->item != O2C__NONE ? hit->item < solve->pool->count : hit->group_count > 1);
        FUZZ_DEMAND(hit->group_at + hit->group_count <= one->members_count);
        check_span(solve->pool, one, hit, text);
    }
    for (uint32_t i = 0; i < one->payers_count; i++)
        FUZZ_DEMAND(one->payers[i].account < solve->pool->accounts_count && one->payers[i].chance_ppm <= 1000000);
}

static void
read_payment(struct fuzz_input *input, o2c_payment *payment, o2c_text *texts, o2c_str *heap)
{
    uint32_t pieces = fuzz_u8(input) % PIECES_MAX;
    heap->ptr = fuzz_rest(input, &heap->len);
    uint32_t at = 0;
    memset(payment, 0, sizeof *payment);
    memcpy(payment->currency, "EUR", 4);
    payment->amount_minor = 1000 + pieces;
    for (uint32_t i = 0; i <= pieces; i++) {
        uint32_t end = at;
        while (end < heap->len && heap->ptr[end] != 0)
            end++;
        o2c_ref ref = { end > at ? at : 0, end - at };
        if (i == pieces)
            payment->end_to_end_id = ref;
        else
            texts[payment->texts_count++].text = ref;
        at = end < heap->len ? end + 1 : end;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct desk desk;
    struct fuzz_input input = { data, size, 0 };
    o2c_payment rows[2];
    o2c_text texts[PIECES_MAX];
    struct o2c__case cases[2];
    o2c_match_solution solution;
    o2c_match_policy policy;
    if (!desk.pool)
        open_desk(&desk);
    memset(texts, 0, sizeof texts);
    memset(&solution, 0, sizeof solution);
    o2c_payments payments = { sizeof payments, 0, rows, 2, texts, PIECES_MAX, { "", 0 } };
    read_payment(&input, &rows[0], texts, &payments.heap);
    rows[1] = rows[0];
    o2c__policy_defaults(&policy);
    struct o2c__solve solve = { .pool = desk.pool, .model = desk.model, .policy = &policy, .payments = &payments, .solution = &solution };
    FUZZ_DEMAND(o2c__context_init(&solve.context, NULL, UINT64_MAX, NULL) == O2C_OK);
    o2c__text_heap_init(&solution.heap, &solve.context.memory);
    o2c__arena_init(&solve.arena, &solve.context.memory, 0);
    FUZZ_DEMAND(o2c__retrieve(&solve, 0, 2, cases, NULL) == O2C_OK);
    check_case(&solve, &cases[0]);
    FUZZ_DEMAND(cases[0].hits_count == cases[1].hits_count && cases[0].text.len == cases[1].text.len);
    if (cases[0].hits_count)
        FUZZ_DEMAND(memcmp(cases[0].hits, cases[1].hits, cases[0].hits_count * sizeof *cases[0].hits) == 0);
    uint32_t accounts[1] = { 0 };
    FUZZ_DEMAND(o2c__retrieve_damaged(&solve, &cases[0], accounts, 1, NULL) == O2C_OK);
    check_case(&solve, &cases[0]);
    o2c__arena_free(&solve.arena);
    o2c__text_heap_free(&solution.heap);
    FUZZ_DEMAND(solve.context.memory.used == 0);
    return 0;
}

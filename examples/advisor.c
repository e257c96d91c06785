/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The advisor in C: put items, solve, read the proposals. No files, no store, libo2c alone.
 *
 *     cc advisor.c $(pkg-config --cflags --libs libo2c) -o advisor && ./advisor
 */
#include <o2c/o2c.h>
#include <stdio.h>
#include <string.h>

/* Strings of records stand in a heap; a record holds a reference into it. */
static o2c_ref
text(o2c_heap *heap, const char *words)
{
    o2c_str bytes = { words, strlen(words) };
    o2c_ref ref = { 0, 0 };
    if (o2c_heap_add(heap, &bytes, &ref, NULL) != O2C_OK)
        fprintf(stderr, "out of memory\n");
    return ref;
}

static o2c_open_item
item(o2c_heap *heap, const char *number, const char *customer, int64_t cents, int32_t due_day)
{
    o2c_open_item row = { .kind = O2C_ITEM_INVOICE, .currency = "EUR", .open_minor = cents, .due_day = due_day };
    row.key = row.document = text(heap, number);
    row.account = text(heap, customer);
    return row;
}

/* A pool of three invoices, and a model that knows how our numbers look. */
static o2c_status
put_items(o2c_match_pool *pool, o2c_heap *heap, o2c_error *err)
{
    o2c_open_item items[] = {
        item(heap, "INV-100234", "C1", 100000, 20500),
        item(heap, "INV-100235", "C1", 25000, 20510),
        item(heap, "INV-200017", "C2", 80000, 20505),
    };
    o2c_str bytes;
    o2c_heap_bytes(heap, &bytes);
    o2c_status status = o2c_match_pool_put_items(pool, items, 3, &bytes, err);
    return status ? status : o2c_match_pool_freeze(pool, err);
}

/* One payment: 1,250.00 EUR with two numbers in its text. */
static o2c_status
solve(o2c_match_pool *pool, o2c_match_model *model, o2c_heap *heap, o2c_match_solution **out, o2c_error *err)
{
    o2c_payment payment = { .currency = "EUR", .amount_minor = 125000, .value_day = 20512, .booking_day = 20512, .texts_count = 1 };
    payment.key = text(heap, "P1");
    payment.payer_name = text(heap, "Beispiel GmbH");
    o2c_text piece = { .text = text(heap, "Rechnungen INV-100234 und INV-100235") };
    o2c_payments payments = { .struct_size = sizeof(payments), .rows = &payment, .count = 1, .texts = &piece, .texts_count = 1 };
    o2c_heap_bytes(heap, &payments.heap);
    o2c_match_request request = { .struct_size = sizeof(request), .as_of = 20512, .payments = &payments };
    return o2c_match_solve(NULL, pool, model, &request, out, err);
}

static void
print(const o2c_match_solution *solution)
{
    const o2c_proposal *proposals;
    const o2c_line *lines;
    uint64_t count, lines_count;
    o2c_str heap;
    char sentence[2048], paid[24];
    size_t needed;
    o2c_match_solution_proposals(solution, &proposals, &count);
    o2c_match_solution_lines(solution, &lines, &lines_count);
    o2c_match_solution_heap(solution, &heap);
    for (uint64_t i = 0; i < count; i++) {
        printf("%s %s\n", o2c_code_name(O2C_TABLE_BAND, proposals[i].band), o2c_code_name(O2C_TABLE_PROPOSAL_KIND, proposals[i].kind));
        for (uint32_t k = 0; k < proposals[i].lines_count; k++) {
            const o2c_line *line = &lines[proposals[i].lines_at + k];
            o2c_money money = { .minor = line->paid_minor };
            memcpy(money.currency, line->currency, sizeof(money.currency));
            if (o2c_money_write(&money, paid, sizeof(paid), NULL) == O2C_OK)
                printf("  %.*s %s %u ppm\n", (int)line->document.len, heap.ptr + line->document.at, paid, line->confidence_ppm);
        }
        if (o2c_match_say(solution, i, sentence, sizeof(sentence), &needed, NULL) == O2C_OK)
            printf("  %s\n", sentence);
    }
}

int
main(void)
{
    o2c_error err = { 0 };
    o2c_heap *heap = NULL;
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_match_solution *solution = NULL;
    o2c_status status = o2c_heap_new(NULL, &heap, &err);
    if (!status)
        status = o2c_match_pool_new(NULL, NULL, &pool, &err);
    if (!status)
        status = put_items(pool, heap, &err);
    if (!status)
        status = o2c_match_model_new(NULL, &cold, &err);
    if (!status)
        status = o2c_match_model_measure(cold, pool, &model, &err);
    if (!status)
        status = solve(pool, model, heap, &solution, &err);
    if (!status)
        print(solution);
    else
        fprintf(stderr, "%s: %s\n", o2c_status_name(status), err.message);
    o2c_match_solution_free(solution);
    o2c_match_model_free(model);
    o2c_match_model_free(cold);
    o2c_match_pool_free(pool);
    o2c_heap_free(heap);
    return status ? 1 : 0;
}

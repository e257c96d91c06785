/* SPDX-License-Identifier: Apache-2.0 */
#include "support/build.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "Bail out! builder: %s\n", what);
    abort();
}

static o2c_str
str(const char *text)
{
    return (o2c_str){ text, text ? strlen(text) : 0 };
}

o2c_ref
desk_text(struct desk *desk, const char *text)
{
    o2c_ref ref = { 0, 0 };
    o2c_str bytes = str(text);
    must(o2c_heap_add(desk->heap, &bytes, &ref, NULL) == O2C_OK, "heap");
    return ref;
}

int32_t
desk_day(const char *iso)
{
    int32_t day = 0;
    o2c_str text = str(iso);
    if (!iso)
        return 0;
    must(o2c_date_read(&text, &day, NULL) == O2C_OK, iso);
    return day;
}

void
desk_open(struct desk *desk)
{
    memset(desk, 0, sizeof *desk);
    must(o2c_heap_new(NULL, &desk->heap, NULL) == O2C_OK, "heap");
}

void
desk_close(struct desk *desk)
{
    o2c_match_solution_free(desk->solution);
    o2c_match_rules_free(desk->rules);
    o2c_match_model_free(desk->model);
    o2c_match_pool_free(desk->pool);
    o2c_heap_free(desk->heap);
    memset(desk, 0, sizeof *desk);
}

o2c_open_item *
desk_item(struct desk *desk, const char *key, const char *account, const char *document, int64_t open, const char *document_day, const char *due_day)
{
    must(desk->items_count < DESK_ITEMS_MAX, "too many items");
    o2c_open_item *item = &desk->items[desk->items_count++];
    item->key = desk_text(desk, key);
    item->account = desk_text(desk, account);
    item->document = desk_text(desk, document);
    item->kind = open < 0 ? O2C_ITEM_CREDIT_MEMO : O2C_ITEM_INVOICE;
    memcpy(item->currency, "USD", 4);
    item->open_minor = item->original_minor = open;
    item->document_day = desk_day(document_day);
    item->due_day = desk_day(due_day);
    item->version = 1;
    return item;
}

o2c_reference *
desk_reference(struct desk *desk, const char *item, int32_t kind, const char *text)
{
    must(desk->references_count < DESK_ROWS_MAX, "too many references");
    o2c_reference *row = &desk->references[desk->references_count++];
    row->item = desk_text(desk, item);
    row->text = desk_text(desk, text);
    row->kind = kind;
    return row;
}

o2c_account *
desk_account(struct desk *desk, const char *key, const char *name)
{
    must(desk->accounts_count < DESK_ROWS_MAX, "too many accounts");
    o2c_account *row = &desk->accounts[desk->accounts_count++];
    row->key = desk_text(desk, key);
    row->name = desk_text(desk, name);
    return row;
}

o2c_bank_account *
desk_bank_account(struct desk *desk, const char *account, const char *number)
{
    must(desk->bank_accounts_count < DESK_ROWS_MAX, "too many bank accounts");
    o2c_bank_account *row = &desk->bank_accounts[desk->bank_accounts_count++];
    row->account = desk_text(desk, account);
    row->number = desk_text(desk, number);
    row->state = O2C_BANK_ACCOUNT_CONFIRMED;
    return row;
}

o2c_tie *
desk_tie(struct desk *desk, const char *payer, const char *owner, int32_t kind)
{
    must(desk->ties_count < DESK_ROWS_MAX, "too many ties");
    o2c_tie *row = &desk->ties[desk->ties_count++];
    row->payer = desk_text(desk, payer);
    row->owner = desk_text(desk, owner);
    row->kind = kind;
    return row;
}

o2c_payment *
desk_payment(struct desk *desk, const char *key, int64_t amount, const char *day, const char *iban, const char *text)
{
    must(desk->payments_count < DESK_ROWS_MAX && desk->texts_count < DESK_ROWS_MAX, "too many payments");
    o2c_payment *row = &desk->payments[desk->payments_count++];
    row->key = desk_text(desk, key);
    row->statement = desk_text(desk, "ST");
    row->ordinal = desk->payments_count - 1;
    memcpy(row->currency, "USD", 4);
    row->amount_minor = amount;
    row->value_day = row->booking_day = desk_day(day);
    row->payer_account = desk_text(desk, iban);
    row->texts_at = desk->texts_count;
    if (text) {
        desk->texts[desk->texts_count++].text = desk_text(desk, text);
        row->texts_count = 1;
    }
    return row;
}

o2c_remittance *
desk_remittance(struct desk *desk, const char *key, const char *payment)
{
    must(desk->remittances_count < DESK_ROWS_MAX, "too many remittances");
    o2c_remittance *row = &desk->remittances[desk->remittances_count++];
    row->key = desk_text(desk, key);
    row->payment = desk_text(desk, payment);
    memcpy(row->currency, "USD", 4);
    row->lines_at = desk->lines_count;
    return row;
}

o2c_remittance_line *
desk_line(struct desk *desk, const char *document, int64_t paid)
{
    must(desk->remittances_count > 0 && desk->lines_count < DESK_ROWS_MAX, "too many lines");
    o2c_remittance *head = &desk->remittances[desk->remittances_count - 1];
    o2c_remittance_line *row = &desk->lines[desk->lines_count++];
    row->document = desk_text(desk, document);
    row->kind = O2C_REMITTANCE_INVOICE;
    row->has = O2C_HAS_PAID;
    row->paid_minor = paid;
    row->ordinal = head->lines_count++;
    memcpy(row->currency, "USD", 4);
    return row;
}

void
desk_policy(struct desk *desk, const o2c_match_policy *policy)
{
    o2c_match_rules_free(desk->rules);
    desk->rules = NULL;
    must(o2c_match_rules_new(NULL, &policy, policy ? 1 : 0, &desk->rules, &desk->err) == O2C_OK, desk->err.message);
}

static void
rebuild(struct desk *desk, const o2c_str *heap)
{
    o2c_match_model *cold = NULL;
    o2c_master master = { sizeof master,  0,
                          desk->items,    desk->items_count,    desk->references,    desk->references_count,
                          desk->accounts, desk->accounts_count, desk->aliases,       desk->aliases_count,
                          desk->bank_accounts, desk->bank_accounts_count, desk->ties, desk->ties_count, *heap };
    o2c_match_solution_free(desk->solution);
    o2c_match_model_free(desk->model);
    o2c_match_pool_free(desk->pool);
    desk->solution = NULL;
    desk->model = NULL;
    desk->pool = NULL;
    must(o2c_match_pool_new(NULL, NULL, &desk->pool, &desk->err) == O2C_OK, desk->err.message);
    must(o2c_match_pool_put(desk->pool, &master, &desk->err) == O2C_OK, desk->err.message);
    must(o2c_match_pool_freeze(desk->pool, &desk->err) == O2C_OK, desk->err.message);
    if (!desk->base)
        must(o2c_match_model_new(NULL, &cold, &desk->err) == O2C_OK, desk->err.message);
    must(o2c_match_model_measure(desk->base ? desk->base : cold, desk->pool, &desk->model, &desk->err) == O2C_OK, desk->err.message);
    o2c_match_model_free(cold);
}

o2c_status
desk_solve(struct desk *desk)
{
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    rebuild(desk, &heap);
    o2c_payments payments = { sizeof payments, 0, desk->payments, desk->payments_count, desk->texts, desk->texts_count, heap };
    o2c_remittances remittances = { sizeof remittances, 0, desk->remittances, desk->remittances_count, desk->lines, desk->lines_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .rules = desk->rules };
    request.remittances = desk->remittances_count ? &remittances : NULL;
    return o2c_match_solve(NULL, desk->pool, desk->model, &request, &desk->solution, &desk->err);
}

const o2c_proposal *
desk_proposal(const struct desk *desk, uint32_t index)
{
    const o2c_proposal *rows;
    uint64_t count;
    o2c_match_solution_proposals(desk->solution, &rows, &count);
    must(index < count, "no such proposal");
    return &rows[index];
}

const o2c_line *
desk_lines(const struct desk *desk, uint32_t proposal)
{
    const o2c_line *rows;
    uint64_t count;
    o2c_match_solution_lines(desk->solution, &rows, &count);
    return rows + desk_proposal(desk, proposal)->lines_at;
}

struct page {
    char *buffer;
    size_t size, used;
};

static void
print(struct page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(page->buffer + page->used, page->size - page->used, format, args);
    va_end(args);
    must(n >= 0 && page->used + (size_t)n < page->size, "page too small");
    page->used += (size_t)n;
}

static void
print_amount(struct page *page, const char *before, int64_t minor, const char *currency)
{
    char text[24];
    o2c_money money = { minor, "", 0 };
    memcpy(money.currency, currency, 4);
    must(o2c_money_write(&money, text, sizeof text, NULL) == O2C_OK, "amount");
    print(page, "%s%s", before, text);
}

static void
print_part(struct page *page, const char *before, int64_t minor, const char *currency)
{
    if (minor)
        print_amount(page, before, minor, currency);
}

const char *
desk_render(const struct desk *desk, uint32_t proposal, char *buffer, size_t size)
{
    struct page page = { buffer, size, 0 };
    const o2c_proposal *p = desk_proposal(desk, proposal);
    const o2c_line *line = desk_lines(desk, proposal);
    o2c_str heap;
    buffer[0] = 0;
    o2c_match_solution_heap(desk->solution, &heap);
    for (uint32_t i = 0; i < p->lines_count; i++, line++) {
        print(&page, "%s%.*s", i ? "; " : "", (int)line->item.len, heap.ptr + line->item.at);
        print_amount(&page, "=", line->paid_minor, line->currency);
        print_part(&page, " d", line->discount_minor, line->currency);
        print_part(&page, " t", line->tolerance_minor, line->currency);
        print_part(&page, " c", line->charge_minor, line->currency);
        print_part(&page, " w", line->withholding_minor, line->currency);
        print_part(&page, " x", line->deduction_minor, line->currency);
        if (line->deduction_reason)
            print(&page, ":%s", o2c_code_name(O2C_TABLE_DEDUCTION_REASON, line->deduction_reason));
        print_part(&page, " o", line->remaining_minor, line->currency);
    }
    return buffer;
}

const char *
desk_say(const struct desk *desk, uint32_t proposal, char *buffer, size_t size)
{
    size_t needed = 0;
    must(o2c_match_say(desk->solution, proposal, buffer, size, &needed, NULL) == O2C_OK, "say");
    return buffer;
}

int
desk_has_reason(const struct desk *desk, uint32_t proposal, int32_t reason)
{
    const o2c_match_reason *rows;
    uint64_t count;
    const o2c_proposal *p = desk_proposal(desk, proposal);
    o2c_match_solution_reasons(desk->solution, &rows, &count);
    for (uint32_t i = 0; i < p->reasons_count; i++)
        if (rows[p->reasons_at + i].reason == reason)
            return 1;
    return 0;
}

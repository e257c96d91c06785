/* SPDX-License-Identifier: Apache-2.0 */
#include "match/past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/faulty.h"

static void
must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "Bail out! past: %s\n", what);
    abort();
}

void
past_open(struct past *past)
{
    memset(past, 0, sizeof *past);
    desk_open(&past->desk);
    past->options.struct_size = sizeof past->options;
}

void
past_close(struct past *past)
{
    o2c_match_report_free(past->report);
    desk_close(&past->desk);
}

o2c_clearing *
past_clear(struct past *past, const char *payment, const char *item, int64_t applied, const char *day)
{
    must(past->count < DESK_ROWS_MAX, "too many clearings");
    o2c_clearing *row = &past->rows[past->count++];
    row->payment = desk_text(&past->desk, payment);
    row->item = desk_text(&past->desk, item);
    row->applied_minor = applied;
    row->cleared_day = desk_day(day);
    return row;
}

static int32_t
take_day(void *self, const o2c_match_backtest_day *day)
{
    struct past *past = self;
    const o2c_proposal *proposals;
    const o2c_line *lines;
    const o2c_match_evidence *evidence;
    const o2c_match_alternative *alternatives;
    const o2c_match_reason *reasons;
    uint64_t n, digest = 0;
    o2c_str heap;
    o2c_match_solution_proposals(day->solution, &proposals, &n);
    digest = faulty_digest(digest, proposals, n * sizeof *proposals);
    o2c_match_solution_lines(day->solution, &lines, &n);
    digest = faulty_digest(digest, lines, n * sizeof *lines);
    o2c_match_solution_evidence(day->solution, &evidence, &n);
    digest = faulty_digest(digest, evidence, n * sizeof *evidence);
    o2c_match_solution_alternatives(day->solution, &alternatives, &n);
    digest = faulty_digest(digest, alternatives, n * sizeof *alternatives);
    o2c_match_solution_reasons(day->solution, &reasons, &n);
    digest = faulty_digest(digest, reasons, n * sizeof *reasons);
    o2c_match_solution_heap(day->solution, &heap);
    must(past->days_count < PAST_DAYS_MAX, "too many days");
    past->day_of[past->days_count] = day->day;
    past->days[past->days_count++] = faulty_digest_str(digest, heap);
    return O2C_SINK_DAY_TAKEN;
}

o2c_status
past_replay(struct past *past)
{
    struct desk *desk = &past->desk;
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    o2c_master master = { sizeof master,  0,
                          desk->items,    desk->items_count,    desk->references,    desk->references_count,
                          desk->accounts, desk->accounts_count, desk->aliases,       desk->aliases_count,
                          desk->bank_accounts, desk->bank_accounts_count, desk->ties, desk->ties_count, heap };
    o2c_payments payments = { sizeof payments, 0, desk->payments, desk->payments_count, desk->texts, desk->texts_count, heap };
    o2c_remittances advices = { sizeof advices, 0, desk->remittances, desk->remittances_count, desk->lines, desk->lines_count, heap };
    o2c_match_history history = { .struct_size = sizeof history, .master = &master, .payments = &payments, .rows = past->rows,
                                  .count = past->count, .heap = heap };
    history.remittances = desk->remittances_count ? &advices : NULL;
    o2c_match_report_free(past->report);
    past->report = NULL;
    past->days_count = 0;
    past->options.sink = take_day;
    past->options.self = past;
    return o2c_match_backtest(NULL, &history, desk->rules, &past->options, &past->report, &desk->err);
}

const o2c_match_answer *
past_answer(const struct past *past, const char *payment)
{
    const o2c_match_answer *rows;
    uint64_t count;
    o2c_str heap;
    o2c_heap_bytes(past->desk.heap, &heap);
    o2c_match_report_answers(past->report, &rows, &count);
    for (uint64_t i = 0; i < count; i++) {
        o2c_ref key = past->desk.payments[rows[i].payment].key;
        if (key.len == strlen(payment) && memcmp(heap.ptr + key.at, payment, key.len) == 0)
            return &rows[i];
    }
    must(0, "no such payment");
    return NULL;
}

const o2c_match_answer_line *
past_lines(const struct past *past, const o2c_match_answer *answer)
{
    const o2c_match_answer_line *rows;
    uint64_t count;
    o2c_match_report_lines(past->report, &rows, &count);
    return rows + answer->lines_at;
}

const o2c_match_rate *
past_rate(const struct past *past, int32_t list)
{
    const o2c_match_rate *rows;
    uint64_t count;
    o2c_match_report_rates(past->report, &rows, &count);
    for (uint64_t i = 0; i < count; i++)
        if (rows[i].list == list && rows[i].month == 0)
            return &rows[i];
    must(0, "no such rate");
    return NULL;
}

/* ---- a past from a seed */
uint32_t
past_random(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

#define CUSTOMERS 6
#define FIRST_DAY 20000

static void
add_item(struct past *past, uint32_t *state, int32_t day, uint8_t *owner)
{
    struct desk *desk = &past->desk;
    char key[16], account[8], document[16];
    uint32_t number = desk->items_count, customer = past_random(state, CUSTOMERS);
    snprintf(key, sizeof key, "I%03u", number);
    snprintf(account, sizeof account, "C%u", customer);
    snprintf(document, sizeof document, "INV-%u", 100200 + number * 17);
    int64_t amount = past_random(state, 4) == 0 ? 25000 : 10000 + (int64_t)past_random(state, 90000);
    o2c_open_item *item = desk_item(desk, key, account, document, amount, NULL, NULL);
    item->document_day = day;
    item->due_day = day + 30;
    if (past_random(state, 5) == 0)
        item->discount[0] = (o2c_discount){ day + 10, O2C_DISCOUNT_PPM, 20000 };
    owner[number] = (uint8_t)customer;
}

static void
add_payment(struct past *past, uint32_t *state, int32_t day, const uint8_t *owner, uint8_t *gone)
{
    struct desk *desk = &past->desk;
    char key[16], iban[32], text[128] = "", item_key[16];
    uint32_t chosen[3], count = 0, want = 1 + past_random(state, 3), customer = past_random(state, CUSTOMERS);
    int64_t amount = 0;
    for (uint32_t i = 0; i < desk->items_count && count < want; i++)
        if (owner[i] == customer && !gone[i] && desk->items[i].document_day < day && past_random(state, 3))
            chosen[count++] = i;
    bool cites = past_random(state, 3) > 0;
    for (uint32_t i = 0; i < count; i++) {
        amount += desk->items[chosen[i]].open_minor;
        if (cites)
            snprintf(text + strlen(text), sizeof text - strlen(text), "INV-%u ", 100200 + chosen[i] * 17);
        gone[chosen[i]] = 1;
    }
    if (count == 0)
        return;
    snprintf(key, sizeof key, "P%03u", desk->payments_count);
    snprintf(iban, sizeof iban, "DE0212030000000020205%u", customer);
    o2c_payment *payment = desk_payment(desk, key, amount, NULL, iban, cites ? text : NULL);
    payment->value_day = payment->booking_day = day;
    int32_t cleared = day + (int32_t)past_random(state, 5);
    for (uint32_t i = 0; i < count && past_random(state, 12); i++) {
        uint32_t item = past_random(state, 30) ? chosen[i] : past_random(state, desk->items_count);
        snprintf(item_key, sizeof item_key, "I%03u", item);
        o2c_clearing *row = past_clear(past, key, item_key, desk->items[chosen[i]].open_minor, NULL);
        row->cleared_day = cleared;
    }
}

void
past_make(struct past *past, uint32_t seed, uint32_t days)
{
    uint8_t owner[DESK_ITEMS_MAX] = { 0 }, gone[DESK_ITEMS_MAX] = { 0 };
    uint32_t state = seed;
    char text[32];
    past_open(past);
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        snprintf(text, sizeof text, "C%u", i);
        desk_account(&past->desk, text, NULL);
        char iban[32];
        snprintf(iban, sizeof iban, "DE0212030000000020205%u", i);
        if (i < 4)
            desk_bank_account(&past->desk, text, iban);
    }
    for (uint32_t day = 0; day < days; day++) {
        for (uint32_t i = past_random(&state, 4); i > 0; i--)
            add_item(past, &state, FIRST_DAY + (int32_t)day, owner);
        for (uint32_t i = past_random(&state, 3); i > 0; i--)
            add_payment(past, &state, FIRST_DAY + (int32_t)day, owner, gone);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Advices against what they say: the bytes become one customer's items, one or two payments and their advices; or both payments share one
 * advice, or both advices are paid by one payment. Every cent keeps a type, no item gives more than it has, a line is automatic only where
 * the advice names its item; and an advice that names open items of the payer with their amounts, adds up and says nothing else is taken
 * word by word. What shares an advice and says so pays lines of that advice and no line that the other one pays.
 */
#include <stdbool.h>

#include <o2c/o2c.h>

#include "fuzz.h"

#define ITEMS 12
#define LINES 10

struct desk {
    o2c_heap *heap;
    o2c_open_item items[ITEMS];
    o2c_payment payments[2];
    o2c_remittance advices[2];
    o2c_remittance_line lines[2 * LINES];
    uint32_t items_count, payments_count, advices_count, lines_count;
    bool clean[2];     /* the advice says nothing but what can be taken word by word */
    uint32_t named[2]; /* items, as bits */
};

static o2c_ref
text(struct desk *desk, const char *format, uint32_t number)
{
    char bytes[32];
    o2c_ref ref = { 0, 0 };
    o2c_str str = { bytes, (size_t)snprintf(bytes, sizeof bytes, format, (unsigned)number) };
    FUZZ_DEMAND(o2c_heap_add(desk->heap, &str, &ref, NULL) == O2C_OK);
    return ref;
}

static void
write_items(struct desk *desk, struct fuzz_input *in)
{
    desk->items_count = 1 + fuzz_u8(in) % ITEMS;
    for (uint32_t i = 0; i < desk->items_count; i++) {
        o2c_open_item *item = &desk->items[i];
        uint8_t kind = fuzz_u8(in);
        int64_t amount = 1000 + 37 * (int64_t)fuzz_u8(in) + 5000 * (int64_t)(fuzz_u8(in) % 16);
        item->key = text(desk, "K%02u", i);
        item->document = text(desk, "RE-%u", 700001 + 1013 * (kind % 16 == 3 && i ? i - 1 : i)); /* two of one number, at times */
        item->account = text(desk, "C%u", kind % 16 == 5 ? 2 : 1);
        item->kind = kind % 16 == 7 ? O2C_ITEM_CREDIT_MEMO : kind % 16 == 9 ? O2C_ITEM_CLOSED : O2C_ITEM_INVOICE;
        memcpy(item->currency, "USD", 4);
        item->original_minor = item->kind == O2C_ITEM_CREDIT_MEMO ? -amount : amount;
        item->open_minor = item->kind == O2C_ITEM_CLOSED ? 0 : item->original_minor;
        item->closed_day = item->kind == O2C_ITEM_CLOSED ? 19990 : 0;
        item->document_day = 19950;
        item->due_day = 19980 + kind % 30;
        if (kind / 16 == 1)
            item->discount[0] = (o2c_discount){ 20000 + kind % 2, O2C_DISCOUNT_PPM, 20000 };
        if (kind / 16 == 2 && item->kind == O2C_ITEM_INVOICE)
            item->earmarked_minor = amount / 2;
        item->flags = kind / 16 == 3 ? O2C_ITEM_FLAG_DISPUTED : 0;
    }
}

/* An open item of the payer whose number nobody else has, offered whole. */
static bool
is_plain(const struct desk *desk, uint32_t i)
{
    const o2c_open_item *item = &desk->items[i];
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    if (item->kind != O2C_ITEM_INVOICE || item->earmarked_minor || heap.ptr[item->account.at + 1] != '1')
        return false;
    for (uint32_t k = 0; k < desk->items_count; k++)
        if (k != i && memcmp(heap.ptr + desk->items[k].document.at, heap.ptr + item->document.at, 9) == 0)
            return false;
    return true;
}

static int64_t
write_line(struct desk *desk, struct fuzz_input *in, uint32_t p)
{
    o2c_remittance_line *line = &desk->lines[desk->lines_count++];
    uint8_t how = fuzz_u8(in), which = fuzz_u8(in) % (uint8_t)desk->items_count;
    const o2c_open_item *item = &desk->items[which];
    memcpy(line->currency, "USD", 4);
    line->kind = O2C_REMITTANCE_INVOICE;
    line->ordinal = desk->advices[p].lines_count++;
    line->has = O2C_HAS_PAID;
    line->document = how % 11 == 1 ? text(desk, "QX-%u", 880000u + which) : item->document;
    line->paid_minor = item->open_minor;
    if (how % 11 == 0 && is_plain(desk, which) && !(desk->named[0] >> which & 1) && !(desk->named[1] >> which & 1)) {
        desk->named[p] |= 1u << which;
        return line->paid_minor;
    }
    desk->clean[p] = false;
    int64_t less = 1 + fuzz_u8(in) * 3;
    if (how % 11 == 2)
        line->paid_minor = -less;
    else if (how % 11 >= 4)
        line->paid_minor -= how % 11 == 5 ? -less : less;
    if (how % 11 >= 6) {
        line->has |= O2C_HAS_GROSS | (how % 11 == 6 ? O2C_HAS_DISCOUNT : O2C_HAS_DEDUCTION);
        line->gross_minor = item->open_minor;
        line->discount_minor = how % 11 == 6 ? less : 0;
        line->deduction_minor = how % 11 == 6 ? 0 : less;
        if (how % 11 > 8)
            line->reason = text(desk, "%02u", less % 7);
    }
    return line->paid_minor;
}

static void
write_payment(struct desk *desk, struct fuzz_input *in, uint32_t p)
{
    o2c_payment *payment = &desk->payments[p];
    o2c_remittance *advice = &desk->advices[p];
    uint8_t how = fuzz_u8(in);
    int64_t sum = 0;
    payment->key = text(desk, "P%u", p);
    payment->statement = text(desk, "S", 0);
    payment->ordinal = p;
    memcpy(payment->currency, "USD", 4);
    payment->customer_number = text(desk, "C1", 0);
    payment->value_day = payment->booking_day = 20000;
    advice->key = text(desk, "R%u", p);
    memcpy(advice->currency, "USD", 4);
    advice->lines_at = desk->lines_count;
    advice->payment = how % 4 ? payment->key : (o2c_ref){ 0, 0 };
    advice->payer = how % 4 ? (o2c_ref){ 0, 0 } : payment->customer_number;
    advice->day = 20000 - how % 16;
    desk->clean[p] = how % 4 != 0 && advice->day >= 19990;
    for (uint32_t lines = 1 + fuzz_u8(in) % LINES; lines > 0; lines--)
        sum += write_line(desk, in, p);
    int64_t off = how / 16 == 1 ? 1 + fuzz_u8(in) : how / 16 == 2 ? -1 - (int64_t)fuzz_u8(in) : 0;
    payment->amount_minor = sum + off > 0 ? sum + off : 4321;
    desk->clean[p] = desk->clean[p] && off == 0;
}

/* The advices come on their own; one of them says the lines of both, or one payment pays both. */
static void
share(struct desk *desk, uint8_t how)
{
    for (uint32_t i = 0; i < 2; i++) {
        desk->advices[i].payment = (o2c_ref){ 0, 0 };
        desk->advices[i].payer = desk->payments[i].customer_number;
        desk->clean[i] = false;
    }
    if (how % 3 == 1) {
        desk->advices[0].lines_count += desk->advices[1].lines_count;
        desk->advices_count = 1;
    } else {
        desk->payments[0].amount_minor += desk->payments[1].amount_minor;
        desk->payments_count = 1;
    }
    if (how / 3 % 4 == 1) /* a trace that names both */
        desk->advices[0].payment_reference = desk->payments[0].end_to_end_id = desk->payments[1].end_to_end_id = text(desk, "E%u", 1);
    if (how / 12 % 4 == 1)
        desk->payments[1].value_day += how;
}

static o2c_match_solution *
solve(const struct desk *desk)
{
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_match_solution *solution = NULL;
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    o2c_account accounts[] = { { .key = desk->payments[0].customer_number } };
    o2c_payments payments = { .struct_size = sizeof payments, .rows = desk->payments, .count = desk->payments_count, .heap = heap };
    o2c_remittances advices = { .struct_size = sizeof advices, .rows = desk->advices, .count = desk->advices_count, .lines = desk->lines,
                                .lines_count = desk->lines_count, .heap = heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &advices };
    FUZZ_DEMAND(o2c_match_pool_new(NULL, NULL, &pool, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_pool_put_accounts(pool, accounts, 1, &heap, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_pool_put_items(pool, desk->items, desk->items_count, &heap, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_pool_freeze(pool, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_model_new(NULL, &cold, NULL) == O2C_OK && o2c_match_model_measure(cold, pool, &model, NULL) == O2C_OK);
    FUZZ_DEMAND(o2c_match_solve(NULL, pool, model, &request, &solution, NULL) == O2C_OK);
    o2c_match_model_free(model);
    o2c_match_model_free(cold);
    o2c_match_pool_free(pool);
    return solution;
}

static uint32_t
item_of(const o2c_match_solution *solution, const o2c_line *line)
{
    o2c_str heap;
    o2c_match_solution_heap(solution, &heap);
    FUZZ_DEMAND(line->item.len == 3);
    return (uint32_t)(heap.ptr[line->item.at + 1] - '0') * 10 + (uint32_t)(heap.ptr[line->item.at + 2] - '0');
}

/* L1, L2 and L3; signs; a full line leaves nothing. */
static void
check_money(const o2c_proposal *proposal, const o2c_line *line)
{
    int64_t paid = 0;
    for (uint32_t i = 0; i < proposal->lines_count; i++, line++) {
        FUZZ_DEMAND(line->cleared_minor == line->paid_minor + line->discount_minor + line->discount_tolerance_minor + line->tolerance_minor +
                                               line->charge_minor + line->withholding_minor + line->rounding_minor + line->deduction_minor);
        FUZZ_DEMAND(line->remaining_minor == line->expect_open_minor - line->cleared_minor);
        FUZZ_DEMAND(line->remaining_minor == 0 || (line->close == O2C_CLOSE_PARTIAL && (line->remaining_minor > 0) == (line->expect_open_minor > 0)));
        FUZZ_DEMAND((line->deduction_minor != 0) == (line->deduction_reason != O2C_DEDUCTION_NONE));
        paid += line->paid_currency_minor;
    }
    FUZZ_DEMAND(paid == proposal->applied_minor);
    FUZZ_DEMAND(paid + proposal->on_account_minor + proposal->refund_minor + proposal->unapplied_minor ==
                proposal->amount_minor + proposal->charge_in_file_minor);
}

static bool
names(const struct desk *desk, const o2c_remittance *advice, uint32_t item)
{
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    for (uint32_t i = advice->lines_at; i < advice->lines_at + advice->lines_count; i++)
        if (desk->lines[i].document.len == desk->items[item].document.len &&
            memcmp(heap.ptr + desk->lines[i].document.at, heap.ptr + desk->items[item].document.at, desk->items[item].document.len) == 0)
            return true;
    return false;
}

/* Does the advice of this payment name the item's number, or one that came on its own? The amount of the line may be another one where
 * the amounts of all lines make up for it. */
static bool
said(const struct desk *desk, uint32_t p, uint32_t item)
{
    bool yes = false;
    for (uint32_t i = 0; i < desk->advices_count; i++)
        yes = yes || ((i == p || desk->advices[i].payment.len == 0) && names(desk, &desk->advices[i], item));
    return yes;
}

static bool
is_shared(const o2c_match_solution *solution, const o2c_proposal *proposal)
{
    const o2c_match_reason *reasons;
    uint64_t count;
    bool yes = false;
    o2c_match_solution_reasons(solution, &reasons, &count);
    for (uint32_t i = 0; i < proposal->reasons_count; i++)
        yes = yes || reasons[proposal->reasons_at + i].reason == O2C_REASON_ADVICE_SHARED;
    return yes;
}

static void
check_payment(const struct desk *desk, const o2c_match_solution *solution, const o2c_proposal *proposal, uint32_t p, int64_t *cleared)
{
    const o2c_line *lines;
    uint64_t count;
    uint32_t paid_items = 0;
    o2c_match_solution_lines(solution, &lines, &count);
    lines += proposal->lines_at;
    check_money(proposal, lines);
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        uint32_t item = item_of(solution, &lines[i]);
        cleared[item] += lines[i].cleared_minor;
        paid_items |= lines[i].remaining_minor == 0 ? 1u << item : 0;
        if (lines[i].band == O2C_BAND_AUTO && lines[i].label == O2C_LABEL_M02)
            FUZZ_DEMAND(lines[i].remaining_minor == 0 && said(desk, p, item) && lines[i].gates == 0);
    }
    for (uint32_t i = 0; i < proposal->lines_count && is_shared(solution, proposal); i++)
        FUZZ_DEMAND(lines[i].label == O2C_LABEL_M12 || said(desk, p, item_of(solution, &lines[i])));
    FUZZ_DEMAND(!(proposal->gates & O2C_GATE_SHARED_ADVICE) || proposal->band != O2C_BAND_AUTO);
    bool word_by_word = desk->clean[0] && (desk->payments_count == 1 || desk->clean[1]); /* else they may contend for an item */
    if (word_by_word && (paid_items != desk->named[p] || proposal->applied_minor != proposal->amount_minor))
        fprintf(stderr, "payment %u: items %x, the advice says %x\n", p, paid_items, desk->named[p]);
    FUZZ_DEMAND(!word_by_word || (paid_items == desk->named[p] && proposal->applied_minor == proposal->amount_minor));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size, 0 };
    struct desk desk;
    const o2c_proposal *proposals;
    uint64_t count;
    int64_t cleared[ITEMS] = { 0 };
    memset(&desk, 0, sizeof desk);
    FUZZ_DEMAND(o2c_heap_new(NULL, &desk.heap, NULL) == O2C_OK);
    write_items(&desk, &in);
    desk.payments_count = 1 + fuzz_u8(&in) % 2;
    for (uint32_t p = 0; p < desk.payments_count; p++)
        write_payment(&desk, &in, p);
    uint8_t how = desk.payments_count == 2 ? fuzz_u8(&in) : 0;
    desk.advices_count = desk.payments_count;
    if (how % 3)
        share(&desk, how);
    o2c_match_solution *solution = solve(&desk);
    o2c_match_solution_proposals(solution, &proposals, &count);
    FUZZ_DEMAND(count == desk.payments_count);
    for (uint32_t p = 0; p < count; p++)
        check_payment(&desk, solution, &proposals[p], p, cleared);
    for (uint32_t i = 0; i < desk.items_count; i++) {
        int64_t open = desk.items[i].open_minor, free_minor = open > 0 ? open - desk.items[i].earmarked_minor : open;
        FUZZ_DEMAND(open >= 0 ? cleared[i] >= 0 && cleared[i] <= free_minor : cleared[i] <= 0 && cleared[i] >= open);
    }
    o2c_match_solution_free(solution);
    o2c_heap_free(desk.heap);
    return 0;
}

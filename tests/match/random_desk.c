/* SPDX-License-Identifier: Apache-2.0 */
#include "match/random_desk.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "support/faulty.h"

uint64_t
random_draw(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t
random_below(uint64_t *state, uint64_t n)
{
    return random_draw(state) % n;
}

const char *const random_accounts[RANDOM_CUSTOMERS] = { "C1", "C2", "C3", "C4" };
const char *const random_ibans[RANDOM_CUSTOMERS] = { "DE02120300000000202051", "DE02500105170137075030", "DE88100900001234567892", "AT026000000001349870" };

void
random_items(struct desk *desk, uint64_t *seed)
{
    static const int64_t prices[] = { 10000, 25000, 25000, 100000, 4990 };
    char key[16], document[24], day[32];
    uint32_t count = 3 + (uint32_t)random_below(seed, 20);
    for (uint32_t i = 0; i < count; i++) {
        int64_t amount = random_below(seed, 2) ? prices[random_below(seed, 5)] : 100 + (int64_t)random_below(seed, 500000);
        snprintf(key, sizeof key, "K%02u", i);
        snprintf(document, sizeof document, "RE-%u", 400000 + i * 17);
        snprintf(day, sizeof day, "2026-01-%02u", 1 + (unsigned)random_below(seed, 28));
        bool credit = random_below(seed, 8) == 0;
        o2c_open_item *item = desk_item(desk, key, random_accounts[random_below(seed, RANDOM_CUSTOMERS)], document, credit ? -amount : amount, day, day);
        if (random_below(seed, 10) == 0)
            item->flags = O2C_ITEM_FLAG_DISPUTED;
        if (random_below(seed, 10) == 0)
            item->earmarked_minor = random_below(seed, 3) ? amount : amount / 2;
        if (!credit && random_below(seed, 3) == 0)
            item->discount[0] = (o2c_discount){ item->due_day, O2C_DISCOUNT_PPM, 20000 };
    }
}

static void
random_payment(struct desk *desk, uint64_t *seed, uint32_t number)
{
    char key[16], text[160] = "";
    int64_t amount = 0;
    uint32_t items = 1 + (uint32_t)random_below(seed, 3);
    for (uint32_t i = 0; i < items; i++) {
        const o2c_open_item *item = &desk->items[random_below(seed, desk->items_count)];
        o2c_str heap;
        o2c_heap_bytes(desk->heap, &heap);
        amount += item->open_minor;
        if (random_below(seed, 3))
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.*s", i ? " " : "", (int)item->document.len, heap.ptr + item->document.at);
    }
    if (random_below(seed, 5) == 0)
        amount -= (int64_t)random_below(seed, 3000);
    if (amount <= 0)
        amount = 1 + (int64_t)random_below(seed, 90000);
    snprintf(key, sizeof key, "P%02u", number);
    desk_payment(desk, key, amount, "2026-02-03", random_below(seed, 4) ? random_ibans[random_below(seed, RANDOM_CUSTOMERS)] : NULL, text[0] ? text : NULL);
}

void
random_desk(struct desk *desk, uint64_t seed)
{
    desk_open(desk);
    for (int i = 0; i < RANDOM_CUSTOMERS; i++) {
        desk_account(desk, random_accounts[i], NULL);
        desk_bank_account(desk, random_accounts[i], random_ibans[i]);
    }
    desk_tie(desk, "C1", "C2", O2C_TIE_RECIPROCAL);
    desk_tie(desk, "C3", "C4", O2C_TIE_ONE_WAY);
    random_items(desk, &seed);
    uint32_t payments = 1 + (uint32_t)random_below(&seed, 6);
    for (uint32_t i = 0; i < payments; i++)
        random_payment(desk, &seed, i);
}

static uint64_t
digest_heap(uint64_t digest, o2c_ref ref, o2c_str heap)
{
    return faulty_digest(digest, heap.ptr + ref.at, ref.len);
}

uint64_t
random_digest(const struct desk *desk, uint32_t index)
{
    char page[4096], sentence[4096];
    const o2c_proposal *p = desk_proposal(desk, index);
    const o2c_line *line = desk_lines(desk, index);
    o2c_str heap;
    o2c_match_solution_heap(desk->solution, &heap);
    const int64_t seen[] = { p->kind, p->band, p->label, p->certificate, p->outcome_ppm, p->confidence_ppm, p->amount_minor, p->applied_minor,
                             p->on_account_minor, p->unapplied_minor, p->gates, (int64_t)p->operations, p->bound_ppb, p->evidence_count,
                             p->alternatives_count, p->reasons_count };
    uint64_t digest = digest_heap(faulty_digest(0, seen, sizeof seen), p->payment, heap);
    digest = digest_heap(digest, p->account, heap);
    desk_render(desk, index, page, sizeof page);
    digest = faulty_digest(digest, page, strlen(page));
    desk_say(desk, index, sentence, sizeof sentence);
    digest = faulty_digest(digest, sentence, strlen(sentence));
    for (uint32_t i = 0; i < p->lines_count; i++, line++) {
        const int64_t verdict[] = { line->band, line->confidence_ppm, line->error_ppb, line->gates, line->certificate, line->label };
        digest = faulty_digest(digest, verdict, sizeof verdict);
    }
    return digest;
}

static o2c_str
text_of(const struct desk *desk, o2c_ref ref)
{
    o2c_str heap;
    o2c_heap_bytes(desk->heap, &heap);
    return (o2c_str){ heap.ptr + ref.at, ref.len };
}

/* What a line keeps back: nothing, a discount, a deduction with or without a reason, or a part that it just does not pay. */
static void
random_difference(struct desk *desk, uint64_t *seed, o2c_remittance_line *line, int64_t open)
{
    static const char *const reasons[] = { "04", "price", "Zq" };
    int64_t kept = 1 + (int64_t)random_below(seed, (uint64_t)open / 20 + 1);
    switch (open > 100 ? random_below(seed, 7) : 0) {
    case 1:
        line->has |= O2C_HAS_GROSS | O2C_HAS_DISCOUNT;
        line->gross_minor = open;
        line->discount_minor = kept;
        line->paid_minor -= kept;
        break;
    case 2:
    case 3:
        line->has |= O2C_HAS_GROSS | O2C_HAS_DEDUCTION;
        line->gross_minor = open;
        line->deduction_minor = kept;
        line->paid_minor -= kept;
        if (random_below(seed, 4))
            line->reason = desk_text(desk, reasons[random_below(seed, 3)]);
        break;
    case 4:
        line->paid_minor -= kept;
        break;
    case 5:
        line->paid_minor += kept;
        break;
    default:
        break;
    }
}

static void
random_line(struct desk *desk, uint64_t *seed)
{
    char number[24];
    const o2c_open_item *item = &desk->items[random_below(seed, desk->items_count)];
    o2c_str document = text_of(desk, item->document);
    snprintf(number, sizeof number, "%.*s", (int)document.len, document.ptr);
    uint64_t kind = random_below(seed, 12);
    if (kind == 0) { /* of nobody here */
        snprintf(number, sizeof number, "ZZ-%llu", 7000000 + (unsigned long long)random_below(seed, 1000));
        desk_line(desk, number, 1 + (int64_t)random_below(seed, 20000));
        return;
    }
    if (kind == 1) { /* a claim */
        desk_line(desk, number, -1 - (int64_t)random_below(seed, 5000))->reason = desk_text(desk, "02");
        return;
    }
    if (kind == 2) { /* a number with an error */
        number[strlen(number) - 2] = (char)('0' + random_below(seed, 10));
        desk_line(desk, number, item->open_minor);
        return;
    }
    o2c_remittance_line *line = desk_line(desk, number, item->open_minor);
    if (item->open_minor > 0)
        random_difference(desk, seed, line, item->open_minor);
}

void
random_remittances(struct desk *desk, uint64_t *seed)
{
    uint32_t payments = desk->payments_count;
    for (uint32_t p = 0; p < payments; p++) {
        char key[16], payment[16];
        int64_t sum = 0;
        uint32_t first = desk->lines_count, lines = 1 + (uint32_t)random_below(seed, 6);
        if (random_below(seed, 3) == 0)
            continue;
        snprintf(key, sizeof key, "R%02u", p);
        snprintf(payment, sizeof payment, "P%02u", p);
        bool named = random_below(seed, 4) != 0;
        o2c_remittance *row = desk_remittance(desk, key, named ? payment : NULL);
        if (!named && random_below(seed, 2))
            row->payer = desk_text(desk, random_accounts[random_below(seed, RANDOM_CUSTOMERS)]);
        row->day = desk_day("2026-02-01") - (int32_t)random_below(seed, 20);
        for (uint32_t i = 0; i < lines; i++)
            random_line(desk, seed);
        for (uint32_t i = first; i < desk->lines_count; i++)
            sum += desk->lines[i].paid_minor;
        if (sum <= 0 || random_below(seed, 6) == 0)
            continue;
        desk->payments[p].amount_minor = sum + (random_below(seed, 5) ? 0 : (int64_t)random_below(seed, 400) - 200);
        if (desk->payments[p].amount_minor <= 0)
            desk->payments[p].amount_minor = sum;
        if (random_below(seed, 3))
            desk->payments[p].texts_count = 0;
    }
}

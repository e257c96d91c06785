/* SPDX-License-Identifier: Apache-2.0 */
#include "steady.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(o2c_status status, const o2c_error *err)
{
    if (status == O2C_OK)
        return;
    fprintf(stderr, "steady: status %d, %s: %s\n", (int)status, err->field, err->message);
    exit(1);
}

/* splitmix64 */
uint32_t
steady_draw(struct steady *steady, uint32_t sides)
{
    uint64_t z = steady->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) % sides);
}

static o2c_ref
text(struct steady *steady, const char *bytes)
{
    o2c_error err = { 0 };
    o2c_ref ref = { 0, 0 };
    o2c_str str = { bytes, strlen(bytes) };
    must(o2c_heap_add(steady->heap, &str, &ref, &err), &err);
    return ref;
}

static o2c_ref
numbered(struct steady *steady, const char *format, uint32_t number)
{
    char bytes[64];
    snprintf(bytes, sizeof bytes, format, number);
    return text(steady, bytes);
}

/* ------------------------------------------------------------------ who owes */

static void
make_accounts(struct steady *steady)
{
    static const char *const first[] = { "Nordwind", "Baker", "Müller", "Oakstreet", "Lindqvist", "Okonkwo", "Fairchild", "Ferrari" };
    static const char *const second[] = { "Handel GmbH", "& Sons Ltd", "Werkzeuge", "Foods Inc", "Logistik AG", "Optik", "Tires LLC", "Papier" };
    static const char *const third[] = { "Kiel", "Leeds", "Graz" };
    for (uint32_t i = 0; i < STEADY_ACCOUNTS; i++) {
        o2c_ref key = numbered(steady, "C%04u", 1000 + i * 7);
        char name[80];
        snprintf(name, sizeof name, "%s %s %s", first[i % 8], third[i / 64], second[i / 8 % 8]);
        steady->accounts[i] = (o2c_account){ .key = key, .name = text(steady, name), .host_ref = i, .tier = (int32_t)(i % 3) };
        /* every eighth customer pays from the account of the one before it */
        o2c_bank_account bank = { .account = key, .state = i % 3 ? O2C_BANK_ACCOUNT_CONFIRMED : O2C_BANK_ACCOUNT_OBSERVED, .count = 3, .row = i };
        bank.number = numbered(steady, "DE021203000000%08u", 7000 + (i % 8 == 7 ? i - 1 : i));
        steady->bank_accounts[i] = bank;
        if (i % 4 == 0)
            steady->aliases[steady->aliases_count++] =
                (o2c_alias){ .account = key, .text = numbered(steady, "NW Verwaltung %u", i), .kind = O2C_ALIAS_NAME, .count = 2, .row = 500 + i };
        if (i % 5 == 4)
            steady->ties[steady->ties_count++] = (o2c_tie){ .payer = steady->accounts[i - 1].key, .owner = key,
                                                            .kind = i % 2 ? O2C_TIE_RECIPROCAL : O2C_TIE_PAY_BELOW };
    }
}

static void
make_item(struct steady *steady, uint32_t i)
{
    static const int64_t prices[] = { 4990, 10000, 25000, 25000, 119000 };
    o2c_open_item *item = &steady->items[i];
    int64_t amount = steady_draw(steady, 5) ? 100 + (int64_t)steady_draw(steady, 900000) : prices[steady_draw(steady, 5)];
    *item = (o2c_open_item){ .key = numbered(steady, "K%05u", i * 31), .document = numbered(steady, "RE-2026-%05u", 40000 + i * 3),
                             .currency = "EUR", .kind = O2C_ITEM_INVOICE, .host_ref = i, .version = i % 7 };
    item->account = steady->accounts[steady_draw(steady, STEADY_ACCOUNTS)].key;
    item->document_day = 20400 + (int32_t)steady_draw(steady, 60);
    item->due_day = item->document_day + 30;
    item->open_minor = item->original_minor = amount;
    if (i % 9 == 0) {
        item->kind = O2C_ITEM_CREDIT_MEMO;
        item->open_minor = item->original_minor = -amount;
    } else if (i % 7 == 0) {
        item->kind = O2C_ITEM_CLOSED;
        item->open_minor = 0;
        item->closed_day = item->document_day + 20;
        item->cleared_by = numbered(steady, "OLD%u", i);
    } else if (i % 4 == 0) {
        item->discount[0] = (o2c_discount){ item->document_day + 40, O2C_DISCOUNT_PPM, 20000 };
    } else if (i % 11 == 0) {
        item->flags = O2C_ITEM_FLAG_DISPUTED;
    } else if (i % 13 == 0) {
        item->earmarked_minor = amount / 2;
        item->earmarked_by = text(steady, "P99999");
    }
    if (i % 6 == 1) /* several items of one order */
        steady->references[steady->references_count++] =
            (o2c_reference){ .item = item->key, .text = numbered(steady, "PO-%u", 7000 + i / 18), .kind = O2C_REFERENCE_PURCHASE_ORDER };
}

/* ------------------------------------------------------------------ who pays */

static o2c_str
document(const struct steady *steady, const o2c_open_item *item)
{
    o2c_str heap;
    o2c_heap_bytes(steady->heap, &heap);
    return (o2c_str){ heap.ptr + item->document.at, item->document.len };
}

/* Cited whole, by its digits, with one digit changed, without its last one, or not at all. */
static size_t
cite(struct steady *steady, const o2c_open_item *item, char *to)
{
    o2c_str number = document(steady, item);
    uint32_t how = steady_draw(steady, 16);
    size_t cut = how == 1 ? 3 : how == 4 ? 8 : 0;
    if (how >= 14)
        return 0;
    to[0] = ' ';
    memcpy(to + 1, number.ptr + cut, number.len - cut);
    size_t len = number.len - cut + 1;
    if (how == 2)
        to[len - 1] = (char)('0' + (to[len - 1] - '0' + 4) % 10);
    return how == 3 ? len - 1 : len;
}

/* Items of one customer, so that a payment makes sense; the search goes around the table once. */
static uint32_t
pick(const o2c_open_item *first, const struct steady *steady, uint32_t want, const o2c_open_item **out)
{
    uint32_t count = 1;
    out[0] = first;
    for (uint32_t i = 1; i < STEADY_ITEMS && count < want; i++) {
        const o2c_open_item *item = &steady->items[((uint32_t)(first - steady->items) + i) % STEADY_ITEMS];
        if (item->account.at == first->account.at)
            out[count++] = item;
    }
    return count;
}

static void
make_payment(struct steady *steady, uint32_t i)
{
    const o2c_open_item *items[4];
    o2c_payment *payment = &steady->payments[i];
    const o2c_open_item *first = &steady->items[steady_draw(steady, STEADY_ITEMS)]; /* one draw a statement: C leaves the order of arguments open */
    uint32_t count = pick(first, steady, 1 + steady_draw(steady, 8) / 5, items), owner = 0;
    char bytes[200] = "Zahlung";
    size_t len = strlen(bytes);
    int64_t amount = 0;
    for (uint32_t k = 0; k < count; k++) {
        amount += items[k]->kind == O2C_ITEM_CLOSED ? items[k]->original_minor : items[k]->open_minor;
        len += cite(steady, items[k], bytes + len);
    }
    bytes[len] = 0;
    amount -= steady_draw(steady, 6) == 0 ? (int64_t)steady_draw(steady, 2500) : 0;
    while (owner < STEADY_ACCOUNTS - 1 && steady->accounts[owner].key.at != items[0]->account.at)
        owner++;
    *payment = (o2c_payment){ .key = numbered(steady, "P%05u", i * 17), .statement = text(steady, "ST1"), .ordinal = i, .stage = O2C_STAGE_BOOKED,
                              .route = i % 29 == 0 ? O2C_ROUTE_FEE : O2C_ROUTE_CUSTOMER, .currency = "EUR",
                              .amount_minor = amount > 0 ? amount : 1000 + i, .value_day = 20460, .booking_day = 20460 };
    if (steady_draw(steady, 8))
        payment->payer_account = steady->bank_accounts[owner].number;
    if (steady_draw(steady, 2))
        payment->payer_name = steady->accounts[owner].name;
    payment->end_to_end_id = numbered(steady, "E2E%u", i);
    if (steady_draw(steady, 5) == 0 && i > 0) { /* the same money again, or for the same items from somebody else */
        o2c_payment before = steady->payments[i - 1];
        payment->amount_minor = before.amount_minor;
        payment->payer_account = steady_draw(steady, 2) ? before.payer_account : payment->payer_account;
        payment->texts_at = before.texts_at;
        payment->texts_count = before.texts_count;
        payment->value_day = before.value_day;
        return;
    }
    payment->texts_at = steady->texts_count;
    payment->texts_count = 1;
    steady->texts[steady->texts_count++] = (o2c_text){ .text = text(steady, bytes) };
}

static void
make_advice(struct steady *steady, uint32_t i)
{
    const o2c_payment *payment = &steady->payments[1 + i * (STEADY_PAYMENTS / STEADY_ADVICES)];
    const o2c_open_item *items[4];
    o2c_remittance *advice = &steady->advices[i];
    const o2c_open_item *first = &steady->items[steady_draw(steady, STEADY_ITEMS)];
    uint32_t count = pick(first, steady, 1 + steady_draw(steady, 4), items);
    *advice = (o2c_remittance){ .key = numbered(steady, "A%u", i), .currency = "EUR", .day = 20459, .lines_at = steady->lines_count };
    if (i % 3 == 0)
        advice->payment = payment->key;
    else if (i % 3 == 1)
        advice->payment_reference = payment->end_to_end_id;
    else
        advice->total_minor = payment->amount_minor;
    for (uint32_t k = 0; k < count; k++)
        steady->lines[steady->lines_count++] = (o2c_remittance_line){ .document = items[k]->document, .has = O2C_HAS_PAID, .ordinal = k,
                                                                      .paid_minor = items[k]->open_minor };
    advice->lines_count = count;
}

void
steady_make(struct steady *steady, uint64_t seed)
{
    o2c_error err = { 0 };
    memset(steady, 0, sizeof *steady);
    steady->state = seed;
    must(o2c_heap_new(NULL, &steady->heap, &err), &err);
    make_accounts(steady);
    for (uint32_t i = 0; i < STEADY_ITEMS; i++)
        make_item(steady, i);
    for (uint32_t i = 0; i < STEADY_PAYMENTS; i++)
        make_payment(steady, i);
    for (uint32_t i = 0; i < STEADY_ADVICES; i++)
        make_advice(steady, i);
}

/* ------------------------------------------------------------------ */

static void
shuffle(struct steady *steady, void *rows, uint32_t count, size_t size)
{
    char hold[sizeof(o2c_open_item)], *at = rows;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = steady_draw(steady, i);
        memcpy(hold, at + (i - 1) * size, size);
        memmove(at + (i - 1) * size, at + other * size, size);
        memcpy(at + other * size, hold, size);
    }
}

void
steady_shuffle(struct steady *steady, uint64_t seed)
{
    steady->state = seed;
    shuffle(steady, steady->items, STEADY_ITEMS, sizeof *steady->items);
    shuffle(steady, steady->references, steady->references_count, sizeof *steady->references);
    shuffle(steady, steady->accounts, STEADY_ACCOUNTS, sizeof *steady->accounts);
    shuffle(steady, steady->aliases, steady->aliases_count, sizeof *steady->aliases);
    shuffle(steady, steady->bank_accounts, STEADY_ACCOUNTS, sizeof *steady->bank_accounts);
    shuffle(steady, steady->ties, steady->ties_count, sizeof *steady->ties);
}

void
steady_master(const struct steady *steady, o2c_master *out)
{
    *out = (o2c_master){ .struct_size = sizeof *out, .items = steady->items, .items_count = STEADY_ITEMS,
                         .references = steady->references, .references_count = steady->references_count,
                         .accounts = steady->accounts, .accounts_count = STEADY_ACCOUNTS,
                         .aliases = steady->aliases, .aliases_count = steady->aliases_count,
                         .bank_accounts = steady->bank_accounts, .bank_accounts_count = STEADY_ACCOUNTS,
                         .ties = steady->ties, .ties_count = steady->ties_count };
    o2c_heap_bytes(steady->heap, &out->heap);
}

void
steady_build(struct steady *steady)
{
    o2c_error err = { 0 };
    o2c_master master;
    o2c_match_model *cold = NULL;
    steady_master(steady, &master);
    o2c_match_pool_free(steady->pool);
    o2c_match_model_free(steady->model);
    must(o2c_match_pool_new(NULL, NULL, &steady->pool, &err), &err);
    must(o2c_match_pool_put(steady->pool, &master, &err), &err);
    must(o2c_match_pool_freeze(steady->pool, &err), &err);
    must(o2c_match_model_new(NULL, &cold, &err), &err);
    must(o2c_match_model_measure(cold, steady->pool, &steady->model, &err), &err);
    o2c_match_model_free(cold);
}

o2c_match_solution *
steady_solve(const struct steady *steady, const o2c_payment *payments, uint64_t count, const o2c_match_executor *executor)
{
    o2c_error err = { 0 };
    o2c_str heap;
    o2c_match_solution *solution = NULL;
    o2c_heap_bytes(steady->heap, &heap);
    o2c_payments in = { sizeof in, 0, payments, count, steady->texts, steady->texts_count, heap };
    o2c_remittances advices = { sizeof advices, 0, steady->advices, STEADY_ADVICES, steady->lines, steady->lines_count, heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &in, .remittances = &advices, .executor = executor };
    must(o2c_match_solve(NULL, steady->pool, steady->model, &request, &solution, &err), &err);
    return solution;
}

void
steady_free(struct steady *steady)
{
    o2c_match_pool_free(steady->pool);
    o2c_match_model_free(steady->model);
    o2c_heap_free(steady->heap);
}

/* ------------------------------------------------------------------ digests: FNV-1a */

static uint64_t
add(uint64_t digest, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i++)
        digest = (digest ^ at[i]) * UINT64_C(0x100000001B3);
    return digest;
}

struct arrays {
    const o2c_proposal *proposals;
    const o2c_line *lines;
    const o2c_match_evidence *evidence;
    const o2c_match_alternative *alternatives;
    const o2c_ref *keys;
    const o2c_match_reason *reasons;
    uint64_t counts[6];
    o2c_str heap;
};

static void
open_arrays(const o2c_match_solution *solution, struct arrays *out)
{
    o2c_match_solution_proposals(solution, &out->proposals, &out->counts[0]);
    o2c_match_solution_lines(solution, &out->lines, &out->counts[1]);
    o2c_match_solution_evidence(solution, &out->evidence, &out->counts[2]);
    o2c_match_solution_alternatives(solution, &out->alternatives, &out->counts[3]);
    o2c_match_solution_alternative_items(solution, &out->keys, &out->counts[4]);
    o2c_match_solution_reasons(solution, &out->reasons, &out->counts[5]);
    o2c_match_solution_heap(solution, &out->heap);
}

uint64_t
steady_digest(const o2c_match_solution *solution)
{
    struct arrays in;
    uint64_t digest = UINT64_C(0xCBF29CE484222325);
    open_arrays(solution, &in);
    digest = add(digest, in.counts, sizeof in.counts);
    digest = add(digest, in.proposals, in.counts[0] * sizeof *in.proposals);
    digest = add(digest, in.lines, in.counts[1] * sizeof *in.lines);
    digest = add(digest, in.evidence, in.counts[2] * sizeof *in.evidence);
    digest = add(digest, in.alternatives, in.counts[3] * sizeof *in.alternatives);
    digest = add(digest, in.keys, in.counts[4] * sizeof *in.keys);
    digest = add(digest, in.reasons, in.counts[5] * sizeof *in.reasons);
    return add(digest, in.heap.ptr, in.heap.len);
}

/* A ref counts by its text. */
static void
take(uint64_t *digest, const struct arrays *in, o2c_ref *ref)
{
    *digest = add(add(*digest, &ref->len, sizeof ref->len), in->heap.ptr + ref->at, ref->len);
    ref->at = 0;
}

static uint64_t
add_lines(uint64_t digest, const struct arrays *in, const o2c_proposal *proposal)
{
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        o2c_line row = in->lines[proposal->lines_at + i];
        take(&digest, in, &row.item);
        take(&digest, in, &row.document);
        take(&digest, in, &row.account);
        take(&digest, in, &row.company);
        take(&digest, in, &row.item_company);
        take(&digest, in, &row.claim);
        take(&digest, in, &row.words);
        row.proposal = 0;
        digest = add(digest, &row, sizeof row);
    }
    return digest;
}

static uint64_t
add_evidence(uint64_t digest, const struct arrays *in, const o2c_proposal *proposal)
{
    for (uint32_t i = 0; i < proposal->evidence_count; i++) {
        o2c_match_evidence row = in->evidence[proposal->evidence_at + i];
        take(&digest, in, &row.item);
        row.proposal = 0;
        row.line -= row.line == UINT32_MAX ? 0 : proposal->lines_at;
        digest = add(digest, &row, sizeof row);
    }
    return digest;
}

static uint64_t
add_alternatives(uint64_t digest, const struct arrays *in, const o2c_proposal *proposal)
{
    for (uint32_t i = 0; i < proposal->alternatives_count; i++) {
        o2c_match_alternative row = in->alternatives[proposal->alternatives_at + i];
        for (uint32_t k = 0; k < row.items_count; k++) {
            o2c_ref key = in->keys[row.items_at + k];
            take(&digest, in, &key);
        }
        row.proposal = row.items_at = 0;
        digest = add(digest, &row, sizeof row);
    }
    return digest;
}

static uint64_t
add_reasons(uint64_t digest, const struct arrays *in, const o2c_proposal *proposal)
{
    for (uint32_t i = 0; i < proposal->reasons_count; i++) {
        o2c_match_reason row = in->reasons[proposal->reasons_at + i];
        take(&digest, in, &row.other);
        row.proposal = 0;
        row.line -= row.line == UINT32_MAX ? 0 : proposal->lines_at;
        digest = add(digest, &row, sizeof row);
    }
    return digest;
}

uint64_t
steady_proposal(const o2c_match_solution *solution, uint32_t proposal)
{
    struct arrays in;
    uint64_t digest = UINT64_C(0xCBF29CE484222325);
    open_arrays(solution, &in);
    o2c_proposal row = in.proposals[proposal];
    digest = add_lines(digest, &in, &row);
    digest = add_evidence(digest, &in, &row);
    digest = add_alternatives(digest, &in, &row);
    digest = add_reasons(digest, &in, &row);
    take(&digest, &in, &row.payment);
    take(&digest, &in, &row.account);
    take(&digest, &in, &row.text);
    memset(row.model_hash, 0, sizeof row.model_hash); /* they move when a field is added, whatever is decided */
    memset(row.policy_hash, 0, sizeof row.policy_hash);
    row.row = row.lines_at = row.evidence_at = row.alternatives_at = row.reasons_at = 0;
    return add(digest, &row, sizeof row);
}

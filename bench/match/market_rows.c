/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and bytes: what the library takes. One heap holds the strings of all arrays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market_inside.h"

struct writer {
    struct making *making;
    struct market *market;
    o2c_open_item *items;
    o2c_account *accounts;
    o2c_bank_account *bank_accounts;
    struct vector pins, references, ties, texts, remittances, remittance_lines;
    o2c_payment *payments;
    o2c_ref *account_numbers; /* bank account of each customer */
    o2c_ref companies[2];
};

static o2c_ref
add(struct writer *writer, const char *text, size_t len)
{
    o2c_ref ref;
    market_must(o2c_heap_add(writer->market->heap, &(o2c_str){ text, len }, &ref, NULL) == O2C_OK, "heap");
    return ref;
}

static const struct profile *
profile_of(const struct writer *writer, uint32_t number)
{
    return (const struct profile *)writer->making->profiles.rows + number;
}

/* ---- customers */
static void
add_account(struct writer *writer, uint32_t number)
{
    char text[80];
    const struct profile *profile = profile_of(writer, number);
    o2c_account *row = &writer->accounts[number];
    row->key = add(writer, text, (size_t)snprintf(text, sizeof text, "C%08u", number));
    row->name = add(writer, text, market_name(writer->making, number, text));
    row->host_ref = number;
    row->tier = profile->large ? 1 : profile->level > 20 ? 2 : 3;
    writer->account_numbers[number] = profile->account_of == number ? add(writer, text, market_bank_account(writer->making, number, text)) :
                                                                      writer->account_numbers[profile->account_of];
    if (!profile->account_unknown) {
        uint64_t at = writer->market->master.bank_accounts_count++;
        writer->bank_accounts[at] = (o2c_bank_account){ row->key, writer->account_numbers[number], O2C_BANK_ACCOUNT_CONFIRMED, 1, at + 1 };
    }
    if (profile->parent != MARKET_NONE) {
        o2c_tie *tie = vector_add(&writer->ties);
        *tie = (o2c_tie){ writer->accounts[profile->parent].key, row->key, O2C_TIE_PAY_BELOW, 0, 0, 0 };
    }
}

/* ---- items */
static void
add_item(struct writer *writer, uint32_t at)
{
    char text[48];
    const struct item *item = market_item(writer->making, at);
    const struct profile *profile = profile_of(writer, item->customer);
    o2c_open_item *row = &writer->items[at];
    row->key = add(writer, text, (size_t)snprintf(text, sizeof text, "10%02u%u%010u2026001", item->company, item->series,
        (unsigned)item->number));
    row->document = add(writer, text, market_document(item, text));
    row->account = writer->accounts[item->customer].key;
    row->company = writer->companies[item->company];
    row->host_ref = at;
    row->version = 1;
    memcpy(row->currency, profile->currency, 4);
    row->kind = item->kind;
    row->open_minor = row->original_minor = item->amount;
    row->document_day = item->day;
    row->due_day = item->due;
    row->flags = item->flags;
    row->earmarked_minor = item->earmarked ? item->amount : 0;
    if (profile->trait == TRAIT_DISCOUNT && item->amount > 0)
        row->discount[0] = (o2c_discount){ item->day + profile->discount_days, O2C_DISCOUNT_PPM, profile->discount_ppm };
    if (item->cited_structured && item->amount > 0) {
        o2c_reference *reference = vector_add(&writer->references);
        *reference = (o2c_reference){ row->key, add(writer, text, market_structured(item, text)), O2C_REFERENCE_STRUCTURED, O2C_SCHEME_RF,
            0 };
    }
}

/* ---- payments */
static void
add_piece(struct writer *writer, o2c_payment *row, const char *text, size_t len)
{
    o2c_text *piece = vector_add(&writer->texts);
    *piece = (o2c_text){ .text = add(writer, text, len), .at = O2C_NOWHERE };
    row->texts_count++;
}

/* Lines of a bank: MT940 has ten of 27, a camt text 140, addenda 80. A break falls between words, in S08 wherever it likes. */
static void
add_text(struct writer *writer, o2c_payment *row, const struct prose *prose)
{
    static const size_t widths[STYLES] = { 27, 140, 80, 80, 60, 140 };
    size_t width = prose->pay->scenario == 8 && prose->pay->style != STYLE_MT940 ? 35 : widths[prose->pay->style], at = 0;
    row->texts_at = (uint32_t)writer->texts.count;
    while (at < prose->len) {
        size_t len = prose->len - at < width ? prose->len - at : width, back = len;
        while (prose->pay->scenario != 8 && at + len < prose->len && back > 0 && prose->text[at + back] != ' ')
            back--;
        len = back ? back : len;
        add_piece(writer, row, prose->text + at, len);
        at += len;
        while (at < prose->len && prose->text[at] == ' ' && prose->pay->scenario != 8)
            at++;
    }
}

static void
add_structured(struct writer *writer, o2c_payment *row, const struct pay *pay, struct market_random *random)
{
    char text[48];
    row->structured_at = (uint32_t)writer->texts.count;
    for (uint32_t i = 0; i < pay->lines_count && i < 8; i++) {
        const struct market_line *line = (const struct market_line *)writer->making->lines.rows + pay->lines_at + i;
        size_t len = market_structured(market_item(writer->making, line->item), text);
        bool damaged = i == 0 && market_chance(random, 150000);
        if (damaged)
            text[6 + market_below(random, len - 6)] ^= 1;
        o2c_text *piece = vector_add(&writer->texts);
        *piece = (o2c_text){ .text = add(writer, text, len), .at = O2C_NOWHERE, .scheme = damaged ? O2C_SCHEME_OTHER : O2C_SCHEME_RF };
        row->structured_count++;
    }
}

static void
add_payer(struct writer *writer, o2c_payment *row, const struct pay *pay, struct market_random *random, uint32_t *flags)
{
    char name[80];
    bool stranger = pay->customer == MARKET_NONE;
    size_t len = market_name(writer->making, stranger ? STRANGER + pay->aside : pay->customer, name);
    uint32_t way = (uint32_t)market_below(random, 100);
    for (size_t i = 0; way < 30 && i < len; i++)
        name[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    if (way >= 95 && len > 22)
        len = 22;
    row->payer_name = add(writer, name, len);
    if (stranger || pay->scenario == 33) {
        char number[40];
        size_t bytes = market_bank_account(writer->making, stranger ? STRANGER + pay->aside : NEW_ACCOUNT + pay->customer, number);
        row->payer_account = add(writer, number, bytes);
        return;
    }
    const struct profile *profile = profile_of(writer, pay->customer);
    bool naked = pay->cites == CITE_NOTHING;
    if (!naked && (pay->style == STYLE_LOCKBOX || market_chance(random, 30000)))
        return;
    row->payer_account = writer->account_numbers[pay->customer];
    *flags |= profile->account_unknown ? 0 : MARKET_PAYER_KNOWN;
    *flags |= profile->account_of != pay->customer || (pay->customer % 50 == 32) ? MARKET_SHARED : 0;
}

/* A bad line of an advice: a damaged number, a number of nothing, or an amount that is not the item's. */
static void
spoil(struct writer *writer, o2c_remittance_line *line, uint32_t item, struct market_random *random)
{
    char printed[32], text[48];
    uint32_t way = (uint32_t)market_below(random, 4);
    size_t len = market_document(market_item(writer->making, item), printed);
    if (way < 2)
        len = market_render(random, printed, market_below(random, 2) ? HOW_SUBSTITUTED : HOW_TRANSPOSED, text);
    else if (way == 2)
        len = (size_t)snprintf(text, sizeof text, "45%08u", (unsigned)market_below(random, 100000000));
    else
        line->paid_minor += market_between(random, 1, 99) * 100;
    if (way < 3)
        line->document = add(writer, text, len);
}

static void
add_advice(struct writer *writer, o2c_payment *payment, const struct pay *pay, struct market_random *random)
{
    char text[48];
    o2c_remittance *row = vector_add(&writer->remittances);
    bool with = market_below(random, 2);
    row->key = add(writer, text, (size_t)snprintf(text, sizeof text, "A%08u-%u", pay->owner, pay->sequence));
    /* Half of the advices share a trace with their payment; the others came on their own. */
    if (with)
        row->payment_reference = payment->end_to_end_id = add(writer, text, (size_t)snprintf(text, sizeof text, "E2E%08u%05u", pay->owner,
            pay->sequence));
    row->payer = pay->customer == MARKET_NONE ? (o2c_ref){ 0, 0 } : writer->accounts[pay->customer].key;
    row->total_minor = pay->amount;
    memcpy(row->currency, pay->currency, 4);
    row->day = pay->day - (int32_t)market_below(random, 2);
    row->lines_at = (uint32_t)writer->remittance_lines.count;
    row->lines_count = pay->lines_count;
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        const struct market_line *line = (const struct market_line *)writer->making->lines.rows + pay->lines_at + i;
        o2c_remittance_line *out = vector_add(&writer->remittance_lines);
        out->document = writer->items[line->item].document;
        out->paid_minor = line->paid_minor;
        if (pay->scenario == 26 && market_chance(random, 10000))
            spoil(writer, out, line->item, random);
        out->kind = line->paid_minor < 0 ? O2C_REMITTANCE_CREDIT_MEMO : O2C_REMITTANCE_INVOICE;
        out->ordinal = i;
        out->has = O2C_HAS_GROSS | O2C_HAS_DISCOUNT | O2C_HAS_DEDUCTION | O2C_HAS_PAID;
        out->gross_minor = line->paid_minor + line->discount_minor + line->charge_minor + line->withholding_minor + line->short_minor;
        out->discount_minor = line->discount_minor;
        out->deduction_minor = line->charge_minor + line->withholding_minor + line->short_minor;
        memcpy(out->currency, pay->currency, 4);
    }
}

/* An open item of the day that is not paid. */
static void
add_pins(struct writer *writer, const struct pay *pay, uint32_t payment)
{
    const struct market_line *lines = (const struct market_line *)writer->making->lines.rows + pay->lines_at;
    const uint32_t *first = &writer->making->first_item[pay->owner];
    struct market_pin *pin = vector_add(&writer->pins);
    *pin = (struct market_pin){ payment, lines[0].item, 1 };
    for (uint32_t row = first[0]; row < first[1]; row++) {
        const struct item *item = market_item(writer->making, row);
        bool paid = false;
        for (uint32_t i = 0; i < pay->lines_count && !paid; i++)
            paid = lines[i].item == row;
        if (paid || item->day > pay->day || (item->gone && item->gone < pay->day))
            continue;
        pin = vector_add(&writer->pins);
        *pin = (struct market_pin){ payment, row, 0 };
        return;
    }
}

/* What rules of the host hold back, though anybody can see what it pays. */
static bool
held(const struct writer *writer, const struct pay *pay)
{
    const struct market_line *lines = (const struct market_line *)writer->making->lines.rows + pay->lines_at;
    for (uint32_t i = 0; i < pay->lines_count; i++) {
        const struct item *item = market_item(writer->making, lines[i].item);
        if (item->earmarked || (item->flags & O2C_ITEM_FLAG_DISPUTED) || item->company != pay->company ||
            (!pay->ordered && memcmp(profile_of(writer, item->customer)->currency, pay->currency, 3) != 0))
            return true;
    }
    return false;
}

static void
add_payment(struct writer *writer, uint32_t at, uint32_t ordinal)
{
    char text[48];
    struct market_random random;
    struct making *making = writer->making;
    const struct pay *pay = (const struct pay *)making->pays.rows + making->order[at];
    o2c_payment *row = &writer->payments[at];
    struct market_truth *truth = &writer->market->truth[at];
    market_random_stream(&random, making->seed, STREAM_TEXT, ((uint64_t)pay->owner << 32) + pay->sequence);
    bool advice = pay->cites == CITE_ALL && (pay->lines_count > 8 || pay->scenario == 26);
    struct prose prose = { .making = making, .pay = pay, .random = &random, .payment = at, .flags = pay->flags | (advice ?
        MARKET_ADVICE : 0) };
    row->key = add(writer, text, (size_t)snprintf(text, sizeof text, "P%08u-%05u", pay->owner, pay->sequence));
    row->host_ref = at;
    row->company = writer->companies[pay->company];
    memcpy(row->currency, pay->currency, 4);
    row->ordinal = ordinal;
    row->at = O2C_NOWHERE;
    row->amount_minor = pay->amount;
    if (pay->ordered) {
        row->instructed_minor = pay->ordered;
        memcpy(row->instructed_currency, profile_of(writer, pay->owner)->currency, 4);
    }
    row->value_day = row->booking_day = pay->day;
    add_payer(writer, row, pay, &random, &prose.flags);
    market_prose(&prose);
    if (pay->scenario == 10)
        add_structured(writer, row, pay, &random);
    add_text(writer, row, &prose);
    if (pay->scenario == 38)
        add_pins(writer, pay, at);
    if (advice)
        add_advice(writer, row, pay, &random);
    if (held(writer, pay))
        prose.flags |= MARKET_HELD;
    *truth = (struct market_truth){ .scenario = pay->scenario, .kind = pay->kind, .customer = pay->customer, .owner = pay->owner,
                                    .lines_at = pay->lines_at, .lines_count = pay->lines_count, .pool = pay->pool, .runs = pay->runs,
                                    .flags = prose.flags | (pay->cites == CITE_ALL ? MARKET_CITED : 0u), .closed_item = pay->closed_item,
                                    .on_account_minor = pay->on_account };
}

/* ---- the order of payments: by day, then by nobody's order */
struct place {
    uint64_t mix;
    int32_t day;
    uint32_t row;
};

static int
by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->mix != y->mix)
        return x->mix < y->mix ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void
order_payments(struct making *making)
{
    size_t count = making->pays.count;
    struct place *places = market_alloc(count, sizeof *places);
    making->order = market_alloc(count, sizeof *making->order);
    for (size_t i = 0; i < count; i++) {
        const struct pay *pay = (const struct pay *)making->pays.rows + i;
        places[i] = (struct place){ market_mix(market_mix(making->seed, STREAM_ORDER + 100), ((uint64_t)pay->owner << 32) + pay->behind),
                                    pay->day, (uint32_t)i };
    }
    qsort(places, count, sizeof *places, by_place);
    for (size_t i = 0; i < count; i++)
        making->order[i] = places[i].row;
    free(places);
}

static void
hand_over(struct writer *writer)
{
    struct market *market = writer->market;
    o2c_str heap;
    o2c_heap_bytes(market->heap, &heap);
    market->pins = writer->pins.rows;
    market->pins_count = writer->pins.count;
    market->master.struct_size = sizeof market->master;
    market->master.items = writer->items;
    market->master.items_count = writer->making->items.count;
    market->master.references = writer->references.rows;
    market->master.references_count = writer->references.count;
    market->master.accounts = writer->accounts;
    market->master.accounts_count = writer->making->customers;
    market->master.bank_accounts = writer->bank_accounts;
    market->master.ties = writer->ties.rows;
    market->master.ties_count = writer->ties.count;
    market->master.heap = market->payments.heap = market->remittances.heap = heap;
    market->payments.struct_size = sizeof market->payments;
    market->payments.rows = writer->payments;
    market->payments.count = writer->making->pays.count;
    market->payments.texts = writer->texts.rows;
    market->payments.texts_count = writer->texts.count;
    market->remittances.struct_size = sizeof market->remittances;
    market->remittances.rows = writer->remittances.rows;
    market->remittances.count = writer->remittances.count;
    market->remittances.lines = writer->remittance_lines.rows;
    market->remittances.lines_count = writer->remittance_lines.count;
}

void
market_rows(struct making *making)
{
    struct market *market = making->market;
    size_t customers = making->customers, items = making->items.count, pays = making->pays.count;
    struct writer writer = { .making = making, .market = market,
        .pins = { .size = sizeof(struct market_pin) }, .references = { .size = sizeof(o2c_reference) }, .ties = {
            .size = sizeof(o2c_tie) }, .texts = { .size = sizeof(o2c_text) },
        .remittances = { .size = sizeof(o2c_remittance) }, .remittance_lines = { .size = sizeof(o2c_remittance_line) } };
    market_must(o2c_heap_new(NULL, &market->heap, NULL) == O2C_OK, "heap");
    writer.items = market_alloc(items, sizeof *writer.items);
    writer.accounts = market_alloc(customers, sizeof *writer.accounts);
    writer.bank_accounts = market_alloc(customers, sizeof *writer.bank_accounts);
    writer.account_numbers = market_alloc(customers, sizeof *writer.account_numbers);
    writer.payments = market_alloc(pays, sizeof *writer.payments);
    market->truth = market_alloc(pays, sizeof *market->truth);
    writer.companies[0] = add(&writer, "1000", 4);
    writer.companies[1] = add(&writer, "2000", 4);
    for (uint32_t i = 0; i < customers; i++)
        add_account(&writer, i);
    for (uint32_t i = 0; i < items; i++)
        add_item(&writer, i);
    order_payments(making);
    for (uint32_t i = 0, ordinal = 0; i < pays; i++) {
        const struct pay *pay = (const struct pay *)making->pays.rows + making->order[i];
        ordinal = i && pay->day == ((const struct pay *)making->pays.rows + making->order[i - 1])->day ? ordinal + 1 : 0;
        add_payment(&writer, i, ordinal);
    }
    free(writer.account_numbers);
    hand_over(&writer);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "market_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"

struct rows {
    void *rows;
    uint64_t count, room, size;
};

static void *
add(struct rows *rows)
{
    if (rows->count == rows->room) {
        rows->room = rows->room ? rows->room * 2 : 4096;
        rows->rows = realloc(rows->rows, rows->room * rows->size);
        if (!rows->rows)
            exit(2);
    }
    void *row = (char *)rows->rows + rows->count++ * rows->size;
    memset(row, 0, rows->size);
    return row;
}

static o2c_ref
keep(struct market *market, o2c_str text)
{
    o2c_ref ref = { 0, 0 };
    if (text.len && o2c_heap_add(market->heap, &text, &ref, NULL) != O2C_OK)
        exit(2);
    return ref;
}

static int32_t
word_of(const struct csv_file *csv, o2c_str cell, const char *const *words, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (cell.len == strlen(words[i]) && memcmp(cell.ptr, words[i], cell.len) == 0)
            return i;
    }
    csv_refuse(csv, "a word nobody knows");
}

static void
copy_currency(char out[4], o2c_str cell)
{
    memcpy(out, cell.ptr, cell.len < 3 ? cell.len : 3);
}

static void
read_items(struct market *market, const char *folder)
{
    static const char *const kinds[] = { "", "invoice", "debit_memo", "credit_memo", "on_account", "deduction", "interest", "fee",
                                         "deposit_request", "closed" };
    struct csv_file csv;
    struct rows rows = { .size = sizeof(o2c_open_item) };
    csv_open(&csv, folder, "items.csv", false);
    int customer = csv_column(&csv, "customer", true), key = csv_column(&csv, "key", true), kind = csv_column(&csv, "kind", true);
    int company = csv_column(&csv, "company", true), currency = csv_column(&csv, "currency", true), open = csv_column(&csv, "open_amount", true);
    int original = csv_column(&csv, "original_amount", true), day = csv_column(&csv, "document_date", true);
    int until = csv_column(&csv, "discount1_until", false), percent = csv_column(&csv, "discount1_percent", false);
    int disputed = csv_column(&csv, "disputed", false), closed = csv_column(&csv, "closed_on", false);
    while (csv_next(&csv)) {
        o2c_open_item *row = add(&rows);
        row->key = keep(market, csv_cell(&csv, key));
        row->account = keep(market, csv_cell(&csv, customer));
        row->company = keep(market, csv_cell(&csv, company));
        copy_currency(row->currency, csv_cell(&csv, currency));
        row->kind = word_of(&csv, csv_cell(&csv, kind), kinds, (int32_t)(sizeof kinds / sizeof kinds[0]));
        row->open_minor = csv_minor(&csv, open);
        row->original_minor = csv_minor(&csv, original);
        row->document_day = csv_day(&csv, day);
        row->closed_day = csv_day(&csv, closed);
        row->discount[0].until_day = csv_day(&csv, until);
        row->discount[0].value = (int64_t)keys_hash(0, csv_cell(&csv, percent).ptr, csv_cell(&csv, percent).len); /* compared, never computed with */
        row->flags = csv_cell(&csv, disputed).len ? O2C_ITEM_FLAG_DISPUTED : 0;
    }
    csv_close(&csv);
    market->master.items = rows.rows;
    market->master.items_count = rows.count;
}

static void
read_payments(struct market *market, const char *folder)
{
    struct csv_file csv;
    struct rows rows = { .size = sizeof(o2c_payment) }, texts = { .size = sizeof(o2c_text) };
    csv_open(&csv, folder, "payments.csv", false);
    int key = csv_column(&csv, "payment", true), day = csv_column(&csv, "value_date", true), amount = csv_column(&csv, "amount", true);
    int currency = csv_column(&csv, "currency", true), company = csv_column(&csv, "company", false);
    int account = csv_column(&csv, "payer_account", false), name = csv_column(&csv, "payer_name", false), text = csv_column(&csv, "text", false);
    int customer = csv_column(&csv, "customer", false);
    int32_t before = 0;
    while (csv_next(&csv)) {
        o2c_payment *row = add(&rows);
        row->key = keep(market, csv_cell(&csv, key));
        row->value_day = row->booking_day = csv_day(&csv, day);
        row->amount_minor = csv_minor(&csv, amount);
        row->company = keep(market, csv_cell(&csv, company));
        row->payer_account = keep(market, csv_cell(&csv, account));
        row->payer_name = keep(market, csv_cell(&csv, name));
        row->customer_number = keep(market, csv_cell(&csv, customer));
        copy_currency(row->currency, csv_cell(&csv, currency));
        row->texts_at = (uint32_t)texts.count;
        row->texts_count = 1;
        ((o2c_text *)add(&texts))->text = keep(market, csv_cell(&csv, text));
        if (row->value_day < before)
            csv_refuse(&csv, "payments stand in the order of their days");
        before = row->value_day;
    }
    csv_close(&csv);
    market->payments.rows = rows.rows;
    market->payments.count = rows.count;
    market->payments.texts = texts.rows;
    market->payments.texts_count = texts.count;
    const o2c_payment *all = rows.rows;
    market->first_day = rows.count ? all[0].value_day : 0;
    market->days = rows.count ? all[rows.count - 1].value_day - market->first_day + 1 : 0;
}

static uint32_t
row_of(const struct csv_file *csv, const struct keys *keys, int column)
{
    uint32_t row = keys_find(keys, csv_cell(csv, column));
    if (row == KEYS_NONE)
        csv_refuse(csv, "a key that no row has");
    return row;
}

/* Lines of one payment stand together, in the order of the payments or not. */
static void
read_truth(struct market *market, const char *folder, const struct keys *items, const struct keys *payments)
{
    struct csv_file csv;
    struct rows lines = { .size = sizeof(struct market_line) };
    csv_open(&csv, folder, "truth.csv", false);
    int payment = csv_column(&csv, "payment", true), item = csv_column(&csv, "item", true), paid = csv_column(&csv, "paid", true);
    int discount = csv_column(&csv, "discount", true), charge = csv_column(&csv, "charge", true);
    int withholding = csv_column(&csv, "withholding", true), tolerance = csv_column(&csv, "tolerance", true), rest = csv_column(&csv, "short", true);
    while (csv_next(&csv)) {
        struct market_truth *truth = &market->truth[row_of(&csv, payments, payment)];
        if (truth->lines_count == 0)
            truth->lines_at = (uint32_t)lines.count;
        if (truth->lines_at + truth->lines_count++ != lines.count)
            csv_refuse(&csv, "the lines of one payment stand together");
        struct market_line *line = add(&lines);
        line->item = row_of(&csv, items, item);
        line->paid_minor = csv_minor(&csv, paid);
        line->discount_minor = csv_minor(&csv, discount);
        line->charge_minor = csv_minor(&csv, charge);
        line->withholding_minor = csv_minor(&csv, withholding);
        line->tolerance_minor = csv_minor(&csv, tolerance);
        line->short_minor = csv_minor(&csv, rest);
    }
    csv_close(&csv);
    market->lines = lines.rows;
    market->lines_count = lines.count;
}

static void
read_labels(struct market *market, const char *folder, const struct keys *items, const struct keys *payments)
{
    static const char *const labels[] = { "UNKNOWN", "IDENT", "LIKELY", "AMBIGUOUS", "NONE" };
    struct csv_file csv;
    csv_open(&csv, folder, "labels.csv", false);
    int payment = csv_column(&csv, "payment", true), scenario = csv_column(&csv, "scenario", true), label = csv_column(&csv, "label", true);
    int p_star = csv_column(&csv, "p_star_ppm", true), pool = csv_column(&csv, "pool", true), flags = csv_column(&csv, "flags", true);
    int closed = csv_column(&csv, "closed_item", false);
    while (csv_next(&csv)) {
        struct market_truth *truth = &market->truth[row_of(&csv, payments, payment)];
        char name[8] = { 0 };
        o2c_str cell = csv_cell(&csv, scenario);
        memcpy(name, cell.ptr, cell.len < 7 ? cell.len : 7);
        truth->scenario = market_scenario(name);
        truth->label = word_of(&csv, csv_cell(&csv, label), labels, 5);
        truth->p_star_ppm = (uint32_t)csv_number(&csv, p_star);
        truth->pool = (uint32_t)csv_number(&csv, pool);
        truth->flags = (uint32_t)csv_number(&csv, flags);
        truth->closed_item = closed >= 0 && csv_cell(&csv, closed).len ? row_of(&csv, items, closed) : MARKET_NONE;
    }
    csv_close(&csv);
}

static void
read_cleared(struct market *market, const char *folder, const struct keys *items, const struct keys *payments)
{
    struct csv_file csv;
    struct rows rows = { .size = sizeof(struct market_clearing) };
    if (!csv_open(&csv, folder, "cleared.csv", true))
        return;
    int payment = csv_column(&csv, "payment", true), item = csv_column(&csv, "item", true), applied = csv_column(&csv, "applied", true);
    int discount = csv_column(&csv, "discount", false), day = csv_column(&csv, "cleared_on", true), known = csv_column(&csv, "known_on", false);
    while (csv_next(&csv)) {
        struct market_clearing *row = add(&rows);
        row->payment = row_of(&csv, payments, payment);
        row->item = row_of(&csv, items, item);
        row->applied_minor = csv_minor(&csv, applied);
        row->relief_minor = csv_minor(&csv, discount);
        row->cleared_day = csv_day(&csv, day);
        row->known_day = known >= 0 && csv_cell(&csv, known).len ? csv_day(&csv, known) : row->cleared_day;
    }
    csv_close(&csv);
    market->clearings = rows.rows;
    market->clearings_count = rows.count;
}

struct market *
market_read(const char *folder)
{
    struct market *market = calloc(1, sizeof *market);
    struct keys items, payments;
    o2c_str heap;
    if (!market || o2c_heap_new(NULL, &market->heap, NULL) != O2C_OK)
        exit(2);
    read_items(market, folder);
    read_payments(market, folder);
    o2c_heap_bytes(market->heap, &heap);
    market->master.heap = market->payments.heap = heap;
    market->truth = calloc(market->payments.count + 1, sizeof *market->truth);
    if (!market->truth || !market->master.items || !market->payments.rows)
        exit(2);
    if (keys_make(&items, &market->master.items->key, sizeof(o2c_open_item), market->master.items_count, heap.ptr, NULL) < 0 ||
        keys_make(&payments, &market->payments.rows->key, sizeof(o2c_payment), market->payments.count, heap.ptr, NULL) < 0) {
        fprintf(stderr, "%s: a key stands twice\n", folder);
        exit(2);
    }
    read_truth(market, folder, &items, &payments);
    read_labels(market, folder, &items, &payments);
    read_cleared(market, folder, &items, &payments);
    keys_free(&items);
    keys_free(&payments);
    return market;
}

void
market_read_free(struct market *market)
{
    if (!market)
        return;
    free((void *)(uintptr_t)market->master.items);
    free((void *)(uintptr_t)market->payments.rows);
    free((void *)(uintptr_t)market->payments.texts);
    free(market->truth);
    free(market->lines);
    free(market->clearings);
    o2c_heap_free(market->heap);
    free(market);
}

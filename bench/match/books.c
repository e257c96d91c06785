/* SPDX-License-Identifier: Apache-2.0 */
#include "books.h"

#include <stdlib.h>
#include <string.h>

static int32_t
item_day(const struct market *market, uint64_t at)
{
    return market->master.items[at].document_day;
}

static int32_t
clearing_day(const struct market *market, uint64_t at)
{
    return market->clearings[at].known_day;
}

/* Row numbers by day, stable: counted, then dealt out. */
static uint32_t *
by_day(const struct market *market, uint64_t count, int32_t (*day_of)(const struct market *, uint64_t))
{
    int32_t least = INT32_MAX, most = 0;
    for (uint64_t i = 0; i < count; i++) {
        int32_t day = day_of(market, i);
        least = day < least ? day : least;
        most = day > most ? day : most;
    }
    size_t days = count ? (size_t)(most - least) + 2 : 2;
    uint32_t *order = malloc((count + 1) * sizeof *order), *at = calloc(days, sizeof *at);
    for (uint64_t i = 0; at && order && i < count; i++)
        at[day_of(market, i) - least + 1]++;
    for (size_t i = 1; at && i < days; i++)
        at[i] += at[i - 1];
    for (uint64_t i = 0; at && order && i < count; i++)
        order[at[day_of(market, i) - least]++] = (uint32_t)i;
    free(at);
    return order;
}

/* References of each item, side by side. */
static bool
sort_references(struct books *books)
{
    const o2c_master *master = &books->market->master;
    uint32_t *at = calloc(master->items_count + 2, sizeof *at);
    books->references = malloc((master->references_count + 1) * sizeof *books->references);
    books->references_at = at;
    if (!at || !books->references)
        return false;
    for (uint64_t i = 0; i < master->references_count; i++) {
        o2c_ref key = master->references[i].item;
        uint32_t item = keys_find(&books->keys, (o2c_str){ master->heap.ptr + key.at, key.len });
        if (item == KEYS_NONE)
            return false;
        at[item + 2]++;
    }
    for (uint64_t i = 2; i < master->items_count + 2; i++)
        at[i] += at[i - 1];
    for (uint64_t i = 0; i < master->references_count; i++) {
        o2c_ref key = master->references[i].item;
        uint32_t item = keys_find(&books->keys, (o2c_str){ master->heap.ptr + key.at, key.len });
        books->references[at[item + 1]++] = master->references[i];
    }
    return true;
}

bool
books_open(struct books *books, const struct market *market)
{
    uint64_t items = market->master.items_count;
    *books = (struct books){ .market = market };
    books->open = malloc((items + 1) * sizeof *books->open);
    books->version = calloc(items + 1, sizeof *books->version);
    books->touched = calloc(items + 1, sizeof *books->touched);
    books->cleared_by = malloc((items + 1) * sizeof *books->cleared_by);
    books->by_day = by_day(market, items, item_day);
    books->clearing_by_day = by_day(market, market->clearings_count, clearing_day);
    if (!books->open || !books->version || !books->touched || !books->cleared_by || !books->by_day || !books->clearing_by_day)
        return false;
    for (uint64_t i = 0; i < items; i++) {
        const o2c_open_item *row = &market->master.items[i];
        books->open[i] = row->original_minor ? row->original_minor : row->open_minor;
        books->cleared_by[i] = MARKET_NONE;
    }
    if (keys_make(&books->keys, &market->master.items->key, sizeof(o2c_open_item), items, market->master.heap.ptr, NULL) < 0)
        return false;
    return sort_references(books);
}

void
books_close(struct books *books)
{
    keys_free(&books->keys);
    free(books->open);
    free(books->version);
    free(books->touched);
    free(books->cleared_by);
    free(books->by_day);
    free(books->clearing_by_day);
    free(books->references_at);
    free(books->references);
    free(books->rows);
    free(books->new_references);
    *books = (struct books){ 0 };
}

static void *
grown(void *rows, uint64_t count, uint64_t *room, size_t size)
{
    if (count < *room)
        return rows;
    uint64_t more = *room ? *room * 2 : 1024;
    void *out = realloc(rows, more * size);
    if (out)
        *room = more;
    return out;
}

/* The row as it stands: what is cleared is a closed document, kept for its references. */
static void
fill_row(const struct books *books, uint32_t item, o2c_open_item *out)
{
    const struct market *market = books->market;
    *out = market->master.items[item];
    out->host_ref = item;
    out->version = books->version[item];
    if (out->kind == O2C_ITEM_CLOSED)
        return;
    out->original_minor = out->original_minor ? out->original_minor : out->open_minor;
    out->open_minor = books->open[item];
    int64_t most = out->open_minor < 0 ? -out->open_minor : out->open_minor;
    out->earmarked_minor = out->earmarked_minor < most ? out->earmarked_minor : most;
    if (out->open_minor != 0)
        return;
    out->kind = O2C_ITEM_CLOSED;
    out->closed_day = books->touched[item];
    if (books->cleared_by[item] != MARKET_NONE)
        out->cleared_by = market->payments.rows[books->cleared_by[item]].key;
}

/* An item that changes twice on one day is told once: its row is filled at the end. */
static bool
tell(struct books *books, uint32_t item)
{
    o2c_open_item *rows = grown(books->rows, books->rows_count, &books->rows_room, sizeof *rows);
    if (!rows)
        return false;
    books->rows = rows;
    books->rows[books->rows_count++].host_ref = item;
    return true;
}

static bool
tell_references(struct books *books, uint32_t item)
{
    for (uint32_t i = books->references_at[item]; i < books->references_at[item + 1]; i++) {
        o2c_reference *rows = grown(books->new_references, books->new_references_count, &books->new_references_room, sizeof *rows);
        if (!rows)
            return false;
        books->new_references = rows;
        books->new_references[books->new_references_count++] = books->references[i];
    }
    return true;
}

/* A clerk may clear more than is open, or with the wrong sign: then the item is closed, no more. */
static void
clear(struct books *books, const struct market_clearing *row)
{
    int64_t open = books->open[row->item], left = open - row->applied_minor - row->relief_minor;
    bool same_sign = (open > 0 && left > 0) || (open < 0 && left < 0);
    books->open[row->item] = same_sign ? left : 0;
    books->version[row->item]++;
    books->touched[row->item] = row->cleared_day;
    books->cleared_by[row->item] = row->payment;
}

static int
by_number(const void *a, const void *b)
{
    const o2c_open_item *x = a, *y = b;
    return x->host_ref < y->host_ref ? -1 : x->host_ref > y->host_ref;
}

bool
books_advance(struct books *books, int32_t day)
{
    const struct market *market = books->market;
    uint64_t known = 0;
    books->rows_count = books->new_references_count = 0;
    for (; books->next_item < market->master.items_count; books->next_item++) {
        uint32_t item = books->by_day[books->next_item];
        if (market->master.items[item].document_day > day)
            break;
        if (!tell(books, item) || !tell_references(books, item))
            return false;
    }
    for (; books->next_clearing < market->clearings_count; books->next_clearing++) {
        const struct market_clearing *row = &market->clearings[books->clearing_by_day[books->next_clearing]];
        if (row->known_day >= day)
            break;
        clear(books, row);
        if (!tell(books, row->item))
            return false;
    }
    if (books->rows_count)
        qsort(books->rows, books->rows_count, sizeof *books->rows, by_number);
    for (uint64_t i = 0; i < books->rows_count; i++) {
        uint32_t item = (uint32_t)books->rows[i].host_ref;
        if (i == 0 || books->rows[known - 1].host_ref != item)
            fill_row(books, item, &books->rows[known++]);
    }
    books->rows_count = known;
    return true;
}

uint64_t
books_twin(const void *self, uint32_t item)
{
    const struct books *books = self;
    const o2c_open_item *row = &books->market->master.items[item];
    const char *heap = books->market->master.heap.ptr;
    uint64_t hash = keys_hash(2, heap + row->account.at, row->account.len);
    hash = keys_hash(hash, heap + row->company.at, row->company.len);
    hash = keys_hash(hash, row->currency, 4);
    hash = keys_hash(hash, &row->kind, sizeof row->kind);
    hash = keys_hash(hash, &row->flags, sizeof row->flags);
    hash = keys_hash(hash, &books->open[item], sizeof books->open[item]);
    hash = keys_hash(hash, row->discount, sizeof row->discount);
    hash = keys_hash(hash, &row->earmarked_minor, sizeof row->earmarked_minor);
    return keys_hash(hash, &row->dimension_set, sizeof row->dimension_set) | 1;
}

uint64_t
books_clearing_from(const struct books *books, int32_t day)
{
    uint64_t low = 0, high = books->market->clearings_count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (books->market->clearings[books->clearing_by_day[middle]].known_day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "market.h"

#include <stdlib.h>
#include <string.h>

#include "market_inside.h"

void
market_must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "market: %s\n", what);
    exit(1);
}

void *
market_alloc(size_t count, size_t size)
{
    void *block = calloc(count ? count : 1, size);
    market_must(block != NULL, "no memory");
    return block;
}

void *
vector_add(struct vector *vector)
{
    if (vector->count == vector->room) {
        vector->room = vector->room ? vector->room + vector->room / 2 : 1024;
        vector->rows = realloc(vector->rows, vector->room * vector->size);
        market_must(vector->rows != NULL, "no memory");
    }
    void *row = (char *)vector->rows + vector->count++ * vector->size;
    memset(row, 0, vector->size);
    return row;
}

/* Customers are added until there are items enough. */
static void
live(struct making *making)
{
    making->items.size = sizeof(struct item);
    making->pays.size = sizeof(struct pay);
    making->lines.size = sizeof(struct market_line);
    making->profiles.size = sizeof(struct profile);
    making->damages.size = sizeof(struct damaged);
    while (making->items.count < making->options->items) {
        struct profile *profile = vector_add(&making->profiles);
        market_profile(making, making->customers, profile);
        market_live(making, making->customers++);
    }
    making->first_item = market_alloc(making->customers + 1, sizeof *making->first_item);
    for (size_t i = 0; i < making->items.count; i++)
        making->first_item[market_item(making, (uint32_t)i)->customer + 1]++;
    for (uint32_t i = 0; i < making->customers; i++)
        making->first_item[i + 1] += making->first_item[i];
}

struct market *
market_make(const struct market_options *options)
{
    struct market *market = market_alloc(1, sizeof *market);
    market->options = *options;
    market->options.items = options->items < 1000 ? 1000 : options->items > 10000000 ? 10000000 : options->items;
    struct making making = { .options = &market->options, .seed = options->seed, .market = market };
    market->first_day = FIRST_DAY;
    market->days = DAYS;
    market_scenario_fit(&making.fit);
    live(&making);
    market_number(&making);
    market_rows(&making);
    market->lines = making.lines.rows;
    market->lines_count = making.lines.count;
    if (!options->no_labels)
        market_label(&making);
    market_clerk(&making);
    free(making.items.rows);
    free(making.pays.rows);
    free(making.profiles.rows);
    free(making.damages.rows);
    free(making.first_item);
    free(making.order);
    return market;
}

void
market_free(struct market *market)
{
    if (!market)
        return;
    free((void *)(uintptr_t)market->master.items);
    free((void *)(uintptr_t)market->master.references);
    free((void *)(uintptr_t)market->master.accounts);
    free((void *)(uintptr_t)market->master.bank_accounts);
    free((void *)(uintptr_t)market->master.ties);
    free((void *)(uintptr_t)market->payments.rows);
    free((void *)(uintptr_t)market->payments.texts);
    free((void *)(uintptr_t)market->remittances.rows);
    free((void *)(uintptr_t)market->remittances.lines);
    free(market->truth);
    free(market->lines);
    free(market->clearings);
    free(market->cleared);
    free(market->pins);
    o2c_heap_free(market->heap);
    free(market);
}

/* Payments stand in the order of their days. */
static uint32_t
first_of(const struct market *market, int32_t day)
{
    uint64_t low = 0, high = market->payments.count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (market->payments.rows[middle].value_day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

void
market_day(const struct market *market, int32_t day, uint32_t *out_from, uint32_t *out_to)
{
    *out_from = first_of(market, day);
    *out_to = first_of(market, day + 1);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Document numbers: two ranges of ten digits, as a ledger has them; one counter each, in the order of the days. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market_inside.h"

/* Gap to the next number of a ledger that is a part of all documents: 4.1 % follow directly, half are 21 or less. */
static uint32_t
draw_gap(struct market_random *random)
{
    static const struct market_quantile gaps[] = { { 0, 2 }, { 200, 8 }, { 480, 21 }, { 750, 37 }, { 950, 75 }, { 1000, 140 } };
    return market_chance(random, 41000) ? 1 : (uint32_t)market_quantile_draw(random, gaps);
}

struct place {
    int32_t day;
    uint32_t row;
    uint64_t mix; /* customers of a day in no order of theirs, the items of one together */
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

void
market_number(struct making *making)
{
    struct market_random random;
    size_t count = making->items.count;
    struct place *places = market_alloc(count, sizeof *places);
    uint32_t next[5] = { 1930000000, 2960000000, 10000000, 40000000, 70000000 };
    market_random_stream(&random, making->seed, STREAM_NUMBER, 0);
    for (size_t i = 0; i < count; i++) {
        const struct item *item = market_item(making, (uint32_t)i);
        places[i] = (struct place){ item->day, (uint32_t)i, market_mix(market_mix(making->seed, STREAM_ORDER),
            ((uint64_t)item->day << 32) + item->customer) };
    }
    qsort(places, count, sizeof *places, by_place);
    for (size_t i = 0; i < count; i++) {
        struct item *item = market_item(making, places[i].row);
        next[item->series] += draw_gap(&random);
        item->number = next[item->series];
    }
    free(places);
}

size_t
market_document(const struct item *item, char out[32])
{
    static const char *const form[] = { "%010u", "%010u", "INV-2026-%08u", "RE/2026/%08u", "%010u" };
    static const char *const credit[] = { "%010u", "%010u", "CRN-2026-%08u", "GS/2026/%08u", "%010u" };
    return (size_t)snprintf(out, 32, item->amount < 0 ? credit[item->series] : form[item->series], (unsigned)item->number);
}

/* The structured reference printed on the invoice: ISO 11649 over series and number. */
size_t
market_structured(const struct item *item, char out[40])
{
    char body[24];
    int len = snprintf(body, sizeof body, "%u%010u", (unsigned)item->series + 1, (unsigned)item->number);
    if (o2c_reference_make(O2C_SCHEME_RF, &(o2c_str){ body, (size_t)len }, out, 40, NULL) != O2C_OK)
        market_must(false, "reference");
    return strlen(out);
}

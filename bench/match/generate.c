/* SPDX-License-Identifier: Apache-2.0 */
#include "generate.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES 140

static void *
must_alloc(size_t count, size_t size)
{
    void *block = calloc(count ? count : 1, size);
    if (!block) {
        fputs("bench: no memory\n", stderr);
        exit(1);
    }
    return block;
}

static void
must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* ---- random numbers */
void
random_seed(struct random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        random->state[i] = z ^ (z >> 31);
    }
}

static uint64_t
rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t
random_next(struct random *random)
{
    uint64_t *s = random->state, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t
random_below(struct random *random, uint32_t n)
{
    return (uint32_t)((random_next(random) >> 32) * n >> 32);
}

static o2c_ref
add(o2c_heap *heap, const char *text, size_t len)
{
    o2c_ref ref;
    must(o2c_heap_add(heap, &(o2c_str){ text, len }, &ref, NULL) == O2C_OK, "heap");
    return ref;
}

/* ---- the ledger. Quantiles of the pool at payment, linear between. */
static uint32_t
draw_pool(struct random *random)
{
    static const uint32_t at[] = { 0, 100, 250, 500, 750, 900, 950, 990, 1000 };
    static const uint32_t size[] = { 1, 1, 2, 7, 21, 41, 64, 326, 457 };
    uint32_t p = random_below(random, 1000);
    int i = 0;
    while (p >= at[i + 1])
        i++;
    return size[i] + (size[i + 1] - size[i]) * (p - at[i]) / (at[i + 1] - at[i]);
}

/* Amounts: minor units, quantiles of the same ledger. */
static int64_t
draw_amount(struct random *random)
{
    static const uint32_t at[] = { 0, 10, 50, 250, 500, 750, 950, 990, 1000 };
    static const int64_t minor[] = { 1000, 7064, 33331, 470273, 1728350, 4654367, 11092669, 16607123, 30000000 };
    uint32_t p = random_below(random, 1000);
    int i = 0;
    while (p >= at[i + 1])
        i++;
    return minor[i] + (int64_t)(random_next(random) % (uint64_t)(minor[i + 1] - minor[i]));
}

/* Three kinds of number: nine digits, INV-2026-0012345, RE/2026/0018812. Gaps of about 20 in a number range of 20 · items. */
static size_t
write_number(uint32_t item, char out[32])
{
    uint32_t number = item * 20 + item * 2654435761u % 17;
    switch (item % 3) {
    case 0:
        return (size_t)sprintf(out, "%09u", 100000000 + number);
    case 1:
        return (size_t)sprintf(out, "INV-2026-%08u", number);
    default:
        return (size_t)sprintf(out, "RE/2026/%08u", number);
    }
}

static void
make_item(struct ledger *ledger, uint32_t item, o2c_ref account)
{
    char text[32];
    o2c_open_item *row = &ledger->items[item];
    size_t len = (size_t)sprintf(text, "1000%09u2026001", item);
    row->key = add(ledger->heap, text, len);
    len = write_number(item, text);
    row->document = add(ledger->heap, text, len);
    row->account = account;
    memcpy(row->currency, "EUR", 4);
    row->kind = O2C_ITEM_INVOICE;
    row->open_minor = draw_amount(&ledger->random);
    row->document_day = 20400 + (int32_t)random_below(&ledger->random, 60);
    row->due_day = row->document_day + 30;
    row->host_ref = item;
    row->version = 1;
}

static void
make_customer(struct ledger *ledger, uint32_t first, uint32_t count)
{
    char text[32];
    uint32_t number = ledger->customers_count++;
    size_t len = (size_t)sprintf(text, "K%07u", number);
    o2c_account *account = &ledger->accounts[number];
    account->key = add(ledger->heap, text, len);
    len = (size_t)sprintf(text, "DE%02u5001051754073%05u", number % 89 + 10, number % 100000);
    len += (size_t)sprintf(text + len, "%u", number / 100000);
    ledger->bank_accounts[number] = (o2c_bank_account){ account->key, add(ledger->heap, text, len), O2C_BANK_ACCOUNT_CONFIRMED, 1, number + 1 };
    ledger->customers[number] = (struct customer){ first, count };
    for (uint32_t i = 0; i < count; i++)
        make_item(ledger, first + i, account->key);
}

void
ledger_make(struct ledger *ledger, uint64_t seed, uint32_t items)
{
    *ledger = (struct ledger){ .plain = ledger->plain };
    ledger->seed = seed;
    random_seed(&ledger->random, seed);
    must(o2c_heap_new(NULL, &ledger->heap, NULL) == O2C_OK, "heap");
    ledger->items_count = items;
    ledger->items = must_alloc(items, sizeof *ledger->items);
    ledger->customers = must_alloc(items, sizeof *ledger->customers);
    ledger->accounts = must_alloc(items, sizeof *ledger->accounts);
    ledger->bank_accounts = must_alloc(items, sizeof *ledger->bank_accounts);
    ledger->used = must_alloc(items, sizeof *ledger->used);
    for (uint32_t first = 0, count; first < items; first += count) {
        count = draw_pool(&ledger->random);
        count = count < items - first ? count : items - first;
        make_customer(ledger, first, count);
    }
}

void
ledger_free(struct ledger *ledger)
{
    free(ledger->items);
    free(ledger->customers);
    free(ledger->accounts);
    free(ledger->bank_accounts);
    free(ledger->used);
    o2c_heap_free(ledger->heap);
}

/* ---- payments */
static uint32_t
draw_count(struct random *random)
{
    static const uint32_t at[SET_MAX] = { 629, 792, 852, 896, 930, 1000 };
    uint32_t p = random_below(random, 1000), count = 1;
    while (p >= at[count - 1])
        count++;
    return count;
}

/* Neighbors of one customer that nothing has paid in this chunk; 0 = drawn in vain. */
static uint32_t
draw_set(struct ledger *ledger, const struct customer *customer, struct truth *truth)
{
    uint32_t count = draw_count(&ledger->random);
    count = count < customer->count ? count : customer->count;
    uint32_t first = customer->first + random_below(&ledger->random, customer->count - count + 1);
    for (uint32_t i = 0; i < count; i++) {
        if (ledger->used[first + i] == ledger->chunk)
            return 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        ledger->used[first + i] = ledger->chunk;
        truth->items[i] = first + i;
    }
    truth->count = count;
    return count;
}

/* As a payer writes a number: 60 % as printed, 20 % with other separators or in small letters, 10 % without, 10 % without prefix. */
static size_t
render(struct random *random, uint32_t item, char out[40])
{
    char printed[32];
    uint32_t way = random_below(random, 100);
    size_t len = write_number(item, printed), count = 0;
    bool prefix = printed[0] >= 'A', other = way >= 60 && way < 80;
    char sign = random_below(random, 2) ? ' ' : '.';
    size_t from = way >= 90 && prefix ? strcspn(printed, "0123456789") : 0;
    for (size_t i = from; i < len; i++) {
        bool separator = printed[i] == '-' || printed[i] == '/';
        if (separator && way >= 80 && way < 90)
            continue;
        out[count++] = separator && other ? sign : other && printed[i] >= 'A' && printed[i] <= 'Z' ? (char)(printed[i] + 32) : printed[i];
    }
    return count;
}

static size_t
noise(struct random *random, char out[40])
{
    static const char *const words[] = { "INVOICE", "RECHNUNG", "NR.", "THANK YOU", "YOUR REF", "PAYMENT OF", "ZAHLUNG", "VIELEN DANK",
                                         "CUSTOMER", "FACTURE", "ORDER", "SETTLEMENT", "KD-NR", "PER" };
    uint32_t kind = random_below(random, 10);
    if (kind == 0)
        return (size_t)sprintf(out, "%02u.%02u.2026", 1 + random_below(random, 28), 1 + random_below(random, 12));
    if (kind == 1)
        return (size_t)sprintf(out, "EUR %u.%03u,%02u", random_below(random, 99) + 1, random_below(random, 1000), random_below(random, 100));
    if (kind == 2)
        return (size_t)sprintf(out, "TEL %u", 300000 + random_below(random, 600000));
    return (size_t)sprintf(out, "%s", words[random_below(random, sizeof words / sizeof words[0])]);
}

static void
put(char *text, size_t *at, const char *piece, size_t len)
{
    if (*at > 0)
        text[(*at)++] = ' ';
    memcpy(text + *at, piece, len);
    *at += len;
}

/* Our numbers as printed, and no more. */
static size_t
make_plain_text(const struct truth *truth, char text[400])
{
    char piece[40];
    size_t at = 0, len;
    for (uint32_t i = 0; i < truth->count; i++) {
        len = write_number(truth->items[i], piece);
        put(text, &at, piece, len);
    }
    return at;
}

/* 140 bytes: our numbers, and noise before and behind them. */
static size_t
make_text(struct random *random, const struct truth *truth, char text[400])
{
    char piece[40];
    size_t at = 0, len;
    for (uint32_t i = 0; i < truth->count; i++) {
        if (random_below(random, truth->count + 1) == 0 || i == 0) {
            len = noise(random, piece);
            put(text, &at, piece, len);
        }
        len = render(random, truth->items[i], piece);
        put(text, &at, piece, len);
    }
    while (at + 1 < TEXT_BYTES) {
        len = noise(random, piece);
        put(text, &at, piece, len);
    }
    return at;
}

static void
make_payment(struct ledger *ledger, struct day *day, uint32_t i)
{
    struct random *random = &ledger->random;
    o2c_payment *row = &day->payments[i];
    char text[400];
    uint32_t customer;
    do
        customer = random_below(random, ledger->customers_count);
    while (draw_set(ledger, &ledger->customers[customer], &day->truth[i]) == 0);
    for (uint32_t k = 0; k < day->truth[i].count; k++)
        row->amount_minor += ledger->items[day->truth[i].items[k]].open_minor;
    size_t len = (size_t)sprintf(text, "PAY-%010u", i);
    row->key = add(day->heap, text, len);
    memcpy(row->currency, "EUR", 4);
    row->value_day = row->booking_day = 20480;
    row->ordinal = i;
    row->at = O2C_NOWHERE;
    row->texts_at = i;
    row->texts_count = 1;
    len = ledger->plain ? make_plain_text(&day->truth[i], text) : make_text(random, &day->truth[i], text);
    day->texts[i].text = add(day->heap, text, len);
    day->texts[i].at = O2C_NOWHERE;
    if (random_below(random, 100) < 70) {
        o2c_str heap;
        o2c_heap_bytes(ledger->heap, &heap);
        o2c_ref number = ledger->bank_accounts[customer].number;
        row->payer_account = add(day->heap, heap.ptr + number.at, number.len);
    }
}

void
day_make(struct ledger *ledger, struct day *day, uint32_t count)
{
    memset(day, 0, sizeof *day);
    must(o2c_heap_new(NULL, &day->heap, NULL) == O2C_OK, "heap");
    day->payments = must_alloc(count, sizeof *day->payments);
    day->texts = must_alloc(count, sizeof *day->texts);
    day->truth = must_alloc(count, sizeof *day->truth);
    day->count = count;
    ledger->chunk++;
    for (uint32_t i = 0; i < count; i++)
        make_payment(ledger, day, i);
}

void
day_free(struct day *day)
{
    free(day->payments);
    free(day->texts);
    free(day->truth);
    o2c_heap_free(day->heap);
}

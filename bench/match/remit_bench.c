/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast is an advice of many lines solved, settled, gated and written? One payment, one advice, one item for each line, every
 * hundredth line unknown. Checked before it is timed: as many lines automatic as are known, the rest of the money unapplied.
 *     remit_bench [LINES, default 100000] [ITEMS beside them, default as many]
 * Prints one JSON line: the best of the rounds, solve call alone.
 */
#define _POSIX_C_SOURCE 200809L
#include <o2c/o2c.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 7

struct day {
    o2c_heap *heap;
    o2c_open_item *items;
    o2c_remittance_line *lines;
    o2c_payment payment;
    o2c_remittance advice;
    o2c_bank_account bank;
    uint64_t lines_count, items_count, known;
    int64_t known_minor;
};

static void
must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "remit_bench: %s\n", what);
    exit(1);
}

static o2c_ref
text(struct day *day, const char *bytes)
{
    o2c_ref ref = { 0, 0 };
    o2c_str given = { bytes, strlen(bytes) };
    must(o2c_heap_add(day->heap, &given, &ref, NULL) == O2C_OK, "heap");
    return ref;
}

static o2c_open_item *
add_item(struct day *day, uint64_t i)
{
    char name[32];
    o2c_open_item *item = &day->items[i];
    uint64_t place = i * UINT64_C(2654435761) % day->items_count; /* numbers do not come in the order of due days */
    snprintf(name, sizeof name, "K%09" PRIu64, i);
    item->key = text(day, name);
    snprintf(name, sizeof name, "INV-%08" PRIu64, 10000000 + 7 * i);
    item->document = text(day, name);
    item->account = day->bank.account;
    item->kind = O2C_ITEM_INVOICE;
    memcpy(item->currency, "USD", 4);
    item->open_minor = item->original_minor = 1000 + (int64_t)(i * UINT64_C(7919) % 900001);
    item->document_day = 20000;
    item->due_day = 20030 + (int32_t)(place % 60);
    return item;
}

static void
make(struct day *day, uint64_t lines, uint64_t beside)
{
    char name[32];
    memset(day, 0, sizeof *day);
    day->lines_count = lines;
    day->items_count = lines + beside;
    must(o2c_heap_new(NULL, &day->heap, NULL) == O2C_OK, "heap");
    day->items = calloc(day->items_count, sizeof *day->items);
    day->lines = calloc(lines, sizeof *day->lines);
    must(day->items && day->lines, "memory");
    day->bank.account = text(day, "C1");
    day->bank.number = text(day, "DE02120300000000202051");
    day->bank.state = O2C_BANK_ACCOUNT_CONFIRMED;
    for (uint64_t i = 0; i < day->items_count; i++) {
        o2c_open_item *item = add_item(day, i);
        if (i >= lines)
            continue;
        o2c_remittance_line *line = &day->lines[i];
        snprintf(name, sizeof name, "NIX-%09" PRIu64, i);
        line->document = i % 100 == 99 ? text(day, name) : item->document;
        line->kind = O2C_REMITTANCE_INVOICE;
        line->has = O2C_HAS_PAID;
        line->paid_minor = item->open_minor;
        line->ordinal = (uint32_t)i;
        memcpy(line->currency, "USD", 4);
        day->payment.amount_minor += item->open_minor;
        day->known += i % 100 != 99;
        day->known_minor += i % 100 != 99 ? item->open_minor : 0;
    }
    day->payment.key = day->advice.payment = text(day, "P");
    day->payment.value_day = day->payment.booking_day = 20040;
    day->payment.payer_account = day->bank.number;
    memcpy(day->payment.currency, "USD", 4);
    day->advice.key = text(day, "R");
    day->advice.lines_count = (uint32_t)lines;
    memcpy(day->advice.currency, "USD", 4);
}

static double
now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static void
check(const struct day *day, const o2c_match_solution *solution)
{
    const o2c_proposal *proposals;
    const o2c_line *lines;
    uint64_t count, automatic = 0;
    o2c_match_solution_proposals(solution, &proposals, &count);
    must(count == 1 && proposals[0].applied_minor == day->known_minor, "applied is not what the known lines pay");
    must(proposals[0].unapplied_minor == day->payment.amount_minor - day->known_minor, "unapplied is not what the others do");
    o2c_match_solution_lines(solution, &lines, &count);
    for (uint64_t i = 0; i < count; i++)
        automatic += lines[i].band == O2C_BAND_AUTO;
    must(automatic == day->known, "not every known line posts itself");
}

static double
solve(const struct day *day, const o2c_match_pool *pool, const o2c_match_model *model, const o2c_str *heap)
{
    o2c_match_solution *solution = NULL;
    o2c_payments payments = { sizeof payments, 0, &day->payment, 1, NULL, 0, *heap };
    o2c_remittances remittances = { sizeof remittances, 0, &day->advice, 1, day->lines, day->lines_count, *heap };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments, .remittances = &remittances };
    double start = now();
    must(o2c_match_solve(NULL, pool, model, &request, &solution, NULL) == O2C_OK, "solve");
    double spent = now() - start;
    check(day, solution);
    o2c_match_solution_free(solution);
    return spent;
}

int
main(int argc, char **argv)
{
    struct day day;
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_str heap;
    uint64_t lines = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    make(&day, lines, argc > 2 ? strtoull(argv[2], NULL, 10) : lines);
    o2c_heap_bytes(day.heap, &heap);
    must(o2c_match_pool_new(NULL, NULL, &pool, NULL) == O2C_OK, "pool");
    must(o2c_match_pool_put_items(pool, day.items, day.items_count, &heap, NULL) == O2C_OK, "items");
    must(o2c_match_pool_put_bank_accounts(pool, &day.bank, 1, &heap, NULL) == O2C_OK, "bank accounts");
    must(o2c_match_pool_freeze(pool, NULL) == O2C_OK, "freeze");
    must(o2c_match_model_new(NULL, &cold, NULL) == O2C_OK && o2c_match_model_measure(cold, pool, &model, NULL) == O2C_OK, "model");
    double best = solve(&day, pool, model, &heap);
    for (int round = 1; round < ROUNDS; round++) {
        double spent = solve(&day, pool, model, &heap);
        best = spent < best ? spent : best;
    }
    printf("{\"scenario\":\"remittance\",\"lines\":%" PRIu64 ",\"items\":%" PRIu64 ",\"automatic\":%" PRIu64 ",\"ms\":%.3f,\"ns_per_line\":%.0f}\n", lines,
           day.items_count, day.known, best * 1e3, best * 1e9 / (double)lines);
    o2c_match_model_free(cold);
    o2c_match_model_free(model);
    o2c_match_pool_free(pool);
    o2c_heap_free(day.heap);
    free(day.items);
    free(day.lines);
    return 0;
}

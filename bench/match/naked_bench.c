/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payments that say nothing but their amount: the payer is known, the text is empty. Pools, sets, runs and amounts follow the published
 * marginals of a receivables ledger; nothing is drawn from the prior that the matcher itself uses.
 *
 *     naked_bench [--payments N] [--seed S] [--short 1] [--shape NAME] [--bar PPM]
 *
 * --short 1 pays every set .5 … 5 % short: whatever is then taken as paid in full is wrong. --shape lists one of the adversarial
 * families instead of the ledger: density, even, powers, equal, unit. Answers one JSON line.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "generate.h"
#include "match/decide.h"

#define POOL_MAX 5000
#define PRICES 1500

struct naked {
    struct random random;
    o2c_open_item items[POOL_MAX];
    uint8_t chosen[POOL_MAX];
    uint32_t n, k;
    int64_t amount;
    int64_t prices[PRICES];
    const char *shape;
    int is_short;
    uint32_t size; /* 0 = as the ledger has it */
};

struct tally {
    uint64_t payments, automatic, wrong, incomplete, cut, small, small_auto, large, large_auto, top;
    uint64_t operations, operations_max;
    double *micro;
};

static uint32_t
draw(struct random *random, const uint32_t *at, const int64_t *value, int64_t *out)
{
    uint32_t p = random_below(random, 1000), i = 0;
    while (p >= at[i + 1])
        i++;
    uint64_t width = (uint64_t)(value[i + 1] - value[i]);
    *out = value[i] + (int64_t)(width ? random_next(random) % width : 0);
    return p;
}

static uint32_t
draw_pool(struct random *random)
{
    static const uint32_t at[] = { 0, 100, 250, 500, 750, 900, 950, 990, 1000 };
    static const int64_t size[] = { 1, 1, 2, 7, 21, 41, 64, 326, 457 };
    int64_t n;
    draw(random, at, size, &n);
    return (uint32_t)n;
}

static int64_t
draw_amount(struct random *random)
{
    static const uint32_t at[] = { 0, 10, 50, 250, 500, 750, 950, 990, 1000 };
    static const int64_t minor[] = { 1000, 7064, 33331, 470273, 1728350, 4654367, 11092669, 16607123, 30000000 };
    int64_t amount;
    draw(random, at, minor, &amount);
    return amount;
}

/* How many items are paid together: 1: 62.9 %, ≤ 2: 79.2, ≤ 5: 93.0, ≤ 10: 96.9, ≤ 20: 98.2, at most 94. */
static uint32_t
draw_size(struct random *random, uint32_t n)
{
    static const uint32_t at[] = { 0, 629, 792, 852, 896, 930, 969, 982, 1000 };
    static const int64_t size[] = { 1, 2, 3, 4, 5, 6, 11, 21, 95 };
    for (uint32_t tries = 0; tries < 1000; tries++) {
        int64_t k;
        draw(random, at, size, &k);
        if (k <= n)
            return (uint32_t)k;
    }
    return 1;
}

static void
make_items(struct naked *w)
{
    struct random *random = &w->random;
    int32_t day = 20400;
    for (uint32_t i = 0; i < w->n; i++) {
        o2c_open_item *row = &w->items[i];
        uint32_t p = random_below(random, 1000);
        memset(row, 0, sizeof *row);
        day += random_below(random, 100) < 35 ? 0 : 1 + (int32_t)random_below(random, 5);
        row->due_day = day;
        row->document_day = day - 30;
        row->open_minor = p < 40 && i ? w->items[random_below(random, i)].open_minor
                          : p < 125   ? w->prices[random_below(random, PRICES)]
                                      : draw_amount(random);
    }
}

/* Adversarial sums: many sets come to the same amount. */
static void
make_shape(struct naked *w)
{
    struct random *random = &w->random;
    w->n = strcmp(w->shape, "equal") == 0 ? 300 : 40 + random_below(random, 161);
    for (uint32_t i = 0; i < w->n; i++) {
        o2c_open_item *row = &w->items[i];
        uint32_t bits = w->n < 48 ? w->n : 48;
        memset(row, 0, sizeof *row);
        row->due_day = 20400 + (int32_t)i;
        row->document_day = 20300;
        if (strcmp(w->shape, "density") == 0)
            row->open_minor = 1 + (int64_t)(random_next(random) >> (64 - (bits < 44 ? bits : 44)));
        else if (strcmp(w->shape, "even") == 0)
            row->open_minor = 2 * (1 + (int64_t)random_below(random, 5000000));
        else if (strcmp(w->shape, "powers") == 0)
            row->open_minor = (int64_t)1 << (i % 45);
        else if (strcmp(w->shape, "equal") == 0)
            row->open_minor = 119000;
        else
            row->open_minor = 4999 * (1 + (int64_t)random_below(random, 40));
    }
}

/* r runs of k items: both cut at random places; the oldest item is among them as often as the ledger says. */
static void
place_runs(struct naked *w, uint32_t r, int oldest)
{
    struct random *random = &w->random;
    uint32_t rest = w->n - w->k, free_gaps = r + 1, lengths[POOL_MAX], gaps[POOL_MAX + 1], at = 0;
    memset(gaps, 0, sizeof gaps);
    for (uint32_t i = 0; i < r; i++)
        lengths[i] = 1;
    for (uint32_t i = r; i < w->k; i++)
        lengths[random_below(random, r)]++;
    for (uint32_t i = 1; i < r; i++)
        gaps[i] = 1;
    uint32_t left = rest - (r - 1);
    if (!oldest && left > 0) {
        gaps[0] = 1;
        left--;
    }
    for (; left > 0; left--) {
        uint32_t gap = oldest ? 1 + random_below(random, free_gaps - 1) : random_below(random, free_gaps);
        gaps[gap]++;
    }
    memset(w->chosen, 0, w->n);
    for (uint32_t i = 0; i < r; i++) {
        at += gaps[i];
        memset(w->chosen + at, 1, lengths[i]);
        at += lengths[i];
    }
}

static uint32_t
draw_runs(struct naked *w)
{
    static const uint32_t small[] = { 63, 83, 91, 94, 96, 97, 98, 100 }, large[] = { 44, 69, 78, 81, 82, 83, 84, 100 };
    const uint32_t *table = w->n > 38 ? large : small;
    uint32_t most = w->k < w->n - w->k + 1 ? w->k : w->n - w->k + 1;
    for (;;) {
        uint32_t p = random_below(&w->random, 100), r = 1;
        while (p >= table[r - 1])
            r++;
        if (r == 8)
            r += random_below(&w->random, 20);
        if (r <= most)
            return r;
    }
}

static void
make_set(struct naked *w)
{
    struct random *random = &w->random;
    w->k = random_below(random, 1000) < 30 ? w->n : draw_size(random, w->n);
    uint32_t r = w->k == w->n ? 1 : draw_runs(w);
    uint32_t share = w->k == 1 ? 746 : r == 1 ? 700 : 550;
    place_runs(w, r, w->k == w->n || random_below(random, 1000) < share);
    w->amount = 0;
    for (uint32_t i = 0; i < w->n; i++)
        w->amount += w->chosen[i] ? w->items[i].open_minor : 0;
    if (w->is_short)
        w->amount -= w->amount * (5000 + (int64_t)random_below(random, 45000)) / 1000000;
    if (w->shape && strcmp(w->shape, "even") == 0)
        w->amount |= 1;
    if (w->amount <= 0)
        w->amount = 1;
}

/* Interchangeable items are the same payment: what counts is how often each amount was taken. */
static int
by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int
is_right(const struct naked *w, const o2c_match_pool *pool, const struct o2c__explanation *why, const struct o2c__hypothesis *row)
{
    static int64_t have[POOL_MAX], want[POOL_MAX];
    uint32_t count = 0;
    if (row->items_count != w->k || (w->is_short && row->arithmetic != O2C_ARITHMETIC_X5)) /* within the tolerance is not short */
        return 0;
    for (uint32_t i = 0; i < w->k; i++)
        have[i] = pool->open[why->items[row->items_at + i]];
    for (uint32_t i = 0; i < w->n; i++)
        if (w->chosen[i])
            want[count++] = w->items[i].open_minor;
    qsort(have, w->k, sizeof *have, by_value);
    qsort(want, w->k, sizeof *want, by_value);
    return memcmp(have, want, w->k * sizeof *have) == 0;
}

static void
must(o2c_status status, const o2c_error *err)
{
    if (status == O2C_OK)
        return;
    fprintf(stderr, "naked_bench: %s: %s\n", o2c_status_name(status), err->message);
    exit(1);
}

static o2c_match_pool *
make_pool(struct naked *w)
{
    o2c_match_pool *pool = NULL;
    o2c_heap *heap = NULL;
    o2c_error err = { 0 };
    o2c_account account = { 0 };
    o2c_str bytes;
    char key[16];
    must(o2c_heap_new(NULL, &heap, &err), &err);
    must(o2c_heap_add(heap, &(o2c_str){ "A", 1 }, &account.key, &err), &err);
    for (uint32_t i = 0; i < w->n; i++) {
        int len = snprintf(key, sizeof key, "K%06u", i);
        must(o2c_heap_add(heap, &(o2c_str){ key, (size_t)len }, &w->items[i].key, &err), &err);
        w->items[i].document = w->items[i].key;
        w->items[i].account = account.key;
        memcpy(w->items[i].currency, "EUR", 4);
        w->items[i].kind = O2C_ITEM_INVOICE;
    }
    o2c_heap_bytes(heap, &bytes);
    must(o2c_match_pool_new(NULL, NULL, &pool, &err), &err);
    must(o2c_match_pool_put_accounts(pool, &account, 1, &bytes, &err), &err);
    must(o2c_match_pool_put_items(pool, w->items, w->n, &bytes, &err), &err);
    must(o2c_match_pool_freeze(pool, &err), &err);
    o2c_heap_free(heap);
    return pool;
}

static double
micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void
judge(const struct naked *w, const o2c_match_pool *pool, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t bar,
      struct tally *tally)
{
    uint32_t worst = 0;
    int right = d->winner && is_right(w, pool, why, d->winner);
    for (uint32_t i = 0; i < d->parts_count; i++)
        worst = d->parts[i].error_ppb > worst ? d->parts[i].error_ppb : worst;
    int automatic = d->winner && d->label != O2C_LABEL_M22 && !why->cut_short && worst <= (1000000 - bar) * 1000;
    tally->payments++;
    tally->top += (uint64_t)(why->count && is_right(w, pool, why, &why->rows[0]));
    tally->automatic += (uint64_t)automatic;
    tally->wrong += (uint64_t)(automatic && !right);
    tally->incomplete += !why->complete;
    tally->cut += why->cut_short;
    *(w->n > 38 ? &tally->large : &tally->small) += 1;
    *(w->n > 38 ? &tally->large_auto : &tally->small_auto) += (uint64_t)automatic;
    tally->operations += why->operations;
    tally->operations_max = why->operations > tally->operations_max ? why->operations : tally->operations_max;
}

static void
run_one(struct naked *w, struct o2c__solve *solve, uint32_t bar, struct tally *tally)
{
    o2c_payment payment = { 0 };
    struct o2c__payer payer = { .account = 0, .chance_ppm = 999500, .evidence = 2, .confirmed = 1 };
    struct o2c__case one = { .payment = &payment, .payers = &payer, .payers_count = 1 };
    struct o2c__explanation why;
    struct o2c__decision decision;
    o2c_error err = { 0 };
    o2c_match_pool *pool = make_pool(w);
    memcpy(payment.currency, "EUR", 4);
    payment.amount_minor = w->amount;
    payment.value_day = payment.booking_day = w->items[w->n / 2].due_day;
    payment.bearer = O2C_BEARER_SHARED;
    solve->pool = pool;
    o2c__arena_reset(&solve->arena);
    memset(&why, 0, sizeof why);
    double start = micros();
    must(o2c__explain(solve, &one, &why, &err), &err);
    tally->micro[tally->payments] = micros() - start;
    must(o2c__choose(solve, &one, &why, &decision, &err), &err);
    judge(w, pool, &why, &decision, bar, tally);
    o2c_match_pool_free(pool);
}

static int
by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static uint64_t
ppm(uint64_t part, uint64_t whole)
{
    return whole ? part * 1000000 / whole : 0;
}

static void
report(const struct naked *w, struct tally *t)
{
    double sum = 0;
    for (uint64_t i = 0; i < t->payments; i++)
        sum += t->micro[i];
    qsort(t->micro, t->payments, sizeof *t->micro, by_double);
    printf("{\"scenario\":\"%s%s\",\"payments\":%llu,\"auto_ppm\":%llu,\"auto_wrong\":%llu,\"top1_ppm\":%llu,\"auto_to_38_ppm\":%llu,"
           "\"auto_above_38_ppm\":%llu,\"incomplete\":%llu,\"cut_short\":%llu,\"mean_us\":%.1f,\"p50_us\":%.1f,\"p90_us\":%.1f,"
           "\"p99_us\":%.1f,\"max_us\":%.1f,\"ops_mean\":%llu,\"ops_max\":%llu}\n",
           w->shape ? w->shape : "naked", w->is_short ? "-short" : "", (unsigned long long)t->payments,
           (unsigned long long)ppm(t->automatic, t->payments), (unsigned long long)t->wrong, (unsigned long long)ppm(t->top, t->payments),
           (unsigned long long)ppm(t->small_auto, t->small), (unsigned long long)ppm(t->large_auto, t->large),
           (unsigned long long)t->incomplete, (unsigned long long)t->cut, sum / (double)t->payments, t->micro[t->payments / 2],
           t->micro[t->payments * 9 / 10], t->micro[t->payments * 99 / 100], t->micro[t->payments - 1],
           (unsigned long long)(t->operations / t->payments), (unsigned long long)t->operations_max);
}

static const char *
option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return fallback;
}

static void
run(struct naked *w, struct tally *tally, uint64_t payments, uint32_t bar)
{
    static struct o2c__solve solve;
    static o2c_match_policy policy;
    static o2c_match_model model;
    o2c_error err = { 0 };
    o2c__policy_defaults(&policy);
    must(o2c__context_init(&solve.context, NULL, UINT64_MAX, &err), &err);
    o2c__arena_init(&solve.arena, &solve.context.memory, 0);
    model.accounts = 1000;
    solve.model = &model;
    solve.policy = &policy;
    for (uint64_t i = 0; i < payments; i++) {
        w->n = w->size ? w->size : draw_pool(&w->random);
        if (w->shape)
            make_shape(w);
        else
            make_items(w);
        make_set(w);
        run_one(w, &solve, bar, tally);
    }
    o2c__arena_free(&solve.arena);
}

int
main(int argc, char **argv)
{
    struct naked *w = calloc(1, sizeof *w);
    struct tally tally = { 0 };
    uint64_t payments = strtoull(option(argc, argv, "--payments", "20000"), NULL, 10);
    tally.micro = calloc(payments ? payments : 1, sizeof *tally.micro);
    if (!w || !tally.micro || payments == 0)
        return 2;
    w->shape = option(argc, argv, "--shape", NULL);
    w->size = (uint32_t)strtoul(option(argc, argv, "--pool", "0"), NULL, 10);
    w->size = w->size > POOL_MAX ? POOL_MAX : w->size;
    w->is_short = atoi(option(argc, argv, "--short", "0"));
    random_seed(&w->random, strtoull(option(argc, argv, "--seed", "1"), NULL, 10));
    for (uint32_t i = 0; i < PRICES; i++)
        w->prices[i] = draw_amount(&w->random) / 100 * 100;
    run(w, &tally, payments, (uint32_t)strtoul(option(argc, argv, "--bar", "995000"), NULL, 10));
    report(w, &tally);
    free(tally.micro);
    free(w);
    return 0;
}

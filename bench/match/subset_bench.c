/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums alone: one payer with k open items, a payment without a reference that pays at most s of them.
 *
 * "subset_search" is the search alone: every set that adds up exactly, of whatever size up to 20 items (halves.c), of at most s items above
 * (few.c). Each group is counted by brute force first; amounts come unsorted, and sorting is in the time.
 * "subset" is the whole solve, checked first (what is proposed adds up to the payment), then timed in calls of sixteen payments.
 *
 *     subset_bench [--seed S] [--items K] [--write FILE]     FILE for peers: k, s, target, amounts (comma), our
 *     nanoseconds of the solve and of the search alone; tab between
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "generate.h"
#include "match/few.h"
#include "match/halves.h"

#define CASES 400u
#define BATCH 16u
#define ITEMS_MAX 100u
#define ROUNDS 5

struct group {
    uint32_t size, most;
    o2c_heap *heap;
    o2c_open_item *items;
    o2c_account accounts[CASES];
    o2c_bank_account banks[CASES];
    o2c_payment payments[CASES];
    uint64_t set_low[CASES], set_high[CASES]; /* items paid, as bits */
    uint64_t ns[CASES / BATCH * ROUNDS], best[CASES / BATCH];
    uint64_t search_ns[CASES], search_sorted[CASES], search_worst; /* best of five of each case; worst of all */
    uint64_t proposed, right, automatic, wrong, operations_max;
};

static void
must(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "subset_bench: %s\n", what);
    exit(1);
}

static o2c_ref
text(struct group *group, const char *form, uint32_t a, uint32_t b)
{
    char bytes[64];
    o2c_ref ref;
    int len = snprintf(bytes, sizeof bytes, form, a, b);
    must(o2c_heap_add(group->heap, &(o2c_str){ bytes, (size_t)len }, &ref, NULL) == O2C_OK, "heap");
    return ref;
}

static uint64_t
bit_of(const struct group *group, uint32_t one, uint32_t item)
{
    return item < 64 ? group->set_low[one] >> item & 1 : group->set_high[one] >> (item - 64) & 1;
}

static void
make_case(struct group *group, struct random *random, uint32_t one)
{
    o2c_payment *payment = &group->payments[one];
    group->accounts[one].key = text(group, "C%05u", one, 0);
    group->banks[one] = (o2c_bank_account){ group->accounts[one].key, text(group, "DE89370400440532%06u", one, 0), O2C_BANK_ACCOUNT_CONFIRMED, 1, one + 1 };
    for (uint32_t i = 0; i < group->size; i++) {
        o2c_open_item *item = &group->items[one * group->size + i];
        item->key = text(group, "%05u-%03u", one, i);
        item->document = text(group, "INV-%05u-%03u", one, i);
        item->account = group->accounts[one].key;
        item->host_ref = i;
        item->kind = O2C_ITEM_INVOICE;
        memcpy(item->currency, "EUR", 4);
        item->open_minor = 7064 + (int64_t)(random_next(random) % 16600000u);
        item->document_day = 20400 + (int32_t)random_below(random, 90);
        item->due_day = item->document_day + 30;
    }
    for (uint32_t left = 1 + random_below(random, group->most); left > 0;) {
        uint32_t i = random_below(random, group->size);
        if (bit_of(group, one, i))
            continue;
        *(i < 64 ? &group->set_low[one] : &group->set_high[one]) |= UINT64_C(1) << i % 64;
        payment->amount_minor += group->items[one * group->size + i].open_minor;
        left--;
    }
    payment->key = text(group, "P%05u", one, 0);
    memcpy(payment->currency, "EUR", 4);
    payment->payer_account = group->banks[one].number;
    payment->value_day = payment->booking_day = 20500;
    payment->ordinal = one;
    payment->at = O2C_NOWHERE;
}

static void
judge(struct group *group, const o2c_match_solution *solution, uint32_t first)
{
    const o2c_proposal *rows;
    const o2c_line *lines;
    uint64_t count, lines_count;
    o2c_match_solution_proposals(solution, &rows, &count);
    o2c_match_solution_lines(solution, &lines, &lines_count);
    for (uint64_t i = 0; i < count; i++) {
        const o2c_proposal *one = &rows[i];
        int64_t sum = one->unapplied_minor + one->on_account_minor;
        bool right = one->lines_count > 0;
        uint32_t paid = 0;
        for (uint32_t k = 0; k < one->lines_count; k++) {
            sum += lines[one->lines_at + k].paid_minor;
            right = right && bit_of(group, first + (uint32_t)i, (uint32_t)lines[one->lines_at + k].host_ref);
            paid++;
        }
        right = right && paid == (uint32_t)(__builtin_popcountll(group->set_low[first + i]) + __builtin_popcountll(group->set_high[first + i]));
        must(one->lines_count == 0 || sum == one->amount_minor, "a proposal does not add up");
        group->proposed += one->lines_count > 0;
        group->right += right;
        group->automatic += one->band == O2C_BAND_AUTO;
        group->wrong += one->band == O2C_BAND_AUTO && !right;
        group->operations_max = one->operations > group->operations_max ? one->operations : group->operations_max;
    }
}

static void
run(struct group *group, const o2c_match_pool *pool, const o2c_match_model *model)
{
    o2c_payments payments = { .struct_size = sizeof payments, .count = BATCH };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments };
    uint32_t taken = 0;
    o2c_heap_bytes(group->heap, &payments.heap);
    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t first = 0; first < CASES; first += BATCH) {
            o2c_match_solution *solution = NULL;
            payments.rows = group->payments + first;
            uint64_t start = clock_now_ns();
            must(o2c_match_solve(NULL, pool, model, &request, &solution, NULL) == O2C_OK, "solve");
            uint64_t spent = (clock_now_ns() - start) / BATCH;
            if (round == 0)
                judge(group, solution, first);
            group->ns[taken++] = spent;
            if (round == 0 || spent < group->best[first / BATCH])
                group->best[first / BATCH] = spent;
            o2c_match_solution_free(solution);
        }
    }
    qsort(group->ns, taken, sizeof group->ns[0], clock_by_ns);
    printf("{\"what\":\"subset\",\"items\":%" PRIu32 ",\"most\":%" PRIu32 ",\"payments\":%u,\"proposed\":%" PRIu64 ",\"right\":%" PRIu64
           ",\"auto\":%" PRIu64 ",\"auto_wrong\":%" PRIu64 ",\"median_ns\":%" PRIu64 ",\"worst_ns\":%" PRIu64 ",\"ops_max\":%" PRIu64 "}\n",
           group->size, group->most, CASES, group->proposed, group->right, group->automatic, group->wrong, group->ns[taken / 2],
           group->ns[taken - 1], group->operations_max);
    fflush(stdout);
}

/* ---- the search alone */

static bool
count_set(void *self, const uint32_t *at, uint32_t width, int64_t sum)
{
    (void)at, (void)width, (void)sum;
    ++*(uint64_t *)self;
    return true;
}

static void
sort_amounts(const o2c_open_item *items, uint32_t count, int64_t *out)
{
    for (uint32_t i = 0; i < count; i++)
        out[i] = items[i].open_minor;
    for (uint32_t gap = count > 20 ? 13 : 1; gap > 0; gap /= 3)
        for (uint32_t i = gap; i < count; i++) {
            int64_t amount = out[i];
            uint32_t at = i;
            for (; at >= gap && out[at - gap] > amount; at -= gap)
                out[at] = out[at - gap];
            out[at] = amount;
        }
}

static uint64_t
search(const struct group *group, uint32_t one, struct o2c__halves *halves)
{
    int64_t amounts[ITEMS_MAX], prefix[ITEMS_MAX + 1] = { 0 };
    uint64_t sets = 0;
    int64_t target = group->payments[one].amount_minor;
    sort_amounts(&group->items[one * group->size], group->size, amounts);
    if (group->size <= 20) {
        struct o2c__pairs pairs;
        halves->most = target;
        o2c__half_start(&halves->low);
        o2c__half_start(&halves->high);
        for (uint32_t i = group->size; i-- > 0;)
            must(o2c__half_grow(halves, i % 2 ? &halves->high : &halves->low, amounts[i], UINT64_C(1) << i), "no room for the sums");
        for (o2c__pairs_start(halves, target, target, &pairs); o2c__pairs_next(halves, &pairs);)
            sets++;
        return sets;
    }
    for (uint32_t i = 0; i < group->size; i++)
        prefix[i + 1] = prefix[i] + amounts[i];
    struct o2c__few few = { .amounts = amounts, .prefix = prefix, .count = group->size, .least = target, .most = target, .steps_max = UINT64_MAX,
                            .self = &sets, .found = count_set };
    for (uint32_t width = 1; width <= group->most; width++)
        must(o2c__few_sets(&few, width), "the search stopped");
    return sets;
}

static uint64_t
brute(const struct group *group, uint32_t one, uint32_t from, uint32_t left, int64_t rest)
{
    uint64_t sets = rest == 0;
    for (uint32_t i = from; i < group->size && left && rest > 0; i++)
        sets += brute(group, one, i + 1, left - 1, rest - group->items[one * group->size + i].open_minor);
    return sets;
}

static void
run_search(struct group *group)
{
    struct o2c__halves halves;
    o2c__context context;
    o2c__arena arena;
    uint32_t widest = group->size <= 20 ? group->size : group->most;
    uint64_t sets = 0, checked = group->size <= 20 ? 40 : group->most > 3 ? 20 : CASES;
    must(o2c__context_init(&context, NULL, UINT64_MAX, NULL) == O2C_OK, "context");
    o2c__arena_init(&arena, &context.memory, 0);
    must(o2c__halves_alloc(&arena, &halves, 1024), "no memory");
    for (uint32_t one = 0; one < checked; one++)
        must(search(group, one, &halves) == brute(group, one, 0, widest, group->payments[one].amount_minor), "the search and brute force differ");
    for (int round = 0; round < ROUNDS; round++)
        for (uint32_t one = 0; one < CASES; one++) {
            uint64_t start = clock_now_ns();
            sets += search(group, one, &halves);
            uint64_t spent = clock_now_ns() - start;
            group->search_ns[one] = round && group->search_ns[one] < spent ? group->search_ns[one] : spent;
            group->search_worst = spent > group->search_worst ? spent : group->search_worst;
        }
    memcpy(group->search_sorted, group->search_ns, sizeof group->search_ns);
    qsort(group->search_sorted, CASES, sizeof group->search_sorted[0], clock_by_ns);
    printf("{\"what\":\"subset_search\",\"items\":%" PRIu32 ",\"most\":%" PRIu32 ",\"searches\":%u,\"checked\":%" PRIu64 ",\"sets\":%" PRIu64
           ",\"median_ns\":%" PRIu64 ",\"p99_ns\":%" PRIu64 ",\"worst_ns\":%" PRIu64 "}\n",
           group->size, group->most, CASES, checked, sets / ROUNDS, group->search_sorted[CASES / 2], group->search_sorted[CASES * 99 / 100],
           group->search_worst);
    o2c__arena_free(&arena);
}

static void
write_group(const struct group *group, FILE *out)
{
    for (uint32_t one = 0; out && one < 40; one++) {
        fprintf(out, "%" PRIu32 "\t%" PRIu32 "\t%" PRId64 "\t", group->size, group->most, group->payments[one].amount_minor);
        for (uint32_t i = 0; i < group->size; i++)
            fprintf(out, i ? ",%" PRId64 : "%" PRId64, group->items[one * group->size + i].open_minor);
        fprintf(out, "\t%" PRIu64 "\t%" PRIu64 "\n", group->best[one / BATCH], group->search_ns[one]);
    }
}

static void
run_group(uint32_t size, uint32_t most, uint64_t seed, FILE *out)
{
    struct group *group = calloc(1, sizeof *group);
    struct random random;
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_str heap;
    random_seed(&random, seed * 1000 + size * 10 + most);
    must(group && (group->items = calloc((size_t)CASES * size, sizeof *group->items)) != NULL, "no memory");
    must(o2c_heap_new(NULL, &group->heap, NULL) == O2C_OK, "heap");
    group->size = size;
    group->most = most;
    for (uint32_t i = 0; i < CASES; i++)
        make_case(group, &random, i);
    o2c_heap_bytes(group->heap, &heap);
    must(o2c_match_pool_new(NULL, NULL, &pool, NULL) == O2C_OK && o2c_match_model_new(NULL, &cold, NULL) == O2C_OK, "pool");
    must(o2c_match_pool_put_items(pool, group->items, (uint64_t)CASES * size, &heap, NULL) == O2C_OK, "items");
    must(o2c_match_pool_put_accounts(pool, group->accounts, CASES, &heap, NULL) == O2C_OK, "accounts");
    must(o2c_match_pool_put_bank_accounts(pool, group->banks, CASES, &heap, NULL) == O2C_OK, "bank accounts");
    must(o2c_match_pool_freeze(pool, NULL) == O2C_OK && o2c_match_model_measure(cold, pool, &model, NULL) == O2C_OK, "freeze");
    run_search(group);
    run(group, pool, model);
    write_group(group, out);
    o2c_match_model_free(cold);
    o2c_match_model_free(model);
    o2c_match_pool_free(pool);
    o2c_heap_free(group->heap);
    free(group->items);
    free(group);
}

int
main(int argc, char **argv)
{
    static const uint32_t groups[][2] = { { 10, 3 }, { 20, 3 }, { 20, 5 }, { 30, 5 }, { 50, 3 }, { 100, 3 } };
    FILE *out = NULL;
    uint64_t seed = 1, only = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--items") == 0)
            only = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--write") == 0)
            must((out = fopen(argv[i + 1], "w")) != NULL, "cannot write the file");
    }
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        if (only == 0 || only == groups[i][0])
            run_group(groups[i][0], groups[i][1], seed, out);
    return out && fclose(out) != 0;
}

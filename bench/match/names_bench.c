/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payers by name alone: N accounts, payments that carry a name as banks write it and nothing else. What is found is compared with who
 * wrote it, and with an exhaustive search (best share of common trigrams over every name) on a part of the queries; then it is timed.
 * A proposal names a payer only when he stands; the exhaustive search always names one. So `named` and `right` count beside each other.
 *
 *     names_bench [--names N] [--seed S] [--write FOLDER]     names.tsv and queries.tsv (account, name) for peers
 */
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "generate.h"

#define QUERIES 4096u
#define EXHAUSTIVE 200u
#define NAME_MAX 80u
#define GRAMS_MAX 80u

struct names {
    uint32_t count;
    char (*name)[NAME_MAX];
    o2c_heap *heap;
    o2c_account *accounts;
    o2c_payment payments[QUERIES];
    uint32_t owner[QUERIES];
    char query[QUERIES][NAME_MAX];
};

static void
must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "names_bench: %s\n", what);
    exit(1);
}

static void
make_name(struct random *random, char out[NAME_MAX])
{
    static const char *const begin[] = { "Al", "Bar", "Cor", "Dun", "El", "Fair", "Gar", "Hol", "Ister", "Jor", "Kal", "Lam", "Mer", "Nor", "Ost", "Pal",
                                         "Quin", "Ros", "Stein", "Tor", "Ul", "Val", "West", "Zan" };
    static const char *const middle[] = { "ber", "den", "fel", "gar", "hau", "ing", "ker", "lin", "mar", "nau", "per", "ris", "sen", "tal", "vin", "zer" };
    static const char *const end[] = { "mann", "hold", "ling", "berg", "feld", "stadt", "son", "field", "ton", "heim", "ard", "ini", "ez", "ov", "ette", "ic" };
    static const char *const trade[] = { "Logistics", "Foods", "Tools", "Pharma", "Textil", "Energie", "Handel", "Motors", "Retail", "Medical", "Trading",
                                         "Stahl", "Papier", "Services", "Systems", "Markets" };
    static const char *const form[] = { "GmbH", "AG", "S.A.", "Ltd", "Inc.", "B.V.", "S.p.A.", "LLC", "SARL", "GmbH & Co. KG" };
    snprintf(out, NAME_MAX, "%s%s%s %s %s", begin[random_below(random, 24)], middle[random_below(random, 16)], end[random_below(random, 16)],
             trade[random_below(random, 16)], form[random_below(random, 10)]);
}

/* 40 % in capitals, 15 % cut at 22, 20 % without the legal form, 15 % with one letter wrong, 10 % as the list has it. */
static void
write_as_banks_do(struct random *random, const char *name, char out[NAME_MAX])
{
    uint32_t way = random_below(random, 100);
    memcpy(out, name, NAME_MAX);
    size_t len = strlen(out);
    if (way < 40) {
        for (size_t i = 0; i < len; i++)
            out[i] = (char)toupper((unsigned char)out[i]);
    } else if (way < 55) {
        out[len < 22 ? len : 22] = 0;
    } else if (way < 75) {
        char *second = strchr(out, ' ');
        second = second ? strchr(second + 1, ' ') : NULL;
        if (second)
            *second = 0;
    } else if (way < 90) {
        out[1 + random_below(random, 8)] = (char)('a' + random_below(random, 26));
    }
}

static o2c_ref
keep(struct names *names, const char *text)
{
    o2c_ref ref;
    must(o2c_heap_add(names->heap, &(o2c_str){ text, strlen(text) }, &ref, NULL) == O2C_OK, "heap");
    return ref;
}

static void
make(struct names *names, uint32_t count, uint64_t seed)
{
    struct random random;
    char key[32];
    random_seed(&random, seed);
    names->count = count;
    names->name = calloc(count, sizeof *names->name);
    names->accounts = calloc(count, sizeof *names->accounts);
    must(names->name && names->accounts && o2c_heap_new(NULL, &names->heap, NULL) == O2C_OK, "no memory");
    for (uint32_t i = 0; i < count; i++) {
        make_name(&random, names->name[i]);
        snprintf(key, sizeof key, "C%08u", i);
        names->accounts[i].key = keep(names, key);
        names->accounts[i].name = keep(names, names->name[i]);
    }
    for (uint32_t i = 0; i < QUERIES; i++) {
        o2c_payment *row = &names->payments[i];
        names->owner[i] = random_below(&random, count);
        write_as_banks_do(&random, names->name[names->owner[i]], names->query[i]);
        snprintf(key, sizeof key, "P%08u", i);
        row->key = keep(names, key);
        row->payer_name = keep(names, names->query[i]);
        row->amount_minor = 1000 + (int64_t)random_below(&random, 1000000);
        memcpy(row->currency, "EUR", 4);
        row->value_day = row->booking_day = 20500;
        row->ordinal = i;
        row->at = O2C_NOWHERE;
    }
}

/* ---- the exhaustive search: share of common trigrams of the letters and digits */
struct grams {
    uint32_t gram[GRAMS_MAX], count;
};

static int
by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void
grams_of(const char *name, struct grams *out)
{
    uint32_t last = 0;
    out->count = 0;
    for (; *name && out->count < GRAMS_MAX; name++) {
        if (!isalnum((unsigned char)*name))
            continue;
        last = (last << 8 | (uint32_t)tolower((unsigned char)*name)) & 0xffffff;
        out->gram[out->count++] = last;
    }
    qsort(out->gram, out->count, sizeof out->gram[0], by_value);
}

static uint32_t
common(const struct grams *a, const struct grams *b)
{
    uint32_t i = 0, k = 0, same = 0;
    while (i < a->count && k < b->count) {
        same += a->gram[i] == b->gram[k];
        uint32_t x = a->gram[i], y = b->gram[k];
        i += x <= y;
        k += y <= x;
    }
    return same;
}

/* Names that several accounts bear count as found when the best is one of them: no search can tell them apart. */
static uint32_t
exhaustive(const struct names *names)
{
    struct grams *all = malloc(names->count * sizeof *all), query;
    uint32_t right = 0;
    must(all != NULL, "no memory");
    for (uint32_t i = 0; i < names->count; i++)
        grams_of(names->name[i], &all[i]);
    for (uint32_t i = 0; i < EXHAUSTIVE; i++) {
        uint64_t best = 0;
        uint32_t at = 0;
        grams_of(names->query[i], &query);
        for (uint32_t k = 0; k < names->count; k++) {
            uint32_t same = common(&query, &all[k]);
            uint64_t share = (uint64_t)same * 1000000 / (query.count + all[k].count - same);
            if (share > best) {
                best = share;
                at = k;
            }
        }
        right += strcmp(names->name[at], names->name[names->owner[i]]) == 0;
    }
    free(all);
    return right;
}

static uint64_t
now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

struct found {
    uint64_t named, right, right_early, same_name;
};

static struct found
judge(const struct names *names, const o2c_match_solution *solution)
{
    const o2c_proposal *rows;
    uint64_t count;
    o2c_str heap;
    struct found found = { 0 };
    o2c_match_solution_proposals(solution, &rows, &count);
    o2c_match_solution_heap(solution, &heap);
    for (uint64_t i = 0; i < count; i++) {
        if (rows[i].account.len != 9)
            continue;
        uint32_t account = (uint32_t)strtoul(heap.ptr + rows[i].account.at + 1, NULL, 10);
        bool same = strcmp(names->name[account], names->name[names->owner[i]]) == 0;
        found.named++;
        found.right += account == names->owner[i];
        found.same_name += same;
        found.right_early += i < EXHAUSTIVE && same;
    }
    return found;
}

static void
write_files(const struct names *names, const char *folder)
{
    char path[1000];
    for (int which = 0; which < 2; which++) {
        snprintf(path, sizeof path, "%s/%s", folder, which ? "queries.tsv" : "names.tsv");
        FILE *file = fopen(path, "w");
        must(file != NULL, "cannot write the files");
        for (uint32_t i = 0; i < (which ? QUERIES : names->count); i++)
            fprintf(file, "C%08" PRIu32 "\t%s\n", which ? names->owner[i] : i, which ? names->query[i] : names->name[i]);
        fclose(file);
    }
}

static void
run(struct names *names)
{
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_match_solution *solution = NULL;
    o2c_payments payments = { .struct_size = sizeof payments, .rows = names->payments, .count = QUERIES };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments };
    uint64_t best = UINT64_MAX;
    o2c_heap_bytes(names->heap, &payments.heap);
    must(o2c_match_pool_new(NULL, NULL, &pool, NULL) == O2C_OK && o2c_match_model_new(NULL, &cold, NULL) == O2C_OK, "pool");
    must(o2c_match_pool_put_accounts(pool, names->accounts, names->count, &payments.heap, NULL) == O2C_OK, "accounts");
    must(o2c_match_pool_freeze(pool, NULL) == O2C_OK && o2c_match_model_measure(cold, pool, &model, NULL) == O2C_OK, "freeze");
    struct found found = { 0 };
    for (int round = 0; round < 5; round++) {
        uint64_t start = now_ns();
        must(o2c_match_solve(NULL, pool, model, &request, &solution, NULL) == O2C_OK, "solve");
        uint64_t spent = now_ns() - start;
        best = spent < best ? spent : best;
        found = judge(names, solution);
        o2c_match_solution_free(solution);
    }
    printf("{\"what\":\"names\",\"names\":%" PRIu32 ",\"queries\":%u,\"named\":%" PRIu64 ",\"right\":%" PRIu64 ",\"right_or_same_name\":%" PRIu64
           ",\"query_ns\":%" PRIu64 ",\"exhaustive_of\":%u,\"ours_right\":%" PRIu64 ",\"exhaustive_right\":%" PRIu32 "}\n",
           names->count, QUERIES, found.named, found.right, found.same_name, best / QUERIES, EXHAUSTIVE, found.right_early, exhaustive(names));
    o2c_match_model_free(cold);
    o2c_match_model_free(model);
    o2c_match_pool_free(pool);
}

int
main(int argc, char **argv)
{
    struct names *names = calloc(1, sizeof *names);
    uint32_t count = 100000;
    uint64_t seed = 1;
    const char *folder = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--names") == 0)
            count = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--write") == 0)
            folder = argv[i + 1];
    }
    must(names && count > 0, "no memory");
    make(names, count, seed);
    if (folder)
        write_files(names, folder);
    run(names);
    o2c_heap_free(names->heap);
    free(names->name);
    free(names->accounts);
    free(names);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payers by name alone: N accounts, payments that carry a name as banks write it and nothing else. What is named is compared with who
 * wrote it, and on a part of the queries with an exhaustive search: the same rule (Jaro-Winkler and the gap to the second account) over
 * every name. best_reached counts how often a name as much alike as the best of all is among those the index finds, best_right and
 * found_right how often the best of all and the best that the index finds has the name of who wrote it. A payer is named only when no
 * other is nearly as much alike; so few are named where names resemble each other, whatever the search.
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
#include "match/index.h"
#include "match/pool.h"
#include "match/text.h"

#define QUERIES 4096u
#define EXHAUSTIVE 200u
#define NAME_MAX 80u

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

/* ---- the exhaustive search: the rule of the library, over every name */
struct exhaustive {
    uint32_t best;             /* row of names of the most alike name, the first of equals */
    uint32_t account;          /* account that the rule names; O2C__NONE = none */
    uint64_t visited;          /* entries of lists that the library's search reads for the same query */
    uint32_t found;            /* the most alike of what that finds; O2C__NONE = nothing */
    bool reached;              /* and it is as much alike as the best of all */
};

static uint32_t
alike(const o2c_match_pool *pool, const o2c_str folded[2], uint32_t name)
{
    o2c_str other = o2c__pool_str(pool, O2C__AT(&pool->index->names, struct o2c__name, name).folded);
    uint32_t a = o2c__jaro_winkler_ppm(folded[0], other);
    uint32_t b = o2c__str_equal(folded[0], folded[1]) ? a : o2c__jaro_winkler_ppm(folded[1], other);
    return a > b ? a : b;
}

static struct exhaustive
search_all(const o2c_match_pool *pool, const char *query)
{
    struct exhaustive out = { .account = O2C__NONE };
    char room[2][3 * NAME_MAX + 1];
    uint32_t n = (uint32_t)pool->index->names.count, most = 0, second = 0, account = O2C__NONE, found[O2C__ALIKE_NAMES];
    o2c_str folded[2];
    for (int32_t variant = 0; variant < 2; variant++)
        folded[variant] = (o2c_str){ room[variant], o2c__fold_name(query, strlen(query), variant, room[variant]) };
    for (uint32_t i = 0; i < n; i++) {
        uint32_t here = alike(pool, folded, i), owner = O2C__AT(&pool->index->names, struct o2c__name, i).account;
        if (owner != account)
            second = here > most ? most : here > second ? here : second;
        if (here > most) {
            most = here;
            account = owner;
            out.best = i;
        }
    }
    if (most >= 920000 && most - second >= 50000)
        out.account = account;
    uint32_t count = o2c__index_alike(pool, folded, found, &out.visited);
    uint32_t first = 0;
    out.found = O2C__NONE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t here = alike(pool, folded, found[i]);
        if (here > first || (here == first && found[i] < out.found)) {
            first = here;
            out.found = found[i];
        }
    }
    out.reached = first == most;
    return out;
}

static uint64_t
now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

struct found {
    uint64_t named, right;
};

static void
judge(const struct names *names, const o2c_match_solution *solution, struct found *found)
{
    const o2c_proposal *rows;
    uint64_t count;
    o2c_str heap;
    o2c_match_solution_proposals(solution, &rows, &count);
    o2c_match_solution_heap(solution, &heap);
    found->named = found->right = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (rows[i].account.len != 9)
            continue;
        uint32_t account = (uint32_t)strtoul(heap.ptr + rows[i].account.at + 1, NULL, 10);
        found->named++;
        found->right += account == names->owner[i];
    }
}

/* Accounts whose folded names are equal cannot be told apart: any of them is right here. */
static bool
is_name_of(const struct names *names, const o2c_match_pool *pool, uint32_t name, uint32_t owner)
{
    char folded[3 * NAME_MAX + 1];
    if (name == O2C__NONE)
        return false;
    size_t len = o2c__fold_name(names->name[owner], strlen(names->name[owner]), 0, folded);
    return o2c__str_equal((o2c_str){ folded, len }, o2c__pool_str(pool, O2C__AT(&pool->index->names, struct o2c__name, name).folded));
}

/* Candidates are compared, not proposals: a proposal names a candidate only when he is likely enough to stand. */
static void
compare(const struct names *names, const o2c_match_pool *pool)
{
    o2c__memory memory = pool->context.memory;
    struct o2c__solve solve = { .pool = pool };
    uint32_t named = 0, right = 0, all_named = 0, all_right = 0, missed = 0, reached = 0, best_right = 0, found_right = 0;
    uint64_t visited = 0;
    o2c__arena_init(&solve.arena, &memory, 0);
    for (uint32_t i = 0; i < EXHAUSTIVE; i++) {
        struct exhaustive all = search_all(pool, names->query[i]);
        uint32_t owner = names->owner[i];
        best_right += is_name_of(names, pool, all.best, owner);
        found_right += is_name_of(names, pool, all.found, owner);
        uint32_t ours = o2c__payer_by_name(&solve, o2c__str(names->query[i])).account;
        named += ours != O2C__NONE;
        right += ours == owner;
        o2c__arena_reset(&solve.arena);
        all_named += all.account != O2C__NONE;
        all_right += all.account == owner;
        missed += all.account == owner && ours != owner;
        reached += all.reached;
        visited += all.visited;
    }
    o2c__arena_free(&solve.arena);
    printf(",\"exhaustive_of\":%u,\"ours_named\":%" PRIu32 ",\"ours_right\":%" PRIu32 ",\"exhaustive_named\":%" PRIu32
           ",\"exhaustive_right\":%" PRIu32 ",\"missed\":%" PRIu32 ",\"best_reached\":%" PRIu32 ",\"best_right\":%" PRIu32 ",\"found_right\":%" PRIu32
           ",\"visited\":%" PRIu64,
           EXHAUSTIVE, named, right, all_named, all_right, missed, reached, best_right, found_right, visited / EXHAUSTIVE);
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

/* The search by letters alone, without the words that often decide before it: what a query costs at worst. */
static uint64_t
search_ns(const struct names *names, const o2c_match_pool *pool)
{
    uint64_t start = now_ns(), visited, sum = 0;
    for (uint32_t i = 0; i < QUERIES; i++) {
        char room[2][3 * NAME_MAX + 1];
        uint32_t found[O2C__ALIKE_NAMES];
        o2c_str folded[2];
        for (int32_t variant = 0; variant < 2; variant++)
            folded[variant] = (o2c_str){ room[variant], o2c__fold_name(names->query[i], strlen(names->query[i]), variant, room[variant]) };
        uint32_t count = o2c__index_alike(pool, folded, found, &visited);
        for (uint32_t k = 0; k < count; k++)
            sum += alike(pool, folded, found[k]);
    }
    must(sum > 0, "nothing is alike");
    return (now_ns() - start) / QUERIES;
}

static void
run(struct names *names)
{
    struct found found = { 0, 0 };
    o2c_match_pool *pool = NULL;
    o2c_match_model *cold = NULL, *model = NULL;
    o2c_match_solution *solution = NULL;
    o2c_payments payments = { .struct_size = sizeof payments, .rows = names->payments, .count = QUERIES };
    o2c_match_request request = { .struct_size = sizeof request, .payments = &payments };
    uint64_t best = UINT64_MAX;
    o2c_heap_bytes(names->heap, &payments.heap);
    must(o2c_match_pool_new(NULL, NULL, &pool, NULL) == O2C_OK && o2c_match_model_new(NULL, &cold, NULL) == O2C_OK, "pool");
    must(o2c_match_pool_put_accounts(pool, names->accounts, names->count, &payments.heap, NULL) == O2C_OK, "accounts");
    uint64_t frozen = now_ns();
    must(o2c_match_pool_freeze(pool, NULL) == O2C_OK, "freeze");
    frozen = now_ns() - frozen;
    must(o2c_match_model_measure(cold, pool, &model, NULL) == O2C_OK, "measure");
    for (int round = 0; round < 5; round++) {
        uint64_t start = now_ns();
        must(o2c_match_solve(NULL, pool, model, &request, &solution, NULL) == O2C_OK, "solve");
        uint64_t spent = now_ns() - start;
        best = spent < best ? spent : best;
        judge(names, solution, &found);
        o2c_match_solution_free(solution);
    }
    printf("{\"what\":\"names\",\"names\":%" PRIu32 ",\"queries\":%u,\"named\":%" PRIu64 ",\"right\":%" PRIu64 ",\"query_ns\":%" PRIu64
           ",\"search_ns\":%" PRIu64 ",\"freeze_ns\":%" PRIu64,
           names->count, QUERIES, found.named, found.right, best / QUERIES, search_ns(names, pool), frozen);
    compare(names, pool);
    printf("}\n");
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

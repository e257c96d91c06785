/* SPDX-License-Identifier: Apache-2.0 */
/* Payers by name: what the index of letters finds, beside a search over every name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/index.h"
#include "match/pool.h"
#include "match/text.h"
#include "support/tap.h"

#define NAMES 6000u
#define QUERIES 400u
#define NAME_ROOM 64u

struct names {
    char text[NAMES][NAME_ROOM];
    o2c_heap *heap;
    o2c_account rows[NAMES];
    o2c_match_pool *pool;
    o2c__memory memory;
    struct o2c__solve solve;
};

static uint32_t
draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 12) % below;
}

static void
make_name(uint32_t *state, char out[NAME_ROOM])
{
    static const char *const syllable[] = { "al", "bar", "cor", "dun", "el", "fair", "gar", "hol", "is", "jor", "kal", "lam", "mer", "nor", "ost", "pal",
                                            "quin", "ros", "stein", "tor", "ul", "val", "west", "zan" };
    static const char *const trade[] = { "Logistics", "Foods", "Tools", "Pharma", "Energie", "Handel", "Motors", "Medical" };
    snprintf(out, NAME_ROOM, "%s%s%s%s %s GmbH", syllable[draw(state, 24)], syllable[draw(state, 24)], syllable[draw(state, 24)],
             syllable[draw(state, 24)], trade[draw(state, 8)]);
}

/* One or two letters wrong, lost or changed in place; or the end cut off. */
static void
damage(uint32_t *state, const char *name, char out[NAME_ROOM])
{
    memcpy(out, name, NAME_ROOM);
    uint32_t way = draw(state, 4), at = 1 + draw(state, 8);
    char hold = out[at];
    if (way == 0) {
        out[at] = (char)('a' + draw(state, 26));
    } else if (way == 1) {
        memmove(out + at, out + at + 1, NAME_ROOM - at - 1);
    } else if (way == 2) {
        out[at] = out[at + 1];
        out[at + 1] = hold;
    } else {
        out[14] = 0;
    }
}

static struct names *
names_new(bool backwards)
{
    struct names *names = calloc(1, sizeof *names);
    uint32_t state = 7;
    o2c_str heap;
    o2c_heap_new(NULL, &names->heap, NULL);
    for (uint32_t i = 0; i < NAMES; i++)
        make_name(&state, names->text[i]);
    for (uint32_t k = 0; k < NAMES; k++) {
        uint32_t i = backwards ? NAMES - 1 - k : k;
        char key[16];
        snprintf(key, sizeof key, "C%05u", i);
        o2c_str texts[2] = { o2c__str(key), o2c__str(names->text[i]) };
        o2c_heap_add(names->heap, &texts[0], &names->rows[k].key, NULL);
        o2c_heap_add(names->heap, &texts[1], &names->rows[k].name, NULL);
    }
    o2c_heap_bytes(names->heap, &heap);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_new(NULL, NULL, &names->pool, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_put_accounts(names->pool, names->rows, NAMES, &heap, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_pool_freeze(names->pool, NULL), O2C_OK);
    names->memory = names->pool->context.memory;
    names->solve.pool = names->pool;
    o2c__arena_init(&names->solve.arena, &names->memory, 0);
    return names;
}

static void
names_free(struct names *names)
{
    o2c__arena_free(&names->solve.arena);
    o2c_match_pool_free(names->pool);
    o2c_heap_free(names->heap);
    free(names);
}

static struct o2c__alike
ask(struct names *names, const char *query)
{
    o2c__arena_reset(&names->solve.arena);
    return o2c__payer_by_name(&names->solve, o2c__str(query));
}

static uint32_t
alike(const struct names *names, o2c_str folded, uint32_t name)
{
    return o2c__jaro_winkler_ppm(folded, o2c__pool_str(names->pool, O2C__AT(&names->pool->index->names, struct o2c__name, name).folded));
}

/* The rule over every name: best, and the best of another account. */
static uint32_t
ask_all(const struct names *names, o2c_str folded, uint32_t *out_most)
{
    uint32_t most = 0, second = 0, account = O2C__NONE;
    for (uint32_t i = 0; i < names->pool->index->names.count; i++) {
        uint32_t here = alike(names, folded, i), owner = O2C__AT(&names->pool->index->names, struct o2c__name, i).account;
        if (owner != account)
            second = here > most ? most : here > second ? here : second;
        account = here > most ? owner : account;
        most = here > most ? here : most;
    }
    *out_most = most;
    return most >= 920000 && most - second >= 50000 ? account : O2C__NONE;
}

static void
names__letters_find_what_a_search_over_every_name_finds(void)
{
    struct names *names = names_new(false);
    uint32_t state = 11, missed = 0, other = 0, named = 0, reached = 0;
    for (uint32_t i = 0; i < QUERIES; i++) {
        char query[NAME_ROOM], room[3 * NAME_ROOM + 1];
        uint32_t found[O2C__ALIKE_NAMES], most, best = 0;
        uint64_t visited;
        damage(&state, names->text[draw(&state, NAMES)], query);
        o2c_str folded = { room, o2c__fold_name(query, strlen(query), 0, room) };
        uint32_t expected = ask_all(names, folded, &most), account = ask(names, query).account;
        uint32_t count = o2c__index_alike(names->pool, (o2c_str[2]){ folded, folded }, found, &visited);
        for (uint32_t k = 0; k < count; k++)
            best = alike(names, folded, found[k]) > best ? alike(names, folded, found[k]) : best;
        reached += best == most;
        named += expected != O2C__NONE;
        missed += expected != O2C__NONE && account == O2C__NONE;
        other += expected != O2C__NONE && account != O2C__NONE && account != expected;
        CU_ASSERT(visited <= (NAMES / 3 > 4096 ? NAMES / 3 : 4096));
    }
    printf("# names: %u named by every name, %u missed, best reached for %u of %u\n", named, missed, reached, QUERIES);
    CU_ASSERT(named > QUERIES / 20);
    CU_ASSERT(missed * 100 <= named);
    CU_ASSERT_EQUAL(other, 0);
    CU_ASSERT(reached * 100 >= QUERIES * 99);
    names_free(names);
}

static void
names__the_order_in_which_accounts_come_changes_nothing(void)
{
    struct names *names = names_new(false), *again = names_new(true);
    uint32_t state = 13, different = 0;
    for (uint32_t i = 0; i < QUERIES; i++) {
        char query[NAME_ROOM];
        damage(&state, names->text[draw(&state, NAMES)], query);
        struct o2c__alike a = ask(names, query), b = ask(again, query);
        different += a.account != b.account || a.ppm != b.ppm || a.visited != b.visited;
    }
    CU_ASSERT_EQUAL(different, 0);
    names_free(names);
    names_free(again);
}

static void
names__a_wrong_letter_in_the_only_rare_word_is_found(void)
{
    struct names *names = names_new(false);
    struct o2c__alike found = { .account = O2C__NONE };
    uint32_t right = 0;
    for (uint32_t i = 0; i < 200; i++) {
        char query[NAME_ROOM];
        memcpy(query, names->text[i], NAME_ROOM);
        query[6] = query[6] == 'x' ? 'y' : 'x';
        found = ask(names, query);
        right += found.account == i;
        CU_ASSERT(found.account == O2C__NONE || found.ppm >= 920000);
        CU_ASSERT(found.account != i || found.visited > 0);
    }
    CU_ASSERT(right > 0);
    /* What shares nothing names nobody. */
    CU_ASSERT_EQUAL(ask(names, "Xyxyx Yxyxy").account, O2C__NONE);
    CU_ASSERT_EQUAL(ask(names, "7").account, O2C__NONE);
    names_free(names);
}

static const struct tap_test tests[] = {
    { "names__letters_find_what_a_search_over_every_name_finds", names__letters_find_what_a_search_over_every_name_finds },
    { "names__the_order_in_which_accounts_come_changes_nothing", names__the_order_in_which_accounts_come_changes_nothing },
    { "names__a_wrong_letter_in_the_only_rare_word_is_found", names__a_wrong_letter_in_the_only_rare_word_is_found },
};

int
main(void)
{
    return tap_run("match/names", tests, TAP_COUNT(tests));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The table of habit rows: it finds what was put, loses what was taken out and nothing else, and goes through bytes as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/learning.h"
#include "match/lessons.h"
#include "support/faulty.h"
#include "support/tap.h"

#define NAMES 600

static uint64_t seed = 11;

static uint32_t
draw(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % below);
}

/* Few owners and keys, so that names differ in one part only, and stretches of neighbors are long. */
static struct o2c__habit_row
name_of(uint32_t number)
{
    return (struct o2c__habit_row){ .owner = number % 5, .kind = (uint16_t)(1 + number / 5 % 4), .key = number / 20 };
}

static void
table__finds_what_was_put_and_loses_what_was_taken_out(void)
{
    struct o2c__habit_table table = { 0 };
    o2c__context context;
    bool there[NAMES] = { false };
    CU_ASSERT_FATAL(o2c__context_init(&context, NULL, UINT64_MAX, NULL) == O2C_OK);
    for (uint32_t step = 0; step < 40000; step++) {
        uint32_t number = draw(NAMES), count = 0;
        struct o2c__habit_row name = name_of(number);
        bool put = draw(step / 4000 % 2 ? 2 : 3) != 0; /* it fills and empties by turns */
        const struct o2c__habit_row *row = o2c__habit_find(&table, name.owner, name.kind, name.key);
        CU_ASSERT_EQUAL_FATAL(row != NULL, there[number]);
        if (put)
            o2c__habit_put(&table, &context.memory, name.owner, name.kind, name.key)->seen = number;
        else if (row)
            o2c__habit_remove(&table, row);
        there[number] = put;
        for (uint32_t i = step % 64 ? NAMES : 0; i < NAMES; i++) {
            struct o2c__habit_row other = name_of(i);
            row = o2c__habit_find(&table, other.owner, other.kind, other.key);
            CU_ASSERT_EQUAL_FATAL(row != NULL, there[i]);
            CU_ASSERT(!row || row->seen == i);
            count += there[i];
        }
        CU_ASSERT(step % 64 || table.count == count);
    }
    o2c__release(&context.memory, table.slots, (size_t)table.room * sizeof *table.slots);
}

/* A model that counted so many rows of so many owners on a day; NULL = no memory. */
static o2c_match_model *
counted(const o2c_env *env, uint32_t rows, const uint32_t *order)
{
    o2c_match_model *cold = NULL, *out = NULL;
    if (o2c_match_model_new(env, &cold, NULL))
        return NULL;
    struct o2c__learning learning = { .next = o2c__model_copy(cold, true) };
    o2c_match_model_free(cold);
    bool whole = learning.next && (learning.next->learned = o2c__memories_new(&learning.next->context.memory));
    if (whole)
        learning.next->learned->day = 20100;
    for (uint32_t i = 0; whole && i < rows; i++) {
        struct o2c__habit_row name = name_of(order ? order[i] : i);
        whole = o2c__habit_count(&learning, name.owner, name.kind, name.key, O2C__LINE_UNIT * (1 + name.key), O2C__LINE_UNIT * 40, 20010);
    }
    if (whole) {
        o2c__digest_touched(learning.next->learned);
        whole = o2c__model_finish(learning.next, &out, NULL) == O2C_OK;
    } else {
        o2c_match_model_free(learning.next);
    }
    return whole ? out : NULL;
}

static void
rows__of_a_model_have_no_order(void)
{
    uint32_t order[NAMES];
    for (uint32_t i = 0; i < NAMES; i++)
        order[i] = i;
    for (uint32_t i = NAMES - 1; i > 0; i--) {
        uint32_t k = draw(i + 1), swap = order[i];
        order[i] = order[k];
        order[k] = swap;
    }
    o2c_match_model *a = counted(NULL, NAMES, NULL), *b = counted(NULL, NAMES, order), *less = counted(NULL, NAMES - 1, NULL);
    CU_ASSERT_FATAL(a && b && less);
    CU_ASSERT(lessons_same(a, b));
    CU_ASSERT(!lessons_same(a, less));
    o2c_match_model_free(a);
    o2c_match_model_free(b);
    o2c_match_model_free(less);
}

static void
rows__forget_and_leave_with_their_digest(void)
{
    o2c_match_model *model = counted(NULL, NAMES, NULL), *less = counted(NULL, NAMES - 1, NULL);
    struct o2c__memories *memories = model->learned;
    struct o2c__habit_row last = name_of(NAMES - 1), one = *o2c__habit_find(&memories->rows, 0, 1, 0);
    CU_ASSERT_EQUAL(one.seen, o2c__decay(O2C__LINE_UNIT, 90));
    CU_ASSERT_EQUAL(one.day, 20100);
    o2c__habit_age(&one, 20280);
    CU_ASSERT_EQUAL(one.seen, o2c__decay(o2c__decay(O2C__LINE_UNIT, 90), 180));
    o2c__habit_age(&one, 20000);
    CU_ASSERT_EQUAL(one.day, 20280);
    o2c__habit_drop(memories, last.owner, last.kind, last.key);
    o2c__habit_drop(memories, 77, 7, 7); /* one that is not there */
    CU_ASSERT_EQUAL(memories->rows.count, NAMES - 1);
    CU_ASSERT(o2c__model_hash(model) && lessons_same(model, less));
    o2c_match_model_free(model);
    o2c_match_model_free(less);
}

static void
rows__survive_a_round_trip(void)
{
    size_t len = 0;
    o2c_match_model *model = counted(NULL, NAMES, NULL), *back = NULL;
    char *bytes = lessons_bytes(model, &len);
    o2c_str text = { bytes, len };
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_read(NULL, &text, &back, NULL), O2C_OK);
    CU_ASSERT(lessons_same(model, back));
    CU_ASSERT_EQUAL(back->learned->rows.count, NAMES);
    const struct o2c__habit_row *row = o2c__habit_find(&back->learned->rows, 4, 4, 29);
    CU_ASSERT(row && row->seen == o2c__decay(30 * O2C__LINE_UNIT, 90) && row->asked == o2c__decay(40 * O2C__LINE_UNIT, 90));
    o2c_match_model_free(back);
    for (size_t i = len - 32 - NAMES * 40; i < len; i += 7) { /* a changed byte anywhere in the rows */
        bytes[i] ^= 1;
        CU_ASSERT_EQUAL(o2c_match_model_read(NULL, &text, &back, NULL), O2C_E_MATCH_MODEL);
        bytes[i] ^= 1;
    }
    free(bytes);
    o2c_match_model_free(model);
}

static void
rows__are_listed_and_forgotten(void)
{
    static o2c_match_habit rows[NAMES];
    uint64_t count = 0;
    o2c_match_model *model = counted(NULL, NAMES, NULL), *next = NULL, *less = counted(NULL, NAMES - 1, NULL);
    CU_ASSERT_EQUAL(o2c_match_model_habits(model, rows, NAMES - 1, &count, NULL), O2C_E_ARG);
    CU_ASSERT_EQUAL(count, NAMES);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_habits(model, rows, NAMES, &count, NULL), O2C_OK);
    for (uint32_t i = 1; i < NAMES; i++)
        CU_ASSERT(rows[i].owner > rows[i - 1].owner ||
                  (rows[i].owner == rows[i - 1].owner && (rows[i].kind > rows[i - 1].kind ||
                                                          (rows[i].kind == rows[i - 1].kind && rows[i].key > rows[i - 1].key))));
    CU_ASSERT_EQUAL(rows[0].seen, o2c__decay(O2C__LINE_UNIT, 90) / 1000);
    struct o2c__habit_row last = name_of(NAMES - 1);
    o2c_match_habit gone[2] = { { .owner = last.owner, .kind = last.kind, .key = last.key }, { .owner = 99, .kind = 7 } };
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_forget(model, gone, 2, &next, NULL), O2C_OK);
    CU_ASSERT(lessons_same(next, less));
    o2c_match_model_free(next);
    gone[0].kind = 0;
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_forget(model, gone, 1, &next, NULL), O2C_OK);
    CU_ASSERT_EQUAL_FATAL(o2c_match_model_habits(next, rows, NAMES, &count, NULL), O2C_OK);
    CU_ASSERT_EQUAL(count, NAMES - NAMES / 5);
    for (uint32_t i = 0; i < count; i++)
        CU_ASSERT_NOT_EQUAL(rows[i].owner, last.owner);
    CU_ASSERT_EQUAL(model->learned->rows.count, NAMES); /* the model given stays */
    CU_ASSERT_EQUAL(o2c_match_model_habits(NULL, rows, 1, &count, NULL), O2C_E_MISUSE);
    CU_ASSERT_EQUAL(o2c_match_model_forget(model, NULL, 1, &next, NULL), O2C_E_MISUSE);
    o2c_match_model_free(next);
    o2c_match_model_free(less);
    o2c_match_model_free(model);
}

static void
owners__are_told_apart(void)
{
    o2c_str a = { "C1", 2 }, b = { "C2", 2 }, none = { "", 0 };
    CU_ASSERT_EQUAL(o2c_match_owner_customer(&a), o2c__owner_customer(a));
    CU_ASSERT_NOT_EQUAL(o2c_match_owner_customer(&a), o2c_match_owner_customer(&b));
    CU_ASSERT_EQUAL(o2c_match_owner_customer(&none), 0);
    CU_ASSERT_EQUAL(o2c_match_owner_customer(NULL), 0);
    CU_ASSERT_EQUAL(o2c_match_owner_segment(0), o2c__owner_segment(0));
    CU_ASSERT_NOT_EQUAL(o2c_match_owner_segment(0), 0);
}

static void
rows__of_a_kind_nobody_knows_are_refused(void)
{
    static const uint32_t kinds[] = { O2C_HABIT_ROUND, O2C_HABIT_OLDEST, O2C_HABIT_ROUND + 1, O2C_HABIT_ONE_RUN - 1, O2C_HABIT_OLDEST + 1 };
    for (size_t i = 0; i < O2C__COUNT(kinds); i++) {
        o2c_match_model *model = counted(NULL, 1, NULL), *back = NULL;
        struct o2c__learning learning = { .next = model };
        size_t len = 0;
        CU_ASSERT_FATAL(o2c__habit_count(&learning, 1, kinds[i], 1, O2C__LINE_UNIT, O2C__LINE_UNIT, 20100));
        o2c__digest_touched(model->learned);
        CU_ASSERT_FATAL(o2c__model_hash(model));
        char *bytes = lessons_bytes(model, &len);
        o2c_str text = { bytes, len };
        CU_ASSERT_EQUAL(o2c_match_model_read(NULL, &text, &back, NULL), i < 2 ? O2C_OK : O2C_E_MATCH_MODEL);
        o2c_match_model_free(back);
        free(bytes);
        o2c_match_model_free(model);
    }
}

static struct faulty_result
count_write_read(const o2c_env *env, void *self)
{
    static char bytes[1 << 16];
    struct faulty_result result = { O2C_E_NOMEM, 0 };
    size_t len = 0;
    o2c_match_model *model = counted(env, *(uint32_t *)self, NULL), *back = NULL;
    if (model)
        result.status = o2c_match_model_write(model, bytes, sizeof bytes, &len, NULL);
    o2c_str text = { bytes, len };
    static o2c_match_habit rows[NAMES];
    const o2c_match_habit all = { .owner = 3 };
    o2c_match_model *less = NULL;
    uint64_t count = 0;
    if (model && !result.status)
        result.status = o2c_match_model_read(env, &text, &back, NULL);
    if (!result.status)
        result.status = o2c_match_model_forget(back, &all, 1, &less, NULL);
    if (!result.status)
        result.status = o2c_match_model_habits(less, rows, NAMES, &count, NULL);
    if (!result.status)
        result.digest = faulty_digest(faulty_digest(0, bytes, len), rows, count * sizeof *rows);
    o2c_match_model_free(less);
    o2c_match_model_free(back);
    o2c_match_model_free(model);
    return result;
}

static void
rows__every_allocation_may_fail(void)
{
    uint32_t rows = 200;
    faulty_sweep("habit rows", count_write_read, &rows);
}

#define TEST(name) { #name, name }
static const struct tap_test tests[] = {
    TEST(table__finds_what_was_put_and_loses_what_was_taken_out),
    TEST(rows__of_a_model_have_no_order),
    TEST(rows__forget_and_leave_with_their_digest),
    TEST(rows__survive_a_round_trip),
    TEST(rows__of_a_kind_nobody_knows_are_refused),
    TEST(rows__are_listed_and_forgotten),
    TEST(owners__are_told_apart),
    TEST(rows__every_allocation_may_fail),
};

int
main(void)
{
    return tap_run("match/habit_rows", tests, TAP_COUNT(tests));
}

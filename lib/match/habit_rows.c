/* SPDX-License-Identifier: Apache-2.0 */
/* The table of habit rows: open addressing, so that a look-up is one short walk and a copy one block. */
#include "match/habit_rows.h"
#include "match/learning.h"

#define ROOM_FIRST 64u
#define ROOM_MAX (UINT32_C(1) << 30)

bool
o2c__habit_known(int64_t kind)
{
    return (kind >= O2C_HABIT_CAUSE && kind <= O2C_HABIT_ROUND) || kind == O2C_HABIT_ONE_RUN || kind == O2C_HABIT_OLDEST;
}

static uint32_t
home_of(const struct o2c__habit_table *table, uint64_t owner, uint32_t kind, uint64_t key)
{
    return (uint32_t)o2c__mix(owner ^ (uint64_t)kind << 48, key) & (table->room - 1);
}

static uint32_t
slot_of(const struct o2c__habit_table *table, uint64_t owner, uint32_t kind, uint64_t key)
{
    uint32_t at = home_of(table, owner, kind, key);
    for (const struct o2c__habit_row *row = &table->slots[at]; row->kind; row = &table->slots[at]) {
        if (row->kind == kind && row->key == key && row->owner == owner)
            break;
        at = (at + 1) & (table->room - 1);
    }
    return at;
}

const struct o2c__habit_row *
o2c__habit_find(const struct o2c__habit_table *table, uint64_t owner, uint32_t kind, uint64_t key)
{
    if (table->count == 0)
        return NULL;
    const struct o2c__habit_row *row = &table->slots[slot_of(table, owner, kind, key)];
    return row->kind ? row : NULL;
}

static bool
grow(struct o2c__habit_table *table, o2c__memory *memory)
{
    struct o2c__habit_table wider = { NULL, table->room ? table->room * 2 : ROOM_FIRST, table->count };
    if (table->room >= ROOM_MAX || !(wider.slots = o2c__alloc_zero(memory, wider.room, sizeof *wider.slots)))
        return false;
    for (uint32_t i = 0; i < table->room; i++) {
        const struct o2c__habit_row *old = &table->slots[i];
        if (old->kind)
            wider.slots[slot_of(&wider, old->owner, old->kind, old->key)] = *old;
    }
    o2c__release(memory, table->slots, (size_t)table->room * sizeof *table->slots);
    *table = wider;
    return true;
}

struct o2c__habit_row *
o2c__habit_put(struct o2c__habit_table *table, o2c__memory *memory, uint64_t owner, uint32_t kind, uint64_t key)
{
    uint32_t at = table->room ? slot_of(table, owner, kind, key) : 0;
    if (table->room && table->slots[at].kind)
        return &table->slots[at];
    if (table->count >= table->room / 3 * 2) {
        if (!grow(table, memory))
            return NULL;
        at = slot_of(table, owner, kind, key);
    }
    table->slots[at] = (struct o2c__habit_row){ .owner = owner, .key = key, .kind = (uint16_t)kind };
    table->count++;
    return &table->slots[at];
}

void
o2c__habit_age(struct o2c__habit_row *row, int32_t day)
{
    if (day <= row->day)
        return;
    row->seen = o2c__decay(row->seen, (int64_t)day - row->day);
    row->asked = o2c__decay(row->asked, (int64_t)day - row->day);
    row->day = day;
}

/* What stands behind it in the same stretch moves up when it may, so that no walk ends early. */
void
o2c__habit_remove(struct o2c__habit_table *table, const struct o2c__habit_row *row)
{
    uint32_t mask = table->room - 1, gap = (uint32_t)(row - table->slots);
    for (uint32_t at = (gap + 1) & mask; table->slots[at].kind; at = (at + 1) & mask) {
        const struct o2c__habit_row *next = &table->slots[at];
        uint32_t walked = (at - home_of(table, next->owner, next->kind, next->key)) & mask;
        if (walked < ((at - gap) & mask))
            continue;
        table->slots[gap] = *next;
        gap = at;
    }
    memset(&table->slots[gap], 0, sizeof table->slots[gap]);
    table->count--;
}

struct o2c__habit_row *
o2c__habit_touch(struct o2c__learning *learning, uint64_t owner, uint32_t kind, uint64_t key)
{
    struct o2c__memories *memories = learning->next->learned;
    struct o2c__habit_row *row = o2c__habit_put(&memories->rows, &learning->next->context.memory, owner, kind, key);
    if (!row)
        return NULL;
    if (!row->touched && row->day)
        o2c__digest_habit(&memories->rows_sum, row, false);
    row->touched = 1;
    o2c__habit_age(row, memories->day);
    return row;
}

bool
o2c__habit_count(struct o2c__learning *learning, uint64_t owner, uint32_t kind, uint64_t key, uint64_t seen, uint64_t asked, int32_t day)
{
    struct o2c__habit_row *row = o2c__habit_touch(learning, owner, kind, key);
    int64_t age = (int64_t)learning->next->learned->day - day;
    if (!row)
        return false;
    row->seen += o2c__decay(seen, age);
    row->asked += o2c__decay(asked, age);
    return true;
}

void
o2c__habit_drop(struct o2c__memories *memories, uint64_t owner, uint32_t kind, uint64_t key)
{
    const struct o2c__habit_row *row = o2c__habit_find(&memories->rows, owner, kind, key);
    if (!row)
        return;
    if (!row->touched)
        o2c__digest_habit(&memories->rows_sum, row, false);
    o2c__habit_remove(&memories->rows, row);
}

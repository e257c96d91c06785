/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that may mean several items: one number on two instalments, a delivery note of three invoices. An item pays for one line, so
 * lines that want the same items are assigned together at least cost, in exact integers (hungarian.c, O(lines² · items)).
 * A line's error is what the best assignment without its item would weigh.
 */
#include "match/pool.h"
#include "match/remit.h"

#define COLUMNS_MAX O2C__HUNGARIAN_COLUMNS /* items that lines of one component want, and one "none of them" for each line */
#define EXACT_MAX 16u    /* lines for which the second best assignment is found too */

/* Items that are spoken for, in open addressing. */
struct taken {
    uint32_t *items, mask;
};

static bool
taken_new(struct o2c__remit *remit, struct taken *taken)
{
    uint64_t want = 2 * ((uint64_t)remit->lines_count + remit->members_count) + 64;
    uint32_t room = 64;
    while (room < want && room < UINT32_C(1) << 30)
        room *= 2;
    taken->items = o2c__arena_alloc(&remit->solve->arena, room * sizeof *taken->items);
    taken->mask = room - 1;
    if (taken->items)
        memset(taken->items, 0xFF, room * sizeof *taken->items);
    return taken->items != NULL;
}

static uint32_t *
taken_at(const struct taken *taken, uint32_t item)
{
    uint32_t at = (uint32_t)o2c__mix(item, UINT64_C(0x9E3779B97F4A7C15)) & taken->mask;
    while (taken->items[at] != O2C__NONE && taken->items[at] != item)
        at = (at + 1) & taken->mask;
    return &taken->items[at];
}

static uint32_t
items_of(const struct o2c__remit *remit, const struct o2c__remit_option *option, const uint32_t **out)
{
    *out = option->group_count ? remit->members + option->group_at : &option->item;
    return option->group_count ? option->group_count : 1;
}

static bool
is_free(const struct o2c__remit *remit, const struct taken *taken, const struct o2c__remit_option *option)
{
    const uint32_t *items;
    uint32_t count = items_of(remit, option, &items);
    for (uint32_t i = 0; i < count; i++)
        if (*taken_at(taken, items[i]) != O2C__NONE)
            return false;
    return true;
}

static void
take(const struct o2c__remit *remit, struct taken *taken, const struct o2c__remit_option *option)
{
    const uint32_t *items;
    uint32_t count = items_of(remit, option, &items);
    for (uint32_t i = 0; i < count; i++)
        *taken_at(taken, items[i]) = items[i];
}

/* A claim takes nothing from the document it names. */
static bool
uses(const struct o2c__remit *remit, const struct o2c__remit_line *line, const struct o2c__remit_option *option)
{
    return option->item < remit->solve->pool->open_count && (line->paid >= 0) == (remit->solve->pool->open[option->item] >= 0);
}

/* Lines are the rows of the assignment; columns are items, the last ones "none of them". */
struct table {
    uint32_t items;
    uint32_t line[O2C__REMIT_TABLE]; /* row → line */
    uint32_t item[COLUMNS_MAX];      /* column → item */
    struct o2c__hungarian is;
};

/* ---- a component */

static uint32_t
column_of(struct table *t, uint32_t item)
{
    for (uint32_t j = 0; j < t->items; j++)
        if (t->item[j] == item)
            return j;
    if (t->items + t->is.rows >= COLUMNS_MAX)
        return O2C__NONE;
    t->item[t->items] = item;
    return t->items++;
}

static bool
fill_table(struct o2c__remit *remit, struct table *t)
{
    t->items = 0;
    for (uint32_t i = 0; i < t->is.rows; i++)
        for (uint32_t j = 0; j < COLUMNS_MAX; j++)
            t->is.cost[i][j] = O2C__COST_NEVER;
    for (uint32_t i = 0; i < t->is.rows; i++) {
        const struct o2c__remit_line *line = &remit->lines[t->line[i]];
        for (uint32_t k = line->options_at; k < line->options_at + line->options_count; k++) {
            const struct o2c__remit_option *option = &remit->options[k];
            if (option->weight == O2C__NEVER || option->group_count)
                continue;
            uint32_t column = column_of(t, option->item);
            if (column == O2C__NONE)
                return false;
            if (-option->weight < t->is.cost[i][column])
                t->is.cost[i][column] = -option->weight;
        }
    }
    t->is.columns = t->items + t->is.rows;
    for (uint32_t i = 0; i < t->is.rows; i++) /* heavier than any reading that fits at all */
        for (uint32_t j = t->items; j < t->is.columns; j++)
            t->is.cost[i][j] = O2C__COST_NEVER / 4;
    return true;
}

static void
choose(struct o2c__remit *remit, struct table *t, uint32_t *out_column)
{
    for (uint32_t i = 0; i < t->is.rows; i++)
        remit->lines[t->line[i]].chosen = out_column[i] = O2C__NONE;
    for (uint32_t j = 1; j <= t->items; j++) {
        if (t->is.row_of[j] == 0 || t->is.cost[t->is.row_of[j] - 1][j - 1] >= O2C__COST_NEVER / 4)
            continue;
        struct o2c__remit_line *line = &remit->lines[t->line[t->is.row_of[j] - 1]];
        out_column[t->is.row_of[j] - 1] = j - 1;
        for (uint32_t k = line->options_at; k < line->options_at + line->options_count; k++)
            if (remit->options[k].item == t->item[j - 1] && !remit->options[k].group_count && remit->options[k].weight != O2C__NEVER &&
                (line->chosen == O2C__NONE || remit->options[k].weight > remit->options[line->chosen].weight))
                line->chosen = k;
    }
}

/* The best that is left when no line of this amount may have the item: then it would not be settled so. */
static void
doubt(struct o2c__remit *remit, struct table *t, uint32_t row, uint32_t column, int64_t best)
{
    int64_t kept[O2C__REMIT_TABLE];
    struct o2c__remit_line *line = &remit->lines[t->line[row]];
    for (uint32_t i = 0; i < t->is.rows; i++) {
        kept[i] = t->is.cost[i][column];
        if (remit->lines[t->line[i]].paid == line->paid)
            t->is.cost[i][column] = O2C__COST_NEVER;
    }
    int64_t gap = o2c__hungarian_solve(&t->is) - best;
    for (uint32_t i = 0; i < t->is.rows; i++)
        t->is.cost[i][column] = kept[i];
    uint64_t one = o2c__exp_q40(0), rest = gap > 0 ? o2c__exp_q40(-gap) : one;
    uint32_t error = o2c__error_ppb(one, one + rest * line->options_count);
    line->error_ppb = error;
}

static void
assign_component(struct o2c__remit *remit, struct table *t, struct taken *taken)
{
    uint32_t column[O2C__REMIT_TABLE];
    int64_t best = o2c__hungarian_solve(&t->is);
    choose(remit, t, column);
    for (uint32_t i = 0; i < t->is.rows; i++)
        if (column[i] != O2C__NONE && t->is.rows <= EXACT_MAX)
            doubt(remit, t, i, column[i], best);
    for (uint32_t i = 0; i < t->is.rows; i++)
        if (remit->lines[t->line[i]].chosen != O2C__NONE)
            take(remit, taken, &remit->options[remit->lines[t->line[i]].chosen]);
    remit->one->operations += (uint64_t)t->is.rows * t->is.rows * t->is.columns / 8;
}

/* One line alone, or too many for a table: what is heaviest of what is free. */
static void
choose_free(struct o2c__remit *remit, struct o2c__remit_line *line, struct taken *taken)
{
    for (uint32_t k = line->options_at; k < line->options_at + line->options_count; k++)
        if (uses(remit, line, &remit->options[k]) && !is_free(remit, taken, &remit->options[k]))
            remit->options[k].weight = O2C__NEVER;
    line->chosen = O2C__NONE;
    for (uint32_t k = line->options_at; k < line->options_at + line->options_count; k++)
        if (remit->options[k].weight != O2C__NEVER &&
            (line->chosen == O2C__NONE || remit->options[k].weight > remit->options[line->chosen].weight))
            line->chosen = k;
    if (line->chosen != O2C__NONE && uses(remit, line, &remit->options[line->chosen]))
        take(remit, taken, &remit->options[line->chosen]);
}

/* Lines from `first` on whose options overlap with those of the rows so far: they stand near each other in an advice. */
static uint32_t
gather(struct o2c__remit *remit, struct table *t, uint32_t first, const uint32_t *doubtful, uint32_t count)
{
    uint32_t next = first;
    t->is.rows = 0;
    do {
        t->line[t->is.rows++] = doubtful[next++];
    } while (next < count && t->is.rows < O2C__REMIT_TABLE &&
             remit->options[remit->lines[doubtful[next]].options_at].item == remit->options[remit->lines[t->line[0]].options_at].item);
    return next;
}

static int
by_first_option(const void *self, uint32_t a, uint32_t b)
{
    const struct o2c__remit *remit = self;
    uint32_t x = remit->options[remit->lines[a].options_at].item, y = remit->options[remit->lines[b].options_at].item;
    return x != y ? (x < y ? -1 : 1) : a < b ? -1 : a > b;
}

static uint32_t
settle_certain(struct o2c__remit *remit, struct taken *taken, uint32_t *doubtful)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < remit->lines_count; i++) {
        struct o2c__remit_line *line = &remit->lines[i];
        if (line->state == O2C__REMIT_MERGED || line->chosen == O2C__NONE)
            continue;
        if (line->options_count > 1)
            doubtful[count++] = i;
        else
            choose_free(remit, line, taken);
    }
    return count;
}

bool
o2c__remit_assign(struct o2c__remit *remit)
{
    struct taken taken;
    uint32_t *doubtful = o2c__arena_alloc(&remit->solve->arena, 2 * (size_t)remit->lines_count * sizeof *doubtful);
    struct table *t = NULL;
    if (!doubtful || !taken_new(remit, &taken))
        return false;
    uint32_t count = settle_certain(remit, &taken, doubtful);
    if (count == 0)
        return true;
    o2c__sort(doubtful, doubtful + count, count, by_first_option, remit);
    t = o2c__arena_alloc(&remit->solve->arena, sizeof *t);
    for (uint32_t first = 0, next; t && first < count; first = next) {
        next = gather(remit, t, first, doubtful, count);
        for (uint32_t i = 0; i < t->is.rows; i++) {
            struct o2c__remit_line *line = &remit->lines[t->line[i]];
            for (uint32_t k = line->options_at; k < line->options_at + line->options_count; k++)
                if (uses(remit, line, &remit->options[k]) && !is_free(remit, &taken, &remit->options[k]))
                    remit->options[k].weight = O2C__NEVER;
        }
        if (t->is.rows > 1 && fill_table(remit, t))
            assign_component(remit, t, &taken);
        else
            for (uint32_t i = 0; i < t->is.rows; i++)
                choose_free(remit, &remit->lines[t->line[i]], &taken);
    }
    return t != NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that may mean several items: one number on two instalments, a delivery note of three invoices. An item pays for one line, so
 * lines that want the same items are assigned together at least cost, in exact integers (the Hungarian method, O(lines² · items)).
 * A line's error is what the best assignment without its item would weigh.
 */
#include "match/pool.h"
#include "match/remit.h"

#define COLUMNS_MAX 256u /* items that lines of one component want, and one "none of them" for each line */
#define EXACT_MAX 16u    /* lines for which the second best assignment is found too */
#define COST_NEVER (INT64_C(1) << 40)

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

/* ---- the Hungarian method on a table of rows × columns, rows ≤ columns */
struct table {
    uint32_t rows, columns, items;
    uint32_t line[O2C__REMIT_TABLE];  /* row → line */
    uint32_t item[COLUMNS_MAX];       /* column → item; the last ones are "none of them" */
    int64_t cost[O2C__REMIT_TABLE][COLUMNS_MAX];
    int64_t row_price[O2C__REMIT_TABLE + 1], column_price[COLUMNS_MAX + 1];
    uint32_t row_of[COLUMNS_MAX + 1], way[COLUMNS_MAX + 1];
};

static void
augment(struct table *t, uint32_t row)
{
    int64_t least[COLUMNS_MAX + 1];
    bool used[COLUMNS_MAX + 1] = { false };
    uint32_t column = 0;
    for (uint32_t j = 0; j <= t->columns; j++)
        least[j] = INT64_MAX;
    t->row_of[0] = row;
    do {
        uint32_t i = t->row_of[column], next = 0;
        int64_t delta = INT64_MAX;
        used[column] = true;
        for (uint32_t j = 1; j <= t->columns; j++) {
            if (used[j])
                continue;
            int64_t now = t->cost[i - 1][j - 1] - t->row_price[i] - t->column_price[j];
            if (now < least[j]) {
                least[j] = now;
                t->way[j] = column;
            }
            if (least[j] < delta) {
                delta = least[j];
                next = j;
            }
        }
        for (uint32_t j = 0; j <= t->columns; j++) {
            if (used[j]) {
                t->row_price[t->row_of[j]] += delta;
                t->column_price[j] -= delta;
            } else if (least[j] != INT64_MAX) {
                least[j] -= delta;
            }
        }
        column = next;
    } while (t->row_of[column] != 0);
    for (; column != 0; column = t->way[column])
        t->row_of[column] = t->row_of[t->way[column]];
}

static int64_t
assign(struct table *t)
{
    int64_t sum = 0;
    memset(t->row_price, 0, sizeof t->row_price);
    memset(t->column_price, 0, sizeof t->column_price);
    memset(t->row_of, 0, sizeof t->row_of);
    for (uint32_t row = 1; row <= t->rows; row++)
        augment(t, row);
    for (uint32_t j = 1; j <= t->columns; j++)
        if (t->row_of[j])
            sum += t->cost[t->row_of[j] - 1][j - 1];
    return sum;
}

/* ---- a component */

static uint32_t
column_of(struct table *t, uint32_t item)
{
    for (uint32_t j = 0; j < t->items; j++)
        if (t->item[j] == item)
            return j;
    if (t->items + t->rows >= COLUMNS_MAX)
        return O2C__NONE;
    t->item[t->items] = item;
    return t->items++;
}

static bool
fill_table(struct o2c__remit *remit, struct table *t)
{
    t->items = 0;
    for (uint32_t i = 0; i < t->rows; i++)
        for (uint32_t j = 0; j < COLUMNS_MAX; j++)
            t->cost[i][j] = COST_NEVER;
    for (uint32_t i = 0; i < t->rows; i++) {
        const struct o2c__remit_line *line = &remit->lines[t->line[i]];
        for (uint32_t k = line->options_at; k < line->options_at + line->options_count; k++) {
            const struct o2c__remit_option *option = &remit->options[k];
            if (option->weight == O2C__NEVER || option->group_count)
                continue;
            uint32_t column = column_of(t, option->item);
            if (column == O2C__NONE)
                return false;
            if (-option->weight < t->cost[i][column])
                t->cost[i][column] = -option->weight;
        }
    }
    t->columns = t->items + t->rows;
    for (uint32_t i = 0; i < t->rows; i++) /* heavier than any reading that fits at all */
        for (uint32_t j = t->items; j < t->columns; j++)
            t->cost[i][j] = COST_NEVER / 4;
    return true;
}

static void
choose(struct o2c__remit *remit, struct table *t, uint32_t *out_column)
{
    for (uint32_t i = 0; i < t->rows; i++)
        remit->lines[t->line[i]].chosen = out_column[i] = O2C__NONE;
    for (uint32_t j = 1; j <= t->items; j++) {
        if (t->row_of[j] == 0 || t->cost[t->row_of[j] - 1][j - 1] >= COST_NEVER / 4)
            continue;
        struct o2c__remit_line *line = &remit->lines[t->line[t->row_of[j] - 1]];
        out_column[t->row_of[j] - 1] = j - 1;
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
    for (uint32_t i = 0; i < t->rows; i++) {
        kept[i] = t->cost[i][column];
        if (remit->lines[t->line[i]].paid == line->paid)
            t->cost[i][column] = COST_NEVER;
    }
    int64_t gap = assign(t) - best;
    for (uint32_t i = 0; i < t->rows; i++)
        t->cost[i][column] = kept[i];
    uint64_t one = o2c__exp_q40(0), rest = gap > 0 ? o2c__exp_q40(-gap) : one;
    uint32_t error = o2c__error_ppb(one, one + rest * line->options_count);
    line->error_ppb = error;
}

static void
assign_component(struct o2c__remit *remit, struct table *t, struct taken *taken)
{
    uint32_t column[O2C__REMIT_TABLE];
    int64_t best = assign(t);
    choose(remit, t, column);
    for (uint32_t i = 0; i < t->rows; i++)
        if (column[i] != O2C__NONE && t->rows <= EXACT_MAX)
            doubt(remit, t, i, column[i], best);
    for (uint32_t i = 0; i < t->rows; i++)
        if (remit->lines[t->line[i]].chosen != O2C__NONE)
            take(remit, taken, &remit->options[remit->lines[t->line[i]].chosen]);
    remit->one->operations += (uint64_t)t->rows * t->rows * t->columns / 8;
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
    t->rows = 0;
    do {
        t->line[t->rows++] = doubtful[next++];
    } while (next < count && t->rows < O2C__REMIT_TABLE &&
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
        for (uint32_t i = 0; i < t->rows; i++) {
            struct o2c__remit_line *line = &remit->lines[t->line[i]];
            for (uint32_t k = line->options_at; k < line->options_at + line->options_count; k++)
                if (uses(remit, line, &remit->options[k]) && !is_free(remit, &taken, &remit->options[k]))
                    remit->options[k].weight = O2C__NEVER;
        }
        if (t->rows > 1 && fill_table(remit, t))
            assign_component(remit, t, &taken);
        else
            for (uint32_t i = 0; i < t->rows; i++)
                choose_free(remit, &remit->lines[t->line[i]], &taken);
    }
    return t != NULL;
}

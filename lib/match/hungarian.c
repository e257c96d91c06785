/* SPDX-License-Identifier: Apache-2.0 */
/* One row after the other finds its column along the cheapest chain of exchanges; prices keep every chain's cost at zero or above. */
#include "match/hungarian.h"

static void
exchange(struct o2c__hungarian *t, uint32_t column)
{
    for (; column != 0; column = t->way[column])
        t->row_of[column] = t->row_of[t->way[column]];
}

static void
augment(struct o2c__hungarian *t, uint32_t row)
{
    int64_t least[O2C__HUNGARIAN_COLUMNS + 1];
    bool used[O2C__HUNGARIAN_COLUMNS + 1] = { false };
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
    exchange(t, column);
}

static int64_t
cost_of(const struct o2c__hungarian *t)
{
    int64_t sum = 0;
    for (uint32_t j = 1; j <= t->columns; j++)
        if (t->row_of[j])
            sum += t->cost[t->row_of[j] - 1][j - 1];
    return sum;
}

int64_t
o2c__hungarian_solve(struct o2c__hungarian *t)
{
    memset(t->row_price, 0, sizeof t->row_price);
    memset(t->column_price, 0, sizeof t->column_price);
    memset(t->row_of, 0, sizeof t->row_of);
    for (uint32_t row = 1; row <= t->rows; row++)
        augment(t, row);
    return cost_of(t);
}

/* A dearer cell keeps all prices valid, so only its row has to find a column again. */
int64_t
o2c__hungarian_without(const struct o2c__hungarian *t, uint32_t row, uint32_t column, struct o2c__hungarian *scratch)
{
    *scratch = *t;
    scratch->cost[row][column] = O2C__COST_NEVER;
    scratch->row_of[column + 1] = 0;
    augment(scratch, row + 1);
    return cost_of(scratch);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Least cost for giving each row one column (Kuhn's Hungarian method with prices), in exact integers. */
#ifndef O2C__MATCH_HUNGARIAN_H
#define O2C__MATCH_HUNGARIAN_H
#include "base/base.h"

#define O2C__HUNGARIAN_ROWS 64u
#define O2C__HUNGARIAN_COLUMNS 256u
#define O2C__COST_NEVER (INT64_C(1) << 40) /* such a cell is not chosen while the row has another one */

struct o2c__hungarian {
    uint32_t rows, columns; /* rows ≤ columns */
    int64_t cost[O2C__HUNGARIAN_ROWS][O2C__HUNGARIAN_COLUMNS];
    uint32_t row_of[O2C__HUNGARIAN_COLUMNS + 1]; /* out: 1 + row of column j at j + 1, 0 = free */
    int64_t row_price[O2C__HUNGARIAN_ROWS + 1], column_price[O2C__HUNGARIAN_COLUMNS + 1];
    uint32_t way[O2C__HUNGARIAN_COLUMNS + 1];
};
/* Answers the least cost. O(rows² · columns). */
int64_t o2c__hungarian_solve(struct o2c__hungarian *t);
/* After it was solved: the least cost when this cell of the solution may not be used, and who then has which column. O(rows · columns). */
int64_t o2c__hungarian_without(const struct o2c__hungarian *t, uint32_t row, uint32_t column, struct o2c__hungarian *scratch);
#endif

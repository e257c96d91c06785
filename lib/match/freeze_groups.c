/* SPDX-License-Identifier: Apache-2.0 */
/* Terms, order and statement groups: rows for the open items that have one, so that a pool without groups pays nothing for them. */
#include "match/pool.h"

static const struct o2c__item_row *
row_of(const o2c_match_pool *pool, const struct o2c__freezer *freezer, uint32_t item)
{
    return o2c__pool_item_row(pool, freezer->order[item]);
}

void
o2c__groups_read(const o2c_match_pool *pool, uint32_t number, struct o2c__groups *out)
{
    uint32_t three[3];
    memcpy(three, o2c__interned_str(pool, &pool->rows->groups, number).ptr, sizeof three);
    out->terms = three[0];
    out->order = three[1];
    out->statement = three[2];
}

o2c_status
o2c__freeze_groups(o2c_match_pool *pool, const struct o2c__freezer *freezer, o2c_error *err)
{
    uint32_t count = 0;
    if (pool->rows->groups.refs.count == 0)
        return O2C_OK;
    for (uint32_t item = 0; item < pool->open_count; item++)
        count += row_of(pool, freezer, item)->groups != 0;
    if (count == 0)
        return O2C_OK;
    pool->groups = o2c__alloc_array(&pool->context.memory, count, sizeof *pool->groups);
    if (!pool->groups)
        return o2c__fail(err, O2C_E_NOMEM, "", "no memory to freeze the pool");
    pool->groups_count = count;
    for (uint32_t item = 0, to = 0; item < pool->open_count; item++) {
        uint32_t number = row_of(pool, freezer, item)->groups;
        if (number == 0)
            continue;
        pool->groups[to].item = item;
        o2c__groups_read(pool, number - 1, &pool->groups[to++]);
    }
    return O2C_OK;
}

const struct o2c__groups *
o2c__pool_groups(const o2c_match_pool *pool, uint32_t item)
{
    uint32_t low = 0, high = pool->groups_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pool->groups[middle].item < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pool->groups_count && pool->groups[low].item == item ? &pool->groups[low] : NULL;
}

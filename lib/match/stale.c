/* SPDX-License-Identifier: Apache-2.0 */
/* Has an item moved since its line was computed? What it was computed on stands in the line. */
#include "match/index.h"

static bool
is_item(const o2c_match_pool *pool, uint32_t item, o2c_str key)
{
    return o2c__str_equal(o2c__pool_str(pool, pool->echo[item].key), key);
}

/* Among the items of its account, where it nearly always is; else among all that are open. */
static uint32_t
find_item(const o2c_match_pool *pool, o2c_str account, o2c_str key)
{
    uint32_t at = o2c__index_account(pool, account);
    for (uint32_t i = 0; at != O2C__NONE && i < pool->accounts[at].item_accounts_count; i++) {
        const struct o2c__item_account *home = &pool->item_accounts[pool->accounts[at].item_accounts_at + i];
        for (uint32_t item = home->first; item < home->first + home->count; item++)
            if (is_item(pool, item, key))
                return item;
    }
    for (uint32_t item = 0; item < pool->open_count; item++)
        if (is_item(pool, item, key))
            return item;
    return O2C__NONE;
}

o2c_status
o2c_match_stale(const o2c_match_pool *pool, const o2c_line *lines, uint64_t count, const o2c_str *heap, o2c_match_freshness *out_rows,
                o2c_error *err)
{
    if (!pool || (count > 0 && (!lines || !heap || !out_rows)))
        return o2c__fail(err, O2C_E_MISUSE, pool ? "lines" : "pool", "a pointer is NULL");
    if (!pool->frozen)
        return o2c__fail(err, O2C_E_MISUSE, "pool", "the pool is not frozen: call o2c_match_pool_freeze first");
    for (uint64_t i = 0; i < count; i++) {
        const o2c_line *line = &lines[i];
        o2c_match_freshness *out = &out_rows[i];
        uint32_t item = find_item(pool, o2c__ref_str(line->account, *heap), o2c__ref_str(line->item, *heap));
        *out = (o2c_match_freshness){ .expect_open_minor = line->expect_open_minor, .expect_version = line->expect_version };
        out->known = item != O2C__NONE;
        out->open_minor = out->known ? pool->open[item] : 0;
        out->version = out->known ? pool->echo[item].version : 0;
        out->stale = !out->known || out->open_minor != out->expect_open_minor || out->version != out->expect_version;
    }
    return O2C_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A payment that was understood teaches how its customer, his segment and all customers choose. What the host expects is asked of its
 * counters as they stood before the day, so that the payments of a day have no order; a size of pool of which the host knows too little
 * teaches nothing.
 */
#include "match/learning.h"
#include "match/ways.h"

static bool
count_answer(struct o2c__learning *learning, const o2c_feedback *row, uint32_t kind, uint64_t yes, bool answer)
{
    o2c_str account = o2c__ref_str(row->account, learning->heap);
    uint64_t owners[3] = { O2C__OWNER_HOST, o2c__owner_segment(row->tier), account.len ? o2c__owner_customer(account) : 0 };
    uint64_t likely = O2C__LINE_UNIT * yes / O2C__TIMES_ONE, asked[2] = { O2C__LINE_UNIT - likely, likely };
    for (uint32_t i = 0; i < (account.len ? 3u : 2u); i++)
        for (uint32_t key = 0; key < 2; key++)
            if (!o2c__habit_count(learning, owners[i], kind, key, key == answer ? O2C__LINE_UNIT : 0, asked[key], row->day))
                return false;
    return true;
}

bool
o2c__ways_day(struct o2c__learning *learning)
{
    if (!learning->host)
        learning->host = o2c__alloc_zero(&learning->next->context.memory, 1, sizeof *learning->host);
    if (learning->host)
        o2c__prior_count(learning->host, &learning->next->learned->habits);
    return learning->host != NULL;
}

void
o2c__ways_end(struct o2c__learning *learning)
{
    o2c__release(&learning->next->context.memory, learning->host, learning->host ? sizeof *learning->host : 0);
    learning->host = NULL;
}

bool
o2c__learn_ways(struct o2c__learning *learning, const o2c_feedback *row)
{
    const struct o2c__host_prior *host = learning->host;
    uint32_t n = (uint32_t)row->pool_count, k = (uint32_t)row->set_count;
    if (k >= n || k > O2C__WAYS_SIZE || !o2c__prior_knows(&host->is, n))
        return true;
    if (k > 1 && !count_answer(learning, row, O2C__WAY_ONE_RUN, o2c__host_one_run(host, n, k), row->runs == 1))
        return false;
    return row->runs != 1 || count_answer(learning, row, O2C__WAY_OLDEST, o2c__host_oldest(host, n), row->oldest != 0);
}

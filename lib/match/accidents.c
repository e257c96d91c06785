/* SPDX-License-Identifier: Apache-2.0 */
/*
 * If all sets of so many items were equally likely and nothing else spoke, a set found by its sum would be right with a chance of
 * 1 ÷ (1 + λ), λ = sets of this size ÷ sums they may have. The posterior knows more; λ is stored beside it, because "8 accidents expected"
 * needs no explanation.
 */
#include "match/accidents.h"
#include "match/explain.h"

uint64_t
o2c__accidents(uint32_t n, uint32_t m, uint64_t tolerance, uint64_t span)
{
    const int64_t ln2 = (int64_t)(O2C__LN2_Q40 >> 24);
    int64_t ln = o2c__ln_binomial(n, m) + (int64_t)o2c__ln_u64(1000) - o2c__ln_u64(span ? span : 1);
    ln += tolerance ? o2c__ln_u64(2 * tolerance + 1) : 0;
    if (ln < 0)
        return (o2c__exp_q40(ln) + (UINT64_C(1) << 39)) >> 40;
    if (ln >= 42 * (int64_t)65536) /* e^42 is above 10^18 */
        return O2C__ACCIDENTS_MAX;
    /* e^ln = 2^twos · e^(ln − twos·ln 2), the last factor between 1 and 2 */
    int64_t twos = ln / ln2;
    uint64_t mantissa = o2c__exp_q40(ln - twos * ln2 - ln2); /* half of it, below 2^40 */
    uint64_t number = twos >= 39 ? mantissa << (twos - 39) : (mantissa + (UINT64_C(1) << (38 - twos))) >> (39 - twos);
    return number < O2C__ACCIDENTS_MAX ? number : O2C__ACCIDENTS_MAX;
}

/* Amounts of the debit items of one account, behind those that stand there. */
static uint32_t
add_home(const struct o2c__solve *solve, uint32_t home, int64_t *amounts, uint32_t count)
{
    const o2c_match_pool *pool = solve->pool;
    const struct o2c__item_account *at = &pool->item_accounts[home];
    for (uint32_t item = at->first; item < at->first + at->count && count < O2C__SLOTS_MAX; item++)
        if (pool->open[item] > 0 && pool->kind[item] != O2C_ITEM_DEPOSIT_REQUEST && !o2c__is_held(solve, item))
            amounts[count++] = pool->open[item];
    return count;
}

static void
sort_amounts(int64_t *amounts, uint32_t count)
{
    for (uint32_t gap = count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < count; i++) {
            int64_t amount = amounts[i];
            uint32_t at = i;
            for (; at >= gap && amounts[at - gap] > amount; at -= gap)
                amounts[at] = amounts[at - gap];
            amounts[at] = amount;
        }
}

/* Items ascend by account, so that equal accounts stand together. */
static uint32_t
collect(const struct o2c__solve *solve, const uint32_t *items, uint32_t count, int64_t *amounts, uint32_t *out_debits)
{
    const o2c_match_pool *pool = solve->pool;
    uint32_t last = O2C__NONE, n = 0;
    *out_debits = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (items[i] >= pool->open_count)
            continue;
        uint32_t home = pool->item_account[items[i]];
        *out_debits += pool->open[items[i]] > 0;
        if (home != last)
            n = add_home(solve, home, amounts, n);
        last = home;
    }
    return n;
}

bool
o2c__accidents_of(struct o2c__solve *solve, const struct o2c__explanation *why, const struct o2c__hypothesis *winner, uint64_t *out)
{
    uint32_t m = 0;
    uint64_t span = 1, tolerance = 0;
    int64_t *amounts = o2c__arena_alloc(&solve->arena, O2C__SLOTS_MAX * sizeof *amounts);
    if (!amounts)
        return false;
    uint32_t n = collect(solve, o2c__row_items(why, winner), winner->items_count, amounts, &m);
    if (winner->arithmetic == O2C_ARITHMETIC_X5)
        tolerance = (uint64_t)(winner->difference < 0 ? -winner->difference : winner->difference);
    *out = 0;
    if (m == 0 || m > n)
        return true;
    sort_amounts(amounts, n);
    for (uint32_t i = 0; i < m; i++)
        span += (uint64_t)(amounts[n - 1 - i] - amounts[i]);
    *out = o2c__accidents(n, m, tolerance, span);
    return true;
}

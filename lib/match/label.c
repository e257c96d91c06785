/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names for people: label, payer class, certificate, and the shipped list of classes that post without history (MATCHER 11).
 * Pure functions of the winner: a label never adds weight and never stops the search.
 */
#include "match/decide.h"

/* Starting class errors e0, in ppm: the share of wrong lines to assume before this host has any history (MATCHER 11.1). */
static const uint32_t error_ppm[] = {
    [O2C_LABEL_NONE] = 1000000, [O2C_LABEL_M01] = 1000,   [O2C_LABEL_M02] = 2000,   [O2C_LABEL_M03] = 2000,   [O2C_LABEL_M04] = 10000,
    [O2C_LABEL_M05] = 15000,    [O2C_LABEL_M06] = 30000,  [O2C_LABEL_M07] = 30000,  [O2C_LABEL_M08] = 40000,  [O2C_LABEL_M09] = 40000,
    [O2C_LABEL_M10] = 100000,   [O2C_LABEL_M11] = 70000,  [O2C_LABEL_M12] = 120000, [O2C_LABEL_M13] = 70000,  [O2C_LABEL_M14] = 50000,
    [O2C_LABEL_M15] = 80000,    [O2C_LABEL_M16] = 120000, [O2C_LABEL_M17] = 120000, [O2C_LABEL_M18] = 150000, [O2C_LABEL_M19] = 100000,
    [O2C_LABEL_M20] = 1000000,  [O2C_LABEL_M21] = 100000, [O2C_LABEL_M22] = 1000000,
};

uint32_t
o2c__label_error_ppm(int32_t label)
{
    return label >= 0 && (size_t)label < O2C__COUNT(error_ppm) ? error_ppm[label] : 1000000;
}

/* Weakest and all reference classes among the cited items. */
struct citation {
    uint32_t cited;
    uint8_t weakest;
    bool all_structured, all_lines;
};

static struct citation
cited_by(const struct o2c__case *one, const struct o2c__explanation *why, const struct o2c__hypothesis *row)
{
    struct citation found = { 0, 0, true, true };
    const uint32_t *hits = o2c__row_hits(why, row);
    for (uint32_t i = 0; i < row->items_count; i++) {
        if (hits[i] == O2C__NONE) {
            found.all_structured = found.all_lines = false;
            continue;
        }
        uint8_t error = one->hits[hits[i]].error;
        found.cited++;
        found.all_structured = found.all_structured && error == O2C__REF_STRUCTURED;
        found.all_lines = found.all_lines && error == O2C__REF_LINE;
        if (error > found.weakest)
            found.weakest = error;
    }
    return found;
}

static int32_t
label_cited(const struct o2c__hypothesis *row, struct citation found)
{
    switch (row->arithmetic) {
    case O2C_ARITHMETIC_X6:
        return O2C_LABEL_M09;
    case O2C_ARITHMETIC_X2:
    case O2C_ARITHMETIC_X7:
        return O2C_LABEL_M10;
    case O2C_ARITHMETIC_X8:
        return O2C_LABEL_M11;
    default:
        break;
    }
    if (row->arithmetic == O2C_ARITHMETIC_X0 && found.all_structured)
        return O2C_LABEL_M01;
    if (row->arithmetic == O2C_ARITHMETIC_X0 && found.all_lines)
        return O2C_LABEL_M02;
    /* A fee, a tax or a small difference is what goes wrong here, however exact the references are (decision 0031). */
    if (row->arithmetic != O2C_ARITHMETIC_X0 && row->arithmetic != O2C_ARITHMETIC_X1 && found.cited == row->items_count)
        return O2C_LABEL_M05;
    if (found.weakest == O2C__REF_DAMAGED)
        return O2C_LABEL_M12;
    /* What nobody cited stands on the sum alone, and with it the whole: no class of exact references may carry that (decision 0030). */
    if (found.cited < row->items_count)
        return O2C_LABEL_M18;
    if (found.weakest == O2C__REF_SECONDARY)
        return O2C_LABEL_M06;
    if (found.weakest == O2C__REF_NORMALIZED || found.weakest == O2C__REF_LIST)
        return O2C_LABEL_M07;
    if (row->arithmetic == O2C_ARITHMETIC_X1)
        return O2C_LABEL_M04;
    return O2C_LABEL_M03;
}

static bool
in_balance(const o2c_match_pool *pool, uint32_t item)
{
    return !(pool->flags[item] & (O2C_ITEM_FLAG_DISPUTED | O2C_ITEM_FLAG_BLOCKED)) && pool->kind[item] != O2C_ITEM_DEPOSIT_REQUEST;
}

/* ---- natural groups: everything in balance that shares one thing */

enum { SAME_TERMS, SAME_ORDER, SAME_STATEMENT, SAME_DUE_DAY, SAME_DUE_MONTH, SAME_DOCUMENT_MONTH };

static uint32_t
month_of(int32_t day)
{
    int32_t year, month, day_of_month;
    if (day <= 0)
        return 0;
    o2c__civil_from_day(day, &year, &month, &day_of_month);
    return (uint32_t)(year * 12 + month);
}

/* 0 = the item has no such thing. */
static uint32_t
shared(const o2c_match_pool *pool, uint32_t item, int what)
{
    const struct o2c__groups *groups = what <= SAME_STATEMENT ? o2c__pool_groups(pool, item) : NULL;
    switch (what) {
    case SAME_TERMS:
        return groups ? groups->terms : 0;
    case SAME_ORDER:
        return groups ? groups->order : 0;
    case SAME_STATEMENT:
        return groups ? groups->statement : 0;
    case SAME_DUE_DAY:
        return pool->due[item] > 0 ? (uint32_t)pool->due[item] : 0;
    case SAME_DUE_MONTH:
        return month_of(pool->due[item]);
    default:
        return month_of(pool->document_day[item]);
    }
}

/* Are these all debits in balance that share it with the first of them (of one payment term: all that are past due)? */
static bool
is_group(const o2c_match_pool *pool, const struct o2c__item_account *home, const uint32_t *items, uint32_t count, int what, int32_t day)
{
    uint32_t first = shared(pool, items[0], what), at = 0;
    bool is = first != 0;
    for (uint32_t item = home->first; is && item < home->first + home->count; item++) {
        bool taken = at < count && items[at] == item;
        bool due = what != SAME_TERMS || (pool->due[item] > 0 && pool->due[item] < day);
        at += taken;
        is = taken == (pool->open[item] > 0 && due && in_balance(pool, item) && shared(pool, item, what) == first);
    }
    return is;
}

static bool
is_natural_group(const o2c_match_pool *pool, const struct o2c__item_account *home, const uint32_t *items, uint32_t count)
{
    for (int what = SAME_ORDER; what <= SAME_DOCUMENT_MONTH; what++)
        if ((what > SAME_STATEMENT || pool->groups_count) && is_group(pool, home, items, count, what, 0))
            return true;
    return false;
}

/* Which natural selection of the own account is this? Items of the row and of the account both ascend. */
static int32_t
label_selection(const o2c_match_pool *pool, const struct o2c__item_account *home, const uint32_t *items, uint32_t count, int32_t day)
{
    bool whole = true, past_due = true, natural = true;
    uint32_t at = 0, runs = 0;
    bool inside = false;
    for (uint32_t item = home->first; item < home->first + home->count; item++) {
        bool taken = at < count && items[at] == item;
        bool debit = pool->open[item] > 0 && pool->kind[item] != O2C_ITEM_DEPOSIT_REQUEST;
        at += taken;
        whole = whole && taken == in_balance(pool, item);
        natural = natural && (!taken || in_balance(pool, item)); /* nobody's habit is to pay what he disputes (CA-29) */
        past_due = past_due && taken == (debit && pool->due[item] > 0 && pool->due[item] < day && in_balance(pool, item));
        if (!debit)
            continue;
        runs += taken && !inside;
        inside = taken;
    }
    if (whole)
        return O2C_LABEL_M14;
    if (past_due)
        return O2C_LABEL_M15;
    if (pool->groups_count && is_group(pool, home, items, count, SAME_TERMS, day))
        return O2C_LABEL_M16;
    return (runs == 1 && natural) || is_natural_group(pool, home, items, count) ? O2C_LABEL_M17 : O2C_LABEL_M18;
}

static int32_t
label_naked(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
            const struct o2c__hypothesis *row)
{
    const o2c_match_pool *pool = solve->pool;
    const uint32_t *items = o2c__row_items(why, row);
    if (row->arithmetic == O2C_ARITHMETIC_X2 || row->arithmetic >= O2C_ARITHMETIC_X6)
        return O2C_LABEL_M22;
    /* A sum that fits but for a fee, a tax or a small difference is weaker than one that fits to the cent (decision 0031). */
    if (row->arithmetic != O2C_ARITHMETIC_X0 && row->arithmetic != O2C_ARITHMETIC_X1)
        return O2C_LABEL_M18;
    if (row->items_count == 1)
        return O2C_LABEL_M13;
    uint32_t home = pool->item_account[items[0]];
    for (uint32_t i = 1; i < row->items_count; i++)
        if (pool->item_account[items[i]] != home)
            return O2C_LABEL_M18;
    int32_t day = one->payment->value_day ? one->payment->value_day : one->payment->booking_day;
    return label_selection(pool, &pool->item_accounts[home], items, row->items_count, day);
}

int32_t
o2c__label(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
           const struct o2c__hypothesis *row)
{
    if (row->items_count == 0)
        return O2C_LABEL_M22;
    if (row->arithmetic == O2C_ARITHMETIC_X12)
        return O2C_LABEL_M21;
    bool waits = row->arithmetic == O2C_ARITHMETIC_X11;
    if (waits)
        return row->waits == O2C_EXPECTED_PROMISE || row->waits == O2C_EXPECTED_ADVICE ? O2C_LABEL_M08 : O2C_LABEL_M19;
    struct citation found = cited_by(one, why, row);
    if (row->waits && !found.cited)
        return row->waits == O2C_EXPECTED_PROMISE || row->waits == O2C_EXPECTED_ADVICE ? O2C_LABEL_M08 : O2C_LABEL_M19;
    return found.cited ? label_cited(row, found) : label_naked(solve, one, why, row);
}

int32_t
o2c__payer_class(const struct o2c__case *one, const struct o2c__hypothesis *row)
{
    if (row->payer >= one->payers_count)
        return O2C_PAYER_NONE;
    const struct o2c__payer *payer = &one->payers[row->payer];
    bool cited = row->cited > 0;
    if (payer->confirmed)
        return O2C_PAYER_KNOWN;
    if (payer->shared && cited)
        return O2C_PAYER_CITED; /* a shared account narrows and never decides: here the references do */
    if (payer->evidence == 2)
        return O2C_PAYER_OBSERVED;
    if (cited && row->cited == row->items_count)
        return O2C_PAYER_CITED; /* P3 stands above P4 … P6 in the ladder: an alias that agrees must not lower the class */
    if (payer->evidence == 4 || payer->evidence == 5)
        return O2C_PAYER_OBSERVED;
    if (payer->evidence == 6)
        return O2C_PAYER_NAME;
    return cited ? O2C_PAYER_CITED : O2C_PAYER_NONE;
}

static bool
row_holds(const struct o2c__explanation *why, const struct o2c__hypothesis *row, uint32_t item)
{
    const uint32_t *items = o2c__row_items(why, row);
    for (uint32_t i = 0; i < row->items_count; i++)
        if (items[i] == item)
            return true;
    return false;
}

int32_t
o2c__certificate(const struct o2c__solve *solve, const struct o2c__explanation *why, const struct o2c__hypothesis *winner, uint32_t item,
                 uint64_t share)
{
    bool only = o2c__named(winner->arithmetic) && why->complete && why->dropped_named == 0;
    if (why->cut_short)
        return O2C_CERTIFICATE_SEARCH_CUT_SHORT;
    for (uint32_t i = 0; only && i < why->count; i++) {
        const struct o2c__hypothesis *row = &why->rows[i];
        if (o2c__named(row->arithmetic) && row->items_count)
            only = row->arithmetic == winner->arithmetic && row_holds(why, row, item);
    }
    if (only && winner->merged > 1 && solve->pool->interchange[item] != O2C__NONE)
        return O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE;
    if (only)
        return O2C_CERTIFICATE_ONLY_FIT;
    return o2c__share_ppm(share, why->total) >= solve->policy->auto_ppm ? O2C_CERTIFICATE_CLEAR_FAVORITE : O2C_CERTIFICATE_NONE;
}

bool
o2c__released(int32_t label, int32_t payer_class, int32_t scope, int32_t certificate)
{
    return label >= O2C_LABEL_M01 && label <= O2C_LABEL_M03 && (payer_class == O2C_PAYER_KNOWN || payer_class == O2C_PAYER_CITED) &&
           scope == O2C_SCOPE_OWN && (certificate == O2C_CERTIFICATE_ONLY_FIT || certificate == O2C_CERTIFICATE_CLEAR_FAVORITE);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The running cap of small differences: a customer who is a little short again and again is not let off again and again. What was given
 * away before is handed in; what this run would give away is added up over all its payments, and where both pass the cap every line of that
 * customer with a small difference waits for a person. None of them comes first, so no order decides (decision 0081).
 */
#include "match/decide.h"

#include <stdlib.h>

static int
order(o2c_str account, const char *currency, const o2c_match_given *row, o2c_str heap)
{
    int keys = o2c__str_compare(account, o2c__ref_str(row->account, heap));
    return keys ? keys : memcmp(currency, row->currency, 3);
}

int64_t
o2c__tolerance_left(const struct o2c__solve *solve, o2c_str account, const char *currency)
{
    uint64_t low = 0, high = solve->given_count;
    int64_t cap = solve->policy->tolerance_month_minor;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int found = order(account, currency, &solve->given[middle], solve->given_heap);
        if (found == 0) {
            const o2c_match_given *row = &solve->given[middle];
            cap = (row->has & O2C_MATCH_GIVEN_CAP) && row->cap_minor < cap ? row->cap_minor : cap;
            return cap > row->given_minor ? cap - row->given_minor : 0;
        }
        if (found < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return cap;
}

void
o2c__gate_tolerance(const struct o2c__solve *solve, struct o2c__decision *d)
{
    const o2c_match_pool *pool = solve->pool;
    for (uint32_t first = 0, end; first < d->parts_count; first = end) { /* items of one account stand together */
        uint32_t account = o2c__pool_account(pool, d->parts[first].item);
        int64_t sum = 0;
        for (end = first; end < d->parts_count && o2c__pool_account(pool, d->parts[end].item) == account; end++)
            sum += d->parts[end].tolerance > 0 ? d->parts[end].tolerance : 0;
        if (sum == 0 || sum <= o2c__tolerance_left(solve, o2c__pool_str(pool, pool->accounts[account].key),
                                                   o2c__pool_currency(pool, d->parts[first].item).ptr))
            continue;
        for (uint32_t i = first; i < end; i++)
            d->parts[i].gates |= d->parts[i].tolerance > 0 ? O2C_GATE_TOLERANCE_CAP : 0;
    }
}

/* ---- over all payments of a run */

struct gift {
    o2c_str account;
    const char *currency;
    int64_t amount;
    uint32_t proposal;
};

static int
by_account(const void *a, const void *b)
{
    const struct gift *x = a, *y = b;
    int keys = o2c__str_compare(x->account, y->account);
    if (!keys)
        keys = memcmp(x->currency, y->currency, 3);
    return keys ? keys : x->proposal < y->proposal ? -1 : x->proposal > y->proposal;
}

bool
o2c__is_gift(const o2c_line *line)
{
    return line->tolerance_minor > 0 && line->would_auto;
}

static bool
collect(const o2c_match_solution *solution, o2c__vector *gifts)
{
    o2c_str heap = o2c__text_heap_str(&solution->heap);
    for (size_t i = 0; i < solution->lines.count; i++) {
        const o2c_line *line = &O2C__AT(&solution->lines, o2c_line, i);
        struct gift *gift = o2c__is_gift(line) ? o2c__vector_add(gifts) : NULL;
        if (gift)
            *gift = (struct gift){ o2c__ref_str(line->account, heap), line->currency, line->tolerance_minor, line->proposal };
        else if (o2c__is_gift(line))
            return false;
    }
    return true;
}

/* Every line with this cause of the proposal waits: their sum was judged as one. */
static void
hold(o2c_match_solution *solution, uint32_t index)
{
    o2c_proposal *proposal = &O2C__AT(&solution->proposals, o2c_proposal, index);
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        o2c_line *line = &O2C__AT(&solution->lines, o2c_line, (size_t)proposal->lines_at + i);
        if (line->arithmetic != O2C_ARITHMETIC_X5)
            continue;
        line->gates |= O2C_GATE_TOLERANCE_CAP;
        line->band = O2C_BAND_PROPOSE;
        line->would_auto = 0;
        proposal->band = O2C_BAND_PROPOSE;
    }
    proposal->gates |= O2C_GATE_TOLERANCE_CAP;
}

static uint32_t
hold_all(struct o2c__solve *solve, const o2c__vector *gifts)
{
    const struct gift *rows = gifts->rows;
    uint32_t held = 0;
    for (size_t first = 0, end; first < gifts->count; first = end) {
        int64_t sum = 0;
        for (end = first; end < gifts->count && o2c__str_equal(rows[end].account, rows[first].account) &&
                          memcmp(rows[end].currency, rows[first].currency, 3) == 0; end++)
            sum += rows[end].amount;
        if (sum <= o2c__tolerance_left(solve, rows[first].account, rows[first].currency))
            continue;
        for (size_t i = first; i < end; i++) {
            hold(solve->solution, rows[i].proposal);
            held++;
        }
    }
    return held;
}

/* The gate is a reason of each of its lines, behind the others of its proposal. */
static bool
copy_reasons(o2c_match_solution *solution, o2c__vector *out)
{
    for (size_t p = 0; p < solution->proposals.count; p++) {
        o2c_proposal *proposal = &O2C__AT(&solution->proposals, o2c_proposal, p);
        const o2c_match_reason *old = (const o2c_match_reason *)solution->reasons.rows + proposal->reasons_at;
        uint32_t at = (uint32_t)out->count;
        bool known = false;
        for (uint32_t i = 0; i < proposal->reasons_count; i++) {
            o2c_match_reason *row = o2c__vector_add(out);
            if (!row)
                return false;
            *row = old[i];
            known = known || old[i].gate == O2C_GATE_TOLERANCE_CAP;
        }
        for (uint32_t i = 0; !known && i < proposal->lines_count; i++) {
            uint32_t line = proposal->lines_at + i;
            if (!(O2C__AT(&solution->lines, o2c_line, line).gates & O2C_GATE_TOLERANCE_CAP))
                continue;
            o2c_match_reason *row = o2c__vector_add(out);
            if (!row)
                return false;
            *row = (o2c_match_reason){ .proposal = (uint32_t)p, .line = line, .gate = O2C_GATE_TOLERANCE_CAP };
        }
        proposal->reasons_at = at;
        proposal->reasons_count = (uint32_t)out->count - at;
    }
    return true;
}

o2c_status
o2c__cap_tolerance(struct o2c__solve *solve, o2c_error *err)
{
    o2c_match_solution *solution = solve->solution;
    o2c__vector gifts, reasons;
    if (!(solve->noted & O2C__NOTED_GIFT))
        return O2C_OK;
    o2c__vector_init(&gifts, &solution->context.memory, sizeof(struct gift));
    o2c__vector_init(&reasons, &solution->context.memory, sizeof(o2c_match_reason));
    bool done = collect(solution, &gifts);
    if (done && gifts.count) {
        qsort(gifts.rows, gifts.count, gifts.size, by_account);
        if (hold_all(solve, &gifts)) {
            done = copy_reasons(solution, &reasons);
            o2c__vector old = solution->reasons;
            if (done) {
                solution->reasons = reasons;
                reasons = old;
            }
        }
    }
    o2c__vector_free(&gifts);
    o2c__vector_free(&reasons);
    return done ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the cap of small differences");
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets with a named cause that were not listed. An honest observer who has not looked must expect them as often as chance gives them:
 *
 *     4 · κ · Σ_k P(k | n) · P(r > listed | k, n) · Normal(T; k·μ, k·σ²·(n − k) ÷ (n − 1))
 *
 * 4 is safety; κ corrects for amounts that live on a lattice (bound_lattice.c). Amounts are scaled down by a power of two
 * so that squares fit; a density needs no more digits than that.
 */
#include "match/explain.h"

struct spread {
    uint64_t mean, variance; /* of the scaled amounts; the mean in 1/256 */
    uint64_t amount;         /* scaled */
    uint32_t shift;
};

static bool
inside(const struct o2c__slot *slot, uint32_t side)
{
    return side == O2C__NONE || slot->side == side;
}

static struct spread
measure(const struct o2c__slot *slots, uint32_t n, uint32_t side, int64_t amount)
{
    struct spread spread = { 0 };
    uint64_t largest = (uint64_t)amount, sum = 0, squares = 0, count = 0;
    for (uint32_t i = 0; i < n; i++)
        if (inside(&slots[i], side) && (uint64_t)slots[i].open > largest)
            largest = (uint64_t)slots[i].open;
    while (largest >> spread.shift >= 1u << 24)
        spread.shift++;
    for (uint32_t i = 0; i < n; i++)
        if (inside(&slots[i], side)) {
            uint64_t open = (uint64_t)slots[i].open >> spread.shift;
            sum += open;
            squares += open * open;
            count++;
        }
    if (count == 0)
        return spread;
    spread.mean = sum * 256 / count;
    uint64_t square = o2c__muldiv_floor(spread.mean, spread.mean, 65536);
    spread.variance = squares / count > square ? squares / count - square : 0;
    spread.amount = (uint64_t)amount >> spread.shift;
    return spread;
}

/* ln of the normal density of k items at the amount, per minor unit. */
static int64_t
ln_density(const struct spread *spread, uint32_t n, uint32_t k)
{
    uint64_t variance = o2c__muldiv_floor(spread->variance * k, n - k, n - 1) + 1;
    uint64_t mean = spread->mean * k / 256;
    uint64_t off = mean > spread->amount ? mean - spread->amount : spread->amount - mean;
    uint64_t half_square = o2c__muldiv_floor(off * 32768, off, variance); /* z² ÷ 2 in Q16 */
    if (half_square > INT64_C(1) << 40)
        return O2C__NEVER;
    return -(int64_t)half_square - (O2C__LN_2PI + (int64_t)o2c__ln_u64(variance)) / 2 -
           (int64_t)((spread->shift * O2C__LN2_Q40) >> 24);
}

int64_t
o2c__ln_accident_beyond(struct o2c__job *job, const struct o2c__crowd *crowd, int64_t amount, struct o2c__listed listed)
{
    uint32_t count = 0;
    int64_t ln = O2C__NEVER;
    for (uint32_t i = 0; i < crowd->n; i++)
        count += inside(&crowd->slots[i], crowd->side);
    if (count < 2 || amount <= 0)
        return O2C__NEVER;
    struct spread spread = measure(crowd->slots, crowd->n, crowd->side, amount);
    for (uint32_t k = listed.size + 1; k <= count; k++) {
        int64_t density = ln_density(&spread, count, k);
        int64_t prior = density == O2C__NEVER ? O2C__NEVER : o2c__ln_set_beyond(crowd->prior, count, k, listed.runs);
        if (prior != O2C__NEVER)
            ln = o2c__ln_add(ln, prior + density);
    }
    if (job)
        o2c__work(job, count / 2);
    return ln == O2C__NEVER ? ln : ln + 2 * (int64_t)(O2C__LN2_Q40 >> 24);
}

int64_t
o2c__ln_accident(struct o2c__job *job, const struct o2c__crowd *crowd, int64_t amount, uint32_t runs_listed)
{
    return o2c__ln_accident_beyond(job, crowd, amount, (struct o2c__listed){ runs_listed ? 2 : 1, runs_listed });
}

/* ---- into the posterior */

/*
 * ln of the class priors up to X5 together: each of them may fit by accident as X0 does. Habits may raise that of fees, and make a short
 * payment fit that differs by just what the payer is known to keep back.
 */
static int64_t
ln_named(const struct o2c__job *job, const struct o2c__view *view, int32_t first)
{
    int64_t ln = O2C__NEVER, density = O2C__LN_SHORT_NEAR + O2C__LN_DIFFER_MOST - job->ln_amount;
    if (view->differs.count)
        ln = o2c__ln_class[O2C_ARITHMETIC_X7] + (density < 0 ? density : 0);
    for (int32_t x = first; x <= O2C_ARITHMETIC_X5; x++)
        ln = o2c__ln_add(ln, o2c__ln_class[x] + (x == O2C_ARITHMETIC_X3 ? o2c__differs_fees(&view->differs) : 0));
    return ln;
}

/* Sets of other causes were listed as runs and pairs only. */
int64_t
o2c__ln_named_beyond(struct o2c__job *job, const struct o2c__view *view, uint32_t side, struct o2c__listed listed)
{
    struct o2c__crowd crowd = o2c__crowd_of(view, side);
    int64_t exact = o2c__ln_accident_beyond(job, &crowd, job->amount, listed), others = ln_named(job, view, O2C_ARITHMETIC_X1);
    int64_t any = o2c__ln_accident(job, &crowd, job->amount, 1);
    if (any == O2C__NEVER)
        return any;
    others += any;
    return view->ln_payer + (side ? view->ln_tied : view->ln_own) +
           (exact == O2C__NEVER ? others : o2c__ln_add(others, exact + o2c__ln_class[O2C_ARITHMETIC_X0]));
}

static int64_t
ln_naked(const struct o2c__job *job)
{
    return job->cites ? o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + 2 * O2C__LN_MISS) : 0;
}

static int64_t
both_credit_choices(struct o2c__job *job, struct o2c__view *view, uint32_t side, uint32_t runs_listed)
{
    struct o2c__crowd crowd = o2c__crowd_of(view, side);
    int64_t none = o2c__ln_accident(job, &crowd, job->amount, runs_listed);
    if (view->credits == 0 || none == O2C__NEVER)
        return none;
    int64_t all = o2c__ln_accident(job, &crowd, job->amount - view->credits_sum, runs_listed);
    return o2c__ln_add(none, all);
}

/* Supersets of the cited items: their others must add up to what is left of the amount. */
static int64_t
ln_cited_rest(struct o2c__job *job, struct o2c__view *view)
{
    const struct o2c__extension *rows = view->extensions;
    int64_t ln = O2C__NEVER;
    struct spread spread = measure(view->slots, view->debits, O2C__NONE, job->amount);
    uint64_t variance = spread.variance ? spread.variance : 1;
    int64_t density = -(O2C__LN_2PI + (int64_t)o2c__ln_u64(variance)) / 2 - (int64_t)((spread.shift * O2C__LN2_Q40) >> 24);
    bool full = view->debits <= O2C__FULL_SLOTS;
    for (uint32_t i = 0; i < view->extensions_count; i++)
        if ((rows[i].unlisted || !full) && rows[i].ln_two != O2C__NEVER && (rows[i].sum < job->amount || view->credits))
            ln = o2c__ln_add(ln, O2C__LN_CITES + rows[i].ln_text + rows[i].ln_two + density + 2 * (int64_t)(O2C__LN2_Q40 >> 24));
    return ln;
}

/* Few debits but many credits: every set was found with the listed selections only. */
static int64_t
ln_other_selections(struct o2c__job *job, struct o2c__view *view)
{
    struct o2c__crowd crowd = o2c__crowd_of(view, O2C__NONE);
    int64_t ln = o2c__ln_accident(job, &crowd, job->amount, 0);
    return ln == O2C__NEVER ? ln : ln + O2C__LN_CREDITS_SOME;
}

void
o2c__bound_named(struct o2c__job *job, struct o2c__view *view)
{
    uint32_t row = (uint32_t)(view - job->views), sides = 0;
    int64_t ln = O2C__NEVER;
    bool full = view->debits <= O2C__FULL_SLOTS;
    bool selections = view->credits <= O2C__CREDITS_FULL || o2c__credits_searched(view, view->debits);
    if (view->debits == 0 || (full && selections))
        return;
    if (!selections)
        ln = ln_other_selections(job, view);
    for (uint32_t side = 0; side < view->sides; side++) {
        sides += view->side_count[side] > 0;
        if (view->side_count[side] <= O2C__FULL_SLOTS || view->side_full[side])
            continue;
        int64_t one = both_credit_choices(job, view, side, 1);
        ln = one == O2C__NEVER ? ln : o2c__ln_add(ln, one + (side ? view->ln_tied : view->ln_own));
    }
    if (sides > 1 && !full) {
        int64_t one = both_credit_choices(job, view, O2C__NONE, 0);
        ln = one == O2C__NEVER ? ln : o2c__ln_add(ln, one + view->ln_mixed);
    }
    int64_t cited = ln_cited_rest(job, view);
    ln = ln == O2C__NEVER ? cited : o2c__ln_add(cited, ln + ln_naked(job));
    if (ln != O2C__NEVER)
        o2c__pot_add(job, row, O2C__POT_BOUND, view->ln_payer + ln_named(job, view, O2C_ARITHMETIC_X0) + ln);
}

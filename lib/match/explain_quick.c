/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Most payments cite their items by number and pay exactly their sum. One payer, every token cites one of his own items, no relative
 * around (or a known payer, and a token that cites somebody else by accident): then the explanation is written without a search and
 * everything else stays a bound. p can only be too low by the bounds, and they hold less than 200 ppm together, else the search runs.
 * What decides is data alone, never time.
 *
 * What else could explain the amount?
 *  - Sets that hold other items too: each costs a miss (.02). No other item, nor a cited one, is so small that a discount, fee,
 *    tolerance or credit could hide it (checked against every item of the pool), so such a set can only be short or over-paid.
 *  - Sets that lack a cited item lose that token's ratio, and to fit they need other items: two at least, unless one has nearly the
 *    amount of a cited one or of the payment: such pairs are counted, each with the largest prior of a set of that size and shape. The
 *    prior of the others is that of the nearest such sets, doubled; two that add up by accident are as likely as bound_named.c expects
 *    at most.
 *  - A payer beside this one, whom nothing but a number brings to mind: explain_others.c.
 *  - Short and over-payments: the bounds of MATCHER 5.3, times what the text leaves of them. A set that holds other items too is never
 *    over-paid, and more than 5 % short unless another item is small.
 * A second number that only a damaged reading would turn into one of ours is not read here: it could speak for a short payment of
 * more items than are cited, never for an exact one.
 */
#include "match/quick.h"

#define QUICK_PPM 200
#define EXTRA 2        /* other items beside the cited ones that are counted; more are bounded */
#define TWICE 45426    /* ln 2 */

/* Prior that lies on the neighbors of the set: on its supersets, and on sets that lack a cited item. */
struct family {
    int64_t extended; /* ln Σ P(S)·MISS^j, j ≥ 1 */
    int64_t lacking;  /* ln of those that lack a cited item and its reference, with any others */
    int64_t swapped;  /* ln of those that lack one and hold two others or more */
    int64_t replaced; /* ln of those that lack one and hold another of nearly its amount */
};

/* No prior is more than 1: enough for most. */
static void
assume_family(const struct o2c__quick *quick, struct family *out)
{
    out->extended = O2C__LN_MISS;
    out->lacking = quick->count > 1 ? o2c__ln_u64(quick->count) - quick->ln_least + TWICE : O2C__NEVER;
    out->swapped = quick->count > 1 ? out->lacking + 2 * O2C__LN_MISS : O2C__NEVER;
    out->replaced = quick->near ? o2c__ln_u64(quick->near) - quick->ln_least + TWICE + O2C__LN_MISS : O2C__NEVER;
}

/* One gone and one come: as many items, and at most two runs more or less. */
static int64_t
ln_same_size(const struct o2c__quick *quick)
{
    int64_t most = O2C__NEVER;
    for (uint32_t r = quick->runs > 2 ? quick->runs - 2 : 1; r <= quick->runs + 2; r++)
        for (int oldest = 0; oldest < 2; oldest++) {
            int64_t ln = o2c__ln_set_prior(quick->prior, quick->n, quick->count, r, oldest);
            most = ln > most ? ln : most;
        }
    return most;
}

/*
 * Sets that lack a cited item, with any others: the nearest of them and what the set itself gains by others. That compares shapes, so it is
 * asked of the cold default, which has no steps, and raised by as much as habits may raise it.
 */
static void
count_lacking(const struct o2c__quick *quick, const struct o2c__places *places, const struct o2c__supersets *rows, struct family *out)
{
    struct o2c__places cold = *places;
    struct o2c__supersets of = *rows;
    cold.prior = NULL;
    memcpy(of.ln, of.cold, sizeof of.ln);
    int64_t two = o2c__ln_add(of.ln[2], o2c__ln_beyond(&cold, &of, EXTRA)), extended = o2c__ln_add(of.ln[1], two);
    if (quick->credits)
        extended = o2c__ln_add(extended, of.ln[0] + O2C__LN_MISS);
    int64_t near = o2c__ln_neighbor(&cold, -1) + o2c__ln_u64(quick->count) - quick->ln_least + TWICE; /* two that lack weigh less again */
    near += o2c__ln_learned_most(quick->prior, quick->n);
    out->lacking = near + (extended == O2C__NEVER ? 0 : o2c__ln_add(0, extended - of.ln[0]));
    if (two != O2C__NEVER)
        out->swapped = near + two - of.ln[0] + TWICE;
}

/* Many cited items of a large pool have so little prior that their neighbors must be counted. */
static void
count_family(const struct o2c__quick *quick, struct family *out)
{
    struct o2c__places places = { .prior = quick->prior, .n = quick->n, .taken = quick->places, .taken_count = quick->count };
    struct o2c__supersets rows;
    o2c__ln_supersets(&places, EXTRA, &rows);
    int64_t two = o2c__ln_add(rows.ln[2], o2c__ln_beyond(&places, &rows, EXTRA));
    out->extended = o2c__ln_add(rows.ln[1], two);
    if (quick->credits)
        out->extended = o2c__ln_add(out->extended, quick->ln_set + O2C__LN_MISS);
    out->lacking = out->swapped = O2C__NEVER;
    if (quick->near)
        out->replaced += ln_same_size(quick);
    if (quick->count > 1)
        count_lacking(quick, &places, &rows, out);
}

static void
weigh(const struct o2c__quick *quick, struct o2c__hypothesis *row)
{
    const struct o2c__payer *payer = &quick->one->payers[quick->own];
    uint64_t accounts = quick->solve->model->accounts ? quick->solve->model->accounts : 1;
    memset(row, 0, sizeof *row);
    row->ln_payer = payer->evidence && payer->chance_ppm ? o2c__ln_u64(payer->chance_ppm) - O2C__LN_MILLION
                                                         : O2C__LN_HALF - o2c__ln_u64(accounts);
    row->ln_class = o2c__ln_class[O2C_ARITHMETIC_X0];
    row->ln_set = quick->ln_set;
    row->ln_credit = o2c__ln_credit_prior(quick->credits, 0);
    row->ln_text = (int32_t)o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + quick->ln_ratios);
    row->weight = (int64_t)row->ln_payer + row->ln_class + row->ln_set + row->ln_credit + row->ln_text;
    row->payer = quick->own;
    row->items_count = row->cited = quick->count;
    row->arithmetic = O2C_ARITHMETIC_X0;
    row->scope = O2C_SCOPE_OWN;
    row->merged = 1;
}

/* Chances as explain.c gives them. */
static void
weigh_others(struct o2c__quick *quick, bool counted)
{
    const struct o2c__payer *own = &quick->one->payers[quick->own];
    uint64_t known = !own->evidence ? 0 : own->chance_ppm < 1000000 ? own->chance_ppm : 999999;
    uint64_t accounts = quick->solve->model->accounts ? quick->solve->model->accounts : 1;
    int64_t chance = o2c__ln_u64(1000000 - known) - O2C__LN_MILLION + O2C__LN_HALF - o2c__ln_u64(accounts);
    quick->ln_others = O2C__NEVER;
    for (uint32_t i = 0; i < quick->others_count; i++) {
        int64_t most = o2c__ln_other_most(quick->solve, quick->one, &quick->others[i], quick->slack, counted);
        quick->ln_others = o2c__ln_add(quick->ln_others, chance + most);
    }
}

static uint64_t
someone_ppm(const struct o2c__payer *payer)
{
    uint64_t known = payer->evidence ? payer->chance_ppm : 0;
    if (known == 0)
        return 5000 + 500000;
    return 5000 + (known < 1000000 ? 1000000 - known : 1);
}

static int64_t
plus(int64_t ln, int64_t part, int64_t more)
{
    return part == O2C__NEVER ? ln : o2c__ln_add(ln, part + more);
}

/* Bounds of everything else, relative to the explanation; false = too heavy to be left as bounds. */
static bool
bound(const struct o2c__quick *quick, const struct family *family, const struct o2c__hypothesis *row, struct o2c__explanation *out)
{
    int64_t amount = o2c__ln_u64((uint64_t)quick->amount), none = O2C__LN_CITES_NOT, all = O2C__LN_CITES + quick->ln_ratios;
    bool far = o2c__quick_far_short(quick, quick->least_other);
    int64_t base = row->ln_payer - amount, lacking = plus(none, family->lacking, all);
    int64_t ln_short = plus(O2C__LN_SHORT_NEAR + lacking, family->extended, all + (far ? O2C__LN_SHORT_FAR : O2C__LN_SHORT_NEAR));
    ln_short += o2c__differs_most_at(quick->solve, quick->one->payers[quick->own].account);
    int64_t ln_over = quick->credits ? plus(lacking, family->extended, all) : lacking;
    int64_t accident = amount < O2C__LN_ACCIDENT ? 0 : O2C__LN_ACCIDENT - amount;
    int64_t fits = plus(plus(O2C__LN_LITTLE_CITED, family->replaced, all), family->swapped, all + accident);
    out->ln_lump_short = base + o2c__ln_class[O2C_ARITHMETIC_X7] + ln_short;
    out->ln_lump_over = base + o2c__ln_class[O2C_ARITHMETIC_X8] + O2C__LN_OVER_CAP + ln_over;
    out->ln_on_account = base + o2c__ln_class[O2C_ARITHMETIC_X9] + O2C__LN_ANY + none;
    out->ln_someone_else = o2c__ln_u64(someone_ppm(&quick->one->payers[quick->own])) - O2C__LN_MILLION + O2C__LN_ANY - amount + none;
    out->ln_bound = o2c__ln_add(row->ln_payer + fits, quick->ln_others);
    out->lump_short = o2c__exp_q40(out->ln_lump_short - row->weight);
    out->lump_over = o2c__exp_q40(out->ln_lump_over - row->weight);
    out->on_account = o2c__exp_q40(out->ln_on_account - row->weight);
    out->someone_else = o2c__exp_q40(out->ln_someone_else - row->weight);
    out->bound = o2c__exp_q40(out->ln_bound - row->weight);
    uint64_t rest = out->lump_short + out->lump_over + out->on_account + out->someone_else + out->bound;
    out->total = (UINT64_C(1) << 40) + rest;
    return rest < (UINT64_C(1) << 40) / 1000000 * QUICK_PPM;
}

static bool
bound_all(struct o2c__quick *quick, const struct o2c__hypothesis *row, struct o2c__explanation *out)
{
    struct family family;
    assume_family(quick, &family);
    if (quick->others_count)
        weigh_others(quick, false);
    if (bound(quick, &family, row, out))
        return true;
    count_family(quick, &family);
    if (quick->others_count)
        weigh_others(quick, true);
    return bound(quick, &family, row, out);
}

/* A number that a damaged reading turns into one of the others' would speak for them: then the search weighs it. */
static bool
others_are_damaged(const struct o2c__quick *quick, o2c_status *out_status, o2c_error *err)
{
    struct o2c__case before = *quick->one;
    bool found = false;
    if (quick->one->text.len == 0)
        return false;
    for (uint32_t i = 0; i < quick->others_count && !found && !*out_status; i++) {
        const struct o2c__account *account = &quick->solve->pool->accounts[quick->others[i].account];
        for (uint32_t k = 0; k < account->item_accounts_count && !found && !*out_status; k++) {
            uint32_t home = account->item_accounts_at + k;
            *out_status = o2c__retrieve_damaged(quick->solve, quick->one, &home, 1, err);
            found = quick->one->hits_count != before.hits_count;
        }
    }
    *quick->one = before;
    return found;
}

static o2c_status
write(struct o2c__quick *quick, struct o2c__hypothesis *row, struct o2c__explanation *out, o2c_error *err)
{
    size_t items = quick->count * sizeof(uint32_t);
    char *room = o2c__arena_alloc(&quick->solve->arena, sizeof *row + 2 * items);
    if (!room)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the explanation of a payment");
    row->mass = UINT64_C(1) << 40;
    out->rows = (struct o2c__hypothesis *)(void *)room;
    out->items = (uint32_t *)(void *)(room + sizeof *row);
    out->hits = out->items + quick->count;
    *out->rows = *row;
    memcpy(out->items, quick->items, items);
    memcpy(out->hits, quick->hits, items);
    out->count = 1;
    out->quick = true;
    out->items_count = quick->count;
    out->pool_count = quick->n;
    out->complete = out->bound < out->total / 1000000;
    out->operations = quick->n;
    quick->one->operations = quick->n;
    return O2C_OK;
}

bool
o2c__explain_quickly(struct o2c__solve *solve, struct o2c__case *one, struct o2c__explanation *out, o2c_status *out_status, o2c_error *err)
{
    struct o2c__quick quick = { .solve = solve, .one = one, .amount = one->payment->amount_minor, .least_other = INT64_MAX / 4 };
    struct o2c__hypothesis row;
    quick.ln_others = O2C__NEVER;
    quick.prior = o2c__prior_of(solve->model);
    if (solve->held || solve->policy->withholding_ppm_count || !o2c__quick_take(&quick) || !o2c__quick_walk(&quick))
        return false;
    if (solve->pool->expected.count && o2c__is_expected(solve->pool, one->payers[0].account, quick.amount))
        return false;
    quick.ln_set = o2c__ln_set_prior(quick.prior, quick.n, quick.count, quick.runs, quick.oldest);
    weigh(&quick, &row);
    memset(out, 0, sizeof *out);
    if (!bound_all(&quick, &row, out))
        return false;
    *out_status = O2C_OK;
    if (quick.others_count && others_are_damaged(&quick, out_status, err))
        return false;
    if (!*out_status)
        *out_status = write(&quick, &row, out, err);
    return true;
}

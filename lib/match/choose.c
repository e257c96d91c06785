/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the posterior to lines: which explanation is proposed, and how much of all mass settles each of its items in the same way.
 * One number per line: confidence = (1 − q)·(1 − e), rounded down (MATCHER 11.3).
 */
#include "match/decide.h"
#include "match/learn.h"

uint32_t
o2c__share_ppm(uint64_t mass, uint64_t total)
{
    if (total == 0)
        return 0;
    uint64_t ppm = o2c__muldiv_floor(mass, 1000000, total);
    return ppm > 1000000 ? 1000000 : (uint32_t)ppm;
}

uint32_t
o2c__error_ppb(uint64_t mass, uint64_t total)
{
    if (total == 0)
        return 1000000000;
    /* What is missing is small as a rule: rounded up, in one word. */
    if (mass <= total && total - mass < UINT64_C(1) << 33)
        return (uint32_t)(((total - mass) * 1000000000 + total - 1) / total);
    uint64_t ppb = o2c__muldiv_floor(mass, 1000000000, total);
    return ppb >= 1000000000 ? 0 : (uint32_t)(1000000000 - ppb);
}

static bool
same_items(const struct o2c__explanation *why, const struct o2c__hypothesis *a, const struct o2c__hypothesis *b)
{
    return a->items_count == b->items_count &&
           memcmp(o2c__row_items(why, a), o2c__row_items(why, b), a->items_count * sizeof(uint32_t)) == 0;
}

/* Same lines and same rest: payers may differ, the booking does not. */
static bool
same_outcome(const struct o2c__explanation *why, const struct o2c__hypothesis *a, const struct o2c__hypothesis *b)
{
    return a->arithmetic == b->arithmetic && a->rate == b->rate && same_items(why, a, b);
}

/* Mass of every explanation that settles this item with the same parts. Short and over-paid amounts belong to one set only. */
static uint64_t
line_share(const struct o2c__explanation *why, const struct o2c__hypothesis *winner, uint32_t item)
{
    bool whole = winner->arithmetic == O2C_ARITHMETIC_X7 || winner->arithmetic == O2C_ARITHMETIC_X8 ||
                 (winner->arithmetic == O2C_ARITHMETIC_X11 && winner->difference != 0);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < why->count; i++) {
        const struct o2c__hypothesis *row = &why->rows[i];
        if (row->arithmetic != winner->arithmetic || row->rate != winner->rate)
            continue;
        if (whole && !same_items(why, row, winner))
            continue;
        const uint32_t *items = o2c__row_items(why, row);
        for (uint32_t k = 0; k < row->items_count; k++) {
            if (items[k] == item) {
                sum += row->mass;
                break;
            }
        }
    }
    return sum;
}

/* The heaviest explanation that has a name; the mass of all that have one. */
static const struct o2c__hypothesis *
find_winner(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why, uint64_t *out_mass,
            int32_t *out_label)
{
    const struct o2c__hypothesis *winner = NULL;
    uint64_t mass = 0;
    *out_label = O2C_LABEL_M22;
    for (uint32_t i = 0; i < why->count; i++) {
        const struct o2c__hypothesis *row = &why->rows[i];
        int32_t label = row->items_count ? o2c__label(solve, one, why, row) : O2C_LABEL_M22;
        if (label == O2C_LABEL_M22)
            continue;
        mass += row->mass;
        if (!winner) {
            winner = row;
            *out_label = label;
        }
    }
    *out_mass = mass;
    return winner;
}

static int32_t
weakest_certificate(int32_t a, int32_t b)
{
    /* strongest first; "none" is weaker than a clear favorite, a cut search is the weakest */
    static const uint8_t rank[] = { [O2C_CERTIFICATE_ONLY_FIT] = 0, [O2C_CERTIFICATE_ONLY_FIT_BUT_INTERCHANGEABLE] = 1,
                                    [O2C_CERTIFICATE_CLEAR_FAVORITE] = 2, [O2C_CERTIFICATE_NONE] = 3,
                                    [O2C_CERTIFICATE_SEARCH_CUT_SHORT] = 4 };
    return rank[a] >= rank[b] ? a : b;
}

/* Confidence from the posterior and the record of the class at the customer it counts at: the payer, else who owes. */
void
o2c__weigh_part(const struct o2c__solve *solve, uint32_t payer, struct o2c__part *part)
{
    const struct o2c__memories *memories = solve->model->learned;
    uint32_t start = o2c__label_error_ppm(part->label), error = start * 1000, left = part->error_ppb;
    if (memories) {
        uint32_t account = payer != O2C__NONE ? payer : o2c__pool_account(solve->pool, part->item);
        const struct o2c__account *at = &solve->pool->accounts[account];
        o2c_str key = o2c__pool_str(solve->pool, at->key);
        error = o2c__class_error_ppb(solve->model, solve->policy->class_k, part->line_class, at->tier, key, start);
        left = o2c__calibrated(&memories->cal, left);
    }
    part->class_error_ppm = (error + 999) / 1000;
    part->confidence_ppm = (uint32_t)((1000000000 - (uint64_t)left) * (1000000000 - (uint64_t)error) / UINT64_C(1000000000000));
}

static void
judge_part(struct o2c__solve *solve, const struct o2c__explanation *why, struct o2c__decision *out, struct o2c__part *part)
{
    const o2c_match_pool *pool = solve->pool;
    part->share = line_share(why, out->winner, part->item);
    part->certificate = o2c__certificate(solve, why, out->winner, part->item, part->share);
    part->label = out->label;
    part->error_ppb = o2c__error_ppb(part->share, why->total);
    part->scope = O2C_SCOPE_OWN;
    if (out->payer != O2C__NONE && part->item < pool->open_count)
        part->scope = o2c__pool_account(pool, part->item) == out->payer ? O2C_SCOPE_OWN : O2C_SCOPE_TIED;
    part->line_class = o2c__line_class(part->label, out->payer_class, part->scope, part->certificate);
    o2c__weigh_part(solve, out->payer, part);
}

/* Nothing stands beside the winner, so items of one pool that nothing can replace are judged alike: the first of them for all. */
static bool
judged_alike(const struct o2c__solve *solve, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t item)
{
    const o2c_match_pool *pool = solve->pool;
    return why->count == 1 && d->winner->merged <= 1 && item < pool->open_count && d->parts[0].item < pool->open_count &&
           pool->item_account[item] == pool->item_account[d->parts[0].item];
}

static o2c_status
choose_parts(struct o2c__solve *solve, struct o2c__case *one, const struct o2c__explanation *why, struct o2c__decision *out, o2c_error *err)
{
    const struct o2c__hypothesis *winner = out->winner;
    out->parts = o2c__arena_alloc(&solve->arena, winner->items_count * sizeof *out->parts);
    if (!out->parts)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the lines of a proposal");
    memset(out->parts, 0, winner->items_count * sizeof *out->parts);
    out->parts_count = winner->items_count;
    out->certificate = O2C_CERTIFICATE_ONLY_FIT;
    out->confidence_ppm = 1000000;
    for (uint32_t i = 0; i < winner->items_count; i++) {
        struct o2c__part *part = &out->parts[i];
        uint32_t item = o2c__row_items(why, winner)[i];
        bool alike = i > 0 && judged_alike(solve, why, out, item);
        if (alike)
            *part = out->parts[0];
        part->item = item;
        part->hit = o2c__row_hits(why, winner)[i];
        if (alike)
            continue;
        judge_part(solve, why, out, part);
        out->certificate = weakest_certificate(out->certificate, part->certificate);
        if (part->confidence_ppm < out->confidence_ppm)
            out->confidence_ppm = part->confidence_ppm;
    }
    (void)one;
    return O2C_OK;
}

/* No explanation with items is likely enough: is at least the payer known? */
static void
choose_nothing(const struct o2c__case *one, struct o2c__decision *out)
{
    out->winner = NULL;
    out->label = O2C_LABEL_M22;
    out->kind = O2C_KIND_UNIDENTIFIED;
    out->payer = O2C__NONE;
    for (uint32_t i = 0; i < one->payers_count; i++) {
        const struct o2c__payer *payer = &one->payers[i];
        if (payer->evidence && payer->chance_ppm >= 850000 && out->kind != O2C_KIND_ON_ACCOUNT) {
            out->kind = O2C_KIND_ON_ACCOUNT;
            out->payer = payer->account;
            out->payer_evidence = payer->evidence;
            out->payer_class = payer->confirmed ? O2C_PAYER_KNOWN : payer->evidence == 6 ? O2C_PAYER_NAME : O2C_PAYER_OBSERVED;
        }
    }
    out->unapplied = one->payment->amount_minor;
}

o2c_status
o2c__choose(struct o2c__solve *solve, struct o2c__case *one, const struct o2c__explanation *why, struct o2c__decision *out, o2c_error *err)
{
    uint64_t named = 0, outcome = 0;
    int32_t label;
    memset(out, 0, sizeof *out);
    out->payer = O2C__NONE;
    out->winner = find_winner(solve, one, why, &named, &label);
    if (!out->winner || o2c__share_ppm(named, why->total) < solve->policy->show_ppm) {
        out->rivals = named;
        choose_nothing(one, out);
        return O2C_OK;
    }
    const struct o2c__hypothesis *winner = out->winner;
    for (uint32_t i = 0; i < why->count; i++)
        if (same_outcome(why, &why->rows[i], winner))
            outcome += why->rows[i].mass;
    out->rivals = named > outcome ? named - outcome : 0;
    out->outcome_ppm = o2c__share_ppm(outcome, why->total);
    out->kind = O2C_KIND_APPLY;
    out->label = label;
    out->payer_class = o2c__payer_class(one, winner);
    out->naked = winner->cited == 0;
    if (winner->payer < one->payers_count) {
        out->payer = one->payers[winner->payer].account;
        out->payer_evidence = one->payers[winner->payer].evidence;
        if (!out->payer_evidence && winner->cited)
            out->payer_evidence = 3; /* P3 is a label: its information is already in the references */
    }
    return choose_parts(solve, one, why, out, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explain: which payer, which items and which arithmetic explain the amount, and with what weight? All explanations share one
 * denominator, with short pay, on account and someone else always among them; nothing is decided here.
 */
#include "match/explain.h"

void *
o2c__grow_add(struct o2c__job *job, struct o2c__grow *grow, uint32_t more)
{
    if (grow->room - grow->count < more) {
        uint32_t room = grow->room * 2 + more + 32;
        char *rows = o2c__arena_alloc(&job->solve->arena, (size_t)room * grow->size);
        if (!rows) {
            job->no_memory = true;
            return NULL;
        }
        if (grow->count)
            memcpy(rows, grow->rows, (size_t)grow->count * grow->size);
        grow->rows = rows;
        grow->room = room;
    }
    void *row = (char *)grow->rows + (size_t)grow->count * grow->size;
    grow->count += more;
    return row;
}

bool
o2c__work(struct o2c__job *job, uint64_t operations)
{
    job->operations += operations;
    if (job->operations > job->operations_max)
        job->cut_short = true;
    if (job->operations >= job->asked) {
        job->asked = job->operations + 4096;
        job->canceled = job->canceled || o2c__canceled(&job->solve->context);
    }
    return !job->cut_short && !job->canceled && !job->no_memory;
}

void
o2c__pot_add(struct o2c__job *job, uint32_t view, uint32_t kind, int64_t weight)
{
    struct o2c__pot *pot = o2c__grow_add(job, &job->pots, 1);
    if (pot)
        *pot = (struct o2c__pot){ weight, kind, view, 0, 0 };
}

/* Items leave ascending; they nearly always arrive so. */
static void
copy_ascending(uint32_t *out, const uint32_t *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        for (; at > 0 && out[at - 1] > items[i]; at--)
            out[at] = out[at - 1];
        out[at] = items[i];
    }
}

void
o2c__row_add(struct o2c__job *job, const struct o2c__view *view, const uint32_t *items, uint32_t count, uint32_t n,
             const struct o2c__hypothesis *parts)
{
    if (job->rows.count >= O2C__CANDIDATES) {
        job->cut_short = true;
        return;
    }
    uint32_t at = job->items.count;
    uint32_t *copy = o2c__grow_add(job, &job->items, count);
    struct o2c__row *row = copy ? o2c__grow_add(job, &job->rows, 1) : NULL;
    if (!row)
        return;
    copy_ascending(copy, items, count);
    memset(row, 0, sizeof *row);
    row->is = *parts;
    row->is.items_at = at;
    row->is.items_count = count;
    row->is.merged = 1;
    row->is.weight = (int64_t)parts->ln_payer + parts->ln_class + parts->ln_set + parts->ln_scope + parts->ln_credit + parts->ln_amount +
                     parts->ln_text + parts->ln_expected;
    row->view = (uint32_t)(view - job->views);
    row->n = n;
    row->loose = parts->arithmetic == O2C_ARITHMETIC_X7 || parts->arithmetic == O2C_ARITHMETIC_X8;
}

/* ---- who pays */

static uint64_t
known_ppm(const struct o2c__case *one)
{
    uint64_t known = 0;
    for (uint32_t i = 0; i < one->payers_count; i++)
        known += one->payers[i].evidence ? one->payers[i].chance_ppm : 0;
    return known < 1000000 ? known : 999999;
}

/* Payers that no evidence names share half of what is left; someone else always keeps a share of his own. */
static int32_t
ln_payer(const struct o2c__job *job, const struct o2c__payer *payer)
{
    uint64_t known = known_ppm(job->one), accounts = job->solve->model->accounts ? job->solve->model->accounts : 1;
    if (payer->evidence && payer->chance_ppm)
        return o2c__ln_u64(payer->chance_ppm) - O2C__LN_MILLION;
    return o2c__ln_u64(known ? 1000000 - known : 1000000) - O2C__LN_MILLION + O2C__LN_HALF - o2c__ln_u64(accounts);
}

static void
without_items(struct o2c__job *job)
{
    uint64_t known = known_ppm(job->one);
    int64_t any = (int64_t)O2C__LN_ANY - job->ln_amount + job->ln_none;
    for (uint32_t i = 0; i < job->one->payers_count; i++)
        o2c__pot_add(job, i, O2C__POT_ON_ACCOUNT, job->views[i].ln_payer + o2c__ln_class[O2C_ARITHMETIC_X9] + any);
    uint64_t someone = 5000 + (known ? 1000000 - known : 500000);
    o2c__pot_add(job, 0, O2C__POT_SOMEONE, o2c__ln_u64(someone) - O2C__LN_MILLION + any);
}

/* ---- the search */

uint32_t
o2c__side_slots(const struct o2c__view *view, uint32_t side, uint32_t *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < view->debits; i++)
        if (view->slots[i].side == side)
            out[count++] = i;
    return count;
}

static void
search_sides(struct o2c__job *job, struct o2c__view *view, uint32_t *slots)
{
    for (uint32_t side = 0; side < view->sides; side++) {
        uint32_t count = o2c__side_slots(view, side, slots);
        view->side_full[side] = count <= O2C__FULL_SLOTS;
        if (count <= O2C__FULL_SLOTS) {
            o2c__sets_meet(job, view, slots, count);
            continue;
        }
        o2c__sets_listed(job, view, slots, count);
        if (job->solve->pool->groups_count)
            o2c__sets_groups(job, view, slots, count);
        view->side_full[side] = o2c__sets_all(job, view, slots, count, O2C__ALL_ROOM);
    }
}

static void
search(struct o2c__job *job, struct o2c__view *view)
{
    uint32_t *slots = o2c__arena_alloc(&job->solve->arena, view->debits * sizeof *slots);
    if (!slots) {
        job->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < view->debits; i++)
        slots[i] = i;
    o2c__sets_cited(job, view);
    if (o2c__sides_with_items(view) == 1 && o2c__sets_equal(job, view, slots, view->debits))
        view->side_full[view->slots[0].side] = true;
    else if (view->debits <= O2C__FULL_SLOTS)
        o2c__sets_meet(job, view, slots, view->debits);
    else
        search_sides(job, view, slots);
    o2c__sets_special(job, view);
    if (view->citing.count)
        o2c__extensions(job, view);
    o2c__bound_loose(job, view);
    if (view->debits > O2C__FULL_SLOTS && !(o2c__sides_with_items(view) == 1 && view->side_full[view->slots[0].side]))
        o2c__sets_exchange(job, view);
    if (!job->cut_short)
        o2c__bound_named(job, view);
}

/* ---- payers who cannot matter */

/* No prior and no density is more than 1: a payer weighs at most his chance times the best that the text can say of his items. */
static int64_t
ln_most(const struct o2c__job *job, const struct o2c__view *view)
{
    int64_t best = job->cites ? o2c__citing_most(&view->citing) : 0;
    return view->ln_payer + (job->cites ? o2c__ln_add(O2C__LN_CITES_NOT, O2C__LN_CITES + best) : 0);
}

static bool
cannot_matter(const struct o2c__job *job, const struct o2c__view *view, int64_t *out_most)
{
    int64_t heaviest = O2C__NEVER;
    const struct o2c__row *rows = job->rows.rows;
    for (uint32_t i = 0; i < job->rows.count; i++)
        heaviest = rows[i].is.weight > heaviest ? rows[i].is.weight : heaviest;
    *out_most = ln_most(job, view);
    return heaviest != O2C__NEVER && *out_most < heaviest - O2C__LN_MILLION;
}

/* Damaged numbers are looked for only among the items of the payers that stand here already. */
static o2c_status
read_damaged(struct o2c__job *job)
{
    uint32_t homes[2 * O2C__SIDES_MAX], count = 0;
    if (!job->solve->pool->index || job->one->text.len == 0)
        return O2C_OK;
    for (uint32_t i = 0; i < job->views_count && i < 8; i++)
        count += o2c__view_homes(job, i, homes + count, (uint32_t)O2C__COUNT(homes) - count);
    for (uint32_t i = 0; i < job->monies_count; i++) {
        job->currency = job->monies[i].currency;
        for (uint32_t k = 0; k < job->views_count && k < 8; k++)
            count += o2c__view_homes(job, k, homes + count, (uint32_t)O2C__COUNT(homes) - count);
    }
    job->currency = job->one->payment->currency;
    o2c_status status = count ? o2c__retrieve_damaged(job->solve, job->one, homes, count, job->err) : O2C_OK;
    job->cites = job->one->hits_count > 0;
    job->ln_none = job->cites ? O2C__LN_CITES_NOT : 0;
    return status;
}

static o2c_status
begin(struct o2c__job *job, struct o2c__solve *solve, struct o2c__case *one, o2c_error *err)
{
    const o2c_payment *payment = one->payment;
    memset(job, 0, offsetof(struct o2c__job, set));
    job->solve = solve;
    job->one = one;
    job->err = err;
    job->currency = payment->currency;
    job->amount = payment->amount_minor;
    job->ln_amount = o2c__ln_u64((uint64_t)payment->amount_minor);
    job->day = payment->value_day ? payment->value_day : payment->booking_day;
    job->charge = payment->bearer == O2C_BEARER_PAYER ? 0 : payment->charges_minor;
    job->cites = one->hits_count > 0;
    job->ln_none = job->cites ? O2C__LN_CITES_NOT : 0;
    job->operations_max = solve->policy->operations_max;
    job->asked = 4096;
    job->rows.size = sizeof(struct o2c__row);
    job->items.size = sizeof(uint32_t);
    job->pots.size = sizeof(struct o2c__pot);
    if (payment->instructed_minor || solve->rates_count)
        o2c__list_monies(job);
    size_t views = (size_t)one->payers_count * (1 + job->monies_count);
    job->views_count = one->payers_count;
    job->views = o2c__arena_alloc(&solve->arena, views * sizeof *job->views);
    if (!job->views)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for %u payers", one->payers_count);
    memset(job->views, 0, views * sizeof *job->views);
    return O2C_OK;
}

static o2c_status
stopped(const struct o2c__job *job, o2c_error *err)
{
    if (job->no_memory)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the explanations of a payment");
    if (job->canceled)
        return o2c__fail(err, O2C_E_CANCELED, NULL, "stopped by the caller");
    return O2C_OK;
}

/* One payer in one currency. */
static o2c_status
search_view(struct o2c__job *job, uint32_t payer, struct o2c__view *view, const struct o2c__money *money, o2c_error *err)
{
    int64_t most = 0;
    view->money = *money;
    view->ln_payer = ln_payer(job, &job->one->payers[payer]) + money->ln_prior;
    o2c__turn_to(job, view);
    o2c_status status = o2c__view_build(job, payer, view, err);
    if (status || (job->foreign && view->debits == 0))
        return status;
    job->views_count += job->foreign;
    view->skipped = cannot_matter(job, view, &most);
    if (view->skipped)
        o2c__pot_add(job, (uint32_t)(view - job->views), O2C__POT_BOUND, most);
    else if (money->window)
        o2c__sets_window(job, view);
    else
        search(job, view);
    return stopped(job, err);
}

/* Every payer in the currency of the payment, then in the others that it may pay. */
static o2c_status
search_views(struct o2c__job *job, o2c_error *err)
{
    const o2c_payment *payment = job->one->payment;
    struct o2c__money own = { payment->currency, payment->amount_minor, payment->amount_minor, payment->amount_minor, 0, false };
    if (job->monies_count && !job->monies[0].window) /* he ordered another currency: then he pays items of either */
        own.ln_prior = job->monies[0].ln_prior;
    uint32_t payers = job->views_count;
    o2c_status status = O2C_OK;
    for (uint32_t i = 0; !status && i < payers; i++)
        status = search_view(job, i, &job->views[i], &own, err);
    for (uint32_t m = 0; !status && m < job->monies_count; m++)
        for (uint32_t i = 0; !status && i < payers; i++) {
            memset(&job->views[job->views_count], 0, sizeof *job->views);
            status = search_view(job, i, &job->views[job->views_count], &job->monies[m], err);
        }
    if (payers)
        o2c__turn_to(job, &job->views[0]);
    return status;
}

o2c_status
o2c__explain(struct o2c__solve *solve, struct o2c__case *one, struct o2c__explanation *out, o2c_error *err)
{
    struct o2c__job job;
    o2c_status status;
    if (o2c__explain_quickly(solve, one, out, &status, err))
        return status;
    status = begin(&job, solve, one, err);
    if (!status)
        status = read_damaged(&job);
    if (!status)
        status = search_views(&job, err);
    if (status)
        return status;
    without_items(&job);
    status = o2c__explain_finish(&job, out);
    if (!status)
        status = stopped(&job, err);
    one->operations = job.operations;
    return status;
}

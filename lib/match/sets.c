/* SPDX-License-Identifier: Apache-2.0 */
/* A view: what one candidate payer may pay, in the order of the prior, and the prior of a selection of it. */
#include "match/explain.h"

static uint32_t
home_of(const struct o2c__job *job, uint32_t account)
{
    const o2c_match_pool *pool = job->solve->pool;
    const struct o2c__account *row = &pool->accounts[account];
    for (uint32_t i = 0; i < row->item_accounts_count; i++) {
        const struct o2c__item_account *home = &pool->item_accounts[row->item_accounts_at + i];
        if (home->company == job->one->company && memcmp(home->currency, job->currency, 3) == 0)
            return row->item_accounts_at + i;
    }
    return O2C__NONE;
}

static bool
has_side(const struct o2c__view *view, uint32_t account)
{
    for (uint32_t i = 0; i < view->sides; i++)
        if (view->side_account[i] == account)
            return true;
    return false;
}

/* The payer first, then whom he may pay for on that day. */
static void
list_sides(const struct o2c__job *job, struct o2c__view *view)
{
    const o2c_match_pool *pool = job->solve->pool;
    const struct o2c__account *account = &pool->accounts[view->account];
    view->sides = 1;
    view->side_account[0] = view->account;
    for (uint32_t i = 0; i < account->relatives_count && view->sides < O2C__SIDES_MAX; i++) {
        const struct o2c__relative *relative = &pool->relatives[account->relatives_at + i];
        if ((relative->valid_from && job->day < relative->valid_from) || (relative->valid_to && job->day > relative->valid_to))
            continue;
        if (!has_side(view, relative->account))
            view->side_account[view->sides++] = relative->account;
    }
    for (uint32_t i = 0; i < view->sides; i++)
        view->side_home[i] = home_of(job, view->side_account[i]);
}

uint32_t
o2c__view_homes(const struct o2c__job *job, uint32_t payer, uint32_t *out, uint32_t room)
{
    struct o2c__view view = { .account = job->one->payers[payer].account };
    uint32_t count = 0;
    list_sides(job, &view);
    for (uint32_t i = 0; i < view.sides && count < room; i++)
        if (view.side_home[i] != O2C__NONE)
            out[count++] = view.side_home[i];
    return count;
}

static bool
debit(const struct o2c__job *job, uint32_t item)
{
    const o2c_match_pool *pool = job->solve->pool;
    return pool->open[item] > 0 && pool->kind[item] != O2C_ITEM_DEPOSIT_REQUEST && !o2c__is_held(job->solve, item);
}

static bool
credit(const struct o2c__job *job, uint32_t item)
{
    return job->solve->pool->open[item] < 0 && !o2c__is_held(job->solve, item);
}

static uint32_t
count_side(const struct o2c__job *job, const struct o2c__view *view, uint32_t side, uint32_t *credits)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t debits = 0;
    *credits = 0;
    if (view->side_home[side] == O2C__NONE)
        return 0;
    const struct o2c__item_account *home = &pool->item_accounts[view->side_home[side]];
    for (uint32_t item = home->first; item < home->first + home->count; item++) {
        debits += debit(job, item);
        *credits += credit(job, item);
    }
    return debits;
}

static void
fill_slot(const struct o2c__job *job, struct o2c__slot *slot, uint32_t item, uint32_t side, uint32_t place)
{
    const o2c_match_pool *pool = job->solve->pool;
    struct o2c__discount_worth worth = { 0, 0 };
    memset(slot, 0, sizeof *slot);
    slot->item = item;
    slot->side = side;
    slot->place = place;
    slot->cited = O2C__NONE;
    slot->open = pool->open[item];
    slot->withholding = (pool->flags[item] & O2C_ITEM_FLAG_WITHHOLDING) != 0;
    if (slot->open > 0)
        o2c__discount_on(pool, item, job->day, job->solve->policy->discount_grace_days, &worth);
    slot->early = worth.earned;
    slot->late = worth.earned ? worth.earned : worth.unearned;
}

static void
fill_side(struct o2c__job *job, struct o2c__view *view, uint32_t side, struct o2c__slot *debits, struct o2c__slot *credits)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint32_t place = 0, used = 0;
    if (view->side_home[side] == O2C__NONE)
        return;
    const struct o2c__item_account *home = &pool->item_accounts[view->side_home[side]];
    for (uint32_t item = home->first; item < home->first + home->count; item++) {
        if (debit(job, item) && place < view->side_count[side]) {
            fill_slot(job, &debits[place], item, side, place);
            place++;
        } else if (side == 0 && credit(job, item) && used < view->credits) {
            fill_slot(job, &credits[used], item, 0, used);
            used++;
        }
    }
}

static int
slot_order(const o2c_match_pool *pool, const struct o2c__slot *a, const struct o2c__slot *b)
{
    if (pool->due[a->item] != pool->due[b->item])
        return pool->due[a->item] < pool->due[b->item] ? -1 : 1;
    int keys = o2c__str_compare(o2c__pool_str(pool, pool->echo[a->item].key), o2c__pool_str(pool, pool->echo[b->item].key));
    return keys ? keys : a->item < b->item ? -1 : 1;
}

/* Sides are sorted already; with relatives they are merged by (due day, key). */
static void
sort_slots(const o2c_match_pool *pool, struct o2c__slot *slots, uint32_t count)
{
    for (uint32_t gap = count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < count; i++) {
            struct o2c__slot slot = slots[i];
            uint32_t at = i;
            for (; at >= gap && slot_order(pool, &slot, &slots[at - gap]) < 0; at -= gap)
                slots[at] = slots[at - gap];
            slots[at] = slot;
        }
}

static void
set_scopes(struct o2c__view *view)
{
    uint32_t relatives = 0;
    for (uint32_t i = 1; i < view->sides; i++)
        relatives += view->side_count[i] > 0;
    view->ln_own = relatives ? O2C__LN_OWN : 0;
    view->ln_mixed = O2C__LN_MIXED;
    view->ln_tied = relatives ? O2C__LN_TIED - o2c__ln_u64(relatives) : O2C__LN_TIED;
}

static bool
says_why(const o2c_remittances *remittances, uint32_t row)
{
    return remittances && row < remittances->lines_count && o2c__remittance_says_why(&remittances->lines[row]);
}

/* What the remittance lines say of each cited slot: the first line of an item counts. */
static void
mark_slots(const struct o2c__job *job, struct o2c__view *view)
{
    const struct o2c__citing *citing = &view->citing;
    for (uint32_t i = 0; i < view->debits + view->credits && citing->count; i++) {
        struct o2c__slot *slot = &view->slots[i];
        slot->cited = o2c__cited_row(citing, slot->item);
        if (slot->cited == O2C__NONE)
            continue;
        view->cited_debits += i < view->debits;
        for (uint32_t h = 0; h < job->one->hits_count && job->one->remitted; h++) {
            const struct o2c__hit *hit = &job->one->hits[h];
            if (hit->line == 0 || hit->item != slot->item)
                continue;
            slot->deducted = hit->line_has & O2C_HAS_DEDUCTION ? hit->line_deduction : 0;
            slot->reason = slot->deducted && says_why(job->solve->remittances, hit->line_row);
            slot->coded = slot->deducted + (hit->line_has & O2C_HAS_DISCOUNT ? hit->line_discount : 0);
            break;
        }
    }
}

static void
count_sides(struct o2c__job *job, struct o2c__view *view)
{
    uint32_t credits, room = O2C__SLOTS_MAX;
    for (uint32_t side = 0; side < view->sides; side++) {
        uint32_t count = count_side(job, view, side, &credits);
        view->side_count[side] = count < room ? count : room;
        room -= view->side_count[side];
        view->debits += view->side_count[side];
        if (view->side_count[side] < count)
            job->cut_short = true;
        if (side == 0)
            view->credits = credits < O2C__SLOTS_MAX ? credits : O2C__SLOTS_MAX;
    }
}

o2c_status
o2c__view_build(struct o2c__job *job, uint32_t payer, struct o2c__view *view, o2c_error *err)
{
    uint32_t at = 0;
    view->payer = payer;
    view->account = job->one->payers[payer].account;
    list_sides(job, view);
    count_sides(job, view);
    if (!o2c__view_prior(job, view))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for how a payer pays");
    o2c__differs_at(job->solve, view->account, &view->differs);
    if (view->debits > O2C__FULL_SLOTS) /* too many sets to look for each of his amounts */
        view->differs.count = 0;
    size_t rows = (size_t)view->debits + view->credits;
    view->slots = o2c__arena_alloc(&job->solve->arena, rows * sizeof *view->slots);
    if (!view->slots)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for %zu items of a payer", rows);
    for (uint32_t side = 0; side < view->sides; side++) {
        fill_side(job, view, side, view->slots + at, view->slots + view->debits);
        at += view->side_count[side];
    }
    for (uint32_t i = 0; i < view->credits; i++)
        view->credits_sum += view->slots[view->debits + i].open;
    if (view->debits > view->side_count[0])
        sort_slots(job->solve->pool, view->slots, view->debits);
    set_scopes(view);
    o2c__work(job, rows);
    if (!o2c__citing_build(job, view))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the references of a payment");
    mark_slots(job, view);
    return O2C_OK;
}

bool
o2c__set_weigh(const struct o2c__view *view, const struct o2c__set *set, struct o2c__prior_parts *out)
{
    const struct o2c__slot *slots = view->slots;
    uint32_t side = slots[set->slots[0]].side, runs = 0, last = O2C__NONE, first = O2C__NONE;
    bool mixed = false;
    for (uint32_t i = 1; i < set->debits; i++)
        mixed = mixed || slots[set->slots[i]].side != side;
    for (uint32_t i = 0; i < set->debits; i++) {
        uint32_t place = mixed ? set->slots[i] : slots[set->slots[i]].place;
        runs += i == 0 || place != last + 1;
        last = place;
        if (i == 0)
            first = place;
    }
    uint32_t n = mixed ? view->debits : view->side_count[side];
    out->n = n;
    out->ln_set = o2c__ln_set_prior(view->prior, n, set->debits, runs, first == 0);
    out->ln_scope = mixed ? view->ln_mixed : side ? view->ln_tied : view->ln_own;
    out->scope = mixed || side ? O2C_SCOPE_TIED : O2C_SCOPE_OWN;
    out->ln_credit = o2c__ln_credit_prior(view->credits, set->count - set->debits);
    return out->ln_set != INT32_MIN;
}

static bool
cited_credit(const struct o2c__view *view, uint32_t credit)
{
    return view->slots[view->debits + credit].cited != O2C__NONE;
}

static void
add_selection(const struct o2c__view *view, struct o2c__selection *out, uint32_t *count, uint64_t mask)
{
    struct o2c__selection one = { mask, 0, 0 };
    for (uint32_t i = 0; i < view->credits && i < 64; i++)
        if (mask >> i & 1) {
            one.used++;
            one.sum += view->slots[view->debits + i].open;
        }
    for (uint32_t i = 0; i < *count; i++)
        if (out[i].mask == mask && out[i].used == one.used)
            return;
    if (*count < O2C__SELECTIONS_MAX)
        out[(*count)++] = one;
}

uint32_t
o2c__selections(const struct o2c__view *view, struct o2c__selection *out)
{
    uint32_t count = 0, m = view->credits;
    uint64_t cited = 0;
    out[count++] = (struct o2c__selection){ 0, 0, 0 };
    if (m == 0)
        return count;
    out[count++] = (struct o2c__selection){ m >= 64 ? UINT64_MAX : (UINT64_C(1) << m) - 1, m, view->credits_sum };
    for (uint32_t i = 0; i < m && i < 64; i++)
        cited |= (uint64_t)cited_credit(view, i) << i;
    add_selection(view, out, &count, cited);
    for (uint32_t mask = 1; m <= O2C__CREDITS_FULL && mask < 1u << m; mask++)
        add_selection(view, out, &count, mask);
    for (uint32_t i = 0; m > O2C__CREDITS_FULL && i < m && i < 64; i++)
        add_selection(view, out, &count, UINT64_C(1) << i);
    return count;
}

uint32_t
o2c__selection_slots(const struct o2c__view *view, const struct o2c__selection *selection, uint32_t *out, uint32_t room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < view->credits && count < room; i++)
        if (selection->used == view->credits || (i < 64 && selection->mask >> i & 1))
            out[count++] = view->debits + i;
    return count;
}

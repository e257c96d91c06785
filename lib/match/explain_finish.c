/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From weights to masses: e^(W − W_max) in Q40 and plain integer sums, which no order can change. Rows that settle the same items in
 * the same way are added into one, and so are sets that differ only by items no posting can tell apart.
 */
#include "match/explain.h"

/* Lumps below this share of the total are left as bounds: p can only be too low by it. */
#define LUMP_PPM 20
#define VIEW_PPM 5
#define PROMOTED_MAX 512
#define NEAR_ROWS 64 /* rows of one payer with the same items are neighbors; those of other payers at most so far */

#define ROW(job, i) (((struct o2c__row *)(job)->rows.rows)[i])
#define POT(job, i) (((struct o2c__pot *)(job)->pots.rows)[i])

static int64_t
heaviest(const struct o2c__job *job)
{
    int64_t most = O2C__NEVER;
    for (uint32_t i = 0; i < job->rows.count; i++)
        most = ROW(job, i).is.weight > most ? ROW(job, i).is.weight : most;
    for (uint32_t i = 0; i < job->pots.count; i++)
        most = POT(job, i).weight > most ? POT(job, i).weight : most;
    return most;
}

/* ---- are the lumps light enough, or must short and over-payments be weighed set by set? */

static bool
is_lump(const struct o2c__pot *pot)
{
    return (pot->kind == O2C__POT_SHORT || pot->kind == O2C__POT_OVER) && pot->mask == 0;
}

/* What is replaced must not be the measure: masses beside the heaviest that is no lump. */
static int64_t
heaviest_rest(const struct o2c__job *job)
{
    int64_t most = O2C__NEVER;
    for (uint32_t i = 0; i < job->rows.count; i++)
        most = ROW(job, i).is.weight > most ? ROW(job, i).is.weight : most;
    for (uint32_t i = 0; i < job->pots.count; i++)
        most = !is_lump(&POT(job, i)) && POT(job, i).weight > most ? POT(job, i).weight : most;
    return most;
}

static uint64_t
mass_of_lumps(const struct o2c__job *job, int64_t most, uint32_t view)
{
    uint64_t mass = 0;
    for (uint32_t i = 0; i < job->pots.count; i++)
        if (is_lump(&POT(job, i)) && (view == O2C__NONE || POT(job, i).view == view))
            mass += o2c__exp_q40(POT(job, i).weight - most);
    return mass;
}

/* What stands beside the lumps: if they turn out empty, this is the total. */
static uint64_t
mass_of_rest(const struct o2c__job *job, int64_t most)
{
    uint64_t mass = 0;
    for (uint32_t i = 0; i < job->rows.count; i++)
        mass += o2c__exp_q40(ROW(job, i).is.weight - most);
    for (uint32_t i = 0; i < job->pots.count; i++)
        if (!is_lump(&POT(job, i)))
            mass += o2c__exp_q40(POT(job, i).weight - most);
    return mass;
}

static bool
may_weigh(const struct o2c__view *view)
{
    struct o2c__selection selections[O2C__SELECTIONS_MAX];
    bool small = view->debits <= O2C__LOOSE_SLOTS && view->credits <= O2C__CREDITS_FULL && view->citing.count <= 32;
    if (view->skipped || view->debits == 0 || !small)
        return false;
    return (o2c__selections(view, selections) << view->debits) <= O2C__LOOSE_SETS;
}

static void
drop_lumps(struct o2c__job *job, uint32_t view)
{
    uint32_t rows = 0, pots = 0;
    for (uint32_t i = 0; i < job->rows.count; i++)
        if (!ROW(job, i).loose || ROW(job, i).view != view)
            ROW(job, rows++) = ROW(job, i);
    job->rows.count = rows;
    for (uint32_t i = 0; i < job->pots.count; i++) {
        const struct o2c__pot *pot = &POT(job, i);
        if (pot->view != view || (pot->kind != O2C__POT_SHORT && pot->kind != O2C__POT_OVER))
            POT(job, pots++) = *pot;
    }
    job->pots.count = pots;
}

/* The heaviest single sets become rows: at most 512 of those that hold a millionth of the heaviest or more. */
static void
promote(struct o2c__job *job)
{
    int64_t floor = heaviest(job) - O2C__LN_MILLION;
    for (uint32_t above = PROMOTED_MAX + 1; above > PROMOTED_MAX; floor += (int64_t)(O2C__LN2_Q40 >> 24)) {
        above = 0;
        for (uint32_t i = 0; i < job->pots.count; i++)
            above += POT(job, i).mask && POT(job, i).weight >= floor;
        if (above <= PROMOTED_MAX)
            break;
    }
    o2c__promote_loose(job, floor);
}

static void
weigh_lumps(struct o2c__job *job)
{
    int64_t most = heaviest_rest(job);
    uint64_t rest = mass_of_rest(job, most), lumps = mass_of_lumps(job, most, O2C__NONE);
    if (lumps < o2c__muldiv_floor(rest, LUMP_PPM, 1000000))
        return;
    for (uint32_t i = 0; i < job->views_count && !job->cut_short; i++) {
        if (!may_weigh(&job->views[i]) || mass_of_lumps(job, most, i) <= o2c__muldiv_floor(rest, VIEW_PPM, 1000000))
            continue;
        drop_lumps(job, i);
        o2c__turn_to(job, &job->views[i]);
        o2c__weigh_loose(job, &job->views[i]);
    }
    promote(job);
}

uint32_t
o2c__sides_with_items(const struct o2c__view *view)
{
    uint32_t sides = 0;
    for (uint32_t side = 0; side < view->sides; side++)
        sides += view->side_count[side] > 0;
    return sides;
}

/* A bound that decides is worth a search of every set, where one side holds all items. */
static bool
search_deeper(struct o2c__job *job, struct o2c__view *view)
{
    uint32_t slots[O2C__ALL_SLOTS];
    if (view->debits > O2C__ALL_SLOTS || o2c__sides_with_items(view) != 1)
        return false;
    uint32_t side = view->slots[0].side, count = o2c__side_slots(view, side, slots);
    return view->side_full[side] = o2c__sets_all(job, view, slots, count, O2C__ALL_CHOSEN);
}

/* Too many sets to count them all: some of them, and what is left of the bound. */
static int64_t
search_wider(struct o2c__job *job, struct o2c__view *view, int64_t weight)
{
    struct o2c__listed listed;
    if (job->cites || view->credits || view->debits <= O2C__FULL_SLOTS || o2c__sides_with_items(view) != 1)
        return weight;
    uint32_t *slots = o2c__arena_alloc(&job->solve->arena, view->debits * sizeof *slots);
    if (!slots) {
        job->no_memory = true;
        return weight;
    }
    uint32_t side = view->slots[0].side, count = o2c__side_slots(view, side, slots);
    o2c__sets_scattered(job, view, slots, count, &listed);
    int64_t less = listed.size > 2 || listed.runs > 1 ? o2c__ln_named_beyond(job, view, side, listed) : weight;
    return less < weight ? less : weight;
}

/* The lattice correction is dear. Its largest value stands when the bound is light all the same (a thousandth; 20 ppm beside references),
 * or too heavy in any case: p can only be too low by it. */
static void
correct_bounds(struct o2c__job *job)
{
    int64_t most = heaviest(job);
    uint64_t rest = mass_of_rest(job, most), little = job->cites ? rest / 50000 : rest / 1000;
    for (uint32_t i = 0; i < job->pots.count; i++) {
        struct o2c__view *view = &job->views[POT(job, i).view];
        if (POT(job, i).kind != O2C__POT_BOUND || view->skipped)
            continue;
        o2c__turn_to(job, view);
        int64_t weight = POT(job, i).weight, largest = o2c__ln_lattice_most(view->slots, view->debits, O2C__NONE, job->amount);
        bool light = o2c__exp_q40(weight + largest - most) < little;
        bool heavy = o2c__exp_q40(weight - most) > rest / 2;
        if (!light && !job->cut_short && search_deeper(job, view)) {
            POT(job, i) = POT(job, --job->pots.count);
            i--;
            continue;
        }
        bool plain = light || heavy || job->cut_short;
        int64_t enough = most - weight + (little ? (int64_t)o2c__ln_ratio(little / 4 + 1, UINT64_C(1) << 40) : 0);
        int64_t lattice = plain ? largest : o2c__ln_lattice(job, view->slots, view->debits, O2C__NONE, job->amount, enough);
        if (o2c__exp_q40(weight + lattice - most) >= little && !job->cut_short)
            weight = search_wider(job, view, weight);
        POT(job, i).weight = weight + lattice;
    }
}

/* ---- equal outcomes are one row */

/* A token that names the item, alone or in a group, tells it apart. */
static bool
is_named(const struct o2c__case *one, uint32_t item)
{
    for (uint32_t h = 0; h < one->hits_count; h++) {
        const struct o2c__hit *hit = &one->hits[h];
        if (hit->item == item)
            return true;
        for (uint32_t m = 0; hit->item == O2C__NONE && m < hit->group_count; m++)
            if (one->members[hit->group_at + m] == item)
                return true;
    }
    return false;
}

static uint64_t
item_sign(const struct o2c__job *job, uint32_t item)
{
    const o2c_match_pool *pool = job->solve->pool;
    uint64_t id = item;
    if (item < pool->open_count && pool->interchange[item] != O2C__NONE && !is_named(job->one, item))
        id = (UINT64_C(1) << 32) + pool->interchange[item];
    return o2c__mix(id, UINT64_C(0x9E3779B97F4A7C15));
}

static void
sign_rows(struct o2c__job *job)
{
    const uint32_t *items = job->items.rows;
    for (uint32_t i = 0; i < job->rows.count; i++) {
        struct o2c__row *row = &ROW(job, i);
        for (uint32_t k = 0; k < row->is.items_count; k++)
            row->sign += item_sign(job, items[row->is.items_at + k]);
    }
}

static int
compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int
compare_items(const struct o2c__job *job, const struct o2c__row *a, const struct o2c__row *b)
{
    const uint32_t *items = job->items.rows;
    if (a->is.items_count != b->is.items_count)
        return a->is.items_count < b->is.items_count ? -1 : 1;
    for (uint32_t i = 0; i < a->is.items_count; i++) {
        int order = compare_u64(items[a->is.items_at + i], items[b->is.items_at + i]);
        if (order)
            return order;
    }
    return 0;
}

static int
compare_outcome(const struct o2c__row *a, const struct o2c__row *b)
{
    int order = compare_u64(a->sign, b->sign);
    if (!order)
        order = compare_u64((uint64_t)a->is.arithmetic, (uint64_t)b->is.arithmetic);
    if (!order)
        order = compare_u64(a->is.rate, b->is.rate);
    if (!order)
        order = compare_u64((uint64_t)a->is.difference, (uint64_t)b->is.difference);
    return order ? order : compare_u64(a->is.items_count, b->is.items_count);
}

/* Equal outcomes stand together, the heaviest first; among equal weights the oldest items, then the first payer. */
static int
by_outcome(const struct o2c__job *job, uint32_t x, uint32_t y)
{
    const struct o2c__row *a = &ROW(job, x), *b = &ROW(job, y);
    int order = compare_outcome(a, b);
    if (!order && a->is.weight != b->is.weight)
        order = a->is.weight > b->is.weight ? -1 : 1;
    if (!order)
        order = compare_items(job, a, b);
    return order ? order : compare_u64(a->is.payer, b->is.payer);
}

static int
by_mass(const struct o2c__job *job, uint32_t x, uint32_t y)
{
    const struct o2c__row *a = &ROW(job, x), *b = &ROW(job, y);
    int order = -compare_u64(a->is.mass, b->is.mass);
    if (!order && a->is.weight != b->is.weight)
        order = a->is.weight > b->is.weight ? -1 : 1;
    if (!order)
        order = compare_items(job, a, b);
    return order ? order : compare_outcome(a, b);
}

static void
sort_rows(const struct o2c__job *job, uint32_t *order, uint32_t count, int (*compare)(const struct o2c__job *, uint32_t, uint32_t))
{
    for (uint32_t gap = count / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < count; i++) {
            uint32_t row = order[i], at = i;
            for (; at >= gap && compare(job, row, order[at - gap]) < 0; at -= gap)
                order[at] = order[at - gap];
            order[at] = row;
        }
}

/* Generators overlap: a set that two of them found counts once for each payer. */
static uint32_t
merge_rows(struct o2c__job *job, uint32_t *order, int64_t most)
{
    uint32_t kept = 0;
    for (uint32_t i = 0, end; i < job->rows.count; i = end) {
        struct o2c__row *first = &ROW(job, order[i]);
        first->is.mass = o2c__exp_q40(first->is.weight - most);
        for (end = i + 1; end < job->rows.count && compare_outcome(first, &ROW(job, order[end])) == 0; end++) {
            const struct o2c__row *row = &ROW(job, order[end]);
            uint32_t same_set = O2C__NONE;
            bool twice = false;
            for (uint32_t k = end - i > NEAR_ROWS ? end - NEAR_ROWS : i; k < end && !twice; k++)
                if (compare_items(job, &ROW(job, order[k]), row) == 0) {
                    same_set = k;
                    twice = ROW(job, order[k]).is.payer == row->is.payer;
                }
            if (twice)
                continue;
            first->is.mass += o2c__exp_q40(row->is.weight - most);
            first->is.merged += same_set == O2C__NONE;
        }
        if (first->is.mass > 0 || !first->loose)
            order[kept++] = order[i];
    }
    return kept;
}

/* ---- out */

static int64_t
ln_of_mass(uint64_t mass, int64_t most)
{
    return mass ? most + o2c__ln_ratio(mass, UINT64_C(1) << 40) : O2C__NEVER;
}

static void
add_pots(struct o2c__job *job, int64_t most, struct o2c__explanation *out)
{
    uint64_t mass[O2C__POTS] = { 0 };
    for (uint32_t i = 0; i < job->pots.count; i++) {
        mass[POT(job, i).kind] += o2c__exp_q40(POT(job, i).weight - most);
        out->dropped_named += POT(job, i).kind == O2C__POT_LIGHT ? POT(job, i).selection : 0;
    }
    out->dropped = mass[O2C__POT_LIGHT];
    out->lump_short = mass[O2C__POT_SHORT];
    out->lump_over = mass[O2C__POT_OVER];
    out->on_account = mass[O2C__POT_ON_ACCOUNT];
    out->someone_else = mass[O2C__POT_SOMEONE];
    out->bound = mass[O2C__POT_BOUND];
    out->ln_lump_short = ln_of_mass(mass[O2C__POT_SHORT], most);
    out->ln_lump_over = ln_of_mass(mass[O2C__POT_OVER], most);
    out->ln_on_account = ln_of_mass(mass[O2C__POT_ON_ACCOUNT], most);
    out->ln_someone_else = ln_of_mass(mass[O2C__POT_SOMEONE], most);
    out->ln_bound = ln_of_mass(mass[O2C__POT_BOUND], most);
    for (uint32_t i = 0; i < O2C__POTS; i++)
        out->total += mass[i];
}

static bool
write_row(struct o2c__job *job, const struct o2c__row *row, struct o2c__explanation *out)
{
    struct o2c__hypothesis *to = &out->rows[out->count++];
    uint32_t at = out->items_count;
    *to = row->is;
    to->items_at = at;
    memcpy(out->items + at, (const uint32_t *)job->items.rows + row->is.items_at, row->is.items_count * sizeof(uint32_t));
    to->cited = o2c__citing_assign(&job->views[row->view].citing, out->items + at, row->is.items_count, out->hits + at);
    out->items_count += row->is.items_count;
    return true;
}

static bool
write_rows(struct o2c__job *job, const uint32_t *order, uint32_t kept, struct o2c__explanation *out)
{
    uint32_t shown = kept < O2C__ROWS_MAX ? kept : O2C__ROWS_MAX;
    size_t items = 0;
    for (uint32_t i = 0; i < kept; i++) {
        const struct o2c__row *row = &ROW(job, order[i]);
        out->total += row->is.mass;
        if (i < shown) {
            items += row->is.items_count;
            continue;
        }
        out->dropped += row->is.mass;
        out->dropped_named += row->is.arithmetic <= O2C_ARITHMETIC_X6;
    }
    o2c__arena *arena = &job->solve->arena;
    out->rows = o2c__arena_alloc(arena, shown * sizeof *out->rows);
    out->items = o2c__arena_alloc(arena, items * sizeof *out->items);
    out->hits = o2c__arena_alloc(arena, items * sizeof *out->hits);
    if (!out->rows || !out->items || !out->hits)
        return false;
    for (uint32_t i = 0; i < shown; i++)
        write_row(job, &ROW(job, order[i]), out);
    if (shown)
        out->pool_count = ROW(job, order[0]).n;
    return true;
}

static bool
search_was_full(const struct o2c__job *job)
{
    for (uint32_t i = 0; i < job->views_count; i++) {
        const struct o2c__view *view = &job->views[i];
        bool credits = view->credits <= O2C__CREDITS_FULL || o2c__credits_searched(view, view->debits) || view->credits_found;
        bool all = view->debits <= O2C__FULL_SLOTS || (o2c__sides_with_items(view) == 1 && view->side_full[view->slots[0].side]);
        if (!view->skipped && (!all || !credits))
            return false;
    }
    return true;
}

o2c_status
o2c__explain_finish(struct o2c__job *job, struct o2c__explanation *out)
{
    weigh_lumps(job);
    correct_bounds(job);
    if (job->solve->pool->expected.count)
        o2c__join_expected(job);
    uint32_t *order = o2c__arena_alloc(&job->solve->arena, job->rows.count * sizeof *order);
    memset(out, 0, sizeof *out);
    if (!order || job->no_memory)
        return o2c__fail(job->err, O2C_E_NOMEM, NULL, "no memory for %u explanations", job->rows.count);
    int64_t most = heaviest(job);
    for (uint32_t i = 0; i < job->rows.count; i++)
        order[i] = i;
    sign_rows(job);
    sort_rows(job, order, job->rows.count, by_outcome);
    uint32_t kept = merge_rows(job, order, most);
    sort_rows(job, order, kept, by_mass);
    add_pots(job, most, out);
    if (!write_rows(job, order, kept, out))
        return o2c__fail(job->err, O2C_E_NOMEM, NULL, "no memory for %u explanations", kept);
    out->cut_short = job->cut_short;
    out->operations = job->operations;
    out->complete = !job->cut_short && (search_was_full(job) || out->bound < out->total / 1000000);
    return O2C_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why: evidence whose weights add up to the weight of the winner, the explanations beside it, and what holds a line back.
 */
#include "match/accidents.h"
#include "match/learn.h"
#include "match/tables.h"
#include "match/write.h"

int32_t
o2c__milli_nats(int64_t weight)
{
    return (int32_t)((weight * 1000 + (weight >= 0 ? 32768 : -32768)) / 65536);
}

o2c_match_evidence *
o2c__write_weight(struct o2c__pen *pen, uint32_t line, int32_t code, int64_t weight)
{
    o2c_match_evidence *row = o2c__write_room(pen, &pen->solve->solution->evidence);
    if (row)
        *row = (o2c_match_evidence){ .proposal = pen->proposal, .line = line, .code = code, .weight_mnat = o2c__milli_nats(weight) };
    return row;
}

static int32_t
amount_code(int32_t arithmetic)
{
    static const int32_t codes[] = { O2C_EVIDENCE_AMOUNT_EXACT, O2C_EVIDENCE_AMOUNT_DISCOUNT, O2C_EVIDENCE_AMOUNT_DISCOUNT_LATE,
                                     O2C_EVIDENCE_AMOUNT_FEE, O2C_EVIDENCE_AMOUNT_TAX, O2C_EVIDENCE_AMOUNT_TOLERANCE,
                                     O2C_EVIDENCE_AMOUNT_CODED, O2C_EVIDENCE_AMOUNT_SHORT, O2C_EVIDENCE_AMOUNT_OVER };
    if (arithmetic == O2C_ARITHMETIC_X11)
        return O2C_EVIDENCE_EXPECTED;
    if (arithmetic == O2C_ARITHMETIC_X12)
        return O2C_EVIDENCE_CLOSED;
    return arithmetic >= 0 && (size_t)arithmetic < O2C__COUNT(codes) ? codes[arithmetic] : O2C_EVIDENCE_BOUND;
}

int32_t
o2c__reference_code(uint8_t error)
{
    static const int32_t codes[] = { O2C_EVIDENCE_REF_STRAY,     O2C_EVIDENCE_REF_STRUCTURED, O2C_EVIDENCE_REF_LINE,
                                     O2C_EVIDENCE_REF_EXACT,     O2C_EVIDENCE_REF_NORMALIZED, O2C_EVIDENCE_REF_LIST,
                                     O2C_EVIDENCE_REF_SECONDARY, O2C_EVIDENCE_REF_DAMAGED };
    return error < O2C__COUNT(codes) ? codes[error] : O2C_EVIDENCE_REF_STRAY;
}

static void
payer_evidence(struct o2c__pen *pen, const struct o2c__decision *d)
{
    int32_t code = d->payer_evidence >= 1 && d->payer_evidence <= 6 ? O2C_EVIDENCE_PAY_P1 + d->payer_evidence - 1 : O2C_EVIDENCE_PAY_P0;
    o2c_match_evidence *row = o2c__write_weight(pen, O2C__NONE, code, d->winner->ln_payer);
    if (!row || d->winner->payer >= pen->one->payers_count)
        return;
    const struct o2c__payer *payer = &pen->one->payers[d->winner->payer];
    row->at = payer->at;
    row->len = payer->len;
    row->learned_row = payer->learned_row;
}

/* A hit that cites a group counts once; its other items get a row of weight 0, so that every line can show its span. */
static int64_t
hit_weight(const struct o2c__pen *pen, const uint32_t *hits, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (hits[k] == hits[i])
            return 0;
    return pen->one->hits[hits[i]].ln_ratio;
}

static o2c_ref
item_key(struct o2c__pen *pen, uint32_t item)
{
    return o2c__write_text(pen, o2c__pool_str(pen->solve->pool, pen->solve->pool->echo[item].key));
}

/* The learned row that says that this customer writes our numbers so. */
static uint64_t
shape_row(const struct o2c__pen *pen, uint32_t hit)
{
    uint32_t shape = pen->one->hits[hit].shape;
    return shape ? O2C__AT(&pen->solve->model->learned->learned.rows, struct o2c__learned, shape - 1).row : 0;
}

/* Each cited item with its span, each uncited one of a citing text; what is left is the chance that a text cites at all. */
static void
text_evidence(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t first_line)
{
    const struct o2c__hypothesis *winner = d->winner;
    const uint32_t *hits = o2c__row_hits(why, winner), *items = o2c__row_items(why, winner);
    bool lines = d->kind == O2C_KIND_APPLY && d->parts_count;
    int64_t missing = O2C__LN_MISS, left = winner->ln_text;
    for (uint32_t i = 0; i < winner->items_count && winner->cited; i++) {
        uint32_t line = lines ? first_line + i : O2C__NONE;
        o2c_ref key = lines ? O2C__AT(&pen->solve->solution->lines, o2c_line, line).item : item_key(pen, items[i]);
        bool cited = hits[i] != O2C__NONE;
        int64_t weight = cited ? hit_weight(pen, hits, i) : missing;
        o2c_match_evidence *row =
            o2c__write_weight(pen, line, cited ? o2c__reference_code(pen->one->hits[hits[i]].error) : O2C_EVIDENCE_REF_MISSING, weight);
        if (!row)
            return;
        left -= weight;
        row->item = key;
        row->at = cited ? pen->one->hits[hits[i]].at : 0;
        row->len = cited ? pen->one->hits[hits[i]].len : 0;
        row->learned_row = cited ? shape_row(pen, hits[i]) : 0;
    }
    if (left)
        o2c__write_weight(pen, O2C__NONE, winner->cited ? O2C_EVIDENCE_REF_TEXT : O2C_EVIDENCE_REF_STRAY, left);
}

/* A set that nothing but its sum names: how many such sets would add up by accident? It weighs nothing, the posterior knows it already. */
static void
accidents(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__hypothesis *winner)
{
    uint64_t number = 0;
    if (!o2c__accidents_of(pen->solve, why, winner, &number)) {
        pen->failed = true;
        return;
    }
    o2c_match_evidence *row = o2c__write_weight(pen, O2C__NONE, O2C_EVIDENCE_ACCIDENTS, 0);
    if (row)
        row->number = number;
}

void
o2c__write_evidence(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t first_line)
{
    const struct o2c__hypothesis *winner = d->winner;
    if (!winner || pen->failed)
        return;
    payer_evidence(pen, d);
    if (d->remit) {
        o2c__write_advice(pen, d, first_line);
        return;
    }
    if (winner->ln_set)
        o2c__write_weight(pen, O2C__NONE, O2C_EVIDENCE_SET_PRIOR, winner->ln_set);
    if (winner->ln_scope)
        o2c__write_weight(pen, O2C__NONE, O2C_EVIDENCE_SET_SCOPE, winner->ln_scope);
    if (winner->ln_credit)
        o2c__write_weight(pen, O2C__NONE, O2C_EVIDENCE_SET_CREDIT, winner->ln_credit);
    o2c__write_weight(pen, O2C__NONE, amount_code(winner->arithmetic), (int64_t)winner->ln_class + winner->ln_amount);
    if (winner->ln_expected)
        o2c__write_weight(pen, O2C__NONE, O2C_EVIDENCE_EXPECTED, winner->ln_expected);
    if (winner->ln_text)
        text_evidence(pen, why, d, first_line);
    if (d->label == O2C_LABEL_M18)
        accidents(pen, why, winner);
}

/* ------------------------------------------------------------------ alternatives */

struct beside {
    int32_t kind, arithmetic;
    uint32_t ppm;
    const struct o2c__hypothesis *row; /* NULL for a lump */
};

static bool
same_outcome(const struct o2c__explanation *why, const struct o2c__hypothesis *a, const struct o2c__hypothesis *b)
{
    return a->arithmetic == b->arithmetic && a->rate == b->rate && a->items_count == b->items_count &&
           memcmp(o2c__row_items(why, a), o2c__row_items(why, b), a->items_count * sizeof(uint32_t)) == 0;
}

static bool
listed(const struct o2c__explanation *why, const struct beside *beside, uint32_t count, const struct o2c__hypothesis *row)
{
    for (uint32_t i = 0; i < count; i++)
        if (same_outcome(why, beside[i].row, row))
            return true;
    return false;
}

static uint32_t
rows_beside(const struct o2c__explanation *why, const struct o2c__hypothesis *winner, struct beside *beside)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < why->count && count < O2C__ALTERNATIVES_MAX; i++) {
        const struct o2c__hypothesis *row = &why->rows[i];
        if (o2c__share_ppm(row->mass, why->total) < O2C__ALTERNATIVE_PPM_MIN)
            break;
        if (row->items_count == 0 || (winner && same_outcome(why, row, winner)) || listed(why, beside, count, row))
            continue;
        uint64_t mass = 0;
        for (uint32_t k = i; k < why->count; k++)
            if (same_outcome(why, &why->rows[k], row))
                mass += why->rows[k].mass;
        beside[count++] = (struct beside){ O2C_ALTERNATIVE_ITEMS, row->arithmetic, o2c__share_ppm(mass, why->total), row };
    }
    return count;
}

static uint32_t
lumps_beside(const struct o2c__explanation *why, struct beside *beside, uint32_t count)
{
    const struct {
        uint64_t mass;
        int32_t kind, arithmetic;
    } lumps[] = { { why->lump_short, O2C_ALTERNATIVE_SHORT, O2C_ARITHMETIC_X7 },
                  { why->lump_over, O2C_ALTERNATIVE_OVER, O2C_ARITHMETIC_X8 },
                  { why->on_account, O2C_ALTERNATIVE_ON_ACCOUNT, O2C_ARITHMETIC_X9 },
                  { why->someone_else, O2C_ALTERNATIVE_SOMEONE_ELSE, O2C_ARITHMETIC_X10 },
                  { why->bound, O2C_ALTERNATIVE_UNENUMERATED, O2C_ARITHMETIC_X0 } };
    for (size_t i = 0; i < O2C__COUNT(lumps); i++) {
        uint32_t ppm = o2c__share_ppm(lumps[i].mass, why->total);
        if (ppm >= O2C__ALTERNATIVE_LUMP_PPM_MIN)
            beside[count++] = (struct beside){ lumps[i].kind, lumps[i].arithmetic, ppm, NULL };
    }
    return count;
}

static void
heaviest_first(struct beside *beside, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct beside one = beside[i];
        uint32_t k = i;
        for (; k > 0 && beside[k - 1].ppm < one.ppm; k--)
            beside[k] = beside[k - 1];
        beside[k] = one;
    }
}

static uint32_t
alternative_gates(const o2c_match_pool *pool, const o2c_payment *payment, const struct o2c__explanation *why,
                  const struct o2c__hypothesis *row)
{
    uint32_t gates = 0;
    for (uint32_t i = 0; i < row->items_count; i++) {
        uint32_t item = o2c__row_items(why, row)[i];
        if (item >= pool->open_count)
            continue;
        if (pool->flags[item] & (O2C_ITEM_FLAG_DISPUTED | O2C_ITEM_FLAG_BLOCKED | O2C_ITEM_FLAG_DIRECT_DEBIT))
            gates |= O2C_GATE_DISPUTED_EXCLUDED;
        if (o2c__pool_earmarked(pool, item) != 0)
            gates |= O2C_GATE_EARMARKED;
        if (memcmp(pool->item_accounts[pool->item_account[item]].currency, payment->currency, 3) != 0)
            gates |= O2C_GATE_CROSS_CURRENCY;
    }
    return gates;
}

static void
write_alternative(struct o2c__pen *pen, const struct o2c__explanation *why, const struct beside *beside)
{
    o2c_match_solution *solution = pen->solve->solution;
    o2c_match_alternative row = {
        .proposal = pen->proposal, .kind = beside->kind, .posterior_ppm = beside->ppm, .arithmetic = beside->arithmetic
    };
    row.items_at = (uint32_t)solution->alternative_items.count;
    if (beside->row) {
        row.rest_minor = -beside->row->difference;
        row.gates = alternative_gates(pen->solve->pool, pen->one->payment, why, beside->row);
        for (uint32_t i = 0; i < beside->row->items_count; i++) {
            o2c_ref *key = o2c__write_row(pen, &solution->alternative_items);
            if (key)
                *key = item_key(pen, o2c__row_items(why, beside->row)[i]);
        }
    }
    row.items_count = (uint32_t)solution->alternative_items.count - row.items_at;
    o2c_match_alternative *out = o2c__write_row(pen, &solution->alternatives);
    if (out)
        *out = row;
}

void
o2c__write_alternatives(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d)
{
    struct beside beside[O2C__ALTERNATIVES_MAX + 5];
    /* an earmarked winner is not offered: then it is an alternative like any other */
    const struct o2c__hypothesis *winner = d->kind == O2C_KIND_APPLY || d->label == O2C_LABEL_M21 ? d->winner : NULL;
    /* Nothing beside the winner holds a ten-thousandth: not even all of it together. */
    if (winner && why->count == 1 && why->total - winner->mass < why->total / (1000000 / O2C__ALTERNATIVE_LUMP_PPM_MIN))
        return;
    uint32_t count = rows_beside(why, winner, beside);
    count = lumps_beside(why, beside, count);
    heaviest_first(beside, count);
    for (uint32_t i = 0; i < count && i < O2C__ALTERNATIVES_MAX; i++)
        write_alternative(pen, why, &beside[i]);
}

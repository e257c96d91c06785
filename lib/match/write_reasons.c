/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: every gate and every other cause that keeps a line from posting itself, whether it decided or not. */
#include "match/learn.h"
#include "match/write.h"

static void
add(struct o2c__pen *pen, uint32_t line, int32_t reason, uint32_t gate, uint32_t share_ppm, o2c_ref other)
{
    o2c_match_reason *row = o2c__write_row(pen, &pen->solve->solution->reasons);
    if (row)
        *row = (o2c_match_reason){ pen->proposal, line, reason, gate, share_ppm, 0, other };
}

static const o2c_ref nobody = { 0, 0 };

static o2c_ref
earmark_holder(struct o2c__pen *pen, uint32_t item)
{
    const o2c_match_pool *pool = pen->solve->pool;
    return o2c__write_text(pen, o2c__pool_str(pool, pool->echo[item].earmarked_by));
}

/* Who holds the amount of the item, which advice is shared. */
static o2c_ref
behind(struct o2c__pen *pen, uint32_t gate, uint32_t item)
{
    if (gate == O2C_GATE_SHARED_ADVICE)
        return o2c__write_shared_key(pen);
    return gate == O2C_GATE_EARMARKED && item != O2C__NONE ? earmark_holder(pen, item) : nobody;
}

static void
add_gates(struct o2c__pen *pen, uint32_t line, uint32_t gates, uint32_t item)
{
    for (uint32_t bit = 1; bit && bit <= gates; bit <<= 1)
        if (gates & bit)
            add(pen, line, 0, bit, 0, behind(pen, bit, item));
}

/* Which part of the missing share is the largest? */
static int32_t
largest_part(const struct o2c__explanation *why, const struct o2c__decision *d, const struct o2c__part *part, uint32_t *out_ppm)
{
    uint64_t rivals = d->rivals;
    uint64_t shorts = why->lump_short + why->lump_over, others = why->on_account + why->someone_else;
    uint64_t most = rivals;
    int32_t reason = O2C_REASON_AMBIGUOUS;
    if (shorts > most)
        most = shorts, reason = O2C_REASON_SHORT;
    if (others > most)
        most = others, reason = O2C_REASON_SOMEONE_ELSE;
    if (why->bound + why->dropped > most)
        most = why->bound + why->dropped, reason = O2C_REASON_UNENUMERATED;
    *out_ppm = o2c__share_ppm(most, why->total);
    if (part->class_error_ppm >= *out_ppm && part->class_error_ppm * UINT64_C(1000) >= part->error_ppb) {
        *out_ppm = part->class_error_ppm;
        return O2C_REASON_CLASS_ERROR;
    }
    return reason;
}

/* AMBIGUOUS holds whenever rivals with items keep more than the bar leaves over, also where the class error is larger still. */
static void
add_below_bar(struct o2c__pen *pen, uint32_t line, const struct o2c__explanation *why, const struct o2c__decision *d,
              const struct o2c__part *part)
{
    uint32_t most = 0, rivals = o2c__share_ppm(d->rivals, why->total);
    uint32_t spare = 1000000 - pen->solve->policy->auto_ppm;
    add(pen, line, O2C_REASON_BELOW_BAR, 0, part->confidence_ppm, nobody);
    int32_t reason = largest_part(why, d, part, &most);
    add(pen, line, reason, 0, most, nobody);
    if (reason != O2C_REASON_AMBIGUOUS && part->error_ppb / 1000 > spare && rivals > spare)
        add(pen, line, O2C_REASON_AMBIGUOUS, 0, rivals, nobody);
}

/* What speaks for the class so far: the lines that were counted, and the bound of their error; nothing where nothing was. */
static void
add_class(struct o2c__pen *pen, uint32_t line, const struct o2c__part *part)
{
    const struct o2c__memories *memories = pen->solve->model->learned;
    const struct o2c__release_row *row = memories ? o2c__release_find(&memories->releases, part->line_class) : NULL;
    add(pen, line, O2C_REASON_CLASS_NOT_RELEASED, 0, 0, nobody);
    if (!row || pen->failed)
        return;
    o2c__vector *reasons = &pen->solve->solution->reasons;
    o2c_match_reason *to = &O2C__AT(reasons, o2c_match_reason, reasons->count - 1);
    bool sample = row->sample_bound_ppm < row->history_bound_ppm;
    uint64_t lines = sample ? o2c__release_sum(row->sample_lines) : row->history_lines;
    to->share_ppm = lines ? (sample ? row->sample_bound_ppm : row->history_bound_ppm) : 0;
    to->argument = lines < INT32_MAX ? (int32_t)lines : INT32_MAX;
}

static void
line_reasons(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t line,
             const struct o2c__part *part)
{
    const o2c_match_policy *policy = pen->solve->policy;
    bool below = part->confidence_ppm < policy->auto_ppm;
    add_gates(pen, line, part->gates, part->item);
    if (below)
        add_below_bar(pen, line, why, d, part);
    if (!part->released)
        add_class(pen, line, part);
    if (part->sampled)
        add(pen, line, O2C_REASON_AUDIT_SAMPLE, 0, 0, nobody);
    if (part->band != O2C_BAND_AUTO && !below && part->released && !part->sampled && !part->gates && d->naked)
        add(pen, line, O2C_REASON_SET_NOT_WHOLE, 0, 0, nobody);
}

static void
no_line_reasons(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d)
{
    if (d->label == O2C_LABEL_M21 && d->winner) {
        const o2c_match_pool *pool = pen->solve->pool;
        uint32_t item = o2c__row_items(why, d->winner)[0];
        add(pen, O2C__NONE, O2C_REASON_DOUBLE_PAYMENT, 0, d->outcome_ppm, o2c__write_text(pen, o2c__pool_str(pool, pool->echo[item].key)));
        return;
    }
    if (d->gates & O2C_GATE_EARMARKED && d->winner)
        for (uint32_t i = 0; i < d->winner->items_count; i++)
            if (o2c__pool_earmarked(pen->solve->pool, o2c__row_items(why, d->winner)[i]))
                add_gates(pen, O2C__NONE, O2C_GATE_EARMARKED, o2c__row_items(why, d->winner)[i]);
    if (d->gates & O2C_GATE_CROSS_CURRENCY && d->winner) {
        const o2c_match_pool *pool = pen->solve->pool;
        uint32_t item = o2c__row_items(why, d->winner)[0];
        add(pen, O2C__NONE, 0, O2C_GATE_CROSS_CURRENCY, d->outcome_ppm, o2c__write_text(pen, o2c__pool_str(pool, pool->echo[item].key)));
    }
    if (!d->winner)
        add(pen, O2C__NONE, O2C_REASON_NOTHING_FITS, 0, o2c__share_ppm(d->rivals, why->total), nobody);
    if (d->kind == O2C_KIND_UNIDENTIFIED)
        add(pen, O2C__NONE, O2C_REASON_PAYER_UNKNOWN, 0, 0, nobody);
}

void
o2c__write_reasons(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d, uint32_t first_line)
{
    if (d->kind != O2C_KIND_APPLY || d->parts_count == 0) {
        no_line_reasons(pen, why, d);
        return;
    }
    for (uint32_t i = 0; i < d->parts_count; i++)
        if (d->parts[i].band != O2C_BAND_AUTO)
            line_reasons(pen, why, d, first_line + i, &d->parts[i]);
    if (d->remit)
        o2c__write_open_lines(pen, d);
    o2c__write_shared(pen, why, d);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the solution say what assign.c decided. Arrays stay grouped by proposal: lines and reasons are written anew. */
#include "match/assign.h"

/* odds = p ÷ (1 − p); the smallest error counts as one in 10^9 */
static uint64_t
odds(uint32_t error_ppb)
{
    uint64_t error = error_ppb ? error_ppb : 1;
    return (1000000000 - (error < 1000000000 ? error : 999999999)) / error + 1;
}

/* Equal claims give half each: p ÷ (1 + e^−gap). Of a group too large to be decided together p · odds ÷ (odds + odds of the rival). */
static void
doubt(const struct o2c__assign *a, o2c_line *line, const struct o2c__claimant *one)
{
    uint64_t mine = one->doubt, both = UINT64_C(1) << 40;
    if (!one->weighed) {
        mine = odds(line->error_ppb);
        both = mine + odds(O2C__AT(&a->claimants, struct o2c__claimant, one->rival).error_ppb);
    }
    line->confidence_ppm = (uint32_t)o2c__muldiv_floor(line->confidence_ppm, mine, both);
    uint64_t right = o2c__muldiv_floor(1000000000 - line->error_ppb, mine, both);
    line->error_ppb = (uint32_t)(1000000000 - right);
    if (line->confidence_ppm < a->solve->policy->auto_ppm) {
        line->would_auto = 0;
        line->band = O2C_BAND_PROPOSE;
    }
}

/* A set found by its sum posts whole or not at all. */
static void
keep_whole(const struct o2c__assign *a, o2c_line *lines, uint32_t count)
{
    bool whole = true;
    for (uint32_t i = 0; i < count; i++)
        whole = whole && (lines[i].would_auto || lines[i].label < O2C_LABEL_M13);
    for (uint32_t i = 0; i < count && !whole && !a->solve->policy->split_naked; i++)
        if (lines[i].label >= O2C_LABEL_M13) {
            lines[i].would_auto = 0;
            lines[i].band = O2C_BAND_PROPOSE;
        }
}

static const struct o2c__claimant *
claimant_of(const struct o2c__assign *a, uint32_t proposal, uint32_t *by_proposal)
{
    uint32_t at = by_proposal[proposal];
    return at == O2C__NONE ? NULL : &O2C__AT(&a->claimants, struct o2c__claimant, at);
}

static uint32_t *
index_claimants(struct o2c__assign *a)
{
    size_t count = a->solve->solution->proposals.count;
    uint32_t *index = o2c__alloc_array(a->memory, count, sizeof *index);
    if (!index)
        return NULL;
    memset(index, 0xff, count * sizeof *index);
    for (size_t i = 0; i < a->claimants.count; i++)
        index[O2C__AT(&a->claimants, struct o2c__claimant, i).proposal] = (uint32_t)i;
    return index;
}

/* Bands, label and rest of a proposal from the lines it kept. */
static void
settle_rest(o2c_proposal *proposal, const o2c_line *lines, const struct o2c__claimant *one)
{
    proposal->applied_minor = 0;
    proposal->confidence_ppm = proposal->lines_count ? 1000000 : 0;
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        proposal->applied_minor += lines[i].paid_currency_minor;
        if (lines[i].confidence_ppm < proposal->confidence_ppm)
            proposal->confidence_ppm = lines[i].confidence_ppm;
    }
    if (one->lost) {
        proposal->band = proposal->lines_count ? O2C_BAND_PROPOSE : O2C_BAND_NONE;
        proposal->on_account_minor = proposal->lines_count ? proposal->on_account_minor : 0;
        proposal->refund_minor = proposal->lines_count ? proposal->refund_minor : 0;
        proposal->charge_in_file_minor = proposal->lines_count ? proposal->charge_in_file_minor : 0;
        proposal->unapplied_minor = proposal->amount_minor + proposal->charge_in_file_minor - proposal->applied_minor -
                                    proposal->on_account_minor - proposal->refund_minor;
    }
    for (uint32_t i = 0; i < proposal->lines_count; i++)
        if (lines[i].band != O2C_BAND_AUTO)
            proposal->band = O2C_BAND_PROPOSE;
    if (proposal->lines_count || !one->lost)
        return;
    bool known = proposal->account.len && proposal->payer_evidence && proposal->payer_evidence != 3;
    proposal->kind = known || one->equal ? O2C_KIND_ON_ACCOUNT : O2C_KIND_UNIDENTIFIED;
    if (one->equal) { /* the second of two equal payments is a second payment: on account, and somebody is told */
        proposal->label = O2C_LABEL_M21;
        proposal->band = O2C_BAND_PROPOSE;
        proposal->on_account_minor = proposal->amount_minor;
        proposal->unapplied_minor = 0;
    }
}

struct rewrite {
    struct o2c__assign *a;
    o2c__vector lines, reasons, items;
    o2c__vector evidence, alternatives, alternative_items; /* only when payments were explained again: their rows stand at the end */
    uint32_t *by_proposal;
    uint32_t *line_map; /* old line → new line */
};

static bool
copy_lines(struct rewrite *r, uint32_t p, o2c_proposal *proposal, const struct o2c__claimant *one)
{
    const o2c__vector *old = &r->a->solve->solution->lines;
    uint32_t at = (uint32_t)r->lines.count;
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        size_t from = (size_t)proposal->lines_at + i;
        r->line_map[from] = O2C__NONE;
        if (o2c__assign_dropped(r->a, from))
            continue;
        o2c_line *line = o2c__vector_add(&r->lines);
        uint32_t *item = o2c__vector_add(&r->items);
        if (!line || !item)
            return false;
        *line = O2C__AT(old, o2c_line, from);
        line->proposal = p;
        *item = O2C__AT(&r->a->solve->line_items, uint32_t, from);
        r->line_map[from] = (uint32_t)r->lines.count - 1;
        if (one && one->rival != O2C__NONE && !one->equal)
            doubt(r->a, line, one);
    }
    if (one && one->rival != O2C__NONE && r->lines.count > at)
        keep_whole(r->a, &O2C__AT(&r->lines, o2c_line, at), (uint32_t)r->lines.count - at);
    proposal->lines_at = at;
    proposal->lines_count = (uint32_t)r->lines.count - at;
    return true;
}

static bool
add_reason(struct rewrite *r, uint32_t proposal, const struct o2c__claimant *one)
{
    const struct o2c__claimant *other = &O2C__AT(&r->a->claimants, struct o2c__claimant, one->rival);
    o2c_match_reason *row = o2c__vector_add(&r->reasons);
    if (!row)
        return false;
    row->proposal = proposal;
    row->line = O2C__NONE;
    row->reason = one->equal ? O2C_REASON_SECOND_OF_EQUALS : O2C_REASON_CONTESTED;
    row->other = O2C__AT(&r->a->solve->solution->proposals, o2c_proposal, other->proposal).payment;
    return true;
}

static bool
copy_reasons(struct rewrite *r, uint32_t p, o2c_proposal *proposal, const struct o2c__claimant *one)
{
    uint32_t at = (uint32_t)r->reasons.count;
    bool told = one && one->rival != O2C__NONE, done = !told || !one->equal || add_reason(r, p, one);
    for (uint32_t i = 0; done && i < proposal->reasons_count; i++) {
        o2c_match_reason reason = O2C__AT(&r->a->solve->solution->reasons, o2c_match_reason, (size_t)proposal->reasons_at + i);
        if (reason.line != O2C__NONE) {
            reason.line = r->line_map[reason.line];
            if (reason.line == O2C__NONE)
                continue; /* spoke of a line that is gone */
        }
        reason.proposal = p;
        o2c_match_reason *row = o2c__vector_add(&r->reasons);
        done = row != NULL;
        if (row)
            *row = reason;
    }
    if (done && told && !one->equal)
        done = add_reason(r, p, one);
    proposal->reasons_at = at;
    proposal->reasons_count = (uint32_t)r->reasons.count - at;
    return done;
}

static bool
copy_evidence(struct rewrite *r, uint32_t p, o2c_proposal *proposal)
{
    uint32_t at = (uint32_t)r->evidence.count;
    for (uint32_t i = 0; i < proposal->evidence_count; i++) {
        o2c_match_evidence *row = o2c__vector_add(&r->evidence);
        if (!row)
            return false;
        *row = O2C__AT(&r->a->solve->solution->evidence, o2c_match_evidence, (size_t)proposal->evidence_at + i);
        row->proposal = p;
    }
    proposal->evidence_at = at;
    return true;
}

static bool
copy_alternatives(struct rewrite *r, uint32_t p, o2c_proposal *proposal)
{
    const o2c_match_solution *solution = r->a->solve->solution;
    uint32_t at = (uint32_t)r->alternatives.count;
    for (uint32_t i = 0; i < proposal->alternatives_count; i++) {
        o2c_match_alternative *row = o2c__vector_add(&r->alternatives);
        if (!row)
            return false;
        *row = O2C__AT(&solution->alternatives, o2c_match_alternative, (size_t)proposal->alternatives_at + i);
        uint32_t from = row->items_at;
        row->proposal = p;
        row->items_at = (uint32_t)r->alternative_items.count;
        for (uint32_t k = 0; k < row->items_count; k++) {
            o2c_ref *key = o2c__vector_add(&r->alternative_items);
            if (!key)
                return false;
            *key = O2C__AT(&solution->alternative_items, o2c_ref, (size_t)from + k);
        }
    }
    proposal->alternatives_at = at;
    return true;
}

static void
move_evidence(struct rewrite *r)
{
    o2c__vector *evidence = r->a->again ? &r->evidence : &r->a->solve->solution->evidence;
    for (size_t i = 0; i < evidence->count; i++) {
        o2c_match_evidence *row = &O2C__AT(evidence, o2c_match_evidence, i);
        if (row->line != O2C__NONE)
            row->line = r->line_map[row->line];
    }
}

static bool
rewrite_all(struct rewrite *r)
{
    o2c_match_solution *solution = r->a->solve->solution;
    for (size_t p = 0; p < solution->proposals.count; p++) {
        o2c_proposal *proposal = &O2C__AT(&solution->proposals, o2c_proposal, p);
        const struct o2c__claimant *one = claimant_of(r->a, (uint32_t)p, r->by_proposal);
        if (!copy_lines(r, (uint32_t)p, proposal, one) || !copy_reasons(r, (uint32_t)p, proposal, one))
            return false;
        if (r->a->again && (!copy_evidence(r, (uint32_t)p, proposal) || !copy_alternatives(r, (uint32_t)p, proposal)))
            return false;
        if (one && one->rival != O2C__NONE)
            settle_rest(proposal, r->lines.count ? &O2C__AT(&r->lines, o2c_line, proposal->lines_at) : NULL, one);
    }
    move_evidence(r);
    return true;
}

static void
swap(o2c__vector *a, o2c__vector *b)
{
    o2c__vector hold = *a;
    *a = *b;
    *b = hold;
}

o2c_status
o2c__assign_rewrite(struct o2c__assign *a, o2c_error *err)
{
    struct rewrite r = { .a = a };
    o2c_match_solution *solution = a->solve->solution;
    o2c__vector_init(&r.lines, solution->lines.memory, sizeof(o2c_line));
    o2c__vector_init(&r.reasons, solution->reasons.memory, sizeof(o2c_match_reason));
    o2c__vector_init(&r.items, a->solve->line_items.memory, sizeof(uint32_t));
    o2c__vector_init(&r.evidence, solution->evidence.memory, sizeof(o2c_match_evidence));
    o2c__vector_init(&r.alternatives, solution->alternatives.memory, sizeof(o2c_match_alternative));
    o2c__vector_init(&r.alternative_items, solution->alternative_items.memory, sizeof(o2c_ref));
    size_t map_count = solution->lines.count ? solution->lines.count : 1;
    r.by_proposal = index_claimants(a);
    r.line_map = o2c__alloc_array(a->memory, map_count, sizeof *r.line_map);
    bool done = r.by_proposal && r.line_map && rewrite_all(&r);
    if (done) {
        swap(&solution->lines, &r.lines);
        swap(&solution->reasons, &r.reasons);
        swap(&a->solve->line_items, &r.items);
    }
    if (done && a->again) {
        swap(&solution->evidence, &r.evidence);
        swap(&solution->alternatives, &r.alternatives);
        swap(&solution->alternative_items, &r.alternative_items);
    }
    o2c__vector_free(&r.lines);
    o2c__vector_free(&r.reasons);
    o2c__vector_free(&r.items);
    o2c__vector_free(&r.evidence);
    o2c__vector_free(&r.alternatives);
    o2c__vector_free(&r.alternative_items);
    o2c__release(a->memory, r.by_proposal, solution->proposals.count * sizeof *r.by_proposal);
    o2c__release(a->memory, r.line_map, map_count * sizeof *r.line_map);
    return done ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory to assign items to payments");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What was decided goes into the solution: proposal and lines. Evidence, alternatives and reasons: write_why.c. */
#include "match/write.h"

o2c_ref
o2c__write_text(struct o2c__pen *pen, o2c_str text)
{
    o2c__vector *heap = &pen->solve->solution->heap.bytes;
    o2c_ref ref = { 0, 0 };
    if (O2C__LIKELY(text.len && heap->count && heap->room - heap->count > text.len && heap->room < UINT32_MAX)) {
        char *to = (char *)heap->rows + heap->count;
        memcpy(to, text.ptr, text.len);
        to[text.len] = 0;
        ref = (o2c_ref){ (uint32_t)heap->count, (uint32_t)text.len };
        heap->count += text.len + 1;
        return ref;
    }
    if (text.len && !o2c__text_heap_add(&pen->solve->solution->heap, text.ptr, text.len, &ref))
        pen->failed = true;
    return ref;
}

void *
o2c__write_row(struct o2c__pen *pen, o2c__vector *rows)
{
    void *row = pen->failed ? NULL : o2c__vector_add(rows);
    if (!row)
        pen->failed = true;
    return row;
}

static o2c_ref
pool_text(struct o2c__pen *pen, o2c_ref ref)
{
    return o2c__write_text(pen, o2c__pool_str(pen->solve->pool, ref));
}

/* Lines of a proposal nearly always are one account's and one company's. */
static o2c_ref
account_key(struct o2c__pen *pen, uint32_t account)
{
    if (pen->account != account) {
        pen->account = account;
        pen->account_key = pool_text(pen, pen->solve->pool->accounts[account].key);
    }
    return pen->account_key;
}

static o2c_ref
company_text(struct o2c__pen *pen, uint32_t company)
{
    if (pen->company != company) {
        pen->company = company;
        pen->company_text = pool_text(pen, pen->solve->pool->companies[company]);
    }
    return pen->company_text;
}

/* The row stands where it will stay: nothing else adds proposals while one is under the pen. NULL = no memory. */
static o2c_proposal *
begin_proposal(struct o2c__pen *pen)
{
    struct o2c__solve *solve = pen->solve;
    const o2c_payment *payment = pen->one->payment;
    o2c_match_solution *solution = solve->solution;
    pen->proposal = (uint32_t)solution->proposals.count;
    pen->account = pen->company = O2C__NONE;
    o2c_proposal *proposal = o2c__write_room(pen, &solution->proposals);
    if (!proposal)
        return NULL;
    memset(proposal, 0, sizeof *proposal);
    proposal->payment = o2c__write_text(pen, o2c__ref_str(payment->key, solve->payments->heap));
    proposal->host_ref = payment->host_ref;
    memcpy(proposal->currency, payment->currency, sizeof proposal->currency);
    proposal->row = pen->one->row;
    proposal->amount_minor = payment->amount_minor;
    proposal->text = pen->one->text;
    proposal->rules = O2C__RULES;
    memcpy(proposal->model_hash, solve->model->hash, sizeof proposal->model_hash);
    memcpy(proposal->policy_hash, solve->policy_hash, sizeof proposal->policy_hash);
    proposal->lines_at = (uint32_t)solution->lines.count;
    proposal->evidence_at = (uint32_t)solution->evidence.count;
    proposal->alternatives_at = (uint32_t)solution->alternatives.count;
    proposal->reasons_at = (uint32_t)solution->reasons.count;
    return proposal;
}

static o2c_status
end_proposal(struct o2c__pen *pen, o2c_proposal *proposal, o2c_error *err)
{
    o2c_match_solution *solution = pen->solve->solution;
    if (!proposal || pen->failed)
        return o2c__fail_row(err, O2C_E_NOMEM, NULL, pen->one->row, "no memory to write a proposal");
    proposal->lines_count = (uint32_t)solution->lines.count - proposal->lines_at;
    proposal->evidence_count = (uint32_t)solution->evidence.count - proposal->evidence_at;
    proposal->alternatives_count = (uint32_t)solution->alternatives.count - proposal->alternatives_at;
    proposal->reasons_count = (uint32_t)solution->reasons.count - proposal->reasons_at;
    return O2C_OK;
}

static void
line_amounts(o2c_line *line, const struct o2c__part *part, const struct o2c__decision *d)
{
    line->expect_open_minor = part->offered;
    line->paid_minor = part->paid;
    line->paid_currency_minor = d->rate_denominator ? part->paid_currency : part->paid;
    line->fx_minor = part->fx;
    line->rate_numerator = d->rate_numerator;
    line->rate_denominator = d->rate_denominator;
    line->discount_minor = part->discount;
    line->tolerance_minor = part->tolerance;
    line->charge_minor = part->charge;
    line->withholding_minor = part->withholding;
    line->deduction_minor = part->deduction;
    line->cleared_minor = part->paid + part->discount + part->tolerance + part->charge + part->withholding + part->deduction;
    line->remaining_minor = part->offered - line->cleared_minor;
}

static void
line_verdict(o2c_line *line, const struct o2c__part *part, const struct o2c__decision *d)
{
    line->deduction_reason = part->deduction_reason;
    line->close = part->close;
    line->band = part->band;
    line->label = part->label;
    line->certificate = part->certificate;
    line->confidence_ppm = part->confidence_ppm;
    line->error_ppb = part->error_ppb;
    line->class_error_ppm = part->class_error_ppm;
    line->gates = part->gates;
    line->arithmetic = d->remit ? part->arithmetic : d->winner->arithmetic;
    line->scope = part->scope;
    line->line_class = part->line_class;
    line->would_auto = part->would_auto;
}

static void
write_line(struct o2c__pen *pen, const struct o2c__part *part, const struct o2c__decision *d)
{
    const o2c_match_pool *pool = pen->solve->pool;
    const struct o2c__item_account *home = &pool->item_accounts[pool->item_account[part->item]];
    const struct o2c__echo *echo = &pool->echo[part->item];
    o2c_line *line = o2c__write_room(pen, &pen->solve->solution->lines);
    uint32_t *item = o2c__write_room(pen, &pen->solve->line_items);
    if (!line || !item)
        return;
    memset(line, 0, sizeof *line);
    *item = part->item;
    line->item = pool_text(pen, echo->key);
    line->document = pool_text(pen, echo->document);
    line->account = account_key(pen, home->account);
    line->company = o2c__write_text(pen, o2c__ref_str(pen->one->payment->company, pen->solve->payments->heap));
    line->item_company = company_text(pen, home->company);
    line->host_ref = echo->host_ref;
    line->expect_version = echo->version;
    memcpy(line->currency, home->currency, sizeof line->currency);
    line->proposal = pen->proposal;
    if (part->claim)
        line->claim = pool_text(pen, pool->echo[part->claim - 1].key);
    if (part->words.len)
        line->words = o2c__write_text(pen, o2c__ref_str(part->words, pen->solve->remittances->heap));
    line_amounts(line, part, d);
    line_verdict(line, part, d);
}

o2c_status
o2c__write_decision(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                    const struct o2c__decision *d, o2c_error *err)
{
    struct o2c__pen pen = { .solve = solve, .one = one };
    o2c_proposal *proposal = begin_proposal(&pen);
    if (!proposal)
        return end_proposal(&pen, proposal, err);
    if (d->remit)
        o2c__write_reserve(&pen, d);
    for (uint32_t i = 0; d->kind == O2C_KIND_APPLY && i < d->parts_count; i++) {
        write_line(&pen, &d->parts[i], d);
        proposal->applied_minor += d->rate_denominator ? d->parts[i].paid_currency : d->parts[i].paid;
    }
    if (d->payer != O2C__NONE)
        proposal->account = account_key(&pen, d->payer);
    proposal->kind = d->kind;
    proposal->band = d->band;
    proposal->label = d->label;
    proposal->certificate = d->certificate;
    proposal->outcome_ppm = d->outcome_ppm;
    proposal->confidence_ppm = d->kind == O2C_KIND_APPLY && d->parts_count ? d->confidence_ppm : 0;
    proposal->payer_class = d->payer_class;
    proposal->payer_evidence = d->payer_evidence;
    proposal->on_account_minor = d->on_account;
    proposal->refund_minor = d->refund;
    proposal->unapplied_minor = d->unapplied;
    proposal->charge_in_file_minor = d->charge_in_file;
    proposal->operations = why->operations + one->names_visited;
    proposal->bound_ppb = (uint32_t)o2c__muldiv_floor(why->bound, 1000000000, why->total ? why->total : 1);
    proposal->complete = why->complete;
    proposal->gates = d->gates;
    o2c__write_evidence(&pen, why, d, proposal->lines_at);
    o2c__write_alternatives(&pen, why, d);
    o2c__write_reasons(&pen, why, d, proposal->lines_at);
    return end_proposal(&pen, proposal, err);
}

o2c_status
o2c__write_routed(struct o2c__solve *solve, const struct o2c__case *one, o2c_error *err)
{
    struct o2c__pen pen = { .solve = solve, .one = one };
    int32_t route = one->payment->route;
    o2c_proposal *proposal = begin_proposal(&pen);
    if (!proposal)
        return end_proposal(&pen, proposal, err);
    proposal->kind = route == O2C_ROUTE_DUPLICATE         ? O2C_KIND_DUPLICATE
                    : route == O2C_ROUTE_AWAITING_DETAIL ? O2C_KIND_AWAITING_DETAIL
                                                         : O2C_KIND_NOT_AR;
    proposal->unapplied_minor = one->payment->amount_minor;
    proposal->complete = 1;
    o2c_match_reason reason = { .proposal = pen.proposal, .line = O2C__NONE, .reason = O2C_REASON_ROUTED, .argument = route };
    if (route == O2C_ROUTE_DUPLICATE) {
        reason.reason = O2C_REASON_KEY_REPEATED;
        reason.other = o2c__write_text(&pen, o2c__ref_str(one->payment->duplicate_of, solve->payments->heap));
    }
    o2c_match_reason *row = o2c__write_row(&pen, &solve->solution->reasons);
    if (row)
        *row = reason;
    return end_proposal(&pen, proposal, err);
}

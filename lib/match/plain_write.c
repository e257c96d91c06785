/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proposal whose lines say the same, in one go: there is room for all of it before the first byte is written, and a line is written
 * from the one before it.
 */
#include "match/plain.h"
#include "match/text_class.h"
#include "match/write.h"

#define WEIGHTS 5u /* payer, set, credits, amount, text: what may stand beside a row for each item */

struct page {
    struct o2c__solve *solve;
    const struct o2c__case *one;
    const struct o2c__explanation *why;
    const struct o2c__verdict *verdict;
    uint32_t proposal, line; /* index of the proposal, of its first line */
    char *heap;              /* start of the solution's strings */
    uint32_t heap_at;
    o2c_match_evidence *evidence;
};

static o2c_str
key_of(const struct page *page, o2c_ref ref)
{
    return o2c__pool_str(page->solve->pool, ref);
}

static o2c_str
field_of(const struct page *page, o2c_ref ref)
{
    return o2c__ref_str(ref, page->solve->payments->heap);
}

/* Bytes of all strings with their NULs. */
static uint64_t
strings_len(const struct page *page)
{
    const o2c_match_pool *pool = page->solve->pool;
    const o2c_payment *payment = page->one->payment;
    const struct o2c__item_account *home = &pool->item_accounts[pool->item_account[page->why->items[0]]];
    uint64_t len = (uint64_t)payment->key.len + pool->accounts[home->account].key.len + pool->companies[home->company].len + 3;
    for (uint32_t i = 0; i < page->why->items_count; i++) {
        const struct o2c__echo *echo = &pool->echo[page->why->items[i]];
        len += (uint64_t)echo->key.len + echo->document.len + payment->company.len + 3;
    }
    return len;
}

/* Room for everything, so that nothing can fail once writing has begun. */
static bool
page_open(struct page *page)
{
    o2c_match_solution *solution = page->solve->solution;
    uint32_t count = page->why->items_count;
    uint64_t len = strings_len(page);
    if (solution->heap.bytes.count + len >= UINT32_MAX || !o2c__vector_reserve(&solution->heap.bytes, (size_t)len) ||
        !o2c__vector_reserve(&solution->proposals, 1) || !o2c__vector_reserve(&solution->lines, count) ||
        !o2c__vector_reserve(&page->solve->line_items, count) || !o2c__vector_reserve(&solution->evidence, count + WEIGHTS))
        return false;
    page->proposal = (uint32_t)solution->proposals.count;
    page->line = (uint32_t)solution->lines.count;
    page->heap = solution->heap.bytes.rows;
    page->heap_at = (uint32_t)solution->heap.bytes.count;
    page->evidence = (o2c_match_evidence *)solution->evidence.rows + solution->evidence.count;
    return true;
}

static o2c_ref
put(struct page *page, o2c_str text)
{
    o2c_ref ref = { page->heap_at, (uint32_t)text.len };
    char *to = page->heap + page->heap_at;
    if (text.len == 0)
        return (o2c_ref){ 0, 0 };
    o2c__text_copy_exact(to, text.ptr, text.len);
    to[text.len] = 0;
    page->heap_at += ref.len + 1;
    return ref;
}

/* What is the item's own. */
static void
line_of_item(struct page *page, o2c_line *line, uint32_t item)
{
    const struct o2c__echo *echo = &page->solve->pool->echo[item];
    line->item = put(page, key_of(page, echo->key));
    line->document = put(page, key_of(page, echo->document));
    line->host_ref = echo->host_ref;
    line->expect_version = echo->version;
    line->expect_open_minor = line->paid_minor = line->paid_currency_minor = line->cleared_minor = page->solve->pool->open[item];
}

/* What every such line says. */
static const o2c_line usual_line = { .close = O2C_CLOSE_FULL, .band = O2C_BAND_AUTO, .arithmetic = O2C_ARITHMETIC_X0,
                                     .scope = O2C_SCOPE_OWN, .would_auto = 1 };

/* The strings stand in the order in which write.c has them. */
static void
first_line(struct page *page, o2c_line *line)
{
    const o2c_match_pool *pool = page->solve->pool;
    const struct o2c__item_account *home = &pool->item_accounts[pool->item_account[page->why->items[0]]];
    const struct o2c__verdict *verdict = page->verdict;
    o2c__copy_row(line, &usual_line, sizeof *line);
    line_of_item(page, line, page->why->items[0]);
    line->account = put(page, key_of(page, pool->accounts[home->account].key));
    line->company = put(page, field_of(page, page->one->payment->company));
    line->item_company = put(page, key_of(page, pool->companies[home->company]));
    memcpy(line->currency, home->currency, sizeof line->currency);
    line->label = verdict->label;
    line->certificate = verdict->certificate;
    line->line_class = verdict->line_class;
    line->confidence_ppm = verdict->confidence_ppm;
    line->error_ppb = verdict->error_ppb;
    line->class_error_ppm = verdict->class_error_ppm;
    line->proposal = page->proposal;
}

static o2c_line *
write_lines(struct page *page)
{
    const uint32_t *items = page->why->items, count = page->why->items_count;
    o2c__vector *lines = &page->solve->solution->lines, *columns = &page->solve->line_items;
    o2c_line *first = (o2c_line *)lines->rows + lines->count;
    first_line(page, first);
    for (uint32_t i = 1; i < count; i++) {
        o2c__copy_row(&first[i], &first[i - 1], sizeof *first);
        line_of_item(page, &first[i], items[i]);
        first[i].company = put(page, field_of(page, page->one->payment->company));
    }
    memcpy((uint32_t *)columns->rows + columns->count, items, count * sizeof *items);
    lines->count += count;
    columns->count += count;
    return first;
}

/* ---- evidence: the weights add up to that of the row */
static o2c_match_evidence *
weight(struct page *page, uint32_t line, int32_t code, int64_t ln)
{
    o2c_match_evidence *row = page->evidence++;
    *row = (o2c_match_evidence){ .proposal = page->proposal, .line = line, .code = code, .weight_mnat = o2c__milli_nats(ln) };
    return row;
}

static void
write_evidence(struct page *page, const o2c_line *lines)
{
    const struct o2c__hypothesis *row = page->why->rows;
    const struct o2c__payer *payer = &page->one->payers[row->payer];
    int64_t left = row->ln_text;
    o2c_match_evidence *by = weight(page, O2C__NONE, O2C_EVIDENCE_PAY_P1 + page->verdict->payer_evidence - 1, row->ln_payer);
    by->at = payer->at;
    by->len = payer->len;
    by->learned_row = payer->learned_row;
    if (row->ln_set)
        weight(page, O2C__NONE, O2C_EVIDENCE_SET_PRIOR, row->ln_set);
    if (row->ln_credit)
        weight(page, O2C__NONE, O2C_EVIDENCE_SET_CREDIT, row->ln_credit);
    weight(page, O2C__NONE, O2C_EVIDENCE_AMOUNT_EXACT, row->ln_class);
    for (uint32_t i = 0; i < page->why->items_count; i++) {
        const struct o2c__hit *hit = &page->one->hits[page->why->hits[i]];
        o2c_match_evidence *cited = weight(page, page->line + i, o2c__reference_code(hit->error), hit->ln_ratio);
        cited->item = lines[i].item;
        cited->at = hit->at;
        cited->len = hit->len;
        left -= hit->ln_ratio;
    }
    if (left)
        weight(page, O2C__NONE, O2C_EVIDENCE_REF_TEXT, left);
}

static const o2c_proposal usual_proposal = { .kind = O2C_KIND_APPLY, .band = O2C_BAND_AUTO, .rules = O2C__RULES };

static void
write_proposal(const struct page *page, o2c_proposal *to, o2c_ref key, o2c_ref account, uint32_t evidence)
{
    const struct o2c__solve *solve = page->solve;
    const o2c_match_solution *solution = solve->solution;
    const o2c_payment *payment = page->one->payment;
    const struct o2c__verdict *verdict = page->verdict;
    o2c__copy_row(to, &usual_proposal, sizeof *to);
    to->payment = key;
    to->host_ref = payment->host_ref;
    to->account = account;
    to->label = verdict->label;
    to->certificate = verdict->certificate;
    to->outcome_ppm = verdict->outcome_ppm;
    to->confidence_ppm = verdict->confidence_ppm;
    to->row = page->one->row;
    to->payer_class = verdict->payer_class;
    to->payer_evidence = verdict->payer_evidence;
    to->amount_minor = to->applied_minor = payment->amount_minor;
    to->complete = page->why->complete;
    to->lines_at = page->line;
    to->lines_count = page->why->items_count;
    to->evidence_at = evidence;
    to->text = page->one->text;
    memcpy(to->currency, payment->currency, sizeof to->currency);
    memcpy(to->model_hash, solve->model->hash, sizeof to->model_hash);
    memcpy(to->policy_hash, solve->policy_hash, sizeof to->policy_hash);
    to->operations = page->why->operations + page->one->names_visited;
    to->bound_ppb = (uint32_t)o2c__muldiv_floor(page->why->bound, 1000000000, page->why->total);
    to->evidence_count = (uint32_t)solution->evidence.count - evidence;
    to->alternatives_at = (uint32_t)solution->alternatives.count;
    to->reasons_at = (uint32_t)solution->reasons.count;
}

o2c_status
o2c__plain_write(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why,
                 const struct o2c__verdict *verdict, o2c_error *err)
{
    struct page page = { .solve = solve, .one = one, .why = why, .verdict = verdict };
    o2c_match_solution *solution = solve->solution;
    if (!page_open(&page))
        return o2c__fail_row(err, O2C_E_NOMEM, NULL, one->row, "no memory to write a proposal");
    uint32_t evidence = (uint32_t)solution->evidence.count;
    o2c_ref key = put(&page, field_of(&page, one->payment->key));
    const o2c_line *lines = write_lines(&page);
    write_evidence(&page, lines);
    solution->heap.bytes.count = page.heap_at;
    solution->evidence.count = (size_t)(page.evidence - (o2c_match_evidence *)solution->evidence.rows);
    write_proposal(&page, (o2c_proposal *)solution->proposals.rows + solution->proposals.count++, key, lines[0].account, evidence);
    return O2C_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks for the lines of an advice, and which of its lines found no document. */
#include "match/remit.h"
#include "match/write.h"

static o2c_ref
item_key(struct o2c__pen *pen, uint32_t item)
{
    return o2c__write_text(pen, o2c__pool_str(pen->solve->pool, pen->solve->pool->echo[item].key));
}

/* Every claim with the document it is about, also those that share a line with others. */
static void
claims(struct o2c__pen *pen, const struct o2c__remit *remit)
{
    for (uint32_t i = 0; i < remit->lines_count; i++) {
        const struct o2c__remit_line *line = &remit->lines[i];
        if (line->state != O2C__REMIT_CLAIM || line->chosen == O2C__NONE)
            continue;
        o2c_match_evidence *row = o2c__write_weight(pen, O2C__NONE, O2C_EVIDENCE_CLOSED, remit->options[line->chosen].ln_ratio);
        if (!row)
            return;
        row->item = item_key(pen, remit->options[line->chosen].item);
    }
}

void
o2c__write_advice(struct o2c__pen *pen, const struct o2c__decision *d, uint32_t first_line)
{
    o2c__write_weight(pen, O2C__NONE, O2C_EVIDENCE_ADVICE, d->remit->ln_link);
    for (uint32_t i = 0; i < d->parts_count && !pen->failed; i++) {
        const struct o2c__part *part = &d->parts[i];
        o2c_match_evidence *row = o2c__write_weight(pen, first_line + i, o2c__reference_code(part->error), part->ln_ratio);
        if (row)
            row->item = O2C__AT(&pen->solve->solution->lines, o2c_line, first_line + i).item;
    }
    claims(pen, d->remit);
}

#define LINE_BYTES 40u /* item and document of a usual line */

void
o2c__write_reserve(struct o2c__pen *pen, const struct o2c__decision *d)
{
    o2c_match_solution *solution = pen->solve->solution;
    size_t n = d->parts_count;
    bool room = o2c__vector_reserve(&solution->lines, n) && o2c__vector_reserve(&pen->solve->line_items, n) &&
                o2c__vector_reserve(&solution->evidence, n + 4) && o2c__vector_reserve(&solution->heap.bytes, n * LINE_BYTES);
    pen->failed = pen->failed || !room;
}

static void
add_reason(struct o2c__pen *pen, int32_t reason, uint32_t gate, uint32_t argument, o2c_ref other)
{
    o2c_match_reason *row = o2c__write_row(pen, &pen->solve->solution->reasons);
    if (row)
        *row = (o2c_match_reason){ pen->proposal, O2C__NONE, reason, gate, 0, (int32_t)argument, other };
}

/* Row of the line in its advices, counted from 1 as people count. */
void
o2c__write_open_lines(struct o2c__pen *pen, const struct o2c__decision *d)
{
    const struct o2c__remit *remit = d->remit;
    const o2c_remittances *remittances = pen->solve->remittances;
    uint32_t open = 0;
    for (uint32_t i = 0; i < remit->lines_count && !pen->failed; i++) {
        const struct o2c__remit_line *line = &remit->lines[i];
        o2c_ref text = remittances->lines[line->row].document;
        bool nowhere = line->state == O2C__REMIT_OPEN || (line->state == O2C__REMIT_CLAIM && line->chosen == O2C__NONE);
        if (nowhere && text.len == 0)
            text = remittances->lines[line->row].reference;
        open += nowhere;
        if (nowhere)
            add_reason(pen, O2C_REASON_LINE_OPEN, 0, i + 1, o2c__write_text(pen, o2c__ref_str(text, remittances->heap)));
        if (line->state == O2C__REMIT_HELD)
            add_reason(pen, 0, O2C_GATE_EARMARKED, i + 1, item_key(pen, remit->options[line->chosen].item));
        if (line->state == O2C__REMIT_AGAIN)
            add_reason(pen, O2C_REASON_DOUBLE_PAYMENT, 0, i + 1, item_key(pen, remit->options[line->chosen].item));
    }
    if (open) /* one question for all of them */
        add_reason(pen, O2C_REASON_ADVICE_ASKED, 0, open, (o2c_ref){ 0, 0 });
}

/* ---- several payments, several advices */

static o2c_ref
advice_key(struct o2c__pen *pen, const struct o2c__link *link)
{
    const o2c_remittances *remittances = pen->solve->remittances;
    return o2c__write_text(pen, o2c__ref_str(remittances->rows[link->remittance].key, remittances->heap));
}

static const struct o2c__link *
first_link(const struct o2c__pen *pen)
{
    const struct o2c__remitted *links = pen->solve->remitted;
    return links ? o2c__link_at(links, links->first[pen->one->row]) : NULL;
}

void
o2c__write_shared(struct o2c__pen *pen, const struct o2c__explanation *why, const struct o2c__decision *d)
{
    const struct o2c__link *link = first_link(pen);
    if (!link || !o2c__remit_rests(pen->one, why, d))
        return;
    for (; link && !pen->failed; link = o2c__link_at(pen->solve->remitted, link->next)) {
        int32_t reason = link->part == O2C__LINK_SHARE      ? O2C_REASON_ADVICE_SHARED
                         : link->part == O2C__LINK_TOGETHER ? O2C_REASON_ADVICES_TOGETHER
                         : link->part == O2C__LINK_REST     ? O2C_REASON_ADVICE_REST
                                                            : 0;
        if (!reason)
            continue;
        o2c_match_reason *row = o2c__write_row(pen, &pen->solve->solution->reasons);
        int32_t place = reason == O2C_REASON_ADVICE_REST ? 0 : 100 * link->place + link->of;
        if (row)
            *row = (o2c_match_reason){ pen->proposal, O2C__NONE, reason, 0, link->chance_ppm, place, advice_key(pen, link) };
    }
}

o2c_ref
o2c__write_shared_key(struct o2c__pen *pen)
{
    const struct o2c__link *link = first_link(pen);
    while (link && link->part < O2C__LINK_SOME)
        link = o2c__link_at(pen->solve->remitted, link->next);
    return link ? advice_key(pen, link) : (o2c_ref){ 0, 0 };
}

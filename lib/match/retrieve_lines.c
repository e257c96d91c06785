/* SPDX-License-Identifier: Apache-2.0 */
/* Hits of remittance lines: the document or structured reference that a line names, with the amounts it gives. */
#include "match/remit.h"

static void
fill_line(struct o2c__raw *raw, const o2c_remittance_line *line, uint32_t number, uint32_t row)
{
    if (raw->hit.error != O2C__REF_SECONDARY) /* an order or delivery number stays one, wherever it stands */
        raw->hit.error = O2C__REF_LINE;
    raw->hit.at = raw->hit.len = 0;
    raw->hit.line = (uint16_t)(number < UINT16_MAX ? number : UINT16_MAX);
    raw->hit.line_row = row;
    raw->hit.line_paid = line->paid_minor;
    raw->hit.line_discount = line->discount_minor;
    raw->hit.line_deduction = line->deduction_minor;
    raw->hit.line_has = line->has;
    raw->extra = 0;
}

/* Looks up one key of a line; its hits are those that the line names. */
static bool
look_up(struct o2c__reader *reader, struct o2c__reading *reading, o2c_str key, uint32_t kind, const o2c_remittance_line *line,
        uint32_t number, uint32_t row)
{
    char *copy = o2c__arena_copy(&reader->solve->arena, key.ptr, key.len);
    struct o2c__probe probe = { .key = copy, .len = (uint32_t)key.len, .kind = kind, .reading = reading };
    struct o2c__raw **before = reading->raws_end;
    if (!copy)
        return false;
    probe.first = probe.last = O2C__NONE;
    probe.hash = o2c__hash(reader->solve->pool->context.key, key.ptr, key.len);
    o2c__probe_now(reader, &probe);
    for (struct o2c__raw *raw = *before; raw; raw = raw->next)
        fill_line(raw, line, number, row);
    return !reader->failed;
}

static bool
read_document(struct o2c__reader *reader, struct o2c__reading *reading, o2c_str text, const o2c_remittance_line *line,
              uint32_t number, uint32_t row)
{
    struct o2c__forms forms;
    if (text.len == 0 || text.len > O2C__REFERENCE_BYTES)
        return true;
    o2c__forms(text, &forms);
    uint32_t before = reading->raws_count;
    if (forms.full_len == 0)
        return true;
    if (!look_up(reader, reading, (o2c_str){ forms.full, forms.full_len }, O2C__PROBE_CHECKED, line, number, row))
        return false;
    o2c_str digits = o2c__forms_digits(&forms);
    bool found = reading->raws_count != before;
    return found || digits.len == 0 || look_up(reader, reading, digits, O2C__PROBE_LINE, line, number, row);
}

bool
o2c__retrieve_line(struct o2c__reader *reader, struct o2c__reading *reading, uint32_t number, uint32_t row)
{
    const o2c_remittances *remittances = reader->solve->remittances;
    const o2c_remittance_line *line = &remittances->lines[row];
    o2c_str reference = o2c__ref_str(line->reference, remittances->heap);
    char canonical[36];
    uint32_t before = reading->raws_count;
    if (!read_document(reader, reading, o2c__ref_str(line->document, remittances->heap), line, number, row))
        return false;
    if (reading->raws_count != before || reference.len == 0)
        return true;
    int32_t scheme = line->scheme ? line->scheme : o2c__reference_guess(reference.ptr, reference.len);
    if (scheme != O2C_SCHEME_NONE && scheme != O2C_SCHEME_OTHER &&
        o2c__reference_canonical(scheme, reference.ptr, reference.len, canonical))
        return look_up(reader, reading, o2c__str(canonical), O2C__PROBE_CHECKED, line, number, row);
    return read_document(reader, reading, reference, line, number, row);
}

/* That the advice belongs to this payment, and that others read the line right. */
static int32_t
ln_trust(const struct o2c__link *link, const o2c_remittance_line *line)
{
    uint32_t trust = line->trust_ppm ? line->trust_ppm : 1000000;
    int32_t ln = link->chance_ppm < 1000000 && !link->named ? o2c__ln_ratio(link->chance_ppm, 1000000) : 0;
    return trust < 1000000 ? ln + o2c__ln_ratio(trust, 1000000) : ln;
}

static bool
read_advice(struct o2c__reader *reader, struct o2c__reading *reading, const struct o2c__link *link, uint32_t *number)
{
    const o2c_remittances *remittances = reader->solve->remittances;
    const o2c_remittance *row = &remittances->rows[link->remittance];
    for (uint32_t i = 0; i < o2c__link_lines(link, row); i++) {
        uint32_t line = o2c__link_line(reader->solve->remitted, link, row, i).row;
        struct o2c__raw **before = reading->raws_end;
        if (!o2c__retrieve_line(reader, reading, ++*number, line))
            return false;
        for (struct o2c__raw *raw = *before; raw; raw = raw->next)
            raw->ln_trust = ln_trust(link, &remittances->lines[line]);
    }
    return true;
}

bool
o2c__retrieve_lines(struct o2c__reader *reader, struct o2c__reading *reading)
{
    const struct o2c__remitted *links = reader->solve->remitted;
    uint32_t before = reading->raws_count, number = 0, payment = reading->one->row;
    if (!links || links->first[payment] == O2C__NONE || o2c__remit_alone(reader->solve, payment))
        return true;
    for (const struct o2c__link *link = o2c__link_at(links, links->first[payment]); link; link = o2c__link_at(links, link->next)) {
        if (!read_advice(reader, reading, link, &number))
            return false;
    }
    reading->one->remitted = reading->raws_count != before;
    return true;
}

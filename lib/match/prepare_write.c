/* SPDX-License-Identifier: Apache-2.0 */
/* The answer: payments that stand, remittances that came with them or on their own, and what was parked. */
#include "match/prepare.h"

static bool
copy(struct o2c__prepare *prepare, o2c_ref from, o2c_str heap, o2c_ref *out)
{
    o2c_str text = o2c__ref_str(from, heap);
    *out = (o2c_ref){ 0, 0 };
    return text.len == 0 || o2c__text_heap_add(&prepare->out->heap, text.ptr, text.len, out);
}

static bool
copy_lines(struct o2c__prepare *prepare, const o2c_remittance_line *lines, uint32_t count, o2c_str heap)
{
    for (uint32_t i = 0; i < count; i++) {
        o2c_remittance_line *row = o2c__vector_add(&prepare->out->lines);
        if (!row)
            return false;
        *row = lines[i];
        if (!copy(prepare, lines[i].document, heap, &row->document) || !copy(prepare, lines[i].reference, heap, &row->reference) ||
            !copy(prepare, lines[i].reason, heap, &row->reason) || !copy(prepare, lines[i].words, heap, &row->words) ||
            !copy(prepare, lines[i].kind_text, heap, &row->kind_text))
            return false;
    }
    return prepare->out->lines.count < UINT32_MAX;
}

/* The structured lines of an entry: a remittance that came with its payment, under the payment's key. */
static bool
add_remittance(struct o2c__prepare *prepare, const struct o2c__draft *draft)
{
    const o2c_statements *file = &prepare->files[O2C__SHEET(prepare, draft->sheet)->file];
    const o2c_entry *entry = &file->entries[draft->entry];
    o2c_remittance *row = o2c__vector_add(&prepare->out->remittances);
    if (!row)
        return false;
    *row = (o2c_remittance){ .key = draft->row.key, .payment = draft->row.key, .payment_reference = draft->row.end_to_end_id,
                             .day = draft->row.value_day, .source = draft->row.statement };
    memcpy(row->currency, draft->row.currency, sizeof row->currency);
    row->lines_at = (uint32_t)prepare->out->lines.count;
    row->lines_count = entry->lines_count;
    return copy_lines(prepare, file->lines + entry->lines_at, entry->lines_count, file->heap);
}

static bool
pass_on(struct o2c__prepare *prepare, const o2c_remittance *given)
{
    o2c_str heap = prepare->remittances.heap;
    o2c_remittance *row = o2c__vector_add(&prepare->out->remittances);
    if (!row)
        return false;
    *row = *given;
    row->lines_at = (uint32_t)prepare->out->lines.count;
    return copy(prepare, given->key, heap, &row->key) && copy(prepare, given->payment, heap, &row->payment) &&
           copy(prepare, given->payment_reference, heap, &row->payment_reference) && copy(prepare, given->payer, heap, &row->payer) &&
           copy(prepare, given->source, heap, &row->source) &&
           copy_lines(prepare, prepare->remittances.lines + given->lines_at, given->lines_count, heap);
}

/* Rows that would have been payments, and the money in among them. */
static void
count_parked(const o2c_statements *file, const o2c_statement *s, o2c_match_parked *out)
{
    uint32_t end = s->entries_at + s->entries_count;
    for (uint32_t row = s->entries_at; row < end; row++) {
        const o2c_entry *entry = &file->entries[row];
        if (entry->details_count)
            continue;
        out->payments++;
        if (entry->amount_minor > 0 && !o2c__add(out->amount_minor, entry->amount_minor, &out->amount_minor))
            out->amount_minor = INT64_MAX;
    }
}

static bool
add_parked(struct o2c__prepare *prepare, const struct o2c__sheet *sheet)
{
    const o2c_statements *file = &prepare->files[sheet->file];
    const o2c_statement *s = o2c__sheet_row(prepare, sheet);
    o2c_match_parked *row = o2c__vector_add(&prepare->out->parked);
    if (!row)
        return false;
    *row = (o2c_match_parked){ .file = sheet->file, .statement = sheet->statement, .reason = sheet->park };
    row->opening_minor = s->opening_minor;
    row->sum_minor = s->sum_minor;
    row->closing_minor = s->closing_minor;
    row->payments_before = (uint32_t)prepare->out->payments.count;
    memcpy(row->currency, s->currency, sizeof row->currency);
    count_parked(file, s, row);
    return copy(prepare, s->id.text, file->heap, &row->id) && copy(prepare, s->account.text, file->heap, &row->account);
}

static bool
add_payment(struct o2c__prepare *prepare, const struct o2c__draft *draft)
{
    o2c_payment *row = draft->dropped ? NULL : o2c__vector_add(&prepare->out->payments);
    if (draft->dropped)
        return true;
    if (!row)
        return false;
    *row = draft->row;
    return !draft->has_lines || row->route != O2C_ROUTE_CUSTOMER || add_remittance(prepare, draft);
}

bool
o2c__prepare_write(struct o2c__prepare *prepare)
{
    size_t next = 0;
    if (!o2c__vector_reserve(&prepare->out->payments, prepare->drafts.count))
        return false;
    for (uint32_t i = 0; i < prepare->sheets.count; i++) {
        const struct o2c__sheet *sheet = O2C__SHEET(prepare, i);
        if (sheet->park && !add_parked(prepare, sheet))
            return false;
        for (; next < prepare->drafts.count && O2C__DRAFT(prepare, next)->sheet == i; next++)
            if (!add_payment(prepare, O2C__DRAFT(prepare, next)))
                return false;
    }
    for (uint64_t i = 0; i < prepare->remittances.count; i++)
        if (!pass_on(prepare, &prepare->remittances.rows[i]))
            return false;
    return true;
}

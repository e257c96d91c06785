/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of a statement become drafts of payments: one for each detail and each rest, or one for an entry that has neither. What a
 * detail does not say it has from its entry, and from the other half where the two were joined.
 */
#include "match/prepare.h"

/* A row, and what it may take from: its entry, and the entry of the statement that a notification was joined with. */
struct line {
    const struct o2c__sheet *sheet;
    const o2c_statements *file;
    const o2c_statement *statement;
    const o2c_entry *row, *entry;       /* entry == row when it stands alone */
    const o2c_entry *twin;              /* NULL = not joined */
    o2c_str twin_heap;
    bool alone;                         /* the only detail of its entry: it may take the entry's texts */
};

static bool
equals_ignoring_case(o2c_str text, const char *capitals)
{
    if (text.len != strlen(capitals))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != capitals[i] && text.ptr[i] != capitals[i] - 'A' + 'a')
            return false;
    return true;
}

/* The field at this place of the row, else of its entry, else of the joined one. */
static o2c_str
pick(const struct line *line, size_t place)
{
    o2c_field field;
    memcpy(&field, (const char *)line->row + place, sizeof field);
    if (field.text.len)
        return o2c__ref_str(field.text, line->file->heap);
    memcpy(&field, (const char *)line->entry + place, sizeof field);
    if (field.text.len || !line->twin)
        return o2c__ref_str(field.text, line->file->heap);
    memcpy(&field, (const char *)line->twin + place, sizeof field);
    return o2c__ref_str(field.text, line->twin_heap);
}
#define PICK(line, name) pick(line, offsetof(o2c_entry, name))

static bool
copy(struct o2c__prepare *prepare, o2c_str text, o2c_ref *out)
{
    *out = (o2c_ref){ 0, 0 };
    return text.len == 0 || o2c__text_heap_add(&prepare->out->heap, text.ptr, text.len, out);
}

/* Names belong to the row itself: the entry's would be another party's. */
static bool
copy_strings(struct o2c__prepare *prepare, const struct line *line, o2c_payment *out)
{
    o2c_str heap = line->file->heap, end_to_end_id = o2c__ref_str(line->row->end_to_end_id.text, heap);
    const o2c_entry *party = line->alone && !line->row->other_name.text.len && !line->row->other_account.text.len ? line->entry : line->row;
    if (line->alone && !end_to_end_id.len)
        end_to_end_id = o2c__ref_str(line->entry->end_to_end_id.text, heap);
    if (equals_ignoring_case(end_to_end_id, "NOTPROVIDED"))
        end_to_end_id.len = 0;
    out->company = line->sheet->company;
    return copy(prepare, o2c__ref_str(line->statement->id.text, heap), &out->statement) &&
           copy(prepare, o2c__ref_str(line->statement->account.text, heap), &out->our_account) &&
           copy(prepare, o2c__ref_str(party->other_account.text, heap), &out->payer_account) &&
           copy(prepare, o2c__ref_str(party->other_name.text, heap), &out->payer_name) &&
           copy(prepare, o2c__ref_str(party->other_ultimate.text, heap), &out->ultimate_payer) &&
           copy(prepare, o2c__ref_str(line->row->mandate.text, heap), &out->mandate) &&
           copy(prepare, o2c__ref_str(line->row->cheque.text, heap), &out->cheque) && copy(prepare, end_to_end_id, &out->end_to_end_id) &&
           copy(prepare, PICK(line, bank_ref), &out->bank_ref) && copy(prepare, PICK(line, batch_id), &out->batch_id) &&
           copy(prepare, PICK(line, code), &out->code);
}

static void
copy_numbers(const struct line *line, o2c_payment *out)
{
    const o2c_entry *row = line->row, *entry = line->entry, *twin = line->twin ? line->twin : line->entry;
    memcpy(out->currency, row->currency, sizeof out->currency);
    out->ordinal = (uint32_t)(row - line->file->entries) - line->statement->entries_at;
    out->at = row->at;
    out->span = row->span;
    out->amount_minor = row->amount_minor;
    out->booking_day = row->booking_day ? row->booking_day : entry->booking_day ? entry->booking_day : twin->booking_day;
    out->value_day = row->value_day ? row->value_day : entry->value_day ? entry->value_day : twin->value_day;
    out->bearer = row->bearer ? row->bearer : line->alone ? entry->bearer : O2C_BEARER_UNKNOWN;
    const o2c_entry *charged = row->charges_minor || !line->alone ? row : entry;
    if (memcmp(charged->charges_currency, row->currency, 3) == 0 || charged->charges_currency[0] == 0)
        out->charges_minor = charged->charges_minor; /* charges in another currency gross nothing up */
    const o2c_entry *ordered = row->instructed_minor || !line->alone ? row : entry;
    if (row->amount_minor > 0 && ordered->instructed_minor > 0 && memcmp(ordered->instructed_currency, row->currency, 3) != 0) {
        out->instructed_minor = ordered->instructed_minor;
        memcpy(out->instructed_currency, ordered->instructed_currency, sizeof out->instructed_currency);
    }
}

static bool
copy_texts(struct o2c__prepare *prepare, const struct line *line, uint32_t at, uint32_t count, uint32_t *out_at, uint32_t *out_count)
{
    o2c__vector *texts = &prepare->out->texts;
    *out_at = (uint32_t)texts->count;
    *out_count = count;
    for (uint32_t i = 0; i < count; i++) {
        o2c_text *row = o2c__vector_add(texts);
        if (!row)
            return false;
        const o2c_text *from = &line->file->texts[at + i];
        *row = *from;
        if (!copy(prepare, o2c__ref_str(from->text, line->file->heap), &row->text))
            return false;
    }
    return texts->count < UINT32_MAX;
}

/* The bank's own words about the line, only where the payer left none. */
static bool
add_note(struct o2c__prepare *prepare, const struct line *line, o2c_payment *out)
{
    const o2c_entry *from = line->row->note.text.len || !line->alone ? line->row : line->entry;
    if (out->texts_count || from->note.text.len == 0)
        return true;
    o2c_text *row = o2c__vector_add(&prepare->out->texts);
    if (!row)
        return false;
    *row = (o2c_text){ .at = from->note.span ? from->at + from->note.from : O2C_NOWHERE, .span = from->note.span };
    out->texts_at = (uint32_t)prepare->out->texts.count - 1;
    out->texts_count = 1;
    return copy(prepare, o2c__ref_str(from->note.text, line->file->heap), &row->text);
}

static bool
add_texts(struct o2c__prepare *prepare, const struct line *line, o2c_payment *out)
{
    const o2c_entry *row = line->row, *texts = row->texts_count || !line->alone ? row : line->entry;
    const o2c_entry *structured = row->structured_count || !line->alone ? row : line->entry;
    return copy_texts(prepare, line, texts->texts_at, texts->texts_count, &out->texts_at, &out->texts_count) &&
           copy_texts(prepare, line, structured->structured_at, structured->structured_count, &out->structured_at,
                      &out->structured_count) &&
           add_note(prepare, line, out);
}

/* A batch by its own word; or a booked camt line that names nobody and nothing, whose details a notification will bring. */
static void
judge_waiting(const struct line *line, struct o2c__route_facts *facts)
{
    const o2c_entry *e = line->row;
    bool one = e->batch_count == 1, named = e->other_name.text.len || e->other_account.text.len || e->other_ultimate.text.len;
    bool said = e->texts_count || e->structured_count || e->lines_count || e->note.text.len || e->end_to_end_id.text.len ||
                e->cheque.text.len || e->mandate.text.len || e->transaction_id.text.len || e->customer_ref.text.len;
    bool batch = e->level == O2C_ENTRY_BOOKED && !one && (e->batch_count > 1 || (e->flags & O2C_ENTRY_FLAG_BATCH));
    facts->bare = !batch && e->level == O2C_ENTRY_BOOKED && line->statement->format == O2C_FORMAT_CAMT053 && !named && !said;
    facts->waits = batch || facts->bare;
}

static bool
is_ours(struct o2c__prepare *prepare, o2c_str number, bool *out)
{
    o2c_str normal = o2c__number_normal(&prepare->arena, number);
    *out = normal.ptr && normal.len && o2c__map_get(&prepare->own, normal) != O2C__MAP_NONE;
    return normal.ptr != NULL;
}

static bool
set_route(struct o2c__prepare *prepare, const struct line *line, o2c_payment *out)
{
    o2c_str heap = o2c__text_heap_str(&prepare->out->heap);
    struct o2c__route_facts facts = { .amount = line->row->amount_minor,
                                      .level = line->row->level,
                                      .flags = line->row->flags | line->entry->flags };
    facts.status = line->row->status ? line->row->status : line->entry->status;
    facts.has_return_reason = line->row->return_reason.text.len || line->entry->return_reason.text.len;
    facts.code = o2c__ref_str(out->code, heap);
    judge_waiting(line, &facts);
    if (!is_ours(prepare, o2c__ref_str(out->payer_account, heap), &facts.other_is_ours))
        return false;
    out->route = o2c__route(&facts, &out->route_rule);
    bool preview = line->statement->kind == O2C_STATEMENT_INTRADAY || facts.status == O2C_ENTRY_STATUS_PENDING;
    out->stage = preview ? O2C_STAGE_PREVIEW : O2C_STAGE_BOOKED;
    prepare->has_preview = prepare->has_preview || preview;
    return true;
}

static struct o2c__draft *
add_draft(struct o2c__prepare *prepare, const struct line *line, uint32_t sheet)
{
    struct o2c__draft *draft = o2c__vector_add(&prepare->drafts);
    if (!draft)
        return NULL;
    *draft = (struct o2c__draft){ .sheet = sheet, .entry = (uint32_t)(line->row - line->file->entries), .instead = O2C__NONE };
    copy_numbers(line, &draft->row);
    draft->has_lines = line->row->lines_count > 0;
    if (!copy_strings(prepare, line, &draft->row) || !add_texts(prepare, line, &draft->row) || !set_route(prepare, line, &draft->row))
        return NULL;
    return draft;
}

static const o2c_entry *
twin_of(const struct o2c__prepare *prepare, const struct line *line, uint32_t entry, o2c_str *out_heap)
{
    uint64_t place = prepare->joined ? prepare->joined[line->sheet->file][entry] : 0;
    if (place == 0)
        return NULL;
    const o2c_statements *file = &prepare->files[(place - 1) >> 32];
    *out_heap = file->heap;
    return &file->entries[(uint32_t)(place - 1)];
}

/* A joined entry of a statement: its details are payments of their own, here only what they leave of it. */
static bool
add_rest(struct o2c__prepare *prepare, const struct line *line, uint32_t sheet)
{
    int64_t rest = line->row->amount_minor - line->twin->amount_minor;
    if (rest == 0)
        return true;
    struct o2c__draft *draft = add_draft(prepare, line, sheet);
    if (!draft)
        return false;
    draft->row.amount_minor = rest;
    draft->row.route = O2C_ROUTE_RESIDUAL;
    draft->row.route_rule = O2C__RULE_REST_OF_JOIN;
    draft->row.charges_minor = 0;
    return true;
}

static bool
add_entry(struct o2c__prepare *prepare, struct line *line, uint32_t sheet)
{
    bool booked = line->statement->kind == O2C_STATEMENT_BOOKED;
    if (booked && line->twin && line->twin->details_count)
        return add_rest(prepare, line, sheet);
    struct o2c__draft *draft = add_draft(prepare, line, sheet);
    if (draft && !booked && line->twin) {
        draft->row.route = O2C_ROUTE_DUPLICATE;
        draft->row.route_rule = O2C__RULE_NOTIFIED;
    }
    return draft != NULL;
}

static bool
add_details(struct o2c__prepare *prepare, struct line *line, uint32_t sheet)
{
    uint32_t details = 0;
    for (uint32_t i = 0; i < line->entry->details_count; i++)
        details += line->entry[1 + i].level == O2C_ENTRY_DETAIL;
    for (uint32_t i = 0; i < line->entry->details_count; i++) {
        line->row = line->entry + 1 + i;
        line->alone = details == 1 && line->row->level == O2C_ENTRY_DETAIL;
        if (!add_draft(prepare, line, sheet))
            return false;
    }
    return true;
}

/* Asked every 4,096 payments; sticky. */
static bool
is_canceled(struct o2c__prepare *prepare)
{
    if (prepare->drafts.count % 4096 == 0 && o2c__canceled(&prepare->out->context))
        prepare->canceled = true;
    return prepare->canceled;
}

static bool
add_statement(struct o2c__prepare *prepare, uint32_t index)
{
    const struct o2c__sheet *sheet = O2C__SHEET(prepare, index);
    struct line line = { .sheet = sheet, .file = &prepare->files[sheet->file], .statement = o2c__sheet_row(prepare, sheet) };
    uint32_t end = line.statement->entries_at + line.statement->entries_count;
    for (uint32_t row = line.statement->entries_at; row < end; row += 1 + line.entry->details_count) {
        line.row = line.entry = &line.file->entries[row];
        line.twin = twin_of(prepare, &line, row, &line.twin_heap);
        line.alone = false;
        if (is_canceled(prepare) || !(line.entry->details_count ? add_details(prepare, &line, index) : add_entry(prepare, &line, index)))
            return false;
    }
    return true;
}

/* Room for about what will come: rows grow without being copied again and again. */
static bool
reserve(struct o2c__prepare *prepare)
{
    uint64_t rows = 0, texts = 0, bytes = 0;
    for (uint32_t i = 0; i < prepare->files_count; i++) {
        rows += prepare->files[i].entries_count;
        texts += prepare->files[i].texts_count;
        bytes += prepare->files[i].heap.len;
    }
    bytes += 64 * rows; /* keys, and the account and id that every payment repeats */
    if (bytes > UINT32_MAX)
        bytes = UINT32_MAX;
    return o2c__vector_reserve(&prepare->drafts, (size_t)rows) && o2c__vector_reserve(&prepare->out->texts, (size_t)texts) &&
           o2c__vector_reserve(&prepare->out->heap.bytes, (size_t)bytes);
}

o2c_status
o2c__prepare_drafts(struct o2c__prepare *prepare, o2c_error *err)
{
    if (!reserve(prepare))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the payments");
    for (uint32_t i = 0; i < prepare->sheets.count; i++) {
        if (O2C__SHEET(prepare, i)->park)
            continue;
        if (!add_statement(prepare, i) && !prepare->canceled)
            return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the payments");
        if (prepare->canceled)
            return o2c__fail(err, O2C_E_CANCELED, NULL, "the host asked to stop");
        if (prepare->drafts.count >= O2C__PREPARE_ROWS_MAX)
            return o2c__fail(err, O2C_E_LIMIT, "payments", "more than 2^31 payments in one call");
    }
    return O2C_OK;
}

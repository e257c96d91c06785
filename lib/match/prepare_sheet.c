/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements: which company, do they tie, were they delivered before? What names a statement is its account with its id, number, page
 * and period; for SWIFT messages, whose ids many banks never change, with both balances. A list without an id is named by its
 * content alone. The same name with the same content is a second delivery; with other content it is parked.
 */
#include "match/prepare.h"

static bool
is_swift(const o2c_statement *s)
{
    return s->format == O2C_FORMAT_MT940 || s->format == O2C_FORMAT_MT942;
}

static o2c_str
text_of(const o2c_statements *file, o2c_field field)
{
    return o2c__ref_str(field.text, file->heap);
}

/* Fields of entries that a second delivery repeats; bytes of the file only where nothing else names the statement. */
static void
digest_entry(o2c__sha256 *sha, const o2c_statements *file, const o2c_entry *e, bool places)
{
    const int64_t numbers[] = { e->level, e->status, e->amount_minor, e->value_day, e->booking_day, e->charges_minor,
                                e->details_count, (int64_t)e->flags, e->texts_count, e->structured_count, e->lines_count,
                                places ? (int64_t)e->at : 0 };
    const o2c_field fields[] = { e->bank_ref, e->customer_ref, e->end_to_end_id, e->other_name,
                                 e->other_account, e->batch_id, e->code, e->note };
    uint8_t bytes[sizeof numbers];
    for (size_t i = 0; i < sizeof numbers; i++)
        bytes[i] = (uint8_t)((uint64_t)numbers[i / 8] >> (8 * (i % 8)));
    o2c__sha256_add(sha, bytes, sizeof bytes);
    o2c__sha256_add(sha, e->currency, 3);
    for (size_t i = 0; i < O2C__COUNT(fields); i++) {
        o2c_str text = text_of(file, fields[i]);
        o2c__sha256_add(sha, text.ptr, text.len);
        o2c__sha256_add(sha, "", 1);
    }
    for (uint32_t i = 0; i < e->texts_count + e->structured_count; i++) {
        uint32_t row = i < e->texts_count ? e->texts_at + i : e->structured_at + (i - e->texts_count);
        o2c_str text = o2c__ref_str(file->texts[row].text, file->heap);
        o2c__sha256_add(sha, text.ptr, text.len);
        o2c__sha256_add(sha, "", 1);
    }
}

static void
digest(const struct o2c__prepare *prepare, struct o2c__sheet *sheet)
{
    const o2c_statements *file = &prepare->files[sheet->file];
    const o2c_statement *s = o2c__sheet_row(prepare, sheet);
    o2c__sha256 sha;
    if (sheet->has_digest)
        return;
    o2c__sha256_init(&sha);
    for (uint32_t i = 0; i < s->entries_count; i++)
        digest_entry(&sha, file, &file->entries[s->entries_at + i], sheet->weak);
    o2c__sha256_end(&sha, sheet->digest);
    sheet->has_digest = true;
}

static void
write_identity(const struct o2c__prepare *prepare, struct o2c__sheet *sheet, o2c__writer *out)
{
    const o2c_statements *file = &prepare->files[sheet->file];
    const o2c_statement *s = o2c__sheet_row(prepare, sheet);
    bool balances = is_swift(s) && s->has == 3;
    o2c__write_u8(out, (uint8_t)s->kind);
    o2c__write_str(out, sheet->account);
    o2c__write_str(out, text_of(file, s->number));
    if (sheet->weak) {
        digest(prepare, sheet);
        o2c__write_str(out, (o2c_str){ (const char *)sheet->digest, sizeof sheet->digest });
        return;
    }
    if (balances) {
        o2c__write_u64(out, (uint64_t)s->opening_minor);
        o2c__write_u64(out, (uint64_t)s->closing_minor);
        o2c__write_u32(out, (uint32_t)s->opening_day);
        o2c__write_u32(out, (uint32_t)s->closing_day);
        return;
    }
    o2c__write_str(out, text_of(file, s->id));
    o2c__write_u32(out, s->page);
    o2c__write_u32(out, (uint32_t)s->from_day);
    o2c__write_u32(out, (uint32_t)s->to_day);
}

/* Is the id all that names it? Where number, page or period name it too, the id may repeat from statement to statement. */
static bool
id_is_name(const struct o2c__sheet *sheet, const o2c_statement *s)
{
    return s->kind == O2C_STATEMENT_BOOKED && !is_swift(s) && !sheet->weak && s->page <= 1 && s->id.text.len && !s->number.text.len &&
           !s->from_day && !s->to_day;
}

/* "<account>/<id>", and unless the id is the whole name a part of the hash of the name, behind "+" for a report of the day. */
static bool
set_prefix(struct o2c__prepare *prepare, struct o2c__sheet *sheet, o2c_str identity)
{
    const o2c_statements *file = &prepare->files[sheet->file];
    const o2c_statement *s = o2c__sheet_row(prepare, sheet);
    o2c_str id = text_of(file, is_swift(s) ? s->number : s->id), account = sheet->account;
    id = id.len ? id : text_of(file, is_swift(s) ? s->id : s->number);
    id = id.len ? id : o2c__str("list");
    account = account.len ? account : o2c__str("-");
    char *out = o2c__arena_alloc(&prepare->arena, account.len + id.len + 32);
    if (!out)
        return false;
    size_t len = account.len;
    memcpy(out, account.ptr, len);
    out[len++] = '/';
    memcpy(out + len, id.ptr, id.len);
    len += id.len;
    if (!id_is_name(sheet, s)) {
        uint64_t hash = o2c__stable_hash(0, identity);
        out[len++] = s->kind == O2C_STATEMENT_INTRADAY ? '+' : '-';
        for (int i = 0; i < 8; i++)
            out[len++] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    }
    sheet->prefix = (o2c_str){ out, len };
    return true;
}

static bool
same_content(struct o2c__prepare *prepare, struct o2c__sheet *a, struct o2c__sheet *b)
{
    digest(prepare, a);
    digest(prepare, b);
    return memcmp(a->digest, b->digest, sizeof a->digest) == 0;
}

/* A statement with the name of an earlier one. Reports of a day may repeat their name as the day goes on: their lines tell. */
static void
meet(struct o2c__prepare *prepare, uint32_t first, struct o2c__sheet *sheet)
{
    struct o2c__sheet *other = O2C__SHEET(prepare, first);
    if (same_content(prepare, other, sheet)) {
        if (!sheet->weak || other->file != sheet->file)
            sheet->copy_of = first;
    } else if (o2c__sheet_row(prepare, sheet)->kind != O2C_STATEMENT_INTRADAY) {
        sheet->park = O2C_PARK_OTHER_CONTENT;
    }
}

/* false = no memory */
static bool
identify(struct o2c__prepare *prepare, o2c__map *seen, uint32_t index)
{
    struct o2c__sheet *sheet = O2C__SHEET(prepare, index);
    const o2c_statement *s = o2c__sheet_row(prepare, sheet);
    o2c__writer writer;
    uint32_t first, copies = O2C__MAP_NONE;
    bool named = s->kind != O2C_STATEMENT_LIST && (s->id.text.len || s->number.text.len);
    sheet->weak = !named;
    o2c__writer_init(&writer, prepare->memory);
    write_identity(prepare, sheet, &writer);
    o2c_str identity = { writer.bytes.rows, writer.bytes.count };
    char *kept = writer.failed ? NULL : o2c__arena_copy(&prepare->arena, identity.ptr, identity.len);
    bool done = kept && o2c__map_put(seen, (o2c_str){ kept, identity.len }, index, &first) && set_prefix(prepare, sheet, identity);
    o2c__writer_free(&writer);
    if (!done)
        return false;
    if (first != index)
        meet(prepare, first, sheet);
    copies = o2c__map_get(&prepare->prefixes, sheet->prefix);
    sheet->copies = copies == O2C__MAP_NONE ? 0 : copies;
    return o2c__map_set(&prepare->prefixes, sheet->prefix, sheet->copies + 1);
}

/* Company of the account, or parked: an account nobody told us of is never guessed. */
static bool
find_company(struct o2c__prepare *prepare, struct o2c__sheet *sheet)
{
    if (!prepare->request.our_accounts)
        return true;
    uint32_t row = o2c__map_get(&prepare->ours, sheet->account);
    if (row == O2C__MAP_NONE) {
        sheet->park = O2C_PARK_ACCOUNT_UNKNOWN;
        return true;
    }
    o2c_str company = o2c__ref_str(prepare->request.our_accounts[row].company, prepare->request.our_heap);
    return o2c__text_heap_add(&prepare->out->heap, company.ptr, company.len, &sheet->company);
}

static bool
add_sheet(struct o2c__prepare *prepare, o2c__map *seen, uint32_t file, uint32_t statement)
{
    struct o2c__sheet *sheet = o2c__vector_add(&prepare->sheets);
    uint32_t index = (uint32_t)prepare->sheets.count - 1, ignored;
    if (!sheet)
        return false;
    *sheet = (struct o2c__sheet){ .file = file, .statement = statement, .copy_of = O2C__NONE };
    const o2c_statement *s = o2c__sheet_row(prepare, sheet);
    sheet->account = o2c__number_normal(&prepare->arena, text_of(&prepare->files[file], s->account));
    if (!sheet->account.ptr || !find_company(prepare, sheet))
        return false;
    if (sheet->park)
        return true;
    if (sheet->account.len && !o2c__map_put(&prepare->own, sheet->account, 0, &ignored))
        return false;
    if (s->tie == O2C_TIE_RESULT_MISMATCH && !prepare->request.accept_mismatch) {
        sheet->park = O2C_PARK_MISMATCH;
        return true;
    }
    return identify(prepare, seen, index);
}

static bool
add_ours(struct o2c__prepare *prepare)
{
    const o2c_match_prepare_request *request = &prepare->request;
    for (uint64_t i = 0; request->our_accounts && i < request->our_accounts_count; i++) {
        o2c_str number = o2c__number_normal(&prepare->arena, o2c__ref_str(request->our_accounts[i].number, request->our_heap));
        uint32_t ignored;
        if (!number.ptr || !o2c__map_put(&prepare->ours, number, (uint32_t)i, &ignored) ||
            !o2c__map_put(&prepare->own, number, 0, &ignored))
            return false;
    }
    return true;
}

o2c_status
o2c__prepare_sheets(struct o2c__prepare *prepare, o2c_error *err)
{
    o2c__map seen;
    o2c__map_init(&seen, prepare->memory, prepare->out->context.key);
    bool done = add_ours(prepare);
    for (uint32_t file = 0; done && file < prepare->files_count; file++)
        for (uint32_t i = 0; done && i < prepare->files[file].count; i++)
            done = add_sheet(prepare, &seen, file, i);
    o2c__map_free(&seen);
    return done ? O2C_OK : o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the statements");
}

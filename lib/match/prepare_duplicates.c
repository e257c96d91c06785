/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that were delivered before. A line is known again by the bank's identity only: key 1 = our account, booking day, amount,
 * currency and bank reference; key 2 = payer's account, amount, value day and end-to-end id. Equal keys inside one delivery are told
 * apart by their number, so the second of two equal payments is a duplicate only of a second one in an earlier delivery. Content
 * alone never makes a duplicate; only a preview may be known by it, because it moves no money: the booked line takes over its key,
 * and a second report of the day does not propose it twice.
 */
#include "match/prepare.h"

/* A payment of the history or of this run, as it is compared. */
struct side {
    const o2c_payment *row;
    o2c_str heap;
    o2c_str our_account; /* normalized */
    uint64_t refs;       /* hash of what tells lines of one amount and day apart; 0 = nothing */
};

enum { BY_BANK_REFERENCE, BY_END_TO_END, BY_PREVIEW_REFERENCE, BY_PREVIEW_TEXT, KEYS };

struct finder {
    struct o2c__prepare *prepare;
    o2c__map first;  /* key and number → who came first: draft, or HISTORY + row */
    o2c__map counts; /* delivery and key → how many */
    o2c__map keys;   /* payment keys that are taken: → HISTORY + row, or 0 */
    uint32_t *taken; /* history row → draft that took over its key, O2C__NONE = none */
    o2c__writer writer;
};
#define HISTORY O2C__PREPARE_ROWS_MAX

static bool
takes_part(const o2c_payment *row)
{
    return row->route != O2C_ROUTE_ZERO && row->route != O2C_ROUTE_NOT_BOOKED && row->route != O2C_ROUTE_DUPLICATE;
}

static uint64_t
hash_texts(uint64_t hash, const o2c_text *texts, uint32_t at, uint32_t count, o2c_str heap)
{
    for (uint32_t i = 0; i < count; i++)
        if (texts[at + i].text.len)
            hash = o2c__stable_hash(hash, o2c__ref_str(texts[at + i].text, heap));
    return hash;
}

static uint64_t
hash_refs(const o2c_payment *row, const o2c_text *texts, o2c_str heap)
{
    const o2c_ref refs[] = { row->end_to_end_id, row->payer_account, row->payer_name };
    uint64_t hash = 0;
    for (size_t i = 0; i < O2C__COUNT(refs); i++)
        if (refs[i].len)
            hash = o2c__stable_hash(hash + i, o2c__ref_str(refs[i], heap));
    hash = hash_texts(hash, texts, row->texts_at, row->texts_count, heap);
    return hash_texts(hash, texts, row->structured_at, row->structured_count, heap);
}

static bool
write_bank_reference(const struct side *side, o2c__writer *out)
{
    if (side->row->bank_ref.len == 0)
        return false;
    o2c__write_str(out, side->our_account);
    o2c__write_u32(out, (uint32_t)side->row->booking_day);
    o2c__write_str(out, o2c__ref_str(side->row->bank_ref, side->heap));
    return true;
}

static bool
write_end_to_end(const struct side *side, o2c__arena *arena, o2c__writer *out)
{
    if (side->row->end_to_end_id.len == 0 || side->row->payer_account.len == 0)
        return false;
    o2c__write_str(out, o2c__number_normal(arena, o2c__ref_str(side->row->payer_account, side->heap)));
    o2c__write_u32(out, (uint32_t)side->row->value_day);
    o2c__write_str(out, o2c__ref_str(side->row->end_to_end_id, side->heap));
    return true;
}

/* Level 3 of a preview: the bank's reference without the booking day, which it may not have yet; else day and everything said. */
static bool
write_preview(const struct side *side, int kind, o2c__writer *out)
{
    o2c__write_str(out, side->our_account);
    if (kind == BY_PREVIEW_REFERENCE) {
        o2c__write_str(out, o2c__ref_str(side->row->bank_ref, side->heap));
        return side->row->bank_ref.len > 0;
    }
    o2c__write_u32(out, (uint32_t)(side->row->value_day ? side->row->value_day : side->row->booking_day));
    o2c__write_u64(out, side->refs);
    return side->refs != 0;
}

/* Bytes of one key; false when the line does not have it. Booked lines and previews are numbered apart, and a batch that waits is
 * another thing than its details: the first byte says so, its lowest bit the stage. */
static bool
write_key(struct finder *finder, const struct side *side, int kind)
{
    o2c__writer *out = &finder->writer;
    out->bytes.count = 0;
    bool waits = side->row->route == O2C_ROUTE_AWAITING_DETAIL, preview = side->row->stage == O2C_STAGE_PREVIEW;
    o2c__write_u8(out, (uint8_t)(kind * 4 + 2 * waits + preview));
    o2c__write_u64(out, (uint64_t)side->row->amount_minor);
    o2c__write_str(out, (o2c_str){ side->row->currency, 3 });
    if (kind == BY_BANK_REFERENCE)
        return write_bank_reference(side, out);
    if (kind == BY_END_TO_END)
        return write_end_to_end(side, &finder->prepare->arena, out);
    return finder->prepare->has_preview && write_preview(side, kind, out);
}

static bool
keep(struct finder *finder, o2c_str *out)
{
    const o2c__vector *bytes = &finder->writer.bytes;
    const char *kept = finder->writer.failed ? NULL : o2c__arena_copy(&finder->prepare->arena, bytes->rows, bytes->count);
    *out = (o2c_str){ kept, bytes->count };
    return kept != NULL;
}

/* Appends the number of this key inside its delivery. false = no memory. */
static bool
number_key(struct finder *finder, uint32_t delivery, o2c_str *out)
{
    o2c_str in_delivery;
    size_t len = finder->writer.bytes.count;
    o2c__write_u32(&finder->writer, delivery);
    if (!keep(finder, &in_delivery))
        return false;
    uint32_t count = o2c__map_get(&finder->counts, in_delivery);
    count = count == O2C__MAP_NONE ? 0 : count;
    if (!o2c__map_set(&finder->counts, in_delivery, count + 1))
        return false;
    finder->writer.bytes.count = len;
    o2c__write_u32(&finder->writer, count);
    return keep(finder, out);
}

static const o2c_payment *
known_row(const struct finder *finder, uint32_t who)
{
    return who >= HISTORY ? &finder->prepare->history.rows[who - HISTORY] : &O2C__DRAFT(finder->prepare, who)->row;
}

/* Who stands for a line now: previews give way to the booked line, duplicates to the first. Each step leads to an earlier judgment. */
static uint32_t
resolve(const struct finder *finder, uint32_t who)
{
    for (;;) {
        uint32_t next = who >= HISTORY ? finder->taken[who - HISTORY] : O2C__DRAFT(finder->prepare, who)->instead;
        if (next == O2C__NONE)
            return who;
        who = next;
    }
}

/*
 * Is the line that came first the same one? A booked line is known by a preview only as long as no other booked line took that over;
 * and what a preview is known by counts only where a preview is met and the references do not contradict.
 */
static bool
is_same(const struct finder *finder, const struct side *side, uint32_t who, int kind, bool as_preview)
{
    const o2c_payment *other = known_row(finder, who);
    bool booked = side->row->stage == O2C_STAGE_BOOKED, other_booked = other->stage == O2C_STAGE_BOOKED;
    if (booked && as_preview && other_booked)
        return false;
    if (kind == BY_BANK_REFERENCE || kind == BY_END_TO_END)
        return true;
    return !(booked && other_booked) && (kind == BY_PREVIEW_REFERENCE || !other->bank_ref.len || !side->row->bank_ref.len);
}

struct meeting {
    uint32_t who; /* O2C__NONE = nobody */
    int kind;
    bool as_preview;
};

static void
offer(const struct finder *finder, const struct side *side, uint32_t me, uint32_t who, struct meeting offered, struct meeting *best)
{
    if (who == O2C__MAP_NONE || who == me || (best->who != O2C__NONE && (!best->as_preview || offered.as_preview)))
        return;
    offered.who = resolve(finder, who);
    if (offered.who != me && is_same(finder, side, offered.who, offered.kind, offered.as_preview))
        *best = offered;
}

/* Finds who came first under any of the keys, booked lines before previews, and enters the line under all of them. false = no memory. */
static bool
meet(struct finder *finder, const struct side *side, uint32_t me, uint32_t delivery, struct meeting *out)
{
    bool preview = side->row->stage == O2C_STAGE_PREVIEW;
    *out = (struct meeting){ O2C__NONE, 0, false };
    for (int kind = 0; kind < KEYS; kind++) {
        o2c_str key;
        uint32_t who;
        if (!write_key(finder, side, kind))
            continue;
        if (!number_key(finder, delivery, &key) || !o2c__map_put(&finder->first, key, me, &who))
            return false;
        offer(finder, side, me, who, (struct meeting){ 0, kind, preview }, out);
        char *bytes = finder->writer.bytes.rows; /* still the key: now of the other stage */
        bytes[0] ^= 1;
        who = o2c__map_get(&finder->first, (o2c_str){ bytes, finder->writer.bytes.count });
        offer(finder, side, me, who, (struct meeting){ 0, kind, !preview }, out);
    }
    return true;
}

/* Copies the key of who came first; a history row that was a duplicate itself names the first of all. */
static bool
borrow_key(struct finder *finder, uint32_t who, o2c_ref *out)
{
    const o2c_payment *row = known_row(finder, who);
    if (who < HISTORY) {
        *out = row->key;
        return true;
    }
    o2c_ref first = row->route == O2C_ROUTE_DUPLICATE && row->duplicate_of.len ? row->duplicate_of : row->key;
    o2c_str key = o2c__ref_str(first, finder->prepare->history.heap);
    return o2c__text_heap_add(&finder->prepare->out->heap, key.ptr, key.len, out);
}

/* The booked line steps into the place of its preview: same key, so that what was proposed for it lives on. */
static bool
take_over(struct finder *finder, uint32_t me, uint32_t who)
{
    if (who < HISTORY) {
        O2C__DRAFT(finder->prepare, who)->dropped = true;
        O2C__DRAFT(finder->prepare, who)->instead = me;
    } else {
        finder->taken[who - HISTORY] = me;
    }
    return borrow_key(finder, who, &O2C__DRAFT(finder->prepare, me)->row.key);
}

/* The first free key of the draft; a history may hold the plain one. */
static bool
give_key(struct finder *finder, struct o2c__draft *draft)
{
    const struct o2c__sheet *sheet = O2C__SHEET(finder->prepare, draft->sheet);
    char text[O2C_KEY_BYTES_MAX];
    size_t len;
    uint32_t copy = sheet->copies, stands;
    for (;; copy++) {
        len = o2c__payment_key(sheet->prefix, draft->row.ordinal, copy ? copy + 1 : 0, text);
        if (finder->prepare->history.count == 0 || o2c__map_get(&finder->keys, (o2c_str){ text, len }) == O2C__MAP_NONE)
            break;
    }
    if (finder->prepare->history.count) {
        char *kept = o2c__arena_copy(&finder->prepare->arena, text, len);
        if (!kept || !o2c__map_put(&finder->keys, (o2c_str){ kept, len }, 0, &stands))
            return false;
    }
    return o2c__text_heap_add(&finder->prepare->out->heap, text, len, &draft->row.key);
}

static bool
repeats(struct finder *finder, struct o2c__draft *draft, uint32_t who, uint32_t rule)
{
    draft->row.route = O2C_ROUTE_DUPLICATE;
    draft->row.route_rule = rule;
    draft->instead = who;
    return give_key(finder, draft) && borrow_key(finder, who, &draft->row.duplicate_of);
}

/* Where a line stands and everything it says, marked by a first byte that no key of a payment has. */
static void
write_place(struct finder *finder, const struct side *side)
{
    o2c__writer *out = &finder->writer;
    const o2c_payment *row = side->row;
    out->bytes.count = 0;
    o2c__write_u8(out, 0);
    o2c__write_str(out, side->our_account);
    o2c__write_str(out, o2c__ref_str(row->statement, side->heap));
    o2c__write_str(out, (o2c_str){ row->currency, 3 });
    o2c__write_u64(out, (uint64_t)row->amount_minor);
    o2c__write_u64(out, (uint64_t)(uint32_t)row->booking_day << 32 | (uint32_t)row->value_day);
    o2c__write_u64(out, side->refs);
    o2c__write_u32(out, row->ordinal);
}

static bool
same_money(const o2c_payment *a, const o2c_payment *b)
{
    return a->amount_minor == b->amount_minor && memcmp(a->currency, b->currency, 3) == 0 && a->booking_day == b->booking_day &&
           a->value_day == b->value_day;
}

/* *out: a payment of the history that stands at the same place of the same statement, O2C__NONE = none. false = no memory. */
static bool
find_by_place(struct finder *finder, const struct o2c__draft *draft, const struct side *side, uint32_t *out)
{
    const struct o2c__sheet *sheet = O2C__SHEET(finder->prepare, draft->sheet);
    char text[O2C_KEY_BYTES_MAX];
    *out = O2C__NONE;
    if (finder->prepare->history.count == 0)
        return true;
    size_t len = o2c__payment_key(sheet->prefix, draft->row.ordinal, sheet->copies ? sheet->copies + 1 : 0, text);
    uint32_t who = o2c__map_get(&finder->keys, (o2c_str){ text, len });
    if (who >= HISTORY && who != O2C__MAP_NONE && same_money(known_row(finder, who), &draft->row)) {
        *out = resolve(finder, who);
        return true;
    }
    if (draft->row.stage != O2C_STAGE_BOOKED)
        return true;
    write_place(finder, side);
    if (finder->writer.failed)
        return false;
    who = o2c__map_get(&finder->keys, (o2c_str){ finder->writer.bytes.rows, finder->writer.bytes.count });
    *out = who == O2C__MAP_NONE ? O2C__NONE : resolve(finder, who);
    return true;
}

static bool
settle(struct finder *finder, uint32_t me, uint32_t who, uint32_t rule)
{
    struct o2c__draft *draft = O2C__DRAFT(finder->prepare, me);
    const o2c_payment *other = known_row(finder, who);
    if (other->stage == O2C_STAGE_PREVIEW && draft->row.stage == O2C_STAGE_BOOKED)
        return take_over(finder, me, who);
    return repeats(finder, draft, who, other->stage == draft->row.stage ? rule : O2C__RULE_PREVIEW);
}

/* Delivered before: with its whole statement, at its place in the history, or under a key of its own. */
static bool
place(struct finder *finder, uint32_t me)
{
    static const uint32_t rules[KEYS] = { O2C__RULE_BANK_REFERENCE, O2C__RULE_END_TO_END, O2C__RULE_PREVIEW, O2C__RULE_PREVIEW };
    struct o2c__draft *draft = O2C__DRAFT(finder->prepare, me);
    const struct o2c__sheet *sheet = O2C__SHEET(finder->prepare, draft->sheet);
    struct side side = { &draft->row, o2c__text_heap_str(&finder->prepare->out->heap), sheet->account, 0 };
    bool other_deliveries = finder->prepare->files_count > 1 || finder->prepare->history.count;
    struct meeting met = { O2C__NONE, 0, false };
    uint32_t before;
    if (sheet->copy_of != O2C__NONE)
        return give_key(finder, draft); /* linked afterwards: the first delivery is complete then */
    if (finder->prepare->has_preview || finder->prepare->history.count)
        side.refs = hash_refs(side.row, finder->prepare->out->texts.rows, side.heap);
    if (!find_by_place(finder, draft, &side, &before))
        return false;
    if (other_deliveries && takes_part(&draft->row) && !meet(finder, &side, me, sheet->file, &met))
        return false;
    if (before != O2C__NONE)
        return settle(finder, me, before, O2C__RULE_KEY);
    return met.who == O2C__NONE ? give_key(finder, draft) : settle(finder, me, met.who, rules[met.kind]);
}

/*
 * A booked line of the history may carry the key of its preview. Its place is entered apart, so that the statement delivered again
 * finds it. A key that begins with account and statement, and not as that of a report of the day, is its own.
 */
static bool
enter_place(struct finder *finder, const struct side *side, uint32_t me)
{
    o2c_str id = o2c__ref_str(side->row->statement, side->heap), own = o2c__ref_str(side->row->key, side->heap), place;
    size_t len = side->our_account.len;
    bool begins = own.len > len + 1 + id.len && memcmp(own.ptr, side->our_account.ptr, len) == 0 && own.ptr[len] == '/' &&
                  memcmp(own.ptr + len + 1, id.ptr, id.len) == 0 && own.ptr[len + 1 + id.len] != '+';
    uint32_t stands;
    if (id.len == 0 || begins || side->row->stage != O2C_STAGE_BOOKED)
        return true;
    write_place(finder, side);
    return keep(finder, &place) && o2c__map_put(&finder->keys, place, me, &stands);
}

static bool
enter_line(struct finder *finder, uint32_t row)
{
    const o2c_payments *history = &finder->prepare->history;
    const o2c_payment *p = &history->rows[row];
    o2c_str account = o2c__number_normal(&finder->prepare->arena, o2c__ref_str(p->our_account, history->heap));
    struct side side = { p, history->heap, account, hash_refs(p, history->texts, history->heap) };
    struct meeting ignored;
    uint32_t stands;
    if (!account.ptr || !o2c__map_put(&finder->keys, o2c__ref_str(p->key, history->heap), HISTORY + row, &stands) ||
        !enter_place(finder, &side, HISTORY + row))
        return false;
    return !takes_part(p) || meet(finder, &side, HISTORY + row, UINT32_MAX, &ignored);
}

static bool
enter_history(struct finder *finder)
{
    uint64_t count = finder->prepare->history.count;
    finder->taken = o2c__arena_alloc(&finder->prepare->arena, (size_t)count * sizeof *finder->taken);
    if (!finder->taken)
        return false;
    memset(finder->taken, 0xFF, (size_t)count * sizeof *finder->taken); /* O2C__NONE */
    for (uint32_t i = 0; i < count; i++)
        if (!enter_line(finder, i))
            return false;
    return true;
}

/* Draft of a sheet that stands at this place, by bisection: drafts are in input order. */
static uint32_t
draft_at(const struct o2c__prepare *prepare, uint32_t sheet, uint32_t ordinal)
{
    uint32_t low = 0, high = (uint32_t)prepare->drafts.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct o2c__draft *draft = O2C__DRAFT(prepare, middle);
        if (draft->sheet < sheet || (draft->sheet == sheet && draft->row.ordinal < ordinal))
            low = middle + 1;
        else
            high = middle;
    }
    const struct o2c__draft *found = low < prepare->drafts.count ? O2C__DRAFT(prepare, low) : NULL;
    return found && found->sheet == sheet && found->row.ordinal == ordinal ? low : O2C__NONE;
}

/* First draft made of the other half of a joined entry. */
static uint32_t
draft_of_twin(const struct o2c__prepare *prepare, uint32_t file, uint32_t entry)
{
    uint64_t twin = prepare->joined ? prepare->joined[file][entry] : 0;
    for (uint32_t i = 0; twin && i < prepare->sheets.count; i++) {
        const struct o2c__sheet *sheet = O2C__SHEET(prepare, i);
        const o2c_statement *s = o2c__sheet_row(prepare, sheet);
        uint32_t row = (uint32_t)(twin - 1);
        if (sheet->file == (uint32_t)((twin - 1) >> 32) && row >= s->entries_at && row - s->entries_at < s->entries_count)
            return draft_at(prepare, i, row - s->entries_at + (prepare->files[sheet->file].entries[row].details_count ? 1 : 0));
    }
    return O2C__NONE;
}

/* Lines of a statement that was delivered before, and notifications of an entry, name the payment that stands for them. */
static void
link_copy(struct o2c__prepare *prepare, struct o2c__draft *draft)
{
    const struct o2c__sheet *sheet = O2C__SHEET(prepare, draft->sheet);
    uint32_t who = O2C__NONE;
    if (sheet->copy_of != O2C__NONE) {
        const struct o2c__sheet *first = O2C__SHEET(prepare, sheet->copy_of);
        who = draft_at(prepare, sheet->copy_of, draft->row.ordinal);
        if (who == O2C__NONE)
            who = draft_of_twin(prepare, first->file, o2c__sheet_row(prepare, first)->entries_at + draft->row.ordinal);
        draft->row.route = O2C_ROUTE_DUPLICATE;
        draft->row.route_rule = O2C__RULE_SAME_STATEMENT;
    } else if (draft->row.route_rule == O2C__RULE_NOTIFIED) {
        who = draft_of_twin(prepare, sheet->file, draft->entry);
    }
    if (who == O2C__NONE)
        return;
    const o2c_payment *row = &O2C__DRAFT(prepare, who)->row;
    draft->row.duplicate_of = row->route == O2C_ROUTE_DUPLICATE && row->duplicate_of.len ? row->duplicate_of : row->key;
}

bool
o2c__prepare_duplicates(struct o2c__prepare *prepare)
{
    struct finder finder = { .prepare = prepare };
    for (uint32_t i = 0; i < prepare->history.count && !prepare->has_preview; i++)
        prepare->has_preview = prepare->history.rows[i].stage == O2C_STAGE_PREVIEW;
    o2c__map_init(&finder.first, prepare->memory, prepare->out->context.key);
    o2c__map_init(&finder.counts, prepare->memory, prepare->out->context.key);
    o2c__map_init(&finder.keys, prepare->memory, prepare->out->context.key);
    o2c__writer_init(&finder.writer, prepare->memory);
    bool done = enter_history(&finder);
    for (uint32_t i = 0; done && i < prepare->drafts.count; i++)
        done = place(&finder, i);
    for (uint32_t i = 0; done && i < prepare->drafts.count; i++)
        link_copy(prepare, O2C__DRAFT(prepare, i));
    o2c__writer_free(&finder.writer);
    o2c__map_free(&finder.first);
    o2c__map_free(&finder.counts);
    o2c__map_free(&finder.keys);
    return done;
}

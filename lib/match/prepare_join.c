/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A statement (053) and the notification (054) that brings the details of its entries. An entry without details is joined with an
 * entry of a notification by the bank's reference, by the batch id, or by account, day and amount, each only where exactly one
 * stands on either side. Then the details are the payments, and what they leave of the entry is a rest with a type.
 */
#include "match/prepare.h"

enum { BY_BANK_REFERENCE, BY_BATCH, BY_DAY_AND_AMOUNT, WAYS };

/* An entry of a statement without details, or of a notification. */
struct half {
    uint32_t sheet, entry;
    uint32_t twin; /* the other half, O2C__NONE = alone */
};

struct halves {
    o2c__vector booked, notified; /* rows: struct half */
};

static const o2c_entry *
entry_of(const struct o2c__prepare *prepare, const struct half *half)
{
    return &prepare->files[O2C__SHEET(prepare, half->sheet)->file].entries[half->entry];
}

static bool
add_half(o2c__vector *halves, uint32_t sheet, uint32_t entry)
{
    struct half *half = o2c__vector_add(halves);
    if (half)
        *half = (struct half){ sheet, entry, O2C__NONE };
    return half != NULL;
}

static bool
collect(const struct o2c__prepare *prepare, uint32_t sheet, struct halves *out)
{
    const struct o2c__sheet *from = O2C__SHEET(prepare, sheet);
    const o2c_statement *s = o2c__sheet_row(prepare, from);
    const o2c_entry *entries = prepare->files[from->file].entries;
    uint32_t end = s->entries_at + s->entries_count;
    if (from->park || from->copy_of != O2C__NONE || (s->kind != O2C_STATEMENT_BOOKED && s->kind != O2C_STATEMENT_NOTIFICATION))
        return true;
    for (uint32_t row = s->entries_at; row < end; row += 1 + entries[row].details_count) {
        if (entries[row].status != O2C_ENTRY_STATUS_BOOKED)
            continue;
        if (s->kind == O2C_STATEMENT_NOTIFICATION && !add_half(&out->notified, sheet, row))
            return false;
        if (s->kind == O2C_STATEMENT_BOOKED && entries[row].details_count == 0 && !add_half(&out->booked, sheet, row))
            return false;
    }
    return true;
}

/* Batch id of the entry, else of its first detail. */
static o2c_ref
batch_of(const o2c_entry *entry)
{
    return entry->batch_id.text.len == 0 && entry->details_count ? entry[1].batch_id.text : entry->batch_id.text;
}

/* Writes what the two halves must share; false when this way has nothing to go by. */
static bool
write_way(const struct o2c__prepare *prepare, const struct half *half, int way, o2c__writer *out)
{
    const struct o2c__sheet *sheet = O2C__SHEET(prepare, half->sheet);
    const o2c_entry *e = entry_of(prepare, half);
    o2c_ref ref = way == BY_BANK_REFERENCE ? e->bank_ref.text : batch_of(e);
    int32_t day = e->booking_day ? e->booking_day : e->value_day;
    if (way == BY_DAY_AND_AMOUNT ? day == 0 : ref.len == 0)
        return false;
    out->bytes.count = 0;
    o2c__write_str(out, sheet->account);
    o2c__write_str(out, (o2c_str){ e->currency, 3 });
    if (way == BY_DAY_AND_AMOUNT) {
        o2c__write_u32(out, (uint32_t)day);
        o2c__write_u64(out, (uint64_t)e->amount_minor);
    } else {
        o2c__write_u8(out, e->amount_minor < 0);
        o2c__write_str(out, o2c__ref_str(ref, prepare->files[sheet->file].heap));
    }
    return true;
}

#define TWICE (O2C__MAP_NONE - 1)

/* Puts the halves that are still alone into the map; one that two share is worth nothing. false = no memory. */
static bool
index_halves(struct o2c__prepare *prepare, o2c__vector *halves, int way, o2c__map *map, o2c__writer *writer)
{
    for (uint32_t i = 0; i < halves->count; i++) {
        struct half *half = &O2C__AT(halves, struct half, i);
        uint32_t stands;
        if (half->twin != O2C__NONE || !write_way(prepare, half, way, writer))
            continue;
        char *key = writer->failed ? NULL : o2c__arena_copy(&prepare->arena, writer->bytes.rows, writer->bytes.count);
        if (!key || !o2c__map_put(map, (o2c_str){ key, writer->bytes.count }, i, &stands))
            return false;
        if (stands != i && !o2c__map_set(map, (o2c_str){ key, writer->bytes.count }, TWICE))
            return false;
    }
    return true;
}

static void
link(struct o2c__prepare *prepare, struct half *a, struct half *b, uint32_t at_a, uint32_t at_b)
{
    const struct o2c__sheet *of_a = O2C__SHEET(prepare, a->sheet), *of_b = O2C__SHEET(prepare, b->sheet);
    prepare->joined[of_a->file][a->entry] = 1 + ((uint64_t)of_b->file << 32 | b->entry);
    prepare->joined[of_b->file][b->entry] = 1 + ((uint64_t)of_a->file << 32 | a->entry);
    a->twin = at_b;
    b->twin = at_a;
}

static bool
join_by(struct o2c__prepare *prepare, struct halves *halves, int way, o2c__writer *writer)
{
    o2c__map booked, notified;
    o2c__map_init(&booked, prepare->memory, prepare->out->context.key);
    o2c__map_init(&notified, prepare->memory, prepare->out->context.key);
    bool done = index_halves(prepare, &halves->booked, way, &booked, writer) &&
                index_halves(prepare, &halves->notified, way, &notified, writer);
    for (uint32_t i = 0; done && i < halves->booked.count; i++) {
        struct half *half = &O2C__AT(&halves->booked, struct half, i);
        if (half->twin != O2C__NONE || !write_way(prepare, half, way, writer))
            continue;
        done = !writer->failed;
        o2c_str key = { writer->bytes.rows, writer->bytes.count };
        uint32_t other = done ? o2c__map_get(&notified, key) : O2C__MAP_NONE;
        if (other < TWICE && o2c__map_get(&booked, key) == i)
            link(prepare, half, &O2C__AT(&halves->notified, struct half, other), i, other);
    }
    o2c__map_free(&booked);
    o2c__map_free(&notified);
    return done;
}

static bool
make_room(struct o2c__prepare *prepare)
{
    prepare->joined = o2c__arena_alloc(&prepare->arena, prepare->files_count * sizeof *prepare->joined);
    for (uint32_t i = 0; prepare->joined && i < prepare->files_count; i++) {
        size_t size = (size_t)prepare->files[i].entries_count * sizeof(uint64_t);
        prepare->joined[i] = o2c__arena_alloc(&prepare->arena, size);
        if (!prepare->joined[i])
            return false;
        memset(prepare->joined[i], 0, size);
    }
    return prepare->joined != NULL;
}

bool
o2c__prepare_join(struct o2c__prepare *prepare)
{
    struct halves halves;
    o2c__writer writer;
    bool done = true;
    o2c__vector_init(&halves.booked, prepare->memory, sizeof(struct half));
    o2c__vector_init(&halves.notified, prepare->memory, sizeof(struct half));
    o2c__writer_init(&writer, prepare->memory);
    for (uint32_t i = 0; done && i < prepare->sheets.count; i++)
        done = collect(prepare, i, &halves);
    if (done && halves.booked.count && halves.notified.count) {
        done = make_room(prepare);
        for (int way = 0; done && way < WAYS; way++)
            done = join_by(prepare, &halves, way, &writer);
    }
    o2c__writer_free(&writer);
    o2c__vector_free(&halves.booked);
    o2c__vector_free(&halves.notified);
    return done;
}

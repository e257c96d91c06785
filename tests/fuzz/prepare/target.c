/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prepare on made-up deliveries: the bytes choose files, statements and lines from few values, so that equal identities are frequent.
 * Keys are unique, every line is answered at most once, the same input gives the same bytes, and what was prepared once brings no
 * money when it is delivered again. Where the first bit is set, indexes and strings point anywhere: refused, or read without harm.
 */
#include <o2c/match.h>

#include "fuzz.h"

#define FILES_MAX 3
#define ROWS_MAX 24
#define STATEMENTS_MAX 4

struct delivery {
    o2c_statements all;
    o2c_statement statements[STATEMENTS_MAX];
    o2c_entry entries[ROWS_MAX];
    o2c_text texts[ROWS_MAX];
};

static const char words[] = "\0ACC1\0ACC2\0BR-1\0BR-2\0E2E1\0E2E2\0INV1\0INV2\0ID-1\0ID-2\0PMNT/RCDT/CHRG\0NTRF\0";
#define WORD(n) ((o2c_ref){ 1 + 5 * (n), 4 })

static o2c_ref
pick(uint8_t bits, uint32_t first)
{
    return bits % 3 ? WORD(first + bits % 3 - 1) : (o2c_ref){ 0, 0 };
}

static void
make_row(struct delivery *d, struct fuzz_input *input, int32_t level, int64_t amount)
{
    o2c_statement *s = &d->statements[d->all.count - 1];
    uint32_t at = (uint32_t)d->all.entries_count++;
    o2c_entry *e = &d->entries[at];
    uint8_t refs = fuzz_u8(input), more = fuzz_u8(input);
    *e = (o2c_entry){ .at = at * 10, .span = 9, .level = level, .status = O2C_ENTRY_STATUS_BOOKED, .amount_minor = amount, .currency = "EUR" };
    e->ordinal = s->entries_count++;
    e->value_day = 1000 + refs % 2;
    e->booking_day = more % 5 ? e->value_day : 0;
    e->bank_ref.text = pick(refs / 2 % 3, 2);
    e->end_to_end_id.text = pick(refs / 6 % 3, 4);
    e->other_account.text = pick(refs / 18 % 3, more % 7 ? 4 : 0);
    e->batch_id.text = pick(more / 5 % 3, 8);
    if (more % 11 == 0)
        e->status = O2C_ENTRY_STATUS_PENDING;
    e->flags = (more & 64) ? O2C_ENTRY_FLAG_BATCH : 0;
    if (refs & 128)
        e->code.text = (o2c_ref){ 51, 14 };
    d->texts[at].text = pick(more / 15 % 3, 6);
    e->texts_at = at;
    e->texts_count = d->texts[at].text.len ? 1 : 0;
    d->all.texts_count = at + 1;
}

static void
make_entry(struct delivery *d, struct fuzz_input *input)
{
    uint8_t byte = fuzz_u8(input);
    int64_t amount = (int64_t)(byte % 4) * 100 - (byte & 128 ? 100 : 0);
    uint64_t parent = d->all.entries_count;
    uint32_t details = byte & 64 ? byte / 4 % 4 : 0;
    if (parent + 1 + details > ROWS_MAX)
        return;
    make_row(d, input, O2C_ENTRY_BOOKED, amount);
    for (uint32_t i = 0; i < details; i++) {
        int64_t part = i + 1 < details ? 50 : amount - 50 * (int64_t)(details - 1);
        make_row(d, input, i && i + 1 == details && (byte & 32) ? O2C_ENTRY_RESIDUAL : O2C_ENTRY_DETAIL, part);
    }
    d->entries[parent].details_count = details;
}

static void
make_delivery(struct delivery *d, struct fuzz_input *input)
{
    static const int32_t formats[] = { 0, O2C_FORMAT_CAMT053, O2C_FORMAT_CAMT052, O2C_FORMAT_CAMT054, O2C_FORMAT_CSV };
    memset(d, 0, sizeof *d);
    d->all = (o2c_statements){ .struct_size = sizeof d->all, .rows = d->statements, .entries = d->entries, .texts = d->texts,
                                .heap = { words, sizeof words } };
    uint32_t count = fuzz_u8(input) % (STATEMENTS_MAX + 1);
    for (uint32_t i = 0; i < count; i++) {
        o2c_statement *s = &d->statements[d->all.count++];
        uint8_t byte = fuzz_u8(input);
        s->kind = 1 + byte % 4;
        s->format = formats[s->kind];
        s->id.text = WORD(8 + byte / 4 % 2);
        s->number.text = pick(byte / 8 % 3, 6);
        s->account.text = WORD(byte / 32 % 2);
        s->tie = byte > 250 ? O2C_TIE_RESULT_MISMATCH : O2C_TIE_RESULT_OK;
        s->entries_at = (uint32_t)d->all.entries_count;
        for (uint32_t rows = fuzz_u8(input) % 8; rows; rows--)
            make_entry(d, input);
    }
}

static void
damage(struct delivery *d, struct fuzz_input *input)
{
    char *rows[] = { (char *)d->statements, (char *)d->entries, (char *)d->texts };
    size_t sizes[] = { sizeof d->statements, sizeof d->entries, sizeof d->texts };
    for (int i = fuzz_u8(input) % 8; i; i--) {
        int which = fuzz_u8(input) % 3;
        uint64_t place = fuzz_u64(input), value = place >> 32;
        memcpy(rows[which] + place % (sizes[which] / 4) * 4, &value, 4);
    }
}

static o2c_str
text(const o2c_payments *all, o2c_ref ref)
{
    return (o2c_str){ all->heap.ptr + ref.at, ref.len };
}

static int
same(o2c_str a, o2c_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static o2c_match_prepared *
prepare(struct delivery *files, uint64_t count, const o2c_payments *history, o2c_payments *out, int wild)
{
    const o2c_statements *all[FILES_MAX];
    for (uint64_t i = 0; i < count; i++)
        all[i] = &files[i].all;
    o2c_match_prepare_request request = { .struct_size = sizeof request, .files = all, .files_count = count, .history = history };
    o2c_match_prepared *prepared = NULL;
    o2c_status status = o2c_match_prepare(NULL, &request, &prepared, NULL);
    FUZZ_DEMAND(status == O2C_OK ? prepared != NULL : wild && prepared == NULL && status == O2C_E_MATCH_PAYMENT);
    *out = (o2c_payments){ .struct_size = sizeof *out };
    o2c_match_prepared_payments(prepared, out);
    return prepared;
}

static void
check_payments(const o2c_payments *all, const o2c_payments *history)
{
    for (uint64_t i = 0; i < all->count; i++) {
        const o2c_payment *row = &all->rows[i];
        FUZZ_DEMAND(row->key.len >= 1 && row->key.len <= O2C_KEY_BYTES_MAX);
        FUZZ_DEMAND(row->route != O2C_ROUTE_CUSTOMER || row->amount_minor > 0);
        FUZZ_DEMAND((row->route == O2C_ROUTE_DUPLICATE) == (row->duplicate_of.len > 0));
        int found = 0;
        for (uint64_t j = 0; j < all->count; j++) {
            FUZZ_DEMAND(i == j || !same(text(all, row->key), text(all, all->rows[j].key)));
            found |= same(text(all, row->duplicate_of), text(all, all->rows[j].key)) && all->rows[j].route != O2C_ROUTE_DUPLICATE;
        }
        for (uint64_t j = 0; history && j < history->count; j++)
            found |= same(text(all, row->duplicate_of), text(history, history->rows[j].key));
        FUZZ_DEMAND(row->route != O2C_ROUTE_DUPLICATE || found);
    }
}

static uint64_t
count_lines(const struct delivery *files, uint64_t count)
{
    uint64_t lines = 0;
    for (uint64_t i = 0; i < count; i++)
        for (uint64_t row = 0; row < files[i].all.entries_count; row++)
            lines += files[i].entries[row].details_count == 0;
    return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct delivery files[FILES_MAX];
    struct fuzz_input input = { data, size, 0 };
    uint8_t first = fuzz_u8(&input);
    int wild = first & 1;
    uint64_t count = first / 2 % (FILES_MAX + 1);
    for (uint64_t i = 0; i < count; i++)
        make_delivery(&files[i], &input);
    for (uint64_t i = 0; wild && i < count; i++)
        damage(&files[i], &input);
    o2c_payments once = { 0 }, again = { 0 }, later = { 0 };
    o2c_match_prepared *one = prepare(files, count, NULL, &once, wild), *two = prepare(files, count, NULL, &again, wild);
    FUZZ_DEMAND(once.count == again.count && same(once.heap, again.heap));
    FUZZ_DEMAND(once.count == 0 || memcmp(once.rows, again.rows, once.count * sizeof *once.rows) == 0);
    if (one && !wild) {
        check_payments(&once, NULL);
        FUZZ_DEMAND(once.count <= count_lines(files, count));
        o2c_match_prepared *three = prepare(files, count, &once, &later, 0);
        check_payments(&later, &once);
        for (uint64_t i = 0; i < later.count; i++)
            FUZZ_DEMAND(later.rows[i].route != O2C_ROUTE_CUSTOMER);
        o2c_match_prepared_free(three);
    }
    o2c_match_prepared_free(one);
    o2c_match_prepared_free(two);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a payment: its pieces joined by line feeds, then its structured references and its end-to-end id. The last two stay
 * in the text only where they name something.
 */
#include "match/text.h"

#define SPARE 64u /* zeros behind the text: it is read in blocks */

/* One more piece behind the others, a line feed between them. */
static char *
add_piece(char *to, const char *start, o2c_str piece)
{
    if (piece.len == 0)
        return to;
    if (to > start)
        *to++ = '\n';
    memcpy(to, piece.ptr, piece.len);
    return to + piece.len;
}

static char *
add_pieces(char *to, const char *start, const o2c_payments *payments, uint32_t at, uint32_t count)
{
    for (uint32_t i = at; i < at + count; i++)
        to = add_piece(to, start, o2c__ref_str(payments->texts[i].text, payments->heap));
    return to;
}

/* Bytes of the pieces with their line feeds, at most. */
static uint64_t
pieces_len(const o2c_payments *payments, uint32_t at, uint32_t count)
{
    uint64_t len = 0;
    for (uint32_t i = at; i < at + count; i++)
        len += (uint64_t)payments->texts[i].text.len + 1;
    return len;
}

/* Room for a text of this many bytes, and for the first byte of the heap: a NUL, so that {0, 0} points at an empty string. */
static char *
room_for(o2c__vector *bytes, uint64_t len)
{
    if (bytes->count + len + SPARE >= UINT32_MAX || !o2c__vector_reserve(bytes, (size_t)len + SPARE + 1))
        return NULL;
    if (bytes->count == 0)
        *(char *)o2c__vector_add_many(bytes, 1) = 0;
    return (char *)bytes->rows + bytes->count;
}

bool
o2c__text_join(struct o2c__reader *reader, struct o2c__reading *reading)
{
    const o2c_payments *payments = reader->solve->payments;
    const o2c_payment *payment = reading->one->payment;
    o2c__vector *bytes = &reader->solve->solution->heap.bytes;
    bool extras = payment->route == O2C_ROUTE_CUSTOMER;
    uint64_t len = pieces_len(payments, payment->texts_at, payment->texts_count);
    if (extras)
        len += pieces_len(payments, payment->structured_at, payment->structured_count) + payment->end_to_end_id.len + 1;
    char *start = room_for(bytes, len), *to = start;
    if (!start)
        return false;
    to = add_pieces(to, start, payments, payment->texts_at, payment->texts_count);
    reading->pieces_end = (uint32_t)(to - start);
    if (extras) {
        to = add_pieces(to, start, payments, payment->structured_at, payment->structured_count);
        to = add_piece(to, start, o2c__ref_str(payment->end_to_end_id, payments->heap));
    }
    memset(to, 0, SPARE);
    reading->one->text = (o2c_ref){ (uint32_t)(start - (char *)bytes->rows), (uint32_t)(to - start) };
    bytes->count = reading->one->text.at + (size_t)reading->one->text.len + 1;
    if (reading->one->text.len == 0)
        reading->one->text.at = 0;
    return true;
}

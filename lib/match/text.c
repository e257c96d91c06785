/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a payment: its pieces joined by line feeds, then its structured references and its end-to-end id. The last two stay
 * in the text only where they name something.
 */
#include "match/text.h"

static bool
room_for(o2c__vector *bytes, size_t len)
{
    return bytes->count + len + 2 < UINT32_MAX && o2c__vector_reserve(bytes, len + 2);
}

/* One more piece behind the others. */
static bool
add_piece(o2c__vector *bytes, size_t start, o2c_str piece)
{
    if (piece.len == 0)
        return true;
    if (!room_for(bytes, piece.len))
        return false;
    char *to = (char *)bytes->rows + bytes->count;
    if (bytes->count > start)
        *to++ = '\n';
    memcpy(to, piece.ptr, piece.len);
    bytes->count = (size_t)(to - (char *)bytes->rows) + piece.len;
    return true;
}

static bool
add_pieces(o2c__vector *bytes, size_t start, const o2c_payments *payments, uint32_t at, uint32_t count)
{
    for (uint32_t i = at; i < at + count; i++) {
        if (!add_piece(bytes, start, o2c__ref_str(payments->texts[i].text, payments->heap)))
            return false;
    }
    return true;
}

static bool
add_extras(o2c__vector *bytes, size_t start, const o2c_payments *payments, const o2c_payment *payment)
{
    return add_pieces(bytes, start, payments, payment->structured_at, payment->structured_count) &&
           add_piece(bytes, start, o2c__ref_str(payment->end_to_end_id, payments->heap));
}

bool
o2c__text_join(struct o2c__reader *reader, struct o2c__reading *reading)
{
    const o2c_payments *payments = reader->solve->payments;
    const o2c_payment *payment = reading->one->payment;
    o2c__vector *bytes = &reader->solve->solution->heap.bytes;
    /* The first byte of a heap is a NUL, so that {0, 0} points at an empty string. */
    if (bytes->count == 0) {
        if (!room_for(bytes, 1))
            return false;
        *(char *)o2c__vector_add_many(bytes, 1) = 0;
    }
    size_t start = bytes->count;
    if (!room_for(bytes, 1) || !add_pieces(bytes, start, payments, payment->texts_at, payment->texts_count))
        return false;
    reading->pieces_end = (uint32_t)(bytes->count - start);
    bool extras = payment->route == O2C_ROUTE_CUSTOMER;
    if (extras && !add_extras(bytes, start, payments, payment))
        return false;
    reading->one->text = (o2c_ref){ (uint32_t)start, (uint32_t)(bytes->count - start) };
    ((char *)bytes->rows)[bytes->count++] = 0;
    if (reading->one->text.len == 0)
        reading->one->text.at = 0;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What the model learned of payers, as the ladder asks for it: whose bank account, whose name (MATCHER 14). */
#include "match/learn.h"
#include "match/payer.h"

/*
 * A bank account from which this many customers were paid for is that of a factor, an agent or a bank: it names none of them. With two, it
 * may be a shared service center, and narrows (docs/decisions/0091).
 */
#define COLLECTS_FOR 3u

static void
put(struct o2c__payer_known *out, uint32_t count, const struct o2c__payer_known *row)
{
    for (; count > 0 && out[count - 1].account > row->account; count--)
        out[count] = out[count - 1];
    out[count] = *row;
}

/* Accounts in the order of their keys; a customer who has left the pool counts for nothing. */
uint32_t
o2c__payer_known(const struct o2c__solve *solve, int32_t kind, o2c_str text, struct o2c__payer_known out[O2C__DISTINCTIVE])
{
    uint32_t at = O2C__NONE, found, count = 0;
    if (!solve->model->learned)
        return 0;
    o2c_str heap = o2c__text_heap_str(&solve->model->learned->learned.heap);
    while ((found = o2c__learned_next(solve->model, kind, text, &at)) != O2C__NONE) {
        const struct o2c__learned *row = &O2C__AT(&solve->model->learned->learned.rows, struct o2c__learned, found);
        if (row->state == O2C_LEARNED_STATE_REVOKED)
            continue;
        uint32_t account = o2c__index_account(solve->pool, o2c__ref_str(row->account, heap));
        if (account == O2C__NONE)
            continue;
        if (count == O2C__DISTINCTIVE)
            return O2C__NONE;
        put(out, count++, &(struct o2c__payer_known){ account, row->state == O2C_LEARNED_STATE_CONFIRMED, row->row });
    }
    if (kind == O2C_LEARNED_BANK_ACCOUNT && count >= COLLECTS_FOR)
        return 0;
    return count;
}

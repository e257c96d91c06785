/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <stdlib.h>

static uint64_t
hash_ref(uint64_t hash, o2c_ref ref, o2c_str heap)
{
    return keys_hash(hash, heap.ptr + ref.at, ref.len);
}

/* What the text says of items: the items themselves where it cites them, since the words around them tell nothing; else its bytes. */
static uint64_t
said_twin(const struct market *market, uint32_t payment, uint64_t hash)
{
    const struct market_truth *truth = &market->truth[payment];
    const o2c_payment *row = &market->payments.rows[payment];
    uint64_t items = 0;
    if (truth->flags & MARKET_CITED) {
        for (uint32_t i = 0; i < truth->lines_count; i++)
            items += keys_hash(4, &market->lines[truth->lines_at + i].item, sizeof(uint32_t));
        if (truth->lines_count == 0)
            items += keys_hash(4, &truth->closed_item, sizeof(uint32_t));
        return keys_hash(hash, &items, sizeof items);
    }
    for (uint32_t i = 0; i < row->texts_count; i++)
        hash = hash_ref(hash, market->payments.texts[row->texts_at + i].text, market->payments.heap);
    for (uint32_t i = 0; i < row->structured_count; i++)
        hash = hash_ref(hash, market->payments.texts[row->structured_at + i].text, market->payments.heap);
    return hash;
}

/* Equal for payments of one day that nobody can tell apart: payer, amount, and what is cited. */
static uint64_t
payment_twin(const struct market *market, uint32_t payment)
{
    o2c_str heap = market->payments.heap;
    const o2c_payment *row = &market->payments.rows[payment];
    uint64_t hash = hash_ref(3, row->payer_account, heap);
    hash = hash_ref(hash, row->customer_number, heap);
    hash = hash_ref(hash, row->company, heap);
    hash = keys_hash(hash, row->currency, 4);
    hash = keys_hash(hash, &row->amount_minor, sizeof row->amount_minor);
    return said_twin(market, payment, hash) | 1;
}

static struct score_case
case_of(const struct market *market, const struct books *books, uint32_t payment, struct score_line *lines)
{
    static const int32_t labels[] = { [MARKET_LABEL_UNKNOWN] = SCORE_UNKNOWN, [MARKET_LABEL_IDENT] = SCORE_IDENT,
                                      [MARKET_LABEL_LIKELY] = SCORE_LIKELY, [MARKET_LABEL_AMBIGUOUS] = SCORE_AMBIGUOUS,
                                      [MARKET_LABEL_NOTHING] = SCORE_NONE };
    const struct market_truth *truth = &market->truth[payment];
    const o2c_payment *row = &market->payments.rows[payment];
    struct score_case out = { .payment = payment, .group = payment_twin(market, payment), .scenario = truth->scenario, .label = labels[truth->label],
                              .p_star_ppm = truth->p_star_ppm, .pool = truth->pool, .amount_minor = row->amount_minor, .lines = lines,
                              .count = truth->lines_count };
    for (uint32_t i = 0; i < truth->lines_count; i++) {
        const struct market_line *line = &market->lines[truth->lines_at + i];
        lines[i] = (struct score_line){ .item = line->item, .twin = books_twin(books, line->item), .paid_minor = line->paid_minor,
                                        .cited = (truth->flags & MARKET_CITED) != 0 };
        lines[i].allowed_minor = line->discount_minor + line->charge_minor + line->withholding_minor;
        lines[i].rest_minor = line->short_minor + line->tolerance_minor;
    }
    return out;
}

bool
cases_make(struct cases *cases, const struct market *market, const struct books *books, uint32_t from, uint32_t to)
{
    uint64_t lines = 0;
    for (uint32_t i = from; i < to; i++)
        lines += market->truth[i].lines_count;
    *cases = (struct cases){ malloc((to - from + (uint64_t)1) * sizeof *cases->rows), malloc((lines + 1) * sizeof *cases->lines), to - from };
    struct score_line *next = cases->lines;
    if (!cases->rows || !cases->lines) {
        cases_free(cases);
        return false;
    }
    for (uint32_t i = from; i < to; i++) {
        cases->rows[i - from] = case_of(market, books, i, next);
        next += market->truth[i].lines_count;
    }
    return true;
}

void
cases_free(struct cases *cases)
{
    free(cases->rows);
    free(cases->lines);
    *cases = (struct cases){ 0 };
}

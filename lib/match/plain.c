/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nearly all payments that cite their items are explained without a search, nothing holds them back and their class is released: then all
 * their lines say the same, and nothing has to be settled, compared with rivals or given a reason. They are judged once and written in
 * one go. What choose.c, settle.c, gate.c and write.c say of such a payment is said here in the same words; whatever is not so goes
 * their way. A test compares the bytes of both.
 */
#include "match/plain.h"
#include "match/learn.h"
#include "match/text.h"
#include "match/write.h"

#define GATED (O2C_ITEM_FLAG_DISPUTED | O2C_ITEM_FLAG_BLOCKED | O2C_ITEM_FLAG_DIRECT_DEBIT | O2C_ITEM_FLAG_LEGAL)

/* Explained by one row and bounds, which are too light to be listed, and no advice that could be out of date. */
static bool
stands_alone(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why)
{
    if (!why->quick || !why->rows->ln_text || (solve->remitted && solve->remitted->first[one->row] != O2C__NONE))
        return false;
    return why->total - why->rows->mass < why->total / (1000000 / O2C__ALTERNATIVE_LUMP_PPM_MIN);
}

/* What label.c says at the end of its list, for the most usual of all. */
static bool
cites_as_printed(const struct o2c__case *one, const struct o2c__explanation *why)
{
    bool exact = true;
    for (uint32_t i = 0; i < why->items_count; i++)
        exact = exact && one->hits[why->hits[i]].error == O2C__REF_EXACT;
    return exact;
}

/* Label, class and the one number, as for every line. */
static bool
judge(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why, struct o2c__verdict *out)
{
    const struct o2c__hypothesis *row = why->rows;
    const struct o2c__payer *payer = &one->payers[row->payer];
    struct o2c__part part = { .item = why->items[0] };
    out->outcome_ppm = o2c__share_ppm(row->mass, why->total);
    out->label = part.label = cites_as_printed(one, why) ? O2C_LABEL_M03 : o2c__label(solve, one, why, row);
    if (out->label == O2C_LABEL_M22 || out->outcome_ppm < solve->policy->show_ppm)
        return false;
    out->payer_class = o2c__payer_class(one, row);
    out->payer_evidence = payer->evidence ? payer->evidence : 3;
    out->certificate = o2c__certificate(solve, why, row, part.item, row->mass);
    out->error_ppb = part.error_ppb = o2c__error_ppb(row->mass, why->total);
    out->line_class = part.line_class = o2c__line_class(out->label, out->payer_class, O2C_SCOPE_OWN, out->certificate);
    o2c__weigh_part(solve, payer->account, &part);
    out->confidence_ppm = part.confidence_ppm;
    out->class_error_ppm = part.class_error_ppm;
    return out->confidence_ppm >= solve->policy->auto_ppm && o2c__class_open(solve->model, solve->policy, out->line_class);
}

/* No gate of the payment, the payer or an item. */
static bool
is_free(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why)
{
    const o2c_match_pool *pool = solve->pool;
    const struct o2c__decision d = { .winner = why->rows, .payer = one->payers[why->rows->payer].account };
    uint32_t flags = 0;
    bool held = false;
    for (uint32_t i = 0; i < why->items_count; i++) {
        flags |= pool->flags[why->items[i]];
        held = held || (pool->earmark_bits && o2c__pool_earmarked(pool, why->items[i]));
    }
    return !held && !(flags & GATED) && !o2c__payment_gates(solve, one, why, &d) && !o2c__home_gates(solve, one, why->items[0]);
}

static bool
any_sampled(const struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why, uint32_t line_class)
{
    o2c_str payment = o2c__ref_str(one->payment->key, solve->payments->heap);
    bool sampled = false;
    for (uint32_t i = 0; i < why->items_count && solve->policy->sample_key_count && !sampled; i++)
        sampled = o2c__sampled(solve->model, solve->policy, line_class, payment,
                               o2c__pool_str(solve->pool, solve->pool->echo[why->items[i]].key));
    return sampled;
}

bool
o2c__plain(struct o2c__solve *solve, const struct o2c__case *one, const struct o2c__explanation *why, o2c_status *out_status,
           o2c_error *err)
{
    struct o2c__verdict verdict;
    if (!stands_alone(solve, one, why) || !is_free(solve, one, why) || !judge(solve, one, why, &verdict) ||
        any_sampled(solve, one, why, verdict.line_class))
        return false;
    *out_status = o2c__plain_write(solve, one, why, &verdict, err);
    return true;
}

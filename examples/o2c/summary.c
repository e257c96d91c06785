/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <string.h>

static const struct {
    const char *name, *words;
} funnels[FUNNEL_COUNT] = {
    { "not_receivable", "not receivable" }, { "auto", "auto" },         { "proposed", "proposed" },
    { "on_account", "on account" },         { "unidentified", "unidentified" }, { "parked", "parked" },
};

const char *
funnel_name(enum funnel funnel)
{
    return funnels[funnel].name;
}

const char *
funnel_words(enum funnel funnel)
{
    return funnels[funnel].words;
}

/* Each payment goes to exactly one step: what is not to be matched first, then what items say, then what is left. */
enum funnel
funnel_of(const o2c_proposal *proposal)
{
    switch (proposal->kind) {
    case O2C_KIND_APPLY:
        return proposal->band == O2C_BAND_AUTO ? FUNNEL_AUTO : FUNNEL_PROPOSED;
    case O2C_KIND_ON_ACCOUNT:
        return FUNNEL_ON_ACCOUNT;
    case O2C_KIND_UNIDENTIFIED:
        return FUNNEL_UNIDENTIFIED;
    default:
        return FUNNEL_NOT_AR;
    }
}

static struct totals *
totals_for(struct summary *summary, const char currency[4])
{
    for (uint32_t i = 0; i < summary->count; i++)
        if (memcmp(summary->currencies[i].currency, currency, 4) == 0)
            return &summary->currencies[i];
    if (summary->count == CURRENCIES_MAX)
        return NULL;
    struct totals *totals = &summary->currencies[summary->count++];
    memcpy(totals->currency, currency, 4);
    return totals;
}

/* Sums stay inside int64: 2^32 payments of at most 10^15 would not, so the sum stops at the edge instead of wrapping. */
static void
count_in(struct total *total, uint64_t lines, int64_t amount, int64_t moved)
{
    total->lines += lines;
    if (__builtin_add_overflow(total->amount, amount, &total->amount))
        total->amount = amount < 0 ? INT64_MIN : INT64_MAX;
    if (__builtin_add_overflow(total->moved, moved, &total->moved))
        total->moved = INT64_MAX;
}

static void
count_payment(struct summary *summary, const o2c_proposal *proposal)
{
    int64_t amount = proposal->amount_minor, moved = amount < 0 ? -amount : amount;
    enum funnel funnel = funnel_of(proposal);
    summary->lines[funnel].lines++;
    summary->all++;
    struct totals *totals = totals_for(summary, proposal->currency);
    if (!totals)
        return;
    count_in(&totals->all, 1, amount, moved);
    count_in(&totals->funnel[funnel], 1, amount, moved);
    if (proposal->band >= 0 && proposal->band < BANDS)
        count_in(&totals->band[proposal->band], 1, amount, moved);
    if (proposal->kind >= 0 && proposal->kind < KINDS)
        count_in(&totals->kind[proposal->kind], 1, amount, moved);
}

void
summary_of(const struct job *job, struct summary *out)
{
    memset(out, 0, sizeof(*out));
    for (uint64_t i = 0; i < job->count; i++)
        count_payment(out, &job->proposals[i]);
    for (uint64_t i = 0; i < job->parked_count; i++) {
        const o2c_match_parked *parked = &job->parked[i];
        out->lines[FUNNEL_PARKED].lines += parked->payments;
        struct totals *totals = totals_for(out, parked->currency);
        if (totals)
            count_in(&totals->funnel[FUNNEL_PARKED], parked->payments, parked->amount_minor, parked->amount_minor);
    }
}

static uint32_t
step_add(struct step *steps, uint32_t count, const char *words, int64_t minor, int32_t kind)
{
    if (minor == 0 && kind != 0)
        return count;
    steps[count] = (struct step){ words, minor, kind };
    return count + 1;
}

/* Amount + charge stated − rest = paid to items; paid + discount + … = cleared. Empty when currencies mix. */
uint32_t
waterfall_of(const struct job *job, uint64_t index, struct step steps[STEPS_MAX])
{
    const o2c_proposal *proposal = &job->proposals[index];
    o2c_line sum = { .paid_minor = 0 };
    for (uint32_t i = 0; i < proposal->lines_count; i++) {
        const o2c_line *line = &job->lines[proposal->lines_at + i];
        if (memcmp(line->currency, proposal->currency, 4) != 0)
            return 0;
        sum.discount_minor += line->discount_minor;
        sum.discount_tolerance_minor += line->discount_tolerance_minor;
        sum.tolerance_minor += line->tolerance_minor;
        sum.charge_minor += line->charge_minor;
        sum.withholding_minor += line->withholding_minor;
        sum.rounding_minor += line->rounding_minor;
        sum.deduction_minor += line->deduction_minor;
        sum.cleared_minor += line->cleared_minor;
        sum.remaining_minor += line->remaining_minor;
    }
    uint32_t n = step_add(steps, 0, "payment", proposal->amount_minor, 0);
    n = step_add(steps, n, "charge stated by the bank", proposal->charge_in_file_minor, 1);
    n = step_add(steps, n, "discount", sum.discount_minor, 1);
    n = step_add(steps, n, "discount within tolerance", sum.discount_tolerance_minor, 1);
    n = step_add(steps, n, "bank charge", sum.charge_minor, 1);
    n = step_add(steps, n, "withholding tax", sum.withholding_minor, 1);
    n = step_add(steps, n, "small difference", sum.tolerance_minor, 1);
    n = step_add(steps, n, "rounding", sum.rounding_minor, 1);
    n = step_add(steps, n, "deduction", sum.deduction_minor, 1);
    n = step_add(steps, n, "rest on account", -proposal->on_account_minor, -1);
    n = step_add(steps, n, "rest to be refunded", -proposal->refund_minor, -1);
    n = step_add(steps, n, "rest not applied", -proposal->unapplied_minor, -1);
    if (proposal->lines_count)
        n = step_add(steps, n, "items cleared", sum.cleared_minor, 0);
    return step_add(steps, n, "stays open", sum.remaining_minor, 2);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a clerk booked in the evening of each day: the truth, and now and then an item beside it. */
#include "market_inside.h"

/* An open item of the same customer that he takes for the right one; the right one when there is no other. */
static uint32_t
mistaken(struct making *making, struct market_random *random, const struct market_truth *truth, uint32_t item, int32_t day)
{
    uint32_t from = making->first_item[truth->owner], to = making->first_item[truth->owner + 1];
    for (int tries = 0; tries < 32; tries++) {
        uint32_t other = from + (uint32_t)market_below(random, to - from);
        const struct item *candidate = market_item(making, other);
        if (other != item && candidate->day <= day && candidate->amount > 0 && (candidate->gone == 0 || candidate->gone > day + 30))
            return other;
    }
    return item;
}

void
market_clerk(struct making *making)
{
    struct market *market = making->market;
    const struct market_options *options = making->options;
    uint32_t ppm = options->clerk_ppm ? options->clerk_ppm : options->scenario == 37 ? 3000 : 0;
    struct market_random random;
    market->clearings = market_alloc(market->lines_count, sizeof *market->clearings);
    market_random_stream(&random, making->seed, STREAM_CLERK, 0);
    for (uint64_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        int32_t day = market->payments.rows[i].value_day;
        for (uint32_t k = truth->lines_at; k < truth->lines_at + truth->lines_count; k++) {
            const struct market_line *line = &market->lines[k];
            struct market_clearing *row = &market->clearings[market->clearings_count++];
            bool errs = ppm && market_chance(&random, ppm);
            const struct item *item = market_item(making, line->item);
            *row = (struct market_clearing){ .payment = (uint32_t)i, .item = line->item, .applied_minor = line->paid_minor,
                                             .relief_minor = line->discount_minor + line->charge_minor + line->withholding_minor + line->tolerance_minor,
                                             .cleared_day = day, .known_day = day };
            /* A short payment that was granted closes its item the same evening. */
            if (line->short_minor && item->gone == day)
                row->relief_minor += line->short_minor;
            if (errs) {
                row->item = mistaken(making, &random, truth, line->item, day);
                row->wrong = row->item != line->item;
            }
        }
    }
}

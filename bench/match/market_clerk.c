/* SPDX-License-Identifier: Apache-2.0 */
/* What a clerk booked in the evening of each day: the truth, and now and then an item beside it. */
#include "market_inside.h"

/* An open item of the same customer that he takes for the right one; the right one when there is no other. */
static uint32_t
mistaken(struct making *making, struct market_random *random, const struct market_truth *truth, uint32_t item, int32_t day)
{
    uint32_t from = making->first_item[truth->owner], to = making->first_item[truth->owner + 1];
    for (int tries = 0; tries < 400; tries++) {
        uint32_t other = from + (uint32_t)market_below(random, to - from);
        const struct item *candidate = market_item(making, other);
        if (other != item && candidate->day <= day && candidate->amount > 0 && (candidate->gone == 0 || candidate->gone > day))
            return other;
    }
    return item;
}

static void
book(struct making *making, struct market_random *random, uint32_t ppm, uint32_t payment, const struct market_line *line)
{
    struct market *market = making->market;
    uint64_t at = market->clearings_count++;
    struct market_clearing *row = &market->clearings[at];
    int32_t day = market->payments.rows[payment].value_day;
    *row = (struct market_clearing){ .payment = payment, .item = line->item, .applied_minor = line->paid_minor, .cleared_day = day,
        .known_day = day };
    row->relief_minor = line->discount_minor + line->charge_minor + line->withholding_minor + line->tolerance_minor;
    /* A short payment that was granted closes its item the same evening. */
    if (line->short_minor && market_item(making, line->item)->gone == day)
        row->relief_minor += line->short_minor;
    if (ppm && market_chance(random, ppm) && market->truth[payment].owner != MARKET_NONE) {
        row->item = mistaken(making, random, &market->truth[payment], line->item, day);
        row->wrong = row->item != line->item;
    }
    market->cleared[at] = (o2c_clearing){ .payment = market->payments.rows[payment].key, .item = market->master.items[row->item].key,
                                          .applied_minor = row->applied_minor, .discount_minor = row->relief_minor, .cleared_day = day,
                                          .known_day = day };
}

void
market_clerk(struct making *making)
{
    struct market *market = making->market;
    const struct market_options *options = making->options;
    uint32_t ppm = options->clerk_ppm ? options->clerk_ppm : options->scenario == 37 ? 3000 : 0;
    struct market_random random;
    market->clearings = market_alloc(market->lines_count, sizeof *market->clearings);
    market->cleared = market_alloc(market->lines_count, sizeof *market->cleared);
    market_random_stream(&random, making->seed, STREAM_CLERK, 0);
    for (uint32_t i = 0; i < market->payments.count; i++) {
        const struct market_truth *truth = &market->truth[i];
        for (uint32_t k = truth->lines_at; k < truth->lines_at + truth->lines_count; k++)
            book(making, &random, ppm, i, &market->lines[k]);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Why an identifiable payment did not post itself: the first thing that held it, counted by scenario. For people who look for the rest. */
#include "replay_held.h"

#include <inttypes.h>
#include <string.h>

static const char *const why_words[HELD_WHYS] = { "", "NO_LINES", "WRONG", "GATE", "POSTERIOR", "CLASS_ERROR", "NOT_RELEASED", "OTHER" };

/* The weakest line speaks for the payment: lowest confidence, then the order of the lines. */
static const o2c_line *
weakest(const o2c_line *lines, uint32_t count)
{
    const o2c_line *least = lines;
    for (uint32_t i = 1; i < count; i++)
        if (lines[i].confidence_ppm < least->confidence_ppm)
            least = &lines[i];
    return least;
}

static bool
listed(const struct held_host *host, uint32_t line_class)
{
    for (uint64_t i = 0; i < host->released_count; i++)
        if (host->released[i] == line_class)
            return true;
    return false;
}

static struct held_row
reason_of(const struct held_host *host, const o2c_proposal *proposal, const o2c_line *lines, bool right)
{
    struct held_row row = { .why = HELD_OTHER };
    if (proposal->lines_count == 0)
        return (struct held_row){ .why = HELD_NO_LINES, .detail = (uint32_t)proposal->kind };
    const o2c_line *least = weakest(lines, proposal->lines_count);
    if (!right)
        return (struct held_row){ .why = HELD_WRONG, .detail = least->line_class };
    for (uint32_t i = 0; i < proposal->lines_count; i++)
        if (lines[i].gates)
            return (struct held_row){ .why = HELD_GATE, .detail = lines[i].gates };
    if (least->confidence_ppm < host->bar_ppm) {
        bool posterior = least->error_ppb > (1000000 - host->bar_ppm) * 1000;
        return (struct held_row){ .why = posterior ? HELD_POSTERIOR : HELD_CLASS_ERROR, .detail = least->line_class };
    }
    for (uint32_t i = 0; i < proposal->lines_count; i++)
        if (lines[i].band != O2C_BAND_AUTO && !listed(host, lines[i].line_class))
            return (struct held_row){ .why = HELD_NOT_RELEASED, .detail = lines[i].line_class };
    return row;
}

void
held_add(struct held *held, const struct held_host *host, int32_t scenario, const o2c_proposal *proposal, const o2c_line *lines, bool right)
{
    struct held_row row = reason_of(host, proposal, lines, right);
    row.scenario = scenario;
    for (uint32_t i = 0; i < held->count; i++) {
        struct held_row *at = &held->rows[i];
        if (at->scenario == row.scenario && at->why == row.why && at->detail == row.detail) {
            at->payments++;
            return;
        }
    }
    if (held->count == HELD_ROWS) {
        held->unlisted++;
        return;
    }
    row.payments = 1;
    held->rows[held->count++] = row;
}

void
held_write(const struct held *held, FILE *out)
{
    fputs(",\"held\":[", out);
    for (uint32_t i = 0; i < held->count; i++) {
        const struct held_row *row = &held->rows[i];
        fprintf(out, "%s{\"scenario\":\"S%02" PRId32 "\",\"why\":\"%s\",\"detail\":%" PRIu32 ",\"payments\":%" PRIu64 "}", i ? "," : "",
                row->scenario, why_words[row->why], row->detail, row->payments);
    }
    fprintf(out, "],\"held_unlisted\":%" PRIu64, held->unlisted);
}

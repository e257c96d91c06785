/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measured precision: what the blind audit sample says, and nothing else (MATCHER 15.3). The correction rate stands beside it under its own
 * name, because it falls as well when nobody looks.
 */
#include "match/learning.h"

/* A line that would have posted itself, answered by somebody who had not seen our answer. */
static bool
is_sampled(const o2c_feedback *row)
{
    bool judged = row->verdict == O2C_VERDICT_CONFIRMED || row->verdict == O2C_VERDICT_MODIFIED || row->verdict == O2C_VERDICT_REJECTED;
    return judged && row->source == O2C_FEEDBACK_BLIND && row->would_auto;
}

static uint32_t
share_up(uint64_t part, uint64_t whole)
{
    if (whole == 0)
        return 0;
    return part >= whole ? 1000000 : (uint32_t)(1000000 - o2c__muldiv_floor(whole - part, 1000000, whole));
}

o2c_status
o2c_match_measure_precision(const o2c_feedback *rows, uint64_t count, const o2c_str *heap, uint32_t line_class, o2c_match_precision *out,
                            o2c_error *err)
{
    if (!out || (count && (!rows || !heap)))
        return o2c__fail(err, O2C_E_MISUSE, NULL, "rows, heap or out is NULL");
    o2c_status status = o2c__feedback_check(rows, count, count ? *heap : (o2c_str){ NULL, 0 }, err);
    if (status)
        return status;
    *out = (o2c_match_precision){ .line_class = line_class };
    for (uint64_t i = 0; i < count; i++) {
        const o2c_feedback *row = &rows[i];
        if (line_class && row->line_class != line_class)
            continue;
        out->sample_lines += is_sampled(row);
        out->sample_wrong += is_sampled(row) && o2c__judged_wrong(row);
        out->posted += row->verdict == O2C_VERDICT_POSTED;
        out->corrected += o2c__corrects(row);
    }
    out->precision_ppm = out->sample_lines ? 1000000 - share_up(out->sample_wrong, out->sample_lines) : 0;
    out->bound_ppm = o2c_match_bound_ppm(out->sample_wrong, out->sample_lines);
    out->correction_ppm = share_up(out->corrected, out->posted);
    return O2C_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "line.h"

#include <inttypes.h>
#include <sys/resource.h>

static double
ratio(uint64_t a, uint64_t b)
{
    return b ? (double)a / (double)b : 0;
}

void
line_write(const struct line *line, FILE *out)
{
    fprintf(out, "\"scenario\":\"%s\",\"items\":%" PRIu64 ",\"payments\":%" PRIu64 ",\"seed\":%" PRIu64 ",\"threads\":%" PRIu64, line->scenario,
            line->items, line->payments, line->seed, line->threads);
    fprintf(out, ",\"payments_per_s\":%.0f,\"ns_per_payment\":%.0f", ratio(line->payments, line->solve_ns) * 1e9,
            ratio(line->solve_ns, line->payments));
    fprintf(out, ",\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f", line->latency_ns[0] / 1e3, line->latency_ns[1] / 1e3,
            line->latency_ns[2] / 1e3);
    fprintf(out, ",\"bytes_per_item\":%.1f,\"build_items_per_s\":%.0f,", ratio(line->bytes, line->bytes_items),
            ratio(line->build_rows, line->build_ns) * 1e9);
    score_write_core(line->score, out);
    fputs(",\"output_sha256\":\"", out);
    for (int i = 0; i < 32; i++)
        fprintf(out, "%02x", line->sha[i]);
    fputc('"', out);
}

uint64_t
line_rss_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024 : 0;
}

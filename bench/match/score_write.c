/* SPDX-License-Identifier: Apache-2.0 */
/* What the counters say: shares, bounds, calibration, and the members of the JSON object. Integers throughout. */
#include <inttypes.h>

#include "bound.h"
#include "score.h"

#define MILLION UINT64_C(1000000)
__extension__ typedef unsigned __int128 wide;

const uint32_t score_bar_ppm[SCORE_BARS] = { 500000, 600000, 700000, 800000, 850000, 900000, 925000, 950000, 960000, 970000, 980000,
                                             985000, 990000, 992500, 995000, 997000, 998000, 999000, 999500, 999900, 999990 };
static const char *const label_words[SCORE_LABELS] = { "", "IDENT", "LIKELY", "AMBIGUOUS", "NONE", "UNKNOWN" };

uint32_t
score_share_ppm(uint64_t part, uint64_t whole)
{
    return whole ? (uint32_t)((wide)part * MILLION / whole) : 0;
}

uint32_t
score_precision_ppm(uint64_t wrong, uint64_t count)
{
    return count ? score_share_ppm(count - wrong, count) : 0;
}

uint32_t
score_precision_low_ppm(uint64_t wrong, uint64_t count)
{
    return (uint32_t)(MILLION - bound_ppm(wrong, count));
}

/* 10^6 · 2^(−bin/2), rounded down: the bins are half powers of two in the error. */
static const uint32_t bin_ppm[SCORE_BINS] = { 1000000, 707106, 500000, 353553, 250000, 176776, 125000, 88388, 62500, 44194, 31250,
                                              22097,   15625,  11048,  7812,   5524,   3906,   2762,   1953,  1381,  976,   690,
                                              488,     345,    244,    172,    122,    86,     61,     43,    30,    21 };

uint32_t
score_bin_from_ppm(uint32_t bin)
{
    return bin_ppm[bin];
}

uint32_t
score_bin_of(uint32_t confidence_ppm)
{
    uint32_t error = confidence_ppm < MILLION ? (uint32_t)MILLION - confidence_ppm : 0, bin = 0;
    while (bin + 1 < SCORE_BINS && error <= bin_ppm[bin + 1])
        bin++;
    return bin;
}

uint32_t
score_ece_ppm(const struct score *score)
{
    uint64_t lines = 0, gap = 0;
    for (uint32_t i = 0; i < SCORE_BINS; i++) {
        uint64_t seen = score->bins[i].right * MILLION, said = score->bins[i].confidence;
        lines += score->bins[i].lines;
        gap += seen > said ? seen - said : said - seen;
    }
    return lines ? (uint32_t)((gap + lines - 1) / lines) : 0;
}

void
score_write_core(const struct score *score, FILE *out)
{
    const struct score_slice *all = &score->total;
    fprintf(out, "\"identifiable\":%" PRIu64 ",\"auto\":%" PRIu64 ",\"auto_wrong\":%" PRIu64, all->identifiable.payments,
            all->automatic.payments, all->wrong.payments);
    fprintf(out, ",\"auto_rate_ppm\":%" PRIu32 ",\"line_auto_rate_ppm\":%" PRIu32,
            score_share_ppm(all->identified.payments, all->identifiable.payments),
            score_share_ppm(all->identified.lines, all->identifiable.lines));
    fprintf(out, ",\"precision_ppm\":%" PRIu32 ",\"precision_low_ppm\":%" PRIu32,
            score_precision_ppm(all->wrong.payments, all->automatic.payments),
            score_precision_low_ppm(all->wrong.payments, all->automatic.payments));
    fprintf(out, ",\"abstain_correct_ppm\":%" PRIu32 ",\"ece_ppm\":%" PRIu32 ",\"ops_max\":%" PRIu64,
            all->abstain_due ? score_share_ppm(all->abstained, all->abstain_due) : (uint32_t)MILLION, score_ece_ppm(score),
            score->operations_max);
}

static void
write_slice(const struct score_slice *slice, FILE *out)
{
    fprintf(out, "\"payments\":%" PRIu64 ",\"lines\":%" PRIu64 ",\"identifiable\":%" PRIu64 ",\"auto\":%" PRIu64 ",\"auto_wrong\":%" PRIu64,
            slice->seen.payments, slice->seen.lines, slice->identifiable.payments, slice->automatic.payments, slice->wrong.payments);
    fprintf(out, ",\"auto_ident\":%" PRIu64 ",\"lucky\":%" PRIu64 ",\"line_auto\":%" PRIu64 ",\"line_wrong\":%" PRIu64,
            slice->identified.payments, slice->lucky.payments, slice->automatic.lines, slice->wrong.lines);
    fprintf(out, ",\"abstain_due\":%" PRIu64 ",\"abstained\":%" PRIu64 ",\"proposed\":%" PRIu64 ",\"top1\":%" PRIu64 ",\"top3\":%" PRIu64,
            slice->abstain_due, slice->abstained, slice->proposed, slice->top1, slice->top3);
}

/* By count and by money, by payment and by line: what the core does not say. */
static void
write_totals(const struct score *score, FILE *out)
{
    const struct score_slice *all = &score->total;
    fprintf(out, ",\"lines\":%" PRIu64 ",\"line_auto\":%" PRIu64 ",\"line_wrong\":%" PRIu64 ",\"line_precision_ppm\":%" PRIu32
            ",\"line_precision_low_ppm\":%" PRIu32,
            all->seen.lines, all->automatic.lines, all->wrong.lines, score_precision_ppm(all->wrong.lines, all->automatic.lines),
            score_precision_low_ppm(all->wrong.lines, all->automatic.lines));
    fprintf(out, ",\"auto_rate_all_ppm\":%" PRIu32 ",\"line_auto_rate_all_ppm\":%" PRIu32 ",\"auto_rate_money_ppm\":%" PRIu32
            ",\"line_auto_rate_money_ppm\":%" PRIu32 ",\"auto_rate_all_money_ppm\":%" PRIu32 ",\"auto_wrong_money_ppm\":%" PRIu32,
            score_share_ppm(all->automatic.payments, all->seen.payments), score_share_ppm(all->automatic.lines, all->seen.lines),
            score_share_ppm(all->identified.money, all->identifiable.money),
            score_share_ppm(all->identified.line_money, all->identifiable.line_money),
            score_share_ppm(all->automatic.money, all->seen.money), score_share_ppm(all->wrong.money, all->automatic.money));
    fprintf(out, ",\"lucky\":%" PRIu64 ",\"interchangeable\":%" PRIu64 ",\"interchangeable_lines\":%" PRIu64
            ",\"abstain_due\":%" PRIu64 ",\"proposed\":%" PRIu64 ",\"top1_ppm\":%" PRIu32 ",\"top3_ppm\":%" PRIu32,
            all->lucky.payments, all->twins.payments, all->twins.lines, all->abstain_due, all->proposed,
            score_share_ppm(all->top1, all->proposed), score_share_ppm(all->top3, all->proposed));
    fprintf(out, ",\"ceiling\":%" PRIu64 ",\"ceiling_share_ppm\":%" PRIu32 ",\"forgotten\":%" PRIu64 ",\"answered_twice\":%" PRIu64
            ",\"strangers\":%" PRIu64 ",\"operations\":%" PRIu64,
            score->ceiling, score_share_ppm(all->automatic.payments - all->wrong.payments, score->ceiling), score->forgotten, score->twice,
            score->strangers, score->operations);
}

static void
write_curve(const struct score *score, FILE *out)
{
    struct score_bar sum = { 0 };
    const char *comma = "";
    fputs(",\"curve\":[", out);
    for (uint32_t i = SCORE_BARS; i > 0; i--) {
        const struct score_bar *bar = &score->bars[i];
        sum.payments += bar->payments;
        sum.lines += bar->lines;
        sum.wrong += bar->wrong;
        sum.wrong_lines += bar->wrong_lines;
        sum.identified += bar->identified;
        fprintf(out, "%s{\"bar_ppm\":%" PRIu32 ",\"auto\":%" PRIu64 ",\"wrong\":%" PRIu64 ",\"lines\":%" PRIu64 ",\"wrong_lines\":%" PRIu64
                ",\"rate_ppm\":%" PRIu32 ",\"rate_all_ppm\":%" PRIu32 ",\"precision_ppm\":%" PRIu32 ",\"precision_low_ppm\":%" PRIu32 "}",
                comma, score_bar_ppm[i - 1], sum.payments, sum.wrong, sum.lines, sum.wrong_lines,
                score_share_ppm(sum.identified, score->total.identifiable.payments), score_share_ppm(sum.payments, score->total.seen.payments),
                score_precision_ppm(sum.wrong, sum.payments), score_precision_low_ppm(sum.wrong, sum.payments));
        comma = ",";
    }
    fputc(']', out);
}

static void
write_reliability(const struct score *score, FILE *out)
{
    const char *comma = "";
    fputs(",\"reliability\":[", out);
    for (uint32_t i = 0; i < SCORE_BINS; i++) {
        const struct score_bin *bin = &score->bins[i];
        if (bin->lines == 0)
            continue;
        fprintf(out, "%s{\"bin\":%" PRIu32 ",\"error_ppm\":%" PRIu32 ",\"lines\":%" PRIu64 ",\"said_ppm\":%" PRIu64 ",\"seen_ppm\":%" PRIu32 "}",
                comma, i, bin_ppm[i], bin->lines, bin->confidence / bin->lines, score_share_ppm(bin->right, bin->lines));
        comma = ",";
    }
    fputc(']', out);
}

/* Ascending by class, so that the order of the table does not show. */
static void
write_classes(const struct score *score, FILE *out)
{
    const char *comma = "";
    uint64_t from = 0;
    fputs(",\"classes\":[", out);
    for (;;) {
        const struct score_class *next = NULL;
        for (uint32_t i = 0; i < SCORE_CLASSES; i++) {
            const struct score_class *row = &score->classes[i];
            if (row->lines && row->line_class >= from && (!next || row->line_class < next->line_class))
                next = row;
        }
        if (!next)
            break;
        fprintf(out, "%s{\"class\":%" PRIu32 ",\"auto_lines\":%" PRIu64 ",\"wrong\":%" PRIu64 ",\"bound_ppm\":%" PRIu32 "}", comma,
                next->line_class, next->lines, next->wrong, bound_ppm(next->wrong, next->lines));
        from = (uint64_t)next->line_class + 1;
        comma = ",";
    }
    fputc(']', out);
}

static void
write_grid(const struct score *score, FILE *out)
{
    const char *comma = "";
    fputs(",\"pool_by_set\":[", out);
    for (uint32_t pool = 0; pool < SCORE_POOLS; pool++) {
        for (uint32_t set = 0; set < SCORE_SETS; set++) {
            const struct score_slice *slice = &score->grid[pool][set];
            if (slice->seen.payments == 0)
                continue;
            fprintf(out, "%s{\"pool\":%" PRIu32 ",\"set\":%" PRIu32 ",\"payments\":%" PRIu64 ",\"auto\":%" PRIu64 ",\"wrong\":%" PRIu64 "}",
                    comma, pool, set, slice->seen.payments, slice->automatic.payments, slice->wrong.payments);
            comma = ",";
        }
    }
    fputc(']', out);
}

void
score_write_more(const struct score *score, FILE *out)
{
    const char *comma = "";
    write_totals(score, out);
    fputs(",\"labels\":[", out);
    for (uint32_t i = 1; i < SCORE_LABELS; i++) {
        fprintf(out, "%s{\"label\":\"%s\",", i > 1 ? "," : "", label_words[i]);
        write_slice(&score->label[i], out);
        fputc('}', out);
    }
    fputs("],\"scenarios\":[", out);
    for (uint32_t i = 1; i < SCORE_SCENARIOS; i++) {
        if (score->scenario[i].seen.payments == 0)
            continue;
        fprintf(out, "%s{\"id\":\"S%02" PRIu32 "\",", comma, i);
        write_slice(&score->scenario[i], out);
        fputc('}', out);
        comma = ",";
    }
    fputc(']', out);
    write_curve(score, out);
    write_reliability(score, out);
    write_classes(score, out);
    write_grid(score, out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mix_bench.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "executor.h"
#include "line.h"
#include "replay.h"

#define LATENCIES 20000u

static struct line
line_of(const struct mix_options *options, const struct replay *replay)
{
    struct line line = { .scenario = options->scenario, .items = replay->market->master.items_count, .payments = replay->payments,
                         .seed = options->seed, .threads = options->threads, .score = replay->score };
    o2c__sha256 sha = replay->sha;
    line.solve_ns = options->threads > 1 ? replay->solve_wall_ns : replay->solve_ns;
    line.latency_ns[0] = replay_latency(replay, 500);
    line.latency_ns[1] = replay_latency(replay, 990);
    line.latency_ns[2] = replay_latency(replay, 999);
    line.bytes = replay->bytes_max;
    line.bytes_items = replay->items_max;
    line.build_rows = replay->build_rows;
    line.build_ns = replay->build_ns;
    o2c__sha256_end(&sha, line.sha);
    return line;
}

/* What the history said of each class: which are released, and how far the others are from it. */
static void
write_history(const struct replay *replay, FILE *out)
{
    fputs(",\"history_classes\":[", out);
    for (uint64_t i = 0; i < replay->history_classes_count; i++) {
        const o2c_match_class_result *row = &replay->history_classes[i];
        fprintf(out, "%s{\"class\":%" PRIu32 ",\"proposed\":%" PRIu64 ",\"lines\":%" PRIu64 ",\"different\":%" PRIu64 ",\"bound_ppm\":%" PRIu32
                ",\"needed\":%" PRIu64 ",\"released\":%d}", i ? "," : "", row->line_class, row->proposed, row->lines, row->different,
                row->bound_ppm, row->needed, row->released || row->verdict == O2C_RELEASE_RELEASABLE);
    }
    fputc(']', out);
}

static void
write_json(const struct mix_options *options, const struct replay *replay, FILE *out)
{
    struct line line = line_of(options, replay);
    fputc('{', out);
    line_write(&line, out);
    fprintf(out, ",\"history_ppm\":%" PRIu32 ",\"max_error_ppm\":%" PRIu32 ",\"released\":%" PRIu64 ",\"days\":%" PRId32,
            replay->options.history_ppm, replay->max_error_ppm, replay->released_count,
            replay->market->first_day + replay->market->days - replay->scored_from);
    fprintf(out, ",\"latencies\":%" PRIu64 ",\"rss_bytes\":%" PRIu64, replay->latency_count, line_rss_bytes());
    fprintf(out, ",\"update_rows\":%" PRIu64 ",\"update_ns\":%" PRIu64 ",\"measure_ns\":%" PRIu64 ",\"solve_wall_ns\":%" PRIu64,
            replay->update_rows, replay->update_ns, replay->measure_ns, replay->solve_wall_ns);
    fprintf(out, ",\"history_payments\":%" PRIu64 ",\"history_ns\":%" PRIu64 ",\"model_bytes\":%" PRIu64, replay->history_payments, replay->history_ns,
            replay->model_bytes);
    if (!options->brief) {
        score_write_more(replay->score, out);
        write_history(replay, out);
        held_write(&replay->held, out);
    }
    fputs("}\n", out);
}

/* For a person: what stands in the JSON, one figure a line. */
static void
write_text(const struct mix_options *options, const struct replay *replay, FILE *out)
{
    const struct score_slice *all = &replay->score->total;
    struct line line = line_of(options, replay);
    fprintf(out, "%s, seed %" PRIu64 ": %" PRIu64 " items, %" PRIu64 " payments scored, %" PRIu64 " of history before; %" PRIu64 " classes released\n", line.scenario,
            line.seed, line.items, line.payments, replay->history_payments, replay->released_count);
    fprintf(out, "  automatic    %8.3f %% of identifiable payments, %.3f %% of their lines, %.3f %% of all payments\n",
            score_share_ppm(all->identified.payments, all->identifiable.payments) / 1e4,
            score_share_ppm(all->identified.lines, all->identifiable.lines) / 1e4,
            score_share_ppm(all->automatic.payments, all->seen.payments) / 1e4);
    fprintf(out, "  right        %8.4f %% of automatic payments (at least %.4f), %.4f %% of automatic lines (at least %.4f)\n",
            score_precision_ppm(all->wrong.payments, all->automatic.payments) / 1e4,
            score_precision_low_ppm(all->wrong.payments, all->automatic.payments) / 1e4,
            score_precision_ppm(all->wrong.lines, all->automatic.lines) / 1e4,
            score_precision_low_ppm(all->wrong.lines, all->automatic.lines) / 1e4);
    fprintf(out, "  wrong        %8" PRIu64 " payments, %" PRIu64 " lines; lucky %" PRIu64 "; through an interchangeable item %" PRIu64 "\n",
            all->wrong.payments, all->wrong.lines, all->lucky.payments, all->twins.payments);
    fprintf(out, "  abstained    %8.3f %% of the %" PRIu64 " that nobody could know\n", score_share_ppm(all->abstained, all->abstain_due) / 1e4,
            all->abstain_due);
    fprintf(out, "  calibration  %8.3f %% expected error\n", score_ece_ppm(replay->score) / 1e4);
    fprintf(out, "  proposed     %8" PRIu64 ", first right %.1f %%, among three %.1f %%\n", all->proposed, score_share_ppm(all->top1, all->proposed) / 1e4,
            score_share_ppm(all->top3, all->proposed) / 1e4);
    fprintf(out, "  speed        %8.0f payments/s; one by one p50 %.1f, p99 %.1f, p99.9 %.1f us; at most %" PRIu64 " operations\n",
            line.solve_ns ? (double)line.payments / (double)line.solve_ns * 1e9 : 0, line.latency_ns[0] / 1e3, line.latency_ns[1] / 1e3,
            line.latency_ns[2] / 1e3, replay->score->operations_max);
    for (uint32_t i = 1; i < SCORE_SCENARIOS; i++) {
        const struct score_slice *one = &replay->score->scenario[i];
        if (one->seen.payments)
            fprintf(out, "  S%02" PRIu32 " %8" PRIu64 " payments, %8" PRIu64 " identifiable, auto %7.3f %% of them, wrong %" PRIu64 ", proposed %" PRIu64
                    " (first right %.1f %%)\n", i, one->seen.payments, one->identifiable.payments,
                    score_share_ppm(one->identified.payments, one->identifiable.payments) / 1e4, one->wrong.payments, one->proposed,
                    score_share_ppm(one->top1, one->proposed) / 1e4);
    }
}

int
mix_bench(const struct mix_options *options)
{
    int32_t scenario = market_scenario(options->scenario);
    struct executor executor;
    if (scenario < 0 || executor_open(&executor, options->threads) != 0)
        return 2;
    struct market_options wanted = { .seed = options->seed, .items = (uint32_t)options->items, .scenario = scenario };
    struct market *market = market_make(&wanted);
    struct replay_options how = { .market = market, .history_ppm = options->history_ppm, .max_error_ppm = options->max_error_ppm,
                                  .latency_max = LATENCIES, .payments_max = options->payments,
                                  .executor = options->threads > 1 ? &executor.lent : NULL };
    struct replay replay;
    FILE *answers = options->write_answers ? fopen(options->write_answers, "w") : NULL;
    if (options->write_answers && !answers) {
        perror(options->write_answers);
        return 2;
    }
    how.answers = answers;
    how.wrong = options->wrong ? stderr : NULL;
    replay_run(&replay, &how);
    if (options->json)
        write_json(options, &replay, stdout);
    else
        write_text(options, &replay, stdout);
    replay_free(&replay);
    market_free(market);
    executor_close(&executor);
    return answers && fclose(answers) != 0 ? 1 : 0;
}

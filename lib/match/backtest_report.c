/* SPDX-License-Identifier: Apache-2.0 */
/* The report: made empty, filled by the replay, finished from its answers, read by accessors. */
#include "match/backtest.h"

o2c_status
o2c__report_new(const o2c__context *context, o2c_match_report **out, o2c_error *err)
{
    o2c__context own = *context;
    o2c_match_report *report = o2c__alloc_zero(&own.memory, 1, sizeof *report);
    if (!report)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a report");
    report->context = own;
    o2c__memory *memory = &report->context.memory;
    o2c__vector_init(&report->answers, memory, sizeof(o2c_match_answer));
    o2c__vector_init(&report->lines, memory, sizeof(o2c_match_answer_line));
    o2c__vector_init(&report->rates, memory, sizeof(o2c_match_rate));
    o2c__vector_init(&report->curve, memory, sizeof(o2c_match_rate));
    o2c__vector_init(&report->classes, memory, sizeof(o2c_match_class_result));
    o2c__vector_init(&report->held, memory, sizeof(o2c_match_held));
    o2c__vector_init(&report->calibration, memory, sizeof(o2c_match_calibration));
    o2c__vector_init(&report->disagreements, memory, sizeof(o2c_match_disagreement));
    o2c__vector_init(&report->theirs, memory, sizeof(o2c_match_theirs));
    o2c__text_heap_init(&report->heap, memory);
    *out = report;
    return O2C_OK;
}

void
o2c_match_report_free(o2c_match_report *report)
{
    if (!report)
        return;
    o2c__vector *vectors[] = { &report->answers, &report->lines,       &report->rates,         &report->curve, &report->classes,
                               &report->held,    &report->calibration, &report->disagreements, &report->theirs };
    for (size_t i = 0; i < O2C__COUNT(vectors); i++)
        o2c__vector_free(vectors[i]);
    o2c__text_heap_free(&report->heap);
    o2c_match_model_free(report->model);
    o2c__memory memory = report->context.memory;
    o2c__release(&memory, report, sizeof *report);
}

void
o2c__report_add(int64_t *sum, int64_t amount)
{
    if (!o2c__add(*sum, amount, sum))
        *sum = amount > 0 ? INT64_MAX : -INT64_MAX;
}

/* ---- header */

/* The currency of most payments; among equals the first by name. */
void
o2c__report_currency(struct o2c__replay *replay)
{
    char *out = replay->report->header.currency;
    char names[64][4];
    uint64_t counts[64], best = 0;
    size_t known = 0, at;
    memset(counts, 0, sizeof counts);
    for (uint64_t i = 0; i < replay->payments.count; i++) {
        const char *name = replay->payments.rows[i].currency;
        for (at = 0; at < known && memcmp(names[at], name, 4) != 0; at++)
            ;
        if (at == O2C__COUNT(counts))
            continue; /* a history of more than 64 currencies: those met later are not asked */
        if (at == known)
            memcpy(names[known++], name, 4);
        counts[at]++;
    }
    for (at = 0; at < known; at++) {
        bool more = counts[at] > best || (counts[at] == best && memcmp(names[at], out, 4) < 0);
        if (more) {
            best = counts[at];
            memcpy(out, names[at], 4);
        }
    }
}

static void
fill_header(struct o2c__replay *replay)
{
    o2c_match_report *report = replay->report;
    o2c_match_report_header *header = &report->header;
    header->struct_size = sizeof *header;
    report->differences.struct_size = sizeof report->differences;
    header->payments = replay->payments.count;
    header->learn_accounts = replay->options.learn_accounts != 0;
    header->max_error_ppm = replay->rules->policy.max_error_ppm;
    header->auto_ppm = replay->rules->policy.auto_ppm;
    header->rules = O2C__RULES;
    memcpy(header->policy_hash, replay->rules->hash, sizeof header->policy_hash);
    memcpy(header->last_model_hash, replay->model->hash, sizeof header->last_model_hash);
    for (size_t i = 0; i < report->answers.count; i++) {
        const o2c_match_answer *answer = &O2C__AT(&report->answers, o2c_match_answer, i);
        if (replay->payments.rows[answer->payment].route != O2C_ROUTE_CUSTOMER)
            continue;
        header->customer++;
        header->judged += answer->cleared_count > 0;
        header->lines += answer->cleared_count;
        if (memcmp(answer->currency, header->currency, 4) == 0)
            o2c__report_add(&header->money_minor, answer->amount_minor);
    }
}

/* ---- digest: every field in a fixed order and width, so that machines agree. Indexes into the history are not part of it. */
static void
digest_line(o2c__writer *writer, const struct o2c__replay *replay, const o2c_match_answer_line *line)
{
    o2c__write_str(writer, o2c__ref_str(replay->master.items[line->item].key, replay->master.heap));
    o2c__write_u64(writer, (uint64_t)line->paid_minor);
    o2c__write_u64(writer, (uint64_t)line->cleared_minor);
    o2c__write_u32(writer, line->line_class);
    o2c__write_u32(writer, (uint32_t)line->band);
    o2c__write_u32(writer, (uint32_t)line->agreement);
    o2c__write_u32(writer, line->error_ppb);
    o2c__write_u32(writer, line->confidence_ppm);
    o2c__write_u32(writer, line->gates);
    o2c__write_u32(writer, line->reasons);
    o2c__write_u32(writer, line->would_auto);
}

static bool
digest(struct o2c__replay *replay)
{
    o2c_match_report *report = replay->report;
    o2c__writer writer;
    o2c__sha256 sha;
    bool whole = true;
    o2c__sha256_init(&sha);
    o2c__writer_init(&writer, &replay->context.memory);
    for (size_t i = 0; whole && i < report->answers.count; i++) {
        const o2c_match_answer *answer = &O2C__AT(&report->answers, o2c_match_answer, i);
        writer.bytes.count = 0;
        o2c__write_str(&writer, o2c__ref_str(replay->payments.rows[answer->payment].key, replay->payments.heap));
        o2c__write_u32(&writer, (uint32_t)answer->day);
        o2c__write_u32(&writer, (uint32_t)answer->kind);
        o2c__write_u32(&writer, (uint32_t)answer->band);
        o2c__write_u32(&writer, (uint32_t)answer->agreement);
        o2c__write_u32(&writer, (uint32_t)answer->possible);
        o2c__write_u32(&writer, answer->lines_count);
        for (uint32_t k = 0; k < answer->lines_count; k++)
            digest_line(&writer, replay, &O2C__AT(&report->lines, o2c_match_answer_line, answer->lines_at + k));
        whole = !writer.failed;
        o2c__sha256_add(&sha, writer.bytes.rows, writer.bytes.count);
    }
    o2c__sha256_end(&sha, report->header.answers_hash);
    o2c__writer_free(&writer);
    return whole;
}

o2c_status
o2c__report_build(struct o2c__replay *replay, o2c_error *err)
{
    o2c_status drawn = o2c__report_draw(replay, err);
    if (drawn)
        return drawn;
    fill_header(replay);
    if (!digest(replay))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the digest of a report");
    o2c_status status = o2c__report_tables(replay, err);
    if (!status)
        status = o2c__report_rates(replay, err);
    if (!status) {
        replay->report->model = replay->model;
        replay->model = NULL;
    }
    return status;
}

/* ---- accessors */
void
o2c_match_report_header_read(const o2c_match_report *report, o2c_match_report_header *out)
{
    o2c__options_write(out, &report->header, sizeof report->header, sizeof report->header);
}

void
o2c_match_report_differences(const o2c_match_report *report, o2c_match_differences *out)
{
    o2c__options_write(out, &report->differences, sizeof report->differences, sizeof report->differences);
}

#define ACCESSOR(name, type)                                                                                                              \
    void o2c_match_report_##name(const o2c_match_report *report, const type **out_rows, uint64_t *out_count)                             \
    {                                                                                                                                     \
        *out_rows = report->name.rows;                                                                                                    \
        *out_count = report->name.count;                                                                                                  \
    }
ACCESSOR(rates, o2c_match_rate)
ACCESSOR(curve, o2c_match_rate)
ACCESSOR(classes, o2c_match_class_result)
ACCESSOR(held, o2c_match_held)
ACCESSOR(disagreements, o2c_match_disagreement)
ACCESSOR(theirs, o2c_match_theirs)
ACCESSOR(answers, o2c_match_answer)
ACCESSOR(lines, o2c_match_answer_line)

void
o2c_match_report_calibration(const o2c_match_report *report, const o2c_match_calibration **out_rows, uint64_t *out_count,
                             uint32_t *out_error_ppm)
{
    *out_rows = report->calibration.rows;
    *out_count = report->calibration.count;
    if (out_error_ppm)
        *out_error_ppm = report->calibration_error_ppm;
}

void
o2c_match_report_heap(const o2c_match_report *report, o2c_str *out_heap)
{
    *out_heap = o2c__text_heap_str(&report->heap);
}

const o2c_match_model *
o2c_match_report_model(const o2c_match_report *report)
{
    return report->model;
}

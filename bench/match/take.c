/* SPDX-License-Identifier: Apache-2.0 */
#include "take.h"

#include <inttypes.h>
#include <stdlib.h>

static o2c_str
text_of(o2c_ref ref, o2c_str heap)
{
    return ref.len && (size_t)ref.at + ref.len <= heap.len ? (o2c_str){ heap.ptr + ref.at, ref.len } : (o2c_str){ "", 0 };
}

/*
 * A discount taken too late is a discount in the truth: whether it is granted is the host's policy. A small difference written away is
 * still owed in the truth, for the same reason.
 */
static void
take_line(const o2c_line *line, o2c_str heap, const struct take_items *items, struct score_line *out)
{
    bool late = line->deduction_reason == O2C_DEDUCTION_DISCOUNT_UNEARNED;
    uint32_t item = keys_find(items->keys, text_of(line->item, heap));
    *out = (struct score_line){ .item = item, .line_class = line->line_class, .confidence_ppm = line->confidence_ppm, .band = line->band };
    out->twin = item == KEYS_NONE ? 0 : items->twin(items->self, item);
    out->paid_minor = line->paid_minor;
    out->allowed_minor = line->discount_minor + line->discount_tolerance_minor + line->charge_minor + line->withholding_minor;
    out->allowed_minor += late ? line->deduction_minor : 0;
    out->rest_minor = line->remaining_minor + line->tolerance_minor + line->rounding_minor + (late ? 0 : line->deduction_minor);
}

static uint32_t
take_alternatives(const o2c_match_solution *solution, const o2c_proposal *proposal, const struct take_items *items,
                  struct score_alternative *out, struct score_line **lines)
{
    const o2c_match_alternative *rows;
    const o2c_ref *keys;
    uint64_t count, keys_count;
    uint32_t taken = 0;
    o2c_str heap;
    o2c_match_solution_alternatives(solution, &rows, &count);
    o2c_match_solution_alternative_items(solution, &keys, &keys_count);
    o2c_match_solution_heap(solution, &heap);
    for (uint32_t i = 0; i < proposal->alternatives_count; i++) {
        const o2c_match_alternative *row = &rows[proposal->alternatives_at + i];
        if (row->kind != O2C_ALTERNATIVE_ITEMS)
            continue;
        out[taken++] = (struct score_alternative){ *lines, row->items_count };
        for (uint32_t k = 0; k < row->items_count; k++) {
            uint32_t item = keys_find(items->keys, text_of(keys[row->items_at + k], heap));
            **lines = (struct score_line){ .item = item, .twin = item == KEYS_NONE ? 0 : items->twin(items->self, item) };
            (*lines)++;
        }
    }
    return taken;
}

int
take_solution(const o2c_match_solution *solution, uint64_t first, const struct take_items *items, struct take *out)
{
    const o2c_proposal *proposals;
    const o2c_line *lines;
    const o2c_match_alternative *alternatives;
    const o2c_ref *keys;
    uint64_t lines_count, alternatives_count, keys_count;
    o2c_str heap;
    *out = (struct take){ 0 };
    o2c_match_solution_proposals(solution, &proposals, &out->count);
    o2c_match_solution_lines(solution, &lines, &lines_count);
    o2c_match_solution_alternatives(solution, &alternatives, &alternatives_count);
    o2c_match_solution_alternative_items(solution, &keys, &keys_count);
    o2c_match_solution_heap(solution, &heap);
    out->answers = calloc(out->count + 1, sizeof *out->answers);
    out->lines = calloc(lines_count + 1, sizeof *out->lines);
    out->alternatives = calloc(alternatives_count + 1, sizeof *out->alternatives);
    out->alternative_lines = calloc(keys_count + 1, sizeof *out->alternative_lines);
    if (!out->answers || !out->lines || !out->alternatives || !out->alternative_lines) {
        take_free(out);
        return -1;
    }
    struct score_line *next = out->alternative_lines;
    for (uint64_t i = 0; i < lines_count; i++)
        take_line(&lines[i], heap, items, &out->lines[i]);
    for (uint64_t i = 0; i < out->count; i++) {
        const o2c_proposal *one = &proposals[i];
        struct score_answer *answer = &out->answers[i];
        *answer = (struct score_answer){ .payment = first + one->row, .band = one->band, .confidence_ppm = one->confidence_ppm, .typed = 1 };
        answer->gated = one->gates != 0;
        answer->operations = one->operations;
        answer->lines = out->lines + one->lines_at;
        answer->count = one->lines_count;
        answer->alternatives = out->alternatives + one->alternatives_at;
        answer->alternatives_count = take_alternatives(solution, one, items, out->alternatives + one->alternatives_at, &next);
    }
    return 0;
}

void
take_free(struct take *take)
{
    free(take->answers);
    free(take->lines);
    free(take->alternatives);
    free(take->alternative_lines);
    *take = (struct take){ 0 };
}

static void
add_text(o2c__sha256 *sha, o2c_ref ref, o2c_str heap)
{
    o2c_str text = text_of(ref, heap);
    o2c__sha256_add(sha, text.ptr, text.len);
    o2c__sha256_add(sha, "\n", 1);
}

/* As text, so that the digest is the same on machines of either byte order. */
static void
add_numbers(o2c__sha256 *sha, const int64_t *numbers, uint32_t count)
{
    char buffer[24];
    for (uint32_t i = 0; i < count; i++) {
        int len = snprintf(buffer, sizeof buffer, "%" PRId64 " ", numbers[i]);
        o2c__sha256_add(sha, buffer, (size_t)len);
    }
}

static void
digest_line(const o2c_line *line, o2c_str heap, o2c__sha256 *sha)
{
    const int64_t numbers[] = { line->expect_open_minor, line->paid_minor, line->discount_minor, line->discount_tolerance_minor,
                                line->tolerance_minor, line->charge_minor, line->withholding_minor, line->rounding_minor,
                                line->deduction_minor, line->cleared_minor, line->remaining_minor, line->close, line->band, line->line_class,
                                line->confidence_ppm, line->error_ppb, line->gates };
    add_text(sha, line->item, heap);
    add_numbers(sha, numbers, (uint32_t)(sizeof numbers / sizeof numbers[0]));
}

void
take_digest(const o2c_match_solution *solution, o2c__sha256 *sha)
{
    const o2c_proposal *proposals;
    const o2c_line *lines;
    const o2c_match_alternative *alternatives;
    const o2c_ref *keys;
    uint64_t count, lines_count, alternatives_count, keys_count;
    o2c_str heap;
    o2c_match_solution_proposals(solution, &proposals, &count);
    o2c_match_solution_lines(solution, &lines, &lines_count);
    o2c_match_solution_alternatives(solution, &alternatives, &alternatives_count);
    o2c_match_solution_alternative_items(solution, &keys, &keys_count);
    o2c_match_solution_heap(solution, &heap);
    for (uint64_t i = 0; i < count; i++) {
        const o2c_proposal *one = &proposals[i];
        const int64_t numbers[] = { one->kind, one->band, one->label, one->certificate, one->confidence_ppm, one->applied_minor,
                                    one->on_account_minor, one->refund_minor, one->unapplied_minor, (int64_t)one->operations, one->gates };
        add_text(sha, one->payment, heap);
        add_text(sha, one->account, heap);
        add_numbers(sha, numbers, (uint32_t)(sizeof numbers / sizeof numbers[0]));
        for (uint32_t k = 0; k < one->lines_count; k++)
            digest_line(&lines[one->lines_at + k], heap, sha);
        for (uint32_t k = 0; k < one->alternatives_count; k++) {
            const o2c_match_alternative *row = &alternatives[one->alternatives_at + k];
            const int64_t parts[] = { row->kind, row->posterior_ppm, row->arithmetic, row->rest_minor };
            add_numbers(sha, parts, 4);
            for (uint32_t j = 0; j < row->items_count; j++)
                add_text(sha, keys[row->items_at + j], heap);
        }
    }
}

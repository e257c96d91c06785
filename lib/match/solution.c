/* SPDX-License-Identifier: Apache-2.0 */
/* A solution: whole arrays of frozen records behind one handle and one heap. */
#include "match/match.h"

#define O2C__GETTER(name, field, type)                                                                         \
    void o2c_match_solution_##name(const o2c_match_solution *solution, const type **out_rows, uint64_t *out_count) \
    {                                                                                                          \
        *out_rows = solution ? solution->field.rows : NULL;                                                    \
        *out_count = solution ? solution->field.count : 0;                                                     \
    }

O2C__GETTER(proposals, proposals, o2c_proposal)
O2C__GETTER(lines, lines, o2c_line)
O2C__GETTER(evidence, evidence, o2c_match_evidence)
O2C__GETTER(alternatives, alternatives, o2c_match_alternative)
O2C__GETTER(alternative_items, alternative_items, o2c_ref)
O2C__GETTER(reasons, reasons, o2c_match_reason)

void
o2c_match_solution_heap(const o2c_match_solution *solution, o2c_str *out_heap)
{
    *out_heap = solution ? o2c__text_heap_str(&solution->heap) : (o2c_str){ NULL, 0 };
}

void
o2c__solution_init(o2c_match_solution *solution, const o2c__context *context)
{
    solution->context = *context;
    o2c__memory *memory = &solution->context.memory;
    o2c__vector_init(&solution->proposals, memory, sizeof(o2c_proposal));
    o2c__vector_init(&solution->lines, memory, sizeof(o2c_line));
    o2c__vector_init(&solution->evidence, memory, sizeof(o2c_match_evidence));
    o2c__vector_init(&solution->alternatives, memory, sizeof(o2c_match_alternative));
    o2c__vector_init(&solution->alternative_items, memory, sizeof(o2c_ref));
    o2c__vector_init(&solution->reasons, memory, sizeof(o2c_match_reason));
    o2c__text_heap_init(&solution->heap, memory);
}

void
o2c__solution_empty(o2c_match_solution *solution)
{
    o2c__vector_free(&solution->proposals);
    o2c__vector_free(&solution->lines);
    o2c__vector_free(&solution->evidence);
    o2c__vector_free(&solution->alternatives);
    o2c__vector_free(&solution->alternative_items);
    o2c__vector_free(&solution->reasons);
    o2c__text_heap_free(&solution->heap);
}

void
o2c_match_solution_free(o2c_match_solution *solution)
{
    if (!solution)
        return;
    o2c__solution_empty(solution);
    o2c__memory memory = solution->context.memory;
    o2c__release(&memory, solution, sizeof *solution);
}

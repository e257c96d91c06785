/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <stddef.h>
#include <string.h>

struct digest {
    uint64_t state;
    o2c_str heap;
};

static void
add_bytes(struct digest *digest, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t word = 0;
    for (; len >= 8; len -= 8, at += 8) {
        memcpy(&word, at, 8);
        digest->state = (digest->state ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        digest->state ^= digest->state >> 29;
    }
    for (; len > 0; len--)
        digest->state = (digest->state ^ *at++) * UINT64_C(0x100000001B3);
}

static void
add_text(struct digest *digest, o2c_ref ref)
{
    add_bytes(digest, &ref.len, sizeof ref.len);
    if (ref.len)
        add_bytes(digest, digest->heap.ptr + ref.at, ref.len);
}

/* The record with its refs blanked, then their texts. */
static void
add_record(struct digest *digest, const void *row, size_t size, const size_t *refs, size_t count)
{
    char copy[1024];
    o2c_ref none = { 0, 0 }, ref;
    memcpy(copy, row, size);
    for (size_t i = 0; i < count; i++) {
        memcpy(&ref, copy + refs[i], sizeof ref);
        add_text(digest, ref);
        memcpy(copy + refs[i], &none, sizeof none);
    }
    add_bytes(digest, copy, size);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ADD(digest, solution, name, type, refs)                                             \
    do {                                                                                    \
        const type *rows;                                                                   \
        uint64_t rows_count;                                                                \
        o2c_match_solution_##name(solution, &rows, &rows_count);                            \
        for (uint64_t row = 0; row < rows_count; row++)                                     \
            add_record(digest, &rows[row], sizeof rows[row], refs, COUNT(refs));            \
    } while (0)

static void
add_alternatives(struct digest *digest, const o2c_match_solution *solution)
{
    const o2c_match_alternative *rows;
    const o2c_ref *items;
    uint64_t count;
    o2c_match_solution_alternatives(solution, &rows, &count);
    add_bytes(digest, rows, count * sizeof *rows);
    o2c_match_solution_alternative_items(solution, &items, &count);
    for (uint64_t i = 0; i < count; i++)
        add_text(digest, items[i]);
}

uint64_t
digest_solution(uint64_t state, const o2c_match_solution *solution)
{
    static const size_t proposal[] = { offsetof(o2c_proposal, payment), offsetof(o2c_proposal, account), offsetof(o2c_proposal, text) };
    static const size_t line[] = { offsetof(o2c_line, item), offsetof(o2c_line, document), offsetof(o2c_line, account),
                                   offsetof(o2c_line, company), offsetof(o2c_line, item_company), offsetof(o2c_line, claim),
                                   offsetof(o2c_line, words) };
    static const size_t evidence[] = { offsetof(o2c_match_evidence, item) };
    static const size_t reason[] = { offsetof(o2c_match_reason, other) };
    struct digest digest = { state, { "", 0 } };
    o2c_match_solution_heap(solution, &digest.heap);
    ADD(&digest, solution, proposals, o2c_proposal, proposal);
    ADD(&digest, solution, lines, o2c_line, line);
    ADD(&digest, solution, evidence, o2c_match_evidence, evidence);
    ADD(&digest, solution, reasons, o2c_match_reason, reason);
    add_alternatives(&digest, solution);
    return digest.state;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ranges wrote is put together in their order. Who ends a range says so and looks whose turn it is: whoever finds a range solved in
 * turn gives it its places, lets the next one have its turn, and then copies, so that several threads copy at the same time and none waits.
 * Arrays that others copy into must not move: without room the rest waits for the end of the run.
 */
#include "match/solve_ranges.h"
#include "match/write.h"

/* ------------------------------------------------------------------ places */

/* Strings of a range: all but the NUL that the heaps share. */
static size_t
strings_of(const struct o2c__desk *desk)
{
    size_t count = desk->part.heap.bytes.count;
    return count ? count - 1 : 0;
}

/* Room for so many more rows, by moving the array where it may be moved. False: none, or more than an index can count. */
static bool
room(o2c__vector *to, size_t count, bool movable)
{
    if (count > O2C__NONE - 1 - to->count)
        return false;
    return to->room - to->count >= count || (movable && o2c__vector_grow(to, count));
}

/* What few proposals have is touched by nobody but who has the turn; the other arrays only move when the run has ended. */
static bool
room_for_all(struct o2c__wave *wave, const struct o2c__desk *desk, bool ended)
{
    o2c_match_solution *to = wave->whole->solution;
    const o2c_match_solution *from = &desk->part;
    return room(&to->lines, from->lines.count, ended) && room(&wave->whole->line_items, desk->solve.line_items.count, ended) &&
           room(&to->evidence, from->evidence.count, ended) && room(&to->heap.bytes, from->heap.bytes.count, ended) &&
           room(&to->alternatives, from->alternatives.count, true) &&
           room(&to->alternative_items, from->alternative_items.count, true) && room(&to->reasons, from->reasons.count, true);
}

static uint32_t
take(o2c__vector *to, size_t count)
{
    uint32_t at = (uint32_t)to->count;
    to->count += count;
    return at;
}

/* There is room. The first string of all comes with its NUL. */
static void
take_places(struct o2c__wave *wave, const struct o2c__desk *desk, struct o2c__place *at)
{
    o2c_match_solution *to = wave->whole->solution;
    const o2c_match_solution *from = &desk->part;
    o2c__vector *heap = &to->heap.bytes;
    if (heap->count == 0 && strings_of(desk))
        ((char *)heap->rows)[heap->count++] = 0;
    at->heap = take(heap, strings_of(desk)) - (strings_of(desk) ? 1 : 0); /* refs of a desk count from its own NUL */
    at->lines = take(&to->lines, from->lines.count);
    at->items = take(&wave->whole->line_items, desk->solve.line_items.count);
    at->evidence = take(&to->evidence, from->evidence.count);
    at->alternatives = take(&to->alternatives, from->alternatives.count);
    at->alternative_items = take(&to->alternative_items, from->alternative_items.count);
    at->reasons = take(&to->reasons, from->reasons.count);
    wave->whole->noted |= desk->solve.noted;
}

/* ------------------------------------------------------------------ copies */

static void
move_ref(o2c_ref *ref, uint32_t by)
{
    ref->at += ref->len ? by : 0;
}

/* Proposals stand where they stay: only what they point at has moved. */
static void
move_proposals(const o2c__vector *rows, uint64_t first, const struct o2c__place *at)
{
    for (size_t i = (size_t)first; i < rows->count; i++) {
        o2c_proposal *proposal = &O2C__AT(rows, o2c_proposal, i);
        move_ref(&proposal->payment, at->heap);
        move_ref(&proposal->account, at->heap);
        move_ref(&proposal->text, at->heap);
        proposal->lines_at += at->lines;
        proposal->evidence_at += at->evidence;
        proposal->alternatives_at += at->alternatives;
        proposal->reasons_at += at->reasons;
    }
}

static void
copy_lines(const o2c__vector *from, o2c_line *to, uint32_t heap)
{
    for (size_t i = 0; i < from->count; i++, to++) {
        o2c__copy_row(to, (const o2c_line *)from->rows + i, sizeof *to);
        move_ref(&to->item, heap);
        move_ref(&to->document, heap);
        move_ref(&to->account, heap);
        move_ref(&to->company, heap);
        move_ref(&to->item_company, heap);
        move_ref(&to->claim, heap);
        move_ref(&to->words, heap);
    }
}

static uint32_t
moved_line(uint32_t line, uint32_t by)
{
    return line == O2C__NONE ? line : line + by;
}

static void
copy_evidence(const o2c__vector *from, o2c_match_evidence *to, const struct o2c__place *at)
{
    for (size_t i = 0; i < from->count; i++, to++) {
        o2c__copy_row(to, (const o2c_match_evidence *)from->rows + i, sizeof *to);
        move_ref(&to->item, at->heap);
        to->line = moved_line(to->line, at->lines);
    }
}

static void
copy_alternatives(const o2c__vector *from, o2c_match_alternative *to, uint32_t items)
{
    for (size_t i = 0; i < from->count; i++, to++) {
        o2c__copy_row(to, (const o2c_match_alternative *)from->rows + i, sizeof *to);
        to->items_at += items;
    }
}

static void
copy_refs(const o2c__vector *from, o2c_ref *to, uint32_t heap)
{
    for (size_t i = 0; i < from->count; i++) {
        to[i] = O2C__AT(from, o2c_ref, i);
        move_ref(&to[i], heap);
    }
}

static void
copy_reasons(const o2c__vector *from, o2c_match_reason *to, const struct o2c__place *at)
{
    for (size_t i = 0; i < from->count; i++, to++) {
        o2c__copy_row(to, (const o2c_match_reason *)from->rows + i, sizeof *to);
        move_ref(&to->other, at->heap);
        to->line = moved_line(to->line, at->lines);
    }
}

/* In turn, as these arrays may move for the next range. Only where there are rows is there an array. */
static void
copy_rare(const struct o2c__wave *wave, const struct o2c__desk *desk, const struct o2c__place *at)
{
    const o2c_match_solution *from = &desk->part, *to = wave->whole->solution;
    if (from->alternatives.count)
        copy_alternatives(&from->alternatives, (o2c_match_alternative *)to->alternatives.rows + at->alternatives, at->alternative_items);
    if (from->alternative_items.count)
        copy_refs(&from->alternative_items, (o2c_ref *)to->alternative_items.rows + at->alternative_items, at->heap);
    if (from->reasons.count)
        copy_reasons(&from->reasons, (o2c_match_reason *)to->reasons.rows + at->reasons, at);
}

static void
copy_usual(const struct o2c__wave *wave, uint32_t range, const struct o2c__place *at)
{
    const struct o2c__desk *desk = o2c__range_desk(wave, range);
    const o2c_match_solution *from = &desk->part, *to = wave->whole->solution;
    const o2c__vector *items = &desk->solve.line_items;
    if (strings_of(desk))
        memcpy((char *)to->heap.bytes.rows + at->heap + 1, (const char *)from->heap.bytes.rows + 1, strings_of(desk));
    if (items->count)
        memcpy((uint32_t *)wave->whole->line_items.rows + at->items, items->rows, items->count * items->size);
    if (from->lines.count)
        copy_lines(&from->lines, (o2c_line *)to->lines.rows + at->lines, at->heap);
    if (from->evidence.count)
        copy_evidence(&from->evidence, (o2c_match_evidence *)to->evidence.rows + at->evidence, at);
    move_proposals(&from->proposals, wave->first + (uint64_t)range * wave->step, at);
}

/* ------------------------------------------------------------------ turns */

/*
 * A thread either sees the turn that another one gave, or the other one sees what it has solved: both are stored before the other is
 * read, in one order for all. Who takes a range without room keeps it, and everybody else finds it taken.
 */
void
o2c__place_solved(struct o2c__wave *wave, uint32_t range)
{
    __atomic_store_n(&wave->ranges[range].state, O2C__RANGE_SOLVED, __ATOMIC_SEQ_CST);
    for (;;) {
        struct o2c__place at = { 0 };
        uint32_t turn = __atomic_load_n(&wave->turn, __ATOMIC_SEQ_CST), solved = O2C__RANGE_SOLVED;
        if (turn == wave->count || !__atomic_compare_exchange_n(&wave->ranges[turn].state, &solved, O2C__RANGE_TAKEN, false,
                                                                __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return;
        const struct o2c__desk *desk = o2c__range_desk(wave, turn);
        if (!room_for_all(wave, desk, false))
            return;
        take_places(wave, desk, &at);
        copy_rare(wave, desk, &at);
        __atomic_store_n(&wave->turn, turn + 1, __ATOMIC_SEQ_CST);
        copy_usual(wave, turn, &at);
        o2c__desk_leave(wave, wave->ranges[turn].desk);
    }
}

/* Room for what is left if it goes on like this. Near a ceiling there may be none, and then each range asks for its own. */
static void
foresee(o2c__vector *rows, uint64_t done, uint64_t left)
{
    uint64_t more = rows->count / done * left + rows->count % done * left / done;
    more += more / 8;
    if (more < O2C__NONE)
        (void)o2c__vector_reserve(rows, (size_t)more);
}

bool
o2c__place_rest(struct o2c__wave *wave)
{
    uint64_t all = wave->whole->payments->count, done = wave->first + (uint64_t)wave->next * wave->step;
    o2c_match_solution *to = wave->whole->solution;
    bool short_of_room = wave->turn < wave->next;
    for (; wave->turn < wave->next; wave->turn++) {
        struct o2c__place at = { 0 };
        const struct o2c__desk *desk = o2c__range_desk(wave, wave->turn);
        if (!room_for_all(wave, desk, true))
            return false;
        take_places(wave, desk, &at);
        copy_rare(wave, desk, &at);
        copy_usual(wave, wave->turn, &at);
        o2c__desk_leave(wave, wave->ranges[wave->turn].desk);
    }
    o2c__vector *rows[] = { &to->lines, &wave->whole->line_items, &to->evidence, &to->heap.bytes };
    for (size_t i = 0; short_of_room && done < all && i < O2C__COUNT(rows); i++)
        foresee(rows[i], done, all - done);
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose bank account, whose name, whose way to write our numbers? A person's word or three payments that agree confirm a bank account; a
 * name or a shape needs two payments, or one beside an exact reference. What a posting that was taken back relied on is revoked at once,
 * and starts again from nothing.
 */
#include "match/index.h"
#include "match/learning.h"
#include "match/pool.h"
#include "match/shape.h"

#define NAME_MAX 512u
#define BANK_SEEN 3u
#define NAME_SEEN 2u

/* One payment that speaks for one row. */
struct lesson {
    uint64_t row, payment; /* numbers; equal ones are one lesson */
    uint32_t feedback;
    uint8_t kind, shape; /* shape: which one */
    uint8_t answer, person : 1, exact : 1;
};

static bool
teaches(const o2c_feedback *row)
{
    if (row->account.len == 0)
        return false;
    return row->verdict == O2C_VERDICT_CONFIRMED || row->verdict == O2C_VERDICT_ANSWER ||
           ((row->verdict == O2C_VERDICT_MODIFIED || row->verdict == O2C_VERDICT_HISTORY) && row->right);
}

/* The text as the table holds it: a number without blanks, or a folded name. buffer has 3 · NAME_MAX + 1 bytes. */
static o2c_str
text_of(const struct o2c__learning *learning, const o2c_feedback *row, int32_t kind, char *buffer)
{
    o2c_str text = o2c__ref_str(kind == O2C_LEARNED_NAME ? row->name : row->bank_account, learning->heap);
    struct o2c__forms forms;
    if (kind == O2C_LEARNED_NAME)
        return (o2c_str){ buffer, text.len ? o2c__fold_name(text.ptr, text.len, 0, buffer) : 0 };
    if (text.len == 0 || text.len > O2C__REFERENCE_BYTES)
        return (o2c_str){ buffer, 0 };
    o2c__forms_plain(text, &forms);
    memcpy(buffer, forms.full, forms.full_len);
    return (o2c_str){ buffer, forms.full_len };
}

/* The row that a text of the payment and an account stand for; the same words again are looked up, not folded again. 0 = none. */
static bool
row_of(struct o2c__learning *learning, const o2c_feedback *row, int32_t kind, uint64_t *out_row)
{
    char buffer[3 * NAME_MAX + 1];
    o2c_str raw = o2c__ref_str(kind == O2C_LEARNED_NAME ? row->name : row->bank_account, learning->heap);
    o2c_str account = o2c__ref_str(row->account, learning->heap);
    char key[NAME_MAX + 64 + 2];
    if (raw.len > NAME_MAX) {
        *out_row = 0; /* no bank account is so long */
        return true;
    }
    key[0] = (char)kind;
    key[1] = (char)account.len;
    memcpy(key + 2, account.ptr, account.len);
    memcpy(key + 2 + account.len, raw.ptr, raw.len);
    o2c_str whole = { key, 2 + account.len + raw.len };
    uint32_t known = o2c__map_get(&learning->known, whole);
    if (known == O2C__MAP_NONE) {
        o2c_str text = text_of(learning, row, kind, buffer);
        uint64_t *number = o2c__vector_add(&learning->numbers);
        char *kept = o2c__arena_copy(&learning->words, key, whole.len);
        known = (uint32_t)learning->numbers.count - 1;
        if (!number || !kept || !o2c__map_put(&learning->known, (o2c_str){ kept, whole.len }, known, NULL))
            return false;
        *number = text.len ? o2c__learned_number(kind, text, account) : 0;
    }
    *out_row = O2C__AT(&learning->numbers, uint64_t, known);
    return true;
}

static struct lesson *
new_lesson(struct o2c__learning *learning, uint32_t at, int32_t kind, uint64_t number)
{
    static const uint64_t key[2] = { 1, 2 };
    const o2c_feedback *row = &learning->rows[at];
    o2c_str payment = o2c__ref_str(row->payment, learning->heap);
    struct lesson *lesson = o2c__vector_add(&learning->lessons);
    if (!lesson)
        return NULL;
    int32_t label = (int32_t)(row->line_class & 255);
    lesson->row = number;
    lesson->payment = o2c__siphash24(key, payment.ptr, payment.len);
    lesson->feedback = at;
    lesson->kind = (uint8_t)kind;
    lesson->shape = 0;
    lesson->person = row->verdict != O2C_VERDICT_HISTORY;
    lesson->answer = row->verdict == O2C_VERDICT_ANSWER;
    lesson->exact = label >= O2C_LABEL_M01 && label <= O2C_LABEL_M03;
    return lesson;
}

static bool
add_lesson(struct o2c__learning *learning, uint32_t at, int32_t kind)
{
    uint64_t number;
    if (!row_of(learning, &learning->rows[at], kind, &number))
        return false;
    return number == 0 || new_lesson(learning, at, kind, number);
}

/* Each shape in which the text writes the number of the item that was paid. */
static bool
add_shapes(struct o2c__learning *learning, uint32_t at)
{
    const o2c_feedback *row = &learning->rows[at];
    o2c_str account = o2c__ref_str(row->account, learning->heap);
    o2c_str text = o2c__ref_str(row->text, learning->heap), document = o2c__ref_str(row->document, learning->heap);
    struct o2c__written written;
    o2c__arena_reset(&learning->cutting);
    if (!o2c__shapes_written(&learning->cutting, text, document, &written))
        return false;
    for (; written.shapes; written.shapes &= written.shapes - 1) {
        uint32_t shape = (uint32_t)__builtin_ctz(written.shapes);
        uint64_t number = o2c__learned_number(O2C_LEARNED_REFERENCE_SHAPE, o2c__shape_name(shape), account);
        struct lesson *lesson = new_lesson(learning, at, O2C_LEARNED_REFERENCE_SHAPE, number);
        if (!lesson)
            return false;
        lesson->shape = (uint8_t)shape;
        lesson->exact = written.exact;
    }
    return true;
}

static int
compare_payments(const void *self, uint32_t a, uint32_t b)
{
    const struct lesson *x = (const struct lesson *)self + a, *y = (const struct lesson *)self + b;
    return x->payment < y->payment ? -1 : x->payment > y->payment;
}

static struct o2c__learned *
touch(struct o2c__learning *learning, uint32_t at, bool fresh)
{
    struct o2c__memories *memories = learning->next->learned;
    struct o2c__learned *row = &O2C__AT(&memories->learned.rows, struct o2c__learned, at);
    if (!row->touched && !fresh)
        o2c__digest_learned(&memories->learned_sum, row, o2c__text_heap_str(&memories->learned.heap), false);
    row->touched = 1;
    return row;
}

static bool
proved(const struct o2c__learned *row, bool answer)
{
    if (answer)
        return true;
    if (row->kind == O2C_LEARNED_BANK_ACCOUNT)
        return row->persons > 0 || row->seen >= BANK_SEEN;
    return row->exact || row->seen >= NAME_SEEN;
}

/* All lessons of one day for one row; those of one payment count once. */
static bool
take(struct o2c__learning *learning, const struct lesson *lessons, const uint32_t *order, uint32_t count)
{
    const struct lesson *first = &lessons[order[0]];
    const o2c_feedback *from = &learning->rows[first->feedback];
    char buffer[3 * NAME_MAX + 1];
    bool fresh, answer = false;
    bool shape = first->kind == O2C_LEARNED_REFERENCE_SHAPE;
    o2c_str text = shape ? o2c__shape_name(first->shape) : text_of(learning, from, first->kind, buffer);
    uint32_t at = o2c__learned_put(learning->next, first->kind, text, o2c__ref_str(from->account, learning->heap), learning->day, &fresh);
    if (at == O2C__NONE)
        return false;
    struct o2c__learned *row = touch(learning, at, fresh);
    if (row->revoked_day >= learning->day)
        return true; /* what was taken back that day is not learned again from it */
    bool again = row->state == O2C_LEARNED_STATE_REVOKED;
    for (uint32_t i = 0; i < count; i++) {
        const struct lesson *lesson = &lessons[order[i]];
        bool other = i == 0 || lesson->payment != lessons[order[i - 1]].payment, person = lesson->person;
        for (uint32_t k = i + 1; other && k < count && lessons[order[k]].payment == lesson->payment; k++)
            person = person || lessons[order[k]].person;
        row->seen += other && row->seen < UINT32_MAX;
        row->persons += other && person && row->persons < UINT32_MAX;
        row->exact |= lesson->exact;
        answer = answer || lesson->answer;
    }
    row->first_day = learning->day < row->first_day || again ? learning->day : row->first_day;
    row->last_day = learning->day > row->last_day ? learning->day : row->last_day;
    bool was = row->state == O2C_LEARNED_STATE_CONFIRMED, is = was || proved(row, answer);
    row->state = is ? O2C_LEARNED_STATE_CONFIRMED : O2C_LEARNED_STATE_OBSERVED;
    return (!(fresh || again) || o2c__change_learned(learning, O2C_CHANGE_LEARNED, row)) &&
           (was || !is || o2c__change_learned(learning, O2C_CHANGE_CONFIRMED, row));
}

/* Lessons by row: a radix sort, as a year of history comes in one call. */
static bool
order_lessons(o2c__memory *memory, const struct lesson *lessons, uint32_t n, uint32_t *order)
{
    struct o2c__sort_row *keys = o2c__alloc_array(memory, n, sizeof *keys), *spare = o2c__alloc_array(memory, n, sizeof *spare);
    void *first = keys, *second = spare;
    for (uint32_t i = 0; keys && spare && i < n; i++)
        keys[i] = (struct o2c__sort_row){ lessons[i].row, i, 0 };
    if (keys && spare)
        o2c__sort_keys(&keys, &spare, n);
    for (uint32_t i = 0; keys && spare && i < n; i++)
        order[i] = keys[i].row;
    bool whole = keys && spare;
    o2c__release(memory, first, n * sizeof *keys);
    o2c__release(memory, second, n * sizeof *spare);
    return whole;
}

static bool
take_all(struct o2c__learning *learning)
{
    const struct lesson *lessons = learning->lessons.rows;
    uint32_t n = (uint32_t)learning->lessons.count;
    o2c__memory *memory = &learning->next->context.memory;
    uint32_t *order = o2c__alloc_array(memory, n, 2 * sizeof *order);
    bool whole = order && order_lessons(memory, lessons, n, order);
    for (uint32_t first = 0, last; whole && first < n; first = last) {
        for (last = first + 1; last < n && lessons[order[last]].row == lessons[order[first]].row; last++)
            ;
        o2c__sort(order + first, order + n, last - first, compare_payments, lessons);
        whole = take(learning, lessons, order + first, last - first);
    }
    o2c__release(memory, order, n * 2 * sizeof *order);
    return whole;
}

bool
o2c__learn_names(struct o2c__learning *learning, const uint32_t *order, uint32_t count)
{
    o2c__vector_free(&learning->lessons);
    o2c__vector_init(&learning->lessons, &learning->next->context.memory, sizeof(struct lesson));
    for (uint32_t i = 0; i < count; i++) {
        const o2c_feedback *row = &learning->rows[order[i]];
        if (teaches(row) && ((row->bank_account.len && !add_lesson(learning, order[i], O2C_LEARNED_BANK_ACCOUNT)) ||
                             (row->name.len && !add_lesson(learning, order[i], O2C_LEARNED_NAME)) ||
                             (row->text.len && row->document.len && !add_shapes(learning, order[i]))))
            return false;
    }
    return learning->lessons.count == 0 || take_all(learning);
}

/* A person found a line wrong that relied on a shape: it must prove itself anew, but nobody said that it is no habit of his. */
static void
doubt(struct o2c__learning *learning, uint32_t at)
{
    struct o2c__learned *row = touch(learning, at, false);
    if (row->kind != O2C_LEARNED_REFERENCE_SHAPE || row->state == O2C_LEARNED_STATE_REVOKED)
        return;
    row->state = O2C_LEARNED_STATE_OBSERVED;
    row->seen = row->persons = 0;
    row->exact = 0;
}

bool
o2c__learn_revoke(struct o2c__learning *learning, const uint32_t *order, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const o2c_feedback *from = &learning->rows[order[i]];
        if (from->learned_row == 0 || !o2c__judged_wrong(from))
            continue;
        uint32_t at = o2c__learned_by_row(learning->next, from->learned_row);
        if (from->verdict != O2C_VERDICT_REVERSED) {
            if (at != O2C__NONE)
                doubt(learning, at);
            continue;
        }
        if (at == O2C__NONE) {
            if (!o2c__change_host_row(learning, from->learned_row))
                return false;
            continue;
        }
        struct o2c__learned *row = touch(learning, at, false);
        if (row->state == O2C_LEARNED_STATE_REVOKED && row->revoked_day >= learning->day)
            continue;
        row->state = O2C_LEARNED_STATE_REVOKED;
        row->seen = row->persons = 0;
        row->exact = 0;
        row->revoked_day = learning->day;
        if (!o2c__change_learned(learning, O2C_CHANGE_REVOKED, row))
            return false;
    }
    return true;
}

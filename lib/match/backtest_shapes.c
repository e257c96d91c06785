/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a customer writes our numbers, from the documents that people cleared with his payment. Where our line was right and its number
 * exact, the text says nothing new.
 */
#include "match/backtest.h"

#define TEXT_MAX 4096u
#define DIGITS_MIN 4u

/* Four digits in a row: less is in no shape. */
static bool
has_number(o2c_str text)
{
    uint32_t run = 0;
    for (size_t i = 0; i < text.len && run < DIGITS_MIN; i++)
        run = text.ptr[i] >= '0' && text.ptr[i] <= '9' ? run + 1 : 0;
    return run == DIGITS_MIN;
}

/* The pieces of the text that are read by a matcher, one line each. */
static bool
add_pieces(struct o2c__replay *replay, const o2c_payment *from, o2c_ref *out)
{
    char text[TEXT_MAX];
    size_t len = 0;
    for (uint32_t i = from->texts_at; i < from->texts_at + from->texts_count; i++) {
        o2c_str piece = o2c__ref_str(replay->payments.texts[i].text, replay->payments.heap);
        if (!has_number(piece) || piece.len + 1 > TEXT_MAX - len)
            continue;
        memcpy(text + len, piece.ptr, piece.len);
        len += piece.len;
        text[len++] = '\n';
    }
    out->at = out->len = 0;
    return len == 0 || o2c__text_heap_add(&replay->text, text, len, out);
}

/* Our line on this document was right, and cited it in full. */
static bool
is_exact(const struct o2c__replay *replay, uint32_t payment, uint32_t item)
{
    const o2c_match_answer *answer = &O2C__AT(&replay->report->answers, o2c_match_answer, replay->paid[payment].answer);
    for (uint32_t i = answer->lines_at; i < answer->lines_at + answer->lines_count; i++) {
        const o2c_match_answer_line *line = &O2C__AT(&replay->report->lines, o2c_match_answer_line, i);
        int32_t label = o2c__class_label(line->line_class);
        if (line->item == item)
            return O2C__AT(&replay->taught, uint8_t, i) == O2C__TAUGHT_RIGHT && label >= O2C_LABEL_M01 && label <= O2C_LABEL_M03;
    }
    return false;
}

static bool
teach_document(struct o2c__replay *replay, uint32_t payment, o2c_ref payment_key, uint32_t item, o2c_ref text)
{
    const o2c_open_item *of = &replay->master.items[item];
    o2c_ref key, document;
    if (!o2c__text_heap_add(&replay->text, replay->master.heap.ptr + of->key.at, of->key.len, &key) ||
        !o2c__text_heap_add(&replay->text, replay->master.heap.ptr + of->document.at, of->document.len, &document))
        return false;
    o2c_feedback *row = o2c__replay_row(replay, payment, payment_key, replay->paid[payment].account);
    if (!row)
        return false;
    row->item = key;
    row->right = 1;
    row->text = text;
    row->document = document;
    return true;
}

bool
o2c__replay_shapes(struct o2c__replay *replay, uint32_t payment, o2c_ref key)
{
    const struct o2c__past_payment *paid = &replay->paid[payment];
    o2c_ref text = { 0, 0 };
    bool asked = false;
    for (uint32_t i = replay->truth_at[payment]; i < replay->truth_at[payment + 1]; i++) {
        const struct o2c__truth *truth = &replay->truth[i];
        if (truth->known > paid->learn_day || truth->item == O2C__NONE || is_exact(replay, payment, truth->item))
            continue;
        if (!asked && !add_pieces(replay, &replay->payments.rows[payment], &text))
            return false;
        asked = true;
        if (text.len == 0)
            return true;
        if (replay->master.items[truth->item].document.len && !teach_document(replay, payment, key, truth->item, text))
            return false;
    }
    return true;
}

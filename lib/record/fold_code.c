/* SPDX-License-Identifier: Apache-2.0 */
/* One code point through the folding tables. */
#include "record/fold.h"
#include "record/record.h"

/* Number of rows whose first code point is ≤ code; rows of size bytes begin with it. */
static uint32_t
rows_up_to(const void *rows, uint32_t count, size_t size, uint32_t code)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, first;
        memcpy(&first, (const char *)rows + middle * size, sizeof first);
        if (first <= code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
in_range(uint32_t row, uint32_t code, uint32_t *out)
{
    const struct o2c__fold_range *range = &o2c__fold_ranges[row];
    uint32_t from = code - range->first;
    if (from % range->stride != 0 || from / range->stride >= range->count)
        return false;
    *out = (uint32_t)((int32_t)code + range->delta);
    return true;
}

static bool
find_range(uint32_t code, uint32_t *out)
{
    uint32_t above = rows_up_to(o2c__fold_ranges, o2c__fold_range_count, sizeof o2c__fold_ranges[0], code);
    return (above >= 1 && in_range(above - 1, code, out)) || (above >= 2 && in_range(above - 2, code, out));
}

static const struct o2c__fold_string *
find_string(uint32_t code)
{
    uint32_t above = rows_up_to(o2c__fold_strings, o2c__fold_string_count, sizeof o2c__fold_strings[0], code);
    return above && o2c__fold_strings[above - 1].code == code ? &o2c__fold_strings[above - 1] : NULL;
}

static bool
is_dropped(uint32_t code)
{
    uint32_t above = rows_up_to(o2c__fold_drops, o2c__fold_drop_count, sizeof o2c__fold_drops[0], code);
    return above && code <= o2c__fold_drops[above - 1].last;
}

/* Hangul syllables are taken apart by arithmetic (Unicode 3.12), so that both ways of writing them give one key. */
static uint32_t
fold_hangul(uint32_t code, char out[40])
{
    uint32_t index = code - 0xAC00, len = 0;
    len += o2c__utf8_encode(0x1100 + index / 588, out);
    len += o2c__utf8_encode(0x1161 + index % 588 / 28, out + len);
    if (index % 28)
        len += o2c__utf8_encode(0x11A7 + index % 28, out + len);
    return len;
}

uint32_t
o2c__fold_code(uint32_t code, char out[40])
{
    uint32_t becomes;
    const struct o2c__fold_string *string;
    if (code >= 0xAC00 && code <= 0xD7A3)
        return fold_hangul(code, out);
    if (is_dropped(code))
        return 0;
    if (find_range(code, &becomes))
        return o2c__utf8_encode(becomes, out);
    string = find_string(code);
    if (!string) {
        out[0] = ' ';
        return 1;
    }
    memcpy(out, o2c__fold_heap + string->at, string->len);
    return string->len;
}

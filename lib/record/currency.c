/* SPDX-License-Identifier: Apache-2.0 */
/* Exponents of ISO 4217: a binary search in the generated table. */
#include "record/currency.h"

#include "record/record.h"

static const struct o2c__currency_row *
find(const char code[3])
{
    uint32_t low = 0, high = o2c__currency_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = memcmp(o2c__currency_rows[middle].code, code, 3);
        if (order == 0)
            return &o2c__currency_rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int32_t
o2c__currency_exponent(const char code[3])
{
    const struct o2c__currency_row *row = find(code);
    return row ? row->digits : -1;
}

bool
o2c__currency_is_historic(const char code[3])
{
    const struct o2c__currency_row *row = find(code);
    return row && row->historic;
}

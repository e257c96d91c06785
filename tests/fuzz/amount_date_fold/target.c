/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decimals, dates, UTF-8 and folding on arbitrary bytes: what is read is written back the same, a key folds to itself, spans of a
 * folded text stay in order and inside the input.
 */
#include "fuzz.h"
#include "record/record.h"

#define LIMIT INT64_C(9000000000000000000)

static void
try_decimal(struct fuzz_input input)
{
    struct o2c__decimal_style style = { .mark = fuzz_u8(&input) & 1 ? ',' : '.', .sign = true };
    uint8_t bits = fuzz_u8(&input);
    style.group = bits & 1 ? (style.mark == ',' ? '.' : ',') : 0;
    style.trailing = bits & 2;
    int32_t exponent = (bits >> 2) % 5;
    struct o2c__decimal_answer answer, again;
    size_t len;
    const char *text = fuzz_rest(&input, &len);
    if (o2c__decimal_read(text, len, &style, exponent, LIMIT, &answer) != O2C__DECIMAL_OK) {
        FUZZ_DEMAND(answer.at <= len && answer.minor == 0);
        return;
    }
    char back[24];
    size_t size = o2c__decimal_write(answer.minor, exponent, back);
    FUZZ_DEMAND(size <= 23);
    struct o2c__decimal_style plain = { .mark = '.', .sign = true };
    FUZZ_DEMAND(o2c__decimal_read(back, size, &plain, exponent, LIMIT, &again) == O2C__DECIMAL_OK);
    FUZZ_DEMAND(again.minor == answer.minor && !again.excess_zero);
}

static void
try_date(struct fuzz_input input)
{
    size_t len;
    const char *text = fuzz_rest(&input, &len);
    o2c_str str = { text, len };
    int32_t day = o2c__day_read_iso(text, len), read = -1;
    char back[11];
    FUZZ_DEMAND(day >= 0 && day <= O2C_DAY_MAX);
    if (day) {
        FUZZ_DEMAND(o2c_date_write(day, back, NULL) == O2C_OK);
        FUZZ_DEMAND(memcmp(back, text, 10) == 0);
    }
    FUZZ_DEMAND((o2c_date_read(&str, &read, NULL) == O2C_OK) == (day != 0 && len == 10));
    if (len >= 6)
        FUZZ_DEMAND(o2c__day_read_yymmdd(text) >= 0);
}

static void
try_name(const char *text, size_t len, int32_t variant)
{
    char *key = malloc(3 * len + 1), *again = malloc(9 * len + 4);
    FUZZ_DEMAND(key && again);
    size_t count = o2c__fold_name(text, len, variant, key);
    FUZZ_DEMAND(count <= 3 * len && o2c__utf8_bad(key, count) == SIZE_MAX);
    FUZZ_DEMAND(o2c__fold_name(key, count, variant, again) == count && memcmp(key, again, count) == 0);
    o2c_str name = { text, len };
    size_t needed = 0;
    if (o2c__utf8_bad(text, len) == SIZE_MAX) {
        FUZZ_DEMAND(o2c_name_fold(&name, variant, again, count, &needed, NULL) == O2C_E_ARG && needed == count);
        FUZZ_DEMAND(o2c_name_fold(&name, variant, again, count + 1, &needed, NULL) == O2C_OK && memcmp(key, again, count + 1) == 0);
    } else {
        FUZZ_DEMAND(o2c_name_fold(&name, variant, again, count + 1, &needed, NULL) == O2C_E_RECORD_TEXT);
    }
    o2c_str a = { key, count }, b = { key, count / 2 };
    FUZZ_DEMAND(o2c__jaro_winkler_ppm(a, a) == (count ? 1000000 : 0));
    FUZZ_DEMAND(o2c__jaro_winkler_ppm(a, b) <= 1000000);
    free(key);
    free(again);
}

static void
try_reference_text(const char *text, size_t len)
{
    char *out = malloc(len ? len : 1);
    uint32_t *map = malloc((len ? len : 1) * sizeof *map);
    FUZZ_DEMAND(out && map);
    size_t count = o2c__fold_reference(text, len, out, map);
    FUZZ_DEMAND(count <= len && o2c__fold_reference(text, len, out, NULL) == count);
    for (size_t i = 0; i < count; i++) {
        FUZZ_DEMAND(out[i] == ' ' || (out[i] >= '0' && out[i] <= '9') || (out[i] >= 'A' && out[i] <= 'Z'));
        FUZZ_DEMAND(map[i] < len && (i == 0 ? map[i] == 0 : map[i] > map[i - 1]));
    }
    free(out);
    free(map);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = { data, size < 4096 ? size : 4096, 0 };
    size_t len;
    const char *text = fuzz_rest(&input, &len);
    try_decimal(input);
    try_date(input);
    try_name(text, len, 0);
    try_name(text, len, 1);
    try_reference_text(text, len);
    return 0;
}

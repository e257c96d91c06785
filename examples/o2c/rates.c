/* SPDX-License-Identifier: Apache-2.0 */
/* Rates of the host: --rate USD/EUR=0.92, so many euros for one dollar. */
#include "tool.h"

#include <string.h>

#define DIGITS_MAX 12 /* of a rate, point left out: with four decimals of a currency still below 10^16 */

/* 0.92 → 92 ÷ 100; false = not a plain decimal above zero. */
static bool
read_decimal(const char *text, int64_t *numerator, int64_t *denominator)
{
    int digits = 0;
    bool point = false;
    *numerator = 0;
    *denominator = 1;
    for (; *text; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || ++digits > DIGITS_MAX)
            return false;
        *numerator = *numerator * 10 + (*text - '0');
        *denominator *= point ? 10 : 1;
    }
    return *numerator > 0;
}

/* Minor units of a currency in one of it. */
static int64_t
minor_of(const char *code, o2c_status *status)
{
    o2c_str text = { code, 3 };
    int32_t digits = 0;
    int64_t minor = 1;
    if (*status == O2C_OK)
        *status = o2c_currency_digits(&text, &digits, NULL);
    while (*status == O2C_OK && digits-- > 0)
        minor *= 10;
    return minor;
}

static int
read_rate(const char *word, o2c_match_exchange *out)
{
    o2c_status status = O2C_OK;
    if (strlen(word) < 9 || word[3] != '/' || word[7] != '=' || !read_decimal(word + 8, &out->numerator, &out->denominator))
        return usage_error("--rate wants what one unit is worth, like USD/EUR=0.92, not '%s'", word);
    memcpy(out->from, word, 3);
    memcpy(out->to, word + 4, 3);
    out->numerator *= minor_of(out->to, &status);
    out->denominator *= minor_of(out->from, &status);
    const int64_t most = INT64_C(1000000000000000);
    if (status || strcmp(out->from, out->to) == 0 || out->numerator > most || out->denominator > most)
        return usage_error("--rate wants two different currencies and a rate of at most twelve digits, not '%s'", word);
    return EXIT_DONE;
}

int
rates_read(struct job *job)
{
    const struct list *list = &job->options->rates;
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < list->count && !code; i++) {
        code = read_rate(list->values[i], &job->rates[i]);
        for (uint32_t k = 0; k < i && !code; k++)
            if (memcmp(&job->rates[k], &job->rates[i], 8) == 0) /* both currencies */
                code = usage_error("--rate names %.7s twice", list->values[i]);
    }
    job->rates_count = list->count;
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Which dialect do the first bytes ask for? A new format adds one row to the table. */
#include "formats/formats.h"

static size_t
skip_blanks(const char *bytes, size_t size)
{
    size_t at = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    while (at < size && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n'))
        at++;
    return at;
}

static bool
looks_like_xml(const char *bytes, size_t size)
{
    size_t at = skip_blanks(bytes, size);

    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        return true; /* UTF-16: no other format here is sent in it */
    return at < size && bytes[at] == '<';
}

static bool
is_tag(const char *bytes, size_t size)
{
    size_t at = 1;

    if (size < 4 || bytes[0] != ':')
        return false;
    while (at < size && at < 4 && ((bytes[at] >= '0' && bytes[at] <= '9') || (at == 3 && bytes[at] >= 'A' && bytes[at] <= 'Z')))
        at++;
    return at >= 3 && at < size && bytes[at] == ':';
}

/* A SWIFT block header, or a line that starts with a tag such as :20: or :61: */
static bool
looks_like_mt(const char *bytes, size_t size)
{
    size_t at = skip_blanks(bytes, size);

    if (size - at >= 3 && memcmp(bytes + at, "{1:", 3) == 0)
        return true;
    for (; at < size; at++) {
        if ((at == 0 || bytes[at - 1] == '\n' || bytes[at - 1] == '\r') && is_tag(bytes + at, size - at))
            return true;
    }
    return at == size && size > 3 && is_tag(bytes + skip_blanks(bytes, size), size - skip_blanks(bytes, size));
}

static bool
looks_like_csv(const char *bytes, size_t size)
{
    size_t at = skip_blanks(bytes, size);

    for (; at < size && bytes[at] != '\n' && bytes[at] != '\r'; at++) {
        if (bytes[at] == ',' || bytes[at] == ';' || bytes[at] == '\t' || bytes[at] == '|')
            return true;
    }
    return false;
}

static const struct {
    const struct o2c__dialect *dialect;
    int32_t formats[3];
    bool (*looks)(const char *bytes, size_t size);
    const char *why;
} dialects[] = {
    { &o2c__dialect_camt,
      { O2C_FORMAT_CAMT053, O2C_FORMAT_CAMT052, O2C_FORMAT_CAMT054 },
      looks_like_xml,
      "The first character is '<': XML, read as ISO 20022 camt." },
    { &o2c__dialect_mt940,
      { O2C_FORMAT_MT940, O2C_FORMAT_MT942, 0 },
      looks_like_mt,
      "A line starts with a SWIFT tag: read as MT940 or MT942." },
    { &o2c__dialect_csv_payments,
      { O2C_FORMAT_CSV, 0, 0 },
      looks_like_csv,
      "The first line holds a delimiter: read as delimited text." },
};

const struct o2c__dialect *
o2c__detect(const char *bytes, size_t size, bool whole, const o2c_formats_options *options, const char **why)
{
    (void)whole; /* every rule above is decided by the first 4 KiB */
    for (size_t i = 0; i < O2C__COUNT(dialects); i++) {
        for (size_t j = 0; options->format != 0 && j < O2C__COUNT(dialects[i].formats); j++) {
            if (dialects[i].formats[j] == options->format) {
                *why = "The caller named the format.";
                return dialects[i].dialect;
            }
        }
        if (options->format == 0 && dialects[i].looks(bytes, size)) {
            *why = dialects[i].why;
            return dialects[i].dialect;
        }
    }
    *why = "No rule fits the first bytes.";
    return NULL;
}

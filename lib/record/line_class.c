/* SPDX-License-Identifier: Apache-2.0 */
/* The class of a line as people write it: "M13/KNOWN/OWN/ONLY_FIT" = label / payer evidence / scope / certificate. */
#include "record/record.h"

static const struct {
    int32_t table;
    uint32_t shift;
} parts[] = { { O2C_TABLE_LABEL, 0 }, { O2C_TABLE_PAYER_CLASS, 8 }, { O2C_TABLE_SCOPE, 16 }, { O2C_TABLE_CERTIFICATE, 24 } };

static char
upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* One word of the text, in either case, as the code of its table. */
static bool
read_part(const char *text, size_t len, int32_t table, int64_t *out)
{
    char word[O2C_LINE_CLASS_MAX];
    if (len == 0 || len >= sizeof word)
        return false;
    for (size_t i = 0; i < len; i++)
        word[i] = lower(text[i]);
    word[len] = 0;
    return o2c_code_find(table, word, out) == O2C_OK;
}

o2c_status
o2c_line_class_read(const o2c_str *text, uint32_t *out_class, o2c_error *err)
{
    uint32_t found = 0;
    size_t at = 0;
    if (!text || !text->ptr || !out_class)
        return o2c__fail(err, O2C_E_MISUSE, !out_class ? "out_class" : "text", "a pointer is NULL");
    for (size_t i = 0; i < O2C__COUNT(parts); i++) {
        size_t end = at;
        int64_t code = 0;
        while (end < text->len && text->ptr[end] != '/')
            end++;
        bool last = i + 1 == O2C__COUNT(parts);
        if (last != (end == text->len) || !read_part(text->ptr + at, end - at, parts[i].table, &code))
            return o2c__fail(err, O2C_E_ARG, "line_class", "'%.*s' is no class: write it as M13/KNOWN/OWN/ONLY_FIT",
                             (int)(text->len < 64 ? text->len : 64), text->ptr);
        found |= (uint32_t)code << parts[i].shift;
        at = end + 1;
    }
    *out_class = found;
    return O2C_OK;
}

/* Behind what stands in out, with a slash between. */
static void
add_part(char out[O2C_LINE_CLASS_MAX], const char *word)
{
    size_t len = strlen(out);
    if (len && len + 1 < O2C_LINE_CLASS_MAX)
        out[len++] = '/';
    for (; *word && len + 1 < O2C_LINE_CLASS_MAX; word++)
        out[len++] = upper(*word);
    out[len] = 0;
}

void
o2c_line_class_write(uint32_t line_class, char out_text[O2C_LINE_CLASS_MAX])
{
    if (!out_text)
        return;
    out_text[0] = 0;
    for (size_t i = 0; i < O2C__COUNT(parts); i++)
        add_part(out_text, o2c_code_name(parts[i].table, line_class >> parts[i].shift & 0xFF));
}

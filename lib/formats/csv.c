/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delimited text: bytes → records. RFC 4180, and what programs add to it: BOM, "sep=;" in the first line, LF alone, line breaks
 * inside quotes. A quote counts only where a cell begins; inside a plain cell it is an inch sign.
 */
#include "formats/csv.h"

void
o2c__csv_split_init(struct o2c__csv_split *split, o2c__context *context, char delimiter, int32_t encoding, o2c__csv_take take,
                    void *self)
{
    memset(split, 0, sizeof *split);
    split->context = context;
    split->delimiter = delimiter;
    split->encoding = encoding;
    split->take = take;
    split->self = self;
    split->line = 1;
    split->first = true;
    o2c__vector_init(&split->raw, &context->memory, 1);
    o2c__vector_init(&split->text, &context->memory, 1);
    o2c__vector_init(&split->cells, &context->memory, sizeof(struct o2c__csv_cell));
}

void
o2c__csv_split_free(struct o2c__csv_split *split)
{
    o2c__vector_free(&split->raw);
    o2c__vector_free(&split->text);
    o2c__vector_free(&split->cells);
}

static o2c_status
no_memory(o2c_error *err)
{
    return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a record");
}

/* ---- one record: its cells */

/* A plain cell: blanks around it do not count. */
static void
plain_cell(const char *raw, size_t from, size_t to, struct o2c__csv_cell *cell, uint64_t at)
{
    while (from < to && (raw[from] == ' ' || raw[from] == '\t'))
        from++;
    while (from < to && (raw[to - 1] == ' ' || raw[to - 1] == '\t' || raw[to - 1] == '\r'))
        to--;
    cell->at = at + from;
    cell->span = (uint32_t)(to - from);
    cell->len = cell->span;
}

/* Bytes between quotes with doubled quotes made single; answers the index of the closing quote. */
static size_t
quoted_cell(const char *raw, size_t from, size_t to, char *out, uint32_t *out_len, uint32_t *lines)
{
    uint32_t len = 0;
    size_t at = from;
    while (at < to) {
        if (raw[at] == '"') {
            if (at + 1 >= to || raw[at + 1] != '"')
                break;
            at++;
        }
        *lines += raw[at] == '\n';
        out[len++] = raw[at++];
    }
    *out_len = len;
    return at;
}

static struct o2c__csv_cell *
add_cell(struct o2c__csv_split *split, uint32_t line, o2c_status *status, o2c_error *err)
{
    uint32_t limit = split->context->limits.fields_max;
    if (split->cells.count >= limit) {
        *status = o2c__fail_at(err, O2C_E_LIMIT, "fields_max", split->at, line, "a row has more than %u cells", (unsigned)limit);
        return NULL;
    }
    struct o2c__csv_cell *cell = o2c__vector_add(&split->cells);
    if (cell)
        cell->line = line;
    else
        *status = no_memory(err);
    return cell;
}

/* Splits the raw record; text holds at most as many bytes as raw, so it never moves inside the loop. */
static o2c_status
cut_cells(struct o2c__csv_split *split, size_t at, o2c_error *err)
{
    const char *raw = split->raw.rows;
    size_t len = split->raw.count;
    uint32_t line = split->line, written = 0;
    o2c_status status = O2C_OK;
    split->cells.count = split->text.count = 0;
    char *text = o2c__vector_add_many(&split->text, len);
    if (!text)
        return no_memory(err);
    for (bool more = true; more;) {
        struct o2c__csv_cell *cell = add_cell(split, line, &status, err);
        if (!cell)
            return status;
        cell->from = written;
        if (at < len && raw[at] == '"') {
            size_t end = quoted_cell(raw, at + 1, len, text + written, &cell->len, &line);
            cell->at = split->at + at + 1;
            cell->span = (uint32_t)(end - at - 1);
            at = end + 1;
            while (at < len && raw[at] == '\r')
                at++;
        } else {
            size_t end = at;
            while (end < len && raw[end] != split->delimiter)
                end++;
            plain_cell(raw, at, end, cell, split->at);
            memcpy(text + written, raw + (cell->at - split->at), cell->len);
            at = end;
        }
        written += cell->len;
        more = at < len;
        at++;
    }
    split->text.count = written;
    return O2C_OK;
}

/* "sep=;" as the first line names the delimiter and is no record. */
static bool
names_delimiter(struct o2c__csv_split *split, size_t from)
{
    const char *raw = (const char *)split->raw.rows + from;
    size_t len = split->raw.count - from;
    while (len && raw[len - 1] == '\r')
        len--;
    if (len != 5 || memcmp(raw, "sep=", 4) != 0 || !strchr(",;\t|", raw[4]) || !raw[4])
        return false;
    split->delimiter = raw[4];
    return true;
}

/* UTF-8 where the bytes are; else the profile's page; else a refusal that names the byte. */
static o2c_status
encoding_of(const struct o2c__csv_split *split, size_t from, int32_t *out, o2c_error *err)
{
    const char *raw = (const char *)split->raw.rows + from;
    size_t len = split->raw.count - from;
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)raw[i] < 0x20 && raw[i] != '\t' && raw[i] != '\n' && raw[i] != '\r') || raw[i] == 0x7F)
            return o2c__fail_at(err, O2C_E_FORMATS_ENCODING, NULL, split->at + from + i, split->line,
                                "a control character stands in a row");
    *out = O2C_ENCODING_UTF8;
    if (o2c__text_is_utf8(raw, len))
        return O2C_OK;
    *out = split->encoding;
    if (split->encoding != O2C_ENCODING_UTF8)
        return O2C_OK;
    size_t bad = o2c__utf8_bad(raw, len);
    return o2c__fail_at(err, O2C_E_FORMATS_ENCODING, NULL, split->at + from + (bad < len ? bad : 0), split->line,
                        "the row is not UTF-8; name its encoding in the column profile");
}

static bool
is_blank(const struct o2c__csv_split *split, size_t from)
{
    const char *raw = split->raw.rows;
    for (size_t i = from; i < split->raw.count; i++)
        if (raw[i] != ' ' && raw[i] != '\t' && raw[i] != '\r')
            return false;
    return true;
}

static o2c_status
take_record(struct o2c__csv_split *split, o2c_error *err)
{
    const char *raw = split->raw.rows;
    size_t from = split->first && split->at == 0 && split->raw.count >= 3 && memcmp(raw, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (is_blank(split, from))
        return O2C_OK;
    bool first = split->first;
    split->first = false;
    if (first && names_delimiter(split, from))
        return O2C_OK;
    struct o2c__csv_record record = { .line = split->line, .at = split->at + from, .span = split->raw.count - from };
    o2c_status status = encoding_of(split, from, &record.encoding, err);
    if (status == O2C_OK)
        status = cut_cells(split, from, err);
    if (status != O2C_OK)
        return status;
    record.text = split->text.rows;
    record.cells = split->cells.rows;
    record.count = (uint32_t)split->cells.count;
    return split->take(split->self, &record, err);
}

/* ---- where a record ends */

/* The state behind one byte; *end = the record ends with it. false: a byte stands behind a closing quote. */
static bool
step(struct o2c__csv_split *split, char byte, uint64_t at, bool *end)
{
    bool bom = at < 3 && byte == "\xEF\xBB\xBF"[at];
    switch (split->state) {
    case O2C__CSV_START:
        if (byte == '"') {
            split->state = O2C__CSV_QUOTED;
            split->quote_at = at;
            split->quote_line = split->line + split->lines;
        } else if (byte != split->delimiter && !bom) {
            split->state = O2C__CSV_PLAIN;
        }
        *end = byte == '\n';
        return true;
    case O2C__CSV_PLAIN:
        if (byte == split->delimiter)
            split->state = O2C__CSV_START;
        *end = byte == '\n';
        return true;
    case O2C__CSV_QUOTED:
        if (byte == '"')
            split->state = O2C__CSV_AFTER_QUOTE;
        return true;
    default:
        if (byte == '"')
            split->state = O2C__CSV_QUOTED;
        else if (byte == split->delimiter)
            split->state = O2C__CSV_START;
        *end = byte == '\n';
        return byte == '"' || byte == split->delimiter || byte == '\n' || byte == '\r';
    }
}

static o2c_status
keep(struct o2c__csv_split *split, const char *bytes, size_t len, o2c_error *err)
{
    if (len == 0)
        return O2C_OK;
    uint32_t limit = split->context->limits.line_bytes_max;
    size_t count = split->raw.count + len;
    if (count > limit && !(count == (size_t)limit + 1 && bytes[len - 1] == '\r')) /* the CR of CRLF does not count */
        return o2c__fail_at(err, O2C_E_LIMIT, "line_bytes_max", split->at, split->line, "a row is longer than %u bytes",
                            (unsigned)limit);
    char *room = o2c__vector_add_many(&split->raw, len);
    if (!room)
        return no_memory(err);
    memcpy(room, bytes, len);
    return O2C_OK;
}

static o2c_status
end_record(struct o2c__csv_split *split, uint64_t next, o2c_error *err)
{
    o2c_status status = take_record(split, err);
    split->raw.count = 0;
    split->at = next;
    split->line += split->lines + 1;
    split->lines = 0;
    split->state = O2C__CSV_START;
    return status;
}

o2c_status
o2c__csv_split_push(struct o2c__csv_split *split, const char *bytes, size_t size, o2c_error *err)
{
    size_t from = 0;
    if (size == 0)
        return O2C_OK;
    for (size_t i = 0; i < size; i++) {
        bool end = false;
        if (!step(split, bytes[i], split->offset + i, &end))
            return o2c__fail_at(err, O2C_E_FORMATS_SYNTAX, NULL, split->offset + i, split->line + split->lines,
                                "a character stands between the closing quote of a cell and the delimiter");
        if (end) {
            o2c_status status = keep(split, bytes + from, i - from, err);
            if (status == O2C_OK)
                status = end_record(split, split->offset + i + 1, err);
            if (status != O2C_OK)
                return status;
            from = i + 1;
        } else {
            split->lines += bytes[i] == '\n';
        }
    }
    o2c_status status = keep(split, bytes + from, size - from, err);
    split->offset += size;
    return status;
}

o2c_status
o2c__csv_split_finish(struct o2c__csv_split *split, o2c_error *err)
{
    if (split->state == O2C__CSV_QUOTED)
        return o2c__fail_at(err, O2C_E_FORMATS_TRUNCATED, NULL, split->quote_at, split->quote_line,
                            "a quoted cell has no closing quote");
    return split->raw.count ? end_record(split, split->offset, err) : O2C_OK;
}

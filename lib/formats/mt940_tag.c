/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MT940: lines → fields → statements. A tag is ":", two digits, perhaps a capital letter, ":" at the start of a line. Inside an
 * :86: only a tag that may follow there ends it: banks wrap purposes at 65 columns, so that a line may begin with ":26:37 Fo".
 */
#include "formats/mt940.h"

#define TAG O2C__MT_TAG

void
o2c__mt_tag_name(int32_t tag, char out[4])
{
    out[0] = (char)('0' + tag / 32 / 10 % 10);
    out[1] = (char)('0' + tag / 32 % 10);
    out[2] = tag % 32 ? (char)(tag % 32 + 64) : '\0';
    out[3] = '\0';
}

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The tag a line begins with, or −1; *len = its bytes, colons included. */
static int32_t
tag_of(const char *bytes, size_t size, size_t *len)
{
    if (size < 4 || bytes[0] != ':' || !is_digit(bytes[1]) || !is_digit(bytes[2]))
        return -1;
    int32_t digits = (bytes[1] - '0') * 10 + (bytes[2] - '0');
    if (bytes[3] == ':') {
        *len = 4;
        return TAG(digits, 0);
    }
    if (size < 5 || bytes[3] < 'A' || bytes[3] > 'Z' || bytes[4] != ':')
        return -1;
    *len = 5;
    return TAG(digits, bytes[3]);
}

static char
first_visible(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != ' ')
            return bytes[i];
    return '\0';
}

/* May the tag follow an :86:? What comes behind it must look like its content: minutes end at 59, but money may not. */
static bool
follows_details(int32_t tag, const char *content, size_t len)
{
    char first = first_visible(content, len);
    switch (tag) {
    case TAG(61, 0):
    case TAG(90, 'C'):
    case TAG(90, 'D'):
        return is_digit(first);
    case TAG(62, 'F'):
    case TAG(62, 'M'):
    case TAG(64, 0):
    case TAG(65, 0):
        return first == 'C' || first == 'D';
    case TAG(86, 0):
        return true;
    default:
        return false;
    }
}

/* May the tag follow the :20: that begins a statement? */
static bool
follows_start(int32_t tag)
{
    switch (tag) {
    case TAG(13, 0):
    case TAG(13, 'D'):
    case TAG(21, 0):
    case TAG(25, 0):
    case TAG(25, 'P'):
    case TAG(28, 0):
    case TAG(28, 'C'):
    case TAG(32, 'A'):
    case TAG(60, 'F'):
    case TAG(60, 'M'):
        return true;
    default:
        return false;
    }
}

/* The field is whole: it becomes rows. Valid UTF-8 is UTF-8, anything else the legacy page. */
static o2c_status
finish_field(struct o2c__mt940 *self, o2c_error *err)
{
    if (!self->has_field)
        return O2C_OK;
    self->has_field = false;
    self->encoding = o2c__text_is_utf8(o2c__mt_bytes(&self->field), o2c__mt_len(&self->field)) ? O2C_ENCODING_UTF8 : self->legacy;
    o2c_status status;
    if (self->tag == TAG(61, 0))
        status = o2c__mt_entry(self, err);
    else if (self->tag == TAG(86, 0))
        status = self->has_entry ? o2c__mt_details(self, err) : O2C_OK;
    else
        status = o2c__mt_statement_field(self, err);
    if (status == O2C_OK && self->builder->out_of_memory)
        status = o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for the rows of the statement");
    return status;
}

/* Adds a line to the field at hand. hard: a new :86: of the same entry. */
static o2c_status
add_line(struct o2c__mt940 *self, const char *bytes, size_t len, uint64_t at, bool hard, o2c_error *err)
{
    const o2c_limits *limits = &self->context->limits;
    if (o2c__mt_len(&self->field) + len > limits->text_bytes_max)
        return o2c__fail_at(err, O2C_E_LIMIT, "text_bytes_max", at, self->line, "a field is longer than %u bytes",
                            (unsigned)limits->text_bytes_max);
    if (self->field.segments.count >= limits->fields_max)
        return o2c__fail_at(err, O2C_E_LIMIT, "fields_max", at, self->line, "a field has more than %u lines",
                            (unsigned)limits->fields_max);
    if (!o2c__mt_text_add(&self->field, bytes, len, at, hard))
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a field");
    self->field_end = self->content_end = at + len;
    return O2C_OK;
}

/* Fields whose text may run over several lines; a line behind any other one is junk of the bank and ignored. */
static bool
runs_over(int32_t tag)
{
    return tag == TAG(86, 0) || tag == TAG(61, 0) || tag / 32 == 50 || tag / 32 == 52 || tag / 32 == 72;
}

static o2c_status
start_field(struct o2c__mt940 *self, int32_t tag, const char *bytes, size_t len, size_t tag_len, uint64_t at, o2c_error *err)
{
    if (self->has_field && tag == TAG(86, 0) && self->tag == tag && self->has_entry)
        return add_line(self, bytes + tag_len, len - tag_len, at + tag_len, true, err); /* old Rabobank: one :86: a line */
    o2c_status status = finish_field(self, err);
    if (status == O2C_OK && tag == TAG(20, 0))
        status = o2c__mt_statement_end(self, err);
    if (status != O2C_OK)
        return status;
    self->place = O2C__MT_INSIDE;
    self->has_field = true;
    self->tag = tag;
    self->field_at = at;
    self->field_line = self->line;
    o2c__mt_text_clear(&self->field);
    return add_line(self, bytes + tag_len, len - tag_len, at + tag_len, true, err);
}

static o2c_status
no_start(struct o2c__mt940 *self, int32_t tag, uint64_t at, o2c_error *err)
{
    char name[4];
    o2c__mt_tag_name(tag, name);
    return o2c__fail_at(err, O2C_E_FORMATS_SYNTAX, name, at, self->line,
                        "a statement begins with :20:, but here stands :%s: first: this is only a part of a file", name);
}

/* A :20: inside an :86: is held back: with :25: or its like on the next line it begins a statement, else it is 20 past the hour. */
static o2c_status
hold_back(struct o2c__mt940 *self, const char *bytes, size_t len, uint64_t at, o2c_error *err)
{
    self->pending.count = 0;
    char *room = o2c__vector_add_many(&self->pending, len);
    if (!room)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for a line");
    memcpy(room, bytes, len);
    self->pending_at = at;
    self->pending_line = self->line;
    self->has_pending = true;
    return O2C_OK;
}

static o2c_status
release(struct o2c__mt940 *self, bool starts, o2c_error *err)
{
    const char *bytes = self->pending.rows;
    size_t len = self->pending.count;
    uint32_t line = self->line;
    self->has_pending = false;
    self->line = self->pending_line;
    o2c_status status = starts ? start_field(self, TAG(20, 0), bytes, len, 4, self->pending_at, err)
                               : add_line(self, bytes, len, self->pending_at, false, err);
    self->line = line;
    return status;
}

static o2c_status
tag_line(struct o2c__mt940 *self, int32_t tag, const char *bytes, size_t len, size_t tag_len, uint64_t at, o2c_error *err)
{
    if (self->place == O2C__MT_BEFORE && tag != TAG(20, 0))
        return no_start(self, tag, at, err);
    if (self->place == O2C__MT_INSIDE && self->has_field && self->tag == TAG(86, 0)) {
        if (tag == TAG(20, 0))
            return hold_back(self, bytes, len, at, err);
        if (!follows_details(tag, bytes + tag_len, len - tag_len))
            return add_line(self, bytes, len, at, false, err);
    }
    return start_field(self, tag, bytes, len, tag_len, at, err);
}

/* "-", "-}", "-}{5:…}", also with a control character behind: the message ends. Any other line that begins with "-" is text. */
static bool
ends_message(const char *bytes, size_t len)
{
    if (!len || bytes[0] != '-')
        return false;
    while ((unsigned char)bytes[len - 1] <= ' ')
        len--;
    return len == 1 || bytes[1] == '}';
}

static o2c_status
end_message(struct o2c__mt940 *self, uint64_t at, size_t len, o2c_error *err)
{
    o2c_status status = finish_field(self, err);
    if (self->place == O2C__MT_INSIDE) {
        self->place = O2C__MT_ENDED;
        self->content_end = at + len;
    }
    self->in_block = false;
    return status;
}

/* Digits of the message type in "{2:O940…" or "{2:I940…"; 0 when the line does not say. */
static int32_t
message_of(const char *bytes, size_t len)
{
    for (size_t i = 0; i + 6 < len; i++) {
        const char *type = bytes + i + 4;
        if (bytes[i] == '{' && bytes[i + 1] == '2' && bytes[i + 2] == ':' && is_digit(type[0]) && is_digit(type[1]) &&
                           is_digit(type[2]))
            return (type[0] - '0') * 100 + (type[1] - '0') * 10 + (type[2] - '0');
    }
    return 0;
}

static bool
opens_text(const char *bytes, size_t len)
{
    for (size_t i = 0; i + 2 < len; i++)
        if (bytes[i] == '{' && bytes[i + 1] == '4' && bytes[i + 2] == ':')
            return true;
    return false;
}

/* A block header begins a message of its own: what stood open is closed. */
static o2c_status
block_header(struct o2c__mt940 *self, const char *bytes, size_t len, uint64_t at, o2c_error *err)
{
    o2c_status status = finish_field(self, err);
    if (status == O2C_OK)
        status = o2c__mt_statement_end(self, err);
    if (status != O2C_OK)
        return status;
    self->place = O2C__MT_BEFORE;
    self->message = message_of(bytes, len);
    self->in_block = opens_text(bytes, len);
    self->block_at = at;
    if (self->message && self->message != 940 && self->message != 942 && self->message != 910 && self->message != 900)
        return o2c__fail_at(err, O2C_E_FORMATS_SYNTAX, "message type", at, self->line,
                            "the block header announces an MT%d; MT940, MT942, MT910 and MT900 are read", (int)self->message);
    return O2C_OK;
}

static bool
starts_block(const char *bytes, size_t len)
{
    return len >= 3 && bytes[0] == '{' && bytes[1] == '1' && bytes[2] == ':';
}

static o2c_status
any_line(struct o2c__mt940 *self, const char *bytes, size_t len, uint64_t at, o2c_error *err)
{
    size_t tag_len = 0;
    int32_t tag = tag_of(bytes, len, &tag_len);
    if (self->has_pending) {
        o2c_status status = release(self, tag >= 0 && follows_start(tag), err);
        if (status != O2C_OK)
            return status;
    }
    if (tag >= 0)
        return tag_line(self, tag, bytes, len, tag_len, at, err);
    if (ends_message(bytes, len))
        return end_message(self, at, len, err);
    if (starts_block(bytes, len))
        return block_header(self, bytes, len, at, err);
    if (self->place == O2C__MT_INSIDE && self->has_field && runs_over(self->tag))
        return add_line(self, bytes, len, at, false, err);
    return O2C_OK;
}

o2c_status
o2c__mt_line(struct o2c__mt940 *self, const char *bytes, size_t len, uint64_t at, o2c_error *err)
{
    size_t skip = at == 0 && len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (skip < len && bytes[skip] >= 1 && bytes[skip] <= 3) /* SOH, STX and ETX of the old lines stand around messages */
        skip++;
    if (skip < len)
        self->seen = true;
    return any_line(self, bytes + skip, len - skip, at + skip, err);
}

o2c_status
o2c__mt_end(struct o2c__mt940 *self, o2c_error *err)
{
    o2c_status status = self->has_pending ? release(self, true, err) : O2C_OK;
    if (status == O2C_OK)
        status = finish_field(self, err);
    if (status != O2C_OK)
        return status;
    if (self->in_block)
        return o2c__fail_at(err, O2C_E_FORMATS_TRUNCATED, "-}", self->offset, self->line,
                            "the message that begins at byte %llu has no end", (unsigned long long)self->block_at);
    if (self->statements == 0 && !self->open)
        return self->seen ? o2c__fail_at(err, O2C_E_FORMATS_SYNTAX, "20", 0, 1, "no :20: begins a statement in this file")
                          : o2c__fail_at(err, O2C_E_FORMATS_EMPTY, NULL, 0, 1, "the file is empty");
    return o2c__mt_statement_end(self, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate byte by byte: a small state machine, and the loop that lets gate_block.c take what is plain. Limits and their reasons:
 * RELIABILITY 7.2. Depth and text are counted here because a SAX client of libxml2 gets no limit for either.
 */
#include "formats/gate.h"

enum {
    IN_TEXT,
    AFTER_OPEN, /* '<' */
    IN_TAG,
    IN_QUOTES,
    IN_REFERENCE,
    AFTER_BANG, /* "<!" */
    BEFORE_COMMENT,
    BEFORE_CDATA,
    IN_COMMENT,
    IN_CDATA,
    IN_INSTRUCTION
};

static const char cdata_word[] = "CDATA[";

void
o2c__gate_init(struct o2c__gate *gate, const o2c_limits *limits, bool wide)
{
    memset(gate, 0, sizeof *gate);
    gate->limits = *limits;
    gate->wide = wide && o2c__gate_has_blocks(limits);
    gate->utf8.wide = wide;
    gate->field = gate->why = "";
}

static const char *
refuse(struct o2c__gate *gate, o2c_status status, const char *field, const char *why, const char *at)
{
    gate->status = status;
    gate->field = field;
    gate->why = why;
    gate->at = (uint64_t)(uintptr_t)at; /* o2c__gate_push turns it into an offset */
    return NULL;
}

static const char *
refuse_limit(struct o2c__gate *gate, const char *field, const char *why, const char *at)
{
    return refuse(gate, O2C_E_LIMIT, field, why, at);
}

static const char *
refuse_text(struct o2c__gate *gate, const char *at)
{
    return refuse_limit(gate, "text_bytes_max", "a text is longer than the limit", at);
}

static const char *
step_text(struct o2c__gate *gate, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == '<') {
            gate->state = AFTER_OPEN;
            return at + 1;
        }
        if (++gate->run > gate->limits.text_bytes_max)
            return refuse_text(gate, at);
        if (*at == '&') {
            gate->state = IN_REFERENCE;
            gate->after_reference = IN_TEXT;
            gate->matched = 0;
            return at + 1;
        }
    }
    return at;
}

static const char *
step_open(struct o2c__gate *gate, const char *at, const char *end)
{
    (void)end;
    gate->section = gate->pending = 0;
    if (*at == '!') {
        gate->state = AFTER_BANG;
        return at + 1;
    }
    if (*at == '?') {
        gate->state = IN_INSTRUCTION;
        if (++gate->instructions > gate->limits.distinct_names_max) /* each may bring a name into libxml2's dictionary */
            return refuse_limit(gate, "distinct_names_max", "more processing instructions than names are allowed", at);
        return at + 1;
    }
    gate->state = IN_TAG;
    gate->closing = *at == '/';
    gate->slash = false;
    gate->tag = 1;
    gate->name = gate->tag_attributes = 0;
    if (!gate->closing)
        return at;
    gate->tag++;
    return at + 1;
}

static const char *
end_tag(struct o2c__gate *gate, const char *at)
{
    gate->state = IN_TEXT;
    gate->run = 0;
    if (!gate->closing) {
        if (++gate->elements > gate->limits.elements_max)
            return refuse_limit(gate, "elements_max", "the file has more elements than the limit", at);
        if (++gate->depth > gate->limits.depth_max)
            return refuse_limit(gate, "depth_max", "elements are nested deeper than the limit", at);
        if (gate->depth > gate->deepest)
            gate->deepest = gate->depth;
        if (!gate->slash)
            return at + 1;
    }
    if (gate->depth == 0)
        return refuse(gate, O2C_E_FORMATS_SYNTAX, "xml", "an end tag closes nothing", at);
    gate->depth--;
    return at + 1;
}

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static const char *
open_quotes(struct o2c__gate *gate, const char *at)
{
    gate->state = IN_QUOTES;
    gate->quote = *at;
    gate->attributes++;
    gate->name = 0;
    if (++gate->tag_attributes > gate->limits.attributes_max)
        return refuse_limit(gate, "attributes_max", "an element has more attributes than the limit", at);
    return at + 1;
}

static const char *
step_tag(struct o2c__gate *gate, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (++gate->tag > gate->limits.tag_bytes_max)
            return refuse_limit(gate, "tag_bytes_max", "a tag is longer than the limit", at);
        if (*at == '>')
            return end_tag(gate, at);
        gate->slash = *at == '/';
        if (*at == '"' || *at == '\'')
            return open_quotes(gate, at);
        if (*at == '<')
            return refuse(gate, O2C_E_FORMATS_SYNTAX, "xml", "'<' stands inside a tag", at);
        gate->name = is_blank(*at) || *at == '=' || gate->slash ? 0 : gate->name + 1;
        if (gate->name > gate->limits.name_bytes_max)
            return refuse_limit(gate, "name_bytes_max", "a name is longer than the limit", at);
    }
    return at;
}

static const char *
step_quotes(struct o2c__gate *gate, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (++gate->tag > gate->limits.tag_bytes_max)
            return refuse_limit(gate, "tag_bytes_max", "a tag is longer than the limit", at);
        if (*at == gate->quote) {
            gate->state = IN_TAG;
            return at + 1;
        }
        if (*at == '<')
            return refuse(gate, O2C_E_FORMATS_SYNTAX, "xml", "'<' stands in the value of an attribute", at);
        if (*at == '&') {
            gate->state = IN_REFERENCE;
            gate->after_reference = IN_QUOTES;
            gate->matched = 0;
            return at + 1;
        }
    }
    return at;
}

static uint32_t
digit_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return (uint32_t)(byte - '0');
    if (byte >= 'a' && byte <= 'f')
        return (uint32_t)(byte - 'a') + 10;
    if (byte >= 'A' && byte <= 'F')
        return (uint32_t)(byte - 'A') + 10;
    return 99;
}

/* "#65" or "#x41": a character that XML 1.0 allows. */
static bool
character_reference(const char *text, uint32_t len)
{
    uint32_t at = len > 1 && text[1] == 'x' ? 2 : 1;
    uint32_t base = at == 2 ? 16 : 10;
    uint32_t code = 0;

    if (at >= len)
        return false;
    for (; at < len; at++) {
        uint32_t digit = digit_value(text[at]);
        if (digit >= base)
            return false;
        code = code * base + digit;
        if (code > 0x10FFFF)
            return false;
    }
    if (code < 0x20)
        return code == 9 || code == 10 || code == 13;
    return !(code >= 0xD800 && code <= 0xDFFF) && code != 0xFFFE && code != 0xFFFF;
}

static bool
known_reference(const char *text, uint32_t len)
{
    static const char *const names[] = { "lt", "gt", "amp", "quot", "apos" };

    if (len > 0 && text[0] == '#')
        return character_reference(text, len);
    for (size_t i = 0; i < O2C__COUNT(names); i++) {
        if (strlen(names[i]) == len && memcmp(names[i], text, len) == 0)
            return true;
    }
    return false;
}

static const char *
step_reference(struct o2c__gate *gate, const char *at, const char *end)
{
    bool text = gate->after_reference == IN_TEXT;

    for (; at < end; at++) {
        if (text && ++gate->run > gate->limits.text_bytes_max)
            return refuse_text(gate, at);
        if (!text && ++gate->tag > gate->limits.tag_bytes_max)
            return refuse_limit(gate, "tag_bytes_max", "a tag is longer than the limit", at);
        if (*at == ';') {
            if (!known_reference(gate->reference, gate->matched))
                return refuse(gate, O2C_E_FORMATS_SYNTAX, "entity", "a reference to an unknown entity or an impossible character",
                              at);
            gate->state = gate->after_reference;
            return at + 1;
        }
        if (gate->matched == sizeof gate->reference)
            return refuse(gate, O2C_E_FORMATS_SYNTAX, "entity", "'&' starts no reference", at);
        gate->reference[gate->matched++] = *at;
    }
    return at;
}

static const char *
step_bang(struct o2c__gate *gate, const char *at, const char *end)
{
    (void)end;
    gate->matched = 0;
    if (*at == 'D')
        return refuse(gate, O2C_E_FORMATS_DTD, "xml", "a document type declaration; no bank message has one", at);
    if (*at != '-' && *at != '[')
        return refuse(gate, O2C_E_FORMATS_SYNTAX, "xml", "\"<!\" starts neither a comment nor a CDATA section", at);
    gate->state = *at == '-' ? BEFORE_COMMENT : BEFORE_CDATA;
    return at + 1;
}

static const char *
step_before_comment(struct o2c__gate *gate, const char *at, const char *end)
{
    (void)end;
    if (*at != '-')
        return refuse(gate, O2C_E_FORMATS_SYNTAX, "xml", "\"<!-\" starts no comment", at);
    gate->state = IN_COMMENT;
    return at + 1;
}

static const char *
step_before_cdata(struct o2c__gate *gate, const char *at, const char *end)
{
    (void)end;
    if (*at != cdata_word[gate->matched])
        return refuse(gate, O2C_E_FORMATS_SYNTAX, "xml", "\"<![\" starts no CDATA section", at);
    gate->matched++;
    if (cdata_word[gate->matched] == '\0')
        gate->state = IN_CDATA;
    return at + 1;
}

/*
 * Content that ends with wait marks and '>': "-->", "]]>", "?>". Marks count as content only when no '>' follows them. The state is
 * left when *out_done is set.
 */
static const char *
step_section(struct o2c__gate *gate, const char *at, const char *end, char mark, uint32_t marks, uint32_t limit, bool *out_done)
{
    *out_done = false;
    for (; at < end && gate->section <= limit; at++) {
        if (*at == mark) {
            if (gate->pending < marks)
                gate->pending++;
            else
                gate->section++;
        } else if (*at == '>' && gate->pending == marks) {
            *out_done = true;
            return at + 1;
        } else {
            gate->section += gate->pending + 1;
            gate->pending = 0;
        }
    }
    return at;
}

static const char *
step_comment(struct o2c__gate *gate, const char *at, const char *end)
{
    bool done;

    at = step_section(gate, at, end, '-', 2, gate->limits.comment_bytes_max, &done);
    if (gate->section > gate->limits.comment_bytes_max)
        return refuse_limit(gate, "comment_bytes_max", "a comment is longer than the limit", at);
    if (done)
        gate->state = IN_TEXT;
    return at;
}

static const char *
step_cdata(struct o2c__gate *gate, const char *at, const char *end)
{
    bool done;

    at = step_section(gate, at, end, ']', 2, gate->limits.comment_bytes_max, &done);
    if (gate->section > gate->limits.comment_bytes_max)
        return refuse_limit(gate, "comment_bytes_max", "a CDATA section is longer than the limit", at);
    if ((uint64_t)gate->run + gate->section > gate->limits.text_bytes_max)
        return refuse_text(gate, at);
    if (done) {
        gate->state = IN_TEXT;
        gate->run += gate->section;
    }
    return at;
}

static const char *
step_instruction(struct o2c__gate *gate, const char *at, const char *end)
{
    bool done;

    at = step_section(gate, at, end, '?', 1, gate->limits.instruction_bytes_max, &done);
    if (gate->section > gate->limits.instruction_bytes_max)
        return refuse_limit(gate, "instruction_bytes_max", "a processing instruction is longer than the limit", at);
    if (done)
        gate->state = IN_TEXT;
    return at;
}

typedef const char *(*step)(struct o2c__gate *gate, const char *at, const char *end);
static const step steps[] = {
    [IN_TEXT] = step_text,
    [AFTER_OPEN] = step_open,
    [IN_TAG] = step_tag,
    [IN_QUOTES] = step_quotes,
    [IN_REFERENCE] = step_reference,
    [AFTER_BANG] = step_bang,
    [BEFORE_COMMENT] = step_before_comment,
    [BEFORE_CDATA] = step_before_cdata,
    [IN_COMMENT] = step_comment,
    [IN_CDATA] = step_cdata,
    [IN_INSTRUCTION] = step_instruction,
};

/* Byte by byte through what a block could not take, at least one of its 64 bytes, then blocks again. */
static const char *
narrow(struct o2c__gate *gate, const char *at, const char *end)
{
    const char *enough = end - at > 64 ? at + 64 : end;

    while (at != NULL && at < enough)
        at = steps[gate->state](gate, at, gate->state == IN_TEXT ? enough : end);
    return at;
}

static bool
structure(struct o2c__gate *gate, const char *bytes, size_t size)
{
    const char *at = bytes, *end = bytes + size;

    while (at != NULL && at < end) {
        size_t taken = 0;
        if (gate->wide && gate->state == IN_TEXT && end - at >= 64)
            taken = o2c__gate_block(gate, at);
        at = taken > 0 ? at + taken : narrow(gate, at, end);
    }
    if (at == NULL)
        gate->at = gate->offset + (gate->at - (uint64_t)(uintptr_t)bytes);
    return at != NULL;
}

bool
o2c__gate_push(struct o2c__gate *gate, const char *bytes, size_t size)
{
    size_t good = o2c__gate_characters(&gate->utf8, bytes, size);

    if (gate->status != O2C_OK || !structure(gate, bytes, good))
        return false;
    if (good < size) {
        gate->status = O2C_E_FORMATS_ENCODING;
        gate->field = "xml";
        gate->why = gate->utf8.taken == 0 && (unsigned char)bytes[good] < 0x20 ? "a control character" : "bytes that are not UTF-8";
        gate->at = gate->offset + good - gate->utf8.taken;
        return false;
    }
    gate->offset += size;
    return true;
}

bool
o2c__gate_finish(struct o2c__gate *gate)
{
    if (gate->status == O2C_OK && (gate->state != IN_TEXT || gate->depth > 0 || gate->utf8.need > 0)) {
        gate->status = O2C_E_FORMATS_TRUNCATED;
        gate->field = "xml";
        gate->why = "the file stops inside an element";
        gate->at = gate->offset;
    }
    return gate->status == O2C_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libxml2 as RELIABILITY 7.3 wants it: its push parser behind the gate, our own handler, no option that widens what it accepts, no
 * process-wide setter. A file counts as well formed only if libxml2 says so in four ways and has seen exactly as many elements,
 * attributes and levels as the gate: an allocation that failed inside it must not drop an event silently.
 */
#include "formats/sax.h"

#include "formats/gate.h"
#include "formats/transcode.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC)
#define NO_TEXT UINT64_MAX

#define STACK 260u /* depth_max is at most 256 */

/* libxml2 interns names: equal names have equal addresses. Most names have one place in a message, so the last step is noted beside
 * the name: libxml2 has just brought it into the cache. */
struct slot {
    const void *key;
    uint32_t name;
    uint16_t above; /* 1 + state it was found below, 0 = never */
    uint8_t state;
};
struct o2c__sax {
    xmlParserCtxtPtr parser;
    const struct o2c__sax_events *events;
    void *self;
    struct slot *slots;
    uint32_t slots_room, slots_shift; /* a power of two, at least twice distinct_names_max: a free slot is always near */
    const uint8_t *marks;
    bool wants_text;
    bool stopped;
    uint32_t depth, deepest;
    uint64_t elements, attributes;
    uint64_t text_from, text_to; /* in the UTF-8 */
    uint8_t stack[STACK];
    char value[4];
    uint32_t value_len;
    uint32_t distinct, asked; /* asked: name of the attribute wanted */
    struct o2c__sax_map map;
    o2c_status status;
    o2c_error *err; /* of the call that runs now */
    o2c__context *context;
    struct o2c__gate gate;
    struct o2c__transcode transcode;
    char head[O2C__TRANSCODE_HEAD];
    uint32_t head_count;
    bool started;
};

/* ---- offsets */
static uint64_t
position(const struct o2c__sax *sax, const xmlChar *at)
{
    const xmlParserInput *input = sax->parser->input;

    return (uint64_t)input->consumed + (uint64_t)(at - input->base);
}

uint64_t
o2c__sax_tag_start(const struct o2c__sax *sax)
{
    const xmlParserInput *input = sax->parser->input;
    const xmlChar *at = input->cur;

    while (at > input->base && *at != '<') /* the gate lets no '<' into a tag */
        at--;
    return o2c__transcode_input(&sax->transcode, position(sax, at));
}

uint64_t
o2c__sax_tag_end(const struct o2c__sax *sax)
{
    return o2c__transcode_input(&sax->transcode, position(sax, sax->parser->input->cur));
}

void
o2c__sax_text_span(const struct o2c__sax *sax, uint64_t *out_from, uint64_t *out_to)
{
    *out_from = o2c__transcode_input(&sax->transcode, sax->text_from);
    *out_to = o2c__transcode_input(&sax->transcode, sax->text_to);
}

o2c_str
o2c__sax_attribute(const struct o2c__sax *sax)
{
    return (o2c_str){ sax->value, sax->value_len };
}

uint32_t
o2c__sax_above(const struct o2c__sax *sax, uint32_t levels)
{
    return levels <= sax->depth ? sax->stack[sax->depth - levels] : sax->stack[0];
}

/* ---- failing */
o2c_error *
o2c__sax_error(struct o2c__sax *sax)
{
    return sax->err;
}

bool
o2c__sax_stop(struct o2c__sax *sax, o2c_status status)
{
    if (sax->status == O2C_OK)
        sax->status = status;
    sax->stopped = true;
    xmlStopParser(sax->parser);
    return false;
}

static void
copy_line(char *to, size_t room, const char *from)
{
    size_t at = 0;

    for (; from != NULL && from[at] != '\0' && from[at] != '\n' && at + 1 < room; at++)
        to[at] = (unsigned char)from[at] < 0x20 || (unsigned char)from[at] > 0x7E ? '?' : from[at];
    to[at] = '\0';
}

/* "xmlns: '…' is not a valid URI": is what stands between the quotes a name as standards and banks write it? NULL or no quotes:
 * there was no memory for the message. */
static bool
names_plain_uri(const char *message)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    const char *uri = message != NULL ? strchr(message, '\'') : NULL;
    const char *more = ":";

    if (uri == NULL)
        return true;
    uri++;
    if (strncmp(uri, "http://", 7) == 0 || strncmp(uri, "https://", 8) == 0) {
        uri = strstr(uri, "//") + 2;
        more = "/";
    } else if (strncmp(uri, "urn:", 4) != 0) {
        return false;
    }
    while (*uri != '\0' && (strchr(allowed, *uri) != NULL || *uri == *more))
        uri++;
    return *uri == '\'' || *uri == '\0';
}

/* libxml2 2.9.14 calls a namespace invalid when it has no memory to look at it: of a plain one only that can be the reason. */
#if LIBXML_VERSION >= 21200
static void
on_error(void *self, const xmlError *error)
#else
static void
on_error(void *self, xmlErrorPtr error)
#endif
{
    struct o2c__sax *sax = self;
    char words[160];

    if (sax->status != O2C_OK || sax->stopped)
        return;
    if (error->code == XML_WAR_NS_URI_RELATIVE) { /* a remark: the events are the same */
        xmlCtxtResetLastError(sax->parser);
        return;
    }
    if (error->code == XML_ERR_NO_MEMORY || (error->code == XML_WAR_NS_URI && names_plain_uri(error->message))) {
        (void)o2c__sax_stop(sax, o2c__fail(sax->err, O2C_E_NOMEM, "", "no memory to read XML"));
        return;
    }
    copy_line(words, sizeof words, error->message);
    (void)o2c__fail_at(sax->err, O2C_E_FORMATS_SYNTAX, "xml", o2c__sax_tag_end(sax), (uint32_t)(error->line > 0 ? error->line : 0),
                       "not well-formed XML: %s", words);
    if (sax->err != NULL)
        sax->err->native = error->code;
    (void)o2c__sax_stop(sax, O2C_E_FORMATS_SYNTAX);
}

/* ---- names */
static uint32_t
find_name(const struct o2c__sax *sax, const char *text)
{
    uint32_t low = 0, high = sax->map.names_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(text, sax->map.names[middle]);
        if (order == 0)
            return middle + 1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

static struct slot *
new_name(struct o2c__sax *sax, struct slot *slot, const xmlChar *key)
{
    if (++sax->distinct > sax->context->limits.distinct_names_max) {
        (void)o2c__sax_stop(sax, o2c__fail_at(sax->err, O2C_E_LIMIT, "distinct_names_max", o2c__sax_tag_end(sax), 0,
                                              "the file has more names of elements, attributes and namespaces than %u",
                                              (unsigned)sax->context->limits.distinct_names_max));
        return slot; /* still empty: name 0 */
    }
    slot->key = key;
    slot->name = find_name(sax, (const char *)key);
    return slot;
}

static inline struct slot *
slot_of(struct o2c__sax *sax, const xmlChar *key)
{
    uint64_t hash = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t at = (uint32_t)(hash >> sax->slots_shift);

    while (sax->slots[at].key != key) {
        if (sax->slots[at].key == NULL)
            return new_name(sax, &sax->slots[at], key);
        at = (at + 1) & (sax->slots_room - 1);
    }
    return &sax->slots[at];
}

/* ---- what libxml2 calls */
static void
take_attributes(struct o2c__sax *sax, int count, const xmlChar **attributes)
{
    for (int i = 0; i < count; i++) {
        const xmlChar **attribute = attributes + 5 * i; /* local name, prefix, namespace, first byte, byte behind the last */
        size_t len = (size_t)(attribute[4] - attribute[3]);
        if (slot_of(sax, attribute[0])->name != sax->asked || attribute[1] != NULL)
            continue;
        sax->value_len = len < sizeof sax->value ? (uint32_t)len : (uint32_t)sizeof sax->value;
        memcpy(sax->value, attribute[3], sax->value_len);
    }
    sax->attributes += (uint64_t)count;
}

/* Prefixes and namespaces live in libxml2's dictionary too. */
static void
take_namespaces(struct o2c__sax *sax, int count, const xmlChar **namespaces)
{
    for (int i = 0; i < 2 * count; i++) {
        if (namespaces[i] != NULL)
            (void)slot_of(sax, namespaces[i]);
    }
    sax->attributes += (uint64_t)count;
}

static inline uint32_t
step_down(struct o2c__sax *sax, const xmlChar *local)
{
    struct slot *slot = slot_of(sax, local);
    uint32_t above = sax->stack[sax->depth];

    if (slot->above != above + 1) {
        slot->state = sax->map.next[above * sax->map.columns + slot->name];
        slot->above = (uint16_t)(above + 1);
    }
    return slot->state;
}

/* The gate is ahead of libxml2 and has refused what is deeper. */
static bool
go_down(struct o2c__sax *sax, uint32_t state)
{
    sax->elements++;
    if (++sax->depth > sax->deepest)
        sax->deepest = sax->depth;
    if (sax->depth < STACK) {
        sax->stack[sax->depth] = (uint8_t)state;
        return true;
    }
    return o2c__sax_stop(
        sax, o2c__fail_at(sax->err, O2C_E_LIMIT, "depth_max", o2c__sax_tag_end(sax), 0, "elements are nested too deep"));
}

static void on_text(void *self, const xmlChar *text, int len);

/* Where no text is wanted libxml2 has nobody to call: nine of ten texts are the blanks between two tags. */
static inline void
want_text(struct o2c__sax *sax, bool wanted)
{
    xmlSAXHandlerPtr handler = sax->parser->sax;

    if (wanted == sax->wants_text)
        return;
    sax->wants_text = wanted;
    handler->characters = handler->ignorableWhitespace = wanted ? on_text : NULL; /* equal: libxml2 need not look which one it is */
}

static void
on_start(void *self, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri, int namespaces_count,
         const xmlChar **namespaces, int attributes_count, int defaulted, const xmlChar **attributes)
{
    struct o2c__sax *sax = self;
    uint32_t state, marks;

    (void)prefix;
    (void)defaulted;
    if (sax->stopped)
        return;
    if (sax->text_to != NO_TEXT) {
        sax->events->drop(sax->self);
        sax->text_to = NO_TEXT;
    }
    state = step_down(sax, local);
    marks = sax->marks[state];
    sax->value_len = 0;
    if (namespaces_count > 0)
        take_namespaces(sax, namespaces_count, namespaces);
    if (attributes_count > 0)
        take_attributes(sax, attributes_count, attributes);
    if (!go_down(sax, state))
        return;
    want_text(sax, (marks & O2C__SAX_TEXT) != 0);
    if (sax->wants_text)
        sax->text_from = position(sax, sax->parser->input->cur) + (*sax->parser->input->cur == '/' ? 2 : 1);
    if ((marks & O2C__SAX_START) != 0 && !sax->stopped)
        (void)sax->events->start(sax->self, state, (const char *)local, (const char *)uri);
}

static void
on_end(void *self, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    struct o2c__sax *sax = self;
    uint32_t state, marks;

    (void)local;
    (void)prefix;
    (void)uri;
    if (sax->stopped)
        return;
    state = sax->stack[sax->depth];
    marks = sax->marks[state];
    if ((marks & O2C__SAX_END) != 0 || sax->text_to != NO_TEXT)
        (void)sax->events->end(sax->self, state);
    sax->text_to = NO_TEXT;
    sax->depth--;
    want_text(sax, (sax->marks[sax->stack[sax->depth]] & O2C__SAX_TEXT) != 0);
}

static void
on_text(void *self, const xmlChar *text, int len)
{
    struct o2c__sax *sax = self;
    const xmlParserInput *input;

    if (!sax->wants_text || sax->stopped)
        return;
    input = sax->parser->input;
    if (text >= input->base && text < input->end) {
        if (sax->text_to == NO_TEXT)
            sax->text_from = position(sax, text);
        sax->text_to = position(sax, text + len);
    } else {
        sax->text_to = position(sax, input->cur); /* a copy: decoded, or beyond ASCII */
    }
    (void)sax->events->text(sax->self, (const char *)text, (size_t)len);
}

/* The gate has refused it already; this stands for the day someone changes the gate. */
static void
on_doctype(void *self, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    struct o2c__sax *sax = self;

    (void)name;
    (void)public_id;
    (void)system_id;
    if (!sax->stopped)
        (void)o2c__sax_stop(
            sax, o2c__fail_at(sax->err, O2C_E_FORMATS_DTD, "xml", o2c__sax_tag_end(sax), 0, "a document type declaration"));
}

static bool
open_slots(struct o2c__sax *sax)
{
    sax->slots_room = 64;
    sax->slots_shift = 64 - 6;
    while (sax->slots_room < 2 * sax->context->limits.distinct_names_max) {
        sax->slots_room *= 2;
        sax->slots_shift--;
    }
    sax->slots = o2c__alloc_zero(&sax->context->memory, sax->slots_room, sizeof *sax->slots);
    return sax->slots != NULL;
}

static bool
open_parser(struct o2c__sax *sax)
{
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .cdataBlock = on_text,
        .internalSubset = on_doctype,
        .serror = on_error,
    };

    sax->parser = xmlCreatePushParserCtxt(&handler, sax, NULL, 0, NULL);
    if (sax->parser == NULL)
        return false;
    return xmlCtxtUseOptions(sax->parser, OPTIONS) == 0;
}

struct o2c__sax *
o2c__sax_open(o2c__context *context, const struct o2c__sax_map *map, const struct o2c__sax_events *events, void *self)
{
    struct o2c__sax *sax = o2c__alloc_zero(&context->memory, 1, sizeof *sax);

    if (sax == NULL)
        return NULL;
    sax->context = context;
    sax->map = *map;
    sax->marks = map->marks;
    sax->stack[0] = map->first;
    sax->events = events;
    sax->self = self;
    sax->asked = find_name(sax, map->attribute);
    sax->text_to = NO_TEXT;
    o2c__gate_init(&sax->gate, &context->limits, true);
    o2c__transcode_init(&sax->transcode, context);
    if (!open_slots(sax) || !open_parser(sax)) {
        o2c__sax_close(sax);
        return NULL;
    }
    return sax;
}

void
o2c__sax_close(struct o2c__sax *sax)
{
    if (sax == NULL)
        return;
    if (sax->parser != NULL)
        xmlFreeParserCtxt(sax->parser);
    o2c__transcode_free(&sax->transcode);
    if (sax->slots != NULL)
        o2c__release(&sax->context->memory, sax->slots, sax->slots_room * sizeof *sax->slots);
    o2c__release(&sax->context->memory, sax, sizeof *sax);
}

/* ---- pushing */
static o2c_status
refuse_gate(struct o2c__sax *sax)
{
    const struct o2c__gate *gate = &sax->gate;

    sax->status =
        o2c__fail_at(sax->err, gate->status, gate->field, o2c__transcode_input(&sax->transcode, gate->at), 0, "%s", gate->why);
    return sax->status;
}

/* libxml2's own verdict, besides the errors it reported. */
static bool
parser_agrees(const struct o2c__sax *sax, int code)
{
    const xmlParserCtxt *parser = sax->parser;

    return code == XML_ERR_OK && parser->wellFormed && parser->nsWellFormed && parser->lastError.code == XML_ERR_OK;
}

static o2c_status
parse(struct o2c__sax *sax, const char *bytes, size_t size, int last)
{
    int code = xmlParseChunk(sax->parser, bytes, (int)size, last);

    if (sax->status == O2C_OK && !parser_agrees(sax, code))
        sax->status =
            o2c__fail_at(sax->err, O2C_E_FORMATS_SYNTAX, "xml", o2c__sax_tag_end(sax), 0, "not well-formed XML (%d)", code);
    return sax->status;
}

static o2c_status
push_utf8(struct o2c__sax *sax, const char *bytes, size_t size)
{
    if (!o2c__gate_push(&sax->gate, bytes, size))
        return refuse_gate(sax);
    while (size > 0 && sax->status == O2C_OK) {
        size_t piece = size < 65536 ? size : 65536;
        (void)parse(sax, bytes, piece, 0);
        bytes += piece;
        size -= piece;
    }
    return sax->status;
}

static o2c_status
push_started(struct o2c__sax *sax, const char *bytes, size_t size)
{
    while (size > 0 && sax->status == O2C_OK) {
        const char *out = NULL;
        size_t out_size = 0;
        o2c_status status = o2c__transcode_next(&sax->transcode, &bytes, &size, &out, &out_size, sax->err);
        if (status != O2C_OK)
            sax->status = status;
        else if (out_size > 0)
            (void)push_utf8(sax, out, out_size);
    }
    return sax->status;
}

/* The encoding is known from the first bytes, which may come in any pieces. */
static o2c_status
start(struct o2c__sax *sax, const char *bytes, size_t size)
{
    size_t mark = 0;

    sax->started = true;
    sax->status = o2c__transcode_start(&sax->transcode, bytes, size, &mark, sax->err);
    return sax->status == O2C_OK ? push_started(sax, bytes + mark, size - mark) : sax->status;
}

o2c_status
o2c__sax_push(struct o2c__sax *sax, const char *bytes, size_t size, o2c_error *err)
{
    size_t missing;

    sax->err = err;
    if (sax->status != O2C_OK || size == 0)
        return sax->status;
    if (sax->started)
        return push_started(sax, bytes, size);
    if (sax->head_count == 0 && size >= sizeof sax->head)
        return start(sax, bytes, size);
    missing = sizeof sax->head - sax->head_count;
    missing = size < missing ? size : missing;
    memcpy(sax->head + sax->head_count, bytes, missing);
    sax->head_count += (uint32_t)missing;
    if (sax->head_count < sizeof sax->head)
        return O2C_OK;
    if (start(sax, sax->head, sax->head_count) != O2C_OK)
        return sax->status;
    return push_started(sax, bytes + missing, size - missing);
}

static bool
counts_agree(const struct o2c__sax *sax)
{
    const struct o2c__gate *gate = &sax->gate;

    return sax->elements == gate->elements && sax->attributes == gate->attributes && sax->deepest == gate->deepest;
}

o2c_status
o2c__sax_finish(struct o2c__sax *sax, o2c_error *err)
{
    sax->err = err;
    if (sax->status == O2C_OK && !sax->started)
        (void)start(sax, sax->head, sax->head_count);
    if (sax->status == O2C_OK)
        sax->status = o2c__transcode_finish(&sax->transcode, err);
    if (sax->status != O2C_OK)
        return sax->status;
    if (!o2c__gate_finish(&sax->gate))
        return refuse_gate(sax);
    if (parse(sax, NULL, 0, 1) != O2C_OK)
        return sax->status;
    if (!counts_agree(sax))
        sax->status = o2c__fail_at(err, O2C_E_FORMATS_SYNTAX, "xml", o2c__transcode_input(&sax->transcode, sax->gate.offset), 0,
                                   "the parser saw other elements than the gate");
    return sax->status;
}

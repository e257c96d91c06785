/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexical gate in front of libxml2: one pass over the bytes, O(n), no allocation, resumable at any byte. It refuses what can
 * make libxml2 slow or large (RELIABILITY 7.1: 200,000 attributes cost libxml2 2.9.14 more than 25 seconds that no callback can
 * stop) and counts what the parser must report. What it lets through is not yet well formed: that is libxml2's part.
 */
#ifndef O2C__FORMATS_GATE_H
#define O2C__FORMATS_GATE_H
#include "formats/formats.h"

/* A UTF-8 sequence that may go on in the next piece (gate_utf8.c). */
struct o2c__gate_utf8 {
    uint32_t code;
    uint8_t taken, need, low, high; /* bytes read, continuation bytes still to come, and the range of the next one */
    bool wide;               /* compare 16 bytes at once */
};
/* First byte that XML 1.0 does not allow: NUL, control character, malformed UTF-8, U+FFFE, U+FFFF; size = none. The
 * character that is refused began taken bytes before it. */
size_t o2c__gate_characters(struct o2c__gate_utf8 *utf8, const char *bytes, size_t size);

struct o2c__gate {
    /* what must agree with the parser */
    uint64_t elements, attributes;
    uint32_t depth, deepest;
    /* why it refused: offset counts the bytes pushed */
    o2c_status status;
    const char *field, *why;
    uint64_t at;
    /* where it stands */
    uint64_t offset; /* of the piece now pushed */
    uint32_t state, after_reference;
    uint32_t run;     /* bytes of this text node */
    uint32_t section; /* bytes of this comment, CDATA section or processing instruction */
    uint32_t pending; /* bytes of a possible end of it */
    uint32_t tag, name, tag_attributes;
    uint32_t matched; /* bytes of "[CDATA[" or of a reference */
    uint64_t instructions;
    char reference[12];
    char quote;
    bool closing, slash;
    bool wide; /* 64 bytes at once where nothing special stands */
    struct o2c__gate_utf8 utf8;
    o2c_limits limits;
};

/* wide = false: byte by byte, the same answers. */
void o2c__gate_init(struct o2c__gate *gate, const o2c_limits *limits, bool wide);
/* false = refused: status, field, why and at say what and where. */
bool o2c__gate_push(struct o2c__gate *gate, const char *bytes, size_t size);
/* false = the input stops inside a tag, a comment or an element. */
bool o2c__gate_finish(struct o2c__gate *gate);

/* 64 bytes of text and complete tags at once (gate_block.c); answers the bytes taken, 0 = look at them one by one. */
size_t o2c__gate_block(struct o2c__gate *gate, const char *bytes);
bool o2c__gate_has_blocks(const o2c_limits *limits);

#endif

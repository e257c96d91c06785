/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events of an XML file: transcode → gate → libxml2 SAX2 push parser → states. The only file that knows libxml2 is sax.c, so that
 * another parser can stand behind the gate, or beside it in a test.
 *
 * The caller hands in an automaton: state below a state, by local name. Most elements only lead further down; the caller hears of
 * those whose state it has marked, and of text where it wants some.
 */
#ifndef O2C__FORMATS_SAX_H
#define O2C__FORMATS_SAX_H
#include "formats/formats.h"

struct o2c__sax;
enum {
    O2C__SAX_START = 1, /* start is called */
    O2C__SAX_END = 2,   /* end is called */
    O2C__SAX_TEXT = 4   /* its text is taken; end is called when there was some */
};
struct o2c__sax_map {
    const uint8_t *next; /* next[state * columns + name]: 1 + index of the name, 0 = none of them */
    const uint8_t *marks; /* O2C__SAX_… of each state */
    uint32_t columns;
    uint8_t first; /* state around the root */
    const char *const *names; /* sorted by bytes, static */
    uint32_t names_count;
    const char *attribute; /* the one attribute whose value is kept */
};
/* Each answers false to stop: then o2c__sax_stop has said with which status. */
struct o2c__sax_events {
    bool (*start)(void *self, uint32_t state, const char *local, const char *uri); /* NUL-terminated; uri may be NULL */
    bool (*text)(void *self, const char *bytes, size_t len);
    void (*drop)(void *self); /* the text so far belongs to nothing: a child begins */
    bool (*end)(void *self, uint32_t state);
};

/* map: borrowed. NULL = no memory. */
struct o2c__sax *o2c__sax_open(o2c__context *context, const struct o2c__sax_map *map, const struct o2c__sax_events *events, void *self);
o2c_status o2c__sax_push(struct o2c__sax *sax, const char *bytes, size_t size, o2c_error *err);
o2c_status o2c__sax_finish(struct o2c__sax *sax, o2c_error *err);
void o2c__sax_close(struct o2c__sax *sax);

/* ---- inside an event */
/* Where the error goes; NULL when the host does not want to know. */
o2c_error *o2c__sax_error(struct o2c__sax *sax);
/* Stops with a status whose error is filled in already; answers false. */
bool o2c__sax_stop(struct o2c__sax *sax, o2c_status status);
/* Start event: byte of the input where the tag begins. */
uint64_t o2c__sax_tag_start(const struct o2c__sax *sax);
/* End event: byte of the input behind the tag. */
uint64_t o2c__sax_tag_end(const struct o2c__sax *sax);
/* End event: bytes of the input that the text of this element takes. */
void o2c__sax_text_span(const struct o2c__sax *sax, uint64_t *out_from, uint64_t *out_to);
/* Value of the attribute, of the element with text that began last: at most its first four bytes; empty = it is not there. */
o2c_str o2c__sax_attribute(const struct o2c__sax *sax);
/* End event: state so many levels above; 0 = of the element itself. */
uint32_t o2c__sax_above(const struct o2c__sax *sax, uint32_t levels);

#endif

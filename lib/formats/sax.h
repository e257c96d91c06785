/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events of an XML file: transcode → gate → libxml2 SAX2 push parser. The only file that knows libxml2 is sax.c, so that another
 * parser can stand behind the gate, or beside it in a test.
 */
#ifndef O2C__FORMATS_SAX_H
#define O2C__FORMATS_SAX_H
#include "formats/formats.h"

struct o2c__sax;
struct o2c__sax_element {
    uint32_t *memo;    /* the walker's note beside this name, 0 at first */
    uint32_t name;     /* 1 + index in the names handed to o2c__sax_open, 0 = none of them */
    const char *local; /* local name and namespace, NUL-terminated; uri may be NULL */
    const char *uri;
    const char *value; /* of the one attribute asked for; NULL = it is not there */
    size_t value_len;
};
/* Each answers false to stop: then o2c__sax_stop has said with which status. */
struct o2c__sax_events {
    bool (*start)(void *self, const struct o2c__sax_element *element, bool *out_text); /* out_text: shall its text come? */
    bool (*text)(void *self, const char *bytes, size_t len);
    bool (*end)(void *self, bool *out_text); /* shall the text of the parent come? */
};

/* names: sorted by bytes, static. attribute: the one attribute whose value is handed on. NULL = no memory. */
struct o2c__sax *o2c__sax_open(o2c__context *context, const struct o2c__sax_events *events, void *self, const char *const *names,
                               uint32_t names_count, const char *attribute);
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

#endif

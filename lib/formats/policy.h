/* SPDX-License-Identifier: Apache-2.0 */
/* Policies as JSON, from inside: what policy.c, policy_read.c, policy_lint.c and policy_write.c hand to each other. */
#ifndef O2C__FORMATS_POLICY_H
#define O2C__FORMATS_POLICY_H
#include "formats/formats.h"
#include "registry/registry.h"

struct o2c_formats_policy {
    o2c__context context;
    o2c_match_policy match;
    o2c__arena lists;
    o2c__vector findings; /* of o2c_formats_finding */
    o2c__text_heap heap;
    const char *bytes;    /* the text, borrowed while reading */
    size_t size;
};

/* ---- policy_value.c: fields of the struct by their row of the registry */
int64_t o2c__policy_get(const void *policy, const struct o2c__policy_field *field);
void o2c__policy_set(void *policy, const struct o2c__policy_field *field, int64_t value);
uint64_t o2c__policy_count(const void *policy, const struct o2c__policy_field *field);
int64_t o2c__policy_element(const void *policy, const struct o2c__policy_field *field, uint64_t i);
/* Sets a list of count values, copied into the arena; false = no memory. */
bool o2c__policy_set_list(struct o2c_formats_policy *policy, const struct o2c__policy_field *field, const int64_t *values, uint64_t count);

/* ---- policy_read.c */
o2c_status o2c__policy_read(struct o2c_formats_policy *policy, o2c_error *err);
/* First byte of a member's name in the text, and its line; O2C_NOWHERE when it is not there in this spelling. */
uint64_t o2c__policy_place(const struct o2c_formats_policy *policy, const char *name, uint32_t *out_line);

/* ---- policy_lint.c: what is allowed, and yet not what its author meant; false = no memory */
bool o2c__policy_lint(struct o2c_formats_policy *policy);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Feedback for tests: rows with good defaults, and models that learned them. What cannot be done ends the program. */
#ifndef O2C_TEST_LESSONS_H
#define O2C_TEST_LESSONS_H
#include <o2c/o2c.h>

#define LINE_CLASS(label, payer, certificate) ((uint32_t)(label) | (uint32_t)(payer) << 8 | (uint32_t)(certificate) << 24)
#define M13_KNOWN LINE_CLASS(O2C_LABEL_M13, O2C_PAYER_KNOWN, O2C_CERTIFICATE_ONLY_FIT)
#define M03_CITED LINE_CLASS(O2C_LABEL_M03, O2C_PAYER_CITED, O2C_CERTIFICATE_CLEAR_FAVORITE)

struct lessons {
    o2c_heap *heap;
    o2c_feedback *rows;
    uint64_t count, room;
};
void lessons_open(struct lessons *lessons);
void lessons_close(struct lessons *lessons);
o2c_ref lessons_text(struct lessons *lessons, const char *text);
/* A line of that class at an account of a segment: CONFIRMED, shown, day 20,000. The row may be changed until the next one is added. */
o2c_feedback *lessons_line(struct lessons *lessons, const char *payment, const char *account, int32_t tier, uint32_t line_class);
/* The next model; the one given is freed unless it is NULL (cold). */
o2c_match_model *lessons_learn(struct lessons *lessons, o2c_match_model *model, const o2c_match_rules *rules, o2c_match_changes **changes);
void lessons_clear(struct lessons *lessons);
/* The model's bytes, to be freed with free. */
char *lessons_bytes(const o2c_match_model *model, size_t *out_len);
int lessons_same(const o2c_match_model *a, const o2c_match_model *b);
#endif

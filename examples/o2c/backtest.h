/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of 'o2c backtest': the run, its JSON, its text and its page. */
#ifndef O2C_TOOL_BACKTEST_H
#define O2C_TOOL_BACKTEST_H
#include "tool.h"

/* One back-test: the job holds the lists and, day by day, the answers; the report comes at the end. */
struct trial {
    struct job *job;
    o2c_formats_file *payments_file, *cleared_file, *judged_file;
    o2c_payments payments;
    o2c_match_history history;
    o2c_match_model *model;         /* --model, or NULL */
    o2c_match_report *report;
    o2c_match_report_header header;
    struct cleared {                /* rows of the history by payment: truth is looked up there */
        o2c_str payment;
        uint64_t row;
    } *cleared;
};
/* JSON: one object a payment while the days go by, then the summary. */
void backtest_json_day(FILE *out, const struct trial *trial, const o2c_match_backtest_day *day);
void backtest_json_summary(FILE *out, const struct trial *trial);
extern const char *const backtest_style;
void backtest_text(FILE *out, const struct trial *trial, bool color);
int backtest_page(const struct trial *trial, const char *path);

/* The disagreement at this place of the draw, from 0; NULL behind the last. */
const o2c_match_disagreement *trial_drawn(const struct trial *trial, uint64_t place);

/* ---- shared words */
/* Rows of clearing of a payment, in order of the list; answers how many. */
uint64_t trial_cleared(const struct trial *trial, o2c_str payment, const struct cleared **out_first);
const char *class_words(uint32_t line_class, char buffer[96]);           /* "m13/known/own/only_fit" */
const char *rate_text(uint64_t part, uint64_t whole, char buffer[24]);   /* "97.13 %", "–" when whole is 0 */
const o2c_match_rate *trial_rate(const struct trial *trial, int32_t list); /* of the whole time */
o2c_str trial_document(const struct trial *trial, uint32_t item);        /* number, or the key */
#endif

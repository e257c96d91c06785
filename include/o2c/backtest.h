/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief Back-test: what would the matcher have done with the payments of the past, and how often would it have been wrong?
 *
 * Owns: reports.   Reads: the history handed in.   Never: posts, opens a file, looks at a clock, looks ahead.
 * Sources: docs/rooms/match.md 15.
 *
 * The history is replayed day by day. On each day the matcher sees what was known before it, answers the payments of the day, and
 * is told what people cleared only when they had cleared it. The last model and the classes it found releasable are the cold start.
 */
#ifndef O2C_BACKTEST_H
#define O2C_BACKTEST_H
#include <o2c/base.h>
#include <o2c/codes.h>
#include <o2c/match.h>
#include <o2c/record.h>
#include <o2c/status.h>
O2C_BEGIN_DECLS

/** A finished back-test. Opaque and immutable. */
typedef struct o2c_match_report o2c_match_report;

/** What happened. Options struct; arrays are borrowed for the call. */
typedef struct o2c_match_history {
    uint32_t struct_size;
    uint32_t reserved;
    /** items with all they were ever known by; accounts, aliases, bank accounts and ties count as known from the first day */
    const o2c_master *master;
    const o2c_payments *payments;       /**< each belongs to its booking day, without one to its value day */
    const o2c_remittances *remittances; /**< NULL = none */
    const o2c_clearing *rows;           /**< what people cleared, in any order */
    uint64_t count;
    o2c_str heap;                       /**< the bytes the refs of rows point into */
    const o2c_master *customers;        /**< accounts, aliases, bank accounts and ties from another list; NULL = those of master */
} o2c_match_history;

/** How one payment of the past was answered. Frozen record, 80 bytes. */
typedef struct o2c_match_answer {
    uint32_t payment;        /**< index of the payment in the history */
    int32_t day;             /**< day it was solved on */
    int32_t kind;            /**< O2C_KIND_… */
    int32_t band;            /**< O2C_BAND_… under the rules as they stood */
    int32_t agreement;       /**< O2C_AGREEMENT_… */
    int32_t possible;        /**< O2C_POSSIBLE_… : agreement DIFFERENT only */
    uint32_t lines_at, lines_count; /**< our lines: o2c_match_report_lines() */
    uint32_t lines_right;    /**< of them, those people cleared likewise */
    uint32_t cleared_count;  /**< documents people cleared with it, now or later */
    uint32_t would_auto;     /**< 1 = everything was met but the release of its classes */
    uint32_t confidence_ppm; /**< of the weakest line; 0 without lines */
    int64_t amount_minor;    /**< the payment's */
    char currency[4];
    uint32_t reserved[5];    /**< zero */
} o2c_match_answer;

/** One line of an answer. Frozen record, 64 bytes. */
typedef struct o2c_match_answer_line {
    uint32_t answer;         /**< index of the answer */
    uint32_t item;           /**< index of the item in the history */
    int64_t paid_minor;      /**< what we would have paid on it */
    int64_t cleared_minor;   /**< with all differences */
    uint32_t line_class;     /**< label | payer class << 8 | scope << 16 | certificate << 24 */
    int32_t band;            /**< O2C_BAND_… */
    int32_t agreement;       /**< O2C_AGREEMENT_… */
    uint32_t error_ppb, confidence_ppm;
    uint32_t gates;          /**< O2C_GATE_… */
    uint32_t reasons;        /**< bit n: O2C_REASON_… n was among its reasons */
    uint32_t would_auto;     /**< 1 = everything was met but the release of its class */
    uint32_t reserved[2];    /**< zero */
} o2c_match_answer_line;

/** One day of the replay as it is handed to a sink: the payments, what was answered, and how it compares. Borrowed for the call. */
typedef struct o2c_match_backtest_day {
    uint32_t struct_size;
    int32_t day;
    const o2c_payments *payments;        /**< of this day, ordered by key */
    const o2c_match_solution *solution;  /**< its proposals stand in the same order */
    const o2c_match_answer *answers;     /**< the same, compared */
    uint64_t count;                      /**< payments and answers */
} o2c_match_backtest_day;
/** Takes one day. @return #O2C_SINK_DAY_TAKEN to go on, anything else ends the back-test with #O2C_E_CANCELED */
typedef int32_t (*o2c_match_backtest_sink)(void *self, const o2c_match_backtest_day *day);
/** What a sink answers to go on. */
enum { O2C_SINK_DAY_TAKEN = 1 };

/** How to replay. Options struct; NULL or zeroes = defaults. */
typedef struct o2c_match_backtest_options {
    uint32_t struct_size;
    /** 1 = bank accounts of the master are ignored and learned day by day: today's list knows accounts that nobody knew then */
    uint32_t learn_accounts;
    uint32_t same_day_items;    /**< 1 = documents dated on a day are known before its bank file; 0 = from the next day */
    uint32_t frozen_model;      /**< 1 = nothing is learned on the way: the model stays as it was handed in, but for its measures */
    const o2c_match_model *model;/**< the model to begin with; NULL = the cold default */
    o2c_match_backtest_sink sink;/**< takes each day; NULL = none */
    void *self;                 /**< handed to sink */
    const o2c_match_executor *executor; /**< NULL = on the calling thread; the answers have the same bytes either way. With one, a second
                                          *   pool holds the books of tomorrow: about 1.6 times the memory */
    /** of an earlier report of the same history; NULL = none. A payment we agree on now is passed over */
    const o2c_judgment *judgments;
    uint64_t judgments_count;
    o2c_str judgments_heap;             /**< the bytes the refs of judgments point into */
} o2c_match_backtest_options;

/**
 * Replays a history under the rules given. For every day d, the answers up to d depend on nothing that became known on d or later,
 * but for the payments and remittances of d. An item is known from the day after its document day, with its original amount; a
 * clearing from the day after its known day, else its cleared day, never before its payment. States of today (disputed, blocked,
 * promised, earmarks) are not taken over. What people cleared is judged truth only when they cleared it.
 * @param history     borrowed for the call
 * @param rules       the policy under test; NULL = the shipped defaults
 * @param options     NULL = defaults
 * @param out_report  set on status 0; free with o2c_match_report_free()
 * @return #O2C_OK; #O2C_E_MISUSE (NULL); #O2C_E_ABI; #O2C_E_MATCH_PAYMENT (a payment without a day, key or amount, or twice);
 *         #O2C_E_MATCH_ITEM, #O2C_E_MATCH_KEY (as o2c_match_pool_put_items(); a clearing without a payment or item;
 *         a judgment without a payment, or a second one of it);
 *         #O2C_E_ARG (a judgment without verdict); #O2C_E_LIMIT; #O2C_E_NOMEM; #O2C_E_CANCELED. error.row names the row
 * Thread: any. Cost: one solve for each payment, and for each day what changed. @since 0.1
 */
O2C_API o2c_status o2c_match_backtest(const o2c_env *env, const o2c_match_history *history, const o2c_match_rules *rules,
                                      const o2c_match_backtest_options *options, o2c_match_report **out_report, o2c_error *err);
/** Frees a report; NULL is harmless. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_free(o2c_match_report *report);

/** What a back-test was about. Options struct. */
typedef struct o2c_match_report_header {
    uint32_t struct_size;
    int32_t first_day, last_day;  /**< of payments; 0 = there were none */
    uint32_t days;                /**< days with payments */
    uint64_t payments;            /**< all */
    uint64_t customer;            /**< of them customer money: the base of every rate */
    uint64_t judged;              /**< of them those people cleared */
    uint64_t lines;               /**< lines people cleared with them */
    int64_t money_minor;          /**< Σ customer money in currency */
    char currency[4];             /**< the currency of most payments: sums of money count it alone */
    uint32_t learn_accounts;      /**< as the options said */
    uint64_t items, items_undated;/**< items; those without a document day are known from the start */
    uint64_t clearings, clearings_undated; /**< rows; those that name no day and no payment were left out */
    uint64_t clearings_foreign;   /**< rows whose payment or item is not in the history */
    uint64_t clearings_beyond;    /**< rows that cleared more than was open */
    uint64_t states_dropped;      /**< items whose state of today was not taken over */
    uint32_t max_error_ppm;       /**< of the rules */
    uint32_t auto_ppm;            /**< of the rules */
    uint32_t measured;            /**< how often the model was measured */
    uint32_t rules;               /**< number of the decision tables */
    uint8_t policy_hash[32], first_model_hash[32], last_model_hash[32];
    uint8_t answers_hash[32];     /**< SHA-256 of all answers and lines in order: equal histories give equal ones on every machine */
    uint64_t differing;           /**< would-be automatic payments people cleared differently */
    uint64_t drawn, against;      /**< of them drawn and judged without a gap; of these, how often we were not right */
    uint32_t against_bound_ppm;   /**< 97.5 % upper bound of against ÷ drawn; 1,000,000 = nobody judged: all that differs counts as wrong */
    uint32_t reserved;            /**< zero */
} o2c_match_report_header;
/** The header. The caller sets out->struct_size before (0 = the size at first release). Thread: any. @since 0.1 */
O2C_API void o2c_match_report_header_read(const o2c_match_report *report, o2c_match_report_header *out);

/** How much would have been automatic, and how much of that wrong. Frozen record, 128 bytes. */
typedef struct o2c_match_rate {
    int32_t list;            /**< O2C_RATE_… : which lines counted as automatic */
    int32_t month;           /**< first day of the month; 0 = the whole time */
    uint32_t bar_ppm;        /**< list BAR: the bar, else 0 */
    /** one-sided 95 % upper bound of wrong lines: of lines_judged, lines_wrong differ; o2c_match_judged_bound_ppm() */
    uint32_t bound_ppm;
    uint64_t payments, payments_auto, payments_wrong;
    uint64_t lines, lines_auto, lines_judged, lines_wrong; /**< lines people cleared; ours that are automatic; of those judged; wrong */
    int64_t money_minor, money_auto_minor, money_wrong_minor; /**< in the currency of the header */
    uint64_t reserved[4];    /**< zero */
} o2c_match_rate;
/** Rates of the whole time for the lists SHIPPED, POLICY and RELEASABLE, then the same for each month. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_rates(const o2c_match_report *report, const o2c_match_rate **out_rows, uint64_t *out_count);
/** Rate against precision: 21 bars from 500,000 to 1,000,000 ppm, every class admitted. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_curve(const o2c_match_report *report, const o2c_match_rate **out_rows, uint64_t *out_count);

/** One class of lines: would it be right to let it post? Counted on lines that would have been automatic. Frozen record, 128 bytes. */
typedef struct o2c_match_class_result {
    uint32_t line_class;      /**< label | payer class << 8 | scope << 16 | certificate << 24 */
    int32_t verdict;          /**< O2C_RELEASE_… */
    uint64_t proposed;        /**< lines of the class, automatic or not */
    uint64_t lines;           /**< of them would-be automatic and judged: the base of the bound */
    uint64_t same, interchangeable, left_open, different;
    uint64_t ours, theirs, both, neither; /**< the different ones, by whose answer explains the amount */
    uint64_t not_cleared;     /**< would-be automatic, not judged: people cleared nothing with the payment */
    uint64_t needed;          /**< verdict NEEDS_MORE: how many right lines more */
    uint32_t bound_ppm;       /**< one-sided 95 % upper bound of wrong ÷ lines: o2c_match_judged_bound_ppm() */
    uint32_t released;        /**< 1 = the rules release it already */
    uint64_t reserved[2];     /**< zero */
} o2c_match_class_result;
/** Classes by most lines. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_classes(const o2c_match_report *report, const o2c_match_class_result **out_rows, uint64_t *out_count);

/** What a reason or gate held back. Frozen record, 64 bytes. */
typedef struct o2c_match_held {
    int32_t reason;           /**< O2C_REASON_…, 0 = a gate */
    uint32_t gate;            /**< one O2C_GATE_… bit, or 0 */
    uint64_t lines;           /**< lines that carried it */
    int64_t money_minor;      /**< in the currency of the header */
    uint64_t alone;           /**< of them lines that nothing else held */
    uint64_t alone_wrong;     /**< of those the ones that would have been wrong */
    uint64_t reserved[3];     /**< zero */
} o2c_match_held;
/** Reasons and gates that held something, by code. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_held(const o2c_match_report *report, const o2c_match_held **out_rows, uint64_t *out_count);

/** One bin of the calibration: lines of like confidence. Frozen record, 40 bytes. */
typedef struct o2c_match_calibration {
    uint32_t low_ppm, high_ppm;   /**< confidence, low ≤ c < high */
    uint64_t lines, right;        /**< judged lines, and how many were right */
    uint32_t mean_ppm;            /**< mean confidence */
    uint32_t observed_ppm;        /**< right ÷ lines */
    uint64_t reserved;            /**< zero */
} o2c_match_calibration;
/** 32 bins, each half a power of two in 1 − confidence, least confident first. @p out_error_ppm (may be NULL): the expected
 *  calibration error over all judged lines. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_calibration(const o2c_match_report *report, const o2c_match_calibration **out_rows, uint64_t *out_count,
                                          uint32_t *out_error_ppm);

/** Σ of the differences that lines typed, in the currency of the header. Options struct. */
typedef struct o2c_match_differences {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t discount_minor[2], discount_tolerance_minor[2], tolerance_minor[2], charge_minor[2], withholding_minor[2], rounding_minor[2],
        deduction_minor[2];  /**< [0] lines that were AUTO, [1] all lines proposed */
} o2c_match_differences;
/** The differences. The caller sets out->struct_size before (0 = the size at first release). Thread: any. @since 0.1 */
O2C_API void o2c_match_report_differences(const o2c_match_report *report, o2c_match_differences *out);

/** A would-be automatic payment that people cleared differently. Frozen record, 48 bytes. */
typedef struct o2c_match_disagreement {
    uint32_t answer;          /**< index of the answer */
    int32_t possible;         /**< O2C_POSSIBLE_… */
    uint32_t line_class;      /**< of its first line that differs */
    uint32_t theirs_at, theirs_count; /**< what people cleared: o2c_match_report_theirs() */
    uint32_t draw;            /**< place in the draw: 1 is judged first. A keyed hash of the payment decides (policy: sample_key) */
    o2c_ref said;             /**< our explanation in one sentence, in the heap of the report */
    uint64_t reserved2[2];    /**< zero */
} o2c_match_disagreement;
/** One document people cleared with a payment we disagree on. Frozen record, 32 bytes. */
typedef struct o2c_match_theirs {
    uint32_t item;            /**< index of the item in the history, UINT32_MAX = it is not there */
    int32_t known;            /**< 1 = it was open on the day of the payment */
    int64_t applied_minor, discount_minor;
    uint64_t reserved;        /**< zero */
} o2c_match_theirs;
/** Disagreements in order of time, at most 10,000. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_disagreements(const o2c_match_report *report, const o2c_match_disagreement **out_rows, uint64_t *out_count);
/** What people cleared, disagreement by disagreement. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_theirs(const o2c_match_report *report, const o2c_match_theirs **out_rows, uint64_t *out_count);
/** All answers by (day, key of the payment). Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_answers(const o2c_match_report *report, const o2c_match_answer **out_rows, uint64_t *out_count);
/** All lines, answer by answer. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_lines(const o2c_match_report *report, const o2c_match_answer_line **out_rows, uint64_t *out_count);
/** The heap that every ref of the report points into. Borrowed. Thread: any. @since 0.1 */
O2C_API void o2c_match_report_heap(const o2c_match_report *report, o2c_str *out_heap);
/** The model after the last clearing: the cold start. Borrowed from the report. Thread: any. @since 0.1 */
O2C_API const o2c_match_model *o2c_match_report_model(const o2c_match_report *report);

O2C_END_DECLS
#endif

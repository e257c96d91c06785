/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what became of proposed lines. Columns and rules: docs/formats/csv.md. */
#include "formats/csv.h"

enum {
    PAYMENT, ITEM, CUSTOMER, VERDICT, RIGHT, SOURCE, DATE, CLASS, ERROR, CONFIDENCE, WOULD_AUTO, TIER, BANK_ACCOUNT, NAME, LEARNED, TEXT,
    DOCUMENT, OWED, DIFFERED, CURRENCY, ENDED, CODE, REASON, POOL, SET, RUNS, OLDEST, COLUMNS
};

static const struct o2c__csv_column columns[COLUMNS] = {
    { "payment", true, false },       { "item", true, false },        { "customer", false, false },    { "verdict", true, false },
    { "right", false, false },        { "source", false, false },     { "date", true, true },          { "class", false, false },
    { "error_ppb", false, false },    { "confidence_ppm", false, false }, { "would_auto", false, false }, { "tier", false, false },
    { "payer_account", false, false }, { "payer_name", false, false }, { "learned_row", false, false }, { "text", false, false },
    { "document", false, false },     { "owed", false, false },       { "differed", false, false },    { "currency", false, false },
    { "ended", false, false },        { "code", false, false },       { "reason", false, false },      { "pool", false, false },
    { "set", false, false },          { "runs", false, false },       { "oldest", false, false },
};

#define NAME_BYTES_MAX 512
#define TEXT_BYTES_MAX 4096
#define DOCUMENT_BYTES_MAX 64
#define CODE_BYTES_MAX 64
#define PPB 1000000000
#define PPM 1000000

/* Digits alone; an empty cell leaves *out. */
static o2c_status
number(struct o2c__csv_list *list, uint32_t column, uint64_t most, uint64_t *out, o2c_error *err)
{
    o2c_str text = o2c__csv_raw(&list->table, column);
    uint64_t value = 0;
    if (!o2c__csv_given(&list->table, column))
        return O2C_OK;
    for (size_t i = 0; i < text.len; i++) {
        uint64_t digit = (uint64_t)(unsigned char)text.ptr[i] - '0';
        if (digit > 9 || value > (most - digit) / 10)
            return o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, column, digit > 9 ? "is no number" : "is too large", err);
        value = value * 10 + digit;
    }
    *out = value;
    return O2C_OK;
}

static o2c_status
texts(struct o2c__csv_list *list, o2c_feedback *row, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    o2c_status status = o2c__csv_text(table, PAYMENT, O2C_KEY_BYTES_MAX, &row->payment, err);
    if (status == O2C_OK && row->payment.len == 0)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, PAYMENT, "is empty", err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, ITEM, O2C_KEY_BYTES_MAX, &row->item, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, CUSTOMER, O2C_KEY_BYTES_MAX, &row->account, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, BANK_ACCOUNT, O2C_KEY_BYTES_MAX, &row->bank_account, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, NAME, NAME_BYTES_MAX, &row->name, err);
    if (status == O2C_OK)
        status = o2c__csv_text(table, TEXT, TEXT_BYTES_MAX, &row->text, err);
    return status == O2C_OK ? o2c__csv_text(table, DOCUMENT, DOCUMENT_BYTES_MAX, &row->document, err) : status;
}

static o2c_status
verdict(struct o2c__csv_list *list, o2c_feedback *row, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    bool right = false;
    row->source = O2C_FEEDBACK_SHOWN;
    o2c_status status = o2c__csv_code(table, VERDICT, O2C_TABLE_VERDICT, &row->verdict, err);
    if (status == O2C_OK)
        status = o2c__csv_code(table, SOURCE, O2C_TABLE_FEEDBACK_SOURCE, &row->source, err);
    if (status == O2C_OK)
        status = o2c__csv_flag(table, RIGHT, &right, err);
    bool asked = row->verdict == O2C_VERDICT_MODIFIED || row->verdict == O2C_VERDICT_HISTORY;
    if (status == O2C_OK && asked && !o2c__csv_given(table, RIGHT))
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, RIGHT, "is empty: did this line stay as it was proposed?", err);
    if (status == O2C_OK && !asked && right)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, RIGHT, "belongs to modified and history alone", err);
    row->right = right;
    if (status == O2C_OK)
        status = o2c__csv_day(table, DATE, &row->day, err);
    return status == O2C_OK && row->day <= 0 ? o2c__csv_fail(table, O2C_E_FORMATS_FIELD, DATE, "is empty", err) : status;
}

static o2c_status
line_class(struct o2c__csv_list *list, o2c_feedback *row, o2c_error *err)
{
    o2c_str text = o2c__csv_raw(&list->table, CLASS);
    if (o2c__csv_given(&list->table, CLASS) && o2c_line_class_read(&text, &row->line_class, NULL) != O2C_OK)
        return o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, CLASS, "is no class like M13/KNOWN/OWN/ONLY_FIT", err);
    return O2C_OK;
}

/* What the answer said of the line: copied from it, so that its class and its posterior are judged. */
static o2c_status
answer(struct o2c__csv_list *list, o2c_feedback *row, o2c_error *err)
{
    uint64_t error = 0, confidence = 0, tier = 0;
    bool would_auto = false;
    o2c_status status = line_class(list, row, err);
    if (status == O2C_OK)
        status = number(list, ERROR, PPB, &error, err);
    if (status == O2C_OK)
        status = number(list, CONFIDENCE, PPM, &confidence, err);
    if (status == O2C_OK)
        status = number(list, TIER, INT32_MAX, &tier, err);
    if (status == O2C_OK)
        status = number(list, LEARNED, UINT64_MAX, &row->learned_row, err);
    if (status == O2C_OK)
        status = o2c__csv_flag(&list->table, WOULD_AUTO, &would_auto, err);
    row->error_ppb = (uint32_t)error;
    row->confidence_ppm = (uint32_t)confidence;
    row->tier = (int32_t)tier;
    row->would_auto = would_auto;
    return status;
}

/* What was owed and what was kept back of it, and how that ended; the payer's own code and our reason. */
static o2c_status
difference(struct o2c__csv_list *list, o2c_feedback *row, o2c_error *err)
{
    struct o2c__csv_table *table = &list->table;
    int32_t exponent = 0;
    o2c_status status = o2c__csv_text(table, CODE, CODE_BYTES_MAX, &row->code, err);
    if (status == O2C_OK)
        status = o2c__csv_code(table, REASON, O2C_TABLE_DEDUCTION_REASON, &row->reason, err);
    if (status != O2C_OK || !o2c__csv_given(table, OWED))
        return status;
    status = o2c__csv_currency(table, CURRENCY, row->currency, &exponent, err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, OWED, exponent, &row->owed_minor, NULL, err);
    if (status == O2C_OK)
        status = o2c__csv_money(table, DIFFERED, exponent, &row->differed_minor, NULL, err);
    if (status == O2C_OK)
        status = o2c__csv_code(table, ENDED, O2C_TABLE_ARITHMETIC, &row->ended, err);
    if (status == O2C_OK && (row->owed_minor <= 0 || row->differed_minor > row->owed_minor))
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, OWED, "must be above zero, and at least what differed", err);
    if (status == O2C_OK && row->ended > O2C_ARITHMETIC_X8)
        status = o2c__csv_fail(table, O2C_E_FORMATS_FIELD, ENDED, "is none of x0 to x8", err);
    return status;
}

/* How he chose among what was open. */
static o2c_status
habit(struct o2c__csv_list *list, o2c_feedback *row, o2c_error *err)
{
    uint64_t pool = 0, set = 0, runs = 0;
    bool oldest = false;
    o2c_status status = number(list, POOL, INT32_MAX, &pool, err);
    if (status == O2C_OK)
        status = number(list, SET, INT32_MAX, &set, err);
    if (status == O2C_OK)
        status = number(list, RUNS, INT32_MAX, &runs, err);
    if (status == O2C_OK)
        status = o2c__csv_flag(&list->table, OLDEST, &oldest, err);
    bool none = pool == 0 && set == 0 && runs == 0, right = set >= 1 && set <= pool && runs >= 1 && runs <= set && runs <= pool - set + 1;
    if (status == O2C_OK && !none && !right)
        status = o2c__csv_fail(&list->table, O2C_E_FORMATS_FIELD, POOL, "does not hold such a set in so many runs", err);
    row->pool_count = (int32_t)pool;
    row->set_count = (int32_t)set;
    row->runs = (int32_t)runs;
    row->oldest = oldest;
    return status;
}

/* A row without a verdict is one that nobody has judged: silence is no feedback, so it is left out. */
static o2c_status
take(void *self, const struct o2c__csv_record *record, o2c_error *err)
{
    struct o2c__csv_list *list = self;
    o2c_feedback row = { .verdict = 0 };
    (void)record;
    if (!o2c__csv_given(&list->table, VERDICT))
        return O2C_OK;
    o2c_status status = texts(list, &row, err);
    if (status == O2C_OK)
        status = verdict(list, &row, err);
    if (status == O2C_OK)
        status = answer(list, &row, err);
    if (status == O2C_OK)
        status = difference(list, &row, err);
    if (status == O2C_OK)
        status = habit(list, &row, err);
    if (status != O2C_OK)
        return status;
    o2c_feedback *to = o2c__vector_add(&list->file->feedback);
    if (!to)
        return o2c__fail(err, O2C_E_NOMEM, NULL, "no memory for feedback");
    *to = row;
    return O2C_OK;
}

o2c_status
o2c_formats_read_feedback(const o2c_env *env, const void *bytes, size_t size, const o2c_formats_options *options,
                          o2c_formats_file **out_file, o2c_error *err)
{
    static const struct o2c__csv_kind kind = { columns, COLUMNS, 0, "The caller asked for a list of feedback.", take, NULL, NULL };
    return o2c__csv_list_read(env, bytes, size, options, &kind, out_file, err);
}

void
o2c_formats_file_feedback(const o2c_formats_file *file, const o2c_feedback **out_rows, uint64_t *out_count, o2c_str *out_heap)
{
    *out_rows = file ? file->feedback.rows : NULL;
    *out_count = file ? file->feedback.count : 0;
    *out_heap = file ? o2c__text_heap_str(&file->rows.heap) : (o2c_str){ "", 0 };
}
